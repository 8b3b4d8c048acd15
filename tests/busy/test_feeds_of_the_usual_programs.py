import os
import time
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from portal.busy.answers import Reading, write
from portal.busy.reading import read
from tests.busy.feeds import BERLIN, FEEDS, FIRST, SECRETS, calendar, event


@pytest.fixture(params=["UTC", "Asia/Kolkata", "America/Los_Angeles"])
def _machine_elsewhere(request: pytest.FixtureRequest) -> Iterator[None]:
    """The zone of the machine, which must not matter."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("_machine_elsewhere")
@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_is_busy_exactly_when_its_owner_is(name: str) -> None:
    feed = FEEDS[name]
    found = read(feed.content, FIRST, BERLIN)
    assert isinstance(found, Reading)
    assert list(found.map.spans()) == feed.spans
    assert (found.doubts, found.skipped) == (feed.doubts, 0)


@pytest.mark.parametrize("name", FEEDS)
def test_nothing_of_a_feed_s_words_is_kept(name: str) -> None:
    found = read(FEEDS[name].content, FIRST, BERLIN)
    said = repr(found) + repr(vars(found)) + write(found).decode("latin-1")
    assert [each for each in SECRETS if each in said] == []


def test_a_wrong_zone_would_be_noticed() -> None:
    """The corpus tells zones apart: read as if it lay in New York, the floating times move."""
    feed = FEEDS["times without a zone"]
    found = read(feed.content, FIRST, ZoneInfo("America/New_York"))
    assert isinstance(found, Reading)
    assert list(found.map.spans()) != feed.spans


def test_our_own_times_do_not_block_themselves() -> None:
    content = calendar(
        event("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z", uid="4f2a@times.example.org"),
        event("DTSTART:20260304T090000Z", "DTEND:20260304T100000Z", uid="not-4f2a@times.example.org"),
    )
    found = read(content, FIRST, BERLIN, ignore=r"[0-9a-f]+@times\.example\.org")
    assert isinstance(found, Reading)
    assert [starts.day for starts, _ in found.map.spans()] == [4]
