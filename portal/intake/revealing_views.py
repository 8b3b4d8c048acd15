"""Showing more, in three steps: type it again, see what it changes, say yes."""

from dataclasses import asdict

from flask import render_template, request

from portal import clock
from portal.intake import revealing, sentences
from portal.intake.actions import Asked, action
from portal.intake.returning import NoRoom, NothingThere
from portal.intake.revealing import Preview, Reveal
from portal.intake.revealing_forms import RevealForm
from portal.intake.rules import Matter, Share
from portal.intake.shown import matter_page, shown
from portal.language import _
from portal.pages import read_ticket, state, write_ticket
from portal.roster import service as roster
from portal.roster.labels import how_many, labels_by_share
from portal.roster.rules import Claim, Level, Misread, Refused

_CLAIM = "claim"


@action("reveal")
def _reveal(asked: Asked) -> str:
    if asked.form.sure.data == "yes":
        return _show(asked)
    found = asked.open()
    if asked.form.sure.data == "no":
        return matter_page(found, asked.words, remark=sentences.nothing_changed())
    if isinstance(found, NothingThere) or not revealing.choices(found.matter):
        return matter_page(found, asked.words)
    if asked.form.sure.data != "check":
        return _fresh_page(found.matter, asked.words)
    return _check(found.matter, _read(found.matter), asked.words)


def _check(matter: Matter, form: RevealForm, typed: str) -> str:
    """What it would change, and the question; or the form again with what to do."""
    if not form.validate():
        return _form_page(matter, form, typed)
    if form.proof.data == "code" and not state().volatile.wrong_claims.has_room(clock.seconds()):
        return _form_page(matter, form, typed, problem=sentences.busy())
    wanted = Reveal(Claim(form.email.data, form.code.data, form.proof.data), Share(form.share.data))
    found = revealing.preview(matter, wanted, settings=state().settings, now=clock.now())
    if isinstance(found, Preview):
        return _sure_page(matter, wanted, found, typed)
    return _refused_page(matter, form, found, typed)


def _show(asked: Asked) -> str:
    ticket = read_ticket(_CLAIM, request.form.get("claim", ""))
    if ticket is None or ticket["words"] != asked.words:
        return _again(asked, _("This page was open too long, and nothing was changed. Please type it again."))
    wanted = Reveal(Claim(**ticket["claim"]), Share(ticket["share"]))
    found = revealing.reveal(state().stores, asked.words, wanted, settings=state().settings, now=clock.now())
    match found:
        case Misread() | Refused():  # the quarter ended, or a new list came, while the question stood there
            state().volatile.wrong_claims.count()
            return _again(asked, sentences.refused(can_do_without=False))
        case NoRoom():
            note = _("Nothing was changed: there is no room left for a profile. Please call us.")
            return matter_page(found.opened, asked.words, remark=note)
        case _:
            return matter_page(found, asked.words, note=_("It is kept. The ombuds sees it at the next sign-in."))


def _again(asked: Asked, problem: str) -> str:
    """The empty form with a sentence on why nothing was changed."""
    found = asked.open()
    if isinstance(found, NothingThere) or not revealing.choices(found.matter):
        return matter_page(found, asked.words)
    return _fresh_page(found.matter, asked.words, problem=problem)


def _fresh_page(matter: Matter, typed: str, problem: str | None = None) -> str:
    form = RevealForm(share=revealing.choices(matter)[0].value)
    form.offer(revealing.choices(matter), has_code=matter.level == Level.mailbox)
    return _form_page(matter, form, typed, problem=problem)


def _refused_page(matter: Matter, form: RevealForm, found: Misread | Refused, typed: str) -> str:
    if isinstance(found, Misread):
        form.code.errors = [sentences.misread_code(form.code.data)]
    else:
        state().volatile.wrong_claims.count()
        form.email.errors = [sentences.refused(can_do_without=form.can_do_without)]
        form.code.errors = [_("See your email above.")]
    return _form_page(matter, form, typed)


def _form_page(matter: Matter, form: RevealForm, typed: str, *, problem: str | None = None) -> str:
    page, fields = shown(matter, typed), _labels()
    form.ticket.data = page.ticket
    return render_template("intake/reveal.html", matter=page, form=form, problem=problem, groups_of_fields=fields)


def _sure_page(matter: Matter, wanted: Reveal, found: Preview, typed: str) -> str:
    claim = {"words": typed, "claim": asdict(wanted.claim), "share": wanted.share.value}
    return render_template(
        "intake/reveal_sure.html",
        matter=shown(matter, typed),
        claim=write_ticket(_CLAIM, claim),
        fields=_labels()[wanted.share],
        now=None if found.now is None else how_many(found.now),
        then=None if found.then is None else how_many(found.then),
    )


def _read(matter: Matter) -> RevealForm:
    form = RevealForm(request.form)
    form.offer(revealing.choices(matter), has_code=matter.level == Level.mailbox)
    return form


def _labels() -> dict[str, list[str]]:
    """What the list here holds about anybody, for each choice."""
    facts = roster.facts(state().settings.roster)
    return labels_by_share(facts.fields if facts else ())
