"""What the machine does with memory, disk and time; the reading is apart from the judging."""

import os
import re
import resource
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import TZPATH

from portal.doctor.finding import Finding, remark
from portal.doctor.places import Mount, read_mounts

#: The portal did not exist before the first, and no clock that is right says the second.
YEARS = range(2026, 2100)
_SPARE = 100_000_000
_MEGABYTE = 1_000_000
_MEMORY_SWAP = "/dev/zram"
#: Obeys the limit it is told; other programs keep what they are handed.
_OBEDIENT = "systemd-coredump"
_SERVING = "serving.lock"
_LIMIT = re.compile(r"(?m)^Max core file size\s+(\S+)")
_LOCK = re.compile(r"(?m)^\d+: FLOCK\s+\S+\s+\S+\s+(\d+)\s+([0-9a-f]+):([0-9a-f]+):(\d+) ")


@dataclass(frozen=True)
class CoreLimit:
    """Whether a crash may write memory to a file: of the running server, or of a program started as this one was."""

    is_off: bool
    is_servers: bool


@dataclass(frozen=True)
class Machine:
    """What the system says of itself; None where it does not say. `free` are the bytes left for the office."""

    swaps: str | None
    core_pattern: str | None
    core: CoreLimit
    mounts: tuple[Mount, ...] | None
    free: int
    user: int
    zone_folders: tuple[str, ...]


def read_machine(instance: Path, proc: Path = Path("/proc")) -> Machine:
    mounts = _text(proc / "self/mountinfo")
    return Machine(
        swaps=_text(proc / "swaps"),
        core_pattern=_text(proc / "sys/kernel/core_pattern"),
        core=_core_limit(instance, proc),
        mounts=None if mounts is None else tuple(read_mounts(mounts)),
        free=shutil.disk_usage(instance).free,
        user=os.geteuid(),
        zone_folders=TZPATH,
    )


def room_for(stores: Sequence[str]) -> int:
    """Bytes that must be free: a store is copied when its shape changes, the roster at each import."""
    return 2 * sum(Path(path).stat().st_size for path in stores if Path(path).exists()) + _SPARE


def findings(on: Machine, *, zone: str, needed: int) -> Iterator[Finding]:
    yield from about_swap(on.swaps)
    yield from about_cores(on.core, on.core_pattern)
    yield from about_room(on.free, needed)
    yield from about_zone(zone, on.zone_folders)
    yield from about_user(on.user)
    yield from _about_the_unseen(on)


def about_swap(swaps: str | None) -> Iterator[Finding]:
    """`swaps` is /proc/swaps: a heading, then a line for each. Compressed memory (zram) is no disk."""
    used = [line.split()[0] for line in (swaps or "").splitlines()[1:] if line.strip()]
    if on_disk := [name for name in used if not name.startswith(_MEMORY_SWAP)]:
        yield Finding(
            f"Swap is on ({', '.join(on_disk)}): memory, with what visitors type, is written to the disk.",
            "swapoff -a, and take swap out of /etc/fstab.",
        )


def about_cores(core: CoreLimit, pattern: str | None) -> Iterator[Finding]:
    program = (pattern or "").strip().removeprefix("|").split() if (pattern or "").startswith("|") else []
    how = "LimitCORE=0 in the service's unit, or ulimit -c 0 before the server is started."
    if not core.is_off:
        whose = "The running server" if core.is_servers else "A server started as this command was"
        yield Finding(
            f"{whose} would write its memory to a file when it crashes, with what visitors typed.",
            how,
            is_grave=core.is_servers,
        )
    elif program and _OBEDIENT not in program[0]:
        yield remark(
            f"The memory of a crashed program is handed to {program[0]}, which may keep it whatever the limit is.",
            "sysctl -w kernel.core_pattern=core, and write it into /etc/sysctl.d.",
        )


def about_room(free: int, needed: int) -> Iterator[Finding]:
    if free < needed:
        yield Finding(
            f"Only {free // _MEGABYTE:,} MB are free on the office's disk: when it is full, nobody can book.",
            f"Make room: at least {-(-needed // _MEGABYTE):,} MB.",
        )


def about_zone(zone: str, folders: Sequence[str]) -> Iterator[Finding]:
    """The portal brings a copy of the zones; it is as old as the installation."""
    if not any((Path(folder) / zone).is_file() for folder in folders):
        yield remark(
            f"This machine does not know the zone {zone}. The portal uses its own copy, which misses what was decided "
            "about clock changes since.",
            "Install the system's time zones (most often the package tzdata), or make .venv/.run when they change.",
        )


def about_user(user: int) -> Iterator[Finding]:
    if user == 0:
        yield remark(
            "You are root. What root makes in the office's folder, the server cannot open.",
            "Run the portal's commands as the user that owns the folder, for instance: sudo -u ombuds portal doctor",
        )


def about_clock(today: date, seen: Mapping[str, date | None]) -> Iterator[Finding]:
    """`seen` are days that have been, by what happened on them."""
    what_to_do = "Set the clock and keep it right: timedatectl set-ntp true. Matters end and digits work by it."
    if today.year not in YEARS:
        yield Finding(f"The clock says {today}, which cannot be.", what_to_do)
    for what, day in seen.items():
        if day is not None and today < day:
            yield Finding(f"The clock says {today}, but {what} was on {day}.", what_to_do)


def _about_the_unseen(on: Machine) -> Iterator[Finding]:
    unseen = {"swap": on.swaps, "core dumps": on.core_pattern, "the disk's options": on.mounts}
    if missing := [name for name, seen in unseen.items() if seen is None]:
        yield remark(
            f"This system does not say, where Linux does, how it is set: {', '.join(missing)}.",
            "Look yourself: swap off, no core dumps, a local disk that is encrypted and mounted with noatime.",
        )


def _core_limit(instance: Path, proc: Path) -> CoreLimit:
    server = _find_server(instance, _text(proc / "locks") or "")
    limits = _LIMIT.search(_text(proc / str(server) / "limits") or "") if server else None
    if limits is not None:
        return CoreLimit(is_off=limits[1] == "0", is_servers=True)
    return CoreLimit(is_off=resource.getrlimit(resource.RLIMIT_CORE)[0] == 0, is_servers=False)


def _find_server(instance: Path, locks: str) -> int | None:
    """The process that holds serving.lock: its limits count, not those of whoever asks."""
    try:
        serving = (instance / _SERVING).stat()
    except OSError:
        return None
    wanted = (os.major(serving.st_dev), os.minor(serving.st_dev), serving.st_ino)
    for process, major, minor, inode in _LOCK.findall(locks):
        if (int(major, 16), int(minor, 16), int(inode)) == wanted:
            return int(process)
    return None


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8", errors="surrogateescape")
    except OSError:
        return None
