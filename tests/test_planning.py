"""What should have been done of a batch, figure by figure: what is reckoned, and that a figure less leaves it unknown."""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from catalogue.pairs import batch_of, changed, formulation, good, library_of

from formcheck.papers.compounding import CompoundingRecord, UsedComponent
from formcheck.papers.formulation import (
    BeyondUse,
    Component,
    FormCategory,
    Literature,
    MasterFormulationRecord,
    Role,
    TestPlan,
    When,
)
from formcheck.papers.values import Count, Expiry, Interval
from formcheck.planning.aliquots import AliquotPlan, doublings, plan_aliquot
from formcheck.planning.batch import Batch
from formcheck.planning.components import matched, plain
from formcheck.planning.dating import (
    CAP_DAYS,
    FAWCETT,
    TABLE_SOURCE,
    Due,
    allowed_days,
    beyond_use_for,
    expiry_of,
    latest_date,
    schedule,
    shorter_literature,
    strict_date,
)
from formcheck.planning.dropping import factor_of, intake_of
from formcheck.planning.filling import why_no_room
from formcheck.planning.results import of_label
from formcheck.planning.supplying import dispensed, taken
from formcheck.substance import SALT_OF_BASE, Basis
from formcheck.units import amount

PURE = {"components.0.certificate": {"assay": "100 %", "basis": "as-is"}}
"""A lot of which every milligram counts, so that figures come out short."""


def of_good(changes: dict[str, Any], of: str = "capsules", **planned: Any) -> Batch:
    """The batch of a good record with these changes, and of its formulation with those."""
    library = library_of(changed(formulation(of), planned["planned"])) if planned else None
    return batch_of(changed(good(of), changes), library)


# Filling (domain 5.5)


@pytest.mark.parametrize(
    ("packing", "diluent", "why"),
    [
        ("150 mg", Fraction("126.1"), ""),
        ("4.51 mg", 130 * (1 - Fraction("4.5") / Fraction("4.51")), ""),
        (
            "4.5 mg",
            None,
            "the active alone fills the capsule by this packing statistic, and leaves no room for the diluent",
        ),
        ("4.49 mg", None, "the powder does not fit the capsule by this packing statistic: see FC313"),
        ("0 mg", None, ""),
        ("null", None, ""),
    ],
)
def test_the_diluent_of_one_capsule(packing: str, diluent: Fraction | None, why: str) -> None:
    """4.5 mg fill 4.5 / 150 of a capsule, 130 mg of diluent the rest; why there is no room is said where there is none."""
    batch = of_good(PURE | {"components.0.packing": packing})
    assert (batch.diluent_in_unit, why_no_room(batch)) == (diluent, why)


def test_the_diluent_of_a_capsule_of_a_light_powder() -> None:
    """A packing statistic below 1 mg is odd and still a figure: 0.5 mg of 0.9 mg leave four ninths of the capsule."""
    batch = of_good(PURE | {"strength": "0.5 mg", "components.0.packing": "0.9 mg"})
    assert batch.diluent_in_unit == Fraction(4, 9) * 130


@pytest.mark.parametrize("lacking", ["components.0.certificate.assay", "components.1.packing"])
def test_the_diluent_of_a_capsule_that_lacks_a_figure(lacking: str) -> None:
    """Without the potency or a packing statistic nobody knows what fills a capsule."""
    assert of_good({lacking: "null"}).diluent_in_unit is None
    assert of_good({lacking: "null"}).diluent_required is None


def test_no_diluent_is_reckoned_where_there_is_none() -> None:
    """A record without its active, or without its diluent, has no theory of the filling, and no reason against it."""
    for gone in ({"components.0.name": "talc", "components.0.certificate": "null"}, {"components.1.name": "talc"}):
        batch = of_good(gone)
        assert (batch.diluent_in_unit, batch.diluent_required, batch.net_in_unit, why_no_room(batch)) == (
            None,
            None,
            None,
            "",
        )


def test_the_diluent_of_an_aliquot_is_not_weighed_again() -> None:
    """What came with the active is taken off: 103 x 126.1 mg less 500 mg x 100 / 1000."""
    aliquot = {"drug": "900 mg", "diluent": "100 mg", "aliquot": "500 mg"}
    required = {lacking: of_good(PURE | {"components.0.aliquot": aliquot | dict.fromkeys(lacking.split())}).diluent_required
                for lacking in ("", "drug", "diluent", "aliquot")}  # fmt: skip
    assert required == {"": Fraction("12988.3") - 50, "drug": None, "diluent": None, "aliquot": None}


@pytest.mark.parametrize(
    ("record", "planned"),
    [({"quantity": "100 mL"}, {}), ({}, {"batch.batch_overage": "null"}), ({}, {"batch.active_overage": "null"})],
)
def test_a_batch_without_its_size_or_overage_has_no_required_amounts(
    record: dict[str, str], planned: dict[str, str]
) -> None:
    """Without the number of capsules or an overage nothing is required that could be reckoned."""
    batch = of_good(record, planned=planned)
    assert (batch.diluent_required, batch.active_required) == (None, None)


# Aliquots (domain 3.6)


@pytest.mark.parametrize(
    ("needed", "drug", "diluent", "aliquot"),
    [("20", 120, 600, 120), ("100", 200, 120, 160), ("50", 150, 210, 120), ("119.5", 239, 121, 180), ("120", 120, 0, 120)],
)
def test_the_smallest_dilution(needed: str, drug: int, diluent: int, aliquot: int) -> None:
    """On a balance that weighs 120 mg well: every weighing is at least that, and the least of the kind."""
    plan = plan_aliquot(Fraction(needed), Fraction(120))
    assert (plan.drug, plan.diluent, plan.aliquot, plan.minimum) == (drug, diluent, aliquot, 120)
    assert (plan.is_dilution, plan.weighs_well) == (diluent > 0, True)
    assert (plan.total, plan.drug_in_aliquot) == (drug + diluent, Fraction(needed))


