"""The buttons of a signed-in ombuds."""

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import AnyOf

from portal.fields import DeskForm, at_most, needed, one_line, tidy
from portal.intake.forms import LONGEST_MESSAGE
from portal.language import _l

MARKS = ("met", "missed")
LONGEST_QUERY = 100


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


class KeepForm(DeskForm):
    """Nothing but the token: keeps a matter for one more month."""


class NotesForm(DeskForm):
    """The ombuds' own notes; `version` is that of the notes that the page showed."""

    version = HiddenField()
    text = TextAreaField(
        _l("Your notes"),
        filters=[tidy],
        description=_l("Only you can read them. Plain text."),
        render_kw={"rows": 14, "autocomplete": "off"},
    )


class LinkForm(DeskForm):
    """Another matter of the same dispute; `other` is the key of its locker, in hex."""

    other = SelectField(_l("The other side"), validate_choice=True)


class PartForm(DeskForm):
    """Takes a link back; `other` is the key of a locker, in hex."""

    other = HiddenField(validators=[needed(_l("Choose the one to part from."))])


class SearchForm(DeskForm):
    """A few words to look for. Sent in the body, because an address is kept in many places."""

    query = one_line(_l("Search your open matters"), LONGEST_QUERY, needed(_l("Type a word first.")), type="search")


class AdmitForm(DeskForm):
    """Lets a colleague in; `ombuds` is that colleague's key, in hex."""

    ombuds = HiddenField(validators=[needed(_l("Choose the colleague to admit."))])


class SignOutForm(DeskForm):
    """Nothing but the token: signing out is a POST, so that no link scanner does it."""
