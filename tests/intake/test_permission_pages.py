"""Vera answers on the page of her appointment: what she approves is what she reads, and nothing typed is lost."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import clock, create_app
from portal.intake.permissions import LONGEST_SENTENCE, Standing
from portal.intake.returning import Said, write
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys
from tests.cast import VERA, World
from tests.intake.sealed import used_lockers
from tests.pages.test_templates import HARDEST_GRADE, grade
from tests.permitting import HERS, SAID, SENTENCE, TYPED, Two, terms
from tests.visiting import fields_of

DAY = timedelta(days=1)
NOTHING_CHANGED = "Nothing was changed"


@pytest.fixture
def two(world: World, ola: DeskKeys) -> Two:
    assert isinstance(world.book(VERA, typed=TYPED), Receipt)
    (locker,) = used_lockers(world)
    return Two(world, ola, locker, clock.now())


@pytest.fixture
def client(two: Two) -> FlaskClient:
    return create_app(two.world.instance).test_client()


def opened(client: FlaskClient) -> TestResponse:
    return client.post("/return", data={"words": TYPED})


def press(client: FlaskClient, page: TestResponse, answer: str, **fields: str) -> TestResponse:
    """A button of the page's first permission, or of the page on which one is changed."""
    found = {name: value for name, value in reversed(fields_of(page.text)) if name != "action"}
    return client.post("/return", data=found | {"action": "permit", "answer": answer} | fields)


def buttons(page: TestResponse) -> list[str]:
    return re.findall(r'name="answer" value="(\w+)"', page.text)


def sentence_on(page: TestResponse) -> str:
    return " ".join(re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page.text, re.DOTALL))


def test_nothing_shows_where_nothing_was_asked(client: FlaskClient) -> None:
    assert "What may be said" not in opened(client).text


def test_vera_reads_the_very_sentence_and_all_its_conditions(two: Two, client: FlaskClient) -> None:
    two.ola_asks()
    page = opened(client)

    assert sentence_on(page) == SENTENCE
    for said in ("the dean of science", "safer shifts", "may not be said", str(terms().until.year)):
        assert said in page.text
    assert buttons(page) == ["approve", "decline", "change"]


@pytest.mark.parametrize(
    ("answer", "standing", "said", "left"),
    [
        ("approve", Standing.GRANTED, "You said yes to: “", ["revoke", "change"]),
        ("decline", Standing.DECLINED, "You said no.", []),
    ],
)
def test_an_answer_is_kept_and_shown(
    answer: str, standing: Standing, said: str, left: list[str], two: Two, client: FlaskClient
) -> None:
    two.ola_asks()
    page = press(client, opened(client), answer)

    assert said in page.text
    assert two.only.standing is standing
    assert buttons(page) == left


def test_what_was_said_is_shown_and_taking_back_says_what_it_cannot(two: Two, client: FlaskClient) -> None:
    two.ola_asks(aloud=True)
    assert "wrote down that you said yes" in opened(client).text
    two.ola(SAID.USE)
    page = opened(client)
    assert "Said on:" in page.text
    assert buttons(page) == ["revoke"]

    page = press(client, page, "revoke")
    assert "You took it back." in page.text
    assert "cannot be unsaid" in page.text
    assert buttons(page) == []


def test_a_page_left_open_approves_nothing_but_what_it_shows(two: Two, client: FlaskClient) -> None:
    two.ola_asks()
    old = opened(client)
    two.vera_changes(terms("Other words."))
    page = press(client, old, "approve")

    assert NOTHING_CHANGED in page.text
    assert sentence_on(page) == "Other words."
    assert two.only.standing is Standing.CHANGED


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_without_the_digest_of_its_page_nothing_is_approved(digest: str, two: Two, client: FlaskClient) -> None:
    two.ola_asks()

    assert NOTHING_CHANGED in press(client, opened(client), "approve", digest=digest).text
    assert two.only.standing is Standing.ASKED


def test_a_change_starts_from_what_was_asked_and_waits_for_ola(two: Two, client: FlaskClient) -> None:
    two.ola_asks()
    page = press(client, opened(client), "change")
    shown = dict(fields_of(page.text))
    assert (shown["text"], shown["until"], shown["may_name"]) == (SENTENCE, terms().until.isoformat(), "no")

    sooner = terms().until - DAY
    page = press(client, page, "change", text="My words.", may_name="yes", until=sooner.isoformat(), sure="yes")
    assert "Your change is kept." in page.text
    assert two.only.terms == terms("My words.", may_name=True, until=sooner)
    assert two.only.standing is Standing.CHANGED
    assert buttons(page) == ["revoke", "change"]


