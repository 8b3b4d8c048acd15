"""What lives only in memory ends by itself; the clock is an argument, so every hour is a step."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from portal.boards import Board
from portal.sessions import Desks, OpenDesk
from portal.volatile import Erased, Factors, SentNotes, TicketKeys, WrongClaims

NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OLA, OTTO, TAB = b"o" * 16, b"t" * 16, b"one tab"


def sign_in(desks: Desks, session: bytes = TAB, ombuds: bytes = OLA) -> OpenDesk:
    desk = OpenDesk(ombuds, b"locked", signed_in=NINE, seen=NINE)
    desks.open(session, desk)
    return desk


def test_nobody_is_signed_in_without_a_desk() -> None:
    assert Desks().find(TAB, NINE) is None


def test_a_desk_is_covered_after_fifteen_idle_minutes() -> None:
    desks = Desks()
    sign_in(desks)

    before = desks.find(TAB, NINE + 15 * MINUTE - SECOND)
    assert before is not None
    assert not before.is_covered
    after = desks.find(TAB, NINE + 15 * MINUTE)
    assert after is not None
    assert after.is_covered


def test_a_desk_in_use_stays_open_and_a_covered_one_stays_covered() -> None:
    desks = Desks()
    desk = sign_in(desks)
    for quarter in range(1, 5):
        desks.touch(desk, NINE + quarter * 14 * MINUTE)
        assert desks.find(TAB, NINE + quarter * 14 * MINUTE) is desk
    assert not desk.is_covered

    assert desks.find(TAB, NINE + 2 * HOUR) is desk
    assert desk.is_covered
    desks.touch(desk, NINE + 2 * HOUR)
    desks.find(TAB, NINE + 2 * HOUR)
    assert desk.is_covered


def test_a_second_factor_lifts_the_cover_and_forgets_the_wrong_tries() -> None:
    desks = Desks()
    desk = sign_in(desks)
    desks.find(TAB, NINE + HOUR)
    desks.miss(TAB, desk)

    desks.uncover(desk, NINE + HOUR)

    assert (desk.is_covered, desk.wrong_factors) == (False, 0)
    assert desks.find(TAB, NINE + HOUR + 14 * MINUTE) is desk
    assert not desk.is_covered


def test_a_desk_is_gone_after_eight_hours_however_busy() -> None:
    desks = Desks()
    desk = sign_in(desks)
    desks.touch(desk, NINE + 8 * HOUR - SECOND)
    assert desks.find(TAB, NINE + 8 * HOUR - SECOND) is desk

    assert desks.find(TAB, NINE + 8 * HOUR) is None
    assert desks.find(TAB, NINE) is None


def test_an_old_desk_is_forgotten_when_anybody_comes() -> None:
    desks = Desks()
    sign_in(desks)

    assert desks.find(b"another tab", NINE + 8 * HOUR) is None
    assert desks.find(TAB, NINE) is None


def test_five_wrong_factors_close_a_covered_desk() -> None:
    desks = Desks()
    desk = sign_in(desks)

    assert [desks.miss(TAB, desk) for _ in range(5)] == [False, False, False, False, True]
    assert desks.find(TAB, NINE) is None


def test_signing_out_closes_one_desk_and_a_new_passphrase_all_of_them() -> None:
    desks = Desks()
    for session, ombuds in ((TAB, OLA), (b"phone", OLA), (b"home", OLA), (b"otto", OTTO)):
        sign_in(desks, session, ombuds)

    desks.close(TAB)
    assert [desks.find(each, NINE) is not None for each in (TAB, b"phone", b"home")] == [False, True, True]
    desks.close_all_of(OLA)
    assert [desks.find(each, NINE) is not None for each in (b"phone", b"home", b"otto")] == [False, False, True]


def test_no_second_factor_works_twice_nor_one_before_it() -> None:
    factors = Factors()
    assert factors.last(OLA) == 0
    assert factors.use(OLA, 100)

    assert not factors.use(OLA, 100)
    assert not factors.use(OLA, 99)
    assert factors.use(OLA, 101)
    assert factors.last(OLA) == 101


def test_one_ombuds_factor_says_nothing_about_another() -> None:
    factors = Factors()
    factors.use(OLA, 100)

    assert factors.use(OTTO, 100)


def test_yesterdays_ticket_opens_and_the_day_befores_does_not() -> None:
    tickets = TicketKeys()
    first = tickets.current(NINE)
    assert tickets.current(NINE + DAY - SECOND) == first

    second = tickets.current(NINE + DAY)
    assert second != first
    assert tickets.valid(NINE + 2 * DAY - SECOND) == [second, first]
    assert first not in tickets.valid(NINE + 2 * DAY)


def test_a_key_that_nobody_asked_for_is_renewed_at_the_next_look() -> None:
    tickets = TicketKeys()
    first = tickets.current(NINE)

    later = tickets.valid(NINE + 10 * DAY)

    assert len(later) == 1
    assert first not in later
    assert len(later[0]) == 32


def test_keys_do_not_pile_up() -> None:
    tickets = TicketKeys()

    assert max(len(tickets.valid(NINE + hours * HOUR)) for hours in range(24 * 14)) == 2


def test_an_erased_form_is_known_as_long_as_its_ticket_lives() -> None:
    erased = Erased()
    erased.add("veras words", NINE)

    assert erased.has("veras words", NINE)
    assert erased.has("veras words", NINE + 2 * TicketKeys.LIFE - SECOND)
    assert not erased.has("veras words", NINE + 2 * TicketKeys.LIFE)
    assert not erased.has("other words", NINE)


def test_old_forms_leave_the_memory_when_new_ones_come_and_none_holds_its_words() -> None:
    erased = Erased()
    erased.add("veras words", NINE)
    erased.add("other words", NINE + 3 * DAY)

    assert len(erased._until) == 1
    assert "words" not in repr(vars(erased))


def _keeps(found: list[bytes], form: bytes) -> Callable[[], bool]:
    return lambda: not found.append(form)


@pytest.mark.parametrize("later", [timedelta(), DAY, 2 * TicketKeys.LIFE - SECOND])
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_a_form_of_a_note_is_kept_once_as_long_as_its_ticket_lives(later: timedelta, hour: int) -> None:
    sent, kept, start = SentNotes(), list[bytes](), NINE.replace(hour=hour)
    assert sent.once(b"form", start, _keeps(kept, b"form"))
    assert sent.once(b"other", start + later, _keeps(kept, b"other"))

    assert sent.once(b"form", start + later, _keeps(kept, b"form"))
    assert kept == [b"form", b"other"]


def test_what_the_memory_knows_of_notes_has_no_clock_and_no_order() -> None:
    """Theo, who copies it, must not read when a note came, or which of two came first."""
    early, late = SentNotes(), SentNotes()
    for form in (b"one", b"two"):
        early.once(form, NINE, lambda: True)
    for form in (b"two", b"one"):
        late.once(form, NINE + 5 * HOUR, lambda: True)

    assert early._forms == late._forms
    assert all(isinstance(forms, set) for forms in early._forms.values())


def test_old_forms_of_notes_leave_the_memory_when_new_ones_come() -> None:
    sent = SentNotes()
    sent.once(b"old", NINE, lambda: True)
    sent.once(b"new", NINE + 4 * DAY, lambda: True)

    assert [*sent._forms.values()] == [{b"new"}]


def test_a_note_that_could_not_be_kept_may_be_sent_again() -> None:
    sent, kept = SentNotes(), list[bytes]()

    def break_off() -> bool:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        sent.once(b"form", NINE, break_off)
    assert not sent.once(b"form", NINE, lambda: False)
    assert sent.once(b"form", NINE, _keeps(kept, b"form"))
    assert kept == [b"form"]


@pytest.mark.parametrize("start", [0.0, 1_000_000.0])
def test_wrong_claims_flow_at_fifty_a_second_after_a_burst(start: float) -> None:
    claims = WrongClaims()

    def wrong_claims_until_full(moment: float) -> int:
        tried = 0
        while claims.has_room(moment) and tried < 1000:
            claims.count()
            tried += 1
        return tried

    assert wrong_claims_until_full(start) == 100
    assert not claims.has_room(start)
    assert wrong_claims_until_full(start + 1) == 50
    assert wrong_claims_until_full(start + 1000) == 100


def test_right_claims_cost_nothing() -> None:
    claims = WrongClaims()

    assert all(claims.has_room(1.0) for _ in range(10_000))


def test_a_clock_that_stands_still_or_runs_back_frees_nobody() -> None:
    claims = WrongClaims()
    claims.has_room(100.0)
    for _ in range(100):
        claims.count()

    assert not claims.has_room(100.0)
    assert not claims.has_room(50.0)


def test_a_board_is_read_once_a_day_and_anew_after_a_change() -> None:
    board: Board[str] = Board()
    today = NINE.date()
    looks = iter(["first", "second", "third"])

    def load() -> list[str]:
        return [next(looks)]

    assert [board.read(today, load) for _ in range(2)] == [("first",)] * 2
    board.forget()
    assert board.read(today, load) == ("second",)
    assert board.read(today + DAY, load) == ("third",)
