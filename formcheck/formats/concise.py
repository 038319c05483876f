"""The concise format: one line a finding, with its place, for editors and long lists."""

from collections.abc import Iterator

from formcheck.findings import Finding, Verdict
from formcheck.formats.full import sentence_of_counts
from formcheck.formats.words import VERDICTS, paint, printable, severity_of
from formcheck.verdicts import Judged, Report

__all__ = ["concise"]


def concise(report: Report, *, colour: bool = False, quiet: bool = False) -> str:
    """`path:line:column: FC407 error message (source)`, and a last line that adds up."""
    lines = [line for judged in report.records for line in _lines(judged, colour, quiet)]
    if not quiet:
        word = VERDICTS[report.verdict]
        strict = "; warnings count (--strict)" if report.strict else ""
        lines.append(f"{paint(word, word, colour)}: {report.size}, findings: {sentence_of_counts(report.counts)}{strict}")
    return "\n".join(lines)


def _lines(judged: Judged, colour: bool, quiet: bool) -> Iterator[str]:
    for finding in judged.findings:
        yield _line(finding, colour)
    word = judged.word
    deselected = sum(entry.code is not None for entry in judged.not_run)
    if not (quiet and judged.verdict is Verdict.PASS):
        note = f", {deselected} rules not run" if deselected else ""
        note += f", the same id has also {printable(', '.join(judged.same_id))}" if judged.same_id else ""
        note += f", corrects {', '.join(str(link.id) for link in judged.chain)}" if judged.chain else ""
        yield f"{printable(judged.where)}: {paint(word, word, colour)}{note}"


def _line(finding: Finding, colour: bool) -> str:
    announced = severity_of(finding)
    source = f" ({finding.source})" if finding.source else ""
    source += f" [{finding.waiver}]" if finding.waiver else ""
    return f"{printable(str(finding.location))}: {finding.code} {paint(announced, announced, colour)} " + printable(
        f"{finding.message}{source}"
    )
