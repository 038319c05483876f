"""FC4: the masses of single capsules. What is judged is the net content, and what it proves is the filling alone."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck import measures
from formcheck.findings import Authority, Severity, Verdict
from formcheck.planning.batch import Batch
from formcheck.planning.filling import why_no_room
from formcheck.rules.rule import Fault, Limits, Row, Telling, limit_rule, record_rule
from formcheck.rules.testing import beside, is_counted, plan_for, range_limits
from formcheck.rules.weighing import POTENCY_NEEDS
from formcheck.units import format_exactly, format_number

NET_MASS_SOURCE = "good practice: the weight rule of USP <795> before Nov 2023, and <1163>"
ONE_BY_ONE_SOURCE = "good practice: capsules are weighed one by one (Formulario Nacional 4.1; <1163>)"
MEAN_SOURCE = "good practice: mean fill within 3 % of the target (Feton, capsule fillers)"
SPREAD_SOURCE = "good practice: Formulario Nacional da Farmacopeia Brasileira, 2nd edition (2011/12), 4.1"
PH_EUR_SOURCE = "Ph. Eur. 2.9.5, uniformity of mass of single-dose preparations"
FEWEST_MASSES = 10
"""Ten capsules one by one, or all where the batch has fewer (Formulario Nacional 4.1; UNC pharmlabs)."""
PH_EUR_MASSES, PH_EUR_OUTSIDE = 20, 2
"""Ph. Eur. 2.9.5: twenty units, of which two may lie outside the limit, and none outside twice the limit."""
_MASSES = ("unit_masses", "values")
MASS_NEEDS = ("unit_masses.kind", "unit_masses.unit", "unit_masses.values", "shell.mean_mass")


def _is_weighed_singly(batch: Batch) -> bool:
    masses = batch.record.unit_masses
    return masses is not None and bool(masses.values) and is_counted(batch)


def _number_weighed(batch: Batch) -> Iterator[Row]:
    masses = batch.record.unit_masses
    needed = max(int(plan_for(batch, "net mass").units or 0), FEWEST_MASSES)
    if batch.units is not None and batch.units < needed:
        needed = int(batch.units)
    number = 0 if masses is None else len(masses.values)
    limits = Limits.at_least(f"{needed} capsules", ONE_BY_ONE_SOURCE, rounded=False)
    yield Row({"weighed": Fraction(number)}, limits, partial(_tell_few, number, needed), _MASSES, Verdict.NOT_DETERMINED)


def _tell_few(number: int, needed: int) -> Telling:
    more = f"weigh {needed - number} more"
    given = f"{number} capsule{'' if number == 1 else 's'}"
    return Telling(
        "the number of capsules weighed",
        said=f"{given} weighed one by one, where {needed} are wanted: {more}",
        help=f"{more[0].upper()}{more[1:]}, one by one, and write down each mass as the balance shows it.",
        found=given,
    )


@limit_rule(
    "FC401",
    "Number of capsules weighed one by one",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=ONE_BY_ONE_SOURCE,
    applies=_is_weighed_singly,
    test="net mass",
    rows=_number_weighed,
    quantities={"weighed": "capsule"},
    shown_in="capsules",
)
def capsules_weighed(weighed: Any) -> Any:
    """At least ten capsules are weighed one by one, or as many as the formulation wants, or all of a smaller batch.

    Three good capsules say little of a hundred: the fewer are weighed, the more often a badly filled batch looks
    well. With fewer than ten the filling is not judged as wrong, it is not determined.

    Weigh more capsules one by one until there are ten, and write down each mass as the balance shows it.
    """
    return weighed


def _net_masses(batch: Batch) -> Iterator[Row]:
    plan, theory = plan_for(batch, "net mass"), batch.net_in_unit
    limits = range_limits(plan, plan.each, ("90.0 %", "110.0 %"), NET_MASS_SOURCE)
    if theory is None or not batch.net_masses:
        yield Row({"net": None, "theory": None}, limits, partial(_tell_mass, batch, 0, Fraction(0), theory), _MASSES)
        return
    for index, net in batch.net_masses:
        tell = partial(_tell_mass, batch, index, net, theory)
        yield Row({"net": net, "theory": theory}, limits, tell, (*_MASSES, index))


def _tell_mass(batch: Batch, index: int, net: Fraction, theory: Fraction | None) -> Telling:
    if theory is None:
        missing = "the theoretical net mass is not known: potency, packing statistics or components are missing"
        why = why_no_room(batch) or missing
        return Telling("the net masses", unknown=why, help="Correct what the other findings name; then this can be judged.")
    # Nothing, less than a shell, a hundredth or a hundredfold of theory: grams and milligrams were mixed up.
    other_unit = net > 100 * theory or net * 100 < theory
    return Telling(
        f"capsule {index + 1}",
        working=f"net {format_number(net, 1)} mg of {format_number(theory, 2)} mg",
        help="The values look as if they were in another unit: is the unit g or mg?" if other_unit else "",
        unknown="the mean mass of the empty shells is not known",
    )


@limit_rule(
    "FC402",
    "Net mass of each unit against theory",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=NET_MASS_SOURCE,
    needs=(*MASS_NEEDS, "active.packing", "diluent.packing", *POTENCY_NEEDS),
    applies=is_counted,
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

    Try the balance with a check weight, and weigh the capsule again. If it stands, find out how the filling went, and
    reject or sort the batch one by one.
    """
    return net / theory


def _has_theory(batch: Batch) -> bool:
    return is_counted(batch) and bool(batch.net_masses) and batch.net_in_unit is not None


