"""A conversion with what has to be said about it: the numbers, the findings, the exit status."""

from typing import Any, NamedTuple

from formcheck.dose import Conversion, DropFactor, Preparation, convert
from formcheck.errors import DoseAboveCeiling, TooSmallForDrops
from formcheck.findings import Finding, Verdict, exit_status, overall
from formcheck.judging import finding_of, judge
from formcheck.rules import dosing, drops, syringes, whole_drops
from formcheck.rules.rule import Fault, Rule
from formcheck.units import Amount

__all__ = ["Answer", "answer", "findings_of_factor"]

SAID_OF_CONVERSIONS: tuple[Rule, ...] = (
    dosing.worst_case_above_ceiling,
    dosing.one_slip_above_ceiling,
    dosing.above_usual_dose,
    drops.calibration_repeatability,
    drops.factor_without_provenance,
    drops.plausible_factor,
    whole_drops.rounding_error,
    whole_drops.drops_per_dose,
    syringes.syringe_dose,
    dosing.change_of_form,
    dosing.taken_as_hydrochloride,
)


class Answer(NamedTuple):
    """What came of a conversion; without a `conversion` it was refused, and the findings say why."""

    conversion: Conversion | None
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        return overall(self.findings)

    @property
    def exit_status(self) -> int:
        return exit_status([self.verdict])


def answer(
    intake: Amount,
    preparation: Preparation | None = None,
    factor: DropFactor | None = None,
    *,
    with_slips: bool = False,
    **options: Any,
) -> Answer:
    """Convert one intake (see `dose.convert`), and say what the rules say of it; of slips only where they are asked for.

    A dose above the ceiling is refused with FC101, one that whole drops cannot give with FC604.
    Raises CannotConvert, NotADose or NotAQuantity for input that makes no conversion.
    """
    try:
        conversion = convert(intake, preparation, factor, **options)
    except DoseAboveCeiling as refusal:
        fault = Fault(message=str(refusal), found=refusal.taken, limit=f"at most {refusal.limit}")
        return Answer(None, (finding_of(dosing.daily_dose_ceiling, fault),))
    except TooSmallForDrops as refusal:
        fault = Fault(message=str(refusal), found=refusal.found, limit=refusal.limit)
        return Answer(None, (finding_of(whole_drops.rounding_error, fault),))
    rules = (rule for rule in SAID_OF_CONVERSIONS if with_slips or rule is not dosing.one_slip_above_ceiling)
    found = [finding for rule in rules for finding in judge(rule, conversion).findings]
    return Answer(conversion, tuple(found))


def findings_of_factor(factor: DropFactor) -> tuple[Finding, ...]:
    """What is to be said of a calibration by itself."""
    said = [finding_of(drops.calibration_repeatability, fault) for fault in drops.repeatability(factor)]
    return (*said, *(finding_of(drops.plausible_factor, fault) for fault in drops.plausibility(factor)))
