import gc
import random
import sqlite3
import tracemalloc
from collections import Counter
from contextlib import closing

import pytest

from portal.errors import NotReady
from portal.roster import service
from portal.roster.alike import ProfileCounts
from portal.roster.labels import how_many
from portal.roster.rules import Fits, band_of, people_like
from tests.roster.staff_cast import Crowd, Office

HEADING = "Work Email,Constituency,Department,Location"


def people(name: str, count: int, rest: str) -> list[str]:
    return [f"{name}{number}@example.org,{rest}" for number in range(count)]


def fits(office: Office, email: str) -> Fits:
    found = office.check(email)
    assert isinstance(found, service.Eligible)
    assert found.parts is not None
    return found.parts.fits


def told(office: Office, email: str) -> dict[str, str]:
    """What a visitor with this address would read, for each level of sharing."""
    return {share: how_many(people_like(fits(office, email), share)) for share in ("nothing", "profile", "name")}


@pytest.fixture
def mixed(office: Office) -> Office:
    """90 staff: 50 in Physics, 26 in History, 14 in small departments. 30 students, one of them far away."""
    lines = [HEADING, *people("p", 50, "Staff,Physics,Hill"), *people("h", 26, "Staff,History,Hill")]
    lines += [*people("vera", 1, "Staff,Optics,Hill"), *people("a", 7, "Staff,Arts,Hill")]
    lines += [*people("m", 6, "Staff,Music,Hill"), *people("s", 29, "Student,Physics,Hill")]
    office.bring("\n".join([*lines, *people("tomas", 1, "Student,Physics,Island")]))
    return office


def test_a_visitor_reads_how_many_people_fit(mixed: Office) -> None:
    assert told(mixed, "p1@example.org") == {
        "nothing": "about 100 people",
        "profile": "about 40 people",
        "name": "only you",
    }
    assert told(mixed, "h1@example.org")["profile"] == "about 20 people"
    assert told(mixed, "s1@example.org")["nothing"] == "about 40 people"
    assert told(mixed, "s1@example.org")["profile"] == "about 20 people"


def test_rare_departments_count_together_as_other(mixed: Office) -> None:
    assert {told(mixed, f"{name}0@example.org")["profile"] for name in ("vera", "a", "m")} == {"about 10 people"}


def test_somebody_alone_reads_fewer_than_five(mixed: Office) -> None:
    assert told(mixed, "tomas0@example.org") == {
        "nothing": "about 40 people",
        "profile": "fewer than 5 people",
        "name": "only you",
    }


def test_small_groups_count_together_as_other(office: Office) -> None:
    groups = [*people("v", 4, "Visiting,,"), *people("r", 3, "Retired,,"), *people("s", 30, "Staff,,")]
    office.bring("\n".join([HEADING, *groups]))
    assert fits(office, "v0@example.org") == fits(office, "r0@example.org") == Fits(band_of(7), band_of(7))


def test_a_person_counts_once_with_every_address_and_in_every_line(office: Office) -> None:
    lines = ["Work Email,Other Email,Constituency"]
    lines += [f"w{number}@example.org,x{number}@example.org,Staff" for number in range(29)]
    office.bring("\n".join(lines + lines[1:]))
    assert fits(office, "w3@example.org") == fits(office, "x3@example.org") == Fits(band_of(29), band_of(29))


def test_dates_count_as_their_bands(office: Office, crowd: Crowd) -> None:
    rows = [crowd(20, "Work Email,Constituency,Start Date", "Staff,2024-05-01")]
    office.bring("\n".join([*rows, *people("late", 20, "Staff,2024-11-30")]))
    assert told(office, "late1@example.org")["profile"] == "about 40 people"


def test_whoever_is_not_on_the_roster_fits_nothing(mixed: Office) -> None:
    assert mixed.check("ned@example.com").parts is None


@pytest.mark.parametrize(
    ("band", "first", "last", "words"),
    [
        (1, 0, 4, "fewer than 5 people"),
        (2, 5, 14, "about 10 people"),
        (3, 15, 29, "about 20 people"),
        (4, 30, 69, "about 40 people"),
        (5, 70, 149, "about 100 people"),
        (6, 150, 299, "about 200 people"),
        (7, 300, 699, "about 500 people"),
        (8, 700, 1499, "about 1,000 people"),
        (9, 1500, 10_000_000, "about 2,000 people or more"),
    ],
)
def test_a_number_is_told_as_a_band(band: int, first: int, last: int, words: str) -> None:
    assert band_of(first) == band_of(last) == band
    assert how_many(band) == words


def kept_for(office: Office, count: int) -> set[bytes]:
    """What the column holds when so many people are alike."""
    office.bring("\n".join([HEADING, *people("p", count, "Staff,Physics,Hill")]), allow_smaller=True)
    with closing(sqlite3.connect(office.roster)) as roster:
        return {value for (value,) in roster.execute("SELECT fits FROM person")}


def plant_the_count(office: Office) -> set[bytes]:
    with closing(sqlite3.connect(office.roster)) as roster:
        (count,) = roster.execute("SELECT count(*) FROM person").fetchone()
        roster.execute("UPDATE person SET fits = ?", (bytes((count, count)),))
        return {value for (value,) in roster.execute("SELECT fits FROM person")}


def test_the_column_holds_bands_and_never_a_count(office: Office) -> None:
    few, planted_few = kept_for(office, 30), plant_the_count(office)
    many, planted_many = kept_for(office, 69), plant_the_count(office)
    assert few == many == {bytes((4, 4))}
    assert planted_few != planted_many


def test_a_roster_without_the_column_asks_for_a_new_import(office: Office, crowd: Crowd) -> None:
    office.bring(crowd(3))
    with closing(sqlite3.connect(office.roster)) as roster, roster:
        roster.execute("ALTER TABLE person DROP COLUMN fits")
        roster.execute("UPDATE meta SET format = 1")
    with pytest.raises(NotReady, match="Import it again"):
        office.check("person1@example.org")


def profiles_of(number: int, kinds: int) -> list[tuple[str, ...]]:
    dice = random.Random(3)  # noqa: S311 - nobody is hidden behind it
    return [("Staff", *map(str, divmod(dice.randrange(kinds), 300))) for _ in range(number)]


def test_tens_of_thousands_of_profiles_are_counted_exactly() -> None:
    profiles = profiles_of(120_000, 40_000)
    counts, exact = ProfileCounts(profiles, slots=1 << 16), Counter(profiles)
    assert all(counts.people(profile) == number for profile, number in exact.items())


def test_more_profiles_than_there_is_room_for_are_never_told_too_high() -> None:
    profiles = profiles_of(120_000, 40_000)
    counts, exact = ProfileCounts(profiles, slots=1 << 12), Counter(profiles)
    found = {profile: counts.people(profile) for profile in exact}
    assert all(found[profile] in {0, number} for profile, number in exact.items())
    assert sum(number > 0 for number in found.values()) == 3 << 10
    assert how_many(band_of(min(found.values()))) == "fewer than 5 people"


def test_memory_does_not_grow_with_the_number_of_profiles(office: Office) -> None:
    def peak(number: int) -> int:
        rows = (f"p{each}@example.org,Staff,{each % 90},{each // 90 % 90}" for each in range(number))
        content = "\n".join([HEADING, *rows]).encode()
        gc.collect()
        tracemalloc.start()
        office.bring(content, allow_smaller=True)
        used = tracemalloc.get_traced_memory()[1] - len(content)
        tracemalloc.stop()
        return used

    peak(100)  # whatever the first import of a process loads once is no part of the comparison
    assert peak(5000) < peak(2500) + 200_000
