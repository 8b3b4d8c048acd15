"""The visitor's pages of a booking: times chosen, one form, the receipt."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal import clock
from portal.fields import answers
from portal.intake import sentences, service
from portal.intake.forms import MODES, BookForm
from portal.intake.rules import Share, Stub
from portal.intake.service import Receipt, Request
from portal.intake.shown import receipt_page
from portal.language import _
from portal.office import service as office
from portal.pages import pad_answer, read_ticket, refuse_foreign_posts, state, write_ticket
from portal.roster import service as roster
from portal.roster.labels import labels_by_share
from portal.roster.rules import Claim, Misread, Refused
from portal.scheduling import service as scheduling
from portal.scheduling.forms import MOST_CHOICES, TimesForm
from portal.scheduling.rules import Mode, Offer, by_day
from portal.scheduling.service import AllGone, NotOffered
from portal.scheduling.views import times_page
from portal.sealing import words

blueprint = Blueprint("intake", __name__)
blueprint.before_request(refuse_foreign_posts)
blueprint.after_request(pad_answer)

_TOKEN, _FORM = "choice", "form"
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
        return times_page(note=_("That page was open too long. Please choose a time again."))
    blank = BookForm(mode=chosen["mode"].strip() or None)
    return _form_page(blank, _ids(chosen["slots"]), words.draw(), is_fresh=True)


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
        note = _(
            "This page is no longer valid. If you have six words, you are booked: do not send it again. "
            "If not, send it once more: all you typed is still here."
        )
        return _form_page(form, slots, typed, note=note)
    if state().volatile.erased.has(typed, clock.now()):
        return render_template("intake/ended.html")
    _offer_modes(form, _offers(slots))
    if not slots or not form.validate():
        return _form_page(form, slots, typed)
    if form.proof.data == "code" and not state().volatile.wrong_claims.has_room(clock.seconds()):
        return _form_page(form, slots, typed, problem=sentences.busy())
    return _answer(form, slots, typed)


def _answer(form: BookForm, slots: list[bytes], typed: str) -> str:
    now, settings = clock.now(), state().settings
    asked = _request(form, slots, typed)
    found = service.request_meeting(
        state().stores, asked, publication=state().volatile.publication, settings=settings, now=now
    )
    match found:
        case Receipt():
            return receipt_page(found, typed, is_first_choice=slots[0] == found.matter.meetings[0].slot)
        case Misread():
            form.code.errors = [sentences.misread_code(asked.claim.code)]
            return _form_page(form, slots, typed)
        case Refused():
            state().volatile.wrong_claims.count()
            form.email.errors, form.code.errors = [sentences.refused()], [_("See your email above.")]
            return _form_page(form, slots, typed)
        case AllGone():
            near = _near(slots, asked)
            return _form_page(form, slots, typed, near=near, problem=None if near else sentences.taken_and_no_other())
        case NotOffered():
            return _form_page(form, slots, typed, near=_near(slots, asked), problem=sentences.not_offered(found))


def _form_page(  # noqa: PLR0913 - what stands on it beside the form
    form: BookForm,
    slots: Sequence[bytes],
    typed: str,
    *,
    note: str | None = None,
    problem: str | None = None,
    near: Sequence[Offer] = (),
    is_fresh: bool = False,
) -> str:
    choices = _offers(slots)
    if not choices and not near:
        near = _near(_ids(request.form.getlist("around")))
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
        around=[slot.hex() for slot in slots] or request.form.getlist("around"),
        is_fresh=is_fresh,
        problem=problem,
        note=note,
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
            has_address=bool(form.email.data),
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