def test_every_weighing_of_a_dilution_must_be_weighed_well() -> None:
    """The drug alone where nothing is diluted; else drug, diluent and aliquot, each at least the minimum."""
    weighed = [(120, 0, 0), (119, 0, 119), (120, 120, 120), (119, 120, 120), (120, 119, 120), (120, 120, 119)]
    plans = [AliquotPlan(*map(Fraction, each), Fraction(120)) for each in weighed]
    assert [plan.weighs_well for plan in plans] == [True, False, True, False, False, False]
    assert AliquotPlan(Fraction(1), Fraction(1, 2), Fraction(1), Fraction(1)).is_dilution


@pytest.mark.parametrize(
    ("drug", "diluent", "portions"),
    [("120", "600", ["120", "240", "240"]), ("1", "0.5", ["0.5"]), ("1", "1.5", ["1", "0.5"]), ("1", "0", [])],
)
def test_the_portions_of_a_geometric_dilution(drug: str, diluent: str, portions: list[str]) -> None:
    """As much diluent as there is in the mortar each time, the rest at last, and all of it in the end."""
    assert list(doublings(Fraction(drug), Fraction(diluent))) == [Fraction(portion) for portion in portions]


# Several lots of the active


def lots(first: dict[str, Any], second: dict[str, Any]) -> Batch:
    """The good record with a second lot of its active."""
    powder = {"name": "naltrexone hydrochloride", "lot": "NX-4424", "required": "100 mg", "weighed": "101 mg"}
    changes = PURE | {"components.0.required": "300 mg", "components.0.weighed": "302 mg"}
    changes |= {f"components.0.{key}": value for key, value in first.items()}
    return of_good(changes | {"components.3": powder | second})


POOR = {"certificate": {"assay": "80 %", "basis": "as-is"}, "packing": "150 mg"}


def test_two_lots_of_the_active_are_one() -> None:
    """Their amounts add up, and their potencies count by what was required of each: (300 + 80) / 400."""
    batch = lots({}, POOR)
    assert batch.active is not None
    together = batch.active.used
    assert (str(together.required), str(together.weighed), str(together.packing)) == ("400 mg", "403 mg", "150 mg")
    assert (together.name, together.certificate) == ("naltrexone hydrochloride (2 lots together)", None)
    assert batch.potency == Fraction("0.95")


@pytest.mark.parametrize(
    ("first", "second", "potency", "required", "weighed", "packing"),
    [
        ({}, {"packing": "151 mg"}, "0.95", "400 mg", "403 mg", "None"),
        ({}, {"packing": None}, "0.95", "400 mg", "403 mg", "None"),
        ({"required": "null"}, {}, "0.95025", "None", "403 mg", "150 mg"),
        ({"weighed": "null"}, {}, "0.95", "400 mg", "None", "150 mg"),
        ({"required": "null", "weighed": "null"}, {}, None, "None", "None", "150 mg"),
        ({"required": "0 mg"}, {"required": "0 mg"}, None, "0 mg", "403 mg", "150 mg"),
        ({}, {"certificate": {"assay": "80 %"}}, None, "400 mg", "403 mg", "150 mg"),
        ({"required": "0.0000005 mg"}, {"required": "0 mg"}, "1", "0.000001 mg", "403 mg", "150 mg"),
    ],
)
def test_two_lots_that_lack_a_figure(
    first: dict[str, Any], second: dict[str, Any], potency: str | None, required: str, weighed: str, packing: str
) -> None:
    """What one lot does not say is not said of both; what was weighed stands in for what was required."""
    batch = lots(first, POOR | second)
    assert batch.active is not None
    together = batch.active.used
    assert (str(together.required), str(together.weighed), str(together.packing)) == (required, weighed, packing)
    assert (None if batch.potency is None else round(batch.potency, 5)) == (None if potency is None else Fraction(potency))


@pytest.mark.parametrize("apart", [{"aliquot": {"drug": "9 mg"}}, {"trituration": {"id": "T-1"}}])
def test_an_aliquot_or_a_trituration_is_no_lot_among_others(apart: dict[str, Any]) -> None:
    """They are reckoned by themselves: with one among the lots nothing is known of them together."""
    for batch in (lots(apart, POOR), lots({}, POOR | apart)):
        assert (batch.active, batch.potency) == (None, None)


def test_two_actives_of_the_formulation_are_not_lots_of_one() -> None:
    """Components of the record that stand for different components of the formulation do not add up."""
    second = {"name": "naltrexone", "role": "active", "amount": "50 mg", "cas": "16590-41-3"}
    batch = of_good({"components.3": POOR | {"name": "naltrexone", "required": "100 mg"}}, planned={"components.3": second})
    assert [used.name for used in batch.in_role(Role.ACTIVE)] == ["naltrexone hydrochloride", "naltrexone"]
    assert (batch.active, batch.potency) == (None, None)


def test_one_lot_needs_no_amounts_for_its_potency() -> None:
    """Of a single lot the certificate says the potency; no lot has none."""
    assert of_good(PURE | {"components.0.required": "null", "components.0.weighed": "null"}).potency == 1
    assert of_good({"components.0.name": "talc", "components.0.certificate": "null"}).potency is None


# What was measured


@pytest.mark.parametrize(
    ("masses", "shell", "net"),
    [
        ({"kind": "gross", "unit": "mg", "values": ["178.2", "180"]}, "48.2 mg", [(0, "130"), (1, "131.8")]),
        ({"kind": "gross", "unit": "g", "values": ["0.1782"]}, "48.2 mg", [(0, "130")]),
        ({"kind": "net", "unit": "mg", "values": ["130"]}, "48.2 mg", [(0, "130")]),
        ({"kind": "net", "unit": "g", "values": ["0.13"]}, "null", [(0, "130")]),
        ({"kind": "gross", "unit": "mg", "values": ["178.2"]}, "null", []),
        ({"kind": "gross", "values": ["178.2"]}, "48.2 mg", []),
        ({"unit": "mg", "values": ["178.2"]}, "48.2 mg", []),
        ("null", "48.2 mg", []),
    ],
)
def test_the_net_mass_of_a_unit(masses: Any, shell: str, net: list[tuple[int, str]]) -> None:
    """Gross masses lose the mean shell of the lot, net ones nothing; grams become milligrams; without a unit nothing is."""
    batch = of_good({"unit_masses": masses, "components.2.mean_mass": shell})
    assert list(batch.net_masses) == [(place, Fraction(mass)) for place, mass in net]


