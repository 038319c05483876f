"""A few hundred examples of each campaign of tests/campaigns, and what its command prints."""

import ast
import random
import subprocess
import sys
from pathlib import Path

import pytest
from campaigns import malformed_records
from campaigns.mutants import EXPLAINED, ROOT, Module, _in_a_fork, faults_in
from campaigns.mutations import mutations
from hypothesis import given
from hypothesis import strategies as st

from formcheck.planning.phrases import phrases_of

CAMPAIGNS = Path(__file__).with_name("campaigns")


@given(st.integers(0, 2**32))
def test_a_malformed_record_never_raises_and_never_passes_without_what_it_needs(seed: int) -> None:
    """Records blanked, garbled, moved and edited: no exception; a needed field that says nothing is never a pass."""
    assert malformed_records.one(random.Random(seed)) is None


@pytest.mark.parametrize("name", ["hostile_tables", "malformed_records"])
def test_the_command_says_the_same_for_the_same_seed(name: str) -> None:
    """Each campaign is a command with --number and --seed; its counts are those of the seed, and nothing fails."""
    command = [sys.executable, str(CAMPAIGNS / f"{name}.py"), "--number", "60", "--seed", "7"]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert first.splitlines()[1:] == second.splitlines()[1:] and "failures: 0" in first


def test_every_explained_fault_can_still_be_made() -> None:
    """docs/mutants.md names no fault of code that is gone: each is one that the campaign makes."""
    named = faults_in(EXPLAINED)
    made = {
        (f"{module}:{fault.function}", fault.before, fault.after)
        for module in {function.partition(":")[0] for function, _, _ in named}
        for fault in mutations(ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")))
    }

    assert named and named - made == set()


def test_the_faults_of_a_function() -> None:
    """Limits, sums, numbers and conditions are touched; docstrings, types and the words of messages are not."""
    text = '''
def allowed(dose: "int", most=10) -> "bool":
    """A docstring."""
    if dose <= most and dose + 1:
        raise ValueError("too much")
    return f"{dose} mg"
'''
    found = [(fault.function, fault.before, fault.after) for fault in mutations(ast.parse(text))]

    assert found == [
        ("allowed", "10", "11"),
        ("allowed", "dose <= most and dose + 1", "dose + 1"),
        ("allowed", "dose <= most and dose + 1", "dose <= most"),
        ("allowed", "dose <= most and dose + 1", "dose <= most and dose + 1 or True"),
        ("allowed", "dose <= most and dose + 1", "(dose <= most and dose + 1) and False"),
        ("allowed", "dose <= most and dose + 1", "dose < most and dose + 1"),
        ("allowed", "dose <= most and dose + 1", "dose <= most and dose - 1"),
        ("allowed", "dose + 1", "dose + 2"),
        ("allowed", "raise ValueError('too much')", "pass"),
    ]


@pytest.mark.parametrize(
    "text, before, after, kinds",
    [
        ("then,", "('comma', '[,/]')", "('comma', 'XX[,/]')", ["then"]),
        ("at bed time", "'bed time'", "'XXbed time'", ["plain", "unknown"]),
    ],
)
def test_a_fault_of_a_table_reaches_modules_that_import_it(text: str, before: str, after: str, kinds: list[str]) -> None:
    """The words of directions stand in one module, and the pattern that is made of them in another."""
    module = Module(ROOT / "formcheck" / "planning" / "vocabulary.py")
    fault = next(one for one in mutations(module.tree) if (one.before, one.after) == (before, after))

    def read() -> str:
        module.change(fault)
        return " ".join(phrase.kind.value for phrase in phrases_of(text))

    assert _in_a_fork(read, seconds=20) == " ".join(kinds) != " ".join(phrase.kind.value for phrase in phrases_of(text))
