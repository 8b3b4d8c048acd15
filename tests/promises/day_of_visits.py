"""A day at the portal with the real server: everything that visitors do, then the plug is pulled."""

import csv
import io
import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from portal import clock
from portal.office import service as office
from portal.office.factor import as_text
from portal.office.rules import write_recovery
from portal.roster.rules import period_of, valid_periods
from portal.sealing.keys import ombuds_keys, visitor_keys
from portal.seizure import residue
from portal.seizure.files import Employee, Loot, open_files
from portal.seizure.footprint import Stamp, stamp
from portal.seizure.needles import Keys, Needle, of_key, of_staff, of_text, of_words
from tests import cast
from tests.cast import MEI, NED, TOMAS, VERA, Server, World, serve
from tests.promises.the_desk import DeskBrowser
from tests.visiting import Answer, Visitor

SAID = {
    "message": "Zwölf Stühle fehlen im Keller, und niemand fragt danach.",
    "call_name": "Quietfeather",
    "needs": "An interpreter for Tlingit, step-free",
    "contact": "+1 907 555 0177, evenings",
}
#: What the one who writes says.
LETTER = "Seit Ostern lesen Fremde meine Stechkarte ab, sagt der Pförtner."
#: What the note says that somebody leaves.
REMARK = "Im Herbst hat hier endlich jemand zugehört, bei Tee und Regen."
LABEL = re.compile(rb'b"([a-z]+/v1)\\0"')
PORTAL_CODE = Path(cast.setup.__file__).parent


@dataclass
class Day:
    """What the tests know of the day and Theo does not, and what he carries away."""

    world: World
    began: datetime
    words: dict[str, str] = field(default_factory=dict)
    practised: dict[str, str] = field(default_factory=dict)
    old_boxes: dict[str, bytes] = field(default_factory=dict)
    roster: Stamp | None = None
    before: Path = Path()
    loot: Loot | None = None
    ended: datetime | None = None


def live(world: World, folder: Path) -> Day:
    """Open the office, let people come, kill the server; gives what is left."""
    day = Day(world, clock.now(), before=folder / "before")
    day.roster = stamp(world.settings.roster)
    server = serve(world, folder / "server.log")
    try:
        visits(day, server)
        caught = open_files(server.process.pid)
        assert any("deleted" in name for name in caught), "gunicorn's heartbeat is such a file"
    finally:
        server.kill()
    day.ended = clock.now()
    day.loot = loot_of(world.instance, (server.log,), caught)
    return day


def loot_of(instance: Path, outputs: tuple[Path, ...] = (), caught: dict[str, bytes] | None = None) -> Loot:
    return Loot(instance, _secrets(instance), employees(), outputs, caught or {})


def employees() -> list[Employee]:
    """The staff list as Theo reads it: every name, every address in any column."""
    people = []
    for row in csv.DictReader(io.StringIO(cast.staff_csv().decode())):
        addresses = tuple(dict.fromkeys(cell.strip().lower() for cell in row.values() if "@" in str(cell)))
        name = f"{row['First Name ']} {row['LAST NAME']}".strip()
        if addresses:
            people.append(Employee(name, addresses))
    assert len(people) == cast.PEOPLE
    return people


def keys_of(secrets: dict[str, bytes]) -> Keys:
    """Every key Theo holds, with every label that stands in the code."""
    labels = {label + b"\0" for path in PORTAL_CODE.rglob("*.py") for label in LABEL.findall(path.read_bytes())}
    assert {b"roster/v1\0", b"code/v1\0", b"words/v1\0"} <= labels
    today = clock.now().date()
    periods = {*valid_periods(today), period_of(today.replace(year=today.year - 1))}
    return Keys(secrets, sorted(labels), sorted(periods))


def dictionary_of(day: Day) -> Iterator[Needle]:
    """Everybody on the staff list, in every disguise."""
    assert day.loot
    return of_staff(day.loot.staff, keys_of(dict(day.loot.secrets)))


