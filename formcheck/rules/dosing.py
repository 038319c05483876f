"""FC1: doses. The ceiling, and what is said of every conversion and of every record with a liquid."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from formcheck.dose import CEILING, Conversion
from formcheck.findings import Authority, Severity
from formcheck.rules.rule import Fault, limit_rule, record_rule
from formcheck.rules.taking import OWN_LIMIT, ceiling_rows, known_days, says_what_is_taken
from formcheck.slips import Slip, slips_that_warn
from formcheck.substance import SALT_OF_BASE, Basis
from formcheck.units import format_beyond, format_number

USUAL_LIMIT = "Toljan & Vrooman 2018, Med Sci 6:82: low dose is 1 to 5 mg a day; usual maximum 4.5 mg"


USUAL_MOST = Fraction(9, 2)


@limit_rule(
    "FC101",
    "Daily dose ceiling",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source=OWN_LIMIT,
    needs=("strength", "strength_basis"),
    applies=says_what_is_taken,
    alone=True,
    rows=ceiling_rows,
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
    A batch that holds more than 110 % of its label, by what was weighed or by its assay, is judged by what it holds too.
    From 25 mg on it is said that this is not low-dose naltrexone; tablets of naltrexone have 50 mg.
    The ceiling is formcheck's own limit, not a legal maximum; nothing can raise, ignore or waive it.

    Do not dispense. Read the prescription again, and correct the strength, the unit or the number a day.
    """
    return strength * at_once * per_day


def conversion_in(subject: Any) -> Conversion | None:
    """The conversion that a rule is given: itself, or that of a record's liquid; None where there is none."""
    return subject if isinstance(subject, Conversion) else subject.conversion


def _is_conversion(subject: Any) -> bool:
    return isinstance(subject, Conversion)


def _has_conversion(subject: Any) -> bool:
    return conversion_in(subject) is not None


def _dose_field(subject: Any) -> tuple[str, ...]:
    """Where a record says what is taken; a conversion at the counter has no fields."""
    if isinstance(subject, Conversion):
        return ()
    return ("label",) if subject.record.dose is None else ("dose",)


@record_rule(
    "FC109",
    "Worst case of the daily dose above the ceiling",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source=OWN_LIMIT,
    applies=_has_conversion,
    alone=True,
    subjects=("conversion", "record"),
)
def worst_case_above_ceiling(subject: Any) -> Iterator[Fault]:
    """The dose itself is allowed, but could pass 10 mg a day when everything goes the wrong way at once.

    The worst case is the upper tolerance of the content, multiplied by the upper tolerance of the drop
    volume, with one drop more taken each time. It is reckoned for every conversion and for every record of a liquid.

    Ask for fewer milligrams, a weaker liquid, or an oral syringe instead of drops; tell the patient to count
    each drop.
    """
    conversion = conversion_in(subject)
    if conversion is None:
        return
    worst = conversion.taken_at_worst()
    if not worst <= CEILING.value:
        said = format_beyond(worst, CEILING.value, 2)
        extra = ", one drop more each time" if conversion.drops is not None else ""
        yield Fault(
            message=f"at worst {said} mg a day would be taken (upper tolerances{extra}), above {CEILING}",
            field=_dose_field(subject),
            found=f"{said} mg a day at worst",
            limit=f"at most {CEILING} a day",
        )


def _slips(subject: Any) -> tuple[Slip, ...]:
    """What FC110 looks at: at the counter all three slips, of a record only the dropper filled to the top.

    One drop more is in the worst case already (FC109), and that somebody takes a dose twice is no fault of a record.
    """
    conversion = conversion_in(subject)
    if conversion is None:
        return ()
    return slips_that_warn(conversion, only_full_dropper=not isinstance(subject, Conversion))


def _can_slip(subject: Any) -> bool:
    conversion = conversion_in(subject)
    return conversion is not None and (isinstance(subject, Conversion) or conversion.drops is not None)


