"""The page of everything that this server stores about one appointment."""

from flask import render_template

from portal.intake import looking, stored
from portal.intake.actions import Asked, action
from portal.intake.meanings import OTHER_TABLES
from portal.intake.returning import NothingThere
from portal.intake.shown import matter_page, shown
from portal.pages import state
from portal.roster import service as roster
from portal.roster.labels import labels_by_share


@action("stored")
def _stored(asked: Asked) -> str:
    found = looking.look(state().stores, asked.words, settings=state().settings)
    if isinstance(found, NothingThere):
        return matter_page(found, asked.words)
    opened, rows = found
    chosen, *inside = stored.inside(opened.document)
    facts = roster.facts(state().settings.roster)
    return render_template(
        "intake/stored.html",
        matter=shown(opened.matter, asked.words),
        on_disk=stored.on_disk(rows),
        chosen=chosen,
        inside=inside,
        copied=labels_by_share(facts.fields if facts else ())[opened.matter.stub.share],
        other_tables=OTHER_TABLES,
    )
