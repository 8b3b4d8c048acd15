"""Showing more over plain HTTP: type it again, see what it changes, say yes."""

import re

import pytest

from portal import clock, create_app
from portal.intake import sentences
from portal.intake.returning import Opened, come_back
from portal.intake.rules import Matter, Share
from portal.pages import ANSWER_SIZE
from portal.sealing import words
from portal.volatile import WrongClaims
from tests.cast import MEI, NED, TOMAS, VERA, Person, Server, World
from tests.intake.pages_cast import free, keys, kind, problems, text_of, values_of
from tests.intake.sealed import bytes_of
from tests.visiting import Answer, Visitor, fields_of

pytestmark = pytest.mark.xdist_group("reveal_pages")
REVEAL = {"action": "reveal"}


@pytest.fixture
def typed(office: Server, vera: Visitor) -> str:
    """The six words of a booking without an address."""
    return book(office, vera, None)


def book(office: Server, vera: Visitor, person: Person | None, **values: str) -> str:
    return Visitor.words(vera.book(office.world, person, keys(free(office)), **values))


def matter_of(office: Server, typed: str) -> Matter:
    found = come_back(office.world.stores, typed, settings=office.world.settings)
    assert isinstance(found, Opened)
    return found.matter


def form_of(vera: Visitor, typed: str) -> Answer:
    page = vera.post("/return", {"words": typed})
    return vera.post("/return", vera.fill(page, action="reveal"))


def send(vera: Visitor, form: Answer, **values: str) -> Answer:
    return vera.post("/return", vera.fill(form, **{"action": "reveal"} | values))


def with_code(world: World, person: Person, share: str) -> dict[str, str]:
    return {"proof": "code", "email": person.email, "code": world.code_of(person), "share": share}


def test_three_pages_show_more_and_the_last_one_says_so(office: Server, vera: Visitor, typed: str) -> None:
    before = bytes_of(office.world)
    asked = send(vera, form_of(vera, typed), **with_code(office.world, VERA, "profile"))

    assert kind(asked) == "confirm"
    assert re.search("Then (fewer than 5|about [0-9,]+) people", text_of(asked))
    assert bytes_of(office.world) == before, "nothing is written before the last yes"
    done = vera.post("/return", vera.fill(asked, sure="yes"))

    assert kind(done) == "matter"
    assert "the ombuds sees your profile, without your name" in text_of(done)
    matter = matter_of(office, typed)
    assert (matter.stub.share, matter.level) == (Share.PROFILE, "mailbox")
    assert {each.length for each in (asked, done)} == {ANSWER_SIZE}
    vera.post("/return", vera.fill(asked, sure="yes"))
    assert matter_of(office, typed) == matter, "twice is once"


def test_before_and_after_are_told_side_by_side(office: Server, vera: Visitor) -> None:
    typed = book(office, vera, VERA)
    asked = text_of(send(vera, form_of(vera, typed), **with_code(office.world, VERA, "name")))

    assert re.search("Now about [0-9,]+ people", asked)
    assert "Then only you" in asked


def test_no_keeps_everything(office: Server, vera: Visitor, typed: str) -> None:
    asked = send(vera, form_of(vera, typed), **with_code(office.world, VERA, "name"))
    before = bytes_of(office.world)

    assert kind(vera.post("/return", vera.fill(asked, sure="no"))) == "matter"
    assert bytes_of(office.world) == before


def test_the_question_holds_neither_email_nor_code(office: Server, vera: Visitor, typed: str) -> None:
    asked = send(vera, form_of(vera, typed), **with_code(office.world, VERA, "name"))

    assert VERA.email not in asked.body
    assert office.world.code_of(VERA) not in asked.body


def bare(answer: Answer) -> str:
    """A page without what differs by chance and what was typed."""
    page = re.sub(r'(name="(?:ticket|claim|email|code)"[^>]*value=")[^"]*', r"\1", answer.body)
    return re.sub(r" +$", "", page)


def test_without_a_code_every_email_gets_the_same_page_and_no_number(office: Server, vera: Visitor, typed: str) -> None:
    form = form_of(vera, typed)
    asked = {
        person: send(vera, form, proof="none", email=person.email, code="", share="profile")
        for person in (VERA, TOMAS, NED)
    }

    assert {kind(each) for each in asked.values()} == {"confirm"}
    assert len({bare(each) for each in asked.values()}) == 1
    assert not re.search("about [0-9,]+ people|only you", text_of(asked[VERA]))
    done = {}
    for person, question in asked.items():
        own = book(office, vera, None)
        mine = send(vera, form_of(vera, own), proof="none", email=person.email, code="", share="profile")
        assert bare(mine) == bare(question)
        answer = vera.post("/return", vera.fill(mine, sure="yes"))
        assert answer.length == ANSWER_SIZE
        # Each is a matter of its own, with a day of its own.
        done[person] = re.sub(
            r"^.*You showed no code|After \w+, .* all of this is destroyed|gone by [^.]*", "", text_of(answer)
        )
    assert len(set(done.values())) == 1


