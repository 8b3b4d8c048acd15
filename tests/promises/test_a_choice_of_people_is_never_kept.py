"""P1, P4: whom a visitor would meet or leave out travels with the visit, and stays nowhere: no file, log or memory."""

from dataclasses import asdict
from pathlib import Path

from portal import clock, create_app, jobs
from portal.intake import returning
from portal.intake.returning import Opened
from tests.cast import Server, World, serve
from tests.colleagues import NOT_OTTO, OTTO, OTTO_NAME, with_otto
from tests.visiting import Visitor, fields_of

RARE = (NOT_OTTO, f"{OTTO_NAME}, in Irish", f"except {OTTO_NAME}")
FIELD = ("whom", NOT_OTTO)


def two_ombuds(world: World) -> Server:
    with_otto(world)
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    return serve(world)


def kept(world: World, *more: Path) -> list[str]:
    """Every file of the office, and of what lies beside it, in which the choice stands."""
    files = [path for path in (*world.instance.rglob("*"), *more) if path.is_file()]
    assert len(files) > 5
    needles = [form for name in RARE for form in (name.encode(), name.encode("utf-16-le"), name.lower().encode())]
    needles.append(b"not-" + OTTO)
    return [path.name for path in files if any(needle in path.read_bytes() for needle in needles)]


def visit(server: Server) -> str:
    """Vera leaves out Otto, looks, is refused, books, comes back and cancels; gives her words."""
    vera, world = Visitor(server.url), server.world
    vera.get(f"/times?ombuds={NOT_OTTO}&ombuds=lang-ga&week=1&mode=phone")
    his = next(offer for offer in world.offers()[1:] if offer.ombuds == OTTO)
    hers = next(offer for offer in world.offers()[1:] if offer.ombuds == world.ombuds)
    assert vera.post("/book", [FIELD, ("slot", his.key)]).status == 200
    form = vera.get(vera.post("/book", [FIELD, ("slot", hers.key)]).header("Location") or "")
    assert FIELD in fields_of(form.body)
    receipt = vera.post("/book", vera.fill(form, mode="phone", proof="none", call_name="Robin"))
    words = vera.words(receipt)
    matter = vera.post("/return", [("words", words)])
    vera.post("/return", [("ticket", dict(fields_of(matter.body))["ticket"]), ("action", "cancel")])
    vera.get(f"/nowhere?ombuds={NOT_OTTO}")
    return words


def test_after_a_whole_visit_no_file_no_log_and_no_sealed_matter_holds_the_choice(world: World) -> None:
    server = two_ombuds(world)
    try:
        words = visit(server)
        assert kept(world, server.log) == []
    finally:
        server.kill()
    assert kept(world, server.log) == []
    opened = returning.come_back(world.stores, words, settings=world.settings)
    assert isinstance(opened, Opened)
    assert "Robin" in str(asdict(opened.document))
    assert not any(needle in repr(opened) for needle in (*RARE, repr(OTTO)))


def test_a_choice_that_was_kept_is_found(world: World) -> None:
    """Planted: in a file of the office, as text and as bytes."""
    with_otto(world)
    notes = world.instance / "notes.txt"
    for text in (f"GET /times?ombuds={NOT_OTTO}".encode(), b"\0not-" + OTTO):
        notes.write_bytes(text)
        assert kept(world) == ["notes.txt"]


def test_what_means_nothing_leaves_no_mark_on_the_page_of_the_next(world: World) -> None:
    with_otto(world)
    first, second = (create_app(world.instance).test_client() for _ in range(2))
    first.get(f"/times?ombuds={'0' * 32}")

    assert "0" * 32 not in first.get("/times").text
    assert first.get("/times").text == second.get("/times").text
