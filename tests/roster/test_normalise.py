import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.roster.rules import normalise

ALIASES = {"old.example": "new.example", "new.example": "example.org"}


@pytest.mark.parametrize(
    "typed",
    [
        "vera@example.org",
        "  VERA@Example.ORG ",
        "vera@example.org.",
        "\u00a0vera@example.org\u200b",
        "ve\u00adra@exam\ufeffple.org",
        "Vera Lindqvist <vera@example.org>",
        '"Lindqvist, Vera" <Vera@example.org>',
        "mailto:vera@example.org",
        "MAILTO:vera@example.org?subject=Hello",
        "<mailto:vera@example.org>",
        "SMTP:vera@example.org",
        "vera@new.example",
        "vera@OLD.example",
    ],
)
def test_vera_may_write_her_address_in_many_ways(typed: str) -> None:
    assert normalise(typed, ALIASES) == "vera@example.org"


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("straße@example.org", "strasse@example.org"),
        ("ﬁnn@example.org", "finn@example.org"),
        ("vera+news@example.org", "vera@example.org"),
        ("v.era@example.org", "vera@example.org"),
        ("vera@straße.example", "vera@strasse.example"),
    ],
)
def test_different_people_stay_different(one: str, another: str) -> None:
    assert normalise(one, {}) is not None
    assert normalise(one, {}) != normalise(another, {})


def test_composed_and_decomposed_letters_are_one_person() -> None:
    assert normalise("jose\u0301@example.org", {}) == normalise("JOS\u00c9@example.org", {}) == "jos\u00e9@example.org"


def test_a_domain_may_be_written_in_its_own_script() -> None:
    assert normalise("vera@MÜNCHEN.example", {}) == "vera@xn--mnchen-3ya.example"
    assert normalise("vera@xn--mnchen-3ya.example", {}) == "vera@xn--mnchen-3ya.example"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "vera",
        "@example.org",
        "vera@",
        "vera@localhost",
        "vera@-example.org",
        "vera@exam ple.org",
        "ve ra@example.org",
        "vera@@example.org",
        "a;b@example.org",
        "vera@exa_mple.org",
        "vera@\ud800.example",
        "\ud800@example.org",
        "vera@xn--zzzzzzzzz.example",
        "=1+1@example.org",
        "x" * 65 + "@example.org",
        "vera@" + "x." * 130 + "org",
        "x" * 70_000 + "@example.org",
        "Total",
    ],
)
def test_what_is_no_address_is_none(typed: str) -> None:
    assert normalise(typed, {}) is None


def test_two_domains_that_point_at_each_other_do_not_hang() -> None:
    assert normalise("vera@a.example", {"a.example": "b.example", "b.example": "a.example"}) is not None


@settings(deadline=None)
@given(
    st.text(max_size=60) | st.emails() | st.builds("{}@{}.example".format, st.text(max_size=20), st.text(max_size=20))
)
def test_normalising_twice_changes_nothing(typed: str) -> None:
    once = normalise(typed, ALIASES)
    assert once is None or normalise(once, ALIASES) == once


@settings(deadline=None)
@given(st.emails(), st.sampled_from([" {} ", "\u200b{}", "Vera <{}>", "mailto:{}", "\t{}\u00a0"]))
def test_wrapping_does_not_matter(address: str, wrapping: str) -> None:
    expected = normalise(address, {})
    if expected is not None and "?" not in address:
        assert normalise(wrapping.format(address), {}) == expected


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_nothing_that_is_typed_raises(typed: str) -> None:
    normalise(typed, ALIASES)
