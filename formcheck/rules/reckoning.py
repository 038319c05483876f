"""FC916: the figures of a formulation, recomputed by `lint`."""

from collections.abc import Iterator
from fractions import Fraction

from formcheck.dose import CEILING
from formcheck.findings import Authority, Severity
from formcheck.papers.dosage_forms import DOSAGE_FORMS
from formcheck.papers.formulation import BatchPlan, Component, MasterFormulationRecord, Role
from formcheck.planning.batch import Batch
from formcheck.planning.component_names import substance
from formcheck.rules.formulations import HERE, paper_of
from formcheck.rules.rule import Fault, Path, record_rule
from formcheck.substance import BASE_CAS, HYDROCHLORIDE_CAS, SALT_OF_BASE, as_hydrochloride
from formcheck.units import Amount, format_beyond, format_exactly

_WITHIN = Fraction(5, 1000)
_SPARE_SHELLS = Fraction(110, 100)
_MOST_DAYS = 365


@record_rule(
    "FC916",
    "Figures of the formulation, recomputed",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck: arithmetic on the formulation's own figures",
    subjects=("formulation",),
)
def figures_recomputed(batch: Batch) -> Iterator[Fault]:
    """The figures of a formulation must agree with each other, since every batch is made by them.

    The amount of the active is strength x batch size, with or without the overage of the active, at a potency of 1 and
    before the batch overage, within 0.5 %: 4.5 mg x 100 are 450 mg. The batch is made up to its own size, with a shell for
    every capsule (10 % of spare shells are fine). Its strength is one of the strengths, and no capsule holds more than the
    ceiling. CAS number and name of the active mean the same substance, and no other component has that number. No amount
    is 0, no dating has 0 days, and no monograph of a compounded preparation gives more than a year.

    Compute the figure again, and correct the one that is wrong.
    """
    paper = paper_of(batch)
    wrong = [*_strengths(paper), *_substance(paper)]
    yield from wrong
    if paper.batch is not None:
        yield from _sizes(paper, paper.batch)
        # Of a strength or a substance that is wrong, the amount that follows from it is no fault more.
        yield from () if wrong else _active(paper, paper.batch)
    yield from _nothing(paper)
    for index, entry in enumerate(paper.beyond_use):
        if entry.basis == "monograph" and entry.days is not None and entry.days > _MOST_DAYS:
            yield Fault(
                message=f"no monograph of a compounded preparation gives {entry.days} days",
                field=(HERE, "beyond_use", index, "days"),
                found=f"{entry.days} days",
                limit=f"at most {_MOST_DAYS} days",
                help="Write the days that the monograph gives.",
            )


def _nothing(paper: MasterFormulationRecord) -> Iterator[Fault]:
    """Amounts and datings of nothing at all."""
    for index, component in enumerate(paper.components):
        if component.amount is not None and not component.amount.value > 0:
            name = component.name or f"component {index + 1}"
            message = f"{component.amount} of {name} are planned: that is none of it"
            place: Path = (HERE, "components", index, "amount")
            yield Fault(
                message, place, str(component.amount), "more than 0", "Write the amount, or take the component out."
            )
    for index, entry in enumerate(paper.beyond_use):
        if entry.days is not None and entry.days < 1:
            message = "a beyond-use date of 0 days leaves no day to use the preparation"
            place = (HERE, "beyond_use", index, "days")
            yield Fault(message, place, f"{entry.days} days", "1 day or more", "Write the days that it keeps.")


def _strengths(paper: MasterFormulationRecord) -> Iterator[Fault]:
    for index, strength in enumerate(paper.strengths):
        held = strength.value
        if paper.strength_basis is not None and strength.kind == "mass":
            held = as_hydrochloride(held, paper.strength_basis)
        if strength.kind == "mass" and not held <= CEILING.value:
            said = "" if held == strength.value else f" ({format_beyond(held, CEILING.value, 2)} mg of the hydrochloride)"
            yield Fault(
                message=f"one capsule of {strength}{said} is more than the {CEILING} a day that formcheck works up to",
                field=(HERE, "strengths", index),
                found=str(strength),
                limit=f"at most {CEILING}",
                help="Take this strength out of the formulation.",
            )
    planned = paper.batch.strength if paper.batch is not None else None
    named = {(strength.kind, strength.value) for strength in paper.strengths}
    if planned is not None and named and (planned.kind, planned.value) not in named:
        known = ", ".join(map(str, paper.strengths))
        message = f"the batch is of {planned}, which is none of the strengths ({known})"
        yield Fault(message, (HERE, "batch", "strength"), str(planned), f"one of {known}")


