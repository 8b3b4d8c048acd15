"""Two servers on one office, and the operator's commands beside a server that is busy: one clear line, nothing lost."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from tests import cast
from tests.bad_input.inside import nothing_changes
from tests.cast import PORTAL, VERA, Server, World, change_settings, staff_csv
from tests.intake.pages_cast import kind
from tests.intake.sealed import taken_slots, times, used_lockers
from tests.visiting import Answer, Visitor

pytestmark = pytest.mark.xdist_group("bad_starts")
BOOKINGS = 12
Said = tuple[int, str, str]


def command(world: World, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [PORTAL, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(world.instance), "LANG": "C.UTF-8"},
    )


def answer_of(process: "subprocess.Popen[bytes]", content: bytes = b"") -> Said:
    """Status, output and errors of a command that ends by itself."""
    output, errors = process.communicate(content, timeout=60)
    return process.returncode, output.decode(), errors.decode()


def refusal(world: World) -> Said:
    return 1, "", f"Error: Another server is running on {world.instance}. Stop it first.\n"


@pytest.fixture
def office(world: World) -> Iterator[Server]:
    change_settings(world.instance, lockers="lockers = 40")
    world.refresh()
    running = cast.serve(world)
    yield running
    running.kill()


@contextmanager
def busy(office: Server) -> Iterator[list[Answer]]:
    """Visitors book one after the other on four lines meanwhile; their answers are there at the end."""
    offers, answers = times(office.world)[:BOOKINGS], list[Answer]()
    with ThreadPoolExecutor(4) as visitors:
        booked = [visitors.submit(Visitor(office.url).book, office.world, VERA, [each.key]) for each in offers]
        yield answers
        answers += [each.result() for each in booked]


def test_of_two_servers_that_start_in_one_moment_one_serves(world: World) -> None:
    ports = [cast.free_port(), cast.free_port()]
    starting = [command(world, "serve", "--port", str(port)) for port in ports]
    try:
        loser = next(each for each in _ended(starting))
        (winner,) = set(starting) - {loser}
        assert answer_of(loser) == refusal(world)
        server = Server(world, f"http://localhost:{ports[starting.index(winner)]}", winner, world.instance / "none")
        cast._wait_until_it_answers(server)
        assert kind(Visitor(server.url).book(world, VERA, [times(world)[0].key])) == "receipt"
    finally:
        for each in starting:
            each.terminate()
            each.communicate(timeout=20)


def _ended(processes: "list[subprocess.Popen[bytes]]") -> "Iterator[subprocess.Popen[bytes]]":
    """Whichever ends, when it ends; none may take a minute."""
    for _ in range(600):
        for each in processes:
            try:
                each.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            yield each
    raise AssertionError("both serve one office")


def test_a_second_start_is_refused_while_the_first_books_and_loses_no_booking(office: Server) -> None:
    world = office.world
    with busy(office) as answers:
        again = answer_of(command(world, "serve", "--port", str(cast.free_port())))
    with nothing_changes(world):
        same = answer_of(command(world, "serve", "--port", office.url.rpartition(":")[2]))

    assert again == same == refusal(world), "also on the same port the office is the reason, not the port"
    assert_all_booked(office, answers)
    with pytest.raises(AssertionError):  # the planted faults: a visitor without an answer, one with another's words
        assert_all_booked(office, answers[:-1])
    with pytest.raises(AssertionError):
        assert_all_booked(office, [*answers[:-1], answers[0]])


def run(world: World, *arguments: str, content: bytes = b"") -> Result:
    """The operator's command; this process is another one than the server's."""
    found = CliRunner(env={"PORTAL_INSTANCE": str(world.instance)}).invoke(main, arguments, input=content)
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    assert found.stderr == ""
    return found


def test_the_operators_commands_beside_a_busy_server_disturb_nobody(office: Server) -> None:
    world = office.world
    with busy(office) as answers:
        ticked = run(world, "tick")
        imported = run(world, "roster", "import", "-", content=staff_csv())
        told = run(world, "doctor")
        opened = run(world, "slots", "open")
        invited = run(world, "ombuds", "invite", "Otto Reis")

    assert [each.exit_code for each in (ticked, imported, opened, invited)] == [0] * 4
    assert ticked.stdout.startswith("0 matters ended, 0 times opened, ")
    assert " people accepted" in imported.stdout
    assert "could not be asked" not in told.stdout, "the doctor reads beside the server"
    assert_all_booked(office, answers)
    after = Visitor(office.url).book(world, VERA, [times(world)[BOOKINGS].key])
    assert kind(after) == "receipt", "Vera's code is good with the new list too"


def assert_all_booked(office: Server, answers: list[Answer]) -> None:
    """Every visitor has a receipt and six words of their own, and no line was logged."""
    assert [kind(each) for each in answers] == ["receipt"] * BOOKINGS
    assert len({Visitor.words(each) for each in answers}) == BOOKINGS
    assert len(taken_slots(office.world)) == len(used_lockers(office.world)) == BOOKINGS
    assert kind(Visitor(office.url).post("/return", {"words": Visitor.words(answers[-1])})) == "matter"
    assert office.log.read_text() == ""
