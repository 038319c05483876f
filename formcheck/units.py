"""The one unit registry, exact quantities, and the words for them. The only room that knows pint.

Text meets the grammar first and becomes `Quantity(number, unit)`; pint never sees text from outside.
Magnitudes are exact (`Fraction`); a float enters through `exact` from table files only.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, NewType

import attrs

from formcheck.errors import NotAQuantity, WrongDimension
from formcheck.grammar import MOST_CHARACTERS, Written, bare_number, escaped, split

__all__ = [
    "Amount", "amount", "as_number", "counted", "exact", "format_exactly", "format_number", "format_quantity",
    "magnitude", "quantity",
]  # fmt: skip

_TEXT = Path(__file__).with_name("units.txt").read_text(encoding="utf-8")
_MOST_EXPONENT = 100
_KINDS = {
    "mass": "a mass (mg, mcg or g)",
    "volume": "a volume (mL)",
    "drops": "a number of drops",
    "capsules": "a number of capsules",
    "days": "a number of days",
    "percent": "a percentage (%)",
    "percent_ww": "a percentage by weight (% w/w)",
    "concentration": "a concentration (mg/mL or % w/v)",
    "drop_factor": "a drop factor (drops/mL)",
    "drop_content": "the content of a drop (mg/drop)",
    "daily": "an amount a day (mg/day)",
}


_LOADING = Lock()
_loaded: list[Any] = []


def _registry() -> Any:
    """The one registry, loaded when the first quantity is made: most records are judged by exact numbers alone.

    Raises RuntimeError where a size of our table is not what pint makes of the unit.
    """
    if not _loaded:
        with _LOADING:
            if not _loaded:
                _loaded.append(_new_registry())
    return _loaded[0]


def _new_registry() -> Any:
    import pint

    registry = pint.UnitRegistry(None, non_int_type=Fraction, on_redefinition="raise")
    registry.load_definitions([line for line in _TEXT.splitlines() if line and not line.startswith("#")])
    for unit in SPELLINGS.values():
        if unit.factor != (1 * registry.parse_units(unit.definition)).to_root_units().magnitude:
            raise RuntimeError(f"units.txt: {unit.definition} is not {unit.size} in its coherent unit")
    return registry


def __getattr__(name: str) -> Any:
    """`Quantity`, the class of quantities with a unit, as soon as it is asked for."""
    if name == "Quantity":
        return _registry().Quantity
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def counted(number: Fraction | int, unit: str) -> Any:
    """So many of a unit of part one ("mg", "drop / mL"), as a fresh quantity."""
    return _registry().Quantity(Fraction(number), _pint_unit(unit))


class Unit(NamedTuple):
    """A unit of the closed table: its kind, its printed forms, its definition in pint's words, and its code in UCUM."""

    kind: str
    singular: str
    printed: str
    definition: str
    size: str
    ucum: str = ""

    @property
    def pint_unit(self) -> Any:
        return _pint_unit(self.definition)

    @property
    def factor(self) -> Fraction:
        """The size in the coherent unit of its kind (mg, mL, drop, capsule, day, 1 and their quotients): products
        of coherent numbers need no further factor. It is pint's too, or pint does not load.
        """
        return _factor(self.size)


@cache
def _pint_unit(definition: str) -> Any:
    return _registry().parse_units(definition)


@cache
def _factor(size: str) -> Fraction:
    return Fraction(size)


def _table() -> tuple[dict[str, Unit], dict[str, str]]:
    spellings: dict[str, Unit] = {}
    refused: dict[str, str] = {}
    for kind, singular, printed, definition, size, ucum, also in _lines("#:"):
        unit = Unit(kind, singular, printed, definition, size, ucum)
        for spelling in (singular, printed, *_words(also)):
            spellings[spelling] = unit
    for words, advice in _lines("#!"):
        refused.update(dict.fromkeys(_words(words), advice))
    return spellings, refused


def _lines(mark: str) -> Iterator[list[str]]:
    for line in _TEXT.splitlines():
        if line.startswith(mark):
            yield [cell.strip() for cell in line.removeprefix(mark).split("|")]


def _words(cell: str) -> list[str]:
    return [word.strip() for word in cell.split(",") if word.strip()]


