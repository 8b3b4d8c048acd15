"""What an ombuds fills in to ask whether something may be said, and the buttons beside each permission."""

from datetime import date

from wtforms import HiddenField, RadioField, TextAreaField

from portal.fields import DeskForm, answers, at_most, needed, one_line, tidy
from portal.intake.permissions import LONGEST_PURPOSE, LONGEST_SENTENCE, LONGEST_TO, Terms
from portal.intake.permitting_forms import is_filled, last_day
from portal.language import _l

_NAMES = (("no", _l("May not be said")), ("yes", _l("May be said with it")))
_WAYS = (
    ("ask", _l("Ask: the visitor answers when they come back")),
    ("aloud", _l("It was given aloud in our meeting")),
)


class AskForm(DeskForm):
    """A permission to be asked for; `page` is the number of the page it was typed into."""

    page = HiddenField()
    sentence = TextAreaField(
        _l("The very sentence"),
        [needed(_l("Type the sentence that will be said.")), at_most(LONGEST_SENTENCE)],
        filters=[tidy],
        description=_l("Word for word, as it will be said. The visitor reads it and may change it."),
        render_kw={"rows": 4, "autocomplete": "off"},
    )
    to = one_line(_l("To whom"), LONGEST_TO, needed(_l("Say who will hear it.")))
    purpose = one_line(_l("What for"), LONGEST_PURPOSE, needed(_l("Say what it is to bring about.")))
    may_name = RadioField(_l("The visitor's name"), choices=answers(_NAMES), default="no")
    until = last_day()
    way = RadioField(_l("How is it given?"), choices=answers(_WAYS), default="ask")

    def terms(self, today: date) -> Terms | None:
        """What is asked for; None, with a sentence beside the field, when it makes no sense."""
        if not self.is_submitted() or not is_filled(self, today):
            return None
        may_name = self.may_name.data == "yes"
        return Terms(self.sentence.data, self.to.data, self.purpose.data, may_name, self.until.data)


class AnswerForm(DeskForm):
    """A button beside a permission; `digest` stands for the terms that the page showed."""

    permission = HiddenField()
    digest = HiddenField()
    answer = HiddenField()
