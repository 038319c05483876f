"""What a label tells the patient to take: read with caution, counted for the most, never read as less than it says."""

from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from published.records import judged, record

from formcheck.planning.directions import read_directions

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12} | {str(n): n for n in range(1, 13)}
OFTEN = {
    "once daily": 1,
    "twice daily": 2,
    "three times a day": 3,
    "4 times daily": 4,
    "3x a day": 3,
    "every other day": 1,
    "every 12 hours": 2,
    "every eight hours": 3,
    "q6h": 4,
    "every 5 hours": 5,
    "hourly": 24,
    "at 8 am and 8 pm": 2,
    "at bedtime": 1,
    "nightly": 1,
    "every morning and evening": 2,
    "in the morning and at bedtime": 2,
    "with breakfast, lunch and dinner": 3,
}
VERBS = ("Take", "Swallow", "Consume", "Use", "Dose:", "Sig:", "TAKE", "Please take", "")


@pytest.mark.parametrize(
    ("label", "at_once", "per_day"),
    [
        ("Take 1 capsule by mouth once daily at bedtime.", 1, 1),
        ("Take one (1) capsule by mouth every evening.", 1, 1),
        ("TAKE 1 CAPSULE\nBY MOUTH\nTHREE TIMES DAILY", 1, 3),
        ("TAKE 1 CAPSULE\nIN THE MORNING AND\nAT BEDTIME", 1, 2),
        ("Take 1 capsule in the morning and 2 capsules at bedtime.", 3, 1),
        ("Take 1 capsule in the morning. Take 2 capsules at bedtime.", 3, 1),
        ("Take 1 capsule in the morning, then 2 capsules at bedtime.", 3, 1),
        ("Take 1 capsule for 14 days, then 3 capsules.", 3, 1),
        ("Week 1: take 1 capsule at bedtime. Week 2: take 2 capsules at bedtime.", 2, 1),
        ("Week 1: take 1 capsule at bedtime. Week 1: take 2 capsules in the morning.", 3, 1),
        ("Take 1 capsule in the morning (8 am) and at bedtime (9 p.m.).", 1, 2),
        ("Take 1 capsule at 9 pm.", 1, 1),
        ("Take 1 capsule 30 minutes before bed with 100 mL of water.", 1, 1),
        ("Take 1 capsule at bedtime. Do not take more than 1 capsule a day.", 1, 1),
        ("Take 1 capsule by mouth at bedtime, do not crush or chew.", 1, 1),
        ("Take 1 or 2 capsules at bedtime for chronic pain.", 2, 1),
        ("Rx 12345. Take 1 capsule nightly. Refills until 2026-09-01.", 1, 1),
        ("Take this medicine at the same time each day. Take 1 capsule (4.5 mg total) by mouth daily x 30 days.", 1, 1),
        ("One to be taken at night.", 1, 1),
        ("Take 1 cap by mouth with 8 oz of water, 1 hour before bed.", 1, 1),
        ("Take 1 capsule once in the morning and twice in the evening.", 1, 3),
        ("Take 1 capsule twice every 12 hours.", 1, 4),
        ("Take 2 capsules day and night.", 2, 2),
        ("Take 1 capsule at 8 am, at noon and at 8 pm.", 1, 3),
        ("Take 1 capsule in the morning. In the evening. At bedtime.", 1, 3),
        ("Take 1 capsule every morning and 1 capsule at bedtime for 14 days, then 2 capsules at bedtime.", 3, 1),
        ("Take 1 capsule daily. May cause vivid dreams at night. Keep in a cool place. If you miss a dose, skip it.", 1, 1),
    ],
)
def test_plain_directions_are_counted(label, at_once, per_day):
    """Ordinary directions, on one line or on many, with what usually stands beside them."""
    found = read_directions(label)

    assert (found.understood, found.at_once, found.per_day) == (True, at_once, per_day)


