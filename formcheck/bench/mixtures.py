"""Mixtures at the bench: dilution of a stock, and alligation of a stronger and a weaker preparation."""

from fractions import Fraction

from formcheck import measures
from formcheck.bench.worked import Step, Worked, figure
from formcheck.errors import CannotConvert
from formcheck.units import Amount

__all__ = ["alligation", "dilute"]

DILUTION_SOURCE = "conservation of mass: C1 V1 = C2 V2"
ALLIGATION_SOURCE = "conservation of mass: alligation alternate"
_UNITS = {"g": Fraction(1, 1000), "mL": Fraction(1)}
"""What a total is answered in, and how many of it the coherent unit is."""


def dilute(stock: Amount, target: Amount, volume: Amount) -> Worked:
    """The stock and the diluent that make a volume of a weaker liquid. Volumes are taken to add up.

    Raises CannotConvert where the target is not weaker than the stock, or they are of different kinds.
    """
    _comparable(stock, target)
    _at_most_whole(stock)
    if not 0 < target.value <= stock.value or not volume.value > 0:
        raise CannotConvert(f"{target} cannot be made of {stock} by diluting it: the target must be weaker, and above 0")
    needed = Fraction(measures.volume_of_stock(target.value, volume.value, stock.value))
    rest = volume.value - needed
    steps = (
        Step("Stock", "V1 = C2 x V2 / C1", f"{target} x {volume} / {stock}", figure(needed, "mL"), DILUTION_SOURCE),
        Step("Diluent", "V2 - V1", f"{volume} - {figure(needed, 'mL')}", figure(rest, "mL")),
    )
    note = (
        f"Measure the stock and make up to {volume} (quantity sufficient): volumes of unlike liquids do not quite add up, "
        "so the diluent is a guide."
    )
    answer = f"Take {figure(needed, 'mL')} of the stock and make up to {volume} with diluent (about {figure(rest, 'mL')})"
    return Worked(answer, {"stock_mL": needed, "diluent_mL": rest}, steps, (note,))


def alligation(low: Amount, high: Amount, target: Amount, total: Amount) -> Worked:
    """How much of a weaker and of a stronger preparation make a total of a strength between them.

    The total is a mass (answered in g) or a volume (mL). Raises CannotConvert where the target is not between them.
    """
    _comparable(low, high)
    _comparable(low, target)
    _at_most_whole(high)
    if (total.kind, low.kind) in _NEEDS_DENSITY:
        raise CannotConvert(
            f"{low} and {high} cannot be mixed by {_NEEDS_DENSITY[total.kind, low.kind]}: without their densities nobody "
            "knows what the mixture holds"
        )
    if not low.value < high.value:
        raise CannotConvert(
            f"the weaker preparation ({low}) must be weaker than the stronger one ({high}): are they swapped?"
        )
    if not low.value <= target.value <= high.value:
        raise CannotConvert(f"{target} does not lie between {low} and {high}: no mixture of the two gives it")
    if not total.value > 0:
        raise CannotConvert("the total must be above 0")
    unit = "mL" if total.kind == "volume" else "g"
    whole = total.value * _UNITS[unit]
    share = Fraction(measures.part_of_stronger(low.value, high.value, target.value))
    strong, weak = whole * share, whole * (1 - share)
    parts = (target.number - low.number, high.number - target.number) if low.unit == high.unit == target.unit else None
    steps = (
        Step(
            "Part of the stronger",
            "(target - low) / (high - low)",
            f"({target} - {low}) / ({high} - {low})",
            figure(share, "", 6) + (f" (parts as {figure(parts[0], '')} to {figure(parts[1], '')})" if parts else ""),
            ALLIGATION_SOURCE,
        ),
        Step("Stronger", "total x part", f"{total} x {figure(share, '', 6)}", figure(strong, unit)),
        Step("Weaker", "total - stronger", f"{total} - {figure(strong, unit)}", figure(weak, unit)),
    )
    answer = f"Mix {figure(weak, unit)} of {low} with {figure(strong, unit)} of {high}"
    return Worked(answer, {f"low_{unit}": weak, f"high_{unit}": strong}, steps)


_NEEDS_DENSITY = {
    ("mass", "concentration"): "mass (give the total in mL)",
    ("volume", "percent_ww"): "volume (give the total in g)",
}
"""A total in the other measure than that which the strengths count by."""


def _at_most_whole(strongest: Amount) -> None:
    if strongest.kind in ("percent", "percent_ww") and strongest.value > 1:
        raise CannotConvert(f"{strongest} is more than the whole: nothing holds more than 100 %")


def _comparable(one: Amount, other: Amount) -> None:
    if one.kind != other.kind:
        raise CannotConvert(f"{one} and {other} are not of one kind: write both as %, as % w/w, or as mg/mL (or % w/v)")
