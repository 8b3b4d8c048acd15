"""Public pages, and the way out of every page."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, redirect, render_template
from sqlalchemy import text
from werkzeug.wrappers import Response as Answer

from portal import language
from portal.intake import upkeep
from portal.notices.board import on_board, today
from portal.outreach import groups, service
from portal.outreach.rules import Week, week_of
from portal.pages import state
from portal.qr import drawn
from portal.scheduling.today_views import open_hours
from portal.site import board, shelves, voices
from portal.site.choices import Campaign

blueprint = Blueprint("outreach", __name__)
_IS_ON = {Campaign.BY_DATE: None, Campaign.ON: True, Campaign.OFF: False}


@blueprint.get("/")
def home() -> str:
    return render_template(
        "outreach/home.html",
        notices=on_board(),
        open_hours=open_hours(),
        week=spoken_week(),
        read_first=groups.first(board.titles(shelves.ABOUT, groups.FIRST)),
    )


def spoken_week() -> Week:
    """The Ombuds Week that the site speaks of today."""
    chosen = board.chosen()
    return week_of(today(), chosen.week, is_on=_IS_ON[chosen.campaign])


@blueprint.get("/about/limits")
def limits() -> str:
    with state().stores.desk.reading() as desk, state().stores.site.reading() as site:
        last, tried = upkeep.last_day(desk), service.last_trial(site)
    return render_template(
        "outreach/limits.html", last_destroyed=last, tried=tried if state().settings.shows_trial else None
    )


@blueprint.get("/about")
def about() -> str:
    return render_template("outreach/about.html", groups=groups.grouped(board.titles(shelves.ABOUT)))


@blueprint.get("/about/voices")
def voices_page() -> str:
    """What the office typed over of what visitors said."""
    with state().stores.site.reading() as site:
        found = voices.newest(site, language.current(), voices.MOST_SHOWN)
    quarters = [(voices.words_of(name), group) for name, group in voices.by_quarter(found).items()]
    return render_template("outreach/voices.html", quarters=quarters)


@blueprint.get("/about/<name>")
def page(name: str) -> str:
    """One page of the office's own words."""
    found = board.page(f"{shelves.ABOUT}/{name}")
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    address = state().settings.address
    picture = drawn(address, scale=4) if name == "device" else None
    return render_template("outreach/page.html", page=found, picture=picture, host=urlsplit(address).netloc)


@blueprint.get("/leave")
def leave() -> str:
    """An empty page at once, which goes on by itself.

    Two steps, because a browser keeps the page that is being left in its memory, with what was typed in it, and only
    an answer that comes after can clear that.
    """
    return render_template("outreach/leave.html")


@blueprint.get("/leave/out")
def leave_out() -> Answer:
    """On to a neutral site, with all that this site left in the browser cleared."""
    answer = redirect(state().settings.exit_target, 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 when the stores answer; says nothing else."""
    for store in (state().stores.desk, state().stores.keys, state().stores.site):
        with store.reading() as session:
            session.execute(text("SELECT version_num FROM alembic_version")).one()
    return Response("ok\n", mimetype="text/plain")
