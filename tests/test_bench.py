"""The bench: each calculator against the worked numbers of its source, and against laws that hold for any numbers."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from formcheck.bench.aliquots import aliquot, checked_aliquot
from formcheck.bench.dates import FORMS, beyond_use
from formcheck.bench.mixtures import alligation, dilute
from formcheck.bench.powders import MOLAR, minimum_weight, minimum_weight_usp41, potency, salt, tablets
from formcheck.bench.results import mass_variation, uniformity, uniformity_by_mass, uniformity_of_summary
from formcheck.bench.worked import Worked, as_data, as_text
from formcheck.errors import CannotConvert, DoseAboveCeiling
from formcheck.papers.values import Expiry, Residue
from formcheck.planning.aliquots import doublings, plan_aliquot
from formcheck.planning.dating import CAP_DAYS, TABLE_DAYS
from formcheck.units import amount, format_exactly

MADE = datetime.date(2026, 1, 10)
CASE_B = ["94.0", "101.0", "88.0", "97.0", "91.5", "104.0", "86.0", "95.5", "99.0", "93.0"]
CASE_B_MORE = [
    *("96", "98", "97", "95", "99", "94", "98", "96", "97", "100"),
    *("95", "98", "96", "97", "99", "94", "97", "96", "98", "95"),
]
MASSES = ["272", "275", "269", "280", "266", "271", "274", "278", "268", "273"]


def of_lot(basis: str = "anhydrous-solvent-free", assay: str = "99.5 %", **residues: str) -> Worked:
    """A hundred capsules of 4.5 mg with 3 % batch overage, of a lot with this certificate."""
    said = {
        name: Residue.read(residues[name]) if name in residues else None for name in ("water", "solvents", "loss_on_drying")
    }
    return potency(amount("4.5 mg"), amount("100 capsules"), amount(assay), basis, said, Fraction(3, 100))


def amounts(texts: list[str], unit: str) -> list[Any]:
    return [amount(f"{text} {unit}") for text in texts]


# --- powders


def test_potency_of_a_dihydrate_lot() -> None:
    """99.5 % anhydrous, water 8.7 %: P = 0.908435, and 510.22 mg for 463.5 mg of active (domain 4.2, worked A)."""
    found = of_lot(water="8.7 %")

    assert found.data["potency_fraction"] == Fraction("0.908435")
    assert found.data["uncorrected_mg"] == Fraction("463.5")
    assert round(float(found.data["weigh_mg"]), 2) == 510.22
    assert "Solvents were not given" in found.notes[0]


def test_each_basis_subtracts_its_own_figures() -> None:
    """Dried takes off the loss on drying, as-is nothing, anhydrous the water and no solvents."""
    assert of_lot("dried", loss_on_drying="0.3 %").data["potency_fraction"] == Fraction("0.995") * Fraction("0.997")
    assert of_lot("as-is").data["potency_fraction"] == Fraction("0.995")
    assert of_lot("anhydrous", water="4.1 %").data["potency_fraction"] == Fraction("0.995") * Fraction("0.959")


@pytest.mark.parametrize(
    ("basis", "residues", "words"),
    [
        ("anhydrous-solvent-free", {}, "type --water 0%"),
        ("anhydrous", {}, "type --water 0%"),
        ("dried", {}, "type --loss-on-drying 0%"),
        ("as-is", {"water": "8.7 %"}, "subtracted twice"),
        ("as-is", {"loss_on_drying": "0 %"}, "subtracted twice"),
        ("dried", {"loss_on_drying": "0 %", "water": "8.7 %"}, "leaves it in"),
        ("anhydrous", {"water": "4 %", "solvents": "1 %"}, "leaves it in"),
        ("anhydrous", {"water": "100 %"}, "nothing is left"),
    ],
)
def test_a_figure_too_few_or_too_many_is_refused(basis: str, residues: dict[str, str], words: str) -> None:
    """What a basis needs must be there, and nothing may be subtracted twice."""
    with pytest.raises(CannotConvert, match=words):
        of_lot(basis, **residues)


def test_a_unit_above_the_ceiling_is_refused() -> None:
    """Nothing is reckoned for capsules of 45 mg: it is a slip of the decimal point."""
    with pytest.raises(DoseAboveCeiling):
        potency(amount("10.1 mg"), amount("100 capsules"), amount("99 %"), "as-is", {})
    assert potency(amount("10 mg"), amount("1 capsule"), amount("100 %"), "as-is", {}).data["weigh_mg"] == 10


def test_an_unlikely_potency_is_said() -> None:
    """A potency of 9.95 %, or above the monograph, comes with a warning."""
    assert any("decimal point has slipped" in note for note in of_lot("as-is", "9.95 %").notes)
    assert any("monograph" in note for note in of_lot("as-is", "103 %").notes)


percentages = st.integers(1, 1100).map(lambda tenths: f"{format_exactly(Fraction(tenths, 10))} %")
residues = st.integers(0, 200).map(lambda tenths: f"{format_exactly(Fraction(tenths, 10))} %")
masses = st.integers(1, 10**7).map(lambda n: f"{format_exactly(Fraction(n, 1000))} mg")


@given(percentages, residues, residues, st.integers(1, 100), st.integers(1, 1000))
def test_what_is_weighed_holds_what_was_needed(assay: str, water: str, solvents: str, strength: int, units: int) -> None:
    """Potency and its inverse: the powder times its potency is the active that the batch needs, exactly."""
    said = {"water": Residue.read(water), "solvents": Residue.read(solvents), "loss_on_drying": None}
    one = amount(f"{format_exactly(Fraction(strength, 10))} mg")
    found = potency(one, amount(f"{units} capsules"), amount(assay), "anhydrous-solvent-free", said, Fraction(3, 100))

    assert found.data["weigh_mg"] * found.data["potency_fraction"] == found.data["uncorrected_mg"]
    assert found.data["uncorrected_mg"] == Fraction(strength, 10) * units * Fraction(103, 100)


def test_salt_and_base() -> None:
    """4.5 mg of the hydrochloride is 4.07 mg of base; there and back is the same mass."""
    names = ["naltrexone-hydrochloride", "naltrexone"]
    ends = [(name, MOLAR[name]) for name in names]
    there = salt(amount("4.5 mg"), ends[0], ends[1])

    assert round(float(there.data["mass_mg"]), 2) == 4.07
    assert there.data["fraction"] * salt(amount("1 mg"), ends[1], ends[0]).data["fraction"] == 1
    with pytest.raises(CannotConvert):
        salt(amount("4.5 mg"), ("a", Fraction(0)), ("b", Fraction(1)))


def test_least_that_a_balance_weighs_well() -> None:
    """6 mg: 120 mg at 5 %, 600 mg at 1 %; USP <41> is 160 mg for s 0.08 mg, and the floor of 82 mg for 0.03 mg."""
    assert minimum_weight(amount("6 mg"), amount("5 %")).data["minimum_mg"] == 120
    assert minimum_weight(amount("6 mg"), amount("1 %")).data["minimum_mg"] == 600
    assert minimum_weight_usp41(amount("0.08 mg"), amount("0.1 mg")).data["minimum_mg"] == 160
    assert minimum_weight_usp41(amount("0.03 mg"), amount("0.1 mg")).data == {"minimum_mg": 82, "method": "usp41"}
    for wrong in (("0 mg", "5 %"), ("6 mg", "0 %")):
        with pytest.raises(CannotConvert):
            minimum_weight(*map(amount, wrong))
    with pytest.raises(CannotConvert):
        minimum_weight_usp41(amount("0.08 mg"), amount("0 mg"))


def test_aliquot_of_the_domain() -> None:
    """20 mg on a balance with a least of 120 mg: 120 mg of drug, 600 mg of diluent, 120 mg taken (domain 3.6)."""
    assert aliquot(amount("20 mg"), amount("120 mg")).data == {
        "drug_weighed_mg": 120, "diluent_mg": 600, "total_mg": 720, "aliquot_mg": 120, "drug_in_aliquot_mg": 20,
        "all_weighings_at_least_minimum": True,
    }  # fmt: skip


@given(masses, masses)
def test_every_aliquot_can_be_weighed_and_holds_what_is_needed(needed: str, minimum: str) -> None:
    """All three weighings are at least the minimum, and the part taken holds exactly what is needed."""
    plan = plan_aliquot(amount(needed).value, amount(minimum).value)

    assert plan.weighs_well
    assert plan.drug_in_aliquot == amount(needed).value
    assert plan.aliquot <= plan.total
    assert sum(doublings(plan.drug, plan.diluent)) == plan.diluent
    if plan.is_dilution:
        assert min(plan.drug, plan.diluent, plan.aliquot) >= amount(minimum).value
        assert plan.aliquot.denominator == 1
    else:
        assert amount(needed).value >= amount(minimum).value


@given(masses, masses)
def test_a_plan_that_is_made_passes_when_it_is_checked(needed: str, minimum: str) -> None:
    """The check of a plan agrees with the plan; one milligram more taken is found."""
    plan = plan_aliquot(amount(needed).value, amount(minimum).value)
    assume(plan.is_dilution and all(len(format_exactly(m, 6)) < 30 for m in (plan.drug, plan.diluent)))
    weighed = [amount(f"{format_exactly(mass, 6)} mg") for mass in (plan.drug, plan.diluent, plan.aliquot)]
    more = [*weighed[:2], amount(f"{plan.aliquot + 1} mg")]

    assert checked_aliquot(amount(needed), amount(minimum), *weighed).status == 0
    assert checked_aliquot(amount(needed), amount(minimum), *more).status == 1


def test_an_aliquot_larger_than_the_mixture_is_refused() -> None:
    """6 mg cannot be taken from 5 mg; a plan with 2 mg on a 120 mg balance does not work, and says what does."""
    with pytest.raises(CannotConvert, match="cannot be taken from a mixture of 5 mg"):
        checked_aliquot(*map(amount, ("4 mg", "1 mg", "2 mg", "3 mg", "6 mg")))
    found = checked_aliquot(*map(amount, ("4 mg", "120 mg", "2 mg", "2 mg", "4 mg")))
    assert found.status == 1
    assert "120 mg of drug, 3480 mg of diluent, 120 mg taken" in found.notes[0]


def test_tablets_as_the_source() -> None:
    """135 mg from tablets of 50 mg and 125 mg each: 337.5 mg of powder, three tablets (domain 4.2, worked C)."""
    assert tablets(*map(amount, ("135 mg", "50 mg", "125 mg"))).data == {"powder_mg": Fraction("337.5"), "tablets": 3}
    with pytest.raises(CannotConvert, match="cannot hold"):
        tablets(*map(amount, ("135 mg", "50 mg", "49 mg")))
    with pytest.raises(CannotConvert):
        tablets(*map(amount, ("0 mg", "50 mg", "125 mg")))


# --- mixtures


def test_dilution_and_alligation() -> None:
    """10 % of 12 %: 1000 mL in 1200 mL. 3 % of 1 % and 5 %: half and half. Totals in mL are answered in mL."""
    assert dilute(*map(amount, ("12 %", "10 %", "1200 mL"))).data == {"stock_mL": 1000, "diluent_mL": 200}
    assert alligation(*map(amount, ("1 %", "5 %", "3 %", "100 g"))).data == {"low_g": 50, "high_g": 50}
    assert alligation(*map(amount, ("1 %", "5 %", "2 %", "100 mL"))).data == {"low_mL": 75, "high_mL": 25}
    assert alligation(*map(amount, ("1 %", "5 %", "5 %", "500 mg"))).data == {"low_g": 0, "high_g": Fraction(1, 2)}


@pytest.mark.parametrize(
    "texts",
    [("10 %", "12 %", "100 mL"), ("10 mg/mL", "1 %", "100 mL"), ("10 mg/mL", "0 mg/mL", "100 mL"), ("10 %", "1 %", "0 mL"),
     ("101 %", "1 %", "100 mL")],
)  # fmt: skip
def test_a_dilution_that_cannot_be_made_is_refused(texts: tuple[str, ...]) -> None:
    """No stronger liquid comes of diluting, and a bare % is compared with no mg/mL."""
    with pytest.raises(CannotConvert):
        dilute(*map(amount, texts))


@pytest.mark.parametrize(
    "texts",
    [("1 %", "5 %", "6 %", "100 g"), ("1 %", "5 %", "0.5 %", "100 g"), ("5 %", "1 %", "3 %", "100 g"),
     ("5 %", "5 %", "5 %", "100 g"), ("1 %", "5 mg/mL", "3 %", "100 g"), ("1 %", "5 %", "3 %", "0 g"),
     ("1 %", "101 %", "3 %", "100 g"), ("1 mg/mL", "5 mg/mL", "2 mg/mL", "100 g"),
     ("1 % w/w", "5 % w/w", "2 % w/w", "100 mL")],
)  # fmt: skip
def test_an_alligation_that_cannot_be_made_is_refused(texts: tuple[str, ...]) -> None:
    """The target lies between the two, which differ; nothing holds more than 100 %; strengths by volume mix by volume."""
    with pytest.raises(CannotConvert):
        alligation(*map(amount, texts))


@given(st.integers(0, 499), st.integers(1, 500), st.integers(0, 1000), st.integers(1, 100_000))
def test_alligation_reproduces_its_target(low: int, more: int, share: int, total: int) -> None:
    """What is mixed has the strength that was wanted, and adds up to the total."""
    low_, high = Fraction(low, 10), Fraction(low + more, 10)
    target = low_ + (high - low_) * Fraction(share, 1000)
    found = alligation(*(amount(f"{format_exactly(x, 8)} %") for x in (low_, high, target)), amount(f"{total} g")).data

    assert found["low_g"] + found["high_g"] == total
    assert found["low_g"] * low_ + found["high_g"] * high == total * target


# --- results


def test_acceptance_value_by_the_domain() -> None:
    """Case B: 17.1, twenty more; with them 9.4, and all single units inside: it passes at stage 2."""
    first, both = uniformity(amounts(CASE_B, "%")), uniformity(amounts(CASE_B + CASE_B_MORE, "%"))

    assert (float(first.data["AV_1dp"]), first.data["outcome"], first.status) == (17.1, "go_to_stage_2", 3)
    assert (float(both.data["AV_1dp"]), both.data["outcome"], both.status) == (9.4, "pass_stage_2", 0)
    assert both.data["n_outside_individual_limits"] == 0


@pytest.mark.parametrize(("light", "outcome"), [("74.0", "fail"), ("74.4", "pass_stage_2")])
def test_single_units_are_judged_by_m(light: str, outcome: str) -> None:
    """Cases D and E: 74.0 is below 0.75 M, 74.4 is not, though both are below 75 % of label."""
    assert uniformity(amounts(["100.0"] * 29 + [light], "%")).data["outcome"] == outcome


def test_summaries_of_thirty_are_not_determined() -> None:
    """Mean and deviation of ten say all; of thirty the single units stay unknown, unless AV fails already."""
    said = [("105.9 %", "5 %", 10), ("105.9 %", "5 %", 30), ("105.9 %", "6 %", 30), ("100 %", "2 %", 10)]
    found = [uniformity_of_summary(amount(mean), amount(sd), n) for mean, sd, n in said]

    assert [one.data["outcome"] for one in found] == ["go_to_stage_2", "not_determined", "fail", "pass_stage_1"]
    assert [one.status for one in found] == [3, 3, 1, 0]
    assert float(found[0].data["AV_1dp"]) == 16.4


def test_the_compendial_rounding_of_the_acceptance_value() -> None:
    """15.04 rounds to 15.0 and passes, 15.05 to 15.1 and goes on."""
    sd = {"passes": "6.2666 %", "goes on": "6.2709 %"}  # 2.4 s = 15.03984 and 15.05016
    assert uniformity_of_summary(amount("100 %"), amount(sd["passes"]), 10).data["outcome"] == "pass_stage_1"
    assert uniformity_of_summary(amount("100 %"), amount(sd["goes on"]), 10).data["outcome"] == "go_to_stage_2"


@pytest.mark.parametrize("number", [1, 3, 9, 11, 20, 31])
def test_other_numbers_of_units_have_no_acceptance_value(number: int) -> None:
    """Ten or thirty, never another number."""
    with pytest.raises(CannotConvert, match="takes 10 units, or 30"):
        uniformity(amounts(["100"] * number, "%"))


def test_contents_in_mg_need_the_label_and_percentages_refuse_it() -> None:
    """4.41 mg of 4.5 mg is 98 %; a percentage is of the label already."""
    tens = amounts(["4.41", "4.53", "4.38", "4.62", "4.5", "4.47", "4.55", "4.29", "4.66", "4.44"], "mg")
    assert float(uniformity(tens, amount("4.5 mg")).data["AV_1dp"]) == 6.0
    with pytest.raises(CannotConvert, match="--label"):
        uniformity(tens)
    with pytest.raises(CannotConvert, match="--label"):
        uniformity(amounts(["100"] * 10, "%"), amount("4.5 mg"))


percents = st.lists(st.integers(800, 1200), min_size=10, max_size=10) | st.lists(
    st.integers(800, 1200), min_size=30, max_size=30
)


@given(percents, st.randoms(), st.integers(0, 100))
def test_acceptance_value_does_not_know_the_order_and_knows_its_target(tenths: list[int], rng: Any, more: int) -> None:
    """The order of the units changes nothing. A target above 101.5 % moves M of a high mean towards it, and only that."""
    texts = [format_exactly(Fraction(n, 10)) for n in tenths]
    shuffled = list(texts)
    rng.shuffle(shuffled)
    target = amount(f"{format_exactly(100 + Fraction(more, 10))} %")
    plain, other, shifted = (
        uniformity(amounts(texts, "%")).data,
        uniformity(amounts(shuffled, "%")).data,
        uniformity(amounts(texts, "%"), target=target).data,
    )

    assert plain == other
    mean, high = plain["mean_pct"], max(target.number, Fraction("101.5"))
    assert shifted["M"] == min(max(mean, Fraction("98.5")), high)
    assert plain["AV"] - shifted["AV"] == max(mean - Fraction("101.5"), 0) - max(mean - high, 0)


@given(st.lists(st.integers(1000, 400_000), min_size=2, max_size=40), st.integers(1, 300))
def test_mass_variation_agrees_with_scipy(thousandths: list[int], tenths: int) -> None:
    """Mean, deviation and counts are those of an independent library, away from the limit itself."""
    stats = pytest.importorskip("scipy.stats")
    assume(len(set(thousandths)) > 1)
    values = [n / 1000 for n in thousandths]
    found = mass_variation(
        amounts([format_exactly(Fraction(n, 1000)) for n in thousandths], "mg"), limit=amount(f"{tenths / 10} %")
    )
    described = stats.describe(values)
    off = [abs(value / described.mean - 1) for value in values]

    assert float(found.data["mean_mg"]) == pytest.approx(described.mean)
    assert float(found.data["sd_mg"]) == pytest.approx(described.variance**0.5, abs=1e-9)
    assert float(found.data["max_dev_pct"]) == pytest.approx((max(values) / described.mean - 1) * 100, abs=1e-9)
    for key, times in (("n_outside_limit", 1), ("n_outside_double", 2)):
        bound = times * tenths / 1000
        assume(all(abs(each - bound) > 1e-9 for each in off))
        assert found.data[key] == sum(each > bound for each in off)


def test_mass_variation_of_the_domain() -> None:
    """Ten capsules of 272.6 mg: RSD 1.61 % gross, 1.95 % net of 48 mg shells; they pass (domain 2.6)."""
    gross, net = mass_variation(amounts(MASSES, "mg")), mass_variation(amounts(MASSES, "mg"), amount("48 mg"))

    assert (round(float(gross.data["rsd_pct"]), 2), round(float(net.data["rsd_pct"]), 2)) == (1.61, 1.95)
    assert float(net.data["mean_mg"]) == 224.6
    assert net.data["outcome"] == "pass" and net.status == 0
    assert "these are 10" in net.notes[0]
    assert "1.95 % of the mean (RSD)" in as_text(net)


def test_masses_are_shown_against_their_target() -> None:
    """With a target the lightest, the heaviest and the mean stand in percent of it, as FC402 and FC403 print them."""
    found = as_text(mass_variation(amounts(["90", "100", "104"], "mg"), target=amount("100 mg")))

    assert "90.00 % to 104.00 % of the target, the mean 98.00 % of it" in " ".join(found.split())


def test_a_target_allows_nobody_outside_and_the_mean_two() -> None:
    """Two of twenty may lie outside 10 % of their mean; against a target none; none ever twice as far."""
    twenty = ["200"] * 18 + ["179", "221"]
    assert mass_variation(amounts(twenty, "mg")).status == 0
    assert mass_variation(amounts(twenty, "mg"), target=amount("200 mg")).status == 1
    assert mass_variation(amounts(["200"] * 19 + ["155"], "mg")).status == 1
    assert mass_variation(amounts(["400"] * 17 + ["368", "433", "367"], "mg")).data["n_outside_limit"] == 3
    with pytest.raises(CannotConvert):
        mass_variation(amounts(["200"], "mg"))
    with pytest.raises(CannotConvert, match="shell"):
        mass_variation(amounts(["40", "200"], "mg"), amount("48 mg"))


def test_weight_variation_says_that_it_is_no_content_uniformity() -> None:
    """Masses can stand in for contents only from 25 mg and 25 % on, which a low-dose capsule never has."""
    found = uniformity_by_mass(amounts(MASSES, "mg"), amount("98 %"))

    assert found.data["mean_pct"] == 98
    assert "never do" in found.notes[0]


# --- dates


@pytest.mark.parametrize(
    ("form", "expiry", "days", "justified", "latest", "strict", "by"),
    [
        ("capsule", None, None, False, "2026-07-09", "2026-07-08", "default"),
        ("capsule", "05/2026", None, False, "2026-05-31", "2026-05-31", "ingredient_expiry"),
        ("capsule", "2026-07-09", None, False, "2026-07-09", "2026-07-08", "default"),
        ("capsule", None, "360", True, "2026-07-09", "2026-07-08", "default"),
        ("capsule", None, "90", False, "2026-04-10", "2026-04-09", "stability_data"),
        ("aqueous-preserved", None, "60", False, "2026-02-14", "2026-02-13", "default"),
        ("aqueous-preserved", None, "60", True, "2026-03-11", "2026-03-10", "stability_data"),
        ("aqueous-preserved", None, "200", True, "2026-07-09", "2026-07-08", "cap"),
        ("aqueous-preserved", None, "30", False, "2026-02-09", "2026-02-08", "stability_data"),
        ("aqueous-nonpreserved", None, None, False, "2026-01-24", "2026-01-23", "default"),
        ("oral-liquid-nonaqueous", None, None, False, "2026-04-10", "2026-04-09", "default"),
    ],
)
def test_beyond_use_dates(form: str, expiry: str, days: str, justified: bool, latest: str, strict: str, by: str) -> None:
    """The table, a shorter or justified longer study with the cap, the earliest expiry; a tie is the table's."""
    read = None if expiry is None else Expiry.read(expiry)
    found = beyond_use(form, MADE, read, None if days is None else int(days), justified=justified)

    assert found.data["latest_beyond_use_date"] == latest
    assert found.data["beyond_use_date"] == strict
    assert found.data["limited_by"] == by
    assert found.status == 0