def test_two_lots_of_shells_have_no_one_mean() -> None:
    """With two components that are shells nobody knows which shell to take off."""
    second = {"name": "hard gelatin capsule", "lot": "GC3-882", "mean_mass": "48.2 mg"}
    assert of_good({"components.3": second}).net_masses == ()


@pytest.mark.parametrize(
    ("contents", "changes", "found"),
    [
        ({"unit": "mg", "values": ["4.5", "4.41"]}, {}, ["1", "0.98"]),
        ({"unit": "mcg", "values": ["4500"]}, {}, ["1"]),
        ({"unit": "%", "values": ["98"]}, {}, ["0.98"]),
        ({"unit": "%", "values": ["98"]}, {"strength": "null"}, ["0.98"]),
        ({"unit": "mg", "values": ["4.5"]}, {"strength": "null"}, []),
        ({"unit": "mg", "values": ["4.5"]}, {"strength": "0 mg"}, []),
        ({"unit": "mg", "values": ["0.5"]}, {"strength": "0.5 mg"}, ["1"]),
        ({"unit": "mg", "values": ["4.5"]}, {"strength_basis": "null"}, []),
        ({"values": ["4.5"]}, {}, []),
        ({"unit": "mg", "values": ["4.5"], "expressed_as": None}, {}, []),
    ],
)
def test_the_contents_are_shares_of_the_label(contents: dict[str, Any], changes: dict[str, str], found: list[str]) -> None:
    """A content counts against the label's strength, a percentage by itself; without unit, basis or strength nothing is."""
    said = {"expressed_as": "naltrexone-hydrochloride"} | contents
    batch = of_good(changes | {"unit_contents": {key: value for key, value in said.items() if value is not None}})
    assert batch.contents == tuple(map(Fraction, found))


def test_a_result_is_told_in_terms_of_what_the_label_counts() -> None:
    """The base weighs less than its hydrochloride: by their molar masses, and only where the two differ."""
    salt, base = "naltrexone-hydrochloride", "naltrexone"
    assert of_label(salt, Basis.HYDROCHLORIDE) == of_label(base, Basis.BASE) == 1
    assert of_label(base, Basis.HYDROCHLORIDE) == SALT_OF_BASE > 1
    assert of_label(salt, Basis.BASE) == 1 / SALT_OF_BASE


# Drops, and how long a container lasts


def test_a_drop_factor_needs_runs_that_can_be_read() -> None:
    """Runs are pooled, weighed ones by the density; without runs, or with one that cannot be read, nothing is measured."""
    runs = {"drop_calibration.runs": ["20 drops, 0.82 g", "20 drops, 0.80 g"], "drop_calibration.density": "1.06 g/mL"}
    batch = of_good(runs, of="sublingual-drops")
    assert batch.own_drop_factor is not None
    assert batch.own_drop_factor.per_millilitre == 40 / (Fraction("1.62") / Fraction("1.06"))
    assert factor_of(None) is None
    for broken in ({"runs": []}, {"runs": ["20 drops"]}, {"runs": ["20 drops, 0.82 g"], "density": "null"}):
        paper = {f"drop_calibration.{key}": value for key, value in broken.items()}
        assert of_good(runs | paper, of="sublingual-drops").own_drop_factor is None


@pytest.mark.parametrize(
    ("dose", "directions", "intake"),
    [
        ({"drops": "23"}, "Take 9 drops once daily.", "23 drops"),
        ({"volume": "0.9 mL"}, "Take 9 drops once daily.", "0.9 mL"),
        ({"ordered": "4.5 mg"}, "Take 9 drops once daily.", None),
        ({"ordered": "4.5 mg"}, "Take 0.9 mL once daily.", None),
        ("null", "Take 9 drops by mouth once daily.", "9 drops"),
        ("null", "Take 0.9 mL by mouth once daily.", "0.9 mL"),
        ("null", "Take 0.12345 mL by mouth once daily.", "0.12345 mL"),
        ("null", "Take 9 drops as needed.", None),
        ("null", "Take 0.9 mL as needed.", None),
        ("null", "Take as directed.", None),
        ("null", "Shake well.", None),
    ],
)
def test_what_is_taken_at_once_of_a_liquid(dose: Any, directions: str, intake: str | None) -> None:
    """The record's own dose counts, else what the label says plainly; a record that says a dose is not read past it."""
    batch = of_good({"dose": dose, "label": directions}, of="sublingual-drops")
    assert (None if intake_of(batch) is None else str(intake_of(batch))) == intake


def test_a_liquid_of_no_concentration_has_no_conversion() -> None:
    """A strength that is a mass, or nothing, converts nothing, and drops nobody measured are no dose either."""
    for strength in ("5 mg", "0 mg/mL", "null"):
        assert of_good({"strength": strength}, of="sublingual-drops").conversion is None
    assert of_good({"dose": {"drops": "23"}}, of="oral-liquid").conversion is None
    drops, volume = of_good({}, of="sublingual-drops").conversion, of_good({}, of="oral-liquid").conversion
    assert drops is not None and drops.drops == 23
    assert volume is not None and (volume.drops, volume.factor, volume.asked.milligrams) == (None, None, 3)


