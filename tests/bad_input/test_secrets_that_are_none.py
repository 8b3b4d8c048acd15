"""Secrets that are missing, broken, not to be read, or another office's: it is said, and nothing is destroyed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

from portal import clock, jobs, setup
from portal.cli import main
from portal.config import SECRET_NAMES, SECRETS_FILE
from portal.intake import sentences
from tests.bad_input.inside import Inside, nothing_changes
from tests.cast import OLA_NAME, PORTAL, VERA, World, staff_csv
from tests.intake.pages_cast import kind, problems, text_of
from tests.promises.the_desk import DeskBrowser
from tests.visiting import Visitor

pytestmark = pytest.mark.xdist_group("bad_secrets")
NOBODY = 65534
TYPED = "amber bagpipe cabbage daybreak eagle fabric"
COMMANDS = (
    ("serve",),
    ("tick",),
    ("roster", "import", "-"),
    ("slots", "open"),
    ("ombuds", "invite", "Otto"),
    ("ombuds", "close", OLA_NAME),
    ("doctor",),
)


def fold(path: Path) -> None:
    path.unlink()
    path.mkdir()


def point_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("elsewhere"))


def change(path: Path, make: Callable[[str], str]) -> None:
    path.write_text(make(path.read_text()))


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (Path.unlink, "Run `portal init` first."),
    "a link to nowhere": (point_nowhere, "Run `portal init` first."),
    "a folder": (fold, "is a folder"),
    "empty": (lambda path: path.write_bytes(b""), "64 hexadecimal digits"),
    "binary": (lambda path: path.write_bytes(bytes(range(256))), "is not valid TOML"),
    "cut off": (lambda path: change(path, lambda text: text[: len(text) * 2 // 3]), ""),
    "one is missing": (lambda path: change(path, lambda text: text.replace("words", "sentences")), "64 hexadecimal"),
    "too short": (lambda path: change(path, lambda text: text.replace('"\n', "\n", 1).replace('"', '"00', 1)), ""),
    "letters": (lambda path: change(path, lambda text: text.replace(' = "', ' = "zz')), "64 hexadecimal digits"),
    "numbers": (lambda path: path.write_text("\n".join(f"{name} = 7" for name in SECRET_NAMES)), "64 hexadecimal"),
}


@pytest.mark.parametrize(("break_it", "told"), BROKEN.values(), ids=BROKEN)
def test_without_whole_secrets_no_command_does_anything(
    world: World, break_it: Callable[[Path], object], told: str
) -> None:
    hidden = [value.hex() for value in vars(world.settings.secrets).values()]
    break_it(world.instance / SECRETS_FILE)
    for arguments in COMMANDS:
        runner = CliRunner(env={"PORTAL_INSTANCE": str(world.instance), "PORT": None})
        with nothing_changes(world):
            found = runner.invoke(main, arguments, input=staff_csv(3))
        assert found.exit_code == 1, arguments
        assert isinstance(found.exception, SystemExit), found.exception
        assert (found.stdout, found.stderr.count("\n")) == ("", 1)
        assert str(world.instance / SECRETS_FILE) in found.stderr
        assert told in found.stderr
        assert not any(secret[:16] in found.output for secret in hidden)


def test_whole_secrets_start_everything(world: World) -> None:
    """The planted fault: a command that is always refused would pass the test above."""
    runner = CliRunner(env={"PORTAL_INSTANCE": str(world.instance)})
    assert runner.invoke(main, ["tick"]).exit_code == 0
    with pytest.raises(AssertionError), nothing_changes(world):
        assert runner.invoke(main, ["ombuds", "close", OLA_NAME]).exit_code == 0


def as_another() -> list[str]:
    """What runs a command as a user who may not read the file; as anybody but root it is enough to forbid oneself."""
    if os.geteuid() != 0:
        return []
    command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    looks = [sys.executable, "-c", "from importlib.util import find_spec; assert find_spec('portal')"]
    if shutil.which("setpriv") and subprocess.run([*command, *looks], capture_output=True, check=False).returncode == 0:
        return command
    said = "Install `setpriv` (util-linux) and put the project where every user may read it, or run this as no root."
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture
def elsewhere(world: World) -> Iterator[World]:
    """The office below a folder that everybody may enter, as the tests' own is not; owned by whoever runs it."""
    with TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        found = world.copy(Path(made) / "instance")
        if os.geteuid() == 0:
            for path in (found.instance, *found.instance.iterdir()):
                os.chown(path, NOBODY, NOBODY)
        yield found


