"""The page of published times."""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template, request

from portal import clock, language, shown_zone
from portal.notices.board import on_board
from portal.office import service as office
from portal.pages import state
from portal.scheduling import elsewhere, feed, rules, service
from portal.scheduling.rules import Mode, Offer
from portal.scheduling.today_views import open_hours

blueprint = Blueprint("scheduling", __name__)
_WEEK_DIGITS = 4


@blueprint.get("/times")
def times() -> str:
    return times_page()


@blueprint.get("/feed/calendar/<token>.ics")
def calendar(token: str) -> Response:
    """For an ombuds' own calendar program: the list of times turned around. A token that opens nothing is no page."""
    current, now = state(), clock.now()
    with current.stores.keys.reading() as keys:
        ombuds = elsewhere.whose_feed(keys, token)
    if ombuds is None:
        abort(HTTPStatus.NOT_FOUND)
    with current.stores.desk.reading() as desk:
        slots = service.off_the_list(
            desk, current.volatile.publication, office.names(desk), ombuds, settings=current.settings, now=now
        )
    return Response(feed.write(slots), mimetype="text/calendar")


def times_page(*, problem: str | None = None, note: str | None = None) -> str:
    """The page, with a sentence about what is wrong or worth knowing; `mode`, `week` and `tz` come from the query.

    It is the same for everybody who asks for the same way, week and zone and is told the same.
    """
    offers, names, soon = _listed()
    asked = _asked_mode(), request.values.get("week", "")[:_WEEK_DIGITS]
    shown = tuple(offer.id for offer in offers), tuple(names.items())
    if shown_zone.chosen():
        # Never kept: a page that came sooner than others would tell that somebody in that zone was here before.
        return _rendered(offers, names, soon, problem, note)
    key = (language.current(), soon, on_board(), open_hours(), *asked, problem, note, *shown)
    return state().volatile.rendered.get(key, lambda: _rendered(offers, names, soon, problem, note))


def _rendered(
    offers: list[Offer], names: dict[bytes, str], soon: datetime, problem: str | None, note: str | None
) -> str:
    """A value that nobody can mean is passed over: an old link still shows times."""
    zone = shown_zone.zone()
    modes = [mode for mode in Mode if any(mode in offer.modes for offer in offers)]
    mode = _asked_mode()
    weeks = rules.by_week([offer for offer in offers if mode is None or mode in offer.modes], zone)
    week = _asked_week(weeks)
    return render_template(
        "scheduling/times.html",
        days=rules.by_day(weeks.get(week, []), zone),
        offers=weeks.get(week, []),
        people={key.hex(): name for key, name in names.items()},
        mode=mode,
        modes=modes,
        week=week,
        earlier=max((each for each in weeks if each < week), default=None),
        later=min((each for each in weeks if each > week), default=None),
        next_publication=soon,
        problem=problem,
        note=note,
        notices=on_board(),
        open_hours=open_hours(),
    )


def _listed() -> tuple[list[Offer], dict[bytes, str], datetime]:
    """The times on the list now, everybody who is open, by name, and when the next list comes."""
    now, current = clock.now(), state()
    settings = current.settings
    with current.stores.desk.reading() as desk:
        names = office.names(desk)
        offers = service.published(desk, current.volatile.publication, names, settings=settings, now=now)
    by_name = dict(sorted(names.items(), key=lambda pair: pair[1]))
    return offers, by_name, rules.next_publication(now, settings.publish_at, settings.zone)


def _asked_mode() -> Mode | None:
    asked = request.values.get("mode")
    return Mode(asked) if asked in set(Mode) else None


def _asked_week(weeks: Iterable[int]) -> int:
    asked = request.values.get("week", "")
    return next((week for week in weeks if str(week) == asked), 0)
