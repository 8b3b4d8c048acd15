"""How an ombuds joins, signs in, recovers and lifts the cover."""

from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import Regexp

from portal.fields import TYPED_EXACTLY, DeskForm, needed, one_line, tidy
from portal.language import _l

_SIX_DIGITS = r"^\d{3} ?\d{3}$"


def _second_factor() -> Any:  # noqa: ANN401
    return StringField(
        _l("Six digits from your authenticator app"),
        [
            needed(_l("Type the six digits your app shows now.")),
            Regexp(_SIX_DIGITS, message=_l("Type the six digits your app shows now.")),
        ],
        filters=[tidy],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 7},
    )


def _who() -> Any:  # noqa: ANN401
    return SelectField(_l("Who are you?"), choices=[])


class JoinForm(DeskForm):
    """The one-time code that the operator handed over."""

    code = one_line(
        _l("Joining code"),
        60,
        needed(_l("Type the joining code from the person who runs this site.")),
        **TYPED_EXACTLY,
    )


class ConfirmJoinForm(DeskForm):
    """Shows that the app works and that both papers are kept, before anything depends on them."""

    ticket = HiddenField()
    second_factor = _second_factor()
    kept_passphrase = BooleanField(
        _l("I wrote down my six words"),
        [needed(_l("Write the six words down first. They are not shown again."))],
    )
    kept_recovery = BooleanField(
        _l("I printed or wrote down the recovery code"),
        [needed(_l("Write the recovery code down first. It is not shown again."))],
    )


class SignInForm(DeskForm):
    """Name, app and passphrase; the cheap factor is checked first."""

    ombuds = _who()
    second_factor = _second_factor()
    passphrase = one_line(
        _l("Your six words"),
        120,
        needed(_l("Type your six words, with a space between them.")),
        **TYPED_EXACTLY,
    )


class RecoverForm(DeskForm):
    """The printed recovery code alone brings the desk back."""

    ombuds = _who()
    recovery = one_line(
        _l("Recovery code"),
        120,
        needed(_l("Type the recovery code from your printed page.")),
        **TYPED_EXACTLY,
    )


class CoverForm(DeskForm):
    """Lifts the cover after a quiet quarter of an hour."""

    second_factor = _second_factor()
