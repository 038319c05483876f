"""The headings of a table: a dotted path into the compounding record, and the unit of the cells below it.

`components.1.weighed_mg` is the key `weighed` of the first component, in mg; `label` the text of the label.
"""

import difflib
import re
import types
from collections.abc import Iterator
from functools import cache
from typing import Any, Union, get_args, get_origin

import attrs

from formcheck.errors import NotAQuantity
from formcheck.grammar import escaped
from formcheck.papers.compounding import CompoundingRecord, DoseMasses, UnitContents, UnitMasses
from formcheck.papers.values import Age, BodyWeight, Residue, Text
from formcheck.units import KINDS_OF, SPELLINGS, amount

__all__ = ["Column", "UnknownColumn", "as_columns", "column_of", "joined", "named_unit"]

Path = tuple[str | int, ...]
MANY_LINES = {"label", "description", "deviations", "calculations", "container"}
"""The texts that may have several lines; in any other cell a line break is a fault."""
_SUFFIXES = {
    "mg_per_mL": "mg/mL", "mcg_per_mL": "mcg/mL", "g_per_mL": "g/mL", "drops_per_mL": "drops/mL",
    "pct_ww": "% w/w", "pct_wv": "% w/v", "pct": "%", "mg": "mg", "mcg": "mcg", "g": "g", "mL": "mL", "ml": "mL",
    "drops": "drops", "capsules": "capsules", "days": "days", "kg": "kg", "years": "years", "months": "months",
}  # fmt: skip
_WITH_UNIT = (*KINDS_OF, Residue, BodyWeight, Age)
_LISTS_OF_UNITS = (UnitMasses, UnitContents, DoseMasses)


class UnknownColumn(Exception):
    """A heading that names nothing of a record; the text says which one may be meant."""


@attrs.frozen
class Column:
    """A heading: the path of what stands below it, its unit where it names one, and the type of the field."""

    heading: str
    path: Path
    unit: str | None
    of: Any

    @property
    def is_text(self) -> bool:
        """Whether the field is a text, in which a number would lose its leading zeros."""
        return self.of is Text

    @property
    def may_have_lines(self) -> bool:
        """Whether a cell may hold several lines."""
        return self.path[-1] in MANY_LINES


def named_unit(heading: str) -> tuple[str, str | None]:
    """What a heading is called and the unit it names: ("content", "mg") of content_mg or content (mg)."""
    match = re.fullmatch(r"(.*\S) ?\(([^()]+)\)", heading)
    if match is not None and (match[2] in SPELLINGS or match[2] in ("kg", "years", "months")):
        return match[1], match[2]
    suffix = next((suffix for suffix in _SUFFIXES if heading.endswith(f"_{suffix}")), None)
    return (heading, None) if suffix is None else (heading.removesuffix(f"_{suffix}"), _SUFFIXES[suffix])


def joined(text: str, unit: str | None) -> str:
    """The text of a cell with the unit of its heading: a cell that carries letters or % of its own is left as it is.

    Raises NotAQuantity where the cell has a unit of its own and it is another one.
    """
    if unit is None:
        return text
    if not any(c.isalpha() or c in "%/" for c in text):
        return f"{text} {unit}" if any(c.isdigit() for c in text) else text
    try:
        own = amount(text).unit
    except NotAQuantity:
        return text
    if unit in SPELLINGS and own is not SPELLINGS[unit]:
        raise NotAQuantity(f"{escaped(text)}: the heading says {unit}; write the number in {unit}, without a unit")
    return text


def column_of(heading: str) -> Column:
    """The field of a record that a heading names. Raises UnknownColumn."""
    path: list[str | int] = []
    unit: str | None = None
    of: Any = CompoundingRecord
    steps = heading.split(".")
    for number, step in enumerate(steps, 1):
        last = number == len(steps)
        inner = _inside(of, step)
        if inner is None and last:
            bare, unit = named_unit(step)
            inner = _inside(of, bare) if unit is not None else None
        if inner is None:
            hint = _hint(of, step, steps[: number - 1])
            raise UnknownColumn(f"{escaped(heading, 80)} is not a column of a record: {hint}")
        added, of = inner
        path += added
    if _is_group(of) or get_origin(of) in (tuple, dict):
        example = next(iter(_known(of)), "1")
        raise UnknownColumn(f"{escaped(heading, 80)} is a group of columns: write {heading}.{example} or the like")
    if unit is not None and of not in _WITH_UNIT:
        hint = f"write {heading.removesuffix('_' + heading.rpartition('_')[2])}"
        raise UnknownColumn(f"{escaped(heading, 80)} has a unit where none belongs: {hint}")
    return Column(heading, tuple(path), unit, of)


