"""reading/tables.py and reading/workbooks.py: CSV and XLSX taken apart strictly, every trap with its place."""

import contextlib
import datetime
import io
import struct
import sys
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import SHEET1, altered, as_csv, as_xlsx, replaced

from formcheck.errors import Unreadable
from formcheck.reading import workbooks
from formcheck.reading.cells import Cell, cell_name
from formcheck.reading.tables import MOST_TABLE_BYTES, read_tables

HEAD = ["id", "mass_mg", "note"]


def texts(data: bytes, name: str = "t.csv") -> list[list[str]]:
    """The cells of a table that has nothing wrong with it, the headings first."""
    tables = read_tables(data, name)
    (sheet,) = tables.sheets
    assert not tables.troubles and not any(row.troubles for row in sheet.rows)
    return [[cell.text for cell in sheet.headings], *([cell.text for cell in row.cells] for row in sheet.rows)]


def troubles(data: bytes, name: str = "t.csv") -> list[str]:
    """Everything that is wrong with a table and its rows: place, code, sentence."""
    tables = read_tables(data, name)
    found = [*tables.troubles, *(t for sheet in tables.sheets for row in sheet.rows for t in row.troubles)]
    return [f"{t.cell or f'{t.line}:{t.column}'} {t.code} {t.message}" for t in found]


def refusal(data: bytes, name: str = "t.csv") -> str:
    """Why nothing of a file can be read."""
    with pytest.raises(Unreadable) as error:
        read_tables(data, name)
    return str(error.value)


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_of_each_kind_is_read(delimiter: str, encoding: str) -> None:
    """Comma, semicolon or tab, with and without a byte-order mark: the cells are those that were written."""
    rows = [HEAD, ["a", "4.5", "x, y; z\tw"], ["b", "0.50", 'say "so"']]
    assert texts(as_csv(rows, delimiter, encoding)) == rows


def test_csv_keeps_text_and_places() -> None:
    """Leading zeros, trailing zeros and line breaks in quotation marks stay; line and column count from 1."""
    data = b'id,label,mass_mg\r\n0123,"one\r\ntwo",4.50\r\n7,x,1\r\n'
    (sheet,) = read_tables(data, "t.csv").sheets
    assert [cell.text for cell in sheet.rows[0].cells] == ["0123", "one\ntwo", "4.50"]
    assert sheet.rows[1].cells[2] == Cell("1", 4, 3) and (sheet.rows[1].number, sheet.rows[0].number) == (3, 2)


def test_line_ends_of_every_system_are_read() -> None:
    """LF, CR LF and CR end a line; empty lines at the end are fine."""
    for end in ("\n", "\r\n", "\r"):
        assert texts(f"id,a{end}1,2{end}{end}{end}".encode()) == [["id", "a"], ["1", "2"]]


