"""The values papers are made of beside quantities: ranges, intervals, expiries, moments.

Each is read from its text by a classmethod `read`, which raises NotAQuantity or NotADate with what to write.
"""

import calendar
import datetime
import re
from fractions import Fraction
from typing import Literal, NewType

import attrs

from formcheck.errors import FormcheckError, NotAQuantity
from formcheck.grammar import bare_number, escaped
from formcheck.units import Amount, amount

__all__ = [
    "Age", "BodyWeight", "Count", "DosePlan", "Expiry", "Interval", "Moment", "NotADate", "Number",
    "PlannedStep", "Range", "Residue", "Text", "YesOrNo", "read_basis", "read_date",
]  # fmt: skip

Text = NewType("Text", str)
YesOrNo = Literal["yes", "no"]
_BASES = {
    "anhydrous solvent free": "anhydrous-solvent-free",
    "anhydrous": "anhydrous",
    "dried": "dried",
    "as is": "as-is",
}
_OF_NO_MATTER = frozenset({"calculated", "on", "the", "an", "a", "basis", "and", "substance", "with", "reference", "to"})


def read_basis(text: str) -> Text:
    """A basis in its usual spellings ("on the anhydrous, solvent-free basis", "As is"), in that of formcheck.

    Any other is left as it is written.
    """
    words = re.sub(r"[\s,;-]+", " ", text.casefold().rstrip(". ")).split() if len(text) < 100 else []
    known = _BASES.get(" ".join(word for word in words if word not in _OF_NO_MATTER))
    return Text(text if known is None else known)


class NotADate(FormcheckError):
    """A text that is not a date as formcheck reads dates."""


_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_MONTH = re.compile(r"(?:(?P<m>[0-9]{2})/(?P<y>[0-9]{4})|(?P<y2>[0-9]{4})-(?P<m2>[0-9]{2}))", re.ASCII)


def _year(text: str, digits: str) -> int:
    if not 1990 <= int(digits) <= 2199:
        raise NotADate(f"{escaped(text)} has a year that no batch has: write a year from 1990 to 2199")
    return int(digits)


