"""The record to fill in: what it asks for, what it takes from the lots at hand, and what it has of the plan."""

import datetime
from typing import Any

import pytest
from catalogue.pairs import batch_of, changed, formulation, good, library_of

from formcheck.errors import CannotConvert
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.planning.aliquots import plan_aliquot
from formcheck.planning.blank import Order, blank_record, with_amounts
from formcheck.planning.components import Used
from formcheck.planning.worksheet import Weighing
from formcheck.units import amount

DAY = datetime.date(2026, 3, 2)
NOBODY = {"name": "", "at": ""}
PEOPLE = {"compounded_by": NOBODY, "weighings_checked_by": NOBODY, "verified_by": NOBODY}
ORDERS = {
    "capsules": Order(amount("4.5 mg"), amount("100 capsules"), DAY),
    "oral-liquid": Order(amount("1 mg/mL"), amount("60 mL"), DAY),
    "sublingual-drops": Order(amount("5 mg/mL"), amount("30 mL"), DAY),
}


def paper(of: str = "capsules", planned: dict[str, Any] | None = None) -> MasterFormulationRecord:
    """The formulation of a good record with these changes."""
    found = batch_of(good(of), library_of(changed(formulation(of), planned or {}))).formulation
    assert found is not None
    return found


def blank(of: str = "capsules", lots: Any = None, planned: dict[str, Any] | None = None, **order: Any) -> dict[str, Any]:
    """The blank record of an order of a good formulation."""
    return blank_record(paper(of, planned), {} if lots is None else lots, ORDERS[of]._replace(**order))


def test_the_blank_record_of_capsules_without_lots() -> None:
    """Everything that has to be written down, and nothing that is not known."""
    to_weigh = {"lot": "", "vendor": "", "expires": "", "required": "", "weighed": "", "balance": ""}
    shell = {"lot": "", "vendor": "", "expires": "", "size": "3", "mean_mass": "", "counted": ""}
    assert blank() == {
        "kind": "compounding-record",
        "id": "",
        "formulation": {"id": "naltrexone-capsules", "version": 1},
        "strength": "4.5 mg",
        "strength_basis": "naltrexone-hydrochloride-anhydrous",
        "made": "2026-03-02",
        "quantity": "100 capsules",
        "beyond_use_date": "",
        "storage": "room",
        "container": "",
        "components": [
            {"name": "naltrexone hydrochloride", **to_weigh},
            {"name": "microcrystalline cellulose", **to_weigh},
            {"name": "hard gelatin capsule", **shell},
        ],
        "balances": [{"id": "", "readability": "", "repeatability": "", "verified": "", "daily_check": ""}],
        "counts": {"filled": "", "rejected": "", "retained": ""},
        "residual": "",
        "unit_masses": {"kind": "gross", "unit": "mg", "values": []},
        "last_tests": {"assay": "", "content uniformity": ""},
        "description": "",
        "deviations": "",
        "label": "",
        "people": PEOPLE,
        "dose": {"capsules": "", "ordered": ""},
        "per_day": "",
    }


def test_the_blank_record_of_drops_without_lots() -> None:
    """A liquid asks for its dose, its pH, its density, and the confirmation run of the tip on file."""
    record = blank("sublingual-drops")
    assert record["components"][3:] == [
        {"name": "glycerol", "lot": "", "vendor": "", "expires": "", "measured": ""},
        {"name": "purified water", "lot": "", "vendor": "", "expires": "", "final_volume": ""},
    ]
    assert {key: record[key] for key in ("dose", "per_day", "ph", "density", "drop_calibration", "last_tests")} == {
        "dose": {"drops": "", "ordered": ""},
        "per_day": "",
        "ph": "",
        "density": "",
        "drop_calibration": {
            "preparation": "naltrexone-sublingual-drops-5", "tip": "DT-20", "tip_lot": "77", "angle": "vertical",
            "date": "2026-03-02", "operator": "", "temperature": "", "runs": [], "density": "",
        },
        "last_tests": {"assay": ""},
    }  # fmt: skip
    assert not {"counts", "residual", "unit_masses"} & set(record)
    assert blank("sublingual-drops", planned={"drop_calibration.tip_lot": "null"})["drop_calibration"]["tip_lot"] == ""
    assert "drop_calibration" not in blank("sublingual-drops", planned={"drop_calibration": "null"})
    filed = {"drop_calibration": formulation("sublingual-drops")["drop_calibration"]}
    liquid = blank("oral-liquid", planned=filed)
    assert liquid["dose"] == {"volume": "", "ordered": ""} and not {"drop_calibration", "density"} & set(liquid)
    assert "ph" not in blank()


