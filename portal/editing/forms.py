"""How words are changed, pages added, editors made, and how an editor signs in."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import AnyOf, Regexp

from portal.editing.people import LONGEST_NAME
from portal.fields import TYPED_EXACTLY, DeskForm, answers, needed, one_line, tidy
from portal.language import _l

PREVIEW, SAVE, TAKE_BACK = "preview", "save", "back"
#: Where a new page may stand: its shelf and how its name begins.
KINDS = (
    ("about/", _l("About this office")),
    ("week/", _l("Ombuds Week")),
    ("about/exceptions-", _l("When the ombuds must speak: one group of people")),
)
_SIX_DIGITS = _l("Type the six digits your app shows now.")


class EditorSignInForm(DeskForm):
    """The name is typed and not chosen: who edits is nobody's business."""

    editor = one_line(_l("Your name"), LONGEST_NAME, needed(_l("Type your name as the ombuds wrote it.")))
    second_factor = StringField(
        _l("Six digits from your authenticator app"),
        [needed(_SIX_DIGITS), Regexp(r"^\d{3} ?\d{3}$", message=_SIX_DIGITS)],
        filters=[tidy],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 7},
    )
    passphrase = one_line(
        _l("Your six words"),
        120,
        needed(_l("Type your six words, with a space between them.")),
        **TYPED_EXACTLY,
    )


class TextForm(DeskForm):
    """A text in Markdown; `mark` names what stood there when the page was made."""

    key = HiddenField()
    lang = HiddenField()
    mark = HiddenField()
    text = TextAreaField(_l("The text"), filters=[tidy], render_kw={"rows": 20, "autocomplete": "off"})
    checked = BooleanField(_l("An ombuds has checked these cases"))
    action = HiddenField(
        validators=[AnyOf((PREVIEW, SAVE, TAKE_BACK), message=_l("Press one of the buttons."))],
    )


class PageForm(DeskForm):
    """One more page."""

    kind = SelectField(_l("Where it stands"), choices=answers(KINDS), default=KINDS[0][0])
    page_name = one_line(
        _l("Its name in the address"),
        40,
        needed(_l("Type a short name, such as “parking”.")),
        hint=_l("Small letters, digits and hyphens. The title comes later, with the text."),
        **TYPED_EXACTLY,
    )


class ShowForm(DeskForm):
    """Shows a page or hides it; `shown` is "yes" or "no"."""

    key = HiddenField()
    shown = HiddenField(validators=[AnyOf(("yes", "no"), message=_l("Press one of the buttons."))])


class RemovePageForm(DeskForm):
    """Removes a page that the office added; `mark` names what it was when the question was asked."""

    key = HiddenField()
    mark = HiddenField(validators=[needed(_l("Nothing was changed."))])


class NewEditorForm(DeskForm):
    """Somebody who may change public words and nothing else."""

    editor = one_line(_l("Name"), LONGEST_NAME, needed(_l("Type a name.")))


class RemoveEditorForm(DeskForm):
    """Takes somebody's right to edit away; `editor` is the id, in hex."""

    editor = HiddenField()


class LookForm(DeskForm):
    """What the office chooses of its site as a whole; `mark` names what it had chosen when the page was made."""

    first_language = SelectField(_l("The office's own language"), choices=[])
    languages = SelectMultipleField(_l("Visitors may also choose"), choices=[])
    accent = one_line(
        _l("Accent colour"),
        7,
        hint=_l("Like #1d5a53. Leave it empty for ours."),
        **TYPED_EXACTLY,
    )
    campaign = RadioField(
        _l("Ombuds Week on the first page"),
        choices=answers(
            (
                ("by date", _l("When the week is near")),
                ("on", _l("Always")),
                ("off", _l("Never")),
            )
        ),
        default="by date",
    )
    week_first = one_line(_l("First day of the week"), 10, type="date")
    week_last = one_line(_l("Last day"), 10, type="date")
    mark = HiddenField()

    def offer(self, languages: list[tuple[str, str]]) -> None:
        """The languages there are: code and name."""
        pairs: list[Any] = answers(languages)
        self.first_language.choices = pairs
        self.languages.choices = answers(languages)
