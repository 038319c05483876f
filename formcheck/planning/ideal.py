"""A batch that goes exactly as it was planned: the record that it would fill in.

It is judged before anything is weighed, so that what stands against the lots at hand is known in time.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from formcheck.dose import convert
from formcheck.errors import FormcheckError
from formcheck.grammar import exact_number
from formcheck.liquid import Preparation
from formcheck.planning.batch import Batch
from formcheck.planning.worksheet import Weighing, printed_mass, units_to_weigh
from formcheck.units import amount, format_exactly, format_number

__all__ = ["filled_in", "usual_dose"]


def filled_in(
    record: Mapping[str, Any], batch: Batch, found: tuple[Weighing, ...], volumes: Mapping[str, Fraction]
) -> dict[str, Any]:
    """The record as it would be if everything that it asks for were done exactly."""
    paper, form = batch.formulation, batch.form
    components = [dict(each) for each in record["components"]]
    for weighing in found:
        if weighing.aliquot is None:
            components[weighing.used.index]["weighed"] = weighing.printed
    for component in components:
        if "measured" in component and component["name"] in volumes:
            component["measured"] = f"{format_exactly(volumes[component['name']])} mL"
        if "final_volume" in component:
            component["final_volume"] = record["quantity"]
        if "mean_mass" in component:
            component["mean_mass"], component["counted"] = component["mean_mass"] or "48 mg", component["counted"] or "10"
    done = {**record, "id": record["id"] or "PLANNED-1", "components": components}
    done["balances"] = [{**each, "daily_check": record["made"]} for each in record["balances"]]
    done["container"] = record["container"] or (paper.container if paper is not None else None) or ""
    described = (paper.description if paper is not None else None) or ""
    # What comes after the first sentence says when to reject it.
    done["description"], done["deviations"] = f"{described.partition('. ')[0].rstrip('.')}.", "none"
    made = record["made"]
    done["people"] = {
        "compounded_by": {"name": "Ada Compounder", "at": f"{made}T09:00"},
        "weighings_checked_by": {"name": "Ben Verifier", "at": f"{made}T09:10"},
        "verified_by": {"name": "Ben Verifier", "at": f"{made}T16:00"},
    }
    if form is not None and form.units_are_counted:
        done |= _filled_capsules(batch, components)
    else:
        done |= _filled_bottle(record, batch)
    return done


def _filled_capsules(batch: Batch, components: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts, masses and residual powder of capsules that hold exactly what they should."""
    net, units, overage = batch.net_in_unit, batch.units, batch.batch_overage
    if net is None or units is None or overage is None:
        return {}
    shells = [amount(each["mean_mass"]).value for each in components if each.get("mean_mass")]
    gross = net + (shells[0] if shells else 0)
    parts = (-10, 10, -5, 5, -8, 8, -3, 3, -1, 1) * -(-units_to_weigh(batch) // 10)
    masses = [format_number(gross + net * Fraction(part, 1000), 1) for part in parts[: units_to_weigh(batch)]]
    return {
        "counts": {"filled": format_exactly(units), "rejected": "0", "retained": "0"},
        "residual": printed_mass(net * units * overage) if overage else "0 mg",
        "unit_masses": {"kind": "gross", "unit": "mg", "values": masses},
    }


def _filled_bottle(record: Mapping[str, Any], batch: Batch) -> dict[str, Any]:
    """The measurements of a liquid that is exactly as its formulation describes it."""
    done: dict[str, Any] = {}
    paper = batch.formulation
    for test in paper.tests if paper is not None else ():
        if test.name == "pH" and test.limits is not None:
            done["ph"] = format_number((exact_number(test.limits.low) + exact_number(test.limits.high)) / 2, 1)
    filed, factor = paper.drop_calibration if paper is not None else None, batch.drop_factor
    if "drop_calibration" in record and filed is not None and factor is not None and filed.density is not None:
        mass = 20 / factor.per_millilitre * filed.density.value / 1000
        run = f"20 drops, {format_number(mass, 3)} g"
        done["density"] = str(filed.density)
        done["drop_calibration"] = {
            **record["drop_calibration"], "runs": [run], "density": str(filed.density), "operator": "Ada Compounder",
            "temperature": "22 °C",
        }  # fmt: skip
    return done


USUAL = amount("4.5 mg")


def usual_dose(batch: Batch) -> dict[str, str]:
    """A dose such as patients take of it, for a batch that nobody has ordered a dose of yet; empty where none is known."""
    strength, form = batch.record.strength, batch.form
    if form is None or strength is None or not strength.value > 0:
        return {}
    if form.units_are_counted:
        return {"capsules": "1"}
    try:
        factor = batch.drop_factor if form.dosed_in_drops else None
        conversion = convert(USUAL, Preparation.labelled(strength, batch.record.strength_basis), factor)
    except FormcheckError:
        return {}
    if form.dosed_in_drops:
        return {"drops": str(conversion.drops)} if conversion.drops else {}
    return {"volume": f"{format_exactly(conversion.volume_to_measure)} mL"}
