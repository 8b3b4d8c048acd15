"""Ola's pages of hours: what she typed comes back, what it changes is shown first, and nothing is half kept."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest

from portal import clock, create_app
from portal.scheduling import opening, plans, store
from portal.scheduling.hours_forms import FURTHEST
from portal.scheduling.plans import Plan
from portal.scheduling.rules import Kind, Mode, SlotFacts, WeeklyRange
from tests.cast import EVERY_DAY, LIBRARY, PRACTICE, World
from tests.desk.test_open_desks import Ola
from tests.visiting import fields_of

DAY = timedelta(days=1)


@pytest.fixture
def ola(world: World) -> Iterator[Ola]:
    ola = Ola(world, create_app(world.instance))
    ola.sign_in()
    yield ola
    world.refresh()


def plan_of(world: World) -> Plan:
    with world.stores.desk.reading() as desk:
        return plans.find(desk, world.ombuds)


def slots_of(world: World) -> list[SlotFacts]:
    with world.stores.desk.reading() as desk:
        return store.slots_of(desk, world.ombuds, since=clock.now())


def send(ola: Ola, path: str, **changes: str | list[str] | None) -> str:
    """Change some fields of a page's form as it stands and send it; gives the page that comes back in the end."""
    text = ola.browser.get(path).text
    form = max(re.findall(r"<form.*?</form>", text, re.DOTALL), key=len)
    sent: dict[str, list[str]] = {}
    for name, value in fields_of(form):
        sent.setdefault(name, []).append(value)
    wanted = {
        name: value if isinstance(value, list) else [value] for name, value in changes.items() if value is not None
    }
    left = {name: value for name, value in sent.items() if name not in changes}
    return ola.browser.post(path.partition("?")[0], data=left | wanted, follow_redirects=True).text


def answer(ola: Ola, asked: str, path: str, sure: str) -> str:
    """Press one of the buttons of the page that asks."""
    assert "What this changes" in asked
    form = max(re.findall(r"<form.*?</form>", asked, re.DOTALL), key=len)
    sent: dict[str, list[str]] = {}
    for name, value in fields_of(form):
        sent.setdefault(name, []).append(value)
    return ola.browser.post(path, data=sent | {"sure": sure}, follow_redirects=True).text


def test_more_hours_are_kept_at_once(ola: Ola) -> None:
    page = send(ola, "/desk/hours", sat_2_from="22:30", sat_2_to="02:00")

    assert re.search(r"Saved\. What is booked stays booked\. \d+ new times are open\.", page)
    assert "Until the next day." in page
    assert plan_of(ola.world).week == sorted([*EVERY_DAY, WeeklyRange(5, time(22, 30), time(2))])


def test_the_end_of_the_day_may_be_typed_in_two_ways(ola: Ola) -> None:
    send(ola, "/desk/hours", sat_2_from="22:00", sat_2_to="24:00", sun_2_from="22:00", sun_2_to="00:00")

    assert [each.ends for each in plan_of(ola.world).week if each.starts == time(22)] == [time(0), time(0)]


def test_fewer_hours_are_shown_first_and_nothing_is_kept_meanwhile(ola: Ola) -> None:
    world = ola.world
    first = world.offers()[3]
    world.book(None, slots=[first.id])
    before, plan = slots_of(world), plan_of(world)

    asked = send(
        ola, "/desk/hours", **{f"{day}_1_to": "08:30" for day in DAYS}, **{f"{day}_1_from": "08:00" for day in DAYS}
    )

    gone = len([slot for slot in before if slot.starts > clock.now()]) - 1
    assert f"{gone} free times are taken back." in asked
    assert "One taken time stays all the same" in asked
    assert f"{first.starts:%H:%M}</li>" in asked
    assert (slots_of(world), plan_of(world)) == (before, plan)

    kept = answer(ola, asked, "/desk/hours", "yes")
    assert f"{gone} free times are taken back." in kept
    assert {slot.id for slot in slots_of(world) if slot.starts > clock.now()} == {first.id}
    assert plan_of(world).week == [WeeklyRange(day, time(8), time(8, 30)) for day in range(7)]


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def test_changing_it_again_brings_back_all_that_was_typed(ola: Ola) -> None:
    before = plan_of(ola.world)
    asked = send(ola, "/desk/hours", mon_1_to="10:00", mon_2_from="10:30", mon_2_to="11:45", mon_2_kind="calls")

    page = answer(ola, asked, "/desk/hours", "back")

    values = dict(fields_of(page))
    assert [values[f"mon_{name}"] for name in ("1_to", "2_from", "2_to", "2_kind")] == [
        "10:00",
        "10:30",
        "11:45",
        "calls",
    ]
    assert plan_of(ola.world) == before


