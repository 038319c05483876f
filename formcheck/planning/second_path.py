"""The amounts of a worksheet once more, by a path of its own: whole numbers only, from the digits as they are written.

Nothing of `measures` or of the units is used here. What both paths give must agree; where they do not, no worksheet is
printed. Masses are in picograms, shares in billionths, a potency in billionths of billionths; nothing but the last division
is rounded.
"""

from fractions import Fraction

from formcheck.errors import FormcheckError
from formcheck.papers.compounding import Aliquot, Certificate, UsedComponent
from formcheck.papers.formulation import Component
from formcheck.planning.batch import Batch
from formcheck.planning.weighing import is_corrected_already, needed_for
from formcheck.substance import BASE_CAS, Basis
from formcheck.units import Amount, format_exactly

__all__ = ["Disagreement", "active_picograms", "diluent_picograms", "must_agree", "potency_parts"]

_BILLION = 10**9
_PART = 10**8
"""So small a part may two rounded paths differ by: one in a hundred million."""


class Disagreement(RuntimeError):
    """Two ways of reckoning an amount gave two answers: an error in formcheck, not in the papers."""


SALT_OF_BASE = 37_786, 34_140
"""The relative molecular masses of the hydrochloride and of the base, in hundredths (USP: 377.86; C20H23NO4: 341.40)."""


def must_agree(batch: Batch) -> None:
    """Reckon active and diluent of a batch again. Raises Disagreement where the first path gave something else.

    What the first path could not reckon is not reckoned here either.
    """
    record, used = batch.record, batch.active
    plan = batch.formulation.batch if batch.formulation is not None else None
    strength, size, required = record.strength, record.quantity, batch.active_required
    lot = None if used is None else _lot_parts(used.used)
    if used is None or lot is None or plan is None or strength is None or size is None or required is None:
        return
    batch_overage, active_overage = (
        "0" if each is None else each.digits for each in (plan.batch_overage, plan.active_overage)
    )
    salt = _salt(record.strength_basis, used.planned)
    again = active_picograms(_of_unit(strength), _of_unit(size), batch_overage, active_overage, lot, salt)
    _compare("active", again, required)
    fill = used.used.packing, batch.diluent.used.packing if batch.diluent is not None else None
    if fill[0] is not None and fill[1] is not None and batch.diluent_required is not None:
        packing, diluent_packing = (_of_unit(each) for each in fill if each is not None)
        filled = (_of_unit(strength), active_overage, lot), (packing, diluent_packing)
        rest = diluent_picograms(*filled, size.digits, batch_overage, salt)
        _compare("diluent", rest - _in_aliquot(used.used.aliquot), batch.diluent_required)


def _lot_parts(used: UsedComponent) -> int | None:
    """The active in what is weighed of a lot [billionths of billionths], powder or trituration; None if not said."""
    trituration = used.trituration
    if trituration is None:
        return _powder_parts(used.certificate)
    if trituration.concentration is None:
        return None
    share = _percent(trituration.concentration.digits)
    if is_corrected_already(trituration):
        return share * _BILLION
    source = trituration.source.certificate if trituration.source is not None else None
    drug = _powder_parts(used.certificate or source)
    return None if drug is None else share * drug // _BILLION


def _powder_parts(certificate: Certificate | None) -> int | None:
    if certificate is None or certificate.assay is None:
        return None
    residues = [getattr(certificate, name) for name in needed_for(certificate)]
    if any(residue is None for residue in residues):
        return None
    return potency_parts(certificate.assay.digits, [format_exactly(residue.value * 100) for residue in residues])


def _salt(basis: Basis | None, planned: Component | None) -> tuple[int, int]:
    """How many parts of the weighed substance one part of what the strength counts is, as a fraction."""
    counts_base, weighs_base = basis is Basis.BASE, planned is not None and planned.cas == BASE_CAS
    if counts_base is weighs_base:
        return 1, 1
    return SALT_OF_BASE if counts_base else (SALT_OF_BASE[1], SALT_OF_BASE[0])


def _in_aliquot(aliquot: Aliquot | None) -> int:
    """The diluent that comes with an aliquot [pg]: its part of the mixture, times the aliquot."""
    if aliquot is None or aliquot.drug is None or aliquot.diluent is None or aliquot.aliquot is None:
        return 0
    drug, diluent, taken = (scaled(_of_unit(mass)) for mass in (aliquot.drug, aliquot.diluent, aliquot.aliquot))
    return diluent * taken // (drug + diluent)


def _of_unit(written: Amount) -> str:
    """The digits of an amount in mg, mg/mL, mL or capsules; one in another unit as it is in these."""
    return written.digits if written.number == written.value else format_exactly(written.value)


def _compare(what: str, picograms: int, milligrams: Fraction) -> None:
    apart = abs(picograms - milligrams * _BILLION)
    if apart > 1 and apart * _PART > milligrams * _BILLION:
        raise Disagreement(f"{what}: {format_exactly(milligrams, 9)} mg by one path, {picograms} pg by the other")


def scaled(digits: str, places: int = 9) -> int:
    """A decimal number as it is written, times ten to the power of `places`. Raises FormcheckError for anything else."""
    whole, _, part = digits.partition(".")
    if not (whole + part).isdecimal() or not (whole + part).isascii():
        raise FormcheckError(f"{digits[:20]!r} is no decimal number")
    if len(part) > places and part[places:].strip("0"):
        raise FormcheckError(f"{digits[:20]!r} has more decimals than are reckoned with")
    shift: int = 10**places
    return int(whole or "0") * shift + int((part + "0" * places)[:places] or "0")


def _percent(digits: str) -> int:
    """A percentage in billionths of the whole."""
    return scaled(digits, 7)


def potency_parts(assay: str, residues: list[str]) -> int:
    """The active in the powder [billionths of billionths], from percentages: assay x (1 - water - solvents ...)."""
    return _percent(assay) * (_BILLION - sum(_percent(residue) for residue in residues))


def active_picograms(
    strength: str, units: str, batch_overage: str, active_overage: str, potency: int, salt: tuple[int, int] = (1, 1)
) -> int:
    """The powder to weigh [pg]: strength [mg] x units x overages x salt / potency, rounded down."""
    top = scaled(strength) * scaled(units) * (_BILLION + _percent(batch_overage)) * (_BILLION + _percent(active_overage))
    return top * salt[0] // (_BILLION * potency * salt[1])


def diluent_picograms(
    active: tuple[str, str, int],
    packings: tuple[str, str],
    units: str,
    batch_overage: str,
    salt: tuple[int, int] = (1, 1),
) -> int:
    """The diluent to weigh [pg]: what the active leaves of a capsule, filled, times the units.

    `active` is the strength, its overage and the potency, `packings` those of the active and of the diluent.
    """
    strength, active_overage, potency = active
    filled, diluent = (scaled(packing) for packing in packings)
    # Both sides of the difference are times the potency: so nothing is lost where the powder nearly fills the capsule.
    held = scaled(strength) * (_BILLION + _percent(active_overage)) * _BILLION * salt[0]
    left = filled * potency * salt[1] - held
    top = left * diluent * scaled(units) * (_BILLION + _percent(batch_overage))
    return top // (potency * salt[1] * filled * _BILLION * _BILLION)
