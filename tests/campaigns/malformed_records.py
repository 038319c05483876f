"""Malformed records by the hundred thousand: no exception, and what a verdict needs is never missed in silence.

    python tests/campaigns/malformed_records.py --number 100000 --seed 1

Deterministic by its seed. Each example alters a sound record: a key is blanked, garbled, moved or doubled, or the text
is edited; the record is read and judged. A record whose needed field was blanked or garbled must not pass.
"""

import argparse
import copy
import json
import random
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

from published.records import SPECS, text_of
from sheets import every_record

from formcheck.check import Selection, judge_record
from formcheck.findings import Verdict
from formcheck.reading.papers import read_bytes
from formcheck.reading.specifications import Library, load_library

EVERYWHERE = [
    "id",
    "formulation.id",
    "formulation.version",
    "strength",
    "strength_basis",
    "made",
    "quantity",
    "beyond_use_date",
    "storage",
    "description",
    "label",
    "components.0.name",
    "components.0.lot",
    "components.0.vendor",
    "components.0.expires",
    "components.0.weighed",
    "components.0.required",
    "components.0.balance",
    "components.0.certificate.assay",
    "components.0.certificate.basis",
    "components.0.certificate.water",
    "components.0.certificate.solvents",
    "balances.0.id",
    "balances.0.readability",
    "balances.0.repeatability",
    "balances.0.verified",
    "balances.0.daily_check",
    "people.compounded_by.name",
    "people.verified_by.name",
    "components.1.lot",
    "components.1.expires",
]
CAPSULES = [
    "components.0.packing",
    "components.1.packing",
    "components.1.weighed",
    "components.2.mean_mass",
    "unit_masses.kind",
    "unit_masses.unit",
    "unit_masses.values",
    "last_tests.assay",
    "last_tests.content uniformity",
]
NEEDED = {
    "naltrexone-capsules": EVERYWHERE + CAPSULES,
    "naltrexone-oral-liquid-1": [*EVERYWHERE, "ph", "last_tests.assay", "components.4.final_volume"],
    "naltrexone-sublingual-drops-5": [*EVERYWHERE, "ph", "last_tests.assay", "drop_calibration", "drop_calibration.runs"],
}
"""Fields without which a record of each product cannot pass, as docs/records.md says."""
BLANK = [None, "", " ", "n/a", "TBD", "-", "..."]
TEXTS = {"id", "name", "lot", "vendor", "description", "label", "balance", "basis"}
GARBLED = [
    "abc",
    "4,5 mg",
    "-1",
    "1e5 mg",
    "??",
    "nan",
    "4.5 Mg",
    "٤ mg",
    "0x10",
    "2.3.26",
    [],
    {},
    ["a"],
    {"a": "b"},
    [[]],
]
MARKS = [
    ":",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "\n",
    "\t",
    "#",
    "&",
    "*",
    "!",
    "%",
    "0",
    "9",
    ".",
    ",",
    "-",
    "\0",
    "\ufeff",
    "\u202e",
    " ",
]


@cache
def sound() -> tuple[tuple[dict[str, Any], str], ...]:
    """The records that pass, with the text of each."""
    papers = specifications()
    found = []
    for path, paper in every_record().items():
        text = path.read_text(encoding="utf-8")
        judged = judge_record(read_bytes(text.encode(), path.name), papers, Selection())
        if judged.verdict is Verdict.PASS and not judged.findings and path.name.startswith("good"):
            found.append((paper, text))
    assert found
    return tuple(found)


@cache
def specifications() -> Library:
    return load_library(str(SPECS))


def one(chance: random.Random, counts: Counter[str] | None = None) -> str | None:
    """One malformed record: what is wrong with its verdict, or None. Exceptions are for the caller."""
    paper, text = chance.choice(sound())
    how = chance.choice(["blanked", "garbled", "moved", "text", "text"])
    needed: str | None = None
    if how == "text":
        text = _edited(chance, text)
    else:
        changed = copy.deepcopy(paper)
        needed = _altered(chance, changed, how)
        text = text_of(changed)
    judged = judge_record(read_bytes(text.encode("utf-8", "replace"), "record.yaml"), specifications(), Selection())
    if counts is not None:
        counts[f"{how}: {judged.word.lower()}"] += 1
    if needed is not None and judged.verdict is Verdict.PASS:
        return f"passes, though {needed} was {how}: {json.dumps(changed)[:200]}"
    if judged.verdict is Verdict.NOT_DETERMINED and not judged.findings and not judged.not_run:
        return "not determined without a reason"
    return None


