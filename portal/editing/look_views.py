"""What the office chooses of its site as a whole: languages, accent, campaign."""

from datetime import date, timedelta

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response as Answer

from portal import language
from portal.editing.door import blueprint, show
from portal.editing.forms import LookForm
from portal.language import _
from portal.notices.board import today
from portal.pages import state
from portal.site import board, choices, colours
from portal.site.choices import Campaign, Changed, Choices

#: Days between the week and now: two years, one of them a leap year.
_FAR = timedelta(days=731)


@blueprint.route("/look", methods=["GET", "POST"])
def look() -> str | Answer:
    now = board.chosen()
    form = LookForm(data=_as_fields(now))
    form.offer([(each, language.tongue(each) or each) for each in language.shipped()])
    if not form.validate_on_submit():
        return _page(form)
    found = _typed(form, now)
    if isinstance(found, str):
        form.week_first.errors = [found]
        return _page(form)
    problem = _refuse(found.accent)
    if problem:
        form.accent.errors = [problem]
        return _page(form)
    changed = _keep(found, form.mark.data or "")
    if changed:
        form.mark.data = changed.now.mark
        return _page(form, theirs=changed.now)
    flash(_("Saved. Visitors see it on the next page they open."))
    return redirect(url_for("editing.look"))


def _refuse(accent: str) -> str | None:
    if not choices.is_colour(accent):
        return _("Type a colour like #1d5a53, in small letters, or leave it empty.")
    nearest = colours.refuse(accent) if accent else None
    if nearest is None:
        return None
    return _("This colour is hard to read. The nearest one that works is %(colour)s.") % {"colour": nearest.colour}


def _keep(chosen: Choices, mark: str) -> Changed | None:
    with state().stores.site.writing() as site:
        changed = choices.replace(site, chosen, mark=mark)
    state().volatile.choices.forget()
    return changed


def _page(form: LookForm, theirs: Choices | None = None) -> str:
    return show(
        "editing/look.html",
        form=form,
        problem=_("Somebody else changed it meanwhile. Theirs stands above the form, yours in it.") if theirs else "",
        theirs=_named(form, theirs) if theirs else (),
        unchecked=[each for each in language.shipped() if not language.is_checked(each)],
    )


def _named(form: LookForm, theirs: Choices) -> list[tuple[str, str]]:
    """What somebody else chose, under the labels of the form."""
    campaigns = {value: label for value, label, *_more in form.campaign.iter_choices()}
    first, last = theirs.week or ("", "")
    days = _("%(first)s to %(last)s") % {"first": first, "last": last}
    return [
        (_("Languages"), _(", ").join(language.tongue(each) or each for each in theirs.languages)),
        (form.accent.label.text, theirs.accent or _("Ours")),
        (form.campaign.label.text, campaigns[theirs.campaign.value]),
        (_("The week"), days if theirs.week else _("The week of Ombuds Day")),
    ]


def _as_fields(now: Choices) -> dict[str, object]:
    first, last = now.week or ("", "")
    return {
        "first_language": now.languages[0],
        "languages": list(now.languages[1:]),
        "accent": now.accent,
        "campaign": now.campaign.value,
        "week_first": str(first),
        "week_last": str(last),
        "mark": now.mark,
    }


def _typed(form: LookForm, now: Choices) -> Choices | str:
    """What was chosen, or a sentence on its days."""
    first, last = form.week_first.data, form.week_last.data
    try:
        days = (date.fromisoformat(first), date.fromisoformat(last)) if first or last else None
    except ValueError:
        return _("Type both days like 2027-10-12, or leave both empty.")
    if days and days[0] > days[1]:
        return _("The last day must not come before the first.")
    if days and (not choices.is_week(*days) or (days != now.week and _is_far(*days))):
        return _("Choose days near now, a month at most.")
    languages = dict.fromkeys([form.first_language.data, *form.languages.data])
    return Choices(tuple(languages), form.accent.data.lower(), Campaign(form.campaign.data), days)


def _is_far(first: date, last: date) -> bool:
    """Whether it is a slip of the year. What was kept before may stay, however long ago that week was."""
    return first - today() > _FAR or today() - last > _FAR
