"""What an ombuds may say, to whom, until when: agreed by both sides, never by default, and never twice alive.

A transition gives the permission as it is then; the very same one when that was done before; None when it may not be.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

LONGEST_SENTENCE, LONGEST_TO, LONGEST_PURPOSE = 400, 80, 120
MOST_PERMISSIONS = 12
USUAL_DAYS, LONGEST_DAYS = 30, 180


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

    `aloud` when it was given in a meeting and written down by the ombuds; `used` are the days on which it was said;
    `before` are the terms from before the visitor changed them, for as long as the ombuds has not agreed.
    """

    id: str
    terms: Terms
    standing: Standing = Standing.ASKED
    aloud: bool = False
    used: tuple[date, ...] = ()
    before: Terms | None = None

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return today > self.terms.until

    def is_live(self, today: date) -> bool:
        """Whether it may be used today: agreed by both sides, and not over."""
        return self.standing is Standing.GRANTED and not self.is_over(today)

    def is_open(self, today: date) -> bool:
        """Whether anybody can still do something with it."""
        return self.standing in OPEN and not self.is_over(today)

    def can_change(self, today: date) -> bool:
        """Whether the visitor may still ask for other terms; never for what was said already."""
        return self.is_open(today) and not self.used

    @property
    def digest(self) -> str:
        """64 hexadecimal digits that are others for any other permission or terms."""
        terms = self.terms
        exact = [self.id, terms.sentence, terms.to, terms.purpose, terms.may_name, terms.until.isoformat()]
        return sha256(json.dumps(exact).encode()).hexdigest()


Turn = Callable[[Permission, date], Permission | None]


@dataclass(frozen=True)
class AsShown:
    """The permission that a page showed: its `id`, and the digest of the terms that stood there."""

    id: str
    digest: str

    def only(self, turn: Turn) -> Turn:
        """The turn, for exactly these terms: a page left open agrees to no other words than it shows."""
        return lambda permission, today: turn(permission, today) if permission.digest == self.digest else None


class HasPermissions(Protocol):
    """A matter, for what this module needs of it."""

    @property
    def permissions(self) -> tuple[Permission, ...]: ...


def waits_for_ombuds(matter: HasPermissions, today: date) -> bool:
    """Whether the visitor changed a permission and the ombuds has not answered."""
    return any(each.standing is Standing.CHANGED and each.is_open(today) for each in matter.permissions)


def latest_end(today: date) -> date:
    return today + timedelta(days=LONGEST_DAYS)


def is_sound(terms: Terms, today: date) -> bool:
    """Whether terms say something to somebody for something, for a while that is not over and has an end."""
    texts = ((terms.sentence, LONGEST_SENTENCE), (terms.to, LONGEST_TO), (terms.purpose, LONGEST_PURPOSE))
    return all(0 < len(text) <= most for text, most in texts) and today <= terms.until <= latest_end(today)


def approve(permission: Permission, today: date) -> Permission | None:
    """The visitor agrees to what the ombuds asked; None when there is nothing to agree to."""
    return _turned(permission, Standing.GRANTED, {Standing.ASKED}, today)


def agree(permission: Permission, today: date) -> Permission | None:
    """The ombuds agrees to what the visitor made of it."""
    return _turned(permission, Standing.GRANTED, {Standing.CHANGED}, today)


def change(permission: Permission, terms: Terms, today: date) -> Permission | None:
    """The visitor wants other terms: nothing may be said before the ombuds agrees to them."""
    if not permission.can_change(today) or not is_sound(terms, today):
        return None
    if terms == permission.terms:
        return permission
    before = permission.before or permission.terms
    return replace(permission, terms=terms, standing=Standing.CHANGED, aloud=False, before=before)


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
    if permission.is_over(today):
        return None
    if permission.standing is standing:
        return permission
    return replace(permission, standing=standing, before=None) if permission.standing in before else None
