"""Waivers: what somebody took on stays visible and counted, and nothing else is let off."""

from __future__ import annotations

import json
from typing import Any

import pytest
from catalogue.pairs import changed, formulation, good, judged, library_of, read, written
from click.testing import CliRunner

from formcheck.cli import main
from formcheck.findings import Verdict
from formcheck.formats.table import FORMATS
from formcheck.verdicts import PASS_SENTENCE, Report

BY = "Idris Calloway, RPh"


def waiver(code: str = "FC402", **more: Any) -> dict[str, Any]:
    """A complete waiver that holds on the day of release."""
    return {"code": code, "reason": "repeated elsewhere", "by": BY, "until": "2026-12-31"} | more


def low(*waivers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A record with one capsule that is too light, and was looked into, with these waivers."""
    closed = {"id": "OOS-7", "closed": "2026-03-02"}
    say = {"unit_masses.values.4": "164.0", "assay.date": "2026-03-02", "investigation": closed, "waivers": list(waivers)}
    return changed(good(), say | more)


def test_a_waived_error_no_longer_fails_the_record_and_stays_in_it() -> None:
    """The finding keeps its place, its severity and its message, and says who took it on."""
    before, after = judged(low()), judged(low(waiver()))
    (failed,) = (f for f in before.findings if f.code == "FC402")
    (waived,) = (f for f in after.findings if f.code == "FC402")

    assert (before.verdict, after.verdict) == (Verdict.FAIL, Verdict.PASS)
    assert (waived.verdict, waived.was) == (Verdict.WAIVED, Verdict.FAIL)
    assert waived._replace(verdict=failed.verdict, waiver=None, was=None, location=failed.location) == failed
    assert waived.waiver is not None
    assert (waived.waiver.by, waived.waiver.until, waived.waiver.paper) == (BY, "2026-12-31", "record")
    assert after.counts.waived == 1 and after.counts.fail == 0


def test_waiving_never_lowers_the_number_of_findings() -> None:
    """Whatever is waived, the report has as many findings as before, or more."""
    for code in ("FC402", "FC411", "FC801"):
        assert len(judged(low(waiver(code))).findings) >= len(judged(low()).findings)


def test_a_waiver_lets_off_its_own_code_alone() -> None:
    """The light capsule is waived, the expired filler still fails the record."""
    found = judged(low(waiver(), **{"components.1.expires": "2026-03-01", "beyond_use_date": "2026-03-01"}))

    assert found.verdict is Verdict.FAIL
    assert "FC201" in {f.code for f in found.findings if f.verdict is Verdict.FAIL}


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "null"},
        {"reason": "OK."},
        {"reason": "x"},
        {"by": "n/a"},
        {"by": "x"},
        {"by": "nobody"},
        {"until": "null"},
        {"until": "2026-03-01"},
        {"code": "FC4"},
        {"code": "null"},
    ],
    ids=str,
)
def test_a_waiver_with_something_missing_waives_nothing_and_is_an_error(wrong: dict[str, str]) -> None:
    """Reason, person, last day and one code: without any of them the finding fails, and the waiver too."""
    given = {key: value for key, value in (waiver() | wrong).items() if value != "null"}
    found = judged(low(given))

    assert found.verdict is Verdict.FAIL
    assert {"FC402", "FC912"} <= {f.code for f in found.findings if f.verdict is Verdict.FAIL}


def test_the_day_of_release_decides_and_not_todays() -> None:
    """A waiver that held when the batch was verified holds for good; one that began to lapse the day before does not."""
    assert judged(low(waiver(until="2026-03-02"))).verdict is Verdict.PASS
    late = {"people.verified_by.at": "2026-03-03T10:00"}
    assert judged(low(waiver(until="2026-03-02"), **late)).verdict is Verdict.FAIL


@pytest.mark.parametrize("code", ["FC101", "FC1", "fc101", "FC10", "F", "FC001", "FC0"])
@pytest.mark.parametrize("paper", ["record", "formulation"])
def test_the_ceiling_can_never_be_waived(code: str, paper: str) -> None:
    """A paper that waives the ceiling, or what cannot be read, is not read at all."""
    plan, record = formulation(), good()
    (record if paper == "record" else plan)["waivers"] = [waiver(code)]
    found = read(record if paper == "record" else plan, f"{paper}.yaml")

    assert found.paper is None
    assert any("can never be waived" in f.message for f in found.findings)


def test_a_waived_dose_above_the_ceiling_is_exit_2(tmp_path: Any) -> None:
    """Asking for it ends with exit 2, and without a verdict."""
    path = tmp_path / "record.yaml"
    path.write_text(written(changed(good(), {"strength": "45 mg", "waivers": [waiver("FC101")]})), encoding="utf-8")
    ran = CliRunner().invoke(main, ["check", str(path), "--output-format", "json"])

    assert ran.exit_code == 2
    assert json.loads(ran.stdout)["verdict"] == "not_determined"


def test_no_waiver_of_another_code_hides_a_dose_above_the_ceiling() -> None:
    """Every other code may be waived, and the ceiling still fails the record."""
    codes = ["FC909", "FC707", "FC912", "FC305", "FC301", "FC305"]
    record = changed(good(), {"strength": "45 mg", "waivers": [waiver(code) for code in codes]})

    assert judged(record).verdict is Verdict.FAIL
    assert "FC101" in {f.code for f in judged(record).findings if f.verdict is Verdict.FAIL}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"components.0.name": "naloxone hydrochloride"}, "FC203"),
        ({"components.0.weighed": "51.02 mg"}, "FC306"),
        ({"components.1.expires": "2026-03-01", "beyond_use_date": "2026-03-01"}, "FC201"),
        ({"components.0.required": "465.8 mg", "components.0.weighed": "465.8 mg"}, "FC302"),
        ({"label": "Naltrexone hydrochloride 45 mg capsules"}, "FC707"),
    ],
)
def test_some_findings_nobody_can_take_upon_himself(change: dict[str, str], code: str) -> None:
    """Another substance, a slip of arithmetic, an expired component, another strength: waived or not, the record fails."""
    found = judged(changed(good(), {**change, "waivers": [waiver(code)]}))

    assert {code, "FC912"} <= {f.code for f in found.findings if f.verdict is Verdict.FAIL}


WRONG_CONTENTS = [f"{x}" for x in (3.0, 6.0, 3.2, 5.9, 3.1, 6.1, 3.0, 6.0, 3.1, 5.8)] + ["4.5"] * 20
NOT_FOR_A_PHARMACIST = {
    "FC108": {"dose": {"capsules": "1", "ordered": "3 mg"}},
    "FC202": {"components.0.certificate.lot": "NX-1111"},
    "FC204": {"components.0.certificate.assay": "97.2 %"},
    "FC407": {"unit_contents.values": WRONG_CONTENTS},
    "FC411": {"assay.value": "89.9 %"},
    "FC301": {"components.0.required": "440.0 mg", "components.0.weighed": "440.0 mg"},
    "FC305": {"components.0.weighed": "570 mg"},
    "FC423": {"assay.date": "2026-03-01"},
    "FC501": {"beyond_use_date": "2026-12-31"},
    "FC502": {"beyond_use_date": "2026-08-15"},
    "FC801": {"people.verified_by.trained": "2024-01-01"},
    "FC806": {"people.verified_by.content_sha256": "0" * 64},
}


@pytest.mark.parametrize("code", NOT_FOR_A_PHARMACIST)
def test_what_no_decision_makes_fit_to_be_dispensed(code: str) -> None:
    """Another strength, no certificate, a date past its limit, a record nobody signed: the waiver lets nothing off."""
    found = judged(changed(good(), {**NOT_FOR_A_PHARMACIST[code], "waivers": [waiver(code)]}))
    failing = {f.code for f in found.findings if f.verdict is Verdict.FAIL}
    (said,) = (f for f in found.findings if f.code == "FC912")

    assert {code, "FC912"} <= failing and found.counts.waived == 0
    assert said.message.startswith(f"the waiver of {code} waives nothing here, because ")
    assert said.field == "waivers[0]"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"people.verified_by.name": "Maren Tolliver"}, "FC801"),
        ({"people.weighings_checked_by": {"name": "Maren Tolliver"}}, "FC802"),
        ({"components.0.weighed": "545 mg"}, "FC305"),
        ({"storage": "refrigerator"}, "FC505"),
        ({"balances.0.verified": "2024-01-01"}, "FC309"),
    ],
)
def test_what_a_pharmacist_may_decide_stays_his(change: dict[str, Any], code: str) -> None:
    """A sole pharmacist, a weight a little off, a balance: waived, visible and counted, without a word against it."""
    found = judged(changed(good(), {**change, "waivers": [waiver(code)]}))

    assert code in {f.code for f in found.findings if f.verdict is Verdict.WAIVED}
    assert not {"FC912", "FC913"} & {f.code for f in found.findings}


def test_an_assay_outside_a_house_limit_may_be_waived_and_beyond_the_usual_ones_not() -> None:
    """94.0 % is outside a house limit of 95.0 to 105.0 % and inside the usual ones; 89.94 % is another strength."""
    plan = formulation()
    for test in plan["tests"]:
        if test["name"] == "assay":
            test["limits"] = "95.0-105.0 %"
    for value, verdict in (("94.0 %", Verdict.WAIVED), ("89.95 %", Verdict.WAIVED), ("89.94 %", Verdict.FAIL)):
        found = judged(changed(good(), {"assay.value": value, "waivers": [waiver("FC411")]}), library_of(plan))
        assert [f.verdict for f in found.findings if f.code == "FC411"] == [verdict], value


def test_a_waiver_of_the_formulation_lets_off_no_more_than_one_of_the_record() -> None:
    """It is said where it stands: in the formulation."""
    plan = formulation()
    plan["waivers"] = [waiver("FC411")]
    found = judged(changed(good(), {"assay.value": "80 %"}), library_of(plan))

    assert {"FC411", "FC912"} <= {f.code for f in found.findings if f.verdict is Verdict.FAIL}
    assert "the waiver of FC411, in the formulation, waives nothing here" in " ".join(f.message for f in found.findings)


def test_a_preservative_left_out_is_no_mere_difference() -> None:
    """FC209 may be waived for another flavour, and not where the preservative is missing."""
    record = good("oral-liquid")
    kept = [used for used in record["components"] if "benzoate" not in used["name"]]
    found = judged({**record, "components": kept, "waivers": [waiver("FC209")]}, library_of(formulation("oral-liquid")))

    assert "FC209" in {f.code for f in found.findings if f.verdict is Verdict.FAIL}


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("Oxycodone HCl", Verdict.FAIL),
        ("naloxone hydrochloride", Verdict.FAIL),
        ("peppermint flavour", Verdict.WAIVED),
        ("silica", Verdict.WAIVED),
    ],
)
def test_another_drug_in_the_capsule_is_waived_by_nobody(name: str, verdict: Verdict) -> None:
    """FC209 may be waived for a flavour that was added, and not for an opioid or its antagonist."""
    more = {"name": name, "lot": "A-1", "vendor": "Pellworm Ingredients", "expires": "12/2027", "weighed": "100 mg"}
    record = good()
    found = judged({**record, "components": [*record["components"], more], "waivers": [waiver("FC209")]})

    assert [f.verdict for f in found.findings if f.code == "FC209"] == [verdict]


def test_the_rules_on_waivers_cannot_be_waived() -> None:
    """FC912 cannot be waived by another waiver."""
    found = judged(low(waiver(reason="n/a"), waiver("FC912")))

    assert "FC912" in {f.code for f in found.findings if f.verdict is Verdict.FAIL}


def test_a_waiver_of_the_first_name_of_a_fault_hides_no_other_name() -> None:
    """FC305 speaks for FC307 where both find the same; once FC305 is waived, FC307 speaks for itself."""
    wrong = {"components.0.weighed": "545 mg"}
    before = {f.code for f in judged(changed(good(), wrong)).findings}
    after = judged(changed(good(), {**wrong, "waivers": [waiver("FC305")]}))

    assert "FC305" in before and "FC307" not in before
    assert {f.code for f in after.findings if f.verdict is Verdict.FAIL} >= {"FC307"}
    assert {f.code for f in after.findings if f.verdict is Verdict.WAIVED} == {"FC305"}


def test_a_waiver_lasts_a_year_at_most() -> None:
    """What is waived for longer is thought over by nobody."""
    assert judged(low(waiver(until="2027-03-03"))).verdict is Verdict.PASS
    assert judged(low(waiver(until="2027-03-04"))).verdict is Verdict.FAIL


def test_what_the_units_hold_meets_the_ceiling_whatever_is_waived() -> None:
    """Capsules with 2.5 times their label are 11.25 mg a day: by weight, by mass, by assay, by one content, said or not."""
    codes = [waiver(code) for code in ("FC305", "FC301", "FC411", "FC407", "FC402", "FC307", "FC410")]
    contents = {"expressed_as": "naltrexone-hydrochloride", "unit": "mg", "values": ["4.5"] * 9 + ["11.3"]}
    unsaid = {key: value for key, value in contents.items() if key != "expressed_as"}
    heavy = {f"unit_masses.values.{n}": "390" for n in range(len(good()["unit_masses"]["values"]))}
    wrongs = [{"components.0.weighed": "1275.6 mg"}, {"assay.value": "225 %"}, {"unit_contents": contents}]
    wrongs += [{"assay": {"value": "225 %", "date": "2026-03-06"}}, {"unit_contents": unsaid}, heavy]
    for wrong in wrongs:
        found = judged(changed(good(), {**wrong, "waivers": codes}))
        assert "FC101" in {f.code for f in found.findings if f.verdict is Verdict.FAIL}, wrong


def test_a_formulation_may_waive_for_all_its_records() -> None:
    """A waiver in the formulation counts for its records, says so, and is not called stale where it is not needed."""
    plan = formulation()
    plan["waivers"] = [waiver()]
    (waived,) = (f for f in judged(low(), library_of(plan)).findings if f.code == "FC402")

    assert waived.waiver is not None and waived.waiver.paper == "formulation"
    assert judged(good(), library_of(plan)).findings == ()


def test_a_check_that_nobody_could_make_stays_not_determined() -> None:
    """What is not determined may be taken on too; it stays visible, and the record is no pass for it."""
    record = changed(good(), {"people.verified_by.name": "null", "waivers": [waiver("FC801")]})
    found = judged(record)

    assert [f.was for f in found.findings if f.code == "FC801"] == [Verdict.NOT_DETERMINED]
    assert found.verdict is Verdict.NOT_DETERMINED
    assert found.counts.waived == 1


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_shows_what_was_waived(name: str) -> None:
    """Who, why and until when stand in every format, also under a pass, and the sentence of the pass counts them."""
    report = Report((judged(low(waiver())),))
    shown = " ".join(FORMATS[name](report).split())

    for word in ("FC402", BY, "repeated elsewhere", "2026-12-31"):
        assert word in shown
    if name == "full":
        assert PASS_SENTENCE not in shown and "but for 1 that was waived" in shown
