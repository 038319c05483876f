"""The JSON format: schema formcheck/1. Keys and their order are a contract."""

import json
from typing import Any

import attrs

from formcheck import __version__
from formcheck.findings import Finding
from formcheck.verdicts import Judged, Report

__all__ = ["as_json", "finding_as_data", "report_as_json"]


def as_json(data: dict[str, Any]) -> str:
    """One JSON object, beginning with its schema and the version of formcheck. ASCII, so safe anywhere."""
    return json.dumps({"schema": "formcheck/1", "version": __version__, **data}, indent=2, allow_nan=False)


def finding_as_data(finding: Finding) -> dict[str, Any]:
    """A finding with its keys in the order of the contract."""
    return {
        "code": finding.code,
        "title": finding.title,
        "verdict": str(finding.verdict),
        "severity": str(finding.severity),
        "authority": str(finding.authority),
        "message": finding.message,
        "help": finding.help,
        "path": finding.location.path,
        "line": finding.location.line,
        "column": finding.location.column,
        "field": finding.field,
        "found": finding.found,
        "limit": finding.limit,
        "source": finding.source,
        "waiver": None,
    }


def report_as_json(report: Report, *, colour: bool = False, quiet: bool = False) -> str:
    """A whole report; machine formats know neither colour nor quiet."""
    return as_json(
        {
            "verdict": str(report.verdict),
            "counts": attrs.asdict(report.counts),
            "records": [_record(judged) for judged in report.records],
        }
    )


def _record(judged: Judged) -> dict[str, Any]:
    return {
        "path": judged.path,
        "id": judged.id,
        "formulation": {
            "id": judged.formulation_id,
            "version": judged.formulation_version,
            "sha256": judged.formulation_sha256,
            "approved": judged.approved if judged.formulation_sha256 is not None else None,
        },
        "verdict": str(judged.verdict),
        "counts": attrs.asdict(judged.counts),
        "findings": [finding_as_data(finding) for finding in judged.findings],
        "not_run": [attrs.asdict(entry) for entry in judged.not_run],
        "not_due": [attrs.asdict(entry) for entry in judged.not_due],
        "expected": list(judged.expected),
    }