def test_what_somebody_books_after_the_question_stays_too(ola: Ola) -> None:
    asked = send(ola, "/desk/practice", modes=["phone"])
    offer = ola.world.offers()[4]
    ola.world.book(None, slots=[offer.id])

    answer(ola, asked, "/desk/practice", "yes")

    left = {slot.id: slot.modes for slot in slots_of(ola.world) if slot.starts > clock.now()}
    assert left.pop(offer.id) == tuple(Mode)
    assert set(left.values()) == {(Mode.phone,)}


def test_a_wrong_week_is_kept_in_no_part_and_given_back_whole(ola: Ola) -> None:
    before = plan_of(ola.world)

    page = send(
        ola,
        "/desk/hours",
        mon_2_from="16:00",
        mon_2_to="18:00",
        tue_2_from="18:00",
        wed_2_from="18:00",
        wed_2_to="18:30",
    )

    assert "These hours overlap others: Monday 09:00–17:00." in page  # noqa: RUF001 - a dash between two times
    assert "Fill in both times, or leave both empty." in page
    values = dict(fields_of(page))
    assert [values[f"{name}_2_from"] for name in ("mon", "tue", "wed")] == ["16:00", "18:00", "18:00"]
    assert plan_of(ola.world) == before


def test_every_part_of_the_practice_is_kept(ola: Ola) -> None:
    path = "/desk/practice"
    saved = send(ola, path, holidays="DE")
    if "What this changes" in saved:  # a holiday is near
        answer(ola, saved, path, "yes")
    asked = send(
        ola, path, minutes="45", buffer="15", a_day="3", online="50", without_code="25", notice_hours="4",
        horizon_weeks="2", zone="Europe/Berlin", part="BY", languages=["de", "en"], region="North campus",
    )  # fmt: skip
    answer(ola, asked, path, "yes")

    found = plan_of(ola.world).practice
    assert (found.minutes, found.buffer, found.a_day, found.online, found.without_code) == (45, 15, 3, 50, 25)
    assert (found.notice_hours, found.horizon_weeks, found.zone, found.holidays) == (4, 2, "Europe/Berlin", "DE-BY")
    assert (found.languages, found.region, found.place) == (("de", "en"), "North campus", LIBRARY.id)
    assert "All times are in Central European Time." in ola.browser.get("/desk/hours").text


def test_dates_are_closed_opened_and_taken_away(ola: Ola) -> None:
    first = clock.now().date() + 5 * DAY
    last = first + 2 * DAY
    asked = send(ola, "/desk/dates", first=first.isoformat(), last=last.isoformat(), what="closed")
    assert "24 free times are taken back." in asked
    page = answer(ola, asked, "/desk/dates", "yes")

    assert page.count("<p>Closed</p>") == 1, "dates that say the same are one line"
    assert list(plan_of(ola.world).special.items()) == [(first + n * DAY, []) for n in range(3)]
    own = send(ola, "/desk/dates", first=last.isoformat(), what="open", own_1_from="22:30", own_1_to="02:00")
    assert "22:30–02:00" in own  # noqa: RUF001 - a dash between two times
    assert plan_of(ola.world).special[last] == [WeeklyRange(last.weekday(), time(22, 30), time(2))]

    token = dict(fields_of(own))["csrf_token"]
    away = {"csrf_token": token, "first": first.isoformat(), "last": (last - DAY).isoformat()}
    page = ola.browser.post("/desk/dates/take-away", data=away, follow_redirects=True).text
    assert "16 new times are open." in page
    assert list(plan_of(ola.world).special) == [last]


def test_holidays_are_listed_and_one_is_opened(ola: Ola) -> None:
    send(ola, "/desk/practice", holidays="NL")
    asked = send(ola, "/desk/practice", holidays="NL")
    if "What this changes" in asked:
        answer(ola, asked, "/desk/practice", "yes")
    page = ola.browser.get("/desk/dates").text
    today = clock.now().date()
    year = today.year + (today.month == 12)
    assert f'href="/desk/dates?day={year}-12-25#set"' in page
    listed = [date.fromisoformat(day) for day in re.findall(r"/desk/dates\?day=([-\d]+)#set", page)]
    assert max(listed) <= today + FURTHEST, "what the form would refuse is not offered"

    path = f"/desk/dates?day={year}-12-25"
    assert ("first", f"{year}-12-25") in fields_of(ola.browser.get(path).text)
    send(ola, path, own_1_from="10:00", own_1_to="12:00")

    christmas = date(year, 12, 25)
    assert plan_of(ola.world).special == {christmas: [WeeklyRange(christmas.weekday(), time(10), time(12))]}
    assert f"day={year}-12-25" not in ola.browser.get("/desk/dates").text
    for odd in ("1999-01-01", "soon", ""):
        assert ola.browser.get(f"/desk/dates?day={odd}").status_code == 200


