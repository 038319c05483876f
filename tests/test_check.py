"""Which rules, on which papers, and what follows: verdicts, counts, exit status, as data."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest
from catalogue.pairs import SPECS, batch_of, changed, formulation, good, judged, library_of, plain, read, shipped, written

from formcheck.check import JUDGED_TESTS, BadSelection, Selection, check, checked, judge_record, lint
from formcheck.findings import Authority, Counts, Finding, Severity, Verdict
from formcheck.papers.formulation import TestName
from formcheck.reading.papers import read_file
from formcheck.reading.specifications import Library, load_library
from formcheck.rules.catalogue import ABOUT_RECORDS, CEILING_CODE
from formcheck.units import format_number
from formcheck.verdicts import PASS_SENTENCE, Judged, NotDue, Report

FAILING = {"assay.value": "80.0 %", "investigation": {"id": "INV-26-003", "closed": "2026-03-09"}}
UNKNOWN = {"assay.expressed_as": "null"}
TOO_MUCH = {"per_day": "3"}
WARNED = {"people.verified_by.name": "Maren Tolliver, CPhT"}
ALL = Selection()


def put(folder: Path, name: str, paper: dict[str, Any] | str) -> str:
    """Write a paper (or any text) into a folder; its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(paper if isinstance(paper, str) else written(paper), encoding="utf-8")
    return str(path)


def record(folder: Path, name: str, changes: dict[str, Any] | None = None) -> str:
    """Write the good record with changes into a folder; its path."""
    return put(folder, name, changed(good(), changes or {}))


def codes(entry: Judged) -> list[str]:
    return [finding.code for finding in entry.findings]


# ---------------------------------------------------------------------------- verdicts of one record


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.PASS),
        (FAILING, Verdict.FAIL),
        (UNKNOWN, Verdict.NOT_DETERMINED),
        (FAILING | {"components.0.lot": "null"}, Verdict.FAIL),
        (WARNED, Verdict.PASS),
    ],
    ids=["good", "failing", "missing", "failing and missing", "warned"],
)
def test_a_record_passes_fails_or_is_not_determined(changes: dict[str, Any], verdict: Verdict) -> None:
    """One failing error fails a record; else what is missing makes it not determined; warnings change nothing."""
    assert judged(changed(good(), changes)).verdict is verdict


def test_strict_makes_a_warning_count() -> None:
    """Under strict a failing warning fails the record, and an undetermined one leaves it not determined."""
    no_contents = {"unit_contents": "null"}

    assert judged(changed(good(), WARNED), strict=True).verdict is Verdict.FAIL
    assert judged(changed(good(), no_contents)).verdict is Verdict.NOT_DETERMINED


def test_what_is_known_of_a_record_comes_with_its_verdict() -> None:
    """An entry names the file, the record and the formulation, with the hash of the file that was used."""
    found = judged(good())

    assert (found.path, found.id, found.name) == ("record.yaml", "GOLDEN-001", "Naltrexone hydrochloride capsules")
    assert (found.formulation_id, found.formulation_version) == ("naltrexone-capsules", 1)
    assert found.formulation_sha256 == shipped().formulations[0].sha256
    assert found.summary == "4.5 mg, 100 capsules, made 2026-03-02"
    assert (found.approved, found.unreadable, found.expected) == (False, False, ())
    assert found.counts == Counts()


def test_a_summary_leaves_out_what_is_not_said() -> None:
    """Strength, size and date stand in the summary only where the record says them."""
    bare = {"strength": "null", "quantity": "null", "made": "null"}

    assert judged(changed(good(), bare)).summary == ""


@pytest.mark.parametrize(
    ("approved", "is_approved"),
    [({"by": "P. Renn", "on": "2026-01-01"}, True), ({"by": "P. Renn"}, False), ({"on": "2026-01-01"}, False), ({}, False)],
)
def test_a_formulation_is_approved_by_somebody_on_a_day(approved: dict[str, str], is_approved: bool) -> None:
    """A name without a date, or a date without a name, is no approval."""
    library = library_of(changed(formulation(), {"approved": approved}))

    assert judged(good(), library).approved is is_approved


def test_a_formulation_without_approval_is_an_example() -> None:
    """Where the formulation has no approval at all, the entry says so."""
    assert judged(good(), library_of(changed(formulation(), {"approved": "null"}))).approved is False


def test_findings_stand_in_the_order_of_the_file() -> None:
    """Findings are sorted by line, column and code, not by the order of the rules."""
    found = judged(changed(good(), FAILING | TOO_MUCH | {"components.1.expires": "02/2026", "label": "null"}))
    places = [(f.location.line or 0, f.location.column or 0, f.code) for f in found.findings]

    assert len(places) > 4
    assert places == sorted(places)


