"""FC1: for whom the prescription is. The dose of a child, and the question about opioids."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck.findings import Authority, Severity, Verdict
from formcheck.planning.batch import Batch
from formcheck.planning.opioids import Screen, read_screen
from formcheck.rules.rule import Fault, Limit, Limits, Part, Row, Telling, limit_rule, record_rule
from formcheck.rules.taking import known_days
from formcheck.units import format_beyond, format_exactly

CHILD = "formcheck; Crohn's disease in children: 0.1 mg/kg a day, at most 4.5 mg (NCT00715117)"
ADULT_FROM = 18
MOST_FOR_A_CHILD = Fraction(9, 2)
PER_KILOGRAM = Fraction(1, 10)
_YOUNGEST = Limits.at_least("6", "formcheck; no dose for a child under 6 years was found", rounded=False)


def _is_child(batch: Batch) -> bool:
    prescription = batch.record.prescription
    return prescription is not None and prescription.age is not None and prescription.age.years < ADULT_FROM


def _age(batch: Batch) -> Iterator[Row]:
    prescription = batch.record.prescription
    if prescription is None or prescription.age is None:
        return
    age = prescription.age
    said = f"the patient is {age.text} old, and no dose for a child under 6 years is known"
    tell = partial(Telling, "the age", said=said, found=age.text)
    yield Row({"years": age.years}, _YOUNGEST, tell, ("prescription", "age"))


def _dose_of_child(batch: Batch) -> Iterator[Row]:
    prescription = batch.record.prescription
    if prescription is None or prescription.weight is None:
        return
    weight = prescription.weight
    most = min(PER_KILOGRAM * weight.kilograms, MOST_FOR_A_CHILD)
    words = f"at most {format_exactly(most)} mg a day for a child of {weight.text}"
    known = known_days(batch)
    rounding = known[0].rounding if known else Fraction(0)
    limits = Limits(f"{words}, to half a drop" if rounding else words, (Limit(most + rounding, True, CHILD, "mg"),))
    if not known:
        unknown = partial(Telling, "the daily dose of a child", unknown="it is not said what is taken")
        yield Row(dict.fromkeys(("strength", "at_once", "per_day")), limits, unknown, ("dose",))
        return
    yield Row(known[0].row.values, limits, partial(_tell_child, known[0].milligrams, most, weight.text), known[0].row.field)


def _tell_child(milligrams: Fraction, most: Fraction, weight: str) -> Telling:
    said = f"the largest daily dose is {format_beyond(milligrams, most)} mg a day, above {format_exactly(most)} mg"
    return Telling("the largest daily dose", said=f"{said} (0.1 mg/kg and at most 4.5 mg, for a child of {weight})")


def _years(years: Any) -> Any:
    return years


@limit_rule(
    "FC106",
    "Dose of a child",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source=CHILD,
    needs=("prescription.weight",),
    applies=_is_child,
    alone=True,
    after=("FC101",),
    rows=_dose_of_child,
    quantities={"strength": "mg/mL", "at_once": "mL", "per_day": ""},
    shown_in="mg",
    of=" a day",
    also=(Part(_years, _age, "", bare=True, quantities={"years": ""}),),
)
def dose_of_a_child(strength: Any, at_once: Any, per_day: Any) -> Any:
    """The daily dose of a child under 18 years is usually at most 0.1 mg for each kilogram, and never above 4.5 mg.

    That is what was tried in children with Crohn's disease: 3 mg for 30 kg, 4.5 mg (not 5 mg) for 50 kg. The largest
    daily dose of the record and of its plan counts; whole drops may be half a drop above. For a child under 6 years
    no dose is known, and a warning always comes.

    Weigh the child, and ask the prescriber before anything is dispensed.
    """
    return strength * at_once * per_day


@record_rule(
    "FC107",
    "Question about opioids",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (US label of naltrexone: not with opioids; 7 to 10 days without them before the start)",
    applies=lambda batch: batch.record.prescription is not None,
    alone=True,
)
def opioid_screen(batch: Batch) -> Iterator[Fault]:
    """With a prescription stands that somebody asked the patient or the prescriber about opioids, and what the answer was.

    Naltrexone blocks opioids: it takes away the effect of a pain medicine, and brings on withdrawal in who is used to
    them. 7 to 10 days without opioids are usual before the start, up to 14 after methadone or buprenorphine. An answer
    that names an opioid without saying that it is not taken, or was stopped, is found; "not asked", or "yes" alone, says
    nothing. How long ago is long enough is not judged (`opioid_screen`).

    Ask, and write down who confirmed it and when. This needs the pharmacist's confirmation.
    """
    prescription = batch.record.prescription
    answer = prescription.opioid_screen if prescription is not None else None
    screen = read_screen(answer)
    if screen is Screen.ANSWERED:
        return
    shown = f'"{(answer or "").strip()[:60]}"'
    fault = Fault(
        message="nothing says that opioids were asked about: this needs the pharmacist's confirmation",
        field=("prescription", "opioid_screen"),
        found="nothing",
        limit="an answer",
        verdict=Verdict.NOT_DETERMINED,
    )
    if screen is Screen.OPEN:
        message = f"whether an opioid is taken: {shown} does not say, and this needs the pharmacist's confirmation"
        fault = fault._replace(message=message, found=shown)
    elif screen is Screen.TAKES:
        fault = fault._replace(
            message=f"the patient takes an opioid by the answer {shown}: naltrexone blocks it, and can bring on withdrawal",
            found=shown,
            limit="no opioid for 7 to 10 days, after methadone or buprenorphine for up to 14",
            help="Dispense nothing before prescriber and pharmacist have agreed on it; where the opioid was stopped, "
            "write since when.",
            verdict=Verdict.FAIL,
        )
    yield fault
