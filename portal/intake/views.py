"""The visitor's pages: one form, the receipt, and the way back with six words."""

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from portal import clock
from portal.fields import answers
from portal.intake import service
from portal.intake.forms import MODES, BookForm, MatterForm, WordsForm
from portal.intake.rules import Matter, Share, State, Stub, month_after, readable
from portal.intake.service import NoLocker, NothingThere, Opened, Receipt, Request
from portal.language import _
from portal.office import service as office
from portal.pages import pad_answer, read_ticket, refuse_foreign_posts, state, write_ticket
from portal.roster import service as roster
from portal.roster.labels import labels_by_share
from portal.roster.rules import Claim, Misread, Refused
from portal.scheduling import service as scheduling
from portal.scheduling.forms import TimesForm
from portal.scheduling.rules import Mode, Offer
from portal.scheduling.service import AllGone, NotOffered
from portal.scheduling.views import times_page
from portal.sealing import words
from portal.sealing.keys import fingerprint
from portal.sealing.words import Unknown, WrongCount

blueprint = Blueprint("intake", __name__)
blueprint.before_request(refuse_foreign_posts)
blueprint.after_request(pad_answer)

_TOKEN, _FORM, _MATTER = "choice", "form", "matter"
_ID_SIZE = 32


@blueprint.post("/book")
def book() -> str | Answer:
    """Times come without a ticket and lead to the form; the form comes with one and books."""
    return _send() if "ticket" in request.form else _choose()


@blueprint.get("/book/<token>")
def form(token: str) -> str:
    chosen = read_ticket(_TOKEN, token)
    if chosen is None:
        return times_page(note=_("That page rested too long. Please choose a time again; nothing was booked."))
    if not service.has_free_locker(state().stores):
        return times_page(problem=_("Every sealed mailbox is in use, so nobody can book online today. Please call us."))
    sent = state().volatile.sent.find(chosen["id"], clock.now())
    if sent is not None:
        return render_template("intake/sent.html", starts=datetime.fromisoformat(sent))
    blank = BookForm(mode=chosen["mode"] or None)
    return _form_page(blank, _ids(chosen["slots"]), {"words": words.draw(), "id": chosen["id"]})


@blueprint.route("/return", methods=["GET", "POST"])
def come_back() -> str:
    if request.method == "POST" and "ticket" in request.form:
        return _act(MatterForm(request.form))
    form = WordsForm(request.form)
    if request.method == "GET" or not form.validate():
        return render_template("intake/return.html", form=form, problem=None)
    typed = words.read(form.words.data)
    if not isinstance(typed, str):
        return render_template("intake/return.html", form=form, problem=_misread_words(typed))
    return _matter_page(service.come_back(state().stores, typed, settings=state().settings), typed)


def _choose() -> str | Answer:
    form = TimesForm(request.form)
    if not form.validate() or not _ids(form.slot.data):
        return times_page(problem=_("Choose a time first. Then go on."))
    mode = form.mode.data if form.mode.data in set(Mode) else ""
    token = write_ticket(_TOKEN, {"slots": form.slot.data, "mode": mode, "id": words.draw()})
    return redirect(url_for("intake.form", token=token), 303)


def _send() -> str:
    """Book, or bring the form back with everything that was typed and a sentence on what to do."""
    form, slots = BookForm(request.form), _ids(request.form.getlist("slot"))
    ticket = read_ticket(_FORM, form.ticket.data or "")
    if ticket is None:
        note = _("This page rested too long, so it was not sent. All you typed is still here. Please send it again.")
        return _form_page(form, slots, {"words": words.draw(), "id": words.draw()}, note=note)
    if state().volatile.erased.find(ticket["words"], clock.now()) is not None:
        return render_template("intake/ended.html")
    _offer_modes(form, _offers(slots))
    if not slots or not form.validate():
        return _form_page(form, slots, ticket)
    if form.proof.data == "code" and not state().volatile.wrong_claims.has_room(clock.seconds()):
        return _form_page(
            form, slots, ticket, problem=_("Many people are trying just now. Wait a moment and send again.")
        )
    return _answer(form, slots, ticket)


