"""The visitor's way to another time: the list of those that suit, and the page after moving."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import render_template, request

from portal import clock, shown_zone
from portal.intake import moves, sentences
from portal.intake.actions import Asked, action
from portal.intake.choice import ids
from portal.intake.move_forms import MoveForm
from portal.intake.moves import Kept, Moved, Why, Wish
from portal.intake.returning import NothingThere, Opened
from portal.intake.rules import Meeting, State
from portal.intake.shown import matter_page, shown
from portal.language import _, moment
from portal.office import service as office
from portal.pages import state
from portal.scheduling import rules
from portal.scheduling import service as scheduling
from portal.scheduling.rules import MOST_IN_AN_ANSWER, Mode, Offer


@action("move")
def _move(asked: Asked) -> str:
    """First the times there are; with a time that was chosen, the step itself."""
    form = MoveForm(request.form)
    if asked.form.sure.data != "yes":
        return _choose(asked.open(), asked, form)
    slots = ids(form.slot.data)
    if not slots:
        return _choose(asked.open(), asked, form, problem=_("Choose a time first. Then go on."))
    wish = Wish(asked.form.meeting.data or "", b"".join(ids([form.held.data or ""])), slots)
    found = moves.move(
        state().stores,
        asked.words,
        wish,
        publication=state().volatile.publication,
        settings=state().settings,
        now=clock.now(),
    )
    return _answer(found, asked, form, wish)


def _answer(found: Moved | Kept | NothingThere, asked: Asked, form: MoveForm, wish: Wish) -> str:
    match found:
        case NothingThere():
            return matter_page(found, asked.words)
        case Moved():
            return _moved(found, asked, instead=_instead(found, wish))
        case Kept(opened, Why.GONE):
            return _choose(opened, asked, form, gone=wish.slots)
        case Kept(opened, why):
            return matter_page(opened, asked.words, remark=_remark(why, opened.matter.find_meeting(wish.uid)))


def _choose(
    found: Opened | NothingThere,
    asked: Asked,
    form: MoveForm,
    *,
    problem: str | None = None,
    gone: Sequence[bytes] = (),
) -> str:
    """The times to which this appointment may go; where the chosen ones are gone, those near them."""
    if isinstance(found, NothingThere):
        return matter_page(found, asked.words)
    uid = asked.form.meeting.data or None
    meeting = moves.movable(found.matter, uid, clock.now())
    if meeting is None:
        now = found.matter.find_meeting(uid) if uid else found.matter.meeting
        return matter_page(found, asked.words, remark=_remark(Why.OVER, now))
    listed = _listed()
    suiting = moves.options(listed, found.matter, meeting)
    if gone:
        around = next((offer.starts for offer in scheduling.chosen(listed, gone)), meeting.starts)
        near = scheduling.near(suiting, gone, around, Mode(meeting.mode))
        return _times_page(
            found, asked, meeting, {"0": near}, "0", is_near=True, problem=_gone(meeting, near, gone, listed)
        )
    weeks = rules.in_parts(rules.by_week(suiting, shown_zone.zone()), MOST_IN_AN_ANSWER)
    week = form.week.data if form.week.data in weeks else "0"
    return _times_page(found, asked, meeting, weeks, week, problem=problem)


def _times_page(  # noqa: PLR0913 - what stands on it
    found: Opened,
    asked: Asked,
    meeting: Meeting,
    weeks: Mapping[str, Sequence[Offer]],
    week: str,
    *,
    is_near: bool = False,
    problem: str | None = None,
) -> str:
    settings, order = state().settings, list(weeks)
    at = order.index(week) if week in weeks else 0
    # Whoever is shown a time that needs a code has given theirs.
    offers = [replace(offer, proof_needed=False) for offer in weeks.get(week, ())]
    return render_template(
        "intake/move.html",
        matter=shown(found.matter, asked.words),
        meeting=meeting,
        held=meeting.slot.hex(),
        offers=offers,
        days=rules.by_day(offers, shown_zone.zone()),
        week=None if week == "0" else week,
        earlier=order[at - 1] if at else None,
        later=order[at + 1] if at + 1 < len(order) else None,
        next_publication=rules.next_publication(clock.now(), settings.publish_at, settings.zone),
        is_near=is_near,
        problem=problem,
    )


def _moved(found: Moved, asked: Asked, *, instead: str) -> str:
    matter = shown(found.opened.matter, asked.words)
    new = next(each for each in matter.meetings if each.uid == found.meeting.uid)
    return render_template("intake/moved.html", matter=matter, new=new, instead=instead)


def _instead(found: Moved, wish: Wish) -> str:
    """Why this is not the first choice; empty if it is."""
    if found.meeting.slot == wish.slots[0]:
        return ""
    first = next(iter(scheduling.chosen(_listed(), wish.slots[:1])), None)
    # Whether a time needs a code is nothing here: only those that suit were offered.
    return sentences.instead(first, Mode(found.meeting.mode), has_code=True)


def _gone(meeting: Meeting, near: Sequence[Offer], gone: Sequence[bytes], listed: Sequence[Offer]) -> str:
    """The old appointment stands, and what to do now."""
    said = _("Sorry, this time is no longer free.") if len(gone) == 1 else _("Sorry, none of these is free any more.")
    if not scheduling.chosen(listed, gone):
        said = sentences.no_longer_offered(len(gone))
    kept = _("Your time on %(when)s is still yours.") % {"when": _moment(meeting)}
    return " ".join([said, kept, *([_("Choose another one, or keep yours.")] if near else [])])


def _remark(why: Why, meeting: Meeting | None) -> str:
    """Why nothing was changed."""
    if meeting is None or meeting.state is not State.BOOKED:
        return _("This time is no longer booked, so it cannot be moved.")
    return {
        Why.SAME: _("You have this time already. Nothing was changed."),
        Why.ELSEWHERE: _("You have moved this already. Your time is now on %(when)s.") % {"when": _moment(meeting)},
        Why.ROOM: _("There is no room left here to move it. Nothing was changed. Please call us."),
    }.get(why, _("This time has begun or is over, so it cannot be moved any more."))


def _moment(meeting: Meeting) -> str:
    return moment(meeting.starts, shown_zone.zone())


def _listed() -> Sequence[Offer]:
    now, settings = clock.now(), state().settings
    with state().stores.desk.reading() as desk:
        return scheduling.published(desk, state().volatile.publication, office.names(desk), settings=settings, now=now)
