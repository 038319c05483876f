"""The phrases of directions: amounts, milligrams, how often, at what time of day, for how long.

A sentence is taken apart word by word, and every word and every figure becomes a phrase of some kind. What is no known
phrase is kept as unknown, and what could change how much is taken (a figure that belongs to nothing, "another", "as
needed") as unbounded. Nothing is passed over, so that nothing counts as harmless because nobody could read it.
"""

import re
from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from formcheck.planning.labels import remembered
from formcheck.planning.vocabulary import (
    IN_LATIN,
    LATIN,
    MASS,
    NO_FIGURE,
    NUMBER_LIKE,
    NUMBERS,
    OCCASION,
    PATTERNS,
    PLAIN,
    QUANTITIES,
    UNBOUNDED,
    VERBS,
    N,
)

__all__ = ["Kind", "Phrase", "phrases_of"]


class Kind(Enum):
    """What a phrase says; `PLAIN` says nothing of how much or how often."""

    AMOUNT = "amount"
    TIMES = "times"
    OCCASION = "occasion"
    LASTS = "lasts"
    HEADING = "heading"
    THEN = "then"
    AND = "and"
    COMMA = "comma"
    OR = "or"
    OPEN = "open"
    CLOSE = "close"
    VERB = "verb"
    LIMIT = "limit"
    NOT = "not"
    QUANTITY = "quantity"
    PLAIN = "plain"
    UNKNOWN = "unknown"
    UNBOUNDED = "unbounded"


class Phrase(NamedTuple):
    """A phrase as it stands, with its figure, and the unit, time of day or span of time it counts.

    `last` ends a span (0: open); `mass` is what units are said to hold ("3 x 4.5 mg capsules") [mg].
    """

    kind: Kind
    text: str
    number: Fraction = Fraction(1)
    of: str = ""
    last: int = 0
    plain: bool = True
    mass: Fraction = Fraction(0)


_TOKEN = re.compile("|".join(f"(?P<{name}_{place}>{pattern})" for place, (name, pattern) in enumerate(PATTERNS)))
_NAMES = {f"{name}_{place}": name for place, (name, _) in enumerate(PATTERNS)}
_FIGURE = re.compile(N)


@remembered
def phrases_of(sentence: str) -> tuple[Phrase, ...]:
    """The phrases of a sentence in lower case, in their order."""
    return tuple(_MAKERS[_NAMES[match.lastgroup or ""]](match[0]) for match in _TOKEN.finditer(sentence))


def _figures(text: str) -> list[Fraction]:
    return [NUMBERS.get(found) or Fraction(found.replace(",", "")) for found in _FIGURE.findall(text)]


def _amount(text: str) -> Phrase:
    """The larger of "1 or 2 capsules"; the strength in "3 x 4.5 mg capsules" is what they hold."""
    number = max(_figures(_HOLDING.sub("", text)), default=Fraction(1))
    unit = "mL" if text.endswith(_MILLILITRES) else "drops" if text.endswith(_DROPS) else "capsules"
    holding = _HOLDING.search(text)
    mass = _mass(holding[0].strip()).number * number if holding is not None else Fraction(0)
    return Phrase(Kind.AMOUNT, text, number, unit, plain=not text.endswith(("gtt", "gtts")), mass=mass)


_HOLDING = re.compile(rf"[0-9.]{{1,8}} ?{MASS} ")
_MILLILITRES = ("ml", "mls", "liter", "litre", "liters", "litres")
_DROPS = ("drop", "drops", "gtt", "gtts")
_MICROGRAMS = re.compile(r"(?:mcg|ug|micrograms?)$")
_GRAMS = re.compile(r"[0-9a-z] ?(?<!m)(?<!mc)(?<!u)g$|(?<!milli)(?<!micro)grams?$")


def _mass(text: str) -> Phrase:
    text = text.removesuffix(" total")
    per = Fraction(1, 1000) if _MICROGRAMS.search(text) else Fraction(1000) if _GRAMS.search(text) else Fraction(1)
    return Phrase(Kind.AMOUNT, text, max(_figures(text)) * per, "mg")


