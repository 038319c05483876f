"""reading/batches.py: a row of CSV or XLSX is a record, read by the same code as one of YAML, with its cell as place."""

import datetime
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published.records import SPECS, library, record
from sheets import as_csv, as_xlsx, every_record, good, read, said, table

from formcheck.check import Selection, judge_record
from formcheck.findings import Verdict
from formcheck.papers.compounding import CompoundingRecord
from formcheck.reading.batches import read_all
from formcheck.reading.columns import UnknownColumn, as_columns, column_of
from formcheck.reading.papers import find_files, read_file
from formcheck.reading.specifications import load_library
from formcheck.reading.structure import structure

CSV, XLSX = "batches.csv", "batches.xlsx"


def made(rows: list[list[Any]], name: str) -> bytes:
    return as_xlsx(rows) if name == XLSX else as_csv(rows)


def found(rows: list[list[Any]], folder: Path, name: str = CSV) -> list[str]:
    """What is found in a table."""
    return said(read(made(rows, name), folder, name))


@pytest.mark.parametrize("name", [CSV, XLSX])
def test_every_example_is_the_same_record_in_a_table(name: str, tmp_path: Path) -> None:
    """All example records of specs/ in one table: row by row the very papers that YAML gives, or no paper in both."""
    records = every_record()
    columns = [as_columns(paper) for paper in records.values()]
    headings = list(dict.fromkeys(heading for row in columns for heading in row))
    rows = [headings, *([row.get(heading, "") for heading in headings] for row in columns)]
    readings = read(made(rows, name), tmp_path, name)
    assert [reading.row.number for reading in readings] == list(range(2, len(records) + 2))
    for reading, path in zip(readings, records, strict=True):
        assert reading.paper == read_file(str(path)).paper, path


@pytest.mark.parametrize("name", [CSV, XLSX])
def test_a_row_has_the_verdict_of_its_record(name: str, tmp_path: Path) -> None:
    """The findings of a row are those of the record: codes, verdicts and fields, each with a cell as place."""
    papers = load_library(str(SPECS))
    for path, paper in list(every_record().items())[:60:4]:
        (reading,) = read(made(table(as_columns(paper), headings=list(as_columns(paper))), name), tmp_path, name)
        ours, theirs = (judge_record(each, papers, Selection()) for each in (reading, read_file(str(path))))
        assert ours.verdict is theirs.verdict
        assert sorted((f.code, f.verdict, f.message) for f in ours.findings) == sorted(
            (f.code, f.verdict, f.message) for f in theirs.findings
        )
        assert all(f.location.line == 2 and (f.location.cell is not None) is (name == XLSX) for f in ours.findings)


def numbered(columns: dict[str, str]) -> list[list[Any]]:
    """A table whose numbers and dates are stored as such, where the field is no text."""

    def stored(heading: str, cell: str) -> Any:
        of = column_of(heading)
        if of.is_text or of.may_have_lines or not cell.replace(".", "", 1).isdigit():
            return cell
        return float(cell)

    return [list(columns), [stored(*each) for each in columns.items()]]


def test_numbers_and_dates_of_a_workbook_make_the_same_record(tmp_path: Path) -> None:
    """Numbers stored as numbers and dates as dates: the same quantities as typed text."""

    def then(book: Any, sheet: Any) -> None:
        column = list(good()).index("made")
        sheet.write(1, column, datetime.datetime(2026, 3, 2), book.add_format({"num_format": "d mmm yyyy"}))

    (reading,) = read(as_xlsx(numbered(good()), then), tmp_path, XLSX)
    assert said([reading]) == [] and isinstance(reading.paper, CompoundingRecord)
    assert judge_record(reading, library(), Selection()).verdict is Verdict.PASS
    assert reading.paper.made == datetime.date(2026, 3, 2) and str(reading.paper.strength) == "4.5 mg"


# What is wrong with a cell

