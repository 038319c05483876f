"""FC1: the dose of the record and the plan of its prescription, beside what the label tells the patient to take."""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache, partial
from typing import NamedTuple

from formcheck.papers.values import PlannedStep
from formcheck.planning.batch import Batch
from formcheck.rules.rule import Limit, Limits, Path, Row, Telling
from formcheck.units import format_exactly

__all__ = ["SOURCE", "contradictions", "exactly", "percent_within"]

SOURCE = "formcheck; whole drops give a dose to half a drop"
_NEAR = Fraction(1, 100)
_ONE = Fraction(1)
_NEAR_CEILING = Fraction(9)
"""From here on [mg a day] the next drop may be too much."""
_RECORD_OR_LABEL = "Find out what the prescriber ordered, then correct the record or print the label again."
_ORDER = "Find out what the prescriber ordered before it is dispensed, then correct the plan, the record or the label."

_STEPS = "Find out what the prescriber ordered. Where the plan is right, print every step of it on the label."


@lru_cache(maxsize=256)
def percent_within(low: Fraction | None, high: Fraction | None, words: str) -> Limits:
    """Limits about 100 %, of which either side may be open."""
    bounds = ((low, False), (high, True))
    return Limits(words, tuple(Limit(100 * number, upper, SOURCE, "%") for number, upper in bounds if number is not None))


exactly = percent_within(_ONE, _ONE, "exactly the dose ordered")


class _Said(NamedTuple):
    """What is taken of a day, so many units at once and so often."""

    at_once: Fraction
    often: int
    unit: str

    @property
    def amount(self) -> Fraction:
        return self.at_once * self.often

    @property
    def words(self) -> str:
        plural = "s" if self.at_once != 1 and self.unit != "mL" else ""
        times = "once" if self.often == 1 else "twice" if self.often == 2 else f"{self.often} times"
        return f"{format_exactly(self.at_once, 4)} {self.unit}{plural} {times} a day"


def contradictions(batch: Batch) -> Iterator[Row]:
    """The record's dose beside the label's, and the plan beside both."""
    yield from _label_beside_record(batch)
    yield from _label_beside_ordered(batch)
    yield from _beside_plan(batch)


# ---------------------------------------------------------------------------- the record and its label


def _label_beside_record(batch: Batch) -> Iterator[Row]:
    """What the record says is taken in a day, beside the directions of its label, where both can be counted."""
    by_record, by_label = _of_record(batch), _of_label(batch)
    if by_record is None or by_label is None:
        return
    if _unit(batch) == "drop" and _at_once_of_record(batch) != _at_once_of_label(batch):
        return  # FC705 compares the drops
    limits = percent_within(_ONE - _NEAR, _ONE + _NEAR, "what the label says")
    if not batch.label.has_one_dose:
        if _at_once_of_record(batch) <= _at_once_of_label(batch):
            return  # of a label with several doses the record may give any; the most of both counts (FC101)
        limits = percent_within(None, _ONE + _NEAR, "the most that the label says")

    def told() -> Telling:
        said = f"the record says {by_record.words}, the label {by_label.words}"
        return _told(said, by_record.words, _RECORD_OR_LABEL)

    yield _row(by_record.amount, by_label.amount, limits, told, ("dose",))


def _label_beside_ordered(batch: Batch) -> Iterator[Row]:
    """What the label gives at once beside the dose ordered, where the record gives no number of units itself."""
    dose, strength, label = batch.record.dose, batch.record.strength, _of_label(batch)
    if dose is None or dose.ordered is None or strength is None or label is None or _at_once_of_record(batch):
        return
    if _unit(batch) == "drop" or not batch.label.has_one_dose or batch.plan is not None:
        return
    given, off = _at_once_of_label(batch) * strength.value, Fraction(0) if _unit(batch) == "capsule" else _NEAR
    said = f"by its label {format_exactly(given, 3)} mg are taken at once, and {dose.ordered} were ordered"
    limits = percent_within(_ONE - off, _ONE + off, "the dose ordered")
    told = partial(_told, said, f"{format_exactly(given, 3)} mg", _RECORD_OR_LABEL)
    yield _row(given, dose.ordered.value, limits, told, ("label",))


def _at_once_of_record(batch: Batch) -> Fraction:
    dose = batch.record.dose
    if dose is None:
        return Fraction(0)
    if batch.form is not None and batch.form.units_are_counted:
        return Fraction(int(dose.capsules or 0))
    return Fraction(int(dose.drops)) if dose.drops else dose.volume.value if dose.volume is not None else Fraction(0)


def _at_once_of_label(batch: Batch) -> Fraction:
    dose, label = batch.record.dose, batch.directions
    if batch.form is not None and batch.form.units_are_counted:
        return Fraction(label.at_once)
    # Where the record counts drops, what the label says beside them in mL is those drops, rounded.
    return Fraction(label.drops) if dose is not None and dose.drops else label.millilitres


def _of_record(batch: Batch) -> _Said | None:
    """What the record says is taken in a day."""
    at_once, per_day = _at_once_of_record(batch), batch.record.per_day
    often = batch.directions.per_day if per_day is None else int(per_day)
    return _Said(at_once, often, _unit(batch)) if at_once and often else None


