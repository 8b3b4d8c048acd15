"""An ombuds makes an editor, hands over what is shown once, and takes the right to edit away again."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response as Answer

from portal.editing import people
from portal.editing.door import blueprint, show
from portal.editing.forms import NewEditorForm, RemoveEditorForm
from portal.editing.people import Card, NameTaken
from portal.language import _
from portal.office.factor import as_text, provisioning_uri
from portal.pages import state
from portal.qr import drawn


@blueprint.route("/editors", methods=["GET", "POST"])
def editors() -> str:
    form = NewEditorForm()
    if not form.validate_on_submit():
        return _page(form)
    card = people.draw_card(form.editor.data)
    new = people.wrap(card, state().settings.secrets.factors)
    with state().stores.keys.writing() as keys:
        refused = people.add(keys, new)
    if isinstance(refused, NameTaken):
        form.editor.errors = [_("Another editor has this name. Add a word.")]
        return _page(form)
    return _show_card(card)


@blueprint.post("/editors/remove")
def remove_editor() -> Answer:
    form = RemoveEditorForm()
    if form.validate_on_submit():
        editor = _id(form.editor.data)
        with state().stores.keys.writing() as keys:
            people.remove(keys, editor)
        state().volatile.editors.close_all_of(editor)
        flash(_("Taken away. Whoever was signed in with it is out."))
    return redirect(url_for("editing.editors"))


def _page(form: NewEditorForm) -> str:
    with state().stores.keys.reading() as keys:
        found = [(key.hex(), name) for key, name in people.everybody(keys)]
    return show("editing/editors.html", form=form, editors=found, remove=RemoveEditorForm(formdata=None))


def _show_card(card: Card) -> str:
    """The only page that ever shows it."""
    uri = provisioning_uri(card.factor, card.name, state().settings.office_name)
    return show(
        "editing/card.html",
        name=card.name,
        passphrase=card.passphrase,
        totp_svg=drawn(uri, scale=4),
        totp_secret=as_text(card.factor),
    )


def _id(typed: str | None) -> bytes:
    try:
        return bytes.fromhex(typed or "")
    except ValueError:
        return b""
