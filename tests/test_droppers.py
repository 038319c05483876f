"""Arithmetic of datings and droppers by published numbers (domain 1.3 to 1.8, 6.1c, 6.2)."""

import datetime
from fractions import Fraction

import pytest
from catalogue.pairs import batch_of, changed, formulation, good, judged, library_of

from formcheck.papers.compounding import UsedComponent
from formcheck.papers.formulation import BeyondUse, FormCategory
from formcheck.planning.dating import expiry_of, shorter_literature
from formcheck.planning.dropping import is_cold
from formcheck.planning.supplying import dispensed, taken
from formcheck.rules.extending import storages_on_label
from formcheck.units import amount


def test_a_component_without_an_expiry_lasts_twelve_months_from_the_day_it_came() -> None:
    """A flavour received 2025-12-01 without an expiry is used until 2026-12-01 at the latest (domain 1.8)."""
    used = UsedComponent(received=datetime.date(2025, 12, 1))
    assert expiry_of(used) == datetime.date(2026, 12, 1)
    assert expiry_of(UsedComponent()) is None


@pytest.mark.parametrize(
    ("category", "storage", "strength", "basis", "days"),
    [
        (FormCategory.AQUEOUS_PRESERVED, "room", "1 mg/mL", "default", 30),
        (FormCategory.AQUEOUS_PRESERVED, "room", "5 mg/mL", "default", None),
        (FormCategory.AQUEOUS_PRESERVED, "refrigerator", "1 mg/mL", "default", None),
        (FormCategory.AQUEOUS_PRESERVED, "refrigerator", "1 mg/mL", "study", 60),
        (FormCategory.AQUEOUS_NONPRESERVED, "refrigerator", "1 mg/mL", "default", None),
        (FormCategory.ORAL_LIQUID_NONAQUEOUS, "room", "1 mg/mL", "default", None),
        (FormCategory.OTHER_NONAQUEOUS, "room", "1 mg", "default", None),
    ],
)
def test_fawcett_1997(category: FormCategory, storage: str, strength: str, basis: str, days: int | None) -> None:
    """30 days at 25 °C and 60 days at 4 °C for 1 mg/mL in water; never an extension of the table (domain 8.3)."""
    entry = BeyondUse(category=category, basis=basis)  # type: ignore[arg-type]
    advised = shorter_literature(entry, storage, amount(strength))
    assert (None if advised is None else advised.days) == days


def test_thirty_millilitres_of_drops_last_thirty_three_days() -> None:
    """30 mL at 23 drops of 25.85 drops/mL a day last 33.7 days."""
    batch = batch_of(good("sublingual-drops"))
    given, intake = dispensed(batch), taken(batch)
    assert given == 30 and intake is not None
    at_once, times = intake
    assert Fraction("33.7") < given / at_once / times < Fraction("33.8")


@pytest.mark.parametrize(
    ("label", "capsules"),
    [("Quantity: 80 capsules", 80), ("#30", 30), ("Qty: 60 caps", 60), ("Qty 30 mL", None), ("Rx #30 and # 60", None)],
)
def test_the_quantity_on_a_label(label: str, capsules: int | None) -> None:
    """One quantity of the right kind is read; two, or one of another kind, are not."""
    batch = batch_of(changed(good(), {"label": label}))
    assert dispensed(batch) == capsules


@pytest.mark.parametrize(
    ("label", "storages"),
    [
        ("Store at room temperature, 20-25 °C.", {"room"}),
        ("Store in a refrigerator, 2-8 °C, in this closed bottle.", {"refrigerator"}),
        ("Keep refrigerated. May be kept at room temperature for 1 hour.", {"refrigerator"}),
        ("Store at room temperature, do not refrigerate.", {"room"}),
        ("Let it warm to room temperature before counting drops.", set()),
        ("Store at 2 °C to 8 °C.", {"refrigerator"}),
        ("Keep out of reach of children.", set()),
        ("REFRIGERATE", {"refrigerator"}),
    ],
)
def test_the_storage_that_a_label_tells(label: str, storages: set[str]) -> None:
    """Only what the label says to do counts, not what it forbids, and not what it allows for an hour."""
    assert storages_on_label(label) == storages


@pytest.mark.parametrize(
    ("grams", "verdicts"), [("0.7803", []), ("1.0557", []), ("0.7802", ["fail"]), ("1.0558", ["fail"])]
)
def test_ten_doses_against_ten_nominal_doses(grams: str, verdicts: list[str]) -> None:
    """Nominal 0.9 mL x 1.02 g/mL = 0.918 g: ten doses weigh 7.803 to 10.557 g (Ph. Eur., domain 6.1c)."""
    measured = {"unit": "g", "values": [grams] * 10}
    record = changed(
        good("oral-liquid"),
        {
            "strength": "5 mg/mL",
            "dose": {"volume": "0.9 mL", "ordered": "4.5 mg"},
            "density": "1.02 g/mL",
            "dose_masses": measured,
        },
    )
    assert [str(f.verdict) for f in judged(record).findings if f.code == "FC607"] == verdicts


@pytest.mark.parametrize(
    ("run", "verdicts"),
    [("22 drops, 1 mL", []), ("36 drops, 2 mL", []), ("45 drops, 2 mL", ["fail"]), ("35 drops, 2 mL", ["fail"])],
)
def test_a_confirmation_run_is_within_ten_percent_of_the_factor_on_file(run: str, verdicts: list[str]) -> None:
    """Against 20 drops/mL on file, 22 and 18 are exactly 10 % off and pass (domain 6.2)."""
    on_file = {"drop_calibration.runs": ["20 drops, 1 mL"] * 3, "drop_calibration.density": "null"}
    library = library_of(changed(formulation("sublingual-drops"), on_file))
    record = changed(good("sublingual-drops"), {"drop_calibration.runs": [run], "drop_calibration.density": "null"})
    assert [str(f.verdict) for f in judged(record, library).findings if f.code == "FC601"] == verdicts


def test_hostile_labels_are_read_in_time() -> None:
    """A label of 100 kB of the worst letters is judged without a pause."""
    for piece in ("store ", "2 - ", "6 months ", "discard ", "30 days ", "25 % of the ", "(drops ", "795 "):
        judged(changed(good(), {"label": piece * (100_000 // len(piece))}))


def test_up_to_ten_degrees_is_as_cold_as_a_refrigerator() -> None:
    """A refrigerator that is opened reaches a little over 8 °C."""
    assert is_cold("10 °C") and is_cold("50 °F") and not is_cold("10.5 °C") and not is_cold("20 °C") and not is_cold("cold")
