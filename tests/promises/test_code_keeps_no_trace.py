"""S13: what the code itself must not do, read from its syntax: note addresses, count visits, quote forms."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.editing import events_board
from tests.promises.day_of_visits import PORTAL_CODE

#: Attributes of a request that say where somebody comes from, or with what.
WHENCE = frozenset({"remote_addr", "remote_user", "access_route", "user_agent", "REMOTE_ADDR", "HTTP_X_FORWARDED_FOR"})
#: A line of a log is made of these alone: a constant, the kind of an error, the place in the code.
LOGGABLE = frozenset({"type", "error", "_place_of", "__name__"})
LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
#: A visit updates in place; these change the number of rows.
ROWS = frozenset({"insert", "delete", "add", "add_all", "merge"})
VISITING = {
    *("request_meeting", "request_writing", "book_decoy", "put_away", "come_back", "find", "change", "write"),
    *("change_with", "touch_with", "cancel", "cancel_with", "erase", "erase_with", "reveal", "revealed", "look"),
    *("move", "move_with", "move_decoy"),
}
STORED = {"take_slot", "free_slot", "draw_free", "fill", "swap", "find_by_lookup", "get_boxes", "get_row"}
SERVICES = tuple(f"intake/{name}.py" for name in ("service", "returning", "making", "moves", "revealing", "looking"))


def _sources() -> dict[str, ast.Module]:
    return {str(path.relative_to(PORTAL_CODE)): ast.parse(path.read_text()) for path in PORTAL_CODE.rglob("*.py")}


def whence(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in WHENCE:
            yield node.attr
        if isinstance(node, ast.Constant) and node.value in WHENCE:
            yield str(node.value)


def quotes(tree: ast.AST) -> Iterator[str]:
    """Calls of a logger that are told more than an error and its place."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
            if "log" not in ast.unparse(node.func.value).lower():
                continue
            names = {each.id for argument in node.args for each in ast.walk(argument) if isinstance(each, ast.Name)}
            has_text = any(isinstance(each, ast.JoinedStr) for argument in node.args for each in ast.walk(argument))
            if names - LOGGABLE or has_text:
                yield ast.unparse(node)


def prints(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "breakpoint"}:
            yield ast.unparse(node)


def rows(tree: ast.AST, functions: set[str]) -> Iterator[str]:
    """Functions on a visitor's way that make or drop rows."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef) or node.name not in functions:
            continue
        for call in ast.walk(node):
            if isinstance(call, ast.Call):
                name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                if name in ROWS:
                    yield f"{node.name}: {ast.unparse(call)}"


def sessions(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in {"flask", "flask_login"}:
            yield from (each.name for each in node.names if each.name in {"session", "flash", "login_user"})


def test_no_code_asks_where_a_request_comes_from() -> None:
    assert {name: list(whence(tree)) for name, tree in _sources().items() if list(whence(tree))} == {}


def test_no_log_line_quotes_anything_but_an_error_and_its_place() -> None:
    """The quiet logger itself passes on one fixed sentence."""
    found = {name: list(quotes(tree)) for name, tree in _sources().items()}
    assert {name: each for name, each in found.items() if each} == {}


def test_nothing_is_printed_but_by_the_commands() -> None:
    assert {name: list(prints(tree)) for name, tree in _sources().items() if list(prints(tree))} == {}


def test_no_function_on_a_visitors_way_makes_or_drops_a_row() -> None:
    sources = _sources()
    defined = {node.name for tree in sources.values() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert defined >= VISITING | STORED
    services = {name: list(rows(sources[name], VISITING)) for name in SERVICES}
    stores = {name: list(rows(sources[name], STORED)) for name in ("intake/store.py", "scheduling/store.py")}
    assert {name: each for name, each in (services | stores).items() if each} == {}


def test_only_the_desk_knows_a_session() -> None:
    found = {name for name, tree in _sources().items() if list(sessions(tree))}
    assert found
    assert {name for name in found if not name.startswith(("desk/", "editing/"))} == set()
    assert events_board.blueprint.url_prefix == "/desk/site", "what is edited stands behind the door of the desk"


@pytest.mark.parametrize(
    ("planted", "look"),
    [
        ("LOG.info('asked by %s', request.remote_addr)", whence),
        ("key = request.environ['REMOTE_ADDR']", whence),
        ("LOG.error('refused %s', form.email.data)", quotes),
        ("current_app.logger.warning(f'wrong code {code}')", quotes),
        ("print(form.data)", prints),
        ("from flask import request, session", sessions),
    ],
)
def test_a_planted_line_of_code_shows(planted: str, look: object) -> None:
    assert callable(look)
    assert list(look(ast.parse(planted)))


def test_a_planted_insert_on_a_visitors_way_shows() -> None:
    planted = "def request_meeting(desk):\n    desk.add(Booking(at=now))\n"
    assert list(rows(ast.parse(planted), VISITING))


def test_the_sources_that_were_read_are_the_portals() -> None:
    assert (Path(PORTAL_CODE) / "intake" / "service.py").exists()
    assert len(_sources()) > 50
