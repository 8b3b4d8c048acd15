"""The office's own words as visitors read them, and the cases in which an ombuds must speak."""

import re

import pytest
from flask.testing import FlaskClient

from portal import create_app
from portal.config import SETTINGS_FILE
from portal.qr import drawn
from portal.site import words
from tests.cast import World, change_settings

OURS = "# Our cases\n\nHere they are.\n\n- if a *child* is in danger\n- if the law of {office} says so\n"


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.instance).test_client()


def write(world: World, key: str, text: str, lang: str = "en") -> None:
    with world.stores.site.writing() as site:
        words.keep(site, key, lang, text, mark=words.standing(site, key, lang).mark)


def cases(page: str, end: str = "</ul>") -> list[str]:
    return re.findall(r"<li[^>]*>(if [^<]+)", page.partition("must speak")[2].partition(end)[0])


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


def test_the_pages_stand_in_four_groups_in_their_order(client: FlaskClient) -> None:
    page = client.get("/about").text
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    assert headings == ["Who we are", "Your visit", "What stays private", "Other help"]
    office, visit, private, help_ = re.findall(r"(?s)<section class=\"shelf\".*?</section>", page)
    assert office.index("/about/ombuds") < office.index("/about/charter") < office.index("/about/limits")
    assert visit.index("/about/visit") < visit.index("/about/prepare") < visit.index("/about/device")
    assert (
        private.index('/about/exceptions"') < private.index("/about/exceptions-staff") < private.index("/about/records")
    )
    assert help_.index("/about/referrals") < help_.index("/about/help-now")


def test_a_page_that_the_office_added_tells_of_the_office(world: World, client: FlaskClient) -> None:
    write(world, "about/our-team", "# Our *team*\n\nTwo people.\n")
    with world.stores.site.writing() as site:
        words.show(site, "about/our-team", shown=True)
    first = client.get("/about").text.partition("</section>")[0]
    assert re.search(r'href="/about/our-team">Our team</a>', first)


def test_home_offers_what_to_read_first_below_its_button(world: World, client: FlaskClient) -> None:
    with world.stores.site.writing() as site:
        words.show(site, "about/visit", shown=False)
    page = client.get("/").text
    listed = re.findall(r'href="/about/([^"]+)"', page.partition('id="first"')[2].partition("</section>")[0])
    assert listed == ["ombuds", "can-and-cannot", "device", "practice"]
    assert page.index("See free times") < page.index('id="first"')


def test_the_page_of_devices_holds_the_bare_address_for_a_camera(client: FlaskClient) -> None:
    page = client.get("/about/device").text
    picture = re.search(r'(?s)<div class="qr" role="img" aria-label="[^"]+">(<svg.*?</svg>)</div>', page)
    assert picture
    assert picture[1] == str(drawn("http://localhost:8000", scale=4))
    assert '<bdi dir="ltr">localhost:8000</bdi>' in page
    assert "<svg" not in client.get("/about/device?tz=Asia/Tokyo").text.replace(picture[1], "")


def test_no_text_leads_to_a_page_that_is_hidden(world: World, client: FlaskClient) -> None:
    write(world, "about/covenant", "# Ours\n\nRead [our *charter*](/about/charter#whole), and [all](/about).\n")
    write(world, "week/welcome", "# Come\n\nRead [our charter](/about/charter).\n")
    assert 'href="/about/charter#whole"' in client.get("/about/covenant").text

    with world.stores.site.writing() as site:
        words.show(site, "about/charter", shown=False)

    page = client.get("/about/covenant").text
    assert 'Read our <em>charter</em>, and <a href="/about"' in page
    assert 'href="/about/charter' not in page + client.get("/week").text + client.get("/about").text


def test_what_the_site_knows_stands_beneath_the_words_of_the_office(world: World) -> None:
    change_settings(
        world.instance,
        formal_report='formal_report = "A formal report goes to the People Office."',
        overseen_by='overseen_by = "The board oversees us: +1 555 0177."',
    )
    client = create_app(world.instance).test_client()
    assert "People Office" in client.get("/about/not-notice").text
    assert 'href="tel:+15550177"' in client.get("/about/who-we-report-to").text
    help_now = client.get("/about/help-now").text
    assert help_now.index("</h1>") < help_now.index('aria-labelledby="crisis"') < help_now.index('<div class="text')
    more = client.get("/about/exceptions").text.partition('id="more-cases"')[2]
    assert 'href="/about/exceptions-staff"' in more
    assert 'href="/about/exceptions"' in client.get("/about/exceptions-staff").text.partition('class="text"')[2]


def test_who_was_left_out_stays_so_on_the_way_through_the_pages(world: World, client: FlaskClient) -> None:
    write(world, "about/charter", "# Ours\n\n[Times](/times#write), [us](https://example.org/), and [all](/about).\n")
    left_out = f"not-{world.ombuds.hex()}"

    page = client.get(f"/about/charter?ombuds={left_out}&tz=Asia/Tokyo").text

    carried = f"?tz=Asia/Tokyo&amp;ombuds={left_out}"
    assert f'<a href="/times{carried}#write"' in page
    assert f'<a href="/about{carried}"' in page
    assert '<a href="https://example.org/"' in page
    for path in re.findall(r'href="(/(?:about|times|week)[^"]*)"', page):
        assert left_out in path, path


def test_words_that_look_like_a_link_stay_words(world: World, client: FlaskClient) -> None:
    write(world, "about/charter", '# Ours\n\nhref="/foo [click](https://example.org/)\n')
    page = client.get("/about/charter?tz=Asia/Tokyo").text
    assert 'href="/foo <a href="https://example.org/"' in page.replace("&quot;", '"')
