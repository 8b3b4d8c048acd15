"""However the test ends, nothing stays: no copy of the office, and no process that holds the staff list."""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import pytest

from portal import clock, jobs, leftovers
from portal.errors import NotReady
from portal.leftovers import MEMORY, PREFIX
from portal.seizure import private
from portal.seizure.private import private_folder
from tests import cast
from tests.cast import PORTAL, World
from tests.seizure.taken import environment

pytestmark = pytest.mark.xdist_group("seizure-command")
#: Enough for several chunks, so that worker processes run.
MANY = 500
SECONDS = 60.0


def family(process: int) -> set[int]:
    """The children of a process, and theirs."""
    try:
        direct = {int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()}
    except OSError:
        return set()
    return direct.union(*(family(each) for each in direct))


def command_of(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().split("\0")
    except OSError:
        return []


def is_alive(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2][:3]
    except OSError:
        return False


def wait_for(what: Callable[[], object]) -> bool:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def folder_of(processes: set[int]) -> Path | None:
    """The private folder, which the watcher was told."""
    found = (part for each in processes for part in command_of(each) if f"/{PREFIX}" in part)
    return next(map(Path, found), None)


@pytest.fixture
def running(world: World) -> Iterator["subprocess.Popen[bytes]"]:
    world.stores.close()
    process = subprocess.Popen(
        [PORTAL, "doctor", "seizure"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(world.instance),
        # Whoever starts the tests in the background has this signal ignored, and a child would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - nothing is threaded here
    )
    with closing(process.stdin) as stdin:  # type: ignore[type-var]
        stdin.write(cast.staff_csv(MANY))  # type: ignore[union-attr]
    yield process
    if process.poll() is None:
        process.kill()
    for stream in (process.stdout, process.stderr):
        stream.close()  # type: ignore[union-attr]
    process.wait()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes as Linux shows them")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_stopped_test_leaves_no_copy_and_no_process(
    number: signal.Signals, running: "subprocess.Popen[bytes]", world: World
) -> None:
    assert wait_for(lambda: sum("spawn_main" in " ".join(command_of(each)) for each in family(running.pid)) > 1)
    processes = family(running.pid)
    folder = folder_of(processes)
    assert folder is not None
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "copy" / "keys.db").exists()
    running.send_signal(number)
    assert wait_for(lambda: running.poll() is not None)
    assert wait_for(lambda: not folder.exists())
    assert wait_for(lambda: not any(map(is_alive, processes)))
    assert not any(path.is_file() for path in world.instance.glob(f"{PREFIX}*"))
    if number != signal.SIGKILL:
        assert running.returncode == 2
        assert b"Stopped. The copy was removed" in running.stderr.read()  # type: ignore[union-attr]


def test_an_error_inside_removes_the_copy(world: World) -> None:
    made: list[Path] = []

    def break_off() -> None:
        with private_folder(world.instance, 1) as folder:
            made.append(folder)
            (folder / "secrets.toml").write_text("x")
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert not made[0].exists()


def left_in(place: Path) -> Path:
    """What a power cut leaves, or a system that kills the test and its watcher together."""
    folder = Path(mkdtemp(prefix=PREFIX, dir=place))
    (folder / "copy").mkdir()
    (folder / "copy" / "keys.db").write_bytes(b"locks")
    return folder


def test_the_next_test_removes_what_a_power_cut_left(world: World) -> None:
    left = left_in(world.instance)
    leftovers.clear(world.instance)
    assert not left.exists()


def test_the_daily_job_removes_what_was_left_and_leaves_a_running_test_alone(world: World) -> None:
    left = [left_in(world.instance), left_in(MEMORY)]
    with private_folder(world.instance, 1) as running:
        jobs.daily(world.stores, settings=world.settings, now=clock.now())
        assert running.exists()
    assert not any(folder.exists() for folder in left)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes as Linux shows them")
def test_a_copy_whose_test_and_watcher_were_killed_together_is_gone_after_the_daily_job(
    running: "subprocess.Popen[bytes]", world: World
) -> None:
    """As systemd ends a unit: every process of it at once. While the watcher lives, it alone removes the copy."""
    assert wait_for(lambda: (folder := folder_of(family(running.pid))) and (folder / "copy" / "keys.db").exists())
    processes = family(running.pid)
    folder = folder_of(processes)
    assert folder is not None
    watcher = next(each for each in processes if str(folder) in command_of(each))
    os.kill(watcher, signal.SIGSTOP)
    running.kill()
    assert wait_for(lambda: not is_alive(running.pid))
    assert leftovers.is_in_use(folder)
    os.kill(watcher, signal.SIGKILL)
    assert wait_for(lambda: not any(map(is_alive, processes)))
    assert wait_for(lambda: not folder.exists() or not leftovers.is_in_use(folder))
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    assert not folder.exists()


def test_what_only_looks_like_a_copy_is_not_removed(world: World) -> None:
    names = ("logs/.seizure-abcdefgh", ".seizure-log", ".seizure-abcd1234")
    inside, named, opened = (world.instance / each for each in names)
    for folder in (inside, opened):
        folder.mkdir(parents=True)
    inside.chmod(0o700)
    opened.chmod(0o755)
    named.write_text("a line")
    leftovers.clear(world.instance)
    assert all(each.exists() for each in (inside, named, opened))


def test_a_test_that_runs_keeps_its_copy_while_another_begins(world: World) -> None:
    with private_folder(world.instance, 1) as first, private_folder(world.instance, 1) as second:
        assert first.exists()
        assert first != second
    held = left_in(world.instance)
    descriptor = os.open(held, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        leftovers.clear(world.instance)
        assert held.exists()
    finally:
        os.close(descriptor)


def test_a_large_office_is_copied_beside_itself_or_not_at_all(world: World) -> None:
    memory, disk = (shutil.disk_usage(place).free for place in (MEMORY, world.instance))
    with pytest.raises(NotReady, match="no room for a copy"), private_folder(world.instance, max(memory, disk)):
        pass
    if not memory * 1.1 < disk:
        pytest.skip("this machine's memory is larger than its disk")
    with private_folder(world.instance, int(memory * 1.05 / private.COPIES)) as folder:
        assert folder.parent == world.instance
        assert folder.stat().st_mode & 0o777 == 0o700
