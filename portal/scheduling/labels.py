"""What a visitor may call an appointment in their own calendar, and how places are told of."""

from portal.language import _l
from portal.scheduling.rules import Place

#: None of them says whom the visitor meets; the first is what most entries of a calendar are anyway.
TITLES: tuple[tuple[str, str], ...] = (
    ("appointment", _l("Appointment")),
    ("call", _l("Call")),
    ("errand", _l("Errand")),
    ("private", _l("Private")),
    ("coffee", _l("Coffee")),
)

_GETTING_IN = (
    ("is_step_free", _l("step-free")),
    ("has_no_sign", _l("no sign on the door")),
    ("is_apart", _l("not near HR or managers")),
)


def getting_in(place: Place | None) -> str:
    """How one gets into a place, as is told before booking: what its ombuds ticked, then what they wrote."""
    if place is None:
        return ""
    said = [str(words) for name, words in _GETTING_IN if getattr(place, name)]
    return ", ".join([*said, place.access] if place.access else said)
