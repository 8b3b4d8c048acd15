"""The documents point only at what exists: files, headings, commands, options, settings."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from portal.cli import main
from portal.intake import documents, lockers
from portal.sealing import box, keys

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OPERATING = (ROOT / "docs/operating.md").read_text("utf-8")
SECTIONS = ("office", "site", "times", "video", "roster", "storage")
MOST_WORDS = 450
MOST_BYTES, MOST_BYTES_OF_ALL_PAGES = 120_000, 1_500_000
ALL_PAGES = "contact-sheet.jpg"
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"""(?:\]\(|src=")(?!https?:|mailto:)([^)"\s]+)""")
_CODE = re.compile(r"`([^`\n]+)`")
_COMMAND = re.compile(r"(?:^|[ /]|app )portal ([a-z…].*)")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(document: Path) -> set[str]:
    """The headings of a document as addresses."""
    headings = re.findall(r"(?m)^#+ (.+)$", _FENCE.sub("", document.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    for link in _LINK.findall(_FENCE.sub("", document.read_text("utf-8"))):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{name_of(document)} points at {link}"
        assert target.is_relative_to(ROOT), f"{name_of(document)} leaves the project with {link}"
        assert not anchor or anchor in anchors(target), f"{name_of(document)} points at no heading: {link}"


def mentioned_commands() -> Iterator[list[str]]:
    """The words behind every `portal` that a document tells somebody to type."""
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        typed = [*_CODE.findall(_FENCE.sub("", text)), *"\n".join(_FENCE.findall(text)).splitlines()]
        for line in typed:
            found = _COMMAND.search(line)
            if found and found[1] != "…":
                yield found[1].split()


def named(group: click.Group) -> dict[str, click.Command]:
    """The commands of a group, also those that it loads only when they are called."""
    context = click.Context(group)
    found = ((name, group.get_command(context, name)) for name in group.list_commands(context))
    return {name: command for name, command in found if command is not None}


def test_the_documents_give_commands() -> None:
    assert len(list(mentioned_commands())) > len(named(main))


@pytest.mark.parametrize("words", list(mentioned_commands()), ids=" ".join)
def test_every_command_and_option_exists(words: list[str]) -> None:
    command: click.Command = main
    rest = list(words)
    while isinstance(command, click.Group) and rest and rest[0][0].isalnum():
        name = rest.pop(0)
        assert name in named(command), f"there is no portal {' '.join(words)}"
        command = named(command)[name]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= known, f"an unknown option: portal {' '.join(words)}"


def test_every_command_has_its_section_for_the_operator() -> None:
    for name, command in named(main).items():
        below = named(command) if isinstance(command, click.Group) else {}
        for path in [f"{name} {each}" for each in below] or [name]:
            assert f"### `portal {path}`" in OPERATING


def test_every_setting_named_is_in_the_template() -> None:
    template = tomllib.loads((ROOT / "portal/portal.toml.template").read_text("utf-8"))
    for document in DOCUMENTS:
        for section, key in re.findall(rf"`({'|'.join(SECTIONS)})\.([a-z_]+)`", document.read_text("utf-8")):
            is_file = key == "db"
            assert is_file or key in template[section], f"{name_of(document)} names the setting {section}.{key}"


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"(?m)^([a-z.][\w./-]*):", (ROOT / "Makefile").read_text("utf-8")))
    for document in DOCUMENTS:
        named = re.findall(r"(?:`|&& |^)make ([\w./-]+)", document.read_text("utf-8"), re.MULTILINE)
        assert set(named) <= targets, f"{name_of(document)} names a target that the Makefile lacks"


def test_the_readme_stays_short_and_its_picture_small() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").split()) <= MOST_WORDS
    sizes = {picture.name: picture.stat().st_size for picture in (ROOT / "docs/pictures").iterdir()}
    assert sizes.pop(ALL_PAGES) < MOST_BYTES_OF_ALL_PAGES
    assert all(size < MOST_BYTES for size in sizes.values())


def test_the_settings_of_every_pragma_are_explained() -> None:
    architecture = (ROOT / "docs/architecture.md").read_text("utf-8")
    pragmas = re.findall(r'(?m)^    "([a-z_]+=\w+)",$', (ROOT / "portal/sqlite.py").read_text("utf-8"))
    assert pragmas
    assert all(f"`{pragma}`" in architecture for pragma in pragmas)


def test_the_sizes_in_the_architecture_are_the_real_ones() -> None:
    architecture = (ROOT / "docs/architecture.md").read_text("utf-8")
    nothing = bytes(keys.RECOVERY_SIZE)
    boxes = lockers.blank(bytes(16), bytes(keys.KEY_SIZE), keys.public_of(keys.ombuds_keys(nothing).private))
    for size in (len(boxes.to_ombuds), len(boxes.notes), documents.TEXT_SIZE, keys.PUBLIC_SIZE, box.SEALED_OVERHEAD):
        assert f"{size:,}" in architecture, f"no {size:,} in docs/architecture.md"
