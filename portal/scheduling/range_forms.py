"""The fields of one stretch of hours: from, to, and in what ways, where and for what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from wtforms import Field, Form, SelectField, TimeField
from wtforms.validators import Optional

from portal.fields import answers
from portal.language import _, _l
from portal.scheduling.clashes import clashes, is_overnight, runs_too_long
from portal.scheduling.labels import told_apart
from portal.scheduling.letters import modes_of, written
from portal.scheduling.rules import NOWHERE, Kind, Mode, Place, Practice, WeeklyRange
from portal.scheduling.walls import MIDNIGHT

#: As many stretches of one day as there are fields for, and as many as are shown at least.
MOST, LEAST = 6, 2
EVERY_WAY = written(Mode)
WAYS = (
    (EVERY_WAY, _l("Every way")),
    ("v--", _l("By video")),
    ("-i-", _l("In person")),
    ("--p", _l("By phone")),
    ("vi-", _l("By video and in person")),
    ("v-p", _l("By video and by phone")),
    ("-ip", _l("In person and by phone")),
)
KINDS = (
    (Kind.appointments.value, _l("Appointments")),
    (Kind.drop_in.value, _l("Drop-in: for whoever comes")),
    (Kind.calls.value, _l("Phone hours: for whoever calls")),
)
_PARTS = ("from", "to", "ways", "place", "kind")
_END_OF_DAY = {"24:00", "24:00:00"}


class EndField(TimeField):  # type: ignore[misc] # WTForms has no types
    """A time of day at which something ends; 24:00 is the end of the day, as 00:00 is."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        is_midnight = bool(valuelist) and valuelist[0].strip() in _END_OF_DAY
        super().process_formdata(["00:00"] if is_midnight else valuelist)


@dataclass(frozen=True)
class Offer:
    """What hours may say: how their ombuds meets people, at which places, and whether the office has a phone."""

    practice: Practice
    places: Mapping[bytes, Place]
    has_phone: bool


@dataclass(frozen=True)
class RangeFields:
    """The fields of one stretch of hours on a form, and the weekday (Monday is 0) they stand under."""

    weekday: int
    label: str
    starts: Field
    ends: Field
    ways: Field
    place: Field
    kind: Field

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed, not even something wrong."""
        return not any(
            (field.raw_data and field.raw_data[0].strip()) or field.data for field in (self.starts, self.ends)
        )

    @property
    def errors(self) -> list[str]:
        return [error for field in self._fields for error in field.errors]

    @property
    def first_wrong(self) -> Field:
        """Where to go to put it right."""
        return next(field for field in self._fields if field.errors)

    @property
    def are_terms_wrong(self) -> bool:
        """Whether something is to be put right in what is folded."""
        return bool(self.ways.errors or self.place.errors or self.kind.errors)

    @property
    def terms(self) -> str:
        """Ways, place and kind as they were chosen, as far as they are not as nearly everybody leaves them."""
        usual = ((self.kind, Kind.appointments.value), (self.ways, EVERY_WAY), (self.place, ""))
        labels = [
            str(choice.label)
            for field, value in usual
            if field.data != value
            for choice in field.choices
            if choice.value == field.data
        ]
        return ", ".join(labels)

    @property
    def is_overnight(self) -> bool:
        found = self.range()
        return found is not None and is_overnight(found)

    def range(self) -> WeeklyRange | None:
        """What was typed; None where something is missing or no time."""
        starts, ends = self.starts.data, self.ends.data
        if starts is None or ends is None:
            return None
        kind = _kind(self.kind.data)
        modes = modes_of(self.ways.data or EVERY_WAY) if kind is Kind.appointments else tuple(Mode)
        return WeeklyRange(self.weekday, _minute(starts), _minute(ends), modes, place_of(self.place.data), kind)

    @property
    def _fields(self) -> tuple[Field, ...]:
        return self.starts, self.ends, self.ways, self.place, self.kind


def place_of(key: str | None) -> bytes:
    """A place's id from what a form carries; anything else is nowhere."""
    try:
        found = bytes.fromhex(key or "")
    except ValueError:
        return NOWHERE
    return found if len(found) == len(NOWHERE) else NOWHERE


def add_fields(form: type[Form], name: str) -> None:
    """Give a form the fields of `MOST` stretches of hours, named `name_1_from` to `name_6_kind`."""
    for number in range(1, MOST + 1):
        for part, field in zip(_PARTS, _unbound(), strict=True):
            setattr(form, f"{name}_{number}_{part}", field)