def _mean_of_theory(batch: Batch) -> Iterator[Row]:
    plan, average, theory = plan_for(batch, "net mass"), batch.mean_net_mass, batch.net_in_unit
    low, high = ("97.0 %", "103.0 %") if plan.mean is None else (plan.mean.low, plan.mean.high)
    limits = Limits.between(low, high, beside("mean", plan.mean, MEAN_SOURCE))
    yield Row({"average": average, "theory": theory}, limits, partial(_tell_mean, average, theory), _MASSES)


def _tell_mean(average: Fraction | None, theory: Fraction | None) -> Telling:
    figures = [format_number(mass, 2) for mass in (average, theory) if mass is not None]
    return Telling("the mean net mass", working=f"{' mg of '.join(figures)} mg")


@limit_rule(
    "FC403",
    "Mean net mass against theory",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source=MEAN_SOURCE,
    applies=_has_theory,
    test="net mass",
    after=("FC402", "FC417"),
    rows=_mean_of_theory,
    quantities={"average": "mg", "theory": "mg"},
    shown_in="%",
    of=" of the theoretical net mass",
)
def mean_mass_of_theory(average: Any, theory: Any) -> Any:
    """The mean of the net masses should lie within 97.0 to 103.0 % of theory, or within the formulation's range.

    Each capsule can be within 10 % and the whole batch still 5 % light: then powder was left over, tamped too little,
    or the packing statistic is of another lot. Where single capsules are outside already (FC402), this says nothing
    more.

    Look at what was left over, at the packing statistic of the lot and at the tamping, before the next batch is filled.
    """
    return average / theory


def _has_a_spread(batch: Batch) -> bool:
    return is_counted(batch) and len(batch.net_masses) > 1


def _spread(batch: Batch) -> Iterator[Row]:
    plan, average = plan_for(batch, "net mass"), batch.mean_net_mass
    most = plan.rsd_at_most.text if plan.rsd_at_most is not None else "4.0 %"
    usable = average is not None and average > 0
    deviation = measures.sample_deviation([net for _, net in batch.net_masses]) if usable else None
    limits = Limits.at_most(most, beside("relative standard deviation at most", plan.rsd_at_most, SPREAD_SOURCE))
    yield Row({"deviation": deviation, "average": average}, limits, partial(_tell_spread, deviation, average), _MASSES)


def _tell_spread(deviation: Fraction | None, average: Fraction | None) -> Telling:
    what = "the relative standard deviation"
    if deviation is None or average is None:
        return Telling(what, unknown="the mean of the net masses is not above 0")
    return Telling(what, working=f"{format_number(deviation, 2)} mg of {format_number(average, 2)} mg")


@limit_rule(
    "FC404",
    "Scatter of the net masses",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source=SPREAD_SOURCE,
    applies=_has_a_spread,
    test="net mass",
    after=("FC401", "FC402", "FC417"),
    rows=_spread,
    quantities={"deviation": "mg", "average": "mg"},
    shown_in="%",
    of=" of the mean net mass",
)
def spread_of_masses(deviation: Any, average: Any) -> Any:
    """The net masses should scatter little: relative standard deviation at most 4.0 %, or as the formulation says.

    It is the sample's deviation (n - 1) in percent of the mean, on the net content: beside a shell of 48 mg the
    gross masses scatter less than what is in them. The Brazilian formulary says 4 %, the German DAC/NRF 5 %. Where
    single capsules are outside already (FC402), this says nothing more.

    Look at how the powder was spread and tamped, and at its flow; weigh another ten capsules if in doubt.
    """
    return measures.relative_deviation(deviation, average)


@record_rule(
    "FC405",
    "Uniformity of mass, Ph. Eur. 2.9.5",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=PH_EUR_SOURCE,
    needs=MASS_NEEDS,
    profiles=("ph-eur",),
    applies=is_counted,
    test="net mass",
    after=("FC417",),
)
def uniformity_of_mass(batch: Batch) -> Iterator[Fault]:
    """Twenty capsules, net, against their own mean: at most two outside the limit, none outside twice the limit.

    The limit is 10 % where the mean is below 300 mg, and 7.5 % from 300 mg on; deviations are compared unrounded.
    Since the mean is the sample's, an evenly light batch passes here: FC402 and FC403 compare it with theory.

    With fewer than twenty, weigh more. Outside, look at the filling, and reject or sort the batch one by one.
    """
    masses, average = [net for _, net in batch.net_masses], batch.mean_net_mass
    if len(masses) < PH_EUR_MASSES or average is None or not average > 0:
        few = len(masses) < PH_EUR_MASSES
        unknown = (
            f"it takes {PH_EUR_MASSES} net masses, and {len(masses)} are known" if few else "their mean is not above 0"
        )
        yield Fault(
            message=f"uniformity of mass: not determined, because {unknown}",
            field=_MASSES,
            found=f"{len(masses)} net masses",
            limit=f"{PH_EUR_MASSES} capsules",
            verdict=Verdict.NOT_DETERMINED,
        )
        return
    allowed = measures.mass_deviation_allowed(average)
    outside = measures.outside(masses, average, allowed)
    far = measures.outside(masses, average, 2 * allowed)
    if not far and len(outside) <= PH_EUR_OUTSIDE:
        return
    beyond = far or outside
    named = ", ".join(
        f"capsule {index + 1} {format_number(masses[index] / average * 100, 1)} %" for index in beyond[:5]
    ) + (f" and {len(beyond) - 5} more" if len(beyond) > 5 else "")
    share = format_exactly((2 if far else 1) * allowed * 100)
    yield Fault(
        message=f"{len(beyond)} of {len(masses)} deviate by more than {share} % from their mean of "
        f"{format_number(average, 1)} mg: {named}",
        field=(*_MASSES, beyond[0]),
        found=named,
        limit=f"at most 2 beyond {format_exactly(allowed * 100)} %, none beyond {format_exactly(2 * allowed * 100)} %",
    )
