"""Worksheets: done as it asks, a batch passes; scaling scales every amount; both paths agree, or nothing is printed."""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from published.records import SPECS

from formcheck.check import Selection, judge_record
from formcheck.documents.plain import as_text
from formcheck.documents.worksheet import worksheet_paper
from formcheck.errors import CannotConvert, DoseAboveCeiling
from formcheck.findings import Verdict
from formcheck.formats.paper import as_yaml
from formcheck.planning import second_path
from formcheck.planning.blank import Order
from formcheck.planning.worksheet import printed_mass
from formcheck.reading.papers import Reading, read_bytes, read_file
from formcheck.reading.specifications import Library
from formcheck.reading.yaml import read_document
from formcheck.units import amount, exact
from formcheck.worksheets import Worksheet, plan

CAPSULES = read_file(str(SPECS / "naltrexone-capsules/formulation.yaml"))
LIQUID = read_file(str(SPECS / "naltrexone-oral-liquid-1/formulation.yaml"))
DROPS = read_file(str(SPECS / "naltrexone-sublingual-drops-5/formulation.yaml"))
DAY = datetime.date(2026, 3, 2)
LOTS = {
    "naltrexone-capsules": "good-4.5mg-dihydrate-lot.yaml",
    "naltrexone-oral-liquid-1": "good-*.yaml",
    "naltrexone-sublingual-drops-5": "good-*.yaml",
}


def lots_of(formulation: str, **certificate: str) -> Reading:
    """The lots of a good record of a formulation, with another certificate of the active."""
    file = sorted((SPECS / formulation / "records").glob(LOTS[formulation]))[0]
    paper = read_document(file.read_text(encoding="utf-8")).value
    active = paper["components"][0]
    active["certificate"] |= certificate
    active["expires"] = "12/2028"
    active.pop("form", None)
    paper["last_tests"] = dict.fromkeys(paper["last_tests"], "2026-02-20")
    return read_bytes(as_yaml(paper).encode(), "lots.yaml")


def planned(formulation: Reading, strength: str, size: str, lots: Reading | None, **more: Any) -> Worksheet:
    """The worksheet of a batch."""
    return plan(formulation, lots, Order(amount(strength), amount(size), DAY, **more))


strengths = st.sampled_from(["0.5 mg", "1 mg", "1.5 mg", "2 mg", "2.5 mg", "3 mg", "3.5 mg", "4 mg", "4.5 mg"])
assays = st.integers(980, 1020).map(lambda tenths: f"{tenths / 10:.1f} %")
waters = st.integers(0, 95).map(lambda tenths: f"{tenths / 10:.1f} %")


@given(strengths, st.integers(20, 600), assays, waters)
def test_done_exactly_as_the_worksheet_asks_capsules_pass(strength: str, units: int, assay: str, water: str) -> None:
    """Nothing stands against a batch of capsules of good lots, by an aliquot where the active is too little to weigh."""
    sheet = planned(CAPSULES, strength, f"{units} capsules", lots_of("naltrexone-capsules", assay=assay, water=water))

    assert [(f.code, f.message) for f in sheet.findings] == [] and sheet.verdict is Verdict.PASS
    assert all(w.minimum is not None and (w.required >= w.minimum or w.aliquot is not None) for w in sheet.weighings)


@given(st.integers(30, 500), assays, waters, st.sampled_from([(LIQUID, "1 mg/mL"), (DROPS, "5 mg/mL")]))
def test_done_exactly_as_the_worksheet_asks_liquids_pass(
    volume: int, assay: str, water: str, made_of: tuple[Reading, str]
) -> None:
    """Nothing stands against a liquid of good lots that is made up to its volume."""
    formulation, strength = made_of
    name = "naltrexone-oral-liquid-1" if formulation is LIQUID else "naltrexone-sublingual-drops-5"
    sheet = planned(formulation, strength, f"{volume} mL", lots_of(name, assay=assay, water=water))

    assert [(f.code, f.message) for f in sheet.findings] == [] and sheet.verdict is Verdict.PASS


