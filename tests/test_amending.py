"""Corrections: the newest record is judged, and shows what it corrects. None of them hides anything."""

from __future__ import annotations

from typing import Any

import pytest
from catalogue.pairs import changed, good, judged

from formcheck.amending import chained
from formcheck.findings import Severity, Verdict
from formcheck.formats.table import FORMATS
from formcheck.verdicts import Judged, Report

SAYS = {"what": "assay 80.0 % to 99.1 %", "why": "misread certificate", "by": "Idris Calloway, RPh", "on": "2026-03-09"}


def record(id: str, amends: str | None = None, **changes: Any) -> Judged:
    """A judged record, in a file named after its id."""
    made = changed(good(), {"id": id, "label": good()["label"].replace("GOLDEN-001", id), **changes})
    if amends is not None:
        made["amends"] = {"id": amends, **SAYS}
    return _at(judged(made), f"{id}.yaml")


def _at(entry: Judged, path: str) -> Judged:
    import attrs

    return attrs.evolve(entry, path=path)


def ids(entries: tuple[Judged, ...]) -> list[str | None]:
    return [entry.id for entry in entries]


def test_the_newest_record_takes_the_place_of_the_one_it_corrects() -> None:
    """The old one is no entry any more; the new one says what it corrects and what verdict that had."""
    old, new = record("A", **{"assay.value": "80.0 %"}), record("A-1", "A")
    found = chained([old, new])

    assert ids(found) == ["A-1"]
    (link,) = found[0].chain
    assert (link.id, link.path, link.verdict, link.why) == ("A", "A.yaml", Verdict.FAIL, "misread certificate")


def test_a_chain_of_corrections_is_shown_to_its_beginning() -> None:
    """The third record carries both others, the nearest first, in whatever order the files are read."""
    first, second, third = record("A"), record("B", "A"), record("C", "B")
    for order in ([first, second, third], [third, second, first], [second, third, first]):
        found = chained(order)
        assert ids(found) == ["C"]
        assert [link.id for link in found[0].chain] == ["B", "A"]


def test_a_correction_whose_record_is_not_there_says_so() -> None:
    """The new record alone is judged; its chain names the old one without a verdict."""
    (found,) = chained([record("A-1", "A")])

    assert [(link.id, link.verdict) for link in found.chain] == [("A", None)]
    assert "is not among the records read" in " ".join(FORMATS["full"](Report((found,))).split())


def test_two_corrections_of_one_record_cannot_stand() -> None:
    """Both fail, each names the other, and the record they correct stays."""
    found = chained([record("A"), record("B", "A"), record("C", "A")])

    assert ids(found) == ["A", "B", "C"]
    assert [entry.verdict for entry in found] == [Verdict.PASS, Verdict.FAIL, Verdict.FAIL]
    assert "corrected twice" in found[1].findings[-1].message and "C.yaml" in found[1].findings[-1].message


@pytest.mark.parametrize("change", [{"strength": "3 mg"}, {"made": "2026-03-01"}, {"quantity": "60 capsules"}], ids=str)
def test_a_correction_of_another_batch_hides_nothing(change: dict[str, str]) -> None:
    """A failing record does not go away because a record of another batch claims to correct it."""
    found = chained([record("A", **{"assay.value": "80.0 %", **change}), record("B", "A")])

    assert ids(found) == ["A", "B"]
    assert [entry.verdict for entry in found] == [Verdict.FAIL, Verdict.FAIL]
    assert "another batch" in found[1].findings[-1].message


def test_a_correction_with_other_lots_hides_nothing() -> None:
    """One lot may have been written down wrongly; where most of them differ, it is another batch of the same day."""
    lots = {f"components.{place}.lot": f"OTHER-{place}" for place in range(3)}
    one = chained([record("A", **{"assay.value": "80.0 %"}), record("B", "A", **{"components.1.lot": "MCC-9999"})])
    all_of_them = chained([record("A", **{"assay.value": "80.0 %"}), record("B", "A", **lots)])

    assert ids(one) == ["B"]
    assert ids(all_of_them) == ["A", "B"]
    assert "another batch" in all_of_them[1].findings[-1].message


def test_a_correction_takes_no_dose_above_the_ceiling_out_of_the_report() -> None:
    """A label that said 9 capsules went out: the record that corrects it passes, and the first one stays and fails."""
    above = good()["label"].replace("Take 1 capsule", "Take 9 capsules")
    found = chained([record("A", label=above), record("B", "A")])

    assert ids(found) == ["A", "B"]
    assert [entry.verdict for entry in found] == [Verdict.FAIL, Verdict.PASS]


