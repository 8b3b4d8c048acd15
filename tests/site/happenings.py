"""Events for tests: a talk that Eve plans, and the way into the store."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.site import events
from portal.site.event_rules import Facts, as_markdown
from tests.cast import World

DUBLIN = ZoneInfo("Europe/Dublin")
NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
_AT_TWO = datetime.fromisoformat("2027-10-12T14:00")
TALK = Facts(_AT_TWO, _AT_TWO + timedelta(hours=1), "Hall 2", "https://video.example.org/talk")
KEY = "00112233445566aa"


def plan(
    world: World, facts: Facts, title: str = "A talk", text: str = "Come in.", *, key: str = KEY, lang: str = "en"
) -> events.Event:
    """Put an event into the store, in the zone of the office."""
    with world.stores.site.writing() as site:
        found = events.standing(site, key, lang)
        done = events.keep(
            site, key, facts, lang, as_markdown(title, text), mark=found.mark, zone=world.settings.zone, now=NOW
        )
    assert isinstance(done, events.Standing)
    return events.made(key, facts, world.settings.zone)


def on(day: date, hour: int = 14, **changes: str) -> Facts:
    """The talk, on another day."""
    starts = datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - a clock on the wall
    return replace(TALK, starts=starts, ends=starts + timedelta(hours=1), **changes)
