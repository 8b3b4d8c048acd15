"""Which addresses the server may ask: public ones over TLS, and what the operator lists besides.

An ombuds types the address, and what it leads to may change at any time. Without these rules the server could be made
to ask machines that only it can reach.
"""

import re
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

import idna

from portal.busy.problems import Problem

LONGEST = 2_000
_PLAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_PORTS = {"https": 443, "http": 80}
#: Subscriptions are often given so; the calendars behind them are asked over TLS.
_SCHEMES = {"https": "https", "webcal": "https", "webcals": "https", "http": "http"}
#: Besides what Python calls global: 168.63.129.16 is every Azure machine's own wire server, 192.88.99.0/24 led to
#: IPv6 and back, and 192.0.0.0/24 holds Oracle's metadata; Pythons differ about the last two.
_NEVER = (IPv4Network("168.63.129.16/32"), IPv4Network("192.88.99.0/24"), IPv4Network("192.0.0.0/24"))
#: What is given out to machines. Mapped, translated (NAT64), local and multicast addresses all lie outside.
_PUBLIC = IPv6Network("2000::/3")
#: Tunnels, which carry an IPv4 address inside (Teredo, 6to4), and what is for documents only.
_NEVER_6 = (IPv6Network("2001::/23"), IPv6Network("2001:db8::/32"), IPv6Network("2002::/16"), IPv6Network("3fff::/20"))


@dataclass(frozen=True)
class Target:
    """Where to ask: `host` in ASCII, and what to ask for there. `is_listed` when the operator allows it by name."""

    is_secure: bool
    host: str
    port: int
    path: str
    is_listed: bool

    @property
    def name(self) -> str:
        """As a request's Host names it (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS["https" if self.is_secure else "http"] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{'https' if self.is_secure else 'http'}://{self.name}{self.path}"


def find_target(url: str, allowed: Iterable[str]) -> Target | Problem:
    """Where `url` leads, if it may be asked. `allowed` lists hosts as `host` or `host:port`.

    A listed host may be asked without TLS, at the listed port, and may be private. Without a port the usual ones are
    meant. Everybody else is asked over TLS at port 443.
    """
    parts, scheme = _split(url), ""
    if parts is not None:
        scheme = _SCHEMES.get(parts.scheme, "")
    host = _host(parts) if parts is not None else ""
    if parts is None or not scheme or not host or "@" in parts.netloc:
        return Problem.address
    port = _port(parts, scheme)
    is_listed = any(_lists(entry, host, port) for entry in allowed)
    if not is_listed and (scheme, port) != ("https", _PORTS["https"]):
        return Problem.address
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(scheme == "https", host, port, path, is_listed)


def resolve(target: Target) -> list[str] | Problem:
    """The addresses of its host, each of which may be asked: one that may not spoils all of them.

    They are what is connected to. To look the name up once more would be to trust a second, unchecked answer.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return Problem.unreachable
    addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
    if not target.is_listed and not all(is_public(address) for address in addresses):
        return Problem.private
    return addresses or Problem.unreachable


def is_public(address: str) -> bool:
    """Whether everybody on the internet may reach it, and under no second name for a place that they may not."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return _is_plain(found) and not any(found in network for network in _NEVER)
    return _is_plain(found) and found in _PUBLIC and not any(found in network for network in _NEVER_6)


def _is_plain(found: IPv4Address | IPv6Address) -> bool:
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _split(url: str) -> SplitResult | None:
    """The parts of an address in ASCII without blanks and control signs, which could begin a second line."""
    if len(url) > LONGEST or not url.isprintable() or any(sign in url for sign in ' \\"<>'):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts if (parts.path + parts.query).isascii() else None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    if ":" in host:
        return host if _is_ip(host) else ""
    if _PLAIN.fullmatch(host):  # names inside of an office may hold what IDNA forbids, such as an underscore
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _port(parts: SplitResult, scheme: str) -> int:
    return _PORTS[scheme] if parts.port is None else parts.port


def _lists(entry: str, host: str, port: int) -> bool:
    listed = _split(f"//{entry}")
    if listed is None or _host(listed) != host:
        return False
    ports: Sequence[int] = tuple(_PORTS.values()) if listed.port is None else (listed.port,)
    return port in ports
