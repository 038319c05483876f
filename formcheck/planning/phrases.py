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
    """A phrase as it stands, with its figure, and the unit, time of day or span of time it counts."""

    kind: Kind
    text: str
    number: Fraction = Fraction(1)
    of: str = ""
    last: int = 0
    plain: bool = True


_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: Fraction(number) for number, word in enumerate(_COUNTED, start=1)}
_N = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?|(?:{'|'.join(_COUNTED)})\b)"
# "3 (three)", "1 to 2", "1-2": the largest counts.
_R = rf"(?<![\w./])(?<![0-9],){_N}(?: ?\({_N}\))?(?: ?(?:-|to|or) ?{_N}(?: ?\({_N}\))?){{0,2}}"
_DRUG = r"(?:(?:x|of|the|your|naltrexone|hydrochloride|hcl|ldn|low[ -]dose|hard|gelatin|whole) ){0,6}"
_UNIT = r"(?:capsules?|caps?|drops?|gtts?|mls?|millilit(?:er|re)s?)\b"
_MASS = r"(?:mg|mcg|ug|milligrams?|micrograms?|g|grams?)\b"
_SPAN = r"(?:days?|weeks?|months?)\b"
_A = r"(?:a|an|the|your|this|one)"
_WATER = r"(?:of )?(?:cool |warm )?(?:water|milk|juice)"
_OTHER_DOSE = r"(?:the |your |a )?(?:last|first|previous|each|every|dose)"
_PURPOSE = (
    "pain|chronic|fibromyalgia|crohn'?s?|disease|inflammation|inflammatory|autoimmune|immune|fatigue|symptoms?|multiple"
    "|sclerosis|joints?|nerves?|neuropathy|neuropathic|arthritis|rheumatoid|lupus|thyroid|hashimoto'?s?|itching|psoriasis"
    "|colitis|ulcerative|bowel|syndrome|condition|support|modulation|therapy|treatment|of|long covid|low[ -]dose naltrexone"
)
_A_DAY = r"(?:a|per|each|every|in a) (?:single )?day"
_BESIDE = (
    # ids and dates
    r"\b(?:rx|lot|batch|ndc|tel|phone|prescription)\b(?: no| number)?[ .:#]{0,3}[a-z]{0,6}-?[0-9][0-9a-z-]{0,20}",
    r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])|(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}(?![0-9/])",
    # drops per mL, strengths
    rf"{_R} ?(?:drops?|gtts?) ?(?:/|per|in|=|make|a) ?(?:1 ?|one |each )?(?:ml|millilit(?:er|re))\b",
    rf"(?:drops? ?(?:/|per) ?ml ?[:=]|(?<![\w.])1 ?ml ?(?:=|is|holds|contains)) ?(?:about )?{_N}(?: drops?)?(?![\w.])",
    rf"{_R} ?{_MASS} ?(?:/|per|in|in each|in every|a) ?(?:1 ?|one )?(?:ml|capsule|drop)\b",
    rf"{_R} ?{_MASS} ?(?:hard )?(?:gelatin )?(?:capsules?|caps?|sublingual drops|oral liquid|oral solution)\b",
    # devices, water, an hour before, where from
    rf"{_R} ?mls? (?:(?:oral|enteral|dosing|medicine) )?(?:syringe|dropper|pipette)\b|(?:syringe|pipette) of {_N} ?ml\b",
    rf"(?:{_R} ?mls?|{_R} glass(?:es)?|(?:an? |full |half )*glass|plenty|some|sip) {_WATER}\b",
    rf"\b(?:{_N}|an?|half an) (?:hours?|minutes?|mins?) (?:before|after|prior to) (?!{_OTHER_DOSE})",
    r"\b(?:on an empty stomach|in (?:the|this) (?:closed )?bottle|from (?:the|this) bottle|shake (?:the |this )?bottle)\b",
    # what for
    rf"\bfor (?:the )?(?:(?:{_PURPOSE})(?:$|[ ,.)]+(?:and |or )?)){{1,6}}",
    rf"\bonce (?:opened|mixed)\b|\b(?:use )?within {_N} {_SPAN}",
    r"\b(?:before|after|for)(?: [a-z]{1,12})? use\b|\buse (?:by|before)\b|\bwith this dropper only\b",
)
_RARELY = (
    r"\b(?:every|each) (?:other|second|third) (?:day|night|morning|evening)\b",
    rf"\b(?:every|each) {_R} (?:days|weeks|months)\b",
)
_HOURS = (
    rf"\b(?:every|each|q) ?(?:{_R} ?)?(?:hours?|hrs?|h|minutes?|mins?)\b",
    r"\bq[0-9]{1,2}-?[0-9]{0,2}h\b|\bhourly\b",
)
_TIMES = (
    rf"(?:\b(?:once|twice|thrice)\b|{_R} ?(?:times\b|x(?= ?(?:daily|/ ?day|{_A_DAY}|weekly|a week))))"
    r"(?: ?(?:a|per|each|every|/) ?(?:day|week|month|hour)\b| ?(?:daily|weekly|monthly|hourly)\b)?"
)
_LIMIT = (
    r"\b(?:may be increased|may increase|increase[ds]?|increasing|titrate[ds]?|titrating"
    r"|max(?:imum)?|up to|exceed|more than)\b"
)
# In this order: the first pattern that fits at a place is the phrase there.
_PATTERNS: tuple[tuple[str, str], ...] = (
    *(("beside", pattern) for pattern in _BESIDE),
    ("clock", r"(?:\bat )?(?<![\w.:])[0-9]{1,2}(?::[0-9]{2})? ?(?:am|pm|o'clock)\b|(?<![\w.:])[0-2]?[0-9]:[0-5][0-9]\b"),
    ("heading", rf"\b(?:on |during |from )?{_SPAN} {_N}(?: ?(?:-|to|through|until|and) ?{_N})?(?: onwards?)?(?![\w.])"),
    ("heading", rf"\bafter (?:the first )?(?:{_N}|a) {_SPAN}"),
    ("lasts", rf"\bfor (?:the )?(?:(?:first|next|up to) )?(?:{_N}|a) (?:more )?{_SPAN}"),
    ("lasts", rf"\b{_N}[ -](?:day|week|month)s? supply\b"),
    *(("rarely", pattern) for pattern in _RARELY),
    *(("hours", pattern) for pattern in _HOURS),
    ("day", r"\b(?:in|per|every|within) 24 hours\b"),
    ("times", _TIMES),
    ("latin", r"\b(?:bid|bd|tid|tds|qid|qds|qd|od|qhs|hs|qam|qpm|qn|nocte|mane)\b"),
    ("amount", rf"{_R} ?(?:x ?)?{_DRUG}(?:[0-9.]{{1,8}} ?mg )?{_DRUG}{_UNIT}"),
    ("article", rf"\b{_A} {_DRUG}(?:[0-9.]{{1,8}} ?mg )?{_DRUG}(?:capsule|cap|drop)\b"),
    ("mass", rf"{_R} ?{_MASS}"),
    ("day", rf"\b(?:daily|{_A_DAY})\b|/ ?day\b"),
    ("rarely", r"\b(?:weekly|monthly|(?:a|per|each|every) (?:week|month))\b"),
    ("meals", r"\b(?:each meal|every meal|meals|mealtimes)\b"),
    ("then", r"\b(?:then|thereafter|after that|afterwards|followed by)\b"),
    ("limit", _LIMIT),
    ("word", r"[a-z][a-z'-]{0,40}"),
    ("open", r"\("),
    ("close", r"\)"),
    ("equals", r"="),
    ("figure", r"[^\s,:/.()=-][^\s,()=]{0,40}"),
)
_TOKEN = re.compile("|".join(f"(?P<{name}_{place}>{pattern})" for place, (name, pattern) in enumerate(_PATTERNS)))
_NAMES = {f"{name}_{place}": name for place, (name, _) in enumerate(_PATTERNS)}
_FIGURE = re.compile(_N)
_LATIN = {"bid": 2, "bd": 2, "tid": 3, "tds": 3, "qid": 4, "qds": 4}
_OCCASIONS = {
    "morning": ("morning", "breakfast", "am"),
    "noon": ("noon", "midday", "lunch", "lunchtime"),
    "afternoon": ("afternoon",),
    "evening": ("evening", "bedtime", "bed", "night", "nightly", "tonight", "dinner", "supper", "pm"),
}
_OCCASION = {word: name for name, words in _OCCASIONS.items() for word in words}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VERBS = _words("""
take taken taking swallow use give given place put hold dose dosage sig directions consume drink chew ingest administer
open mouth orally tongue empty apply insert dissolve instill drip squeeze sip eat have measure
""")
_QUANTITIES = _words("quantity qty content contents count total dispensed net volume bottle contains contain holds")
_PLAIN = _words("""
a an the your this by with without or to food water milk and at in on of as directed it its same time each every before
after below under using oral dropper syringe measured about approximately is are be into whole capsule daily when
going per naltrexone hydrochloride hcl ldn only from well shake slowly meal day for do calibrated supplied provided
""")
_UNBOUNDED = _words("""
teaspoon teaspoons teaspoonful teaspoonfuls tsp tablespoon tablespoons tablespoonful tbsp spoon spoons spoonful spoonfuls
dropperful dropperfuls droppersful droppers tablet tablets pill pills squirt squirts pump pumps spray sprays vial bottles
half halves double doubled doubling triple extra additional another again repeat repeated repeating needed need required
prn sos necessary wanted desired wish few several couple pair dozen both all rest remaining everything doses hour hours
hrs minutes last previous forgotten missed more capsules caps drops ml mls gtts mg times twenty thirty forty fifty hundred
often frequently symptoms ii iii iv vi vii viii ix xi xii increase
""")


