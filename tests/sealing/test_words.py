import secrets
from collections import Counter
from difflib import SequenceMatcher

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.sealing import words

SIX = "abacus zoom walnut unicorn pastel ivory"
SIX_WORDS = st.lists(st.sampled_from(words.WORDS), min_size=6, max_size=6)
#: What stands between words on paper, in a chat, in a numbered list.
BETWEEN = st.sampled_from([" ", "-", ", ", ",", "  ", "\n", "\t", " - ", "\r\n", ". ", " 2. ", "_", "\u00a0", "\u2013"])


def test_there_are_7772_words_of_small_letters_and_each_is_there_once() -> None:
    assert len(words.WORDS) == len(set(words.WORDS)) == 7772
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words.WORDS)


def test_thirteen_random_bits_give_every_word_exactly_once_and_otherwise_none() -> None:
    drawn = Counter(words.word_at(number) for number in range(2**13))
    assert drawn.pop(None) == 8192 - 7772
    assert set(drawn) == set(words.WORDS)
    assert set(drawn.values()) == {1}


def test_drawing_gives_six_words_that_are_read_as_they_are() -> None:
    for _ in range(100):
        drawn = words.draw()
        assert len(drawn.split(" ")) == 6
        assert words.read(drawn) == drawn


def test_no_two_drawings_are_alike() -> None:
    assert len({words.draw() for _ in range(500)}) == 500


def test_drawing_asks_for_fresh_bits_for_each_word_and_again_when_no_word_is_there() -> None:
    numbers = [7772, 0, 8191, 8000, 7771, 1, 1, 7900, 2, 3]
    asked = []

    def bits(count: int) -> int:
        asked.append(count)
        return numbers[len(asked) - 1]

    last = words.WORDS[-1]
    expected = [words.WORDS[0], last, words.WORDS[1], words.WORDS[1], words.WORDS[2], words.WORDS[3]]
    assert words.draw(bits).split(" ") == expected
    assert asked == [13] * len(numbers)


def test_drawing_leaves_no_part_of_the_list_out() -> None:
    drawn = {word for _ in range(1000) for word in words.draw().split(" ")}
    tenths = Counter(words.WORDS.index(word) * 10 // len(words.WORDS) for word in drawn)
    assert sorted(tenths) == list(range(10))
    assert min(tenths.values()) > 300


@given(SIX_WORDS)
def test_six_words_are_read_as_they_were_drawn(six: list[str]) -> None:
    assert words.read(" ".join(six)) == " ".join(six)


@given(SIX_WORDS, st.lists(BETWEEN, min_size=7, max_size=7), st.sampled_from([str.upper, str.title, str.lower]))
def test_capitals_and_what_stands_between_words_do_not_matter(six: list[str], between: list[str], case: type) -> None:
    typed = between[0] + "".join(case(word) + after for word, after in zip(six, between[1:], strict=True))
    assert words.read(typed) == " ".join(six)


@pytest.mark.parametrize(
    "typed",
    [
        "ABACUS zoom walnut unicorn PASTEL ivory",
        "abacus-zoom-walnut-unicorn-pastel-ivory",
        "abacus, zoom, walnut, unicorn, pastel, ivory.",
        "  abacus   zoom\nwalnut\tunicorn\r\npastel ivory \n",
        "1. abacus 2. zoom 3. walnut 4. unicorn 5. pastel 6. ivory",
        "“Abacus zoom walnut unicorn pastel ivory”",
    ],
    ids=["capitals", "hyphens", "commas", "spaces", "a numbered list", "quotes"],
)
def test_the_words_are_found_however_they_are_typed(typed: str) -> None:
    assert words.read(typed) == SIX


def test_the_order_of_the_words_is_kept() -> None:
    backwards = " ".join(reversed(SIX.split()))
    assert words.read(backwards) == backwards != SIX


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("abacuss", "abacus"),
        ("abcus", "abacus"),
        ("abacis", "abacus"),
        ("bcaaus", None),
        ("unicron", "unicorn"),
        ("unicornn", "unicorn"),
        ("Pastell", "pastel"),
        ("xqzzxq", None),
    ],
)
def test_an_unknown_word_is_named_with_the_nearest_one(wrong: str, right: str | None) -> None:
    first, *others = SIX.split()
    assert words.read(" ".join([wrong, *others])) == words.Unknown(wrong.lower(), right)
    assert words.read(" ".join([first, *others[:-1], wrong])) == words.Unknown(wrong.lower(), right)


@settings(deadline=None, max_examples=40)
@given(SIX_WORDS, st.integers(0, 5), st.data())
def test_one_typo_in_a_word_of_four_letters_or_more_finds_a_word_as_near_as_the_right_one(
    six: list[str], number: int, data: st.DataObject
) -> None:
    right = six[number]
    assume(len(right) >= 4)
    at = data.draw(st.integers(0, len(right) - 1), label="at")
    typed = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), label="typed")
    wrong = right[:at] + typed + right[at + 1 :]
    assume(wrong not in words.WORDS)
    found = words.read(" ".join([*six[:number], wrong, *six[number + 1 :]]))
    assert isinstance(found, words.Unknown)
    assert found.word == wrong
    assert found.nearest in words.WORDS
    assert SequenceMatcher(None, found.nearest, wrong).ratio() >= SequenceMatcher(None, right, wrong).ratio()


def test_the_first_of_two_unknown_words_is_named() -> None:
    assert words.read("abacus zoomm walnutt unicorn pastel ivory") == words.Unknown("zoomm", "zoom")


def test_an_unknown_word_is_named_before_words_are_counted() -> None:
    assert words.read("abacuss zoom") == words.Unknown("abacuss", "abacus")


@pytest.mark.parametrize("count", [0, 1, 5, 7, 12])
def test_another_number_of_words_than_six_is_said(count: int) -> None:
    assert words.read(" ".join(secrets.choice(words.WORDS) for _ in range(count))) == words.WrongCount(count)


@pytest.mark.parametrize("typed", ["", "   ", "--, .", "123 456"])
def test_no_words_at_all_are_counted_as_none(typed: str) -> None:
    assert words.read(typed) == words.WrongCount(0)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_by_a_value(typed: str) -> None:
    found = words.read(typed)
    assert isinstance(found, words.Unknown | words.WrongCount) or len(found.split(" ")) == 6
