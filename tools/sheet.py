"""The command: walks every visitor page and the main desk pages on a phone, and photographs them on one sheet."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal, cast

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from portal import language
from tests.cast import OLA_NAME, make_world
from tests.conftest import CHROMIUM, FLAGS
from tests.journeys.desk_pages import DESK_PAGES
from tests.journeys.opening import opened_office
from tests.journeys.pages import VISITOR_PAGES, Walk
from tests.journeys.spoken_pages import Phrases, SpokenPage
from tests.journeys.walking import App, Office, sign_in
from tests.speaking import offer

PICTURE = Path(__file__).parents[1] / "docs/pictures/contact-sheet.jpg"
PHONE: ViewportSize = {"width": 320, "height": 640}
PAPER: ViewportSize = {"width": 2270, "height": 1000}
QUALITY = 70
ELSEWHERE = "https://example.org/"
#: What an ombuds sees most.
AT_THE_DESK = (
    *("desk/queue.html", "desk/matter.html", "desk/notes.html", "desk/times.html", "desk/permission.html"),
    *("desk/today.html", "desk/week.html", "desk/hours.html", "desk/calendar.html", "desk/away.html"),
    *("desk/close.html", "desk/counts.html", "desk/said.html", "editing/overview.html", "editing/text.html"),
)
LOOK = """
body { margin: 32px; background: #e9e4da; color: #26221c; font: 15px/1.4 system-ui, sans-serif; }
h1 { margin: 0 0 4px; font: 600 34px/1.2 Georgia, serif; }
h2 { margin: 36px 0 12px; font: 600 22px/1.2 Georgia, serif; }
.row { display: flex; flex-wrap: wrap; gap: 22px 26px; }
figure { margin: 0; }
figcaption { margin-bottom: 5px; color: #61594d; font-size: 13px; }
div.views { display: flex; gap: 6px; }
img { width: 136px; height: 272px; border-radius: 5px; box-shadow: 0 1px 4px #0003; }
"""
Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Shot:
    """A page as it stands on the sheet: its template, and a picture of it for each way to look at it."""

    name: str
    views: tuple[Path, ...]


def one_of_each(pages: dict[str, Walk]) -> dict[str, Walk]:
    """The first way to each template, and what the others are about is left to the tests."""
    found: dict[str, Walk] = {}
    for name, walk in pages.items():
        found.setdefault(name.partition(",")[0], walk)
    return found


VISITORS = one_of_each(VISITOR_PAGES)
DESK = {name: walk for name, walk in one_of_each(DESK_PAGES).items() if name in AT_THE_DESK}


def main() -> int:
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        print("Chromium was not found: install your system's package 'chromium'.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as named, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        folder = Path(named)
        world = make_world(folder / "instance", lockers=50)
        offer(world, *language.shipped())
        with opened_office(world, ELSEWHERE) as office:
            visitors = list(_visitors(browser, office, folder))
            desk = list(_desk(browser, office, folder))
        world.stores.close()
        _photograph(browser, _sheet(visitors, desk), folder)
        browser.close()
    print(f"{PICTURE.name}: {len(visitors)} visitor pages, {len(desk)} desk pages, {PICTURE.stat().st_size} bytes")
    return 0


def right_to_left() -> str | None:
    """A language that is shipped and is written from right to left."""
    return next((each for each in language.shipped() if language.text_direction(each) == "rtl"), None)


def _visitors(browser: Browser, office: Office, folder: Path) -> Iterator[Shot]:
    """Each by day and by night, and in a language from right to left where one is shipped."""
    context, lang = browser.new_context(viewport=PHONE), right_to_left()
    page = context.new_page()
    for name, walk in VISITORS.items():
        _say(name)
        walk(page, office)
        views = [_shot(page, folder, name, "light"), _shot(page, folder, name, "dark")]
        if lang:
            walk(cast("Page", SpokenPage(page, Phrases(lang))), office)
            views.append(_shot(page, folder, f"{lang}/{name}", "light"))
        yield Shot(name, tuple(views))
    context.close()


def _desk(browser: Browser, office: Office, folder: Path) -> Iterator[Shot]:
    context = _signed_in(browser, office)
    (page,) = context.pages
    for name, walk in DESK.items():
        _say(name)
        walk(page, office)
        yield Shot(name, (_shot(page, folder, name, "light"), _shot(page, folder, name, "dark")))
    context.close()


def _signed_in(browser: Browser, office: Office) -> BrowserContext:
    context, kit = browser.new_context(viewport=PHONE), office.world.kit
    sign_in(context.new_page(), office.url, OLA_NAME, App(kit.factor).digits(), kit.passphrase)
    return context


def _shot(page: Page, folder: Path, name: str, scheme: Scheme) -> Path:
    path = folder / f"{name.replace('/', '-')}-{scheme}.png"
    page.emulate_media(color_scheme=scheme)
    page.screenshot(path=path)
    page.emulate_media(color_scheme="light")
    return path


def _sheet(visitors: list[Shot], desk: list[Shot]) -> str:
    rows = f"<h2>Visitors</h2>{_row(visitors)}<h2>The desk</h2>{_row(desk)}"
    return f"<!doctype html><meta charset=utf-8><style>{LOOK}</style><h1>Every page on a phone</h1>{rows}"


def _row(shots: list[Shot]) -> str:
    return f'<div class="row">{"".join(map(_figure, shots))}</div>'


def _figure(shot: Shot) -> str:
    images = "".join(f'<img src="{escape(path.name)}" alt="">' for path in shot.views)
    name = shot.name.removesuffix(".html").replace("_", " ").replace("/", ": ")
    return f'<figure><figcaption>{escape(name)}</figcaption><div class="views">{images}</div></figure>'


def _photograph(browser: Browser, sheet: str, folder: Path) -> None:
    file = folder / "sheet.html"
    file.write_text(sheet, "utf-8")
    page = browser.new_page(viewport=PAPER)
    page.goto(file.as_uri())
    PICTURE.parent.mkdir(exist_ok=True)
    page.screenshot(path=PICTURE, type="jpeg", quality=QUALITY, full_page=True)


def _say(what: str) -> None:
    print(what, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
