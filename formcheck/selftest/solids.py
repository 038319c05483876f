"""Powders, capsules and tablets: the cases asked of the bench (potency, aliquots, uniformity) and of rules on results."""

from fractions import Fraction

from formcheck import measures
from formcheck.bench.aliquots import checked_aliquot
from formcheck.bench.powders import minimum_weight, minimum_weight_usp41, potency, salt, tablets
from formcheck.bench.results import mass_variation, uniformity, uniformity_by_mass, uniformity_of_summary
from formcheck.bench.worked import Worked
from formcheck.errors import CannotConvert
from formcheck.papers.values import Residue
from formcheck.selftest.asking import Answers, Given, exactly, listed, of
from formcheck.selftest.by_rules import assay_passes, yield_as_judged
from formcheck.units import Amount, format_exactly, magnitude

__all__ = ["ANSWERS"]

_ONE = Fraction(1)


def _judged(worked: Worked) -> Answers:
    """The figures of <905>; thirty units that pass are called a pass by the cases."""
    said = worked.data["outcome"]
    return {**worked.data, "outcome": "pass" if said == "pass_stage_2" else said}


def summary(given: Given) -> Answers:
    """Mean and deviation of ten or thirty units, as `calc uniformity --mean`."""
    mean, deviation, target = (of(given[key], "%") for key in ("mean_pct", "s", "T_pct"))
    return _judged(uniformity_of_summary(mean, deviation, int(exactly(given["n"])), target))


def individual(given: Given) -> Answers:
    """Single contents, as `calc uniformity --contents`."""
    target = of(given["T_pct"], "%")
    if "contents_pct" in given:
        return _judged(uniformity(listed(given["contents_pct"], "%"), None, target))
    return _judged(uniformity(listed(given["contents_mg"], "mg"), of(given["label_mg"], "mg"), target))


def weight_variation(given: Given) -> Answers:
    """Contents by mass, as `calc uniformity --masses`."""
    unit = "mg" if "weights_mg" in given else "g"
    masses = listed(given[f"weights_{unit}"], unit)
    return _judged(uniformity_by_mass(masses, of(given["assay_pct"], "%"), of(given["T_pct"], "%")))


def rule_claim(given: Given) -> Answers:
    """The claim that thirty units pass up to an acceptance value of 25.0: asked of thirty with a value between."""
    claim = given["claim"] == "At 30 units the batch passes when AV <= 25.0"
    found = uniformity(listed(["90", "110"] * 15, "%")).data
    between = Fraction(15) < found["AV"] <= Fraction(25)
    return {"claim_true": found["outcome"] != "fail" if claim and between else None}


def refuse_other_numbers(given: Given) -> Answers:
    """Three contents: no acceptance value, but their mean and deviation."""
    contents, label = listed(given["contents_mg"], "mg"), of(given["label_mg"], "mg")
    try:
        uniformity(contents, label)
        refused = False
    except CannotConvert:
        refused = True
    found = mass_variation(contents).data
    mean = found["mean_mg"]
    share = Fraction(measures.relative_deviation(mean, label.value)) * 100
    return {
        "refuse_AV": refused,
        "mean_mg": mean,
        "sd_sample_mg": found["sd_mg"],
        "rsd_pct": found["rsd_pct"],
        "mean_pct_label": share,
    }


def assay_limits(given: Given) -> Answers:
    """The extremes of a study against the limits of its monograph, and against the usual ones: both by FC411."""
    samples, complying = int(exactly(given["samples"])), int(exactly(given["complying"]))
    share = measures.mean([_ONE] * complying + [Fraction(0)] * (samples - complying)) * 100
    limits = (given["published_limits_pct"], given["default_limits_pct"])
    verdicts = [[assay_passes(extreme, *pair) for extreme in given["extremes_pct"]] for pair in limits]
    return {"complying_pct": share, "extremes_pass": verdicts[0] if verdicts[0] == verdicts[1] else None}


def count_units(given: Given) -> Answers:
    """The drug in a liquid in % w/v, and how many units hold it."""
    drug = magnitude(of(given["pct_wv"], "% w/v").quantity * of(given["volume_mL"], "mL").quantity, "mg")
    return {"drug_mg": drug, "units": drug / of(given["unit_mg"], "mg").value}


def assay_percent(given: Given) -> Answers:
    """The assay of powdered tablets, and what FC411 says of it under limits of 95 to 105 %."""
    average = of(given["total_weight_g"], "g").value / exactly(given["n"])
    share = of(given["found_mg"], "mg").value / of(given["sample_mg"], "mg").value
    assay = share * average / of(given["label_mg"], "mg").value * 100
    passes = assay_passes(format_exactly(assay), "95", "105")
    return {"average_mg": average, "assay_pct": assay, "outcome": "pass" if passes else "fail"}


