"""titrate: the keys of the contract, the published plans, and what is refused."""

import pytest

from doors.running import FIRST, Ran, as_json, run

SLOW = ("--start", "0.5mg", "--target", "4.5mg", "--step", "0.5mg", "--every", "7days")
QUICK = ("--steps", "1.5mg x 14, 3mg x 14, 4.5mg x 14")
LIQUID = ("--concentration", "5mg/mL")
DROPS = (*LIQUID, "--run", "20 drops, 0.77 mL", "--run", "20 drops, 0.77 mL", "--run", "20 drops, 0.77 mL")
TOTALS = ["total_days", "first_day_at_target", "completed_days_before_target", "total_mg", "max_daily_mg"]


def titrate(*arguments: str) -> Ran:
    """The plan as JSON."""
    return as_json("titrate", *arguments)


def test_one_and_a_half_three_and_four_and_a_half_milligrams_in_capsules() -> None:
    """TIT-01: 42 days, 126 mg, 1, 2 and 3 capsules of 1.5 mg a day, 84 together; the keys of the contract."""
    ran = titrate(*QUICK, "--strengths", "1.5mg")
    data = ran.data
    assert ran.code == 0
    assert list(data) == [*FIRST, "steps", *TOTALS, "capsules_total", "fills", "findings"]
    assert list(data["steps"][0]) == [
        "from_day", "to_day", "daily_mg", "dose_mg", "per_day", "capsules", "capsules_by_strength", "delivered_mg",
    ]  # fmt: skip
    assert [step["capsules"] for step in data["steps"]] == [1, 2, 3]
    assert data["steps"][2]["capsules_by_strength"] == {"1.5 mg": 3}
    assert [(step["from_day"], step["to_day"]) for step in data["steps"]] == [(1, 14), (15, 28), (29, 42)]
    assert [data[key] for key in (*TOTALS, "capsules_total")] == [42, 29, 28, 126, 4.5, 84]
    assert data["fills"] == [{"from_day": 1, "to_day": 42, "days": 42, "capsules_by_strength": {"1.5 mg": 84}}]


def test_half_a_milligram_more_each_week_in_millilitres() -> None:
    """TIT-02: 0.1 to 0.9 mL of 5 mg/mL, 63 days, 157.5 mg, 31.5 mL: two bottles of 30 mL, one is not enough."""
    ran = titrate(*SLOW, "--maintain", "7days", *LIQUID, "--bottle", "30mL", "--dispensed", "30mL")
    data = ran.data
    assert [step["volume_mL"] for step in data["steps"]] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    assert [data[key] for key in (*TOTALS, "total_volume_mL")] == [63, 57, 56, 157.5, 4.5, 31.5]
    assert data["fills"][0]["bottles"] == 2
    assert (ran.code, [f["code"] for f in data["findings"] if f["severity"] == "error"]) == (1, ["FC105"])
    assert "61 days of 63" in data["findings"][0]["message"]


def test_in_drops() -> None:
    """Whole drops of an intake, with what they deliver, in JSON and in the words of the patient."""
    ran = titrate(*QUICK, *DROPS)
    assert [(step["drops"], round(step["delivered_mg"], 3)) for step in ran.data["steps"]] == [
        (8, 1.54), (16, 3.08), (23, 4.428),
    ]  # fmt: skip
    assert "23 drops (about 4.5 mg), once a day" in run("titrate", *QUICK, *DROPS).out


def test_an_open_last_step_has_no_last_day_and_counts_none() -> None:
    """Without --maintain: to_day is null, the totals are of the 56 days before (126 mg, domain 8.1)."""
    data = titrate(*SLOW, "--strengths", "0.5mg").data
    assert data["steps"][-1]["to_day"] is None
    assert [data[key] for key in (*TOTALS, "capsules_total")] == [56, 57, 56, 126, 4.5, 252]
    assert "--maintain" in run("titrate", *SLOW, "--strengths", "0.5mg").out


