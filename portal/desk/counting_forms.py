"""What an ombuds types to count a contact, or to put a number right."""

from wtforms import HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.desk.closing_forms import attribute, whole_number
from portal.fields import DeskForm, answers, needed
from portal.language import _, _l
from portal.reporting.categories import CATEGORIES
from portal.reporting.concerns import LABELS as CONCERN_LABELS
from portal.reporting.labels import DIMENSIONS, REFERRALS, WAYS, value_words
from portal.reporting.quarter import fixed_values, short
from portal.reporting.rules import CONSTITUENCY, MOST_PEOPLE, NOBODY, Count, Kind

_MOST = 999
_SIGNS = (("plus", _l("Add to it")), ("minus", _l("Take away from it")))
_BETWEEN = "|"
_CATEGORIES = (("", _l("Not said")), *((each, CONCERN_LABELS[each]) for each in CATEGORIES))


class ContactForm(DeskForm):
    """A short exchange that becomes no matter; `page` is a page's number, so that sent twice is counted once."""

    page = HiddenField()
    mode = RadioField(_l("How?"), choices=answers(WAYS.items()), default="phone")
    category = SelectField(
        _l("What was it about?"),
        choices=answers(_CATEGORIES),
    )
    constituency = attribute(CONSTITUENCY)
    referral = SelectField(_l("Whom did you send them to?"), choices=answers(REFERRALS.items()), default=NOBODY)
    people = whole_number(_l("How many people?"), 1, MOST_PEOPLE, default=1)


def as_contact(form: ContactForm) -> Count:
    """A count of a contact."""
    group = short(form.constituency.data)
    return Count(
        kind=Kind.CONTACT,
        concerns=(form.category.data,) if form.category.data else (),
        attributes={CONSTITUENCY: group} if group else {},
        referral=form.referral.data,
        mode=form.mode.data,
        meetings=0,
        people=form.people.data,
    )


def contact_fields(count: Count) -> dict[str, object]:
    """The values that the form of a contact begins with."""
    return {
        "mode": count.mode,
        "category": next(iter(count.concerns), ""),
        "constituency": count.attributes.get(CONSTITUENCY, ""),
        "referral": count.referral,
        "people": count.people,
    }


def _within_bounds(_form: object, field: IntegerField) -> None:
    """WTForms' own NumberRange breaks at a number of three hundred digits."""
    if field.data is None or not 1 <= field.data <= _MOST:
        raise ValidationError(_("Type a whole number from %(min)d to %(max)d.") % {"min": 1, "max": _MOST})


class CorrectionForm(DeskForm):
    """One number of a quarter that was counted wrong; why is not asked.

    `seen` are the quarters that the page showed, each with the digest of its numbers: 2026-Q4:0123456789abcdef.
    """

    seen = HiddenField()
    quarter = SelectField(_l("Quarter"))
    what = SelectField(_l("Which number?"), [needed(_l("Choose a number first."))])
    sign = RadioField(
        _l("Which way?"), [needed(_l("Choose one of these answers."))], choices=answers(_SIGNS), default="minus"
    )
    by = IntegerField(
        _l("By how much?"),
        [_within_bounds],
        default=1,
        render_kw={"inputmode": "numeric", "min": "1", "max": str(_MOST), "autocomplete": "off"},
    )

    @property
    def shown(self) -> str:
        """The digest that the page gave of the chosen quarter; "" when it gave none."""
        found = dict(each.split(":", 1) for each in (self.seen.data or "").split() if ":" in each)
        return found.get(self.quarter.data, "")

    @property
    def place(self) -> tuple[str, str]:
        dimension, _between, value = self.what.data.partition(_BETWEEN)
        return dimension, value

    @property
    def difference(self) -> int:
        return int(self.by.data) * (1 if self.sign.data == "plus" else -1)


def places(known: dict[str, list[str]]) -> list[SelectChoice]:
    """Every number that can be put right, by dimension; `known` has the values that were counted."""
    none = SelectChoice("", _("Choose a number"))
    return [none] + [
        SelectChoice(f"{name}{_BETWEEN}{value}", value_words(name, value), optgroup=str(label))
        for name, label in DIMENSIONS.items()
        for value in sorted({*fixed_values(name), *known.get(name, ())})
    ]


class TakeBackForm(DeskForm):
    """Forgets a count that still waits; `key` in hexadecimal."""

    key = HiddenField()


class GoOnForm(DeskForm):
    """Goes on after damage; `quarter` is empty for what waits."""

    quarter = HiddenField()
