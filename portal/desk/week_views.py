"""The page of an ombuds' week: what visitors will see of it, what to take off it, and why a time is not offered."""

from collections.abc import Iterator
from itertools import groupby
from types import SimpleNamespace

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answered

from portal import language
from portal.desk import week as service
from portal.desk.changing import AtDesk
from portal.desk.door import at_desk, blueprint
from portal.desk.week import Done, Line, Week
from portal.desk.week_forms import WeekForm, WhyForm
from portal.desk.week_sentences import SHORT, moment, sentence, shortages, still_listed
from portal.language import _, ngettext
from portal.pages import state
from portal.scheduling.explaining import BOOKABLE, Because, explain_wall
from portal.scheduling.rules import Offer
from portal.volatile import Publication

_DIGITS = 2
_TAKE_OFF, _OPEN = "off", "open"


@blueprint.get("/week")
def week() -> str:
    """The week that was asked for; else this one, or the next one when nothing of this one is to come."""
    at = at_desk()
    found = service.look(at, _publication(), _number(request.args.get("week")))
    is_over = found is not None and not found.lines and "week" not in request.args
    return _page(service.look(at, _publication(), 1) if is_over else found)


@blueprint.post("/week")
def change_week() -> str | Answered:
    at, form = at_desk(), WeekForm()
    number = _number(form.week.data)
    if not form.validate_on_submit() or form.act.data not in {_TAKE_OFF, _OPEN}:
        flash(_("Nothing was changed. Choose at least one time."))
        return redirect(url_for("desk.week", week=number))
    before = service.look(at, _publication(), number)
    chosen = _chosen(form, before) if before else set()
    done = _done(at, form.act.data, chosen) if chosen else Done(0)
    if done is None:
        flash(_("Nothing was changed: visitors were changing the same times. Please try again."))
        return redirect(url_for("desk.week", week=number))
    for said in _sentences(form.act.data, done):
        flash(said)
    after = service.look(at, _publication(), number)
    kept = _kept(form, done, after)
    return _page(after, kept=kept) if kept else redirect(url_for("desk.week", week=number))


@blueprint.post("/week/why")
def why() -> str:
    at, form = at_desk(), WhyForm()
    if not form.is_near(at.today):
        return _page(service.look(at, _publication(), _number(request.form.get("week"))), form=form)
    found = service.look(at, _publication(), 0, also=form.day.data)
    return _page(found, form=form)


def _done(at: AtDesk, act: str, chosen: set[bytes]) -> Done | None:
    return service.open_again(at, chosen, _publication()) if act == _OPEN else service.take_off(at, chosen)


def _kept(form: WeekForm, done: Done, after: Week | None) -> set[bytes]:
    """What to speak of, of the times that an act left alone: visitors' own, and what was ticked by itself."""
    held = {each.slot.id for each in after.lines if each.holder} if after else set()
    told = held if form.act.data == _TAKE_OFF else set(form.slot.ids)
    return {slot.id for slot in done.left} & told


def _chosen(form: WeekForm, found: Week) -> set[bytes]:
    """The times of a week that were ticked, one by one, by day or all.

    The week is named by its day: in a page that was left open over a Sunday night its number means another one.
    """
    days = set(form.day.data)
    ids = set(form.slot.ids)
    return {
        each.slot.id
        for each in found.lines
        if form.whole.data == found.monday.isoformat()
        or each.slot.id in ids
        or found.outlook.day(each.slot.starts).isoformat() in days
    }


def _sentences(act: str, done: Done) -> Iterator[str]:
    count = {"count": done.count}
    if not done.count:
        yield (
            _("Nothing was changed. Choose at least one time that is free.")
            if act == _TAKE_OFF
            else _("Nothing was changed. Choose at least one time that you took off the list.")
        )
    elif act == _TAKE_OFF:
        yield ngettext("%(count)d time is off the list.", "%(count)d times are off the list.", done.count) % count
    else:
        yield ngettext("%(count)d time is open again.", "%(count)d times are open again.", done.count) % count
    if done.count:
        yield _("Visitors see it from the next list on.")


def _page(found: Week | None, *, form: WhyForm | None = None, kept: set[bytes] | None = None) -> str:
    form = form or WhyForm(formdata=None)
    if found is None:
        return render_template("desk/week.html", week=None, form=form, zone_words=_zone(None))
    days = groupby(found.lines, lambda line: found.outlook.day(line.slot.starts))
    lines = {each.slot.id: _line(each, found) for each in found.lines}
    return render_template(
        "desk/week.html",
        week=found,
        days=[SimpleNamespace(day=day, lines=[lines[each.slot.id] for each in group]) for day, group in days],
        kept=[line for key, line in lines.items() if key in (kept or ())],
        next_list=moment(found.outlook.next_list, found.outlook),
        few=shortages(found.outlook, state().settings),
        change=WeekForm(formdata=None),
        form=form,
        told=_told(form, found),
        zone_words=_zone(found),
    )


def _line(line: Line, found: Week) -> SimpleNamespace:
    starts, zone, because = line.slot.starts, found.outlook.table.zone, line.answer.because
    usual = found.outlook.table.practice.modes
    return SimpleNamespace(
        key=line.slot.id.hex(),
        starts=starts,
        clock=language.clock(starts, zone),
        day=language.day(starts, zone),
        standing=SHORT[because],
        modes=() if set(line.slot.modes) == set(usual) else line.slot.modes,
        holder=line.holder,
    )


def _told(form: WhyForm, found: Week) -> SimpleNamespace | None:
    """The answer to what was asked, with the matter that has the time if there is one."""
    if form.errors or not (form.day.data and form.clock.data):
        return None
    answer = explain_wall(form.day.data, form.clock.data, found.outlook)
    holder = next((each.holder for each in found.lines if answer.slot and each.slot.id == answer.slot.id), None)
    is_theirs = holder is not None and answer.because is Because.TAKEN
    said = [_("A visitor has this time.") if is_theirs else sentence(answer, found.outlook)]
    if answer.is_listed and answer.because not in {*BOOKABLE, Because.NO_MAILBOX, Because.GIVEN_BACK}:
        said.append(still_listed(found.outlook))
    return SimpleNamespace(
        when=f"{language.day(form.day.data, found.outlook.table.zone)}, {form.clock.data:%H:%M}",
        said=said,
        holder=holder if is_theirs else None,
    )


def _zone(found: Week | None) -> str:
    return language.zone_name(found.outlook.table.zone if found else state().settings.zone)


def _publication() -> Publication[Offer]:
    return state().volatile.publication


def _number(text: str | None) -> int:
    """A week's number; what is none is this week's."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0
