"""Dates and ages as broad bands, so that nothing is kept that points at one person."""

import re
from datetime import date, timedelta

_TENURE = ((1, "under 1 year"), (3, "1\N{EN DASH}3 years"), (5, "3\N{EN DASH}5 years"), (10, "5\N{EN DASH}10 years"))
_LONGEST_TENURE = "over 10 years"
_AGE = ((30, "under 30"), (40, "30\N{EN DASH}39"), (50, "40\N{EN DASH}49"), (60, "50\N{EN DASH}59"))
_OLDEST = "60 and over"

_DAYS_A_YEAR = 365.25
#: Spreadsheets count days from here (serial 1 is 1900-01-01, and they believe in 1900-02-29).
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(10000, 80000)
_SERIAL_DIGITS = 5
_MOST_YEARS = 100
_MONTHS = 12
_SHORT_YEAR = 100

_ISO = re.compile(r"((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_BELOW = re.compile(r"<|under|below|less|unter|weniger|moins|menos", re.IGNORECASE)
_IN_MONTHS = re.compile(r"month|monat|mois|mes", re.IGNORECASE)


def _band(years: float, bands: tuple[tuple[int, str], ...], last: str) -> str:
    return next((name for below, name in bands if years < below), last)


def tenure_band(text: str, today: date) -> str:
    """The band of a start date or of a length of service; empty when it is neither."""
    years = _years_since(text, today)
    if years is None:
        years = _count(text, months=_IN_MONTHS.search(text) is not None)
    return "" if years is None else _band(years, _TENURE, _LONGEST_TENURE)


def age_band(text: str, today: date) -> str:
    """The band of a birth date, a year, an age or a range; the name of a generation as it is; else empty."""
    if not any(symbol.isdigit() for symbol in text):
        return text
    years = _years_since(text, today)
    if years is None:
        years = _count(text, months=False)
    return "" if years is None else _band(years, _AGE, _OLDEST)


def _count(text: str, *, months: bool) -> float | None:
    found = _NUMBER.search(text)
    if found is None:
        return None
    years = float(found[0].replace(",", ".")) / (_MONTHS if months else 1)
    if _BELOW.search(text):
        years -= 1 / _MONTHS
    return years if years < _MOST_YEARS else None


def _years_since(text: str, today: date) -> float | None:
    day = _day(text, today)
    return None if day is None else (today - day).days / _DAYS_A_YEAR


def _day(text: str, today: date) -> date | None:
    """A date as ISO, as three numbers, as a spreadsheet's serial, or the middle of the one year that it names."""
    if len(text) == _SERIAL_DIGITS and text.isdecimal() and int(text) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(text))
    if found := _ISO.match(text) or _COMPACT.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.match(text):
        return _three_numbers(found, today)
    if found := _YEAR.search(text):
        return date(int(found[0]), 7, 1)
    return None


def _three_numbers(found: re.Match[str], today: date) -> date | None:
    """Day or month first: slashes are American unless that makes no date; a mistake moves the day by months at most."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if year < _SHORT_YEAR:
        year += 2000 if year <= today.year % _SHORT_YEAR else 1900
    american, european = _date(year, first, second), _date(year, second, first)
    return (american or european) if found[2] == "/" else (european or american)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