def test_an_ordered_dose_is_what_was_asked_for() -> None:
    """What was ordered counts as the label does; a day of it above the ceiling is no conversion."""
    base = {"dose": {"drops": "20", "ordered": "4.5 mg"}, "strength_basis": "naltrexone"}
    found = of_good(base, of="sublingual-drops").conversion
    assert found is not None and found.drops == 20
    assert found.asked.milligrams == Fraction("4.5") * SALT_OF_BASE
    twice = {"dose": {"drops": "20", "ordered": "6 mg"}}
    assert of_good(twice, of="sublingual-drops").conversion is not None
    assert of_good(twice | {"per_day": "2"}, of="sublingual-drops").conversion is None


def test_contents_of_the_base_are_more_of_the_hydrochloride() -> None:
    """Where a result counts the base and the label its hydrochloride, milligrams and percent alike are raised."""
    for unit, value in (("mg", "4.5"), ("%", "100")):
        said = {"unit_contents": {"expressed_as": "naltrexone", "unit": unit, "values": [value]}}
        assert of_good(said).contents == (SALT_OF_BASE,)


@pytest.mark.parametrize(
    ("prescription", "label", "capsules"),
    [
        ({"dispensed": "60 capsules"}, "Quantity: 80 capsules", "60"),
        ({"dispensed": "60 mL"}, "Quantity: 80 capsules", None),
        ({"opioid_screen": "none"}, "Quantity: 80 capsules", "80"),
        ("null", "Qty 80", "80"),
        ("null", "# 80 caps", "80"),
        ("null", "Quantity: 80 mL", None),
        ("null", "Quantity: 80\nQty: 80", None),
        ("null", "Take 1 capsule daily", None),
    ],
)
def test_how_many_capsules_were_dispensed(prescription: Any, label: str, capsules: str | None) -> None:
    """The prescription counts before the label; a bare number counts capsules; two quantities are none."""
    changes = {"label": label} | ({} if prescription == "null" else {"prescription": prescription})
    assert dispensed(of_good(changes)) == (None if capsules is None else Fraction(capsules))


@pytest.mark.parametrize(
    ("label", "millilitres"),
    [("Quantity: 60 mL", "60"), ("Quantity: 60", None), ("Quantity: 60 capsules", None), ("Qty: 30.5 ml", "30.5")],
)
def test_how_much_of_a_liquid_was_dispensed(label: str, millilitres: str | None) -> None:
    """A liquid is not counted: only a volume says how much there is."""
    batch = of_good({"label": label, "prescription.dispensed": "null"}, of="oral-liquid")
    assert dispensed(batch) == (None if millilitres is None else Fraction(millilitres))


TWICE = "Take 2 capsules by mouth twice daily."


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, (1, 1)),
        ({"dose.capsules": "2", "per_day": "3"}, (2, 3)),
        ({"dose": "null", "per_day": "null", "label": TWICE}, (2, 2)),
        ({"dose": "null", "per_day": "3", "label": TWICE}, (2, 3)),
        ({"dose": "null", "per_day": "null", "label": "Take as directed."}, None),
        ({"dose": "null", "label": "Take as directed."}, None),
        ({"label": "Take as directed."}, (1, 1)),
        ({"dose": "null", "label": "Quantity: 80 capsules"}, None),
        ({"dose": "null", "label": "Take 9 drops by mouth once daily."}, None),
        ({"dose": "null", "label": "Take 0.9 mL by mouth once daily."}, None),
        ({"per_day": "null", "label": "Take as directed."}, None),
        ({"per_day": "null", "label": "Take 1 capsule as needed."}, None),
        ({"per_day": "null", "label": "Quantity: 80 capsules"}, None),
        ({"dose": {"ordered": "4.5 mg"}}, None),
        ({"dose.capsules": "0"}, None),
        ({"per_day": "0"}, None),
        ({"prescription": {"plan": "1.5 mg x 14, 3 mg x 14"}}, None),
        ({"prescription": {"dispensed": "60 capsules"}}, (1, 1)),
    ],
)
def test_how_many_capsules_are_taken(changes: dict[str, Any], found: tuple[int, int] | None) -> None:
    """The record's dose and times a day, else what the label says plainly; nothing under a plan of several doses."""
    assert taken(of_good(changes)) == found


def test_nothing_is_dispensed_or_taken_of_no_known_form() -> None:
    """Without a dosage form nobody knows what is counted."""
    batch = of_good({"formulation.id": "something-else"})
    assert (batch.form, dispensed(batch), taken(batch)) == (None, None, None)


def test_how_much_of_a_liquid_is_taken() -> None:
    """A volume is itself; drops are what the factor on file makes of them; without a factor nobody knows."""
    volume = of_good({"dose": {"volume": "3 mL"}, "per_day": "2"}, of="oral-liquid")
    assert taken(volume) == (3, 2)
    drops = of_good({"dose": {"drops": "23"}}, of="sublingual-drops")
    assert drops.drop_factor is not None
    assert taken(drops) == (23 / drops.drop_factor.per_millilitre, 1)
    unmeasured = of_good({"dose": {"drops": "23"}}, of="oral-liquid")
    assert taken(unmeasured) is None
    assert taken(of_good({"dose": "null", "label": "Take as directed."}, of="oral-liquid")) is None


# Dating (USP <795> 10.3 and 10.5)


def entry(category: str | None = "aqueous-preserved", days: int | None = 30, **more: Any) -> BeyondUse:
    """An entry of a formulation's beyond-use dates."""
    return BeyondUse(
        category=None if category is None else FormCategory(category), days=None if days is None else Count(days), **more
    )


