"""Where the links of a text may lead: to a page of this site by its path, to the web, to mail, to a number to call.

A link to this site that is written otherwise would lose what its visitor chose: their language, and whom they left out.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

SCHEMES = frozenset({"https", "http", "mailto", "tel"})
_WEB = {"https", "http"}
#: Pages that always stand there, beside those of the shelves. What is a file or a way out has its own buttons.
PUBLIC = frozenset(
    {
        "/",
        "/about",
        "/about/limits",
        "/about/voices",
        "/return",
        "/say",
        "/times",
        "/week",
        "/week/cards",
        "/week/poster",
    }
)
# Two strokes, or one to the left, would begin a host; what follows a question mark would choose for the visitor.
_PATH = re.compile(r"/(?![/\\])[^?#\\\s]*(#\S*)?")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:.]+")
_LIKE_HOST = re.compile(r"(?!.*\.(html?|md|pdf|php)$)([\w-]+\.)+[a-z]{2,}(:\d+)?([/?#]\S*)?", re.IGNORECASE)
_LIKE_MAILBOX = re.compile(r"[^\s/:@]+@([\w-]+\.)+\w+")


@dataclass(frozen=True)
class Site:
    """This site as its own texts name it: its host, as `host_of` tells it, and the paths of its pages."""

    host: str
    pages: frozenset[str]


def host_of(url: str) -> str:
    """The host of a web address as a browser finds it, without "www." and a port; empty where that is in doubt."""
    parts = _split(url)
    if parts is None or parts.scheme not in _WEB or "\\" in url:
        return ""
    try:
        host = unquote(parts.hostname or "").encode("idna").decode().lower()
    except UnicodeError:
        return ""
    host = host.rstrip(".").removeprefix("www.")
    return host if _HOST.fullmatch(host) else ""


def runs(url: str) -> bool:
    """Whether it does something else than lead somewhere, as far as its scheme tells."""
    parts = _split(url)
    return parts is None or parts.scheme not in {"", *SCHEMES}


def is_safe(url: str) -> bool:
    """Whether a link may lead there, be there a page or not; what is no full address is a path and asks nothing."""
    parts = _split(url)
    if parts is None:
        return False
    if parts.scheme in _WEB:
        return bool(host_of(url))
    if parts.scheme:
        return parts.scheme in SCHEMES
    return not url or url.startswith("#") or _PATH.fullmatch(url) is not None


def shown(url: str, host: str) -> str | None:
    """A link as a page has it: to this site by its path alone; None where its words stand better without it."""
    if not is_safe(url):
        return None
    parts = urlsplit(url)
    if not host or host_of(url) != host:
        return url
    path = parts._replace(scheme="", netloc="", path=parts.path or "/", query="").geturl()
    return path if is_safe(path) else None


def leads(url: str, here: Site) -> bool:
    """Whether a safe link leads somewhere: to another site, within its page, or to a page here by its path."""
    if urlsplit(url).scheme:
        return host_of(url) != here.host
    return url.startswith("#") or url.partition("#")[0] in here.pages


def instead(url: str, here: Site) -> str:
    """What was likely meant by a link that leads nowhere; empty where nobody can tell."""
    parts = _split(url)
    if parts is None:
        return ""
    if not runs(url) and (unquote(parts.netloc) in {"", "{address}"} or host_of(url) == here.host):
        path = f"/{parts.path.strip('./')}"
        if path in here.pages and (parts.path or parts.netloc):
            return path + (f"#{parts.fragment}" if parts.fragment else "")
    if _LIKE_MAILBOX.fullmatch(url):
        return f"mailto:{url}"
    bare = url.removeprefix("//")
    return f"https://{bare}" if _LIKE_HOST.fullmatch(bare) and host_of(f"https://{bare}") != here.host else ""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - asking for it finds a port that is none
    except ValueError:
        return None
    return parts
