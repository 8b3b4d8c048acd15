"""A permission that Ola asks of Vera, on real stores."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal import clock
from portal.desk import permitting as desk_permitting
from portal.desk.changing import AtDesk
from portal.intake import permitting, returning
from portal.intake.permissions import AsShown, Permission, Terms
from portal.intake.returning import NothingThere, Opened
from portal.intake.rules import Matter
from portal.office.rules import DeskKeys
from tests.cast import World

TYPED = "amber bagpipe cabbage daybreak eagle fabric"
SENTENCE = "Somebody in the lab is afraid to ask for safer shifts."
SAID, HERS = desk_permitting.Answer, permitting.Answer


def terms(sentence: str = SENTENCE, *, may_name: bool = False, until: date | None = None) -> Terms:
    until = until or clock.now().date() + timedelta(days=30)
    return Terms(sentence, "the dean of science", "safer shifts", may_name, until)


def page_of(permission: Permission) -> AsShown:
    """What a page carries that shows this permission."""
    return AsShown(permission.id, permission.digest)


@dataclass
class Two:
    """Vera with her six words and Ola at her desk, both at one matter."""

    world: World
    own: DeskKeys
    locker: bytes
    now: datetime

    @property
    def at(self) -> AtDesk:
        return self.world.at_desk(self.own, self.now)

    @property
    def matter(self) -> Matter:
        found = returning.come_back(self.world.stores, TYPED, settings=self.world.settings)
        assert isinstance(found, Opened)
        return found.matter

    @property
    def only(self) -> Permission:
        (found,) = self.matter.permissions
        return found

    def ola_asks(self, wanted: Terms | None = None, *, page: str = "1", aloud: bool = False) -> bool:
        return desk_permitting.ask(self.at, self.locker, wanted or terms(), page=page, aloud=aloud)

    def ola(self, done: desk_permitting.Answer, page: AsShown | None = None) -> bool:
        return desk_permitting.answer(self.at, self.locker, page or page_of(self.only), done)

    def vera(
        self, said: permitting.Answer, page: AsShown | None = None
    ) -> Opened | NothingThere | permitting.NotAsShown:
        page, settings = page or page_of(self.only), self.world.settings
        return permitting.answer(self.world.stores, TYPED, page, said, settings=settings, now=self.now)

    def vera_changes(self, wish: Terms, which: str = "") -> object:
        which, settings = which or self.only.id, self.world.settings
        return permitting.change(self.world.stores, TYPED, which, wish, settings=settings, now=self.now)
