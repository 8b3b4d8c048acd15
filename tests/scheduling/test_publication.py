from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from portal.config import Settings
from portal.db import Store
from portal.scheduling import opening, service
from portal.scheduling.rules import Mode, Offer, WeeklyRange, last_publication, next_publication
from portal.scheduling.service import AllGone, Taken
from portal.volatile import Publication
from tests.scheduling.calendar_cast import (
    MILL,
    MONDAY,
    MORNINGS,
    NAMES,
    OLA,
    OTTO,
    PRACTICE,
    at,
    make_settings,
    new_store,
)

TUESDAY_MORNING = at("2026-06-02T06:00")
CHICAGO = ZoneInfo("America/Chicago")


class Office:
    """An office as its visitors meet it: a store, a list of times, and an hour."""

    def __init__(self, opened: Store, settings: Settings) -> None:
        self.store, self.settings, self.publication, self.now = opened, settings, Publication[Offer](), MONDAY

    def published(self, now: datetime | None = None) -> list[Offer]:
        self.now = now or self.now
        with self.store.reading() as desk:
            return list(service.published(desk, self.publication, NAMES, settings=self.settings, now=self.now))

    def take(self, offer: Offer) -> object:
        with self.store.writing() as desk:
            return service.take(
                desk,
                [offer],
                Mode.video,
                has_proof=False,
                settings=self.settings,
                now=self.now,
                resting=self.publication.resting,
            )

    def give_back(self, offer: Offer) -> None:
        with self.store.writing() as desk:
            service.give_back(desk, offer.id, self.publication)

    def near(self, gone: Offer) -> list[Offer]:
        return service.near(self.published(), [gone.id], gone.starts, Mode.video)

    def open(self, ombuds: bytes, hours: list[WeeklyRange]) -> None:
        with self.store.writing() as desk:
            opening.put_place(desk, MILL)
            opening.set_hours(desk, ombuds, hours, PRACTICE)
            opening.open_slots(desk, self.settings, self.now, ombuds)


@pytest.fixture
def office(opened: Store, settings: Settings) -> Office:
    return Office(opened, settings)


@pytest.mark.usefixtures("server_zone")
def test_the_list_comes_in_order_of_time_with_all_that_may_be_known(office: Office) -> None:
    offers = office.published()
    assert len(offers) == 26
    assert offers == sorted(offers, key=lambda offer: offer.starts)
    assert offers[0].starts == at("2026-06-02T10:00")
    assert (offers[0].ombuds_name, offers[0].modes) == ("Ola", (Mode.video, Mode.in_person))
    assert offers[0].place is not None
    assert (offers[0].place.name, offers[0].proof_needed) == ("The old mill", False)


def test_the_door_is_not_on_the_list(office: Office) -> None:
    assert MILL.door not in repr(office.published())
    assert MILL.directions not in repr(office.published())


def test_a_taken_time_stays_listed_until_the_next_publication(office: Office) -> None:
    theirs = office.published()[8]
    assert isinstance(office.take(theirs), Taken)
    assert theirs in office.published()
    assert theirs in office.published(TUESDAY_MORNING - timedelta(seconds=1))
    assert theirs not in office.published(TUESDAY_MORNING)


def test_a_time_given_back_returns_only_with_the_next_publication(office: Office) -> None:
    theirs = office.published()[8]
    office.take(theirs)
    office.published(TUESDAY_MORNING)
    office.give_back(theirs)
    assert theirs not in office.published(TUESDAY_MORNING + timedelta(hours=23))
    assert theirs in office.published(TUESDAY_MORNING + timedelta(days=1))


def test_a_time_given_back_cannot_be_taken_before_it_is_published_again(office: Office) -> None:
    theirs = office.published()[8]
    office.take(theirs)
    office.give_back(theirs)
    assert office.take(theirs) == AllGone()
    assert theirs not in office.near(theirs)
    office.published(TUESDAY_MORNING)
    assert isinstance(office.take(theirs), Taken)


def test_times_that_came_too_near_disappear_at_once(office: Office) -> None:
    first, second, *_ = office.published()
    at_ten = first.starts - timedelta(hours=24)
    assert office.published(at_ten)[0] == first
    assert office.published(at_ten + timedelta(seconds=1))[0] == second


def test_new_hours_are_seen_from_the_next_publication_on(office: Office) -> None:
    before = office.published()
    office.open(OTTO, [WeeklyRange(3, time(15), time(16))])
    assert office.published() == before
    assert {offer.ombuds_name for offer in office.published(TUESDAY_MORNING)} == {"Ola", "Otto"}


def test_a_new_office_need_not_wait_for_the_next_publication(desk_store: Store, settings: Settings) -> None:
    office = Office(desk_store, settings)
    assert not office.published()
    office.open(OLA, MORNINGS)
    assert len(office.published()) == 26


def test_in_a_full_office_a_time_given_back_still_waits(desk_store: Store, settings: Settings) -> None:
    office = Office(desk_store, settings)
    office.open(OLA, [WeeklyRange(3, time(15), time(16))])
    for offer in office.published():
        office.take(offer)
    theirs = office.published()[-1]
    assert office.published(TUESDAY_MORNING) == []
    office.give_back(theirs)
    assert office.published() == []
    assert office.published(TUESDAY_MORNING + timedelta(days=1)) == [theirs]


