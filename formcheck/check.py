"""Which rules, on which papers, and what follows: verdicts, counts, exit status, as data.

Doors only parse options and show what comes back from here.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache, partial

import attrs

from formcheck.amending import chained
from formcheck.errors import FormcheckError
from formcheck.findings import Authority, Finding, Location, Severity, Verdict, overall, weighty
from formcheck.judging import judge
from formcheck.papers.compounding import CompoundingRecord
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.planning.batch import NO_RECORD, Batch
from formcheck.reading.batches import read_all
from formcheck.reading.many import Seen, in_order, told
from formcheck.reading.papers import CALIBRATION, FORMULATION, RECORD, Reading, find_files, read_file
from formcheck.reading.problems import READING, problem
from formcheck.reading.specifications import Library, gathered
from formcheck.repeating import without_repetitions
from formcheck.rules.catalogue import ABOUT_FORMULATIONS, ABOUT_RECORDS, CATALOGUE, CEILING_CODE, by_code
from formcheck.rules.rule import OUTSOURCING, PROFILES, Path, Rule
from formcheck.verdicts import Judged, Link, NotDue, NotRun, Report
from formcheck.waiving import with_waivers

__all__ = ["BadSelection", "Selection", "check", "checked", "findings_of_formulation", "judge_record", "lint"]

_RULES = by_code()

# Tests of a formulation that a rule judges; the others are listed as not run, for a person to look at.
JUDGED_TESTS = frozenset(rule.test for rule in CATALOGUE if rule.test is not None)
_JUDGES: dict[str | None, tuple[Rule, ...]] = {
    name: tuple(rule for rule in ABOUT_RECORDS if rule.test == name) for name in JUDGED_TESTS
}


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


def check(paths: Iterable[str], library: Library, selection: Selection, seen: Seen | None = None) -> Report:
    """Judge every compounding record in these files and folders against the library's formulations.

    A bad file, and a path that does not exist, is an entry of the report. `seen` is told how many there are so far.
    """
    entries = told(checked(paths, library, selection), seen)
    return Report(chained(entries, strict=selection.strict), selection.strict)


def checked(paths: Iterable[str], library: Library, selection: Selection) -> Iterator[Judged]:
    """The entries of `check`, one after the other, before corrections take the place of what they correct."""
    for reading in library.unreadable:
        yield _unread(reading)
    files = list(find_files(paths, tables=True))
    for entries in in_order(partial(_entries, library, selection), files):
        yield from entries


def _entries(library: Library, selection: Selection, files: list[tuple[str, bool]]) -> Iterator[Judged]:
    """The entries of some files; papers of other kinds are entries only where they were named themselves."""
    readings = ((reading, named) for path, named in files for reading in read_all(path, named=named))
    for reading, named in readings:
        if reading.kind in (FORMULATION, CALIBRATION):
            if named or _looks_like_a_record(reading):
                yield _of_another_kind(reading)
        else:
            yield judge_record(reading, library, selection)


def _looks_like_a_record(reading: Reading) -> bool:
    """Whether a paper of another kind has what only a compounding record has: its kind is mistyped, and it is named."""
    paper = reading.document.value if reading.document is not None else None
    return type(paper) is dict and len(_ONLY_IN_RECORDS.intersection(paper)) > 1


_ONLY_IN_RECORDS = frozenset(
    {"formulation", "made", "quantity", "beyond_use_date", "people", "counts", "unit_masses", "unit_contents", "last_tests"}
)


def _of_another_kind(reading: Reading) -> Judged:
    what = "a master formulation record" if reading.kind == FORMULATION else "a drop calibration"
    hint = ": formcheck lint reads those" if reading.kind == FORMULATION else ""
    if _looks_like_a_record(reading):
        hint = f": it has the fields of a record, so if it is one, write kind: {RECORD}"
    found = problem("FC009", f"this is {what}, not a compounding record{hint}", reading.location(("kind",)), "kind")
    return _unread(attrs.evolve(reading, findings=(found,)))


def judge_record(reading: Reading, library: Library, selection: Selection, *, is_example: bool = False) -> Judged:
    """Judge one record that was read; an example without the errors of its formulation, which stand beside it."""
    record = reading.paper
    if not isinstance(record, CompoundingRecord):
        return _unread(reading)
    named = record.formulation
    found = library.find(named.id, named.version) if named is not None else None
    formulation = found.paper if found is not None else None
    assert formulation is None or isinstance(formulation, MasterFormulationRecord)  # noqa: S101
    elsewhere = library.instead(named.id) if named is not None and found is None else ""
    profile = _profile_of(record, selection)
    batch = Batch(record, formulation, profile, elsewhere, () if is_example else _about(found, profile))
    findings: list[Finding] = []
    not_run: list[NotRun] = []
    undecided = formulation is None
    place = partial(_place, reading, found)
    chosen, deselected = _rules_for(selection, profile)
    for rule in deselected:
        if rule.applies(batch):
            undecided = undecided or rule.severity_in(profile) in weighty(selection.strict)
            not_run.append(NotRun(rule.code, rule.title, "deselected"))
    for rule in chosen:
        if formulation is None and not rule.alone:
            not_run.append(NotRun(rule.code, rule.title, "the formulation was not found"))
        else:
            findings.extend(judge(rule, batch, profile=profile, place=place).findings)
    # What is waived first names no fault any more, and hides none that another rule finds of the same component.
    findings = without_repetitions(with_waivers(findings, batch, place))
    findings.sort(key=lambda f: (f.location.line or 0, f.location.column or 0, f.code))
    not_run.extend(_for_a_person(batch))
    return Judged(
        path=reading.path,
        verdict=overall(findings, undecided=undecided, strict=selection.strict),
        id=record.id,
        name=formulation.name if formulation is not None else None,
        formulation_id=named.id if named is not None else None,
        formulation_version=named.version if named is not None else None,
        formulation_sha256=found.sha256 if found is not None else None,
        approved=_is_approved(formulation),
        summary=_summary(record, formulation),
        findings=tuple(findings),
        not_run=tuple(not_run),
        not_due=tuple(_not_due(batch)),
        expected=record.expects,
        amends=_link(record),
        about_formulation=batch.errors_of_formulation,
        lots=tuple((used.name, used.lot) for used in record.components if used.name is not None and used.lot is not None),
        profile=profile,
        row=reading.row,
    )


@lru_cache(maxsize=64)
def _rules_for(selection: Selection, profile: str) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The rules about records that a profile knows: those to be run, and those that were deselected."""
    known = [rule for rule in ABOUT_RECORDS if profile in rule.profiles]
    chosen = tuple(rule for rule in known if selection.has(rule.code))
    return chosen, tuple(rule for rule in known if rule not in chosen)


