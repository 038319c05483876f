"""The slip test: if one thing goes wrong at home, what would be taken? In words, never as a dose."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from formcheck.dose import CEILING, Conversion
from formcheck.units import format_beyond

__all__ = ["Slip", "slips_of", "slips_that_warn"]

FULL_DROPPER = Fraction(1)
"""What a usual medicine dropper holds [mL]."""
_ONE_DROP, _FULL, _TWICE = "one drop more each time", "a full dropper (1 mL) each time", "twice as often"
_WARNED = frozenset({_ONE_DROP, _FULL, _TWICE})


class Slip(NamedTuple):
    """One slip, what would be taken in a day (words), and whether that passes the ceiling."""

    what: str
    taken: str
    above_ceiling: bool


def slips_of(conversion: Conversion) -> tuple[Slip, ...]:
    """The slips that this conversion allows for, one thing going wrong at a time."""
    return tuple(_slip(what, milligrams) for what, milligrams in _taken(conversion))


def slips_that_warn(conversion: Conversion, *, only_full_dropper: bool = False) -> tuple[Slip, ...]:
    """The slips above the ceiling that FC110 warns of: one drop more, a full dropper, twice as often.

    The others pass the ceiling with every usual dose, and a warning that always comes says nothing.
    """
    warned = {_FULL} if only_full_dropper else _WARNED
    return tuple(slip for slip in slips_of(conversion) if slip.above_ceiling and slip.what in warned)


def _slip(what: str, milligrams: Fraction) -> Slip:
    return Slip(what, f"{format_beyond(milligrams, CEILING.value, 2)} mg", milligrams > CEILING.value)


def _taken(conversion: Conversion) -> Iterator[tuple[str, Fraction]]:
    times, given = conversion.per_day, (conversion.delivered or conversion.asked).milligrams
    if conversion.drops is not None:
        holds = Fraction(conversion.content_of_drop.magnitude)
        strength = conversion.preparation.per_millilitre
        yield _ONE_DROP, times * (given + holds)
        yield _FULL, times * FULL_DROPPER * strength
        yield f"{conversion.drops} mL for {conversion.drops} drops", times * conversion.drops * strength
    yield "one decimal place (ten times)", 10 * times * given
    yield _TWICE, 2 * times * given
