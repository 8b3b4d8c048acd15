"""The way back with six words: see, write, cancel, erase."""

from typing import Any

from flask import render_template, request

from portal import clock
from portal.intake import returning, sentences
from portal.intake.forms import MatterForm, WordsForm
from portal.intake.returning import NoRoom, Said
from portal.intake.shown import MATTER, matter_page, shown, words_page
from portal.intake.views import blueprint
from portal.language import _
from portal.pages import read_ticket, state
from portal.sealing import words


@blueprint.route("/return", methods=["GET", "POST"])
def come_back() -> str:
    if request.method == "POST" and "ticket" in request.form:
        return _act(MatterForm(request.form))
    form = WordsForm(request.form)
    if request.method == "GET" or not form.validate():
        return words_page(form)
    typed = words.read(form.words.data)
    if not isinstance(typed, str):
        return words_page(form, wrong=sentences.misread_words(typed))
    found = returning.come_back(state().stores, typed, settings=state().settings)
    return matter_page(found, typed, form=MatterForm(data={"text": form.text.data}))


def _act(form: MatterForm) -> str:
    """A button on an opened matter."""
    ticket = read_ticket(MATTER, form.ticket.data or "")
    if ticket is None:
        problem = _("This page was open too long, and nothing was changed. Please type your six words again.")
        if form.text.data:
            problem += " " + _("Your message is kept.")
        return words_page(WordsForm(data={"text": form.text.data}), problem=problem)
    if form.action.data == "write":
        return _write(form, ticket)
    if form.action.data in {"cancel", "erase"} and form.sure.data != "no":
        return _end(form, ticket["words"])
    return matter_page(_open(ticket["words"]), ticket["words"])


def _write(form: MatterForm, ticket: dict[str, Any]) -> str:
    typed, said = ticket["words"], Said(ticket["page"], form.text.data)
    if not form.validate():
        return matter_page(_open(typed), typed, form=form)
    if not said.text:
        form.text.errors = [_("Type a message first.")]
        return matter_page(_open(typed), typed, form=form)
    found = returning.write(state().stores, typed, said, settings=state().settings, now=clock.now())
    if isinstance(found, NoRoom):
        form.text.errors = [_("There is not so much room left. Please shorten it, or call us.")]
        return matter_page(found.opened, typed, form=form)
    return matter_page(found, typed, note=_("Your message is kept here. The ombuds reads it at the next sign-in."))


def _end(form: MatterForm, typed: str) -> str:
    """Ask once more, then do it."""
    now, settings, publication = clock.now(), state().settings, state().volatile.publication
    if form.sure.data != "yes":
        found = _open(typed)
        if isinstance(found, returning.NothingThere):
            return matter_page(found, typed)
        return render_template("intake/confirm.html", action=form.action.data, matter=shown(found.matter, typed))
    if form.action.data == "cancel":
        found = returning.cancel(state().stores, typed, publication=publication, settings=settings, now=now)
        return matter_page(found, typed)
    returning.erase(state().stores, typed, publication=publication, settings=settings, now=now)
    state().volatile.erased.add(typed, now)
    return render_template("intake/ended.html")


def _open(typed: str) -> returning.Opened | returning.NothingThere:
    return returning.come_back(state().stores, typed, settings=state().settings)