CSV_TRAPS = {
    "too few": (b"id,mass_mg,note\na,4.5\n", "2:2 FC005 this row has 2 values for 3 columns"),
    "too many": (b"id,mass_mg,note\na,4,5,x\n", "2:3 FC005 this row has 4 values for 3 columns"),
    "equal headings": (b"id,mass_mg,id\na,4.5,b\n", '1:3 FC003 two columns have the heading "id"'),
    "equal after spaces": (b"id,mass_mg, id \na,4.5,b\n", '1:3 FC003 two columns have the heading "id"'),
    "no heading": (b"id,,note\na,4.5,b\n", "1:2 FC005 column B has values and no heading"),
    "title": (
        b"Batches of March,,,,,\na,b,c,d,e,f\n",
        "1:2 FC005 5 columns have values and no heading: the headings belong",
    ),
    "empty first line": (b"\nid,note\na,b\n", "1:1 FC005 the first line must hold the headings"),
    "empty headings": (b",,\na,b,c\n", "1:1 FC005 the first line must hold the headings"),
    "empty file": (b"", "1:1 FC005 the first line must hold the headings"),
    "sep line": (b"sep=;\nid;note\na;b\n", "1:1 FC005 the first line must hold the headings of the columns: delete"),
    "two marks": (b"id;a,b\n1;2\n", "1:1 FC003 the first line has commas and semicolons"),
    "tab and comma": (b"id\ta,b\n1\t2\n", "1:1 FC003 the first line has commas and tabs"),
    "unclosed": (b'id,note\na,b\nc,"d\ne,f\n', "3:1 FC002 not CSV: a quotation mark"),
    "text after a quote": (b'id,note\na,"b"c\n', "2:1 FC002 not CSV: a quotation mark"),
    "NUL": (b"id,note\na,b\nc,\0d\n", "3:1 FC002 the file holds a NUL character"),
    "control": (b"id,note\na,b\x07\n", "2:2 FC002"),
    "swallowed rows": (b'id,a,b\n1,2,"3\n4,5,6\n7,8,9"\n', "2:3 FC003 this cell holds whole rows"),
    "error value": (b"id,a\n1,#N/A\n", "2:2 FC005 the spreadsheet shows an error here (#N/A)"),
    "division": (b"id,a\n1,#DIV/0!\n", "2:2 FC005 the spreadsheet shows an error here (#DIV/0!)"),
    "apostrophe": (b"id,a\n'0123,x\n", '2:1 FC005 "\'0123" begins with an apostrophe'),
}


@pytest.mark.parametrize("trap", CSV_TRAPS)
def test_csv_traps_are_named(trap: str) -> None:
    """What a lenient reader shifts, swallows or keeps the last of is named with line and column."""
    data, words = CSV_TRAPS[trap]
    found = troubles(data)
    assert any(each.startswith(words) for each in found), found


def test_every_trouble_of_a_table_is_said() -> None:
    """One bad row hides no other: each is named, and the sound one between them is there."""
    data = b"id,a,b\n1,2\n3,4,5\n6,#REF!,7\n8,9,10,11\n"
    assert [each.split(" ")[0] for each in troubles(data)] == ["2:2", "4:2", "5:3"]
    assert [cell.text for cell in read_tables(data, "t.csv").sheets[0].rows[1].cells] == ["3", "4", "5"]


def test_a_blank_column_without_a_heading_is_no_column() -> None:
    """Commas at the end of every line, as spreadsheets export them, are passed over where nothing stands there."""
    assert texts(b"id,a,,\n1,2,,\n3,4,,\n,,,\n") == [["id", "a"], ["1", "2"], ["3", "4"]]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"id,a\n\xff\xfe,b\n", "not UTF-8 text (byte 6)"),
        ("id,a\nü,b\n".encode("latin-1"), "not UTF-8"),
        ("id,a\n1,b\n".encode("utf-16"), "not UTF-8"),
        (b"id\n" + b"x" * MOST_TABLE_BYTES, "larger than 8 MiB"),
        (b"id\n" + b"x\n" * 20_001, "20000 rows"),
        (b"," * 501 + b"id\nx\n", "500 columns"),
        (b"id" + b",x" * 400 + (b"\n" + b"," * 400) * 2500, "1000000 cells"),
        (b"PK\x03\x04rest", "ending .xlsx"),
    ],
)
def test_what_is_no_csv_at_all_is_one_sentence(data: bytes, words: str) -> None:
    """Other encodings, other files, and files too large are refused before anything is made of them."""
    assert words in refusal(data)


def test_a_value_without_end_is_refused() -> None:
    """A field of more than 128 KiB is refused, not cut."""
    assert "100,000 characters" in troubles(b'id,a\n1,"' + b"x" * 140_000 + b'"\n')[0]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8), min_size=3, max_size=3
        ),
        max_size=5,
    )
)
def test_what_csv_writes_is_read_back(rows: list[list[str]]) -> None:
    """Any text without control characters that was written as CSV comes back as it was, or is named."""
    table = [HEAD, *(["x", *row[1:]] for row in rows)]
    data = as_csv(table)
    assert troubles(data) or texts(data) == table


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_unreadable(data: bytes) -> None:
    """Whatever the bytes: cells, troubles, or Unreadable."""
    for name in ("t.csv", "t.xlsx"):
        with contextlib.suppress(Unreadable):
            read_tables(data, name)


