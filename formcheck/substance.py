"""Naltrexone: what a strength counts, and by which numbers the substance is known."""

from enum import StrEnum
from fractions import Fraction
from typing import Any

from formcheck.errors import CannotConvert

__all__ = ["Basis", "as_hydrochloride"]

# Relative molecular masses. Hydrochloride, anhydrous: USP 28, naltrexone hydrochloride. Base: C20H23NO4.
MASS_HYDROCHLORIDE = Fraction("377.86")
MASS_BASE = Fraction("341.40")
MASS_DIHYDRATE = Fraction("413.90")

HYDROCHLORIDE_CAS, BASE_CAS = "16676-29-2", "16590-41-3"

SALT_OF_BASE = MASS_HYDROCHLORIDE / MASS_BASE


class Basis(StrEnum):
    """What the milligrams of a strength are milligrams of."""

    HYDROCHLORIDE = "naltrexone-hydrochloride-anhydrous"
    BASE = "naltrexone"


def as_hydrochloride(mass: Any, basis: Basis) -> Any:
    """The same substance as naltrexone hydrochloride, anhydrous; `mass` an exact number or quantity.

    Raises CannotConvert for a basis nobody knows.
    """
    if basis not in tuple(Basis):
        raise CannotConvert(
            f"{str(basis)[:40]!r} is no basis: milligrams count {Basis.HYDROCHLORIDE} or {Basis.BASE} (base)"
        )
    return mass * SALT_OF_BASE if basis == Basis.BASE else mass
