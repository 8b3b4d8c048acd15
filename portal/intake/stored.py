"""Everything that the server stores about one matter, field by field, each with a sentence on what it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.intake.meanings import FIELDS, KEYS, LOCKER, NESTED, SLOT
from portal.intake.permissions import Terms
from portal.intake.rules import Document, Matter, RosterCopy, Venue
from portal.language import _
from portal.roster.labels import how_many
from portal.roster.rules import Level
from portal.sealing.keys import fingerprint

_SHORT = 16


@dataclass(frozen=True, repr=False)
class Rows:
    """What the stores hold: every column of the locker and of the slots; of the keys store only lengths in bytes."""

    locker: Mapping[str, object]
    lock: int
    ledger: int
    slots: Sequence[Mapping[str, object]]


@dataclass(frozen=True, repr=False)
class Line:
    """One field: its name in the store, what it is for, and what is in it."""

    name: str
    meaning: str
    value: str


@dataclass(frozen=True, repr=False)
class Part:
    """What belongs together, like one row."""

    title: str
    lines: list[Line]


def on_disk(rows: Rows) -> list[Part]:
    """The rows as they lie there: anybody who takes the disk sees these bytes."""
    found = [Part(_("The sealed mailbox"), _row(rows.locker, LOCKER)), Part(_("Its lock"), _keys(rows))]
    return [*found, *(Part(_("The time you have"), _row(each, SLOT)) for each in rows.slots)]


def inside(document: Document) -> list[Part]:
    """What only the visitor and the ombuds can read, as the visitor may see it; what was chosen to be said is first."""
    matter = document.matter
    several: list[tuple[str, Iterable[object]]] = [
        (_("A meeting"), matter.meetings),
        (_("A message"), matter.messages),
        (_("What the ombuds may say"), matter.permissions),
        (_("A note for the office"), (matter.remark,) if matter.remark else ()),
    ]
    keys = {"to_ombuds": fingerprint(document.to_ombuds), "to_visitor": fingerprint(document.to_visitor)}
    return [
        Part(_("What you chose to say"), _lines(matter.stub)),
        Part(_("The appointment"), _lines(matter, _in_other_words(matter))),
        Part(_("Copied from the list of people"), _lines(matter.roster, _copied(matter))),
        *(Part(title, _lines(each)) for title, every in several for each in every),
        Part(_("Who can open it"), _lines(document, keys)),
    ]


def _row(row: Mapping[str, object], meanings: Mapping[str, str]) -> list[Line]:
    return [Line(name, str(meanings[name]), said(value)) for name, value in row.items()]


def _keys(rows: Rows) -> list[Line]:
    values = {"locker": said(rows.locker["id"]), "secret": _unseen(rows.lock), "ledger": _unseen(rows.ledger)}
    return [Line(name, str(KEYS[name]), value) for name, value in values.items()]


def _lines(part: object, instead: Mapping[str, str] | None = None) -> list[Line]:
    """A line for each field, and for those of a meeting's place and of a permission's terms; `instead` of its value."""
    found = []
    for name, meaning in FIELDS[type(part)].items():
        value = getattr(part, name)
        if isinstance(value, Venue | Terms):
            found += _lines(value)
        elif name not in NESTED:
            found.append(Line(name, str(meaning), (instead or {}).get(name) or said(value)))
    return found


def _in_other_words(matter: Matter) -> dict[str, str]:
    """Without a code a page does not tell whether the address is on the roster: anybody could have typed it."""
    return {
        "level": _("a code") if matter.level == Level.mailbox else _("no code"),
        "fits": _("no number") if matter.fits is None else how_many(matter.fits),
        "pair": _unseen(len(matter.pair)),
    }


def _copied(matter: Matter) -> dict[str, str]:
    if matter.level == Level.mailbox:
        return {}
    return dict.fromkeys(FIELDS[RosterCopy], _("Not told without a code."))


def _unseen(size: int) -> str:
    return _("%(count)d bytes. No page shows them.") % {"count": size}


def said(value: object) -> str:
    """A value as it can be read; long bytes by their number and how they begin."""
    match value:
        case bool():
            return _("yes") if value else _("no")
        case bytes() if len(value) > _SHORT:
            beginning = value[:_SHORT].hex(" ", 4)
            return _("%(count)d bytes, beginning with %(bytes)s") % {"count": len(value), "bytes": beginning}
        case bytes():
            return value.hex(" ", 4) or _("empty")
        case tuple():
            return _(", ").join(map(str, value)) or _("empty")
        case _:
            return str(value) or _("empty")
