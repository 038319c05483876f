"""The engine: one rule, one subject, what it says. Only here are values compared with limits.

What a rule needs and does not find makes it *not determined*, whatever the rule itself would have said;
a limit rule that has nothing to compare is not determined too. Nothing passes by being absent.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from formcheck.findings import NOTHING, Finding, Location, Severity, Verdict, field_name
from formcheck.rules.rule import Fault, Limit, Part, Path, Row, Rule
from formcheck.units import amount, format_beyond, format_number

__all__ = ["Outcome", "State", "finding_of", "judge"]

_MOST_NAMED = 5


class State(StrEnum):
    """What became of a rule."""

    JUDGED = "judged"
    NOT_DUE = "not_due"
    DOES_NOT_APPLY = "does_not_apply"


class Outcome(NamedTuple):
    """What a rule said of a subject."""

    state: State
    findings: tuple[Finding, ...] = ()


def judge(
    rule: Rule, subject: Any, *, profile: str = "usp-503a", place: Callable[[Path], Location] | None = None
) -> Outcome:
    """Judge one subject (a batch, a conversion) by one rule.

    `place` gives the location of a field in the subject's file. Raises nothing for a wrong record.
    """
    if profile not in rule.profiles or not rule.applies(subject):
        return _DOES_NOT_APPLY
    planned = None
    if rule.test is not None and not subject.has_results(rule.test):
        planned = subject.schedule(rule.test)
        if planned is None:
            return _DOES_NOT_APPLY
        if planned.due == "not_due":
            return _NOT_DUE
    where = place or _nowhere
    needs = rule.needs if profile not in rule.under else (*rule.needs, *rule.under[profile].needs)
    missing = subject.missing(needs) if needs else ()
    findings = [_undetermined(rule, missing, _words_of(subject), profile, where)] if missing else []
    if missing and planned is not None and planned.due == "overdue":
        findings = [_overdue(rule, planned, missing, profile, where)]
    if rule.faults is not None and not missing:
        findings += [_of_fault(rule, fault, profile, where) for fault in rule.faults(subject)]
    judged = 0
    for part in rule.parts:
        rows = list(part.rows(subject))
        judged += len(rows)
        findings.extend(_of_part(rule, part, rows, profile, where, silent=bool(missing)))
    if rule.parts and not judged and not missing:
        findings.append(_undetermined(rule, (), _words_of(subject), profile, where))
    return Outcome(State.JUDGED, tuple(findings)) if findings else _IN_ORDER


_DOES_NOT_APPLY, _NOT_DUE, _IN_ORDER = (Outcome(state) for state in (State.DOES_NOT_APPLY, State.NOT_DUE, State.JUDGED))


def _words_of(subject: Any) -> Callable[[Path], str]:
    words: Callable[[Path], str] = getattr(subject, "words", field_name)
    return words


def _nowhere(_path: Path) -> Location:
    return Location()


def finding_of(rule: Rule, fault: Fault, *, profile: str = "usp-503a", location: Location | None = None) -> Finding:
    """The finding a fault makes under a rule."""
    ruling = rule.ruling(profile)
    return Finding(
        code=rule.code,
        title=rule.title,
        verdict=Verdict.NOTE if _is_note(rule, fault, profile) else fault.verdict,
        severity=fault.severity or ruling.severity,
        authority=fault.authority or ruling.authority,
        message=fault.message,
        help=rule.help if fault.help is None else fault.help,
        location=location or Location(),
        field=field_name(fault.field) or None,
        found=fault.found,
        limit=fault.limit,
        source=fault.source or ruling.source,
    )


def _is_note(rule: Rule, fault: Fault, profile: str) -> bool:
    severity = fault.severity or rule.severity_in(profile)
    return severity is Severity.INFO and fault.verdict is Verdict.FAIL


def _of_fault(rule: Rule, fault: Fault, profile: str, where: Callable[[Path], Location]) -> Finding:
    return finding_of(rule, fault, profile=profile, location=where(fault.field))


def _undetermined(
    rule: Rule, missing: Sequence[Path], words_of: Callable[[Path], str], profile: str, where: Callable[[Path], Location]
) -> Finding:
    words = list(dict.fromkeys(words_of(path) for path in missing))
    shown = ", ".join(words)
    fault = Fault(
        message=f"not said: {shown}" if words else "there is nothing to judge",
        field=missing[0] if missing else (),
        found=NOTHING,
        help="Write down what is missing: it never counts as in order." if words else None,
        verdict=Verdict.NOT_DETERMINED,
    )
    return _of_fault(rule, fault, profile, where)


def _overdue(rule: Rule, planned: Any, missing: Sequence[Path], profile: str, where: Callable[[Path], Location]) -> Finding:
    fault = Fault(
        message=f"{rule.test}: not determined, because it is overdue (last done {planned.last}, due again by "
        f"{planned.following}) and the record has no result",
        field=missing[0],
        found=NOTHING,
        help="Have the test done on this batch, or enter in last_tests the day it was really done last.",
        verdict=Verdict.NOT_DETERMINED,
    )
    return _of_fault(rule, fault, profile, where)


def _of_part(
    rule: Rule, part: Part, rows: list[Row], profile: str, where: Callable[[Path], Location], *, silent: bool
) -> list[Finding]:
    """The findings of a part; `silent` where a missing need has spoken for the undetermined rows already."""
    findings: list[Finding] = []
    broken: list[tuple[Row, Limit, Fraction]] = []
    for row in rows:
        value = None if _lacks_a_value(row) else part.value(**row.values)
        if value is None:
            if not silent:
                findings.append(_of_fault(rule, _unknown(row), profile, where))
            continue
        for limit in row.limits.bounds:
            if limit.broken_by(value):
                broken.append((row, limit, value))
                break
    if part.gathered and len(broken) > 1:
        findings.append(_of_fault(rule, _gathered(part, broken), profile, where))
    else:
        findings += (_of_fault(rule, _beyond(part, *beyond), profile, where) for beyond in broken)
    return findings


def _lacks_a_value(row: Row) -> bool:
    for value in row.values.values():  # noqa: SIM110 - asked for every row; a generator takes as long as the rest
        if value is None:
            return True
    return False


def _unknown(row: Row) -> Fault:
    told = row.tell()
    message = f"{told.what}: not determined, because {told.unknown or 'a value is missing'}"
    return Fault(message=message, field=row.field, verdict=Verdict.NOT_DETERMINED, help=told.help or None)


def _beyond(part: Part, row: Row, limit: Limit, value: Fraction) -> Fault:
    told, found = row.tell(), _shown(part, limit, value)
    side = "above" if limit.upper else "below"
    bound = _number_and_unit(_limit_digits(part, limit), part)
    working = f" ({told.working})" if told.working else ""
    return Fault(
        message=told.said or f"{told.what} is {found}{part.of}, {side} {bound}{working}",
        field=row.field,
        found=told.found or found,
        limit=row.limits.words,
        source=limit.source,
        verdict=row.broken,
        severity=row.severity,
        help=told.help or None,
    )


def _gathered(part: Part, broken: list[tuple[Row, Limit, Fraction]]) -> Fault:
    first, limit, _ = broken[0]
    named = [f"{row.tell().what} {_shown(part, bound, value)}" for row, bound, value in broken[:_MOST_NAMED]]
    more = f" and {len(broken) - _MOST_NAMED} more" if len(broken) > _MOST_NAMED else ""
    words = ", ".join(named) + more
    return Fault(
        message=f"{len(broken)} values are outside {first.limits.words}{part.of}: {words}",
        field=first.field,
        found=words,
        limit=first.limits.words,
        source=limit.source,
        verdict=first.broken,
        help=first.tell().help or None,
    )


def _shown(part: Part, limit: Limit, value: Fraction) -> str:
    scaled = value / _size(part)
    if limit.decimals is None:
        return _number_and_unit(format_beyond(scaled, limit.size / _size(part)), part)
    return _number_and_unit(format_number(scaled, limit.decimals), part)


def _limit_digits(part: Part, limit: Limit) -> str:
    number = limit.size / _size(part)
    return format_beyond(number, number, 12) if limit.decimals is None else format_number(number, limit.decimals)


def _number_and_unit(number: str, part: Part) -> str:
    return number if part.bare else f"{number} {part.shown_in}"


def _size(part: Part) -> Fraction:
    return amount(f"1 {part.shown_in}").value if part.shown_in else Fraction(1)
