"""What a signature is bound to: a digest of what the record said when it was signed."""

import datetime
import hashlib
import json
from typing import Any

import attrs

from formcheck.papers.compounding import CompoundingRecord, Person

__all__ = ["content_sha256"]

_NOT_SIGNED = frozenset({"people", "audit_trail", "waivers", "expects", "amends"})
"""What comes after a signature, or stands beside the batch: other signatures, the trail, waivers, corrections."""


def content_sha256(record: CompoundingRecord, signer: Person | None = None) -> str:
    """The SHA-256 of a record's content as written, and of who signs it: name, time and meaning.

    Fields are taken as texts, sorted by name; what is not said is left out, so that a key which a later version of
    formcheck knows changes no old signature. The signatures of others are no part of it: a compounder's stays valid
    when the verifier signs.
    """
    content = _plain({name: value for name, value in _fields(record) if name not in _NOT_SIGNED})
    signed = _plain({name: value for name, value in _fields(signer) if name != "content_sha256"}) if signer else None
    text = json.dumps({"content": content, "signed": signed}, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _fields(paper: Any) -> list[tuple[str, Any]]:
    return [(field.name, getattr(paper, field.name)) for field in attrs.fields(type(paper))]


def _plain(value: Any) -> Any:
    """A value of a paper as texts, lists and mappings, without what says nothing."""
    text = getattr(value, "text", None)
    if isinstance(text, str):
        return text
    if attrs.has(type(value)):
        return _plain(dict(_fields(value)))
    if isinstance(value, dict):
        plain = {str(key): _plain(item) for key, item in value.items()}
        return {key: item for key, item in plain.items() if item not in (None, {}, [])}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return None if value is None else str(value)
