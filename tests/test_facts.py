"""The fifteen facts most likely to be implemented wrong (domain, section 12), each with a test of its own.

Most go through the rules on real records: a sound record of specs/naltrexone-capsules with one field changed.
"""

import inspect
import sys
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from published.records import (
    REMOVED,
    Paper,
    changed,
    codes,
    contents,
    formulation,
    found,
    judged,
    plan_of,
    read_paper,
    record,
    text_of,
    verdicts,
)

from formcheck import measures
from formcheck.check import Selection, findings_of_formulation
from formcheck.cli import main
from formcheck.dose import Basis, Dose, DropFactor, Preparation, convert
from formcheck.errors import CannotConvert, UnknownUnit
from formcheck.findings import Authority, Finding, Verdict
from formcheck.liquid import read_run
from formcheck.manual import rule_as_text
from formcheck.papers.compounding import Balance
from formcheck.papers.formulation import FormCategory
from formcheck.planning.batch import Batch
from formcheck.planning.dating import TABLE_DAYS
from formcheck.planning.weighing import minimum_weighable
from formcheck.rules.catalogue import CATALOGUE
from formcheck.units import amount, format_number, quantity
from formcheck.verdicts import Judged

# Rules (or whole facts) that are not there yet, with the fact that waits for them: none.
NOT_YET: dict[str, str] = {}
NOT_YET_FACTS: dict[int, str] = {}

CASE_B = ["94.0", "101.0", "88.0", "97.0", "91.5", "104.0", "86.0", "95.5", "99.0", "93.0"]
CASE_B_20 = [str(whole) for whole in (96, 98, 97, 95, 99, 94, 98, 96, 97, 100, 95, 98, 96, 97, 99, 94, 97, 96, 98, 95)]
CASE_C = ["112", "105.5", "108", "103", "110.5", "106", "109", "104.5", "107", "111"]
CASE_D = ["100.0"] * 29 + ["74.0"]
CASE_E = ["100.0"] * 29 + ["74.4"]


def uniformity(values: list[str], **more: str) -> list[str]:
    """What FC407 says of a record with these contents [% of label]."""
    return verdicts(judged(record({"unit_contents": contents(values), **more})), "FC407")


def fractions(values: list[str]) -> list[Fraction]:
    return [Fraction(value) for value in values]


def active(required: str, weighed: str) -> dict[str, str]:
    """What a record says was required and weighed of the active [mg]."""
    return {"components.0.required": f"{required} mg", "components.0.weighed": f"{weighed} mg"}


def acceptance_value(values: list[str], target: str = "101.5") -> Fraction:
    numbers = fractions(values)
    k = {10: Fraction("2.4"), 30: Fraction(2)}[len(values)]
    spread = measures.sample_deviation(numbers)
    return Fraction(measures.acceptance_value(measures.mean(numbers), spread, k, Fraction("98.5"), Fraction(target)))


def test_fact_01_acceptance_value_15_at_both_stages() -> None:
    """<905>: the acceptance value is at most 15.0 at both stages, never 25; thirty units at 20 fail."""
    wide = ["90", "110"] * 15
    assert 20 < acceptance_value(wide) < 21
    (finding,) = found(judged(record({"unit_contents": contents(wide)})), "FC407")
    assert finding.verdict is Verdict.FAIL and "15.0" in str(finding.limit) and "25" not in str(finding.limit)
    assert uniformity(["90", "110"] * 5) == ["not_determined"], "with ten units it is not a failure yet"


def test_fact_01_single_units_within_three_quarters_of_m() -> None:
    """<905>, stage 2: single units are bounded by 0.75 M to 1.25 M with M from the thirty, not by 75 % of label."""
    assert uniformity(CASE_B + CASE_B_20) == []
    assert format_number(acceptance_value(CASE_D), 2) == "9.49"
    (finding,) = found(judged(record({"unit_contents": contents(CASE_D)})), "FC407")
    assert finding.verdict is Verdict.FAIL and "unit 30" in finding.message
    assert uniformity(CASE_E) == [], "74.4 % of label is above 0.75 M = 74.36 %"


def test_fact_01_single_units_are_not_bounded_at_stage_1() -> None:
    """<905>: the bound of single units belongs to the thirty; ten units have the acceptance value alone."""
    low = ["100"] * 9 + ["86.0"]
    assert acceptance_value(low) <= 15 and uniformity(low) == []
    outside = ["100"] * 9 + ["74.0"]
    (finding,) = found(judged(record({"unit_contents": contents(outside)})), "FC407")
    assert finding.verdict is Verdict.NOT_DETERMINED and "unit 10" not in finding.message


def test_fact_02_the_deviation_is_the_samples() -> None:
    """The standard deviation is divided by n - 1: case B has AV 17.1 (16.4 with the population's), and is not passed."""
    values = fractions(CASE_B)
    assert format_number(measures.sample_deviation(values), 3) == "5.621"
    assert format_number(acceptance_value(CASE_B), 1) == "17.1"
    (finding,) = found(judged(record({"unit_contents": contents(CASE_B)})), "FC407")
    assert "17.1" in finding.message and "16.4" not in finding.message


def test_fact_02_the_deviation_decides_near_the_limit() -> None:
    """Ten units that only the population's deviation would pass (14.7) are above 15.0 with the sample's (15.1)."""
    values = ["94", "106"] * 5
    values = [format_number(100 + (Fraction(value) - 100) * Fraction("0.998"), 3) for value in values]
    population = measures.square_root(sum((Fraction(v) - 100) ** 2 for v in values) / Fraction(10))
    assert Fraction("2.4") * population < 15 < acceptance_value(values)
    assert uniformity(values) == ["not_determined"]