def test_an_unknown_email_and_a_wrong_code_get_the_same_answer(office: Server, vera: Visitor, typed: str) -> None:
    form, before = form_of(vera, typed), bytes_of(office.world)
    code = office.world.code_of(VERA)
    unknown = send(vera, form, proof="code", email=NED.email, code=code, share="name")
    wrong = send(vera, form, proof="code", email=TOMAS.email, code=code, share="name")

    assert bare(unknown) == bare(wrong)
    assert (unknown.status, unknown.length) == (wrong.status, wrong.length) == (200, ANSWER_SIZE)
    assert sentences.refused() in problems(unknown)
    assert bytes_of(office.world) == before
    assert values_of(wrong)["email"] == TOMAS.email, "what was typed is still there"
    planted = unknown.body.replace("do not belong together", "are not known")
    assert bare(wrong) != re.sub(r" +$", "", planted)


def test_a_slip_in_the_code_is_told_before_anything_is_looked_up(office: Server, vera: Visitor, typed: str) -> None:
    code = office.world.code_of(VERA)[:-1]
    answer = send(vera, form_of(vera, typed), proof="code", email=VERA.email, code=code, share="name")

    assert sentences.misread_code(code) in problems(answer)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"email": ""}, "Type your work or school email, like name@example.org."),
        ({"email": "vera"}, "Type your work or school email, like name@example.org."),
        ({"code": ""}, "Type your code, or choose “I have no code at hand”."),
        ({"proof": "card"}, "Choose one of these answers."),
        ({"share": "everything"}, "Choose one of these answers."),
        ({"email": "x@" + "y" * 300}, "This is longer than 254 characters. Please shorten it."),
    ],
)
def test_what_is_missing_is_said_beside_it(
    office: Server, vera: Visitor, typed: str, values: dict[str, str], said: str
) -> None:
    before = bytes_of(office.world)
    answer = send(vera, form_of(vera, typed), **with_code(office.world, VERA, "name") | values)

    assert said in problems(answer)
    assert answer.length == ANSWER_SIZE
    assert bytes_of(office.world) == before


def test_never_less_is_offered_than_is_shown(office: Server, vera: Visitor) -> None:
    typed = book(office, vera, VERA, share="profile")
    form = form_of(vera, typed)
    assert re.findall(r'name="share"[^>]*value="(\w+)"', form.body) == ["name"]
    assert 'name="proof"' not in form.body, "who showed a code shows one again"

    less = send(vera, form, **with_code(office.world, VERA, "nothing"))
    unproven = send(vera, form, proof="none", email=TOMAS.email, code="", share="name")

    assert problems(less) == ["Choose one of these answers."]
    assert "Type your code." in problems(unproven)


def test_when_all_is_shown_nothing_more_is_asked(office: Server, vera: Visitor) -> None:
    typed = book(office, vera, MEI, share="name")
    page = vera.post("/return", {"words": typed})

    assert 'value="reveal"' not in page.body
    assert kind(vera.post("/return", vera.fill(page, action="reveal"))) == "matter"


@pytest.mark.parametrize("claim", ["", "nonsense", "A" * 300])
def test_a_question_that_rested_too_long_changes_nothing(office: Server, vera: Visitor, typed: str, claim: str) -> None:
    asked = send(vera, form_of(vera, typed), **with_code(office.world, VERA, "name"))
    before = bytes_of(office.world)

    answer = vera.post("/return", vera.fill(asked, sure="yes", claim=claim))

    assert 'name="email"' in answer.body
    assert len(problems(answer)) == 1
    assert bytes_of(office.world) == before


def test_wrong_claims_are_counted_with_those_of_bookings_and_stop_there(world: World) -> None:
    typed, app = words.draw(), create_app(world.instance)
    world.book(None, typed=typed)
    counted, client = app.extensions["portal"].volatile.wrong_claims, app.test_client()
    form = client.post("/return", data=dict(fields_of(client.post("/return", data={"words": typed}).text)) | REVEAL)
    sent = dict(fields_of(form.text)) | REVEAL | with_code(world, VERA, "name")
    leave(counted, 1)
    refused = client.post("/return", data=sent | {"email": NED.email}).text
    is_counted = not counted.has_room(0.0)
    leave(counted, 0)
    stopped = client.post("/return", data=sent).text

    assert "do not belong together" in refused
    assert is_counted
    assert sentences.busy() in stopped


def leave(counted: WrongClaims, room: int) -> None:
    """From now on nothing is added: the last look at it was in the future."""
    assert counted.has_room(clock.seconds() + 1000)
    for _ in range(int(counted.BURST) - room):
        counted.count()


def test_a_claim_checked_for_one_matter_is_none_for_another(office: Server, vera: Visitor, typed: str) -> None:
    asked = send(vera, form_of(vera, typed), **with_code(office.world, VERA, "name"))
    other = book(office, vera, None)
    page = send(vera, form_of(vera, other), **with_code(office.world, VERA, "name"))

    vera.post("/return", vera.fill(page, sure="yes", claim=values_of(asked)["claim"]))

    assert matter_of(office, other).stub.share is Share.NOTHING
