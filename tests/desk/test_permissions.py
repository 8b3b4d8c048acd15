"""Ola asks for the very sentence, sees what Vera makes of it, and says it only while both agree."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import cast

import pytest

from portal import clock, create_app
from portal.intake.permissions import Standing
from portal.office.rules import desk_keys
from tests.cast import VERA, World
from tests.desk.test_open_desks import Ola
from tests.intake.sealed import used_lockers
from tests.permitting import HERS, SENTENCE, TYPED, Two, terms

DAY = timedelta(days=1)
FILLED = {"sentence": SENTENCE, "to": "the dean of science", "purpose": "safer shifts", "may_name": "no", "way": "ask"}


@pytest.fixture
def ola(world: World) -> Iterator[Ola]:
    world.book(VERA, typed=TYPED)
    ola = Ola(world, create_app(world.instance))
    ola.open_desk()
    yield ola
    world.refresh()


@pytest.fixture
def two(ola: Ola) -> Two:
    (locker,) = used_lockers(ola.world)
    return Two(ola.world, desk_keys(ola.world.ombuds, ola.world.kit.recovery, None), locker, clock.now())


def address(two: Two) -> str:
    return f"/desk/matter/{two.locker.hex()}"


def ask(ola: Ola, two: Two, **changes: str) -> str:
    filled = FILLED | {"until": terms().until.isoformat(), "page": "7" * 16} | changes
    return ola.send(f"{address(two)}/permission", **filled)


def page(ola: Ola, two: Two) -> str:
    return cast("str", ola.browser.get(address(two)).text)


def press(ola: Ola, two: Two, answer: str, page: str = "") -> str:
    """A button of the only permission as a page showed it; gives the page that follows."""
    shown = page or ola.browser.get(address(two)).text
    fields = {name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', shown)[0] for name in ("permission", "digest")}
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]*)"', shown)[0]
    path = f"{address(two)}/permission/answer"
    answered = ola.browser.post(path, data=fields | {"answer": answer, "csrf_token": token}, follow_redirects=True)
    assert answered.status_code == 200
    return cast("str", answered.text)


def buttons(page: str) -> list[str]:
    return re.findall(r'name="answer" value="(\w+)"', page)


def test_the_form_asks_for_no_name_and_thirty_days(ola: Ola, two: Two) -> None:
    form = ola.browser.get(f"{address(two)}/permission").text

    assert re.search(r'<input checked[^>]*name="may_name"[^>]*value="no"', form)
    assert re.search(r'<input checked[^>]*name="way"[^>]*value="ask"', form)
    assert f'value="{two.at.today + 30 * DAY}"' in form


def test_what_is_asked_waits_for_vera(ola: Ola, two: Two) -> None:
    assert ask(ola, two) == address(two)

    shown = page(ola, two)
    assert two.only.terms == terms()
    assert SENTENCE in shown
    assert "the visitor has not answered" in shown
    assert buttons(shown) == ["withdraw"]


def test_what_was_given_aloud_may_be_said_at_once(ola: Ola, two: Two) -> None:
    ask(ola, two, way="aloud", until=str(two.at.today + DAY))

    shown = page(ola, two)
    assert two.only.aloud
    assert "Given aloud, and written down by you. It lives for 1 more day." in " ".join(shown.split())
    assert buttons(shown) == ["use", "withdraw"]


def test_what_vera_changed_stands_beside_the_old_words(ola: Ola, two: Two) -> None:
    ask(ola, two)
    two.vera_changes(terms("My words.", may_name=True))

    shown = page(ola, two)
    assert shown.index(SENTENCE) < shown.index("My words.")
    assert "may be said with it" in shown
    assert buttons(shown) == ["agree", "withdraw"]
    assert "You may say exactly this sentence." in press(ola, two, "agree")
    assert SENTENCE not in page(ola, two)


def test_a_page_left_open_agrees_to_nothing_but_what_it_shows(ola: Ola, two: Two) -> None:
    ask(ola, two)
    two.vera_changes(terms("My words."))
    old = page(ola, two)
    two.vera_changes(terms("Quite other words."))

    assert "Nothing was changed" in press(ola, two, "agree", old)
    assert two.only.standing is Standing.CHANGED


def test_it_is_said_once_a_day_while_it_lives_and_never_after(ola: Ola, two: Two) -> None:
    ask(ola, two)
    old = page(ola, two)
    assert "was not noted" in press(ola, two, "use", old)
    two.vera(HERS.APPROVE)

    assert "Noted: it was said today." in press(ola, two, "use")
    assert buttons(page(ola, two)) == ["withdraw"]
    two.vera(HERS.REVOKE)
    assert "was not noted" in press(ola, two, "use", old)
    assert "It cannot be used any more." in page(ola, two)
    assert two.only.used == (two.at.today,)


def test_what_is_over_says_so_and_has_no_buttons(ola: Ola, two: Two) -> None:
    two.now -= 3 * DAY
    two.ola_asks(terms(until=two.at.today + DAY), aloud=True)

    shown = page(ola, two)
    assert "Its last day is over." in shown
    assert buttons(shown) == []


def test_withdrawn_is_withdrawn(ola: Ola, two: Two) -> None:
    ask(ola, two)
    assert "Withdrawn." in press(ola, two, "withdraw")

    two.vera(HERS.APPROVE)
    assert two.only.standing is Standing.WITHDRAWN


def test_the_form_sent_twice_asks_once(ola: Ola, two: Two) -> None:
    for _ in range(2):
        assert ask(ola, two) == address(two)

    assert two.only.terms == terms()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("sentence", "", "Type the sentence that will be said."),
        ("sentence", "x" * 401, "longer than 400 characters"),
        ("to", "", "Say who will hear it."),
        ("to", "x" * 81, "longer than 80 characters"),
        ("purpose", "", "Say what it is to bring about."),
        ("until", "2020-01-01", "This day is over."),
        ("until", "9999-12-31", "within the next 180 days"),
        ("until", "", "Choose the last day"),
        ("may_name", "perhaps", "Choose one of these answers."),
        ("way", "perhaps", "Choose one of these answers."),
    ],
)
def test_a_mistake_is_said_beside_the_field_and_nothing_is_asked(
    field: str, typed: str, said: str, ola: Ola, two: Two
) -> None:
    answer = ask(ola, two, **{field: typed})

    assert said in answer
    assert "Please look at this" in answer
    assert field == "sentence" or SENTENCE in answer
    assert two.matter.permissions == ()


def test_without_room_nothing_typed_is_lost(ola: Ola, two: Two) -> None:
    number = 0
    while two.ola_asks(terms("x" * 400), page=str(number)):
        number += 1

    answer = ask(ola, two)
    assert "not so much room left" in answer
    assert SENTENCE in answer
    assert len(two.matter.permissions) == number


def test_a_full_list_says_so_before_anything_is_typed(ola: Ola, two: Two) -> None:
    for number in range(12):
        two.ola_asks(terms("Yes?"), page=str(number))

    assert "as many permissions" in ola.browser.get(f"{address(two)}/permission").text


def test_of_a_matter_that_is_gone_nothing_is_asked(ola: Ola) -> None:
    gone = ola.browser.get(f"/desk/matter/{'0' * 32}/permission")
    assert (gone.status_code, gone.headers["Location"]) == (302, "/desk/")


def test_a_button_that_does_not_exist_and_one_without_a_token_change_nothing(ola: Ola, two: Two) -> None:
    ask(ola, two)
    path = f"{address(two)}/permission/answer"
    fields = {"permission": two.only.id, "digest": two.only.digest}

    assert ola.browser.post(path, data=fields | {"answer": "pigeon"}).status_code == 400
    ola.browser.post(path, data=fields | {"answer": "withdraw"})
    assert two.only.standing is Standing.ASKED
