"""Ola connects her own calendar at the desk; every server that is asked is a real one on loopback."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal import clock, create_app
from portal.busy.problems import Problem
from portal.desk.calendar_forms import WHAT_TO_DO
from portal.scheduling import elsewhere, reading
from portal.scheduling.elsewhere import ADDRESS_LIMIT
from portal.tried import Tried
from tests.cast import World
from tests.desk.test_open_desks import Ola
from tests.own_calendar import TITLE, OwnCalendar, allow, own_calendar

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGE = "/desk/calendar"


@pytest.fixture(scope="module")
def calendar() -> Iterator[OwnCalendar]:
    with own_calendar() as found:
        yield found


@pytest.fixture(scope="module")
def signed_in(first_world: World, calendar: OwnCalendar, tmp_path_factory: pytest.TempPathFactory) -> Ola:
    world = first_world.copy(tmp_path_factory.mktemp("calendar") / "instance")
    allow(world, calendar)
    ola = Ola(world, create_app(world.instance))
    ola.open_desk()
    return ola


@pytest.fixture
def ola(signed_in: Ola, calendar: OwnCalendar) -> Iterator[Ola]:
    """With no calendar."""
    calendar.status, calendar.busy = "200 OK", []
    yield signed_in
    world = signed_in.world
    reading.forget(world.stores, tries(signed_in), world.ombuds, settings=world.settings)


def tries(ola: Ola) -> reading.Tries:
    found = ola.app.extensions["portal"].volatile.calendars
    assert isinstance(found, reading.Tries)
    return found


def send(ola: Ola, to: str = PAGE, **fields: str) -> str:
    """Send a form of the page; gives the page that follows."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', ola.browser.get(PAGE).text)
    assert token
    answer = ola.browser.post(to, data={"csrf_token": token.group(1)} | fields, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def is_connected(ola: Ola) -> bool:
    with ola.world.stores.keys.reading() as keys:
        return ola.world.ombuds in elsewhere.addresses(keys, ola.world.settings)


def test_a_pasted_address_is_asked_at_once_and_never_shown_again(ola: Ola, calendar: OwnCalendar) -> None:
    starts = (clock.now() + DAY).replace(hour=9, minute=30, second=0)
    calendar.busy = [(starts, starts + HOUR)]
    before = calendar.asked
    page = send(ola, address=calendar.url)
    assert calendar.asked == before + 1
    assert "Connected: 127.0.0.1" in page
    assert "09:30 to 10:30" in page
    assert "Last read on" in page
    for secret in ("private-4711", "basic.ics", TITLE):
        assert secret not in page
        assert secret not in ola.browser.get(PAGE).text


def test_only_the_coming_two_weeks_are_shown(ola: Ola, calendar: OwnCalendar) -> None:
    noon = clock.now().replace(hour=12, minute=5, second=0)
    calendar.busy = [(noon + days * DAY, noon + days * DAY + HOUR) for days in (-3, 2, 20)]
    page = send(ola, address=calendar.url)
    assert page.count("12:05 to 13:05") == 1


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://169.254.169.254/latest/meta-data/", Problem.address),
        ("https://169.254.169.254/latest/meta-data/", Problem.private),
        ("https://[::1]/", Problem.private),
        ("https://127.0.0.1/", Problem.private),
        ("https://2130706433/", Problem.private),
        ("file:///etc/passwd", Problem.address),
        ("gopher://127.0.0.1:70/", Problem.address),
        ("https://ola:pass@calendar.example/", Problem.address),
        ("nonsense", Problem.address),
        ("https://127.0.0.1:22/", Problem.address),
    ],
)
def test_an_address_that_must_not_be_asked_is_refused_kindly(ola: Ola, address: str, problem: Problem) -> None:
    page = send(ola, address=address)
    assert str(WHAT_TO_DO[problem]) in page
    assert address not in page
    assert not is_connected(ola)


