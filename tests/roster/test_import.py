import gc
import sqlite3
import tracemalloc
from pathlib import Path

import pytest

from portal.errors import CannotOpen
from portal.roster import service
from portal.roster.rules import FileRefused, ImportReport
from portal.roster.store import only_import
from portal.sealing import keys
from tests.roster.staff_cast import Crowd, Office

HEADING = "Work Email,Constituency,Department,Start Date,Date of Birth,First Name"


def columns(office: Office, column: str) -> list[bytes]:
    with sqlite3.connect(office.roster) as roster:
        return [value for (value,) in roster.execute(f"SELECT {column} FROM person")]  # noqa: S608 - names in this file


def test_each_part_opens_alone_and_says_only_its_own(office: Office, fixtures: Path) -> None:
    office.bring(fixtures / "plain.csv")
    group, attributes, identity = office.profile("vera.lindqvist@example.org")
    assert group == {"constituency": "other"}
    assert attributes == {"department": "other", "tenure": "other"}
    assert identity == {
        "first": "Vera",
        "last": "Lindqvist",
        "id": "0007",
        "supervisor": "Haddad, Mei-Lin",
        "email": "vera.lindqvist@example.org",
    }


def test_values_of_25_people_stay_and_rarer_ones_become_other(office: Office, crowd: Crowd) -> None:
    rows = [crowd(25, HEADING, "Staff,Physics,2024-05-01,1980-01-01,Ada")]
    rows += [f"f{number}@example.org,Faculty,History,2012-05-01,1960-01-01,Ada" for number in range(24)]
    report = office.bring("\n".join(rows))
    assert report.coarsened == {"constituency": 1, "department": 1, "tenure": 1, "age": 1}
    assert office.profile("person3@example.org")[:2] == (
        {"constituency": "Staff"},
        {"department": "Physics", "tenure": "1\N{EN DASH}3 years", "age": "40\N{EN DASH}49"},
    )
    assert office.profile("f3@example.org")[:2] == (
        {"constituency": "other"},
        {"department": "other", "tenure": "other", "age": "other"},
    )
    assert service.facts(office.roster).groups == {"Staff": 25}


def test_others_are_counted_together_when_they_are_enough(office: Office, crowd: Crowd) -> None:
    rows = [crowd(30, HEADING, "Staff,Physics,,,")]
    rows += [f"g{number}@example.org,Group {number % 3},Physics,,," for number in range(27)]
    office.bring("\n".join(rows))
    assert service.facts(office.roster).groups == {"Staff": 30, "other": 27}


def test_a_few_empty_cells_do_not_point_at_anybody(office: Office, crowd: Crowd) -> None:
    rows = [crowd(30, HEADING, "Staff,Physics,,,"), "vera@example.org,Staff,,,,Vera"]
    office.bring("\n".join(rows))
    assert office.profile("vera@example.org")[1] == {"department": "other"}
    assert office.profile("person1@example.org")[1] == {"department": "Physics"}


def test_facts_name_the_fields_and_the_day_in_the_office(office: Office, fixtures: Path) -> None:
    assert service.facts(office.roster) is None
    office.bring(fixtures / "messy_addresses.csv")
    facts = service.facts(office.roster)
    assert (facts.people, facts.imported_on.isoformat(), facts.groups) == (7, "2026-11-03", {})
    assert facts.fields == ("constituency", "id", "email", "other_emails")


def test_every_address_of_a_person_leads_to_one_profile(office: Office, fixtures: Path) -> None:
    office.bring(fixtures / "messy_addresses.csv")
    profile = office.profile("ada@example.org")
    assert profile == office.profile("FrontDesk@old.example")
    assert profile[2] == {"id": "6", "email": "frontdesk@example.org", "other_emails": "ada@example.org"}
    assert office.profile("ravi@example.org")[2]["id"] == "7"
    assert office.profile("ingrid@example.org")[0] == {"constituency": "other"}


def test_rows_are_of_one_length_and_in_the_order_of_their_hashes(office: Office, crowd: Crowd) -> None:
    rows = [crowd(40), "vera@example.org," + "Very long name of a group " * 9 + "," + "Département “Ψ” " * 90]
    office.bring("\n".join(rows))
    for column, length in (("hash", 16), ('"group"', 92), ("attributes", 668), ("identity", 540), ("fits", 2)):
        assert {len(value) for value in columns(office, column)} == {length}
    assert columns(office, "hash") == sorted(columns(office, "hash"))
    assert len(set(columns(office, '"group"'))) == 41


def test_long_values_are_cut_between_letters_and_counted(office: Office) -> None:
    heading = "Work Email,Constituency,First Name,Last Name,Supervisor,Job Title,Work phone"
    long, backslashes = "é" * 300, "\\" * 400
    group = "Ψ" * 30
    rows = [heading, f'vera@example.org,{group},{long},Lindqvist,"{long}""",{backslashes},12']
    report = office.bring("\n".join(rows + [f"p{number}@example.org,{group},Ada,,,," for number in range(25)]))
    assert report.shortened == 26 + 3
    kept, _, identity = office.profile("vera@example.org")
    assert kept == {"constituency": "Ψ" * 20}
    assert service.facts(office.roster).groups == {"Ψ" * 20: 26}
    assert identity["last"] == "Lindqvist"
    assert set(identity["first"]) == {"é"}
    assert identity["email"] == "vera@example.org"


def test_the_file_tells_no_name_and_belongs_to_the_server_alone(office: Office, fixtures: Path) -> None:
    office.bring(fixtures / "plain.csv")
    content = office.roster.read_bytes().lower()
    assert not any(word in content for word in (b"vera", b"lindqvist", b"example.org", b"physics", b"faculty", b"0007"))
    assert office.roster.stat().st_mode & 0o777 == 0o600
    assert list(office.files()) == ["roster.db"]


