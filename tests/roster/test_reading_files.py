import io
from pathlib import Path

import pytest

from portal.roster.reader import BadRow, Row, Table, Unreadable, read_table
from portal.roster.rules import FileRefused
from tests.roster.staff_cast import Office


def read(content: str | bytes) -> Table:
    table = read_table(io.BytesIO(content if isinstance(content, bytes) else content.encode()))
    assert isinstance(table, Table), table
    return table


def refusal(content: bytes) -> str:
    found = read_table(io.BytesIO(content))
    assert isinstance(found, FileRefused)
    return found.reason


@pytest.mark.parametrize(
    ("name", "accepted", "rejected"),
    [
        ("plain.csv", 3, []),
        ("german_semicolon_bom.csv", 3, [(5, "no e-mail address")]),
        ("french_utf16le_tab.txt", 2, []),
        ("french_utf16be_tab.txt", 2, []),
        ("spanish_windows_mixed.csv", 3, []),
        ("quoted_lines.csv", 3, []),
        (
            "messy_addresses.csv",
            7,
            [
                (6, "the same address stands in line 2"),
                (9, "not an e-mail address"),
                (10, "no e-mail address"),
                (11, "more cells than headings: is a comma or semicolon missing its quotation marks?"),
                (13, "no e-mail address"),
            ],
        ),
    ],
)
def test_files_as_personnel_systems_write_them(
    office: Office, fixtures: Path, name: str, accepted: int, rejected: list[tuple[int, str]]
) -> None:
    report = office.bring(fixtures / name)
    assert (report.accepted, report.rejected) == (accepted, rejected)
    assert report.rejected_total == len(rejected) == sum(report.rejected_by_reason.values())


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("german_semicolon_bom.csv", "juergen.gross@straße.example", {"first": "Jürgen", "last": "Groß", "id": "3"}),
        ("french_utf16le_tab.txt", "zoe.lefevre@example.org", {"first": "Zoë", "last": "Lefèvre", "id": "2"}),
        ("french_utf16be_tab.txt", "zoe.lefevre@example.org", {"first": "Zoë", "last": "Lefèvre", "id": "2"}),
        ("spanish_windows_mixed.csv", "jose.munoz@example.org", {"first": "José", "last": "Muñoz"}),
        ("spanish_windows_mixed.csv", "inigo.pena@example.org", {"first": "Íñigo", "last": "Peña"}),
        ("quoted_lines.csv", "tomas.okafor@example.org", {"name": "Okafor, Tom"}),
        ("plain.csv", "vera.lindqvist@example.org", {"id": "0007", "supervisor": "Haddad, Mei-Lin"}),
    ],
)
def test_names_arrive_with_every_letter(
    office: Office, fixtures: Path, name: str, email: str, expected: dict[str, str]
) -> None:
    office.bring(fixtures / name)
    _, _, identity = office.profile(email)
    assert expected.items() <= identity.items()


def test_headings_without_a_use_are_named_and_dropped(office: Office, fixtures: Path) -> None:
    report = office.bring(fixtures / "german_semicolon_bom.csv")
    assert report.ignored == ("E-Mail (privat)",)
    assert report.fields == ("constituency", "department", "tenure", "first", "last", "id", "email")


@pytest.mark.parametrize(
    "heading",
    [
        "Work e-mail,Constituency",
        " EMAIL ADDRESS ,constituency",
        "work_email,Employee-Type",
        "workEmail,Person Category",
        "E\N{NON-BREAKING HYPHEN}Mail,CONSTITUENCY",
        "Correo electrónico,Colectivo",
        "Courriel,Catégorie",
        "E-Mail-Adresse,Personalkategorie",
        '"Work\nEmail",Constituency',
        "Work Email (primary),Constituency (group)",
    ],
)
def test_headings_may_be_spelt_as_they_like(heading: str) -> None:
    table = read(f"{heading}\nvera@example.org,Staff\n")
    assert table.columns.emails == (0,)
    assert table.columns.of_field == {"constituency": 1}


def test_line_numbers_are_those_of_the_file() -> None:
    rows = list(
        read('\n\nWork Email,Constituency,Location\r\n\na@x.org,Staff,"two\nlines"\r\nb@x.org,Staff,x,y\r\n').rows()
    )
    assert rows == [Row(5, ["a@x.org"], ["a@x.org", "Staff", "two\nlines"]), rows[1]]
    assert isinstance(rows[1], BadRow)
    assert rows[1].line == 7


def test_the_last_line_needs_no_end() -> None:
    assert [row.line for row in read("Work Email,Constituency\na@x.org,Staff").rows()] == [2]


def test_a_long_file_is_read_over_many_pieces() -> None:
    lines = "".join(f"é{number}@x.org;Müller\n" for number in range(20_000))
    rows = list(read(f"Work Email;Constituency\n{lines}").rows())
    assert len(rows) == 20_000
    assert rows[-1] == Row(20_001, ["é19999@x.org"], ["é19999@x.org", "Müller"])


@pytest.mark.parametrize("end", ['"Sta\n', '"Sta' + "\nx@x.org,Staff" * 3, '"Sta' + "\nx@x.org,Staff" * 30_000])
def test_an_open_quotation_mark_swallows_nobody(end: str) -> None:
    with pytest.raises(Unreadable, match="line 3 is never closed"):
        list(read(f"Work Email,Constituency\na@x.org,Staff\nb@x.org,{end}").rows())


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("workbook.xlsx", "Excel workbook"),
        ("old_workbook.xls", "old Excel workbook"),
        ("binary.csv", "not a text file"),
        ("empty.csv", "The file is empty"),
        ("only_headings.csv", "no line below the headings"),
        ("no_email.csv", "no column for the work e-mail. The headings read were: Name, Work phone, Constituency."),
        ("no_constituency.csv", "no column for the constituency (such as staff, faculty, student). The headings read"),
        ("no_headings.csv", "holds no headings that the portal knows"),
        ("open_quote.csv", "A quotation mark in or after line 3 is never closed"),
    ],
)
def test_a_file_that_cannot_be_a_roster_is_refused_and_changes_nothing(
    office: Office, fixtures: Path, name: str, sentence: str
) -> None:
    office.bring(fixtures / "plain.csv")
    before = office.files()
    refused = office.bring(fixtures / name)
    assert isinstance(refused, FileRefused)
    assert sentence in refused.reason
    assert "secretname" not in refused.reason.lower()
    assert refused.reason.endswith(".")
    assert office.files() == before


@pytest.mark.parametrize("content", [b"", b"   \n", b"\xff\xfe", b"\xfe\xff\0\n", b"sep=;\r\n"])
def test_nothing_is_an_empty_file(content: bytes) -> None:
    assert "empty" in refusal(content)


def test_an_excel_file_is_told_what_to_do(fixtures: Path) -> None:
    assert "File, Save As" in refusal((fixtures / "workbook.xlsx").read_bytes())


def test_headings_are_printed_without_what_a_terminal_obeys() -> None:
    assert "\x1b" not in refusal(b"Name,\x1b[2JPhone\nx,y\n")


def test_the_stream_stays_open(fixtures: Path) -> None:
    stream = io.BytesIO((fixtures / "plain.csv").read_bytes())
    table = read_table(stream)
    assert isinstance(table, Table)
    list(table.rows())
    del table
    assert not stream.closed