def _answer(form: BookForm, slots: list[bytes], ticket: dict[str, Any]) -> str:
    now, settings = clock.now(), state().settings
    asked = _request(form, slots, ticket["words"])
    found = service.request_meeting(
        state().stores, asked, publication=state().volatile.publication, settings=settings, now=now
    )
    match found:
        case Receipt():
            state().volatile.sent.mark(ticket["id"], found.matter.meeting.starts.isoformat(), now)
            return _receipt_page(found, ticket["words"])
        case Misread():
            form.code.errors = [_("One letter or digit of the code is not right. Please compare it once more.")]
            return _form_page(form, slots, ticket)
        case Refused():
            state().volatile.wrong_claims.count()
            return _form_page(form, slots, ticket, problem=_refused())
        case AllGone():
            near = _near(slots, asked.mode, has_proof=asked.claim.proof == "code")
            problem = (
                None if near else _("These times were taken while you wrote, and no other is free. Please call us.")
            )
            return _form_page(form, slots, ticket, near=near, problem=problem)
        case NotOffered():
            return _form_page(
                form,
                slots,
                ticket,
                near=_near(slots, asked.mode, has_proof=asked.claim.proof == "code"),
                problem=_not_offered(found),
            )
        case NoLocker():
            return _form_page(form, slots, ticket, problem=_("Every sealed mailbox is in use. Please call us instead."))


def _act(form: MatterForm) -> str:
    """A button on an opened matter: ask once more, then do it."""
    ticket = read_ticket(_MATTER, form.ticket.data or "")
    if ticket is None:
        problem = _("This page rested too long, and nothing was changed. Please type your six words again.")
        return render_template("intake/return.html", form=WordsForm(), problem=problem)
    typed, now, settings, publication = ticket["words"], clock.now(), state().settings, state().volatile.publication
    if form.action.data not in {"cancel", "erase"} or form.sure.data == "no":
        return _matter_page(service.come_back(state().stores, typed, settings=settings), typed)
    if form.sure.data != "yes":
        return render_template("intake/confirm.html", action=form.action.data, ticket=form.ticket.data)
    if form.action.data == "cancel":
        return _matter_page(
            service.cancel(state().stores, typed, publication=publication, settings=settings, now=now), typed
        )
    service.erase(state().stores, typed, publication=publication, settings=settings, now=now)
    state().volatile.erased.mark(typed, "", now)
    return render_template("intake/ended.html")


def _form_page(
    form: BookForm,
    slots: Sequence[bytes],
    ticket: dict[str, Any],
    *,
    note: str | None = None,
    problem: str | None = None,
    near: Sequence[Offer] = (),
) -> str:
    choices = _offers(slots)
    if not choices and not near:
        near = _near((), None, has_proof=form.proof.data == "code")
        problem = problem or (_("Choose a time.") if near else _("No time is free right now. Please call us."))
    _offer_modes(form, near or choices)
    form.ticket.data = write_ticket(_FORM, ticket)
    facts = roster.facts(state().settings.roster)
    return render_template(
        "intake/form.html",
        form=form,
        choices=choices,
        offers_near=near,
        groups_of_fields=labels_by_share(facts.fields if facts else ()),
        problem=problem,
        note=note,
    )


def _receipt_page(found: Receipt, typed: str) -> str:
    matter = found.matter
    if matter.meeting.state is not State.BOOKED:
        return render_template("intake/matter.html", matter=_shown(matter, typed))
    receipt = _shown(matter, typed)
    receipt.words, receipt.fingerprint = typed, fingerprint(found.to_ombuds)
    return render_template("intake/receipt.html", receipt=receipt)


