"""What a rule needs, as fields of the papers: "made", "active.certificate.water", "components.lot", "balances.verified".

A need begins with a field of the record, with a role of components ("active"), or with "formulation". Fields that do
not apply to a component (the lot of in-house water, the certificate of a stored trituration) are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from formcheck.papers.formulation import Role
from formcheck.papers.placeholders import is_blank
from formcheck.papers.words import words_for
from formcheck.planning.components import Used, is_measured, is_weighed, plain
from formcheck.planning.weighing import is_corrected_already, needed_for

if TYPE_CHECKING:
    from formcheck.planning.batch import Batch

__all__ = ["find", "key_of", "missing", "words_of"]

Path = tuple[str | int, ...]


def find(batch: Batch, need: str) -> list[tuple[Path, Any]]:
    """Every field a need names in these papers, with its value; a field that does not apply is left out."""
    selector, steps = _taken_apart(need)
    if selector in _SELECTORS:
        return _of_components(batch, selector, steps)
    if selector in _LISTS:
        listed = getattr(batch.record, selector)
        return [((selector, index, *steps), _walk(item, steps)) for index, item in enumerate(listed)] or [
            ((selector,), None)
        ]
    if selector == "formulation" and need not in _OF_THE_RECORD:
        return [(("(formulation)", *steps), _walk(batch.formulation, steps))]
    return [((selector, *steps), _walk(batch.record, (selector, *steps)))]


def missing(batch: Batch, need: str) -> tuple[Path, ...]:
    """The fields a need names that say nothing."""
    # What is there is not missing, whether it applies or not; only what is not there is looked into.
    return () if _is_said(batch, need) else tuple(path for path, value in find(batch, need) if _says_nothing(value))


def _is_said(batch: Batch, need: str) -> bool:
    """Whether a need is met in every place where it could be asked for: the usual case, found without the places."""
    holders, field = _holders_of(need)
    held = holders(batch)
    try:
        for holder in held:
            if _says_nothing(field(holder)):
                return False
    except AttributeError:
        return False  # a paper that would hold the field is not there
    return bool(held)


@cache
def _holders_of(need: str) -> tuple[Callable[[Batch], tuple[Any, ...]], Callable[[Any], Any]]:
    """What holds the field that a need names, and how it is got from there."""
    selector, steps = _taken_apart(need)
    if selector in _SELECTORS:
        return _SELECTORS[selector], attrgetter(".".join(("used", *steps)))
    if selector in _LISTS and steps:
        return attrgetter(f"record.{selector}"), attrgetter(".".join(steps))
    if selector == "formulation" and steps and need not in _OF_THE_RECORD:
        return lambda batch: (batch.formulation,), attrgetter(".".join(steps))
    return lambda batch: (batch.record,), attrgetter(need)


def _says_nothing(value: Any) -> bool:
    kind = type(value)
    return is_blank(value) if kind is str else value is None or (kind is tuple and not value)


_OF_WHICH = {
    "active": "of the active",
    "diluent": "of the diluent",
    "shell": "of the capsule shell",
    "weighed": "of each that is weighed",
    "measured": "of each that is measured",
    "made_up": "of what is made up to volume",
}


def key_of(need: str) -> str:
    """The key that is written for a need: "components.certificate.water of the active", "tests in the formulation"."""
    selector, steps = _taken_apart(need)
    if selector in _OF_WHICH:
        return f"{'.'.join(('components', *steps))} {_OF_WHICH[selector]}"
    if selector == "formulation" and need not in _OF_THE_RECORD:
        return f"{'.'.join(steps)} in the formulation"
    return need


_LISTS = ("balances",)
_OF_THE_RECORD = ("formulation.id", "formulation.version")
"""What the record itself says of its formulation."""


def _of_components(batch: Batch, selector: str, steps: tuple[str, ...]) -> list[tuple[Path, Any]]:
    chosen = list(_SELECTORS[selector](batch))
    if not chosen:
        if selector in _MAY_BE_NONE or not _is_asked_for(steps, batch):
            return []
        return [(("components", selector) if selector in _ROLES else ("components",), None)]
    return [
        ((*used.path, *at), _walk(used.used, at))
        for used in chosen
        if _component_applies(selector, steps, used, batch)
        for at in (_where(steps, used),)
    ]


def _where(steps: tuple[str, ...], used: Used) -> tuple[str, ...]:
    """Where a field stands: the certificate of a stored trituration is that of the powder it was made from."""
    trituration = used.used.trituration
    if steps[:1] != ("certificate",) or used.used.certificate is not None:
        return steps
    return steps if trituration is None or trituration.source is None else ("trituration", "source", *steps)


@cache
def _taken_apart(need: str) -> tuple[str, tuple[str, ...]]:
    selector, *steps = need.split(".")
    return selector, tuple(steps)


_SELECTORS: dict[str, Callable[[Batch], tuple[Used, ...]]] = {
    "components": lambda batch: batch.components,
    "active": lambda batch: batch.in_role(Role.ACTIVE),
    "diluent": lambda batch: batch.in_role(Role.DILUENT),
    "shell": lambda batch: batch.in_role(Role.SHELL),
    "weighed": lambda batch: tuple(u for u in batch.components if is_weighed(u)),
    "measured": lambda batch: tuple(u for u in batch.components if is_measured(u)),
    "made_up": lambda batch: batch.made_up,
}
_MAY_BE_NONE = frozenset({"measured", "weighed"})
_ROLES = frozenset({"active", "diluent", "shell", "made_up"})
"""Where no component has a role, what is missing is named by it: "the shell among the components"."""


def _component_applies(selector: str, steps: tuple[str, ...], used: Used, batch: Batch) -> bool:
    if not steps:
        return True
    name, first = steps[-1], steps[0]
    if first == "certificate":
        if is_corrected_already(used.used.trituration):
            return False
        at = _where(("certificate",), used)
        return name not in _RESIDUES or name in needed_for(_walk(used.used, at))
    if name in ("weighed", "balance") and used.used.aliquot is not None:
        return False  # its weighings stand in the aliquot (FC310)
    if name == "balance" and used.used.trituration is not None:
        return False
    if selector == "components" and name in ("lot", "expires", "vendor"):
        if name == "expires" and used.used.received is not None:
            return used.used.expires is not None
        if used.used.trituration is not None:
            return False  # a trituration has its own id, record and date (FC311)
        return is_blank(used.used.system) or "water" not in plain(used.name)
    return _is_asked_for(steps, batch)


def _is_asked_for(steps: tuple[str, ...], batch: Batch) -> bool:
    """Whether a field says anything of this batch, be there such a component or not: net masses need no shell."""
    if steps[-1:] != ("mean_mass",):
        return True
    masses = batch.record.unit_masses
    return masses is not None and masses.kind != "net"


_RESIDUES = frozenset({"water", "solvents", "loss_on_drying"})


def _walk(value: Any, steps: tuple[str, ...]) -> Any:
    for name in steps:
        if value is None:
            return None
        value = getattr(value, name)
    return value


def words_of(batch: Batch, path: Path) -> str:
    """What a pharmacist calls a field of a batch's papers, with the name of the component it is one's of."""
    field = ".".join(str(step) for step in path if step != "(formulation)" and not isinstance(step, int))
    if path[0] != "components" or len(path) < 2:
        return words_for(field)
    if isinstance(path[1], int) and len(path) > 2:
        name = batch.components[path[1]].name
        in_house = field == "components.lot" and "water" in name.casefold()
        more = " (or, of in-house water, its system, written as system: PW-01)" if in_house else ""
        return words_for(field.removeprefix("components."), name) + more
    formulation = batch.formulation.components if batch.formulation is not None else ()
    wanted = [c.name for c in formulation if c.role == path[1] or (path[1] == "made_up" and c.final_volume is not None)]
    stands = f" (no component of the record stands for {wanted[0]})" if len(wanted) == 1 else ""
    return words_for(field) + stands
