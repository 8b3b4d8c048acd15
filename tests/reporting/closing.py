"""Closing matters of Vera, Tomás and Mei: what Ola counts of them, and when."""

import os
from dataclasses import replace
from datetime import UTC, datetime

from portal.office.rules import DeskKeys
from portal.reporting import service
from portal.reporting.quarter import Table
from portal.reporting.rules import Count
from tests.cast import World

NOVEMBER, DECEMBER, JANUARY, FEBRUARY = (
    datetime(2026, 11, 20, 10, tzinfo=UTC),
    datetime(2026, 12, 3, 10, tzinfo=UTC),
    datetime(2027, 1, 4, 10, tzinfo=UTC),
    datetime(2027, 2, 1, 10, tzinfo=UTC),
)
AUTUMN, WINTER = "2026-Q4", "2027-Q1"

VERA = Count(
    concerns=("2.f", "2.h", "6.i"),
    attributes={
        "constituency": "Staff",
        "department": "Faculty of Science",
        "unit": "Chemistry",
        "location": "North campus",
        "role": "Technician",
        "tenure": "5\N{EN DASH}10 years",
        "gender": "woman",
        "race": "other",
        "age": "40\N{EN DASH}49",
    },
    outcome="coached",
    referral="counselling",
    mode="in-person",
    meetings=2,
    people=1,
)
TOMAS = Count(concerns=("2",), attributes={"constituency": "Faculty"}, outcome="options", mode="video", people=3)
MEI = Count(concerns=("7.b", "2.f"), attributes={"constituency": "Staff"}, outcome="left", mode="write", meetings=0)
CONTINUED = replace(VERA, concerns=("9.a",), meetings=1, referral="none", continues=True)


def close(world: World, ola: DeskKeys, count: Count, now: datetime, key: bytes | None = None) -> bytes:
    """Keep one count, as closing a matter does; gives its key."""
    key = key or os.urandom(16)
    with world.stores.keys.writing() as keys:
        answer = service.keep(keys, ola, key, count, now)
    assert isinstance(answer, service.Kept), answer
    return key


def sign_in(world: World, own: DeskKeys, now: datetime) -> service.Settled:
    return service.settle_now(world.stores, own, now)


def table(world: World, own: DeskKeys, quarter: str = AUTUMN) -> Table:
    with world.stores.desk.reading() as desk:
        found = service.table(desk, own, quarter)
    assert isinstance(found, Table), found
    return found


def matters(world: World, own: DeskKeys, quarter: str = AUTUMN) -> int:
    return table(world, own, quarter).number("total", "matters")


def waiting(world: World, own: DeskKeys) -> list[tuple[bytes, str, Count]]:
    with world.stores.keys.reading() as keys:
        found = service.waits(keys, own)
    assert isinstance(found, list), found
    return found
