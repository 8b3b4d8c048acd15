"""What an office prints: posters and pocket cards, as pages that a browser lays on one sheet."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import render_template, request

from portal import qr
from portal.office import service as office
from portal.outreach.views import blueprint, spoken_week
from portal.pages import state
from portal.sealing.keys import fingerprint

_A4, _LETTER = "a4", "us-letter"
_ASKED = {"letter": _LETTER}
#: So many names and fingerprints find room on a card.
_MOST_ON_A_CARD = 2
_CARDS = 10


@dataclass(frozen=True)
class Printed:
    """What every print says: the bare address, drawn and in words, and the keys of those who can be booked."""

    paper: str
    address: str
    square: str
    keys: list[tuple[str, str]]

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
    address = state().settings.address
    with state().stores.desk.reading() as desk:
        bookable = office.names(desk)
        keys = sorted(
            (name, fingerprint(public)) for key, name, public, _ in office.colleagues(desk) if key in bookable
        )
    said = urlsplit(address).netloc if address.startswith("https://") else address
    return Printed(_ASKED.get(request.args.get("paper", ""), _A4), said, qr.drawn(address), keys)
