"""The full format: a page for a pharmacist. Verdict and counts, what is open, then each finding."""

from collections.abc import Iterator

from formcheck.findings import Counts, Finding, Severity, Verdict
from formcheck.formats.words import VERDICTS, paint, printable, severity_of, wrapped
from formcheck.verdicts import NOT_APPROVED, PASS_SENTENCE, Judged, Link, Report

__all__ = ["full", "sentence_of_counts", "source_of"]

_INDENT = "    "


def full(report: Report, *, colour: bool = False, quiet: bool = False) -> str:
    """All records, one after the other, and a last line that adds them up."""
    shown = [judged for judged in report.records if not (quiet and judged.verdict is Verdict.PASS)]
    pages = ["\n".join(_page(judged, colour, report.strict)).rstrip() for judged in shown]
    if not quiet:
        pages.append(_last_line(report, colour))
    return "\n\n".join(pages)


def _page(judged: Judged, colour: bool, strict: bool) -> Iterator[str]:
    identity = ", ".join(part for part in (judged.id, judged.name, judged.summary) if part)
    waived = f", {judged.counts.waived} waived" if judged.counts.waived and judged.verdict is Verdict.PASS else ""
    yield f"{paint(judged.word, judged.word, colour)}{waived}  {printable(identity or judged.where)}"
    if identity:
        yield wrapped(judged.where, _INDENT)
    counts = f"{sentence_of_counts(judged.counts)}{'; warnings count (--strict)' if strict else ''}"
    yield wrapped(f"{counts}{_against(judged)}", _INDENT)
    for together in _grouped(judged.findings):
        yield ""
        yield from _finding(together, colour)
    if judged.findings:
        yield ""
    yield from _remarks(judged)


def _rank(finding: Finding) -> tuple[int, int]:
    """What is not determined first, then errors, warnings, infos; otherwise in the order of the file."""
    open_first = 0 if finding.verdict is Verdict.NOT_DETERMINED else 1
    return (open_first, list(Severity).index(finding.severity))


def _grouped(findings: tuple[Finding, ...]) -> list[list[Finding]]:
    """The findings in order; those that are not determined for one and the same reason stand together."""
    groups: dict[object, list[Finding]] = {}
    for finding in sorted(findings, key=_rank):
        same = (
            finding.verdict is Verdict.NOT_DETERMINED
            and finding.is_about_missing
            and finding.message.startswith("not said")
        )
        groups.setdefault((finding.message, finding.severity) if same else id(finding), []).append(finding)
    return list(groups.values())


def _against(judged: Judged) -> str:
    if judged.formulation_id is None or judged.unreadable:
        return ""
    approval = "" if judged.approved else f" ({NOT_APPROVED})"
    return f"; judged by {printable(judged.formulation_id)} version {judged.formulation_version}{approval}"


def sentence_of_counts(counts: Counts) -> str:
    """ "1 fail, 0 not determined, 2 warnings", with infos and waived only where there are some."""
    parts = [f"{counts.fail} fail", f"{counts.not_determined} not determined", _many(counts.warning, "warning")]
    parts += [_many(counts.info, "info")] if counts.info else []
    parts += [f"{counts.waived} waived"] if counts.waived else []
    return ", ".join(parts)


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _finding(together: list[Finding], colour: bool) -> Iterator[str]:
    finding = together[0]
    announced = paint(severity_of(finding), _style(finding), colour)
    for each in together:
        yield f"  {each.code} {announced}: {printable(each.title)}"
    yield wrapped(_sentence(finding.message), _INDENT)
    place = f"{finding.location}" + (f"  {finding.field}" if finding.field else "")
    rows = {
        "found": None if finding.is_about_missing else finding.found,
        "limit": finding.limit,
        "where": place if finding.location.path else None,
        "source": source_of(finding) if len(together) == 1 else None,
        "do": finding.help,
        "waived": None if finding.waiver is None else str(finding.waiver).removeprefix("waived "),
    }
    for name, text in rows.items():
        if text:
            yield wrapped(text, _INDENT + " " * 8, f"{_INDENT}{name:<8}")


def _style(finding: Finding) -> str:
    return VERDICTS[finding.verdict] if finding.verdict is Verdict.NOT_DETERMINED else str(finding.severity)


