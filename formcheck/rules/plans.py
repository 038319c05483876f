"""FC1: the plan of a prescription. How it starts and rises, and whether what is dispensed gives it."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from formcheck.dose import CEILING
from formcheck.findings import Authority, Severity, Verdict
from formcheck.planning.titration import Plan, Step
from formcheck.rules.rule import Fault, record_rule
from formcheck.units import format_exactly

PRACTICE = "formcheck; practice of titration: start 0.5 to 1.5 mg, 0.5 to 1 mg more every 7 to 14 days (LDN Research Trust)"
LEAST_START, MOST_START = Fraction(1, 2), Fraction(3, 2)
MOST_RISE = Fraction(3, 2)
LEAST_DAYS = 7
USUAL_TARGET = Fraction(9, 2)
WEEKS = range(4, 9)
"""Completed weeks before the usual target: 8 of 0.5 mg more each week, 4 of 1.5, 3 and 4.5 mg for two weeks each."""
SURPLUS = Fraction(11, 10)
LEAST_STRENGTH = Fraction(1, 10)
_MOST_NAMED = 5
_PLAN = ("prescription", "plan")


def _plan(subject: Any) -> Plan | None:
    """The plan itself, or that of a record's prescription."""
    return subject if isinstance(subject, Plan) else subject.plan


def _is_titration(subject: Any) -> bool:
    plan = _plan(subject)
    return plan is not None and plan.rises


@record_rule(
    "FC102",
    "Start dose",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source=PRACTICE,
    applies=_is_titration,
    alone=True,
    after=("FC101",),
)
def start_dose(subject: Any) -> Iterator[Fault]:
    """A plan that rises usually starts at 0.5 to 1.5 mg a day.

    A higher start brings more vivid dreams and lost sleep. A lower one is only noted, since starts in micrograms
    exist. A plan of one dose throughout is a maintenance order and has no start.

    Ask the prescriber whether the patient has taken low-dose naltrexone before, or should start lower.
    """
    plan = _plan(subject)
    if plan is None:
        return
    start = plan.steps[0].daily
    if not LEAST_START <= start <= MOST_START:
        above = start > MOST_START
        side = "above" if above else "below"
        yield Fault(
            message=f"the plan starts at {plan.words(start)} a day{_of_base(plan, start)}, {side} the usual 0.5 to 1.5 mg",
            field=_PLAN,
            found=f"{plan.words(start)} a day",
            limit="0.5 to 1.5 mg a day",
            severity=None if above else Severity.INFO,
        )


def _of_base(plan: Plan, milligrams: Fraction) -> str:
    return "" if plan.counted == 1 else f" ({format_exactly(milligrams, 3)} mg of the hydrochloride)"


class _Level(NamedTuple):
    daily: Fraction
    days: int | None


def _levels(plan: Plan) -> list[_Level]:
    """The daily doses one after the other; steps of the same daily dose are one."""
    levels: list[_Level] = []
    for step in plan.steps:
        if levels and levels[-1].daily == step.daily:
            before = levels.pop().days
            levels.append(_Level(step.daily, None if step.days is None or before is None else before + step.days))
        else:
            levels.append(_Level(step.daily, step.days))
    return levels


def _has_steps(subject: Any) -> bool:
    plan = _plan(subject)
    return plan is not None and plan.changes


@record_rule(
    "FC103",
    "Titration steps",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source=PRACTICE,
    applies=_has_steps,
    alone=True,
    after=("FC101",),
)
def titration_steps(subject: Any) -> Iterator[Fault]:
    """A plan rises by at most 1.5 mg at a time, stays at least 7 days on each dose, and does not go down in between.

    To 4.5 mg or more it takes 4 to 8 completed weeks: 0.5 mg more each week takes 8, and 1.5, 3 and 4.5 mg for
    two weeks each take 4. Weeks are counted before the first day at the last dose of the plan.

    Ask the prescriber whether the step is meant. A dose that went down for side effects is a good reason; write it down.
    """
    plan = _plan(subject)
    if plan is None:
        return
    levels = _levels(plan)
    pairs = list(pairwise(levels))
    large = [f"{_from_to(plan, a, b)}" for a, b in pairs if b.daily - a.daily > MOST_RISE]
    short = [f"{plan.words(a.daily)} for {_days(a.days or 0)}" for a, b in pairs if _is_short(a, b)]
    down = [_from_to(plan, a, b) for a, b in pairs if b.daily < a.daily]
    if large:
        yield _step_fault(f"the plan rises by more than 1.5 mg at once, {_listed(large)}", large, "at most 1.5 mg at once")
    if short:
        yield _step_fault(f"the plan rises after less than 7 days on a dose, {_listed(short)}", short, "at least 7 days")
    if down:
        yield _step_fault(f"the plan goes down, {_listed(down)}", down, "no step down")
    weeks = plan.days_before_target // 7
    if plan.rises and plan.target >= USUAL_TARGET and weeks not in WEEKS:
        took = f"{weeks} completed week{'s' if weeks != 1 else ''}"
        yield _step_fault(
            f"the plan reaches {plan.words(plan.target)} after {took} (day {plan.first_day_at_target}), not 4 to 8",
            [took],
            "4 to 8 completed weeks",
        )


def _is_short(before: _Level, after: _Level) -> bool:
    return after.daily > before.daily and (before.days or 0) < LEAST_DAYS


def _from_to(plan: Plan, before: _Level, after: _Level) -> str:
    return f"from {plan.words(before.daily)} to {plan.words(after.daily)}"


