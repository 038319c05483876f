"""What the formulation plans for a test, and the limits it gives, with their source: asked by the rules of FC4."""

from formcheck.findings import Verdict
from formcheck.papers.formulation import TestPlan
from formcheck.papers.values import Range
from formcheck.planning.batch import Batch
from formcheck.rules.rule import Limits, Rule
from formcheck.units import Amount

__all__ = ["beside", "broken_by", "is_counted", "plan_for", "range_limits", "source_of"]

_NOTHING_PLANNED = TestPlan()


def plan_for(batch: Batch, test: str) -> TestPlan:
    """The test of that name in the formulation; an empty one where it has none."""
    planned = None if batch.formulation is None else batch.formulation.test(test)
    return planned or _NOTHING_PLANNED


def is_counted(batch: Batch) -> bool:
    """Whether the preparation is counted in units (capsules), each of which can be weighed."""
    return batch.form is not None and batch.form.units_are_counted


def source_of(plan: TestPlan, given: object, default: str) -> str:
    """Whose limit it is: the formulation's source where the formulation gives the limit, else the default's."""
    return plan.source if given is not None and plan.source is not None else default


def beside(what: str, given: Range | Amount | None, default: str) -> str:
    """Whose limit it is, in short: what the formulation gives of several limits with one source, beside the default's."""
    return default if given is None else f"the formulation: {what} {given.text}; {default}"


def range_limits(
    plan: TestPlan, given: Range | None, default: tuple[str, str], source: str, *, rounded: bool = True
) -> Limits:
    """The range that the formulation gives, or the default one."""
    low, high = default if given is None else (given.low, given.high)
    return Limits.between(low, high, source_of(plan, given, source), rounded=rounded)


def broken_by(batch: Batch, rule: Rule) -> set[Verdict]:
    """How a batch breaks a limit rule, for rules that speak of the result: empty where it keeps every limit."""
    return {
        row.broken
        for part in rule.parts
        for row in part.rows(batch)
        if None not in row.values.values() and any(bound.broken_by(part.value(**row.values)) for bound in row.limits.bounds)
    }
