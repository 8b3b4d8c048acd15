"""The page of everything that this server stores about one appointment."""

from flask import render_template

from portal.intake import looking, stored
from portal.intake.actions import Asked, action
from portal.intake.meanings import OTHER_TABLES
from portal.intake.returning import NothingThere
from portal.intake.shown import matter_page, shown
from portal.pages import state


@action("stored")
def _stored(asked: Asked) -> str:
    found = looking.look(state().stores, asked.words, settings=state().settings)
    if isinstance(found, NothingThere):
        return matter_page(found, asked.words)
    opened, rows = found
    return render_template(
        "intake/stored.html",
        matter=shown(opened.matter, asked.words),
        on_disk=stored.on_disk(rows),
        inside=stored.inside(opened.document),
        other_tables=OTHER_TABLES,
    )
