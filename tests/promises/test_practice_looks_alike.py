"""P4, P6: on the line and in a browser's history, a practice run and a booking are the same."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest

from portal.pages import ANSWER_SIZE
from tests.cast import NED, TOMAS, VERA, Server, World, serve
from tests.promises.day_of_visits import SAID
from tests.visiting import Answer, Visitor

pytestmark = pytest.mark.xdist_group("practice")
GOES = ("real", "mock")
#: Chance alone makes compressed pages differ, by the tickets in them; and by no more than this on the average of many.
BY_CHANCE = 12


@dataclass
class Line(Visitor):
    """A visitor whose line somebody listens to: what is asked and answered, without what is in it."""

    url: str
    heard: list[tuple[object, ...]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.url)

    def get(self, path: str, **headers: str) -> Answer:
        return self._note("GET", path, 0, super().get(path, **headers))

    def post(self, path: str, fields: list[tuple[str, str]] | dict[str, str], **headers: str) -> Answer:
        return self._note("POST", path, len(urlencode(fields)), super().post(path, fields, **headers))

    def _note(self, method: str, path: str, body: int, answer: Answer) -> Answer:
        headers = [(name, len(value)) for name, value in answer.headers if name != "Date"]
        self.heard.append((method, len(path), body, answer.status, headers, answer.length))
        self.titles.append(re.findall("<title>(.*?)</title>", answer.body)[0])
        return answer


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = serve(first_world.copy(tmp_path_factory.mktemp("alike") / "instance"))
    yield server
    server.kill()


def visit(office: Server, go: str, said: dict[str, str], *, writes: bool = False, who: object = VERA) -> Line:
    """The same visit, for real and to practise; nobody had these times before."""
    line, world = Line(office.url), office.world
    keys = [offer.key for offer in world.offers()]
    line.get("/times")
    if writes:
        line.write(world, who, go=go, **said)  # type: ignore[arg-type]
    else:
        line.book(world, who, keys[-20:-17], go=go, **said)  # type: ignore[arg-type]
    return line


@pytest.mark.parametrize(
    ("said", "who", "writes"),
    [
        ({"mode": "video", "share": "name", **SAID}, VERA, False),
        ({"mode": "phone"}, None, False),
        ({"mode": "in-person", "share": "profile"}, TOMAS, False),
        ({"email": NED.email}, VERA, False),
        ({"message": "x" * 501}, VERA, False),
        ({"ticket": "x"}, VERA, False),
        ({"share": "name"}, VERA, True),
        ({}, None, True),
        ({"email": NED.email}, VERA, True),
        ({"message": " "}, VERA, True),
        ({"ticket": "x"}, None, True),
    ],
)
def test_a_visit_and_its_practice_sound_and_read_alike(
    said: dict[str, str], who: object, office: Server, *, writes: bool
) -> None:
    practised, real = (visit(office, go, said, writes=writes, who=who) for go in reversed(GOES))

    assert practised.heard == real.heard
    assert practised.titles == real.titles
    assert practised.heard[-1][-1] == ANSWER_SIZE


def test_a_planted_difference_in_a_form_or_in_what_is_sent_is_heard(office: Server) -> None:
    real = visit(office, "real", {})
    other = visit(office, "practice", {})
    assert other.heard != real.heard, "a button with a longer value"
    again = Line(office.url)
    again._note("GET", "/book/x", 0, Answer(200, [], "<title>Book</title>", 10))
    again._note("GET", "/book/x", 0, Answer(200, [], "<title>Practise</title>", 10))
    assert again.heard[0] == again.heard[1]
    assert again.titles[0] != again.titles[1]


def test_a_form_to_practise_shows_what_it_is_and_a_real_one_does_not(office: Server) -> None:
    """What is not meant stands in a remark, which no browser shows and nothing reads aloud."""
    key = office.world.offers()[-1].key
    real, practice = (re.sub(r"(?s)<!--.*?-->", "", Visitor(office.url).choose([key], go=go).body) for go in GOES)
    assert "Practise" not in real
    assert "practice" not in real
    assert "Practise booking" in practice
    assert "This is only practice" in practice
    assert "until you press the button" not in practice


def test_compressed_pages_are_as_long_but_for_chance(office: Server) -> None:
    """Nothing here compresses; a server in front of it might, against the advice."""
    key = office.world.offers()[-1].key
    sizes = [
        sum(len(gzip.compress(Visitor(office.url).choose([key], go=go).body.encode())) for _ in range(30)) / 30
        for go in GOES
    ]
    assert abs(sizes[0] - sizes[1]) < BY_CHANCE


def test_the_address_of_a_form_tells_nobody_whether_it_is_practice(office: Server) -> None:
    key = office.world.offers()[-1].key
    found = [Visitor(office.url).post("/book", {"slot": key, "go": go}).header("Location") or "" for go in GOES]
    assert len({len(each) for each in found}) == 1
    assert all(re.fullmatch(r"/book/[\w-]+", each) for each in found)
