"""The page on which an ombuds asks whether something may be said, and the buttons beside each permission."""

import os
from datetime import timedelta
from http import HTTPStatus

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reply

from portal.desk import permitting, service
from portal.desk.changing import AtDesk
from portal.desk.door import at_desk, blueprint, locker_id
from portal.desk.matter_views import matter_page
from portal.desk.permitting import Answer
from portal.desk.permitting_forms import AnswerForm, AskForm
from portal.desk.service import MatterView
from portal.intake.permissions import MOST_PERMISSIONS, USUAL_DAYS, AsShown
from portal.language import _

_PAGE_NUMBER = 8


@blueprint.route("/matter/<key>/permission", methods=["GET", "POST"])
def permission(key: str) -> str | Reply:
    at = at_desk()
    form = AskForm(data={"until": at.today + timedelta(days=USUAL_DAYS), "page": os.urandom(_PAGE_NUMBER).hex()})
    terms = form.terms(at.today)
    if terms is None:
        return _ask_page(at, key, form)
    aloud = form.way.data == "aloud"
    if not permitting.ask(at, locker_id(key), terms, page=form.page.data, aloud=aloud):
        form.sentence.errors = [_no_room()]
        return _ask_page(at, key, form)
    flash(
        _("Written down. The visitor sees it when they come back, and may take it back.")
        if aloud
        else _("Asked. The visitor answers when they come back. Do not say it before.")
    )
    return redirect(url_for("desk.matter", key=key))


@blueprint.post("/matter/<key>/permission/answer")
def answer_permission(key: str) -> Reply:
    form = AnswerForm()
    if form.answer.data not in set(Answer):
        abort(HTTPStatus.BAD_REQUEST)
    done, page = Answer(form.answer.data), AsShown(form.permission.data or "", form.digest.data or "")
    is_kept = form.validate_on_submit() and permitting.answer(at_desk(), locker_id(key), page, done)
    flash(_kept(done) if is_kept else _not_kept(done))
    return redirect(url_for("desk.matter", key=key))


def _ask_page(at: AtDesk, key: str, form: AskForm) -> str | Reply:
    found = service.open_matter(at, locker_id(key))
    if not isinstance(found, MatterView):
        return matter_page(at, key)
    is_full = len(found.matter.permissions) >= MOST_PERMISSIONS
    name = found.matter.stub.call_name
    return render_template("desk/permission.html", form=form, key=key, name=name, is_full=is_full)


def _no_room() -> str:
    return _("It was not kept: there is not so much room left, or this matter has ended.")


def _kept(done: Answer) -> str:
    match done:
        case Answer.AGREE:
            return _("You agreed. You may say exactly this sentence.")
        case Answer.WITHDRAW:
            return _("Withdrawn. It may not be said.")
        case Answer.USE:
            return _("Noted: it was said today. The visitor sees it.")


def _not_kept(done: Answer) -> str:
    if done is Answer.USE:
        return _("It was not noted. It may not be said any more, or there is no room left. Please read it again.")
    return _("Nothing was changed: it has ended, or is not what your page showed. Please read it again.")
