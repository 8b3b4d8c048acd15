"""From one colour of the office, those of both schemes: whatever it chooses, every word stays readable.

Contrast is that of WCAG 2.2 (1.4.3 and 1.4.11); lightness is changed in Oklab, where the hue stays what it was
(Ottosson, "A perceptual color space for image processing", 2020).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, cos, hypot, sin

#: The least contrast of text with what lies behind it. Borders and rings need 3, so they follow.
TEXT = 4.5
_STEPS = 200
#: So much a part may miss what a screen shows: less than one step of 256.
_SLIP = 1e-4
#: The share of the accent in a tint, tried from the strongest on.
_SHARES = tuple(n / 200 for n in range(20, -1, -1))
#: By night a colour is at least so light and at most so strong, in Oklab: a strong one glares on black.
_NIGHT_LIGHTNESS, _NIGHT_CHROMA, _NIGHT_INK = 0.8, 0.1, 0.24
#: Where the curve of sRGB bends (IEC 61966-2-1).
_BEND, _LINEAR_BEND = 0.04045, 0.0031308
_TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LAB = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_FROM_LMS = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)

_Three = tuple[float, float, float]


@dataclass(frozen=True)
class Ground:
    """What a scheme's accent lies on, and the other words that stand on its tint; as in tokens.css."""

    paper: str
    sheet: str
    words: tuple[str, ...]


DAY = Ground("#f6f1e7", "#fffdf8", ("#26221c", "#61594d", "#98311c"))
NIGHT = Ground("#161513", "#1e1c19", ("#ece5d8", "#b7ad9c", "#f3a58e"))


@dataclass(frozen=True)
class Nearest:
    """The colour asked for is too pale to be read by day; this is the nearest one that is not."""

    colour: str


@dataclass(frozen=True)
class Dress:
    """The colours of one scheme that follow the office's own."""

    accent: str
    on_accent: str
    tint: str


def refuse(accent: str) -> Nearest | None:
    """None where a colour, such as "#1d5a53", can be used as it is; "" chooses none."""
    if not accent or _reads(accent, DAY):
        return None
    lightness, chroma, hue = _polar(accent)
    darker = (_colour(lightness * (1 - n / _STEPS), chroma, hue) for n in range(1, _STEPS + 1))
    return Nearest(next(each for each in darker if _reads(each, DAY)))


def by_day(accent: str) -> Dress:
    """By day the colour is the office's own."""
    return Dress(accent, DAY.sheet, _tint(accent, DAY))


def by_night(accent: str) -> Dress:
    """By night it is as light as it must be to be read on black."""
    lightness, chroma, hue = _polar(accent)
    first, chroma = max(lightness, _NIGHT_LIGHTNESS), min(chroma, _NIGHT_CHROMA)
    lighter = (_colour(first + (1 - first) * n / _STEPS, chroma, hue) for n in range(_STEPS + 1))
    found = next(each for each in lighter if _reads(each, NIGHT))
    return Dress(found, _colour(_NIGHT_INK, chroma / 2, hue), _tint(found, NIGHT))


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black and white."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _reads(accent: str, ground: Ground) -> bool:
    return all(contrast(accent, each) >= TEXT for each in (ground.paper, ground.sheet))


def _tint(accent: str, ground: Ground) -> str:
    """As much of the accent as the words on it bear; the sheet itself bears them all."""
    words = (accent, *ground.words)
    return next(each for each in _mixed(accent, ground.sheet) if all(contrast(word, each) >= TEXT for word in words))


def _mixed(accent: str, sheet: str) -> Iterator[str]:
    pairs = list(zip(_parts(sheet), _parts(accent), strict=True))
    for share in _SHARES:
        yield _written(*(below + (above - below) * share for below, above in pairs))


def _parts(colour: str) -> _Three:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _written(*parts: float) -> str:
    return "#" + "".join(f"{round(min(max(part, 0.0), 1.0) * 255):02x}" for part in parts)


def _luminance(colour: str) -> float:
    red, green, blue = map(_linear, _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _BEND else ((part + 0.055) / 1.055) ** 2.4


def _curved(part: float) -> float:
    return 12.92 * part if part <= _LINEAR_BEND else 1.055 * part ** (1 / 2.4) - 0.055


def _times(matrix: tuple[_Three, _Three, _Three], values: _Three) -> _Three:
    first, second, third = (sum(a * b for a, b in zip(row, values, strict=True)) for row in matrix)
    return first, second, third


def _polar(colour: str) -> _Three:
    """Lightness from 0 to 1, chroma, and hue in radians."""
    red, green, blue = map(_linear, _parts(colour))
    long, middle, short = _times(_TO_LMS, (red, green, blue))
    lightness, a, b = _times(_TO_LAB, (long ** (1 / 3), middle ** (1 / 3), short ** (1 / 3)))
    return lightness, hypot(a, b), atan2(b, a)


def _colour(lightness: float, chroma: float, hue: float) -> str:
    """The colour there; with less chroma where no screen shows so strong a one."""
    shown = next((found for n in range(_STEPS) if (found := _at(lightness, chroma * (1 - n / _STEPS), hue))), None)
    grey = max(lightness, 0.0) ** 3
    return _written(*map(_curved, (max(part, 0.0) for part in shown or (grey, grey, grey))))


def _at(lightness: float, chroma: float, hue: float) -> _Three | None:
    """Red, green and blue, linear; None where one of them does not exist."""
    long, middle, short = _times(_FROM_LAB, (lightness, chroma * cos(hue), chroma * sin(hue)))
    found = _times(_FROM_LMS, (long**3, middle**3, short**3))
    return found if all(-_SLIP <= part <= 1 + _SLIP for part in found) else None