def test_places_are_added_changed_and_taken_away_when_nobody_needs_them(ola: Ola) -> None:
    page = send(ola, "/desk/places", place_name="The barn", place_door="left", is_step_free="y")
    key = next(key for key in re.findall(r'name="place" value="(\w+)"', page) if key != LIBRARY.id.hex())

    assert "The barn" in page
    assert "step-free" in page
    page = send(ola, f"/desk/places/{key}", place_name="The white barn", is_apart="y")
    assert "step-free, not near HR or managers" in page
    values = {"csrf_token": dict(fields_of(page))["csrf_token"]}
    refused = ola.browser.post("/desk/places/remove", data=values | {"place": LIBRARY.id.hex()}, follow_redirects=True)
    assert "Nothing was changed: somebody" in refused.text
    done = ola.browser.post("/desk/places/remove", data=values | {"place": key}, follow_redirects=True)
    assert "The place is taken away." in done.text
    with ola.world.stores.desk.reading() as desk:
        assert list(opening.places(desk)) == [LIBRARY.id]
    assert ola.browser.get(f"/desk/places/{key}").status_code == 404


def test_a_place_without_a_door_is_not_kept(ola: Ola) -> None:
    page = send(ola, "/desk/places", place_name="The barn", place_directions="over the bridge")

    assert "Say which door, so that people find you." in page
    assert ("place_directions", "over the bridge") in fields_of(page)
    with ola.world.stores.desk.reading() as desk:
        assert list(opening.places(desk)) == [LIBRARY.id]


@pytest.mark.parametrize("name", ["The old library", "the OLD  library"])
def test_a_name_that_another_place_has_is_refused_with_all_that_was_typed(ola: Ola, name: str) -> None:
    page = send(ola, "/desk/places", place_name=name, place_door="left", place_directions="over the bridge")
    assert "Another place has this name. Add a word, so that nobody goes astray." in page
    assert ("place_directions", "over the bridge") in fields_of(page)
    page = send(ola, "/desk/places", place_name="The barn", place_door="left")
    key = next(key for key in re.findall(r'name="place" value="(\w+)"', page) if key != LIBRARY.id.hex())

    assert "Another place has this name." in send(ola, f"/desk/places/{key}", place_name=name)
    assert "Saved." in send(ola, f"/desk/places/{key}", place_name="the barn", place_door="right"), "its own name"

    with ola.world.stores.desk.reading() as desk:
        assert {each.name for each in opening.places(desk).values()} == {"The old library", "the barn"}


def test_hours_at_another_place_and_for_whoever_comes(ola: Ola) -> None:
    page = send(ola, "/desk/places", place_name="The barn", place_door="left")
    key = next(key for key in re.findall(r'name="place" value="(\w+)"', page) if key != LIBRARY.id.hex())

    send(ola, "/desk/hours", mon_2_from="18:00", mon_2_to="20:00", mon_2_place=key, mon_2_kind="drop-in")

    found = plan_of(ola.world).week[1]
    assert (found.place.hex(), found.kind) == (key, Kind.drop_in)
    assert f'selected value="{key}"' in ola.browser.get("/desk/hours").text


def test_a_first_week_needs_no_place(ola: Ola) -> None:
    world = ola.world
    with world.stores.desk.writing() as desk:
        opening.set_hours(desk, world.ombuds, [], PRACTICE)

    page = send(
        ola, "/desk/hours", **{f"{day}_1_from": "09:00" for day in DAYS}, **{f"{day}_1_to": "17:00" for day in DAYS}
    )

    assert "Saved." in page


def test_what_stands_in_an_address_or_in_no_list_changes_nothing(ola: Ola) -> None:
    before = plan_of(ola.world)
    for path, wrong in (
        ("/desk/hours", {"mon_1_ways": "x", "mon_1_to": "08:00"}),
        ("/desk/practice", {"minutes": "7"}),
        ("/desk/practice", {"zone": "Mars/Base"}),
        ("/desk/practice", {"horizon_weeks": "26"}),
        ("/desk/dates", {"first": "2020-01-01"}),
    ):
        assert "Please check" in send(ola, path, **wrong), wrong
    assert plan_of(ola.world) == before
