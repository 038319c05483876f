"""Titrations: days in order without a gap, supply that covers them, no day above the ceiling, changes of the plan."""

import datetime
import itertools
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from formcheck.dose import CEILING
from formcheck.errors import CannotConvert
from formcheck.liquid import DropFactor, Preparation, read_run
from formcheck.planning.schedule import Change, days_of, held, placed, rising, split, stepped_back
from formcheck.planning.titration import Step
from formcheck.substance import Basis, as_hydrochloride
from formcheck.timetable import titration_as_data, titration_as_text
from formcheck.titrating import Hand, Supply, titrate
from formcheck.units import amount

HALF = Fraction(1, 2)
CAPSULES = Hand((HALF, 3 * HALF))
LIQUID = Hand((), Preparation(Fraction(5)))
DROPS = Hand((), Preparation(Fraction(5)), DropFactor.from_runs([read_run("20 drops, 0.77 mL")] * 3))

doses = st.integers(1, 48).map(lambda n: Fraction(n, 4))
steps = st.lists(st.builds(Step, doses, st.integers(1, 3), st.integers(1, 40)), min_size=1, max_size=6)
hands = st.sampled_from([CAPSULES, LIQUID, DROPS, Hand((Fraction(1, 4),))])


@given(doses, doses, doses, st.integers(1, 30), st.integers(1, 4))
def test_a_rising_plan_begins_and_ends_where_it_should_and_never_rises_more_than_asked(
    start: Fraction, target: Fraction, step: Fraction, every: int, per_day: int
) -> None:
    """The first day has the start, the last the target, no rise is larger than the step, every dose lasts as long."""
    assume(start <= target)
    plan = rising(start, target, step, every, None, per_day)

    daily = [each.daily for each in plan]
    assert (daily[0], daily[-1], plan[-1].days) == (start, target, None)
    assert all(0 < after - before <= step for before, after in itertools.pairwise(daily))
    assert all(each.days == every for each in plan[:-1]) and all(each.per_day == per_day for each in plan)


@given(steps, hands, st.none() | st.integers(1, 60))
def test_no_titration_carries_a_day_above_the_ceiling(plan: list[Step], hand: Hand, fill: int | None) -> None:
    """A plan with a day above 10 mg has no steps, no totals, no fills: FC101 alone. Else no day of it passes 10 mg."""
    result = titrate(plan, [plan], [hand], Supply(fill))
    data = titration_as_data(result)

    if max(step.daily for step in plan) > CEILING.value:
        assert list(data) == ["findings"] and [f["code"] for f in data["findings"]] == ["FC101"]
        assert result.exit_status == 1 and "REFUSED" in titration_as_text(result)
        return
    given_doses = [step["delivered_mg"] * step["per_day"] for step in data["steps"] if "delivered_mg" in step]
    assert max([data["max_daily_mg"], *given_doses]) <= 10


@given(steps, hands, st.integers(1, 60))
def test_what_is_dispensed_covers_every_day_of_the_plan(plan: list[Step], hand: Hand, fill: int) -> None:
    """The fills follow each other without a gap to the last day, and together hold what every day takes."""
    assume(max(step.daily for step in plan) <= CEILING.value)
    result = titrate(plan, [plan], [hand], Supply(fill, Fraction(30)))
    if not result.fills:
        assert result.parts[0].plan.needed is None
        return

    assert [each.first for each in result.fills] == [1, *(each.last + 1 for each in result.fills[:-1])]
    assert result.fills[-1].last == days_of(plan) and all(each.days <= fill for each in result.fills)
    capsules = sum(strength * count for each in result.fills for strength, count in each.capsules.items())
    taken = sum(step.daily * (step.days or 0) for step in plan)
    if hand.strengths:
        assert capsules == taken
    elif hand.factor is None:
        assert sum(each.millilitres for each in result.fills) * 5 == taken
    else:
        assert sum(each.millilitres for each in result.fills) == result.parts[0].plan.needed
    assert all((each.bottles or 0) * 30 >= each.millilitres for each in result.fills)


@given(steps, st.integers(1, 240), st.integers(1, 30))
def test_a_hold_moves_what_follows_and_changes_nothing_before(plan: list[Step], day: int, longer: int) -> None:
    """The dose of the day is taken so many days longer, and each later day is what the day so many days before was."""
    assume(day <= days_of(plan))
    before, after = day_by_day(plan), day_by_day(held(plan, Change(day, longer)))

    assert len(after) == len(before) + longer
    step = next(each for each in placed(plan) if each.first <= day <= (each.last or day))
    assert after[: step.last] == before[: step.last]
    assert after[step.last : (step.last or 0) + longer] == [step.step.daily] * longer
    assert after[(step.last or 0) + longer :] == before[step.last :]


