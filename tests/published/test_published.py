"""The worked cases of public.yaml, answered by the adapters of `formcheck selftest`, each with its tolerance.

Nothing is looked up: `given` goes in, `expected` is compared with what the functions of formcheck answer. Beside that,
the rules must say of a record with these figures what the functions say. Where a case is about another drug and its dose
is above 10 mg, no dose may be made of it; the arithmetic is asked of masses, volumes and concentrations.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml
from catalogue.pairs import good, shipped

from formcheck import measures
from formcheck.check import Selection, judge_record
from formcheck.converting import answer
from formcheck.dose import DailyDose, Dose, Tolerances, convert
from formcheck.errors import DoseAboveCeiling
from formcheck.findings import Finding, Severity, Verdict
from formcheck.judging import judge
from formcheck.liquid import DropFactor, Preparation
from formcheck.papers.compounding import Balance
from formcheck.papers.formulation import FormCategory
from formcheck.planning.batch import Batch
from formcheck.planning.titration import Plan, Step
from formcheck.planning.weighing import minimum_weighable
from formcheck.rules.plans import quantity_covers_plan
from formcheck.selftest.answers import ADAPTERS, answers_of, asked
from formcheck.selftest.cases import OUT_OF_SCOPE, Case, load_cases
from formcheck.units import amount, format_exactly, magnitude
from published.records import REMOVED, changed, contents, formulation, found, judged, plan_of, read_paper, record, verdicts

Given = Mapping[str, Any]
FILE = Path(__file__).with_name("public.yaml")
CASES: dict[str, Case] = {case.id: case for case in load_cases(FILE)}
ANSWERED = [id for id in CASES if id not in OUT_OF_SCOPE]


def of(value: Any, unit: str) -> Any:
    """A quantity as it would be typed."""
    return amount(f"{value} {unit}")


@pytest.mark.parametrize("id", ANSWERED)
def test_the_published_case_is_answered(id: str) -> None:
    """Every expected key of the case comes out of the functions, within the tolerance of the case."""
    outcome = asked(CASES[id])
    assert set(CASES[id].expected) <= {each.key for each in outcome.compared}, "a key of the case was left out"
    assert [each for each in outcome.compared if not each.agrees] == []


def test_every_case_is_answered_or_named_as_out_of_scope() -> None:
    """A case can be forgotten by nobody: an adapter answers it, or OUT_OF_SCOPE says why none does."""
    assert {(CASES[id].kind, CASES[id].task) for id in ANSWERED} == set(ADAPTERS)
    assert set(OUT_OF_SCOPE) <= set(CASES) and all(reason.strip() for reason in OUT_OF_SCOPE.values())
    assert len(CASES) == 55 and len(OUT_OF_SCOPE) == 3


def test_the_strict_reader_reads_what_yaml_holds() -> None:
    """The cases as texts are those that any YAML reader finds: no case, key or number is lost."""
    loose = yaml.load(FILE.read_text("utf-8"), Loader=yaml.BaseLoader)["cases"]
    assert [case["id"] for case in loose] == list(CASES)
    for case in loose:
        assert case["expected"] == CASES[case["id"]].expected
        assert {key: None if value == "null" else value for key, value in case["given"].items()} == CASES[case["id"]].given


# --- other drugs: nothing above 10 mg becomes a dose

ABOVE = {
    "DRP-02": [("55 drops", "90 mg/mL", DropFactor(Fraction(90) / Fraction("4.286")))],
    "CON-11": [("10 mL", "84.7 mg/mL", None)],
    "CON-13": [("150 mg", "50 mg/mL", None), ("60 mg", "10 mg/mL", None)],
}


@pytest.mark.parametrize("id", ABOVE)
def test_no_dose_is_made_of_more_than_10_mg(id: str) -> None:
    """Neither by the function nor in the answer at the counter; and the adapter says so of the case."""
    for intake, liquid, factor in ABOVE[id]:
        preparation = Preparation.labelled(amount(liquid))
        with pytest.raises(DoseAboveCeiling):
            convert(amount(intake), preparation, factor)
        refused = answer(amount(intake), preparation, factor)
        assert refused.conversion is None and refused.exit_status == 1
        assert [finding.code for finding in refused.findings] == ["FC101"]
    assert answers_of(CASES[id])["convert"] == "refused"


# --- the rules say of a record what the functions say


def outcome_of(values: Sequence[Fraction]) -> str:
    """What FC407 says of a record with these contents [%]; a pass is the absence of a finding."""
    result = judged(record({"unit_contents": contents([format_exactly(value, 20) for value in values])}))
    said = found(result, "FC407")
    verdict = {str(finding.verdict) for finding in said}
    if not verdict:
        return {10: "pass_stage_1", 30: "pass"}[len(values)]
    if verdict == {"not_determined"}:
        return "go_to_stage_2" if "test twenty more" in said[0].message else "not_determined"
    assert verdict == {"fail"}
    return "fail"


def units_of(given: Given) -> list[Fraction]:
    """The single contents [%] of a case about acceptance values."""
    if "contents_pct" in given:
        return [Fraction(value) for value in given["contents_pct"]]
    if "contents_mg" in given:
        return [Fraction(value) / Fraction(given["label_mg"]) * 100 for value in given["contents_mg"]]
    if "mean_pct" in given:
        mean, s = Fraction(given["mean_pct"]), Fraction(given["s"])
        units = [mean + Fraction(x) * s / 5 for x in ("10.5", "-10.5", "1.5", "-1.5", *["0"] * 6)]
        assert (measures.mean(units), measures.sample_deviation(units)) == (mean, s), "ten units like these"
        return units
    masses = [Fraction(value) for value in given.get("weights_mg") or given["weights_g"]]
    return [mass * Fraction(given["assay_pct"]) / measures.mean(masses) for mass in masses]


UNIFORMITY = [id for id in ANSWERED if CASES[id].kind == "av" and "AV" in CASES[id].expected]


@pytest.mark.parametrize("id", UNIFORMITY)
def test_the_rule_on_acceptance_values_agrees(id: str) -> None:
    """FC407 says of a record with these contents what the calculator says of them."""
    units = units_of(CASES[id].given)
    assert len(units) == int(CASES[id].given["n"])
    assert outcome_of(units) == CASES[id].expected["outcome"]


def test_the_claim_is_false_for_the_rule_too() -> None:
    """Thirty units with an acceptance value between 15.0 and 25.0 (AV-03) fail by FC407."""
    assert outcome_of([Fraction(90), Fraction(110)] * 15) == "fail"


def test_three_contents_are_not_determined() -> None:
    """FC407 says of three contents (AV-27) that ten or thirty are needed."""
    given = CASES["AV-27"].given
    said = found(judged(record({"unit_contents": contents([format_exactly(each) for each in units_of(given)])})), "FC407")
    assert [str(finding.verdict) for finding in said] == ["not_determined"] and "10 or 30 units" in said[0].message


def test_ten_identical_assays_are_remarked_upon() -> None:
    """AV 0 is legal arithmetic, but ten identical assays (AV-26) get the warning that they prove nothing."""
    result = judged(record({"unit_contents": contents(CASES["AV-26"].given["contents_pct"])}))
    assert [(str(f.verdict), str(f.severity)) for f in found(result, "FC417")] == [("fail", "warning")]
    assert verdicts(result, "FC407") == []


def assay_passes(percent: Any, low: Any, high: Any) -> bool:
    """Whether FC411 has nothing against an assay under a formulation with these limits."""
    paper = formulation()
    paper = formulation({f"{plan_of(paper, 'assay')}.limits": f"{low}-{high} %"})
    assay = {"value": f"{percent} %", "expressed_as": "naltrexone-hydrochloride"}
    said = verdicts(judged(record({"assay": assay}), paper), "FC411")
    assert said in ([], ["fail"])
    return not said


def test_limits_of_an_assay_are_data() -> None:
    """112 % passes the limits of AV-29's monograph and fails the usual ones; its extremes fail both."""
    given = CASES["AV-29"].given
    assert assay_passes(112, *given["published_limits_pct"]) and not assay_passes(112, *given["default_limits_pct"])
    assert not any(assay_passes(extreme, 90, 115) for extreme in given["extremes_pct"])


