"""What nobody can take upon himself where it fails: what no decision of a pharmacist makes fit to be dispensed.

The law lets a pharmacist decide on much: a capsule or a yield out of a house limit, a balance, a filler, a test done late,
a word on the label. It lets nobody dispense another strength, another drug, a drug past its date or without a certificate,
or a batch that nobody answers for. A warning can always be waived; what was not determined stays so, waived or not.
"""

from collections.abc import Callable
from fractions import Fraction

from formcheck.papers.formulation import Role
from formcheck.planning.batch import Batch
from formcheck.planning.opioids import is_opioid_or_antagonist
from formcheck.rules.potency import assay_rows, volume_rows
from formcheck.rules.rule import Limits

__all__ = ["NEVER", "never_waived"]

NEVER = {
    "FC201": "an expired component",
    "FC203": "another substance",
    "FC302": "water subtracted twice, or not at all,",
    "FC303": "a factor of salt and base",
    "FC306": "a slip of the decimal point",
    "FC310": "the arithmetic of an aliquot",
    "FC707": "another strength on the label",
    "FC912": "a waiver that holds no longer",
    "FC913": "a waiver of nothing",
    "FC914": "a correction",
}
"""What no waiver can name, beside the ceiling and what cannot be read (these are refused at reading)."""

_WHERE_IT_FAILS = {
    "FC108": "a dose that is not the one ordered",
    "FC202": "a certificate of another lot",
    "FC204": "an active that does not keep its monograph",
    "FC311": "a stored trituration that is past its date, or none,",
    "FC407": "units whose content differs too much",
    "FC408": "units whose content differs too much",
    "FC607": "doses that differ too much",
    "FC423": "a result of another batch",
    "FC424": "a release before the results, in an outsourcing facility,",
    "FC501": "a beyond-use date past its limit",
    "FC502": "a beyond-use date past the expiry of a component",
    "FC503": "a beyond-use date without its evidence",
    "FC801": "who made and who verified the batch, and that they were trained,",
    "FC802": "the second person at the weighings, in an outsourcing facility,",
    "FC803": "an incomplete signature, in an outsourcing facility,",
    "FC804": "a trail that was tampered with, in an outsourcing facility,",
    "FC806": "a content that nobody signed",
}
"""What no waiver lets off as an error that fails. As a warning (one person for both, in a pharmacy) it may be waived."""

_USUAL = Limits.between("90.0 %", "110.0 %", "USP <795>, introduction")
_FAR_FROM_LABEL = "a strength outside 90.0 to 110.0 % of the label"


def _is_far(value: Fraction | None) -> bool:
    return value is not None and any(bound.broken_by(value) for bound in _USUAL.bounds)


def _assay_is_far(batch: Batch) -> bool:
    known = [row.values for row in assay_rows(batch) if None not in row.values.values()]
    return any(_is_far((values["assay"] or Fraction(0)) * (values["factor"] or Fraction(0))) for values in known)


def _weighed_is_far(batch: Batch) -> bool:
    """Whether what was weighed of the active makes another strength, by its potency and the batch."""
    weighed = None if batch.active is None else batch.weighed(batch.active)
    required = batch.active_required
    return weighed is not None and bool(required) and _is_far(weighed / required)  # type: ignore[operator]


def _volume_is_far(batch: Batch) -> bool:
    known = [row.values for row in volume_rows(batch) if None not in row.values.values()]
    return any(_is_far((values["final"] or Fraction(0)) / (values["planned"] or Fraction(1))) for values in known)


def _is_another_preparation(batch: Batch) -> bool:
    """Whether the preservative of the formulation was left out, on which the dating rests, or another drug went in."""
    if any(used.planned is None and is_opioid_or_antagonist(used.name) for used in batch.components):
        return True
    planned = batch.formulation.components if batch.formulation is not None else ()
    there = {id(used.planned) for used in batch.components}
    return any(component.role is Role.PRESERVATIVE and id(component) not in there for component in planned)


_IN_THIS_BATCH: dict[str, tuple[Callable[[Batch], bool], str]] = {
    "FC209": (_is_another_preparation, "a preservative left out, or another drug in it,"),
    "FC301": (_weighed_is_far, _FAR_FROM_LABEL),
    "FC305": (_weighed_is_far, _FAR_FROM_LABEL),
    "FC411": (_assay_is_far, _FAR_FROM_LABEL),
    "FC421": (_volume_is_far, _FAR_FROM_LABEL),
}
"""What may be waived within a house limit, and not beyond what anybody allows."""


def never_waived(code: str, batch: Batch) -> str | None:
    """What an error of this code is that fails in this batch, where nobody can take it on; None where somebody can."""
    if code in NEVER or code in _WHERE_IT_FAILS:
        return NEVER.get(code) or _WHERE_IT_FAILS[code]
    holds, words = _IN_THIS_BATCH.get(code, (None, ""))
    return words if holds is not None and holds(batch) else None
