"""Calculators of a batch: capsules filled by packing statistics, the yield, the powder found again."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from formcheck.bench.batches import filling, mass_balance, yielded
from formcheck.bench.powders import minimum_weight_of_screen, potency, potency_of
from formcheck.bench.worked import as_text
from formcheck.errors import CannotConvert, DoseAboveCeiling
from formcheck.papers.compounding import Balance
from formcheck.papers.values import Residue
from formcheck.planning.weighing import minimum_weighable
from formcheck.units import Mass, amount

WATER = {"water": Residue.read("8.7 %"), "solvents": None, "loss_on_drying": None}
LOT = potency_of(amount("99.5 %"), "anhydrous-solvent-free", WATER)


def packings(*texts: str):
    """Packing statistics of the active and of the diluent."""
    return tuple(map(amount, texts))


def test_filling_of_the_domain() -> None:
    """4.5 mg of a dihydrate lot: 4.9536 mg of powder take 3.3 % of the capsule; the diluent fills the rest."""
    found = filling(amount("4.5 mg"), LOT, packings("150 mg", "130 mg"), batch=(amount("100 capsules"), Fraction(3, 100)))
    powder = Fraction("4.5") / Fraction("0.908435")

    assert found.data["active_powder_mg"] == powder
    assert found.data["diluent_each_mg"] == (1 - powder / 150) * 130
    assert found.data["net_mg"] == found.data["active_powder_mg"] + found.data["diluent_each_mg"]
    assert found.data["diluent_mg"] == found.data["diluent_each_mg"] * 103
    assert "gross_mg" not in found.data


@given(st.integers(1, 100), st.integers(1, 3000), st.integers(1, 3000))
def test_a_capsule_is_filled_to_the_brim_and_no_further(tenths: int, active: int, diluent: int) -> None:
    """The parts that active and diluent take of a capsule are one whole; where the active leaves no room, it fails."""
    sizes = packings(f"{active} mg", f"{diluent} mg")
    found = filling(amount(f"{Fraction(tenths, 10)} mg" if tenths % 10 == 0 else f"{tenths / 10} mg"), LOT, sizes)
    data = found.data

    assert (found.status == 0) == (data["filled_by_active_pct"] < 100)
    if found.status == 0:
        assert data["active_powder_mg"] / active + data["diluent_each_mg"] / diluent == 1
        assert data["diluent_each_mg"] > 0
    else:
        assert "diluent_each_mg" not in data and "net_mg" not in data


def test_a_capsule_above_the_ceiling_is_refused() -> None:
    """No capsule of more than 10 mg is planned."""
    filling(amount("10 mg"), LOT, packings("150 mg", "130 mg"))
    with pytest.raises(DoseAboveCeiling):
        filling(amount("10.1 mg"), LOT, packings("150 mg", "130 mg"))


@given(st.integers(1, 1000), st.integers(0, 2000))
def test_the_yield_and_its_inverse(planned: int, made: int) -> None:
    """The percentage of the planned is what was made."""
    found = yielded(amount(f"{planned} capsules"), amount(f"{made} capsules"))

    assert found.data["yield_pct"] * planned == made * 100


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=4), st.integers(0, 300), st.integers(0, 10**6),
       st.integers(0, 10**6))  # fmt: skip
def test_powder_is_lost_or_gained_and_adds_up(charged: list[int], units: int, mean: int, left: int) -> None:
    """What was charged is in the capsules, left over, or lost; what was gained comes with a warning."""
    assume(sum(charged) > 0)
    masses = [amount(f"{n / 1000:.3f} mg") for n in (*charged, mean, left)]
    found = mass_balance(masses[: len(charged)], amount(f"{units} capsules"), *masses[len(charged) :])
    data = found.data

    assert data["charged_mg"] == data["in_units_mg"] + data["lost_mg"] + masses[-1].value
    assert data["unaccounted_pct"] == abs(data["lost_mg"]) / data["charged_mg"] * 100
    assert bool(found.notes) == (data["lost_mg"] < 0)


@pytest.mark.parametrize("spread", ["0.04 mg", "0.05 mg", "0.08 mg", "6 mg"])
def test_the_least_a_balance_weighs_is_that_of_the_rule(spread: str) -> None:
    """With an error the calculator reckons as FC308 does under its policies."""
    balance = Balance(repeatability=Mass(amount(spread)), readability=Mass(amount("0.1 mg")))
    for error, policy in (("5 %", "rx-5-percent"), ("1 %", "rx-1-percent")):
        found = minimum_weight_of_screen(amount(spread), amount("0.1 mg"), amount(error))
        assert found.data["minimum_mg"] == minimum_weighable(balance, policy)


def test_what_was_weighed_is_compared_with_what_was_right() -> None:
    """A powder weighed by the assay alone is 91.3 % of the right amount, and so are the capsules of their strength."""
    asked = (amount("4.5 mg"), amount("100 capsules"), amount("99.5 %"), "anhydrous-solvent-free", WATER, Fraction(3, 100))
    found = potency(*asked, weighed=amount("465.83 mg"))

    assert round(float(found.data["weighed_pct"]), 1) == 91.3
    assert "465.83 mg weighed is 91.3 % of it" in found.answer
    assert "weighed_pct" not in potency(*asked).data


def test_the_working_fits_a_worksheet() -> None:
    """Numbered steps with their sources, no line too wide."""
    for worked in (
        filling(amount("4.5 mg"), LOT, packings("150 mg", "130 mg"), shell=amount("48.1 mg")),
        yielded(amount("100 capsules"), amount("94 capsules")),
        mass_balance([amount("511 mg"), amount("12853 mg")], amount("94 capsules"), amount("132.11 mg"), amount("144 mg")),
    ):
        text = as_text(worked)
        assert "  1. " in text and "Checked by" in text
        assert max(map(len, text.splitlines())) <= 110 and max(map(len, text.splitlines()[1:])) <= 100


def test_what_cannot_be_compared_is_refused() -> None:
    """Capsules and millilitres, and half a capsule."""
    with pytest.raises(CannotConvert):
        yielded(amount("100 capsules"), amount("94 mL"))
    with pytest.raises(CannotConvert):
        mass_balance([amount("1 mg")], amount("1.5 capsules"), amount("1 mg"), amount("1 mg"))
