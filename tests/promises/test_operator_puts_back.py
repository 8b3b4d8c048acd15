"""S16: whole stores of an earlier day, several columns at once, and the little that nobody can notice."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from portal import clock
from portal.desk import service as desk_service
from portal.intake import returning, store
from portal.intake import service as intake
from portal.office import service as office_service
from portal.sealing.keys import new_private, public_of, visitor_keys
from tests.promises import forged
from tests.promises.attacked_office import Office
from tests.promises.operator_hand import STORES

pytestmark = pytest.mark.xdist_group("operator")
LATE = "talisman unlined vanilla wager yodel zebra"


@pytest.fixture
def office(lived: Office) -> Office:
    lived.reset()
    return lived


def put_back(office: Office, *stores: str) -> None:
    for name in stores:
        shutil.copy(office.earlier / name, office.world.instance / name)


def ask(office: Office, file: str, query: str, *values: object) -> None:
    with closing(sqlite3.connect(office.world.instance / file)) as store, store:
        store.execute("PRAGMA journal_mode = TRUNCATE")
        store.execute(query, values)


def test_all_stores_put_back_to_one_day_show_in_the_last_sign_in_alone(office: Office) -> None:
    """No server can notice it: there is nothing newer left. Ola is told when she last signed in, and knows better."""
    put_back(office, *STORES)
    found = office.outcome()
    assert found.noticed == {"the last sign-in is older"}
    assert all(map(office.is_sealed, found.opened))


def test_a_row_its_lock_and_the_ledger_put_back_show_in_the_last_sign_in_alone(office: Office) -> None:
    with closing(sqlite3.connect(office.world.instance / "desk.db")) as desk:
        desk.execute("PRAGMA journal_mode = TRUNCATE")
        desk.execute("ATTACH ? AS old", (str(office.earlier / "desk.db"),))
        with desk:
            desk.execute("REPLACE INTO locker SELECT * FROM old.locker WHERE id = ?", (office.lockers["Vera"],))
    put_back(office, "keys.db")
    found = office.outcome()
    assert found.noticed == {"the last sign-in is older"}
    assert all(map(office.is_sealed, found.opened))


@pytest.mark.parametrize(
    ("store", "told"), [("desk.db", "tampered"), ("keys.db", "the last sign-in is older")], ids=["desk", "keys"]
)
def test_one_store_put_back_is_noticed(store: str, told: str, office: Office) -> None:
    put_back(office, store)
    found = office.outcome()
    assert found.noticed == {told}
    assert all(map(office.is_sealed, found.opened))


def test_a_false_key_in_every_place_at_once_is_noticed(office: Office) -> None:
    theo = public_of(new_private())
    ask(office, "desk.db", "UPDATE ombuds SET public_key = ? WHERE id = ?", theo, office.ola.ombuds)
    ask(office, "site.db", "UPDATE face SET public_key = ? WHERE ombuds = ?", theo, office.ola.ombuds)
    assert office.outcome().noticed >= {"the key is foreign", "booking is closed"}


def test_a_false_office_key_with_its_private_half_shuts_the_profiles(office: Office) -> None:
    theo = new_private()
    ask(office, "desk.db", "UPDATE office SET public_key = ?", public_of(theo))
    (box,) = forged.office_key(office, theo)
    ask(office, "keys.db", "UPDATE keyring SET office_key = ? WHERE ombuds = ?", box, office.ola.ombuds)
    assert office.outcome().noticed == {"the profile is shut"}


def test_whoever_joins_in_olas_place_locks_her_out_and_reads_nothing(office: Office) -> None:
    """An invitation in her row, used by Theo: his key opens no matter, and her papers no longer open the door."""
    code = "0000-0000-0000-0000-0"
    ask(
        office,
        "desk.db",
        "UPDATE ombuds SET state = 7, join_hash = ? WHERE id = ?",
        office_service._join_hash(code),
        office.ola.ombuds,
    )
    theo = office_service.new_kit()
    assert desk_service.join(office.state.stores, code=code, kit=theo, settings=office.state.settings, now=clock.now())
    found = office.outcome()
    assert found.noticed >= {"no sign-in", "the key is foreign", "booking is closed", "the ledger is lost"}
    assert all(map(office.is_sealed, found.opened))


def test_a_matter_replaced_before_ola_ever_saw_it_is_missed_by_its_visitor(office: Office) -> None:
    """Ola knows nothing of it yet, so she reads Theo's; the six words of its visitor then open nothing.

    It is the control too: a matter that nobody sealed with her is seen as one.
    """
    olas = [offer.id for offer in office.world.offers() if offer.ombuds == office.ola.ombuds]
    receipt = office.world.book(None, typed=LATE, slots=olas[-1:])
    assert isinstance(receipt, intake.Receipt)
    keys = visitor_keys(LATE, office.state.settings.secrets.words)
    with office.state.stores.desk.reading() as desk:
        locker = store.find_by_lookup(desk, keys.lookup)
    assert locker
    theos = forged.boxes_of(office, locker, receipt.matter, office.world.instance)
    ask(office, "desk.db", "UPDATE locker SET to_ombuds = ? WHERE id = ?", theos.to_ombuds, locker)
    found = office.outcome()
    assert [matter.stub.message for matter in found.opened if not office.is_sealed(matter)] == [forged.THEOS]
    with office.state.stores.desk.reading() as desk, office.state.stores.keys.reading() as locks:
        assert returning.find(desk, locks, keys) is None
