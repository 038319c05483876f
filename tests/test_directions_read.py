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


@pytest.mark.parametrize("character", ["\u0430", "\u200b", "\ue000", "\ufdd0", "\ud800", "\u0664", "\u16ee"])
def test_a_character_that_may_not_be_what_it_looks_like(character: str) -> None:
    """Of another script, invisible, private, unassigned, half of a pair, a foreign figure: the label is not read."""
    found = read_directions(f"Take 1 capsule {character} nightly")
    assert found == Directions(True, False, False, unclear=f"the character U+{ord(character):04X}")


@pytest.mark.parametrize("character", ["\u00b5", "\u03bc", "\u00aa", "\u00ba", "\u00e9", "\uff21", "\u2013", "\u2460"])
def test_a_character_that_labels_have(character: str) -> None:
    """The sign for micro, ordinals, accents, wide letters, dashes and figures in a ring are read as what they are."""
    assert not read_directions(f"Take 1 capsule {character} nightly").unclear.startswith("the character")