CELLS: dict[str, tuple[dict[str, str], str]] = {
    "comma": ({"strength_mg": "4,5"}, 'FC006 "4,5 mg" has a decimal comma'),
    "no zero": ({"strength_mg": ".5"}, "FC006"),
    "exponent": ({"strength_mg": "1e1"}, "FC006"),
    "negative": ({"components.1.weighed_mg": "-511"}, "FC006"),
    "words": ({"components.1.weighed_mg": "n/a"}, "FC006"),
    "other unit": ({"strength_mg": "4.5 g"}, 'FC007 "4.5 g": the heading says mg'),
    "a date": ({"made": "2.3.2026"}, "FC008"),
    "a month": ({"made": "2026-03"}, "FC008"),
    "a choice": ({"storage": "cold"}, "FC009"),
    "a count": ({"counts.filled": "99.5"}, "FC006"),
    "nothing": ({"components.1.weighed_mg": "n/a"}, 'FC006 "n/a" is no quantity: where there is none, leave it empty'),
    "a dash": ({"components.1.weighed_mg": "\u2013"}, 'FC006 "\u2013" is no quantity: where there is none, leave it empty'),
    "line break": ({"components.1.lot": "NX\n4423"}, "FC005"),
    "error": ({"components.1.weighed_mg": "#VALUE!"}, "FC005 the spreadsheet shows an error"),
    "apostrophe": ({"components.1.lot": "'0123"}, "FC005"),
    "waived ceiling": (
        {"waivers.1.code": "FC101", "waivers.1.reason": "x", "waivers.1.by": "y", "waivers.1.until": "2026-05-01"},
        'FC009 "FC101" can never be waived, because nothing raises the ceiling',
    ),
}


@pytest.mark.parametrize("name", [CSV, XLSX])
@pytest.mark.parametrize("case", CELLS)
def test_a_wrong_cell_is_named_and_hides_no_row(case: str, name: str, tmp_path: Path) -> None:
    """The cell is the place of what is wrong with it; the row before and the row after are read."""
    cells, words = CELLS[case]
    rows = table({"id": "A", **dict.fromkeys(cells, None)}, {"id": "B", **cells}, {"id": "C", **dict.fromkeys(cells, None)})
    readings = read(made(rows, name), tmp_path, name)
    assert [reading.paper is None for reading in readings] == [False, True, False], said(readings)
    changed = rows[0].index(next(iter(cells))) + 1
    first = readings[1].findings[0]
    assert f"{first.code} {first.message}".startswith(words), said(readings)
    assert (first.location.line, first.location.column) == (3, changed) or name == CSV
    assert first.location.column == changed


@pytest.mark.parametrize(
    ("heading", "value"),
    [("components.1.lot", 4423.0), ("id", 31.0), ("components.3.size", 3.0), ("balances.1.id", 2.0)],
)
def test_a_number_in_a_text_is_named(heading: str, value: float, tmp_path: Path) -> None:
    """Lots, ids and sizes that a workbook stores as numbers have lost their zeros: store them as text."""
    rows: list[list[Any]] = [list(good()), list(good().values())]
    rows[1][rows[0].index(heading)] = value
    (words,) = found(rows, tmp_path, XLSX)
    assert "FC005" in words and "store lots, ids and names as text" in words


def test_a_lot_that_became_a_date_is_named(tmp_path: Path) -> None:
    """The lot 3-12, which a spreadsheet makes a date of, is refused with what to do."""

    def then(book: Any, sheet: Any) -> None:
        column = list(good()).index("components.1.lot")
        sheet.write(1, column, datetime.datetime(2026, 12, 3), book.add_format({"num_format": "d-mmm"}))

    (words,) = said(read(as_xlsx([list(good()), list(good().values())], then), tmp_path, XLSX))
    assert "has made a date of this" in words