def test_fact_03_masses_never_stand_in_for_contents() -> None:
    """Perfect masses prove nothing of contents: where content uniformity is due, a record without it is not determined."""
    due = record({"changes": ["new mixer"]})
    assert "unit_contents" not in due and len(due["unit_masses"]["values"]) == 10
    result = judged(due)
    assert verdicts(result, "FC402") == [] and verdicts(result, "FC407") == ["not_determined"]
    assert result.verdict is Verdict.NOT_DETERMINED


def test_fact_03_contents_by_mass_variation_fail() -> None:
    """Contents computed from masses fail for a capsule of 4.5 mg, however even they are (25 mg and 25 % are needed)."""
    even = ["100.0", "100.1"] * 5
    by_masses = {**contents(even), "method": "mass-variation"}
    assert uniformity(even) == []
    result = judged(record({"unit_contents": by_masses}))
    (finding,) = found(result, "FC406")
    assert finding.verdict is Verdict.FAIL and "4.5 mg" in str(finding.found) and result.verdict is Verdict.FAIL


def test_fact_03_a_formulation_cannot_choose_the_route_of_masses() -> None:
    """A formulation that asks for mass variation fails every record of a low dose made by it."""
    plan = formulation()
    plan = formulation({f"{plan_of(plan, 'content uniformity')}.route": "mass-variation"})
    assert verdicts(judged(record(), plan), "FC406") == ["fail"]


def test_fact_03_a_mass_check_is_never_called_content_uniformity() -> None:
    """The rule of masses says itself that a right mass does not show the drug is evenly mixed in."""
    manual = " ".join(rule_as_text("FC402").split())
    assert "content uniformity" not in manual and "does not show that the drug is evenly mixed in" in manual
    assert "Masses cannot stand in for contents" in " ".join(rule_as_text("FC407").split())


def test_fact_04_capsules_weighed_together_are_not_determined() -> None:
    """Ten capsules on one pan say nothing of any one of them, whatever their mean."""
    together = {"kind": "gross", "together": "1787 mg", "count": "10"}
    result = judged(record({"unit_masses": together}))
    assert verdicts(result, "FC417") == ["not_determined"] and result.verdict is Verdict.NOT_DETERMINED


def test_fact_04_a_mean_divided_into_ten_equal_masses_is_not_determined() -> None:
    """A mass that stands ten times in the record is one mass written ten times."""
    copied = {"kind": "gross", "unit": "mg", "values": ["178.7"] * 10}
    assert verdicts(judged(record({"unit_masses": copied})), "FC417") == ["not_determined"]


def test_fact_04_masses_are_judged_on_the_net_content() -> None:
    """A capsule of 92 % of the gross mass holds 89 % of the powder, and fails."""
    light = record({"unit_masses.values.3": "164.3"})
    gross, net = Fraction("178.86"), Fraction("130.66")
    assert Fraction("164.3") / gross > Fraction("0.9") > (Fraction("164.3") - Fraction("48.2")) / net
    (finding,) = found(judged(light), "FC402")
    assert finding.verdict is Verdict.FAIL and "capsule 4" in finding.message and "88.9 %" in str(finding.found)


def test_fact_04_masses_are_judged_against_theory_and_not_their_mean() -> None:
    """Capsules that are all 12 % light agree with their own mean, and every one of them fails."""
    even = [format_number(Fraction("48.2") + Fraction("130.66") * Fraction(part, 1000), 1) for part in range(875, 885)]
    result = judged(record({"unit_masses.values": even}))
    (finding,) = found(result, "FC402")
    assert finding.message.startswith("10 values") and result.verdict is Verdict.FAIL


def test_fact_05_the_assay_is_corrected_for_water() -> None:
    """99.5 % anhydrous with 8.7 % water is a potency of 0.9084: 100 capsules of 4.5 mg with 3 % overage take 510.2 mg."""
    batch = Batch(read_paper(record()).paper, read_paper(formulation()).paper)  # type: ignore[arg-type]
    assert batch.potency == Fraction("0.908435")
    assert batch.active_required is not None and format_number(batch.active_required, 2) == "510.22"


def test_fact_05_forgotten_water_fails_by_its_name() -> None:
    """465.8 mg is what comes out when the water is forgotten: capsules of 91 %, and one finding that says why."""
    result = judged(record(active("465.83", "465.9")))
    assert codes(result) == {"FC302"} and "not subtracted" in found(result, "FC302")[0].message
    assert format_number(Fraction("465.83") / Fraction("510.22") * 100, 0) == "91"


def test_fact_05_water_is_corrected_by_division() -> None:
    """Multiplying by (1 + water) instead of dividing by (1 - water) is not a correction: it fails by its name."""
    weighed = Fraction("463.5") / Fraction("0.995") * Fraction("1.087")
    wrong = {
        "components.0.required": f"{format_number(weighed, 2)} mg",
        "components.0.weighed": f"{format_number(weighed, 1)} mg",
    }
    result = judged(record(wrong))
    assert verdicts(result, "FC302") == ["fail"] and "(1 + water)" in found(result, "FC302")[0].message


def test_fact_05_as_is_is_not_corrected_again() -> None:
    """An assay as it is holds the water already: 510.46 mg is right, and 559.10 mg fails as subtracted twice."""
    start = "good-looks-wrong-as-is-certificate"
    assert judged(record(start=start)).verdict is Verdict.PASS
    result = judged(record(active("559.10", "559.4"), start=start))
    assert verdicts(result, "FC302") == ["fail"] and "subtracted twice" in found(result, "FC302")[0].message


