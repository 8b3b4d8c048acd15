"""Ombuds, their keys and lockers, the roster and the daily job."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal import clock
from portal.doctor.machine import Machine
from portal.doctor.people import Office, Person, about_daily_job, about_ombuds, about_roster
from portal.roster.rules import RosterFacts
from tests.cast import OLA_NAME, World
from tests.doctor.healthy import NOON, found_in, grave, of_the_office, run_in, said
from tests.intake.sealed import ask_desk, ask_file

TODAY = NOON.date()
OLA = Person(OLA_NAME, is_open=True, is_key_shown=True, is_alarmed=False, free=10)
NOOR = Person("Noor O'Dea", is_open=False, is_key_shown=True, is_alarmed=False, free=0)
OTTO = Person("Otto Reis", is_open=False, is_key_shown=False, is_alarmed=False, free=99)


def test_an_ombuds_with_lockers_and_the_right_key_is_well() -> None:
    assert list(about_ombuds(Office((OLA,), TODAY))) == []


def test_few_lockers_are_found(healthy: World, on: Machine) -> None:
    ask_desk(
        healthy,
        "UPDATE locker SET state = 9 WHERE state = 8 AND id NOT IN (SELECT id FROM locker WHERE state = 8 LIMIT 9)",
    )

    assert found_in(healthy, on) == [f"{OLA_NAME} has 9 free lockers left."]


def test_an_office_where_nobody_can_be_booked_is_found() -> None:
    assert said(about_ombuds(Office((), None))) == ["Nobody can be booked: no ombuds has joined, or all are closed."]
    assert grave(about_ombuds(Office((NOOR,), TODAY))) == [True, False]


def test_a_key_that_an_ombuds_found_to_be_foreign_is_grave_and_says_whom_to_ask() -> None:
    """Also where both stores were changed alike: the desk told its ombuds, and this tells the operator."""
    (found,) = about_ombuds(Office((OLA, replace(NOOR, is_alarmed=True)), TODAY))

    assert found.is_grave
    assert "At sign-in, Noor O'Dea found a key" in found.what
    assert "Ask Noor O'Dea, by voice" in found.what_to_do


def test_a_closed_booking_is_worth_a_remark_that_says_how_to_open_it() -> None:
    (found,) = about_ombuds(Office((OLA, NOOR), TODAY))

    assert (found.what, found.is_grave) == ("Booking with Noor O'Dea is closed.", False)
    assert """portal ombuds reopen 'Noor O'"'"'Dea'""" in found.what_to_do


def test_every_foreign_key_is_found_and_says_whom_to_ask() -> None:
    found = list(
        about_ombuds(
            Office((OLA, OTTO, Person("Mina Sol", is_open=True, is_key_shown=False, is_alarmed=False, free=99)), TODAY)
        )
    )

    assert grave(found) == [True, True]
    for each, name in zip(found, ("Otto Reis", "Mina Sol"), strict=True):
        assert each.what.startswith(f"The key that bookings with {name} are sealed to")
        assert f"Ask {name}, by voice, for the fingerprint" in each.what_to_do


@pytest.mark.parametrize("store", ["desk", "site"])
def test_a_key_that_was_exchanged_in_one_store_is_found(healthy: World, on: Machine, store: str) -> None:
    table = {"desk": "ombuds", "site": "face"}[store]
    path = healthy.instance / f"{store}.db"
    ask_file(path, f"UPDATE {table} SET public_key = randomblob(1216)")  # noqa: S608 - names are ours

    assert [each.split(" are ")[0] for each in found_in(healthy, on)] == [f"The key that bookings with {OLA_NAME}"]


def test_a_face_that_was_taken_away_is_found(healthy: World, on: Machine) -> None:
    ask_file(healthy.instance / "site.db", "DELETE FROM face")

    assert [each.split(" are ")[0] for each in found_in(healthy, on)] == [f"The key that bookings with {OLA_NAME}"]


@pytest.mark.parametrize("table", ["ombuds", "diary"])
def test_stores_that_do_not_answer_are_found(healthy: World, on: Machine, table: str) -> None:
    ask_desk(healthy, f"ALTER TABLE {table} RENAME TO lost")

    assert found_in(healthy, on) == ["The stores could not be asked about the ombuds and the daily job."]


def test_closing_and_reopening_is_seen(healthy: World) -> None:
    run_in(healthy.instance, "ombuds", "close", OLA_NAME)
    assert [each["what"] for each in of_the_office(healthy.instance)] == [
        "Nobody can be booked: no ombuds has joined, or all are closed.",
        f"Booking with {OLA_NAME} is closed.",
    ]

    run_in(healthy.instance, "ombuds", "reopen", OLA_NAME)
    assert of_the_office(healthy.instance) == []


def test_somebody_invited_who_has_not_joined_is_no_matter(healthy: World) -> None:
    run_in(healthy.instance, "ombuds", "invite", "Otto Reis")

    assert of_the_office(healthy.instance) == []


def test_no_roster_is_found(healthy: World, on: Machine) -> None:
    (healthy.instance / "roster.db").unlink()

    assert found_in(healthy, on) == ["There is no roster: nobody's address is known."]


@pytest.mark.parametrize("change", ["UPDATE meta SET format = 0", "DELETE FROM meta", "DROP TABLE meta"])
def test_a_roster_of_another_kind_is_found(healthy: World, on: Machine, change: str) -> None:
    ask_file(healthy.instance / "roster.db", change)

    assert "The roster is not one that this version of the portal made: no address is known." in found_in(healthy, on)


def test_a_roster_with_nobody_in_it_is_found(healthy: World, on: Machine) -> None:
    ask_file(healthy.instance / "roster.db", "UPDATE meta SET people = 0")

    assert found_in(healthy, on) == ["There is nobody in the roster: nobody's address is known."]


@pytest.mark.parametrize(("days", "is_stale"), [(0, False), (35, False), (36, True)])
def test_a_stale_roster_is_found(healthy: World, on: Machine, days: int, *, is_stale: bool) -> None:
    day = (clock.now() - timedelta(days=days)).date()
    ask_file(healthy.instance / "roster.db", "UPDATE meta SET imported_on = ?", day.isoformat())

    assert found_in(healthy, on) == [f"The roster is from {day}."] * is_stale
    assert grave(about_roster(RosterFacts(300, day, (), {}), clock.now().date())) == [True] * is_stale


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (2, False), (3, True)])
def test_a_daily_job_that_stopped_is_found(healthy: World, on: Machine, days: int, *, is_late: bool) -> None:
    day = (clock.now() - timedelta(days=days)).date()
    ask_desk(healthy, "UPDATE diary SET last_day = ?", day.isoformat())

    found = f"The daily job last ran on {day}: since then nothing has ended or opened."
    assert found_in(healthy, on) == [found] * is_late


@pytest.mark.parametrize(
    ("days", "is_asked_for"), [(3, "Run portal tick now"), (31, "Run portal tick now"), (32, "clock")]
)
def test_after_a_long_pause_the_clock_is_asked_for_first(days: int, is_asked_for: str) -> None:
    """The job itself refuses then, until somebody says that the clock is right."""
    (found,) = about_daily_job(TODAY - timedelta(days=days), TODAY)

    assert is_asked_for in found.what_to_do
    assert ("--catch-up" in found.what_to_do) == (is_asked_for == "clock")


def test_a_daily_job_that_never_ran_is_found(healthy: World, on: Machine) -> None:
    ask_desk(healthy, "DELETE FROM diary")

    assert found_in(healthy, on) == ["The daily job has never run: nothing ends, and no new times open."]
    assert "portal tick" in next(about_daily_job(None, TODAY)).what_to_do
