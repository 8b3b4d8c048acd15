"""Public holidays of a country or a part of it, from a library that is kept up by many."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache


def public_holidays(code: str, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of "NL" or "US-CA" in these years; none for an empty code, or one that nobody knows."""
    return frozenset(day for year in years for day in _of_year(code, year)) if code else frozenset()


@lru_cache(maxsize=64)
def _of_year(code: str, year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - slow to import, and only for whoever asked for it

    country, _dash, part = code.partition("-")
    try:
        return frozenset(country_holidays(country, subdiv=part or None, years=year))
    except NotImplementedError:
        return frozenset()