@given(strengths, st.integers(100, 300), st.integers(2, 5), assays, waters)
def test_scaling_scales_every_amount(strength: str, units: int, times: int, assay: str, water: str) -> None:
    """A batch so many times as large asks for so many times as much of everything."""
    lots = lots_of("naltrexone-capsules", assay=assay, water=water)
    one, many = (planned(CAPSULES, strength, f"{n} capsules", lots) for n in (units, units * times))
    assume(not any(w.aliquot for w in (*one.weighings, *many.weighings)))

    assert [w.required * times for w in one.weighings] == [w.required for w in many.weighings]
    assert one.batch.net_in_unit == many.batch.net_in_unit


@given(strengths, st.integers(20, 600), assays, waters)
def test_the_record_to_fill_in_is_read_again_and_never_passes_blank(
    strength: str, units: int, assay: str, water: str
) -> None:
    """The file reads back to what was planned; blank, it is not determined, whatever its lots."""
    sheet = planned(CAPSULES, strength, f"{units} capsules", lots_of("naltrexone-capsules", assay=assay, water=water))
    reading = read_bytes(sheet.record_as_yaml.encode(), "record.yaml")

    assert reading.findings == () and reading.paper == read_bytes(as_yaml(sheet.record).encode(), "again.yaml").paper
    active, planned_active = (paper["components"][0] for paper in (reading.document.value, sheet.record))
    assert {key: planned_active[key] for key in ("lot", "required")} == {key: active[key] for key in ("lot", "required")}
    weighed = active.get("aliquot") or {"weighed": active["weighed"]}
    assert all(weighed[key] is None for key in weighed if key not in ("needed", "minimum"))
    judged = judge_record(reading, Library((CAPSULES,)), Selection())
    assert judged.verdict is not Verdict.PASS and any(f.verdict is Verdict.NOT_DETERMINED for f in judged.findings)
    stated = [c.required.value for c in sheet.batch.record.components if c.required is not None]
    wanted = [w.required for w in sheet.weighings]
    assert all(abs(s - w) <= w * Fraction(5, 10_000) for s, w in zip(stated, wanted, strict=True))


def test_the_worked_example_of_the_formulation() -> None:
    """100 capsules of 4.5 mg of a dihydrate lot: 510.22 mg and 12948 mg, net 130.66 mg (formulation, calculations)."""
    sheet = planned(CAPSULES, "4.5 mg", "100 capsules", lots_of("naltrexone-capsules"))
    assert [w.printed for w in sheet.weighings] == ["510.22 mg", "12948 mg"]
    assert printed_mass(sheet.batch.net_in_unit or Fraction(0)) == "130.66 mg"
    assert str(sheet.dating and sheet.dating.date) == "2026-08-28"


def test_too_little_to_weigh_goes_by_an_aliquot_that_holds_it() -> None:
    """0.5 mg for 10 capsules is 5.67 mg, below the 16 mg that the balance weighs well: all three weighings are above."""
    sheet = planned(CAPSULES, "0.5 mg", "10 capsules", lots_of("naltrexone-capsules"))
    aliquot = sheet.weighings[0].aliquot
    assert aliquot is not None and aliquot.weighs_well and aliquot.drug_in_aliquot == sheet.weighings[0].required
    assert "aliquot" in sheet.record["components"][0] and sheet.exit_status == 0


def test_what_cannot_be_made_is_refused_with_the_reason_and_the_nearest_that_can() -> None:
    """Powder that does not fit, a component out of date, a liquid too little to weigh: no amounts, or what to change."""
    lots = lots_of("naltrexone-capsules")
    paper = read_document(as_yaml(lots.document.value)).value  # type: ignore[union-attr]
    paper["components"][0]["packing"] = "4 mg"
    full = planned(CAPSULES, "4.5 mg", "100 capsules", read_bytes(as_yaml(paper).encode(), "lots.yaml"))
    assert [f.code for f in full.findings] == ["FC313"] and not full.weighings and "3.63 mg" in full.findings[0].help

    paper["components"][0] |= {"packing": "150 mg", "expires": "02/2026"}
    late = planned(CAPSULES, "4.5 mg", "100 capsules", read_bytes(as_yaml(paper).encode(), "lots.yaml"))
    assert late.exit_status == 1 and "FC201" in [f.code for f in late.findings]


