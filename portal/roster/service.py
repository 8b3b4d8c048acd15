"""Who may come: the only code that sees an address, and the import of the list it is compared with."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TextIO

from portal.config import Settings
from portal.roster import codes
from portal.roster.imports import publish, stage
from portal.roster.parts import open_attributes, open_group, open_identity, open_import_key
from portal.roster.reader import Unreadable, read_table
from portal.roster.rules import (
    Claim,
    CodesReport,
    Eligible,
    FileRefused,
    ImportReport,
    Level,
    Misread,
    Parts,
    Refused,
    RosterFacts,
    hash_of,
    is_period,
    normalise,
    valid_periods,
)
from portal.roster.store import Staging, find_facts, find_parts, only_import

__all__ = [
    "Claim",
    "CodesReport",
    "Eligible",
    "FileRefused",
    "ImportReport",
    "Level",
    "Misread",
    "Parts",
    "Refused",
    "RosterFacts",
    "check_claim",
    "facts",
    "import_roster",
    "open_attributes",
    "open_group",
    "open_identity",
    "open_import_key",
    "write_codes",
]

_NOBODY = "No line of the file is a person with an e-mail address. Look at the column of addresses and send it again."
_BUSY = "Another import is running. Wait until it ends, then send the file again."


def check_claim(roster: Path, claim: Claim, *, settings: Settings, now: datetime) -> Eligible | Misread | Refused:
    """Whether a visitor may come, and what the ombuds will be told of it.

    Nothing is written, counted or remembered. An unknown address costs the same look-up and the same codes as a
    known one. Without a code nobody is refused: the ombuds looks at the level.
    """
    code = codes.read_code(claim.code)
    if claim.proof != "none" and code is None:
        return Misread()
    normal = normalise(claim.email, settings.domain_aliases)
    hashed = hash_of(normal or "", settings.secrets.roster)
    parts = find_parts(roster, hashed)
    periods = valid_periods(now.astimezone(settings.zone).date())
    is_right = codes.is_code(code or "", hashed, secret=settings.secrets.codes, periods=periods)
    if claim.proof == "none":
        return Eligible(Level.none if parts is None else Level.address, parts)
    if parts is None or not is_right:
        return Refused()
    return Eligible(Level.mailbox, parts)


def facts(roster: Path) -> RosterFacts | None:
    """What may be said of the roster in place; None before the first import."""
    return find_facts(roster)


def import_roster(  # noqa: PLR0913 - each of them is known to the caller alone
    stream: BinaryIO,
    *,
    instance: Path,
    settings: Settings,
    office_public: bytes,
    now: datetime,
    progress: Callable[[int], None],
    allow_smaller: bool = False,
) -> ImportReport | FileRefused:
    """Replace the roster by a file; a refused file changes nothing.

    Two passes, because rare values must be known before anything is locked. `progress` is told how many people
    were read. Less than half of the people in place need `allow_smaller`: most often that is a broken export.
    """
    table = read_table(stream)
    if isinstance(table, FileRefused):
        return table
    roster, today = instance / "roster.db", now.astimezone(settings.zone).date()
    with only_import(instance) as is_alone:
        if not is_alone:
            return FileRefused(_BUSY)
        with Staging(instance) as staging:
            try:
                read = stage(table, staging, settings=settings, today=today, progress=progress)
            except Unreadable as error:
                return FileRefused(str(error))
            refused = _refuse_count(read.people, find_facts(roster), allow_smaller=allow_smaller)
            return refused or publish(read, staging, roster=roster, office_public=office_public, today=today)


def _refuse_count(people: int, before: RosterFacts | None, *, allow_smaller: bool) -> FileRefused | None:
    if people == 0:
        return FileRefused(_NOBODY)
    if before is not None and people * 2 < before.people and not allow_smaller:
        return FileRefused(
            f"The file has {people} people, the roster in place has {before.people}: it shrank to less than half. "
            "If that is right, import it again and allow a smaller roster; if not, ask for the whole list."
        )
    return None


def write_codes(stream: BinaryIO, out: TextIO, *, period: str, settings: Settings) -> CodesReport | FileRefused:
    """Write the mail merge of a quarter (like 2026-Q4) as CSV: email, first name, last name, code.

    The list comes from outside, because the portal keeps no address. Each address has a code of its own, so
    somebody with two addresses stands on two lines. A file refused at its headings writes nothing.
    """
    if not is_period(period):
        return FileRefused("The period must be a quarter like 2026-Q4.")
    table = read_table(stream)
    if isinstance(table, FileRefused):
        return table
    try:
        return codes.write_merge(table, out, period=period, settings=settings)
    except Unreadable as error:
        return FileRefused(str(error))
