from tests.cast import VERA, World
from tests.visiting import Visitor


def test_vera_books_and_comes_back(world: World, visitor: Visitor) -> None:
    receipt = visitor.book(world, VERA, [world.offers()[0].key])
    back = visitor.post("/return", {"words": visitor.words(receipt)})
    assert "by phone" in back.body