def _matter_page(found: Opened | NothingThere, typed: str) -> str:
    if isinstance(found, NothingThere):
        problem = _("These words open nothing here. They may be mistyped, or the appointment is erased or over.")
        form = WordsForm(MultiDict({"words": typed}))
        return render_template("intake/return.html", form=form, problem=problem)
    return render_template("intake/matter.html", matter=_shown(found.matter, typed))


def _shown(matter: Matter, typed: str) -> SimpleNamespace:
    """What a page shows of a matter to its visitor."""
    settings, meeting, venue = state().settings, matter.meeting, matter.venue
    with state().stores.desk.reading() as desk:
        name = office.get_name(desk, matter.ombuds)
    mode = Mode(meeting.mode)
    return SimpleNamespace(
        offer=Offer(
            id=meeting.slot,
            ombuds=matter.ombuds,
            ombuds_name=name,
            starts=meeting.starts,
            minutes=meeting.minutes,
            modes=(mode,),
            place_name=venue.name,
            place_access=venue.access,
            proof_needed=False,
        ),
        ombuds_name=name,
        mode=meeting.mode,
        state=meeting.state.value,
        door=venue.door,
        directions=venue.directions,
        video_link=settings.video_link.format(room=matter.room) if mode is Mode.video else None,
        phone=settings.phone,
        call_name=matter.stub.call_name,
        share=matter.stub.share.value,
        level=matter.level,
        ends=month_after(matter.ends),
        ticket=write_ticket(_MATTER, {"words": typed}),
    )


def _request(form: BookForm, slots: list[bytes], typed: str) -> Request:
    return Request(
        words=typed,
        claim=Claim(form.email.data, form.code.data, form.proof.data),
        slots=slots,
        mode=Mode(form.mode.data),
        stub=Stub(
            share=Share(form.share.data),
            topic=form.topic.data,
            message=readable(form.message.data),
            call_name=readable(form.call_name.data),
            needs=readable(form.needs.data),
            people=form.people.data,
            contact=readable(form.contact.data),
        ),
    )


def _offers(slots: Sequence[bytes]) -> list[Offer]:
    with state().stores.desk.reading() as desk:
        return scheduling.offers_for(desk, slots, office.names(desk))


def _near(slots: Sequence[bytes], mode: Mode | None, *, has_proof: bool) -> list[Offer]:
    """Listed times near the ones that are gone."""
    now, settings = clock.now(), state().settings
    with state().stores.desk.reading() as desk:
        names = office.names(desk)
        gone = scheduling.offers_for(desk, slots, names)
        listed = scheduling.published(desk, state().volatile.publication, names, settings=settings, now=now)
    return scheduling.near(listed, slots, gone[0].starts if gone else now, mode, has_proof=has_proof)


def _offer_modes(form: BookForm, offers: Sequence[Offer]) -> None:
    possible = {mode for offer in offers for mode in offer.modes}
    offered = [(key, label) for key, label in MODES if not possible or key in possible]
    form.mode.choices = answers(offered)
    if len(offered) == 1 and not form.mode.data:
        form.mode.data = offered[0][0]


def _ids(keys: Sequence[str]) -> list[bytes]:
    found = [bytes.fromhex(key) for key in keys if len(key) == _ID_SIZE and set(key) <= set("0123456789abcdef")]
    return list(dict.fromkeys(found))[:3]


def _refused() -> str:
    return _(
        "This address and this code do not belong together here. Check both; codes change with the season. "
        "You can also choose “I have no code at hand”."
    )


def _not_offered(found: NotOffered) -> str:
    if found.reason == "proof":
        return _("This time is kept for people with a code. Type yours, or choose another time.")
    return _("This time is not offered in this way. Choose another way to meet, or another time.")


def _misread_words(found: Unknown | WrongCount) -> str:
    if isinstance(found, WrongCount):
        return _("Type all six words. I read %(count)d.") % {"count": found.count}
    if found.nearest:
        return _("“%(word)s” is not one of our words. Did you mean “%(nearest)s”?") % vars(found)
    return _("“%(word)s” is not one of our words. Please compare it with what you wrote down.") % {"word": found.word}
