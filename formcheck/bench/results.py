"""Results at the bench: uniformity of dosage units by USP <905>, and uniformity of mass by Ph. Eur. 2.9.5."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from formcheck import measures
from formcheck.bench.worked import WARNING, Step, Worked, figure, percent, to_decimals
from formcheck.errors import CannotConvert
from formcheck.planning.uniformity import L1, L2, STAGE_1, STAGE_2, K, Spread, spread_of
from formcheck.rules.masses import PH_EUR_MASSES, PH_EUR_OUTSIDE, PH_EUR_SOURCE
from formcheck.rules.rule import Limits
from formcheck.rules.uniformity import UNIFORMITY_SOURCE
from formcheck.units import Amount, format_number

__all__ = ["mass_variation", "uniformity", "uniformity_by_mass", "uniformity_of_summary"]

STATUS = {"pass_stage_1": 0, "pass_stage_2": 0, "go_to_stage_2": 3, "not_determined": 3, "fail": 1}
_SAID = {
    "pass_stage_1": "passes at stage 1",
    "pass_stage_2": "passes at stage 2",
    "go_to_stage_2": "is above 15.0 at stage 1: test twenty more, and judge all thirty",
    "not_determined": "is at most 15.0, but the single units of the thirty are not known: not determined",
    "fail": "fails at stage 2",
}
NO_ROUTE = (
    "Masses may stand in for contents only where a unit holds at least 25 mg and at least 25 % of the drug (USP <905>). "
    "Capsules of low-dose naltrexone never do: this is not their content uniformity."
)
_ALIKE = f"{WARNING}all units are equal to the last digit. Single results never are: look at how they came about."


def uniformity(contents: Sequence[Amount], label: Amount | None = None, target: Amount | None = None) -> Worked:
    """The acceptance value of 10 or 30 contents: percentages of the label, or masses with the label they belong to.

    Raises CannotConvert for another number of units, or masses without a label.
    """
    _ten_or_thirty(len(contents))
    if contents[0].kind == "mass":
        if label is None or not label.value > 0:
            raise CannotConvert("contents in mg need the label claim: --label 4.5mg")
        shares = [content.value / label.value for content in contents]
        made = Step("Contents", "content / label", f"{contents[0]} / {label}, ...", f"{percent(shares[0])}, ...")
        return _of_contents(shares, target, (made,))
    if label is not None:
        raise CannotConvert("--label belongs to contents in mg: percentages are of the label already")
    return _of_contents([content.value for content in contents], target, ())


def uniformity_by_mass(masses: Sequence[Amount], assay: Amount, target: Amount | None = None) -> Worked:
    """The same by weight variation: each net mass times the assay over the mean mass."""
    _ten_or_thirty(len(masses))
    average = measures.mean([mass.value for mass in masses])
    if not average > 0:
        raise CannotConvert("the mean of the masses is 0")
    shares = [Fraction(measures.content_by_mass(mass.value, average, assay.value)) for mass in masses]
    numbers = f"{masses[0]} x {assay} / {figure(average, 'mg')}, ..."
    step = Step("Contents", "net mass x assay / mean net mass", numbers, f"{percent(shares[0])}, ...", UNIFORMITY_SOURCE)
    return _of_contents(shares, target, (step,), (NO_ROUTE,))


def uniformity_of_summary(mean: Amount, deviation: Amount, number: int, target: Amount | None = None) -> Worked:
    """The acceptance value of a mean and a sample standard deviation; of thirty the single units stay unknown."""
    _ten_or_thirty(number)
    spread = Spread(number, mean.value, deviation.value, _target(target))
    return _worked(spread, None, ())


def _target(target: Amount | None) -> Fraction:
    if target is not None and not Fraction(9, 10) <= target.value <= Fraction(11, 10):
        raise CannotConvert(f"a target of {target} is none: T is 100 %, or an approved figure near it")
    return Fraction(1) if target is None else target.value


def _ten_or_thirty(number: int) -> None:
    if number not in K:
        raise CannotConvert(
            f"an acceptance value takes {STAGE_1} units, or {STAGE_2} with the first ten among them, not {number}"
        )


def _of_contents(
    contents: list[Fraction], target: Amount | None, before: tuple[Step, ...], notes: tuple[str, ...] = ()
) -> Worked:
    alike = (_ALIKE,) if len(set(contents)) == 1 else ()
    return _worked(spread_of(contents, _target(target)), contents, before, (*notes, *alike))


def _worked(
    spread: Spread, contents: list[Fraction] | None, before: tuple[Step, ...], notes: tuple[str, ...] = ()
) -> Worked:
    value, reference = spread.acceptance_value, spread.reference
    above = any(limit.broken_by(value) for limit in Limits.at_most(f"{L1} %", UNIFORMITY_SOURCE).bounds)
    share = Fraction(L2) / 100
    outside = None if contents is None else measures.outside(contents, reference, share)
    outcome = _outcome(spread.number, above, outside)
    shown = format_number(value * 100, 1)
    data: dict[str, Any] = {
        "n": spread.number,
        "mean_pct": spread.average * 100,
        "s": spread.deviation * 100,
        "rsd_pct": Fraction(measures.relative_deviation(spread.deviation, spread.average)) * 100
        if spread.average
        else None,
        "M": reference * 100,
        "k": K[spread.number],
        "AV": value * 100,
        "AV_1dp": Fraction(shown),
        "L1": Fraction(L1),
        "individual_limits_pct": [(1 - share) * reference * 100, (1 + share) * reference * 100],
        "n_outside_individual_limits": None if outside is None else len(outside),
        "outcome": outcome,
    }
    steps = (*before, *_steps(spread, shown, contents, outside))
    return Worked(f"Acceptance value {shown}: {_SAID[outcome]}", data, steps, notes, STATUS[outcome])


def _outcome(number: int, above: bool, outside: list[int] | None) -> str:
    if number == STAGE_1:
        return "go_to_stage_2" if above else "pass_stage_1"
    if above or outside:
        return "fail"
    return "not_determined" if outside is None else "pass_stage_2"


def _steps(spread: Spread, shown: str, contents: list[Fraction] | None, outside: list[int] | None) -> list[Step]:
    k, mean, deviation = figure(K[spread.number], ""), percent(spread.average), figure(spread.deviation * 100, "")
    given = "as given" if contents is None else f"{spread.number} units"
    low, high = percent(spread.low), percent(spread.high)
    steps = [
        Step("Mean", "mean of the contents", given, mean),
        Step("Standard deviation s", "of the sample: n - 1", given, deviation, rounding="shown to 4 decimals"),
        Step("Reference value M", f"the mean, but not below {low} nor above {high}", "", percent(spread.reference)),
        Step(
            "Acceptance value",
            "AV = |M - mean| + k x s",
            f"|{percent(spread.reference)} - {mean}| + {k} x {deviation}",
            f"{to_decimals(spread.acceptance_value * 100, 4)}, rounded {shown}; at most {L1} at both stages",
            UNIFORMITY_SOURCE,
            "half up to the decimals of the limit, at the very end",
        ),
    ]
    if spread.number == STAGE_2:
        bounds = " to ".join(percent(spread.reference * (1 + sign * Fraction(L2) / 100)) for sign in (-1, 1))
        found = "the single units are not known"
        if outside is not None and contents is not None:
            found = f"{len(outside)} of 30 outside{_named(outside, contents, spread.reference)}"
        steps.append(Step("Single units", "0.75 M to 1.25 M, compared unrounded", bounds, found, UNIFORMITY_SOURCE))
    return steps


def _named(outside: list[int], contents: list[Fraction], reference: Fraction) -> str:
    """The units outside, each with its content and what it is of M."""
    shares = (f"unit {at + 1} is {to_decimals(contents[at] / reference * 100, 3)} % of M" for at in outside)
    return f" ({', '.join(shares)})" if outside else ""


def mass_variation(
    masses: Sequence[Amount],
    shell: Amount | None = None,
    target: Amount | None = None,
    limit: Amount | None = None,
) -> Worked:
    """Masses against their own mean as Ph. Eur. 2.9.5 has it (two outside, none twice as far), or each against a target.

    Masses of capsules become net masses by the mean mass of an empty shell. Raises CannotConvert for fewer than two.
    """
    if len(masses) < 2:
        raise CannotConvert("one mass has no variation: weigh ten units or more one by one, twenty for Ph. Eur. 2.9.5")
    nets = [Fraction(measures.net_content(mass.value, shell.value)) if shell else mass.value for mass in masses]
    if not min(nets) > 0:
        raise CannotConvert("a net mass is 0 or less: is the mass of the shell right, and are all masses in one unit?")
    average, deviation = measures.mean(nets), measures.sample_deviation(nets)
    centre = average if target is None else target.value
    if not centre > 0:
        raise CannotConvert("the target must be above 0")
    if limit is not None and not limit.value < 1:
        raise CannotConvert(f"a limit of {limit} lets everything pass: 10 %, or 7.5 %, are usual")
    share = measures.mass_deviation_allowed(centre) if limit is None else limit.value
    outside, far = measures.outside(nets, centre, share), measures.outside(nets, centre, 2 * share)
    allowed = PH_EUR_OUTSIDE if target is None else 0
    failed = bool(far) or len(outside) > allowed
    least, most = (Fraction(measures.relative_deviation(x - centre, centre)) * 100 for x in (min(nets), max(nets)))
    rsd = Fraction(measures.relative_deviation(deviation, average))
    data = {
        "n": len(nets),
        "mean_mg": average,
        "sd_mg": deviation,
        "rsd_pct": rsd * 100,
        "min_dev_pct": least,
        "max_dev_pct": most,
        "n_outside_limit": len(outside),
        "n_outside_double": len(far),
        "outcome": "fail" if failed else "pass",
    }
    steps = _mass_steps(nets, (average, deviation, rsd), (shell, target, share, allowed), (least, most), (outside, far))
    notes = [] if target is not None else list(_not_twenty(len(nets), len(outside)))
    notes += [_ALIKE] if deviation == 0 else []
    words = "fail" if failed else "pass"
    about = "their mean" if target is None else f"the target of {target}"
    found = f"{len(outside)} of {len(nets)} more than {percent(share)} from {about}, {len(far)} twice as far"
    return Worked(f"The masses {words}: {found}", data, tuple(steps), (*notes, _FILLING), 1 if failed else 0)


def _not_twenty(number: int, outside: int) -> Iterator[str]:
    """What is to be said where the two that may be outside are not two of twenty."""
    said = f"Ph. Eur. 2.9.5 weighs twenty units one by one; these are {number}."
    if number < PH_EUR_MASSES and outside:
        said = f"{WARNING}{said} It lets two of twenty lie outside: {outside} of {number} is more than that. Weigh twenty."
    if number != PH_EUR_MASSES:
        yield said


_FILLING = "Masses show the filling, not the drug in each unit: this is no content uniformity."


def _mass_steps(nets: list[Fraction], spread: Any, how: Any, deviations: Any, outside: Any) -> list[Step]:
    (average, deviation, rsd), (shell, target, share, allowed) = spread, how
    steps, of_target = [], ""
    if target is not None:
        shares = (100 + deviations[0], 100 + deviations[1], average / target.value * 100)
        least, most, mean = (to_decimals(share, 2) for share in shares)
        of_target = f": {least} % to {most} % of the target, the mean {mean} % of it"
    if shell is not None:
        steps.append(Step("Net masses", "mass - empty shell", f"... - {shell}, ...", f"{figure(nets[0], 'mg')}, ..."))
    steps += [
        Step("Mean", "mean of the net masses", f"{len(nets)} units", figure(average, "mg")),
        Step(
            "Standard deviation",
            "of the sample: n - 1",
            f"{len(nets)} units",
            f"{figure(deviation, 'mg')}, {to_decimals(rsd * 100, 2)} % of the mean (RSD)",
            "",
            "shown to 4 and 2 decimals",
        ),
        Step(
            "Deviations",
            "(mass - centre) / centre",
            f"from {figure(average, 'mg') if target is None else target}",
            f"{to_decimals(deviations[0], 2)} % to {to_decimals(deviations[1], 2)} %{of_target}",
            rounding="compared unrounded, shown to 2 decimals",
        ),
        Step(
            f"Outside {percent(share)}, and twice that",
            f"at most {allowed}, and none" if target is None else "none",
            "",
            f"{len(outside[0])}, and {len(outside[1])}",
            PH_EUR_SOURCE if target is None else "good practice: each unit against its theoretical mass",
        ),
    ]
    return steps
