"""What a visitor chose before the form: times or an ombuds to write to, sealed into the address of the form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.language import LONGEST_CODE
from portal.pages import read_ticket, write_ticket
from portal.scheduling.forms import MOST_CHOICES
from portal.scheduling.whom import LONGEST_PART, MOST_PARTS
from portal.zones import LONGEST

WRITE = "write"
#: What the two buttons of a form say, equally long: book, or only practise.
REAL, PRACTICE = "real", "mock"
_TOKEN = "choice"  # noqa: S105 - a kind of ticket
_ID_SIZE = 32
_NOBODY = "-" * _ID_SIZE
_WHOM_SIZE = MOST_PARTS * (LONGEST_PART + 1)
#: The address of a form shows its times to whoever opens it from the browser's history; a form posted later than this
#: comes back with all that was typed.
_LIFE = timedelta(hours=2)


@dataclass(frozen=True)
class Choice:
    """Slots in order of preference and perhaps a way to meet; or `mode` is "write", with the ombuds' id.

    `zone` is the name of the time zone that the visitor chose, if any; `whom` are the parts of whom to meet. `go` is
    whether to book or to practise; `lang` is the language, if it is not the office's own.
    """

    slots: Sequence[bytes] = ()
    mode: str = ""
    ombuds: bytes = b""
    zone: str = ""
    whom: Sequence[str] = ()
    go: str = REAL
    lang: str = ""


@dataclass(frozen=True)
class Late:
    """A choice whose times are no longer shown. All else holds on: who was left out stays left out."""

    zone: str = ""
    whom: Sequence[str] = ()
    lang: str = ""


def write_choice(choice: Choice, now: datetime) -> str:
    """Always as long, so that an address tells neither what was chosen nor how much."""
    slots = [slot.hex() for slot in choice.slots]
    keys = slots + [_NOBODY] * (MOST_CHOICES - len(slots))
    ombuds = choice.ombuds.hex() or _NOBODY
    values = {"slots": keys, "mode": f"{choice.mode:9}", "ombuds": ombuds, "zone": f"{choice.zone:{LONGEST}}"}
    whom = f"{' '.join(choice.whom):{_WHOM_SIZE}}"
    values |= {"whom": whom, "go": choice.go, "lang": f"{choice.lang:{LONGEST_CODE}}", "since": now.isoformat()}
    return write_ticket(_TOKEN, values)


def read_choice(token: str, now: datetime) -> Choice | Late | None:
    """None when the address does not open: it is from before a restart, very old, or none of ours."""
    found = read_ticket(_TOKEN, token)
    if found is None:
        return None
    mode, zone, whom = found["mode"].strip(), found["zone"].strip(), found["whom"].split()
    lang = found["lang"].strip()
    if datetime.fromisoformat(found["since"]) + _LIFE < now:
        return Late(zone, whom, lang)
    return Choice(ids(found["slots"]), mode, b"".join(ids([found["ombuds"]])), zone, whom, found["go"], lang)


def read_go(value: str | None) -> str:
    """Whether to book or to practise; what says neither books, as a form without buttons would."""
    return PRACTICE if value == PRACTICE else REAL


def ids(keys: Sequence[str]) -> list[bytes]:
    """Those of the keys that are ids, each once, as many as can be chosen."""
    found = [bytes.fromhex(key) for key in keys if len(key) == _ID_SIZE and set(key) <= set("0123456789abcdef")]
    return list(dict.fromkeys(found))[:MOST_CHOICES]
