"""UCUM codes for what formcheck answers: the codes of its own units, and which key of an answer has which.

The codes stand in `units.txt`. UCUM (ucum.org, specification 2.2) has a drop of its own, [drp], which is 1/20 mL by
definition: a convention, not a measurement. It is neither read nor written here; a drop that was counted is the
annotation {drop}, which stands for the unit 1.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from formcheck.units import SPELLINGS, amount

__all__ = ["CODES", "Convention", "codes_of", "conventional_drops"]

CODES = frozenset(unit.ucum for unit in SPELLINGS.values())
"""Every code that formcheck writes for a unit of its closed table."""

# What the name of a key ends in, and the unit that it says: of the closed table where it has one, else a code itself.
_SUFFIXES = {
    "mg": "mg",
    "g": "g",
    "mL": "mL",
    "pct": "%",
    "days": "days",
    "mg_per_mL": "mg/mL",
    "drops": "drops",
    "drops_exact": "drops",
    "drops_per_mL": "drops/mL",
    "mg_per_drop": "mg/drop",
    "daily_mg": "mg/day",
}
_FURTHER = {"mL_per_drop": "mL/{drop}", "per_day": "/d", "fraction": "1", "tablets": "{tablet}"}
_CODES_OF_KEYS = {**{suffix: SPELLINGS[unit].ucum for suffix, unit in _SUFFIXES.items()}, **_FURTHER}
_NO_NUMBERS = frozenset({"findings", "slips", "working", "notes", "ucum"})


def codes_of(data: Mapping[str, Any]) -> dict[str, str]:
    """The UCUM code of each key of an answer that names a unit, those of its lists too; a key without one is left out.

    `concentration_mg_per_mL` ends in a unit: mg/mL. Of two endings that fit the longer counts.
    """
    found: dict[str, str] = {}
    for key, value in data.items():
        code = _code(key)
        if code is not None:
            found[key] = code
        elif key not in _NO_NUMBERS and isinstance(value, list):
            for item in value:
                found.update(codes_of(item) if isinstance(item, dict) else {})
    return found


def _code(key: str) -> str | None:
    endings = [suffix for suffix in _CODES_OF_KEYS if key == suffix or key.endswith(f"_{suffix}")]
    return _CODES_OF_KEYS[max(endings, key=len)] if endings else None


class Convention(NamedTuple):
    """A volume [mL] that a definition gives and nobody measured, with the words that say so."""

    millilitres: Fraction
    said: str


def conventional_drops(number: Fraction) -> Convention:
    """What so many [drp] of UCUM are by definition. No dose, plan or conversion of formcheck is reckoned with it."""
    volume = number * amount("0.05 mL").value
    return Convention(
        volume, "a convention of UCUM, 1 [drp] = 1/20 mL, not a measurement: real droppers give 16 to 50 drops/mL"
    )
