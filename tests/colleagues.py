"""Colleagues of Ola, each with a true key, hours and times: Otto, whom somebody would rather not meet, and others."""

from dataclasses import replace

from portal import clock
from portal.office.tables import ADMITTED, Ombuds
from portal.scheduling import opening
from portal.scheduling.rules import Mode, Practice
from portal.sealing.keys import new_private, public_of
from tests.cast import EVERY_DAY, PRACTICE, World

OTTO, OTTO_NAME = b"\xee" * 16, "Otto Falk"
NOT_OTTO = f"not-{OTTO.hex()}"
IRISH, ENGLISH = replace(PRACTICE, languages=("en", "ga")), replace(PRACTICE, languages=("en",))


def add_ombuds(world: World, key: bytes, name: str, practice: Practice = ENGLISH) -> None:
    """Somebody who has joined, is admitted, and keeps Ola's hours; the daily job makes the mailboxes."""
    with world.stores.desk.writing() as desk:
        public = public_of(new_private())
        desk.add(Ombuds(id=key, name=name, state=ADMITTED, join_hash=b"j" * 32, public_key=public))
        desk.flush()
        opening.set_hours(desk, key, EVERY_DAY, practice)
        opening.open_slots(desk, world.settings, clock.now(), key)


def speak(world: World, key: bytes, practice: Practice) -> None:
    """Change what an ombuds tells of herself; the times stay."""
    with world.stores.desk.writing() as desk:
        opening.set_hours(desk, key, EVERY_DAY, practice)


def with_otto(world: World, otto: Practice = IRISH) -> None:
    """Ola and Otto both speak Irish; Otto comes second."""
    speak(world, world.ombuds, IRISH)
    add_ombuds(world, OTTO, OTTO_NAME, otto)


def many(world: World, count: int) -> None:
    """So many more, who differ in language, region and ways to meet as people do."""
    for number in range(count):
        practice = replace(
            PRACTICE,
            languages=(("en", "ga"), ("en", "nl"), ("en",), ("en", "fr", "de"))[number % 4],
            region=("North", "South", "")[number % 3],
            modes=(tuple(Mode), (Mode.phone,), (Mode.video, Mode.phone))[number % 3],
            minutes=(60, 45)[number % 2],
        )
        add_ombuds(
            world, bytes([number + 1]) * 8 + number.to_bytes(8, "big"), f"{NAMES[number % 20]} Ní Bhriain", practice
        )


NAMES = (
    "Aoife", "Brian", "Ciara", "Declan", "Eimear", "Fionn", "Gráinne", "Hugh", "Iseult", "Jack",
    "Keelin", "Liam", "Maeve", "Niall", "Orla", "Pádraig", "Quinn", "Róisín", "Seán", "Tadhg",
)  # fmt: skip