def test_a_batch_record_says_the_same_of_potency() -> None:
    """Potency and powder of API-11 are those that a record of the batch is judged by."""
    given = CASES["API-11"].given
    said = {"assay": f"{given['assay_pct_anhydrous']} %", "water": f"{given['water_pct']} %", "solvents": "0 %"}
    changes = {
        "strength": f"{given['strength_mg']} mg",
        "quantity": f"{given['units']} capsules",
        "components.0.certificate": {"basis": "anhydrous-solvent-free", **said},
    }
    plan = formulation({"batch.batch_overage": f"{given['overage_pct']} %"})
    batch = Batch(read_paper(record(changes)).paper, read_paper(plan).paper)  # type: ignore[arg-type]
    answers = answers_of(CASES["API-11"])
    assert (batch.potency, batch.active_required) == (answers["potency_fraction"], answers["weigh_mg"])


@pytest.mark.parametrize(("id", "policy"), [("ALQ-01", "rx-5-percent"), ("ALQ-03", "rx-1-percent")])
def test_the_policies_of_weighing_agree(id: str, policy: str) -> None:
    """The policy of a formulation allows what the calculator allows for the same error."""
    balance = Balance(readability=of(CASES[id].given["sensitivity_mg"], "mg"), repeatability=of(0, "mg"))
    assert minimum_weighable(balance, policy) == answers_of(CASES[id])["mwq_mg"]


