"""Plain values into papers, strictly, with every problem and its path. The only room that knows cattrs."""

import datetime
import difflib
import re
import types
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any, Literal, Union, get_args, get_origin

import attrs
import cattrs
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError
from cattrs.gen import make_dict_structure_fn

from formcheck.errors import FormcheckError, NotAQuantity, WrongDimension
from formcheck.grammar import bare_number, escaped
from formcheck.liquid import read_density
from formcheck.papers.formulation import BeyondUse, FormCategory, Role, When
from formcheck.papers.placeholders import is_blank
from formcheck.papers.values import (
    Age,
    BodyWeight,
    Count,
    DosePlan,
    Expiry,
    Interval,
    Moment,
    NotADate,
    Number,
    Range,
    Residue,
    Text,
    read_date,
)
from formcheck.substance import Basis
from formcheck.units import KINDS_OF, Amount, Density, Percent, PowderStrength, Size, amount, format_exactly

__all__ = ["Misfit", "structure"]

Path = tuple[str | int, ...]


class WrongShape(FormcheckError):
    """A list, a mapping or a text where another of them belongs."""


class NotAChoice(FormcheckError):
    """A value outside the choices of its field."""


@attrs.frozen
class Misfit:
    """A value that does not fit the paper: the code, the sentence, the path; whether the key is meant."""

    code: str
    message: str
    path: Path
    at_key: bool = False


def structure(value: dict[str, Any], paper: type[Any]) -> tuple[Any, list[Misfit]]:
    """Make a paper of plain values, or say everything that does not fit."""
    try:
        return _converter().structure(value, paper), []
    except ClassValidationError as error:
        return None, list(_misfits(error, (), paper))


_READ = (Age, BodyWeight, Count, DosePlan, Expiry, Interval, Moment, Number, Range, Residue)


@cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook_factory(attrs.has, lambda cls: _mapping_hook(cls, converter))
    converter.register_structure_hook_factory(_is_tuple, lambda of: _list_hook(of, converter))
    converter.register_structure_hook_factory(_is_dict, lambda of: _dict_hook(of, converter))
    converter.register_structure_hook_factory(_is_literal, _choice_hook)
    converter.register_structure_hook_factory(_is_optional, lambda of: _optional_hook(of, converter))
    hooks: dict[Any, Callable[[Any, Any], Any]] = {
        **{kind: _amount_hook(*kinds) for kind, kinds in KINDS_OF.items()},
        Percent: _percent,
        Density: _checked(read_density, *KINDS_OF[Density]),
        Size: _checked(_whole_capsules, *KINDS_OF[Size]),
        PowderStrength: _powder_strength,
        Amount: _amount_hook(),
        Text: lambda value, _: _text(value),
        datetime.date: _reading_hook(read_date),
        **{kind: _reading_hook(kind.read) for kind in _READ},
    }
    converter.register_structure_hook_factory(lambda of: _is_among(of, hooks), lambda of: hooks[of])
    # cattrs has ready-made hooks for int and Enum which it asks before any factory: ours must stand in their place.
    converter.register_structure_hook(Count, hooks[Count])
    for choices in (Basis, FormCategory, Role, When):
        converter.register_structure_hook(choices, _choice_hook(choices))
    return converter


def _is_among(of: Any, hooks: dict[Any, Any]) -> bool:
    return any(of is kind for kind in hooks)


def _is_literal(of: Any) -> bool:
    origin: Any = get_origin(of)
    return origin is Literal


def _is_optional(of: Any) -> bool:
    return get_origin(of) in (Union, types.UnionType) and type(None) in get_args(of) and len(get_args(of)) == 2


def _optional_hook(of: Any, converter: cattrs.Converter) -> Callable[[Any, Any], Any]:
    """The hook of what may be absent, looked up once: blank values never come this far."""
    inner = next(kind for kind in get_args(of) if kind is not type(None))
    make = converter.get_structure_hook(inner)
    return lambda value, _: make(value, inner)


def _is_tuple(of: Any) -> bool:
    return get_origin(of) is tuple


def _is_dict(of: Any) -> bool:
    return get_origin(of) is dict


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise WrongShape(f"a single text belongs here, not {_shape(value)}")


def _if_none(value: Any) -> str:
    """What to do where somebody wrote that there is none."""
    return ": where there is none, leave the key out" if type(value) is str and is_blank(value) else ""


def _shape(value: Any) -> str:
    shapes: dict[Any, str] = {dict: "a mapping of keys", list: "a list", str: "a text"}
    return shapes.get(type(value), "nothing")


def _amount_hook(*kinds: str) -> Callable[[Any, Any], Amount]:
    return lambda value, _: amount(_text(value), *kinds)


def _checked(check: Callable[[Amount], Amount], *kinds: str) -> Callable[[Any, Any], Amount]:
    return lambda value, _: check(amount(_text(value), *kinds))


def _whole_capsules(size: Amount) -> Amount:
    if size.kind == "capsules" and size.number.denominator != 1:
        raise NotAQuantity(f"{size} is no number of capsules: capsules are counted, so write a whole number")
    return size


def _powder_strength(value: Any, _: Any) -> Amount:
    """A strength of a powder: its percentage is one by weight, whether it says so or not."""
    text = _text(value)
    is_bare = len(text) < 20 and re.fullmatch(r"[0-9.]+ ?%", text, re.ASCII) is not None
    return amount(f"{text} w/w" if is_bare else text, *KINDS_OF[PowderStrength])


