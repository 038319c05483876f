"""What every JSON answer shares: the envelope, and a finding as data."""

from typing import Any

from formcheck import __version__
from formcheck.findings import Finding

__all__ = ["as_json", "finding_as_data"]


def as_json(data: dict[str, Any]) -> str:
    """One JSON object, beginning with its schema and the version of formcheck. ASCII, so safe anywhere."""
    import json

    return json.dumps({"schema": "formcheck/1", "version": __version__, **data}, indent=2, allow_nan=False)


def finding_as_data(finding: Finding) -> dict[str, Any]:
    """A finding with its keys in the order of the contract; `cell` only where it stands in a workbook."""
    where = finding.location
    return {
        "code": finding.code,
        "title": finding.title,
        "verdict": str(finding.verdict),
        "severity": str(finding.severity),
        "authority": str(finding.authority),
        "message": finding.message,
        "help": finding.help,
        "path": where.path,
        "line": where.line,
        "column": where.column,
        **({} if where.cell is None else {"cell": where.cell}),
        "field": finding.field,
        "found": finding.found,
        "limit": finding.limit,
        "source": finding.source,
        "waiver": None if finding.waiver is None else finding.waiver._asdict(),
    }
