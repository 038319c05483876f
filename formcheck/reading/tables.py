"""CSV and XLSX as plain cells of text with a place for each. The only room that knows python-calamine and reads csv.

Nothing is guessed: what a spreadsheet would show otherwise than it stores it, or what a lenient reader would shift or
swallow, is a trouble with its place, and that row or table is not used.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from formcheck.errors import NotAQuantity, Unreadable
from formcheck.grammar import escaped
from formcheck.reading import workbooks
from formcheck.reading.archives import DAMAGED
from formcheck.reading.cells import Cell, Row, Sheet, Tables, cell_name, sheet_of, text_trouble
from formcheck.reading.papers import text_of
from formcheck.reading.problems import Trouble
from formcheck.reading.workbooks import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SeenCell, SeenSheet
from formcheck.units import exact

__all__ = ["MOST_TABLE_BYTES", "read_tables"]

MOST_TABLE_BYTES = 8 * 1024 * 1024
INSTALL = 'an XLSX workbook is read with an extra: pip install "formcheck[tables]", or save the sheet as CSV'


def read_tables(data: bytes, path: str) -> Tables:
    """Take a CSV or XLSX file apart. Raises Unreadable where nothing in it can be read at all."""
    if len(data) > MOST_TABLE_BYTES:
        raise Unreadable(f"the file is larger than {MOST_TABLE_BYTES // 1024 // 1024} MiB: split it")
    if path.lower().endswith(".xlsx"):
        return _read_workbook(data)
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise Unreadable("this is a workbook, not CSV: give the file the ending .xlsx")
    sheet = _csv_table(text_of(data, MOST_TABLE_BYTES))
    return Tables((sheet,), sheet.troubles)


# CSV


def _csv_table(text: str) -> Sheet:
    first = re.split(r"\r\n|\r|\n", text, maxsplit=1)[0]
    delimiter, trouble = _delimiter(first)
    at = text.find("\0")
    if at >= 0:
        line = len(re.findall(r"\r\n|\r|\n", text[:at])) + 1
        trouble = Trouble("FC002", "the file holds a NUL character, as no text does: export it as CSV again", line, 1)
    if trouble is not None:
        return Sheet(None, (), (), (trouble,))
    # newline="" keeps the line breaks inside quotes, and lets the reader count lines.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    begin, cells = 1, 0
    try:
        for fields in reader:
            records.append((begin, fields))
            begin = reader.line_num + 1
            cells += len(fields)
            if len(records) > MOST_ROWS or len(fields) > MOST_COLUMNS or cells > MOST_CELLS:
                most = f"{MOST_ROWS} rows, {MOST_COLUMNS} columns and {MOST_CELLS} cells"
                raise Unreadable(f"a table has at most {most}: split the file")
    except csv.Error as error:
        return Sheet(None, (), (), (Trouble("FC002", _why_not_csv(error), begin, 1),))
    headings = tuple(Cell(name.strip(), 1, n) for n, name in enumerate(records[0][1], 1))
    rows = [_csv_row(number, line, fields, len(headings), delimiter) for number, (line, fields) in enumerate(records, 1)][
        1:
    ]
    return sheet_of(None, headings, rows)


def _why_not_csv(error: csv.Error) -> str:
    if "field larger" in str(error):
        return "not CSV: a value of more than 100,000 characters begins here; is a quotation mark not closed?"
    return f'not CSV: a quotation mark (") is not closed, or text follows a closed one, from this line on ({error})'


def _delimiter(first: str) -> tuple[str, Trouble | None]:
    """The mark that separates the headings; the headings alone decide."""
    bare = re.sub(r'"[^"]*"', "", first)
    marks = [mark for mark in ",;\t" if mark in bare]
    if not first.strip(" ,;\t"):
        return ",", Trouble("FC005", "the first line must hold the headings of the columns, and is empty", 1, 1)
    if re.match(r'"?sep=', first.lower()):
        return ",", Trouble("FC005", "the first line must hold the headings of the columns: delete the line sep=", 1, 1)
    if len(marks) > 1:
        words = " and ".join({",": "commas", ";": "semicolons", "\t": "tabs"}[mark] for mark in marks)
        message = f"the first line has {words}: it cannot be said which of them separates the columns; use one"
        return ",", Trouble("FC003", message, 1, 1)
    return (marks or [","])[0], None


def _csv_row(number: int, line: int, fields: list[str], width: int, delimiter: str) -> Row:
    if not fields:  # an empty line
        return Row(number, tuple(Cell("", line, column) for column in range(1, width + 1)))
    if len(fields) != width:
        hint = "a value is missing, or a line is broken in two" if len(fields) < width else _TOO_MANY
        message = f"this row has {len(fields)} values for {width} columns: {hint}"
        return Row(number, (), (Trouble("FC005", message, line, min(len(fields), width)),))
    cells = [Cell(re.sub(r"\r\n?", "\n", text), line, column) for column, text in enumerate(fields, 1)]
    troubles = [trouble for cell in cells if (trouble := text_trouble(cell)) is not None]
    for cell in cells:
        if any(part.count(delimiter) >= max(2, width - 1) for part in cell.text.split("\n")[1:]):
            message = "this cell holds whole rows: a quotation mark is not closed at its end"
            troubles.append(cell.trouble("FC003", message))
    return Row(number, tuple(cells), tuple(troubles))


_TOO_MANY = "a value that holds the separating mark stands in quotation marks, and a number has a decimal point (4.5)"


# XLSX


def _read_workbook(data: bytes) -> Tables:
    try:
        import python_calamine as calamine
    except ImportError:
        raise Unreadable(INSTALL) from None
    workbook = workbooks.unpacked(data)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook.packed))
        grids = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in _names(book, workbook)}
    except Unreadable:
        raise
    except BaseException as error:
        # A fault inside calamine itself is an exception beside Exception, and no reason to stop.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Unreadable(DAMAGED) from None
        raise
    sheets, troubles = [], []
    for seen in workbook.sheets:
        if seen.hidden and seen.cells:
            message = f"the sheet {escaped(seen.name)} is hidden and holds data: show it, or delete it"
            troubles.append(Trouble("FC003", message, 1, 1, f"{seen.name}!A1"))
        elif seen.cells:
            sheets.append(_sheet_of(seen, grids[seen.name], workbook.never_computed))
    troubles += [trouble for sheet in sheets for trouble in sheet.troubles]
    return Tables(tuple(sheets), tuple(troubles))


def _names(book: Any, workbook: workbooks.Workbook) -> list[str]:
    names = [seen.name for seen in workbook.sheets]
    if len(set(names)) < len(names) or not set(names) <= set(book.sheet_names):
        raise Unreadable(DAMAGED)
    return names


def _sheet_of(seen: SeenSheet, grid: list[list[Any]], never_computed: bool) -> Sheet:
    made: dict[tuple[int, int], Cell] = {}
    troubles: dict[int, list[Trouble]] = {}
    for place, cell in seen.cells.items():
        row, column = place
        value = grid[row - 1][column - 1] if row <= len(grid) and column <= len(grid[row - 1]) else ""
        empty = Cell("", row, column, "text", f"{seen.name}!{cell_name(row, column)}")
        try:
            made[place] = _cell(empty, value, cell, never_computed)
        except _Refused as error:
            troubles.setdefault(row, []).append(empty.trouble(error.code, str(error)))
    for row, column in _beyond(grid, seen):
        where = Cell("", row, column, "text", f"{seen.name}!{cell_name(row, column)}")
        troubles.setdefault(1, []).append(where.trouble("FC001", DAMAGED))
    height = max((row for row, _ in seen.cells), default=0)
    width = max((column for _, column in seen.cells), default=0)
    for row in seen.hidden_rows & {row for row, _ in seen.cells}:
        where = Cell("", row, 1, "text", f"{seen.name}!{cell_name(row, 1)}")
        message = f"row {row} is hidden and holds data: show it (clear the filter), or delete it"
        troubles.setdefault(row, []).append(where.trouble("FC003", message))
    rows = []
    for number in range(1, height + 1):
        blank = (Cell("", number, n, "text", f"{seen.name}!{cell_name(number, n)}") for n in range(1, width + 1))
        cells = tuple(made.get((number, n), cell) for n, cell in enumerate(blank, 1))
        rows.append(Row(number, cells, tuple(troubles.get(number, ()))))
    headings = tuple(cell._replace(text=cell.text.strip()) for cell in rows[0].cells)
    return sheet_of(seen.name, headings, rows[1:], (*rows[0].troubles, *_of_sheet(seen)))


def _beyond(grid: list[list[Any]], seen: SeenSheet) -> Iterator[tuple[int, int]]:
    """Cells that calamine has and the walk through the XML has not: the two do not read the same file."""
    for row, values in enumerate(grid, 1):
        for column, value in enumerate(values, 1):
            if value != "" and (row, column) not in seen.cells:
                yield row, column


def _of_sheet(seen: SeenSheet) -> Iterator[Trouble]:
    """What is wrong with a sheet as a whole."""
    for merged in seen.merged:
        cell = f"{seen.name}!{merged}"
        yield Trouble("FC003", "the cells are merged, so all but one are empty: undo it, and fill in each", 1, 1, cell)
    for twice in seen.twice:
        yield Trouble("FC003", "the cell stands twice in the file: save it again", 1, 1, f"{seen.name}!{twice}")
    for column in sorted(seen.hidden_columns & {column for _, column in seen.cells}):
        where = cell_name(1, column)
        message = f"column {where[:-1]} is hidden and holds data: show it, or delete it"
        yield Trouble("FC003", message, 1, column, f"{seen.name}!{where}")


class _Refused(Exception):
    """A cell that says one thing and stores another, or nothing."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _cell(empty: Cell, value: Any, seen: SeenCell, never_computed: bool) -> Cell:
    """The cell with its text. Raises _Refused."""
    if seen.type == "e":
        raise _Refused("FC005", f"the spreadsheet shows an error here ({seen.raw}): correct the formula or the value")
    if seen.formula and (never_computed or (not seen.raw and seen.type != "str")):
        message = "the formula here was never computed: open the workbook in the spreadsheet program and save it"
        raise _Refused("FC005", message)
    if type(value) is bool:
        raise _Refused("FC005", f"the cell holds the logical value {str(value).upper()}: format it as text and type it")
    if type(value) is str and seen.type in ("s", "str", "inlineStr"):
        cell = empty._replace(text=value.replace("\r\n", "\n").replace("\r", "\n"))
        trouble = text_trouble(cell)
        if trouble is not None:
            raise _Refused(trouble.code, trouble.message)
        return cell
    if type(value) in (int, float) and seen.type == "n" and _is_that(seen.raw, value):
        return empty._replace(text=_number(value, seen.format), kind="number")
    if isinstance(value, datetime.date) and seen.type in ("n", "d"):
        return empty._replace(text=_date(value, seen.format), kind="date")
    if isinstance(value, (datetime.time, datetime.timedelta)):
        raise _Refused("FC008", "the cell holds a time without a date: write 2026-03-02T14:05 as text")
    raise _Refused("FC001", f"what is stored in this cell ({escaped(seen.raw)}) cannot be read: type it again")


