"""FC1: doses. The ceiling, and what every conversion says."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from formcheck.dose import CEILING, Conversion
from formcheck.errors import FormcheckError
from formcheck.findings import Authority, Severity
from formcheck.liquid import DropFactor, read_run
from formcheck.rules.rule import Fault, Limits, Row, Telling, limit_rule, record_rule
from formcheck.substance import as_hydrochloride
from formcheck.units import format_beyond

if TYPE_CHECKING:
    # A conversion at the counter is judged by these rules too, and must not wait for the papers to load.
    from formcheck.planning.batch import Batch
    from formcheck.rules.directions import Directions

OWN_LIMIT = "formcheck's own limit, not a legal maximum"
USUAL_LIMIT = "Toljan & Vrooman 2018, Med Sci 6:82: low dose is 1 to 5 mg a day; usual maximum 4.5 mg"


USUAL_MOST = Fraction(9, 2)
_MOST = str(CEILING)


def _daily_dose(batch: Batch) -> Iterator[Row]:
    record, formulation = batch.record, batch.formulation
    at_once, words = _at_once(batch)
    times = _times_a_day(batch)
    strength = None
    if record.strength is not None and record.strength_basis is not None:
        strength = as_hydrochloride(record.strength.value, record.strength_basis)
    lowered = formulation.daily_dose_at_most if formulation is not None else None
    most = _MOST if lowered is None or lowered.value > CEILING.value else str(lowered)
    yield Row(
        {"strength": strength, "at_once": at_once, "per_day": Fraction(times) if times else None},
        Limits.at_most(most, OWN_LIMIT if most is _MOST else "the formulation", rounded=False),
        lambda: Telling(
            f"the daily dose ({record.strength} x {words}{f', {times} times a day' if times != 1 else ''})"
            if at_once is not None
            else "the daily dose",
            unknown=words if at_once is None else "the strength, what it counts, or how often a day is not said",
        ),
        ("strength",),
    )


def _at_once(batch: Batch) -> tuple[Fraction | None, str]:
    """What one intake takes: units, or mL; None with the reason where that cannot be said."""
    dose, record = batch.record.dose, batch.record
    strength_kind = record.strength.kind if record.strength is not None else None
    if strength_kind == "mass":
        number = _capsules_at_once(batch)
        return (Fraction(number), f"{number} capsule{'s' if number != 1 else ''}") if number else (None, _NOT_CAPSULES)
    if dose is None or dose.capsules is not None:
        return None, "a liquid is taken by volume or in drops, and the record does not say how much"
    if dose.volume is not None:
        return dose.volume.value, str(dose.volume)
    calibration = record.drop_calibration
    if dose.drops is None or calibration is None or not calibration.runs:
        return None, "the dose is in drops, and no calibration says how large a drop is"
    try:
        factor = DropFactor.from_runs([read_run(run) for run in calibration.runs], calibration.density)
    except FormcheckError as error:
        return None, f"the calibration cannot be used: {error}"
    return dose.drops / factor.per_millilitre, f"{dose.drops} drops at {factor}"


_NOT_CAPSULES = "the directions are not plain: say in the record what is taken, dose: {capsules: 1} and per_day: 1"


def _directions(batch: Batch) -> Directions:
    # Loaded here, since a conversion at the counter has no label to read.
    from formcheck.rules.directions import read_directions

    return read_directions(batch.record.label)


def _capsules_at_once(batch: Batch) -> int:
    """How many capsules are taken at once: the more of what the record and its label say; 0 if it cannot be read.

    The patient follows the label, so a label that says more than the record counts.
    """
    dose, label = batch.record.dose, _directions(batch)
    if dose is None:
        return label.at_once if label.understood else 0
    by_record = int(dose.capsules or 0)
    return max(by_record, label.at_once) if by_record else 0


def _times_a_day(batch: Batch) -> int:
    """How often a day: the more of what the record and its label say, else once; 0 if it cannot be read."""
    per_day, label = batch.record.per_day, _directions(batch)
    if per_day is None:
        return label.per_day if label.understood else 0
    return max(int(per_day), label.per_day) if per_day else 0


def _dose_is_known(batch: Batch) -> bool:
    counted = batch.form is None or batch.form.units_are_counted
    return counted or batch.record.dose is not None


@limit_rule(
    "FC101",
    "Daily dose ceiling",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source=OWN_LIMIT,
    needs=("strength", "strength_basis"),
    applies=_dose_is_known,
    alone=True,
    rows=_daily_dose,
    quantities={"strength": "mg/mL", "at_once": "mL", "per_day": ""},
    shown_in="mg",
    of=" a day",
)
def daily_dose_ceiling(strength: Any, at_once: Any, per_day: Any) -> Any:
    """No dose may exceed 10 mg of naltrexone hydrochloride (anhydrous) a day.

    Low-dose naltrexone is 0.5 to 4.5 mg a day. More than 10 mg a day is not low-dose naltrexone any more;
    most often it is a tenfold slip (45 mg for 4.5 mg), a unit taken for another (mg for mcg, mL for drops), or
    capsules a day that hide the sum: the more of what the record says in `dose` and `per_day`, and what the label
    says ("Take 3 capsules", "twice a day"), counts. A strength declared as the base is turned into the hydrochloride first.
    The ceiling is formcheck's own limit, not a legal maximum; nothing can raise, ignore or waive it.

    Do not dispense. Read the prescription again, and correct the strength, the unit or the number a day.
    """
    return strength * at_once * per_day


@record_rule(
    "FC109",
    "Worst case of the daily dose above the ceiling",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source=OWN_LIMIT,
    subject="conversion",
)
def worst_case_above_ceiling(conversion: Conversion) -> Iterator[Fault]:
    """The dose itself is allowed, but could pass 10 mg a day when everything goes the wrong way at once.

    The worst case is the upper tolerance of the content, multiplied by the upper tolerance of the drop
    volume, with one drop more taken each time.

    Ask for fewer milligrams, a weaker liquid, or an oral syringe instead of drops; tell the patient to count
    each drop.
    """
    worst = conversion.taken_at_worst()
    if not worst <= CEILING.value:
        said = format_beyond(worst, CEILING.value, 2)
        extra = ", one drop more each time" if conversion.drops is not None else ""
        yield Fault(
            message=f"at worst {said} mg a day would be taken (upper tolerances{extra}), above {CEILING}",
            found=f"{said} mg a day at worst",
            limit=f"at most {CEILING} a day",
        )


@record_rule(
    "FC111",
    "Daily dose above 4.5 mg",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source=USUAL_LIMIT,
    subject="conversion",
)
def above_usual_dose(conversion: Conversion) -> Iterator[Fault]:
    """The daily dose is above 4.5 mg, the usual maximum of low-dose naltrexone.

    Doses up to 6 mg a day were tried in studies; more was not, as far as we found.

    Confirm with the prescriber that the dose is meant.
    """
    most = max(conversion.daily.milligrams, conversion.asked.milligrams * conversion.per_day)
    if most > USUAL_MOST:
        yield Fault(
            message=f"{format_beyond(most, USUAL_MOST)} mg a day is above the usual maximum of 4.5 mg",
            found=f"{format_beyond(most, USUAL_MOST)} mg a day",
            limit="at most 4.5 mg a day, as usual",
        )


@record_rule(
    "FC112",
    "A change of form is not an equivalence",
    severity=Severity.INFO,
    authority=Authority.GOOD_PRACTICE,
    source="US label of naltrexone tablets: oral bioavailability 5 to 40 %; no study of drops under the tongue was found",
    subject="conversion",
)
def change_of_form(conversion: Conversion) -> Iterator[Fault]:
    """Converting between capsule, liquid and drops keeps the milligrams, not the exposure.

    5 to 40 % of swallowed naltrexone reaches the blood; whether drops are absorbed under the tongue is not
    shown, and if they are, exposure may be several times the capsule's.

    A change of form needs the prescriber's order, and usually a new titration.
    """
    if conversion.changed_form:
        yield Fault(
            message="The milligrams are the same, the exposure may not be: "
            "a change of form needs the prescriber's order, and usually a new titration."
        )


@record_rule(
    "FC113",
    "Strength taken as the hydrochloride",
    severity=Severity.INFO,
    authority=Authority.FORMCHECK,
    source="USP, naltrexone hydrochloride tablets: labelled and assayed as the hydrochloride",
    subject="conversion",
)
def taken_as_hydrochloride(conversion: Conversion) -> Iterator[Fault]:
    """By convention the milligrams of low-dose naltrexone are of the hydrochloride, anhydrous.

    4.5 mg of the base would be 4.98 mg of the hydrochloride.

    If the prescriber wrote "base", say so: --basis naltrexone.
    """
    if conversion.basis_assumed:
        yield Fault(
            message="Milligrams are taken as naltrexone hydrochloride, anhydrous, as strengths are by convention "
            "(for the base: --basis naltrexone)."
        )
