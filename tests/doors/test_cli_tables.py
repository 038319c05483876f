"""check with tables: one record a row in CSV and XLSX, and the verdicts written back beside the rows."""

import csv
import io
import sys
from pathlib import Path
from typing import Any

import pytest
from published.records import SPECS
from python_calamine import CalamineWorkbook
from sheets import as_csv, as_xlsx, good, table

from doors.running import FINDING, Ran, check, example, run

HEAVY = {"id": "B", "components.1.weighed_mg": "600"}
ADDED = ["verdict", "fail", "not determined", "warnings", "findings"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, so that paths are short and the same everywhere."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sound(id: str) -> dict[str, str]:
    """What makes the good record one of another number: its id, and the lot on its label."""
    return {"id": id, "label": good()["label"].replace(good()["id"], id)}


def written(*arguments: str) -> Ran:
    return run("check", *arguments, "--specs", str(SPECS))


def back(file: Path) -> list[list[Any]]:
    """The cells of a table that formcheck wrote, as any spreadsheet program finds them."""
    if file.suffix == ".csv":
        return list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))
    return CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("name", ["b.csv", "b.xlsx"])
def test_rows_are_judged_like_records(here: Path, name: str) -> None:
    """One entry a row, with the path of the file and the number of the row; the exit code is the worst."""
    rows = table(sound("LDN-2026-901"), HEAVY)
    (here / name).write_bytes(as_csv(rows) if name.endswith("csv") else as_xlsx(rows))
    ran = check(name)
    first, second = ran.data["records"]
    assert ran.code == 1 and (first["verdict"], second["verdict"]) == ("pass", "fail")
    assert [(r["path"], r["row"], r["id"]) for r in (first, second)] == [(name, 2, "LDN-2026-901"), (name, 3, "B")]
    assert ("sheet" in first) is name.endswith("xlsx") and list(first)[:2] == ["path", "row"]
    finding = next(f for f in second["findings"] if f["code"] == "FC305")
    column = rows[0].index("components.1.weighed_mg") + 1
    assert finding["column"] == column and finding["field"] == "components[0].weighed"
    if name.endswith("xlsx"):
        assert list(finding) == [*FINDING[:10], "cell", *FINDING[10:]] and finding["cell"] == "Batches!T3"
    else:
        assert list(finding) == FINDING


def test_records_of_their_own_are_as_before(here: Path) -> None:
    """A record in YAML has no row, no sheet and no cell."""
    (record,) = check(str(example())).data["records"]
    assert list(record)[:2] == ["path", "id"] and all(list(finding) == FINDING for finding in record["findings"])


def test_a_bad_row_hides_no_other(here: Path) -> None:
    """An unreadable row is listed beside the judged ones: exit 2, and the place in words of the spreadsheet."""
    (here / "b.xlsx").write_bytes(as_xlsx(table({"id": "A"}, {"id": "B", "strength_mg": "4,5"}, HEAVY | {"id": "C"})))
    ran = check("b.xlsx")
    assert ran.code == 2 and [r["row"] for r in ran.data["records"]] == [2, 3, 4]
    assert ran.data["error"] == "could not be read: b.xlsx"
    text = written("b.xlsx")
    assert "b.xlsx#Batches!row=3" in text.out and "b.xlsx:Batches!D3" in text.out and "write a decimal point" in text.out
    assert "b.xlsx:Batches!D3: FC006" in written("b.xlsx", "--output-format", "concise").out


def test_every_bad_row_is_an_entry_of_its_own(here: Path) -> None:
    """Rows that cannot be read, and rows without an id, are each listed: none stands for another."""
    bad = {"strength_mg": "4,5"}
    (here / "b.csv").write_bytes(
        as_csv(table({"id": "A", **bad}, {"id": "B", **bad}, {"id": ""}, {"id": ""}, HEAVY | {"id": "C"}))
    )
    ran = check("b.csv", "b.csv")
    assert [r["row"] for r in ran.data["records"]] == [2, 3, 4, 5, 6] and ran.code == 2


def test_tables_and_records_together(here: Path) -> None:
    """Files of every kind in one call, and a folder of them."""
    (here / "in").mkdir()
    (here / "in" / "b.csv").write_bytes(as_csv(table({"id": "A"})))
    (here / "in" / "c.yaml").write_bytes(example().read_bytes())
    (here / "in" / "stock.csv").write_bytes(b"lot,amount\n1,2\n")
    assert [r["path"].replace("\\", "/") for r in check("in").data["records"]] == ["in/b.csv", "in/c.yaml"]
    ran = check("in/stock.csv")
    assert ran.code == 2 and "no column formulation.id" in ran.data["records"][0]["findings"][0]["message"]


