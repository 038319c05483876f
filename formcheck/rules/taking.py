"""What a record says is taken in a day: by its plan, by the dose ordered, by its directions and those of its label.

The rules of doses judge these rows. At the counter they are loaded too, and must not wait for the papers.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from formcheck.dose import CEILING
from formcheck.planning.label_basis import other_basis
from formcheck.planning.once import once
from formcheck.rules.held import Held, far_from_label
from formcheck.rules.rule import Limits, Path, Row, Telling
from formcheck.substance import Basis, as_hydrochloride
from formcheck.units import format_exactly, format_number

if TYPE_CHECKING:
    from formcheck.planning.batch import Batch

__all__ = ["OWN_LIMIT", "Daily", "ceiling_rows", "daily_rows", "known_days", "says_what_is_taken"]

OWN_LIMIT = "formcheck's own limit, not a legal maximum"
NOT_LOW_DOSE = Fraction(25)
"""From here on it is no slip above the low doses any more: tablets of naltrexone have 50 mg."""
_MOST = str(CEILING)


def ceiling_rows(batch: Batch) -> Iterator[Row]:
    """The rows of `daily_rows`, and what a day would hold of a batch that is far above its label."""
    yield from daily_rows(batch)
    for row in daily_rows(batch):
        if row.field == _TAKEN:
            yield from (_held(row, held) for held in far_from_label(batch))


def _held(row: Row, held: Held) -> Row:
    strength = row.values["strength"]
    values = {**row.values, "strength": None if strength is None else strength * held.times}
    share = f"{format_number(held.times * 100, 1)} %"
    told = partial(_tell_held, row, f"by {held.words}, {share} of the strength", values)
    return Row(values, row.limits, told, held.field)


def _tell_held(row: Row, words: str, values: dict[str, Fraction | None]) -> Telling:
    told = row.tell()
    return Telling(f"{told.what} {words},", _far_above(values), unknown=told.unknown, help=told.help)


@once
def daily_rows(batch: Batch) -> tuple[Row, ...]:
    """Every daily dose of a record with the limit of FC101: each step of the plan, the dose ordered, what is taken."""
    return tuple(_rows(batch))


def _rows(batch: Batch) -> Iterator[Row]:
    record, formulation = batch.record, batch.formulation
    lowered = formulation.daily_dose_at_most if formulation is not None else None
    most = _MOST if lowered is None or lowered.value > CEILING.value else str(lowered)
    limits = Limits.at_most(most, OWN_LIMIT if most is _MOST else "the formulation", rounded=False)
    yield from _of_plan(batch, limits)
    if not _dose_is_known(batch):
        return
    at_once, words = _at_once(batch)
    times = _times_a_day(batch)
    strength = None
    if record.strength is not None and record.strength_basis is not None:
        strength = as_hydrochloride(record.strength.value, record.strength_basis)
    values = {"strength": strength, "at_once": at_once, "per_day": Fraction(times) if times else None}
    known = at_once is not None and times
    place = _TAKEN if known else _place_of_unknown(batch)
    yield Row(values, limits, partial(_tell_taken, batch, values, words), place)
    yield from _of_masses_on_label(batch, values, limits)
    yield from _by_basis_of_label(batch, values, limits)


def _place_of_unknown(batch: Batch) -> Path:
    """Where it stands that nobody can say what is taken: on the label, in the record's dose, or nowhere."""
    if batch.record.label is not None and not _label_is_read(batch, known=batch.record.dose is not None):
        return ("label",)
    return ("dose",) if batch.record.dose is not None else _TAKEN


def _tell_taken(batch: Batch, values: dict[str, Fraction | None], words: str) -> Telling:
    times, at_once = values["per_day"], values["at_once"]
    often = f", {times} times a day" if times is not None and times > 1 else ""
    return Telling(
        f"the daily dose ({batch.record.strength} x {words}{often})" if at_once is not None else "the daily dose",
        working=_far_above(values),
        unknown=words if at_once is None else "the strength, what it counts, or how often a day (per_day) is not said",
        help="" if at_once is not None and times else _help_for(batch),
    )