@given(steps, st.integers(1, 240), st.integers(1, 30))
def test_a_step_back_never_gives_more_than_the_dose_of_its_day(plan: list[Step], day: int, back: int) -> None:
    """From the day on a lower dose that was taken before comes again; then the step begins anew, as long as ordered."""
    assume(day <= days_of(plan))
    before = day_by_day(plan)
    try:
        after = day_by_day(stepped_back(plan, Change(day, back)))
    except CannotConvert:
        step = next(each for each in placed(plan) if each.first <= day <= (each.last or day))
        assert all(each.step.daily >= step.step.daily for each in placed(plan) if each.first < step.first)
        return
    assert after[: day - 1] == before[: day - 1]
    assert all(dose < before[day - 1] and dose in before[: day - 1] for dose in after[day - 1 : day - 1 + back])
    step = next(each for each in placed(plan) if each.first <= day <= (each.last or day))
    assert after[day - 1 + back :] == before[step.first - 1 :]


@given(steps, st.integers(2, 240))
def test_a_plan_divided_by_a_day_is_the_same_plan(plan: list[Step], day: int) -> None:
    """What is taken on each day stays; the second part begins on that day."""
    assume(day <= days_of(plan))
    first, second = split(plan, day)

    assert day_by_day([*first, *second]) == day_by_day(plan) and days_of(first) == day - 1


def day_by_day(plan: list[Step]) -> list[Fraction]:
    """The daily dose of every day."""
    return [step.daily for step in plan for _ in range(step.days or 0)]


def test_changes_that_cannot_be_made_are_refused_with_the_reason() -> None:
    """A day after the plan, a step back from the lowest dose, a change of form on day 1, a start above the target."""
    plan = rising(HALF, 9 * HALF, HALF, 7, 28, 1)
    for change, words in (
        (lambda: held(plan, Change(999, 7)), "the plan has 84 days"),
        (lambda: stepped_back(plan, Change(3, 7)), "no lower dose"),
        (lambda: split(plan, 1), "day 2 or later"),
        (lambda: rising(HALF, Fraction(1, 4), HALF, 7, None, 1), "not above its target"),
        (lambda: rising(HALF, Fraction(9), Fraction(1, 1000), 7, None, 1), "more than 100 steps"),
    ):
        with pytest.raises(CannotConvert, match=words):
            change()


def test_a_rising_plan_keeps_within_its_limits() -> None:
    """A step lasts 1 to 999 days, a plan has 100 rises at most; a start at the target needs no rise."""
    for every, maintain in ((1, 1), (999, 999)):
        assert [each.days for each in rising(HALF, 2 * HALF, HALF, every, maintain, 1)] == [every, maintain]
    for every, maintain in ((0, 1), (1000, 1), (1, 0), (1, 1000)):
        with pytest.raises(CannotConvert, match="1 to 999 days"):
            rising(HALF, 2 * HALF, HALF, every, maintain, 1)
    assert len(rising(HALF, 101 * HALF, HALF, 1, None, 1)) == 101
    with pytest.raises(CannotConvert, match="more than 100 steps"):
        rising(HALF, 102 * HALF, HALF, 1, None, 1)
    assert rising(HALF, HALF, Fraction(0), 7, 28, 1) == [Step(HALF, 1, 28)]
    for step in (Fraction(0), -HALF):
        with pytest.raises(CannotConvert, match="a titration rises"):
            rising(HALF, 2 * HALF, step, 7, None, 1)
    with pytest.raises(CannotConvert, match="above 0"):
        rising(Fraction(0), HALF, HALF, 7, None, 1)


OPEN = [Step(HALF, 1, 7), Step(2 * HALF)]
"""A plan whose last step is open."""


def test_changes_of_a_plan_that_ends_open() -> None:
    """An open step counts no days, is held as it is, and is divided into its first days and the rest."""
    assert days_of(OPEN) == 7
    assert held(OPEN, Change(100, 7)) == OPEN
    assert held(OPEN, Change(7, 7)) == [Step(HALF, 1, 14), OPEN[1]]
    assert stepped_back(OPEN, Change(10, 7)) == [OPEN[0], Step(2 * HALF, 1, 2), OPEN[0], OPEN[1]]
    assert split(OPEN, 10) == ([OPEN[0], Step(2 * HALF, 1, 2)], [OPEN[1]])


