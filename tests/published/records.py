"""Real records to start a test from, a field changed here and there, and what formcheck says of them.

Papers are held as plain texts (nothing is retyped), so a test sees exactly what a pharmacist would type.
"""

import copy
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from formcheck.check import Selection, judge_record
from formcheck.findings import Finding
from formcheck.reading.papers import Reading, read_bytes
from formcheck.reading.specifications import Library, gathered
from formcheck.verdicts import Judged

SPECS = Path(__file__).resolve().parents[2] / "specs"
CAPSULES = SPECS / "naltrexone-capsules"
RECORDS = CAPSULES / "records"
GOOD = "good-4.5mg-dihydrate-lot"
REMOVED = object()
Paper = dict[str, Any]


@cache
def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def record(changes: Mapping[str, Any] | None = None, *, start: str = GOOD) -> Paper:
    """A record of specs/naltrexone-capsules with some fields changed: {"components.0.expires": "02/2026"}."""
    return changed(_read(RECORDS / f"{start}.yaml"), changes or {})


def formulation(changes: Mapping[str, Any] | None = None) -> Paper:
    """The formulation of specs/naltrexone-capsules with some fields changed."""
    return changed(_read(CAPSULES / "formulation.yaml"), changes or {})


def plan_of(paper: Paper, name: str) -> str:
    """Where a test of that name stands in a formulation: "tests.4"."""
    return f"tests.{[test['name'] for test in paper['tests']].index(name)}"


def changed(paper: Paper, changes: Mapping[str, Any]) -> Paper:
    """A copy of a paper with the fields at these paths replaced, added, or REMOVED."""
    paper = copy.deepcopy(paper)
    for path, value in changes.items():
        *above, last = (int(step) if step.isdigit() else step for step in path.split("."))
        inside: Any = paper
        for step in above:
            inside = inside[step]
        if value is REMOVED:
            del inside[last]
        else:
            inside[last] = value
    return paper


def contents(values: Sequence[str], unit: str = "%") -> dict[str, Any]:
    """Single contents as a record has them."""
    return {"expressed_as": "naltrexone-hydrochloride", "unit": unit, "values": list(values)}


def text_of(paper: Paper) -> str:
    """A paper as the text of a file (JSON, which is read like YAML)."""
    return json.dumps(paper, indent=1, ensure_ascii=False)


def read_paper(paper: Paper | str, name: str = "record.yaml") -> Reading:
    """Read a paper, or the very text of a file."""
    text = paper if isinstance(paper, str) else text_of(paper)
    return read_bytes(text.encode(), name)


def library(paper: Paper | None = None) -> Library:
    """A folder of specifications that holds this formulation only."""
    return gathered([read_paper(paper or formulation(), "formulation.yaml")])


def judged(paper: Paper | str, by: Paper | None = None, profile: str = "usp-503a") -> Judged:
    """What formcheck says of a record."""
    return judge_record(read_paper(paper), library(by), Selection(profile=profile))


def found(result: Judged | Sequence[Finding], code: str) -> list[Finding]:
    """The findings of one rule."""
    findings = result.findings if isinstance(result, Judged) else result
    return [finding for finding in findings if finding.code == code]


def verdicts(result: Judged, code: str) -> list[str]:
    """The verdicts of one rule's findings; none means that it found nothing."""
    return [str(finding.verdict) for finding in found(result, code)]


def codes(result: Judged) -> set[str]:
    """The codes of all findings."""
    return {finding.code for finding in result.findings}
