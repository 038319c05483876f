"""A paper as text, for a terminal and for pasting; blanks are lines to write on."""

from collections.abc import Iterator, Sequence

from formcheck.answering import finding_as_text
from formcheck.documents.paper import Block, Chart, Document, Fields, Said, Steps, Table, Words
from formcheck.formats.words import paint, printable, wrapped

__all__ = ["as_text"]

WIDTH = 100
_BLANK = "_" * 14


def as_text(document: Document, *, colour: bool = False) -> str:
    """The whole paper; what must not be missed stands first."""
    lines = [printable(document.title)]
    lines += _fields(document.facts)
    if document.verdict:
        lines += ["", f"{paint(document.outcome, document.outcome, colour)}  {printable(document.verdict)}"]
    for section in document.sections:
        shown = [line for block in section.blocks for line in _block(block, colour)]
        if shown:
            lines += ["", printable(section.title).upper(), *shown]
    if document.signatures:
        lines += ["", *(f"  {name} {'_' * 24}   date {'_' * 12}" for name in document.signatures)]
    if document.foot:
        lines += ["", wrapped(document.foot, "  ")]
    return "\n".join(lines)


def _block(block: Block, colour: bool) -> Iterator[str]:
    if isinstance(block, Fields):
        yield from _fields(block.rows)
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Steps):
        for number, item in enumerate(block.items, start=1):
            yield wrapped(f"[    ] {number}. {item}", " " * 12, first="  ")
    elif isinstance(block, Words):
        yield from (wrapped(line, "  ") for line in block.lines)
    elif isinstance(block, Said):
        for place, finding in enumerate(block.findings):
            yield from ([""] if place else [])
            yield from finding_as_text(finding, colour)
    elif isinstance(block, Chart):
        yield wrapped(block.alt, "  ")
        yield from _table(Table(block.head, block.rows))


def _fields(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    wide = max((len(name) for name, _ in rows), default=0) + 3
    for name, value in rows:
        shown = value if value else _BLANK
        yield wrapped(shown, " " * (wide + 2), first=f"  {printable(name):<{wide}}")


def _table(table: Table) -> Iterator[str]:
    rows = [[printable(cell) if cell else _BLANK for cell in row] for row in table.rows]
    wide = [max(len(row[place]) for row in (table.head, *rows)) for place in range(len(table.head))]
    if table.caption:
        yield f"  {printable(table.caption)}"
    if sum(wide) + 2 * len(wide) <= WIDTH:
        for row in ([printable(cell) for cell in table.head], *rows):
            yield ("  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, wide, strict=True))).rstrip()
        return
    for row in rows:
        yield f"  {row[0]}"
        yield from (f"  {line}" for line in _fields(list(zip(table.head[1:], row[1:], strict=True))))
