"""Which rules, on which papers, and what follows: verdicts, counts, exit status, as data.

Doors only parse options and show what comes back from here.
"""

from collections.abc import Iterable, Iterator
from functools import partial

import attrs

from formcheck.errors import FormcheckError
from formcheck.findings import Authority, Finding, Location, Severity, Verdict, overall, weighty
from formcheck.judging import judge
from formcheck.papers.compounding import CompoundingRecord
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.planning.batch import Batch
from formcheck.reading.many import in_order
from formcheck.reading.papers import CALIBRATION, FORMULATION, RECORD, Reading, find_files, read_file
from formcheck.reading.problems import READING, problem
from formcheck.reading.specifications import Library, gathered
from formcheck.rules.catalogue import ABOUT_RECORDS, CATALOGUE, CEILING_CODE, by_code
from formcheck.rules.rule import PROFILES, Rule
from formcheck.verdicts import Judged, NotDue, NotRun, Report

__all__ = ["BadSelection", "Selection", "check", "checked", "judge_record", "lint"]

_RULES = by_code()

# Tests of a formulation that a rule judges; the others are listed as not run, for a person to look at.
JUDGED_TESTS = frozenset(rule.test for rule in CATALOGUE if rule.test is not None)


class BadSelection(FormcheckError):
    """A code or a profile that does not exist, or the ceiling's code among those to leave out."""


@attrs.frozen(kw_only=True)
class Selection:
    """Which rules to run, under which profile. Codes may be prefixes: FC4 is all of FC4xx."""

    profile: str = "usp-503a"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False

    def __attrs_post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise BadSelection(f"{self.profile} is not a profile: choose one of {', '.join(PROFILES)}")
        known = [*by_code(), *READING]
        for code in (*self.select, *self.ignore):
            if not code or not any(name.startswith(code) for name in known):
                raise BadSelection(f"{code or 'an empty code'} is not a rule: formcheck rules lists them")
        if any(CEILING_CODE.startswith(code) for code in self.ignore):
            raise BadSelection(f"{CEILING_CODE}, the ceiling of 10 mg a day, can be neither ignored, deselected nor waived")
        if any(name.startswith(code) for code in self.ignore for name in READING):
            raise BadSelection("FC0, what cannot be read, cannot be ignored: nothing in such a file was judged")

    def has(self, code: str) -> bool:
        """Whether the rule is to be run; the ceiling always is."""
        chosen = not self.select or code.startswith(self.select)
        return code == CEILING_CODE or (chosen and not (self.ignore and code.startswith(self.ignore)))


def check(paths: Iterable[str], library: Library, selection: Selection) -> Report:
    """Judge every compounding record in these files and folders against the library's formulations.

    A bad file, and a path that does not exist, is an entry of the report.
    """
    return Report(tuple(checked(paths, library, selection)), selection.strict)


def checked(paths: Iterable[str], library: Library, selection: Selection) -> Iterator[Judged]:
    """The entries of `check`, one after the other."""
    for reading in library.unreadable:
        yield _unread(reading)
    files = list(find_files(paths))
    for entries in in_order(partial(_entries, library, selection), files):
        yield from entries


def _entries(library: Library, selection: Selection, files: list[tuple[str, bool]]) -> list[Judged]:
    """The entries of some files; papers of other kinds are entries only where they were named themselves."""
    entries = []
    for path, named in files:
        reading = read_file(path)
        if reading.kind in (FORMULATION, CALIBRATION):
            if named:
                entries.append(_of_another_kind(reading))
        else:
            entries.append(judge_record(reading, library, selection))
    return entries


def _of_another_kind(reading: Reading) -> Judged:
    what = "a master formulation record" if reading.kind == FORMULATION else "a drop calibration"
    hint = ": formcheck lint reads those" if reading.kind == FORMULATION else ""
    found = problem("FC009", f"this is {what}, not a compounding record{hint}", Location(reading.path), "kind")
    return _unread(attrs.evolve(reading, findings=(found,)))


def judge_record(reading: Reading, library: Library, selection: Selection) -> Judged:
    """Judge one record that was read."""
    record = reading.paper
    if not isinstance(record, CompoundingRecord):
        return _unread(reading)
    named = record.formulation
    found = library.find(named.id, named.version) if named is not None else None
    formulation = found.paper if found is not None else None
    assert formulation is None or isinstance(formulation, MasterFormulationRecord)  # noqa: S101
    elsewhere = library.instead(named.id) if named is not None and found is None else ""
    batch = Batch(record, formulation, selection.profile, elsewhere)
    findings: list[Finding] = []
    not_run: list[NotRun] = []
    undecided = formulation is None
    for rule in ABOUT_RECORDS:
        if selection.profile not in rule.profiles:
            continue
        if not selection.has(rule.code):
            if rule.applies(batch):
                undecided = undecided or rule.severity_in(selection.profile) in weighty(selection.strict)
                not_run.append(NotRun(rule.code, rule.title, "deselected"))
        elif formulation is None and not rule.alone:
            not_run.append(NotRun(rule.code, rule.title, "the formulation was not found"))
        else:
            findings.extend(judge(rule, batch, profile=selection.profile, place=reading.location).findings)
    findings = _without_repetitions(findings)
    findings.sort(key=lambda f: (f.location.line or 0, f.location.column or 0, f.code))
    not_run.extend(_for_a_person(formulation))
    return Judged(
        path=reading.path,
        verdict=overall(findings, undecided=undecided, strict=selection.strict),
        id=record.id,
        name=formulation.name if formulation is not None else None,
        formulation_id=named.id if named is not None else None,
        formulation_version=named.version if named is not None else None,
        formulation_sha256=found.sha256 if found is not None else None,
        approved=_is_approved(formulation),
        summary=_summary(record),
        findings=tuple(findings),
        not_run=tuple(not_run),
        not_due=tuple(_not_due(batch)),
        expected=record.expects,
    )


