"""check: records in, verdicts out. Exit codes, JSON, files of every sort, and what cannot be left out."""

import json
from pathlib import Path
from typing import Any

import pytest
from published.records import RECORDS, SPECS, record, text_of

from doors.running import FINDING, FIRST, THREE, as_json, check, example, run
from formcheck.check import JUDGED_TESTS

CONTRACT = ["path", "id", "formulation", "verdict", "counts", "findings", "not_run", "not_due", "expected"]
RECORD = [*CONTRACT, "chain", "profile", "about_formulation"]
COUNTS = ["fail", "not_determined", "warning", "info", "waived"]
GOOD, FAILS, OPEN = "good-4.5mg-dihydrate-lot", "bad-assay-low", "undetermined-no-verifier"
ABOVE = "bad-tenfold-slip"


def saved(folder: Path, name: str, paper: dict[str, Any] | str | bytes) -> str:
    """A file in a folder, and its path."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(paper, dict):
        paper = text_of(paper)
    file.write_bytes(paper.encode() if isinstance(paper, str) else paper)
    return str(file)


def by_name(ran_data: dict[str, Any]) -> dict[str, str]:
    """The verdict of each record by the name of its file."""
    return {Path(entry["path"]).name: entry["verdict"] for entry in ran_data["records"]}


def test_the_shipped_examples_pass_fail_and_stay_open() -> None:
    """It is done when: the examples exit 1, with passes, fails and not determined, each as its name says.

    A bad one that only has a warning passes with it, and fails under --strict; a corrected one stands in a chain.
    """
    ran = check(str(RECORDS))
    assert ran.code == 1 and ran.data["verdict"] == "fail"
    names, files = by_name(ran.data), {file.name for file in RECORDS.iterdir()}
    corrected = {Path(link["path"]).name for entry in ran.data["records"] for link in entry["chain"]}
    assert set(names.values()) == {"pass", "fail", "not_determined"} and {*names} | corrected == files
    assert not {*names} & corrected
    strict, prefixes = by_name(check(str(RECORDS), "--strict").data), {"good": "pass", "undetermined": "not_determined"}
    for entry in ran.data["records"]:
        name = Path(entry["path"]).name
        if name.startswith("bad-"):
            said = {finding["code"] for finding in entry["findings"] if finding["severity"] == "warning"}
            warned = bool(said) and said <= {item[:5] for item in entry["expected"]}
            assert strict[name] == "fail" and (entry["verdict"] == "fail" or (entry["verdict"] == "pass" and warned)), name
        else:
            assert entry["verdict"] == prefixes[name.partition("-")[0]], name


def test_the_examples_by_the_default_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """`check specs/naltrexone-capsules/records` in a folder with specs/ needs no option, and shows all three words."""
    monkeypatch.chdir(SPECS.parent)
    ran = run("check", "specs/naltrexone-capsules/records")
    assert ran.code == 1 and ran.err == ""
    for words in ("PASS", "FAIL", "NOT DETERMINED", "Release is the pharmacist's decision."):
        assert words in " ".join(ran.out.split())


def test_the_keys_of_a_report() -> None:
    """The JSON of check has the keys of the contract in their order, for the report, each record and each finding."""
    data = check(*(str(example(name)) for name in (GOOD, FAILS, OPEN))).data
    assert list(data) == [*FIRST, "verdict", "counts", "records"] and list(data["counts"]) == COUNTS
    for entry in data["records"]:
        assert list(entry) == RECORD and list(entry["counts"]) == COUNTS
        assert list(entry["formulation"])[:3] == ["id", "version", "sha256"]
        assert entry["formulation"]["id"] == "naltrexone-capsules" and entry["formulation"]["version"] == 1
        assert len(entry["formulation"]["sha256"]) == 64
        assert all(list(finding) == FINDING for finding in entry["findings"])
    assert data["counts"] == {key: sum(entry["counts"][key] for entry in data["records"]) for key in COUNTS}


def test_a_finding_has_place_found_limit_and_source() -> None:
    """A failing finding names file, line, column, field, what was found, the limit, both with units, and the source."""
    (entry,) = check(str(example(FAILS))).data["records"]
    (finding,) = entry["findings"]
    line = example(FAILS).read_text(encoding="utf-8").splitlines()[finding["line"] - 1]
    assert "88.4 %" in line[finding["column"] - 1 :] and finding["path"] == str(example(FAILS))
    assert (finding["code"], finding["field"]) == ("FC411", "assay.value")
    assert (finding["found"], finding["limit"]) == ("88.4 %", "90.0 to 110.0 %")
    assert finding["source"] and finding["help"] and finding["waiver"] is None


def test_expected_tests_not_due_and_not_run_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a record expects, which tests are not due (with dates), and what no rule judges stand in the report."""
    (entry,) = check(str(example(FAILS))).data["records"]
    assert entry["expected"] == ["FC411"]
    (entry,) = check(str(example(GOOD))).data["records"]
    assert {test["test"] for test in entry["not_due"]} == {"assay", "content uniformity"}
    assert {"test": "assay", "last": "2026-01-28", "next": "2026-07-28"} in entry["not_due"]
    assert entry["not_run"] == []
    monkeypatch.setattr("formcheck.check.JUDGED_TESTS", JUDGED_TESTS - {"appearance"})
    (entry,) = check(str(example(GOOD))).data["records"]
    assert [(item["code"], item["title"]) for item in entry["not_run"]] == [(None, "appearance")]
    words = " ".join(run("check", str(example(GOOD)), "--specs", str(SPECS)).out.split())
    assert "For a person to look at (no rule judges it): appearance." in words
    assert "Every check this formulation requires and a rule can judge was made, and none failed." in words


