"""Whom the visitor of this request would meet, as its address or its form says.

A choice lives in the forms and links of the visit alone. No store, no cookie and no log ever holds it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from urllib.parse import urlencode

from flask import Flask, g, request
from markupsafe import Markup

from portal import shown_zone, spoken
from portal.pages import asked_fields, is_desk
from portal.scheduling import whom
from portal.scheduling.whom import Person, Whom

#: A link of a cleaned text to another page here, and its anchor: a query is refused. Only a tag begins with "<".
_INNER = re.compile(r'<a href="(/(?![/\\])[^"?#]*)(#[^"]*)?"')
#: The part of a query, and the hidden fields of a form, that carry the choice. A form's `ombuds` is whom to write to.
QUERY, FIELD = "ombuds", "whom"
#: What leads back to the times. The way back with six words does too: who cancels there may book again.
_LEADS_THERE = frozenset(
    {
        "scheduling.times",
        "outreach.home",
        "outreach.limits",
        "outreach.week",
        "intake.come_back",
        # So does the way to a note, which must not be sealed to whoever was left out.
        "outreach.about",
        "outreach.page",
        "outreach.week_page",
        "outreach.poster",
        "outreach.cards",
        "outreach.voices_page",
        "intake.say",
    }
)


def carried() -> tuple[str, ...]:
    """The parts of the choice, as this page takes them along."""
    if "whom" not in g:
        choose([] if is_desk(request) else asked_fields().getlist(FIELD if request.method == "POST" else QUERY))
    found: tuple[str, ...] = g.whom
    return found


def choose(parts: Iterable[str]) -> None:
    """Take this choice for the rest of this page."""
    g.whom = whom.tidy(parts)


def among(people: Sequence[Person]) -> Whom:
    """What the choice means in this office; from here on only what means something is carried."""
    found = whom.read(carried(), people)
    choose((whom.UNREADABLE,) if found.is_unreadable else found.parts)
    return found


def fields() -> str:
    """The hidden fields with which a form takes the choice along; empty where there is none."""
    field = Markup('<input type="hidden" name="{}" value="{}">')
    return Markup("").join(field.format(FIELD, part) for part in carried())


def link(endpoint: str, **values: object) -> str:
    """The address of a page, with the language, the zone and the choice in its query."""
    parts = list(carried()) if endpoint in _LEADS_THERE else []
    return shown_zone.link(endpoint, **{QUERY: parts} | values if parts else values)


def all_fields() -> str:
    """The hidden fields with which a form takes along all that was chosen: language, zone and people."""
    return Markup("").join((spoken.field(), shown_zone.field(), fields()))


def carry(html: str) -> str:
    """A text of the office with all that was chosen in its links to pages of this site: none of them is a way round."""
    chosen = [
        (spoken.FIELD, spoken.name()),
        (shown_zone.FIELD, shown_zone.name()),
        *((QUERY, each) for each in carried()),
    ]
    query = urlencode([(name, value) for name, value in chosen if value], safe="/")
    if not query:
        return html
    # As plain text: the parts of marked text would be escaped when they are put together again.
    asked = _INNER.sub(rf'<a href="\1?{Markup.escape(query)}\2"', str(html))
    return Markup(asked)  # noqa: S704 - as clean as it was before


def dress(app: Flask) -> None:
    """Give templates all of this."""
    app.jinja_env.filters["carry"] = carry
    app.jinja_env.globals.update(
        carried_fields=all_fields,
        whom_fields=fields,
        whom_parts=carried,
        visit_url=link,
        languages=partial(spoken.tongues, link),
    )
