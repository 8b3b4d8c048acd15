"""What both forms of a visitor do about a claim that does not fit."""

from portal import clock
from portal.intake import sentences
from portal.intake.forms import BookForm
from portal.language import _
from portal.pages import state
from portal.roster.rules import Misread, Refused


def must_wait(form: BookForm) -> bool:
    """Whether so many wrong claims come in that nobody's code is looked at for a moment."""
    return form.proof.data == "code" and not state().volatile.wrong_claims.has_room(clock.seconds())


def explain(form: BookForm, found: Misread | Refused) -> None:
    """Say beside the fields what to do, and count a wrong claim for the whole portal."""
    if isinstance(found, Misread):
        form.code.errors = [sentences.misread_code(form.code.data)]
        return
    state().volatile.wrong_claims.count()
    form.email.errors, form.code.errors = [sentences.refused()], [_("See your email above.")]
