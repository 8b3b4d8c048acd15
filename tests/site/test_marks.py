"""What a page may hold, and what is shown as plain letters or named."""

import pytest

from portal.site import links, marks
from portal.site.links import Site
from portal.site.marks import What

WHOLE = """# What {office} does

An *ombuds* listens. Read [the charter](/about/charter).

- we keep it {days} days
- we take **no side**

## After that

> You decide.
"""
HELD = {"office": "Ombuds & <Co>", "days": "90"}


def test_a_text_is_read_as_title_lead_list_and_safe_html() -> None:
    found = marks.read(WHOLE, HELD)
    assert (found.title, found.items) == ("What Ombuds & <Co> does", ("we keep it 90 days", "we take no side"))
    assert found.lead == "An ombuds listens. Read the charter."
    assert "<h2>After that</h2>" in found.html
    assert '<a href="/about/charter" rel="noreferrer">' in found.html
    assert "What" not in found.html


def test_a_value_is_a_text_and_never_html() -> None:
    assert "Ombuds &amp; &lt;Co&gt;" in marks.read("{office}", HELD).html


def test_a_name_without_a_value_stays_as_it_was_typed() -> None:
    assert "{nobody}" in marks.read("{nobody}", HELD).html


@pytest.mark.parametrize(
    ("text", "line", "what", "begins"),
    [
        ("# A\n\n<script>alert(1)</script>", 3, What.HTML, "<script>alert(1)</script>"),
        ("one\ntwo <b>three</b>", 2, What.HTML, "<b>"),
        ("![a door](https://example.org/door.png)", 1, What.IMAGE, "https://example.org/door.png"),
        ("![a door](door.png)", 1, What.IMAGE, "door.png"),
        ("[here](javascript:alert(1))", 1, What.LINK, "javascript:alert(1)"),
        ("[here](//example.org)", 1, What.LINK, "//example.org"),
        ("[here](data:text/html,x)", 1, What.LINK, "data:text/html,x"),
        ("# A\n\n# B", 3, What.TITLE, "#"),
        ("    indented", 1, What.CODE, "indented"),
        ("```\ncode\n```", 1, What.CODE, "code"),
    ],
)
def test_what_must_not_stand_on_a_public_page_is_named_with_its_line(
    text: str, line: int, what: What, begins: str
) -> None:
    first = marks.refusals(text)[0]
    assert (first.line, first.what, first.begins) == (line, what, begins)


def test_what_may_stand_there_is_not_refused() -> None:
    assert marks.refusals(WHOLE) == []


@pytest.mark.parametrize(
    "address", ["javascript:x", "JAVASCRIPT:x", "vbscript:x", "data:x", "file:///etc", "//x", "/\\x"]
)
def test_a_link_may_lead_nowhere_else(address: str) -> None:
    assert not links.is_safe(address)
    assert f'href="{address}"' not in marks.read(f"[x](<{address}>)").html


@pytest.mark.parametrize("address", ["../times", "voices", "www.example.org", "/times?", "http:/times", "//x"])
def test_of_a_link_that_stood_there_before_and_leads_nowhere_the_words_stay(address: str) -> None:
    assert marks.read(f"Go *[on and on](<{address}>)* now.").html == "<p>Go <em>on and on</em> now.</p>\n"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("http://localhost:8000/say", "/say"),
        ("https://www.localhost/times?ombuds=x#later", "/times#later"),
        ("//", None),
        ("http://localhost//example.org", None),
    ],
)
def test_a_link_to_the_sites_own_address_becomes_one_to_its_path(address: str, path: str | None) -> None:
    html = marks.read(f"[a](<{address}>) [b](https://example.org/c?d)", host="localhost").html

    first = f'<a href="{path}" rel="noreferrer">a</a>' if path else "a"
    assert html == f'<p>{first} <a href="https://example.org/c?d" rel="noreferrer">b</a></p>\n'


def test_a_link_to_no_page_here_is_named_with_what_was_likely_meant() -> None:
    here = Site("localhost", frozenset({"/say"}))
    text = "# A\n\n[a](/say) [b](https://example.org)\n[c](/nowhere)\n\n<http://localhost:8000/say> [d](say?)"

    found = [(each.line, each.what, each.begins, each.instead) for each in marks.refusals(text, here)]
    assert found == [
        (4, What.NOWHERE, "/nowhere", ""),
        (6, What.NOWHERE, "http://localhost:8000/say", "/say"),
        (6, What.LINK, "say?", "/say"),
    ]


def test_all_words_below_the_title_are_there_as_plain_lines() -> None:
    text = "# A\n\n## B & *c*\n\none\ntwo  \nthree\n\n- d\n- e\n\n  f\n\n2. g\n\n> \\*h\\* {name}"

    lines = marks.read(text, {"name": "i"}).lines
    assert lines == ("B & c", "one two three", "- d", "- e", "f", "2. g", "*h* i")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[x](https://example.org/a) y", "x (https://example.org/a) y"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("[Ola](mailto:ola@example.org), [us](tel:+15550177)", "Ola (ola@example.org), us (+15550177)"),
        ("<ola@example.org>", "ola@example.org"),
        ("[a page](/about/charter) here", "a page here"),
    ],
)
def test_in_plain_lines_a_link_to_elsewhere_shows_its_address(text: str, line: str) -> None:
    assert marks.read(text).lines == (line,)
