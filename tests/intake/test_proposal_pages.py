"""What Vera reads and presses when Ola proposes times: kind sentences, one length, nothing twice."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import create_app
from portal.intake import sentences
from portal.intake.rules import Meeting, State
from portal.office.rules import DeskKeys
from tests.cast import World
from tests.desk.arranging import TYPED, Arranging, soon
from tests.visiting import fields_of


@pytest.fixture
def vera(world: World, ola: DeskKeys) -> Iterator[Arranging]:
    found = Arranging(world, ola)
    found.book(soon(world)[1])
    yield found
    world.refresh()


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.instance).test_client()


def opened(client: FlaskClient) -> TestResponse:
    return client.post("/return", data={"words": TYPED})


def press(client: FlaskClient, page: TestResponse, action: str, **fields: str) -> TestResponse:
    ticket = dict(fields_of(page.text))["ticket"]
    return client.post("/return", data={"ticket": ticket, "action": action, **fields})


def note(page: TestResponse) -> str:
    found = re.search(r'<p class="note" role="status" tabindex="-1" autofocus>(.*?)</p>', page.text)
    return found.group(1) if found else ""


def when(vera: Arranging, meeting: Meeting) -> str:
    return sentences.moment(meeting.starts, vera.world.settings.zone)


def test_vera_takes_one_of_two_times_and_says_no_to_another(client: FlaskClient, vera: Arranging) -> None:
    vera.arrange([slot.id for slot in vera.free()[3:5]])
    vera.arrange([vera.free()[9].id])
    page = opened(client)
    assert page.text.count('value="accept"') == 3
    assert "Take the one that suits you." in page.text
    assert "stays yours. If you take one of these, you have both." in page.text
    one, _two, other = vera.proposed()

    assert (
        note(press(client, page, "decline", meeting=other.uid))
        == f"You said no to the time on {when(vera, other)}. That is fine."
    )
    taken = press(client, page, "accept", meeting=one.uid)

    yours = f"The time on {when(vera, one)} is now yours."
    assert note(taken) == yours
    assert "<title>Done: " in taken.text
    assert 'value="accept"' not in taken.text
    assert sorted(vera.states()) == [State.BOOKED, State.BOOKED, State.DECLINED]
    assert note(press(client, page, "accept", meeting=one.uid)) == yours, "sent twice"
    late = press(client, page, "decline", meeting=one.uid)
    assert note(late).startswith("This time is already yours.")
    assert "<title>Done: " not in late.text, "nothing was done"
    assert note(press(client, page, "accept", meeting=other.uid)).startswith("You can no longer take this time.")


def test_a_time_that_ola_withdrew_is_kindly_no_longer_offered(client: FlaskClient, vera: Arranging) -> None:
    vera.arrange([vera.free()[3].id])
    page, uid = opened(client), vera.proposed()[0].uid
    assert vera.withdraw(uid)

    for meeting in (uid, "", "x"):
        assert note(press(client, page, "accept", meeting=meeting)).startswith("This time is no longer offered.")
    assert vera.states() == [State.BOOKED]


def test_only_where_nothing_is_to_come_vera_can_ask_to_meet_again(client: FlaskClient, vera: Arranging) -> None:
    page = opened(client)
    assert 'value="again"' not in page.text
    page = press(client, page, "cancel", sure="yes")
    assert 'value="again"' in page.text
    vera.arrange([vera.free()[3].id])
    page = opened(client)
    assert 'value="again"' not in page.text, "there is an offer to answer"
    assert 'value="again"' in press(client, page, "decline", meeting=vera.proposed()[0].uid).text


def test_asking_to_meet_again_is_a_message_and_is_said_once(client: FlaskClient, vera: Arranging) -> None:
    page = press(client, opened(client), "cancel", sure="yes")
    for _ in range(2):
        again = press(client, page, "again", wish="another", when="Mornings are best.")

    assert "The ombuds will see that you want to meet." in note(again)
    assert [each.text for each in vera.matter().messages] == ["Please offer me another time. Mornings are best."]
    assert vera.matter().is_waiting_for_ombuds
    assert "you asked for a time." in again.text
    assert 'value="again"' not in again.text, "it is asked"


@pytest.mark.parametrize("wish", ["", "x", "again"])
def test_a_wish_that_is_none_of_ours_asks_to_meet_again(client: FlaskClient, vera: Arranging, wish: str) -> None:
    page = press(client, opened(client), "cancel", sure="yes")
    press(client, page, "again", wish=wish)
    assert [each.text for each in vera.matter().messages] == ["I would like to meet again."]


def test_whoever_asked_and_said_no_to_what_came_can_ask_once_more(client: FlaskClient, vera: Arranging) -> None:
    page = press(client, opened(client), "cancel", sure="yes")
    press(client, page, "again", wish="another")
    vera.arrange([vera.free()[3].id])
    page = press(client, opened(client), "decline", meeting=vera.proposed()[0].uid)
    assert "you asked for a time." in page.text
    assert 'value="again"' in page.text


def test_cancelling_one_of_two_says_which_is_gone_and_which_stays(client: FlaskClient, vera: Arranging) -> None:
    first = vera.matter().meetings[0]
    vera.arrange([vera.free()[3].id])
    page = press(client, opened(client), "accept", meeting=vera.proposed()[0].uid)
    other = next(each for each in vera.matter().meetings if each.uid != first.uid)

    page = press(client, page, "cancel", meeting=first.uid, sure="yes")
    assert note(page) == sentences.cancelled(first.starts, [other.starts], vera.world.settings.zone)
    assert f"{when(vera, other)} is still yours." in note(page)

    assert note(press(client, page, "cancel", meeting=other.uid, sure="no")) == "Nothing was changed."
    page = press(client, page, "cancel", meeting=other.uid, sure="yes")
    assert "still yours" not in note(page)
    for shown in (page, opened(client)):
        assert "You have no time booked now." in shown.text, "no one day is the one that was cancelled"


def test_a_wish_too_long_or_on_a_page_that_rested_too_long_is_not_lost(client: FlaskClient, vera: Arranging) -> None:
    page = press(client, opened(client), "cancel", sure="yes")
    said = press(client, page, "again", when="x" * 121)
    assert "longer than 120 characters" in said.text
    assert dict(fields_of(said.text))["when"] == "x" * 121
    rested = client.post("/return", data={"ticket": "b2xk", "action": "again", "when": "Mornings."})
    assert "Your message is not sent yet." in rested.text
    assert dict(fields_of(rested.text))["text"] == "Mornings."
    assert vera.matter().messages == ()


def test_answers_have_one_length_whatever_was_answered(client: FlaskClient, vera: Arranging) -> None:
    vera.arrange([slot.id for slot in vera.free()[3:6]])
    page = opened(client)
    answers = [press(client, page, "decline", meeting=each.uid) for each in vera.proposed()]
    answers += [press(client, page, "accept", meeting="0"), press(client, page, "again", when="soon"), page]

    assert len({len(each.data) for each in answers}) == 1
    assert not any("Set-Cookie" in each.headers for each in answers)
