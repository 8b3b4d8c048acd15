"""What the budgets are judged by sees what it should: each judgement here has a fault planted for it."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from portal import inline
from tests.visiting import Answer, Visitor
from tools.bench import telling
from tools.bench.figures import Figure, at_most, table
from tools.bench.pages import Load, words_above
from tools.bench.telling import Timed, area, by_guesser, by_time, smallest_seen

PAGE = """<head><title>Three words apart</title></head><body><a class="button">Leave</a><main>
<h1>Choose a time</h1><nav><a>By video</a></nav><label class="pick">Monday 09:00</label>
<p>One<span class="unseen"> to hear</span> two.</p><details><summary>More</summary><p>Folded away</p></details>
<select><option>Answers</option></select><button class="button">Go on</button><p>Below</p></main></body>"""


def answers(later: Callable[[int], float], *, drift: float = 0.0, count: int = 2000) -> list[Timed]:
    """Answers of both kinds in random order; `later` gives what the second kind takes more."""
    dice = random.Random(7)  # noqa: S311 - the same dice each time, so that no run fails by chance
    kinds = [dice.random() < 0.5 for _ in range(count)]
    return [
        Timed(kind, dice.gauss(0.010, 0.001) + drift * place + (later(place) if kind else 0.0))
        for place, kind in enumerate(kinds)
    ]


def test_an_area_is_the_chance_that_one_value_is_greater() -> None:
    assert area([2, 3], [0, 1]) == 1
    assert area([0, 1], [2, 3]) == 0
    assert area([1, 2], [1, 2]) == 0.5
    assert area([1, 1], [0, 1]) == 0.75


def test_answers_that_take_as_long_as_each_other_cannot_be_told_apart() -> None:
    found = answers(lambda _place: 0.0)
    assert 0.46 < by_time(found) < 0.54
    assert 0.46 < by_guesser(found) < 0.54


def test_a_planted_delay_is_told() -> None:
    found = answers(lambda _place: 0.0005)
    assert by_time(found) > 0.6
    assert by_guesser(found) > 0.6


def test_a_guesser_sees_a_planted_delay_through_a_load_that_grows() -> None:
    """The bare time does not: by the end every answer takes a hundred times as long as the delay."""
    found = answers(lambda _place: 0.0005, drift=0.00005)
    assert by_time(found) < 0.55
    assert by_guesser(found) > 0.6


def test_answers_that_are_too_quick_are_told_as_well() -> None:
    assert by_guesser(answers(lambda _place: -0.0005)) > 0.6


def test_the_smallest_delay_that_shows_is_named_and_blindness_too() -> None:
    equal = answers(lambda _place: 0.0)
    assert smallest_seen(equal, (0.00001, 0.0005), 0.55) == 0.0005
    assert smallest_seen(equal, (0.00001,), 0.55) is None


def test_words_are_counted_down_to_the_first_button_as_they_are_seen() -> None:
    assert words_above(PAGE) == ["Choose", "a", "time", "One", "two.", "More"]


@pytest.mark.parametrize("planted", ["<p>two words</p>", '<p class="hint">two words</p>', "<br><b>two words</b>"])
def test_planted_words_are_counted(planted: str) -> None:
    assert len(words_above(PAGE.replace("<nav>", f"{planted}<nav>"))) == 8


def load(body: str) -> Load:
    return Load(Visitor("http://localhost:1"), Answer(200, [], body, len(body)))


def test_a_page_that_loads_nothing_weighs_what_it_is() -> None:
    found = load(PAGE)
    assert (found.bytes, found.foreign, found.scripts, len(found.parts)) == (len(PAGE), 0, 0, 1)


@pytest.mark.parametrize(
    "planted",
    [
        '<img src="https://stats.example.net/p.gif">',
        '<link rel="stylesheet" href="//fonts.example.net/a.css">',
        '<script src="http://cdn.example.net/a.js"></script>',
        '<iframe src="https://example.net"></iframe>',
    ],
)
def test_a_planted_third_party_is_counted(planted: str) -> None:
    assert load(PAGE + planted).foreign == 1


@pytest.mark.parametrize("planted", ["<script>track()</script>", '<p onclick="track()">'])
def test_planted_script_is_counted(planted: str) -> None:
    assert load(PAGE + planted).scripts == len("track()")


def test_our_fixed_script_is_counted_apart_and_one_letter_more_makes_it_another() -> None:
    ours = inline.ZONE.text
    assert (load(f"{PAGE}{inline.ZONE.element}").scripts, load(f"{PAGE}{inline.ZONE.element}").fixed) == (0, len(ours))
    assert load(f"{PAGE}<script>{ours};</script>").scripts == len(ours) + 1


def test_a_missed_budget_stands_out_and_a_comparison_has_none() -> None:
    kept, missed, compared = at_most("kept", 2, 2), at_most("missed", 3, 2), Figure("compared", "3")
    assert [each.verdict for each in (kept, missed, compared)] == ["ok", "OVER", ""]
    assert [each.is_kept for each in (kept, missed, compared)] == [True, False, True]
    assert table([missed]).splitlines()[1].split() == ["missed", "3", "≤", "2", "OVER"]


def test_the_peer_is_locked_by_hashes_and_names_no_host() -> None:
    text = (Path(telling.__file__).parent / "peer.txt").read_text("utf-8")
    locked = text.split("==")[1:]
    assert len(locked) > 5
    assert all("--hash=sha256:" in each for each in locked)
    assert "://" not in text
