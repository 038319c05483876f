"""FC6: the volume of a dose, and what measures it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from formcheck.dose import Conversion
from formcheck.findings import Authority, Severity
from formcheck.rules.drops import BOTH
from formcheck.rules.rule import Fault, record_rule
from formcheck.units import format_exactly

if TYPE_CHECKING:
    # A conversion at the counter is judged by this rule too, and must not wait for the papers to load.
    from formcheck.planning.batch import Batch
    from formcheck.units import Amount

LEAST_VOLUME = Fraction(1, 10)
LEAST_SHARE = Fraction(20, 100)


def _is_by_volume(subject: Conversion | Batch) -> bool:
    if isinstance(subject, Conversion):
        return subject.factor is None
    return _intake(subject) is not None


def _intake(batch: Batch) -> Amount | None:
    """The volume taken at once of a liquid in a record; None of capsules and of drops."""
    from formcheck.planning.dropping import intake_of

    intake = intake_of(batch) if batch.form is not None and not batch.form.units_are_counted else None
    return intake if intake is not None and intake.kind == "volume" else None


@record_rule(
    "FC608",
    "Dose and size of the syringe",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source="good practice: Arenas-Lopez 2017, Arch Dis Child 102:655; 20 % of the capacity (Pharmacist's Letter 2024)",
    subjects=BOTH,
    applies=_is_by_volume,
)
def syringe_dose(subject: Conversion | Batch) -> Iterator[Fault]:
    """A volume of 0.1 mL or less, or under a fifth of what the device holds, cannot be measured well.

    Oral syringes of 1 mL were inaccurate at 0.1 mL and below, by more than 10 %. A syringe or graduate should be filled
    to 20 % of its capacity at least: 0.3 mL belongs into a syringe of 1 mL, not of 5 mL. A dose larger than the device
    is drawn up twice, and the second half is forgotten or counted wrong.

    Use a smaller syringe, or a weaker liquid of which more is taken.
    """
    if isinstance(subject, Conversion):
        volume = subject.volume_to_measure
        if volume <= LEAST_VOLUME:
            shown = f"{format_exactly(volume)} mL"
            yield _too_small(shown)
        return
    intake = _intake(subject)
    if intake is not None:
        yield from _of_record(subject, intake)


def _too_small(dose: str, *field: str) -> Fault:
    return Fault(f"a dose of {dose} is measured badly by any oral syringe", field, dose, "more than 0.1 mL")


def _of_record(batch: Batch, intake: Amount) -> Iterator[Fault]:
    formulation = batch.formulation
    device = batch.record.device or (formulation.device if formulation is not None else None)
    capacity = device.capacity if device is not None else None
    if intake.value <= LEAST_VOLUME:
        yield _too_small(str(intake), "dose")
    elif capacity is not None and capacity.value > 0 and intake.value > capacity.value:
        message = f"a dose of {intake} does not go into the {capacity} that the device holds: it would be drawn up twice"
        larger = f"Supply an oral syringe that holds {intake} or more."
        yield Fault(message, ("dose",), str(intake), f"at most {capacity}", larger)
    elif capacity is not None and intake.value < LEAST_SHARE * capacity.value:
        least = f"at least {format_exactly(LEAST_SHARE * capacity.value, 4)} mL, 20 % of {capacity}"
        yield Fault(
            f"a dose of {intake} is less than 20 % of the {capacity} that the device holds", ("dose",), str(intake), least
        )
