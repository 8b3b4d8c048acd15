"""Where people meet."""

from dataclasses import replace

from wtforms import BooleanField, HiddenField

from portal.fields import DeskForm, needed, one_line
from portal.language import _l
from portal.scheduling.rules import Place

_TICKS = ("is_step_free", "has_no_sign", "is_apart")
_TOLD = ("name", "access", "door", "directions")


class PlaceForm(DeskForm):
    """One place of the office; the first five are told before booking, the last two on the receipt only."""

    place_name = one_line(
        _l("Name of the place"),
        80,
        needed(_l("Give the place a name.")),
        hint=_l("Choose a name that gives nothing away."),
    )
    is_step_free = BooleanField(_l("Step-free"))
    has_no_sign = BooleanField(_l("No sign on the door"))
    is_apart = BooleanField(_l("Not near HR or managers"))
    place_access = one_line(_l("Other words on getting in"), 120)
    place_door = one_line(_l("The door"), 120, needed(_l("Say which door, so that people find you.")))
    place_directions = one_line(_l("How to find it"), 300)

    def place(self, before: Place) -> Place:
        """The place as it was typed, under the id it has."""
        told = {name: self[f"place_{name}"].data for name in _TOLD}
        return replace(before, **told, **{name: self[name].data for name in _TICKS})


class RemovePlaceForm(DeskForm):
    """Takes a place away; `place` is its id, in hex."""

    place = HiddenField(validators=[needed(_l("Choose a place."))])


def as_fields(place: Place) -> dict[str, object]:
    """A stored place as the values of the form's fields."""
    told: dict[str, object] = {f"place_{name}": getattr(place, name) for name in _TOLD}
    return told | {name: getattr(place, name) for name in _TICKS}
