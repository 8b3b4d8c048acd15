"""P1, P6: pages that wait in memory are made by the server itself, so how soon one comes tells of nobody's look."""

from collections.abc import Hashable
from functools import partial
from pathlib import Path

import pytest
from flask import Flask, Response, request

from portal import clock, create_app, language
from portal.boards import Rendered
from portal.pulse import Pulse
from portal.scheduling.views import keep_first_pages
from tests.cast import World
from tests.colleagues import NOT_OTTO, OTTO, with_otto
from tests.speaking import in_arabic_letters, keep, offer, translated

LOOKS = [
    "/times",
    "/times?mode=phone",
    "/times?mode=in-person&week=2",
    "/times?mode=nothing",
    "/times?week=junk",
    *(
        f"/times?tz={zone}{more}"
        for zone in ("Pacific/Chatham", "Asia/Tokyo")
        for more in ("", "&mode=phone", "&week=1")
    ),
    *(f"/times?ombuds={part}" for part in (NOT_OTTO, OTTO.hex(), "lang-ga", "not-x")),
    "/feed.ics",
    "/",
]


@pytest.fixture
def app(world: World) -> Flask:
    with_otto(world)
    return create_app(world.instance)


def waiting(app: Flask) -> dict[Hashable, str]:
    rendered = app.extensions["portal"].volatile.rendered
    assert isinstance(rendered, Rendered)
    return dict(rendered._pages)


def visit(app: Flask) -> None:
    vera = app.test_client()
    for look in LOOKS:
        vera.get(look)
    for mode in ("", "phone", "write"):
        vera.post("/book", data={"mode": mode, "slot": ""})
    vera.get("/book/an-old-address")


def test_what_waits_is_the_same_whoever_looked_before(app: Flask) -> None:
    visit(app)
    assert waiting(app) == {}, "nobody's look is kept, not even the first"

    keep_first_pages(app)
    before = waiting(app)
    visit(app)

    assert len(before) == 4, "any way, and each of the three"
    assert waiting(app) == before


@pytest.mark.parametrize("is_warm", [False, True])
def test_a_page_that_was_kept_at_a_look_is_found(app: Flask, *, is_warm: bool) -> None:
    """Planted: the office keeps what was asked for, as sites do to be quick."""

    @app.after_request
    def keep(response: Response) -> Response:
        app.extensions["portal"].volatile.rendered.keep({**waiting(app), request.full_path: response.get_data()})
        return response

    if is_warm:
        keep_first_pages(app)
    before = waiting(app)
    visit(app)

    assert waiting(app) != before


@pytest.mark.parametrize("query", ["", "?mode=video", "?mode=in-person", "?mode=phone"])
def test_a_page_that_waited_is_the_one_that_is_made_at_a_look(app: Flask, query: str) -> None:
    made = app.test_client().get(f"/times{query}").text
    keep_first_pages(app)

    assert made in waiting(app).values()
    assert app.test_client().get(f"/times{query}").text == made


@pytest.mark.parametrize("query", ["?lang=ar", "?lang=ar&mode=phone", "?lang=en"])
def test_in_each_language_of_the_office_a_page_waits_too(
    world: World, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(language, "FOLDER", tmp_path / "locale")
    keep(translated("ar", in_arabic_letters), tmp_path / "locale", "ar")
    offer(world, "en", "ar")
    made = app.test_client().get(f"/times{query}").text
    assert waiting(app) == {}

    keep_first_pages(app)

    assert len(waiting(app)) == 8
    assert made in waiting(app).values()
    assert app.test_client().get(f"/times{query}").text == made


def test_pages_of_before_do_not_stay_and_unchanged_ones_are_not_made_again(app: Flask) -> None:
    keep_first_pages(app)
    before = waiting(app)
    keep_first_pages(app)
    assert {id(page) for page in waiting(app).values()} == {id(page) for page in before.values()}

    app.extensions["portal"].volatile.publication._items = ()
    keep_first_pages(app)

    assert len(waiting(app)) == 4
    assert not set(waiting(app)) & set(before)


def test_the_pulse_makes_them_without_any_visitor(app: Flask) -> None:
    state = app.extensions["portal"]
    pulse = Pulse(state.stores, state.volatile, state.settings, clock.now(), partial(keep_first_pages, app))
    assert waiting(app) == {}

    pulse.beat(clock.now())

    assert len(waiting(app)) == 4
