"""The list of an office with many ombuds: one row for one moment, and pages that are never too long."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.scheduling.rules import Mode, Offer, Place, in_parts, one_of_each

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
PLACES = (Place(b"l" * 16, "The old library"), Place(b"m" * 16, "The old mill"))
offers = st.lists(
    st.builds(
        Offer,
        id=st.binary(min_size=16, max_size=16),
        ombuds=st.binary(min_size=16, max_size=16),
        ombuds_name=st.just("Ola"),
        starts=st.integers(0, 3).map(lambda hours: NINE + timedelta(hours=hours)),
        minutes=st.sampled_from((45, 60)),
        modes=st.sampled_from(((Mode.phone,), (Mode.video, Mode.phone), (Mode.in_person,), tuple(Mode))),
        proof_needed=st.booleans(),
        closes=st.just(NINE),
        place=st.sampled_from(PLACES),
    ),
    max_size=20,
    unique_by=lambda offer: offer.id,
).map(lambda found: sorted(found, key=lambda offer: (offer.starts, offer.id)))
modes = st.sampled_from((None, *Mode))


@given(offers, modes)
def test_whatever_could_be_booked_can_still_be_booked(found: list[Offer], mode: Mode | None) -> None:
    """At the same moment, as long, in the same way, at the same place, and with no more proof."""
    found = [offer for offer in found if mode in (None, *offer.modes)]
    kept = one_of_each(found, mode)

    assert [offer for offer in found if offer in kept] == kept
    for offer in found:
        for way in offer.modes if mode is None else (mode,):
            assert any(
                (each.starts, each.minutes) == (offer.starts, offer.minutes)
                and way in each.modes
                and (way is not Mode.in_person or each.place == offer.place)
                and each.proof_needed <= offer.proof_needed
                for each in kept
            )


@given(offers, modes)
def test_nothing_that_is_left_is_said_twice(found: list[Offer], mode: Mode | None) -> None:
    kept = one_of_each([offer for offer in found if mode in (None, *offer.modes)], mode)
    told = [(each.starts, each.minutes, each.modes, each.proof_needed, each.place) for each in kept]

    assert len(told) == len(set(told))
    assert one_of_each(kept, mode) == kept


@given(st.dictionaries(st.integers(0, 5), offers.filter(bool), max_size=4), st.integers(1, 9))
def test_parts_hold_every_time_once_in_order_and_none_is_long(weeks: dict[int, list[Offer]], most: int) -> None:
    parts = in_parts(weeks, most)

    assert [each for part in parts.values() for each in part] == [each for week in weeks.values() for each in week]
    assert all(0 < len(part) <= most for part in parts.values())
    assert {name.partition("-")[0] for name in parts} == {str(week) for week in weeks}
    assert all(str(week) in parts for week in weeks)
