"""The days of directions: steps after each other, what is taken at once in them, and how often a day.

A line of days.txt is a text and its steps: each intake with how often a day, how often the step says by itself (bare),
and whether it is a limit, lasts for some time, or follows, with its heading.
"""

from fractions import Fraction
from pathlib import Path

import pytest

from formcheck.planning.days import Amounts, Intake, Step, day_of, exceeds, most_of, stated_day, steps_of
from formcheck.planning.phrases import phrases_of

LINES = Path(__file__).with_name("days.txt").read_text(encoding="utf-8").splitlines()


def shown(step: Step) -> str:
    """A step as a line of the table has it."""
    parts = []
    for intake in step.intakes:
        amounts = zip(intake.amounts, ("capsules", "drops", "mL", "mg"), strict=True)
        parts.append(f"{' '.join(f'{number} {unit}' for number, unit in amounts if number)} x {intake.per_day}")
    says = {"allows": step.allows, "lasts": step.lasts, "then": step.then}
    heading = [] if step.heading is None else [step.heading.text]
    return ", ".join([*parts, f"bare {step.bare}", *(word for word, is_so in says.items() if is_so), *heading])


@pytest.mark.parametrize("line", LINES)
def test_the_steps_of_a_sentence(line: str) -> None:
    """Amounts in other words are one intake, amounts that are added are two; times of day are added, doubles are not."""
    text, _, steps = line.partition(" -> ")
    assert "; ".join(map(shown, steps_of(phrases_of(text)))) == steps


def capsules(number: int, per_day: int = 1) -> Intake:
    """So many capsules at once."""
    return Intake(Amounts(Fraction(number), Fraction(0), Fraction(0), Fraction(0)), per_day)


def drops(number: int, per_day: int = 1) -> Intake:
    """So many drops at once."""
    return Intake(Amounts(Fraction(0), Fraction(number), Fraction(0), Fraction(0)), per_day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("take 1 capsule daily", capsules(1)),
        ("take 1 capsule for 14 days then 2 capsules", capsules(2)),
        ("take 3 capsules for 14 days then 2 capsules", capsules(3)),
        ("take 1 capsule then 2 capsules", capsules(3)),
        ("take 1 capsule twice daily then 1 capsule three times daily", capsules(1, 5)),
        ("week 1 take 1 capsule week 2 take 2 capsules", capsules(2)),
        ("week 2 take 1 capsule week 1 take 2 capsules", capsules(3)),
        ("week 1 take 1 capsule week 1 take 2 capsules", capsules(3)),
        ("week 1 take 1 capsule day 8 take 2 capsules", capsules(3)),
        ("weeks 1 to 2 take 1 capsule week 2 take 2 capsules", capsules(3)),
        ("weeks 1 to 2 take 1 capsule week 3 take 2 capsules", capsules(2)),
        ("from week 1 take 1 capsule week 2 take 2 capsules", capsules(3)),
        ("week 1 take 1 capsule from week 2 take 2 capsules", capsules(2)),
        ("take 1 capsule after 2 weeks take 2 capsules", capsules(3)),
        ("take 1 capsule for 14 days after 2 weeks take 2 capsules", capsules(2)),
        ("take 1 capsule week 2 take 2 capsules", capsules(3)),
        ("take 1 capsule at noon and 1 capsule at bedtime for 7 days then 2 capsules", capsules(3)),
        ("take 1 capsule at 9 am and 2 capsules at noon and 3 capsules at bedtime for 7 days then 4 capsules", capsules(9)),
        ("take 1 capsule for 7 days then 2 drops", Intake(Amounts(*map(Fraction, (1, 2, 0, 0))), 1)),
        ("take 3 capsules for 7 days then 1 capsule 4 times daily", capsules(4)),
    ],
)
def test_the_largest_day_that_is_stated(text: str, day: Intake) -> None:
    """What follows in time takes the place of what came before; everything else is taken beside it."""
    assert stated_day(steps_of(phrases_of(text)), 1) == day


def test_a_sentence_of_its_own_follows_nothing() -> None:
    """Without "then" it is taken beside the one before, though that lasts for some days only."""
    sentences = [steps_of(phrases_of(f"take {number} capsules for 7 days")) for number in (1, 2)]
    assert stated_day([step for steps in sentences for step in steps], 1) == capsules(3)


def test_days_of_several_intakes() -> None:
    """Alike they are as many; else their sum at once. How often is said of the whole counts for each."""
    assert day_of((capsules(1), capsules(1, 2)), 1) == capsules(1, 3)
    assert day_of((capsules(1), capsules(1)), 2) == capsules(1, 4)
    assert day_of((capsules(1), capsules(2, 2)), 1) == capsules(5)
    assert day_of((capsules(2, 3),), 2) == capsules(2, 3)
    assert stated_day([], 1) is None


def test_the_most_of_several_days() -> None:
    """Unit by unit, at once where all are taken as often, else of the whole day."""
    assert most_of([capsules(1, 3), capsules(2, 3)]) == capsules(2, 3)
    assert most_of([capsules(1, 3), capsules(2, 1)]) == capsules(3, 1)
    assert most_of([capsules(3, 1), drops(2, 1)]) == Intake(Amounts(*map(Fraction, (3, 2, 0, 0))), 1)
    assert exceeds(capsules(2, 2), capsules(3)) and not exceeds(capsules(2, 2), capsules(4))
    assert exceeds(drops(1), capsules(4)) and not exceeds(capsules(1), capsules(1))
