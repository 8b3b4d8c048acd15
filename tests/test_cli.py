"""The operator's commands on real folders: each does its work, and says clearly what is wrong otherwise."""

import csv
import errno
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import click
import pytest
from alembic import command as steps
from click.testing import CliRunner, Result
from sqlalchemy.exc import OperationalError

from portal import clock, config, migrations
from portal.claim import claim
from portal.cli import main
from portal.db import open_engine
from portal.migrations.climbing import settings as settings_of
from portal.office import service as office
from portal.refusals import one_line_each
from portal.roster.rules import valid_periods
from portal.sqlite import store_path
from tests.cast import NED, OLA_NAME, PORTAL, START_UP, VERA, World, change_settings, free_port, staff_csv
from tests.intake.sealed import FILES, ask_desk, ask_file

Run = Callable[..., Result]


def run_in(instance: Path, *arguments: str, **more: object) -> Result:
    runner = CliRunner(env={"PORTAL_INSTANCE": str(instance), "PORT": None})
    result = runner.invoke(main, arguments, **more)  # type: ignore[arg-type]
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def run(world: World) -> Run:
    """The portal's command in Ola's office."""
    return lambda *arguments, **more: run_in(world.instance, *arguments, **more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "new"


@pytest.fixture
def empty(folder: Path) -> Path:
    """An office that nobody has joined."""
    assert run_in(folder, "init").exit_code == 0
    return folder


def content_of(world: World) -> dict[str, bytes]:
    return {name: (world.instance / name).read_bytes() for name in FILES}


def refusal(result: Result) -> str:
    """The one sentence of a command that did nothing."""
    assert result.exit_code != 0
    assert result.stdout == ""
    return result.stderr.strip()


def test_the_command_that_serves_loads_no_web_and_no_database() -> None:
    """What it becomes loads them; whoever starts the server need not wait for both."""
    heavy = "{'flask', 'gunicorn', 'sqlalchemy', 'alembic', 'cryptography'}"
    loaded = f"import sys, portal.cli; print({heavy}.intersection(sys.modules))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_help_names_every_command() -> None:
    said = CliRunner().invoke(main, ["-h"]).output

    for command in ("init", "ombuds", "roster", "slots", "tick", "serve", "doctor", "demo"):
        assert f"\n  {command} " in said


def test_init_makes_an_office_for_its_owner_only_and_says_what_comes_next(folder: Path) -> None:
    result = run_in(folder, "init", "--name", 'The "quiet" office', "--zone", "Europe/Dublin")

    assert result.exit_code == 0
    assert "portal ombuds invite" in result.stdout
    settings = config.load(folder)
    assert (settings.office_name, settings.zone.key) == ('The "quiet" office', "Europe/Dublin")
    assert {
        path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.glob("*.db"), *folder.glob("*.toml"))
    } == {
        "new": 0o700,
        **dict.fromkeys(["desk.db", "keys.db", "site.db", "portal.toml", "secrets.toml"], 0o600),
    }
    assert not any(secret.hex() in result.output for secret in vars(settings.secrets).values())


def test_init_twice_changes_nothing(empty: Path) -> None:
    before = {path.name: path.read_bytes() for path in empty.iterdir()}

    assert "holds an office already. Nothing was changed." in refusal(run_in(empty, "init", "--name", "Other"))
    assert {path.name: path.read_bytes() for path in empty.iterdir()} == before


@pytest.mark.parametrize("left", ["portal.toml", "secrets.toml"])
def test_init_never_covers_what_is_left_of_an_office(empty: Path, left: str) -> None:
    other = {"portal.toml": "secrets.toml", "secrets.toml": "portal.toml"}[left]
    (empty / other).unlink()

    assert "holds an office already" in refusal(run_in(empty, "init"))
    assert not (empty / other).exists()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (("--zone", "Europe/Atlantis"), "--zone"),
        (("--zone", ""), "--zone"),
        (("--zone", "../etc/passwd"), "--zone"),
        (("--address", "http://times.example.org"), "--address"),
        (("--address", "times.example.org"), "--address"),
        (("--address", "https://times.example.org/path"), "--address"),
        (("--name", ""), "--name"),
        (("--name", "  "), "--name"),
        (("--name", "two\nlines"), "--name"),
    ],
)
def test_init_with_a_wrong_value_makes_nothing_and_can_be_run_again(
    folder: Path, wrong: tuple[str, str], named: str
) -> None:
    said = refusal(run_in(folder, "init", *wrong))

    assert named in said
    assert not folder.exists()
    assert run_in(folder, "init").exit_code == 0


