"""Powders at the bench: potency, salt and base, the least that a balance weighs well, tablets as the source."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from formcheck import measures
from formcheck.bench.worked import WARNING, Step, Worked, figure, percent, to_decimals
from formcheck.dose import CEILING
from formcheck.errors import CannotConvert, DoseAboveCeiling
from formcheck.papers.compounding import Balance, Certificate
from formcheck.papers.values import Residue
from formcheck.planning import weighing
from formcheck.reading.trust import MOST_OVERAGE
from formcheck.substance import MASS_BASE, MASS_HYDROCHLORIDE
from formcheck.units import Amount, Mass, Percent

__all__ = [
    "Potency", "minimum_weight", "minimum_weight_of_screen", "minimum_weight_usp41", "potency", "potency_of",
    "salt", "tablets", "whole", "within_ceiling",
]  # fmt: skip

POTENCY_SOURCE = "USP, naltrexone hydrochloride: assay 98.0 to 102.0 % on the anhydrous, solvent-free basis"
REQUIRED_SOURCE = "good practice: amounts are corrected by division (USP General Notices; NRF, Einwaagekorrektur)"
MASS_SOURCE = "relative molecular masses: USP 28, naltrexone hydrochloride (377.86); C20H23NO4 (341.40)"
SENSITIVITY_SOURCE = "UNC pharmlabs; USP <1176>: minimum weighable quantity = sensitivity x 100 / % error"
SENSITIVITY_OF_SCREEN = "formcheck: of a balance with a screen (FC308)"
USP_41_SOURCE = "USP <41>: 2000 x the repeatability s, or x 0.41 d where that is larger; not mandatory for compounding"
MOLAR = {"naltrexone-hydrochloride": MASS_HYDROCHLORIDE, "naltrexone": MASS_BASE}
LARGEST_ASSAY = Fraction(110, 100)
"""Above it an assay is a slip of the pen, and no result (formcheck's own)."""
_FORMULAS = {
    "anhydrous-solvent-free": "assay x (1 - water - solvents)",
    "anhydrous": "assay x (1 - water)",
    "dried": "assay x (1 - loss on drying)",
    "as-is": "assay, of the powder as it is",
}


def potency(
    strength: Amount,
    units: Amount,
    assay: Amount,
    basis: str,
    residues: dict[str, Residue | None],
    batch_overage: Fraction = Fraction(0),
    active_overage: Fraction = Fraction(0),
    weighed: Amount | None = None,
) -> Worked:
    """The powder to weigh for so many units (or mL) of a strength, corrected for what the certificate says.

    `weighed` is compared with it: as a percentage, which is also that of the strength that results. Raises what
    `potency_of` raises; CannotConvert for amounts that do not go together; DoseAboveCeiling for a unit that holds more
    than the ceiling.
    """
    _same_kind(strength, units)
    found = potency_of(assay, basis, residues)
    factors = (strength.value, units.value, batch_overage, active_overage)
    uncorrected = Fraction(measures.required_active(*factors, Fraction(1)))
    powder = Fraction(measures.required_active(*factors, found.value))
    overages = f" x (1 + {percent(batch_overage)}) x (1 + {percent(active_overage)})"
    steps = [
        found.step,
        Step(
            "Active that the batch needs",
            "A = strength x units x (1 + batch overage) x (1 + active overage)",
            f"{strength} x {units}{overages}",
            figure(uncorrected, "mg"),
        ),
        Step(
            "Powder to weigh",
            "m = A / P",
            f"{figure(uncorrected, 'mg')} / {percent(found.value)}",
            figure(powder, "mg"),
            REQUIRED_SOURCE,
            "none before the end; weigh to what the balance shows" + _ends(powder),
        ),
    ]
    data = {"potency_fraction": found.value, "weigh_mg": powder, "uncorrected_mg": uncorrected}
    answer = f"Weigh {figure(powder, 'mg', 2)} of the powder"
    if weighed is not None:
        share = Fraction(measures.relative_to(weighed.value, powder))
        data["weighed_pct"] = share * 100
        steps.append(_weighed_step(weighed, powder, share))
        answer += f"; {weighed} weighed is {to_decimals(share * 100, 1)} % of it"
    notes = (*found.notes, *_overage_doubts(batch_overage, active_overage))
    return Worked(answer, data, tuple(steps), notes)


def _weighed_step(weighed: Amount, powder: Fraction, share: Fraction) -> Step:
    return Step(
        "Weighed, and the strength that results",
        "weighed / m, in percent of the strength too: a batch overage is divided out",
        f"{weighed} / {figure(powder, 'mg')}",
        percent(share),
        rounding="shown to 4 decimals",
    )


def _overage_doubts(batch: Fraction, active: Fraction) -> Iterator[str]:
    for words, overage in (("batch", batch), ("active", active)):
        if overage > MOST_OVERAGE:
            size = f"{percent(overage)}, more than {percent(MOST_OVERAGE)}"
            yield f"{WARNING}the overage of the {words} is {size}: look for a slip of the decimal point."
    if active > 0:
        yield "An overage of the active puts so much more than its label into each unit, unless so much is lost (FC304)."


class Potency(NamedTuple):
    """The active in a powder as it is, as a fraction, with its line of working and what is to be said of it."""

    value: Fraction
    step: Step
    notes: tuple[str, ...]


def potency_of(assay: Amount, basis: str, residues: dict[str, Residue | None]) -> Potency:
    """The potency by a certificate; `residues` are `water`, `solvents` and `loss_on_drying` as given.

    Raises CannotConvert where the basis needs one that is not there, or would subtract one twice; for an assay that cannot
    be; and where nothing is left of it.
    """
    if assay.value > LARGEST_ASSAY:
        raise CannotConvert(
            f"an assay of {assay} cannot be: nothing holds more than itself, and a test errs by a few percent at most; "
            "look for the decimal point on the certificate"
        )
    given = _residues(basis, residues)
    certificate = Certificate(assay=Percent(assay), basis=basis, **given)  # type: ignore[arg-type]
    found = weighing.potency(certificate)
    if found is None:
        raise CannotConvert("nothing is left of the assay: look at the water, the solvents and the basis again")
    shares = " - ".join(["1", *(percent(residue.value) for residue in given.values())])
    numbers = f"{assay} x ({shares})" if given else str(assay)
    what = "Active in the powder as it is (potency P)"
    step = Step(what, f"P = {_FORMULAS[basis]}", numbers, percent(found), POTENCY_SOURCE)
    return Potency(found, step, tuple(_doubts(found, residues, basis)))


def _same_kind(strength: Amount, units: Amount) -> None:
    if (strength.kind == "concentration") != (units.kind == "volume"):
        raise CannotConvert("a strength in mg goes with a number of units, one in mg/mL with a volume in mL")
    if not strength.number > 0 or not units.number > 0:
        raise CannotConvert("strength and units must be above 0")
    within_ceiling(strength)
    whole(units)


def whole(units: Amount) -> None:
    """Raises CannotConvert where units that are counted are not a whole number."""
    if units.kind == "capsules" and units.number.denominator != 1:
        raise CannotConvert(f"{units} is not a whole number of units")


def within_ceiling(strength: Amount) -> None:
    """Raises DoseAboveCeiling where one unit would hold more than the ceiling of a day."""
    if strength.kind == "mass" and not strength.value <= CEILING.value:
        raise DoseAboveCeiling(
            f"a unit of {strength} would hold more than {CEILING}, the ceiling of formcheck for a day; "
            "look for a slip of the decimal point"
        )


def _residues(basis: str, residues: dict[str, Residue | None]) -> dict[str, Residue]:
    """Those that the basis needs; solvents count as 0 % where they are not given."""
    words = {"water": "--water", "solvents": "--solvents", "loss_on_drying": "--loss-on-drying"}
    needed = weighing.BASES[basis]
    for name, residue in residues.items():
        if residue is not None and name not in needed and (residue.value > 0 or basis == "as-is"):
            twice = "it would be subtracted twice" if basis == "as-is" else f"an assay on the {basis} basis leaves it in"
            raise CannotConvert(f"{words[name]} does not go with --basis {basis}: {twice}")
    found = {}
    for name in needed:
        residue = residues.get(name)
        if residue is None and name != "solvents":
            raise CannotConvert(
                f"--basis {basis} needs {words[name]}: if the certificate gives none, type {words[name]} 0%"
            )
        found[name] = residue or Residue("0 %", Fraction(0))
    return found


def _ends(value: Fraction) -> str:
    return "" if (value * 10_000).denominator == 1 else "; shown to 4 decimals"


def _doubts(found: Fraction, residues: dict[str, Residue | None], basis: str) -> list[str]:
    notes = []
    if basis == "anhydrous-solvent-free" and residues.get("solvents") is None:
        notes.append("Solvents were not given and count as 0 %. The certificate says so, or gives their figure.")
    if found < weighing.LEAST_POTENCY:
        notes.append(
            f"{WARNING}a potency of {percent(found, 2)} is below {percent(weighing.LEAST_POTENCY)}. Unless this is a "
            "trituration, a decimal point has slipped."
        )
    if found > weighing.MOST_ASSAY:
        notes.append(
            f"{WARNING}a potency of {percent(found, 2)} is above the {percent(weighing.MOST_ASSAY)} of the monograph."
        )
    return notes


def salt(mass: Amount, from_: tuple[str, Fraction], to: tuple[str, Fraction]) -> Worked:
    """The same substance in another form: a mass of one as a mass of the other, by their molar masses [g/mol].

    `from_` and `to` are a name with a molar mass each. A mass to weigh, not a dose.
    """
    if not from_[1] > 0 or not to[1] > 0:
        raise CannotConvert("a molar mass is above 0")
    share = Fraction(measures.share_of_mass(to[1], from_[1]))
    found = mass.value * share
    ours = from_[0] in MOLAR and to[0] in MOLAR
    steps = (
        Step(
            f"Share of {to[0]} in {from_[0]}",
            "f = M of what is asked / M of what is given",
            f"{figure(to[1], 'g/mol')} / {figure(from_[1], 'g/mol')}",
            figure(share, "", 6),
            MASS_SOURCE if ours else "the molar masses typed",
        ),
        Step(
            "Mass",
            "m = mass x f",
            f"{mass} x {figure(share, '', 6)}",
            figure(found, "mg"),
            rounding="none; shown to 4 decimals",
        ),
    )
    notes = ("Strengths of low-dose naltrexone count the hydrochloride, unless the prescriber wrote base.",) if ours else ()
    answer = f"{mass} of {from_[0]} is {figure(found, 'mg')} of {to[0]}"
    return Worked(answer, {"fraction": share, "mass_mg": found}, steps, notes)


def minimum_weight(sensitivity: Amount, most_error: Amount) -> Worked:
    """The least that a balance weighs within an error, by its sensitivity requirement."""
    return _minimum_weight(sensitivity.value, most_error, ())


def minimum_weight_of_screen(repeatability: Amount, readability: Amount, most_error: Amount) -> Worked:
    """The same for a balance with a screen, as FC308 has it: its sensitivity is the larger of 2 s and d."""
    least = weighing.sensitivity(repeatability.value, readability.value)
    larger = f"the larger of 2 x {repeatability} and {readability}"
    step = Step("Sensitivity", "the larger of 2 s and d", larger, figure(least, "mg"), SENSITIVITY_OF_SCREEN)
    return _minimum_weight(least, most_error, (step,))


def _minimum_weight(sensitivity: Fraction, most_error: Amount, before: tuple[Step, ...]) -> Worked:
    if not sensitivity > 0 or not most_error.value > 0:
        raise CannotConvert("sensitivity and error must be above 0")
    if not most_error.value < 1:
        raise CannotConvert(f"an error of {most_error} is as much as what is weighed: 5 %, or 1 %, are usual")
    found = Fraction(measures.minimum_weight(sensitivity, 1 / most_error.value))
    step = Step(
        "Minimum weighable quantity",
        "m = sensitivity x 100 / % error",
        f"{figure(sensitivity, 'mg')} x 100 / {figure(most_error.number, '')}",
        figure(found, "mg"),
        SENSITIVITY_SOURCE,
    )
    answer = f"Weigh {figure(found, 'mg')} or more for an error of at most {most_error}"
    return Worked(answer, {"minimum_mg": found, "method": "sensitivity"}, (*before, step))


def minimum_weight_usp41(repeatability: Amount, readability: Amount) -> Worked:
    """The minimum weight of USP <41>, by the repeatability s and the readability d."""
    if not readability.value > 0:
        raise CannotConvert("the readability of a balance is above 0")
    balance = Balance(repeatability=Mass(repeatability), readability=Mass(readability))
    found = Fraction(weighing.minimum_weighable(balance, "usp41") or 0)
    floor = readability.value * Fraction(41, 100)
    steps = (
        Step("Floor of the repeatability", "0.41 x d", f"0.41 x {readability}", figure(floor, "mg")),
        Step(
            "Minimum weight",
            "m = 2000 x the larger of s and 0.41 d",
            f"2000 x {figure(max(repeatability.value, floor), 'mg')}",
            figure(found, "mg"),
            USP_41_SOURCE,
        ),
    )
    return Worked(f"Weigh {figure(found, 'mg')} or more", {"minimum_mg": found, "method": "usp41"}, steps)


def tablets(needed: Amount, label: Amount, tablet: Amount) -> Worked:
    """The crushed tablets that hold what is needed, and how many to crush. A mass to weigh, not a dose."""
    if not all(mass.value > 0 for mass in (needed, label, tablet)):
        raise CannotConvert("what is needed, the label of a tablet and its mass must be above 0")
    if not label.value <= tablet.value:
        raise CannotConvert(f"a tablet of {tablet} cannot hold {label}")
    powder = Fraction(measures.powder_of_tablets(needed.value, label.value, tablet.value))
    share = needed.value / label.value
    whole = Fraction(-(-share.numerator // share.denominator))
    steps = (
        Step(
            "Tablets", "needed / label", f"{needed} / {label}", figure(share, "tablets"), rounding=f"up to {whole} to crush"
        ),
        Step(
            "Powder to weigh",
            "needed / label x mean mass of a tablet",
            f"{needed} / {label} x {tablet}",
            figure(powder, "mg"),
            "good practice: weigh ten tablets or more for their mean mass",
            "none; shown to 4 decimals" if _ends(powder) else "",
        ),
    )
    note = "Tablets may hold 90 to 110 % of their label, and so may what is made of them."
    answer = f"Crush {whole} tablets and weigh {figure(powder, 'mg', 2)} of the powder"
    return Worked(answer, {"powder_mg": powder, "tablets": int(whole)}, steps, (note,))
