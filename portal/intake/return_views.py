"""The way back with six words: see, write, cancel, erase."""

from flask import Response, render_template, request

from portal import clock, shown_zone
from portal.intake import returning, sentences
from portal.intake.actions import ACTIONS, Asked, action, show
from portal.intake.forms import MatterForm, WordsForm
from portal.intake.returning import NoRoom, NothingThere, Opened, Said
from portal.intake.rules import State
from portal.intake.shown import MATTER, matter_page, shown, words_page
from portal.intake.views import blueprint
from portal.language import _
from portal.pages import read_ticket, state
from portal.sealing import words


@blueprint.route("/return", methods=["GET", "POST"])
def come_back() -> str | Response:
    if request.method == "POST" and "ticket" in request.form:
        return _act(MatterForm(request.form))
    form = WordsForm(request.form)
    if request.method == "GET" or not form.validate():
        return words_page(form)
    typed = words.read(form.words.data)
    if not isinstance(typed, str):
        return words_page(form, wrong=sentences.misread_words(typed))
    found = returning.come_back(state().stores, typed, settings=state().settings)
    if isinstance(found, NothingThere):
        return words_page(form, wrong=sentences.nothing_there())  # a message that waits is kept
    return matter_page(found, typed, form=MatterForm(data={"text": form.text.data}))


def _act(form: MatterForm) -> str | Response:
    """A button on an opened matter."""
    ticket = read_ticket(MATTER, form.ticket.data or "")
    if ticket is None:
        return _expired(form.text.data or form.when.data)
    act = ACTIONS.get(form.action.data or "", show)
    return act(Asked(form, ticket["words"], ticket["page"]))


def _expired(typed: str) -> str:
    problem = _("This page was open too long, and nothing was changed. Please type your six words again.")
    if typed:
        problem = _(
            "This page was open too long. Your message is not sent yet. We still have your text. "
            "Type your six words, then send it again."
        )
    return words_page(WordsForm(data={"text": typed}), problem=problem)


@action("write")
def _write(asked: Asked) -> str:
    form, typed, said = asked.form, asked.words, Said(asked.page, asked.form.text.data)
    if not form.validate():
        return matter_page(asked.open(), typed, form=form)
    if not said.text:
        form.text.errors = [_("Type a message first.")]
        return matter_page(asked.open(), typed, form=form)
    found = returning.write(state().stores, typed, said, settings=state().settings, now=clock.now())
    if isinstance(found, NoRoom):
        form.text.errors = [_("There is not so much room left. Please shorten it, or call us.")]
        return matter_page(found.opened, typed, form=form)
    return matter_page(found, typed, note=_("Your message is sent. The ombuds reads it at the next sign-in."))


@action("cancel")
def _cancel(asked: Asked) -> str:
    if asked.form.sure.data != "yes":
        return _ask_once_more(asked)
    found = returning.cancel(
        state().stores,
        asked.words,
        publication=state().volatile.publication,
        settings=state().settings,
        now=clock.now(),
        uid=asked.form.meeting.data or None,
    )
    return _what_is_left(found, asked)


def _what_is_left(found: Opened | NothingThere, asked: Asked) -> str:
    """The page after cancelling; it names the day, as another meeting may stand there still."""
    now, zone = clock.now(), shown_zone.zone()
    meeting = None if isinstance(found, NothingThere) else found.matter.find_meeting(asked.form.meeting.data or "")
    if isinstance(found, NothingThere) or meeting is None:
        return matter_page(found, asked.words)
    if meeting.state is State.BOOKED:
        remark = _("This time has begun or is over, so it cannot be cancelled any more.")
        return matter_page(found, asked.words, remark=remark)
    if meeting.state is not State.CANCELLED:
        return matter_page(found, asked.words)
    left = [each.starts for each in found.matter.meetings if each.state is State.BOOKED and each.starts > now]
    return matter_page(found, asked.words, note=sentences.cancelled(meeting.starts, left, zone))


@action("erase")
def _erase(asked: Asked) -> str:
    if asked.form.sure.data != "yes":
        return _ask_once_more(asked)
    now, publication = clock.now(), state().volatile.publication
    returning.erase(state().stores, asked.words, publication=publication, settings=state().settings, now=now)
    state().volatile.erased.add(asked.words, now)
    return render_template("intake/ended.html")


def _ask_once_more(asked: Asked) -> str:
    found = asked.open()
    if asked.form.sure.data == "no" or isinstance(found, NothingThere):
        return matter_page(found, asked.words, remark=sentences.nothing_changed())
    matter, uid = shown(found.matter, asked.words), asked.form.meeting.data
    meeting = next((each for each in matter.meetings if each.uid == uid), matter.meeting)
    if asked.form.action.data == "cancel" and meeting is None:
        return matter_page(found, asked.words)
    return render_template("intake/confirm.html", action=asked.form.action.data, matter=matter, meeting=meeting)
