"""The hours that an ombuds opens: the usual week, and dates with hours of their own."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from wtforms import DateField, HiddenField, RadioField
from wtforms.validators import Optional

from portal.fields import DeskForm, answers, needed
from portal.language import _, _l
from portal.scheduling import range_forms
from portal.scheduling.range_forms import Offer, RangeFields
from portal.scheduling.rules import WeeklyRange

DAYS = (
    ("mon", _l("Monday")),
    ("tue", _l("Tuesday")),
    ("wed", _l("Wednesday")),
    ("thu", _l("Thursday")),
    ("fri", _l("Friday")),
    ("sat", _l("Saturday")),
    ("sun", _l("Sunday")),
)
CLOSED, OPEN = "closed", "open"
#: A slip in the year must not write a thousand lines, nor one that nobody looks at before it comes.
MOST_DATES, FURTHEST = 120, timedelta(days=550)
_DAY = timedelta(days=1)
_OWN = "own"


class SureForm(DeskForm):
    """A change that is shown before it is kept; `sure` comes from the page that shows it."""

    sure = HiddenField()


class HoursForm(SureForm):
    """A usual week. Fields named `mon_1_from` to `sun_6_kind` are added below, thirty a day."""

    def __init__(self, offer: Offer, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(**kwargs)
        self.offer = offer
        range_forms.offer_places(self._all(), offer.places)

    def week(self) -> list[tuple[str, Iterable[RangeFields]]]:
        """Each day's name with the fields to show, for the page."""
        return [(label, range_forms.shown(self._of(weekday))) for weekday, (_day, label) in enumerate(DAYS)]

    def ranges(self) -> list[WeeklyRange]:
        """The filled hours, in order of the week, on the wall clock of the ombuds' zone."""
        return sorted(typed for each in self._all() if (typed := each.range()) is not None)

    def wrong(self) -> list[RangeFields]:
        """What is to be put right, in order."""
        return [each for each in self._all() if each.errors]

    def validate(self, extra_validators: Mapping[str, list[Any]] | None = None) -> bool:
        fine = super().validate(extra_validators=extra_validators)
        return range_forms.check(self._all(), self.offer) and bool(fine)

    def _of(self, weekday: int) -> list[RangeFields]:
        name, label = DAYS[weekday]
        return range_forms.fields_of(self, name, weekday, str(label))

    def _all(self) -> list[RangeFields]:
        return [each for weekday in range(len(DAYS)) for each in self._of(weekday)]


class DatesForm(SureForm):
    """Dates that are closed or have other hours. Fields named `own_1_from` to `own_6_kind` are added below."""

    first = DateField(_l("Date, or the first one"), [needed(_l("Choose a date."))], render_kw={"autocomplete": "off"})
    last = DateField(_l("Last date"), [Optional()], render_kw={"autocomplete": "off"})
    what = RadioField(
        _l("On these dates"),
        choices=answers(((CLOSED, _l("I am closed")), (OPEN, _l("I have these hours")))),
        default=CLOSED,
    )

    def __init__(self, offer: Offer, today: date, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(**kwargs)
        self.offer, self.today = offer, today
        range_forms.offer_places(self._all(), offer.places)

    def hours(self) -> Iterable[RangeFields]:
        """The fields to show, for the page."""
        return range_forms.shown(self._all())

    def dates(self) -> list[date]:
        first, last = self.first.data, self.last.data or self.first.data
        return [first + n * _DAY for n in range((last - first).days + 1)]

    def ranges(self, day: date) -> list[WeeklyRange]:
        """The hours of one of the dates; none when it is closed."""
        if self.what.data == CLOSED:
            return []
        found = range_forms.fields_of(self, _OWN, day.weekday(), "")
        return sorted(typed for each in found if (typed := each.range()) is not None)

    def wrong(self) -> list[RangeFields]:
        return [each for each in self._all() if each.errors]

    def validate(self, extra_validators: Mapping[str, list[Any]] | None = None) -> bool:
        fine = bool(super().validate(extra_validators=extra_validators)) and self._dates_make_sense()
        if self.what.data != OPEN:
            return fine
        filled = [each for each in self._all() if not each.is_empty]
        if not filled:
            self.what.errors = [*self.what.errors, _("Type the hours, or choose closed.")]
        return range_forms.check(filled, self.offer) and bool(filled) and fine

    def _dates_make_sense(self) -> bool:
        first, last = self.first.data, self.last.data or self.first.data
        problem = None
        if first < self.today:
            self.first.errors = [*self.first.errors, _("This day is over. Choose today or a later day.")]
        if last < first:
            problem = _("The last day must not come before the first.")
        elif (last - first).days >= MOST_DATES:
            problem = _("Choose at most %(count)d dates at once.") % {"count": MOST_DATES}
        elif last - self.today > FURTHEST:
            problem = _("This is more than a year and a half away. Is the year right?")
        if problem:
            self.last.errors = [*self.last.errors, problem]
        return problem is None and not self.first.errors

    def _all(self) -> list[RangeFields]:
        return range_forms.fields_of(self, _OWN, (self.first.data or self.today).weekday(), str(_("These dates")))


class TakeAwayForm(SureForm):
    """Gives dates their usual hours back; `first` and `last` are those of a line on the page."""

    first = DateField(validators=[needed(_l("Choose a date."))])
    last = DateField(validators=[needed(_l("Choose a date."))])

    def covers(self, day: date) -> bool:
        return bool(self.first.data <= day <= self.last.data)


def as_fields(ranges: Iterable[WeeklyRange]) -> dict[str, object]:
    """A stored week as the values of the form's fields."""
    of_day: dict[int, list[WeeklyRange]] = {}
    for each in ranges:
        of_day.setdefault(each.weekday, []).append(each)
    values: dict[str, object] = {}
    for weekday, found in of_day.items():
        values |= range_forms.as_data(DAYS[weekday][0], found)
    return values


for _name, _label in DAYS:
    range_forms.add_fields(HoursForm, _name)
range_forms.add_fields(DatesForm, _OWN)
