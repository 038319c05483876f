"""Arithmetic that somebody may print: potency, ratios, means, acceptance value.

Shape-blind: the same function takes exact numbers, exact pint quantities or quantities over columns.
So no `if`, `and`, `max`, `abs` or chained comparison on a value, only `+ - * /` and the three-valued
`least` and `greatest` (missing in, missing out). Numbers come in coherent units (mg, mL, 1).
"""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt, lcm
from typing import Any

__all__ = [
    "acceptance_value", "content_by_mass", "diluent_for_one", "greatest", "least", "mass_deviation_allowed",
    "mass_unaccounted", "mean", "minimum_weight", "minimum_weight_usp41", "net_content", "outside", "part_of_stronger",
    "percent_error", "potency_as_is", "potency_from_anhydrous", "potency_from_dried", "powder_of_tablets",
    "reference_value", "relative_deviation", "relative_to", "required_active", "sample_deviation", "share_of_aliquot",
    "share_of_mass", "square_root", "volume_of_stock",
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
            # Quantities over columns: bring all to this one's unit, let the columns choose.
            others = [other.to(value.units).magnitude for other in values]
            return type(value)(getattr(column, name)(*others), value.units)
    return choose(values)


def mean(values: Sequence[Fraction]) -> Fraction:
    """The arithmetic mean of at least one number."""
    unit, counted = _counted(values)
    return Fraction(sum(counted), unit * len(counted))


def sample_deviation(values: Sequence[Fraction]) -> Fraction:
    """The sample standard deviation (n - 1) of at least two numbers; never the population's.

    Exact where the variance is a perfect square, else to 50 digits.
    """
    unit, counted = _counted(values)
    number = len(counted)
    squares = number * sum(count * count for count in counted) - sum(counted) ** 2
    return square_root(Fraction(squares, unit * unit * number * (number - 1)))


def _counted(values: Sequence[Fraction]) -> tuple[int, list[int]]:
    """Numbers as whole counts of one small part, n to the unit: integers add up far faster than fractions."""
    unit = lcm(*(value.denominator for value in values))
    return unit, [value.numerator * (unit // value.denominator) for value in values]


def square_root(number: Fraction) -> Fraction:
    """The square root of a non-negative number: exact if it is a perfect square, else below it by less than 1e-50."""
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


def relative_to(amount: Any, whole: Any) -> Any:
    """An amount as a fraction of another: weighed of required, filled of planned. 94 of 100 capsules: 94 %."""
    return amount / whole


def net_content(gross: Any, shell: Any) -> Any:
    """What is in a capsule [mg]: its mass less that of an empty shell of the lot."""
    return gross - shell


def minimum_weight(sensitivity: Any, factor: Any) -> Any:
    """The least mass that is weighed within an error: sensitivity x 100 / % error (the factor is 100 / % error).

    Class III balance, 6 mg, 5 %: 6 mg x 20 = 120 mg (`domain` 3.3).
    """
    return sensitivity * factor


def minimum_weight_usp41(repeatability: Any, readability: Any) -> Any:
    """The minimum weight of USP <41>: 2000 x the larger of the repeatability s and 0.41 d.

    s 0.08 mg, d 0.1 mg: 160 mg; s 0.03 mg, d 0.1 mg: 82 mg (`domain` 3.1).
    """
    return 2000 * greatest(repeatability, readability * Fraction(41, 100))


def percent_error(sensitivity: Any, weighed: Any) -> Any:
    """The error of a weighing as a fraction: sensitivity / amount. 6 mg / 120 mg = 5 % (`domain` 3.3)."""
    return sensitivity / weighed


def share_of_mass(molar_mass: Any, of: Any) -> Any:
    """The mass of one form of a substance in the mass of another: M / M. 341.40 / 377.86 = 0.9035 (`domain` 4.1)."""
    return molar_mass / of


def powder_of_tablets(needed: Any, label: Any, tablet: Any) -> Any:
    """The crushed tablets that hold what is needed: needed / label x mass of a tablet.

    135 mg / 50 mg x 125 mg = 337.5 mg (`domain` 4.2, worked C).
    """
    return needed / label * tablet


def volume_of_stock(target: Any, volume: Any, stock: Any) -> Any:
    """The stock to be diluted: C1 V1 = C2 V2, so V1 = C2 V2 / C1. 10 % x 1200 mL / 12 % = 1000 mL."""
    return target * volume / stock


def part_of_stronger(low: Any, high: Any, target: Any) -> Any:
    """The part of the stronger in a mixture by alligation: (target - low) / (high - low). 1 %, 5 %, 3 %: a half."""
    return (target - low) / (high - low)


def content_by_mass(net: Any, average: Any, assay: Any) -> Any:
    """The content of a unit estimated from its mass: net x assay / mean net mass (USP <905>, weight variation).

    Net 224.0 mg, mean 224.6 mg, assay 98.0 %: 97.74 % (`domain` 2.2).
    """
    return net * assay / average


def share_of_aliquot(drug: Any, aliquot: Any, mixture: Any) -> Any:
    """The drug in an aliquot: drug x aliquot / mixture. 120 mg x 120 mg / 720 mg = 20 mg (`domain` 3.6)."""
    return drug * aliquot / mixture


def reference_value(average: Any, low: Any, high: Any) -> Any:
    """M of USP <905>: the mean, but not below 98.5 % nor above 101.5 % (or T, where T is higher)."""
    return least(greatest(average, low), high)


def acceptance_value(average: Any, deviation: Any, k: Any, low: Any, high: Any) -> Any:
    """AV = |M - mean| + k s of USP <905> (harmonised with Ph. Eur. 2.9.40), all in % of label claim.

    `k` is 2.4 for 10 units and 2.0 for 30; `deviation` is the sample standard deviation.
    """
    reference = reference_value(average, low, high)
    return greatest(reference - average, average - reference) + k * deviation


def relative_deviation(deviation: Any, average: Any) -> Any:
    """The standard deviation as a fraction of the mean (RSD).

    272 275 269 280 266 271 274 278 268 273 mg: 4.38 mg / 272.6 mg = 1.61 % (`domain` 2.6).
    """
    return deviation / average


def mass_deviation_allowed(average: Fraction) -> Fraction:
    """How far a net mass may be from the sample's mean by Ph. Eur. 2.9.5: 10 % below 300 mg, 7.5 % from there on."""
    return Fraction(10, 100) if average < 300 else Fraction(75, 1000)


def outside(values: Sequence[Fraction], centre: Fraction, share: Fraction) -> list[int]:
    """The places of the values that are farther from the centre than a share of it, compared unrounded.

    Mean 200 mg, 10 %: 179.9 mg and 220.1 mg are outside, 180 mg and 220 mg are not (`domain` 2.4).
    """
    return [place for place, value in enumerate(values) if abs(value - centre) > share * centre]


def mass_unaccounted(charged: Any, filled: Any, residual: Any) -> Any:
    """The powder lost, or gained, as a fraction of what was charged: |charged - filled - residual| / charged.

    13.000 g charged, 12.720 g in capsules, nothing left over: 2.15 % (`domain` 2.5).
    """
    found = filled + residual
    return greatest(charged - found, found - charged) / charged
