"""What a worksheet asks for, figure by figure: what is weighed and how, how it is printed, the smallest batch, the date."""

from fractions import Fraction
from typing import Any

import pytest
from catalogue.pairs import batch_of, changed, formulation, good, library_of

from formcheck.papers.compounding import UsedComponent
from formcheck.planning.aliquots import plan_aliquot
from formcheck.planning.batch import Batch
from formcheck.planning.components import Used
from formcheck.planning.worksheet import Weighing, assigned_date, measured, printed_mass, smallest_batch, weighings

DROPS, LIQUID = "sublingual-drops", "oral-liquid"
PURE = {"components.0.certificate": {"assay": "100 %", "basis": "as-is"}}


def of_good(
    changes: dict[str, Any], of: str = "capsules", planned: dict[str, Any] | None = None, profile: str = "usp-503a"
) -> Batch:
    """The batch of a good record with these changes, and of its formulation with those."""
    return batch_of(changed(good(of), changes), library_of(changed(formulation(of), planned or {})), profile)


def names(batch: Batch) -> list[str]:
    """The components that are to be weighed."""
    return [weighing.used.name for weighing in weighings(batch)]


@pytest.mark.parametrize(
    ("required", "minimum", "diluted", "is_small"),
    [("15", "16", False, True), ("16", "16", False, False), ("15", None, False, False), ("15", "16", True, False)],
)
def test_what_is_too_little_to_weigh(required: str, minimum: str | None, diluted: bool, is_small: bool) -> None:
    """Less than the balance weighs well, where that is known and no aliquot helps."""
    mass, least = Fraction(required), None if minimum is None else Fraction(minimum)
    aliquot = plan_aliquot(mass, Fraction(16)) if diluted else None
    assert Weighing(Used(0, UsedComponent(), None), mass, least, aliquot).too_small is is_small


@pytest.mark.parametrize(
    ("mass", "printed"),
    [
        ("0.12345", "0.123 mg"), ("0.9994", "0.999 mg"), ("1", "1 mg"), ("1.2345", "1.23 mg"), ("1.5", "1.5 mg"),
        ("510.2181", "510.22 mg"), ("999.994", "999.99 mg"), ("1000", "1000 mg"), ("1000.26", "1000.3 mg"),
        ("9999.94", "9999.9 mg"), ("10000.4", "10000 mg"), ("12947.8", "12948 mg"), ("123456.7", "123457 mg"),
    ],
)  # fmt: skip
def test_a_mass_is_printed_to_five_figures(mass: str, printed: str) -> None:
    """And at most two decimals, three below 1 mg; zeros at the end are left out."""
    assert printed_mass(Fraction(mass)) == printed


@pytest.mark.parametrize(
    ("mass", "like", "printed"),
    [("505", "510.22", "505.00 mg"), ("515.3223", "510.22", "515.32 mg"),
     ("995", "1000", "995.0 mg"), ("1.01", "1", "1.01 mg"),
     ("1.01", "0.99", "1.010 mg")],
)  # fmt: skip
def test_a_mass_is_printed_like_another(mass: str, like: str, printed: str) -> None:
    """With as many decimals as that one has, zeros at the end too: the ends of a range."""
    assert printed_mass(Fraction(mass), Fraction(like)) == printed


def test_the_active_is_weighed_as_the_lot_asks_whatever_the_record_states() -> None:
    """And the diluent as its packing statistic asks; the shells are counted."""
    batch = of_good({"components.0.required": "500 mg", "components.1.required": "12 g"})
    found = list(weighings(batch))
    assert [(w.used.index, w.required) for w in found] == [(0, batch.active_required), (1, batch.diluent_required)]
    assert [(w.minimum, w.aliquot) for w in found] == [(16, None), (120, None)]


def test_what_is_not_of_the_formulation_or_is_counted_is_not_weighed() -> None:
    """A strange component before the others, shells with an amount by mass, and what was counted are passed over."""
    strange = [{"name": "talc", "weighed": "5 mg"}, *good()["components"]]
    assert names(of_good({"components": strange})) == ["naltrexone hydrochloride", "microcrystalline cellulose"]
    by_mass = of_good({"components.2.counted": "null"}, planned={"components.2.amount": "4820 mg"})
    assert names(by_mass) == ["naltrexone hydrochloride", "microcrystalline cellulose"]
    assert names(of_good({"components.1.counted": "10"})) == ["naltrexone hydrochloride"]


def test_what_has_no_amount_is_passed_over() -> None:
    """Without a certificate nothing is known of the active, and the rest is weighed all the same; nothing of 0 mg."""
    assert names(of_good({"components.0.certificate": "null"}, DROPS)) == ["ascorbic acid", "sodium benzoate"]
    assert names(of_good({"strength": "0 mg/mL"}, DROPS)) == ["ascorbic acid", "sodium benzoate"]
    little = of_good({"quantity": "1 mL"}, DROPS)
    assert [w.required for w in weighings(little)][1:] == [5, 1]


def test_a_balance_that_is_not_known_sets_no_minimum() -> None:
    """And nothing is diluted for it."""
    found = list(weighings(of_good({"components.0.balance": "null", "quantity": "1 capsules"})))
    assert (found[0].minimum, found[0].aliquot, found[1].minimum) == (None, None, 120)


