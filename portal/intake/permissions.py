"""What an ombuds may say, to whom, until when: agreed by both sides, never by default, and never twice alive."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

LONGEST_SENTENCE, LONGEST_TO, LONGEST_PURPOSE = 400, 80, 120
MOST_PERMISSIONS = 12
LONGEST_DAYS = 180


class Standing(StrEnum):
    """Where a permission stands. The last three are ends: nothing leads back from them."""

    ASKED = "asked"
    CHANGED = "changed"
    GRANTED = "granted"
    DECLINED = "declined"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({Standing.ASKED, Standing.CHANGED, Standing.GRANTED})


@dataclass(frozen=True, repr=False)
class Terms:
    """The very sentence, to whom, for what, whether with the visitor's name, and the last day it may be said."""

    sentence: str
    to: str
    purpose: str
    may_name: bool
    until: date


@dataclass(frozen=True, repr=False)
class Permission:
    """One thing that the ombuds may say once both sides agree; `id` is hexadecimal.

    `aloud` when it was given in a meeting and written down by the ombuds; `used` are the days on which it was said.
    """

    id: str
    terms: Terms
    standing: Standing = Standing.ASKED
    aloud: bool = False
    used: tuple[date, ...] = ()

    def is_live(self, today: date) -> bool:
        """Whether it may be used today: agreed by both sides, and not over."""
        return self.standing is Standing.GRANTED and today <= self.terms.until

    def is_open(self, today: date) -> bool:
        """Whether anybody can still do something with it."""
        return self.standing in OPEN and today <= self.terms.until


def latest_end(today: date) -> date:
    return today + timedelta(days=LONGEST_DAYS)


def is_sound(terms: Terms, today: date) -> bool:
    """Whether terms say something to somebody, for a while that is not over and has an end."""
    return bool(terms.sentence and terms.to) and today <= terms.until <= latest_end(today)


def approve(permission: Permission, today: date) -> Permission | None:
    """The visitor agrees to what the ombuds asked; None when there is nothing to agree to."""
    return _turned(permission, Standing.GRANTED, {Standing.ASKED}, today)


def agree(permission: Permission, today: date) -> Permission | None:
    """The ombuds agrees to what the visitor made of it."""
    return _turned(permission, Standing.GRANTED, {Standing.CHANGED}, today)


def change(permission: Permission, terms: Terms, today: date) -> Permission | None:
    """The visitor wants other terms: nothing may be said before the ombuds agrees to them."""
    if not permission.is_open(today) or not is_sound(terms, today):
        return None
    if terms == permission.terms and permission.standing is Standing.CHANGED:
        return permission
    return replace(permission, terms=terms, standing=Standing.CHANGED)


def decline(permission: Permission, today: date) -> Permission | None:
    return _turned(permission, Standing.DECLINED, {Standing.ASKED}, today)


def revoke(permission: Permission, today: date) -> Permission | None:
    """The visitor takes it back; what was said already cannot be unsaid."""
    return _turned(permission, Standing.REVOKED, {Standing.GRANTED, Standing.CHANGED}, today)


def withdraw(permission: Permission, today: date) -> Permission | None:
    """The ombuds no longer wants it."""
    return _turned(permission, Standing.WITHDRAWN, OPEN, today)


def use(permission: Permission, today: date) -> Permission | None:
    """The sentence is said; None when it may not be."""
    if not permission.is_live(today):
        return None
    return replace(permission, used=(*permission.used, today)) if today not in permission.used else permission


def _turned(
    permission: Permission, standing: Standing, before: frozenset[Standing] | set[Standing], today: date
) -> Permission | None:
    if permission.standing not in before or today > permission.terms.until:
        return None
    return replace(permission, standing=standing)
