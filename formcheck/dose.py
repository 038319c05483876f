"""Doses, and every conversion that yields one. Doses are made in this room and nowhere else.

The ceiling of 10 mg naltrexone hydrochloride (anhydrous) a day holds by construction: `Dose` and
`DailyDose` are the only things that mean "give this to a person", neither can hold more, and both
check again whenever their value is read. It holds against mistakes and hostile data, not against
hostile code in the same process. 10 mg is formcheck's own limit, not a legal maximum.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn, final

import attrs

from formcheck.errors import CannotConvert, DoseAboveCeiling, NotADose, TooSmallForDrops
from formcheck.liquid import DropFactor, Preparation, nearest_whole
from formcheck.substance import Basis, as_hydrochloride
from formcheck.units import Amount, amount, counted, format_beyond, format_exactly, magnitude

__all__ = [
    "CEILING", "MOST_INTAKES", "Basis", "Conversion", "DailyDose", "Dose", "DropFactor", "Preparation",
    "Tolerances", "as_hydrochloride", "convert",
]  # fmt: skip

CEILING = amount("10 mg")
MOST_INTAKES = 24
_CEILING_MG = Fraction(10)
_NOT_LOW_DOSE = Fraction(25)
_READING_ERROR = Fraction(5, 1000)


def _mg(value: object) -> Fraction:
    if type(value) is Dose:
        return value.milligrams
    return magnitude(amount(value, "mass") if type(value) is str else value, "mg")


def _too_much(taken: Fraction, limit: Fraction = _CEILING_MG, what: str = "a day") -> DoseAboveCeiling:
    words = f"{format_beyond(taken, limit)} mg {what}" if taken <= 10**9 else f"more than a million g {what}"
    far = "too much, and not low-dose naltrexone at all" if taken >= _NOT_LOW_DOSE else "too much"
    most = f"{format_exactly(limit)} mg a day"
    own = "formcheck does not work above 10 mg a day; this is formcheck's own limit, not a legal maximum"
    lowered = f"the specification allows at most {most}"
    return DoseAboveCeiling(f"{words} is {far}: {own if limit == _CEILING_MG else lowered}", words, most)


def _permitted(mass: object) -> Fraction:
    milligrams = _mg(mass)
    if not milligrams > 0:
        raise NotADose("0 mg is not a dose: a dose is above 0 mg")
    if not milligrams <= _CEILING_MG:
        raise _too_much(milligrams, what="in one intake")
    return milligrams


def _still_permitted(milligrams: object) -> Fraction:
    if type(milligrams) is not Fraction or not 0 < milligrams <= _CEILING_MG:
        raise DoseAboveCeiling("this dose was altered after it was made: it is not shown and must not be used")
    return milligrams


@final
@attrs.frozen(repr=False, eq=False, getstate_setstate=False, weakref_slot=False)
class Dose:
    """One intake: more than 0 and at most 10 mg of naltrexone hydrochloride, anhydrous.

    Made from a mass: a quantity, an Amount, or text such as "4.5 mg". There is no arithmetic on a Dose;
    doses add up in DailyDose only. Raises DoseAboveCeiling, NotADose or NotAQuantity.
    """

    _milligrams: Fraction = attrs.field(converter=_permitted)

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("Dose is final: a subclass could skip the ceiling")

    @property
    def milligrams(self) -> Fraction:
        """The exact number of milligrams, checked once more. Raises DoseAboveCeiling if it was altered."""
        return _still_permitted(getattr(self, "_milligrams", None))

    @property
    def mass(self) -> Any:
        """The dose as a quantity [mg], checked once more."""
        return counted(self.milligrams, "mg")

    @classmethod
    def of(cls, mass: Any, basis: Basis = Basis.HYDROCHLORIDE) -> "Dose":
        """A dose from a mass on a declared basis; the base is turned into the hydrochloride first.

        A Dose counts the hydrochloride already, and stays as it is.
        """
        return mass if type(mass) is Dose else cls(as_hydrochloride(counted(_mg(mass), "mg"), basis))

    def __eq__(self, other: object) -> bool:
        return type(other) is Dose and self.milligrams == other.milligrams

    def __hash__(self) -> int:
        return hash(self.milligrams)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restored, self.milligrams.as_integer_ratio())

    def __str__(self) -> str:
        return f"{format_beyond(self.milligrams, Fraction(0), 12)} mg"

    def __repr__(self) -> str:
        return f"Dose('{self}')"


def _restored(numerator: int, denominator: int) -> Dose:
    return Dose(counted(Fraction(numerator, denominator), "mg"))


def _doses(doses: Iterable[Dose]) -> tuple[Dose, ...]:
    doses = tuple(doses)
    if not 1 <= len(doses) <= MOST_INTAKES or any(type(dose) is not Dose for dose in doses):
        raise NotADose(f"a day has 1 to {MOST_INTAKES} doses")
    total = sum((dose.milligrams for dose in doses), Fraction(0))
    if not total <= _CEILING_MG:
        raise _too_much(total)
    return doses


@final
@attrs.frozen(repr=False, eq=False, getstate_setstate=False, weakref_slot=False)
class DailyDose:
    """All the doses of one day: 1 to 24 of them, together at most 10 mg.

    Raises DoseAboveCeiling or NotADose.
    """

    _doses: tuple[Dose, ...] = attrs.field(converter=_doses)

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("DailyDose is final: a subclass could skip the ceiling")

    @classmethod
    def times(cls, dose: Dose, per_day: int) -> "DailyDose":
        """The same dose so many times a day."""
        return cls([dose] * intakes(per_day))

    def plus(self, dose: Dose) -> "DailyDose":
        """A day with one dose more; this day stays as it is."""
        return DailyDose((*self.doses, dose))

    @property
    def doses(self) -> tuple[Dose, ...]:
        """The doses of the day, checked once more."""
        doses = getattr(self, "_doses", None)
        if type(doses) is not tuple:
            raise NotADose("this day was altered after it was made")
        return _doses(doses)

    @property
    def milligrams(self) -> Fraction:
        """The exact number of milligrams of the day, checked once more."""
        return sum((dose.milligrams for dose in self.doses), Fraction(0))

    @property
    def mass(self) -> Any:
        """The day's total as a quantity [mg], checked once more."""
        return counted(self.milligrams, "mg")

    def __eq__(self, other: object) -> bool:
        return type(other) is DailyDose and self.doses == other.doses

    def __hash__(self) -> int:
        return hash(self.doses)

    def __reduce__(self) -> tuple[Any, ...]:
        return (DailyDose, (self.doses,))

    def __str__(self) -> str:
        return f"{format_beyond(self.milligrams, Fraction(0), 12)} mg a day"

    def __repr__(self) -> str:
        return f"DailyDose({list(self.doses)!r})"


