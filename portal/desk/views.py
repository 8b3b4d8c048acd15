"""The pages behind the door: queue, matter, colleagues."""

from types import SimpleNamespace

from flask import current_app, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from portal.desk import calendar, service
from portal.desk import week as own_week
from portal.desk.door import at_desk, blueprint, desk_keys, locker_id
from portal.desk.forms import AdmitForm, KeepForm, SearchForm
from portal.desk.labels import PROOFS, TOPICS
from portal.desk.morning import QueueLine
from portal.desk.week_sentences import shortages
from portal.language import _, _l
from portal.office import service as office
from portal.pages import state
from portal.scheduling import opening
from portal.sealing.keys import fingerprint

_LISTS = ("waiting", "today", "tomorrow", "week", "later", "proposed", "to_close", "ends_soon", "past", "others")
#: Where a morning leads to; a page that is not there yet is left out.
_WAYS = (
    ("desk.make", _l("Make a matter")),
    ("desk.week", _l("Your week")),
    ("desk.away", _l("I cannot be there")),
    ("desk.today", _l("Today on paper")),
    ("desk.contact", _l("Count a contact")),
    ("desk.counts", _l("Counts")),
    ("desk.said", _l("Notes from visitors")),
    ("desk.voices_page", _l("What visitors say")),
    ("desk.calendar", _l("Your calendar")),
    ("desk.notice", _l("Notice")),
    ("editing.overview", _l("The site's words")),
)


@blueprint.get("/")
def queue() -> str:
    at = at_desk()
    found = service.queue(at)
    lines = {name: [_line(each) for each in getattr(found, name)] for name in _LISTS}
    return render_template(
        "desk/queue.html",
        **lines,
        permissions=found.permissions,
        tampered=found.tampered,
        stranded=found.stranded,
        is_empty=not found.coming,
        ways=[(endpoint, label) for endpoint, label in _WAYS if endpoint in current_app.view_functions],
        colleagues=[each for each in _people() if not each.admitted] if at.own.office else [],
        has_hours=_has_hours(at.own.ombuds),
        has_silent_calendar=calendar.is_silent(at),
        few=shortages(own_week.read_outlook(at, state().volatile.publication), at.settings),
        keep=KeepForm(formdata=None),
        search=SearchForm(formdata=None),
    )


@blueprint.post("/matter/<key>/keep")
def keep(key: str) -> Answer:
    if KeepForm().validate_on_submit() and service.keep_longer(at_desk(), locker_id(key)):
        flash(_("Kept for one more month. Nobody was told."))
    else:
        flash(_("Nothing was changed: it is kept for longer already, or it has ended."))
    return redirect(url_for("desk.queue"))


@blueprint.route("/colleagues", methods=["GET", "POST"])
def colleagues() -> str | Answer:
    own, form = desk_keys(), AdmitForm()
    if form.validate_on_submit():
        with state().stores.desk.writing() as desk, state().stores.keys.writing() as keys:
            done = office.admit(desk, keys, locker_id(form.ombuds.data), own)
        flash(_("Admitted. From the next sign-in on they can open profiles.") if done else _("Nothing was changed."))
        return redirect(url_for("desk.colleagues"))
    people = _people()
    waiting = [each for each in people if not each.admitted] if own.office else []
    return render_template("desk/colleagues.html", colleagues=people, waiting=waiting, form=form)


def _people() -> list[SimpleNamespace]:
    with state().stores.desk.reading() as desk:
        found = office.colleagues(desk)
    return [
        SimpleNamespace(
            key=key.hex(),
            name=name,
            fingerprint=fingerprint(public),
            admitted=admitted,
            is_me=key == current_user.desk.ombuds,
        )
        for key, name, public, admitted in found
    ]


def _has_hours(ombuds: bytes) -> bool:
    with state().stores.desk.reading() as desk:
        ranges, _practice_set = opening.get_hours(desk, ombuds)
    return bool(ranges)


def _line(found: QueueLine) -> SimpleNamespace:
    words = {"topic": TOPICS.get(found.topic, ""), "level": PROOFS[found.level]}
    return SimpleNamespace(**vars(found) | words)
