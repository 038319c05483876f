"""Dates and plans: the cases asked of the dates of the bench and of the planning of titrations."""

from fractions import Fraction

from formcheck.bench.dates import beyond_use
from formcheck.converting import answer
from formcheck.errors import CannotConvert
from formcheck.liquid import Preparation
from formcheck.papers.values import Expiry, read_date
from formcheck.planning.titration import Plan, Step
from formcheck.selftest.asking import Answers, Given, exactly, listed, of

__all__ = ["ANSWERS"]

FORMS = {
    "nonaqueous_solid": "capsule",
    "aqueous_nonpreserved": "aqueous-nonpreserved",
    "aqueous_preserved": "aqueous-preserved",
}
_BOTTLE = Fraction(30)


def beyond_use_date(given: Given) -> Answers:
    """The latest date, and what limits it, as `calc bud`. Nobody justified a study of more days than the table."""
    days = given["stability_days"]
    found = beyond_use(
        FORMS[given["category"]],
        read_date(given["compounded"]),
        Expiry.read(given["earliest_ingredient_expiry"]),
        None if days is None else int(exactly(days)),
    ).data
    limited = found["limited_by"]
    return {"bud": found["latest_beyond_use_date"], "limited_by": "default_limit" if limited == "default" else limited}


def split_dose(given: Given) -> Answers:
    """Equal doses of one day, as `convert --per-day`, from a liquid of 5 mg/mL: what is above the ceiling is refused."""
    doses = listed(given["doses_mg"], "mg")
    if any(dose.value != doses[0].value for dose in doses):
        raise CannotConvert("the doses of a day that are converted together are equal")
    conversion = answer(doses[0], Preparation.labelled(of(5, "mg/mL")), per_day=len(doses)).conversion
    if conversion is None:
        return {"daily_mg": sum(dose.value for dose in doses), "within_10_mg_cap": False}
    return {"daily_mg": conversion.daily.milligrams, "within_10_mg_cap": True}


def titration_plan(given: Given) -> Answers:
    """A plan of daily doses, in capsules or in mL."""
    steps = tuple(Step(of(each["daily_mg"], "mg").value, 1, int(exactly(each["days"]))) for each in given["steps"])
    capsules = tuple(of(given[key], "mg").value for key in ("capsule_mg",) if key in given)
    liquid = [Preparation.labelled(of(given[key], "mg/mL")) for key in ("concentration_mg_per_mL",) if key in given]
    plan = Plan(steps, capsules, liquid[0] if liquid else None)
    taken = [plan.at_once(step) for step in plan.steps]
    answers: Answers = {
        "total_days": plan.total_days,
        "total_mg": plan.total,
        "max_daily_mg": plan.most,
        "within_10_mg_cap": plan.within_ceiling,
    }
    if capsules:
        return {**answers, "capsules_per_day": taken, "capsules_total": plan.needed}
    return {
        **answers,
        "volumes_mL": taken,
        "total_volume_mL": plan.needed,
        "bottle_30_mL_enough": plan.needed is not None and plan.needed <= _BOTTLE,
        "bottle_30_mL_full_days": plan.full_days(_BOTTLE),
    }


ANSWERS = {
    ("bud", "bud_date"): beyond_use_date,
    ("titration", "split_dose"): split_dose,
    ("titration", "plan"): titration_plan,
}