@pytest.mark.parametrize(
    ("category", "days", "basis", "allowed"),
    [
        ("aqueous-nonpreserved", 14, "default", 14),
        ("aqueous-nonpreserved", 15, "default", 14),
        ("aqueous-preserved", 34, None, 34),
        ("aqueous-preserved", 36, "default", 35),
        ("oral-liquid-nonaqueous", 91, "default", 90),
        ("other-nonaqueous", 181, "default", 180),
        ("aqueous-preserved", 90, "study", 90),
        ("aqueous-preserved", 181, "study", CAP_DAYS),
        ("aqueous-preserved", 181, "monograph", 180),
        (None, 30, "default", None),
        ("aqueous-preserved", None, "default", None),
    ],
)
def test_the_longest_dating_of_a_category(category: str | None, days: int | None, basis: Any, allowed: int | None) -> None:
    """An entry counts up to the table, with a study up to 180 days; without category or days nothing is allowed."""
    found = allowed_days(entry(category, days, basis=basis), table_applies=True)
    assert (None if found is None else found.days) == allowed


def test_the_longest_dating_says_whose_it_is() -> None:
    """The formulation's own days are its own; the table and the cap are named where they are what bounds."""
    assert allowed_days(entry(), table_applies=True).source == "the formulation"  # type: ignore[union-attr]
    assert allowed_days(entry(source="Lab 7"), table_applies=True).source == "Lab 7"  # type: ignore[union-attr]
    for days, source in ((36, TABLE_SOURCE), (35, TABLE_SOURCE)):
        assert allowed_days(entry(days=days, source="Lab 7"), table_applies=True).source == source  # type: ignore[union-attr]
    capped = allowed_days(entry(days=200, basis="study"), table_applies=True)
    assert capped is not None and "10.5" in capped.source and "180 days" in capped.source
    european = allowed_days(entry(days=400, source="Lab 7"), table_applies=False)
    assert european is not None and (european.days, european.source) == (400, "Lab 7")
    assert allowed_days(entry(days=400), table_applies=False) is None


@pytest.mark.parametrize(
    ("given", "storage", "strength", "advised"),
    [
        (entry(), "room", "1 mg/mL", (30, FAWCETT)),
        (entry(basis="study"), "refrigerator", "1 mg/mL", (60, FAWCETT)),
        (entry(), "refrigerator", "1 mg/mL", None),
        (entry("aqueous-nonpreserved"), "room", "1 mg/mL", None),
        (entry("aqueous-nonpreserved", basis="study"), "room", "1 mg/mL", (30, FAWCETT)),
        (entry("oral-liquid-nonaqueous"), "room", "1 mg/mL", None),
        (entry(None), "room", "1 mg/mL", None),
        (entry(), "freezer", "1 mg/mL", None),
        (entry(), None, "1 mg/mL", None),
        (entry(), "room", "5 mg/mL", None),
        (entry(), "room", "1 mg", None),
        (entry(), "room", None, None),
        (entry(literature=Literature(days=Count(20), source="Doe 2020")), "room", "1 mg/mL", (20, "Doe 2020")),
        (entry(literature=Literature(days=Count(20))), None, None, (20, "the literature that the formulation names")),
        (entry(literature=Literature(days=Count(34), source="Doe 2020")), None, None, (34, "Doe 2020")),
        (entry(literature=Literature(days=Count(35), source="Doe 2020")), None, None, None),
        (entry(None, literature=Literature(days=Count(179), source="Doe 2020")), None, None, (179, "Doe 2020")),
        (entry(None, literature=Literature(days=Count(180), source="Doe 2020")), None, None, None),
        (entry(basis="monograph", literature=Literature(days=Count(90), source="D")), None, None, (90, "D")),
        (entry(literature=Literature(source="Doe 2020")), None, None, None),
    ],
)
def test_the_shortest_dating_that_studies_advise(
    given: BeyondUse, storage: Any, strength: str | None, advised: tuple[int, str] | None
) -> None:
    """What is shorter than the table (or the cap) counts, the shortest first; Fawcett's liquid is aqueous, of 1 mg/mL."""
    found = shorter_literature(given, storage, None if strength is None else amount(strength))
    assert (None if found is None else (found.days, found.source)) == advised


DAY = datetime.date(2026, 3, 2)


def test_days_are_counted_from_the_day_of_compounding() -> None:
    """30 days after 2 March is 1 April; where that day is day one, 31 March."""
    assert (latest_date(DAY, 30), strict_date(DAY, 30)) == (datetime.date(2026, 4, 1), datetime.date(2026, 3, 31))


def test_a_component_without_expiry_is_used_for_a_year() -> None:
    """The expiry counts; without one 12 months from the day it was received; without that nobody knows."""
    assert expiry_of(UsedComponent(expires=Expiry.read("05/2026"), received=DAY)) == datetime.date(2026, 5, 31)
    assert expiry_of(UsedComponent(received=DAY)) == datetime.date(2027, 3, 2)
    assert expiry_of(UsedComponent()) is None


@pytest.mark.parametrize(
    ("when", "every", "last", "changes", "due"),
    [
        (When.EVERY_BATCH, None, None, None, Due.DUE),
        (When.EVERY_BATCH, "6 months", "2025-09-02", None, Due.DUE),
        (None, "6 months", "2026-01-02", None, Due.UNKNOWN),
        (When.PERIODIC, None, "2026-01-02", None, Due.UNKNOWN),
        (When.PERIODIC, "6 months", None, None, Due.UNKNOWN),
        (When.PERIODIC, "6 months", "2025-09-02", None, Due.NOT_DUE),
        (When.PERIODIC, "6 months", "2025-09-01", None, Due.OVERDUE),
        (When.PERIODIC, "6 months", "2026-03-02", None, Due.NOT_DUE),
        (When.PERIODIC, "6 months", "2026-03-03", None, Due.UNKNOWN),
        (When.ON_CHANGE, None, "2020-01-02", None, Due.NOT_DUE),
        (When.ON_CHANGE, None, "2020-01-02", ("new supplier",), Due.DUE),
        (When.ON_CHANGE, None, None, None, Due.UNKNOWN),
        (When.PERIODIC, "6 months", "2026-01-02", ("new supplier",), Due.NOT_DUE),
    ],
)
def test_when_a_test_is_due(when: When | None, every: str | None, last: str | None, changes: Any, due: Due) -> None:
    """Every batch, or when the interval is over (its last day is still in time), or on a change; else nobody knows."""
    test = TestPlan(name="assay", when=when, every=None if every is None else Interval.read(every))
    done = {} if last is None else {"assay": datetime.date.fromisoformat(last)}
    record = CompoundingRecord(made=DAY, last_tests=done, **({} if changes is None else {"changes": changes}))
    found = schedule(test, record)
    following = None if last is None or every is None else Interval.read(every).after(done["assay"])
    assert (found.test, found.due, found.last, found.following) == (test, due, done.get("assay"), following)


