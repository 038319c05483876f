"""For how many days a container lasts: what was dispensed, and what is taken of it in a day."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from formcheck.planning.dropping import intake_of
from formcheck.planning.labels import remembered
from formcheck.planning.once import once

if TYPE_CHECKING:
    from formcheck.planning.batch import Batch

__all__ = ["dispensed", "taken"]

_QUANTITY = re.compile(
    r"(?:\b(?:quantity|qty)\.? ?:? ?|(?<!\w)# ?)([1-9][0-9]{0,3}(?:\.[0-9]{1,2})?)(?![0-9.,]) ?(capsules?|caps?|ml)?(?!\w)"
)


@remembered
def _quantities(line: str) -> tuple[tuple[Fraction, str], ...]:
    return tuple((Fraction(number), unit) for number, unit in _QUANTITY.findall(line))


@once
def dispensed(batch: Batch) -> Fraction | None:
    """The units (or mL) in the patient's hands: by the prescription, else by the label; None where neither says."""
    form, prescription = batch.form, batch.record.prescription
    if form is None:
        return None
    said = prescription.dispensed if prescription is not None else None
    if said is not None:
        return said.value if (said.kind == "capsules") == form.units_are_counted else None
    found = [quantity for line in batch.label.lines for quantity in _quantities(line)]
    if len(found) != 1:
        return None
    number, unit = found[0]
    # A bare number counts capsules; a liquid is not counted.
    return number if (unit == "ml") is not form.units_are_counted else None


@once
def taken(batch: Batch) -> tuple[Fraction, int] | None:
    """The units (or mL) taken at once and how often a day, where record or label say both plainly.

    None under a plan of several steps: there no one dose says how long the container lasts.
    """
    record, label, form = batch.record, batch.directions, batch.form
    prescription = record.prescription
    if form is None or (prescription is not None and prescription.plan is not None):
        return None
    if record.per_day is None and not (label.given and label.understood):
        return None
    times = int(record.per_day) if record.per_day is not None else label.per_day
    at_once = _capsules(batch) if form.units_are_counted else _volume(batch)
    return (at_once, times) if at_once is not None and at_once > 0 and times > 0 else None


def _capsules(batch: Batch) -> Fraction | None:
    dose, label = batch.record.dose, batch.directions
    if dose is not None:
        return None if dose.capsules is None else Fraction(int(dose.capsules))
    return (
        Fraction(label.at_once) if label.given and label.understood and not label.drops and not label.millilitres else None
    )


def _volume(batch: Batch) -> Fraction | None:
    intake = intake_of(batch)
    if intake is None or intake.kind == "volume":
        return None if intake is None else intake.value
    return None if batch.drop_factor is None else intake.number / batch.drop_factor.per_millilitre
