"""FC6: how large a drop is. Whether the calibration that says so is good enough, and could be true."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from formcheck.dose import Conversion
from formcheck.findings import Authority, Severity, Verdict
from formcheck.liquid import DropFactor
from formcheck.rules.rule import USP, Fault, Limits, Path, Ruling, record_rule
from formcheck.units import format_exactly, format_number

if TYPE_CHECKING:
    # A conversion at the counter is judged by these rules too, and must not wait for the papers to load.
    from formcheck.planning.batch import Batch

FEWEST_RUNS, FEWEST_DROPS = 3, 20
DETERMINATIONS = "Ph. Eur. 2.1.1: three determinations of 20 drops, none more than 5 % from their mean"
SPREAD = Limits.at_most("5 %", DETERMINATIONS, rounded=False)
MOST_ERROR = Fraction(10, 100)


BOTH = ("conversion", "record")


def _counts_drops(subject: Conversion | Batch) -> bool:
    """Whether there is a drop factor to judge: a conversion may have none, a batch may not be dosed in drops."""
    return isinstance(subject, Conversion) or (subject.is_in_drops and subject.drop_factor is not None)


def _is_filed_unread(subject: Conversion | Batch) -> bool:
    """Whether `lint` judges a formulation with a calibration on file whose runs cannot be used."""
    if isinstance(subject, Conversion) or not subject.is_specification or subject.formulation is None:
        return False
    return subject.formulation.drop_calibration is not None and subject.drop_factor is None


def _factor_on_file(subject: Conversion | Batch) -> DropFactor | None:
    return subject.factor if isinstance(subject, Conversion) else subject.drop_factor


def _place_of_file(subject: Conversion | Batch) -> Path:
    """Where the factor on file stands."""
    if isinstance(subject, Conversion):
        return ()
    return (
        ("drop_calibration",) if subject.drop_factor is subject.own_drop_factor else ("(formulation)", "drop_calibration")
    )


def repeatability(factor: DropFactor, field: Path = (), *, too_few: Severity = Severity.WARNING) -> Iterator[Fault]:
    """What FC602 says of a drop factor: nothing of a typed one (that is FC603)."""
    if not factor.runs:
        return
    few = [run for run in factor.runs if run.drops < FEWEST_DROPS]
    if any(bound.broken_by(factor.spread) for bound in SPREAD.bounds):
        yield Fault(
            message=f"the runs differ by up to {_percent(factor.spread)} from the pooled {factor}, more than 5 %: "
            "this calibration cannot be relied on",
            field=field,
            found=f"{_percent(factor.spread)} from the pooled factor",
            limit="at most 5 %",
            severity=Severity.ERROR,
        )
    elif len(factor.runs) < FEWEST_RUNS or few:
        runs = f"{len(factor.runs)} run{'s' if len(factor.runs) > 1 else ''}"
        counted = f", the shortest of {min(run.drops for run in factor.runs)} drops" if few else ""
        says = "a single run says nothing of repeatability" if len(factor.runs) == 1 else "that is little to rely on"
        yield Fault(
            message=f"the calibration has {runs}{counted}: {says}",
            field=field,
            found=f"{runs}{counted}",
            limit=f"{FEWEST_RUNS} runs of {FEWEST_DROPS} drops",
            severity=too_few,
        )


@record_rule(
    "FC602",
    "Calibration repeatability",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=f"after {DETERMINATIONS}",
    under={
        profile: Ruling(Severity.ERROR, Authority.GOOD_PRACTICE, f"good practice outside Europe: after {DETERMINATIONS}")
        for profile in USP
    },
    subjects=(*BOTH, "formulation"),
    applies=lambda subject: _counts_drops(subject) or _is_filed_unread(subject),
)
def calibration_repeatability(subject: Conversion | Batch) -> Iterator[Fault]:
    """A drop is measured three times, 20 drops each, and no run is more than 5 % from the pooled factor.

    Drop size depends on the tip, the angle, the speed and the liquid. One run cannot show whether the next
    would agree. Runs that differ by more than 5 % fail. Fewer or shorter runs fail in a record, whose calibration is on
    file for a year; typed at the counter they are a warning. Several runs counted to confirm it must agree too.

    Count 20 drops three times with the final preparation and dropper, and give each run.
    """
    factor = _factor_on_file(subject)
    if isinstance(subject, Conversion):
        yield from repeatability(factor) if factor is not None else ()
        return
    if factor is None:
        yield Fault(
            message="the runs of the calibration on file cannot be used: each is drops and a volume, or drops and a mass",
            field=("(formulation)", "drop_calibration"),
            found="runs that cannot be used",
            limit=f"{FEWEST_RUNS} runs of {FEWEST_DROPS} drops",
            help='Write each run as in "20 drops, 0.82 g", and the density: 1.06 g/mL where drops were weighed.',
            verdict=Verdict.NOT_DETERMINED,
        )
    if factor is not None:
        yield from repeatability(factor, _place_of_file(subject), too_few=Severity.ERROR)
    own = subject.own_drop_factor
    if own is not None and own is not factor and any(bound.broken_by(own.spread) for bound in SPREAD.bounds):
        yield from repeatability(own, ("drop_calibration", "runs"))


def _has_a_factor(subject: Conversion | Batch) -> bool:
    """Whether a record, or its label, gives a drop factor as a number; a conversion is always asked."""
    if isinstance(subject, Conversion):
        return True
    return subject.is_in_drops and (subject.record.drop_factor is not None or bool(subject.label.drops_per_millilitre))


@record_rule(
    "FC603",
    "Drop factor typed, not measured",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="Moore 2017, BMC Ophthalmol 17:78: 20.9 to 40.8 drops/mL measured in 32 bottles",
    subjects=BOTH,
    applies=_has_a_factor,
)
def factor_without_provenance(subject: Conversion | Batch) -> Iterator[Fault]:
    """The drop factor was typed, not measured. Nobody knows which liquid and which dropper it belongs to.

    Real droppers give 16 to 50 drops/mL. With 20 assumed where 25.85 was true, 4.5 mg became 3.48 mg. In a record a
    typed factor without any calibration fails; beside a calibration that differs by more than 10 % it is a warning.

    Calibrate: count 20 drops of the final preparation from the final dropper and weigh them.
    """
    if not isinstance(subject, Conversion):
        yield from _of_record(subject)
    elif subject.factor is not None and not subject.factor.runs:
        yield Fault(
            message=f"the drop factor {subject.factor} was typed, not measured with this liquid and this dropper",
            found=f"{subject.factor}, typed",
            limit="a calibration with this preparation and dropper",
            severity=Severity.WARNING,
        )


def _of_record(batch: Batch) -> Iterator[Fault]:
    """What FC603 says of the factor that a record or its label gives, beside the calibration."""
    typed, field = batch.record.drop_factor, "drop_factor" if batch.record.drop_factor is not None else "label"
    number = typed.value if typed is not None else Fraction(batch.label.drops_per_millilitre[0])
    words = f"{format_exactly(number, 3)} drops/mL"
    calibrated = batch.drop_factor
    if calibrated is None:
        yield Fault(
            message=f"{words} {'was typed' if typed is not None else 'stands on the label'}, and no calibration shows it",
            field=(field,),
            found=f"{words}, not measured",
            limit="a calibration with this preparation and dropper",
            help="Do not dispense by this factor. Count 20 drops of the final preparation from the final dropper three "
            "times, weigh them, put the calibration on file in the formulation, and work the drops of the dose out again.",
        )
    elif typed is not None and (not number or abs(number / calibrated.per_millilitre - 1) > MOST_ERROR):
        yield Fault(
            message=f"{words} was typed, but the calibration gives {calibrated}{_true_dose(batch)}",
            field=(field,),
            found=words,
            limit=f"within 10 % of {calibrated}",
            help="Take the typed factor out of the record, work the drops out with the calibration, and correct the label.",
            severity=Severity.WARNING,
        )


def _true_dose(batch: Batch) -> str:
    given = batch.conversion
    if given is None or given.drops is None or given.delivered is None:
        return ""
    deliver = "deliver" if given.drops != 1 else "delivers"
    return f": {in_drops(given.drops)} {deliver} {format_exactly(given.delivered.milligrams, 3)} mg"


USUAL_FACTORS = (Fraction(16), Fraction(50))
POSSIBLE_FACTORS = (Fraction(10), Fraction(100))


def plausibility(factor: DropFactor, field: Path = ()) -> Iterator[Fault]:
    """What FC610 says of a drop factor."""
    usual = USUAL_FACTORS[0] <= factor.per_millilitre <= USUAL_FACTORS[1]
    possible = POSSIBLE_FACTORS[0] <= factor.per_millilitre <= POSSIBLE_FACTORS[1]
    if not usual:
        yield Fault(
            message=f"{factor} is {'unusual' if possible else 'not what a dropper gives'}: 16 to 50 drops/mL are usual",
            field=field,
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
    subjects=(*BOTH, "formulation"),
    applies=_counts_drops,
)
def plausible_factor(subject: Conversion | Batch) -> Iterator[Fault]:
    """Real droppers give 16 to 50 drops in a millilitre. Far from that, something was mistyped.

    With 0.082 g typed for 0.82 g, ten times too many drops come out, and with a real dropper ten times the dose
    would be taken. Below 10 and above 100 drops/mL fails, outside 16 to 50 is a warning.

    Look at the runs again: the number of drops, the decimal point, mg for g, the density.
    """
    factor = _factor_on_file(subject)
    if factor is not None:
        yield from plausibility(factor, _place_of_file(subject))


def _percent(fraction: Fraction) -> str:
    return f"{format_number(fraction * 100, 1)} %"


def in_drops(count: int) -> str:
    """A number of drops in words: "1 drop", "23 drops"."""
    return f"{count} drop{'s' if count != 1 else ''}"
