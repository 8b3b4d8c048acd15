import io

from portal.demo.people import demo_people, stranger, write_roster
from portal.roster.service import Eligible, Level
from tests.roster.staff_cast import Office


def demo(**choices: int) -> str:
    out = io.StringIO(newline="")
    write_roster(out, **choices)
    return out.getvalue()


def test_the_demo_roster_is_the_same_each_time() -> None:
    assert demo(people=200) == demo(people=200)
    assert demo(people=200) != demo(people=200, seed=8)


def test_the_demo_roster_is_messy_and_comes_through(office: Office) -> None:
    report = office.bring(demo())
    assert (report.accepted, report.rejected) == (2000, [(2002, "no e-mail address")])
    assert report.ignored == ("Payroll run",)
    assert {"constituency", "location", "role"} <= report.coarsened.keys()


def test_the_three_of_the_demo_are_on_it_and_ned_is_not(office: Office) -> None:
    office.bring(demo(people=60))
    for person in demo_people():
        first, _, last = person.name.partition(" ")
        identity = office.profile(person.email)[2]
        assert (identity["first"], identity["last"]) == (first, last)
    assert office.check(stranger().email) == Eligible(Level.none, None)


def test_nobody_of_the_demo_has_an_address_that_could_be_real() -> None:
    assert all(person.email.endswith("@example.org") for person in (*demo_people(), stranger()))
