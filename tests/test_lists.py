"""reading/lists.py: the LIST of the commands, typed or from a file. Exact, each with its unit, nothing guessed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import as_csv, as_xlsx

from formcheck.errors import FormcheckError, NotAQuantity, UnknownUnit, Unreadable, WrongDimension
from formcheck.reading import lists
from formcheck.reading.lists import read_list


def texts(text: str, *kinds: str) -> list[str]:
    return [str(amount) for amount in read_list(text, *kinds)]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, so that files are named as a person would."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("4.41, 4.53, 4.38 mg", ["4.41 mg", "4.53 mg", "4.38 mg"]),
        ("4.41 mg, 4.53 mg", ["4.41 mg", "4.53 mg"]),
        ("4.41,4.53,4.38mg", ["4.41 mg", "4.53 mg", "4.38 mg"]),
        ("4.41mg,500mcg", ["4.41 mg", "500 mcg"]),
        ("178, 181, 177 mg", ["178 mg", "181 mg", "177 mg"]),
        ("178,181,177 mg", ["178 mg", "181 mg", "177 mg"]),
        ("99.1, 100 %", ["99.1 %", "100 %"]),
        ("4.5 mg", ["4.5 mg"]),
        ("500, 480 ug", ["500 mcg", "480 mcg"]),
    ],
)
def test_typed_lists(text: str, values: list[str]) -> None:
    """Every item with its unit, or the last one's for all."""
    assert texts(text) == values


