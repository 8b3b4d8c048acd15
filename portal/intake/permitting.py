"""What a visitor answers when the ombuds asks whether something may be said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.config import Settings
from portal.db import Stores
from portal.intake import permissions
from portal.intake.permissions import AsShown, Permission, Terms, Turn
from portal.intake.returning import NoRoom, NothingThere, Opened, change_with, keeps_until
from portal.sealing.keys import visitor_keys


class Answer(StrEnum):
    """What a visitor says to a permission with one button."""

    APPROVE = "approve"
    DECLINE = "decline"
    REVOKE = "revoke"


@dataclass(frozen=True)
class NotAsShown:
    """Nothing was changed: the permission has ended, or is not what the page showed."""

    opened: Opened


_TURNS: Mapping[Answer, Turn] = {
    Answer.APPROVE: permissions.approve,
    Answer.DECLINE: permissions.decline,
    Answer.REVOKE: permissions.revoke,
}


def answer(
    stores: Stores, words: str, shown: AsShown, said: Answer, *, settings: Settings, now: datetime
) -> Opened | NothingThere | NotAsShown:
    """Approve exactly what the page showed; or decline, or revoke, whatever it says by now. Twice is once."""
    turn = shown.only(permissions.approve) if said is Answer.APPROVE else _TURNS[said]
    found = _turn(stores, words, shown.id, turn, settings=settings, now=now, always_fits=True)
    assert not isinstance(found, NoRoom), "room for it is always left"
    return found


def change(
    stores: Stores, words: str, permission_id: str, wish: Terms, *, settings: Settings, now: datetime
) -> Opened | NothingThere | NotAsShown | NoRoom:
    """Ask for another sentence, with or without the name, until another day; to whom and for what stay as they are."""

    def turn(permission: Permission, today: date) -> Permission | None:
        if (wish.to, wish.purpose) != (permission.terms.to, permission.terms.purpose):
            return None
        return permissions.change(permission, wish, today)

    return _turn(stores, words, permission_id, turn, settings=settings, now=now)


def _turn(  # noqa: PLR0913 - who, what and when
    stores: Stores,
    words: str,
    permission_id: str,
    turn: Turn,
    *,
    settings: Settings,
    now: datetime,
    always_fits: bool = False,
) -> Opened | NothingThere | NotAsShown | NoRoom:
    visitor, today = visitor_keys(words, settings.secrets.words), now.astimezone(settings.zone).date()
    found = change_with(
        stores,
        visitor,
        lambda _desk, matter: matter.with_turn(permission_id, turn, today) or matter,
        keep_until=keeps_until(now, settings),
        always_fits=always_fits,
    )
    # What is done can be done again without a change; what was refused is refused again.
    if isinstance(found, Opened) and found.matter.with_turn(permission_id, turn, today) is None:
        return NotAsShown(found)
    return found
