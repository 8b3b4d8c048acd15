"""Ola's own week: what each time is now, what she takes off the list and opens again, and why one is not offered."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from portal import clock, create_app
from portal.busy.map import BusyMap
from portal.desk import week, week_sentences
from portal.desk.week import Done, Week
from portal.desk.week_sentences import sentence
from portal.intake import service as intake
from portal.intake.rules import State
from portal.office import service as office
from portal.office.rules import DeskKeys
from portal.scheduling import elsewhere
from portal.scheduling.explaining import Answer, Because
from portal.scheduling.rules import Mode
from portal.scheduling.service import KEEP_FREE
from tests.cast import OLA_NAME, World
from tests.desk.arranging import DAY, TYPED, Arranging
from tests.desk.test_open_desks import Ola
from tests.intake.sealed import ask_desk, bytes_of, put_boxes, taken_slots


@pytest.fixture
def vera(world: World, own: DeskKeys) -> Arranging:
    return Arranging(world, own)


def look(vera: Arranging, number: int = 2, also: date | None = None) -> Week:
    found = week.look(vera.world.at_desk(vera.own), vera.world.publication, number, also)
    assert found is not None
    return found


def ids(found: Week) -> list[bytes]:
    return [each.slot.id for each in found.lines]


def standing(found: Week) -> dict[bytes, Because]:
    return {each.slot.id: each.answer.because for each in found.lines}


def take_off(vera: Arranging, slots: list[bytes]) -> Done:
    done = week.take_off(vera.world.at_desk(vera.own), slots)
    assert done is not None
    return done


def test_a_coming_week_has_all_its_times_in_order(vera: Arranging) -> None:
    found = look(vera)
    assert len(found.lines) == 7 * 8
    assert found.monday.weekday() == 0
    assert set(standing(found).values()) == {Because.OFFERED}
    assert [each.slot.starts for each in found.lines] == sorted(each.slot.starts for each in found.lines)


@pytest.mark.parametrize("number", [-1, 99])
def test_a_week_that_is_none_is_this_one(vera: Arranging, number: int) -> None:
    assert look(vera, number).number == 0
    assert look(vera, 0, date(2020, 1, 1)).number == 0


def test_a_visitor_stands_beside_their_time_and_a_decoy_looks_like_a_blocked_one(vera: Arranging) -> None:
    first, second, third = ids(look(vera))[:3]
    vera.book(first, mode=Mode.video)
    take_off(vera, [second])
    ask_desk(vera.world, "UPDATE slot SET state = 8 WHERE id = ?", third)
    decoys = 0
    while not decoys:
        assert intake.book_decoy(
            vera.world.stores, publication=vera.world.publication, settings=vera.world.settings, now=clock.now()
        )
        decoys = len(taken_slots(vera.world)) - 2

    found = {each.slot.id: each for week_ in range(look(vera).count) for each in look(vera, week_).lines}
    held = {key: each.holder for key, each in found.items() if each.answer.because is Because.TAKEN}
    assert held.keys() == taken_slots(vera.world)
    holder = held[first]
    assert holder is not None
    assert (holder.key, holder.mode) == (vera.lockers[TYPED].hex(), "video")
    assert [each for key, each in held.items() if key != first] == [None] * (1 + decoys)


def test_a_proposed_time_is_told_from_a_booked_one(vera: Arranging) -> None:
    first, second = ids(look(vera))[:2]
    vera.book(first)
    assert vera.arrange([second]) is None
    holders = [each.holder for each in look(vera).lines[:2]]
    assert [each and each.is_booked for each in holders] == [True, False]


def test_times_taken_off_look_like_taken_ones_and_open_again_with_the_next_list(vera: Arranging) -> None:
    first, second, third = ids(look(vera))[:3]
    vera.book(third)
    assert take_off(vera, [first, second]) == Done(2)
    assert vera.holds_exactly(first, second, third)

    done = week.open_again(vera.world.at_desk(vera.own), [first, third], vera.world.publication)
    assert (done.count, [slot.id for slot in done.left]) == (1, [third])
    assert vera.holds_exactly(second, third)
    assert standing(look(vera))[first] is Because.GIVEN_BACK


def test_what_is_booked_is_left_alone_and_named(vera: Arranging) -> None:
    first, second = ids(look(vera))[:2]
    vera.book(first)
    done = take_off(vera, [first, second, b"no such time"])
    assert (done.count, [slot.id for slot in done.left]) == (1, [first])
    assert vera.states() == [State.BOOKED]


def test_only_ones_own_times_are_touched(vera: Arranging) -> None:
    ask_desk(vera.world, "UPDATE slot SET ombuds = ? WHERE id = ?", b"somebody else 16", other := ids(look(vera))[0])
    assert other not in ids(look(vera))
    assert take_off(vera, [other]) == Done(0)
    assert vera.holds_exactly()


def test_a_tampered_matter_makes_the_page_unsure(vera: Arranging) -> None:
    key = vera.book(ids(look(vera))[0])
    put_boxes(vera.world, key, to_ombuds=bytes(13868))
    found = look(vera)
    assert not found.is_sure
    assert found.lines[0].holder is None


def test_few_times_left_are_told_without_opening_a_matter(vera: Arranging) -> None:
    at, found = vera.world.at_desk(vera.own), look(vera)
    assert week.shortages(at, vera.world.publication) == []
    take_off(vera, ids(found)[1:])
    assert week.shortages(at, vera.world.publication) == [(found.monday, 1)]
    assert week.few(look(vera).outlook) == [(found.monday, 1)]


def test_the_desk_says_when_too_few_times_are_left_for_decoys(vera: Arranging) -> None:
    settings = replace(vera.world.settings, decoys_a_week=2)
    told = week_sentences.without_decoys()
    listed = [offer.id for offer in vera.world.offers()]
    assert told not in week_sentences.shortages(look(vera).outlook, settings)
    take_off(vera, listed[KEEP_FREE + 1 :])
    assert told not in week_sentences.shortages(look(vera).outlook, settings)
    take_off(vera, listed[:1])
    assert told in week_sentences.shortages(look(vera).outlook, settings)
    assert told not in week_sentences.shortages(look(vera).outlook, replace(settings, decoys_a_week=0))
    take_off(vera, listed)
    assert told not in week_sentences.shortages(look(vera).outlook, settings)


@pytest.mark.parametrize("because", Because)
def test_every_reason_has_a_sentence_that_says_what_it_is(vera: Arranging, because: Because) -> None:
    found = look(vera)
    said = sentence(Answer(found.lines[0].slot.starts, because), found.outlook)
    assert said.endswith(".")
    assert "%" not in said
    assert len(said) < 200


@pytest.fixture
def ola(vera: Arranging) -> Iterator[Ola]:
    ola = Ola(vera.world, create_app(vera.world.instance))
    ola.sign_in()
    yield ola
    vera.world.refresh()


def test_looking_at_a_week_changes_nothing(ola: Ola, vera: Arranging) -> None:
    vera.book(ids(look(vera))[0])
    before = bytes_of(ola.world)
    for query in ("", "?week=1", "?week=99", "?week=x", "?week=-1", "?week=٣"):
        assert ola.browser.get(f"/desk/week{query}").status_code == 200
    asked(ola, clock.now().date() + 8 * DAY, "10:00")
    assert bytes_of(ola.world) == before


def test_the_page_leads_to_the_matter_and_says_when_visitors_see_changes(ola: Ola, vera: Arranging) -> None:
    key = vera.book(ids(look(vera))[0])
    page = ola.browser.get("/desk/week?week=2").text
    assert f"/desk/matter/{key.hex()}" in page
    assert "The next list comes on" in page
    assert "Visitors see changes from then on." in page
    assert "/desk/week" in ola.browser.get("/desk/").text
    assert "/desk/week" in ola.browser.get("/desk/hours").text


def test_a_whole_day_goes_and_who_is_booked_in_it_is_named_with_a_way_to_call_off(ola: Ola, vera: Arranging) -> None:
    first = look(vera).lines[0]
    key = vera.book(first.slot.id)
    day = first.slot.starts.date().isoformat()

    page = ola.send("/desk/week?week=2", week="2", day=day, act="off")

    assert "7 times are off the list." in page
    assert "Nothing happens to these" in page
    assert f"/desk/matter/{key.hex()}/call-off/" in page
    assert len(taken_slots(vera.world)) == 8
    assert vera.states() == [State.BOOKED]

    assert ola.send("/desk/week?week=2", week="2", day=day, act="open").startswith("/desk/week")
    assert "7 times are open again." in ola.browser.get("/desk/week?week=2").text
    assert vera.holds_exactly(first.slot.id)


def test_a_whole_week_is_named_by_its_day_and_not_by_its_number(ola: Ola, vera: Arranging) -> None:
    monday = look(vera).monday
    ola.send("/desk/week?week=2", week="2", whole=(monday - 7 * DAY).isoformat(), act="off")
    assert vera.holds_exactly()
    ola.send("/desk/week?week=2", week="2", whole=monday.isoformat(), act="off")
    assert len(taken_slots(vera.world)) == 7 * 8
    assert "No time is left in the week of" in ola.browser.get("/desk/").text


@pytest.mark.parametrize("fields", [{}, {"act": "off"}, {"act": "open"}, {"slot": "feed", "act": "off"}])
def test_what_makes_no_sense_changes_nothing_and_says_so(ola: Ola, vera: Arranging, fields: dict[str, str]) -> None:
    ola.send("/desk/week?week=2", week="2", **fields)
    assert "Nothing was changed." in ola.browser.get("/desk/week?week=2").text
    assert vera.holds_exactly()


def asked(ola: Ola, day: date, typed: str) -> str:
    page = ola.browser.get("/desk/week").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    fields = {"csrf_token": token.group(1), "day": day.isoformat(), "clock": typed}
    return unescape(ola.browser.post("/desk/week/why", data=fields).text)


def test_a_question_is_answered_in_its_own_week(ola: Ola, vera: Arranging) -> None:
    day = look(vera).monday
    assert "It is on the list: visitors see it and can book it." in asked(ola, day, "10:00")
    page = asked(ola, day, "10:20")
    assert "The nearest begin at 10:00 and 11:00." in page
    assert f"Week of Monday {day.day}" in page
    assert "It is outside your hours" in asked(ola, day, "19:00")
    assert "It is opened on" in asked(ola, day + 200 * DAY, "10:00").replace("it is opened", "It is opened")
    assert "of this year or the next." in asked(ola, date(9999, 12, 31), "10:00")
    assert "of this year or the next." in asked(ola, date(1, 1, 1), "10:00")


def test_a_question_about_a_visitors_time_leads_to_the_matter(ola: Ola, vera: Arranging) -> None:
    first = look(vera).lines[0].slot
    key = vera.book(first.id)
    page = asked(ola, first.starts.date(), f"{first.starts:%H:%M}")
    assert "A visitor has this time." in page
    assert f"/desk/matter/{key.hex()}" in page.partition("Week of")[0]


def test_a_busy_calendar_is_named_with_the_hour_of_its_reading(ola: Ola, vera: Arranging) -> None:
    first, now = look(vera).lines[0].slot, clock.now()
    busy = BusyMap.blank(now.date())
    busy.mark(first.starts, first.starts + timedelta(minutes=5))
    with vera.world.stores.desk.writing() as desk:
        elsewhere.keep(desk, vera.world.ombuds, busy, settings=vera.world.settings, now=now)
    page = asked(ola, first.starts.date(), f"{first.starts:%H:%M}")
    assert f"as it was read on {now:%A} {now.day}" in page
    assert "your own calendar is busy" in ola.browser.get("/desk/week?week=2").text


def test_a_desk_whose_booking_is_closed_says_so_at_every_time(ola: Ola, vera: Arranging) -> None:
    with vera.world.stores.desk.writing() as desk:
        assert office.close_booking(desk, OLA_NAME)
    assert "not offered: booking with you is closed" in ola.browser.get("/desk/week?week=2").text
    assert "ask your operator" in asked(ola, look(vera).monday, "10:00")


def test_without_hours_the_page_leads_to_them(ola: Ola) -> None:
    ask_desk(ola.world, "DELETE FROM practice")
    page = ola.browser.get("/desk/week").text
    assert "You have no open hours yet" in page
    assert ola.browser.get("/desk/").status_code == 200