def test_an_excipient_of_capsules_follows_the_formulation() -> None:
    """Not the packing statistic of the diluent; a diluent of a liquid does so too."""
    third = {"name": "sodium benzoate", "role": "preservative", "amount": "100 mg"}
    used = [*good()["components"], {"name": "sodium benzoate", "balance": "BAL-02"}]
    batch = of_good({"components": used}, planned={"components.3": third})
    assert [w.required for w in weighings(batch)][2:] == [103]
    liquid = of_good({}, DROPS, {"components.2.role": "diluent"})
    assert [w.required for w in weighings(liquid)][2:] == [30]
    formless = of_good({}, planned={"dosage_form": "null"})
    assert names(formless) == ["microcrystalline cellulose"]  # as the record states it


def test_an_aliquot_is_made_of_an_active_with_its_diluent_alone() -> None:
    """Not in a liquid, of a stored trituration or of a diluent, nor where the balance weighs just that much well."""
    small = of_good({"quantity": "1 capsules"})
    assert [w.aliquot is None for w in weighings(small)] == [False, True]
    coarse = list(weighings(of_good({"quantity": "1 capsules", "balances.1.readability": "2 mg"})))[1]
    assert coarse.too_small and coarse.aliquot is None
    assert next(weighings(of_good({"quantity": "1 mL"}, DROPS))).aliquot is None
    stored = {"id": "TR-1", "concentration": "99 % w/w", "potency_corrected": "when made"}
    of_stored = of_good({"components.0.trituration": stored, "components.0.certificate": "null", "quantity": "1 capsules"})
    first = next(weighings(of_stored))
    assert first.aliquot is None and first.too_small
    just = next(weighings(of_good(PURE | {"balances.0.readability": "4.635 mg"})))
    assert (just.required, just.minimum, just.aliquot) == (Fraction("463.5"), Fraction("463.5"), None)


def test_the_smallest_batch_is_the_one_of_which_everything_can_be_weighed() -> None:
    """Of 1 mg of benzoate in a mL and a balance for 16.6 mg: 17 mL; for 16 mg just 16 mL."""
    for repeatability, least in (("0.083 mg", 17), ("0.08 mg", 16)):
        batch = of_good({"quantity": "2 mL", "balances.0.repeatability": repeatability}, DROPS)
        found = list(weighings(batch))
        assert [w.too_small for w in found] == [True, True, True]
        assert smallest_batch(batch, found) == least
        again = of_good({"quantity": f"{least} mL", "balances.0.repeatability": repeatability}, DROPS)
        assert smallest_batch(again, list(weighings(again))) is None
        assert smallest_batch(of_good({"quantity": "null"}, DROPS), found) is None
    some = of_good({"quantity": "10 mL"}, DROPS)
    assert [w.too_small for w in weighings(some)] == [False, False, True]
    assert smallest_batch(some, list(weighings(some))) == 16


def dated(
    changes: dict[str, Any], of: str = "capsules", planned: dict[str, Any] | None = None, profile: str = "usp-503a"
) -> str:
    """The date that is assigned and why, or nothing."""
    found = assigned_date(of_good({"components.0.expires": "12/2028"} | changes, of, planned, profile))
    return "" if found is None else f"{found.date} {found.because}"


def test_the_date_to_assign_is_the_shortest_of_what_limits_it() -> None:
    """The table (under a European profile the formulation alone), the literature, an expiry, and a trituration's date."""
    assert dated({}).startswith("2026-08-28 180 days, the day of compounding being day one (USP <795>")
    longer = {"beyond_use.days": "200"}
    assert dated({}, planned=longer).startswith("2026-08-28 180 days")
    assert dated({}, planned=longer, profile="ph-eur").startswith("2026-09-17 200 days")
    assert dated({"components.1.expires": "04/2026"}) == "2026-04-30 microcrystalline cellulose expires then"
    same = dated({"components.1.expires": "2026-08-28"})
    assert same.startswith("2026-08-28 180 days")
    stored = {"id": "TR-1", "concentration": "10 % w/w", "beyond_use_date": "2026-07-14"}
    said = "2026-07-14 naltrexone hydrochloride (its trituration) may be used until then"
    assert dated({"components.0.trituration": stored}) == said
    assert dated({"components.0.trituration": stored | {"beyond_use_date": "null"}}).startswith("2026-08-28")


@pytest.mark.parametrize(
    ("days", "date"),
    [("10", "2026-04-23 10 days"), ("1", "2026-04-14 1 days"), ("0", "2026-05-13 30 days"), ("30", "2026-05-13 30 days")],
)
def test_what_the_literature_advises_counts_where_it_is_shorter(days: str, date: str) -> None:
    """As many days as the formulation are its own; none at all is no advice."""
    named = {"beyond_use.0.literature": {"days": days, "source": "A study"}}
    found = dated({}, LIQUID, named)
    assert found.startswith(date) and ("A study" in found) is (days in ("1", "10"))


@pytest.mark.parametrize(
    ("changes", "planned"),
    [
        ({"made": "null"}, {}),
        ({}, {"beyond_use": "null"}),
        ({}, {"beyond_use.days": "null"}),
        ({}, {"beyond_use.days": "0"}),
    ],
)
def test_no_date_follows_from_papers_that_say_too_little(changes: dict[str, Any], planned: dict[str, Any]) -> None:
    """Without the day of compounding, an entry, its days, or at least one day there is no date; one day is today."""
    assert dated(changes, planned=planned) == ""
    assert dated({}, planned={"beyond_use.days": "1"}).startswith("2026-03-02 1 days")


def test_what_is_measured_has_its_volume() -> None:
    """6 mL of glycerol in 30 mL; nothing where the size of the batch is not known."""
    assert [(used.name, volume) for used, volume in measured(of_good({}, DROPS))] == [("glycerol", 6)]
    assert list(measured(of_good({"quantity": "null"}, DROPS))) == []
