"""What Theo can make himself for each column: well-formed, with his own keys, in the right place, under the right lock.

He knows the code, the stores, the server's secrets and every public key.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from portal.intake import ledger, lockers
from portal.intake.ledger import Ledger
from portal.intake.rules import Document, Matter
from portal.office import service as office
from portal.sealing import box
from portal.sealing.keys import KEY_SIZE, LOOKUP_SIZE, RECOVERY_SIZE, new_private, pin_hash, public_of
from portal.sealing.places import Place
from tests.promises.attacked_office import Office
from tests.promises.operator_hand import Value, read

THEOS = "Theo's own words"
FAR, LONG_AGO = "9999-12-01", "2000-01-01"


def values(attacked: Office) -> Mapping[str, Sequence[Value]]:
    """By table and column; a column that is not here has no value that looks better than a random one."""
    theo = new_private()
    boxes = boxes_of(attacked, attacked.lockers["Vera"], attacked.sealed[-1], attacked.now)
    return {
        "ombuds.name": ["Theo"],
        "ombuds.state": [6, 7, 8, 9],
        "ombuds.join_hash": [office._join_hash("0000-0000-0000-0000-0")],
        "ombuds.public_key": [public_of(theo)],
        "office.public_key": [public_of(theo)],
        "face.public_key": [public_of(theo)],
        "face.name": ["Theo"],
        "hours.starts": ["25:00"],
        "hours.weekday": [9],
        "practice.modes": ["xyz"],
        "practice.minutes": [1],
        "place.door": ["Theo's own door"],
        "special.day": ["9999-99-99"],
        "special.starts": ["25:00"],
        "practice.zone": ["../../etc/passwd", "Mars/Olympus"],
        "practice.holidays": ["XX", "US-XX"],
        "busy.read_at": [-1, 2**62],
        "slot.state": [8, 9],
        "slot.modes": ["---"],
        "locker.state": [7, 8],
        "locker.destroy_on": [FAR, LONG_AGO],
        "locker.lookup": [os.urandom(LOOKUP_SIZE)],
        "locker.to_ombuds": [boxes.to_ombuds],
        "locker.to_visitor": [boxes.to_visitor],
        "locker.notes": [boxes.notes],
        "diary.last_day": [FAR, LONG_AGO],
        "trial.day": [FAR],
        "notice.first": [FAR, "<b>moved</b>"],
        "notice.last": ["9999-12-31", LONG_AGO],
        "notice.part": ["night"],
        "pin.hash": [pin_hash("00000000", bytes(16), attacked.state.settings.secrets.factors)],
        **_keyring(attacked, theo),
        "ledger.box": [ledger.write(Ledger(attacked.last), 8, os.urandom(KEY_SIZE), attacked.ola.ombuds)],
    }


def boxes_of(attacked: Office, locker: bytes, matter: Matter, folder: Path) -> lockers.Boxes:
    """A matter as Theo would have it: sealed to Ola's key and to his own, found by the same words."""
    (secret,) = (row["secret"] for row in read(folder / "keys.db", "lock") if row["locker"] == locker)
    assert isinstance(secret, bytes)
    stub = replace(matter.stub, message=THEOS)
    theos = replace(matter, version=matter.version + 1, stub=stub, pair=os.urandom(KEY_SIZE))
    return lockers.pack(locker, secret, Document(theos, attacked.ola.public, public_of(new_private())))


def _keyring(attacked: Office, theo: bytes) -> dict[str, list[Value]]:
    ola, secrets = attacked.ola, attacked.state.settings.secrets
    recovery = os.urandom(RECOVERY_SIZE)
    return {
        "keyring.wrapped_code": [box.lock(recovery, os.urandom(KEY_SIZE), office._place(ola.ombuds, "code"))],
        "keyring.second_factor": [box.lock(recovery, secrets.factors, office._place(ola.ombuds, "factor"))],
        "keyring.office_key": office_key(attacked, theo),
    }


def office_key(attacked: Office, theo: bytes) -> list[Value]:
    """Theo's private half, where Ola looks for the office's."""
    ombuds = attacked.ola.ombuds
    return [box.seal(theo, attacked.ola.public, Place("keys", ombuds, "office"))]