def test_a_change_on_the_first_day_of_a_step_divides_nothing() -> None:
    """No step of no days comes of it."""
    first, second = Step(3 * HALF, 1, 14), Step(Fraction(3), 1, 14)
    assert stepped_back([first, second], Change(15, 7)) == [first, Step(3 * HALF, 1, 7), second]
    assert split([first, second], 15) == ([first], [second])


def test_the_days_of_a_change_are_those_of_the_plan() -> None:
    """Day 0 and a day after the last are refused with what was asked, and a dose that is the lowest with its figure."""
    plan = [Step(Fraction(1, 3), 1, 7), Step(HALF, 1, 7)]
    for day in (0, 15):
        with pytest.raises(CannotConvert, match=rf"^hold on day {day}: the plan has 14 days"):
            held(plan, Change(day, 7))
        with pytest.raises(CannotConvert, match=rf"^step back on day {day}: the plan has 14 days"):
            stepped_back(plan, Change(day, 7))
    with pytest.raises(CannotConvert, match=r"^change of form on day 15: the plan has 14 days"):
        split(plan, 15)
    with pytest.raises(CannotConvert, match=r"no lower dose than 0\.3333 mg a day"):
        stepped_back(plan, Change(1, 7))


def test_a_change_of_form_says_that_it_needs_the_order_of_the_prescriber() -> None:
    """Capsules, then drops: FC112 once, and what is taken is in capsules first and in drops after."""
    plan = [Step(3 * HALF, 1, 14), Step(Fraction(3), 1, 14)]
    result = titrate(plan, list(split(plan, 15)), [CAPSULES, DROPS._replace(from_day=15)])

    assert [f.code for f in result.findings].count("FC112") == 1
    assert "1 capsule of 1.5 mg" in titration_as_text(result) and "16 drops (about 3 mg)" in titration_as_text(result)
    assert "FC112" not in [f.code for f in titrate(plan, [plan], [CAPSULES]).findings]


def test_a_supply_that_outlasts_its_date_fails_and_says_how_often_to_dispense() -> None:
    """In a plan it is an error: 63 days of a liquid that may be used for 35 (TIT-02, its note)."""
    plan = rising(HALF, 9 * HALF, HALF, 7, 7, 1)
    at_once = titrate(plan, [plan], [LIQUID], Supply(usable_days=35))
    often = titrate(plan, [plan], [LIQUID], Supply(fill_days=35, usable_days=35))

    (finding,) = [f for f in at_once.findings if f.code == "FC508"]
    assert at_once.exit_status == 1 and "63 days" in finding.message and "--fill-every 35days" in finding.help
    assert often.exit_status == 0 and [each.days for each in often.fills] == [35, 28]


def test_a_supply_too_small_fails() -> None:
    """83 of 84 capsules (TIT-01)."""
    plan = [Step(n * 3 * HALF, 1, 14) for n in (1, 2, 3)]
    short = titrate(plan, [plan], [CAPSULES], Supply(dispensed=amount("83 capsules")))
    assert [f.code for f in short.findings if f.severity == "error"] == ["FC105"]
    assert titrate(plan, [plan], [CAPSULES], Supply(dispensed=amount("84 capsules"))).exit_status == 0


def test_days_carry_their_dates() -> None:
    """Day 1 is the first day of treatment; the year turns where it does."""
    plan = rising(HALF, Fraction(1), HALF, 14, None, 1)
    text = titration_as_text(titrate(plan, [plan], [CAPSULES]), first_day=datetime.date(2026, 12, 25))
    assert "1 to 14 (2026-12-25 to 2027-01-07)" in text and "15 on (2027-01-08 on)" in text


def test_a_plan_of_the_base_says_whose_milligrams_it_counts() -> None:
    """What is taken in milligrams of the base, as typed and on the capsules; limits of the hydrochloride; both are said."""
    own = as_hydrochloride(Fraction(9, 2), Basis.BASE)
    plan = [Step(own, 1, 28)]
    text = " ".join(titration_as_text(titrate(plan, [plan], [Hand((own / 3,))], basis=Basis.BASE)).split())
    assert "Naltrexone (the base), 4.5 mg a day" in text and "3 capsules of 1.5 mg" in text
    assert "4.5 mg of the base a day, 4.981 mg of the hydrochloride, is above the usual maximum of 4.5 mg" in text
    assert "count the hydrochloride, 1.1068 mg for each mg of base" in text

    high = [Step(as_hydrochloride(Fraction(19, 2), Basis.BASE), 1, 28)]
    (refusal,) = titrate(high, [high], [LIQUID], basis=Basis.BASE).findings
    assert refusal.code == "FC101" and "Milligrams of the base are counted as hydrochloride" in refusal.message
