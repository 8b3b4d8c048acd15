import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import NotReady
from portal.roster import codes, service, tables
from portal.roster.rules import FileRefused, hash_of
from portal.sealing import symbols
from tests.roster.staff_cast import Office

CodeOf = Callable[..., str]
VERA = "vera.lindqvist@example.org"
NED = "ned@example.org"


@pytest.fixture
def open_office(office: Office, fixtures: Path) -> Office:
    office.bring(fixtures / "plain.csv")
    return office


def mailed(office: Office, content: bytes, period: str = "2026-Q4") -> tuple[Any, list[dict[str, str]]]:
    out = io.StringIO(newline="")
    report = service.write_codes(io.BytesIO(content), out, period=period, settings=office.settings)
    return report, list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


@pytest.fixture
def code_of(open_office: Office, fixtures: Path) -> CodeOf:
    def find(email: str = VERA, period: str = "2026-Q4") -> str:
        _, lines = mailed(open_office, (fixtures / "plain.csv").read_bytes(), period)
        return next(line["code"] for line in lines if line["email"] == email)

    return find


def test_vera_comes_with_her_code_however_she_types_it(open_office: Office, code_of: CodeOf) -> None:
    code = code_of()
    assert len(code) == 13
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} ", code.replace("0", "o")):
        found = open_office.check("Vera.Lindqvist@OLD.example", typed, "code")
        assert found.level is service.Level.mailbox
        assert open_office.opened(found.parts)[2]["first"] == "Vera"


def test_a_slip_is_seen_before_anything_is_looked_up(open_office: Office, code_of: CodeOf) -> None:
    code = code_of()
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    for email in (VERA, NED, "no address"):
        for typed in (wrong, code[:-1], code + "7", "", "hello"):
            assert open_office.check(email, typed, "code") == service.Misread()


def test_all_refusals_are_the_same_value(open_office: Office, code_of: CodeOf) -> None:
    another = code_of("tomas.okafor@example.org")
    garbage = symbols.with_check("0123456789")
    assert open_office.check(VERA, another, "code") == service.Refused()
    assert open_office.check(VERA, garbage, "code") == service.Refused()
    assert open_office.check(NED, garbage, "code") == service.Refused()
    assert open_office.check(NED, code_of(), "code") == service.Refused()
    assert open_office.check("no address", garbage, "code") == service.Refused()
    assert open_office.check("", garbage, "code") == service.Refused()


def test_ned_holds_no_code_even_if_he_could_compute_it(open_office: Office) -> None:
    secrets = open_office.settings.secrets
    code = codes.code_of(hash_of(NED, secrets.roster), codes.period_key(secrets.codes, "2026-Q4"))
    assert open_office.check(NED, code, "code") == service.Refused()


def test_an_empty_address_with_its_own_code_is_refused(open_office: Office) -> None:
    secrets = open_office.settings.secrets
    code = codes.code_of(hash_of("", secrets.roster), codes.period_key(secrets.codes, "2026-Q4"))
    assert open_office.check("", code, "code") == service.Refused()


def test_without_a_code_nobody_is_refused(open_office: Office) -> None:
    assert open_office.check(VERA).level is service.Level.address
    assert open_office.check(VERA, "typed but not meant").level is service.Level.address
    for email in (NED, "", "no address", "\ud800"):
        assert open_office.check(email) == service.Eligible(service.Level.none, None)


def test_a_proof_nobody_knows_counts_as_a_code(open_office: Office) -> None:
    assert open_office.check(VERA, "", "card") == service.Misread()


@pytest.mark.parametrize(
    ("period", "moment", "answer"),
    [
        ("2026-Q4", datetime(2026, 9, 16, 12, tzinfo=UTC), service.Refused),
        ("2026-Q4", datetime(2026, 9, 17, 12, tzinfo=UTC), service.Eligible),
        ("2026-Q4", datetime(2027, 1, 30, 12, tzinfo=UTC), service.Eligible),
        ("2026-Q4", datetime(2027, 1, 30, 22, 59, tzinfo=UTC), service.Eligible),
        ("2026-Q4", datetime(2027, 1, 30, 23, 1, tzinfo=UTC), service.Refused),
    ],
)
def test_a_code_ends_with_its_quarter_in_the_office_s_time(
    open_office: Office, code_of: CodeOf, period: str, moment: datetime, answer: type
) -> None:
    found = open_office.check(VERA, code_of(VERA, period), "code", moment)
    assert isinstance(found, answer)


def test_a_code_may_be_used_again_and_again_and_leaves_nothing(open_office: Office, code_of: CodeOf) -> None:
    code = code_of()
    before = open_office.files()
    stat = open_office.roster.stat()
    digest = hashlib.sha256(open_office.roster.read_bytes()).digest()
    for email, typed, proof in ((VERA, code, "code"), (VERA, code, "code"), (NED, code, "code"), (VERA, "", "none")):
        open_office.check(email, typed, proof)
    after = open_office.roster.stat()
    assert (after.st_mtime_ns, after.st_ctime_ns, after.st_size) == (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size)
    assert hashlib.sha256(open_office.roster.read_bytes()).digest() == digest
    assert open_office.files() == before


