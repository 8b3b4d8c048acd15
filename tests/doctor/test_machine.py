"""What the machine does with memory, disk and time, from the texts in which Linux says it."""

import os
from datetime import date
from pathlib import Path

import pytest

from portal.doctor import machine
from portal.doctor.machine import (
    CoreLimit,
    Machine,
    about_clock,
    about_cores,
    about_room,
    about_swap,
    about_user,
    about_zone,
    read_machine,
    room_for,
)
from tests.cast import Server, World
from tests.doctor.healthy import NOON, SWAPS, found_in, grave, said
from tests.intake.sealed import ask_desk, ask_file

LIMITS = "Limit                     Soft Limit           Hard Limit           Units     \n"
CORE = "Max core file size        {}                    unlimited            bytes     \n"
PIPE = "|/usr/share/apport/apport -p%p -s%s"


def test_swap_on_a_disk_is_found() -> None:
    (found,) = about_swap(SWAPS + "/dev/vda2  partition\t2097148\t0\t-2\n/swapfile  file\t1024\t0\t-3\n")

    assert "Swap is on (/dev/vda2, /swapfile)" in found.what
    assert found.is_grave


@pytest.mark.parametrize("swaps", [SWAPS, "", None, SWAPS + "/dev/zram0  partition\t2097148\t0\t100\n"])
def test_no_swap_and_compressed_memory_are_well(swaps: str | None) -> None:
    assert list(about_swap(swaps)) == []


@pytest.mark.parametrize("pattern", ["core", PIPE, "|/usr/lib/systemd/systemd-coredump %P"])
def test_a_server_that_would_write_its_memory_is_found(pattern: str) -> None:
    (found,) = about_cores(CoreLimit(is_off=False, is_servers=True), pattern)

    assert found.what.startswith("The running server would write its memory to a file")
    assert found.is_grave
    assert grave(about_cores(CoreLimit(is_off=False, is_servers=False), pattern)) == [False]


def test_a_program_that_keeps_crashes_whatever_the_limit_is_worth_a_remark() -> None:
    off = CoreLimit(is_off=True, is_servers=True)

    assert grave(about_cores(off, PIPE)) == [False]
    for pattern in ("core", "", "|/usr/lib/systemd/systemd-coredump %P", "|", None):
        assert list(about_cores(off, pattern)) == []


def test_a_full_disk_is_found_before_it_is_full(healthy: World, on: Machine) -> None:
    paths = [str(path) for path in healthy.instance.glob("*.db")]
    needed = room_for([*paths, "/nowhere/desk.db"])

    assert needed == 2 * sum(Path(path).stat().st_size for path in paths) + 100_000_000
    assert list(about_room(needed, needed)) == []
    assert grave(about_room(needed - 1, needed)) == [True]
    (found,) = found_in(healthy, Machine(**{**vars(on), "free": 99_000_000}))
    assert found.startswith("Only 99 MB are free")


def test_a_zone_that_the_system_does_not_know_is_worth_a_remark(tmp_path: Path) -> None:
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe/Dublin").write_bytes(b"TZif")

    assert list(about_zone("Europe/Dublin", ("/nowhere", str(tmp_path)))) == []
    assert grave(about_zone("Europe/Lisbon", (str(tmp_path),))) == [False]
    assert grave(about_zone("Europe/Lisbon", ())) == [False]


def test_root_is_told_so() -> None:
    assert grave(about_user(0)) == [False]
    assert list(about_user(1000)) == []


def test_a_clock_behind_what_has_been_is_found() -> None:
    today = NOON.date()
    seen = {"the last daily job": today, "the roster's import": None}

    assert list(about_clock(today, seen)) == []
    assert said(about_clock(date(2026, 11, 19), seen)) == [
        "The clock says 2026-11-19, but the last daily job was on 2026-11-20."
    ]


@pytest.mark.parametrize(("year", "is_found"), [(1970, True), (2025, True), (2026, False), (2036, False), (2106, True)])
def test_a_year_that_cannot_be_is_found(year: int, *, is_found: bool) -> None:
    assert grave(about_clock(date(year, 1, 1), {})) == [True] * is_found


def test_the_clock_is_held_against_the_stores_of_a_real_office(healthy: World, on: Machine) -> None:
    ask_desk(healthy, "UPDATE diary SET last_day = '2090-01-02'")
    ask_file(healthy.instance / "roster.db", "UPDATE meta SET imported_on = '2090-01-03'")

    assert [each.partition(", but ")[2] for each in found_in(healthy, on)] == [
        "the roster's import was on 2090-01-03.",
        "the last daily job was on 2090-01-02.",
    ]


def put(proc: Path, **texts: str) -> Path:
    """A folder that answers as /proc does."""
    for name, text in texts.items():
        path = proc / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return proc


def test_a_machine_is_read_from_what_linux_says(healthy: World, tmp_path: Path) -> None:
    lock = healthy.instance / "serving.lock"
    lock.touch()
    found = lock.stat()
    where = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    locks = f"1: POSIX  ADVISORY  WRITE 7 {where} 0 EOF\n2: FLOCK  ADVISORY  WRITE 42 {where} 0 EOF\n"
    proc = put(
        tmp_path / "proc",
        swaps=SWAPS,
        sys__kernel__core_pattern="core\n",
        self__mountinfo="27 1 254:0 / / rw,noatime - ext4 /dev/vda rw\n",
        locks=locks,
    )
    for soft, is_off in (("0", True), ("unlimited", False), ("1024", False)):
        (proc / "42").mkdir(exist_ok=True)
        (proc / "42/limits").write_text(LIMITS + CORE.format(soft))
        on = read_machine(healthy.instance, proc)
        assert on.core == CoreLimit(is_off=is_off, is_servers=True)
    assert (on.swaps, on.core_pattern) == (SWAPS, "core\n")
    assert [mount.kind for mount in on.mounts or ()] == ["ext4"]

    (proc / "locks").write_text(locks.replace(f":{found.st_ino} ", f":{found.st_ino + 1} "))
    assert not read_machine(healthy.instance, proc).core.is_servers


def test_a_system_without_proc_is_asked_nothing_and_told_so(healthy: World, tmp_path: Path) -> None:
    on = read_machine(healthy.instance, tmp_path / "nothing")
    found = list(machine.findings(on, zone="UTC", needed=0))

    assert (on.swaps, on.core_pattern, on.mounts) == (None, None, None)
    assert [each for each in said(found) if each.startswith("This system does not say")] == [
        "This system does not say, where Linux does, how it is set: swap, core dumps, the disk's options."
    ]
    assert not any(each.is_grave for each in found)


def test_the_limit_of_the_running_server_counts(server: Server) -> None:
    if not Path("/proc/locks").exists():
        pytest.skip("There is no /proc/locks here: run this test on Linux.")
    assert read_machine(server.world.instance).core.is_servers
    server.stop()
    assert not read_machine(server.world.instance).core.is_servers
