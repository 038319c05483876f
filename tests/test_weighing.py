"""Weighing: what had to be weighed, on which balance, and small amounts by aliquot; numbers as published.

Amounts are reckoned a second time here in whole nanograms, by integers alone, so that a slip in the exact arithmetic of
the package cannot agree with itself.
"""

from fractions import Fraction

import pytest
from catalogue.pairs import batch_of, changed, good
from hypothesis import given
from hypothesis import strategies as st

from formcheck import measures
from formcheck.findings import Severity, Verdict
from formcheck.judging import judge
from formcheck.papers.compounding import Aliquot, Balance, Certificate, Trituration, TriturationSource, UsedComponent
from formcheck.papers.values import Residue
from formcheck.planning.weighing import BASES, drug_in_aliquot, minimum_weighable, needed_for, potency, potency_of
from formcheck.rules.balances import below_minimum
from formcheck.rules.certificates import basis_of_certificate
from formcheck.rules.filling import fill_fits
from formcheck.rules.mistakes import decimal_slip
from formcheck.units import amount

NANOGRAMS = 1_000_000
"""In a milligram."""


def balance(readability: str, repeatability: str) -> Balance:
    """A balance with these errors."""
    return Balance(id="B", readability=amount(readability, "mass"), repeatability=amount(repeatability, "mass"))


# domain 3.1 and 3.3: UNC pharmlabs, and USP <41> as Sartorius summarises it
@pytest.mark.parametrize(
    ("readability", "repeatability", "policy", "least"),
    [
        ("6 mg", "0 mg", "rx-5-percent", "120 mg"),
        ("6 mg", "0 mg", "rx-1-percent", "600 mg"),
        ("0.1 mg", "0.08 mg", "usp41", "160 mg"),
        ("0.1 mg", "0.03 mg", "usp41", "82 mg"),
        ("1 mg", "0.3 mg", "usp41", "820 mg"),
        ("0.1 mg", "0.1 mg", "usp41", "200 mg"),
        ("1 mg", "0.5 mg", "rx-1-percent", "100 mg"),
        ("1 mg", "1 mg", "rx-1-percent", "200 mg"),
    ],
)
def test_the_least_that_a_balance_weighs_is_as_published(
    readability: str, repeatability: str, policy: str, least: str
) -> None:
    """The minimum weighable quantity of each policy comes out as the published examples have it."""
    assert minimum_weighable(balance(readability, repeatability), policy) == amount(least).value


def test_the_published_aliquot_holds_what_is_needed() -> None:
    """120 mg of drug in 720 mg: an aliquot of 120 mg holds 20 mg (UNC; domain 3.6)."""
    plan = {"drug": "120 mg", "diluent": "600 mg", "aliquot": "120 mg"}
    assert drug_in_aliquot(Aliquot(**{name: amount(text, "mass") for name, text in plan.items()})) == 20


def certificate(assay: str | None = "98 %", basis: str | None = "as-is", **figures: str) -> Certificate:
    """A certificate of analysis with these figures."""
    residues = {
        name: Residue.read(text) if name == "solvents" else amount(text, "percent") for name, text in figures.items()
    }
    return Certificate(assay=None if assay is None else amount(assay, "percent"), basis=basis, **residues)


@pytest.mark.parametrize(
    ("given", "powder"),
    [
        (certificate("99.5 %", "anhydrous-solvent-free", water="8.7 %", solvents="complies"), "0.908435"),
        (certificate("99.5 %", "anhydrous-solvent-free", water="8.7 %", solvents="0.5 %"), "0.90346"),
        (certificate("99.5 %", "anhydrous-solvent-free", water="8.7 %"), None),
        (certificate("99.5 %", "anhydrous-solvent-free", solvents="complies"), None),
        (certificate("99.5 %", "anhydrous", water="8.7 %", solvents="0.5 %"), "0.908435"),
        (certificate("99.5 %", "anhydrous"), None),
        (certificate("98 %", "dried", loss_on_drying="2 %", water="8.7 %"), "0.9604"),
        (certificate("98 %", "dried", water="2 %"), None),
        (certificate("91 %", "as-is", water="8.7 %"), "0.91"),
        (certificate("91 %", "dry as a bone"), None),
        (certificate("91 %", None), None),
        (certificate(None, "as-is"), None),
        (certificate("98 %", "dried", loss_on_drying="100 %"), None),
        (None, None),
    ],
)
def test_the_potency_of_a_powder_by_its_certificate(given: Certificate | None, powder: str | None) -> None:
    """Each basis takes off its own residues and no others; where one is missing, or nothing is left, nothing is known."""
    assert potency(given) == (None if powder is None else Fraction(powder))


