"""The page on which anybody leaves a note, and what answers it."""

from flask import render_template, request

from portal import clock
from portal.intake import remarks
from portal.intake.remark_forms import QUESTIONS, RemarkForm
from portal.intake.remarks import BoxFull, Leaving
from portal.intake.views import blueprint
from portal.language import _
from portal.office import service as office
from portal.pages import read_ticket, state, write_ticket
from portal.scheduling import asked_whom

_NOTE = "note"


@blueprint.get("/say")
def say() -> str:
    """The same for everybody at any time: it does not tell whether there is room, or who left a note just now."""
    return _page(RemarkForm(), remarks.new_form())


@blueprint.post("/say")
def said() -> str:
    form = RemarkForm(request.form)
    ticket = read_ticket(_NOTE, form.ticket.data or "")
    if ticket is None:
        problem = _("This page rested too long. Send it once more: all you typed is still here.")
        return _page(form, remarks.new_form(), problem)
    number = bytes.fromhex(ticket["form"])
    if not form.validate():
        return _page(form, number)
    asked = Leaving(number, form.remark(), asked_whom.carried())
    volatile = state().volatile
    found = remarks.leave(
        state().stores,
        asked,
        room=volatile.note_room,
        sent=volatile.sent_notes,
        settings=state().settings,
        now=clock.now(),
    )
    if isinstance(found, BoxFull):
        problem = _(
            "The box for notes is full, so nothing was kept. It is not your fault. "
            "Come back in some weeks, or put it on paper. Your text is still here, to copy it."
        )
        return _page(form, number, problem)
    return render_template("intake/said.html")


def _page(form: RemarkForm, number: bytes, problem: str | None = None) -> str:
    form.ticket.data = write_ticket(_NOTE, {"form": number.hex()})
    with state().stores.desk.reading() as desk:
        names, readers = office.names(desk), remarks.readers(desk, asked_whom.carried())
    return render_template(
        "intake/say.html",
        form=form,
        questions=list(QUESTIONS),
        problem=problem,
        only=names.get(readers[0]) if len(readers) == 1 else None,
    )
