"""An office and a machine at which the doctor finds nothing; each test plants one fault into one of them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from portal import clock, config, jobs
from portal.cli import main
from portal.doctor import machine, places
from portal.doctor.finding import Finding
from portal.doctor.findings import findings
from portal.doctor.machine import CoreLimit, Machine
from portal.doctor.places import Mount
from portal.leftovers import MEMORY
from portal.site import shelves, words
from tests.cast import World, change_settings

DAY = timedelta(days=1)
COPY_IN_MEMORY = f"A copy of an office lies in {MEMORY}/"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
CRISIS = '\n[[crisis]]\nname = "Emergency services"\nnumber = "112"\n'
COMPLETE = {
    "lockers": "lockers = 12",
    "link": 'link = "https://video.example.org/{room}"',
    "address": 'address = "https://times.example.org"',
    "decoys_a_week": "decoys_a_week = 2",
    "noise_a_day": "noise_a_day = 96",
    "formal_report": 'formal_report = "A formal report goes to the People Office."',
    "overseen_by": 'overseen_by = "The chair of the council oversees this office."',
}
QUIET = Machine(
    swaps=SWAPS,
    core_pattern="core\n",
    core=CoreLimit(is_off=True, is_servers=True),
    mounts=(Mount(Path("/"), "ext4", frozenset({"rw", "noatime"})),),
    free=10_000_000_000,
    user=1000,
    zone_folders=(),
)


def quiet(zones: Path) -> Machine:
    """A machine that is well and knows the zone UTC."""
    (zones / "UTC").parent.mkdir(parents=True, exist_ok=True)
    (zones / "UTC").write_bytes(b"TZif")
    return Machine(**{**vars(QUIET), "zone_folders": (str(zones),)})


def complete(world: World) -> None:
    """Everything that doctor asks of an office."""
    change_settings(world.instance, **COMPLETE)
    path = world.instance / config.SETTINGS_FILE
    path.write_text(path.read_text() + CRISIS)
    for file in (world.instance, *world.instance.iterdir()):
        file.chmod(0o700 if file.is_dir() else 0o600)
    world.refresh()
    _write_own_words(world)
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    world.stores.close()


def _write_own_words(world: World) -> None:
    """The pages of which only an office knows what is true."""
    groups = [name for name in shelves.SHIPPED[shelves.ABOUT] if name.startswith(shelves.GROUP)]
    with world.stores.site.writing() as site:
        for name in ("who-we-report-to", "charter", "referrals", *groups):
            mark = words.standing(site, f"about/{name}", "en").mark
            words.keep(site, f"about/{name}", "en", "# Ours\n\n- It is so.\n", mark=mark)


def found_in(world: World, on: Machine) -> list[str]:
    """What the doctor says of an office on this machine.

    Not of copies in its memory, which every seizure test shares that runs just now: `everything_found` tells them.
    """
    return [each for each in everything_found(world, on) if COPY_IN_MEMORY not in each]


def everything_found(world: World, on: Machine) -> list[str]:
    return said(findings(config.load(world.instance), on, clock.now()))


def said(found: object) -> list[str]:
    assert hasattr(found, "__iter__")
    return [each.what for each in found]


def grave(found: object) -> list[bool]:
    assert hasattr(found, "__iter__")
    return [each.is_grave for each in found]


def run_in(instance: Path, *arguments: str) -> Result:
    """The real command."""
    result = CliRunner(env={"PORTAL_INSTANCE": str(instance), "PORT": None}).invoke(main, arguments)
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def of_this_machine(instance: Path) -> list[Finding]:
    """What the computer that runs the tests has of its own: swap, root, relatime. No office is to blame for it."""
    on = machine.read_machine(instance)
    folder = instance.resolve()
    return [
        *machine.findings(on, zone="UTC", needed=0),
        *places.about_folders(folder),
        *places.about_git(folder, []),
        *places.about_mount(folder, places.find_mount(folder, on.mounts)),
    ]


def of_the_office(instance: Path) -> list[dict[str, object]]:
    """What the real command prints, without what the computer has of its own."""
    printed = json.loads(run_in(instance, "doctor", "--json").stdout)
    own = said(of_this_machine(instance))
    return [each for each in printed if each["what"] not in own]
