"""S1: Theo has the disk, the server's secrets and the staff list, and still cannot tell who came."""

import hashlib
import hmac
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from portal.office.rules import write_recovery
from portal.seizure.files import Loot, contents
from portal.seizure.needles import Dictionary
from tests.cast import PEOPLE, VERA
from tests.promises.day_of_visits import SAID, Day

pytestmark = pytest.mark.xdist_group("seizure")


def test_theo_finds_nobody_of_the_staff_list_in_any_file(day: Day, dictionary: Dictionary) -> None:
    assert day.loot
    files = contents(day.loot)
    assert {"desk.db", "keys.db", "site.db", "server.log"} <= files.keys()
    assert len(dictionary) > 1_000 * PEOPLE
    assert dictionary.search(files) == []


def test_theo_finds_nothing_that_was_typed_or_shown(day: Day, canaries: Dictionary) -> None:
    assert day.loot
    assert canaries.search(contents(day.loot)) == []


def _a_nullifier(loot: Loot) -> None:
    """The mark that "one booking for each person" would leave."""
    mark = hmac.digest(loot.secrets["roster"], b"roster/v1\0" + VERA.email.encode(), "sha256")[:16]
    with closing(sqlite3.connect(loot.instance / "desk.db")) as desk, desk:
        desk.execute("CREATE TABLE seen (mark BLOB PRIMARY KEY) WITHOUT ROWID")
        desk.execute("INSERT INTO seen VALUES (?)", (mark,))


def _a_hash_in_a_log(loot: Loot) -> None:
    with (loot.instance / "server.log").open("a") as log:
        log.write(f"booked by {hashlib.sha256(VERA.email.encode()).hexdigest().upper()}\n")


def _a_code_in_a_log(loot: Loot, day: Day) -> None:
    (loot.instance / "access.log").write_text(f"wrong code? {day.world.code_of(VERA)}\n")


def _a_name_in_a_journal(loot: Loot) -> None:
    (loot.instance / "desk.db-journal").write_bytes(b"\xd9\xd5\x05" + VERA.name.upper().encode("utf-16-le"))


def _an_address_in_a_session_file(loot: Loot) -> None:
    (loot.instance / "sessions").mkdir()
    (loot.instance / "sessions" / "4f2a").write_bytes(b"\x80\x04\x95" + VERA.email.title().encode() + b"\x94.")


@pytest.mark.parametrize(
    "plant",
    [_a_nullifier, _a_hash_in_a_log, _a_code_in_a_log, _a_name_in_a_journal, _an_address_in_a_session_file],
    ids=lambda plant: plant.__name__.strip("_"),
)
def test_theo_would_find_vera_by_a_planted_trace(
    plant: Callable[..., None], day: Day, dictionary: Dictionary, tmp_path: Path
) -> None:
    loot = _copied(day, tmp_path)
    plant(loot, day) if plant is _a_code_in_a_log else plant(loot)
    hits = dictionary.search(contents(loot))
    assert any("vera" in hit.what.lower() for hit in hits), hits
    assert len({hit.file for hit in hits}) == 1


@pytest.mark.parametrize("secret", ["message", "words", "passphrase", "recovery", "factor"])
def test_theo_would_find_a_planted_text_or_key(secret: str, day: Day, canaries: Dictionary, tmp_path: Path) -> None:
    loot = _copied(day, tmp_path)
    kit = day.world.kit
    planted = {
        "message": f"<textarea>{SAID['message']}".encode(),
        "words": f"words={day.words['nobody'].replace(' ', '-')}".encode(),
        "passphrase": kit.passphrase.title().encode("utf-16-le"),
        "recovery": "\n".join(write_recovery(kit.recovery)).encode(),
        "factor": b"\0" + kit.factor,
    }
    name = "keep.bin"
    (loot.instance / name).write_bytes(b"x" * 3 + planted[secret])
    assert {hit.file for hit in canaries.search(contents(loot))} == {name}


def _copied(day: Day, folder: Path) -> Loot:
    assert day.loot
    shutil.copytree(day.loot.instance, folder / "copy")
    return replace(day.loot, instance=folder / "copy", outputs=())
