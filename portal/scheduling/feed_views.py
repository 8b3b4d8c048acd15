"""The feed of an ombuds' times, for their own calendar program."""

from http import HTTPStatus

from flask import Response, abort

from portal import clock
from portal.office import service as office
from portal.pages import state
from portal.scheduling import elsewhere, feed, service
from portal.scheduling.views import blueprint


@blueprint.get("/feed/calendar/<token>.ics")
def calendar(token: str) -> Response:
    """The list of times turned around. A token that opens nothing is no page."""
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
