"""The style sheets and the icon as the office chose them: its accent stands inside, so a page needs no request more."""

from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

from flask import Blueprint, Flask, Response, abort, url_for
from sqlalchemy.exc import SQLAlchemyError

from portal import assets, log
from portal.site import board, colours
from portal.site.colours import Dress

blueprint = Blueprint("static", __name__)


@dataclass(frozen=True)
class Asset:
    """A file that browsers may keep for ever, because its address changes with it."""

    body: bytes
    digest: str
    kind: str


def dress(app: Flask) -> None:
    """Give templates the addresses of their sheets; those of an office without a colour are made at the start."""
    files("")
    app.jinja_env.globals["asset"] = lambda name: url_for("static.asset", digest=_chosen()[name].digest, name=name)


@blueprint.get("/static/<digest>/<name>")
def asset(digest: str, name: str) -> Response:
    """A style sheet or the icon; an old address gets the newest, so that yesterday's page still looks well."""
    found = _chosen().get(name)
    if found is None or not digest.isalnum():
        abort(HTTPStatus.NOT_FOUND)
    response = Response(found.body, mimetype=found.kind)
    # Under its own address alone: kept under an old one, it would stand in that one's place if the office goes back.
    is_current = digest == found.digest
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_current else "no-store"
    return response


@lru_cache(maxsize=4)
def files(accent: str) -> dict[str, Asset]:
    """All of them for one accent. Made when somebody first sees a page in it: the editor who chose it."""
    own = _sheet(accent) if accent and colours.refuse(accent) is None else ""
    icon = (assets.FOLDER / "icon.svg").read_bytes()
    papers = {
        f"{name}.css": Asset(*assets.bundle(sheets, own), "text/css") for name, sheets in assets.PAPER_SHEETS.items()
    }
    return papers | {
        "site.css": Asset(*assets.bundle(assets.SITE_SHEETS, own), "text/css"),
        "desk.css": Asset(*assets.bundle(assets.DESK_SHEETS, own), "text/css"),
        "icon.svg": Asset(icon, assets.digest(icon), "image/svg+xml"),
    }


def _chosen() -> dict[str, Asset]:
    try:
        accent = board.chosen().accent
    except SQLAlchemyError as broken:  # the page that says so needs its looks too
        log.note(broken)
        accent = ""
    return files(accent)


def _sheet(accent: str) -> str:
    by_day, by_night = _root(colours.by_day(accent)), _root(colours.by_night(accent))
    on_paper = f":root {{ --press: {colours.by_day(accent).accent}; }}"
    return f"{by_day} {on_paper} @media (prefers-color-scheme: dark) {{ {by_night} }}"


def _root(worn: Dress) -> str:
    return f":root {{ --accent: {worn.accent}; --on-accent: {worn.on_accent}; --tint: {worn.tint}; }}"