def test_only_the_office_key_opens_an_import_and_no_part_opens_as_another(office: Office, fixtures: Path) -> None:
    office.bring(fixtures / "plain.csv")
    parts = office.check("vera.lindqvist@example.org").parts
    with pytest.raises(CannotOpen):
        service.open_import_key(parts.sealed_key, parts.import_id, keys.new_private())
    key = service.open_import_key(parts.sealed_key, parts.import_id, office.private)
    with pytest.raises(CannotOpen):
        service.open_group(parts.identity, key, parts.import_id)
    with pytest.raises(CannotOpen):
        service.open_identity(parts.identity, key, "0" * 16)


def test_a_new_import_replaces_everything(office: Office, fixtures: Path, crowd: Crowd) -> None:
    office.bring(fixtures / "plain.csv")
    before = office.check("vera.lindqvist@example.org").parts
    office.bring(crowd(3))
    assert office.check("vera.lindqvist@example.org").parts is None
    assert office.check("person1@example.org").parts.import_id != before.import_id


def test_a_roster_that_shrank_to_less_than_half_needs_a_word(office: Office, crowd: Crowd) -> None:
    office.bring(crowd(10))
    assert isinstance(office.bring(crowd(5)), ImportReport)
    office.bring(crowd(10))
    before = office.files()
    refused = office.bring(crowd(4))
    assert "4 people" in refused.reason
    assert "in place has 10" in refused.reason
    assert office.files() == before
    assert office.bring(crowd(4), allow_smaller=True).accepted == 4


def test_a_file_without_a_single_address_is_refused(office: Office) -> None:
    refused = office.bring("Work Email,Constituency\nvera,Staff\n,Staff\n")
    assert isinstance(refused, FileRefused)
    assert office.files() == {}


def test_the_list_of_rejected_lines_ends_at_200_and_the_count_does_not(office: Office, crowd: Crowd) -> None:
    report = office.bring(crowd(2) + "\nnobody,Staff,Physics" * 300 + "\nPERSON1@example.org,Staff,Physics" * 50)
    assert (len(report.rejected), report.rejected_total) == (200, 350)
    assert report.rejected_by_reason == {
        "not an e-mail address": 300,
        "the same address stands in an earlier line": 50,
    }


def test_no_reason_repeats_what_a_cell_says(office: Office) -> None:
    report = office.bring(
        "Work Email,Constituency\nvera@example.org,Staff\nvera@example.org,Secretname\n"
        "Secretname,Staff\na@x.org,b,Secretname"
    )
    assert len(report.rejected) == 3
    assert "Secretname" not in repr(report)
    assert "vera" not in repr(report)


def test_progress_is_told(office: Office, crowd: Crowd) -> None:
    told: list[int] = []
    office.bring(crowd(12_000), progress=told.append)
    assert told == [5000, 10_000, 12_000]


class Cut(Exception):  # noqa: N818 - the power goes
    pass


def cut(_: int) -> None:
    raise Cut


def test_an_import_that_breaks_leaves_the_roster_in_place_and_nothing_else(
    office: Office, fixtures: Path, crowd: Crowd
) -> None:
    office.bring(fixtures / "plain.csv")
    before = office.files()
    with pytest.raises(Cut):
        office.bring(crowd(6000), progress=cut)
    assert office.files() == before
    assert office.bring(crowd(6000)).accepted == 6000


def test_what_a_killed_import_left_is_cleared_by_the_next(office: Office, crowd: Crowd) -> None:
    for name in ("roster.db.new", "roster.db.staging"):
        (office.folder / name).write_bytes(b"half")
    office.bring(crowd(3))
    assert list(office.files()) == ["roster.db"]


def test_what_waits_on_disk_tells_no_name(office: Office, crowd: Crowd) -> None:
    seen: list[tuple[str, int, bytes]] = []

    def look(_: int) -> None:
        seen.extend((path.name, path.stat().st_mode & 0o777, path.read_bytes()) for path in office.folder.iterdir())

    office.bring(crowd(6000, "Work Email,Constituency,Department", "Staff,Canaryology"), progress=look)
    assert {(name, mode) for name, mode, _ in seen} == {("roster.db.staging", 0o600)}
    assert any(content for _, _, content in seen)
    assert not any(b"Canaryology" in content or b"example.org" in content for _, _, content in seen)


def test_two_imports_do_not_mix(office: Office, crowd: Crowd) -> None:
    office.bring(crowd(3))
    before = office.files()
    with only_import(office.folder) as is_alone:
        assert is_alone
        assert "Another import" in office.bring(crowd(9)).reason
    assert office.files() == before
    assert office.bring(crowd(9)).accepted == 9


def test_a_look_up_during_an_import_sees_the_old_roster(office: Office, fixtures: Path, crowd: Crowd) -> None:
    office.bring(fixtures / "plain.csv")
    found: list[service.Level] = []
    office.bring(crowd(6000), progress=lambda _: found.append(office.check("vera.lindqvist@example.org").level))
    assert set(found) == {"address"}


def test_memory_does_not_grow_with_the_number_of_people(office: Office, crowd: Crowd) -> None:
    def peak(people: int) -> int:
        content = crowd(people).encode()
        gc.collect()
        tracemalloc.start()
        office.bring(content, allow_smaller=True)
        used = tracemalloc.get_traced_memory()[1] - len(content)
        tracemalloc.stop()
        return used

    peak(100)  # whatever the first import of a process loads once is no part of the comparison
    assert peak(8000) < peak(4000) + 200_000
