"""S16: an operator who keeps everything that the set-up prints or writes can open nothing."""

import csv
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from portal import clock
from portal.errors import CannotOpen
from portal.intake import lockers, store
from portal.intake import service as intake
from portal.office import service as office
from portal.office.rules import Kit, NotAdmitted, Wrapped, write_recovery
from portal.roster.rules import valid_periods
from portal.sealing import box
from portal.sealing.keys import KEY_SIZE, PRIVATE_SIZE, expand, ombuds_keys
from portal.seizure.files import contents, looking
from portal.seizure.needles import Dictionary
from portal.seizure.papers import passphrases, recoveries
from tests import cast
from tests.cast import PORTAL, VERA, World, serve
from tests.promises.day_of_visits import kit_needles, loot_of
from tests.promises.the_desk import DeskBrowser
from tests.visiting import Visitor

pytestmark = pytest.mark.xdist_group("set-up")
NO_KIT = Kit(bytes(20), "", bytes(20))


@dataclass
class Operator:
    """Runs the commands of the handbook and keeps every line."""

    instance: Path
    said: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, typed: bytes = b"", status: int = 0) -> str:
        done = subprocess.run(
            [PORTAL, *command],
            input=typed,
            capture_output=True,
            check=False,
            timeout=60,
            env={"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(self.instance), "LANG": "C.UTF-8"},
        )
        output = (done.stdout + done.stderr).decode()
        assert done.returncode == status, output
        self.said[f"{len(self.said)} portal {' '.join(command)}"] = output
        return output


@dataclass
class SetUp:
    operator: Operator
    world: World
    receipt: intake.Receipt
    words: str


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> SetUp:
    """Every command of the set-up, with Ola joining in her browser in between, and Vera's first visit."""
    folder = tmp_path_factory.mktemp("set-up")
    operator = Operator(folder / "instance")
    operator.run("init", "--name", "Office of Tests")
    cast.change_settings(operator.instance, lockers="lockers = 8", phone='phone = "+1 555 0142"')
    code = operator.run("ombuds", "invite", cast.OLA_NAME).split(": ")[1].split()[0]
    world = _joined(operator, code, folder / "server.log")
    _fill(operator, world, folder)
    operator.said["server.log"] = (folder / "server.log").read_text()
    typed = cast.words.draw()
    receipt = world.book(VERA, share="name", message="Only for Ola.", typed=typed)
    assert isinstance(receipt, intake.Receipt)
    return SetUp(operator, world, receipt, typed)


def _joined(operator: Operator, code: str, log: Path) -> World:
    server = serve(World(operator.instance, NO_KIT, b""), log)
    try:
        kit = DeskBrowser(Visitor(server.url)).join(code, time.time())
    finally:
        server.stop()
    with closing(looking(operator.instance / "desk.db")) as desk:
        (ombuds,) = desk.execute("SELECT id FROM ombuds").fetchone()
    return World(operator.instance, kit, ombuds)


def _fill(operator: Operator, world: World, folder: Path) -> None:
    staff = folder / "staff.csv"
    staff.write_bytes(cast.staff_csv())
    operator.run("roster", "import", str(staff))
    operator.run("roster", "import", "-", "--json", typed=cast.staff_csv())
    operator.run("roster", "codes", "--period", valid_periods(clock.now().date())[0], "-", typed=cast.staff_csv())
    cast.open_hours(world.stores, world.settings, world.ombuds)
    operator.run("slots", "open")
    operator.run("tick")
    operator.run("ombuds", "invite", "Noor Colleague")
    operator.run("doctor", "--json", status=1)


@pytest.fixture
def kept(set_up: SetUp) -> dict[str, bytes]:
    """Everything the operator has: the files, secrets and settings among them, and every line that was printed."""
    instance = set_up.operator.instance
    held = {name: (instance / name).read_bytes() for name in ("secrets.toml", "portal.toml", "roster.db")}
    return contents(loot_of(instance)) | held | {name: text.encode() for name, text in set_up.operator.said.items()}


def test_nothing_printed_or_written_holds_a_passphrase_a_recovery_code_or_a_key(
    set_up: SetUp, kept: dict[str, bytes]
) -> None:
    assert len(set_up.operator.said) == 10
    assert Dictionary(lambda: kit_needles(set_up.world)).search(kept) == []


def test_the_commands_name_nobody_but_in_the_mail_merge(set_up: SetUp) -> None:
    """The mail merge goes to standard output by its nature; no other command repeats a line of the list."""
    for command, output in set_up.operator.said.items():
        if " codes " not in command:
            assert "@example.org" not in output
            assert VERA.name not in output
    (merge,) = (output for command, output in set_up.operator.said.items() if " codes " in command)
    assert VERA.email in {row[0] for row in csv.reader(merge.splitlines())}


def test_the_staff_list_from_standard_input_is_on_no_disk(set_up: SetUp) -> None:
    """In clear, that is: the roster holds it sealed to the office."""
    for path in set_up.operator.instance.rglob("*"):
        assert b"vera.lindqvist" not in path.read_bytes().lower(), path.name


def test_theo_with_everything_the_operator_kept_signs_in_nowhere(set_up: SetUp, kept: dict[str, bytes]) -> None:
    assert list(_ways_in(set_up, kept)) == []


def test_theo_with_every_key_on_the_server_opens_no_stub(set_up: SetUp) -> None:
    locked = _stub(set_up)
    tried = 0
    for private in _guessed_seeds(set_up):
        tried += 1
        with pytest.raises(CannotOpen):
            lockers.open_for_ombuds(locked.locker, locked.boxes, private, None, locked.lookup)
    assert tried > 20


def test_ola_opens_the_stub_that_theo_cannot(set_up: SetUp) -> None:
    """The control: the stub is there, and her recovery code alone opens it."""
    keys = ombuds_keys(set_up.world.kit.recovery)
    locked = _stub(set_up)
    opened = lockers.open_for_ombuds(locked.locker, locked.boxes, keys.private, None, locked.lookup)
    assert opened.matter.stub.message == "Only for Ola."


@pytest.mark.parametrize("paper", ["recovery", "hexadecimal", "passphrase"])
def test_a_transcript_with_a_kit_in_it_would_let_theo_in(paper: str, set_up: SetUp, kept: dict[str, bytes]) -> None:
    kit = set_up.world.kit
    planted = {
        "recovery": "Keep this safe:\n" + "\n".join(f"  {row}" for row in write_recovery(kit.recovery)),
        "hexadecimal": f"DEBUG recovery={kit.recovery.hex()} made",
        "passphrase": f"Welcome, Ola. Your words: {kit.passphrase.replace(' ', ', ')}.",
    }
    files = kept | {"portal ombuds invite": planted[paper].encode()}
    assert Dictionary(lambda: kit_needles(set_up.world)).search({"transcript": planted[paper].encode()})
    assert list(_ways_in(set_up, files)) == [paper.replace("hexadecimal", "recovery")]


def _ways_in(set_up: SetUp, files: dict[str, bytes]) -> Iterator[str]:
    """Theo tries every text he has as a passphrase and as a recovery code; the second factor his secrets give him."""
    texts = [data.decode("utf-8", "replace") for data in files.values()]
    with set_up.world.stores.keys.reading() as keys:
        wrapped = office.find_wrapped(keys, set_up.world.ombuds)
    with set_up.world.stores.desk.reading() as desk:
        public = office.get_public_key(desk, set_up.world.ombuds)
    assert wrapped
    if any(recoveries(texts, public)):
        yield "recovery"
    if any(_signs_in(set_up, wrapped, typed) for text in texts for typed in passphrases(text)):
        yield "passphrase"


def _signs_in(set_up: SetUp, wrapped: Wrapped, typed: str) -> bool:
    settings, now = set_up.world.settings, clock.now()
    factor = box.unlock(wrapped.factor, settings.secrets.factors, office._place(set_up.world.ombuds, "factor"))
    digits = TOTP(factor, 6, SHA1(), 30).generate(int(now.timestamp())).decode()  # noqa: S303 - RFC 6238
    found = office.sign_in(wrapped, digits, typed, settings=settings, now=now, last_step=0)
    return not isinstance(found, NotAdmitted)


@dataclass
class Locked:
    """A locker with its outer lock off, and how its words find it."""

    locker: bytes
    boxes: lockers.Boxes
    lookup: bytes


def _stub(set_up: SetUp) -> Locked:
    """Vera's: the keys store is part of the loot."""
    with set_up.world.stores.desk.reading() as desk, set_up.world.stores.keys.reading() as keys:
        ((locker, lookup),) = store.lookups(desk, set_up.world.ombuds).items()
        boxes, secret = store.get_boxes(desk, locker), store.get_secret(keys, locker)
        return Locked(locker, lockers.unlock(locker, secret, boxes), lookup)


def _guessed_seeds(set_up: SetUp) -> Iterator[bytes]:
    """Every key Theo has, put through every derivation of the code that gives a private seed."""
    secrets = loot_of(set_up.operator.instance).secrets
    with closing(looking(set_up.operator.instance / "keys.db")) as keys:
        locks = [row[0] for row in keys.execute("SELECT secret FROM lock")]
        columns = keys.execute("SELECT salt, wrapped_code, second_factor FROM keyring").fetchall()
    stored = [value for row in columns for value in row]
    for key in (*secrets.values(), *locks, *stored, b"".join(secrets.values())):
        for label in ("ombuds/private", "words/private"):
            yield expand(key.ljust(KEY_SIZE, b"\0"), label, PRIVATE_SIZE)
        yield (key * PRIVATE_SIZE)[:PRIVATE_SIZE]
