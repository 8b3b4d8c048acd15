"""The staff of a university that does not exist, as its personnel system would export them: messy."""

import csv
import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TextIO

from portal.config import Settings
from portal.roster import codes
from portal.roster.rules import hash_of, valid_periods
from portal.sealing import symbols

_FIRST = """Amara Anneke Arjun Beatriz Bilal Chiara Dagny Daniel Dao Efua Elif Emeka Farid Fatima Freya Gabriel Hana
    Hiroshi Idris Ines Ingrid Ioana Jamal Jasmin Jonas José Kalani Keiko Kofi Lars Leila Liam Lucía Luka Mariam Mateo
    Mette Mika Nadia Naoko Ngozi Noor Oluwaseun Omar Paolo Petra Priya Rafael Ravi Rosa Sanna Santiago Sipho Siobhán
    Soraya Stefan Sunita Søren Tala Tariq Thandiwe Viktor Wanjiru Wei Xiomara Yusuf Zainab Zoë""".split()  # noqa: SIM905 - names read best without quotes
_LAST = """Abara Adeyemi Almeida Andersen Aziz Bakker Banerjee Bianchi Blackwood Boateng Castillo Chaudhry Chen Costa
    Dahl Delgado Demir Dubois Eriksen Fernández Fischer Gallagher Gupta Hashimoto Hernández Hoang Horvat Ibrahim
    Iyer Jansen Kamau Karlsson Kaya Kim Kowalska Lefèvre Mahlangu Mbeki Mendes Moreau Müller Nakamura Ndiaye Nguyen
    Novak O'Sullivan Obi Ortega Osei Park Pereira Quispe Rahman Reyes Rossi Saito Salazar Sato Silva Singh Suzuki
    Takahashi Tamm Torres Tran Vargas Virtanen Weiss Yamamoto Yilmaz Zhang""".split()  # noqa: SIM905 - the same
_CONSTITUENCIES = (
    ("Staff", 42),
    ("Faculty", 20),
    ("Graduate student", 18),
    ("Postdoctoral researcher", 9),
    ("Contractor", 7),
    ("Student employee", 4),
    ("Visiting scholar", 0.4),
)
_DEPARTMENTS = {
    "Faculty of Science": ("Physics", "Chemistry", "Life Sciences", "Mathematics & Statistics"),
    "Faculty of Humanities": ("History", "Languages, Literature", "Philosophy"),
    "School of Medicine": ("Nursing", "Surgery", "Public Health", "Medical Imaging"),
    "Operations": ("Facilities", "Dining Services", "Campus Safety", "Information Technology"),
    "Administration": ("Human Resources", "Finance", "Registrar", "Communications"),
}
_ROLES = (("Individual contributor", 78), ("Manager", 17), ("Senior leadership", 4), ("Board", 0.3))
_TITLES = ("Analyst", "Coordinator", "Lecturer", "Nurse", "Technician", "Professor", "Assistant", 'Specialist ("II")')
_LOCATIONS = (("Main Campus", 70), ("Harbour Campus", 22), ("Hospital", 7), ("Field Station", 0.5))
_GENDERS = (("Female", 49), ("Male", 47), ("Non-binary", 2), ("", 2))
_RACES = (("White", 40), ("Black", 18), ("Asian", 18), ("Latino/a", 14), ("Multiracial", 5), ("Indigenous", 1), ("", 4))
_HEADINGS = (
    "Unique ID",
    "LAST NAME",
    "First Name ",
    "Dept.",
    "Work E-mail",
    "Supervisor's Name",
    "constituency",
    "Start date or tenure at organization",
    "Larger governing unit of department",
    "Role",
    "Job Title",
    "Location",
    "Work phone",
    "Gender",
    "Race/ethnicity",
    "Age/generation",
    "Other Work Email",
    "Payroll run",
)
_DAYS_OF_SERVICE = 9000
_NEWEST_START = date(2026, 9, 1)


