"""The dictionary attack on everybody: some hundred people at a time, so that memory stays bounded, on every core."""

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from multiprocessing.connection import wait
from pathlib import Path

from portal.config import SECRET_NAMES, Secrets
from portal.db import BASES
from portal.intake import tables as _intake  # noqa: F401 - each enters its tables in BASES
from portal.notices import tables as _notices  # noqa: F401
from portal.office import tables as _office  # noqa: F401
from portal.outreach import tables as _outreach  # noqa: F401
from portal.reporting import tables as _reporting  # noqa: F401
from portal.roster.rules import period_of, valid_periods
from portal.scheduling import tables as _scheduling  # noqa: F401
from portal.seizure.files import Employee, cells, is_database, looking, searched, tables
from portal.seizure.needles import LABELS, SHORTEST, Dictionary, Keys, of_staff
from portal.seizure.results import Scene
from portal.seizure.shape import foreign

CHUNK = 400
_WINDOW = 8 << 20
_OVERLAP = 512
#: Codes of the last quarters may lie in old files.
_QUARTERS, _QUARTER = 3, timedelta(days=92)
#: What everybody may read in the office's own stores, beside the names of their tables: an ombuds is staff too.
MOST_WORKERS = 4
_PUBLIC = (
    ("ombuds", "name"),
    ("face", "name"),
    ("practice", "region"),
    *(("place", each) for each in ("name", "access", "door", "directions")),
)
_BETWEEN = b" " * 16
NAMES = "the names of the files"


@dataclass(frozen=True, repr=False)
class Haystack:
    """Where people are looked for, and with which keys; `names` are the files, by path inside the folder."""

    folder: Path
    names: tuple[str, ...]
    keys: Keys = field(repr=False)


def look(scene: Scene) -> list[str]:
    """S1: every person of the list, in every disguise, in every byte."""
    found = Counter[tuple[str, str]]()
    haystack = haystack_of(scene.copy, scene.settings.secrets, scene.now.date())
    chunks = [scene.staff[start : start + CHUNK] for start in range(0, len(scene.staff), CHUNK)]
    done = 0
    for people, hits in _attacked(haystack, chunks):
        found.update(hits)
        done += people
        scene.say(done)
    in_files = [f"{name}: {kind} of the staff list" for name, kind in sorted(found)]
    return [*in_files, *sorted(set(foreign(scene.copy / "roster.db")))]


def haystack_of(folder: Path, secrets: Secrets, today: date) -> Haystack:
    """Every file, apart from what Theo holds openly."""
    return Haystack(folder, tuple(searched(folder)), keys_of(secrets, today))


def keys_of(secrets: Secrets, today: date) -> Keys:
    earlier = {period_of(today - quarter * _QUARTER) for quarter in range(1, _QUARTERS + 1)}
    known = {name: getattr(secrets, name) for name in SECRET_NAMES}
    return Keys(known, LABELS, sorted({*valid_periods(today), *earlier}))


def attack(haystack: Haystack, people: Sequence[Employee]) -> set[tuple[str, str]]:
    """File and kind of whatever lies there of these people; nothing of it names one of them."""
    dictionary = Dictionary(lambda: of_staff(people, haystack.keys))
    found = set[tuple[str, str]]()
    for name in haystack.names:
        for window in _windows(haystack.folder / name):
            found |= {(name, hit.kind) for hit in dictionary.search({name: window})}
    listed = _BETWEEN + _BETWEEN.join(name.encode("utf-8", "surrogateescape") for name in haystack.names)
    return found | {(NAMES, hit.kind) for hit in dictionary.search({NAMES: listed})}


def _windows(path: Path) -> Iterator[bytes]:
    """A file in parts that fit into memory. In a store the office's own public words are blanked."""
    if not is_database(path):
        yield from _parts(path, _OVERLAP)
        return
    public = _public_words(path)
    yield _BETWEEN + _BETWEEN.join(each for each in _texts(path) if each not in public)
    for part in _parts(path, 0):  # a page of a store ends where a part ends
        blanked = part
        for text in public:
            blanked = blanked.replace(text, bytes(len(text)))
        yield blanked


def _parts(path: Path, overlap: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        behind = b""
        while data := file.read(_WINDOW):
            yield behind + data
            behind = data[-overlap:] if overlap else b""


def _texts(path: Path) -> Iterator[bytes]:
    """The cells of a store as text: a short name may stand between bytes that are none."""
    return (cell.value.encode("utf-8", "surrogateescape") for cell in cells(path) if isinstance(cell.value, str))


def _public_words(path: Path) -> list[bytes]:
    ours = {"alembic_version"}.union(*(base.metadata.tables for base in BASES.values()))
    made = {name: text for name, text in tables(path).items() if name in ours}
    found = {text.encode() for text in made.values()} | {f"table{name}{name}".encode() for name in made}
    with closing(looking(path)) as connection:
        for table, column in _PUBLIC:
            if table in made and f"{column} " in made[table]:
                query = f"SELECT {column} FROM {table}"  # noqa: S608 - names of ours
                found |= {str(text).encode(errors="surrogateescape") for (text,) in connection.execute(query)}
    return sorted((text for text in found if len(text) >= SHORTEST), key=len, reverse=True)


def _attacked(haystack: Haystack, chunks: Sequence[Sequence[Employee]]) -> Iterator[tuple[int, set[tuple[str, str]]]]:
    """How many people were tried, and what was found of them, chunk by chunk."""
    # Not more, however many processors a shared host counts: each takes as much memory as the server does.
    workers = min(MOST_WORKERS, os.cpu_count() or 1, len(chunks))
    if workers <= 1:
        for chunk in chunks:
            yield len(chunk), attack(haystack, chunk)
        return
    executor = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _prepare, (haystack,))
    try:
        waiting = {executor.submit(_attack_here, chunk): len(chunk) for chunk in chunks}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    executor.shutdown()


_here: Mapping[str, Haystack] = {}


def _prepare(haystack: Haystack) -> None:
    """In each worker: keep what is searched, leave Ctrl-C to the parent, and end when the parent is gone."""
    globals()["_here"] = {"haystack": haystack}
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    """A killed parent tells nobody; its workers would wait for work for ever, with the staff list in memory."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def _attack_here(people: Sequence[Employee]) -> set[tuple[str, str]]:
    return attack(_here["haystack"], people)
