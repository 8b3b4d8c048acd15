"""Ombuds Week: what is on, who may come, and the pages of its shelf."""

from datetime import date, datetime
from http import HTTPStatus
from itertools import groupby

from flask import Response, abort, redirect, render_template
from werkzeug.wrappers import Response as Answer

from portal import language, shown_zone
from portal.outreach import event_file
from portal.outreach.event_file import Happening
from portal.outreach.views import blueprint, spoken_week
from portal.pages import state
from portal.scheduling import asked_whom, opening
from portal.scheduling.views import listed
from portal.site import board, shelves, voices
from portal.site.board import Titled, Told
from portal.site.voices import Kind

_NEXT_FREE = 5
_NEWEST_SAID = 2
_WELCOME = "welcome"


@blueprint.get("/week")
def week() -> str:
    pages, listing = board.titles(shelves.WEEK), listed()
    with state().stores.desk.reading() as desk:
        ways = opening.ways_to_meet(desk, {person.id for person in listing.allowed}, state().settings)
    with state().stores.site.reading() as site:
        newest = voices.newest(site, language.current(), voices.MOST_SHOWN)
    return render_template(
        "outreach/week.html",
        said=[each for each in newest if each.kind is Kind.EXPERIENCE][:_NEWEST_SAID],
        week=spoken_week(),
        welcome=board.page(f"{shelves.WEEK}/{_WELCOME}"),
        audiences=[each for each in pages if each.name not in shelves.FOR_ALL],
        facts=[each for each in pages if each.name in shelves.FACTS],
        kit=next((each for each in pages if each.name == shelves.KIT), None),
        days=by_day(board.coming()),
        titles=titles(pages),
        offers=listing.suiting[:_NEXT_FREE],
        # Only how somebody is met: a way that nobody offers would be a promise.
        ways_to_meet=ways,
    )


@blueprint.get("/week/<name>")
def week_page(name: str) -> str | Answer:
    """One page of the shelf, with the events for those it speaks to."""
    if name == _WELCOME:
        return redirect(asked_whom.link("outreach.week"))
    found = board.page(f"{shelves.WEEK}/{name}")
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    theirs = [each for each in board.coming() if each.event.facts.audience == name]
    return render_template("outreach/week_page.html", page=found, days=by_day(theirs), titles={})


@blueprint.get("/week/events.ics")
def events_file() -> Response:
    """All events to come, for a calendar program."""
    return _file(board.coming(), "events")


@blueprint.get("/week/events/<key>.ics")
def event_calendar(key: str) -> Response:
    """One event; one that is over is no page."""
    found = [each for each in board.coming() if each.event.id == key]
    if not found:
        abort(HTTPStatus.NOT_FOUND)
    return _file(found, "event")


def by_day(coming: list[Told]) -> list[tuple[date, list[Told]]]:
    """Events under the day on which they start, as the page's own clock shows it."""
    return [(day, list(each)) for day, each in groupby(coming, lambda told: _day(told.event.starts))]


def titles(pages: list[Titled]) -> dict[str, str]:
    """What the pages are called, by their names."""
    return {each.name: each.title for each in pages if each.name not in shelves.FOR_ALL}


def _day(moment: datetime) -> date:
    return moment.astimezone(shown_zone.zone()).date()


def _file(found: list[Told], name: str) -> Response:
    response = Response(event_file.write(_happening(each) for each in found), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f"attachment; filename={name}.ics"
    return response


def _happening(told: Told) -> Happening:
    event, said = told.event, told.written
    return Happening(
        id=event.id,
        title=said.title,
        text="\n".join(said.lines),
        starts=event.starts,
        ends=event.ends,
        place=event.facts.place,
        link=event.facts.link,
        changes=event.changes,
    )
