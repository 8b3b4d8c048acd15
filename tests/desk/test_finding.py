"""A search finds what somebody meant, whatever case and accents were typed."""

import pytest

from portal.desk.finding import find

TEXTS = [("Name", "Tomás Ó Briain"), ("Notes", "She wrote a résumé; the STRASSE was closed. " + "x" * 90 + " End.")]


@pytest.mark.parametrize("query", ["tomas", "TOMÁS", "o briain", "Resume", "straße", "tomas resume", "toma\u0301s"])
def test_case_and_accents_make_no_difference(query: str) -> None:
    assert find(query, TEXTS) is not None


@pytest.mark.parametrize("query", ["tomas ned", "", "  ", "\u0301", "resumee"])
def test_every_word_must_be_there(query: str) -> None:
    assert find(query, TEXTS) is None


def test_an_excerpt_is_short_and_shows_what_was_written() -> None:
    found = find("resume closed", TEXTS)

    assert found is not None
    assert (found.label, found.before, found.hit) == ("Notes", "She wrote a ", "résumé")
    assert found.after.startswith("; the STRASSE was closed.")
    assert found.after.endswith("…")
    assert len(found.after) < 60


def test_letters_that_become_two_keep_the_place_right() -> None:
    found = find("gate", [("Notes", "Straße ﬁne gate")])

    assert found is not None
    assert (found.before, found.hit, found.after) == ("Straße ﬁne ", "gate", "")
