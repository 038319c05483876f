"""Lines beside directions: what is known as something else, and what may say what is taken.

A line of label_lines.txt is a sentence of a label, and whether it is known at once, says nothing of taking, or maybe does.
"""

from pathlib import Path

import pytest

from formcheck.planning.label_lines import is_known_at_once, says_nothing_of_taking
from formcheck.planning.phrases import phrases_of

LINES = Path(__file__).with_name("label_lines.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_a_label(line: str) -> None:
    """What holds an amount, or more than once a day, is never passed over."""
    sentence, _, says = line.partition(" -> ")
    if is_known_at_once(sentence):
        assert says == "at once"
        return
    assert ("nothing of taking" if says_nothing_of_taking(sentence, phrases_of(sentence)) else "maybe") == says
