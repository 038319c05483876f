"""Findings into text, JSON and the formats of other tools: pure functions of a report."""

from collections.abc import Callable

from formcheck.formats.concise import concise
from formcheck.formats.full import full
from formcheck.formats.json import report_as_json

__all__ = ["FORMATS"]

FORMATS: dict[str, Callable[..., str]] = {
    "full": full,
    "concise": concise,
    "json": report_as_json,
}
