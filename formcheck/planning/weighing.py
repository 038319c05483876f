"""What should have been weighed: the potency of a lot, and the powder that a batch requires."""

from fractions import Fraction

from formcheck import measures
from formcheck.papers.compounding import Certificate

__all__ = ["BASES", "LEAST_POTENCY", "MOST_ASSAY", "needed_for", "potency"]

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
