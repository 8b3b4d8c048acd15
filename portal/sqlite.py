"""Where the stores lie and how SQLite is asked to treat them; what every connection to one begins with."""

import sqlite3
from pathlib import Path

STORES = ("desk", "keys", "site")
#: Each answers a measured leak or loss; docs/architecture.md says which.
PRAGMAS = (
    "busy_timeout=20000",  # the first: the others may have to wait too
    "page_size=8192",
    "journal_mode=TRUNCATE",
    "secure_delete=ON",
    "synchronous=FULL",
    "temp_store=MEMORY",
    "auto_vacuum=NONE",
)


def store_path(instance: Path, name: str) -> Path:
    return instance / f"{name}.db"


def prepare(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
