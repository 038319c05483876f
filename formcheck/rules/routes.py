"""FC406: by which route uniformity of dosage units may be shown. Masses serve only where the drug is most of the unit."""

from collections.abc import Iterator
from fractions import Fraction

from formcheck.findings import Authority, Severity, Verdict
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.planning.batch import Batch
from formcheck.rules.rule import Fault, record_rule
from formcheck.rules.testing import is_counted, plan_for
from formcheck.units import Amount, format_number

ROUTE_SOURCE = "USP <905>, table 1: mass variation for hard capsules with at least 25 mg and at least 25 % of drug"
LEAST_MASS, LEAST_SHARE = 25, Fraction(25, 100)
"""At least 25 mg of the drug [mg], and at least 25 % of the contents of the capsule (USP <905>, table 1)."""
_LIMIT = "at least 25 mg and at least 25 % of the contents"


def _by_masses(batch: Batch) -> bool:
    contents = batch.record.unit_contents
    in_record = contents is not None and contents.method == "mass-variation"
    return (in_record or plan_for(batch, "content uniformity").route == "mass-variation") and is_counted(batch)


@record_rule(
    "FC406",
    "Route to uniformity of dosage units",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=ROUTE_SOURCE,
    applies=_by_masses,
    subjects=("record", "formulation"),
)
def route_allowed(batch: Batch) -> Iterator[Fault]:
    """Contents may be computed from masses only if a capsule holds at least 25 mg of drug, and 25 % of what is in it.

    Below either, the mass of a capsule says nothing of the drug in it, and USP <905> asks for each unit to be assayed.
    Low-dose naltrexone never qualifies: 4.5 mg is less than 25 mg, and 4.5 mg of 225 mg is 2 %.

    Have ten units assayed singly, and enter what was found in each. Keep the masses as a check of the filling.
    """
    for strength, share in _judged(batch):
        mass = strength.value
        if mass < LEAST_MASS or (share is not None and share < LEAST_SHARE):
            percent = "" if share is None else f", {format_number(share * 100, 1)} % of the contents"
            yield Fault(
                message=f"contents by mass variation, and a capsule holds {strength} of drug{percent}: "
                "its mass says nothing of the drug in it",
                field=_place(batch),
                found=f"{strength}{percent}",
                limit=_LIMIT,
            )
            return
        if share is None:
            yield Fault(
                message=f"contents by mass variation: nobody can say whether {strength} is 25 % of the contents",
                field=_place(batch),
                limit=_LIMIT,
                verdict=Verdict.NOT_DETERMINED,
            )
            return


def _judged(batch: Batch) -> Iterator[tuple[Amount, Fraction | None]]:
    """The strength of the record, or every one of a formulation, with the share of drug in the contents where known."""
    if batch.is_specification and batch.formulation is not None:
        for strength in batch.formulation.strengths:
            yield strength, _planned_share(batch.formulation, strength)
    elif batch.record.strength is not None:
        net = batch.net_in_unit
        yield batch.record.strength, None if net is None else batch.record.strength.value / net


def _planned_share(formulation: MasterFormulationRecord, strength: Amount) -> Fraction | None:
    """The share of drug by the formulation's own amounts, which are for the strength of its batch alone."""
    plan = formulation.batch
    if plan is None or plan.size is None or plan.strength is None or plan.strength.value != strength.value:
        return None
    amounts = [component.amount for component in formulation.components]
    powders = sum((amount.value for amount in amounts if amount is not None and amount.kind == "mass"), Fraction(0))
    return strength.value * plan.size.value / powders if powders > 0 else None


def _place(batch: Batch) -> tuple[str | int, ...]:
    contents, formulation = batch.record.unit_contents, batch.formulation
    if contents is not None and contents.method == "mass-variation":
        return ("unit_contents", "method")
    tests = formulation.tests if formulation is not None else ()
    index = next((i for i, test in enumerate(tests) if test.name == "content uniformity"), 0)
    return ("(formulation)", "tests", index, "route")