def test_what_no_rule_judges_is_listed_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of the formulation that no rule judges are named, whatever the verdict."""
    monkeypatch.setattr("formcheck.check.JUDGED_TESTS", JUDGED_TESTS - {"appearance", "mass balance"})

    for changes, verdict in (({}, Verdict.PASS), (FAILING, Verdict.FAIL)):
        found = judged(changed(good(), changes))
        assert found.verdict is verdict
        assert [entry.title for entry in found.not_run] == ["appearance", "mass balance"]
        assert {entry.code for entry in found.not_run} == {None}
        assert all("a person" in entry.reason for entry in found.not_run)


def test_every_test_that_a_formulation_may_name_has_a_rule() -> None:
    """No test of a formulation is left to a person any more: each name that can be written down is judged."""
    assert set(get_args(TestName)) == JUDGED_TESTS
    assert judged(good()).not_run == ()


def test_a_deviation_alone_is_judged_too() -> None:
    """A limit of the deviation without one of the mean is judged, and nothing of it is left to a person."""
    tests = [{"name": "net mass", "when": "every_batch", "rsd_at_most": "4.0 %"}]
    library = library_of(changed(formulation(), {"tests": tests}))
    scattered = [format_number(Fraction("48.2") + Fraction("130.66") * Fraction(part, 100), 1) for part in (91, 109) * 5]

    even, uneven = (judged(changed(good(), more), library) for more in ({}, {"unit_masses.values": scattered}))
    assert (codes(even), even.not_run) == ([], ())
    assert (codes(uneven), uneven.not_run) == (["FC404"], ())
    assert uneven.findings[0].limit == "at most 4.0 %"


# ---------------------------------------------------------------------------- formulations


def test_a_record_of_an_unknown_formulation_is_not_determined() -> None:
    """Without its formulation a record is never a pass: what can be judged is, the rest is listed as not run."""
    found = judged(changed(good(), {"formulation.id": "something-else"}))

    assert found.verdict is Verdict.NOT_DETERMINED
    assert codes(found) == ["FC909"]
    reasons = {entry.reason for entry in found.not_run}
    assert reasons == {"the formulation was not found"}
    needing = {rule.code for rule in ABOUT_RECORDS if not rule.alone and ALL.profile in rule.profiles}
    assert {entry.code for entry in found.not_run} == needing
    assert (found.name, found.formulation_id, found.formulation_sha256) == (None, "something-else", None)
    assert found.approved is True


def test_a_record_that_names_no_formulation_is_not_determined() -> None:
    """Nothing is guessed where the record does not say by which formulation it was made."""
    found = judged(changed(good(), {"formulation": "null"}))

    assert (found.verdict, found.formulation_id, found.formulation_version) == (Verdict.NOT_DETERMINED, None, None)


def test_another_version_is_named_where_there_is_one() -> None:
    """A wrong version is answered with the versions that are there, in the folder that was read."""
    library = attrs.evolve(shipped(), folder="my-specs")
    (finding,) = judged(changed(good(), {"formulation.version": "7"}), library).findings

    assert (
        "naltrexone-capsules version 7 is not among the specifications in my-specs (there is version 1)" in finding.message
    )


def test_the_ceiling_needs_no_formulation() -> None:
    """A dose above the ceiling fails a record whose formulation was not found."""
    found = judged(changed(good(), TOO_MUCH | {"formulation.version": "7"}))

    assert found.verdict is Verdict.FAIL
    assert CEILING_CODE in codes(found)


def test_an_unreadable_formulation_is_named_beside_the_records(tmp_path: Path) -> None:
    """A formulation that cannot be read is an entry of its own, and its records are not determined."""
    put(tmp_path, "specs/a.yaml", written(formulation()).replace("4.5 mg\n", "4.5 stone\n"))
    report = check([record(tmp_path, "r.yaml")], load_library(str(tmp_path / "specs")), ALL)

    assert [Path(entry.path).name for entry in report.records] == ["a.yaml", "r.yaml"]
    assert [entry.unreadable for entry in report.records] == [True, False]
    assert [entry.verdict for entry in report.records] == [Verdict.NOT_DETERMINED, Verdict.NOT_DETERMINED]
    assert "could not be read" in report.records[1].findings[0].message
    assert report.exit_status() == 2


# ---------------------------------------------------------------------------- selecting


def test_a_deselected_rule_is_listed_and_the_record_not_determined() -> None:
    """A required rule that was deselected leaves the record not determined, and says that it was deselected."""
    found = judged(good(), ignore=("FC205",))

    assert found.verdict is Verdict.NOT_DETERMINED
    assert ("FC205", "deselected") in [(entry.code, entry.reason) for entry in found.not_run]


def test_a_deselected_fault_is_still_no_pass() -> None:
    """Ignoring the code that fails makes a failing record not determined, never a pass."""
    assert judged(changed(good(), FAILING), ignore=("FC411",)).verdict is Verdict.NOT_DETERMINED


def test_a_deselected_warning_leaves_the_verdict_alone() -> None:
    """A rule that is only a warning may be left out, and is listed as not run."""
    found = judged(good(), ignore=("FC413",))

    assert found.verdict is Verdict.PASS
    assert "FC413" in [entry.code for entry in found.not_run]


def test_a_deselected_rule_that_does_not_apply_is_not_missed() -> None:
    """A rule about capsules is not required of a liquid, so leaving it out is not mentioned."""
    liquid = changed(good(), {"dosage_form": "oral-liquid", "strength": "1 mg/mL", "dose": {"volume": "4.5 mL"}})
    not_run = [entry.code for entry in judged(liquid, ignore=("FC402", "FC205")).not_run]

    assert "FC205" in not_run
    assert "FC402" not in not_run


def test_a_prefix_selects_a_whole_hundred_and_the_ceiling_always_runs() -> None:
    """FC4 is all of FC4xx; a dose above the ceiling is found whatever is selected."""
    paper = changed(good(), FAILING | TOO_MUCH | {"components.1.expires": "02/2026"})
    found, batch = judged(paper, select=("FC4",)), batch_of(paper)
    applying = {rule.code for rule in ABOUT_RECORDS if ALL.profile in rule.profiles and rule.applies(batch)}

    assert sorted(codes(found)) == ["FC101", "FC411"]
    deselected = {entry.code for entry in found.not_run if entry.reason == "deselected"}
    assert deselected == {code for code in applying if not code.startswith(("FC4", "FC101"))}
    assert {"FC111", "FC201", "FC308", "FC502", "FC701", "FC801"} <= deselected


def test_what_is_selected_may_be_ignored_again() -> None:
    """Ignoring is stronger than selecting."""
    selection = Selection(select=("FC4",), ignore=("FC41",))

    assert [selection.has(code) for code in ("FC402", "FC411", "FC205", "FC101")] == [True, False, False, True]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"profile": "usp"}, "usp is not a profile: choose one of usp-503a, usp-503b, ph-eur"),
        ({"select": ("FC999",)}, "FC999 is not a rule"),
        ({"ignore": ("fc205",)}, "fc205 is not a rule"),
        ({"select": ("",)}, "an empty code is not a rule"),
        ({"ignore": ("FC101",)}, "can be neither ignored, deselected nor waived"),
        ({"ignore": ("FC1",)}, "can be neither ignored, deselected nor waived"),
        ({"ignore": ("FC",)}, "can be neither ignored, deselected nor waived"),
        ({"ignore": ("FC0",)}, "cannot be ignored: nothing in such a file was judged"),
        ({"ignore": ("FC006",)}, "cannot be ignored: nothing in such a file was judged"),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused(wrong: dict[str, Any], words: str) -> None:
    """Unknown codes and profiles, the ceiling, and what cannot be read are refused with the reason."""
    with pytest.raises(BadSelection, match=words):
        Selection(**wrong)


@pytest.mark.parametrize("code", ["FC205", "FC2", "FC0", "FC001", "FC101", "FC911"])
def test_every_code_that_formcheck_prints_may_be_selected(code: str) -> None:
    """Rules, hundreds of rules and the codes of reading are known names."""
    assert Selection(select=(code,)).has(CEILING_CODE)


def test_a_rule_of_another_profile_is_neither_run_nor_missed() -> None:
    """A rule that the chosen profile does not have is not listed as deselected either.

    Three of twenty capsules are more than 10 % off their mean and within 10 % of theory: Ph. Eur. 2.9.5 alone fails them.
    """
    nets = [format_number(Fraction("130.66") * part / 1000, 1) for part in (*[958, 962] * 8, 960, *[1098] * 3)]
    uneven = changed(good(), {"unit_masses": {"kind": "net", "unit": "mg", "values": nets}})

    assert judged(uneven).verdict is Verdict.PASS
    assert "FC405" not in [entry.code for entry in judged(uneven, ignore=("FC405",)).not_run]
    assert [f.code for f in judged(uneven, profile="ph-eur").findings if f.severity is Severity.ERROR] == ["FC405"]
    assert judged(uneven, profile="ph-eur").verdict is Verdict.FAIL
    assert "FC405" in [entry.code for entry in judged(uneven, profile="ph-eur", ignore=("FC405",)).not_run]


# ---------------------------------------------------------------------------- one fault, one name


WATER = {"components.0.required": "465.83 mg", "components.0.weighed": "466.0 mg"}


def test_one_fault_has_one_name() -> None:
    """Where the water was forgotten, the amounts that follow from that are not named again."""
    assert codes(judged(changed(good(), WATER))) == ["FC302"]


def test_another_fault_of_the_same_sort_keeps_its_name() -> None:
    """A weighing fault of another component is another fault."""
    found = judged(changed(good(), WATER | {"components.1.weighed": "13300 mg"}))

    assert [(f.code, f.field) for f in found.findings] == [
        ("FC302", "components[0].required"),
        ("FC305", "components[1].weighed"),
    ]


def test_what_is_missing_is_no_repetition_of_a_fault() -> None:
    """A rule that could not run is named though another found the same component at fault."""
    found = judged(changed(good(), WATER | {"components.0.required": "null"}))

    assert {(f.code, f.verdict) for f in found.findings} >= {
        ("FC301", "not_determined"),
        ("FC302", "not_determined"),
    }


def test_a_fault_is_named_where_the_other_rule_could_not_say() -> None:
    """A rule that is not determined silences no fault that another rule found."""
    found = judged(changed(good(), {"components.0.weighed": "600 mg", "components.0.certificate.water": "null"}))

    assert ("FC305", "fail") in [(f.code, f.verdict) for f in found.findings]
    assert ("FC302", "not_determined") in [(f.code, f.verdict) for f in found.findings]


TOGETHER = {"unit_masses": {"kind": "gross", "unit": "mg", "together": "1787 mg", "count": "10"}}


def test_masses_weighed_together_are_named_once() -> None:
    """Capsules weighed together have no single masses, and that is not said a second time."""
    found = judged(changed(good(), TOGETHER))

    assert [(f.code, f.verdict) for f in found.findings] == [("FC417", "not_determined")]


def test_equal_contents_do_not_silence_the_masses() -> None:
    """A warning about equal contents says nothing of the masses: a capsule of half its mass still fails."""
    contents = {f"unit_contents.values.{place}": "4.46" for place in range(10)}
    found = judged(changed(good(), contents | {"unit_masses.values.3": "113"}))

    assert ("FC402", "fail") in [(f.code, f.verdict) for f in found.findings]
    assert found.verdict is Verdict.FAIL


# ---------------------------------------------------------------------------- tests that are not due


def test_a_test_that_is_not_due_is_listed_with_its_dates() -> None:
    """A periodic test within its interval is "not due", with the last and the next date, and no finding."""
    dates = {"last_tests": {"assay": "2026-01-28", "content uniformity": "2026-01-28"}}
    found = judged(changed(good(), dates | {"assay": "null", "unit_contents": "null"}))

    assert found.verdict is Verdict.PASS
    assert found.not_due == (
        NotDue("assay", "2026-01-28", "2026-07-28"),
        NotDue("content uniformity", "2026-01-28", "2027-01-28"),
    )


def test_a_test_on_change_without_an_interval_has_no_next_date() -> None:
    """A test that is done on a change alone is not due until there is one, and has no next date."""
    tests = [
        {"name": "appearance", "when": "every_batch", "expected": "white powder in size 3 capsules"},
        {"name": "assay", "when": "on_change", "limits": "90.0-110.0 %"},
    ]
    library = library_of(changed(formulation(), {"tests": tests}))
    found = judged(changed(good(), {"assay": "null", "last_tests": {"assay": "2020-01-28"}}), library)

    assert found.not_due == (NotDue("assay", "2020-01-28", None),)
    assert found.findings == ()


def test_a_test_that_was_done_is_not_listed_as_not_due() -> None:
    """A result in the record takes the place of the date of the last one."""
    assert judged(changed(good(), {"last_tests": {"assay": "2026-01-28"}})).not_due == ()


def test_a_test_without_a_name_is_nobodys_test() -> None:
    """A test of the formulation that has no name is neither due nor not due."""
    library = library_of(changed(formulation(), {"tests": [{"when": "every_batch"}]}))

    assert judged(good(), library).not_due == ()


def test_an_overdue_test_warns_and_its_rule_is_not_determined() -> None:
    """An overdue assay that is not there is a warning, and the assay itself is not determined."""
    found = judged(changed(good(), {"assay": "null", "last_tests": {"assay": "2025-08-01"}}))

    assert {(f.code, f.verdict, f.severity) for f in found.findings} == {
        ("FC411", "not_determined", "error"),
        ("FC413", "fail", "warning"),
    }
    assert found.verdict is Verdict.NOT_DETERMINED


def test_a_test_of_unknown_schedule_is_not_determined() -> None:
    """Where nobody says when a test was done last, its absence is not determined."""
    found = judged(changed(good(), {"assay": "null"}))

    assert {(f.code, f.verdict) for f in found.findings} == {("FC411", "not_determined"), ("FC413", "not_determined")}


# ---------------------------------------------------------------------------- many files


def test_an_unreadable_file_is_listed_beside_the_judged_ones(tmp_path: Path) -> None:
    """One file that cannot be read is an entry with its reason, and hides none of the others."""
    record(tmp_path, "a.yaml")
    put(tmp_path, "b.yaml", "kind: compounding-record\nstrength: 4,5 mg\n")
    record(tmp_path, "c.yaml", {**FAILING, "id": "GOLDEN-002", "label": good()["label"].replace("-001", "-002")})
    report = check([str(tmp_path)], shipped(), ALL)

    assert [entry.verdict for entry in report.records] == ["pass", "not_determined", "fail"]
    assert [entry.unreadable for entry in report.records] == [False, True, False]
    assert codes(report.records[1]) == ["FC006"]
    assert (report.verdict, report.exit_status()) == (Verdict.FAIL, 2)
    assert report.counts == Counts(fail=1, not_determined=1)


def test_a_file_that_is_no_paper_is_unreadable(tmp_path: Path) -> None:
    """A file that does not say its kind is listed, not skipped."""
    report = check([put(tmp_path, "a.yaml", "colour: blue\n")], shipped(), ALL)

    assert [entry.unreadable for entry in report.records] == [True]
    assert codes(report.records[0]) == ["FC005"]


def test_a_formulation_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    """A folder may hold the formulation beside its records: check judges the records."""
    put(tmp_path, "formulation.yaml", formulation())
    record(tmp_path, "r.yaml")

    assert [Path(entry.path).name for entry in check([str(tmp_path)], shipped(), ALL).records] == ["r.yaml"]


def test_a_formulation_that_is_named_is_said_to_be_none_of_the_records(tmp_path: Path) -> None:
    """Who asks to check a formulation is told that lint reads those; it is never a silent pass."""
    path = put(tmp_path, "formulation.yaml", formulation())
    (entry,) = check([path], shipped(), ALL).records

    assert (entry.unreadable, codes(entry)) == (True, ["FC009"])
    assert "formcheck lint" in entry.findings[0].message
    assert Report((entry,)).exit_status() == 2


def test_a_path_that_does_not_exist_is_listed_beside_the_judged_ones(tmp_path: Path) -> None:
    """A missing path is an unreadable entry of check and of lint, and hides no other file."""
    there, missing = record(tmp_path, "r.yaml"), str(tmp_path / "nothing")
    put(tmp_path, "formulation.yaml", formulation())

    for report in (check([missing, there], shipped(), ALL), lint([missing, str(tmp_path)], ALL)):
        entries = {e.path: e for e in report.records}
        assert (entries[missing].unreadable, codes(entries[missing])) == (True, ["FC001"])
        assert entries[there].verdict is Verdict.PASS
        assert report.exit_status() == 2


def test_a_drop_calibration_is_no_record(tmp_path: Path) -> None:
    """A calibration in a folder is passed over; one that is named is said to be no record, without a word of lint."""
    path = put(tmp_path, "calibration.yaml", "kind: drop-calibration\nruns: ['20 drops, 1 mL']\n")
    (named,) = check([path], shipped(), ALL).records

    assert (named.unreadable, codes(named)) == (True, ["FC009"])
    assert "a drop calibration, not a compounding record" in named.findings[0].message
    assert "lint" not in named.findings[0].message
    assert check([str(tmp_path)], shipped(), ALL).records == ()


@pytest.mark.parametrize("kind", ["drop-calibration", "master-formulation-record"])
def test_a_record_of_a_mistyped_kind_does_not_vanish_from_a_folder(tmp_path: Path, kind: str) -> None:
    """A paper with the fields of a record is named, whatever kind it says it is, and nothing is a pass without it."""
    put(tmp_path, "r.yaml", changed(good(), {"kind": kind}))
    for report in (check([str(tmp_path)], shipped(), ALL), lint([str(tmp_path)], ALL)):
        (entry,) = report.records
        assert entry.unreadable
        assert report.exit_status() == 2
    assert "write kind: compounding-record" in check([str(tmp_path)], shipped(), ALL).records[0].findings[0].message


def test_records_are_judged_as_they_are_asked_for(tmp_path: Path) -> None:
    """`checked` gives each entry when it is ready, and waits for no other."""
    record(tmp_path, "a.yaml")
    put(tmp_path, "b.yaml", "not: [closed\n")
    entries = checked([str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")], shipped(), ALL)

    assert next(entries).verdict is Verdict.PASS
    assert next(entries).unreadable
    assert next(entries, None) is None


def test_no_file_at_all_is_no_pass(tmp_path: Path) -> None:
    """An empty folder is not determined, and its exit status says so."""
    report = check([str(tmp_path)], shipped(), ALL)

    assert report.records == ()
    assert (report.verdict, report.exit_status()) == (Verdict.NOT_DETERMINED, 3)


def test_an_unreadable_record_has_the_findings_of_its_reading() -> None:
    """What cannot be read is not determined, marked as unreadable, and carries nothing else."""
    entry = judge_record(read(changed(good(), {"strength": "4,5 mg"})), shipped(), ALL)

    assert entry == Judged(path="record.yaml", verdict=Verdict.NOT_DETERMINED, findings=entry.findings, unreadable=True)
    assert codes(entry) == ["FC006"]


# ---------------------------------------------------------------------------- reports


def entry(verdict: Verdict, *, code: str = "FC411", unreadable: bool = False) -> Judged:
    """An entry of a report with one finding of that verdict."""
    findings = ()
    if verdict is not Verdict.PASS:
        findings = (
            Finding(
                code=code,
                title="",
                verdict=verdict,
                severity=Severity.ERROR,
                authority=Authority.FORMCHECK,
                message="",
            ),
        )
    return Judged(path="a.yaml", verdict=verdict, findings=findings, unreadable=unreadable)


ENTRIES = {
    "pass": entry(Verdict.PASS),
    "undetermined": entry(Verdict.NOT_DETERMINED),
    "failing": entry(Verdict.FAIL),
    "unreadable": entry(Verdict.NOT_DETERMINED, code="FC001", unreadable=True),
}
STATUS = {"unreadable": 2, "failing": 1, "undetermined": 3, "pass": 0}


@pytest.mark.parametrize("names", [c for n in (1, 2, 3, 4) for c in itertools.combinations(ENTRIES, n)], ids="+".join)
def test_the_exit_status_is_that_of_the_worst_entry(names: tuple[str, ...]) -> None:
    """Unreadable (2) comes before failing (1), before not determined (3), before pass (0), in any order of files."""
    worst = next(name for name in STATUS if name in names)

    for order in (names, names[::-1]):
        report = Report(tuple(ENTRIES[name] for name in order))
        assert report.exit_status() == STATUS[worst]
        assert report.exit_status(exit_zero=True) == (2 if worst == "unreadable" else 0)


def test_exit_zero_never_forgives_the_ceiling() -> None:
    """A dose above the ceiling exits 1 whatever is asked; an undetermined ceiling is forgiven as others are."""
    above = entry(Verdict.FAIL, code=CEILING_CODE)
    unknown = entry(Verdict.NOT_DETERMINED, code=CEILING_CODE)

    assert Report((ENTRIES["pass"], above)).exit_status(exit_zero=True) == 1
    assert Report((unknown,)).exit_status(exit_zero=True) == 0
    assert Report((above, ENTRIES["unreadable"])).exit_status(exit_zero=True) == 2


def test_exit_zero_never_forgives_the_ceiling_of_a_real_record(tmp_path: Path) -> None:
    """The ceiling holds through check, under every selection."""
    path = record(tmp_path, "r.yaml", TOO_MUCH)

    for selection in (ALL, Selection(select=("FC5",)), Selection(strict=True)):
        assert check([path], shipped(), selection).exit_status(exit_zero=True) == 1


@pytest.mark.parametrize(
    ("names", "verdict"),
    [
        ((), Verdict.NOT_DETERMINED),
        (("pass", "pass"), Verdict.PASS),
        (("pass", "undetermined"), Verdict.NOT_DETERMINED),
        (("undetermined", "failing", "pass"), Verdict.FAIL),
        (("pass", "unreadable"), Verdict.NOT_DETERMINED),
    ],
)
def test_the_verdict_of_a_report_is_the_worst_of_its_entries(names: tuple[str, ...], verdict: Verdict) -> None:
    """All pass is a pass; nothing at all is none."""
    assert Report(tuple(ENTRIES[name] for name in names)).verdict is verdict


def test_the_counts_of_a_report_add_up() -> None:
    """Findings are counted by what they mean: failing errors, not determined, warnings, infos, waived."""
    first = judged(changed(good(), FAILING | WARNED | {"label": "null"}))
    report = Report((first, ENTRIES["failing"], ENTRIES["pass"]))

    assert first.counts == Counts(fail=1, not_determined=2, warning=1)
    assert report.counts == Counts(fail=2, not_determined=2, warning=1)
    assert Report(()).counts == Counts()


def test_strict_is_kept_in_the_report(tmp_path: Path) -> None:
    """A report knows under which strictness it was made."""
    path = record(tmp_path, "r.yaml")

    assert check([path], shipped(), Selection(strict=True)).strict is True
    assert lint([path], ALL).strict is False


def test_release_is_never_claimed() -> None:
    """The sentence under a pass leaves the decision to the pharmacist."""
    assert PASS_SENTENCE == (
        "Every check this formulation requires was made and none failed. Release is the pharmacist's decision."
    )


# ---------------------------------------------------------------------------- lint


def linted(folder: Path, changes: dict[str, Any]) -> Judged:
    """What lint says of an example record beside its formulation."""
    put(folder, "formulation.yaml", formulation())
    path = record(folder, "records/example.yaml", changes)
    (found,) = [e for e in lint([str(folder)], ALL).records if e.path == path]
    return found


def test_an_example_with_exactly_what_it_expects_passes(tmp_path: Path) -> None:
    """A failing example passes lint when its failure is expected, by code or by code and verdict."""
    for expects in (["FC411"], ["FC411 fail"]):
        found = linted(tmp_path, FAILING | {"expects": expects})
        assert (found.verdict, found.findings, found.expected) == (Verdict.PASS, (), tuple(expects))


def test_an_expected_finding_that_does_not_come_fails(tmp_path: Path) -> None:
    """A lost check is noticed: an example without the finding it expects fails, at its `expects`."""
    found = linted(tmp_path, {"expects": ["FC411", "FC205"]})

    assert [f.message for f in found.findings] == [
        "FC205 was expected and did not come",
        "FC411 was expected and did not come",
    ]
    assert {(f.code, f.field, f.verdict) for f in found.findings} == {("FC911", "expects", "fail")}
    assert all(f.location.line and f.location.path == found.path for f in found.findings)
    assert found.verdict is Verdict.FAIL


def test_a_finding_that_nobody_expected_fails(tmp_path: Path) -> None:
    """An honest example that would be stopped now is noticed, with the reason."""
    found = linted(tmp_path, FAILING | {"label": "null", "expects": ["FC701", "FC707"]})

    (finding,) = found.findings
    assert finding.message.startswith("FC411 (fail) came and was not expected: the assay is 80.0 %")
    assert (finding.found, finding.limit) == ("FC411", "exactly the findings expected")


def test_an_expected_verdict_must_be_the_verdict(tmp_path: Path) -> None:
    """ "FC411 not_determined" is not met by a failing FC411."""
    found = linted(tmp_path, FAILING | {"expects": ["FC411 not_determined"]})

    assert [f.message for f in found.findings] == ["FC411 not_determined was expected and did not come"]


def test_an_expected_verdict_that_comes_passes(tmp_path: Path) -> None:
    """ "FC205 not_determined" is met by a blank basis, and with it the rules that need the basis."""
    needing = ("FC202", "FC204", "FC205", "FC301", "FC302", "FC303", "FC307", "FC313", "FC314", "FC402")
    expects = [f"{code} not_determined" for code in needing]

    assert linted(tmp_path, {"components.0.certificate.basis": "null", "expects": expects}).verdict is Verdict.PASS


def test_a_formulation_is_an_entry_of_lint(tmp_path: Path) -> None:
    """A formulation that can be read passes, with its name, its version and whether it is approved."""
    put(tmp_path, "formulation.yaml", changed(formulation(), {"approved": {"by": "P. Renn", "on": "2026-01-01"}}))
    (found,) = lint([str(tmp_path)], ALL).records

    assert (found.verdict, found.summary, found.approved) == (Verdict.PASS, "version 1", True)
    assert (found.id, found.formulation_id, found.formulation_version) == ("naltrexone-capsules", "naltrexone-capsules", 1)
    assert found.formulation_sha256 == read_file(found.path).sha256


def test_a_formulation_without_a_version_has_no_summary(tmp_path: Path) -> None:
    """No version is said where the formulation has none."""
    put(tmp_path, "formulation.yaml", changed(formulation(), {"version": "null"}))
    (found,) = lint([str(tmp_path)], ALL).records

    assert (found.summary, found.formulation_version) == ("", None)


def test_lint_lists_what_cannot_be_read(tmp_path: Path) -> None:
    """Unreadable formulations, examples and files of no kind are entries, in the order of their paths."""
    put(tmp_path, "a.yaml", "kind: master-formulation-record\nstrengths: [4.5 stone]\n")
    put(tmp_path, "b.yaml", formulation())
    put(tmp_path, "c.yaml", "colour: blue\n")
    put(tmp_path, "records/d.yaml", "kind: compounding-record\nstrength: 4,5 mg\nexpects: [FC411]\n")
    report = lint([str(tmp_path)], ALL)

    assert [Path(e.path).name for e in report.records] == ["a.yaml", "b.yaml", "c.yaml", "d.yaml"]
    assert [e.unreadable for e in report.records] == [True, False, True, True]
    assert [codes(e) for e in report.records] == [["FC006"], [], ["FC005"], ["FC006"]]
    assert report.exit_status() == 2


def test_two_formulations_of_one_name_are_both_refused(tmp_path: Path) -> None:
    """Nobody can say by which of two equal names a record was made: both are unreadable, the record not determined."""
    for name in ("a.yaml", "b.yaml"):
        put(tmp_path, name, formulation())
    report = lint([str(tmp_path), record(tmp_path / "elsewhere", "r.yaml")], ALL)

    assert [(Path(e.path).name, codes(e)) for e in report.records][:2] == [("a.yaml", ["FC010"]), ("b.yaml", ["FC010"])]
    assert report.records[2].verdict is Verdict.FAIL
    assert "FC909 (not determined) came and was not expected" in report.records[2].findings[0].message


def test_the_shipped_specifications_are_as_they_say() -> None:
    """Every example that comes with formcheck has exactly the findings it expects."""
    report = lint([str(SPECS)], ALL)
    wrong = {e.path: [f.message for f in e.findings] for e in report.records if e.verdict is not Verdict.PASS}

    assert wrong == {}
    assert len(report.records) > 20


# ---------------------------------------------------------------------------- wrong, but never fatal


ODD = [
    "0", "0 mg", "0 %", "100 %", "0 mL", "0 capsules", "1 mg/mL", "4.5 mcg", "1000000 g", "999999",
    "99999999999999999999 mg", "1990-01-01", "2199-12-31", "9999-12-31", "n/a", "complies", "200 %", "0 days",
]  # fmt: skip
ODD_OF_FORMULATIONS = ["0", "0 mg", "0 %", "0 capsules", "1 mg/mL", "999999", "2199-12-31", "0.0-0.1 %", "9999 months"]
TEXTS = ("instructions", "calculations", "references", "equipment", "label", "other", "description")


def leaves(value: Any, above: str = "") -> list[str]:
    """The dotted paths of every single value in a paper."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inside is None:
        return [above]
    return [path for key, inner in inside for path in leaves(inner, f"{above}.{key}" if above else str(key))]


