"""FC4: potency, and what the finished preparation measures: assay, pH, final volume, and tests that are overdue."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck.findings import Authority, Severity, Verdict
from formcheck.papers.placeholders import is_blank
from formcheck.planning.batch import Batch
from formcheck.planning.dating import Due, Schedule
from formcheck.planning.results import of_label
from formcheck.rules.rule import Fault, Limits, Row, Telling, limit_rule, record_rule
from formcheck.rules.testing import beside, plan_for, range_limits, source_of
from formcheck.units import format_exactly

ASSAY_SOURCE = "USP-NF monograph if there is one, otherwise 10 % of label (USP <795>, introduction)"
PH_SOURCE = "good practice: the formulation's own limits of the pH (<1163>)"
VOLUME_SOURCE = "good practice: formcheck's default of 98.0 to 102.0 % of the volume planned; no pharmacopoeia gives one"


def assay_rows(batch: Batch) -> Iterator[Row]:
    """The result of the assay, as it was written, with what brings it to the label; none where there is none."""
    plan, assay, basis = plan_for(batch, "assay"), batch.record.assay, batch.record.strength_basis
    if assay is None or assay.value is None:
        return
    known = assay.expressed_as is not None and basis is not None
    factor = of_label(str(assay.expressed_as), basis) if known and basis is not None else None
    low, high = ("90.0 %", "110.0 %") if plan.limits is None else (plan.limits.low, plan.limits.high)
    yield Row(
        {"assay": assay.value.value, "factor": factor},
        Limits.between(low, high, beside("assay", plan.limits, ASSAY_SOURCE)),
        partial(_tell_assay, batch, factor),
        ("assay", "value"),
    )


def _tell_assay(batch: Batch, factor: Fraction | None) -> Telling:
    assay, opened = batch.record.assay, batch.record.investigation
    assert assay is not None  # a row was made of it  # noqa: S101
    known = opened is not None and opened.id is not None and not is_blank(opened.id)
    return Telling(
        "the assay",
        working="" if factor in (None, 1) else f"{assay.value} as {assay.expressed_as}",
        unknown="the assay does not say what it is expressed as",
        help=_INVESTIGATED if known and factor is not None else "",
    )


_INVESTIGATED = (
    "Do not release: an investigation, closed or not, does not make the result pass. Do what it found for this batch, and "
    "for others of the same lots."
)


@limit_rule(
    "FC411",
    "Assay within limits",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=ASSAY_SOURCE,
    needs=("strength_basis", "assay.value", "assay.expressed_as"),
    test="assay",
    rows=assay_rows,
    quantities={"assay": "%", "factor": ""},
    shown_in="%",
    of=" of label claim",
)
def assay_of_label(assay: Any, factor: Any) -> Any:
    """The assay must lie within the formulation's limits, 90.0 to 110.0 % of label unless it says otherwise.

    The result is brought to what the label counts first: 90.35 % expressed as base is 100.0 % of the
    hydrochloride. It is rounded half up to the decimals of the limit, and the limits are inclusive. A result
    outside is never averaged with a passing one.

    Do not release. Open an investigation: laboratory error first, then the whole batch.
    """
    return assay * factor


def _overdue(planned: Schedule) -> str:
    return f"last done {planned.last}, due again by {planned.following}"


@record_rule(
    "FC413",
    "Test overdue",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source="the formulation's schedule of tests; USP sets no number for potency tests in a pharmacy",
    needs=("made", "formulation.tests"),
)
def test_overdue(batch: Batch) -> Iterator[Fault]:
    """A periodic test is due again when its interval has passed; without it, the test is not determined.

    Assay and content uniformity of every batch are not the practice of a pharmacy: they are done at validation,
    periodically, and on change, as the formulation says. `last_tests` says when each was done last.

    Have the test done on this batch, or enter the date it was done.
    """
    for plan in batch.formulation.tests if batch.formulation is not None else ():
        if plan.name is None or batch.has_results(plan.name):
            continue
        planned = batch.schedules[plan.name]
        if planned.due is Due.OVERDUE:
            yield Fault(
                message=f"{plan.name}: overdue when the batch was made ({_overdue(planned)})",
                field=("last_tests", plan.name),
                found=_overdue(planned),
                limit=f"every {plan.every.text}" if plan.every is not None else None,
            )
        elif planned.due is Due.UNKNOWN:
            yield Fault(
                message=f"{plan.name}: nobody can say whether it was due, because last_tests does not say when it was done",
                field=("last_tests", plan.name),
                found="no date of the last test" if planned.last is None else f"{planned.last}, after the batch was made",
                limit=f"every {plan.every.text}" if plan.every is not None else None,
                verdict=Verdict.NOT_DETERMINED,
            )


def _ph(batch: Batch) -> Iterator[Row]:
    plan, ph = plan_for(batch, "pH"), batch.record.ph
    limits, known = Limits.between("0", "14", PH_SOURCE), False
    if plan.limits is not None and plan.limits.unit is None:
        limits = Limits.between(plan.limits.low, plan.limits.high, source_of(plan, plan.limits, PH_SOURCE))
        known = True
    value = ph.number if ph is not None and known else None
    yield Row({"ph": value}, limits, _tell_ph, ("ph",))


def _tell_ph() -> Telling:
    unknown = 'the formulation gives no limits for it (write two numbers without a unit, such as limits: "3.3-3.9")'
    return Telling("the pH", unknown=unknown)


@limit_rule(
    "FC420",
    "pH within its limits",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=PH_SOURCE,
    needs=("ph",),
    test="pH",
    rows=_ph,
    quantities={"ph": ""},
    shown_in="",
    bare=True,
)
def ph_of_preparation(ph: Any) -> Any:
    """The pH of the preparation must lie within the formulation's limits, compared at the decimals they are written in.

    Benzoate preserves as benzoic acid: it is half there at pH 4.2, and a tenth of it at pH 5.2. A pH outside its
    limits also says that something was left out or weighed wrongly, most often the acid or the preservative.

    Measure again with a meter that was calibrated today. If it stands, find out what was weighed wrongly before
    anything is added, and do not release.
    """
    return ph


def _is_made_up(batch: Batch) -> bool:
    return batch.form is not None and not batch.form.units_are_counted


def volume_rows(batch: Batch) -> Iterator[Row]:
    """The volume a liquid was made up to, beside the one planned."""
    plan, made_up = plan_for(batch, "final volume"), batch.made_up
    limits = range_limits(plan, plan.limits, ("98.0 %", "102.0 %"), VOLUME_SOURCE)
    one = made_up[0] if len(made_up) == 1 else None
    final = None if one is None or one.used.final_volume is None else one.used.final_volume.value
    planned = None if batch.units is None else batch.units * (1 + (batch.batch_overage or 0))
    if planned is not None and not planned > 0:
        planned = None
    place = ("components",) if one is None else (*one.path, "final_volume")
    yield Row({"final": final, "planned": planned}, limits, partial(_tell_volume, len(made_up), final, planned), place)


def _tell_volume(made_up: int, final: Fraction | None, planned: Fraction | None) -> Telling:
    what = "the volume made up to"
    if final is not None and planned is not None:
        return Telling(what, working=f"{format_exactly(final, 3)} mL for {format_exactly(planned, 3)} mL")
    if made_up != 1:
        unknown = f"{made_up or 'no'} components are made up to volume, and one is to be"
    else:
        unknown = "the quantity of the batch is not a volume above 0"
    return Telling(what, unknown=unknown)


@limit_rule(
    "FC421",
    "Final volume against the batch planned",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=VOLUME_SOURCE,
    needs=("quantity", "made_up.final_volume"),
    applies=_is_made_up,
    test="final volume",
    after=("FC209",),
    rows=volume_rows,
    quantities={"final": "mL", "planned": "mL"},
    shown_in="%",
    of=" of the volume planned",
)
def final_volume(final: Any, planned: Any) -> Any:
    """The volume a liquid was made up to must be that of the batch: 98.0 to 102.0 %, or the formulation's range.

    The drug was weighed for the quantity of the batch: made up to 240 mL instead of 120 mL, every mL holds half.
    An overage of the whole batch is counted in.

    Measure the volume again. Too little can be made up to the volume that the drug was weighed for; a liquid made up too
    far cannot be put right by a label: make the batch again.
    """
    return final / planned
