"""What was measured of the finished units: net masses, and contents in terms of the label."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from formcheck import measures
from formcheck.substance import SALT_OF_BASE, Basis

if TYPE_CHECKING:
    from formcheck.planning.batch import Batch

__all__ = ["contents_of", "net_masses_of", "of_label"]


def net_masses_of(batch: Batch) -> tuple[tuple[int, Fraction], ...]:
    """The net mass of every unit weighed by itself [mg], with its place in the list."""
    masses = batch.record.unit_masses
    if masses is None or masses.unit is None or masses.kind is None:
        return ()
    in_grams, scale = masses.unit == "g", 1000
    shell = Fraction(0)
    if masses.kind == "gross":
        if batch.shell is None or batch.shell.used.mean_mass is None:
            return ()
        shell = batch.shell.used.mean_mass.value
    grosses = (value.number * scale if in_grams else value.number for value in masses.values)
    return tuple(enumerate(measures.net_content(gross, shell) for gross in grosses))


def contents_of(batch: Batch) -> tuple[Fraction, ...]:
    """The content of every unit as a fraction of the label claim; empty where that cannot be said."""
    found, record = batch.record.unit_contents, batch.record
    if found is None or found.unit is None or found.expressed_as is None or record.strength_basis is None:
        return ()
    factor = of_label(found.expressed_as, record.strength_basis)
    if found.unit == "%":
        return tuple(value.number / 100 * factor for value in found.values)
    if record.strength is None or not record.strength.value > 0:
        return ()
    scale = Fraction(1, 1000) if found.unit == "mcg" else Fraction(1)
    return tuple(value.number * scale * factor / record.strength.value for value in found.values)


def of_label(expressed_as: str, basis: Basis) -> Fraction:
    """What a result must be multiplied by to be in terms of what the label counts."""
    result_is_base = expressed_as == "naltrexone"
    if result_is_base and basis is Basis.HYDROCHLORIDE:
        return SALT_OF_BASE
    if not result_is_base and basis is Basis.BASE:
        return 1 / SALT_OF_BASE
    return Fraction(1)
