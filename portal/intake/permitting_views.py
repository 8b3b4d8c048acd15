"""The visitor's buttons beside each permission, and the page on which one is changed."""

from flask import render_template, request

from portal import clock
from portal.intake import permitting
from portal.intake.actions import Asked, action, show
from portal.intake.permissions import AsShown, Permission, Terms
from portal.intake.permitting import Answer, NotAsShown
from portal.intake.permitting_forms import ChangeForm, PermitForm
from portal.intake.returning import NoRoom, NothingThere, Opened
from portal.intake.shown import matter_page, shown
from portal.language import _
from portal.pages import state


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
    return matter_page(found, asked.words, note=_done(said))


def _change(asked: Asked, pressed: PermitForm) -> str:
    """The page with the terms as they are; then, when it comes back, what was typed there."""
    found, today = asked.open(), clock.now().astimezone(state().settings.zone).date()
    if isinstance(found, NothingThere) or pressed.sure.data == "no":
        return matter_page(found, asked.words)
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
    return matter_page(found, asked.words, note=_changed() if wish != permission.terms else _unchanged())


def _filled(permission: Permission) -> ChangeForm:
    terms = permission.terms
    values = {"text": terms.sentence, "may_name": "yes" if terms.may_name else "no", "until": terms.until}
    return ChangeForm(data=values)


def _page(asked: Asked, found: Opened, permission: Permission, form: ChangeForm) -> str:
    matter = shown(found.matter, asked.words)
    return render_template("intake/permission.html", matter=matter, permission=permission, form=form)


def _not_as_shown(found: NotAsShown, asked: Asked) -> str:
    note = _("Nothing was changed: this is not what your page showed, or it is over. Please read it here again.")
    return matter_page(found.opened, asked.words, note=note)


def _changed() -> str:
    return _("Your change is kept. Nothing may be said until the ombuds agrees to it.")


def _unchanged() -> str:
    return _("You changed nothing, so it stays as it was.")


def _done(said: Answer) -> str:
    match said:
        case Answer.APPROVE:
            return _("You said yes. You can take it back here at any time.")
        case Answer.DECLINE:
            return _("You said no. It will not be said.")
        case Answer.REVOKE:
            return _("You took it back. From now on it may not be said.")
