"""Ola's pages for notes: she reads, destroys, types over, shows to everybody, and takes off again."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from portal import create_app
from portal.intake import upkeep
from portal.site.voices import every, quarters, words_of
from tests.cast import VERA, World
from tests.desk.test_notice_pages import day_of
from tests.desk.test_open_desks import Ola
from tests.desk.test_remarks import ANSWERS, WISH, left
from tests.intake.sealed import used_lockers

TYPED = "Somebody was glad of a quiet hour."


@pytest.fixture(scope="module")
def signed_in(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Ola:
    """Once for all, because a sign-in takes a second."""
    world = first_world.copy(tmp_path_factory.mktemp("notes") / "instance")
    ola = Ola(world, create_app(world.instance))
    ola.open_desk()
    return ola


@pytest.fixture
def ola(signed_in: Ola) -> Iterator[Ola]:
    yield signed_in
    browser = signed_in.browser
    for key in used_lockers(signed_in.world):
        send(browser, "/desk/voices", "/desk/said", note=key.hex())


def send(browser: FlaskClient, path: str, to: str = "", **fields: str) -> str:
    """Send a form of a page with its token and number; gives the page that follows."""
    page = browser.get(path).text
    hidden = {name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page) for name in ("csrf_token", "page")}
    values = {name: found[1] for name, found in hidden.items() if found} | fields
    answer = browser.post(to or path, data=values, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def publish(ola: Ola, **fields: str) -> str:
    quarter = quarters(day_of(ola.browser))[1]
    values = {"kind": "experience", "text": TYPED, "quarter": quarter, "lang": "en"}
    return send(ola.browser, "/desk/voices", **values | fields)


def voices_of(ola: Ola) -> list[str]:
    with ola.world.stores.site.reading() as site:
        return [each.text for each in every(site)]


def test_notes_stand_by_kind_and_answers_are_added_up(ola: Ola) -> None:
    left(ola.world)
    left(ola.world, ANSWERS)
    page = ola.browser.get("/desk/said").text

    assert WISH.said in page
    assert "One note has answers and no text." in page
    assert re.search(r"Somebody told me</th><td>1 of 1</td>", page)


def test_no_note_is_told_as_such(ola: Ola) -> None:
    assert "There is no note for you." in ola.browser.get("/desk/said").text


def test_the_queue_leads_there_and_tells_nothing_of_it(ola: Ola) -> None:
    before = ola.browser.get("/desk/").text
    left(ola.world)
    after = ola.browser.get("/desk/").text

    assert 'href="/desk/said"' in after
    assert re.sub(r'value="[^"]+"', "", after) == re.sub(r'value="[^"]+"', "", before)


def test_one_press_destroys_one_note(ola: Ola) -> None:
    key, other = left(ola.world), left(ola.world, ANSWERS)

    assert "One note is destroyed." in send(ola.browser, "/desk/said", note=key.hex())
    assert used_lockers(ola.world) == {other}
    assert "Nothing was destroyed" in send(ola.browser, "/desk/said", note=key.hex())


@pytest.mark.parametrize("note", ["", "zz", "abc", "00" * 16])
def test_what_is_no_note_destroys_nothing(ola: Ola, note: str) -> None:
    key = left(ola.world)
    ola.world.write(VERA, "My hours changed.")
    before = used_lockers(ola.world)

    assert "Nothing was destroyed" in send(ola.browser, "/desk/said", note=note)
    (matter,) = before - {key}
    assert "Nothing was destroyed" in send(ola.browser, "/desk/said", note=matter.hex())
    assert used_lockers(ola.world) == before
    with ola.world.stores.desk.writing() as desk, ola.world.stores.keys.writing() as keys:
        upkeep.end(desk, keys, matter, ola.world.ombuds)


def test_without_the_token_nothing_is_destroyed_or_shown(ola: Ola) -> None:
    key = left(ola.world)
    for path, fields in (
        ("/desk/said", {"note": key.hex()}),
        ("/desk/voices", {"kind": "experience", "text": TYPED}),
        ("/desk/voices/remove", {"voice": "0" * 16}),
    ):
        ola.browser.post(path, data=fields)

    assert used_lockers(ola.world) == {key}
    assert voices_of(ola) == []


def test_what_is_typed_over_is_public_until_it_is_taken_off(ola: Ola) -> None:
    public = ola.app.test_client()
    page = publish(ola)

    assert "Everybody reads it now." in page
    assert TYPED in public.get("/about/voices").text
    assert words_of(quarters(day_of(ola.browser))[1]) in public.get("/about/voices").text

    voice = re.search(r'name="voice"[^>]*value="([0-9a-f]{16})"', page)
    assert voice
    for said in ("It is taken off.", "Nothing was changed: it was taken off already."):
        assert said in send(ola.browser, "/desk/voices", "/desk/voices/remove", voice=voice[1])
    assert TYPED not in public.get("/about/voices").text


def test_an_old_form_does_not_bring_back_what_was_taken_off(ola: Ola) -> None:
    number = "00112233445566ff"
    for _ in range(2):
        publish(ola, page=number)
        assert voices_of(ola) == [TYPED], "sent twice, it is there once"
    send(ola.browser, "/desk/voices", "/desk/voices/remove", voice=number)

    said = publish(ola, page=number)
    assert "This was taken off again." in said
    assert TYPED in said, "what was typed is not lost"
    assert voices_of(ola) == []
    again = re.search(r'name="page"[^>]*value="([^"]+)"', said)
    assert again
    publish(ola, page=again[1])
    assert voices_of(ola) == [TYPED], "who has read it decides"
    send(ola.browser, "/desk/voices", "/desk/voices/remove", voice=again[1])


def test_a_question_needs_its_answer_and_nothing_else_has_one(ola: Ola) -> None:
    assert "Type an answer. A question alone helps nobody." in publish(ola, kind="question")
    assert voices_of(ola) == []
    publish(ola, answer="Not for this.")
    with ola.world.stores.site.reading() as site:
        (voice,) = every(site)
    assert voice.answer == ""
    send(ola.browser, "/desk/voices", "/desk/voices/remove", voice=voice.id)


@pytest.mark.parametrize(
    "fields",
    [{"text": " "}, {"text": "x" * 601}, {"quarter": "2020-Q1"}, {"lang": "xx"}, {"kind": "survey"}, {"page": "../x"}],
)
def test_a_mistake_shows_nothing_to_anybody(ola: Ola, fields: dict[str, str]) -> None:
    publish(ola, **fields)
    assert voices_of(ola) == []


def test_the_form_begins_empty_whatever_notes_there_are(ola: Ola) -> None:
    left(ola.world)
    page = ola.browser.get("/desk/voices").text

    assert re.findall(r"(?s)<textarea[^>]*>(.*?)</textarea>", page) == ["\r\n", "\r\n"]
    assert WISH.said not in page
