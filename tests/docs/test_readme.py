"""The README is true: its commands run as written, in an empty folder with an empty environment.

What the README leaves to people is done here as they would do it: the ombuds joins in a browser, the operator writes
the settings and has a staff list. Where a command runs until it is stopped, it is started and left running.
"""

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.cast import change_settings, free_port, staff_csv
from tests.visiting import fields_of

ROOT = Path(__file__).parents[2]
OFFICE = "times.example.org"
PATIENCE = 600.0

pytestmark = [
    pytest.mark.xdist_group("readme"),
    pytest.mark.skipif(
        "README_TEST" in os.environ, reason="these are the tests that the README's own `make test` runs"
    ),
    pytest.mark.skipif(not (ROOT / ".git").exists() or not shutil.which("git"), reason="needs git's list of files"),
]


def blocks() -> list[str]:
    return re.findall(r"(?ms)^```sh\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"))


def bare_environment(home: Path) -> dict[str, str]:
    """PATH and an empty home; beside them only how this machine reaches its package registry."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("PIP_") or name.lower() in {"http_proxy", "https_proxy", "no_proxy", "ssl_cert_file"}
    }
    for settings in (Path.home() / ".config/pip/pip.conf", Path.home() / ".pip/pip.conf"):
        if settings.exists():
            kept.setdefault("PIP_CONFIG_FILE", str(settings))
    # The tests' own environment is not the newcomer's: python3 must be the system's again.
    path = [each for each in os.environ["PATH"].split(os.pathsep) if not Path(each).is_relative_to(ROOT)]
    return kept | {"PATH": os.pathsep.join(path), "HOME": str(home)}


@dataclass
class Newcomer:
    """Somebody at a shell in a fresh copy of the project."""

    folder: Path
    environment: dict[str, str]
    log: Path
    said: str = field(default="", init=False)

    def run(self, block: str, **environment: str) -> str:
        """Run a block as written; gives all that it printed."""
        done = subprocess.run(
            ["sh", "-ec", block],
            cwd=self.folder,
            env=self.environment | environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    @contextmanager
    def running(self, block: str) -> Iterator[str]:
        """Run a block that does not end, until it answers on its port; gives the address. It is stopped afterwards."""
        port = free_port()
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                ["sh", "-ec", block],
                cwd=self.folder,
                env=self.environment | {"PORT": str(port)},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(lambda: self._answers(process, url))
            self.said = self.log.read_text("utf-8")
            yield url
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)

    def _answers(self, process: "subprocess.Popen[bytes]", url: str) -> bool:
        assert process.poll() is None, self.log.read_text("utf-8")
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


class Browser:
    """An ombuds' browser behind the office's proxy: the Host that the proxy passes on, and the desk's cookie."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookie = ""

    def ask(self, path: str, fields: list[tuple[str, str]] | None = None) -> str:
        body = None if fields is None else urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.url + path, data=body, headers={"Host": OFFICE, "Cookie": self.cookie})
        opener = urllib.request.build_opener(_StayHere)
        try:
            answer = opener.open(request, timeout=60)
        except urllib.error.HTTPError as redirect:
            answer = redirect
        with answer:
            assert answer.status in {200, 302}, f"{path} answered {answer.status}"
            self.cookie = (answer.headers.get("Set-Cookie") or self.cookie).partition(";")[0]
            return str(answer.read().decode())

    def fill(self, path: str, page: str, **values: str) -> str:
        kept = [(name, value) for name, value in fields_of(page) if name not in values]
        return self.ask(path, [*kept, *values.items()])


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


def _wait(is_done: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_done():
        assert time.monotonic() < until, "the server did not answer"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """A copy of what the repository holds, with changes that are not committed yet, and nothing else."""
    top = tmp_path_factory.mktemp("newcomer")
    folder, home = top / "ombuds-portal", top / "home"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    home.mkdir()
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return Newcomer(folder, bare_environment(home), top / "log")


def join(url: str, code: str) -> None:
    """What Ola does at /desk/join: type the code, keep the papers, confirm with six digits."""
    browser = Browser(url)
    kit = browser.fill("/desk/join", browser.ask("/desk/join"), code=code)
    secret = re.search(r"secret=([A-Z2-7]+)", kit)
    assert secret, "the page of keys did not come"
    address = f"otpauth://totp/x:x?secret={secret[1]}&issuer=x"
    digits = TOTP(_base32(address), 6, SHA1(), 30).generate(int(time.time())).decode()  # noqa: S303 - RFC 6238
    browser.fill("/desk/join/confirm", kit, second_factor=digits, kept_passphrase="y", kept_recovery="y")
    assert "Welcome" in browser.ask("/desk/sign-in")


def _base32(address: str) -> bytes:
    text = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["secret"][0]
    bits = "".join(f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.index(symbol):05b}" for symbol in text)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def test_the_readme_has_the_blocks_that_are_tested_here() -> None:
    run, test, init, serve, daily = blocks()
    assert (run, test) == ("make run\n", "make test\n")
    assert (" init " in init, serve.endswith(" serve\n"), " import " in daily) == (True, True, True)


def test_the_readme_works_from_the_first_command_to_the_last(newcomer: Newcomer) -> None:
    run, test, init, invite_and_serve, roster_and_tick = blocks()

    with newcomer.running(run) as url:
        assert "Book as one of these people" in newcomer.said
        assert "passphrase" in newcomer.said
        with urllib.request.urlopen(f"{url}/times") as page:
            assert "Choose a time" in page.read().decode()

    # Here the whole suite would run inside itself, this test included. So one small file of it runs, through the
    # same target of the Makefile: that the target works is shown, that all tests pass is for the outer run to show.
    newcomer.run(test, README_TEST="1", PYTEST_ADDOPTS="tests/docs/test_links.py", PYTEST_XDIST_AUTO_NUM_WORKERS="1")

    newcomer.run(init)
    instance = newcomer.folder / "instance"
    change_settings(instance, phone='phone = "+1 555 0142"')
    with newcomer.running(invite_and_serve) as url:
        code = re.search(r"Joining code for Ola Brandt: (\S+)", newcomer.said)
        assert code
        join(url, code[1])
        (newcomer.folder / "staff.csv").write_bytes(staff_csv(200))
        said = newcomer.run(roster_and_tick)
        assert "accepted" in said
        assert "matters ended" in said
    findings = subprocess.run(
        [newcomer.folder / ".venv/bin/portal", "doctor"],
        cwd=newcomer.folder,
        env=newcomer.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "no ombuds has joined" not in findings.stdout
    assert "[[crisis]] is empty" in findings.stdout
