"""The whole test: a private copy of the office, a control, and every check on it."""

import traceback
from collections.abc import Callable
from pathlib import Path

from portal import clock, config, leftovers
from portal.seizure import answers, boxes, crowd, lying, papers, plants, twins
from portal.seizure.copying import copy_instance, size_of
from portal.seizure.private import private_folder
from portal.seizure.results import Check, Ending, NotPossible, Report, Result, Scene
from portal.seizure.staff import StaffList, WrongList, strangers_in

CHECKS = (
    Check("people", "looked for everybody of the list, in every disguise, in every byte", crowd.look),
    Check("papers", "looked for six words and recovery codes, and tried them", papers.look),
    Check("lengths", "measured the boxes: does anybody's weigh more?", lying.lengths),
    Check("times", "looked for the moment of a visit in every cell", lying.moments),
    Check("order", "looked for the order in which visitors came", lying.arrival),
    Check("remains", "looked for remains of what was erased", lying.remains),
    Check("alike", "compared used lockers with free ones, byte by byte", lying.alike),
    Check("boxes", "forced and exchanged sealed boxes, with every key of the server", boxes.look),
    Check("roster", "looked people up: does the roster show it?", lying.roster_unchanged),
    Check("footprint", "compared which blocks of files a visitor, a decoy and noise change", twins.look),
    Check("answers", "asked with somebody's code whether that person has booked", answers.look),
)
CONTROL, CONTROL_TRIED = "control", "looked for leaks that were planted in a second copy"


def seize(instance: Path, staff: StaffList, *, say: Callable[[int], None]) -> Report:
    """Attack a copy of a running office; `say` is told how many people were tried.

    Raises:
        NotReady: when there is no office, no room for a copy, or a file that cannot be read.
        WrongList: when the office has a roster, and nobody of the list is on it.
        WrongSetting: when the settings cannot be read.
    """
    began, watch = clock.now(), clock.seconds()
    settings = config.load(instance)
    leftovers.clear(instance)
    with private_folder(instance, size_of(instance)) as folder:
        copy = folder / "copy"
        copy_instance(instance, copy)
        scene = Scene(copy, folder, config.load(copy), staff.people, began, say)
        strangers = strangers_in(staff.people, copy / "roster.db", settings.secrets.roster)
        if strangers == len(staff.people):
            raise WrongList(strangers)
        results = (_control(scene), *(_result(check, scene) for check in CHECKS))
    day = began.astimezone(settings.zone).date()
    return Report(
        began=began,
        day=day,
        people=len(staff.people),
        skipped=staff.skipped,
        named=sum(bool(each.name) for each in staff.people),
        strangers=strangers,
        seconds=clock.seconds() - watch,
        results=results,
    )


def _control(scene: Scene) -> Result:
    def look(scene: Scene) -> list[str]:
        return plants.control(scene, iter(CHECKS))

    result = _result(Check(CONTROL, CONTROL_TRIED, look), scene)
    if result.ending is Ending.fine:
        return result
    missed = f"not seen: {', '.join(result.details)}" if result.ending is Ending.found else result.details[0]
    return Result(CONTROL, CONTROL_TRIED, Ending.broken, (missed,))


def _result(check: Check, scene: Scene) -> Result:
    try:
        found = tuple(check.look(scene))
    except NotPossible as reason:
        return Result(check.name, check.tried, Ending.not_possible, (str(reason),))
    except Exception as error:  # noqa: BLE001 - a check that breaks must not pass for a quiet one
        return Result(check.name, check.tried, Ending.broken, (kind_and_place(error),))
    return Result(check.name, check.tried, Ending.found if found else Ending.fine, found)


def kind_and_place(error: Exception) -> str:
    """Its text may hold what somebody's file holds."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
