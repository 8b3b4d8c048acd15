"""What the owner of a calendar answered to an invitation, as far as that can be told.

The owner's address is unknown. It is taken to be the calendar's name, where that is an address, as Google names its
calendars; else the one address that stands in every event with people, of which there must be at least `ENOUGH`.
Where neither gives one, nobody can tell whose answer is the owner's, and the time stays busy, unless all who were
asked declined: a free hour too few costs less than two appointments at once.
"""

import re
from collections.abc import Iterable

from portal.busy.lines import Piece, name_of

ENOUGH = 3
#: Answers that may leave the time free; every other one, and none, keeps it busy.
DECLINED = "DECLINED"
UNANSWERED = "NEEDS-ACTION"

_QUOTED = re.compile(r'"[^"]*"')
_ANSWER = re.compile(r";PARTSTAT=([A-Za-z-]+)", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_SCHEME = "mailto:"


def owner_of(calendar_name: str, pieces: Iterable[Piece]) -> str:
    """The owner's address in lower case, or nothing."""
    if _ADDRESS.fullmatch(calendar_name):
        return calendar_name.lower()
    groups = [{_address(line) for line in piece.people} for piece in pieces if piece.people]
    common = set.intersection(*groups) if len(groups) >= ENOUGH else set()
    return common.pop() if len(common) == 1 else ""


def answer(piece: Piece, owner: str) -> str:
    """DECLINED or NEEDS-ACTION where that is the owner's answer; else nothing."""
    answers = {_address(line): _answer(line) for line in piece.people if name_of(line) == "ATTENDEE"}
    if owner and owner in answers:
        return answers[owner]
    everybody = set(answers.values())
    return DECLINED if not owner and everybody == {DECLINED} else ""


def _address(line: str) -> str:
    value = line.strip().lower()
    return value.rpartition(_SCHEME)[2] if _SCHEME in value else value.rpartition(":")[2]


def _answer(line: str) -> str:
    found = _ANSWER.search(_QUOTED.sub("", line))  # a name in quotes may hold anything
    return found.group(1).upper() if found else ""
