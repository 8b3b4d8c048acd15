"""Whether the time of a refusal tells who is on the roster, or who has booked (promise P6).

Each pair of questions goes to the real server in random order, each on a connection of its own. Time runs from the
sending of the request, when the server has taken up the call, until the answer is whole. Both answers of a pair are
refusals that write nothing, so asking changes nothing that is asked about.
"""

import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import SystemRandom
from urllib.parse import urlencode

from tests.cast import Person, World, staff
from tests.visiting import Visitor
from tools.bench.figures import Figure
from tools.bench.load import Client, answer, seconds_of
from tools.bench.serving import running
from tools.bench.telling import Timed, by_guesser, by_time, smallest_seen

#: Of each kind. By chance alone an area then lies more than 0.05 from a half once in two thousand runs.
ANSWERS = 800
BOOKED = 40
LEAST, MOST = 0.45, 0.55
#: The portal takes fifty wrong claims a second, of everybody together; a hundred at once.
_PACE = 0.021
#: Enough for the server to take up a call, so that this is not what is timed.
_TAKEN_UP = 0.002
_DELAYS = (0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005)
_WRONG, _GONE = b"do not belong together", b"Choose another time"
_DICE = SystemRandom()


def what_times_tell(world: World) -> Iterator[Figure]:
    """Unknown address against wrong code, and who booked against who did not, with their right codes."""
    people = _DICE.sample(staff(), 2 * BOOKED)
    booked, others = people[:BOOKED], people[BOOKED:]
    with running(world) as (server, own):
        asker = _Asker(server.url, own)
        for person, key in zip(booked, asker.keys[1:], strict=False):
            assert Visitor(server.url).book(own, person, [key], share="name").status == 200
        wrong = [asker.claim(each.email, own.code_of(other)) for each, other in pairwise(people)]
        unknown = [asker.claim(_unlike(each, people), own.code_of(each)) for each in people[1:]]
        yield from _told("address unknown or code wrong", asker.ask(unknown, wrong, says=_WRONG, pace=_PACE))
        right = [[asker.claim(each.email, own.code_of(each)) for each in group] for group in (others, booked)]
        yield from _told("right code, not booked or booked", asker.ask(*right, says=_GONE))


class _Asker:
    """Somebody who sends one filled form again and again, for a time that is gone, with one claim after the other."""

    def __init__(self, url: str, world: World) -> None:
        self.keys = [offer.key for offer in world.offers()]
        visitor = Visitor(url)
        assert "Keep these six words" in visitor.book(world, None, self.keys[:1]).body
        form = visitor.fill(visitor.choose(self.keys[:1]), mode="phone", proof="code")
        self._form = [(name, value) for name, value in form if name not in {"email", "code"}]
        self._client = Client(url)

    def claim(self, email: str, code: str) -> bytes:
        body = urlencode([*self._form, ("email", email), ("code", code)]).encode()
        kind = "Content-Type: application/x-www-form-urlencoded"
        return self._client.request("/book", kind, body=body, method="POST")

    def ask(
        self, first: Sequence[bytes], second: Sequence[bytes], *, says: bytes, pace: float = _TAKEN_UP
    ) -> list[Timed]:
        kinds = [False, True] * ANSWERS
        _DICE.shuffle(kinds)
        return [
            Timed(is_second, self._seconds(_DICE.choice((first, second)[is_second]), says, pace)) for is_second in kinds
        ]

    def _seconds(self, request: bytes, says: bytes, pace: float) -> float:
        with self._client.call() as line:
            time.sleep(pace)
            found: list[bytes] = []
            seconds = seconds_of(lambda: found.append(answer(line, request)))
        assert says in found[0], "another answer than the one that is timed"
        return seconds


def _unlike(person: Person, people: Sequence[Person]) -> str:
    """An address as long as this person's, which nobody has."""
    address = "zq" + person.email[2:]
    assert address not in {each.email for each in people}
    return address


def _told(what: str, answers: Sequence[Timed]) -> Iterator[Figure]:
    best, bare = by_guesser(answers), by_time(answers)
    is_kept = all(LEAST <= each <= MOST for each in (best, bare))
    yield Figure(f"{what}: AUC", f"{best:.2f} (bare time {bare:.2f})", f"{LEAST} to {MOST}", is_kept)
    seen = smallest_seen(answers, _DELAYS, MOST)
    shown = "none that was tried" if seen is None else f"{seen * 1000:g} ms"
    yield Figure("  a planted delay that shows there", shown, "≤ 5 ms", seen is not None)
