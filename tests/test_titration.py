"""Plans: days and milligrams add up, capsules are exact and the fewest, no plan that passes has a day above 10 mg."""

from fractions import Fraction
from itertools import product

import pytest
from catalogue.pairs import batch_of, changed, good
from hypothesis import assume, given
from hypothesis import strategies as st

from formcheck.dose import CEILING
from formcheck.judging import judge
from formcheck.liquid import DropFactor, Preparation, read_run
from formcheck.planning.titration import Plan, Step, Sums
from formcheck.rules.dosing import daily_dose_ceiling
from formcheck.rules.plans import quantity_covers_plan, start_dose, steps_reachable, titration_steps
from formcheck.substance import SALT_OF_BASE
from formcheck.units import amount

HALF = Fraction(1, 2)
SLOW = Plan(tuple(Step(n * HALF, 1, 7) for n in range(1, 10)), (HALF,))
"""0.5 mg more each week to 4.5 mg (domain 8.1, worked; TIT-02)."""
QUICK = Plan(tuple(Step(n * 3 * HALF, 1, 14) for n in (1, 2, 3)), (3 * HALF,))
"""1.5, 3 and 4.5 mg for two weeks each (domain 8.1, worked; TIT-01)."""

fractions = st.integers(1, 40).map(lambda n: Fraction(n, 4))
strengths = st.lists(st.sampled_from([Fraction(n, 4) for n in (1, 2, 3, 4, 6, 10, 12, 18)]), min_size=1, max_size=4)
steps = st.lists(st.builds(Step, fractions, st.integers(1, 3), st.integers(1, 60)), min_size=1, max_size=6).map(tuple)


def brute(available: list[Fraction], dose: Fraction) -> int | None:
    """The fewest capsules by trying every count of every strength."""
    kinds = sorted(set(available))
    ranges = [range(int(dose / kind) + 1) for kind in kinds]
    fits = [sum(n) for n in product(*ranges) if sum(k * c for k, c in zip(kinds, n, strict=True)) == dose]
    return min(fits, default=None)


@given(strengths, fractions.filter(lambda dose: dose <= 6))
def test_capsules_hold_the_dose_exactly_and_are_the_fewest(available: list[Fraction], dose: Fraction) -> None:
    """What is found adds up to the dose, of strengths at hand, with as few capsules as trying everything finds."""
    found, wanted = Sums(available).fewest(dose), brute(available, dose)

    assert (None if found is None else sum(found.values())) == wanted
    if found is not None:
        assert sum(strength * count for strength, count in found.items()) == dose
        assert set(found) <= set(available) and list(found) == sorted(found, reverse=True)


@given(strengths, fractions)
def test_the_nearest_doses_are_given_by_capsules_and_nothing_lies_between(
    available: list[Fraction], dose: Fraction
) -> None:
    """Each neighbour is a sum of capsules; no sum of capsules is nearer on its side; none passes the ceiling."""
    sums = Sums(available)
    near = sums.nearest(dose, CEILING.value)

    assert all(sums.fewest(neighbour) and neighbour != dose and neighbour <= CEILING.value for neighbour in near)
    below, above = ([n for n in near if n < dose] or [Fraction(0)])[0], ([n for n in near if n > dose] or [Fraction(11)])[0]
    quarters = [Fraction(n, 4) for n in range(1, 41) if below < Fraction(n, 4) < above and Fraction(n, 4) != dose]
    assert [quarter for quarter in quarters if sums.fewest(quarter)] == []


@given(strengths, steps)
def test_the_strength_that_is_wanted_gives_every_step(available: list[Fraction], planned: tuple[Step, ...]) -> None:
    """With the strength that is asked for beside those at hand, no step is left."""
    plan = Plan(planned, tuple(available))
    assume(plan.unreachable)

    assert Plan(planned, (*available, plan.strength_wanted)).unreachable == ()


@given(steps)
def test_a_supply_adds_up(planned: tuple[Step, ...]) -> None:
    """Exactly what a plan takes lasts to its last day; a little less does not; the milligrams are those of the days."""
    plan = Plan(planned, (Fraction(1, 4),))
    needed = plan.needed

    assert needed is not None and needed * Fraction(1, 4) == plan.total
    assert plan.total == sum(step.daily for step in planned for _ in range(step.days or 0))
    assert plan.full_days(needed) == plan.total_days > plan.full_days(needed - 1)


