"""The JSON format: schema formcheck/1. Keys and their order are a contract."""

from typing import Any

import attrs

from formcheck.formats.data import as_json, finding_as_data
from formcheck.verdicts import Judged, Report, TableRow

__all__ = ["report_as_json"]


def report_as_json(report: Report, *, colour: bool = False, quiet: bool = False) -> str:
    """A whole report; machine formats know neither colour nor quiet."""
    unread = dict.fromkeys(judged.path for judged in report.records if judged.unreadable)
    error = {"error": f"could not be read: {', '.join(unread)}"} if unread else {}
    return as_json(
        {
            **error,
            "verdict": str(report.verdict),
            "counts": report.counts._asdict(),
            "records": [_record(judged) for judged in report.records],
        }
    )


def _record(judged: Judged) -> dict[str, Any]:
    return {
        "path": judged.path,
        **_row(judged.row),
        "id": judged.id,
        "formulation": {
            "id": judged.formulation_id,
            "version": judged.formulation_version,
            "sha256": judged.formulation_sha256,
            "approved": judged.approved if judged.formulation_sha256 is not None else None,
        },
        "verdict": str(judged.verdict),
        "counts": judged.counts._asdict(),
        "findings": [finding_as_data(finding) for finding in judged.findings],
        "not_run": [attrs.asdict(entry) for entry in judged.not_run],
        "not_due": [attrs.asdict(entry) for entry in judged.not_due],
        "expected": list(judged.expected),
        "chain": [attrs.asdict(link, filter=attrs.filters.exclude("row")) for link in judged.chain],
        "profile": judged.profile or None,
        "about_formulation": list(judged.about_formulation),
        **({"same_id": list(judged.same_id)} if judged.same_id else {}),
    }


def _row(row: TableRow | None) -> dict[str, Any]:
    """Where in a table the record stands; nothing for a file that is one record."""
    if row is None:
        return {}
    return {"row": row.number, **({} if row.sheet is None else {"sheet": row.sheet})}
