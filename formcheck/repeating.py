"""One fault gets one name: findings that say no more than another finding of the same record are left out."""

from formcheck.findings import Finding, Severity, Verdict
from formcheck.rules.catalogue import by_code
from formcheck.rules.rule import Rule

__all__ = ["without_repetitions"]

_RULES = by_code()


def without_repetitions(findings: list[Finding]) -> list[Finding]:
    """The findings without those whose fault another one names.

    A rule that comes after another says nothing more of the same component, or, where it names the other under
    `after_here`, of the same field. What could not be judged says nothing beside an error that failed, unless it names a
    field that is missing. A waived finding names nothing any more.
    """
    return [f for f in findings if not any(_names_it(_RULES[f.code], f, other) for other in findings)]


def _names_it(rule: Rule, finding: Finding, other: Finding) -> bool:
    """Whether another finding names the fault of this one; one that only says that something is missing names nothing."""
    if other.code not in rule.after and other.code not in rule.after_here:
        return False
    if other.found is None or other.is_about_missing or not _weighs_as_much(other, finding):
        return False
    if other.code in rule.after_here:
        return other.field == finding.field
    return _component(finding) == _component(other)


def _weighs_as_much(other: Finding, finding: Finding) -> bool:
    """Whether the verdict stays what it is without a finding: the other has the same, or fails the record."""
    if other.severity is not Severity.ERROR and finding.severity is Severity.ERROR:
        return False
    if other.verdict is finding.verdict:
        return True
    fails = other.verdict is Verdict.FAIL
    # A field that is missing is to be written down, whatever else is wrong; not so a field of what is not there at all.
    asks = finding.is_about_missing and not (finding.field or "").startswith("components.")
    return fails and finding.verdict is Verdict.NOT_DETERMINED and not asks


def _component(finding: Finding) -> str:
    return (finding.field or "").partition(".")[0]
