"""Hours, places and slots as an older portal kept them are found again, and nothing of the old pages is left."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command as steps

from portal import migrations
from portal.db import Stores, open_engine, open_stores
from portal.migrations.climbing import settings as settings_of
from portal.scheduling import opening, store
from portal.scheduling.rules import ALL, NOWHERE, Mode
from portal.sqlite import store_path
from tests.scheduling.calendar_cast import MONDAY, OLA, OTTO

DOOR = "Second floor, room 214. Knock twice."
TAKEN, FREE = os.urandom(16), os.urandom(16)
PLACED = "INSERT INTO practice VALUES (:who, 45, :modes, :open, 'The mill', 'step-free', :door, 'Over the bridge.')"
UNPLACED = "INSERT INTO practice VALUES (:who, 60, 'v-p', :open, '', '', '', '')"
SLOT = "INSERT INTO slot VALUES (:id, :who, :starts, 45, :modes, 0, :grain, :state)"


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Stores]:
    """An office of the third step, brought to the newest."""
    migrations.upgrade(tmp_path)
    path = store_path(tmp_path, "desk")
    path.unlink()
    path.touch()
    engine = open_engine(path)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        steps.upgrade(settings_of("desk", connection), "desk_0003")
        fill = connection.exec_driver_sql
        fill(PLACED, {"who": OLA, "modes": "vip", "open": 1, "door": DOOR})
        fill(UNPLACED, {"who": OTTO, "open": 0})
        fill("INSERT INTO hours VALUES (:who, 0, '09:00', '12:00')", {"who": OLA})
        soon = int(MONDAY.timestamp()) + 90_000
        for key, state, modes in ((TAKEN, 9, "vip"), (FREE, 8, "v-p")):
            values = {"id": key, "who": OLA, "starts": soon, "modes": modes, "grain": bytes(16), "state": state}
            fill(SLOT, values)
    engine.dispose()
    assert migrations.due(tmp_path) == ["desk"]
    migrations.upgrade(tmp_path)
    stores = open_stores(tmp_path)
    yield stores
    stores.close()


def test_a_practice_keeps_its_words_and_its_place_becomes_one_of_the_office(older: Stores) -> None:
    with older.desk.reading() as desk:
        (week, olas), (_none, ottos) = opening.get_hours(desk, OLA), opening.get_hours(desk, OTTO)
        places = opening.places(desk)
    assert olas
    assert ottos
    assert (olas.minutes, olas.modes, olas.without_code, olas.buffer, olas.online) == (45, tuple(Mode), ALL, 0, ALL)
    assert (ottos.without_code, ottos.place, ottos.notice_hours) == (0, NOWHERE, None)
    assert [(each.name, each.access, each.door) for each in places.values()] == [("The mill", "step-free", DOOR)]
    assert olas.place in places
    assert [(each.weekday, each.modes, each.place) for each in week] == [(0, tuple(Mode), NOWHERE)]


def test_a_booked_time_stays_booked_and_knows_where_it_is(older: Stores) -> None:
    with older.desk.reading() as desk:
        (taken,), (free,) = store.taken_of(desk, OLA), store.free_slots(desk)
        (place,) = opening.places(desk)
    assert (taken.id, taken.place) == (TAKEN, place)
    assert (free.id, free.place) == (FREE, NOWHERE), "nobody is met there"


def test_the_old_tables_leave_no_page_behind(older: Stores) -> None:
    with older.desk.reading() as desk:
        assert desk.connection().exec_driver_sql("PRAGMA freelist_count").scalar() == 0
