"""What a visitor calls an appointment in their own calendar."""

from wtforms import Field, HiddenField, RadioField
from wtforms.validators import ValidationError

from portal.fields import VisitorForm, answers, one_line
from portal.language import _, _l
from portal.scheduling.invite import TITLE_LIMIT
from portal.scheduling.labels import TITLES

OWN = "own"


class CalendarForm(VisitorForm):
    """A neutral title, or one of the visitor's own."""

    ticket = HiddenField()
    title = RadioField(
        _l("What shall the entry say?"), choices=answers((*TITLES, (OWN, _l("My own words")))), default=TITLES[0][0]
    )
    own = one_line(_l("Your own words"), TITLE_LIMIT, hint=_l("Only if you chose “My own words”. Name nobody."))

    @property
    def wording(self) -> str:
        """The title itself, in the language of the page."""
        return str(self.own.data if self.title.data == OWN else dict(TITLES)[self.title.data])

    def validate_own(self, field: Field) -> None:
        if self.title.data == OWN and not field.data:
            raise ValidationError(_("Type your own words, or choose one of the others."))
