"""What an ombuds does with the notes of visitors: destroy them, and show to everybody what they type over."""

from wtforms import Field, HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Regexp, ValidationError

from portal.fields import DeskForm, answers, at_most, needed, tidy
from portal.language import _, _l
from portal.site.voices import LONGEST, Kind, Voice

KINDS = (
    ("experience", _l("What it was like")),
    ("question", _l("A question, with your answer")),
    ("wish", _l("A wish")),
)


class DestroyForm(DeskForm):
    """The keys of the lockers in which the notes lie, in hex."""

    note = SelectMultipleField(validate_choice=False)


class VoiceForm(DeskForm):
    """A text for everybody, typed anew. `page` is the number of the page it was typed into: sent twice, it is one."""

    page = HiddenField(
        validators=[Regexp(r"[0-9a-f]{16}\Z", message=_l("This page rested too long. Send it once more."))]
    )
    kind = RadioField(_l("What is it?"), choices=answers(KINDS), default="experience")
    text = TextAreaField(
        _l("The text"),
        [needed(_l("Type the text first.")), at_most(LONGEST)],
        filters=[tidy],
        description=_l("Up to 600 letters. Say it in your own words."),
        render_kw={"rows": 5, "autocomplete": "off"},
    )
    answer = TextAreaField(
        _l("Your answer"),
        [at_most(LONGEST)],
        filters=[tidy],
        description=_l("For a question only. Everybody reads it too."),
        render_kw={"rows": 4, "autocomplete": "off"},
    )
    quarter = SelectField(_l("The quarter that stands above it"))
    lang = SelectField(_l("Its language"))

    def validate_answer(self, field: Field) -> None:
        if self.kind.data == Kind.QUESTION and not field.data:
            raise ValidationError(_("Type an answer. A question alone helps nobody."))

    def voice(self) -> Voice:
        """What everybody will read, once the form is found valid; an answer belongs to a question only."""
        kind = Kind(self.kind.data)
        answer = self.answer.data if kind is Kind.QUESTION else ""
        return Voice(self.page.data, kind, self.quarter.data, self.lang.data, self.text.data, answer)


class RemoveForm(DeskForm):
    """Takes a text off; `voice` is its number."""

    voice = HiddenField(validators=[needed(_l("Choose the text to take off."))])
