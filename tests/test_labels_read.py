"""How the text of a label is read, sign by sign: what is made plain, where sentences end, which figures are quantities."""

from fractions import Fraction

import pytest

from formcheck.planning.labels import Intake, Label, holds_word, tidy


def test_odd_signs_are_made_plain() -> None:
    """Dashes of every length and the minus are hyphens; digits of full width are digits; the double bar is none of it."""
    for code in (*range(0x2010, 0x2016), 0x2212):
        assert tidy(f"20{chr(code)}25") == "20-25"
    for code in (0x200F, 0x2016, 0x2213, 0x2044):
        assert tidy(f"20{chr(code)}25") != "20-25"
    assert tidy("\uff14.\uff15\u00a0mg") == "4.5 mg"
    assert tidy("a  b\t c") == "a b c"
    assert (tidy(None), tidy("")) == ("", "")


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("Take one\nwith food", "Take one with food"),
        ("Take one\n(4.5 mg)", "Take one (4.5 mg)"),
        ("Take one\nWith food", "Take one\nWith food"),
        ("Take one\n2 mL", "Take one\n2 mL"),
        *((f"Take one{end}\nwith food", f"Take one{end}\nwith food") for end in ".!?;:"),
        ("Take one\n\n \nStore cold", "Take one\nStore cold"),
    ],
)
def test_a_line_that_goes_on_belongs_to_the_one_before(text: str, tidied: str) -> None:
    """In lower case or in brackets, unless the line before has its end; empty lines are left out."""
    assert tidy(text) == tidied


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("26-0042", True), ("lot 26-0042.", True), ("26-0042 and A26-0042", True), ("A26-0042, 26-0042, 26-00421", True),
        ("26-00421 26-0042", True), ("A26-0042", False), ("26-00421", False), ("26-0042-B", False), ("26-0042_B", False),
        ("X26-0042", False), ("26-0041", False),
    ],
)  # fmt: skip
def test_a_word_stands_by_itself(text: str, is_there: bool) -> None:
    """Anywhere in the text, before and after others that only hold it."""
    assert holds_word(text, "26-0042") is is_there
    assert not holds_word(text, "")


def test_where_sentences_and_clauses_end() -> None:
    """At the end of a line, at marks, and at commas that are not within a number; brackets are left out of clauses."""
    label = Label("Take one. Stop!! Now? Yes\nStore cold, dry (in a box, closed) and dark; 1,000 of 2;5")
    assert label.sentences == (
        "take one", "stop", " now", " yes", "store cold, dry (in a box, closed) and dark; 1,000 of 2;5",
    )  # fmt: skip
    assert label.clauses == ("take one", "stop", "now", "yes", "store cold", "dry   and dark", "1,000 of 2;5")


def test_a_label_without_its_dates_keeps_its_lines() -> None:
    """Line by line."""
    assert Label("Lot 7\nMade 2026-03-02\nStore cold").without_dates == "lot 7\nmade  \nstore cold"


@pytest.mark.parametrize(
    ("text", "capsules"),
    [
        ("Take 1 capsule daily.\nQuantity: 30 capsules", [30]),
        ("30 capsules\n1 capsule by mouth", [30]),
        ("60 capsules of the bottle; in total 30 capsules", [30]),
        ("12 caps, 18 hard gelatin capsules", [12, 18]),
        ("# 30", [30]), ("Rx #30", []), ("Lot #30", []),
        ("Qty 30", [30]), ("Quantity of 30", [30]), ("Count: 30 mL", []),
        ("1 capsule at bedtime", []),
    ],
)  # fmt: skip
def test_how_many_capsules_are_in_the_container(text: str, capsules: list[int]) -> None:
    """What is called a quantity counts before other figures; what is taken never does."""
    label = Label(text)
    assert label.quantities("capsules") == tuple(capsules)
    assert label.has_number_of_capsules is bool(capsules)