SPELLINGS, REFUSED = _table()


@attrs.frozen
class Amount:
    """A quantity as it stands in a paper: the text, and what it means exactly.

    `number` counts `unit`s; `value` is the same in the coherent unit of the kind, so that rules can
    reckon on exact numbers without asking pint (the sizes are pint's, or pint does not load).
    """

    text: str
    number: Fraction
    unit: Unit
    value: Fraction

    @property
    def kind(self) -> str:
        return self.unit.kind

    @property
    def digits(self) -> str:
        """The number as written, with its trailing zeros: they say how many decimals were meant."""
        return self.text[: len(self.text) - len(self.text.lstrip("0123456789."))]

    @property
    def decimals(self) -> int:
        return len(self.digits.partition(".")[2])

    @property
    def as_written(self) -> str:
        """The quantity with its zeros as they were typed (467.0 mg), the unit in its printed form."""
        return _joined(self.digits, self.unit.singular if self.number == 1 else self.unit.printed)

    @property
    def quantity(self) -> Any:
        """The same as a pint quantity (a fresh one each time, since pint's are mutable)."""
        return counted(self.number, self.unit.definition)

    def __str__(self) -> str:
        digits, unit = self.digits, self.unit
        number = digits.rstrip("0").rstrip(".") if "." in digits else digits
        return _joined(number, unit.singular if number == "1" else unit.printed)


Mass = NewType("Mass", Amount)
Volume = NewType("Volume", Amount)
Percent = NewType("Percent", Amount)
Concentration = NewType("Concentration", Amount)
Density = NewType("Density", Amount)
PowderStrength = NewType("PowderStrength", Amount)
Strength = NewType("Strength", Amount)
Size = NewType("Size", Amount)
MassOrPercent = NewType("MassOrPercent", Amount)
DropsPerVolume = NewType("DropsPerVolume", Amount)

KINDS_OF: dict[Any, tuple[str, ...]] = {
    Mass: ("mass",),
    Volume: ("volume",),
    Percent: ("percent",),
    Concentration: ("concentration", "percent_ww"),
    Density: ("concentration",),
    PowderStrength: ("concentration", "percent_ww"),
    Strength: ("mass", "concentration"),
    Size: ("capsules", "volume", "mass"),
    MassOrPercent: ("mass", "percent"),
    DropsPerVolume: ("drop_factor",),
}


def amount(text: str, *kinds: str) -> Amount:
    """Read a quantity from text; where `kinds` are given it must be of one of them.

    Raises NotAQuantity (the text is not a legal quantity) or WrongDimension (it is of another kind).
    """
    if type(text) is not str:
        raise NotAQuantity(f"a quantity is text with a unit, such as 4.5 mg, not {type(text).__name__}")
    return _amount(text, kinds)


@lru_cache(maxsize=4096)
def _amount(text: str, kinds: tuple[str, ...]) -> Amount:
    if kinds and re.fullmatch(r"[0-9]+(\.[0-9]+)?", text, re.ASCII) and len(text) <= MOST_CHARACTERS:
        examples = dict.fromkeys(next(u.printed for u in SPELLINGS.values() if u.kind == kind) for kind in kinds)
        wanted = " or ".join(f"{text} {unit}" for unit in examples)
        as_percent = _of_fraction(text) if kinds == ("percent",) else None
        if as_percent is not None:
            raise NotAQuantity(f"{escaped(text)} has no unit: write {as_percent} if it is a fraction, or else {wanted}")
        raise NotAQuantity(f"{escaped(text)} has no unit: write the unit, such as {wanted}")
    written: Written = split(text, SPELLINGS, REFUSED)
    unit = SPELLINGS[written.unit]
    if kinds and unit.kind not in kinds:
        wanted = " or ".join(_KINDS[kind] for kind in kinds)
        hint = "; as a concentration say % w/v" if unit.kind == "percent" and "concentration" in kinds else ""
        raise WrongDimension(f"{escaped(text)} is {_KINDS[unit.kind]}, where {wanted} is needed{hint}")
    return Amount(text, written.number, unit, written.number * unit.factor)


