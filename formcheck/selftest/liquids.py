"""Liquids, drops and UCUM: the cases asked of `dose`, `liquid`, the mixtures of the bench, and `ucum`."""

from fractions import Fraction

from formcheck import measures
from formcheck.bench.mixtures import alligation, dilute
from formcheck.bench.powders import tablets
from formcheck.dose import convert
from formcheck.errors import NotAQuantity
from formcheck.liquid import DropFactor, Preparation, read_run
from formcheck.selftest.asking import REFUSED, Answers, Given, exactly, of, refusal, volume_for
from formcheck.selftest.by_rules import water_that_was_added
from formcheck.selftest.comparing import NOT_ASKED
from formcheck.ucum import CODES, conventional_drops
from formcheck.units import Amount, amount, format_exactly, magnitude

__all__ = ["ANSWERS"]


def _factor_of(content: Amount, liquid: Amount) -> DropFactor:
    """The factor that follows from what a drop and what a millilitre hold."""
    return DropFactor(magnitude(liquid.quantity / content.quantity, "drop/mL"))


def _millilitres_of_a_drop(factor: DropFactor) -> Fraction:
    return magnitude(factor.volume_of_drop * of(1, "drop").quantity, "mL")


def calibrate(given: Given) -> Answers:
    """A run by volume, as `calibrate` pools it."""
    factor = DropFactor.from_runs([read_run(f"{given['drops_counted']} drops, {given['volume_mL']} mL")])
    return {"drops_per_mL": factor.per_millilitre, "mL_per_drop": _millilitres_of_a_drop(factor)}


def drops_to_volume(given: Given) -> Answers:
    """The volume of drops of another drug; `convert` refuses the dose that they hold."""
    liquid, drops = of(given["concentration_mg_per_mL"], "mg/mL"), of(given["drops"], "drops")
    factor = _factor_of(of(given["mg_per_drop"], "mg/drop"), liquid)
    volume = magnitude(drops.quantity / factor.quantity, "mL")
    return {"volume_mL": volume, "convert": refusal(drops, Preparation.labelled(liquid), factor)}


def drops_to_dose(given: Given) -> Answers:
    """Drops that were ordered, and the volume that was given instead."""
    liquid = of(given["concentration_mg_per_mL"], "mg/mL")
    factor = _factor_of(of(given["mg_per_drop"], "mg/drop"), liquid)
    preparation = Preparation.labelled(liquid)
    ordered = convert(of(given["drops_ordered"], "drops"), preparation, factor)
    taken = convert(of(given["volume_given_mL"], "mL"), preparation)
    return {
        "drops_per_mL": factor.per_millilitre,
        "ordered_mg": ordered.asked.milligrams,
        "ordered_volume_mL": magnitude(ordered.volume, "mL"),
        "given_mg": taken.asked.milligrams,
        "ratio": taken.asked.milligrams / ordered.asked.milligrams,
    }


def infer_drop_factor(given: Given) -> Answers:
    """The drop factor behind a label in mg a drop."""
    liquid, drops = of(given["concentration_mg_per_mL"], "mg/mL"), of(given["drops"], "drops")
    content = of(format_exactly(exactly(given["dose_mg"]) / drops.number), "mg/drop")
    conversion = convert(drops, Preparation.labelled(liquid), _factor_of(content, liquid))
    factor = _factor_of(content, liquid)
    return {
        "drops_per_mL": factor.per_millilitre,
        "mg_per_drop": magnitude(conversion.content_of_drop * of(1, "drop").quantity, "mg"),
        "mL_per_drop": _millilitres_of_a_drop(factor),
    }


def drop_mass_range(given: Given) -> Answers:
    """The factors between which weighed drops lie, and the one in their middle."""
    density = of(given["density_g_per_mL"], "g/mL")

    def per_millilitre(milligrams: str) -> Fraction:
        return DropFactor.from_runs([read_run(f"1 drop, {milligrams} mg")], density).per_millilitre

    lightest, heaviest = given["drop_mass_mg"]
    middle = format_exactly(measures.mean([exactly(lightest), exactly(heaviest)]))
    return {
        "drops_per_mL_range": [per_millilitre(heaviest), per_millilitre(lightest)],
        "nominal_drops_per_mL": per_millilitre(middle),
    }


def dose_to_volume(given: Given) -> Answers:
    """A liquid by what went in, and the volume of a dose of it."""
    made = of(given["volume_mL"], "mL")
    preparation = Preparation.made_from(of(given["drug_mg"], "mg"), made)
    volume = magnitude(convert(of(given["dose_mg"], "mg"), preparation).volume, "mL")
    return {
        "concentration_mg_per_mL": preparation.per_millilitre,
        "volume_for_dose_mL": volume,
        "days": made.value / volume,
    }


def volume_to_dose(given: Given) -> Answers:
    """What volumes hold."""
    preparation = Preparation.labelled(of(given["concentration_mg_per_mL"], "mg/mL"))
    return {"doses_mg": [convert(of(each, "mL"), preparation).asked.milligrams for each in given["volumes_mL"]]}


