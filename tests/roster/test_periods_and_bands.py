from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.roster.bands import age_band, tenure_band
from portal.roster.rules import is_period, period_of, valid_periods
from portal.roster.tally import BROAD_FIELDS, Tally

TODAY = date(2026, 11, 3)


def plain(band: str) -> str:
    return band.replace("\N{EN DASH}", "-")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 1), {"2026-Q4", "2026-Q3"}),
        (date(2026, 10, 30), {"2026-Q4", "2026-Q3"}),
        (date(2026, 10, 31), {"2026-Q4"}),
        (date(2026, 12, 17), {"2026-Q4"}),
        (date(2026, 12, 18), {"2026-Q4", "2027-Q1"}),
        (date(2026, 12, 31), {"2026-Q4", "2027-Q1"}),
        (date(2027, 1, 1), {"2027-Q1", "2026-Q4"}),
        (date(2028, 3, 17), {"2028-Q1"}),
        (date(2028, 3, 18), {"2028-Q1", "2028-Q2"}),
    ],
)
def test_a_code_is_good_a_little_before_and_after_its_quarter(day: date, expected: set[str]) -> None:
    assert set(valid_periods(day)) == expected


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2200, 1, 1)))
def test_there_is_always_a_valid_period_and_never_a_third(day: date) -> None:
    assert period_of(day) in valid_periods(day)
    assert 1 <= len(set(valid_periods(day))) == len(valid_periods(day)) <= 2
    assert all(map(is_period, valid_periods(day)))


@pytest.mark.parametrize("text", ["2026", "2026-Q5", "2026-Q0", "26-Q1", "2026-Q4 ", "2026-q4", "٢٠٢٦-Q4"])
def test_other_words_are_no_period(text: str) -> None:
    assert not is_period(text)


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("2026-08-15", "under 1 year"),
        ("2027-01-01", "under 1 year"),
        ("2025-11-01", "1-3 years"),
        ("15.11.2023", "1-3 years"),
        ("15/09/2022", "3-5 years"),
        ("9/15/22", "3-5 years"),
        ("01-Mar-2019", "5-10 years"),
        ("20190301", "5-10 years"),
        ("2019-03-01T00:00:00Z", "5-10 years"),
        ("43525", "5-10 years"),
        ("2/14/99", "over 10 years"),
        ("7 years", "5-10 years"),
        ("7,5", "5-10 years"),
        ("18 months", "1-3 years"),
        ("3-5 years", "3-5 years"),
        ("10+", "over 10 years"),
        ("< 1 year", "under 1 year"),
        ("", ""),
        ("unknown", ""),
        ("9" * 5000, ""),
        ("2023-02-31", ""),
    ],
)
def test_a_start_is_kept_as_a_band(text: str, band: str) -> None:
    assert plain(tenure_band(text, TODAY)) == band


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("1980-05-12", "40-49"),
        ("12.5.1966", "60 and over"),
        ("1999", "under 30"),
        ("43", "40-49"),
        ("under 30", "under 30"),
        ("40-49", "40-49"),
        ("60+", "60 and over"),
        ("Gen X", "Gen X"),
        ("Generation Z (1997-2012)", "under 30"),
        ("", ""),
        ("98000", ""),
    ],
)
def test_an_age_is_kept_as_a_band(text: str, band: str) -> None:
    assert plain(age_band(text, TODAY)) == band


@settings(deadline=None)
@given(st.dates(date(1920, 1, 1), TODAY), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%Y%m%d"]))
def test_no_exact_date_comes_through(day: date, shape: str) -> None:
    text = day.strftime(shape)
    assert plain(age_band(text, TODAY)) in {"under 30", "30-39", "40-49", "50-59", "60 and over"}
    assert not any(char.isdigit() for char in tenure_band(text, TODAY).translate(dict.fromkeys(map(ord, "1035"))))


@settings(deadline=None)
@given(st.text(max_size=40))
def test_odd_cells_make_no_noise(text: str) -> None:
    tenure_band(text, TODAY)
    age_band(text, TODAY - timedelta(days=1))


def test_an_absurd_column_of_values_does_not_fill_the_memory() -> None:
    pieces: list[bytes] = []
    tally = Tally({"constituency", "department"}, pieces.append)
    for number in range(30_000):
        tally.add(["Staff", f"Room {number}", *[""] * (len(BROAD_FIELDS) - 2)])
    tally.finish()
    assert sum(tally.coarsened().values()) == 20_000
    assert tally.common()[1] == frozenset()
    assert tally.populations() == {"Staff": 30_000}
    assert set(tally.profiles(pieces)) == {("Staff", "other", *[""] * (len(BROAD_FIELDS) - 2))}
    assert sum(map(len, pieces)) == 30_000 * len(BROAD_FIELDS) * 2
