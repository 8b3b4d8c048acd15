"""What anybody reads before choosing a time, and the way out."""

import re
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import render_template
from flask.testing import FlaskClient

from portal import clock, create_app, setup
from portal.config import SETTINGS_FILE
from portal.outreach import service as outreach
from portal.outreach.service import Tried
from portal.scheduling.rules import next_ombuds_week
from tests.cast import World, change_settings

CRISIS = """
[[crisis]]
name = "Emergency services"
number = "112"
hours = "day and night"

[[crisis]]
name = "Night line"
number = "+353 1 555 0199"
"""
MakeClient = Callable[..., FlaskClient]


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blank") / "instance"
    setup.make_office(folder, name="Ombuds & Co", zone="Europe/Dublin", address="http://localhost:8000")
    return folder


@pytest.fixture
def visit(blank: Path, tmp_path: Path) -> MakeClient:
    """A client of an office with these settings, and more lines behind them."""

    def make(more: str = "", **lines: str) -> FlaskClient:
        folder = tmp_path / "visited"
        shutil.copytree(blank, folder, dirs_exist_ok=True)
        change_settings(folder, **lines)
        path = folder / SETTINGS_FILE
        path.write_text(path.read_text() + more)
        return create_app(folder).test_client()

    return make


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("&amp;", "&").replace("&#39;", "'").split())


def test_home_lists_the_cases_in_which_the_ombuds_must_speak(visit: MakeClient) -> None:
    home = visit(publish_at='publish_at = ["06:00"]').get("/")

    assert home.status_code == 200
    assert "if the ombuds believes that somebody is in imminent danger of serious harm" in text_of(home.text)
    assert "Ombuds & Co" in text_of(home.text)


def test_an_office_that_lists_no_cases_says_to_ask(visit: MakeClient, blank: Path) -> None:
    text = (blank / SETTINGS_FILE).read_text()
    exceptions = re.search(r"(?s)exceptions = \[.*?\n\]", text)
    assert exceptions
    client = visit()
    path = Path(client.application.extensions["portal"].settings.instance) / SETTINGS_FILE
    path.write_text(path.read_text().replace(exceptions.group(0), "exceptions = []"))

    home = create_app(path.parent).test_client().get("/")

    section = re.search(r'(?s)aria-labelledby="exceptions".*?</section>', home.text)
    assert section
    assert "Ask by phone" in text_of(section.group(0))
    assert "<li>" not in section.group(0)


def test_crisis_lines_can_be_called_at_a_touch(visit: MakeClient) -> None:
    home = visit(CRISIS).get("/").text

    assert 'href="tel:112"' in home
    assert 'href="tel:+35315550199"' in home
    assert "Night line +353 1 555 0199" in text_of(home)
    assert "Emergency services 112 day and night" in text_of(home)
    assert home.index("Emergency services") < home.index("Night line")


def test_without_crisis_lines_the_local_number_is_named(visit: MakeClient) -> None:
    assert "your local emergency number" in text_of(visit().get("/").text)


def test_home_tells_where_a_formal_report_goes(visit: MakeClient) -> None:
    said = "A formal report goes to the People Office."

    assert said in text_of(visit(formal_report=f'formal_report = "{said}"').get("/").text)
    assert said not in visit(formal_report='formal_report = ""').get("/").text


@pytest.mark.parametrize("path", ["/", "/times", "/week", "/about/limits", "/return"])
def test_the_phone_stands_on_every_page_when_there_is_one(visit: MakeClient, path: str) -> None:
    assert 'href="tel:+35315550142"' in visit(phone='phone = "+353 1 555 0142"').get(path).text
    assert "tel:" not in visit(phone='phone = ""').get(path).text


def test_the_week_is_the_next_one_and_its_day_the_second_thursday_of_october(visit: MakeClient) -> None:
    client = visit()
    settings = client.application.extensions["portal"].settings
    first, last, day = next_ombuds_week(clock.now().astimezone(settings.zone).date())
    said = text_of(client.get("/week").text)

    assert (first.strftime("%A"), last.strftime("%A"), day.strftime("%A %B")) == (
        "Monday",
        "Friday",
        "Thursday October",
    )
    for each in (first, last, day):
        assert re.search(rf"{each:%A},? {each.day} {each:%B}", said), each
    assert 8 <= day.day <= 14


