"""Eve signs in to the words of the site and to nothing else; Ola makes her an editor, and takes it away again."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock, create_app
from portal.bounds import WrongPins
from portal.desk import door
from portal.desk.admitting import ALONE
from portal.editing import people
from portal.editing.people import Card, NotAdmitted
from portal.office.rules import desk_keys
from portal.sealing import words
from portal.sessions import Editors
from tests.cast import World
from tests.desk.test_open_desks import Ola
from tests.editing.eve import CHARTER, NAME, Eve
from tests.journeys.walking import App

WRONG = "These do not fit together."
HOUR = timedelta(hours=1)


def token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


def sessions(eve: Eve) -> Editors:
    found = eve.app.extensions["portal"].volatile.editors
    assert isinstance(found, Editors)
    return found


def rest(eve: Eve, idle: timedelta) -> None:
    for each in sessions(eve)._open.values():
        each.seen = clock.now() - idle


def test_ola_makes_an_editor_who_signs_in_with_what_the_page_shows_once(ola: Ola) -> None:
    page = ola.send("/desk/site/editors", editor="Ivo Kraus")
    shown = re.findall(r"<li>([a-z]+) </li>", page)
    secret = re.search(r'<bdi dir="ltr">([A-Z2-7 ]+)</bdi>', page)
    assert secret
    ivo = Eve(ola.app, Card("Ivo Kraus", " ".join(shown), App.scanned(secret[1]).secret))

    assert ivo.sign_in().headers["Location"] == "/desk/site"
    listed = ola.browser.get("/desk/site/editors").text
    assert "Ivo Kraus" in listed
    assert shown[0] not in listed


def test_two_editors_of_one_name_are_not_made(ola: Ola) -> None:
    assert "Another editor has this name." in ola.send("/desk/site/editors", editor=NAME.upper())


def test_when_the_right_is_taken_away_the_open_page_is_out_at_once(ola: Ola, eve: Eve, world: World) -> None:
    assert eve.browser.get("/desk/site").status_code == 200
    with world.stores.keys.reading() as keys:
        (editor, _name), *_rest = people.everybody(keys)
    form = {"csrf_token": token(ola.browser.get("/desk/site/editors").text), "editor": editor.hex()}
    ola.browser.post("/desk/site/editors/remove", data=form)

    assert eve.browser.get("/desk/site").headers["Location"] == "/desk/site/sign-in"
    assert WRONG in eve.sign_in().text
    assert NAME not in ola.browser.get("/desk/site/editors").text


def test_a_right_that_is_taken_away_during_a_sign_in_opens_nothing(
    stranger: Eve, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the words, which takes a while, and the open session."""
    real = people.check

    def check_and_remove(kept: people.Kept | None, *args: str, **more: object) -> object:
        found = real(kept, *args, **more)  # type: ignore[arg-type]
        assert kept
        with world.stores.keys.writing() as keys:
            people.remove(keys, kept.editor)
        sessions(stranger).close_all_of(kept.editor)
        return found

    monkeypatch.setattr(people, "check", check_and_remove)
    assert WRONG in stranger.sign_in().text
    assert stranger.browser.get("/desk/site").headers["Location"] == "/desk/site/sign-in"
    assert not sessions(stranger)._open


def test_an_unknown_name_wrong_words_and_wrong_digits_are_answered_alike(stranger: Eve) -> None:
    def answer(**typed: str) -> tuple[int, str]:
        found = stranger.sign_in(**typed)
        text = re.sub(r'(name="csrf_token"[^>]*value=)"[^"]+"', r"\1", found.text)
        own = {"editor": NAME, "passphrase": stranger.card.passphrase} | typed
        for each in own.values():
            text = text.replace(each, "")
        return found.status_code, text

    wrong = [
        answer(editor="Nobody"),
        answer(passphrase=words.draw()),
        answer(second_factor="000000"),
    ]
    assert WRONG in wrong[0][1]
    assert len(set(wrong)) == 1


