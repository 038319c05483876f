"""What a formulation may not say, and what a label must not hide: the roads an attacker found, each shown closed."""

from pathlib import Path

import pytest

from formcheck.check import Selection, judge_record
from formcheck.planning.directions import read_directions
from formcheck.reading.papers import find_files, read_bytes, read_file
from formcheck.reading.specifications import gathered

FOLDER = Path(__file__).resolve().parents[1] / "specs" / "naltrexone-capsules"
FORMULATION = (FOLDER / "formulation.yaml").read_text(encoding="utf-8")
RECORD = (FOLDER / "records" / "good-4.5mg-dihydrate-lot.yaml").read_text(encoding="utf-8")
PLAIN = "Take 1 capsule by mouth once daily at bedtime."


def changed(text: str, old: str, new: str) -> bytes:
    assert old in text, old
    return text.replace(old, new, 1).encode()


def verdict(record: bytes, formulation: str = FORMULATION) -> tuple[str, set[str]]:
    library = gathered([read_bytes(formulation.encode(), "formulation.yaml")])
    judged = judge_record(read_bytes(record, "record.yaml"), library, Selection())
    return str(judged.verdict), {finding.code for finding in judged.findings}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("active_overage: 0 %", "active_overage: 200 %", "FC006"),
        ("batch_overage: 3 %", "batch_overage: 30 %", "FC006"),
        ("tolerance: 1.0 %", "tolerance: 900 %", "FC006"),
        ("cas: 16676-29-2", "cas: 51481-60-8", "FC009"),
        ("cas: 16676-29-2", "cas:", "FC009"),
        ("each: 90.0-110.0 %", "each: 0-9 g", "FC007"),
        ("limits: 90.0-110.0 %", "limits: 0.1-9 mg", "FC007"),
        ("limits: 90.0-110.0 %", 'limits: "0.9-1.1"', "FC007"),
        ("kind: master", "daily_dose_at_most: 11 mg\nkind: master", "FC006"),
        ("kind: master", "daily_dose_at_most: 0 mg\nkind: master", "FC006"),
    ],
)
def test_a_formulation_that_takes_a_check_away_is_not_read(old, new, code):
    """Overages and tolerances that check nothing, limits of another kind, an active that is not naltrexone."""
    reading = read_bytes(changed(FORMULATION, old, new), "formulation.yaml")

    assert reading.paper is None
    assert code in {finding.code for finding in reading.findings}


def test_a_test_without_a_name_or_twice_is_not_read():
    """A test that no rule would find, and a second one of the same name, are refused."""
    for new in ("- name:\n    when: every_batch\n  - name: appearance", "- name: assay\n  - name: appearance"):
        reading = read_bytes(changed(FORMULATION, "- name: appearance", new), "formulation.yaml")
        assert reading.paper is None


@pytest.mark.parametrize(
    "directions",
    [
        "Take three\n  capsules at bedtime.",
        "Take 3 x 4.5 mg capsules.",
        "Take 1 capsule in the morning and 2 capsules at bedtime.",
        "Swallow 3 capsules.",
        "Take 3 caps.",
        "Dose: 3 capsules.",
        "Take 1 capsule 3 times per\u00a0day.",
        "Take 1 capsule three\n  times daily.",
        "Take twelve capsules.",
        "Take 3 (three) capsules.",
        "Take 2 capsules by mouth every evening and at bedtime.",
        "Take 1 capsule for breakfast, lunch and dinner.",
        "Take 1 capsule for 14 days, then 3 capsules.",
        "Take 1 capsule daily for two weeks, then 2 capsules daily for 14 days, then 3 capsules daily.",
        "3 capsules to be taken.",
        "1 capsule 3x daily.",
        "1 capsule q8h.",
        "Take 1 capsule every eight hours.",
        "Take 1 capsule every 6 to 8 hours.",
        "Take 1 capsule hourly.",
        "Take 45 mg (1 capsule).",
        "1 capsule AM, 1 capsule noon, 1 capsule PM.",
        "3 capsules each afternoon.",
        "4 capsules by mouth.",
        "Consume 4 capsules at bedtime.",
        "Take 1 capsule by mouth for pain four times daily.",
        "Take 1 capsule (45 mg) at bedtime.",
        "Take 1 capsule in the morning. Take 2 capsules at bedtime.",
        "Four capsules nightly",
    ],
)
def test_directions_for_more_than_the_ceiling_fail(directions):
    """However the label says it, three capsules of 4.5 mg a day are above 10 mg."""
    found, codes = verdict(changed(RECORD, PLAIN, directions))

    assert (found, "FC101" in codes) == ("fail", True)