@pytest.mark.parametrize(
    ("names", "code", "verdict"),
    [
        ((GOOD,), 0, "pass"),
        ((FAILS,), 1, "fail"),
        ((OPEN,), 3, "not_determined"),
        ((GOOD, OPEN), 3, "not_determined"),
        ((GOOD, OPEN, FAILS), 1, "fail"),
    ],
)
def test_the_exit_code_is_the_worst_of_the_records(names: tuple[str, ...], code: int, verdict: str) -> None:
    """0 all passed, 1 one fails, else 3 one is not determined; the verdict of the report agrees."""
    ran = check(*(str(example(name)) for name in names))
    assert (ran.code, ran.data["verdict"]) == (code, verdict)


@pytest.mark.parametrize(
    "bad",
    [b"", b"kind: [", b"- a\n", b"kind: record\n", b"\xff\xfe\x00", b"kind: compounding-record\nnonsense: 1\n", b"\x00"],
    ids=["empty", "syntax", "list", "kind", "bytes", "unknown key", "control"],
)
def test_an_unreadable_file_hides_no_other(tmp_path: Path, bad: bytes) -> None:
    """One unreadable file among good and bad ones: exit 2, it is listed with an FC0 finding, and the others are judged."""
    paths = [saved(tmp_path, "a.yaml", bad), str(example(FAILS)), str(example(GOOD))]
    ran = check(*paths)
    assert ran.code == 2
    assert by_name(ran.data) == {"a.yaml": "not_determined", f"{FAILS}.yaml": "fail", f"{GOOD}.yaml": "pass"}
    (unread,) = [entry for entry in ran.data["records"] if entry["path"] == paths[0]]
    assert list(unread) == RECORD and unread["findings"]
    for finding in unread["findings"]:
        assert finding["code"].startswith("FC0") and finding["verdict"] == "not_determined"
        assert list(finding) == FINDING and finding["path"] == paths[0]


def test_a_file_that_does_not_exist_hides_no_other(tmp_path: Path) -> None:
    """A path that does not exist is exit 2 too, and the files that do exist are judged and shown all the same."""
    missing = str(tmp_path / "missing.yaml")
    ran = check(str(example(FAILS)), missing)
    assert ran.code == 2
    assert by_name(ran.data) == {f"{FAILS}.yaml": "fail", "missing.yaml": "not_determined"}


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """A path that does not exist alone: exit 2, and the name is said."""
    ran = run("check", str(tmp_path / "missing.yaml"), "--specs", str(SPECS))
    assert ran.code == 2 and "missing.yaml" in ran.out + ran.err


def test_no_specifications_are_a_usage_error(tmp_path: Path) -> None:
    """A folder of specifications that does not exist: exit 2, never a pass."""
    ran = as_json("check", str(example()), "--specs", str(tmp_path / "nowhere"))
    assert ran.code == 2 and list(ran.data) == [*FIRST, "error"]


def test_an_empty_folder_of_specifications_passes_nothing(tmp_path: Path) -> None:
    """Where the formulation is not found, a good record is not determined (exit 3), and says what was not run."""
    ran = as_json("check", str(example()), "--specs", str(tmp_path))
    (entry,) = ran.data["records"]
    assert ran.code == 3 and entry["verdict"] == "not_determined"
    assert any(item["code"] == "FC402" for item in entry["not_run"])


