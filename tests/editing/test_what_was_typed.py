"""A form that met an ended sign-in stands there again as it was typed, and nothing of it is saved by itself."""

import re
from datetime import timedelta

import pytest

from portal import clock
from portal.site import events, voices
from tests.cast import World
from tests.desk.test_notice_pages import day_of
from tests.desk.test_open_desks import Ola
from tests.editing.eve import NAME, Eve
from tests.editing.test_events_pages import TYPED, form_at
from tests.editing.test_the_way_in import carried, rest, token
from tests.site.happenings import KEY, on, plan
from tests.visiting import fields_of

BACK = "Your text is here, and not saved yet."
WORDS = "Somebody was glad of <a> quiet hour.\n\nTwice."


def form_of(page: str, action: str) -> dict[str, str]:
    """The form that leads there, as it stands on a page."""
    (form, *_rest) = [each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'action="{action}' in each]
    return dict(fields_of(form))


def kept(world: World) -> tuple[list[events.Event], list[voices.Voice]]:
    with world.stores.site.reading() as site:
        return events.everything(site, world.settings.zone), voices.every(site)


def lift_cover(ola: Ola, page: str) -> str:
    answer = carried(page) | {"csrf_token": token(page), "second_factor": ola.phone.digits()}
    return ola.browser.post("/desk/cover", data=answer).text


def sign_in(ola: Ola, page: str) -> str:
    answer = {"ombuds": ola.world.ombuds.hex(), "passphrase": ola.world.kit.passphrase}
    answer |= carried(page) | {"csrf_token": token(page), "second_factor": ola.phone.digits()}
    return ola.browser.post("/desk/sign-in", data=answer).text


def voice(ola: Ola) -> dict[str, str]:
    page = ola.browser.get("/desk/voices").text
    form = form_of(page, "/desk/voices")
    quarter = voices.quarters(day_of(ola.browser))[1]
    return form | {"kind": "question", "text": WORDS, "answer": "Yes.", "quarter": quarter, "lang": "en"}


def test_an_event_outlives_the_cover(ola: Ola, world: World) -> None:
    action, form = form_at(ola, "/desk/site/events/new")
    ola.rest(timedelta(minutes=16))

    covered = ola.browser.post(action, data=form | TYPED | {"do": "keep"}).text
    assert "<h1>Covered</h1>" in covered
    assert "Your text is safe" in covered
    back = lift_cover(ola, covered)
    assert BACK in back
    again = form_of(back, action.partition("?")[0])
    assert again.items() >= TYPED.items()
    assert kept(world) == ([], [])

    assert ola.browser.post(action, data=again | {"do": "keep"}).status_code == 302
    assert len(kept(world)[0]) == 1


def test_an_event_in_another_language_outlives_the_sign_in_of_an_editor(eve: Eve, world: World) -> None:
    plan(world, on(clock.now().date() + timedelta(days=9)), "Une causerie", lang="fr")
    path = f"/desk/site/events/{KEY}?lang=fr"
    form = form_of(eve.browser.get(path).text, path) | {"title": "Une longue causerie", "do": "keep"}
    rest(eve, timedelta(hours=2))

    page = eve.browser.post(path, data=form).text
    typed = {"editor": NAME, "passphrase": eve.card.passphrase, "second_factor": eve.phone.digits()}
    for wrong in ({"editor": "Nobody"}, {}):
        answer = carried(page) | typed | {"csrf_token": token(page)} | wrong
        page = eve.browser.post("/desk/site/sign-in", data=answer).text
    assert BACK in page
    again = form_of(page, path)
    assert again["title"] == "Une longue causerie"
    assert "longue" not in eve.app.test_client().get("/week").text
    assert eve.browser.post(path, data=again | {"do": "keep"}).status_code == 302
    assert "longue" in eve.app.test_client().get("/week").text


@pytest.mark.parametrize("way", ["cover", "sign in"])
def test_a_voice_outlives_the_cover_and_the_end_of_the_desk(ola: Ola, world: World, way: str) -> None:
    form = voice(ola)
    ola.rest(timedelta(minutes=16))
    if way == "sign in":
        ola.desk.signed_in = clock.now() - timedelta(hours=8)

    door = ola.browser.post("/desk/voices", data=form).text
    back = lift_cover(ola, door) if way == "cover" else sign_in(ola, door)
    assert BACK in back
    assert kept(world) == ([], [])
    again = form_of(back, "/desk/voices")
    assert {name: again[name] for name in ("kind", "text", "answer", "quarter", "lang")}.items() <= form.items()

    assert ola.browser.post("/desk/voices", data=again).status_code == 302
    assert [each.text for each in kept(world)[1]] == [WORDS]


@pytest.mark.parametrize("into", ["desk.voices_page", "editing.editors", "desk.queue", "x"])
def test_an_editor_is_led_to_no_page_of_the_desk_by_what_she_sends_along(stranger: Eve, into: str) -> None:
    answer = stranger.send("/desk/site/sign-in", **stranger_form(stranger), into=into, text="x", key="about/charter")

    assert answer.headers["Location"] == "/desk/site"


def stranger_form(eve: Eve) -> dict[str, str]:
    return {"editor": NAME, "passphrase": eve.card.passphrase}


def test_only_the_fields_of_the_form_go_along(stranger: Eve) -> None:
    sent = TYPED | {"text": "x", "passphrase": "not yours", "other": "y", "csrf_token": "z"}
    page = stranger.browser.post(f"/desk/site/events/{KEY}?lang=fr", data=sent).text

    assert carried(page) == TYPED | {"text": "x", "into": "editing.event", "key": KEY, "lang": "fr"}
    assert "not yours" not in page


def test_a_form_with_nothing_typed_into_it_goes_nowhere(stranger: Eve) -> None:
    for path, fields in (
        (f"/desk/site/events/{KEY}", {"day": "2199-10-12"}),
        ("/desk/voices", {"kind": "wish"}),
        ("/desk/site/text", {"key": "about/charter", "lang": "en", "action": "back"}),
    ):
        assert stranger.browser.post(path, data=fields).status_code == 302