def test_fact_05_without_the_water_nothing_is_determined() -> None:
    """On the anhydrous, solvent-free basis a certificate without water or solvents leaves the amount not determined."""
    for missing in ("water", "solvents"):
        result = judged(record({f"components.0.certificate.{missing}": REMOVED}))
        assert "not_determined" in verdicts(result, "FC301") and result.verdict is Verdict.NOT_DETERMINED


def test_fact_06_strengths_are_of_the_hydrochloride() -> None:
    """4.5 mg means the hydrochloride, no factor applied; only a declared base is multiplied, 4.5 mg to 4.98 mg."""
    assert Dose.of(amount("4.5 mg")).milligrams == Fraction("4.5")
    assert format_number(Dose.of(amount("4.5 mg"), Basis.BASE).milligrams, 2) == "4.98"
    salt = convert(amount("4.5 mg"), Preparation.labelled(amount("5 mg/mL")))
    assert salt.asked.milligrams == Fraction("4.5") and salt.basis_assumed


@pytest.mark.parametrize("factor", ["1.1068", "0.90351", "0.91293", "1.09538"])
def test_fact_06_a_salt_factor_in_the_weighing_fails_by_its_name(factor: str) -> None:
    """What was weighed is off by exactly a factor between salt, base and dihydrate: one finding names it."""
    weighed = format_number(Fraction("467.23") * Fraction(factor), 1)
    result = judged(record(active(weighed, weighed), start="good-4.5mg-anhydrous-lot"))
    assert verdicts(result, "FC303") == ["fail"] and not {"FC301", "FC305", "FC302"} & codes(result)


@pytest.mark.parametrize("cas", ["51481-60-8", "357-08-4"])
@pytest.mark.parametrize("field", ["components.0.cas", "components.0.certificate.cas"])
def test_fact_06_the_number_of_naloxone_is_not_a_dihydrate(cas: str, field: str) -> None:
    """CAS 51481-60-8 is naloxone hydrochloride dihydrate, not a hydrate of naltrexone: it fails wherever it stands."""
    result = judged(record({field: cas}))
    assert verdicts(result, "FC203") == ["fail"] and "naloxone" in found(result, "FC203")[0].message


def test_fact_06_the_base_is_another_substance() -> None:
    """The CAS number of the base where the formulation asks for the hydrochloride fails; the right one passes."""
    assert verdicts(judged(record({"components.0.cas": "16590-41-3"})), "FC203") == ["fail"]
    assert verdicts(judged(record({"components.0.cas": "16676-29-2"})), "FC203") == []


def test_fact_07_a_drop_is_never_assumed() -> None:
    """Without a drop factor drops are neither answered nor taken: there is no silent 20 drops/mL."""
    preparation = Preparation.labelled(amount("5 mg/mL"))
    assert convert(amount("4.5 mg"), preparation).drops is None
    with pytest.raises(CannotConvert, match="measured"):
        convert(amount("18 drops"), preparation)


def test_fact_07_eighteen_drops_may_be_three_and_a_half_milligrams() -> None:
    """18 drops of 5 mg/mL are 4.5 mg at 20 drops/mL and 3.48 mg at the 25.85 drops/mL that were measured."""
    preparation = Preparation.labelled(amount("5 mg/mL"))
    measured = DropFactor.from_runs([read_run("20 drops, 0.82 g")], amount("1.06 g/mL"))
    assumed = DropFactor.typed(amount("20 drops/mL"))
    taken = convert(amount("18 drops"), preparation, measured).asked.milligrams
    assert format_number(taken, 2) == "3.48"
    assert convert(amount("18 drops"), preparation, assumed).asked.milligrams == Fraction("4.5")


