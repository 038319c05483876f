"""The report of one record, to be filed: what it is, the verdict, what was found, the single results, the working."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from formcheck import __version__
from formcheck.bench.worked import Worked
from formcheck.check import Selection, judge_record
from formcheck.documents.again import reckoned
from formcheck.documents.charts import Results, chart_of
from formcheck.documents.paper import Block, Document, Fields, Said, Section, Table, Words
from formcheck.errors import CannotConvert
from formcheck.findings import Severity, Verdict
from formcheck.formats.full import source_of
from formcheck.formats.words import with_verdict
from formcheck.papers.compounding import CompoundingRecord
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.papers.values import Moment
from formcheck.planning.batch import Batch
from formcheck.planning.label_text import title_of
from formcheck.planning.uniformity import spread_of
from formcheck.reading.papers import Reading
from formcheck.reading.specifications import Library
from formcheck.units import amount, format_number
from formcheck.verdicts import NOT_APPROVED, PASS_SENTENCE, Judged

__all__ = ["report_paper"]

_OUTCOMES = {Verdict.PASS: "PASS", Verdict.FAIL: "FAIL", Verdict.NOT_DETERMINED: "NOT DETERMINED"}
_SAID = {
    Verdict.PASS: PASS_SENTENCE,
    Verdict.FAIL: "Something in this record is not in order: it is named below.",
    Verdict.NOT_DETERMINED: "Nobody can say yet whether this batch is in order: what is missing is named below.",
}


def report_paper(reading: Reading, library: Library, selection: Selection) -> Document:
    """The report of a record that was read. Raises CannotConvert for what is no record."""
    record = reading.paper
    if not isinstance(record, CompoundingRecord):
        why = reading.findings[0].message if reading.findings else "it is no compounding record"
        raise CannotConvert(f"{reading.path}: {why}; a report is of one record")
    judged = judge_record(reading, library, selection)
    named = record.formulation
    found = library.find(named.id, named.version) if named is not None else None
    formulation = found.paper if found is not None else None
    batch = Batch(record, formulation if isinstance(formulation, MasterFormulationRecord) else None, judged.profile)
    sections = [
        Section("Findings", _findings(judged)),
        Section("Not due, and not judged by a rule", _not_judged(judged)),
        Section("Components", [_components(batch)]),
        *(Section(title, blocks) for title, blocks in _charts(batch)),
        *(Section(f"Working: {title}", [_working(worked)]) for title, worked in reckoned(batch)),
        Section("What this report was made from", [Fields(_inputs(reading, judged, found))]),
    ]
    made = record.made or batch.released_on
    return Document(
        f"{title_of(batch)}: batch {record.id or 'without a number'}",
        [section for section in sections if section.blocks],
        _identity(batch, judged),
        _SAID[judged.verdict],
        _OUTCOMES[judged.verdict],
        signatures=("Released by",) if judged.verdict is Verdict.PASS else ("Reviewed by",),
        date="" if made is None else str(made),
    )


def _identity(batch: Batch, judged: Judged) -> list[tuple[str, str]]:
    record = batch.record
    approved = "" if judged.approved else f" ({NOT_APPROVED})"
    people = record.people
    who = [(name, person) for name, person in (("Compounded by", people.compounded_by if people else None),
                                               ("Verified by", people.verified_by if people else None))]  # fmt: skip
    rows = [
        ("Formulation", f"{judged.formulation_id or '-'} version {judged.formulation_version or '-'}{approved}"),
        ("Made", _text(record.made)),
        ("Quantity", _text(record.quantity)),
        ("Beyond-use date", _text(record.beyond_use_date)),
        ("Storage", _text(record.storage)),
        *((name, f"{person.name or '-'}, {_moment(person.at)}") for name, person in who if person),
        ("Judged under", judged.profile),
    ]
    return [(name, value) for name, value in rows]


def _text(value: Any) -> str:
    return "-" if value is None else str(value)


def _moment(at: Moment | None) -> str:
    if at is None:
        return "-"
    return str(at.date) if at.time is None else f"{at.date} {at.time:%H:%M}"


def _findings(judged: Judged) -> list[Block]:
    ranked = sorted(judged.findings, key=lambda f: (list(Severity).index(f.severity), f.code))
    if not ranked:
        return [Words(["None."])]
    return [Said([with_verdict(finding)._replace(source=source_of(finding)) for finding in ranked])]


def _not_judged(judged: Judged) -> list[Block]:
    rows = [(due.test, f"not due: last {due.last or '-'}, next by {due.next or '-'}") for due in judged.not_due]
    rows += [(each.title if each.code is None else f"{each.code} {each.title}", each.reason) for each in judged.not_run]
    return [Fields(rows)] if rows else []


def _components(batch: Batch) -> Table:
    rows = []
    for used in batch.components:
        paper = used.used
        amount_of = paper.weighed or paper.measured or paper.final_volume
        required = batch.required(used)
        rows.append((
            used.name,
            paper.lot or paper.system or "-",
            "-" if paper.expires is None else paper.expires.text,
            "-" if required is None or paper.weighed is None else f"{format_number(required, 2)} mg",
            "by aliquot" if paper.aliquot is not None else _text(amount_of),
        ))  # fmt: skip
    return Table(("Component", "Lot", "Expires", "Required", "Weighed or measured"), rows)


def _charts(batch: Batch) -> Iterator[tuple[str, list[Block]]]:
    """The single results with their limits: net masses against theory, contents against the label."""
    theory, nets = batch.net_in_unit, [net for _, net in batch.net_masses]
    plan = next((t for t in (batch.formulation.tests if batch.formulation else ()) if t.name == "net mass"), None)
    if theory and nets and plan is not None and plan.each is not None:
        low, high = (amount(end).value * 100 for end in (plan.each.low, plan.each.high))
        shares = [net / theory * 100 for net in nets]
        of = f"the theoretical net mass, {format_number(theory, 1)} mg"
        yield (
            "Net mass of single units",
            _picture("net mass", of, shares, low, high, [f"{format_number(n, 1)} mg" for n in nets]),
        )
    contents = [content * 100 for content in batch.contents]
    if len(contents) in (10, 30):
        reference = spread_of([content / 100 for content in contents]).reference * 100
        low, high = reference * Fraction(3, 4), reference * Fraction(5, 4)
        shown = [f"{format_number(content, 1)} %" for content in contents]
        yield "Content of single units", _picture("content", "the label", contents, low, high, shown)


def _picture(name: str, of: str, shares: list[Fraction], low: Fraction, high: Fraction, shown: list[str]) -> list[Block]:
    mean = sum(shares, Fraction(0)) / len(shares)
    lines = [("upper limit", high), ("mean", mean), ("lower limit", low)]
    found = Results(name, of, shares, lines, low, high)
    rows = [
        (str(place), text, f"{format_number(share, 1)} %", "outside" if place in found.outside else "within")
        for place, (text, share) in enumerate(zip(shown, shares, strict=True), start=1)
    ]
    return [Words([f"Percent of {of}."]), chart_of(found, ("Unit", "Found", "Percent", "Limits"), rows)]


def _working(worked: Worked) -> Table:
    rows = [(step.what, step.formula, step.numbers or "-", step.result or "-", step.source or "-") for step in worked.steps]
    return Table(("What", "Formula", "Numbers", "Result", "Source"), rows, worked.answer)


def _inputs(reading: Reading, judged: Judged, found: Reading | None) -> list[tuple[str, str]]:
    return [
        ("formcheck", __version__),
        ("Record", f"SHA-256 {reading.sha256 or '-'}"),
        ("Formulation", f"SHA-256 {judged.formulation_sha256 or '-'}"),
    ]
