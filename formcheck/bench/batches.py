"""A batch at the bench: capsules filled by packing statistics, and what came out of what went in."""

from collections.abc import Sequence
from fractions import Fraction

from formcheck import measures
from formcheck.bench.powders import Potency, whole, within_ceiling
from formcheck.bench.worked import WARNING, Step, Worked, figure, percent, to_decimals
from formcheck.errors import CannotConvert
from formcheck.units import Amount

__all__ = ["filling", "mass_balance", "yielded"]

PACKING_SOURCE = "good practice: packing statistics, the mass of one powder that fills one capsule of this size"
LOSS_SOURCE = "good practice: DAC/NRF I.9.3.1 (Germany), loss of mass"


def filling(
    strength: Amount,
    found: Potency,
    packings: tuple[Amount, Amount],
    active_overage: Fraction = Fraction(0),
    batch: tuple[Amount, Fraction] | None = None,
    shell: Amount | None = None,
) -> Worked:
    """The diluent that fills a capsule up beside the active, and the theoretical mass of the capsule.

    `packings` are the packing statistics of the active and of the diluent; `batch` the number of units and the batch
    overage, for the diluent in all; `shell` the mass of an empty shell. Exit 1 where the active does not fit. Raises
    CannotConvert for amounts that cannot be; DoseAboveCeiling for a unit that holds more than the ceiling.
    """
    within_ceiling(strength)
    of_active, of_diluent = packings
    if not all(mass.value > 0 for mass in (strength, of_active, of_diluent)):
        raise CannotConvert("the strength and the packing statistics must be above 0")
    powder = Fraction(measures.required_active(strength.value, 1, Fraction(0), active_overage, found.value))
    room = Fraction(measures.relative_to(powder, of_active.value))
    overage = f" x (1 + {percent(active_overage)})" if active_overage else ""
    steps = [
        found.step,
        Step("Powder of the active in one capsule", "a = strength x (1 + active overage) / P",
             f"{strength}{overage} / {percent(found.value)}", figure(powder, "mg")),
        Step("Part of the capsule it takes", "a / packing of the active", f"{figure(powder, 'mg')} / {of_active}",
             percent(room), PACKING_SOURCE),
    ]  # fmt: skip
    data: dict[str, object] = {"active_powder_mg": powder, "filled_by_active_pct": room * 100}
    if not room < 1:
        answer = f"It does not fit: the active takes {percent(room, 1)} of a capsule. Look for a slip, or use a larger size"
        return Worked(answer, data, tuple(steps), found.notes, 1)
    diluent = Fraction(measures.diluent_for_one(powder, of_active.value, of_diluent.value))
    steps += _filled_up(powder, diluent, packings)
    data |= {"diluent_each_mg": diluent, "net_mg": powder + diluent}
    answer = f"A capsule holds {figure(powder, 'mg', 2)} of active and {figure(diluent, 'mg', 2)} of diluent"
    if shell is not None:
        gross = powder + diluent + shell.value
        steps.append(Step("Theoretical gross mass", "net mass + empty shell", f"... + {shell}", figure(gross, "mg")))
        data["gross_mg"] = gross
    if batch is not None:
        units, more = batch
        whole(units)
        total = diluent * units.value * (1 + more)
        numbers = f"{figure(diluent, 'mg')} x {units} x (1 + {percent(more)})"
        steps.append(Step("Diluent for the batch", "d x units x (1 + batch overage)", numbers, figure(total, "mg")))
        data["diluent_mg"] = total
        answer += f"; weigh {figure(total, 'mg', 1)} of diluent"
    return Worked(answer, data, tuple(steps), (*found.notes, _LESS))


_LESS = (
    "Diluent that comes with an aliquot is taken off. A further powder takes its own part of the capsule, and is not "
    "reckoned here."
)


def _filled_up(powder: Fraction, diluent: Fraction, packings: tuple[Amount, Amount]) -> list[Step]:
    of_active, of_diluent = packings
    numbers = f"(1 - {figure(powder, 'mg')} / {of_active}) x {of_diluent}"
    formula = "d = (1 - a / packing of the active) x packing of the diluent"
    both = f"{figure(powder, 'mg')} + {figure(diluent, 'mg')}"
    return [
        Step("Diluent in one capsule", formula, numbers, figure(diluent, "mg"), PACKING_SOURCE),
        Step("Theoretical net mass", "a + d", both, figure(powder + diluent, "mg")),
    ]


def yielded(planned: Amount, made: Amount) -> Worked:
    """What was made as a percentage of what was planned: capsules, or a volume. Raises CannotConvert for unlike amounts."""
    if planned.kind != made.kind:
        raise CannotConvert(f"{made} cannot be compared with {planned}: give both as units, both in mL, or both as masses")
    if not planned.value > 0:
        raise CannotConvert("what was planned must be above 0")
    whole(planned)
    whole(made)
    share = Fraction(measures.relative_to(made.value, planned.value))
    step = Step("Yield", "made / planned", f"{made} / {planned}", percent(share), rounding="shown to 4 decimals")
    answer = f"The yield is {percent(share, 1)} ({made} of {planned})"
    return Worked(answer, {"yield_pct": share * 100}, (step,), (_NO_LIMIT,))


_NO_LIMIT = (
    "No pharmacopoeia gives a range for the yield: the formulation sets its own (FC409, of a volume FC421). Capsules "
    "rejected and kept back are among those filled."
)


def mass_balance(charged: Sequence[Amount], units: Amount, mean: Amount, residual: Amount) -> Worked:
    """The powder lost or gained: what was charged, less what is in the capsules and what was left over.

    `charged` are all the powders weighed in; `mean` is the mean net mass of a capsule.
    """
    whole(units)
    total = sum((mass.value for mass in charged), Fraction(0))
    if not total > 0:
        raise CannotConvert("what was charged must be above 0")
    filled = units.value * mean.value
    lost = total - filled - residual.value
    share = Fraction(measures.mass_unaccounted(total, filled, residual.value))
    word = "lost" if lost >= 0 else "gained"
    sizes = [figure(mass, "mg") for mass in (total, filled)]
    steps = (
        Step("Charged", "all powders that were weighed in", " + ".join(map(str, charged)), sizes[0]),
        Step("In the capsules", "capsules filled x mean net mass", f"{units} x {mean}", sizes[1]),
        Step(f"Powder {word}", "|charged - in the capsules - left over|", f"|{sizes[0]} - {sizes[1]} - {residual}|",
             figure(abs(lost), "mg")),
        Step("Of what was charged", f"{word} / charged", f"{figure(abs(lost), 'mg')} / {sizes[0]}",
             f"{to_decimals(share * 100, 2)} %", LOSS_SOURCE, "shown to 2 decimals"),
    )  # fmt: skip
    data = {"charged_mg": total, "in_units_mg": filled, "lost_mg": lost, "unaccounted_pct": share * 100}
    gained = f"{WARNING}powder cannot be gained: something was weighed twice, left out, or the balance was off."
    answer = f"{figure(abs(lost), 'mg', 1)} {word}, {to_decimals(share * 100, 1)} % of what was charged"
    return Worked(answer, data, steps, (gained,) if lost < 0 else ())
