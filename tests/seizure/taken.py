"""What the tests of the seizure test share: an office that was booked in, a staff list, and the command."""

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal import clock, config
from portal.intake.service import Receipt
from portal.seizure import attack
from portal.seizure.copying import copy_instance
from portal.seizure.files import Employee
from portal.seizure.results import Check, Scene
from portal.seizure.staff import StaffList, read_staff
from tests import cast
from tests.cast import PORTAL, TOMAS, VERA, World

#: Few are enough where nobody is to be counted; Vera, Tomás and Mei are always among them.
FEW = 30


@dataclass(frozen=True)
class Ran:
    """How the command ended."""

    status: int
    page: str
    errors: str


def booked(world: World) -> World:
    """Three visitors: Vera by name, Tomás by his profile, and nobody."""
    slots = [offer.id for offer in world.offers()][2:]
    for person, share, slot in ((VERA, "name", slots[0]), (TOMAS, "profile", slots[1]), (None, "nothing", slots[2])):
        assert isinstance(world.book(person, share=share, message="Twelve chairs", slots=[slot]), Receipt)
    world.stores.close()
    return world


def few(world: World) -> StaffList:
    staff = read_staff(io.BytesIO(cast.staff_csv(FEW)), config.load(world.instance))
    assert isinstance(staff, StaffList)
    return staff


@contextmanager
def seized(world: World, folder: Path, *more: Employee) -> Iterator[Scene]:
    """The world as Theo has it, with some more people on his list."""
    world.stores.close()
    folder.mkdir()
    copy_instance(world.instance, folder / "copy")
    yield Scene(folder / "copy", folder, config.load(folder / "copy"), [*few(world).people, *more], clock.now())
    shutil.rmtree(folder / "copy")


def check(name: str) -> Check:
    return next(each for each in attack.CHECKS if each.name == name)


def environment(instance: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(instance), "LANG": "C.UTF-8"}


def run(instance: Path, staff: bytes, *options: str) -> Ran:
    """The real command in a process of its own."""
    done = subprocess.run(
        [PORTAL, "doctor", "seizure", *options],
        input=staff,
        capture_output=True,
        env=environment(instance),
        check=False,
        timeout=300,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def personal(text: str) -> list[str]:
    """Whatever of a text names somebody of the staff list."""
    small = text.casefold()
    return [each.name for each in cast.staff() if each.name.casefold() in small or each.email.split("@")[0] in small]
