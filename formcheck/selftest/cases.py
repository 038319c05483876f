"""The published cases: worked examples from sources that can be looked up, with the answers formcheck should give.

They are the cases of the tests (`tests/published`), installed beside the program. Numbers are kept as the text that
stands in the file; `given` goes into the functions, `expected` is compared with what comes out.
"""

import hashlib
import re
from collections.abc import Mapping
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

import attrs

from formcheck.errors import Unreadable
from formcheck.reading.papers import decoded
from formcheck.reading.yaml import read_document

__all__ = ["DEFAULT_TOLERANCE", "OUT_OF_SCOPE", "Case", "case_file", "load_cases", "number", "sha256_of"]

DEFAULT_TOLERANCE = "0.000001"
OUT_OF_SCOPE = {
    "FRM-02": "a cream: formcheck knows capsules, oral liquids and drops, and no mg/g",
    "UCM-02": "teaspoons: formcheck reads none, of no size",
    "UCM-06": "units of speed and mass that formcheck has no use for",
}
"""Cases that no function of formcheck answers, and why."""

_NUMBER = re.compile(r"(-?)([0-9]+(?:\.[0-9]+)?)(?:[eE]([+-]?[0-9]{1,2}))?", re.ASCII)


@attrs.frozen(kw_only=True)
class Case:
    """One case: what it is, where it was published, what is given and what is expected (texts, lists and dicts)."""

    id: str
    kind: str
    task: str
    title: str
    source: str
    where: str
    given: Mapping[str, Any]
    expected: Mapping[str, Any]
    tolerance: str = DEFAULT_TOLERANCE
    verdict: str = ""

    @property
    def out_of_scope(self) -> str | None:
        """Why no function of formcheck answers this case; None where one does."""
        return OUT_OF_SCOPE.get(self.id)


def number(text: object) -> Fraction | None:
    """A number of the file, exactly as it was written; None where it is none."""
    match = _NUMBER.fullmatch(text) if isinstance(text, str) and len(text) <= 40 else None
    if match is None:
        return None
    size = Fraction(match[2]) * Fraction(10) ** int(match[3] or 0)
    return -size if match[1] else size


def case_file() -> Path:
    """The file of the published cases: installed beside the program, or in the folder of the tests."""
    inside = Path(str(resources.files("formcheck"))) / "published_cases" / "public.yaml"
    return inside if inside.is_file() else Path(__file__).resolve().parents[2] / "tests" / "published" / "public.yaml"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file. Raises Unreadable."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from None


def load_cases(path: Path | None = None) -> tuple[Case, ...]:
    """Every case of the file, in its order. Raises Unreadable: a self-test without its cases would show nothing."""
    path = path or case_file()
    document = read_document(decoded(str(path)))
    if document.troubles or type(document.value) is not dict or type(document.value.get("cases")) is not list:
        first = document.troubles[0] if document.troubles else None
        where = f", line {first.line}: {first.message}" if first is not None else ": it holds no list of cases"
        raise Unreadable(f"the published cases cannot be read ({path}{where}); install formcheck again")
    return tuple(_case(entry, path) for entry in document.value["cases"])


def _case(entry: Any, path: Path) -> Case:
    try:
        return Case(
            id=entry["id"],
            kind=entry["kind"],
            task=entry["task"],
            title=entry["title"],
            source=entry["source"]["title"],
            where=entry["source"]["where"],
            given=entry["given"],
            expected=entry["expected"],
            tolerance=entry.get("tolerance_abs") or DEFAULT_TOLERANCE,
            verdict=entry.get("verdict") or "",
        )
    except (KeyError, TypeError, AttributeError):
        name = entry.get("id") if type(entry) is dict else None
        raise Unreadable(f"{path}: the case {name or '(without an id)'} is not whole; install formcheck again") from None