def test_spaces_around_a_cell_are_nothing(tmp_path: Path) -> None:
    """A space before or after a cell or heading changes nothing, as in YAML; one inside a number is refused."""
    rows = table({"strength_mg": " 4.5 ", "components.1.lot": "NX-4423 "})
    rows[0] = [f" {heading}" for heading in rows[0]]
    (reading,) = read(as_csv(rows), tmp_path)
    assert said([reading]) == [] and reading.paper == read(as_csv(table()), tmp_path)[0].paper
    assert "FC006" in found(table({"components.1.weighed_mg": "12 960"}), tmp_path)[0]
    assert "invisible character" in found(table({"components.1.weighed_mg": "511\u2009"}), tmp_path)[0]


def test_two_units_of_one_field(tmp_path: Path) -> None:
    """strength_mg and strength_mg_per_mL may stand side by side, where each row fills one of them."""
    rows = table({"id": "A", "strength_mg_per_mL": None}, {"id": "B", "strength_mg": None, "strength_mg_per_mL": "1"})
    first, second = read(as_csv(rows), tmp_path)
    assert str(first.paper.strength) == "4.5 mg" and str(second.paper.strength) == "1 mg/mL"
    assert "fill" in found(table({"strength_mg_per_mL": "1"}), tmp_path)[0]


def test_a_hole_in_a_list_is_named(tmp_path: Path) -> None:
    """A blank between two results, or a component left out between two others, is no end of the list."""
    words = found(table({"unit_masses.4": None}), tmp_path)
    assert any("FC005 an item of the list is blank" in each for each in words)
    missing = {name: None for name in good() if name.startswith("components.2.")}
    assert any("FC005 an item of the list is blank" in each for each in found(table(missing), tmp_path))


def test_blank_columns_at_the_end_of_a_list_are_no_entries(tmp_path: Path) -> None:
    """Columns for twenty results and four components do no harm where a batch has fewer."""
    more = {f"unit_masses.{n}": "" for n in range(11, 21)} | {"components.4.name": "", "components.4.lot": ""}
    (reading,) = read(as_csv(table(more)), tmp_path)
    assert reading.paper == read(as_csv(table()), tmp_path)[0].paper


# What is wrong with a heading, a row, a file

HEADINGS = {
    "components.1.weihged_mg": "did you mean components.1.weighed_mg?",
    "weihged_mg": "did you mean components.1.weighed_mg?",
    "strenght": "did you mean strength?",
    "strength_MG": "did you mean strength_mg?",
    "strength mg/ml": "did you mean strength_mg_per_mL?",
    "components.1.weighed [mg]": "did you mean components.1.weighed_mg?",
    "components.1.weighed in mg": "did you mean components.1.weighed_mg?",
    "components.1.weighed\u00a0(mg)": "did you mean components.1.weighed_mg?",
    "Made": "did you mean made?",
    "Lot number": "docs/records.md lists the columns",
    "components.lot": "numbered from 1",
    "components.0.lot": "numbered from 1",
    "components.01.lot": "numbered from 1",
    "unit_masses": "is a group of columns",
    "components.1": "is a group of columns",
    "made.day": "nothing stands below made",
    "made_mg": "has a unit where none belongs",
    "unit_masses.1_mg": "has a unit where none belongs",
    "last_tests.asay": "did you mean last_tests.assay?",
    "verdict": "delete the columns of the verdicts",
}


@pytest.mark.parametrize("heading", HEADINGS)
def test_an_unknown_heading_is_named_with_the_nearest(heading: str, tmp_path: Path) -> None:
    """FC004 at the heading; no row of the file is judged without that column."""
    readings = read(as_csv(table({heading: "1"})), tmp_path)
    (alone,) = readings
    assert alone.row is None and alone.paper is None
    assert alone.findings[0].code == "FC004" and HEADINGS[heading] in alone.findings[0].message
    assert (alone.findings[0].location.line, alone.findings[0].location.column) == (1, len(good()) + 1)


