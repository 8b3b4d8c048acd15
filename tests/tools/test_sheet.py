"""The contact sheet shows what there is."""

from pathlib import Path

from tests.journeys.pages import TEMPLATES
from tools import sheet

INSIDE = {"desk", "editing"}
#: The way out is an empty page, gone at once.
UNSEEN = {"outreach/leave.html"}


def test_the_sheet_shows_every_template_of_visitors() -> None:
    names = {path.relative_to(TEMPLATES) for path in TEMPLATES.glob("*/*.html") if path.parent.name not in INSIDE}
    pages = {str(name) for name in names if not name.name.startswith(("_", "base_"))}

    assert set(sheet.VISITORS) | UNSEEN == pages


def test_the_sheet_knows_its_pages_of_the_desk() -> None:
    assert set(sheet.DESK) == set(sheet.AT_THE_DESK)


def test_a_page_is_named_and_shown_in_every_way() -> None:
    shot = sheet.Shot("intake/reveal_sure.html", (Path("/tmp/light.png"), Path("/tmp/dark.png")))

    shown = sheet._sheet([shot], [])

    assert "intake: reveal sure" in shown
    assert shown.index('src="light.png"') < shown.index('src="dark.png"')
