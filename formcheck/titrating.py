"""A titration with what has to be said about it: its days, what is taken of what, the supply, the findings."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import attrs

from formcheck.converting import answer
from formcheck.dose import CEILING, DailyDose, Dose
from formcheck.errors import DoseAboveCeiling
from formcheck.findings import Finding, Severity, Verdict, exit_status, overall
from formcheck.judging import finding_of, judge
from formcheck.liquid import DropFactor, Preparation
from formcheck.planning.schedule import Placed, placed
from formcheck.planning.titration import Plan, Step
from formcheck.rules import dating, dosing, plans
from formcheck.rules.rule import Fault
from formcheck.substance import SALT_OF_BASE, Basis, as_hydrochloride
from formcheck.units import Amount, format_exactly, format_number

__all__ = ["Fill", "Hand", "Part", "Titration", "titrate"]

OF_THE_LIQUID = ("FC602", "FC603", "FC610")
"""What is said of the drops as such, once for a plan."""
OF_THE_ORDER = ("FC111", "FC112", "FC113")
"""What is said of the plan as a whole, whatever it is taken in."""


OF_THE_BASE = Fault(
    message="Milligrams are of naltrexone (the base): the doses, the capsules and the concentration. Limits, and the keys "
    f"of the JSON answer that end in mg, count the hydrochloride, {format_number(SALT_OF_BASE, 4)} mg for each mg of base."
)


class Hand(NamedTuple):
    """What is at hand for the steps from a day on: capsules of some strengths [mg hydrochloride], or a liquid."""

    strengths: tuple[Fraction, ...] = ()
    preparation: Preparation | None = None
    factor: DropFactor | None = None
    from_day: int = 1


class Part(NamedTuple):
    """The steps that are given by one thing at hand, from a day on."""

    plan: Plan
    first: int

    @property
    def days(self) -> list[Placed]:
        """The steps with their days."""
        return placed(self.plan.steps, self.first)


class Fill(NamedTuple):
    """What is dispensed at once for the days `first` to `last`: capsules by strength [mg], millilitres, bottles."""

    first: int
    last: int
    capsules: dict[Fraction, int]
    millilitres: Fraction
    bottles: int | None

    @property
    def days(self) -> int:
        """How many days it has to last."""
        return self.last - self.first + 1


@attrs.frozen
class Titration:
    """A plan divided by what it is taken in. `plan` is None where it was refused, and the findings say why."""

    plan: Plan | None
    parts: tuple[Part, ...] = ()
    findings: tuple[Finding, ...] = ()
    fills: tuple[Fill, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return overall(self.findings)

    @property
    def exit_status(self) -> int:
        return exit_status([self.verdict])

    @property
    def changes_form(self) -> bool:
        """Whether the plan goes over from one form to another."""
        return len(self.parts) > 1


class Supply(NamedTuple):
    """How a plan is dispensed: all at once, or for so many days each time; from bottles of a size [mL]; usable so long."""

    fill_days: int | None = None
    bottle: Fraction | None = None
    usable_days: int | None = None
    dispensed: Amount | None = None


def titrate(
    ordered: list[Step],
    steps: list[list[Step]],
    hands: list[Hand],
    supply: Supply = Supply(),  # noqa: B008 - a tuple
    *,
    basis: Basis | None = None,
) -> Titration:
    """Judge a plan as it was `ordered` and as it is to be taken: `steps` for each of the things at hand.

    A day above the ceiling is refused with FC101: no plan comes of it. Milligrams are of the hydrochloride.
    Raises CannotConvert or NotADose for what makes no plan.
    """
    taken = [step for each in steps for step in each]
    refused = next((refusal for step in (*taken, *ordered) if (refusal := _refusal(step)) is not None), None)
    if refused is not None:
        counted_so = "" if basis is not Basis.BASE else ". Milligrams of the base are counted as hydrochloride"
        fault = Fault(message=f"{refused}{counted_so}", found=refused.taken, limit=f"at most {refused.limit}")
        return Titration(None, findings=(finding_of(dosing.daily_dose_ceiling, fault),))
    counted = Fraction(as_hydrochloride(Fraction(1), basis or Basis.HYDROCHLORIDE))
    first, parts = 1, []
    for each, hand in zip(steps, hands, strict=True):
        held = _held(hand, supply.dispensed)
        parts.append(Part(Plan(tuple(each), hand.strengths, hand.preparation, hand.factor, held, counted), first))
        first += sum(step.days or 0 for step in each)
    plan = Plan(tuple(taken), counted=counted)
    fills = tuple(_fills(parts, plan.total_days, supply))
    found = [*_of_order(Plan(tuple(ordered), counted=counted), plan, hands, basis)]
    found += [finding for part in parts for finding in _of_part(part)]
    found += _of_supply(fills, supply)
    # A plan that was typed has no paper in which a field could be looked up; what is worst is said first.
    worst_first = sorted(found, key=lambda finding: list(Severity).index(finding.severity))
    return Titration(plan, tuple(parts), tuple(finding._replace(field=None) for finding in worst_first), fills)


def asked(step: Step) -> Amount:
    """One intake of a step as a quantity."""
    return Amount(f"{format_exactly(step.dose)} mg", step.dose, CEILING.unit, step.dose)


def _refusal(step: Step) -> DoseAboveCeiling | None:
    try:
        DailyDose.times(Dose.of(asked(step)), step.per_day)
    except DoseAboveCeiling as refusal:
        return refusal
    return None


def _held(hand: Hand, dispensed: Amount | None) -> Fraction | None:
    if dispensed is None or (dispensed.kind == "capsules") is not bool(hand.strengths):
        return None
    return dispensed.value


def _of_order(ordered: Plan, plan: Plan, hands: list[Hand], basis: Basis | None) -> Iterator[Finding]:
    """What is said of the plan as a whole: how it starts and rises, its largest dose, what its milligrams count."""
    for rule in (plans.start_dose, plans.titration_steps):
        yield from judge(rule, ordered).findings
    counted = OF_THE_BASE if basis is Basis.BASE else dosing.counted_as(basis, assumed=basis is None)
    for rule, fault in (
        (dosing.above_usual_dose, _beyond_usual(plan)),
        (dosing.change_of_form, dosing.CHANGED_FORM if len(hands) > 1 else None),
        (dosing.taken_as_hydrochloride, counted),
    ):
        if fault is not None:
            yield finding_of(rule, fault)


def _beyond_usual(plan: Plan) -> Fault | None:
    """What is said of the largest daily dose; of the base in its own milligrams too, as they stand in the plan."""
    fault = dosing.beyond_usual(plan.most)
    if fault is None or plan.counted == 1:
        return fault
    message = f"{plan.words(plan.most)} of the base a day, {fault.found} of the hydrochloride"
    return fault._replace(message=f"{message.replace(' a day of', ' of')}, is above the usual maximum of 4.5 mg")


def _of_part(part: Part) -> Iterator[Finding]:
    """What is said of the steps as they are taken of what is at hand."""
    for rule in (plans.steps_reachable, plans.quantity_covers_plan):
        if rule.applies(part.plan):
            yield from judge(rule, part.plan).findings
    said: set[tuple[str, str]] = set()
    for step, first, last in part.days if part.plan.preparation is not None else ():
        result = answer(asked(step), part.plan.preparation, part.plan.factor, per_day=step.per_day)
        for finding in result.findings:
            once = finding.code in OF_THE_LIQUID
            words = (finding.code, finding.message if once else str(step.dose))
            if finding.code not in OF_THE_ORDER and words not in said:
                said.add(words)
                yield finding if once else finding._replace(message=f"{in_days(first, last)}: {finding.message}")


def in_days(first: int, last: int | None) -> str:
    """The days of a step in words."""
    if last is None:
        return f"from day {first} on"
    return f"day {first}" if first == last else f"day {first} to {last}"


def _fills(parts: list[Part], days: int, supply: Supply) -> Iterator[Fill]:
    """What is dispensed each time, the fewest capsules and whole drops counted; nothing where a step cannot be given."""
    if any(part.plan.needed is None for part in parts):
        return
    each = supply.fill_days or max(days, 1)
    for first in range(1, days + 1, each):
        last = min(first + each - 1, days)
        capsules: dict[Fraction, int] = {}
        millilitres = Fraction(0)
        for part, step, shared in _within(parts, first, last):
            if part.plan.preparation is not None:
                millilitres += (part.plan.at_once(step) or 0) * step.per_day * shared
            for strength, count in (part.plan.capsules(step) or {}).items():
                capsules[strength] = capsules.get(strength, 0) + count * step.per_day * shared
        bottles = None if supply.bottle is None or not millilitres else -int(-millilitres // supply.bottle)
        yield Fill(first, last, dict(sorted(capsules.items(), reverse=True)), millilitres, bottles)


def _within(parts: list[Part], first: int, last: int) -> Iterator[tuple[Part, Step, int]]:
    """The steps that fall into some days, and how many of those days each takes; an open step counts none."""
    for part in parts:
        for step, begin, end in part.days:
            shared = 0 if end is None else min(last, end) - max(first, begin) + 1
            if shared > 0:
                yield part, step, shared


def _of_supply(fills: tuple[Fill, ...], supply: Supply) -> Iterator[Finding]:
    usable = supply.usable_days
    longest = max((fill.days for fill in fills), default=0)
    if usable is None or longest <= usable:
        return
    yield finding_of(
        dating.days_of_supply,
        Fault(
            message=f"what is dispensed has to last {longest} days, but may be used for {usable}",
            found=f"{longest} days",
            limit=f"at most {usable} days",
            severity=Severity.ERROR,
            help=f"Dispense it afresh every {usable} days or sooner: --fill-every {usable}days.",
        ),
    )
