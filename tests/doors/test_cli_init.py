"""init: starter specifications, a blank record, and tables to fill in."""

import sys
from pathlib import Path

import pytest
import yaml
from published.records import SPECS

from doors.running import as_json, run


def test_init_writes_the_specifications_and_a_blank_record(tmp_path: Path) -> None:
    """init writes the shipped specifications, byte for byte, and a blank record, and says what comes next."""
    target = tmp_path / "here"
    ran = run("init", str(target))
    assert ran.code == 0 and "formcheck check" in ran.out
    written = {path.relative_to(target / "specs"): path.read_bytes() for path in (target / "specs").rglob("*.yaml")}
    assert written == {path.relative_to(SPECS): path.read_bytes() for path in SPECS.rglob("*.yaml")}
    assert (target / "blank-record.yaml").is_file()


def test_the_starter_specifications_are_in_order(tmp_path: Path) -> None:
    """What init wrote passes lint as it is."""
    run("init", str(tmp_path))
    assert run("lint", str(tmp_path / "specs")).code == 0


MISSING = {"FC101", "FC201", "FC210", "FC301", "FC501", "FC502", "FC707", "FC801", "FC909"}
BLANKS = {
    "blank-record.yaml": {"FC402"},
    "blank-record-oral-liquid.yaml": {"FC420", "FC421", "FC305"},
    "blank-record-sublingual-drops.yaml": {"FC420", "FC421", "FC601"},
}


@pytest.mark.parametrize("name", BLANKS)
def test_a_blank_record_is_read_and_not_determined(tmp_path: Path, name: str) -> None:
    """A blank record of each form can be read, nothing in it passes or fails, and what is missing is named: exit 3."""
    assert name in run("init", str(tmp_path)).out
    ran = as_json("check", str(tmp_path / name), "--specs", str(tmp_path / "specs"))
    (entry,) = ran.data["records"]
    assert ran.code == 3 and entry["verdict"] == "not_determined" and entry["counts"]["fail"] == 0
    assert not any(finding["code"].startswith("FC0") for finding in entry["findings"])
    assert MISSING | BLANKS[name] <= {finding["code"] for finding in entry["findings"]}


@pytest.mark.parametrize("name", BLANKS)
def test_a_blank_record_names_the_components_of_its_formulation(tmp_path: Path, name: str) -> None:
    """No component of the starter specification is left out of the record to fill in, and none is added."""
    run("init", str(tmp_path))
    blank = yaml.safe_load((tmp_path / name).read_text(encoding="utf-8"))
    folder = tmp_path / "specs" / blank["formulation"]["id"]
    planned = yaml.safe_load((folder / "formulation.yaml").read_text(encoding="utf-8"))["components"]
    needed = [component["name"] for component in planned if component.get("optional") not in ("yes", True)]
    assert sorted(used["name"] for used in blank["components"]) == sorted(needed)


def test_nothing_that_exists_is_written_over(tmp_path: Path) -> None:
    """A second init is refused by the name of the file that exists (exit 2), and changes nothing."""
    run("init", str(tmp_path))
    (tmp_path / "blank-record.yaml").write_text("mine", encoding="utf-8")
    ran = run("init", str(tmp_path))
    assert ran.code == 2 and "exists already" in ran.err
    assert (tmp_path / "blank-record.yaml").read_text(encoding="utf-8") == "mine"


def test_one_existing_file_stops_all_of_it(tmp_path: Path) -> None:
    """Where only the blank record exists, nothing else is written either."""
    (tmp_path / "blank-record.yaml").write_text("mine", encoding="utf-8")
    assert run("init", str(tmp_path)).code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["blank-record.yaml"]


def test_a_file_in_the_way_is_a_usage_error(tmp_path: Path) -> None:
    """A file where the folder should be: exit 2 and a sentence."""
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    ran = run("init", str(tmp_path / "taken"))
    assert ran.code == 2 and "taken" in ran.err


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("form", ["batches-template", "batches-template-liquid", "batches-template-drops"])
def test_the_tables_to_fill_in_pass(tmp_path: Path, form: str, ending: str) -> None:
    """The example row of each table, of capsules, a liquid and drops, passes by the specifications beside it."""
    name = form + ending
    assert name in run("init", str(tmp_path)).out
    ran = as_json("check", str(tmp_path / name), "--specs", str(tmp_path / "specs"))
    (entry,) = ran.data["records"]
    assert ran.code == 0 and entry["verdict"] == "pass" and entry["row"] == 2


def test_without_the_extra_the_workbook_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where xlsxwriter is not installed, the CSV is written and a sentence says what the workbook needs."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    ran = run("init", str(tmp_path))
    assert ran.code == 0 and "formcheck[tables]" in ran.err and (tmp_path / "batches-template.csv").is_file()
    assert not (tmp_path / "batches-template.xlsx").exists() and "batches-template.xlsx" not in ran.out


def test_init_needs_a_folder() -> None:
    """init without a folder: exit 2."""
    assert run("init").code == 2
