"""The door of the desk: two factors, the cheap one first, and a look at one's own key."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.config import Settings
from portal.db import Stores
from portal.errors import NotReady
from portal.office import service as office
from portal.office.factor import matching_step
from portal.office.rules import DeskKeys, KeyCheck, Kit, NotAdmitted, desk_keys, write_recovery
from portal.sealing import words
from portal.sealing.keys import passphrase_key
from portal.volatile import Factors
from tests.office.joining import NOON, Joined, find_wrapped, invited, join, sign_in

STEP = timedelta(seconds=30)
STEP_AT_NOON = int(NOON.timestamp()) // 30


def try_with(
    settings: Settings, person: Joined, digits: str, passphrase: str, last_step: int = 0
) -> tuple[DeskKeys, int] | NotAdmitted:
    return office.sign_in(person.wrapped, digits, passphrase, settings=settings, now=NOON, last_step=last_step)


def other_digits(person: Joined) -> str:
    """Six digits that fit no step near noon."""
    near = {person.digits(step=step) for step in range(-1, 2)}
    return next(text for number in range(5) if (text := f"{number:06}") not in near)


def test_ola_signs_in_with_six_digits_and_six_words(stores: Stores, settings: Settings, ola: Joined) -> None:
    wrapped = find_wrapped(stores, ola.ombuds)
    typed = ola.kit.passphrase.upper().replace(" ", " - ")
    digits = f" {ola.digits()[:3]} {ola.digits()[3:]} "

    found = office.sign_in(wrapped, digits, typed, settings=settings, now=NOON, last_step=0)

    assert isinstance(found, tuple)
    keys, step = found
    assert step == STEP_AT_NOON
    assert keys == desk_keys(ola.ombuds, ola.kit.recovery, keys.office)


def test_wrong_words_are_not_admitted(settings: Settings, ola: Joined) -> None:
    assert try_with(settings, ola, ola.digits(), words.draw()) == NotAdmitted()


@pytest.fixture(scope="module")
def derivation() -> float:
    """How many seconds one derivation of a passphrase takes here and now."""
    started = time.perf_counter()
    passphrase_key("six words", bytes(16))
    return time.perf_counter() - started


def quickest(refuse: Callable[[], object]) -> float:
    """Seconds of the quickest of three refusals: a busy machine may hold up any one."""
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        assert refuse() == NotAdmitted()
        taken.append(time.perf_counter() - started)
    return min(taken)


@pytest.mark.parametrize("passphrase", ["", "hello", "one two three", "xyzzy " * 6])
def test_what_is_no_passphrase_costs_no_derivation(
    settings: Settings, ola: Joined, derivation: float, passphrase: str
) -> None:
    assert quickest(lambda: try_with(settings, ola, ola.digits(), passphrase)) < derivation / 2


@pytest.mark.parametrize("digits", ["", "12345", "1234567", "abcdef", "\u0661\u0662\u0663\u0664\u0665\u0666"])
def test_what_is_no_six_digits_is_not_admitted(settings: Settings, ola: Joined, digits: str) -> None:
    assert try_with(settings, ola, digits, ola.kit.passphrase) == NotAdmitted()


def test_the_cheap_factor_is_checked_before_the_dear_one(settings: Settings, ola: Joined, derivation: float) -> None:
    wrong = other_digits(ola)

    assert quickest(lambda: try_with(settings, ola, wrong, ola.kit.passphrase)) < derivation / 20


def test_the_same_digits_do_not_work_twice(settings: Settings, ola: Joined) -> None:
    assert try_with(settings, ola, ola.digits(), ola.kit.passphrase, last_step=STEP_AT_NOON) == NotAdmitted()
    assert try_with(settings, ola, ola.digits(step=-1), ola.kit.passphrase, last_step=STEP_AT_NOON) == NotAdmitted()


def test_of_two_sign_ins_at_once_with_the_same_digits_one_is_admitted(settings: Settings, ola: Joined) -> None:
    factors = Factors()
    steps = [
        office.lift_cover(ola.wrapped, ola.digits(), settings=settings, now=NOON, last_step=factors.last(ola.ombuds))
        for _ in range(2)
    ]

    assert [isinstance(step, int) and factors.use(ola.ombuds, step) for step in steps] == [True, False]


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_a_clock_may_be_one_step_off(settings: Settings, ola: Joined, step: int) -> None:
    found = office.lift_cover(ola.wrapped, ola.digits(step=step), settings=settings, now=NOON, last_step=0)

    assert found == STEP_AT_NOON + step


@pytest.mark.parametrize("step", [-3, -2, 2, 3])
def test_a_clock_that_is_further_off_does_not_admit(settings: Settings, ola: Joined, step: int) -> None:
    if ola.digits(step=step) in {ola.digits(step=near) for near in (-1, 0, 1)}:
        pytest.skip("one in three hundred thousand")
    found = office.lift_cover(ola.wrapped, ola.digits(step=step), settings=settings, now=NOON, last_step=0)

    assert found == NotAdmitted()


def test_nobody_signs_in_as_somebody_unknown(stores: Stores, settings: Settings, ola: Joined) -> None:
    assert find_wrapped(stores, bytes(16)) is None
    found = office.sign_in(None, ola.digits(), ola.kit.passphrase, settings=settings, now=NOON, last_step=0)

    assert found == NotAdmitted()
    assert office.lift_cover(None, ola.digits(), settings=settings, now=NOON, last_step=0) == NotAdmitted()


def test_a_kit_is_confirmed_by_the_digits_of_its_own_app(ola: Joined) -> None:
    assert matching_step(ola.kit.factor, ola.digits(), NOON)
    assert matching_step(ola.kit.factor, ola.digits(step=1), NOON)
    assert not matching_step(office.new_kit().factor, other_digits(ola), NOON) or other_digits(ola) == "000000"
    assert not matching_step(ola.kit.factor, other_digits(ola), NOON)


def test_paper_alone_brings_the_desk_back(stores: Stores, settings: Settings, ola: Joined) -> None:
    before = sign_in(stores, settings, ola)
    with stores.desk.reading() as desk:
        recovery = office.find_recovery(desk, ola.ombuds, "\n".join(write_recovery(ola.kit.recovery)).lower())
    assert recovery == ola.kit.recovery
    kit = office.new_kit(recovery)
    wrapped = office.wrap(ola.ombuds, kit, settings)
    with stores.keys.writing() as keys:
        office.renew(keys, wrapped)

    renewed = Joined(ola.ombuds, kit, wrapped)
    assert sign_in(stores, settings, renewed) == before, "the keys and the office key are the same"
    assert sign_in(stores, settings, ola) == NotAdmitted()
    old_words = Joined(ola.ombuds, Kit(kit.recovery, ola.kit.passphrase, kit.factor), wrapped)
    assert sign_in(stores, settings, old_words) == NotAdmitted()
    old_app = Joined(ola.ombuds, Kit(kit.recovery, kit.passphrase, ola.kit.factor), wrapped)
    assert sign_in(stores, settings, old_app) == NotAdmitted()


def test_rows_changed_about_a_slip_or_anothers_paper_recover_nothing(
    stores: Stores, settings: Settings, ola: Joined
) -> None:
    otto = join(stores, settings, "Otto Reis")
    rows = write_recovery(ola.kit.recovery)
    slip = ("0" if rows[0][0] != "0" else "1") + rows[0][1:]
    wrong = [
        "",
        "\n".join((rows[1], rows[0], *rows[2:])),
        "\n".join((slip, *rows[1:])),
        "\n".join(write_recovery(otto.kit.recovery)),
    ]

    with stores.desk.reading() as desk:
        assert [office.find_recovery(desk, ola.ombuds, typed) for typed in wrong] == [NotAdmitted()] * 4
        assert office.find_recovery(desk, bytes(16), "\n".join(rows)) == NotAdmitted()


def test_somebody_invited_only_has_nothing_to_recover(stores: Stores, ola: Joined) -> None:
    _code, otto = invited(stores, "Otto Reis")
    with stores.desk.reading() as desk:
        assert office.find_recovery(desk, otto, "\n".join(write_recovery(ola.kit.recovery))) == NotAdmitted()


def test_a_keys_store_that_was_lost_is_said_and_not_made_up(empty: Stores, ola: Joined) -> None:
    with empty.keys.writing() as keys, pytest.raises(NotReady, match="keys store"):
        office.renew(keys, ola.wrapped)


def check(stores: Stores, own: DeskKeys) -> KeyCheck:
    with stores.desk.writing() as desk, stores.site.reading() as site:
        return office.check_own_key(desk, site, own)


def test_ola_finds_her_own_key_on_the_server(stores: Stores, ola: Joined) -> None:
    own = desk_keys(ola.ombuds, ola.kit.recovery, None)

    assert check(stores, own) is KeyCheck.OWN
    with stores.desk.reading() as desk:
        assert office.names(desk) == {ola.ombuds: "Ola Brandt"}


@pytest.mark.parametrize("where", ["stored", "published", "published row gone"])
def test_a_key_that_theo_put_there_closes_booking(stores: Stores, ola: Joined, where: str) -> None:
    theos = desk_keys(ola.ombuds, bytes(20), None).public
    change = {
        "stored": (stores.desk, "UPDATE ombuds SET public_key = :key"),
        "published": (stores.site, "UPDATE face SET public_key = :key"),
        "published row gone": (stores.site, "DELETE FROM face WHERE public_key <> :key"),
    }
    store, statement = change[where]
    with store.writing() as session:
        session.execute(text(statement), {"key": theos})

    assert check(stores, desk_keys(ola.ombuds, ola.kit.recovery, None)) is KeyCheck.FOREIGN
    with stores.desk.reading() as desk:
        assert office.names(desk) == {}, "nobody can book with a key in doubt"
        assert office.get_name(desk, ola.ombuds) == "Ola Brandt"


def test_a_closed_desk_still_opens_for_its_ombuds(stores: Stores, settings: Settings, ola: Joined) -> None:
    with stores.site.writing() as site:
        site.execute(text("DELETE FROM face"))
    own = sign_in(stores, settings, ola)
    assert isinstance(own, DeskKeys)
    assert check(stores, own) is KeyCheck.FOREIGN

    assert sign_in(stores, settings, ola, now=NOON + STEP) == own
    with stores.desk.reading() as desk:
        assert [ombuds for ombuds, _name, _public, _admitted in office.colleagues(desk)] == [ola.ombuds]


def states(stores: Stores) -> list[tuple[str, bool, bool]]:
    """Everybody who has joined: name, whether nobody needs to admit them, whether they can be booked."""
    with stores.desk.reading() as desk:
        bookable = office.names(desk)
        return [(name, admitted, key in bookable) for key, name, _public, admitted in office.colleagues(desk)]


def set_booking(stores: Stores, name: str, *, is_open: bool) -> bool:
    with stores.desk.writing() as desk:
        return office.reopen_booking(desk, name) if is_open else office.close_booking(desk, name)


def test_the_operator_closes_booking_and_the_desk_says_so_without_alarm(stores: Stores, ola: Joined) -> None:
    own = desk_keys(ola.ombuds, ola.kit.recovery, None)

    assert set_booking(stores, "Ola Brandt", is_open=False)

    assert check(stores, own) is KeyCheck.CLOSED
    assert states(stores) == [("Ola Brandt", True, False)]


def test_a_closed_booking_is_opened_again_and_the_office_key_is_remembered(
    stores: Stores, settings: Settings, ola: Joined
) -> None:
    set_booking(stores, "Ola Brandt", is_open=False)
    assert set_booking(stores, "Ola Brandt", is_open=True)
    own = sign_in(stores, settings, ola)
    assert isinstance(own, DeskKeys)

    assert own.office is not None
    assert check(stores, own) is KeyCheck.OWN
    assert states(stores) == [("Ola Brandt", True, True)]


def test_opening_what_is_open_takes_nothing_from_anybody(stores: Stores) -> None:
    assert set_booking(stores, "Ola Brandt", is_open=True)

    assert states(stores) == [("Ola Brandt", True, True)]


def test_a_foreign_key_is_found_again_after_booking_was_opened_without_looking(stores: Stores, ola: Joined) -> None:
    with stores.site.writing() as site:
        site.execute(text("UPDATE face SET public_key = zeroblob(1216)"))
    own = desk_keys(ola.ombuds, ola.kit.recovery, None)
    assert check(stores, own) is KeyCheck.FOREIGN
    set_booking(stores, "Ola Brandt", is_open=True)

    assert check(stores, own) is KeyCheck.FOREIGN
    assert states(stores) == [("Ola Brandt", True, False)]


@pytest.mark.parametrize("is_open", [True, False])
def test_whoever_was_only_invited_is_neither_closed_nor_opened(stores: Stores, *, is_open: bool) -> None:
    code, otto = invited(stores, "Otto Reis")

    assert not set_booking(stores, "Otto Reis", is_open=is_open)
    assert not set_booking(stores, "Nobody", is_open=is_open)
    with stores.desk.reading() as desk:
        assert office.find_invitation(desk, code) == otto


def test_keys_of_nobody_close_nothing(stores: Stores, ola: Joined) -> None:
    own = replace(desk_keys(ola.ombuds, ola.kit.recovery, None), ombuds=bytes(16))

    assert check(stores, own) is KeyCheck.FOREIGN
    with stores.desk.reading() as desk:
        assert office.names(desk) == {ola.ombuds: "Ola Brandt"}
