"""The visitor's pages: one form, the receipt, and the way back with six words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from portal import clock
from portal.fields import answers
from portal.intake import sentences, service
from portal.intake.forms import MODES, BookForm, MatterForm, WordsForm
from portal.intake.rules import Matter, Share, State, Stub, month_after
from portal.intake.service import NothingThere, Opened, Receipt, Request
from portal.language import _
from portal.office import service as office
from portal.pages import pad_answer, read_ticket, refuse_foreign_posts, state, write_ticket
from portal.roster import service as roster
from portal.roster.labels import labels_by_share
from portal.roster.rules import Claim, Level, Misread, Refused
from portal.scheduling import service as scheduling
from portal.scheduling.forms import MOST_CHOICES, TimesForm
from portal.scheduling.rules import Mode, Offer, by_day
from portal.scheduling.service import AllGone, NotOffered
from portal.scheduling.views import times_page
from portal.sealing import words
from portal.sealing.keys import fingerprint

blueprint = Blueprint("intake", __name__)
blueprint.before_request(refuse_foreign_posts)
blueprint.after_request(pad_answer)

_TOKEN, _FORM, _MATTER = "choice", "form", "matter"
_ID_SIZE = 32
_NO_SLOT = "-" * _ID_SIZE
#: The address of a form shows its times to whoever opens it from the browser's history; a form posted later than this
#: comes back with all that was typed.
_CHOICE_LIFE = timedelta(hours=2)


@blueprint.post("/book")
def book() -> str | Answer:
    """Times come without a ticket and lead to the form; the form comes with one and books."""
    return _send() if "ticket" in request.form else _choose()


@blueprint.get("/book")
def again() -> str:
    """What a restored tab or a bookmark of the receipt opens: nothing to see, and no reason to worry."""
    return render_template("intake/again.html")


@blueprint.get("/book/<token>")
def form(token: str) -> str:
    chosen = read_ticket(_TOKEN, token)
    if chosen is None or datetime.fromisoformat(chosen["since"]) + _CHOICE_LIFE < clock.now():
        return times_page(note=_("That page rested too long. Please choose a time again; nothing was booked."))
    blank = BookForm(mode=chosen["mode"].strip() or None)
    return _form_page(blank, _ids(chosen["slots"]), words.draw())


@blueprint.route("/return", methods=["GET", "POST"])
def come_back() -> str:
    if request.method == "POST" and "ticket" in request.form:
        return _act(MatterForm(request.form))
    form = WordsForm(request.form)
    if request.method == "GET" or not form.validate():
        return render_template("intake/return.html", form=form, problem=None)
    typed = words.read(form.words.data)
    if not isinstance(typed, str):
        return _words_page(form, sentences.misread_words(typed))
    return _matter_page(service.come_back(state().stores, typed, settings=state().settings), typed)


def _choose() -> str | Answer:
    form = TimesForm(request.form)
    slots = _ids(form.slot.data) if form.validate() else []
    if not slots:
        return times_page(problem=_("Choose a time first. Then go on."))
    mode = form.mode.data if form.mode.data in set(Mode) else ""
    # Always as many, so that the length of the address does not tell how many were chosen.
    keys = [slot.hex() for slot in slots] + [_NO_SLOT] * (MOST_CHOICES - len(slots))
    token = write_ticket(_TOKEN, {"slots": keys, "mode": f"{mode:9}", "since": clock.now().isoformat()})
    return redirect(url_for("intake.form", token=token), 303)


def _send() -> str:
    """Book, or bring the form back with everything that was typed and a sentence on what to do."""
    form, slots = BookForm(request.form), _ids(request.form.getlist("slot"))
    ticket = read_ticket(_FORM, form.ticket.data or "")
    typed = ticket["words"] if ticket else words.draw()
    if ticket is None:
        note = _("This page rested too long, so it was not sent. All you typed is still here. Please send it again.")
        return _form_page(form, slots, typed, note=note)
    if state().volatile.erased.has(typed, clock.now()):
        return render_template("intake/ended.html")
    _offer_modes(form, _offers(slots))
    if not slots or not form.validate():
        return _form_page(form, slots, typed)
    if form.proof.data == "code" and not state().volatile.wrong_claims.has_room(clock.seconds()):
        busy = _("Many people are trying just now. Wait a moment and send again.")
        return _form_page(form, slots, typed, problem=busy)
    return _answer(form, slots, typed)


def _answer(form: BookForm, slots: list[bytes], typed: str) -> str:
    now, settings = clock.now(), state().settings
    asked = _request(form, slots, typed)
    found = service.request_meeting(
        state().stores, asked, publication=state().volatile.publication, settings=settings, now=now
    )
    match found:
        case Receipt():
            return _receipt_page(found, typed)
        case Misread():
            form.code.errors = [sentences.misread_code(asked.claim.code)]
            return _form_page(form, slots, typed)
        case Refused():
            state().volatile.wrong_claims.count()
            form.email.errors = form.code.errors = [sentences.refused()]
            return _form_page(form, slots, typed)
        case AllGone():
            near = _near(slots, asked)
            return _form_page(form, slots, typed, near=near, problem=None if near else sentences.taken_and_no_other())
        case NotOffered():
            return _form_page(form, slots, typed, near=_near(slots, asked), problem=sentences.not_offered(found))


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
    state().volatile.erased.add(typed, now)
    return render_template("intake/ended.html")


def _form_page(
    form: BookForm,
    slots: Sequence[bytes],
    typed: str,
    *,
    note: str | None = None,
    problem: str | None = None,
    near: Sequence[Offer] = (),
) -> str:
    choices = _offers(slots)
    if not choices and not near:
        near = _near(())
        problem = problem or (_("Choose a time.") if near else _("No time is free right now. Please call us."))
    _offer_modes(form, near or choices)
    form.ticket.data = write_ticket(_FORM, {"words": typed})
    facts = roster.facts(state().settings.roster)
    return render_template(
        "intake/form.html",
        form=form,
        choices=choices,
        offers_near=near,
        days_near=by_day(near, state().settings.zone),
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


def _words_page(form: WordsForm, wrong: str) -> str:
    form.words.errors = [wrong]
    return render_template("intake/return.html", form=form, problem=None)


def _matter_page(found: Opened | NothingThere, typed: str) -> str:
    if isinstance(found, NothingThere):
        return _words_page(WordsForm(MultiDict({"words": typed})), sentences.nothing_there())
    return render_template("intake/matter.html", matter=_shown(found.matter, typed))


def _shown(matter: Matter, typed: str) -> SimpleNamespace:
    """What a page shows of a matter to its visitor."""
    settings, meeting, venue = state().settings, matter.meeting, matter.venue
    with state().stores.desk.reading() as desk:
        # Nobody may be there under this id any more; the visitor's page opens all the same.
        name = {key: name for key, name, *_rest in office.colleagues(desk)}.get(matter.ombuds, "")
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
        has_code=matter.level == Level.mailbox,
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
            message=form.message.data,
            call_name=form.call_name.data,
            needs=form.needs.data,
            people=form.people.data,
            contact=form.contact.data,
        ),
    )


def _listed() -> list[Offer]:
    now, settings = clock.now(), state().settings
    with state().stores.desk.reading() as desk:
        return scheduling.published(desk, state().volatile.publication, office.names(desk), settings=settings, now=now)


def _offers(slots: Sequence[bytes]) -> list[Offer]:
    return scheduling.chosen(_listed(), slots)


def _near(slots: Sequence[bytes], asked: Request | None = None) -> list[Offer]:
    """Listed times near the ones that are gone, which suit what was asked for."""
    listed = _listed()
    gone = scheduling.chosen(listed, slots)
    around = gone[0].starts if gone else clock.now()
    if asked is None:
        return scheduling.near(listed, slots, around, None)
    return scheduling.near(listed, slots, around, asked.mode, has_proof=asked.claim.proof == "code")


def _offer_modes(form: BookForm, offers: Sequence[Offer]) -> None:
    possible = {mode for offer in offers for mode in offer.modes}
    offered = [(key, label) for key, label in MODES if not possible or key in possible]
    form.mode.choices = answers(offered)
    if len(offered) == 1 and not form.mode.data:
        form.mode.data = offered[0][0]


def _ids(keys: Sequence[str]) -> list[bytes]:
    found = [bytes.fromhex(key) for key in keys if len(key) == _ID_SIZE and set(key) <= set("0123456789abcdef")]
    return list(dict.fromkeys(found))[:MOST_CHOICES]
