"""Dates that are closed or have hours of their own, and the public holidays."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import SimpleNamespace

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal import clock, language
from portal.desk.door import blueprint
from portal.desk.hours_views import BACK, current_plan, offer_of, settle, zone_of
from portal.language import _
from portal.pages import state
from portal.scheduling import choices, opening
from portal.scheduling.clashes import runs_of
from portal.scheduling.hours_forms import FURTHEST, OPEN, DatesForm, TakeAwayForm
from portal.scheduling.labels import told_apart
from portal.scheduling.plans import Plan
from portal.scheduling.rules import WeeklyRange


@blueprint.route("/dates", methods=["GET", "POST"])
def dates() -> str | Answer:
    plan = current_plan()
    today = clock.now().astimezone(zone_of(plan)).date()
    form = DatesForm(offer_of(plan), today, data=_asked(today))
    if form.sure.data == BACK or not form.validate_on_submit():
        return _page(form, plan, today)
    own = {day: form.ranges(day) for day in form.dates()}
    return settle(form, lambda found: Plan(found.week, found.practice, {**found.special, **own}), "desk.dates")


@blueprint.post("/dates/take-away")
def take_away() -> str | Answer:
    form = TakeAwayForm()
    if form.sure.data == BACK or not form.validate_on_submit():
        if form.sure.data != BACK:
            flash(_("Nothing was changed. Choose a date."))
        return redirect(url_for("desk.dates"))

    def without(found: Plan) -> Plan:
        left = {day: ranges for day, ranges in found.special.items() if not form.covers(day)}
        return Plan(found.week, found.practice, left)

    return settle(form, without, "desk.dates")


def _page(form: DatesForm, plan: Plan, today: date) -> str:
    with state().stores.desk.reading() as desk:
        names = told_apart(opening.places(desk).values())
    return render_template(
        "desk/dates.html",
        form=form,
        wrong=form.wrong() if form.errors else [],
        hours_zone=language.zone_name(zone_of(plan)),
        has_many_places=len(names) > 1,
        lines=[
            SimpleNamespace(first=first, last=last, ranges=plan.special[first], names=names)
            for first, last in _alike({day: found for day, found in plan.special.items() if day >= today})
        ],
        holidays=[
            SimpleNamespace(day=day, name=name)
            for day, name in choices.holidays(plan.practice.holidays, (today.year, today.year + 1)).items()
            if today <= day <= today + FURTHEST and day not in plan.special
        ],
        take_away=TakeAwayForm(formdata=None),
    )


def _alike(special: Mapping[date, Sequence[WeeklyRange]]) -> Iterable[tuple[date, date]]:
    """Dates that say the same, as stretches without a gap, in order."""
    groups: dict[object, list[date]] = {}
    for day, found in sorted(special.items()):
        # By what they say, whatever the weekday.
        key = tuple((each.starts, each.ends, each.modes, each.place, each.kind) for each in found)
        groups.setdefault(key, []).append(day)
    return sorted(run for days in groups.values() for run in runs_of(days))


def _asked(today: date) -> dict[str, object]:
    """A date that a link of the page named, to be given hours; an old or a false one is passed over."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return {}
    return {"first": day, "what": OPEN} if day >= today else {}