def test_a_basis_names_the_figures_it_needs() -> None:
    """What an assay needs beside it; nothing where there is no certificate or its basis is unclear."""
    needed = {basis: needed_for(certificate(basis=basis)) for basis in (*BASES, "dry as a bone", None)}
    assert needed == {
        "anhydrous-solvent-free": ("water", "solvents"),
        "anhydrous": ("water",),
        "dried": ("loss_on_drying",),
        "as-is": (),
        "dry as a bone": (),
        None: (),
    }
    assert needed_for(None) == ()


@pytest.mark.parametrize(
    ("assay", "is_odd"), [("79.99 %", True), ("80 %", False), ("102 %", False), ("102.01 %", True)]
)  # fmt: skip
def test_no_lot_is_below_80_or_above_102_percent_active(assay: str, is_odd: bool) -> None:
    """A potency from 80 to 102 % of the powder is believed, the limits included; beyond a decimal point has slipped."""
    said = {"components.0.certificate": {"assay": assay, "basis": "as-is"}}
    found = judge(basis_of_certificate, batch_of(changed(good(), said))).findings

    assert ["no lot is" in finding.message for finding in found] == ([True] if is_odd else [])


POWDER = certificate("98 %", "as-is")


@pytest.mark.parametrize(
    ("concentration", "corrected", "own", "source", "active"),
    [
        ("10 % w/w", "when made", None, None, "0.1"),
        ("10 % w/w", " When  Made ", None, POWDER, "0.1"),
        ("10 % w/w", "when weighed", None, POWDER, "0.098"),
        ("10 % w/w", "When  Weighed", POWDER, None, "0.098"),
        ("10 % w/w", "when weighed", certificate("96 %", "as-is"), POWDER, "0.096"),
        ("10 % w/w", "when weighed", None, None, None),
        ("10 % w/w", "at some time", None, POWDER, None),
        ("10 % w/w", None, None, POWDER, None),
        ("10 mg/mL", "when made", None, None, None),
        (None, "when made", None, None, None),
        ("0 % w/w", "when made", None, None, None),
        ("0 % w/w", "when weighed", None, POWDER, None),
    ],
)
def test_the_active_in_a_stored_trituration(
    concentration: str | None,
    corrected: str | None,
    own: Certificate | None,
    source: Certificate | None,
    active: str | None,
) -> None:
    """Its concentration, times the potency of its drug unless that was corrected when it was made: once, and not twice."""
    stored = Trituration(
        concentration=None if concentration is None else amount(concentration),
        potency_corrected=corrected,
        source=None if source is None else TriturationSource(certificate=source),
    )
    assert potency_of(UsedComponent(certificate=own, trituration=stored)) == (None if active is None else Fraction(active))
    assert potency_of(UsedComponent(certificate=POWDER)) == Fraction("0.98")


@pytest.mark.parametrize("lacking", ["drug", "diluent", "aliquot"])
def test_an_aliquot_that_lacks_a_figure_holds_nobody_knows_what(lacking: str) -> None:
    """Drug, diluent and aliquot are all needed, and a mixture of nothing holds nothing that can be told."""
    plan = {
        name: amount(text, "mass") for name, text in {"drug": "0.5 mg", "diluent": "0.4 mg", "aliquot": "0.3 mg"}.items()
    }
    assert drug_in_aliquot(Aliquot(**plan)) == Fraction(1, 6)
    assert drug_in_aliquot(Aliquot(**plan | {lacking: None})) is None
    assert drug_in_aliquot(Aliquot(**plan | {"drug": amount("0 mg"), "diluent": amount("0 mg")})) is None


@pytest.mark.parametrize("lacking", ["readability", "repeatability"])
def test_a_balance_that_lacks_an_error_weighs_nobody_knows_how_little(lacking: str) -> None:
    """Both errors of a balance are needed under every policy."""
    errors = {"readability": amount("0.1 mg"), "repeatability": amount("0.08 mg")} | {lacking: None}
    for policy in ("usp41", "rx-5-percent", "rx-1-percent"):
        assert minimum_weighable(Balance(id="B", **errors), policy) is None


