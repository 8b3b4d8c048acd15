"""Pages of an office that cannot take anybody just now; the application itself, without a server around it."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from portal import clock, create_app
from portal.intake.choice import Choice, write_choice
from portal.pages import State
from tests.cast import VERA, World
from tests.intake.sealed import ask, ask_desk, times
from tests.visiting import fields_of


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.instance).test_client()


def memory(client: FlaskClient) -> State:
    found = client.application.extensions["portal"]
    assert isinstance(found, State)
    return found


def form_for(client: FlaskClient, key: str) -> tuple[str, list[tuple[str, str]]]:
    address = client.post("/book", data={"slot": key}).headers["Location"]
    return address, fields_of(client.get(address).text)


def send(client: FlaskClient, fields: list[tuple[str, str]], **values: str) -> str:
    return client.post("/book", data=dict(fields) | {"mode": "phone", "proof": "none"} | values).text


def test_without_a_free_mailbox_a_time_reads_as_taken_and_nothing_typed_is_lost(
    client: FlaskClient, world: World
) -> None:
    """An answer of its own would show when the last mailbox is used, and when somebody gives one back."""
    offers = times(world)
    _address, fields = form_for(client, offers[0].key)
    _address, fields_of_a_taken_time = form_for(client, offers[1].key)
    for offer in offers[1:9]:
        ask(world, slots=[offer.id])

    full, taken = send(client, fields, message="kept"), send(client, fields_of_a_taken_time, message="kept")

    said = re.compile(r'(?s)<section class="problem".*?</section>')
    assert said.findall(full) == said.findall(taken) != []
    assert "kept" in full


def test_an_address_of_a_form_opens_for_two_hours(client: FlaskClient, world: World) -> None:
    choice = Choice([times(world)[0].id])
    for age, is_form in ((timedelta(minutes=119), True), (timedelta(minutes=121), False)):
        with client.application.app_context():
            token = write_choice(choice, clock.now() - age)
        assert ('name="proof"' in client.get(f"/book/{token}").text) == is_form


def test_the_length_of_a_forms_address_tells_nothing(client: FlaskClient, world: World) -> None:
    keys = [offer.key for offer in times(world)[:3]]
    chosen = [{"slot": keys[:1]}, {"slot": keys, "mode": "in-person"}, {"slot": keys[:2], "mode": "phone"}]

    assert len({len(client.post("/book", data=fields).headers["Location"]) for fields in chosen}) == 1


def test_a_flood_of_wrong_codes_makes_everybody_with_a_code_wait_and_nobody_else(
    client: FlaskClient, world: World
) -> None:
    _address, fields = form_for(client, times(world)[0].key)
    flood = memory(client).volatile.wrong_claims
    flood.has_room(1e12)  # a moment that lies ahead, so that nothing flows in while the test runs
    for _ in range(150):
        flood.count()

    who = {"proof": "code", "email": VERA.email, "code": world.code_of(VERA)}
    waiting = send(client, fields, **who, message="kept")
    assert 'class="problem"' in waiting
    assert "kept" in waiting
    assert 'class="words"' not in waiting
    assert 'class="words"' in send(client, fields)


def test_an_office_whose_only_ombuds_is_closed_offers_nothing(client: FlaskClient, world: World) -> None:
    _address, fields = form_for(client, times(world)[0].key)
    ask_desk(world, "UPDATE ombuds SET state = 6")
    memory(client).volatile.publication.__init__()  # type: ignore[misc]

    assert 'name="slot"' not in client.get("/times").text
    assert 'class="words"' not in send(client, fields)


def test_a_form_whose_times_are_past_and_deleted_brings_others(client: FlaskClient, world: World) -> None:
    offers = times(world)
    _address, fields = form_for(client, offers[0].key)
    ask_desk(world, "DELETE FROM slot WHERE id = ?", offers[0].id)

    answer = send(client, fields, message="kept")

    assert 'class="problem"' in answer
    assert "kept" in answer
    assert offers[1].key in answer
