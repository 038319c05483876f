"""The README cannot lie: its rule table, its outputs and its commands are those of the program."""

import importlib.util
import re
import shlex
from pathlib import Path

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


def test_conversion_shown(monkeypatch) -> None:
    """The conversion the README shows is what the program prints, as far as it is shown."""
    command, _, shown = re.search(r"```console\n\$ formcheck (.*?)(\n)(.*?)```", README, re.DOTALL).groups()

    result = CliRunner().invoke(main, shlex.split(command))

    assert result.exit_code == 0
    assert result.output.startswith(shown)


def test_record_shown(monkeypatch) -> None:
    """The judged record the README shows is what the program prints of it."""
    monkeypatch.chdir(ROOT)
    shown = re.search(r"```text\n(.*?)```", README, re.DOTALL)[1]
    path = re.search(r"^ +(specs/\S+\.yaml)$", shown, re.MULTILINE)[1]

    result = CliRunner().invoke(main, ["check", path])

    assert result.exit_code == 1
    assert result.output.startswith(shown)


def test_ci_runs_the_readme_command() -> None:
    """What CI runs is the one line the README gives to a new hand."""
    line = next(line for line in README.splitlines() if line.startswith("pip install -e"))

    assert line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_links_lead_somewhere() -> None:
    """Every relative link in the README and in docs/ names a file that exists."""
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
