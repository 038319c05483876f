"""Tables as plain data: cells of text with their places, rows, sheets; and what is wrong with any table.

A table is a first row of headings and rows below it.
"""

import re
from typing import NamedTuple

from formcheck.grammar import escaped
from formcheck.reading.problems import Trouble

__all__ = ["Cell", "Row", "Sheet", "Tables", "cell_name", "sheet_of", "text_trouble"]

_ERRORS = re.compile(r"#(N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|UNKNOWN!)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


class Cell(NamedTuple):
    """One cell: its text, and its place. `kind` is "text", or "number" or "date" where the workbook stores such."""

    text: str
    line: int
    column: int
    kind: str = "text"
    name: str | None = None

    def trouble(self, code: str, message: str) -> Trouble:
        """Something that is wrong with this cell."""
        return Trouble(code, message, self.line, self.column, self.name)


class Row(NamedTuple):
    """One row: its number in a spreadsheet, a cell under each heading, and what is wrong with some of them."""

    number: int
    cells: tuple[Cell, ...]
    troubles: tuple[Trouble, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in the row."""
        return not self.troubles and not any(cell.text.strip() for cell in self.cells)


class Sheet(NamedTuple):
    """A table: its headings and rows, and what is wrong with it as a whole. CSV has no name of a sheet."""

    name: str | None
    headings: tuple[Cell, ...]
    rows: tuple[Row, ...]
    troubles: tuple[Trouble, ...] = ()


class Tables(NamedTuple):
    """A file of tables; with troubles of its own or of a sheet, nothing of it may be used."""

    sheets: tuple[Sheet, ...]
    troubles: tuple[Trouble, ...] = ()


def cell_name(row: int, column: int) -> str:
    """The name of a cell, "C4", from its row and column (from 1)."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def text_trouble(cell: Cell) -> Trouble | None:
    """What is wrong with a text wherever it stands."""
    if _ERRORS.fullmatch(cell.text.strip()):
        return cell.trouble(
            "FC005", f"the spreadsheet shows an error here ({cell.text.strip()}): correct the formula or the value"
        )
    if _CONTROL.search(cell.text):
        return cell.trouble(
            "FC002", f"{escaped(cell.text)} holds a control character that no text should hold: type it again"
        )
    if re.match(r"'[0-9=+@-]", cell.text):
        return cell.trouble(
            "FC005", f"{escaped(cell.text)} begins with an apostrophe, which is no part of it: take it away"
        )
    return None


def sheet_of(name: str | None, headings: tuple[Cell, ...], rows: list[Row], troubles: tuple[Trouble, ...] = ()) -> Sheet:
    """A table without blank rows at its end and blank columns; what its headings leave unclear is a trouble."""
    while rows and rows[-1].is_blank:
        rows.pop()
    used = {cell.column for row in rows for cell in row.cells if cell.text.strip()}
    broken = any(not row.cells for row in rows)
    found = [*troubles]
    kept = [cell for cell in headings if cell.text or cell.column in used or broken]
    nameless = [cell for cell in kept if not cell.text]
    if len(nameless) > 3:
        message = (
            f"{len(nameless)} columns have values and no heading: the headings belong in the first row; delete a title "
            "that stands above them"
        )
        found.append(nameless[0].trouble("FC005", message))
    seen: dict[str, Cell] = {}
    for cell in kept:
        where = cell_name(cell.line, cell.column).rstrip("0123456789")
        if not cell.text:
            if len(nameless) <= 3:
                message = f"column {where} has values and no heading: write the heading in the first row"
                found.append(cell.trouble("FC005", message))
        elif cell.text in seen:
            message = f"two columns have the heading {escaped(cell.text)}: formcheck takes neither"
            found.append(cell.trouble("FC003", message))
        elif trouble := text_trouble(cell):
            found.append(trouble)
        seen.setdefault(cell.text, cell)
    places = [cell.column - 1 for cell in kept]
    if len(places) < len(headings):
        rows = [row._replace(cells=tuple(row.cells[i] for i in places)) if row.cells else row for row in rows]
    return Sheet(name, tuple(kept), tuple(rows), tuple(found))
