"""Which zones there are, under which names, and what they are called."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from portal import language, zones

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WINTER, SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)
#: No catalogue is needed for the names of zones, so that these stand for every language that may be shipped.
LANGUAGES = ("en", "de", "fr", "es", "ar", "zh")


def key_of(name: str) -> str | None:
    found = zones.find(name)
    return found.key if found else None


@pytest.mark.parametrize(
    ("asked", "present"),
    [
        ("Australia/NSW", "Australia/Sydney"),
        ("US/Pacific", "America/Los_Angeles"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("Europe/Sarajevo", "Europe/Sarajevo"),
        ("UTC", "Etc/UTC"),
    ],
)
def test_an_old_name_is_the_zone_it_became(asked: str, present: str) -> None:
    assert key_of(asked) == present


@pytest.mark.parametrize(
    "asked",
    [
        *("", " ", "Mars/Olympus", "europe/amsterdam", "Europe", "Europe/", "Factory", "localtime", "posixrules"),
        *("../../../../etc/passwd", "/etc/localtime", "Europe/../Europe/Paris", "Europe/Paris\0", "a" * 9000),
        *("Etc/GMT+5", "<script>alert(1)</script>", "\ud800", "Europe/Paris\r\nSet-Cookie: a=b", "tzdata.zi", "+01:00"),
    ],
)
def test_a_name_that_is_no_place_of_anybody_is_none(asked: str) -> None:
    assert zones.find(asked) is None


def test_no_present_name_is_wider_than_its_field() -> None:
    assert max(len(zone.key) for name in available_timezones() if (zone := zones.find(name))) <= zones.LONGEST


def test_a_present_name_stays_what_it_is_and_shows_the_same_clock_as_the_old_one() -> None:
    for name in sorted(available_timezones()):
        found = zones.find(name)
        if found is not None:
            assert key_of(found.key) == found.key
            assert offsets(found) == offsets(ZoneInfo(name)), name


def test_the_list_covers_every_offset_of_the_world_and_stays_short() -> None:
    everywhere = {offsets(zone) for name in available_timezones() if (zone := zones.find(name))}
    listed = {offsets(ZoneInfo(zones.canonical(name))) for name in zones.LISTED}

    assert {each for pair in everywhere for each in pair} <= {each for pair in listed for each in pair}
    assert 60 <= len(zones.LISTED) <= 100
    assert all(zones.find(name) for name in zones.LISTED)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_starts_with_the_office_and_names_each_zone_once_in_words(lang: str) -> None:
    with language.speaking(lang):
        found = zones.options(AMSTERDAM, AMSTERDAM)

    assert found[0][0] == ""
    assert len({key for key, _words in found}) == len({words for _key, words in found}) == len(zones.LISTED)
    assert [words for key, words in found if (key and key in words) or "%" in words or "GMT" in words] == []


def test_the_list_is_in_the_order_of_the_alphabet_whatever_the_accents() -> None:
    words = [words for _key, words in zones.options(AMSTERDAM, AMSTERDAM)][1:]

    assert words.index("Asunción, Paraguay Time") == words.index("Athens, Eastern European Time") - 1
    assert "Amsterdam, Central European Time" not in words


def test_a_zone_that_is_shown_stands_on_the_list_too() -> None:
    keys = [key for key, _words in zones.options(AMSTERDAM, ZoneInfo("Antarctica/Troll"))]

    assert "Antarctica/Troll" not in zones.LISTED
    assert keys.count("Antarctica/Troll") == 1


def test_an_office_with_an_old_name_stands_on_the_list_once() -> None:
    keys = [key for key, _words in zones.options(ZoneInfo("Asia/Calcutta"), ZoneInfo("Asia/Calcutta"))]

    assert "Asia/Kolkata" not in keys


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Amsterdam", "Central European Time, Amsterdam"),
        ("America/Phoenix", "Mountain Time, Phoenix"),
        ("America/Denver", "Mountain Time, Denver"),
        ("Asia/Kolkata", "India Time, Kolkata"),
        ("Asia/Calcutta", "India Time, Kolkata"),
        ("Europe/Dublin", "Ireland Time, Dublin"),
        ("Pacific/Chatham", "Chatham Time"),
        ("Etc/UTC", "Coordinated Universal Time"),
    ],
)
def test_the_words_of_a_zone_fit_no_other(zone: str, words: str) -> None:
    assert language.zone_words(ZoneInfo(zone)) == words


def test_two_zones_with_different_clocks_never_have_the_same_words() -> None:
    said: dict[str, str] = {}
    for zone in {zones.find(name) for name in available_timezones()} - {None}:
        assert zone
        assert said.setdefault(language.zone_words(zone), zone.key) == zone.key


def test_old_names_in_the_catalogues_are_found_in_every_language() -> None:
    with language.speaking("ar"):
        assert language.zone_words(ZoneInfo("Asia/Kathmandu")) == "توقيت نيبال، كاتماندو"


def offsets(zone: ZoneInfo) -> tuple[timedelta | None, timedelta | None]:
    return WINTER.astimezone(zone).utcoffset(), SUMMER.astimezone(zone).utcoffset()
