"""What the milligrams of a label count, where that is not what the record counts: base, or the dihydrate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from formcheck.planning.once import once
from formcheck.substance import Basis
from formcheck.units import format_exactly

if TYPE_CHECKING:
    from formcheck.planning.batch import Batch

__all__ = ["OtherBasis", "other_basis"]

_SAYS_BASE = re.compile(
    r"(?:(?P<other>[0-9.]{1,8}) ?mg of )?\bnaltrexone \(?(?:free )?base\b"
    r"|\bas (?:the )?(?:naltrexone )?base\b|\bas naltrexone(?! h)\b|\(base\)"
)
# "Naltrexone hydrochloride dihydrate 4.5 mg", "4.5 mg of naltrexone HCl dihydrate"; "(as dihydrate)" names the powder.
_SAYS_DIHYDRATE = re.compile(
    r"(?<!from )(?<!as )(?:\bnaltrexone )?\b(?:hydrochloride|hcl) \(?dihydrate\)?[ ,:-]{1,3}"
    r"(?P<after>[0-9.]{1,8}) ?(?:mg|milli)"
    r"|(?<![0-9.])(?P<before>[0-9.]{1,8}) ?(?:mg|milligrams?)(?: ?/ ?ml)? (?:of )?(?:naltrexone )?"
    r"(?:hydrochloride |hcl )\(?dihydrate\b"
)


class OtherBasis(NamedTuple):
    """What a label says its milligrams are of, and the words of it."""

    of: Literal["base", "dihydrate"]
    words: str


@once
def other_basis(batch: Batch) -> OtherBasis | None:
    """A label that says base, or dihydrate beside the strength, where the record counts the anhydrous hydrochloride.

    "4.5 mg (4.07 mg of naltrexone base)" gives the same dose in the other figure, and is none.
    """
    strength, folded = batch.record.strength, batch.label.folded
    if strength is None or batch.record.strength_basis is not Basis.HYDROCHLORIDE:
        return None
    text, number = " ".join(folded.split()), format_exactly(strength.number)
    if "as naltrexone" in text or "base" in text:
        for match in _SAYS_BASE.finditer(text):
            if match["other"] in (None, number):
                return OtherBasis("base", match[0])
    if "dihydrate" in text:
        for match in _SAYS_DIHYDRATE.finditer(text):
            if (match["after"] or match["before"]).rstrip(".") == number:
                return OtherBasis("dihydrate", match[0])
    return None
