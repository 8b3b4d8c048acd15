"""The demo office: made once, and everything it prints works."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal import clock, config
from portal.cli import main
from portal.db import open_stores
from portal.demo import office as demo
from portal.demo.people import demo_people, stranger
from portal.desk import service as desk_service
from portal.desk.changing import AtDesk
from portal.errors import NotReady
from portal.intake import service as intake
from portal.intake.rules import Share, Stub
from portal.intake.service import Receipt
from portal.office import service as office
from portal.office.rules import KeyCheck, read_recovery
from portal.roster.rules import Claim, Refused
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode, Offer
from portal.sealing import words
from portal.site import choices
from portal.volatile import Publication

pytestmark = pytest.mark.xdist_group("test_demo")
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}")


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "instance"
    said: list[str] = []
    demo.make_if_missing(folder, port=8199, now=clock.now(), say=said.append)
    assert said == ["Making a demo office with 2,000 fictional people…"]
    return folder


@pytest.fixture
def printed(instance: Path) -> str:
    return demo.what_to_try(instance, clock.now(), port=8199)


def codes(printed: str) -> dict[str, str]:
    found = re.findall(rf"(\S+@example\.org)\s+({CODE.pattern})", printed)
    return dict(found)


def book(instance: Path, claim: Claim) -> intake.Answer:
    settings, stores, publication = config.load(instance), open_stores(instance), Publication[Offer]()
    with stores.desk.reading() as desk:
        listed = scheduling.published(desk, publication, office.names(desk), settings=settings, now=clock.now())
    request = intake.Request(
        words=words.draw(), claim=claim, slots=[listed[2].id], mode=Mode.phone, stub=Stub(Share.PROFILE)
    )
    return intake.request_meeting(stores, request, publication=publication, settings=settings, now=clock.now())


def test_it_is_made_once_and_never_again(instance: Path) -> None:
    before = {path.name: path.read_bytes() for path in instance.iterdir()}
    said: list[str] = []

    demo.make_if_missing(instance, port=8199, now=clock.now(), say=said.append)

    assert said == []
    assert {path.name: path.read_bytes() for path in instance.iterdir()} == before


def test_a_half_made_one_is_not_taken_for_whole(instance: Path, tmp_path: Path) -> None:
    for name in ("portal.toml", "secrets.toml"):
        (tmp_path / name).write_bytes((instance / name).read_bytes())

    with pytest.raises(NotReady, match="holds an office already"):
        demo.make_if_missing(tmp_path, port=8199, now=clock.now(), say=lambda _line: None)


def test_what_to_try_is_printed(printed: str) -> None:
    assert "http://localhost:8199" in printed
    assert "http://localhost:8199/desk/" in printed
    assert codes(printed).keys() == {person.email for person in demo_people()}
    assert f"{stranger().email}" in printed
    assert "make digits" in printed
    assert "passphrase" in printed
    assert "otpauth://totp/" in printed
    (staff_list,) = re.findall(r"The staff list is (\S+)", printed)
    assert Path(staff_list).read_text("utf-8").count("\n") == 2002


@pytest.mark.parametrize("number", range(3))
def test_its_people_can_book_with_the_codes_it_prints(instance: Path, printed: str, number: int) -> None:
    email = demo_people()[number].email

    found = book(instance, Claim(email, codes(printed)[email], "code"))

    assert isinstance(found, Receipt)
    assert found.matter.level == "mailbox"


def test_ned_cannot_book_with_somebody_elses_code(instance: Path, printed: str) -> None:
    for code in codes(printed).values():
        assert book(instance, Claim(stranger().email, code, "code")) == Refused()


def test_its_ombuds_signs_in_with_what_is_printed_and_finds_visitors(instance: Path, printed: str) -> None:
    settings, stores = config.load(instance), open_stores(instance)
    (passphrase,) = re.findall(r"passphrase +(.+)", printed)
    with stores.desk.reading() as desk:
        (ombuds,) = office.names(desk)
    with stores.keys.reading() as keys:
        wrapped = office.find_wrapped(keys, ombuds)
    now = clock.now()

    found = office.sign_in(wrapped, demo.digits(instance, now), passphrase, settings=settings, now=now, last_step=0)

    assert isinstance(found, tuple)
    at = AtDesk(stores, found[0], settings, now)
    assert desk_service.unlock(at).key is KeyCheck.OWN
    queue = desk_service.queue(at)
    assert {"Robin", "Blue", "Sam"} <= {line.call_name for line in queue.coming}
    assert {line.level for line in queue.coming} == {"mailbox", "none"}
    assert queue.tampered == []


def test_its_note_is_for_its_owner_and_holds_a_recovery_code(instance: Path) -> None:
    assert (instance / "what-to-try.json").stat().st_mode & 0o777 == 0o600
    assert read_recovery(" ".join(demo._read_note(instance)["recovery"])) is not None


def test_the_command_prints_fresh_digits(instance: Path, tmp_path: Path) -> None:
    runner = CliRunner(env={"PORTAL_INSTANCE": str(instance)})
    result = runner.invoke(main, ["demo", "--digits"])
    assert result.exit_code == 0
    assert re.fullmatch(r"\d{6}\n", result.stdout)

    nowhere = CliRunner(env={"PORTAL_INSTANCE": str(tmp_path)}).invoke(main, ["demo", "--digits"])
    assert nowhere.exit_code == 1
    assert "Start it with: make run" in nowhere.stderr


def test_the_demo_office_offers_all_languages_of_the_makers(instance: Path) -> None:
    with open_stores(instance).site.reading() as site:
        assert choices.read(site).languages == ("en", "es", "fr", "ar")
