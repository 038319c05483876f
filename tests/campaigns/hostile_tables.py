"""Hostile tables by the thousand: no exception, no row lost or shifted in silence, no cell read as another.

    python tests/campaigns/hostile_tables.py --number 50000 --seed 1

Deterministic by its seed. Each example alters cells, the text of a CSV file or the XML of a workbook, and is read.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

from sheets import SHEET1, altered, as_csv, as_xlsx, every_record, read

from formcheck.papers.compounding import CompoundingRecord
from formcheck.reading.columns import UnknownColumn, as_columns, column_of, joined
from formcheck.reading.papers import Reading
from formcheck.reading.structure import structure

HOSTILE = [
    "",
    " ",
    "4,5",
    "4.5 mg",
    "4,5 mg",
    "-4.5",
    "+4.5",
    ".5",
    "4.",
    "1e309",
    "nan",
    "inf",
    "0x10",
    "1_0",
    "1 000",
    "٤.٥",
    "４.５",
    "=HYPERLINK(1)",
    "@SUM(1)",
    "+1",
    "-1+1",
    "#N/A",
    "#DIV/0!",
    "#REF!",
    "TRUE",
    "null",
    "n/a",
    "TBD",
    "'0123",
    "0123",
    "\u202e4.5",
    "2.3.2026",
    "2026-02-30",
    "05/2026",
    "46083",
    "a\nb",
    'a"b',
    '"',
    "a,b",
    "a;b",
    "a\tb",
    "{a: 1}",
    "[1]",
    "&a",
    "*a",
    "<<",
    "!!x",
    "x" * 200,
    "9" * 60,
    "\x00",
    "\x07",
    "\ufeff",
    "\u00a04.5",
    "4.5\u00a0mg",
    "mg",
    "%",
    "4.5 Mg",
    "1,234.5",
    "FC101",
    "10.000000001 mg",
]
MARKS = ['"', ",", ";", "\t", "\n", "\r", "\0", "'", "=", "0", "9", ".", " ", "\ufeff", "\u202e", "x", "#", "-"]


@cache
def start() -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Headings and rows: a capsule, a liquid and drops, each a sound record."""
    records = [paper for path, paper in every_record().items() if path.name.startswith("good")]
    by_product: dict[str, dict[str, str]] = {}
    for paper in records:
        by_product.setdefault(paper["formulation"]["id"], as_columns(paper))
    headings = tuple(dict.fromkeys(heading for row in by_product.values() for heading in row))
    return headings, tuple(tuple(row.get(heading, "") for heading in headings) for row in by_product.values())


@cache
def as_text() -> str:
    headings, rows = start()
    return as_csv([headings, *rows]).decode()


@cache
def as_workbook() -> bytes:
    headings, rows = start()
    return as_xlsx([headings, *rows])


def one(chance: random.Random, edits: int, folder: Path, counts: Counter[str] | None = None) -> str | None:
    """One hostile table: what went wrong with reading it, or None. Exceptions are for the caller."""
    kind = chance.choice(["cells of CSV", "cells of XLSX", "text of CSV", "text of CSV", "XML"])
    if counts is not None:
        counts[kind] += 1
    if kind == "text of CSV":
        return _text(chance, edits, folder, counts)
    if kind == "XML":
        return _xml(chance, edits, folder, counts)
    return _cells(chance, edits, folder, counts, kind.endswith("XLSX"))


def _tally(readings: list[Reading], counts: Counter[str] | None) -> None:
    if counts is not None:
        counts["rows read" if any(reading.paper for reading in readings) else "refused whole"] += 1


def _cells(chance: random.Random, edits: int, folder: Path, counts: Counter[str] | None, workbook: bool) -> str | None:
    headings, rows = start()
    table = [list(headings), *map(list, rows)]
    for _ in range(edits):
        row, column = chance.randrange(len(table)), chance.randrange(len(headings))
        text = chance.choice(HOSTILE) if chance.random() < 0.8 else _scrambled(chance, table[row][column])
        # NUL and other characters that XML cannot hold at all are for CSV.
        table[row][column] = text.replace("\0", "\x01") if workbook else text
    readings = read(as_xlsx(table) if workbook else as_csv(table), folder, "h.xlsx" if workbook else "h.csv")
    _tally(readings, counts)
    if readings[0].row is None and readings[0].paper is None and len(readings) == 1:
        return None if readings[0].findings else "refused without a reason"
    if [reading.row.number for reading in readings if reading.row is not None] != [2, 3, 4]:
        return f"rows are missing: {readings}"
    for reading in readings:
        if reading.paper is not None and reading.row is not None:
            wrong = _differs(table[0], table[reading.row.number - 1], reading.paper)
            if wrong:
                return wrong
        elif not reading.findings:
            return "a row was refused without a reason"
    return None


