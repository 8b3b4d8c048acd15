"""Settings of the daily mail: off unless somebody is named, and a wrong one stops the start by its name."""

import re
from datetime import time
from pathlib import Path

import pytest

from portal import config, setup
from portal.config import SECRETS_FILE, SETTINGS_FILE
from portal.digest_settings import DigestSettings, Security
from portal.errors import WrongSetting
from tests.cast import change_settings


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("fresh") / "instance"
    setup.make_office(folder, name="Office", zone="Europe/Dublin", address="https://times.example.org:8443")
    return (folder / SETTINGS_FILE).read_text("utf-8"), (folder / SECRETS_FILE).read_text("utf-8")


@pytest.fixture
def instance(fresh: tuple[str, str], tmp_path: Path) -> Path:
    (tmp_path / SETTINGS_FILE).write_text(fresh[0], "utf-8")
    (tmp_path / SECRETS_FILE).write_text(fresh[1], "utf-8")
    return tmp_path


def read(instance: Path, **values: str) -> DigestSettings:
    lines = {name: f"{name} = {value}".replace("\\", "\\\\") for name, value in values.items()}
    change_settings(instance, **lines)
    return config.load(instance).digest


def refusal(instance: Path, **values: str) -> str:
    with pytest.raises(WrongSetting) as refused:
        read(instance, **values)
    return str(refused.value)


def keep_password(instance: Path, line: str) -> None:
    with (instance / SECRETS_FILE).open("a") as file:
        file.write(f"{line}\n")


def test_a_new_office_sends_nothing(instance: Path) -> None:
    assert read(instance) == DigestSettings(site_host="times.example.org")
    assert DigestSettings().to == ()


def test_an_office_made_before_there_was_a_digest_starts_as_before(instance: Path) -> None:
    path = instance / SETTINGS_FILE
    path.write_text(re.sub(r"(?s)\[digest\].*?\n# Who answers", "# Who answers", path.read_text()))

    assert "digest" not in path.read_text()
    assert config.load(instance).digest == DigestSettings(site_host="times.example.org")


def test_everything_that_is_set_is_read(instance: Path) -> None:
    keep_password(instance, 'smtp_password = "six words"')
    found = read(
        instance,
        to='["ola@example.org", "otto@example.org", "ola@example.org"]',
        at='"18:05"',
        smtp='"Mail.example.org:587"',
        security='"starttls"',
        user='"portal"',
    )

    assert found == DigestSettings(
        to=("ola@example.org", "otto@example.org"),
        at=time(18, 5),
        host="mail.example.org",
        port=587,
        security=Security.starttls,
        user="portal",
        password="six words",
        site_host="times.example.org",
    )
    assert "six words" not in repr(config.load(instance))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("to", '"ola@example.org"'),
        ("to", "[1]"),
        ("to", '["ola"]'),
        ("to", '["ola@example.org, otto@example.org"]'),
        ("to", '["Ola <ola@example.org>"]'),
        ("to", '["ola@example.org\\r\\nBcc: theo@example.net"]'),
        ("to", '["ola@example.org\\n"]'),
        ("to", '["öla@example.org"]'),
        ("to", f'["{"o" * 250}@example.org"]'),
        ("at", '"half past seven"'),
        ("at", '"24:00"'),
        ("at", '"07:30:01"'),
        ("at", '"07:30+02:00"'),
        ("at", "07:30:00"),
        ("at", "7"),
        ("smtp", '"mail.example.org"'),
        ("smtp", '"mail.example.org:"'),
        ("smtp", '"mail.example.org:0"'),
        ("smtp", '"mail.example.org:65536"'),
        ("smtp", '"smtp://mail.example.org:25"'),
        ("smtp", '"::1:25"'),
        ("smtp", '"mail..example.org:25"'),
        ("smtp", '"mail.example.org:25\\n"'),
        ("smtp", "25"),
        ("security", '"ssl"'),
        ("security", '"STARTTLS"'),
        ("security", "false"),
        ("security", "[]"),
        ("user", "7"),
        ("user", '"pörtal"'),
        ("user", '"portal\\n"'),
    ],
)
def test_a_wrong_value_is_named(instance: Path, name: str, value: str) -> None:
    said = refusal(instance, **{name: value})

    assert said.startswith(f"{SETTINGS_FILE}: digest.{name} must be ")
    assert said.endswith(".")
    assert "\n" not in said


def test_a_misspelt_one_is_found(instance: Path) -> None:
    assert refusal(instance, at='"07:30"\nsubject = "News!"') == (
        f"{SETTINGS_FILE}: unknown setting digest.subject. Is it misspelt?"
    )


@pytest.mark.parametrize("server", ["localhost:25", "LOCALHOST:25", "127.0.0.1:2525", "[::1]:25"])
def test_a_server_on_this_machine_needs_no_encryption(instance: Path, server: str) -> None:
    assert read(instance, smtp=f'"{server}"').is_safe


@pytest.mark.parametrize("server", ["mail.example.org:25", "localhost.example.org:25", "127.0.0.1.example.org:25"])
def test_a_server_elsewhere_needs_it(instance: Path, server: str) -> None:
    said = refusal(instance, smtp=f'"{server}"')

    assert said.startswith(f'{SETTINGS_FILE}: digest.security must be "starttls" or "tls", because')
    assert read(instance, security='"tls"').is_safe


@pytest.mark.parametrize("line", ["", 'smtp_password = ""'])
def test_a_user_without_a_password_is_told_where_it_goes(instance: Path, line: str) -> None:
    keep_password(instance, line)

    assert refusal(instance, user='"portal"') == (
        f"{instance / SECRETS_FILE} must hold smtp_password, because digest.user is set in {SETTINGS_FILE}."
    )


@pytest.mark.parametrize("value", ["7", '["hush-hush"]', '"hüsh-hüsh"', '"hush-hush\\n"'])
def test_a_password_that_no_server_can_be_told_is_refused_and_not_shown(instance: Path, value: str) -> None:
    keep_password(instance, f"smtp_password = {value}")

    said = refusal(instance)
    assert said.startswith(f"{instance / SECRETS_FILE}: smtp_password must be ")
    assert "sh-h" not in said


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://times.example.org", "times.example.org"),
        ("https://bücher.example.org", "xn--bcher-kva.example.org"),
        ("http://localhost:8000", "localhost"),
        ("http://[::1]:8000", "localhost"),
    ],
)
def test_the_site_has_a_name_that_a_mail_can_bear(instance: Path, address: str, host: str) -> None:
    assert read(instance, address=f'"{address}"').site_host == host


@pytest.mark.parametrize("address", ["https://times..example.org", "https://ti mes.example.org"])
def test_a_site_without_a_name_in_the_dns_is_refused(instance: Path, address: str) -> None:
    assert refusal(instance, address=f'"{address}"').startswith(f"{SETTINGS_FILE}: site.address must be ")
