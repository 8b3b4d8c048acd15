"""The pages of somebody who writes and need not meet: the form without a time, and what answers it."""

import os
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal import clock, shown_zone, spoken
from portal.fields import answers
from portal.intake import claims, practising, sentences, service
from portal.intake.choice import WRITE, Choice, ids, read_go, write_choice
from portal.intake.forms import WriteForm
from portal.intake.practising import Practised
from portal.intake.service import Receipt, Writing
from portal.intake.shown import FORM_ID, practised_page, receipt_page
from portal.office import service as office
from portal.pages import read_ticket, state, write_ticket
from portal.roster import service as roster
from portal.roster.labels import labels_by_share
from portal.roster.rules import Misread, Refused
from portal.scheduling import asked_whom, whom
from portal.scheduling.people import everybody
from portal.scheduling.rules import Reason
from portal.scheduling.service import AllGone, NotOffered
from portal.scheduling.views import times_page
from portal.sealing import words

_LETTER = "letter"


def choose() -> str | Answer:
    """An ombuds leads to the form."""
    names = _names()
    ombuds = _id(request.form.get("ombuds", ""))
    if ombuds not in names:
        return times_page(problem=sentences.cannot_write("", others=bool(names)))
    choice = Choice(
        mode=WRITE,
        ombuds=ombuds,
        zone=shown_zone.name(),
        whom=asked_whom.carried(),
        go=read_go(request.form.get("go")),
        lang=spoken.name(),
    )
    token = write_choice(choice, clock.now())
    return redirect(url_for("intake.form", token=token), 303)


def fresh_form(ombuds: bytes, go: str) -> str:
    form = WriteForm(data={"ombuds": ombuds.hex(), "go": go})
    names = _names()
    problem = None if ombuds in names else sentences.cannot_write("", others=bool(names))
    return _page(form, _new_ticket(), problem=problem, is_fresh=True)


def send() -> str:
    """Keep the message or practise, or bring the form back with all that was typed and a sentence on what to do."""
    form = WriteForm(request.form)
    ticket = read_ticket(_LETTER, form.ticket.data or "")
    form.settle(ticket)
    if ticket is None:
        note = sentences.letter_no_longer_valid(is_practice=form.is_practice)
        return _page(form, _new_ticket(), problem=note)
    if state().volatile.erased.has(ticket["words"], clock.now()):
        return render_template("intake/ended.html")
    if not form.validate():
        return _page(form, ticket)
    if claims.must_wait(form):
        return _page(form, ticket, problem=sentences.busy())
    return _answer(form, ticket)


def _answer(form: WriteForm, ticket: dict[str, Any]) -> str:
    asked = Writing(
        words=ticket["words"],
        claim=form.claim(),
        ombuds=_id(form.ombuds.data or ""),
        stub=form.stub(),
        text=form.message.data,
        form=ticket["page"],
        whom=asked_whom.carried(),
    )
    answer = practising.practise_writing if form.is_practice else service.request_writing
    found = answer(state().stores, asked, settings=state().settings, now=clock.now())
    match found:
        case Practised():
            return practised_page(found, ticket["words"])
        case Receipt():
            return receipt_page(found, ticket["words"])
        case Misread() | Refused():
            claims.explain(form, found)
            return _page(form, ticket)
        case AllGone():
            others = bool(_names().keys() - {asked.ombuds})
            return _page(form, ticket, problem=sentences.cannot_write(_name_of(asked.ombuds), others=others))
        case NotOffered(Reason.whom):
            return _page(form, ticket, problem=sentences.no_letter_to_them(_name_of(asked.ombuds)))
        case NotOffered():
            return _page(form, ticket, problem=sentences.code_to_write(_name_of(asked.ombuds)))


def _page(form: WriteForm, ticket: dict[str, Any], *, problem: str | None = None, is_fresh: bool = False) -> str:
    names = _names()
    form.ombuds.choices = answers((key.hex(), name) for key, name in names.items())
    form.ticket.data = write_ticket(_LETTER, ticket | {"go": form.go.data})
    facts = roster.facts(state().settings.roster)
    with state().stores.desk.reading() as desk:
        asking = [name for key, name in names.items() if service.needs_code(desk, key)]
    return render_template(
        "intake/letter.html",
        form=form,
        only=next(iter(names.values())) if len(names) == 1 and form.ombuds.data == next(iter(names)).hex() else None,
        asking=asking,
        groups_of_fields=labels_by_share(facts.fields if facts else ()),
        is_fresh=is_fresh,
        problem=problem,
    )


def _new_ticket() -> dict[str, Any]:
    return {"words": words.draw(), "page": os.urandom(FORM_ID).hex()}


def _names() -> dict[bytes, str]:
    """Everybody who is open and whom the visitor's choice allows, by name."""
    with state().stores.desk.reading() as desk:
        people = everybody(desk)
    chosen = asked_whom.among(people)
    return {person.id: person.name for person in people if person.is_open and whom.allows(chosen, person)}


def _name_of(ombuds: bytes) -> str:
    """Also of somebody who is closed: it must read as if their mailboxes were full."""
    with state().stores.desk.reading() as desk:
        return {key: name for key, name, *_rest in office.colleagues(desk)}.get(ombuds, "")


def _id(key: str) -> bytes:
    return b"".join(ids([key]))