def source_of(finding: Finding) -> str | None:
    """The source of a finding with its class, as far as the source does not say it itself: "... (compendial)"."""
    if finding.source is None:
        return None
    classes = {"good_practice": "good practice", "formcheck": "formcheck's own"}
    known = classes.get(finding.authority, str(finding.authority))
    named = known in finding.source or finding.source.startswith("formcheck")
    return finding.source if named else f"{finding.source} ({known})"


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "?", "!")) else ".")


def _remarks(judged: Judged) -> Iterator[str]:
    if judged.is_test:
        expected = ", ".join(judged.expected) or "no findings"
        if judged.verdict is Verdict.PASS and judged.is_example:
            yield wrapped(f"Meant to have, and has: {expected}.", _INDENT)
        return
    for link in judged.chain:
        yield wrapped(_link(link), _INDENT)
    if judged.same_id:
        yield wrapped(f"The same id has also: {', '.join(judged.same_id)}.", _INDENT)
    if judged.about_formulation:
        codes = ", ".join(judged.about_formulation)
        yield wrapped(f"The formulation itself has errors ({codes}): formcheck lint shows them.", _INDENT)
    if judged.not_due:
        tests = (
            f"{test.test} (last {test.last}{f', next by {test.next}' if test.next else ''})" for test in judged.not_due
        )
        yield wrapped(f"Not due: {', '.join(tests)}.", _INDENT)
    by_hand = [entry.title for entry in judged.not_run if entry.code is None]
    if by_hand:
        yield wrapped(f"For a person to look at (no rule judges it): {', '.join(by_hand)}.", _INDENT)
    reasons: dict[str, list[str]] = {}
    for entry in judged.not_run:
        if entry.code is not None:
            reasons.setdefault(entry.reason, []).append(entry.code)
    for reason, listed in reasons.items():
        yield wrapped(f"Not run, because {reason}: {', '.join(listed)}.", _INDENT)
    if judged.verdict is Verdict.PASS and not judged.unreadable:
        yield from (f"{_INDENT}{sentence}." for sentence in pass_sentence(judged).rstrip(".").split(". "))


def pass_sentence(judged: Judged) -> str:
    """What stands under a pass; it says where the formulation asks for more than rules judge, and what was waived."""
    waived, undone = judged.counts.waived, _not_made(judged)
    if undone:
        said = f"Not every check this formulation requires could be made ({', '.join(undone)}); of the others none failed."
        return PASS_SENTENCE.replace("Every check this formulation requires was made and none failed.", said)
    if waived:
        return PASS_SENTENCE.replace(
            "none failed.", f"none failed, but for {waived} that {'was' if waived == 1 else 'were'} waived."
        )
    if any(entry.code is None for entry in judged.not_run):
        return PASS_SENTENCE.replace("was made and none failed.", "and a rule can judge was made, and none failed.")
    return PASS_SENTENCE


def _not_made(judged: Judged) -> list[str]:
    """The codes of warnings that are not determined: they leave a pass, and something that was not looked at."""
    return sorted({f.code for f in judged.findings if f.verdict is Verdict.NOT_DETERMINED})


def _link(link: Link) -> str:
    """One link of a chain of corrections, in words."""
    what = f"Corrects {link.id}: {link.what} ({link.by}, {link.on}: {link.why})."
    if link.verdict is None:
        return f"{what} {link.id} is not among the records read."
    return f"{what} {link.id} had the verdict {link.verdict.replace('_', ' ')} ({link.path})."


def _last_line(report: Report, colour: bool) -> str:
    tally = [
        f"{sum(judged.verdict is verdict for judged in report.records)} {verdict.replace('_', ' ')}"
        for verdict in (Verdict.FAIL, Verdict.NOT_DETERMINED, Verdict.PASS)
    ]
    word = VERDICTS[report.verdict]
    if not report.records:
        return f"{paint(word, word, colour)}  no compounding record was found: nothing was judged."
    return f"{paint(word, word, colour)}  {report.size}: {', '.join(tally)}{_beside_the_verdicts(report)}."


def _beside_the_verdicts(report: Report) -> str:
    """What the verdicts do not say: warnings, what was waived, records that stand with their correction."""
    counts = report.counts
    parts = [_many(counts.warning, "warning")] if counts.warning else []
    parts += [f"{counts.waived} waived"] if counts.waived else []
    if report.corrected:
        them = "it" if report.corrected == 1 else "them"
        parts.append(f"{_many(report.corrected, 'record')} not counted, because another one corrects {them}")
    return f"; {', '.join(parts)}" if parts else ""
