"""A paper as YAML text: nested texts written so that reading them gives the same texts again."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["as_yaml"]

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,/%()=+_<>°µ-]*")
_MOST = 120


def as_yaml(paper: Mapping[str, Any], heading: str = "") -> str:
    """The text of a paper. None and "" are blanks to fill in; a text of several lines becomes a block.

    `heading` is written above it, as comment lines.
    """
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    return "\n".join([*lines, *_mapping(paper, "")]) + "\n"


def _mapping(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, item in value.items():
        yield from _entry(f"{indent}{key}:", item, indent)


def _entry(start: str, item: Any, indent: str) -> Iterator[str]:
    """One key with what it holds."""
    inner = indent + "  "
    if isinstance(item, Mapping):
        yield start
        yield from _mapping(item, inner)
    elif isinstance(item, (list, tuple)):
        if not any(isinstance(each, Mapping) for each in item):
            yield f"{start} [{', '.join(_scalar(each, in_list=True) for each in item)}]"
            return
        yield start
        for each in item:
            lines = list(_mapping(each, inner + "  "))
            yield f"{inner}- {lines[0].strip()}" if lines else f"{inner}- {{}}"
            yield from lines[1:]
    elif isinstance(item, str) and "\n" in item and _is_block(item):
        yield f"{start} |"
        yield from (f"{inner}{line}" for line in item.rstrip("\n").split("\n"))
    else:
        yield f"{start} {_scalar(item)}".rstrip()


def _is_block(text: str) -> bool:
    """Whether a text can be written as a block: printable lines, none blank at its ends or beginning with a space."""
    lines = text.rstrip("\n").split("\n")
    return text.endswith("\n") and all(line.isprintable() and line.strip() == line and line for line in lines)


def _scalar(item: Any, *, in_list: bool = False) -> str:
    if item is None or item == "":
        return ""
    text = str(item)
    # A colon or a number sign may begin something in YAML, and so may many a sign: such a text stands in quotes.
    plain = _PLAIN.fullmatch(text) and text == text.strip() and len(text) <= _MOST
    return text if plain and not (in_list and "," in text) else json.dumps(text, ensure_ascii=False)
