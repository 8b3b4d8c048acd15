"""The visitor's form over plain HTTP: kind messages, nothing typed is lost, and a receipt."""

import re

import pytest

from portal.intake import sentences
from portal.scheduling.rules import Reason
from portal.scheduling.service import NotOffered
from portal.sealing import symbols
from tests.cast import MEI, NED, TOMAS, VERA, Server
from tests.intake.pages_cast import free, keys, kind, neighbours, problems, special, text_of, values_of
from tests.intake.sealed import ask, taken_slots, used_lockers
from tests.visiting import Answer, Visitor

pytestmark = pytest.mark.xdist_group("booking_pages")
TYPED = {
    "mode": "phone",
    "proof": "code",
    "share": "profile",
    "call_name": "Robin <b>",
    "needs": "An interpreter for Igbo",
    "people": "2",
    "contact": "a private number",
    "topic": "manager",
    "message": "My hours changed again.",
}


def state_of(office: Server) -> tuple[set[bytes], set[bytes]]:
    return taken_slots(office.world), used_lockers(office.world)


def send(vera: Visitor, form: Answer, **values: str) -> Answer:
    return vera.post("/book", vera.fill(form, **values))


def test_vera_books_and_the_receipt_tells_everything(office: Server, vera: Visitor) -> None:
    (offer,) = free(office)
    receipt = vera.book(office.world, VERA, [offer.key], share="profile", call_name="Robin")
    said = text_of(receipt)

    assert (receipt.status, kind(receipt)) == (200, "receipt")
    assert len(Visitor.words(receipt).split()) == 6
    assert offer.starts.isoformat() in receipt.body
    assert all(fact in said for fact in ("Ola Brandt", "+1 555 0142", "Robin", "your profile, without your name"))
    assert offer.id in taken_slots(office.world)


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("in-person", "Second floor, room 214"),
        ("in-person", "Use the garden entrance."),
        ("video", "https://meet.example.org/"),
    ],
)
def test_the_way_to_the_meeting_stands_on_the_receipt_only(office: Server, vera: Visitor, mode: str, told: str) -> None:
    (offer,) = free(office)
    form = vera.choose([offer.key])

    assert told not in text_of(form)
    assert told in text_of(send(vera, form, mode=mode, proof="none"))


def test_two_answers_are_enough(office: Server, vera: Visitor) -> None:
    receipt = send(vera, vera.choose(keys(free(office))), mode="phone", proof="none")

    assert kind(receipt) == "receipt"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, ["Choose one of these answers.", "Choose one of these answers."]),
        ({"mode": "pigeon", "proof": "none"}, ["Choose one of these answers."]),
        ({"mode": "phone", "proof": "maybe"}, ["Choose one of these answers."]),
        (
            {"mode": "phone", "proof": "code"},
            [
                "Type your work or school email, like name@example.org.",
                "Type your code, or choose “I have no code at hand”.",
            ],
        ),
        (
            {"mode": "phone", "proof": "none", "email": "vera"},
            ["Type your work or school email, like name@example.org."],
        ),
        ({"mode": "phone", "proof": "none", "people": "99"}, ["Choose one of these answers."]),
        ({"mode": "phone", "proof": "none", "topic": "weather"}, ["Choose one of these answers."]),
        ({"mode": "phone", "proof": "none", "email": NED.email, "share": "all"}, ["Choose one of these answers."]),
        (
            {"mode": "phone", "proof": "none", "message": "x" * 501},
            ["This is longer than 500 characters. Please shorten it."],
        ),
        (
            {"mode": "phone", "proof": "none", "needs": "x" * 201, "contact": "y" * 121},
            [
                "This is longer than 200 characters. Please shorten it.",
                "This is longer than 120 characters. Please shorten it.",
            ],
        ),
    ],
)
def test_a_mistake_is_answered_with_what_to_do(
    office: Server, vera: Visitor, values: dict[str, str], said: list[str]
) -> None:
    form, before = vera.choose(keys(free(office))), state_of(office)
    answer = send(vera, form, **values)

    assert (answer.status, kind(answer)) == (200, "form")
    assert problems(answer) == said
    assert answer.body.count('aria-invalid="true"') + answer.body.count("is-wrong") >= len(said)
    assert state_of(office) == before


