"""An ombuds with so few free times that no decoy takes one."""

from portal import clock
from portal.doctor import decoys
from portal.doctor.machine import Machine
from portal.scheduling.service import KEEP_FREE
from tests.cast import OLA_NAME, World
from tests.doctor.healthy import found_in
from tests.intake.sealed import ask_desk


def keep(world: World, count: int) -> None:
    """So many free times far enough ahead, and no others."""
    ids = [offer.id for offer in world.offers()][-count:]
    marks = ", ".join("?" * count)
    ask_desk(world, f"UPDATE slot SET state = 9 WHERE id NOT IN ({marks})", *ids)  # noqa: S608 - only question marks


def test_too_few_times_for_decoys_are_found(healthy: World, on: Machine) -> None:
    keep(healthy, KEEP_FREE)

    assert [each for each in found_in(healthy, on) if "decoy" in each] == [
        f"{OLA_NAME} has 6 free times or fewer, so no decoy takes any: whatever goes of them is a visit."
    ]


def test_enough_times_are_no_finding_and_no_time_at_all_is_none_either(healthy: World) -> None:
    keep(healthy, KEEP_FREE + 1)
    left = decoys.read_left(healthy.stores, healthy.settings, clock.now())

    assert left == {OLA_NAME: KEEP_FREE + 1}
    assert list(decoys.findings(healthy.settings, left)) == []
    assert list(decoys.findings(healthy.settings, {OLA_NAME: 0})) == []