doses = st.one_of(
    st.integers(1, 20_000).map(lambda n: f"{n} mcg"),
    st.integers(1, 2_000).map(lambda n: f"{n // 100}.{n % 100:02} mg" if n % 100 else f"{n // 100} mg"),
    st.integers(1, 30).map(lambda n: f"0.{n:03} g"),
)


@given(st.lists(st.tuples(doses, st.integers(1, 6), st.integers(1, 60)), min_size=1, max_size=5))
def test_no_plan_that_passes_the_ceiling_rule_holds_a_day_above_it(planned: list[tuple[str, int, int]]) -> None:
    """Whatever the unit and however often a day: FC101 fails exactly where a day of the plan is above 10 mg."""
    text = ", ".join(f"{times}x{dose} x {days}" for dose, times, days in planned)
    assume(len(text) <= 400)
    batch = batch_of(changed(good(), {"prescription": {"plan": text}}))
    most = max(amount(dose).value * times for dose, times, _ in planned)

    assert batch.plan is not None and batch.plan.most == most
    assert bool(judge(daily_dose_ceiling, batch).findings) is (most > 10)
    assert batch.plan.within_ceiling is (most <= 10)


def test_the_worked_plans_of_half_a_milligram_a_week() -> None:
    """4.5 mg comes on day 57, after 56 days and 126 mg; 63 days take 157.5 mg (domain 8.1, TIT-02)."""
    assert (SLOW.days_before_target, SLOW.first_day_at_target, SLOW.total_days) == (56, 57, 63)
    assert sum(step.daily * 7 for step in SLOW.steps[:-1]) == 126
    assert SLOW.total == Fraction("157.5")


def test_the_worked_plan_of_two_weeks_each() -> None:
    """4.5 mg comes on day 29; one, two and three capsules of 1.5 mg a day, 84 together (domain 8.1, TIT-01)."""
    assert QUICK.first_day_at_target == 29
    assert [QUICK.at_once(step) for step in QUICK.steps] == [1, 2, 3]
    assert (QUICK.needed, QUICK.most) == (84, Fraction(9, 2))


def test_both_worked_plans_are_in_order() -> None:
    """Neither the slow nor the quick plan has a finding: weeks are counted before the first day at the target."""
    for plan in (SLOW, QUICK):
        for rule in (start_dose, titration_steps, steps_reachable):
            assert judge(rule, plan).findings == ()


def test_a_supply_is_judged_of_a_plan_by_itself() -> None:
    """A plan needs no record: 83 capsules are too few for the 84 of the quick plan, 84 are enough."""
    for supply, verdicts in ((84, []), (83, ["fail"])):
        plan = Plan(QUICK.steps, QUICK.strengths, supply=Fraction(supply))
        assert [str(finding.verdict) for finding in judge(quantity_covers_plan, plan).findings] == verdicts


def test_an_open_step_counts_no_days() -> None:
    """The last step, taken from then on, adds neither days nor capsules."""
    plan = Plan((*QUICK.steps[:2], Step(Fraction(9, 2))), QUICK.strengths)

    assert (plan.total_days, plan.total, plan.needed, plan.first_day_at_target) == (28, 63, 42, 29)


def test_a_plan_in_drops_takes_whole_drops() -> None:
    """4.5 mg of 5 mg/mL at 25.85 drops/mL are 23 drops, 0.890 mL a day (domain 6.3)."""
    factor = DropFactor.from_runs([read_run("20 drops, 0.82 g")], amount("1.06 g/mL"))
    plan = Plan((Step(Fraction(9, 2), 1, 10),), preparation=Preparation(Fraction(5)), factor=factor)
    conversion = plan.conversion(plan.steps[0])

    assert conversion is not None and conversion.drops == 23
    assert plan.needed == 230 / factor.per_millilitre


def test_a_step_above_the_ceiling_has_no_conversion() -> None:
    """A liquid gives nothing of a step above 10 mg a day, and nothing of one below half a drop."""
    liquid = Preparation(Fraction(5))
    plan = Plan((Step(Fraction(6), 2, 7),), preparation=liquid)

    assert plan.conversion(plan.steps[0]) is None
    assert Plan((Step(Fraction(1, 100), 1, 7),), preparation=liquid, factor=DropFactor(Fraction(20))).needed is None


