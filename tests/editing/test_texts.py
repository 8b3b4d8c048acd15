"""A text is changed in the browser: looked at first, refused with the line, kept, and taken back."""

import html
import re

import pytest

from portal.site import words
from portal.site.shelves import lists_cases
from tests.cast import World
from tests.desk.test_open_desks import Ola
from tests.editing.eve import Eve
from tests.editing.test_pages import add

TEXT = "# Our charter\n\nThe **council** of {office} signed it.\n\n- It is public."


def test_eve_changes_the_charter_and_visitors_read_it(eve: Eve) -> None:
    visitor = eve.app.test_client()
    before = visitor.get("/about/charter").text
    assert "council" not in before

    shown = eve.write(TEXT, action="preview").text
    assert "The <strong>council</strong> of Office of Tests signed it." in shown
    assert visitor.get("/about/charter").text == before, "a look changes nothing"

    answer = eve.write(TEXT)
    assert answer.status_code == 302
    page = visitor.get("/about/charter").text
    assert "<h1>Our charter</h1>" in page
    assert "The <strong>council</strong> of Office of Tests signed it." in page


def test_what_the_preview_shows_is_what_visitors_get(eve: Eve) -> None:
    preview = eve.write(TEXT, action="preview").text
    eve.write(TEXT)
    page = eve.app.test_client().get("/about/charter").text

    (shown,) = re.findall(r'<div class="text">.*?</div>', page, re.DOTALL)
    assert shown in preview


def test_the_last_change_is_taken_back_and_brought_again(eve: Eve) -> None:
    eve.write(TEXT)
    eve.write(TEXT.replace("council", "senate"))
    page = eve.browser.get("/desk/site/text?key=about/charter&lang=en").text
    assert "<strong>council</strong>" in page, "what it brings back is shown before"

    for word in ("council", "senate"):
        form = eve.text_page()
        answer = eve.browser.post("/desk/site/text", data=form | {"action": "back"})
        assert answer.status_code == 302
        assert word in eve.app.test_client().get("/about/charter").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# T\n\nA\n\n<script>alert(1)</script>", "Line 5: HTML like “&lt;script&gt;alert(1)&lt;/script&gt;” cannot"),
        ("# T\n\nA <b>bold</b> word", "Line 3: HTML like “&lt;b&gt;” cannot stand here. Write **bold**"),
        ("# T\n\n![me](https://a.example/me.png)", "Line 3: A picture like “https://a.example/me.png”"),
        ("# T\n\n[a](javascript:alert(1))", "Line 3: A link to “javascript:alert(1)” cannot stand here."),
        ("# T\n\n```\ncode\n```", "Line 3: Code like “code”"),
        ("# T\n\n# Again", "Line 3: A page has one title."),
        (f"# {'T' * 121}\n\nA.", "The title has more than 120 letters."),
        ("No title.", "The title is missing."),
        ("", "The title is missing."),
        ("# T\n\nA\n[a](www.a.org)", "Line 4: A link to “www.a.org” leads nowhere. Write https://www.a.org instead."),
        ("# T\n\n[a](ola@a.org)", "Line 3: A link to “ola@a.org” leads nowhere. Write mailto:ola@a.org instead."),
        ("# T\n\n[a](about/visit)", "Line 3: A link to “about/visit” leads nowhere. Write /about/visit instead."),
        ("# T\n\n[a](/about/visit/)", "Line 3: A link to “/about/visit/” leads nowhere. Write /about/visit instead."),
        ("# T\n\n<http://localhost:8000/say>", "“http://localhost:8000/say” leads nowhere. Write /say instead."),
        ("# T\n\n[a](/times?ombuds=x)", "Line 3: A link to “/times?ombuds=x” leads nowhere. Write /times instead."),
        ("# T\n\n[a](/about/nowhere)", "Line 3: No page here is at “/about/nowhere”. Use the address of one,"),
        ("# T\n\n[a](/desk/)", "Line 3: No page here is at “/desk/”."),
        (
            "# T\n\n[a](voices)",
            "Line 3: A link to “voices” cannot stand here. Use https://, mailto:, tel: or a page here.",
        ),
        ("# T\n\nCall {fone}.", "Line 3: “{fone}” means nothing here."),
    ],
)
def test_a_refusal_names_line_and_thing_and_keeps_what_was_typed(eve: Eve, text: str, said: str) -> None:
    visitor = eve.app.test_client()
    before = visitor.get("/about/charter").text
    for action in ("save", "preview"):
        answer = eve.write(text, action=action)
        assert said in answer.text
        assert answer.status_code == 200
        assert _typed(answer.text) == text
    assert visitor.get("/about/charter").text == before


