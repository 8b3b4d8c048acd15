"""The cast of every test: Vera the visitor, Ola the ombuds, Ned who is not on the roster, and an office for them."""

import csv
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as wall_clock
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from portal import clock, config, setup
from portal.config import Settings
from portal.db import Stores, open_stores
from portal.demo.people import DemoPerson, demo_people, stranger, write_roster
from portal.desk import service as desk_service
from portal.desk.changing import AtDesk
from portal.intake import service as intake
from portal.intake.rules import Share, Stub
from portal.office import service as office
from portal.office.rules import DeskKeys, Kit
from portal.roster import codes
from portal.roster import service as roster
from portal.roster.reader import Table, read_table
from portal.roster.rules import Claim, hash_of, valid_periods
from portal.scheduling import opening
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode, Offer, Place, Practice, WeeklyRange
from portal.sealing import symbols, words
from portal.volatile import Publication

VERA, TOMAS, MEI = demo_people()
NED = stranger()
OLA_NAME = "Ola Brandt"
PEOPLE = 300
PORTAL = Path(sys.executable).parent / "portal"
#: Seconds: many times what a start takes in peace, for machines that do much else meanwhile.
START_UP = 60.0
Person = DemoPerson
LIBRARY = Place(
    id=b"the-old-library!",
    name="The old library",
    access="step-free, no sign on the door",
    door="Second floor, room 214",
    directions="Use the garden entrance.",
)
_FIRST_PORT, _LAST_PORT, _APART = 10_000, 32_000, 397
_START = os.getpid() * _APART % (_LAST_PORT - _FIRST_PORT)
_PORTS = chain(range(_FIRST_PORT + _START, _LAST_PORT), range(_FIRST_PORT, _FIRST_PORT + _START))
PRACTICE = Practice(
    minutes=60,
    modes=tuple(Mode),
    without_code=100,
    place=LIBRARY.id,
)
EVERY_DAY = [WeeklyRange(day, wall_clock(9), wall_clock(17)) for day in range(7)]


def staff_csv(people: int = PEOPLE) -> bytes:
    """The staff list that HR exports and that Theo holds too."""
    file = io.StringIO()
    write_roster(file, people=people)
    return file.getvalue().encode()


def staff(people: int = PEOPLE) -> list[Person]:
    """Everybody on the staff list: name and address as the roster knows it."""
    table = read_table(io.BytesIO(staff_csv(people)))
    assert isinstance(table, Table)
    reader = csv.DictReader(io.StringIO(staff_csv(people).decode()), delimiter=_delimiter())
    found = []
    for row in reader:
        values = {str(key).strip().lower(): value for key, value in row.items()}
        if "@" not in values["work e-mail"]:
            continue  # the line of totals
        name = f"{values['first name']} {values['last name']}".strip()
        found.append(Person(name, values["work e-mail"].strip().lower()))
    return found


def _delimiter() -> str:
    heading = staff_csv(3).decode().splitlines()[0]
    return max(",;\t", key=heading.count)


@dataclass
class World:
    """A complete office in a folder of its own, made through the product's own services."""

    instance: Path
    kit: Kit
    ombuds: bytes
    settings: Settings = field(init=False)
    stores: Stores = field(init=False)
    publication: Publication[Offer] = field(default_factory=Publication)
    used_step: int = 0
    #: The day whose times are open.
    today: date = field(default_factory=lambda: clock.now().date())

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Read settings and open stores anew, as after a restart."""
        self.settings = config.load(self.instance)
        self.stores = open_stores(self.instance)
        self.publication = Publication()

    def copy(self, folder: Path) -> "World":
        """The same office in a folder of its own; after midnight with the times of the new day."""
        shutil.copytree(self.instance, folder)
        copied = World(folder, self.kit, self.ombuds)
        if copied.today != self.today:
            with copied.stores.desk.writing() as desk:
                opening.remove_past(desk, copied.settings, clock.now())
                opening.open_slots(desk, copied.settings, clock.now(), copied.ombuds)
        return copied

    def at_desk(self, own: DeskKeys, now: datetime | None = None) -> AtDesk:
        """Somebody signed in here, at work at some moment."""
        return AtDesk(self.stores, own, self.settings, now or clock.now())

    def code_of(self, person: Person, period: str | None = None) -> str:
        """The outreach code that everybody on the roster was mailed."""
        period = period or valid_periods(clock.now().date())[0]
        key = codes.period_key(self.settings.secrets.codes, period)
        return symbols.grouped(codes.code_of(hash_of(person.email, self.settings.secrets.roster), key))

    def offers(self) -> list[Offer]:
        now = clock.now()
        with self.stores.desk.reading() as desk:
            names = office.names(desk)
            return scheduling.published(desk, self.publication, names, settings=self.settings, now=now)

    def book(
        self,
        person: Person | None,
        *,
        mode: str = "phone",
        share: str = "nothing",
        message: str = "",
        slots: list[bytes] | None = None,
        typed: str | None = None,
    ) -> intake.Answer:
        """Book in this process; `typed` are the six words of the form."""
        claim = Claim(person.email, self.code_of(person), "code") if person else Claim("", "", "none")
        request = intake.Request(
            words=typed or words.draw(),
            claim=claim,
            slots=slots or [self.offers()[0].id],
            mode=Mode(mode),
            stub=Stub(share=Share(share), message=message),
        )
        return intake.request_meeting(
            self.stores, request, publication=self.publication, settings=self.settings, now=clock.now()
        )

    def write(
        self, person: Person | None, text: str, *, share: str = "nothing", typed: str | None = None
    ) -> intake.Answer:
        """Write to Ola in this process, without a time."""
        request = intake.Writing(
            words=typed or words.draw(),
            claim=Claim(person.email, self.code_of(person), "code") if person else Claim("", "", "none"),
            ombuds=self.ombuds,
            stub=Stub(share=Share(share)),
            text=text,
            form=os.urandom(8).hex(),
        )
        return intake.request_writing(self.stores, request, settings=self.settings, now=clock.now())

    def digits(self) -> str:
        """Six digits that were not used before; waits for the next ones only when it must."""
        totp = TOTP(self.kit.factor, 6, SHA1(), 30)  # noqa: S303 - RFC 6238
        step = max(int(time.time()) // 30, self.used_step + 1)
        while step > int(time.time()) // 30 + 1:
            time.sleep(1)
        self.used_step = step
        return totp.generate(step * 30).decode()

    def desk_keys(self) -> DeskKeys:
        """Ola's keys, as her sign-in opens them."""
        with self.stores.keys.reading() as keys:
            wrapped = office.find_wrapped(keys, self.ombuds)
        found = office.sign_in(
            wrapped, self.digits(), self.kit.passphrase, settings=self.settings, now=clock.now(), last_step=0
        )
        assert isinstance(found, tuple), "Ola could not sign in"
        return found[0]


