"""The self-test as a whole: everything is tried, and what came of it stands in one report."""

from pathlib import Path
from typing import NamedTuple

import attrs

from formcheck.reading.specifications import shipped_specifications
from formcheck.selftest.answers import Outcome, asked
from formcheck.selftest.cases import Case, case_file, load_cases, sha256_of
from formcheck.selftest.ceiling import ATTEMPTS, Tried, tried
from formcheck.selftest.machine import Machine, this_machine
from formcheck.selftest.records import Examples, Row, examples_in

__all__ = ["SelfTest", "Tally", "selftest"]

SHIPPED = "The example specifications that come with formcheck"
OWN = "Your specifications"


class Tally(NamedTuple):
    """How many were tried, and how many of them came out as expected."""

    tried: int
    agree: int


@attrs.frozen(kw_only=True)
class SelfTest:
    """What was tried, what was expected and what was found."""

    machine: Machine
    case_file: str
    case_file_sha256: str
    cases: tuple[Outcome, ...]
    not_asked: tuple[Case, ...]
    examples: tuple[Examples, ...]
    ceiling: tuple[Tried, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every record and specification of every folder."""
        return tuple(row for folder in self.examples for row in folder.rows)

    @property
    def tallies(self) -> dict[str, Tally]:
        """For each table, how many were tried and how many agree."""
        tables: dict[str, list[bool]] = {
            "cases": [outcome.agrees for outcome in self.cases],
            "records": [row.agrees for row in self.rows],
            "ceiling": [attempt.agrees for attempt in self.ceiling],
        }
        return {name: Tally(len(agree), sum(agree)) for name, agree in tables.items()}

    @property
    def total(self) -> Tally:
        """All tables together."""
        tallies = self.tallies.values()
        return Tally(sum(tally.tried for tally in tallies), sum(tally.agree for tally in tallies))

    @property
    def agrees(self) -> bool:
        """Whether everything that was tried came out as expected; each table must hold something."""
        return all(tally.tried and tally.tried == tally.agree for tally in self.tallies.values())

    @property
    def conclusion(self) -> str:
        """One sentence under the tables. It never says that anything is validated."""
        everything, agree = self.total
        if self.agrees:
            return f"All {everything} agree. This supports your validation of formcheck; it does not replace it."
        missing = everything - agree
        if not missing:
            return "A table is empty, so nothing is shown by it. Do not rely on formcheck here: install it again."
        return (
            f"{missing} of {everything} {'does' if missing == 1 else 'do'} not agree. Do not rely on formcheck on this "
            "computer before somebody has found out why."
        )

    @property
    def exit_status(self) -> int:
        """0 everything agrees, 2 a file could not be read, 1 something does not agree."""
        if any(not row.read for row in self.rows):
            return 2
        return 0 if self.agrees else 1


def selftest(own: Path | None = None, machine: Machine | None = None) -> SelfTest:
    """Try the published cases, the example records and the ceiling; with `own`, that folder of specifications too.

    Raises Unreadable where the cases cannot be read, or `own` is no folder of specifications.
    """
    cases = load_cases()
    shipped = shipped_specifications()
    examples = [examples_in(shipped, SHIPPED)]
    if own is not None and own.resolve() != shipped.resolve():
        examples.append(examples_in(own, OWN))
    return SelfTest(
        machine=machine or this_machine(),
        case_file=str(case_file()),
        case_file_sha256=sha256_of(case_file()),
        cases=tuple(asked(case) for case in cases if case.out_of_scope is None),
        not_asked=tuple(case for case in cases if case.out_of_scope is not None),
        examples=tuple(examples),
        ceiling=tuple(tried(attempt) for attempt in ATTEMPTS),
    )