def full() -> dict[str, Any]:
    """The good record with everything else that a record may say and a rule may look at."""
    return changed(
        good(),
        {
            "last_tests": {"net mass": "2026-01-28", "assay": "2026-01-28", "content uniformity": "2026-01-28"},
            "drop_calibration": {"runs": ["20 drops, 1 mL"], "density": "1.06 g/mL", "date": "2026-01-01"},
            "components.1.trituration": {"id": "TR-1", "made": "2026-01-01", "beyond_use_date": "2026-07-31"},
            "components.0.certificate.loss_on_drying": "0.1 %",
        },
    )


@pytest.mark.parametrize("dotted", leaves(full()))
def test_no_value_of_a_record_stops_the_work(dotted: str) -> None:
    """Zero, huge, far away or of another kind: a wrong record is judged or unreadable, and nothing is raised."""
    for odd in ODD:
        found = judged(changed(full(), {dotted: odd}))
        assert found.verdict in (Verdict.PASS, Verdict.FAIL, Verdict.NOT_DETERMINED)
        assert all(finding.message for finding in found.findings)


@pytest.mark.parametrize("dotted", [path for path in leaves(formulation()) if not path.startswith(TEXTS)])
def test_no_value_of_a_formulation_stops_the_work(dotted: str) -> None:
    """A wrong formulation leaves its records judged in some way; it raises nothing."""
    dates = {"last_tests": {"assay": "2026-01-28"}, "assay": "null", "unit_contents": "null"}
    for odd in ODD_OF_FORMULATIONS:
        library = library_of(changed(formulation(), {dotted: odd}))
        found = judged(changed(good(), dates), library)
        assert found.verdict in (Verdict.PASS, Verdict.FAIL, Verdict.NOT_DETERMINED)