@pytest.mark.parametrize(
    "label",
    [
        "Quantity: 30 capsules",
        "30 capsules",
        "#30",
        "100 mL",
        "Naltrexone hydrochloride 4.5 mg capsules",
        "Each capsule contains 4.5 mg naltrexone hydrochloride",
        "Discard after: 2026-07-31",
        "Do not take with opioid pain medicines.",
        "26 drops per mL with this dropper only. Do not change the dropper.",
        "Shake well before use.",
        "For oral use only.",
        "Once opened, use within 30 days. Refills: 3.",
        "May cause drowsiness at night.",
        "Compounded by Night Owl Pharmacy, 14 Mill Lane, tel. 555-0142",
        "Store at 20-25 °C in a cool place.",
    ],
)
def test_what_is_no_direction_gives_none(label):
    """Strengths, quantities, storage, warnings and addresses say nothing of what is taken."""
    assert read_directions(label) == read_directions(None)


@pytest.mark.parametrize(
    "label",
    [
        "Tаke 4 capsules nightly",  # a Cyrillic letter
        "Take 1 capsule\u200b9 nightly",
        "Take ٤ capsules nightly",
        "1 capsule or 9 nightly",
        "Take 1 capsule as needed for pain.",
        "Take ii capsules nightly",
        "Take 1O capsules nightly",
        "Take 1/2 capsule nightly",
        "Take ½ capsule nightly",
        "Take 2.5 capsules nightly",
        "Take the whole bottle.",
        "Take 1 capsule every day, and 8 more.",
        "Take 1 capsule +9 daily",
        "Take 1 capsule, repeat in 2 hours.",
        "Take 1 capsule 2 hours after the last dose.",
        "Take 1 capsule daily. Increase by 1 capsule each week.",
        "Take 1 teaspoonful nightly.",
        "Take half a dropperful nightly.",
        "Place the drops under the tongue.",
        "Tome 4 capsulas cada noche.",
        "TAKE 2\nCAPSULES DAILY",
        "Naltrexone 4.5 mg capsules: 3 at bedtime",
    ],
)
def test_what_could_mean_more_is_never_passed_over(label):
    """A figure or a word that belongs to nothing known leaves the dose open, whatever the record itself says."""
    found = read_directions(label)

    assert found.given
    assert not found.understood
    assert not found.accounted
    assert found.unclear or "2.5" in label or "Increase" in label


@pytest.mark.parametrize(
    "label",
    [
        "Munch 4 capsules",
        "1 capsule bid.",
        "Titrate up to 4 capsules as tolerated",
        "Use as directed.",
        "Take 1 capsule daily. May increase to 4 capsules.",
        "Larkfield",
        "Take 1 capsule nightly, not with grapefruit.",
    ],
)
def test_words_that_are_not_known_are_left_to_the_record(label):
    """Where all figures are counted and a word is not known, the record may say what is taken."""
    found = read_directions(label)

    assert (found.understood, found.accounted) == (False, True)


@pytest.mark.parametrize(
    ("label", "drops", "millilitres", "milligrams"),
    [
        ("Place 23 drops under the tongue once daily (about 4.5 mg; 0.89 mL).", 23, "0.89", "4.5"),
        ("Take 4.5 mL by mouth with the 10 mL oral syringe at bed time.", 0, "4.5", "0"),
        ("Take 4.5 mL (45 mL) by mouth once daily.", 0, "45", "0"),
        ("Take 4.5 mg by mouth once daily.", 0, "0", "4.5"),
        ("Take 4500 mcg by mouth once daily.", 0, "0", "4.5"),
        ("Take 4.5 g by mouth once daily.", 0, "0", "4500"),
        ("Take 0.5 mL then 1 mL by mouth at bedtime.", 0, "1.5", "0"),
        ("Place 5 drops and 0.5 mL under the tongue once daily.", 5, "0.5", "0"),
        ("Take 1.5 mL once daily for 14 days.\nThen take 3 mL once daily for 14 days.", 0, "3", "0"),
    ],
)
def test_volumes_drops_and_milligrams_are_counted(label, drops, millilitres, milligrams):
    """Of figures for the same intake the largest counts; what is taken one after the other is added."""
    found = read_directions(label)

    assert found.understood
    assert (found.drops, found.millilitres, found.milligrams) == (drops, Fraction(millilitres), Fraction(milligrams))


LABELS = Path(__file__).with_name("labels")
ABOVE, HONEST = (yaml.safe_load((LABELS / f"{name}.yaml").read_text("utf-8")) for name in ("above_ceiling", "honest"))
PLAIN = "Take 1 capsule by mouth once daily at bedtime."
SAID = {"dose": {"capsules": "1"}, "per_day": "1"}


