"""Aliquots at the bench: a plan for a drug too little to weigh, or a plan to be checked."""

from formcheck.bench.powders import SENSITIVITY_SOURCE
from formcheck.bench.worked import WARNING, Step, Worked, figure
from formcheck.errors import CannotConvert
from formcheck.planning.aliquots import AliquotPlan, doublings, plan_aliquot
from formcheck.units import Amount

__all__ = ["aliquot", "checked_aliquot"]

ALIQUOT_SOURCE = "UNC pharmlabs, aliquot method; mixed by geometric dilution"


def aliquot(needed: Amount, minimum: Amount) -> Worked:
    """A plan to weigh less than a balance weighs well: dilute a multiple, and weigh out a part."""
    if not needed.value > 0 or not minimum.value > 0:
        raise CannotConvert("what is needed and the minimum must be above 0")
    plan = plan_aliquot(needed.value, minimum.value)
    if not plan.is_dilution:
        answer = f"No aliquot is needed: {needed} is not below the minimum of {minimum}"
        step = Step("Weigh it as it is", f"{needed} is not below {minimum}", "", "", SENSITIVITY_SOURCE)
        return Worked(answer, _plan_data(plan), (step,))
    multiple = plan.drug / needed.value
    steps = (
        Step(
            "Drug to weigh",
            "the least whole multiple of what is needed that is not below the minimum",
            f"{figure(multiple, '')} x {needed}",
            figure(plan.drug, "mg"),
            ALIQUOT_SOURCE,
        ),
        Step(
            "Aliquot",
            "the larger of minimum and needed + minimum / multiple, in whole mg",
            f"the larger of {minimum} and {needed} + {minimum} / {figure(multiple, '')}",
            figure(plan.aliquot, "mg"),
            rounding="up to a whole mg",
        ),
        Step(
            "Diluent to weigh",
            "multiple x aliquot - drug",
            f"{figure(multiple, '')} x {figure(plan.aliquot, 'mg')} - {figure(plan.drug, 'mg')}",
            f"{figure(plan.diluent, 'mg')}, {figure(plan.total, 'mg')} in all",
        ),
        _held(plan),
        _mixing(plan),
    )
    answer = (
        f"Mix {figure(plan.drug, 'mg')} of drug with {figure(plan.diluent, 'mg')} of diluent; "
        f"weigh out {figure(plan.aliquot, 'mg')}, which hold {needed}"
    )
    return Worked(answer, _plan_data(plan), steps, _too_much(plan))


MOST_DILUTED = 100
"""A powder diluted further than 1 in 100 at once is hard to mix evenly (formcheck's own)."""


def _too_much(plan: AliquotPlan) -> tuple[str, ...]:
    """What is to be said of a plan that dilutes further than can be mixed in one step."""
    fold = plan.total / plan.drug
    if fold <= MOST_DILUTED:
        return ()
    return (
        f"{WARNING}one part of drug in {figure(fold, '', 0)} parts is hard to mix evenly in one step. Make a dilution of "
        "1 in 10 or 1 in 100 first, and plan the aliquot of that.",
    )


def _held(plan: AliquotPlan) -> Step:
    return Step(
        "Drug in the aliquot",
        "drug x aliquot / mixture",
        f"{figure(plan.drug, 'mg')} x {figure(plan.aliquot, 'mg')} / {figure(plan.total, 'mg')}",
        figure(plan.drug_in_aliquot, "mg"),
        ALIQUOT_SOURCE,
    )


def _mixing(plan: AliquotPlan) -> Step:
    portions = ", then ".join(figure(portion, "mg", 1) for portion in doublings(plan.drug, plan.diluent))
    return Step(
        "Geometric dilution",
        f"{figure(plan.drug, 'mg')} of drug + {portions} of diluent; mix well at each step",
        "",
        "",
        "each time as much diluent as there is in the mortar",
        "portions by eye; what is weighed is the diluent in all",
    )


def _plan_data(plan: AliquotPlan) -> dict[str, object]:
    return {
        "drug_weighed_mg": plan.drug,
        "diluent_mg": plan.diluent,
        "total_mg": plan.total,
        "aliquot_mg": plan.aliquot,
        "drug_in_aliquot_mg": plan.drug_in_aliquot,
        "all_weighings_at_least_minimum": plan.weighs_well,
    }


def checked_aliquot(needed: Amount, minimum: Amount, drug: Amount, diluent: Amount, part: Amount) -> Worked:
    """A given plan, checked: whether its weighings are large enough and its aliquot holds what is needed; else exit 1."""
    if not all(mass.value > 0 for mass in (needed, minimum, drug, part)):
        raise CannotConvert("what is needed, the minimum, the drug and the aliquot must be above 0")
    plan = AliquotPlan(drug.value, diluent.value, part.value, minimum.value)
    if plan.aliquot > plan.total:
        raise CannotConvert(f"an aliquot of {part} cannot be taken from a mixture of {figure(plan.total, 'mg')}")
    wrong = [
        f"{words} of {mass} is below the minimum of {minimum}"
        for words, mass in (("the drug", drug), ("the diluent", diluent), ("the aliquot", part))
        if mass.value < minimum.value and mass.value > 0
    ]
    if plan.drug_in_aliquot != needed.value:
        wrong.append(f"the aliquot holds {figure(plan.drug_in_aliquot, 'mg')} where {needed} is needed")
    right = plan_aliquot(needed.value, minimum.value)
    notes: tuple[str, ...] = ()
    if wrong:
        drug_, diluent_, taken = (figure(mass, "mg") for mass in (right.drug, right.diluent, right.aliquot))
        notes = (f"A plan that works: {drug_} of drug, {diluent_} of diluent, {taken} taken.",)
    answer = f"This plan does not work: {'; '.join(wrong)}" if wrong else f"This plan works: its aliquot holds {needed}"
    mixture = Step("Mixture", "drug + diluent", f"{drug} + {diluent}", figure(plan.total, "mg"))
    return Worked(answer, _plan_data(plan), (mixture, _held(plan)), notes, 1 if wrong else 0)
