"""What a label, a plan or a container says that the record does not: each said once, and nothing said of honest papers."""

from typing import Any

import pytest
from catalogue.pairs import good, judged

from formcheck.examples import changed
from formcheck.findings import Verdict

CAPSULES, LIQUID, DROPS = "capsules", "oral-liquid", "sublingual-drops"
SIG = "Take 1 capsule by mouth once daily at bedtime."
DOSE_OF_LABEL: dict[str, Any] = {"dose": "null", "per_day": "null"}


def found(of: str, swap: tuple[str, str] = ("", ""), **change: Any) -> tuple[Verdict, list[tuple[str, str, str]]]:
    """The verdict of a good record with one thing of its label changed, and what was said: code, severity, message."""
    paper = good(of)
    assert swap[0] in paper["label"]
    keys = {key.replace("__", "."): value for key, value in change.items()}
    result = judged(changed(paper, {**keys, "label": paper["label"].replace(*swap)} if swap[0] else keys))
    return result.verdict, [(f.code, str(f.severity), f.message) for f in result.findings if f.verdict is not Verdict.NOTE]


WRONG: list[tuple[str, tuple[str, str], dict[str, Any], str, str, str]] = [
    (CAPSULES, ("hydrochloride 4.5 mg", "hydrochloride dihydrate 4.5 mg"), {}, "FC707", "error", "8.7 % less"),
    (CAPSULES, (SIG, SIG.replace("1 capsule", "2 capsules")), {}, "FC108", "error", "the label 2 capsules once a day"),
    (CAPSULES, (SIG, SIG.replace("once", "twice")), {}, "FC108", "error", "the label 1 capsule twice a day"),
    (LIQUID, ("Take 3 mL", "Take 4 mL"), {}, "FC108", "error", "the record says 3 mL once a day, the label 4 mL"),
    (DROPS, ("once daily", "twice daily"), {}, "FC108", "error", "the label 23 drops twice a day"),
    (CAPSULES, ("4.5 mg capsules", "4.5 mg tablets"), {}, "FC701", "error", "calls the medicine tablets"),
    (CAPSULES, ("4.5 mg capsules", "4.5 mg oral liquid"), {}, "FC701", "error", "calls the medicine a liquid"),
    (CAPSULES, ("by mouth", "under the tongue"), {}, "FC701", "error", "capsules are taken by mouth"),
    (LIQUID, ("by mouth", "under the tongue"), {}, "FC701", "error", "to be taken under the tongue"),
    (
        CAPSULES,
        ("Quantity: 80", "Quantity: 90"),
        {},
        "FC701",
        "error",
        "90 capsules stand on the label, and the batch has 80",
    ),
    (
        DROPS,
        ("Quantity: 30 mL", "Quantity: 250 mL"),
        {},
        "FC701",
        "error",
        "250 mL stand on the label, and the batch has 30",
    ),
    (
        DROPS,
        ("", ""),
        {"prescription__dispensed": "300 mL"},
        "FC701",
        "error",
        "300 mL were dispensed, and the batch has 30",
    ),
    (
        CAPSULES,
        ("", ""),
        {"counts__rejected": "5"},
        "FC701",
        "warning",
        "80 capsules stand on the label, and the batch has 75",
    ),
    (CAPSULES, ("", ""), {"counts__dispensed": "81"}, "FC409", "error", "20 retained + 81 dispensed are 101 capsules"),
    (CAPSULES, ("20-25 °C", "12 °C"), {}, "FC505", "error", "keep it at 12 °C"),
    (DROPS, ("2-8 °C", "46-60 °F"), {}, "FC505", "error", "keep it at 46-60 °F"),
    (DROPS, ("26 drops per mL", "20 drops per mL"), {"drop_factor": "20 drops/mL"}, "FC705", "error", "20 drops per mL"),
    (CAPSULES, ("Do not take with opioid pain medicines.\n", ""), {}, "FC708", "warning", "must not be taken with opioids"),
    (LIQUID, ("", ""), {"device__capacity": "2 mL"}, "FC608", "warning", "does not go into the 2 mL"),
    (
        DROPS,
        ("", ""),
        {"container": "bottle with dropper tip DT-20, tip lot 88"},
        "FC601",
        "error",
        "the container has tip lot 88",
    ),
    (DROPS, ("", ""), {"container": "bottle, tip: DT-40, tip lot 77"}, "FC601", "error", "the container has tip DT-40"),
    (
        DROPS,
        ("Let the bottle warm up before counting drops.\n", ""),
        {},
        "FC601",
        "warning",
        "does not say to let it warm up",
    ),
    (DROPS, ("under the tongue", "in each eye"), {}, "FC701", "error", "to be taken another way"),
    (DROPS, ("sublingual drops", "eye drops"), {}, "FC701", "error", "drops for eye, ear or nose"),
    (CAPSULES, ("4.5 mg capsules", "4.5 mg SR capsules"), {}, "FC701", "error", "calls the medicine sr"),
    (CAPSULES, ("mg capsules", "mg capsules, delayed-release"), {}, "FC701", "error", "calls the medicine delayed-release"),
    (CAPSULES, ("mg capsules", "mg capsules, enteric coated"), {}, "FC701", "error", "calls the medicine enteric"),
    (CAPSULES, ("Do not take with", "May be taken with"), {}, "FC708", "warning", "must not be taken with opioids"),
    (CAPSULES, ("Do not take with", "Safe with"), {}, "FC708", "warning", "must not be taken with opioids"),
    (DROPS, ("Store in a refrigerator, 2-8 °C", "Do not refrigerate"), {}, "FC701", "error", "lacks the storage"),
    (
        DROPS,
        ("Quantity: 30 mL", "Quantity: 29 mL"),
        {"prescription__dispensed": "25 mL"},
        "FC701",
        "warning",
        "29 mL stand on the label, and 25 mL were dispensed",
    ),
    (DROPS, ("", ""), {"drop_calibration__temperature": "5 °C"}, "FC601", "warning", "drops were counted at 5 °C"),
    (DROPS, ("", ""), {"density": "1.00 g/mL"}, "FC601", "warning", "the batch has a density of 1 g/mL"),
    (DROPS, ("", ""), {"drop_calibration__preparation": "LDN-2026-203"}, "FC601", "error", "another product"),
]


