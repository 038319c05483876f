"""Uniformity beside scipy and a second recount: acceptance value, scatter, the counts of Ph. Eur. 2.9.5 and 2.9.6."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from catalogue.pairs import batch_of, changed, formulation, good, judged, read
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from formcheck import measures
from formcheck.findings import Verdict
from formcheck.judging import judge
from formcheck.planning.batch import NO_RECORD, Batch
from formcheck.planning.uniformity import spread_of
from formcheck.rules.appearance import appearance_described
from formcheck.rules.routes import route_allowed
from formcheck.rules.rule import PROFILES
from formcheck.rules.uniformity import K, uniformity_of_content

FORMULARY = [Fraction(mass) for mass in (272, 275, 269, 280, 266, 271, 274, 278, 268, 273)]
"""Ten gross masses [mg] worked in the domain's section on the Brazilian formulary (2.6)."""


def tenths(low: int, high: int, *sizes: int) -> st.SearchStrategy[list[Fraction]]:
    """Lists of results in tenths, of one of these lengths."""
    value = st.integers(low, high).map(lambda n: Fraction(n, 10))
    return st.sampled_from(sizes).flatmap(lambda n: st.lists(value, min_size=n, max_size=n))


def scattered(low: int, high: int) -> st.SearchStrategy[list[Fraction]]:
    """Ten or thirty results, not all equal (of equal ones scipy warns that its deviation is unreliable)."""
    return tenths(low, high, 10, 30).filter(lambda values: len(set(values)) > 1)


def floats(values: list[Fraction]) -> list[float]:
    """The same numbers as another program would hold them."""
    return [float(value) for value in values]


# ---------------------------------------------------------------------------- scatter and acceptance value


def test_the_worked_scatter_of_the_formulary() -> None:
    """Ten capsules of 272.6 mg have an RSD of 1.61 % gross, and 1.95 % net of shells of 48 mg (domain 2.6)."""
    net = [measures.net_content(mass, Fraction(48)) for mass in FORMULARY]
    for values, average, spread in ((FORMULARY, "272.6", "1.61"), (net, "224.6", "1.95")):
        mean = measures.mean(values)
        relative = measures.relative_deviation(measures.sample_deviation(values), mean)
        assert mean == Fraction(average)
        assert round(float(relative) * 100, 2) == float(spread)


@given(scattered(800, 1200))
def test_the_scatter_is_what_scipy_says(values: list[Fraction]) -> None:
    """Mean, sample deviation and RSD agree with scipy's to twelve digits."""
    mean, deviation = measures.mean(values), measures.sample_deviation(values)
    assert float(mean) == pytest.approx(stats.tmean(floats(values)), rel=1e-12)
    assert float(deviation) == pytest.approx(stats.tstd(floats(values)), rel=1e-9, abs=1e-9)
    relative = float(measures.relative_deviation(deviation, mean))
    assert relative == pytest.approx(stats.variation(floats(values), ddof=1), rel=1e-9, abs=1e-9)


@given(scattered(700, 1300), st.sampled_from([100, 103, 105]))
def test_the_acceptance_value_is_what_its_definition_says(values: list[Fraction], target: int) -> None:
    """AV by the table of USP <905>, its cases written out, with scipy's deviation, agrees with the measure."""
    numbers = floats(values)
    mean, top = stats.tmean(numbers), max(101.5, target)
    reference = 98.5 if mean < 98.5 else top if mean > top else mean
    wanted = abs(reference - mean) + {10: 2.4, 30: 2.0}[len(numbers)] * stats.tstd(numbers)
    high = max(Fraction("101.5"), Fraction(target))
    spread = measures.sample_deviation(values)
    got = measures.acceptance_value(measures.mean(values), spread, K[len(values)], Fraction("98.5"), high)
    assert float(got) == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_without_an_approved_target_the_reference_ends_at_101_5() -> None:
    """Ten units of 103 %: the reference value is 101.5 %, or 103 % where a target of 105 % is approved."""
    contents = [Fraction(103, 100)] * 10
    assert spread_of(contents).reference == Fraction("1.015")
    assert spread_of(contents, Fraction(105, 100)).reference == Fraction("1.03")


# ---------------------------------------------------------------------------- Ph. Eur., counted a second time


def recounted(values: list[Fraction], share: str) -> int:
    """How many values are outside a share of their mean, counted in decimals scaled by the number of values."""
    number = len(values)
    scaled = [Decimal(value.numerator) / value.denominator * number for value in values]
    total = sum(scaled) / number
    low, high = total * (1 - Decimal(share)), total * (1 + Decimal(share))
    return sum(not low <= value <= high for value in scaled)


def verdicts(profile: str, code: str, **changes: Any) -> list[Verdict]:
    """What a code says of the good record with some changes."""
    return [f.verdict for f in judged(changed(good(), changes), profile=profile).findings if f.code == code]


