"""Every module that is no part of the web is under the contract that keeps the web away from it."""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
#: The server, the commands and the demo that stand on top of it.
ON_TOP = frozenset(
    {
        "__main__",
        "checkup",
        "cli",
        "demo.office",
        "demo.quarter",
        "opened",
        "doctor.command",
        "operating",
        "server",
        "trying",
        "ready",
        "web",
    }
)
SEIZURE_THROUGH_THE_WEB = frozenset({"seizure.answers", "seizure.attack", "seizure.command"})
#: What views and forms share among themselves.
BESIDE_VIEWS = frozenset(
    {
        "fields",
        "inline",
        "pages",
        "shown_zone",
        "spoken",
        "desk.door",
        "desk.joining",
        "desk.labels",
        "desk.notice",
        "editing.carrying",
        "editing.door",
        "intake.actions",
        "intake.choice",
        "intake.claims",
        "intake.shown",
        "intake.wishes",
        "notices.board",
        "scheduling.asked_whom",
        "site.board",
        "site.looks",
    }
)
OF_THE_WEB = ON_TOP | SEIZURE_THROUGH_THE_WEB | BESIDE_VIEWS


def modules() -> set[str]:
    """All modules below `portal`, by their names; a folder's own file holds only its sentence."""
    found = (path.relative_to(ROOT / "portal").with_suffix("") for path in (ROOT / "portal").rglob("*.py"))
    return {".".join(path.parts) for path in found if path.name != "__init__"}


def is_web(module: str) -> bool:
    return module in OF_THE_WEB or module.endswith(("views", "forms"))


def contract(beginning: str) -> dict[str, Any]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    return next(each for each in settings["contracts"] if each["name"].startswith(beginning))


def listed(*beginnings: str) -> set[str]:
    return {each.removeprefix("portal.") for name in beginnings for each in contract(name)["source_modules"]}


def not_under(names: set[str], wanted: set[str]) -> set[str]:
    """What is neither named nor lies in a folder that is."""
    return {each for each in wanted if not any(each == name or each.startswith(f"{name}.") for name in names)}


def test_every_module_outside_the_web_is_kept_from_it() -> None:
    wanted = {each for each in modules() if not is_web(each)}
    assert not_under(listed("Services", "Rules"), wanted) == set()


def test_a_module_that_nobody_listed_is_found() -> None:
    assert not_under({"desk.service", "roster"}, {"desk.service", "roster.codes", "desk.new"}) == {"desk.new"}


def test_every_view_and_form_goes_through_services() -> None:
    wanted = {each for each in modules() if each.endswith(("views", "forms"))}
    assert not_under(listed("Views"), wanted) == set()


def test_what_is_called_of_the_web_exists() -> None:
    assert modules() >= OF_THE_WEB


def test_the_architecture_draws_the_layers_of_the_contract() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    drawn = [line.strip() for line in text.partition("```text\n")[2].partition("```")[0].splitlines()]
    layers = [[name.strip() for name in each.split("|")] for each in contract("Each layer")["layers"]]
    assert len(drawn) == len(layers)
    for line, names in zip(drawn, layers, strict=True):
        assert all(name in line.split() for name in names if name != "__main__"), f"{names} is not drawn in {line}"