def _profile_of(record: CompoundingRecord, selection: Selection) -> str:
    """The profile a record is judged under: an outsourcing facility's never by the lesser rules of a pharmacy."""
    outsourcing = record.facility == "503B" and selection.profile == PROFILES[0]
    return OUTSOURCING if outsourcing else selection.profile


def _place(reading: Reading, formulation: Reading | None, path: Path) -> Location:
    """The place of a field in the record's file, or in its formulation's."""
    if path[:1] == ("(formulation)",) and formulation is not None:
        return formulation.location(path[1:])
    return reading.location(path)


def _link(record: CompoundingRecord) -> Link | None:
    if record.amends is None:
        return None
    on = None if record.amends.on is None else str(record.amends.on)
    return Link(id=record.amends.id, what=record.amends.what, why=record.amends.why, by=record.amends.by, on=on)


_known: dict[tuple[str, str], tuple[str, ...]] = {}


def _about(formulation: Reading | None, profile: str) -> tuple[str, ...]:
    """The codes of the errors that `lint` finds in a formulation under a profile, looked up once for each."""
    if formulation is None or formulation.sha256 is None:
        return ()
    codes = _known.get((formulation.sha256, profile))
    if codes is None:
        found = findings_of_formulation(formulation, Selection(profile=profile))
        wrong = {f.code for f in found if f.severity is Severity.ERROR and f.verdict is not Verdict.WAIVED}
        codes = tuple(sorted(wrong))
        _known[formulation.sha256, profile] = codes
    return codes