def test_a_clock_that_is_set_back_publishes_nothing(office: Office) -> None:
    theirs = office.published(TUESDAY_MORNING)[8]
    office.take(theirs)
    assert theirs in office.published(MONDAY)


def test_an_ombuds_who_cannot_be_booked_is_not_listed(office: Office) -> None:
    with office.store.reading() as desk:
        offers = service.published(desk, office.publication, {OTTO: "Otto"}, settings=office.settings, now=MONDAY)
    assert not offers


def test_the_times_nearest_to_the_one_that_is_gone_are_proposed(office: Office) -> None:
    offers = office.published()
    assert office.near(offers[4]) == [offers[n] for n in (1, 2, 3, 5, 6)]


def test_what_is_proposed_does_not_tell_which_times_were_just_taken(office: Office) -> None:
    offers = office.published()
    before = office.near(offers[4])
    office.take(offers[3])
    assert office.near(offers[4]) == before


def test_a_visitor_without_a_code_is_proposed_nothing_that_needs_one(office: Office) -> None:
    offers = office.published()
    guarded = [Offer(**vars(offer) | {"proof_needed": True}) for offer in offers]
    gone = offers[0]
    assert service.near(guarded, [], gone.starts, Mode.video, has_proof=False) == []
    assert len(service.near(guarded, [], gone.starts, Mode.video, has_proof=True)) == 5
    assert service.near(guarded, [], gone.starts, Mode.phone) == []


@pytest.mark.parametrize(
    ("now", "last", "following"),
    [
        ("2026-06-01T05:59", "2026-05-31T18:00", "2026-06-01T06:00"),
        ("2026-06-01T06:00", "2026-06-01T06:00", "2026-06-01T18:00"),
        ("2026-06-01T23:30", "2026-06-01T18:00", "2026-06-02T06:00"),
        ("2026-11-01T00:30", "2026-10-31T18:00", "2026-11-01T06:00"),
    ],
)
@pytest.mark.usefixtures("server_zone")
def test_the_list_is_published_at_local_hours(now: str, last: str, following: str) -> None:
    hours, moment = (time(6), time(18)), at(now, CHICAGO)
    assert last_publication(moment, hours, CHICAGO) == at(last, CHICAGO)
    assert next_publication(moment, hours, CHICAGO) == at(following, CHICAGO)


@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"], ids=["spring", "autumn"])
def test_on_the_day_of_a_clock_change_the_list_is_published_once(day: str) -> None:
    midnight = at(f"{day}T00:00", CHICAGO)
    minutes = [midnight + timedelta(minutes=n) for n in range(24 * 60)]
    hours = {last_publication(minute, (time(1, 30), time(2, 30)), CHICAGO) for minute in minutes}
    assert len(hours) == 3


visits = st.lists(
    st.tuples(st.sampled_from(["take", "give back", "wait"]), st.integers(0, 40), st.integers(1, 30)), max_size=15
)


@tried(deadline=None, max_examples=25)
@given(visits)
def test_every_published_time_can_be_taken_unless_it_was_taken_since(visits: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory() as folder:
        office = Office(new_store(Path(folder)), make_settings(Path(folder)))
        office.open(OLA, MORNINGS)
        taken: dict[bytes, Offer] = {}
        since_publication: set[bytes] = set()
        for act, number, hours in visits:
            before = last_publication(office.now, office.settings.publish_at, office.settings.zone)
            offers = office.published(office.now + timedelta(hours=hours) if act == "wait" else None)
            if last_publication(office.now, office.settings.publish_at, office.settings.zone) > before:
                since_publication = set()
            if act == "give back" and taken:
                office.give_back(taken.pop(sorted(taken)[number % len(taken)]))
            if act == "take" and offers:
                wanted = offers[number % len(offers)]
                answer = office.take(wanted)
                assert isinstance(answer, Taken) == (wanted.id not in since_publication)
                since_publication.add(wanted.id)
                if isinstance(answer, Taken):
                    taken[wanted.id] = wanted
        office.store.engine.dispose()


def test_the_hour_of_publication_is_an_instant_in_utc(settings: Settings) -> None:
    assert last_publication(MONDAY, settings.publish_at, settings.zone) == datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


def test_a_visitors_choices_come_back_in_their_order_taken_or_not(office: Office) -> None:
    first, second, third = office.published()[:3]
    office.take(second)
    ids = [third.id, second.id, b"never-there-16by", first.id]
    assert service.chosen(office.published(), ids) == [third, second, first]


def test_changed_hours_do_not_show_which_times_were_taken(office: Office) -> None:
    taken, free = office.published()[:2]
    office.take(taken)
    with office.store.writing() as desk:
        opening.put_place(desk, MILL)
        opening.set_hours(desk, OLA, [], PRACTICE)
        opening.open_slots(desk, office.settings, office.now, OLA)
    for published in (office.published(), office.published(TUESDAY_MORNING)):
        listed = [bool(service.chosen(published, [each.id])) for each in (taken, free)]
        assert listed[0] == listed[1]
    assert office.take(taken) == office.take(free)
