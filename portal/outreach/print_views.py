"""What an office prints: posters and pocket cards, as pages that a browser lays on one sheet."""

from dataclasses import dataclass

from flask import render_template, request

from portal import qr
from portal.office import faces
from portal.office import service as office
from portal.outreach.views import blueprint, spoken_week
from portal.pages import state
from portal.scheduling import opening
from portal.scheduling.rules import Mode
from portal.sealing.keys import fingerprint

_A4, _LETTER = "a4", "us-letter"
_ASKED = {"letter": _LETTER}
#: So many names and fingerprints find room on a card.
_MOST_ON_A_CARD = 2
_CARDS = 10
#: What fits at the usual size: so many keys on a poster, so many letters of name and address on a card.
_MOST_IN_PEACE, _LETTERS_IN_PEACE = 6, 72


@dataclass(frozen=True)
class Printed:
    """What every print says: the bare address, drawn and in words, the keys of those who can be booked, how to meet."""

    paper: str
    address: str
    square: str
    keys: list[tuple[str, str]]
    #: What hangs on a wall for months: by the hours that are set, and by phone only where there is a number to call.
    ways: tuple[Mode, ...]

    @property
    def asked_paper(self) -> str | None:
        """What links say of the paper; nothing for the usual one."""
        return next((asked for asked, paper in _ASKED.items() if paper == self.paper), None)

    @property
    def is_crowded(self) -> bool:
        """Whether a poster must set its keys closer."""
        return len(self.keys) > _MOST_IN_PEACE

    @property
    def is_long(self) -> bool:
        """Whether a card must set its words smaller."""
        return len(state().settings.office_name) + len(self.address) > _LETTERS_IN_PEACE

    @property
    def has_few_keys(self) -> bool:
        return len(self.keys) <= _MOST_ON_A_CARD


@blueprint.get("/week/poster")
def poster() -> str:
    """Of the week, or without it for the rest of the year."""
    is_week = request.args.get("week") != "no"
    return render_template("outreach/poster.html", week=spoken_week() if is_week else None, printed=_printed())


@blueprint.get("/week/cards")
def cards() -> str:
    return render_template("outreach/cards.html", count=_CARDS, printed=_printed())


def _printed() -> Printed:
    settings = state().settings
    with state().stores.desk.reading() as desk, state().stores.site.reading() as site:
        bookable, published = office.names(desk), faces.published(site)
        ways = opening.ways_to_meet(desk, bookable, settings).modes
    keys = sorted((name, fingerprint(public)) for key, (name, public) in published.items() if key in bookable)
    paper = _ASKED.get(request.args.get("paper", ""), _A4)
    return Printed(paper, settings.address.removeprefix("https://"), qr.drawn(settings.address), keys, ways)
