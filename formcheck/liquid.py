"""A liquid: how much a millilitre holds, and how large a drop of it is.

A drop is measured, with this preparation and this dropper, never assumed.
A drop factor is pooled over runs: all the drops divided by all the millilitres, not rounded
(real factors run from 16 to 50 drops/mL; Moore 2017, BMC Ophthalmol 17:78 measured 20.9 to 40.8).
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

from formcheck.errors import CannotConvert, NotAQuantity
from formcheck.grammar import escaped
from formcheck.substance import Basis, as_hydrochloride
from formcheck.units import Amount, amount, counted, exact, format_exactly, magnitude

__all__ = ["DropFactor", "Preparation", "Run", "nearest_whole", "read_density", "read_run"]

_PRINT_ERROR = Fraction(1, 100)


def nearest_whole(number: Fraction) -> int:
    """The nearest whole number, a half up."""
    return int((number + Fraction(1, 2)) // 1)


LEAST_DENSITY, MOST_DENSITY = Fraction(700), Fraction(1500)
"""No liquid that is taken lies outside [mg/mL]: ethanol has 790, oils 910, glycerol 1260, syrups up to 1400."""


def read_density(density: Amount) -> Amount:
    """A density that a liquid medicine can have. Raises NotAQuantity for any other."""
    if not LEAST_DENSITY <= density.value <= MOST_DENSITY:
        meant = LEAST_DENSITY <= density.number * 1000 <= MOST_DENSITY
        hint = f": write {density.digits} g/mL, if that is meant" if meant else ""
        raise NotAQuantity(f"{density} is no density of a liquid medicine, which lies from 0.7 to 1.5 g/mL{hint}")
    return density


def _above_zero(number: object) -> Fraction:
    """An exact number above 0. Raises NotAQuantity for a float or a text, CannotConvert for 0 or less."""
    if type(number) is str:
        raise NotAQuantity(f"{escaped(number)} is a text: give a quantity with its unit")
    found = exact(number)
    if not found > 0:
        raise CannotConvert("a concentration, a drop factor and a density are above 0: from nothing no dose can be given")
    return found


@attrs.frozen(eq=False, slots=False)
class Preparation:
    """A liquid by its labelled concentration [mg/mL] of naltrexone hydrochloride, anhydrous."""

    per_millilitre: Fraction = attrs.field(converter=_above_zero)
    basis: Basis | None = None

    @classmethod
    def labelled(cls, concentration: Amount, basis: Basis | None = None) -> "Preparation":
        """A liquid by the concentration on its label, and what that counts (None: taken as the hydrochloride).

        Raises CannotConvert for 0 mg/mL.
        """
        counted = as_hydrochloride(concentration.quantity, basis or Basis.HYDROCHLORIDE)
        return cls(magnitude(counted, "mg/mL"), basis)

    @classmethod
    def made_from(cls, mass: Amount, volume: Amount, decimals: int = 2) -> "Preparation":
        """A liquid by what went in. The concentration is rounded as it will be printed, half up, first:
        every dose is then computed from the printed figure, never from a hidden one. It gets more decimals where
        rounding would change it by more than 1 %.
        """
        if not volume.value > 0:
            raise CannotConvert("a preparation has a volume above 0 mL")
        exact_ratio = magnitude(mass.quantity / volume.quantity, "mg/mL")
        scale = 10 ** max(0, int(decimals))
        while exact_ratio and abs(nearest_whole(exact_ratio * scale) / (exact_ratio * scale) - 1) > _PRINT_ERROR:
            scale *= 10
        return cls(Fraction(nearest_whole(exact_ratio * scale), scale))

    @property
    def concentration(self) -> Any:
        """The concentration as a quantity [mg/mL]."""
        return counted(self.per_millilitre, "mg / mL")


class Run(NamedTuple):
    """One calibration run: so many drops counted, with the volume they filled or the mass they weighed."""

    drops: int
    measured: Amount

    def volume(self, density: Amount | None) -> Any:
        """The volume of the run [mL]; a weighed run needs the density of the preparation.

        Raises CannotConvert without one.
        """
        if self.measured.kind == "volume":
            return self.measured.quantity.to("mL")
        if density is None:
            raise CannotConvert(
                f"the run of {self.drops} drops was weighed: give the density of the preparation, such as 1.06 g/mL"
            )
        return (self.measured.quantity / density.quantity).to("mL")

    def __str__(self) -> str:
        return f"{self.drops} drops, {self.measured}"


def read_run(text: str) -> Run:
    """Read a run as it is written in a record: "20 drops, 0.82 g" or "35 drops, 2 mL".

    Raises NotAQuantity (a part is not a quantity of its kind) or CannotConvert (not two parts, no whole
    drops, nothing measured).
    """
    parts = [part.strip(" ") for part in text.split(",")]
    if len(parts) != 2:
        raise CannotConvert(f'a run is two quantities, such as "20 drops, 0.82 g": {escaped(text)} has {len(parts)}')
    drops, measured = amount(parts[0], "drops"), amount(parts[1], "mass", "volume")
    if drops.number.denominator != 1 or drops.number < 1:
        raise CannotConvert(f"{escaped(text)}: drops are counted, so a run needs one whole drop or more")
    if not measured.number > 0:
        raise CannotConvert(f"{escaped(text)}: nothing was measured; a run needs a mass or a volume above 0")
    return Run(int(drops.number), measured)


@attrs.frozen(eq=False, slots=False)
class DropFactor:
    """Drops in one millilitre of one preparation from one dropper [drops/mL], exact and not rounded.

    `runs` are the calibration it was pooled from; a factor without runs was typed, not measured. `described`
    says in words what was calibrated (preparation, tip, date), where a file says so.
    """

    per_millilitre: Fraction = attrs.field(converter=_above_zero)
    runs: tuple[Run, ...] = ()
    density: Amount | None = None
    described: str = ""

    @classmethod
    def from_runs(cls, runs: Iterable[Run], density: Amount | None = None) -> "DropFactor":
        """Pool calibration runs, by volume or by mass and density [g/mL].

        Raises CannotConvert: no run, a weighed run without a density, or a density nobody needs.
        """
        runs = tuple(runs)
        if not runs:
            raise CannotConvert('a calibration needs at least one run, such as "20 drops, 0.82 g"')
        if any(run.drops < 1 or not run.measured.number > 0 for run in runs):
            raise CannotConvert("a run counts one drop or more, and measures more than nothing")
        if density is not None:
            _above_zero(magnitude(density, "g/mL"))
            read_density(density)
        if density is not None and all(run.measured.kind == "volume" for run in runs):
            raise CannotConvert("the runs were measured by volume: leave out the density, or give masses")
        volume = sum((run.volume(density) for run in runs[1:]), runs[0].volume(density))
        drops = counted(sum(run.drops for run in runs), "drop")
        return cls((drops / volume).to("drop/mL").magnitude, runs, density)

    @classmethod
    def typed(cls, factor: Amount) -> "DropFactor":
        """A factor that somebody typed [drops/mL]; a finding says that nobody knows where it comes from.

        Raises WrongDimension for another kind of quantity.
        """
        return cls(magnitude(factor, "drop/mL"))

    @property
    def quantity(self) -> Any:
        """The factor as a quantity [drops/mL]."""
        return counted(self.per_millilitre, "drop / mL")

    @property
    def volume_of_drop(self) -> Any:
        """The volume of one drop [mL/drop]."""
        return 1 / self.quantity

    @property
    def run_factors(self) -> tuple[Fraction, ...]:
        """The factor of each run by itself [drops/mL]."""
        return tuple((counted(run.drops, "drop") / run.volume(self.density)).to("drop/mL").magnitude for run in self.runs)

    @property
    def spread(self) -> Fraction:
        """The largest deviation of a run from the pooled factor, as a fraction (Ph. Eur. 2.1.1 form)."""
        return max((abs(factor / self.per_millilitre - 1) for factor in self.run_factors), default=Fraction(0))

    def __str__(self) -> str:
        return f"{format_exactly(self.per_millilitre, 3)} drops/mL"