@pytest.mark.parametrize(("of", "swap", "change", "code", "severity", "message"), WRONG)
def test_what_contradicts_the_record_is_said(
    of: str, swap: tuple[str, str], change: dict[str, Any], code: str, severity: str, message: str
) -> None:
    """Each has one finding of its code, in words that give both sides; an error is never a pass."""
    verdict, said = found(of, swap, **change)
    (mine,) = [finding for finding in said if finding[0] == code]

    assert mine[1] == severity
    assert message in mine[2]
    assert severity != "error" or verdict is Verdict.FAIL


RIGHT: list[tuple[str, tuple[str, str], dict[str, Any]]] = [
    (CAPSULES, ("hydrochloride 4.5 mg capsules", "hydrochloride 4.5 mg capsules (as dihydrate)"), {}),
    (CAPSULES, ("Keep out", "Made from naltrexone hydrochloride dihydrate.\n  Keep out"), {}),
    (CAPSULES, ("Keep out", "Do not confuse with naltrexone tablets.\n  Keep out"), {}),
    (CAPSULES, ("Keep out", "Do not take sleeping tablets with this medicine.\n  Keep out"), {}),
    (CAPSULES, (SIG, "Take 1 capsule by mouth at bedtime. Do not place under the tongue."), {}),
    (CAPSULES, ("20-25 °C", "68 to 77 °F"), {}),
    (CAPSULES, ("20-25 °C, in this closed container, away from light.", "20°C-25°C"), {}),
    (CAPSULES, ("20-25 °C, in this closed container, away from light.", "20 °C - 25 °C"), {}),
    (CAPSULES, ("mg capsules", "mg immediate-release capsules"), {}),
    (CAPSULES, ("Keep out", "Do not confuse with extended-release naltrexone.\n  Keep out"), {}),
    (CAPSULES, ("Do not take with opioid pain", "Opioids may not work while you take this. Opioid"), {}),
    (CAPSULES, ("Do not take with", "May cause withdrawal if taken with"), {}),
    (DROPS, ("Keep out", "If naltrexone gets in your eyes, rinse them.\n  Keep out"), {}),
    (DROPS, ("2-8 °C", "2-8 °C. Do not freeze"), {}),
    (CAPSULES, (SIG, "Take 1 capsule by mouth every night between 9 PM and 3 AM."), {}),
    (CAPSULES, (SIG, "Take 1 capsule by mouth at bedtime as prescribed."), {}),
    (CAPSULES, ("20-25 °C", "20-25 °C (68-77 °F), excursions permitted to 15-30 °C"), {}),
    (CAPSULES, ("20-25 °C", "below 30 °C"), {}),
    (CAPSULES, ("opioid pain medicines", "narcotic pain relievers"), {}),
    (CAPSULES, ("Quantity: 80 capsules\nLot: GOLDEN-001", "QTY: 80  LOT: GOLDEN-001"), {}),
    (CAPSULES, ("Quantity: 80 capsules\nLot: GOLDEN-001", "RX: #30418  QTY: 80  LOT: GOLDEN-001"), {}),
    (CAPSULES, ("Quantity: 80 capsules", "Quantity: 40 capsules (1 of 2)"), {}),
    (CAPSULES, ("Lot: GOLDEN-001\n", "LOT: GOLDEN-001 Beyond Use Date: July 31, 2026\n"), {}),
    (CAPSULES, ("Discard after: 2026-07-31", "EXP: 07/31/2026"), {}),
    (CAPSULES, ("Discard after: 2026-07-31", "Use by 31 July 2026"), {}),
    (CAPSULES, ("", ""), {"dose": {"ordered": "4.5 mg"}}),
    (DROPS, ("", ""), {"drop_calibration__preparation": "LDN-2026-204"}),
    (DROPS, ("", ""), {"drop_calibration__preparation": "this batch"}),
    (DROPS, ("", ""), {"drop_calibration__preparation": "the final preparation"}),
    (DROPS, ("", ""), {"container": "amber glass bottle with dropper tip"}),
    (DROPS, ("Let the bottle warm up", "Bring to room temperature"), {}),
    (DROPS, ("", ""), {"density": "1.05 g/mL"}),
    (DROPS, ("", ""), {"prescription__plan": "4.5 mg x 33"}),
    (LIQUID, ("", ""), {"prescription__plan": "3 mg x 20"}),
]


