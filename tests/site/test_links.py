"""Where the links of a text may lead, and what was likely meant by one that leads nowhere."""

import pytest
from flask import Flask

from portal import create_app
from portal.language import SOURCE, shipped
from portal.site import links, marks, shelves, words
from portal.site.links import Site
from tests.cast import World

HERE = Site("localhost", links.PUBLIC | {"/about/charter", "/week/kit"})
#: Public addresses that no text leads to: ways out, files, what a form answers, and what a machine asks.
NO_PAGES = {"/leave", "/leave/out", "/book", "/healthz", "/week/events.ics"}


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/about/charter",
        "/about#top",
        "https://example.org/a?b#c",
        "https://vidéo.example/é",
        "http://[::1]/a",
        "mailto:ola@example.org",
        "tel:+15550177",
        "#top",
        "",
    ],
)
def test_a_link_may_lead_to_a_page_a_site_a_mailbox_or_a_phone(url: str) -> None:
    assert links.is_safe(url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:x",
        "JAVASCRIPT:x",
        "vbscript:x",
        "data:x",
        "file:///etc",
        "ftp://example.org",
        "//x",
        "/\\x",
        "\\x",
        "/\t/x",
        "/a b",
        "../times",
        "voices",
        "/times?",
        "/times?ombuds=x#y",
        "http:/times",
        "http:say",
        "https:",
        "https://",
        "http:///x",
        "https:\\\\x",
        "https://x\\@y",
        "https://a b.c",
        "https://x:99999",
        "https://x:a",
        "https://[x",
        "https://%7Baddress%7D/times",
        "localhost:8000/say",
    ],
)
def test_a_link_may_lead_nowhere_else(url: str) -> None:
    assert not links.is_safe(url)
    assert links.shown(url, "localhost") is None


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost",
        "https://localhost:8000/say",
        "HTTPS://LocalHost/",
        "http://www.localhost/",
        "http://localhost.",
        "http://eve@localhost/",
        "http://%6cocalhost/",
        "http://\uff4cocalhost/",
        "http://local\u00adhost/",
    ],
)
def test_the_sites_own_host_is_known_however_it_is_written(url: str) -> None:
    assert links.host_of(url) == "localhost"
    assert not links.leads(url, HERE)
    assert (links.shown(url, "localhost") or "").startswith("/")


@pytest.mark.parametrize(
    "url", ["https://localhost.example.org", "https://example.org/localhost", "mailto:a@localhost"]
)
def test_another_host_is_another_site(url: str) -> None:
    assert links.leads(url, HERE)
    assert links.shown(url, "localhost") == url


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("www.example.org", "https://www.example.org"),
        ("example.org/a?b", "https://example.org/a?b"),
        ("//example.org", "https://example.org"),
        ("ola@example.org", "mailto:ola@example.org"),
        ("about/charter", "/about/charter"),
        ("../about/charter#a", "/about/charter#a"),
        ("/about/charter/", "/about/charter"),
        ("/times?", "/times"),
        ("/times?ombuds=x", "/times"),
        ("http:/times", "/times"),
        ("http:say?ombuds=x", "/say"),
        ("http://localhost:8000/say", "/say"),
        ("http://localhost:8000", "/"),
        ("https://%7Baddress%7D/times", "/times"),
        ("/about/nowhere", ""),
        ("/desk/", ""),
        ("https://localhost/desk", ""),
        ("www.localhost/desk", ""),
        ("charter.html", ""),
        ("javascript:say", ""),
        ("", ""),
        ("https://[", ""),
    ],
)
def test_a_link_that_leads_nowhere_is_known_and_often_what_was_meant(url: str, meant: str) -> None:
    assert not (links.is_safe(url) and links.leads(url, HERE))
    assert links.instead(url, HERE) == meant
    assert not meant or (links.is_safe(meant) and links.leads(meant, HERE))


@pytest.fixture(scope="module")
def app(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    # A copy: the first page of a day runs the daily job.
    return create_app(first_world.copy(tmp_path_factory.mktemp("links") / "instance").instance)


@pytest.mark.parametrize("path", sorted(links.PUBLIC))
def test_every_public_page_opens(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 200


def test_no_page_that_anybody_can_open_is_forgotten(app: Flask) -> None:
    rules = [each for each in app.url_map.iter_rules() if "GET" in (each.methods or ()) and not each.arguments]
    paths = {each.rule for each in rules if not each.rule.startswith(("/desk", "/feed"))}
    known = links.PUBLIC | NO_PAGES

    assert known <= paths
    assert {path for path in paths - known if app.test_client().get(path).mimetype == "text/html"} == set()


def test_a_text_may_lead_to_a_page_that_is_hidden_now_or_not_written_yet(world: World) -> None:
    with world.stores.site.writing() as site:
        words.show(site, "about/charter", shown=False)
        words.show(site, "about/parking", shown=True)
        found = words.addresses(site)
        assert found >= {"/about/charter", "/about/parking", "/week/kit", "/times"}
        assert words.hidden(site) == {"about/charter", "about/parking"}

        mark = words.standing(site, "about/parking", "fr").mark
        words.keep(site, "about/parking", "fr", "# Garer\n", mark=mark)
        assert words.hidden(site) == {"about/charter"}


@pytest.mark.parametrize("lang", shipped())
def test_every_link_of_every_shipped_text_leads_somewhere(world: World, lang: str) -> None:
    with world.stores.site.reading() as site:
        here = Site(links.host_of(world.settings.address), words.addresses(site))
    texts = {(key, lang): shelves.shipped(key, lang) for key in KEYS}

    assert all(texts.values()) or lang != SOURCE
    assert {key: found for key, text in texts.items() if text and (found := marks.refusals(text, here))} == {}


KEYS = [f"{shelf}/{name}" for shelf, names in shelves.SHIPPED.items() for name in names]