@pytest.mark.parametrize(
    "text", ["999999999 g x 999", "0.0000001 mg x 7, 9.999999 mg x 7", ", ".join(f"0.{n:03} mg x 9" for n in range(1, 24))]
)
def test_hostile_plans_are_judged_at_once(text: str) -> None:
    """A plan of tiny, huge or many odd doses raises nothing and takes no time."""
    batch = batch_of(changed(good(), {"prescription": {"plan": text, "strengths": ["0.000003 mg", "0.7 mg"]}}))

    for rule in (daily_dose_ceiling, start_dose, titration_steps, steps_reachable, quantity_covers_plan):
        judge(rule, batch)


def test_capsules_above_the_ceiling_add_up_to_nothing() -> None:
    """Capsules of more than 10 mg, of nothing, and the same ones twice are left out; 10 mg is one capsule, 11 mg none."""
    sums = Sums(map(Fraction, (5, 11, 0, 10, 5)))

    assert sums.strengths == (10, 5)
    assert [sums.fewest(Fraction(dose)) for dose in (10, 5, 11, 15, 0)] == [{10: 1}, {5: 1}, None, None, None]
    assert [Sums([HALF * 3, HALF]).fewest(Fraction(dose, 4)) for dose in (8, 10, 9)] == [
        {HALF * 3: 1, HALF: 1},
        {HALF * 3: 1, HALF: 2},
        None,
    ]


def test_so_many_amounts_and_no_more_are_reckoned() -> None:
    """10 mg in steps of 0.0005 mg, and 24 strengths, are reckoned; finer steps and a strength more are not."""
    fine, finer = Sums([Fraction(5, 10_000)]), Sums([Fraction(4, 10_000)])
    assert (fine.can_be_reckoned, finer.can_be_reckoned) == (True, False)
    assert (fine.fewest(Fraction(1, 1000)), finer.fewest(Fraction(4, 10_000))) == ({Fraction(5, 10_000): 2}, None)
    assert fine.nearest(Fraction(5, 10_000), Fraction(1)) == (Fraction(1, 1000),)
    assert finer.nearest(Fraction(5, 10_000), Fraction(1)) == ()
    many = [Fraction(n, 4) for n in range(1, 26)]
    assert (Sums(many[:24]).can_be_reckoned, Sums(many).can_be_reckoned) == (True, False)
    assert not Sums([Fraction(10, 20_001)]).can_be_reckoned


def test_a_sum_of_fewer_capsules_takes_the_place_of_one_of_more() -> None:
    """6 mg of 5, 2 and 1 mg: three of 2 mg are found first, one of 5 mg and one of 1 mg are fewer."""
    assert Sums(map(Fraction, (5, 2, 1))).fewest(Fraction(6)) == {5: 1, 1: 1}


def test_a_step_that_no_capsule_divides_leaves_the_others_as_they_are() -> None:
    """A first step of 0.0003 mg cannot be given of capsules of 1.5 mg; the steps after it can."""
    plan = Plan((Step(Fraction("0.0003"), 1, 7), *QUICK.steps), QUICK.strengths)
    assert [step.dose for step in plan.unreachable] == [Fraction("0.0003")]
    assert [plan.at_once(step) for step in plan.steps] == [None, 1, 2, 3]


@pytest.mark.parametrize(
    ("dose", "most", "near"),
    [
        ("2", "10", ["1.5", "3"]),
        ("2", "3", ["1.5", "3"]),
        ("2", "2.9", ["1.5"]),
        ("1.5", "10", ["3"]),
        ("1", "10", ["1.5"]),
        ("9", "10", ["7.5"]),
        ("10", "10", ["9"]),
    ],
)
def test_the_nearest_amounts_of_one_strength(dose: str, most: str, near: list[str]) -> None:
    """Below and above a dose, never the dose itself and never more than asked for: of 1.5 mg capsules."""
    assert Sums([3 * HALF]).nearest(Fraction(dose), Fraction(most)) == tuple(map(Fraction, near))


def test_the_figures_of_a_plan_without_steps() -> None:
    """A plan of nothing takes nothing, rises nowhere, and lacks nothing that a rule could ask for."""
    plan = Plan(())
    assert (plan.most, plan.target, plan.total, plan.total_days, plan.days_before_target) == (0, 0, 0, 0, 0)
    assert (plan.within_ceiling, plan.rises, plan.changes, plan.needed, plan.strength_wanted) == (True, False, False, 0, 1)
    assert plan.missing(("prescription.plan",)) == ()


