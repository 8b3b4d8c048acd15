"""What the ombuds reads for the short words that a matter holds."""

from portal.intake import forms
from portal.language import _l
from portal.roster.rules import Level

TOPICS = {key: label if key else "" for key, label in forms.TOPICS}

#: In the queue, where one line is all there is.
PROOFS: dict[str, str] = {
    Level.mailbox: _l("with a code"),
    Level.address: _l("email without a code"),
    Level.none: _l("no code"),
}

#: A level says what was shown, never more: a mailbox is not a person.
LEVELS: dict[str, str] = {
    Level.mailbox: _l("code shown: somebody who can read this person's work mail, which includes IT"),
    Level.address: _l("address only: ask how they belong here"),
    Level.none: _l("no proof: ask how they belong here"),
}
