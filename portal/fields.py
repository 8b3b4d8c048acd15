"""What every form shares: kind words for wrong answers, and answers read as they were meant."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from flask import has_request_context, request
from flask_wtf import FlaskForm
from wtforms import Form, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.language import _, _l, ngettext

# WTForms has its own English for the mistakes it finds. These say what to do instead.
_KINDER: Mapping[str, str] = {
    "Not a valid choice.": _l("Choose one of these answers."),
    "Invalid Choice: could not coerce.": _l("Choose one of these answers."),
    "Not a valid integer value.": _l("Type a whole number."),
    "Not a valid time value.": _l("Type a time like 09:30."),
    "Not a valid date value.": _l("Type a day like 2027-03-31."),
    "CSRF token missing.": _l("This page rested too long. Send it once more."),
}

#: Codes, addresses and six words read from left to right, whatever the page speaks.
TYPED_EXACTLY = {
    "autocapitalize": "none",
    "autocorrect": "off",
    "spellcheck": "false",
    "autocomplete": "off",
    "dir": "ltr",
}


class _Sayings:
    """Lets WTForms speak through the portal's own catalogue."""

    def gettext(self, message: str) -> str:
        return str(_KINDER.get(message) or _(message))

    def ngettext(self, one: str, many: str, count: int) -> str:
        return ngettext(one, many, count)


class _Spoken:
    def get_translations(self, _form: object) -> _Sayings:
        return _Sayings()


class VisitorForm(Form):  # type: ignore[misc]
    """A form without a session: visitors get no cookie, so there is nothing a token could be tied to."""

    class Meta(_Spoken, Form.Meta):  # type: ignore[misc]
        """WTForms' settings, with our words."""


class DeskForm(FlaskForm):  # type: ignore[misc]
    """A form of the ombuds, protected by the desk's session."""

    class Meta(_Spoken, FlaskForm.Meta):  # type: ignore[misc]
        """Flask-WTF's settings, with our words."""

        def wrap_formdata(self, form: Form, formdata: Any) -> Any:  # noqa: ANN401 - Flask-WTF's own signature
            """Pass over JSON, which no page of ours sends: reading it can fail, and again on the page of errors."""
            return None if has_request_context() and request.is_json else super().wrap_formdata(form, formdata)


# The two joiners that Persian, Hindi and emoji are written with; all other invisible symbols only mislead the eye.
_JOINERS = "\u200c\u200d"
_UNSEEN = {"Cc", "Cf", "Cs"}


def readable(text: str) -> str:
    """The text without what nobody sees: control characters, direction marks, halves of symbols."""
    return "".join(
        symbol
        for symbol in text
        if symbol in "\t\n\r" or symbol in _JOINERS or unicodedata.category(symbol) not in _UNSEEN
    )


def tidy(value: str | None) -> str:
    """Trim and compose letters, so that one name typed on two phones is one text; a line break counts as one."""
    return readable(unicodedata.normalize("NFC", (value or "").replace("\r\n", "\n"))).strip()


def needed(message: str) -> DataRequired:
    return DataRequired(message=message)


def at_most(size: int) -> Length:
    return Length(max=size, message=_l("This is longer than %(max)d characters. Please shorten it."))


def answers(pairs: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """Turn (value, label) pairs into the choices of a field; WTForms gives up plain tuples."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


def one_line(label: str, size: int, *checks: object, hint: str = "", **attributes: str) -> Any:  # noqa: ANN401
    """Make a text field of one line. Returns WTForms' unbound field, which has no type of its own."""
    return StringField(
        label,
        [at_most(size), *checks],
        filters=[tidy],
        description=hint,
        render_kw={"autocomplete": "off", "dir": "auto", **attributes},
    )
