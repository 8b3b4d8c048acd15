"""What Theo the thief carries away: every byte of an instance, the server's secrets and the staff list."""

import sqlite3
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

#: Theo holds these and knows what is in them: who is on the roster is no secret, who came is. By path, not by name: a
#: file that is called so elsewhere is another file.
HELD = frozenset({"roster.db", "secrets.toml", "portal.toml"})
_MAGIC = b"SQLite format 3\0"


@dataclass(frozen=True)
class Employee:
    """A line of the staff list: the name and every address."""

    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Loot:
    """Everything Theo has. He has no passphrase, no recovery code and nobody's six words.

    `secrets` are the server's, 32 bytes each, by name; `outputs` are logs and transcripts kept outside the instance;
    `caught` is what open files held that have no name on the disk any more.
    """

    instance: Path
    secrets: Mapping[str, bytes] = field(repr=False)
    staff: Sequence[Employee] = field(repr=False)
    outputs: tuple[Path, ...] = ()
    caught: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Cell:
    """One value of one row."""

    table: str
    column: str
    value: object
    file: str = ""


def contents(loot: Loot) -> dict[str, bytes]:
    """Every file by name, apart from what Theo holds openly; of those, the journals and leftovers are here too."""
    named = {name: (loot.instance / name).read_bytes() for name in searched(loot.instance)}
    return named | {path.name: path.read_bytes() for path in loot.outputs} | dict(loot.caught)


def searched(folder: Path) -> list[str]:
    """Every file by its path in the folder, apart from what Theo holds openly."""
    names = (str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file())
    return [name for name in names if name not in HELD]


def databases(instance: Path) -> list[Path]:
    """Every file that begins like a database, whatever its name."""
    return sorted(path for path in instance.rglob("*") if path.is_file() and is_database(path))


def is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def looking(path: Path) -> sqlite3.Connection:
    """A look at a database that leaves no lock, no journal and no changed byte."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    # A cell may call itself text and be none.
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    return connection


def tables(path: Path) -> dict[str, str]:
    """Table names with the statements that made them."""
    with closing(looking(path)) as connection:
        return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))


def cells(path: Path) -> Iterator[Cell]:
    with closing(looking(path)) as connection:
        for table in tables(path):
            found = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name from the file's own catalogue
            columns = [each[0] for each in found.description]
            for row in found:
                for column, value in zip(columns, row, strict=True):
                    yield Cell(table, column, value, path.name)


def open_files(process: int) -> dict[str, bytes]:
    """What a process and its children hold open without a name on the disk; Linux only."""
    found: dict[str, bytes] = {}
    for number in _family(process):
        for link in Path(f"/proc/{number}/fd").glob("*"):
            try:
                if stat.S_ISREG(link.stat().st_mode) and link.stat().st_nlink == 0:
                    found[f"deleted: {link.readlink().name}"] = link.read_bytes()
            except OSError:  # closed in the meantime
                continue
    return found


def _family(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children")
    direct = [int(number) for number in children.read_text().split()] if children.exists() else []
    return [process, *(each for child in direct for each in _family(child))]
