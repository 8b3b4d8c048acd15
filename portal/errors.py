"""What can go wrong in a way that is nobody's choice.

PortalError
├── WrongSetting     a settings file or secret that stops the start
├── NotReady         a step of the set-up is missing; the sentence says which
└── CannotOpen       a box that does not open with this key in this place

A visitor's or an ombuds' refusal is never an exception: it is a value with a reason.
"""


class PortalError(Exception):
    """The root: its text is a sentence that a person can act on."""


class WrongSetting(PortalError):  # noqa: N818 - it names what is wrong, as the sentence does
    """A setting or a secret that the portal refuses to start with."""


class NotReady(PortalError):  # noqa: N818 - the same
    """Something must be done first; the text says what."""


class CannotOpen(PortalError):  # noqa: N818 - the same
    """A box did not open: wrong key, wrong place, or changed bytes. Which one cannot be told."""
