"""What a matter is, and how it changes."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.intake.permissions import Permission, Turn

#: Older ones are forgotten: a matter is one box, and its story is the ombuds' to remember.
MOST_MEETINGS = 8
_DAY = timedelta(days=1)


class Share(StrEnum):
    """What the visitor lets the ombuds know."""

    NOTHING = "nothing"
    PROFILE = "profile"
    NAME = "name"


class State(StrEnum):
    """What became of a meeting. A proposed one waits for its visitor; its time is taken so that nobody else gets it."""

    BOOKED = "booked"
    PROPOSED = "proposed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    CALLED_OFF = "called off"
    MET = "met"
    MISSED = "missed"


#: In these a meeting holds its time.
HOLDING = frozenset({State.BOOKED, State.PROPOSED})


@dataclass(frozen=True)
class Venue:
    """Where it happens, as the ombuds wrote it: name and access are public, door and directions are for the receipt."""

    name: str = ""
    access: str = ""
    door: str = ""
    directions: str = ""


@dataclass(frozen=True)
class Meeting:
    """One appointment; `starts` is aware and in UTC.

    `slot` is empty for a time that was never on the list; `uid` (32 hexadecimal digits, random) names the meeting on
    pages; the one in calendar files is made of it. Proposals with the same `choice` (hexadecimal) are ways to one
    meeting.
    """

    slot: bytes
    starts: datetime
    minutes: int
    mode: str
    state: State = State.BOOKED
    venue: Venue = Venue()
    uid: str = ""
    choice: str = ""

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)


@dataclass(frozen=True, repr=False)
class Stub:
    """What the visitor chose to say; `has_address` when an address was typed, whether or not it is on the roster."""

    share: Share
    topic: str = ""
    message: str = ""
    call_name: str = ""
    needs: str = ""
    people: int = 1
    contact: str = ""
    has_address: bool = True


class By(StrEnum):
    """Who wrote a message."""

    VISITOR = "visitor"
    OMBUDS = "ombuds"


@dataclass(frozen=True, repr=False)
class Message:
    """One message; `id` (hexadecimal) is that of the form it was typed into, so that a form sent twice says it once."""

    id: str
    by: By
    written: datetime
    text: str


@dataclass(frozen=True, repr=False)
class RosterCopy:
    """The allowed roster parts, still locked, and the import's key, sealed to the office; empty ones are not shared."""

    import_id: str = ""
    sealed_key: bytes = b""
    group: bytes = b""
    attributes: bytes = b""
    identity: bytes = b""


class About(StrEnum):
    """What a note from a visitor is; one without a text holds answers to the four questions alone."""

    EXPERIENCE = "experience"
    QUESTION = "question"
    WISH = "wish"
    SURVEY = "survey"


@dataclass(frozen=True, repr=False)
class Remark:
    """A note that somebody left without a visit: what it is, the text, and an answer to each question, or none."""

    about: About
    said: str = ""
    heard: str = ""
    easy: str = ""
    felt: str = ""
    without: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)
