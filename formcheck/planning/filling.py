"""Filling capsules by packing statistics: the diluent beside the active, in one capsule and in the batch."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from formcheck import measures
from formcheck.planning.components import Used
from formcheck.planning.weighing import drug_in_aliquot
from formcheck.units import Amount, Mass, amount, format_exactly

if TYPE_CHECKING:
    from formcheck.planning.batch import Batch

__all__ = ["diluent_in_unit", "diluent_required", "one_diluent", "why_no_room"]


def one_diluent(lots: tuple[Used, ...]) -> Used | None:
    """The diluent; of several lots of one component the first, with the packing statistic of their mixture."""
    if len({id(lot.planned) for lot in lots}) != 1:
        return None
    packings = {None if lot.used.packing is None else lot.used.packing.value for lot in lots}
    return lots[0] if len(packings) == 1 else _mixed(lots)


def _mixed(lots: tuple[Used, ...]) -> Used | None:
    """Lots that pack differently, as one: each takes the room of its own mass. None where a figure is missing."""
    weighed, room = Fraction(0), Fraction(0)
    for lot in lots:
        mass, packing = lot.used.weighed, lot.used.packing
        if mass is None or packing is None or not packing.value > 0:
            return None
        weighed += mass.value
        room += mass.value / packing.value
    if not room > 0:
        return None
    mixed = weighed / room
    packing = Mass(Amount(f"{format_exactly(mixed, 6)} mg", mixed, amount("1 mg").unit, mixed))
    return attrs.evolve(lots[0], used=attrs.evolve(lots[0].used, packing=packing))


def diluent_in_unit(batch: Batch) -> Fraction | None:
    """The diluent in one capsule by packing statistics [mg]; None if the powders do not fit."""
    if batch.active is None or batch.diluent is None or batch.active_in_unit is None:
        return None
    active, diluent = batch.active.used.packing, batch.diluent.used.packing
    if active is None or diluent is None or not active.value > 0:
        return None
    amount = Fraction(measures.diluent_for_one(batch.active_in_unit, active.value, diluent.value))
    return amount if amount > 0 else None


def why_no_room(batch: Batch) -> str:
    """Why no diluent fits beside the active; empty where it does, or where nobody can say."""
    packing = batch.active.used.packing if batch.active is not None else None
    if packing is None or batch.active_in_unit is None or not 0 < packing.value <= batch.active_in_unit:
        return ""
    if packing.value == batch.active_in_unit:
        return "the active alone fills the capsule by this packing statistic, and leaves no room for the diluent"
    return "the powder does not fit the capsule by this packing statistic: see FC313"


def diluent_required(batch: Batch) -> Fraction | None:
    """The diluent that the packing statistics ask for, in all its lots [mg], less what came with an aliquot."""
    if batch.units is None or batch.batch_overage is None or batch.diluent_in_unit is None:
        return None
    with_active = _in_aliquot(batch)
    return None if with_active is None else batch.diluent_in_unit * batch.units * (1 + batch.batch_overage) - with_active


def _in_aliquot(batch: Batch) -> Fraction | None:
    """The diluent that came with the active in its aliquot [mg]; None where a figure of the aliquot is missing."""
    aliquot = batch.active.used.aliquot if batch.active is not None else None
    if aliquot is None:
        return Fraction(0)
    drug = drug_in_aliquot(aliquot)
    return None if aliquot.aliquot is None or drug is None else aliquot.aliquot.value - drug
