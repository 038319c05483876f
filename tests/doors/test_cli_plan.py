"""plan: the worksheet as text and JSON, the record to fill in, and what is refused."""

import re
from pathlib import Path

import pytest
from published.records import SPECS

from doors.running import as_json, run

CAPSULES = str(SPECS / "naltrexone-capsules")
LOTS = ("--lots", str(SPECS / "naltrexone-capsules/records/good-4.5mg-dihydrate-lot.yaml"), "--made", "2026-03-02")
HUNDRED = ("plan", CAPSULES, "--strength", "4.5mg", "--units", "100", *LOTS)


def test_the_worksheet_in_words() -> None:
    """What to weigh with its working, how to mix, what a capsule weighs, until when it keeps, the steps, the label."""
    ran = run(*HUNDRED, "--id", "LDN-1", "--pharmacy", "Larkfield Compounding Pharmacy, tel. 555-0142")
    assert ran.code == 0
    for words in (
        "Required 510.22 mg", "4.5 mg x 100 x 1.03 / 0.908435 = 510.22 mg", "Required 12948 mg", "510.22 mg, 1020.4 mg",
        "130.7 mg in each capsule", "2026-07-31: naltrexone hydrochloride expires then", "Lot: LDN-1",
        "[    ] 1. Check every component", "every 6 months", "not approved by your pharmacist",
    ):  # fmt: skip
        assert words in " ".join(ran.out.split()) or words in ran.out, words


def test_the_worksheet_as_data() -> None:
    """The exact amounts with their units in the keys, the record as nested texts, no finding."""
    data = as_json(*HUNDRED).data
    assert [round(each["required_mg"], 2) for each in data["weigh"]] == [510.22, 12947.81]
    assert round(data["net_in_unit_mg"], 2) == 130.66 and round(data["gross_in_unit_mg"], 2) == 178.86
    assert (data["beyond_use_date"], data["findings"], data["verdict"]) == ("2026-07-31", [], "pass")
    assert data["record"]["components"][0]["required"] == "510.22 mg"


def test_from_the_plan_to_the_release(tmp_path: Path) -> None:
    """plan -o writes the record; blank it is not determined; with the numbers typed in it passes: one paper."""
    file = tmp_path / "record.yaml"
    written = run(*HUNDRED, "--id", "LDN-9", "--directions", "Take 1 capsule by mouth once daily.",
                  "--pharmacy", "Larkfield Compounding Pharmacy, tel. 555-0142", "-o", str(file))  # fmt: skip
    assert (written.code, written.out) == (0, "")
    assert run("check", str(file), "--specs", str(SPECS)).code in (1, 3)
    text = file.read_text(encoding="utf-8")
    for blank, value in (
        ("    required: 510.22 mg\n    weighed:", " 510.4 mg"), ("    required: 12948 mg\n    weighed:", " 12951 mg"),
        ("daily_check:", " 2026-03-02"), ("filled:", " 100"), ("rejected:", " 0"), ("retained:", " 0"),
        ("residual:", " 391 mg"), ("description:", " Size 3 capsules with a dry white powder."), ("deviations:", " none"),
        ("container:", " amber PP vial with child-resistant cap"),
        ("compounded_by:\n    name:", " Oskar Wynn"), ("weighings_checked_by:\n    name:", " Maren Tolliver"),
        ("verified_by:\n    name:", " Maren Tolliver"), ("at:", " 2026-03-02T10:00"),
    ):  # fmt: skip
        assert f"{blank}\n" in text, blank
        text = text.replace(f"{blank}\n", f"{blank}{value}\n")
    masses = "177.6, 179.5, 178.9, 180.1, 178.2, 178.8, 179.9, 177.9, 178.4, 179.3"
    file.write_text(text.replace("values: []", f"values: [{masses}]"), encoding="utf-8")
    ran = run("check", str(file), "--specs", str(SPECS))
    assert ran.code == 0, ran.out


def test_a_record_is_never_written_over(tmp_path: Path) -> None:
    """-o of a file that exists: exit 2, and the file stays."""
    file = tmp_path / "record.yaml"
    file.write_text("mine", encoding="utf-8")
    ran = run(*HUNDRED, "-o", str(file))
    assert ran.code == 2 and "written over" in ran.err and file.read_text(encoding="utf-8") == "mine"


def test_nothing_is_written_of_a_batch_that_cannot_be_made(tmp_path: Path) -> None:
    """Without lots no record comes of it: exit 3, the reason on standard error, no file."""
    file = tmp_path / "record.yaml"
    ran = run("plan", CAPSULES, "--strength", "4.5mg", "--units", "100", "-o", str(file))
    assert ran.code == 3 and "NOT DETERMINED" in ran.err and not file.exists()


def test_a_formulation_is_found_by_its_id() -> None:
    """The id in the folder of specifications does as well as the folder."""
    by_id = run("plan", "naltrexone-capsules", "--specs", str(SPECS), *HUNDRED[2:])
    assert (by_id.code, by_id.out) == (0, run(*HUNDRED).out)


