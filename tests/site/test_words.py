"""The office's own words: the shipped text until somebody writes another, one step back, nothing lost between two."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from portal.site import shelves, tables, words
from portal.site.words import Changed, Standing
from tests.cast import World

CHARTER = "about/exceptions"
OURS = "# Our rules\n\nThe council signed them.\n"
NEWER = "# Our rules\n\nThe council signed them again.\n"


@pytest.fixture
def site(world: World) -> Iterator[Session]:
    with world.stores.site.writing() as session:
        yield session


def keep(site: Session, text: str, lang: str = "en", key: str = CHARTER) -> Standing:
    kept = words.keep(site, key, lang, text, mark=words.standing(site, key, lang).mark)
    assert isinstance(kept, Standing)
    return kept


def text_of(site: Session, lang: str = "en", key: str = CHARTER) -> tuple[str, str]:
    found = words.find(site, key, lang)
    assert found
    return found.text, found.lang


def test_until_somebody_writes_the_shipped_text_is_shown(site: Session) -> None:
    shipped = shelves.shipped(CHARTER, "en")
    assert shipped
    assert text_of(site) == (shipped, "en")
    assert words.standing(site, CHARTER, "en") == Standing(shipped, is_own=False, before=None)


def test_a_text_of_the_office_takes_its_place(site: Session) -> None:
    assert keep(site, OURS).is_own
    assert text_of(site) == (OURS, "en")


def test_one_step_back_is_the_text_before_and_two_are_where_it_began(site: Session) -> None:
    shipped = text_of(site)[0]
    for wanted in (shipped, OURS):
        now = keep(site, OURS)
        back = words.take_back(site, CHARTER, "en", mark=now.mark)
        assert isinstance(back, Standing)
        assert (back.text, back.is_own) == (shipped, False)
        if wanted == OURS:
            again = words.take_back(site, CHARTER, "en", mark=back.mark)
            assert isinstance(again, Standing)
            assert again.text == OURS


def test_without_a_step_there_is_nothing_to_take_back(site: Session) -> None:
    now = words.standing(site, CHARTER, "en")
    assert words.take_back(site, CHARTER, "en", mark=now.mark) == now


def test_the_text_before_is_kept_for_each_language_apart(site: Session) -> None:
    keep(site, OURS)
    keep(site, "# Nuestras reglas\n", "es")
    assert words.standing(site, CHARTER, "es").before in {shelves.shipped(CHARTER, "es"), ""}
    assert text_of(site) == (OURS, "en")


def test_what_somebody_else_wrote_meanwhile_is_not_lost(site: Session) -> None:
    seen = words.standing(site, CHARTER, "en").mark
    keep(site, OURS)
    answer = words.keep(site, CHARTER, "en", NEWER, mark=seen)
    assert answer == Changed(words.standing(site, CHARTER, "en"))
    assert text_of(site) == (OURS, "en")
    assert isinstance(words.take_back(site, CHARTER, "en", mark=seen), Changed)


def test_a_form_sent_twice_is_kept_once(site: Session) -> None:
    seen = words.standing(site, CHARTER, "en")
    keep(site, OURS)
    again = words.keep(site, CHARTER, "en", OURS, mark=seen.mark)
    assert isinstance(again, Standing)
    assert again.before == seen.text


def test_line_ends_of_a_browser_change_nothing(site: Session) -> None:
    keep(site, OURS)
    assert keep(site, OURS.replace("\n", "\r\n") + "\r\n\r\n").text == OURS


def test_writing_the_shipped_text_again_gives_the_page_back_to_it(site: Session) -> None:
    shipped = text_of(site)[0]
    keep(site, OURS)
    assert not keep(site, shipped).is_own


def test_a_language_without_a_text_shows_the_source_language(site: Session) -> None:
    keep(site, OURS)
    assert text_of(site, "ga") == (OURS, "en")


def test_a_page_that_was_written_in_one_language_only_is_shown_in_it(site: Session) -> None:
    words.show(site, "about/cafeteria", shown=True)
    keep(site, "# An chaife\n", "ga", "about/cafeteria")
    assert text_of(site, "en", "about/cafeteria") == ("# An chaife\n", "ga")


def test_pages_of_the_office_come_after_the_shipped_and_can_be_taken_away(site: Session) -> None:
    words.show(site, "about/cafeteria", shown=True)
    assert words.names(site, "about") == [*shelves.SHIPPED["about"], "cafeteria"]
    words.show(site, "about/cafeteria", shown=False)
    words.show(site, "about/covenant", shown=False)
    assert not words.is_shown(site, "about/cafeteria")
    assert not words.is_shown(site, "about/covenant")


@pytest.mark.parametrize("key", sorted(shelves.ALWAYS))
def test_pages_that_visitors_are_promised_stay(site: Session, key: str) -> None:
    words.show(site, key, shown=False)
    assert words.is_shown(site, key)


@pytest.mark.parametrize("key", ["", "about", "/charter", "elsewhere/charter", "about/../../secrets", "about/"])
def test_what_is_on_no_shelf_is_not_shown(site: Session, key: str) -> None:
    assert not words.is_shown(site, key)
    assert shelves.shipped(key, "en") is None


@pytest.mark.parametrize("name", ["", "-", "a--b", "A", "a/b", "..", "a" * 41, "é", "a b"])
def test_a_name_that_no_address_can_hold_is_none(name: str) -> None:
    assert not shelves.is_name(name)


def test_nothing_says_when_a_word_was_changed() -> None:
    columns = {
        column.name for table in (tables.Words, tables.Page, tables.Choice) for column in table.__table__.columns
    }
    assert columns == {"key", "lang", "text", "before", "shown", "name", "value"}