def _help_for(batch: Batch) -> str:
    if batch.directions.accounted:
        return "Write dose and per_day into the record, for the largest day."
    return "Write the directions plainly: what is taken at once in figures, and how often a day at most."


def _of_masses_on_label(batch: Batch, values: dict[str, Fraction | None], limits: Limits) -> Iterator[Row]:
    """The milligrams that the directions give, where they say more than capsules, mL or drops hold.

    Of a liquid, what the rounding of "about 4.5 mg" adds does not count.
    """
    label, basis = batch.directions, batch.record.strength_basis
    if not label.milligrams or basis is None or values["per_day"] is None:
        return
    given = as_hydrochloride(label.milligrams, basis)
    held = prod([values["strength"] or 0, values["at_once"] or 0], start=_ONE)
    if given > held * (_ROUNDED if batch.form is None or not batch.form.units_are_counted else 1):
        said = {"strength": given, "at_once": _ONE, "per_day": values["per_day"]}
        yield Row(
            said, limits, lambda: Telling("the daily dose by the milligrams on the label", _far_above(said)), ("label",)
        )


def _by_basis_of_label(batch: Batch, values: dict[str, Fraction | None], limits: Limits) -> Iterator[Row]:
    """What is taken where the label says base and the record counts the hydrochloride: by the label it is 10.7 % more."""
    strength, said = values["strength"], other_basis(batch)
    if strength is None or said is None or said.of != "base" or None in values.values():
        return
    counted = {**values, "strength": as_hydrochloride(strength, Basis.BASE)}
    words = f"the daily dose by the label, which says base ({said.words}),"
    yield Row(counted, limits, lambda: Telling(words, _far_above(counted)), ("label",))


_ROUNDED = Fraction(105, 100)
_ONE = Fraction(1)
_TAKEN = ("strength",)


class Daily(NamedTuple):
    """A daily dose of a record [mg], with what rounding to whole drops can have added to it, and its row."""

    milligrams: Fraction
    rounding: Fraction
    row: Row


def known_days(batch: Batch) -> list[Daily]:
    """The daily doses of a record that can be said, the largest first (without what rounding can have added)."""
    found = []
    for row in daily_rows(batch) if says_what_is_taken(batch) else ():
        known = [value for value in row.values.values() if value is not None]
        if len(known) == len(row.values):
            found.append(Daily(prod(known, start=_ONE), _rounding_of_drops(batch, row), row))
    return sorted(found, key=lambda daily: daily.milligrams - daily.rounding, reverse=True)


def _rounding_of_drops(batch: Batch, row: Row) -> Fraction:
    """What the rounding to whole drops can add to a day [mg]: half a drop each time; nothing where no drops are counted.

    Usual doses are judged with it, since 19 drops for 4.5 mg hold 4.545 mg with some droppers; the ceiling never is.
    """
    conversion = batch.conversion if row.field == _TAKEN else None
    if conversion is None or conversion.drops is None:
        return Fraction(0)
    return Fraction(conversion.content_of_drop.magnitude) * conversion.per_day / 2


def _far_above(values: dict[str, Fraction | None]) -> str:
    known = [value for value in values.values() if value is not None]
    far = len(known) == len(values) and prod(known, start=_ONE) >= NOT_LOW_DOSE
    return "this is not low-dose naltrexone" if far else ""


def _of_plan(batch: Batch, limits: Limits) -> Iterator[Row]:
    """A row for each step of the prescription's plan, and for the dose ordered, by what the strength counts."""
    record = batch.record
    prescription, dose = record.prescription, record.dose
    steps = prescription.plan.steps if prescription is not None and prescription.plan is not None else ()
    ordered = [(step.dose, step.per_day, f"{step.text} of the plan", ("prescription", "plan")) for step in steps]
    if dose is not None and dose.ordered is not None:
        ordered.append((dose.ordered, _times_a_day(batch), "the dose ordered", ("dose", "ordered")))
    for mass, times, words, field in ordered:
        counted = None if record.strength_basis is None else as_hydrochloride(mass.value, record.strength_basis)
        values = {"strength": counted, "at_once": _ONE, "per_day": Fraction(times) if times else None}
        yield Row(values, limits, partial(_tell_ordered, words, values), field)


