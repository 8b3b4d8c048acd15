"""P4, P6, S17: an ombuds' feed is the public list turned around; between two lists no visit shows in either."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from portal import clock, create_app, jobs
from portal.intake import returning
from portal.intake import service as intake
from portal.office import service as office
from portal.scheduling import elsewhere, feed, opening, store
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode, SlotFacts
from portal.seizure.footprint import take
from portal.volatile import Publication
from tests.cast import VERA, World
from tests.promises.steady import within_one_hour
from tests.scheduling.test_calendar_file import read_by_ics, value

OTHER = "gallery habitat iceberg jackal karate ladder"
TYPED = "amber bagpipe cabbage daybreak eagle fabric"
DAY = timedelta(days=1)
Facts = Callable[[World, Publication], Sequence[SlotFacts]]  # type: ignore[type-arg]


@dataclass
class Watched:
    """An office in one process, and somebody who asks for the feed and the list again and again."""

    world: World
    browser: FlaskClient
    token: str

    def feed(self) -> bytes:
        answer = self.browser.get(f"/feed/calendar/{self.token}.ics")
        assert answer.status_code == 200
        return answer.data

    def seen(self) -> tuple[bytes, bytes]:
        return self.feed(), self.browser.get("/times").data

    @property
    def publication(self) -> Publication:  # type: ignore[type-arg]
        found = self.browser.application.extensions["portal"].volatile.publication
        assert isinstance(found, Publication)
        return found

    def publish(self) -> None:
        """As the next hour of publication does it."""
        self.publication._since = None


@pytest.fixture
def watched(world: World) -> Watched:
    with world.stores.keys.writing() as keys:
        token = elsewhere.new_feed(keys, world.ombuds, settings=world.settings)
    found = Watched(world, create_app(world.instance).test_client(), token)
    found.seen()  # the first page of a day runs the daily job, and makes the list
    return found


def visits(watched: Watched) -> None:
    """Vera books, moves, cancels; somebody else books and stays, and so does a decoy."""
    world, now = watched.world, clock.now()
    world.publication = watched.publication
    first, second, third = (offer.id for offer in world.offers()[:3])
    assert isinstance(world.book(VERA, slots=[first], typed=TYPED), intake.Receipt)
    assert isinstance(world.book(None, slots=[second]), intake.Receipt)
    assert returning.cancel(world.stores, TYPED, publication=watched.publication, settings=world.settings, now=now)
    assert isinstance(world.book(None, slots=[third]), intake.Receipt)
    assert intake.book_decoy(world.stores, publication=world.publication, settings=world.settings, now=now)


def honest(world: World, publication: Publication) -> Sequence[SlotFacts]:  # type: ignore[type-arg]
    with world.stores.desk.reading() as desk:
        return scheduling.off_the_list(
            desk, publication, office.names(desk), world.ombuds, settings=world.settings, now=clock.now()
        )


def asks_the_slots(world: World, _publication: object) -> list[SlotFacts]:
    """The planted leak: a feed of what is taken now."""
    with world.stores.desk.reading() as desk:
        return store.taken_of(desk, world.ombuds)


def asks_which_slots_there_are(world: World, publication: Publication) -> list[SlotFacts]:  # type: ignore[type-arg]
    """The planted leak: the slots of now, without those of the list of then."""
    listed = {offer.id for offer in publication.items}
    with world.stores.desk.reading() as desk:
        return [slot for slot in store.slots_of(desk, world.ombuds, clock.now()) if slot.id not in listed]


def visits_and_new_hours(watched: Watched) -> None:
    """Visits, then Ola has shorter times, then somebody cancels, and the daily job of the next day."""
    world, now = watched.world, clock.now()
    visits(watched)
    fourth = world.offers()[3].id
    assert isinstance(world.book(None, slots=[fourth], typed=OTHER), intake.Receipt)
    with world.stores.desk.writing() as desk:
        ranges, practice = opening.get_hours(desk, world.ombuds)
        assert practice
        opening.set_hours(desk, world.ombuds, ranges, replace(practice, minutes=practice.minutes - 15))
        opening.open_slots(desk, world.settings, now)
    assert returning.cancel(world.stores, OTHER, publication=watched.publication, settings=world.settings, now=now)
    jobs.daily(world.stores, settings=world.settings, now=now + DAY)


def differs(watched: Watched, facts: Facts, happens: Callable[[Watched], None] = visits) -> bool:
    """Whether a feed made so shows that something happened between two lists."""
    before = feed.write(facts(watched.world, watched.publication))
    happens(watched)
    return feed.write(facts(watched.world, watched.publication)) != before


def test_a_feed_and_a_list_are_the_same_bytes_around_every_visit(watched: Watched) -> None:
    def around() -> tuple[tuple[bytes, bytes], tuple[bytes, bytes]]:
        before = watched.seen()
        visits(watched)
        return before, watched.seen()

    before, after = within_one_hour(around)
    assert after == before


def test_a_feed_made_as_ours_does_not_show_a_visit(watched: Watched) -> None:
    assert not differs(watched, honest)


def test_a_feed_stays_the_same_bytes_while_hours_change_around_visits(watched: Watched) -> None:
    """Else the new hours stood in it but for the times beside what was taken since the list."""
    before = watched.feed()
    assert not differs(watched, honest, visits_and_new_hours)
    assert watched.feed() == before


def test_the_next_list_shows_the_new_hours_and_their_feed(watched: Watched) -> None:
    before = watched.feed()
    visits_and_new_hours(watched)
    watched.publish()
    assert watched.feed() != before


def test_a_planted_feed_that_asks_which_slots_there_are_is_caught_when_hours_change(watched: Watched) -> None:
    assert differs(watched, asks_which_slots_there_are, visits_and_new_hours)


def test_a_planted_feed_that_asks_the_slots_is_caught(watched: Watched) -> None:
    assert differs(watched, asks_the_slots)


def test_a_planted_list_that_asks_the_slots_is_caught(watched: Watched) -> None:
    before = watched.seen()
    visits(watched)
    watched.publish()
    assert watched.seen()[1] != before[1]


def test_the_next_list_turns_what_was_taken_busy_whoever_took_it(watched: Watched) -> None:
    """Visitors' times, a decoy's and one that Ola's calendar took look alike."""
    visits(watched)
    world, now = watched.world, clock.now()
    with world.stores.desk.reading() as desk:
        taken = {named(slot.id) for slot in store.taken_of(desk, world.ombuds)}
        free = [slot for slot in store.free_slots(desk) if slot.starts > now + DAY]
    with world.stores.desk.writing() as desk:
        busy = _busy(free[-1].starts, now)
        elsewhere.keep(desk, world.ombuds, busy, settings=world.settings, now=now)
    watched.publish()
    shown = read_by_ics(watched.feed())
    assert {uid for uid, *_ in shown} >= taken | {named(free[-1].id)}
    assert {title for _, title, *_ in shown} == {"Busy"}
    listed = {named(offer.id) for offer in watched.publication.items}
    assert listed
    assert listed.isdisjoint(uid for uid, *_ in shown)


