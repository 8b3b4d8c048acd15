from hypothesis import example, given
from hypothesis import strategies as st

from portal.sealing.places import VERSION, Place

#: Few letters and short parts, so that parts that run into each other come up often.
LETTERS = st.text("ab\0\x01", max_size=4)
PLACES = st.builds(Place, store=LETTERS, row=LETTERS.map(str.encode), box=LETTERS)
ANY_PLACES = st.builds(Place, store=st.text(max_size=40), row=st.binary(max_size=300), box=st.text(max_size=40))


def parts_of(encoded: bytes) -> list[bytes]:
    """Read the encoding back, from what its docstring says alone."""
    parts = []
    while encoded:
        length = int.from_bytes(encoded[:2], "big")
        assert length <= len(encoded) - 2
        parts.append(encoded[2 : 2 + length])
        encoded = encoded[2 + length :]
    return parts


@given(ANY_PLACES)
@example(Place("", b"", ""))
def test_a_places_bytes_can_be_read_back_in_one_way(place: Place) -> None:
    assert parts_of(bytes(place)) == [VERSION, place.store.encode(), place.row, place.box.encode()]


@given(PLACES, PLACES)
@example(Place("desk", b"row", "box"), Place("des", b"krow", "box"))
@example(Place("desk", b"row", "box"), Place("desk", b"rowb", "ox"))
@example(Place("a", b"", ""), Place("", b"a", ""))
def test_two_places_never_share_their_bytes(one: Place, two: Place) -> None:
    assert (bytes(one) == bytes(two)) == (one == two)


@given(PLACES, PLACES)
def test_no_places_bytes_begin_with_anothers(one: Place, two: Place) -> None:
    assert one == two or not bytes(one).startswith(bytes(two))


def test_a_places_bytes_begin_with_the_version() -> None:
    assert bytes(Place("desk", b"row", "box")).startswith(b"\x00\x10ombuds-portal/v1")
