"""Records from CSV and XLSX: one record a row. A row becomes the plain values that YAML gives, and goes the same way.

Nothing is judged here: what a row says is structured and refused by the same code as a record in a file of its own, and
every trouble has its cell as place.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

import attrs

from formcheck.errors import NotAQuantity, Unreadable
from formcheck.findings import Finding, Location
from formcheck.grammar import escaped
from formcheck.reading.archives import holds
from formcheck.reading.cells import Cell, Row, Sheet, Tables
from formcheck.reading.columns import Column, Path, UnknownColumn, column_of, joined
from formcheck.reading.papers import RECORD, TABLES, Reading, as_paper, bytes_of, read_bytes, read_file, unread
from formcheck.reading.problems import Trouble, problem
from formcheck.reading.results import Results, is_of_results
from formcheck.reading.tables import MOST_TABLE_BYTES, read_tables
from formcheck.verdicts import TableRow

__all__ = ["are_verdicts", "looks_like_records", "read_all"]

KEY = "formulation.id"
NOTES = {"notes", "columns"}
_OTHERS = (".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".numbers")


def read_all(path: str, *, named: bool = True) -> list[Reading]:
    """Every record of a file: one of YAML or JSON, or those of a table, one a row; what is wrong is in the findings.

    A table that was not named itself, and has no column formulation.id, holds something else: it gives nothing.
    """
    if path == "-":
        return _of_standard_input()
    if not path.lower().endswith(TABLES):
        if path.lower().endswith(_OTHERS):
            return [unread(path, "this kind of table is not read: save it as .xlsx (without macros) or .csv")]
        return [read_file(path)]
    try:
        data = bytes_of(path, MOST_TABLE_BYTES)
        if not named and not looks_like_records(data, path):
            return []
    except Unreadable as error:
        return [unread(path, str(error))]
    return _of_table(data, path, path)


def _of_table(data: bytes, name: str, path: str) -> list[Reading]:
    """The records of a table; the ending of the name says which kind, `path` is what the findings name."""
    try:
        return _Batches(path, hashlib.sha256(data).hexdigest(), read_tables(data, name)).readings()
    except Unreadable as error:
        return [unread(path, str(error))]


def _of_standard_input() -> list[Reading]:
    """Standard input has no ending: a workbook, or a first line with the heading formulation.id, is a table."""
    data = bytes_of("-", MOST_TABLE_BYTES)
    if data[:4] == b"PK\x03\x04":
        return _of_table(data, "-.xlsx", "-")
    first = data.removeprefix(b"\xef\xbb\xbf")[:100_000].splitlines()[:1]
    headings = re.split(rb"[,;\t]", first[0]) if first else []
    if KEY.encode() in (heading.strip(b' "') for heading in headings):
        return _of_table(data, "-.csv", "-")
    return [read_bytes(data, "-")]


def looks_like_records(data: bytes, path: str) -> bool:
    """Whether a table may hold records: only one that certainly has no column formulation.id is passed over."""
    return _holds(data, path, KEY, otherwise=True)


def are_verdicts(data: bytes, path: str) -> bool:
    """Whether a table is certainly one of verdicts that formcheck wrote."""
    headings = ("not determined", "warnings", "findings")
    if path.lower().endswith(".xlsx"):
        return all(holds(data, f">{heading}<", otherwise=False) for heading in headings)
    return _holds(data, path, ",".join(headings), otherwise=False)


def _holds(data: bytes, path: str, heading: str, *, otherwise: bool) -> bool:
    if path.lower().endswith(".xlsx"):
        return holds(data, heading, otherwise=otherwise)
    first = data.lstrip(b"\xef\xbb\xbf\r\n")[:100_000].splitlines()[:1]
    return bool(first) and heading.encode() in first[0]


class RowDocument:
    """A row taken apart: plain values with the cell of each, as a document of YAML has them with line and column."""

    def __init__(self, row: Row) -> None:
        self.value: dict[str, Any] = {"kind": RECORD}
        self.troubles: list[Trouble] = list(row.troubles)
        self.places: dict[Path, Cell] = {}
        self.first = row.cells[0] if row.cells else Cell("", row.troubles[0].line, 1, "text", row.troubles[0].cell)

    def location(self, file: str, path: Path, *, key: bool = False) -> Location:
        """The cell of a path, or the one of the row that shares most of it."""
        cell = self.places.get(path)
        if cell is None:
            shared = max(self.places, key=lambda other: _shared(path, other), default=())
            cell = self.places[shared] if _shared(path, shared) else self.first
        return Location(file, cell.line, cell.column, cell.name)

    def put(self, path: Path, text: str) -> None:
        """Put a text where it belongs, with the mappings and lists above it; what is between in a list stays blank."""
        inside: Any = self.value
        for step, following in zip(path, (*path[1:], None), strict=True):
            new: Any = text if following is None else [] if isinstance(following, int) else {}
            if isinstance(step, int):
                inside.extend([None] * (step + 1 - len(inside)))
                inside[step] = new if inside[step] is None or following is None else inside[step]
            elif following is None:
                inside[step] = new
            else:
                inside.setdefault(step, new)
            inside = inside[step]


def _shared(one: Path, other: Path) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


class _Batches:
    """The records of one file of tables."""

    def __init__(self, path: str, sha256: str, tables: Tables) -> None:
        self.path, self.sha256, self.tables = path, sha256, tables
        self.troubles: list[Trouble] = list(tables.troubles)
        if tables.troubles:
            self.troubles += [trouble for sheet in tables.sheets for row in sheet.rows for trouble in row.troubles]
        self.results = Results()
        self.broken = bool(tables.troubles)

    def readings(self) -> list[Reading]:
        """One reading a row, and one of the file itself first where something is wrong with it."""
        sheets = [] if self.broken else [(sheet, self.columns(sheet)) for sheet in self.sheets()]
        rows = [self.row(sheet, columns, row) for sheet, columns in sheets for row in sheet.rows if not row.is_blank]
        if not self.broken:
            self.troubles += self.results.left_over()
        if not rows and not self.troubles:
            self.troubles.append(Trouble("FC001", "the table has headings and no row below them", 1, 1))
        rows = _twice(rows)
        if self.broken:  # nothing half-read is used, and everything that is wrong is said at once
            return [self.of_file(finding for reading in rows for finding in reading.findings)]
        return [*([self.of_file()] if self.troubles else []), *rows]

    def refuse(self, *troubles: Trouble) -> None:
        """Note what is wrong with the file, so that no row of it may be used."""
        self.troubles += troubles
        self.broken = self.broken or bool(troubles)

    def sheets(self) -> list[Sheet]:
        """The sheets of records; the results of units are set aside, and what is neither is a trouble."""
        found = []
        for sheet in self.tables.sheets:
            name = (sheet.name or "").strip().lower()
            if any(cell.text == KEY for cell in sheet.headings):
                found.append(sheet)
            elif is_of_results(name):
                self.refuse(*self.results.take(sheet))
            elif name not in NOTES:
                self.refuse(self.neither(sheet))
        if not found and not self.broken:
            self.refuse(Trouble("FC005", f"no sheet has a column {KEY}: the file holds no records", 1, 1))
        return found

    def neither(self, sheet: Sheet) -> Trouble:
        """What is wrong with a sheet that holds neither records nor results."""
        what = f"the sheet {escaped(sheet.name)}" if sheet.name is not None else "the table"
        hint = "" if sheet.name is None else "; call it notes if it holds none, unit results if it holds results of units"
        first = sheet.headings[0] if sheet.headings else Cell("", 1, 1)
        return first.trouble("FC005", f"{what} has no column {KEY}, which a table of records needs{hint}")

    def columns(self, sheet: Sheet) -> list[Column | None]:
        """The columns of a sheet. A heading that cannot be understood is None, and no row of the file is then used."""
        columns: list[Column | None] = []
        seen: dict[tuple[Path, str | None], str] = {}
        for cell in sheet.headings:
            try:
                column = column_of(cell.text)
            except UnknownColumn as error:
                self.refuse(cell.trouble("FC004", str(error)))
                columns.append(None)
                continue
            same = seen.setdefault((column.path, column.unit), cell.text)
            if same != cell.text:
                message = f"{escaped(cell.text, 80)} is the same as {escaped(same, 80)}: formcheck takes neither"
                self.refuse(cell.trouble("FC003", message))
            columns.append(column)
        return columns

    def row(self, sheet: Sheet, columns: list[Column | None], row: Row) -> Reading:
        """The reading of one row."""
        document = RowDocument(row)
        known = [(column, cell) for column, cell in zip(columns, row.cells, strict=False) if column is not None]
        for column, cell in known:
            if cell.text.strip(" ") or column.path not in document.places:
                document.places[column.path] = cell
        for column, cell in known:
            self.cell(document, column, cell)
        self.results.give(document)
        cells = tuple(cell.text for cell in row.cells)
        origin = TableRow(row.number, sheet.name, tuple(cell.text for cell in sheet.headings), cells)
        return as_paper(document, self.path, self.sha256, origin)

    def cell(self, document: RowDocument, column: Column, cell: Cell) -> None:
        """Put a cell into the record, or note what is wrong with it."""
        text = cell.text.strip(" ")
        if not text:
            return
        filled = document.places[column.path]
        if filled is not cell and filled.text.strip(" "):
            message = "two columns of one meaning, in different units, are filled in this row: leave one empty"
            document.troubles.append(cell.trouble("FC003", message))
        elif "\n" in text and not column.may_have_lines:
            message = f"{escaped(text)} has a line break: write it in one line"
            document.troubles.append(cell.trouble("FC005", message))
        elif column.is_text and cell.kind != "text":
            document.troubles.append(cell.trouble("FC005", _not_text(cell)))
        else:
            try:
                document.put(column.path, joined(text, column.unit))
            except NotAQuantity as error:
                document.troubles.append(cell.trouble("FC007", str(error)))

    def of_file(self, more: Iterable[Finding] = ()) -> Reading:
        """What is wrong with the file as a whole, and what else is then said of its rows."""
        own = (problem(t.code, t.message, Location(self.path, t.line, t.column, t.cell)) for t in self.troubles)
        return Reading(path=self.path, findings=tuple(dict.fromkeys([*own, *more])), sha256=self.sha256)


def _not_text(cell: Cell) -> str:
    if cell.kind == "date":
        return f"the spreadsheet has made a date of this ({cell.text}): format the cell as text and type it again"
    return (
        f"{cell.text} is stored as a number, which has lost any zeros before it: store lots, ids and names as text "
        "(format the cell as text and type it again)"
    )


def _twice(readings: list[Reading]) -> list[Reading]:
    """The readings; two rows with one id are both unreadable, since nobody can say which one counts."""
    rows: dict[str, list[Reading]] = {}
    for reading in readings:
        id = _id(reading)
        if id is not None:
            rows.setdefault(id, []).append(reading)
    return [reading if len(rows.get(_id(reading) or "", ())) < 2 else _doubled(reading, rows) for reading in readings]


def _id(reading: Reading) -> str | None:
    id = reading.document.value.get("id") if reading.document is not None else None
    return id if isinstance(id, str) else None


def _doubled(reading: Reading, rows: dict[str, list[Reading]]) -> Reading:
    id = _id(reading) or ""
    beside = [_words(other) for other in rows[id][:5] if other is not reading]
    others = ", ".join(beside) + (" and others" if len(rows[id]) > 5 else "")
    message = f"the id {escaped(id)} stands in {others} too: nobody can say which one counts"
    found: Finding = problem("FC003", message, reading.location(("id",)), "id", id)
    return attrs.evolve(reading, paper=None, findings=(*reading.findings, found))


def _words(reading: Reading) -> str:
    row = reading.row
    return "another row" if row is None else f"row {row.number}" + (f" of the sheet {row.sheet}" if row.sheet else "")
