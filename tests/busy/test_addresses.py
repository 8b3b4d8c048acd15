import socket

import pytest

from portal.busy.addresses import Target, find_target, is_public, resolve
from portal.busy.fetching import fetch
from portal.busy.problems import Problem

NO_ADDRESSES = [
    "",
    "calendar",
    "https://",
    "https:///basic.ics",
    "ftp://example.org/basic.ics",
    "file:///etc/passwd",
    "gopher://example.org/1",
    "data:text/calendar,BEGIN:VCALENDAR",
    "javascript:alert(1)",
    "http://example.org/basic.ics",
    "https://example.org:8443/basic.ics",
    "https://example.org:80/basic.ics",
    "https://example.org:99999/basic.ics",
    "https://ola@example.org/basic.ics",
    "https://ola:secret@example.org/basic.ics",
    "https://example.org@127.0.0.1/basic.ics",
    "https://:@example.org/basic.ics",
    "https://example.org\\@127.0.0.1/basic.ics",
    "https://example.org/basic.ics\r\nHost: 127.0.0.1",
    "https://example.org/basic ics",
    "https://exa mple.org/",
    "https://[::1/",
    "https://[vera]/",
    "https://[fe80::1%25eth0",
    "https://exam..ple.org/",
    "https://exam%70le.org/",
    f"https://{'a' * 64}.org/",
    f"https://example.org/{'a' * 2000}",
    "https://example.org/bäsic.ics",
    "//example.org/basic.ics",
]

PRIVATE = [
    "127.0.0.1",
    "127.0.0.2",
    "[::1]",
    "[::]",
    "0.0.0.0",
    "0",
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "0x7f000001",
    "0x7f.1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "127.1",
    "127.0.1",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "[::ffff:127.0.0.1]",
    "[::ffff:8.8.8.8]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[100::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "①②⑦.⓪.⓪.①",
]


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_what_is_no_address_of_a_calendar_is_refused_by_name(url: str) -> None:
    assert fetch(url) is Problem.address


@pytest.mark.parametrize("host", PRIVATE)
def test_what_the_public_cannot_reach_is_refused_by_name(host: str) -> None:
    assert fetch(f"https://{host}/basic.ics") is Problem.private


def test_this_machine_s_own_name_is_refused() -> None:
    """Whatever the names resolve to here, if they do."""
    for name in (socket.gethostname(), "ip6-localhost", "localhost.localdomain"):
        assert fetch(f"https://{name}/") in {Problem.private, Problem.unreachable}


def test_a_name_is_looked_up_once_and_its_address_is_what_is_asked() -> None:
    """What `resolve` gives is connected to, so no second answer of a name server is ever trusted."""
    target = find_target("http://localhost:8080/x", ("localhost:8080",))
    assert isinstance(target, Target)
    addresses = resolve(target)
    assert isinstance(addresses, list)
    assert set(addresses) <= {"127.0.0.1", "::1"}


def test_a_name_that_nobody_has_is_unreachable() -> None:
    assert fetch("https://calendar.invalid/basic.ics") is Problem.unreachable


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2a00:1450:4001:81b::200e", "2606:4700:4700::1111"])
def test_public_addresses_may_be_asked(address: str) -> None:
    assert is_public(address)
    assert resolve(Target(is_secure=True, host=address, port=443, path="/", is_listed=False)) == [address]


@pytest.mark.parametrize("address", ["fe80::1%eth0", "vera", "", "1.2.3"])
def test_what_is_no_plain_address_is_not_public(address: str) -> None:
    assert not is_public(address)


def test_a_subscription_s_address_is_asked_over_tls() -> None:
    for scheme in ("webcal", "WEBCAL", "webcals", "https"):
        target = find_target(f"{scheme}://Calendar.Example.org/a%20b/basic.ics?key=1&x#part", ())
        assert isinstance(target, Target)
        assert target.url == "https://calendar.example.org/a%20b/basic.ics?key=1&x"


def test_a_name_in_other_letters_is_asked_in_ascii() -> None:
    target = find_target("https://bücher.example/", ())
    assert isinstance(target, Target)
    assert target.host == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("cal.example.org", "http://cal.example.org/x"),
        ("cal.example.org", "https://cal.example.org/x"),
        ("cal.example.org:8080", "http://cal.example.org:8080/x"),
        ("cal.example.org:8080", "https://CAL.example.org:8080/x"),
        ("[fd00::5]:8080", "http://[fd00::5]:8080/x"),
        ("10.0.0.5", "https://10.0.0.5/x"),
        ("cal_server", "http://cal_server/x"),
    ],
)
def test_a_listed_host_may_be_asked_as_it_is_listed(entry: str, url: str) -> None:
    target = find_target(url, ("other.example", entry))
    assert isinstance(target, Target)
    assert target.is_listed


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("cal.example.org", "http://cal.example.org:8080/x"),
        ("cal.example.org:8080", "http://cal.example.org/x"),
        ("cal.example.org", "http://cal.example.org.evil.example/x"),
        ("example.org", "http://cal.example.org/x"),
        ("cal.example.org", "http://ola@cal.example.org/x"),
        ("cal.example.org", "ftp://cal.example.org/x"),
        ("", "http://cal.example.org/x"),
        ("cal.example.org:vera", "http://cal.example.org/x"),
    ],
)
def test_a_listing_allows_nothing_else(entry: str, url: str) -> None:
    assert find_target(url, (entry,)) is Problem.address
