"""YAML that cannot be read: what a pharmacist typed, and what to write."""

import pytest

from formcheck.reading.yaml import read_document


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a: {lot: #4423, b: c}\nd: e\n", (1, 10)),
        ("a: {lot: x, vendor: Flat #2}\nd: e\n", (1, 26)),
        ("a: [one,\n  two #2, three]\nb: c\n", (2, 7)),
        ("components:\n  - {name: cap, lot: NX #2, vendor: Y}\n  - b\n", (2, 25)),
    ],
)
def test_a_number_sign_that_hides_the_end_of_a_group(text: str, at: tuple[int, int]) -> None:
    """A # after a space begins a remark: its place is named, and that the text belongs in quotes."""
    (trouble,) = read_document(text).troubles

    assert trouble.code == "FC002" and (trouble.line, trouble.column) == at
    assert "put a text that holds a # in quotes" in trouble.message


@pytest.mark.parametrize(
    "text", ["a: {b: c}  # {a remark}\nd: e\n", "a: {b: c, # remark}\n  d: e}\n", 'a: {b: "Flat #2}"}\n']
)
def test_remarks_and_quoted_number_signs_are_read(text: str) -> None:
    """A remark after a group or inside it, and a # in quotes, are no trouble."""
    assert read_document(text).troubles == []


def test_a_bracket_that_is_missing_for_another_reason_keeps_its_hint() -> None:
    """A quoted # has nothing to do with a bracket that was forgotten."""
    (trouble,) = read_document('a: {b: "Flat #2}", c: d\ne: f\n').troubles

    assert "a bracket, comma or quotation mark is missing" in trouble.message
