"""Puts the parts together: blueprints, templates, error pages and the headers of every answer."""

import os
from http import HTTPStatus
from types import TracebackType

from flask import Flask, Response, abort, current_app, render_template, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request
from jinja2 import StrictUndefined
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError, SecurityError, ServiceUnavailable

from portal import clock, inline, language, log, shown_zone, spoken
from portal.config import Settings
from portal.desk import (  # noqa: F401 - the desk's pages stand on the door's blueprint
    away_views,
    closing_views,
    counting_views,
    dates_views,
    door,
    hours_views,
    joining,
    linking_views,
    making_views,
    matter_views,
    meeting_views,
    notice,
    noting_views,
    places_views,
    remark_views,
    search_views,
    today_views,
    views,
    week_views,
)
from portal.desk import calendar_views as desk_calendar  # noqa: F401 - so do these
from portal.desk import permitting_views as desk_permitting  # noqa: F401 - and these
from portal.desk.forms import SignOutForm
from portal.editing import door as editing_door
from portal.editing import (  # noqa: F401 - they stand on the door of the editors
    editors_views,
    events_views,
    look_views,
    overview_views,
    text_views,
)
from portal.intake import (  # noqa: F401 - they stand on the blueprint of the booking
    calendar_views,
    move_views,
    proposal_views,
    return_views,
    revealing_views,
    stored_views,
)
from portal.intake import permitting_views as visitor_permitting  # noqa: F401 - as these
from portal.intake import remark_views as notes_from_visitors  # noqa: F401 - and this
from portal.intake.views import blueprint as intake
from portal.language import _
from portal.outreach import print_views  # noqa: F401 - it stands on the blueprint of the public pages
from portal.outreach import week_views as ombuds_week  # noqa: F401 - as this does
from portal.outreach.views import blueprint as outreach
from portal.pages import State, is_desk
from portal.pulse import run_daily
from portal.scheduling import (
    asked_whom,
    feed_views,  # noqa: F401 - it stands on the blueprint of the list
)
from portal.scheduling.labels import getting_in, numbers
from portal.scheduling.views import blueprint as scheduling
from portal.site import board as site_board
from portal.site import looks

