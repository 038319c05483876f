"""The dates that stand in a text: on a label, in figures and in words.

A date that leaves its day or the century out is one only after words such as "discard after"; elsewhere it may be anything.
"""

import calendar
import datetime
import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from formcheck.planning.once import remembered

__all__ = ["DateOnLabel", "dates_in", "undated"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})"
_DATES = (
    (re.compile(r"(?<![0-9-])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9-])"), "ymd"),
    (re.compile(rf"(?<![0-9])([0-9]{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH}\.?,?[ -]([0-9]{{4}})(?![0-9])"), "dmy"),
    (re.compile(rf"(?<![a-z]){_MONTH}\.? ([0-9]{{1,2}})(?:st|nd|rd|th)?,? ([0-9]{{4}})(?![0-9])"), "mdy"),
    (re.compile(r"(?<![0-9/])([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?![0-9/])"), "mdy"),
    (re.compile(r"(?<![0-9.])([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?![0-9])"), "dmy"),
)
_SHORT_DATES = (
    (re.compile(r"(?<![0-9./-])([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})(?![0-9/-])"), "ymd"),
    (
        re.compile(rf"(?<![0-9])([0-9]{{1,2}})(?:st|nd|rd|th)?[ -]?{_MONTH}\.?,?[ -]?'?([0-9]{{4}}|[0-9]{{2}})(?![0-9])"),
        "dmy",
    ),
    (
        re.compile(
            rf"(?<![a-z]){_MONTH}\.?[ -]?([0-9]{{1,2}})(?:st|nd|rd|th)?[, -]{{1,2}}'?([0-9]{{4}}|[0-9]{{2}})(?![0-9])"
        ),
        "mdy",
    ),
    (re.compile(r"(?<![0-9./-])([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4}|[0-9]{2})(?![0-9/-])"), "mdy"),
    (re.compile(r"(?<![0-9./-])([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{2})(?![0-9])"), "dmy"),
    (re.compile(rf"(?<![a-z]){_MONTH}\.?,?[ -]?(?:of )?'?([0-9]{{4}}|[0-9]{{2}})(?![0-9])"), "my"),
    (re.compile(r"(?<![0-9./-])([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})(?![0-9/-])"), "my"),
    (re.compile(r"(?<![0-9./-])([0-9]{4})[/.-]([0-9]{1,2})(?![0-9/-])"), "ym"),
    (re.compile(r"(?<![0-9./-])(20[0-9]{2})(?![0-9/-])"), "y"),
)
"""Without the day, or with two figures of the year."""
_YEAR = re.compile(r"[0-9]{4}")
_TWO_FIGURES = re.compile(r"[0-9]{2}")
_USE = (
    r"discard|\bb\.?u\.?d\b|beyond[- ]use|\buse (?:by|before|within)|\buse after|\bexpir[a-z]*|\bexp\b|best (?:before|by)"
    r"|\buntil\b|\bgood (?:through|thru)"
)
_MADE = r"\bmade\b|\bcompounded\b|\bprepared\b|\bfilled\b|\bdispensed\b|\bmanufactured\b|\bpacked\b|\bmfg\b|\bmfd\b"
_BEFORE_A_DATE = re.compile(
    r"(?P<other>\b(?:refills?|repeats?|prescription|rx|order)\b[^.;,\n]{0,30}?\b"
    r"(?<!use )(?<!use-)(?<!discard )(?:until|before|by|expires?|exp)\b"
    r"|\b(?:take|taken|give|given|place|continue|stop|return)\b[^.;\n]{0,50}?\b(?:until|by)\b)"
    rf"|(?P<use>{_USE})|(?P<made>{_MADE})"
)
_JUST_BEFORE = re.compile(rf"(?:{_USE})(?:[ :=.,()#-]|\b(?:date|on|after|by|before|end|of|the|is|or|and)\b){{0,40}}$")
_SAID_ALONE = re.compile(
    r"(?:discard|b\.?u\.?d|beyond[- ]use|use|expir[a-z]*|exp|best)(?:[ :=.]|date|after|by|before|on){0,8}$"
)
_CLAUSE_END = re.compile(r"[;!?]|(?<!exp)(?<!b\.u\.d)\. ")


