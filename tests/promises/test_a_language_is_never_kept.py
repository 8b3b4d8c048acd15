"""P1, P4: the language that a visitor chose travels with the visit, and no file, log or sealed box keeps it."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from portal.intake import returning
from portal.intake.returning import Opened
from tests.cast import VERA, Server, World
from tests.speaking import keep, marked, offer, serve_speaking, translated
from tests.visiting import Visitor, fields_of

#: So rare that nothing else here is called so; and the mark that stands around every sentence of its catalogue.
RARE, MARK = "sr-Cyrl-BA", "⟦⟦⟦"
FIELD = ("lang", RARE)


@pytest.fixture
def server(world: World, tmp_path: Path) -> Iterator[Server]:
    """An office that offers a rare language among others, so that its name alone stands among its choices."""
    keep(translated(RARE, marked), tmp_path / "locale", RARE)
    offer(world, "en", RARE)
    running = serve_speaking(world, tmp_path / "locale")
    yield running
    running.kill()


def kept(world: World, *more: Path) -> list[str]:
    """Every file of the office, and of what lies beside it, in which the language stands."""
    files = [path for path in (*world.instance.rglob("*"), *more) if path.is_file()]
    assert len(files) > 5
    needles = [
        form for name in (RARE, MARK) for form in (name.encode(), name.encode("utf-16-le"), name.lower().encode())
    ]
    return [path.name for path in files if any(needle in _beside_the_choices(path) for needle in needles)]


def _beside_the_choices(path: Path) -> bytes:
    """A file without what the office itself chose for everybody."""
    return path.read_bytes().replace(f'["en", "{RARE}"]'.encode(), b"")


def visit(server: Server) -> str:
    """Vera books, is refused, comes back, writes, cancels and asks for another time; gives her words."""
    vera, world = Visitor(server.url), server.world
    assert MARK in vera.get(f"/times?lang={RARE}&week=1&mode=phone").body
    first, second = world.offers()[:2]
    form = vera.get(vera.post("/book", [FIELD, ("slot", first.key)]).header("Location") or "")
    assert FIELD in fields_of(form.body)
    wrong = vera.fill(form, mode="phone", proof="code", email=VERA.email, code="ABCD-EFGH-JKM")
    assert vera.post("/book", wrong).status == 200
    mine = {"mode": "phone", "proof": "code", "email": VERA.email, "code": world.code_of(VERA), "share": "name"}
    receipt = vera.post("/book", vera.fill(form, **mine, call_name="Robin"))
    words = vera.words(receipt)
    assert MARK in receipt.body
    vera.post("/book", [*vera.fill(form, mode="phone", proof="none"), ("slot", second.key)])
    vera.get(f"/nowhere?lang={RARE}")
    matter = vera.post("/return", [("words", words), FIELD])
    page = matter
    for more in (
        [("action", "write"), ("text", "My hours changed.")],
        [("action", "stored")],
        [("action", "cancel"), ("sure", "yes")],
        [("action", "again"), ("wish", "another")],
    ):
        page = vera.post("/return", [("ticket", dict(fields_of(page.body))["ticket"]), FIELD, *more])
        assert FIELD in fields_of(page.body)
    return words


def test_after_a_whole_visit_in_a_rare_language_no_file_and_no_log_holds_it(server: Server) -> None:
    visit(server)

    assert kept(server.world, server.log) == []
    server.kill()
    assert kept(server.world, server.log) == []


def test_the_sealed_matter_does_not_hold_it_either(server: Server) -> None:
    words = visit(server)

    opened = returning.come_back(server.world.stores, words, settings=server.world.settings)

    assert isinstance(opened, Opened)
    said = str(asdict(opened.document))
    assert "My hours changed." in said
    assert "Please offer me another time." in said, "the wish of a button, as the ombuds reads it"
    assert not any(name in repr(opened) for name in (RARE, MARK))


@pytest.mark.parametrize("leak", [f"GET /times?lang={RARE}", f"{MARK}Please offer me another time.", RARE.lower()])
def test_a_language_that_was_kept_is_found(world: World, tmp_path: Path, leak: str) -> None:
    """Planted: in a file of the office, and in a log beside it."""
    notes, log = world.instance / "notes.txt", tmp_path / "portal.log"
    log.touch()
    offer(world, "en", RARE)
    assert kept(world, log) == []

    notes.write_text(leak, "utf-8")
    log.write_text(leak, "utf-8")

    assert kept(world, log) == ["notes.txt", "portal.log"]