def of_aliquot(figures: dict[str, str]) -> list[Finding]:
    """What FC310 says of a record whose active was taken as an aliquot: so many capsules of 0.5 mg as need it."""
    capsules = amount(figures["needed"]).value / Fraction("0.5")
    plan = formulation({"batch.batch_overage": "0 %", "weighing_policy": "rx-5-percent"})
    pure = {"assay": "100.0 %", "basis": "as-is"}
    changes = {"strength": "0.5 mg", "quantity": f"{capsules} capsules", "components.0.certificate": pure}
    changes |= {"components.0.aliquot": figures, "components.0.weighed": REMOVED}
    said = found(judged(record(changes), plan), "FC310")
    assert all(f.verdict is Verdict.FAIL for f in said)
    return said


FIGURES = {"needed": "needed_mg", "minimum": "mwq_mg", "drug": "drug_weighed_mg", "diluent": "diluent_mg"}


@pytest.mark.parametrize("id", ["ALQ-02", "ALQ-06"])
def test_the_rule_on_aliquots_agrees(id: str) -> None:
    """FC310 finds the sum of the mixture, weighings below the minimum, and what the aliquot does not hold."""
    given, answers = CASES[id].given, answers_of(CASES[id])
    figures = {name: f"{given[key]} mg" for name, key in {**FIGURES, "aliquot": "aliquot_mg"}.items()}
    (wrong,) = [f for f in of_aliquot({**figures, "total": "1 mg"}) if f.field == "components[0].aliquot.total"]
    assert amount(str(wrong.limit)).value == answers["total_mg"]
    said = of_aliquot({**figures, "total": str(amount(str(wrong.limit)))})
    assert "components[0].aliquot.total" not in {f.field for f in said}
    below = [f for f in said if "is below the least that the balance weighs well" in f.message]
    assert answers["all_weighings_ge_mwq"] is not bool(below)
    wrongly_held = answers["drug_in_aliquot_mg"] != Fraction(given["needed_mg"])
    assert ("hold" in "".join(f.message for f in said)) is wrongly_held


@pytest.mark.parametrize(("id", "limits"), [("WGT-09", None), ("WGT-10", "90-110 %")])
def test_yields_are_warnings(id: str, limits: str | None) -> None:
    """FC409 warns of the yields, by the range of the case or by our own, which ends at 100 %."""
    paper, given = formulation(), CASES[id].given
    count = plan_of(paper, "count")
    assert paper["tests"][int(count.partition(".")[2])]["limits"] == "95-100 %"
    plan = paper if limits is None else formulation({f"{count}.limits": limits})
    for key in [key for key in given if key.endswith("_yield_pct")]:
        filled = str(Fraction(given[key]) / 100 * 100_000)
        said = found(judged(record({"quantity": "100000 capsules", "counts.filled": filled}), plan), "FC409")
        said = [finding for finding in said if format_exactly(Fraction(given[key]), 3) in finding.message]
        assert [(f.verdict, f.severity) for f in said] == [(Verdict.FAIL, Severity.WARNING)]


# --- liquids and drops


def test_our_tolerance_of_a_drop_is_the_published_one() -> None:
    """The default deviation of a drop is that of the official dropper (DRP-12)."""
    assert Fraction(CASES["DRP-12"].given["max_volume_error_pct"]) == Tolerances().drop * 100


