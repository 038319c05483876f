"""Every format by its name: the choices of `check` and `lint` come from here."""

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
