"""What the work says: findings, verdicts and the exit status that follows from them."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "Authority", "Counts", "Finding", "Location", "Severity", "Verdict", "Waived", "counted", "exit_status", "overall",
]  # fmt: skip


class Severity(StrEnum):
    """How much a finding weighs: only an error changes a verdict."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Authority(StrEnum):
    """Who asks for it. Good practice and formcheck's own are never called required."""

    REGULATION = "regulation"
    COMPENDIAL = "compendial"
    GOOD_PRACTICE = "good_practice"
    FORMCHECK = "formcheck"


class Verdict(StrEnum):
    """Of a record: pass, fail or not determined. Of a finding: fail, not determined, waived or note."""

    PASS = "pass"
    FAIL = "fail"
    NOT_DETERMINED = "not_determined"
    WAIVED = "waived"
    NOTE = "note"


class Location(NamedTuple):
    """A place in a file; line and column count from 1, and are None where there is no such place.

    `cell` is the same place as a workbook names it: "Batches!C4".
    """

    path: str | None = None
    line: int | None = None
    column: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        parts = (self.path, self.cell) if self.cell is not None else (self.path, self.line, self.column)
        return ":".join(str(part) for part in parts if part is not None)


NOWHERE = Location()
NOTHING = "nothing"


def field_name(path: Iterable[str | int]) -> str:
    """A path in words: components[0].certificate.water."""
    words = ""
    for step in path:
        words += f"[{step}]" if isinstance(step, int) else f".{step}" if words else step
    return words


class Waived(NamedTuple):
    """By whom, why and until which day a finding was taken on, and in which paper that is written."""

    by: str
    reason: str
    until: str
    paper: str = "record"

    def __str__(self) -> str:
        return f"waived by {self.by} until {self.until}: {self.reason} (in the {self.paper})"


class Finding(NamedTuple):
    """One thing a rule says of one paper or conversion.

    `found` and `limit` are texts with their units; `field` names the value in the paper; `source`
    says where the limit comes from and `help` what to do. A waived finding keeps its severity, and says in
    `waiver` who took it on; `was` is the verdict it would have had.
    """

    code: str
    title: str
    verdict: Verdict
    severity: Severity
    authority: Authority
    message: str
    help: str = ""
    location: Location = NOWHERE
    field: str | None = None
    found: str | None = None
    limit: str | None = None
    source: str | None = None
    waiver: Waived | None = None
    was: Verdict | None = None

    @property
    def is_about_missing(self) -> bool:
        """Whether the finding says only that something was not written down."""
        return self.found == NOTHING


class Counts(NamedTuple):
    """How many findings of each sort. `fail` counts failing errors only; `warning` failing warnings."""

    fail: int = 0
    not_determined: int = 0
    warning: int = 0
    info: int = 0
    waived: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*(one + another for one, another in zip(self, other, strict=True)))


def counted(findings: Iterable[Finding]) -> Counts:
    """Count findings by what they mean for the reader."""
    tally = dict.fromkeys(Counts._fields, 0)
    for finding in findings:
        tally[_column(finding)] += 1
    return Counts(**tally)


def _column(finding: Finding) -> str:
    if finding.verdict in (Verdict.NOT_DETERMINED, Verdict.WAIVED):
        return finding.verdict
    if finding.verdict is Verdict.NOTE or finding.severity is Severity.INFO:
        return "info"
    return "fail" if finding.severity is Severity.ERROR else "warning"


def weighty(strict: bool) -> tuple[Severity, ...]:
    """The severities that can change a verdict."""
    return (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)


def overall(findings: Iterable[Finding], *, undecided: bool = False, strict: bool = False) -> Verdict:
    """The verdict of a record: fail, else not determined, else pass.

    `undecided` says that an error rule which applies could not run or was deselected. Warnings count only when `strict`,
    infos never. A waived finding fails nothing, but what could not be determined stays so.
    """
    heavy = [f for f in findings if f.severity in weighty(strict)]
    verdicts = {f.verdict for f in heavy}
    # A waiver takes a finding on; it does not make a check that nobody could make.
    undecided = undecided or any(f.was is Verdict.NOT_DETERMINED for f in heavy if f.verdict is Verdict.WAIVED)
    if Verdict.FAIL in verdicts:
        return Verdict.FAIL
    if undecided or Verdict.NOT_DETERMINED in verdicts:
        return Verdict.NOT_DETERMINED
    return Verdict.PASS


def exit_status(verdicts: Iterable[Verdict], *, unreadable: bool = False) -> int:
    """0 all passed, 1 something failed, 3 nothing failed but something is not determined; 2 if unreadable."""
    if unreadable:
        return 2
    seen = set(verdicts)
    if Verdict.FAIL in seen:
        return 1
    return 3 if Verdict.NOT_DETERMINED in seen else 0
