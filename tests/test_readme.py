"""The README cannot lie: its rule table, its outputs and its commands are those of the program."""

import importlib.util
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from formcheck.cli import main
from formcheck.manual import rules_as_markdown

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BEGIN, END = "<!-- rules: kept by tests/test_readme.py -->\n", "\n<!-- end of rules -->"


def test_rule_table() -> None:
    """The table of rules in the README is the catalogue's."""
    inside = README.partition(BEGIN)[2].partition(END)[0]

    assert rules_as_markdown() == inside


def test_pages_of_the_rules_are_fresh() -> None:
    """docs/rules has one page a rule and an index, each as the program would write it now."""
    spec = importlib.util.spec_from_file_location("make_rule_pages", ROOT / "docs" / "make_rule_pages.py")
    assert spec is not None and spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    wanted = maker.pages()
    there = {page.name: page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "rules").glob("*.md")}

    stale = sorted(name for name in wanted if there.get(name) != wanted[name])
    assert stale == [], "python docs/make_rule_pages.py writes them anew"
    assert sorted(there) == sorted(wanted)


SHOWN = re.findall(r"```console\n\$ formcheck (.*?)\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[command.split()[-1].rpartition("/")[2] for command, _ in SHOWN])
def test_what_is_shown_is_what_the_program_prints(command: str, shown: str, monkeypatch) -> None:
    """Every command of the README prints what stands below it; of a conversion the beginning, its findings come after."""
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, shlex.split(command))

    assert result.output.startswith(shown) if command.startswith("convert") else result.output == shown
    assert result.exit_code == (1 if "bad-" in command else 0)


def test_a_newcomer_sees_a_pass_a_fail_and_a_conversion() -> None:
    """The first screen is short: one good record, one bad one, and a dose in drops."""
    assert [command.split()[0] for command, _ in SHOWN] == ["check", "check", "convert"]
    assert [shown.split()[0] for _, shown in SHOWN[:2]] == ["PASS", "FAIL"]
    assert all(len(shown.splitlines()) < 35 for _, shown in SHOWN)


def test_ci_runs_the_readme_command() -> None:
    """What CI runs is the one line the README gives to a new hand."""
    line = next(line for line in README.splitlines() if line.startswith("pip install -e"))

    assert line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_links_lead_somewhere() -> None:
    """Every relative link in the README and in docs/ names a file that exists."""
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
