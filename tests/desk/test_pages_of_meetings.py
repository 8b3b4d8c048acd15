"""Ola's pages for times: what she chose stays chosen, what cannot be is said beside it, and a GET changes nothing."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal import clock, create_app
from portal.intake.rules import State
from portal.office.rules import DeskKeys
from portal.scheduling.rules import Mode
from tests.cast import World
from tests.desk.arranging import Arranging, soon
from tests.desk.test_open_desks import Ola
from tests.intake.sealed import bytes_of
from tests.visiting import fields_of

GONE = "One of these times was taken meanwhile. Choose again: nothing was changed."


@pytest.fixture
def vera(world: World, own: DeskKeys) -> Arranging:
    found = Arranging(world, own)
    found.book(soon(world)[4], contact="+1 555 0199")
    return found


@pytest.fixture
def ola(vera: Arranging) -> Iterator[Ola]:
    ola = Ola(vera.world, create_app(vera.world.instance))
    ola.open_desk()
    yield ola
    vera.world.refresh()


def matter(vera: Arranging) -> str:
    (locker,) = vera.lockers.values()
    return f"/desk/matter/{locker.hex()}"


def wrong(page: str) -> list[str]:
    return re.findall(r'<p class="wrong"[^>]*>(.*?)</p>', page)


def test_looking_at_any_page_changes_nothing(ola: Ola, vera: Arranging) -> None:
    before = bytes_of(ola.world)
    uid = vera.matter().meetings[0].uid
    for path in ("/desk/away", "/desk/", f"{matter(vera)}/times", f"{matter(vera)}/call-off/{uid}"):
        assert ola.browser.get(path).status_code == 200
    assert ola.browser.get(f"{matter(vera)}/call-off/none").status_code == 302
    assert ola.browser.get("/desk/matter/00/times").headers["Location"] == "/desk/"
    assert bytes_of(ola.world) == before


def test_ola_proposes_and_vera_is_told_when_she_returns(ola: Ola, vera: Arranging) -> None:
    slot = vera.free()[6].id

    answer = ola.send(f"{matter(vera)}/times", slot=slot.hex(), mode="video", action="propose")

    assert answer == matter(vera)
    page = ola.browser.get(matter(vera)).text
    assert "Proposed. The visitor reads it when they come back." in page
    assert "The visitor has not answered yet." in page
    assert vera.proposed()[0].mode == "video"
    ola.send(matter(vera), meeting=vera.proposed()[0].uid)
    assert vera.proposed(), "only its own button withdraws"


@pytest.mark.parametrize("action", ["set", "propose"])
def test_what_is_sent_twice_is_done_once_and_answered_alike(ola: Ola, vera: Arranging, action: str) -> None:
    path, free = f"{matter(vera)}/times", [slot.id.hex() for slot in vera.free()[5:8]]
    form = dict(fields_of(ola.browser.get(path).text)) | {"slot": free[:2], "mode": "phone", "action": action}
    before = len(vera.matter().meetings)

    for _ in range(2):
        assert ola.browser.post(path, data=form).headers["Location"] == matter(vera)
    assert len(vera.matter().meetings) == before + 2
    ola.browser.post(path, data=form | {"slot": free[2:]})
    assert len(vera.matter().meetings) == before + 3, "another wish from the same page is another"


def test_a_call_off_with_another_time_sent_twice_is_done_once(ola: Ola, vera: Arranging) -> None:
    path = f"{matter(vera)}/call-off/{vera.matter().meetings[0].uid}"
    form = dict(fields_of(ola.browser.get(path).text)) | {"slot": vera.free()[6].id.hex(), "mode": "phone"}
    for _ in range(2):
        assert ola.browser.post(path, data=form).headers["Location"] == matter(vera)
        assert "Called off." in ola.browser.get(matter(vera)).text
    assert vera.states() == [State.CALLED_OFF, State.PROPOSED]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"mode": "phone"}, "Choose a time first."),
        (
            {"slot": "feed", "mode": "phone"},
            GONE,
        ),
        (
            {"slot": "no hex", "mode": "phone"},
            GONE,
        ),
        ({"slot": "a free one"}, "Choose how you meet."),
        ({"slot": "a free one", "mode": "letter"}, "Choose one of these answers."),
    ],
)
def test_what_is_missing_is_said_beside_it_and_nothing_is_kept(
    ola: Ola, vera: Arranging, fields: dict[str, str], said: str
) -> None:
    free = vera.free()[2].id.hex()
    sent = {name: free if value == "a free one" else value for name, value in fields.items()}

    page = ola.send(f"{matter(vera)}/times", action="propose", **sent)

    assert said in wrong(page)
    assert vera.states() == [State.BOOKED]
    assert ("checked" in page.split(free)[1][:20]) == (sent.get("slot") == free), "what was chosen stays chosen"


def test_ola_calls_off_and_reads_how_vera_can_be_reached(ola: Ola, vera: Arranging) -> None:
    path = f"{matter(vera)}/call-off/{vera.matter().meetings[0].uid}"
    assert "+1 555 0199" in ola.browser.get(path).text

    assert ola.send(path) == matter(vera)

    assert vera.states() == [State.CALLED_OFF]
    queue = ola.browser.get("/desk/").text
    assert "Without a new time" in queue
    assert "+1 555 0199" in queue


def test_ola_withdraws_a_proposal(ola: Ola, vera: Arranging) -> None:
    vera.arrange([vera.free()[6].id])
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', ola.browser.get(matter(vera)).text)
    assert token
    fields = {"csrf_token": token.group(1), "meeting": vera.proposed()[0].uid}

    for said in ("Withdrawn.", "Nothing was changed: the visitor has answered"):
        ola.browser.post(f"{matter(vera)}/withdraw", data=fields)
        assert said in ola.browser.get(matter(vera)).text
    assert vera.states() == [State.BOOKED]


def day_of(vera: Arranging) -> str:
    return vera.matter().meetings[0].starts.date().isoformat()


def test_one_tap_blocks_a_day_and_another_page_opens_it_again(ola: Ola, vera: Arranging) -> None:
    day = day_of(vera)
    assert f'value="{day} day"' in ola.browser.get("/desk/away").text

    question = ola.send("/desk/away", part=f"{day} day")
    assert "This calls off one appointment" in question
    assert "+1 555 0199" in question
    assert vera.states() == [State.BOOKED]
    assert ola.browser.post("/desk/away", data=dict(fields_of(question))).status_code == 302

    page = ola.browser.get("/desk/away").text
    assert "1 visitor is offered another time" in page
    assert "Called off, with another time proposed" in page
    assert f'href="{matter(vera)}"' in page
    assert vera.states() == [State.CALLED_OFF, State.PROPOSED]
    assert day not in {slot.starts.date().isoformat() for slot in vera.free()}
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    ola.browser.post("/desk/away/open", data={"csrf_token": token.group(1), "day": day})
    assert "times are open again" in ola.browser.get("/desk/away").text
    assert day in {slot.starts.date().isoformat() for slot in vera.free()}


def test_who_books_after_the_question_is_asked_about_too(ola: Ola, vera: Arranging) -> None:
    day = day_of(vera)
    question = dict(fields_of(ola.send("/desk/away", part=f"{day} day")))
    # Not the first: when the hour strikes it comes too near.
    also = [slot for slot in vera.free() if slot.starts.date().isoformat() == day][-1]
    vera.book(also.id, person=None, typed="zebra yodel walnut velvet umbrella tulip")

    again = ola.browser.post("/desk/away", data=question)

    assert "This calls off 2 appointments" in again.text
    assert vera.states() == [State.BOOKED]


def test_a_leave_asks_as_a_tap_does(ola: Ola, vera: Arranging) -> None:
    question = leave(ola, first=day_of(vera), last=day_of(vera))
    assert "This calls off one appointment" in question
    assert ola.browser.post("/desk/away/leave", data=dict(fields_of(question))).status_code == 302
    assert State.CALLED_OFF in vera.states()


def test_a_meeting_that_came_to_nothing_is_folded_and_has_no_room(ola: Ola, vera: Arranging) -> None:
    vera.arrange([vera.free()[6].id], mode=Mode.video)
    assert 'rel="noreferrer"' in ola.browser.get(matter(vera)).text
    vera.decline(vera.proposed()[0].uid)

    page = ola.browser.get(matter(vera)).text
    assert 'rel="noreferrer"' not in page
    assert "declined" in page.split("<summary>Earlier</summary>")[1]


@pytest.mark.parametrize("part", ["", "tomorrow", "2026-13-01 day", "2020-01-01 day", "9999-12-31 day", "{} evening"])
def test_a_part_that_no_button_says_blocks_nothing(ola: Ola, vera: Arranging, part: str) -> None:
    free = len(vera.free())

    assert ola.send("/desk/away", part=part.format(day_of(vera))) == "/desk/away"

    assert "Nothing was changed." in ola.browser.get("/desk/away").text
    assert len(vera.free()) == free


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (2, 1, "The end must come after the start."),
        (-5, -3, "This is over already. Choose days that are to come."),
        (2, 200, "Choose a day in the next 120 days. For longer, ask your operator to close booking with you."),
    ],
)
def test_a_leave_that_makes_no_sense_is_said_so_and_stays_as_typed(
    ola: Ola, vera: Arranging, first: int, last: int, said: str
) -> None:
    days = [(clock.now().date() + timedelta(days=n)).isoformat() for n in (first, last)]
    free = len(vera.free())

    page = leave(ola, first=days[0], last=days[1])

    assert said in wrong(page)
    assert f'value="{days[0]}"' in page
    assert len(vera.free()) == free
    assert wrong(leave(ola)) == ["Choose the first day.", "Choose the last day."]


def test_a_leave_from_an_hour_to_an_hour_takes_what_lies_between(ola: Ola, vera: Arranging) -> None:
    day = clock.now().date() + timedelta(days=6)
    before = {slot.starts for slot in vera.free()}

    leave(ola, first=day.isoformat(), first_at="10:00", last=day.isoformat(), last_at="12:30")

    gone = before - {slot.starts for slot in vera.free()}
    assert sorted(starts.hour for starts in gone) == [10, 11, 12]


def leave(ola: Ola, **fields: str) -> str:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', ola.browser.get("/desk/away").text)
    assert token
    return ola.browser.post("/desk/away/leave", data=fields | {"csrf_token": token.group(1)}).text