@pytest.mark.parametrize("out", ["v.csv", "v.xlsx"])
@pytest.mark.parametrize("name", ["b.csv", "b.xlsx"])
def test_verdicts_are_written_beside_the_rows(here: Path, name: str, out: str) -> None:
    """The rows in their order, then verdict, counts and findings; the exit code stays."""
    rows = table({"id": "A"}, HEAVY, {"id": "C", "strength_mg": "4,5"}, sound("LDN-2026-904") | {"made": ""})
    (here / name).write_bytes(as_csv(rows) if name.endswith("csv") else as_xlsx(rows))
    ran = written(name, "-o", out)
    assert ran.code == 2 and ran.out == ""
    cells = back(here / out)
    assert cells[0] == rows[0] + ADDED
    assert [row[: len(rows[0])] for row in cells[1:]] == rows[1:]
    added = [dict(zip(ADDED, row[len(rows[0]) :], strict=True)) for row in cells[1:]]
    assert [each["verdict"] for each in added[1:]] == ["fail", "not read", "not determined"]
    assert added[1]["fail"] >= "1" and "FC305 error: " in added[1]["findings"]
    assert "FC006 not determined: " in added[2]["findings"] and added[3]["not determined"] >= "1"


@pytest.mark.parametrize("out", ["v.csv", "v.xlsx"])
@pytest.mark.parametrize("begin", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\uff1d1"])
def test_nothing_that_is_written_is_a_formula(here: Path, begin: str, out: str) -> None:
    """BAD-64: a text that begins with = + - @ or a tab is text in the file that is written, and the command says so."""
    (here / "b.csv").write_bytes(as_csv(table({"description": begin, "id": "A"})))
    ran = written("b.csv", "-o", out)
    assert ran.err.count("written as text: 1") == 1
    cells = [cell for row in back(here / out) for cell in row if type(cell) is str]
    if out == "v.csv":
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\uff1d")) for cell in cells)
        assert any(cell in (f"'{begin}", "\\u0009=1") for cell in cells)
    else:
        data = (here / out).read_bytes()
        import zipfile

        sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet and (begin in cells or begin.replace("\t", "\\u0009") in cells)


def test_several_files_in_one_table(here: Path) -> None:
    """Where several files were judged, the first column names them; a record of its own has its id."""
    (here / "a.csv").write_bytes(as_csv(table({"id": "A"})))
    (here / "b.xlsx").write_bytes(as_xlsx(table({"id": "B"})))
    (here / "c.yaml").write_bytes(example().read_bytes())
    written("a.csv", "b.xlsx", "c.yaml", "-o", "v.csv")
    cells = back(here / "v.csv")
    assert cells[0][:2] == ["file", "id"] and [row[0] for row in cells[1:]] == ["a.csv", "b.xlsx", "c.yaml"]
    assert [row[1] for row in cells[1:]] == ["A", "B", good()["id"]]


def test_a_corrected_row_keeps_its_place(here: Path) -> None:
    """A row that a later one corrects stands in its place, and says by which."""
    amends = {
        "amends.id": "A",
        "amends.what": "the lot",
        "amends.why": "typed wrongly",
        "amends.by": "I. Calloway",
        "amends.on": "2026-03-05",
    }
    rows = table({"id": "A", **dict.fromkeys(amends)}, {"id": "C", **dict.fromkeys(amends)}, {"id": "B", **amends})
    (here / "b.csv").write_bytes(as_csv(rows))
    assert [r["id"] for r in check("b.csv").data["records"]] == ["C", "B"]
    written("b.csv", "-o", "v.csv")
    cells = back(here / "v.csv")
    assert [row[0] for row in cells[1:]] == ["A", "C", "B"] and cells[1][len(rows[0])].startswith("corrected by B")


@pytest.mark.parametrize(
    ("paths", "out"),
    [
        (["b.csv"], "b.csv"),
        (["b.csv"], "./b.csv"),
        (["b.csv"], "b.xlsx"),
        (["in"], "in/v.csv"),
        (["b.csv"], "linked.csv"),
        (["b.csv"], "c.yaml"),
    ],
)
def test_no_input_is_written_over(here: Path, paths: list[str], out: str) -> None:
    """The file that was read, by any name, one in the folder that was read, and another log of batches: exit 2."""
    (here / "in").mkdir()
    for name, data in {
        "b.csv": as_csv(table()),
        "b.xlsx": as_xlsx(table()),
        "in/v.csv": as_csv(table()),
        "c.yaml": b"x",
    }.items():
        (here / name).write_bytes(data)
    (here / "linked.csv").hardlink_to(here / "b.csv")
    before = (here / out).read_bytes()
    ran = written(*paths, "-o", out)
    assert ran.code == 2 and "written over" in ran.err and (here / out).read_bytes() == before


@pytest.mark.parametrize("out", ["in/v.csv", "in/deep/v.xlsx"])
def test_verdicts_are_not_written_among_the_records(here: Path, out: str) -> None:
    """A new file in the folder that is read would be taken for records the next time: exit 2."""
    (here / "in" / "deep").mkdir(parents=True)
    (here / "in" / "b.csv").write_bytes(as_csv(table()))
    ran = written("in", "-o", out)
    assert ran.code == 2 and "a folder that is read" in ran.err and not (here / out).exists()


@pytest.mark.parametrize("out", ["v.csv", "v.xlsx"])
def test_verdicts_may_be_written_again(here: Path, out: str) -> None:
    """What formcheck wrote before is replaced, byte for byte the same."""
    (here / "b.csv").write_bytes(as_csv(table()))
    assert written("b.csv", "-o", out).code == 0
    first = (here / out).read_bytes()
    assert written("b.csv", "-o", out).code == 0 and (here / out).read_bytes() == first


def test_a_format_and_a_table_exclude_each_other(here: Path) -> None:
    """-o v.csv with --output-format json: exit 2, and nothing is written."""
    (here / "b.csv").write_bytes(as_csv(table()))
    ran = written("b.csv", "-o", "v.csv", "--output-format", "json")
    assert ran.code == 2 and not (here / "v.csv").exists()


def test_without_the_extra(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without python-calamine and xlsxwriter: XLSX says what to install, exit 2; CSV works, in and out."""
    (here / "b.xlsx").write_bytes(as_xlsx(table()))
    (here / "b.csv").write_bytes(as_csv(table()))
    for name in ("python_calamine", "xlsxwriter"):
        monkeypatch.setitem(sys.modules, name, None)
    for ran in (written("b.xlsx"), written("b.csv", "-o", "v.xlsx")):
        assert ran.code == 2 and "formcheck[tables]" in " ".join((ran.out + ran.err).split())
    assert not (here / "v.xlsx").exists() and written("b.csv", "-o", "v.csv").code == 0


def test_many_rows_are_judged_in_their_order(here: Path) -> None:
    """Five hundred rows: all of them, in order."""
    rows = table(*({"id": f"LDN-{n:04}"} for n in range(500)))
    (here / "b.csv").write_bytes(as_csv(rows))
    assert [r["id"] for r in check("b.csv").data["records"]] == [f"LDN-{n:04}" for n in range(500)]


@pytest.mark.parametrize("kind", ["comma", "semicolon", "tab", "mark", "quoted", "xlsx"])
def test_a_table_may_come_on_standard_input(here: Path, kind: str) -> None:
    """A workbook, or a first line with the heading formulation.id: one record a row, as from a file of the same bytes."""
    rows = table(sound("LDN-2026-901"), HEAVY)
    data = {
        "comma": as_csv(rows),
        "semicolon": as_csv(rows, ";"),
        "tab": as_csv(rows, "\t"),
        "mark": as_csv(rows, encoding="utf-8-sig"),
        "quoted": as_csv(rows).replace(b"formulation.id", b'"formulation.id"', 1),
        "xlsx": as_xlsx(rows),
    }[kind]
    name = "b.xlsx" if kind == "xlsx" else "b.csv"
    (here / name).write_bytes(data)
    piped, file = check("-", given=data), check(name)

    assert piped.code == file.code == 1
    assert [r["verdict"] for r in piped.data["records"]] == ["pass", "fail"]
    said = [[{**f, "path": ""} for f in r["findings"]] for r in piped.data["records"]]
    assert said == [[{**f, "path": ""} for f in r["findings"]] for r in file.data["records"]]


def test_what_is_no_table_on_standard_input_is_read_as_a_paper(here: Path) -> None:
    """A remark on formulation.id makes no table of a record; a broken workbook, a large file and nothing are one entry."""
    record = b"# formulation.id, version: see the specification\n" + example().read_bytes()
    assert check("-", given=record).code == 0
    for data in (b"PK\x03\x04 no workbook", b"formulation.id\n" * 700_000, b"x" * 2_000_000, b""):
        ran = check("-", given=data)
        (entry,) = ran.data["records"]
        assert (ran.code, entry["verdict"]) == (2, "not_determined")
    assert written("-", "-o", "v.csv").code == 2


def test_progress_is_shown_on_a_terminal_only(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """How many records were judged so far, on standard error, taken away again; nothing in a file, a pipe, or with -q."""
    from formcheck.cli.showing import progress

    (here / "b.csv").write_bytes(as_csv(table(*(sound(f"L-{n}") for n in range(60)))))
    assert written("b.csv").err == ""

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress(quiet=False) as seen:
        for number in range(1, 101):
            seen(number)
    shown = capsys.readouterr()
    assert "judged 100 records" in shown.err and shown.err.rpartition("\r")[0].endswith(" ") and shown.out == ""
    with progress(quiet=True) as seen:
        assert seen is None