def intakes(per_day: object) -> int:
    """A whole number of intakes a day, 1 to 24. Raises CannotConvert."""
    if type(per_day) is not int or not 1 <= per_day <= MOST_INTAKES:
        raise CannotConvert(f"a dose is taken 1 to {MOST_INTAKES} times a day, a whole number of times")
    return per_day


class Tolerances(NamedTuple):
    """By how much the content of the liquid and the volume of a drop may be off, as fractions.

    Content 10 % (the usual 90.0-110.0 % of label); drop volume 15 % (USP <1101>, a dropper in use).
    """

    content: Fraction = Fraction(10, 100)
    drop: Fraction = Fraction(15, 100)


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class Conversion:
    """One intake in every form that was asked for: milligrams, millilitres, whole drops.

    `asked` is the dose asked for (for a volume or drops: what they hold), `volume` its exact volume [mL],
    `limit` the most a day may hold [mg].
    With a drop factor: `drops` whole drops deliver `delivered`. `daily` is what a day gives.
    """

    asked: Dose
    daily: DailyDose
    per_day: int
    limit: Fraction
    tolerances: Tolerances
    basis_assumed: bool = True
    changed_form: bool = True
    preparation: Preparation
    factor: DropFactor | None = None
    drops: int | None = None
    delivered: Dose | None = None

    @property
    def volume(self) -> Any:
        """The exact volume of the dose asked for [mL]."""
        return (self.asked.mass / self.preparation.concentration).to("mL")

    @property
    def volume_to_measure(self) -> Fraction:
        """The volume [mL] to three decimals or as many as keep it within 0.5 %, half up, but down where that
        would pass the ceiling or a limit of the specification.
        """
        exact, steps = Fraction(self.volume.magnitude), 1000
        while abs(nearest_whole(exact * steps) / (exact * steps) - 1) > _READING_ERROR:
            steps *= 10
        nearest = Fraction(nearest_whole(exact * steps), steps)
        above = nearest * self.preparation.per_millilitre * self.per_day > min(self.limit, _CEILING_MG)
        return Fraction(int(exact * steps), steps) if above else nearest

    @property
    def content_of_drop(self) -> Any:
        """What one drop holds [mg/drop], or None without a drop factor."""
        return None if self.factor is None else (self.preparation.concentration / self.factor.quantity).to("mg/drop")

    @property
    def drops_exact(self) -> Fraction | None:
        """How many drops the dose asked for would need, not rounded."""
        content = self.content_of_drop
        return None if content is None else Fraction((self.asked.mass / content).to("drop").magnitude)

    @property
    def delivered_volume(self) -> Any:
        """The volume of the whole drops [mL]."""
        if self.factor is None or self.drops is None:
            return None
        return (counted(self.drops, "drop") / self.factor.quantity).to("mL")

    @property
    def rounding_error(self) -> Fraction | None:
        """Delivered over asked, minus 1, as a fraction."""
        return None if self.delivered is None else self.delivered.milligrams / self.asked.milligrams - 1

    def taken_at_worst(self) -> Fraction:
        """A day's milligrams if content and drop are at their upper tolerance and one drop more is taken.

        A number to compare and to warn with, not a dose: it may pass the ceiling.
        """
        content = self.content_of_drop
        if content is None or self.drops is None:
            return self.per_day * self.asked.milligrams * (1 + self.tolerances.content)
        worst = content.magnitude * (1 + self.tolerances.content) * (1 + self.tolerances.drop)
        return Fraction(self.per_day * (self.drops + 1) * worst)

    @property
    def worst_case(self) -> Fraction | None:
        """The worst case of the day [mg], or None where it passes the ceiling (FC109 says it in words)."""
        worst = self.taken_at_worst()
        return worst if worst <= _CEILING_MG else None