def test_no_leads_back_without_a_change_and_yes_without_one_says_so(two: Two, client: FlaskClient) -> None:
    two.ola_asks()
    page = press(client, opened(client), "change")
    assert buttons(press(client, page, "change", text="Other.", sure="no")) == ["approve", "decline", "change"]
    assert "You changed nothing" in press(client, page, "change", sure="yes").text

    assert two.only.standing is Standing.ASKED


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("text", "", "Type the sentence that may be said."),
        ("text", "x" * (LONGEST_SENTENCE + 1), "longer than 400 characters"),
        ("until", "2020-01-01", "This day is over."),
        ("until", "9999-12-31", "within the next 180 days"),
        ("until", "soon", "Choose the last day"),
        ("until", "", "Choose the last day"),
        ("may_name", "perhaps", "Choose one of these answers."),
    ],
)
def test_a_mistake_is_said_beside_the_field_and_loses_nothing(
    field: str, typed: str, said: str, two: Two, client: FlaskClient
) -> None:
    two.ola_asks()
    filled = {"text": "My words.", "may_name": "yes", "until": terms().until.isoformat(), field: typed}
    page = press(client, press(client, opened(client), "change"), "change", **filled, sure="yes")

    assert said in page.text
    assert "Please look at this" in page.text
    assert dict(fields_of(page.text))["text"] == filled["text"]
    assert two.only.terms == terms()


def test_all_mistakes_are_said_at_once(two: Two, client: FlaskClient) -> None:
    two.ola_asks()
    page = press(client, press(client, opened(client), "change"), "change", text="", until="2020-01-01", sure="yes")

    assert "Type the sentence that may be said." in page.text
    assert "This day is over." in page.text


def test_a_form_that_lacks_everything_breaks_nothing(two: Two, client: FlaskClient) -> None:
    two.ola_asks()
    ticket = dict(fields_of(opened(client).text))["ticket"]
    bare = {"ticket": ticket, "action": "permit"}
    forms = [
        bare,
        bare | {"answer": "change", "sure": "yes", "permission": two.only.id},
        bare | {"answer": "change", "permission": "nothing"},
        bare | {"answer": "approve"},
        bare | {"answer": "pigeon", "permission": two.only.id},
    ]

    assert {client.post("/return", data=form).status_code for form in forms} == {200}
    assert two.only.terms == terms()


def test_without_room_the_change_comes_back_as_it_was_typed(two: Two, client: FlaskClient) -> None:
    two.ola_asks()
    for number in range(1, 20):
        write(two.world.stores, TYPED, Said(f"{number:016x}", "x" * 300), settings=two.world.settings, now=two.now)
    page = press(client, press(client, opened(client), "change"), "change", text="y" * 400, sure="yes")

    assert "not so much room left" in page.text
    assert dict(fields_of(page.text))["text"] == "y" * 400
    assert two.only.terms == terms()


def test_a_page_that_rested_too_long_asks_for_the_words_and_keeps_the_sentence(two: Two, client: FlaskClient) -> None:
    two.ola_asks()
    page = press(client, press(client, opened(client), "change"), "change", text="My words.", ticket="b2xk", sure="yes")
    assert "was open too long" in page.text

    page = client.post("/return", data=dict(fields_of(page.text)) | {"words": TYPED})
    assert "My words.</textarea>" in page.text


def test_a_permission_that_is_over_says_so_and_has_no_buttons(two: Two, client: FlaskClient) -> None:
    two.now -= 3 * DAY
    two.ola_asks(terms(until=(two.now + DAY).date()))
    two.vera(HERS.APPROVE)
    page = opened(client)

    assert "Its last day is over." in page.text
    assert buttons(page) == []


def test_what_ola_typed_is_text_and_never_markup(two: Two, client: FlaskClient) -> None:
    two.ola_asks(replace(terms("<b>bold</b>"), to="<i>dean</i>", purpose="<u>x</u>"))
    page = opened(client).text

    assert "<b>bold" not in page
    assert "&lt;i&gt;dean" in page
    assert "<u>" not in page


def test_answers_have_one_length_whatever_was_answered(two: Two, client: FlaskClient) -> None:
    two.ola_asks()
    page = opened(client)
    pages = [press(client, page, answer) for answer in ("approve", "change", "revoke", "decline")]

    assert {len(each.data) for each in (page, *pages)} == {len(page.data)}
    assert not any("Set-Cookie" in each.headers for each in pages)


def test_all_that_is_said_of_permissions_is_plain(two: Two, client: FlaskClient) -> None:
    """The whole page as Vera reads it; the sentence itself is Ola's."""
    two.ola_asks()
    asked = opened(client)
    for page in (
        asked,
        press(client, asked, "change"),
        press(client, asked, "approve"),
        press(client, asked, "revoke"),
    ):
        main = page.text.partition("<main")[2].partition("</main>")[0].replace(SENTENCE, "")
        sentences = re.findall(r"<p(?: class=\"(?:note|lead|hint)\")?[^>]*>([^<]*[.?!])\s*</p>", main)
        assert sentences
        assert grade("\n".join(sentences)) <= HARDEST_GRADE
