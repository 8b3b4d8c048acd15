from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.config import Secrets, Settings
from portal.db import DeskBase, Store, open_engine
from portal.scheduling.rules import Mode, Place, Practice, WeeklyRange
from portal.scheduling.timetable import Timetable, times
from portal.sqlite import store_path

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OLA, OTTO = b"ombuds-ola-16-by", b"ombuds-otto-16-b"
NAMES = {OLA: "Ola", OTTO: "Otto"}
#: A Monday in summer, ten in the morning in Amsterdam.
MONDAY = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
MORNINGS = [WeeklyRange(weekday, time(9), time(12)) for weekday in range(5)]
MILL = Place(
    id=b"the-old-mill-16b",
    name="The old mill",
    access="step-free, no sign on the door",
    door="blue door, second floor",
    directions="over the bridge, then left",
)
PRACTICE = Practice(
    minutes=60,
    modes=(Mode.video, Mode.in_person),
    without_code=100,
    place=MILL.id,
)


def at(text: str, zone: ZoneInfo = AMSTERDAM) -> datetime:
    """An instant, from what a clock on the wall shows."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def make_settings(instance: Path, **changes: object) -> Settings:
    settings = Settings(
        instance=instance,
        office_name="Appointments",
        zone=AMSTERDAM,
        phone="+31 20 555 0100",
        address="http://localhost:8000",
        exit_target="https://www.example.org/",
        shows_trial=False,
        exceptions=(),
        formal_report="",
        crisis=(),
        video_link="https://video.example.org/{room}",
        publish_at=(time(6),),
        notice_hours=24,
        horizon_weeks=2,
        lockers=8,
        decoys_a_week=0,
        noise_a_day=0,
        keep_days=90,
        domain_aliases={},
        secrets=Secrets(b"r" * 32, b"c" * 32, b"w" * 32, b"f" * 32),
    )
    return replace(settings, **changes)


def new_store(folder: Path) -> Store:
    engine = open_engine(store_path(folder, "desk"))
    DeskBase.metadata.create_all(engine)
    return Store(engine)


def starts_within(ranges: list[WeeklyRange], minutes: int, zone: ZoneInfo, first: date, days: int) -> list[datetime]:
    """Starts, in UTC, of the appointments that such a week makes on so many dates."""
    practice = Practice(minutes, tuple(Mode), without_code=100)
    return [each.starts for each in times(Timetable(list(ranges), practice, zone), first, days)]
