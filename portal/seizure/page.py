"""The result as one page that an ombuds can read; nothing on it names a person."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Any

from portal.seizure.files import Employee
from portal.seizure.needles import SHORTEST
from portal.seizure.results import Ending, Report, Result

WIDTH = 76
MOST_LINES = 60
#: So that everything found still leaves room for everything tried.
_SHOWN = 2
_MINUTE = 60
_SIGNS = {Ending.fine: "fine", Ending.found: "FOUND", Ending.not_possible: "left out", Ending.broken: "BROKEN"}
_HIDDEN = "found in a place that is called like somebody of the list"
_CANNOT = (
    "What lies outside the portal's folder: logs, mail, backups, other disks.",
    "What memory, network, devices and doors tell, or a changed program reads.",
    "What happens tomorrow. Run it again after every change.",
)


def headline(report: Report) -> str:
    if report.found_somebody:
        return "Somebody could be found"
    if not report.is_finished:
        return "The test could not be finished"
    return "Nobody was found, as far as the test went" if report.left_out else "Nobody was found"


def muted(report: Report, staff: Sequence[Employee]) -> Report:
    """The report without details that hold a name or an address: a file, too, may be called like a person."""
    told = {
        text.casefold()
        for person in staff
        for text in (person.name, *person.addresses, *(each.rpartition("@")[0] for each in person.addresses))
    }
    sought = {text for text in told if len(text) >= SHORTEST}
    return Report(**vars(report) | {"results": tuple(_muted(each, sought) for each in report.results)})


def as_text(report: Report) -> str:
    """At most 60 lines of 76 characters."""
    lines = [
        headline(report),
        "=" * len(headline(report)),
        *_wrapped(
            f"Seizure test of {report.began:%Y-%m-%d %H:%M} UTC. Theo, a thief, took a copy of everything in the "
            f"portal's folder. With the server's secrets and a staff list of {report.people:,} people he tried for "
            f"{_duration(report.seconds)} to find out who came. {_of_list(report)}"
        ),
        *_of_control(report),
        "",
        "Theo",
        *(line for each in report.results[1:] for line in _of_result(each)),
        "",
        "This test cannot show",
        *(f"  {line}" for line in _CANNOT),
    ]
    return "\n".join(lines)


def as_values(report: Report) -> dict[str, Any]:
    """For programs."""
    return {
        "result": headline(report),
        "began": report.began.isoformat(),
        "day": report.day.isoformat(),
        "people": report.people,
        "skipped_lines": report.skipped,
        "with_a_name": report.named,
        "not_on_the_roster": report.strangers,
        "left_out": list(report.left_out),
        "seconds": round(report.seconds, 1),
        "found_nobody": report.outcome.found_nobody if report.outcome else None,
        "checks": [
            {"check": each.check, "tried": each.tried, "ending": each.ending.value, "details": list(each.details)}
            for each in report.results
        ],
    }


def _muted(result: Result, sought: set[str]) -> Result:
    if result.ending is not Ending.found:
        return result  # sentences of ours
    return replace(result, details=tuple(_mute(detail, sought) for detail in result.details))


def _mute(detail: str, sought: set[str]) -> str:
    small = detail.casefold()
    if any(text in small for text in sought):
        return _HIDDEN
    # The name of a file may hold what moves a terminal's cursor.
    return "".join(symbol if symbol.isprintable() else "?" for symbol in detail)


def _of_list(report: Report) -> str:
    """Whom the test could know by name, and whether it is this office's list."""
    roster = "there is no roster to compare them with"
    if report.strangers is not None:
        roster = f"{report.strangers:,} are not on the roster"
    lines = f" Lines without an address: {report.skipped:,}." if report.skipped else ""
    names = "" if report.named else " Left out: names. Call their columns First Name and Last Name."
    return f"{report.named:,} of {report.people:,} have a name that the list's headings tell; {roster}.{lines}{names}"


def _of_control(report: Report) -> list[str]:
    """The first result: a test that overlooks what was planted proves nothing."""
    control = report.results[0]
    answer = "yes" if control.ending is Ending.fine else f"NO ({control.details[0]})"
    return _wrapped(f"The test finds leaks that were planted in a second copy: {answer}")


def _of_result(result: Result) -> Iterator[str]:
    yield from _wrapped(f"{_SIGNS[result.ending]:>8}  {result.tried}", " " * 10)
    for detail in result.details[:_SHOWN]:
        yield from _wrapped(f"{'':10}{detail}", " " * 12)
    if len(result.details) > _SHOWN:
        yield f"{'':10}… and {len(result.details) - _SHOWN} more; --json lists all"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return wrap(text, WIDTH, subsequent_indent=indent)


def _duration(seconds: float) -> str:
    if seconds < 2 * _MINUTE:
        return f"{max(1, round(seconds))} seconds"
    return f"{round(seconds / _MINUTE)} minutes"
