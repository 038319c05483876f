"""What stands on a paper, whatever it is shown on: sections of fields, tables, steps and words.

A worksheet, a calendar and a report are made of these, and each of the three ways to show them (text, page, PDF) shows all
of it. An empty text is a blank to write in.
"""

import base64
from collections.abc import Sequence
from typing import NamedTuple

from formcheck.findings import Finding

__all__ = ["Chart", "Document", "Fields", "Said", "Section", "Steps", "Table", "Words"]


class Fields(NamedTuple):
    """Names with what they are, one below the other: ("Beyond-use date", "2026-07-31")."""

    rows: Sequence[tuple[str, str]]
    kind: str = "fields"


class Table(NamedTuple):
    """Columns with headings; a column of blanks is one to write in."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    kind: str = "table"


class Steps(NamedTuple):
    """Things to do one after the other, each with a place for initials."""

    items: Sequence[str]
    kind: str = "steps"


class Words(NamedTuple):
    """Paragraphs; `strong` ones must not be missed."""

    lines: Sequence[str]
    strong: bool = False
    kind: str = "words"


class Said(NamedTuple):
    """Findings, as they were said."""

    findings: Sequence[Finding]
    kind: str = "said"


class Chart(NamedTuple):
    """A chart as SVG, what it shows in words, and the same figures as a table beside it."""

    svg: str
    alt: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    kind: str = "chart"

    @property
    def encoded(self) -> str:
        """The SVG as it is put into a page, which loads nothing from anywhere."""
        return base64.b64encode(self.svg.encode()).decode()


Block = Fields | Table | Steps | Words | Said | Chart


class Section(NamedTuple):
    """A part of a paper under its heading."""

    title: str
    blocks: Sequence[Block]


class Document(NamedTuple):
    """A whole paper. `verdict` and `outcome` (PASS, FAIL, NOT DETERMINED) stand first where there is one.

    `date` is the day of what it is about (YYYY-MM-DD), never that of printing: the same paper gives the same bytes.
    `size` is that of the letters of a PDF [pt].
    """

    title: str
    sections: Sequence[Section]
    facts: Sequence[tuple[str, str]] = ()
    verdict: str = ""
    outcome: str = ""
    foot: str = ""
    signatures: Sequence[str] = ()
    date: str = ""
    size: int = 9