def rounded(top: int, bottom: int) -> int:
    """The nearest whole number to a quotient, half up, by divmod."""
    whole, rest = divmod(top, bottom)
    return whole + (2 * rest >= bottom)


def required_nanograms(strength: int, units: int, batch_ppm: int, active_ppm: int, assay_ppm: int, dry_ppm: int) -> int:
    """strength [ng] x units x (1 + overages) / (assay x dry part), all shares in millionths."""
    million = 1_000_000
    top = strength * units * (million + batch_ppm) * (million + active_ppm)
    return rounded(top, assay_ppm * dry_ppm)


# domain 4.2, worked A and B, with and without the batch overage of 3 %; 5.5
@pytest.mark.parametrize(
    ("batch_ppm", "assay_ppm", "dry_ppm", "milligrams"),
    [(30_000, 995_000, 913_000, "510.2"), (0, 995_000, 997_000, "453.6"), (30_000, 995_000, 1_000_000, "465.8")],
)
def test_the_worked_amounts_come_out_in_whole_nanograms(
    batch_ppm: int, assay_ppm: int, dry_ppm: int, milligrams: str
) -> None:
    """The worked amounts of active come out of integers alone."""
    found = required_nanograms(4_500_000, 100, batch_ppm, 0, assay_ppm, dry_ppm)

    assert abs(found - int(Fraction(milligrams) * NANOGRAMS)) <= NANOGRAMS // 20


@given(
    st.integers(100_000, 10_000_000),
    st.integers(1, 1000),
    st.integers(0, 100_000),
    st.integers(0, 100_000),
    st.integers(980_000, 1_020_000),
    st.integers(880_000, 1_000_000),
)
def test_the_active_required_is_the_same_in_whole_nanograms(
    strength: int, units: int, batch_ppm: int, active_ppm: int, assay_ppm: int, dry_ppm: int
) -> None:
    """Exact arithmetic and integers of nanograms agree on the active to the last nanogram."""
    parts = [Fraction(ppm, 1_000_000) for ppm in (batch_ppm, active_ppm, assay_ppm, dry_ppm)]
    powder = measures.potency_from_anhydrous(parts[2], 1 - parts[3], Fraction(0))
    exact = measures.required_active(Fraction(strength, NANOGRAMS), units, parts[0], parts[1], powder)

    assert abs(exact * NANOGRAMS - required_nanograms(strength, units, batch_ppm, active_ppm, assay_ppm, dry_ppm)) <= 1


def diluent_nanograms(active: int, packing_active: int, packing: int, units: int, batch_ppm: int) -> int:
    """(1 - active / packing of the active) x packing of the diluent x units x (1 + overage), in whole nanograms."""
    million = 1_000_000
    return rounded((packing_active - active) * packing * units * (million + batch_ppm), packing_active * million)


def test_the_worked_diluents_come_out_in_whole_nanograms() -> None:
    """4.5 mg beside packing statistics of 150 and 130 mg leave 126.1 mg; 4.95 mg leave 125.7 mg (domain 5.5)."""
    one = [diluent_nanograms(active, 150_000_000, 130_000_000, 1, 0) for active in (4_500_000, 4_953_569)]

    assert one == [126_100_000, 125_706_907]


@given(
    st.integers(100_000, 10_000_000),
    st.integers(80_000_000, 400_000_000),
    st.integers(80_000_000, 400_000_000),
    st.integers(1, 1000),
    st.integers(0, 100_000),
)
def test_the_diluent_is_the_same_in_whole_nanograms(
    active: int, packing_active: int, packing: int, units: int, batch_ppm: int
) -> None:
    """Exact arithmetic and integers of nanograms agree on the diluent to the last nanogram."""
    masses = [Fraction(mass, NANOGRAMS) for mass in (active, packing_active, packing)]
    exact = measures.diluent_for_one(*masses) * units * (1 + Fraction(batch_ppm, 1_000_000))

    assert abs(exact * NANOGRAMS - diluent_nanograms(active, packing_active, packing, units, batch_ppm)) <= 1


