"""FC6: drops. Whether a calibration is good enough, and whether whole drops give the dose."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from formcheck.dose import CEILING, Conversion
from formcheck.findings import Authority, Severity
from formcheck.liquid import DropFactor, nearest_whole
from formcheck.rules.rule import Fault, Limits, record_rule
from formcheck.units import format_exactly, format_number

FEWEST_RUNS, FEWEST_DROPS = 3, 20
SPREAD = Limits.at_most(
    "5 %", "Ph. Eur. 2.1.1 form: three determinations, none more than 5 % from their mean", rounded=False
)
MOST_ERROR, NOTABLE_ERROR = Fraction(10, 100), Fraction(5, 100)
USUAL_DOSES = tuple(Fraction(half, 2) for half in range(1, 10))
"""0.5 to 4.5 mg by halves: the strengths that are usually compounded (US Pharm 2020;45(3):9-10)."""
ERROR_SOURCE = "formcheck; matches the 10 % of Ph. Eur. oral drops, uniformity of dose"


def repeatability(factor: DropFactor) -> Iterator[Fault]:
    """What FC602 says of a drop factor: nothing of a typed one (that is FC603)."""
    if not factor.runs:
        return
    few = [run for run in factor.runs if run.drops < FEWEST_DROPS]
    if any(bound.broken_by(factor.spread) for bound in SPREAD.bounds):
        yield Fault(
            message=f"the runs differ by up to {_percent(factor.spread)} from the pooled {factor}, more than 5 %: "
            "this calibration cannot be relied on",
            found=f"{_percent(factor.spread)} from the pooled factor",
            limit="at most 5 %",
            source=SPREAD.source,
            severity=Severity.ERROR,
        )
    elif len(factor.runs) < FEWEST_RUNS or few:
        runs = f"{len(factor.runs)} run{'s' if len(factor.runs) > 1 else ''}"
        counted = f", the shortest of {min(run.drops for run in factor.runs)} drops" if few else ""
        says = "a single run says nothing of repeatability" if len(factor.runs) == 1 else "that is little to rely on"
        yield Fault(
            message=f"the calibration has {runs}{counted}: {says}",
            found=f"{runs}{counted}",
            limit=f"{FEWEST_RUNS} runs of {FEWEST_DROPS} drops",
        )


@record_rule(
    "FC602",
    "Calibration repeatability",
    severity=Severity.WARNING,
    authority=Authority.COMPENDIAL,
    source="after Ph. Eur. 2.1.1: three determinations of 20 drops, none more than 5 % from their mean",
    subject="conversion",
)
def calibration_repeatability(conversion: Conversion) -> Iterator[Fault]:
    """A drop is measured three times, 20 drops each, and no run is more than 5 % from the pooled factor.

    Drop size depends on the tip, the angle, the speed and the liquid. One run cannot show whether the next
    would agree. Runs that differ by more than 5 % fail; fewer or shorter runs are a warning.

    Count 20 drops three times with the final preparation and dropper, and give each run.
    """
    if conversion.factor is not None:
        yield from repeatability(conversion.factor)


@record_rule(
    "FC603",
    "Drop factor typed, not measured",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source="Moore 2017, BMC Ophthalmol 17:78: 20.9 to 40.8 drops/mL measured in 32 bottles",
    subject="conversion",
)
def factor_without_provenance(conversion: Conversion) -> Iterator[Fault]:
    """The drop factor was typed, not measured. Nobody knows which liquid and which dropper it belongs to.

    Real droppers give 16 to 50 drops/mL. With 20 assumed where 25.85 was true, 4.5 mg became 3.48 mg.

    Calibrate: count 20 drops of the final preparation from the final dropper and weigh them.
    """
    if conversion.factor is not None and not conversion.factor.runs:
        yield Fault(
            message=f"the drop factor {conversion.factor} was typed, not measured with this liquid and this dropper",
            found=f"{conversion.factor}, typed",
            limit="a calibration with this preparation and dropper",
        )


USUAL_FACTORS = (Fraction(16), Fraction(50))
POSSIBLE_FACTORS = (Fraction(10), Fraction(100))


def plausibility(factor: DropFactor) -> Iterator[Fault]:
    """What FC610 says of a drop factor."""
    usual = USUAL_FACTORS[0] <= factor.per_millilitre <= USUAL_FACTORS[1]
    possible = POSSIBLE_FACTORS[0] <= factor.per_millilitre <= POSSIBLE_FACTORS[1]
    if not usual:
        yield Fault(
            message=f"{factor} is {'unusual' if possible else 'not what a dropper gives'}: 16 to 50 drops/mL are usual",
            found=str(factor),
            limit="16 to 50 drops/mL are usual, 10 to 100 possible",
            severity=Severity.WARNING if possible else Severity.ERROR,
        )


@record_rule(
    "FC610",
    "Drop factor that a dropper can give",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck; Moore 2017, BMC Ophthalmol 17:78 (20.9 to 40.8 drops/mL); USP <1101> (about 20)",
    subject="conversion",
)
def plausible_factor(conversion: Conversion) -> Iterator[Fault]:
    """Real droppers give 16 to 50 drops in a millilitre. Far from that, something was mistyped.

    With 0.082 g typed for 0.82 g, ten times too many drops come out, and with a real dropper ten times the dose
    would be taken. Below 10 and above 100 drops/mL fails, outside 16 to 50 is a warning.

    Look at the runs again: the number of drops, the decimal point, mg for g, the density.
    """
    if conversion.factor is not None:
        yield from plausibility(conversion.factor)


@record_rule(
    "FC604",
    "Rounding to whole drops",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source=ERROR_SOURCE,
    subject="conversion",
)
def rounding_error(conversion: Conversion) -> Iterator[Fault]:
    """Whole drops cannot give every dose: what is delivered may be at most 10 % off what was asked.

    More than 10 % off fails, more than 5 % is a warning; below half a drop nothing can be given.

    Choose a dose that whole drops can give, use a weaker liquid, or measure the volume with an oral syringe.
    """
    error = conversion.rounding_error
    if error is None or abs(error) <= NOTABLE_ERROR:
        return
    far = abs(error) > MOST_ERROR
    ways = f"; doses whole drops can give: {', '.join(_neighbours(conversion))}{_way_out(conversion)}" if far else ""
    yield Fault(
        message=f"{_drops(conversion.drops or 0)} deliver{'s' if conversion.drops == 1 else ''} "
        f"{format_exactly(conversion.asked.milligrams * (1 + error), 3)} mg, "
        f"{_signed(error)} from {conversion.asked}{ways}",
        found=_signed(error),
        limit="within 10 %" if far else "within 5 %",
        severity=Severity.ERROR if far else Severity.WARNING,
    )


def _neighbours(conversion: Conversion) -> list[str]:
    """The doses that the whole drops around the exact count give, as words."""
    holds = Fraction(conversion.content_of_drop.magnitude)
    below = int(conversion.drops_exact or 0)
    counts = [count for count in (below, below + 1) if count and count * holds * conversion.per_day <= CEILING.value]
    return [f"{format_exactly(count * holds, 3)} mg ({_drops(count)})" for count in counts]


def _way_out(conversion: Conversion) -> str:
    """The usual dose nearest to the one asked for that whole drops give within 10 %, as words."""
    holds, asked = Fraction(conversion.content_of_drop.magnitude), conversion.asked.milligrams
    for dose in sorted(USUAL_DOSES, key=lambda dose: abs(dose - asked)):
        drops = nearest_whole(dose / holds)
        error = drops * holds / dose - 1
        if drops and abs(error) <= MOST_ERROR and drops * holds * conversion.per_day <= CEILING.value:
            return f"; of the usual doses {format_exactly(dose)} mg ({_drops(drops)}, {_signed(error)})"
    return ""


def _drops(count: int) -> str:
    return f"{count} drop{'s' if count != 1 else ''}"


def _percent(fraction: Fraction) -> str:
    return f"{format_number(fraction * 100, 1)} %"


def _signed(fraction: Fraction) -> str:
    return f"{'+' if fraction > 0 else ''}{_percent(fraction)}"
