"""Close a matter: choose what is counted, see exactly that, and end it."""

from types import SimpleNamespace

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.desk import closing, counting, service
from portal.desk.changing import AtDesk
from portal.desk.closing import Newer, NotThere, Refused
from portal.desk.closing_forms import CHANGE, CLOSE, ClosingForm, CountForm, as_count, as_fields, blame
from portal.desk.door import at_desk, blueprint, locker_id
from portal.desk.matter_views import matter_page, shown
from portal.desk.service import Gone, MatterView
from portal.language import _
from portal.pages import state
from portal.reporting.categories import CATEGORIES, category_of
from portal.reporting.concerns import HELP, LABELS
from portal.reporting.labels import DIMENSIONS, value_words
from portal.reporting.rules import Count, Line, kept, refusals
from portal.reporting.service import Damaged, Full, Kept, NotKept


@blueprint.route("/matter/<key>/close", methods=["GET", "POST"])
def close(key: str) -> str | Answer:
    at = at_desk()
    found = service.open_matter(at, locker_id(key))
    if isinstance(found, MatterView):
        # How it ended is never suggested: whoever presses on would count what nobody chose.
        begin = as_fields(closing.proposed(found)) | {"version": str(found.matter.version), "outcome": ""}
        return _step(ClosingForm(data=begin), found, at)
    return _gone() if isinstance(found, Gone) else matter_page(at, key)


@blueprint.get("/closed")
def closed() -> str:
    return render_template("desk/closed.html")


def groups(form: CountForm) -> list[SimpleNamespace]:
    """The nine groups of concerns, each with its boxes to tick; open where something is ticked."""
    options = {str(option.data): option for option in form.concerns}
    chosen = {category_of(code) for code in form.concerns.data or ()}
    return [
        SimpleNamespace(
            number=each,
            label=LABELS[each],
            help=HELP.get(each, ""),
            is_open=each in chosen,
            whole=options[each],
            options=[
                SimpleNamespace(box=option, label=value_words("concern", code), help=HELP.get(code, ""))
                for code, option in options.items()
                if code.startswith(f"{each}.")
            ],
        )
        for each in CATEGORIES
    ]


def lines(numbers: list[Line]) -> list[SimpleNamespace]:
    """What an ombuds reads of numbers that will be added."""
    return [
        SimpleNamespace(
            of=DIMENSIONS[each.dimension], value=value_words(each.dimension, each.value), number=each.number
        )
        for each in numbers
    ]


def problem_of(answer: object) -> str | None:
    """Why nothing was counted, and what to do; None when the fields say it."""
    match answer:
        case Newer():
            return _(
                "Nothing is closed: this matter was changed after you opened this page. Read it first, then go on."
            )
        case Full():
            return _(
                "Nothing was counted or erased: there is no room for one more count before the month ends. "
                "Wait until then. If no colleague has admitted you yet, that comes first."
            )
        case Damaged():
            return _(
                "Nothing was counted or erased: the counts that wait cannot be read. Open Counts: it says what to do."
            )
    return None


def _step(form: ClosingForm, found: MatterView, at: AtDesk) -> str | Answer:
    """The form, then exactly what will remain, then the end."""
    if form.step.data == CHANGE or not form.validate_on_submit():
        return _form_page(form, found, at)
    count = as_count(form)
    blame(form, refusals(count))
    newer = None if form.version.data == str(found.matter.version) else Newer(found.matter.version)
    if form.errors or newer:
        return _form_page(form, found, at, newer)
    if form.step.data != CLOSE:
        remains = lines(kept(count))
        return render_template(
            "desk/close_kept.html", form=form, matter=shown(found, at), lines=remains, sent=_sent(form)
        )
    return _close(form, count, found, at)


def _close(form: ClosingForm, count: Count, found: MatterView, at: AtDesk) -> str | Answer:
    answer = closing.close(
        at,
        locker_id(found.key),
        count,
        version=found.matter.version,
        publication=state().volatile.publication,
    )
    if isinstance(answer, NotThere):
        return _gone()
    return redirect(url_for("desk.closed")) if isinstance(answer, Kept) else _form_page(form, found, at, answer)


def _form_page(form: ClosingForm, found: MatterView, at: AtDesk, answer: Refused | None = None) -> str:
    if isinstance(answer, NotKept):
        blame(form, answer.reasons)
    form.version.data = str(found.matter.version)
    return render_template(
        "desk/close.html",
        form=form,
        matter=shown(found, at),
        groups=groups(form),
        known=counting.known_values(at),
        problem=problem_of(answer),
    )


def _gone() -> Answer:
    flash(_("This matter is closed or has ended. If you closed it a moment ago, it was counted once."))
    return redirect(url_for("desk.queue"))


def _sent(form: ClosingForm) -> list[tuple[str, str]]:
    """What was sent, for the next step to send again."""
    own = {"step", "csrf_token"}
    return [(name, value) for name, value in request.form.items(multi=True) if name in form and name not in own]