def test_no_date_for_an_expired_component() -> None:
    """Expired before compounding: exit 1, and no date in the answer."""
    found = beyond_use("capsule", MADE, Expiry.read("12/2025"))

    assert found.status == 1
    assert found.data == {}
    assert beyond_use("capsule", MADE, Expiry.read("2026-01-10")).data["beyond_use_date"] == "2026-01-10"


@pytest.mark.parametrize(
    ("assigned", "days", "status", "words"),
    [
        ("2026-08-28", 180, 0, "180 days after compounding, not later"),
        ("2026-08-29", 181, 1, "181 days after compounding, later"),
        ("2026-03-02", 1, 0, "1 day after compounding"),
        ("2026-02-28", -1, 1, "lies before the day of compounding"),
    ],
)
def test_a_date_that_was_assigned_is_compared(assigned: str, days: int, status: int, words: str) -> None:
    """The days between, and exit 1 where it is later than the latest, or before the batch was made."""
    made = datetime.date(2026, 3, 1)
    found = beyond_use("capsule", made, assigned=datetime.date.fromisoformat(assigned))

    assert (found.data["assigned_days"], found.status) == (days, status)
    assert words in found.answer and "Assign 2026-08-27" in found.answer


def test_without_a_preservative_it_is_kept_cold() -> None:
    """The 14 days of a liquid without a preservative hold in a refrigerator, and that is said."""
    assert any("refrigerator" in note for note in beyond_use("aqueous-nonpreserved", MADE).notes)
    assert not any("refrigerator" in note for note in beyond_use("aqueous-preserved", MADE).notes)


