"""The page of published times."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request

from portal import clock, inline, language, shown_zone
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

blueprint = Blueprint("scheduling", __name__)
_WEEK_DIGITS = 8
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
    if not shown_zone.chosen():
        inline.allow(inline.ZONE)
    settings = state().settings
    soon = rules.next_publication(clock.now(), settings.publish_at, settings.zone)
    if not shown_zone.chosen() and not asked_whom.carried():
        return _kept(soon, problem, note)
    # Never kept: a page that came sooner than others would tell that somebody there was here before, or somebody who
    # would not meet this ombuds.
    listing = listed()
    if listing.whom.is_unreadable:
        problem = _("We could not read whom you want to leave out, so no time is shown. Please choose again.")
    return _rendered(listing, soon, problem, note)


def _kept(soon: datetime, problem: str | None, note: str | None) -> str:
    """What most people see, made when something of it changes; languages and regions follow with the next list."""
    now, current = clock.now(), state()
    with current.stores.desk.reading() as desk:
        names = office.names(desk)
        offers = service.published(desk, current.volatile.publication, names, settings=current.settings, now=now)
    asked = _asked_mode(), request.values.get("week", "")[:_WEEK_DIGITS]
    shown = _Very(offers), tuple(names.items())
    key = (language.current(), soon, on_board(), open_hours(), *asked, problem, note, *shown)
    return current.volatile.rendered.get(key, lambda: _rendered(listed(), soon, problem, note))


def _rendered(listing: Listing, soon: datetime, problem: str | None, note: str | None) -> str:
    """A value that nobody can mean is passed over: an old link still shows times."""
    zone, mode, found = shown_zone.zone(), _asked_mode(), listing.suiting
    suiting = [offer for offer in found if mode is None or mode in offer.modes]
    weeks = rules.by_week(rules.one_of_each(suiting, mode), zone)
    pages = rules.in_parts(weeks, _MOST_ON_A_PAGE)
    order = list(pages)
    page = next((each for each in order if each == request.values.get("week", "")), order[0] if order else "0")
    place = order.index(page) if page in order else 0
    return render_template(
        "scheduling/times.html",
        days=rules.by_day(pages.get(page, []), zone),
        offers=pages.get(page, []),
        people={person.id.hex(): person.name for person in listing.allowed},
        who=_who(listing),
        mode=mode,
        modes=[mode for mode in Mode if any(mode in offer.modes for offer in found)],
        week=None if page == "0" else page,
        earlier=order[place - 1] if place else None,
        later=order[place + 1] if place + 1 < len(order) else None,
        next_publication=soon,
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
