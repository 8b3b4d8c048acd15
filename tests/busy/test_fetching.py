import gzip
from pathlib import Path
from time import monotonic

import pytest

from portal.busy.fetching import BIGGEST, fetch
from portal.busy.problems import Problem
from tests.busy import servers
from tests.busy.feeds import FEEDS
from tests.busy.servers import Answering, dripping, environment, make_trust, pouring, raw, saying, serving, silent

CALENDAR = FEEDS["google"].content
OK = b"HTTP/1.1 200 OK\r\n"


def fetched(answering: Answering, patience: float = 5) -> bytes | Problem:
    with serving(answering) as place:
        return fetch(place.url(), place.allowed, patience)


def test_a_calendar_is_fetched() -> None:
    assert fetched(saying("200 OK", CALENDAR)) == CALENDAR


def test_a_calendar_comes_in_chunks_or_until_the_line_is_closed() -> None:
    half = len(CALENDAR) // 2
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in (CALENDAR[:half], CALENDAR[half:], b""))
    assert fetched(raw(OK + b"Transfer-Encoding: chunked\r\n\r\n" + pieces)) == CALENDAR
    assert fetched(raw(OK + b"\r\n" + CALENDAR)) == CALENDAR


def test_a_request_says_nothing_of_who_asks() -> None:
    with serving(saying("200 OK", CALENDAR, "Set-Cookie: vera=1")) as place:
        fetch(place.url(), place.allowed)
        fetch(place.url(), place.allowed)
    expected = (
        f"GET /private-4711/basic.ics HTTP/1.1\r\nHost: 127.0.0.1:{place.port}\r\n"
        "User-Agent: Mozilla/5.0 (compatible; calendar subscription)\r\nAccept: text/calendar, */*;q=0.1\r\n"
        "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
    )
    assert place.asked == [expected.encode()] * 2


def test_what_is_not_listed_is_not_asked() -> None:
    with serving(saying("200 OK", CALENDAR)) as place:
        assert fetch(place.url(), ()) is Problem.address
        assert fetch(place.url("https"), ("127.0.0.1:1",)) is Problem.address
    assert place.asked == []


STATUSES = [
    "204 No",
    "206 Partial",
    "300 Choose",
    "304 Same",
    "400 Bad",
    "401 Who",
    "403 No",
    "404 Gone",
    "410 Gone",
    "500 Oh",
]


@pytest.mark.parametrize("status", STATUSES)
def test_only_a_plain_yes_brings_a_calendar(status: str) -> None:
    assert fetched(saying(status, CALENDAR, "WWW-Authenticate: Basic")) is Problem.refused


def test_a_calendar_of_the_greatest_size_is_fetched_and_one_byte_more_is_not() -> None:
    assert fetched(saying("200 OK", b"x" * BIGGEST)) == b"x" * BIGGEST
    assert fetched(saying("200 OK", b"x" * (BIGGEST + 1))) is Problem.too_big


