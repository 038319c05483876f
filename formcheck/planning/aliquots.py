"""Aliquots: how to weigh less of a drug than the balance weighs well, by diluting it and weighing out a part."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from formcheck import measures

__all__ = ["AliquotPlan", "doublings", "plan_aliquot"]


class AliquotPlan(NamedTuple):
    """A dilution to be made and the part of it that is taken [all mg]; `minimum` is the least the balance weighs well."""

    drug: Fraction
    diluent: Fraction
    aliquot: Fraction
    minimum: Fraction

    @property
    def total(self) -> Fraction:
        """The whole mixture."""
        return self.drug + self.diluent

    @property
    def drug_in_aliquot(self) -> Fraction:
        """The drug in the part that is weighed out."""
        return Fraction(measures.share_of_aliquot(self.drug, self.aliquot, self.total))

    @property
    def is_dilution(self) -> bool:
        """Whether anything is diluted: what the balance weighs well is simply weighed."""
        return self.diluent > 0

    @property
    def weighs_well(self) -> bool:
        """Whether each of the weighings is at least the minimum."""
        weighings = (self.drug, self.diluent, self.aliquot) if self.is_dilution else (self.drug,)
        return all(weighing >= self.minimum for weighing in weighings)


def plan_aliquot(needed: Fraction, minimum: Fraction) -> AliquotPlan:
    """The smallest dilution of which every weighing is at least the minimum, and a part holds what is needed [mg].

    The least whole multiple m of what is needed that can be weighed; an aliquot of a whole number of milligrams, large
    enough that the diluent can be weighed too; a mixture of m aliquots (UNC pharmlabs; `domain` 3.6). 20 mg with a least
    of 120 mg: 120 mg of drug, 600 mg of diluent, aliquots of 120 mg. What can be weighed itself needs no dilution.
    """
    if needed >= minimum:
        return AliquotPlan(needed, Fraction(0), needed, minimum)
    multiple = _up(minimum / needed)
    aliquot = Fraction(_up(max(minimum, needed + minimum / multiple)))
    return AliquotPlan(multiple * needed, multiple * (aliquot - needed), aliquot, minimum)


def _up(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)


def doublings(drug: Fraction, diluent: Fraction) -> Iterator[Fraction]:
    """The portions of diluent of a geometric dilution [mg]: as much as there is in the mortar, until all is in."""
    mixed = drug
    while diluent > 0:
        portion = min(mixed, diluent)
        yield portion
        mixed, diluent = mixed + portion, diluent - portion
