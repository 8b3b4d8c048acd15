"""The forms of an ombuds' hours read what was typed as it was meant, and say kindly what to do about the rest."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.scheduling import practice_forms, range_forms
from portal.scheduling.clashes import clashes, runs_too_long
from portal.scheduling.hours_forms import DatesForm, HoursForm, as_fields
from portal.scheduling.letters import modes_of
from portal.scheduling.place_forms import PlaceForm
from portal.scheduling.practice_forms import PracticeForm
from portal.scheduling.range_forms import MOST, WAYS, Offer, RangeFields
from portal.scheduling.rules import NOWHERE, Kind, Mode, Place, Practice, WeeklyRange
from portal.scheduling.walls import MIDNIGHT
from tests.scheduling.calendar_cast import MILL, PRACTICE, make_settings

BARN = Place(b"the-white-barn-b", "The white barn", door="left")
PLACES = {MILL.id: MILL, BARN.id: BARN}
OFFER = Offer(PRACTICE, PLACES, has_phone=True)
NO_PLACE = Offer(replace(PRACTICE, place=NOWHERE), {}, has_phone=False)
TODAY = date(2026, 6, 1)
NIGHT = {"mon_1_from": "22:30", "mon_1_to": "02:00"}


def hours(answers: dict[str, str], offer: Offer = OFFER) -> HoursForm:
    form = HoursForm(offer, formdata=MultiDict(answers), meta={"csrf": False})
    form.validate()
    return form


def first_of_monday(form: HoursForm) -> RangeFields:
    return next(iter(form.week()[0][1]))


def dates(offer: Offer = OFFER, **answers: str) -> DatesForm:
    form = DatesForm(offer, TODAY, formdata=MultiDict({"what": "closed"} | answers), meta={"csrf": False})
    form.validate()
    return form


def typed(values: dict[str, object]) -> MultiDict[str, str]:
    """Values as a browser sends them."""
    return MultiDict(
        {name: each.strftime("%H:%M") if isinstance(each, time) else str(each) for name, each in values.items()}
    )


def test_the_week_is_read_as_ranges() -> None:
    form = hours({"mon_1_from": "09:00", "mon_1_to": "12:00", "sun_2_from": "14:30", "sun_2_to": "16:00"})

    assert form.errors == {}
    assert form.ranges() == [WeeklyRange(0, time(9), time(12)), WeeklyRange(6, time(14, 30), time(16))]


def test_hours_may_end_on_the_next_day_and_say_so() -> None:
    form = hours(NIGHT)

    assert form.errors == {}
    assert form.ranges() == [WeeklyRange(0, time(22, 30), time(2))]
    assert first_of_monday(form).is_overnight


@pytest.mark.parametrize("end", ["24:00", "00:00"])
def test_the_end_of_the_day_is_written_in_two_ways(end: str) -> None:
    form = hours({"mon_1_from": "22:30", "mon_1_to": end})

    assert form.errors == {}
    assert form.ranges() == [WeeklyRange(0, time(22, 30), MIDNIGHT)]
    assert not first_of_monday(form).is_overnight


def test_nothing_begins_at_twenty_four_hours() -> None:
    assert hours({"mon_1_from": "24:00", "mon_1_to": "01:00"}).errors["mon_1_from"] == ["Type a time like 09:30."]


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        ({"mon_1_from": "09:00"}, "mon_1_to", "Fill in both times, or leave both empty."),
        (
            {"mon_1_from": "12:00", "mon_1_to": "04:00"},
            "mon_1_to",
            "The end must come after the start. Write the afternoon like 17:00.",
        ),
        (
            {"mon_1_from": "09:00", "mon_1_to": "09:00"},
            "mon_1_to",
            "The end must come after the start. Write the afternoon like 17:00.",
        ),
        ({"mon_1_from": "9 o'clock", "mon_1_to": "10:00"}, "mon_1_from", "Type a time like 09:30."),
        ({**NIGHT, "mon_1_ways": "pigeon"}, "mon_1_ways", "Choose one of these answers."),
        ({**NIGHT, "mon_1_place": "ff" * 16}, "mon_1_place", "Choose one of these answers."),
        (
            {**NIGHT, "mon_1_ways": "--p"},
            "mon_1_ways",
            "You meet nobody in this way. Change it under How you meet first.",
        ),
        (
            {**NIGHT, "tue_1_from": "01:00", "tue_1_to": "03:00"},
            "tue_1_to",
            "These hours overlap others: Monday 22:30–02:00.",  # noqa: RUF001 - a dash between two times
        ),
    ],
)
def test_a_range_that_makes_no_sense_is_said_beside_it(answers: dict[str, str], field: str, sentence: str) -> None:
    form = hours(answers)

    assert form.errors == {field: [sentence]}
    assert [each.first_wrong.name for each in form.wrong()] == [field]


@pytest.mark.parametrize(
    ("more", "field"), [({"kind": "drop-in"}, "kind"), ({"kind": "calls"}, "kind"), ({"ways": "-i-"}, "ways")]
)
def test_a_door_needs_a_place_and_a_phone_a_number(more: dict[str, str], field: str) -> None:
    answers = {"mon_1_from": "09:00", "mon_1_to": "10:00"} | {f"mon_1_{name}": value for name, value in more.items()}

    assert hours(answers).errors == {}
    assert hours(answers, NO_PLACE).errors.keys() == {f"mon_1_{field}"}


def test_two_parts_of_a_day_may_touch_but_not_overlap() -> None:
    touching = {"mon_1_from": "09:00", "mon_1_to": "12:00", "mon_2_from": "12:00", "mon_2_to": "13:00"}

    assert hours(touching).errors == {}
    assert "mon_2_to" in hours(touching | {"mon_2_from": "11:00"}).errors


def test_one_empty_line_follows_what_is_filled_up_to_six() -> None:
    def lines(filled: int) -> int:
        answers = {
            f"mon_{n}_{part}": f"{8 + n:02d}:{m}"
            for n in range(1, filled + 1)
            for part, m in (("from", "00"), ("to", "30"))
        }
        return len(list(hours(answers).week()[0][1]))

    assert [lines(n) for n in (0, 1, 2, 5, 6)] == [2, 2, 3, 6, 6]


def test_what_was_typed_wrongly_comes_back_as_it_was() -> None:
    form = hours({"mon_3_from": "soon", "mon_3_to": "later"})

    shown = list(form.week()[0][1])
    assert len(shown) == 4
    assert 'value="soon"' in str(shown[2].starts())
    assert 'value="later"' in str(shown[2].ends())


def test_what_is_folded_says_what_was_chosen_and_opens_where_it_is_wrong() -> None:
    usual = first_of_monday(hours(NIGHT))
    special = first_of_monday(hours(NIGHT | {"mon_1_ways": "v--", "mon_1_place": BARN.id.hex()}))
    wrong = first_of_monday(hours(NIGHT | {"mon_1_ways": "--p"}))

    assert (usual.terms, special.terms, wrong.terms) == ("", "By video, The white barn", "By phone")
    assert [each.are_terms_wrong for each in (usual, special, wrong)] == [False, False, True]


def test_the_days_stand_in_order() -> None:
    starts = [next(iter(found)).starts.name for _label, found in HoursForm(OFFER, meta={"csrf": False}).week()]

    assert [name[:3] for name in starts] == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert all(first != second for first, second in pairwise(starts))


def sensible(ranges: Iterable[WeeklyRange]) -> list[WeeklyRange]:
    """Those that a form lets through: in order, at most six a day, none over another."""
    week: list[WeeklyRange] = []
    for each in sorted(ranges):
        fits = (
            not clashes([*week, each])
            and not runs_too_long(each)
            and (each.starts != each.ends or each.ends == MIDNIGHT)
        )
        if fits and sum(other.weekday == each.weekday for other in week) < MOST:
            week.append(each)
    return week


clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
ways = st.sampled_from([modes_of(letters) for letters, _label in WAYS if letters != "--p"])
ranges = st.builds(
    WeeklyRange, st.integers(0, 6), clocks, clocks, ways, st.sampled_from((NOWHERE, *PLACES))
) | st.builds(WeeklyRange, st.integers(0, 6), clocks, clocks, kind=st.sampled_from((Kind.drop_in, Kind.calls)))


@tried(deadline=None)
@given(st.lists(ranges, max_size=12))
def test_whatever_week_is_stored_comes_back_from_its_form_as_it_was(drawn: list[WeeklyRange]) -> None:
    week = sensible(drawn)
    form = HoursForm(OFFER, formdata=typed(as_fields(week)), meta={"csrf": False})

    assert form.validate(), form.errors
    assert form.ranges() == week
    assert HoursForm(OFFER, data=as_fields(week), meta={"csrf": False}).ranges() == week


@tried(deadline=None)
@given(st.lists(ranges, max_size=8))
def test_whatever_a_date_holds_comes_back_too(drawn: list[WeeklyRange]) -> None:
    week = [replace(each, weekday=TODAY.weekday()) for each in drawn]
    of_day = sensible(week)
    values = typed(range_forms.as_data("own", of_day)) | MultiDict({"first": "2026-06-01", "what": "open"})
    form = DatesForm(OFFER, TODAY, formdata=MultiDict(values), meta={"csrf": False})

    assert form.validate() == bool(of_day), form.errors
    assert form.ranges(TODAY) == of_day


def test_several_dates_are_closed_at_once() -> None:
    form = dates(first="2026-12-24", last="2027-01-02")

    assert form.errors == {}
    assert len(form.dates()) == 10
    assert form.ranges(date(2026, 12, 25)) == []


def test_the_hours_of_dates_stand_under_the_weekday_of_each() -> None:
    form = dates(first="2026-12-24", last="2026-12-25", what="open", own_1_from="22:00", own_1_to="24:00")

    assert form.errors == {}
    assert [form.ranges(day) for day in form.dates()] == [[WeeklyRange(n, time(22), MIDNIGHT)] for n in (3, 4)]


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "first"),
        ({"first": "tomorrow"}, "first"),
        ({"first": "2026-05-31"}, "first"),
        ({"first": "2026-06-09", "last": "2026-06-08"}, "last"),
        ({"first": "2026-06-09", "last": "2026-12-08"}, "last"),
        ({"first": "2036-06-09"}, "last"),
        ({"first": "9999-12-31"}, "last"),
        ({"first": "2026-06-09", "what": "open"}, "what"),
        ({"first": "2026-06-09", "what": "perhaps"}, "what"),
        ({"first": "2026-06-09", "what": "open", "own_1_from": "09:00"}, "own_1_to"),
    ],
)
def test_dates_that_cannot_be_are_said_beside_the_field(answers: dict[str, str], field: str) -> None:
    assert dates(**answers).errors.keys() == {field}


def practice(tmp_path: Path, before: Practice = PRACTICE, **answers: str | list[str]) -> PracticeForm:
    filled = practice_forms.as_fields(before)
    sent = {name: value for name, value in filled.items() if value not in ("", [], None)} | answers
    form = PracticeForm(formdata=MultiDict(sent), meta={"csrf": False})
    form.fill(before, PLACES, make_settings(tmp_path, horizon_weeks=4))
    form.validate()
    return form


def test_every_part_of_a_practice_comes_back_from_its_form(tmp_path: Path) -> None:
    full = Practice(
        minutes=50, modes=tuple(Mode), without_code=25, place=BARN.id, buffer=15, a_day=3, online=75, notice_hours=4,
        horizon_weeks=2, zone="America/St_Johns", holidays="DE-BY", languages=("de", "en", "tr"), region="North campus",
    )  # fmt: skip

    form = practice(tmp_path, full)

    assert form.errors == {}
    assert form.practice(PRACTICE) == full


def test_an_office_without_a_number_says_why_no_call_can_be_booked(tmp_path: Path) -> None:
    form = practice(tmp_path)
    assert not form.modes.description

    form.fill(PRACTICE, PLACES, make_settings(tmp_path, phone=""))
    assert "the office has no number" in form.modes.description


def test_a_practice_that_is_set_to_something_odd_stays_so(tmp_path: Path) -> None:
    odd = replace(PRACTICE, minutes=37, buffer=7, a_day=19, online=33, without_code=41, notice_hours=7, horizon_weeks=5)

    form = practice(tmp_path, odd)

    assert form.errors == {}
    assert form.practice(PRACTICE) == odd


def test_nobody_looks_further_ahead_than_the_office_opens(tmp_path: Path) -> None:
    form = practice(tmp_path)

    assert [choice.value for choice in form.horizon_weeks.choices] == [-1, 1, 2, 3]
    assert form.horizon_weeks.description == "Never more than the office opens: 4 weeks."
    assert practice(tmp_path, horizon_weeks="26").errors.keys() == {"horizon_weeks"}


def test_a_part_of_another_country_is_left_out(tmp_path: Path) -> None:
    form = practice(tmp_path, replace(PRACTICE, holidays="DE-BY"), holidays="NL", part="BY")

    assert form.errors == {}
    assert form.practice(PRACTICE).holidays == "NL"
    assert ("BY", "Bayern") in [(each.value, each.label) for each in practice(tmp_path, holidays="DE").part.choices]


def test_meeting_in_person_needs_a_place(tmp_path: Path) -> None:
    assert practice(tmp_path, place="").errors.keys() == {"place"}
    assert practice(tmp_path, place="", modes=["video"]).errors == {}
    assert practice(tmp_path, modes=[]).errors == {"modes": ["Choose at least one way to meet."]}


def test_a_place_needs_a_name_and_a_door() -> None:
    form = PlaceForm(formdata=MultiDict({"place_access": "x" * 121}), meta={"csrf": False})

    assert not form.validate()
    assert form.errors.keys() == {"place_name", "place_door", "place_access"}
    good = PlaceForm(
        formdata=MultiDict({"place_name": "The mill", "place_door": "blue", "is_apart": "y"}), meta={"csrf": False}
    )
    assert good.validate()
    assert good.place(MILL) == replace(
        MILL,
        name="The mill",
        door="blue",
        access="",
        directions="",
        is_step_free=False,
        has_no_sign=False,
        is_apart=True,
    )


def test_a_date_of_the_next_years_may_be_set() -> None:
    assert dates(first=(TODAY + timedelta(days=500)).isoformat()).errors == {}
