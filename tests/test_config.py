"""Settings: a wrong value stops the start with a sentence that names it."""

import os
import re
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from portal import config, setup
from portal.config import SECRETS_FILE, SETTINGS_FILE
from portal.errors import NotReady, WrongSetting
from tests.cast import change_settings

NOBODY = 65534


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("fresh") / "instance"
    setup.make_office(folder, name='The "quiet" office', zone="Europe/Dublin", address="https://times.example.org")
    return (folder / SETTINGS_FILE).read_text("utf-8"), (folder / SECRETS_FILE).read_text("utf-8")


@pytest.fixture
def instance(fresh: tuple[str, str], tmp_path: Path) -> Path:
    (tmp_path / SETTINGS_FILE).write_text(fresh[0], "utf-8")
    (tmp_path / SECRETS_FILE).write_text(fresh[1], "utf-8")
    return tmp_path


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """The rights of a user without any: root could read everything."""
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
        yield
        os.seteuid(os.getuid())
    else:
        yield


def refusal(instance: Path) -> str:
    with pytest.raises(WrongSetting) as refused:
        config.load(instance)
    return str(refused.value)


def test_a_new_office_has_settings_that_load(instance: Path) -> None:
    settings = config.load(instance)

    assert settings.office_name == 'The "quiet" office'
    assert settings.zone.key == "Europe/Dublin"
    assert settings.publish_at == (time(6),)
    assert settings.is_https
    assert settings.crisis == ()
    assert settings.roster == instance / "roster.db"


