"""Staff lists that are none: the command says what to do, and the office is untouched to the nanosecond."""

import io
import os
import re
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.seizure.footprint import stamps
from tests.cast import PORTAL, World, staff_csv

HEAD = b"Work Email,Constituency,Department\n"
MIB = 1024 * 1024
FIFTY = 50 * MIB
#: The whole command with Python and its libraries takes some 75 MiB; a list held in memory would take 50 more.
MOST_MEMORY = 120 * MIB


def run(world: World, content: Iterator[bytes] | bytes, *extra: str) -> "tuple[int, str, int]":
    """`portal roster import -`, fed piece by piece; gives status, what it said, and its largest size in memory."""
    command = [PORTAL, "roster", "import", "-", *extra]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(world.instance), "LANG": "C.UTF-8"},
    ) as process:
        assert process.stdin
        assert process.stdout
        memory = 0
        with suppress(BrokenPipeError):  # refused before it read everything
            for piece in [content] if isinstance(content, bytes) else content:
                process.stdin.write(piece)
                memory = max(memory, largest(process.pid))
            process.stdin.close()
        while process.poll() is None:
            memory = max(memory, largest(process.pid))
            time.sleep(0.02)
        return process.returncode, process.stdout.read().decode(), memory


def largest(pid: int) -> int:
    """The most bytes that a process had in memory since it began (its peak, not that of whoever started it)."""
    with suppress(FileNotFoundError, ProcessLookupError):
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) * 1024 if found else 0
    return 0


def workbook() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (bytes(range(256)) * 40, "not a text file"),
        (HEAD, "no line below the headings"),
        (workbook(), "Save As"),
        (HEAD + b"mei@example.org,Staff,Physics\n" * 99 + b"vera@exam", "less than half"),
        (HEAD + b'vera@example.org,"Staff', "never closed"),
        (HEAD + "vera@example.org,Müller".encode()[:-5], "less than half"),
        (HEAD + b"nobody,Staff,Physics\n" * 3, "No line of the file is a person"),
    ],
    ids=["empty", "binary", "headings only", "xlsx", "cut in a line", "cut in quotes", "cut in a letter", "no address"],
)
def test_a_list_that_is_none_changes_nothing(first_world: World, content: bytes, told: str) -> None:
    before = stamps(first_world.instance)
    runner = CliRunner(env={"PORTAL_INSTANCE": str(first_world.instance)})
    result = runner.invoke(main, ["roster", "import", "-"], input=content)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit), "a bug would be something else, and print a traceback"
    assert told in result.output
    assert "The roster in place was not changed." in result.output
    assert "vera" not in result.output
    assert stamps(first_world.instance) == before


def test_a_list_that_is_one_does_change_the_office(world: World) -> None:
    """The planted fault: had a refused list been taken after all, the stamps above would differ."""
    before = stamps(world.instance)
    assert run(world, staff_csv())[0] == 0
    assert stamps(world.instance) != before


@pytest.mark.parametrize("line", [b"x" * 65_536, b"nobody," + b"x" * 2000 + b"\n"], ids=["one line", "lines"])
def test_fifty_megabytes_of_nobody_are_refused_in_bounded_memory(first_world: World, line: bytes) -> None:
    before = stamps(first_world.instance)
    pieces = (piece for piece in [HEAD, *[line] * (FIFTY // len(line))])
    status, said, memory = run(first_world, pieces)
    assert status == 1
    assert "was not changed" in said
    assert memory < MOST_MEMORY, memory // MIB
    assert stamps(first_world.instance) == before