def test_a_justification_of_nothing_is_refused() -> None:
    """--justified needs the days of the study; a study of no day, and a form nobody knows, are refused."""
    for wrong in ({"justified": True}, {"stability_days": 0}):
        with pytest.raises(CannotConvert):
            beyond_use("capsule", MADE, **wrong)
    with pytest.raises(CannotConvert):
        beyond_use("cream", MADE)


@given(st.sampled_from(sorted(FORMS)), st.none() | st.integers(1, 1000), st.booleans(), st.integers(0, 400))
def test_no_date_is_later_than_table_cap_or_expiry(form: str, days: int | None, justified: bool, ahead: int) -> None:
    """Whatever a study says: not beyond the table unless justified, never beyond 180 days or a component's expiry."""
    assume(days is not None or not justified)
    expiry = MADE + datetime.timedelta(days=ahead)
    found = beyond_use(form, MADE, Expiry.read(str(expiry)), days, justified=justified)
    latest = datetime.date.fromisoformat(found.data["latest_beyond_use_date"])
    strict = datetime.date.fromisoformat(found.data["beyond_use_date"])

    assert strict <= latest <= expiry
    assert (latest - MADE).days <= (CAP_DAYS if justified else TABLE_DAYS[FORMS[form]])
    assert days is None or (latest - MADE).days <= days or not justified