@remembered
def phrases_of(sentence: str) -> tuple[Phrase, ...]:
    """The phrases of a sentence in lower case, in their order."""
    return tuple(_MAKERS[_NAMES[match.lastgroup or ""]](match[0]) for match in _TOKEN.finditer(sentence))


def _figures(text: str) -> list[Fraction]:
    return [_NUMBERS.get(found) or Fraction(found.replace(",", "")) for found in _FIGURE.findall(text)]


def _amount(text: str) -> Phrase:
    """The larger of "1 or 2 capsules"; the strength in "3 x 4.5 mg capsules" counts nothing."""
    number = max(_figures(_STRENGTH.sub("", text)), default=Fraction(1))
    unit = "mL" if text.endswith(_MILLILITRES) else "drops" if text.endswith(_DROPS) else "capsules"
    return Phrase(Kind.AMOUNT, text, number, unit, plain=not text.endswith(_ABBREVIATED))


_STRENGTH = re.compile(r"[0-9.]{1,8} ?mg ")
_MILLILITRES = ("ml", "mls", "liter", "litre", "liters", "litres")
_DROPS = ("drop", "drops", "gtt", "gtts")
_ABBREVIATED = ("cap", "caps", "gtt", "gtts")
_MICROGRAMS = re.compile(r"(?:mcg|ug|micrograms?)$")
_GRAMS = re.compile(r"[0-9a-z] ?(?<!m)(?<!mc)(?<!u)g$|(?<!milli)(?<!micro)grams?$")


