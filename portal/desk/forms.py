"""The buttons of a signed-in ombuds."""

from wtforms import HiddenField
from wtforms.validators import AnyOf

from portal.fields import DeskForm, needed
from portal.language import _l

MARKS = ("met", "missed")


class MarkForm(DeskForm):
    """Says how a meeting ended; `action` is "met" or "missed"."""

    action = HiddenField(validators=[AnyOf(MARKS, message=_l("Choose met or missed."))])


class AdmitForm(DeskForm):
    """Lets a colleague in; `ombuds` is that colleague's key, in hex."""

    ombuds = HiddenField(validators=[needed(_l("Choose the colleague to admit."))])


class SignOutForm(DeskForm):
    """Nothing but the token: signing out is a POST, so that no link scanner does it."""
