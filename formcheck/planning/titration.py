"""A plan of daily doses: how long, how much, and what the capsules or the liquid at hand give of it.

A plan makes no dose. It counts milligrams that somebody ordered, so that rules can judge them; what drops give of a
step is asked of `dose.convert`, which refuses what is above the ceiling.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from formcheck.dose import CEILING, Conversion, convert
from formcheck.errors import FormcheckError
from formcheck.liquid import DropFactor, Preparation
from formcheck.planning.dropping import intake_of
from formcheck.substance import as_hydrochloride
from formcheck.units import Amount, format_exactly

if TYPE_CHECKING:
    from formcheck.planning.batch import Batch

__all__ = ["Plan", "Step", "Sums", "plan_of"]

MOST_GRAINS = 20_000
"""So many amounts are reckoned at most: 10 mg in steps of 0.0005 mg. No capsules differ by less."""
MOST_STRENGTHS = 24
_NOTHING = Fraction(0)


@attrs.frozen
class Step:
    """One step of a plan: the milligrams of one intake, as naltrexone hydrochloride, and how often and how long.

    `days` is None where the step is open (the last one, taken from then on).
    """

    dose: Fraction
    per_day: int = 1
    days: int | None = None

    @property
    def daily(self) -> Fraction:
        """The milligrams of a day."""
        return self.dose * self.per_day


class Sums:
    """What whole capsules add up to, at most 10 mg, with the fewest capsules for each amount.

    With 1.5 mg and 0.5 mg at hand, 2 mg is one of each: `fewest(2)` is {1.5: 1, 0.5: 1}.
    """

    def __init__(self, strengths: Iterable[Fraction]) -> None:
        self.strengths = tuple(sorted({s for s in strengths if 0 < s <= CEILING.value}, reverse=True))
        self._grain = _common_part(self.strengths)
        self._size = int(CEILING.value / self._grain)
        self.can_be_reckoned = self._size <= MOST_GRAINS and len(self.strengths) <= MOST_STRENGTHS

    @cached_property
    def _last(self) -> list[Fraction | None]:
        """For every amount, one capsule of a sum with the fewest capsules; None where there is no sum."""
        last: list[Fraction | None] = [None] * (self._size + 1)
        count = [0] + [self._size + 1] * self._size
        for strength in self.strengths:
            grains = int(strength / self._grain)
            for total in range(grains, self._size + 1):
                if count[total - grains] + 1 < count[total]:
                    count[total], last[total] = count[total - grains] + 1, strength
        return last

    def fewest(self, dose: Fraction) -> dict[Fraction, int] | None:
        """The fewest capsules that hold a dose exactly, by strength (the larger first); None where none do."""
        grains = dose / self._grain
        if grains.denominator != 1 or not 0 < grains <= self._size or not self.can_be_reckoned:
            return None
        found: dict[Fraction, int] = {}
        place = int(grains)
        while place:
            strength = self._last[place]
            if strength is None:
                return None
            found[strength] = found.get(strength, 0) + 1
            place -= int(strength / self._grain)
        return dict(sorted(found.items(), reverse=True))

    def nearest(self, dose: Fraction, most: Fraction) -> tuple[Fraction, ...]:
        """The amounts next below and next above a dose that capsules give, where there are any up to `most`."""
        if not self.can_be_reckoned:
            return ()
        given = [place for place in range(1, self._size + 1) if self._last[place] is not None]
        amounts = [place * self._grain for place in given if place * self._grain <= most]
        below = [amount for amount in amounts if amount < dose][-1:]
        return (*below, *[amount for amount in amounts if amount > dose][:1])


def _common_part(numbers: tuple[Fraction, ...]) -> Fraction:
    """The largest amount of which every number is a whole multiple; 1 of no numbers."""
    if not numbers:
        return Fraction(1)
    bottom = math.lcm(*(number.denominator for number in numbers))
    return Fraction(math.gcd(*(int(number * bottom) for number in numbers)), bottom)


@attrs.frozen(slots=False)
class Plan:
    """Steps one after the other, and what is at hand to give them: capsules of some strengths, or a liquid.

    Milligrams are of naltrexone hydrochloride, anhydrous; `counted` is how many of them one milligram of the label is.
    `supply` is what was dispensed, in capsules or mL. `factor` is there where the liquid is counted in drops.
    """

    steps: tuple[Step, ...]
    strengths: tuple[Fraction, ...] = ()
    preparation: Preparation | None = None
    factor: DropFactor | None = None
    supply: Fraction | None = None
    counted: Fraction = Fraction(1)

    def missing(self, _needs: tuple[str, ...]) -> tuple[tuple[str | int, ...], ...]:
        """What a plan that was typed does not say of what a rule needs: nothing, since a plan has no fields of a record."""
        return ()

    def words(self, milligrams: Fraction) -> str:
        """An amount as the label counts it, "1.5 mg"."""
        return f"{format_exactly(milligrams / self.counted, 4)} mg"

    @cached_property
    def most(self) -> Fraction:
        """The largest daily dose [mg]."""
        return max((step.daily for step in self.steps), default=_NOTHING)

    @property
    def within_ceiling(self) -> bool:
        """Whether no day passes the ceiling of 10 mg."""
        return self.most <= CEILING.value

    @cached_property
    def rises(self) -> bool:
        """Whether a daily dose is larger than the one before: then this is a titration, not a maintenance order."""
        return any(after.daily > before.daily for before, after in pairwise(self.steps))

    @cached_property
    def changes(self) -> bool:
        """Whether the daily dose is not the same throughout."""
        return len({step.daily for step in self.steps}) > 1

    @cached_property
    def total_days(self) -> int:
        """The days of the steps added up; an open step counts none."""
        return sum(step.days or 0 for step in self.steps)

    @cached_property
    def total(self) -> Fraction:
        """The milligrams asked for, added up over the days. 1.5, 3 and 4.5 mg for 14 days each: 126 mg (TIT-01)."""
        return sum((step.daily * (step.days or 0) for step in self.steps), _NOTHING)

    @cached_property
    def target(self) -> Fraction:
        """The daily dose of the last step [mg]."""
        return self.steps[-1].daily if self.steps else _NOTHING

    @cached_property
    def days_before_target(self) -> int:
        """The completed days before the target is taken first: 56 of 0.5 mg more each week to 4.5 mg (`domain` 8.1)."""
        days = 0
        for step in self.steps:
            if step.daily == self.target:
                break
            days += step.days or 0
        return days

    @property
    def first_day_at_target(self) -> int:
        """Day 1 is the first day of treatment."""
        return self.days_before_target + 1

    @cached_property
    def sums(self) -> Sums:
        """What the capsules at hand add up to."""
        return Sums(self.strengths)

    def capsules(self, step: Step) -> Mapping[Fraction, int] | None:
        """The capsules of one intake, by strength; None where the strengths cannot give it exactly."""
        return self.sums.fewest(step.dose)

    @cached_property
    def unreachable(self) -> tuple[Step, ...]:
        """The steps that the capsules at hand do not give exactly, each dose once."""
        by_dose = {step.dose: step for step in self.steps if self.capsules(step) is None}
        return tuple(by_dose.values())

    @property
    def strength_wanted(self) -> Fraction:
        """The strength that, added to those at hand, gives every step exactly [mg]: the part that the remainders share.

        With 1.5 mg at hand, 2 mg and 2.5 mg leave 0.5 mg and 1 mg: capsules of 0.5 mg are wanted.
        """
        remainders = []
        for step in self.unreachable:
            below = self.sums.nearest(step.dose, most=step.dose)
            remainders.append(step.dose - (below[0] if below else _NOTHING))
        return _common_part(tuple(remainders))

    def conversion(self, step: Step) -> Conversion | None:
        """A step from the liquid at hand, in mL and in whole drops; None without one, or where it cannot be given."""
        asked = Amount(f"{format_exactly(step.dose)} mg", step.dose, CEILING.unit, step.dose)
        try:
            return convert(asked, self.preparation, self.factor, per_day=step.per_day)
        except FormcheckError:
            return None

    def at_once(self, step: Step) -> Fraction | None:
        """How many capsules, or how many mL, one intake takes; None where that cannot be said."""
        if self.strengths:
            counts = self.capsules(step)
            return None if counts is None else Fraction(sum(counts.values()))
        if self.preparation is None:
            return None
        if self.factor is None:
            return step.dose / self.preparation.per_millilitre
        conversion = self.conversion(step)
        return None if conversion is None else Fraction(conversion.drops or 0) / self.factor.per_millilitre

    @cached_property
    def needed(self) -> Fraction | None:
        """The capsules, or the mL, that the whole plan takes; an open step counts none. 84 capsules (TIT-01)."""
        takes = [(step, self.at_once(step)) for step in self.steps]
        total = _NOTHING
        for step, at_once in takes:
            if at_once is None:
                return None
            total += at_once * step.per_day * (step.days or 0)
        return total

    def full_days(self, supply: Fraction) -> int:
        """For how many days of the plan a supply lasts, whole days only: 30 mL for 61 of 63 days (TIT-02)."""
        days, left = 0, supply
        for step in self.steps:
            a_day = (self.at_once(step) or _NOTHING) * step.per_day
            if not a_day or not step.days:
                break
            lasts = min(step.days, int(left / a_day))
            days, left = days + lasts, left - lasts * a_day
            if lasts < step.days:
                break
        return days


def plan_of(batch: Batch) -> Plan | None:
    """The plan of a record's prescription; None where there is none, or nobody says what its milligrams count."""
    record, prescription = batch.record, batch.record.prescription
    if prescription is None or prescription.plan is None or record.strength_basis is None:
        return None
    counted = Fraction(as_hydrochloride(Fraction(1), record.strength_basis))
    steps = tuple(Step(step.dose.value * counted, step.per_day, step.days) for step in prescription.plan.steps)
    strength, supply = record.strength, prescription.dispensed
    if strength is None:
        return Plan(steps, counted=counted)
    if strength.kind == "mass":
        masses = [each.value for each in (strength, *prescription.strengths) if each.kind == "mass"]
        held = None if supply is None or supply.kind != "capsules" else supply.value
        return Plan(steps, tuple(mass * counted for mass in masses), supply=held, counted=counted)
    taken = intake_of(batch)
    factor = batch.drop_factor if taken is not None and taken.kind == "drops" else None
    liquid = Preparation.labelled(strength, record.strength_basis) if strength.value > 0 else None
    held = None if supply is None or supply.kind != "volume" else supply.value
    return Plan(steps, preparation=liquid, factor=factor, supply=held, counted=counted)
