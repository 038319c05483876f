"""What a label tells the patient to take, read with caution: more is assumed rather than less.

Only plain directions are understood ("Take 1 capsule by mouth once daily at bedtime", "Take 4.5 mL by mouth once daily",
"Place 23 drops under the tongue once daily"). Anything else is "not understood", so that a person says in the record
(`dose`, `per_day`) what is taken: nothing counts as one capsule a day because nobody could read it.
"""

import re
import unicodedata
from fractions import Fraction
from typing import NamedTuple

from formcheck.planning.labels import remembered

__all__ = ["Directions", "read_directions"]

_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_COUNTED, start=1)}
_SINGLE = frozenset({"a", "an", "the", "your", "this"})
_FREQUENCY = {"once": 1, "twice": 2, "thrice": 3}
_ABOUT_TAKING = re.compile(
    r"\b(?:take|taken|swallow|use|give|given|place|put|hold|(?<!low[ -])dose|dosage|sig|directions?|times|daily"
    r"|consume|drink|chew|ingest|administer|open|repeat|mouth|hourly|hours?|[bt]id|qid|q[0-9]+h)\b"
    r"|\b[0-9]+ ?x\b"
)
_NOT_TAKING = re.compile(r"\b(?:not|never|use by|use before|beyond.use|discard|drops? per ml|with this dropper only)\b")
_TIMES_OF_DAY = (
    frozenset({"morning", "breakfast"}),
    frozenset({"noon", "lunch"}),
    frozenset({"evening", "bedtime", "night", "dinner", "supper"}),
)
_OCCASIONS = frozenset().union(*_TIMES_OF_DAY)
# "(about 4.5 mg; 0.89 mL)": the dose in other figures; a bracket that says anything else belongs to the directions.
_IN_FIGURES = re.compile(
    r"\((?:about|approx\.?|approximately|equals|is|of|per|naltrexone|hydrochloride|m[lg]|mcg|drops?|[0-9.]{1,8}|[ ;,/=])"
    r"{1,24}\)"
)
_IN_WORDS = re.compile(rf"\(({'|'.join(_COUNTED)})\)")  # "3 (three) capsules": the larger counts
_NEW_LINE = re.compile(r"\n(?=[^\S\n]*[A-Z])")
_SENTENCES = re.compile(r"[;!?]|\.(?![0-9])")
_OTHER_USE = re.compile(r"\b(?:before|after|for)(?: [a-z]{1,12})? use\b")
_VOCABULARY = """
take swallow use give dose directions sig capsule capsules whole by mouth orally with without food water milk or to and
each day daily nightly every at in on before after times per same time as directed it of
place put hold drop drops ml under tongue below mouth using oral syringe dropper measure measured about then for
"""
_PLAIN = frozenset(re.findall(r"[a-z]+", _VOCABULARY)) | _OCCASIONS | _SINGLE | frozenset(_FREQUENCY)


class Directions(NamedTuple):
    """Capsules (or drops, or mL) at once and times a day, as a label gives them.

    `given` says whether the label gives directions at all, `understood` whether all their words are plain, `counts`
    whether capsules are counted in them.
    """

    given: bool
    understood: bool = True
    at_once: int = 1
    per_day: int = 1
    drops: int = 0
    millilitres: Fraction = Fraction(0)
    counts: bool = False


def read_directions(label: str | None) -> Directions:
    """The directions on a label; the more where it can be read in two ways, the largest of several steps."""
    text = label or ""
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    # A line that begins with a capital begins a sentence; a full stop ends one unless a digit follows (4.5 mg).
    text = " ".join(_NEW_LINE.sub(". ", text).casefold().split())
    if "(" in text:
        text = _IN_FIGURES.sub(" ", _IN_WORDS.sub(r" or \1 ", text))
    clauses = [clause for sentence in _SENTENCES.split(text) for clause in _of_sentence(sentence)]
    if len(clauses) == 1:
        return clauses[0]
    return _together(clauses)


def _together(clauses: list[Directions]) -> Directions:
    """What several sentences say: the step with the most capsules a day, and of drops and mL the most."""
    steps = sorted(clauses, key=lambda clause: clause.at_once * clause.per_day)
    most = steps[-1] if steps else Directions(False)
    bare = max((clause.per_day for clause in clauses if not clause.counts), default=1)
    return Directions(
        bool(clauses),
        all(clause.understood for clause in clauses),
        most.at_once,
        max([most.per_day, bare, *(clause.per_day for clause in clauses if clause.drops or clause.millilitres)]),
        max((clause.drops for clause in clauses), default=0),
        max((clause.millilitres for clause in clauses), default=Fraction(0)),
        any(clause.counts for clause in clauses),
    )


_NUMBER_WORDS = "|".join(_COUNTED)
_AMOUNT = re.compile(rf"(?<![\w.])([0-9]{{1,3}}(?:\.[0-9]{{1,4}})?|{_NUMBER_WORDS}) ?(capsules?|caps?|drops?|ml)\b")
_MAXIMUM = re.compile(r"\b(?:increas(?:e[sd]?|ing)|titrat(?:e|ed|ing)|max(?:imum)?|up to|exceed|more than)\b")
_OF_THE_DAY = re.compile(rf"\b(?:[ap]\.?m|{'|'.join(sorted(_OCCASIONS))}|nightly|afternoon|midday|a day|per day)\b")
_THEN = re.compile(r"\bthen\b")
# What says nothing of how much: for how long, for what, on an empty stomach, an hour before.
_BESIDE = re.compile(
    rf"\bfor (?:the )?(?:first |next )?(?:[0-9]{{1,3}}|{_NUMBER_WORDS}) (?:days?|weeks?|months?)\b"
    rf"|\bon an empty stomach\b|\b(?:[0-9]{{1,2}}|{_NUMBER_WORDS}|an?) (?:hours?|minutes?) (?:before|after)\b"
)
_PURPOSE = re.compile(
    rf"\bfor (?!(?:[0-9]|{_NUMBER_WORDS}|the |a |each |every ))([a-z'-]{{3,20}}(?: [a-z'-]{{2,20}}){{0,3}})$"
)
_ONCE_A_DAY = re.compile(r"\b(?:every|each) 24 hours\b")