def test_a_link_may_lead_to_a_page_that_is_hidden_and_preview_and_page_leave_its_words(eve: Eve, world: World) -> None:
    with world.stores.site.writing() as site:
        words.show(site, "about/together", shown=False)
        words.show(site, "about/parking", shown=True)
    text = "# T\n\n[one](/about/together#a), [two](/about/parking) and [three](/about/visit)"
    shown = '<p>one, two and <a href="/about/visit" rel="noreferrer">three</a></p>'

    assert shown in eve.write(text, action="preview").text
    assert eve.write(text).status_code == 302
    assert shown in eve.app.test_client().get("/about/charter").text

    with world.stores.site.writing() as site:
        words.show(site, "about/together", shown=True)
    assert '<a href="/about/together#a"' in eve.app.test_client().get("/about/charter").text


def test_a_text_of_a_megabyte_is_answered_kindly_and_given_back(eve: Eve) -> None:
    answer = eve.write("# T\n\n" + "x" * 1_000_000)

    assert answer.status_code == 200
    assert "The text has 1000005 letters. A page takes 20000." in answer.text
    assert len(_typed(answer.text)) == 1_000_005


def test_more_than_two_megabytes_are_refused_before_they_are_read(eve: Eve) -> None:
    assert eve.write("[" * 2_200_000).status_code == 413


@pytest.mark.parametrize("action", ["", "burn"])
def test_a_form_without_one_of_its_buttons_changes_nothing(eve: Eve, action: str) -> None:
    assert "Press one of the buttons." in eve.write(TEXT, action=action).text
    assert "council" not in eve.app.test_client().get("/about/charter").text


def test_a_form_without_its_token_is_given_back_with_the_text(eve: Eve) -> None:
    answer = eve.write(TEXT, csrf_token="")

    assert "This page rested too long. Send it once more." in answer.text
    assert "The **council** of {office}" in answer.text


@pytest.mark.parametrize("where", ["", "key=about/charter", "key=about/none&lang=en", "key=about/charter&lang=xx"])
def test_no_text_is_asked_for_by_a_name_that_is_none(eve: Eve, where: str) -> None:
    assert eve.browser.get(f"/desk/site/text?{where}").status_code == 404


def test_two_at_once_lose_nothing(eve: Eve, world: World) -> None:
    form = eve.text_page()
    with world.stores.site.writing() as site:
        now = words.standing(site, "about/charter", "en")
        words.keep(site, "about/charter", "en", "# Theirs\n\nBy Ola.\n", mark=now.mark)

    mine = form | {"text": "# Mine\n\nBy Eve.", "action": "save"}
    page = eve.browser.post("/desk/site/text", data=mine).text
    assert "Somebody else changed this text meanwhile." in page
    assert "By Ola." in page
    assert "By Eve." in page
    assert "By Ola." in eve.app.test_client().get("/about/charter").text

    mark = re.search(r'name="mark"[^>]*value="([^"]+)"', page)
    assert mark
    assert eve.browser.post("/desk/site/text", data=mine | {"mark": mark[1]}).status_code == 302
    assert "By Eve." in eve.app.test_client().get("/about/charter").text
    with world.stores.site.reading() as site:
        assert words.standing(site, "about/charter", "en").before == "# Theirs\n\nBy Ola.\n"


