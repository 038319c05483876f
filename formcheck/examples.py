"""The examples of a rule: a small change of a sound record that keeps the rule, and one that breaks it.

They are the golden pairs of the tests (`tests/catalogue`), installed beside the program; what a rule says of them is
computed when it is asked for, and written nowhere.
"""

import copy
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from formcheck.check import Selection, findings_of_formulation, judge_record
from formcheck.converting import answer
from formcheck.dose import DropFactor, Preparation
from formcheck.findings import Finding
from formcheck.liquid import read_run
from formcheck.papers.compounding import CompoundingRecord
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.reading.papers import FORMULATION, RECORD, Reading
from formcheck.reading.specifications import gathered, shipped_specifications
from formcheck.reading.structure import structure
from formcheck.reading.yaml import read_document
from formcheck.rules.rule import PROFILES
from formcheck.substance import Basis
from formcheck.units import amount

__all__ = ["Example", "changed", "examples_of", "findings_of", "sound_formulation", "sound_record"]

GOOD = {
    "capsules": ("good.yaml", "naltrexone-capsules", "a sound record of 100 capsules of 4.5 mg"),
    "oral-liquid": ("good-oral-liquid.yaml", "naltrexone-oral-liquid-1", "a sound record of an oral liquid, 1 mg/mL"),
    "sublingual-drops": (
        "good-sublingual-drops.yaml",
        "naltrexone-sublingual-drops-5",
        "a sound record of sublingual drops, 5 mg/mL",
    ),
}
"""The good record of each dosage form, the formulation it was made by, and what it is in words."""


class Example(NamedTuple):
    """What an example is about, what it starts from, the lines that are changed, and what the rule says of it."""

    about: str
    start: str
    changes: tuple[str, ...]
    findings: tuple[Finding, ...]


def changed(paper: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The paper with its changes made (in place): dotted paths to values, "null" to take one away."""
    for dotted, value in changes.items():
        *above, last = (int(step) if step.isdigit() else step for step in dotted.split("."))
        inside: Any = paper
        for step in above:
            inside = inside.setdefault(step, {}) if isinstance(inside, dict) else inside[step]
        if value is None or value == "null":
            del inside[last]
        elif isinstance(inside, list) and last == len(inside):
            inside.append(copy.deepcopy(value))
        else:
            inside[last] = copy.deepcopy(value)
    return paper


def examples_of(code: str) -> tuple[Example | None, Example | None]:
    """The first example that keeps the rule of a code and the first that breaks it; None where there is none."""
    keeps, breaks = (_example(code, name) for name in ("passes", "breaks"))
    return keeps, breaks


def _folder() -> Path:
    inside = Path(str(resources.files("formcheck"))) / "catalogue_examples"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[1] / "tests" / "catalogue"


@cache
def _loaded(path: Path) -> Any:
    return read_document(path.read_text(encoding="utf-8")).value


def _example(code: str, name: str) -> Example | None:
    path = _folder() / code / f"{name}.yaml"
    if not path.is_file():
        return None
    says = _loaded(path)
    found = tuple(finding for finding in findings_of(says) if finding.code == code)
    if "convert" in says:
        return Example(says["about"], "a conversion", tuple(_flat(says["convert"])), found)
    start = GOOD[says.get("of", "capsules")][2]
    lines = [*_flat(says.get("change") or {}), *(f"formulation: {line}" for line in _flat(says.get("formulation") or {}))]
    if says.get("profile"):
        lines.append(f"judged under {says['profile']}")
    return Example(says["about"], start, tuple(lines), found)


def _flat(changes: dict[str, Any]) -> list[str]:
    """Each change as one line, as it would stand in the paper."""
    return [f"{name}: {_text(value)}" for name, value in changes.items()]


def _text(value: Any) -> str:
    if value is None or value == "null":
        return "(left out)"
    if isinstance(value, list):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_text(item)}" for key, item in value.items()) + "}"
    text = " / ".join(str(value).strip().splitlines())
    return f'"{text}"' if text.startswith(("%", "{", "[")) or ", " in text or ": " in text else text


def sound_record(of: str) -> dict[str, Any]:
    """The good record of a dosage form (a key of GOOD), as plain texts; a copy."""
    return copy.deepcopy(_loaded(_folder() / GOOD[of][0]))


def sound_formulation(of: str) -> dict[str, Any]:
    """The formulation that the good record of a dosage form was made by; a copy."""
    return copy.deepcopy(_loaded(shipped_specifications() / GOOD[of][1] / "formulation.yaml"))


def findings_of(says: dict[str, Any]) -> tuple[Finding, ...]:
    """What is found of a sound record (`of`) with its `change`, under its formulation with the changes of that.

    `convert` in place of them is a conversion; `lint: formulation` judges the formulation alone.
    """
    if "convert" in says:
        return answer(**_intake(says["convert"])).findings
    of = says.get("of", "capsules")
    record = changed(sound_record(of), says.get("change") or {})
    formulation = _reading(changed(sound_formulation(of), says.get("formulation") or {}), FORMULATION)
    selection = Selection(profile=says.get("profile", PROFILES[0]))
    if says.get("lint") == "formulation":
        return tuple(findings_of_formulation(formulation, selection))
    return judge_record(_reading(record, RECORD), gathered([formulation]), selection).findings


def _reading(value: dict[str, Any], kind: str) -> Reading:
    papers: dict[str, type[Any]] = {RECORD: CompoundingRecord, FORMULATION: MasterFormulationRecord}
    paper, _ = structure(value, papers[kind])
    return Reading(path=f"{kind}.yaml", kind=kind, paper=paper)


def _intake(says: dict[str, Any]) -> dict[str, Any]:
    runs = [read_run(run) for run in says.get("runs", ())]
    density = amount(says["density"], "concentration") if "density" in says else None
    factor = DropFactor.from_runs(runs, density) if runs else None
    if "drop_factor" in says:
        factor = DropFactor.typed(amount(says["drop_factor"], "drop_factor"))
    given: dict[str, Any] = {"intake": amount(says["quantity"]), "factor": factor}
    given["preparation"] = Preparation.labelled(amount(says["concentration"], "concentration"))
    given |= {"per_day": int(says["per_day"])} if "per_day" in says else {}
    given |= {"basis": Basis(says["basis"])} if "basis" in says else {}
    return given
