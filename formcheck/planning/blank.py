"""A record that is not filled in yet: what a batch of a formulation will have to write down, with the lots at hand.

Records are nested texts here, as they stand in a file: reading them makes the paper.
"""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from formcheck.errors import CannotConvert
from formcheck.papers.dosage_forms import DOSAGE_FORMS
from formcheck.papers.formulation import Component, MasterFormulationRecord, Role, When
from formcheck.planning.aliquots import AliquotPlan
from formcheck.planning.components import plain
from formcheck.planning.worksheet import Weighing, printed_mass
from formcheck.units import Amount, amount

__all__ = ["Order", "blank_record", "to_fill_in", "with_amounts"]


class Order(NamedTuple):
    """What is to be made: of which strength, how much, on which day, under which number."""

    strength: Amount
    size: Amount
    made: datetime.date
    id: str = ""
    storage: str | None = None
    balance: str | None = None
    directions: str = ""
    pharmacy: str = ""
    profile: str = "usp-503a"


_OF_A_LOT = (
    "lot", "system", "vendor", "expires", "received", "cas", "size", "form", "certificate", "packing", "packing_lot",
    "mean_mass", "counted", "trituration", "balance",
)  # fmt: skip
"""What belongs to a lot at hand, and is the same for every batch made of it."""


def blank_record(paper: MasterFormulationRecord, lots: Mapping[str, Any], order: Order) -> dict[str, Any]:
    """The record of a batch that was not made yet, with the lots at hand."""
    at_hand = _listed(lots, "components")
    form = DOSAGE_FORMS[paper.dosage_form or ""]
    record: dict[str, Any] = {
        "kind": "compounding-record",
        "id": order.id,
        "formulation": {"id": paper.id, "version": paper.version},
        "strength": str(order.strength),
        "strength_basis": str(paper.strength_basis or ""),
        "made": str(order.made),
        "quantity": str(order.size),
        "beyond_use_date": "",
        "storage": order.storage or paper.storage or "",
        "container": "",
        "components": [dict(each) for each in _components(paper, at_hand, order)],
        "balances": _balances(lots),
    }
    if not form.units_are_counted or not order.directions:
        taken = "capsules" if form.units_are_counted else "drops" if form.dosed_in_drops else "volume"
        record["dose"], record["per_day"] = {taken: "", "ordered": ""}, ""
    if form.units_are_counted:
        record["counts"] = {"filled": "", "rejected": "", "retained": ""}
        record["residual"] = ""
        record["unit_masses"] = {"kind": "gross", "unit": "mg", "values": []}
    tests = {test.name for test in paper.tests}
    if "pH" in tests:
        record["ph"] = ""
    if form.dosed_in_drops and paper.drop_calibration is not None:
        record["density"] = ""
        record["drop_calibration"] = _confirmation(paper, order)
    record["last_tests"] = _last_tests(lots, paper)
    record |= {"description": "", "deviations": "", "label": ""}
    record["people"] = {name: {"name": "", "at": ""} for name in ("compounded_by", "weighings_checked_by", "verified_by")}
    if order.profile == "usp-503b":
        record["facility"] = "503B"
        for name in ("compounded_by", "verified_by"):
            record["people"][name]["meaning"] = ""
        record["audit_trail"] = []
    return record