class DateOnLabel(NamedTuple):
    """A date on a label; `kind` is "use" after words such as "discard after", "made" after "compounded", "other" after
    those about refills and treatment, or empty.
    """

    date: datetime.date
    kind: str


def dates_in(lines: tuple[str, ...], *, day_first: bool) -> tuple[DateOnLabel, ...]:
    """Every date in some lines of text in lower case. 07/08/2026 is the eighth of July unless `day_first`."""
    read = _day_first if day_first else _month_first
    return tuple(found for line in _joined(lines) for found in read(line))


def _joined(lines: tuple[str, ...]) -> Iterator[str]:
    """The lines, one that ends in "discard after" with the one after it."""
    before = ""
    for line in lines:
        whole = f"{before} {line}" if before else line
        before = whole if _goes_on(whole) else ""
        if not before:
            yield whole


_LONGEST_HEAD = 60


@remembered
def _goes_on(line: str) -> bool:
    """Whether the date of a line stands on the next one."""
    return len(line) < _LONGEST_HEAD and _SAID_ALONE.search(line) is not None


@remembered
def undated(line: str) -> str:
    """A line without its dates."""
    if _YEAR.search(line) is not None:
        for pattern, _ in _DATES:
            line = pattern.sub(" ", line)
    return line


def _dates_of(line: str, *, day_first: bool) -> tuple[DateOnLabel, ...]:
    return tuple(_found_dates(line, day_first=day_first)) if _TWO_FIGURES.search(line) is not None else ()


def _found_dates(line: str, *, day_first: bool) -> Iterator[DateOnLabel]:
    for pattern, order in _DATES if _YEAR.search(line) is not None else ():
        for match in pattern.finditer(line):
            date = _date(match, order, day_first=day_first)
            if date is not None:
                yield DateOnLabel(date, _kind(line[max(0, match.start() - 60) : match.start()]))
    if not any(mark in line for mark in _MARKS):
        return
    left = line
    for pattern, _ in _DATES:
        left = pattern.sub(_blanked, left)
    for pattern, order in _SHORT_DATES:
        for match in list(pattern.finditer(left)):
            before = left[max(0, match.start() - 60) : match.start()]
            if _kind(before) != "use" or _JUST_BEFORE.search(before) is None:
                continue
            left = left[: match.start()] + _blanked(match) + left[match.end() :]
            date = _date(match, order, day_first=day_first)
            if date is not None:
                yield DateOnLabel(date, "use")


_MARKS = ("discard", "b.u.d", "bud", "b.ud", "bu.d", "use", "exp", "best", "until", "good")
"""One of these stands in every line that says until when something may be used."""


def _blanked(match: re.Match[str]) -> str:
    return "#" * (match.end() - match.start())


_month_first, _day_first = (remembered(partial(_dates_of, day_first=first)) for first in (False, True))


def _date(match: re.Match[str], order: str, *, day_first: bool) -> datetime.date | None:
    """The day a match stands for, of a month or a year its last; None where no calendar has it."""
    either_way = order == "mdy"
    read = "dmy" if day_first and either_way and match[1].isdigit() else order
    parts = dict(zip(read, match.groups(), strict=True))
    month = parts.get("m", "12")
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    day = int(parts["d"]) if "d" in parts else 0
    if number > 12 and either_way:
        number, day = day, number  # 31/07/2026 can only be the 31st of July
    try:
        return datetime.date(year, number, day or calendar.monthrange(year, number)[1])
    except ValueError:
        return None


def _kind(before: str) -> str:
    clause = _CLAUSE_END.split(before)[-1]
    kinds = [match.lastgroup or "" for match in _BEFORE_A_DATE.finditer(clause)]
    return kinds[-1] if kinds else ""
