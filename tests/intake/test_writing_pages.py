"""Vera writes on her appointment's page: sent twice, too long, rested too long, nothing of it is lost."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import create_app
from portal.intake import returning
from portal.intake.returning import Opened
from portal.intake.rules import Message
from portal.intake.service import Receipt
from tests.cast import VERA, World
from tests.visiting import fields_of

TYPED = "amber bagpipe cabbage daybreak eagle fabric"


@pytest.fixture
def client(world: World) -> FlaskClient:
    assert isinstance(world.book(VERA, typed=TYPED), Receipt)
    return create_app(world.instance).test_client()


def opened(client: FlaskClient) -> TestResponse:
    return client.post("/return", data={"words": TYPED})


def write(client: FlaskClient, page: TestResponse, text: str) -> TestResponse:
    ticket = dict(fields_of(page.text))["ticket"]
    return client.post("/return", data={"ticket": ticket, "action": "write", "text": text})


def kept(world: World) -> tuple[Message, ...]:
    found = returning.come_back(world.stores, TYPED, settings=world.settings)
    assert isinstance(found, Opened)
    return found.matter.messages


def typed_in(page: TestResponse) -> str:
    return dict(fields_of(page.text)).get("text", "")


def test_a_message_is_kept_and_shown_with_its_day(client: FlaskClient, world: World) -> None:
    page = write(client, opened(client), "My hours changed again.\nTwice.")

    assert "Your message is sent." in page.text
    assert "My hours changed again.\nTwice." in page.text
    assert typed_in(page) == "", "the next one starts empty"
    assert [each.text for each in kept(world)] == ["My hours changed again.\nTwice."]


def test_the_same_page_sent_twice_says_it_once(client: FlaskClient, world: World) -> None:
    page = opened(client)
    write(client, page, "Once.")
    again = write(client, page, "Once.")

    assert again.status_code == 200
    assert len(kept(world)) == 1


@pytest.mark.parametrize(("text", "said"), [("", "Type a message first."), ("x" * 1001, "longer than 1000 characters")])
def test_an_empty_or_too_long_message_comes_back_as_it_was_typed(
    client: FlaskClient, world: World, text: str, said: str
) -> None:
    page = write(client, opened(client), text)

    assert said in page.text
    assert typed_in(page) == text
    assert "Please look at this" in page.text
    assert kept(world) == ()


def test_a_full_matter_says_so_and_keeps_what_was_typed(client: FlaskClient, world: World) -> None:
    page = opened(client)
    for _ in range(12):
        page = write(client, opened(client), "y" * 1000)
        if "not so much room left" in page.text:
            break

    assert typed_in(page) == "y" * 1000
    assert len(kept(world)) >= 4
    assert re.search(r"There is room for about \d+ letters", page.text)


def test_a_page_that_rested_too_long_asks_for_the_words_and_keeps_the_message(
    client: FlaskClient, world: World
) -> None:
    page = client.post("/return", data={"ticket": "Zm9yZ290dGVu", "action": "write", "text": "Do not lose me."})
    assert "was open too long" in page.text
    assert "Your message is not sent yet." in page.text

    wrong = client.post("/return", data=dict(fields_of(page.text)) | {"words": "zoom " * 6})
    assert typed_in(wrong) == "Do not lose me.", "six wrong words lose nothing either"
    page = client.post("/return", data=dict(fields_of(wrong.text)) | {"words": TYPED})
    assert "Your message is not sent yet." in page.text
    assert 'tabindex="-1" autofocus' in page.text
    assert typed_in(page) == "Do not lose me."
    assert kept(world) == ()
    write(client, page, typed_in(page))
    assert [each.text for each in kept(world)] == ["Do not lose me."]


def test_what_is_written_is_text_and_never_markup(client: FlaskClient) -> None:
    page = write(client, opened(client), "<script>alert(1)</script> <b>bold</b>")

    assert page.text.count("<script>") == 1, "the one of the way out"
    assert "<script>alert" not in page.text
    assert "&lt;b&gt;bold&lt;/b&gt;" in page.text


def test_answers_have_one_length_whatever_was_written(client: FlaskClient) -> None:
    page = opened(client)
    lengths = {len(write(client, page, text).data) for text in ("", "Hello", "z" * 1000)}

    assert len(lengths) == 1