def test_fact_07_a_typed_factor_is_warned_of_and_the_ucum_drop_refused() -> None:
    """A factor somebody typed is FC603 with its provenance missing; [drp] and gtt are no units here."""
    arguments = ["convert", "4.5mg", "--concentration", "5mg/mL", "--drop-factor", "20 drops/mL"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0 and "FC603" in result.output
    for spelling in ("18 [drp]", "18 gtt"):
        with pytest.raises(UnknownUnit, match="write drops"):
            quantity(spelling)


@pytest.mark.parametrize(("each", "verdict"), [("83.46", []), ("83.45", ["fail"])])
def test_fact_08_an_acceptance_value_is_rounded_half_up(each: str, verdict: list[str]) -> None:
    """AV 15.04 rounds to 15.0 and passes, 15.05 rounds up to 15.1 and does not (thirty units, s = 0)."""
    assert acceptance_value([each] * 30) == Fraction("98.5") - Fraction(each)
    assert uniformity([each] * 30) == verdict


@pytest.mark.parametrize(
    ("assay", "verdict"),
    [
        ("89.94", ["fail"]),
        ("89.95", []),
        ("90.0", []),
        ("110.0", []),
        ("110.04", []),
        ("110.05", ["fail"]),
        ("110.1", ["fail"]),
    ],
)
def test_fact_08_an_assay_is_rounded_half_up(assay: str, verdict: list[str]) -> None:
    """An assay is rounded half up to the decimals of its limit: 89.95 % passes 90.0, 110.05 % fails 110.0."""
    result = judged(record({"assay": {"value": f"{assay} %", "expressed_as": "naltrexone-hydrochloride"}}))
    assert verdicts(result, "FC411") == verdict


def test_fact_08_printing_rounds_half_up() -> None:
    """Python's round() gives 101.5 and 110.0 for 101.55 and 110.05; printed results are 101.6 and 110.1."""
    assert [format_number(Fraction(x), 1) for x in ("101.55", "110.05", "97.95")] == ["101.6", "110.1", "98.0"]


def test_fact_08_a_converted_assay_is_rounded_at_the_very_end() -> None:
    """81.27 % as base is 89.95 % of the hydrochloride and passes; rounding to 81.3 or 81.2 first would mislead."""
    salt = Fraction("377.86") / Fraction("341.40")
    passing, failing = "81.274", "81.26"
    assert Fraction(passing) * salt >= Fraction("89.95") > Fraction(failing) * salt
    for value, verdict in ((passing, []), (failing, ["fail"])):
        result = judged(record({"assay": {"value": f"{value} %", "expressed_as": "naltrexone"}}))
        assert verdicts(result, "FC411") == verdict


def dated(after: int, category: str, **entry: str) -> list[str]:
    """What FC501 says of a record dated so many days, under a formulation with this entry."""
    start = {"category": category, "days": "400", "basis": "default", "source": "somebody", "storage": "room"}
    plan = formulation({"beyond_use": {**start, **entry}})
    late = {f"components.{index}.expires": "2030-12-31" for index in range(3)}
    made = date(2026, 3, 2)
    paper = record({**late, "made": str(made), "beyond_use_date": str(made + timedelta(days=after))})
    return verdicts(judged(paper, plan), "FC501")


@pytest.mark.parametrize(
    ("category", "days"),
    [("aqueous-nonpreserved", 14), ("aqueous-preserved", 35), ("oral-liquid-nonaqueous", 90), ("other-nonaqueous", 180)],
)
def test_fact_09_the_table_of_beyond_use_dates(category: str, days: int) -> None:
    """USP <795> (2023): 14, 35, 90 and 180 days by category, whatever longer default a formulation claims."""
    assert TABLE_DAYS[FormCategory(category)] == days
    assert dated(days, category) == [] and dated(days + 1, category) == ["fail"]


def test_fact_09_six_calendar_months_are_not_180_days() -> None:
    """The old "6 months" of a dry form (184 days from March) fails; so do the old 30 days of an unpreserved liquid."""
    paper = record({"made": "2026-03-09", "beyond_use_date": "2026-09-09"}, start="good-4.5mg-anhydrous-lot")
    assert verdicts(judged(paper), "FC501") == ["fail"]
    assert dated(30, "aqueous-nonpreserved") == ["fail"]


@pytest.mark.parametrize("basis", ["study", "monograph"])
def test_fact_10_a_year_of_stability_is_not_a_year_of_use(basis: str) -> None:
    """A study of 360 days gives 180 days and not one more."""
    assert dated(180, "other-nonaqueous", days="360", basis=basis) == []
    assert dated(181, "other-nonaqueous", days="360", basis=basis) == ["fail"]
    assert dated(360, "other-nonaqueous", days="360", basis=basis) == ["fail"]


def test_fact_10_a_shorter_study_counts() -> None:
    """Where the formulation takes 30 days from the literature for a table of 35, day 31 fails."""
    assert dated(30, "aqueous-preserved", days="30", basis="study") == []
    assert dated(31, "aqueous-preserved", days="30", basis="study") == ["fail"]
    assert dated(31, "aqueous-preserved", days="30", basis="default") == ["fail"]


STUDIED = {"days": "90", "basis": "study", "source": "a study of this formula", "stability_indicating": "yes"}


def lasting(after: int, code: str, strength: str = "1 mg/mL", **entry: str) -> list[str]:
    """What a rule says of a preserved liquid at room temperature dated so many days, under an entry of the formulation."""
    start = {"category": "aqueous-preserved", "storage": "room", "days": "35", "basis": "default", "source": "the table"}
    plan = formulation({"beyond_use": {**start, **entry}, "strengths": [strength]})
    made = date(2026, 3, 2)
    late = {f"components.{index}.expires": "2030-12-31" for index in range(3)}
    dates = {"made": str(made), "beyond_use_date": str(made + timedelta(days=after))}
    return verdicts(judged(record({**late, **dates, "strength": strength}), plan), code)


def test_fact_10_a_longer_date_of_an_aqueous_preparation_needs_antimicrobial_evidence() -> None:
    """Beyond 35 days a preserved liquid needs a stability-indicating study, and evidence of <51> on top."""
    assert lasting(35, "FC503", "5 mg/mL", **STUDIED) == []
    assert lasting(36, "FC503", "5 mg/mL", **STUDIED) == ["fail"]
    assert lasting(36, "FC503", "5 mg/mL", **STUDIED, antimicrobial_effectiveness="USP <51>, 2025") == []


def test_fact_10_a_potency_over_time_is_no_stability_indicating_study() -> None:
    """A study that was not stability-indicating extends nothing, and one that does not say so is not determined."""
    entry = {**STUDIED, "antimicrobial_effectiveness": "USP <51>, 2025"}
    assert lasting(36, "FC503", "5 mg/mL", **{**entry, "stability_indicating": "no"}) == ["fail"]
    assert lasting(36, "FC503", "5 mg/mL", **{k: v for k, v in entry.items() if k != "stability_indicating"}) == [
        "not_determined"
    ]


def test_fact_10_shorter_literature_counts_though_the_formulation_does_not_name_it() -> None:
    """Naltrexone liquid of 1 mg/mL: 30 days at room temperature (Fawcett 1997), where the table says 35; not at 5 mg/mL."""
    assert lasting(30, "FC504") == [] and lasting(31, "FC504") == ["fail"]
    assert lasting(35, "FC504", "5 mg/mL") == []
    assert lasting(31, "FC504", **STUDIED, antimicrobial_effectiveness="USP <51>, 2025") == ["fail"]


@pytest.mark.parametrize("component", [0, 1, 2])
def test_fact_10_the_expiry_of_any_component_counts(component: int) -> None:
    """Active, filler or shell: the day after any component's expiry is too late, and month/year is its last day."""
    start = "good-4.5mg-anhydrous-lot"
    expiring = {f"components.{component}.expires": "06/2026"}
    assert verdicts(judged(record({**expiring, "beyond_use_date": "2026-06-30"}, start=start)), "FC502") == []
    assert verdicts(judged(record({**expiring, "beyond_use_date": "2026-07-01"}, start=start)), "FC502") == ["fail"]


def test_fact_11_a_batch_overage_does_not_change_the_strength() -> None:
    """Batch overage multiplies what is weighed and leaves the capsule alone; active overage raises the capsule."""

    def batch(**overages: str) -> Batch:
        plan = formulation({f"batch.{name}": value for name, value in overages.items()})
        return Batch(read_paper(record()).paper, read_paper(plan).paper)  # type: ignore[arg-type]

    none = batch(batch_overage="0 %", active_overage="0 %")
    of_batch = batch(batch_overage="10 %", active_overage="0 %")
    of_active = batch(batch_overage="0 %", active_overage="10 %")
    assert none.active_required and none.active_in_unit and none.diluent_in_unit
    for raised in (of_batch, of_active):
        assert raised.active_required == none.active_required * Fraction("1.1")
    assert (of_batch.active_in_unit, of_batch.net_in_unit) == (none.active_in_unit, none.net_in_unit)
    assert of_active.active_in_unit == none.active_in_unit * Fraction("1.1")


def test_fact_11_a_batch_overage_is_in_the_diluent_too() -> None:
    """A diluent that was weighed without the batch overage is short of what was required, and fails."""
    computed = record({"components.1.required": REMOVED})
    assert verdicts(judged(computed), "FC305") == []
    short = changed(computed, {"components.1.weighed": "12571 mg"})
    (finding,) = found(judged(short), "FC305")
    assert finding.verdict is Verdict.FAIL and "microcrystalline cellulose" in finding.message


@pytest.mark.parametrize("overage", ["batch_overage", "active_overage"])
def test_fact_11_an_overage_does_not_raise_the_target(overage: str) -> None:
    """Contents about 107.65 % have AV 13.3 against T = 100, whatever overage the formulation plans."""
    assert format_number(acceptance_value(CASE_C), 1) == "13.3"
    assert format_number(acceptance_value(CASE_C, target="105"), 1) == "9.8"
    spread = [format_number(Fraction(value) + 3, 1) for value in CASE_C]
    assert acceptance_value(spread) > 15 > acceptance_value(spread, target="105")
    plan = formulation({f"batch.{overage}": "5 %"})
    assert verdicts(judged(record({"unit_contents": contents(spread)}), plan), "FC407") == ["not_determined"]
    approved = formulation({f"{plan_of(plan, 'content uniformity')}.target": "105 %"})
    assert verdicts(judged(record({"unit_contents": contents(spread)}), approved), "FC407") == []


def linted(plan: Paper, profile: str = "usp-503a") -> list[Finding]:
    """What lint says of a formulation by itself."""
    return findings_of_formulation(read_paper(plan, "formulation.yaml"), Selection(profile=profile))


def of_overage(profile: str = "usp-503a", **overages: str) -> list[tuple[str, str, str]]:
    """What FC304 says of a formulation with these overages: verdict, severity, and the key."""
    said = found(linted(formulation({f"batch.{name}": value for name, value in overages.items()}), profile), "FC304")
    return [(str(f.verdict), str(f.severity), str(f.field).rpartition(".")[2]) for f in said]


def test_fact_11_an_overage_of_the_active_is_warned_of() -> None:
    """An overage of the active alone warns in the United States, and says why; the NRF's own 10 % do not under ph-eur."""
    raised = ("fail", "warning", "active_overage")
    assert of_overage() == of_overage(active_overage="0 %") == []
    assert of_overage(active_overage="10 %") == of_overage(active_overage="0.1 %") == [raised]
    assert of_overage(active_overage="10 %", profile="usp-503b") == [raised]
    assert of_overage(active_overage="10 %", profile="ph-eur") == of_overage(active_overage="5 %", profile="ph-eur") == []
    (finding,) = found(linted(formulation({"batch.active_overage": "10 %"})), "FC304")
    assert finding.authority is Authority.GOOD_PRACTICE
    assert "without a loss every unit holds that much more" in finding.message


def test_fact_11_an_overage_of_the_batch_is_no_fault_of_the_strength() -> None:
    """0 to 5 % of the whole batch is usual and says nothing; more is a remark, never an error."""
    remark = ("note", "info", "batch_overage")
    assert of_overage(batch_overage="0 %") == of_overage(batch_overage="5 %") == []
    assert of_overage(batch_overage="5.1 %") == of_overage(batch_overage="10 %") == [remark]


def test_fact_11_lint_shows_the_overage_of_the_active(tmp_path: Path) -> None:
    """formcheck lint names the overage as a warning: the formulation is in order all the same, but not strictly."""
    file = tmp_path / "formulation.yaml"
    file.write_text(text_of(formulation({"batch.active_overage": "10 %"})), encoding="utf-8")
    result = CliRunner().invoke(main, ["lint", str(file)])
    assert result.exit_code == 0 and "IN ORDER" in result.output and "FC304 warning" in result.output
    assert CliRunner().invoke(main, ["lint", str(file), "--strict"]).exit_code == 1


def balance(readability: str, repeatability: str) -> Balance:
    """A balance as a record describes it [mg]."""
    return Balance(readability=amount(f"{readability} mg"), repeatability=amount(f"{repeatability} mg"))


@pytest.mark.parametrize(
    ("repeatability", "readability", "least"),
    [("0.08", "0.1", "160"), ("0.03", "0.1", "82"), ("0.3", "1", "820"), ("0.10", "0.1", "200"), ("0.041", "0.1", "82")],
)
def test_fact_12_usp_41_is_two_thousand_times_the_repeatability(repeatability: str, readability: str, least: str) -> None:
    """USP <41>: factor 2, so 2000 s, and s counts as at least 0.41 d; s 0.10 mg is 200 mg, never 300 mg."""
    computed = measures.minimum_weight_usp41(Fraction(repeatability), Fraction(readability))
    assert computed == Fraction(least) == minimum_weighable(balance(readability, repeatability), "usp41")


def test_fact_12_a_class_iii_balance_weighs_120_mg() -> None:
    """Sensitivity 6 mg: 120 mg for 5 % of error, 600 mg for 1 %; an electronic balance has the larger of 2 s and d."""
    assert (measures.minimum_weight(6, 20), measures.minimum_weight(6, 100)) == (120, 600)
    for one in (balance("6", "0"), balance("1", "3")):
        assert minimum_weighable(one, "rx-5-percent") == 120 and minimum_weighable(one, "rx-1-percent") == 600


def small_batch(**active: object) -> Judged:
    """Thirty capsules of 0.5 mg: 15 mg of the active, weighed on a class III balance, under a policy of 5 %."""
    plan = formulation({"batch.batch_overage": "0 %", "weighing_policy": "rx-5-percent"})
    certificate = {"lot": "NX-4423", "assay": "100.0 %", "basis": "as-is"}
    changes = {"strength": "0.5 mg", "quantity": "30 capsules", "components.0.certificate": certificate}
    changes |= {"components.0.balance": "BAL-CLASS-III", "components.0.required": "15 mg", "components.0.weighed": REMOVED}
    paper = record(changes | {f"components.0.{name}": value for name, value in active.items()})
    class_iii = {"id": "BAL-CLASS-III", "readability": "6 mg", "repeatability": "3 mg"}
    paper["balances"].append({**paper["balances"][0], **class_iii})
    return judged(paper, plan)


def test_fact_12_fifteen_milligrams_need_an_aliquot() -> None:
    """0.5 mg x 30 = 15 mg cannot be weighed on a class III balance; an aliquot whose weighings are all 120 mg can."""
    weighed = small_batch(weighed="15 mg")
    (finding,) = found(weighed, "FC308")
    assert finding.verdict is Verdict.FAIL and finding.severity == "error"
    assert (finding.field, finding.limit) == ("components[0].weighed", "at least 120 mg")
    assert "5 % error" in finding.message
    plan = {"needed": "15 mg", "minimum": "120 mg", "drug": "120 mg", "diluent": "840 mg", "total": "960 mg"}
    enough = small_batch(aliquot={**plan, "aliquot": "120 mg"})
    assert not {"FC308", "FC310"} & codes(enough) and not [f for f in found(enough, "FC305") if "[0]" in str(f.field)]
    less = small_batch(aliquot={**plan, "diluent": "728 mg", "total": "848 mg", "aliquot": "106 mg"})
    assert {(f.code, f.field) for f in less.findings if f.code in ("FC308", "FC310")} == {
        ("FC308", "components[0].aliquot.aliquot"),
        ("FC310", "components[0].aliquot.aliquot"),
    }


def test_fact_12_usp_41_is_not_mandatory_for_compounding() -> None:
    """Half a gram on a balance of 1 mg is below the 820 mg of <41>, and no fault unless the formulation takes <41>."""
    coarse = record({"balances.0.readability": "1 mg", "balances.0.repeatability": "0.3 mg"})
    assert "weighing_policy" not in formulation() and verdicts(judged(coarse), "FC308") == []
    for policy in ("rx-1-percent", "rx-5-percent"):
        assert verdicts(judged(coarse, formulation({"weighing_policy": policy})), "FC308") == []
    (finding,) = found(judged(coarse, formulation({"weighing_policy": "usp41"})), "FC308")
    assert (finding.verdict, finding.severity, finding.authority) == (Verdict.FAIL, "error", Authority.COMPENDIAL)
    assert finding.limit == "at least 820 mg" and "<41>" in str(finding.source)


def test_fact_12_what_is_asked_by_default_is_good_practice() -> None:
    """Below the 1 % minimum is a warning and below the 5 % minimum an error, both of good practice and never of <41>."""
    sides = (("19.9", "error", "20"), ("20", "warning", "100"), ("99.9", "warning", "100"), ("100", None, None))
    for weighed, severity, least in sides:
        changes = {"components.0.weighed": f"{weighed} mg", "balances.0.readability": "1 mg"}
        said = found(judged(record({**changes, "balances.0.repeatability": "0.5 mg"})), "FC308")
        assert [str(f.severity) for f in said if "[0]" in str(f.field)] == ([severity] if severity else [])
        for finding in (f for f in said if "[0]" in str(f.field)):
            assert finding.authority is Authority.GOOD_PRACTICE and finding.limit == f"at least {least} mg"
            assert "<41>" not in f"{finding.source} {finding.message}"


def test_fact_13_an_evenly_low_batch_fails_against_the_label() -> None:
    """Contents that agree with each other at 80 % of label: uniformity and assay look to the label, and neither passes."""
    low = ["79.8", "80.2", "80.0", "79.9", "80.1"] * 2
    mean = measures.mean(fractions(low))
    assert all(abs(value / mean - 1) < Fraction("0.15") for value in fractions(low)), "2.9.6 would pass them"
    assay = {"value": "80.0 %", "expressed_as": "naltrexone-hydrochloride"}
    result = judged(record({"unit_contents": contents(low), "assay": assay}))
    assert verdicts(result, "FC407") == ["not_determined"] and verdicts(result, "FC411") == ["fail"]
    assert uniformity(low * 3) == ["fail"]


def test_fact_13_an_evenly_light_batch_fails_against_theory() -> None:
    """Masses that agree with each other 12 % below theory would pass 2.9.5, and fail FC402."""
    nets = [Fraction("130.66") * Fraction(part, 1000) for part in range(875, 885)]
    mean = measures.mean(nets)
    assert all(abs(net / mean - 1) < Fraction("0.10") for net in nets), "2.9.5 would pass them"
    even = {"kind": "net", "unit": "mg", "values": [format_number(net, 1) for net in nets]}
    assert verdicts(judged(record({"unit_masses": even})), "FC402") == ["fail"]


def test_fact_13_2_9_5_compares_with_the_mean_of_the_sample() -> None:
    """Twenty evenly light masses pass Ph. Eur. 2.9.5 and fail against theory; four far from their mean fail 2.9.5."""
    light = [format_number(Fraction("130.66") * Fraction(part, 1000), 1) for part in range(870, 890)]
    result = judged(record({"unit_masses": {"kind": "net", "unit": "mg", "values": light}}), profile="ph-eur")
    assert verdicts(result, "FC405") == [] and verdicts(result, "FC402") == ["fail"]
    uneven = ["143.1", "116.9"] * 2 + ["130.0"] * 16
    result = judged(record({"unit_masses": {"kind": "net", "unit": "mg", "values": uneven}}), profile="ph-eur")
    assert verdicts(result, "FC405") == ["fail"]


def test_fact_13_2_9_6_compares_with_the_mean_of_the_sample() -> None:
    """Ten contents near their mean of 80 % of label pass Ph. Eur. 2.9.6 B; the label is the matter of FC407 and FC411."""
    low = ["79.8", "80.2", "80.0", "79.9", "80.1"] * 2
    result = judged(record({"unit_contents": contents(low)}), profile="ph-eur")
    assert verdicts(result, "FC408") == [] and verdicts(result, "FC407") == ["not_determined"]


def test_fact_14_what_795_does_not_ask_for_is_not_asked_for() -> None:
    """Without yield, counts, a second checker of weighings, time stamps or an AV that is not due, a 503A record passes.

    What is said of them is a warning of good practice, never a requirement.
    """
    plain = record(
        {
            "counts": REMOVED,
            "residual": REMOVED,
            "people.compounded_by": {"name": "Maren Tolliver, CPhT"},
            "people.verified_by": {"name": "Idris Calloway, RPh"},
        }
    )
    assert not {"unit_contents", "assay", "weighings_checked_by"} & {*plain, *plain["people"]}
    result = judged(plain)
    assert result.verdict is Verdict.PASS
    # What is said all the same is advice: the formulation's own count and mass balance, a signature's time.
    advice = (Authority.GOOD_PRACTICE, Authority.FORMCHECK)
    assert all(finding.severity == "warning" and finding.authority in advice for finding in result.findings)
    assert verdicts(result, "FC409") == verdicts(result, "FC410") == ["not_determined"]
    tests = [test for test in formulation()["tests"] if test["name"] not in ("count", "mass balance")]
    result = judged(plain, formulation({"tests": tests}))
    assert result.verdict is Verdict.PASS and not {"FC409", "FC410"} & codes(result)


@pytest.mark.parametrize(
    "changes",
    [
        {"people.verified_by.name": REMOVED},
        {"people.compounded_by.name": REMOVED},
        {"components.1.lot": REMOVED},
        {"components.2.vendor": REMOVED},
        {"components.1.expires": REMOVED},
        {"components.1.weighed": REMOVED},
        {"formulation": REMOVED},
        {"made": REMOVED},
        {"beyond_use_date": REMOVED},
        {"storage": REMOVED},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_fact_14_what_795_asks_for_is_asked_for(changes: dict[str, object]) -> None:
    """Who compounded and verified, lot, vendor, expiry, actual weight, dates and formulation: without one, never a pass."""
    assert judged(record(changes)).verdict is Verdict.NOT_DETERMINED


def test_fact_14_one_person_is_advice_in_a_pharmacy_and_law_for_a_manufacturer() -> None:
    """One person who compounds and verifies: a warning of good practice in 503A, an error of regulation in 503B."""
    alone = record({"people.verified_by.name": "Maren Tolliver, CPhT"})
    result = judged(alone)
    (finding,) = found(result, "FC801")
    assert (finding.severity, finding.authority) == ("warning", Authority.GOOD_PRACTICE)
    assert result.verdict is Verdict.PASS
    result = judged(alone, profile="usp-503b")
    (finding,) = found(result, "FC801")
    assert (finding.severity, finding.authority) == ("error", Authority.REGULATION)
    assert result.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "rule", [r for r in CATALOGUE if r.authority in (Authority.GOOD_PRACTICE, Authority.FORMCHECK)], ids=lambda r: r.code
)
def test_fact_14_advice_is_never_presented_as_required(rule: object) -> None:
    """A rule of good practice or of formcheck's own says that it is advice, and nowhere that USP requires it."""
    page = " ".join(rule_as_text(rule.code).split())  # type: ignore[attr-defined]
    assert "advice, not a requirement of USP or of law" in page
    assert "required by USP" not in page and "USP requires" not in page


def test_fact_14_ten_percent_of_label_is_cited_as_what_it_is() -> None:
    """The default limits of the assay cite the monograph first, and <795> only for its introduction."""
    bare = formulation()
    where = plan_of(bare, "assay")
    bare = formulation({f"{where}.limits": REMOVED, f"{where}.source": REMOVED})
    result = judged(record({"assay": {"value": "80 %", "expressed_as": "naltrexone-hydrochloride"}}), bare)
    (finding,) = found(result, "FC411")
    assert "monograph" in str(finding.source) and "introduction" in str(finding.source)
    assert finding.limit == "90.0 to 110.0 %"


def test_fact_15_a_naked_decimal_is_refused() -> None:
    """.5 mg is refused as a quantity, and on a label it is an error."""
    result = CliRunner().invoke(main, ["convert", ".5mg", "--concentration", "1mg/mL"])
    assert result.exit_code == 2 and "write 0.5mg" in result.output
    naked = {"strength": "0.5 mg", "label": "Naltrexone hydrochloride .5 mg capsules"}
    assert verdicts(judged(record(naked)), "FC702") == ["fail"]
    assert verdicts(judged(record({**naked, "strength": "5 mg"})), "FC707") == ["fail"], "and never 5 mg"


def test_fact_15_a_trailing_zero_on_a_label_is_an_error() -> None:
    """1.0 mg on a label is an error, 0.50 mg a warning, 98.0 % on it nothing."""
    severities = {}
    for text in ("1.0 mg", "0.50 mg", "98.0 %"):
        result = judged(record({"label": f"Naltrexone hydrochloride {text} capsules"}))
        severities[text] = [str(finding.severity) for finding in found(result, "FC702")]
    assert severities == {"1.0 mg": ["error"], "0.50 mg": ["warning"], "98.0 %": []}


LIQUID, DROPPED = "1 mg/mL oral liquid", "5 mg/mL sublingual drops"
FOUR = "Place 18 drops under the tongue (0.9 mL = 4.5 mg); 20 drops per mL"


@pytest.mark.parametrize(
    ("form", "line", "directions", "wrong"),
    [
        ("oral-liquid", LIQUID, "Take 4.5 mL by mouth at bedtime", {}),
        ("oral-liquid", LIQUID, "Take 1 teaspoon at bedtime", {"FC704"}),
        ("oral-liquid", LIQUID, "Take 4.5 mg at bedtime", {"FC704"}),
        ("oral-liquid", "4.5 mg oral liquid", "Take 4.5 mL by mouth at bedtime", {"FC704"}),
        ("sublingual-drops", DROPPED, FOUR, {}),
        ("sublingual-drops", DROPPED, FOUR.replace("0.9 mL = ", ""), {"FC705"}),
        ("sublingual-drops", DROPPED, FOUR.replace(" = 4.5 mg", ""), {"FC705"}),
        ("sublingual-drops", DROPPED, FOUR.partition(";")[0], {"FC705"}),
        ("sublingual-drops", DROPPED, FOUR.replace("0.9", "9"), {"FC705"}),
    ],
)
def test_fact_15_a_liquid_is_dosed_in_millilitres_and_drops_show_all_four(
    form: str, line: str, directions: str, wrong: set[str]
) -> None:
    """Strength in mg/mL and directions in mL; directions in drops show drops, mL, mg and drops per mL, which agree."""
    label = f"Naltrexone hydrochloride {line}\n{directions}\n"
    strength = "5 mg/mL" if form == "sublingual-drops" else "1 mg/mL"
    paper = record({"label": label, "strength": strength, "dosage_form": form})
    assert codes(judged(paper)) & {"FC704", "FC705"} == set(wrong)


def test_fact_15_results_keep_their_decimals() -> None:
    """98.0 % and 480.0 mg are precision, not slips: they are read without a finding and shown as written."""
    written = {
        "components.0.certificate.assay": "98.0 %",
        "components.0.required": "518.03 mg",
        "components.0.weighed": "518.0 mg",
    }
    assert judged(record(written)).findings == ()
    (finding,) = found(judged(record({**written, "components.0.weighed": "480.0 mg"})), "FC305")
    assert "480.0 mg" in finding.message and finding.limit == "within 1.0 % of what is required"
    assay = {"value": "80 %", "expressed_as": "naltrexone-hydrochloride"}
    (finding,) = found(judged(record({"assay": assay})), "FC411")
    assert finding.found == "80.0 %", "a result is shown with the decimals of its limit"


def test_fact_15_a_dose_is_printed_without_trailing_zero() -> None:
    """10.0 mg typed at a command is read, and printed 10 mg, without a finding about it."""
    arguments = ["convert", "10.0 mg", "--concentration", "5mg/mL"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0 and "10 mg" in result.output and "10.0" not in result.output
    assert "FC702" not in result.output


def test_every_fact_has_a_test_or_waits() -> None:
    """Each of the fifteen facts has a test named after it, or stands in NOT_YET_FACTS with a reason, never both."""
    tests = {name for name, _ in inspect.getmembers(sys.modules[__name__], inspect.isfunction)}
    tested = {number for number in range(1, 16) if any(name.startswith(f"test_fact_{number:02}_") for name in tests)}
    assert tested | set(NOT_YET_FACTS) == set(range(1, 16)) and not tested & set(NOT_YET_FACTS)


def test_rules_that_wait_are_not_there_yet() -> None:
    """NOT_YET names rules that the catalogue does not have; one that arrives must be tested and taken out."""
    assert not {rule.code for rule in CATALOGUE} & set(NOT_YET)
    assert all(reason.startswith("fact ") for reason in NOT_YET.values())
