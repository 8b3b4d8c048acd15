"""Codes that are old, early, somebody else's or mistyped: at the form, with the codes that were really mailed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import clock
from portal.config import Settings
from portal.intake import sentences
from portal.roster import service as roster
from portal.roster.rules import Claim, Eligible, Refused, period_of, valid_periods
from portal.sealing import symbols
from tests.bad_input.inside import Inside, nothing_changes, open_office
from tests.cast import MEI, NED, TOMAS, VERA, Person, World, change_settings, staff
from tests.intake.pages_cast import kind, problems, values_of
from tests.visiting import Answer

pytestmark = pytest.mark.xdist_group("bad_codes")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
REFUSED = [sentences.refused(), "See your email above."]


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Inside:
    return open_office(first_world, tmp_path_factory.mktemp("codes"))


def claim(office: Inside, email: str, code: str) -> Answer:
    form = office.choose([office.times()[0].key])
    return office.post("/book", office.fill(form, mode="phone", proof="code", email=email, code=code))


def refused_claim(office: Inside, email: str, code: str) -> list[str]:
    """What is said; the form is there with what was typed, and nothing was changed."""
    form = office.choose([office.times()[0].key])
    with nothing_changes(office.world):
        answer = office.post("/book", office.fill(form, mode="phone", proof="code", email=email, code=code))
    assert (answer.status, kind(answer)) == (200, "form")
    assert (values_of(answer)["email"], values_of(answer)["code"]) == (email, code.strip())
    return problems(answer)


def periods(quarters: int) -> str:
    """The quarter so many before (or after) this one."""
    today = clock.now().date()
    number = today.year * 4 + (today.month - 1) // 3 + quarters
    return f"{number // 4:04}-Q{number % 4 + 1}"


def with_zero_and_one(office: Inside) -> tuple[Person, str]:
    """Somebody whose mailed code has both a nought and a one in it."""
    for person in staff():
        code = office.world.code_of(person)
        if "0" in code and "1" in code:
            return person, code
    raise AssertionError("among 300 people there is one")


@pytest.mark.parametrize("quarters", [-2, -3, -8, 2, 4])
def test_codes_of_quarters_long_past_or_to_come_are_refused_kindly(office: Inside, quarters: int) -> None:
    period = periods(quarters)
    assert period not in valid_periods(clock.now().date())
    assert refused_claim(office, VERA.email, office.world.code_of(VERA, period)) == REFUSED


def test_the_code_of_the_next_quarter_is_taken_only_when_it_was_mailed_already(office: Inside) -> None:
    today, code = clock.now().date(), office.world.code_of(VERA, periods(1))
    if periods(1) in valid_periods(today):
        assert kind(claim(office, VERA.email, code)) == "receipt"
    else:
        assert refused_claim(office, VERA.email, code) == REFUSED


@pytest.mark.parametrize("other", [TOMAS, MEI, NED], ids=lambda each: each.name.split()[0])
def test_the_code_of_another_person_is_refused_like_an_unknown_address(office: Inside, other: Person) -> None:
    assert refused_claim(office, VERA.email, office.world.code_of(other)) == REFUSED
    assert refused_claim(office, other.email, office.world.code_of(VERA)) == REFUSED
    assert refused_claim(office, NED.email, office.world.code_of(NED)) == REFUSED


SPELLINGS = {
    "letters for digits": lambda code: code.replace("0", "O").replace("1", "I"),
    "small letters for digits": lambda code: code.lower().replace("0", "o").replace("1", "l"),
    "lower case": str.lower,
    "without groups": lambda code: code.replace("-", ""),
    "other groups": lambda code: " ".join(code.replace("-", "")),
    "dashes": lambda code: code.replace("-", "\u2013"),
    "a full stop behind": lambda code: f" {code}. ",
    "wide letters": lambda code: "".join(chr(ord(each) + 0xFEE0) for each in code),
    "what nobody sees": lambda code: f"\u200b{code}\ufeff",
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_a_code_may_be_typed_as_the_eye_reads_it(office: Inside, spell: "object") -> None:
    person, code = with_zero_and_one(office)
    assert callable(spell)
    assert kind(claim(office, person.email, spell(code))) == "receipt"


def swapped(code: str) -> str:
    """Two neighbours that differ, the other way round."""
    bare = code.replace("-", "")
    at = next(place for place in range(10) if bare[place] != bare[place + 1])
    return bare[:at] + bare[at + 1] + bare[at] + bare[at + 2 :]


SLIPS = {
    "one wrong": lambda code: ("Z" if code[0] != "Z" else "Y") + code[1:],
    "two swapped": swapped,
    "one too few": lambda code: code[:-1],
    "one too many": lambda code: code + "7",
    "half of it": lambda code: code[:6],
    "a U, which no code has": lambda code: "U" + code[1:],
    "twice": lambda code: code + code,
    "a word": lambda _code: "forgotten",
    "marks": lambda _code: "----",
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_slip_is_told_beside_the_code_and_says_nothing_of_the_address(office: Inside, slip: "object") -> None:
    assert callable(slip)
    typed = slip(office.world.code_of(VERA))
    told = refused_claim(office, VERA.email, typed)
    assert told == [sentences.misread_code(typed)]
    assert refused_claim(office, NED.email, typed) == told


def test_the_mailed_code_is_taken(office: Inside) -> None:
    """The planted fault: a refusal of everything would pass most of the tests above."""
    assert kind(claim(office, VERA.email, office.world.code_of(VERA))) == "receipt"
    with pytest.raises(AssertionError):
        refused_claim(office, MEI.email, office.world.code_of(MEI))


def known(settings: Settings, code: str, now: datetime) -> object:
    return roster.check_claim(settings.roster, Claim(VERA.email, code, "code"), settings=settings, now=now)


@pytest.mark.parametrize(("year", "month"), [(2026, 10), (2027, 1), (2027, 4), (2028, 4), (2028, 7)])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_codes_change_at_the_border_of_a_quarter_in_the_offices_own_time(
    first_world: World, world: World, year: int, month: int, zone: str
) -> None:
    """New codes hold from fourteen days before; old ones for thirty days, to the second, whatever the clock did."""
    change_settings(world.instance, zone=f'zone = "{zone}"')
    world.refresh()
    border = datetime(year, month, 1, tzinfo=ZoneInfo(zone))
    new, old, older = (first_world.code_of(VERA, period_of((border + days * DAY).date())) for days in (5, -5, -100))

    def taken(wall: datetime) -> list[bool]:
        now = wall.astimezone(UTC)
        found = [known(world.settings, code, now) for code in (older, old, new)]
        assert all(isinstance(each, Eligible | Refused) for each in found)
        return [isinstance(each, Eligible) for each in found]

    assert taken(border - 14 * DAY - SECOND) == [False, True, False]
    assert taken(border - 14 * DAY) == [False, True, True]
    assert taken(border - SECOND) == [False, True, True]
    assert taken(border) == [False, True, True]
    assert taken(border + 30 * DAY - SECOND) == [False, True, True]
    assert taken(border + 30 * DAY) == [False, False, True]
    assert taken(border) == [False, True, True], "set back, the clock opens what it opened before and no more"


def test_every_code_that_is_read_has_its_check_symbol(office: Inside) -> None:
    assert symbols.is_checked(office.world.code_of(VERA).replace("-", ""))
