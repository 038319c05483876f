"""YAML and JSON as plain text values with a place for each. The only room that knows PyYAML.

Every scalar is kept as the text that was typed; nothing is retyped to a number, a boolean or a date.
What makes a value ambiguous (equal keys, aliases, merge keys, tags, further documents) or the work
unbounded (depth, size) is a problem, found while the parser's events go by and before anything is built
on it. Mappings become dicts, sequences lists, scalars str or None (blank).
"""

import json
import re
from typing import Any, NamedTuple, NoReturn

import yaml

from formcheck.findings import Location
from formcheck.grammar import escaped
from formcheck.reading.problems import Trouble

__all__ = ["Document", "read_document"]

MOST_DEPTH = 20
MOST_NODES = 5000
_TOO_DEEP = f"nested to a depth of more than {MOST_DEPTH}: no paper is so deep"
_BLANK = frozenset({"", "~", "null", "Null", "NULL"})
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


Node = tuple[Any, Any, Any]
"""The place of a value: its mark, the mark of its key, and the places inside it."""


class Document(NamedTuple):
    """A text taken apart: its value, the places of everything in it, and what is wrong with it."""

    value: Any
    root: Node | None
    troubles: list[Trouble]

    def place(self, path: tuple[str | int, ...], *, key: bool = False) -> tuple[int, int]:
        """Line and column of the value at a path, or of the nearest place above it; of the key, if asked."""
        node = self.root
        if node is None:
            return (1, 1)
        for step in path:
            try:
                node = node[2][step]
            except (KeyError, IndexError, TypeError):
                key = False
                break
        mark = node[1] if key and node[1] is not None else node[0]
        return (mark.line + 1, mark.column + 1)

    def location(self, file: str, path: tuple[str | int, ...], *, key: bool = False) -> Location:
        """The same place, with the file it is in."""
        return Location(file, *self.place(path, key=key))


_Scalar, _MappingEnd = yaml.ScalarEvent, yaml.MappingEndEvent


class _Stop(Exception):
    """The text cannot be followed any further."""