@pytest.mark.parametrize(
    ("doses", "rises", "changes", "target", "first"),
    [
        ((3, 3), False, False, 3, 1),
        ((3, 1), False, True, 1, 8),
        ((3, 1, 2), True, True, 2, 15),
        ((1, 3), True, True, 3, 8),
        ((1, 3, 2, 3), True, True, 3, 8),
    ],
)
def test_a_plan_that_rises_or_only_changes(
    doses: tuple[int, ...], rises: bool, changes: bool, target: int, first: int
) -> None:
    """A larger dose after a smaller one makes a titration; the target is the last dose, on the day it is first taken."""
    plan = Plan(tuple(Step(Fraction(dose), 1, 7) for dose in doses))
    assert (plan.rises, plan.changes, plan.target, plan.first_day_at_target) == (rises, changes, target, first)
    opened = Plan((Step(Fraction(11)), *plan.steps))
    assert opened.first_day_at_target == first  # an open step counts no day


def test_a_plan_of_ten_milligrams_is_within_the_ceiling() -> None:
    """10 mg a day is allowed, a hair more is not; what is taken several times a day adds up."""
    assert Plan((Step(Fraction(5), 2, 7),)).within_ceiling
    assert not Plan((Step(Fraction("5.0001"), 2, 7),)).within_ceiling


def test_the_strength_that_is_wanted_is_what_the_remainders_share() -> None:
    """2 mg and 2.5 mg beside 1.5 mg leave 0.5 mg and 1 mg; 1 mg, less than any capsule, leaves itself; each dose once."""
    plan = Plan(tuple(Step(Fraction(dose), 1, 7) for dose in ("2", "2.5", "3", "2")), (3 * HALF,))
    assert (plan.strength_wanted, [step.dose for step in plan.unreachable]) == (HALF, [2, Fraction("2.5")])
    assert Plan((Step(Fraction(1), 1, 7),), (3 * HALF,)).strength_wanted == 1


def test_what_one_intake_takes() -> None:
    """Capsules by their number, a liquid in mL, or in the mL of whole drops; nothing where nothing is at hand."""
    step = Step(Fraction(9, 2), 1, 10)
    liquid, factor = Preparation(Fraction(5)), DropFactor(Fraction(20))
    assert Plan((step,), preparation=liquid).at_once(step) == Fraction("0.9")
    assert Plan((step,), preparation=liquid, factor=factor).at_once(step) == Fraction(18, 20)
    assert Plan((step,), (Fraction(2),)).at_once(step) is None
    assert (Plan((step,)).at_once(step), Plan((step,)).needed, Plan((step,)).conversion(step)) == (None, None, None)
    assert Plan((step,)).capsules(step) is None and Plan((step,), (Fraction(9, 2),)).capsules(step) == {Fraction(9, 2): 1}


@pytest.mark.parametrize(
    ("supply", "days"), [(13, 13), (14, 14), (15, 14), (16, 15), (42, 28), (44, 28), (45, 29), (999, 42)]
)
def test_for_how_many_whole_days_a_supply_lasts(supply: int, days: int) -> None:
    """One capsule a day for two weeks, then two, then three: days that are not whole do not count."""
    assert QUICK.full_days(Fraction(supply)) == days


def test_a_supply_of_a_plan_that_ends_open() -> None:
    """At a step that is open, or that the capsules cannot give, counting ends."""
    for last in (Step(Fraction(9, 2)), Step(Fraction(1), 1, 7)):
        assert Plan((*QUICK.steps[:2], last, QUICK.steps[2]), QUICK.strengths).full_days(Fraction(999)) == 28
    assert Plan((Step(3 * HALF, 2, 7),), QUICK.strengths).full_days(Fraction(5)) == 2
    falling = Plan((Step(Fraction(3), 1, 7), Step(3 * HALF, 1, 7)), QUICK.strengths)
    assert falling.full_days(Fraction(3)) == 1  # the capsule that is left gives no whole day of two
    assert Plan((Step(3 * HALF, 2, 7),), QUICK.strengths).needed == 14


def test_a_conversion_of_a_step_is_of_one_intake() -> None:
    """Twice 3 mg of 5 mg/mL are 0.6 mL at once, and 6 mg a day."""
    step = Step(Fraction(3), 2, 7)
    found = Plan((step,), preparation=Preparation(Fraction(5))).conversion(step)
    assert found is not None
    assert (found.asked.milligrams, found.per_day, found.daily.milligrams) == (3, 2, 6)


