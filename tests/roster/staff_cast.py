import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from portal.config import Secrets, Settings
from portal.roster import service
from portal.roster.rules import FileRefused, ImportReport
from portal.sealing import keys

Crowd = Callable[..., str]
FIXTURES = Path(__file__).parent / "fixtures"
NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)


def make_settings(instance: Path, **changes: object) -> Settings:
    values: dict[str, Any] = {
        "instance": instance,
        "office_name": "Office",
        "zone": ZoneInfo("Europe/Amsterdam"),
        "phone": "",
        "address": "http://localhost:8000",
        "exit_target": "https://www.wikipedia.org/",
        "shows_trial": False,
        "exceptions": (),
        "formal_report": "",
        "crisis": (),
        "video_link": "https://meet.example/{room}",
        "publish_at": (time(6),),
        "notice_hours": 24,
        "horizon_weeks": 4,
        "lockers": 8,
        "decoys_a_week": 2,
        "noise_a_day": 96,
        "keep_days": 90,
        "domain_aliases": {"old.example": "example.org"},
        "secrets": Secrets(b"r" * 32, b"c" * 32, b"w" * 32, b"f" * 32),
    }
    return Settings(**(values | changes))


@dataclass
class Office:
    """An instance folder, its settings and the office key."""

    settings: Settings
    private: bytes

    @property
    def folder(self) -> Path:
        return self.settings.instance

    @property
    def roster(self) -> Path:
        return self.settings.roster

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir())}

    def bring(
        self,
        source: str | bytes | Path,
        *,
        progress: Callable[[int], None] = lambda _: None,
        allow_smaller: bool = False,
    ) -> ImportReport | FileRefused:
        content = source.read_bytes() if isinstance(source, Path) else source
        return service.import_roster(
            io.BytesIO(content.encode() if isinstance(content, str) else content),
            instance=self.folder,
            settings=self.settings,
            office_public=keys.public_of(self.private),
            now=NOW,
            progress=progress,
            allow_smaller=allow_smaller,
        )

    def check(self, email: str, code: str = "", proof: str = "none", now: datetime = NOW) -> object:
        return service.check_claim(self.roster, service.Claim(email, code, proof), settings=self.settings, now=now)

    def opened(self, parts: service.Parts) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """Group, attributes and identity, as the desk opens them."""
        key = service.open_import_key(parts.sealed_key, parts.import_id, self.private)
        return (
            service.open_group(parts.group, key, parts.import_id),
            service.open_attributes(parts.attributes, key, parts.import_id),
            service.open_identity(parts.identity, key, parts.import_id),
        )

    def profile(self, email: str) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        found = self.check(email)
        assert isinstance(found, service.Eligible)
        assert found.parts is not None
        return self.opened(found.parts)