@pytest.mark.parametrize(
    "directions",
    [
        "A dozen capsules daily.",
        "T\u0430ke 4 capsules nightly.",
        "1 capsule or 9 at bedtime.",
        "Tome 4 c\u00e1psulas cada noche.",
        "Take 2.5 capsules.",
        "Take 1 capsule TID.",
        "Take 4 capsules by mouth once daily, not with food.",
        "Take 1 capsule by mouth for pain tid.",
        "Take 1 capsule daily; may increase to 4 capsules after 14 days.",
        "Take 1 capsule daily. May increase to 4 capsules.",
        "Take 1 capsule by mouth nightly. Titrate up to 4 capsules as tolerated.",
        "Take 1 capsule daily. Increase by 1 capsule each week to 4 capsules.",
        "Take 1 capsule at bedtime. Max 4 capsules per day.",
        "Take 1 capsule at bedtime. Do not take more than 3 capsules a day.",
    ],
)
def test_directions_that_are_not_plain_are_not_determined(directions):
    """What cannot be read with certainty is never taken for one capsule a day."""
    found, codes = verdict(changed(RECORD, PLAIN, directions))

    assert (found, "FC101" in codes) == ("not_determined", True)


@pytest.mark.parametrize(
    ("directions", "said"),
    [
        (PLAIN, set()),
        ("Take one capsule every night.", set()),
        ("Take 2 capsules once daily.", {"FC111"}),
        ("Take 1 capsule twice a day with food.", {"FC111"}),
        ("Take 1 to 2 capsules at bedtime as directed.", {"FC111"}),
        ("Do not take with alcohol.", set()),
    ],
)
def test_plain_directions_within_the_ceiling_pass(directions, said):
    """Ordinary directions raise no alarm: 9 mg a day are above the usual maximum (FC111, a warning) and nothing else."""
    assert ("pass", said) == verdict(changed(RECORD, PLAIN, directions))


@pytest.mark.parametrize(
    "directions",
    ["Take 1 capsule daily. May increase to 4 capsules.", "Take 1 capsule at bedtime. Max three capsules a day."],
)
def test_more_that_a_label_allows_counts_beside_what_the_record_says(directions):
    """A label that lets the patient go up to more than the ceiling fails, whatever dose the record gives."""
    record = changed(RECORD, PLAIN, directions) + b"dose: {capsules: 1}\nper_day: 1\n"
    found, codes = verdict(record)

    assert (found, "FC101" in codes) == ("fail", True)


@pytest.mark.parametrize(
    "directions",
    [
        "Take 45 mg (1 capsule).",
        "Take 1 capsule (45 mg) by mouth once daily at bedtime.",
        "Take 1 capsule (45 mg) by mouth once daily at bedtime.\n  Quantity: 10 capsules",
        "Take 1 capsule by mouth once daily at bedtime. Each capsule contains 45 mg.",
        "Take 1 capsule by mouth once daily at bedtime. Each capsule contains 4.5 mg, 45 mg naltrexone.",
        "Take 2 capsules (4.5 mcg) by mouth once daily.",
        "Take 1 capsule (4,5 mg) by mouth once daily at bedtime.",
        "Take 1 capsule (0.45 mg) by mouth once daily at bedtime.",
        "Take 1 capsule (4.5 mg/mL) by mouth once daily at bedtime.",
        "Take 1 capsule by mouth once daily at bedtime.\n  Naltrexone 10 mg capsules",
    ],
)
def test_every_figure_of_a_label_is_that_of_its_capsules(directions):
    """Milligrams anywhere on the label are the strength times the capsules said beside them."""
    found, codes = verdict(changed(RECORD, PLAIN, directions))

    assert found == "fail"
    assert "FC707" in codes


