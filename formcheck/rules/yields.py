"""FC4: what came out of what went in. Capsules filled of those planned, and powder found again of what was charged."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck import measures
from formcheck.findings import Authority, Severity
from formcheck.planning.batch import Batch
from formcheck.planning.components import Used, is_weighed
from formcheck.rules.rule import OUTSOURCING, Limits, Part, Path, Row, Ruling, Telling, limit_rule
from formcheck.rules.testing import is_counted, plan_for, range_limits, source_of
from formcheck.units import format_exactly, format_number

YIELD_SOURCE = "good practice: formcheck's default range of 90 to 105 % of the units planned; no pharmacopoeia gives one"
LOSS_SOURCE = "good practice: DAC/NRF I.9.3.1 (Germany), loss of mass at most 3 %"
_FILLED = ("counts", "filled")


def _yield(batch: Batch) -> Iterator[Row]:
    plan, counts, units = plan_for(batch, "count"), batch.record.counts, batch.units
    limits = range_limits(plan, plan.limits, ("90 %", "105 %"), YIELD_SOURCE, rounded=False)
    filled = Fraction(int(counts.filled)) if counts is not None and counts.filled is not None else None
    usable = units is not None and units > 0
    values = {"filled": filled, "planned": units if usable else None}
    yield Row(values, limits, partial(_tell_yield, filled, units), _FILLED)


def _tell_yield(filled: Fraction | None, units: Fraction | None) -> Telling:
    known = filled is not None and units is not None
    return Telling(
        "the yield",
        working=f"{format_exactly(filled)} of {format_exactly(units)} capsules" if known else "",  # type: ignore[arg-type]
        unknown="the quantity of the batch is not a number of capsules above 0",
    )


def _parted(batch: Batch) -> Iterator[Row]:
    counts = batch.record.counts
    if counts is None or not counts.filled:
        return
    given = {"rejected": counts.rejected, "retained": counts.retained, "dispensed": counts.dispensed}
    parts = {name: number for name, number in given.items() if number is not None}
    values = {"parted": Fraction(sum(parts.values())), "filled": Fraction(int(counts.filled))}
    limits = Limits.at_most("100 %", YIELD_SOURCE, rounded=False).worded(f"at most {counts.filled} capsules")
    # Those rejected may have been left out of the number filled; those kept back and dispensed cannot.
    contradicts = sum(number for name, number in parts.items() if name != "rejected") > counts.filled
    severity = Severity.ERROR if contradicts else None
    yield Row(values, limits, partial(_tell_parted, parts, counts.filled), _FILLED, severity=severity)


def _tell_parted(parts: Mapping[str, int], filled: int) -> Telling:
    words, total = " + ".join(f"{number} {name}" for name, number in parts.items()), sum(parts.values())
    return Telling(
        "the capsules",
        said=f"{words} are {total} capsules, more than the {filled} filled",
        found=f"{total} capsules",
        help="Count again, and correct the number that is wrong: the capsules filled include those rejected and kept back.",
    )


def _share_of_filled(parted: Any, filled: Any) -> Any:
    """The capsules rejected, kept back and dispensed, of those filled."""
    return parted / filled


@limit_rule(
    "FC409",
    "Yield against the batch planned",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source=YIELD_SOURCE,
    needs=("counts.filled", "quantity"),
    under={OUTSOURCING: Ruling(Severity.ERROR, Authority.REGULATION, "21 CFR 211.103 and 211.188(b)(7), yield")},
    applies=is_counted,
    test="count",
    rows=_yield,
    quantities={"filled": "capsule", "planned": "capsule"},
    shown_in="%",
    of=" of the quantity of the batch",
    also=(Part(_share_of_filled, _parted, "%", quantities={"parted": "capsule", "filled": "capsule"}),),
)
def capsules_filled(filled: Any, planned: Any) -> Any:
    """The capsules filled should be 90 to 105 % of the quantity of the batch, or within the formulation's range.

    Far fewer mean powder lost or capsules filled too full; more mean capsules filled too little, or a wrong count.
    Those rejected, kept back and dispensed are among the filled, so together they cannot be more: where those kept back
    and dispensed alone are more, the record contradicts itself, and that is an error. No authority
    gives a number: the formulation sets its own range. An outsourcing facility records the yield by regulation.

    Count again. If the number stands, find out where the powder went before the batch is released.
    """
    return filled / planned


def _charged(batch: Batch) -> Fraction | None:
    """All powders that went into the mixture [mg]; of an aliquot its whole mass. None where one is not known."""
    powders = [_powder(used) for used in batch.components if is_weighed(used)]
    known = [mass for mass in powders if mass is not None]
    return sum(known[1:], known[0]) if known and len(known) == len(powders) else None


def _powder(used: Used) -> Fraction | None:
    paper = used.used
    mass = paper.weighed if paper.aliquot is None else paper.aliquot.aliquot
    return None if mass is None else mass.value


def _loss(batch: Batch) -> Iterator[Row]:
    plan, record = plan_for(batch, "mass balance"), batch.record
    most = plan.loss_at_most.text if plan.loss_at_most is not None else "3.0 %"
    charged, average = _charged(batch), batch.mean_net_mass
    counts = record.counts
    filled = average * counts.filled if average is not None and counts is not None and counts.filled is not None else None
    residual = None if record.residual is None else record.residual.value
    usable = charged is not None and charged > 0
    # Where the masses are what is missing, the finding stands at the masses: another rule may say so already.
    place: Path = ("residual",) if average is not None else ("unit_masses", "values")
    yield Row(
        {"charged": charged if usable else None, "filled": filled, "residual": residual},
        Limits.at_most(most, source_of(plan, plan.loss_at_most, LOSS_SOURCE)),
        partial(_tell_loss, charged, filled, residual),
        place,
    )


def _tell_loss(charged: Fraction | None, filled: Fraction | None, residual: Fraction | None) -> Telling:
    if charged is None or filled is None or residual is None:
        why = "what was charged" if charged is None else "the mean net mass of the capsules"
        return Telling("the powder unaccounted for", unknown=f"{why} is not known")
    lost = charged - filled - residual
    figures = [format_number(mass, 0) for mass in (charged, filled, residual)]
    return Telling(
        f"the powder {'lost' if lost >= 0 else 'gained'}",
        working="charged {} mg, in capsules {} mg, left over {} mg".format(*figures),
        unknown="nothing was charged",
    )


@limit_rule(
    "FC410",
    "Reconciliation of the powder",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source=LOSS_SOURCE,
    needs=("residual", "counts.filled"),
    applies=is_counted,
    test="mass balance",
    after=("FC417",),
    rows=_loss,
    quantities={"charged": "mg", "filled": "mg", "residual": "mg"},
    shown_in="%",
    of=" of what was charged",
)
def powder_unaccounted(charged: Any, filled: Any, residual: Any) -> Any:
    """The powder charged should be found again, in the capsules or left over, but for 3.0 % or as the formulation says.

    Charged is every powder that was weighed in (of an aliquot its whole mass); in the capsules is the mean net mass
    times the capsules filled; what was left over is weighed. Powder that was gained is as wrong as powder that was lost:
    something was weighed twice, left out of the record, or the balance was off.

    Weigh what was left over again, and what clings to mortar and machine; then look at the weighings.
    """
    return measures.mass_unaccounted(charged, filled, residual)
