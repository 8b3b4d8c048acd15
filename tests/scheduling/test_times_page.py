import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.db import BASES, Stores, open_stores
from portal.office.tables import ADMITTED, Ombuds
from portal.pages import State
from portal.scheduling import opening, service, store
from portal.scheduling.rules import Mode, Practice, WeeklyRange
from portal.scheduling.walls import MIDNIGHT
from portal.volatile import Volatile
from portal.web import build
from tests.scheduling.calendar_cast import MILL, OLA, OTTO, PRACTICE, make_settings

ALL_WEEK = [WeeklyRange(weekday, MIDNIGHT, MIDNIGHT) for weekday in range(7)]
HOURLY = replace(PRACTICE, minutes=240)


@pytest.fixture
def state(tmp_path: Path) -> State:
    """An office that nobody works in yet."""
    stores = open_stores(tmp_path)
    for name, base in BASES.items():
        base.metadata.create_all(getattr(stores, name).engine)
    return State(make_settings(tmp_path, horizon_weeks=3), stores, Volatile())


@pytest.fixture
def client(state: State) -> FlaskClient:
    return build(Flask("portal", static_folder=None), state).test_client()


def join(stores: Stores, state: State, ombuds: bytes, name: str, practice: Practice = HOURLY) -> None:
    with stores.desk.writing() as desk:
        desk.add(Ombuds(id=ombuds, name=name, state=ADMITTED, join_hash=b"j" * 32, public_key=b"k" * 1216))
        desk.flush()
        opening.put_place(desk, MILL)
        opening.set_hours(desk, ombuds, ALL_WEEK, practice)
        opening.open_slots(desk, state.settings, clock.now())


@pytest.fixture
def at_work(state: State) -> State:
    """Ola meets people by video and in person, Otto by phone."""
    join(state.stores, state, OLA, "Ola")
    join(state.stores, state, OTTO, "Otto", replace(HOURLY, modes=(Mode.phone,), without_code=0))
    return state


def page(client: FlaskClient, address: str = "/times") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def offered(text: str) -> list[str]:
    return re.findall(r'type="radio" name="slot" value="([0-9a-f]{32})"', text)


def weeks_linked(text: str) -> list[str]:
    return re.findall(r"[?&;]week=([\d-]+)", text)


@pytest.mark.usefixtures("at_work")
def test_vera_sees_who_she_can_meet_and_how(client: FlaskClient) -> None:
    text = page(client)
    assert offered(text)
    assert "Ola" in text
    assert "Otto" in text
    assert MILL.access in text
    assert MILL.door not in text


@pytest.mark.usefixtures("at_work")
def test_one_way_to_meet_shows_only_its_times(client: FlaskClient) -> None:
    text, _door, _below = page(client, "/times?mode=phone").partition('id="write"')
    times = text.partition('<form method="post"')[2]
    assert offered(times)
    assert "The ombuds is Otto." in text
    assert "Ola" not in times


@pytest.mark.usefixtures("at_work")
def test_every_time_is_on_exactly_one_of_the_weeks(client: FlaskClient, state: State) -> None:
    seen, address = [], "/times"
    while address:
        text = page(client, address)
        seen += offered(text)
        onward = re.search(r'rel="next" href="([^"]+)"', text)
        address = onward[1].replace("&amp;", "&") if onward else ""
    with state.stores.desk.reading() as desk:
        free = {slot.id.hex() for slot in store.free_slots(desk)}
    assert sorted(seen) == sorted(free)


@pytest.mark.usefixtures("at_work")
def test_the_first_week_has_no_earlier_one_and_the_second_leads_back(client: FlaskClient) -> None:
    (second,) = weeks_linked(page(client))
    assert second in {"0-2", "1"}
    assert weeks_linked(page(client, f"/times?week={second}"))[0] == "0"


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize(
    "query",
    [
        "week=-1",
        "week=99",
        "week=x",
        "week=",
        "week=٢",
        "week=1e9",
        "week=0-9",
        "week=0-1",
        "mode=",
        "mode=telepathy",
        "mode=%00",
    ],
)
def test_a_query_that_nobody_can_mean_shows_the_first_times(client: FlaskClient, query: str) -> None:
    assert offered(page(client, f"/times?{query}")) == offered(page(client))


def test_an_empty_office_says_so_kindly_and_when_to_come_back(client: FlaskClient, state: State) -> None:
    text = page(client)
    assert offered(text) == []
    assert state.settings.phone in text
    assert "New times appear on" in text


def test_the_first_hours_of_a_new_office_are_seen_at_once(client: FlaskClient, state: State) -> None:
    assert offered(page(client)) == []
    join(state.stores, state, OLA, "Ola")
    assert offered(page(client))


def test_a_time_that_was_just_taken_is_still_on_the_page(client: FlaskClient, at_work: State) -> None:
    before = offered(page(client))
    now = clock.now()
    with at_work.stores.desk.writing() as desk:
        later, listed = now + timedelta(hours=1), at_work.volatile.publication.items
        taken = service.take_random(desk, listed, settings=at_work.settings, now=later)
    assert taken is not None
    assert offered(page(client)) == before


@pytest.mark.usefixtures("at_work")
def test_looking_changes_no_file_and_sets_no_cookie(client: FlaskClient, state: State) -> None:
    def files() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in state.settings.instance.iterdir()}

    client.get("/times")  # the first page of a day runs the daily job
    before = files()
    answer = client.get("/times?mode=video&week=1")
    assert "Set-Cookie" not in answer.headers
    assert files() == before


@pytest.mark.usefixtures("at_work")
def test_what_one_visitor_is_told_nobody_else_reads(client: FlaskClient) -> None:
    """Pages are kept for whoever comes next: one with a remark must not be given to anybody without."""
    before = page(client)

    for _ in range(2):
        assert "Choose a time first" in client.post("/book", data={"slot": "none"}).text
        assert "open too long" in page(client, "/book/none")
        assert page(client) == before
