"""What Theo tries with every text he finds: is there a passphrase in it, or a recovery code?"""

import re
from collections.abc import Container, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from portal.errors import CannotOpen
from portal.intake.tables import USED
from portal.office.rules import read_recovery
from portal.sealing import box, symbols, words
from portal.sealing.keys import RECOVERY_SIZE, ombuds_keys, passphrase_key, public_of, visitor_keys
from portal.sealing.places import Place
from portal.seizure.files import looking
from portal.seizure.results import Scene
from portal.sqlite import store_path

_ROW = 9
_ROWS = 4
_KNOWN = frozenset(words.WORDS)
_STEP = 4 << 20
#: Six words are longer, and so is a recovery code.
_READABLE = re.compile(rb"[\t\n\r\x20-\x7e]{20,}")
_OVERLAP = 512
#: Ordinary sentences may hold six listed words in a row; each such row costs some seconds of deriving keys. An office
#: has no use for more of them, and behind many a true one could hide: what is not tried counts as found.
_MOST_TRIED = 20


def look(scene: Scene) -> list[str]:
    """Six words or a recovery code in any file, tried on whatever they could open."""
    keyrings, publics, lookups = _locks(scene.copy)
    found, tried = [], set[str]()
    for path in sorted(path for path in scene.copy.rglob("*") if path.is_file()):
        for text in _texts(path):
            rows = set(passphrases(text)) - tried
            trying = list(rows)[: _MOST_TRIED - len(tried)]
            tried.update(trying)
            if any(_opens(typed, scene.settings.secrets.words, keyrings, lookups) for typed in trying):
                found.append(f"{path.name}: six words that open something")
            if len(trying) < len(rows):
                found.append(f"{path.name}: rows of six words in clear, more than are tried")
            if any(True for public in publics for _ in recoveries([text], public)):
                found.append(f"{path.name}: an ombuds' recovery code")
    return sorted(set(found))


def _locks(folder: Path) -> tuple[list[tuple[bytes, bytes, bytes]], list[bytes], set[bytes]]:
    """Keyrings as (ombuds, salt, wrapped code), public keys of ombuds, and the look-ups of used lockers."""
    with closing(looking(store_path(folder, "keys"))) as keys, closing(looking(store_path(folder, "desk"))) as desk:
        return (
            keys.execute("SELECT ombuds, salt, wrapped_code FROM keyring").fetchall(),
            [public for (public,) in desk.execute("SELECT public_key FROM ombuds")],
            {lookup for (lookup,) in desk.execute("SELECT lookup FROM locker WHERE state = ?", (USED,))},
        )


def _texts(path: Path) -> Iterator[str]:
    """What can be read in the parts of a file, as they stand and without the zeros of UTF-16."""
    with path.open("rb") as file:
        behind = b""
        while data := file.read(_STEP):
            for each in {behind + data, (behind + data).replace(b"\0", b"")}:
                yield "\0".join(run.decode("ascii") for run in _READABLE.findall(each))
            behind = data[-_OVERLAP:]


def _opens(
    typed: str, pepper: bytes, keyrings: Iterable[tuple[bytes, bytes, bytes]], lookups: Container[bytes]
) -> bool:
    return visitor_keys(typed, pepper).lookup in lookups or any(_unwraps(typed, *each) for each in keyrings)


def _unwraps(typed: str, ombuds: bytes, salt: bytes, wrapped: bytes) -> bool:
    try:
        box.unlock(wrapped, passphrase_key(typed, salt), Place("keys", ombuds, "code"))
    except CannotOpen:
        return False
    return True


def passphrases(text: str) -> Iterator[str]:
    """Every six words of the list that stand in a row, whatever stands between them.

    In bytes that are no text, a letter by chance may stick to the first word or to the last.
    """
    run: list[str] = []
    for word in re.findall(r"[a-z]+", text.casefold()):
        if word in _KNOWN:
            run = [*run, word][-words.COUNT :]
        else:
            last = _known(word[:end] for end in range(len(word) - 1, 0, -1))
            if last and len(run) >= words.COUNT - 1:
                yield " ".join([*run[1 - words.COUNT :], last])
            first = _known(word[start:] for start in range(1, len(word)))
            run = [first] if first else []
        if len(run) == words.COUNT:
            yield " ".join(run)


def _known(candidates: Iterable[str]) -> str | None:
    return next((each for each in candidates if each in _KNOWN), None)


def recoveries(texts: Iterable[str], public_key: bytes) -> Iterator[bytes]:
    """Recovery codes whose key pair is this ombuds' own: four rows of nine symbols, or twenty bytes in hexadecimal."""
    for text in texts:
        for found in _candidates(text):
            if public_of(ombuds_keys(found).private) == public_key:
                yield found


def _candidates(text: str) -> Iterator[bytes]:
    tokens = re.findall(r"[0-9A-Za-z-]+", text)
    rows = [row for token in tokens if len(row := symbols.read(token)) == _ROW and symbols.is_checked(row)]
    for start in range(len(rows) - _ROWS + 1):
        recovery = read_recovery("".join(rows[start : start + _ROWS]))
        if recovery is not None:
            yield recovery
    for token in tokens:
        with suppress(ValueError):
            if len(token) == 2 * RECOVERY_SIZE:
                yield bytes.fromhex(token)