def test_a_look_up_works_where_nothing_can_be_written(open_office: Office) -> None:
    open_office.roster.chmod(0o400)
    open_office.folder.chmod(0o500)
    try:
        assert open_office.check(VERA).level is service.Level.address
        assert list(open_office.files()) == ["roster.db"]
    finally:
        open_office.folder.chmod(0o700)


def test_before_the_first_import_nobody_is_known(office: Office) -> None:
    garbage = symbols.with_check("0123456789")
    assert office.check(VERA, garbage, "code") == service.Refused()
    assert office.check(VERA) == service.Eligible(service.Level.none, None)
    assert office.files() == {}


def test_a_folder_may_have_an_odd_name(office: Office, fixtures: Path, tmp_path: Path) -> None:
    folder = tmp_path / "odd ?name#%41 ü"
    folder.mkdir()
    office.settings = replace(office.settings, instance=folder)
    office.bring(fixtures / "plain.csv")
    assert office.check(VERA).level is service.Level.address


def test_a_roster_of_another_format_asks_for_a_new_import(open_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "FORMAT", tables.FORMAT + 1)
    with pytest.raises(NotReady, match="Import it again"):
        open_office.check(VERA)


def test_claims_and_parts_do_not_show_themselves_in_a_trace(open_office: Office) -> None:
    claim = service.Claim(VERA, "ABCD", "code")
    assert "vera" not in repr(claim)
    assert "bytes" not in repr(open_office.check(VERA))
    assert "\\x" not in repr(open_office.check(VERA))


@settings(deadline=None)
@given(st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32), st.integers(0, 10), st.integers(1, 31))
def test_every_code_reads_back_and_every_slip_is_found(hashed: bytes, secret: bytes, place: int, shift: int) -> None:
    code = codes.code_of(hashed, codes.period_key(secret, "2026-Q4"))
    printed = symbols.grouped(code)
    assert len(code) == 11
    assert codes.read_code(printed.lower()) == code
    assert codes.is_code(code, hashed, secret=secret, periods=("2026-Q3", "2026-Q4"))
    assert not codes.is_code(code, hashed, secret=secret, periods=("2026-Q3",))
    symbol = symbols.ALPHABET[(symbols.ALPHABET.index(code[place]) + shift) % 32]
    assert codes.read_code(code[:place] + symbol + code[place + 1 :]) is None


def test_codes_already_mailed_stay_good() -> None:
    code = codes.code_of(bytes(16), codes.period_key(b"c" * 32, "2026-Q4"))
    assert symbols.grouped(code) == "DZ63-PV32-MSY"


def test_the_mail_merge_has_everybody_once(office: Office, fixtures: Path) -> None:
    report, lines = mailed(office, (fixtures / "plain.csv").read_bytes())
    assert (report.accepted, report.codes, report.rejected) == (3, 3, [])
    assert tuple(lines[0]) == ("email", "first name", "last name", "code")
    assert [line["email"] for line in lines] == [VERA, "tomas.okafor@example.org", "mei-lin.haddad@example.org"]
    assert (lines[1]["first name"], lines[1]["last name"]) == ("Tomás", "Okafor")
    assert len({line["code"] for line in lines}) == 3
    assert office.files() == {}


def test_the_mail_merge_has_a_line_for_each_address(office: Office, fixtures: Path) -> None:
    report, lines = mailed(office, (fixtures / "messy_addresses.csv").read_bytes())
    assert (report.accepted, report.codes, report.rejected_total) == (7, 9, 5)
    assert report.rejected[0] == (6, "the same address stands in line 2")
    office.bring(fixtures / "messy_addresses.csv")
    for line in lines:
        assert office.check(line["email"], line["code"], "code").level is service.Level.mailbox


def test_a_name_in_one_piece_is_parted_at_its_comma(office: Office, fixtures: Path) -> None:
    _, lines = mailed(office, (fixtures / "quoted_lines.csv").read_bytes())
    assert (lines[0]["first name"], lines[0]["last name"]) == ("Vera", "Lindqvist")


def test_no_cell_of_the_mail_merge_runs_in_a_spreadsheet(office: Office) -> None:
    _, lines = mailed(
        office, b'Work Email,Constituency,First Name,Last Name\nvera@x.org,Staff,"=HYPERLINK(""x"")",+@-L\n'
    )
    assert (lines[0]["first name"], lines[0]["last name"]) == ('HYPERLINK("x")', "L")


def test_a_list_that_cannot_be_read_writes_nothing(office: Office, fixtures: Path) -> None:
    out = io.StringIO()
    for content, period in (
        (b"", "2026-Q4"),
        (b"Name,Work phone\nx,y\n", "2026-Q4"),
        (b"Work Email,Constituency\nx@y.org,z", "Q4"),
    ):
        assert isinstance(
            service.write_codes(io.BytesIO(content), out, period=period, settings=office.settings), FileRefused
        )
    assert out.getvalue() == ""
    assert isinstance(mailed(office, (fixtures / "open_quote.csv").read_bytes())[0], FileRefused)
