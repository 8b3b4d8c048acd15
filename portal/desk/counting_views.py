"""The pages of counts: what waits, the quarters, and the quick line for a contact."""

import os
from datetime import date
from types import SimpleNamespace

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from portal.desk import counting
from portal.desk.closing_forms import CountForm, as_count, as_fields, blame
from portal.desk.closing_views import groups, lines, problem_of
from portal.desk.counting import Books, Moved, Waiting
from portal.desk.counting_forms import (
    ContactForm,
    CorrectionForm,
    GoOnForm,
    TakeBackForm,
    as_contact,
    contact_fields,
    places,
)
from portal.desk.door import at_desk, blueprint, locker_id
from portal.fields import DeskForm, answers
from portal.language import _, month
from portal.reporting.labels import DIMENSIONS, quarter_words, value_words
from portal.reporting.quarter import BelowZero, Table, UnknownValue
from portal.reporting.rules import Count, kept, refusals
from portal.reporting.service import Correction, Damaged, Full, Kept, NotKept, NotTheirs, TooLate

_PAGE_NUMBER = 16


@blueprint.route("/contact", methods=["GET", "POST"])
def contact() -> str | Answer:
    at, form = at_desk(), ContactForm()
    form.page.data = form.page.data or os.urandom(_PAGE_NUMBER).hex()
    count = _checked(form)
    answer = None if count is None else counting.contact(at, count, form.page.data)
    if isinstance(answer, Kept):
        flash(_("Counted."))
        return redirect(url_for("desk.contact"))
    return render_template(
        "desk/contact.html", form=form, known=counting.known_values(at), problem=_told(form, answer), key=None
    )


@blueprint.route("/counts", methods=["GET", "POST"])
def counts() -> str | Answer:
    at, form = at_desk(), CorrectionForm()
    found = counting.books(at)
    form.quarter.choices = answers((name, quarter_words(name)) for name in reversed(found.open) if name in found.tables)
    form.what.choices = places(counting.values_of(found))
    if not form.validate_on_submit():
        return _counts_page(form, found)
    answer = counting.correct(at, Correction(form.quarter.data, *form.place, form.difference), form.shown)
    if not isinstance(answer, Table):
        return _counts_page(form, found, _refused(answer))
    flash(
        _("Put right: %(what)s is %(number)d now.")
        % {"what": value_words(*form.place), "number": answer.number(*form.place)}
    )
    return redirect(url_for("desk.counts"))


@blueprint.route("/counts/<key>", methods=["GET", "POST"])
def count(key: str) -> str | Answer:
    at = at_desk()
    before = counting.find_waiting(at, locker_id(key))
    if before is None:
        return _no_longer()
    is_contact = counting.is_contact(before)
    form = ContactForm(data=contact_fields(before.count)) if is_contact else CountForm(data=as_fields(before.count))
    after = _checked(form)
    answer = None if after is None else counting.change(at, before, after)
    if isinstance(answer, Kept):
        flash(_("Changed."))
        return redirect(url_for("desk.counts"))
    page = "desk/contact.html" if is_contact else "desk/count.html"
    told, known = _told(form, answer), counting.known_values(at)
    return render_template(page, form=form, known=known, groups=_groups(form), problem=told, key=key)


@blueprint.post("/counts/take-back")
def take_back() -> Answer:
    form = TakeBackForm()
    if not form.validate_on_submit() or not counting.take_back(at_desk(), locker_id(form.key.data)):
        return _no_longer()
    flash(_("Taken back: it will not be counted."))
    return redirect(url_for("desk.counts"))


@blueprint.post("/counts/go-on")
def go_on() -> Answer:
    form, at = GoOnForm(), at_desk()
    if form.validate_on_submit() and form.quarter.data in {"", *counting.books(at).quarters}:
        counting.go_on(at, form.quarter.data)
        flash(_("Counting goes on with what can be read."))
    return redirect(url_for("desk.counts"))


def _checked(form: ContactForm | CountForm) -> Count | None:
    """The count that a form says; None while it is not sent, or cannot be."""
    if not form.validate_on_submit():
        return None
    found = as_contact(form) if isinstance(form, ContactForm) else as_count(form)
    blame(form, refusals(found))
    return None if form.errors else found


def _told(form: DeskForm, answer: NotKept | Full | Damaged | None) -> str | None:
    if isinstance(answer, NotKept):
        blame(form, answer.reasons)
    return problem_of(answer)


def _groups(form: ContactForm | CountForm) -> list[SimpleNamespace]:
    return groups(form) if isinstance(form, CountForm) else []


def _no_longer() -> Answer:
    flash(_("This count waits no longer: its month is over, or it was taken back. Put the quarter right instead."))
    return redirect(url_for("desk.counts"))


def _counts_page(form: CorrectionForm, found: Books, problem: str | None = None) -> str:
    is_readable = not isinstance(found.waiting, Damaged)
    form.seen.data = " ".join(f"{name}:{counting.digest(table)}" for name, table in found.tables.items())
    return render_template(
        "desk/counts.html",
        form=form,
        problem=problem,
        take_back=TakeBackForm(formdata=None),
        go_on=GoOnForm(formdata=None),
        is_readable=is_readable,
        waiting=[_waiting(each) for each in found.waiting] if not isinstance(found.waiting, Damaged) else [],
        quarters=[_quarter(name, each, found) for name, each in found.quarters.items()],
        is_theirs=not any(isinstance(each, NotTheirs) for each in found.quarters.values()),
    )


def _waiting(found: Waiting) -> SimpleNamespace:
    return SimpleNamespace(
        key=found.key.hex(),
        month=month(date.fromisoformat(f"{found.month}-01")),
        is_contact=counting.is_contact(found),
        about=", ".join(found.count.concerns),
        lines=lines(kept(found.count)),
    )


def _quarter(name: str, found: Table | Damaged | NotTheirs, books: Books) -> SimpleNamespace:
    return SimpleNamespace(
        key=name,
        name=quarter_words(name),
        is_open=name in books.open,
        is_damaged=isinstance(found, Damaged),
        parts=_parts(found) if isinstance(found, Table) else [],
    )


def _parts(table: Table) -> list[tuple[str, list[tuple[str, int]]]]:
    """Each dimension in which something was counted: its label, and value and number in order of the value."""
    found = [(label, sorted(table.values(name).items()), name) for name, label in DIMENSIONS.items()]
    return [
        (label, [(value_words(name, value), number) for value, number in values if number])
        for label, values, name in found
        if any(number for _value, number in values)
    ]


def _refused(answer: object) -> str:
    match answer:
        case BelowZero(number):
            return _("There are only %(number)d: take away as many at most.") % {"number": number}
        case TooLate():
            return _("This quarter can no longer be put right: that ends with the month after it.")
        case UnknownValue():
            return _("This quarter has no such number. Choose another one.")
        case Moved():
            return _(
                "Nothing was changed now: these numbers are not those that your page showed. "
                "If you sent it twice, it was done once. Look at the number, then go on."
            )
        case NotTheirs():
            return _("A colleague must admit you first. Until then you cannot see or change the counts of the office.")
    return _("This quarter was changed or lost. Read what to do about it first.")