def test_secrets_are_new_for_every_office_and_never_shown(
    instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other") / "instance"
    setup.make_office(other, name="Other", zone="UTC", address="http://localhost:8000")
    ours, theirs = config.load(instance).secrets, config.load(other).secrets
    values = {*vars(ours).values(), *vars(theirs).values()}

    assert len(values) == 8
    assert all(len(value) == 32 for value in values)
    assert ours.roster.hex() not in repr(config.load(instance))
    assert repr(ours.roster) not in repr(ours)


def test_crisis_lines_keep_their_order_and_may_leave_out_hours(instance: Path) -> None:
    path = instance / SETTINGS_FILE
    path.write_text(
        path.read_text()
        + '[[crisis]]\nname = "First"\nnumber = "112"\n[[crisis]]\nname = "Second"\nnumber = "116 123"\n'
        'hours = "at night"\n'
    )

    assert [(line.name, line.number, line.hours) for line in config.load(instance).crisis] == [
        ("First", "112", ""),
        ("Second", "116 123", "at night"),
    ]


def test_hours_of_publication_come_in_order(instance: Path) -> None:
    change_settings(instance, publish_at='publish_at = ["18:00", "06:30"]')

    assert config.load(instance).publish_at == (time(6, 30), time(18))


def test_domain_aliases_are_read_in_lower_case(instance: Path) -> None:
    change_settings(instance, domain_aliases='domain_aliases = { "Old.Example" = "New.Example" }')

    assert config.load(instance).domain_aliases == {"old.example": "new.example"}


def test_hosts_of_calendars_are_none_unless_they_are_listed(instance: Path) -> None:
    assert config.load(instance).calendar_hosts == ()

    change_settings(
        instance, allow='allow = ["Cloud.example.org", "10.0.0.7:8443", "[fd00::7]:80", "cloud.example.org"]'
    )
    assert config.load(instance).calendar_hosts == ("cloud.example.org", "10.0.0.7:8443", "[fd00::7]:80")


def test_an_office_made_before_calendars_were_read_starts(instance: Path) -> None:
    path = instance / SETTINGS_FILE
    text = path.read_text("utf-8")
    begins, ends = text.index("[calendars]"), text.index("[digest]")
    path.write_text(text[:begins] + text[ends:], "utf-8")

    assert config.load(instance).calendar_hosts == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("calendars.allow", '"cloud.example.org"'),
        ("calendars.allow", '["https://cloud.example.org"]'),
        ("calendars.allow", '["cloud.example.org/calendars"]'),
        ("calendars.allow", '["cloud.example.org:0"]'),
        ("calendars.allow", '["cloud.example.org:70000"]'),
        ("calendars.allow", '["*"]'),
        ("calendars.allow", '["10.0.0.0/8"]'),
        ("calendars.allow", '["fd00::7"]'),
        ("calendars.allow", "[7]"),
        ("calendars.allow", '[""]'),
        ("office.name", '"  "'),
        ("office.name", "7"),
        ("office.zone", '"Europe/Atlantis"'),
        ("office.zone", '"../../etc/passwd"'),
        ("office.zone", '""'),
        ("office.zone", "1"),
        ("office.phone", "112"),
        ("office.formal_report", "[]"),
        ("office.overseen_by", "7"),
        ("office.exceptions", '"one sentence"'),
        ("office.exceptions", "[1]"),
        ("site.address", '"http://times.example.org"'),
        ("site.address", '"times.example.org"'),
        ("site.address", '"ftp://localhost"'),
        ("site.address", '"https://"'),
        ("site.address", "8000"),
        ("site.address", '"https://times.example.org/path"'),
        ("site.address", '"https://times.example.org/?who=vera"'),
        ("site.address", '"https://times.example.org/#top"'),
        ("site.address", '"https://ola:word@times.example.org"'),
        ("site.address", '"https://times.example.org:99999"'),
        ("site.exit_target", '"http://www.example.org/"'),
        ("site.exit_target", '"javascript:alert(1)"'),
        ("times.publish_at", "[]"),
        ("times.publish_at", '["six"]'),
        ("times.publish_at", '["25:00"]'),
        ("times.publish_at", '"06:00"'),
        ("times.publish_at", "[6]"),
        ("times.publish_at", '["06:00", "07:00+02:00"]'),
        ("times.notice_hours", "-1"),
        ("times.notice_hours", "337"),
        ("times.notice_hours", '"12"'),
        ("times.notice_hours", "1.5"),
        ("times.notice_hours", "true"),
        ("times.horizon_weeks", "0"),
        ("times.horizon_weeks", "27"),
        ("video.link", '"https://meet.example.org/room"'),
        ("video.link", '"http://meet.example.org/{room}"'),
        ("video.link", '"https://meet.example.org/{room}?lang={language}"'),
        ("video.link", '"https://meet.example.org/{room}/{"'),
        ("video.link", '"https://meet.example.org/{room}/{}"'),
        ("video.link", "1"),
        ("roster.domain_aliases", '"old.example"'),
        ("roster.domain_aliases", "{ old = 1 }"),
        ("storage.lockers", "3"),
        ("storage.lockers", "2001"),
        ("storage.decoys_a_week", "-1"),
        ("storage.decoys_a_week", "101"),
        ("storage.keep_days", "0"),
        ("storage.keep_days", "366"),
    ],
)
def test_a_wrong_value_is_named(instance: Path, name: str, value: str) -> None:
    setting = name.rpartition(".")[2]
    if setting == "exceptions":
        path = instance / SETTINGS_FILE
        path.write_text(re.sub(r"(?s)exceptions = \[.*?\n\]", f"exceptions = {value}", path.read_text()))
    else:
        change_settings(instance, **{setting: f"{setting} = {value}"})

    said = refusal(instance)

    assert said.startswith(f"{SETTINGS_FILE}: {name} must ")
    assert said.endswith(".")


@pytest.mark.parametrize(
    "name",
    [
        "office.name",
        "office.zone",
        "site.address",
        "site.exit_target",
        "times.publish_at",
        "times.notice_hours",
        "times.horizon_weeks",
        "video.link",
        "storage.lockers",
        "storage.decoys_a_week",
        "storage.keep_days",
    ],
)
def test_a_missing_setting_is_named(instance: Path, name: str) -> None:
    change_settings(instance, **{name.rpartition(".")[2]: ""})

    assert refusal(instance) == f"{SETTINGS_FILE}: the setting {name} is missing."


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("notice_hour = 2", "times.notice_hour"),
        ("Notice_hours = 2", "times.Notice_hours"),
        ("publish = []", "times.publish"),
    ],
)
def test_a_misspelt_setting_is_found(instance: Path, line: str, named: str) -> None:
    change_settings(instance, horizon_weeks=f"horizon_weeks = 4\n{line}")

    assert refusal(instance) == f"{SETTINGS_FILE}: unknown setting {named}. Is it misspelt?"


@pytest.mark.parametrize(("section", "named"), [("[offices]\nname = 1", "offices.name"), ("[[crises]]\n", "crises")])
def test_a_misspelt_section_is_found(instance: Path, section: str, named: str) -> None:
    path = instance / SETTINGS_FILE
    path.write_text(f"{path.read_text()}\n{section}\n")

    assert refusal(instance) == f"{SETTINGS_FILE}: unknown setting {named}. Is it misspelt?"


