"""FC4: uniformity and potency. Masses, contents and assays of the finished units."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck import measures
from formcheck.findings import Authority, Severity, Verdict
from formcheck.papers.formulation import TestPlan
from formcheck.planning.batch import Batch, of_label
from formcheck.planning.dating import Due, Schedule
from formcheck.rules.rule import Fault, Limits, Part, Row, Telling, limit_rule, record_rule
from formcheck.rules.weighing import POTENCY_NEEDS
from formcheck.units import format_number

NET_MASS_SOURCE = "good practice: the weight rule of USP <795> before Nov 2023, and <1163>"
ASSAY_SOURCE = "USP-NF monograph if there is one, otherwise 10 % of label (USP <795>, introduction)"
UNIFORMITY_SOURCE = "USP <905>, uniformity of dosage units (harmonised with Ph. Eur. 2.9.40)"
L1, L2 = "15.0", "25.0"
STAGE_1, STAGE_2 = 10, 30
K = {STAGE_1: Fraction("2.4"), STAGE_2: Fraction("2.0")}
"""Acceptability constants of USP <905>, table 2, for 10 and for 30 units."""
M_LOW, M_HIGH = Fraction("98.5"), Fraction("101.5")
"""Between these the reference value M is the mean itself (USP <905>, table 2, T at most 101.5 %)."""
FEWEST_MASSES = 10
"""Ten capsules one by one, or all where the batch has fewer (UNC pharmlabs, quality control)."""
_MASSES = ("unit_masses", "values")
HUNDRED = Fraction(100)


def _plan(batch: Batch, test: str) -> TestPlan:
    planned = None if batch.formulation is None else batch.formulation.test(test)
    return planned or TestPlan()


def _is_counted(batch: Batch) -> bool:
    return batch.form is not None and batch.form.units_are_counted


def _net_masses(batch: Batch) -> Iterator[Row]:
    plan = _plan(batch, "net mass")
    low, high = (plan.each.low, plan.each.high) if plan.each is not None else ("90.0 %", "110.0 %")
    source = plan.source if plan.each is not None and plan.source is not None else NET_MASS_SOURCE
    limits = Limits.between(low, high, source)
    theory = batch.net_in_unit
    needed = max(int(plan.units or 0), FEWEST_MASSES)
    if batch.units is not None and batch.units < needed:
        needed = int(batch.units)
    if len(batch.net_masses) < needed:
        yield Row({"net": None, "theory": theory}, limits, partial(_tell_few, len(batch.net_masses), needed), _MASSES)
    if theory is None:
        yield Row({"net": None, "theory": None}, limits, partial(_tell_mass, 0, Fraction(0), None), _MASSES)
        return
    for index, net in batch.net_masses:
        tell = partial(_tell_mass, index, net, theory)
        yield Row({"net": net, "theory": theory}, limits, tell, (*_MASSES, index))


def _tell_few(number: int, needed: int) -> Telling:
    return Telling("the net masses", unknown=f"{needed} capsules are to be weighed one by one, and the record has {number}")


def _tell_mass(index: int, net: Fraction, theory: Fraction | None) -> Telling:
    if theory is None:
        why = "the theoretical net mass is not known: potency, packing statistics or components are missing"
        return Telling("the net masses", unknown=why, help="Correct what the other findings name; then this can be judged.")
    # Nothing, less than a shell, a hundredth or a hundredfold of theory: grams and milligrams were mixed up.
    other_unit = net > 100 * theory or net * 100 < theory
    return Telling(
        f"capsule {index + 1}",
        working=f"net {format_number(net, 1)} mg of {format_number(theory, 2)} mg",
        help="The values look as if they were in another unit: is the unit g or mg?" if other_unit else "",
    )


@limit_rule(
    "FC402",
    "Net mass of each unit against theory",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=NET_MASS_SOURCE,
    needs=(
        "unit_masses.kind",
        "unit_masses.unit",
        "unit_masses.values",
        "shell.mean_mass",
        "active.packing",
        "diluent.packing",
        *POTENCY_NEEDS,
    ),
    applies=_is_counted,
    test="net mass",
    after=("FC417",),
    rows=_net_masses,
    quantities={"net": "mg", "theory": "mg"},
    shown_in="%",
    of=" of the theoretical net mass",
    gathered=True,
)
def net_mass_of_theory(net: Any, theory: Any) -> Any:
    """Each capsule's content must weigh 90.0 to 110.0 % of what it should by theory.

    The shell is taken off first: 10 % of the gross mass is 14 % of a small filling, and a heavy shell hides
    a light one. Theory is the active (corrected for potency) and the diluent that fills the capsule up beside it,
    not the mean of the sample: a batch that is evenly light passes against its own mean. A right mass does
    not show that the drug is evenly mixed in.

    Weigh the capsule again with a check weight. If it stands, find out how the filling went, and reject or
    sort the batch one by one.
    """
    return net / theory


def _stage(batch: Batch) -> Iterator[Row]:
    plan, contents = _plan(batch, "content uniformity"), batch.contents
    count = len(contents)
    limit = plan.l1.text if plan.l1 is not None else L1
    source = plan.source if plan.l1 is not None and plan.source is not None else UNIFORMITY_SOURCE
    known = count in K
    target = plan.target.number if plan.target is not None else HUNDRED
    yield Row(
        {
            "average": measures.mean(contents) if known else None,
            "deviation": measures.sample_deviation(contents) if known else None,
            "k": K.get(count),
            "low": M_LOW / 100,
            "high": max(M_HIGH, target) / 100,
        },
        Limits.at_most(f"{limit} %", source).worded(f"at most {limit}"),
        partial(_tell_stage, count, len(batch.record.unit_contents.values) if batch.record.unit_contents else 0),
        ("unit_contents", "values"),
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
    plan, contents = _plan(batch, "content uniformity"), batch.contents
    if len(contents) != STAGE_2:
        return
    percent = plan.l2.number if plan.l2 is not None else Fraction(L2)
    source = plan.source if plan.l2 is not None and plan.source is not None else UNIFORMITY_SOURCE
    low, high = (f"{format_number(HUNDRED + sign * percent, 1)} %" for sign in (-1, 1))
    target = plan.target.number if plan.target is not None else HUNDRED
    reference: Fraction = measures.reference_value(measures.mean(contents), M_LOW / 100, max(M_HIGH, target) / 100)
    limits = Limits.between(low, high, source, rounded=False)
    for index, content in enumerate(contents):
        values = {"content": content, "reference": reference}
        yield Row(values, limits, partial(_tell_unit, index, content, reference), ("unit_contents", "values", index))


def _tell_unit(index: int, content: Fraction, reference: Fraction) -> Telling:
    return Telling(
        f"unit {index + 1}",
        working=f"content {format_number(content * 100, 1)} % of label, M {format_number(reference * 100, 2)} %",
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
    applies=_is_counted,
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
    thirty units. Ten units above 15.0 are not a failure yet: twenty more are tested, and the thirty must
    come to 15.0 at most again (not 25.0), with each unit within 0.75 M to 1.25 M. Masses cannot stand in for contents:
    a low-dose capsule holds less than 25 mg and less than 25 % of active.

    At stage 1, test twenty more. At stage 2, reject the batch and look at the mixing.
    """
    return measures.acceptance_value(average, deviation, k, low, high)


