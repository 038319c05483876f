"""Waivers at work: a finding that somebody took upon himself stays visible and counted, and fails nothing."""

import datetime
from collections.abc import Callable, Iterator

from formcheck.findings import Finding, Location, Verdict, Waived
from formcheck.judging import finding_of
from formcheck.papers.formulation import Waiver
from formcheck.planning.batch import Batch
from formcheck.rules.catalogue import CEILING_CODE, by_code
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
    marked = [_marked(finding, *in_force[finding.code]) if finding.code in in_force else finding for finding in findings]
    return [*marked, *_stale(batch, {finding.code for finding in findings}, place)]


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
