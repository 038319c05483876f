"""A calculation with its working: what a second person needs to go through it with a pencil. As data and as words."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from formcheck import __version__
from formcheck.formats.words import paint, printable, wrapped
from formcheck.units import as_number, format_exactly, format_number

__all__ = ["WARNING", "Step", "Worked", "as_data", "as_text", "figure", "percent", "to_decimals"]


class Step(NamedTuple):
    """One line of working: what is reckoned, the formula, the same with its numbers, the result, and where it is from.

    `rounding` says how the result is shown or rounded; empty where it is exact. A step without numbers says it in words.
    """

    what: str
    formula: str
    numbers: str
    result: str
    source: str = ""
    rounding: str = ""


class Worked(NamedTuple):
    """The answer of a calculator: its keys for JSON (exact numbers), its headline, its working, notes, and exit status.

    A note that begins with WARNING stands right below the headline, and is printed even where only the answer is.
    """

    answer: str
    data: dict[str, Any]
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()
    status: int = 0


WARNING = "Warning: "


def figure(value: Fraction, unit: str, most: int = 4) -> str:
    """A number with its unit, exact where it ends within so many decimals, else rounded half up there."""
    return f"{format_exactly(value, most)} {unit}".rstrip()


def percent(value: Fraction, most: int = 4) -> str:
    """A fraction as a percentage."""
    return figure(value * 100, "%", most)


def as_data(worked: Worked) -> dict[str, Any]:
    """The keys of the contract, then the working and the notes."""
    data = {key: _plain(value) for key, value in worked.data.items()}
    return {**data, "working": [step._asdict() for step in worked.steps], "notes": list(worked.notes)}


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return as_number(value)
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


_STYLES = {0: "PASS", 1: "FAIL", 3: "NOT DETERMINED"}


def as_text(worked: Worked, *, quiet: bool = False, colour: bool = False) -> str:
    """The working as it is pasted into a worksheet; quiet: the answer alone, with what warns of it."""
    warnings = [note for note in worked.notes if note.startswith(WARNING)]
    lines = [paint(printable(worked.answer), _STYLES[worked.status], colour)]
    if quiet:
        return "\n".join([*lines, *map(printable, warnings)])
    for warning in warnings:
        lines += ["", wrapped(warning, "  ")]
    for number, step in enumerate(worked.steps, start=1):
        lines += ["", *_step(number, step)]
    for note in worked.notes:
        if note not in warnings:
            lines += ["", wrapped(note, "  ")]
    lines += ["", f"  Reckoned by formcheck {__version__}.", ""]
    lines += [f"  Done by ____________________  Checked by ____________________  Date {'_' * 12}"]
    return "\n".join(lines)


def _step(number: int, step: Step) -> Iterator[str]:
    yield f"  {number}. {step.what}"
    yield wrapped(step.formula, " " * 9, first=" " * 5)
    for side in (step.numbers, step.result):
        if side:
            yield wrapped(f"= {side}", " " * 9, first=" " * 7)
    if step.rounding:
        yield wrapped(f"rounding: {step.rounding}", " " * 7)
    if step.source:
        yield wrapped(f"source: {step.source}", " " * 7)


def to_decimals(value: Fraction, decimals: int, unit: str = "") -> str:
    """A number with exactly so many decimals, rounded half up, and its unit."""
    return f"{format_number(value, decimals)} {unit}".rstrip()