def masses(values: list[Fraction]) -> dict[str, Any]:
    """Net masses as a record has them [mg]."""
    return {"kind": "net", "unit": "mg", "values": [str(float(value)) for value in values]}


def contents(values: list[Fraction]) -> dict[str, Any]:
    """Single contents as a record has them [% of label]."""
    return {"expressed_as": "naltrexone-hydrochloride", "unit": "%", "values": [str(float(v)) for v in values]}


@given(st.sampled_from([(1700, 2300), (1000, 3000), (2700, 3300)]).flatmap(lambda ends: tenths(*ends, 20)))
def test_uniformity_of_mass_is_counted_as_the_pharmacopoeia_says(values: list[Fraction]) -> None:
    """2.9.5: at most two of twenty outside 10 % (7.5 % from 300 mg) of their mean, none outside twice that."""
    narrow, wide = ("0.1", "0.2") if sum(values) < 300 * 20 else ("0.075", "0.15")
    fails = recounted(values, narrow) > 2 or recounted(values, wide) > 0
    assert verdicts("ph-eur", "FC405", unit_masses=masses(values)) == ([Verdict.FAIL] if fails else [])


@given(st.sampled_from([(800, 1200), (700, 1300)]).flatmap(lambda ends: tenths(*ends, 10, 30)))
def test_uniformity_of_content_is_counted_as_the_pharmacopoeia_says(values: list[Fraction]) -> None:
    """2.9.6 B: one of ten or three of thirty outside 85 to 115 %; two or three of ten ask for more."""
    near, far = recounted(values, "0.15"), recounted(values, "0.25")
    if far or near > 3:
        wanted = [Verdict.FAIL]
    elif len(values) == 10 and near > 1:
        wanted = [Verdict.NOT_DETERMINED]
    else:
        wanted = []
    batch = batch_of(changed(good(), {"unit_contents": contents(values)}), profile="ph-eur")
    found = judge(uniformity_of_content, batch, profile="ph-eur").findings
    assert [finding.verdict for finding in found] == wanted


@pytest.mark.parametrize(("average", "share"), [("299.99", "0.1"), ("300", "0.075"), ("10", "0.1"), ("1000", "0.075")])
def test_the_limit_of_2_9_5_changes_at_300_mg(average: str, share: str) -> None:
    """10 % below a mean of 300 mg, 7.5 % from 300 mg on (domain 2.4)."""
    assert measures.mass_deviation_allowed(Fraction(average)) == Fraction(share)


def test_what_is_exactly_on_the_limit_is_inside() -> None:
    """Mean 200 mg: 180 and 220 mg are inside 10 %, 160 and 240 mg inside 20 % (domain 2.4)."""
    values = [Fraction(n) for n in (180, 220, 160, 240)]
    assert measures.outside(values, Fraction(200), Fraction(1, 10)) == [2, 3]
    assert measures.outside(values, Fraction(200), Fraction(2, 10)) == []


def test_the_worked_loss_of_powder() -> None:
    """13.000 g charged and 12.720 g in capsules are a loss of 2.15 %; gained powder counts as much (domain 2.5)."""
    charged, filled = Fraction(13000), Fraction(12720)
    assert round(float(measures.mass_unaccounted(charged, filled, Fraction(0))) * 100, 2) == 2.15
    assert measures.mass_unaccounted(charged, filled, Fraction(560)) == Fraction(280, 13000)


# ---------------------------------------------------------------------------- the route


@pytest.mark.parametrize(
    ("batch", "strengths", "found"),
    [
        ({}, None, ["fail"]),
        ({"batch.strength": "40 mg", "components.0.amount": "4000 mg"}, ["40 mg"], ["fail"]),
        ({"batch.strength": "40 mg", "components.0.amount": "4000 mg", "components.1.amount": "9000 mg"}, ["40 mg"], []),
        ({}, ["40 mg"], ["not_determined"]),
    ],
    ids=["low dose", "40 of 166 mg", "40 of 130 mg", "another strength than the batch's"],
)
def test_a_formulation_that_asks_for_masses_is_judged_by_itself(
    batch: dict[str, str], strengths: list[str] | None, found: list[str]
) -> None:
    """Without a record every strength of the formulation is judged: 25 mg of drug, and 25 % of the batch's powders."""
    changes: dict[str, Any] = {"tests.5.route": "mass-variation", **batch}
    paper = changed(formulation(), changes | ({"strengths": strengths} if strengths else {}))
    subject = Batch(NO_RECORD, read(paper, "formulation.yaml").paper)
    findings = judge(route_allowed, subject).findings
    assert [finding.verdict for finding in findings] == found
    assert all(finding.field == "(formulation).tests[5].route" for finding in findings)


def test_a_formulation_without_that_route_is_not_asked() -> None:
    """The formulation as it is shipped asks for contents, and the rule has nothing to say."""
    assert judge(route_allowed, Batch(NO_RECORD, read(formulation(), "formulation.yaml").paper)).findings == ()


