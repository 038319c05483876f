"""What a formulation may not say: it would quietly take a check away, or raise the ceiling.

Such a formulation is not read at all, so that nothing is judged by it.
"""

from collections.abc import Iterator
from fractions import Fraction

from formcheck.dose import CEILING
from formcheck.papers.formulation import MasterFormulationRecord, Role, TestPlan
from formcheck.substance import BASE_CAS, HYDROCHLORIDE_CAS

__all__ = ["MOST_OVERAGE", "not_to_be_trusted"]

Path = tuple[str | int, ...]
MOST_OVERAGE = Fraction(10, 100)
"""NRF: up to 10 % of the active for low-dose capsules; more raises the strength, not the yield."""
MOST_TOLERANCE = Fraction(10, 100)
"""House tolerances run from 1 to 5 %; beyond 10 % nothing is checked."""


def not_to_be_trusted(paper: MasterFormulationRecord) -> Iterator[tuple[str, str, Path]]:
    """The code, the sentence and the place of each such thing."""
    yield from _tests(paper)
    yield from _amounts(paper)
    lowered = paper.daily_dose_at_most
    if lowered is not None and not 0 < lowered.value <= CEILING.value:
        message = f"{lowered} a day: a specification may lower the ceiling of {CEILING} a day, never raise it"
        yield "FC006", message, ("daily_dose_at_most",)


def _tests(paper: MasterFormulationRecord) -> Iterator[tuple[str, str, Path]]:
    seen: set[str] = set()
    for index, test in enumerate(paper.tests):
        if test.name is None or test.name in seen:
            why = f"the test {test.name} stands twice" if test.name else "a test has no name, so no rule would judge it"
            yield "FC005", why, ("tests", index)
        seen.add(test.name or "")
        yield from _ranges(test, ("tests", index))


def _ranges(test: TestPlan, place: Path) -> Iterator[tuple[str, str, Path]]:
    unit = None if test.name == "pH" else "%"
    for name in ("each", "mean", "limits"):
        found = getattr(test, name)
        if found is not None and found.unit != unit:
            wanted = "as a range without a unit (3.3-3.9)" if unit is None else "in % (90.0-110.0 %)"
            yield "FC007", f"{found.text}: the limits of {test.name} are written {wanted}", (*place, name)


def _amounts(paper: MasterFormulationRecord) -> Iterator[tuple[str, str, Path]]:
    for name in ("batch_overage", "active_overage"):
        overage = getattr(paper.batch, name, None)
        if overage is not None and overage.value > MOST_OVERAGE:
            yield "FC006", f"{overage}: an overage is at most 10 %, or the strength is another", ("batch", name)
    for index, component in enumerate(paper.components):
        place: Path = ("components", index)
        if component.tolerance is not None and component.tolerance.value > MOST_TOLERANCE:
            message = f"{component.tolerance}: a tolerance above 10 % checks nothing"
            yield "FC006", message, (*place, "tolerance")
        if component.role is Role.ACTIVE and component.cas not in (HYDROCHLORIDE_CAS, BASE_CAS):
            wanted = f"{HYDROCHLORIDE_CAS} (naltrexone hydrochloride) or {BASE_CAS} (naltrexone)"
            yield "FC009", f"the active has {component.cas or 'no'} CAS number: write cas: {wanted}", (*place, "cas")
