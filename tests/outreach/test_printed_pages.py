"""Posters and cards come out of a browser on exactly one sheet, whatever the office is called and how many it has."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from portal import create_app
from portal.office.tables import INVITED, Face, Ombuds
from portal.scheduling import opening
from portal.scheduling.rules import Mode
from portal.sealing.keys import fingerprint
from portal.site import choices
from portal.site.choices import Choices
from tests.cast import EVERY_DAY, OLA_NAME, PRACTICE, Server, World, change_settings, serve
from tests.colleagues import OTTO, OTTO_NAME, add_ombuds
from tests.speaking import offer

OpenPage = Callable[..., Page]
PRINTS = ("/week/poster", "/week/poster?week=no", "/week/cards")
#: In points, 72 to the inch.
A4, LETTER = (595, 842), (612, 792)
#: Whether something of a sheet stands outside of it, or on top of something else.
OUTSIDE = """() => {
    const sheet = document.querySelector('.sheet').getBoundingClientRect();
    const boxes = [...document.querySelectorAll('.sheet p, .sheet li, .sheet h2, .sheet .square')];
    const out = boxes.filter(each => {
        const box = each.getBoundingClientRect();
        return box.left < sheet.left || box.right > sheet.right || box.top < sheet.top || box.bottom > sheet.bottom;
    });
    const full = [...document.querySelectorAll('.card')].filter(each =>
        each.querySelector('.card-text').scrollHeight > each.clientHeight);
    return [...out, ...full].map(each => each.textContent.trim());
}"""


@pytest.fixture
def client(world: World) -> Iterator[FlaskClient]:
    yield create_app(world.instance).test_client()
    world.refresh()


@pytest.fixture(scope="module")
def crowded(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Twenty ombuds with long names, in an office with a long name and a long address."""
    world = first_world.copy(tmp_path_factory.mktemp("printed") / "instance")
    change_settings(
        world.instance,
        name='name = "The Independent Ombuds Office of the United Colleges of Alder, Birch and Willow"',
        address='address = "https://times-of-the-ombuds-office.united-colleges-of-alder.example.org"',
    )
    world.refresh()
    with world.stores.desk.writing() as desk, world.stores.site.writing() as site:
        own = desk.get_one(Ombuds, world.ombuds)
        for number in range(19):
            key, name = os.urandom(16), f"Wilhelmina Featherstonehaugh-Okonkwo {number}"
            desk.add(Ombuds(id=key, name=name, state=own.state, join_hash=key * 2, public_key=own.public_key))
            site.add(Face(ombuds=key, name=name, public_key=own.public_key))
        choices.keep(site, Choices(week=(date(2199, 9, 23), date(2199, 10, 4))))
    server = serve(world)
    yield server
    server.kill()


