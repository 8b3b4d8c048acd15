"""What both sides are asked about a permission."""

from datetime import date
from typing import Any

from wtforms import DateField, Form, HiddenField, RadioField, TextAreaField

from portal.fields import VisitorForm, answers, at_most, needed, tidy
from portal.intake.permissions import LONGEST_DAYS, LONGEST_SENTENCE, Terms, latest_end
from portal.language import _, _l

NAMES = (("no", _l("Without my name")), ("yes", _l("With my name")))


def last_day() -> Any:  # noqa: ANN401 - WTForms' unbound field has no type of its own
    """Make the field of a permission's last day."""
    check = needed(_l("Choose the last day, like 2026-06-30."))
    return DateField(_l("The last day it may be said"), [check], render_kw={"autocomplete": "off"})


class PermitForm(VisitorForm):
    """A button beside a permission; `digest` stands for the terms that the page showed."""

    permission = HiddenField()
    answer = HiddenField()
    digest = HiddenField()
    sure = HiddenField()


class ChangeForm(VisitorForm):
    """Other terms for a permission. The sentence is called `text`: what is called so outlives a page that rested."""

    text = TextAreaField(
        _l("What may be said, word for word"),
        [needed(_l("Type the sentence that may be said.")), at_most(LONGEST_SENTENCE)],
        filters=[tidy],
        render_kw={"rows": 4, "autocomplete": "off"},
    )
    may_name = RadioField(_l("Your name"), choices=answers(NAMES), default="no")
    until = last_day()

    def wish(self, terms: Terms, today: date) -> Terms | None:
        """The terms as the visitor wants them; None, with a sentence beside the field, when they make no sense."""
        if not is_filled(self, today):
            return None
        return Terms(self.text.data, terms.to, terms.purpose, self.may_name.data == "yes", self.until.data)


def is_filled(form: Form, today: date) -> bool:
    """Whether a form with terms makes sense, with what is wrong beside each field, its last day among them."""
    is_valid, wrong = form.validate(), _day_problem(form.until.data, today)
    if wrong:
        form.until.errors = [wrong]
    return is_valid and not wrong


def _day_problem(day: date | None, today: date) -> str | None:
    if day is None:
        return None
    if day < today:
        return _("This day is over. Choose today or a later day.")
    if day > latest_end(today):
        return _("Choose a day within the next %(count)d days.") % {"count": LONGEST_DAYS}
    return None
