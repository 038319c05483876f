"""What a label tells the patient to take, read with caution: more is assumed rather than less.

Only plain directions are understood ("Take 1 capsule by mouth once daily at bedtime"). Anything else is "not
understood", so that a person says in the record (`dose`, `per_day`) what is taken: nothing counts as one capsule a day
because nobody could read it.
"""

import re
import unicodedata
from typing import NamedTuple

__all__ = ["Directions", "read_directions"]

_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_COUNTED, start=1)}
_SINGLE = frozenset({"a", "an", "the", "your", "this"})
_FREQUENCY = {"once": 1, "twice": 2, "thrice": 3}
_ABOUT_TAKING = re.compile(
    r"\b(?:take|taken|swallow|use|give|given|dose|dosage|sig|directions?|times|daily|hourly|hours?|[bt]id|qid|q[0-9]+h)\b"
    r"|\b[0-9]+ ?x\b"
)
_NOT_TAKING = re.compile(r"\b(?:not|never|use by|use before|beyond.use|discard)\b")
_OCCASIONS = frozenset({"morning", "noon", "evening", "bedtime", "night", "breakfast", "lunch", "dinner", "supper"})
_VOCABULARY = """
take swallow use give dose directions sig capsule capsules whole by mouth orally with without food water milk or to and
each day daily nightly every at in on before after times per same time as directed it of
"""
_PLAIN = frozenset(re.findall(r"[a-z]+", _VOCABULARY)) | _OCCASIONS | _SINGLE | frozenset(_FREQUENCY)


class Directions(NamedTuple):
    """Capsules at once and times a day, as a label gives them.

    `given` says whether the label gives directions at all, `understood` whether all their words are plain.
    """

    given: bool
    understood: bool = True
    at_once: int = 1
    per_day: int = 1


def read_directions(label: str | None) -> Directions:
    """The directions on a label; the more where it can be read in two ways."""
    text = unicodedata.normalize("NFKC", label or "")
    # A line that begins with a capital begins a sentence; a full stop ends one unless a digit follows (4.5 mg).
    text = " ".join(re.sub(r"\n(?=\s*[A-Z])", ". ", text).casefold().split())
    clauses = []
    for sentence in re.split(r"[;!?]|\.(?![0-9])", text):
        match = _ABOUT_TAKING.search(sentence)
        if match is not None and not _NOT_TAKING.search(sentence):
            clauses.append(_clause(sentence[match.start() :]))
    return Directions(
        bool(clauses),
        all(clause.understood for clause in clauses),
        max((clause.at_once for clause in clauses), default=1),
        max((clause.per_day for clause in clauses), default=1),
    )


def _clause(clause: str) -> Directions:
    """One sentence about taking: every number in it must be of capsules or of times a day."""
    clause = re.sub(r"\([^)]{0,40}\)", " ", clause)
    clause = re.sub(r"(?:\bx )?\b[0-9.]+ mg (?=capsules?\b)", "", clause)
    words = re.findall(r"[^\s,:/]+", clause)
    counts = [_before(words, place) for place, word in enumerate(words) if word in ("capsule", "capsules")]
    times = [_before(words, place) for place, word in enumerate(words) if word == "times"]
    times += [_FREQUENCY[word] for word in words if word in _FREQUENCY]
    numbers = sum(_number(word) is not None for word in words)
    ranges = sum(word in ("or", "to") for word in words if counts)
    understood = (
        bool(counts)
        and None not in counts
        and None not in times
        and numbers <= len(counts) + len(times) + ranges
        and all(word in _PLAIN or _number(word) is not None for word in words)
    )
    known = [count for count in counts if count is not None]
    occasions = len(_OCCASIONS.intersection(words))
    per_day = max([*(time for time in times if time is not None), occasions if len(counts) == 1 else 1, 1])
    return Directions(True, understood, max(sum(known), 1), per_day)


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