def test_init_on_a_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("kept")

    assert str(path) in refusal(run_in(path, "init"))
    assert path.read_text() == "kept"


@pytest.mark.parametrize(
    "arguments",
    [
        ("ombuds", "invite", "Ola"),
        ("roster", "import", "-"),
        ("roster", "codes", "--period", "2026-Q4", "-"),
        ("slots", "open"),
        ("tick",),
        ("serve",),
        ("doctor",),
    ],
)
def test_without_an_office_every_command_names_the_way_on(folder: Path, arguments: tuple[str, ...]) -> None:
    said = refusal(run_in(folder, *arguments, input=staff_csv(3)))

    assert "Run `portal init` first." in said
    assert not folder.exists()


def test_a_wrong_setting_stops_every_command_with_its_sentence(run: Run, world: World) -> None:
    change_settings(world.instance, lockers="lockers = 2")

    for arguments in (("tick",), ("doctor",), ("slots", "open"), ("serve",)):
        assert "storage.lockers must be a whole number" in refusal(run(*arguments))


def test_an_invitation_is_printed_once_and_replaced_by_the_next(empty: Path) -> None:
    first, second = (run_in(empty, "ombuds", "invite", " Ola Brandt ") for _ in range(2))
    codes = [each.stdout.splitlines()[0].removeprefix("Joining code for Ola Brandt: ") for each in (first, second)]

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert codes[0] != codes[1]
    assert "/desk/join" in first.stdout
    assert ask_file(empty / "desk.db", "SELECT name, state FROM ombuds") == [("Ola Brandt", 7)]


def test_whoever_has_joined_is_not_invited_again(run: Run, world: World) -> None:
    before = content_of(world)

    assert "has joined already. Nothing was changed." in refusal(run("ombuds", "invite", OLA_NAME))
    assert content_of(world) == before


@pytest.mark.parametrize("name", ["", "   ", "two\nlines", "x" * 81])
def test_an_invitation_needs_a_name_on_one_short_line(empty: Path, name: str) -> None:
    assert "Give the name that visitors will read" in refusal(run_in(empty, "ombuds", "invite", name))


def test_booking_with_somebody_is_closed_and_opened_again(run: Run, world: World) -> None:
    assert run("ombuds", "close", f" {OLA_NAME} ").exit_code == 0
    world.refresh()
    assert not world.offers()
    assert "Nobody can be booked" in run("doctor").stdout

    assert run("ombuds", "reopen", OLA_NAME).exit_code == 0
    world.refresh()
    assert world.offers()


@pytest.mark.parametrize("command", ["close", "reopen"])
def test_only_somebody_who_joined_is_closed_or_opened(run: Run, world: World, command: str) -> None:
    run("ombuds", "invite", "Otto Reis")
    before = content_of(world)

    for name in ("Otto Reis", "Nobody", ""):
        assert "has joined. Nothing was changed." in refusal(run("ombuds", command, name))
    assert content_of(world) == before


@pytest.mark.parametrize("port", ["0", "65536", "web", "-1"])
def test_a_port_that_is_none_is_refused(run: Run, port: str) -> None:
    assert "--port" in refusal(run("serve", "--port", port))


def test_a_roster_before_anybody_joined_has_no_key_to_be_sealed_to(empty: Path) -> None:
    said = refusal(run_in(empty, "roster", "import", "-", input=staff_csv(30)))

    assert "Nobody has joined yet" in said
    assert not (empty / "roster.db").exists()


def test_a_roster_comes_from_a_file_and_from_standard_input(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    path.write_bytes(staff_csv())
    from_file, from_stdin = run("roster", "import", str(path)), run("roster", "import", "-", input=staff_csv())

    assert (from_file.exit_code, from_stdin.exit_code) == (0, 0)
    assert from_file.stdout == from_stdin.stdout
    assert " accepted, 1 lines rejected." in from_file.stdout
    assert VERA.email not in from_file.output


def test_an_import_reports_to_programs_too(run: Run) -> None:
    report = json.loads(run("roster", "import", "--json", "-", input=staff_csv()).stdout)

    assert report["accepted"] >= 300
    assert report["rejected_total"] == len(report["rejected"]) == 1
    assert "department" in report["fields"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", ""),
        (b"PK\x03\x04" + bytes(200), "CSV"),
        (b"name,constituency\nOla,Staff\n", "mail"),
        (b"e-mail,constituency\n", ""),
        (staff_csv(20), "shrank"),
    ],
    ids=["empty", "xlsx", "no address column", "only headings", "half of it missing"],
)
def test_a_refused_roster_changes_nothing(run: Run, world: World, content: bytes, said: str) -> None:
    before = content_of(world)
    refused = refusal(run("roster", "import", "-", input=content))

    assert said in refused
    assert refused.endswith("The roster in place was not changed.")
    assert content_of(world) == before
    assert not list(world.instance.glob("roster.db?*"))