def _mass(text: str) -> Phrase:
    per = Fraction(1, 1000) if _MICROGRAMS.search(text) else Fraction(1000) if _GRAMS.search(text) else Fraction(1)
    return Phrase(Kind.AMOUNT, text, max(_figures(text)) * per, "mg")


def _times(text: str) -> Phrase:
    words = {"once": Fraction(1), "twice": Fraction(2), "thrice": Fraction(3)}
    number = words.get(text.partition(" ")[0]) or max(_figures(text))
    if "week" in text or "month" in text:
        # Four times a week is on four days, as far as anybody can tell.
        return Phrase(Kind.TIMES, text, Fraction(1) if number <= 7 else number, plain=number == 1)
    return Phrase(Kind.TIMES, text, number * 24 if "hour" in text else number)


def _hours(text: str) -> Phrase:
    """Every 6 to 8 hours is four times a day; every hour, 24 times."""
    every = min(_figures(re.sub(r"^q ?|h$", "", text)), default=Fraction(1))
    times = Fraction(24 * 60 if "min" in text else 24) / every if every else Fraction(24 * 60)
    return Phrase(Kind.TIMES, text, Fraction(-(-times.numerator // times.denominator)))


def _heading(text: str) -> Phrase:
    """The first and last day, week or month of a step: "weeks 1 to 2"; "after 2 weeks" is from the third on."""
    figures = _figures(text) or [Fraction(1)]
    span = next(span for span in ("day", "week", "month") if span in text)
    if text.startswith("after"):
        return Phrase(Kind.HEADING, text, figures[0] + 1, span)
    return Phrase(Kind.HEADING, text, figures[0], span, int(figures[-1]))


def _word(word: str) -> Phrase:
    kind = _KINDS.get(word, Kind.UNKNOWN)
    return Phrase(kind, word, of=_OCCASION.get(word, ""))


def _figure(text: str) -> Phrase:
    """A figure or a word that belongs to nothing known, or a mere sign."""
    return Phrase(Kind.UNBOUNDED if any(c.isalnum() for c in text) else Kind.PLAIN, text)


_KINDS = {
    **dict.fromkeys(_PLAIN, Kind.PLAIN),
    **dict.fromkeys(_UNBOUNDED, Kind.UNBOUNDED),
    **dict.fromkeys(_NUMBERS, Kind.UNBOUNDED),
    **dict.fromkeys(_QUANTITIES, Kind.QUANTITY),
    **dict.fromkeys(_VERBS, Kind.VERB),
    **dict.fromkeys(_OCCASION, Kind.OCCASION),
    **dict.fromkeys(("and", "plus"), Kind.AND),
    **dict.fromkeys(("not", "never", "don't", "avoid"), Kind.NOT),
    "or": Kind.OR,
}


def _says(kind: Kind) -> Callable[[str], Phrase]:
    return lambda text: Phrase(kind, text)


_MAKERS: dict[str, Callable[[str], Phrase]] = {
    "beside": _says(Kind.PLAIN),
    "clock": lambda text: Phrase(Kind.OCCASION, text, of=text),
    "heading": _heading,
    "lasts": _says(Kind.LASTS),
    "rarely": _says(Kind.TIMES),
    "day": _says(Kind.TIMES),
    "hours": _hours,
    "times": _times,
    "latin": lambda text: Phrase(Kind.TIMES, text, Fraction(_LATIN.get(text, 1)), plain=False),
    "amount": _amount,
    "article": _amount,
    "mass": _mass,
    "meals": lambda text: Phrase(Kind.TIMES, text, Fraction(3), plain=False),
    "then": _says(Kind.THEN),
    "limit": _says(Kind.LIMIT),
    "word": _word,
    "open": _says(Kind.OPEN),
    "close": _says(Kind.CLOSE),
    "equals": _says(Kind.OR),
    "figure": _figure,
}
