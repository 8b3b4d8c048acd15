"""S13, S17, S9: noise and decoys follow no count, one function makes each kind of box and key, one place logs."""

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.promises.day_of_visits import PORTAL_CODE

#: What the pulse may ask of the rest; none of it says how many came.
ASKED = {
    "intake": {"book_decoy", "write_decoy", "Decoy"},
    "moves": {"move_decoy"},
    "returning": {"cancel_with", "erase_with", "touch_with"},
    "upkeep": {"stir", "look"},
    "roster": {"facts"},
    "scheduling": {"published"},
    "office": {"names"},
    "jobs": {"daily"},
}
#: How often something comes is said by the operator, once.
RATES = {
    f"{settings}.{rate}" for settings in ("self._settings", "settings") for rate in ("noise_a_day", "decoys_a_week")
}
#: And the wait for it is made of these alone.
WAIT = {"self", "act", "times", "span", "now", "_CHANCE", "datetime", "timedelta", "Callable", "int"}
LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
#: A call that makes something, and the only files that may hold it; the roster has boxes of its own, and no blanks.
MAKERS = {
    "encrypt": {"sealing/box.py", "roster/parts.py", "roster/store.py"},
    "public_bytes_raw": {"sealing/keys.py"},
    "from_seed_bytes": {"sealing/keys.py"},
}


def _source(name: str) -> ast.Module:
    return ast.parse((PORTAL_CODE / name).read_text())


def _sources() -> dict[str, ast.Module]:
    return {str(path.relative_to(PORTAL_CODE)): ast.parse(path.read_text()) for path in PORTAL_CODE.rglob("*.py")}


def asked(tree: ast.AST) -> Iterator[str]:
    """What is asked of other parts that is not among the few things it may be."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            part = node.value.id
            yield from [ast.unparse(node)] * (part in ASKED and node.attr not in ASKED[part])
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"select", "func.count", "text"}:
            yield ast.unparse(node)


def rates(tree: ast.AST) -> Iterator[str]:
    """Rates that nobody set, and waits that are made of anything but chance and a rate."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "self._again":
            rate = ast.unparse(node.args[1])
            if rate not in RATES:
                yield rate
        if isinstance(node, ast.FunctionDef) and node.name == "_again":
            names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            yield from sorted(names - WAIT)


def ceilings(tree: ast.AST) -> Iterator[str]:
    """Repetitions that end after a fixed number: what was done once more is then known for no decoy's.

    Only the draws of a moment may be so, as nobody sees how many they were.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension) and ast.unparse(node.iter) != "range(_DRAWS)":
            yield ast.unparse(node.iter)


def logs(tree: ast.AST) -> Iterator[str]:
    """Loggers, and calls of them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.partition(".")[0] in {"logging", "syslog"})
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in {"logging", "syslog"}:
            yield ast.unparse(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
            yield from [ast.unparse(node)] * ("log" in ast.unparse(node.func.value).lower())


def made(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MAKERS:
            yield node.func.attr


def test_the_pulse_asks_for_no_count() -> None:
    assert list(asked(_source("pulse.py"))) == []


def test_noise_and_decoys_come_at_a_rate_that_the_operator_set() -> None:
    tree = _source("pulse.py")
    assert sum(isinstance(node, ast.Call) and ast.unparse(node.func) == "self._again" for node in ast.walk(tree)) == 4
    assert list(rates(tree)) == []


def test_nothing_of_the_pulse_is_done_a_fixed_number_of_times_at_most() -> None:
    assert {each for each in ceilings(_source("pulse.py")) if "range" in each or "repeat" in each} == set()


def test_a_single_place_writes_log_lines() -> None:
    """All others call `log.note`, which is given an error and never a text."""
    found = {name: list(logs(tree)) for name, tree in _sources().items()}
    assert {name for name, each in found.items() if each} == {"log.py"}


def test_one_file_seals_and_one_makes_keys_for_blanks_and_matters_alike() -> None:
    found = {name: set(made(tree)) for name, tree in _sources().items()}
    places = {maker: {name for name, calls in found.items() if maker in calls} for maker in MAKERS}
    assert places == MAKERS


def test_blanks_and_matters_pass_through_one_function() -> None:
    """`_locked` closes both, and each box of both is made by `box.seal` or `empty_notes`."""
    functions = {node.name: node for node in _source("intake/lockers.py").body if isinstance(node, ast.FunctionDef)}
    calls = {name: _calls(functions[name]) for name in ("blank", "pack")}
    assert calls["blank"] >= {"_locked", "box.seal", "empty_notes"} <= calls["pack"]


def _calls(function: ast.FunctionDef) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}


@pytest.mark.parametrize(
    ("planted", "look"),
    [
        ("def beat(self): return upkeep.free_lockers(desk)", asked),
        ("waiting = scheduling.count_taken(desk)", asked),
        ("taken = desk.scalar(select(func.count()).where(Slot.state == 9))", asked),
        ("self._again(self._book_decoy, self._settings.decoys_a_week - booked, _WEEK, now)", rates),
        ("def _again(self, act, times, span, now):\n    self._put(now + span / (times + self.seen(desk)), act)", rates),
        ("for _ in range(secrets.randbelow(MOST_TOUCHES + 1)): self._put(at, act)", ceilings),
        ("[self._put(at, act) for _ in range(3)]", ceilings),
        ("import logging\nlogging.getLogger('portal').info('hello')", logs),
        ("current_app.logger.error('broken')", logs),
        ("ChaCha20Poly1305(key).encrypt(nonce, text, b'')", made),
    ],
)
def test_a_planted_line_of_code_shows(planted: str, look: Callable[[ast.AST], Iterator[str]]) -> None:
    assert list(look(ast.parse(planted)))
