"""A messy staff list all the way: imported, codes mailed, typed into the form in other spellings, read by Ola."""

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from portal import clock
from portal.cli import main
from portal.intake import sentences
from portal.roster.rules import valid_periods
from tests.bad_input.inside import Inside, nothing_changes, open_office, page_of
from tests.cast import World
from tests.intake.pages_cast import kind, problems
from tests.intake.sealed import used_lockers
from tests.promises.the_desk import DeskBrowser

pytestmark = pytest.mark.xdist_group("bad_spellings")
LIST = """Unique ID,First Name,Last Name,Work Email,Other Work Email,Constituency
1,Vera,Lindqvist,Vera Lindqvist <Vera@Example.org>,,Staff
2,Vera,Lindqvist,VERA@example.org,,Faculty
3,Vera,Lindqvist,vera@example.org,vera.lindqvist@example.org,Staff
4,Tom\u00e1s,Okafor,tomas@b\u00fccher.example,,Staff
5,Mei-Lin,Haddad,mei@xn--bcher-kva.example,,Staff
6,Front,Desk,desk@example.org,,Staff
7,Ada,Abara,"desk@example.org; ada@example.org",,Staff
8,Stra\u00dfe,Weiss,stra\u00dfe@example.org,,Staff
9,Strasse,Wei\u00df,strasse@example.org,,Staff
10,Eszett,Weiss,weiss@wei\u00df.example,,Staff
11,Doppel,Weiss,weiss@weiss.example,,Staff
12,,,Nobody at all <nobody>,,Staff
13,Tom\u00e1s,Okafor,TOMAS@xn--BCHER-kva.example,,Staff
"""
TWICE = "  line {}: the same address stands in line {}"


def run(world: World, *arguments: str, content: str = LIST) -> Result:
    runner = CliRunner(env={"PORTAL_INSTANCE": str(world.instance), "PORT": None})
    found = runner.invoke(main, arguments, input=content.encode())
    assert "Traceback" not in found.output
    return found


class Journey(NamedTuple):
    """An office whose list is the messy one, Ola at her desk, the codes as mailed, and what the import said."""

    office: Inside
    ola: DeskBrowser
    codes: dict[str, str]
    report: str


