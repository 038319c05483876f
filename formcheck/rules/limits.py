"""FC905, FC907: the limits of a formulation. Whether they are as narrow as usual, and written with their decimals."""

from collections.abc import Iterator
from fractions import Fraction

from formcheck.findings import Authority, Severity
from formcheck.grammar import bare_number
from formcheck.papers.formulation import Role, TestPlan
from formcheck.papers.values import Range
from formcheck.planning.batch import Batch
from formcheck.rules.formulations import HERE, paper_of
from formcheck.rules.rule import Fault, record_rule
from formcheck.units import amount

_WIDEST = {"low": Fraction(90, 100), "high": Fraction(110, 100)}
_USUAL_LEAST = {"l1": (Fraction(15), "15.0"), "l2": (Fraction(25), "25.0")}

_ABSURD = {"low": Fraction(75, 100), "high": Fraction(125, 100)}
_USUAL_TOLERANCE = Fraction(2, 100)
_ABSURD_SPREAD = Fraction(10, 100)
_ABSURD_PH = 3
_ROUND = "100 % among them"
_ABSURD_VALUES = {"l1": 25, "l2": 50}
"""Beyond these a limit judges nothing (formcheck's own)."""


@record_rule(
    "FC905",
    "Limits no wider than usual",
    severity=Severity.WARNING,
    authority=Authority.COMPENDIAL,
    source="USP-NF compounded monographs, 90.0 to 110.0 % of label; USP <905>, L1 15.0 and L2 25.0",
    subjects=("formulation",),
)
def limits_not_widened(batch: Batch) -> Iterator[Fault]:
    """The limits of a formulation may be narrower than usual, and should not be wider.

    90.0 to 110.0 % of label is what monographs of compounded preparations give, and the example of variability in
    the introduction of USP <795>. The acceptance value is at most 15.0 at both stages; 25.0 bounds single units.
    Wider than usual is a warning. Limits that any batch would keep judge nothing, and are an error: beyond 75 to 125 %, a
    spread or a loss of more than 10 %, an acceptance value above 25.0, three units of pH. So are limits without 100 %.

    Narrow the limit, or add a waiver that says why it is wider, who decided it, and until when.
    """
    for index, test in enumerate(paper_of(batch).tests):
        absurd = dict(_judging_nothing(test))
        for name, (found, limit) in absurd.items():
            why = (
                "a right batch would not keep it"
                if limit == _ROUND
                else "nearly any batch would keep it, so it judges nothing"
            )
            yield Fault(
                f"{name} of {test.name} is {found}: {why}",
                (HERE, "tests", index, name),
                found=found,
                limit=limit,
                severity=Severity.ERROR,
                authority=Authority.FORMCHECK,
                source="formcheck: a limit that nearly any batch keeps is none",
            )
        limits = {"assay": test.limits, "net mass": test.each}.get(test.name or "")
        if limits is not None and _is_wider(limits) and not absurd.keys() & {"limits", "each"}:
            yield Fault(
                f"the limits of {test.name} are {limits.text}, wider than 90.0-110.0 %",
                (HERE, "tests", index, "limits" if test.name == "assay" else "each"),
                found=limits.text,
                limit="90.0 to 110.0 %",
                authority=Authority.GOOD_PRACTICE if test.name == "net mass" else None,
                source="good practice: the weight rule of USP <795> before Nov 2023" if test.name == "net mass" else None,
            )
        for name, (most, words) in _USUAL_LEAST.items():
            limit = getattr(test, name)
            if limit is not None and limit.number > most and name not in absurd:
                place = (HERE, "tests", index, name)
                yield Fault(f"{name} of {test.name} is {limit.text}, above {words}", place, limit.text, f"at most {words}")
    yield from _wide_tolerance(batch)


def _is_wider(limits: Range) -> bool:
    if limits.unit is None:
        return False
    return amount(limits.low).value < _WIDEST["low"] or amount(limits.high).value > _WIDEST["high"]


def _wide_tolerance(batch: Batch) -> Iterator[Fault]:
    for index, component in enumerate(paper_of(batch).components):
        tolerance = component.tolerance
        if component.role is Role.ACTIVE and tolerance is not None and tolerance.value > _USUAL_TOLERANCE:
            yield Fault(
                f"{component.name} may be weighed {tolerance} off: every unit is off by as much",
                (HERE, "components", index, "tolerance"),
                found=str(tolerance),
                limit="at most 2 %; 1 % is usual",
                authority=Authority.FORMCHECK,
                source="formcheck; weighing tolerances of the active are a house choice, 1 % as a rule",
            )


def _judging_nothing(test: TestPlan) -> Iterator[tuple[str, tuple[str, str]]]:
    """The limits of a test that nearly any batch keeps: the name of each, what it is, and what it could be at most."""
    for name in ("limits", "each", "mean"):
        bounds: Range | None = getattr(test, name)
        if bounds is not None and bounds.unit is not None:
            if amount(bounds.low).value < _ABSURD["low"] or amount(bounds.high).value > _ABSURD["high"]:
                yield name, (bounds.text, "within 75 to 125 %")
            elif not amount(bounds.low).value <= 1 <= amount(bounds.high).value:
                yield name, (bounds.text, _ROUND)
        elif bounds is not None and bare_number(bounds.high) - bare_number(bounds.low) > _ABSURD_PH:
            yield name, (bounds.text, "at most 3 units of pH apart")
    for name in ("rsd_at_most", "loss_at_most"):
        most = getattr(test, name)
        if most is not None and most.value > _ABSURD_SPREAD:
            yield name, (str(most), "at most 10 %")
    for name, number in _ABSURD_VALUES.items():
        limit = getattr(test, name)
        if limit is not None and limit.number > number:
            yield name, (limit.text, f"at most {number}.0")
    if test.target is not None and not _WIDEST["low"] <= test.target.value <= _WIDEST["high"]:
        yield "target", (str(test.target), "90 to 110 %")


@record_rule(
    "FC907",
    "Limits written with their decimals",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source="formcheck; USP General Notices 7.20: a result is rounded to the decimals of its limit",
    subjects=("formulation",),
)
def limits_have_their_decimals(batch: Batch) -> Iterator[Fault]:
    """A limit of 110 % is met by 110.4 %, a limit of 110.0 % is not: the decimals of a limit are part of it.

    Results are rounded to the decimals their limit is written with, and then compared. The limits of assay,
    content uniformity and masses have one decimal in the compendia.

    Write the limit with its decimal, in quotation marks where it is a bare number: 90.0-110.0 %, l1: "15.0".
    """
    for index, test in enumerate(paper_of(batch).tests):
        if test.name not in ("assay", "net mass", "content uniformity"):
            continue
        for name in ("limits", "each", "mean", "rsd_at_most", "l1", "l2"):
            limit = getattr(test, name)
            if limit is not None and "." not in limit.text:
                yield Fault(
                    f"{name} of {test.name} is {limit.text}: results would be rounded to whole numbers first",
                    (HERE, "tests", index, name),
                    found=limit.text,
                    limit="one decimal",
                )
