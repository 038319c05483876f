"""FC3: the classic mistakes between what was required and what was weighed, each under its own name."""

from collections.abc import Iterator
from fractions import Fraction

from formcheck.findings import Authority, Severity, Verdict
from formcheck.papers.formulation import Role
from formcheck.planning.actives import SEVERAL
from formcheck.planning.batch import Batch
from formcheck.planning.components import Path, Used, is_measured, is_weighed
from formcheck.rules.rule import Fault, record_rule
from formcheck.rules.weighing import POTENCY_NEEDS, in_mg, working
from formcheck.substance import MASS_DIHYDRATE, MASS_HYDROCHLORIDE, SALT_OF_BASE
from formcheck.units import format_exactly, format_number

WATER_SLIP = Fraction(1, 1000)
SLIP = Fraction(3, 1000)
"""How near a figure must be to a wrong alternative to be named by it: 0.3 %."""
CLEARLY_WRONG = Fraction(5, 1000)

Figure = tuple[Path, str, Fraction, str]
"""An amount of the active in the record: where it stands, what it is, its size [mg], and how it is written."""


def _figures(batch: Batch, active: Used) -> Iterator[Figure]:
    """What the record says was needed and was taken of the active; of an aliquot the drug in it."""
    paper = active.used
    if paper.required is not None:
        yield ("required",), "required", paper.required.value, paper.required.as_written
    if paper.aliquot is not None and paper.aliquot.needed is not None:
        yield ("aliquot", "needed"), "needed in the aliquot", paper.aliquot.needed.value, paper.aliquot.needed.as_written
    yield from _taken(batch, active)


def _taken(batch: Batch, active: Used) -> Iterator[Figure]:
    weighed = batch.weighed(active)
    if weighed is None:
        return
    if active.used.aliquot is not None:
        yield ("aliquot",), "weighed in the aliquot", weighed, in_mg(weighed)
    elif active.used.weighed is not None:
        yield ("weighed",), "weighed", weighed, active.used.weighed.as_written


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
        yield _not_computed(batch)
        return
    for place, what_it_is, amount, written in _figures(batch, active):
        if abs(amount / right - 1) <= CLEARLY_WRONG:
            continue
        for what, wrong in _water_alternatives(batch, active):
            if abs(amount / wrong - 1) <= WATER_SLIP:
                yield Fault(
                    message=f"{written} of {active.name} {what_it_is} is, within 0.1 %, what comes out "
                    f"when {what}; {in_mg(right)} is right ({working(batch)})",
                    field=(*active.path, *place),
                    found=written,
                    limit=in_mg(right),
                )
                return


def _not_computed(batch: Batch) -> Fault:
    several = len(batch.in_role(Role.ACTIVE)) > 1 and batch.potency is None
    takes = SEVERAL if several else "it takes one active component, its potency, and a number of units"
    return Fault(
        message=f"the amount required cannot be computed: {takes}",
        field=("components",),
        verdict=Verdict.NOT_DETERMINED,
        help="Correct what the other findings name; then this can be judged.",
    )


def _water_alternatives(batch: Batch, active: Used) -> Iterator[tuple[str, Fraction]]:
    """What the amount would be under each known mistake; a stored trituration is weighed without its water in mind."""
    certificate = active.used.certificate
    if certificate is None or certificate.assay is None or batch.potency is None or active.used.trituration is not None:
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


def _about(factor: Fraction, within: Fraction) -> tuple[Fraction, Fraction]:
    return factor * (1 - within), factor * (1 + within)


_FACTORS = (
    (1 / SALT_OF_BASE, "times 0.9035, as if the base were weighed for the hydrochloride"),
    (SALT_OF_BASE, "times 1.107, as if the strength were of the base"),
    (MASS_HYDROCHLORIDE / MASS_DIHYDRATE, "times 0.913, as if the dihydrate were corrected the wrong way"),
    (MASS_DIHYDRATE / MASS_HYDROCHLORIDE, "times 1.095, as if the dihydrate were corrected once more"),
)
_FACTOR_BOUNDS = tuple((_about(factor, SLIP), what) for factor, what in _FACTORS)


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
    taken = next(_taken(batch, active), None) if active is not None else None
    if active is None or taken is None or not right:
        yield _not_computed(batch)
        return
    place, _, amount, written = taken
    ratio = amount / right
    for (low, high), what in _FACTOR_BOUNDS:
        if low <= ratio <= high:
            yield Fault(
                message=f"{written} of {active.name} were weighed where {in_mg(right)} are right: {what}",
                field=(*active.path, *place),
                found=f"{written}, {format_number(ratio, 3)} of the amount required",
                limit=in_mg(right),
            )


TENFOLD = tuple(Fraction(10) ** power for power in (-3, -2, -1, 1, 2, 3))
TENFOLD_SLIP = Fraction(1, 100)
_TENFOLD_BOUNDS = tuple((_about(factor, TENFOLD_SLIP), factor) for factor in TENFOLD)


def _slip(value: Fraction, right: Fraction | None) -> Fraction | None:
    """The power of ten that a figure is off by, within 1 %."""
    if not right or right < 2 * value < 4 * right:
        return None  # the usual case, before anything is divided
    ratio = value / right
    return next((factor for (low, high), factor in _TENFOLD_BOUNDS if low <= ratio <= high), None)


def _amounts(batch: Batch, used: Used) -> Iterator[tuple[Path, str, Fraction, str, Fraction | None, str]]:
    """Each figure of a component that could be a slip, beside what is right, with its unit."""
    paper, stated = used.used, used.used.required
    # A second bottle is an amount of its own, often a tenth of the first: it is compared with what is said of it alone.
    alone = sum(other.planned is used.planned for other in batch.components) == 1
    right = batch.required(used) if alone else (stated.value if stated is not None else None)
    if used.role is Role.ACTIVE and used is batch.active:
        # The active is reckoned from its certificate, so that a slip in what was required is seen too.
        for place, what, value, written in _figures(batch, used):
            yield place, what, value, written, batch.active_required or right, "mg"
    elif paper.weighed is not None and is_weighed(used):
        yield ("weighed",), "weighed", paper.weighed.value, paper.weighed.as_written, right, "mg"
    elif paper.measured is not None and is_measured(used):
        yield (
            ("measured",),
            "measured",
            paper.measured.value,
            paper.measured.as_written,
            batch.scaled(used) if alone else None,
            "mL",
        )


@record_rule(
    "FC306",
    "Decimal point slipped",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck: the figure is within 1 % of a tenth, ten times, or a thousand times the right one",
    applies=lambda batch: any(is_weighed(used) or is_measured(used) for used in batch.components),
    after=("FC302", "FC303"),
)
def decimal_slip(batch: Batch) -> Iterator[Fault]:
    """A figure is ten, a hundred or a thousand times too large or too small: a decimal point, or grams for milligrams.

    5102 mg in place of 510.2 mg give capsules of 45 mg. A slip is named as one, since nothing else is off by just this
    much; what was weighed and what the record says was required are both looked at.

    If only the record is wrong, correct it from the balance print-out. If so much was weighed, destroy the batch.
    """
    for used in batch.components:
        for place, what, value, written, right, unit in _amounts(batch, used):
            factor = _slip(value, right)
            if factor is not None and right is not None:
                times = f"{format_exactly(factor)} times" if factor > 1 else f"1/{format_exactly(1 / factor)} of"
                correct = f"{format_number(right, 2)} {unit}"
                yield Fault(
                    message=f"{written} of {used.name} {what} is {times} the right amount, {correct}",
                    field=(*used.path, *place),
                    found=written,
                    limit=correct,
                )
                break
