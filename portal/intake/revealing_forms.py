"""What somebody types to show more: who they are, once more, and how much."""

from collections.abc import Collection

from wtforms import Field, HiddenField, RadioField
from wtforms.validators import ValidationError

from portal.fields import TYPED_EXACTLY, VisitorForm, answers, needed, one_line
from portal.intake.forms import ADDRESS_SIZE, CODE_SIZE, PROOFS, SHARES
from portal.language import _, _l


class RevealForm(VisitorForm):
    """The claim of a booking; the view narrows `share` and `proof` to what this matter allows."""

    ticket = HiddenField()
    share = RadioField(_l("What may the ombuds know about you?"), choices=answers(SHARES))
    proof = RadioField(_l("Do you have a code?"), choices=answers(PROOFS))
    email = one_line(
        _l("Your work or school email"),
        ADDRESS_SIZE,
        needed(_l("Type your work or school email, like name@example.org.")),
        hint=_l("We look it up in our list and send it nothing."),
        type="email",
        inputmode="email",
        **TYPED_EXACTLY,
    )
    code = one_line(
        _l("Your code"),
        CODE_SIZE,
        hint=_l("Shows you belong here. Emailed to all, like ABCD-EFGH-JKM."),
        **TYPED_EXACTLY,
    )

    def offer(self, shares: Collection[str], *, has_code: bool) -> None:
        """Offer what may still be shown; whoever showed a code must show one again."""
        self.share.choices = answers((key, label) for key, label in SHARES if key in shares)
        self.proof.choices = answers(PROOFS[:1] if has_code else PROOFS)
        if has_code:
            self.proof.data = "code"

    @property
    def can_do_without(self) -> bool:
        return len(self.proof.choices) > 1

    def validate_email(self, field: Field) -> None:
        if "@" not in field.data:
            raise ValidationError(_("Type your work or school email, like name@example.org."))

    def validate_code(self, field: Field) -> None:
        if field.data or self.proof.data != "code":
            return
        if self.can_do_without:
            raise ValidationError(_("Type your code, or choose “I have no code at hand”."))
        raise ValidationError(_("Type your code."))
