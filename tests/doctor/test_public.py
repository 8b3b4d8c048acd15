"""What visitors and their networks would meet: settings that are missing, unsafe or telling."""

from pathlib import Path

import pytest
from sqlalchemy import delete

from portal import config
from portal.doctor import public
from portal.doctor.machine import Machine
from portal.doctor.public import about_host
from portal.site import cases, choices, shelves, tables, words
from portal.site.choices import Choices
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


CASES = "# When we must speak\n\n- if a child is in danger\n"


def write(world: World, key: str, text: str, lang: str = "en") -> None:
    with world.stores.site.writing() as site:
        words.keep(site, key, lang, text, mark=words.standing(site, key, lang).mark)


def without_cases(world: World) -> None:
    path = world.instance / config.SETTINGS_FILE
    path.write_text(path.read_text().replace('    "if the ombuds', '    # "if the ombuds'))


def test_cases_that_the_office_wrote_in_the_browser_count(healthy: World, on: Machine) -> None:
    without_cases(healthy)
    write(healthy, "about/exceptions", CASES)

    assert found_in(healthy, on) == []


def test_a_page_of_cases_without_one_does_not_count(healthy: World, on: Machine) -> None:
    without_cases(healthy)
    write(healthy, "about/exceptions", "# When we must speak\n\nNever.\n")

    assert [what.split(" is empty")[0] for what in found_in(healthy, on)] == ["office.exceptions"]


def test_a_language_without_cases_of_its_own_reads_those_of_the_office(healthy: World, on: Machine) -> None:
    without_cases(healthy)
    write(healthy, "about/exceptions", CASES, "de")
    with healthy.stores.site.writing() as site:
        choices.keep(site, Choices(("de", "fr")))

    assert [what for what in found_in(healthy, on) if what.startswith("office.exceptions")] == []
    with healthy.stores.site.reading() as site:
        found = cases.listed(site, "fr", healthy.settings)
        assert found == cases.listed(site, "de", healthy.settings)
        assert (len(found) > 0, found.lang) == (True, "de")


def test_pages_that_only_the_office_can_make_true_are_remarked_on_while_they_are_as_shipped(
    healthy: World, on: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("charter", "referrals", "issues"):
        (tmp_path / "en" / "about").mkdir(parents=True, exist_ok=True)
        (tmp_path / "en" / "about" / f"{name}.md").write_text("# Shipped\n\nSo it usually is.\n")
    monkeypatch.setattr(shelves, "FOLDER", tmp_path)
    with healthy.stores.site.writing() as site:
        site.execute(delete(tables.Words))
        for name in shelves.SHIPPED[shelves.ABOUT]:
            words.show(site, f"about/{name}", shown=name in {"charter", "referrals", "issues"})
    shelves.shipped.cache_clear()
    try:
        # What was deleted above leaves free pages in the store, which doctor tells too.
        found, *_free = reversed(found_in(healthy, on))
        assert found.endswith("they are as shipped: charter, referrals.")

        write(healthy, "about/charter", "# Ours\n\nThe council signed it.\n")
        with healthy.stores.site.writing() as site:
            words.show(site, "about/referrals", shown=False)
        assert [each for each in found_in(healthy, on) if "free pages" not in each] == []
    finally:
        shelves.shipped.cache_clear()


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