@pytest.mark.parametrize(("of", "swap", "change"), RIGHT)
def test_honest_papers_have_no_finding(of: str, swap: tuple[str, str], change: dict[str, Any]) -> None:
    """The same thing in other words, and the words that pharmacies really print, contradict nothing."""
    assert found(of, swap, **change) == (Verdict.PASS, [])


@pytest.mark.parametrize(
    ("sig", "plan", "verdict"),
    [
        ("Take 1 capsule by mouth once daily for 2 weeks, then 2 capsules once daily.", "1.5 mg x 14, 3 mg x 30", "pass"),
        (
            "Take 1 capsule daily for 14 days, then 2 capsules daily, then 3 daily.",
            "1.5 mg x 14, 3 mg x 14, 4.5 mg x 9",
            None,
        ),
        ("Take 2 capsules by mouth once daily.", "1.5 mg x 14, 3 mg x 30", "fail"),
        ("Take up to 2 capsules once daily by your schedule.", "1.5 mg x 14, 3 mg x 30", None),
        ("Take 2 capsules by mouth once daily.", "3 mg x 14, 3 mg x 30", "pass"),
        ("Take 1 capsule by mouth once daily.", "1.5 mg x 14, 3 mg x 30", "fail"),
        ("Take 1 capsule by mouth once daily for 2 weeks, then 3 capsules once daily.", "1.5 mg x 14, 3 mg x 30", "fail"),
        ("Take 3 capsules by mouth once daily.", "1.5 mg x 80", "fail"),
        ("Take 1 capsule by mouth twice daily.", "2x1.5 mg x 40", "pass"),
    ],
)
def test_the_largest_day_of_a_label_is_that_of_the_plan(sig: str, plan: str, verdict: str | None) -> None:
    """A titration may be printed step by step; what it comes to is what was ordered."""
    prescription = {"plan": plan, "dispensed": "80 capsules", "opioid_screen": "none, confirmed"}
    _, said = found(CAPSULES, (SIG, sig), **DOSE_OF_LABEL, strength="1.5 mg", prescription=prescription)
    mine = [message for code, _, message in said if code == "FC108"]

    assert verdict is None or bool(mine) is (verdict == "fail"), mine


