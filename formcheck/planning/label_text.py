"""The text of a container label, composed from the papers of a batch (USP <795> 9; ISMP: plain words)."""

from collections.abc import Iterator
from fractions import Fraction

from formcheck.liquid import nearest_whole
from formcheck.planning.batch import Batch
from formcheck.planning.dropping import is_cold
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
    said = directions or _directions(batch)
    if said:
        yield said
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


def _directions(batch: Batch) -> str:
    """The directions, from the dose and how often a day; empty where the record does not say both."""
    dose, form = batch.record.dose, batch.form
    times = batch.record.per_day
    if dose is None or times is None or form is None:
        return ""
    often = _TIMES.get(int(times), f"{times} times a day")
    if dose.capsules is not None and form.units_are_counted:
        return f"Take {dose.capsules} capsule{'s' if dose.capsules != 1 else ''} by mouth {often}."
    if dose.volume is not None and not form.units_are_counted:
        return f"Take {dose.volume} by mouth {often}."
    conversion = batch.conversion
    if dose.drops is None or conversion is None or conversion.delivered_volume is None:
        return ""
    # No zero at the end: 0.7 mL, not 0.70 mL.
    volume = format_exactly(exact(format_number(Fraction(conversion.delivered_volume.magnitude), 2)))
    return (
        f"Place {dose.drops} drop{'s' if dose.drops != 1 else ''} under the tongue {often} "
        f"(about {format_exactly(conversion.asked.milligrams, 2)} mg; {volume} mL)."
    )