def test_a_people_answer_that_is_no_number_is_a_mistake_and_no_breakdown(office: Server, vera: Visitor) -> None:
    answer = send(vera, vera.choose(keys(free(office))), mode="phone", proof="none", people="two")

    assert (answer.status, problems(answer)) == (200, ["Choose one of these answers."])


def test_everything_typed_is_still_there_after_every_kind_of_no(office: Server, vera: Visitor) -> None:
    right = office.world.code_of(VERA)
    slip = ("0" if right[0] != "0" else "1") + right[1:]
    taken = free(office)
    ask(office.world, slots=[taken[0].id])
    cases = [
        (free(office), {"email": "vera", "code": right}),
        (free(office), {"email": VERA.email, "code": slip}),
        (free(office), {"email": VERA.email, "code": office.world.code_of(TOMAS)}),
        (free(office), {"email": NED.email, "code": right}),
        (taken, {"email": VERA.email, "code": right}),
    ]
    for offers, who in cases:
        answer = send(vera, vera.choose(keys(offers)), **TYPED, **who)
        assert kind(answer) == "form"
        found = values_of(answer)
        expected = TYPED | who | {"call_name": "Robin <b>"}
        assert {name: found.get(name) for name in expected} == expected
        assert "Robin <b>" not in answer.body, "it is text, not markup"


def test_a_slip_in_the_code_is_told_beside_it(office: Server, vera: Visitor) -> None:
    right = office.world.code_of(VERA)
    slip = ("0" if right[0] != "0" else "1") + right[1:]
    answer = send(vera, vera.choose(keys(free(office))), **TYPED | {"email": VERA.email, "code": slip})

    assert problems(answer) == [sentences.misread_code(slip)]
    assert 'id="code-wrong"' in answer.body


def test_every_refused_claim_reads_the_same_and_has_one_length(office: Server, vera: Visitor) -> None:
    world, before = office.world, state_of(office)
    claims = [
        (NED.email, world.code_of(NED)),
        (NED.email, world.code_of(VERA)),
        (VERA.email, world.code_of(MEI)),
        (VERA.email, symbols.with_check("0" * 10)),
    ]
    answers = [
        send(vera, vera.choose(keys(free(office))), mode="phone", proof="code", email=email, code=code)
        for email, code in claims
    ]

    assert {sentence for answer in answers for sentence in problems(answer)} == {
        sentences.refused(),
        "See your email above.",
    }
    bare = {re.sub(r'value="[^"]*"|<[^>]*datetime=.*?</time>', "", answer.body).strip() for answer in answers}
    assert len(bare) == 1, "apart from what was typed they are one page"
    assert {(answer.status, answer.length) for answer in answers} == {(200, 48 * 1024)}
    assert state_of(office) == before


def test_taken_times_bring_near_ones_and_one_of_them_can_be_booked_at_once(office: Server, vera: Visitor) -> None:
    offer, other = neighbours(office)
    form = vera.choose([offer.key])
    ask(office.world, slots=[offer.id])
    answer = send(vera, form, **TYPED, email=VERA.email, code=office.world.code_of(VERA))

    assert len(problems(answer)) == 1
    assert f'name="slot" value="{offer.key}"' not in answer.body
    assert {name: values_of(answer).get(name) for name in TYPED} == TYPED
    assert other.key in answer.body
    receipt = vera.post("/book", [*vera.fill(answer), ("slot", other.key)])
    assert kind(receipt) == "receipt"
    assert other.starts.isoformat() in receipt.body


def test_the_first_of_three_choices_that_is_free_is_booked(office: Server, vera: Visitor) -> None:
    first, second, third = free(office, 3)
    form = vera.choose(keys([first, second, third]))
    ask(office.world, slots=[first.id])

    receipt = send(vera, form, mode="phone", proof="none")

    assert second.starts.isoformat() in receipt.body
    assert "Your first choice was taken. You have this one:" in text_of(receipt)
    assert third.id not in taken_slots(office.world)


