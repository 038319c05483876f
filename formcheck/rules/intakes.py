"""FC6, what only records have: the dose as it is taken. Under the tongue, dose by dose, and by syringe."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck import measures
from formcheck.findings import Authority, Severity
from formcheck.planning.batch import Batch
from formcheck.rules.droppers import on_file
from formcheck.rules.rule import Limits, Part, Row, Ruling, Telling, limit_rule

UNDER_THE_TONGUE = Limits.at_most("1 mL", "good practice: more than 1 mL under the tongue is swallowed", rounded=False)


def _volume_held(batch: Batch) -> Iterator[Row]:
    conversion = batch.conversion
    if conversion is not None:
        held = conversion.volume if conversion.delivered_volume is None else conversion.delivered_volume
        tell = partial(Telling, "the volume held under the tongue at once")
        yield Row({"volume": Fraction(held.magnitude)}, UNDER_THE_TONGUE, tell, ("dose",))


@limit_rule(
    "FC606",
    "Volume under the tongue",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source=UNDER_THE_TONGUE.source,
    applies=lambda batch: batch.form is not None and batch.form.dosed_in_drops and batch.conversion is not None,
    rows=_volume_held,
    quantities={"volume": "mL"},
    shown_in="mL",
)
def volume_under_the_tongue(volume: Any) -> Any:
    """At most 1 mL is held under the tongue at once, and half of that is better.

    More is swallowed, and then the preparation is an oral liquid in all but name. No study of the limit was found.

    Use a stronger liquid, divide the dose, or call it an oral liquid and measure it in mL.
    """
    return volume


UNIFORMITY = "Ph. Eur. 2.9.27, uniformity of mass of delivered doses, and the oral drops of 10 doses"
TEN = 10
_EACH = Limits.between("90 %", "110 %", UNIFORMITY, rounded=False)
_TOTAL = Limits.between("85 %", "115 %", UNIFORMITY, rounded=False)
_SCALE = {"mg": 1, "g": 1000}


def _masses(batch: Batch) -> tuple[Fraction, ...]:
    masses = batch.record.dose_masses
    if masses is None or masses.unit is None:
        return ()
    return tuple(value.number * _SCALE[masses.unit] for value in masses.values)


def _each_dose(batch: Batch) -> Iterator[Row]:
    masses = _masses(batch)
    average = measures.mean(masses) if masses else Fraction(0)
    for index, mass in enumerate(masses):
        values: dict[str, Fraction | None] = {"mass": mass, "reference": average if average > 0 else None}
        tell = partial(Telling, f"dose {index + 1}", unknown="the masses are all zero")
        yield Row(values, _EACH, tell, ("dose_masses", "values", index))


def _total(batch: Batch) -> Iterator[Row]:
    masses = _masses(batch)
    if not masses:
        return
    nominal, why = _nominal(batch)
    if len(masses) != TEN:
        nominal, why = None, f"ten doses are weighed, the record has {len(masses)}"
    values: dict[str, Fraction | None] = {"mass": sum(masses, Fraction(0)), "reference": nominal}
    tell = partial(Telling, "the total of the ten doses", unknown=why)
    yield Row(values, _TOTAL, tell, ("dose_masses", "values"))


def _nominal(batch: Batch) -> tuple[Fraction | None, str]:
    """What ten doses should weigh [mg]: the volume of the dose by the density of the liquid; or why nobody knows."""
    filed = on_file(batch)
    density = (filed[0].density if filed is not None else None) or batch.record.density
    if batch.conversion is None:
        return None, "the volume of a dose is not known"
    if density is None or density.kind != "concentration" or not density.value > 0:
        return None, "the density of the liquid is not said"
    return TEN * Fraction(batch.conversion.volume.magnitude) * density.value, ""


def part_of_reference(mass: Any, reference: Any) -> Any:
    """A mass against its reference, as a fraction."""
    return mass / reference


@limit_rule(
    "FC607",
    "Dose uniformity of drops",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=UNIFORMITY,
    under={
        profile: Ruling(Severity.ERROR, Authority.GOOD_PRACTICE, f"good practice outside Europe: {UNIFORMITY}")
        for profile in ("usp-503a", "usp-503b")
    },
    needs=("dose_masses.unit", "dose_masses.values"),
    test="dose uniformity",
    rows=_each_dose,
    quantities={"mass": "mg", "reference": "mg"},
    shown_in="%",
    of=" of the mean dose",
    gathered=True,
    also=(Part(part_of_reference, _total, "%", " of ten nominal doses", quantities={"mass": "mg", "reference": "mg"}),),
)
def dose_uniformity(mass: Any, reference: Any) -> Any:
    """Ten doses dropped one after the other weigh the same: none is more than 10 % from their mean.

    Their total is within 15 % of ten nominal doses, the volume of a dose by the density of the liquid. A dose of 0.9 mL
    at 1.02 g/mL is 0.918 g, so the ten together weigh 7.803 to 10.557 g. At most 2 drops fall in a second.

    Look at the tip and at how the bottle is held, calibrate again, or measure the dose with an oral syringe.
    """
    return mass / reference
