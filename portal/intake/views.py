"""The visitor's pages of a booking: times chosen or somebody to write to, one form, the receipt."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal import clock, shown_zone, spoken
from portal.fields import answers
from portal.intake import claims, letter_views, practising, sentences, service
from portal.intake.choice import WRITE, Choice, Late, ids, read_choice, read_go, write_choice
from portal.intake.forms import MODES, BookForm
from portal.intake.practising import Practised
from portal.intake.service import Receipt, Request
from portal.intake.shown import practised_page, receipt_page
from portal.language import _
from portal.pages import pad_answer, read_ticket, refuse_foreign_posts, state, write_ticket
from portal.roster import service as roster
from portal.roster.labels import labels_by_share
from portal.roster.rules import Level, Misread, Refused
from portal.scheduling import asked_whom
from portal.scheduling import service as scheduling
from portal.scheduling.forms import TimesForm
from portal.scheduling.rules import Mode, Offer, by_day
from portal.scheduling.service import AllGone, NotOffered
from portal.scheduling.views import listed, times_page
from portal.sealing import words

blueprint = Blueprint("intake", __name__)
blueprint.before_request(refuse_foreign_posts)
blueprint.after_request(pad_answer)

_FORM = "form"


@blueprint.post("/book")
def book() -> str | Answer:
    """Times, or whom to write to, come without a ticket and lead to the form; the form comes with one and books."""
    if request.form.get("mode") == WRITE:
        return letter_views.send() if "ticket" in request.form else letter_views.choose()
    return _send() if "ticket" in request.form else _choose()


@blueprint.get("/book")
def again() -> str:
    """What a restored tab or a bookmark of the receipt opens: nothing to see, and no reason to worry."""
    forgotten = "" if asked_whom.carried() else sentences.whom_again(len(listed().open_people))
    return render_template("intake/again.html", forgotten=forgotten)


@blueprint.get("/book/<token>")
def form(token: str) -> str:
    chosen = read_choice(token, clock.now())
    if chosen is None:
        return times_page(note=sentences.choose_again(people=len(listed().open_people)))
    spoken.go_on_in(chosen.lang)
    shown_zone.choose(chosen.zone)
    asked_whom.choose(chosen.whom)
    if isinstance(chosen, Late):
        return times_page(note=sentences.choose_again())
    if chosen.mode == WRITE:
        return letter_views.fresh_form(chosen.ombuds, chosen.go)
    return _form_page(BookForm(mode=chosen.mode or None, go=chosen.go), chosen.slots, words.draw(), is_fresh=True)


def _choose() -> str | Answer:
    form = TimesForm(request.form)
    slots = ids(form.slot.data) if form.validate() else []
    if not slots:
        return times_page(problem=_("Choose a time first. Then go on."))
    listing = listed()
    if not listing.are_allowed(scheduling.chosen(listing.offers, slots)):
        return times_page(problem=sentences.not_with_them())
    mode = form.mode.data if form.mode.data in set(Mode) else ""
    go = read_go(request.form.get("go"))
    choice = Choice(slots, mode, zone=shown_zone.name(), whom=asked_whom.carried(), go=go, lang=spoken.name())
    token = write_choice(choice, clock.now())
    return redirect(url_for("intake.form", token=token), 303)


def _send() -> str:
    """Book or practise, or bring the form back with everything that was typed and a sentence on what to do."""
    form, slots = BookForm(request.form), ids(request.form.getlist("slot"))
    ticket = read_ticket(_FORM, form.ticket.data or "")
    form.settle(ticket)
    typed = ticket["words"] if ticket else words.draw()
    if ticket is None:
        return _form_page(form, slots, typed, note=sentences.no_longer_valid(is_practice=form.is_practice))
    if state().volatile.erased.has(typed, clock.now()):
        return render_template("intake/ended.html")
    _offer_modes(form, _offers(slots))
    if not slots or not form.validate():
        return _form_page(form, slots, typed)
    if claims.must_wait(form):
        return _form_page(form, slots, typed, problem=sentences.busy())
    return _answer(form, slots, typed)


def _answer(form: BookForm, slots: list[bytes], typed: str) -> str:
    now, settings = clock.now(), state().settings
    asked = _request(form, slots, typed)
    answer = practising.practise_meeting if form.is_practice else service.request_meeting
    found = answer(state().stores, asked, publication=state().volatile.publication, settings=settings, now=now)
    match found:
        case Practised():
            return practised_page(found, typed)
        case Receipt():
            return receipt_page(found, typed, instead=_instead(found, asked))
        case Misread() | Refused():
            claims.explain(form, found)
            return _form_page(form, slots, typed)
        case AllGone():
            near = _near(slots, asked)
            return _form_page(form, slots, typed, near=near, problem=_gone(slots, near))
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
        near = _near(ids(request.form.getlist("around")))
        problem = problem or _no_choice(slots, near)
    _offer_modes(form, near or choices)
    form.ticket.data = write_ticket(_FORM, {"words": typed, "go": form.go.data})
    facts = roster.facts(state().settings.roster)
    return render_template(
        "intake/form.html",
        form=form,
        choices=choices,
        offers_near=near,
        days_near=by_day(near, shown_zone.zone()),
        groups_of_fields=labels_by_share(facts.fields if facts else ()),
        around=[slot.hex() for slot in slots] or request.form.getlist("around"),
        is_fresh=is_fresh,
        problem=problem,
        note=note,
    )


def _instead(found: Receipt, asked: Request) -> str:
    """Why this is not the first choice; empty if it is."""
    meeting = found.matter.meetings[0]
    if meeting.slot == asked.slots[0]:
        return ""
    first = next(iter(_offers(asked.slots[:1])), None)
    return sentences.instead(first, Mode(meeting.mode), has_code=found.matter.level is Level.mailbox)


def _gone(slots: Sequence[bytes], near: Sequence[Offer]) -> str | None:
    """What is wrong where none could be taken; None for what the form itself says beside near times."""
    if not _offers(slots):
        return sentences.off_the_list(len(slots), others=bool(near))
    return None if near else sentences.taken_and_no_other()


def _no_choice(slots: Sequence[bytes], near: Sequence[Offer]) -> str:
    """What is wrong where the form has no time that is on the list."""
    if slots:
        return sentences.off_the_list(len(slots), others=bool(near))
    return _("Choose a time.") if near else _("No time is free right now. Please call us.")


def _request(form: BookForm, slots: list[bytes], typed: str) -> Request:
    return Request(
        words=typed,
        claim=form.claim(),
        slots=slots,
        mode=Mode(form.mode.data),
        stub=form.stub(),
        whom=asked_whom.carried(),
    )


def _offers(slots: Sequence[bytes]) -> list[Offer]:
    return scheduling.chosen(listed().offers, slots)


def _near(slots: Sequence[bytes], asked: Request | None = None) -> list[Offer]:
    """Listed times near the ones that are gone, which suit what was asked for, with nobody who was left out."""
    listing = listed()
    gone = scheduling.chosen(listing.offers, slots)
    around = gone[0].starts if gone else clock.now()
    if asked is None:
        return scheduling.near(listing.suiting, slots, around, None)
    return scheduling.near(listing.suiting, slots, around, asked.mode, has_proof=asked.claim.proof == "code")


def _offer_modes(form: BookForm, offers: Sequence[Offer]) -> None:
    possible = {mode for offer in offers for mode in offer.modes}
    offered = [(key, label) for key, label in MODES if not possible or key in possible]
    form.mode.choices = answers(offered)
    if len(offered) == 1 and not form.mode.data:
        form.mode.data = offered[0][0]