def test_everything_wrong_is_said_beside_an_unknown_heading(tmp_path: Path) -> None:
    """A misspelt heading does not hide the wrong cells of the rows."""
    words = found(table({"strenght": "1"}, {"id": "B", "strength_mg": "4,5"}), tmp_path)
    assert len(words) == 2 and "FC004" in words[0] and words[1].startswith("batches.csv:13:4 FC006")


def test_columns_of_one_meaning_are_refused(tmp_path: Path) -> None:
    """strength_mg beside strength (mg) is one column twice."""
    assert "is the same as" in found(table({"strength (mg)": "4.5"}), tmp_path)[0]


def test_a_short_row_is_named_and_hides_no_other(tmp_path: Path) -> None:
    """A row with a value too few or too many is unreadable; the others are judged."""
    rows = table({"id": "A"}, {"id": "B"}, {"id": "C"})
    rows[2] = rows[2][:-1]
    readings = read(as_csv(rows), tmp_path)
    assert [reading.paper is None for reading in readings] == [False, True, False]
    assert "values for" in readings[1].findings[0].message


@pytest.mark.parametrize("name", [CSV, XLSX])
def test_two_rows_of_one_id_are_both_refused(name: str, tmp_path: Path) -> None:
    """Nobody can say which of two rows with one id counts; a third is judged."""
    readings = read(made(table({"id": "A"}, {"id": "B"}, {"id": "A"}), name), tmp_path, name)
    assert [reading.paper is None for reading in readings] == [True, False, True]
    assert 'the id "A" stands in row 4' in said(readings)[0] and 'the id "A" stands in row 2' in said(readings)[1]


def test_many_rows_of_one_id_are_said_shortly(tmp_path: Path) -> None:
    """A thousand rows of one id: each is refused in a sentence, not in a list of all the others."""
    rows = [["id", "formulation.id"], *([["A", "x"]] * 1000)]
    readings = read(as_csv(rows), tmp_path)
    assert len(readings) == 1000 and all(len(reading.findings[-1].message) < 120 for reading in readings)


def test_blank_rows_are_passed_over(tmp_path: Path) -> None:
    """An empty row between two records is none; rows are numbered as the spreadsheet does."""
    rows = table({"id": "A"}, {"id": "B"})
    rows.insert(2, [""] * len(rows[0]))
    assert [reading.row.number for reading in read(as_csv(rows), tmp_path)] == [2, 4]


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"id,strength_mg\nA,4.5\n", CSV, "FC005 the table has no column formulation.id"),
        (b"id,formulation.id\n", CSV, "FC001 the table has headings and no row"),
        (b"", CSV, "FC005 the first line must hold the headings"),
        (b"\xff\xfe", CSV, "FC001 the file is not UTF-8"),
        (b"", XLSX, "FC001 this is not an XLSX workbook"),
        (as_xlsx([[]]), XLSX, "FC005 no sheet has a column formulation.id"),
        (b"", "batches.xls", "FC001 this kind of table is not read"),
        (b"", "batches.ods", "FC001 this kind of table is not read"),
    ],
)
def test_a_file_without_records_is_one_finding(data: bytes, name: str, words: str, tmp_path: Path) -> None:
    """A named table that holds no records says so."""
    (said_of,) = said(read(data, tmp_path, name))
    assert words in said_of


