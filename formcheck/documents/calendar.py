"""A titration for whoever takes it: on which days what is taken, in plain words; and what is dispensed."""

import datetime

from formcheck.documents.paper import Block, Document, Fields, Section, Table, Words
from formcheck.planning.schedule import Placed
from formcheck.rules.dosing import CHANGED_FORM
from formcheck.timetable import days_in_words, fill_in_words, taken_in_words
from formcheck.titrating import Titration, in_days

__all__ = ["calendar_paper"]

TO_KNOW = (
    "Take no more than is written here, and never more than 10 mg in a day.",
    "Do not take opioid pain medicines with it.",
    "Sleep may be lighter at first, and dreams more vivid. If something troubles you, do not go on to the next step: "
    "ask your pharmacist or prescriber first.",
    "A day that was forgotten is left out. Do not take twice as much on the next.",
)
DROPS = "Count the drops with the dropper of this bottle only: another one gives drops of another size."


def calendar_paper(titration: Titration, first_day: datetime.date | None = None) -> Document:
    """The paper of a plan that can be given; the caller refuses one that cannot."""
    plan = titration.plan
    days = [(part, each) for part in titration.parts for each in part.days]
    head = ("When", "Take", "In a day") if first_day is not None else ("Day", "Take", "In a day")
    rows = [
        (_when(each, first_day), taken_in_words(part, each.step), part.plan.words(each.step.daily)) for part, each in days
    ]
    known = [*TO_KNOW]
    if any(part.plan.factor is not None for part in titration.parts):
        known.insert(1, DROPS)
    if titration.changes_form:
        known.append(CHANGED_FORM.message)
    sections = [Section("What to take", [Table(head, rows)]), Section("To know", [Words(known)])]
    if plan is not None and titration.fills:
        sections.append(Section("Dispensed", _dispensed(titration)))
    of = "naltrexone hydrochloride" if plan is None or plan.counted == 1 else "naltrexone"
    return Document(
        f"How to take low-dose naltrexone ({of})",
        sections,
        [("Name", ""), ("Pharmacy, telephone", "")],
        date="" if first_day is None else str(first_day),
        size=12,
    )


def _when(each: Placed, first_day: datetime.date | None) -> str:
    """The days of a step with the weekday, where the first day is known: "Tue 1 Dec to Mon 7 Dec 2026"."""
    if first_day is None:
        return days_in_words(each)
    begin = first_day + datetime.timedelta(each.first - 1)
    if each.last is None:
        return f"from {_date(begin)}"
    end = first_day + datetime.timedelta(each.last - 1)
    return _date(begin) if begin == end else f"{_date(begin, year=begin.year != end.year)} to {_date(end)}"


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _date(day: datetime.date, *, year: bool = True) -> str:
    """A date that cannot be read in two ways, in whatever language the computer is set to."""
    words = f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    return f"{words} {day.year}" if year else words


def _dispensed(titration: Titration) -> list[Block]:
    plan = titration.plan
    if plan is None:
        return []
    several = len(titration.fills) > 1
    rows = [
        (f"For {in_days(fill.first, fill.last)}" if several else "In all", fill_in_words(fill, plan))
        for fill in titration.fills
    ]
    if any(step.days is None for step in plan.steps):
        rows.append(("After that", "to be dispensed later"))
    return [Fields(rows)]