def named(slot: bytes) -> str:
    """As the feed calls it."""
    return f"{slot.hex()}@times"


def _busy(starts: datetime, now: datetime) -> elsewhere.BusyMap:
    found = elsewhere.BusyMap(now.date())
    found.mark(starts, starts + timedelta(minutes=5))
    return found


def test_a_feed_is_dated_by_nothing(watched: Watched) -> None:
    answer = watched.browser.get(f"/feed/calendar/{watched.token}.ics")
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"ETag", "Last-Modified", "Expires", "Set-Cookie"}.isdisjoint(answer.headers.keys())
    assert answer.mimetype == "text/calendar"
    assert value("DTSTAMP", answer.data) == value("DTSTART", answer.data)


def test_a_token_that_opens_nothing_is_answered_as_any_page_that_is_not_there(watched: Watched) -> None:
    world = watched.world
    old = watched.token
    with world.stores.keys.writing() as keys:
        watched.token = elsewhere.new_feed(keys, world.ombuds, settings=world.settings)
    wanted = watched.browser.get("/feed/nothing")
    for token in (old, "x", "0" * 32, old.upper()):
        answer = watched.browser.get(f"/feed/calendar/{token}.ics")
        assert (answer.status_code, answer.data) == (404, wanted.data)
    assert watched.feed()
    with world.stores.keys.writing() as keys:
        elsewhere.stop_feed(keys, world.ombuds)
    assert watched.browser.get(f"/feed/calendar/{watched.token}.ics").status_code == 404


def test_asking_changes_no_byte_and_leaves_no_line(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    before = take(watched.world.instance)
    for path in (f"/feed/calendar/{watched.token}.ics", "/feed/calendar/none.ics"):
        for method in ("GET", "HEAD"):
            assert watched.browser.open(path, method=method).status_code in {200, 404}
    assert watched.browser.post(f"/feed/calendar/{watched.token}.ics", data={"a": "b"}).status_code == 405
    assert take(watched.world.instance) == before
    assert caplog.text == ""


def test_the_token_stands_nowhere_on_the_disk(watched: Watched) -> None:
    assert all(watched.token.encode() not in body for body in take(watched.world.instance).values())


def test_a_mode_of_nobody_is_in_the_feed(watched: Watched) -> None:
    for mode in Mode:
        assert mode.value.encode() not in watched.feed()