def test_lots_that_say_too_little_give_no_amount() -> None:
    """Without a certificate, or without a packing statistic of the diluent: not determined, and nothing to weigh."""
    assert planned(CAPSULES, "4.5 mg", "100 capsules", None).exit_status == 3
    paper = read_document(as_yaml(lots_of("naltrexone-capsules").document.value)).value  # type: ignore[union-attr]
    del paper["components"][1]["packing"]
    sheet = planned(CAPSULES, "4.5 mg", "100 capsules", read_bytes(as_yaml(paper).encode(), "lots.yaml"))
    assert (sheet.exit_status, sheet.weighings) == (3, ()) and "packing statistic" in sheet.findings[0].message


@pytest.mark.parametrize(
    ("strength", "size", "words"),
    [
        ("4.6 mg", "100 capsules", "no strength of 4.6 mg"),
        ("4.5 mg", "100 mL", "--units 100"),
        ("5 mg/mL", "100 capsules", "--units 100"),
        ("4.5 mg", "0 capsules", "a batch of 0"),
    ],
)
def test_an_order_that_the_formulation_does_not_know(strength: str, size: str, words: str) -> None:
    """Another strength, a volume of capsules, nothing at all: refused in a sentence."""
    with pytest.raises(CannotConvert, match=words):
        planned(CAPSULES, strength, size, None)


def test_no_worksheet_holds_a_unit_above_the_ceiling() -> None:
    """Whatever the formulation says: 10.1 mg in a capsule is refused before anything is reckoned."""
    text = (SPECS / "naltrexone-capsules/formulation.yaml").read_text(encoding="utf-8")
    strong = read_bytes(text.replace("strengths: [0.5 mg", "strengths: [10.1 mg, 0.5 mg").encode(), "strong.yaml")
    with pytest.raises(DoseAboveCeiling):
        planned(strong, "10.1 mg", "100 capsules", lots_of("naltrexone-capsules"))


def test_two_lots_of_one_component_are_asked_about() -> None:
    """A worksheet takes one lot of each component: which of two is not for formcheck to choose."""
    paper = read_document(as_yaml(lots_of("naltrexone-capsules").document.value)).value  # type: ignore[union-attr]
    paper["components"].append(dict(paper["components"][0]))
    with pytest.raises(CannotConvert, match="2 times"):
        planned(CAPSULES, "4.5 mg", "100 capsules", read_bytes(as_yaml(paper).encode(), "lots.yaml"))


