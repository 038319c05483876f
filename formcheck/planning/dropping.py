"""The dose of a liquid in a record: how large its drops are, and what is taken, as a conversion."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from formcheck.dose import Conversion, convert
from formcheck.errors import FormcheckError
from formcheck.liquid import DropFactor, Preparation, read_run
from formcheck.papers.formulation import DropCalibration
from formcheck.planning.components import plain
from formcheck.units import Amount, amount, format_exactly

if TYPE_CHECKING:
    from formcheck.planning.batch import Batch

__all__ = ["celsius", "conversion_of", "factor_of", "intake_of", "is_cold"]

_DEGREES = re.compile(r"(?<![0-9.])([0-9]{1,3}(?:\.[0-9])?) ?(?:°|deg(?:rees?)?)? ?(c|f)\b")
_COLD_UP_TO = Fraction(10)


def celsius(text: str | None) -> Fraction | None:
    """The temperature that a text names [°C], None where it names none."""
    match = _DEGREES.search(plain(text)) if text is not None else None
    if match is None:
        return None
    degrees = Fraction(match[1])
    return (degrees - 32) * 5 / 9 if match[2] == "f" else degrees


def is_cold(text: str | None) -> bool:
    """Whether a text names a temperature as in a refrigerator."""
    found = celsius(text)
    return found is not None and found <= _COLD_UP_TO


def factor_of(calibration: DropCalibration | None) -> DropFactor | None:
    """The pooled drop factor of a calibration; None where there are no runs or they cannot be read."""
    if calibration is None:
        return None
    try:
        return DropFactor.from_runs([read_run(run) for run in calibration.runs], calibration.density)
    except FormcheckError:
        return None


def intake_of(batch: Batch) -> Amount | None:
    """What is taken at once of a liquid: drops or a volume, as the record says, else as its label does plainly."""
    dose, label = batch.record.dose, batch.directions
    if dose is not None:
        return amount(f"{dose.drops} drops") if dose.drops else dose.volume
    if not label.understood:
        return None
    if label.drops:
        return amount(f"{label.drops} drops")
    return amount(f"{format_exactly(label.millilitres)} mL") if label.millilitres else None


def conversion_of(batch: Batch) -> Conversion | None:
    """The dose that the record orders or its directions give, in mL and in drops; None where that cannot be said.

    Drops are counted with the factor on file. Where the record says what was ordered, that is the dose asked for, and the
    drops of the directions what is delivered.
    """
    record, intake = batch.record, intake_of(batch)
    if intake is None or record.strength is None:
        return None
    factor = None if intake.kind == "volume" else batch.drop_factor
    times = record.per_day if record.per_day is not None else batch.directions.per_day
    try:
        preparation = Preparation.labelled(record.strength, record.strength_basis)
        given = convert(intake, preparation, factor, per_day=int(times))
        ordered = record.dose.ordered if record.dose is not None else None
        if ordered is None:
            return given
        # Without the factor: a dose too small for whole drops is still what was asked for.
        asked = convert(ordered, preparation, per_day=int(times), basis=record.strength_basis).asked
        return attrs.evolve(given, asked=asked)
    except FormcheckError:
        return None
