"""What should have been weighed: the potency of a lot, and the powder that a batch requires."""

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

from formcheck import measures
from formcheck.papers.compounding import Aliquot, Balance, Certificate, Trituration, UsedComponent
from formcheck.units import amount

__all__ = [
    "BASES", "LEAST_POTENCY", "MOST_ASSAY", "drug_in_aliquot", "is_corrected_already", "minimum_weighable", "needed_for",
    "potency", "potency_of", "sensitivity",
]  # fmt: skip

# Which further figures an assay needs before it says how much active the powder holds as it is.
BASES: dict[str, tuple[str, ...]] = {
    "anhydrous-solvent-free": ("water", "solvents"),
    "anhydrous": ("water",),
    "dried": ("loss_on_drying",),
    "as-is": (),
}
MOST_ASSAY = Fraction(102, 100)
"""The upper limit of the monograph (98.0-102.0 %, anhydrous, solvent-free; USP, naltrexone hydrochloride)."""

LEAST_POTENCY = Fraction(80, 100)
"""A dihydrate at 98 % holds 89 % of active; below 80 % a decimal point has slipped (formcheck's own)."""


def needed_for(certificate: Certificate | None) -> tuple[str, ...]:
    """The figures the basis of this certificate needs beside the assay; none where the basis is unclear."""
    return BASES.get(certificate.basis or "", ()) if certificate is not None else ()


def potency(certificate: Certificate | None) -> Fraction | None:
    """The active in the powder as it is, as a fraction, or None where the certificate does not say enough.

    On the anhydrous basis solvents are not subtracted: such an assay was corrected for water alone.
    """
    if certificate is None or certificate.assay is None or certificate.basis not in BASES:
        return None
    values = {name: getattr(certificate, name) for name in needed_for(certificate)}
    if any(value is None for value in values.values()):
        return None
    figures = {name: residue.value for name, residue in values.items()}
    assay = certificate.assay.value
    if certificate.basis == "as-is":
        found = measures.potency_as_is(assay)
    elif certificate.basis == "dried":
        found = measures.potency_from_dried(assay, figures["loss_on_drying"])
    else:
        found = measures.potency_from_anhydrous(assay, figures["water"], figures.get("solvents", Fraction(0)))
    return Fraction(found) if found > 0 else None


def is_corrected_already(trituration: Trituration | None) -> bool:
    """Whether a stored trituration was corrected for the potency of its drug when it was made: once is enough."""
    said = trituration.potency_corrected if trituration is not None else None
    return said is not None and " ".join(said.casefold().split()) == "when made"


def potency_of(used: UsedComponent, by: Callable[[Certificate | None], Fraction | None] = potency) -> Fraction | None:
    """The active in what is weighed of a component: of a powder, of an aliquot's drug, or of a stored trituration.

    A trituration holds its concentration, times the potency of its drug unless that was corrected when it was made;
    where the record does not say which, nothing is known.
    """
    trituration = used.trituration
    if trituration is None:
        return by(used.certificate)
    if trituration.concentration is None or trituration.concentration.kind != "percent_ww":
        return None
    share = trituration.concentration.value
    if is_corrected_already(trituration):
        return share if share > 0 else None
    said = " ".join((trituration.potency_corrected or "").casefold().split())
    source = trituration.source.certificate if trituration.source is not None else None
    drug = by(used.certificate or source)
    return share * drug if said == "when weighed" and drug is not None and share > 0 else None


def drug_in_aliquot(aliquot: Aliquot) -> Fraction | None:
    """The drug in the part of the mixture that was weighed out [mg]: drug x aliquot / (drug + diluent)."""
    if aliquot.drug is None or aliquot.aliquot is None or aliquot.diluent is None:
        return None
    mixture = aliquot.drug.value + aliquot.diluent.value
    return Fraction(measures.share_of_aliquot(aliquot.drug.value, aliquot.aliquot.value, mixture)) if mixture > 0 else None


LEAST_FACTORS = {"rx-5-percent": Fraction(20), "rx-1-percent": Fraction(100)}
"""100 / the error allowed in percent (UNC pharmlabs: minimum weighable quantity = sensitivity x 100 / % error)."""


def minimum_weighable(balance: Balance, policy: str) -> Fraction | None:
    """The least that a balance weighs well enough under a policy [mg]; None where the record does not say its errors.

    rx-5-percent and rx-1-percent: sensitivity x 20 and x 100, the sensitivity of an electronic balance being the larger of
    twice its repeatability and its readability; usp41: 2000 x the larger of the repeatability and 0.41 x the readability.
    """
    if balance.readability is None or balance.repeatability is None:
        return None
    return _least_weighed_well(balance.repeatability.text, balance.readability.text, policy)


@lru_cache(maxsize=256)
def _least_weighed_well(repeatability: str, readability: str, policy: str) -> Fraction:
    """The same of the two figures as they are written: a pharmacy has a few balances, and many batches."""
    spread, step = amount(repeatability, "mass").value, amount(readability, "mass").value
    if policy == "usp41":
        return Fraction(measures.minimum_weight_usp41(spread, step))
    return Fraction(measures.minimum_weight(sensitivity(spread, step), LEAST_FACTORS[policy]))


def sensitivity(repeatability: Fraction, readability: Fraction) -> Fraction:
    """The sensitivity of an electronic balance [mg]: the larger of twice its repeatability and its readability."""
    return Fraction(measures.greatest(2 * repeatability, readability))