def _unread(reading: Reading) -> Judged:
    return Judged(
        path=reading.path, verdict=Verdict.NOT_DETERMINED, findings=reading.findings, unreadable=True, approved=True
    )


def _is_approved(formulation: MasterFormulationRecord | None) -> bool:
    if formulation is None:
        return True
    return formulation.approved is not None and None not in (formulation.approved.by, formulation.approved.on)


def _summary(record: CompoundingRecord) -> str:
    parts = [record.strength, record.quantity, None if record.made is None else f"made {record.made}"]
    return ", ".join(str(part) for part in parts if part is not None)


def _for_a_person(formulation: MasterFormulationRecord | None) -> Iterator[NotRun]:
    for test in formulation.tests if formulation is not None else ():
        reason = "no rule judges this: a person compares it with the formulation"
        if test.name not in JUDGED_TESTS:
            yield NotRun(None, f"{test.name}", reason)
        if test.mean is not None or test.rsd_at_most is not None:
            yield NotRun(None, f"mean and deviation of {test.name}", reason)


def _not_due(batch: Batch) -> Iterator[NotDue]:
    for test in batch.formulation.tests if batch.formulation is not None else ():
        if test.name is None or batch.has_results(test.name):
            continue
        planned = batch.schedule(test.name)
        if planned is not None and planned.due == "not_due":
            dates = (None if day is None else str(day) for day in (planned.last, planned.following))
            yield NotDue(test.name, *dates)


def _without_repetitions(findings: list[Finding]) -> list[Finding]:
    """One fault gets one name: a rule that comes after another says nothing more of the same component."""
    return [f for f in findings if not any(_names_it(_RULES[f.code], f, other) for other in findings)]


def _names_it(rule: Rule, finding: Finding, other: Finding) -> bool:
    """Whether another finding names the fault of this one: of the same component, with the same verdict.

    One that only says that something is missing names nothing.
    """
    names = other.found is not None and not other.is_about_missing
    same = other.verdict is finding.verdict and _component(finding) == _component(other)
    return other.code in rule.after and names and same


def _component(finding: Finding) -> str:
    return (finding.field or "").partition(".")[0]


def lint(paths: Iterable[str], selection: Selection) -> Report:
    """Read the formulations in these files and folders, and judge their example records as their tests.

    A record passes when it has exactly the findings it expects.
    """
    readings = [read_file(path) for path, _ in find_files(paths)]
    library = gathered([reading for reading in readings if reading.kind != RECORD])
    entries = [_unread(reading) for reading in library.unreadable]
    entries += [_formulation(reading) for reading in library.formulations]
    for reading in readings:
        if reading.kind == RECORD:
            entries.append(_expectations(judge_record(reading, library, selection), reading))
    return Report(tuple(sorted(entries, key=lambda entry: entry.path)), selection.strict)


def _formulation(reading: Reading) -> Judged:
    paper = reading.paper
    assert isinstance(paper, MasterFormulationRecord)  # noqa: S101
    return Judged(
        path=reading.path,
        verdict=Verdict.PASS,
        id=paper.id,
        name=paper.name,
        formulation_id=paper.id,
        formulation_version=paper.version,
        formulation_sha256=reading.sha256,
        approved=_is_approved(paper),
        is_test=True,
        summary=f"version {paper.version}" if paper.version is not None else "",
    )


def _expectations(judged: Judged, reading: Reading) -> Judged:
    """Compare what a record was found to have with what it expects."""
    if judged.unreadable:
        return judged
    found = {finding.code for finding in judged.findings}
    exactly = {f"{finding.code} {finding.verdict}" for finding in judged.findings}
    wanted = set(judged.expected)
    missing = sorted(wanted - found - exactly)
    surplus = sorted(found - {item.partition(" ")[0] for item in wanted})
    where = reading.location(("expects",))
    findings = [_unexpected(f"{item} was expected and did not come", where, item) for item in missing]
    findings += [_unexpected(_came(judged, code), where, code) for code in surplus]
    return attrs.evolve(judged, findings=tuple(findings), verdict=overall(findings), is_test=True, is_example=True)


def _came(judged: Judged, code: str) -> str:
    finding = next(f for f in judged.findings if f.code == code)
    return f"{code} ({finding.verdict.replace('_', ' ')}) came and was not expected: {finding.message}"


def _unexpected(message: str, where: Location, found: str) -> Finding:
    rule = _RULES["FC911"]
    return Finding(
        code=rule.code,
        title=rule.title,
        verdict=Verdict.FAIL,
        severity=Severity.ERROR,
        authority=Authority.FORMCHECK,
        message=message,
        help=rule.help,
        location=where,
        field="expects",
        found=found,
        limit="exactly the findings expected",
        source=rule.source,
    )
