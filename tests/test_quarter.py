"""A demo office lives: its people come and go, its ombuds counts, and nothing in it is stuck."""

import json
from datetime import timedelta
from pathlib import Path

from portal import clock, config
from portal.db import open_stores
from portal.demo import office as demo
from portal.desk import counting, service
from portal.desk.changing import AtDesk
from portal.office import service as office
from portal.office.rules import desk_keys, read_recovery


def test_a_demo_office_lives_through_some_weeks(tmp_path: Path) -> None:
    """On a stepped clock; `portal demo --quarter` lives through thirteen."""
    said: list[str] = []
    now = clock.now()
    demo.make_if_missing(tmp_path / "instance", port=8199, now=now, say=said.append, weeks=5)

    at = _ola(tmp_path / "instance")
    queue, books = service.queue(at), counting.books(at)
    assert said[-1] == "  week 5 of 5…"
    assert queue.tampered == []
    assert queue.coming or queue.to_close or queue.others
    assert isinstance(books.waiting, list)
    counted = sum(table.number("total", "matters") for table in books.tables.values())
    assert counted + len(books.waiting) > 10
    opened = [view.matter for view in service.views(at)]
    assert all(now - timedelta(weeks=5, days=1) < each.written <= now for matter in opened for each in matter.messages)


def _ola(instance: Path) -> AtDesk:
    settings, stores = config.load(instance), open_stores(instance)
    recovery = read_recovery("".join(json.loads((instance / "what-to-try.json").read_text())["recovery"]))
    assert recovery
    with stores.desk.reading() as desk, stores.keys.reading() as keys:
        (ombuds,) = office.names(desk)
        wrapped = office.find_wrapped(keys, ombuds)
    assert wrapped
    return AtDesk(stores, desk_keys(ombuds, recovery, office._office_private(wrapped, recovery)), settings, clock.now())