def _scrambled(chance: random.Random, text: str) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(MARKS) + text[at + chance.randint(0, 1) :]


def _differs(headings: list[str], cells: list[str], paper: Any) -> str | None:
    """Whether a paper is another than its cells make, put together here without the code that is under test."""
    tree: dict[str, Any] = {"kind": "compounding-record"}
    for heading, cell in zip(headings, cells, strict=True):
        if not cell.strip(" "):
            continue
        try:
            column = column_of(heading.strip())
        except UnknownColumn:
            return f"the heading {heading!r} was passed over"
        inside: Any = tree
        text = cell.strip(" ").replace("\r\n", "\n").replace("\r", "\n")
        for step, after in zip(column.path, [*column.path[1:], None], strict=True):
            new: Any = joined(text, column.unit) if after is None else [] if type(after) is int else {}
            if type(step) is int:
                inside.extend([None] * (step + 1 - len(inside)))
                inside[step] = new if inside[step] is None else inside[step]
            else:
                inside.setdefault(step, new)
            inside = inside[step]
    expected, misfits = structure(tree, CompoundingRecord)
    if misfits:
        return f"accepted, and should not be: {misfits[0].message}"
    return None if expected == paper else "a cell was read as another"


def _text(chance: random.Random, edits: int, folder: Path, counts: Counter[str] | None) -> str | None:
    text = as_text()
    for _ in range(edits):
        at = chance.randrange(len(text))
        how = chance.random()
        if how < 0.4:
            text = text[:at] + chance.choice(MARKS) + text[at:]
        elif how < 0.7:
            text = text[:at] + text[at + 1 :]
        else:
            text = text[:at] + chance.choice(MARKS) + text[at + 1 :]
    readings = read(text.encode("utf-8", "replace"), folder, "h.csv")
    _tally(readings, counts)
    if any(reading.findings for reading in readings):
        return None
    # An empty line more or less moves the numbers of the rows, and loses none.
    if sum(reading.row is not None for reading in readings) != len(start()[1]):
        return f"rows are missing: {len(readings)}"
    if edits == 1:
        for reading, before in zip(readings, start()[1], strict=True):
            changed = sum(a != b for a, b in zip(reading.row.cells, before, strict=True)) if reading.row else 0
            if changed > 1:
                return f"{changed} cells of a row differ after one edit"
    return None


def _xml(chance: random.Random, edits: int, folder: Path, counts: Counter[str] | None) -> str | None:
    part = chance.choice([SHEET1, SHEET1, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])

    def change(xml: bytes) -> bytes:
        for _ in range(edits):
            at = chance.randrange(len(xml))
            piece = chance.choice(
                [b"<", b">", b'"', b"0", b"9", b"s", b"/", b"&", b"<c/>", b"<v>1</v>", b' t="e"', b"\xff", b"-"]
            )
            xml = xml[:at] + piece + xml[at + chance.choice([0, 1, len(piece)]) :]
        return xml

    readings = read(altered(as_workbook(), part, change), folder, "h.xlsx")
    _tally(readings, counts)
    if not any(reading.findings for reading in readings) and len(readings) != len(start()[1]):
        return f"rows are missing: {len(readings)}"
    return None


def main() -> int:
    """Run the campaign and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    failures: list[str] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.number):
            chance = random.Random(f"{options.seed}/{number}")
            try:
                wrong = one(chance, chance.choice([1, 1, 2, 3, 6]), Path(folder), counts)
            except Exception as error:
                wrong = f"{type(error).__name__}: {error}"
            if wrong:
                failures.append(f"example {number}: {wrong}")
    seconds = time.monotonic() - began
    print(f"{options.number} hostile tables, seed {options.seed}, in {seconds:.0f} s")
    print(", ".join(f"{name}: {number}" for name, number in sorted(counts.items())))
    print(f"failures: {len(failures)}")
    print("\n".join(failures[:20]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
