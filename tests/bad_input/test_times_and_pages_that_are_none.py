"""Times that nobody was offered, pages that are old, cut or sent by others: each is answered, and nothing changes."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from portal.intake import sentences
from portal.scheduling.service import AllGone
from tests.bad_input.inside import Inside, nothing_changes, open_office, page_of
from tests.cast import World
from tests.intake.pages_cast import kind, problems, text_of, values_of
from tests.intake.sealed import ask, ask_desk, taken_slots
from tests.visiting import Answer, Visitor, fields_of

pytestmark = pytest.mark.xdist_group("bad_pages")
Fields = list[tuple[str, str]]
READY = {"mode": "phone", "proof": "none"}
HEX = "0123456789abcdef"


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Inside:
    return open_office(first_world, tmp_path_factory.mktemp("pages"))


def ready(office: Inside) -> Fields:
    """A form with a time, filled in, that would book."""
    return office.fill(office.choose([office.times()[0].key]), **READY)


def with_slots(fields: Fields, *keys: str) -> Fields:
    return [pair for pair in fields if pair[0] != "slot"] + [("slot", key) for key in keys]


def with_ticket(fields: Fields, ticket: str) -> Fields:
    return [pair for pair in fields if pair[0] != "ticket"] + [("ticket", ticket)]


def past_slot(office: Inside) -> str:
    """A free time of last month, which the daily job has not cleared away yet; nobody lists it."""
    key = os.urandom(16)
    columns = [str(row[1]) for row in ask_desk(office.world, "PRAGMA table_info(slot)")]
    taken = ", ".join({"id": "?", "starts": "starts - 86400 * 60"}.get(name, name) for name in columns)
    query = f"INSERT INTO slot SELECT {taken} FROM slot WHERE state != 9 ORDER BY starts LIMIT 1"  # noqa: S608 - our names
    ask_desk(office.world, query, key)
    return key.hex()


FORGED: dict[str, Callable[[Inside], list[str]]] = {
    "drawn by chance": lambda _office: [os.urandom(16).hex()],
    "all zeros": lambda _office: ["0" * 32],
    "too short": lambda office: [office.times()[0].key[:-2]],
    "too long": lambda office: [office.times()[0].key + "00"],
    "one bit off": lambda office: [office.times()[0].key[:-1] + "x"],
    "capitals": lambda _office: ["AB" * 16],
    "other digits": lambda _office: ["\u0661" * 32],
    "the ombuds' own": lambda office: [office.world.ombuds.hex()],
    "past": lambda office: [past_slot(office)],
    "fifty forged": lambda _office: [os.urandom(16).hex() for _ in range(50)],
    "one, fifty times": lambda _office: [os.urandom(16).hex()] * 50,
    "none": lambda _office: [],
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_times_that_nobody_was_offered_are_not_booked(office: Inside, forge: Callable[[Inside], list[str]]) -> None:
    form, keys = ready(office), forge(office)
    with nothing_changes(office.world):
        answer = office.post("/book", with_slots(form, *keys))
        chosen = office.post("/book", [("slot", key) for key in keys])
        shown = office.get(chosen.header("Location") or "") if chosen.status == 303 else chosen

    assert (answer.status, kind(answer)) == (200, "form")
    assert len(problems(answer)) >= 1
    assert values_of(answer)["proof"] == "none", "what was typed is still there"
    assert kind(shown) in {"form", "times"}
    assert problems(shown)


def test_of_fifty_times_the_first_three_are_meant(office: Inside) -> None:
    form, before = ready(office), taken_slots(office.world)
    wanted, *others = office.times(20)
    forged = [os.urandom(16).hex() for _ in range(50)]

    with nothing_changes(office.world):
        answer = office.post("/book", with_slots(form, *forged, wanted.key))
    assert kind(answer) == "form"
    receipt = office.post("/book", with_slots(form, wanted.key, *[wanted.key] * 50, *(each.key for each in others)))
    assert kind(receipt) == "receipt"
    assert taken_slots(office.world) - before == {wanted.id}


def test_a_time_that_has_come_too_near_meanwhile_is_not_booked(office: Inside) -> None:
    """The form rested; the list has moved on."""
    world = office.world
    (offer,) = office.times()
    world.refresh()
    world.offers()
    with nothing_changes(world):
        for late in (-timedelta(hours=1), timedelta(), timedelta(days=3)):
            assert ask(world, slots=[offer.id], now=offer.starts + late) == AllGone()


def old_ticket(office: Inside) -> str:
    """From before a restart: another process on the same office wrote it."""
    before = Inside(office.world)
    return dict(fields_of(before.choose([before.times()[0].key]).body))["ticket"]


def matter_ticket(office: Inside) -> str:
    six = Visitor.words(office.post("/book", ready(office)))
    return dict(fields_of(office.post("/return", {"words": six}).body))["ticket"]


def choice_ticket(office: Inside) -> str:
    chosen = office.post("/book", [("slot", office.times()[0].key)])
    return (chosen.header("Location") or "").rpartition("/")[2]


def form_ticket(office: Inside) -> str:
    return dict(ready(office))["ticket"]


TICKETS: dict[str, Callable[[Inside], str]] = {
    "drawn by chance": lambda _office: os.urandom(400).hex(),
    "cut by one": lambda office: form_ticket(office)[:-1],
    "cut in half": lambda office: form_ticket(office)[: len(form_ticket(office)) // 2],
    "its first letter": lambda office: form_ticket(office)[:1],
    "twice": lambda office: form_ticket(office) * 2,
    "one letter off": lambda office: form_ticket(office)[:-9] + "A-A_A-A_A",
    "of a matter": matter_ticket,
    "of a choice": choice_ticket,
    "from before a restart": old_ticket,
    "empty": lambda _office: "",
    "sixty thousand letters": lambda _office: "A" * 60_000,
}


@pytest.mark.parametrize("forge", TICKETS.values(), ids=TICKETS)
def test_a_form_with_a_ticket_that_is_none_comes_back_whole_and_books_nothing(
    office: Inside, forge: Callable[[Inside], str]
) -> None:
    form, ticket = ready(office), forge(office)
    with nothing_changes(office.world):
        answer = office.post("/book", with_ticket(form, ticket))

    assert (answer.status, kind(answer)) == (200, "form")
    assert "This page is no longer valid." in text_of(answer)
    assert kind(office.post("/book", office.fill(answer))) == "receipt", "sent once more it books"


@pytest.mark.parametrize("which", ["cut by one", "one letter off", "of a choice", "from before a restart", "empty"])
def test_a_matter_is_not_touched_by_a_ticket_that_is_none(office: Inside, which: str) -> None:
    assert_matter_untouched(office, TICKETS[which](office))


def test_a_matter_is_not_touched_by_the_ticket_of_a_form(office: Inside) -> None:
    assert_matter_untouched(office, form_ticket(office))


def assert_matter_untouched(office: Inside, ticket: str) -> None:
    with nothing_changes(office.world):
        answer = office.post("/return", {"ticket": ticket, "action": "erase", "sure": "yes"})
    assert (answer.status, kind(answer)) == (200, "words")
    assert problems(answer) == [
        "This page was open too long, and nothing was changed. Please type your six words again."
    ]


def test_a_form_sent_again_shows_the_same_receipt_whatever_else_was_changed_in_it(office: Inside) -> None:
    form = ready(office)
    first = office.post("/book", form)
    other = [*with_slots(form, office.times()[0].key), ("call_name", "Theo")]
    with nothing_changes(office.world):
        again = office.post("/book", other)

    assert kind(again) == "receipt"
    assert page_of(again.body).texts("ol", "words") == page_of(first.body).texts("ol", "words")
    assert "Theo" not in again.body


def test_after_an_erasure_every_old_page_of_it_opens_and_books_nothing(office: Inside) -> None:
    form = ready(office)
    six = Visitor.words(office.post("/book", form))
    page = office.post("/return", {"words": six})
    asked = office.post("/return", office.fill(page, action="erase"))
    sure = office.fill(asked, sure="yes")
    assert kind(office.post("/return", sure)) == "ended"

    with nothing_changes(office.world):
        assert kind(office.post("/book", form)) == "ended"
        assert kind(office.post("/return", sure)) == "ended", "erased is erased"
        for buttons in ({"action": "erase"}, {"action": "cancel", "sure": "yes"}, {"action": "write", "text": "Hi"}):
            answer = office.post("/return", office.fill(page, **buttons))
            assert problems(answer) == [sentences.nothing_there()]


@dataclass(frozen=True)
class Loaded:
    """Forms that would do something: book, and erase what six words open."""

    booking: Fields
    erasing: Fields
    words: str


@pytest.fixture(scope="module")
def loaded(office: Inside) -> Loaded:
    six = Visitor.words(office.post("/book", ready(office)))
    asked = office.post("/return", office.fill(office.post("/return", {"words": six}), action="erase"))
    return Loaded(ready(office), office.fill(asked, sure="yes"), six)


FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://theo.example"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_what_another_site_sends_is_refused_and_changes_nothing(
    office: Inside, loaded: Loaded, headers: dict[str, str]
) -> None:
    with nothing_changes(office.world):
        answers = [
            office.post("/book", loaded.booking, **headers),
            office.post("/return", loaded.erasing, **headers),
            office.post("/return", {"words": loaded.words}, **headers),
        ]
    for answer in answers:
        assert answer.status == 403
        assert "This form came from another site" in text_of(answer)
        assert loaded.words not in " ".join(text_of(answer).split())
        assert len(set(loaded.words.split()) & set(text_of(answer).split())) < 4, "one may stand in a sentence"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("headers", [{}, {"X_HTTP_Method_Override": "POST", "X_Method_Override": "POST"}], ids=str)
def test_an_address_that_looks_like_a_form_does_nothing(
    office: Inside, loaded: Loaded, method: str, headers: dict[str, str]
) -> None:
    """What stands behind the question mark is no form, whichever way it is sent."""
    sent = (("/book", loaded.booking), ("/return", loaded.erasing), ("/return", [("words", loaded.words)]))
    with nothing_changes(office.world):
        answers = [
            office.ask(method, f"{address}?{urlencode([*fields, ('_method', 'POST')])}", b"", **headers)
            for address, fields in sent
        ]
    for answer in answers:
        assert answer.status in {200, 405}
        assert kind(answer) in {"times", "words", "none of them"}


def test_the_same_forms_from_our_own_pages_do_what_they_say(office: Inside) -> None:
    """The planted fault: forms that never did anything would pass the two tests above."""
    six = Visitor.words(office.post("/book", ready(office)))
    asked = office.post("/return", office.fill(office.post("/return", {"words": six}), action="erase"))
    assert kind(office.post("/return", office.fill(asked, sure="yes"), **{"Sec-Fetch-Site": "same-origin"})) == "ended"


def test_a_booking_is_a_change_that_the_checks_above_would_see(office: Inside) -> None:
    """The planted fault: a form that went through after all."""
    form = ready(office)
    answers: list[Answer] = []
    with pytest.raises(AssertionError, match=r"desk\.db"), nothing_changes(office.world):
        answers.append(office.post("/book", form))
    assert kind(answers[0]) == "receipt"
