"""An office with a short history, in which an operator writes what they like; what opens then, and who notices."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from portal import clock, create_app
from portal.desk import door
from portal.desk import service as desk_service
from portal.desk.changing import AtDesk
from portal.desk.service import MatterView
from portal.errors import CannotOpen
from portal.intake import reading, returning
from portal.intake.rules import Matter, Share
from portal.office import service as office
from portal.office.rules import DeskKeys, KeyCheck, desk_keys
from portal.pages import State
from portal.sealing import box
from portal.sealing.keys import KEY_SIZE, VisitorKeys, passphrase_key
from portal.seizure.files import looking
from portal.sessions import OpenDesk
from portal.volatile import Volatile
from tests.cast import World
from tests.promises.operator_hand import STORES
from tests.visiting import fields_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

WORDS = {
    "Vera": "amber bagpipe cabbage daybreak eagle fabric",
    "Tomás": "gallery habitat iceberg jackal karate ladder",
    "Mei": "magazine napkin obedient pacifist quarters radar",
}
#: What the visitor writes who books while the attack lasts.
SOMEBODY = "somebody's own"
#: The list comes first: it runs the daily job. Then what does not look into lockers.
PUBLIC = (
    "/times",
    "/",
    "/week",
    "/about/limits",
    "/about",
    "/about/charter",
    "/about/voices",
    "/week/events.ics",
    "/say",
    "/return",
    "/desk/sign-in",
    "/desk/moved",
)
DESK = ("/desk/", "/desk/hours", "/desk/colleagues", "/desk/notice", "/desk/calendar")
WEEK = timedelta(days=7)
FINE = range(200, 400)


@dataclass(frozen=True)
class Outcome:
    """What came of an attack: matters that opened to anybody, who noticed what, pages that broke.

    `veras` is what her six words open once Ola has signed in, `row` the small columns of her locker then.
    """

    opened: list[Matter]
    noticed: set[str]
    broken: list[str]
    veras: Matter | None
    row: tuple[object, ...]


@dataclass
class Office:
    """Vera and Tomás are booked with Ola, Mei with Noor. Ola has signed in twice, and between that she marked Vera's
    meeting and wrote her second note on it.

    `earlier` is a copy from before she did, `now` one from after; `sealed` is every version of every matter that its
    two sides ever sealed, and nothing else may open.
    """

    world: World
    noor: bytes
    earlier: Path
    now: Path
    visitors: dict[str, VisitorKeys]
    lockers: dict[str, bytes]
    last: datetime
    sealed: list[Matter]
    ola: DeskKeys
    passphrase: bytes
    salt: bytes
    app: Flask = field(init=False)
    client: "FlaskClient" = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(self.world.instance)
        self.world.stores = self.state.stores

    @property
    def state(self) -> State:
        found = self.app.extensions["portal"]
        assert isinstance(found, State)
        return found

    def reset(self) -> None:
        """As it was, and nothing in memory."""
        self.state.stores.close()
        for name in STORES:
            shutil.copy(self.now / name, self.world.instance / name)
        self.app.extensions["portal"] = State(self.state.settings, self.state.stores, Volatile())
        self.client = self.app.test_client()

    def is_sealed(self, matter: Matter) -> bool:
        """Whether it is exactly what its two sides sealed."""
        return matter in self.sealed or (matter.stub.message == SOMEBODY and matter.stub.share is Share.NOTHING)

    def finds(self, name: str) -> Matter | None:
        """What six words open now."""
        with self.state.stores.desk.reading() as desk, self.state.stores.keys.reading() as keys:
            found = returning.find(desk, keys, self.visitors[name])
        return found and found.matter

    def outcome(self, *, visits: bool = False, pages: bool = True) -> Outcome:
        """Visitors look first, then Ola signs in; with `visits` somebody else books before, and Vera erases at last.

        Without `pages`, only those are asked for that show lockers.
        """
        broken = [*self._ask(PUBLIC if pages else PUBLIC[:1]), *(self._somebody_books() if visits else [])]
        told, opened = set[str](), list(self._visitors_find())
        told |= self._signs_in()
        own = self._own_keys()
        told |= self._is_told(desk_service.unlock(self._at_desk(own)))
        opened += self._reads(own, told)
        broken += self._desk_pages(own, DESK if pages else DESK[:1])
        opened += self._visitors_find()
        veras, row = self.finds("Vera"), self.row(self.world.instance)
        broken += self._vera_erases() if visits else []
        return Outcome(opened, told, broken, veras, row)

    def _at_desk(self, own: DeskKeys) -> AtDesk:
        return AtDesk(self.state.stores, own, self.state.settings, clock.now())

    def row(self, folder: Path) -> tuple[object, ...]:
        with closing(looking(folder / "desk.db")) as desk:
            query = "SELECT ombuds, state, destroy_on, lookup FROM locker WHERE id = ?"
            return tuple(desk.execute(query, (self.lockers["Vera"],)).fetchone() or ())

    def _signs_in(self) -> set[str]:
        """Whether the papers that Ola has still open her keyring; the same steps as at the door, derived once."""
        with self.state.stores.keys.reading() as keys:
            found = office.find_wrapped(keys, self.ola.ombuds)
        if found is None:
            return {"no sign-in"}
        try:
            key = self.passphrase if found.salt == self.salt else passphrase_key(self.world.kit.passphrase, found.salt)
            factor = box.unlock(
                found.factor, self.state.settings.secrets.factors, office._place(self.ola.ombuds, "factor")
            )
            recovery = box.unlock(found.code, key, office._place(self.ola.ombuds, "code"))
        except (CannotOpen, ValueError):
            return {"no sign-in"}
        return set() if (factor, recovery) == (self.world.kit.factor, self.world.kit.recovery) else {"no sign-in"}

    def _own_keys(self) -> DeskKeys:
        """From the recovery code on paper; the office key as the keyring has it."""
        recovery = self.world.kit.recovery
        with self.state.stores.keys.reading() as keys:
            found = office.find_wrapped(keys, self.ola.ombuds)
        return desk_keys(self.ola.ombuds, recovery, found and office._office_private(found, recovery))

    def _is_told(self, welcome: desk_service.Welcome) -> set[str]:
        visit = welcome.visit
        return {
            sentence
            for sentence, is_said in {
                "the key is foreign": welcome.key is KeyCheck.FOREIGN,
                "booking is closed": welcome.key is KeyCheck.CLOSED or self.ola.ombuds not in self._names(),
                "the ledger is lost": visit.is_lost,
                "a matter is gone": visit.gone > 0,
                "the last sign-in is older": visit.last is not None and visit.last < self.last,
            }.items()
            if is_said
        }

    def _names(self) -> dict[bytes, str]:
        with self.state.stores.desk.reading() as desk:
            return office.names(desk)

    def _reads(self, own: DeskKeys, told: set[str]) -> Iterator[Matter]:
        """Everything in Ola's queue and every locker of it."""
        with self.state.stores.desk.reading() as desk, self.state.stores.keys.reading() as keys:
            found = reading.open_used(desk, keys, own)
        if None in found.values():
            told.add("tampered")
        for locker in found:
            view = desk_service.open_matter(self._at_desk(own), locker)
            if isinstance(view, MatterView):
                told |= {"the profile is shut"} if view.is_profile_shut else set()
                yield view.matter

    def _visitors_find(self) -> Iterator[Matter]:
        yield from (found for name in self.visitors if (found := self.finds(name)) is not None)

    def _ask(self, paths: Iterable[str]) -> Iterator[str]:
        for path in paths:
            yield from _broken(path, self.client.get(path).status_code)

    def _desk_pages(self, own: DeskKeys, paths: Iterable[str]) -> Iterator[str]:
        self._open_desk(own)
        yield from self._ask((*paths, f"/desk/matter/{self.lockers['Vera'].hex()}"))

    def _open_desk(self, own: DeskKeys) -> None:
        """What the door does after a sign-in, without the second of deriving a key."""
        key, secret = bytes(16), bytes(KEY_SIZE)
        locked = box.lock(own.private + own.own + (own.office or b""), secret, door._place(key))
        self.state.volatile.desks.open(key, OpenDesk(own.ombuds, locked, clock.now(), clock.now()))
        with self.client.session_transaction("/desk/") as session:
            session |= {door._COOKIE_KEY: secret.hex(), "_user_id": key.hex(), "_fresh": True}

    def _somebody_books(self) -> Iterator[str]:
        for listed in [each for each in self.state.volatile.publication.items if each.ombuds == self.ola.ombuds][-1:]:
            chosen = self.client.post("/book", data={"slot": listed.key})
            form = self.client.get(chosen.headers["Location"])
            fields = dict(fields_of(form.text)) | {"mode": "phone", "proof": "none", "message": SOMEBODY}
            yield from _broken("/book", self.client.post("/book", data=fields).status_code)

    def _vera_erases(self) -> Iterator[str]:
        opened = self.client.post("/return", data={"words": WORDS["Vera"]})
        yield from _broken("/return", opened.status_code)
        ticket = dict(fields_of(opened.text)).get("ticket")
        if ticket:
            for action in ("cancel", "erase"):
                fields = {"ticket": ticket, "action": action, "sure": "yes"}
                yield from _broken(f"/return, {action}", self.client.post("/return", data=fields).status_code)


def _broken(path: str, status: int) -> Iterator[str]:
    if status not in FINE and status != 404:
        yield f"{path}: {status}"
