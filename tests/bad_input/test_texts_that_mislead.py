"""Texts that would harm who reads them: Ola at her desk and the visitor are shown them as plain text."""

from collections.abc import Iterator
from urllib.parse import quote_from_bytes, urlencode

import pytest

from portal import inline
from portal.web import MAX_FORM
from tests.bad_input.inside import Inside, Page, nothing_changes, open_office, page_of
from tests.cast import World
from tests.intake.pages_cast import kind, problems, text_of
from tests.intake.sealed import used_lockers
from tests.promises.the_desk import DeskBrowser
from tests.visiting import Answer, Visitor, fields_of

pytestmark = pytest.mark.xdist_group("bad_texts")
LINE = "A quiet word"
DOVE = "\U0001f54a"
#: What is typed, and what everybody reads.
TEXTS = {
    "terminal": ("\x1b[31mred\x1b]0;title\x07 \x08\x7f\x9b", "[31mred]0;title"),
    "NUL": ("be\0fore and \0after", "before and after"),
    "script": ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    "image": ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
    "way out": ("</blockquote></h1></dd>\"'><h1>Booked", "</blockquote></h1></dd>\"'><h1>Booked"),
    "comment": ("<!-- <b> --><![CDATA[", "<!-- <b> --><![CDATA["),
    "entities": ("&lt;b&gt; &#x202e; &amp;amp;", "&lt;b&gt; &#x202e; &amp;amp;"),
    "template": ("{{ 7 * 7 }}{% raw %}{{ settings }}", "{{ 7 * 7 }}{% raw %}{{ settings }}"),
    "turned round": ("Ola \u202eton si\u202c \u2066hidden\u2069\u200f", "Ola ton si hidden"),
    "invisible": ("ve\u200bra\ufeff\u2060\u00ad \U000e0041", "vera"),
    "decomposed": ("Tom\u0061\u0301s", "Tom\u00e1s"),
    "family": ("\U0001f9d1\u200d\U0001f91d\u200d\U0001f9d1", "\U0001f9d1\u200d\U0001f91d\u200d\U0001f9d1"),
}
#: Bytes that are no text, as broken clients send them: half a symbol, too long a zero, the end of nothing.
BROKEN = {
    "lone surrogate": b"a\xed\xa0\x80b",
    "long zero": b"a\xc0\x80b",
    "cut off": b"a\xf0\x9f\x95b",
    "no UTF-8": b"a\xff\xfeb",
}


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Inside:
    return open_office(first_world, tmp_path_factory.mktemp("texts"))


@pytest.fixture(scope="module")
def ola(office: Inside) -> Iterator[DeskBrowser]:
    desk = DeskBrowser(office)
    desk.sign_in(office.world)
    yield desk
    office.world.refresh()


def book(office: Inside, **typed: str) -> tuple[Answer, str]:
    """Book with some texts; gives the receipt, and the address of the matter at the desk."""
    before = used_lockers(office.world)
    receipt = office.book(office.world, None, [office.times()[0].key], **typed)
    assert kind(receipt) == "receipt"
    (locker,) = used_lockers(office.world) - before
    return receipt, f"/desk/matter/{locker.hex()}"


def everywhere(text: str) -> dict[str, str]:
    return {"message": text, "call_name": text, "needs": text, "contact": text}


@pytest.fixture(scope="module")
def plain(office: Inside, ola: DeskBrowser) -> tuple[Page, Page]:
    """The receipt and Ola's page of a harmless booking: theirs is the frame that no text may change."""
    receipt, address = book(office, **everywhere(LINE))
    return page_of(receipt.body), page_of(ola.get(address).body)


def assert_harmless(found: Page, expected: Page, shown: str, *where: tuple[str, str]) -> None:
    assert found.frame == expected.frame
    for tag, its_class in where:
        assert shown in found.texts(tag, its_class), (tag, found.texts(tag, its_class))


@pytest.mark.parametrize(("typed", "shown"), TEXTS.values(), ids=TEXTS)
def test_a_booking_shows_ola_and_the_visitor_plain_text(
    office: Inside, ola: DeskBrowser, plain: tuple[Page, Page], typed: str, shown: str
) -> None:
    receipt, address = book(office, **everywhere(typed))
    at_the_desk = page_of(ola.get(address).body)

    assert_harmless(page_of(receipt.body), plain[0], shown, ("strong", ""))
    assert_harmless(at_the_desk, plain[1], shown, ("h1", ""), ("blockquote", "message"), ("dd", ""))
    assert at_the_desk.texts("dd").count(shown) == 2, "the needs and the way to reach the visitor"
    assert shown in page_of(ola.get("/desk/").body).texts("bdi"), "in the queue too"


def test_five_hundred_astral_symbols_are_read_whole(office: Inside, ola: DeskBrowser) -> None:
    typed = {"message": DOVE * 500, "call_name": DOVE * 60, "needs": DOVE * 200, "contact": DOVE * 120}
    _receipt, address = book(office, **typed)
    found = page_of(ola.get(address).body)

    assert found.texts("blockquote", "message") == [DOVE * 500]
    assert found.texts("h1") == [DOVE * 60]
    assert {DOVE * 200, DOVE * 120} <= set(found.texts("dd"))


