"""How the queue is arranged: who waits, then the days, then what is left to settle."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.desk.moving import Stranded, find_stranded
from portal.intake.permissions import waits_for_ombuds
from portal.intake.rules import Matter, Meeting, State

#: So long before its end a matter is asked about, so long it is kept then, and so long it rests before it may close.
SOON, LONGER, QUIET = timedelta(days=14), timedelta(days=31), timedelta(days=7)
_LAST_WEEKDAY, _DAY = 6, timedelta(days=1)


@dataclass(frozen=True)
class QueueLine:
    """One matter, or one meeting of it; a tampered one has only its key."""

    key: str
    starts: datetime | None = None
    minutes: int = 0
    mode: str = "write"
    topic: str = ""
    level: str = ""
    call_name: str = ""
    state: str = ""
    ends: date | None = None


@dataclass(frozen=True)
class PermissionLine:
    """One permission with which somebody can still do something."""

    key: str
    call_name: str
    standing: str
    until: date


@dataclass(frozen=True)
class Queue:
    """What an ombuds reads on a morning, in this order; a matter may stand in several lists, and stands in one."""

    tampered: list[QueueLine]
    waiting: list[QueueLine]
    stranded: list[Stranded]
    today: list[QueueLine]
    tomorrow: list[QueueLine]
    week: list[QueueLine]
    later: list[QueueLine]
    proposed: list[QueueLine]
    permissions: list[PermissionLine]
    to_close: list[QueueLine]
    ends_soon: list[QueueLine]
    past: list[QueueLine]
    others: list[QueueLine]

    @property
    def coming(self) -> list[QueueLine]:
        return [*self.today, *self.tomorrow, *self.week, *self.later]


@dataclass(frozen=True)
class Morning:
    """The moment of a look, where the office is, and how many days a matter lives after the last thing happened."""

    now: datetime
    zone: ZoneInfo
    keep_days: int

    @property
    def today(self) -> date:
        return self.day(self.now)

    @property
    def last_of_week(self) -> date:
        return self.today + timedelta(days=_LAST_WEEKDAY - self.today.weekday())

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def is_over(self, meeting: Meeting) -> bool:
        return meeting.ends <= self.now


Matters = Mapping[str, Matter]
_WORTH_A_LINE = {State.BOOKED, State.CANCELLED}


def arrange(matters: Matters, tampered: Iterable[str], morning: Morning) -> Queue:
    """Sort matters, by the key of their locker, into the lists of a queue."""
    today, coming = morning.today, _meetings(matters, _WORTH_A_LINE, morning, over=False)
    tomorrow, last = today + _DAY, max(morning.last_of_week, today + _DAY)
    found = Queue(
        tampered=[QueueLine(key) for key in tampered],
        waiting=_waiting(matters, today),
        stranded=find_stranded(matters, morning.now),
        today=_between(coming, date.min, today, morning),
        tomorrow=_between(coming, tomorrow, tomorrow, morning),
        week=_between(coming, tomorrow + _DAY, last, morning),
        later=_between(coming, last + _DAY, date.max, morning),
        proposed=_meetings(matters, {State.PROPOSED}, morning, over=False),
        permissions=_permissions(matters, today),
        to_close=[line(key, each) for key, each in matters.items() if is_settled(each, morning)],
        ends_soon=sorted(
            (line(key, each) for key, each in matters.items() if is_ending(each, today)),
            key=lambda each: each.ends or date.min,
        ),
        past=_meetings(matters, {State.BOOKED}, morning, over=True),
        others=[],
    )
    seen = {each.key for name, lines in vars(found).items() if name != "stranded" for each in lines}
    found.others.extend(line(key, each) for key, each in matters.items() if key not in seen)
    return found


def line(key: str, matter: Matter, meeting: Meeting | None = None) -> QueueLine:
    """One line, for one of its meetings or for the one that counts now; without any it is a matter in writing."""
    bare = QueueLine(
        key, topic=matter.stub.topic, level=matter.level, call_name=matter.stub.call_name, ends=matter.ends
    )
    shown = meeting or matter.meeting
    if shown is None:
        return bare
    values = {"starts": shown.starts, "minutes": shown.minutes, "mode": shown.mode, "state": shown.state.value}
    return QueueLine(**vars(bare) | values)


def is_waiting(matter: Matter, today: date) -> bool:
    """Whether it is the ombuds' turn: the last word is the visitor's, or they want other terms of a permission."""
    # Who comes in writing said the first word in the form, where it is no message yet.
    is_unread = not matter.meetings and not matter.messages and not matter.by_desk
    return matter.is_waiting_for_ombuds or waits_for_ombuds(matter, today) or is_unread


def is_ending(matter: Matter, today: date) -> bool:
    """Whether it ends soon enough to ask if it should."""
    return matter.ends <= today + SOON


def is_settled(matter: Matter, morning: Morning) -> bool:
    """Whether a matter may be closed: nothing comes, nothing is open, nobody waits, and all of that for a week.

    A matter ends so many days after the last thing that happened in it; that is how long it has been quiet.
    """
    is_held = any(
        each.state is State.BOOKED or (each.state is State.PROPOSED and not morning.is_over(each))
        for each in matter.meetings
    )
    is_open = any(each.is_open(morning.today) for each in matter.permissions)
    quiet_since = matter.ends - timedelta(days=morning.keep_days)
    is_quiet = quiet_since + QUIET <= morning.today
    return is_quiet and not is_held and not is_open and not is_waiting(matter, morning.today)


def on_day(matters: Matters, day: date, morning: Morning) -> list[tuple[Matter, Meeting]]:
    """What is booked on one day at the office, in order of time."""
    found = [
        (matter, each)
        for matter in matters.values()
        for each in matter.meetings
        if each.state is State.BOOKED and morning.day(each.starts) == day
    ]
    return sorted(found, key=lambda pair: pair[1].starts)


def _meetings(matters: Matters, states: set[State], morning: Morning, *, over: bool) -> list[QueueLine]:
    """A line for each meeting, in order of time."""
    found = [
        (each.starts, line(key, matter, each))
        for key, matter in matters.items()
        for each in matter.meetings
        if each.state in states and morning.is_over(each) == over
    ]
    return [each for _starts, each in sorted(found, key=lambda pair: pair[0])]


def _between(lines: list[QueueLine], first: date, last: date, morning: Morning) -> list[QueueLine]:
    return [each for each in lines if each.starts and first <= morning.day(each.starts) <= last]


def _waiting(matters: Matters, today: date) -> list[QueueLine]:
    """Whoever waits longest stands first."""
    found = [(key, matter) for key, matter in matters.items() if is_waiting(matter, today)]
    found.sort(key=lambda pair: _last_word(pair[1]))
    return [line(key, matter) for key, matter in found]


def _last_word(matter: Matter) -> datetime:
    return matter.messages[-1].written if matter.messages else datetime.min.replace(tzinfo=UTC)


def _permissions(matters: Matters, today: date) -> list[PermissionLine]:
    """The one that ends first stands first."""
    found = [
        PermissionLine(key, matter.stub.call_name, each.standing.value, each.terms.until)
        for key, matter in matters.items()
        for each in matter.permissions
        if each.is_open(today)
    ]
    return sorted(found, key=lambda each: each.until)