def _altered(chance: random.Random, paper: dict[str, Any], how: str) -> str | None:
    """Alter a paper in place; returned is the needed field that no longer says anything, if it is one."""
    if how == "moved":
        _move(chance, paper)
        return None
    path = chance.choice(_needed(paper))
    above, last = _above(paper, path)
    if how == "blanked":
        if chance.random() < 0.3 and isinstance(above, dict):
            del above[last]
            return path
        above[last] = chance.choice(BLANK)
        return path
    above[last] = chance.choice(GARBLED)
    # A text may say anything; only another shape is no text.
    return None if path.rpartition(".")[2] in TEXTS and isinstance(above[last], str) else path


def _needed(paper: dict[str, Any]) -> list[str]:
    """The fields this record needs: its certificate's basis, and a trituration, ask for others."""
    active = paper["components"][0]
    if "trituration" in active:  # its source has the lot, and the day it was made counts
        other = {path for path in EVERYWHERE if path.startswith("components.0.")}
    else:
        basis = active["certificate"]["basis"]
        other = {"components.0.certificate.solvents"} if basis != "anhydrous-solvent-free" else set()
        other |= {"components.0.certificate.water"} if not basis.startswith("anhydrous") else set()
        other |= {"components.0.balance"} if "aliquot" in active else set()  # FC308 does not ask for it there
    return [path for path in NEEDED[paper["formulation"]["id"]] if path not in other and _has(paper, path)]


def _above(paper: dict[str, Any], path: str) -> tuple[Any, Any]:
    *above, last = (int(step) if step.isdigit() else step for step in path.split("."))
    inside: Any = paper
    for step in above:
        inside = inside[step]
    return inside, last


def _has(paper: dict[str, Any], path: str) -> bool:
    try:
        above, last = _above(paper, path)
        return above[last] is not None
    except (KeyError, IndexError, TypeError):
        return False


def _move(chance: random.Random, paper: dict[str, Any]) -> None:
    """Put a value where another one belongs, wrap it, or give it a key that does not exist."""
    one, other = chance.choice(list(paper)), chance.choice(list(paper))
    choice = chance.random()
    if choice < 0.4:
        paper[one], paper[other] = paper[other], paper[one]
    elif choice < 0.7:
        paper[one] = [paper[one]] if chance.random() < 0.5 else {other: paper[one]}
    else:
        paper[one + chance.choice(["", "s", "_mg", " "])] = paper.pop(other)


def _edited(chance: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    for _ in range(chance.choice([1, 1, 2, 5])):
        how, at = chance.random(), chance.randrange(len(lines))
        if how < 0.2:
            lines.insert(at, lines[chance.randrange(len(lines))])
        elif how < 0.3 and len(lines) > 2:
            del lines[at]
        elif how < 0.4:
            lines[at] = " " * chance.randint(1, 4) + lines[at]
        else:
            line, place = lines[at], chance.randint(0, len(lines[at]))
            lines[at] = line[:place] + chance.choice(MARKS) + line[place + chance.randint(0, 1) :]
    return "".join(lines)


def main() -> int:
    """Run the campaign and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    failures: list[str] = []
    began = time.monotonic()
    for number in range(options.number):
        try:
            wrong = one(random.Random(f"{options.seed}/{number}"), counts)
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        if wrong:
            failures.append(f"example {number}: {wrong}")
    seconds = time.monotonic() - began
    print(f"{options.number} malformed records, seed {options.seed}, in {seconds:.0f} s")
    print(", ".join(f"{name}: {number}" for name, number in sorted(counts.items())))
    print(f"failures: {len(failures)}")
    print("\n".join(failures[:20]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
