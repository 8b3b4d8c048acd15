"""The page of published times."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, render_template, request

from portal import clock, inline, language, shown_zone, spoken
from portal.language import _
from portal.notices.board import on_board
from portal.office import service as office
from portal.pages import state
from portal.scheduling import asked_whom, choosing, rules, service, whom
from portal.scheduling.choosing import Group, Option
from portal.scheduling.people import everybody, names_of
from portal.scheduling.rules import Mode, Offer
from portal.scheduling.today_views import open_hours
from portal.scheduling.whom import Person, Whom
from portal.site import board

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

blueprint = Blueprint("scheduling", __name__)
#: More would not fit into the bytes that a page may weigh.
_MOST_ON_A_PAGE = 56


@dataclass(frozen=True)
class Listing:
    """The times on the list now, everybody of the office by name, and whom of them the visitor would meet."""

    offers: Sequence[Offer]
    people: tuple[Person, ...]
    whom: Whom

    @property
    def open_people(self) -> list[Person]:
        return [person for person in self.people if person.is_open]

    @property
    def allowed(self) -> list[Person]:
        """Those who are open and whom the choice allows."""
        return [person for person in self.open_people if whom.allows(self.whom, person)]

    @property
    def suiting(self) -> Sequence[Offer]:
        """The times with those whom the choice allows."""
        return self.offers if self.whom.is_anybody else [each for each in self.offers if self.are_allowed([each])]

    def are_allowed(self, offers: Iterable[Offer]) -> bool:
        return {offer.ombuds for offer in offers} <= whom.allowed(self.whom, self.people)


@dataclass(frozen=True, eq=False)
class _Very:
    """A list as part of a key: this very one. It changes only as a whole, and half a year of twenty ombuds is long."""

    items: Sequence[Offer]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Very) and self.items is other.items

    def __hash__(self) -> int:
        return id(self.items)


@blueprint.get("/times")
def times() -> str:
    return times_page()


def listed() -> Listing:
    now, current = clock.now(), state()
    with current.stores.desk.reading() as desk:
        people = everybody(desk)
        offers = service.published(
            desk, current.volatile.publication, names_of(people), settings=current.settings, now=now
        )
    return Listing(offers, people, asked_whom.among(people))


def times_page(*, problem: str | None = None, note: str | None = None) -> str:
    """The page, with a sentence about what is wrong or worth knowing; the query says the rest.

    It is the same for everybody who asks for the same way, people, week and zone and is told the same.
    """
    is_plain = request.method == "GET" and not (problem or note)
    kept = _kept() if is_plain and _is_first_page() else None
    if kept:
        inline.allow(*inline.KNOWN)  # those that stand in it
    return kept or _made(problem, note)


def keep_first_pages(app: Flask) -> None:
    """Make the page that most people see anew, in each language and for each way to meet, if it has changed.

    The server does this by itself. Nothing is ever kept at a visitor's look: a page that came sooner than others would
    tell that somebody there, or somebody who would not meet this ombuds, was here before.
    """
    pages: dict[Hashable, str] = {}
    with app.app_context():
        wanted = [(lang, mode) for lang in spoken.offered() for mode in ("", *Mode)]
    for lang, mode in wanted:
        with app.request_context(_asking(f"mode={mode}")):
            spoken.choose(lang)
            key = _first_page()
            page = _kept() or _made(None, None)
            if key == _first_page():  # or a page made while something changed would stand for what was before
                pages[key] = page
    with app.app_context():
        state().volatile.rendered.keep(pages)


def _asking(query: str) -> "WSGIEnvironment":
    """A request that nobody sends; the test client, which makes such too, would stay loaded in every server."""
    said = {"REQUEST_METHOD": "GET", "PATH_INFO": "/times", "QUERY_STRING": query}
    return said | {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http", "wsgi.input": BytesIO()}


def _is_first_page() -> bool:
    return not (shown_zone.chosen() or asked_whom.carried() or request.values.get("week"))


def _kept() -> str | None:
    return state().volatile.rendered.find(_first_page())


def _first_page() -> Hashable:
    """All that the first page of a way to meet depends on; languages and regions follow with the next list."""
    now, current = clock.now(), state()
    with current.stores.desk.reading() as desk:
        names = office.names(desk)
        offers = service.published(desk, current.volatile.publication, names, settings=current.settings, now=now)
    shown = _Very(offers), tuple(names.items())
    return (language.current(), board.chosen(), _soon(), on_board(), open_hours(), _asked_mode(), *shown)


def _soon() -> datetime:
    settings = state().settings
    return rules.next_publication(clock.now(), settings.publish_at, settings.zone)


def _made(problem: str | None, note: str | None) -> str:
    listing = listed()
    if listing.whom.is_unreadable:
        problem = _("We could not read whom you want to leave out, so no time is shown. Please choose again.")
    return _rendered(listing, problem, note)


def _rendered(listing: Listing, problem: str | None, note: str | None) -> str:
    """A value that nobody can mean is passed over: an old link still shows times."""
    zone, mode, found = shown_zone.zone(), _asked_mode(), listing.suiting
    suiting = [offer for offer in found if mode is None or mode in offer.modes]
    weeks = rules.by_week(rules.one_of_each(suiting, mode), zone)
    pages = rules.in_parts(weeks, _MOST_ON_A_PAGE)
    order = list(pages)
    page = next((each for each in order if each == request.values.get("week", "")), order[0] if order else "0")
    place = order.index(page) if page in order else 0
    whole = pages.get(page, [])
    shown = whole if request.method == "GET" else whole[: rules.MOST_IN_AN_ANSWER]
    return render_template(
        "scheduling/times.html",
        days=rules.by_day(shown, zone),
        offers=shown,
        is_cut=len(shown) < len(whole),
        people={person.id.hex(): person.name for person in listing.allowed},
        who=_who(listing),
        mode=mode,
        modes=[each for each in Mode if each is mode or any(each in offer.modes for offer in found)],
        week=None if page == "0" else page,
        earlier=order[place - 1] if place else None,
        later=order[place + 1] if place + 1 < len(order) else None,
        next_publication=_soon(),
        problem=problem,
        note=note,
        notices=on_board(),
        open_hours=open_hours(),
    )


@dataclass(frozen=True)
class Who:
    """What the page shows of the choice of people; `leaves_nobody` where somebody is open, and not for this choice."""

    said: str
    left_out: Sequence[Option]
    groups: Sequence[Group]
    is_choice: bool
    is_unreadable: bool
    leaves_nobody: bool


def _who(listing: Listing) -> Who:
    """With one ombuds there is nothing to choose, unless a choice is to be undone."""
    chosen, people = listing.whom, listing.people
    return Who(
        said=choosing.in_words(chosen, people),
        left_out=choosing.left_out(chosen, people),
        groups=choosing.to_choose(chosen, people),
        is_choice=len(listing.open_people) > 1 or not chosen.is_anybody,
        is_unreadable=chosen.is_unreadable,
        leaves_nobody=bool(listing.open_people) and not listing.allowed and not chosen.is_unreadable,
    )


def _asked_mode() -> Mode | None:
    asked = request.values.get("mode")
    return Mode(asked) if asked in set(Mode) else None
