"""The events in the hands of whoever edits the site: nothing typed is lost, and what is wrong is said at its field."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from portal import clock, create_app
from portal.site import choices, event_rules, events
from portal.site.choices import Choices
from tests.cast import World
from tests.desk.test_open_desks import Ola
from tests.site.happenings import DUBLIN, KEY, on, plan
from tests.visiting import fields_of

TYPED = {
    "title": "Tea & cake",
    "text": "Come *in*.",
    "day": "2199-10-12",
    "starts": "14:00",
    "ends": "15:00",
    "place": "Hall 2",
    "link": "",
    "audience": "",
}


@pytest.fixture
def ola(world: World) -> Iterator[Ola]:
    with world.stores.site.writing() as site:
        choices.keep(site, Choices(languages=("en", "fr")))
    ola = Ola(world, create_app(world.instance))
    ola.sign_in()
    yield ola
    world.refresh()


def form_at(ola: Ola, path: str) -> tuple[str, dict[str, str]]:
    page = ola.browser.get(path).text
    form = max(re.findall(r"<form.*?</form>", page, re.DOTALL), key=len)
    action = re.search(r'action="([^"]*)"', form)
    assert action
    return action[1], dict(fields_of(form))


def send(ola: Ola, path: str, do: str = "keep", **changes: str) -> str:
    action, fields = form_at(ola, path)
    return ola.browser.post(action, data=fields | changes | {"do": do}, follow_redirects=True).text


def stored(world: World) -> list[events.Event]:
    with world.stores.site.reading() as site:
        return events.everything(site, world.settings.zone)


def test_nobody_gets_there_without_an_open_desk(world: World) -> None:
    client = create_app(world.instance).test_client()
    for path in ("/desk/site/events", "/desk/site/events/new", f"/desk/site/events/{KEY}"):
        assert client.get(path).headers["Location"] == "/desk/site/sign-in"
    assert "<h1>Sign in to edit</h1>" in client.post(f"/desk/site/events/{KEY}", data=TYPED).text
    assert stored(world) == []


def test_an_event_is_added_and_stands_on_the_public_page(ola: Ola, world: World) -> None:
    said = send(ola, "/desk/site/events/new", **TYPED)

    assert "Saved." in said
    assert "Tea &amp; cake" in said
    (found,) = stored(world)
    page = ola.browser.get("/week").text
    assert "Tea &amp; cake" in page
    assert "Come <em>in</em>." in page
    assert f"/week/events/{found.id}.ics" in page


def test_a_form_that_is_sent_twice_adds_one_event(ola: Ola, world: World) -> None:
    action, fields = form_at(ola, "/desk/site/events/new")
    for _ in range(2):
        assert "Saved." in ola.browser.post(action, data=fields | TYPED, follow_redirects=True).text

    assert len(stored(world)) == 1


def test_a_look_before_saving_saves_nothing_and_keeps_what_was_typed(ola: Ola, world: World) -> None:
    page = send(ola, "/desk/site/events/new", "show", **TYPED)

    assert "As visitors will see it" in page
    assert "Come <em>in</em>." in page
    form = max(re.findall(r"<form.*?</form>", page, re.DOTALL), key=len)
    assert TYPED.items() <= dict(fields_of(form)).items() | {("title", "Tea & cake")}
    assert stored(world) == []


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("ends", "13:00", "The end must come after the start."),
        ("day", "2020-10-12", "This is over already."),
        ("day", "soon", "Choose a day"),
        ("starts", "25:99", "Say when it starts"),
        ("link", "http://example.org", "It begins with https://"),
        ("link", "javascript:alert(1)", "It begins with https://"),
        ("place", "", "Say where it is"),
        ("place", "x" * 201, "longer than 200 characters"),
        ("title", "", "Give it a title."),
        ("text", "x" * 401, "longer than 400 characters"),
        ("text", "# Two", "An event has one title"),
        ("text", "<script>x</script>", "This holds HTML"),
        ("text", "[x](/about/nowhere)", "A link leads nowhere."),
        ("text", "[x](www.example.org)", "A link leads nowhere."),
        ("audience", "nobody", "Choose one of these answers."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    ola: Ola, world: World, field: str, value: str, said: str
) -> None:
    page = send(ola, "/desk/site/events/new", **TYPED | {field: value})
    wrong = re.search(rf'id="{field}-wrong">([^<]*)<', page)

    assert wrong
    assert said in wrong[1]
    form = dict(fields_of(max(re.findall(r"<form.*?</form>", page, re.DOTALL), key=len)))
    kept = {name for name in TYPED if form.get(name) == (TYPED | {field: value})[name]}
    assert kept >= TYPED.keys() - {"audience"}
    assert stored(world) == []


def test_a_time_that_the_clocks_skip_is_said(ola: Ola, world: World) -> None:
    settings = world.instance / "portal.toml"
    settings.write_text(settings.read_text().replace('zone = "UTC"', 'zone = "Europe/Dublin"'))
    other = Ola(world, create_app(world.instance))
    other.sign_in()
    spring = next(
        day for number in range(1, 400) if _is_spring_forward(day := clock.now().date() + number * timedelta(1))
    )
    page = send(
        other, "/desk/site/events/new", **TYPED | {"day": spring.isoformat(), "starts": "01:30", "ends": "03:00"}
    )

    assert re.search(r'id="starts-wrong">The clocks are put forward that night', page)
    assert ola


def test_a_link_to_this_very_site_is_refused(ola: Ola, world: World) -> None:
    settings = world.instance / "portal.toml"
    settings.write_text(settings.read_text().replace("http://localhost:8000", "http://127.0.0.1:8000"))
    other = Ola(world, create_app(world.instance))
    other.sign_in()
    page = send(other, "/desk/site/events/new", **TYPED | {"link": "https://127.0.0.1/say"})

    assert re.search(r'id="link-wrong">Type the whole link. It begins with https:// and names another site', page)
    assert ola
    assert stored(world) == []


def _is_spring_forward(day: date) -> bool:
    night, noon = (datetime(day.year, day.month, day.day, hour, tzinfo=DUBLIN).utcoffset() for hour in (0, 12))
    assert night is not None
    assert noon is not None
    return noon > night


def test_two_who_change_an_event_at_once_see_both_versions(ola: Ola, world: World) -> None:
    plan(world, on(clock.now().date() + timedelta(days=9)), "A talk")
    path = f"/desk/site/events/{KEY}"
    action, first = form_at(ola, path)
    send(ola, path, title="A short talk")
    page = ola.browser.post(action, data=first | {"title": "A long talk"}).text

    assert "Somebody else changed it meanwhile." in page
    assert "<h3>A short talk</h3>" in page
    assert 'value="A long talk"' in page
    form = dict(fields_of(max(re.findall(r"<form.*?</form>", page, re.DOTALL), key=len)))
    assert "Saved." in ola.browser.post(action, data=form, follow_redirects=True).text
    assert "A long talk" in ola.browser.get("/week").text


def test_each_language_has_its_words_and_one_step_back(ola: Ola, world: World) -> None:
    plan(world, on(clock.now().date() + timedelta(days=9)), "A talk")
    path = f"/desk/site/events/{KEY}"
    for title in ("Une causerie", "Une longue causerie"):
        send(ola, f"{path}?lang=fr", title=title, text="Entrez.")
    page = ola.browser.get(f"{path}?lang=fr").text
    back = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if "/back" in form)

    said = ola.browser.post(f"{path}/back?lang=fr", data=dict(fields_of(back)), follow_redirects=True).text

    assert 'value="Une causerie"' in said
    assert 'value="A talk"' in ola.browser.get(path).text
    assert "A talk" in ola.browser.get("/week").text


def test_a_text_that_is_too_long_is_not_read(ola: Ola, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    real = event_rules.wrong_text
    monkeypatch.setattr(event_rules, "wrong_text", lambda text: (read.append(len(text)), real(text))[1])

    assert "longer than 400 characters" in send(ola, "/desk/site/events/new", **TYPED | {"text": "_*" * 20_000})
    assert read == []


def test_words_in_a_language_that_the_office_gave_up_can_still_be_changed(ola: Ola, world: World) -> None:
    plan(world, on(clock.now().date() + timedelta(days=9)), "A talk")
    with world.stores.site.writing() as site:
        choices.keep(site, Choices(languages=("fr",)))
    ola = Ola(world, create_app(world.instance))
    ola.open_desk()
    path = f"/desk/site/events/{KEY}"

    page = ola.browser.get("/desk/site/events").text
    assert '<h3 lang="en" dir="ltr">A talk</h3>' in page
    assert f'href="{path}?lang=en"' in page
    assert "A talk" in ola.browser.get(f"{path}/remove").text
    assert 'value="A talk"' in ola.browser.get(f"{path}?lang=en").text
    assert f'href="{path}?lang=en"' in ola.browser.get(path).text, "beside the empty form in French"
    send(ola, f"{path}?lang=en", title="A short talk")
    assert "A short talk" in ola.browser.get("/week").text


def test_taking_an_event_away_is_asked_first_and_a_get_takes_nothing(ola: Ola, world: World) -> None:
    plan(world, on(clock.now().date() + timedelta(days=9)), "A talk")
    path = f"/desk/site/events/{KEY}/remove"
    action, fields = form_at(ola, path)
    assert len(stored(world)) == 1

    assert "The event is taken away." in ola.browser.post(action, data=fields, follow_redirects=True).text
    assert stored(world) == []
    assert ola.browser.get(path, follow_redirects=True).status_code == 200


def test_an_event_that_changed_meanwhile_is_not_taken_away(ola: Ola, world: World) -> None:
    plan(world, on(clock.now().date() + timedelta(days=9)), "A talk")
    action, fields = form_at(ola, f"/desk/site/events/{KEY}/remove")
    send(ola, f"/desk/site/events/{KEY}", title="A long talk")

    assert "Somebody else changed it" in ola.browser.post(action, data=fields, follow_redirects=True).text
    assert len(stored(world)) == 1


def test_what_is_over_is_listed_apart(ola: Ola, world: World) -> None:
    plan(world, on(clock.now().date() - timedelta(days=9)), "A past talk")
    page = ola.browser.get("/desk/site/events").text

    assert page.index("No event is to come.") < page.index(">Over<") < page.index("A past talk")


@pytest.mark.parametrize("key", ["x", "00112233445566ab", "..", "%00" * 8])
def test_an_event_that_is_not_there_is_no_page(ola: Ola, key: str) -> None:
    assert ola.browser.get(f"/desk/site/events/{key}").status_code == 404