def test_the_plan_of_a_prescription_for_capsules() -> None:
    """The strength of the batch and others of capsules are at hand; what was dispensed counts in capsules only."""
    said = {"plan": "2x0.5 mg x 14, 4.5 mg x 30", "strengths": ["0.5 mg", "1 mg/mL"], "dispensed": "60 capsules"}
    plan = batch_of(changed(good(), {"prescription": said})).plan
    assert plan is not None
    assert plan.steps == (Step(HALF, 2, 14), Step(Fraction(9, 2), 1, 30))
    assert (plan.strengths, plan.supply, plan.counted, plan.preparation) == ((Fraction(9, 2), HALF), 60, 1, None)
    other = batch_of(changed(good(), {"prescription": said | {"dispensed": "60 mL"}})).plan
    assert other is not None and other.supply is None


def test_the_plan_of_a_prescription_counts_the_hydrochloride() -> None:
    """Milligrams of the base are more of the hydrochloride, in steps and capsules alike; in words they are the label's."""
    said = {"prescription": {"plan": "1.5 mg x 14"}, "strength": "1.5 mg", "strength_basis": "naltrexone"}
    plan = batch_of(changed(good(), said)).plan
    assert plan is not None
    assert plan.counted == SALT_OF_BASE
    assert (plan.steps[0].dose, plan.strengths) == (3 * HALF * SALT_OF_BASE, (3 * HALF * SALT_OF_BASE,))
    assert plan.words(plan.steps[0].dose) == "1.5 mg"
    assert plan.words(Fraction(1, 3) * SALT_OF_BASE) == "0.3333 mg"


def test_the_plan_of_a_prescription_for_a_liquid() -> None:
    """Drops count where the dose is taken in drops; what was dispensed counts in mL only; of 0 mg/mL nothing is made."""
    said = {"prescription.plan": "1.5 mg x 14", "prescription.dispensed": "30 mL"}
    drops = batch_of(changed(good("sublingual-drops"), said | {"dose": {"drops": "23"}}))
    assert drops.plan is not None and drops.drop_factor is not None
    assert (drops.plan.factor, drops.plan.supply, drops.plan.strengths) == (drops.drop_factor, 30, ())
    assert drops.plan.preparation is not None and drops.plan.preparation.per_millilitre == 5
    volume = batch_of(changed(good("sublingual-drops"), said | {"dose": {"volume": "0.9 mL"}})).plan
    assert volume is not None and volume.factor is None
    nothing = batch_of(changed(good("oral-liquid"), {"prescription.plan": "1.5 mg x 14", "strength": "0 mg/mL"})).plan
    assert nothing is not None and nothing.preparation is None
    counted = batch_of(changed(good("oral-liquid"), said | {"prescription.dispensed": "30 capsules"})).plan
    assert counted is not None and counted.supply is None
    undispensed = batch_of(changed(good("oral-liquid"), said | {"prescription.dispensed": "null"})).plan
    assert undispensed is not None and undispensed.supply is None
    of_base = batch_of(changed(good("oral-liquid"), said | {"strength_basis": "naltrexone"})).plan
    assert of_base is not None and of_base.counted == SALT_OF_BASE


@pytest.mark.parametrize("gone", ["prescription", "prescription.plan", "strength_basis"])
def test_no_plan_without_its_steps_or_their_basis(gone: str) -> None:
    """Without a prescription, its plan, or what the milligrams count there is no plan."""
    paper = changed(good(), {"prescription": {"plan": "1.5 mg x 14", "dispensed": "14 capsules"}})
    assert batch_of(changed(paper, {gone: "null"})).plan is None


def test_a_plan_without_a_strength_has_nothing_at_hand() -> None:
    """The steps are there to be judged, and nothing that would give them."""
    plan = batch_of(changed(good(), {"prescription": {"plan": "1.5 mg x 14"}, "strength": "null"})).plan
    assert plan == Plan((Step(3 * HALF, 1, 14),))
    of_base = {"prescription": {"plan": "1.5 mg x 14"}, "strength": "null", "strength_basis": "naltrexone"}
    counted = batch_of(changed(good(), of_base)).plan
    assert counted is not None and counted.counted == SALT_OF_BASE
