"""The floors that budgets are measured against: bare pages on the portal's own server, and an import's bare work.

Started as a process of its own: `python -m tools.bench.floor serve|bare|import FOLDER ROWS`.
"""

import csv
import hmac
import json
import os
import resource
import sqlite3
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from portal import clock, config, setup
from portal.claim import claim
from portal.db import open_engine
from portal.demo.people import write_roster
from portal.roster import service as roster
from portal.roster.parts import SIZES
from portal.sealing.keys import new_private, public_of
from portal.server import serve
from tools.bench.floor_site import make_site, tell_free_port


def serve_floor(folder: Path) -> None:
    """The bare pages by the portal's own server, on a store that is opened as the portal opens its own."""
    with claim(folder):
        site = make_site(open_engine(folder / "floor.db"))
        serve(lambda _is_first: site, host="127.0.0.1", port=tell_free_port())


def bare(folder: Path, rows: int) -> float:
    """Read, hash, write each value once as JSON, encrypt three parts of the import's sizes and insert in hash order.

    No cleaning, no counting, no second pass.
    """
    file, store = roster_file(folder, rows), folder / "bare.db"
    store.unlink(missing_ok=True)
    start = time.perf_counter()
    key, secret, lines = ChaCha20Poly1305(os.urandom(32)), os.urandom(32), []
    with file.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.reader(stream)):
            parts = zip(SIZES.items(), (row[:1], row[1:10], row[10:]), strict=True)
            sealed = [_sealed(key, values, name.encode(), size) for (name, size), values in parts]
            lines.append((hmac.digest(secret, f"{row[4]}{number}".encode(), "sha256")[:16], *sealed))
    connection = sqlite3.connect(store)
    connection.execute("PRAGMA page_size=8192")
    connection.execute("CREATE TABLE person (hash BLOB PRIMARY KEY, g BLOB, a BLOB, i BLOB) WITHOUT ROWID")
    connection.executemany("INSERT INTO person VALUES (?, ?, ?, ?)", sorted(lines))
    connection.commit()
    return time.perf_counter() - start


def _sealed(key: ChaCha20Poly1305, values: list[str], name: bytes, size: int) -> bytes:
    nonce = os.urandom(12)
    return nonce + key.encrypt(nonce, json.dumps(values).encode()[:size].ljust(size), name)


def imported(folder: Path, rows: int) -> float:
    """The portal's own import of the same file, into an office whose key is made here."""
    instance = folder / f"import-{os.getpid()}"
    setup.make_office(instance, name="Bench", zone="UTC", address="http://localhost:8000")
    file, settings = roster_file(folder, rows), config.load(instance)
    start = time.perf_counter()
    with file.open("rb") as stream:
        report = roster.import_roster(
            stream,
            instance=instance,
            settings=settings,
            office_public=public_of(new_private()),
            now=clock.now(),
            progress=lambda _people: None,
        )
    assert hasattr(report, "accepted")
    return time.perf_counter() - start


def roster_file(folder: Path, rows: int) -> Path:
    path = folder / f"roster-{rows}.csv"
    if not path.exists():
        with path.open("w", encoding="utf-8", newline="") as file:
            write_roster(file, people=rows)
    return path


def main() -> None:
    what, folder, rows = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if what == "serve":
        serve_floor(folder)
        return
    seconds = {"bare": bare, "import": imported}[what](folder, rows)
    print(json.dumps({"seconds": seconds, "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