REFUSED = {
    "4.41, 4.53": "value 1: no value of the list has a unit",
    "4.41": "no value of the list has a unit",
    "4.41 mg, 4.53, 4.38 mg": 'value 2, "4.53", has no unit, and value 1 has one',
    "4.41 mg, 4.53": 'value 2, "4.53", has no unit',
    "4,41 mg": "may be a decimal comma",
    "4,41, 4,53 mg": "may be a decimal comma",
    "1,234.5 mg": "may be a decimal comma",
    "4.41; 4.53 mg": "semicolon",
    "4.41,, 4.53 mg": "value 2 is empty",
    "4.41, 4.53 mg,": "value 3 is empty",
    "": "value 1 is empty",
    "4.41, x, 4.38 mg": 'value 2: "x" does not begin with a number',
    "4.41, -4.53 mg": "value 2: ",
    "4.41, 4.53 Mg": "value 2: ",
    "nan, 4.5 mg": "value 1: ",
    "4.41, 1e3, 4.5 mg": "value 2: ",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_could_be_meant_otherwise_is_refused(text: str) -> None:
    """Units missing in part, decimal commas, gaps and signs: refused with the number of the value."""
    with pytest.raises(NotAQuantity) as error:
        read_list(text)
    assert REFUSED[text] in str(error.value)


def test_kinds_are_kept() -> None:
    """A volume among masses is refused as one, with its place; a unit of no table too."""
    with pytest.raises(WrongDimension, match=r"value 2: .* is a volume"):
        read_list("4.41 mg, 4 mL", "mass")
    with pytest.raises(UnknownUnit, match="value 1: "):
        read_list("4.41 cc, 4 mL", "volume")


@pytest.mark.parametrize(
    "content", ["4.41 mg\n4.53 mg\n", "4.41\n4.53 mg\n\n\n", "\ufeff4.41\r\n4.53mg", "content_mg\n4.41\n4.53\n"]
)
def test_a_text_file_has_one_value_a_line(here: Path, content: str) -> None:
    """With units, with that of the last line, or below a heading that names it; blank lines at the end are fine."""
    (here / "contents.txt").write_text(content, encoding="utf-8")
    assert texts("@contents.txt") == ["4.41 mg", "4.53 mg"]


@pytest.mark.parametrize("name", ["c.csv", "c.xlsx"])
@pytest.mark.parametrize(
    ("heading", "cells", "values"),
    [
        ("content_mg", ["4.41", "4.53 mg"], ["4.41 mg", "4.53 mg"]),
        ("content (mg)", ["4.41", "4.53"], ["4.41 mg", "4.53 mg"]),
        ("mass_g", ["0.1763", "0.1781"], ["0.1763 g", "0.1781 g"]),
        ("content_pct", ["99.5", "100.1 %"], ["99.5 %", "100.1 %"]),
        ("content", ["4.41 mg", "4.53 mg"], ["4.41 mg", "4.53 mg"]),
        ("content", ["4.41", "4.53 mg", ""], ["4.41 mg", "4.53 mg"]),
    ],
)
def test_a_column_of_a_table(here: Path, name: str, heading: str, cells: list[str], values: list[str]) -> None:
    """CSV and XLSX: the heading names the unit, or the cells do; other columns are let be."""
    rows = [["unit", heading], *([str(n), cell] for n, cell in enumerate(cells, 1)), ["last", ""]]
    (here / name).write_bytes(as_xlsx(rows) if name.endswith("x") else as_csv(rows))
    assert texts(f"@{name}:{heading}") == values
    assert texts(f"@{here / name}:{heading}") == values


def test_numbers_of_a_workbook_are_exact(here: Path) -> None:
    """Numbers stored as such are the decimals that were typed; a cell of percent is what it shows."""
    then = lambda book, sheet: sheet.write(3, 0, 0.9955, book.add_format({"num_format": "0.00%"}))  # noqa: E731
    (here / "c.xlsx").write_bytes(as_xlsx([["content_pct"], [99.1], [100]], then))
    assert texts("@c.xlsx") == ["99.1 %", "100 %", "99.55 %"]


BAD_FILES = {
    "no unit": ("c.csv", "id,content\na,4.41\nb,4.53\n", ":content", 'the heading "content" names no unit'),
    "gap": ("c.csv", "id,content_mg\na,4.41\nb,\nc,4.5\n", ":content_mg", "c.csv:3:2 is empty"),
    "gap of one column": ("c.csv", "content_mg\n4.41\n\n4.5\n", "", "c.csv:3:1 is empty"),
    "gap in lines": ("c.txt", "4.41 mg\n\n4.5 mg\n", "", "c.txt:2 is empty"),
    "comma": ("c.csv", "id;content_mg\na;4,41\n", ":content_mg", "c.csv:2:2: .*write a decimal point: 4.41 mg"),
    "comma in lines": ("c.txt", "4,41 mg\n", "", "c.txt:1: .*decimal comma"),
    "other unit": ("c.csv", "id,content_mg\na,4 g\n", ":content_mg", "c.csv:2:2: .*the heading says mg"),
    "not there": ("c.csv", "id,content_mg\na,4\n", ":contents_mg", "did you mean content_mg"),
    "which": ("c.csv", "id,content_mg\na,4\n", "", "has 2 columns: name one after a colon"),
    "nothing below": ("c.csv", "id,content_mg\na,\n", ":content_mg", "has no value"),
    "empty": ("c.txt", "\n\n", "", "the file is empty"),
    "short row": ("c.csv", "id,content_mg\na,4\nb\n", ":content_mg", "c.csv:3: this row has 1 values"),
    "unclosed": ("c.csv", 'id,content_mg\na,"4\nb,5\n', ":content_mg", "c.csv:2: not CSV"),
    "error": ("c.csv", "id,content_mg\na,#N/A\n", ":content_mg", "c.csv:2: the spreadsheet shows an error"),
    "no file": ("c.csv", "", "x:content_mg", "cannot be opened"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_files_name_the_place(here: Path, case: str) -> None:
    """What is wrong in a file is said with file, line and column, and nothing of it is used."""
    name, content, column, words = BAD_FILES[case]
    (here / name).write_text(content, encoding="utf-8")
    with pytest.raises((Unreadable, NotAQuantity), match=words):
        read_list(f"@{name}{column}")


def test_a_hidden_row_of_a_workbook_is_refused(here: Path) -> None:
    """Values behind a filter are not taken in silence."""
    (here / "c.xlsx").write_bytes(
        as_xlsx([["content_mg"], ["4.5"]], lambda b, s: s.set_row(1, None, None, {"hidden": True}))
    )
    with pytest.raises(Unreadable, match="Batches!A2: row 2 is hidden"):
        read_list("@c.xlsx")


def test_one_column_in_two_sheets_is_refused(here: Path) -> None:
    """A column that stands in two sheets is not guessed at."""
    (here / "c.xlsx").write_bytes(as_xlsx({"A": [["content_mg"], ["4.5"]], "B": [["content_mg"], ["4.6"]]}))
    with pytest.raises(Unreadable, match="stands in 2 sheets"):
        read_list("@c.xlsx:content_mg")


TWO_BATCHES = [["id", "mass_mg"], ["LDN-1", "178"], ["LDN-1", "179"], ["LDN:2", "90"], ["LDN:2", "91"], ["", ""]]


@pytest.mark.parametrize("name", ["c.csv", "c.xlsx"])
def test_rows_of_one_batch_are_taken_and_two_are_never_mixed(here: Path, name: str) -> None:
    """Where a column holds the values of several batches the id of one is asked for."""
    make = as_csv if name.endswith(".csv") else as_xlsx
    (here / name).write_bytes(make(TWO_BATCHES))

    assert texts(f"@{name}:mass_mg:LDN-1") == ["178 mg", "179 mg"]
    assert texts(f"@{name}:mass_mg:LDN:2") == ["90 mg", "91 mg"]
    with pytest.raises(Unreadable, match=r"2 batches .* FILE:COLUMN:LDN-1"):
        read_list(f"@{name}:mass_mg")
    with pytest.raises(Unreadable, match=r"no row has the id .LDN-3.: there are LDN-1, LDN:2"):
        read_list(f"@{name}:mass_mg:LDN-3")
    with pytest.raises(Unreadable, match=r"no column .mass_g."):
        read_list(f"@{name}:mass_g:LDN-1")


def test_ids_that_number_the_units_are_no_batches(here: Path) -> None:
    """A column id that numbers the capsules, or names one batch in every row, takes nothing away."""
    (here / "a.csv").write_bytes(as_csv([["id", "mass_mg"], ["1", "178"], ["2", "179"]]))
    (here / "b.csv").write_bytes(as_csv([["id", "mass_mg"], ["A", "178"], ["A", "179"]]))
    (here / "c.csv").write_bytes(as_csv([["mass_mg"], ["178"], ["179"]]))

    assert texts("@a.csv:mass_mg") == texts("@b.csv:mass_mg") == texts("@b.csv:mass_mg:A") == ["178 mg", "179 mg"]
    with pytest.raises(Unreadable, match="no column id"):
        read_list("@c.csv:mass_mg:A")


def test_a_wrong_cell_of_another_batch_hides_nothing(here: Path) -> None:
    """Of the batch that is asked for every row counts; a row that cannot be read at all may be of any batch."""
    (here / "c.csv").write_bytes(as_csv([["id", "mass_mg"], ["A", "178"], ["A", "n/a"], ["B", "90"], ["B", "91"]]))
    assert texts("@c.csv:mass_mg:B") == ["90 mg", "91 mg"]
    with pytest.raises(NotAQuantity, match=r"c\.csv:3:2"):
        read_list("@c.csv:mass_mg:A")
    (here / "d.csv").write_text("id,mass_mg\nA,178\nA,179\nB,90,1\n")
    with pytest.raises(Unreadable, match=r"d\.csv:4"):
        read_list("@d.csv:mass_mg:A")


def test_paths_of_windows(here: Path) -> None:
    r"""The colon of a drive separates no column: @C:\data\x.csv:content_mg."""
    assert lists._file_and_column(r"C:\data\x.csv:content_mg") == (r"C:\data\x.csv", "content_mg")
    assert lists._file_and_column(r"C:\data\x.csv") == (r"C:\data\x.csv", None)
    assert lists._file_and_column("C:/data/x.csv:content (mg)") == ("C:/data/x.csv", "content (mg)")
    assert lists._file_and_column("x.csv:a:b") == ("x.csv:a", "b")
    (here / "x.csv").write_text("a:b_mg\n4\n")
    assert texts("@x.csv:a:b_mg") == ["4 mg"]
    (here / "odd:name.txt").write_text("4.5 mg\n")
    assert texts("@odd:name.txt") == ["4.5 mg"]


def test_at_most_ten_thousand_values(here: Path) -> None:
    """Ten thousand values are read, one more is refused, typed or from a file."""
    (here / "c.csv").write_text("content_mg\n" + "4.5\n" * 10_000)
    assert len(read_list("@c.csv")) == 10_000
    (here / "c.csv").write_text("content_mg\n" + "4.5\n" * 10_001)
    for text in ("@c.csv", ", ".join(["4.5 mg"] * 10_001)):
        with pytest.raises(Unreadable, match="10,000"):
            read_list(text)


def test_no_file_is_named() -> None:
    """@ alone asks for a file."""
    with pytest.raises(Unreadable, match="name a file"):
        read_list("@")


@given(st.text(st.sampled_from("0123456789.,; mg%L@:x-e\t"), max_size=30))
def test_no_text_raises_anything_else(text: str) -> None:
    """Whatever is typed: exact amounts with units, or an error of formcheck; and as many as there are commas."""
    try:
        amounts = read_list(text)
    except FormcheckError:
        return
    assert len(amounts) == text.count(",") + 1 and all(amount.unit is not None for amount in amounts)


@given(st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=12))
def test_what_was_typed_is_what_is_read(numbers: list[object]) -> None:
    """Any numbers with one unit at the end come back exactly."""
    amounts = read_list(", ".join(map(str, numbers)) + " mg", "mass")
    assert [amount.digits for amount in amounts] == [str(number) for number in numbers]
