"""FC4: uniformity of content. The contents of single units against the label claim, and what may stand in for them."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck import measures
from formcheck.findings import Authority, Severity, Verdict
from formcheck.planning.batch import Batch
from formcheck.planning.uniformity import L1, L2, M_HIGH, M_LOW, STAGE_1, STAGE_2, K, Spread, spread_of
from formcheck.rules.potency import assay_of_label
from formcheck.rules.rule import Fault, Limits, Part, Row, Telling, limit_rule, record_rule
from formcheck.rules.testing import broken_by, is_counted, plan_for, source_of
from formcheck.units import format_number

UNIFORMITY_SOURCE = "USP <905>, uniformity of dosage units (harmonised with Ph. Eur. 2.9.40)"
PH_EUR_SOURCE = "Ph. Eur. 2.9.6, uniformity of content of single-dose preparations, test B"
NEAR, FAR = Fraction(15, 100), Fraction(25, 100)
"""Ph. Eur. 2.9.6: 85 to 115 % and 75 to 125 % of the average content."""
_CONTENTS = ("unit_contents", "values")
HUNDRED = Fraction(100)


def _spread(batch: Batch) -> Spread:
    """The contents, with T: what the units are made to hold, 100 % of label unless the formulation says otherwise."""
    plan = plan_for(batch, "content uniformity")
    return spread_of(batch.contents, plan.target.number / 100 if plan.target is not None else Fraction(1))


def _stage(batch: Batch) -> Iterator[Row]:
    plan, contents = plan_for(batch, "content uniformity"), batch.contents
    count = len(contents)
    limit = plan.l1.text if plan.l1 is not None else L1
    source = source_of(plan, plan.l1, UNIFORMITY_SOURCE)
    spread = _spread(batch) if count in K else None
    yield Row(
        {
            "average": spread.average if spread else None,
            "deviation": spread.deviation if spread else None,
            "k": K.get(count),
            "low": spread.low if spread else None,
            "high": spread.high if spread else None,
        },
        Limits.at_most(f"{limit} %", source).worded(f"at most {limit}"),
        partial(_tell_stage, count, len(batch.record.unit_contents.values) if batch.record.unit_contents else 0),
        _CONTENTS,
        Verdict.FAIL if count == STAGE_2 else Verdict.NOT_DETERMINED,
    )


def _tell_stage(count: int, given: int) -> Telling:
    first = count != STAGE_2
    return Telling(
        f"the acceptance value of {count} units",
        working="stage 1: test twenty more, and judge all thirty" if first else "",
        help="Test twenty more units and enter all thirty, the first ten first; or reject."
        if first
        else "Reject the batch, and look at the mixing.",
        unknown=f"it takes {STAGE_1} or {STAGE_2} units, and the record has {given}"
        if given not in K
        else "the label claim they are compared with is not known",
    )


def _individuals(batch: Batch) -> Iterator[Row]:
    plan, contents = plan_for(batch, "content uniformity"), batch.contents
    if len(contents) != STAGE_2:
        return
    percent = plan.l2.number if plan.l2 is not None else Fraction(L2)
    source = source_of(plan, plan.l2, UNIFORMITY_SOURCE)
    low, high = (f"{format_number(HUNDRED + sign * percent, 1)} %" for sign in (-1, 1))
    reference = _spread(batch).reference
    limits = Limits.between(low, high, source, rounded=False)
    for index, content in enumerate(contents):
        values = {"content": content, "reference": reference}
        yield Row(values, limits, partial(_tell_unit, index, content, reference), (*_CONTENTS, index))


def _tell_unit(index: int, content: Fraction, reference: Fraction) -> Telling:
    return Telling(
        f"unit {index + 1}",
        working=f"content {format_number(content * 100, 1)} % of label, M {format_number(reference * 100, 2)} %",
        help="Reject the batch, and look at the mixing.",
    )


def _content_of_reference(content: Any, reference: Any) -> Any:
    """A single content against the reference value M: 0.75 M to 1.25 M at stage 2, compared unrounded."""
    return content / reference


@limit_rule(
    "FC407",
    "Acceptance value, USP <905>",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=UNIFORMITY_SOURCE,
    needs=("strength", "strength_basis", "unit_contents.expressed_as", "unit_contents.unit", "unit_contents.values"),
    applies=is_counted,
    test="content uniformity",
    rows=_stage,
    quantities={"average": "%", "deviation": "%", "k": "", "low": "%", "high": "%"},
    shown_in="%",
    bare=True,
    also=(
        Part(
            _content_of_reference,
            _individuals,
            "%",
            of=" of the reference value M",
            gathered=True,
            quantities={"content": "%", "reference": "%"},
        ),
    ),
)
def acceptance_value_of_units(average: Any, deviation: Any, k: Any, low: Any, high: Any) -> Any:
    """The units must hold the label claim, and differ little from each other: acceptance value at most 15.0.

    AV = |M - mean| + k s, in % of label claim, s the sample standard deviation, k 2.4 for ten and 2.0 for
    thirty units. M is the mean, but not below 98.5 % nor above 101.5 %, or above the target where the formulation
    has an approved one higher than that; an overage for losses is no such target. Ten units above 15.0 are not a
    failure yet: twenty more are tested, and the thirty must come to 15.0 at most again (not 25.0), with each unit
    within 0.75 M to 1.25 M. The thirty contain the first ten, in their order: that formcheck cannot see.
    Masses cannot stand in for contents: a low-dose capsule holds less than 25 mg and less than 25 % of active.

    At stage 1, test twenty more. At stage 2, reject the batch and look at the mixing.
    """
    return measures.acceptance_value(average, deviation, k, low, high)


@record_rule(
    "FC408",
    "Uniformity of content, Ph. Eur. 2.9.6 test B",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=PH_EUR_SOURCE,
    needs=("unit_contents.values",),
    profiles=("ph-eur",),
    applies=is_counted,
    test="content uniformity",
)
def uniformity_of_content(batch: Batch) -> Iterator[Fault]:
    """Ten capsules are assayed singly against their average content: at most one outside 85 to 115 % of it.

    None may be outside 75 to 125 %. With two or three outside 85 to 115 %, twenty more are assayed, and of the thirty
    at most three may be outside 85 to 115 %, again none outside 75 to 125 %. The average is the sample's, not the
    label: capsules that are all low pass here, so the assay (FC411) is judged as well.

    With two or three outside, assay twenty more and enter all thirty. Otherwise reject the batch and look at the mixing.
    """
    results = batch.record.unit_contents
    contents = [value.number for value in results.values] if results is not None else []
    count = len(contents)
    average = measures.mean(contents) if count else Fraction(0)
    if count not in K or not average > 0:
        unknown = f"it takes {STAGE_1} or {STAGE_2} units, and the record has {count}"
        yield Fault(
            message=f"uniformity of content: not determined, because {unknown if count not in K else 'their average is 0'}",
            field=_CONTENTS,
            found=f"{count} units",
            limit=f"{STAGE_1} or {STAGE_2} units",
            help="Assay ten units singly, or thirty where the first ten ask for it, and enter every result.",
            verdict=Verdict.NOT_DETERMINED,
        )
        return
    outside = measures.outside(contents, average, NEAR)
    far = measures.outside(contents, average, FAR)
    fewest = 1 if count == STAGE_1 else 3
    if not far and len(outside) <= fewest:
        return
    again = count == STAGE_1 and not far and len(outside) <= 3
    beyond, range_ = (far, "75 to 125 %") if far else (outside, "85 to 115 %")
    named = ", ".join(f"unit {i + 1} {format_number(contents[i] / average * 100, 1)} %" for i in beyond[:5])
    named += f" and {len(beyond) - 5} more" if len(beyond) > 5 else ""
    yield Fault(
        message=f"{len(beyond)} of {count} units are outside {range_} of their average: {named}"
        + ("; assay twenty more, and judge all thirty" if again else ""),
        field=(*_CONTENTS, beyond[0]),
        found=named,
        limit=f"at most {fewest} outside 85 to 115 %, none outside 75 to 125 % of the average",
        help="Assay twenty more units and enter all thirty." if again else "Reject the batch, and look at the mixing.",
        verdict=Verdict.NOT_DETERMINED if again else Verdict.FAIL,
    )


def _has_a_mean(batch: Batch) -> bool:
    if not is_counted(batch) or len(batch.contents) not in K:
        return False
    if M_LOW <= measures.mean(batch.contents) * 100 <= M_HIGH:
        return True
    # Where the acceptance value or the assay is outside its limits already, that says more than the mean does.
    return not broken_by(batch, acceptance_value_of_units) and not broken_by(batch, assay_of_label)


def _mean_content(batch: Batch) -> Iterator[Row]:
    plan, average = plan_for(batch, "content uniformity"), measures.mean(batch.contents)
    high = f"{plan.target.digits} %" if plan.target is not None and plan.target.number > M_HIGH else "101.5 %"
    yield Row(
        {"average": average},
        Limits.between("98.5 %", high, UNIFORMITY_SOURCE),
        lambda: Telling("the mean content", working=f"{len(batch.contents)} units"),
        _CONTENTS,
    )


@limit_rule(
    "FC412",
    "Mean content away from the label claim",
    severity=Severity.INFO,
    authority=Authority.COMPENDIAL,
    source=UNIFORMITY_SOURCE,
    applies=_has_a_mean,
    test="content uniformity",
    rows=_mean_content,
    quantities={"average": "%"},
    shown_in="%",
    of=" of label claim",
)
def mean_content(average: Any) -> Any:
    """The mean of the single contents lies outside 98.5 to 101.5 % of the label claim, where USP <905> begins to count it.

    Inside, only the scatter makes the acceptance value; outside, the distance is added to it. Ten units of mean
    107.7 % with little scatter still pass <905>: the batch is even, and evenly too strong.

    Nothing fails by this alone. Look at the potency, the overage and the filling before the next batch.
    """
    return average
