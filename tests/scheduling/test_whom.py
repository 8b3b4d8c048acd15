"""Whom a choice allows, held against what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.scheduling.whom import (
    ANYBODY,
    LONGEST_PART,
    MOST_PARTS,
    UNREADABLE,
    Person,
    Whom,
    allowed,
    allows,
    languages_of,
    read,
    region_key,
    regions_of,
    tidy,
)

LANGUAGES, REGIONS = ("en", "ga", "nl", "pt-BR"), ("", "North", "South", "Nord-Süd")
people = st.lists(
    st.builds(
        Person,
        id=st.binary(min_size=16, max_size=16),
        name=st.text(max_size=5),
        languages=st.lists(st.sampled_from(LANGUAGES), unique=True).map(tuple),
        region=st.sampled_from(REGIONS),
        is_open=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda person: person.id,
)


@st.composite
def offices(draw: st.DrawFn) -> tuple[list[Person], list[str]]:
    """An office, and values that mean somebody there, or nearly, or nothing."""
    office = draw(people)
    ids = st.sampled_from([person.id.hex() for person in office] or ["0" * 32])
    part = st.one_of(
        ids,
        ids.map("not-{}".format),
        st.sampled_from(LANGUAGES).map("lang-{}".format),
        st.sampled_from(REGIONS).map(lambda region: f"in-{region_key(region)}"),
        ids.map(lambda key: f"not-{key[:-1]}"),
        st.text(max_size=40),
    )
    return office, draw(st.lists(part, max_size=MOST_PARTS + 2))


@given(offices())
def test_nobody_who_is_left_out_is_ever_allowed(drawn: tuple[list[Person], list[str]]) -> None:
    office, values = drawn
    found = allowed(read(values, office), office)

    assert not found & {person.id for person in office if f"not-{person.id.hex()}" in values}


@given(offices())
def test_an_exclusion_that_names_nobody_allows_nobody(drawn: tuple[list[Person], list[str]]) -> None:
    office, values = drawn
    names = {f"not-{person.id.hex()}" for person in office}
    unclear = [value for value in values if value.strip().casefold().startswith("not") and value.strip() not in names]

    if unclear:
        assert allowed(read(values, office), office) == frozenset()


@given(offices())
def test_every_part_that_means_something_holds_for_whoever_is_allowed(drawn: tuple[list[Person], list[str]]) -> None:
    office, values = drawn
    chosen = read(values, office)
    for person in (each for each in office if allows(chosen, each)):
        assert all(part in person.languages for part in _after("lang-", chosen))
        assert all(part == region_key(person.region) for part in _after("in-", chosen))
        assert all(part == person.id.hex() for part in chosen.wanted if "-" not in part)


@given(offices())
def test_carrying_a_choice_on_never_allows_more(drawn: tuple[list[Person], list[str]]) -> None:
    """Through links, a form, a sealed address and back, in any order."""
    office, values = drawn
    once = read(values, office)
    again = read(tidy(reversed(tidy(values))), office)

    assert allowed(again, office) == allowed(once, office)
    assert allowed(read(once.parts, office), office) >= allowed(once, office) or once.is_unreadable
    assert len(tidy(values)) <= MOST_PARTS
    assert all(len(part) <= LONGEST_PART and " " not in part for part in tidy(values))


@given(people, st.lists(st.sampled_from(["", "x", "anyone", "lang-", "lang-qqq", "in-", "0" * 31, "ombuds"])))
def test_what_means_nothing_is_anybody(office: list[Person], values: list[str]) -> None:
    assert read(values, office) == ANYBODY
    assert allowed(ANYBODY, office) == {person.id for person in office}


OLA = Person(b"o" * 16, "Ola", ("en", "ga"), "North")
OTTO = Person(b"t" * 16, "Otto", ("en", "ga"), "South")
MAEVE = Person(b"m" * 16, "Maeve", ("en",), "", is_open=False)
ALL = [OLA, OTTO, MAEVE]


@pytest.mark.parametrize(
    ("values", "who"),
    [
        ([], ALL),
        ([f"not-{OTTO.id.hex()}"], [OLA, MAEVE]),
        ([f"not-{OTTO.id.hex()}", "lang-ga"], [OLA]),
        (["lang-ga"], [OLA, OTTO]),
        (["lang-nl"], []),
        ([f"in-{region_key('South')}"], [OTTO]),
        ([OTTO.id.hex()], [OTTO]),
        ([OTTO.id.hex(), f"not-{OTTO.id.hex()}"], []),
        ([f"not-{'1' * 32}"], []),
        (["not-", "lang-ga"], []),
        (["lang-ga", "lang-en", OLA.id.hex(), f"not-{OTTO.id.hex()}", f"in-{region_key('North')}"], []),
    ],
)
def test_a_choice_allows(values: list[str], who: list[Person]) -> None:
    assert allowed(read(values, ALL), ALL) == {person.id for person in who}


def test_only_what_tells_open_people_apart_is_offered() -> None:
    dutch = Person(b"d" * 16, "Daan", ("en", "nl"))

    assert languages_of(ALL) == []
    assert languages_of([*ALL, dutch]) == ["ga", "nl"]
    assert regions_of(ALL) == ["North", "South"]
    assert regions_of([OLA]) == []


def test_an_unreadable_choice_stays_unreadable_when_carried() -> None:
    assert tidy(["not-x"]) == (UNREADABLE,)
    assert read([UNREADABLE], ALL) == Whom(is_unreadable=True)


def _after(prefix: str, chosen: Whom) -> list[str]:
    return [part.removeprefix(prefix) for part in chosen.parts if part.startswith(prefix)]
