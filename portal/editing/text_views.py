"""One text in one language: read it, look how it will stand, keep it, take one change back."""

from http import HTTPStatus

from flask import abort, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from portal import language
from portal.editing import carrying, checking, forms, overview, sentences
from portal.editing.carrying import Typed
from portal.editing.door import FOR_EDITORS, blueprint, is_editor, show, sign_in_page, try_to_sign_in
from portal.editing.forms import EditorSignInForm, TextForm
from portal.language import _
from portal.pages import state
from portal.site import board, cases, shelves, words
from portal.site.words import Changed, Standing


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Answer:
    form = EditorSignInForm()
    # A text that an ended sign-in sent here comes without the rest of the form.
    if "passphrase" not in request.form or not form.validate_on_submit():
        return sign_in_page(form)
    problem = try_to_sign_in(form)
    if problem:
        return sign_in_page(form, problem)
    return carrying.go_on(FOR_EDITORS.__contains__) or redirect(url_for("editing.overview"))


@blueprint.route("/text", methods=["GET", "POST"])
def text() -> str | Answer:
    key, lang = _asked()
    if request.method == "GET":
        return _page(_filled(key, lang, _standing(key, lang)), key, lang)
    form = TextForm()
    if not form.validate_on_submit():
        return _page(form, key, lang)
    match form.action.data:
        case forms.SAVE:
            return _save(form, key, lang)
        case forms.TAKE_BACK:
            return _take_back(form, key, lang)
        case _:
            return _page(form, key, lang, is_preview=True)


@carrying.brings_back("editing.text")
def _again(typed: Typed) -> str | None:
    key, lang = typed.get("key"), typed.get("lang")
    if not _is_there(key, lang):
        return None
    flash(carrying.IS_BACK)
    return _page(TextForm(formdata=MultiDict(typed.fields)), key, lang)


def _save(form: TextForm, key: str, lang: str) -> str | Answer:
    if _problems(form, key):
        return _page(form, key, lang)
    if shelves.lists_cases(key) and not form.checked.data:
        form.checked.errors = [_("Every visitor reads these cases before typing. Ask an ombuds to check them first.")]
        return _page(form, key, lang)
    with state().stores.site.writing() as site:
        kept = words.keep(site, key, lang, f"{form.text.data}\n", mark=form.mark.data or "")
    if isinstance(kept, Changed):
        return _page(form, key, lang, theirs=kept.now)
    flash(_("Saved. Visitors read it now."))
    return redirect(url_for("editing.text", key=key, lang=lang))


def _take_back(form: TextForm, key: str, lang: str) -> str | Answer:
    refused = _refuse_back(form, key, lang)
    if refused:
        return _as_it_stands(key, lang, refused)
    with state().stores.site.writing() as site:
        found = words.take_back(site, key, lang, mark=form.mark.data or "")
    if isinstance(found, Changed):
        return _as_it_stands(key, lang, _("Somebody else changed this text meanwhile. Nothing was taken back."))
    flash(_("The text from before stands there again. Take back once more to undo this."))
    return redirect(url_for("editing.text", key=key, lang=lang))


def _as_it_stands(key: str, lang: str, said: str) -> str:
    """The page anew: a form that takes a step back holds no text to give back."""
    flash(said)
    return _page(_filled(key, lang, _standing(key, lang)), key, lang)


def _refuse_back(form: TextForm, key: str, lang: str) -> str | None:
    """Why the text from before does not come back, where it is of our duties."""
    if _takes_off(key, _standing(key, lang)):
        return _("Nothing was changed: the page would be empty, and visitors need it. Only an ombuds takes it off.")
    if shelves.lists_cases(key) and not form.checked.data:
        return _(
            "Nothing was changed. Every visitor reads these cases before typing. Ask an ombuds to check them first."
        )
    return None


def _takes_off(key: str, now: Standing) -> bool:
    """Whether a step back would be an editor's way to empty a page that only an ombuds takes off."""
    return is_editor() and shelves.tells_duties(key) and not (now.before or "").strip()


def _page(form: TextForm, key: str, lang: str, *, is_preview: bool = False, theirs: Standing | None = None) -> str:
    now, problems = theirs or _standing(key, lang), _problems(form, key) if form.action.data else []
    if theirs is not None:  # saved once more, it goes over theirs, knowingly
        form.mark.data = theirs.mark
    with state().stores.site.reading() as site:
        title = overview.title(site, key, lang)
        is_shown = words.is_shown(site, key)
    return show(
        "editing/text.html",
        form=form,
        key=key,
        title=title,
        tongue=language.tongue(lang) or lang,
        text_lang=lang,
        problems=[sentences.problem(each, words.LONGEST) for each in problems],
        preview=board.preview(key, form.text.data, lang) if is_preview and not problems else None,
        theirs=theirs,
        now=now,
        before=board.preview(key, now.before, lang) if now.before is not None else None,
        is_shown=is_shown,
        is_open_back=now.before is not None and not _takes_off(key, now),
        lists_cases=shelves.lists_cases(key),
        example=cases.values(state().settings),
    )


def _problems(form: TextForm, key: str) -> list[checking.Problem]:
    names = cases.values(state().settings)
    return checking.problems(form.text.data or "", key, names=names, longest=words.LONGEST, here=board.here())


def _asked() -> tuple[str, str]:
    """Which page in which language: of the form that was sent, or else of the address."""
    source = request.form if request.method == "POST" else request.args
    key, lang = source.get("key", ""), source.get("lang", "")
    if not _is_there(key, lang):
        abort(HTTPStatus.NOT_FOUND)
    return key, lang


def _is_there(key: str, lang: str) -> bool:
    if lang not in language.shipped():
        return False
    with state().stores.site.reading() as site:
        return overview.exists(site, key)


def _standing(key: str, lang: str) -> Standing:
    with state().stores.site.reading() as site:
        return words.standing(site, key, lang)


def _filled(key: str, lang: str, now: Standing) -> TextForm:
    return TextForm(formdata=None, data={"key": key, "lang": lang, "text": now.text, "mark": now.mark})
