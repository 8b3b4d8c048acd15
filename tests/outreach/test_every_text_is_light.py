"""Every public text, poster and card in every language that is shipped: small, and nothing of it from elsewhere."""

from collections.abc import Iterator

import pytest

from portal import language
from portal.site import shelves
from tests.cast import Server, World, serve
from tests.speaking import offer
from tests.visiting import Visitor
from tools.bench.pages import Load

BUDGET, MOST_REQUESTS = 14 * 1024, 3
TEXTS = [f"/{shelf}/{name}" for shelf, names in shelves.SHIPPED.items() for name in names if name != "welcome"]
#: What is welcome stands on the page of the week itself.
PAGES = ["/about", "/about/limits", "/about/voices", "/week", *TEXTS]
PRINTS = [
    f"/week/{each}" for each in ("poster", "poster?week=no", "poster?paper=letter", "cards", "cards?paper=letter")
]


@pytest.fixture(scope="module")
def server(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    world = first_world.copy(tmp_path_factory.mktemp("texts") / "instance")
    offer(world, *language.shipped())
    running = serve(world)
    yield running
    running.kill()


@pytest.mark.parametrize("path", PAGES + PRINTS)
def test_it_fits_into_one_flight_and_asks_nobody_else(path: str, server: Server) -> None:
    visitor = Visitor(server.url)
    for lang in language.shipped():
        page = visitor.get(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        load = Load(visitor, page)

        assert page.status == 200
        assert f'<html lang="{lang}" dir="{language.text_direction(lang)}"' in page.body
        assert load.foreign == 0
        assert len(load.parts) <= MOST_REQUESTS
        assert load.compressed <= BUDGET, (lang, load.compressed)


def test_no_text_was_forgotten() -> None:
    assert len(TEXTS) == sum(map(len, shelves.SHIPPED.values())) - 1
