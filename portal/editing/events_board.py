"""Where the pages of events hang: behind the door of the desk."""

from flask import Blueprint

from portal.desk import door

blueprint = Blueprint("site_events", __name__, url_prefix="/desk/site")
blueprint.before_request(door.guard)
blueprint.after_request(door.never_keep)