def _unread(reading: Reading) -> Judged:
    return Judged(
        path=reading.path, verdict=Verdict.NOT_DETERMINED, findings=reading.findings, unreadable=True, row=reading.row
    )


def _is_approved(formulation: MasterFormulationRecord | None) -> bool:
    if formulation is None:
        return True
    return formulation.approved is not None and None not in (formulation.approved.by, formulation.approved.on)


def _summary(record: CompoundingRecord, formulation: MasterFormulationRecord | None) -> str:
    name = formulation.name if formulation is not None else None
    named = record.strength is not None and str(record.strength) in (name or "")
    parts = [None if named else record.strength, record.quantity, None if record.made is None else f"made {record.made}"]
    return ", ".join(str(part) for part in parts if part is not None)


def _for_a_person(batch: Batch) -> Iterator[NotRun]:
    """The tests of the formulation that no rule judges for this dosage form: a person compares them."""
    for test in batch.formulation.tests if batch.formulation is not None else ():
        judges = _JUDGES.get(test.name, ()) if test.name in JUDGED_TESTS else ()
        if not any(rule.applies(batch) for rule in judges):
            yield NotRun(None, f"{test.name}", "no rule judges this: a person compares it with the formulation")


def _not_due(batch: Batch) -> Iterator[NotDue]:
    for test in batch.formulation.tests if batch.formulation is not None else ():
        if test.name is None or batch.has_results(test.name):
            continue
        planned = batch.schedule(test.name)
        if planned is not None and planned.due == "not_due":
            dates = (None if day is None else str(day) for day in (planned.last, planned.following))
            yield NotDue(test.name, *dates)


def lint(paths: Iterable[str], selection: Selection) -> Report:
    """Read the formulations in these files and folders, and judge their example records as their tests.

    A record passes when it has exactly the findings it expects.
    """
    readings = [read_file(path) for path, _ in find_files(paths)]
    library = gathered([reading for reading in readings if reading.kind != RECORD])
    entries = [_unread(reading) for reading in library.unreadable]
    entries += [_formulation(reading, selection) for reading in library.formulations]
    for reading in readings:
        if reading.kind == CALIBRATION and _looks_like_a_record(reading):
            entries.append(_of_another_kind(reading))
        elif reading.kind == RECORD:
            entries.append(_expectations(judge_record(reading, library, selection, is_example=True), reading))
    return Report(tuple(sorted(entries, key=lambda entry: entry.path)), selection.strict)


def _formulation(reading: Reading, selection: Selection) -> Judged:
    paper = reading.paper
    assert isinstance(paper, MasterFormulationRecord)  # noqa: S101
    findings = findings_of_formulation(reading, selection)
    return Judged(
        path=reading.path,
        verdict=overall(findings, strict=selection.strict),
        id=paper.id,
        name=paper.name,
        formulation_id=paper.id,
        formulation_version=paper.version,
        formulation_sha256=reading.sha256,
        approved=_is_approved(paper),
        is_test=True,
        summary=f"version {paper.version}" if paper.version is not None else "",
        findings=tuple(findings),
        profile=selection.profile,
    )


def findings_of_formulation(reading: Reading, selection: Selection) -> list[Finding]:
    """What the rules on formulations say of one, judged by itself."""
    paper = reading.paper
    assert isinstance(paper, MasterFormulationRecord)  # noqa: S101
    batch = Batch(NO_RECORD, paper, selection.profile)
    place = partial(_place, reading, reading)
    findings: list[Finding] = []
    for rule in ABOUT_FORMULATIONS:
        if selection.has(rule.code):
            findings.extend(judge(rule, batch, profile=selection.profile, place=place).findings)
    findings = with_waivers(findings, batch, place)
    findings = [f._replace(field=(f.field or "").removeprefix("(formulation)").lstrip(".") or None) for f in findings]
    return sorted(findings, key=lambda f: (f.location.line or 0, f.location.column or 0, f.code))


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
    compared = attrs.evolve(judged, findings=tuple(findings), verdict=overall(findings), came=tuple(sorted(exactly)))
    return attrs.evolve(compared, is_test=True, is_example=True)


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