@given(st.integers(1, 10**9), st.integers(1, 10**10), st.integers(1, 10**9))
def test_the_drug_in_an_aliquot_is_the_same_in_whole_nanograms(drug: int, diluent: int, aliquot: int) -> None:
    """Exact arithmetic and integers of nanograms agree on the drug in an aliquot to the last nanogram."""
    exact = measures.share_of_aliquot(*(Fraction(mass, NANOGRAMS) for mass in (drug, aliquot, drug + diluent)))

    assert abs(exact * NANOGRAMS - rounded(drug * aliquot, drug + diluent)) <= 1


def test_the_amounts_of_the_good_record_are_the_same_in_whole_nanograms() -> None:
    """What the package says the good batch required of its active and its diluent is what integers give."""
    batch = batch_of(good())
    assert batch.active is not None and batch.diluent is not None
    active = required_nanograms(4_500_000, 100, 30_000, 0, 995_000, 913_000)
    in_one = required_nanograms(4_500_000, 1, 0, 0, 995_000, 913_000)
    diluent = diluent_nanograms(in_one, 150_000_000, 130_000_000, 100, 30_000)

    assert abs(batch.active_required * NANOGRAMS - active) <= 1  # type: ignore[operator]
    assert abs(batch.required(batch.diluent) * NANOGRAMS - diluent) <= 103  # type: ignore[operator]


def test_two_lots_of_a_diluent_fill_a_capsule_as_their_mixture() -> None:
    """A second bottle with the same packing statistic changes nothing; with another one each takes its own room."""
    second = {"name": "microcrystalline cellulose", "lot": "MCC-2311", "weighed": "6962 mg"}
    one = batch_of(good())
    alike = batch_of(changed(good(), {"components.3": second | {"packing": "130 mg"}}))
    other = batch_of(changed(good(), {"components.3": second | {"packing": "131 mg"}}))

    assert alike.diluent_required == one.diluent_required is not None
    assert alike.net_in_unit == one.net_in_unit is not None
    first = Fraction(str(good()["components"][1]["weighed"]).split()[0])
    packing = (first + 6962) / (first / 130 + Fraction(6962) / 131)
    assert alike.diluent_in_unit is not None
    assert other.diluent_in_unit == alike.diluent_in_unit / 130 * packing
    unknown = batch_of(changed(good(), {"components.3": second | {"packing": "131 mg", "weighed": "null"}}))
    assert unknown.diluent_required is unknown.net_in_unit is None


@pytest.mark.parametrize(
    ("weighed", "severity"),
    [("119.999 mg", Severity.ERROR), ("120 mg", Severity.WARNING), ("599.999 mg", Severity.WARNING), ("600 mg", None)],
)
def test_a_class_iii_balance_weighs_120_mg_within_five_percent(weighed: str, severity: Severity | None) -> None:
    """On a sensitivity of 6 mg, less than 120 mg is an error, less than 600 mg a warning, and 600 mg is in order."""
    coarse = {"balances.0.readability": "6 mg", "balances.0.repeatability": "0 mg", "components.0.weighed": weighed}
    found = judge(below_minimum, batch_of(changed(good(), coarse))).findings

    assert [finding.severity for finding in found] == ([] if severity is None else [severity])


@pytest.mark.parametrize("factor", ["0.001", "0.01", "0.1", "10", "100", "1000"])
def test_each_power_of_ten_is_named_within_one_percent(factor: str) -> None:
    """A weight off by a power of ten is a slip at 0.99 and 1.01 of it, and none a hair beyond."""
    batch = batch_of(good())
    assert batch.active_required is not None
    for share, named in (("0.9901", True), ("1.0099", True), ("0.9899", False), ("1.0101", False)):
        wrong = batch.active_required * Fraction(factor) * Fraction(share)
        text = f"{rounded(wrong.numerator * 10**8, wrong.denominator):09d}"
        paper = changed(good(), {"components.0.weighed": f"{text[:-8]}.{text[-8:]} mg"})
        assert bool(judge(decimal_slip, batch_of(paper)).findings) is named


@pytest.mark.parametrize("field", ["packing", "weighed", "required"])
def test_a_wrong_record_never_stops_the_work(field: str) -> None:
    """Nothing, and hugely much, of each figure is judged or not determined; nothing raises."""
    for text in ("0 mg", "0.000000001 mg", "999999999999 g"):
        paper = changed(good(), {f"components.{place}.{field}": text for place in (0, 1)})
        for rule in (below_minimum, decimal_slip, fill_fits):
            assert all(finding.verdict in tuple(Verdict) for finding in judge(rule, batch_of(paper)).findings)
