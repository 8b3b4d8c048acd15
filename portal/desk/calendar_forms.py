"""What an ombuds types and presses about a calendar of their own, and what is said when it cannot be read."""

from collections.abc import Mapping

from wtforms import BooleanField, HiddenField
from wtforms.validators import AnyOf

from portal.busy.problems import Problem
from portal.fields import TYPED_EXACTLY, DeskForm, needed, one_line
from portal.language import _l
from portal.scheduling.elsewhere import ADDRESS_LIMIT
from portal.scheduling.reading import BROKEN

MAKE, STOP = "make", "stop"

#: One kind sentence for each thing that can go wrong, with what to do.
WHAT_TO_DO: Mapping[str, str] = {
    Problem.address: _l(
        "This is no address that can be asked. Copy it whole; it begins with https:// or webcal://, and holds no "
        "password."
    ),
    Problem.private: _l(
        "This address leads to a machine inside a network, which this server does not ask. If it is right, your "
        "operator can allow its host in the settings."
    ),
    Problem.unreachable: _l("Nobody answers at this address. Look whether it is right, or try again later."),
    Problem.slow: _l("No calendar came within half a minute. Try again later."),
    Problem.too_big: _l(
        "This calendar is larger than two megabytes. Share busy times only, or a calendar without old years."
    ),
    Problem.redirect: _l("This address leads from one place to the next and to no calendar. Copy it anew."),
    Problem.refused: _l(
        "The server there gives no calendar. The address may have ended, or ask for a password: take the public or "
        "secret address instead."
    ),
    Problem.tls: _l("The server there cannot show that it is the right one. Tell whoever runs that calendar."),
    Problem.no_calendar: _l(
        "What lies there is no calendar. Take the address that is called iCal or ICS, not that of a page."
    ),
    Problem.too_much: _l(
        "This calendar takes too much time to read. Share busy times only, or one with fewer appointments."
    ),
    BROKEN: _l("This server could not ask. Tell your operator to run the doctor."),
}
ASKING = _l("Another calendar is being read just now. Try again in half a minute.")


class CalendarForm(DeskForm):
    """Where a calendar is."""

    address = one_line(
        _l("The address of your calendar"),
        ADDRESS_LIMIT,
        needed(_l("Paste the address.")),
        hint=_l("It is a secret: keep it off paper and out of mail."),
        **TYPED_EXACTLY | {"inputmode": "url"},
    )


class ReadForm(DeskForm):
    """Reads the calendar now; it has a button only."""


class ForgetForm(DeskForm):
    """Forgets the calendar, once its ombuds is sure."""

    sure = BooleanField()


class FeedForm(DeskForm):
    """Makes a new address for a calendar program, or stops the one there is; `action` is the button."""

    action = HiddenField(validators=[AnyOf((MAKE, STOP), message=_l("Press one of the buttons."))])