# XLSX


def written(*rows: list[Any], **more: Any) -> bytes:
    return as_xlsx([HEAD, *rows], **more)


def test_xlsx_is_read_as_text_with_its_cell() -> None:
    """Text, numbers and blanks: exact decimal text, the kind of each cell and its name."""
    data = written(["0123", 4.5, "x"], ["b", 177, None], ["c", 1e-7, "y"])
    assert texts(data, "t.xlsx")[1:] == [["0123", "4.5", "x"], ["b", "177", ""], ["c", "0.0000001", "y"]]
    (sheet,) = read_tables(data, "t.xlsx").sheets
    assert sheet.rows[0].cells[1] == Cell("4.5", 2, 2, "number", "Batches!B2")


@pytest.mark.parametrize("number", ["4.53", "0.1", "1.1000000000000001", "4.0", "511", "1E-3", "12972", "0.30"])
def test_numbers_are_the_decimals_somebody_typed(number: str) -> None:
    """A number is the shortest decimal of the double that is stored, however the program wrote it."""
    data = replaced(written(["a", 4.5, "x"]), "<v>4.5</v>", f"<v>{number}</v>")
    wanted = {"1.1000000000000001": "1.1", "4.0": "4", "1E-3": "0.001", "0.30": "0.3"}.get(number, number)
    assert texts(data, "t.xlsx")[1][1] == wanted


def dated(value: Any, format: str) -> bytes:
    return as_xlsx(
        [["id", "made"], ["a"]], lambda book, sheet: sheet.write(1, 1, value, book.add_format({"num_format": format}))
    )


DAY = datetime.datetime(2026, 3, 2)


@pytest.mark.parametrize(
    ("value", "format", "shown"),
    [
        (DAY, "yyyy-mm-dd", "2026-03-02"),
        (DAY, "d mmm yyyy", "2026-03-02"),
        (DAY.replace(hour=9, minute=20), "yyyy-mm-dd hh:mm", "2026-03-02T09:20"),
        (DAY.replace(hour=9, minute=20, second=5), "yyyy-mm-dd hh:mm:ss", "2026-03-02T09:20:05"),
        (DAY.replace(hour=9), "yyyy-mm-dd", "2026-03-02"),
        (DAY, "mm/yyyy", "2026-03"),
        (DAY, "mmm-yy", "2026-03"),
        (0.995, "0.0%", "99.5 %"),
        (0.102, "0%", "10.2 %"),
        (4.526, "0.0", "4.526"),
        (12972, "#,##0.00", "12972"),
    ],
)
def test_dates_and_percent_are_read_as_they_are_shown(value: Any, format: str, shown: str) -> None:
    """A date is ISO text, a month without a day a month; 0.995 shown as 99.5 % is 99.5 %; other formats only round."""
    assert texts(dated(value, format), "t.xlsx")[1][1] == shown


