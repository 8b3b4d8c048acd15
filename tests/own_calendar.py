"""A calendar of Ola's own, on a server on loopback that the office is allowed to ask."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from socket import socket
from threading import enumerate as running

from tests.busy.servers import Place, saying, serving
from tests.cast import World, change_settings

Span = tuple[datetime, datetime]
#: What stands in it beside the times, and must get no further than the child process.
TITLE = "Vera Lind, about her supervisor"


@dataclass
class OwnCalendar:
    """What is busy in it, and with what status its server answers."""

    place: Place
    busy: list[Span] = field(default_factory=list)
    status: str = "200 OK"

    @property
    def url(self) -> str:
        return self.place.url()

    @property
    def asked(self) -> int:
        return len(self.place.asked)


@contextmanager
def own_calendar() -> Iterator[OwnCalendar]:
    found: list[OwnCalendar] = []

    def answer(line: socket) -> None:
        """As it is at the moment of asking."""
        saying(found[0].status, written(found[0].busy))(line)

    with serving(answer) as place:
        found.append(OwnCalendar(place))
        yield found[0]


def written(busy: list[Span]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ola//EN"]
    for number, (starts, ends) in enumerate(busy):
        lines += ["BEGIN:VEVENT", f"UID:{number}@calendar.example", f"SUMMARY:{TITLE}", f"DTSTAMP:{_utc(starts)}"]
        lines += [f"DTSTART:{_utc(starts)}", f"DTEND:{_utc(ends)}", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def allow(world: World, calendar: OwnCalendar) -> None:
    """The operator lists the host."""
    change_settings(world.instance, allow=f'allow = ["{calendar.place.allowed[0]}"]')
    world.refresh()


def wait_for_the_round() -> None:
    """Until the thread that reads calendars is done."""
    until = time.monotonic() + 60
    while any(thread.name == "calendars" for thread in running()):
        assert time.monotonic() < until
        time.sleep(0.02)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
