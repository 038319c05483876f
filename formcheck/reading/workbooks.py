"""An XLSX file unpacked within bounds: of every cell what the reader of values (calamine) does not tell.

Errors, formulas that were never computed, merged cells, hidden rows, columns and sheets, and number formats that show
another number than the one stored. The XML is walked by expat; a document type, and with it every entity, is refused.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from xml.parsers import expat

from formcheck.errors import Unreadable
from formcheck.grammar import escaped
from formcheck.reading.archives import DAMAGED, packed, parts_of
from formcheck.reading.cells import cell_name

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "SeenCell", "SeenSheet", "Workbook", "unpacked"]

MOST_CELLS = 1_000_000
MOST_AREA = 1_000_000
MOST_ROWS, MOST_COLUMNS = 20_000, 500
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_TRUE = ("1", "true")


class SeenCell(NamedTuple):
    """What a cell is: the type and the text of its value as stored, its number format, whether a formula made it."""

    type: str
    raw: str
    format: str
    formula: bool


class SeenSheet(NamedTuple):
    """A sheet as stored: its cells by row and column (from 1), what is hidden, and the merged ranges."""

    name: str
    hidden: bool
    cells: dict[tuple[int, int], SeenCell]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    merged: tuple[str, ...]
    twice: tuple[str, ...]


class Workbook(NamedTuple):
    """A workbook unpacked: its sheets of cells, the parts packed anew, and whether its formulas wait to be computed."""

    sheets: tuple[SeenSheet, ...]
    packed: bytes
    never_computed: bool


def unpacked(data: bytes) -> Workbook:
    """Take a workbook apart. Raises Unreadable for one that is damaged, protected or larger than any log of batches."""
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise Unreadable("the workbook is protected by a password, or is an old .xls: save it as .xlsx without a password")
    parts = parts_of(data)
    if "xl/workbook.xml" not in parts:
        raise Unreadable(DAMAGED)
    sheets, never_computed = _list_of_sheets(parts["xl/workbook.xml"])
    targets = _targets(parts.get("xl/_rels/workbook.xml.rels", b""))
    formats = _formats(parts.get("xl/styles.xml", b""))
    seen, cells = [], 0
    for name, hidden, relation in sheets:
        kind, target = targets.get(relation, ("", ""))
        if kind == "chartsheet":
            continue
        if kind != "worksheet" or target not in parts:
            raise Unreadable(f"{escaped(name)} is a sheet of another kind, or missing: save the workbook as .xlsx again")
        walk = _SheetWalk(formats, MOST_CELLS - cells)
        _walk(parts[target], walk.start, walk.end, walk.text)
        cells += walk.count
        seen.append(walk.sheet(name, hidden))
    return Workbook(tuple(seen), packed(parts), never_computed)


Start = Callable[[str, dict[str, str]], None]


def _walk(part: bytes, start: Start, end: Callable[[str], None] | None = None, text: Any = None) -> None:
    """Walk a part of XML by the local names of its elements. Raises Unreadable if it is none, or declares a type."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_document_type
    parser.StartElementHandler = lambda name, given: start(
        name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in given.items()}
    )
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Unreadable(DAMAGED) from None


def _no_document_type(*_: Any) -> None:
    raise Unreadable("a part of the workbook declares a document type, which no spreadsheet program writes: not read")


def _list_of_sheets(part: bytes) -> tuple[list[tuple[str, bool, str]], bool]:
    sheets: list[tuple[str, bool, str]] = []
    waiting: list[bool] = []

    def start(name: str, given: dict[str, str]) -> None:
        if name == "sheet":
            sheets.append((given.get("name", ""), given.get("state", "visible") != "visible", given.get("id", "")))
        elif name == "calcPr":
            waiting.append(given.get("fullCalcOnLoad") in _TRUE)

    _walk(part, start)
    return sheets, any(waiting)


def _targets(part: bytes) -> dict[str, tuple[str, str]]:
    """Kind and part of each sheet by its relation."""
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, given: dict[str, str]) -> None:
        if name == "Relationship":
            target = given.get("Target", "")
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            found[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2], path)

    _walk(part, start)
    return found


_KNOWN_FORMATS = {
    0: "General", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "yyyy-mm-dd hh:mm",
    49: "@",
}  # fmt: skip


def _formats(part: bytes) -> list[str]:
    """The number format of each style of a cell; "" for those that a program knows by number and are harmless."""
    own: dict[str, str] = {}
    formats: list[str] = []
    inside: list[bool] = []

    def start(name: str, given: dict[str, str]) -> None:
        if name == "numFmt" and "numFmtId" in given:
            own[given["numFmtId"]] = given.get("formatCode", "")
        elif name == "cellXfs":
            inside.append(True)
        elif name == "xf" and inside:
            number = given.get("numFmtId", "0")
            known = _KNOWN_FORMATS.get(int(number), "") if number.isdecimal() else ""
            formats.append(own.get(number, known))

    def end(name: str) -> None:
        if name == "cellXfs":
            inside.clear()

    if part:
        _walk(part, start, end)
    return formats