def test_only_the_ways_that_the_chosen_times_allow_are_offered(office: Server, vera: Visitor) -> None:
    one, two, three, _with_code = special(office)

    def ways(form: Answer) -> list[str]:
        return [mode for mode in ("video", "in-person", "phone") if f'value="{mode}"' in form.body]

    only_phone = vera.choose([one.key])
    assert ways(only_phone) == ["phone"]
    assert values_of(only_phone)["mode"] == "phone", "one way needs no choice"
    assert ways(vera.choose([two.key])) == ["video", "in-person"]
    assert ways(vera.choose(keys([one, three]))) == ["video", "phone"]
    answer = send(vera, only_phone, mode="video", proof="none")
    assert problems(answer) == ["Choose one of these answers."]


def test_of_the_chosen_times_the_first_that_suits_the_way_is_booked(office: Server, vera: Visitor) -> None:
    one, two, _three, _with_code = special(office)
    receipt = send(vera, vera.choose(keys([one, two])), mode="video", proof="none")

    assert kind(receipt) == "receipt"
    assert two.starts.isoformat() in receipt.body
    assert one.id not in taken_slots(office.world)
    assert "Your first choice cannot be by video. You have this one:" in text_of(receipt)
    assert "was taken" not in text_of(receipt)


def test_the_form_says_in_which_ways_each_choice_can_be_met(office: Server, vera: Visitor) -> None:
    one, two, _three, _with_code = special(office)
    chosen = vera.choose(keys([one, two])).body.partition('<ol class="chosen')[2].partition("</ol>")[0]

    assert re.findall(r"\(((?:video|in person|phone)[^)]*)\)", chosen) == ["phone", "video, in person"]


def test_a_time_that_is_not_on_the_list_is_told_so_and_not_that_somebody_has_it(office: Server, vera: Visitor) -> None:
    form = vera.choose(keys(free(office)))
    for gone in (["ab" * 16], ["ab" * 16, "cd" * 16]):
        fresh = vera.choose(gone)
        kept = [pair for pair in vera.fill(form, mode="phone", proof="none") if pair[0] != "slot"]
        sent = vera.post("/book", [*kept, *(("slot", key) for key in gone)])
        for page in (fresh, sent):
            assert "over or no longer offered. Choose another time." in text_of(page)
            assert "this is taken" not in text_of(page)
            assert "Choose a time." not in text_of(page)


def test_a_first_choice_that_left_the_list_is_not_said_to_be_taken(office: Server, vera: Visitor) -> None:
    offer = free(office)[0]
    form = vera.choose([offer.key])
    kept = [pair for pair in vera.fill(form, mode="phone", proof="none") if pair[0] != "slot"]

    receipt = vera.post("/book", [*kept, ("slot", "ab" * 16), ("slot", offer.key)])

    assert kind(receipt) == "receipt"
    assert "Your first choice is over or no longer offered. You have this one:" in text_of(receipt)


def test_a_time_kept_for_people_with_a_code_is_told_and_theirs_with_one(office: Server, vera: Visitor) -> None:
    offer = special(office)[-1]
    form = vera.choose([offer.key])

    answer = send(vera, form, mode="phone", proof="none")
    assert problems(answer) == [sentences.not_offered(NotOffered(Reason.proof))]

    code = office.world.code_of(VERA)
    kept = [*vera.fill(answer, proof="code", email=VERA.email, code=code), ("slot", offer.key)]
    assert kind(vera.post("/book", kept)) == "receipt"


@pytest.mark.parametrize("share", ["nothing", "profile", "name"])
def test_without_a_code_the_receipt_does_not_tell_who_is_on_the_list(office: Server, vera: Visitor, share: str) -> None:
    """Otherwise anybody could try out addresses, one free booking each."""
    told = set()
    for person in (VERA, NED):
        receipt = send(
            vera, vera.choose(keys(free(office))), mode="phone", proof="none", share=share, email=person.email
        )
        assert kind(receipt) == "receipt"
        said = text_of(receipt)
        # All six in a row: one alone may be a word of the page too.
        said, count = re.subn(r"[\W\d]+".join(Visitor.words(receipt).split()), "", said)
        assert count > 0
        told.add(re.sub(r"\d+ (November|December|January|February|March)|\w+day|\d\d:\d\d|\d+", "", said))

    assert len(told) == 1


def test_a_profile_without_an_address_cannot_be_shared(office: Server, vera: Visitor) -> None:
    answer = send(vera, vera.choose(keys(free(office))), mode="phone", proof="none", share="profile")

    assert kind(answer) == "form"
    assert len(problems(answer)) == 1


