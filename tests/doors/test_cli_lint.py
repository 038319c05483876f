"""lint: specifications, judged by their own example records."""

import shutil
from pathlib import Path

import pytest
from published.records import CAPSULES, SPECS, record, text_of

from doors.running import FIRST, as_json, run


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A copy of the capsules with one sound and one failing example record."""
    folder = tmp_path / "specs" / "capsules"
    (folder / "records").mkdir(parents=True)
    shutil.copy(CAPSULES / "formulation.yaml", folder)
    for name in ("good-4.5mg-dihydrate-lot", "bad-assay-low"):
        shutil.copy(CAPSULES / "records" / f"{name}.yaml", folder / "records")
    return tmp_path / "specs"


def test_the_shipped_specifications_are_in_order() -> None:
    """Every shipped formulation is readable, and every example record has the findings it expects: exit 0."""
    ran = as_json("lint", str(SPECS))
    assert ran.code == 0 and ran.data["verdict"] == "pass"
    assert len(ran.data["records"]) == len(list(SPECS.rglob("*.yaml")))


def test_the_shape_of_lint_is_that_of_check(specs: Path) -> None:
    """lint answers in the same keys as check, one entry a file, in the order of the paths."""
    data = as_json("lint", str(specs)).data
    assert list(data) == [*FIRST, "verdict", "counts", "records"]
    assert [Path(entry["path"]).name for entry in data["records"]] == [
        "formulation.yaml",
        "bad-assay-low.yaml",
        "good-4.5mg-dihydrate-lot.yaml",
    ]
    assert {entry["verdict"] for entry in data["records"]} == {"pass"}


def test_a_finding_that_did_not_come_fails(specs: Path) -> None:
    """A record that expects a finding which no longer comes means a check was lost: FC911, exit 1."""
    path = specs / "capsules" / "records" / "lost.yaml"
    path.write_text(text_of(record({"expects": ["FC411"]})), encoding="utf-8")
    ran = as_json("lint", str(specs))
    (entry,) = [entry for entry in ran.data["records"] if entry["path"] == str(path)]
    assert ran.code == 1 and [(f["code"], f["verdict"]) for f in entry["findings"]] == [("FC911", "fail")]
    assert "FC411" in entry["findings"][0]["message"]


def test_a_finding_that_nobody_expected_fails(specs: Path) -> None:
    """A record with a finding it does not expect would stop an honest batch: FC911, exit 1."""
    path = specs / "capsules" / "records" / "surplus.yaml"
    path.write_text(text_of(record({"expects": []}, start="bad-assay-low")), encoding="utf-8")
    ran = as_json("lint", str(specs))
    (entry,) = [entry for entry in ran.data["records"] if entry["path"] == str(path)]
    assert ran.code == 1 and entry["verdict"] == "fail" and "FC411" in entry["findings"][0]["message"]


def test_an_expectation_may_name_the_verdict(specs: Path) -> None:
    """`FC411 fail` expects the finding and its verdict; `FC411 not_determined` is then not fulfilled."""
    path = specs / "capsules" / "records" / "exact.yaml"
    for expected, code in (("FC411 fail", 0), ("FC411 not_determined", 1)):
        path.write_text(text_of(record({"expects": [expected]}, start="bad-assay-low")), encoding="utf-8")
        assert as_json("lint", str(specs)).code == code


def test_a_looser_formulation_is_found_by_its_records(specs: Path) -> None:
    """Limits widened in the formulation let the failing example pass: lint says so, exit 1."""
    file = specs / "capsules" / "formulation.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count("limits: 90.0-110.0 %") == 1
    file.write_text(text.replace("limits: 90.0-110.0 %", "limits: 80.0-120.0 %"), encoding="utf-8")
    ran = as_json("lint", str(specs))
    assert ran.code == 1 and {Path(e["path"]).name for e in ran.data["records"] if e["verdict"] == "fail"} == {
        "bad-assay-low.yaml"
    }


def test_an_unreadable_formulation_hides_no_other(specs: Path) -> None:
    """A formulation with an unknown key: exit 2, its place and the near key are named, the others are judged."""
    other = specs / "other.yaml"
    other.write_text("kind: master-formulation-record\nid: x\nversion: 1\nstrenghts: [1 mg]\n", encoding="utf-8")
    ran = as_json("lint", str(specs))
    (entry,) = [entry for entry in ran.data["records"] if entry["path"] == str(other)]
    assert ran.code == 2 and len(ran.data["records"]) == 4
    assert entry["findings"][0]["code"] == "FC004" and "strengths" in entry["findings"][0]["message"]


def test_two_formulations_of_one_name_are_both_unreadable(specs: Path) -> None:
    """Two files with one id and version: FC010 for both, exit 2, and records of it are not determined."""
    shutil.copy(specs / "capsules" / "formulation.yaml", specs / "twin.yaml")
    ran = as_json("lint", str(specs))
    twice = [f["path"] for entry in ran.data["records"] for f in entry["findings"] if f["code"] == "FC010"]
    assert ran.code == 2 and sorted(twice) == sorted(
        [str(specs / "capsules" / "formulation.yaml"), str(specs / "twin.yaml")]
    )


def test_lint_in_words(specs: Path) -> None:
    """lint prints the same formats as check; -q prints nothing when all is in order."""
    assert run("lint", str(specs)).out.endswith("PASS  1 specification, 2 records: 0 fail, 0 not determined, 3 pass.\n")
    quiet = run("lint", str(specs), "-q")
    assert (quiet.code, quiet.out) == (0, "")


def test_a_folder_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    """lint of a path that does not exist: exit 2 and its name."""
    ran = run("lint", str(tmp_path / "nowhere"))
    assert ran.code == 2 and "nowhere" in ran.out + ran.err
