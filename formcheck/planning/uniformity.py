"""Uniformity of dosage units: the figures of USP <905> for ten or thirty units, and what follows from them."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from formcheck import measures

__all__ = ["K", "L1", "L2", "M_HIGH", "M_LOW", "STAGE_1", "STAGE_2", "Spread", "spread_of"]

L1, L2 = "15.0", "25.0"
STAGE_1, STAGE_2 = 10, 30
K = {STAGE_1: Fraction("2.4"), STAGE_2: Fraction("2.0")}
"""Acceptability constants of USP <905>, table 2, for 10 and for 30 units."""
M_LOW, M_HIGH = Fraction("98.5"), Fraction("101.5")
"""Between these the reference value M is the mean itself (USP <905>, table 2, T at most 101.5 %)."""


class Spread(NamedTuple):
    """Mean and sample standard deviation of so many units, as fractions of the label, with M and T of USP <905>."""

    number: int
    average: Fraction
    deviation: Fraction
    target: Fraction = Fraction(1)

    @property
    def low(self) -> Fraction:
        return M_LOW / 100

    @property
    def high(self) -> Fraction:
        """101.5 %, or T where an approved target is higher."""
        return max(M_HIGH / 100, self.target)

    @property
    def reference(self) -> Fraction:
        """M: the mean, but not below 98.5 % nor above 101.5 % (or T)."""
        return Fraction(measures.reference_value(self.average, self.low, self.high))

    @property
    def acceptance_value(self) -> Fraction:
        """AV as a fraction of the label; of 10 or 30 units only."""
        k = K[self.number]
        return Fraction(measures.acceptance_value(self.average, self.deviation, k, self.low, self.high))


def spread_of(contents: Sequence[Fraction], target: Fraction = Fraction(1)) -> Spread:
    """The spread of contents, each a fraction of the label; of two units or more."""
    return Spread(len(contents), measures.mean(contents), measures.sample_deviation(contents), target)
