"""Labels, read once: what stands on them, as `planning/labels.py` reads it; and the digest a signature is bound to."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import pytest
from catalogue.pairs import good, read
from hypothesis import given
from hypothesis import strategies as st

from formcheck.papers.compounding import CompoundingRecord
from formcheck.papers.content import content_sha256
from formcheck.papers.values import Text
from formcheck.planning.batch import Batch
from formcheck.planning.labels import Intake, Label, holds_word, tidy
from formcheck.rules.labelling import container_label
from formcheck.rules.rule import Fault

LAST_DAY = date(2026, 7, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-31",
        "31 July 2026",
        "31 Jul 2026",
        "July 31, 2026",
        "Jul. 31, 2026",
        "07/31/2026",
        "31/07/2026",
        "31.07.2026",
    ],
)
def test_a_date_is_read_in_each_of_its_ways(text: str) -> None:
    """A date on a label, in figures or in words, is one and the same day; what stands before it says what it is."""
    for before, kind in (("Discard after: ", "use"), ("BUD ", "use"), ("Compounded on ", "made"), ("Visit ", "")):
        (found,) = Label(f"Naltrexone 4.5 mg capsules\n{before}{text}").dates
        assert found == (LAST_DAY, kind)


@pytest.mark.parametrize(
    "text", ["2026-13-01", "31.06.2026", "31.06.26", "13/2026", "2026-07-311", "2026-07-31-4", "May be", "30 days"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    """A day or a month that no calendar has and the number of a batch are no dates."""
    assert Label(f"Discard after {text}").dates == ()


@pytest.mark.parametrize(
    "text",
    [
        "July 2026",
        "Jul. '26",
        "07/31/26",
        "7/31/26",
        "31.07.26",
        "31-Jul-26",
        "31Jul2026",
        "07/2026",
        "2026-07",
        "2026/07/31",
    ],
)
def test_short_dates_count_after_words_that_say_what_they_are(text: str) -> None:
    """Without its day a date is the last of the month; elsewhere on the label such figures may be anything."""
    for before in ("Discard after: ", "BUD ", "Exp. ", "Beyond-use date\n", "Use by the end of "):
        assert Label(f"{before}{text}").dates == ((LAST_DAY, "use"),)
    assert all(found.kind == "" for found in Label(f"Form {text}").dates)


def test_dates_of_refills_and_of_treatment_are_no_beyond_use_dates() -> None:
    """What may be refilled or taken until a day may be used until another."""
    for before in ("Refills until ", "Take 1 capsule daily until "):
        assert [found.kind for found in Label(f"{before}2026-07-31").dates] == ["other"]
    assert Label("Refills: 3, discard after 2026-07-31").dates == ((LAST_DAY, "use"),)


def test_a_date_in_figures_is_read_as_where_the_pharmacy_is() -> None:
    """07/08/2026 is the eighth of July in the United States and the seventh of August in Europe."""
    assert Label("BUD 07/08/2026").dates == ((date(2026, 7, 8), "use"),)
    assert Label("Use by 07/08/2026", day_first=True).dates == ((date(2026, 8, 7), "use"),)
    assert Label("Use by 07/31/2026", day_first=True).dates == ((LAST_DAY, "use"),)


def test_the_last_words_before_a_date_say_what_it_is() -> None:
    """In one line a batch may have been made on one day and be discarded on another."""
    made, discarded = Label("Made 2026-03-02, discard after 2026-07-31").dates
    assert (made.kind, discarded.kind) == ("made", "use")


def test_the_worked_label_of_the_container_lacks_nothing() -> None:
    """Domain 1.7: "Naltrexone HCl 4.5 mg capsules #30, Lot 26-0042, BUD 2026-05-31" lacks nothing at room temperature."""
    paper = good() | {"id": "26-0042", "beyond_use_date": "2026-05-31"}
    paper["label"] = "Naltrexone HCl 4.5 mg capsules #30, Lot 26-0042, BUD 2026-05-31"
    assert lacking(paper) == []
    for part in ("Naltrexone HCl ", "capsules ", "#30", "Lot 26-0042", "BUD 2026-05-31"):
        (fault,) = lacking(paper | {"label": paper["label"].replace(part, "")})
        assert fault.message.startswith("the label lacks ")


def lacking(paper: dict[str, Any]) -> list[Fault]:
    """What FC701 says of a record."""
    record = read(paper).paper
    assert isinstance(record, CompoundingRecord) and container_label.faults is not None
    return list(container_label.faults(Batch(attrs.evolve(record, dosage_form="capsule"), None)))


def test_the_worked_label_of_drops_has_all_its_figures() -> None:
    """Domain 7.7: "18 drops (0.9 mL = 4.5 mg); 20 drops per mL; 5 mg/mL" shows drops, mL, mg and drops per mL."""
    label = Label("Naltrexone 5 mg/mL\n18 drops (0.9 mL = 4.5 mg); 20 drops per mL; 5 mg/mL")
    assert label.intakes == (Intake(18, (Fraction(9, 10),), (Fraction(9, 2),)),)
    assert label.drops_per_millilitre == ("20",)
    assert label.has_concentration


@pytest.mark.parametrize(
    ("text", "intakes", "per_millilitre"),
    [
        ("26 drops per mL with this dropper only", [], ["26"]),
        ("1 mL = 26 drops", [], ["26"]),
        ("drops per mL: 25.85", [], ["25.85"]),
        ("Never more than 40 drops a day", [], []),
        ("Quantity: 500 drops", [], []),
        ("Each drop contains 0.19 mg", [], []),
        ("Place 23 drops under the tongue\n(about 4.5 mg)", [(23, [], ["4.5"])], []),
        ("Place 23 drops.\nThat is 0.89 mL.\nQuantity: 25 mL", [(23, ["0.89"], [])], []),
        ("Place 8 drops (1.5 mg)\nThen 16 drops (3 mg)", [(8, [], ["1.5"]), (16, [], ["3"])], []),
    ],
)
def test_the_figures_of_drops_are_told_apart(
    text: str, intakes: list[tuple[int, list[str], list[str]]], per_millilitre: list[str]
) -> None:
    """What is taken, what a millilitre holds, what must not be passed and what is in the bottle are told apart."""
    label = Label(text)
    assert list(label.intakes) == [
        Intake(drops, tuple(map(Fraction, volumes)), tuple(map(Fraction, masses))) for drops, volumes, masses in intakes
    ]
    assert list(label.drops_per_millilitre) == per_millilitre


@pytest.mark.parametrize(
    ("text", "capsules", "volume"),
    [
        ("Naltrexone 4.5 mg capsules", False, False),
        ("Take 1 capsule at bedtime", False, False),
        ("Take 4.5 mL by mouth", False, False),
        ("Place 23 drops (4.5 mg; 0.89 mL)", False, False),
        ("Rx #30418", False, False),
        ("30 capsules", True, False),
        ("Qty: 30", True, False),
        ("Quantity 60 mL", False, True),
        ("Naltrexone 1 mg/mL oral liquid, 60 mL", False, True),
        ("5 mg/5 mL", False, False),
    ],
)
def test_the_quantity_is_not_what_is_taken(text: str, capsules: bool, volume: bool) -> None:
    """The number in the container is not the number taken, nor the strength, nor the number of a prescription."""
    assert (Label(text).has_number_of_capsules, Label(text).has_volume) == (capsules, volume)


def test_a_word_is_not_part_of_a_longer_one() -> None:
    """The number of another batch that begins or ends alike is another number."""
    assert holds_word("lot 26-0042.", "26-0042")
    assert not any(holds_word(text, "26-0042") for text in ("26-00421", "a26-0042", "26-0042-b", "", "x"))
    assert not holds_word("anything", "")


@pytest.mark.parametrize(
    ("number", "other"), [("LDN-2026-031", "LDN-2026-32"), ("26-0042-A", "26-43-A"), ("(B)7", "(B)8"), ("L1N20", "L7N2")]
)
def test_a_number_made_like_the_batch_s_own_is_another_batch(number: str, other: str) -> None:
    """Wherever it stands on the label, unless it is a part of a longer word; the batch's own is none."""
    alike = {other: True, f"see {other}.": True, f"x{other}": False, f"{other}-1": False, number: False}
    for words, named in alike.items():
        text = f"{good()['label'].replace('GOLDEN-001', number)}\n{words}"
        faults = list(container_label.faults(Batch(record({"id": number, "label": text}), None)))
        assert [fault.found for fault in faults] == ([f"lot {other.casefold()}"] if named else [])


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    """No label, however odd, stops the reading."""
    label = Label(text)
    for name in (
        "dates",
        "without_dates",
        "clauses",
        "has_number_of_capsules",
        "has_volume",
        "has_concentration",
        "intakes",
    ):
        getattr(label, name)
    assert tidy(label.text) == label.text or "\n" in label.text


def record(changes: Mapping[str, object]) -> CompoundingRecord:
    """The good record with keys of its own replaced."""
    paper = read({**good(), **changes}).paper
    assert isinstance(paper, CompoundingRecord)
    return paper


def test_a_digest_is_of_the_content_and_of_its_signer() -> None:
    """It is the same for the same content, another for another content or signer, and blind to what comes after."""
    before = record({})
    people = before.people
    assert people is not None and people.compounded_by is not None and people.verified_by is not None
    first = content_sha256(before, people.compounded_by)
    assert first == content_sha256(record({}), people.compounded_by) and len(first) == 64
    assert first != content_sha256(before, people.verified_by) != content_sha256(before)
    assert first != content_sha256(record({"residual": "401.0 mg"}), people.compounded_by), "as written"
    assert first != content_sha256(before, attrs.evolve(people.compounded_by, meaning=Text("read")))
    later = {"expects": ["FC701"], "amends": {"id": "X"}, "audit_trail": [{"by": "Maren"}]}
    assert first == content_sha256(record(later), people.compounded_by)
    assert first == content_sha256(before, attrs.evolve(people.compounded_by, content_sha256=Text(first)))
