"""What every view shares: the state of the application, tickets, and the guard of visitor forms."""

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Request, Response, abort, current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from portal import clock
from portal.config import Settings
from portal.db import Stores
from portal.errors import CannotOpen
from portal.sealing import box
from portal.sealing.places import Place
from portal.volatile import Volatile

#: Answers to a visitor's POST have this many bytes, or a multiple: their length must not tell a refusal from a receipt.
ANSWER_SIZE = 48 * 1024
#: A ticket holds as many bytes, or a multiple: its length must not tell how long the six words in it are.
_TICKET_SIZE = 320
_PADDING = "<!-- This empty space makes all answers equally long. -->"


@dataclass(frozen=True)
class State:
    """What a view works with."""

    settings: Settings
    stores: Stores
    volatile: Volatile


def state() -> State:
    found = current_app.extensions["portal"]
    assert isinstance(found, State)
    return found


def is_desk(asked: Request) -> bool:
    """Whether it is a page of the ombuds: told by the path, as it is asked before a route is found."""
    return asked.path == "/desk" or asked.path.startswith("/desk/")


def asked_fields() -> MultiDict[str, str]:
    """Query and form; the query alone where reading the form would be refused, or would write a file to the disk."""
    if request.mimetype == "application/x-www-form-urlencoded" and request.content_length is not None:
        try:
            return request.values
        except HTTPException:  # too long: the page that says so is made without it
            pass
    return request.args


def write_ticket(kind: str, values: dict[str, Any]) -> str:
    """Values as a text for a hidden field or an address, which only this process can read, for a day or two."""
    key, text = state().volatile.tickets.current(clock.now()), json.dumps(values).encode()
    padded = text + b" " * (-len(text) % _TICKET_SIZE)
    return base64.urlsafe_b64encode(box.lock(padded, key, _place(kind))).decode().rstrip("=")


def read_ticket(kind: str, text: str) -> dict[str, Any] | None:
    """The values, or None when the ticket is too old, from before a restart, or not ours."""
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    for key in state().volatile.tickets.valid(clock.now()):
        try:
            values = json.loads(box.unlock(sealed, key, _place(kind)))
        except CannotOpen:
            continue
        assert isinstance(values, dict)
        return values
    return None


def refuse_foreign_posts() -> None:
    """A form of ours is sent from a page of ours.

    There is no cookie to forge a visitor's request with; this keeps other sites from making a browser book at all,
    and from learning anything by it. Browsers too old to say where a request comes from are let through.
    """
    if request.method == "POST" and not _comes_from_us(request):
        abort(403)


def pad_answer(response: Response) -> Response:
    """Bring the answer to a visitor's POST to one length; browsers drop the comment."""
    if request.method == "POST" and response.mimetype == "text/html":
        body = response.get_data()
        room = -(len(body) + len(_PADDING)) % ANSWER_SIZE
        response.set_data(body + _PADDING.encode() + b" " * room)
    return response


def _comes_from_us(asked: Request) -> bool:
    site, origin = asked.headers.get("Sec-Fetch-Site"), asked.headers.get("Origin")
    if site is not None:
        # Said by the browser itself, and true even where a privacy setting turns Origin into "null".
        return site in {"same-origin", "none"}
    return origin is None or origin.partition("://")[2] in {urlsplit(state().settings.address).netloc, asked.host}


def _place(kind: str) -> Place:
    return Place("memory", b"ticket", kind)
