"""The page of one matter at the desk, and the two acts that need no page of their own: mark, and reply."""

import os
from types import SimpleNamespace

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.desk import linking, service
from portal.desk.changing import AtDesk
from portal.desk.door import at_desk, blueprint, locker_id
from portal.desk.forms import MarkForm, PartForm, ReplyForm
from portal.desk.labels import LEVELS, TOPICS
from portal.desk.moving import can_call_off
from portal.desk.rules import can_mark, find_coming, has_met
from portal.desk.service import Gone, MatterView, Tampered
from portal.intake.documents import room_left
from portal.intake.forms import LONGEST_MESSAGE
from portal.intake.returning import Said
from portal.intake.rules import HOLDING, Meeting, State
from portal.language import _
from portal.pages import state
from portal.roster.labels import LABELS
from portal.scheduling.rules import Mode

_PAGE_NUMBER = 8
#: What came to nothing: there is no room to meet in any more.
_EARLIER = frozenset({State.DECLINED, State.CANCELLED, State.CALLED_OFF})
#: So many messages stand at the top before a meeting.
LATEST = 2


@blueprint.route("/matter/<key>", methods=["GET", "POST"])
def matter(key: str) -> str | Answer:
    at, form = at_desk(), MarkForm()
    if "text" in request.form:
        return _reply(at, key)
    if form.validate_on_submit():
        done = service.mark(at, locker_id(key), State(form.action.data), form.meeting.data or None)
        flash(
            _("Marked. You can correct it here.")
            if done
            else _("Nothing was changed: it has not begun yet, or it is over.")
        )
        return redirect(url_for("desk.matter", key=key))
    return matter_page(at, key)


def matter_page(at: AtDesk, key: str, answer: ReplyForm | None = None) -> str | Answer:
    """The page as it is now; or the queue, with a sentence, when the matter is gone."""
    found, form = service.open_matter(at, locker_id(key)), MarkForm(formdata=None)
    if isinstance(found, Gone):
        flash(_("This matter has ended: the visitor erased it, or its day has come."))
        return redirect(url_for("desk.queue"))
    if isinstance(found, Tampered):
        return render_template("desk/matter.html", matter=SimpleNamespace(tampered=True), form=form)
    answer = answer or ReplyForm(formdata=None)
    answer.page.data = answer.page.data or os.urandom(_PAGE_NUMBER).hex()
    return render_template(
        "desk/matter.html", matter=shown(found, at), form=form, answer=answer, part_form=PartForm(formdata=None)
    )


def shown(found: MatterView, at: AtDesk) -> SimpleNamespace:
    """A matter in the words of the desk's pages."""
    whole, stub = found.matter, found.matter.stub
    meetings = [_meeting(each, found, at) for each in whole.meetings]
    return SimpleNamespace(
        **vars(stub) | {"share": stub.share.value, "topic": TOPICS.get(stub.topic, "")},
        tampered=False,
        key=found.key,
        today=at.today,
        meetings=meetings,
        meeting=next((each for each in meetings if whole.meeting and each.uid == whole.meeting.uid), None),
        coming=find_coming(whole, at.now),
        has_met=has_met(whole),
        by_desk=whole.by_desk,
        level_words=LEVELS[whole.level],
        messages=whole.messages,
        is_unanswered=whole.is_waiting_for_ombuds,
        permissions=[each for each in reversed(whole.permissions) if each.is_open(at.today)],
        ended_permissions=[each for each in reversed(whole.permissions) if not each.is_open(at.today)],
        latest=whole.messages[-LATEST:],
        notes=found.notes,
        sides=linking.sides(at, locker_id(found.key), found.notes),
        room=min(LONGEST_MESSAGE, room_left(whole)),
        profile=[(LABELS.get(name, name), value) for name, value in found.profile.items()],
        is_profile_shut=found.is_profile_shut,
        ends=whole.ends,
    )


def _meeting(meeting: Meeting, found: MatterView, at: AtDesk) -> SimpleNamespace:
    is_video = meeting.mode == Mode.video and meeting.state not in _EARLIER
    venue = meeting.venue
    return SimpleNamespace(
        uid=meeting.uid,
        starts=meeting.starts,
        minutes=meeting.minutes,
        mode=meeting.mode,
        state=meeting.state.value,
        can_mark=can_mark(meeting, at.now),
        can_call_off=can_call_off(meeting, at.now),
        is_over=meeting.starts <= at.now,
        is_coming=meeting.state in HOLDING and meeting.ends > at.now,
        is_earlier=meeting.state in _EARLIER,
        place=", ".join(part for part in (venue.name, venue.door) if part),
        video_link=state().settings.video_link.format(room=found.matter.room) if is_video else None,
    )


def _reply(at: AtDesk, key: str) -> str | Answer:
    """Write to the visitor; what was typed stays on the page until it is kept."""
    answer = ReplyForm()
    if answer.validate_on_submit():
        if service.reply(at, locker_id(key), Said(answer.page.data, answer.text.data)):
            flash(_("Your message is kept. The visitor reads it when they come back."))
            return redirect(url_for("desk.matter", key=key))
        answer.text.errors = [_("It was not kept: there is not so much room left, or this matter has ended.")]
    return matter_page(at, key, answer)
