"""FC3: weighing. What a batch required, what was weighed, and the classic mistakes between them."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck.findings import Authority, Severity, Verdict
from formcheck.papers.formulation import Role
from formcheck.planning.batch import Batch
from formcheck.planning.components import Used, is_to_be_weighed, is_weighed
from formcheck.rules.rule import Fault, Limits, Row, Telling, limit_rule, record_rule
from formcheck.substance import MASS_DIHYDRATE, MASS_HYDROCHLORIDE, SALT_OF_BASE
from formcheck.units import format_exactly, format_number

RECOMPUTED = "formcheck: strength x units x (1 + overages) / potency, recomputed"
POTENCY_NEEDS = (
    "strength",
    "strength_basis",
    "quantity",
    "active.certificate.assay",
    "active.certificate.basis",
    "active.certificate.water",
    "active.certificate.solvents",
    "active.certificate.loss_on_drying",
    "formulation.batch.batch_overage",
    "formulation.batch.active_overage",
)
WATER_SLIP = Fraction(1, 1000)
SLIP = Fraction(3, 1000)
"""How near a figure must be to a wrong alternative to be named by it: 0.3 %."""
CLEARLY_WRONG = Fraction(5, 1000)


def _mg(value: Fraction) -> str:
    return f"{format_number(value, 2)} mg"


def _required(batch: Batch) -> Iterator[Row]:
    used = batch.active
    if used is not None and used.used.required is not None:
        required = used.used.required
        yield Row(
            {"required": required.value, "recomputed": batch.active_required or None},
            Limits.about("0.5 %", RECOMPUTED),
            lambda: Telling(
                f"the amount required of {used.name} ({required.as_written})",
                working=_working(batch),
                unknown="the papers do not give a potency and a number of units to compute it from",
            ),
            (*used.path, "required"),
        )


def _working(batch: Batch) -> str:
    if batch.active_required is None or batch.potency is None or batch.strength is None or batch.units is None:
        return ""
    overage = Fraction(1 + (batch.batch_overage or 0)) * (1 + (batch.active_overage or 0))
    times = f" x {format_exactly(overage)}" if overage != 1 else ""
    return (
        f"{format_exactly(batch.strength, 4)} mg x {format_exactly(batch.units)}{times} / "
        f"{format_number(batch.potency, 6)} = {_mg(batch.active_required)}"
    )


@limit_rule(
    "FC301",
    "Amount of active, recomputed",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=RECOMPUTED,
    needs=("active.required", *POTENCY_NEEDS),
    after=("FC302", "FC303"),
    rows=_required,
    quantities={"required": "mg", "recomputed": "mg"},
    shown_in="%",
    of=" of what it should be",
)
def required_amount(required: Any, recomputed: Any) -> Any:
    """The amount of active the record says was required must be what the certificate gives, within 0.5 %.

    Required = strength x units x (1 + batch overage) x (1 + active overage) / potency, where the potency is
    the assay corrected for water and solvents on the anhydrous, solvent-free basis, for loss on drying on the dried
    basis, and not corrected at all when the assay is as-is.

    Compute it again from the certificate of the lot that was used, and have a second person sign it.
    """
    return required / recomputed


@record_rule(
    "FC302",
    "Water subtracted twice, or not at all",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck: the figure is within 0.1 % of the one a known mistake gives",
    needs=("active.required", *POTENCY_NEEDS),
)
def water_mistaken(batch: Batch) -> Iterator[Fault]:
    """The amount required, or weighed, equals what comes out when water was forgotten, added, or subtracted twice.

    A dihydrate lot holds 8.7 % water: forgotten, the capsules hold 91 % of their label before any loss.
    Correction is by division by (1 - water), not by multiplication with (1 + water).

    Correct the calculation and make the batch again.
    """
    active, right = batch.active, batch.active_required
    if active is None or not right:
        yield _not_computed()
        return
    for field in ("required", "weighed"):
        amount = getattr(active.used, field)
        if amount is None or abs(amount.value / right - 1) <= CLEARLY_WRONG:
            continue
        for what, wrong in _water_alternatives(batch, active):
            if abs(amount.value / wrong - 1) <= WATER_SLIP:
                yield Fault(
                    message=f"{amount.as_written} of {active.name} {field} is, within 0.1 %, what comes out "
                    f"when {what}; {_mg(right)} is right ({_working(batch)})",
                    field=(*active.path, field),
                    found=amount.as_written,
                    limit=_mg(right),
                )
                return


def _not_computed() -> Fault:
    return Fault(
        message="the amount required cannot be computed: it takes one active component, its potency, and a number of units",
        field=("components",),
        verdict=Verdict.NOT_DETERMINED,
        help="Correct what the other findings name; then this can be judged.",
    )


def _water_alternatives(batch: Batch, active: Used) -> Iterator[tuple[str, Fraction]]:
    """What the amount would be under each known mistake."""
    certificate = active.used.certificate
    if certificate is None or certificate.assay is None or batch.potency is None:
        return
    assay = certificate.assay.value
    residues = [r.value for r in (certificate.water, certificate.solvents, certificate.loss_on_drying) if r is not None]
    lost = sum(residues, Fraction(0))
    wrong = {
        "the water of the powder is not subtracted": assay,
        "the amount is multiplied by (1 + water) instead of divided by (1 - water)": assay / (1 + lost),
        "the water is subtracted twice": batch.potency * (1 - lost),
    }
    for what, mistaken in wrong.items():
        amount = batch.active_required_at(mistaken)
        if lost > 0 and amount is not None:
            yield what, amount


def _is_near(value: Fraction, other: Fraction) -> bool:
    return abs(value / other - 1) <= SLIP


_FACTORS = (
    (1 / SALT_OF_BASE, "times 0.9035, as if the base were weighed for the hydrochloride"),
    (SALT_OF_BASE, "times 1.107, as if the strength were of the base"),
    (MASS_HYDROCHLORIDE / MASS_DIHYDRATE, "times 0.913, as if the dihydrate were corrected the wrong way"),
    (MASS_DIHYDRATE / MASS_HYDROCHLORIDE, "times 1.095, as if the dihydrate were corrected once more"),
)


@record_rule(
    "FC303",
    "Salt or base factor misused",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="relative molecular masses: hydrochloride 377.86, base 341.40, hydrochloride dihydrate 413.90",
    needs=("active.weighed", *POTENCY_NEEDS),
    after=("FC302",),
)
def salt_factor_misused(batch: Batch) -> Iterator[Fault]:
    """What was weighed is off by exactly the factor between the salt, the base and the dihydrate.

    Strengths of low-dose naltrexone are of the hydrochloride: no factor belongs in the calculation unless
    the prescriber wrote "base". Water of the dihydrate is corrected through the certificate, once.

    Correct the calculation and make the batch again; every capsule is off by the factor.
    """
    active, right = batch.active, batch.active_required
    if active is None or active.used.weighed is None or not right:
        yield _not_computed()
        return
    ratio = active.used.weighed.value / right
    for factor, what in _FACTORS:
        if _is_near(ratio, factor):
            yield Fault(
                message=f"{active.used.weighed.as_written} of {active.name} were weighed "
                f"where {_mg(right)} are right: {what}",
                field=(*active.path, "weighed"),
                found=f"{active.used.weighed.as_written}, {format_number(ratio, 3)} of the amount required",
                limit=_mg(right),
            )


def _weighed(batch: Batch) -> Iterator[Row]:
    for used in batch.components:
        if not is_weighed(used):
            continue
        tolerance = used.planned.tolerance if used.planned is not None else None
        house = "2.0 %" if used.role is not Role.ACTIVE else "1.0 %"
        source = "the formulation's tolerance" if tolerance is not None else "formcheck's default tolerance"
        required = batch.required(used)
        weighed = used.used.weighed
        yield Row(
            {"weighed": weighed.value if weighed is not None else None, "required": required or None},
            Limits.about(tolerance.text if tolerance is not None else house, source),
            partial(_tell_weighed, used, required),
            (*used.path, "weighed"),
        )
    yield from _absent(batch)


def _tell_weighed(used: Used, required: Fraction | None) -> Telling:
    weighed = used.used.weighed.as_written if used.used.weighed is not None else "nothing"
    return Telling(
        f"{used.name}: {weighed} weighed",
        working="" if required is None else f"{_mg(required)} required",
        unknown="the formulation has no component of that name"
        if used.planned is None
        else "what was required is not in the record and cannot be computed",
    )


def _absent(batch: Batch) -> Iterator[Row]:
    """A row for each component of the formulation that the record does not have."""
    there = {id(used.planned) for used in batch.components}
    planned = batch.formulation.components if batch.formulation is not None else ()
    for component in planned:
        if id(component) not in there and is_to_be_weighed(component):
            nothing: dict[str, Fraction | None] = {"weighed": None, "required": None}
            telling = Telling(str(component.name), unknown="the formulation has this component and the record does not")
            yield Row(nothing, Limits.about("1.0 %", "the formulation"), partial(Telling, *telling), ("components",))


@limit_rule(
    "FC305",
    "Weighed against required",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source="the formulation's tolerance; by default 1.0 % for the active, 2.0 % for others",
    needs=("weighed.weighed",),
    after=("FC302", "FC303"),
    rows=_weighed,
    quantities={"weighed": "mg", "required": "mg"},
    shown_in="%",
    of=" of the amount required",
)
def weighed_as_required(weighed: Any, required: Any) -> Any:
    """What was weighed of each component must be what was required, within the formulation's tolerance.

    The active is compared with the amount the record says was required (FC301 looks at that). The others are compared
    with what follows from the formulation: for a diluent by packing statistic, (1 - active / its packing) x packing of
    the diluent, each capsule.

    Compare with the balance print-out. If the weight is real, reject or remake the batch; if it was copied
    wrong, correct the record.
    """
    return weighed / required