@pytest.fixture(scope="module")
def journey(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    office = open_office(first_world, tmp_path_factory.mktemp("spellings"))
    report = run(office.world, "roster", "import", "--allow-smaller", "-")
    period = valid_periods(clock.now().date())[0]
    mailed = run(office.world, "roster", "codes", "--period", period, "-").stdout
    codes = {line["email"]: line["code"] for line in csv.DictReader(io.StringIO(mailed, newline=""))}
    desk = DeskBrowser(office)
    desk.sign_in(office.world)
    yield Journey(office, desk, codes, report.stdout)
    office.world.refresh()


def who_came(journey: Journey, typed: str, code: str) -> tuple[str, str]:
    """Book with an address as typed, sharing the name; gives the number and the name that Ola reads."""
    office = journey.office
    form, before = office.choose([office.times()[0].key]), used_lockers(office.world)
    answer = office.post("/book", office.fill(form, mode="phone", proof="code", share="name", email=typed, code=code))
    assert kind(answer) == "receipt", problems(answer)
    (locker,) = used_lockers(office.world) - before
    page = page_of(journey.ola.get(f"/desk/matter/{locker.hex()}").body)
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    return facts["Staff or student number"], f"{facts['First name']} {facts['Last name']}"


def test_each_address_is_taken_once_and_each_repeat_named_with_its_line(journey: Journey) -> None:
    said = journey.report.splitlines()

    assert said[0] == "10 people accepted, 3 lines rejected."
    assert said[1:4] == [TWICE.format(3, 2), "  line 13: not an e-mail address", TWICE.format(14, 5)]
    assert "vera" not in journey.report.lower(), "numbers of lines and no names"


def test_the_mailing_has_a_code_for_every_address_and_none_twice(journey: Journey) -> None:
    assert set(journey.codes) == {
        "vera@example.org",
        "vera.lindqvist@example.org",
        "tomas@xn--bcher-kva.example",
        "mei@xn--bcher-kva.example",
        "desk@example.org",
        "ada@example.org",
        "stra\u00dfe@example.org",
        "strasse@example.org",
        "weiss@xn--wei-7ka.example",
        "weiss@weiss.example",
    }
    assert len(set(journey.codes.values())) == len(journey.codes)


@pytest.mark.parametrize(
    "typed",
    [
        "vera@example.org",
        "VERA@EXAMPLE.ORG",
        "Vera Lindqvist <vera@example.org>",
        '"Lindqvist, Vera" <Vera@Example.org>',
        "mailto:vera@example.org",
        "  vera@example.org.  ",
        "ve\u200bra@exam\u00adple.org",
    ],
)
def test_vera_comes_by_any_spelling_and_as_the_first_of_her_lines(journey: Journey, typed: str) -> None:
    assert who_came(journey, typed, journey.codes["vera@example.org"]) == ("1", "Vera Lindqvist")


@pytest.mark.parametrize(
    "domain", ["b\u00fccher.example", "B\u00dcCHER.example", "bu\u0308cher.EXAMPLE", "xn--bcher-kva.example"]
)
@pytest.mark.parametrize(("local", "number"), [("tomas", "4"), ("mei", "5")])
def test_a_domain_in_either_spelling_is_the_same_in_the_list_and_at_the_form(
    journey: Journey, local: str, number: str, domain: str
) -> None:
    assert who_came(journey, f"{local}@{domain}", journey.codes[f"{local}@xn--bcher-kva.example"])[0] == number


def test_an_address_of_two_people_leads_to_the_first_and_the_second_has_their_own(journey: Journey) -> None:
    assert who_came(journey, "desk@example.org", journey.codes["desk@example.org"]) == ("6", "Front Desk")
    assert who_came(journey, "ada@example.org", journey.codes["ada@example.org"]) == ("7", "Ada Abara")


PAIRS = [
    ("stra\u00dfe@example.org", "strasse@example.org", "8"),
    ("strasse@example.org", "stra\u00dfe@example.org", "9"),
    ("weiss@wei\u00df.example", "weiss@weiss.example", "10"),
    ("weiss@weiss.example", "weiss@wei\u00df.example", "11"),
]


@pytest.mark.parametrize(("own", "other", "number"), PAIRS)
def test_people_whose_addresses_only_look_alike_are_two(journey: Journey, own: str, other: str, number: str) -> None:
    mailed = journey.codes[own.replace("wei\u00df.example", "xn--wei-7ka.example")]
    assert who_came(journey, own, mailed)[0] == number

    office = journey.office
    form = office.choose([office.times()[0].key])
    with nothing_changes(office.world):
        answer = office.post("/book", office.fill(form, mode="phone", proof="code", email=other, code=mailed))
    assert problems(answer) == [sentences.refused(), "See your email above."]


@pytest.mark.parametrize("typed", ["vera@", "@example.org", "Vera <@vera>", "vera@exam ple.org", "vera@\u2603", "@"])
def test_what_is_no_address_is_answered_like_an_unknown_one(journey: Journey, typed: str) -> None:
    office = journey.office
    form, code = office.choose([office.times()[0].key]), journey.codes["vera@example.org"]
    with nothing_changes(office.world):
        answer = office.post("/book", office.fill(form, mode="phone", proof="code", email=typed, code=code))
    assert (answer.status, kind(answer)) == (200, "form")
    assert problems(answer) == [sentences.refused(), "See your email above."]


def test_a_list_of_one_person_ten_times_is_one_person(journey: Journey) -> None:
    """Refused as too small for the office in place: a repeat counts for nobody."""
    again = "Work Email,Constituency\n" + "vera@example.org,Staff\n" * 10
    with nothing_changes(journey.office.world):
        found = run(journey.office.world, "roster", "import", "-", content=again)
    assert found.exit_code == 1
    assert "The file has 1 people, the roster in place has 10" in found.stderr
