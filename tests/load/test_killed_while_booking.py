"""The server is killed in the middle of bookings; nothing is lost and nothing is halved."""

import http.client
import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import text

from portal.desk import service as desk_service
from portal.desk.service import MatterView
from portal.intake import returning
from portal.intake.returning import Opened
from portal.office import rules
from portal.office.rules import DeskKeys
from portal.scheduling.rules import Offer
from tests.cast import VERA, Server, World, change_settings, serve
from tests.journeys.restarting import restart
from tests.visiting import Answer, Visitor, fields_of

pytestmark = pytest.mark.xdist_group("load")
KILLS = 10
MOST_ROUNDS = 25
MESSAGE = "This line was typed before the lights went out."
FIRST_WAIT, LONGER, SHORTER = 0.008, 0.002, 0.7


@dataclass
class Watch:
    """Kills the server as soon as the journal shows that a booking is being written."""

    server: Server
    wait: float
    journal: Path = field(init=False)
    seen: bool = False
    over: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        # At rest it has no bytes (journal_mode=TRUNCATE); from the first write to the commit it has some.
        self.journal = self.server.world.instance / "desk.db-journal"
        assert size(self.journal) == 0

    def kill_in_the_middle(self) -> None:
        while not self.over.is_set():
            if size(self.journal):
                self.seen = True
                until = time.perf_counter() + self.wait
                while time.perf_counter() < until:
                    pass
                os.killpg(self.server.process.pid, signal.SIGKILL)
                return


@dataclass
class Tally:
    """What became of the bookings that were cut off, and how long to wait so that some are cut off late.

    Every other kill comes at the first byte. The rest hunt for the moment after the commit and before the answer.
    """

    undone: int = 0
    kept: int = 0
    rounds: int = 0
    late: float = FIRST_WAIT

    @property
    def wait(self) -> float:
        return self.late if self.rounds % 2 else 0.0

    def note(self, *, is_answered: bool, is_kept: bool) -> None:
        if self.rounds % 2:
            self.late = self.late * SHORTER if is_answered else self.late + (0.0 if is_kept else LONGER)
        self.rounds += 1
        self.kept += is_kept and not is_answered
        self.undone += not is_kept and not is_answered

    @property
    def is_enough(self) -> bool:
        return self.undone + self.kept >= KILLS and self.undone > 0 and self.kept > 0


@pytest.fixture
def killed(world: World) -> Iterator[Server]:
    change_settings(world.instance, lockers=f"lockers = {3 * MOST_ROUNDS}")
    server = serve(world)
    yield server
    server.kill()


def test_ten_kills_between_the_first_write_and_the_answer_lose_nothing(killed: Server) -> None:
    world, offers, tally = killed.world, iter(killed.world.offers()), Tally()
    own = ola(world)
    receipts: dict[str, Offer] = {}
    while tally.rounds < MOST_ROUNDS and not tally.is_enough:
        choices = [next(offers), next(offers)]
        form, before = filled_form(killed, choices), used_lockers(world)
        is_answered = not is_killed_while_sending(killed, form, tally.wait)
        tally.note(is_answered=is_answered, is_kept=used_lockers(world) > before)
        if is_answered:
            continue
        assert_whole(world, own)
        sent = send_again(killed, form)
        receipts[Visitor.words(sent)] = next(offer for offer in choices if offer.starts.isoformat() in sent.body)

    assert tally.is_enough, tally
    assert len(receipts) == tally.undone + tally.kept
    assert_all_open(world, receipts)
    assert_open_in_the_browser(killed, receipts)
    assert_whole(world, own)


def filled_form(server: Server, choices: list[Offer]) -> list[tuple[str, str]]:
    visitor = Visitor(server.url)
    form = visitor.choose([offer.key for offer in choices])
    typed = {"email": VERA.email, "code": server.world.code_of(VERA), "message": MESSAGE}
    return visitor.fill(form, mode="phone", proof="code", **typed)


def is_killed_while_sending(server: Server, form: list[tuple[str, str]], wait: float) -> bool:
    """Send the form while somebody watches; True when the kill fell before a complete answer."""
    watch = Watch(server, wait)
    killer = Thread(target=watch.kill_in_the_middle)
    killer.start()
    is_answered = has_whole_answer(server.url, form)
    if is_answered and not watch.seen:
        time.sleep(0.05)
    watch.over.set()
    killer.join()
    restart(server)
    return watch.seen and not is_answered


def has_whole_answer(url: str, form: list[tuple[str, str]]) -> bool:
    """Whether a complete page came back; half a page is none."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)) as line:
        try:
            line.request("POST", "/book", urlencode(form), headers)
            answer = line.getresponse()
            answer.read()
        except (http.client.HTTPException, ConnectionError):
            return False
    return answer.status == 200


def send_again(server: Server, form: list[tuple[str, str]]) -> Answer:
    """The old ticket died with the process: the form comes back as it was typed, and books when it is sent again."""
    visitor = Visitor(server.url)
    back = visitor.post("/book", form)
    fields = fields_of(back.body)
    assert dict(fields)["message"] == MESSAGE
    assert dict(fields)["email"] == VERA.email
    assert ("slot", form_slots(form)[-1]) in fields, "the second choice was free all the time"
    return visitor.post("/book", fields)


def used_lockers(world: World) -> int:
    world.refresh()
    with world.stores.desk.reading() as desk:
        return desk.scalar(text("SELECT count(*) FROM locker WHERE state = 9")) or 0


def form_slots(form: list[tuple[str, str]]) -> list[str]:
    return [value for name, value in form if name == "slot"]


def ola(world: World) -> DeskKeys:
    """Ola's keys out of her printed recovery code; the office's private key is not needed to open stubs."""
    return rules.desk_keys(world.ombuds, world.kit.recovery, None)


def assert_whole(world: World, own: DeskKeys) -> None:
    """No half booking: the taken times are exactly those in the lockers, and Ola opens every one."""
    with world.stores.desk.reading() as desk:
        assert desk.scalar(text("PRAGMA integrity_check")) == "ok"
        taken = set(desk.scalars(text("SELECT id FROM slot WHERE state = 9")))
        used = desk.scalars(text("SELECT id FROM locker WHERE state = 9")).all()
    opened = [desk_service.open_matter(world.at_desk(own), locker) for locker in used]
    assert all(isinstance(each, MatterView) for each in opened)
    assert [each.matter.stub.message for each in opened if isinstance(each, MatterView)] == [MESSAGE] * len(used)
    assert len(used) == len(taken)
    assert {each.matter.meeting.slot for each in opened if isinstance(each, MatterView)} == taken


def assert_all_open(world: World, receipts: dict[str, Offer]) -> None:
    for words, offer in receipts.items():
        found = returning.come_back(world.stores, words, settings=world.settings)
        assert isinstance(found, Opened)
        assert found.matter.meeting.starts == offer.starts


def assert_open_in_the_browser(server: Server, receipts: dict[str, Offer]) -> None:
    visitor = Visitor(server.url)
    for words, offer in receipts.items():
        assert offer.starts.isoformat() in visitor.post("/return", {"words": words}).body


def size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
