"""What an ombuds says of a matter when it is closed: codes, bands and numbers, no name and no text."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.fields import DeskForm, answers, needed, one_line
from portal.language import _l
from portal.reporting.concerns import LABELS as CONCERN_LABELS
from portal.reporting.labels import MODES, OUTCOMES, REFERRALS, sentence
from portal.reporting.quarter import LONGEST, short
from portal.reporting.rules import ATTRIBUTES, MOST_MEETINGS, MOST_PEOPLE, Count, Refusal, TooMany
from portal.roster.labels import LABELS

_OUTCOMES = (("", _l("Choose how it ended")), *OUTCOMES.items())
REVIEW, CHANGE, CLOSE = "review", "change", "close"


def whole_number(label: str, least: int, most: int, **default: int) -> Any:  # noqa: ANN401 - WTForms' unbound field
    """A field for a number; what it may be is checked with the rest of a count."""
    limits = {"inputmode": "numeric", "min": str(least), "max": str(most), "autocomplete": "off"}
    return IntegerField(label, render_kw=limits, **default)


def attribute(name: str) -> Any:  # noqa: ANN401 - the same
    """A field of the profile: taken over, changed, or typed by hand."""
    return one_line(LABELS[name], LONGEST, list=f"known-{name}")


class CountForm(DeskForm):
    """All of a `Count` of a matter."""

    concerns = SelectMultipleField(
        _l("What was it about?"),
        choices=answers(CONCERN_LABELS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    constituency = attribute("constituency")
    department = attribute("department")
    unit = attribute("unit")
    location = attribute("location")
    role = attribute("role")
    tenure = attribute("tenure")
    gender = attribute("gender")
    race = attribute("race")
    age = attribute("age")
    outcome = SelectField(_l("How did it end?"), [needed(_l("Choose how it ended."))], choices=answers(_OUTCOMES))
    referral = SelectField(_l("Whom did you send them to?"), choices=answers(REFERRALS.items()))
    mode = SelectField(_l("How did you meet?"), choices=answers(MODES.items()))
    meetings = whole_number(_l("How many meetings?"), 0, MOST_MEETINGS)
    people = whole_number(_l("How many people came?"), 1, MOST_PEOPLE)
    continues = BooleanField(_l("It continues an earlier matter of theirs that is counted already"))

    @property
    def attributes(self) -> list[Any]:
        return [self[name] for name in ATTRIBUTES]


class ClosingForm(CountForm):
    """The same before a matter ends; `version` is that of the matter that the ombuds saw, `step` the button pressed."""

    version = HiddenField()
    step = HiddenField()


def as_fields(count: Count) -> dict[str, object]:
    """The values that a form begins with."""
    same = ("outcome", "referral", "mode", "meetings", "people", "continues")
    return {name: getattr(count, name) for name in same} | dict(count.attributes) | {"concerns": list(count.concerns)}


def as_count(form: CountForm) -> Count:
    """What the fields say, each value as a table keeps it."""
    return Count(
        concerns=tuple(form.concerns.data),
        attributes={field.name: short(field.data) for field in form.attributes if field.data},
        outcome=form.outcome.data,
        referral=form.referral.data,
        mode=form.mode.data,
        meetings=form.meetings.data,
        people=form.people.data,
        continues=form.continues.data,
    )


def blame(form: DeskForm, reasons: Iterable[Refusal]) -> None:
    """Say beside each field why a count cannot be kept."""
    for reason in reasons:
        field = form["concerns" if isinstance(reason, TooMany) else reason.field]
        field.errors = [*field.errors, sentence(reason)]
