"""Settings, read once from instance/portal.toml and the secrets beside it; a wrong value stops the start."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from portal import calendar_settings, digest_settings
from portal.digest_settings import DigestSettings, Security
from portal.errors import NotReady, WrongSetting

SETTINGS_FILE = "portal.toml"
SECRETS_FILE = "secrets.toml"
SECRET_NAMES = ("roster", "codes", "words", "factors")
SMTP_KEY = "smtp_password"
_SECRET_SIZE = 32

T = TypeVar("T")


@dataclass(frozen=True)
class CrisisLine:
    """Somebody who answers when it cannot wait."""

    name: str
    number: str
    hours: str


@dataclass(frozen=True, repr=False)
class Secrets:
    """The server's secrets, 32 bytes each. They make a copied database useless alone; they open no matter."""

    roster: bytes
    codes: bytes
    words: bytes
    factors: bytes


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the office decides, checked."""

    instance: Path
    office_name: str
    zone: ZoneInfo
    phone: str
    address: str
    exit_target: str
    shows_trial: bool
    exceptions: tuple[str, ...]
    formal_report: str
    crisis: tuple[CrisisLine, ...]
    video_link: str
    publish_at: tuple[time, ...]
    notice_hours: int
    horizon_weeks: int
    lockers: int
    decoys_a_week: int
    noise_a_day: int
    keep_days: int
    domain_aliases: Mapping[str, str]
    calendar_hosts: tuple[str, ...] = ()
    secrets: Secrets = field(repr=False)
    digest: DigestSettings = field(default_factory=DigestSettings)
    #: Who oversees the office, and how to reach them: for whoever can talk to no ombuds of it.
    overseen_by: str = ""

    @property
    def is_https(self) -> bool:
        return self.address.startswith("https://")

    @property
    def roster(self) -> Path:
        return self.instance / "roster.db"


def load(instance: Path) -> Settings:
    """Read the settings of an instance folder.

    Raises:
        NotReady: when `init` has not been run there.
        WrongSetting: naming the file, the setting and what it must be.
    """
    values = _Reader(_toml(instance / SETTINGS_FILE))
    settings = Settings(
        instance=instance,
        office_name=values.text("office.name"),
        zone=values.checked("office.zone", ZoneInfo, "an IANA zone like Europe/Amsterdam"),
        phone=values.text("office.phone", default=""),
        address=values.checked("site.address", _site_address, "an address like https://times.example.org"),
        exit_target=values.checked("site.exit_target", _web_address, "an address like https://www.wikipedia.org/"),
        shows_trial=values.flag("site.show_seizure_test", default=False),
        exceptions=values.texts("office.exceptions"),
        formal_report=values.text("office.formal_report", default=""),
        overseen_by=values.text("office.overseen_by", default=""),
        crisis=tuple(_crisis_line(line) for line in values.tables("crisis")),
        video_link=values.checked("video.link", _video_link, "an https address with {room} in it"),
        publish_at=values.checked("times.publish_at", _hours, 'a list of hours like ["06:00"]'),
        notice_hours=values.number("times.notice_hours", 0, 24 * 14),
        horizon_weeks=values.number("times.horizon_weeks", 1, 26),
        lockers=values.number("storage.lockers", 4, 2000),
        decoys_a_week=values.number("storage.decoys_a_week", 0, 100),
        noise_a_day=values.number("storage.noise_a_day", 0, 1440, default=96),
        keep_days=values.number("storage.keep_days", 1, 365),
        domain_aliases=values.aliases("roster.domain_aliases"),
        calendar_hosts=values.checked(
            "calendars.allow", calendar_settings.hosts, 'a list of hosts like ["cloud.example.org:8443"]', []
        ),
        secrets=_secrets(instance / SECRETS_FILE),
        digest=_digest(values, instance / SECRETS_FILE),
    )
    values.refuse_the_rest()
    return settings


def is_web_address(value: str) -> bool:
    """Whether the portal could be served there: https, or plain http on this machine only."""
    try:
        return bool(_site_address(value))
    except ValueError:
        return False


class _Reader:
    """Takes values by dotted name and remembers which were asked for, so that a misspelt one is found."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._values = {
            f"{section}.{name}": value
            for section, table in document.items()
            if isinstance(table, dict)
            for name, value in table.items()
        } | {name: value for name, value in document.items() if not isinstance(value, dict)}
        self._sections = {section for section, table in document.items() if isinstance(table, dict)}
        self._asked: set[str] = set()

    def _take(self, name: str, default: object = None) -> Any:  # noqa: ANN401 - TOML holds anything until checked
        self._asked.add(name)
        if name not in self._values and default is None:
            raise WrongSetting(f"{SETTINGS_FILE}: the setting {name} is missing.")
        return self._values.get(name, default)

    def text(self, name: str, default: str | None = None) -> str:
        value = self._take(name, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise WrongSetting(f"{SETTINGS_FILE}: {name} must be a text in quotes.")
        return value.strip()

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._take(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise WrongSetting(f"{SETTINGS_FILE}: {name} must be a list of sentences in quotes.")
        return tuple(value)

    def tables(self, name: str) -> list[dict[str, Any]]:
        value = self._take(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise WrongSetting(f"{SETTINGS_FILE}: write each entry of {name} under its own [[{name}]].")
        return value

    def number(self, name: str, least: int, most: int, default: int | None = None) -> int:
        value = self._take(name, default)
        if type(value) is not int or not least <= value <= most:
            raise WrongSetting(f"{SETTINGS_FILE}: {name} must be a whole number from {least} to {most}.")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise WrongSetting(f"{SETTINGS_FILE}: {name} must be true or false.")
        return value

    def checked(self, name: str, check: Callable[[Any], T], wanted: str, default: object = None) -> T:
        try:
            return check(self._take(name, default))
        except (ValueError, LookupError, OSError, TypeError, AttributeError) as error:
            raise WrongSetting(f"{SETTINGS_FILE}: {name} must be {wanted}.") from error

    def aliases(self, name: str) -> Mapping[str, str]:
        value = self._take(name, {})
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise WrongSetting(f'{SETTINGS_FILE}: {name} must look like {{ "old.example" = "new.example" }}.')
        return {old.lower(): new.lower() for old, new in value.items()}

    def refuse_the_rest(self) -> None:
        known = {name.partition(".")[0] for name in self._asked}
        unknown = sorted(self._values.keys() - self._asked) or sorted(self._sections - known)
        if unknown:
            raise WrongSetting(f"{SETTINGS_FILE}: unknown setting {unknown[0]}. Is it misspelt?")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotReady(f"There is no {path}. Run `portal init` first.") from error
    except PermissionError as error:
        raise WrongSetting(f"{path} cannot be read by this user. Give it to the user that runs the portal.") from error
    except IsADirectoryError as error:  # as a container makes it in place of a missing file
        raise WrongSetting(f"{path} is a folder. Remove it, and put the file there.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSetting(f"{path} is not valid TOML: {error}.") from error


def _secrets(path: Path) -> Secrets:
    document = _toml(path)
    try:
        found = {name: bytes.fromhex(document[name]) for name in SECRET_NAMES}
    except (KeyError, ValueError, TypeError) as error:
        raise WrongSetting(f"{path} must hold {', '.join(SECRET_NAMES)}, 64 hexadecimal digits each.") from error
    if any(len(value) != _SECRET_SIZE for value in found.values()):
        raise WrongSetting(f"{path}: every secret has 64 hexadecimal digits.")
    return Secrets(**found)


def _digest(values: _Reader, secrets: Path) -> DigestSettings:
    host, port = values.checked(
        "digest.smtp", digest_settings.server, "a mail server with its port, like mail.example.org:587", "localhost:25"
    )
    digest = DigestSettings(
        to=values.checked("digest.to", digest_settings.addresses, 'a list like ["ola@example.org"]', []),
        at=values.checked("digest.at", digest_settings.hour, 'an hour like "07:30"', "07:30"),
        host=host,
        port=port,
        security=values.checked("digest.security", Security, 'one of "none", "starttls" and "tls"', "none"),
        user=values.checked("digest.user", digest_settings.plain, "a text in plain letters, digits and signs", ""),
        password=_mail_password(secrets),
        site_host=values.checked("site.address", digest_settings.site_host, "an address that exists in the DNS"),
    )
    if not digest.is_safe:
        raise WrongSetting(
            f'{SETTINGS_FILE}: digest.security must be "starttls" or "tls", because digest.smtp is another machine: '
            "every network on the way would read the mail."
        )
    if digest.user and not digest.password:
        raise WrongSetting(f"{secrets} must hold {SMTP_KEY}, because digest.user is set in {SETTINGS_FILE}.")
    return digest


def _mail_password(path: Path) -> str:
    try:
        return digest_settings.plain(_toml(path).get(SMTP_KEY, ""))
    except (ValueError, AttributeError):  # without its cause, which quotes the password
        raise WrongSetting(f"{path}: {SMTP_KEY} must be a text in plain letters, digits and signs.") from None


def _web_address(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    parts = urlsplit(value)
    parts.port  # noqa: B018 - asking for it finds a port that is none
    is_local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parts.hostname or parts.scheme not in {"https", "http"} or (parts.scheme == "http" and not is_local):
        raise ValueError("not a safe web address")
    return value


def _site_address(value: object) -> str:
    """A scheme and a host, without a slash behind: pages are appended to it."""
    parts = urlsplit(_web_address(value))
    if parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("more than a host")
    return f"{parts.scheme}://{parts.netloc}"


def _video_link(value: str) -> str:
    if "{room}" not in value:
        raise ValueError("no room")
    # Filled in as a receipt does it: another brace would break every receipt.
    _web_address(value.format(room="room"))
    return value


def _hours(value: list[str]) -> tuple[time, ...]:
    hours = tuple(sorted(time.fromisoformat(item) for item in value))
    if not hours:
        raise ValueError("no hour")
    return hours


def _crisis_line(line: dict[str, Any]) -> CrisisLine:
    unknown = sorted(line.keys() - {"name", "number", "hours"})
    if unknown:
        raise WrongSetting(f"{SETTINGS_FILE}: unknown setting {unknown[0]} in [[crisis]]. Is it misspelt?")
    try:
        return CrisisLine(name=str(line["name"]), number=str(line["number"]), hours=str(line.get("hours", "")))
    except KeyError as error:
        raise WrongSetting(f"{SETTINGS_FILE}: each [[crisis]] needs a name and a number.") from error
