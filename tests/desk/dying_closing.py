"""A desk that is killed in the middle of a closing, as one of the two stores is about to keep it for good."""

import json
import os
import signal
import sys
from pathlib import Path

from sqlalchemy import event

from portal import clock, config
from portal.db import open_stores
from portal.desk import closing
from portal.desk.changing import AtDesk
from portal.office.rules import DeskKeys
from portal.reporting.rules import Count
from portal.volatile import Publication

if __name__ == "__main__":
    said = json.load(sys.stdin)
    instance = Path(said["instance"])
    stores = open_stores(instance)
    own = DeskKeys(*(bytes.fromhex(said[name]) for name in ("ombuds", "private", "own", "office")))
    at = AtDesk(stores, own, config.load(instance), clock.now())
    dying = getattr(stores, said["store"]).engine
    event.listen(dying, "commit", lambda _connection: os.kill(os.getpid(), signal.SIGKILL))
    closing.close(at, bytes.fromhex(said["locker"]), Count(mode="phone"), version=1, publication=Publication())
