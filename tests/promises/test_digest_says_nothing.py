"""P4: the daily mail is the same whoever came; two offices live the same days, and only one of them is visited."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from portal import clock
from portal.digest import Digest
from portal.intake.service import Receipt
from portal.pulse import Pulse
from portal.volatile import Publication, Volatile
from tests.cast import MEI, TOMAS, VERA, World
from tests.intake.sealed import used_lockers
from tests.post_office import NULL_SENDER, OLA, OTTO, Mail, post_office, switch_on, wait_for_the_post

DAYS = 3
DAY, BEAT = timedelta(days=1), timedelta(minutes=20)
#: Minutes of each day at which the pulse beats.
BEATS = (0, 440, 460, 480, 500)
VISITS = {1: (VERA,), 2: (TOMAS, MEI)}
TELLING = ("Reply-To", "Received", "User-Agent", "X-Mailer", "Return-Path", "Sender", "Cc", "Bcc")
#: One mail as it was brought, and the moment on the stepped clock.
Brought = tuple[datetime, Mail]
Make = Callable[[World], Digest]


def live(world: World, *, is_visited: bool, make: Make | None = None) -> list[Brought]:
    """Some days on a stepped clock, the pulse beating by hand; in one office visitors book before two of them."""
    with post_office() as post:
        switch_on(world, post.port, OLA, OTTO)
        begin = clock.now().replace(hour=0, minute=0, second=0) + DAY
        pulse = Pulse(world.stores, Volatile(), world.settings, begin)
        if make is not None:
            pulse._digest = make(world)
        brought: list[Brought] = []
        for day in range(DAYS):
            for visitor in VISITS.get(day, ()) if is_visited else ():
                assert isinstance(world.book(visitor, message="Soon"), Receipt)
                world.publication = Publication()
            for minute in BEATS:
                now = begin + day * DAY + timedelta(minutes=minute)
                pulse.beat(now)
                wait_for_the_post()
                brought += [(now, mail) for mail in post.mails[len(brought) :]]
    assert len(used_lockers(world)) == (3 if is_visited else 0)
    return brought


def tells(quiet: list[Brought], visited: list[Brought]) -> list[str]:
    """What an administrator of the mail server sees of the visits, or could come to see."""
    found = []
    if len(quiet) != DAYS * 2 or len({(now, mail.to) for now, mail in quiet}) != DAYS * 2:
        found.append("not one mail a day for each address")
    if quiet != visited:
        found.append("the mails of the visited office are others")
    for _, mail in quiet + visited:
        found += [name for name in TELLING if mail.header(name)]
        found += ["the sender"] * (mail.sender != NULL_SENDER)
        found += ["a moment"] * (not re.search(" 07:30:00 ", mail.header("Date") or ""))
        found += ["a link"] * (b"://" in mail.content)
    if len({(mail.to, mail.without_its_day) for _, mail in quiet + visited}) != 2:
        found.append("one day's bytes are not another's")
    return found


@pytest.fixture
def offices(first_world: World, tmp_path: Path) -> tuple[World, World]:
    return first_world.copy(tmp_path / "quiet"), first_world.copy(tmp_path / "visited")


def both(offices: tuple[World, World], make: Make | None = None) -> tuple[list[Brought], list[Brought]]:
    quiet, visited = offices
    return live(quiet, is_visited=False, make=make), live(visited, is_visited=True, make=make)


def test_the_mails_are_the_same_to_the_byte_and_the_moment(offices: tuple[World, World]) -> None:
    """The clock is stepped; bookings, stores and the mail server are real."""
    quiet, visited = both(offices)

    assert tells(quiet, visited) == []
    assert len({mail.content for _, mail in quiet}) == DAYS * 2, "the day stands in each"


def waiting_in(world: World) -> int:
    with world.stores.desk.reading() as desk:
        return int(desk.scalar(text("SELECT count(*) FROM locker WHERE state = 9")) or 0)


class Leaky(Digest):
    """A digest that was given the stores."""

    def __init__(self, world: World) -> None:
        super().__init__(world.settings.digest, world.settings.zone)
        self.world = world


class Counting(Leaky):
    def mail(self, address: str, due: datetime) -> bytes:
        news = f"Please open your desk: {waiting_in(self.world)} are new.".encode()
        return super().mail(address, due).replace(b"Please open your desk.", news)


class NewsOnly(Leaky):
    def send_if_due(self, now: datetime) -> None:
        if waiting_in(self.world):
            super().send_if_due(now)


class Later(Leaky):
    """With news it comes at the next beat."""

    def send_if_due(self, now: datetime) -> None:
        super().send_if_due(now - BEAT if waiting_in(self.world) else now)


class Marked(Leaky):
    def mail(self, address: str, due: datetime) -> bytes:
        return f"X-Mailer: {waiting_in(self.world) > 0}\r\n".encode() + super().mail(address, due)


class Answerable(Leaky):
    def mail(self, address: str, due: datetime) -> bytes:
        return b"Reply-To: ombuds@example.org\r\n" + super().mail(address, due)


class OfTheMoment(Leaky):
    def mail(self, address: str, due: datetime) -> bytes:
        return super().mail(address, due + timedelta(seconds=7))


@pytest.mark.parametrize("leak", [Counting, NewsOnly, Later, Marked, Answerable, OfTheMoment])
def test_a_planted_digest_that_tells_shows(leak: Make, offices: tuple[World, World]) -> None:
    assert tells(*both(offices, leak))