# --- what is printed

EVERY = {
    "potency": lambda: of_lot(water="8.7 %"),
    "salt": lambda: salt(amount("4.5 mg"), ("naltrexone", MOLAR["naltrexone"]), ("x", Fraction("100"))),
    "minimum": lambda: minimum_weight(amount("6 mg"), amount("5 %")),
    "usp41": lambda: minimum_weight_usp41(amount("0.08 mg"), amount("0.1 mg")),
    "aliquot": lambda: aliquot(amount("20 mg"), amount("120 mg")),
    "no aliquot": lambda: aliquot(amount("200 mg"), amount("120 mg")),
    "checked": lambda: checked_aliquot(*map(amount, ("2 mg", "120 mg", "120 mg", "7380 mg", "125 mg"))),
    "tablets": lambda: tablets(*map(amount, ("135 mg", "50 mg", "125 mg"))),
    "dilute": lambda: dilute(*map(amount, ("10 mg/mL", "1 mg/mL", "100 mL"))),
    "alligation": lambda: alligation(*map(amount, ("1 %", "5 %", "2 %", "100 g"))),
    "uniformity": lambda: uniformity(amounts(CASE_B + CASE_B_MORE, "%")),
    "by mass": lambda: uniformity_by_mass(amounts(MASSES, "mg"), amount("98 %")),
    "masses": lambda: mass_variation(amounts(MASSES, "mg"), amount("48 mg")),
    "date": lambda: beyond_use("aqueous-preserved", MADE, Expiry.read("05/2026"), 60, justified=True),
}


@pytest.mark.parametrize("name", EVERY)
def test_every_calculator_shows_its_working(name: str) -> None:
    """Answer first, then numbered steps with their sources, room for two people, no line too wide; the same as data."""
    worked = EVERY[name]()
    text, data = as_text(worked), as_data(worked)

    assert text.startswith(worked.answer)
    assert "  1. " in text and "source:" in text and "Checked by" in text
    assert max(map(len, text.splitlines()[1:])) <= 100
    assert not any(line != line.rstrip() for line in text.splitlines())
    assert [step["what"] for step in data["working"]] == [step.what for step in worked.steps]
    assert as_text(worked, quiet=True) == worked.answer
