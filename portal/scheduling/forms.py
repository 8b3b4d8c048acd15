"""The visitor's choice of times, and the hours an ombuds opens."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from wtforms import BooleanField, Field, HiddenField, SelectField, SelectMultipleField, TimeField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.fields import DeskForm, VisitorForm, answers, needed, one_line
from portal.language import _, _l

MOST_CHOICES = 3
RANGES_A_DAY = 2

DAYS = (
    ("mon", _l("Monday")),
    ("tue", _l("Tuesday")),
    ("wed", _l("Wednesday")),
    ("thu", _l("Thursday")),
    ("fri", _l("Friday")),
    ("sat", _l("Saturday")),
    ("sun", _l("Sunday")),
)

LENGTHS = ((30, _l("30 minutes")), (45, _l("45 minutes")), (60, _l("60 minutes")), (90, _l("90 minutes")))

MODES = (("video", _l("By video")), ("in-person", _l("In person")), ("phone", _l("By phone")))

Range = tuple[int, time, time]


class SlotsField(Field):  # type: ignore[misc]
    """One to three slot keys in order of preference; empty and repeated ones are dropped."""

    data: list[str]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = list(dict.fromkeys(key for key in valuelist if key))[:MOST_CHOICES]

    def process_data(self, value: list[str] | None) -> None:
        self.data = value or []


class TimesForm(VisitorForm):
    """What `/times` posts to `/book`."""

    mode = HiddenField()
    slot = SlotsField(validators=[needed(_l("Choose a time first. Then go on."))])


class HoursForm(DeskForm):
    """A usual week. Fields named `mon_1_from` to `sun_2_to` are added below, four a day."""

    minutes = SelectField(_l("Length of an appointment"), choices=answers(LENGTHS), coerce=int, default=60)
    modes = SelectMultipleField(
        _l("Ways to meet"),
        [needed(_l("Choose at least one way to meet."))],
        choices=answers(MODES),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    without_code = BooleanField(_l("People without a code may book these times, and write to me"))
    place_name = one_line(
        _l("Name of the place"), 80, hint=_l("Shown before booking. Choose a name that gives nothing away.")
    )
    place_access = one_line(_l("How to get in"), 120, hint=_l("Shown before booking, like: step-free, no sign."))
    place_door = one_line(_l("The door"), 120, hint=_l("Shown on the receipt only."))
    place_directions = one_line(_l("How to find it"), 300, hint=_l("Shown on the receipt only."))

    def week(self) -> list[tuple[str, list[tuple[Field, Field]]]]:
        """Return each day's name with its pairs of fields, for the page."""
        return [(label, [self._pair(day, number) for number in _numbers()]) for day, label in DAYS]

    def ranges(self) -> list[Range]:
        """Return the filled ranges as (weekday with Monday 0, start, end), in the office's zone."""
        filled = []
        for weekday, (day, _label) in enumerate(DAYS):
            for number in _numbers():
                start, end = (field.data for field in self._pair(day, number))
                if start and end:
                    filled.append((weekday, start, end))
        return filled

    def validate_place_door(self, field: Field) -> None:
        if "in-person" in (self.modes.data or []) and not field.data:
            raise ValidationError(_("Say which door, so that people find you."))

    def validate(self, extra_validators: Mapping[str, list[Any]] | None = None) -> bool:
        fine = super().validate(extra_validators=extra_validators)
        return self._ranges_make_sense() and bool(fine)

    def _pair(self, day: str, number: int) -> tuple[Field, Field]:
        return self[f"{day}_{number}_from"], self[f"{day}_{number}_to"]

    def _ranges_make_sense(self) -> bool:
        fine = True
        for day, _label in DAYS:
            earliest = time.min
            for number in _numbers():
                start, end = self._pair(day, number)
                problem = _problem(start.data, end.data, earliest)
                if problem:
                    end.errors = [*end.errors, problem]
                    fine = False
                earliest = end.data or earliest
        return fine


def as_fields(ranges: Iterable[Range]) -> dict[str, time]:
    """Turn stored ranges into the form's field values; a third range of a day is not shown."""
    values: dict[str, time] = {}
    for weekday, start, end in sorted(ranges):
        day = DAYS[weekday][0]
        number = next((number for number in _numbers() if f"{day}_{number}_from" not in values), None)
        if number:
            values |= {f"{day}_{number}_from": start, f"{day}_{number}_to": end}
    return values


def _problem(start: time | None, end: time | None, earliest: time) -> str | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        return _("Fill in both times, or leave both empty.")
    if start >= end:
        return _("The end must come after the start.")
    if start < earliest:
        return _("The second part must begin after the first has ended.")
    return None


def _numbers() -> range:
    return range(1, RANGES_A_DAY + 1)


def _clock(label: str) -> Any:  # noqa: ANN401
    # A browser without a time picker shows a text box; the pattern and the example then say what to type.
    attributes = {"pattern": "[0-2]?[0-9]:[0-5][0-9]", "placeholder": "09:30", "autocomplete": "off"}
    return TimeField(label, [Optional()], render_kw=attributes)


for _day, _name in DAYS:
    for _number in _numbers():
        setattr(HoursForm, f"{_day}_{_number}_from", _clock(_l("From")))
        setattr(HoursForm, f"{_day}_{_number}_to", _clock(_l("To")))
