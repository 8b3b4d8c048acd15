"""What visitors and their networks would meet: settings that are missing, unsafe or telling."""

import pytest

from portal import config
from portal.doctor import public
from portal.doctor.machine import Machine
from portal.doctor.public import about_host
from tests.cast import World, change_settings
from tests.doctor.healthy import CRISIS, found_in, grave, said


@pytest.mark.parametrize(
    ("change", "begins", "is_grave"),
    [
        ({"phone": 'phone = ""'}, "office.phone is empty", True),
        ({"link": 'link = "https://meet.example.org/{room}"'}, "video.link is the example", True),
        ({"link": 'link = "http://localhost/{room}"'}, "video.link leads to the visitor's own machine", True),
        ({"address": 'address = "http://localhost:8000"'}, "The address is plain http", False),
        ({"address": 'address = "https://ombuds.example.org"'}, "The host name ombuds.example.org says", False),
        ({"formal_report": 'formal_report = ""'}, "office.formal_report is empty", False),
        ({"overseen_by": 'overseen_by = ""'}, "office.overseen_by is empty", False),
        ({"decoys_a_week": "decoys_a_week = 0"}, "storage.decoys_a_week is 0", False),
        ({"noise_a_day": "noise_a_day = 0"}, "storage.noise_a_day is 0", False),
        (
            {"publish_at": 'publish_at = ["06:00", "09:00", "12:00", "15:00", "18:00"]'},
            "The list of times is published 5 times a day",
            False,
        ),
    ],
)
def test_a_setting_that_should_change_is_found(
    healthy: World, on: Machine, change: dict[str, str], begins: str, *, is_grave: bool
) -> None:
    change_settings(healthy.instance, **change)
    (found,) = found_in(healthy, on)

    assert found.startswith(begins)
    assert grave(public.findings(config.load(healthy.instance))) == [is_grave]


def test_missing_crisis_lines_and_exceptions_are_found(healthy: World, on: Machine) -> None:
    path = healthy.instance / config.SETTINGS_FILE
    path.write_text(path.read_text().replace(CRISIS, "").replace('    "if the ombuds', '    # "if the ombuds'))

    assert [what.split(" is empty")[0] for what in found_in(healthy, on)] == ["office.exceptions", "[[crisis]]"]


@pytest.mark.parametrize(
    "host",
    [
        "ombuds.example.org",
        "Ombudsman.example.org",
        "complaints.example.org",
        "grievance.example.org",
        "whistleblow.example.org",
        "harassment-help.example.org",
        "ethics.example.org",
        "report.example.org",
        "hotline.example.org",
        "confidential.example.org",
        "mediation.example.org",
        "speak-up.example.org",
        "beschwerden.example.org",
    ],
)
def test_a_host_name_that_says_what_it_is_for_is_worth_a_remark(host: str) -> None:
    (found,) = about_host(host)

    assert host in found.what
    assert not found.is_grave


@pytest.mark.parametrize(
    "host", ["times.example.org", "localhost", "127.0.0.1", "tuesday.example.org", "airport.example.org", ""]
)
def test_a_neutral_host_name_is_well(host: str) -> None:
    assert said(about_host(host)) == []
