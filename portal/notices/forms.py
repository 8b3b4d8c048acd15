"""What an ombuds is asked about days on which appointments are moved."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateField, Field, HiddenField, RadioField, SelectField
from wtforms.validators import AnyOf, Optional, ValidationError

from portal.fields import DeskForm, answers, needed, one_line
from portal.language import _, _l, day
from portal.notices.rules import Days, Part, read_pin

SET, CLEAR = "set", "clear"
MAKE, DROP = "make", "drop"
OTHER = "other"

PARTS = (
    (Part.DAY.value, _l("The whole day")),
    (Part.MORNING.value, _l("The morning")),
    (Part.AFTERNOON.value, _l("The afternoon")),
)


class NoticeForm(DeskForm):
    """Sets a notice or takes it off; `action` is the button. The days are offered by `offer`."""

    action = HiddenField(validators=[AnyOf((SET, CLEAR), message=_l("Press one of the buttons."))])
    day = RadioField(_l("Which day?"))
    first = DateField(_l("First day"), [Optional()], render_kw={"autocomplete": "off"})
    last = DateField(_l("Last day"), [Optional()], render_kw={"autocomplete": "off"})
    part = RadioField(_l("Which part of the day?"), choices=answers(PARTS), default=Part.DAY.value)

    def offer(self, today: date, zone: ZoneInfo) -> None:
        """Each answer is a date and not "today", which would be another day when the page rests over midnight."""
        tomorrow = today + timedelta(days=1)
        labels = {
            today.isoformat(): _("Today, %(day)s") % {"day": day(today, zone)},
            tomorrow.isoformat(): _("Tomorrow, %(day)s") % {"day": day(tomorrow, zone)},
            OTHER: _("Other days"),
        }
        self.day.choices = answers(labels.items())
        if self.day.raw_data is None:  # nothing was sent
            self.day.data = today.isoformat()

    def validate(self, extra_validators: Mapping[str, list[Any]] | None = None) -> bool:
        fine = super().validate(extra_validators=extra_validators)
        if self.day.data == OTHER and self.action.data == SET and not self.first.data and not self.first.errors:
            self.first.errors = [_("Choose the first day.")]
            return False
        return bool(fine)

    def days(self) -> Days:
        """The days of a form that was found valid; without a last day it is the first alone."""
        part = Part(self.part.data)
        if self.day.data == OTHER:
            return Days(self.first.data, self.last.data or self.first.data, part)
        chosen = date.fromisoformat(self.day.data)
        return Days(chosen, chosen, part)


class MovedForm(NoticeForm):
    """The same from a phone, without a sign-in."""

    ombuds = SelectField(_l("Whose appointments?"), choices=[])
    pin = one_line(_l("PIN"), 20, needed(_l("Type the eight digits of the PIN.")), inputmode="numeric")

    def validate_pin(self, field: Field) -> None:
        if read_pin(field.data) is None:
            raise ValidationError(_("Type the eight digits of the PIN."))


class PinForm(DeskForm):
    """Makes a PIN or takes it away; `action` is the button."""

    action = HiddenField(validators=[AnyOf((MAKE, DROP), message=_l("Press one of the buttons."))])
