"""docs/bench.md: every figure of a finding that it names is printed by `check`, and comes out of the command beside it."""

import re
import shlex
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from doors.running import run

from formcheck.check import Selection, judge_record
from formcheck.reading.papers import read_file
from formcheck.reading.specifications import load_library

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "bench.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (FC\d+) \[`([^`]+)`\]\(\.\./([^)]+)\) \| ([^|]+) \| `([^`]+)` \|$", PAGE, re.MULTILINE)
REPRODUCED = {
    "FC302", "FC303", "FC305", "FC308", "FC310", "FC313", "FC314", "FC315", "FC402", "FC403", "FC404", "FC407", "FC409",
    "FC410", "FC421", "FC501", "FC502", "FC504", "FC601", "FC602", "FC604", "FC606",
}  # fmt: skip


def test_every_row_is_tried() -> None:
    """No row of the table escapes the pattern, and each rule with a figure to be reckoned has one."""
    assert len(ROWS) == len(re.findall(r"^\| FC\d", PAGE, re.MULTILINE))
    assert {code for code, *_ in ROWS} == REPRODUCED


@pytest.mark.parametrize(("code", "name", "file", "figure", "command"), ROWS, ids=[f"{r[0]} {r[3]}" for r in ROWS])
def test_a_figure_of_check_comes_out_of_one_command(code: str, name: str, file: str, figure: str, command: str) -> None:
    """The finding prints the figure; the command prints it too, rounded half up to the decimals of the finding."""
    path = ROOT / file
    judged = judge_record(read_file(str(path)), load_library(str(ROOT / "specs")), Selection())
    said = [f"{finding.message} {finding.found} {finding.limit}" for finding in judged.findings if finding.code == code]
    program, *arguments = shlex.split(command)
    ran = run(*arguments)

    assert path.stem == name and any(figure in each for each in said), said
    assert program == "formcheck" and ran.code in (0, 1, 3), ran.err
    assert _printed(figure, ran.out), ran.out


def _printed(figure: str, text: str) -> bool:
    number = figure.partition(" ")[0]
    if not re.fullmatch(r"[0-9.]+", number):
        return figure in text
    last = Decimal(1).scaleb(Decimal(number).as_tuple().exponent)
    found = (Decimal(each) for each in re.findall(r"(?<![0-9.-])[0-9]+(?:\.[0-9]+)?(?![0-9-])", text))
    return any(each.quantize(last, ROUND_HALF_UP) == Decimal(number) for each in found)


@pytest.mark.parametrize("name", re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\| (`[^|]+) \|", PAGE, re.MULTILINE))))
def test_every_calculator_named_is_there(name: str) -> None:
    """The table of calculators names commands that exist."""
    assert run("calc", name, "--help").code == 0


def test_every_calculator_is_named() -> None:
    """And none is left out."""
    listed = re.findall(r"^  ([a-z-]+)  ", run("calc", "--help").out.partition("Commands:")[2], re.MULTILINE)
    assert listed and all(f"`{name}`" in PAGE for name in listed)