def strength(given: Given) -> Answers:
    """A concentration by what went in; what a volume of another drug holds as a mass, which `convert` refuses."""
    made = Preparation.made_from(of(given["drug_mg"], "mg"), of(given["volume_mL"], "mL"), decimals=9)
    answers: Answers = {"concentration_mg_per_mL": made.per_millilitre}
    if "dose_volume_mL" in given:
        taken = of(given["dose_volume_mL"], "mL")
        answers["dose_mg"] = magnitude(taken.quantity * made.concentration, "mg")
        return {**answers, "convert": refusal(taken, made)}
    called = of(1, "mg/mL")
    return {**answers, "error_vs_published_pct": (made.per_millilitre / called.value - 1) * 100}


def dose_to_volume_list(given: Given) -> Answers:
    """Volumes of masses of another drug; `convert` refuses each of them as a dose."""
    volumes, said = [], set()
    for item in given["items"]:
        made = Preparation.made_from(of(item["have_mg"], "mg"), of(item["per_mL"], "mL"))
        mass = of(item["dose_mg"], "mg")
        volumes.append(volume_for(mass, made.concentration))
        said.add(refusal(mass, made))
    return {"volume_mL": volumes, "convert": REFUSED if said == {REFUSED} else "converted"}


def diluted(given: Given) -> Answers:
    """A stock diluted, as `calc dilute`."""
    stock, target = of(given["stock"], "%"), of(given["target"], "%")
    return dilute(stock, target, of(given["final_volume_mL"], "mL")).data


def mixed(given: Given) -> Answers:
    """A weaker and a stronger preparation, as `calc alligation`."""
    low, high, target = (of(given[f"{name}_pct"], "%") for name in ("low", "high", "target"))
    found = alligation(low, high, target, of(given["total"], "g")).data
    return {"low": found["low_g"], "high": found["high_g"]}


_SHARES = {"ascorbic acid": "ascorbic_pct_wv", "sodium benzoate": "benzoate_pct_wv"}


def express(given: Given) -> Answers:
    """A formula in mg/mL, % w/v and % v/v; tablets as the source of the drug; water that was added, not made up to."""
    made, active = of(given["batch_mL"], "mL"), given["ingredients"][0]
    drug = of(active.get("mg") or active["drug_mg"], "mg")
    preparation = Preparation.made_from(drug, made)
    answers: Answers = {"strength_mg_per_mL": preparation.per_millilitre}
    if "count" in active:
        label = of(format_exactly(drug.value / exactly(active["count"])), "mg")
        needed = of(format_exactly(30 * preparation.per_millilitre), "mg")
        # A tablet of nothing but drug: the number of tablets does not hang on their mass.
        answers["tablets_for_30_mL"] = tablets(needed, label, label).data["powder_mg"] / label.value
    for part in given["ingredients"][1:]:
        if part["name"] in _SHARES:
            held = magnitude(of(part["mg"], "mg").quantity / made.quantity, "mg/mL")
            answers[_SHARES[part["name"]]] = held / of(1, "% w/v").value
        elif part["name"] == "glycerol":
            answers["glycerol_pct_vv"] = of(part["mL"], "mL").value / made.value / of(1, "%").value
        elif part["name"] == "purified water" and "mL" in part:
            answers["warn"] = water_that_was_added(of(part["mL"], "mL"))
    return answers


def ucum_convert(given: Given) -> Answers:
    """The drop of UCUM by its definition, said to be a convention; as a quantity it is refused."""
    text = f"{given['value']} {given['src']}"
    try:
        read = str(amount(text))
    except NotAQuantity:
        read = REFUSED
    known = (given["src"], given["dst"]) == ("[drp]", "mL")
    return {"value": conventional_drops(exactly(given["value"])).millilitres if known else None, "as_a_quantity": read}


_VALID_BUT_NOT_OURS = frozenset({"[drp]", "mg/(8.h)"})
"""Codes that are valid in UCUM and that formcheck neither writes nor reads: it is no validator of UCUM."""


def ucum_valid(given: Given) -> Answers:
    """Which codes are formcheck's own: none of those may be invalid, and no invalid one may be among them."""
    return {"valid": [NOT_ASKED if code in _VALID_BUT_NOT_OURS else code in CODES for code in given["units"]]}


ANSWERS = {
    ("drops", "calibrate"): calibrate,
    ("drops", "drops_to_volume"): drops_to_volume,
    ("drops", "drops_to_dose"): drops_to_dose,
    ("drops", "infer_drop_factor"): infer_drop_factor,
    ("drops", "drop_mass_range"): drop_mass_range,
    ("concentration", "dose_to_volume"): dose_to_volume,
    ("concentration", "volume_to_dose"): volume_to_dose,
    ("concentration", "strength"): strength,
    ("concentration", "dose_to_volume_list"): dose_to_volume_list,
    ("concentration", "dilute"): diluted,
    ("concentration", "alligation"): mixed,
    ("formula", "express"): express,
    ("ucum", "convert"): ucum_convert,
    ("ucum", "valid"): ucum_valid,
}
