"""The report of a self-test as text (a hundred columns, what does not agree first) and as data."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from formcheck.formats.words import WIDTH, paint, printable, wrapped
from formcheck.selftest.cases import Case
from formcheck.selftest.comparing import plain, words
from formcheck.selftest.running import SelfTest

__all__ = [
    "AGREES", "DIFFERS", "NOTE", "SIGNATURES", "as_data", "as_text", "differences", "header", "listed_codes",
    "published_answer",
]  # fmt: skip

AGREES, DIFFERS = "agrees", "DOES NOT AGREE"
_RULE = "-" * WIDTH
_WIDTHS = {"key": 28, "expected": 24, "found": 24, "agrees": 14}
SIGNATURES = ("Run by", "Reviewed by", "Date")
NOTE = (
    "What is expected was reckoned anew from what the source gives; its own answer may be rounded, or wrong. convert: what "
    "formcheck convert says of a dose of another drug above 10 mg. as_a_quantity: what it says of a quantity in [drp]."
)
_PUBLISHED = {
    "agrees": "the same",
    "agrees_after_rounding": "the same, rounded",
    "no_published_answer": "none is printed",
    "published_conflicts_with_standard": "conflicts with the standard",
    "published_inconsistent": "contradicts itself",
    "published_rounded": "rounded too early",
    "published_wrong": "wrong",
    "source_unreliable": "not to be relied on",
}


def published_answer(case: Case) -> str:
    """What the answer printed in the source is worth."""
    return _PUBLISHED.get(case.verdict, case.verdict.replace("_", " ") or "not compared")


def header(test: SelfTest) -> dict[str, str]:
    """What the report is about, as rows of a name and a text."""
    machine = test.machine
    return {
        "formcheck": machine.formcheck,
        "Program": f"{machine.folder} (SHA-256 of all its files {machine.program_sha256})",
        "Python": machine.python,
        "Libraries": ", ".join(f"{name} {version}" for name, version in machine.libraries.items()),
        "Computer": f"{machine.computer}, {machine.platform}",
        "Run at": f"{machine.at.replace('T', ' ').removesuffix('Z')} UTC",
        "Cases": f"{test.case_file} (SHA-256 {test.case_file_sha256})",
    }


def listed_codes(codes: Sequence[str]) -> str:
    """The findings of a record in words."""
    return ", ".join(code.replace("_", " ") for code in codes) or "no findings"


def differences(test: SelfTest) -> Iterator[tuple[str, str]]:
    """What does not agree: which, and what was expected and found."""
    for outcome in test.cases:
        for each in outcome.compared:
            if not each.agrees:
                said = f"{each.key}: expected {words(each.expected)}, found {words(each.found)}"
                yield f"Case {outcome.case.id}", f"{said} (tolerance {words(outcome.case.tolerance)})"
    for row in test.rows:
        if not row.agrees:
            said = f"expected {listed_codes(row.expected)}, found {listed_codes(row.found)}"
            yield f"{row.folder}/{row.file}", ". ".join((said, *row.why[:5]))
    for attempt in test.ceiling:
        if not attempt.agrees:
            yield "Ceiling", f"{attempt.what}: expected {attempt.expected}, found {attempt.found}"


def as_text(test: SelfTest, *, colour: bool = False, quiet: bool = False) -> str:
    """The report as text; quiet: the conclusion and what does not agree."""
    word, style = ("AGREES", "PASS") if test.agrees else (DIFFERS, "FAIL")
    lines = [wrapped(f"{word}  {test.conclusion}", "  ").replace(word, paint(word, style, colour), 1)]
    wrong = list(differences(test))
    if wrong:
        lines += ["", paint(f"{len(wrong)} {'DIFFERENCE' if len(wrong) == 1 else 'DIFFERENCES'}", "FAIL", colour)]
        lines += [line for where, said in wrong for line in (f"  ! {printable(where)}", wrapped(said, " " * 6))]
    if quiet:
        return "\n".join(lines)
    for part in (_head(test), _cases(test, colour), _records(test, colour), _ceiling(test, colour), _foot(test)):
        lines += ["", *part]
    return "\n".join(lines)


def _head(test: SelfTest) -> Iterator[str]:
    yield "formcheck selftest"
    yield _RULE
    for name, text in header(test).items():
        yield _hung(text, f"{name:<13}")
    for folder in test.examples:
        yield ""
        yield _hung(folder.folder, f"{folder.title}: ", 2)
        for each in folder.specifications:
            name = f"{each.id} version {each.version}" + ("" if each.approved else ", an example, approved by nobody yet")
            yield wrapped(f"{each.path}: {name}", "    ", "  ")
            yield f"    SHA-256 {each.sha256}"
        if not folder.has_records:
            yield "  No example records stand beside these specifications: nothing was tried of them."


def _hung(text: str, first: str, indent: int = 13) -> str:
    """A text behind its name, long paths and digests broken where the page ends."""
    shown = printable(text)
    return textwrap.fill(shown, WIDTH, initial_indent=printable(first), subsequent_indent=" " * indent)


def _title(number: int, title: str, tally: tuple[int, int]) -> Iterator[str]:
    yield f"Table {number}. {title}: {tally[1]} of {tally[0]} agree"
    yield _RULE


def _row(cells: Sequence[str], widths: Sequence[int], indent: int = 2) -> Iterator[str]:
    """The cells of one row, each wrapped into its column."""
    columns = [textwrap.wrap(printable(cell), width) or [""] for cell, width in zip(cells, widths, strict=True)]
    for place in range(max(map(len, columns))):
        parts = [column[place] if place < len(column) else "" for column in columns]
        yield (" " * indent + "  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True))).rstrip()


def _agreement(agrees: bool) -> str:
    return AGREES if agrees else DIFFERS


def _painted(lines: Iterator[str], agrees: bool, colour: bool) -> Iterator[str]:
    """The rows of what does not agree are painted where colour is wanted; the words say it too."""
    for line in lines:
        yield line if agrees else paint(line, "FAIL", colour)


def _cases(test: SelfTest, colour: bool) -> Iterator[str]:
    yield from _title(1, "Published cases", test.tallies["cases"])
    widths = list(_WIDTHS.values())
    yield from _row(["", "expected", "found", ""], widths)
    for outcome in test.cases:
        case = outcome.case
        yield wrapped(f"{case.title}", " " * 8, f"{case.id:<8}")
        tolerance = f"tolerance {words(case.tolerance)}; the source's own answer: {published_answer(case)}"
        yield wrapped(f"{case.source} ({case.where}); {tolerance}", " " * 8)
        for each in outcome.compared:
            cells = [each.key, words(each.expected), words(each.found), _agreement(each.agrees)]
            yield from _painted(_row(cells, widths), each.agrees, colour)
    yield ""
    yield wrapped(NOTE, "  ")
    if test.not_asked:
        yield "  Not asked, since no function of formcheck answers them:"
        yield from (wrapped(f"{case.id}  {case.title}: {case.out_of_scope}", " " * 10, "  ") for case in test.not_asked)


def _records(test: SelfTest, colour: bool) -> Iterator[str]:
    yield from _title(2, "Specifications and their example records", test.tallies["records"])
    widths = (44, 18, 18, 12)
    yield from _row(["", "expected", "found", ""], widths)
    for folder in test.examples:
        yield folder.title
        last = None
        for row in folder.rows:
            if row.folder != last:
                last = row.folder
                yield wrapped(row.folder, "    ", "  ")
            cells = (
                row.file,
                listed_codes(row.expected),
                listed_codes(row.found),
                "as expected" if row.agrees else DIFFERS,
            )
            yield from _painted(_row(cells, widths), row.agrees, colour)


def _ceiling(test: SelfTest, colour: bool) -> Iterator[str]:
    yield from _title(3, "Attempts to get more than 10 mg a day", test.tallies["ceiling"])
    widths = (46, 16, 16, 14)
    yield from _row(["", "expected", "found", ""], widths)
    for attempt in test.ceiling:
        cells = (attempt.what, attempt.expected, attempt.found, _agreement(attempt.agrees))
        yield from _painted(_row(cells, widths), attempt.agrees, colour)


def _foot(test: SelfTest) -> Iterator[str]:
    yield _RULE
    yield wrapped(test.conclusion, "")
    yield ""
    yield "   ".join(f"{name} {'_' * 22}" for name in SIGNATURES)


def as_data(test: SelfTest) -> dict[str, Any]:
    """The report with the keys of the contract; values as numbers, texts and lists."""
    return {
        "agrees": test.agrees,
        "conclusion": test.conclusion,
        "counts": {name: {"tried": tally.tried, "agree": tally.agree} for name, tally in test.tallies.items()},
        "run": attrs.asdict(test.machine),
        "case_file": {"path": test.case_file, "sha256": test.case_file_sha256},
        "specifications": [
            {"folder": folder.folder, **attrs.asdict(each)} for folder in test.examples for each in folder.specifications
        ],
        "cases": [
            {
                "id": outcome.case.id,
                "what": outcome.case.title,
                "source": outcome.case.source,
                "where": outcome.case.where,
                "tolerance": plain(outcome.case.tolerance),
                "published": outcome.case.verdict,
                "agrees": outcome.agrees,
                "answers": [
                    {"key": x.key, "expected": plain(x.expected), "found": plain(x.found), "agrees": x.agrees}
                    for x in outcome.compared
                ],
            }
            for outcome in test.cases
        ],
        "not_asked": [{"id": case.id, "what": case.title, "why": case.out_of_scope} for case in test.not_asked],
        "records": [{"in": folder.folder, **attrs.asdict(row)} for folder in test.examples for row in folder.rows],
        "ceiling": [{**attrs.asdict(attempt), "agrees": attempt.agrees} for attempt in test.ceiling],
    }
