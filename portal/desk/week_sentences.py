"""Says in one sentence what a time is, why it is not offered, and what to do about it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from portal.config import Settings
from portal.desk.week import few
from portal.language import _, _l, month_day, ngettext
from portal.language import clock as as_clock
from portal.language import day as as_day
from portal.scheduling.explaining import Answer, Because, Outlook, left_on_list
from portal.scheduling.service import KEEP_FREE

_DAY = timedelta(days=1)

#: In the week, where one short line is all there is; what is missing here cannot be of a time that is there.
SHORT: Mapping[Because, str] = {
    Because.OFFERED: _l("on the list"),
    Because.WITH_CODE: _l("on the list, with a code"),
    Because.NEXT_LIST: _l("on the next list"),
    Because.GIVEN_BACK: _l("given back, on the next list"),
    Because.NO_MAILBOX: _l("not to be booked: no mailbox is free"),
    Because.CLOSED: _l("not offered: booking with you is closed"),
    Because.TAKEN: _l("taken, by nobody you know of"),
    Because.BUSY: _l("your own calendar is busy"),
    Because.SOON: _l("too soon now"),
    Because.SOON_BY_THEN: _l("too soon for the next list"),
}

_SIMPLE: Mapping[Because, str] = {
    Because.OFFERED: _l("It is on the list: visitors see it and can book it."),
    Because.WITH_CODE: _l(
        "It is on the list, for people with a code; your hours say how much of a week is open without one."
    ),
    Because.NO_MAILBOX: _l(
        "It is on the list, but nobody can book it, because all your mailboxes are used: close matters that are over."
    ),
    Because.CLOSED: _l(
        "Nothing of yours is offered, because booking with you is closed or your key is in doubt: ask your operator."
    ),
    Because.PAST: _l("This moment is over."),
    Because.SKIPPED: _l("The clocks are put forward that night, so there is no such time."),
    Because.TAKEN: _l("It is taken, and by nobody you know of: if you took it off the list, you can open it again."),
    Because.BESIDE: _l("It is too near to a taken time of yours, and nothing is opened across that one."),
    Because.NOT_OPENED: _l("It belongs to your hours, and the daily job opens it at the turn of the day."),
    Because.ONLINE: _l("It is not in the share of your week that is open here: to offer more, change that share."),
    Because.PLACE: _l(
        "A colleague is at this place then or shortly before or after: choose another place or another way to meet."
    ),
    Because.OPEN_DOOR: _l("Your door or your phone is open to everybody then, so no appointments are made."),
    Because.AWAY: _l("You said that you are away on this date: open the day again under “I cannot be there”."),
    Because.OWN_DATE: _l(
        "This date has hours of its own, and this time is not in them: change the hours of this date."
    ),
    Because.HOLIDAY: _l("It is a public holiday: to be there all the same, give this date hours of its own."),
}


def sentence(answer: Answer, outlook: Outlook) -> str:
    """The reason for one moment, and what to do about it; times are those of the clock where the hours are."""
    said = _SIMPLE.get(answer.because)
    return str(said) if said is not None else _WITH_VALUES[answer.because](answer, outlook)


def still_listed(outlook: Outlook) -> str:
    """What is added for a time that stands on the list and cannot be had any more."""
    return _("Visitors see it until the next list, on %(when)s; whoever chooses it is shown other times.") % {
        "when": moment(outlook.next_list, outlook)
    }


def few_left(monday: date, count: int) -> str:
    """That few times are left in a week."""
    when = {"day": month_day(monday), "count": count}
    if not count:
        return _("No time is left in the week of %(day)s.") % when
    return (
        ngettext(
            "Only one time is left in the week of %(day)s.",
            "Only %(count)d times are left in the week of %(day)s.",
            count,
        )
        % when
    )


def shortages(found: Outlook | None, settings: Settings) -> list[str]:
    """What is said of times that grow few: week by week, and that decoys need more of them."""
    if found is None:
        return []
    said = [few_left(*each) for each in few(found)]
    return [*said, without_decoys()] if settings.decoys_a_week and _is_bare(found) else said


def without_decoys() -> str:
    """What it means that the portal makes no bookings for nobody."""
    return ngettext(
        "With only %(count)d free time on the list, the portal makes no decoys: every time that goes is a visit, or "
        "what you and your calendar take. Open more times to hide who comes.",
        "With %(count)d free times or fewer on the list, the portal makes no decoys: every time that goes is a visit, "
        "or what you and your calendar take. Open more times to hide who comes.",
        KEEP_FREE,
    ) % {"count": KEEP_FREE}


def _is_bare(found: Outlook) -> bool:
    return found.is_open and 0 < left_on_list(found) <= KEEP_FREE


def moment(value: datetime, outlook: Outlook) -> str:
    """A day and a clock where the hours are, such as "Tuesday 24 November, 14:00"."""
    return f"{as_day(value, outlook.table.zone)}, {as_clock(value, outlook.table.zone)}"


def _next_list(answer: Answer, outlook: Outlook) -> str:
    said = (
        _("It was given back, and can be booked again from the next list on, on %(when)s.")
        if answer.because is Because.GIVEN_BACK
        else _("It is free, and visitors see it from the next list on, on %(when)s.")
    )
    return said % {"when": moment(outlook.next_list, outlook)}


def _busy(_answer: Answer, outlook: Outlook) -> str:
    read = moment(outlook.calendar_read, outlook) if outlook.calendar_read else ""
    return _("Your own calendar is busy then, as it was read on %(when)s: free it there, and it is read again.") % {
        "when": read
    }


def _soon(answer: Answer, outlook: Outlook) -> str:
    hours = outlook.conditions.notice_hours
    if answer.because is Because.SOON:
        said = ngettext(
            "It is too soon: you give people at least %(count)d hour to prepare, which your hours can change.",
            "It is too soon: you give people at least %(count)d hours to prepare, which your hours can change.",
            hours,
        )
    else:
        said = ngettext(
            "It is free, but when the next list comes, on %(when)s, it is less than %(count)d hour ahead.",
            "It is free, but when the next list comes, on %(when)s, it is less than %(count)d hours ahead.",
            hours,
        )
    return said % {"count": hours, "when": moment(outlook.next_list, outlook)}


def _far(answer: Answer, outlook: Outlook) -> str:
    ahead = outlook.day(outlook.ends) - outlook.day(outlook.now) - _DAY
    return _("It is further ahead than times are open: it is opened on %(day)s.") % {
        "day": as_day(outlook.day(answer.moment) - ahead, outlook.table.zone)
    }


def _a_day(_answer: Answer, outlook: Outlook) -> str:
    count = outlook.table.practice.a_day
    return ngettext(
        "You open at most %(count)d time a day, and others of this day were chosen: to offer more, change that.",
        "You open at most %(count)d times a day, and others of this day were chosen: to offer more, change that.",
        count,
    ) % {"count": count}


def _pause(answer: Answer, outlook: Outlook) -> str:
    return _("It lies in the pause between two visitors.") + _nearest(answer, outlook)


def _between(answer: Answer, outlook: Outlook) -> str:
    return _("It is inside your hours, but no appointment begins then.") + _nearest(answer, outlook)


def _outside(answer: Answer, outlook: Outlook) -> str:
    return _("It is outside your hours: to offer it, change your hours or those of this date.") + _nearest(
        answer, outlook
    )


def _nearest(answer: Answer, outlook: Outlook) -> str:
    near = [as_clock(each, outlook.table.zone) for each in answer.near]
    if not near:
        return " " + _("No time is open on this day.")
    if len(near) == 1:
        return " " + _("The nearest begins at %(clock)s.") % {"clock": near[0]}
    return " " + _("The nearest begin at %(before)s and %(after)s.") % {"before": near[0], "after": near[1]}


_WITH_VALUES: Mapping[Because, Callable[[Answer, Outlook], str]] = {
    Because.NEXT_LIST: _next_list,
    Because.GIVEN_BACK: _next_list,
    Because.BUSY: _busy,
    Because.SOON: _soon,
    Because.SOON_BY_THEN: _soon,
    Because.FAR: _far,
    Because.A_DAY: _a_day,
    Because.PAUSE: _pause,
    Because.BETWEEN: _between,
    Because.OUTSIDE: _outside,
}
