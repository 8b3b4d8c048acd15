"""Tickets, the guard of visitor forms, and answers of one length; every page through the application itself."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal import config, create_app, setup
from portal.pages import ANSWER_SIZE, read_ticket, state, write_ticket
from tests.cast import change_settings

VALUES = {"words": "six words that nobody else should see", "slots": ["ab" * 16], "id": "x"}
POSTS = ("/book", "/return")


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty") / "instance"
    setup.make_office(folder, name="Office", zone="UTC", address="http://localhost:8000")
    return folder


@pytest.fixture
def app(instance: Path) -> Flask:
    return create_app(instance)


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def post(app: Flask, path: str = "/return", **headers: str) -> TestResponse:
    return app.test_client().post(path, data={"words": "none"}, headers=headers, base_url="http://times.test:8000")


@pytest.mark.usefixtures("inside")
def test_a_ticket_reads_back_and_shows_nothing() -> None:
    text = write_ticket("form", VALUES)

    assert read_ticket("form", text) == VALUES
    assert text.replace("-", "").replace("_", "").isalnum(), "it fits an address as it is"
    assert write_ticket("form", VALUES) != text


@pytest.mark.usefixtures("inside")
def test_a_ticket_of_one_kind_is_none_of_another() -> None:
    assert read_ticket("matter", write_ticket("form", VALUES)) is None


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("text", ["", "a", "ab", "hello", "====", "ü", "\x00", "A" * 5000, "%20", "a b", "-_-_"])
def test_what_is_no_ticket_is_none(text: str) -> None:
    assert read_ticket("form", text) is None


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("place", [0, 15, 30, -1])
def test_a_changed_ticket_is_none(place: int) -> None:
    text = write_ticket("form", VALUES)
    wrong = "A" if text[place] != "A" else "Q"
    index = place % len(text)

    assert read_ticket("form", text[:index] + wrong + text[index + 1 :]) is None


def test_a_ticket_from_before_a_restart_is_none(instance: Path) -> None:
    with create_app(instance).app_context():
        text = write_ticket("form", VALUES)
    with create_app(instance).app_context():
        assert read_ticket("form", text) is None


@pytest.mark.usefixtures("inside")
def test_a_ticket_lives_through_one_renewal_of_the_key() -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    text = write_ticket("form", VALUES)
    keys = state().volatile.tickets
    (made, key) = keys._keys[0]

    keys._keys = [(made, b"n" * 32), (made, key)]
    assert read_ticket("form", text) == VALUES
    keys._keys = [(made, b"n" * 32), (old, key)]
    assert read_ticket("form", text) is None


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://times.test"},
        {"Origin": "http://times.test:8000.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://times.test:8000"},
    ],
)
def test_a_form_from_another_site_is_refused(app: Flask, path: str, headers: dict[str, str]) -> None:
    answer = post(app, path, **headers)

    assert answer.status_code == 403
    assert "This form came from another site" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://times.test:8000"},
        {"Origin": "http://localhost:8000"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    ],
)
def test_a_form_of_ours_is_taken(app: Flask, headers: dict[str, str]) -> None:
    assert post(app, **headers).status_code == 200


def test_links_from_other_sites_open_pages(app: Flask) -> None:
    answer = app.test_client().get("/", headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"})

    assert answer.status_code == 200


@pytest.mark.parametrize("path", POSTS)
def test_all_answers_to_a_form_have_one_length(app: Flask, path: str) -> None:
    client = app.test_client()
    bodies: list[dict[str, str]] = [
        {},
        {"words": "none"},
        {"words": "amber " * 6},
        {"ticket": "x"},
        {"slot": "nonsense"},
    ]
    lengths = {len(client.post(path, data=body).data) for body in bodies}

    assert lengths == {ANSWER_SIZE}


def test_pages_that_are_only_read_are_not_padded(app: Flask) -> None:
    assert len(app.test_client().get("/return").data) < ANSWER_SIZE / 2


def test_files_and_floods_are_refused_with_a_sentence(app: Flask) -> None:
    client = app.test_client()
    files = client.post("/book", data={"message": "x"}, content_type="multipart/form-data")
    flood = client.post("/book", data={"message": "x" * 70_000})
    unknown = client.get("/nowhere")
    wrong_way = client.delete("/book")

    assert [each.status_code for each in (files, flood, unknown, wrong_way)] == [415, 413, 404, 405]
    assert "We take no files here" in files.text
    assert "That was too much text" in flood.text
    assert "This page is not here" in unknown.text
    assert "That did not work" in wrong_way.text


def test_a_bug_is_told_without_a_word_of_what_was_typed(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def break_down() -> str:
        raise RuntimeError("vera.lindqvist@example.org")

    app.add_url_rule("/broken", view_func=break_down)
    answer = app.test_client().get("/broken")

    assert answer.status_code == 500
    assert "It is our fault, not yours" in answer.text
    assert "vera" not in answer.text + caplog.text
    assert "RuntimeError at" in caplog.text


@pytest.mark.parametrize(
    ("address", "name", "is_secure"),
    [("http://localhost:8000", "desk", False), ("https://times.example.org", "__Host-desk", True)],
)
def test_the_desks_cookie_is_strict_and_secure_in_public(
    tmp_path: Path, instance: Path, address: str, name: str, *, is_secure: bool
) -> None:
    for path in instance.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    change_settings(tmp_path, address=f'address = "{address}"')

    answer = create_app(tmp_path).test_client().get("/desk/sign-in", base_url=address)
    cookie = answer.headers["Set-Cookie"]

    assert cookie.startswith(f"{name}=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert ("Secure" in cookie) == is_secure
    assert ("Strict-Transport-Security" in answer.headers) == is_secure
    assert answer.headers["Cache-Control"] == "no-store"


def test_two_applications_on_one_folder_share_no_memory(instance: Path) -> None:
    assert config.load(instance).office_name == "Office"
    first, second = create_app(instance), create_app(instance)

    assert first.config["SECRET_KEY"] != second.config["SECRET_KEY"]
