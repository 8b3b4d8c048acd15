"""P2, P3: what the server reads, it reads by itself: no file of the program bears the moment of somebody's look."""

import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import clock, language
from tests.cast import World
from tests.promises import day_of_visits
from tests.promises.day_of_visits import Day
from tests.promises.watching import opened, watched
from tests.speaking import offer
from tests.visiting import Visitor

#: Somewhere that is on no list of ours, and known all the same.
FAR = "Asia/Thimphu"


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = first_world.copy(tmp_path_factory.mktemp("files") / "instance")
    offer(world, *language.shipped())
    yield world
    world.stores.close()


def test_a_day_of_visits_opens_no_file_that_was_not_read_at_the_start(office: World, tmp_path: Path) -> None:
    world = office.copy(tmp_path / "instance")
    with watched(world, tmp_path) as (server, notes):
        since = notes.stat().st_size
        day_of_visits.visits(Day(world, clock.now(), before=tmp_path / "before"), server)
        _reads_everywhere(Visitor(server.url))
        later = opened(notes, since)

    assert {path for path in later if not path.startswith(str(world.instance))} == set()


def test_the_watch_sees_what_is_read_at_the_start(office: World, tmp_path: Path) -> None:
    """The control: all that a look could date stands among the notes, each by its own name."""
    world = office.copy(tmp_path / "instance")
    with watched(world, tmp_path) as (_server, notes):
        early = opened(notes)

    for ending in ("intake/receipt.html", "texts/ar/week/hourly-staff.md", "ar/LC_MESSAGES/messages.mo", FAR):
        assert [path for path in early if path.endswith(ending)], ending
    assert any(path.startswith(zoneinfo.TZPATH) or "tzdata" in path for path in early)


def _reads_everywhere(visitor: Visitor) -> None:
    """Every page by its address, in each language and in a zone far away."""
    for lang in language.shipped():
        for path in ("/", "/times", "/about", "/about/limits", "/about/voices", "/week", "/say", "/return"):
            assert visitor.get(f"{path}?lang={lang}&tz={FAR}").status == 200
        for path in ("/about/charter", "/about/exceptions-students", "/week/hourly-staff", "/week/poster", "/nowhere"):
            visitor.get(f"{path}?lang={lang}&tz=Pacific/Chatham")
    visitor.get("/week/events.ics")