def test_a_day_divided() -> None:
    """--per-day divides daily doses; "2x" in a step says the intake itself (TIT-04: 6 mg in two of 3 mg)."""
    typed = titrate("--steps", "6mg x 30", "--per-day", "2", "--strengths", "3mg").data
    twice = titrate("--steps", "2x3mg x 30", "--strengths", "3mg").data
    assert typed["steps"] == twice["steps"]
    step = typed["steps"][0]
    assert [step[key] for key in ("daily_mg", "dose_mg", "per_day", "capsules")] == [6, 3, 2, 2]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--steps", "11mg x 14", "--strengths", "1mg"), "FC101"),
        (("--steps", "2x5.01mg x 14", "--strengths", "1mg"), "FC101"),
        (("--steps", "4.5mg x 14, 45mg x 14", *LIQUID), "FC101"),
        (("--start", "1mg", "--target", "11mg", "--step", "1mg", "--every", "7days", *LIQUID), "FC101"),
        (("--steps", "9.1mg x 14", "--basis", "naltrexone", *LIQUID), "FC101"),
        (("--steps", "2mg x 14", "--strengths", "1.5mg"), "FC104"),
        (("--steps", "0.75mg x 14", "--concentration", "10mg/mL", "--drop-factor", "20 drops/mL"), "FC604"),
    ],
)
def test_what_no_plan_can_give_is_refused(arguments: tuple[str, ...], code: str) -> None:
    """Above the ceiling there is no plan at all; a step that cannot be given has no key that says how; exit 1."""
    ran = titrate(*arguments)
    assert (ran.code, [f["code"] for f in ran.data["findings"] if f["severity"] == "error"]) == (1, [code])
    if code == "FC101":
        assert "steps" not in ran.data and "total_mg" not in ran.data
        assert run("titrate", *arguments).out.startswith("REFUSED")
    elif code == "FC104":
        assert "capsules" not in ran.data["steps"][0] and ran.data["fills"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--start is missing"),
        (("--start", "0.5mg"), "--target is missing"),
        ((*QUICK, "--start", "0.5mg", "--strengths", "1.5mg"), "does not go with --steps"),
        (QUICK, "say what is at hand"),
        ((*QUICK, "--strengths", "1.5mg", *LIQUID), "--liquid-from-day"),
        ((*QUICK, "--strengths", "1.5mg", "--liquid-from-day", "29"), "--concentration"),
        ((*QUICK, "--strengths", "0mg"), "0 mg"),
        ((*QUICK, "--strengths", "1.5"), "unit"),
        ((*QUICK, "--drop-factor", "20 drops/mL"), "--concentration"),
        ((*QUICK, *LIQUID, "--hold", "tomorrow"), "day 20 for 7 days"),
        ((*QUICK, *LIQUID, "--hold", "day 999 for 7 days"), "the plan has 42 days"),
        ((*QUICK, *LIQUID, "--step-back", "day 3 for 7 days"), "no lower dose"),
        ((*QUICK, *LIQUID, "--first-day", "1.12.2026"), "2026-03-02"),
        ((*QUICK, *LIQUID, "--per-day", "25"), "24"),
        ((*QUICK, *LIQUID, "--bottle", "0mL"), "nothing is planned of 0"),
        (("--steps", "4.5mg x 999, 4mg x 999, 4.5mg x 999, 4mg x 999", *LIQUID), "at most 3660"),
        (("--start", "1mg", "--target", "9mg", "--step", "0.001mg", "--every", "7days", *LIQUID), "100 steps"),
        (("--start", "0mg", "--target", "9mg", "--step", "1mg", "--every", "7days", *LIQUID), "nothing is planned of 0"),
    ],
)
def test_what_is_no_plan_is_said_in_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    """Half a plan, a day that does not exist, nothing at hand: exit 2 with what to write."""
    ran = run("titrate", *arguments)
    assert ran.code == 2 and words in ran.err, ran.err


def test_hold_and_step_back_and_change_of_form() -> None:
    """Side effects on day 17: a week at 1.5 mg again, then 3 mg anew, from day 20 on from the liquid (FC112)."""
    ran = titrate(*QUICK, "--strengths", "1.5mg", *LIQUID, "--liquid-from-day", "20", "--step-back", "day 17 for 7 days")
    steps = [(step["from_day"], step["daily_mg"], "volume_mL" in step) for step in ran.data["steps"]]
    assert steps == [(1, 1.5, False), (15, 3, False), (17, 1.5, False), (20, 1.5, True), (24, 3, True), (38, 4.5, True)]
    assert "FC112" in ran.codes and ran.code == 0
    held = titrate(*QUICK, *LIQUID, "--hold", "day 17 for 7 days").data
    assert [step["to_day"] for step in held["steps"]] == [14, 35, 49]


def test_the_findings_are_of_the_plan_as_it_was_ordered() -> None:
    """A start of 2 mg, a rise of 2.5 mg, 10 mg a day: warnings, exit 0; a step back for side effects is no finding."""
    ran = titrate("--steps", "2mg x 14, 4.5mg x 14, 10mg x 14", "--strengths", "0.5mg", "--step-back", "day 16 for 7 days")
    assert ran.code == 0 and ran.codes == ["FC102", "FC103", "FC111", "FC113"]
    assert not any("goes down" in finding["message"] for finding in ran.data["findings"])


@pytest.mark.parametrize("times", ["0", "25", "9999", "1.5", "-1"])
def test_times_a_day_that_nobody_takes_it(times: str) -> None:
    """None, 25 or half a time a day: exit 2 and a sentence, whatever else is asked."""
    for plan in (SLOW, QUICK):
        ran = run("titrate", *plan, *LIQUID, "--per-day", times)
        assert ran.code == 2 and ran.out == "" and "internal" not in ran.err, ran.err
