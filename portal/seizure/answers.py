"""S15: somebody with a person's code learns nothing of whether that person has booked."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import create_app
from portal.intake import service as intake
from portal.intake.rules import Share, Stub
from portal.pages import State
from portal.roster.rules import Claim
from portal.scheduling.rules import Offer
from portal.sealing import words
from portal.seizure.results import NotPossible, Scene
from portal.seizure.visiting import World, code_for, known_addresses, made_world, mode_for, stores_of
from portal.volatile import Publication

#: What differs from page to page by chance: tickets, addresses of forms, and the words that are drawn for a form.
_CHANCE = (
    (re.compile(r'(name="ticket"[^>]*value=")[^"]*'), r"\1"),
    (re.compile(r"/book/[A-Za-z0-9_-]+"), "/book/"),
    (re.compile(r'<ol class="words".*?</ol>', re.DOTALL), ""),
    (re.compile(r" +$"), ""),
)
_IS_RECEIPT = '<ol class="words"'
_PAGES = ("/", "/times", "/week", "/return")
#: The hour may strike between the one office and the other.
_TRIES = 2
_TIMES = 2

#: Status, length and page, by what was asked.
Answers = Mapping[str, tuple[int, int, str]]


def look(scene: Scene) -> list[str]:
    """In one copy somebody of the list booked, in the other somebody else; both are asked with the one's code."""
    people = known_addresses(scene, 2)
    if len(people) < 2:  # noqa: PLR2004 - the one who is asked about, and another
        raise NotPossible("it needs two people of the list who are on the roster")
    told: list[str] = []
    for _ in range(_TRIES):
        told = differing(*(_answers(scene, *people, booker=booker) for booker in people))
        if not told:
            break
    return [f"the answer to “{asked}” depends on whether the person has booked" for asked in told]


def differing(one: Answers, other: Answers) -> list[str]:
    """What was asked and told differently."""
    return sorted(asked for asked in one if one[asked] != other[asked])


def _answers(scene: Scene, person: str, other: str, *, booker: str) -> Answers:
    with made_world(scene, "answers") as world:
        if len(world.offers) < _TIMES or world.free_lockers < _TIMES:
            raise NotPossible(f"it needs {_TIMES} free times and {_TIMES} free lockers")
        offers = world.offers[-_TIMES:]
        _book(scene, world, offers[0], booker)
        with _client(world) as client:
            return _asked(scene, client, offers, person, other)


def _book(scene: Scene, world: World, offer: Offer, address: str) -> None:
    claim = Claim(address, code_for(scene, address), "code")
    request = intake.Request(
        words=words.draw(), claim=claim, slots=[offer.id], mode=mode_for([offer]), stub=Stub(share=Share.NAME)
    )
    with stores_of(world.folder) as stores:
        told = intake.request_meeting(
            stores, request, publication=Publication(), settings=world.settings, now=scene.now
        )
    if not isinstance(told, intake.Receipt):
        raise NotPossible(f"a booking was refused ({type(told).__name__})")


@contextmanager
def _client(world: World) -> Iterator[FlaskClient]:
    app = create_app(world.folder)
    state = app.extensions["portal"]
    assert isinstance(state, State)
    try:
        yield app.test_client()
    finally:
        state.stores.close()


def _asked(scene: Scene, client: FlaskClient, offers: list[Offer], person: str, other: str) -> Answers:
    """In every way that a code and an address allow; the last one books."""
    taken, free = (offer.key for offer in offers)
    mode, right, wrong = mode_for(offers).value, code_for(scene, person), code_for(scene, other)

    def claim(key: str, code: str, proof: str = "code") -> TestResponse:
        return _claim(client, key, {"mode": mode, "proof": proof, "email": person, "code": code})

    found = {path: client.get(path) for path in _PAGES}
    found |= {
        "the taken time, the right code": claim(taken, right),
        "the taken time, a wrong code": claim(taken, wrong),
        "the taken time, a slip in the code": claim(taken, right[1:]),
        "the taken time, no code": claim(taken, "", "none"),
        "a free time, a wrong code": claim(free, wrong),
        "a free time, the right code": claim(free, right),
    }
    if _IS_RECEIPT not in found["a free time, the right code"].text:
        raise NotPossible("a free time could not be booked with a right code")
    link = re.escape(scene.settings.video_link).replace(r"\{room\}", "[0-9a-z]+")
    return {
        name: (each.status_code, len(each.data), re.sub(link, "", _bare(each.text))) for name, each in found.items()
    }


def _claim(client: FlaskClient, key: str, typed: Mapping[str, str]) -> TestResponse:
    chosen = client.post("/book", data={"mode": "", "slot": key})
    form = client.get(chosen.headers.get("Location", "/times"))
    fields = _Fields()
    fields.feed(form.text)
    return client.post("/book", data={**fields.found, **typed})


def _bare(page: str) -> str:
    """A page without what is different by chance."""
    for pattern, kept in _CHANCE:
        page = pattern.sub(kept, page)
    return page


class _Fields(HTMLParser):
    """What a form would send as it stands, apart from what is typed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        is_sent = values.get("type") not in {"radio", "checkbox"} or "checked" in values
        if tag == "input" and values.get("name") and is_sent:
            self.found[values["name"]] = values.get("value", "")