@pytest.mark.parametrize(
    ("status", "problem"),
    [("404 Not Found", Problem.refused), ("401 Unauthorized", Problem.refused), ("500 Broken", Problem.refused)],
)
def test_a_calendar_that_does_not_answer_is_not_connected(
    ola: Ola, calendar: OwnCalendar, status: str, problem: Problem
) -> None:
    calendar.status = status
    assert str(WHAT_TO_DO[problem]) in send(ola, address=calendar.url)
    assert not is_connected(ola)


def test_a_step_on_to_a_place_inside_is_refused(ola: Ola, calendar: OwnCalendar) -> None:
    """The listed host answers with an address that is not listed."""
    calendar.status = "302 Found\r\nLocation: https://169.254.169.254/latest/"
    assert str(WHAT_TO_DO[Problem.private]) in send(ola, address=calendar.url)
    assert not is_connected(ola)


def test_every_problem_has_a_sentence_of_its_own() -> None:
    assert {*Problem, reading.BROKEN} == WHAT_TO_DO.keys()
    assert len({str(each) for each in WHAT_TO_DO.values()}) == len(WHAT_TO_DO)


def test_nothing_and_too_much_are_told_at_the_field(ola: Ola) -> None:
    assert "Paste the address." in send(ola, address="")
    assert "Please shorten it." in send(ola, address="https://a.example/" + "x" * ADDRESS_LIMIT)
    assert str(WHAT_TO_DO[Problem.address]) in send(ola, address="https://" + "é" * 900)
    assert not is_connected(ola)


def test_when_it_fails_the_page_says_since_when_and_keeps_the_last_times(ola: Ola, calendar: OwnCalendar) -> None:
    starts = (clock.now() + DAY).replace(hour=9, minute=30, second=0)
    calendar.busy = [(starts, starts + HOUR)]
    send(ola, address=calendar.url)
    calendar.status = "503 Service Unavailable"
    page = send(ola, "/desk/calendar/read")
    assert "The calendar did not answer since" in page
    assert "These busy times are from then." in page
    assert str(WHAT_TO_DO[Problem.refused]) in page
    assert "09:30 to 10:30" in page
    calendar.status, calendar.busy = "200 OK", []
    page = send(ola, "/desk/calendar/read")
    assert "It was read just now." in page
    assert "did not answer" not in page
    assert "09:30 to 10:30" not in page


def test_another_calendar_that_fails_leaves_the_one_there_is(ola: Ola, calendar: OwnCalendar) -> None:
    send(ola, address=calendar.url)
    page = send(ola, address="https://127.0.0.1/")
    assert "Connected: 127.0.0.1" in page
    assert "did not answer" not in page


def test_a_calendar_is_forgotten_after_one_question(ola: Ola, calendar: OwnCalendar) -> None:
    send(ola, address=calendar.url)
    assert "Forget the calendar at 127.0.0.1?" in send(ola, "/desk/calendar/forget")
    assert is_connected(ola)
    page = send(ola, "/desk/calendar/forget", sure="yes")
    assert "Forgotten" in page
    assert "Connected:" not in page
    assert not is_connected(ola)
    with ola.world.stores.desk.reading() as desk:
        assert elsewhere.last_read(desk, ola.world.settings) == {}
    assert "Connected:" not in send(ola, "/desk/calendar/forget", sure="yes")
    assert "Connected:" not in send(ola, "/desk/calendar/read")


def test_without_a_calendar_there_is_none_to_read(ola: Ola) -> None:
    for page in (send(ola, "/desk/calendar/read"), _while_another_asks(ola)):
        assert "There is no calendar to read. Connect one first." in page
        assert "Another calendar is being read" not in page


def _while_another_asks(ola: Ola) -> str:
    with tries(ola).at_desk:
        return send(ola, "/desk/calendar/read")