def test_the_week_shows_the_next_free_times_and_where_none_is_says_so(visit: MakeClient, world: World) -> None:
    assert "<time" not in visit().get("/week").text

    page = create_app(world.instance).test_client().get("/week").text
    shown = [datetime.fromisoformat(found) for found in re.findall(r'datetime="([^"]+)"', page)]
    assert len(shown) == 5
    assert shown == sorted(shown)
    assert set(shown) <= {offer.starts for offer in world.offers()}


@pytest.mark.parametrize("target", ["https://www.wikipedia.org/", "https://weather.example.org/today"])
def test_leave_goes_out_at_once_and_clears_what_this_site_left(visit: MakeClient, target: str) -> None:
    client = visit(exit_target=f'exit_target = "{target}"')
    blank = client.get("/leave")
    answer = client.get("/leave/out")

    assert re.search(r'<meta http-equiv="refresh" content="0;url=/leave/out">', blank.text)
    assert not re.search(r"ombuds|book|<h1|stylesheet", blank.text, re.IGNORECASE)

    assert (answer.status_code, answer.headers["Location"]) == (303, target)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_the_day_of_the_last_destruction_is_shown(world: World) -> None:
    page = create_app(world.instance).test_client().get("/about/limits").text

    today = clock.now().astimezone(world.settings.zone)
    assert re.search(rf"Last time: {today:%A},? {today.day} {today:%B},? {today.year}\.", text_of(page))


@pytest.mark.parametrize(
    ("found_nobody", "said"), [(True, "Nobody was found."), (False, "We found a trace. We are mending it")]
)
def test_the_last_seizure_test_is_shown_good_or_bad_when_the_office_wishes(
    world: World,
    found_nobody: bool,  # noqa: FBT001 - pytest passes by name
    said: str,
) -> None:
    with world.stores.site.writing() as site:
        outreach.keep_trial(site, Tried(date(2026, 1, 2), found_nobody=not found_nobody))
        outreach.keep_trial(site, Tried(date(2026, 11, 22), found_nobody=found_nobody))
    assert said not in text_of(create_app(world.instance).test_client().get("/about/limits").text)

    change_settings(world.instance, show_seizure_test="show_seizure_test = true")
    page = text_of(create_app(world.instance).test_client().get("/about/limits").text)
    assert said in page
    assert re.search("On Sunday,? 22 November,? 2026 we played the thief", page)


def test_an_office_that_never_tried_says_nothing_of_it(visit: MakeClient) -> None:
    page = visit(show_seizure_test="show_seizure_test = true").get("/about/limits").text

    assert "played the thief" not in page


def test_every_page_has_the_way_out(visit: MakeClient) -> None:
    client = visit()

    for path in ("/", "/times", "/week", "/about/limits", "/return", "/nowhere"):
        assert re.search(r'<a class="leave" href="/leave"', client.get(path).text), path


@pytest.mark.parametrize(("days", "said"), [(1, "1 day"), (90, "90 days")])
def test_the_limits_say_when_a_booking_is_destroyed(visit: MakeClient, days: int, said: str) -> None:
    page = visit(keep_days=f"keep_days = {days}").get("/about/limits").text

    assert re.search(rf"A booking is destroyed [^.]*\b{said}\b", text_of(page))


def test_an_office_that_nobody_joined_yet_shows_no_times_and_no_error(visit: MakeClient) -> None:
    client = visit()
    times = client.get("/times")

    assert times.status_code == 200
    assert 'name="slot"' not in times.text
    assert client.post("/book", data={"slot": "ab" * 16}).status_code == 303


def test_health_is_told_in_two_letters(visit: MakeClient) -> None:
    answer = visit().get("/healthz")

    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")


def test_a_template_that_asks_for_something_unknown_breaks_in_tests_and_not_silently(visit: MakeClient) -> None:
    app = visit().application
    with app.test_request_context("/"), pytest.raises(Exception, match="undefined"):
        render_template("outreach/week.html")


def test_hours_of_a_crisis_line_name_the_offices_zone_where_another_was_chosen(visit: MakeClient) -> None:
    client = visit(CRISIS.replace("day and night", "9:00 to 17:00"))

    assert re.search(
        r"<small><bdi[^>]*>9:00 to 17:00</bdi> \((?:Greenwich|Irish|Ireland|Dublin)[^)]*\)</small>",
        client.get("/?tz=Pacific/Chatham").text,
    )
    assert re.search(r"<small><bdi[^>]*>9:00 to 17:00</bdi></small>", client.get("/").text)
