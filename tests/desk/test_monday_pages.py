"""Ola's Monday: the queue leads to notes, links, a search and a sheet of paper, and none of it stands in an address."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from portal import clock, create_app
from portal.desk import noting, service
from portal.desk.changing import change_all
from portal.intake.reading import Changed
from portal.intake.returning import Opened
from portal.intake.rules import Meeting, Share, State, Stub, Venue
from tests.cast import VERA, World
from tests.desk.test_open_desks import Ola
from tests.intake.sealed import ask, ask_desk, claim_of, times, used_lockers

SECRET = "Unrepeatable-Zebra"
DAY = timedelta(days=1)


@pytest.fixture
def ola(world: World) -> Iterator[Ola]:
    for number, (person, name) in enumerate(((VERA, "Robin"), (None, "Blue"))):
        share = Share.NAME if person else Share.NOTHING
        stub = Stub(share, call_name=name, message="They moved my résumé.", contact="+1 555 0107")
        ask(world, claim_of(world, person), slots=[times(world)[number].id], stub=stub)
    ola = Ola(world, create_app(world.instance))
    ola.open_desk()
    yield ola
    world.refresh()


def keys_of(ola: Ola) -> dict[str, str]:
    """Addresses of matters by call name."""
    page = ola.browser.get("/desk/").text
    links = re.findall(r'href="(/desk/matter/\w+)">.*?<bdi>(\w+)</bdi>', page, re.DOTALL)
    return {name: address for address, name in links}


def send(ola: Ola, path: str, **fields: str) -> str:
    return post(ola, path, path, **fields)


def post(ola: Ola, page: str, path: str, **fields: str) -> str:
    """Send a form of a page; gives where the answer leads, or its text."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', ola.browser.get(page).text)
    assert token
    answer = ola.browser.post(path, data=fields | {"csrf_token": token.group(1)})
    return answer.headers.get("Location") or answer.text


def test_notes_stand_on_the_matter_and_a_stale_page_shows_both_texts(ola: Ola) -> None:
    matter = keys_of(ola)["Robin"]

    assert send(ola, f"{matter}/notes", text=SECRET, version="0") == matter
    assert SECRET in ola.browser.get(matter).text
    page = send(ola, f"{matter}/notes", text="From another window", version="0")

    assert "changed in another window" in page
    assert SECRET in page
    assert "From another window</textarea>" in page
    assert 'value="1"' in page, "saving again is a choice that was seen"
    assert send(ola, f"{matter}/notes", text="Both", version="1") == matter


def test_notes_that_are_too_long_come_back_as_they_were_typed(ola: Ola) -> None:
    matter = keys_of(ola)["Robin"]
    long = "ü" * 2100

    page = send(ola, f"{matter}/notes", text=long, version="0")

    assert "This is too long, and nothing was kept." in page
    assert f"{long}</textarea>" in page


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 40, "²"])
def test_a_page_without_its_number_overwrites_nothing(ola: Ola, version: str) -> None:
    matter = keys_of(ola)["Robin"]
    send(ola, f"{matter}/notes", text=SECRET, version="0")

    assert "changed in another window" in send(ola, f"{matter}/notes", text="Other", version=version)


def test_two_sides_are_linked_and_parted(ola: Ola) -> None:
    keys = keys_of(ola)
    robin, blue = keys["Robin"], keys["Blue"]
    other = blue.rpartition("/")[2]

    assert send(ola, f"{robin}/link", other=other) == robin
    assert all("You have not met this side yet." in ola.browser.get(each).text for each in (robin, blue))
    assert "There is no other open matter" in ola.browser.get(f"{robin}/link").text
    assert "Choose one of these answers." in post(ola, robin, f"{robin}/link", other="00" * 16)
    assert post(ola, robin, f"{robin}/part", other=other) == robin
    assert not any("Other sides" in ola.browser.get(each).text for each in (robin, blue))