def _tell_ordered(words: str, values: dict[str, Fraction | None]) -> Telling:
    return Telling(words, _far_above(values), unknown="what the milligrams count, or how often a day, is not said")


def _at_once(batch: Batch) -> tuple[Fraction | None, str]:
    """What one intake takes: units, or mL; None with the reason where that cannot be said."""
    record = batch.record
    if record.strength is not None and record.strength.kind == "mass":
        number = _capsules_at_once(batch)
        return (
            (Fraction(number), f"{number} capsule{'s' if number != 1 else ''}")
            if number
            else (None, _unread(batch, "capsules"))
        )
    return _volume_at_once(batch)


def _volume_at_once(batch: Batch) -> tuple[Fraction | None, str]:
    """The mL taken at once: the most of what the record and its label say, in mL and in drops."""
    dose, label = batch.record.dose, batch.directions
    if dose is not None and dose.capsules is not None:
        return None, "a liquid is taken by volume or in drops, and the record does not say how much"
    if label.units or not _label_is_read(batch, known=dose is not None):
        return None, _unread(batch, "volume, or drops")
    drops = max(int(dose.drops or 0) if dose is not None else 0, label.drops)
    volume = max(dose.volume.value if dose is not None and dose.volume is not None else Fraction(0), label.millilitres)
    if drops and batch.drop_factor is None:
        return None, "the dose is in drops, and no calibration that can be used says how large a drop is"
    dropped = drops / batch.drop_factor.per_millilitre if drops and batch.drop_factor is not None else Fraction(0)
    if not volume and not dropped:
        return None, "a liquid is taken by volume or in drops, and the record does not say how much"
    if dropped > volume:
        return dropped, f"{drops} drops at {batch.drop_factor}"
    return volume, f"{format_exactly(volume, 4)} mL"


def _label_is_read(batch: Batch, *, known: bool) -> bool:
    """Whether what the label says can be counted: all of it where the record is silent, else all its figures."""
    return batch.directions.accounted if known else batch.directions.understood


def _unread(batch: Batch, unit: str) -> str:
    if batch.record.dose is not None and batch.directions.understood:
        return f"the record says a dose, and not how many {unit} that is"
    unclear = batch.directions.unclear
    what = "the directions on the label cannot be counted with certainty" + (f' ("{unclear[:60]}")' if unclear else "")
    if not batch.directions.accounted:
        return what
    return f"{what}: write into the record the most that is taken at once (dose: {unit}) and how often a day (per_day)"


def _capsules_at_once(batch: Batch) -> int:
    """How many capsules are taken at once: the more of what the record and its label say; 0 if it cannot be read.

    The patient follows the label, so a label that says more than the record counts.
    """
    dose, label = batch.record.dose, batch.directions
    if dose is not None and dose.ordered is not None and (dose.capsules, dose.drops, dose.volume) == (None, None, None):
        dose = None  # what was ordered has a row of its own
    if not _label_is_read(batch, known=dose is not None) or label.drops or label.millilitres:
        return 0
    if dose is None:
        # "Take 4.5 mg" counts no capsules: as many as hold it, which the row of the label's milligrams judges.
        return label.at_once
    by_record = int(dose.capsules or 0)
    return max(by_record, label.at_once) if by_record else 0


def _times_a_day(batch: Batch) -> int:
    """How often a day: the more of what the record and its label say, else once; 0 if it cannot be read."""
    per_day, label = batch.record.per_day, batch.directions
    if not _label_is_read(batch, known=per_day is not None):
        return 0
    if per_day is None:
        return label.per_day
    return max(int(per_day), label.per_day) if per_day else 0


def _dose_is_known(batch: Batch) -> bool:
    """Whether anything says what is taken: capsules always do, a liquid's record or label may."""
    counted = batch.form is None or batch.form.units_are_counted
    return counted or batch.record.dose is not None or batch.directions.given


def says_what_is_taken(batch: Batch) -> bool:
    """Whether a record says anything of what is taken, so that there is a daily dose to judge."""
    prescription = batch.record.prescription
    return _dose_is_known(batch) or (prescription is not None and prescription.plan is not None)