# The labels of a pharmacy repeat their sentences from batch to batch.
@remembered
def _of_sentence(whole: str) -> tuple[Directions, ...]:
    """What one sentence says about taking, step by step; nothing where it is about something else."""
    sentence = _ONCE_A_DAY.sub("once", _OTHER_USE.sub(" ", whole))
    device_only = "dropper" in sentence or "syringe" in sentence
    if device_only and not any(c.isdigit() for c in sentence) and not _NUMBERS.keys() & set(sentence.split()):
        return ()
    if _MAXIMUM.search(sentence) and (amounts := _AMOUNT.findall(sentence)):
        return (_most_of(amounts),)
    match = _ABOUT_TAKING.search(sentence)
    # "1 capsule am, 1 capsule noon" says no "take", and is a direction all the same.
    bare = match is None and _OF_THE_DAY.search(sentence) is not None and _AMOUNT.search(sentence) is not None
    forbids = _NOT_TAKING.search(sentence)
    # "Take 4 capsules, not with food" gives a dose before it forbids anything.
    if (match is None and not bare) or (forbids is not None and not _AMOUNT.search(sentence[: forbids.start()])):
        return ()
    said = sentence if match is None else sentence[match.start() :]
    return tuple(_clause(step) for step in _THEN.split(said) if step.strip(" ,"))


def _most_of(amounts: list[tuple[str, str]]) -> Directions:
    """A sentence that allows more ("may increase to 4 capsules"): its largest figure counts, and it is not plain."""
    of: dict[str, list[Fraction]] = {"c": [], "d": [], "m": []}
    for number, unit in amounts:
        of[unit[0]].append(Fraction(_NUMBERS.get(number) or number))
    capsules, drops, millilitres = (max(found, default=Fraction(0)) for found in of.values())
    return Directions(True, False, max(int(capsules), 1), 1, int(drops), millilitres, bool(capsules))


def _clause(clause: str) -> Directions:
    """One step of taking: every number in it must be of capsules, drops, mL or times a day."""
    clause = _PURPOSE.sub(_without_purpose, _BESIDE.sub(" ", clause).strip(" ,"))
    clause = re.sub(r"(?:\bx )?\b[0-9.]+ mg (?=capsules?\b)", "", clause)
    volumes = [Fraction(found) for found in re.findall(r"(?<![\w.])([0-9]{1,3}(?:\.[0-9]{1,4})?) ?ml\b", clause)]
    words = re.findall(r"[^\s,:/]+", re.sub(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,4})? ?ml\b", "ml", clause))
    counts = [_before(words, place) for place, word in enumerate(words) if word in ("capsule", "capsules")]
    drops = [_before(words, place) for place, word in enumerate(words) if word in ("drop", "drops")]
    times = [_before(words, place) for place, word in enumerate(words) if word == "times"]
    times += [_FREQUENCY[word] for word in words if word in _FREQUENCY]
    numbers = sum(_number(word) is not None for word in words)
    ranges = sum(word in ("or", "to") for word in words if counts or drops)
    kinds = [kind for kind in (counts, drops, volumes) if kind]
    understood = (
        len(kinds) == 1
        and None not in kinds[0]
        and None not in times
        and numbers <= len(counts) + len(drops) + len(times) + ranges
        and all(word in _PLAIN or _number(word) is not None for word in words)
    )
    single = len(kinds) == 1 and len(kinds[0]) == 1
    per_day = max([*(time for time in times if time is not None), _occasions(words) if single else 1, 1])
    at_once, dropped = (sum(count for count in kind if count is not None) for kind in (counts, drops))
    return Directions(True, understood, max(at_once, 1), per_day, dropped, sum(volumes, Fraction(0)), bool(counts))


def _without_purpose(match: re.Match[str]) -> str:
    """Nothing for "for chronic pain"; what says how much or how often ("for pain four times daily") stays."""
    words = set(match[1].split())
    return match[0] if words & (_PLAIN | _NUMBERS.keys() | {"hourly", "hour", "hours", "bid", "tid", "qid"}) else " "


def _occasions(words: list[str]) -> int:
    """At how many times of day: evening and bedtime are one; "in the morning or at bedtime" is one of the two."""
    if "and" in words:
        return len(_OCCASIONS.intersection(words))
    said = sum(bool(times.intersection(words)) for times in _TIMES_OF_DAY)
    return 1 if "or" in words and "and" not in words else said


def _before(words: list[str], place: int) -> int | None:
    """The number that stands before a word, the larger of "1 or 2"; 1 for "a" and "the"; None where there is none."""
    before = words[max(0, place - 3) : place]
    if not before:
        return None
    number = _number(before[-1])
    if number is None:
        return 1 if before[-1] in _SINGLE else None
    other = _number(before[-3]) if len(before) == 3 and before[-2] in ("or", "to") else None
    return max(number, other or 0)


def _number(word: str) -> int | None:
    if re.fullmatch(r"[1-9][0-9]?", word, re.ASCII):
        return int(word)
    return _NUMBERS.get(word)
