"""What the files of an office hold, read past the product, and a booking asked for with every detail."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from portal import clock
from portal.intake import service as intake
from portal.intake.rules import Document, Matter, Meeting, RosterCopy, Share, Stub
from portal.roster.rules import Claim
from portal.scheduling.rules import Mode, Offer
from portal.sealing import words
from portal.sealing.keys import new_private, public_of
from tests.cast import Person, World

TAKEN = USED = 9
FILES = ("desk.db", "keys.db", "site.db", "roster.db")
NONE_AT_HAND = Claim("", "", "none")


def bytes_of(world: World) -> dict[str, tuple[bytes, int]]:
    """Every store's bytes and the time of its last change."""
    return {name: ((world.instance / name).read_bytes(), (world.instance / name).stat().st_mtime_ns) for name in FILES}


def ask_file(path: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(query, values).fetchall()


def ask_desk(world: World, query: str, *values: object) -> list[tuple[object, ...]]:
    return ask_file(world.instance / "desk.db", query, *values)


def taken_slots(world: World) -> set[bytes]:
    return {bytes(row[0]) for row in ask_desk(world, "SELECT id FROM slot WHERE state = ?", TAKEN)}  # type: ignore[call-overload]


def used_lockers(world: World) -> set[bytes]:
    return {bytes(row[0]) for row in ask_desk(world, "SELECT id FROM locker WHERE state = ?", USED)}  # type: ignore[call-overload]


def boxes(world: World, locker: bytes) -> dict[str, bytes]:
    """The three boxes of a locker as they lie on disk."""
    names = ("to_ombuds", "to_visitor", "notes")
    (row,) = ask_desk(world, "SELECT to_ombuds, to_visitor, notes FROM locker WHERE id = ?", locker)
    return dict(zip(names, row, strict=True))  # type: ignore[arg-type]


def put_boxes(world: World, locker: bytes, **values: bytes) -> None:
    """Theo's hand in the desk store."""
    for name, value in values.items():
        ask_desk(world, f"UPDATE locker SET {name} = ? WHERE id = ?", value, locker)  # noqa: S608 - names are ours


def claim_of(world: World, person: Person | None) -> Claim:
    return Claim(person.email, world.code_of(person), "code") if person else NONE_AT_HAND


def times(world: World) -> list[Offer]:
    """Published times from the second on: the first may come too near while a test runs."""
    return world.offers()[1:]


def ask(
    world: World,
    claim: Claim = NONE_AT_HAND,
    *,
    stub: Stub | None = None,
    slots: list[bytes] | None = None,
    mode: Mode = Mode.phone,
    typed: str | None = None,
    now: datetime | None = None,
) -> intake.Answer:
    """Ask for a meeting as the form does, with everything that a form can say."""
    request = intake.Request(
        words=typed or words.draw(),
        claim=claim,
        slots=[times(world)[0].id] if slots is None else slots,
        mode=mode,
        stub=stub or Stub(share=Share.NOTHING),
    )
    return intake.request_meeting(
        world.stores, request, publication=world.publication, settings=world.settings, now=now or clock.now()
    )


def make_matter(**changes: object) -> Matter:
    """A matter that nobody booked."""
    values: dict[str, object] = {
        "version": 1,
        "ombuds": b"o" * 16,
        "meetings": (Meeting(b"s" * 16, datetime(2026, 6, 1, 9, tzinfo=UTC), 60, "phone", uid="5" * 32),),
        "stub": Stub(Share.NOTHING),
        "level": "none",
        "roster": RosterCopy(),
        "room": "r" * 32,
        "ends": date(2026, 8, 30),
        "pair": b"p" * 32,
        "lookup": b"l" * 16,
    }
    return Matter(**values | changes)  # type: ignore[arg-type]


def make_document(matter: Matter | None = None) -> Document:
    """A document with two public keys whose private halves nobody has; enough where nothing is sealed."""
    return Document(matter or make_matter(), public_of(new_private()), public_of(new_private()))
