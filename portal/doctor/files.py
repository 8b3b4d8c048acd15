"""The office's own files: who may read them, and what should not lie beside them."""

import shlex
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.config import SECRETS_FILE, SETTINGS_FILE
from portal.db import BASES
from portal.doctor.finding import Finding
from portal.sqlite import store_path

_OTHERS = 0o077
_OTHERS_CHANGE = 0o022
_OTHERS_PASS = 0o011
_ALL_CHANGE = 0o002
_DEMO_NOTE = "what-to-try.json"
_STORES = tuple(store_path(Path(), name).name for name in (*BASES, "roster"))
#: SQLite's and an import's own files, which come and go with the work.
_WORKING = (".db-journal", ".db-wal", ".db-shm", ".db.new", ".db.staging")
_LISTS = (".csv", ".tsv", ".xls", ".xlsx", ".ods")


@dataclass(frozen=True)
class Entry:
    """A file or folder: its mode and the number of its owner."""

    path: Path
    mode: int
    owner: int


def findings(instance: Path) -> Iterator[Finding]:
    names = sorted(str(path.relative_to(instance)) for path in instance.rglob("*"))
    kept = [instance / name for name in (SETTINGS_FILE, SECRETS_FILE, *_STORES)]
    around = [_entry(parent) for parent in instance.resolve().parents]
    folder = _entry(instance)
    entries = [_entry(path) for path in kept if path.exists()]
    yield from about_modes(folder, entries, around)
    yield from about_owners(folder, entries)
    yield from about_parents(around)
    yield from about_names(instance, names)


def about_modes(folder: Entry, entries: Sequence[Entry], around: Sequence[Entry]) -> Iterator[Finding]:
    """Files with an open mode, and whether the folders on the way keep others out all the same."""
    for entry in (folder, *entries):
        on_the_way = around if entry is folder else (folder, *around)
        if entry.path.name == SETTINGS_FILE:
            # The settings are no secret, but whoever changes them sends visitors to another video server.
            if entry.mode & _OTHERS_CHANGE:
                yield Finding(f"{entry.path} can be changed by others on this machine.", _command("go-w", entry.path))
        elif entry.mode & _OTHERS:
            is_open = all(each.mode & _OTHERS_PASS for each in on_the_way)
            kept_out = "" if is_open else ": only the folder around it keeps them out"
            verb = "can" if is_open else "could"
            yield Finding(
                f"{entry.path} {verb} be read by others on this machine{kept_out}.", _command("go-rwx", entry.path)
            )


def about_owners(folder: Entry, entries: Sequence[Entry]) -> Iterator[Finding]:
    """A command that root ran leaves files that the server cannot open."""
    for entry in entries:
        if entry.owner != folder.owner:
            yield Finding(
                f"{entry.path} belongs to another user than the folder: the server may not be able to use it.",
                f"chown --reference={_quoted(folder.path)} {_quoted(entry.path)}",
            )


def about_parents(around: Sequence[Entry]) -> Iterator[Finding]:
    """Whoever may change a folder above may put an office of their own in this one's place."""
    for entry in around:
        if entry.mode & _ALL_CHANGE and not entry.mode & stat.S_ISVTX:
            yield Finding(
                f"Anybody on this machine can change {entry.path}, and so put another folder in the office's place.",
                _command("o-w", entry.path),
            )


def about_names(instance: Path, names: Sequence[str]) -> Iterator[Finding]:
    """`names` are all files below the instance, relative to it."""
    if _DEMO_NOTE in names:
        yield Finding(f"This is a demo office: its keys lie in {_DEMO_NOTE}.", "Never use it for real people.")
    for path in map(Path, names):
        whole = _quoted(instance / path)
        if is_copy_of_secrets(path):
            yield Finding(f"A copy of the server's secrets lies in {whole}.", f"shred -u {whole}")
        elif is_copy_of_store(path):
            yield Finding(
                f"A copy of a store lies in {whole}: it keeps what was ended or replaced since.",
                f"Backups belong elsewhere, see docs/operating.md. Then: shred -u {whole}",
            )
        elif path.suffix.lower() in _LISTS:
            yield Finding(
                f"{whole} looks like a list of people.",
                f"Import from standard input, so that none lies here: portal roster import -. Then: shred -u {whole}",
            )


def is_copy_of_secrets(path: Path) -> bool:
    """An editor's leftover or a copy by hand: secrets.toml~, .secrets.toml.swp, secrets.toml.bak, secrets (1).toml."""
    stem = SECRETS_FILE.removesuffix(".toml")
    return stem in path.name.lower() and path != Path(SECRETS_FILE)


def is_copy_of_store(path: Path) -> bool:
    """keys.db.bak, desk.db~, desk-old.db, backup/keys.db; not the stores, nor what SQLite puts beside them."""
    is_named_so = any(path.name.lower().lstrip(".#").startswith(name.removesuffix(".db")) for name in _STORES)
    is_own = len(path.parts) == 1 and (path.name in _STORES or path.name.endswith(_WORKING))
    return is_named_so and ".db" in path.name.lower() and not is_own


def _entry(path: Path) -> Entry:
    looked = path.stat()
    return Entry(path, stat.S_IMODE(looked.st_mode), looked.st_uid)


def _command(mode: str, path: Path) -> str:
    return f"chmod {mode} {_quoted(path)}"


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