def fields_of(form: Form, name: str, weekday: int, label: str) -> list[RangeFields]:
    """All stretches of hours of one name, in order."""
    return [
        RangeFields(weekday, label, *(form[f"{name}_{number}_{part}"] for part in _PARTS))
        for number in range(1, MOST + 1)
    ]


def shown(found: Sequence[RangeFields]) -> Sequence[RangeFields]:
    """What is filled and one that is empty, at least two."""
    last = max((number for number, each in enumerate(found, start=1) if not each.is_empty), default=0)
    return found[: max(LEAST, last + 1)]


def as_data(name: str, ranges: Iterable[WeeklyRange]) -> dict[str, object]:
    """Stored hours of one day as the values of their fields."""
    values: dict[str, object] = {}
    for number, each in enumerate(sorted(ranges)[:MOST], start=1):
        place = "" if each.place == NOWHERE else each.place.hex()
        parts = (each.starts, each.ends, written(each.modes), place, each.kind.value)
        values |= {f"{name}_{number}_{part}": value for part, value in zip(_PARTS, parts, strict=True)}
    return values


def offer_places(found: Iterable[RangeFields], places: Mapping[bytes, Place]) -> None:
    """Fill in where hours may be; an empty answer is the ombuds' usual place."""
    choices = [("", _("My usual place")), *_named(places)]
    for each in found:
        each.place.choices = answers(choices)


def _named(places: Mapping[bytes, Place]) -> list[tuple[str, str]]:
    names = told_apart(places.values())
    return [(key.hex(), names[key]) for key in places]


def check(found: Iterable[RangeFields], offer: Offer) -> bool:
    """Say beside each stretch of hours what is wrong with it; True when nothing is."""
    filled = [each for each in found if not each.is_empty]
    for each in filled:
        _check_one(each, offer)
    whole = [(each, typed) for each in filled if (typed := each.range()) is not None and not each.errors]
    for other, later in clashes([typed for _each, typed in whole]):
        _blame(whole[later][0].ends, _("These hours overlap others: %(hours)s.") % {"hours": _said(whole[other])})
    return not any(each.errors for each in filled)


def _check_one(each: RangeFields, offer: Offer) -> None:
    typed = each.range()
    if each.starts.errors or each.ends.errors:
        return
    if typed is None:
        _blame(each.ends, _("Fill in both times, or leave both empty."))
    elif typed.starts == typed.ends != MIDNIGHT or runs_too_long(typed):
        _blame(each.ends, _("The end must come after the start. Write the afternoon like 17:00."))
    else:
        _check_terms(each, typed, offer)


def _check_terms(each: RangeFields, typed: WeeklyRange, offer: Offer) -> None:
    has_place = typed.place in offer.places or offer.practice.place in offer.places
    ways = set(typed.modes) & set(offer.practice.modes)
    if typed.kind is Kind.calls and not offer.has_phone:
        _blame(each.kind, _("The office has no phone number yet. Ask your operator to set it."))
    elif typed.kind is Kind.drop_in and not has_place:
        _blame(each.kind, _("Nobody can come without a place. Add one under Places first."))
    elif typed.kind is Kind.appointments and not ways:
        _blame(each.ways, _("You meet nobody in this way. Change it under How you meet first."))
    elif typed.kind is Kind.appointments and ways == {Mode.in_person} and not has_place:
        _blame(each.ways, _("Nobody can come without a place. Add one under Places first."))


def _blame(field: Field, sentence: str) -> None:
    field.errors = [*field.errors, sentence]


def _said(pair: tuple[RangeFields, WeeklyRange]) -> str:
    each, typed = pair
    times = f"{typed.starts:%H:%M}–{typed.ends:%H:%M}"  # noqa: RUF001 - a dash between two times
    return f"{each.label} {times}"


def _kind(value: str | None) -> Kind:
    return Kind(value) if value in set(Kind) else Kind.appointments


def _minute(value: time) -> time:
    return value.replace(second=0, microsecond=0)


def _unbound() -> Sequence[Any]:
    # A browser without a time picker shows a text box; the pattern and the example then say what to type.
    typed = {"pattern": "[0-2]?[0-9]:[0-5][0-9]", "autocomplete": "off"}
    return (
        TimeField(_l("From"), [Optional()], render_kw=typed | {"placeholder": "09:30"}),
        EndField(_l("To"), [Optional()], render_kw=typed | {"placeholder": "12:00"}),
        SelectField(_l("Ways to meet"), choices=answers(WAYS), default=EVERY_WAY),
        SelectField(_l("Place"), choices=answers([("", _l("My usual place"))]), default=""),
        SelectField(_l("For what"), choices=answers(KINDS), default=Kind.appointments.value),
    )