def make_world(instance: Path, *, lockers: int = 8, people: int = PEOPLE) -> World:
    """An office with Ola, a roster, hours on every day and open slots; no decoys and no noise but a test's own."""
    setup.make_office(instance, name="Office of Tests", zone="UTC", address="http://localhost:8000")
    change_settings(
        instance,
        lockers=f"lockers = {lockers}",
        decoys_a_week="decoys_a_week = 0",
        noise_a_day="noise_a_day = 0",
        phone='phone = "+1 555 0142"',
    )
    settings, stores = config.load(instance), open_stores(instance)
    with stores.desk.writing() as desk:
        code = office.invite(desk, OLA_NAME)
        assert isinstance(code, str)
        ombuds = office.find_invitation(desk, code)
        assert isinstance(ombuds, bytes)
    kit = office.new_kit()
    assert desk_service.join(stores, code=code, kit=kit, settings=settings, now=clock.now())
    import_staff(stores, settings, people)
    open_hours(stores, settings, ombuds)
    return World(instance, kit, ombuds)


def change_settings(instance: Path, **lines: str) -> None:
    """Replace whole lines of portal.toml by the setting they begin with."""
    path = instance / config.SETTINGS_FILE
    text = path.read_text()
    for name, line in lines.items():
        text, count = re.subn(rf"(?m)^{name} = .*$", line, text)
        assert count == 1, name
    path.write_text(text)


def import_staff(stores: Stores, settings: Settings, people: int = PEOPLE) -> None:
    with stores.desk.reading() as desk:
        office_public = office.get_office_public(desk)
    report = roster.import_roster(
        io.BytesIO(staff_csv(people)),
        instance=settings.instance,
        settings=settings,
        office_public=office_public,
        now=clock.now(),
        progress=lambda _people: None,
    )
    assert hasattr(report, "accepted"), report


def open_hours(stores: Stores, settings: Settings, ombuds: bytes, practice: Practice = PRACTICE) -> None:
    """Nine to five on every day of the week, so that there is always a next time."""
    with stores.desk.writing() as desk:
        opening.put_place(desk, LIBRARY)
        opening.set_hours(desk, ombuds, EVERY_DAY, practice)
        opening.open_slots(desk, settings, clock.now(), ombuds)


@dataclass
class Server:
    """The real `portal serve`, in a process group of its own so that nothing of it survives a kill."""

    world: World
    url: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        self.process.wait(timeout=START_UP)


def serve(
    world: World,
    log: Path | None = None,
    *,
    command: Sequence[str | Path] = (PORTAL,),
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Server:
    """Start the server and wait until it answers."""
    port, log = free_port(), log or world.instance.parent / f"{world.instance.name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "serve", "--port", str(port)],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            env={
                "PATH": os.environ["PATH"],
                "PORTAL_INSTANCE": str(world.instance),
                "LANG": "C.UTF-8",
                **environment,
            },
            start_new_session=True,
        )
    server = Server(world, f"http://localhost:{port}", process, log)
    _wait_until_it_answers(server)
    return server


def _wait_until_it_answers(server: Server) -> None:
    until = time.monotonic() + START_UP
    while time.monotonic() < until:
        assert server.process.poll() is None, server.log.read_text()
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:  # not there yet, or too busy to say so
            time.sleep(0.05)
    raise AssertionError(f"the server did not answer: {server.log.read_text()}")


def free_port() -> int:
    """A port that nobody listens on, and that no other test is given.

    What the system would choose, it may choose again before a server listens there. So each process of a run counts
    on from a place of its own, below the ports that systems hand out by themselves.
    """
    for port in _PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")
