"""Linking two matters of one dispute, and parting them again."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from portal.desk import linking, service
from portal.desk.changing import AtDesk
from portal.desk.door import at_desk, blueprint, locker_id
from portal.desk.forms import LinkForm, PartForm
from portal.desk.linking import Side
from portal.desk.service import MatterView
from portal.fields import answers
from portal.language import _, day
from portal.pages import state


@blueprint.route("/matter/<key>/link", methods=["GET", "POST"])
def link(key: str) -> str | Answer:
    at, form = at_desk(), LinkForm()
    found = service.open_matter(at, locker_id(key))
    if not isinstance(found, MatterView):
        return redirect(url_for("desk.matter", key=key))
    form.other.choices = _choices(at, key)
    if form.validate_on_submit():
        if linking.link(at, locker_id(key), locker_id(form.other.data)):
            flash(_("Linked. The link stands in your notes on both, and only you see it."))
            return redirect(url_for("desk.matter", key=key))
        form.other.errors = [_("It was not linked: one of the two has ended, or its notes are full.")]
    return render_template("desk/link.html", form=form, key=key, call_name=found.matter.stub.call_name)


@blueprint.post("/matter/<key>/part")
def part(key: str) -> Answer:
    form = PartForm()
    if form.validate_on_submit() and linking.part(at_desk(), locker_id(key), locker_id(form.other.data)):
        flash(_("Parted. What you wrote is as it was."))
    else:
        flash(_("Nothing was changed: one of the two has ended."))
    return redirect(url_for("desk.matter", key=key))


def _choices(at: AtDesk, key: str) -> list[object]:
    return [*answers((each.key, _words(each)) for each in linking.choices(at, locker_id(key)))]


def _words(side: Side) -> str:
    when = day(side.starts, state().settings.zone) if side.starts else _("in writing")
    return f"{side.call_name or _('no name given')}, {when}"
