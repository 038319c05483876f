"""The text of a container label, composed from the papers of a batch (USP <795> 9; ISMP: plain words)."""

from collections.abc import Iterator
from fractions import Fraction

from formcheck.dose import Conversion
from formcheck.liquid import nearest_whole
from formcheck.planning.batch import Batch
from formcheck.planning.dropping import is_cold
from formcheck.planning.titration import Plan, Step
from formcheck.substance import Basis
from formcheck.units import Amount, amount, exact, format_exactly, format_number

__all__ = ["LIGHT", "label_lines", "title_of"]

LIGHT = "Protect from light."
_STORED = {"room": "Store at room temperature, 20-25 °C", "refrigerator": "Keep in a refrigerator, 2-8 °C"}
_TIMES = {1: "once daily", 2: "twice daily"}


def title_of(batch: Batch) -> str:
    """Name, strength and dosage form, written out once: "Naltrexone hydrochloride 4.5 mg capsules"."""
    record, form = batch.record, batch.form
    name = "Naltrexone" if record.strength_basis is Basis.BASE else "Naltrexone hydrochloride"
    strength = "" if record.strength is None else f" {record.strength}"
    return f"{name}{strength} {form.plural if form is not None else ''}".rstrip()


def label_lines(
    batch: Batch, *, dispensed: Amount | None = None, directions: str = "", pharmacy: str = ""
) -> Iterator[str]:
    """The lines of a label; what is not known is left out, and the rules of labels say that it is missing."""
    record, form = batch.record, batch.form
    yield title_of(batch)
    quantity = dispensed or _dispensed(batch)
    if quantity is not None:
        yield f"Quantity: {quantity}"
    if record.id:
        yield f"Lot: {record.id}"
    yield from [directions] if directions else _directions(batch)
    if form is not None and form.dosed_in_drops and batch.drop_factor is not None:
        drops = nearest_whole(batch.drop_factor.per_millilitre)
        yield f"{drops} drops per mL with this dropper only. Do not change the dropper."
        if _stored(batch) == "refrigerator" and not _counted_cold(batch):
            yield "Let the bottle warm up before counting drops."
    elif form is not None and not form.units_are_counted:
        yield "Measure with the oral syringe supplied."
    if record.beyond_use_date is not None:
        yield f"Discard after: {record.beyond_use_date}"
    yield from _storage(batch)
    paper = batch.formulation.label if batch.formulation is not None else None
    yield from paper.warnings if paper is not None else ()
    yield "This medicine was compounded."
    if pharmacy:
        yield f"Compounded by {pharmacy}"


def _dispensed(batch: Batch) -> Amount | None:
    """What is in the container: as dispensed, else the capsules that are left, else the size of the batch."""
    record = batch.record
    if record.prescription is not None and record.prescription.dispensed is not None:
        return record.prescription.dispensed
    counts = record.counts
    if batch.form is not None and batch.form.units_are_counted and counts is not None and counts.filled is not None:
        left = int(counts.filled) - int(counts.rejected or 0) - int(counts.retained or 0)
        return amount(f"{left} capsules") if left > 0 else None
    return record.quantity


def _stored(batch: Batch) -> str | None:
    return batch.record.storage or (batch.formulation.storage if batch.formulation is not None else None)


def _counted_cold(batch: Batch) -> bool:
    """Whether any of the drops of its calibrations were counted cold, as they are taken from a refrigerator."""
    papers = (batch.record.drop_calibration, batch.formulation.drop_calibration if batch.formulation is not None else None)
    return any(is_cold(paper.temperature) for paper in papers if paper is not None)


def _storage(batch: Batch) -> Iterator[str]:
    storage = _stored(batch)
    if storage is not None:
        where = "container" if batch.form is None or batch.form.units_are_counted else "bottle"
        yield f"{_STORED[storage]}, in this closed {where}. {LIGHT}"


def _directions(batch: Batch) -> Iterator[str]:
    """The directions: each step of a plan that goes from one dose to another, else the dose and how often a day.

    Nothing where the record does not say them, or a step cannot be given.
    """
    plan, prescription = batch.plan, batch.record.prescription
    strengths = prescription.strengths if prescription is not None else ()
    is_part = any(batch.record.strength is None or other.value != batch.record.strength.value for other in strengths)
    if plan is not None and not is_part and len({step.dose * step.per_day for step in plan.steps}) > 1:
        said = [_step(batch, plan, step) for step in plan.steps] if plan.within_ceiling else [""]
        if all(said):
            yield f"{said[0]}."
            yield from (f"Then {words[0].lower()}{words[1:]}." for words in said[1:])
        return
    dose, times = batch.record.dose, batch.record.per_day
    if dose is None or times is None or batch.form is None:
        return
    often = _often(int(times))
    if dose.capsules is not None and batch.form.units_are_counted:
        yield f"{_capsules(int(dose.capsules), often)}."
    elif dose.volume is not None and not batch.form.units_are_counted:
        yield f"Take {dose.volume} by mouth {often}."
    elif dose.drops is not None and (drops := _drops(int(dose.drops), batch.conversion, often)):
        yield f"{drops}."


def _step(batch: Batch, plan: Plan, step: Step) -> str:
    """What is taken in one step of a plan, and for how long; empty where it cannot be given."""
    at_once, often = plan.at_once(step), _often(step.per_day)
    if at_once is None or batch.form is None:
        return ""
    if batch.form.units_are_counted:
        taken = _capsules(int(at_once), often)
    elif batch.form.dosed_in_drops:
        conversion = plan.conversion(step)
        if conversion is None or conversion.drops is None or batch.record.strength_basis is Basis.BASE:
            return ""  # the milligrams of a plan are of the hydrochloride
        taken = _drops(conversion.drops, conversion, often)
    else:
        taken = f"Take {format_exactly(exact(format_number(at_once, 2)))} mL by mouth {often}"
    return f"{taken} for {step.days} days" if taken and step.days else taken


def _often(times: int) -> str:
    return _TIMES.get(times, f"{times} times a day")


def _capsules(number: int, often: str) -> str:
    return f"Take {number} capsule{'s' if number != 1 else ''} by mouth {often}"


def _drops(drops: int, conversion: Conversion | None, often: str) -> str:
    if conversion is None or conversion.delivered_volume is None:
        return ""
    # No zero at the end: 0.7 mL, not 0.70 mL.
    volume = format_exactly(exact(format_number(Fraction(conversion.delivered_volume.magnitude), 2)))
    return (
        f"Place {drops} drop{'s' if drops != 1 else ''} under the tongue {often} "
        f"(about {format_exactly(conversion.asked.milligrams, 2)} mg; {volume} mL)"
    )