@pytest.mark.parametrize("form", ["capsule", "oral-liquid", "sublingual-drops"])
@pytest.mark.parametrize("strength", ["4.5 mg", "0 mg", "5 mg/mL", "0 mg/mL"])
@pytest.mark.parametrize("quantity", ["100 capsules", "0 capsules", "100 mL", "100 g"])
def test_a_strength_or_size_of_another_kind_is_never_a_pass(form: str, strength: str, quantity: str) -> None:
    """Only capsules counted, of a strength in mg, pass as the capsules of this formulation."""
    changes = {"dosage_form": form, "strength": strength, "quantity": quantity}
    changes["label"] = good()["label"].replace("4.5 mg", strength)
    right = (form, strength, quantity) == ("capsule", "4.5 mg", "100 capsules")

    assert (judged(changed(good(), changes)).verdict is Verdict.PASS) is right


@pytest.mark.parametrize("dose", [{"drops": "18"}, {"volume": "0.1 mL"}, {"capsules": "0"}, {}])
def test_a_dose_of_capsules_is_said_in_capsules(dose: dict[str, str]) -> None:
    """Drops and millilitres of a capsule, none of it, or nothing said: the dose is not determined, never a pass."""
    calibration = {"drop_calibration": {"runs": ["20 drops, 1 mL"] * 3, "date": "2026-03-01"}}
    found = judged(changed(good(), {"dose": dose} | calibration))

    assert found.verdict is Verdict.NOT_DETERMINED
    assert (CEILING_CODE, "not_determined") in [(f.code, f.verdict) for f in found.findings]


