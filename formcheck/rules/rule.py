"""What a rule is: a frozen description with a function. The engine is `formcheck.judging`.

A **limit rule** returns the value that is to be judged, nothing else; its limits are data, and only the
engine compares. A **record rule** is a generator over one batch that yields what it found wrong.
Neither is trusted with missing data: `needs` names the fields of the paper, and the engine looks.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

import attrs

from formcheck.findings import Authority, Severity, Verdict
from formcheck.grammar import bare_number
from formcheck.units import Amount, amount

__all__ = [
    "OUTSOURCING", "PROFILES", "USP", "Fault", "Limit", "Limits", "Part", "Path", "Row", "Rule", "Ruling", "Telling",
    "limit_rule", "record_rule",
]  # fmt: skip

Path = tuple[str | int, ...]
PROFILES = ("usp-503a", "usp-503b", "ph-eur")
USP = ("usp-503a", "usp-503b")
OUTSOURCING = "usp-503b"


@attrs.frozen(eq=False, slots=False)
class Limit:
    """One bound, inclusive, with its source: at most or at least `number` `unit`.

    `decimals` are those of the text: a compendial or specification limit is compared after rounding the
    value half up to them. None means that the value is compared as it is (doses, dates, counts).
    """

    number: Fraction
    upper: bool
    source: str
    unit: str = ""
    decimals: int | None = None
    size: Fraction = attrs.field(init=False)
    """The bound in the coherent unit."""
    threshold: Fraction = attrs.field(init=False)
    """Where a value begins to round beyond the limit, in the coherent unit."""
    _ratio: tuple[int, int] = attrs.field(init=False)
    """The bound that counts, as two whole numbers."""

    @size.default
    def _size(self) -> Fraction:
        return self.number * _factor(self.unit)

    @threshold.default
    def _threshold(self) -> Fraction:
        half = Fraction(0) if self.decimals is None else Fraction(5, 10 ** (self.decimals + 1))
        return (self.number + (half if self.upper else -half)) * _factor(self.unit)

    @_ratio.default
    def _bound_that_counts(self) -> tuple[int, int]:
        return (self.size if self.decimals is None else self.threshold).as_integer_ratio()

    def broken_by(self, value: Any) -> Any:
        """Whether the value, in the coherent unit, is beyond the limit. Exact numbers or columns."""
        # At 15.05 a value rounds up to 15.1, past 15.0; at 89.95 it rounds up to 90.0, back inside.
        reached_is_beyond = self.upper and self.decimals is not None
        if type(value) is not Fraction:
            bound = self.size if self.decimals is None else self.threshold
            return value >= bound if reached_is_beyond else value > bound if self.upper else value < bound
        # Exact numbers by whole numbers alone: a record has a hundred of these comparisons.
        numerator, denominator = value.as_integer_ratio()
        top, bottom = self._ratio
        found, limit = numerator * bottom, top * denominator
        return found >= limit if reached_is_beyond else found > limit if self.upper else found < limit


@cache
def _factor(unit: str) -> Fraction:
    return amount(f"1 {unit}").value if unit else Fraction(1)


class Limits(NamedTuple):
    """The bounds a value must keep, and the words for them: "90.0 to 110.0 %"."""

    words: str
    bounds: tuple[Limit, ...]

    @property
    def source(self) -> str:
        return self.bounds[0].source

    def worded(self, words: str) -> "Limits":
        """The same bounds in other words ("not after 2026-07-31")."""
        return Limits(words, self.bounds)

    @classmethod
    @cache
    def at_most(cls, text: str, source: str, *, rounded: bool = True) -> "Limits":
        """An upper bound as text, "15.0 %" or "10 mg"; its decimals are those written."""
        return cls(f"at most {text}", (_bound(text, True, source, rounded),))

    @classmethod
    @cache
    def at_least(cls, text: str, source: str, *, rounded: bool = True) -> "Limits":
        """A lower bound as text."""
        return cls(f"at least {text}", (_bound(text, False, source, rounded),))

    @classmethod
    @cache
    def between(cls, low: str, high: str, source: str, *, rounded: bool = True) -> "Limits":
        """Both bounds as texts: "90.0 %", "110.0 %"."""
        bounds = (_bound(low, False, source, rounded), _bound(high, True, source, rounded))
        return cls(f"{low.partition(' ')[0]} to {high}", bounds)

    @classmethod
    @cache
    def about(cls, tolerance: str, source: str) -> "Limits":
        """A tolerance about 100 %: "1.0 %" means that the ratio lies in 99.0 to 101.0 %."""
        read = amount(tolerance, "percent")
        bounds = (
            Limit(100 - read.number, False, source, "%", read.decimals),
            Limit(100 + read.number, True, source, "%", read.decimals),
        )
        return cls(f"within {tolerance} of what is required", bounds)


def _bound(text: str, upper: bool, source: str, rounded: bool) -> Limit:
    if " " not in text:
        number, unit, decimals = bare_number(text), "", len(text.partition(".")[2])
    else:
        read: Amount = amount(text)
        number, unit, decimals = read.number, read.unit.singular, read.decimals
    return Limit(number, upper, source, unit, decimals if rounded else None)


class Telling(NamedTuple):
    """The words for a row that is broken or cannot be judged, made only then.

    `what` is judged ("the net mass of capsule 3"), `working` shows how, `unknown` why it cannot be judged;
    `said` and `found` replace the sentence and the figure where a number of days would read worse than a date.
    """

    what: str
    working: str = ""
    help: str = ""
    unknown: str = ""
    said: str = ""
    found: str = ""


class Row(NamedTuple):
    """One value to judge: the named exact numbers a limit rule takes, its limits, its place, and its words.

    A value that is None makes the row not determined; `broken` is the verdict beyond the limits, and `severity` its
    weight where that is not the rule's.
    """

    values: Mapping[str, Fraction | None]
    limits: Limits
    tell: Callable[[], Telling]
    field: Path = ()
    broken: Verdict = Verdict.FAIL
    severity: Severity | None = None


class Fault(NamedTuple):
    """What a record rule found wrong; None fields are taken from the rule."""

    message: str
    field: Path = ()
    found: str | None = None
    limit: str | None = None
    help: str | None = None
    verdict: Verdict = Verdict.FAIL
    severity: Severity | None = None
    authority: Authority | None = None
    source: str | None = None


class Part(NamedTuple):
    """A value, the rows to take it over, and how it is printed: in a unit, and "of" what.

    `gathered` says that many broken rows make one finding (capsules), not one each (components); `bare` that
    the figure is printed without its unit; `quantities` is the unit of each parameter of `value`.
    """

    value: Callable[..., Any]
    rows: Callable[[Any], Iterable[Row]]
    shown_in: str
    of: str = ""
    gathered: bool = False
    bare: bool = False
    quantities: Mapping[str, str] = MappingProxyType({})


def _always(_subject: Any) -> bool:
    return True


class Ruling(NamedTuple):
    """How a rule weighs under one profile, where that differs, and what it needs there beside its own needs."""

    severity: Severity
    authority: Authority
    source: str
    needs: tuple[str, ...] = ()


class Rule(NamedTuple):
    """One entry of the catalogue.

    `subjects` are what it judges: records, formulations (by `lint`), conversions, examples. `under` gives its
    weight under the profiles where that differs.

    `needs` are fields that must be there for the rule to run; `test` names the test of the formulation
    that the rule judges, so that a test which is not due makes it "not due"; `after` are codes which,
    when they name a fault of the same component, make this rule's finding a repetition, `after_here` such codes
    for a fault of the very same field; `alone` rules can judge a record whose formulation was not found.
    """

    code: str
    title: str
    severity: Severity
    authority: Authority
    source: str
    manual: str
    needs: tuple[str, ...] = ()
    profiles: tuple[str, ...] = PROFILES
    under: Mapping[str, Ruling] = MappingProxyType({})
    applies: Callable[[Any], bool] = _always
    test: str | None = None
    alone: bool = False
    after: tuple[str, ...] = ()
    after_here: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ("record",)
    parts: tuple[Part, ...] = ()
    faults: Callable[[Any], Iterable[Fault]] | None = None
    quantities: Mapping[str, str] = MappingProxyType({})

    @property
    def help(self) -> str:
        """What to do: the last paragraph of the manual."""
        return self.manual.strip().rpartition("\n\n")[2].replace("\n", " ")

    @property
    def is_limit_rule(self) -> bool:
        return bool(self.parts)

    def ruling(self, profile: str) -> Ruling:
        """What weighs under a profile: severity, authority, source, and further needs."""
        return self.under.get(profile) or Ruling(self.severity, self.authority, self.source)

    def severity_in(self, profile: str) -> Severity:
        return self.ruling(profile).severity


def limit_rule(
    code: str,
    title: str,
    *,
    rows: Callable[[Any], Iterable[Row]],
    quantities: Mapping[str, str],
    shown_in: str,
    of: str = "",
    gathered: bool = False,
    bare: bool = False,
    also: tuple[Part, ...] = (),
    **rest: Any,
) -> Callable[[Callable[..., Any]], Rule]:
    """Make a rule of a function that returns the value to judge, in the coherent unit.

    `quantities` gives the unit of each parameter, so that a test (and an audit over columns) can pass real
    quantities and have pint check the dimensions; `shown_in` is the unit the value is printed in.
    """

    def make(function: Callable[..., Any]) -> Rule:
        parts = (Part(function, rows, shown_in, of, gathered, bare, quantities), *also)
        return Rule(code=code, title=title, manual=_manual(function), parts=parts, quantities=quantities, **rest)

    return make


def record_rule(code: str, title: str, **rest: Any) -> Callable[[Callable[[Any], Iterable[Fault]]], Rule]:
    """Make a rule of a generator over one batch (or one conversion) that yields Faults."""

    def make(function: Callable[[Any], Iterable[Fault]]) -> Rule:
        return Rule(code=code, title=title, manual=_manual(function), faults=function, **rest)

    return make


def _manual(function: Callable[..., Any]) -> str:
    lines = (function.__doc__ or "").strip().splitlines()
    return "\n".join(line.strip() for line in lines)