def potency_of_lot(given: Given) -> Answers:
    """The powder for a batch, corrected for its certificate, as `calc potency`."""
    residues: dict[str, Residue | None] = {
        "water": Residue.read(f"{given['water_pct']} %"),
        "solvents": Residue.read("0 %"),
    }
    return potency(
        of(given["strength_mg"], "mg"),
        of(given["units"], "capsules"),
        of(given["assay_pct_anhydrous"], "%"),
        "anhydrous-solvent-free",
        residues,
        of(given["overage_pct"], "%").value,
    ).data


def salt_to_base(given: Given) -> Answers:
    """A salt as its base by two molar masses, as `calc salt --mw-from --mw-to`."""
    ends = ("the salt", exactly(given["mw_salt"])), ("the base", exactly(given["mw_base"]))
    found = salt(of(given["salt_mg"], "mg"), *ends).data
    return {"fraction": found["fraction"], "base_mg": found["mass_mg"]}


def tablets_powder(given: Given) -> Answers:
    """Crushed tablets as the source of another drug, as `calc tablets`: masses to weigh, no doses."""
    needed = magnitude(of(given["drug_per_5mL_mg"], "mg").quantity / 5 * exactly(given["final_volume_mL"]), "mg")
    powder = of(given["powder_g"], "g")
    tablet = of(format_exactly(powder.value / exactly(given["tablets_crushed"])), "mg")
    found = tablets(of(format_exactly(needed), "mg"), of(given["tablet_mg"], "mg"), tablet).data["powder_mg"]
    return {"drug_mg": needed, "tablets": found / tablet.value, "powder_to_weigh_g": _in_grams(found)}


def _in_grams(milligrams: Fraction) -> Fraction:
    return magnitude(of(format_exactly(milligrams), "mg"), "g")


def least_weight(given: Given) -> Answers:
    """The least weighable amount by sensitivity, as `calc minimum-weight --sensitivity`."""
    found = minimum_weight(of(given["sensitivity_mg"], "mg"), of(given["max_error_pct"], "%")).data
    return {"mwq_mg": found["minimum_mg"]}


def least_weight_by_41(given: Given) -> Answers:
    """The minimum weight of USP <41>, as `calc minimum-weight --repeatability`."""
    found = minimum_weight_usp41(of(given["s_g"], "g"), of(given["d_g"], "g")).data["minimum_mg"]
    return {"min_weight_mg": found, "min_weight_g": _in_grams(found)}


def percent_error(given: Given) -> Answers:
    """The error of a weighing by the sensitivity of the balance."""
    return {
        "error_pct": Fraction(
            measures.percent_error(of(given["sensitivity_mg"], "mg").value, of(given["weighed_mg"], "mg").value) * 100
        )
    }


def aliquot_plan(given: Given) -> Answers:
    """A given plan, as `calc aliquot --drug --diluent --aliquot` checks it."""
    names = ("needed_mg", "mwq_mg", "drug_weighed_mg", "diluent_mg", "aliquot_mg")
    found = checked_aliquot(*(of(given[name], "mg") for name in names)).data
    return {**found, "all_weighings_ge_mwq": found["all_weighings_at_least_minimum"]}


def variation_of_masses(given: Given) -> Answers:
    """Uniformity of mass with the limit of the case, as `calc mass-variation --limit`; mean and deviation in its unit."""
    masses: list[Amount] = listed(given["weights"], given["unit"])
    found = mass_variation(masses, limit=of(given["limit_pct"], "%")).data
    factor = masses[0].unit.factor
    return {**found, "mean": found["mean_mg"] / factor, "sd": found["sd_mg"] / factor}


def batch_yield(given: Given) -> Answers:
    """What FC409 says of batches with these yields, by the limits of the case or by our own."""
    figures = [exactly(given[key]) for key in ("batch_yield_pct", "tablet_yield_pct") if key in given]
    return yield_as_judged(figures, given.get("limits_pct"))


ANSWERS = {
    ("av", "summary"): summary,
    ("av", "rule"): rule_claim,
    ("av", "weight_variation"): weight_variation,
    ("av", "individual"): individual,
    ("av", "refuse"): refuse_other_numbers,
    ("av", "assay_spec"): assay_limits,
    ("api_qty", "count_units"): count_units,
    ("api_qty", "assay_percent"): assay_percent,
    ("api_qty", "potency"): potency_of_lot,
    ("api_qty", "salt_to_base"): salt_to_base,
    ("api_qty", "tablets_powder"): tablets_powder,
    ("aliquot", "mwq"): least_weight,
    ("aliquot", "usp41_min_weight"): least_weight_by_41,
    ("aliquot", "percent_error"): percent_error,
    ("aliquot", "plan"): aliquot_plan,
    ("weight", "uniformity"): variation_of_masses,
    ("weight", "yield"): batch_yield,
}
