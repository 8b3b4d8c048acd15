"""What an operator types and an ombuds does, from the invitation to the papers in her drawer."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.cast import PORTAL
from tests.journeys.walking import App, press

CODE = re.compile(r": ([0-9A-Z-]{17,})$", re.MULTILINE)


@dataclass
class Papers:
    """What an ombuds copies from the page that is shown once."""

    words: str
    recovery: str
    fingerprint: str
    app: App


def operator(instance: Path, *command: str) -> str:
    """What the operator reads in the terminal."""
    done = subprocess.run(
        [PORTAL, *command],
        env={"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(instance), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def invite(instance: Path, name: str) -> str:
    code = CODE.search(operator(instance, "ombuds", "invite", name))
    assert code
    return code.group(1)


def type_code(page: Page, url: str, code: str) -> None:
    page.goto(f"{url}/desk/join")
    page.get_by_label("Joining code").fill(code)
    press(page, "Make my keys")


def read_papers(page: Page) -> Papers:
    def shown(name: str) -> str:
        return page.get_by_role("region", name=name).locator(".code").inner_text()

    words = page.get_by_role("region", name="Six words to sign in").get_by_role("listitem").all_inner_texts()
    return Papers(
        words=" ".join(word.strip() for word in words),
        recovery=" ".join(shown("Recovery code").split()),
        fingerprint=shown("Your fingerprint"),
        app=App.scanned(shown("Authenticator app")),
    )


def confirm(page: Page, digits: str) -> None:
    page.get_by_label("I wrote down my six words").check()
    page.get_by_label("I printed or wrote down the recovery code").check()
    page.get_by_label("Six digits from your authenticator app").fill(digits)
    press(page, "I have all of it")


def join(page: Page, url: str, code: str) -> Papers:
    type_code(page, url, code)
    papers = read_papers(page)
    confirm(page, papers.app.digits())
    expect(page.get_by_text("Welcome.")).to_be_visible()
    return papers
