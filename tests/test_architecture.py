"""The house keeps its shape: floors and owners are import-linter's matter, the rest is here."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "formcheck").rglob("*.py"))
DRAWERS = {"utils", "util", "common", "helpers", "helper", "manager", "processor", "misc", "recipe", "base"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_a_room(module: Path) -> None:
    """A module has a docstring, a size that can be read, functions of one screen, and no drawer's name."""
    text = module.read_text(encoding="utf-8")
    tree = ast.parse(text)
    functions = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]

    assert ast.get_docstring(tree)
    assert len(text.splitlines()) <= 370
    assert module.stem not in DRAWERS
    assert [f.name for f in functions if f.end_lineno - f.lineno >= 50] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_public_things_say_what_they_are(module: Path) -> None:
    """Every public function and class at the top of a module has a docstring, papers' plain fields excepted."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    plain = module.parent.name == "papers"
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not (plain and isinstance(node, ast.ClassDef))
    ]

    assert silent == []


def test_no_evaluation_and_no_floats_from_text() -> None:
    """Nothing in formcheck evaluates text, unpickles, or turns text into a float."""
    forbidden = re.compile(r"(?<![\w.])(eval|exec|compile)\(|pickle|yaml\.(safe_)?load\(|to_base_units|enable_contexts")

    assert [m.name for m in MODULES if forbidden.search(m.read_text(encoding="utf-8"))] == []


def test_importing_the_door_loads_nothing_else() -> None:
    """`formcheck --help` needs click and no pint, attrs, YAML or papers."""
    code = "import sys, formcheck.cli; print([m for m in ('pint', 'attrs', 'yaml', 'cattrs') if m in sys.modules])"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_converting_does_not_load_the_papers() -> None:
    """A conversion at the counter waits for pint, and for no paper, YAML or cattrs."""
    code = (
        "import sys, formcheck.answering; "
        "print([m for m in sys.modules if m.startswith(('yaml', 'cattrs', 'formcheck.papers', 'formcheck.reading'))])"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_repository_speaks_of_the_product_alone() -> None:
    """No machine path stands in the repository's own text."""
    texts = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "pyproject.toml", *(ROOT / "docs").rglob("*.md"), *MODULES]

    assert [p.name for p in texts if re.search(r"/work/|/tmp/|/root/|/home/", p.read_text(encoding="utf-8"))] == []
