"""FC6: whole drops. Whether they give the dose that was asked for, and can be counted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from formcheck.dose import CEILING, Conversion, convert
from formcheck.errors import FormcheckError
from formcheck.findings import Authority, Severity
from formcheck.liquid import nearest_whole
from formcheck.rules.dosing import conversion_in
from formcheck.rules.drops import BOTH, MOST_ERROR, in_drops
from formcheck.rules.rule import Fault, Path, record_rule
from formcheck.units import amount, format_beyond, format_exactly, format_number

if TYPE_CHECKING:
    # A conversion at the counter is judged by these rules too, and must not wait for the papers to load.
    from formcheck.planning.batch import Batch

NOTABLE_ERROR = Fraction(5, 100)
USUAL_DOSES = tuple(Fraction(half, 2) for half in range(1, 10))
"""0.5 to 4.5 mg by halves: the strengths that are usually compounded (US Pharm 2020;45(3):9-10)."""
ERROR_SOURCE = "formcheck; matches the 10 % of Ph. Eur. oral drops, uniformity of dose"


def _has_whole_drops(subject: Conversion | Batch) -> bool:
    conversion = conversion_in(subject)
    return conversion is not None and (conversion is subject or conversion.drops is not None)


@record_rule(
    "FC604",
    "Rounding to whole drops",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source=ERROR_SOURCE,
    subjects=BOTH,
    applies=_has_whole_drops,
)
def rounding_error(subject: Conversion | Batch) -> Iterator[Fault]:
    """Whole drops cannot give every dose: what is delivered may be at most 10 % off what was asked.

    More than 10 % off fails, more than 5 % is a warning; below half a drop nothing can be given. In a record the drops
    of the directions are compared with the dose that was ordered, or with the milligrams the label gives beside them.

    Choose a dose that whole drops can give, use a weaker liquid, or measure the volume with an oral syringe.
    """
    conversion = conversion_in(subject)
    if conversion is None or conversion.delivered is None:
        return
    asked = conversion.asked.milligrams if isinstance(subject, Conversion) else _asked(subject, conversion)
    error = conversion.delivered.milligrams / asked - 1
    if abs(error) <= NOTABLE_ERROR:
        return
    far = abs(error) > MOST_ERROR
    ways = f"; doses whole drops can give: {', '.join(_neighbours(conversion, asked))}{_way_out(conversion, asked)}"
    yield Fault(
        message=f"{in_drops(conversion.drops or 0)} deliver{'s' if conversion.drops == 1 else ''} "
        f"{format_exactly(conversion.delivered.milligrams, 3)} mg, "
        f"{_signed(error)} from {format_beyond(asked, Fraction(0), 12)} mg{ways if far else ''}",
        field=() if isinstance(subject, Conversion) else _place_of_dose(subject),
        found=_signed(error),
        limit="within 10 %" if far else "within 5 %",
        help=None if isinstance(subject, Conversion) else _do(subject, conversion, asked, far=far),
        severity=Severity.ERROR if far else Severity.WARNING,
    )


def _do(batch: Batch, conversion: Conversion, asked: Fraction, *, far: bool) -> str | None:
    """What to do about the drops of a record: another number where one is nearer, else another dose or liquid."""
    right = nearest_whole(asked / Fraction(conversion.content_of_drop.magnitude))
    if right and right != conversion.drops:
        place = "record and label" if batch.record.dose is not None and batch.record.dose.drops else "label"
        return f"{in_drops(right)} are nearest to the dose asked for: correct the {place} before anything is dispensed."
    if far:
        return None
    return "Ask the prescriber whether what the drops give will do; a weaker liquid, or an oral syringe, comes nearer."


def _asked(batch: Batch, conversion: Conversion) -> Fraction:
    """The milligrams that were ordered, else those that the label gives beside its drops [mg hydrochloride]."""
    record, labelled = batch.record, {mass for intake in batch.label.intakes for mass in intake.milligrams}
    if len(labelled) != 1 or (record.dose is not None and record.dose.ordered is not None):
        return conversion.asked.milligrams
    try:
        mass, basis = amount(f"{format_exactly(labelled.pop())} mg"), record.strength_basis
        return convert(mass, conversion.preparation, per_day=conversion.per_day, basis=basis).asked.milligrams
    except FormcheckError:
        # More than the ceiling stands on the label: that is FC101's.
        return conversion.asked.milligrams


def _place_of_dose(batch: Batch) -> Path:
    dose = batch.record.dose
    return ("dose", "drops") if dose is not None and dose.drops else ("label",)


def _neighbours(conversion: Conversion, asked: Fraction) -> list[str]:
    """The doses that the whole drops around the exact count give, as words."""
    holds = Fraction(conversion.content_of_drop.magnitude)
    below = int(asked / holds)
    counts = [count for count in (below, below + 1) if count and count * holds * conversion.per_day <= CEILING.value]
    return [f"{format_exactly(count * holds, 3)} mg ({in_drops(count)})" for count in counts]


def _way_out(conversion: Conversion, asked: Fraction) -> str:
    """The usual dose nearest to the one asked for that whole drops give within 10 %, as words."""
    holds = Fraction(conversion.content_of_drop.magnitude)
    for dose in sorted(USUAL_DOSES, key=lambda dose: abs(dose - asked)):
        drops = nearest_whole(dose / holds)
        error = drops * holds / dose - 1
        if drops and abs(error) <= MOST_ERROR and drops * holds * conversion.per_day <= CEILING.value:
            return f"; of the usual doses {format_exactly(dose)} mg ({in_drops(drops)}, {_signed(error)})"
    return ""


FEWEST_AT_ONCE, MOST_AT_ONCE = 10, 30
_FULL_START = Fraction(3, 2)


@record_rule(
    "FC605",
    "Drops per dose",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source="formcheck: one drop more or less is at most 10 % of a dose of 10 drops; more than 30 are miscounted",
    subjects=BOTH,
    applies=_has_whole_drops,
)
def drops_per_dose(subject: Conversion | Batch) -> Iterator[Fault]:
    """From 10 to 30 drops at once can be counted well enough.

    With fewer than 10 drops one too many or too few is more than 10 % of the dose (of 8 drops 12.5 %). Beyond 30 nobody
    counts right. Below 1.5 mg, in the first steps of a titration, few drops are said as a hint only.

    Use a weaker liquid for few drops and a stronger one for many, or measure the volume with an oral syringe.
    """
    conversion = conversion_in(subject)
    if conversion is None or conversion.drops is None or FEWEST_AT_ONCE <= conversion.drops <= MOST_AT_ONCE:
        return
    drops = conversion.drops
    few = drops < FEWEST_AT_ONCE
    slip = f"one drop more or less is {format_number(Fraction(100, drops), 1)} % of the dose" if few and drops else ""
    yield Fault(
        message=f"{in_drops(drops)} at once: {slip or 'so many are easily miscounted'} (10 to 30 can be counted well)",
        field=() if isinstance(subject, Conversion) else _place_of_dose(subject),
        found=in_drops(drops),
        limit="10 to 30 drops",
        severity=Severity.INFO if few and conversion.asked.milligrams < _FULL_START else None,
    )


def _signed(fraction: Fraction) -> str:
    return f"{'+' if fraction > 0 else ''}{format_number(fraction * 100, 1)} %"
