"""P1, P4: the zone that a visitor chose travels with the visit, and stays nowhere: no file, no log, no sealed box."""

from dataclasses import asdict
from pathlib import Path

from portal.intake import returning
from portal.intake.returning import Opened
from tests.cast import VERA, Server, World
from tests.visiting import Visitor, fields_of

#: So rare that nothing else here is called so, in its own name and in the words of the pages.
RARE = ("Pacific/Chatham", "Chatham")
FIELD = ("tz", "Pacific/Chatham")


def kept(world: World, *more: Path) -> list[str]:
    """Every file of the office, and of what lies beside it, in which the rare zone stands."""
    files = [path for path in (*world.instance.rglob("*"), *more) if path.is_file()]
    assert len(files) > 5
    needles = [form for name in RARE for form in (name.encode(), name.encode("utf-16-le"), name.lower().encode())]
    return [path.name for path in files if any(needle in path.read_bytes() for needle in needles)]


def visit(server: Server) -> str:
    """Vera books from Chatham, comes back, writes, is refused and cancels; gives her words."""
    vera, world = Visitor(server.url), server.world
    vera.get("/times?tz=Pacific/Chatham&week=1&mode=phone")
    first, second = world.offers()[:2]
    form = vera.get(vera.post("/book", [FIELD, ("slot", first.key)]).header("Location") or "")
    wrong = vera.fill(form, mode="phone", proof="code", email=VERA.email, code="ABCD-EFGH-JKM")
    assert vera.post("/book", wrong).status == 200
    receipt = vera.post(
        "/book", vera.fill(form, mode="phone", proof="code", email=VERA.email, code=world.code_of(VERA))
    )
    words = vera.words(receipt)
    assert "Chatham Time" in receipt.body
    vera.post("/book", [*vera.fill(form, mode="phone", proof="none"), ("slot", second.key)])
    vera.get("/nowhere?tz=Pacific/Chatham")
    matter = vera.post("/return", [("words", words), FIELD])
    ticket = ("ticket", dict(fields_of(matter.body))["ticket"])
    for more in ([("action", "write"), ("text", "My hours changed.")], [("action", "stored")], [("action", "cancel")]):
        answer = vera.post("/return", [ticket, FIELD, *more])
        assert FIELD in fields_of(answer.body)
    return words


def test_after_a_whole_visit_in_a_rare_zone_no_file_and_no_log_holds_it(server: Server) -> None:
    visit(server)

    assert kept(server.world, server.log) == []
    server.kill()
    assert kept(server.world, server.log) == []


def test_the_sealed_matter_does_not_hold_it_either(server: Server) -> None:
    words = visit(server)

    opened = returning.come_back(server.world.stores, words, settings=server.world.settings)

    assert isinstance(opened, Opened)
    assert "My hours changed." in str(asdict(opened.document))
    assert not any(name.lower() in repr(opened).lower() for name in RARE)


def test_a_zone_that_was_kept_is_found(server: Server) -> None:
    """Two planted leaks: in a file of the office, and in the log."""
    world = server.world
    notes = world.instance / "notes.txt"
    notes.write_text("visitor came from Pacific/Chatham")
    assert kept(world, server.log) == ["notes.txt"]
    notes.unlink()
    with server.log.open("a") as log:
        log.write("GET /times?tz=pacific/chatham\n")
    assert kept(world, server.log) == [server.log.name]
