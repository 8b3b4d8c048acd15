"""What an ombuds does with permissions: ask, agree to a change, withdraw, and note that it was said."""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256

from portal.desk.changing import AtDesk, change
from portal.intake import permissions
from portal.intake.permissions import MOST_PERMISSIONS, AsShown, Permission, Standing, Terms, Turn, is_sound
from portal.intake.rules import Matter

_ID_DIGITS = 16


class Answer(StrEnum):
    """What an ombuds does with a permission by one button."""

    AGREE = "agree"
    WITHDRAW = "withdraw"
    USE = "use"


_TURNS: Mapping[Answer, Turn] = {
    Answer.AGREE: permissions.agree,
    Answer.WITHDRAW: permissions.withdraw,
    Answer.USE: permissions.use,
}


def ask(at: AtDesk, key: bytes, terms: Terms, *, page: str, aloud: bool = False) -> bool:
    """Ask the visitor for a permission, or write down one that was given `aloud` in a meeting.

    `page` is the number of the page it was typed into: the same terms sent twice from one page are one permission,
    wherever it stands by then. False when the terms are not sound, there is no room, or the matter is gone or was
    tampered with.
    """
    new = Permission(_id(page, terms, aloud=aloud), terms, Standing.GRANTED if aloud else Standing.ASKED, aloud=aloud)

    def act(matter: Matter) -> Matter | None:
        if matter.find_permission(new.id):
            return matter
        if len(matter.permissions) >= MOST_PERMISSIONS or not is_sound(terms, at.today):
            return None
        return matter.with_permission(new)

    return change(at, key, act)


def answer(at: AtDesk, key: bytes, shown: AsShown, done: Answer) -> bool:
    """Agree to, or use, exactly what the page showed; or withdraw it, whatever it says by now. Twice is once.

    False when nothing was changed: it has ended, or is not what the page showed, or the matter is gone or was
    tampered with, or has no room for one more day of use.
    """
    turn = permissions.withdraw if done is Answer.WITHDRAW else shown.only(_TURNS[done])
    always = done is Answer.WITHDRAW
    return change(at, key, lambda matter: matter.with_turn(shown.id, turn, at.today), always_fits=always)


def _id(page: str, terms: Terms, *, aloud: bool) -> str:
    return sha256(f"{page} {aloud} {Permission('', terms).digest}".encode()).hexdigest()[:_ID_DIGITS]
