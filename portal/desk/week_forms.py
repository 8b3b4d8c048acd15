"""The forms of an ombuds' week: chosen times, and a moment that is asked about."""

from datetime import date, timedelta

from wtforms import DateField, HiddenField, TimeField

from portal.desk.meeting_forms import KeysField
from portal.fields import DeskForm, needed
from portal.language import _, _l

#: Public holidays are known so far ahead, and no times are open further.
LONGEST_AHEAD = timedelta(days=366)


class WeekForm(DeskForm):
    """Times to take off the list or to open again (`act`); `day` are whole days of them, `whole` a week's Monday."""

    slot = KeysField(_l("Times"))
    day = KeysField(_l("Days"))
    whole = HiddenField()
    week = HiddenField()
    act = HiddenField()


class WhyForm(DeskForm):
    """A date and a clock, as both are where the hours are."""

    day = DateField(_l("Day"), [needed(_l("Choose a day."))])
    clock = TimeField(
        _l("Time"),
        [needed(_l("Type a time like 09:30."))],
        render_kw={"pattern": "[0-2]?[0-9]:[0-5][0-9]", "placeholder": "09:30", "autocomplete": "off"},
    )

    def is_near(self, today: date) -> bool:
        """Whether the date can be told about; says beside the field when it cannot."""
        if not self.validate_on_submit():
            return False
        if abs(self.day.data - today) > LONGEST_AHEAD:
            self.day.errors = [_("Type a day like 23 November of this year or the next.")]
            return False
        return True
