"""Waivers at work: a finding that somebody took upon himself stays visible and counted, and fails nothing."""

import datetime
from collections.abc import Callable, Iterator, Mapping

from formcheck.findings import Finding, Location, Severity, Verdict, Waived
from formcheck.judging import finding_of
from formcheck.papers.formulation import Waiver
from formcheck.planning.batch import Batch
from formcheck.rules.catalogue import CEILING_CODE, by_code
from formcheck.rules.never_waived import never_waived
from formcheck.rules.rule import Fault, Path
from formcheck.rules.waivers import day_of, listed, wanting

__all__ = ["with_waivers"]

_RULES = by_code()


def with_waivers(findings: list[Finding], batch: Batch, place: Callable[[Path], Location]) -> list[Finding]:
    """The findings, those that a waiver of the record or of its formulation names marked as waived.

    A waiver of the paper itself that met no finding is named (FC913). `place` gives the location of a field.
    """
    papers = [("record" if not batch.is_specification else "formulation", [waiver for waiver, _ in listed(batch)])]
    if not batch.is_specification and batch.formulation is not None:
        papers.append(("formulation", list(batch.formulation.waivers)))
    if not any(waivers for _, waivers in papers):
        return findings
    day = day_of(batch)
    in_force = {str(w.code): (w, paper) for paper, waivers in reversed(papers) for w in waivers if _holds(w, day)}
    refused = _refused(findings, batch, in_force)
    marked = [
        _marked(finding, *in_force[finding.code])
        if finding.code in in_force and not _is_refused(finding, refused)
        else finding
        for finding in findings
    ]
    said = [_of_refused(code, why, in_force[code][0], batch, place) for code, why in refused.items()]
    return [*marked, *said, *_stale(batch, {finding.code for finding in findings}, place)]


def _refused(findings: list[Finding], batch: Batch, in_force: Mapping[str, object]) -> dict[str, str]:
    """The codes that a waiver names and nobody can take on in this batch, with what they are."""
    failing = {
        f.code for f in findings if f.code in in_force and f.severity is Severity.ERROR and f.verdict is Verdict.FAIL
    }
    named = {code: never_waived(code, batch) for code in sorted(failing)}
    return {code: why for code, why in named.items() if why is not None}


def _is_refused(finding: Finding, refused: Mapping[str, str]) -> bool:
    return finding.code in refused and finding.severity is Severity.ERROR and finding.verdict is Verdict.FAIL


def _of_refused(code: str, why: str, waiver: Waiver, batch: Batch, place: Callable[[Path], Location]) -> Finding:
    """What is said of a waiver, of the record or of its formulation, that meets what nobody can take on."""
    own = next((where for listed_one, where in listed(batch) if listed_one is waiver), None)
    named = "" if own is not None else ", in the formulation,"
    fault = Fault(
        f"the waiver of {code}{named} waives nothing here, because {why} can never be waived",
        own or ("(formulation)", "waivers"),
        found=str(waiver.until),
        limit="what a pharmacist may decide",
        help="Remove the waiver, and do what the finding says: it stands.",
    )
    return finding_of(_RULES["FC912"], fault, location=place(fault.field))


def _holds(waiver: Waiver, day: datetime.date | None) -> bool:
    return wanting(waiver, day) is None and waiver.code != CEILING_CODE


def _marked(finding: Finding, waiver: Waiver, paper: str) -> Finding:
    taken_on = Waived(str(waiver.by), str(waiver.reason), str(waiver.until), paper)
    return finding._replace(verdict=Verdict.WAIVED, waiver=taken_on, was=finding.verdict)


def _stale(batch: Batch, found: set[str], place: Callable[[Path], Location]) -> Iterator[Finding]:
    for waiver, where in listed(batch):
        if waiver.code is not None and waiver.code not in found and wanting(waiver, day_of(batch)) is None:
            known = waiver.code in _RULES
            why = "the paper has no such finding" if known else "formcheck has no such rule"
            fault = Fault(f"the waiver of {waiver.code} is not needed: {why}", where, found=waiver.code)
            yield finding_of(_RULES["FC913"], fault, location=place(where))
