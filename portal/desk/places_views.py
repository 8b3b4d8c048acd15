"""The office's places, which all ombuds share."""

import os

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from portal import clock
from portal.desk.door import blueprint, locker_id
from portal.language import _
from portal.pages import state
from portal.scheduling import opening, place_forms, plans
from portal.scheduling.labels import alike
from portal.scheduling.place_forms import PlaceForm, RemovePlaceForm
from portal.scheduling.rules import Place


@blueprint.route("/places", methods=["GET", "POST"])
def places() -> str | Answer:
    form = PlaceForm()
    if form.validate_on_submit() and _keep(form, Place(os.urandom(opening.ID_SIZE), "")):
        return redirect(url_for("desk.places"))
    with state().stores.desk.reading() as desk:
        found = list(opening.places(desk).values())
    return render_template("desk/places.html", form=form, places=found, remove=RemovePlaceForm(formdata=None))


@blueprint.route("/places/<key>", methods=["GET", "POST"])
def place(key: str) -> str | Answer:
    with state().stores.desk.reading() as desk:
        found = opening.places(desk).get(locker_id(key))
    if found is None:
        abort(404)
    form = PlaceForm(data=place_forms.as_fields(found))
    if form.validate_on_submit() and _keep(form, found):
        return redirect(url_for("desk.places"))
    return render_template("desk/place.html", form=form, name=found.name, key=key)


@blueprint.post("/places/remove")
def remove_place() -> Answer:
    form = RemovePlaceForm()
    done = False
    if form.validate_on_submit():
        with state().stores.desk.writing() as desk:
            done = plans.remove_place(desk, locker_id(form.place.data), clock.now())
        state().volatile.open_hours.forget()
    flash(
        _("The place is taken away.")
        if done
        else _("Nothing was changed: somebody's hours use this place, or a time there is still to come.")
    )
    return redirect(url_for("desk.places"))


def _keep(form: PlaceForm, before: Place) -> bool:
    """Keep it as it was typed; False, with a sentence beside the name, where another place has that name."""
    typed = form.place(before)
    with state().stores.desk.writing() as desk:
        if any(alike(each.name) == alike(typed.name) for each in opening.places(desk).values() if each.id != typed.id):
            form.place_name.errors = [_("Another place has this name. Add a word, so that nobody goes astray.")]
            return False
        opening.put_place(desk, typed)
    state().volatile.open_hours.forget()
    flash(_("Saved. Visitors see it from the next list on; receipts show it from now on."))
    return True