def _bare(of: Any) -> Any:
    """The type without None."""
    if get_origin(of) in (Union, types.UnionType):
        return next(kind for kind in get_args(of) if kind is not type(None))
    return of


def _is_group(of: Any) -> bool:
    """Whether a type is a part of a paper, with keys of its own; values have a way to be read from text."""
    return attrs.has(of) and not hasattr(of, "read")


@cache
def _everywhere() -> dict[str, str]:
    """The last word of every heading there is, and a whole heading that ends so."""
    found: dict[str, str] = {}
    todo: list[tuple[str, Any]] = [("", CompoundingRecord)]
    for path, of in todo:
        for key in _known(of):
            dotted = f"{path}.{key}".lstrip(".")
            inner = _inside(of, key)
            if inner is not None and (_is_group(inner[1]) or get_origin(inner[1]) in (tuple, dict)):
                todo.append((dotted, inner[1]))
            elif inner is not None:
                found.setdefault(key, dotted)
    return found


def _inside(of: Any, step: str) -> tuple[list[str | int], Any] | None:
    """The path and the type that a step leads to, or None where there is no such thing."""
    index = int(step) - 1 if re.fullmatch(r"[1-9][0-9]{0,2}", step, re.ASCII) else None
    if _is_group(of):
        if index is not None and of in _LISTS_OF_UNITS:
            return ["values", index], get_args(attrs.fields_dict(of)["values"].type)[0]
        field = attrs.fields_dict(of).get(step)
        return None if field is None else ([step], _bare(field.type))
    if get_origin(of) is tuple:
        return None if index is None else ([index], _bare(get_args(of)[0]))
    if get_origin(of) is dict:
        key, value = get_args(of)
        return ([step], value) if step in get_args(key) else None
    return None


def _known(of: Any) -> list[str]:
    if _is_group(of):
        return list(attrs.fields_dict(of))
    return list(get_args(get_args(of)[0])) if get_origin(of) is dict else ["1"]


def _hint(of: Any, step: str, before: list[str]) -> str:
    if get_origin(of) is tuple:
        return f"the entries of {'.'.join(before)} are numbered from 1, such as {'.'.join((*before, '1'))}"
    if not _is_group(of) and get_origin(of) is not dict:
        return f"nothing stands below {'.'.join(before)}"
    if step in ("verdict", "fail", "not determined", "warnings", "findings", "file") and not before:
        return "formcheck wrote it beside the rows; delete the columns of the verdicts"
    bare, same = _without_unit(step)
    near = difflib.get_close_matches(bare, _known(of), n=1, cutoff=0.75)
    elsewhere = _everywhere()
    far = difflib.get_close_matches(bare, elsewhere, n=1, cutoff=0.75) if not before and not near else []
    if far:
        return f"did you mean {elsewhere[far[0]]}{same}?"
    if near:
        return f"did you mean {'.'.join((*before, near[0]))}{same}?"
    return f"known here: {', '.join(_known(of))}" if before else "docs/records.md lists the columns"


def _without_unit(step: str) -> tuple[str, str]:
    """A heading without its unit, and the unit as it belongs there: weighed_MG, weighed [mg], weighed mg are weighed_mg."""
    bare, unit = named_unit(step)
    if unit is not None:
        return bare, step[len(bare) :]
    plain = " ".join(re.split(r"[\s()\[\]]+", step[:80])).strip()
    for suffix, named in _SUFFIXES.items():
        end = next((e for e in (f"_{suffix}", f" {named}", f" {suffix}") if plain.casefold().endswith(e.casefold())), None)
        if end is not None:
            return plain[: -len(end)].removesuffix(" in"), f"_{suffix}"
    return step, ""


def as_columns(record: dict[str, Any]) -> dict[str, str]:
    """A record of plain values as headings and cells, quantities under headings with their unit where they can be."""
    return {heading: text for heading, text in _flat(record, (), CompoundingRecord) if heading != "kind"}


def _flat(value: Any, path: tuple[str, ...], of: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            found = _inside(of, key)
            yield from _flat(inner, (*path, key), found[1] if found is not None else None)
    elif isinstance(value, list):
        steps = path[:-1] if path[-1] == "values" else path
        for index, item in enumerate(value, 1):
            yield from _flat(item, (*steps, str(index)), get_args(of)[0])
    elif value is not None:
        yield _with_suffix(".".join(path), value, of)


def _with_suffix(heading: str, text: str, of: Any) -> tuple[str, str]:
    digits, mark, unit = text.partition(" ")
    suffix = next((suffix for suffix, named in _SUFFIXES.items() if named == unit), None) if mark else None
    if of in _WITH_UNIT and suffix is not None and re.fullmatch(r"[0-9.]+", digits, re.ASCII):
        return f"{heading}_{suffix}", digits
    return heading, text
