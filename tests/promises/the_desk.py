"""Ola's browser, as plain HTTP: one cookie, and the token that each form of the desk carries."""

import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from portal.office.rules import Kit, read_recovery
from tests.cast import World
from tests.visiting import Answer, Visitor, fields_of

#: A step of the second factor, in seconds.
STEP = 30


@dataclass
class DeskBrowser:
    """Keeps the desk's cookie and nothing else."""

    visitor: Visitor
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._kept(self.visitor.get(path, **self._headers()))

    def post(self, path: str, fields: list[tuple[str, str]]) -> Answer:
        return self._kept(self.visitor.post(path, fields, **self._headers()))

    def send(self, page: Answer, path: str, **values: str) -> Answer:
        """The form of a page with some of its fields filled in."""
        kept = [(name, value) for name, value in fields_of(page.body) if name not in values]
        return self.post(path, [*kept, *values.items()])

    def sign_in(self, world: World) -> None:
        """Like Ola, who types the next digits when the first ones ran out on the way."""
        for _ in range(3):
            typed = {"second_factor": world.digits(), "passphrase": world.kit.passphrase}
            page = self.get("/desk/sign-in")
            answer = self.send(page, "/desk/sign-in", ombuds=world.ombuds.hex(), **typed)
            if answer.status == 302:
                return
        raise AssertionError(answer.body)

    def join(self, code: str, now: float) -> Kit:
        """Join with an invitation; gives what Ola writes down from the one page that shows it."""
        shown = self.send(self.get("/desk/join"), "/desk/join", code=code)
        kit = kit_on(shown)
        digits = TOTP(kit.factor, 6, SHA1(), STEP).generate(int(now)).decode()  # noqa: S303 - RFC 6238
        done = self.send(shown, "/desk/join/confirm", second_factor=digits, kept_passphrase="y", kept_recovery="y")
        assert done.status == 302, done.body
        return kit

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def _kept(self, answer: Answer) -> Answer:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        return answer


def kit_on(shown: Answer) -> Kit:
    """Passphrase, recovery code and second factor, read off the page."""
    factor = re.search(r"otpauth://[^\"]*secret=([A-Z2-7]+)", shown.body)
    rows = re.search(r'<ol class="code">(.*?)</ol>', shown.body, re.DOTALL)
    assert factor, shown.body
    assert rows, shown.body
    recovery = read_recovery(re.sub(r"<[^>]*>", " ", rows.group(1)))
    assert recovery is not None
    return Kit(recovery, Visitor.words(shown), _base32(factor.group(1)))


def _base32(text: str) -> bytes:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    number = 0
    for symbol in text:
        number = number * 32 + alphabet.index(symbol)
    return number.to_bytes(len(text) * 5 // 8, "big")
