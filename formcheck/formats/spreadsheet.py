"""Tables written for a spreadsheet, CSV or XLSX: the verdicts beside the rows they are of. Alone knows xlsxwriter.

Every cell is written as text. What a spreadsheet program would take for a formula (it begins with = + - @, a tab or a
line break) is never one: CSV gets an apostrophe before it, XLSX a cell of the type text.
"""

import csv
import datetime
import io
from collections.abc import Iterable

from formcheck.errors import Unreadable
from formcheck.findings import Finding
from formcheck.formats.words import printable, severity_of
from formcheck.verdicts import Judged, Link, Report, TableRow

__all__ = ["ENDINGS", "forced", "table_as_bytes", "verdict_table"]

ENDINGS = (".csv", ".xlsx")
ADDED = ("verdict", "fail", "not determined", "warnings", "findings")
INSTALL = 'XLSX is written with an extra: pip install "formcheck[tables]", or name a file that ends in .csv'
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MOST = 32_000
"""A cell of a workbook holds at most 32,767 characters."""

Table = list[list[str]]


def verdict_table(report: Report) -> Table:
    """The rows of every table that was judged, in their order, with verdict, counts and findings after each.

    A record of a file of its own has a row with its id. Where several files were judged, the first column names them.
    """
    entries = _in_order(report)
    files = dict.fromkeys(path for path, _, _ in entries)
    headings = dict.fromkeys(heading for _, row, _ in entries if row is not None for heading in row.headings)
    if not headings or any(row is None for _, row, _ in entries):
        headings = {"id": None, **headings}
    several = len(files) > 1
    table = [[*(["file"] if several else []), *headings, *ADDED]]
    for path, row, said in entries:
        cells = dict(zip(row.headings, row.cells, strict=False)) if row is not None else {"id": said[0]}
        table.append([*([path] if several else []), *(cells.get(heading, "") for heading in headings), *said[1:]])
    return table


def _in_order(report: Report) -> list[tuple[str, TableRow | None, list[str]]]:
    """File, row and what is said of it; a row that a later record corrects stands in its own place."""
    found: list[tuple[str, TableRow | None, list[str]]] = []
    for judged in report.records:
        found.append((judged.path, judged.row, _said(judged)))
        found += [_corrected(link, judged) for link in judged.chain if link.row is not None]
    files = {path: number for number, path in enumerate(dict.fromkeys(path for path, _, _ in found))}
    sheets = {
        sheet: number for number, sheet in enumerate(dict.fromkeys(row.sheet for _, row, _ in found if row is not None))
    }
    return sorted(found, key=lambda each: (files[each[0]], *_at(each[1], sheets)))


def _at(row: TableRow | None, sheets: dict[str | None, int]) -> tuple[int, int]:
    return (-1, 0) if row is None else (sheets[row.sheet], row.number)


def _said(judged: Judged) -> list[str]:
    counts = judged.counts
    numbers = (counts.fail, counts.not_determined, counts.warning)
    return [judged.id or "", judged.word.lower(), *map(str, numbers), "\n".join(_lines(judged.findings))]


def _corrected(link: Link, by: Judged) -> tuple[str, TableRow | None, list[str]]:
    verdict = f"corrected by {by.id}" + (f" (was {link.verdict.replace('_', ' ')})" if link.verdict is not None else "")
    return (link.path or "").partition("#")[0], link.row, [link.id or "", verdict, "", "", "", ""]


def _lines(findings: Iterable[Finding]) -> Iterable[str]:
    for finding in findings:
        message = " ".join(finding.message.split())
        yield f"{finding.code} {severity_of(finding)}: {message}"


def forced(table: Table) -> int:
    """How many cells would be taken for a formula, and are therefore written as text by force."""
    return sum(cell.startswith(_FORMULA) for row in table for cell in row)


def table_as_bytes(table: Table, name: str) -> bytes:
    """The file, CSV or XLSX by the ending of its name. Raises Unreadable where XLSX cannot be written."""
    shown = [[_plain(cell) for cell in row] for row in table]
    return _as_xlsx(shown) if name.lower().endswith(".xlsx") else _as_csv(shown)


def _plain(text: str) -> str:
    """The text with control and bidirectional characters as code points; line breaks stay, and no cell is too long."""
    shown = "\n".join(printable(line) for line in text.replace("\r\n", "\n").split("\n"))
    return shown if len(shown) <= _MOST else f"{shown[:_MOST]} ... (cut)"


def _as_csv(table: Table) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in table:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    # The mark tells a spreadsheet program that the text is UTF-8.
    return out.getvalue().encode("utf-8-sig")


def _as_xlsx(table: Table) -> bytes:
    try:
        import xlsxwriter
    except ImportError:
        raise Unreadable(INSTALL) from None
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)})
    sheet = book.add_worksheet("Batches")
    text = book.add_format({"num_format": "@", "valign": "top"})
    long = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    bold = book.add_format({"num_format": "@", "bold": True, "text_wrap": True, "valign": "top"})
    width = max(map(len, table))
    # The whole columns are text, so that what is typed below keeps its zeros and is never a formula or a date.
    sheet.set_column(0, width - 1, 18, text)
    for number, row in enumerate(table):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell, bold if number == 0 else long if "\n" in cell else text)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(table) + 1000}"})
    sheet.freeze_panes(1, 1)
    book.close()
    return out.getvalue()
