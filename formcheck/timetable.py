"""A titration as data and as words: what is taken on which days, in the words of whoever takes it."""

import datetime
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from formcheck.answering import finding_as_text
from formcheck.findings import Severity
from formcheck.formats.words import paint
from formcheck.planning.schedule import Placed
from formcheck.planning.titration import Plan, Step
from formcheck.titrating import Fill, Part, Titration, in_days
from formcheck.units import as_number, format_exactly

__all__ = ["days_in_words", "fill_in_words", "taken_in_words", "titration_as_data", "titration_as_text"]

_TIMES = {1: "once a day", 2: "twice a day"}


def titration_as_data(titration: Titration) -> dict[str, Any]:
    """The keys of the contract; a refused plan has findings and no key that carries a dose."""
    from formcheck.formats.data import finding_as_data

    plan = titration.plan
    data: dict[str, Any] = {}
    if plan is not None:
        data["steps"] = [_step_as_data(part, days) for part in titration.parts for days in part.days]
        data["total_days"] = plan.total_days
        data["first_day_at_target"] = plan.first_day_at_target
        data["completed_days_before_target"] = plan.days_before_target
        data["total_mg"] = as_number(plan.total)
        data["max_daily_mg"] = as_number(plan.most)
        data.update(_totals(titration))
        data["fills"] = [_fill_as_data(fill, plan) for fill in titration.fills]
    data["findings"] = [finding_as_data(finding) for finding in titration.findings]
    return data


def _step_as_data(part: Part, days: Placed) -> dict[str, Any]:
    step = days.step
    data: dict[str, Any] = {
        "from_day": days.first,
        "to_day": days.last,
        "daily_mg": as_number(step.daily),
        "dose_mg": as_number(step.dose),
        "per_day": step.per_day,
    }
    counts = part.plan.capsules(step)
    conversion = part.plan.conversion(step)
    if counts is not None:
        data["capsules"] = sum(counts.values()) * step.per_day
        data["capsules_by_strength"] = {part.plan.words(mg): count * step.per_day for mg, count in counts.items()}
        data["delivered_mg"] = as_number(step.dose)
    elif conversion is not None:
        data["volume_mL"] = as_number(Fraction(conversion.volume.magnitude))
        if conversion.drops is not None:
            data["drops"] = conversion.drops
        data["delivered_mg"] = as_number((conversion.delivered or conversion.asked).milligrams)
    return data


def _totals(titration: Titration) -> Iterator[tuple[str, Any]]:
    """What the doses asked for take in all, of capsules and of the liquid."""
    capsules = [part.plan for part in titration.parts if part.plan.strengths]
    liquids = [part.plan for part in titration.parts if part.plan.preparation is not None]
    if capsules and all(plan.needed is not None for plan in capsules):
        yield "capsules_total", as_number(sum((plan.needed or Fraction(0) for plan in capsules), Fraction(0)))
    if liquids:
        volumes = (plan.total / plan.preparation.per_millilitre for plan in liquids if plan.preparation is not None)
        yield "total_volume_mL", as_number(sum(volumes, Fraction(0)))


def _fill_as_data(fill: Fill, plan: Plan) -> dict[str, Any]:
    data: dict[str, Any] = {"from_day": fill.first, "to_day": fill.last, "days": fill.days}
    if fill.capsules:
        data["capsules_by_strength"] = {plan.words(mg): count for mg, count in fill.capsules.items()}
    if fill.millilitres:
        data["volume_mL"] = as_number(fill.millilitres)
    if fill.bottles is not None:
        data["bottles"] = fill.bottles
    return data


def titration_as_text(
    titration: Titration, *, first_day: datetime.date | None = None, colour: bool = False, quiet: bool = False
) -> str:
    """The titration as it is read at the counter: the days first, what they take in all below; quiet: no infos."""
    lines: list[str] = []
    if titration.plan is None:
        lines.append(f"{paint('REFUSED', 'FAIL', colour)}  No plan is given.")
    else:
        if titration.exit_status:
            lines.extend([f"{paint('FAIL', 'FAIL', colour)}  Do not use this plan as it is; see the error below.", ""])
        lines.extend(_table(titration, titration.plan, first_day))
        lines.extend(["", *_summary(titration, titration.plan)])
    for finding in titration.findings:
        if not (quiet and finding.severity is Severity.INFO):
            lines.extend(["", *finding_as_text(finding, colour)])
    return "\n".join(lines)


