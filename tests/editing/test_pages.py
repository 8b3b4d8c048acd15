"""The overview: which pages there are, which are shown, and one more."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event

from portal import clock
from portal.site import added, choices, words
from portal.site.choices import Choices
from tests.cast import World
from tests.desk.test_open_desks import Ola
from tests.editing.eve import Eve
from tests.visiting import fields_of


def add(eve: Eve, kind: str, name: str) -> str:
    answer = eve.send("/desk/site", to="/desk/site/page", kind=kind, page_name=name)
    return answer.headers.get("Location", answer.text)


def show(eve: Eve, key: str, shown: str) -> str:
    eve.send("/desk/site", to="/desk/site/show", key=key, shown=shown)
    return eve.browser.get("/desk/site").text


def test_a_page_is_added_written_and_shown(eve: Eve) -> None:
    where = add(eve, "about/", "parking")
    assert where == "/desk/site/text?key=about/parking&lang=en"
    visitor = eve.app.test_client()
    assert visitor.get("/about/parking").status_code == 404, "no text yet"

    eve.write("# Where to park\n\nBehind the library.", key="about/parking")
    assert "Behind the library." in visitor.get("/about/parking").text
    assert "Where to park" in visitor.get("/about").text


def test_cases_for_one_group_get_a_page_that_all_cases_lead_to(eve: Eve) -> None:
    assert "about/exceptions-interns" in add(eve, "about/exceptions-", "interns")
    assert "must list" in eve.write("# Interns\n\nNone.", key="about/exceptions-interns", checked="y").text
    eve.write("# Interns\n\n- if a visa is at stake", key="about/exceptions-interns", checked="y")

    assert "if a visa is at stake" in eve.app.test_client().get("/about/exceptions-interns").text


@pytest.mark.parametrize("name", ["", "Parking Lot", "../etc", "a" * 41, "-a", "a--b", "é"])
def test_a_name_that_is_none_is_refused_with_a_hint(eve: Eve, name: str) -> None:
    assert "Please look at this" in add(eve, "about/", name)


@pytest.mark.parametrize(
    ("shelf", "name"), [("about/", "charter"), ("about/", "limits"), ("about/", "voices"), ("week/", "poster")]
)
def test_a_page_that_is_there_is_not_added_again(eve: Eve, shelf: str, name: str) -> None:
    assert "There is a page of this name already." in add(eve, shelf, name)


def test_a_page_is_hidden_and_shown_again(eve: Eve) -> None:
    visitor = eve.app.test_client()
    assert visitor.get("/about/ombuds").status_code == 200

    assert "The page is hidden. Its text is kept." in show(eve, "about/ombuds", "no")
    assert visitor.get("/about/ombuds").status_code == 404
    assert "Visitors see the page now." in show(eve, "about/ombuds", "yes")
    assert visitor.get("/about/ombuds").status_code == 200


@pytest.mark.parametrize("key", ["about/exceptions", "about/none", "none/none", "", "event/x"])
def test_what_must_stand_is_never_hidden_and_what_is_none_is_not_made(eve: Eve, key: str) -> None:
    assert "Nothing was changed" in show(eve, key, "no")
    assert eve.app.test_client().get("/about/exceptions").status_code == 200


def removal(eve: Eve, key: str) -> dict[str, str]:
    page = eve.browser.get(f"/desk/site/page/remove?key={key}").text
    return dict(fields_of(page.partition('action="/desk/site/page/remove"')[2].partition("</form>")[0]))


def remove(eve: Eve, form: dict[str, str]) -> str:
    return eve.browser.post("/desk/site/page/remove", data=form, follow_redirects=True).text


def test_a_page_with_a_mistyped_name_is_removed_with_its_words(eve: Eve, world: World) -> None:
    add(eve, "about/", "parkign")
    for text in ("# Where to park\n\nHere.", "# Where to park\n\nThere."):
        eve.write(text, key="about/parkign")
    assert 'href="/desk/site/page/remove?key=about/parkign"' in eve.browser.get("/desk/site").text
    form = removal(eve, "about/parkign")
    assert eve.app.test_client().get("/about/parkign").status_code == 200, "a look removes nothing"

    assert "The page is removed." in remove(eve, form)
    assert eve.app.test_client().get("/about/parkign").status_code == 404
    assert "it is gone" in remove(eve, form)
    world.stores.close()
    assert b"Where to park" not in (world.instance / "site.db").read_bytes()


def test_a_page_that_changed_meanwhile_is_not_removed(eve: Eve) -> None:
    add(eve, "about/", "parking")
    eve.write("# Where to park\n\nHere.", key="about/parking")
    form = removal(eve, "about/parking")
    eve.write("# Where to park\n\nThere.", key="about/parking")

    page = remove(eve, form)
    assert "Somebody else changed it meanwhile." in page
    assert eve.app.test_client().get("/about/parking").status_code == 200
    assert "The page is removed." in remove(eve, dict(fields_of(page.partition("page/remove")[2])))


@pytest.mark.parametrize("key", ["about/charter", "about/exceptions", "week/kit", "event/x", "about/none", ""])
def test_what_is_shipped_or_no_page_is_not_removed(eve: Eve, key: str) -> None:
    assert removal(eve, key) == {}
    token = removal_token(eve)
    assert "Nothing was changed" in remove(eve, {"csrf_token": token, "key": key, "mark": ""})
    assert "page/remove" not in eve.browser.get("/desk/site").text


def removal_token(eve: Eve) -> str:
    return re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', eve.browser.get("/desk/site").text)[0]


def test_only_an_ombuds_removes_a_page_of_cases(eve: Eve, ola: Ola) -> None:
    key = "about/exceptions-interns"
    add(eve, "about/exceptions-", "interns")
    eve.write("# Interns\n\n- if a visa is at stake", key=key, checked="y")
    assert removal(eve, key) == {}
    assert "page/remove" not in eve.browser.get("/desk/site").text

    eve.browser = ola.browser
    assert "The page is removed." in remove(eve, removal(eve, key))
    assert eve.app.test_client().get(f"/{key}").status_code == 404


def test_so_many_pages_may_be_added_and_no_more(eve: Eve, world: World) -> None:
    with world.stores.site.writing() as site:
        for number in range(added.MOST):
            words.show(site, f"{'about' if number % 2 else 'week'}/p{number}", shown=number % 3 > 0)
        words.show(site, "about/ombuds", shown=False)

    assert "40 pages were added already. Remove one first" in add(eve, "week/", "one-more")
    assert "The page is removed." in remove(eve, removal(eve, "about/p1"))
    assert add(eve, "week/", "one-more") == "/desk/site/text?key=week/one-more&lang=en"


def test_the_overview_takes_few_looks_at_the_store_however_many_pages_there_are(eve: Eve, world: World) -> None:
    with world.stores.site.writing() as site:
        for number in range(added.MOST):
            words.show(site, f"about/p{number}", shown=True)
            words.keep(site, f"about/p{number}", "en", "# T\n\nA.", mark=words.standing(site, "about/p", "en").mark)
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        assert eve.browser.get("/desk/site").text.count("<h3>T</h3>") == added.MOST
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert len([each for each in asked if each.startswith("SELECT")]) <= 8


def test_words_in_a_language_that_the_office_gave_up_can_still_be_changed(eve: Eve, world: World) -> None:
    eve.write("# Ours\n\nYes.", key="about/ombuds")
    with world.stores.site.writing() as site:
        choices.keep(site, Choices(languages=("fr",)))
    eve.app.extensions["portal"].volatile.choices.forget()

    page = eve.browser.get("/desk/site").text
    assert 'href="/desk/site/text?key=about/ombuds&amp;lang=en"' in page
    assert 'href="/desk/site/text?key=about/charter&amp;lang=en"' not in page


def test_the_overview_says_whose_words_they_are(eve: Eve) -> None:
    before = eve.browser.get("/desk/site").text
    eve.write("# Ours\n\nYes.", key="about/ombuds")

    after = eve.browser.get("/desk/site").text
    assert after.count("as shipped") == before.count("as shipped") - 1
    assert after.count("your text") == before.count("your text") + 1


def test_an_ombuds_finds_the_editors_there_and_an_editor_does_not(ola: Ola, eve: Eve) -> None:
    assert 'href="/desk/site/editors"' in ola.browser.get("/desk/site").text
    assert 'href="/desk/site/editors"' not in eve.browser.get("/desk/site").text
    assert 'href="/desk/site"' in ola.browser.get("/desk/").text


def look_mark(eve: Eve) -> str:
    return re.findall(r'name="mark"[^>]* value="(\w+)"', eve.browser.get("/desk/site/look").text)[0]


def look(eve: Eve, **fields: object) -> str:
    given = {
        "mark": look_mark(eve),
        "first_language": "en",
        "accent": "",
        "campaign": "by date",
        "week_first": "",
        "week_last": "",
    } | fields
    eve_answer = eve.send("/desk/site/look", **given)
    return eve_answer.headers.get("Location", eve_answer.text)


def test_what_the_office_chooses_is_kept(eve: Eve) -> None:
    where = look(eve, accent="#1D5A53", campaign="on", week_first="2027-10-11", week_last="2027-10-15")
    assert where == "/desk/site/look"

    page = eve.browser.get("/desk/site/look").text
    for value in ("#1d5a53", "2027-10-11", "2027-10-15"):
        assert f'value="{value}"' in page
    assert 'checked id="campaign-1"' in page


def test_two_editors_who_choose_at_once_are_told(eve: Eve) -> None:
    opened = look_mark(eve)
    assert look(eve, accent="#7a1f5c", campaign="on", mark=opened) == "/desk/site/look"

    told = look(eve, campaign="off", mark=opened)
    assert "Somebody else changed it meanwhile" in told
    assert "<dd>#7a1f5c</dd>" in told
    assert 'checked id="campaign-2"' in told, "nothing that was typed is lost"
    assert 'value="#7a1f5c"' in eve.browser.get("/desk/site/look").text, "and nothing was changed"

    assert look(eve, accent="#7a1f5c", campaign="on", mark=opened) == "/desk/site/look", "a form that is sent twice"
    again = re.findall(r'name="mark"[^>]* value="(\w+)"', told)[0]
    assert look(eve, campaign="off", mark=again) == "/desk/site/look", "who has read it decides"


def test_a_week_is_near_for_two_years_and_one_that_was_kept_may_stay(eve: Eve, world: World) -> None:
    first, last = (clock.now().date() + timedelta(days=number) for number in (730, 734))
    assert look(eve, week_first=str(first), week_last=str(last)) == "/desk/site/look"
    assert "Choose days near now" in look(eve, week_first=str(first + timedelta(days=3)), week_last=str(last))

    with world.stores.site.writing() as site:
        choices.keep(site, Choices(week=(date(2020, 10, 5), date(2020, 10, 9))))
    eve.app.extensions["portal"].volatile.choices.forget()
    assert look(eve, accent="#7a1f5c", week_first="2020-10-05", week_last="2020-10-09") == "/desk/site/look"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"accent": "red"}, "Type a colour like #1d5a53"),
        ({"accent": "#ffff00"}, "This colour is hard to read. The nearest one that works is #"),
        ({"week_first": "2027-10-11"}, "Type both days"),
        ({"week_first": "2027-10-11", "week_last": "2027-10-01"}, "must not come before the first"),
        ({"week_first": "2062-10-10", "week_last": "2062-10-14"}, "Choose days near now"),
        ({"week_first": "2020-10-05", "week_last": "2020-10-09"}, "Choose days near now"),
        ({"campaign": "sometimes"}, "Choose one of these answers."),
        ({"first_language": "xx"}, "Choose one of these answers."),
        ({"languages": "xx"}, "Please look at this"),
    ],
)
def test_a_choice_that_means_nothing_is_refused(eve: Eve, fields: dict[str, str], said: str) -> None:
    assert said in look(eve, **fields)
