"""The forms in which an ombuds arranges meetings, and says when they cannot be there."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from wtforms import DateField, Field, HiddenField, RadioField, TimeField
from wtforms.validators import Optional

from portal.desk.meetings import MOST_AT_ONCE
from portal.desk.moving import LONGEST_AHEAD_DAYS, first_instant_at, part_of
from portal.fields import DeskForm, answers, needed
from portal.language import _, _l, ngettext
from portal.notices.rules import Part
from portal.scheduling.forms import MODES
from portal.scheduling.spans import Span

MIDNIGHT = time(0)


class KeysField(Field):  # type: ignore[misc]
    """Ids of chosen slots, in hex as pages carry them."""

    data: list[str]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = list(dict.fromkeys(key for key in valuelist if key))

    def process_data(self, value: list[str] | None) -> None:
        self.data = value or []

    @property
    def ids(self) -> list[bytes]:
        """What is no id becomes one that no slot has."""
        return [_bytes(key) for key in self.data]


class ArrangeForm(DeskForm):
    """Chosen times and how to meet; `action` is "propose" or "set", `page` the page's number."""

    slot = KeysField(_l("Times"))
    mode = RadioField(_l("How do you meet?"), [Optional()], choices=answers(MODES))
    action = HiddenField()
    page = HiddenField()

    def is_complete(self) -> bool:
        """Whether it can be sent; says beside the field what is missing. A time needs a way to meet."""
        fine = bool(self.validate_on_submit())
        if len(self.slot.data) > MOST_AT_ONCE:
            self.slot.errors, fine = [_too_many()], False
        if self.slot.data and not self.mode.data:
            self.mode.errors, fine = [_("Choose how you meet.")], False
        return fine


class UidForm(DeskForm):
    """A button beside one meeting of a matter."""

    meeting = HiddenField()


class SureForm(DeskForm):
    """Calls off whom the page named: `sure` are the uids of the meetings that it listed."""

    sure = KeysField()


class BlockForm(SureForm):
    """One tap; `part` is like "2026-11-23 afternoon"."""

    part = HiddenField()

    def span(self, zone: ZoneInfo) -> Span | None:
        """The part of the day in UTC; None for what no button of ours says."""
        day, _space, part = (self.part.data or "").partition(" ")
        try:
            return part_of(date.fromisoformat(day), Part(part), zone)
        except (ValueError, OverflowError):
            return None


class LeaveForm(SureForm):
    """From when to when. A leave without times of the day is whole days; the last one is part of it."""

    first = DateField(_l("First day"), [needed(_l("Choose the first day."))])
    first_at = TimeField(_l("From (empty: all day)"), [Optional()])
    last = DateField(_l("Last day"), [needed(_l("Choose the last day."))])
    last_at = TimeField(_l("Until (empty: all day)"), [Optional()])

    def span(self, zone: ZoneInfo, now: datetime) -> Span | None:
        """The leave in UTC; None when it makes no sense, which is then said beside the field."""
        if not self.validate_on_submit():
            return None
        try:
            starts = first_instant_at(self.first.data, self.first_at.data or MIDNIGHT, zone)
            ends = part_of(self.last.data, Part.DAY, zone)[1]
            ends = first_instant_at(self.last.data, self.last_at.data, zone) if self.last_at.data else ends
            problem = _problem(starts, ends, now)
        except OverflowError:
            problem = _("Type a day like 23 November of this year or the next.")
        if problem:
            self.last.errors = [problem]
            return None
        return starts, ends


class OpenAgainForm(DeskForm):
    """Blocked times that shall be open again; `day` is a whole day of them."""

    slot = KeysField(_l("Times"))
    day = HiddenField()


def _problem(starts: datetime, ends: datetime, now: datetime) -> str | None:
    if ends <= starts:
        return _("The end must come after the start.")
    if ends <= now:
        return _("This is over already. Choose days that are to come.")
    if (ends - now).days > LONGEST_AHEAD_DAYS:
        return (
            ngettext(
                "Choose a day in the next %(count)d day.",
                "Choose a day in the next %(count)d days.",
                LONGEST_AHEAD_DAYS,
            )
            % {"count": LONGEST_AHEAD_DAYS}
            + " "
            + _("For longer, ask your operator to close booking with you.")
        )
    return None


def _too_many() -> str:
    return ngettext("Choose %(count)d time at most.", "Choose %(count)d times at most.", MOST_AT_ONCE) % {
        "count": MOST_AT_ONCE
    }


def _bytes(key: str) -> bytes:
    try:
        return bytes.fromhex(key)
    except ValueError:
        return b""