@pytest.mark.parametrize(
    "calibration",
    [
        {"runs": ["20 drops"]},
        {"runs": ["20 drops, 0.82 g"]},
        {"runs": ["20 drops, 1 mL"], "density": "1.06 g/mL"},
        {"runs": ["0 drops, 1 mL"]},
        {"runs": ["20 drops, 0 mL"]},
        {"runs": ["1.5 drops, 1 mL"]},
        {"runs": []},
    ],
)
def test_a_calibration_that_cannot_be_used_is_not_determined(calibration: dict[str, Any]) -> None:
    """A drop factor that cannot be computed leaves the dose not determined, and stops nothing."""
    drops = {"dosage_form": "sublingual-drops", "strength": "5 mg/mL", "dose": {"drops": "18"}}
    found = judged(changed(good(), drops | {"drop_calibration": calibration}))

    assert [f.verdict for f in found.findings if f.code == CEILING_CODE] == [Verdict.NOT_DETERMINED]


def test_the_library_of_an_empty_folder_judges_nothing(tmp_path: Path) -> None:
    """No specification found is not a pass."""
    report = check([record(tmp_path, "r.yaml")], Library(), ALL)

    assert (report.verdict, report.exit_status()) == (Verdict.NOT_DETERMINED, 3)
    assert plain(tmp_path / "r.yaml")["id"] == "GOLDEN-001"


