"""What an ombuds is told at sign-in, before anything else."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from portal.desk.service import Welcome
from portal.language import _, clock, full_day, ngettext
from portal.office.rules import KeyCheck
from portal.reporting.labels import quarter_words


def sentences(welcome: Welcome, zone: ZoneInfo) -> Iterator[str]:
    """The gravest first. When their desk was last used stands at the end: only they know whether it is true."""
    match welcome.key:
        case KeyCheck.FOREIGN:
            yield _("Booking with you is closed: the key on this server is not yours. Tell your operator by voice.")
        case KeyCheck.CLOSED:
            yield _("Booking with you is closed. What you have stays until it ends.")
    visit = welcome.visit
    if visit.is_lost:
        yield _("What this server kept of your last visit was changed or lost. Ask your operator by voice why.")
    if visit.gone:
        yield ngettext(
            "A matter that you saw is gone before its day. Its visitor erased it, or somebody on the server did.",
            "%(count)s matters that you saw are gone before their day. "
            "Their visitors erased them, or somebody on the server did.",
            visit.gone,
        ) % {"count": visit.gone}
    yield from _of_counts(welcome)
    if visit.last:
        moment = {"day": full_day(visit.last, zone), "clock": clock(visit.last, zone)}
        yield _("Your desk was last used on %(day)s at %(clock)s.") % moment


def _of_counts(welcome: Welcome) -> Iterator[str]:
    for each in welcome.counts.damaged:
        if each.quarter:
            name = quarter_words(each.quarter)
            yield _("The counts of %(quarter)s were changed or lost. Open Counts: it says what to do.") % {
                "quarter": name
            }
        else:
            yield _("The counts that wait for the end of their month were changed or lost. Open Counts.")
    if welcome.counts.is_older:
        yield _("Older counts were put in the place of newer ones that waited. Some that you closed may be missing.")
