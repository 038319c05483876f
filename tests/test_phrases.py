"""Each phrase of directions as it is taken apart: its kind, its figure, the unit or span it counts, and what it holds.

A line of the table is a text and its phrases: the kind, the text where it is a part of the whole, the number where it is
not 1, the unit, the last day, the milligrams, and a question mark where it is not plain.
"""

from pathlib import Path

import pytest

from formcheck.planning.phrases import Kind, Phrase, phrases_of

LINES = Path(__file__).with_name("phrases.txt").read_text(encoding="utf-8").splitlines()


def shown(phrase: Phrase, whole: str) -> str:
    """A phrase as a line of the table has it."""
    parts = [phrase.kind.value, "" if phrase.text == whole else f"<{phrase.text}>"]
    parts += ["" if phrase.number == 1 else str(phrase.number), phrase.of, f"to {phrase.last}" if phrase.last else ""]
    parts += [f"of {phrase.mass} mg" if phrase.mass else "", "" if phrase.plain else "?"]
    return " ".join(part for part in parts if part)


@pytest.mark.parametrize("line", LINES)
def test_a_text_is_taken_apart(line: str) -> None:
    """Nothing is passed over, and nothing is read as another amount, time or span."""
    text, _, phrases = line.partition(" -> ")
    assert "; ".join(shown(phrase, text) for phrase in phrases_of(text)) == phrases


def test_every_kind_has_a_line() -> None:
    """The table knows them all."""
    kinds = {phrase.split()[0] for line in LINES for phrase in line.partition(" -> ")[2].split("; ")}
    assert kinds == {kind.value for kind in Kind}