def _step_fault(message: str, found: list[str], limit: str) -> Fault:
    return Fault(message=message, field=_PLAN, found=_listed(found), limit=limit)


def _listed(words: Iterable[str]) -> str:
    every = list(words)
    more = f" and {len(every) - _MOST_NAMED} more" if len(every) > _MOST_NAMED else ""
    return ", ".join(every[:_MOST_NAMED]) + more


def _days(number: int) -> str:
    return f"{number} day{'s' if number != 1 else ''}"


def _is_of_capsules(subject: Any) -> bool:
    if isinstance(subject, Plan):
        return bool(subject.strengths)
    record, form = subject.record, subject.form
    if record.prescription is None or record.prescription.plan is None:
        return False
    if record.strength is None:
        return form is None or form.units_are_counted
    return bool(record.strength.kind == "mass")


@record_rule(
    "FC104",
    "Steps that the capsules at hand can give",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck; capsules are not split",
    needs=("strength", "strength_basis"),
    applies=_is_of_capsules,
    alone=True,
    after=("FC101",),
)
def steps_reachable(subject: Any) -> Iterator[Fault]:
    """Each dose of the plan must be an exact sum of whole capsules of the strengths at hand.

    At hand are the strength of the record and those that the prescription names (`strengths`). With 1.5 mg capsules
    1.5, 3 and 4.5 mg can be given, 2 mg cannot: a capsule is never opened and split, since nobody can divide its powder.
    Drops are not looked at here: what whole drops give has rules of its own.

    Order a strength that gives every step, or ask the prescriber for doses that the capsules at hand give.
    """
    plan = _plan(subject)
    if plan is None:
        return
    steps = [step for step in plan.unreachable if step.dose <= CEILING.value]
    if not steps:
        return
    of = _listed(plan.words(strength) for strength in sorted(set(plan.strengths)))
    if not plan.sums.can_be_reckoned:
        yield Fault(
            message=f"the strengths ({of}) are too many, or differ by too little, to be added up: "
            "whether they give the plan is not determined",
            field=_PLAN,
            verdict=Verdict.NOT_DETERMINED,
        )
        return
    doses = _listed(plan.words(step.dose) for step in steps)
    yield Fault(
        message=f"capsules of {of} do not give {doses} exactly{_way_out(plan, steps[0])}",
        field=_PLAN,
        found=doses,
        limit=f"whole capsules of {of}",
    )


def _way_out(plan: Plan, step: Step) -> str:
    """The doses next to one that cannot be given, and the strength that would give every step, as words."""
    ways = []
    near = plan.sums.nearest(step.dose, CEILING.value / step.per_day)
    if near:
        ways.append(f"in place of {plan.words(step.dose)} they give {' or '.join(map(plan.words, near))}")
    if plan.strength_wanted >= LEAST_STRENGTH:
        ways.append(f"another strength would be needed: {plan.words(plan.strength_wanted)}")
    return "".join(f"; {way}" for way in ways)


def _has_supply(subject: Any) -> bool:
    if isinstance(subject, Plan):
        return subject.supply is not None
    prescription = subject.record.prescription
    return prescription is not None and prescription.plan is not None


@record_rule(
    "FC105",
    "Quantity covers the plan",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck; the plan as it was prescribed",
    needs=("strength", "strength_basis", "prescription.dispensed"),
    applies=_has_supply,
    alone=True,
    after=("FC101",),
)
def quantity_covers_plan(subject: Any) -> Iterator[Fault]:
    """What is dispensed must be enough for the plan: all its capsules, or all its millilitres, over all its days.

    Capsules of every strength are counted together, the fewest that give each dose; drops are counted whole. 1.5, 3
    and 4.5 mg for two weeks each take 84 capsules of 1.5 mg. A patient who runs out in the middle of a titration stops
    or starts again. More than 10 % too much is only noted.

    Dispense what is missing, or have the plan and the quantity agree.
    """
    plan = _plan(subject)
    if plan is None or not plan.within_ceiling:
        return
    unit = "capsules" if plan.strengths else "mL"
    field = ("prescription", "dispensed")
    if plan.needed is None and plan.strengths:
        return  # FC104 says so
    if plan.needed is None or plan.supply is None:
        why = "what was dispensed is not counted in" if plan.supply is None else "what the plan takes cannot be said in"
        yield Fault(message=f"{why} {unit}: not determined", field=field, verdict=Verdict.NOT_DETERMINED)
    elif plan.supply < plan.needed:
        yield Fault(
            message=f"the plan takes {_units(plan.needed, unit)}, and {_units(plan.supply, unit)} were dispensed: "
            f"enough for {_days(plan.full_days(plan.supply))} of {plan.total_days}",
            field=field,
            found=_units(plan.supply, unit),
            limit=f"at least {_units(plan.needed, unit)}",
        )
    elif plan.needed and plan.supply > plan.needed * SURPLUS:
        yield Fault(
            message=f"the plan takes {_units(plan.needed, unit)}, and {_units(plan.supply, unit)} were dispensed, "
            "more than 10 % too much",
            field=field,
            found=_units(plan.supply, unit),
            limit=f"{_units(plan.needed, unit)} and 10 % more",
            severity=Severity.INFO,
        )


def _units(number: Fraction, unit: str) -> str:
    return f"{format_exactly(number, 2)} {unit if number != 1 else unit.removesuffix('s')}"
