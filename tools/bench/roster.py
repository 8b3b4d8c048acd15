"""The import against bare hashing, encryption and insertion of as many rows, each in a process of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from statistics import median

from tools.bench.figures import Figure, spread
from tools.bench.serving import ROOT

ROUNDS = 3


def import_of_a_roster(rows: int) -> Iterator[Figure]:
    """Times in turn; peak memory against that of a quarter of the rows, because what grows shows there."""
    with tempfile.TemporaryDirectory() as folder:
        few = _run("import", folder, rows // 4)
        pairs = [(_run("import", folder, rows), _run("bare", folder, rows)) for _ in range(ROUNDS)]
    times = [whole["seconds"] / bare["seconds"] for whole, bare in pairs]
    growth = max(whole["mib"] for whole, _ in pairs) / few["mib"]
    yield Figure(f"import of {rows:,} people, times bare work", spread(times), "≤ 3.00", median(times) <= 3)
    yield Figure("its peak memory, times that of a quarter", f"{growth:.2f}", "≤ 1.20", growth <= 1.2)


def _run(what: str, folder: str, rows: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tools.bench.floor", what, folder, str(rows)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found
