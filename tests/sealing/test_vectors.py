import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.errors import CannotOpen
from portal.sealing import box, keys, symbols
from portal.sealing.places import Place

HERE = Path(__file__).parent
VECTORS: dict[str, Any] = json.loads((HERE / "vectors.json").read_text("utf-8"))


def place_of(vector: dict[str, str]) -> Place:
    return Place(vector["store"], bytes.fromhex(vector["row"]), vector["box"])


@pytest.mark.parametrize("vector", VECTORS["visitor"], ids=["one pepper", "another pepper"])
def test_the_same_six_words_lead_to_the_same_keys_for_ever(vector: dict[str, str]) -> None:
    found = keys.visitor_keys(vector["words"], bytes.fromhex(vector["pepper"]))
    assert found.lookup.hex() == vector["lookup"]
    assert found.private.hex() == vector["private"]
    assert found.pair.hex() == vector["pair"]


def test_the_same_passphrase_leads_to_the_same_key_for_ever() -> None:
    vector = VECTORS["passphrase"]
    assert keys.passphrase_key(vector["passphrase"], bytes.fromhex(vector["salt"])).hex() == vector["key"]


def test_the_same_recovery_code_leads_to_the_same_keys_for_ever() -> None:
    vector = VECTORS["ombuds"]
    recovery = symbols.decode(symbols.read(vector["printed"]))
    assert recovery.hex() == vector["recovery"]
    found = keys.ombuds_keys(recovery)
    assert found.private.hex() == vector["private"]
    assert found.own.hex() == vector["own"]


def test_the_same_seed_has_the_same_public_key_and_fingerprint_for_ever() -> None:
    vector = VECTORS["key_pair"]
    public = keys.public_of(bytes.fromhex(vector["seed"]))
    assert public.hex() == vector["public"]
    assert keys.fingerprint(public) == vector["fingerprint"]


@pytest.mark.parametrize("vector", VECTORS["places"], ids=lambda vector: f"{vector['store']} {vector['box']}")
def test_a_place_has_the_same_bytes_for_ever(vector: dict[str, str]) -> None:
    assert bytes(place_of(vector)).hex() == vector["bytes"]


@pytest.mark.parametrize("vector", VECTORS["symbols"], ids=lambda vector: vector["checked"])
def test_bytes_are_spelled_and_checked_the_same_for_ever(vector: dict[str, str]) -> None:
    data = bytes.fromhex(vector["data"])
    assert symbols.encode(data) == vector["symbols"]
    assert symbols.with_check(vector["symbols"]) == vector["checked"]
    assert symbols.read(vector["printed"]) == vector["checked"]
    assert symbols.decode(vector["symbols"]) == data


def test_a_text_is_padded_the_same_for_ever() -> None:
    vector = VECTORS["padded"]
    assert box.pad(vector["text"].encode(), vector["size"]).hex() == vector["bytes"]
    assert box.unpad(bytes.fromhex(vector["bytes"])).decode() == vector["text"]


@pytest.mark.parametrize("vector", VECTORS["boxes"]["sealed"], ids=["seed", "recovery code", "words"])
def test_a_box_sealed_long_ago_still_opens(vector: dict[str, Any]) -> None:
    private, sealed = bytes.fromhex(vector["private"]), bytes.fromhex(vector["box"])
    assert box.unpad(box.open_sealed(sealed, private, place_of(vector["place"]))).decode() == vector["text"]
    with pytest.raises(CannotOpen):
        box.open_sealed(sealed, private, Place("elsewhere", b"", ""))


@pytest.mark.parametrize("vector", VECTORS["boxes"]["locked"], ids=lambda vector: vector["place"]["store"])
def test_a_box_locked_long_ago_still_opens(vector: dict[str, Any]) -> None:
    key, locked = bytes.fromhex(vector["key"]), bytes.fromhex(vector["box"])
    assert box.unpad(box.unlock(locked, key, place_of(vector["place"]))).decode() == vector["text"]
    with pytest.raises(CannotOpen):
        box.unlock(locked, key, Place("elsewhere", b"", ""))


def test_the_boxes_of_words_and_recovery_code_open_from_paper_alone() -> None:
    by_seed = {vector["private"] for vector in VECTORS["boxes"]["sealed"]}
    assert VECTORS["ombuds"]["private"] in by_seed
    assert VECTORS["visitor"][0]["private"] in by_seed


def test_the_script_makes_the_committed_vectors_and_never_overwrites_them(tmp_path: Path) -> None:
    target = tmp_path / "vectors.json"
    command = [sys.executable, str(HERE / "make_vectors.py"), str(target)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    subprocess.run(command, env=environment, check=True)
    made = json.loads(target.read_text("utf-8"))
    assert {**made, "boxes": None} == {**VECTORS, "boxes": None}
    before = target.read_bytes()
    again = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert "FileExistsError" in again.stderr
    assert target.read_bytes() == before
