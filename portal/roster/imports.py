"""The passes of an import: read and count, see how many are alike, then lock what is common enough to keep."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

from portal.config import Settings
from portal.roster.alike import ProfileCounts
from portal.roster.bands import age_band, tenure_band
from portal.roster.parts import KEY_SIZE, PartsWriter, fit, pack, place
from portal.roster.people import FIELDS, OTHER_EMAILS, Rejections, read_people
from portal.roster.reader import Table
from portal.roster.rules import OTHER, ImportReport, RosterFacts, band_of, hash_of
from portal.roster.store import Meta, Staging, replace_roster
from portal.roster.tally import BROAD_FIELDS, Tally
from portal.sealing import box

_PROGRESS = 5000
_KEPT = 20_000
_ID_SIZE = 8
_TENURE, _AGE = BROAD_FIELDS.index("tenure"), BROAD_FIELDS.index("age")
_BROAD = len(BROAD_FIELDS)


@dataclass
class FirstPass:
    """What the first pass found."""

    tally: Tally
    rejections: Rejections
    ignored: tuple[str, ...]
    fields: tuple[str, ...] = ()
    people: int = 0
    shortened: int = 0


def stage(
    table: Table, staging: Staging, *, settings: Settings, today: date, progress: Callable[[int], None]
) -> FirstPass:
    """Put the people of a file into the staging and count their values."""
    present = {*table.columns.of_field, "email"}
    read = FirstPass(Tally(present, staging.keep), Rejections(), table.columns.ignored)
    tenure = lru_cache(_KEPT)(partial(tenure_band, today=today))
    age = lru_cache(_KEPT)(partial(age_band, today=today))
    group = lru_cache(_KEPT)(_short_group)
    secret = settings.secrets.roster
    for person in read_people(table, settings.domain_aliases, read.rejections):
        values = person.values
        values[0], cut = group(values[0])
        values[_TENURE], values[_AGE] = tenure(values[_TENURE]), age(values[_AGE])
        earlier = staging.add(person.line, [hash_of(address, secret) for address in person.addresses], values)
        if earlier is not None:
            read.rejections.add_twice(person.line, earlier)
            continue
        read.tally.add(values)
        if values[OTHER_EMAILS]:
            present.add("other_emails")
        read.shortened += cut
        read.people += 1
        if read.people % _PROGRESS == 0:
            progress(read.people)
    read.tally.finish()
    progress(read.people)
    read.fields = tuple(name for name in FIELDS if name in present)
    return read


def _short_group(value: str) -> tuple[str, int]:
    (short,), cut = fit([value], "group")
    return short, cut


def publish(read: FirstPass, staging: Staging, *, roster: Path, office_public: bytes, today: date) -> ImportReport:
    """Lock everybody's parts under a new key and put the new roster in place."""
    key, import_id = os.urandom(KEY_SIZE), os.urandom(_ID_SIZE).hex()
    second = _SecondPass(PartsWriter(key, import_id), read.tally, staging.pieces())
    told = RosterFacts(read.people, today, read.fields, read.tally.populations())
    sealed_key = box.seal(key, office_public, place(import_id, "key"))
    replace_roster(roster, Meta(import_id, sealed_key, told), second.rows(staging.people()))
    return ImportReport(
        accepted=read.people,
        rejected=read.rejections.listed,
        rejected_total=read.rejections.by_reason.total(),
        rejected_by_reason=dict(read.rejections.by_reason),
        shortened=read.shortened + second.shortened,
        coarsened=read.tally.coarsened(),
        fields=read.fields,
        ignored=read.ignored,
    )


class _SecondPass:
    def __init__(self, writer: PartsWriter, tally: Tally, pieces: Iterator[bytes]) -> None:
        self._lock = writer.lock
        self._common = tally.common()
        self._groups = {value: (pack([value], "group")[0], band_of(people)) for value, people in tally.groups().items()}
        self._people = ProfileCounts(tally.profiles(pieces)).people
        self.shortened = 0

    def rows(self, people: Iterator[tuple[bytes, list[str]]]) -> Iterator[tuple[bytes, bytes, bytes, bytes, bytes]]:
        lock = self._lock
        for hashed, values in people:
            broad = [value if value in common else OTHER for value, common in zip(values, self._common, strict=False)]
            attributes, cut = pack(broad[1:], "attributes")
            identity, cut_too = pack(values[_BROAD:], "identity")
            self.shortened += cut + cut_too
            group, band = self._groups[broad[0]]
            fits = bytes((band, band_of(self._people(tuple(broad)))))
            yield hashed, lock(group, "group"), lock(attributes, "attributes"), lock(identity, "identity"), fits
