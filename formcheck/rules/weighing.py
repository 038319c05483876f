"""FC3: weighing. What a batch required, what was weighed, and the classic mistakes between them."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck.findings import Authority, Severity
from formcheck.papers.formulation import Role
from formcheck.planning.actives import SEVERAL
from formcheck.planning.batch import Batch
from formcheck.planning.components import Used, is_measured, is_weighed
from formcheck.rules.rule import Limits, Part, Row, Telling, limit_rule
from formcheck.units import format_exactly, format_number

RECOMPUTED = "formcheck: strength x units x (1 + overages) / potency, recomputed"
AS_RECOMPUTED = Limits.about("0.5 %", RECOMPUTED).worded("within 0.5 % of what it should be")
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


def in_mg(value: Fraction) -> str:
    """A mass as it is printed in a working: to two decimals of a milligram, 605 mg and 510.22 mg."""
    return f"{format_exactly(value, 2)} mg"


def _required(batch: Batch) -> Iterator[Row]:
    used = batch.active
    several = len(batch.in_role(Role.ACTIVE)) > 1
    if used is None and several:
        yield Row(
            {"required": None, "recomputed": None},
            AS_RECOMPUTED,
            lambda: Telling("the amount required of the active", unknown=SEVERAL),
            ("components",),
        )
    if used is not None and used.used.required is not None:
        required = used.used.required
        yield Row(
            {"required": required.value, "recomputed": batch.active_required or None},
            AS_RECOMPUTED,
            lambda: Telling(
                f"the amount required of {used.name} ({required.as_written})",
                working=working(batch),
                unknown=SEVERAL
                if several and batch.potency is None
                else "the papers do not give a potency and a number of units to compute it from",
            ),
            (*used.path, "required"),
        )


def working(batch: Batch) -> str:
    """How the amount of active required comes out, in numbers; empty where it cannot be computed."""
    if batch.active_required is None or batch.potency is None or batch.strength is None or batch.units is None:
        return ""
    overage = Fraction(1 + (batch.batch_overage or 0)) * (1 + (batch.active_overage or 0))
    times = f" x {format_exactly(overage)}" if overage != 1 else ""
    counted = batch.form is None or batch.form.units_are_counted
    of, size = ("mg", "") if counted else ("mg/mL", " mL")
    return (
        f"{format_exactly(batch.strength, 4)} {of} x {format_exactly(batch.units)}{size}{times} / "
        f"{format_number(batch.potency, 6)} = {in_mg(batch.active_required)}"
    )


@limit_rule(
    "FC301",
    "Amount of active, recomputed",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=RECOMPUTED,
    needs=("active.required", *POTENCY_NEEDS),
    after=("FC302", "FC303", "FC306"),
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

    Of several lots of the active the sum counts, each lot by its own certificate.

    Compute it again from the certificate of the lot that was used, and have a second person sign it.
    """
    return required / recomputed


TOLERANCE = "the formulation's tolerance; by default 1.0 % for the active, 2.0 % for others"


def _limits(used: Used) -> Limits:
    tolerance = used.planned.tolerance if used.planned is not None else None
    if tolerance is not None:
        return Limits.about(tolerance.text, "the formulation's tolerance")
    return Limits.about("1.0 %" if used.role is Role.ACTIVE else "2.0 %", "formcheck's default tolerance")


def _weighed(batch: Batch) -> Iterator[Row]:
    for together in _lots_together(batch):
        used = together[0]
        required = _required_together(batch, together)
        yield Row(
            {"weighed": _weighed_together(batch, together), "required": required or None},
            _limits(used),
            partial(_tell_weighed, batch, together, required),
            (*used.path, "weighed" if used.used.aliquot is None else "aliquot"),
        )


def _lots_together(batch: Batch) -> list[list[Used]]:
    """What was weighed, the lots of one component together; of the active each lot by itself.

    A component that the formulation does not know is FC209's matter.
    """
    found: dict[int, list[Used]] = {}
    for used in batch.components:
        if used.planned is not None and is_weighed(used):
            key = id(used) if used.role is Role.ACTIVE else id(used.planned)
            found.setdefault(key, []).append(used)
    return list(found.values())


def _weighed_together(batch: Batch, together: list[Used]) -> Fraction | None:
    """What was weighed of a component in all its lots [mg]; None where one of them does not say, or says it in two ways."""
    masses = [mass for used in together if not _said_twice(used) and (mass := batch.weighed(used)) is not None]
    return sum(masses[1:], masses[0]) if len(masses) == len(together) else None


_WAYS = {"weighed": "weighed", "measured": "measured", "aliquot": "taken in an aliquot"}


def _said_twice(used: Used) -> str:
    """Why nobody knows how much of a component went in, where the record says it in two ways; else empty."""
    ways = [words for name, words in _WAYS.items() if getattr(used.used, name) is not None]
    if len(ways) < 2:
        return ""
    return f"the record says it was {' and also '.join(ways)}, and one of them only can be what went into the batch"


def _required_together(batch: Batch, together: list[Used]) -> Fraction | None:
    """What of a component had to be weighed, of all its lots [mg]."""
    if len(together) == 1:
        return batch.required(together[0])
    if together[0].role is Role.DILUENT and batch.diluent_required is not None:
        return batch.diluent_required
    scaled = batch.scaled(together[0])
    stated = [used.used.required for used in together]
    if together[0].role is not Role.DILUENT and scaled is not None:
        return scaled
    # Lots of a diluent that fill capsules differently: what the record says was required of each counts.
    return sum((one.value for one in stated if one is not None), Fraction(0)) if None not in stated else scaled


