"""A few hundred examples of each campaign of tests/campaigns, and what its command prints."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from campaigns import malformed_records
from hypothesis import given
from hypothesis import strategies as st

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
