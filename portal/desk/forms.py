"""The buttons of a signed-in ombuds."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import AnyOf

from portal.fields import DeskForm, at_most, needed, tidy
from portal.intake.forms import LONGEST_MESSAGE
from portal.language import _l

MARKS = ("met", "missed")


class MarkForm(DeskForm):
    """Says how a meeting ended; `action` is "met" or "missed", `meeting` is the meeting's uid."""

    meeting = HiddenField()
    action = HiddenField(validators=[AnyOf(MARKS, message=_l("Choose met or missed."))])


class ReplyForm(DeskForm):
    """A message to a visitor; `page` is the number of the page it was typed into, so that sent twice is said once."""

    page = HiddenField()
    text = TextAreaField(
        _l("Your message"),
        [needed(_l("Type a message first.")), at_most(LONGEST_MESSAGE)],
        filters=[tidy],
        render_kw={"rows": 5, "autocomplete": "off"},
    )


class AdmitForm(DeskForm):
    """Lets a colleague in; `ombuds` is that colleague's key, in hex."""

    ombuds = HiddenField(validators=[needed(_l("Choose the colleague to admit."))])


class SignOutForm(DeskForm):
    """Nothing but the token: signing out is a POST, so that no link scanner does it."""
