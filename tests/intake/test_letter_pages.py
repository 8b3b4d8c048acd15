"""The pages of somebody who writes: the door, the form that keeps what was typed, the receipt, the way back."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import create_app
from portal.office.tables import ADMITTED, Ombuds
from portal.pages import ANSWER_SIZE
from tests.cast import NED, OLA_NAME, TOMAS, VERA, World
from tests.intake.sealed import ask_desk, bytes_of, taken_slots, times, used_lockers
from tests.visiting import fields_of

OTTO, OTTO_NAME = b"\xee" * 16, "Otto Falk"
TYPED = {
    "message": "My hours changed again.\nTwice <b>",
    "proof": "code",
    "share": "profile",
    "call_name": "Robin",
    "needs": "An interpreter for Igbo",
    "contact": "a private number",
    "topic": "manager",
}
SHORT = {"message": "My hours changed again.", "proof": "none"}


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.instance).test_client()


def add_otto(world: World) -> None:
    """A colleague who has set no hours yet."""
    with world.stores.desk.writing() as desk:
        desk.add(Ombuds(id=OTTO, name=OTTO_NAME, state=ADMITTED, join_hash=b"j" * 32, public_key=b"k" * 1216))


def go_in(client: FlaskClient, world: World, ombuds: bytes | None = None) -> TestResponse:
    """Through the door; gives the form."""
    chosen = client.post("/book", data={"mode": "write", "ombuds": (ombuds or world.ombuds).hex()})
    assert chosen.status_code == 303
    return client.get(chosen.headers["Location"])


def send(client: FlaskClient, form: TestResponse, **values: str) -> TestResponse:
    return client.post("/book", data=dict(fields_of(form.text)) | values)


def problem(page: TestResponse) -> str:
    box = re.search(r'(?s)<section class="problem".*?</section>', page.text)
    return " ".join(re.sub(r"<[^>]+>", " ", box[0]).split()) if box else ""


def is_receipt(page: TestResponse) -> bool:
    return 'class="words"' in page.text


def kept(page: TestResponse) -> dict[str, str]:
    return dict(fields_of(page.text))


def test_the_door_stands_on_the_list_of_times_and_the_first_page_leads_to_it(client: FlaskClient, world: World) -> None:
    page = client.get("/times").text

    assert f'name="ombuds" value="{world.ombuds.hex()}"' in page
    assert "<select" not in page[page.index('id="write"') :], "with one ombuds nobody is asked which"
    assert 'href="/times#write"' in client.get("/").text


def test_with_several_ombuds_the_door_asks_which(client: FlaskClient, world: World) -> None:
    add_otto(world)
    page = client.get("/times").text

    assert re.findall(r"<option[^>]*>([^<]+)</option>", page[page.index('id="write"') :]) == [OLA_NAME, OTTO_NAME]


def test_the_door_is_open_when_no_time_is_free_and_shut_when_nobody_is_there(client: FlaskClient, world: World) -> None:
    ask_desk(world, "DELETE FROM slot")
    nothing_free = client.get("/times").text
    ask_desk(world, "UPDATE ombuds SET state = 6")
    nobody = client.get("/times").text

    assert 'href="#write"' in nothing_free
    assert 'id="write"' in nothing_free
    assert "#write" not in nobody
    assert 'id="write"' not in nobody


def test_the_door_is_the_same_when_the_last_mailbox_is_used(client: FlaskClient, world: World) -> None:
    before = client.get("/times").text
    for _ in range(8):
        world.write(None, "Full.")

    assert client.get("/times").text == before


def test_vera_writes_and_the_receipt_says_where_to_read_the_answer(client: FlaskClient, world: World) -> None:
    form = go_in(client, world)
    who = {"email": VERA.email, "code": world.code_of(VERA)}
    receipt = send(client, form, **TYPED, **who)

    assert is_receipt(receipt)
    assert "Your message is sent" in receipt.text
    for told in ("Come back with six words", "We send no mail", OLA_NAME, "Robin", "is destroyed here", "other way"):
        assert told in receipt.text
    assert "My hours" not in receipt.text, "Back must not show it"
    assert "Your time" not in receipt.text
    assert (taken_slots(world), len(used_lockers(world))) == (set(), 1)


def test_a_message_and_one_answer_are_enough(client: FlaskClient, world: World) -> None:
    assert is_receipt(send(client, go_in(client, world), **SHORT))


def test_the_writing_shape_asks_for_no_time_no_way_to_meet_and_no_number_of_people(
    client: FlaskClient, world: World
) -> None:
    names = set(re.findall(r'name="([a-z_]+)"', go_in(client, world).text))

    assert names - {"viewport"} == {
        *("ticket", "go", "mode", "ombuds", "message", "proof", "email", "code", "share"),
        *("call_name", "needs", "contact", "topic"),
    }


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"proof": "none"}, "Type a message first."),
        ({"message": " \n ", "proof": "none"}, "Type a message first."),
        ({"message": "x" * 1001, "proof": "none"}, "longer than 1000 characters"),
        ({"message": "Hello"}, "Choose one of these answers."),
        ({"message": "Hello", "proof": "code"}, "Type your work or school email"),
        ({"message": "Hello", "proof": "none", "share": "name"}, "To share your profile, type your email."),
        ({"message": "Hello", "proof": "none", "topic": "weather"}, "Choose one of these answers."),
    ],
)
def test_a_mistake_is_answered_with_what_to_do(
    client: FlaskClient, world: World, values: dict[str, str], said: str
) -> None:
    form, before = go_in(client, world), bytes_of(world)
    page = send(client, form, **values)

    assert said in problem(page)
    assert not is_receipt(page)
    assert bytes_of(world) == before


def test_mistakes_are_listed_in_the_order_of_the_page(client: FlaskClient, world: World) -> None:
    said = problem(send(client, go_in(client, world)))

    assert said.index("Your message") < said.index("Do you have a code?")


def test_everything_typed_is_still_there_after_every_kind_of_no(client: FlaskClient, world: World) -> None:
    right = world.code_of(VERA)
    cases = [
        {"email": "vera", "code": right},
        {"email": VERA.email, "code": right[1:]},
        {"email": VERA.email, "code": world.code_of(TOMAS)},
        {"email": NED.email, "code": right},
        {"email": VERA.email, "code": right, "ombuds": "ee" * 16},
        {"email": VERA.email, "code": right, "ombuds": "nobody"},
        {"email": VERA.email, "code": right, "ticket": "from before a restart"},
    ]
    for who in cases:
        page = send(client, go_in(client, world), **TYPED | who)
        assert problem(page), who
        expected = TYPED | {name: who[name] for name in ("email", "code")}
        assert {name: kept(page).get(name) for name in expected} == expected
        assert len(page.data) == ANSWER_SIZE
    assert used_lockers(world) == set()


def test_a_form_that_rested_too_long_comes_back_whole_and_sends_on_the_second_press(
    client: FlaskClient, world: World
) -> None:
    back = send(client, go_in(client, world), **SHORT, ticket="from before a restart")

    assert "If you have six words, your message is kept: do not send it again." in problem(back)
    assert is_receipt(send(client, back))


def test_a_form_sent_twice_shows_the_same_words(client: FlaskClient, world: World) -> None:
    form = go_in(client, world)
    first, second = (re.findall(r"<li>([a-z]+) </li>", send(client, form, **SHORT).text) for _ in range(2))

    assert first == second
    assert len(first) == 6
    assert len(used_lockers(world)) == 1


def test_a_closed_and_a_full_ombuds_are_answered_alike_with_what_to_do(client: FlaskClient, world: World) -> None:
    add_otto(world)
    form, who = go_in(client, world, OTTO), {"email": VERA.email, "code": world.code_of(VERA), "proof": "code"}
    ask_desk(world, "DELETE FROM locker WHERE ombuds = ?", OTTO)
    full = send(client, form, **SHORT | who)
    ask_desk(world, "UPDATE ombuds SET state = 6 WHERE id = ?", OTTO)
    closed = send(client, form, **SHORT | who)

    assert "Sorry, Otto Falk can take no message just now" in problem(full)
    assert "Choose another ombuds below, call us" in problem(full)
    assert problem(closed) == problem(full)
    assert is_receipt(send(client, full, ombuds=world.ombuds.hex())), "the form lets her choose somebody else"


def test_an_office_in_which_everybody_is_closed_says_whom_to_call(client: FlaskClient, world: World) -> None:
    form, door = go_in(client, world), {"mode": "write", "ombuds": world.ombuds.hex()}
    address = client.post("/book", data=door).headers["Location"]
    ask_desk(world, "UPDATE ombuds SET state = 6")

    for page in (send(client, form, **SHORT), client.post("/book", data=door), client.get(address)):
        assert "Please call us" in problem(page)


def test_whoever_needs_a_code_to_write_reads_so_before_and_after(client: FlaskClient, world: World) -> None:
    ask_desk(world, "UPDATE practice SET without_code = 0")
    form = go_in(client, world)
    assert f"You need a code to write to: {OLA_NAME}" in form.text

    refused = send(client, form, **SHORT)
    assert "takes messages only from people with a code" in problem(refused)
    assert kept(refused)["message"] == SHORT["message"]
    assert is_receipt(send(client, refused, proof="code", email=VERA.email, code=world.code_of(VERA)))


@pytest.mark.parametrize("ombuds", ["", "ff" * 16, "EE" * 16, "nobody", "\u0661" * 32])
def test_going_on_without_an_ombuds_asks_for_one(client: FlaskClient, ombuds: str) -> None:
    answer = client.post("/book", data={"mode": "write", "ombuds": ombuds})

    assert (answer.status_code, len(answer.data)) == (200, ANSWER_SIZE)
    assert "Choose whom to write to" in problem(answer)


def test_going_on_without_a_time_and_without_writing_still_asks_for_a_time(client: FlaskClient, world: World) -> None:
    answer = client.post("/book", data={"ombuds": world.ombuds.hex()})

    assert "Choose a time first" in problem(answer)


def test_an_address_of_a_form_is_as_long_as_one_for_times(client: FlaskClient, world: World) -> None:
    write = client.post("/book", data={"mode": "write", "ombuds": world.ombuds.hex()})
    times_chosen = client.post("/book", data={"mode": "in-person", "slot": [each.key for each in times(world)[:3]]})

    assert len(write.headers["Location"]) == len(times_chosen.headers["Location"])
    assert world.ombuds.hex() not in write.headers["Location"]


def test_the_ticket_of_one_form_opens_nothing_on_the_other(client: FlaskClient, world: World) -> None:
    slot = times(world)[0].key
    booking = client.get(client.post("/book", data={"slot": slot}).headers["Location"])
    letter = go_in(client, world)

    assert problem(send(client, letter, **SHORT, ticket=kept(booking)["ticket"]))
    assert problem(send(client, booking, mode="phone", proof="none", ticket=kept(letter)["ticket"]))
    assert used_lockers(world) == set()


@pytest.mark.parametrize("share", ["nothing", "profile", "name"])
def test_without_a_code_the_receipt_does_not_tell_who_is_on_the_list(
    client: FlaskClient, world: World, share: str
) -> None:
    told = set()
    for person in (VERA, NED):
        receipt = send(client, go_in(client, world), **SHORT, share=share, email=person.email)
        assert is_receipt(receipt)
        told.add(re.sub(r'(?s)<ol class="words".*?</ol>', "", receipt.text).rstrip())

    assert len(told) == 1


def test_vera_comes_back_writes_again_and_erases(client: FlaskClient, world: World) -> None:
    receipt = send(client, go_in(client, world), **SHORT)
    typed = " ".join(re.findall(r"<li>([a-z]+) </li>", receipt.text))
    opened = client.post("/return", data={"words": typed})
    assert "Your messages" in opened.text
    assert SHORT["message"] in opened.text
    assert "Save the story for the meeting" not in opened.text

    ticket = kept(opened)["ticket"]
    more = client.post("/return", data={"ticket": ticket, "action": "write", "text": "And once more."})
    assert "And once more." in more.text
    cancel = client.post("/return", data={"ticket": ticket, "action": "cancel"})
    assert "Your messages" in cancel.text, "there is nothing to cancel"
    sure = client.post("/return", data={"ticket": ticket, "action": "cancel", "sure": "yes"})
    assert "Your messages" in sure.text

    asked = client.post("/return", data={"ticket": ticket, "action": "erase"})
    assert "This destroys all messages" in asked.text
    erased = client.post("/return", data={"ticket": ticket, "action": "erase", "sure": "yes"})
    assert "All of it is erased" in erased.text
    assert used_lockers(world) == set()