def test_a_test_of_a_batch_of_no_date_is_due_nobody_knows_when() -> None:
    """Without the day it was made, and for a test without a name, nothing is known of what was done before."""
    test = TestPlan(name="assay", when=When.PERIODIC, every=Interval.read("6 months"))
    assert schedule(test, CompoundingRecord(last_tests={"assay": DAY})).due is Due.UNKNOWN
    nameless = TestPlan(when=When.PERIODIC, every=Interval.read("6 months"))
    assert schedule(nameless, CompoundingRecord(made=DAY, last_tests={"assay": DAY})).due is Due.UNKNOWN


def test_the_beyond_use_entry_of_a_storage() -> None:
    """The entry of the record's storage; one without a storage serves any if it is the only one; two alike serve none."""
    room, cold, any_ = entry(storage="room"), entry(storage="refrigerator"), entry()

    def of(*entries: BeyondUse, storage: Any = "room") -> BeyondUse | None:
        return beyond_use_for(MasterFormulationRecord(beyond_use=entries), CompoundingRecord(storage=storage))

    assert of(room, cold) is room and of(room, cold, storage="refrigerator") is cold and of(any_) is any_
    assert of(any_, storage=None) is any_ and of(cold, any_, storage="refrigerator") is cold
    assert of(cold) is of(room, room) is of(cold, any_) is of(any_, any_) is of() is None
    assert of(room, storage=None) is of(cold, any_, storage=None) is None


# Components


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Naltrexone  HCl, USP", "naltrexone hydrochloride"),
        ("Glycerin USP/NF", "glycerol"),
        ("glycerine", "glycerol"),
        ("Cellulose, Microcrystalline NF EP", "microcrystalline cellulose"),
        ("Water, purified", "purified water"),
        ("talc BP", "talc"),
        ("talc USP-NF", "talc"),
        ("USP", "usp"),
        ("USP NF", "usp"),
    ],
)
def test_a_name_without_the_differences_that_do_not_matter(name: str, wanted: str) -> None:
    """Capitals, spaces, the compendium at the end and synonyms do not make another substance."""
    assert plain(name) == wanted


def test_a_stranger_with_a_certificate_stands_for_the_active() -> None:
    """Only one stranger with a certificate, and only where no component has the name of the active."""
    stranger = {"name": "naloxone hydrochloride", "lot": "N-1", "certificate": {"assay": "99 %"}, "weighed": "5 mg"}
    alone = of_good({"components.0.name": "naloxone hydrochloride"})
    assert alone.active is not None and (alone.active.index, alone.active.used.name) == (0, "naloxone hydrochloride")
    beside = of_good({"components.3": stranger})
    assert beside.active is not None and beside.active.index == 0 and beside.components[3].planned is None
    two = of_good({"components.0.name": "naloxone hydrochloride", "components.3": stranger})
    assert two.active is None
    bare = of_good({"components.0.name": "naloxone hydrochloride", "components.0.certificate": "null"})
    assert bare.active is None
    certified = {"components.0.name": "naloxone hydrochloride", "components.1.certificate": {"assay": "99 %"}}
    beside_another = of_good(certified)
    assert beside_another.active is not None and beside_another.active.index == 0
    assert beside_another.diluent is not None and beside_another.diluent.index == 1


def test_a_component_without_a_name() -> None:
    """It is called by its place, and stands for none of the formulation; a planned one may have its alternates only."""
    unnamed = MasterFormulationRecord(components=(Component(role=Role.DILUENT, alternates=("talc",)),))
    found = matched(CompoundingRecord(components=(UsedComponent(), UsedComponent(name="talc"))), unnamed)
    assert [used.name for used in found] == ["component 1", "talc"]
    assert [used.planned for used in found] == [None, unnamed.components[0]]


# The batch as a whole


def test_what_a_batch_requires_of_each_component() -> None:
    """Of the active what the record says, of the diluent what the packing statistics leave, of what is counted nothing."""
    batch = of_good(PURE)
    active, diluent, shell = batch.components
    assert batch.required(active) == Fraction("510.22")
    assert batch.required(diluent) == Fraction("12988.3")
    assert batch.required(shell) is None
    silent = of_good(PURE | {"components.0.required": "null"})
    assert silent.required(silent.components[0]) == silent.active_required == Fraction("463.5")
    assert (silent.active_in_unit, silent.net_in_unit) == (Fraction("4.5"), Fraction("130.6"))
    cellulose = {"name": "microcrystalline cellulose", "lot": "MCC-2311", "weighed": "6962 mg", "packing": "130 mg"}
    bottles = of_good({"components.3": cellulose})
    assert bottles.required(bottles.components[1]) == 12610 * Fraction("1.03") != bottles.diluent_required
    several = lots({"required": "null"}, POOR)
    assert several.required(several.components[0]) is None


def test_an_active_of_the_base_is_required_in_milligrams_of_the_base() -> None:
    """The strength is told in terms of what is weighed: of the hydrochloride more than of the base, and the reverse."""
    base = of_good(PURE | {"strength_basis": "naltrexone"})
    assert base.strength == Fraction("4.5") * SALT_OF_BASE
    weighed = of_good(PURE, planned={"components.0.cas": "16590-41-3"})
    assert weighed.strength == Fraction("4.5") / SALT_OF_BASE
    for lacking in ({"strength": "null"}, {"strength_basis": "null"}, {"strength": "4.5 mg/mL"}):
        assert of_good(PURE | lacking).strength is None
    assert of_good({"components.0.name": "talc", "components.0.certificate": "null"}).strength is None
    assert of_good(PURE, planned={"dosage_form": "null"}).strength is None