@dataclass(frozen=True)
class DemoPerson:
    """Somebody made up."""

    name: str
    email: str


def demo_people() -> tuple[DemoPerson, DemoPerson, DemoPerson]:
    """The three on every demo roster whose codes the demo shows."""
    return (
        DemoPerson("Vera Lindqvist", "vera.lindqvist@example.org"),
        DemoPerson("Tomás Okafor", "tomas.okafor@example.org"),
        DemoPerson("Mei-Lin Haddad", "mei-lin.haddad@example.org"),
    )


def code_of(email: str, day: date, settings: Settings) -> str:
    """A code as the mail merge of that day's quarter writes it."""
    key = codes.period_key(settings.secrets.codes, valid_periods(day)[0])
    return symbols.grouped(codes.code_of(hash_of(email, settings.secrets.roster), key))


def stranger() -> DemoPerson:
    """Somebody who is on no roster."""
    return DemoPerson("Ned Marsh", "ned.marsh@example.org")


def write_roster(out: TextIO, *, people: int = 2000, seed: int = 7) -> tuple[DemoPerson, ...]:
    """Write the same CSV for the same seed, with the three demo people somewhere in it; they are returned."""
    dice = random.Random(seed)  # noqa: S311 - nobody is hidden behind fictional names
    cast = demo_people()
    crowd = [*_crowd(dice, people - len(cast)), *cast]
    dice.shuffle(crowd)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for number, person in enumerate(crowd):
        writer.writerow(_line(dice, number, person))
    writer.writerow(["Total", *[""] * (len(_HEADINGS) - 2), people])
    return cast


def _crowd(dice: random.Random, count: int) -> list[DemoPerson]:
    taken = {person.email for person in (*demo_people(), stranger())}
    crowd: list[DemoPerson] = []
    for _ in range(count):
        first, last = dice.choice(_FIRST), dice.choice(_LAST)
        local = _ascii(f"{first}.{last}")
        email = f"{local}@example.org"
        if email in taken:
            email = f"{local}{len(crowd)}@example.org"
        taken.add(email)
        crowd.append(DemoPerson(f"{first} {last}", email))
    return crowd


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().replace("ø", "o"))
    return "".join(symbol for symbol in plain if symbol.isascii() and symbol != "'")


def _line(dice: random.Random, number: int, person: DemoPerson) -> list[str]:
    first, _, last = person.name.partition(" ")
    unit = dice.choice(list(_DEPARTMENTS))
    return [
        f"{40_000 + number * 3:08}",
        last,
        first,
        dice.choice(_DEPARTMENTS[unit]),
        _typed(dice, person.email),
        f"{dice.choice(_LAST)}, {dice.choice(_FIRST)}",
        _drawn(dice, _CONSTITUENCIES),
        _start(dice),
        unit,
        _drawn(dice, _ROLES),
        dice.choice(_TITLES),
        _drawn(dice, _LOCATIONS),
        dice.choice(["", f"+1 555 01{dice.randrange(100):02}", f"x{dice.randrange(1000, 9999)}"]),
        _drawn(dice, _GENDERS),
        _drawn(dice, _RACES),
        dice.choice(["", str(dice.randrange(20, 68)), f"{dice.randrange(1958, 2006)}-0{dice.randrange(1, 10)}-11"]),
        person.email.replace("@", "@alumni.") if dice.random() < 0.02 else "",  # noqa: PLR2004 - a few
        "2026-10",
    ]


def _typed(dice: random.Random, email: str) -> str:
    """An address as it stands in real files."""
    return dice.choice([email, email, email, email.title(), email.upper(), f" {email} ", f"{email}\u00a0"])


def _drawn(dice: random.Random, weighted: tuple[tuple[str, float], ...]) -> str:
    return dice.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]


def _start(dice: random.Random) -> str:
    start = _NEWEST_START - timedelta(days=int(dice.random() ** 2 * _DAYS_OF_SERVICE))
    return start.strftime(dice.choice(["%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y"]))