@pytest.mark.parametrize(
    "text", ["none", "None.", "n/a", "no changes", "no change since the last batch", "nothing changed", "unchanged"]
)
def test_no_change_makes_no_test_due(text: str) -> None:
    """A list of changes that says there were none is no change."""
    for said, due in ((text, False), ("another capsule machine", True), ("none of the old machine is left", True)):
        result = judged(
            changed(
                good(), {"changes": [said], "unit_contents": "null", "last_tests": {"content uniformity": "2026-02-20"}}
            )
        )
        assert ("FC407" in {f.code for f in result.findings}) is due, said


def test_a_batch_under_a_formulation_with_errors_is_not_determined() -> None:
    """An assay of 60 % keeps limits of 50 to 150 %, and proves nothing: the record says what lint says."""
    wide = library_of(changed(formulation(), {"tests.4.limits": "50.0-150.0 %"}))
    low = {"assay": {"value": "60 %", "expressed_as": "naltrexone-hydrochloride", "date": "2026-03-04"}}
    found = judged(changed(good(), low), wide)

    assert found.verdict is Verdict.NOT_DETERMINED
    assert [(f.code, f.found) for f in found.findings] == [("FC915", "FC905")]
    assert found.about_formulation == ("FC905",)


def test_deselecting_the_look_at_the_formulation_is_no_way_to_a_pass() -> None:
    """A record under a formulation with errors is not determined without FC915 too."""
    wide = library_of(changed(formulation(), {"tests.4.limits": "50.0-150.0 %"}))

    assert judged(good(), wide, ignore=("FC915",)).verdict is Verdict.NOT_DETERMINED