def _tell_weighed(batch: Batch, together: list[Used], required: Fraction | None) -> Telling:
    used = together[0]
    total = _weighed_together(batch, together)
    twice = next(filter(None, map(_said_twice, together)), "")
    if len(together) > 1 and total is not None:
        what = f"{used.name}: {in_mg(total)} in {len(together)} lots"
    elif used.used.aliquot is not None:
        what = f"{used.name}: {'nothing' if total is None else in_mg(total)} in the aliquot"
    else:
        what = f"{used.name}: {used.used.weighed.as_written if used.used.weighed is not None else 'nothing'} weighed"
    return Telling(
        what,
        working="" if required is None else f"{in_mg(required)} required",
        unknown=twice or _unknown(used, total),
    )


def _unknown(used: Used, total: Fraction | None) -> str:
    if used.used.aliquot is not None and total is None:
        return "the aliquot does not give its drug, diluent and amount"
    return "what was required is not in the record and cannot be computed"


def _measured(batch: Batch) -> Iterator[Row]:
    found: dict[int, list[Used]] = {}
    for used in batch.components:
        if is_measured(used):
            found.setdefault(id(used.planned), []).append(used)
    for together in found.values():
        used, required = together[0], batch.scaled(together[0])
        volumes = [one.used.measured.value for one in together if one.used.measured and not _said_twice(one)]
        total = sum(volumes, Fraction(0)) if len(volumes) == len(together) else None
        yield Row(
            {"measured": total, "required": required or None},
            _limits(used),
            partial(_tell_measured, together, total, required),
            (*used.path, "measured"),
        )


def _tell_measured(together: list[Used], total: Fraction | None, required: Fraction | None) -> Telling:
    used = together[0]
    measured = "nothing" if used.used.measured is None else used.used.measured.as_written
    what = f"{used.name}: {measured} measured"
    if len(together) > 1:
        what = f"{used.name}: {'nothing' if total is None else f'{format_exactly(total, 3)} mL'} in {len(together)} lots"
    return Telling(
        what,
        "" if required is None else f"{format_exactly(required, 3)} mL required",
        unknown=next(filter(None, map(_said_twice, together)), "")
        or "the formulation gives no volume of it for this strength and this size of batch",
    )


def _measured_as_required(measured: Any, required: Any) -> Any:
    return measured / required


@limit_rule(
    "FC305",
    "Weighed against required",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=TOLERANCE,
    needs=("weighed.weighed", "measured.measured"),
    after=("FC302", "FC303", "FC306", "FC310"),
    rows=_weighed,
    quantities={"weighed": "mg", "required": "mg"},
    shown_in="%",
    of=" of the amount required",
    also=(
        Part(
            _measured_as_required,
            _measured,
            "%",
            " of the amount required",
            quantities={"measured": "mL", "required": "mL"},
        ),
    ),
)
def weighed_as_required(weighed: Any, required: Any) -> Any:
    """What was weighed or measured of each component must be what was required, within the formulation's tolerance.

    The active is compared with the amount the record says was required (FC301 looks at that); of an aliquot the drug in
    it. The others are compared with what follows from the formulation: for a diluent by packing statistic,
    (1 - active / its packing) x packing of the diluent, each capsule; a liquid that was weighed by its density. Two lots of
    one component count together, weighed or measured. A component that was weighed and also measured, or weighed and also
    taken in an aliquot, is not determined. What is made up to volume is not judged here.

    Compare with the print-out of the balance, or with what was noted at the cylinder. If the amount is real, reject or
    remake the batch; if it was copied wrong, correct the record.
    """
    return weighed / required


RESULTING = "formcheck: weighed x potency / (units x (1 + batch overage)), against the strength"


def _resulting(batch: Batch) -> Iterator[Row]:
    active = batch.active
    potency = batch.potency
    weighed = batch.weighed(active) if active is not None else None
    yield Row(
        {"weighed": weighed, "required": batch.active_required or None},
        Limits.between("97 %", "103 %", RESULTING, rounded=False),
        lambda: Telling(
            "the strength that results",
            "" if weighed is None or potency is None else f"{in_mg(weighed)} x {format_number(potency, 6)}",
            unknown="it takes one active component, what was weighed of it, its potency, and a number of units",
        ),
        ("components",) if active is None else (*active.path, "weighed" if active.used.aliquot is None else "aliquot"),
    )


@limit_rule(
    "FC307",
    "Strength that results",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source=RESULTING,
    needs=("active.weighed", *POTENCY_NEEDS),
    after=("FC301", "FC302", "FC303", "FC305", "FC306"),
    rows=_resulting,
    quantities={"weighed": "mg", "required": "mg"},
    shown_in="%",
    of=" of the strength",
)
def resulting_strength(weighed: Any, required: Any) -> Any:
    """What was weighed should give 97 to 103 % of the strength, in theory, before anything is lost.

    A batch is aimed at 100 % of its label: the 10 % on either side are for analytical error, variation and decay. A batch
    overage is powder for more capsules and leaves the strength as it is, so it is divided out; so is an overage of the
    active, of which FC304 speaks.

    Look at the amount required, the amount weighed and the potency together: each may be a little off the same way. Correct
    what was copied wrong. Where all three stand, think of an assay before the batch is released.
    """
    # (weighed x potency) / (required x potency): the potency falls out.
    return weighed / required
