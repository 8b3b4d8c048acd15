"""What a matter is, and how it changes."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)


class Share(StrEnum):
    """What the visitor lets the ombuds know."""

    NOTHING = "nothing"
    PROFILE = "profile"
    NAME = "name"


class State(StrEnum):
    """What became of a meeting."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True)
class Meeting:
    """One appointment; `starts` is aware and in UTC."""

    slot: bytes
    starts: datetime
    minutes: int
    mode: str
    state: State = State.BOOKED


@dataclass(frozen=True)
class Venue:
    """Where it happens, as the ombuds wrote it: name and access are public, door and directions are for the receipt."""

    name: str = ""
    access: str = ""
    door: str = ""
    directions: str = ""


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


@dataclass(frozen=True, kw_only=True, repr=False)
class Matter:
    """Everything about one matter. There are no other records of it.

    `version` grows by one with every change; `ends` is the exact day on which it is destroyed; `pair` (32 bytes) is the
    key that both sides share; `lookup` (16 bytes) is how the six words find it; `room` names the video room.
    """

    version: int
    ombuds: bytes
    meeting: Meeting
    venue: Venue
    stub: Stub
    level: str
    roster: RosterCopy
    room: str
    ends: date
    pair: bytes
    lookup: bytes
    is_decoy: bool = False
    messages: tuple[Message, ...] = ()

    def with_state(self, state: State) -> "Matter":
        return replace(self, version=self.version + 1, meeting=replace(self.meeting, state=state))

    def with_message(self, message: Message) -> "Matter":
        """Said once, however often it is sent. The day of the end stays: moved, it would date the message."""
        if any(each.id == message.id for each in self.messages):
            return self
        return replace(self, version=self.version + 1, messages=(*self.messages, message))

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


def month_after(day: date) -> date:
    """The first of the next month: all that is readable from outside of the day a matter ends."""
    return (day.replace(day=1) + 32 * _DAY).replace(day=1)
