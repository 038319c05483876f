"""What was found of files: the verdict of each, and of all. Data for the formats to show."""

from typing import NamedTuple

import attrs

from formcheck.findings import Counts, Finding, Verdict, counted, exit_status

__all__ = ["PASS_SENTENCE", "Judged", "Link", "NotDue", "NotRun", "Report", "TableRow"]

PASS_SENTENCE = "Every check this formulation requires was made and none failed. Release is the pharmacist's decision."
NOT_APPROVED = "example, not approved by your pharmacist"


@attrs.frozen
class NotRun:
    """A rule that applies and was not run, or a test no rule judges; and why."""

    code: str | None
    title: str
    reason: str


@attrs.frozen
class NotDue:
    """A test of the formulation that this record need not have; dates as text."""

    test: str
    last: str | None
    next: str | None


class TableRow(NamedTuple):
    """The row of a table that a record stands in: its number there, the sheet of a workbook, headings and cells as text."""

    number: int
    sheet: str | None
    headings: tuple[str, ...]
    cells: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Link:
    """One correction of a chain: which record it corrects, what, why, by whom and when; and what that record was."""

    id: str | None
    what: str | None = None
    why: str | None = None
    by: str | None = None
    on: str | None = None
    path: str | None = None
    verdict: Verdict | None = None
    row: TableRow | None = None


@attrs.frozen(kw_only=True)
class Judged:
    """What was found of one file; `is_test` marks a file that `lint` read, an example or a specification.

    `expected` is what an example record says it should have, `came` what it was found to have ("FC402 fail").

    `amends` is what the record says it corrects, `chain` what became of that; `same_id` says where other records have the
    id of this one. `about_formulation` are the codes that
    `lint` has against the formulation itself; `lots` are the components with their lots, by which a batch is known again.
    """

    path: str
    verdict: Verdict
    id: str | None = None
    name: str | None = None
    formulation_id: str | None = None
    formulation_version: int | None = None
    formulation_sha256: str | None = None
    approved: bool = True
    summary: str = ""
    findings: tuple[Finding, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    not_due: tuple[NotDue, ...] = ()
    expected: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    amends: Link | None = None
    chain: tuple[Link, ...] = ()
    same_id: tuple[str, ...] = ()
    about_formulation: tuple[str, ...] = ()
    profile: str = ""
    content_sha256: str | None = None
    lots: tuple[tuple[str, str], ...] = ()
    unreadable: bool = False
    is_test: bool = False
    is_example: bool = False
    row: TableRow | None = None

    @property
    def where(self) -> str:
        """The file, and the row in it where it holds one record a row: no two records have the same."""
        if self.row is None:
            return self.path
        return f"{self.path}#{f'{self.row.sheet}!' if self.row.sheet else ''}row={self.row.number}"

    @property
    def word(self) -> str:
        """The verdict as it is announced: an example record that came out as it expects has passed nothing else."""
        if self.unreadable:
            return "NOT READ"
        if self.is_example:
            return "AS EXPECTED" if self.verdict is Verdict.PASS else "NOT AS EXPECTED"
        if self.is_test:
            return "IN ORDER" if self.verdict is Verdict.PASS else "NOT IN ORDER"
        return self.verdict.upper().replace("_", " ")

    @property
    def counts(self) -> Counts:
        return counted(self.findings)


@attrs.frozen
class Report:
    """What was found of all files."""

    records: tuple[Judged, ...]
    strict: bool = False

    @property
    def size(self) -> str:
        """How many files were judged, in words: specifications apart from their records."""
        specifications = sum(judged.is_test and not judged.is_example for judged in self.records)
        numbers = ((specifications, "specification"), (len(self.records) - specifications, "record"))
        words = [f"{number} {word}{'' if number == 1 else 's'}" for number, word in numbers if number or word == "record"]
        return ", ".join(words)

    @property
    def corrected(self) -> int:
        """How many records that were read stand with their correction, and not by themselves."""
        return sum(link.verdict is not None for judged in self.records for link in judged.chain)

    @property
    def counts(self) -> Counts:
        total = Counts()
        for judged in self.records:
            total = total.plus(judged.counts)
        return total

    @property
    def verdict(self) -> Verdict:
        """The worst of the records' verdicts; no record at all is not determined."""
        verdicts = {judged.verdict for judged in self.records}
        if Verdict.FAIL in verdicts:
            return Verdict.FAIL
        return Verdict.PASS if verdicts == {Verdict.PASS} else Verdict.NOT_DETERMINED

    def exit_status(self, *, exit_zero: bool = False) -> int:
        """The exit status of the command; `exit_zero` forgives 1 and 3, but never a dose above the ceiling."""
        verdicts = [judged.verdict for judged in self.records] or [Verdict.NOT_DETERMINED]
        status = exit_status(verdicts, unreadable=any(judged.unreadable for judged in self.records))
        above = any(f.code == "FC101" and f.verdict is Verdict.FAIL for j in self.records for f in j.findings)
        return 0 if exit_zero and status in (1, 3) and not above else status
