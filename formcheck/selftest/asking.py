"""What the adapters share: quantities as they would be typed, and whether a conversion is refused.

An adapter takes what is given of a case to the functions that the commands use, and returns their answers under the
keys of the case. It never sees what is expected.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from formcheck.converting import answer
from formcheck.grammar import bare_number
from formcheck.liquid import DropFactor, Preparation
from formcheck.rules.catalogue import CEILING_CODE
from formcheck.units import Amount, amount, magnitude

__all__ = ["REFUSED", "Answers", "Given", "exactly", "listed", "of", "refusal", "volume_for"]

Given = Mapping[str, Any]
Answers = dict[str, Any]
REFUSED = "refused"


def exactly(value: Any) -> Fraction:
    """A plain number of the case, exactly. Raises NotAQuantity."""
    return bare_number(str(value))


def of(value: Any, unit: str) -> Amount:
    """A quantity as it would be typed. Raises NotAQuantity."""
    return amount(f"{value} {unit}")


def listed(values: Any, unit: str) -> list[Amount]:
    """A list of quantities."""
    return [of(value, unit) for value in values]


def volume_for(mass: Amount, liquid: Any) -> Fraction:
    """The volume [mL] that holds a mass at a concentration (a quantity): masses, not doses."""
    return magnitude(mass.quantity / liquid, "mL")


def refusal(intake: Amount, preparation: Preparation, factor: DropFactor | None = None) -> str:
    """What `formcheck convert` says of an intake: refused for the ceiling, or converted.

    Some cases are about other drugs in doses above 10 mg. No dose may be made of them; their arithmetic is asked of
    masses, volumes and concentrations, the floor below a dose.
    """
    answered = answer(intake, preparation, factor)
    codes = {finding.code for finding in answered.findings}
    return REFUSED if answered.conversion is None and codes == {CEILING_CODE} else "converted"