def test_an_unreadable_specification_is_listed(tmp_path: Path) -> None:
    """A specification that cannot be read is exit 2 and is listed, whatever the records are."""
    saved(tmp_path, "product/formulation.yaml", "kind: master-formulation-record\nid: naltrexone-capsules\nversion: one\n")
    ran = as_json("check", str(example()), "--specs", str(tmp_path))
    assert ran.code == 2 and by_name(ran.data)["formulation.yaml"] == "not_determined"


def test_a_formulation_is_not_a_record(tmp_path: Path) -> None:
    """A formulation named to check is exit 2 and says that lint reads those; in a folder it is passed over."""
    ran = check(str(SPECS / "naltrexone-capsules" / "formulation.yaml"))
    assert ran.code == 2 and "lint" in ran.data["records"][0]["findings"][0]["message"]
    saved(tmp_path, "formulation.yaml", (SPECS / "naltrexone-capsules" / "formulation.yaml").read_bytes())
    saved(tmp_path, "record.yaml", record())
    assert by_name(check(str(tmp_path)).data) == {"record.yaml": "pass"}


def test_folders_pass_over_files_of_other_kinds(tmp_path: Path) -> None:
    """A folder is searched through; text, pictures and hidden files in it are skipped, YAML and JSON are judged."""
    saved(tmp_path, "a.yaml", record())
    saved(tmp_path, "b/c.YML", record())
    saved(tmp_path, "b/d.json", record())
    for other in ("notes.txt", "b/photo.png", "README.md", ".hidden.yaml", ".git/config.yaml"):
        saved(tmp_path, other, b"\xff not a record")
    ran = check(str(tmp_path))
    assert ran.code == 0 and by_name(ran.data) == {"a.yaml": "pass", "c.YML": "pass", "d.json": "pass"}


def test_folders_pass_over_formchecks_own_calibrations(tmp_path: Path) -> None:
    """A file that calibrate --save wrote beside the records is a file of another kind: the folder is judged without it."""
    saved(tmp_path, "record.yaml", record())
    assert run("calibrate", *THREE, "--save", str(tmp_path / "drops.yaml")).code == 0
    ran = check(str(tmp_path))
    assert ran.code == 0 and by_name(ran.data) == {"record.yaml": "pass"}


def test_a_folder_without_records_is_not_a_pass(tmp_path: Path) -> None:
    """Nothing found is nothing judged: exit 3, not determined, and it is said."""
    assert (check(str(tmp_path)).code, check(str(tmp_path)).data["verdict"]) == (3, "not_determined")
    assert "nothing was judged" in run("check", str(tmp_path), "--specs", str(SPECS)).out


@pytest.mark.parametrize("start", [GOOD, FAILS, OPEN])
def test_one_record_in_every_dress_gets_one_verdict(tmp_path: Path, start: str) -> None:
    """YAML or JSON, with a byte-order mark, with Windows line ends: the same findings and the same exit code."""
    plain = example(start).read_bytes()
    paper = record(start=start)
    dresses = {
        "bom.yaml": b"\xef\xbb\xbf" + plain,
        "crlf.yaml": plain.replace(b"\n", b"\r\n"),
        "both.yml": b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"),
        "record.json": json.dumps(paper),
        "tabs.json": json.dumps(paper, indent="\t"),
        "bom.json": b"\xef\xbb\xbf" + json.dumps(paper, ensure_ascii=False).encode(),
        "no newline.yaml": plain.rstrip(b"\n"),
    }
    bare = check(str(example(start)))
    (wanted,) = bare.data["records"]
    for name, content in dresses.items():
        ran = check(saved(tmp_path, name, content))
        (entry,) = ran.data["records"]
        assert (ran.code, entry["verdict"], entry["counts"]) == (bare.code, wanted["verdict"], wanted["counts"]), name
        assert [(f["code"], f["field"], f["message"]) for f in entry["findings"]] == [
            (f["code"], f["field"], f["message"]) for f in wanted["findings"]
        ], name


def test_json_with_escaped_characters_beyond_the_first_plane_is_read(tmp_path: Path) -> None:
    """A JSON record with an escaped surrogate pair (legal JSON, as json.dumps writes it) is read like any other."""
    paper = record({"description": "white powder \U0001f48a"})
    content = json.dumps(paper)
    assert "\\ud83d\\udc8a" in content
    ran = check(saved(tmp_path, "record.json", content))
    assert ran.code == 0 and ran.data["verdict"] == "pass"