class Matter:
    """Everything about one matter. There are no other records of it.

    `version` grows by one with every change; `ends` is the exact day on which it is destroyed; `pair` (32 bytes) is the
    key that both sides share; `lookup` (16 bytes) is how the six words find it; `room` names the video room; `by_desk`
    when the ombuds made it; `fits` is the band of how many people here fit what the visitor shares; with a `remark` it
    is no matter but a note, which nobody comes back to.
    """

    version: int
    ombuds: bytes
    meetings: tuple[Meeting, ...]
    stub: Stub
    level: str
    roster: RosterCopy
    room: str
    ends: date
    pair: bytes
    lookup: bytes
    is_decoy: bool = False
    by_desk: bool = False
    fits: int | None = None
    messages: tuple[Message, ...] = ()
    permissions: tuple[Permission, ...] = ()
    remark: Remark | None = None

    @property
    def is_of_a_visitor(self) -> bool:
        """Whether somebody stands behind it who waits, comes or comes back: no decoy, and no note."""
        return not self.is_decoy and self.remark is None

    @property
    def meeting(self) -> Meeting | None:
        """The one that counts now: the first that is booked, or else the last that was."""
        booked = [each for each in self.meetings if each.state is State.BOOKED]
        if booked:
            return min(booked, key=lambda each: each.starts)
        settled = [each for each in self.meetings if each.state not in {State.PROPOSED, State.DECLINED}]
        return max(settled, key=lambda each: each.starts, default=None)

    @property
    def held(self) -> frozenset[bytes]:
        """The slots that this matter keeps from everybody else."""
        return frozenset(each.slot for each in self.meetings if each.state in HOLDING)

    def find_meeting(self, uid: str) -> Meeting | None:
        return next((each for each in self.meetings if each.uid == uid), None)

    def find_permission(self, permission_id: str) -> Permission | None:
        return next((each for each in self.permissions if each.id == permission_id), None)

    def changed(self, **values: object) -> "Matter":
        """The next version, with other values."""
        return replace(self, version=self.version + 1, **values)  # type: ignore[arg-type]

    def with_state(self, uid: str, state: State) -> "Matter":
        meetings = tuple(replace(each, state=state) if each.uid == uid else each for each in self.meetings)
        return self.changed(meetings=meetings)

    def with_meeting(self, meeting: Meeting, keep_days: int) -> "Matter":
        """One more, in order of time; what is over makes room. The matter lives as long after it as after the first."""
        kept = list(self.meetings)
        while len(kept) >= MOST_MEETINGS and (over := next((each for each in kept if each.state not in HOLDING), None)):
            kept.remove(over)
        meetings = tuple(sorted((*kept, meeting), key=lambda each: each.starts))
        return self.changed(meetings=meetings, ends=max(self.ends, ends_on(meeting.starts, keep_days)))

    def with_moved(self, meeting: Meeting, ends: date) -> "Matter":
        """With a meeting at its new time, in order; it takes the place of the one of its uid."""
        others = [each for each in self.meetings if each.uid != meeting.uid]
        meetings = tuple(sorted((*others, meeting), key=lambda each: each.starts))
        return self.changed(meetings=meetings, ends=max(self.ends, ends))

    def without_meeting(self, uid: str) -> "Matter":
        return self.changed(meetings=tuple(each for each in self.meetings if each.uid != uid))

    def with_message(self, message: Message) -> "Matter":
        """Said once, however often it is sent."""
        if any(each.id == message.id for each in self.messages):
            return self
        return self.changed(messages=(*self.messages, message))

    def with_permission(self, permission: Permission) -> "Matter":
        """A new one, or the newest standing of one."""
        others = [each for each in self.permissions if each.id != permission.id]
        before = [each.id for each in self.permissions]
        place = before.index(permission.id) if permission.id in before else len(others)
        return self.changed(permissions=(*others[:place], permission, *others[place:]))

    def with_turn(self, permission_id: str, turn: Turn, today: date) -> "Matter | None":
        """After a turn of one permission; the same matter where nothing was left to do, None where it may not be."""
        before = self.find_permission(permission_id)
        after = turn(before, today) if before else None
        if after is None:
            return None
        return self if after is before else self.with_permission(after)

    def kept_until(self, day: date) -> "Matter":
        """Ends on that day or later: it never ends sooner than its visitor was told."""
        return self.changed(ends=day) if day > self.ends else self

    @property
    def is_waiting_for_ombuds(self) -> bool:
        """Whether the last word is the visitor's."""
        return bool(self.messages) and self.messages[-1].by is By.VISITOR


@dataclass(frozen=True)
class Document:
    """A matter with the two public keys that it is sealed to, found inside and nowhere else."""

    matter: Matter
    to_ombuds: bytes
    to_visitor: bytes


def ends_on(meeting: datetime, keep_days: int) -> date:
    """The last day of a matter: so many days after the meeting, whenever it was booked."""
    return (meeting + keep_days * _DAY).date()


def week_of_end(ends: date) -> date:
    """The Monday from which a matter is ended: a single day would say when the last thing in it happened."""
    return ends + (-ends.weekday() % 7) * _DAY


def month_after(day: date) -> date:
    """The first of the next month: all that is readable from outside of the day a matter ends."""
    return (day.replace(day=1) + 32 * _DAY).replace(day=1)