def test_a_smaller_roster_is_taken_when_the_operator_says_so(run: Run) -> None:
    assert run("roster", "import", "--allow-smaller", "-", input=staff_csv(20)).exit_code == 0


def test_a_missing_file_is_named(run: Run) -> None:
    for arguments in (("import", "/nowhere/staff.csv"), ("codes", "--period", "2026-Q4", "/nowhere/staff.csv")):
        assert "/nowhere/staff.csv" in refusal(run("roster", *arguments))


def test_codes_are_written_for_everybody_and_work(run: Run, world: World) -> None:
    period = valid_periods(clock.now().date())[0]
    result = run("roster", "codes", "--period", period, "-", input=staff_csv())
    lines = {line["email"]: line["code"] for line in csv.DictReader(io.StringIO(result.stdout, newline=""))}

    assert result.exit_code == 0
    assert lines[VERA.email] == world.code_of(VERA, period)
    assert NED.email not in lines
    assert f"{len(lines)} codes for {period}" in result.stderr


@pytest.mark.parametrize("period", ["2026", "2026-Q5", "Q4", "2026-q4", "next", ""])
def test_an_unknown_period_is_refused(run: Run, period: str) -> None:
    assert "a quarter like 2026-Q4" in refusal(run("roster", "codes", "--period", period, "-", input=staff_csv(3)))


def test_codes_need_a_period(run: Run) -> None:
    assert "--period" in refusal(run("roster", "codes", "-", input=staff_csv(3)))


def test_slots_are_opened_once(run: Run, world: World) -> None:
    ask_desk(world, "DELETE FROM slot")

    opened = json.loads(run("slots", "open", "--json").stdout)["opened"]
    assert opened > 100
    assert run("slots", "open").stdout == "0 new times are open.\n"


def test_tick_says_what_it_did_in_words_and_to_programs(run: Run, world: World) -> None:
    change_settings(world.instance, lockers="lockers = 10")

    assert run("tick").stdout == "0 matters ended, 0 times opened, 2 lockers made.\n"
    assert json.loads(run("tick", "--json").stdout) == {"ended": 0, "opened": 0, "lockers": 0}


def test_no_command_shows_what_opens_anything(run: Run, world: World) -> None:
    world.book(VERA, typed="amber bagpipe cabbage daybreak eagle fabric", slots=[world.offers()[1].id])
    said = "".join(
        run(*arguments).output
        for arguments in (("doctor",), ("doctor", "--json"), ("tick",), ("slots", "open"), ("ombuds", "invite", "Otto"))
    )
    with world.stores.keys.reading() as keys:
        wrapped = office.find_wrapped(keys, world.ombuds)
    assert wrapped is not None

    for secret in (world.kit.recovery, world.kit.factor, wrapped.code, *vars(world.settings.secrets).values()):
        assert secret.hex() not in said
    assert VERA.email not in said
    # One drawn word or two may stand in any sentence by chance; three of six do not.
    for typed in (world.kit.passphrase, "amber bagpipe cabbage daybreak eagle fabric"):
        assert len(set(typed.split()) & set(re.findall(r"[a-z]+", said))) < 3