def entries(world: World) -> dict[str, tuple[int, ...]]:
    """Sizes and times of all files, for whoever may not read their bytes."""
    found = {path.name: path.stat() for path in world.instance.iterdir()}
    return {name: (each.st_ino, each.st_size, each.st_mtime_ns, each.st_ctime_ns) for name, each in found.items()}


def test_secrets_that_this_user_may_not_read_are_named_with_what_to_do(elsewhere: World) -> None:
    secrets, command = elsewhere.instance / SECRETS_FILE, as_another()
    if command:
        os.chown(secrets, 0, 0)
    secrets.chmod(0o600 if command else 0)
    before = entries(elsewhere)
    found = subprocess.run(
        [*command, PORTAL, "serve"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(elsewhere.instance), "LANG": "C.UTF-8"},
    )
    assert (found.returncode, found.stdout) == (1, "")
    said = f"Error: {secrets} cannot be read by this user. Give it to the user that runs the portal.\n"
    assert found.stderr == said
    assert entries(elsewhere) == before


@pytest.fixture
def swapped(world: World, tmp_path: Path) -> tuple[World, bytes]:
    """Vera has booked; then another office's secrets were put in place. Gives the right ones too."""
    assert world.book(VERA, typed=TYPED, message="Soon", slots=[world.offers()[1].id])
    path, other = world.instance / SECRETS_FILE, tmp_path / "other"
    setup.make_office(other, name="Other", zone="UTC", address="http://localhost:8000")
    right = path.read_bytes()
    path.write_bytes((other / SECRETS_FILE).read_bytes())
    return world, right


def sign_in_once(office: Inside, world: World) -> str:
    desk = DeskBrowser(office)
    page = desk.get("/desk/sign-in")
    typed = {"second_factor": world.digits(), "passphrase": world.kit.passphrase}
    answer = desk.send(page, "/desk/sign-in", ombuds=world.ombuds.hex(), **typed)
    return "signed in" if answer.status == 302 else text_of(answer)


def test_with_another_offices_secrets_nothing_opens_and_nothing_is_destroyed(swapped: tuple[World, bytes]) -> None:
    world, right = swapped
    office, code = Inside(world), world.code_of(VERA)
    (offer,) = office.times()
    with nothing_changes(world):
        form = office.fill(office.choose([offer.key]), mode="phone", proof="code", email=VERA.email, code=code)
        assert problems(office.post("/book", form))[0] == sentences.refused()
        assert problems(office.post("/return", {"words": TYPED})) == [sentences.nothing_there()]
        assert "These do not fit together." in sign_in_once(office, world)
        assert jobs.daily(world.stores, settings=office.app.extensions["portal"].settings, now=clock.now()).ended == 0
    without = office.book(world, None, [offer.key])
    assert kind(without) == "receipt", "without a code nobody is refused"

    (world.instance / SECRETS_FILE).write_bytes(right)
    again = Inside(world)
    assert kind(again.post("/return", {"words": TYPED})) == "matter"
    assert sign_in_once(again, world) == "signed in"
    assert kind(again.book(world, VERA, [again.times(3)[2].key])) == "receipt"
    assert problems(again.post("/return", {"words": Visitor.words(without)})) == [sentences.nothing_there()]
