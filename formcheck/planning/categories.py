"""The dating category of a preparation by what is in it: with water or without, preserved or not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import attrs

from formcheck.papers.dosage_forms import DosageForm
from formcheck.papers.formulation import BeyondUse, Component, FormCategory, Role
from formcheck.planning.components import plain
from formcheck.planning.dating import TABLE_DAYS

if TYPE_CHECKING:
    from formcheck.planning.batch import Batch

__all__ = ["as_made", "category_of", "is_laxer", "left_unpreserved", "preserves", "water_in"]

_VEHICLES = r"\b(?:ora-?(?:plus|sweet|blend)|syrspend)\b"
_WATER = re.compile(rf"\b(?:water(?![- ](?:free|soluble|miscible))|aqua|syrup)\b|{_VEHICLES}")
_PRESERVED = re.compile(
    r"(?<!un)(?<!non-)(?<!not )(?<!no )(?<!without )(?<!free of )\bpreserv(?:ed|atives?)\b(?![- ]free)" + f"|{_VEHICLES}"
)


def water_in(components: Iterable[Component]) -> Component | None:
    """The first component that is water, or is mostly water; None where no name says so."""
    return next((component for component in components if component.name is not None and _is_water(component.name)), None)


@lru_cache(maxsize=256)
def _is_water(name: str) -> bool:
    return _WATER.search(plain(name)) is not None


def preserves(component: Component) -> bool:
    """Whether a component is a preservative, or a vehicle that brings its own, as its name or characteristics say."""
    if component.role in (Role.PRESERVATIVE, Role.ACTIVE):
        return component.role is Role.PRESERVATIVE
    texts = (component.name, component.characteristics)
    return any(text is not None and _says_preserved(text) for text in texts)


@lru_cache(maxsize=256)
def _says_preserved(text: str) -> bool:
    return _PRESERVED.search(text.casefold()) is not None


def category_of(components: Iterable[Component], form: DosageForm | None) -> FormCategory | None:
    """The category by the components alone; None where the dosage form, or every component, is missing."""
    components = tuple(components)
    if form is None or not components:
        return None
    if form.units_are_counted:
        return FormCategory.OTHER_NONAQUEOUS
    if water_in(components) is None:
        return FormCategory.ORAL_LIQUID_NONAQUEOUS
    return FormCategory.AQUEOUS_PRESERVED if any(map(preserves, components)) else FormCategory.AQUEOUS_NONPRESERVED


def is_laxer(named: FormCategory, true: FormCategory | None) -> bool:
    """Whether the category that is named allows a longer dating than the true one."""
    return true is not None and TABLE_DAYS[named] > TABLE_DAYS[true]


def left_unpreserved(batch: Batch) -> bool:
    """Whether the formulation has something that preserves, and its record nothing of it.

    A component under a name that nobody knows may be what preserves: that it is unknown is said of it already.
    """
    planned = [] if batch.formulation is None else [c for c in batch.formulation.components if preserves(c)]
    used = {None if component.planned is None else id(component.planned) for component in batch.components}
    return bool(planned) and bool(used) and None not in used and not any(id(component) in used for component in planned)


def as_made(entry: BeyondUse, batch: Batch) -> BeyondUse:
    """The dating for what the batch is by its components: evidence about another preparation extends nothing."""
    components = batch.formulation.components if batch.formulation is not None else ()
    true = category_of(components, batch.form)
    if true is FormCategory.AQUEOUS_PRESERVED and left_unpreserved(batch):
        true = FormCategory.AQUEOUS_NONPRESERVED
    if true is None or entry.category is None or not is_laxer(entry.category, true):
        return entry
    return attrs.evolve(entry, category=true, basis="default")
