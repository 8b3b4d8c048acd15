import pytest
from flask import Flask

from portal import create_app
from portal.editing.people import Card
from tests.cast import World
from tests.desk.test_open_desks import Ola
from tests.editing.eve import Eve, make_editor


@pytest.fixture
def card(world: World) -> Card:
    return make_editor(world)


@pytest.fixture
def app(world: World, card: Card) -> Flask:
    assert card
    return create_app(world.instance)


@pytest.fixture
def stranger(app: Flask, card: Card) -> Eve:
    """Eve before she signs in."""
    return Eve(app, card)


@pytest.fixture
def eve(stranger: Eve) -> Eve:
    """Signed in."""
    answer = stranger.sign_in()
    assert answer.headers.get("Location") == "/desk/site", answer.text
    return stranger


@pytest.fixture
def ola(world: World, app: Flask) -> Ola:
    found = Ola(world, app)
    found.open_desk()
    return found