ENDLESS = [
    pouring(OK + b"\r\n", b"x" * 65536),
    pouring(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"),
    pouring(OK + b"Content-Length: 100000000000\r\n\r\n", b"x" * 65536),
    pouring(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n" * 999),
]


@pytest.mark.parametrize("answering", ENDLESS)
def test_what_never_ends_is_too_big(answering: Answering) -> None:
    assert fetched(answering) is Problem.too_big


@pytest.mark.parametrize("drop", [b"X-More: 1\r\n" * 99, b"x" * 65536])
def test_a_head_that_never_ends_is_given_up(drop: bytes) -> None:
    assert fetched(pouring(OK, drop)) is Problem.unreachable


SLOW = [
    silent,
    dripping(b"", b"H"),
    dripping(OK, b"X"),
    dripping(OK + b"\r\n", b"x"),
    dripping(OK + b"Content-Length: 100000\r\n\r\n", b"x"),
    dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
]


@pytest.mark.parametrize("answering", SLOW)
def test_a_byte_now_and_then_does_not_stretch_the_time(answering: Answering) -> None:
    began = monotonic()
    assert fetched(answering, patience=0.6) is Problem.slow
    assert monotonic() - began < 3


def test_redirects_share_one_time() -> None:
    began = monotonic()
    with serving(silent) as last:
        to = saying("302 Found", b"", f"Location: {last.url()}")
        with serving(to) as first:
            assert fetch(first.url(), first.allowed + last.allowed, patience=0.6) is Problem.slow
    assert monotonic() - began < 3


def test_half_a_calendar_is_none() -> None:
    assert fetched(raw(OK + b"Content-Length: 9999\r\n\r\n" + CALENDAR)) is Problem.unreachable
    assert fetched(raw(OK + b"Transfer-Encoding: chunked\r\n\r\n9999\r\n" + CALENDAR)) is Problem.unreachable


@pytest.mark.parametrize(
    "what", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 vera\r\n\r\n", b"\0" * 100, b"220 mail\r\n"]
)
def test_what_does_not_speak_http_is_unreachable(what: bytes) -> None:
    assert fetched(raw(what)) is Problem.unreachable


def test_nobody_there_is_unreachable() -> None:
    with serving(silent) as place:
        pass
    assert fetch(place.url(), place.allowed) is Problem.unreachable


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip, identity"])
def test_a_compressed_answer_is_not_opened(coding: str) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert fetched(saying("200 OK", bomb, f"Content-Encoding: {coding}")) is Problem.no_calendar


def test_a_redirect_is_followed_also_within_a_server() -> None:
    with (
        serving(saying("200 OK", CALENDAR)) as last,
        serving(saying("301 Moved", b"", f"Location: {last.url()}")) as first,
    ):
        assert fetch(first.url(), first.allowed + last.allowed) == CALENDAR
    with serving(saying("307 Here", b"", "Location: next.ics")) as place:
        assert fetch(place.url(), place.allowed) is Problem.redirect
    assert [each.split(b" ")[1] for each in place.asked] == [
        b"/private-4711/basic.ics",
        *[b"/private-4711/next.ics"] * 3,
    ]


@pytest.mark.parametrize("status", ["301 M", "302 M", "303 M", "307 M", "308 M"])
def test_a_redirect_to_nowhere_or_without_end_is_given_up(status: str) -> None:
    assert fetched(saying(status)) is Problem.redirect
    assert fetched(saying(status, b"", "Location: /again")) is Problem.redirect


@pytest.mark.parametrize(
    ("to", "problem"),
    [
        ("https://127.0.0.1/", Problem.private),
        ("https://169.254.169.254/latest/meta-data/", Problem.private),
        ("https://[::1]/", Problem.private),
        ("//localhost/", Problem.address),
        ("http://127.0.0.1:1/", Problem.address),
        ("http://example.org/", Problem.address),
        ("ftp://example.org/", Problem.address),
        ("file:///etc/passwd", Problem.address),
        ("https://a:b@example.org/", Problem.address),
        ("https://example.org:22/", Problem.address),
        ("/a b", Problem.address),
        ("/\xff", Problem.address),
    ],
)
def test_where_a_redirect_leads_is_checked_anew(to: str, problem: Problem) -> None:
    assert fetched(raw(OK.replace(b"200 OK", b"302 Found") + f"Location: {to}\r\n\r\n".encode("latin-1"))) is problem


def inner(place: servers.Place) -> tuple[str, str]:
    """Another listed host, which stands for one inside: its entry in the list, and its address."""
    return f"localhost:{place.port}", f"http://localhost:{place.port}/private-4711/basic.ics"


def test_the_list_of_the_operator_is_for_what_the_ombuds_typed_and_not_for_where_it_leads() -> None:
    """Or a calendar that anybody runs sends the server to every inner host that some other ombuds needs."""
    with serving(saying("200 OK", CALENDAR)) as inside:
        entry, url = inner(inside)
        assert fetch(url, (entry,)) == CALENDAR
        to = saying("302 Found", b"", f"Location: {url}")
        with serving(to) as first:
            assert fetch(first.url(), (*first.allowed, entry)) is Problem.address
    assert len(inside.asked) == 1


def test_a_listed_host_is_not_reached_by_way_of_the_typed_one_either() -> None:
    """Two steps: the typed host leads to itself, and only then elsewhere."""
    with serving(saying("200 OK", CALENDAR)) as inside:
        entry, url = inner(inside)
        with (
            serving(saying("302 Found", b"", f"Location: {url}")) as second,
            serving(saying("302 Found", b"", f"Location: {second.url()}")) as first,
        ):
            assert fetch(first.url(), (*first.allowed, *second.allowed, entry)) is Problem.address
    assert len(second.asked) == 1
    assert inside.asked == []


def test_what_began_over_tls_is_not_fetched_without(tmp_path: Path) -> None:
    trust, path = make_trust(tmp_path)
    with serving(saying("200 OK", CALENDAR)) as plain:
        to = saying("302 Found", b"", f"Location: {plain.url()}")
        with serving(to, trust) as first, environment(SSL_CERT_FILE=str(path)):
            assert fetch(first.url("https"), first.allowed + plain.allowed) is Problem.redirect
        assert len(first.asked) == 1
        assert plain.asked == []
        with serving(to) as first:
            assert fetch(first.url(), first.allowed + plain.allowed) == CALENDAR


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    trust, _ = make_trust(tmp_path)
    with serving(saying("200 OK", CALENDAR), trust) as place:
        assert fetch(place.url("https"), place.allowed) is Problem.tls
        assert fetch(place.url("webcal"), place.allowed) is Problem.tls
    assert place.asked == []


def test_a_server_without_tls_is_no_answer_to_https() -> None:
    with serving(saying("200 OK", CALENDAR)) as place:
        assert fetch(place.url("https"), place.allowed, patience=2) in {Problem.tls, Problem.slow}


def test_a_handshake_that_never_ends_is_slow() -> None:
    with serving(silent) as place:
        assert fetch(place.url("https"), place.allowed, patience=0.6) is Problem.slow
    listening = servers.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    assert fetch(f"https://127.0.0.1:{port}/", (f"127.0.0.1:{port}",), patience=0.6) is Problem.slow
    listening.close()