def test_corrections_do_not_drift_from_batch_to_batch() -> None:
    """Each correction may change one lot, but the last must still share most lots with the first."""
    lots = [{f"components.{place}.lot": f"OTHER-{place}" for place in range(number)} for number in range(4)]
    steps = [
        record("A", **{"assay.value": "80.0 %"}),
        *(record(f"B{n}", "A" if n == 1 else f"B{n - 1}", **lots[n]) for n in (1, 2, 3)),
    ]
    found = chained(steps)

    assert "A" in ids(found) or any(entry.verdict is Verdict.FAIL for entry in found)
    assert found[-1].verdict is Verdict.FAIL
    assert "another batch" in found[-1].findings[-1].message


def test_a_correction_that_is_named_twice_is_one() -> None:
    """A file named by itself and by its folder corrects once."""
    old, new = record("A"), record("A-1", "A")

    assert ids(chained([old, new, new])) == ["A-1"]


def test_an_incomplete_correction_hides_nothing() -> None:
    """A correction that does not say why replaces nothing, and is not determined."""
    new = changed(good(), {"id": "B", "amends": {"id": "A", "what": "assay"}})
    found = chained([record("A", **{"assay.value": "80.0 %"}), _at(judged(new), "B.yaml")])

    assert ids(found) == ["A", "B"]
    assert found[0].verdict is Verdict.FAIL and found[1].verdict is not Verdict.PASS


def test_records_that_correct_each_other_both_stay() -> None:
    """A circle of corrections is an error in each of them."""
    found = chained([record("A", "B"), record("B", "A")])

    assert ids(found) == ["A", "B"]
    assert {entry.verdict for entry in found} == {Verdict.FAIL}
    assert all("circle" in entry.findings[-1].message for entry in found)


def test_a_record_that_stands_twice_is_not_corrected() -> None:
    """With two files of one id nobody can say which one is corrected."""
    found = chained([_at(record("A"), "one.yaml"), _at(record("A"), "two.yaml"), record("B", "A")])

    assert len(found) == 3
    assert found[2].verdict is Verdict.FAIL


def test_without_corrections_nothing_changes() -> None:
    """Entries without corrections come back as they are."""
    entries = (record("A"), record("B"))

    assert chained(entries) == entries


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_shows_the_chain(name: str) -> None:
    """The id of the record that was corrected stands in every format."""
    found = chained([record("OLD-7"), record("NEW-8", "OLD-7")])

    assert "OLD-7" in FORMATS[name](Report(found))


def test_two_records_of_one_batch_and_one_id_are_named() -> None:
    """Each of them says where the other stands, as a warning that --strict makes count; neither disappears."""
    one, other = record("A"), _at(record("A", **{"assay.value": "98.0 %"}), "copy/A.yaml")
    found = chained([one, other])

    assert [entry.same_id for entry in found] == [("copy/A.yaml",), ("A.yaml",)]
    for entry, elsewhere in zip(found, ("copy/A.yaml", "A.yaml"), strict=True):
        (finding,) = (f for f in entry.findings if f.code == "FC914")
        assert finding.message == f"A stands here and in {elsewhere}, for one batch: nobody can say which of them counts"
        assert (finding.severity, entry.verdict) == (Severity.WARNING, Verdict.PASS)
    assert {entry.verdict for entry in chained([one, other], strict=True)} == {Verdict.FAIL}


def test_two_batches_of_one_id_are_said_and_are_no_fault() -> None:
    """A number of a prescription may stand on each of its refills: the report says where, and finds nothing."""
    one, other = record("RX-1"), _at(record("rx-1", made="2026-03-03"), "refill.yaml")
    found = chained([one, other])

    assert [entry.same_id for entry in found] == [("refill.yaml",), ("RX-1.yaml",)]
    assert not any(f.code == "FC914" for entry in found for f in entry.findings)
    for name in ("full", "concise"):
        assert "same id has also" in " ".join(FORMATS[name](Report(found)).split())
    assert '"same_id"' in FORMATS["json"](Report(found))


def test_many_rows_of_one_id_are_named_by_the_first_few() -> None:
    """A thousand rows that share an id name five of the others, and take no longer for it."""
    one = record("A")
    many = chained([_at(one, f"{n}.yaml") for n in range(1000)])

    assert {len(entry.same_id) for entry in many} == {5}


def test_the_last_line_says_what_was_folded_and_what_only_warns() -> None:
    """A corrected record is counted where it no longer stands by itself, and so are warnings and what was waived."""
    folded = FORMATS["full"](Report(chained([record("A"), record("A-1", "A")])))
    warned = FORMATS["full"](Report((record("B", **{"people.verified_by.name": "Maren Tolliver"}),)))

    assert folded.splitlines()[-1] == (
        "PASS  1 record: 0 fail, 0 not determined, 1 pass; 1 record not counted, because another one corrects it."
    )
    assert warned.splitlines()[-1] == "PASS  1 record: 0 fail, 0 not determined, 1 pass; 1 warning."
