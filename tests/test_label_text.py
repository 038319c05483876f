"""The text of a label, line by line: what is known stands on it, and what is not known is left out."""

from typing import Any

import pytest
from catalogue.pairs import batch_of, changed, good

from formcheck.planning.label_text import label_lines, title_of
from formcheck.units import amount

DROPS, LIQUID = "sublingual-drops", "oral-liquid"
LAST = ["Do not take with opioid pain medicines.", "Keep out of reach of children.", "This medicine was compounded."]


def lines(changes: dict[str, Any] | None = None, of: str = "capsules", **more: Any) -> list[str]:
    """The lines of the label of a good record with these changes."""
    return list(label_lines(batch_of(changed(good(of), changes or {})), **more))


def line(begins: str, changes: dict[str, Any], of: str = "capsules", **more: Any) -> str:
    """The one line that begins so, or nothing."""
    return "".join(one for one in lines(changes, of, **more) if one.startswith(begins))


def test_the_label_of_capsules() -> None:
    """All that their record says."""
    assert lines() == [
        "Naltrexone hydrochloride 4.5 mg capsules",
        "Quantity: 80 capsules",
        "Lot: GOLDEN-001",
        "Take 1 capsule by mouth once daily.",
        "Discard after: 2026-07-31",
        "Store at room temperature, 20-25 °C, in this closed container. Protect from light.",
        *LAST,
    ]


def test_the_label_of_drops() -> None:
    """With the drops of a mL of this dropper; an oral liquid has a syringe."""
    assert lines(of=DROPS) == [
        "Naltrexone hydrochloride 5 mg/mL sublingual drops",
        "Quantity: 30 mL",
        "Lot: LDN-2026-204",
        "Place 23 drops under the tongue once daily (about 4.5 mg; 0.89 mL).",
        "26 drops per mL with this dropper only. Do not change the dropper.",
        "Let the bottle warm up before counting drops.",
        "Discard after: 2026-04-05",
        "Keep in a refrigerator, 2-8 °C, in this closed bottle. Protect from light.",
        *LAST,
    ]
    assert lines(of=LIQUID)[3:5] == ["Take 3 mL by mouth once daily.", "Measure with the oral syringe supplied."]


def test_what_is_not_known_is_left_out() -> None:
    """An empty record has a title, the storage and the warnings of its formulation; without that nothing else."""
    gone = dict.fromkeys(("id", "beyond_use_date", "storage", "dose", "quantity", "counts"), "null")
    assert lines(gone) == [
        "Naltrexone hydrochloride 4.5 mg capsules",
        "Store at room temperature, 20-25 °C, in this closed container. Protect from light.",
        *LAST,
    ]
    assert lines(gone | {"formulation": "null", "strength": "null"}) == ["Naltrexone hydrochloride", LAST[-1]]
    stored = {"formulation": "null", "storage": "room"}
    assert line("Store", stored).startswith("Store at room temperature, 20-25 °C, in this closed container.")


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"strength_basis": "naltrexone"}, "Naltrexone 4.5 mg capsules"),
        ({"strength_basis": "null"}, "Naltrexone hydrochloride 4.5 mg capsules"),
        ({"strength": "null"}, "Naltrexone hydrochloride capsules"),
        ({"formulation": "null"}, "Naltrexone hydrochloride 4.5 mg"),
    ],
)
def test_the_title(changes: dict[str, Any], title: str) -> None:
    """Name, strength and dosage form, as far as they are known."""
    assert title_of(batch_of(changed(good(), changes))) == title


@pytest.mark.parametrize(
    ("of", "changes", "quantity"),
    [
        ("capsules", {"counts": {"filled": "99", "rejected": "2", "retained": "20"}}, "Quantity: 77 capsules"),
        ("capsules", {"counts": {"filled": "99"}}, "Quantity: 99 capsules"),
        ("capsules", {"counts": {"filled": "22", "rejected": "2", "retained": "20"}}, ""),
        ("capsules", {"counts": {"filled": "23", "rejected": "2", "retained": "20"}}, "Quantity: 1 capsule"),
        ("capsules", {"counts.filled": "null"}, "Quantity: 100 capsules"),
        ("capsules", {"counts": "null"}, "Quantity: 100 capsules"),
        ("capsules", {"prescription": {"dispensed": "30 capsules"}}, "Quantity: 30 capsules"),
        ("capsules", {"prescription": {"plan": "4.5 mg x 30"}}, "Quantity: 80 capsules"),
        (DROPS, {"prescription.dispensed": "null", "counts": {"filled": "3"}}, "Quantity: 30 mL"),
        ("capsules", {"formulation": "null"}, "Quantity: 100 capsules"),
    ],
)
def test_the_quantity(of: str, changes: dict[str, Any], quantity: str) -> None:
    """What was dispensed, else the capsules that are left, else the size of the batch; what is asked for before all."""
    assert line("Quantity", changes, of) == quantity
    assert line("Quantity", changes, of, dispensed=amount("7 capsules")) == "Quantity: 7 capsules"


@pytest.mark.parametrize(
    ("of", "changes", "said"),
    [
        ("capsules", {"dose.capsules": "2", "per_day": "2"}, "Take 2 capsules by mouth twice daily."),
        ("capsules", {"per_day": "3"}, "Take 1 capsule by mouth 3 times a day."),
        ("capsules", {"per_day": "null"}, ""),
        ("capsules", {"dose": {"volume": "3 mL"}}, ""),
        ("capsules", {"formulation": "null"}, ""),
        (LIQUID, {"dose": {"capsules": "1"}}, ""),
        (LIQUID, {"dose": {"ordered": "4.5 mg"}}, ""),
        (LIQUID, {"dose": {"volume": "0.5 mL"}, "per_day": "2"}, "Take 0.5 mL by mouth twice daily."),
        (DROPS, {"dose": {"drops": "1"}}, "Place 1 drop under the tongue once daily (about 0.19 mg; 0.04 mL)."),
        (DROPS, {"dose": {"drops": "18"}}, "Place 18 drops under the tongue once daily (about 3.48 mg; 0.7 mL)."),
        (DROPS, {"strength": "null"}, ""),
    ],
)
def test_the_directions(of: str, changes: dict[str, Any], said: str) -> None:
    """From the dose and how often a day; none where the record does not say both, or says a dose of another form."""
    found = lines(changes, of)
    assert "".join(one for one in found if one.startswith(("Take ", "Place "))) == said
    other = lines(changes, of, directions="At night.")
    assert "At night." in other
    assert [one for one in other if one != "At night."] == [one for one in found if one != said]


def test_who_compounded_it() -> None:
    """The last line, where the pharmacy is named."""
    assert lines(pharmacy="Larkfield, tel. 555-0142")[-2:] == [LAST[-1], "Compounded by Larkfield, tel. 555-0142"]


def test_the_measure_of_a_liquid_goes_with_its_form() -> None:
    """Drops without a factor that was measured have the syringe; what has no form has nothing."""
    unknown = {"drop_calibration": "null", "formulation": "null", "dosage_form": "sublingual-drops", "dose": "null"}
    assert line("Measure", unknown, DROPS) == "Measure with the oral syringe supplied."
    assert line("Measure", {"formulation": "null"}, LIQUID) == line("Measure", {}) == ""
    assert "in this closed bottle" in line("Store", {}, LIQUID)
    dropped = {"drop_calibration": good(DROPS)["drop_calibration"]}
    assert line("Measure", dropped, LIQUID) == "Measure with the oral syringe supplied."
