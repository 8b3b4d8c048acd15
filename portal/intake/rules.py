"""A matter as one typed document, and what it may hold."""

import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from portal.errors import CannotOpen
from portal.roster.rules import Level
from portal.scheduling.rules import Mode
from portal.sealing import box
from portal.sealing.keys import PUBLIC_SIZE, public_key
from portal.sealing.places import Place

#: The JSON of a matter is padded to this many bytes, so that silence and a long note weigh the same. It holds the
#: longest answers that the forms let through, in four bytes a character, with the longest place and a whole profile.
TEXT_SIZE = 10 * 1024
_MAC = 32
_SCHEMA = 1
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
    """What the visitor chose to say."""

    share: Share
    topic: str = ""
    message: str = ""
    call_name: str = ""
    needs: str = ""
    people: int = 1
    contact: str = ""


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

    def with_state(self, state: State) -> "Matter":
        return replace(self, version=self.version + 1, meeting=replace(self.meeting, state=state))


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


def write(document: Document, place: Place) -> bytes:
    """A document as the bytes of a box: MAC, both public keys, padded JSON; always one length.

    Raises:
        box.TooLong: when the matter outgrew its box.
    """
    body = document.to_ombuds + document.to_visitor + box.pad(_to_json(document.matter), TEXT_SIZE)
    return hmac.digest(document.matter.pair, bytes(place) + body, "sha256") + body


def read(text: bytes, place: Place, pair: bytes | None = None) -> Document:
    """Undo `write`; `pair` is the key that the reader already knows, None on the ombuds' first sight.

    Raises:
        CannotOpen: when the MAC does not fit: forged, or moved from another place.
    """
    mac, body = text[:_MAC], text[_MAC:]
    to_ombuds, to_visitor = body[:PUBLIC_SIZE], body[PUBLIC_SIZE : 2 * PUBLIC_SIZE]
    try:
        matter = _from_json(box.unpad(body[2 * PUBLIC_SIZE :]))
        # A key that is none would let nobody seal the matter again, and every sign-in with it fail.
        public_key(to_ombuds), public_key(to_visitor)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise CannotOpen("A box holds no matter.") from error
    if not hmac.compare_digest(mac, hmac.digest(pair or matter.pair, bytes(place) + body, "sha256")):
        raise CannotOpen("A matter was changed by somebody who is not part of it.")
    return Document(matter, to_ombuds, to_visitor)


def _to_json(matter: Matter) -> bytes:
    return json.dumps({"schema": _SCHEMA} | asdict(matter), default=_plain, ensure_ascii=False).encode()


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"a matter holds no {type(value).__name__}")


def _from_json(text: bytes) -> Matter:
    """Every value is checked: a document may come from somebody who only knows the public keys."""
    values: dict[str, Any] = json.loads(text)
    if values.pop("schema") != _SCHEMA:
        raise ValueError("an unknown schema")
    stub, copy = values.pop("stub"), values.pop("roster")
    return Matter(
        version=_whole(values["version"]),
        ombuds=b64decode(values["ombuds"]),
        meeting=_meeting(values["meeting"]),
        venue=Venue(**_texts(values["venue"])),
        stub=Stub(
            share=Share(stub.pop("share")),
            people=_whole(stub.pop("people")),
            **_texts(stub),
        ),
        level=Level(values["level"]).value,
        roster=RosterCopy(str(copy.pop("import_id")), **{name: b64decode(value) for name, value in copy.items()}),
        room=str(values["room"]),
        ends=date.fromisoformat(values["ends"]),
        pair=b64decode(values["pair"]),
        lookup=b64decode(values["lookup"]),
        is_decoy=values["is_decoy"] is True,
    )


def _meeting(values: dict[str, Any]) -> Meeting:
    return Meeting(
        slot=b64decode(values["slot"]),
        starts=datetime.fromisoformat(values["starts"]).astimezone(UTC),
        minutes=_whole(values["minutes"]),
        mode=Mode(values["mode"]).value,
        state=State(values["state"]),
    )


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("not a whole number")
    return value


def _texts(values: dict[str, Any]) -> dict[str, str]:
    if not all(isinstance(value, str) for value in values.values()):
        raise TypeError("not a text")
    return values
