"""The calculations of a record once more, with their working: what a second person needs to go through them."""

from collections.abc import Iterator
from fractions import Fraction

from formcheck.bench import dates, powders, results
from formcheck.bench.worked import Step, Worked, figure
from formcheck.errors import FormcheckError
from formcheck.papers.values import Expiry
from formcheck.planning.batch import Batch
from formcheck.planning.dating import TABLE_DAYS, expiry_of
from formcheck.planning.weighing import BASES, needed_for
from formcheck.substance import Basis
from formcheck.units import amount, format_exactly

__all__ = ["reckoned"]


def reckoned(batch: Batch) -> Iterator[tuple[str, Worked]]:
    """The calculations of the record again, with their working; one that cannot be made is left out."""
    for title, reckon in (("amount of the active", _potency), ("drops", _drops), ("content uniformity", _uniformity),
                          ("date", _date)):  # fmt: skip
        try:
            worked = reckon(batch)
        except FormcheckError:
            continue
        if worked is not None:
            yield title, worked


_RESIDUES = ("water", "solvents", "loss_on_drying")


def _potency(batch: Batch) -> Worked | None:
    record, active = batch.record, batch.active
    certificate = active.used.certificate if active is not None else None
    if certificate is None or certificate.assay is None or certificate.basis not in BASES or active is None:
        return None
    if record.strength_basis is not Basis.HYDROCHLORIDE:
        return None  # the strength does not count what the powder is
    if record.strength is None or record.quantity is None or active.used.trituration is not None:
        return None
    # What the basis of the assay does not need is not subtracted, though the certificate may say it.
    needed = needed_for(certificate)
    residues = {name: getattr(certificate, name) if name in needed else None for name in _RESIDUES}
    overages = (batch.batch_overage or Fraction(0), batch.active_overage or Fraction(0))
    of = (record.strength, record.quantity, certificate.assay, certificate.basis, residues)
    return powders.potency(*of, *overages, weighed=active.used.weighed)


def _uniformity(batch: Batch) -> Worked | None:
    contents = batch.contents
    if len(contents) not in (10, 30):
        return None
    return results.uniformity([amount(f"{format_exactly(content * 100)} %") for content in contents])


def _date(batch: Batch) -> Worked | None:
    record, entry = batch.record, batch.beyond_use
    if record.made is None or entry is None or entry.category is None:
        return None
    ends = [end for used in batch.components if (end := expiry_of(used.used)) is not None]
    stored = (used.used.trituration for used in batch.components)
    ends += [each.beyond_use_date for each in stored if each is not None and each.beyond_use_date is not None]
    earliest = None if not ends else Expiry.read(str(min(ends)))
    justified = entry.basis in ("study", "monograph")
    days = None if entry.days is None else int(entry.days)
    if days == TABLE_DAYS[entry.category] and not justified:
        days = None  # the table itself
    return dates.beyond_use(entry.category.value, record.made, earliest, days, justified=justified)


def _drops(batch: Batch) -> Worked | None:
    """How large a drop is, and what the drops of the directions hold."""
    filed = batch.formulation.drop_calibration if batch.formulation is not None else None
    calibration = filed if filed is not None and filed.runs else batch.record.drop_calibration
    factor, conversion, strength = batch.drop_factor, batch.conversion, batch.record.strength
    if factor is None or calibration is None or not batch.is_in_drops:
        return None
    per_millilitre = figure(factor.per_millilitre, "drops/mL", 3)
    runs = "; ".join(map(str, calibration.runs))
    density = "" if calibration.density is None else f"; density {calibration.density}"
    steps = [Step("Drops in one mL", "all drops / all millilitres", f"{runs}{density}", per_millilitre)]
    answer = f"{per_millilitre} with this dropper"
    if conversion is not None and conversion.delivered is not None:
        held = figure(conversion.delivered.milligrams, "mg", 3)
        numbers = f"{conversion.drops} / {per_millilitre} x {strength}"
        steps.append(Step("What is taken at once", "drops / drops in one mL x strength", numbers, held))
        answer = f"{conversion.drops} drops hold {held}"
    return Worked(answer, {}, tuple(steps))