def test_a_liquid_too_little_to_weigh_is_told_the_smallest_batch() -> None:
    """10 mL of 1 mg/mL ask for 10 mg on a balance that weighs 16 mg well: 16 mL is the least."""
    lots = sorted((SPECS / "naltrexone-oral-liquid-1/records").glob("good-*.yaml"))[0]
    ran = run(
        "plan", str(SPECS / "naltrexone-oral-liquid-1"), "--strength", "1mg/mL", "--volume", "10mL", "--lots", str(lots),
        "--made", "2026-03-02",
    )  # fmt: skip
    assert "FC308" in ran.out and "The smallest batch" in ran.out and "16 mL" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((CAPSULES, "--strength", "45mg", "--units", "100"), 1, "10 mg a day"),
        ((CAPSULES, "--strength", "4.5mg"), 2, "--units 100"),
        ((CAPSULES, "--strength", "4.5mg", "--units", "100", "--volume", "1mL"), 2, "--units 100"),
        ((CAPSULES, "--strength", "4.5mg", "--units", "1.5"), 2, "whole number"),
        ((CAPSULES, "--strength", "4.5mg", "--units", "100", "--made", "yesterday"), 2, "2026-03-02"),
        (("nowhere", "--strength", "4.5mg", "--units", "100", "--specs", str(SPECS)), 2, "no formulation of that id"),
        ((CAPSULES, "--strength", "4.5mg", "--units", "100", "--lots", "nothing.yaml"), 2, "nothing.yaml"),
        ((LOTS[1], "--strength", "4.5mg", "--units", "100"), 2, "no master formulation record"),
    ],
)
def test_what_is_no_order_is_said_in_a_sentence(arguments: tuple[str, ...], code: int, words: str) -> None:
    """A slip, half an order, a file that is not there."""
    ran = run("plan", *arguments)
    assert ran.code == code and words in ran.err, ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "form.yaml", "--strength", "4.5mg", "--units", "100", "--lots", "lots.yaml", "-o", "lots.yaml"),
        ("plan", "form.yaml", "--strength", "4.5mg", "--units", "100", "--lots", "lots.yaml", "--output-format", "text",
         "-o", "lots.yaml"),
        ("plan", "form.yaml", "--strength", "4.5mg", "--units", "100", "--lots", "lots.yaml", "--output-format", "json",
         "-o", "form.yaml"),
        ("titrate", "--steps", "4.5mg x 7", "--concentration", "5mg/mL", "--calibration", "drops.yaml", "-o", "drops.yaml",
         "--output-format", "text"),
        ("titrate", "--steps", "4.5mg x 7", "--strengths", "@mg.txt", "-o", "mg.txt"),
        ("report", "lots.yaml", "-o", "lots.yaml"),
        ("report", "lots.yaml", "-o", "report.json"),
        ("report", "lots.yaml", "-o", "report.yml"),
        ("label", "lots.yaml", "-o", "label.html"),
        ("titrate", "--steps", "4.5mg x 7", "--strengths", "4.5mg", "-o", "plan.yaml"),
    ],
)  # fmt: skip
def test_no_paper_is_written_over_what_was_read_nor_in_a_form_it_does_not_have(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lots, formulation, calibration, list and record stay as they are; a .json is no place for a text: exit 2."""
    monkeypatch.chdir(tmp_path)
    Path("lots.yaml").write_bytes(Path(LOTS[1]).read_bytes())
    Path("form.yaml").write_bytes((Path(CAPSULES) / "formulation.yaml").read_bytes())
    Path("drops.yaml").write_text(run("calibrate", "--run", "20 drops, 0.77 mL").out, encoding="utf-8")
    Path("mg.txt").write_text("4.5 mg\n", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    more = ("--specs", str(SPECS)) if arguments[0] in ("plan", "report", "label") else ()
    ran = run(*arguments, *more)
    assert ran.code == 2 and "Worksheet" not in ran.out, ran.err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_name_that_is_too_long_is_a_sentence() -> None:
    """No system lets a file be called so: exit 2, not an internal error."""
    long = "a" * 5000
    for arguments in (
        ("plan", long, "--strength", "1mg", "--units", "5", "--specs", str(SPECS)),
        (*HUNDRED, "-o", f"{long}.yaml"),
        (*HUNDRED, "-o", f"{long}.pdf"),
        ("report", LOTS[1], "--specs", str(SPECS), "-o", long),
    ):
        assert run(*arguments).code == 2


def test_the_record_without_directions_gets_its_label_from_the_dose(tmp_path: Path) -> None:
    """plan without --directions leaves the label blank; with the dose typed in, `label` writes it, and says so."""
    file = tmp_path / "record.yaml"
    run(*HUNDRED, "--id", "LDN-9", "-o", str(file))
    text = file.read_text(encoding="utf-8")
    assert "\nlabel:\n" in text
    file.write_text(
        text.replace("  capsules:\n", "  capsules: 1\n").replace("per_day:\n", "per_day: 1\n"), encoding="utf-8"
    )
    ran = run("label", str(file), "--specs", str(SPECS), "--pharmacy", "Larkfield Compounding Pharmacy, tel. 555-0142")
    assert ran.code == 0 and "Take 1 capsule by mouth once daily." in ran.out
    assert "write this one into it" in ran.err


def test_drops_from_the_plan_to_the_release(tmp_path: Path) -> None:
    """Kept cold, no directions yet: numbers and dose typed in, the label written by `label` and put in, it is released."""
    drops = SPECS / "naltrexone-sublingual-drops-5"
    lots = (drops / "records/good-30mL-refrigerator-dihydrate-lot.yaml").read_text(encoding="utf-8")
    known, file = tmp_path / "lots.yaml", tmp_path / "record.yaml"
    known.write_text(re.sub(r"  assay: 20\S+", "  assay: 2026-04-10", lots), encoding="utf-8")
    run("plan", str(drops), "--strength", "5mg/mL", "--volume", "25mL", "--storage", "refrigerator", "--id", "LDN-8",
        "--made", "2026-05-01", "--lots", str(known), "-o", str(file))  # fmt: skip
    text = re.sub(r"(    required: (\S+ mg)\n    weighed:)", r"\1 \2", file.read_text(encoding="utf-8"))
    for blank, value in (
        ("measured:", "5 mL"), ("final_volume:", "25 mL"), ("daily_check:", "2026-05-01"), ("container:", "amber bottle"),
        ("  drops:", "23"), ("ordered:", "4.5 mg"), ("per_day:", "1"), ("ph:", '"3.6"'), ("density:", "1.06 g/mL"),
        ("operator:", "Ada Hill"), ("temperature:", "22 °C"), ("description:", "clear colourless liquid"),
        ("deviations:", "none"), ("compounded_by:\n    name:", "Ada Hill"), ("checked_by:\n    name:", "Ben Fox"),
        ("verified_by:\n    name:", "Ben Fox"), ("at:", "2026-05-01T10:00"),
    ):  # fmt: skip
        assert f"{blank}\n" in text, blank
        text = text.replace(f"{blank}\n", f"{blank} {value}\n")
    text = text.replace("runs: []", 'runs: ["20 drops, 0.820 g"]')
    file.write_text(text, encoding="utf-8")
    specs = ("--specs", str(SPECS))
    label = run("label", str(file), *specs, "--pharmacy", "Larkfield Compounding Pharmacy, tel. 555-0142")
    assert label.code == 0 and "Place 23 drops under the tongue once daily (about 4.5 mg; 0.89 mL)." in label.out
    put_in = "".join(f"  {line}\n" for line in label.out.splitlines())
    file.write_text(text.replace("label:\n", f"label: |\n{put_in}"), encoding="utf-8")
    ran = run("check", str(file), *specs)
    assert ran.code == 0 and "warning" not in ran.out.replace("0 warnings", ""), ran.out
    assert run("report", str(file), *specs).code == 0


def test_a_batch_that_would_fail_gets_no_amounts_in_any_form(tmp_path: Path) -> None:
    """Directions of 13.5 mg a day: the finding, exit 1; no amount, no record, no label in text, JSON, page or file."""
    too_much = (*HUNDRED, "--directions", "Take 3 capsules by mouth once daily.")
    data = as_json(*too_much).data
    assert data["verdict"] == "fail" and not {"weigh", "record", "measure", "beyond_use_date"} & set(data)
    assert "FC101" in [finding["code"] for finding in data["findings"]]
    for form in ("text", "html"):
        ran = run(*too_much, "--output-format", form)
        assert ran.code == 1 and "510.22" not in ran.out and "Take 3 capsules" not in ran.out
    assert run(*too_much, "-o", str(tmp_path / "record.yaml")).code == 1 and not (tmp_path / "record.yaml").exists()


@pytest.mark.parametrize(("strength", "written"), [("4500mcg", "4.5 mg"), ("4.50mg", "4.5 mg"), ("0.0045g", "4.5 mg")])
def test_a_strength_is_written_as_the_formulation_writes_it(strength: str, written: str) -> None:
    """Micrograms, zeros at the end or grams when it is asked for: one way on worksheet, record and label."""
    data = as_json("plan", CAPSULES, "--strength", strength, "--units", "100", *LOTS).data
    assert data["record"]["strength"] == written and round(data["weigh"][0]["required_mg"], 2) == 510.22


@pytest.mark.parametrize("directions", ["Take as told.", "Take some capsules, 25 mg, in the evening.", "Take eleven mg."])
def test_directions_that_nobody_can_count_stand_on_no_paper(directions: str) -> None:
    """FC101 cannot judge them: the worksheet is not determined, and carries no label and no such words."""
    ran = run(*HUNDRED, "--directions", directions)
    assert ran.code in (1, 3) and "FC101" in ran.out and f"  {directions}" not in ran.out
