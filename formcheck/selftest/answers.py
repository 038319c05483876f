"""Every published case put to the functions of formcheck, and what came of it."""

from collections.abc import Callable

import attrs

from formcheck.errors import FormcheckError
from formcheck.selftest import days, liquids, solids
from formcheck.selftest.asking import REFUSED, Answers, Given
from formcheck.selftest.cases import Case
from formcheck.selftest.comparing import Compared, compare

__all__ = ["ADAPTERS", "Outcome", "answers_of", "asked"]

ADAPTERS: dict[tuple[str, str], Callable[[Given], Answers]] = {**liquids.ANSWERS, **solids.ANSWERS, **days.ANSWERS}
OURS = {"convert": REFUSED, "as_a_quantity": REFUSED}
"""What formcheck itself must say beside the answer of a case: no dose above 10 mg, no quantity in [drp]."""


@attrs.frozen
class Outcome:
    """A case with every expected key, what was found, and whether all agree."""

    case: Case
    compared: tuple[Compared, ...]

    @property
    def agrees(self) -> bool:
        return bool(self.compared) and all(each.agrees for each in self.compared)


def answers_of(case: Case) -> Answers:
    """What the functions of formcheck answer to what is given. Raises KeyError for a kind of case nobody answers."""
    return ADAPTERS[case.kind, case.task](case.given)


def asked(case: Case) -> Outcome:
    """A case with its answers compared. A case that cannot be answered does not agree, and says why."""
    try:
        found = answers_of(case)
    except FormcheckError as error:
        return Outcome(case, _unanswered(str(error)))
    except Exception as error:  # a case must not take the others with it, whatever is wrong with it
        return Outcome(case, _unanswered(f"{type(error).__name__}: {error}"))
    expected = {**case.expected, **{key: OURS[key] for key in found if key in OURS}}
    return Outcome(case, compare(expected, found, case.tolerance))


def _unanswered(why: str) -> tuple[Compared, ...]:
    return (Compared("(the whole case)", "an answer", f"none: {why[:200]}", False),)
