"""Whatever happens in whatever order, each closed matter is counted once in the end."""

import os
import random
from datetime import UTC, datetime

import pytest

from portal.office.rules import DeskKeys
from portal.reporting import service
from tests.cast import World
from tests.reporting.closing import NOVEMBER, VERA, close, sign_in

STEPS = 60
LATER = datetime(2028, 6, 1, tzinfo=UTC)


def _half(world: World, own: DeskKeys, now: datetime) -> service.Settled:
    """A sign-in whose process dies before the keys store has its part."""
    with world.stores.desk.writing() as desk, world.stores.keys.reading() as keys:
        return service.settle(desk, keys, own, now)


def _counted(world: World, own: DeskKeys) -> int:
    with world.stores.desk.reading() as desk:
        tables = [service.table(desk, own, quarter) for quarter in service.quarters(desk)]
    return sum(table.number("total", "matters") for table in tables if isinstance(table, service.Table))


@pytest.mark.parametrize("seed", range(6))
def test_each_matter_is_counted_once(seed: int, office: World, ola: DeskKeys, colleague: DeskKeys) -> None:
    """Two ombuds close matters and take some back, sign in, die half-way, and the clock goes both ways."""
    chance, now, closed = random.Random(seed), NOVEMBER, 0  # noqa: S311 - a course of events, no secret
    sign_in(office, colleague, now)
    for _ in range(STEPS):
        own = chance.choice((ola, colleague))
        match chance.choice(("close", "close", "close", "take back", "sign in", "die", "month", "back")):
            case "close":
                close(office, own, VERA, now, os.urandom(16))
                closed += 1
            case "take back":
                key = close(office, own, VERA, now)
                with office.stores.keys.writing() as keys:
                    assert service.take_back(keys, own, key)
            case "sign in":
                assert not sign_in(office, own, now).damaged
            case "die":
                assert not _half(office, own, now).damaged
            case "month":
                now = now.replace(year=now.year + now.month // 12, month=now.month % 12 + 1)
            case _:
                now = now.replace(year=now.year - (now.month == 1), month=(now.month - 2) % 12 + 1)
    for own in (ola, colleague, ola):
        sign_in(office, own, LATER)
    assert _counted(office, ola) == closed