@pytest.mark.parametrize(
    "directions",
    [
        "Take 1 capsule (4.5 mg) by mouth once daily at bedtime.",
        "Take 2 capsules (9 mg) by mouth once daily.",
        "Take 9 mg (2 capsules) by mouth once daily.",
        "Take 1 capsule by mouth twice daily (9 mg per day).",
        "Take 1 capsule by mouth once daily at bedtime. Each capsule contains 4.5 mg naltrexone hydrochloride "
        "and 125 mg microcrystalline cellulose.",
        "Take 1 capsule by mouth once daily at bedtime. Each capsule contains 4500 mcg (4.07 mg of naltrexone base).",
        "Take 1 capsule by mouth once daily at bedtime. 100 capsules, 450 mg in total.",
        "Take 1 capsule by mouth once daily at bedtime. Contains naltrexone HCl 4.5 mg; Avicel PH-105 125 mg.",
        "Take one (1) capsule (4.5 mg) by mouth once daily at bedtime.",
    ],
)
def test_figures_that_agree_with_their_capsules_are_no_fault(directions):
    """A dose in brackets, the milligrams of a day, of a diluent or of the base are no other strength."""
    _, codes = verdict(changed(RECORD, PLAIN, directions))

    assert "FC707" not in codes


def test_what_the_record_says_explains_a_label_that_is_not_plain():
    """With dose and per_day written down, a label in other words is no obstacle, unless it says more.

    What stands beside the pass is two warnings: 9 mg a day (FC111), and the abbreviation itself (FC703).
    """
    said = RECORD + "\ndose: {capsules: 1}\nper_day: 2\n"

    assert ("pass", {"FC111", "FC703"}) == verdict(changed(said, PLAIN, "1 capsule bid."))
    assert verdict(changed(said, PLAIN, "Take 3 capsules daily."))[0] == "fail"
    assert verdict(changed(said, PLAIN, "Take 1 capsule every 2 hours."))[0] == "fail"
    assert verdict(changed(said, PLAIN, "Take 1 capsule as needed for pain."))[0] == "not_determined"
    assert not read_directions(None).given


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("Discard after: December 2027", {"FC701"}),
        ("BUD 12/2027", {"FC701"}),
        ("Use by 8/15/27", {"FC701"}),
        ("Discard after:\n  12/27", {"FC701"}),
        ("Exp. 2027-12", {"FC701"}),
        ("Expires: 2027", {"FC701"}),
        ("Lot: LDN-2099-001", {"FC701"}),
        ("Batch no. X-77-123", {"FC701"}),
        ("LDN-2025-011", {"FC701"}),
        ("Store in the freezer.", {"FC505"}),
        ("Keep frozen at -20 °C.", {"FC505"}),
        ("Frozen preparation: thaw before use.", {"FC505"}),
        ("Keep in a refrigerator, 2-8 °C.", {"FC505"}),
        ("Do not freeze. Do not refrigerate. Protect from freezing. Discard if it was frozen.", set()),
        ("Refills until 2027-12-31", set()),
        ("Take until 2026-04-02 and then ask.", {"FC101"}),
        ("Made with lot NX-4423 of naltrexone hydrochloride.", set()),
        ("Rx 30418, vial lot PV-1182", set()),
        ("Rx expires 2027-03-01. Lot no.: LDN-2026-031.", set()),
        ("BUD: 2026-07-31 (7/31/26)", set()),
        ("Good for 3 years.", {"FC701"}),
    ],
)
def test_a_second_date_batch_or_place_on_the_label_is_seen(line, codes):
    """What the label says beside the right figures counts too; what is about something else does not."""
    record = changed(RECORD, "  Keep out of reach of children.\n", f"  Keep out of reach of children.\n  {line}\n")

    assert verdict(record)[1] == codes


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("assay: 99.5 %", "assay: 9.95 %", "FC205"),
        ("assay: 99.5 %", "assay: 995 %", "FC205"),
        ("water: 8.7 %", "water: 90 %", "FC205"),
        ("lot: NX-4423", "system: n/a", "FC210"),
        ("lot: NX-4423", "system: PW-01", "FC210"),
        ("lot: NX-4423", 'lot: "\\u200b"', "FC210"),
        ("lot: NX-4423", "lot: none", "FC210"),
        ("lot: NX-4423", 'lot: "???"', "FC210"),
        ("Naltrexone hydrochloride 4.5 mg capsules", "Naltrexone 45  mg capsules (4.5 mg)", "FC707"),
        ("Naltrexone hydrochloride 4.5 mg capsules", "Naltrexone 45 mg/capsule (4.5 mg)", "FC707"),
        ("Naltrexone hydrochloride 4.5 mg capsules", "Naltrexone HCl45 milligrams; 4.5 mg", "FC707"),
        ("Naltrexone hydrochloride 4.5 mg capsules", "Naltrexone \uff14\uff15 mg capsules 4.5 mg", "FC707"),
        ("weighed: 511.0 mg", "trituration: {id: T-1, concentration: 10 % w/w}\n    weighed: 511.0 mg", "FC301"),
        ("weighed: 12962 mg", "weighed: 1296 mg", "FC306"),
        ("weighed: 12962 mg", "weighed: 12296 mg", "FC305"),
        ("name: naltrexone hydrochloride", "name: naloxone hydrochloride", "FC203"),
    ],
)
def test_a_record_that_hides_something_does_not_pass(old, new, code):
    """Slips of the certificate, excuses for a lot, strengths hidden on the label, triturations: none passes."""
    found, codes = verdict(changed(RECORD, old, new))

    assert found != "pass"
    assert code in codes