def test_a_second_path_that_disagrees_stops_the_worksheet(monkeypatch: pytest.MonkeyPatch) -> None:
    """One part in a million between the two paths is no rounding: nothing is printed."""
    true = second_path.active_picograms
    monkeypatch.setattr(second_path, "active_picograms", lambda *args: true(*args) * 1_000_001 // 1_000_000)
    with pytest.raises(second_path.Disagreement):
        planned(CAPSULES, "4.5 mg", "100 capsules", lots_of("naltrexone-capsules"))


@given(st.integers(1, 10**9).map(lambda n: Fraction(n, 10_000)))
def test_a_printed_mass_is_within_what_a_balance_can_show(mass: Fraction) -> None:
    """Five figures, or two decimals from 1 mg on: what is printed is at most 0.5 % off, and 0.01 % from 100 mg on."""
    number, unit = printed_mass(mass).split()
    assume(mass >= 1)
    error = abs(exact(amount(f"{number} mg").value) - mass) / mass
    assert unit == "mg" and error <= Fraction(5, 1000) and (mass < 100 or error <= Fraction(1, 10_000))


texts = st.dictionaries(
    st.sampled_from(["lot", "vendor", "name", "label", "container"]),
    st.text(max_size=60).filter(lambda text: "\x00" not in text)
    | st.just("two\nlines\n")
    | st.sampled_from(["# no: comment", "Null", "null", "no", "0123", "~"]),
)


@given(texts)
def test_a_paper_that_is_written_reads_back_the_same(paper: dict[str, str]) -> None:
    """Whatever stands in it, quotes, colons, number signs or letters of any script."""
    kept = {key: text for key, text in paper.items() if text.isprintable() or text == "two\nlines\n"}
    nothing = ("", "~", "null", "Null", "NULL")  # as the reader has it, in quotes too
    document = read_document(as_yaml({"kind": "x", **kept}))
    assert document.value == {"kind": "x", **{key: None if text in nothing else text for key, text in kept.items()}}


def test_what_is_weighed_of_an_aliquot_is_not_filled_in_beforehand() -> None:
    """The worksheet says what to weigh; the record has blanks for what was weighed, and is not determined without them."""
    sheet = planned(CAPSULES, "0.5 mg", "10 capsules", lots_of("naltrexone-capsules"))
    aliquot = sheet.record["components"][0]["aliquot"]
    assert aliquot == {"needed": "5.67 mg", "minimum": "16 mg", "drug": "", "diluent": "", "total": "", "aliquot": ""}
    judged = judge_record(read_bytes(sheet.record_as_yaml.encode(), "r.yaml"), Library((CAPSULES,)), Selection())
    assert "FC310" in [f.code for f in judged.findings if f.verdict is Verdict.NOT_DETERMINED]


def test_a_label_without_directions_is_left_to_the_day_of_the_order() -> None:
    """It stands on the worksheet as far as it goes; the record has none, so that `label` can write the whole of it."""
    without = planned(CAPSULES, "4.5 mg", "100 capsules", lots_of("naltrexone-capsules"))
    ordered = planned(
        CAPSULES, "4.5 mg", "100 capsules", lots_of("naltrexone-capsules"), directions="Take 1 capsule by mouth once daily."
    )
    assert without.record["label"] == "" and "Quantity: 100 capsules" in without.label
    assert without.record["dose"] == {"capsules": "", "ordered": ""}
    assert ordered.record["label"] == ordered.label and "dose" not in ordered.record


def test_drops_from_a_refrigerator_are_warmed_up_by_the_label_that_plan_writes() -> None:
    """Counted at 22 °C, kept cold: nothing stands against a label of formcheck's own (FC601)."""
    lots = lots_of("naltrexone-sublingual-drops-5")
    sheet = planned(DROPS, "5 mg/mL", "30 mL", lots, storage="refrigerator")
    assert [(f.code, f.message) for f in sheet.findings] == [] and "Let the bottle warm up" in sheet.label
    assert "warm up" not in planned(DROPS, "5 mg/mL", "30 mL", lots, storage="room").label


@pytest.mark.parametrize(("profile", "masses"), [("usp-503a", 10), ("usp-503b", 10), ("ph-eur", 20)])
def test_every_profile_plans_what_its_rules_will_ask_for(profile: str, masses: int) -> None:
    """Twenty masses under Ph. Eur. 2.9.5; the meaning of each signature and a trail for an outsourcing facility."""
    lots = lots_of("naltrexone-capsules")
    written = lots.document.value  # type: ignore[union-attr]
    written["components"][0]["certificate"] |= {"lot": "NX-4423", "cas": "16676-29-2"}
    lots = read_bytes(as_yaml(written).encode(), "lots.yaml")
    sheet = planned(CAPSULES, "4.5 mg", "100 capsules", lots, profile=profile)
    assert [(f.code, f.message) for f in sheet.findings if f.severity == "error"] == []
    text = as_text(worksheet_paper(sheet))
    assert f"Each of {masses} " in text and ("16 to 20" in text) is (masses == 20)
    assert ("meaning" in sheet.record["people"]["verified_by"]) is (profile == "usp-503b")


def test_a_trituration_is_named_as_what_it_is() -> None:
    """1030 mg of a 10 % trituration, never 1030 mg of "naltrexone hydrochloride"; only what was subtracted is named."""
    records = SPECS / "naltrexone-capsules/records"
    order = Order(amount("1 mg"), amount("100 capsules"), datetime.date(2026, 7, 1))
    sheet = plan(CAPSULES, read_file(str(records / "good-1mg-stored-trituration.yaml")), order)
    text = as_text(worksheet_paper(sheet))
    assert "trituration of naltrexone hydrochloride, 10 % w/w, lot TR-26-04" in text and "Required   1030 mg" in text
    order = order._replace(strength=amount("4.5 mg"))
    as_it_is = plan(CAPSULES, read_file(str(records / "good-looks-wrong-as-is-certificate.yaml")), order)
    assert "assay 90.8 % (as-is)\n" in as_text(worksheet_paper(as_it_is))


@pytest.mark.parametrize("packing", ["4.954 mg", "4.96 mg", "5.0 mg", "7.3 mg"])
def test_powder_that_nearly_fills_the_capsule_is_no_disagreement(packing: str) -> None:
    """Where nearly nothing is left for the diluent both paths still give the same."""
    lots = lots_of("naltrexone-capsules")
    written = lots.document.value  # type: ignore[union-attr]
    written["components"][0]["packing"] = packing
    sheet = planned(CAPSULES, "4.5 mg", "100 capsules", read_bytes(as_yaml(written).encode(), "lots.yaml"))
    assert len(sheet.weighings) == 2 and sheet.weighings[1].required > 0


def trituration_lots(corrected: str) -> Reading:
    """Lots with a stored trituration of 10 % in place of the powder."""
    paper = read_document(as_yaml(lots_of("naltrexone-capsules").document.value)).value  # type: ignore[union-attr]
    active = paper["components"][0]
    source = {
        "lot": active["lot"],
        "vendor": active["vendor"],
        "expires": "12/2028",
        "certificate": active.pop("certificate"),
    }
    active |= {
        "lot": "TR-1",
        "packing": "130 mg",
        "trituration": {"id": "TR-1", "concentration": "10 % w/w", "potency_corrected": corrected, "made": "2026-02-20",
                        "beyond_use_date": "2026-08-01", "source": source},
    }  # fmt: skip
    return read_bytes(as_yaml(paper).encode(), "lots.yaml")


def base_formulation() -> Reading:
    """The formulation of capsules with its strengths counted as the base."""
    text = (SPECS / "naltrexone-capsules/formulation.yaml").read_text(encoding="utf-8")
    text = text.replace("strength_basis: naltrexone-hydrochloride-anhydrous", "strength_basis: naltrexone")
    return read_bytes(text.replace("amount: 450 mg", "amount: 498.06 mg").encode(), "base.yaml")


@pytest.mark.parametrize(
    ("formulation", "lots", "size", "part", "wrong"),
    [
        (CAPSULES, lots_of("naltrexone-capsules"), "10 capsules", "_in_aliquot", lambda _: 0),
        (CAPSULES, trituration_lots("when made"), "100 capsules", "_lot_parts", lambda _: 10**18),
        (CAPSULES, trituration_lots("when weighed"), "100 capsules", "_powder_parts", lambda _: 10**18),
        (base_formulation(), lots_of("naltrexone-capsules"), "100 capsules", "_salt", lambda *_: (1, 1)),
    ],
    ids=["aliquot", "trituration corrected", "trituration not corrected", "base"],
)
def test_the_second_path_reckons_what_is_not_plain_powder_too(
    formulation: Reading, lots: Reading, size: str, part: str, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Aliquots, triturations and strengths of the base have a second path of their own: a fault in any stops it all."""
    sheet = planned(formulation, "0.5 mg", size, lots)
    assert sheet.weighings and (sheet.weighings[0].aliquot is not None) is (part == "_in_aliquot")
    monkeypatch.setattr(second_path, part, wrong)
    with pytest.raises(second_path.Disagreement):
        planned(formulation, "0.5 mg", size, lots)


@pytest.mark.parametrize(("strength", "dissolves"), [("65 mg/mL", True), ("65.1 mg/mL", False), ("650 mg/mL", False)])
def test_what_is_not_known_to_dissolve_is_not_planned(strength: str, dissolves: bool) -> None:
    """65 mg of the hydrochloride dissolve in 1 mL of water; beyond that the worksheet is refused, with what can be made."""
    text = (SPECS / "naltrexone-oral-liquid-1/formulation.yaml").read_text(encoding="utf-8")
    strong = read_bytes(text.replace("strengths: [1 mg/mL]", f"strengths: [{strength}]").encode(), "strong.yaml")
    lots = lots_of("naltrexone-oral-liquid-1")
    if dissolves:
        assert planned(strong, strength, "100 mL", lots).batch.active_required is not None
    else:
        with pytest.raises(CannotConvert, match="at most 65 mg/mL"):
            planned(strong, strength, "100 mL", lots)