def test_the_inferred_factor_gives_the_dose_back() -> None:
    """With the factor of DRP-07 one drop holds what its label says."""
    given = CASES["DRP-07"].given
    factor = DropFactor(Fraction(given["concentration_mg_per_mL"]) / Fraction(given["dose_mg"]))
    conversion = convert(amount("1 drop"), Preparation.labelled(of(given["concentration_mg_per_mL"], "mg/mL")), factor)
    assert conversion.asked.milligrams == Fraction(given["dose_mg"])
    assert magnitude(conversion.delivered_volume, "mL") == answers_of(CASES["DRP-07"])["mL_per_drop"]


def test_water_that_was_added_is_not_determined() -> None:
    """A record that says how much water was added (FRM-08), and not what it was made up to, does not pass."""
    start = good("oral-liquid")
    water = f"components.{[used['name'] for used in start['components']].index('purified water')}"
    made_up = judge_record(read_paper(start), shipped(), Selection())
    added = changed(start, {f"{water}.final_volume": REMOVED, f"{water}.measured": "50 mL"})
    result = judge_record(read_paper(added), shipped(), Selection())
    (finding,) = found(result, "FC209")
    assert made_up.verdict is Verdict.PASS and result.verdict is Verdict.NOT_DETERMINED
    assert "not said: the final volume that purified water made the batch up to" in finding.message


# --- dates and plans

CATEGORIES = {
    "nonaqueous_solid": FormCategory.OTHER_NONAQUEOUS,
    "aqueous_nonpreserved": FormCategory.AQUEOUS_NONPRESERVED,
    "aqueous_preserved": FormCategory.AQUEOUS_PRESERVED,
}


@pytest.mark.parametrize("id", [id for id in ANSWERED if CASES[id].kind == "bud"])
def test_the_rules_on_dates_agree(id: str) -> None:
    """The rules of a record let the latest date pass, and refuse the day after it for the same reason."""
    given, expected = CASES[id].given, CASES[id].expected
    bud, code = date.fromisoformat(expected["bud"]), "FC502" if expected["limited_by"] == "ingredient_expiry" else "FC501"
    category = str(CATEGORIES[given["category"]])
    basis, days = ("study", given["stability_days"]) if given["stability_days"] else ("default", "400")
    entry = {"category": category, "days": days, "basis": basis, "storage": "room", "source": "a study, or nobody"}
    expires = {f"components.{index}.expires": given["earliest_ingredient_expiry"] for index in (1, 2)}
    start = {"made": given["compounded"], "components.0.expires": "2029-12-31", **expires}
    for day, wanted in ((bud, set()), (bud + timedelta(days=1), {code})):
        result = judged(record({**start, "beyond_use_date": str(day)}), formulation({"beyond_use": entry}))
        assert {f.code for f in result.findings if f.code in ("FC501", "FC502")} == wanted


@pytest.mark.parametrize("id", ["TIT-01", "TIT-02"])
def test_every_day_of_a_plan_can_be_a_dose(id: str) -> None:
    """The largest day of a plan is a daily dose that can be made."""
    days = [DailyDose([Dose(of(step["daily_mg"], "mg"))]).milligrams for step in CASES[id].given["steps"]]
    assert max(days) == answers_of(CASES[id])["max_daily_mg"]


def test_the_rule_on_supplies_agrees() -> None:
    """FC105 finds that a bottle of 30 mL does not last for TIT-02."""
    given = CASES["TIT-02"].given
    steps = tuple(Step(Fraction(step["daily_mg"]), 1, int(step["days"])) for step in given["steps"])
    plan = Plan(steps, (), Preparation.labelled(of(given["concentration_mg_per_mL"], "mg/mL")))

    def covered(bottle: int) -> bool:
        return not judge(quantity_covers_plan, attrs.evolve(plan, supply=Fraction(bottle))).findings

    assert covered(30) is answers_of(CASES["TIT-02"])["bottle_30_mL_enough"] is False
    assert covered(32)


def test_a_split_day_above_the_ceiling_is_refused() -> None:
    """Two doses that add up to more than 10 mg are no day; unequal ones are not answered (TIT-04)."""
    case = CASES["TIT-04"]
    assert answers_of(attrs.evolve(case, given={"doses_mg": ["5", "5"]}))["within_10_mg_cap"] is True
    assert answers_of(attrs.evolve(case, given={"doses_mg": ["5.1", "5.1"]}))["within_10_mg_cap"] is False
    assert not asked(attrs.evolve(case, given={"doses_mg": ["3", "4"]})).agrees
