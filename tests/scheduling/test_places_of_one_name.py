"""Two places with one name, as older portals could leave them: the way into one is never told of the other."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from portal import create_app
from portal.scheduling import opening
from portal.scheduling.labels import alike, told_apart
from portal.scheduling.rules import Place
from tests.cast import LIBRARY, PRACTICE, World
from tests.colleagues import OTTO, add_ombuds

UPSTAIRS = Place(b"the-one-upstairs", LIBRARY.name, "two flights of stairs", "Third floor")


@pytest.fixture
def client(world: World) -> FlaskClient:
    """Otto meets people upstairs, in a house that is called as Ola's is."""
    with world.stores.desk.writing() as desk:
        opening.put_place(desk, UPSTAIRS)
    add_ombuds(world, OTTO, "Otto Falk", replace(PRACTICE, place=UPSTAIRS.id, minutes=45))
    return create_app(world.instance).test_client()


def test_each_is_told_with_its_own_way_in(client: FlaskClient) -> None:
    text = client.get("/times").text

    told = re.findall(r"In person: The old library \((.*?)\)", text)
    assert sorted(told) == sorted([LIBRARY.access, UPSTAIRS.access])


def test_each_time_says_which_of_the_two_it_is(client: FlaskClient) -> None:
    rows = re.findall(r'(?s)<label class="pick">.*?</label>', client.get("/times").text)

    for minutes, mine, other in ((60, LIBRARY, UPSTAIRS), (45, UPSTAIRS, LIBRARY)):
        said = next(row for row in rows if f"{minutes} minutes" in row)
        assert f"{mine.name} ({mine.access})" in said
        assert other.access not in said


def test_places_of_different_names_are_told_by_their_names_alone(client: FlaskClient, world: World) -> None:
    with world.stores.desk.writing() as desk:
        opening.put_place(desk, replace(UPSTAIRS, name="The tower"))

    rows = re.findall(r'(?s)<label class="pick">.*?</label>', client.get("/times").text)

    assert any("<small>The tower</small>" in row for row in rows)


def test_the_desk_tells_them_apart_by_the_door() -> None:
    barn, loud = replace(LIBRARY, id=b"b" * 16, name="The barn"), replace(UPSTAIRS, name="THE OLD  library")

    assert told_apart([LIBRARY, barn, loud]) == {
        LIBRARY.id: "The old library (Second floor, room 214)",
        barn.id: "The barn",
        loud.id: "THE OLD  library (Third floor)",
    }
    assert alike(loud.name) == alike(LIBRARY.name)
