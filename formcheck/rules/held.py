"""What units hold beside their label: far more, by what was weighed, by their masses or by an assay. FC101 asks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from attrs import evolve

from formcheck.planning.results import of_label
from formcheck.rules.rule import Path
from formcheck.substance import Basis

if TYPE_CHECKING:
    from formcheck.planning.batch import Batch

__all__ = ["Held", "far_from_label"]


class Held(NamedTuple):
    """How many times its label a batch holds, by what, and where that stands in the record."""

    times: Fraction
    words: str
    field: Path


def far_from_label(batch: Batch) -> Iterator[Held]:
    """What says that units hold far more than their label: above 110 % it is the label's milligrams no more.

    Within its limits a batch counts as what it is labelled; a single unit may lie 25 % above (USP <905>).
    """
    record, active, basis = batch.record, batch.active, batch.record.strength_basis
    weighed = None if active is None else batch.weighed(active)
    if weighed is not None and batch.active_required and weighed / batch.active_required > _OF_BATCH:
        yield Held(
            weighed / batch.active_required, "what was weighed", ("components", active.index if active else 0, "weighed")
        )
    theory, mean = batch.net_in_unit, batch.mean_net_mass
    if theory and mean is not None and mean / theory > _OF_BATCH:
        yield Held(mean / theory, "the masses of the units", ("unit_masses", "values"))
    assay, contents = record.assay, record.unit_contents
    if assay is not None and assay.value is not None and basis is not None:
        found = assay.value.value * _at_worst(assay.expressed_as, basis)
        if found > _OF_BATCH:
            yield Held(found, "the assay", ("assay", "value"))
    most = max(batch.contents, default=Fraction(0))
    if contents is not None and contents.expressed_as is None and basis is not None:
        # Nobody says what they are of: the more of salt and base.
        said = evolve(batch, record=evolve(record, unit_contents=evolve(contents, expressed_as="naltrexone")))
        most = max(said.contents, default=Fraction(0))
    if most > _OF_UNIT:
        yield Held(most, "the greatest content of a unit", ("unit_contents", "values"))


def _at_worst(expressed_as: str | None, basis: Basis) -> Fraction:
    """What brings a result to what the label counts; where it does not say what it is of, the more of salt and base."""
    return of_label(expressed_as or "naltrexone", basis)


_OF_BATCH, _OF_UNIT = Fraction(110, 100), Fraction(125, 100)