def convert(
    intake: Any,
    preparation: Preparation | None = None,
    factor: DropFactor | None = None,
    *,
    per_day: int = 1,
    tolerances: Tolerances | None = None,
    basis: Basis | None = None,
    at_most: Amount = CEILING,
) -> Conversion:
    """Turn one intake (a mass, a volume or whole drops; an Amount) into the other forms.

    Without a `basis` the milligrams are taken as the hydrochloride, and the conversion says that they were. What
    a volume or drops hold is counted as the preparation's label is.
    Drops are rounded to the nearest whole drop, half up, and down where nearest would pass the ceiling
    or `at_most` (a daily limit of the specification; it can lower the ceiling, never raise it).
    Raises DoseAboveCeiling, NotADose, TooSmallForDrops or CannotConvert.
    """
    if type(intake) is not Amount:
        raise CannotConvert("an intake is a quantity with its unit: 4.5 mg, 0.9 mL or 23 drops")
    if intake.kind not in ("mass", "volume", "drops"):
        raise CannotConvert(f"{intake} is not an intake: give a mass (4.5 mg), a volume (0.9 mL) or whole drops")
    if preparation is None:
        raise CannotConvert(f"to convert {intake}, give the concentration of the liquid, such as --concentration 5mg/mL")
    limit = min(_CEILING_MG, magnitude(at_most, "mg"))
    day = intakes(per_day)
    milligrams = _asked(intake, preparation, factor, basis)
    if not milligrams * day <= limit:
        raise _too_much(milligrams * day, limit)
    asked = Dose(counted(milligrams, "mg"))
    drops = _whole_drops(asked, preparation, factor, limit / day)
    delivered = None if drops is None else Dose(counted(drops * _drop_holds(preparation, factor), "mg"))
    return Conversion(
        asked=asked,
        daily=DailyDose.times(delivered or asked, day),
        per_day=day,
        limit=limit,
        tolerances=tolerances or Tolerances(),
        basis_assumed=(basis if intake.kind == "mass" else preparation.basis) is None,
        preparation=preparation,
        factor=factor,
        drops=drops,
        delivered=delivered,
    )


def _asked(intake: Amount, preparation: Preparation, factor: DropFactor | None, basis: Basis | None) -> Fraction:
    """The milligrams of an intake, not yet a dose."""
    if intake.kind == "mass":
        return Fraction(as_hydrochloride(magnitude(intake, "mg"), basis or Basis.HYDROCHLORIDE))
    if basis is not None and basis != (preparation.basis or Basis.HYDROCHLORIDE):
        raise CannotConvert(f"what {intake} holds is counted as the label's concentration is: declare the basis of that")
    if intake.kind == "volume":
        return magnitude(intake.quantity * preparation.concentration, "mg")
    if intake.number.denominator != 1:
        raise CannotConvert(f"{intake}: drops are counted whole")
    return intake.number * _drop_holds(preparation, factor)


def _drop_holds(preparation: Preparation, factor: DropFactor | None) -> Fraction:
    """What one drop holds [mg]. Raises CannotConvert: nobody knows without a calibration."""
    if factor is None:
        raise CannotConvert(
            "how large a drop is must be measured: give a calibration run, such as --run '20 drops, 0.82 g' "
            "with --density '1.06 g/mL' (there is no silent 20 drops/mL)"
        )
    return magnitude(counted(1, "drop") * preparation.concentration / factor.quantity, "mg")


def _whole_drops(asked: Dose, preparation: Preparation, factor: DropFactor | None, most: Fraction) -> int | None:
    """The whole drops for a dose of which one intake may hold at most `most` mg; for drops that were given, themselves."""
    if factor is None:
        return None
    holds = _drop_holds(preparation, factor)
    exact = asked.milligrams / holds
    drops = nearest_whole(exact)
    if drops * holds > most:
        drops = int(most / holds)
    if drops < 1:
        raise TooSmallForDrops(
            f"{asked} cannot be given in whole drops: one drop holds {format_exactly(holds, 3)} mg, "
            f"so {format_exactly(exact, 3)} drops would be needed; use a weaker liquid, or measure the volume in mL",
            f"{format_exactly(exact, 3)} drops",
            "at least half a drop",
        )
    return drops