def test_flask_runs_the_commands_before_there_is_an_office(folder: Path) -> None:
    flask = [str(Path(sys.executable).parent / "flask"), "--app", "portal"]
    environment = {"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(folder), "LANG": "C.UTF-8"}

    made = subprocess.run([*flask, "init"], env=environment, capture_output=True, text=True, check=False, timeout=60)
    again = subprocess.run([*flask, "tick"], env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert (made.returncode, made.stderr) == (0, "")
    assert f"A new office is in {folder}." in made.stdout
    assert (again.returncode, again.stdout) == (0, "0 matters ended, 0 times opened, 0 lockers made.\n")


def make_older(instance: Path) -> None:
    """The site store as the first portal made it."""
    path = store_path(instance, "site")
    path.unlink()
    engine = open_engine(path)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        steps.upgrade(settings_of("site", connection), "site_0001")
    engine.dispose()


def test_a_second_server_is_refused_before_it_changes_anything(run: Run, world: World) -> None:
    """No step, and no daily job, which is due here."""
    make_older(world.instance)
    before = content_of(world)

    with claim(world.instance):
        assert "Another server is running on" in refusal(run("serve"))

    assert content_of(world) == before
    assert migrations.due(world.instance) == ["site"]


@pytest.mark.parametrize("arguments", [("tick",), ("slots", "open"), ("ombuds", "invite", "Otto Reis")])
def test_no_command_changes_the_shape_of_the_stores_under_a_running_server(
    run: Run, world: World, arguments: tuple[str, ...]
) -> None:
    with claim(world.instance):
        assert run(*arguments).exit_code == 0, "without a step to take it runs beside the server"
    make_older(world.instance)
    before = content_of(world)

    with claim(world.instance):
        said = refusal(run(*arguments))
    assert said == ("Error: The server is running with an older shape of the stores. Stop it, then run this again.")
    assert content_of(world) == before

    assert run(*arguments).exit_code == 0, "the server was stopped"
    assert migrations.due(world.instance) == []


def test_a_clock_that_may_be_wrong_stops_the_start(world: World) -> None:
    """By the command itself: what it becomes is what refuses."""
    long_ago = clock.now().date() - timedelta(days=60)
    ask_desk(world, "INSERT INTO diary VALUES (1, ?)", str(long_ago))
    before = content_of(world)

    done = subprocess.run(
        [PORTAL, "serve", "--port", str(free_port())],
        env={"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(world.instance)},
        capture_output=True,
        text=True,
        timeout=START_UP,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: The daily job last ran on")
    assert done.stderr.endswith("portal tick --catch-up\n")
    assert content_of(world) == before


def test_a_damaged_store_is_one_line(run: Run, world: World) -> None:
    path = store_path(world.instance, "desk")
    path.write_bytes(b"no store at all " * 1000)

    for arguments in (("tick",), ("serve",), ("ombuds", "invite", "Otto Reis")):
        assert refusal(run(*arguments)) == "Error: A store is damaged. Run portal doctor, which says which one."


def test_a_lock_that_cannot_be_opened_is_one_line(run: Run, world: World) -> None:
    lock = world.instance / "serving.lock"
    lock.mkdir()  # as good as one of somebody else's, and root is refused too

    assert refusal(run("serve")).startswith(f"Error: {lock}: Is a directory. Run this as the user that owns")


def fail_as(kind: str, path: Path) -> None:
    """What SQLite itself says: a store that is locked, full, or only to be read."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
        if kind == "busy":
            with closing(sqlite3.connect(path, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                connection.execute("BEGIN IMMEDIATE")
        elif kind == "full":
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count={pages}")
            connection.execute("CREATE TABLE planted AS SELECT zeroblob(100000) AS vera")
        elif kind == "read only":
            connection.execute("PRAGMA query_only=ON")
            connection.execute("CREATE TABLE vera (vera)")
        else:
            connection.execute("SELECT vera FROM nowhere")


@pytest.mark.parametrize("is_wrapped", [False, True], ids=["by SQLite", "by SQLAlchemy"])
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("busy", "A store is busy"),
        ("full", "The disk is full. Make room"),
        ("read only", "A store cannot be written. Run this as the user"),
        ("other", "A store did not do what it was asked. Run portal doctor"),
    ],
)
def test_what_a_store_refuses_is_one_kind_line(world: World, kind: str, said: str, *, is_wrapped: bool) -> None:
    with pytest.raises(sqlite3.OperationalError) as failed:
        fail_as(kind, store_path(world.instance, "site"))
    error = OperationalError("SELECT vera", {}, failed.value) if is_wrapped else failed.value
    with pytest.raises(click.ClickException) as refused, one_line_each():
        raise error

    assert refused.value.message.startswith(said)
    assert "vera" not in refused.value.message
    assert "\n" not in refused.value.message


def test_a_full_disk_and_a_foreign_file_are_one_kind_line() -> None:
    for error, said in (
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full. Make room"),
        (
            PermissionError(errno.EACCES, "Permission denied", "/office/serving.lock"),
            "/office/serving.lock: Permission",
        ),
    ):
        with pytest.raises(click.ClickException) as refused, one_line_each():
            raise error
        assert refused.value.message.startswith(said)


def test_a_bug_and_a_closed_pipe_are_no_refusals() -> None:
    for error in (RuntimeError("a bug"), BrokenPipeError()):
        with pytest.raises(type(error)), one_line_each():
            raise error
