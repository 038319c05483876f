"""The ceiling, tried: attempts to get more than 10 mg a day out of a conversion, and what came of them."""

from typing import NamedTuple

import attrs

from formcheck.converting import Answer, answer
from formcheck.errors import FormcheckError
from formcheck.liquid import DropFactor, Preparation, read_run
from formcheck.rules.catalogue import CEILING_CODE
from formcheck.selftest.asking import REFUSED
from formcheck.substance import Basis
from formcheck.units import amount, format_exactly

__all__ = ["ATTEMPTS", "Attempt", "Tried", "tried"]


class Attempt(NamedTuple):
    """A conversion that is tried: what somebody wants, as typed, and what must come of it."""

    what: str
    intake: str
    per_day: int = 1
    concentration: str = "5 mg/mL"
    run: str | None = None
    basis: Basis | None = None
    expected: str = REFUSED


ATTEMPTS = (
    Attempt("the least bit above: 10.0000001 mg once a day", "10.0000001 mg"),
    Attempt("9 mg twice a day", "9 mg", per_day=2),
    Attempt("0.5 mg 24 times a day", "0.5 mg", per_day=24),
    Attempt("45 mg: the decimal point of 4.5 mg slipped", "45 mg"),
    Attempt("4.5 g: the wrong unit", "4.5 g"),
    Attempt("4.5 mL of 5 mg/mL: milligrams taken for millilitres", "4.5 mL"),
    Attempt("9.1 mg counted as the base: 10.07 mg of the hydrochloride", "9.1 mg", basis=Basis.BASE),
    Attempt("17 drops of 0.6 mg each: 10.2 mg", "17 drops", concentration="12 mg/mL", run="20 drops, 1 mL"),
    Attempt(
        "9.95 mg in drops of 0.6 mg: the nearest, 17 drops, would be 10.2 mg",
        "9.95 mg",
        concentration="12 mg/mL",
        run="20 drops, 1 mL",
        expected="16 drops, 9.6 mg",
    ),
    Attempt("10 mg exactly, which is allowed", "10 mg", expected="2 mL, 10 mg"),
)
"""Nothing but the last two is converted, and the last but one is rounded down."""


@attrs.frozen
class Tried:
    """An attempt, and what was found."""

    what: str
    expected: str
    found: str

    @property
    def agrees(self) -> bool:
        return self.expected == self.found


def tried(attempt: Attempt) -> Tried:
    """Make one attempt by the very way of `formcheck convert`."""
    factor = None if attempt.run is None else DropFactor.from_runs([read_run(attempt.run)])
    try:
        answered = answer(
            amount(attempt.intake),
            Preparation.labelled(amount(attempt.concentration)),
            factor,
            per_day=attempt.per_day,
            basis=attempt.basis,
        )
    except FormcheckError as error:
        return Tried(attempt.what, attempt.expected, f"not answered: {error}")
    return Tried(attempt.what, attempt.expected, _found(answered))


def _found(answered: Answer) -> str:
    conversion = answered.conversion
    if conversion is None:
        codes = [finding.code for finding in answered.findings]
        return REFUSED if codes == [CEILING_CODE] else f"not converted, by {', '.join(codes)}"
    a_day = f"{format_exactly(conversion.daily.milligrams, 9)} mg"
    if conversion.drops is not None:
        return f"{conversion.drops} drops, {a_day}"
    return f"{format_exactly(conversion.volume_to_measure, 9)} mL, {a_day}"
