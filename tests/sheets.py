"""Tables made on the spot: CSV text and XLSX workbooks, sound ones and ones with a part altered."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml
from published.records import SPECS, record

from formcheck.reading.batches import read_all
from formcheck.reading.columns import as_columns
from formcheck.reading.papers import Reading

Rows = Sequence[Sequence[Any]]
SHEET1 = "xl/worksheets/sheet1.xml"


def as_csv(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV file of these rows."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(
    sheets: Mapping[str, Rows] | Rows,
    then: Callable[[Any, Any], None] | None = None,
    options: dict[str, Any] | None = None,
) -> bytes:
    """A workbook: texts as texts, other values as they are; `then` may add to the workbook and its first sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **(options or {})})
    named = sheets if isinstance(sheets, Mapping) else {"Batches": sheets}
    for name, rows in named.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write(number, column, cell)
    if then is not None:
        then(book, book.worksheets()[0])
    book.close()
    return out.getvalue()


def altered(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


def replaced(data: bytes, old: str, new: str, part: str = SHEET1) -> bytes:
    """A workbook with a piece of XML replaced, which must be there."""

    def change(text: bytes) -> bytes:
        assert old.encode() in text, text
        return text.replace(old.encode(), new.encode())

    return altered(data, part, change)


@cache
def good() -> dict[str, str]:
    """The headings and cells of a sound record of capsules."""
    return as_columns(record())


def every_record() -> dict[Path, dict[str, Any]]:
    """Every example record of specs/, as plain values."""
    return {path: yaml.load(path.read_text("utf-8"), yaml.BaseLoader) for path in sorted(SPECS.rglob("records/*.yaml"))}


def table(*rows: Mapping[str, str | None], headings: Sequence[str] | None = None) -> list[list[str]]:
    """Rows of records as a table: a good record with cells changed; None takes one away."""
    cells = [{**good(), **row} for row in rows] if rows else [good()]
    headings = list(headings or dict.fromkeys(name for row in cells for name in row))
    return [headings, *([row.get(name) or "" for name in headings] for row in cells)]


def read(data: bytes, folder: Path, name: str = "batches.csv") -> list[Reading]:
    """The readings of a file."""
    file = folder / name
    file.write_bytes(data)
    return read_all(str(file))


def said(readings: Sequence[Reading]) -> list[str]:
    """Place, code and sentence of everything that was found, the folder left out."""
    return [f"{str(f.location).rpartition('/')[2]} {f.code} {f.message}" for reading in readings for f in reading.findings]
