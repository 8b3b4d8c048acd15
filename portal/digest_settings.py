"""What the office decides about the daily reminder, and what each of its settings may be."""

import re
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from urllib.parse import urlsplit

#: Plain signs only: what stands in a mail's head or in a command to a mail server must not end its line.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_SERVER = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):([0-9]{1,5})")
_HOST = re.compile(r"[A-Za-z0-9._-]+")
_PORTS = range(1, 2**16)
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Security(StrEnum):
    """How the line to the mail server is encrypted: not, from a command on, or from its first byte."""

    none = "none"
    starttls = "starttls"
    tls = "tls"


@dataclass(frozen=True, kw_only=True)
class DigestSettings:
    """The reminder, checked; without anybody in `to` there is none. `site_host` is the name given to mail servers."""

    to: tuple[str, ...] = ()
    at: time = time(7, 30)
    host: str = "localhost"
    port: int = 25
    security: Security = Security.none
    user: str = ""
    password: str = field(default="", repr=False)
    site_host: str = "localhost"

    @property
    def is_safe(self) -> bool:
        """Whether no network on the way can read the mail, or the password."""
        return self.security is not Security.none or self.host in _LOOPBACK


def addresses(value: list[str]) -> tuple[str, ...]:
    """Each once. A text is no list: its letters would be taken one by one."""
    if not isinstance(value, list) or not all(is_address(item) for item in value):
        raise ValueError("not addresses")
    return tuple(dict.fromkeys(value))


def is_address(value: str) -> bool:
    return len(value) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(value) is not None


def hour(value: str) -> time:
    found = time.fromisoformat(value)
    if found != time(found.hour, found.minute):
        raise ValueError("seconds, or a zone of its own")
    return found


def server(value: str) -> tuple[str, int]:
    """Host and port of `mail.example.org:587` or `[::1]:25`."""
    found = _SERVER.fullmatch(value)
    if found is None or int(found[3]) not in _PORTS:
        raise ValueError("not a host and a port")
    host = (found[1] or found[2]).lower()
    host.encode("idna")  # finds an empty or endless part, with which a call would end as no refusal does
    return host, int(found[3])


def plain(value: str) -> str:
    """A text that a mail server can be told: smtplib writes ASCII alone."""
    if not value.isascii() or (value and not value.isprintable()):
        raise ValueError("not plain")
    return value


def site_host(address: str) -> str:
    """How the site of this web address is called in a mail: one name, in ASCII, wherever the server runs."""
    host = urlsplit(address).hostname or ""
    name = "localhost" if ":" in host else host.encode("idna").decode("ascii")
    if _HOST.fullmatch(name) is None:
        raise ValueError("not a host's name")
    return name
