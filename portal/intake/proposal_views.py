"""The visitor's buttons on a proposed time, and the one that asks to meet again."""

from portal import clock, shown_zone
from portal.intake import proposals, returning
from portal.intake.actions import Asked, action
from portal.intake.returning import NoRoom, NothingThere, Opened, Said
from portal.intake.rules import Meeting, State
from portal.intake.shown import matter_page
from portal.intake.wishes import kept
from portal.language import _, moment
from portal.pages import state


@action("accept")
def _accept(asked: Asked) -> str:
    uid = asked.form.meeting.data or ""
    found = proposals.accept(
        state().stores,
        asked.words,
        uid,
        publication=state().volatile.publication,
        settings=state().settings,
        now=clock.now(),
    )
    return _answered(found, asked, State.BOOKED)


@action("decline")
def _decline(asked: Asked) -> str:
    uid = asked.form.meeting.data or ""
    found = proposals.decline(
        state().stores,
        asked.words,
        uid,
        publication=state().volatile.publication,
        settings=state().settings,
        now=clock.now(),
    )
    return _answered(found, asked, State.DECLINED)


@action("again")
def _ask_again(asked: Asked) -> str:
    """What is asked is a message of the page it was asked on, so that a button pressed twice asks once."""
    form = asked.form
    if not form.validate():
        return matter_page(asked.open(), asked.words, form=form)
    text = " ".join(part for part in (kept(form.wish.data or ""), form.when.data) if part)
    found = returning.write(
        state().stores, asked.words, Said(asked.page, text), settings=state().settings, now=clock.now()
    )
    if isinstance(found, NoRoom):
        form.when.errors = [_("There is not so much room left. Please shorten it, or call us.")]
        return matter_page(found.opened, asked.words, form=form)
    return matter_page(found, asked.words, note=_("The ombuds will see that you want to meet. Come back and look."))


def _answered(found: Opened | NothingThere, asked: Asked, wanted: State) -> str:
    """The page after an answer; it names the day, as other times may stand there too."""
    if isinstance(found, NothingThere):
        return matter_page(found, asked.words)
    meeting = found.matter.find_meeting(asked.form.meeting.data or "")
    if meeting is None or meeting.state is not wanted:
        return matter_page(found, asked.words, remark=_why_not(meeting))
    said = _("The time on %(when)s is now yours.")
    if wanted is State.DECLINED:
        said = _("You said no to the time on %(when)s. That is fine.")
    when = moment(meeting.starts, shown_zone.zone())
    return matter_page(found, asked.words, note=said % {"when": when})


def _why_not(meeting: Meeting | None) -> str:
    """Whoever was quicker is told kindly."""
    if meeting is None:
        return _("This time is no longer offered. Nothing else was changed.")
    if meeting.state is State.PROPOSED:
        return _("This time is over, so it cannot be answered any more. You can ask for another one.")
    if meeting.state is State.BOOKED:
        return _("This time is already yours. If you cannot come, cancel it below.")
    return _("You can no longer take this time. You can ask for another one.")