@record_rule(
    "FC110",
    "One slip passes the ceiling",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source=OWN_LIMIT,
    applies=_can_slip,
    alone=True,
    subjects=("conversion", "record"),
)
def one_slip_above_ceiling(subject: Any) -> Iterator[Fault]:
    """One thing going wrong at home would be enough for more than 10 mg a day.

    Three slips are looked at, where the slips are asked for (convert --slips): one drop more each time, a full
    dropper (1 mL) each time, twice as often. Other slips (mL for drops, a decimal place) always pass 10 mg and
    say nothing. Of a record counted in drops only the full dropper is looked at: one drop more is in the worst case
    (FC109).

    Choose a weaker liquid, or a bottle whose dropper cannot be filled; show the patient how the dose is counted.
    """
    slips = _slips(subject)
    if slips:
        said = ", ".join(f"{slip.what} would be {slip.taken} a day" for slip in slips)
        yield Fault(
            message=f"one slip passes {CEILING} a day: {said}",
            field=_dose_field(subject),
            found=", ".join(f"{slip.taken} a day" for slip in slips),
            limit=f"at most {CEILING} a day",
        )


@record_rule(
    "FC111",
    "Daily dose above 4.5 mg",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source=USUAL_LIMIT,
    applies=lambda subject: isinstance(subject, Conversion) or says_what_is_taken(subject),
    alone=True,
    after=("FC106",),
    subjects=("conversion", "record"),
)
def above_usual_dose(subject: Any) -> Iterator[Fault]:
    """The daily dose is above 4.5 mg, the usual maximum of low-dose naltrexone.

    Doses up to 6 mg a day were tried in studies; more was not, as far as we found. It is said once, of the
    largest daily dose. What the rounding to whole drops adds in a record, half a drop, does not count.

    Confirm with the prescriber that the dose is meant.
    """
    field: tuple[str | int, ...] = ()
    usual = USUAL_MOST
    if isinstance(subject, Conversion):
        most = max(subject.daily.milligrams, subject.asked.milligrams * subject.per_day)
    else:
        known = known_days(subject)
        if not known or any(bound.broken_by(daily.milligrams) for daily in known for bound in daily.row.limits.bounds):
            return  # not known, or above the ceiling: FC101 says so
        most, rounding, row = known[0]
        field = row.field
        usual += rounding
    if most > usual:
        yield Fault(
            message=f"{format_beyond(most, USUAL_MOST)} mg a day is above the usual maximum of 4.5 mg",
            field=field,
            found=f"{format_beyond(most, USUAL_MOST)} mg a day",
            limit="at most 4.5 mg a day, as usual",
        )


@record_rule(
    "FC112",
    "A change of form is not an equivalence",
    severity=Severity.INFO,
    authority=Authority.GOOD_PRACTICE,
    source="US label of naltrexone tablets: oral bioavailability 5 to 40 %; no study of drops under the tongue was found",
    applies=_is_conversion,
    subjects=("conversion",),
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
    applies=_is_conversion,
    subjects=("conversion",),
)
def taken_as_hydrochloride(conversion: Conversion) -> Iterator[Fault]:
    """By convention the milligrams of low-dose naltrexone are of the hydrochloride, anhydrous.

    4.5 mg of the base would be 4.98 mg of the hydrochloride. Where the base was declared, that is said too: it holds
    for the dose and for the liquid, and what is answered is hydrochloride.

    If the prescriber wrote "base", say so: --basis naltrexone.
    """
    if conversion.preparation.basis is Basis.BASE:
        yield Fault(
            message="Read as naltrexone (the base): the concentration, and a dose typed with --basis naltrexone. What is "
            f"answered counts the hydrochloride, {format_number(SALT_OF_BASE, 4)} mg for each milligram of base."
        )
    elif conversion.basis_assumed:
        yield Fault(
            message="Milligrams are taken as naltrexone hydrochloride, anhydrous, as strengths are by convention "
            "(for the base: --basis naltrexone)."
        )
