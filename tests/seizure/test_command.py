"""`portal doctor seizure` on a running office: one page, one exit status, and nothing of the office changed."""

import json
import os
import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal import clock
from portal.cli import main
from portal.leftovers import MEMORY, PREFIX
from portal.outreach import service as outreach
from portal.outreach.service import Tried
from portal.seizure.footprint import stamps
from tests import cast
from tests.cast import MEI, PORTAL, VERA, World, serve
from tests.seizure.leaks import LEAKS
from tests.seizure.taken import FEW, booked, environment, personal, run
from tests.visiting import Visitor

pytestmark = pytest.mark.xdist_group("seizure-command")
LIST = cast.staff_csv(FEW)


def refused(instance: Path, staff: bytes) -> Result:
    result = CliRunner(env={"PORTAL_INSTANCE": str(instance)}).invoke(main, ["doctor", "seizure"], input=staff)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result


def copies() -> set[Path]:
    return {*MEMORY.glob(f"{PREFIX}*")}


def test_nobody_of_three_hundred_is_found_while_the_server_runs_on_untouched(world: World) -> None:
    server = serve(booked(world))
    try:
        before = stamps(world.instance)
        ran = run(world.instance, cast.staff_csv(300))
        assert stamps(world.instance) == before
        visitor, offers = Visitor(server.url), world.offers()
        assert Visitor.words(visitor.book(world, MEI, [offers[5].key]))
    finally:
        server.kill()
    assert (ran.status, ran.errors) == (0, "")
    lines = ran.page.splitlines()
    assert lines[0] == "Nobody was found"
    assert "a staff list of 300 people" in " ".join(ran.page.split())
    assert "0 are not on the roster" in " ".join(ran.page.split())
    assert "planted in a second copy: yes" in " ".join(ran.page.split())
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 76
    assert [line for line in lines if line.startswith(("   FOUND", "left out", "  BROKEN"))] == []
    assert ran.page.count("    fine  ") == 11
    assert not any(path.is_file() for path in world.instance.glob(f"{PREFIX}*"))
    with world.stores.site.reading() as site:
        assert outreach.last_trial(site) is None, "the office does not show it"


def test_planted_leaks_are_found_and_nobody_is_named(world: World) -> None:
    booked(world)
    for leak in LEAKS:
        leak.plant(world)
    ran = run(world.instance, LIST, "--json")
    told = json.loads(ran.page)
    assert (ran.status, ran.errors) == (1, "")
    assert (told["result"], told["found_nobody"]) == ("Somebody could be found", False)
    details = {each["check"]: " | ".join(each["details"]) for each in told["checks"]}
    for leak in LEAKS:
        assert leak.trace in details[leak.check], leak.name
    assert personal(ran.page) == []
    assert VERA.email not in ran.page


def test_a_terminal_is_told_how_to_give_the_list(world: World) -> None:
    terminal, ours = os.openpty()
    try:
        done = subprocess.run(
            [PORTAL, "doctor", "seizure"],
            stdin=ours,
            capture_output=True,
            env=environment(world.instance),
            check=False,
            timeout=60,
        )
    finally:
        os.close(terminal)
        os.close(ours)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"portal doctor seizure < staff.csv" in done.stderr


@pytest.mark.parametrize(
    ("staff", "sentence"),
    [
        (b"", "The file is empty"),
        (b"Work E-mail,Constituency\n,Staff\nnone,Staff\n", "No line of the list has an e-mail address"),
        (b"Name,Town\nVera,Oslo\n", "There is no column"),
        (b'Work E-mail,Constituency\n"vera,Staff\n', "never closed"),
    ],
)
def test_a_list_that_names_nobody_is_refused(staff: bytes, sentence: str, world: World) -> None:
    before = copies()
    result = refused(world.instance, staff)
    assert sentence in result.output
    assert "vera" not in result.output.lower()
    assert copies() <= before


def test_a_folder_that_is_no_office_is_refused(tmp_path: Path) -> None:
    assert "Run `portal init` first" in refused(tmp_path / "none", LIST).output
    assert not (tmp_path / "none").exists()


def test_a_store_that_cannot_be_read_is_no_good_news(world: World) -> None:
    world.stores.close()
    (world.instance / "desk.db").write_bytes(b"SQLite format 3\0" + bytes(4000))
    ran = CliRunner(env={"PORTAL_INSTANCE": str(world.instance)}).invoke(main, ["doctor", "seizure"], input=LIST)
    assert ran.exit_code == 2, ran.output
    assert ran.output.startswith("The test could not be finished")


def test_a_list_of_others_is_refused_kindly(world: World) -> None:
    world.stores.close()
    others = b"Work E-mail,Constituency,Name\nximena@elsewhere.example,Staff,Ximena Quill\n"
    before = copies()
    ran = run(world.instance, others)
    assert (ran.status, ran.page) == (2, "")
    assert ran.errors.startswith("Error: Nobody of the list is on this office's roster (1 people were compared)")
    assert "Send the list that you import as the roster" in ran.errors
    assert "ximena" not in ran.errors.lower()
    assert copies() <= before


def test_a_list_whose_names_nobody_can_read_is_half_a_test(world: World) -> None:
    """Dutch headings: what Vera is called is not told, and visitors are not told of such a test."""
    cast.change_settings(booked(world).instance, show_seizure_test="show_seizure_test = true")
    (world.instance / "server.log").write_text(f"{VERA.name}\n")
    dutch = LIST.replace(b"First Name", b"Voornaam").replace(b"LAST NAME", b"Achternaam")
    assert dutch.count(b"naam") == 2
    ran = run(world.instance, dutch + b"ximena@elsewhere.example,Staff\n")
    assert ran.page.splitlines()[0] == "Nobody was found, as far as the test went"
    told = " ".join(ran.page.split())
    assert re.search(r"\b0 of (\d+) have a name that the list's headings tell; 1 are not on the roster\.", told), told
    assert "Left out: names." in told
    assert ran.status == 0
    with world.stores.site.reading() as site:
        assert outreach.last_trial(site) is None


def test_an_office_without_times_is_told_how_far_the_test_went(world: World) -> None:
    with closing(sqlite3.connect(booked(world).instance / "desk.db")) as desk, desk:
        desk.execute("UPDATE slot SET state = 9")
    ran = run(world.instance, LIST, "--json")
    told = json.loads(ran.page)
    assert (ran.status, told["result"]) == (0, "Nobody was found, as far as the test went")
    assert (told["left_out"], told["found_nobody"]) == (["footprint", "answers"], None)


def test_an_office_that_shows_the_outcome_keeps_it_and_its_day(world: World) -> None:
    cast.change_settings(booked(world).instance, show_seizure_test="show_seizure_test = true")
    ran = run(world.instance, LIST)

    with world.stores.site.reading() as site:
        assert outreach.last_trial(site) == Tried(clock.now().date(), found_nobody=ran.status == 0)