def test_a_label_that_says_base_is_counted_as_base() -> None:
    """25 drops twice a day are 9.67 mg of the hydrochloride; a label that says base means 10.7 mg."""
    label = good(DROPS)["label"].replace("Naltrexone hydrochloride", "Naltrexone base").replace("23 drops", "25 drops")
    change = {"dose": {"drops": "25"}, "per_day": "2", "label": label.replace("once", "twice")}
    codes = {f.code: f.message for f in judged(changed(good(DROPS), change)).findings if f.verdict is Verdict.FAIL}

    assert "which says base (naltrexone base), is 10.7" in codes["FC101"]
    assert "10.7 % more" in codes["FC707"]


@pytest.mark.parametrize(
    ("of", "change", "message"),
    [
        (CAPSULES, {"quantity": "100.5 capsules"}, "100.5 capsules is no number of capsules"),
        (DROPS, {"density": "0.1 g/mL"}, "0.1 g/mL is no density of a liquid medicine"),
        (DROPS, {"density": "1.05 mg/mL"}, "write 1.05 g/mL, if that is meant"),
        (DROPS, {"drop_calibration.density": "0 g/mL"}, "0 g/mL is no density of a liquid medicine"),
    ],
)
def test_a_size_or_density_that_cannot_be_is_not_read(of: str, change: dict[str, str], message: str) -> None:
    """Such a figure is a slip of the pen, and nothing is reckoned with it."""
    result = judged(changed(good(of), change))

    assert result.verdict is Verdict.NOT_DETERMINED
    assert [message in f.message for f in result.findings if f.code == "FC006"] == [True]


def test_what_to_do_about_drops_fits_the_fault() -> None:
    """Good runs with a new tip belong on file; a missing run is counted; wrong drops are put right."""
    runs = ["20 drops, 0.821 g", "20 drops, 0.820 g", "20 drops, 0.822 g"]
    cases: list[tuple[dict[str, Any], str, str]] = [
        (
            {"drop_calibration.tip_lot": "88", "drop_calibration.runs": runs, "container": "bottle"},
            "FC601",
            "put them on file",
        ),
        ({"drop_calibration": "null"}, "FC601", "Count 20 drops of this batch"),
        ({"drop_calibration.operator": "x", "drop_calibration.date": "null"}, "FC601", "from the notes of whoever counted"),
        ({"dose.drops": "18", "prescription": "null"}, "FC604", "23 drops are nearest"),
    ]
    for change, code, words in cases:
        result = judged(changed(good(DROPS), change))
        assert any(words in f.help for f in result.findings if f.code == code), (change, [f.help for f in result.findings])