def _percent(value: Any, _: Any) -> Amount:
    try:
        return amount(_text(value), "percent")
    except NotAQuantity:
        try:
            number = bare_number(value)
        except NotAQuantity:
            raise _original(value) from None
        meant = f"{value} %" if number > 2 else f"{format_exactly(number * 100)} % (or {value} %, if that is meant)"
        raise NotAQuantity(f"{escaped(value)} has no % sign: write {meant}") from None


def _original(value: str) -> NotAQuantity:
    try:
        amount(value, "percent")
    except NotAQuantity as error:
        return error
    raise AssertionError(value)


def _reading_hook(read: Callable[[str], Any]) -> Callable[[Any, Any], Any]:
    """What a text means, remembered: a value never changes, and the same dates and masses come again and again."""
    known = lru_cache(maxsize=4096)(read)
    return lambda value, _: known(_text(value))


def _mapping_hook(cls: type[Any], converter: cattrs.Converter) -> Callable[[Any, Any], Any]:
    build = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True)

    def hook(value: Any, of: Any) -> Any:
        if type(value) is not dict:
            raise WrongShape(f"keys and values belong here, not {_shape(value)}{_if_none(value)}")
        if None in value.values():
            given = {key: inner for key, inner in value.items() if inner is not None}
            unknown = [key for key in value if key not in given and key not in known]
            value = given | dict.fromkeys(unknown, "")
        return build(value, of)

    known = {field.name for field in attrs.fields(cls)}
    return hook


def _list_hook(of: Any, converter: cattrs.Converter) -> Callable[[Any, Any], Any]:
    inner = get_args(of)[0]
    make = converter.get_structure_hook(inner)

    def hook(value: Any, _: Any) -> tuple[Any, ...]:
        if inner is BeyondUse and type(value) is dict:
            value = [value]
        if type(value) is not list:
            raise WrongShape(f"a list belongs here, not {_shape(value)}{_if_none(value)}")
        made, errors = [], []
        for index, item in enumerate(value):
            try:
                made.append(make(item, inner) if item is not None else _blank_item())
            except Exception as error:
                error.add_note(_Index(index))
                errors.append(error)
        if errors:
            raise IterableValidationError("list", errors, of)
        return tuple(made)

    return hook


class _Index(str):
    """The note on an error that says at which place of a list, or under which key, it arose."""

    __slots__ = ("step",)

    def __new__(cls, step: str | int) -> "_Index":
        note = super().__new__(cls, step)
        note.step = step
        return note

    step: str | int


def _blank_item() -> Any:
    raise WrongShape("an item of the list is blank: write its value, or remove it")


def _dict_hook(of: Any, converter: cattrs.Converter) -> Callable[[Any, Any], Any]:
    key_type, value_type = get_args(of)
    make_key, make_value = converter.get_structure_hook(key_type), converter.get_structure_hook(value_type)

    def hook(value: Any, _: Any) -> dict[Any, Any]:
        if type(value) is not dict:
            raise WrongShape(f"keys and values belong here, not {_shape(value)}{_if_none(value)}")
        made, errors = {}, []
        for key, item in value.items():
            try:
                name = make_key(key, key_type)
                if item is not None:
                    made[name] = make_value(item, value_type)
            except Exception as error:
                error.add_note(_Index(key))
                errors.append(error)
        if errors:
            raise IterableValidationError("mapping", errors, of)
        return made

    return hook


def _choice_hook(of: Any) -> Callable[[Any, Any], Any]:
    choices: dict[str, Any] = {str(getattr(c, "value", c)): c for c in (get_args(of) or of)}

    def hook(value: Any, _: Any) -> Any:
        text = _text(value)
        if text in choices:
            return choices[text]
        near = difflib.get_close_matches(text, choices, n=1, cutoff=0.6)
        guess = f"did you mean {near[0]}? " if near else ""
        raise NotAChoice(f"{escaped(text)} is not known here: {guess}Write one of {', '.join(choices)}")

    return hook


_CODES: tuple[tuple[type[Exception], str], ...] = (
    (WrongDimension, "FC007"),
    (NotAQuantity, "FC006"),
    (NotADate, "FC008"),
    (NotAChoice, "FC009"),
    (WrongShape, "FC005"),
)


_COMMA_HINT = "a comma inside { } begins a new entry, so write numbers without a thousands comma"


def _misfits(error: BaseException, path: Path, of: Any) -> Iterator[Misfit]:
    if isinstance(error, (ClassValidationError, IterableValidationError)):
        for inner in error.exceptions:
            step = _step(inner)
            yield from _misfits(inner, path if step is None else (*path, step), error.cl)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [field.name for field in attrs.fields(error.cl)]
        for key in sorted(error.extra_fields):
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
            if key[:1].isdigit():
                yield Misfit("FC004", f"{escaped(key)} stands alone: {_COMMA_HINT}", (*path, key), at_key=True)
                continue
            hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
            yield Misfit("FC004", f"{escaped(key)} is not a key of this paper: {hint}", (*path, key), at_key=True)
    else:
        code = next((code for kind, code in _CODES if isinstance(error, kind)), None)
        if code is None:
            raise error
        yield Misfit(code, str(error), path)


def _step(error: BaseException) -> str | int | None:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, _Index):
            return note.step
        name = getattr(note, "name", None)
        if isinstance(name, str):
            return name
    return None
