"""A LIST of quantities: typed with commas, or from a text file, or a column of a CSV or XLSX table.

Every value is exact and has a unit: its own, the last one's where no other value has any, or that of the column's heading.
"""

import difflib
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from formcheck.errors import NotAQuantity, Unreadable
from formcheck.grammar import escaped
from formcheck.reading.cells import Cell, Row, Sheet
from formcheck.reading.columns import joined, named_unit
from formcheck.reading.papers import bytes_of, text_of
from formcheck.reading.tables import MOST_TABLE_BYTES, read_tables
from formcheck.units import Amount, amount

__all__ = ["MOST_VALUES", "read_list"]

MOST_VALUES = 10_000
_BARE = re.compile(r"[0-9.]+", re.ASCII)
_NO_UNIT = "no value of the list has a unit: write it, such as 4.41, 4.53, 4.38 mg"


class _Item(NamedTuple):
    """A value as it stands, and the words for its place."""

    text: str
    place: str


def read_list(text: str, *kinds: str) -> tuple[Amount, ...]:
    """The quantities of a LIST, each of one of the kinds where kinds are given.

    `4.41, 4.53, 4.38 mg`; `@FILE`, a text with one value a line or a table of one column; `@FILE:COLUMN`; and
    `@FILE:COLUMN:ID`, of the rows whose column `id` says so. Raises
    Unreadable for a file or a column that cannot be read; NotAQuantity, UnknownUnit or WrongDimension for a value. Each
    names the place.
    """
    if text.startswith("@"):
        return _of_file(text[1:], kinds)
    return _amounts(_typed(text), kinds)


def _typed(text: str) -> list[_Item]:
    """The items between commas. A comma that may be a decimal mark or mark thousands is refused."""
    parts = text.split(",")
    glued = [left for left, right in pairwise(parts) if right[:1].isdigit() and left[-1:].isdigit()]
    whole = [left for left in glued if re.fullmatch(r"\s*[0-9]+", left)]
    # 4,41 mg; 1,234.5 mg; 4,41, 4,53 mg: each could be meant otherwise. 178,181,177 mg could not.
    if whole and (len(parts) == 2 or len(glued) < len(parts) - 1):
        raise NotAQuantity(
            f"{escaped(text, 80)}: a comma between two digits may be a decimal comma: write a point for decimals, and a "
            "space after each comma between two values (4.41, 4.53, 4.38 mg)"
        )
    items = [_Item(part.strip(" "), f"value {number}") for number, part in enumerate(parts, 1)]
    if ";" in text:
        raise NotAQuantity(f"{escaped(text, 80)} has a semicolon: separate the values by commas, and write decimal points")
    return items


def _amounts(items: list[_Item], kinds: tuple[str, ...]) -> tuple[Amount, ...]:
    """Each item as a quantity; where the last one alone has a unit, it serves all."""
    if len(items) > MOST_VALUES:
        raise Unreadable(f"a list has at most {MOST_VALUES:,} values, and this one has {len(items):,}")
    empty = next((item for item in items if not item.text.strip()), None)
    if empty is not None:
        raise NotAQuantity(f"{empty.place} is empty: write the value, or close the gap")
    bare = [item for item in items if _BARE.fullmatch(item.text)]
    if bare and bare == items[:-1]:
        shared = _unit_of(items[-1], kinds)
        return tuple(_amount(item.place, item.text, shared, kinds) for item in items)
    with_unit = [item for item in items if not _BARE.fullmatch(item.text)]
    amounts = tuple(_amount(item.place, item.text, None, kinds) for item in with_unit)
    if bare and with_unit:
        other = f"{with_unit[0].place} has one: give each value its unit, or the last one alone"
        raise NotAQuantity(f"{bare[0].place}, {escaped(bare[0].text)}, has no unit, and {other}")
    if bare:
        raise NotAQuantity(f"{bare[0].place}: {_NO_UNIT}")
    return amounts


def _unit_of(item: _Item, kinds: tuple[str, ...]) -> str:
    """The unit of the last item, as it is written there."""
    read = _amount(item.place, item.text, None, kinds)
    return read.text[len(read.digits) :].strip()


def _amount(place: str, text: str, unit: str | None, kinds: tuple[str, ...]) -> Amount:
    """One value; what is wrong with it is raised with its place."""
    if not text.strip():
        raise NotAQuantity(f"{place} is empty: write the value, or close the gap")
    try:
        return amount(joined(text, unit), *kinds)
    except NotAQuantity as error:
        raise type(error)(f"{place}: {error}") from None


# Files


def _of_file(named: str, kinds: tuple[str, ...]) -> tuple[Amount, ...]:
    file, column = _file_and_column(named)
    shown = escaped(file, 200)
    if not file:
        raise Unreadable("name a file after @, such as @contents.csv:content_mg")
    try:
        data = bytes_of(file, MOST_TABLE_BYTES)
        if file.lower().endswith(".xlsx"):
            return _of_column(data, file, column, kinds)
        lines = re.split(r"\r\n|\r|\n", text_of(data, MOST_TABLE_BYTES))
        first = next((line.strip() for line in lines if line.strip()), "")
        if column is None and not first.lstrip('"')[:1].isalpha():
            return _of_lines(lines, file, kinds)
        return _of_column(data, file, column, kinds)
    except Unreadable as error:
        message = str(error)
        raise Unreadable(message if message.startswith(file) else f"{shown}: {message}") from None


