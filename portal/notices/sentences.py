"""The fixed sentences of a notice; nobody can put words of their own there."""

from zoneinfo import ZoneInfo

from portal.language import _, day, month_day
from portal.notices.rules import Days, LastBeforeFirst, Notice, Part, PastDay, Refused, TooFarAhead


def notice(found: Notice, zone: ZoneInfo) -> str:
    days = found.days
    if days.first == days.last:
        return _on_a_day(days) % {"name": found.name, "first": day(days.first, zone)}
    return _on_days(days) % {"name": found.name, "first": month_day(days.first), "last": month_day(days.last)}


def _on_a_day(days: Days) -> str:
    match days.part:
        case Part.MORNING:
            return _("Appointments with %(name)s on the morning of %(first)s are moved.")
        case Part.AFTERNOON:
            return _("Appointments with %(name)s on the afternoon of %(first)s are moved.")
        case Part.DAY:
            return _("Appointments with %(name)s on %(first)s are moved.")


def _on_days(days: Days) -> str:
    match days.part:
        case Part.MORNING:
            return _("Morning appointments with %(name)s from %(first)s to %(last)s are moved.")
        case Part.AFTERNOON:
            return _("Afternoon appointments with %(name)s from %(first)s to %(last)s are moved.")
        case Part.DAY:
            return _("Appointments with %(name)s from %(first)s to %(last)s are moved.")


def refused(why: Refused) -> str:
    match why:
        case PastDay():
            return _("This day is over. Choose today or a later day.")
        case LastBeforeFirst():
            return _("The last day must not come before the first.")
        case TooFarAhead():
            return _("Choose days within the next 60 days.")
