"""The command: measures, tells on stderr what it does, and prints one table; status 1 when a budget is missed."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.cast import World, make_world
from tools.bench.crowd import CROWD, crowd_on_one_slot
from tools.bench.figures import Figure, table
from tools.bench.pages import distributions, page_weights, way_to_a_receipt
from tools.bench.peer import beside_a_peer
from tools.bench.roster import import_of_a_roster
from tools.bench.speed import cost_of_a_booking, speed_and_memory
from tools.bench.times import times_of_many
from tools.bench.timing import what_times_tell

#: Each makes its own copy of the office that it is given; the number is of roster rows.
MEASURES: dict[str, Callable[[World, int], Iterator[Figure]]] = {
    "distributions": lambda _world, _rows: distributions(),
    "weights": lambda world, _rows: page_weights(world),
    "way": lambda world, _rows: way_to_a_receipt(world),
    "speed": lambda world, _rows: speed_and_memory(world),
    "booking": lambda world, _rows: cost_of_a_booking(world),
    "crowd": lambda world, _rows: crowd_on_one_slot(world),
    "times": lambda world, _rows: times_of_many(world),
    "timing": lambda world, _rows: what_times_tell(world),
    "peer": lambda world, _rows: beside_a_peer(world),
    "roster": lambda _world, rows: import_of_a_roster(rows),
}


def main() -> int:
    options = _options()
    start = time.monotonic()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        _say("making an office of fictional people", start)
        world = make_world(Path(folder) / "instance", lockers=CROWD + 60)
        for name in [options.only] if options.only else MEASURES:
            _say(f"measuring: {name}", start)
            figures += MEASURES[name](world, options.rows)
        world.stores.close()
    _say("done", start)
    print(json.dumps([vars(figure) for figure in figures], indent=1) if options.json else table(figures))
    return 0 if all(figure.is_kept for figure in figures) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the roster that is imported")
    parser.add_argument("--only", metavar="NAME", choices=list(MEASURES), help=f"one of {', '.join(MEASURES)}")
    parser.add_argument("--json", action="store_true", help="the figures for programs")
    return parser.parse_args()


def _say(what: str, start: float) -> None:
    print(f"{time.monotonic() - start:5.0f} s  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
