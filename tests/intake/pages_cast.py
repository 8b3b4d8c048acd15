"""What a visitor reads on a page, whatever its wording, and a time that nobody has taken."""

import html
import re
from dataclasses import replace
from datetime import time, timedelta
from itertools import pairwise

from portal import clock
from portal.scheduling import opening
from portal.scheduling.rules import Mode, Offer, WeeklyRange
from tests.cast import EVERY_DAY, PRACTICE, Server, World
from tests.intake.sealed import taken_slots, times
from tests.visiting import Answer, fields_of

#: What only one kind of page has, the more special first.
_SIGNS = {
    "receipt": 'class="words"',
    "confirm": 'name="sure"',
    "matter": 'name="action" value="erase"',
    "form": 'name="proof"',
    "words": 'name="words"',
    "times": 'class="modes"',
    "sent": "<time datetime=",
    "ended": 'class="button" href="/leave"',
}


def kind(answer: Answer) -> str:
    """Which page this is, by what can be done on it."""
    return next((name for name, sign in _SIGNS.items() if sign in answer.body), "none of them")


def text_of(answer: Answer) -> str:
    """A page as text: no tags, no folded space."""
    bare = re.sub(r"(?s)<!--.*?-->|<[^>]+>", " ", answer.body)
    return " ".join(html.unescape(bare).split())


def problems(answer: Answer) -> list[str]:
    """The sentences about what is wrong: the page's own, then those beside the fields."""
    box = re.search(r'(?s)<section class="problem".*?</section>', answer.body)
    own = re.findall(r"(?s)<p[^>]*>(.*?)</p>", box.group(0)) if box else []
    beside = re.findall(r'(?s)<p class="wrong"[^>]*>(.*?)</p>', answer.body)
    return [" ".join(html.unescape(each).split()) for each in (*own, *beside)]


def values_of(answer: Answer) -> dict[str, str]:
    return dict(fields_of(answer.body))


#: How the times of the last day that is open are met.
SPECIAL = ((Mode.phone,), (Mode.video, Mode.in_person), (Mode.video,))
#: Of a week of 56 times it leaves one that needs a code.
NEARLY_ALL = 98
#: Times that a test was given; one that was cancelled rests until the next list, so no other test gets it.
_GIVEN: set[bytes] = set()


def open_special_times(world: World) -> None:
    """As their ombuds does it: hours of their own on one date, and some times for people with a code."""
    last = world.offers()[-1].starts.astimezone(world.settings.zone).date()
    special = [WeeklyRange(last.weekday(), time(9 + n), time(10 + n), modes) for n, modes in enumerate(SPECIAL)]
    with world.stores.desk.writing() as desk:
        opening.set_hours(desk, world.ombuds, EVERY_DAY, replace(PRACTICE, without_code=NEARLY_ALL))
        opening.set_date(desk, world.ombuds, last, special)
        opening.open_slots(desk, world.settings, clock.now(), world.ombuds)
    world.refresh()


def free(office: Server, count: int = 1) -> list[Offer]:
    """Published times that nobody has taken and no other test has touched."""
    usable = _usable(office)[:count]
    assert len(usable) == count, "the tests of this module need more times"
    _GIVEN.update(each.id for each in usable)
    return usable


def neighbours(office: Server) -> tuple[Offer, Offer]:
    """Two such times, one right after the other, so that each is among the nearest of the other's."""
    one, other = next(
        (a, b) for a, b in pairwise(_usable(office)) if b.starts - a.starts == timedelta(minutes=a.minutes)
    )
    _GIVEN.update((one.id, other.id))
    return one, other


def _usable(office: Server) -> list[Offer]:
    ordinary = [each for each in times(office.world) if not each.proof_needed and len(each.modes) == len(Mode)]
    return [each for each in ordinary if each.id not in _GIVEN | taken_slots(office.world)]


def special(office: Server) -> list[Offer]:
    """By phone only; by video or in person; by video only; with a code only."""
    offers = times(office.world)
    by_way = [next(each for each in offers if set(each.modes) == set(modes)) for modes in SPECIAL]
    return [*by_way, next(each for each in offers if each.proof_needed)]


def keys(offers: list[Offer]) -> list[str]:
    return [offer.key for offer in offers]
