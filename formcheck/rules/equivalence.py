"""FC1: one dose said in several ways. Whether capsules, millilitres and drops hold what was ordered."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck.dose import CEILING
from formcheck.findings import Authority, Severity
from formcheck.planning.batch import Batch
from formcheck.planning.once import once
from formcheck.rules.contradictions import SOURCE, contradictions, exactly, percent_within
from formcheck.rules.drops import MOST_ERROR
from formcheck.rules.rule import Limits, Row, Telling, limit_rule
from formcheck.substance import as_hydrochloride
from formcheck.units import format_exactly

NEAR = Fraction(1, 100)


def _within(tolerance: Fraction, words: str) -> Limits:
    return percent_within(1 - tolerance, 1 + tolerance, words)


_ONE_PERCENT = _within(NEAR, "within 1 % of the dose ordered")


def _drops_per_millilitre(batch: Batch) -> Fraction | None:
    """The factor the drops of a record were counted with; whether it may be used is the matter of other rules."""
    typed = batch.record.drop_factor
    if typed is not None:
        return typed.value if typed.value > 0 else None
    return None if batch.drop_factor is None else batch.drop_factor.per_millilitre


def _pairs(batch: Batch) -> Iterator[Row]:
    """Each way of saying the dose beside the one it is compared with."""
    record = batch.record
    dose, strength = record.dose, record.strength
    if dose is None or strength is None or not strength.value > 0:
        return
    if strength.kind == "mass":
        if dose.capsules is not None and dose.ordered is not None:
            words = f"{dose.capsules} capsule{'s' if dose.capsules != 1 else ''} of {strength}"
            given = dose.capsules * strength.value
            yield _row(given, dose.ordered.value, exactly, words, f"{dose.ordered} were ordered", "capsules")
    elif strength.kind == "concentration":
        yield from _of_liquid(batch, strength.value)


def _of_liquid(batch: Batch, strength: Fraction) -> Iterator[Row]:
    dose, factor = batch.record.dose, _drops_per_millilitre(batch)
    if dose is None:
        return
    held = dose.volume.value * strength if dose.volume is not None else None
    ordered = dose.ordered.value if dose.ordered is not None else None
    if not dose.drops or factor is None:
        if held is not None and ordered is not None:
            yield _row(held, ordered, _ONE_PERCENT, f"{dose.volume}", f"{dose.ordered} were ordered", "volume")
        return
    drop = strength / factor
    counted = f"{dose.drops} drop{'s' if dose.drops != 1 else ''} at {format_exactly(factor, 3)} drops/mL"
    if ordered is not None and not _is_far_off(batch):
        limits = _half_a_drop(drop, ordered, "the dose ordered", one_less=_next_drop_is_too_much(batch, drop))
        yield _row(dose.drops * drop, ordered, limits, counted, f"{dose.ordered} were ordered", "drops")
    if held is not None:
        # Beside drops the volume is that of the drops, rounded for print.
        limits = _half_a_drop(drop, dose.drops * drop, "what the drops hold")
        other = f"{counted} hold {format_exactly(dose.drops * drop, 3)} mg"
        yield _row(held, dose.drops * drop, limits, f"{dose.volume}", other, "volume")


def _is_far_off(batch: Batch) -> bool:
    """Whether the drops are so far from the dose ordered that FC604 fails: one fault gets one name."""
    error = None if batch.conversion is None else batch.conversion.rounding_error
    return error is not None and abs(error) > MOST_ERROR


def _next_drop_is_too_much(batch: Batch, drop: Fraction) -> bool:
    """Whether one drop more would pass the ceiling, so that the drops were rounded down and not to the nearest."""
    record = batch.record
    dose, times = record.dose, record.per_day if record.per_day is not None else batch.directions.per_day
    if dose is None or dose.drops is None or record.strength_basis is None:
        return False
    return bool(as_hydrochloride((dose.drops + 1) * drop * times, record.strength_basis) > CEILING.value)


def _half_a_drop(drop: Fraction, of: Fraction, words: str, *, one_less: bool = False) -> Limits:
    if not of > 0:
        return _ONE_PERCENT
    part = "one drop" if one_less else "half a drop"
    return _within(max((drop if one_less else drop / 2) / of, NEAR), f"within {part}, or 1 %, of {words}")


def _row(given: Fraction, wanted: Fraction, limits: Limits, words: str, other: str, field: str) -> Row:
    values = {"given": given, "wanted": wanted if wanted > 0 else None}
    return Row(values, limits, partial(_tell, given, words, other), ("dose", field))


def _tell(given: Fraction, words: str, other: str) -> Telling:
    held = f"{format_exactly(given, 3)} mg"
    return Telling(words, said=f"{words} hold {held}, and {other}", found=held, unknown="0 mg is no dose to compare with")


@once
def _said(batch: Batch) -> tuple[Row, ...]:
    """Every dose that is said twice, beside its other; a record that contradicts itself is mended first."""
    if batch.record.strength is None:
        return ()
    pairs = tuple(_pairs(batch))
    return pairs if any(map(_is_broken, pairs)) else (*pairs, *contradictions(batch))


def _is_broken(row: Row) -> bool:
    given, wanted = row.values["given"], row.values["wanted"]
    return bool(given is None or wanted is None or any(bound.broken_by(given / wanted) for bound in row.limits.bounds))


def _is_said_twice(batch: Batch) -> bool:
    record, prescription = batch.record, batch.record.prescription
    if record.strength is not None:
        return bool(_said(batch))
    return record.dose is not None or (prescription is not None and prescription.plan is not None)


@limit_rule(
    "FC108",
    "Capsules, liquid and drops that hold the same dose",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source=SOURCE,
    needs=("strength",),
    applies=_is_said_twice,
    alone=True,
    rows=_said,
    quantities={"given": "mg", "wanted": "mg"},
    shown_in="%",
)
def same_dose_said_twice(given: Any, wanted: Any) -> Any:
    """Where a record says a dose in two ways, both must hold the same milligrams.

    Capsules must hold the dose ordered exactly, a volume within 1 %. Drops are whole, so half a drop is allowed:
    4.5 mg of 5 mg/mL at 25.85 drops/mL is 23 drops, which hold 4.448 mg; 22 would hold 4.255 mg, a fault. Drops more
    than 10 % off are named as such (FC604). A volume beside drops is compared with the drops.
    What the record says is taken in a day is compared with its label, and the plan of the prescription with both: with
    a plan of 1.5 mg, a label of "Take 3 capsules" of 1.5 mg is a fault. Of a label that goes up step by step the largest
    day counts. Directions that cannot be read with certainty are the matter of FC101.

    Work the dose out again (formcheck convert), and correct the record and its label.
    """
    return given / wanted