def _is_that(raw: str, value: float) -> bool:
    """Whether the number as stored is the one that was read."""
    if not re.fullmatch(r"-?[0-9]{1,40}(\.[0-9]{0,40})?([eE][+-]?[0-9]{1,4})?", raw, re.ASCII):
        return False
    return float(raw) == value


def _number(value: float, format: str) -> str:
    """The exact decimal text of a number; with " %" where the cell shows percent."""
    try:
        exact(float(value), from_table=True)
    except NotAQuantity as error:
        raise _Refused("FC006", f"{error}: type the result, rounded, in place of the formula") from None
    number = Decimal(repr(float(value)))
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].', "", format)
    beside = "".join(map("".join, re.findall(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)', format)))
    scaled = re.search(r"[0#?],+(?![0#?,])", bare)
    if any(c.isalpha() or c in "%\u2030$\u20ac\u00a3" for c in beside) or scaled or bare.startswith(";"):
        message = f"the number format {escaped(format)} shows something else than is stored: format the cell as General"
        raise _Refused("FC005", message)
    digits = format_plain(number.scaleb(2) if "%" in bare else number)
    return f"{digits} %" if "%" in bare else digits


def format_plain(number: Decimal) -> str:
    """The number in plain digits, without an exponent and without trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date(value: datetime.date, format: str) -> str:
    """A date as it is shown: YYYY-MM-DD, with the time where there is one, YYYY-MM where the cell shows no day."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", format).lower()
    if "y" in bare and "m" not in bare:
        raise _Refused("FC008", "the cell shows a year alone: show the whole date, or the month and the year")
    if isinstance(value, datetime.datetime) and ("h" in bare or not bare):
        if value.microsecond:
            raise _Refused("FC008", "the time in this cell has parts of a second: write 2026-03-02T14:05 as text")
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    if "y" in bare and "d" not in bare:
        return f"{value:%Y-%m}"
    return f"{value:%Y-%m-%d}"