@pytest.mark.parametrize(
    ("text", "volumes"),
    [
        ("Take 2 mL by mouth daily.\nQuantity: 60 mL", ["60"]),
        ("60 millilitres", ["60"]), ("60 milliliter", ["60"]), ("59.5 mL", ["59.5"]),
        ("5 mL by mouth", []), ("Take 5 mL", []),
        ("60 mL in the bottle, total 30 mL", ["30"]),
        ("dispensed 60 mL for use by mouth", ["60"]), ("for use by mouth: dispensed 60 mL", ["60"]),
        ("5 mg/mL, 30 mL", ["30"]), ("5 mg per 5 mL", []), ("1 mg/5 mL", []),
        ("/5 mL", []), ("26 drops in 1 mL, 30 mL", ["30"]),
        ("1 mL = 26 drops, 30 mL", ["30"]),
    ],
)  # fmt: skip
def test_how_many_millilitres_are_in_the_container(text: str, volumes: list[str]) -> None:
    """Not what is taken, nor the mL of a concentration or of a drop factor."""
    label = Label(text)
    assert label.quantities("mL") == tuple(map(Fraction, volumes))
    assert label.has_volume is bool(volumes)


@pytest.mark.parametrize(
    ("text", "directs"),
    [
        ("Take 2 mL", True), ("2 mL by mouth", True), ("With the 3 mL oral syringe", False),
        ("Quantity 60 mL, 1 daily", False),
        ("60 mL total, taken daily", False), ("Take with food. 60 mL", False), ("Take one", False),
    ],
)  # fmt: skip
def test_directions_in_millilitres(text: str, directs: bool) -> None:
    """A sentence about taking with a number of mL that is no quantity."""
    assert Label(text).has_directions_in_millilitres is directs


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Take 1 capsule daily", True), ("Take 1 capsule daily, then 2", False), ("Keep cold. Take 1 or 2 daily", False),
        ("1 capsule by mouth for a week, then 2", False), ("Store cold or dry", True),
        ("Quantity 30 or 60, taken daily", True),
        ("30 or 60 in total, taken daily", True),
    ],
)  # fmt: skip
def test_whether_the_dose_stays_the_same(text: str, is_one: bool) -> None:
    """One sentence of the directions that says otherwise is enough; other sentences say nothing of it."""
    assert Label(text).has_one_dose is is_one


@pytest.mark.parametrize(
    ("text", "intakes"),
    [
        ("Place 23 drops. This is 0.89 mL.", [Intake(23, (Fraction("0.89"),), ())]),
        ("Place 23 drops. This is 0.89 mL. Or 4.5 mg.", [Intake(23, (Fraction("0.89"),), ())]),
        ("Place 23 drops (4.5 mg). This is 0.89 mL or 5 mg.", [Intake(23, (Fraction("0.89"),), (Fraction("4.5"),))]),
        ("Place 23 drops (0.9 mL). This is 0.89 mL.", [Intake(23, (Fraction("0.9"),), ())]),
        ("Place 2 drops. Then 3 drops (1 mL).", [Intake(2), Intake(3, (Fraction(1),))]),
        ("Place 2 drops. Never 3 drops.", [Intake(2)]),
        ("Place 23 drops", [Intake(23)]),
        ("Place 23 drops (4500 mcg)", [Intake(23, (), (Fraction("4.5"),))]),
        ("Place 23 drops (4500 micrograms)", [Intake(23, (), (Fraction("4.5"),))]),
        ("Place 23 drops (4.5 milligrams)", [Intake(23, (), (Fraction("4.5"),))]),
        ("26 drops per mL: place 23 drops", [Intake(23)]),
        ("1 mL = 26 drops; place 23 drops", [Intake(23)]),
        ("Contents 400 drops", []),
        ("400 drops, net", []),
        ("Place 23 drops, at most 30", []),
        ("Total 400 drops", []), ("Each drop holds 0.2 mg, 23 drops", []), ("Take 0 drops", []),
    ],
)  # fmt: skip
def test_the_figures_of_an_intake(text: str, intakes: list[Intake]) -> None:
    """The mL and mg of its sentence, else of the one after it where that has no drops of its own."""
    assert Label(text).intakes == tuple(intakes)


@pytest.mark.parametrize(
    ("text", "has"),
    [("5 mg/mL", True), ("500 mcg per mL", True), ("5 mg in 1 mL", True), ("5 mg and 1 mL", False), ("5 mg/5 mL", False)],
)
def test_a_concentration(text: str, has: bool) -> None:
    """Milligrams of one millilitre."""
    assert Label(text).has_concentration is has