def read_date(text: str) -> datetime.date:
    """A calendar date, YYYY-MM-DD and nothing else. Raises NotADate."""
    match = _DATE.fullmatch(text)
    try:
        if match is not None:
            return datetime.date(_year(text, match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise NotADate(f"{escaped(text)} is no day of the calendar: write the date as YYYY-MM-DD") from None
    raise NotADate(f"{escaped(text)} is not a date formcheck reads: write year-month-day, such as 2026-03-02")


@attrs.frozen
class Expiry:
    """An expiry date; one given as month and year means the last day of that month (USP <7>)."""

    text: str
    last_day: datetime.date

    @classmethod
    def read(cls, text: str) -> "Expiry":
        match = _MONTH.fullmatch(text)
        if match is None:
            try:
                return cls(text, read_date(text))
            except NotADate as error:
                raise NotADate(f"{error}, or month/year, such as 05/2026") from None
        year, month = _year(text, match["y"] or match["y2"]), int(match["m"] or match["m2"])
        if not 1 <= month <= 12:
            raise NotADate(f"{escaped(text)} has no such month: write month/year, such as 05/2026")
        return cls(text, datetime.date(year, month, calendar.monthrange(year, month)[1]))

    def __str__(self) -> str:
        return self.text if self.text == str(self.last_day) else f"{self.text} ({self.last_day})"


@attrs.frozen
class Moment:
    """A date, with the time of day where it was written down."""

    date: datetime.date
    time: datetime.time | None = None

    @classmethod
    def read(cls, text: str) -> "Moment":
        day, mark, clock = text.partition("T") if "T" in text else text.partition(" ")
        date = read_date(day)
        if not mark:
            return cls(date)
        match = re.fullmatch(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?", clock, re.ASCII)
        try:
            if match is not None:
                return cls(date, datetime.time(int(match[1]), int(match[2]), int(match[3] or 0)))
        except ValueError:
            pass
        raise NotADate(f"{escaped(text)} has no such time: write 2026-03-02T14:05")


@attrs.frozen
class Interval:
    """A whole number of days or months between two tests."""

    text: str
    number: int
    months: bool

    @classmethod
    def read(cls, text: str) -> "Interval":
        match = re.fullmatch(r"([1-9][0-9]{0,3}) (day|month)s?", text, re.ASCII)
        if match is None:
            raise NotAQuantity(f"{escaped(text)} is not an interval: write whole days or months, such as 6 months")
        return cls(text, int(match[1]), match[2] == "month")

    def after(self, day: datetime.date) -> datetime.date:
        """The day the interval after `day` ends; a month later than the 31st is at most the month's last."""
        if not self.months:
            return day + datetime.timedelta(days=self.number)
        years, month = divmod(day.month - 1 + self.number, 12)
        year, month = day.year + years, month + 1
        return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


@attrs.frozen
class Range:
    """A range as written, LOW-HIGH UNIT ("90.0-110.0 %"), or without a unit for pH ("3.3-3.9")."""

    text: str
    low: str
    high: str
    unit: str | None = None

    @classmethod
    def read(cls, text: str) -> "Range":
        match = re.fullmatch(r"([0-9.]{1,12})-([0-9.]{1,12})(?: ?([^\s0-9].*))?", text, re.ASCII)
        if match is None:
            raise NotAQuantity(f"{escaped(text)} is not a range: write LOW-HIGH and the unit, such as 90.0-110.0 %")
        low, high = (f"{number} {match[3]}" if match[3] else number for number in (match[1], match[2]))
        numbers = [amount(end).value if match[3] else bare_number(end) for end in (low, high)]
        if not numbers[0] < numbers[1]:
            raise NotAQuantity(f"{escaped(text)}: a range begins with its lower end")
        return cls(text, low, high, match[3])


@attrs.frozen
class Number:
    """A bare number, as written (an acceptance value's limit, a pH)."""

    text: str
    number: Fraction

    @classmethod
    def read(cls, text: str) -> "Number":
        return cls(text, bare_number(text))


class Count(int):
    """A whole number of things or days, 0 or more."""

    @classmethod
    def read(cls, text: str) -> "Count":
        number = bare_number(text)
        if number.denominator != 1 or "." in text:
            raise NotAQuantity(f"{escaped(text)} is not a whole number: write digits only, such as 100")
        if number > 1_000_000:
            raise NotAQuantity(f"{escaped(text)} is more than a million: no batch counts so many")
        return cls(number)


_COMPLIES = re.compile(
    r"(?:(?:complies|complied|conforms|meets|passes|pass|passed)(?: (?:with|to))?(?: the)?"
    r"(?: (?:usp(?:-nf)?|nf|ph\.? ?eur\.?|ep|bp))?(?: <467>)?(?: (?:requirements?|specifications?|limits?|tests?))?"
    r"|within (?:limits?|specifications?)|(?:not|none) detected)\.?"
)
_PPM = re.compile(r"([0-9.]{1,8}) ?ppm", re.ASCII)


@attrs.frozen
class Residue:
    """Water-like content that a certificate may report as "complies", "not detected" or "< 0.1 %": these count as 0."""

    text: str
    value: Fraction

    @classmethod
    def read(cls, text: str) -> "Residue":
        plain = " ".join(text.casefold().split())
        if len(plain) < 80 and _COMPLIES.fullmatch(plain) is not None:
            return cls(text, Fraction(0))
        if plain in ("nd", "n.d.", "n.d", "n/d"):
            raise NotAQuantity(
                f"{escaped(text)} is read as not detected and as not determined: write not detected, or the number found"
            )
        below, written = text.startswith("<"), text.removeprefix("<").strip()
        parts = _PPM.fullmatch(written)
        value = bare_number(parts[1]) / 1_000_000 if parts is not None else amount(written, "percent").value
        if below and value > Fraction(1, 1000):
            raise NotAQuantity(f"{escaped(text)} says too little to count as 0: write the number found")
        return cls(text, Fraction(0) if below else value)


@attrs.frozen
class BodyWeight:
    """The weight of a patient [kg]; no other unit, so that pounds are never taken for kilograms."""

    text: str
    kilograms: Fraction

    @classmethod
    def read(cls, text: str) -> "BodyWeight":
        match = re.fullmatch(r"([0-9.]{1,6}) ?kg", text, re.ASCII)
        if match is None:
            raise NotAQuantity(f"{escaped(text)} is not a body weight: write kilograms, such as 62 kg")
        number = bare_number(match[1])
        if not 1 <= number <= 500:
            raise NotAQuantity(f"{escaped(text)} is no body weight: from 1 kg to 500 kg")
        return cls(text, number)


@attrs.frozen
class Age:
    """The age of a patient [years]: "41 years", "8 months"."""

    text: str
    years: Fraction

    @classmethod
    def read(cls, text: str) -> "Age":
        match = re.fullmatch(r"([0-9]{1,3}) (year|month)s?", text, re.ASCII)
        if match is None:
            raise NotAQuantity(f"{escaped(text)} is not an age: write whole years or months, such as 41 years")
        return cls(text, Fraction(int(match[1]), 12 if match[2] == "month" else 1))


@attrs.frozen
class PlannedStep:
    """One step of a plan: so many doses a day of so many milligrams, for so many days."""

    text: str
    per_day: int
    dose: Amount
    days: int


@attrs.frozen
class DosePlan:
    """A plan of daily doses as the prescriber wrote it: "1.5 mg x 14, 3 mg x 14, 4.5 mg x 30".

    A dose taken twice a day is "2x2.25 mg x 30". The numbers after the doses are days.
    """

    text: str
    steps: tuple[PlannedStep, ...]

    @classmethod
    def read(cls, text: str) -> "DosePlan":
        if len(text) > 400:
            raise NotAQuantity("a plan has at most 400 characters")
        return cls(text, tuple(_planned(part.strip()) for part in text.split(",")))


def _planned(text: str) -> PlannedStep:
    match = re.fullmatch(r"(?:([0-9]{1,2}) ?x ?)?([0-9.]{1,9} ?[^\s0-9]{1,5}) ?x ?([0-9]{1,3})(?: days?)?", text)
    if match is None:
        raise NotAQuantity(f"{escaped(text)} is no step of a plan: write the dose and the days, such as 1.5 mg x 14")
    dose, days, per_day = amount(match[2], "mass"), int(match[3]), int(match[1] or 1)
    if not dose.number > 0 or not days or not 1 <= per_day <= 24:
        raise NotAQuantity(f"{escaped(text)} gives no dose: a step has a dose above 0, 1 day or more, 1 to 24 times a day")
    return PlannedStep(text, per_day, dose, days)
