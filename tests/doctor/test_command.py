"""The real command: what it prints, how it ends, and that it leaves everything as it was."""

import copy
import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.doctor.machine import Machine
from tests.cast import World, change_settings
from tests.doctor.healthy import found_in, of_the_office, of_this_machine, run_in
from tests.intake.sealed import ask_file


def state_of(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Every file with its bytes, the time of its last change and its mode."""
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refusal(instance: Path, *arguments: str) -> str:
    result = run_in(instance, "doctor", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.strip().splitlines()) == 1
    return result.stderr.strip()


def test_a_whole_office_on_a_quiet_machine_gets_no_word(healthy: World, on: Machine) -> None:
    assert found_in(healthy, on) == []


def test_a_whole_office_ends_well_as_far_as_this_machine_does(healthy: World) -> None:
    result = run_in(healthy.instance, "doctor")

    assert of_the_office(healthy.instance) == []
    assert result.exit_code == any(each.is_grave for each in of_this_machine(healthy.instance))
    assert (result.stdout == "All is well.\n") == (not of_this_machine(healthy.instance))


def test_something_grave_ends_with_one_and_stands_first(healthy: World) -> None:
    change_settings(healthy.instance, phone='phone = ""', address='address = "http://localhost:8000"')
    words, printed = (run_in(healthy.instance, "doctor", *more) for more in ((), ("--json",)))
    graveness = [each["is_grave"] for each in json.loads(printed.stdout)]

    assert (words.exit_code, printed.exit_code) == (1, 1)
    assert graveness == sorted(graveness, reverse=True)
    assert [each["is_grave"] for each in of_the_office(healthy.instance)] == [True, False]
    assert "! office.phone is empty. Do not open the site to the public like this.\n    Fill it in" in words.stdout
    assert "\n- The address is plain http" in words.stdout


def test_a_remark_alone_is_no_failure(healthy: World) -> None:
    change_settings(healthy.instance, address='address = "http://localhost:8000"')

    assert [each["is_grave"] for each in of_the_office(healthy.instance)] == [False]
    assert run_in(healthy.instance, "doctor").exit_code == any(
        each.is_grave for each in of_this_machine(healthy.instance)
    )


def test_a_program_reads_a_list_of_three_things_each(healthy: World) -> None:
    change_settings(healthy.instance, phone='phone = ""')
    printed = json.loads(run_in(healthy.instance, "doctor", "--json").stdout)

    assert printed
    for each in printed:
        assert {name: type(value) for name, value in each.items()} == {
            "what": str,
            "what_to_do": str,
            "is_grave": bool,
        }
        assert each["what"].strip()
        assert each["what_to_do"].strip()


@pytest.mark.parametrize("wrong", ["--jsn", "nothing-of-the-kind", "--json=yes"])
def test_wrong_use_ends_with_two(healthy: World, wrong: str) -> None:
    result = run_in(healthy.instance, "doctor", wrong)

    assert (result.exit_code, result.stdout) == (2, "")


def test_doctor_takes_commands_of_its_own_and_asks_for_json_behind_them(healthy: World) -> None:
    group = copy.copy(main.get_command(click.Context(main), "doctor"))
    assert isinstance(group, click.Group)
    group.commands = {"pulse": click.Command("pulse", callback=lambda: click.echo("seventy"))}
    runner = CliRunner(env={"PORTAL_INSTANCE": str(healthy.instance)})

    alone, before = (runner.invoke(group, arguments) for arguments in (["pulse"], ["--json", "pulse"]))
    assert (alone.exit_code, alone.stdout) == (0, "seventy\n")
    assert (before.exit_code, before.stdout) == (2, "")
    assert "Give --json behind pulse." in before.stderr


def test_the_doctor_changes_nothing(healthy: World) -> None:
    before = state_of(healthy.instance)

    run_in(healthy.instance, "doctor")
    run_in(healthy.instance, "doctor", "--json")
    assert state_of(healthy.instance) == before


def test_the_doctor_does_not_cure_what_it_finds(healthy: World) -> None:
    """Any other command would take the store out of this mode by opening it."""
    ask_file(healthy.instance / "desk.db", "PRAGMA journal_mode=WAL")
    before = state_of(healthy.instance)

    assert "write-ahead log" in run_in(healthy.instance, "doctor").stdout
    assert state_of(healthy.instance) == before


def test_an_office_that_nobody_joined_is_told_whom_to_ask(tmp_path: Path) -> None:
    assert run_in(tmp_path / "new", "init").exit_code == 0
    found = {str(each["what"]).split(":")[0]: each for each in of_the_office(tmp_path / "new")}

    assert {"Nobody can be booked", "There is no roster", "The daily job has never run"} <= found.keys()
    assert "portal ombuds invite" in str(found["Nobody can be booked"]["what_to_do"])


def test_no_store_is_made_in_the_place_of_a_lost_one(healthy: World) -> None:
    (healthy.instance / "keys.db").unlink()
    assert "keys.db is missing" in refusal(healthy.instance)

    for name in ("desk.db", "site.db"):
        (healthy.instance / name).unlink()
    assert "desk.db, keys.db, site.db is missing" in refusal(healthy.instance, "--json")
    assert not list(healthy.instance.glob("[dks]*.db"))


@pytest.mark.parametrize("name", ["portal.toml", "secrets.toml"])
def test_settings_and_secrets_that_are_missing_or_spoilt_are_one_clear_line(healthy: World, name: str) -> None:
    (healthy.instance / name).write_text("not = [toml")
    assert f"{name} is not valid TOML" in refusal(healthy.instance)

    (healthy.instance / name).unlink()
    assert "Run `portal init` first." in refusal(healthy.instance)


@pytest.mark.parametrize("name", ["desk.db", "roster.db"])
def test_a_store_that_cannot_be_read_is_one_clear_line(healthy: World, name: str) -> None:
    (healthy.instance / name).unlink()
    (healthy.instance / name).mkdir()

    assert f"{name} cannot be read" in refusal(healthy.instance)
