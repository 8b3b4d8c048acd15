"""A flood of wrong claims, and a hundred sign-ins at once: Vera books, Ola signs in, memory stays bounded."""

import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.cast import MEI, TOMAS, VERA, Server, World, serve
from tests.load.pressing import MIB, memory
from tests.promises.the_desk import DeskBrowser
from tests.visiting import Answer, Visitor

pytestmark = pytest.mark.xdist_group("load")
A_SECOND, SECONDS = 50, 4
SIGN_INS = 100
#: One derivation of a passphrase; they run one at a time.
DERIVATION = 256 * MIB
#: Seconds: many times what a booking takes in peace, and what Ola is promised.
IN_TIME, WITHIN_A_MINUTE = 10.0, 60.0
WRONG_WORDS = "abacus abdomen able abrasive absence absurd"


def test_vera_books_under_fifty_wrong_claims_a_second(server: Server) -> None:
    world, visitor = server.world, Visitor(server.url)
    first, second = (offer.key for offer in world.offers()[1:3])
    form = visitor.choose([first])
    guess = visitor.fill(form, mode="phone", proof="code", email=VERA.email, code=world.code_of(TOMAS))
    before = memory(server)
    with ThreadPoolExecutor(A_SECOND) as pool:
        flood = [pool.submit(_at, number / A_SECOND, visitor, guess) for number in range(A_SECOND * SECONDS)]
        time.sleep(1)
        began = time.monotonic()
        assert 'class="words"' in visitor.book(world, MEI, [second]).body
        assert time.monotonic() - began < IN_TIME
        answers = [each.result() for each in flood]
    assert {answer.status for answer in answers} == {200}
    assert not any('class="words"' in answer.body for answer in answers)
    assert memory(server) < 1.5 * before
    assert 'class="words"' in visitor.book(world, VERA, [first]).body, "the time that was guessed at is still free"
    assert server.log.read_text() == ""


def _at(moment: float, visitor: Visitor, guess: list[tuple[str, str]]) -> Answer:
    time.sleep(moment % SECONDS)
    return visitor.post("/book", guess)


@pytest.mark.parametrize("has_app", [False, True], ids=["Theo has nothing", "Theo holds Ola's phone"])
def test_vera_books_and_ola_signs_in_among_a_hundred_sign_ins(world: World, *, has_app: bool) -> None:
    server = serve(world)
    try:
        before = memory(server)
        with ThreadPoolExecutor(SIGN_INS) as pool:
            flood = _sign_ins(server, pool, digits_now(world) if has_app else "000000")
            began = time.monotonic()
            offer = world.offers()[2]
            assert 'class="words"' in Visitor(server.url).book(world, VERA, [offer.key]).body
            assert time.monotonic() - began < IN_TIME
            DeskBrowser(Visitor(server.url)).sign_in(world)
            assert time.monotonic() - began < WITHIN_A_MINUTE
            assert memory(server) < 1.5 * before + DERIVATION
            answers = [each.result() for each in flood]
        assert {answer.status for answer in answers} == {200}, "a sign-in would be a 302"
        assert server.log.read_text() == ""
    finally:
        server.kill()


def _sign_ins(server: Server, pool: ThreadPoolExecutor, digits: str) -> list[Future[Answer]]:
    theo = DeskBrowser(Visitor(server.url))
    page, typed = theo.get("/desk/sign-in"), {"second_factor": digits, "passphrase": WRONG_WORDS}
    ombuds = server.world.ombuds.hex()
    return [pool.submit(theo.send, page, "/desk/sign-in", ombuds=ombuds, **typed) for _ in range(SIGN_INS)]


def digits_now(world: World) -> str:
    """What Ola's app shows; Ola herself must wait for the next ones."""
    world.used_step = int(time.time()) // 30
    return TOTP(world.kit.factor, 6, SHA1(), 30).generate(int(time.time())).decode()  # noqa: S303 - RFC 6238