class _Walk:
    def __init__(self, text: str) -> None:
        self.loader = _Loader(text)
        self.troubles: list[Trouble] = []
        self.nodes = 0
        self.merges: list[tuple[Any, list[str], dict[str, Node]]] = []

    def document(self) -> tuple[Any, Node | None]:
        get = self.loader.get_event
        get()
        event = get()
        if type(event) is yaml.StreamEndEvent:
            raise _Stop(self.report("FC001", "the file is empty: a paper is one mapping of keys and values", event))
        if event.tags or event.version:
            raise _Stop(self.report("FC003", "a line that begins with % is not read: leave it out", event))
        first = get()
        value, node = self.node(first, 1, None)
        get()
        event = get()
        if type(event) is not yaml.StreamEndEvent:
            self.report("FC003", "a second document begins here: a file holds one mapping, of one paper", event)
        if type(value) is not dict:
            what = "a list" if type(value) is list else "a single value" if value is not None else "nothing"
            self.report("FC005", f"the file holds {what}: it must hold one mapping of keys and values", first)
        return value, node

    def node(self, event: Any, depth: int, key: Any) -> tuple[Any, Node]:
        kind = type(event)
        if kind is _Scalar:
            return self.scalar(event), (event.start_mark, key, None)
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self.refuse_number(event)
        if kind is yaml.AliasEvent:
            self.report("FC003", f"the alias *{event.anchor} is not read: write the value out", event)
            return None, (event.start_mark, key, None)
        if event.tag is not None or event.anchor is not None:
            self.refuse_decoration(event)
        if depth >= MOST_DEPTH:
            raise _Stop(self.report("FC003", _TOO_DEEP, event))
        if kind is yaml.MappingStartEvent:
            return self.mapping(event, depth, key)
        return self.sequence(event, depth, key)

    def refuse_number(self, event: Any) -> NoReturn:
        raise _Stop(self.report("FC003", f"more than {MOST_NODES} values: no paper is so long", event))

    def scalar(self, event: Any) -> str | None:
        """The text of a scalar, None where it is blank; a plain scalar is the commonest event by far."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self.refuse_number(event)
        if event.tag is not None or event.anchor is not None:
            self.refuse_decoration(event)
        text: str = event.value
        return None if text in _BLANK else text

    def mapping(self, start: Any, depth: int, key: Any) -> tuple[Any, Node]:
        get = self.loader.get_event
        values: dict[str, Any] = {}
        places: dict[str, Node] = {}
        event = get()
        while type(event) is not _MappingEnd:
            name = self.scalar(event) if type(event) is _Scalar else self.node(event, depth + 1, None)[0]
            inner = get()
            if type(inner) is _Scalar:
                value, place = self.scalar(inner), (inner.start_mark, event.start_mark, None)
            else:
                value, place = self.node(inner, depth + 1, event.start_mark)
            if type(name) is str and name != "<<" and name not in values:
                values[name], places[name] = value, place
            else:
                self.refuse_key(event, name, value, places)
            event = get()
        return values, (start.start_mark, key, places)

    def sequence(self, start: Any, depth: int, key: Any) -> tuple[Any, Node]:
        get = self.loader.get_event
        values: list[Any] = []
        places: list[Node] = []
        event = get()
        while type(event) is not yaml.SequenceEndEvent:
            if type(event) is _Scalar:
                value, place = self.scalar(event), (event.start_mark, None, None)
            else:
                value, place = self.node(event, depth + 1, None)
            values.append(value)
            places.append(place)
            event = get()
        return values, (start.start_mark, key, places)

    def refuse_key(self, event: Any, name: Any, value: Any, places: dict[str, Node]) -> None:
        if type(name) is not str:
            self.report("FC005", "a key must be a plain word", event)
        elif name == "<<":
            self.merges.append((event, [*value] if type(value) is dict else [], places))
        else:
            where = f"it stands in line {places[name][1].line + 1} already"
            self.report("FC003", f"duplicate key {name}; {where}: formcheck takes neither value", event)

    def refuse_merges(self) -> None:
        """Said when all keys beside a merge key are known, so that the sentence can name them."""
        for event, inside, beside in self.merges[:20]:
            keys = ", ".join([*inside, *beside][:20])
            self.report("FC003", f"the merge key << is not read: write the keys out (here: {keys})", event)

    def refuse_decoration(self, event: Any) -> None:
        if event.tag is not None:
            self.report("FC003", f"the tag {event.tag} is not read: write the plain value", event)
        if event.anchor is not None:
            self.report("FC003", f"the anchor &{event.anchor} is not read: write the value where it belongs", event)

    def report(self, code: str, message: str, event: Any) -> str:
        self.troubles.append(Trouble(code, message, event.start_mark.line + 1, event.start_mark.column + 1))
        return message


def read_document(text: str, *, is_json: bool = False) -> Document:
    """Take a text apart; what is wrong with it is in `troubles`, and its value is then not to be trusted."""
    original = text
    if is_json:
        text = _SURROGATES.sub(_one_escape, text)
    try:
        walk = _Walk(text)
    except yaml.YAMLError as error:
        return Document(None, None, [_syntax(error, text)])
    value, root = None, None
    try:
        value, root = walk.document()
    except _Stop:
        pass
    except yaml.YAMLError as error:
        walk.troubles.append(_syntax(error, text))
    finally:
        walk.refuse_merges()
        walk.loader.dispose()
    if is_json and not any(t.code == "FC003" for t in walk.troubles):
        walk.troubles[:] = _json_troubles(original) or walk.troubles
    return Document(value, root, walk.troubles)


# JSON writes a character beyond the first plane as two escapes, YAML as one.
_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def _one_escape(match: re.Match[str]) -> str:
    high, low = int(match[2], 16), int(match[3], 16)
    return f"{match[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


_HINTS = {
    "mapping values are not allowed": ": a text that holds a colon must stand in quotes",
    "could not find expected ':'": ": above, a colon lacks the space after it, or a quotation mark is not closed",
    "did not find expected key": ": above, a quotation mark or bracket is not closed, or the indent is uneven",
    "did not find expected": ": a bracket, comma or quotation mark is missing",
    "cannot start any token": ": indent with spaces, not tabs, and put text with special characters in quotes",
}


_REMARK = re.compile(r"(?<=\s)#.*[}\]]")


def _hidden(error: yaml.YAMLError, text: str) -> Trouble | None:
    """Where a # hides the end of a group in { } or [ ], between its beginning and the place where it was missed."""
    begin, end = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    if begin is None or end is None or "did not find expected" not in str(getattr(error, "problem", "")):
        return None
    for number, line in enumerate(text.split("\n")[begin.line : end.line + 1], begin.line + 1):
        found = _REMARK.search(line)
        if found is not None and line[: found.start()].count('"') % 2 == 0 and line[: found.start()].count("'") % 2 == 0:
            what = f"after a space, # begins a remark, and the rest of the line is not read ({escaped(found[0])})"
            return Trouble("FC002", f"not YAML: {what}: put a text that holds a # in quotes", number, found.start() + 1)
    return None


def _syntax(error: yaml.YAMLError, text: str = "") -> Trouble:
    hidden = _hidden(error, text)
    if hidden is not None:
        return hidden
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be understood"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if "nesting depth" in str(what):
        # The scanner of some versions of libyaml gives up on its own, before the walk counts.
        return Trouble("FC003", _TOO_DEEP, line, column)
    if "special characters" in str(what) or "control characters" in str(what):
        what = "a control character that no text should hold"
    context = getattr(error, "context", None)
    hint = next((said for words, said in _HINTS.items() if words in str(what)), "")
    message = f"not YAML: {what}{f' ({context})' if context else ''}{hint}"
    return Trouble("FC002", message, line, column)


def _json_troubles(text: str) -> list[Trouble]:
    try:
        json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return [Trouble("FC002", f"not JSON: {error.msg}", error.lineno, error.colno)]
    except ValueError as error:
        return [Trouble("FC002", f"not JSON: {error}", 1, 1)]
    return []


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number a paper may hold")
