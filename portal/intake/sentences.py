"""What visitors are told when something does not fit: what it is, and what to do."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.language import _, moment
from portal.scheduling.rules import Mode, Offer, Reason
from portal.scheduling.service import NotOffered
from portal.sealing import symbols
from portal.sealing.words import Unknown, WrongCount

_CODE_SIZE = 11


def choose_again(*, people: int = 0) -> str:
    """For an address that shows nothing any more; with several `people` open, if it is lost who was left out."""
    return " ".join(filter(None, [_("That page was open too long. Please choose again."), whom_again(people)]))


def whom_again(people: int) -> str:
    """Where it is lost who was left out; empty where nobody can be, with one of the `people` open or none."""
    return _("Choose again whom you would not meet.") if people > 1 else ""


def no_longer_valid(*, is_practice: bool) -> str:
    """For a form that rested too long, or is from before a restart."""
    if is_practice:
        return practice_no_longer_valid()
    return _(
        "This page is no longer valid. If you have six words, you are booked: do not send it again. "
        "If not, send it once more: all you typed is still here."
    )


def letter_no_longer_valid(*, is_practice: bool) -> str:
    if is_practice:
        return practice_no_longer_valid()
    return _(
        "This page is no longer valid. If you have six words, your message is kept: do not send it again. "
        "If not, send it once more: all you typed is still here."
    )


def practice_no_longer_valid() -> str:
    return _("This page is no longer valid. It is still practice. Send it once more: all you typed is still here.")


def refused(*, can_do_without: bool = True) -> str:
    """One answer to an unknown address and to a wrong code: nobody may learn which it was."""
    said = _(
        "This email and this code do not belong together here. Check both. Codes change every three months; an old "
        "one no longer works."
    )
    return said + " " + _("You can also choose “I have no code at hand”.") if can_do_without else said


def busy() -> str:
    return _("Many people are trying just now. Wait a moment and send again.")


def misread_code(typed: str) -> str:
    count = len(symbols.read(typed))
    if count != _CODE_SIZE:
        return _("A code has eleven letters and digits. I read %(count)d.") % {"count": count}
    return _("The code is not quite right. Please compare it once more, letter by letter.")


def not_offered(found: NotOffered) -> str:
    if found.reason is Reason.proof:
        return _("This time is kept for people with a code. Type yours, or choose another time.")
    if found.reason is Reason.past:
        return _("This time is too near now, or over. Choose another time.")
    if found.reason is Reason.whom:
        return not_with_them()
    return _("This time is not offered in this way. Choose another way to meet, or another time.")


def instead(first: Offer | None, mode: Mode, *, has_code: bool) -> str:
    """Why another time than the first choice is theirs, by what is public of the `first`; None is not on the list."""
    why = _("Your first choice was taken.")
    if first is None:
        why = _("Your first choice is over or no longer offered.")
    elif mode not in first.modes:
        why = _cannot_be(mode)
    elif first.proof_needed and not has_code:
        why = _("Your first choice is kept for people with a code.")
    return why + " " + _("You have this one:")


def off_the_list(count: int, *, others: bool) -> str:
    """For times that are past or not on the list any more; whether anybody has them is not told."""
    more = _("Choose another time.") if others else _("No other time is on the list. Please call us.")
    return f"{no_longer_offered(count)} {more}"


def no_longer_offered(count: int) -> str:
    if count == 1:
        return _("This time is over or no longer offered.")
    return _("These times are over or no longer offered.")


def not_with_them() -> str:
    return _("This time is with somebody you left out or did not ask for. Nothing is booked. Choose another time.")


def no_letter_to_them(name: str) -> str:
    return _("You left out %(name)s or asked for somebody else, and nothing was sent. Choose whom to write to.") % {
        "name": name
    }


def misread_words(found: Unknown | WrongCount) -> str:
    if isinstance(found, WrongCount):
        return _("I read %(count)d words; there are six.") % {"count": found.count}
    if found.nearest:
        return _("“%(word)s” is not one of our words. Did you mean “%(nearest)s”?") % vars(found)
    return _(
        "“%(word)s” is not one of our words. Compare it with what you wrote down, and put a space between the words."
    ) % {"word": found.word}


def nothing_there() -> str:
    return _(
        "These words open nothing here. They may be mistyped or from practice, or the appointment is erased or over."
    )


def cancelled(gone: datetime, left: Sequence[datetime], zone: ZoneInfo) -> str:
    """What was cancelled, and what was not."""
    said = [_("Your time on %(when)s is cancelled. The ombuds knows.") % {"when": moment(gone, zone)}]
    said += [_("Your time on %(when)s is still yours.") % {"when": moment(each, zone)} for each in left]
    return " ".join(said)


def nothing_changed() -> str:
    return _("Nothing was changed.")


def taken_and_no_other() -> str:
    return _("Sorry, this is taken, and no other time is on the list. Nothing is booked. Please call us.")


def cannot_write(name: str, *, others: bool) -> str:
    """One sentence for an ombuds who is closed and one whose mailboxes are full: which it is would tell too much."""
    if not name:
        return nobody_to_write_to() if not others else _("Choose whom to write to. Then go on.")
    if others:
        return _(
            "Sorry, %(name)s can take no message just now, and nothing was sent. Choose another ombuds below, call us, "
            "or choose a time."
        ) % {"name": name}
    return _(
        "Sorry, %(name)s can take no message just now, and nothing was sent. Please call us, or choose a time."
    ) % {"name": name}


def nobody_to_write_to() -> str:
    return _("You cannot write to anybody here just now. Please call us.")


def _cannot_be(mode: Mode) -> str:
    return {
        Mode.video: _("Your first choice cannot be by video."),
        Mode.in_person: _("Your first choice cannot be in person."),
        Mode.phone: _("Your first choice cannot be by phone."),
    }[mode]


def code_to_write(name: str) -> str:
    return _(
        "%(name)s takes messages only from people with a code, and nothing was sent. Type your code, or call us."
    ) % {"name": name}