def test_a_misspelt_section_without_any_setting_is_found(instance: Path) -> None:
    path = instance / SETTINGS_FILE
    path.write_text(f"{path.read_text()}\n[crises]\n")

    assert refusal(instance) == f"{SETTINGS_FILE}: unknown setting crises. Is it misspelt?"


@pytest.mark.parametrize(
    "block", ['[[crisis]]\nname = "Night line"', '[[crisis]]\nnumber = "112"', "[crisis]\nname = 1", "crisis = 1"]
)
def test_a_crisis_line_that_nobody_can_call_is_named(instance: Path, block: str) -> None:
    path = instance / SETTINGS_FILE
    text = path.read_text()
    path.write_text(f"{block}\n{text}" if block.startswith("crisis") else f"{text}\n{block}\n")

    said = refusal(instance)

    assert "crisis" in said
    assert said.endswith((".", "?"))


def test_a_crisis_line_with_a_misspelt_part_is_named(instance: Path) -> None:
    path = instance / SETTINGS_FILE
    path.write_text(f'{path.read_text()}\n[[crisis]]\nname = "Night line"\nnumber = "112"\nhour = "always"\n')

    assert "hour" in refusal(instance)


def test_pages_are_appended_to_the_address_without_a_second_slash(instance: Path) -> None:
    change_settings(instance, address='address = "https://times.example.org/"')

    assert config.load(instance).address == "https://times.example.org"


@pytest.mark.parametrize("address", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"])
def test_plain_http_is_for_this_machine_only(instance: Path, address: str) -> None:
    change_settings(instance, address=f'address = "{address}"')

    assert not config.load(instance).is_https


@pytest.mark.parametrize(
    "address", ["http://localhost.example.org", "http://127.0.0.1.example.org", "http://192.0.2.1"]
)
def test_plain_http_elsewhere_is_refused(instance: Path, address: str) -> None:
    change_settings(instance, address=f'address = "{address}"')

    assert "site.address" in refusal(instance)


@pytest.mark.parametrize("name", ["roster", "codes", "words", "factors"])
@pytest.mark.parametrize("value", ["", "{name} = ''", "{name} = '00ff'", "{name} = 'zz'", "{name} = 5"])
def test_a_missing_or_short_secret_stops_the_start_without_being_shown(instance: Path, name: str, value: str) -> None:
    path = instance / SECRETS_FILE
    before = config.load(instance).secrets
    path.write_text(re.sub(rf"(?m)^{name} = .*$", value.format(name=name), path.read_text()))

    said = refusal(instance)

    assert str(path) in said
    assert "64 hexadecimal digits" in said
    assert not any(secret.hex() in said for secret in vars(before).values())


def test_without_a_settings_file_the_way_on_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"Run `portal init` first"):
        config.load(tmp_path)


def test_without_a_secrets_file_the_way_on_is_told(instance: Path) -> None:
    (instance / SECRETS_FILE).unlink()

    with pytest.raises(NotReady, match=re.escape(SECRETS_FILE)):
        config.load(instance)


def test_an_instance_that_is_a_file_is_named(instance: Path) -> None:
    with pytest.raises((NotReady, WrongSetting), match=re.escape(SETTINGS_FILE)):
        config.load(instance / SETTINGS_FILE)


@pytest.mark.parametrize("content", [b"name = ", b"name = 1\nname = 2", b"\xff\xfe"])
@pytest.mark.parametrize("name", [SETTINGS_FILE, SECRETS_FILE])
def test_a_broken_file_is_named(instance: Path, name: str, content: bytes) -> None:
    (instance / name).write_bytes(content)

    assert refusal(instance).startswith(f"{instance / name} is not valid TOML: ")


@pytest.mark.parametrize("name", [SETTINGS_FILE, SECRETS_FILE])
def test_an_unreadable_file_is_named_with_what_to_do(instance: Path, name: str, request: pytest.FixtureRequest) -> None:
    with TemporaryDirectory() as made:
        # Not below the tests' own folder, which nobody else may enter.
        folder = Path(made)
        folder.chmod(0o755)
        for file in (SETTINGS_FILE, SECRETS_FILE):
            (folder / file).write_bytes((instance / file).read_bytes())
        (folder / name).chmod(0)
        request.getfixturevalue("as_nobody")

        assert refusal(folder).startswith(f"{folder / name} cannot be read by this user.")
        os.seteuid(os.getuid())
