"""Run a command as a user would, and look at what came of it."""

import json
from pathlib import Path
from typing import Any

import attrs
from click.testing import CliRunner
from published.records import GOOD, RECORDS, SPECS

from formcheck.cli import main

FIRST = ["schema", "version"]
FINDING = [
    "code", "title", "verdict", "severity", "authority", "message", "help", "path", "line", "column", "field",
    "found", "limit", "source", "waiver",
]  # fmt: skip
WEIGHED = ("--run", "20 drops, 0.82 g", "--density", "1.06 g/mL")
THREE = ("--run", "20 drops, 0.818 g", "--run", "20 drops, 0.822 g", "--run", "20 drops, 0.820 g", "--density", "1.06 g/mL")


@attrs.frozen
class Ran:
    """What a command gave: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """The JSON that was printed: one object, without NaN or Infinity."""
        data = json.loads(self.out, parse_constant=lambda name: pytest_fail(name))
        assert type(data) is dict and list(data)[:2] == FIRST and data["schema"] == "formcheck/1"
        return data

    @property
    def codes(self) -> list[str]:
        return [finding["code"] for finding in self.data["findings"]]


def pytest_fail(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def run(*arguments: str, given: str | bytes | None = None) -> Ran:
    """Run formcheck; an exception never escapes, a traceback is never shown, the exit code is one of the contract."""
    result = CliRunner().invoke(main, list(arguments), input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    assert result.exit_code in (0, 1, 2, 3, 101)
    return Ran(result.exit_code, result.stdout, result.stderr)


def as_json(*arguments: str, given: str | bytes | None = None) -> Ran:
    """Run a command in JSON mode."""
    return run(*arguments, "--output-format", "json", given=given)


def convert(quantity: str, *more: str, concentration: str = "5mg/mL") -> Ran:
    """The answer of convert in JSON."""
    return as_json("convert", quantity, "--concentration", concentration, *more)


def check(*arguments: str, given: str | bytes | None = None) -> Ran:
    """The answer of check in JSON, judged by specs/ of the project."""
    return as_json("check", *arguments, "--specs", str(SPECS), given=given)


def example(name: str = GOOD) -> Path:
    """A record of specs/naltrexone-capsules."""
    return RECORDS / f"{name}.yaml"