def test_an_overage_adds_to_the_active() -> None:
    """An active overage goes into every unit, a batch overage into the whole: 4.5 x 1.05 and 100 x 1.03 of it."""
    batch = of_good(PURE, planned={"batch.active_overage": "5 %"})
    assert (batch.active_overage, batch.batch_overage) == (Fraction("0.05"), Fraction("0.03"))
    assert (batch.active_in_unit, batch.active_required) == (Fraction("4.725"), Fraction("486.675"))
    assert batch.active_required_at(Fraction(1, 2)) == Fraction("973.35")
    assert batch.active_required_at(Fraction(0)) is None


@pytest.mark.parametrize(
    ("changes", "planned", "acid", "glycerol"),
    [
        ({}, {}, "300", "12"),
        ({"quantity": "120 mL"}, {}, "600", "24"),
        ({"strength": "2 mg/mL"}, {}, None, None),
        ({"strength": "null"}, {}, None, None),
        ({"quantity": "60 capsules"}, {}, None, None),
        ({}, {"batch.size": "0 mL"}, None, None),
        ({}, {"batch.batch_overage": "10 %"}, "330", "13.2"),
        ({"components.3.measured": "null", "components.3.weighed": "15 g"}, {}, "300", "15120"),
        ({"components.3.measured": "null", "components.3.weighed": "15 g"}, {"components.3.density": "null"}, "300", None),
    ],
)
def test_amounts_are_scaled_to_the_size(
    changes: dict[str, Any], planned: dict[str, Any], acid: str | None, glycerol: str | None
) -> None:
    """Amounts of the formulation follow the size, at its own strength only; a volume that was weighed by its density."""
    batch = of_good(changes, of="oral-liquid", planned=planned)
    scaled = [batch.scaled(batch.components[place]) for place in (1, 3, 4)]
    assert scaled == [None if acid is None else Fraction(acid), None if glycerol is None else Fraction(glycerol), None]


def test_an_amount_that_nothing_follows_from_is_what_the_record_says() -> None:
    """Where the formulation gives no amount for this size, what the record states as required stands."""
    batch = of_good({"strength": "2 mg/mL"}, of="oral-liquid")
    assert batch.required(batch.components[1]) == 300
    batch = of_good({"components.1.required": "null", "strength": "2 mg/mL"}, of="oral-liquid")
    assert batch.required(batch.components[1]) is None
    for gone in ("size", "strength", "batch_overage"):
        lacking = of_good({}, of="oral-liquid", planned={f"batch.{gone}": "null"})
        assert lacking.scaled(lacking.components[1]) is None
    tiny = of_good({"quantity": "1 mL"}, of="oral-liquid", planned={"batch.size": "0.5 mL"})
    assert tiny.scaled(tiny.components[1]) is not None
    stranger = of_good({"components.1.name": "talc"}, of="oral-liquid")
    assert stranger.scaled(stranger.components[1]) is None
    assert stranger.required(stranger.components[1]) == 300


def test_what_was_weighed_of_an_aliquot_is_the_drug_in_it() -> None:
    """900 mg in 1000 mg, of which 500 mg: 450 mg; of a powder what was weighed."""
    aliquot = {"drug": "900 mg", "diluent": "100 mg", "aliquot": "500 mg"}
    batch = of_good({"components.0.aliquot": aliquot})
    assert batch.weighed(batch.components[0]) == 450
    assert batch.weighed(batch.components[1]) == 12962
    assert batch.weighed(batch.components[2]) is None


def test_the_balance_of_a_component() -> None:
    """The balance that the component names; none where no balance, or more than one, has that name, or it names none."""
    batch = of_good({})
    found = batch.balance_of(batch.components[0])
    assert found is not None and found.id == "BAL-02"
    for changes in (
        {"balances.1.id": "BAL-02"},
        {"balances.0.id": "null"},
        {"components.0.balance": "null", "balances.0.id": "null"},
    ):
        batch = of_good(changes)
        assert batch.balance_of(batch.components[0]) is None


def test_the_policy_of_weighing() -> None:
    """As the formulation says; within 1 % where it says nothing, or where there is none."""
    assert of_good({}, planned={"weighing_policy": "usp41"}).policy == "usp41"
    assert of_good({}).policy == Batch(CompoundingRecord(), None).policy == "rx-1-percent"


def test_a_batch_is_released_when_it_was_verified() -> None:
    """The day of the verification, else the day it was made."""
    later = {"people.verified_by.at": "2026-03-04T09:00"}
    assert of_good(later).released_on == datetime.date(2026, 3, 4)
    for gone in ("people.verified_by.at", "people.verified_by", "people"):
        assert of_good({gone: "null"}).released_on == DAY


@pytest.mark.parametrize(
    ("test", "gone"),
    [
        ("net mass", "unit_masses"), ("assay", "assay"), ("content uniformity", "unit_contents"),
        ("appearance", "description"), ("count", "counts"), ("mass balance", "residual"),
    ],
)  # fmt: skip
def test_a_batch_has_the_results_that_stand_in_its_record(test: str, gone: str) -> None:
    """Each test has its place in the record; one that formcheck does not know has none."""
    assert of_good({}).has_results(test) and not of_good({gone: "null"}).has_results(test)
    assert not of_good({}).has_results("taste")