def form_with(office: Inside, **sent: bytes) -> bytes:
    """A form ready to book, with bytes in some of its fields as they are."""
    form = office.fill(office.choose([office.times()[0].key]), mode="phone", proof="none")
    kept = urlencode([pair for pair in form if pair[0] not in sent]).encode()
    return kept + b"".join(b"&%b=%b" % (name.encode(), value) for name, value in sent.items())


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN)
def test_bytes_that_are_no_text_are_shown_as_their_numbers(office: Inside, ola: DeskBrowser, sent: bytes) -> None:
    quoted = quote_from_bytes(sent)
    before = used_lockers(office.world)
    assert kind(office.ask("POST", "/book", form_with(office, message=quoted.encode()))) == "receipt"
    (locker,) = used_lockers(office.world) - before

    assert page_of(ola.get(f"/desk/matter/{locker.hex()}").body).texts("blockquote", "message") == [quoted]


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN)
def test_a_form_that_is_no_text_as_a_whole_books_nothing(office: Inside, sent: bytes) -> None:
    """No browser sends bare bytes; what can be read of such a form is nothing, so a time is asked for again."""
    body = form_with(office, call_name=sent)
    with nothing_changes(office.world):
        answer = office.ask("POST", "/book", body)
    assert (answer.status, kind(answer)) == (200, "times")
    assert problems(answer) == ["Choose a time first. Then go on."]


@pytest.fixture(scope="module")
def messages(office: Inside) -> tuple[str, str]:
    """Six words, and the desk's address of what they open."""
    receipt, address = book(office)
    return Visitor.words(receipt), address


@pytest.mark.parametrize("which", ["terminal", "NUL", "way out", "entities", "turned round", "invisible"])
def test_what_one_writes_the_other_reads_as_plain_text(
    office: Inside, ola: DeskBrowser, messages: tuple[str, str], which: str
) -> None:
    (six, address), (typed, shown) = messages, TEXTS[which]
    written = office.post("/return", office.fill(office.post("/return", {"words": six}), action="write", text=typed))
    answered = ola.send(ola.get(address), address, text=typed)

    assert (written.status, answered.status) == (200, 302)
    for body in (office.post("/return", {"words": six}).body, ola.get(address).body):
        found = page_of(body)
        assert found.texts("p", "said")[-2:] == [shown, shown]
        assert not found.texts("img")
        assert found.texts("script") in ([], [inline.EXIT.text]), "none but the way out, letter by letter"


@pytest.mark.parametrize("field", ["slot", "ticket", "email", "code", "mode", "share", "people", "topic", "around"])
def test_half_a_symbol_in_any_field_books_nothing_and_is_answered_kindly(office: Inside, field: str) -> None:
    form = office.fill(office.choose([office.times()[0].key]), mode="phone", proof="code", email="vera@example.org")
    kept = [(name, value) for name, value in form if name != field]
    with nothing_changes(office.world):
        answer = office.ask("POST", "/book", urlencode(kept).encode() + f"&{field}=%ED%A0%80".encode())
    assert (answer.status, kind(answer)) == (200, "form")
    assert problems(answer) or "no longer valid" in text_of(answer)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/book/%ED%A0%80", 200),
        ("/times?week=%ED%A0%80", 200),
        ("/%ED%A0%80", 404),
        ("/static/%ED%A0%80/site.css", 404),
        ("/return?words=%ED%A0%80", 200),
    ],
)
def test_half_a_symbol_in_an_address_is_a_page_like_others(office: Inside, path: str, status: int) -> None:
    with nothing_changes(office.world):
        assert office.get(path).status == status


def test_a_form_as_large_as_may_be_comes_back_whole_and_a_larger_one_with_a_sentence(office: Inside) -> None:
    form = office.fill(office.choose([office.times()[0].key]), mode="phone", proof="none")
    head = urlencode([pair for pair in form if pair[0] != "message"]).encode() + b"&message="
    with nothing_changes(office.world):
        whole = office.ask("POST", "/book", head.ljust(MAX_FORM, b"x"))
        larger = office.ask("POST", "/book", head.ljust(MAX_FORM + 1, b"x"))

    assert (whole.status, kind(whole)) == (200, "form")
    assert problems(whole) == ["This is longer than 500 characters. Please shorten it."]
    assert dict(fields_of(whole.body))["message"] == "x" * (MAX_FORM - len(head))
    assert larger.status == 413
    assert "Nothing was sent." in text_of(larger)


@pytest.mark.parametrize("planted", ["<b>bold</b>", "<img src=x>", "</h1>", "<!-- x -->"])
def test_a_page_that_took_a_text_for_markup_would_be_found(
    plain: tuple[Page, Page], ola: DeskBrowser, planted: str
) -> None:
    body = ola.get("/desk/").body
    assert LINE in body
    with pytest.raises(AssertionError):
        assert_harmless(page_of(body.replace(LINE, planted, 1)), page_of(body), LINE)
    assert plain[1].texts("blockquote", "message") == [LINE]
