"""The active of a batch: one lot, or several lots of the same powder that count together."""

from collections.abc import Callable
from fractions import Fraction

import attrs

from formcheck.papers.compounding import Certificate, UsedComponent
from formcheck.papers.values import Text
from formcheck.planning.components import Used
from formcheck.planning.weighing import potency, potency_of
from formcheck.units import Amount, Mass, amount, format_exactly

__all__ = ["SEVERAL", "active_of", "potency_of_lots"]

SEVERAL = (
    "the lots of the active cannot be reckoned together: write required, weighed and certificate of each lot, and where an "
    "aliquot or a trituration is among them make one record a lot"
)


def active_of(lots: tuple[Used, ...]) -> Used | None:
    """The one active; several lots of one powder as one component that holds their sums. None where there is none, or where
    they are not alike: an aliquot or a stored trituration is reckoned by itself.
    """
    if len(lots) < 2:
        return lots[0] if lots else None
    first = lots[0]
    papers = [lot.used for lot in lots]
    if any(lot.planned is not first.planned or lot.used.aliquot or lot.used.trituration for lot in lots):
        return None
    packing = {None if paper.packing is None else paper.packing.value for paper in papers}
    together = attrs.evolve(
        first.used,
        name=Text(f"{first.name} ({len(lots)} lots together)"),
        certificate=None,
        required=_sum(papers, lambda paper: paper.required),
        weighed=_sum(papers, lambda paper: paper.weighed),
        packing=first.used.packing if len(packing) == 1 else None,
    )
    return attrs.evolve(first, used=together)


def _sum(papers: list[UsedComponent], mass_of: Callable[[UsedComponent], Mass | None]) -> Mass | None:
    """The sum of a mass over the lots; None where one of them does not say it."""
    masses = [mass for mass in map(mass_of, papers) if mass is not None]
    if len(masses) < len(papers):
        return None
    total = sum((mass.value for mass in masses), Fraction(0))
    return Mass(Amount(f"{format_exactly(total, 6)} mg", total, amount("1 mg").unit, total))


def potency_of_lots(
    lots: tuple[Used, ...], by: Callable[[Certificate | None], Fraction | None] = potency
) -> Fraction | None:
    """The active in what is weighed; of several lots the mean of their potencies, by what was required of each."""
    if len(lots) == 1:
        return potency_of(lots[0].used, by)
    if active_of(lots) is None:
        return None
    said = [(lot.used.required or lot.used.weighed, potency_of(lot.used, by)) for lot in lots]
    known = [(mass.value, active) for mass, active in said if mass is not None and active is not None]
    total = sum((mass for mass, _ in known), Fraction(0))
    if len(known) < len(lots) or not total > 0:
        return None
    return sum((mass * active for mass, active in known), Fraction(0)) / total