def _assay(batch: Batch) -> Iterator[Row]:
    plan, assay, basis = _plan(batch, "assay"), batch.record.assay, batch.record.strength_basis
    if assay is None or assay.value is None:
        return
    low, high = (plan.limits.low, plan.limits.high) if plan.limits is not None else ("90.0 %", "110.0 %")
    source = plan.source if plan.limits is not None and plan.source is not None else ASSAY_SOURCE
    known = assay.expressed_as is not None and basis is not None
    factor = of_label(str(assay.expressed_as), basis) if known and basis is not None else None
    yield Row(
        {"assay": assay.value.value, "factor": factor},
        Limits.between(low, high, source),
        lambda: Telling(
            "the assay",
            working="" if factor in (None, 1) else f"{assay.value} as {assay.expressed_as}",
            unknown="the assay does not say what it is expressed as",
        ),
        ("assay", "value"),
    )


@limit_rule(
    "FC411",
    "Assay within limits",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=ASSAY_SOURCE,
    needs=("strength_basis", "assay.value", "assay.expressed_as"),
    test="assay",
    rows=_assay,
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


def _has_masses(batch: Batch) -> bool:
    return batch.record.unit_masses is not None or batch.record.unit_contents is not None


@record_rule(
    "FC417",
    "Masses weighed together, or all equal: they prove nothing",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source="good practice: capsules are weighed one by one (Formulario Nacional 4.1; <1163>)",
    applies=_has_masses,
    alone=True,
)
def masses_prove_nothing(batch: Batch) -> Iterator[Fault]:
    """Capsules weighed together, or results that are all equal, say nothing about the single capsule.

    Five of 250 mg and five of 300 mg average 275 mg. Ten equal masses are most often one mass copied ten times.

    Weigh ten capsules one by one, and write down each mass as the balance shows it.
    """
    masses, contents = batch.record.unit_masses, batch.record.unit_contents
    if masses is not None and masses.together is not None and not masses.values:
        number = masses.count if masses.count is not None else "several"
        yield Fault(
            message=f"{number} capsules were weighed together ({masses.together}): that says nothing of any one of them",
            field=("unit_masses", "together"),
            found=f"{masses.together} for {number} together",
            limit="one by one",
            verdict=Verdict.NOT_DETERMINED,
        )
    for results, what, severity in ((masses, "unit_masses", Severity.ERROR), (contents, "unit_contents", Severity.WARNING)):
        values = results.values if results is not None else ()
        if len(values) > 1 and all(value.number == values[0].number for value in values):
            yield Fault(
                message=f"all {len(values)} results are {values[0].text}: equal results prove nothing",
                field=(what, "values"),
                found=f"{len(values)} times {values[0].text}",
                limit="results as they were read, one by one",
                verdict=Verdict.NOT_DETERMINED if severity is Severity.ERROR else Verdict.FAIL,
                severity=severity,
            )