MAX_FORM = 64 * 1024
#: What is asked for all the time, and shows nothing that ends.
_ALWAYS = {"static.asset", "outreach.healthz"}
_PLAIN_HOST = "<!doctype html><title>Sorry</title><p>This address is not one of ours."
_PLAIN = "<!doctype html><title>Sorry</title><p>Something broke here. It is our fault, not yours."

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    # Not no-referrer: with that, Chromium sends `Origin: null` and every form over HTTPS would be refused.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class DeskSession(SecureCookieSessionInterface):
    """A session for the desk alone: elsewhere there is none, so that no visitor's page can set or read a cookie."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if is_desk(request) else None


class Portal(Flask):
    """Flask, but for one thing: what it logs when even the error page breaks says nothing of the request."""

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        _, error, _ = exc_info
        if error is not None:
            log.note(error)


def build(app: Flask, state: State) -> Flask:
    """Everything a request may meet, in the order in which it meets it."""
    app.extensions["portal"] = state
    _configure(app, state.settings)
    spoken.dress(app)
    _prepare_templates(app, state.settings)
    app.before_request(_run_what_is_due)
    app.before_request(_refuse_files)
    app.before_request(_refuse_unmeasured)
    for blueprint in (looks.blueprint, outreach, scheduling, intake, door.blueprint, editing_door.blueprint):
        app.register_blueprint(blueprint)
    door.login_manager.init_app(app, add_context_processor=False)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(Exception, _broken)
    app.after_request(_add_headers)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.session_interface = DeskSession()
    app.config.update(
        # Sign-ins live in memory only, so their key may die with the process too.
        SECRET_KEY=os.urandom(32),
        MAX_CONTENT_LENGTH=MAX_FORM,
        MAX_FORM_MEMORY_SIZE=MAX_FORM,
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_NAME="__Host-desk" if settings.is_https else "desk",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=None,  # the desk's session ends after eight hours, and the token with it
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which some ombuds' browsers never send
    )


def _prepare_templates(app: Flask, settings: Settings) -> None:
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.pop("config", None)  # a template has no business with keys
    looks.dress(app)
    shown_zone.dress(app)
    asked_whom.dress(app)
    inline.dress(app)
    environment.globals.update(exceptions=site_board.exceptions, exception_groups=site_board.groups)
    environment.filters["getting_in"] = getting_in
    environment.filters["numbers"] = numbers
    environment.filters["text_direction"] = language.text_direction
    app.context_processor(lambda: _everywhere(settings))


def _everywhere(settings: Settings) -> dict[str, object]:
    lang = language.current()
    found: dict[str, object] = {
        "settings": settings,
        "is_desk": is_desk(request),
        "lang": lang,
        "direction": language.text_direction(lang),
        "zone_words": shown_zone.words() or language.zone_name(settings.zone),
    }
    if found["is_desk"]:
        found["sign_out_form"] = SignOutForm(formdata=None)
    return found


def _run_what_is_due() -> None:
    """Before the first page of a day, also where the pulse stands still: what is over must not be seen any more."""
    if request.endpoint in _ALWAYS:
        return
    found: State = current_app.extensions["portal"]
    try:
        run_daily(found.stores, found.volatile, found.settings, clock.now())
    except Exception as error:  # noqa: BLE001 - the office stays open when its housekeeping fails; doctor says so
        log.note(error)


def _refuse_files() -> None:
    """No form here sends files, and the parser for them writes to disk."""
    if request.mimetype == "multipart/form-data":
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


def _refuse_unmeasured() -> None:
    """A form that does not say its length would be cut at the limit without a word."""
    if request.method == "POST" and request.content_length is None:
        abort(HTTPStatus.LENGTH_REQUIRED)


def _add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    response.headers["Content-Security-Policy"] = inline.policy(POLICY)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=63072000"
    response.headers.setdefault("Cache-Control", "no-store")
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = language.current()
    return response


def _error_page(error: HTTPException) -> Response:
    """Our own page, with what the error has to say to the browser, like the methods that are allowed."""
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, BadHost | SecurityError):  # a `Host` that is none: no page could say where it leads to
        return Response(_PLAIN_HOST, code, mimetype="text/html")
    title, message, what_to_do = _sentences(code)
    try:
        page = render_template("errors/error.html", title=title, message=message, what_to_do=what_to_do)
    except Exception as broken:  # noqa: BLE001 - whatever it is, Flask would log it with the address of the page
        log.note(broken)
        page, code = _PLAIN, HTTPStatus.INTERNAL_SERVER_ERROR
    kept = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
    return Response(page, code, kept, mimetype="text/html")


def _broken(error: Exception) -> Response:
    """A bug, or a full disk: its kind and place are logged, and nothing that somebody typed."""
    log.note(error)
    is_full = "disk is full" in str(getattr(error, "orig", ""))  # as SQLite says it
    return _error_page(ServiceUnavailable() if is_full else InternalServerError())


def _sentences(code: int) -> tuple[str, str, str]:  # noqa: PLR0911 - one for each kind of error
    match code:
        case HTTPStatus.NOT_FOUND:
            return _("This page is not here"), _("The address may be mistyped or old."), ""
        case HTTPStatus.FORBIDDEN:
            return (
                _("This form came from another site"),
                _("We take forms only from our own pages, to keep you safe."),
                _("Open the first page here and start again."),
            )
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return (
                _("That was too much text"),
                _("Nothing was sent."),
                _("Go back and shorten it. Copy your text first: some browsers empty the form."),
            )
        case HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
            return _("We take no files here"), _("Nothing was sent or kept."), ""
        case HTTPStatus.METHOD_NOT_ALLOWED | HTTPStatus.BAD_REQUEST | HTTPStatus.LENGTH_REQUIRED:
            return (
                _("That did not work"),
                _("This page cannot be opened like this. Nothing was changed."),
                _("Open the first page here and start again."),
            )
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return (
                _("There is no room for it just now"),
                _("It is our fault, not yours. Nothing was booked."),
                _("Send the form once more in some minutes, or call us."),
            )
        case _:
            return (
                _("Something broke here"),
                _("It is our fault, not yours. If you saw no receipt, send the form once more."),
                _("You can also call us."),
            )