def test_a_change_is_not_taken_back_by_a_page_from_before_another(eve: Eve) -> None:
    eve.write(TEXT)
    form = eve.text_page()
    eve.write(TEXT.replace("council", "senate"))

    page = eve.browser.post("/desk/site/text", data=form | {"action": "back"}).text
    assert "Somebody else changed this text meanwhile." in page
    assert "senate" in eve.app.test_client().get("/about/charter").text


def test_the_cases_need_a_list_and_an_ombuds_who_checked_them(eve: Eve) -> None:
    cases = "# When we must speak\n\n- if a child is in danger"
    key = "about/exceptions"

    assert "must list at least one case" in eve.write("# When we must speak\n\nNever.", key=key, checked="y").text
    assert "Ask an ombuds to check them first." in eve.write(cases, key=key).text
    assert "if a child is in danger" not in eve.app.test_client().get("/").text

    assert eve.write(cases, key=key, checked="y").status_code == 302
    assert "if a child is in danger" in eve.app.test_client().get("/").text


INTERNS = "about/exceptions-interns"


def take_back(eve: Eve, key: str, **fields: str) -> str:
    form = {name: value for name, value in eve.text_page(key).items() if name != "text"}
    return eve.browser.post("/desk/site/text", data=form | {"action": "back"} | fields, follow_redirects=True).text


@pytest.mark.parametrize("key", [INTERNS, "about/under-18"])
def test_an_editor_empties_no_page_that_tells_duties(eve: Eve, world: World, key: str) -> None:
    visitor = eve.app.test_client()
    add(eve, "about/exceptions-", "interns")
    with world.stores.site.writing() as site:
        for text in ("", "# Ours\n\n- if a visa is at stake\n"):
            words.keep(site, key, "en", text, mark=words.standing(site, key, "en").mark)

    said = take_back(eve, key, checked="y")
    assert "Only an ombuds takes it off." in said
    assert "if a visa is at stake" in said, "the form holds what stands there"
    assert "if a visa is at stake" in visitor.get(f"/{key}").text
    page = eve.browser.get(f"/desk/site/text?key={key}&lang=en").text
    assert "Take back the last change" not in page


def test_an_ombuds_takes_a_page_of_cases_off_once_it_is_checked(eve: Eve, ola: Ola) -> None:
    add(eve, "about/exceptions-", "interns")
    eve.write("# Interns\n\n- if a visa is at stake", key=INTERNS, checked="y")
    eve.browser = ola.browser
    visitor = eve.app.test_client()

    assert "Ask an ombuds to check them first." in take_back(eve, INTERNS)
    assert visitor.get(f"/{INTERNS}").status_code == 200
    take_back(eve, INTERNS, checked="y")
    assert visitor.get(f"/{INTERNS}").status_code == 404


@pytest.mark.parametrize("key", ["about/exceptions", "about/exceptions-staff", "about/charter"])
def test_a_step_back_to_other_cases_is_checked_as_a_change_of_them_is(eve: Eve, key: str) -> None:
    visitor = eve.app.test_client()
    for case in ("if a child is in danger", "if a visa is at stake"):
        eve.write(f"# When we must speak\n\n- {case}", key=key, checked="y")

    said = take_back(eve, key)
    assert ("Ask an ombuds to check them first." in said) == lists_cases(key)
    assert ("if a visa is at stake" in visitor.get(f"/{key}").text) == lists_cases(key)
    if lists_cases(key):
        take_back(eve, key, checked="y")
    assert "if a child is in danger" in visitor.get(f"/{key}").text


def test_the_names_in_braces_are_filled_in(eve: Eve) -> None:
    eve.write("# Us\n\n{office} at {address} keeps nothing beyond {days} days.")

    page = eve.app.test_client().get("/about/charter").text
    assert "Office of Tests at localhost:8000 keeps nothing beyond 90 days." in page


def _typed(page: str) -> str:
    found = re.search(r'<textarea[^>]*id="text"[^>]*>\r?\n(.*?)</textarea>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])
