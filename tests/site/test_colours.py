"""Whatever colour an office chooses, every word on its pages can be read, by day and by night."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import assets
from portal.site import colours
from portal.site.colours import DAY, NIGHT, Nearest, by_day, by_night, contrast, refuse

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def usable(colour: str) -> str:
    found = refuse(colour)
    return found.colour if found else colour


@settings(max_examples=400, deadline=None)
@given(COLOURS)
def test_every_word_can_be_read_in_both_schemes(colour: str) -> None:
    accent = usable(colour)
    for ground, worn in ((DAY, by_day(accent)), (NIGHT, by_night(accent))):
        for behind in (ground.paper, ground.sheet, worn.tint):
            assert contrast(worn.accent, behind) >= colours.TEXT
        assert contrast(worn.on_accent, worn.accent) >= colours.TEXT
        for word in ground.words:
            assert contrast(word, worn.tint) >= colours.TEXT


@settings(max_examples=200, deadline=None)
@given(COLOURS)
def test_a_refused_colour_comes_with_one_that_is_not(colour: str) -> None:
    found = refuse(colour)
    assert found is None or refuse(found.colour) is None


def test_what_can_be_read_is_taken_as_it_is() -> None:
    assert refuse("#1d5a53") is None
    assert refuse("#c8102e") is None
    assert by_day("#c8102e").accent == "#c8102e"
    assert refuse("") is None


@pytest.mark.parametrize(
    ("pale", "nearest"),
    [("#ffcc00", "#876b00"), ("#00ff00", "#008000"), ("#ffffff", "#6d6d6d"), ("#00a0e0", "#0076a6")],
)
def test_a_pale_colour_is_answered_with_a_darker_one_of_its_kind(pale: str, nearest: str) -> None:
    assert refuse(pale) == Nearest(nearest)


def test_the_nearest_lies_on_the_edge() -> None:
    """A little lighter is too pale again."""
    lighter = "#" + "".join(f"{int('876b00'[at : at + 2], 16) + 12:02x}" for at in (0, 2, 4))
    assert refuse(lighter) is not None


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#1d5a53", "#1d5a53") == 1


def test_the_grounds_are_those_of_the_tokens() -> None:
    tokens = (assets.FOLDER / "css" / "tokens.css").read_text("utf-8")
    day, night = tokens.split("@media (prefers-color-scheme: dark)")
    for ground, said in ((DAY, day), (NIGHT, night)):
        named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", said))
        assert (ground.paper, ground.sheet) == (named["paper"], named["sheet"])
        assert ground.words == (named["ink"], named["quiet"], named["alarm"])
        assert contrast(named["accent"], named["tint"]) >= colours.TEXT
        for border in ("edge", "accent"):
            assert contrast(named[border], named["paper"]) >= 3
            assert contrast(named[border], named["sheet"]) >= 3
