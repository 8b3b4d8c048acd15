"""P1, P2: whoever only practises changes no byte and no time of any file; "I only tried it" can always be true."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from portal import create_app
from portal.intake import practising
from portal.intake import service as intake
from portal.intake.practising import Practised
from portal.intake.service import Receipt
from portal.seizure.footprint import Stamp, stamps
from tests import cast
from tests.cast import MEI, NED, TOMAS, VERA, Server, World, serve
from tests.promises.day_of_visits import SAID
from tests.visiting import Answer, Visitor, fields_of

pytestmark = pytest.mark.xdist_group("practice")
NOTHING_BOOKED, NOTHING_SENT = "This was practice: nothing is booked", "This was practice: nothing is sent"
PLEASE_CHECK = "Please check"


@dataclass
class Office:
    """A running office in which one time is taken, and what its files are."""

    server: Server
    visitor: Visitor
    keys: list[str]

    @property
    def world(self) -> World:
        return self.server.world

    def files(self) -> tuple[dict[str, Stamp], int]:
        """Every file, and when one last came or went."""
        return stamps(self.world.instance), self.world.instance.stat().st_mtime_ns


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = serve(first_world.copy(tmp_path_factory.mktemp("practice") / "instance"))
    keys = [offer.key for offer in server.world.offers()][1:]
    office = Office(server, Visitor(server.url), keys)
    assert Visitor.words(office.visitor.book(server.world, VERA, keys[:1]))
    yield office
    server.kill()


def booking(person: cast.Person | None, **said: str) -> Callable[[Office], Answer]:
    return lambda office: office.visitor.book(office.world, person, office.keys[2:4], go="mock", **said)


def letter(person: cast.Person | None, **said: str) -> Callable[[Office], Answer]:
    return lambda office: office.visitor.write(office.world, person, go="mock", **said)


def a_taken_time(office: Office) -> Answer:
    return office.visitor.book(office.world, MEI, office.keys[:1], go="mock")


def twice(office: Office) -> Answer:
    form = office.visitor.choose(office.keys[2:3], go="mock")
    typed = office.visitor.fill(form, mode="phone", proof="none")
    office.visitor.post("/book", typed)
    return office.visitor.post("/book", typed)


RUNS: dict[str, tuple[Callable[[Office], Answer], str]] = {
    "video, named": (booking(VERA, mode="video", share="name", **SAID), NOTHING_BOOKED),
    "in person, profile": (booking(TOMAS, mode="in-person", share="profile"), NOTHING_BOOKED),
    "phone, nothing": (booking(None), NOTHING_BOOKED),
    "an address only": (booking(None, email=MEI.email, share="name"), NOTHING_BOOKED),
    "a taken time": (a_taken_time, NOTHING_BOOKED),
    "twice": (twice, NOTHING_BOOKED),
    "an unknown address": (booking(VERA, email=NED.email), PLEASE_CHECK),
    "a slip in the code": (booking(VERA, code="ABCD-EFGH-JK"), PLEASE_CHECK),
    "an old form": (booking(VERA, ticket="Zm9yZ290dGVu"), PLEASE_CHECK),
    "a message, named": (letter(VERA, share="name"), NOTHING_SENT),
    "a message, nothing": (letter(None), NOTHING_SENT),
    "a message, an unknown address": (letter(VERA, email=NED.email), PLEASE_CHECK),
    "a message, an old form": (letter(VERA, ticket="Zm9yZ290dGVu"), PLEASE_CHECK),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_practice_run_touches_nothing(name: str, office: Office) -> None:
    run, heading = RUNS[name]
    before = office.files()

    answer = run(office)

    assert heading in answer.body
    assert office.files() == before


def test_words_of_practice_open_nothing(office: Office) -> None:
    for name in ("video, named", "a message, named"):
        practised = RUNS[name][0](office)
        assert "These open nothing" in practised.body
        opened = office.visitor.post("/return", {"words": Visitor.words(practised)})
        assert "open nothing" in opened.body


def test_a_time_that_was_practised_can_still_be_booked(office: Office) -> None:
    key = office.keys[4:5]
    assert NOTHING_BOOKED in office.visitor.book(office.world, VERA, key, go="mock").body
    assert "Your time is booked" in office.visitor.book(office.world, None, key).body


def test_practice_tells_nobody_which_times_are_taken(office: Office) -> None:
    """Nor how full the mailboxes are: it would be an oracle that costs nothing, where booking takes what is free."""
    taken, free = (office.visitor.book(office.world, MEI, office.keys[at : at + 1], go="mock").body for at in (0, 5))
    assert NOTHING_BOOKED in taken
    assert NOTHING_BOOKED in free


def test_practice_stays_practice_on_a_page_that_is_too_old(office: Office) -> None:
    """The ticket is gone, and what it said; the form still knows."""
    again = RUNS["an old form"][0](office)
    assert "It is still practice" in again.body
    assert NOTHING_BOOKED in office.visitor.post("/book", office.visitor.fill(again)).body


@pytest.mark.parametrize("forged", ["real", "", "both"])
def test_a_form_to_practise_books_nothing_whatever_its_field_says(forged: str, office: Office) -> None:
    form = office.visitor.choose(office.keys[6:7], go="mock")
    before = office.files()
    sent = office.visitor.post("/book", office.visitor.fill(form, mode="phone", proof="none", go=forged))
    assert NOTHING_BOOKED in sent.body
    assert office.files() == before


def test_a_real_form_whose_field_says_practice_books_nothing(office: Office) -> None:
    form = office.visitor.choose(office.keys[6:7])
    sent = office.visitor.post("/book", office.visitor.fill(form, mode="phone", proof="none", go="mock"))
    assert NOTHING_BOOKED in sent.body


def test_a_practice_that_books_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: it tells the real story and hides the receipt; or it writes, and takes back what it wrote."""

    def books(*told: object, **named: object) -> object:
        found = intake.request_meeting(*told, **named)  # type: ignore[arg-type]
        return Practised(found.matter) if isinstance(found, Receipt) else found

    def undoes(stores: object, *told: object, **named: object) -> object:
        with world.stores.desk.writing() as desk:
            desk.connection().exec_driver_sql("UPDATE slot SET grain = randomblob(16)")
            desk.rollback()
        return practise(stores, *told, **named)  # type: ignore[arg-type]

    practise = practising.practise_meeting
    client = create_app(world.instance).test_client()
    client.get("/times")
    key = world.offers()[2].key
    for planted in (practise, books, undoes):
        monkeypatch.setattr(practising, "practise_meeting", planted)
        before = stamps(world.instance)
        chosen = client.post("/book", data={"slot": key, "go": "mock"})
        form = client.get(chosen.headers["Location"])
        typed = dict(fields_of(form.text)) | {"mode": "phone", "proof": "none"}
        assert NOTHING_BOOKED in client.post("/book", data=typed).text
        assert (stamps(world.instance) == before) == (planted is practise), planted
