"""Notes from visitors at the desk, and the texts that the office shows to everybody."""

from types import SimpleNamespace

from flask import flash, redirect, render_template, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from portal import clock
from portal.desk import remarks
from portal.desk.door import at_desk, blueprint
from portal.desk.remark_forms import DestroyForm, RemoveForm, VoiceForm
from portal.editing import carrying
from portal.editing.carrying import Typed
from portal.fields import answers
from portal.intake.remark_forms import ABOUT, QUESTIONS
from portal.intake.remarks import tally
from portal.intake.rules import Remark
from portal.language import _, ngettext, tongue
from portal.pages import state
from portal.site import board, voices

_HEX = frozenset("0123456789abcdef")


@blueprint.get("/said")
def said() -> str:
    """The notes that this ombuds opens."""
    found = remarks.found(at_desk())
    return render_template(
        "desk/said.html",
        groups=[
            (about, label, {key: each.said for key, each in found.items() if each.about == about})
            for about, label in ABOUT
        ],
        notes=found,
        bare=[key for key, each in found.items() if not each.said],
        sums=_sums(list(found.values())),
        form=DestroyForm(formdata=None),
    )


@blueprint.post("/said")
def destroy_notes() -> Answer:
    form = DestroyForm()
    keys = [bytes.fromhex(each) for each in form.note.data or () if set(each) <= _HEX and len(each) % 2 == 0]
    count = 0
    if form.validate_on_submit():
        count = remarks.destroy(at_desk(), keys, state().volatile.publication)
    flash(
        ngettext("One note is destroyed.", "%(count)d notes are destroyed.", count) % {"count": count}
        if count
        else _("Nothing was destroyed: these notes are gone already, or one was changed meanwhile. Look again.")
    )
    return redirect(url_for("desk.said"))


@blueprint.route("/voices", methods=["GET", "POST"])
def voices_page() -> str | Answer:
    """What the public reads, and a form for one more; nothing of a note is ever put into it."""
    form = VoiceForm()
    _offer(form)
    if not form.validate_on_submit():
        return _page(form)
    if state().volatile.taken_off.has(form.page.data, clock.now()):
        form.page.errors = [_("This was taken off again. Send it once more if everybody shall read it after all.")]
        return _page(form)
    with state().stores.site.writing() as site:
        voices.publish(site, form.voice())
    flash(_("Everybody reads it now."))
    return redirect(url_for("desk.voices_page"))


@carrying.brings_back("desk.voices_page")
def _again(typed: Typed) -> str:
    form = VoiceForm(formdata=MultiDict(typed.fields))
    _offer(form)
    flash(carrying.IS_BACK)
    return _page(form)


@blueprint.post("/voices/remove")
def remove_voice() -> Answer:
    form, done = RemoveForm(), False
    if form.validate_on_submit():
        with state().stores.site.writing() as site:
            done = voices.remove(site, form.voice.data)
        state().volatile.taken_off.add(form.voice.data, clock.now())
    flash(_("It is taken off.") if done else _("Nothing was changed: it was taken off already."))
    return redirect(url_for("desk.voices_page"))


def _page(form: VoiceForm) -> str:
    form.page.data = voices.new_id() if form.page.errors or not form.page.data else form.page.data
    with state().stores.site.reading() as site:
        shown = voices.every(site)
    return render_template(
        "desk/voices.html",
        form=form,
        quarters=[(voices.words_of(name), found) for name, found in voices.by_quarter(shown).items()],
        remove=RemoveForm(formdata=None),
        count=len(shown),
        most=voices.MOST_SHOWN,
    )


def _offer(form: VoiceForm) -> None:
    form.quarter.choices = answers((each, voices.words_of(each)) for each in voices.quarters(at_desk().today))
    form.lang.choices = answers((each, tongue(each) or each) for each in board.chosen().languages)


def _sums(found: list[Remark]) -> list[SimpleNamespace]:
    """Each question that somebody answered, with how often each answer was given."""
    sums = []
    for name, (label, given) in QUESTIONS.items():
        words = dict(given)
        counted = [(words[answer], count) for answer, count in tally(found, name, list(words))]
        sums.append(SimpleNamespace(question=label, answers=counted, all=sum(count for _answer, count in counted)))
    return [each for each in sums if each.answers]
