"""Cases that a rule answers: a sound record with a field or two changed, and what the rule says of it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from formcheck.examples import findings_of, sound_formulation, sound_record
from formcheck.findings import Finding, Verdict
from formcheck.units import Amount, format_exactly

__all__ = ["assay_passes", "water_that_was_added", "yield_as_judged"]

_ENOUGH = 1000
"""So many capsules to one percent: yields of three decimals are whole capsules then."""


def _said(code: str, **changes: Any) -> list[Finding]:
    return [finding for finding in findings_of(changes) if finding.code == code]


def _test(name: str) -> str:
    """Where a test of that name stands in the formulation of the capsules: "tests.4"."""
    return f"tests.{[test.get('name') for test in sound_formulation('capsules')['tests']].index(name)}"


def assay_passes(percent: str, low: str, high: str) -> bool:
    """Whether FC411 has nothing against an assay [%] under a formulation with these limits."""
    limits = {f"{_test('assay')}.limits": f"{low}-{high} %"}
    said = _said("FC411", change={"assay.value": f"{percent} %"}, formulation=limits)
    return all(finding.verdict is not Verdict.FAIL for finding in said)


def yield_as_judged(figures: Sequence[Fraction], limits: Sequence[str] | None) -> dict[str, str]:
    """What FC409 says of batches of 100,000 capsules with these yields [%]; without limits the formulation's own count."""
    plan = {} if limits is None else {f"{_test('count')}.limits": f"{limits[0]}-{limits[1]} %"}
    said = []
    for figure in figures:
        change = {"quantity": f"{100 * _ENOUGH} capsules", "counts.filled": format_exactly(figure * _ENOUGH, 0)}
        said.append([f for f in _said("FC409", change=change, formulation=plan) if f.verdict is Verdict.FAIL])
    if not all(said):
        return {"outcome": "pass", "reason": ""}
    above = all("above 100 %" in finding.message for findings in said for finding in findings)
    return {"outcome": "out_of_limits" if limits is not None else "warn", "reason": "yield over 100 %" if above else ""}


def water_that_was_added(water: Amount) -> str:
    """What FC209 says where a record of a liquid gives the water that was added, not what it was made up to."""
    names = [used["name"] for used in sound_record("oral-liquid")["components"]]
    place = f"components.{names.index('purified water')}"
    said = _said("FC209", of="oral-liquid", change={f"{place}.final_volume": "null", f"{place}.measured": str(water)})
    named = [f for f in said if "the final volume that purified water made the batch up to" in f.message]
    return "volume stated as added water, not q.s." if named else ""
