"""FC0: what cannot be read or is not a legal quantity. Such a file is never judged further."""

from typing import NamedTuple

import attrs

from formcheck.findings import Authority, Finding, Location, Severity, Verdict

__all__ = ["READING", "ReadingCode", "Trouble", "problem"]


class Trouble(NamedTuple):
    """Something that is wrong with a file itself; line and column count from 1, `cell` is a place in a workbook."""

    code: str
    message: str
    line: int
    column: int
    cell: str | None = None


@attrs.frozen
class ReadingCode:
    """One way in which a file cannot be taken for a paper: its title, what it means, what to do."""

    code: str
    title: str
    why: str
    help: str


READING = {
    entry.code: entry
    for entry in (
        ReadingCode(
            "FC001",
            "File cannot be read",
            "The file is missing, empty, too large, damaged, protected by a password, not UTF-8 text, or may not be "
            "opened. Nothing in it was judged.",
            "Check the path and the file; save it as UTF-8 text, or a table as .xlsx without a password.",
        ),
        ReadingCode(
            "FC002",
            "Not YAML, JSON or a table",
            "The text breaks the rules of YAML, JSON or CSV at the place named, so nobody can say what it means.",
            "Correct the line named; often a colon, a bracket or a quotation mark is missing, or a tab is used.",
        ),
        ReadingCode(
            "FC003",
            "Ambiguous or dangerous structure",
            "Two equal keys, anchors, aliases, merge keys, tags, several documents, great depth; in a table equal "
            "headings, merged cells, hidden data: with these a reader sees one value and a program another.",
            "Write every value out once, in one plain document or table, where everybody sees it.",
        ),
        ReadingCode(
            "FC004",
            "Unknown key",
            "The paper has no such key. A misspelt key would otherwise be ignored, and its check with it.",
            "Correct the spelling, or remove the key.",
        ),
        ReadingCode(
            "FC005",
            "Wrong shape",
            "A list stands where one value belongs, a text where a list belongs, or the paper does not say its kind.",
            "Write the value in the shape the message names.",
        ),
        ReadingCode(
            "FC006",
            "Not a legal quantity",
            "A quantity is a plain number and a unit of the closed table. formcheck never guesses a number or a unit.",
            "Write the value as the message says.",
        ),
        ReadingCode(
            "FC007",
            "Quantity of the wrong kind",
            "A mass stands where a volume belongs, or the like: mg typed for mL is the commonest oral-liquid overdose.",
            "Write the quantity that the field asks for.",
        ),
        ReadingCode(
            "FC008",
            "Not a date",
            "Dates are written YYYY-MM-DD (expiries also MM/YYYY), so that no reader takes the day for the month.",
            "Write the date as the message says.",
        ),
        ReadingCode(
            "FC009",
            "Not one of the choices",
            "The value is not among those the field allows.",
            "Write one of the values the message lists.",
        ),
        ReadingCode(
            "FC010",
            "Two specifications with one name",
            "Two files claim the same formulation and version: nobody can say which one a record was made by.",
            "Give one of them another version, or remove it.",
        ),
    )
}


def problem(code: str, message: str, location: Location, field: str | None = None, found: str | None = None) -> Finding:
    """A finding that the file could not be read as a paper."""
    return Finding(
        code=code,
        title=READING[code].title,
        verdict=Verdict.NOT_DETERMINED,
        severity=Severity.ERROR,
        authority=Authority.FORMCHECK,
        message=message,
        help=READING[code].help,
        location=location,
        field=field,
        found=found,
        source="formcheck, strict reading",
    )
