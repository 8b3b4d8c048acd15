"""The visitor's choice of times."""

from wtforms import Field, HiddenField

from portal.fields import VisitorForm, needed
from portal.language import _l

MOST_CHOICES = 3

MODES = (("video", _l("By video")), ("in-person", _l("In person")), ("phone", _l("By phone")))


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
