"""The golden pairs as data: three good records, and small changes of them. Read by several tests, none of which is here.

Scalars are kept as the text that was typed. A pair changes `good.yaml` (capsules), or the good record that its key `of`
names: `oral-liquid`, `sublingual-drops`. In a pair a dotted path leads to a value of that record (or, under
`formulation`, of the formulation it names); `null` takes the key away, an index one past the end of a list appends.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from formcheck.check import Selection, judge_record
from formcheck.examples import changed
from formcheck.planning.batch import Batch
from formcheck.reading.papers import Reading, read_bytes
from formcheck.reading.specifications import Library, gathered
from formcheck.verdicts import Judged

FOLDER = Path(__file__).parent
SPECS = FOLDER.parents[1] / "specs"
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
RECORD_PATH, FORMULATION_PATH = "record.yaml", "formulation.yaml"


class Case(NamedTuple):
    """One file of a pair: the code of its folder, its name without the suffix, and what it says."""

    code: str
    name: str
    says: dict[str, Any]

    @property
    def id(self) -> str:
        return f"{self.code}-{self.name}"


def plain(path: Path) -> Any:
    """A YAML file as dicts, lists and the text that was typed."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


@cache
def cases(kind: str) -> tuple[Case, ...]:
    """Every file of every pair whose name begins with `kind`: passes or breaks."""
    files = sorted(FOLDER.glob(f"*/{kind}*.yaml"))
    return tuple(Case(file.parent.name, file.stem, plain(file)) for file in files)


@cache
def _loaded(path: Path) -> Any:
    return plain(path)


GOOD = {
    "capsules": ("good.yaml", "naltrexone-capsules"),
    "oral-liquid": ("good-oral-liquid.yaml", "naltrexone-oral-liquid-1"),
    "sublingual-drops": ("good-sublingual-drops.yaml", "naltrexone-sublingual-drops-5"),
}
"""The good record of each dosage form, and the formulation it was made by."""
CAPSULES = "capsules"


def good(of: str = CAPSULES) -> dict[str, Any]:
    """The good record of a dosage form; a fresh copy."""
    return copy.deepcopy(_loaded(FOLDER / GOOD[of][0]))


def formulation(of: str = CAPSULES) -> dict[str, Any]:
    """The formulation of the good record of a dosage form; a fresh copy."""
    return copy.deepcopy(_loaded(SPECS / GOOD[of][1] / "formulation.yaml"))


def written(paper: dict[str, Any]) -> str:
    """The paper as YAML text, one value a line."""
    return yaml.dump(paper, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)


def read(paper: dict[str, Any], path: str = RECORD_PATH) -> Reading:
    """The paper as formcheck reads it."""
    return read_bytes(written(paper).encode(), path)


def library_of(*papers: dict[str, Any]) -> Library:
    """A library of these formulations; of the good record's own, if none is given."""
    return gathered([read(paper, FORMULATION_PATH) for paper in papers or [formulation(of) for of in GOOD]])


@cache
def shipped() -> Library:
    """The library with the formulations of the good records, as they are shipped."""
    return library_of()


def judged(paper: dict[str, Any], library: Library | None = None, **selection: Any) -> Judged:
    """What check finds of a record."""
    return judge_record(read(paper), library or shipped(), Selection(**selection))


def of_case(case: Case) -> tuple[dict[str, Any], Library]:
    """The record of a case, and the library with its formulation."""
    of = case.says.get("of", CAPSULES)
    record = changed(good(of), case.says.get("change", {}))
    changes = case.says.get("formulation")
    return record, library_of(changed(formulation(of), changes)) if changes else shipped()


def batch_of(paper: dict[str, Any], library: Library | None = None, profile: str = "usp-503a") -> Batch:
    """The batch that the rules are given for a record."""
    record = read(paper).paper
    named = record.formulation
    found = (library or shipped()).find(named.id, named.version) if named is not None else None
    return Batch(record, found.paper if found is not None else None, profile)


def place(text: str, dotted: str) -> tuple[int, int]:
    """Line and column of a value in a YAML text, or of the nearest value above it, by PyYAML's own nodes."""
    node = yaml.compose(text)
    for step in dotted.split(".") if dotted else ():
        if isinstance(node, yaml.MappingNode):
            inside = next((value for key, value in node.value if key.value == step), None)
        else:
            inside = node.value[int(step)] if isinstance(node.value, list) and step.isdigit() else None
        if inside is None:
            break
        node = inside
    return node.start_mark.line + 1, node.start_mark.column + 1
