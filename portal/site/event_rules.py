"""What an event may say: clocks on the wall at the office, a place, a safe link, and few words."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.site import links, marks
from portal.site.links import Site
from portal.site.marks import What

PLACE_LIMIT, LINK_LIMIT, TITLE_LIMIT, TEXT_LIMIT = 200, 300, 80, 400
#: So many may be to come at once: with more, the page of the week would grow too heavy for a slow line.
MOST = 20
# A host with a dot, no name or password before it, and nothing that ends an address somewhere.
_LINK = re.compile(r"https://[^\s/?#@\\\"'<>]+\.[^\s/?#@\\\"'<>]+([/?#][^\s\\\"'<>]*)?")
_ID = re.compile(r"[0-9a-f]{16}")
_CLOCK = "%Y-%m-%dT%H:%M"
_MARK = re.compile(r"[\\`*_{}\[\]<>#+!|~&]")
_HEADING = re.compile("<h[1-6]")
#: Years of which a clock on the wall can be reckoned; others are mistyped.
_YEARS = range(2000, 2200)


@dataclass(frozen=True)
class Facts:
    """When, where and for whom. Clocks are naive: what the wall at the office shows.

    `audience` is the name of a page of the week, such as "students"; empty for everybody.
    """

    starts: datetime
    ends: datetime
    place: str = ""
    link: str = ""
    audience: str = ""


class Wrong(StrEnum):
    """Why facts or words are refused."""

    ENDS = "ends before it starts"
    OVER = "is over"
    SKIPPED = "the clocks skip it"
    LINK = "no https address"
    NOWHERE = "neither place nor link"
    HEADING = "a heading below the title"
    MARKS = "what a page must not hold"
    ASTRAY = "a link that leads nowhere"


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def written(moment: datetime) -> str:
    return moment.strftime(_CLOCK)


def read(text: str) -> datetime | None:
    """A clock on the wall as the store holds it; None for what is none."""
    try:
        found = datetime.strptime(text, _CLOCK)  # noqa: DTZ007 - the zone is the office's, and comes later
    except (ValueError, TypeError):
        return None
    return found if found.year in _YEARS else None


def is_skipped(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks jump over it, as on a night in spring."""
    return instant(wall, zone).astimezone(zone).replace(tzinfo=None) != wall


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the wall shows it, in UTC; of an hour that comes twice, the first."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def is_link(text: str, own: str = "") -> bool:
    """Whether it leads to another site than that of the office, at the host `own`; encrypted, and nowhere else."""
    return len(text) <= LINK_LIMIT and _LINK.fullmatch(text) is not None and links.host_of(text) not in {"", own}


def wrongs(facts: Facts, zone: ZoneInfo, now: datetime, own: str = "") -> dict[str, Wrong]:
    """What is wrong with an event of the office at the host `own`, by the name of the part; empty where nothing is."""
    found: dict[str, Wrong] = {}
    if facts.ends.year not in _YEARS or instant(facts.ends, zone) <= now:
        return {"day": Wrong.OVER}
    if facts.ends <= facts.starts:
        found["ends"] = Wrong.ENDS
    for name in ("starts", "ends"):
        if is_skipped(getattr(facts, name), zone):
            found[name] = Wrong.SKIPPED
    if facts.link and not is_link(facts.link, own):
        found["link"] = Wrong.LINK
    elif not facts.link and not facts.place:
        found["place"] = Wrong.NOWHERE
    return found


def wrong_text(text: str, here: Site | None = None) -> Wrong | None:
    """What is wrong with the words below the title."""
    refused = marks.refusals(text, here)
    if refused:
        return Wrong.ASTRAY if all(each.what is What.NOWHERE or each.instead for each in refused) else Wrong.MARKS
    read_text = marks.read(text)
    return Wrong.HEADING if read_text.title or _HEADING.search(read_text.html) else None


def as_markdown(title: str, text: str) -> str:
    """Title and text as one text of the site."""
    plain = _MARK.sub(lambda mark: chr(92) + mark[0], " ".join(title.split()))
    return f"# {plain}\n\n{text}"


def as_typed(markdown: str) -> tuple[str, str]:
    """Title and text, as somebody typed them."""
    head, _line, rest = markdown.partition("\n")
    if not head.startswith("# "):
        return "", markdown
    return marks.read(head).title, rest.strip()