def _listed(lots: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The things in a list of the lots' paper, as they were written."""
    written = lots.get(key)
    return [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []


def _balances(lots: Mapping[str, Any]) -> list[dict[str, Any]]:
    kept = [{**each, "daily_check": ""} for each in _listed(lots, "balances")]
    return kept or [{"id": "", "readability": "", "repeatability": "", "verified": "", "daily_check": ""}]


def _last_tests(lots: Mapping[str, Any], paper: MasterFormulationRecord) -> dict[str, Any]:
    """When the tests that are not made on every batch were made last, as far as the lots' paper says."""
    known = lots.get("last_tests")
    names = [test.name for test in paper.tests if test.name is not None and test.when is not When.EVERY_BATCH]
    return {name: known.get(name, "") if isinstance(known, dict) else "" for name in names}


def _components(paper: MasterFormulationRecord, at_hand: list[dict[str, Any]], order: Order) -> Iterator[dict[str, Any]]:
    for planned in paper.components:
        names = {plain(name) for name in (planned.name, *planned.alternates) if name}
        found = [each for each in at_hand if isinstance(each.get("name"), str) and plain(each["name"]) in names]
        if len(found) > 1:
            raise CannotConvert(
                f"the lots have {planned.name} {len(found)} times: a worksheet takes one lot of each component"
            )
        if not found and planned.optional == "yes":
            continue
        yield _component(planned, found[0] if found else {}, order)


def _component(planned: Component, lot: dict[str, Any], order: Order) -> dict[str, Any]:
    """A component of the record: what is known of its lot, and what is to be written down."""
    known = {key: lot[key] for key in _OF_A_LOT if lot.get(key) not in (None, "", [])}
    named = {"name": lot.get("name") or planned.name or ""}
    if planned.final_volume is not None:
        return {**named, **(known or {"lot": "", "vendor": "", "expires": ""}), "final_volume": ""}
    paper = {**named, **{key: known.pop(key, "") for key in ("lot", "vendor", "expires")}, **known}
    if planned.role is Role.SHELL:
        return {
            **paper,
            "size": known.get("size", planned.size or ""),
            **{k: known.get(k, "") for k in ("mean_mass", "counted")},
        }
    if planned.amount is not None and planned.amount.kind == "volume":
        return {**paper, "measured": ""}
    balance = known.get("balance") or order.balance or ""
    return {**paper, "required": "", "weighed": "", "balance": balance}


def _confirmation(paper: MasterFormulationRecord, order: Order) -> dict[str, Any]:
    """The confirmation run of this batch, to be counted with the tip on file."""
    filed = paper.drop_calibration
    known = (
        {} if filed is None else {name: getattr(filed, name) or "" for name in ("preparation", "tip", "tip_lot", "angle")}
    )
    return {**known, "date": str(order.made), "operator": "", "temperature": "", "runs": [], "density": ""}


def with_amounts(record: dict[str, Any], found: tuple[Weighing, ...]) -> dict[str, Any]:
    """The record with what is to be weighed; an aliquot stands in place of a weighing."""
    components = [dict(each) for each in record["components"]]
    for weighing in found:
        component = components[weighing.used.index]
        component["required"] = weighing.printed
        if weighing.aliquot is not None:
            component.pop("weighed", None)
            component["aliquot"] = _as_written(weighing.aliquot)
    return {**record, "components": components}


_WEIGHED_OF_AN_ALIQUOT = ("drug", "diluent", "total", "aliquot")


def to_fill_in(record: dict[str, Any], *, labelled: bool) -> dict[str, Any]:
    """The record as it is handed out: what an aliquot is weighed as is blank, as is a label that lacks its directions."""
    components = [dict(each) for each in record["components"]]
    for component in components:
        if "aliquot" in component:
            component["aliquot"] = {**component["aliquot"], **dict.fromkeys(_WEIGHED_OF_AN_ALIQUOT, "")}
    return {**record, "components": components, "label": record["label"] if labelled else ""}


def _as_written(plan: AliquotPlan) -> dict[str, str]:
    """An aliquot as it stands in a record, each mass as it is printed."""
    drug, diluent = printed_mass(plan.drug), printed_mass(plan.diluent)
    return {
        "needed": printed_mass(plan.drug_in_aliquot),
        "minimum": printed_mass(plan.minimum),
        "drug": drug,
        "diluent": diluent,
        "total": printed_mass(amount(drug).value + amount(diluent).value),
        "aliquot": printed_mass(plan.aliquot),
    }