@pytest.fixture(scope="module")
def bilingual(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    world = first_world.copy(tmp_path_factory.mktemp("bilingual") / "instance")
    offer(world, "es", "en")
    server = serve(world)
    yield server
    server.kill()


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """The size of each page, in points."""
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == len(re.findall(rb"/MediaBox", pdf))
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize(("paper", "size"), [("", A4), ("letter", LETTER)])
@pytest.mark.parametrize("path", PRINTS)
def test_a_print_is_one_sheet_of_its_paper(
    server: Server, open_page: OpenPage, path: str, paper: str, size: tuple[int, int], direction: str
) -> None:
    page = open_page(width=1280)
    page.goto(f"{server.url}{path}{'&' if '?' in path else '?'}paper={paper}")
    page.evaluate("direction => document.documentElement.dir = direction", direction)

    assert pages_of(page.pdf(prefer_css_page_size=True)) == [size]
    page.emulate_media(media="print")
    assert page.evaluate(OUTSIDE) == []


def is_one_sheet(page: Page) -> None:
    assert len(pages_of(page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="print")
    assert page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("paper", ["", "letter"])
@pytest.mark.parametrize("path", PRINTS)
def test_an_office_with_long_names_and_many_ombuds_prints_one_sheet_too(
    crowded: Server, open_page: OpenPage, path: str, paper: str
) -> None:
    page = open_page(width=1280)
    page.goto(f"{crowded.url}{path}{'&' if '?' in path else '?'}paper={paper}")

    is_one_sheet(page)


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("path", PRINTS)
def test_an_office_of_two_languages_prints_one_sheet_in_each(
    bilingual: Server, open_page: OpenPage, path: str, lang: str
) -> None:
    page = open_page(width=1280)
    page.goto(f"{bilingual.url}{path}{'&' if '?' in path else '?'}lang={lang}")

    is_one_sheet(page)


def test_what_does_not_fit_is_found(server: Server, open_page: OpenPage) -> None:
    page = open_page(width=1280)
    page.goto(f"{server.url}/week/cards")
    page.locator(".card-text").first.evaluate("each => each.append('word '.repeat(400))")
    assert page.evaluate(OUTSIDE)
    page.locator(".sheet").evaluate("each => each.style.blockSize = '400mm'")
    assert len(pages_of(page.pdf(prefer_css_page_size=True))) == 2


def test_only_the_sheet_is_printed_in_black_on_white_and_one_colour(server: Server, open_page: OpenPage) -> None:
    page = open_page(width=1280, scheme="dark")
    page.goto(f"{server.url}/week/poster")
    page.emulate_media(media="print", color_scheme="dark")
    inks = page.eval_on_selector_all(
        ".sheet, .sheet *:not(path)", "all => all.map(each => getComputedStyle(each).color)"
    )
    papers = page.eval_on_selector_all(
        "body, .sheet, .sheet *", "all => all.map(each => getComputedStyle(each).backgroundColor)"
    )

    assert set(inks) == {"rgb(0, 0, 0)", "rgb(29, 90, 83)"}
    assert set(papers) == {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    for hidden in (".top", ".how", ".foot"):
        assert not page.locator(hidden).is_visible()


@pytest.mark.parametrize("path", PRINTS)
def test_a_print_holds_the_bare_address_the_keys_and_no_code(client: FlaskClient, world: World, path: str) -> None:
    with world.stores.site.reading() as site:
        own = fingerprint(site.get_one(Face, world.ombuds).public_key)
    page = client.get(path + ("&" if "?" in path else "?") + "ombuds=x&tz=Asia/Tokyo&code=0123-4567-89A").text
    sheet = page[page.index('class="sheet') :]

    assert world.settings.address in sheet
    assert OLA_NAME in sheet
    assert own in sheet
    assert "Use your own phone" in sheet
    assert "This QR holds only the address." in sheet
    assert "0123-4567-89A" not in page
    assert not re.search("Tokyo|[?]tz=", sheet[: sheet.index("</main>")])


def sheets(client: FlaskClient) -> list[str]:
    """What is printed of each page, as text."""
    pages = [client.get(path).text for path in PRINTS]
    return [re.sub(r"<[^>]+>", " ", page[page.index('class="sheet') : page.index("</main>")]) for page in pages]


@pytest.mark.parametrize(
    ("modes", "said"),
    [
        ((Mode.phone,), {"By phone"}),
        ((Mode.video, Mode.in_person), {"By video", "In person"}),
        (tuple(Mode), {"By video", "In person", "By phone"}),
        ((), set()),
    ],
)
def test_a_print_promises_only_the_ways_to_meet_that_are_set(
    client: FlaskClient, world: World, modes: tuple[Mode, ...], said: set[str]
) -> None:
    """It hangs there for months, so what is free today makes no difference."""
    with world.stores.desk.writing() as desk:
        opening.set_hours(desk, world.ombuds, [replace(each, modes=modes) for each in EVERY_DAY], PRACTICE)

    for sheet in sheets(client):
        assert {way for way in ("By video", "In person", "By phone") if way in sheet} == said
        assert "+1 555 0142" in sheet


def test_a_print_promises_no_call_where_there_is_no_number(world: World) -> None:
    change_settings(world.instance, phone='phone = ""')

    for sheet in sheets(create_app(world.instance).test_client()):
        assert "By video" in sheet
        assert not re.search("phone(?!, on mobile data)|call", sheet, re.IGNORECASE)


def test_an_ombuds_who_is_not_open_adds_no_way_to_meet(client: FlaskClient, world: World) -> None:
    add_ombuds(world, OTTO, OTTO_NAME)
    with world.stores.desk.writing() as desk:
        opening.set_hours(desk, world.ombuds, EVERY_DAY, replace(PRACTICE, modes=(Mode.phone,)))
        desk.get_one(Ombuds, OTTO).state = INVITED

    assert all("By video" not in sheet for sheet in sheets(client))


def test_the_square_is_that_of_the_address_and_nothing_else(client: FlaskClient) -> None:
    squares = {re.findall(r"<svg.*?</svg>", client.get(path).text, re.DOTALL)[0] for path in PRINTS}

    assert len(squares) == 1
    assert squares == set(re.findall(r"<svg.*?</svg>", client.get("/week/cards?tz=Asia/Tokyo").text, re.DOTALL))


def test_an_ombuds_who_cannot_be_booked_is_on_no_print(client: FlaskClient, world: World) -> None:
    with world.stores.desk.writing() as desk:
        desk.get_one(Ombuds, world.ombuds).state = 6

    assert all(OLA_NAME not in client.get(path).text for path in PRINTS)


def test_a_poster_shows_the_published_key_and_not_one_that_was_put_in_its_place(
    client: FlaskClient, world: World
) -> None:
    with world.stores.desk.writing() as desk:
        own = desk.get_one(Ombuds, world.ombuds)
        true, own.public_key = fingerprint(own.public_key), bytes(1216)
    page = client.get("/week/poster").text

    assert true in page
    assert fingerprint(bytes(1216)) not in page


def test_the_poster_of_the_week_names_its_days_and_the_other_none(client: FlaskClient, world: World) -> None:
    with world.stores.site.writing() as site:
        choices.keep(site, Choices(week=(date(2199, 9, 23), date(2199, 9, 27))))
    week, ordinary = (client.get(path).text for path in PRINTS[:2])

    assert "Ombuds Week, 23–27 Sept 2199" in week  # noqa: RUF001 - a dash between two days
    assert "2199" not in ordinary


def test_cards_are_never_handed_out_by_name(client: FlaskClient) -> None:
    assert "Never hand them out by name" in client.get("/week/cards").text