def _file_and_column(named: str) -> tuple[str, str | None]:
    """FILE and COLUMN; the colon of a Windows drive separates nothing, nor one in the name of a file that exists."""
    drive = 2 if re.match(r"[A-Za-z]:[\\/]", named) else 0
    if ":" not in named[drive:] or Path(named).is_file():
        return named, None
    colons = [match.start() for match in re.finditer(":", named) if match.start() >= drive]
    at = next((at for at in colons if Path(named[:at]).is_file()), colons[-1])
    return named[:at], named[at + 1 :].strip() or None


def _of_lines(lines: list[str], file: str, kinds: tuple[str, ...]) -> tuple[Amount, ...]:
    items = [_Item(line.strip(" "), f"{file}:{number}") for number, line in enumerate(lines, 1)]
    while items and not items[-1].text.strip():
        items.pop()
    if not items:
        raise Unreadable("the file is empty: it should hold one value a line")
    return _amounts(items, kinds)


def _of_column(data: bytes, path: str, column: str | None, kinds: tuple[str, ...]) -> tuple[Amount, ...]:
    """The values of a column of a table."""
    tables = read_tables(data, path)
    troubles = tables.troubles
    if troubles:
        raise Unreadable(f"{path}:{troubles[0].cell or troubles[0].line}: {troubles[0].message}")
    sheet, index, id = _chosen(tables.sheets, column)
    heading = sheet.headings[index]
    unit = named_unit(heading.text)[1]
    items: list[_Item] = []
    for row in _rows_of(sheet, id):
        if row.troubles and (not row.cells or any(t.column in (heading.column, 1) for t in row.troubles)):
            trouble = row.troubles[0]
            raise Unreadable(f"{path}:{trouble.cell or trouble.line}: {trouble.message}")
        items.append(_Item(row.cells[index].text.strip(" "), _place(path, row.cells[index])))
    while items and not items[-1].text:
        items.pop()
    if not items:
        raise Unreadable(f"the column {escaped(heading.text)} has no value")
    if unit is None:
        if all(_BARE.fullmatch(item.text) for item in items):
            raise NotAQuantity(f"{path}: {_heading_without_unit(heading.text)}")
        return _amounts(items, kinds)
    if len(items) > MOST_VALUES:
        raise Unreadable(
            f"a list has at most {MOST_VALUES:,} values, and the column {escaped(heading.text)} {len(items):,}"
        )
    return tuple(_amount(item.place, item.text, unit, kinds) for item in items)


def _chosen(sheets: tuple[Sheet, ...], column: str | None) -> tuple[Sheet, int, str | None]:
    """The sheet, the place of the column in it, and the id of the rows that are asked for; None for all of them."""
    known = {heading for heading, _, _ in _headings(sheets)}
    if column is None or column in known or ":" not in column:
        return (*_found(sheets, column), None)
    name = next((name for name in _beginnings(column) if name in known), column.partition(":")[0])
    return (*_found(sheets, name), column[len(name) + 1 :].strip())


def _beginnings(column: str) -> Iterator[str]:
    """The parts of COLUMN:ID before each colon, the longest first."""
    return (column[: match.start()] for match in reversed(list(re.finditer(":", column))))


def _rows_of(sheet: Sheet, id: str | None) -> tuple[Row, ...]:
    """The rows of one id, or all. Raises Unreadable for an id that is not there, or where batches would be mixed."""
    at = next((index for index, cell in enumerate(sheet.headings) if cell.text == "id"), None)
    if id is not None and at is None:
        raise Unreadable(f"the table has no column id, so no row can be found by {escaped(id)}")
    if at is None:
        return sheet.rows
    ids = [row.cells[at].text.strip(" ") if row.cells else "" for row in sheet.rows]
    named = list(dict.fromkeys(filter(None, ids)))
    if id is not None:
        found = tuple(
            row for row, own in zip(sheet.rows, ids, strict=True) if own == id or (not row.cells and row.troubles)
        )
        if id not in named:
            raise Unreadable(f"no row has the id {escaped(id)}: there are {', '.join(named[:8]) or 'none'}")
        return found
    if 1 < len(named) < len([own for own in ids if own]):
        raise Unreadable(
            f"the column holds the values of {len(named)} batches ({', '.join(named[:3])} ...): name one by its id, "
            f"FILE:COLUMN:{named[0]}"
        )
    return sheet.rows


def _heading_without_unit(heading: str) -> str:
    return f"the heading {escaped(heading)} names no unit: write {heading}_mg, {heading}_pct or the unit it is"


def _place(path: str, cell: Cell) -> str:
    return f"{path}:{cell.name}" if cell.name is not None else f"{path}:{cell.line}:{cell.column}"


def _found(sheets: tuple[Sheet, ...], column: str | None) -> tuple[Sheet, int]:
    """The sheet and the place of a column in it. Raises Unreadable where there is none, or more than one."""
    known = list(_headings(sheets))
    if column is None:
        if len(known) != 1:
            some = ", ".join(heading for heading, _, _ in known[:8])
            raise Unreadable(f"the table has {len(known)} columns: name one after a colon, FILE:COLUMN ({some or 'none'})")
        return known[0][1:]
    found = [(sheet, index) for heading, sheet, index in known if heading == column]
    if len(found) > 1:
        raise Unreadable(f"the column {escaped(column)} stands in {len(found)} sheets: leave it in one")
    if not found:
        names = [heading for heading, _, _ in known]
        near = difflib.get_close_matches(column, names, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names[:8]) or 'none'}"
        raise Unreadable(f"there is no column {escaped(column)}: {hint}")
    return found[0]


def _headings(sheets: tuple[Sheet, ...]) -> Iterator[tuple[str, Sheet, int]]:
    for sheet in sheets:
        for index, cell in enumerate(sheet.headings):
            yield cell.text, sheet, index
