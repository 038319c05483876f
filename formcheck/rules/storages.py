"""FC505, the label: in which storage it tells the patient to keep the medicine, in words and in degrees."""

import re
import unicodedata
from collections.abc import Iterator

from formcheck.planning.once import remembered

__all__ = ["RANGES", "odd_temperature", "storages_on_label"]

_VERB = re.compile(r"\b(?:stor(?:e|ed|age|ing)|keep|kept|refrigerat[a-z]{1,4}|freez(?:e|er|ing)|frozen)\b")
_NEGATED = re.compile(
    r"\b(?:not|never|may|can|warm|hours?|minutes?)\b|n't\b|\b(?:from|avoid|prevent) freez|\bif (?:\w{1,5} ){0,3}fr[eo]"
)
_COLD = re.compile(r"refrigerat|\bfridge\b|(?<![0-9])2 ?(?:°c? ?)?(?:-|–|to) ?8 ?°")
# "20°C-25°C" and "20 °C - 25 °C" are ranges, and no frost.
_FREEZER = re.compile(
    r"freez|frozen|(?<![0-9°])(?<![0-9°] )(?<![0-9°][cf])(?<![0-9°][cf] )(?<![0-9°] [cf])(?<![0-9°] [cf] )"
    r"[-–\u2212] ?(?:10|15|20|25) ?°? ?c\b"
)
_ROOM = re.compile(r"\broom temp|(?<![0-9])(?:15|20) ?(?:°c? ?)?(?:-|–|to) ?(?:25|30) ?°")


def storages_on_label(label: str | None) -> frozenset[str]:
    """The storages that a label tells the patient to use: room, refrigerator, freezer, several or none.

    Only what is said with store, keep or refrigerate counts, and not what it forbids or allows for a while.
    """
    return frozenset(storage for line in (label or "").split("\n") for storage in _storages_of(line))


_SENTENCES = re.compile(r"[;!?]|\.(?![0-9])")


def _sentences(line: str) -> list[str]:
    return _SENTENCES.split((line if line.isascii() else unicodedata.normalize("NFKC", line)).casefold())


# One temperature or two ("at 12 °C", "2-8 °C", "68 to 77 °F"): what a label says in degrees.
_DEGREES = re.compile(
    r"(?<![0-9.])(?P<low>[-\u2212]?[0-9]{1,3})(?: ?°? ?[cf]?(?: ?(?:-|–|to|and) ?)(?P<high>[0-9]{1,3}))?"
    r" ?(?:°|deg(?:rees?)?\.?) ?(?P<unit>[cf])\b"
)
_BELOW = re.compile(r"\b(?:below|under|up to|at most|more than|less than|exceed(?:ing)?|above|over)\b")
RANGES = {"room": (15, 30), "refrigerator": (2, 8)}


@remembered
def _degrees_of(line: str) -> tuple[tuple[str, int, int], ...]:
    """The temperatures at which a line tells to keep, in words and in whole degrees Celsius; bounds are none."""
    return tuple(each for sentence in _sentences(line) for each in _degrees_in(sentence))


def _degrees_in(sentence: str) -> Iterator[tuple[str, int, int]]:
    storing = False
    for clause in sentence.split(","):
        if _VERB.search(clause):
            storing = _NEGATED.search(clause) is None
        match = _DEGREES.search(clause) if storing and _BELOW.search(clause) is None else None
        if match is not None:
            low, high = (int(text.replace("\u2212", "-")) for text in (match["low"], match["high"] or match["low"]))
            if match["unit"] == "f":
                low, high = ((5 * (degrees - 32) + 4) // 9 for degrees in (low, high))
            said = f"{match['low']}{'-' + match['high'] if match['high'] else ''} °{match['unit'].upper()}"
            yield said, low, high


def odd_temperature(label: str | None, storage: str) -> str | None:
    """A temperature on a label at which this storage never is: 12 °C is neither a room's nor a refrigerator's."""
    least, most = RANGES[storage]
    degrees = (each for line in (label or "").split("\n") for each in _degrees_of(line))
    return next((words for words, low, high in degrees if low < least or high > most), None)


_PLACES = (("freezer", _FREEZER), ("refrigerator", _COLD), ("room", _ROOM))


@remembered
def _storages_of(line: str) -> tuple[str, ...]:
    found = []
    for sentence in _sentences(line):
        storing = False
        for clause in sentence.split(","):
            if _VERB.search(clause):
                storing = _NEGATED.search(clause) is None
            if storing:
                found += [name for name, words in _PLACES if words.search(clause)]
    return tuple(found)
