"""A desk that is killed in the middle of a settling: its tables are written, what waits is not emptied."""

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from portal.db import open_stores
from portal.office.rules import DeskKeys
from portal.reporting import service

if __name__ == "__main__":
    said = json.load(sys.stdin)
    stores = open_stores(Path(said["instance"]))
    own = DeskKeys(*(bytes.fromhex(said[name]) for name in ("ombuds", "private", "own", "office")))
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        settled = service.settle(desk, keys, own, datetime.fromisoformat(said["now"]))
        if said["dies"] == "before the commit":
            os.kill(os.getpid(), signal.SIGKILL)
    with stores.keys.writing() as keys:
        service.empty(keys, own, settled)
        os.kill(os.getpid(), signal.SIGKILL)
