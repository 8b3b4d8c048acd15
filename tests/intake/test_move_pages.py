"""What Vera reads and presses when she moves her appointment: the list, the new time, or why the old one stands."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import clock, create_app
from portal.intake import returning
from portal.intake.returning import Opened
from portal.intake.rules import Matter, State
from portal.intake.service import Receipt
from portal.language import moment
from portal.pages import ANSWER_SIZE
from portal.pages import State as Memory
from portal.scheduling.rules import Offer
from tests.cast import TOMAS, VERA, World
from tests.intake.sealed import ask, ask_desk, bytes_of, claim_of, taken_slots, times
from tests.visiting import fields_of

TYPED = "amber bagpipe cabbage daybreak eagle fabric"


@pytest.fixture
def booked(world: World) -> Iterator[Offer]:
    offer = times(world)[20]
    assert isinstance(ask(world, claim_of(world, VERA), typed=TYPED, slots=[offer.id]), Receipt)
    yield offer
    world.refresh()


@pytest.fixture
def client(world: World, booked: Offer) -> FlaskClient:
    assert booked
    return create_app(world.instance).test_client()


def opened(client: FlaskClient) -> TestResponse:
    return client.post("/return", data={"words": TYPED})


def send(client: FlaskClient, page: TestResponse, *, slots: tuple[str, ...] = (), **fields: str) -> TestResponse:
    """Everything that the page would send, with some of it chosen."""
    kept = [(name, value) for name, value in fields_of(page.text) if name not in {*fields, "slot"}]
    data: dict[str, list[str]] = {}
    for name, value in [*kept, *fields.items(), *(("slot", each) for each in slots)]:
        data.setdefault(name, []).append(value)
    return client.post("/return", data={name: list(dict.fromkeys(each)) for name, each in data.items()})


def see_times(client: FlaskClient, **fields: str) -> TestResponse:
    """The page of other times: pressed without its own fields, so without a choice."""
    page = opened(client)
    values = dict(fields_of(page.text))
    return client.post(
        "/return", data={"ticket": values["ticket"], "meeting": values["meeting"], "action": "move", **fields}
    )


def offered(page: TestResponse) -> list[str]:
    return re.findall(r'<input type="radio" name="slot" value="(\w+)"', page.text)


def heading(page: TestResponse) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.text)
    assert found
    return found.group(1)


def problem(page: TestResponse) -> str:
    found = re.search(r'(?s)<p id="problem-said">(.*?)</p>', page.text)
    return found.group(1) if found else ""


def note(page: TestResponse) -> str:
    found = re.search(r'<p class="note" role="status" tabindex="-1" autofocus>(.*?)</p>', page.text)
    return found.group(1) if found else ""


def when(world: World, offer: Offer) -> str:
    return moment(offer.starts, world.settings.zone)


def matter_of(world: World) -> Matter:
    found = returning.come_back(world.stores, TYPED, settings=world.settings)
    assert isinstance(found, Opened)
    return found.matter


def test_vera_sees_earlier_times_first_and_turns_the_weeks(client: FlaskClient, world: World, booked: Offer) -> None:
    page = see_times(client)
    shown, keys = offered(page), [offer.key for offer in world.offers()]

    assert heading(page) == "Move to another time"
    assert f"Now you have {when(world, booked)}" in " ".join(re.sub(r"<[^>]*>", "", page.text).split())
    seen = list(shown)
    for _ in range(60):
        weeks = re.findall(r'name="week" value="([\d-]+)" type="submit">Later times', page.text)
        if not weeks:
            break
        page = see_times(client, week=weeks[0])
        seen += offered(page)
        assert "Earlier times</button>" in page.text
    assert seen == [key for key in keys if key != booked.key]


def test_vera_moves_reads_the_new_time_and_sends_it_twice(client: FlaskClient, world: World, booked: Offer) -> None:
    page, new = see_times(client), times(world)[3]

    moved = send(client, page, slots=(new.key,))
    before = bytes_of(world)
    again = send(client, page, slots=(new.key,))

    for answer in (moved, again):
        assert heading(answer) == "Your time is moved"
        assert new.starts.isoformat() in answer.text
        assert booked.starts.isoformat() not in answer.text
        assert "The time you had before is no longer yours." in answer.text
        assert "We send no mail to anybody." in answer.text
        assert 'value="calendar"' in answer.text
    assert bytes_of(world) == before
    assert taken_slots(world) == {new.id}
    assert new.starts.isoformat() in opened(client).text


def test_of_three_wishes_the_page_says_that_the_first_was_taken(client: FlaskClient, world: World) -> None:
    page, (first, second) = see_times(client), times(world)[3:5]
    assert isinstance(ask(world, claim_of(world, TOMAS), slots=[first.id]), Receipt)

    moved = send(client, page, slots=(first.key, second.key))

    assert "Your first choice was taken. You have this one:" in moved.text
    assert second.starts.isoformat() in moved.text


def test_a_time_that_is_gone_leaves_the_old_one_and_offers_near_ones(
    client: FlaskClient, world: World, booked: Offer
) -> None:
    page, new = see_times(client), times(world)[3]
    assert isinstance(ask(world, claim_of(world, TOMAS), slots=[new.id]), Receipt)
    before = bytes_of(world)

    gone = send(client, page, slots=(new.key,))

    assert problem(gone) == (
        f"Sorry, this time is no longer free. Your time on {when(world, booked)} is still yours. "
        "Choose another one, or keep yours."
    )
    near = offered(gone)
    assert len(near) == 5
    assert not {new.key, booked.key} & set(near)
    assert "See all times" in gone.text
    assert bytes_of(world) == before
    assert heading(send(client, gone, slots=(near[0],))) == "Your time is moved"


def test_a_time_that_is_not_on_the_list_is_told_so_and_moves_nothing(client: FlaskClient) -> None:
    page = send(client, see_times(client), slots=("ab" * 16,))

    assert problem(page).startswith("This time is over or no longer offered. Your time on ")


def test_nothing_chosen_is_said_and_changes_nothing(client: FlaskClient, world: World) -> None:
    page, before = see_times(client), bytes_of(world)

    for slots in ((), ("",), ("x",), ("0" * 31,)):
        assert problem(send(client, page, slots=slots)) == "Choose a time first. Then go on."
    assert bytes_of(world) == before


def test_a_page_from_before_another_move_says_which_time_is_hers(client: FlaskClient, world: World) -> None:
    old, (here, there) = see_times(client), times(world)[3:5]
    assert heading(send(client, see_times(client), slots=(here.key,))) == "Your time is moved"

    page = send(client, old, slots=(there.key,))

    assert note(page) == f"You have moved this already. Your time is now on {when(world, here)}."
    assert matter_of(world).meetings[0].slot == here.id


def test_her_own_time_and_a_cancelled_one_move_nowhere(client: FlaskClient, world: World, booked: Offer) -> None:
    page, new = see_times(client), times(world)[3]

    assert note(send(client, page, slots=(booked.key,))) == "You have this time already. Nothing was changed."
    returning.cancel(
        world.stores, TYPED, publication=world.publication, settings=world.settings, now=clock.now(), uid=None
    )

    said = "This time is no longer booked, so it cannot be moved."
    assert note(send(client, page, slots=(new.key,))) == said
    assert 'value="move"' not in opened(client).text
    assert note(send(client, page, sure="")) == said
    assert [each.state for each in matter_of(world).meetings] == [State.CANCELLED]


def test_without_another_time_the_page_is_kind(client: FlaskClient, world: World, booked: Offer) -> None:
    ask_desk(world, "UPDATE slot SET state = 9 WHERE id != ?", booked.id)

    page = see_times(client)

    assert "No other time that suits is on the list now." in page.text
    assert "The next list comes on" in page.text
    assert not offered(page)
    assert "Back to my page" in page.text


def test_a_time_that_needs_a_code_is_not_said_to_need_one_again(client: FlaskClient, world: World) -> None:
    ask_desk(world, "UPDATE slot SET proof_needed = 1")

    page = see_times(client)

    assert offered(page)
    assert "You need a code" not in page.text


def test_every_answer_has_one_length(client: FlaskClient, world: World) -> None:
    page, (new, taken) = see_times(client), times(world)[3:5]
    assert isinstance(ask(world, claim_of(world, TOMAS), slots=[taken.id]), Receipt)

    answers = [
        page,
        send(client, page),
        send(client, page, slots=(taken.key,)),
        send(client, page, slots=(new.key,)),
        send(client, page, slots=(taken.key,)),
        send(client, page, slots=(new.key,), ticket="x"),
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert {len(answer.data) for answer in answers} == {ANSWER_SIZE}


def test_a_page_that_rested_too_long_moves_nothing(client: FlaskClient, world: World) -> None:
    page, before = see_times(client), bytes_of(world)
    memory = client.application.extensions["portal"]
    assert isinstance(memory, Memory)
    memory.volatile.tickets._keys.clear()

    late = send(client, page, slots=(times(world)[3].key,))

    assert "nothing was changed. Please type your six words again." in late.text
    assert bytes_of(world) == before