def test_a_formulation_without_tests_decides_nothing():
    """Where nothing says what a good batch is, no batch is one."""
    bare = FORMULATION[: FORMULATION.index("tests:")] + FORMULATION[FORMULATION.index("instructions:") :]
    assert verdict(RECORD.encode(), bare)[0] == "not_determined"


@pytest.mark.parametrize(
    "text",
    [
        "%TAG ! " + "a" * 900_000 + "\n---\na: [" + "!a b, " * 4000 + "]",
        "a: [" + "[]," * 300_000 + "]",
        "b: {" + ", ".join(f"k{i}: 1" for i in range(1000)) + ", " + "<<: a, " * 1400 + "}",
        "label: " + "1" * 500_000 + "\nkind: compounding-record",
        "label: '" + "1," * 250_000 + "'\nkind: compounding-record",
    ],
    ids=["tag", "lists", "merges", "digits", "commas"],
)
def test_a_hostile_file_is_refused_quickly(text):
    """No text within the size limit makes reading or judging slow, or the findings many."""
    import time

    begin = time.thread_time()
    judged = judge_record(read_bytes(text.encode(), "record.yaml"), gathered([]), Selection())

    assert str(judged.verdict) == "not_determined"
    assert len(judged.findings) < 100
    assert time.thread_time() - begin < 3


def test_a_folder_behind_a_link_is_named(tmp_path):
    """A linked folder is not entered, and not passed over in silence."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)

    files = list(find_files([str(tmp_path / "here")]))

    assert [(str(tmp_path / "here" / "link"), True)] == files
    assert read_file(files[0][0]).paper is None


SECOND_LOT = """  - name: naltrexone hydrochloride
    lot: NX-4502
    vendor: Aldermoor Fine Chemicals
    expires: 02/2028
    certificate: {assay: 99.8 %, basis: anhydrous-solvent-free, water: 8.6 %, solvents: 0.1 %}
    required: 209.59 mg
    weighed: 209.8 mg
    packing: 150 mg
    balance: BAL-02
"""
TWO_LOTS = (
    RECORD.replace("required: 510.22 mg", "required: 300 mg", 1)
    .replace("weighed: 511.0 mg", "weighed: 300.4 mg", 1)
    .replace("  - name: microcrystalline cellulose\n", f"{SECOND_LOT}  - name: microcrystalline cellulose\n", 1)
)


def test_two_lots_of_the_active_are_reckoned_together():
    """Each lot by its own certificate, 272.53 mg and 190.97 mg of 463.5 mg: a sound batch passes without a finding."""
    assert verdict(TWO_LOTS.encode()) == ("pass", set())


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("required: 209.59 mg", "required: 0 mg", "FC301"),
        ("required: 209.59 mg", "required: 259.59 mg", "FC301"),
        ("    required: 209.59 mg\n", "", "FC301"),
        ("weighed: 209.8 mg", "weighed: 219.8 mg", "FC305"),
        ("weighed: 209.8 mg", "weighed: 2096 mg", "FC306"),
        ("assay: 99.8 %", "assay: 89.8 %", "FC204"),
        ("    certificate: {assay: 99.8 %, basis: anhydrous-solvent-free, water: 8.6 %, solvents: 0.1 %}\n", "", "FC202"),
        ("lot: NX-4502", "lot: see attached", "FC210"),
        ("expires: 02/2028", "expires: 02/2026", "FC201"),
        ("balance: BAL-02\n  - name: micro", "balance: BAL-09\n  - name: micro", "FC308"),
    ],
)
def test_a_second_lot_hides_nothing(old, new, code):
    """The second lot of the active is judged as the first: certificate, amount, balance, dates."""
    found, codes = verdict(changed(TWO_LOTS, old, new))

    assert found != "pass"
    assert code in codes
