"""A visitor's browser without cookies or scripts, as plain HTTP."""

import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from html.parser import HTMLParser

from tests.cast import Person, World


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers as a list, the body as text, its length on the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: str
    length: int

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class _Fields(HTMLParser):
    """Collects what a browser would send back, in document order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._select: str | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "input" and values.get("name") and self._is_sent(values):
            self.found.append((values["name"], values.get("value", "")))
        elif tag == "select":
            self._select = values.get("name")
        elif tag == "option" and self._select and "selected" in values:
            self.found.append((self._select, values.get("value", "")))
        elif tag == "textarea":
            self._textarea = values.get("name")
            self.found.append((values.get("name", ""), ""))

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.found[-1] = (self._textarea, (self.found[-1][1] + data).removeprefix("\r\n").removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        self._select = None if tag == "select" else self._select
        self._textarea = None if tag == "textarea" else self._textarea

    @staticmethod
    def _is_sent(values: dict[str, str]) -> bool:
        return values.get("type") not in {"radio", "checkbox"} or "checked" in values


def fields_of(html: str) -> list[tuple[str, str]]:
    """The names and values that a form would send as it stands."""
    parser = _Fields()
    parser.feed(html)
    return parser.found


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


class Visitor:
    """A browser without cookies or scripts: gets pages, fills forms, follows a 303 only when asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = urllib.request.build_opener(_StayHere)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask(urllib.request.Request(self._full(path), headers=headers))

    def post(self, path: str, fields: list[tuple[str, str]] | dict[str, str], **headers: str) -> Answer:
        pairs = list(fields.items()) if isinstance(fields, dict) else fields
        body = urllib.parse.urlencode(pairs).encode()
        return self._ask(urllib.request.Request(self._full(path), data=body, headers=headers))

    def choose(self, keys: list[str], mode: str = "", go: str = "real") -> Answer:
        """Choose times, for real or only to practise ("mock"); gives the form."""
        chosen = self.post("/book", [("mode", mode), *(("slot", key) for key in keys), ("go", go)])
        assert chosen.status == 303, chosen.body
        location = chosen.header("Location")
        assert location
        return self.get(location)

    def fill(self, form: Answer, **values: str) -> list[tuple[str, str]]:
        """The form's fields with some of them filled in."""
        kept = [(name, value) for name, value in fields_of(form.body) if name not in values]
        return [*kept, *values.items()]

    def book(self, world: World, person: Person | None, keys: list[str], *, go: str = "real", **values: str) -> Answer:
        """The whole way from chosen times to whatever answers the form."""
        form = self.choose(keys, go=go)
        who = {"proof": "none"}
        if person is not None:
            who = {"proof": "code", "email": person.email, "code": world.code_of(person)}
        return self.post("/book", self.fill(form, **{"mode": "phone"} | who | values))

    def choose_to_write(self, ombuds: bytes, go: str = "real") -> Answer:
        """Go through the door of whoever would rather write; gives the form."""
        chosen = self.post("/book", {"mode": "write", "ombuds": ombuds.hex(), "go": go})
        assert chosen.status == 303, chosen.body
        return self.get(chosen.header("Location") or "")

    def write(self, world: World, person: Person | None, *, go: str = "real", **values: str) -> Answer:
        """The whole way to whatever answers the form of somebody who writes to Ola."""
        who = {"proof": "none"}
        if person is not None:
            who = {"proof": "code", "email": person.email, "code": world.code_of(person)}
        form = self.choose_to_write(world.ombuds, go)
        return self.post("/book", self.fill(form, **{"message": "My hours changed again."} | who | values))

    def leave_note(self, **values: str) -> Answer:
        """The whole way to whatever answers a note; without a text of its own it says one sentence."""
        form = self.get("/say")
        return self.post("/say", self.fill(form, **{"about": "experience", "said": "It helped to be heard."} | values))

    @staticmethod
    def words(receipt: Answer) -> str:
        """The six words on a receipt."""
        listed = re.search(r'<ol class="words"[^>]*>(.*?)</ol>', receipt.body, re.DOTALL)
        assert listed, "this is no receipt"
        return " ".join(re.findall(r"<li>\s*([a-z]+)\s*</li>", listed.group(1)))

    def _full(self, path: str) -> str:
        return path if path.startswith("http") else self.url + path

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            found = self._opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            found = error
        with found:
            body = found.read()
            return Answer(found.status, list(found.headers.items()), body.decode(), len(body))
