"""The way back over plain HTTP: six words, and two pages before anything changes."""

import pytest

from portal.intake import sentences
from portal.intake.returning import Opened, come_back
from portal.intake.rules import State
from portal.sealing.words import Unknown, WrongCount
from tests.cast import Server
from tests.intake.pages_cast import free, keys, kind, problems, text_of
from tests.intake.sealed import bytes_of, taken_slots, used_lockers
from tests.visiting import Answer, Visitor

pytestmark = pytest.mark.xdist_group("return_pages")


@pytest.fixture
def typed(office: Server, vera: Visitor) -> str:
    """The six words of a booking."""
    form = vera.choose(keys(free(office)))
    return Visitor.words(vera.post("/book", vera.fill(form, mode="phone", proof="none")))


def state_of(office: Server, typed: str) -> State:
    found = come_back(office.world.stores, typed, settings=office.world.settings)
    assert isinstance(found, Opened)
    return found.matter.meeting.state


def press(vera: Visitor, page: Answer, **buttons: str) -> Answer:
    return vera.post("/return", vera.fill(page, **buttons))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", ["Type the six words, with a space between them."]),
        ("   ", ["Type the six words, with a space between them."]),
        ("amber bagpipe", [sentences.misread_words(WrongCount(2))]),
        ("amber " * 7, [sentences.misread_words(WrongCount(7))]),
        ("12345 --- 67", [sentences.misread_words(WrongCount(0))]),
        ("amber bagpipe cabbge daybreak eagle fabric", [sentences.misread_words(Unknown("cabbge", "cabbage"))]),
        (
            "amber bagpipe xqzwvk daybreak eagle fabric",
            [sentences.misread_words(Unknown("xqzwvk", None))],
        ),
        ("amber bagpipe cabbage daybreak eagle fabric", [sentences.nothing_there()]),
        ("x" * 121, ["This is longer than 120 characters. Please shorten it."]),
    ],
)
def test_words_that_open_nothing_are_answered_with_what_to_do(vera: Visitor, words: str, said: list[str]) -> None:
    answer = vera.post("/return", {"words": words})

    assert (answer.status, kind(answer)) == (200, "words")
    assert problems(answer) == said
    assert f'value="{words.strip()}"' in answer.body or not words.strip(), "what was typed is still there"


@pytest.mark.parametrize("how", [str.upper, str.title, lambda text: text.replace(" ", "-"), lambda text: f" {text}, "])
def test_words_may_be_typed_in_any_way_the_eye_forgives(vera: Visitor, typed: str, how: object) -> None:
    assert callable(how)
    assert kind(vera.post("/return", {"words": how(typed)})) == "matter"


def test_looking_changes_nothing(office: Server, vera: Visitor, typed: str) -> None:
    before = bytes_of(office.world)
    page = vera.post("/return", {"words": typed})

    assert {kind(press(vera, page, action=action)) for action in ("cancel", "erase")} == {"confirm"}
    assert bytes_of(office.world) == before


def test_cancelling_asks_once_more_and_then_does_it(office: Server, vera: Visitor, typed: str) -> None:
    before = len(taken_slots(office.world))
    asked = press(vera, vera.post("/return", {"words": typed}), action="cancel")
    assert kind(asked) == "confirm"
    assert len(taken_slots(office.world)) == before

    done = press(vera, asked, sure="yes")

    assert state_of(office, typed) is State.CANCELLED
    assert kind(done) == "matter"
    assert len(taken_slots(office.world)) == before - 1
    again = vera.post("/return", {"words": typed})
    assert 'value="cancel"' not in again.body
    assert kind(press(vera, asked, sure="yes")) == "matter", "twice is once"
    assert "is cancelled. The ombuds knows." in text_of(done)
    assert "You do not need to do more." in text_of(again)
    assert len(taken_slots(office.world)) == before - 1


def test_erasing_asks_once_more_and_leaves_nothing(office: Server, vera: Visitor, typed: str) -> None:
    before = len(used_lockers(office.world))
    asked = press(vera, vera.post("/return", {"words": typed}), action="erase")
    assert kind(asked) == "confirm"
    assert len(used_lockers(office.world)) == before

    done = press(vera, asked, sure="yes")

    assert kind(done) == "ended"
    assert len(used_lockers(office.world)) == before - 1
    assert problems(vera.post("/return", {"words": typed})) == [sentences.nothing_there()]
    assert text_of(press(vera, asked, sure="yes")) == text_of(done), "twice is once"


def test_no_keeps_everything(office: Server, vera: Visitor, typed: str) -> None:
    before = bytes_of(office.world)
    page = vera.post("/return", {"words": typed})
    for action in ("cancel", "erase"):
        kept = press(vera, press(vera, page, action=action), sure="no")
        assert kind(kept) == "matter"
        assert "Nothing was changed." in text_of(kept)
        assert 'value="cancel"' in kept.body

    assert bytes_of(office.world) == before


@pytest.mark.parametrize("buttons", [{"action": "destroy", "sure": "yes"}, {"action": "", "sure": "yes"}, {}])
def test_a_button_that_is_none_of_ours_changes_nothing(
    office: Server, vera: Visitor, typed: str, buttons: dict[str, str]
) -> None:
    page, before = vera.post("/return", {"words": typed}), bytes_of(office.world)

    assert kind(press(vera, page, **buttons)) == "matter"
    assert bytes_of(office.world) == before


@pytest.mark.parametrize("ticket", ["", "nonsense", "A" * 300])
def test_a_page_that_rested_too_long_changes_nothing_and_asks_for_the_words(
    office: Server, vera: Visitor, typed: str, ticket: str
) -> None:
    asked = press(vera, vera.post("/return", {"words": typed}), action="erase")
    before = bytes_of(office.world)

    answer = press(vera, asked, sure="yes", ticket=ticket)

    assert kind(answer) == "words"
    assert len(problems(answer)) == 1 or 'class="note"' in answer.body
    assert bytes_of(office.world) == before


def test_a_booking_form_sent_again_after_erasing_books_nothing(office: Server, vera: Visitor) -> None:
    fields = vera.fill(vera.choose(keys(free(office))), mode="phone", proof="none")
    typed = Visitor.words(vera.post("/book", fields))
    press(vera, press(vera, vera.post("/return", {"words": typed}), action="erase"), sure="yes")
    before = bytes_of(office.world)

    answer = vera.post("/book", fields)

    assert kind(answer) == "ended"
    assert bytes_of(office.world) == before


def test_a_booking_form_sent_again_after_cancelling_shows_that_it_is_cancelled(office: Server, vera: Visitor) -> None:
    fields = vera.fill(vera.choose(keys(free(office))), mode="phone", proof="none")
    typed = Visitor.words(vera.post("/book", fields))
    press(vera, press(vera, vera.post("/return", {"words": typed}), action="cancel"), sure="yes")

    again = vera.post("/book", fields)

    assert kind(again) == "matter"
    assert 'value="cancel"' not in again.body


def test_all_answers_on_the_way_back_have_one_length(office: Server, vera: Visitor, typed: str) -> None:
    page = vera.post("/return", {"words": typed})
    asked = press(vera, page, action="erase")
    done = press(vera, asked, sure="yes")
    wrong = vera.post("/return", {"words": "amber " * 6})
    erased = vera.post("/return", {"words": typed})

    assert {(each.status, each.length) for each in (page, asked, done, wrong, erased)} == {(200, 48 * 1024)}
    assert used_lockers(office.world) is not None
