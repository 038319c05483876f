"""What a batch asks for before it is made: the weighings, the fill, the theoretical masses, the date."""

import datetime
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from formcheck.papers.formulation import Role
from formcheck.planning.aliquots import AliquotPlan, plan_aliquot
from formcheck.planning.batch import Batch
from formcheck.planning.components import Used, is_measured, is_to_be_weighed
from formcheck.planning.dating import allowed_days, expiry_of, shorter_literature, strict_date
from formcheck.planning.weighing import minimum_weighable
from formcheck.units import exact, format_exactly, format_number

__all__ = ["Dating", "Weighing", "assigned_date", "printed_mass", "smallest_batch", "units_to_weigh", "weighings"]


class Weighing(NamedTuple):
    """One component to be weighed: the exact amount [mg], as it is printed, and the least its balance weighs well.

    `aliquot` is the way to weigh it where the amount is below that.
    """

    used: Used
    required: Fraction
    minimum: Fraction | None
    aliquot: AliquotPlan | None = None

    @property
    def printed(self) -> str:
        return printed_mass(self.required)

    @property
    def too_small(self) -> bool:
        """Whether the amount is below what the balance weighs well, and no aliquot helps."""
        return self.aliquot is None and self.minimum is not None and self.required < self.minimum


def printed_mass(mass: Fraction, like: Fraction | None = None) -> str:
    """A mass [mg] as it is written on a worksheet: to five figures and at most two decimals, "510.22 mg", "12948 mg".

    Below 1 mg to three decimals. With `like`, to as many decimals as that mass has.
    """
    of = mass if like is None else like
    decimals = 3 if of < 1 else 2
    while decimals and of >= 10 ** (5 - decimals):
        decimals -= 1
    number = format_number(mass, decimals)
    return f"{number if like is not None else format_exactly(exact(number))} mg"


def weighings(batch: Batch) -> Iterator[Weighing]:
    """Every component to be weighed whose amount is known, in the order of the record."""
    for used in batch.components:
        planned = used.planned
        if planned is None or not is_to_be_weighed(planned) or planned.role is Role.SHELL or used.used.counted is not None:
            continue
        required = _amount_of(batch, used)
        if required is None or not required > 0:
            continue
        balance = batch.balance_of(used)
        minimum = None if balance is None else minimum_weighable(balance, batch.policy)
        yield Weighing(used, required, minimum, _aliquot(batch, used, required, minimum))


def _amount_of(batch: Batch, used: Used) -> Fraction | None:
    """What is to be weighed of a component [mg]; of a diluent only what its packing statistic asks for."""
    if used.role is Role.ACTIVE:
        return batch.active_required
    if used.role is Role.DILUENT and batch.form is not None and batch.form.units_are_counted:
        return batch.diluent_required
    return batch.required(used)


def _aliquot(batch: Batch, used: Used, required: Fraction, minimum: Fraction | None) -> AliquotPlan | None:
    """How the active of a capsule is weighed where it is less than the balance weighs well: diluted with the diluent."""
    dilutes = used.role is Role.ACTIVE and batch.diluent is not None and used.used.trituration is None
    if minimum is None or required >= minimum or not dilutes:
        return None
    return plan_aliquot(required, minimum)


def smallest_batch(batch: Batch, found: list[Weighing]) -> Fraction | None:
    """The smallest batch [units or mL] of which every amount can be weighed; None where all can be already."""
    small = [weighing for weighing in found if weighing.too_small]
    if not small or batch.units is None:
        return None
    needed = max(batch.units * (w.minimum or 0) / w.required for w in small)
    return Fraction(-int(-needed // 1))


def units_to_weigh(batch: Batch) -> int:
    """How many capsules are weighed one by one: as the formulation says, else 10; 20 under Ph. Eur. 2.9.5; all of few."""
    plan = None if batch.formulation is None else next((t for t in batch.formulation.tests if t.name == "net mass"), None)
    asked = int(plan.units) if plan is not None and plan.units is not None else 10
    wanted = max(asked, 20 if batch.profile == "ph-eur" else 0)
    return wanted if batch.units is None else min(wanted, int(batch.units))


class Dating(NamedTuple):
    """The beyond-use date of a batch, and what limits it."""

    date: datetime.date
    because: str


def assigned_date(batch: Batch) -> Dating | None:
    """The date to assign, the day of compounding being day one; None where the formulation does not say enough.

    The shortest counts: the formulation or the table, the literature, the expiry of a component (USP <795> 10.3, 10.4).
    """
    record, entry = batch.record, batch.beyond_use
    allowed = None if entry is None else allowed_days(entry, table_applies=batch.profile != "ph-eur")
    if record.made is None or entry is None or allowed is None or allowed.days < 1:
        return None
    shorter = shorter_literature(entry, record.storage, record.strength)
    days, source = (allowed.days, allowed.source)
    if shorter is not None and 0 < shorter.days < days:
        days, source = shorter.days, shorter.source
    best = Dating(strict_date(record.made, days), f"{days} days, the day of compounding being day one ({source})")
    for used in batch.components:
        for day, words in _ends(used):
            if day < best.date:
                best = Dating(day, f"{used.name} {words} then")
    return best


def _ends(used: Used) -> Iterator[tuple[datetime.date, str]]:
    expiry = expiry_of(used.used)
    if expiry is not None:
        yield expiry, "expires"
    trituration = used.used.trituration
    if trituration is not None and trituration.beyond_use_date is not None:
        yield trituration.beyond_use_date, "(its trituration) may be used until"


def measured(batch: Batch) -> Iterator[tuple[Used, Fraction]]:
    """Every component to be measured by volume, with its volume [mL]."""
    for used in batch.components:
        volume = batch.scaled(used) if is_measured(used) else None
        if volume is not None:
            yield used, volume