# ---------------------------------------------------------------------------- appearance

ABSENT = [
    "No clumps, leakage or cracks",
    "free of clumps, particles and fibres",
    "Free from clumps, cracks, and leakage.",
    "clumps: none",
    "clear; leakage not seen",
    "particle-free, clear",
    "no cracked, chipped or leaking shells",
    "unbroken shells with microcrystalline cellulose, in a leakproof vial",
    "brown and ivory capsules in brown glass bottles",
    "white powder in size 3 capsules, no clumps",
]
PRESENT = {
    "no clumps, cloudy": "cloudy",
    "no clumps, cloudy or hazy": "cloudy, hazy",
    "no clumps, two cracked": "cracked",
    "no clumps and two cracked capsules": "cracked",
    "no leakage but clumps": "clumps",
    "Turned BROWN": "brown",
    "not clear": "not clear",
    "powder on the shells": "powder on the shells",
    "white powder\nsediment at the bottom": "sediment",
    "no clumps. Separated on standing": "separated",
}


def described(text: str, deviations: str = "none") -> list[str | None]:
    """The defects that a description is found to name."""
    record = read(good()).paper
    batch = Batch(attrs.evolve(record, description=text, deviations=deviations), read(formulation(), "f.yaml").paper)
    return [finding.found for finding in judge(appearance_described, batch).findings]


@pytest.mark.parametrize("text", ABSENT)
def test_a_defect_that_is_absent_is_none(text: str) -> None:
    """Negations, lists of what is absent, and words that only look like a defect are silent."""
    assert described(text) == []


@pytest.mark.parametrize(("text", "found"), PRESENT.items())
def test_a_defect_that_is_there_is_named(text: str, found: str) -> None:
    """A negation of one thing does not reach the next one."""
    assert described(text) == [found]
    assert described(text, "found: " + found.replace(", ", " and ") + "; rejected") == []


@pytest.mark.parametrize("text", ["OK", "complies.", "as expected", "Good, passed", "all fine"])
def test_a_verdict_is_no_description(text: str) -> None:
    """A description that only says "in order" is not determined."""
    assert len(described(text)) == 1


@pytest.mark.parametrize(
    "text", ["no , " * 20_000, "clumps, " * 12_000, "free of clumps, " + "lump, " * 16_000, "\n" * 100_000]
)
def test_a_long_description_is_read_in_time(text: str) -> None:
    """A hundred thousand characters of hostile text are read, and nothing raises."""
    described(text)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "changes",
    [
        {"unit_masses.values": ["0"] * 10},
        {"unit_masses.values": ["0"]},
        {"unit_contents.values": ["0"] * 10},
        {"unit_contents.values": ["0"] * 30},
        {"quantity": "0 capsules", "counts.filled": "0"},
        {"components.0.weighed": "0 mg", "components.1.weighed": "0 mg"},
        {"unit_masses.values": ["1"] * 3, "unit_masses.mean": "0"},
        {"assay.results": ["0 %"]},
    ],
    ids=str,
)
def test_zeros_are_judged_and_nothing_raises(changes: dict[str, Any], profile: str) -> None:
    """A record full of zeros never passes, and stops nothing."""
    assert judged(changed(good(), changes), profile=profile).verdict is not Verdict.PASS


# ---------------------------------------------------------------------------- whose limit it is


@pytest.mark.parametrize(
    ("code", "changes", "source"),
    [
        (
            "FC403",
            {"unit_masses": {"kind": "net", "unit": "mg", "values": [str(124 + n / 10) for n in range(10)]}},
            "mean 97.0-103.0 %",
        ),
        (
            "FC404",
            {"unit_masses": {"kind": "net", "unit": "mg", "values": ["125", "136"] * 5}},
            "relative standard deviation at most 4.0 %",
        ),
        ("FC411", {"assay.value": "89.0 %"}, "assay 90.0-110.0 %"),
    ],
)
def test_the_source_of_one_limit_does_not_speak_of_the_others(code: str, changes: dict[str, Any], source: str) -> None:
    """A limit of the formulation is cited by itself, and beside it whoever gives the default."""
    (finding,) = (f for f in judged(changed(good(), changes)).findings if f.code == code)

    assert finding.source is not None and finding.source.startswith(f"the formulation: {source}; ")
    assert "house choice" not in finding.source and len(finding.source) < 150


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"components.1.required": "13084 mg"}, "FC314", "within 1.0 % of what it should be"),
        ({"theoretical": {"net": "135 mg"}}, "FC315", "within 0.5 % of what it should be"),
        ({"components.0.required": "515 mg"}, "FC301", "within 0.5 % of what it should be"),
    ],
)
def test_what_was_recomputed_is_within_a_tolerance_of_what_it_should_be(changes: Any, code: str, words: str) -> None:
    """The limit of a figure that was recomputed does not speak of what was required."""
    (finding,) = (f for f in judged(changed(good(), changes)).findings if f.code == code)

    assert finding.limit == words