def test_what_belongs_to_a_lot_is_taken_over() -> None:
    """Lot, maker, expiry, certificate, packing, balance, the shells as weighed; not what was weighed of them."""
    lots = good()
    active, diluent, shell = blank(lots=lots)["components"]
    kept = {key: text for key, text in lots["components"][0].items() if key not in ("required", "weighed")}
    assert active == {**kept, "required": "", "weighed": ""}
    assert (diluent["packing"], diluent["balance"], diluent["lot"]) == ("130 mg", "BAL-05", "MCC-2207")
    assert shell == {**lots["components"][2]}
    asked = {"system": "S", "received": "2026-01-05", "form": "dihydrate", "packing_lot": "P", "trituration": {"id": "T"}}
    lots["components"][0] |= asked | {"note": "x"}
    assert asked.items() <= blank(lots=lots)["components"][0].items()
    assert "note" not in blank(lots=lots)["components"][0]
    lots["components"][0] |= {"cas": "", "form": None, "certificate": []}
    assert not {"cas", "form", "certificate"} & set(blank(lots=lots)["components"][0])
    lots["components"][2]["size"] = "00"
    assert blank(lots=lots)["components"][2]["size"] == "00"
    water = blank("sublingual-drops", good("sublingual-drops"))["components"][4]
    assert water == {"name": "purified water", "system": "PW-01", "final_volume": ""}


def test_the_balances_and_the_dates_of_tests_are_taken_over() -> None:
    """The check of the day is to be made again; tests of every batch have no date."""
    lots = good() | {"last_tests": {"assay": "2026-01-28", "net mass": "2026-01-28"}}
    record = blank(lots=lots)
    assert record["balances"] == [{**each, "daily_check": ""} for each in lots["balances"]]
    assert record["last_tests"] == {"assay": "2026-01-28", "content uniformity": ""}
    assert blank(lots={"last_tests": "x", "balances": "x", "components": ["x", {"name": ["x"]}]}) == blank()


def test_what_the_formulation_does_not_name_is_left_blank() -> None:
    """A component without a name has none; one without an amount is weighed all the same."""
    record = blank(planned={"components.0.name": "null", "components.1.amount": "null"})
    assert record["components"][0]["name"] == "" and "weighed" in record["components"][1]


def test_an_alternate_at_hand_stands_under_its_own_name() -> None:
    """A loose spelling too; what has no lot at hand is named as in the formulation."""
    lots = {"components": [{"name": "Lactose  Monohydrate", "lot": "L-1"}]}
    assert [each["name"] for each in blank(lots=lots)["components"]] == [
        "naltrexone hydrochloride", "Lactose  Monohydrate", "hard gelatin capsule",
    ]  # fmt: skip
    assert blank(lots=lots)["components"][1]["lot"] == "L-1"
    twice = {"components": [lots["components"][0], {"name": "microcrystalline cellulose"}]}
    with pytest.raises(CannotConvert, match="the lots have microcrystalline cellulose 2 times"):
        blank(lots=twice)


def test_what_may_be_left_out_is_asked_for_only_where_it_is_at_hand() -> None:
    """Peppermint spirit is optional."""
    name = "peppermint spirit"
    assert name not in [each["name"] for each in blank("sublingual-drops")["components"]]
    at_hand = blank("sublingual-drops", {"components": [{"name": name, "lot": "PS-1"}]})["components"]
    assert [each["lot"] for each in at_hand if each["name"] == name] == ["PS-1"]


def test_an_order_says_more() -> None:
    """Its number, its storage, and the balance of what has none of its own."""
    record = blank(lots=good(), id="B-7", storage="refrigerator", balance="BAL-09")
    assert (record["id"], record["storage"]) == ("B-7", "refrigerator")
    assert [each["balance"] for each in record["components"]] == ["BAL-02", "BAL-05", "BAL-02"]
    assert [each.get("balance") for each in blank(balance="BAL-09")["components"]] == ["BAL-09", "BAL-09", None]
    bare = blank(planned={"storage": "null", "strength_basis": "null", "components.2.size": "null"})
    assert (bare["storage"], bare["strength_basis"], bare["components"][2]["size"]) == ("", "", "")


def test_amounts_are_written_in() -> None:
    """A weighing has what is required; an aliquot stands in its place, each mass as printed. The blank stays blank."""
    record = blank()
    found = batch_of(good()).components
    small = Weighing(Used(0, found[0].used, None), amount("5.1022 mg").value, amount("16 mg").value)
    plain = with_amounts(record, (small,))
    assert plain["components"][0]["required"] == "5.1 mg" and plain["components"][0]["weighed"] == ""
    assert [each["required"] for each in record["components"][:2]] == ["", ""]
    diluted = with_amounts(record, (small._replace(aliquot=plan_aliquot(small.required, amount("16 mg").value)),))
    active = diluted["components"][0]
    assert "weighed" not in active and active["required"] == "5.1 mg"
    assert active["aliquot"] == {
        "needed": "5.1 mg", "minimum": "16 mg", "drug": "20.41 mg", "diluent": "43.59 mg", "total": "64 mg",
        "aliquot": "16 mg",
    }  # fmt: skip
    assert diluted["components"][1:] == record["components"][1:] and diluted["quantity"] == "100 capsules"
