"""Dates at the bench: the beyond-use date of USP <795>, with what limits it."""

import datetime

from formcheck.bench.worked import Step, Worked
from formcheck.errors import CannotConvert
from formcheck.papers.formulation import BeyondUse, FormCategory
from formcheck.papers.values import Count, Expiry, Text
from formcheck.planning.dating import (
    AQUEOUS,
    CAP_DAYS,
    TABLE_DAYS,
    TABLE_SOURCE,
    allowed_days,
    latest_date,
    strict_date,
)

__all__ = ["FORMS", "beyond_use"]

FORMS = {
    "capsule": FormCategory.OTHER_NONAQUEOUS,
    "aqueous-preserved": FormCategory.AQUEOUS_PRESERVED,
    "aqueous-nonpreserved": FormCategory.AQUEOUS_NONPRESERVED,
    "oral-liquid-nonaqueous": FormCategory.ORAL_LIQUID_NONAQUEOUS,
    "other-nonaqueous": FormCategory.OTHER_NONAQUEOUS,
}
_LONGER = (
    "The longer date needs a USP-NF monograph, or a stability-indicating study of this very preparation and container"
    " (USP <795> 10.5); a liquid with water also needs evidence that it stays preserved (USP <51>)."
)
_LITERATURE = (
    "Where literature advises less than the table, the shorter counts: naltrexone 1 mg/mL in water at room temperature"
    " 30 days (Fawcett 1997). Give it as --stability-days."
)


def beyond_use(
    form: str,
    compounded: datetime.date,
    expiry: Expiry | None = None,
    stability_days: int | None = None,
    assigned: datetime.date | None = None,
    *,
    justified: bool = False,
) -> Worked:
    """The beyond-use date of a preparation: the table, a shorter or justified longer study, and the earliest expiry.

    The date to assign counts the day of compounding as day one; the latest is N days after it. A date `assigned` already is
    compared with the latest (exit 1 where it is later). Exit 1 and no date where a component had expired before
    compounding. Raises CannotConvert for a form nobody knows, or a justification of nothing.
    """
    if form not in FORMS:
        raise CannotConvert(f"{form[:40]!r} is no form: write one of {', '.join(FORMS)}")
    if justified and stability_days is None:
        raise CannotConvert("--justified says that a study allows more days: say how many with --stability-days")
    if stability_days is not None and stability_days < 1:
        raise CannotConvert("a study of 0 days allows none")
    category = FORMS[form]
    if expiry is not None and expiry.last_day < compounded:
        message = f"No date: a component expired on {expiry}, before the batch was compounded on {compounded}"
        return Worked(message, {}, (), ("Do not compound with it.",), 1)
    days, by = _days(category, stability_days, justified)
    steps = [Step("Days N by the table", f"{category.value}: {TABLE_DAYS[category]} days", "", "", TABLE_SOURCE)]
    if stability_days is not None:
        steps.append(_study(category, stability_days, days, justified))
    latest, strict = latest_date(compounded, days), strict_date(compounded, days)
    steps += _counted(compounded, days, latest, strict)
    if expiry is not None:
        by = "ingredient_expiry" if expiry.last_day < latest else by
        latest, strict = min(latest, expiry.last_day), min(strict, expiry.last_day)
        no_later = "no date is after that of a component"
        steps.append(Step("Earliest expiry", no_later, str(expiry), f"assign {strict}", "USP <795> 10.4"))
    data: dict[str, object] = {
        "beyond_use_date": str(strict),
        "latest_beyond_use_date": str(latest),
        "days": days,
        "limited_by": by,
    }
    notes = [_LONGER] if days > TABLE_DAYS[category] else [_LITERATURE] if category in AQUEOUS else []
    notes += [_COLD] if category is FormCategory.AQUEOUS_NONPRESERVED else []
    worked = Worked(f"Assign {strict} (latest {latest}), limited by {_BY[by]}", data, tuple(steps), tuple(notes))
    return worked if assigned is None else _compared(worked, compounded, assigned, latest)


def _compared(worked: Worked, compounded: datetime.date, assigned: datetime.date, latest: datetime.date) -> Worked:
    """The same, with a date that was assigned beside it."""
    after, fits = (assigned - compounded).days, compounded <= assigned <= latest
    shown = f"{after} day{'' if abs(after) == 1 else 's'}"
    step = Step("Date assigned", "assigned - compounded", f"{assigned} - {compounded}", shown)
    said = "not later than it may be" if fits else "later than it may be"
    beside = f"is {shown} after compounding, {said}" if after >= 0 else "lies before the day of compounding"
    return worked._replace(
        answer=f"{assigned} {beside}. {worked.answer}",
        data={**worked.data, "assigned_days": after},
        steps=(*worked.steps, step),
        status=0 if fits else 1,
    )


_COLD = "Without a preservative the date holds in a refrigerator only, 2 to 8 °C (USP <795>, table)."


def _counted(compounded: datetime.date, days: int, latest: datetime.date, strict: datetime.date) -> list[Step]:
    """Both ways of counting N days."""
    return [
        Step("Latest date", "compounded + N days", f"{compounded} + {days} days", str(latest)),
        Step(
            "Date to assign",
            "the day of compounding is day one: compounded + N - 1 days",
            f"{compounded} + {days - 1} days",
            str(strict),
            "some texts count so, others N days after; the earlier is right under both",
        ),
    ]


_BY = {
    "default": "the table",
    "ingredient_expiry": "a component's expiry",
    "stability_data": "the study",
    "cap": f"the cap of {CAP_DAYS} days",
}


def _days(category: FormCategory, studied: int | None, justified: bool) -> tuple[int, str]:
    """N and what gives it; a tie is the table's. The days of a study above the table count only where justified."""
    table = TABLE_DAYS[category]
    if studied is None:
        return table, "default"
    entry = BeyondUse(
        category=category, days=Count(studied), basis="study" if justified else "default", source=Text("the study")
    )
    allowed = allowed_days(entry, table_applies=True)
    days = table if allowed is None else allowed.days
    if days == table:
        return days, "default"
    return days, "cap" if days < studied else "stability_data"


def _study(category: FormCategory, studied: int, days: int, justified: bool) -> Step:
    if studied > TABLE_DAYS[category] and not justified:
        said = "longer than the table, and not said to be justified: the table counts"
    elif days < studied:
        said = f"at most {CAP_DAYS} days, whatever the study says"
    else:
        said = "shorter than the table" if studied < TABLE_DAYS[category] else "justified by a study"
    return Step("Days N by the study", f"{studied} days, {said}: {days} days", "", "", "USP <795> 10.4 and 10.5")
