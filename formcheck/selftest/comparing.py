"""Whether what a function answered is what was expected: numbers within a tolerance, everything else exactly."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs

from formcheck.selftest.cases import number
from formcheck.units import as_number, format_exactly

__all__ = ["NOT_ASKED", "Compared", "compare", "plain", "words"]

NOT_ASKED = None
"""In a list: this item is no business of formcheck, and is not compared."""
_SHOWN = 9
_ABSENT = object()


@attrs.frozen
class Compared:
    """One key of an answer: what was expected and what was found, and whether they agree."""

    key: str
    expected: Any
    found: Any
    agrees: bool


def compare(expected: Mapping[str, Any], found: Mapping[str, Any], tolerance: str) -> tuple[Compared, ...]:
    """Every expected key, in its order; a key that was not answered does not agree."""
    allowed = number(tolerance)
    return tuple(
        Compared(key, wanted, found.get(key), allowed is not None and _same(wanted, found.get(key, _ABSENT), allowed))
        for key, wanted in expected.items()
    )


def _same(wanted: Any, found: Any, allowed: Fraction) -> bool:
    if isinstance(wanted, list) or isinstance(found, list):
        if not (isinstance(wanted, list) and isinstance(found, list)) or len(wanted) != len(found):
            return False
        asked = [pair for pair in zip(wanted, found, strict=True) if pair[1] is not NOT_ASKED]
        return bool(asked) and all(_same(*pair, allowed) for pair in asked)
    if isinstance(found, bool):
        return bool(wanted == ("true" if found else "false"))
    if isinstance(found, (int, Fraction)):
        meant = number(wanted)
        return meant is not None and abs(Fraction(found) - meant) <= allowed
    return isinstance(found, str) and bool(found == wanted)


def words(value: Any) -> str:
    """A value as it is read in a table: numbers to nine decimals at most, lists with commas."""
    if isinstance(value, (list, tuple)):
        return ", ".join("(not asked)" if item is NOT_ASKED else words(item) for item in value)
    if value is None:
        return "no answer"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Fraction)):
        return format_exactly(Fraction(value), _SHOWN)
    size = number(value)
    return str(value) if size is None else format_exactly(size, _SHOWN)


def plain(value: Any) -> Any:
    """A value for JSON: numbers as numbers, true and false, texts, lists."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Fraction):
        return as_number(value)
    if value in ("true", "false"):
        return value == "true"
    size = number(value)
    return value if size is None else as_number(size)