def test_the_longest_text_of_any_script_is_booked(office: Server, vera: Visitor) -> None:
    """It once burst its box: four bytes a character in every field, in person, with name and profile."""
    longest = {"message": 500, "call_name": 60, "needs": 200, "contact": 120}
    for symbol in ("\U0001f54a", "\x01", '"'):
        texts = {name: symbol * size for name, size in longest.items()}
        receipt = vera.book(office.world, VERA, keys(free(office)), mode="in-person", share="name", **texts)
        assert kind(receipt) == "receipt"


def test_a_form_sent_twice_shows_the_same_receipt(office: Server, vera: Visitor) -> None:
    form = vera.choose(keys(free(office)))
    fields = vera.fill(form, mode="phone", proof="none")
    before = len(taken_slots(office.world))

    first, second = vera.post("/book", fields), vera.post("/book", fields)

    assert Visitor.words(first) == Visitor.words(second)
    assert len(taken_slots(office.world)) == before + 1


def test_a_reloaded_receipt_has_an_address_that_shows_nothing(vera: Visitor) -> None:
    """What a restored tab asks for: a page without anybody's time or words."""
    answer = vera.get("/book")

    assert (answer.status, kind(answer)) == (200, "none of them")
    assert 'href="/return"' in answer.body
    assert "whom you would not meet" not in answer.body  # there is but one ombuds


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("slot", "")],
        [("slot", "nonsense")],
        [("slot", "AB" * 16)],
        [("mode", "pigeon")],
        [("slot", "\u0661" * 32)],
    ],
)
def test_going_on_without_a_time_asks_for_one(vera: Visitor, fields: list[tuple[str, str]]) -> None:
    answer = vera.post("/book", fields)

    assert (answer.status, kind(answer)) == (200, "times")
    assert len(problems(answer)) == 1


def test_more_than_three_times_are_cut_to_three_and_repeats_dropped(office: Server, vera: Visitor) -> None:
    offers = free(office, 5)
    form = vera.choose(keys([offers[0], *offers]))

    chosen = [key for key in keys(offers) if f'value="{key}"' in form.body]
    assert chosen == keys(offers[:3])


def test_the_way_chosen_on_the_list_is_chosen_on_the_form(office: Server, vera: Visitor) -> None:
    assert values_of(vera.choose(keys(free(office)), mode="video"))["mode"] == "video"
    assert "mode" not in values_of(vera.choose(keys(free(office)), mode="pigeon"))


@pytest.mark.parametrize("token", ["x", "A" * 200, "%00", "-_-_"])
def test_an_old_address_of_a_form_leads_back_to_the_times(vera: Visitor, token: str) -> None:
    answer = vera.get(f"/book/{token}")

    assert (answer.status, kind(answer)) == (200, "times")
    assert 'class="note" role="status"' in answer.body


def test_a_form_that_rested_too_long_comes_back_whole_and_books_on_the_second_send(
    office: Server, vera: Visitor
) -> None:
    offers, before = free(office, 2), state_of(office)
    form = vera.choose(keys(offers))
    who = {"email": VERA.email, "code": office.world.code_of(VERA)}

    back = send(vera, form, **TYPED, **who, ticket="from before a restart")

    assert kind(back) == "form"
    assert "If you have six words, you are booked: do not send it again." in text_of(back)
    assert state_of(office) == before
    found = values_of(back)
    assert {name: found.get(name) for name in TYPED | who} == TYPED | who
    assert kind(send(vera, back)) == "receipt"


def test_a_form_without_times_asks_for_one_and_keeps_the_text(office: Server, vera: Visitor) -> None:
    fields = [pair for pair in vera.fill(vera.choose(keys(free(office))), **TYPED) if pair[0] != "slot"]
    answer = vera.post("/book", [*fields, ("slot", "ff" * 20)])

    assert kind(answer) == "form"
    assert len(problems(answer)) >= 1
    assert values_of(answer)["message"] == TYPED["message"]


def test_the_form_names_the_cases_in_which_the_ombuds_must_speak(office: Server, vera: Visitor) -> None:
    assert "imminent danger of serious harm" in text_of(vera.choose(keys(free(office))))
