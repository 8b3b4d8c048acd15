"""An ombuds' usual week and practice; what a change does is shown before it is kept."""

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from portal import clock, language
from portal.desk.door import blueprint
from portal.language import _, ngettext
from portal.pages import state
from portal.scheduling import hours_forms, opening, plans, practice_forms
from portal.scheduling.hours_forms import HoursForm, SureForm
from portal.scheduling.plans import Change, Effect, Plan
from portal.scheduling.practice_forms import PracticeForm
from portal.scheduling.range_forms import Offer
from portal.scheduling.rules import Mode, next_publication

#: What the page that asks sends back: keep it, or show the form with all that was typed.
YES, BACK = "yes", "back"
#: What that page has of its own.
_OWN = frozenset({"csrf_token", "sure"})


@blueprint.route("/hours", methods=["GET", "POST"])
def hours() -> str | Answer:
    plan = current_plan()
    form = HoursForm(offer_of(plan), data=hours_forms.as_fields(plan.week))
    if form.sure.data == BACK or not form.validate_on_submit():
        return _hours_page(form, plan)
    week = form.ranges()
    return settle(form, lambda found: Plan(week, found.practice, found.special), "desk.hours")


@blueprint.route("/practice", methods=["GET", "POST"])
def practice() -> str | Answer:
    plan, settings = current_plan(), state().settings
    form = PracticeForm(data=practice_forms.as_fields(plan.practice))
    form.fill(plan.practice, offer_of(plan).places, settings)
    if form.sure.data == BACK or not form.validate_on_submit():
        return render_template("desk/practice.html", form=form)
    return settle(form, lambda found: Plan(found.week, form.practice(found.practice), found.special), "desk.practice")


def settle(form: SureForm, change: Change, endpoint: str) -> str | Answer:
    """Keep a change at once when it takes nothing away; otherwise show first what it does."""
    ombuds, settings, now = current_user.desk.ombuds, state().settings, clock.now()
    if form.sure.data != YES:
        with state().stores.desk.reading() as desk:
            effect = plans.look(desk, ombuds, change, settings, now)
            zone = zone_of(change(plans.find(desk, ombuds)))
        if effect.takes_something:
            return _question(form, effect, zone, endpoint)
    with state().stores.desk.writing() as desk:
        effect = plans.keep(desk, ombuds, change, settings, now)
    state().volatile.open_hours.forget()
    flash(" ".join(_sentences(effect, now)))
    return redirect(url_for(endpoint))


def current_plan() -> Plan:
    """What the signed-in ombuds has set."""
    with state().stores.desk.reading() as desk:
        return plans.find(desk, current_user.desk.ombuds)


def offer_of(plan: Plan) -> Offer:
    """What hours may say here."""
    with state().stores.desk.reading() as desk:
        return Offer(plan.practice, opening.places(desk), bool(state().settings.phone))


def zone_of(plan: Plan) -> ZoneInfo:
    return opening.zone_of(plan.practice, state().settings)


def said(moment: datetime, zone: ZoneInfo) -> str:
    """Day and clock on the wall of the ombuds, which need not be that of the office."""
    return f"{language.day(moment, zone)}, {language.clock(moment, zone)}"


def _hours_page(form: HoursForm, plan: Plan) -> str:
    ombuds, zone = current_user.desk.ombuds, zone_of(plan)
    with state().stores.desk.reading() as desk:
        shared = plans.shared_times(desk, ombuds, plan, state().settings, clock.now())
    return render_template(
        "desk/hours.html",
        form=form,
        wrong=form.wrong() if form.errors else [],
        hours_zone=language.zone_name(zone),
        shared=[said(each, zone) for each in shared],
        has_many_places=len(form.offer.places) > 1,
        meets_in_person=Mode.in_person in plan.practice.modes,
    )


def _question(form: SureForm, effect: Effect, zone: ZoneInfo, endpoint: str) -> str:
    sent = [(name, value) for name, value in request.form.items(multi=True) if name in form and name not in _OWN]
    return render_template(
        "desk/hours_sure.html",
        form=form,
        effect=SimpleNamespace(
            opened=effect.opened,
            changed=effect.changed,
            withdrawn=effect.withdrawn,
            stays=[said(slot.starts, zone) for slot in effect.stays],
            shared=[said(each, zone) for each in effect.shared],
        ),
        sent=sent,
        hours_zone=language.zone_name(zone),
        next_publication=_next_list(clock.now()),
        endpoint=endpoint,
    )


def _sentences(effect: Effect, now: datetime) -> Iterator[str]:
    yield _("Saved. What is booked stays booked.")
    if effect.opened:
        yield ngettext("%(count)d new time is open.", "%(count)d new times are open.", effect.opened) % {
            "count": effect.opened
        }
    if effect.changed:
        yield ngettext("%(count)d time is changed.", "%(count)d times are changed.", effect.changed) % {
            "count": effect.changed
        }
    if effect.withdrawn:
        yield ngettext(
            "%(count)d free time is taken back.", "%(count)d free times are taken back.", effect.withdrawn
        ) % {"count": effect.withdrawn}
    if effect.opened or effect.changed or effect.withdrawn:
        zone, soon = state().settings.zone, _next_list(now)
        yield _("Visitors see the change from %(moment)s (%(zone)s).") % {
            "moment": said(soon, zone),
            "zone": language.zone_name(zone),
        }


def _next_list(now: datetime) -> datetime:
    return next_publication(now, state().settings.publish_at, state().settings.zone)
