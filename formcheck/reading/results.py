"""The results of single units in a sheet of their own: one value a row, keyed by the id of its record.

The heading of the values names the unit: `mass_mg`, `content_pct`, `dose_mass_g`.
"""

from typing import NamedTuple, Protocol

from formcheck.errors import NotAQuantity
from formcheck.grammar import escaped
from formcheck.reading.cells import Cell, Row, Sheet
from formcheck.reading.columns import Path, joined, named_unit
from formcheck.reading.problems import Trouble
from formcheck.units import SPELLINGS, amount

__all__ = ["Results", "is_of_results"]

_SHEETS = {
    "unit results": None,
    "unit masses": "unit_masses",
    "unit contents": "unit_contents",
    "dose masses": "dose_masses",
}
_GROUPS = {
    "mass": "unit_masses", "masses": "unit_masses", "unit_mass": "unit_masses", "unit_masses": "unit_masses",
    "content": "unit_contents", "contents": "unit_contents", "unit_content": "unit_contents",
    "unit_contents": "unit_contents", "dose_mass": "dose_masses", "dose_masses": "dose_masses",
}  # fmt: skip


class Document(Protocol):
    """A record that takes values: what it says already, what is wrong with it, and the cell of each value."""

    value: dict[str, object]
    troubles: list[Trouble]
    places: dict[Path, Cell]

    def put(self, path: Path, text: str) -> None:
        """Put a text where it belongs."""


class _Values(NamedTuple):
    """A column of values: the part of the record it belongs to, its unit, and its heading."""

    group: str
    unit: str
    heading: Cell


class Results:
    """The results of all sheets, until each record has taken its own."""

    def __init__(self) -> None:
        self.of: dict[str, list[tuple[_Values, Cell, str]]] = {}
        self.wrong: dict[str, list[Trouble]] = {}
        self.first: dict[str, Cell] = {}
        self.taken: set[str] = set()

    def take(self, sheet: Sheet) -> list[Trouble]:
        """Take the results of a sheet; what is returned is wrong with the sheet, so that nothing of it may be used."""
        troubles: list[Trouble] = []
        ids = [index for index, cell in enumerate(sheet.headings) if cell.text == "id"]
        columns: dict[int, _Values] = {}
        for index, heading in enumerate(sheet.headings):
            if index in ids:
                continue
            found = _values(sheet.name, heading)
            if isinstance(found, Trouble):
                troubles.append(found)
            elif any(other.group == found.group for other in columns.values()):
                troubles.append(heading.trouble("FC003", f"two columns hold {found.group}: formcheck takes neither"))
            else:
                columns[index] = found
        if not ids:
            message = "a sheet of results needs the column id, with the id of the record each value belongs to"
            troubles.append(sheet.headings[0].trouble("FC005", message))
        if not troubles:
            for row in sheet.rows:
                troubles += self.row(row, ids[0], columns)
        return troubles

    def row(self, row: Row, at: int, columns: dict[int, _Values]) -> list[Trouble]:
        """Take one row; returned is what is wrong with a row that belongs to no record."""
        if row.is_blank:
            return []
        id = row.cells[at].text.strip(" ") if row.cells else ""
        if not id:
            missing = [] if row.troubles else [row.cells[at].trouble("FC005", "the id of the record is missing here")]
            return [*row.troubles, *missing]
        wrong = self.wrong.setdefault(id, [])
        self.first.setdefault(id, row.cells[at])
        wrong += row.troubles
        filled = 0
        for index, values in columns.items():
            text = row.cells[index].text.strip(" ")
            if text:
                self.of.setdefault(id, []).append((values, row.cells[index], text))
                filled += 1
        if not filled and not row.troubles:
            wrong.append(row.cells[min(columns, default=at)].trouble("FC005", f"no value stands beside {escaped(id)}"))
        return []

    def give(self, document: Document) -> None:
        """Give a record its results, and what is wrong with them."""
        id = document.value.get("id")
        if not isinstance(id, str) or id not in self.first:
            return
        self.taken.add(id)
        document.troubles += self.wrong[id]
        counts: dict[str, int] = {}
        for values, cell, text in self.of.get(id, ()):
            own = document.value.setdefault(values.group, {})
            assert isinstance(own, dict)  # noqa: S101
            if values.group not in counts:
                self.begin(document, own, values, cell)
            number = counts[values.group] = counts.get(values.group, 0) + 1
            path: Path = (values.group, "values", number - 1)
            document.places[path] = cell
            try:
                document.put(path, _digits(joined(text, values.unit), values.unit, text))
            except NotAQuantity as error:
                document.troubles.append(cell.trouble("FC007", str(error)))

    def begin(self, document: Document, own: dict[str, object], values: _Values, cell: Cell) -> None:
        """Before the first value: none may stand in the row of the record, and the unit is said once."""
        if own.pop("values", None) is not None:
            message = f"the values of {values.group} stand in the row of the record too: leave one of them out"
            document.troubles.append(cell.trouble("FC003", message))
        if own.get("unit") not in (None, values.unit):
            message = f"the heading says {values.unit}, and {values.group}.unit of the record {own['unit']}"
            document.troubles.append(values.heading.trouble("FC003", message))
        elif "unit" not in own:
            document.places[(values.group, "unit")] = values.heading
        own["unit"] = values.unit

    def left_over(self) -> list[Trouble]:
        """What belongs to no record of the file."""
        return [
            cell.trouble("FC005", f"no record of this file has the id {escaped(id)}: its results belong to nothing")
            for id, cell in self.first.items()
            if id not in self.taken
        ]


def is_of_results(name: str) -> bool:
    """Whether a sheet of that name holds results of single units."""
    return _spaced(name) in _SHEETS


def _spaced(name: str) -> str:
    return name.strip().lower().replace("_", " ")


def _values(sheet: str | None, heading: Cell) -> _Values | Trouble:
    bare, unit = named_unit(heading.text)
    group = _GROUPS.get(bare.strip().lower().replace(" ", "_"))
    if group is None and bare.lower() in ("value", "result"):
        group = _SHEETS.get(_spaced(sheet or ""))
    if group is None:
        message = (
            f"{escaped(heading.text)} is not a column of results: write id, mass_mg, content_mg, content_pct or dose_mass_g"
        )
        return heading.trouble("FC004", message)
    if unit is None:
        return heading.trouble("FC005", f"{escaped(heading.text)} names no unit: write {bare}_mg, or the unit it is")
    return _Values(group, unit, heading)


def _digits(text: str, unit: str, otherwise: str) -> str:
    """The number alone, where the cell is a legal quantity in the unit of the heading; else what the cell says."""
    try:
        read = amount(text)
    except NotAQuantity:
        return otherwise
    return read.digits if read.unit is SPELLINGS.get(unit) else otherwise