def _of_label(batch: Batch) -> _Said | None:
    """What the label says is taken on its largest day, where every word of it is understood."""
    label = batch.directions
    if not label.given or not label.understood or batch.form is None:
        return None
    if label.units is not batch.form.units_are_counted:
        return None  # by milligrams alone, or in units of another form
    at_once = _at_once_of_label(batch)
    return _Said(at_once, label.per_day, _unit(batch)) if at_once else None


def _unit(batch: Batch) -> str:
    if batch.form is not None and batch.form.units_are_counted:
        return "capsule"
    dose, label = batch.record.dose, batch.directions
    in_drops = bool(dose.drops) if dose is not None else bool(label.drops)
    return "drop" if in_drops else "mL"


# ---------------------------------------------------------------------------- the plan


def _beside_plan(batch: Batch) -> Iterator[Row]:
    """What the record orders, and what the label gives on its largest day, beside the doses of the plan [mg a day]."""
    prescription, plan = batch.record.prescription, batch.plan
    if prescription is None or prescription.plan is None or plan is None or not plan.within_ceiling:
        return  # without a plan, or above the ceiling: FC101 says so
    if plan.strengths and plan.unreachable:
        return  # FC104 says so
    steps = prescription.plan.steps
    ordered = tuple(_ordered_beside_plan(batch, steps))
    yield from ordered or _taken_beside_plan(batch, steps)


def _in_a_day(step: PlannedStep) -> Fraction:
    return step.dose.value * step.per_day


def _ordered_beside_plan(batch: Batch, steps: tuple[PlannedStep, ...]) -> Iterator[Row]:
    """The dose ordered must be one of the plan's."""
    dose = batch.record.dose
    if dose is None or dose.ordered is None or any(dose.ordered.value == step.dose.value for step in steps):
        return
    largest = max(steps, key=_in_a_day)
    said = f"{dose.ordered} were ordered, and no step of the plan has that dose (its largest is {largest.text})"
    told = partial(_told, said, str(dose.ordered), _ORDER)
    yield _row(dose.ordered.value, largest.dose.value, exactly, told, ("dose", "ordered"))


def _taken_beside_plan(batch: Batch, steps: tuple[PlannedStep, ...]) -> Iterator[Row]:
    """The milligrams of the label's largest day beside those of the plan's; of the record's day, where no label says it.

    Where other strengths are dispensed beside this one, its label gives a part of the plan, and never more than all.
    """
    strength, label, prescription = batch.record.strength, _of_label(batch), batch.record.prescription
    taken = label or _of_record(batch)
    if strength is None or taken is None or not strength.value > 0 or prescription is None:
        return
    largest = max(steps, key=_in_a_day)
    wanted, held = _in_a_day(largest), strength.value
    low = high = Fraction(0) if _unit(batch) == "capsule" else _NEAR
    if _unit(batch) == "drop":
        if batch.drop_factor is None or not wanted > 0:
            return
        held /= batch.drop_factor.per_millilitre
        half = held * largest.per_day / 2 / wanted
        # The nearest whole drop is half a drop off; the one below, where the nearest would pass the ceiling.
        low, high = max(low, half * (2 if wanted * (1 + half) > _NEAR_CEILING else 1)), max(high, half)
    is_part = any(other.value != strength.value for other in prescription.strengths)
    # The record gives one dose, which may be that of any step.
    limits = percent_within(None if is_part or label is None else _ONE - low, _ONE + high, "the largest day of the plan")
    given = taken.amount * held
    said = (
        f"by {'the record' if label is None else 'its label'} {format_exactly(given, 3)} mg a day would be taken "
        f"({taken.words}), by the plan {format_exactly(wanted, 3)} mg on the largest day ({largest.text})"
    )
    place = ("dose",) if label is None else ("label",)
    yield _row(given, wanted, limits, partial(_told, said, f"{format_exactly(given, 3)} mg a day", _ORDER), place)
    first = steps[0]
    if label is None or is_part or not _has_one_day(batch) or _in_a_day(first) == wanted:
        return
    said = (
        f"by its label {format_exactly(given, 3)} mg a day would be taken from the first day on ({taken.words}), "
        f"by the plan {format_exactly(_in_a_day(first), 3)} mg at first ({first.text})"
    )
    limits = percent_within(_ONE - low, _ONE + high, "the first step of the plan")
    yield _row(given, _in_a_day(first), limits, partial(_told, said, f"{format_exactly(given, 3)} mg a day", _STEPS), place)


_ELSEWHERE = re.compile(r"\b(?:up to|at most|max\w*|schedule|titrat\w*|increas\w*|plan|calendar|leaflet|instructions)\b")


def _has_one_day(batch: Batch) -> bool:
    """Whether its label gives one dose for every day, and leaves the steps to no other paper."""
    return batch.label.has_one_dose and _ELSEWHERE.search(batch.label.folded) is None


def _told(said: str, found: str, do: str) -> Telling:
    return Telling("the dose", said=said, found=found, help=do, unknown="0 mg is no dose to compare with")


def _row(given: Fraction, wanted: Fraction, limits: Limits, told: Callable[[], Telling], field: Path) -> Row:
    return Row({"given": given, "wanted": wanted if wanted > 0 else None}, limits, told, field)
