"""The visitor's buttons on a proposed time, and the one that asks to meet again."""

from portal import clock
from portal.intake import proposals, returning
from portal.intake.actions import Asked, action
from portal.intake.returning import NoRoom, NothingThere, Opened, Said
from portal.intake.rules import State
from portal.intake.shown import matter_page
from portal.language import _
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
    return matter_page(found, asked.words, note=_what_became(found, uid, State.BOOKED))


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
    return matter_page(found, asked.words, note=_what_became(found, uid, State.DECLINED))


@action("again")
def _ask_again(asked: Asked) -> str:
    """What is asked is a message of the page it was asked on, so that a button pressed twice asks once."""
    form = asked.form
    if not form.validate():
        return matter_page(asked.open(), asked.words, form=form)
    text = " ".join(part for part in (_("I would like to meet again."), form.when.data) if part)
    found = returning.write(
        state().stores, asked.words, Said(asked.page, text), settings=state().settings, now=clock.now()
    )
    if isinstance(found, NoRoom):
        form.when.errors = [_("There is not so much room left. Please shorten it, or call us.")]
        return matter_page(found.opened, asked.words, form=form)
    return matter_page(found, asked.words, note=_("The ombuds will see that you want to meet. Come back and look."))


def _what_became(found: Opened | NothingThere, uid: str, wanted: State) -> str | None:
    """What a button led to; whoever was quicker is told kindly."""
    if isinstance(found, NothingThere):
        return None
    meeting = found.matter.find_meeting(uid)
    if meeting is None:
        return _("This time is no longer offered. Nothing else was changed.")
    if meeting.state is wanted:
        return _("This time is now yours.") if wanted is State.BOOKED else _("You said no to this time. That is fine.")
    if meeting.state is State.PROPOSED:
        return _("This time is over, so it cannot be answered any more. You can ask for another one.")
    if meeting.state is State.BOOKED:
        return _("This time is already yours. If you cannot come, cancel it below.")
    return _("You can no longer take this time. You can ask for another one.")
