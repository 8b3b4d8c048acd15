"""Ombuds' own calendars: whether they are still read, and whether this machine can read one at all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.busy.asking import Question, ask
from portal.busy.problems import Problem
from portal.config import SETTINGS_FILE, Settings
from portal.db import Stores
from portal.doctor.finding import Finding, remark
from portal.office import service as office
from portal.scheduling import elsewhere

_SILENCE = timedelta(days=1)
#: No address, so that nobody is asked: the child process has to start, to understand and to answer.
_NOWHERE = ""


@dataclass(frozen=True)
class Connected:
    """Whose calendar it is, by name, and when it was read last."""

    name: str
    read_at: datetime | None


def read_calendars(stores: Stores, settings: Settings) -> list[Connected]:
    """Of the addresses nothing is kept or said."""
    with stores.desk.reading() as desk, stores.keys.reading() as keys:
        names = {key: name for key, name, _public, _admitted in office.colleagues(desk)}
        last = elsewhere.last_read(desk, settings)
        people = elsewhere.addresses(keys, settings)
        found = [Connected(names[key], last[key].at if key in last else None) for key in people if key in names]
    return sorted(found, key=lambda each: each.name)


def findings(settings: Settings, connected: Iterable[Connected], now: datetime) -> Iterator[Finding]:
    people = list(connected)
    if settings.calendar_hosts:
        count = len(settings.calendar_hosts)
        yield remark(
            f"calendars.allow names {count} host{'s' if count > 1 else ''} that the server asks for calendars although "
            "they may be on the inside, and without TLS if an ombuds types it so.",
            f"Keep in {SETTINGS_FILE} only what an ombuds needs.",
        )
    for each in people:
        if each.read_at is None or now - each.read_at > _SILENCE:
            since = f"since {each.read_at:%Y-%m-%d}" if each.read_at else "at all"
            yield Finding(
                f"The calendar of {each.name} was not read {since}: what came into it later blocks no time.",
                "See that the server runs and may reach calendars (IPAddressDeny in its unit). Then ask the ombuds to "
                "look at /desk/calendar, which says what is wrong.",
            )
    if people or settings.calendar_hosts:
        yield from about_children()


def about_children() -> Iterator[Finding]:
    """Whether the process that reads calendars starts here, as the user of this command."""
    try:
        found = ask(Question(_NOWHERE, (), date.min, "UTC"))
        why = "" if found is Problem.address else "it gave no answer"
    except OSError as error:
        why = type(error).__name__
    if why:
        yield Finding(
            f"The process that reads calendars cannot run here ({why}): no calendar is read.",
            "Look for free memory (75 MB), a limit of processes, and a rule that forbids programs in the portal's own "
            "folder.",
        )
