"""A matter that an older portal sealed opens in this one, with everything that was in it."""

import hmac
import json
from base64 import b64encode

import pytest

from portal.intake.documents import TEXT_SIZE, read, write
from portal.intake.rules import By, Share, State
from portal.sealing import box
from portal.sealing.keys import new_private, public_of
from portal.sealing.places import Place

HERE = Place("desk", b"1" * 16, "matter")
PAIR = b"p" * 32
#: As schema 1 wrote it: one meeting, its venue beside it, no messages.
FIRST = {
    "schema": 1,
    "version": 3,
    "ombuds": b64encode(b"o" * 16).decode(),
    "meeting": {
        "slot": b64encode(b"s" * 16).decode(),
        "starts": "2026-06-01T09:00:00+00:00",
        "minutes": 60,
        "mode": "in-person",
        "state": "booked",
    },
    "venue": {"name": "The old library", "access": "step-free", "door": "Room 214", "directions": "by the garden"},
    "stub": {
        "share": "profile",
        "topic": "manager",
        "message": "A line.",
        "call_name": "Robin",
        "needs": "",
        "people": 2,
        "contact": "",
    },
    "level": "mailbox",
    "roster": {"import_id": "7", "sealed_key": "", "group": "", "attributes": "", "identity": ""},
    "room": "r" * 32,
    "ends": "2026-08-30",
    "pair": b64encode(PAIR).decode(),
    "lookup": b64encode(b"l" * 16).decode(),
    "is_decoy": False,
}
#: As schema 2 did: messages, and whether an address was typed.
SECOND = FIRST | {
    "schema": 2,
    "stub": {**FIRST["stub"], "has_address": False},  # type: ignore[dict-item]
    "messages": [{"id": "0" * 16, "by": "visitor", "written": "2026-05-01T08:00:00+00:00", "text": "Are you there?"}],
}
#: As schema 3 did: several meetings and permissions, but no notes from visitors.
THIRD = {key: value for key, value in SECOND.items() if key not in {"meeting", "venue"}} | {
    "schema": 3,
    "meetings": [FIRST["meeting"] | {"venue": FIRST["venue"], "uid": "5" * 32, "choice": ""}],  # type: ignore[operator]
    "by_desk": False,
    "fits": None,
    "permissions": [],
}


def sealed_by_an_older_portal(values: dict[str, object]) -> bytes:
    body = public_of(new_private()) + public_of(new_private()) + box.pad(json.dumps(values).encode(), TEXT_SIZE)
    return hmac.digest(PAIR, bytes(HERE) + body, "sha256") + body


@pytest.mark.parametrize(
    ("values", "said"),
    [(FIRST, []), (SECOND, ["Are you there?"]), (THIRD, ["Are you there?"])],
    ids=["first", "second", "third"],
)
def test_an_older_document_opens_with_all_that_was_in_it(values: dict[str, object], said: list[str]) -> None:
    matter = read(sealed_by_an_older_portal(values), HERE, PAIR).matter

    (meeting,) = matter.meetings
    assert (meeting.slot, meeting.state, meeting.venue.door) == (b"s" * 16, State.BOOKED, "Room 214")
    assert len(bytes.fromhex(meeting.uid)) == 16
    assert (matter.version, matter.stub.share, matter.stub.people) == (3, Share.PROFILE, 2)
    assert [(each.by, each.text) for each in matter.messages] == [(By.VISITOR, text) for text in said]
    assert (matter.permissions, matter.fits, matter.by_desk, matter.remark) == ((), None, False, None)


def test_what_was_read_from_an_older_document_is_written_in_the_newest_shape() -> None:
    document = read(sealed_by_an_older_portal(SECOND), HERE, PAIR)

    assert read(write(document, HERE), HERE, PAIR) == document
