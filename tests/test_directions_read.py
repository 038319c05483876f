"""What directions are read as, figure by figure.

A line of directions.txt is a label (| ends a line of it), and what is taken at once and how often; whether directions are
given, understood and accounted for; units, drops, mL and mg; and in brackets the first words that are not plain.
"""

from pathlib import Path

import pytest

from formcheck.planning.directions import MOST_CHARACTERS, Directions, read_directions

LINES = Path(__file__).with_name("directions.txt").read_text(encoding="utf-8").splitlines()


def shown(found: Directions) -> str:
    """Directions as a line of the table has them."""
    says = {"given": found.given, "understood": found.understood, "accounted": found.accounted, "units": found.units}
    figures = {"drops": found.drops, "mL": found.millilitres, "mg": found.milligrams}
    parts = [f"{found.at_once} x {found.per_day}", *(word for word, is_so in says.items() if is_so)]
    parts += [f"{number} {unit}" for unit, number in figures.items() if number]
    return ", ".join([*parts, *([f"({found.unclear})"] if found.unclear else [])])


@pytest.mark.parametrize("line", LINES)
def test_directions_are_read(line: str) -> None:
    """Never as less than they say."""
    label, _, says = line.rpartition(" -> ")
    assert shown(read_directions(label.replace("|", "\n"))) == says


def test_no_label_is_longer_than_labels_are() -> None:
    """What is longer is not read; nothing at all gives no directions."""
    words = "Take 1 capsule daily."
    assert read_directions(words + " " * (MOST_CHARACTERS - len(words))).understood
    longer = read_directions(words + " " * (MOST_CHARACTERS - len(words) + 1))
    assert (longer.given, longer.understood, longer.accounted) == (True, False, False)
    assert (longer.unclear, MOST_CHARACTERS) == ("more than 4000 characters", 4000)
    assert read_directions(None) == read_directions("") == Directions(False)
