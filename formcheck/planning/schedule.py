"""The steps of a titration: how they rise, how they are held or stepped back, where the form changes.

Milligrams here are counted, not given: `titrating` makes doses of them, which the ceiling guards.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

import attrs

from formcheck.errors import CannotConvert
from formcheck.planning.titration import Step
from formcheck.units import format_exactly

__all__ = ["Change", "days_of", "held", "placed", "rising", "split", "stepped_back"]

MOST_STEPS = 100
MOST_DAYS = 999
"""So many days has a step at most, as in the plan of a record."""


class Placed(NamedTuple):
    """A step with its days: from `first` to `last` (None where it is open), day 1 being the first of treatment."""

    step: Step
    first: int
    last: int | None


class Change(NamedTuple):
    """What side effects call for: from day `day` on, `days` days more."""

    day: int
    days: int


def rising(start: Fraction, target: Fraction, step: Fraction, every: int, maintain: int | None, per_day: int) -> list[Step]:
    """Daily doses [mg] from `start` to `target`, `step` more after `every` days; the last rise may be smaller.

    Without `maintain` the last step is open. 0.5 mg more each week to 4.5 mg takes 8 weeks before it.
    Raises CannotConvert for a plan that does not rise, or never ends.
    """
    if not 0 < start <= target:
        raise CannotConvert("a titration starts above 0 and not above its target: --start 0.5mg --target 4.5mg")
    if not step > 0 and start != target:
        raise CannotConvert("a titration rises: write --step with a dose above 0, such as 0.5mg")
    if not 1 <= every <= MOST_DAYS or not (maintain is None or 1 <= maintain <= MOST_DAYS):
        raise CannotConvert(f"a step lasts 1 to {MOST_DAYS} days")
    rises = 0 if start == target else -((start - target) // step)
    if rises > MOST_STEPS:
        raise CannotConvert(f"this plan has more than {MOST_STEPS} steps: write a larger --step")
    doses = [start + number * step for number in range(rises)]
    return [*(Step(dose / per_day, per_day, every) for dose in doses), Step(target / per_day, per_day, maintain)]


def placed(steps: Iterable[Step], first: int = 1) -> list[Placed]:
    """The steps with their days."""
    days: list[Placed] = []
    for step in steps:
        last = None if step.days is None else first + step.days - 1
        days.append(Placed(step, first, last))
        first = first if last is None else last + 1
    return days


def days_of(steps: Iterable[Step]) -> int:
    """The days of the steps added up; an open step counts none."""
    return sum(step.days or 0 for step in steps)


def _at(steps: list[Step], day: int, what: str) -> int:
    """The place of the step that is taken on a day. Raises CannotConvert for a day after the plan."""
    for place, each in enumerate(placed(steps)):
        if each.first <= day and (each.last is None or day <= each.last):
            return place
    raise CannotConvert(f"{what} on day {day}: the plan has {days_of(steps)} days, and begins with day 1")


def held(steps: list[Step], change: Change) -> list[Step]:
    """The plan with the dose of a day taken so many days longer, all that follows so many days later."""
    place = _at(steps, change.day, "hold")
    step = steps[place]
    longer = step if step.days is None else attrs.evolve(step, days=step.days + change.days)
    return [*steps[:place], longer, *steps[place + 1 :]]


def stepped_back(steps: list[Step], change: Change) -> list[Step]:
    """The plan with the dose before taken again from a day on, for so many days; then the step begins anew.

    1.5 mg x 14, 3 mg x 14, stepped back on day 20 for 7 days: 1.5 mg x 14, 3 mg x 5, 1.5 mg x 7, 3 mg x 14.
    Raises CannotConvert where no lower dose comes before.
    """
    place = _at(steps, change.day, "step back")
    step, first = steps[place], placed(steps)[place].first
    lower = [before for before in steps[:place] if before.daily < step.daily]
    if not lower:
        raise CannotConvert(
            f"step back on day {change.day}: no lower dose than {format_exactly(step.daily, 4)} mg a day comes before"
        )
    taken = [attrs.evolve(step, days=change.day - first)] if change.day > first else []
    return [*steps[:place], *taken, attrs.evolve(lower[-1], days=change.days), step, *steps[place + 1 :]]


def split(steps: list[Step], day: int) -> tuple[list[Step], list[Step]]:
    """The steps before a day, and those from it on; a step that the day falls into is divided.

    Raises CannotConvert for the first day, and for a day after the plan.
    """
    if day < 2:
        raise CannotConvert("a change of form comes on day 2 or later; before it something else was taken")
    place = _at(steps, day, "change of form")
    step, first = steps[place], placed(steps)[place].first
    before = [attrs.evolve(step, days=day - first)] if day > first else []
    after = step if step.days is None else attrs.evolve(step, days=step.days - (day - first))
    return [*steps[:place], *before], [after, *steps[place + 1 :]]