class _SheetWalk:
    """The cells of one sheet as expat goes by."""

    def __init__(self, formats: list[str], most: int) -> None:
        self.formats, self.most, self.count = formats, most, 0
        self.cells: dict[tuple[int, int], SeenCell] = {}
        self.rows: set[int] = set()
        self.columns: set[int] = set()
        self.merged: list[str] = []
        self.twice: list[str] = []
        self.all_hidden = self.in_data = self.formula = False
        self.row = self.column = self.height = self.width = 0
        self.given: dict[str, str] = {}
        self.pieces: list[str] = []
        self.listening = False

    def start(self, name: str, given: dict[str, str]) -> None:
        if self.in_data:
            if name == "c":
                self.begin_cell(given)
            elif name in ("v", "t"):
                self.listening = True
            elif name == "rPh":
                self.in_data = False  # how a text is pronounced: no part of it
            elif name == "f":
                self.formula = True
            elif name == "row":
                self.begin_row(given)
        elif name == "sheetData":
            self.in_data = True
        elif name == "col" and (given.get("hidden") in _TRUE or given.get("width") == "0"):
            first, last = (_whole(given.get(end, "")) for end in ("min", "max"))
            self.columns.update(range(first, min(last, MOST_COLUMNS) + 1))
        elif name == "sheetFormatPr":
            self.all_hidden = given.get("zeroHeight") in _TRUE
        elif name == "mergeCell":
            self.merged.append(given.get("ref", "")[:20])

    def begin_row(self, given: dict[str, str]) -> None:
        self.row = _whole(given["r"]) if "r" in given else self.row + 1
        self.column = 0
        if given.get("hidden") in _TRUE or given.get("ht") == "0" or (self.all_hidden and "hidden" not in given):
            self.rows.add(self.row)

    def begin_cell(self, given: dict[str, str]) -> None:
        row, self.column = self.row, self.column + 1
        if "r" in given:
            match = _REFERENCE.fullmatch(given["r"])
            if match is None or int(match[2]) != row:
                raise Unreadable(DAMAGED)
            self.column = 0
            for letter in match[1]:
                self.column = self.column * 26 + ord(letter) - 64
        self.count += 1
        self.height, self.width = max(self.height, row), max(self.width, self.column)
        if row > MOST_ROWS:
            raise Unreadable(
                f"a sheet has more than {MOST_ROWS} rows: delete those below the last batch, or split the file"
            )
        if self.column > MOST_COLUMNS:
            raise Unreadable(f"cell {cell_name(row, self.column)} is beyond column {MOST_COLUMNS}: no log is so wide")
        if self.count > self.most:
            raise Unreadable(
                f"the workbook has more than {MOST_CELLS} cells: split it, or delete empty rows that are formatted"
            )
        self.given, self.pieces, self.formula = given, [], False

    def text(self, data: str) -> None:
        if self.listening:
            self.pieces.append(data)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.listening = False
        elif name == "rPh":
            self.in_data = True
        elif name == "sheetData":
            self.in_data = False
        elif name == "c" and self.in_data:
            self.end_cell()

    def end_cell(self) -> None:
        raw, place = "".join(self.pieces), (self.row, self.column)
        if not raw and not self.formula:
            return
        type = self.given.get("t", "n")
        if type == "s" and not re.fullmatch(r"[0-9]{1,9}", raw, re.ASCII):
            raise Unreadable(DAMAGED)  # calamine takes the first of the shared texts for a number it cannot read
        style = self.given.get("s", "0")
        known = style.isdecimal() and int(style) < len(self.formats)
        if place in self.cells:
            self.twice.append(cell_name(*place))
        format = self.formats[int(style)] if known else ""
        self.cells[place] = SeenCell(type, raw, format, self.formula)

    def sheet(self, name: str, hidden: bool) -> SeenSheet:
        """What was seen. Raises Unreadable where a few cells far apart would take the memory of many."""
        if self.height * self.width > MOST_AREA:
            raise Unreadable(f"the sheet {escaped(name)} spans {self.height} rows and {self.width} columns: split it")
        rows, columns = frozenset(self.rows), frozenset(self.columns)
        return SeenSheet(name, hidden, self.cells, rows, columns, tuple(self.merged), tuple(self.twice))


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text, re.ASCII):
        raise Unreadable(DAMAGED)
    return int(text)
