"""django-appointment, a booking package for Django, beside the portal in the same run.

gunicorn serves it too, with one process and eight threads of its own, and one connection for each request. It is
installed for the comparison, into an environment that ends with it.
"""

import json
import subprocess
import tempfile
import threading
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from tests.cast import World
from tests.visiting import Answer, Visitor
from tools.bench.crowd import bookings_of_one_slot
from tools.bench.figures import Figure, exactly, spread
from tools.bench.load import requests_a_second
from tools.bench.pages import locked
from tools.bench.serving import ROOT, running, serving

PEER = "django-appointment"
CLIENTS = 50
ROUNDS = 5
REQUESTS = 100
_SITE = ROOT / "tools" / "bench" / "peer_site.py"
_LOCKED = ROOT / "tools" / "bench" / "peer.txt"
_PATIENCE = 150
_ASKED_BY_SCRIPT = "X-Requested-With: XMLHttpRequest"
_TOKEN = "c" * 32  # Django compares the cookie's with the form's; any one will do


def beside_a_peer(world: World) -> Iterator[Figure]:
    """Speed, and how many appointments come of one time that many want at once."""
    with tempfile.TemporaryDirectory() as folder:
        python = _install(Path(folder) / "venv")
        if python is None:
            yield Figure(f"beside {PEER}", "skipped: it could not be installed from the package registry")
            return
        yield from _beside(world, python, Path(folder))


def _install(folder: Path) -> Path | None:
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", str(_LOCKED)]
    try:
        venv.create(folder, with_pip=True)
        subprocess.run(pip, check=True, capture_output=True, timeout=_PATIENCE)  # noqa: S603
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return python


def _beside(world: World, python: Path, folder: Path) -> Iterator[Figure]:
    made = json.loads(_run(python, "make", folder, str(CLIENTS)))
    site = [str(python), str(_SITE), "serve", str(folder)]
    with (folder / "peer.log").open("wb") as log, serving(site, _page(made), errors=log) as peer:
        with running(world) as (server, _own):
            yield from _speed(f"{server.url}/times", peer.url + _page(made), peer.url + _slots(made))
        broken = _crowd(peer.url, made)
    appointments = int(_run(python, "count", folder))
    bookings, _ = bookings_of_one_slot(world, CLIENTS)
    yield exactly(f"{CLIENTS} clients on one slot: bookings", bookings, 1)
    yield Figure(f"  {PEER}: appointments, 5xx", f"{appointments}, {broken}")
    yield Figure("distributions to install, itself too", str(1 + len(locked(ROOT / "requirements.txt"))))
    yield Figure(f"  {PEER}, with the same server", str(len(locked(_LOCKED))))


def _speed(times: str, page: str, slots: str) -> Iterator[Figure]:
    """Its page names a day and loads that day's times afterwards; both are asked, and the quicker one is compared."""
    rounds = [
        (
            requests_a_second(times, REQUESTS),
            requests_a_second(page, REQUESTS),
            requests_a_second(slots, REQUESTS, _ASKED_BY_SCRIPT),
        )
        for _ in range(ROUNDS)
    ]
    yield Figure("requests/s: /times", f"{median(each[0] for each in rounds):,.0f}")
    rates = ", ".join(f"{median(each[number] for each in rounds):,.0f}" for number in (1, 2))
    yield Figure(f"  {PEER}: its page, its times of one day", rates)
    yield Figure("  /times, times the quicker of the two", spread([each[0] / max(each[1:]) for each in rounds]))


def _run(python: Path, command: str, folder: Path, *more: str) -> str:
    done = subprocess.run(  # noqa: S603
        [python, _SITE, command, folder, *more], check=True, capture_output=True, text=True
    )
    return done.stdout


def _page(made: dict[str, Any]) -> str:
    return f"/request/{made['service']}/"


def _slots(made: dict[str, Any]) -> str:
    who = f"staff_member={made['staff_member']}&service_id={made['service']}"
    return f"/ajax/available_slots/?selected_date={_tomorrow()}&{who}"


def _tomorrow() -> str:
    return (datetime.now(UTC).date() + timedelta(days=1)).isoformat()


def _crowd(url: str, made: dict[str, Any]) -> int:
    """Everybody asks for ten o'clock at once, and finishes the form that follows; gives how many answers were 5xx."""
    start = threading.Barrier(CLIENTS)

    def book(session: str) -> list[int]:
        client = _Client(url, session)
        start.wait()
        chosen = {"date": _tomorrow(), "start_time": "10:00", "end_time": "11:00"}
        first = client.post("/request-submit/", chosen | {key: str(made[key]) for key in ("service", "staff_member")})
        form = first.header("Location")
        if form is None:
            return [first.status]
        who = {"name": "A client", "phone_0": "US", "phone_1": "2025550142", "payment_type": "full"}
        return [first.status, client.post(form, who).status]

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [status for each in pool.map(book, made["sessions"]) for status in each]
    return sum(status >= 500 for status in answers)


class _Client:
    """Somebody who is signed in, with the token that Django wants in cookie and form."""

    def __init__(self, url: str, session: str) -> None:
        self._visitor = Visitor(url)
        self._cookie = f"sessionid={session}; csrftoken={_TOKEN}"

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._visitor.post(path, fields | {"csrfmiddlewaretoken": _TOKEN}, Cookie=self._cookie)