def canaries_of(day: Day) -> Iterator[Needle]:
    """What was typed, shown or kept by visitors and by Ola, and the keys that come of it."""
    for what, text in {**SAID, "letter": LETTER, "note": REMARK}.items():
        yield from of_text(what, text)
    for who, words in (day.words | day.practised).items():
        yield from of_words(f"six words ({who})", words)
        keys = visitor_keys(words, day.world.settings.secrets.words)
        yield from of_key(f"private seed ({who})", keys.private)
        yield from of_key(f"pair key ({who})", keys.pair)
    yield from kit_needles(day.world)


def kit_needles(world: World) -> Iterator[Needle]:
    """Ola's passphrase, recovery code and second factor, and every key they open."""
    kit = world.kit
    yield from of_words("passphrase", kit.passphrase)
    for row in write_recovery(kit.recovery):
        yield from of_text("row of the recovery code", row)
        yield from of_text("row of the recovery code", row.replace("-", ""))
    yield from of_key("recovery code", kit.recovery)
    yield from of_key("second factor", kit.factor)
    yield from of_text("second factor, for typing", as_text(kit.factor))
    keys = ombuds_keys(kit.recovery)
    yield from of_key("Ola's private seed", keys.private)
    yield from of_key("Ola's own key", keys.own)
    with world.stores.keys.reading() as found:
        wrapped = office.find_wrapped(found, world.ombuds)
    assert wrapped
    private = office._office_private(wrapped, kit.recovery)
    assert private, "Ola holds the office key"
    yield from of_key("office key", private)


def visits(day: Day, server: Server) -> None:
    world, visitor = day.world, Visitor(server.url)
    # Not the first: when the hour strikes it comes too near.
    offers = [offer.key for offer in world.offers()][1:]
    # Before anybody books: half of the mailboxes are kept for those who do.
    assert "your note is kept" in visitor.leave_note(said=REMARK, easy="partly").body
    named = {**SAID, "share": "name", "topic": "manager", "people": "2"}
    bookings = {
        "Vera, named": visitor.book(world, VERA, offers[0:1], mode="in-person", **named),
        "Tomás, profile": visitor.book(world, TOMAS, offers[1:3], mode="video", share="profile", call_name="Reed"),
        "nobody": visitor.book(world, None, offers[3:4], mode="phone"),
        "Mei, cancelled": visitor.book(world, MEI, offers[4:5], mode="phone", message=SAID["message"]),
        "Vera, erased": visitor.book(world, VERA, offers[5:6], mode="phone", share="name", contact=SAID["contact"]),
    }
    bookings |= {
        "Tomás, in writing": visitor.write(world, TOMAS, share="name", contact=SAID["contact"], message=LETTER),
        "nobody, in writing": visitor.write(world, None, message=LETTER),
    }
    day.words = {who: Visitor.words(receipt) for who, receipt in bookings.items()}
    runs = {
        "Vera, practising": visitor.book(world, VERA, offers[6:7], go="mock", mode="video", **named),
        "Mei, practising to write": visitor.write(world, MEI, go="mock", share="name", message=LETTER),
    }
    day.practised = {who: Visitor.words(shown) for who, shown in runs.items()}
    _refusals(world, visitor, offers)
    for who in day.words:
        assert 'value="erase"' in open_matter(visitor, day.words[who]).body
    _moves(visitor, day.words["Tomás, profile"], offers[8:10])
    _reveals(day, visitor)
    _keep_old(day)
    press(visitor, day.words["Mei, cancelled"], "cancel")
    press(visitor, day.words["Vera, erased"], "erase")
    DeskBrowser(visitor).sign_in(world)
    disturb(server)


