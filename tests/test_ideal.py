"""A batch that goes exactly as planned: what the record to fill in would then say."""

from fractions import Fraction
from typing import Any

import pytest
from catalogue.pairs import batch_of, changed, formulation, good, library_of

from formcheck.planning.batch import Batch
from formcheck.planning.ideal import filled_in, usual_dose
from formcheck.planning.worksheet import Weighing, weighings

DROPS, LIQUID = "sublingual-drops", "oral-liquid"


def of_good(changes: dict[str, Any] | None = None, of: str = "capsules", planned: dict[str, Any] | None = None) -> Batch:
    """The batch of a good record with these changes, and of its formulation with those."""
    return batch_of(changed(good(of), changes or {}), library_of(changed(formulation(of), planned or {})))


def done(
    changes: dict[str, Any] | None = None,
    of: str = "capsules",
    planned: dict[str, Any] | None = None,
    found: tuple[Weighing, ...] | None = None,
) -> dict[str, Any]:
    """The good record with these changes, filled in as its batch asks."""
    batch = of_good(changes, of, planned)
    record = {"container": "", **changed(good(of), changes or {})}
    return filled_in(record, batch, tuple(weighings(batch)) if found is None else found, {"glycerol": Fraction(25, 4)})


def test_everything_is_weighed_and_counted_as_it_should_be() -> None:
    """Capsules hold their net content within 1 %; what the batch has more than the capsules is left over."""
    record = done()
    assert [each.get("weighed") for each in record["components"]] == ["510.22 mg", "12948 mg", None]
    assert record["counts"] == {"filled": "100", "rejected": "0", "retained": "0"}
    assert record["residual"] == "391.98 mg"
    assert record["unit_masses"] == {
        "kind": "gross",
        "unit": "mg",
        "values": ["177.6", "180.2", "178.2", "179.5", "177.8", "179.9", "178.5", "179.3", "178.7", "179.0"],
    }
    assert done(planned={"batch.batch_overage": "0 %"})["residual"] == "0 mg"
    netto = done({"components.2.mean_mass": "null"})
    assert netto["unit_masses"]["values"][:2] == ["129.4", "132.0"]


def test_an_aliquot_leaves_no_weighing() -> None:
    """What is weighed by way of an aliquot stands there."""
    batch = of_good({"quantity": "1 capsules"})
    found = tuple(weighings(batch))
    assert found[0].aliquot is not None
    record = done({"quantity": "1 capsules", "components.0.weighed": "null"}, found=found)
    assert "weighed" not in record["components"][0] and record["components"][1]["weighed"] == "129.48 mg"


def test_who_did_it_and_when() -> None:
    """Two people, on the day it was made; the balances were checked that day."""
    record = done({"made": "2026-03-04"})
    assert record["people"] == {
        "compounded_by": {"name": "Ada Compounder", "at": "2026-03-04T09:00"},
        "weighings_checked_by": {"name": "Ben Verifier", "at": "2026-03-04T09:10"},
        "verified_by": {"name": "Ben Verifier", "at": "2026-03-04T16:00"},
    }
    assert [each["daily_check"] for each in record["balances"]] == ["2026-03-04", "2026-03-04"]
    assert [each["readability"] for each in record["balances"]] == ["0.1 mg", "1 mg"]


def test_what_the_record_says_is_kept_and_the_rest_is_as_the_formulation_has_it() -> None:
    """Number, container, shells; of the description the first sentence, since the second says when to reject it."""
    assert (done()["id"], done({"id": ""})["id"]) == ("GOLDEN-001", "PLANNED-1")
    assert done()["container"] == "amber PP vial with child-resistant cap, lot PV-1182"
    assert done({"container": ""})["container"].startswith("amber polypropylene vial")
    assert done({"container": ""}, planned={"container": "null"})["container"] == ""
    assert done(planned={"description": "White. Reject it when brown."})["description"] == "White."
    assert done(planned={"description": "White, 0.5 g."})["description"] == "White, 0.5 g."
    assert done(planned={"description": "null"})["description"] == "."
    bare = done({"formulation": "null", "container": ""}, found=())
    assert (bare["container"], bare["description"], bare["deviations"]) == ("", ".", "none")
    shells = done({"components.2.mean_mass": "", "components.2.counted": ""})["components"][2]
    assert (shells["mean_mass"], shells["counted"]) == ("48 mg", "10")
    assert done()["components"][2]["mean_mass"] == "48.2 mg" and done()["components"][2]["counted"] == "10"
    assert done({"components.2.counted": "12"})["components"][2]["counted"] == "12"
    assert done({"components.2.mean_mass": ""})["unit_masses"]["values"][0] == "177.4"


