"""Outreach codes: the same for one address through one quarter, never marked when used."""

import csv
import hmac
from collections.abc import Iterable
from typing import TextIO

from portal.config import Settings
from portal.roster.people import FIRST, LAST, NAME, Rejections, read_people
from portal.roster.reader import Table
from portal.roster.rules import CodesReport, hash_of
from portal.sealing import keys, symbols

#: Ten symbols carry 50 bits, the eleventh checks them.
_SYMBOLS = 10
_GROUP = 4
_BYTES = 7
#: A mail merge is opened in spreadsheets, which would run a cell that begins like this.
_FORMULA = "=+-@ "


def period_key(secret: bytes, period: str) -> bytes:
    """The key (32 bytes) of one quarter's codes."""
    return keys.expand(secret, f"period/{period}")


def code_of(hashed: bytes, key: bytes) -> str:
    """The eleven symbols for a roster hash under a period's key."""
    drawn = hmac.digest(key, b"code/v1\0" + hashed, "sha256")[:_BYTES]
    return symbols.with_check(symbols.encode(drawn)[:_SYMBOLS])


def read_code(typed: str) -> str | None:
    """The eleven symbols that somebody typed, or None when the check symbol finds a slip."""
    text = symbols.read(typed)
    return text if len(text) == _SYMBOLS + 1 and symbols.is_checked(text) else None


def is_code(code: str, hashed: bytes, *, secret: bytes, periods: Iterable[str]) -> bool:
    """Whether the code is the hash's own in any of the periods; all are compared, and the time tells nothing."""
    typed = code.encode()
    matches = [hmac.compare_digest(typed, code_of(hashed, period_key(secret, period)).encode()) for period in periods]
    return any(matches)


def write_merge(table: Table, out: TextIO, *, period: str, settings: Settings) -> CodesReport:
    """Write a line for every address of a list that was not there before.

    Raises:
        Unreadable: in the midst of the file; what was written then is not the whole list.
    """
    key = period_key(settings.secrets.codes, period)
    rejections = Rejections()
    lines: dict[bytes, int] = {}
    people = 0
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["email", "first name", "last name", "code"])
    for person in read_people(table, settings.domain_aliases, rejections):
        hashes = {address: hash_of(address, settings.secrets.roster) for address in person.addresses}
        new = {address: hashed for address, hashed in hashes.items() if hashed not in lines}
        if not new:
            rejections.add_twice(person.line, lines[hashes[person.addresses[0]]])
            continue
        people += 1
        for address, hashed in new.items():
            lines[hashed] = person.line
            writer.writerow([address, *_names(person.values), symbols.grouped(code_of(hashed, key), _GROUP)])
    return CodesReport(
        accepted=people,
        rejected=rejections.listed,
        rejected_total=rejections.by_reason.total(),
        rejected_by_reason=dict(rejections.by_reason),
        codes=len(lines),
    )


def _names(values: list[str]) -> tuple[str, str]:
    """First and last name; a name of one piece is only taken apart at its comma. None begins like a formula."""
    first, last = values[FIRST], values[LAST]
    if not first and not last:
        before, comma, behind = values[NAME].partition(",")
        first, last = (behind.strip(), before) if comma else (values[NAME], "")
    return first.lstrip(_FORMULA), last.lstrip(_FORMULA)