def _refusals(world: World, visitor: Visitor, offers: list[str]) -> None:
    code = world.code_of(VERA)
    for email, typed in ((NED.email, code), (VERA.email, world.code_of(TOMAS)), (VERA.email, code[:-1] + "?")):
        refused = visitor.book(world, None, offers[6:7], proof="code", email=email, code=typed, **SAID)
        assert "Please check" in refused.body
    assert "Choose another time" in visitor.book(world, VERA, offers[0:1]).body
    assert "Please check" in visitor.write(world, VERA, email=NED.email, message=LETTER).body
    assert "open nothing" in visitor.post("/return", {"words": "able " * 6}).body


def _moves(visitor: Visitor, words: str, keys: list[str]) -> None:
    """Twice: to another time, and then from a page of before, which moves nothing."""
    page = visitor.post("/return", visitor.fill(open_matter(visitor, words), action="move"))
    for key, says in zip(keys, ("Your time is moved", "You have moved this already"), strict=True):
        chosen = [*((name, value) for name, value in visitor.fill(page) if name != "slot"), ("slot", key)]
        assert says in visitor.post("/return", chosen).body


def _reveals(day: Day, visitor: Visitor) -> None:
    """Mei shows her name after all; whoever gave none is refused, then types a colleague's address without a code."""
    code, typed = day.world.code_of(MEI), day.words["Mei, cancelled"]
    done = reveal(visitor, typed, email=MEI.email, code=code, proof="code", share="name")
    assert "your profile and your name" in done.body
    refused = reveal(visitor, day.words["nobody"], email=NED.email, code=code, proof="code", share="name")
    assert "Please check" in refused.body
    reveal(visitor, day.words["nobody"], email=TOMAS.email, proof="none", share="profile")
    for action in ("stored", "calendar"):
        page = visitor.post("/return", visitor.fill(open_matter(visitor, typed), action=action))
        assert visitor.post("/return", visitor.fill(page, action=action)).status == 200


def reveal(visitor: Visitor, words: str, **claim: str) -> Answer:
    """Show more: the form, and "yes" on the page that says what it changes, if it comes to that."""
    form = visitor.post("/return", visitor.fill(open_matter(visitor, words), action="reveal"))
    asked = visitor.post("/return", visitor.fill(form, action="reveal", **claim))
    return visitor.post("/return", visitor.fill(asked, sure="yes")) if 'name="claim"' in asked.body else asked


def open_matter(visitor: Visitor, words: str) -> Answer:
    opened = visitor.post("/return", {"words": words})
    assert opened.status == 200
    return opened


def press(visitor: Visitor, words: str, action: str) -> Answer:
    """A button on the opened matter, and "yes" on the page that asks once more."""
    page = open_matter(visitor, words)
    asked = visitor.post("/return", visitor.fill(page, action=action))
    return visitor.post("/return", visitor.fill(asked, sure="yes"))


def _keep_old(day: Day) -> None:
    """A backup of the desk and its keys, and the boxes that are going to be replaced."""
    shutil.copytree(day.world.instance, day.before)
    for who in ("Mei, cancelled", "Vera, erased"):
        lookup = visitor_keys(day.words[who], day.world.settings.secrets.words).lookup
        found = residue.boxes(day.before / "desk.db", lookup)
        day.old_boxes |= {f"{name} ({who})": value for name, value in found.items()}


def disturb(server: Server) -> None:
    """What scanners, broken browsers and half-open lines send; each names Vera where a careless log would quote it."""
    vera = VERA.email.encode()
    for sent in (
        b"GET /book/" + vera + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"nonsense " + vera + b"\r\n\r\n",
        b"GET / HTTP/9.9\r\nX-Who: " + vera + b"\r\n\r\n",
        b"POST /book HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nemail=" + vera,
        b"POST /book HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + vera,
        b"GET /" + b"x" * 9000 + vera + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + vera,
        b"DELETE /return?words=" + vera + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ):
        with socket.create_connection(("localhost", urlsplit(server.url).port or 0), timeout=5) as line:
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65536):
                pass


def _secrets(instance: Path) -> dict[str, bytes]:
    secrets = cast.config.load(instance).secrets
    return {name: getattr(secrets, name) for name in cast.config.SECRET_NAMES}