@pytest.mark.parametrize("changes", [{"quantity": "null"}, {"components.0.packing": "null"}])
def test_without_a_net_content_nothing_is_filled(changes: dict[str, Any]) -> None:
    """The record keeps what it said of capsules."""
    assert done(changes)["counts"] == {"filled": "100", "rejected": "0", "retained": "20"}
    assert done({}, planned={"batch.batch_overage": "null"})["residual"] == "401 mg"


def test_a_bottle_is_as_its_formulation_describes_it() -> None:
    """Measured, made up to volume, in the middle of its pH, with one run of twenty drops by the factor on file."""
    record = done({"drop_calibration.operator": "", "drop_calibration.runs": []}, DROPS)
    assert (record["components"][3]["measured"], record["components"][4]["final_volume"]) == ("6.25 mL", "30 mL")
    assert (record["ph"], record["density"]) == ("3.6", "1.06 g/mL")
    assert record["drop_calibration"] == {
        "preparation": "naltrexone-sublingual-drops-5", "tip": "DT-20", "tip_lot": "77", "angle": "vertical",
        "date": "2026-03-02", "operator": "Ada Compounder", "temperature": "22 °C", "runs": ["20 drops, 0.820 g"],
        "density": "1.06 g/mL",
    }  # fmt: skip
    assert "counts" not in record
    weighed = {"name": "glycerol", "lot": "GL-5520", "weighed": "7560 mg"}
    assert "measured" not in done({"components.3": weighed}, DROPS)["components"][3]
    assert done({"components.3.name": "glycerin", "components.3.measured": ""}, DROPS)["components"][3]["measured"] == ""


@pytest.mark.parametrize(
    ("changes", "planned"),
    [
        ({"drop_calibration": "null"}, {}),
        ({}, {"drop_calibration": "null"}),
        ({}, {"drop_calibration.density": "null"}),
        ({"drop_calibration.runs": []}, {"drop_calibration.runs": []}),
        ({"formulation": "null"}, {}),
    ],
)
def test_no_run_is_made_up_without_a_calibration_on_file(changes: dict[str, Any], planned: dict[str, Any]) -> None:
    """Without its density, its runs or its place in the record the confirmation stays as it is."""
    said = changed(good(DROPS), changes).get("drop_calibration")
    assert done(changes, DROPS, planned, found=()).get("drop_calibration") == said


def test_the_ph_is_in_the_middle_of_its_limits() -> None:
    """Of that test alone, and where it has limits."""
    tests = [{"name": "assay", "limits": "90.0-110.0 %"}, {"name": "pH", "limits": "4.0-5.0"}]
    assert done(of=LIQUID, planned={"tests": tests})["ph"] == "4.5"
    assert done({"ph": "1.0"}, LIQUID, {"tests": tests[:1]})["ph"] == "1.0"
    assert done({"ph": "1.0"}, LIQUID, {"tests": [{"name": "pH"}]})["ph"] == "1.0"


@pytest.mark.parametrize(
    ("of", "changes", "planned", "dose"),
    [
        ("capsules", {}, {}, {"capsules": "1"}),
        ("capsules", {"strength": "0 mg"}, {}, {}),
        ("capsules", {"strength": "0.5 mg"}, {}, {"capsules": "1"}),
        ("capsules", {"strength": "null"}, {}, {}),
        ("capsules", {"formulation": "null"}, {}, {}),
        (LIQUID, {}, {}, {"volume": "4.5 mL"}),
        (LIQUID, {"strength": "2 mg/mL"}, {}, {"volume": "2.25 mL"}),
        (
            LIQUID,
            {"drop_calibration": good(DROPS)["drop_calibration"], "strength": "2.1 mg/mL"},
            {},
            {"volume": "2.143 mL"},
        ),
        (LIQUID, {"strength": "0 mg/mL"}, {}, {}),
        (LIQUID, {"strength": "4.5 mg"}, {}, {}),
        (DROPS, {}, {}, {"drops": "23"}),
        (DROPS, {"drop_calibration": "null"}, {"drop_calibration": "null"}, {}),
        (DROPS, {"strength": "1000 mg/mL"}, {}, {}),
    ],
)
def test_the_usual_dose(of: str, changes: dict[str, Any], planned: dict[str, Any], dose: dict[str, str]) -> None:
    """One capsule, or 4.5 mg of a liquid in mL or in drops; none where nothing can be said."""
    assert usual_dose(of_good(changes, of, planned)) == dose
