"""The pages on which an ombuds makes a matter, and gives new words for one; the words are shown once."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.desk import making, service
from portal.desk.changing import AtDesk
from portal.desk.door import at_desk, blueprint, locker_id
from portal.desk.making import NoLocker, Paper, Wanted
from portal.desk.making_forms import NO_TIME, NOW, MakeForm, WordsForm
from portal.desk.matter_views import matter_page, shown
from portal.desk.service import MatterView
from portal.fields import answers
from portal.intake.rules import Share, Stub
from portal.language import _, clock, day
from portal.pages import read_ticket, write_ticket
from portal.scheduling import own
from portal.scheduling.rules import Mode
from portal.sealing import words

_TICKET, _WORDS = "make", "words"


@blueprint.route("/make", methods=["GET", "POST"])
def make() -> str | Answer:
    at, form = at_desk(), MakeForm()
    form.slot.choices = answers(_times(at))
    ticket = read_ticket(_TICKET, form.ticket.data or "")
    if request.method == "GET" or ticket is None:
        # Words of its own for each page, drawn before anything is typed.
        form.ticket.data = write_ticket(_TICKET, {"words": words.draw()})
        problem = _("This page rested too long. Send it once more.") if request.method == "POST" else None
        return render_template("desk/make.html", form=form, problem=problem)
    if not form.validate_on_submit():
        return render_template("desk/make.html", form=form, problem=None)
    found = making.make(at, ticket["words"], _wanted(form, at.now))
    if isinstance(found, Paper):
        return render_template("desk/paper.html", paper=found, name=form.call_name.data, is_new=True)
    problem = _no_locker() if isinstance(found, NoLocker) else _("This time is taken by now. Choose another one.")
    return render_template("desk/make.html", form=form, problem=problem)


@blueprint.route("/matter/<key>/words", methods=["GET", "POST"])
def words_for(key: str) -> str | Answer:
    at, form = at_desk(), WordsForm()
    found = service.open_matter(at, locker_id(key))
    if not isinstance(found, MatterView):
        return matter_page(at, key)
    ticket = read_ticket(_WORDS, form.ticket.data or "")
    if not form.validate_on_submit() or ticket is None or ticket["matter"] != found.key:
        return _words_page(form, found, at)
    given = making.give_new_words(at, locker_id(key), ticket["words"], bytes.fromhex(ticket["before"]))
    if not isinstance(given, str):
        flash(_other_words() if given else _not_now())
        return redirect(url_for("desk.matter", key=key))
    paper = Paper(locker_id(key), given, found.matter.meeting)
    return render_template("desk/paper.html", paper=paper, name=found.matter.stub.call_name, is_new=False)


def _words_page(form: WordsForm, found: MatterView, at: AtDesk) -> str:
    """The question, with the words that a yes gives: drawn now, so that the same page never gives others."""
    drawn = {"words": words.draw(), "before": found.matter.lookup.hex(), "matter": found.key}
    form.ticket.data = write_ticket(_WORDS, drawn)
    problem = _("This page rested too long. Send it once more.") if request.method == "POST" else None
    return render_template("desk/words.html", matter=shown(found, at), form=form, problem=problem)


def _times(at: AtDesk) -> list[tuple[str, str]]:
    """No time yet, now, and every free time of one's own."""
    zone = at.settings.zone
    with at.stores.desk.reading() as desk:
        free = own.free(desk, at.own.ombuds, at.now)
    listed = [(slot.id.hex(), f"{day(slot.starts, zone)}, {clock(slot.starts, zone)}") for slot in free]
    return [(NO_TIME, _("No time yet")), (NOW, _("Now")), *listed]


def _wanted(form: MakeForm, now: datetime) -> Wanted:
    stub = Stub(
        share=Share.NOTHING,
        topic=form.topic.data,
        message=form.message.data,
        call_name=form.call_name.data,
        needs=form.needs.data,
        people=form.people.data,
        contact=form.contact.data,
        has_address=False,
    )
    slot = b"" if form.slot.data in {NO_TIME, NOW} else bytes.fromhex(form.slot.data)
    starts = now.replace(second=0, microsecond=0) if form.slot.data == NOW else None
    return Wanted(stub=stub, mode=Mode(form.mode.data), slot=slot, starts=starts)


def _other_words() -> str:
    return _(
        "Nothing was changed: this matter got other words after your page was made. "
        "If they did not reach the visitor, open the page again for new ones."
    )


def _not_now() -> str:
    return _("Nothing was changed: the visitor was here in the same moment. Try once more.")


def _no_locker() -> str:
    return _("All your sealed mailboxes are in use. Close what is over, or ask your operator for more.")
