"""What docs/ shows can be used as it stands: the records pass, the table has every key, the fragments can be read."""

import re
from pathlib import Path

import attrs
import pytest

from formcheck.check import Selection, judge_record
from formcheck.findings import Verdict
from formcheck.papers.compounding import CompoundingRecord
from formcheck.reading.papers import read_bytes
from formcheck.reading.specifications import load_library

ROOT = Path(__file__).resolve().parents[1]
RECORDS, VERDICTS = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("records.md", "verdicts.md"))
KIND = "kind: compounding-record\n"


def blocks(page: str) -> list[str]:
    """The YAML blocks of a page."""
    return re.findall(r"^```yaml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


COMPLETE = [block for block in blocks(RECORDS) if block.startswith(KIND)]
FRAGMENTS = blocks(VERDICTS)


def test_a_complete_record_is_shown_of_each_form() -> None:
    """docs/records.md has a record for every specification that is shipped."""
    named = sorted(re.search(r"^formulation: \{id: (\S+),", block, re.MULTILINE)[1] for block in COMPLETE)

    assert named == sorted(folder.name for folder in (ROOT / "specs").iterdir() if folder.is_dir())


@pytest.mark.parametrize("block", COMPLETE, ids=[block.split("id: ", 1)[1].split("\n")[0] for block in COMPLETE])
def test_complete_records_pass(block: str) -> None:
    """Each complete record of docs/records.md passes without a finding by the specifications shipped."""
    found = judge_record(read_bytes(block.encode(), "records.md"), load_library(str(ROOT / "specs")), Selection())

    assert [(finding.code, finding.message) for finding in found.findings] == []
    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize("name", [field.name for field in attrs.fields(CompoundingRecord)])
def test_table_names_every_key(name: str) -> None:
    """Every key of a record begins an entry in the first column of the table."""
    cells = [line.split("|")[1] for line in RECORDS.splitlines() if line.startswith("| `")]

    assert any(re.search(rf"`{name}[`.]", cell) for cell in cells)


@pytest.mark.parametrize("block", FRAGMENTS, ids=[block.split(":", 1)[0] for block in FRAGMENTS])
def test_fragments_can_be_read(block: str) -> None:
    """The waiver and the correction that docs/verdicts.md shows are read as parts of a record, with every part."""
    reading = read_bytes((KIND + block).encode(), "verdicts.md")

    assert [finding.message for finding in reading.findings] == []
    parts = (*reading.paper.waivers, *([reading.paper.amends] if reading.paper.amends else []))
    assert parts and all(None not in attrs.astuple(part) for part in parts)


def test_both_fragments_are_there() -> None:
    """docs/verdicts.md shows a waiver and a correction."""
    assert any("waivers:" in block for block in FRAGMENTS)
    assert any("amends:" in block for block in FRAGMENTS)
