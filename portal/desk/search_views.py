"""Searching one's own open matters: in memory, with nothing kept of what was looked for."""

from types import SimpleNamespace

from flask import render_template

from portal.desk import finding, service
from portal.desk.door import at_desk, blueprint
from portal.desk.forms import SearchForm
from portal.desk.labels import TOPICS
from portal.desk.service import MatterView
from portal.language import _
from portal.roster.labels import LABELS


@blueprint.route("/search", methods=["GET", "POST"])
def search() -> str:
    form, hits = SearchForm(), None
    if form.validate_on_submit():
        found = ((view, finding.find(form.query.data, _texts(view))) for view in service.views(at_desk()))
        hits = [_hit(view, excerpt) for view, excerpt in found if excerpt]
    return render_template("desk/search.html", form=form, hits=hits)


def _texts(view: MatterView) -> list[tuple[str, str]]:
    stub = view.matter.stub
    return [
        (_("Name to use"), stub.call_name),
        (_("Notes"), view.notes.text),
        (_("A few words"), stub.message),
        *((_("Messages"), each.text) for each in view.matter.messages),
        (_("Needs"), stub.needs),
        (_("Topic"), str(TOPICS.get(stub.topic, ""))),
        (_("If we must cancel"), stub.contact),
        *((str(LABELS.get(name, name)), value) for name, value in view.profile.items()),
    ]


def _hit(view: MatterView, excerpt: finding.Excerpt) -> SimpleNamespace:
    meeting = view.matter.meeting
    return SimpleNamespace(
        key=view.key,
        call_name=view.matter.stub.call_name,
        starts=meeting.starts if meeting else None,
        excerpt=excerpt,
    )