def _table(titration: Titration, plan: Plan, first_day: datetime.date | None) -> Iterator[str]:
    of = "naltrexone hydrochloride" if plan.counted == 1 else "naltrexone (the base)"
    least = min(step.daily for step in plan.steps)
    change = f"{plan.words(least)} to {plan.words(plan.most)}" if plan.changes else plan.words(plan.most)
    yield f"{of[0].upper()}{of[1:]}, {change} a day"
    yield ""
    rows = [(days_in_words(days, first_day), plan.words(days.step.daily), taken_in_words(part, days.step))
            for part in titration.parts for days in part.days]  # fmt: skip
    wide = [max(len(row[column]) for row in (*rows, ("Days", "A day", ""))) + 3 for column in (0, 1)]
    for days, daily, take in (("Days", "A day", "Take"), *rows):
        yield f"  {days:<{wide[0]}}{daily:<{wide[1]}}{take}"


def days_in_words(days: Placed, first_day: datetime.date | None = None) -> str:
    """The days of a step: "8 to 14", "57 on", with their dates where the first is known."""
    if days.last is None:
        words = f"{days.first} on"
    else:
        words = f"{days.first}" if days.first == days.last else f"{days.first} to {days.last}"
    if first_day is None:
        return words
    begin = first_day + datetime.timedelta(days.first - 1)
    if days.last is None:
        return f"{words} ({begin} on)"
    end = first_day + datetime.timedelta(days.last - 1)
    return f"{words} ({begin})" if begin == end else f"{words} ({begin} to {end})"


def taken_in_words(part: Part, step: Step) -> str:
    """What is taken of a step, in plain words: "23 drops (about 4.5 mg), once a day"."""
    often = _TIMES.get(step.per_day, f"{step.per_day} times a day")
    plan, dose = part.plan, part.plan.words(step.dose)
    if plan.strengths:
        counts = plan.capsules(step)
        if counts is None:
            return f"{dose}, {often}: these capsules do not give it"
        each = [f"{count} capsule{'s' if count != 1 else ''} of {plan.words(mg)}" for mg, count in counts.items()]
        return f"{' and '.join(each)}, {often}"
    if plan.preparation is None:
        return f"{dose}, {often}"
    conversion = plan.conversion(step)
    if conversion is None:
        return f"{dose}, {often}: whole drops do not give it"
    if conversion.drops is None:
        return f"{format_exactly(conversion.volume_to_measure)} mL ({dose}), {often}"
    return f"{conversion.drops} drop{'s' if conversion.drops != 1 else ''} (about {dose}), {often}"


def _summary(titration: Titration, plan: Plan) -> Iterator[str]:
    if plan.changes:
        weeks, days = divmod(plan.days_before_target, 7)
        after = f"{plan.days_before_target} days" + (f" ({weeks} weeks)" if not days and weeks else "")
        yield _row("At the target", f"{plan.words(plan.target)} a day from day {plan.first_day_at_target}, after {after}")
    is_open = any(step.days is None for step in plan.steps)
    days_counted = f"{plan.words(plan.total)} in {plan.total_days} days"
    if not plan.total_days:
        yield _row("In all", "one open step: without its days no supply can be said (--maintain 28days)")
        return
    yield _row("In all", days_counted + ("; the last step is open, and not counted (--maintain 28days)" if is_open else ""))
    for place, fill in enumerate(titration.fills):
        when = f"for {in_days(fill.first, fill.last)}: " if len(titration.fills) > 1 else ""
        yield _row("" if place else "Dispense", f"{when}{fill_in_words(fill, plan)}")


def fill_in_words(fill: Fill, plan: Plan) -> str:
    """What is dispensed at once: "84 capsules of 1.5 mg", "31.5 mL (2 bottles)"."""
    words = [f"{count} capsule{'s' if count != 1 else ''} of {plan.words(mg)}" for mg, count in fill.capsules.items()]
    if fill.millilitres:
        bottles = "" if fill.bottles is None else f" ({fill.bottles} bottle{'s' if fill.bottles != 1 else ''})"
        words.append(f"{_up(fill.millilitres)} mL{bottles}")
    return " and ".join(words)


def _up(millilitres: Fraction) -> str:
    """Millilitres to one decimal, up: what is dispensed has to be enough."""
    return format_exactly(Fraction(-int(-millilitres * 10 // 1), 10))


def _row(name: str, text: str) -> str:
    return f"  {name:<16}{text}"
