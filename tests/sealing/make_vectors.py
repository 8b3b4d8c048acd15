"""Make vectors.json: fixed inputs and what the sealing code made of them on the day the format was fixed.

    PYTHONPATH=. python tests/sealing/make_vectors.py tests/sealing/vectors.json

All but the boxes comes out the same each time, so test_vectors.py compares it. A box differs each time it is made,
so the file keeps some that were sealed once, and they must open for ever.

The file is never overwritten. When test_vectors.py fails, stored boxes no longer open and printed words, recovery codes
and fingerprints no longer fit: mend the code, not the file. A new format gets a new version in `places.VERSION`, and a
file of its own beside this one for as long as anything sealed under the old one exists.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from portal.sealing import box, keys, symbols
from portal.sealing.places import Place

SIX = "abacus zoom walnut unicorn pastel ivory"
PASSPHRASE = "gravity onyx pelican legend tulip cactus"
PEPPERS = (bytes(range(32)), b"\xff" * 32)
SALT = bytes(range(16))
RECOVERY = bytes(range(100, 120))
SEED = bytes(range(96))
PLACES = (
    Place("desk", bytes(range(16)), "to_ombuds"),
    Place("desk", bytes(range(16)), "to_visitor"),
    Place("keys", b"", "wrapped_code"),
    Place("größe", b"\xff" * 300, ""),
)
SYMBOLS = (b"", b"\x00", b"\xff", b"Vera!", bytes(range(5)), bytes(range(1, 11)))
TEXT = "Grüße an Ola — a text that was sealed once.".encode()
SIZE = 128


def visitor(pepper: bytes) -> dict[str, str]:
    found = keys.visitor_keys(SIX, pepper)
    return {
        "words": SIX,
        "pepper": pepper.hex(),
        "lookup": found.lookup.hex(),
        "private": found.private.hex(),
        "pair": found.pair.hex(),
    }


def ombuds() -> dict[str, str]:
    found = keys.ombuds_keys(RECOVERY)
    return {
        "recovery": RECOVERY.hex(),
        "printed": symbols.grouped(symbols.encode(RECOVERY)),
        "private": found.private.hex(),
        "own": found.own.hex(),
    }


def key_pair() -> dict[str, str]:
    public = keys.public_of(SEED)
    return {"seed": SEED.hex(), "public": public.hex(), "fingerprint": keys.fingerprint(public)}


def written(place: Place) -> dict[str, str]:
    return {"store": place.store, "row": place.row.hex(), "box": place.box}


def spelled(data: bytes) -> dict[str, str]:
    text = symbols.encode(data)
    checked = symbols.with_check(text)
    return {"data": data.hex(), "symbols": text, "checked": checked, "printed": symbols.grouped(checked)}


def sealed(private: bytes, place: Place) -> dict[str, Any]:
    made = box.seal(box.pad(TEXT, SIZE), keys.public_of(private), place)
    return {"private": private.hex(), "place": written(place), "text": TEXT.decode(), "box": made.hex()}


def locked(key: bytes, place: Place) -> dict[str, Any]:
    made = box.lock(box.pad(TEXT, SIZE), key, place)
    return {"key": key.hex(), "place": written(place), "text": TEXT.decode(), "box": made.hex()}


def fixed() -> dict[str, Any]:
    """What comes out the same each time."""
    return {
        "visitor": [visitor(pepper) for pepper in PEPPERS],
        "passphrase": {
            "passphrase": PASSPHRASE,
            "salt": SALT.hex(),
            "key": keys.passphrase_key(PASSPHRASE, SALT).hex(),
        },
        "ombuds": ombuds(),
        "key_pair": key_pair(),
        "places": [{**written(place), "bytes": bytes(place).hex()} for place in PLACES],
        "symbols": [spelled(data) for data in SYMBOLS],
        "padded": {"text": TEXT.decode(), "size": SIZE, "bytes": box.pad(TEXT, SIZE).hex()},
    }


def boxes() -> dict[str, Any]:
    """What comes out different each time and must open for ever."""
    seeds = (SEED, keys.ombuds_keys(RECOVERY).private, keys.visitor_keys(SIX, PEPPERS[0]).private)
    return {
        "sealed": [sealed(private, place) for private, place in zip(seeds, PLACES, strict=False)],
        "locked": [locked(keys.ombuds_keys(RECOVERY).own, place) for place in PLACES],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Make test vectors; an existing file is never overwritten.")
    parser.add_argument("target", type=Path)
    with parser.parse_args().target.open("x", encoding="utf-8") as file:
        json.dump({**fixed(), "boxes": boxes()}, file, indent=1, ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    main()