def _times(text: str) -> Phrase:
    words = {"once": Fraction(1), "twice": Fraction(2), "thrice": Fraction(3)}
    number = words.get(text.partition(" ")[0]) or max(_figures(text))
    if "week" in text or "month" in text:
        # Four times a week is on four days, as far as anybody can tell.
        return Phrase(Kind.TIMES, text, Fraction(1) if number <= 7 else number, "day", plain=number == 1)
    if "hour" in text:
        return Phrase(Kind.TIMES, text, number * 24, "day")
    return Phrase(Kind.TIMES, text, number, "day" if "day" in text or "daily" in text else "each")


def _hours(text: str) -> Phrase:
    """Every 6 to 8 hours is four times a day; every hour, 24 times."""
    every = min(_figures(re.sub(r"^q ?|h$", "", text)), default=Fraction(1))
    times = Fraction(24 * 60 if "min" in text else 24) / every if every else Fraction(24 * 60)
    return Phrase(Kind.TIMES, text, Fraction(-(-times.numerator // times.denominator)), "day")


def _heading(text: str) -> Phrase:
    """The first and last day, week or month of a step: "weeks 1 to 2"; "after 2 weeks" is from the third on."""
    figures = _figures(text) or [Fraction(1)]
    span = next(span for span in ("day", "week", "month") if span in text)
    if text.startswith("after"):
        return Phrase(Kind.HEADING, text, figures[0] + 1, span)
    return Phrase(Kind.HEADING, text, figures[0], span, int(figures[-1]))


def _open_heading(text: str) -> Phrase:
    return _heading(text)._replace(last=0)


def _word(word: str) -> Phrase:
    kind = _KINDS.get(word)
    if kind is None:
        # "four-hourly", "fourfold", "a handful", "stündlich": words that may say how much or how often.
        says_how_much = NUMBER_LIKE.search(word) is not None and word not in NO_FIGURE
        kind = Kind.UNBOUNDED if says_how_much else Kind.UNKNOWN
    return Phrase(kind, word, of=OCCASION.get(word, ""), plain=word not in IN_LATIN)


def _figure(text: str) -> Phrase:
    """A figure or a word that belongs to nothing known, or a mere sign."""
    return Phrase(Kind.UNBOUNDED if any(c.isalnum() for c in text) else Kind.PLAIN, text)


_KINDS = {
    **dict.fromkeys(PLAIN, Kind.PLAIN),
    **dict.fromkeys(UNBOUNDED, Kind.UNBOUNDED),
    **dict.fromkeys(NUMBERS, Kind.UNBOUNDED),
    **dict.fromkeys(QUANTITIES, Kind.QUANTITY),
    **dict.fromkeys(VERBS, Kind.VERB),
    **dict.fromkeys(OCCASION, Kind.OCCASION),
    **dict.fromkeys(("and", "plus", "et"), Kind.AND),
    **dict.fromkeys(("not", "never", "don't", "avoid"), Kind.NOT),
    "or": Kind.OR,
}


def _says(kind: Kind) -> Callable[[str], Phrase]:
    return lambda text: Phrase(kind, text)


_MAKERS: dict[str, Callable[[str], Phrase]] = {
    "beside": _says(Kind.PLAIN),
    "clock": lambda text: Phrase(Kind.OCCASION, text, of="clock"),
    "heading": _heading,
    "open_heading": _open_heading,
    "lasts": _says(Kind.LASTS),
    "rarely": lambda text: Phrase(Kind.TIMES, text, of="day"),
    "day": lambda text: Phrase(Kind.TIMES, text, of="day"),
    "hours": _hours,
    "times": _times,
    "latin": lambda text: Phrase(Kind.TIMES, text, Fraction(LATIN.get(text, 1)), "day", plain=False),
    "amount": _amount,
    "article": _amount,
    "units": lambda text: Phrase(Kind.AMOUNT, text, max(_figures(text)), "capsules"),
    "mass": _mass,
    "meals": lambda text: Phrase(Kind.TIMES, text, Fraction(3), "day", plain=False),
    "unbounded": _says(Kind.UNBOUNDED),
    "then": _says(Kind.THEN),
    "limit": _says(Kind.LIMIT),
    "up_to": _says(Kind.PLAIN),
    "and": _says(Kind.AND),
    "comma": _says(Kind.COMMA),
    "word": _word,
    "open": _says(Kind.OPEN),
    "close": _says(Kind.CLOSE),
    "equals": _says(Kind.OR),
    "figure": _figure,
}
