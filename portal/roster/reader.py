"""A roster file in whatever shape a spreadsheet or a personnel system gave it: bytes in, rows out, one at a time."""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from portal.errors import PortalError
from portal.roster.headings import Columns, find_columns
from portal.roster.rules import FileRefused, visible

_SAVE_AS = "In Excel choose File, Save As, and the type CSV UTF-8; then send that file."
#: First bytes of files that are no text, and what to say about them.
_KINDS = (
    (b"PK\x03\x04", f"This is an Excel workbook or a ZIP archive. {_SAVE_AS}"),
    (b"\xd0\xcf\x11\xe0", f"This is an old Excel workbook. {_SAVE_AS}"),
    (b"%PDF", "This is a PDF. Ask for the list as a CSV file."),
)
_NOT_TEXT = f"This is not a text file. {_SAVE_AS}"
_EMPTY = "The file is empty. Export the list again, and look at it before you send it."
_ONLY_HEADINGS = "There is no line below the headings. Export the list again, and look at it before you send it."
_HEAD_SIZE = 65536
#: What Excel writes on top to name its separator.
_SEPARATOR = re.compile(r"sep=([,;|\t])\s*")
_DELIMITERS = "\t;,|"
#: A cell may hold a few line breaks; more of them mean a quotation mark that never closes and swallows people.
_MOST_LINES = 20
#: Letters. No row of a person is as long; a file without line breaks would be read into memory as one line.
_LONGEST_LINE = 256 * 1024
#: Nothing that a spreadsheet would write, and no white space.
_END = "\x02\x03end\x03"


class Unreadable(PortalError):  # noqa: N818 - it says what the file is
    """The file stops being a table; the sentence names the line, never a value."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person's line: its number in the file, the cells that may hold addresses, and the cells by column."""

    line: int
    emails: list[str]
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that is no person, with the reason."""

    line: int
    reason: str


@dataclass(frozen=True)
class Table:
    """A file whose headings are understood."""

    columns: Columns
    _rows: Iterator[tuple[int, list[str]]]

    def rows(self) -> Iterator[Row | BadRow]:
        """The lines below the headings, once.

        Raises:
            Unreadable: when a quotation mark never closes, or a line never ends.
        """
        width = self.columns.width
        emails = self.columns.emails
        for line, cells in self._rows:
            if len(cells) > width and any(cells[width:]):
                yield BadRow(line, "more cells than headings: is a comma or semicolon missing its quotation marks?")
                continue
            if len(cells) < width:
                cells.extend([""] * (width - len(cells)))
            yield Row(line, [cells[column] for column in emails], cells)


def read_table(stream: BinaryIO) -> Table | FileRefused:
    """Look at the first bytes and the headings of a file; nothing else is read yet.

    UTF-16 is known by its mark; all else is UTF-8, and a byte that is none is taken as Windows-1252, because one file
    may hold both.
    """
    head = stream.read(_HEAD_SIZE)
    refused = _refuse_kind(head)
    if refused is not None:
        return refused
    text = io.TextIOWrapper(io.BufferedReader(_Again(head, stream)), _encoding(head), "roster-windows", newline="")
    try:
        return _table(_rows(_lines(text)))
    except Unreadable as error:
        return FileRefused(str(error))


def _table(rows: Iterator[tuple[int, list[str]]]) -> Table | FileRefused:
    headings = next(rows, None)
    if headings is None:
        return FileRefused(_EMPTY)
    columns = find_columns([" ".join(visible(heading).split()) for heading in headings[1]])
    if isinstance(columns, FileRefused):
        return columns
    first = next(rows, None)
    return FileRefused(_ONLY_HEADINGS) if first is None else Table(columns, itertools.chain([first], rows))


def _refuse_kind(head: bytes) -> FileRefused | None:
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        return FileRefused(_EMPTY)
    for magic, sentence in _KINDS:
        if head.startswith(magic):
            return FileRefused(sentence)
    return FileRefused(_NOT_TEXT) if b"\0" in head and not _encoding(head).startswith("utf-16") else None


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _from_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252" if error.encoding.startswith("utf-8") else "ascii", "replace"), error.end


codecs.register_error("roster-windows", _from_windows)


class _Again(io.RawIOBase):
    """A stream whose first bytes were read already; closing it leaves the stream open, which may be standard input."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # Buffer has no name before 3.12
        found = self._head[: len(buffer)]
        self._head = self._head[len(found) :]
        found = found or self._stream.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def _lines(text: TextIO) -> Iterator[str]:
    for number, line in enumerate(iter(lambda: text.readline(_LONGEST_LINE), ""), 1):
        if len(line) == _LONGEST_LINE:
            raise Unreadable(f"Line {number} never ends, so this is no list of people. Export the list again.")
        yield line


def _rows(text: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Records with the number of the line where each begins; empty lines are passed over.

    Raises:
        Unreadable: when a quotation mark never closes, or a line never ends.
    """
    lines = iter(text)
    skipped, delimiter, headings = _headings(lines)
    records = csv.reader(itertools.chain(headings, lines, [_END]), delimiter=delimiter)
    before = 0
    while True:
        begin = skipped + before + 1
        try:
            record = next(records)
        except csv.Error as error:
            raise Unreadable(_open_quote(begin)) from error
        if record == [_END]:
            return
        if records.line_num - before > _MOST_LINES or (record and _END in record[-1]):
            raise Unreadable(_open_quote(begin))
        before = records.line_num
        if "".join(record).strip():
            yield begin, record


def _open_quote(line: int) -> str:
    return f"A quotation mark in or after line {line} is never closed. Correct that line and send the file again."


def _headings(lines: Iterator[str]) -> tuple[int, str, list[str]]:
    """How many lines stand above the headings, the separator, and the lines of the headings."""
    above, named = 0, ""
    for line in lines:
        separator = _SEPARATOR.fullmatch(line)
        if separator is None and line.strip():
            found = [line]
            while "".join(found).count('"') % 2 and len(found) < _MOST_LINES:
                found.append(next(lines, ""))
            return above, named or _delimiter("".join(found)), found
        named = separator[1] if separator else named
        above += 1
    return above, ",", []


def _delimiter(headings: str) -> str:
    """The separator that stands most often between the headings, outside quotation marks."""
    bare = re.sub(r'"[^"]*"', "", headings)
    return max(_DELIMITERS, key=bare.count)
