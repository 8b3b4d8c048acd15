"""A matter as the bytes of a box: one typed, versioned JSON document of one length, with a MAC."""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

from portal.errors import CannotOpen
from portal.intake.permissions import Permission, Standing, Terms
from portal.intake.rules import (
    About,
    By,
    Document,
    Matter,
    Meeting,
    Message,
    Remark,
    RosterCopy,
    Share,
    State,
    Stub,
    Venue,
)
from portal.roster.parts import SIZES
from portal.roster.rules import Level
from portal.scheduling.rules import Mode
from portal.sealing import box
from portal.sealing.keys import KEY_SIZE, PUBLIC_SIZE, public_key
from portal.sealing.places import Place

#: The JSON of a matter is padded to this many bytes, so that silence and a long note weigh the same. It holds the
#: longest answers that the forms let through, in four bytes a character, with the longest place and a whole profile.
TEXT_SIZE = 10 * 1024
_LENGTH, _MAC = 4, 32
_SCHEMA = 4
#: Kept free for every change that must always fit: a cancelled meeting, a mark, a later end.
_RESERVE = 200
#: A roster's copy of the greatest length there is.
_WIDEST: Mapping[str, bytes] = {part: bytes(size + box.LOCKED_OVERHEAD) for part, size in SIZES.items()}
_IMPORT_ID = "0" * 16
_EMPTY_MESSAGE = Message("0" * 16, By.VISITOR, datetime(2000, 1, 1, tzinfo=UTC), "")


def has_room(matter: Matter) -> bool:
    """Whether a matter fits its box with room for every change that must always be possible."""
    return len(_to_json(_counted(matter))) <= TEXT_SIZE - _LENGTH - _RESERVE


def room_left(matter: Matter) -> int:
    """How many bytes one more message may have; letters beyond a to z take two to four, a line break two."""
    counted = _counted(matter).with_message(_EMPTY_MESSAGE)
    return max(0, TEXT_SIZE - _LENGTH - _RESERVE - len(_to_json(counted)))


def widest(share: Share) -> RosterCopy:
    """As long as any copy of what is shared."""
    return RosterCopy(
        _IMPORT_ID,
        bytes(KEY_SIZE + box.SEALED_OVERHEAD),
        _WIDEST["group"],
        _WIDEST["attributes"] if share is not Share.NOTHING else b"",
        _WIDEST["identity"] if share is Share.NAME else b"",
    )


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


def _counted(matter: Matter) -> Matter:
    """A matter as its room is counted: with an address that nothing proved, as if it were on the roster.

    Or whoever types somebody's address and fills the matter up would read from the room whether that person is here.
    """
    is_unproven = matter.stub.has_address and matter.level != Level.mailbox
    return replace(matter, level=Level.address, roster=widest(matter.stub.share)) if is_unproven else matter


def _to_json(matter: Matter) -> bytes:
    values = {"schema": _SCHEMA} | asdict(matter)
    if matter.remark is None:
        del values["remark"]  # the longest forms of a visitor leave no byte for saying that there is none
    return json.dumps(values, default=_plain, ensure_ascii=False).encode()


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"a matter holds no {type(value).__name__}")


def _from_json(text: bytes) -> Matter:
    """Every value is checked: a document may come from somebody who only knows the public keys."""
    values = _newest(json.loads(text))
    stub, copy = values.pop("stub"), values.pop("roster")
    return Matter(
        version=_whole(values["version"]),
        ombuds=b64decode(values["ombuds"]),
        meetings=tuple(_meeting(each) for each in values["meetings"]),
        stub=Stub(
            share=Share(stub.pop("share")),
            people=_whole(stub.pop("people")),
            has_address=stub.pop("has_address") is True,
            **_texts(stub),
        ),
        level=Level(values["level"]).value,
        roster=RosterCopy(str(copy.pop("import_id")), **{name: b64decode(value) for name, value in copy.items()}),
        room=str(values["room"]),
        ends=date.fromisoformat(values["ends"]),
        pair=b64decode(values["pair"]),
        lookup=b64decode(values["lookup"]),
        is_decoy=values["is_decoy"] is True,
        by_desk=values["by_desk"] is True,
        fits=None if values["fits"] is None else _whole(values["fits"]),
        messages=tuple(_message(each) for each in values["messages"]),
        permissions=tuple(_permission(each) for each in values["permissions"]),
        remark=_remark(values["remark"]) if "remark" in values else None,
    )


def _newest(values: dict[str, Any]) -> dict[str, Any]:
    """A document of an older schema, in the newest shape."""
    schema = values.pop("schema")
    if schema == 1:
        values, schema = values | {"messages": [], "stub": values["stub"] | {"has_address": True}}, 2
    if schema == 2:  # noqa: PLR2004 - the number of a schema
        values, schema = _with_several_meetings(values), 3
    if schema == 3:  # noqa: PLR2004 - the same
        schema = 4  # there were no notes from visitors
    if schema != _SCHEMA:
        raise ValueError("an unknown schema")
    return values


def _with_several_meetings(values: dict[str, Any]) -> dict[str, Any]:
    """Until schema 2 a matter had one meeting, and nothing could be permitted."""
    meeting, venue = values.pop("meeting"), values.pop("venue")
    uid = b64decode(meeting["slot"]).hex()
    added: dict[str, Any] = {"by_desk": False, "fits": None, "permissions": []}
    return values | added | {"meetings": [meeting | {"venue": venue, "uid": uid}]}


def _remark(values: dict[str, Any]) -> Remark:
    about = About(values.pop("about"))
    return Remark(about, **_texts(values))


def _message(values: dict[str, Any]) -> Message:
    written = datetime.fromisoformat(values["written"]).astimezone(UTC)
    return Message(str(values["id"]), By(values["by"]), written, str(values["text"]))


def _meeting(values: dict[str, Any]) -> Meeting:
    return Meeting(
        slot=b64decode(values["slot"]),
        starts=datetime.fromisoformat(values["starts"]).astimezone(UTC),
        minutes=_whole(values["minutes"]),
        mode=Mode(values["mode"]).value,
        state=State(values["state"]),
        venue=Venue(**_texts(values["venue"])),
        uid=_hexadecimal(values["uid"]),
        choice=_hexadecimal(values.get("choice", "")),
    )


def _permission(values: dict[str, Any]) -> Permission:
    return Permission(
        id=_hexadecimal(values["id"]),
        terms=_terms(values["terms"]),
        standing=Standing(values["standing"]),
        aloud=values["aloud"] is True,
        used=tuple(date.fromisoformat(day) for day in values["used"]),
        before=None if values["before"] is None else _terms(values["before"]),
    )


def _terms(values: dict[str, Any]) -> Terms:
    until, may_name = date.fromisoformat(values.pop("until")), values.pop("may_name") is True
    return Terms(**_texts(values), may_name=may_name, until=until)


def _hexadecimal(value: str) -> str:
    return bytes.fromhex(value).hex()


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("not a whole number")
    return value


def _texts(values: dict[str, Any]) -> dict[str, str]:
    if not all(isinstance(value, str) for value in values.values()):
        raise TypeError("not a text")
    return values