def test_a_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A path that does not exist."""
    assert "cannot be opened" in said(read_all(str(tmp_path / CSV)))[0]


# Sheets of results

WITHOUT = {name: None for name in good() if name.startswith("unit_masses.") and name[12:].isdigit()}
MASSES = [good()[name] for name in WITHOUT]


def batches(*sheets: tuple[str, list[list[Any]]], **changes: str | None) -> bytes:
    rows = table({**WITHOUT, "unit_masses.unit": None, **changes})
    return as_xlsx({"Batches": rows, **dict(sheets)})


def results(*more: list[Any], heading: str = "mass_mg", id: str = good()["id"]) -> list[list[Any]]:
    return [["id", heading], *([id, float(mass)] for mass in MASSES), *more]


@pytest.mark.parametrize("name", ["unit results", "Unit_results", "unit_masses"])
def test_results_may_stand_in_a_sheet_of_their_own(name: str, tmp_path: Path) -> None:
    """One value a row, keyed by the id, the unit in the heading: the same masses, and the verdict of the record."""
    (reading,) = read(batches((name, results())), tmp_path, XLSX)
    assert said([reading]) == [] and reading.paper.unit_masses == read(as_csv(table()), tmp_path)[0].paper.unit_masses
    judged = judge_record(reading, library(), Selection())
    assert judged.verdict is Verdict.PASS
    assert reading.location(("unit_masses", "values", 3)).cell == f"{name}!B5"


def test_contents_and_masses_in_one_sheet(tmp_path: Path) -> None:
    """A sheet may hold masses and contents in two columns, each filled or blank."""
    rows = [
        ["id", "mass_mg", "content_pct"],
        *([good()["id"], mass, "99.5" if n < 3 else ""] for n, mass in enumerate(MASSES)),
    ]
    (reading,) = read(batches(("unit results", rows)), tmp_path, XLSX)
    assert said([reading]) == [] and len(reading.paper.unit_masses.values) == len(MASSES)
    assert [v.text for v in reading.paper.unit_contents.values] == ["99.5"] * 3 and reading.paper.unit_contents.unit == "%"


RESULTS = {
    "orphan": (results(["LDN-9999", 177.0]), {}, "unit results!A12 FC005 no record of this file has the id"),
    "no id": (results(["", 177.0]), {}, "unit results!A12 FC005 the id of the record is missing"),
    "no value": (results([good()["id"], ""]), {}, "unit results!B12 FC005 no value stands beside"),
    "no unit": (results(heading="mass"), {}, 'unit results!B1 FC005 "mass" names no unit'),
    "unknown": (results(heading="weight_mg"), {}, 'unit results!B1 FC004 "weight_mg" is not a column of results'),
    "no id column": ([["mass_mg"], [177.0]], {}, "unit results!A1 FC005 a sheet of results needs the column id"),
    "two": ([["id", "mass_mg", "masses_g"], ["A", 1.0, 2.0]], {}, "unit results!C1 FC003 two columns hold unit_masses"),
    "comma": (results([good()["id"], "177,5"]), {}, 'unit results!B12 FC006 "177,5" has a decimal comma'),
    "other unit": (results([good()["id"], "177 g"]), {}, 'unit results!B12 FC007 "177 g": the heading says mg'),
    "both": (results(), {"unit_masses.1": "177"}, "FC003 the values of unit_masses stand in the row of the record too"),
    "units differ": (results(), {"unit_masses.unit": "g"}, "unit results!B1 FC003 the heading says mg"),
    "wrong unit": (results(heading="mass_mL"), {}, "unit results!B1 FC009"),
}


@pytest.mark.parametrize("case", RESULTS)
def test_wrong_results_are_named(case: str, tmp_path: Path) -> None:
    """Values without a record, an id, a unit or a number; values in two places: each with its cell."""
    rows, changes, words = RESULTS[case]
    readings = read(batches(("unit results", rows), **changes), tmp_path, XLSX)
    assert any(words in each for each in said(readings)), said(readings)
    assert any(reading.findings for reading in readings)


def test_notes_are_let_be_and_other_sheets_are_named(tmp_path: Path) -> None:
    """A sheet called notes is nobody's business; one that is neither is refused, since it might be records."""
    notes = [["call the supplier"]]
    assert said(read(batches(("unit results", results()), ("notes", notes)), tmp_path, XLSX)) == []
    (words,) = said(read(batches(("unit results", results()), ("Sheet3", notes)), tmp_path, XLSX))
    assert 'the sheet "Sheet3" has no column formulation.id' in words


def test_records_may_stand_in_several_sheets(tmp_path: Path) -> None:
    """A sheet a month: all of them are read, and each record says its sheet."""
    data = as_xlsx({"March": table({"id": "A"}), "April": table({"id": "B"})})
    readings = read(data, tmp_path, XLSX)
    assert [(r.row.sheet, r.row.number, r.paper.id) for r in readings] == [("March", 2, "A"), ("April", 2, "B")]


