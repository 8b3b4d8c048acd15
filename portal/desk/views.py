"""The pages behind the door: queue, matter, hours, colleagues."""

import os
from http import HTTPStatus
from types import SimpleNamespace

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from portal import clock
from portal.desk import service
from portal.desk.door import blueprint, desk_keys
from portal.desk.forms import AdmitForm, MarkForm, ReplyForm
from portal.desk.labels import LEVELS, PROOFS, TOPICS
from portal.desk.rules import QueueLine, can_mark
from portal.desk.service import Gone, MatterView, Tampered
from portal.intake.documents import room_left
from portal.intake.forms import LONGEST_MESSAGE
from portal.intake.returning import Said
from portal.intake.rules import State
from portal.language import _
from portal.office import service as office
from portal.office.rules import DeskKeys
from portal.pages import state
from portal.roster.labels import LABELS
from portal.scheduling import service as scheduling
from portal.scheduling.forms import HoursForm, as_fields
from portal.scheduling.rules import Mode, Practice, WeeklyRange, next_publication
from portal.sealing.keys import fingerprint
from portal.volatile import Desks

_PAGE_NUMBER = 8
_SHOWS_VISITORS = {"desk.queue", "desk.matter"}


@blueprint.after_request
def cover_when_idle(response: Response) -> Response:
    """A page that shows visitors gives way to the cover by itself, also where nobody is at the desk to reload it."""
    if request.endpoint in _SHOWS_VISITORS and response.status_code == HTTPStatus.OK:
        seconds = int(Desks.IDLE.total_seconds()) + 1
        response.headers["Refresh"] = f"{seconds}; url={url_for('desk.cover')}"
    return response


@blueprint.get("/")
def queue() -> str:
    own, now = desk_keys(), clock.now()
    found = service.queue(state().stores, own, settings=state().settings, now=now)
    return render_template(
        "desk/queue.html",
        unanswered=[_line(each) for each in found.waiting],
        days=[(day, [_line(each) for each in lines]) for day, lines in found.days],
        past=[_line(each) for _day, lines in found.past for each in lines],
        tampered=found.tampered,
        waiting=[each for each in _people() if not each.admitted] if own.office else [],
        has_hours=_has_hours(own.ombuds),
    )


@blueprint.route("/matter/<key>", methods=["GET", "POST"])
def matter(key: str) -> str | Answer:
    own, locker, form, answer = desk_keys(), _id(key), MarkForm(), ReplyForm()
    if "text" in request.form:
        return _reply(own, key, answer)
    if form.validate_on_submit():
        done = service.mark(state().stores, own, locker, State(form.action.data), now=clock.now())
        flash(
            _("Marked. You can correct it here.")
            if done
            else _("Nothing was changed: it has not begun yet, or it is over.")
        )
        return redirect(url_for("desk.matter", key=key))
    found = service.open_matter(state().stores, own, locker)
    if isinstance(found, Gone):
        flash(_("This appointment has ended: the visitor erased it, or its day has come."))
        return redirect(url_for("desk.queue"))
    if isinstance(found, Tampered):
        return render_template("desk/matter.html", matter=SimpleNamespace(tampered=True), form=form)
    return _matter_page(found, form, answer)


def _reply(own: DeskKeys, key: str, answer: ReplyForm) -> str | Answer:
    """Write to the visitor; what was typed stays on the page until it is kept."""
    if answer.validate_on_submit():
        said = Said(answer.page.data, answer.text.data)
        if service.reply(state().stores, own, _id(key), said, now=clock.now()):
            flash(_("Your message is kept. The visitor reads it when they come back."))
            return redirect(url_for("desk.matter", key=key))
        answer.text.errors = [_("It was not kept: there is not so much room left, or this appointment has ended.")]
    found = service.open_matter(state().stores, own, _id(key))
    if not isinstance(found, MatterView):
        return redirect(url_for("desk.matter", key=key))
    return _matter_page(found, MarkForm(), answer)


def _matter_page(found: MatterView, form: MarkForm, answer: ReplyForm) -> str:
    answer.page.data = answer.page.data or os.urandom(_PAGE_NUMBER).hex()
    return render_template("desk/matter.html", matter=_shown(found), form=form, answer=answer)


@blueprint.route("/hours", methods=["GET", "POST"])
def hours() -> str:
    own, now, settings = desk_keys(), clock.now(), state().settings
    with state().stores.desk.reading() as desk:
        ranges, practice = scheduling.get_hours(desk, own.ombuds)
    form, opened = _hours_form(ranges, practice), None
    if form.validate_on_submit():
        with state().stores.desk.writing() as desk:
            scheduling.set_hours(desk, own.ombuds, [WeeklyRange(*each) for each in form.ranges()], _practice(form))
            opened = scheduling.open_slots(desk, settings, now, own.ombuds)
    soon = next_publication(now, settings.publish_at, settings.zone)
    return render_template("desk/hours.html", form=form, opened=opened, next_publication=soon)


@blueprint.route("/colleagues", methods=["GET", "POST"])
def colleagues() -> str | Answer:
    own, form = desk_keys(), AdmitForm()
    if form.validate_on_submit():
        with state().stores.desk.writing() as desk, state().stores.keys.writing() as keys:
            done = office.admit(desk, keys, _id(form.ombuds.data), own)
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
        ranges, _practice_set = scheduling.get_hours(desk, ombuds)
    return bool(ranges)


def _line(found: QueueLine) -> SimpleNamespace:
    words = {"topic": TOPICS.get(found.topic, ""), "level": PROOFS[found.level]}
    return SimpleNamespace(**vars(found) | words)


def _shown(found: MatterView) -> SimpleNamespace:
    meeting, stub, settings = found.matter.meeting, found.matter.stub, state().settings
    is_video = meeting.mode == Mode.video
    return SimpleNamespace(
        **vars(stub) | {"share": stub.share.value, "topic": TOPICS.get(stub.topic, "")},
        tampered=False,
        starts=meeting.starts,
        minutes=meeting.minutes,
        mode=meeting.mode,
        state=meeting.state.value,
        can_mark=can_mark(meeting, clock.now()),
        level_words=LEVELS[found.matter.level],
        place=", ".join(part for part in (found.matter.venue.name, found.matter.venue.door) if part),
        video_link=settings.video_link.format(room=found.matter.room) if is_video else None,
        messages=found.matter.messages,
        room=min(LONGEST_MESSAGE, room_left(found.matter)),
        profile=[(LABELS.get(name, name), value) for name, value in found.profile.items()],
        is_profile_shut=found.is_profile_shut,
        ends=found.matter.ends,
    )


def _hours_form(ranges: list[WeeklyRange], practice: Practice | None) -> HoursForm:
    values: dict[str, object] = dict(as_fields((each.weekday, each.starts, each.ends) for each in ranges))
    if practice is None:
        return HoursForm(data=values | {"modes": [mode.value for mode in Mode], "without_code": True})
    return HoursForm(data=values | vars(practice))


def _practice(form: HoursForm) -> Practice:
    return Practice(
        minutes=form.minutes.data,
        modes=tuple(Mode(mode) for mode in form.modes.data),
        without_code=form.without_code.data,
        place_name=form.place_name.data,
        place_access=form.place_access.data,
        place_door=form.place_door.data,
        place_directions=form.place_directions.data,
    )


def _id(key: str) -> bytes:
    try:
        return bytes.fromhex(key)
    except ValueError:
        abort(404)
