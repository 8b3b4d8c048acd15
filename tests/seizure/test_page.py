"""One page for an ombuds: short, plain, and without a person on it."""

from dataclasses import replace
from datetime import UTC, date, datetime

from portal.seizure import attack, page
from portal.seizure.files import Employee
from portal.seizure.results import Ending, Outcome, Report, Result
from tests.cast import VERA

DAY = date(2026, 11, 22)
FINE = tuple(Result(each.name, each.tried, Ending.fine) for each in attack.CHECKS)
CONTROL = Result(attack.CONTROL, attack.CONTROL_TRIED, Ending.fine)
REPORT = Report(datetime(2026, 11, 22, 6, tzinfo=UTC), DAY, 1200, 3, 1180, 4, 61.2, (CONTROL, *FINE))


def with_(*results: Result) -> Report:
    names = {each.check for each in results}
    return replace(REPORT, results=tuple(each for each in REPORT.results if each.check not in names) + results)


def test_a_quiet_test_found_nobody() -> None:
    assert page.headline(REPORT) == "Nobody was found"
    assert REPORT.outcome == Outcome(DAY, 1200, found_nobody=True)
    text = page.as_text(REPORT)
    assert "1,200 people" in text
    told = " ".join(text.split())
    assert "1,180 of 1,200 have a name that the list's headings tell; 4 are not on the roster." in told
    assert "Lines without an address: 3." in told
    assert "2026-11-22 06:00 UTC" in text
    assert "61 seconds" in text
    assert "planted in a second copy: yes" in text


def test_whatever_is_found_comes_first() -> None:
    found = with_(Result("order", "looked", Ending.found, ("x",)), Result("people", "looked", Ending.broken, ("y",)))
    assert page.headline(found) == "Somebody could be found"
    assert found.outcome == Outcome(DAY, 1200, found_nobody=False)


def test_a_broken_check_or_control_is_no_good_news() -> None:
    for broken in (
        Result("people", "looked", Ending.broken, ("y",)),
        replace(CONTROL, ending=Ending.broken, details=("z",)),
    ):
        found = replace(REPORT, results=(broken if broken.check == "control" else CONTROL, broken, *FINE))
        assert page.headline(found) == "The test could not be finished"
        assert found.outcome is None
    assert "NO (z)" in page.as_text(found)


def test_what_an_office_gives_no_occasion_for_is_said() -> None:
    found = with_(Result("answers", "asked", Ending.not_possible, ("there is no free time",)))
    assert page.headline(found) == "Nobody was found, as far as the test went"
    assert found.outcome is None, "visitors are told of whole tests alone"
    assert (page.as_values(found)["left_out"], page.as_values(found)["found_nobody"]) == (["answers"], None)
    assert "left out  asked" in page.as_text(found)
    assert "there is no free time" in page.as_text(found)


def test_a_list_without_names_is_half_a_test() -> None:
    found = replace(REPORT, named=0)
    assert page.headline(found) == "Nobody was found, as far as the test went"
    assert found.outcome is None
    assert page.as_values(found)["left_out"] == ["names"]
    assert "Left out: names. Call their columns First Name" in " ".join(page.as_text(found).split())


def test_somebody_found_stays_found_whatever_is_left_out() -> None:
    found = replace(with_(Result("order", "looked", Ending.found, ("x",))), named=0)
    assert page.headline(found) == "Somebody could be found"
    assert found.outcome == Outcome(DAY, 1200, found_nobody=False)


def test_an_office_without_a_roster_says_so() -> None:
    assert "there is no roster to compare them with" in " ".join(page.as_text(replace(REPORT, strangers=None)).split())


def test_the_page_stays_one_page_when_everything_is_found() -> None:
    many = tuple(f"a file with quite a long name {number}.log: a fingerprint of a person" for number in range(90))
    all_found = replace(
        REPORT, named=0, results=(CONTROL, *(replace(each, ending=Ending.found, details=many) for each in FINE))
    )
    lines = page.as_text(all_found).splitlines()
    assert len(lines) <= page.MOST_LINES
    assert max(map(len, lines)) <= page.WIDTH
    assert "88 more" in page.as_text(all_found)


def test_a_file_called_like_somebody_is_not_named() -> None:
    staff = [Employee(VERA.name, (VERA.email,)), Employee("", ("ab@example.org",))]
    details = (
        f"{VERA.email}.log: a name",
        "VERA.LINDQVIST.bak: an address",
        "vera lindqvist.db: numbered",
        "t\x1b[2Jab\udc80.log: x",
    )
    told = page.muted(with_(Result("people", "looked", Ending.found, details)), staff)
    assert told.results[-1].details == (
        *["found in a place that is called like somebody of the list"] * 3,
        "t?[2Jab?.log: x",
    )
