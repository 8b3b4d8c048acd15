"""S15, P6: whoever holds somebody's address and code learns nothing from hundreds of answers."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from portal.volatile import WrongClaims
from tests.cast import NED, TOMAS, VERA, Server, World, serve
from tests.visiting import Answer, Visitor

pytestmark = pytest.mark.xdist_group("codes")
ANSWERS = 300
#: Fewer than the portal lets through in a second, so that each is judged by itself.
PACE = WrongClaims.A_SECOND * 0.8
#: What is drawn anew for each page; the padding makes up for whatever else is longer.
_DRAWN = re.compile(r'(name="ticket"[^>]*value=")[^"]*')
_PADDING = re.compile(r" +$")


@dataclass
class Pile:
    """All that differs among many answers of a kind: one of each is kept."""

    typed: tuple[str, ...]
    statuses: set[int] = field(default_factory=set)
    lengths: set[int] = field(default_factory=set)
    heads: set[tuple[tuple[str, str], ...]] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)

    def add(self, answer: Answer) -> None:
        page = answer.body
        for each in self.typed:
            page = page.replace(f'value="{each}"', 'value=""')
        self.statuses.add(answer.status)
        self.lengths.add(answer.length)
        self.heads.add(tuple((name, "" if name == "Date" else value) for name, value in answer.headers))
        self.pages.add(_PADDING.sub("", _DRAWN.sub(r"\1", page)))


def differences(one: Pile, other: Pile) -> list[str]:
    """In what two piles differ, or one of them in itself."""
    return [
        name
        for name in ("statuses", "lengths", "heads", "pages")
        if getattr(one, name) != getattr(other, name) or len(getattr(one, name)) != 1
    ]


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = serve(first_world.copy(tmp_path_factory.mktemp("codes") / "instance"))
    yield running
    running.kill()


@pytest.fixture(scope="module")
def piles(office: Server) -> dict[str, Pile]:
    """Vera has booked and Tomás has not. Everybody asks for the time that she took, in turns."""
    world, visitor = office.world, Visitor(office.url)
    key = world.offers()[3].key
    visitor.words(visitor.book(world, VERA, [key], share="name"))
    asking = {
        "an unknown address": _form(visitor, key, NED.email, world.code_of(VERA)),
        "a wrong code for Vera": _form(visitor, key, VERA.email, world.code_of(TOMAS)),
        "Vera's code": _form(visitor, key, VERA.email, world.code_of(VERA)),
        "Tomás's code": _form(visitor, key, TOMAS.email, world.code_of(TOMAS)),
    }
    found = {name: Pile((dict(form)["email"], dict(form)["code"])) for name, form in asking.items()}
    for _ in range(ANSWERS):
        began = time.monotonic()
        for name, form in asking.items():
            found[name].add(visitor.post("/book", form))
        time.sleep(max(0.0, 2 / PACE - (time.monotonic() - began)))
    return found


def test_a_wrong_code_and_an_unknown_address_get_one_answer(piles: dict[str, Pile]) -> None:
    unknown = piles["an unknown address"]
    assert differences(unknown, piles["a wrong code for Vera"]) == []
    assert "do not belong together" in min(unknown.pages)


def test_the_right_code_gets_one_answer_whether_its_owner_booked_or_not(piles: dict[str, Pile]) -> None:
    """With the same times proposed instead."""
    assert differences(piles["Vera's code"], piles["Tomás's code"]) == []
    assert "Choose another time" in min(piles["Vera's code"].pages)


def test_refusals_of_every_kind_have_one_status_one_length_and_one_kind_of_head(piles: dict[str, Pile]) -> None:
    assert {frozenset(pile.statuses) for pile in piles.values()} == {frozenset({200})}
    assert len({frozenset(pile.lengths) for pile in piles.values()}) == 1
    assert len({frozenset(pile.heads) for pile in piles.values()}) == 1


ALTERED: dict[str, Callable[[Answer], Answer]] = {
    "statuses": lambda answer: replace(answer, status=403),
    "lengths": lambda answer: replace(answer, length=answer.length + 1),
    "heads": lambda answer: replace(answer, headers=answer.headers[::-1]),
    "pages": lambda answer: replace(answer, body=answer.body.replace("belong together", "belong  together")),
}


@pytest.mark.parametrize("what", ALTERED)
def test_a_portal_whose_answers_differ_by_one_byte_shows(what: str, office: Server) -> None:
    """One answer in three hundred is enough."""
    visitor, world = Visitor(office.url), office.world
    form = _form(visitor, world.offers()[4].key, VERA.email, world.code_of(TOMAS))
    answer, honest, altered = visitor.post("/book", form), Pile(()), Pile(())
    for number in range(ANSWERS):
        honest.add(answer)
        altered.add(ALTERED[what](answer) if number == 7 else answer)
    assert differences(honest, honest) == []
    assert differences(honest, altered) == [what]


def test_nothing_that_anybody_may_look_at_changes_when_vera_books(office: Server) -> None:
    """In one office, before and after; the list waits for its hour, and so do the times that a refusal proposes."""
    world, visitor = office.world, Visitor(office.url)
    keys = [offer.key for offer in world.offers()][5:8]
    gone = world.offers()[3].key

    def look() -> list[str]:
        pages = [visitor.get(path).body for path in ("/", "/times", "/times?mode=phone", "/times?week=1", "/week")]
        pages += [visitor.choose(keys[:1]).body, visitor.choose(keys).body]
        pages += [
            visitor.post("/book", _form(visitor, gone, who.email, world.code_of(who))).body for who in (VERA, TOMAS)
        ]
        return [_DRAWN.sub(r"\1", page) for page in pages]

    before, hour = look(), time.gmtime().tm_hour
    visitor.words(visitor.book(world, VERA, keys[:1], share="profile"))
    after = look()
    assert after == before or time.gmtime().tm_hour != hour


def _form(visitor: Visitor, key: str, email: str, code: str) -> list[tuple[str, str]]:
    """A form for one time, filled in; it may be sent again and again."""
    return visitor.fill(visitor.choose([key]), mode="phone", proof="code", email=email, code=code)