def test_dates_of_the_other_epoch_are_the_same_days() -> None:
    """A workbook that counts its days from 1904 says the same dates."""
    then = lambda book, sheet: sheet.write(1, 1, DAY, book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: E731
    assert texts(as_xlsx([["id", "made"], ["a"]], then, {"date_1904": True}), "t.xlsx")[1][1] == "2026-03-02"


@pytest.mark.parametrize(
    ("value", "format", "words"),
    [
        (datetime.time(9, 20), "hh:mm", "FC008 the cell holds a time without a date"),
        (DAY, "yyyy", "FC008 the cell shows a year alone"),
        (4.5, '0.0" g"', 'FC005 the number format "0.0'),
        (4.5, r"0.0\g", "FC005 the number format"),
        (4500, "0.0,", "FC005 the number format"),
        (4.5, "[$€-407]0.0", "FC005 the number format"),
        (4.5, ";;;", "FC005 the number format"),
    ],
)
def test_a_format_that_shows_something_else_is_named(value: Any, format: str, words: str) -> None:
    """A unit, a currency or a scale in the number format, and a number that is not shown at all, are refused."""
    assert troubles(dated(value, format), "t.xlsx")[0].startswith(f"Batches!B2 {words}")


def hide_row(book: Any, sheet: Any) -> None:
    sheet.set_row(1, None, None, {"hidden": True})


def hide_column(book: Any, sheet: Any) -> None:
    sheet.set_column(1, 1, None, None, {"hidden": True})


XLSX_TRAPS = {
    "error": (
        written(["a", 1, "x"], then=lambda b, s: s.write_formula(1, 1, "=1/0", None, "#DIV/0!")),
        "Batches!B2 FC005 the spreadsheet shows an error here (#DIV/0!)",
    ),
    "n/a": (
        written(["a", 1, "x"], then=lambda b, s: s.write_formula(1, 1, "=NA()", None, "#N/A")),
        "Batches!B2 FC005 the spreadsheet shows an error here (#N/A)",
    ),
    "never computed": (
        written(["a", 1, "x"], then=lambda b, s: s.write_formula(1, 1, "=1+1")),
        "Batches!B2 FC005 the formula here was never computed",
    ),
    "no cached value": (
        replaced(
            replaced(written(["a", 4.5, "x"]), ' fullCalcOnLoad="1"', "", "xl/workbook.xml"), "<v>4.5</v>", "<f>1+1</f>"
        ),
        "Batches!B2 FC005 the formula here was never computed",
    ),
    "boolean": (written(["a", True, "x"]), "Batches!B2 FC005 the cell holds the logical value TRUE"),
    "too exact": (replaced(written(["a", 4.5, "x"]), "<v>4.5</v>", "<v>0.30000000000000004</v>"), "Batches!B2 FC006"),
    "infinite": (replaced(written(["a", 4.5, "x"]), "<v>4.5</v>", "<v>1e999</v>"), "Batches!B2 FC006"),
    "not a number": (replaced(written(["a", 4.5, "x"]), "<v>4.5</v>", "<v>nan</v>"), "Batches!B2 FC001 what is stored"),
    "comma": (replaced(written(["a", 4.5, "x"]), "<v>4.5</v>", "<v>4,5</v>"), "Batches!B2 FC001"),
    "merged": (
        written(["a", 1, "x"], then=lambda b, s: s.merge_range("A4:B4", "m")),
        "Batches!A4:B4 FC003 the cells are merged",
    ),
    "hidden row": (written(["a", 1, "x"], then=hide_row), "Batches!A2 FC003 row 2 is hidden and holds data"),
    "hidden column": (written(["a", 1, "x"], then=hide_column), "Batches!B1 FC003 column B is hidden and holds data"),
    "row of no height": (
        replaced(written(["a", 1, "x"]), '<row r="2"', '<row ht="0" r="2"'),
        "Batches!A2 FC003 row 2 is hidden",
    ),
    "hidden by default": (
        replaced(written(["a", 1, "x"]), 'defaultRowHeight="15"', 'defaultRowHeight="15" zeroHeight="1"'),
        "Batches!A2 FC003 row 2 is hidden",
    ),
    "hidden sheet": (
        as_xlsx({"Batches": [HEAD, ["a", 1, "x"]], "Old": [["id"], ["b"]]}, lambda b, s: b.worksheets()[1].hide()),
        'Old!A1 FC003 the sheet "Old" is hidden and holds data',
    ),
    "very hidden sheet": (
        as_xlsx({"Batches": [HEAD, ["a", 1, "x"]], "Old": [["id"], ["b"]]}, lambda b, s: b.worksheets()[1].very_hidden()),
        'Old!A1 FC003 the sheet "Old" is hidden',
    ),
    "equal headings": (as_xlsx([["id", "id"], ["a", "b"]]), 'Batches!B1 FC003 two columns have the heading "id"'),
    "no heading": (as_xlsx([["id", "", "x"], ["a", "b", "c"]]), "Batches!B1 FC005 column B has values and no heading"),
    "twice": (
        replaced(written(["a", 4.5, "x"]), '<c r="B2"><v>4.5</v></c>', '<c r="B2"><v>4.5</v></c><c r="B2"><v>45</v></c>'),
        "Batches!B2 FC003 the cell stands twice",
    ),
    "row twice": (
        replaced(written(["a", 4.5, "x"]), "</sheetData>", '<row r="2"><c r="B2"><v>45</v></c></row></sheetData>'),
        "Batches!B2 FC003 the cell stands twice",
    ),
    "apostrophe": (written(["'0123", 1, "x"]), 'Batches!A2 FC005 "\'0123" begins with an apostrophe'),
    "control": (written(["a\x07", 1, "x"]), "Batches!A2 FC002"),
}


@pytest.mark.parametrize("trap", XLSX_TRAPS)
def test_xlsx_traps_are_named(trap: str) -> None:
    """What the reader of values drops or takes for a value is named with its sheet and cell."""
    data, words = XLSX_TRAPS[trap]
    found = troubles(data, "t.xlsx")
    assert any(each.startswith(words) for each in found), found


def test_a_formula_with_its_value_is_its_value() -> None:
    """A workbook that a spreadsheet program has computed and saved: formulas are what they show, "" is blank."""
    data = written(
        ["a", 1, "x"], then=lambda b, s: (s.write_formula(1, 1, "=2*2", None, 4), s.write_formula(1, 2, '=""', None, ""))
    )
    saved = replaced(replaced(data, ' fullCalcOnLoad="1"', "", "xl/workbook.xml"), '<c r="C2">', '<c r="C2" t="str">')
    assert texts(saved, "t.xlsx")[1] == ["a", "4", ""]


def test_a_hidden_sheet_without_data_is_nothing() -> None:
    """An empty hidden sheet, an empty visible one and a sheet of charts are passed over."""

    def then(book: Any, sheet: Any) -> None:
        book.add_worksheet("Empty")
        book.add_worksheet("Hidden").hide()
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Batches!$B$2:$B$2"})
        book.add_chartsheet("Chart").set_chart(chart)

    assert texts(written(["a", 1, "x"], then=then), "t.xlsx")[1] == ["a", "1", "x"]


def test_rows_below_the_last_that_are_only_formatted_are_nothing() -> None:
    """A row of no cells at the very end of the sheet, as some programs write it, does no harm."""
    data = replaced(written(["a", 1, "x"]), "</sheetData>", '<row r="1048576" ht="12.8"></row></sheetData>')
    assert texts(data, "t.xlsx")[1] == ["a", "1", "x"]


def far(reference: str) -> bytes:
    return replaced(
        written(["a", 1, "x"]),
        "</sheetData>",
        f'<row r="{reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{reference}"><v>1</v></c></row></sheetData>',
    )


def lying(size: int) -> bytes:
    """A workbook whose first sheet unpacks to 100 MB and says that it is smaller."""
    data = bytearray(altered(written(["a", 1, "x"]), SHEET1, lambda text: text + b" " * 100_000_000))
    at = data.rindex(SHEET1.encode())
    data[at - 46 + 24 : at - 46 + 28] = struct.pack("<I", size)
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: b"", "not an XLSX workbook"),
        (lambda: b"PK\x03\x04" + b"0" * 100, "not an XLSX workbook"),
        (lambda: b"id,a\n1,2\n", "not an XLSX workbook"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "protected by a password"),
        (lambda: written(["a", 1, "x"])[:-200], "damaged"),
        (lambda: altered(written(["a", 1, "x"]), "xl/workbook.xml", lambda text: text[:-20]), "damaged"),
        (lambda: altered(written(["a", 1, "x"]), SHEET1, lambda text: text[:-20]), "damaged"),
        (
            lambda: replaced(written(["a", 1, "x"]), "<worksheet", '<!DOCTYPE x [<!ENTITY e "1">]><worksheet'),
            "document type",
        ),
        (lambda: altered(written(["a", 1, "x"]), SHEET1, lambda text: text + b" " * 70_000_000), "64 MiB"),
        (lambda: lying(1000), "damaged"),
        (lambda: far("A30000"), "20000 rows"),
        (lambda: far("XFD3"), "beyond column 500"),
        (lambda: far("SF20000"), "500"),
        (lambda: far("KA20000"), "spans 20000 rows"),
        (lambda: replaced(written(["a", 4.5, "x"]), '<c r="B2">', '<c r="B9">'), "damaged"),
        (lambda: replaced(written(["a", 4.5, "x"]), '<c r="B2">', '<c r="B2" t="s">'), "damaged"),
        (
            lambda: replaced(
                written(["a", 4.5, "x"]), "<sheetData>", "<sheetData>" + '<row r="900">' + "<c/>" * 501 + "</row>"
            ),
            "beyond column",
        ),
    ],
)
def test_a_workbook_that_cannot_be_trusted_is_one_sentence(make: Any, words: str) -> None:
    """Damaged, protected, bombs of many kinds: refused before they cost memory or time."""
    assert words in refusal(make(), "t.xlsx")