def test_whatever_is_wrong_the_same_work_is_done(world: World, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.stores.keys.reading() as keys:
        kept = people.find(keys, NAME)
    assert kept
    now, pepper, app = clock.now(), world.settings.secrets.factors, App(card.factor)
    done: list[str] = []
    for name in ("editor_hash", "matching_step"):
        real = getattr(people, name)
        monkeypatch.setattr(people, name, lambda *a, name=name, real=real: (done.append(name), real(*a))[1])

    tries = [(None, card.passphrase, app.digits()), (kept, words.draw(), app.digits()), (kept, "x", "000000")]
    for each in tries:
        assert isinstance(people.check(*each, pepper=pepper, now=now), NotAdmitted)
    assert done == ["editor_hash", "matching_step"] * 3


def test_digits_work_once(stranger: Eve) -> None:
    digits = stranger.phone.digits()

    assert stranger.sign_in(second_factor=digits).status_code == 302
    again = Eve(stranger.app, stranger.card)
    assert WRONG in again.sign_in(second_factor=digits).text


def test_after_ten_wrong_tries_even_the_right_words_wait(stranger: Eve) -> None:
    for number in range(WrongPins.MOST):
        assert WRONG in stranger.sign_in(editor=f"Nobody {number}", second_factor="000000").text

    assert "Too many wrong tries." in stranger.sign_in().text
    assert stranger.browser.get("/desk/site").status_code == 302
    tries = stranger.app.extensions["portal"].volatile.wrong_editors
    tries._taken = [each - WrongPins.HOUR for each in tries._taken]
    assert stranger.sign_in().status_code == 302


@pytest.mark.parametrize("fields", [{"editor": ""}, {"passphrase": ""}, {"second_factor": "12"}])
def test_an_incomplete_form_costs_no_try(stranger: Eve, fields: dict[str, str]) -> None:
    assert "Please look at this" in stranger.sign_in(**fields).text
    assert stranger.app.extensions["portal"].volatile.wrong_editors._taken == []


def test_an_hour_at_rest_and_eight_hours_at_work_end_it(eve: Eve) -> None:
    rest(eve, HOUR - timedelta(minutes=1))
    assert eve.browser.get("/desk/site").status_code == 200
    rest(eve, HOUR)
    assert eve.browser.get("/desk/site").headers["Location"] == "/desk/site/sign-in"

    assert eve.sign_in().status_code == 302
    for each in sessions(eve)._open.values():
        each.signed_in = clock.now() - 8 * HOUR
    assert eve.browser.get("/desk/site").headers["Location"] == "/desk/site/sign-in"


def test_signing_out_ends_it(eve: Eve) -> None:
    eve.send("/desk/site", to="/desk/site/sign-out")

    assert eve.browser.get("/desk/site").headers["Location"] == "/desk/site/sign-in"
    assert not sessions(eve)._open


def carried(page: str) -> dict[str, str]:
    """The hidden fields in which a text goes along, as a browser sends them."""
    hidden = re.findall(r'type="hidden" name="([a-z]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in hidden}


def test_what_was_typed_outlives_the_sign_in(eve: Eve) -> None:
    text = "# Ours\n\nAn hour of work."
    form = eve.text_page() | {"text": text, "action": "save"}
    rest(eve, 2 * HOUR)

    page = eve.browser.post("/desk/site/text", data=form).text
    assert "Your text is safe" in page
    assert carried(page)["text"] == text

    typed = {"editor": NAME, "passphrase": eve.card.passphrase, "second_factor": eve.phone.digits()}
    wrong = eve.browser.post(
        "/desk/site/sign-in",
        data=carried(page) | typed | {"csrf_token": token(page), "editor": "Nobody"},
    ).text
    assert WRONG in wrong
    assert carried(wrong)["text"] == text

    back = eve.browser.post("/desk/site/sign-in", data=carried(wrong) | typed | {"csrf_token": token(wrong)}).text
    assert "Your text is here, and not saved yet." in back
    assert "An hour of work." in back
    assert "An hour of work." not in eve.app.test_client().get("/about/charter").text

    saved = form | {"csrf_token": token(back.partition('action="/desk/site/text"')[2])}
    assert eve.browser.post("/desk/site/text", data=saved).status_code == 302
    assert "An hour of work." in eve.app.test_client().get("/about/charter").text


def olas_form(ola: Ola) -> dict[str, str]:
    eve = Eve(ola.app, Card("", "", ola.world.kit.factor))
    eve.browser = ola.browser
    return eve.text_page() | {"text": "# Ours\n\nA quarter of an hour.", "action": "save"}


def test_what_an_ombuds_typed_outlives_the_cover(ola: Ola) -> None:
    form = olas_form(ola)
    ola.rest(timedelta(minutes=20))

    page = ola.browser.post("/desk/site/text", data=form).text
    assert "<h1>Covered</h1>" in page
    answer = carried(page) | {"csrf_token": token(page), "second_factor": ola.phone.digits()}
    back = ola.browser.post("/desk/cover", data=answer).text
    assert "A quarter of an hour." in back
    saved = form | {"csrf_token": token(back.partition('action="/desk/site/text"')[2])}
    assert ola.browser.post("/desk/site/text", data=saved).status_code == 302


def test_what_an_ombuds_typed_outlives_a_desk_that_has_ended(ola: Ola) -> None:
    form = olas_form(ola)
    ola.desk.signed_in = clock.now() - 8 * HOUR

    page = ola.browser.post("/desk/site/text", data=form).text
    assert "<h1>Sign in to the desk</h1>" in page
    answer = {"ombuds": ola.world.ombuds.hex(), "passphrase": ola.world.kit.passphrase}
    answer |= carried(page) | {"csrf_token": token(page), "second_factor": ola.phone.digits()}
    back = ola.browser.post("/desk/sign-in", data=answer).text
    assert "A quarter of an hour." in back


def test_what_an_ombuds_typed_outlives_five_wrong_tries_at_the_cover(ola: Ola) -> None:
    form = olas_form(ola)
    ola.rest(timedelta(minutes=20))
    page = ola.browser.post("/desk/site/text", data=form).text
    for _ in range(5):
        answer = carried(page) | {"csrf_token": token(page), "second_factor": "000000"}
        page = ola.browser.post("/desk/cover", data=answer).text

    assert "<h1>Sign in to the desk</h1>" in page
    assert carried(page)["text"].endswith("A quarter of an hour.")


def test_nothing_goes_along_to_a_page_that_is_none(stranger: Eve) -> None:
    page = stranger.browser.post("/desk/site/text", data={"text": "x", "key": "about/none", "lang": "en"}).text
    typed = {"editor": NAME, "passphrase": stranger.card.passphrase, "second_factor": stranger.phone.digits()}
    answer = stranger.browser.post("/desk/site/sign-in", data=carried(page) | typed | {"csrf_token": token(page)})

    assert answer.headers["Location"] == "/desk/site"


def every_rule(app: Flask) -> list[tuple[str, str]]:
    """Method and address of all that lies below /desk; last of all the way out."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk")]
    found = {(method, re.sub(r"<[^>]*>", "0" * 32, rule.rule)) for rule in rules for method in rule.methods or ()}
    return sorted((each for each in found if each[0] in {"GET", "POST"}), key=lambda each: each[1] == SIGN_OUT)


SIGN_OUT = "/desk/site/sign-out"
#: What stands outside the desk, for everybody; it opens nothing without words, code or PIN.
FOR_EVERYBODY = {
    "/desk/join",
    "/desk/join/confirm",
    "/desk/sign-in",
    "/desk/recover",
    "/desk/recover/confirm",
    "/desk/moved",
    "/desk/site/sign-in",
}
AN_EVENT = f"/desk/site/events/{'0' * 32}"
EVENTS = {"/desk/site/events", "/desk/site/events/new", AN_EVENT, f"{AN_EVENT}/back", f"{AN_EVENT}/remove"}
FOR_EVE = {
    "/desk/site",
    "/desk/site/page",
    "/desk/site/page/remove",
    "/desk/site/show",
    "/desk/site/text",
    "/desk/site/look",
    "/desk/site/sign-out",
    *EVENTS,
}


def open_to(browser: FlaskClient, app: Flask, csrf: str) -> set[str]:
    """What does not send her back to her own pages."""
    found = set()
    for method, path in every_rule(app):
        answer = browser.open(path, method=method, data={"csrf_token": csrf} if method == "POST" else None)
        if (answer.status_code, answer.headers.get("Location")) != (302, "/desk/site"):
            found.add(path)
    return found - FOR_EVERYBODY


def test_an_editor_gets_to_nothing_below_the_desk_but_her_own_pages(eve: Eve) -> None:
    csrf = token(eve.browser.get("/desk/site").text)
    rules = {path for _method, path in every_rule(eve.app)}

    assert rules >= FOR_EVE | FOR_EVERYBODY | {"/desk/", "/desk/hours", "/desk/site/editors", "/desk/cover"}
    assert open_to(eve.browser, eve.app, csrf) <= FOR_EVE
    assert not sessions(eve)._open, "the way out was tried last, and worked"


def test_a_view_that_forgets_the_door_is_closed_all_the_same(world: World, eve: Eve) -> None:
    """The planted fault: pages below the desk that no door was told of, also on the editors' own blueprint."""
    app = create_app(world.instance)
    for path in ("/desk/planted", "/desk/site/planted"):
        app.add_url_rule(path, f"planted{path.count('/')}", lambda: "a visitor's name")
    careless = Eve(app, eve.card)
    careless.phone = eve.phone
    assert careless.sign_in().status_code == 302

    for path in ("/desk/planted", "/desk/site/planted"):
        assert careless.browser.get(path).headers["Location"] == "/desk/site"
        assert app.test_client().get(path).status_code == 302


def test_a_stranger_gets_to_nothing_below_the_desk(app: Flask) -> None:
    browser = app.test_client()
    for method, path in every_rule(app):
        if path in FOR_EVERYBODY:
            continue
        answer = browser.open(path, method=method, data={} if method == "GET" else {"a": "b"})
        assert answer.headers.get("Location") in {"/desk/sign-in", "/desk/site/sign-in"}, (method, path)


def test_an_ombuds_whom_nobody_has_admitted_changes_no_words(ola: Ola, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as she holds no office key."""
    alone = desk_keys(ola.world.ombuds, ola.world.kit.recovery, None)
    csrf = token(ola.browser.get("/desk/voices").text)
    monkeypatch.setattr(door, "desk_keys", lambda: alone)

    assert ola.browser.get("/desk/").status_code == 200
    of_words = {path for _method, path in every_rule(ola.app) if path.startswith("/desk/site")} - FOR_EVERYBODY
    for path in of_words | {"/desk/voices", "/desk/voices/remove"}:
        for method in ("GET", "POST"):
            answer = ola.browser.open(path, method=method, data={"csrf_token": csrf} if method == "POST" else None)
            assert answer.headers.get("Location") == "/desk/colleagues" or answer.status_code == 405, (method, path)


def test_a_view_that_nobody_listed_is_closed_to_an_ombuds_whom_nobody_has_admitted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: a page that speaks to everybody, and asks nobody who may."""
    app = create_app(world.instance)
    app.add_url_rule("/desk/planted", "desk.planted", lambda: "said to everybody", methods=["GET", "POST"])
    noor = Ola(world, app)
    noor.open_desk()
    assert noor.browser.get("/desk/planted").text == "said to everybody"
    alone, csrf = desk_keys(world.ombuds, world.kit.recovery, None), token(noor.browser.get("/desk/hours").text)
    monkeypatch.setattr(door, "desk_keys", lambda: alone)

    for method, data in (("GET", None), ("POST", {"csrf_token": csrf})):
        assert noor.browser.open("/desk/planted", method=method, data=data).headers["Location"] == "/desk/colleagues"


def test_every_page_that_is_open_to_such_an_ombuds_is_one(app: Flask) -> None:
    assert app.view_functions.keys() >= ALONE


def test_a_covered_desk_shows_no_page_of_the_words(ola: Ola) -> None:
    ola.rest(timedelta(minutes=20))

    for path in ("/desk/site", "/desk/site/text?key=about/charter&lang=en", "/desk/site/editors"):
        assert ola.browser.get(path).headers["Location"] == "/desk/cover"
    assert ola.browser.post("/desk/site/show", data=CHARTER).headers["Location"] == "/desk/cover"
