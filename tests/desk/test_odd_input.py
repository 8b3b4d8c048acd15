"""Whatever a browser sends to an open desk, nothing breaks, and no typed text is dropped in silence."""

import random
from collections.abc import Iterator

import pytest

from portal import create_app
from tests.cast import VERA, World
from tests.desk.test_open_desks import Ola
from tests.intake.sealed import used_lockers
from tests.visiting import fields_of

VERAS = "amber bagpipe cabbage daybreak eagle fabric"
OUTSIDE = ("join", "recover", "sign-in", "sign-out", "cover", "moved")
NAMES = (
    *("slot", "mode", "action", "meeting", "page", "text", "part", "sure", "first", "first_at", "last", "last_at"),
    *("day", "key", "quarter", "what", "sign", "by", "seen", "people", "category", "constituency", "referral"),
    *("concerns", "outcome", "meetings", "version", "step", "ticket", "other", "permission", "digest", "answer"),
    *("sentence", "to", "purpose", "may_name", "until", "way", "query", "topic", "message", "ombuds", "minutes"),
)
ODD = ("", "0", "-1", "feed", "é", "\0", "\u202e", "9" * 500, "a b:c d:", "||", "None", "2026-13-45", "day", "x" * 600)


@pytest.fixture
def ola(world: World) -> Iterator[Ola]:
    world.book(VERA, typed=VERAS, share="profile")
    ola = Ola(world, create_app(world.instance))
    ola.open_desk()
    yield ola
    world.refresh()


def paths(ola: Ola) -> list[str]:
    """Every address of an open desk that takes a form, for Vera's matter and for none."""
    (locker,) = used_lockers(ola.world)
    rules = [each.rule for each in ola.app.url_map.iter_rules() if "POST" in (each.methods or ())]
    inside = [each for each in rules if each.startswith("/desk/") and not each[6:].startswith(OUTSIDE)]
    return [each.replace("<key>", key).replace("<uid>", "feed") for each in inside for key in (locker.hex(), "00")]


def test_an_empty_form_breaks_nothing_anywhere(ola: Ola) -> None:
    token = dict(fields_of(ola.browser.get("/desk/contact").text))["csrf_token"]
    for path in paths(ola):
        status = ola.browser.post(path, data={"csrf_token": token}).status_code
        assert status in {200, 302, 400, 404}, path


def test_odd_values_break_nothing_anywhere(ola: Ola) -> None:
    token, dice = dict(fields_of(ola.browser.get("/desk/contact").text))["csrf_token"], random.Random(7)  # noqa: S311 - no secret
    for path in paths(ola) * 3:
        fields = {name: dice.choice(ODD) for name in NAMES if dice.random() < 0.8}
        status = ola.browser.post(path, data=fields | {"csrf_token": token}).status_code
        assert status in {200, 302, 400, 404}, (path, fields)


def test_notes_on_a_matter_that_is_gone_stay_on_the_page(ola: Ola) -> None:
    (locker,) = used_lockers(ola.world)
    path = f"/desk/matter/{locker.hex()}/notes"
    form = dict(fields_of(ola.browser.get(path).text))
    visitor = ola.app.test_client()
    page = visitor.post("/return", data={"words": VERAS}).text
    visitor.post("/return", data={"ticket": dict(fields_of(page))["ticket"], "action": "erase", "sure": "yes"})
    assert used_lockers(ola.world) == set()

    answer = ola.browser.post(path, data=form | {"text": "She fears her manager."})
    assert answer.status_code == 200
    assert "She fears her manager." in answer.text
    assert "Nothing was kept: this matter has ended" in answer.text


def test_a_number_of_five_hundred_digits_is_no_number_to_put_right(ola: Ola) -> None:
    token = dict(fields_of(ola.browser.get("/desk/contact").text))["csrf_token"]
    answer = ola.browser.post("/desk/counts", data={"csrf_token": token, "by": "9" * 500})

    assert answer.status_code == 200
