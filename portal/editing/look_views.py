"""What the office chooses of its site as a whole: languages, accent, campaign."""

from datetime import date

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response as Answer

from portal import language
from portal.editing.door import blueprint, show
from portal.editing.forms import LookForm
from portal.language import _
from portal.pages import state
from portal.site import board, choices, colours
from portal.site.choices import Campaign, Choices


@blueprint.route("/look", methods=["GET", "POST"])
def look() -> str | Answer:
    now = board.chosen()
    form = LookForm(data=_as_fields(now))
    form.offer([(each, language.tongue(each) or each) for each in language.shipped()])
    if not form.validate_on_submit():
        return _page(form)
    found = _typed(form)
    if isinstance(found, str):
        form.week_first.errors = [found]
        return _page(form)
    problem = _refuse(found.accent)
    if problem:
        form.accent.errors = [problem]
        return _page(form)
    _keep(found)
    flash(_("Saved. Visitors see it on the next page they open."))
    return redirect(url_for("editing.look"))


def _refuse(accent: str) -> str | None:
    if not choices.is_colour(accent):
        return _("Type a colour like #1d5a53, in small letters, or leave it empty.")
    nearest = colours.refuse(accent) if accent else None
    if nearest is None:
        return None
    return _("This colour is hard to read. The nearest one that works is %(colour)s.") % {"colour": nearest.colour}


def _keep(chosen: Choices) -> None:
    with state().stores.site.writing() as site:
        choices.keep(site, chosen)
    state().volatile.choices.forget()


def _page(form: LookForm) -> str:
    return show(
        "editing/look.html", form=form, unchecked=[each for each in language.shipped() if not language.is_checked(each)]
    )


def _as_fields(now: Choices) -> dict[str, object]:
    first, last = now.week or ("", "")
    return {
        "first_language": now.languages[0],
        "languages": list(now.languages[1:]),
        "accent": now.accent,
        "campaign": now.campaign.value,
        "week_first": str(first),
        "week_last": str(last),
    }


def _typed(form: LookForm) -> Choices | str:
    """What was chosen, or a sentence on its days."""
    first, last = form.week_first.data, form.week_last.data
    try:
        days = (date.fromisoformat(first), date.fromisoformat(last)) if first or last else None
    except ValueError:
        return _("Type both days like 2027-10-12, or leave both empty.")
    if days and days[0] > days[1]:
        return _("The last day must not come before the first.")
    if days and not choices.is_week(*days):
        return _("Choose days near now, a month at most.")
    languages = dict.fromkeys([form.first_language.data, *form.languages.data])
    return Choices(tuple(languages), form.accent.data.lower(), Campaign(form.campaign.data), days)