# Folders


def test_folders_give_tables_of_records_and_no_others(tmp_path: Path) -> None:
    """In a folder, tables with a column formulation.id are taken; other tables, locks and hidden files are not."""
    (tmp_path / "a.csv").write_bytes(as_csv(table()))
    (tmp_path / "b.xlsx").write_bytes(as_xlsx(table()))
    (tmp_path / "stock.csv").write_bytes(b"lot,amount\n1,2\n")
    (tmp_path / "stock.xlsx").write_bytes(as_xlsx([["lot"], ["1"]]))
    (tmp_path / "~$b.xlsx").write_bytes(b"lock")
    (tmp_path / ".c.csv").write_bytes(as_csv(table()))
    (tmp_path / "lost.xlsx").write_bytes(b"damaged")
    files = [(Path(path).name, named) for path, named in find_files([str(tmp_path)], tables=True)]
    assert [name for name, _ in files] == ["a.csv", "b.xlsx", "lost.xlsx", "stock.csv", "stock.xlsx"]
    taken = [name for name, named in files if read_all(str(tmp_path / name), named=named)]
    assert taken == ["a.csv", "b.xlsx", "lost.xlsx"]
    assert list(find_files([str(tmp_path)])) == []


def test_a_table_is_no_file_for_other_readers(tmp_path: Path) -> None:
    """Where one paper is wanted, a table says which command reads it."""
    (tmp_path / CSV).write_bytes(as_csv(table()))
    assert "formcheck check reads it" in read_file(str(tmp_path / CSV)).findings[0].message


# Properties


def headings_of(of: Any) -> Iterator[str]:
    """Every heading a record may have, the first entry of each list."""
    todo = [""]
    for path in todo:
        for step in [f.name for f in attrs.fields(CompoundingRecord)] if not path else STEPS:
            dotted = f"{path}.{step}".lstrip(".")
            try:
                column_of(dotted)
            except UnknownColumn as error:
                if "group" in str(error) and dotted.count(".") < 4:
                    todo.append(dotted)
            else:
                yield dotted


STEPS = [
    "1",
    "id",
    "version",
    "name",
    "lot",
    "certificate",
    "assay",
    "water",
    "weighed",
    "aliquot",
    "needed",
    "value",
    "results",
    "compounded_by",
    "verified_by",
    "at",
    "unit",
    "kind",
    "date",
    "runs",
    "density",
    "filled",
    "code",
    "by",
    "until",
    "pH",
    "drops",
    "net",
    "plan",
]
EVERY = sorted(set(headings_of(CompoundingRecord)))


def test_headings_reach_every_part_of_a_record() -> None:
    """Every key of a record can be a heading, or begins some."""
    assert {heading.partition(".")[0] for heading in EVERY} == {field.name for field in attrs.fields(CompoundingRecord)}


CELL = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(
        [
            "4.5",
            "4,5",
            "4.5 mg",
            "0",
            "",
            " ",
            "2026-03-02",
            "05/2026",
            "n/a",
            "100 capsules",
            "#N/A",
            "99.5 %",
            "=1+1",
            "-1",
            "1e9",
            "4.5\n",
            "TRUE",
            "null",
            "{a: 1}",
            "9" * 50,
            "\u202e4.5",
            "FC101",
            "naltrexone",
        ]
    ),
)