def test_a_search_finds_names_words_notes_and_profiles_and_keeps_nothing(ola: Ola) -> None:
    matter = keys_of(ola)["Robin"]
    send(ola, f"{matter}/notes", text=SECRET, version="0")
    before = ask_desk(ola.world, "SELECT * FROM locker")

    for query, names in (
        ("ROBIN", {"Robin"}),
        ("resume", {"Robin", "Blue"}),
        ("zebra resume", {"Robin"}),
        ("lindqvist", {"Robin"}),
        ("nobody's", set()),
    ):
        page = send(ola, "/desk/search", query=query)
        assert {name for name in ("Robin", "Blue") if f"<bdi>{name}</bdi>" in page} == names, query
    assert "Type a word first." in send(ola, "/desk/search", query=" ")
    assert "<form" in ola.browser.get("/desk/search?query=zebra").text
    assert SECRET not in ola.browser.get("/desk/search?query=zebra").text
    assert ask_desk(ola.world, "SELECT * FROM locker") == before


def test_pages_of_a_matter_that_is_not_there_lead_back(ola: Ola) -> None:
    for path in ("notes", "link"):
        assert ola.browser.get(f"/desk/matter/{'00' * 16}/{path}").headers["Location"] == f"/desk/matter/{'00' * 16}"


def test_what_ends_soon_is_kept_with_one_button(ola: Ola) -> None:
    world, matter = ola.world, keys_of(ola)["Robin"]
    own = world.desk_keys()
    soon = clock.now().date() + 3 * DAY

    def ending(opened: Opened) -> Changed:
        return Changed(opened.matter.changed(ends=soon))

    locker = bytes.fromhex(matter.rpartition("/")[2])
    assert change_all(world.at_desk(own), {locker: ending})
    assert "Keep one more month" in ola.browser.get("/desk/").text

    assert post(ola, "/desk/", f"{matter}/keep") == "/desk/"

    page = ola.browser.get("/desk/").text
    assert "Kept for one more month." in page
    assert "Keep one more month" not in page
    assert service.matters(world.at_desk(own))[locker.hex()].ends == soon + 31 * DAY


def test_ten_meetings_fit_one_sheet_that_says_when_to_destroy_it(ola: Ola, browser: Browser) -> None:
    world = ola.world
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0) + DAY
    venue = Venue("The old library, east wing", "step-free", "Second floor, room 214, the blue door", "")

    def full(opened: Opened) -> Changed:
        meetings = (
            Meeting(b"s" * 16, noon + timedelta(hours=n - 6), 50, "in-person", State.BOOKED, venue, f"{n:032x}")
            for n in range(10)
        )
        return Changed(opened.matter.changed(meetings=tuple(meetings)))

    own = world.desk_keys()
    (locker, *_) = sorted(used_lockers(world))
    assert change_all(world.at_desk(own), {locker: full})
    assert noting.write(world.at_desk(own), locker, SECRET, 0) == noting.Kept()
    text = ola.browser.get("/desk/today?day=tomorrow").text
    sheet = re.search(r"stylesheet\" href=\"([^\"]+)", text)
    assert sheet
    style = ola.browser.get(sheet.group(1)).text

    page = browser.new_page()
    page.set_content(text.replace("</head>", f"<style>{style}</style></head>"))
    printed = page.pdf(format="A4")
    page.emulate_media(media="print")
    shown = page.inner_text("body")
    page.close()

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert shown.upper().count("DESTROY ON") == 2
    assert shown.count("The old library") == 10
    assert "06:00\u201306:50" in shown
    assert "+1 555 0107" in shown
    for absent in (SECRET, "résumé", "Sign out", "Office of Tests", "Back to the queue"):
        assert absent not in shown
    assert "Destroy today" in ola.browser.get("/desk/today").text
    assert "Destroy today" in ola.browser.get("/desk/today?day=1999-01-01").text
