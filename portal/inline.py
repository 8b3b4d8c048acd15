"""The scripts that stand inside a page: fixed texts, each allowed by its own digest, where it stands and nowhere else.

No page needs one. None of them loads, sends or keeps anything; a script that would has no place here.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from flask import Flask, g
from markupsafe import Markup

from portal.assets import FOLDER

_REMARK = re.compile(r"^\s*//.*$", re.MULTILINE)
_BREAK = re.compile(r"\s*\n\s*")
_LOOSE = re.compile(r" *([=,{}();!&?:<>|+]+) *")


@dataclass(frozen=True)
class Script:
    """The text as it stands in the page, and what a policy calls it."""

    text: str

    @property
    def source(self) -> str:
        """Its digest, as `script-src` takes it (CSP level 3, 6.7.3.3)."""
        return f"'sha256-{base64.b64encode(hashlib.sha256(self.text.encode()).digest()).decode()}'"

    @property
    def element(self) -> str:
        return Markup("<script>{}</script>").format(Markup(self.text))  # noqa: S704 - a file of our own


def _read(name: str) -> Script:
    bare = _REMARK.sub("", (FOLDER / "js" / name).read_text("utf-8")).strip()
    return Script(_LOOSE.sub(r"\1", _BREAK.sub("\n", bare)))


#: Offers the zone of the browser on the list of times.
ZONE = _read("zone.js")
#: Leaves at once, by the button or three presses of Shift, from every visitor's page.
EXIT = _read("exit.js")
#: All there are.
KNOWN = (EXIT, ZONE)


def allow(*scripts: Script) -> None:
    """Let this answer run these too."""
    g.inline_scripts = (*g.get("inline_scripts", ()), *scripts)


def policy(base: str) -> str:
    """The policy of this answer: with the digests of the scripts that stand in it, and none wherever none does."""
    # In one order: a page that was made ahead must have the very headers of one that was not.
    sources = [script.source for script in KNOWN if script in g.get("inline_scripts", ())]
    return f"{base}; script-src {' '.join(sources)}" if sources else base


def dress(app: Flask) -> None:
    """Give templates the scripts that they show; a script that is shown is allowed."""
    app.jinja_env.globals["zone_script"] = lambda: _shown(ZONE)
    app.jinja_env.globals["exit_script"] = lambda: _shown(EXIT)


def _shown(script: Script) -> str:
    allow(script)
    return script.element