def test_the_page_names_the_clock_of_all_its_times(ola: Ola, calendar: OwnCalendar) -> None:
    send(ola, address=calendar.url)
    page = ola.browser.get(PAGE).text
    assert "Nothing." in page, "also where only the last reading has a time"
    assert "All times are in Coordinated Universal Time." in page
    assert "All times are in Coordinated Universal Time." in ola.browser.get("/desk/away").text


def test_while_one_desk_asks_another_is_told_to_wait(ola: Ola, calendar: OwnCalendar) -> None:
    """Or eight desks would leave no thread for a visitor."""
    send(ola, address=calendar.url)
    before = calendar.asked
    with tries(ola).at_desk:
        assert "Try again in half a minute." in send(ola, "/desk/calendar/read")
        assert "Try again in half a minute." in send(ola, address=calendar.url)
    assert calendar.asked == before


def test_what_was_doubted_and_skipped_is_counted(ola: Ola, calendar: OwnCalendar) -> None:
    send(ola, address=calendar.url)
    tries(ola).note(ola.world.ombuds, Tried(clock.now(), doubts=1, skipped=2))
    page = ola.browser.get(PAGE).text
    assert "1 appointment names a time zone that nobody knows. The calendar's own was taken, or else yours." in page
    assert "2 appointments could not be read" in page


def test_the_queue_says_so_when_a_calendar_fails_for_more_than_a_day(ola: Ola, calendar: OwnCalendar) -> None:
    said = "has not answered for more than a day"
    assert said not in ola.browser.get("/desk/").text
    send(ola, address=calendar.url)
    assert said not in ola.browser.get("/desk/").text
    world, old = ola.world, clock.now() - timedelta(hours=26)
    with world.stores.desk.writing() as desk:
        busy = elsewhere.last_read(desk, world.settings)[world.ombuds].busy
        elsewhere.keep(desk, world.ombuds, busy, settings=world.settings, now=old)
    tries(ola).forget(world.ombuds)
    assert said in ola.browser.get("/desk/").text
    assert "did not answer since" in ola.browser.get(PAGE).text


def test_busy_times_that_somebody_else_wrote_count_as_none(ola: Ola, calendar: OwnCalendar) -> None:
    send(ola, address=calendar.url)
    world = ola.world
    with world.stores.desk.writing() as desk:
        row = elsewhere.hours_store.busy_maps(desk)[world.ombuds]
        elsewhere.hours_store.put_busy(desk, world.ombuds, row[0], bytes(len(row[1])))
    assert "no busy times are known" in ola.browser.get(PAGE).text


def test_an_address_for_a_calendar_program_is_shown_once_and_stopped(ola: Ola) -> None:
    page = send(ola, "/desk/calendar/feed", action="make")
    shown = re.search(r'<bdi dir="ltr">http://localhost:8000(/feed/calendar/[a-z0-9]{32}\.ics)</bdi>', page)
    assert shown
    assert shown.group(1) not in ola.browser.get(PAGE).text
    stranger = ola.app.test_client()
    assert stranger.get(shown.group(1)).status_code == 200
    second = re.search(r"/feed/calendar/[a-z0-9]{32}\.ics", send(ola, "/desk/calendar/feed", action="make"))
    assert second
    assert [stranger.get(path).status_code for path in (shown.group(1), second.group())] == [404, 200]
    assert "Stopped." in send(ola, "/desk/calendar/feed", action="stop")
    assert stranger.get(second.group()).status_code == 404


@pytest.mark.parametrize("action", ["", "burn"])
def test_a_form_without_one_of_its_buttons_makes_nothing(ola: Ola, action: str) -> None:
    assert "/feed/calendar/" not in send(ola, "/desk/calendar/feed", action=action).replace("/desk/calendar/feed", "")


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/read", f"{PAGE}/forget", f"{PAGE}/feed"])
def test_all_of_it_is_behind_the_door(ola: Ola, path: str) -> None:
    answer = ola.app.test_client().post(path, data={"address": "https://calendar.example/"})
    assert answer.headers["Location"] == "/desk/sign-in"
