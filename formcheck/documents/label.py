"""The label of a container: what its record says, judged by the rules of labels before it is set."""

from typing import Any, NamedTuple

import attrs

from formcheck.check import Selection, judge_record
from formcheck.documents.barcode import data_matrix
from formcheck.documents.typesetting import typeset
from formcheck.errors import CannotConvert
from formcheck.findings import Finding, Severity, Verdict, overall
from formcheck.formats.paper import as_yaml
from formcheck.papers.compounding import CompoundingRecord
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.planning.batch import Batch
from formcheck.planning.label_text import label_lines
from formcheck.reading.papers import Reading, read_bytes
from formcheck.reading.specifications import Library

__all__ = ["SIZES", "Container", "container_label", "label_as_data", "label_as_pdf"]

SIZES = {"102x51": (102, 51), "89x36": (89, 36), "76x51": (76, 51), "70x37": (70, 37), "57x32": (57, 32)}
"""Width and height of common labels [mm]: 102x51 is 4 by 2 inches, 76x51 3 by 2."""
RULES = ("FC1", "FC5", "FC6", "FC7", "FC915")
"""What must be in order before a label is printed: doses, dates, drops, the label itself, and the formulation."""


class Container(NamedTuple):
    """The lines of a label, the first its title; what the rules say of them; the record they stand for."""

    lines: tuple[str, ...]
    findings: tuple[Finding, ...]
    verdict: Verdict
    record: CompoundingRecord


def container_label(
    reading: Reading, library: Library, *, directions: str = "", pharmacy: str = "", profile: str = "usp-503a"
) -> Container:
    """The label of a record: the text that stands in it, else one composed of its fields.

    A label that any rule of doses, dates or labels finds fault with, or cannot judge, is not printed: `verdict` says so.
    Raises CannotConvert for what is no record.
    """
    record = reading.paper
    written = reading.document.value if reading.document is not None else None
    if not isinstance(record, CompoundingRecord) or not isinstance(written, dict):
        why = reading.findings[0].message if reading.findings else "it is no compounding record"
        raise CannotConvert(f"{reading.path}: {why}; a label is of one record")
    named = record.formulation
    found = library.find(named.id, named.version) if named is not None else None
    formulation = found.paper if found is not None else None
    batch = Batch(record, formulation if isinstance(formulation, MasterFormulationRecord) else None, profile)
    if record.label and (directions or pharmacy):
        raise CannotConvert("the record has the text of its label already: change it there, or leave its label blank")
    text = record.label.splitlines() if record.label else label_lines(batch, directions=directions, pharmacy=pharmacy)
    lines = tuple(line.strip() for line in text if line.strip())
    labelled = read_bytes(as_yaml({**written, "label": "".join(f"{line}\n" for line in lines)}).encode(), "label.yaml")
    judged = judge_record(attrs.evolve(labelled, path=reading.path), library, Selection(profile=profile, select=RULES))
    # The rules that were left out are not a matter of the label, nor is a waiver of what they find.
    findings = tuple(f for f in judged.findings if f.severity is not Severity.INFO and f.code.startswith(("FC0", *RULES)))
    verdict = overall(findings) if formulation is not None else Verdict.NOT_DETERMINED
    return Container(lines, findings, verdict, record)


def label_as_data(label: Container) -> dict[str, Any]:
    """Verdict and findings, and the lines of a label that may be printed."""
    from formcheck.formats.data import finding_as_data

    lines = list(label.lines) if label.verdict is Verdict.PASS else []
    return {"verdict": str(label.verdict), "lines": lines, "findings": [finding_as_data(f) for f in label.findings]}


def label_as_pdf(label: Container, size: str, *, symbol: bool = True) -> bytes:
    """The label on its size. Raises CannotTypeset where the text does not fit: it is never cut and never made smaller."""
    width, height = SIZES[size]
    record = label.record
    data: dict[str, Any] = {"title": label.lines[0], "lines": list(label.lines[1:]), "width": width, "height": height}
    data["date"] = str(record.made) if record.made is not None else ""
    data["svg"] = ""
    if symbol and record.id is not None and record.beyond_use_date is not None:
        data["svg"] = data_matrix(record.id, record.beyond_use_date)
    return typeset("label.typ", data)
