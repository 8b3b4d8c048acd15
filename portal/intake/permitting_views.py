"""The visitor's buttons beside each permission, and the page on which one is changed."""

from textwrap import shorten

from flask import render_template, request

from portal import clock
from portal.intake import permitting, sentences
from portal.intake.actions import Asked, action, show
from portal.intake.permissions import AsShown, Permission, Terms
from portal.intake.permitting import Answer, NotAsShown
from portal.intake.permitting_forms import ChangeForm, PermitForm
from portal.intake.returning import NoRoom, NothingThere, Opened
from portal.intake.shown import matter_page, shown
from portal.language import _
from portal.pages import state

#: A note is read aloud whole; the sentence itself stands below it.
_BEGINNING = 80


@action("permit")
def _permit(asked: Asked) -> str:
    form = PermitForm(request.form)
    if form.answer.data == "change":
        return _change(asked, form)
    if form.answer.data not in set(Answer):
        return show(asked)
    said, page = Answer(form.answer.data), AsShown(form.permission.data or "", form.digest.data or "")
    settings, now = state().settings, clock.now()
    found = permitting.answer(state().stores, asked.words, page, said, settings=settings, now=now)
    if isinstance(found, NotAsShown):
        return _not_as_shown(found, asked)
    return matter_page(found, asked.words, note=_done(said, found, page.id))


def _change(asked: Asked, pressed: PermitForm) -> str:
    """The page with the terms as they are; then, when it comes back, what was typed there."""
    found, today = asked.open(), clock.now().astimezone(state().settings.zone).date()
    if isinstance(found, NothingThere) or pressed.sure.data == "no":
        return matter_page(found, asked.words, remark=sentences.nothing_changed())
    permission = found.matter.find_permission(pressed.permission.data or "")
    if permission is None or not permission.can_change(today):
        return _not_as_shown(NotAsShown(found), asked)
    if pressed.sure.data != "yes":
        return _page(asked, found, permission, _filled(permission))
    form = ChangeForm(request.form)
    wish = form.wish(permission.terms, today)
    return _page(asked, found, permission, form) if wish is None else _keep(asked, permission, form, wish)


def _keep(asked: Asked, permission: Permission, form: ChangeForm, wish: Terms) -> str:
    settings, now = state().settings, clock.now()
    found = permitting.change(state().stores, asked.words, permission.id, wish, settings=settings, now=now)
    if isinstance(found, NoRoom):
        form.text.errors = [_("There is not so much room left. Please shorten it, or call us.")]
        return _page(asked, found.opened, permission, form)
    if isinstance(found, NotAsShown):
        return _not_as_shown(found, asked)
    if wish == permission.terms:
        return matter_page(found, asked.words, remark=_("You changed nothing, so it stays as it was."))
    note = _("Your change is kept. Nothing may be said until the ombuds agrees to it.")
    return matter_page(found, asked.words, note=note)


def _filled(permission: Permission) -> ChangeForm:
    terms = permission.terms
    values = {"text": terms.sentence, "may_name": "yes" if terms.may_name else "no", "until": terms.until}
    return ChangeForm(data=values)


def _page(asked: Asked, found: Opened, permission: Permission, form: ChangeForm) -> str:
    matter = shown(found.matter, asked.words)
    return render_template("intake/permission.html", matter=matter, permission=permission, form=form)


def _not_as_shown(found: NotAsShown, asked: Asked) -> str:
    note = _("Nothing was changed: this is not what your page showed, or it is over. Please read it here again.")
    return matter_page(found.opened, asked.words, remark=note)


def _done(said: Answer, found: Opened | NothingThere, permission_id: str) -> str:
    match said:
        case Answer.APPROVE:
            said_yes = _("You said yes to: “%(sentence)s”. You can take it back below.")
            return said_yes % {"sentence": _beginning(found, permission_id)}
        case Answer.DECLINE:
            return _("You said no. It will not be said. If you think differently later, write to the ombuds.")
        case Answer.REVOKE:
            return _("You took it back. From now on it may not be said.")


def _beginning(found: Opened | NothingThere, permission_id: str) -> str:
    permission = None if isinstance(found, NothingThere) else found.matter.find_permission(permission_id)
    return shorten(permission.terms.sentence, _BEGINNING, placeholder="…").rstrip(".") if permission else ""