def test_an_expired_component_is_named_once() -> None:
    """That it outlives no batch follows from its having been past its date."""
    codes = [f.code for f in judged(changed(good(), {"components.1.expires": "01/2026"})).findings]

    assert codes == ["FC201"]


def test_a_warning_takes_no_error_away() -> None:
    """A filler held for too long is a warning, and that the batch outlasts it an error: both are said."""
    late = judged(changed(good(), {"components.1.expires": "null", "components.1.received": "2025-01-01"}))

    assert {("FC208", "warning"), ("FC502", "error")} <= {(f.code, f.severity) for f in late.findings}
    assert late.verdict is Verdict.FAIL


def test_the_date_beyond_the_literature_is_named_once() -> None:
    """Within the table the literature names it, beyond the table the table does."""
    within, beyond = (
        [f.code for f in judged(changed(good("oral-liquid"), {"beyond_use_date": day})).findings]
        for day in ("2026-05-19", "2026-05-20")
    )

    assert ("FC504" in within, "FC501" in within) == (True, False)
    assert ("FC504" in beyond, "FC501" in beyond) == (False, True)


def test_a_waived_literature_leaves_the_dating_of_the_formulation() -> None:
    """Taking on the literature does not take on the formulation's own 30 days."""
    waiver = {"code": "FC504", "reason": "our own pilot", "by": "Idris Calloway, RPh", "until": "2026-12-31"}
    changes = {"beyond_use_date": "2026-05-19", "waivers": [waiver]}
    found = judged(changed(good("oral-liquid"), changes))

    assert ("FC501", Verdict.FAIL) in [(f.code, f.verdict) for f in found.findings]


def test_water_that_is_missing_is_named_once() -> None:
    """Without its water a liquid has no final volume: one fault."""
    codes = [f.code for f in judged(changed(good("oral-liquid"), {"components.4": "null"})).findings]

    assert codes == ["FC209"]