def tree(columns: dict[str, str]) -> dict[str, Any]:
    """The plain values that a person would write in YAML for these cells, made without the code under test."""
    value: dict[str, Any] = {"kind": "compounding-record"}
    for heading, text in columns.items():
        inside: Any = value
        steps: list[Any] = [int(s) - 1 if s.isdigit() else s for s in heading.split(".")]
        if len(steps) > 1 and steps[0] in ("unit_masses", "unit_contents", "dose_masses") and type(steps[1]) is int:
            steps.insert(1, "values")
        for step, after in zip(steps, [*steps[1:], None], strict=True):
            new: Any = text if after is None else [] if type(after) is int else {}
            if type(step) is int:
                inside.extend([None] * (step + 1 - len(inside)))
                if inside[step] is None:
                    inside[step] = new
            else:
                inside.setdefault(step, new)
            inside = inside[step]
    return value


@given(st.dictionaries(st.sampled_from(EVERY), CELL, max_size=12))
def test_a_row_is_what_the_same_values_are_in_yaml(tmp_path_factory: Any, columns: dict[str, str]) -> None:
    """Any cells under any headings: CSV and XLSX give the paper that the plain values give, or both give none."""
    columns = {"id": "A", "formulation.id": "x"} | columns
    filled = {heading: text.strip(" ") for heading, text in columns.items() if text.strip(" ")}
    expected, misfits = structure(tree(filled), CompoundingRecord)
    folder = tmp_path_factory.getbasetemp()
    for name in (CSV, XLSX):
        readings = read(made([list(columns), list(columns.values())], name), folder, name)
        if misfits:
            assert all(reading.paper is None for reading in readings)
        elif readings[0].paper is not None:
            assert [reading.paper for reading in readings] == [expected]
        else:
            assert readings[0].findings


@given(st.lists(CELL, min_size=1, max_size=6))
def test_results_of_a_sheet_are_all_there_or_refused(tmp_path_factory: Any, cells: list[str]) -> None:
    """Any cells below mass_mg: every one of them is a number of the record, in its place, or the record is not read."""
    rows = [["id", "mass_mg"], *(["A", cell] for cell in cells)]
    record = [["id", "formulation.id", "unit_masses.kind"], ["A", "x", "gross"]]
    data = as_xlsx({"Batches": record, "unit results": rows})
    readings = read(data, tmp_path_factory.getbasetemp(), XLSX)
    (reading,) = [reading for reading in readings if reading.row is not None] or readings
    if reading.paper is not None:
        assert [value.text for value in reading.paper.unit_masses.values] == [
            cell.strip(" ").removesuffix("mg").rstrip() for cell in cells
        ]
    else:
        assert reading.findings


@given(st.integers(0, 2**32), st.integers(1, 4))
def test_a_hostile_table_never_raises_and_is_never_taken_in_silence(tmp_path_factory: Any, seed: int, edits: int) -> None:
    """Random edits of the text of a table: no exception, and every row that is read has the cells that stand there."""
    from campaigns.hostile_tables import one

    assert one(random.Random(seed), edits, tmp_path_factory.getbasetemp()) is None


def test_rows_of_a_changed_record_pass_only_with_what_they_need(tmp_path: Path) -> None:
    """Blanking any cell of a good row changes it as blanking the key of the record does."""
    papers = load_library(str(SPECS))
    for heading in good():
        if heading == "formulation.id":
            continue
        (reading, *_) = read(as_csv(table({heading: None})), tmp_path)
        row = judge_record(reading, papers, Selection())
        assert row.verdict is not Verdict.PASS or reading.paper != read(as_csv(table()), tmp_path)[0].paper


def test_headings_of_the_guide_are_columns() -> None:
    """Every heading that docs/records.md shows for a table is one."""
    page = (SPECS.parent / "docs" / "records.md").read_text(encoding="utf-8")
    rows = page.partition("| heading | what")[2].partition("\n\n")[0].splitlines()[2:]
    shown = [heading for row in rows for heading in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert len(shown) > 15 and all(column_of(heading).heading == heading for heading in shown)


def test_the_good_record_is_good(tmp_path: Path) -> None:
    """What all these tests start from passes, as the record and as a row."""
    (reading,) = read(as_csv(table()), tmp_path)
    assert judge_record(reading, library(), Selection()).verdict is Verdict.PASS and record()["id"] == reading.paper.id