def labelled(directions: str, **more: Any) -> str:
    """The verdict of a good record with other directions, and what it was found to have."""
    found = judged(record({"label": record()["label"].replace(PLAIN, directions), **more}))
    return f"{found.verdict} {sorted({f.code for f in found.findings})}"


@pytest.mark.parametrize("directions", [*ABOVE["always"], *ABOVE["silent"]])
def test_no_directions_above_the_ceiling_pass(directions):
    """Of four hundred ways to say more than 10 mg a day, or nobody knows how much, none passes."""
    assert not labelled(directions).startswith("pass")


@pytest.mark.parametrize("directions", [*ABOVE["always"], *ABOVE["said"]])
def test_what_the_record_says_does_not_hide_what_the_label_says(directions):
    """One capsule a day in the record is no answer to a label that says more."""
    assert not labelled(directions, **SAID).startswith("pass")


@pytest.mark.parametrize("line", HONEST["beside"])
def test_honest_lines_beside_directions_raise_no_alarm(line):
    """Refills, prices, hours, warnings, ids, addresses: a good record stays without a single finding."""
    assert labelled(f"{PLAIN}\n{line}") == "pass []"


@pytest.mark.parametrize("directions", HONEST["directions"])
def test_honest_directions_raise_no_alarm(directions):
    """One capsule a day in many words is one capsule a day."""
    assert labelled(directions) == "pass []"


class Written(NamedTuple):
    text: str
    capsules_a_day: int


@st.composite
def sentences(draw: st.DrawFn) -> Written:
    """A sentence that a pharmacist might write, with the capsules a day that it says."""
    number = draw(st.sampled_from(sorted(NUMBERS)))
    often = draw(st.sampled_from(sorted(OFTEN)))
    words = draw(
        st.sampled_from(["", " by mouth", " with food", " for pain", " (4.5 mg)", " as directed", " slowly, with water"])
    )
    strength = draw(st.sampled_from(["", "x 4.5 mg ", "hard gelatin "]))
    plural = "capsules" if NUMBERS[number] > 1 else "capsule"
    verb = draw(st.sampled_from(VERBS))
    text = f"{verb} {number} {strength}{plural}{words} {often}".strip()
    text = draw(st.sampled_from([text, text.upper(), text.replace(" ", "\n", 1).capitalize(), text.replace(" ", "  ")]))
    return Written(text, NUMBERS[number] * OFTEN[often])


@given(st.lists(sentences(), min_size=1, max_size=3), st.sampled_from([". ", "\n", "; ", ".\n", " and ", ", then "]))
def test_no_label_is_read_as_less_than_it_says(written, joint):
    """However sentences are joined, the label is understood as no less than all of them, or not understood at all."""
    found = read_directions("Naltrexone hydrochloride 4.5 mg capsules\n" + joint.join(one.text for one in written) + ".")

    assert found.given
    assert not found.understood or found.at_once * found.per_day >= sum(one.capsules_a_day for one in written)


WORDS = [
    *(*NUMBERS, *OFTEN, "take", "capsule", "capsules", "mL", "drops", "4.5 mg", "and", "or", "then", "not", "(", ")", "."),
    *(",", "\n", "for 14 days", "week 2", "maximum", "increase", "up to", "0.5", "½", "#", "=", "/", "per mL", "bottle"),
]


@given(st.text(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_any_text_is_read_without_an_error(text):
    """No label stops the work, and one that is understood is accounted for."""
    found = read_directions(text)

    assert found.accounted or not found.understood
    assert found.at_once >= 1
    assert found.per_day >= 1


@given(sentences(), st.sampled_from(["9", "or 9", "another", "as needed", "half", "extra", "²٣", "and 12", "repeat"]))
def test_a_stray_figure_or_word_for_more_is_never_lost(written, stray):
    """A figure or a word that could mean more, anywhere in a direction, leaves it not accounted for, or counts."""
    place = written.text.split()
    for position in range(1, len(place) + 1):
        found = read_directions(" ".join([*place[:position], stray, *place[position:]]))
        assert not found.understood or found.at_once * found.per_day >= written.capsules_a_day