def _substance(paper: MasterFormulationRecord) -> Iterator[Fault]:
    """Whether the CAS number of the active is that of its name, and that of no other component."""
    for index, component in enumerate(paper.components):
        if component.role is not Role.ACTIVE and component.cas in (HYDROCHLORIDE_CAS, BASE_CAS):
            name = component.name or f"component {index + 1}"
            yield Fault(
                message=f"{name} has the CAS number of naltrexone, and is not the active",
                field=(HERE, "components", index, "cas"),
                found=f"CAS {component.cas}",
                limit="the CAS number of this component",
                help="Find out which substance is meant, and correct its CAS number or its role.",
            )
        if component.role is not Role.ACTIVE or component.name is None or component.cas is None:
            continue
        right = _CAS_OF.get(substance(component.name))
        if right is not None and component.cas != right:
            yield Fault(
                message=f"{component.name} has CAS {right}, and the formulation gives {component.cas}",
                field=(HERE, "components", index, "cas"),
                found=f"CAS {component.cas}",
                limit=f"CAS {right}",
                help="Find out which of the two is meant, the hydrochloride or the base, and correct the other.",
            )


_CAS_OF = {
    "naltrexone hydrochloride": HYDROCHLORIDE_CAS,
    "naltrexone": BASE_CAS,
    "naltrexone base": BASE_CAS,
}


def _sizes(paper: MasterFormulationRecord, plan: BatchPlan) -> Iterator[Fault]:
    """The volume made up to, and the shells, against the size of the batch."""
    size = plan.size
    if size is None:
        return
    for index, component in enumerate(paper.components):
        place: Path = (HERE, "components", index)
        volume = component.final_volume
        if volume is not None and size.kind == "volume" and volume.value != size.value:
            message = f"{component.name} makes the batch up to {volume}, and the batch is of {size}"
            yield Fault(message, (*place, "final_volume"), str(volume), str(size))
        if component.role is Role.SHELL and component.amount is not None:
            yield from _shells(component, component.amount, size, place)


def _shells(component: Component, amount: Amount, size: Amount, place: Path) -> Iterator[Fault]:
    if amount.kind == size.kind == "capsules" and not size.value <= amount.value <= size.value * _SPARE_SHELLS:
        message = f"{amount.number} shells ({component.name}) are planned for {size}"
        yield Fault(message, (*place, "amount"), str(amount), f"{size}, and at most 10 % to spare")


def _active(paper: MasterFormulationRecord, plan: BatchPlan) -> Iterator[Fault]:
    """The amount of the one active against strength x size x (1 + its overage)."""
    actives = [(index, component) for index, component in enumerate(paper.components) if component.role is Role.ACTIVE]
    size, basis = plan.size, paper.strength_basis
    if len(actives) != 1 or plan.strength is None or size is None or basis is None or paper.dosage_form is None:
        return
    (index, active), form = actives[0], DOSAGE_FORMS[paper.dosage_form]
    if active.amount is None or active.amount.kind != "mass" or plan.strength.kind != form.strength_kind:
        return
    if (size.kind == "capsules") != form.units_are_counted:
        return
    strength = as_hydrochloride(plan.strength.value, basis)
    if active.cas == BASE_CAS:
        strength = strength / SALT_OF_BASE
    overage = plan.active_overage.value if plan.active_overage is not None else Fraction(0)
    right = strength * size.value * (1 + overage)
    # The overage may stand in the amount, or be added when the batch is weighed.
    if all(abs(active.amount.value - planned) > _WITHIN * planned for planned in (right, right / (1 + overage))):
        more = f" x {format_exactly(1 + overage)}" if overage else ""
        shown = f"{format_exactly(right, 2)} mg"
        yield Fault(
            message=f"{active.amount} of {active.name} are planned, and {plan.strength} x {size}{more} are {shown}",
            field=(HERE, "components", index, "amount"),
            found=str(active.amount),
            limit=f"within 0.5 % of {shown}",
            help="Write the amount at a potency of 1 and before the batch overage; or correct the strength and size.",
        )