def _of_fraction(text: str) -> str | None:
    """A decimal up to 1.5 in percent, "0.992" as 99.2 %: so a spreadsheet stores what it shows as percent."""
    number = Decimal(text)
    return f"{(number * 100).normalize():f} %" if "." in text and 0 < number <= Decimal("1.5") else None


def quantity(text: str, *kinds: str) -> Any:
    """Read a quantity from text as an exact pint quantity in the unit written; see `amount`."""
    return amount(text, *kinds).quantity


def magnitude(value: Any, unit: str) -> Fraction:
    """The exact number of `unit`s in a pint quantity or an Amount; refuses inexact magnitudes.

    Raises WrongDimension, or NotAQuantity for a float, NaN, bool, array or any other number.
    """
    if type(value) is Amount:
        value = value.quantity
    quantity_class = _registry().Quantity
    if not isinstance(value, quantity_class):
        raise NotAQuantity(f"a quantity with a unit is needed, not {type(value).__name__}")
    number, wanted = exact(value.magnitude), _pint_unit(unit)
    if not value.is_compatible_with(wanted):
        raise WrongDimension(f"{format_quantity(value)} cannot be expressed in {unit}")
    return Fraction(quantity_class(number, value.units).to(wanted).magnitude)


def exact(number: object, *, from_table: bool = False) -> Fraction:
    """An int, Fraction, Decimal or plain decimal text as an exact number.

    A float is refused unless it comes from a table file (`from_table`), where numbers are stored so:
    it must then be finite and have at most 15 significant digits. Raises NotAQuantity.
    """
    kind = type(number)
    if kind is int or kind is Fraction:
        return Fraction(number)  # type: ignore[call-overload, no-any-return]
    if kind is str:
        return bare_number(number)  # type: ignore[arg-type]
    if kind is float and from_table:
        number = Decimal(repr(number))
    if type(number) is Decimal and number.is_finite() and abs(number.adjusted()) < _MOST_EXPONENT:
        # By its digits, since every operation on a Decimal, even normalize, rounds to the caller's context.
        if kind is float and len("".join(map(str, number.as_tuple().digits)).strip("0")) > 15:
            raise NotAQuantity(f"{number} has more than 15 significant digits: it is not a number somebody typed")
        return Fraction(number)
    raise NotAQuantity(f"{escaped(repr(number))} is not an exact, finite number (a {kind.__name__})")


def format_number(number: Fraction, decimals: int) -> str:
    """The number with exactly so many decimals, rounded half up (away from zero below it)."""
    scaled, half = divmod(abs(number) * 10**decimals, 1)
    digits = str(int(scaled) + (2 * half >= 1)).rjust(decimals + 1, "0")
    sign = "-" if number < 0 and digits.strip("0") else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def format_exactly(number: Fraction, most: int = 12) -> str:
    """The number without trailing zeros: exact where it ends within `most` decimals, else rounded there."""
    text = format_number(number, most)
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_beyond(number: Fraction, limit: Fraction, decimals: int = 3) -> str:
    """The number rounded, but with as many decimals as it takes to read differently from the limit."""
    while decimals < 40 and number != limit and format_exactly(number, decimals) == format_exactly(limit, decimals):
        decimals += 1
    return format_exactly(number, decimals)


def format_quantity(value: Any, decimals: int | None = None) -> str:
    """A quantity in words, "4.5 mg": leading zero always, no trailing zero, mcg and never a mu."""
    if type(value) is Amount:
        return str(value) if decimals is None else _joined(format_exactly(value.number, decimals), value.unit.printed)
    number = exact(value.magnitude)
    printed = next((u for u in SPELLINGS.values() if u.pint_unit == value.units), None)
    if printed is None:
        raise WrongDimension(f"{dict(value._units)} is no unit of formcheck's table")
    unit = printed.singular if number == 1 else printed.printed
    return _joined(format_exactly(number, 12 if decimals is None else decimals), unit)


def _joined(number: str, unit: str) -> str:
    return f"{number} {unit}"


def as_number(number: Fraction) -> int | float:
    """The nearest JSON number. Rounding to nearest is monotone: what is at most 10 stays at most 10."""
    return number.numerator if number.denominator == 1 else float(number)
