"""The zone in which the page being made shows its times: the office's, or the one that a visitor chose.

A choice lives in the forms and links of the visit alone. No store, no cookie and no log ever holds it.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, g, request
from markupsafe import Markup

from portal import language, spoken, zones
from portal.pages import asked_fields, is_desk, state

#: The field, and the part of a query, that carries the choice.
FIELD = "tz"


def zone() -> ZoneInfo:
    return chosen() or state().settings.zone


def chosen() -> ZoneInfo | None:
    """None where the office's own zone is shown, as at the desk and wherever nobody chose or a name means nothing."""
    if "zone" not in g:
        choose(_asked())
    found: ZoneInfo | None = g.zone
    return found


def choose(asked: str) -> None:
    """Show the rest of this page in the zone of this name; in the office's, if the name means nothing."""
    found = zones.find(asked)
    g.zone = None if found is None or found.key == zones.canonical(state().settings.zone.key) else found


def name() -> str:
    """The name of the zone that was chosen; empty where there is none."""
    found = chosen()
    return found.key if found else ""


def field() -> str:
    """The hidden field with which a form takes the choice along; empty where there is none."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, name()) if name() else ""


def link(endpoint: str, **values: object) -> str:
    """The address of a page, with the language and the zone in its query."""
    return spoken.link(endpoint, **{FIELD: name() or None} | values)


def words() -> str:
    """What stands beside each time of a visitor's page; empty at the desk, which knows one zone and says it once."""
    return "" if is_desk(request) else language.zone_words(zone())


def office_words() -> str:
    """The office's own zone, for hours that are written down and never reckoned."""
    return language.zone_words(state().settings.zone)


def short() -> str:
    """The same in two words, where the whole of it stands near."""
    return language.zone_short(zone())


def options() -> list[tuple[str, str, bool]]:
    """The list to choose from: value, words, and whether it was chosen; the first is the office's, without a value."""
    return [(key, said, bool(key) and key == name()) for key, said in zones.options(state().settings.zone, zone())]


def there(starts: datetime) -> str:
    """When it is at the office, with the day; empty where the page's own clock shows the same."""
    office = state().settings.zone
    if starts.astimezone(office).utcoffset() == starts.astimezone(zone()).utcoffset():
        return ""
    return language.moment(starts, office)


def dress(app: Flask) -> None:
    """Give templates all of this."""
    language.dress(app.jinja_env, zone)
    app.jinja_env.tests["elsewhere"] = lambda starts: bool(there(starts))
    app.jinja_env.globals.update(
        zone_field=field,
        visit_url=link,
        zone_beside=words,
        zone_short=short,
        zone_options=options,
        office_zone=office_words,
        at_the_place=there,
    )


def _asked() -> str:
    return "" if is_desk(request) else str(asked_fields().get(FIELD, ""))
