"""What a visitor may call an appointment in their own calendar."""

from portal.language import _l

#: None of them says whom the visitor meets; the first is what most entries of a calendar are anyway.
TITLES: tuple[tuple[str, str], ...] = (
    ("appointment", _l("Appointment")),
    ("call", _l("Call")),
    ("errand", _l("Errand")),
    ("private", _l("Private")),
    ("coffee", _l("Coffee")),
)
