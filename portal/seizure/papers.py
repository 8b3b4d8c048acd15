"""What Theo tries with every text he finds: is there a passphrase in it, or a recovery code?"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from portal.office.rules import read_recovery
from portal.sealing import symbols, words
from portal.sealing.keys import RECOVERY_SIZE, ombuds_keys, public_of

_ROW = 9
_ROWS = 4
_KNOWN = frozenset(words.WORDS)


def passphrases(text: str) -> Iterator[str]:
    """Every six words of the list that stand in a row, whatever stands between them."""
    run: list[str] = []
    for word in re.findall(r"[a-z]+", text.casefold()):
        run = [*run, word][-words.COUNT :] if word in _KNOWN else []
        if len(run) == words.COUNT:
            yield " ".join(run)


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
