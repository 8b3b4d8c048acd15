"""Everything the server stores about a matter has a sentence; a new column or field without one fails here."""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime

import pytest

from portal import clock, web
from portal.db import BASES
from portal.intake import looking, returning, stored
from portal.intake.meanings import FIELDS, KEYS, LOCKER, NESTED, OTHER_TABLES, SLOT
from portal.intake.permissions import Permission, Terms
from portal.intake.rules import About, By, Document, Meeting, Message, Remark, RosterCopy, Share, State, Stub, Venue
from portal.intake.service import Receipt
from portal.intake.tables import LedgerRow, Lock, Locker
from portal.roster.rules import Claim
from portal.scheduling.tables import Slot
from portal.sealing import words
from portal.sealing.keys import visitor_keys
from tests.cast import NED, VERA, World
from tests.intake.sealed import NONE_AT_HAND, ask, bytes_of, claim_of, make_document, make_matter, times

TERMS = Terms("My hours were cut.", "The head of the lab", "to ask", may_name=False, until=date(2026, 7, 1))
FULL = make_matter(
    meetings=(
        Meeting(b"s" * 16, datetime(2026, 6, 1, 9, tzinfo=UTC), 60, "in-person", State.MET, Venue("Mill"), "5" * 32),
    ),
    stub=Stub(Share.PROFILE, "pay", "In short.", "Reed", "A lift", 2, "+1 907"),
    messages=(Message("6" * 16, By.VISITOR, datetime(2026, 6, 2, tzinfo=UTC), "One <b>thing</b> more."),),
    permissions=(Permission("7" * 32, TERMS, used=(date(2026, 6, 9),)),),
    remark=Remark(About.WISH, "Open later.", easy="yes"),
)


def columns(table: type) -> set[str]:
    return set(table.__table__.columns.keys())


def shown(document: Document) -> dict[str, list[str]]:
    """Every value on the page by the name of its field."""
    found: dict[str, list[str]] = {}
    for part in stored.inside(document):
        for line in part.lines:
            found.setdefault(line.name, []).append(line.value)
    return found


def test_every_column_has_a_sentence() -> None:
    assert columns(Locker) == set(LOCKER)
    assert columns(Slot) == set(SLOT)
    assert columns(Lock) | {"ledger"} == set(KEYS)
    assert columns(LedgerRow) == {"ombuds", "box"}, "one line stands for both"


def test_every_table_is_explained_or_holds_nothing_about_a_visitor() -> None:
    assert web.build, "it brings in every table"
    tables = {name for base in BASES.values() for name in base.metadata.tables}
    assert tables == {"locker", "lock", "ledger", "slot", *OTHER_TABLES}


def kinds_in(kind: type) -> set[type]:
    """The dataclasses that a matter is made of, by what a full one holds."""
    found, todo = set(), [kind]
    while todo:
        value = todo.pop()
        if is_dataclass(value):
            found.add(type(value))
            todo += [getattr(value, each.name) for each in fields(value)]
        elif isinstance(value, tuple):
            todo += value
    return found


def test_every_field_of_the_document_has_a_sentence() -> None:
    assert kinds_in(make_document(FULL)) == set(FIELDS)
    for kind, meanings in FIELDS.items():
        assert [each.name for each in fields(kind)] == list(meanings)


def test_every_field_of_the_document_is_on_the_page() -> None:
    names = {name for meanings in FIELDS.values() for name in meanings}
    assert names - NESTED == set(shown(make_document(FULL)))


def test_what_was_typed_is_shown_as_it_was_typed() -> None:
    found = shown(make_document(FULL))
    assert found["text"] == ["One <b>thing</b> more."]
    assert found["message"] == ["In short."]
    assert found["sentence"] == [TERMS.sentence]
    assert found["used"] == ["2026-06-09"]
    assert found["people"] == ["2"]


def test_no_key_is_shown() -> None:
    pair = FULL.pair
    text = str(shown(make_document(FULL)))
    assert pair.hex() not in text.replace(" ", "")
    assert "No page shows them" in text


def booked(world: World, claim: Claim = NONE_AT_HAND, share: Share = Share.NOTHING, place: int = 0) -> str:
    typed = words.draw()
    stub = Stub(share=share, has_address=bool(claim.email))
    assert isinstance(ask(world, claim, stub=stub, typed=typed, slots=[times(world)[place].id]), Receipt)
    return typed


def look(world: World, typed: str) -> tuple[returning.Opened, stored.Rows]:
    found = looking.look(world.stores, typed, settings=world.settings)
    assert isinstance(found, tuple)
    return found


def test_the_rows_are_the_ones_on_the_disk(world: World) -> None:
    typed = booked(world)
    before = bytes_of(world)
    opened, rows = look(world, typed)

    assert bytes_of(world) == before, "looking changes nothing"
    assert rows.locker["id"] == opened.locker
    assert rows.locker["lookup"] == visitor_keys(typed, world.settings.secrets.words).lookup
    assert [row["id"] for row in rows.slots] == [opened.matter.meetings[0].slot]
    assert rows.lock == 32
    assert rows.ledger > 0
    page = str([line.value for part in stored.on_disk(rows) for line in part.lines])
    assert opened.found.to_visitor[:16].hex(" ", 4) in page
    with world.stores.keys.reading() as keys:
        assert keys.get(Lock, opened.locker).secret.hex()[:16] not in page.replace(" ", "")


def test_the_row_of_a_time_given_back_is_no_longer_this_visitors(world: World) -> None:
    """Somebody else may have taken it since: its state would tell."""
    typed = booked(world)
    returning.cancel(world.stores, typed, publication=world.publication, settings=world.settings, now=clock.now())
    assert look(world, typed)[1].slots == []


def test_without_a_code_the_page_does_not_tell_who_is_on_the_list(world: World) -> None:
    pages = []
    for place, person in enumerate((VERA, NED)):
        typed = booked(world, Claim(person.email, "", "none"), Share.NAME, place)
        found = shown(look(world, typed)[0].document)
        pages.append({name: found[name] for name in ("level", "fits", *FIELDS[RosterCopy])})
    assert pages[0] == pages[1]
    assert set(pages[0]["identity"]) == {"Not told without a code."}


def test_with_a_code_the_page_shows_which_parts_were_copied(world: World) -> None:
    found = shown(look(world, booked(world, claim_of(world, VERA), Share.PROFILE))[0].document)
    assert found["attributes"][0].startswith("668 bytes")
    assert found["identity"] == ["empty"]
    assert "people" in found["fits"][0]


def test_words_that_open_nothing_have_nothing_stored(world: World) -> None:
    found = looking.look(world.stores, " ".join(["able"] * 6), settings=world.settings)
    assert isinstance(found, returning.NothingThere)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (False, "no"),
        (b"", "empty"),
        ("", "empty"),
        ((), "empty"),
        (b"\1" * 16, "01010101 01010101 01010101 01010101"),
        (b"\1" * 17, "17 bytes, beginning with 01010101 01010101 01010101 01010101"),
        (0, "0"),
    ],
)
def test_values_are_readable(value: object, text: str) -> None:
    assert stored.said(value) == text
