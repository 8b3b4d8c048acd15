"""The office's own words as visitors read them, and the cases in which an ombuds must speak."""

import re

import pytest
from flask.testing import FlaskClient

from portal import create_app
from portal.config import SETTINGS_FILE
from portal.site import words
from tests.cast import World

OURS = "# Our cases\n\nHere they are.\n\n- if a *child* is in danger\n- if the law of {office} says so\n"


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.instance).test_client()


def write(world: World, key: str, text: str, lang: str = "en") -> None:
    with world.stores.site.writing() as site:
        words.keep(site, key, lang, text, mark=words.standing(site, key, lang).mark)


def cases(page: str, end: str = "</ul>") -> list[str]:
    return re.findall(r"<li>(if [^<]+)", page.partition("must speak")[2].partition(end)[0])


def test_every_page_that_has_a_text_is_listed_and_opens(client: FlaskClient) -> None:
    listed = re.findall(r'href="(/about/[^"]+)"', client.get("/about").text)
    assert "/about/exceptions" in listed
    for path in listed:
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("name", ["nothing", "..", "%2e%2e%2fsecrets", "exceptions/x", "EXCEPTIONS"])
def test_what_is_no_page_is_not_there(client: FlaskClient, name: str) -> None:
    assert client.get(f"/about/{name}").status_code == 404


def test_a_hidden_page_is_gone_from_the_list_and_the_site(world: World, client: FlaskClient) -> None:
    with world.stores.site.writing() as site:
        words.show(site, "about/ombuds", shown=False)
    assert client.get("/about/ombuds").status_code == 404
    assert "/about/ombuds" not in client.get("/about").text


def test_the_cases_that_an_office_writes_stand_wherever_cases_stand(world: World, client: FlaskClient) -> None:
    write(world, "about/exceptions", OURS)
    office = world.settings.office_name
    wanted = ["if a child is in danger", f"if the law of {office} says so"]
    assert cases(client.get("/").text) == wanted
    assert "if a <em>child</em> is in danger" in client.get("/about/exceptions").text


def test_the_cases_of_the_settings_hold_until_the_office_writes_its_own(world: World) -> None:
    path = world.instance / SETTINGS_FILE
    told = 'exceptions = ["if *somebody* [asks](x) <b>us</b>", "if two ask"]'
    path.write_text(re.sub(r"(?s)exceptions = \[.*?\n\]", told, path.read_text()))
    client = create_app(world.instance).test_client()
    said = client.get("/about/exceptions").text
    assert "<li>if *somebody* [asks](x) &lt;b&gt;us&lt;/b&gt;</li>" in said
    assert "if two ask" in said
    assert "imminent" not in said
    write(world, "about/exceptions", OURS)
    assert "if two ask" not in client.get("/about/exceptions").text
    assert "if two ask" not in client.get("/").text


def test_nothing_that_somebody_writes_becomes_html(world: World, client: FlaskClient) -> None:
    write(world, "about/charter", '# <script>alert(1)</script>\n\n<img src="x">\n\n[x](javascript:alert(1))\n')
    page = client.get("/about/charter").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "javascript:alert" not in re.findall(r'href="([^"]*)"', page)