def test_entries_of_one_name_are_refused() -> None:
    """An archive with two parts of one name is two workbooks in one: neither is read."""
    out = io.BytesIO(written(["a", 1, "x"]))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET1, "<x/>")
    assert "damaged" in refusal(out.getvalue(), "t.xlsx")


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cells of all sheets together are bounded."""
    monkeypatch.setattr(workbooks, "MOST_CELLS", 5)
    assert "more than 5 cells" in refusal(written(["a", 1, "x"]), "t.xlsx")


def test_without_the_extra_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where python-calamine is not installed, a workbook is refused with the command, and CSV is read."""
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    assert 'pip install "formcheck[tables]"' in refusal(written(["a", 1, "x"]), "t.xlsx")
    assert texts(b"id,a\n1,2\n")


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff", exclude_categories=["Cs"]), max_size=6),
        min_size=3,
        max_size=3,
    )
)
def test_what_a_workbook_holds_as_text_is_read_back(row: list[str]) -> None:
    """Any text that was written into a workbook comes back as it was, or is named."""
    data = as_xlsx([HEAD, ["x", *row[1:]]])
    whole = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row[1:]]
    assert troubles(data, "t.xlsx") or texts(data, "t.xlsx") == [HEAD, ["x", *whole]]


@given(st.integers(0, 10**15), st.integers(-8, 8))
def test_numbers_of_a_workbook_are_exact_or_refused(digits: int, exponent: int) -> None:
    """A number of up to 15 digits comes back as those digits."""
    from fractions import Fraction

    number = float(f"{digits}e{exponent}")
    data = replaced(written(["a", 4.5, "x"]), "<v>4.5</v>", f"<v>{number!r}</v>")
    if not troubles(data, "t.xlsx"):
        assert Fraction(texts(data, "t.xlsx")[1][1]) == Fraction(digits) * Fraction(10) ** exponent


@given(st.integers(0, 10**9), st.binary(min_size=1, max_size=4))
def test_an_edited_sheet_never_raises(at: int, patch: bytes) -> None:
    """Bytes changed anywhere in the XML of a sheet: cells, troubles, or Unreadable."""

    def change(text: bytes) -> bytes:
        place = at % len(text)
        return text[:place] + patch + text[place + len(patch) :]

    with contextlib.suppress(Unreadable):
        read_tables(altered(EDITED, SHEET1, change), "t.xlsx")


EDITED = written(["a", 4.5, "x"], ["b", 7, "y"])


def test_cells_have_the_names_of_the_spreadsheet() -> None:
    """A1, Z9, AA10, XFD1048576."""
    assert [cell_name(1, 1), cell_name(9, 26), cell_name(10, 27), cell_name(1048576, 16384)] == [
        "A1",
        "Z9",
        "AA10",
        "XFD1048576",
    ]
