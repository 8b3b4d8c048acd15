"""What is asked of somebody who leaves a note."""

from wtforms import Field, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import ValidationError

from portal.fields import VisitorForm, answers, at_most, tidy
from portal.intake.rules import About, Remark
from portal.language import _, _l

LONGEST_NOTE = 600

ABOUT = (
    ("experience", _l("What it was like")),
    ("question", _l("A question")),
    ("wish", _l("A wish")),
)
_NO_ANSWER = ("", _l("No answer"))
HEARD = (
    ("poster", _l("A poster, a card or the web")),
    ("mail", _l("An email or a letter to all")),
    ("person", _l("Somebody told me")),
    ("office", _l("Another office here")),
    ("week", _l("Ombuds Week, or a talk")),
    ("other", _l("In some other way")),
)
EASY = (
    ("yes", _l("Yes")),
    ("partly", _l("Partly")),
    ("no", _l("No")),
    ("not-yet", _l("I have not booked")),
)
FELT = (
    ("yes", _l("Yes")),
    ("partly", _l("Partly")),
    ("no", _l("No")),
    ("not-yet", _l("I have not met an ombuds")),
)
WITHOUT = (
    ("nothing", _l("Nothing")),
    ("inside", _l("Talked to somebody else here")),
    ("formal", _l("Made a formal report")),
    ("outside", _l("Gone to somebody outside")),
    ("left", _l("Left this place")),
    ("unsure", _l("I do not know")),
)
QUESTIONS = {
    "heard": (_l("How did you hear of us?"), HEARD),
    "easy": (_l("Was it easy to book?"), EASY),
    "felt": (_l("Did you feel heard?"), FELT),
    "without": (_l("What would you have done without us?"), WITHOUT),
}


def _asked(name: str) -> SelectField:
    label, given = QUESTIONS[name]
    return SelectField(label, choices=answers((_NO_ANSWER, *given)), default="")


class RemarkForm(VisitorForm):
    """A text, or an answer to at least one of the four questions."""

    ticket = HiddenField()
    about = RadioField(_l("What is it?"), choices=answers(ABOUT), default="experience")
    said = TextAreaField(
        _l("Your note"),
        [at_most(LONGEST_NOTE)],
        filters=[tidy],
        description=_l("Up to 600 letters. No names and no story: your words could tell who you are."),
        render_kw={"rows": 6, "autocomplete": "off"},
    )
    heard = _asked("heard")
    easy = _asked("easy")
    felt = _asked("felt")
    without = _asked("without")

    def validate_said(self, field: Field) -> None:
        if not field.data and not any(self[name].data for name in QUESTIONS):
            raise ValidationError(_("Type a note, or answer one of the questions."))

    def remark(self) -> Remark:
        """What was said, once the form is found valid."""
        about = About(self.about.data) if self.said.data else About.SURVEY
        return Remark(about, self.said.data, **{name: self[name].data for name in QUESTIONS})