@pytest.mark.parametrize("given", [example(GOOD).read_bytes(), b"\xef\xbb\xbf" + example(GOOD).read_bytes()])
def test_a_record_from_standard_input(given: bytes) -> None:
    """`-` reads a record from standard input, with or without a byte-order mark; its path is `-`."""
    ran = check("-", given=given)
    assert ran.code == 0 and [entry["path"] for entry in ran.data["records"]] == ["-"]


def test_nothing_on_standard_input_is_unreadable() -> None:
    """An empty standard input is exit 2 with an FC0 finding."""
    ran = check("-", given=b"")
    assert ran.code == 2 and ran.data["records"][0]["findings"][0]["code"] == "FC001"


@pytest.mark.parametrize(
    "name", ["C:\\records\\LDN 031.yaml", "records\\a.yaml", "Rezeptur \u00fc \u2013 1.yaml", "-5mg.yaml"]
)
def test_paths_as_they_are_typed_are_read_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Backslashes, a drive letter, spaces, umlauts and (after --) a leading minus are shown as they were typed."""
    monkeypatch.chdir(tmp_path)
    saved(tmp_path, name, example(FAILS).read_bytes())
    ran = run("check", "--specs", str(SPECS), "--output-format", "json", "--", name)
    assert ran.code == 1 and ran.data["records"][0]["path"] == name
    words = run("check", "--specs", str(SPECS), "--output-format", "concise", "--", name)
    assert words.code == 1 and words.out.startswith(f"{name}:72:10: FC411 error ")


def test_a_path_with_backslashes_can_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """-o takes a Windows-like name as it is."""
    monkeypatch.chdir(tmp_path)
    assert check(str(example()), "-o", "C:\\out.json").code == 0
    assert json.loads((tmp_path / "C:\\out.json").read_text(encoding="utf-8"))["verdict"] == "pass"


@pytest.mark.parametrize("option", ["--ignore", "--select"])
@pytest.mark.parametrize("codes", ["FC999", "XX", "", "FC411,FC999", "fc411"])
def test_an_unknown_code_is_a_usage_error(option: str, codes: str) -> None:
    """A code that is no rule is exit 2: a misspelt --ignore or --select never runs less than was meant."""
    ran = check(str(example()), option, codes)
    assert ran.code == 2 and list(ran.data) == [*FIRST, "error"]


@pytest.mark.parametrize("codes", ["FC101", "FC10", "FC1", "FC", "F", "FC411,FC101", "FC101,FC411"])
def test_the_ceiling_cannot_be_ignored(codes: str) -> None:
    """Asking to ignore FC101, by its code or by a prefix of it, is exit 2, in JSON with {schema, version, error}."""
    ran = check(str(example(ABOVE)), "--ignore", codes)
    assert ran.code == 2 and list(ran.data) == [*FIRST, "error"] and "FC101" in ran.data["error"]
    words = run("check", str(example(ABOVE)), "--specs", str(SPECS), "--ignore", codes)
    assert words.code == 2 and words.out == "" and "FC101" in words.err


@pytest.mark.parametrize("codes", ["FC4", "FC801", "FC7,FC8"])
def test_the_ceiling_cannot_be_deselected(codes: str) -> None:
    """Whatever is selected, FC101 runs: 45 mg a day fails, exit 1."""
    ran = check(str(example(ABOVE)), "--select", codes)
    assert ran.code == 1 and "FC101" in {finding["code"] for finding in ran.data["records"][0]["findings"]}


def test_the_ceiling_cannot_be_waived(tmp_path: Path) -> None:
    """A record that waives FC101 is refused (exit 2): it is never a pass."""
    waiver = {"code": "FC101", "reason": "the prescriber wants it", "by": "R. Wynn", "until": "2027-01-01"}
    ran = check(saved(tmp_path, "a.yaml", record({"waivers": [waiver]}, start=ABOVE)))
    assert ran.code == 2 and ran.data["records"][0]["verdict"] == "not_determined"


def test_a_waived_finding_stays_visible(tmp_path: Path) -> None:
    """Any other finding may be waived: it fails nothing, is counted, and says who took it upon himself, why, until when."""
    waiver = {"code": "FC402", "reason": "sorted out by weight", "by": "R. Wynn, RPh", "until": "2027-01-01"}
    path = saved(tmp_path, "a.yaml", record({"waivers": [waiver]}, start="bad-light-capsule-hidden-by-shell"))
    ran = check(path)
    (finding,) = ran.data["records"][0]["findings"]
    assert (ran.code, ran.data["verdict"], ran.data["counts"]["waived"], ran.data["counts"]["fail"]) == (0, "pass", 1, 0)
    assert (finding["code"], finding["verdict"], finding["found"]) == ("FC402", "waived", "88.8 %")
    said = {name: waiver[name] for name in ("by", "reason", "until")}
    assert {name: finding["waiver"][name] for name in said} == said
    words = " ".join(run("check", path, "--specs", str(SPECS)).out.split())
    assert "FC402" in words and "R. Wynn, RPh" in words and "sorted out by weight" in words


def test_exit_zero_forgives_failing_and_open_records_only(tmp_path: Path) -> None:
    """--exit-zero turns 1 and 3 into 0, but neither 2 nor a dose above the ceiling; the verdict stays as it is."""
    for name, verdict in ((FAILS, "fail"), (OPEN, "not_determined"), (GOOD, "pass")):
        ran = check(str(example(name)), "--exit-zero")
        assert (ran.code, ran.data["verdict"]) == (0, verdict)
    assert check(str(example(ABOVE)), "--exit-zero").code == 1
    assert check(str(example(GOOD)), str(example(ABOVE)), str(example(OPEN)), "--exit-zero").code == 1
    assert check(saved(tmp_path, "a.yaml", ""), "--exit-zero").code == 2


def test_a_deselected_error_rule_leaves_the_record_open() -> None:
    """Ignoring an error rule that applies makes a good record not determined (exit 3), and not_run names the rule."""
    ran = check(str(example(GOOD)), "--ignore", "FC402")
    (entry,) = ran.data["records"]
    assert (ran.code, entry["verdict"]) == (3, "not_determined")
    assert ("FC402", "deselected") in [(item["code"], item["reason"]) for item in entry["not_run"]]


def test_a_failing_rule_cannot_be_ignored_into_a_pass() -> None:
    """Ignoring the rule a record fails by removes the finding, and leaves not determined, not a pass."""
    ran = check(str(example(FAILS)), "--ignore", "FC411")
    assert (ran.code, ran.data["verdict"]) == (3, "not_determined") and ran.data["records"][0]["findings"] == []


def test_selecting_a_part_of_the_rules_leaves_the_record_open() -> None:
    """--select FC4 runs FC4 and the ceiling; what else applies is listed as not run, so the record is not determined."""
    ran = check(str(example(GOOD)), "--select", "FC4")
    (entry,) = ran.data["records"]
    not_run = {item["code"] for item in entry["not_run"]}
    assert ran.code == 3 and {"FC201", "FC801"} <= not_run and not {"FC101", "FC402", "FC411"} & not_run


def test_ignoring_a_warning_changes_no_verdict(tmp_path: Path) -> None:
    """A rule that is a warning may be ignored: the record passes still, and exit is 0."""
    ran = check(str(example(GOOD)), "--ignore", "FC413")
    assert ran.code == 0 and ran.data["verdict"] == "pass"


def test_strict_makes_warnings_count(tmp_path: Path) -> None:
    """A warning changes neither verdict nor exit code; with --strict it fails the record."""
    path = saved(tmp_path, "a.yaml", record({"people.verified_by.name": "Maren Tolliver, CPhT"}))
    ran = check(path)
    assert (ran.code, ran.data["verdict"], ran.data["counts"]["warning"]) == (0, "pass", 1)
    strict = check(path, "--strict")
    assert (strict.code, strict.data["verdict"]) == (1, "fail")


def test_the_profile_decides_what_is_an_error(tmp_path: Path) -> None:
    """One person who compounds and verifies: a warning under usp-503a, a fail under usp-503b; bp is no profile."""
    path = saved(tmp_path, "a.yaml", record({"people.verified_by.name": "Maren Tolliver, CPhT"}))
    assert check(path, "--profile", "usp-503a").code == 0
    assert check(path, "--profile", "usp-503b").code == 1
    assert check(path, "--profile", "bp").code == 2


def test_the_european_profile_takes_the_formulations_own_dating(tmp_path: Path) -> None:
    """Under ph-eur the formulation's own days and source count, not the table of USP <795>: a good record passes.

    Uniformity of mass takes twenty capsules there (Ph. Eur. 2.9.5); with ten, that alone is not determined.
    """
    ten = record()["unit_masses"]["values"]
    path = saved(tmp_path, "a.yaml", record({"unit_masses.values": [*ten, *reversed(ten)]}))
    assert check(path, "--profile", "ph-eur").code == 0
    fewer = check(str(example(GOOD)), "--profile", "ph-eur")
    (finding,) = fewer.data["records"][0]["findings"]
    assert (fewer.code, finding["code"], finding["verdict"]) == (3, "FC405", "not_determined")


def test_the_full_format_is_a_page() -> None:
    """Text is the full format: verdict, counts, approval, and of each finding what was found and its limit."""
    ran = run("check", str(example(FAILS)), "--specs", str(SPECS))
    assert ran.out == run("check", str(example(FAILS)), "--specs", str(SPECS), "--output-format", "full").out
    for words in (
        "FAIL",
        "1 fail, 0 not determined",
        "example, not approved by your pharmacist",
        "88.4 %",
        "90.0 to 110.0 %",
    ):
        assert words in " ".join(ran.out.split())
    assert "Release is the pharmacist" not in ran.out


def test_what_is_not_determined_stands_above_everything(tmp_path: Path) -> None:
    """What is missing is named, counted, and printed before what failed."""
    path = saved(tmp_path, "a.yaml", record({"components.1.lot": ""}, start=FAILS))
    words = run("check", path, "--specs", str(SPECS)).out
    assert "1 fail, 1 not determined" in words and words.index("FC210") < words.index("FC411")


def test_the_concise_format_is_a_line_a_finding() -> None:
    """concise: place, code, severity and message in one line, then the verdict, then a line that adds up."""
    ran = run("check", str(example(FAILS)), "--specs", str(SPECS), "--output-format", "concise")
    finding, verdict, total = ran.out.splitlines()
    assert finding.startswith(f"{example(FAILS)}:72:10: FC411 error the assay is 88.4 %")
    assert verdict == f"{example(FAILS)}: FAIL" and total.startswith("FAIL: 1 record, findings: 1 fail")


@pytest.mark.parametrize("format", ["full", "concise"])
def test_quiet_shows_only_what_needs_attention(format: str) -> None:
    """-q leaves out passing records and the last line; failing ones are shown still, with the same exit code."""
    both = ("check", str(example(GOOD)), str(example(FAILS)), "--specs", str(SPECS), "--output-format", format)
    loud, quiet = run(*both), run(*both, "-q")
    assert loud.code == quiet.code == 1
    assert "good-4.5mg" in loud.out and "good-4.5mg" not in quiet.out and "FC411" in quiet.out
    nothing = run("check", str(example(GOOD)), "--specs", str(SPECS), "--output-format", format, "--quiet")
    assert (nothing.code, nothing.out) == (0, "")


def test_quiet_changes_no_json() -> None:
    """-q says nothing to a machine: the JSON has every record still."""
    assert check(str(example(GOOD)), "-q").data == check(str(example(GOOD))).data


def test_hostile_text_is_shown_as_code_points(tmp_path: Path) -> None:
    """Bidirectional and escape characters of a record reach the terminal as code points only."""
    path = saved(tmp_path, "a.yaml", record({"id": "LDN\u202e130", "components.0.name": "naltrexone\u2066 hydrochloride"}))
    for format in ("full", "concise"):
        ran = run("check", path, "--specs", str(SPECS), "--output-format", format)
        assert "\u202e" not in ran.out and "\u2066" not in ran.out and "\\u2066" in ran.out


def test_the_report_is_the_same_twice() -> None:
    """Two runs over the same files give the same bytes: order of records, findings and keys is stable."""
    first, second = check(str(RECORDS)), check(str(RECORDS))
    assert first.out == second.out
    paths = [entry["path"] for entry in first.data["records"]]
    assert paths == sorted(paths)


def test_without_specs_the_shipped_examples_are_used_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no folder specs, the examples that come with formcheck judge, and standard error says so."""
    monkeypatch.chdir(tmp_path)
    ran = run("check", str(example()))
    assert ran.code == 0 and "example specifications" in ran.err and "example specifications" not in ran.out
    quiet = as_json("check", str(example()))
    assert quiet.code == 0 and quiet.err == "" and quiet.data["verdict"] == "pass"


def test_no_path_is_a_usage_error() -> None:
    """check without a path: exit 2."""
    assert run("check").code == 2