def test_a_liquid_has_its_results_too() -> None:
    """The pH, the doses of drops, and the volume that was made up to."""
    liquid = of_good({}, of="oral-liquid")
    assert (liquid.has_results("pH"), liquid.has_results("final volume"), liquid.has_results("dose uniformity")) == (
        True,
        True,
        False,
    )
    bare = of_good({"ph": "null", "components.4.final_volume": "null"}, of="oral-liquid")
    assert (bare.has_results("pH"), bare.has_results("final volume")) == (False, False)


def test_drops_of_the_european_pharmacopoeia_are_tested_for_their_dose() -> None:
    """2.9.27 is due in every batch of oral drops under that profile, and under no other; nowhere without a formulation."""
    for of, profile, is_due in (
        ("sublingual-drops", "ph-eur", True), ("sublingual-drops", "usp-503a", False), ("oral-liquid", "ph-eur", False)
    ):  # fmt: skip
        found = batch_of(good(of), profile=profile).schedule("dose uniformity")
        assert (found is not None and found.due is Due.DUE) is is_due
        assert found is None or (found.test.name, found.test.when) == ("dose uniformity", When.EVERY_BATCH)
    unknown = changed(good("sublingual-drops"), {"formulation.id": "something-else"})
    assert batch_of(unknown, profile="ph-eur").schedules == {}


@pytest.mark.parametrize(
    ("of", "changes", "drops"),
    [
        ("sublingual-drops", {"dose": "null", "label": "null"}, True),
        ("oral-liquid", {}, False),
        ("oral-liquid", {"dose": {"drops": "9"}}, True),
        ("oral-liquid", {"dose": "null", "label": "Take 9 drops by mouth once daily."}, True),
    ],
)
def test_a_dose_is_counted_in_drops(of: str, changes: dict[str, Any], drops: bool) -> None:
    """By the form, by the record's dose, or by the directions on the label."""
    assert of_good(changes, of=of).is_in_drops is drops


def test_the_drop_factor_on_file_comes_first() -> None:
    """The formulation's calibration counts before the runs of the batch, which stand in where it has none."""
    run = {"drop_calibration.runs": ["20 drops, 1 mL"], "drop_calibration.density": "null"}
    filed = of_good({"drop_calibration": {"runs": ["30 drops, 1 mL"]}}, of="sublingual-drops", planned=run)
    assert filed.drop_factor is not None and filed.drop_factor.per_millilitre == 20
    own = of_good(
        {"drop_calibration": {"runs": ["30 drops, 1 mL"]}}, of="sublingual-drops", planned={"drop_calibration": "null"}
    )
    assert own.drop_factor is not None and own.drop_factor.per_millilitre == 30


def test_capsules_have_no_conversion_and_the_mean_of_their_masses() -> None:
    """A conversion is of a liquid; the mean of the net masses is exact, and unknown where none is known."""
    for strength in ("4.5 mg", "4.5 mg/mL"):
        assert of_good({"dose": {"volume": "1 mL"}, "strength": strength}).conversion is None
    assert of_good({"unit_masses.values": ["178.2", "180.2"]}).mean_net_mass == 131
    assert of_good({"unit_masses": "null"}).mean_net_mass is None


def test_the_fields_of_a_batch_in_words() -> None:
    """A field of a component is called by the component's name, one of the record by its own words."""
    batch = of_good({})
    assert "naltrexone hydrochloride" in batch.words(("components", 0, "lot"))
    assert batch.words(("components", 0)) == batch.words(("components",))
    assert "naltrexone" not in batch.words(("components", "shell")) + batch.words(("components", "shell", "lot"))
    assert batch.words(("(formulation)", "drop_calibration")) == batch.words(("drop_calibration",))
    assert batch.words(("balances", 0, "verified")) == batch.words(("balances", "verified"))


def test_a_batch_of_empty_papers_knows_nothing() -> None:
    """Without figures, and without a formulation, nothing is reckoned and nothing raises."""
    empty = Batch(CompoundingRecord(), MasterFormulationRecord())
    for batch in (empty, Batch(CompoundingRecord(), None), of_good({"formulation.id": "something-else"})):
        reckoned = (batch.form, batch.units, batch.batch_overage, batch.active_overage, batch.strength, batch.beyond_use)
        assert set(reckoned) == {None}
        assert (batch.active_required, batch.active_in_unit, batch.net_in_unit, batch.conversion) == (None,) * 4
        assert (batch.made_up, batch.schedules, batch.drop_factor) == ((), {}, None)
        assert all(batch.scaled(used) is None for used in batch.components)


def test_a_record_says_its_own_form() -> None:
    """The dosage form of the record counts before that of the formulation; sizes must be counted as the form is."""
    batch = of_good({"dosage_form": "oral-liquid"})
    assert batch.form is not None and not batch.form.units_are_counted and batch.units is None
    assert of_good({"dosage_form": "oral-liquid", "quantity": "60 mL"}).units == 60
    assert (of_good({}).units, of_good({"quantity": "null"}).units) == (100, None)


def test_a_label_is_read_as_the_profile_writes_dates() -> None:
    """07/08/2026 is the eighth of July, under the European profile the seventh of August."""
    paper = changed(good(), {"label": "Discard after: 07/08/2026"})
    read = {profile: batch_of(paper, profile=profile).label.dates[0].date for profile in ("usp-503a", "usp-503b", "ph-eur")}
    july, august = datetime.date(2026, 7, 8), datetime.date(2026, 8, 7)
    assert read == {"usp-503a": july, "usp-503b": july, "ph-eur": august}


def test_a_planned_test_without_a_name_is_no_test() -> None:
    """What has no name is asked for by nobody; one volume made up of two is a result."""
    nameless = MasterFormulationRecord(tests=(TestPlan(when=When.EVERY_BATCH),))
    assert Batch(CompoundingRecord(), nameless).schedules == {}
    second = {"name": "syrup", "role": "vehicle", "final_volume": "60 mL"}
    batch = of_good({"components.5": {"name": "syrup"}}, of="oral-liquid", planned={"components.5": second})
    assert len(batch.made_up) == 2 and batch.has_results("final volume")
