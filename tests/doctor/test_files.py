"""Who may read the office's files, and what should not lie beside them."""

from pathlib import Path

import pytest

from portal.doctor.files import Entry, about_modes, about_names, about_owners, about_parents
from portal.doctor.machine import Machine
from tests.cast import World
from tests.doctor.healthy import found_in, grave, said

OFFICE = Path("/srv/office")
FOLDER = Entry(OFFICE, 0o700, 7)
OPEN_WAY = [Entry(Path("/srv"), 0o755, 0), Entry(Path("/"), 0o755, 0)]


def secrets_with(mode: int, owner: int = 7) -> Entry:
    return Entry(OFFICE / "secrets.toml", mode, owner)


@pytest.mark.parametrize("name", ["", "secrets.toml", "desk.db", "keys.db", "site.db", "roster.db"])
@pytest.mark.parametrize("mode", [0o040, 0o004, 0o020])
def test_a_file_with_an_open_mode_is_found(healthy: World, on: Machine, name: str, mode: int) -> None:
    path = healthy.instance / name if name else healthy.instance
    path.chmod(path.stat().st_mode | mode)
    (found,) = found_in(healthy, on)

    assert found.startswith(f"{path} could be read by others on this machine")


@pytest.mark.parametrize(("mode", "is_found"), [(0o644, False), (0o660, True), (0o602, True)])
def test_settings_may_be_read_but_not_changed(healthy: World, on: Machine, mode: int, *, is_found: bool) -> None:
    path = healthy.instance / "portal.toml"
    path.chmod(mode)

    assert found_in(healthy, on) == [f"{path} can be changed by others on this machine."] * is_found


def test_an_open_way_to_an_open_file_is_told_apart_from_a_shut_one() -> None:
    (shut,) = about_modes(FOLDER, [secrets_with(0o644)], OPEN_WAY)
    assert shut.what.endswith("could be read by others on this machine: only the folder around it keeps them out.")

    folder = Entry(OFFICE, 0o755, 7)
    of_folder, of_file = about_modes(folder, [secrets_with(0o644)], OPEN_WAY)
    assert of_folder.what == "/srv/office can be read by others on this machine."
    assert of_file.what == "/srv/office/secrets.toml can be read by others on this machine."
    assert of_file.what_to_do == "chmod go-rwx /srv/office/secrets.toml"

    closed_above = [Entry(Path("/srv"), 0o700, 0), Entry(Path("/"), 0o755, 0)]
    assert all("could be read" in each.what for each in about_modes(folder, [secrets_with(0o644)], closed_above))


def test_closed_files_in_a_closed_folder_are_well() -> None:
    assert list(about_modes(FOLDER, [secrets_with(0o600)], OPEN_WAY)) == []
    assert list(about_owners(FOLDER, [secrets_with(0o600)])) == []
    assert list(about_parents(OPEN_WAY)) == []


def test_a_file_that_root_made_is_found() -> None:
    (found,) = about_owners(FOLDER, [secrets_with(0o600, owner=0)])

    assert "belongs to another user" in found.what
    assert found.what_to_do == "chown --reference=/srv/office /srv/office/secrets.toml"


@pytest.mark.parametrize(("mode", "is_found"), [(0o777, True), (0o1777, False), (0o775, False), (0o755, False)])
def test_a_folder_above_that_anybody_changes_is_found(mode: int, *, is_found: bool) -> None:
    """The sticky bit keeps others from moving what is not theirs."""
    assert grave(about_parents([Entry(Path("/srv"), mode, 0)])) == [True] * is_found


def test_a_folder_above_is_looked_at_in_a_real_office(healthy: World, on: Machine) -> None:
    healthy.instance.parent.chmod(0o777)

    (found,) = found_in(healthy, on)
    assert found.startswith(f"Anybody on this machine can change {healthy.instance.parent}, and so put another folder")


@pytest.mark.parametrize(
    "name",
    [
        "secrets.toml~",
        ".secrets.toml.swp",
        "secrets.toml.bak",
        "secrets.toml.2026",
        "Secrets (copy).toml",
        "#secrets.toml#",
    ],
)
def test_a_copy_of_the_secrets_is_found(healthy: World, on: Machine, name: str) -> None:
    path = healthy.instance / name
    path.write_text("")
    (found,) = found_in(healthy, on)

    assert found.startswith("A copy of the server's secrets lies in ")
    assert name in found


def test_a_copy_in_a_folder_below_is_found_and_its_name_is_quoted() -> None:
    (found,) = about_names(OFFICE, ["my backup/secrets.toml"])

    assert found.what_to_do == "shred -u '/srv/office/my backup/secrets.toml'"


@pytest.mark.parametrize(
    "name", ["keys.db.bak", "desk.db~", ".roster.db.swp", "desk-old.db", "backup/keys.db", "site.db.1"]
)
def test_a_copy_of_a_store_is_found(name: str) -> None:
    (found,) = about_names(OFFICE, [name])

    assert found.what.startswith("A copy of a store lies in ")
    assert found.is_grave


@pytest.mark.parametrize("name", ["staff.csv", "export/STAFF.XLSX", "codes.csv", "people.tsv"])
def test_a_list_of_people_is_found(name: str) -> None:
    (found,) = about_names(OFFICE, [name])

    assert found.what.endswith("looks like a list of people.")
    assert "portal roster import -" in found.what_to_do


def test_what_belongs_in_an_office_is_well() -> None:
    stores = [f"{name}.db{more}" for name in ("desk", "keys", "site", "roster") for more in ("", "-journal")]
    names = ["portal.toml", "secrets.toml", "serving.lock", *stores, "roster.db.new", "roster.db.staging", "notes.txt"]

    assert list(about_names(OFFICE, names)) == []


def test_a_demo_is_no_office_for_real_people() -> None:
    assert said(about_names(OFFICE, ["what-to-try.json"])) == [
        "This is a demo office: its keys lie in what-to-try.json."
    ]
