"""Arithmetic that somebody may print: potency, ratios, means, acceptance value.

Shape-blind: the same function takes exact numbers, exact pint quantities or quantities over columns.
So no `if`, `and`, `max`, `abs` or chained comparison on a value, only `+ - * /` and the three-valued
`least` and `greatest` (missing in, missing out). Numbers come in coherent units (mg, mL, 1).
"""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

__all__ = [
    "acceptance_value", "diluent_for_one", "greatest", "least", "mean", "net_content", "potency_as_is",
    "potency_from_anhydrous", "potency_from_dried", "reference_value", "required_active",
    "sample_deviation", "square_root",
]  # fmt: skip

_DIGITS = 10**50


def least(*values: Any) -> Any:
    """The smallest of the values; None if one is missing."""
    return _extreme("least", min, values)


def greatest(*values: Any) -> Any:
    """The largest of the values; None if one is missing."""
    return _extreme("greatest", max, values)


def _extreme(name: str, choose: Any, values: Sequence[Any]) -> Any:
    if any(value is None for value in values):
        return None
    for value in values:
        column = getattr(value, "magnitude", value)
        if hasattr(column, name):
            # Quantities over columns: bring the others to this one's unit, let the columns choose.
            others = [other.to(value.units).magnitude for other in values if other is not value]
            return type(value)(getattr(column, name)(*others), value.units)
    return choose(values)


def mean(values: Sequence[Fraction]) -> Fraction:
    """The arithmetic mean of at least one number."""
    return sum(values, Fraction(0)) / len(values)


def sample_deviation(values: Sequence[Fraction]) -> Fraction:
    """The sample standard deviation (n - 1) of at least two numbers; never the population's.

    Exact where the variance is a perfect square, else to 50 digits.
    """
    centre = mean(values)
    return square_root(sum(((value - centre) ** 2 for value in values), Fraction(0)) / (len(values) - 1))


def square_root(number: Fraction) -> Fraction:
    """The square root of a non-negative number: exact if it is a perfect square, else to 50 digits."""
    top, bottom = isqrt(number.numerator), isqrt(number.denominator)
    if top * top == number.numerator and bottom * bottom == number.denominator:
        return Fraction(top, bottom)
    return Fraction(isqrt(number.numerator * number.denominator * _DIGITS**2), number.denominator * _DIGITS)


def potency_from_anhydrous(assay: Any, water: Any, solvents: Any) -> Any:
    """The active in the powder as it is, from an assay on the anhydrous, solvent-free basis.

    P = assay x (1 - water - solvents); water and solvents are fractions of the powder as it is
    (`domain` 4.2). Worked: 0.995 x (1 - 0.087) = 0.908435.
    """
    return assay * (1 - water - solvents)


def potency_from_dried(assay: Any, loss_on_drying: Any) -> Any:
    """The active in the powder as it is, from an assay on the dried basis: P = assay x (1 - LOD)."""
    return assay * (1 - loss_on_drying)


def potency_as_is(assay: Any) -> Any:
    """An assay of the powder as it is already is the potency: water is never subtracted again."""
    return assay


def required_active(strength: Any, units: Any, batch_overage: Any, active_overage: Any, potency: Any) -> Any:
    """The powder to weigh: strength x units x (1 + batch overage) x (1 + active overage) / P.

    Corrected by division: 450 mg x 1.03 / 0.908435 = 510.22 mg (`domain` 4.2, worked A).
    """
    return strength * units * (1 + batch_overage) * (1 + active_overage) / potency


def diluent_for_one(active: Any, packing_active: Any, packing_diluent: Any) -> Any:
    """The diluent that fills a capsule up beside the active [mg]: (1 - a / F_active) x F_diluent.

    Not F_diluent - a: powders take room by their own packing statistic (`domain` 5.5).
    """
    return (1 - active / packing_active) * packing_diluent


def net_content(gross: Any, shell: Any) -> Any:
    """What is in a capsule [mg]: its mass less that of an empty shell of the lot."""
    return gross - shell


def reference_value(average: Any, low: Any, high: Any) -> Any:
    """M of USP <905>: the mean, but not below 98.5 % nor above 101.5 % (or T, where T is higher)."""
    return least(greatest(average, low), high)


def acceptance_value(average: Any, deviation: Any, k: Any, low: Any, high: Any) -> Any:
    """AV = |M - mean| + k s of USP <905> (harmonised with Ph. Eur. 2.9.40), all in % of label claim.

    `k` is 2.4 for 10 units and 2.0 for 30; `deviation` is the sample standard deviation.
    """
    reference = reference_value(average, low, high)
    return greatest(reference - average, average - reference) + k * deviation
