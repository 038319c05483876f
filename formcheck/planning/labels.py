"""The text of a label, read once: lines, dates, quantities, and the figures of directions in drops.

Nothing is guessed: what is not found is not there. Every pattern is bounded, since a label may be long and hostile.
"""

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from formcheck.planning.once import remembered
from formcheck.planning.printed_dates import DateOnLabel, dates_in, undated

__all__ = ["DateOnLabel", "Intake", "Label", "holds_word", "remembered", "tidy"]

_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")
_NUMBER = r"(?<![0-9.,])((?:[0-9]{1,5})?\.[0-9]{1,5}|[0-9]{1,5})"
_TAKING = re.compile(
    r"\b(?:take|taken|swallow|give|given|place|put|hold|drink|dose|sig|directions?|daily|mouth|tongue|bedtime|night"
    r"|nightly|morning|evening|times|hours?|use (?=[0-9]))"
)
_QUANTITY = re.compile(r"\b(?:quantity|qty|contents?|count|total|dispensed?|net|amount|volume|bottle of)\b")
_VARIES = re.compile(
    r"\b(?:then|weeks?|months?|days? [0-9]|after|increas\w{0,4}|titrat\w{0,6}|reduc\w{0,4}|taper\w{0,4}|start\w{0,4}"
    r"|until|or|to|may|can|as needed|and|plus|another|additional|more|up to)\b|[+&]|[0-9] ?- ?[0-9]"
)
_COUNTED = re.compile(
    r"(?<![0-9.,])[0-9]{1,5} ?(?:x )?(?:hard )?(?:gelatin )?caps(?:ules?)?\b"
    r"|(?<!rx )(?<!rx)(?<!lot )(?<!no\. )# ?[0-9]{1,5}\b"
    r"|\b(?:quantity|qty|contents?|count|total|dispensed?)\b[^0-9a-z]{0,4}(?:of )?[0-9]{1,5}\b(?! ?(?:m?l\b|millilit|lit))"
)
_DIGITS = re.compile(r"[0-9]{1,5}")
_VOLUME = re.compile(rf"{_NUMBER} ?(?:ml|millilit(?:er|re)s?)\b")
_MASS = re.compile(rf"{_NUMBER} ?(mg|mcg|milligrams?|micrograms?)\b(?! ?(?:/|per\b|in (?:1 |each )?ml))")
_PER_MILLILITRE = re.compile(
    rf"{_NUMBER} ?(?:mg|mcg|g|milligrams?|micrograms?)(?: ?/ ?| per | in | in each | a )(?:1 ?)?ml\b"
)
_DROPS_PER_ML = re.compile(
    rf"{_NUMBER} ?(?:drops?|gtts?)(?: ?/ ?| per | in | a | make | = )(?:1 ?|one |each )?(?:ml|millilit(?:er|re))\b"
)
_ML_IN_DROPS = re.compile(
    r"(?:drops? ?(?:per|/) ?ml ?[:=]|(?<![0-9.,])1 ?ml ?(?:=|is|contains|holds)) ?(?:about )?"
    r"([0-9]{1,5}(?:\.[0-9]{1,5})?)(?! ?(?:mg|mcg|g|ml)\b)(?![0-9.])"
)
_DROPS = re.compile(r"(?<![0-9.,])([0-9]{1,4}) ?(?:drops?|gtts?)\b")
_BRACKETS = re.compile(r"\([^()\n]{0,80}\)")
_NO_INTAKE = re.compile(
    r"\b(?:not|never|more than|maximum|at most|up to|quantity|qty|total|each drop|every drop|per drop)\b"
    r"|drop (?:contains|holds|is|=)"
)
# Beginning with the end of the line, which a search finds fastest.
_GOES_ON = re.compile(r"\n(?<![.!?;:]\n)(?=[a-z(])")


class Intake(NamedTuple):
    """The figures that a label gives of one intake in drops."""

    drops: int
    millilitres: tuple[Fraction, ...] = ()
    milligrams: tuple[Fraction, ...] = ()


def tidy(text: str | None) -> str:
    """A text as a patient sees it: full-width digits, odd spaces and dashes made plain; the lines stay lines.

    A line that goes on in lower case or in brackets belongs to the line before it.
    """
    return _tidied(text) if text else ""


@remembered
def _tidied(text: str) -> str:
    return _GOES_ON.sub(" ", "\n".join(line for line in map(_tidied_line, text.splitlines()) if line))


@remembered
def _tidied_line(line: str) -> str:
    plain = line if line.isascii() else unicodedata.normalize("NFKC", line).translate(_DASHES)
    return " ".join(plain.split())


def holds_word(text: str, word: str) -> bool:
    """Whether a text holds a word, not as a part of a longer one (26-0042 is not in 26-00421 nor in A26-0042)."""
    place = text.find(word) if word else -1
    while place >= 0:
        around = text[max(place - 1, 0) : place] + text[place + len(word) : place + len(word) + 1]
        if not any(c.isalnum() or c in "-_" for c in around):
            return True
        place = text.find(word, place + len(word))
    return False


class Label:
    """The text of a label, read when it is asked for.

    07/08/2026 is the eighth of July, as in the United States, unless `day_first`.
    """

    def __init__(self, text: str | None, *, day_first: bool = False) -> None:
        self.text = tidy(text)
        self._day_first = day_first

    @cached_property
    def folded(self) -> str:
        """The text in lower case, line by line."""
        return self.text.casefold()

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.folded.split("\n"))

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The text sentence by sentence; a line ends one too."""
        return tuple(sentence for line in self.lines for sentence in _sentences_of(line))

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """The sentences without what is in brackets, taken apart at commas and semicolons."""
        return tuple(part for sentence in self.sentences for part in _clauses_of(sentence))

    @cached_property
    def dates(self) -> tuple[DateOnLabel, ...]:
        """Every date, written 2026-07-31, 31 July 2026, July 31, 2026, 07/31/2026 or 31.07.2026; after words such as
        "discard after" those without their day (12/2027) or with two figures of the year (07/31/26) too.
        """
        return dates_in(self.lines, day_first=self._day_first)

    @cached_property
    def without_dates(self) -> str:
        """The text in lower case without its dates."""
        return "\n".join(undated(line) for line in self.lines)

    @cached_property
    def has_number_of_capsules(self) -> bool:
        """Whether it says how many capsules are in the container (not how many are taken)."""
        return any(_counts_capsules(clause) for clause in self.clauses)

    @cached_property
    def has_volume(self) -> bool:
        """Whether it says how many mL are in the container (not how many are taken)."""
        return any(_says_a_volume(clause) for clause in self.clauses)

    def quantities(self, unit: str) -> tuple[Fraction, ...]:
        """The capsules, or mL, that it says are in the container: what it calls its quantity, else any such figure."""
        read = _numbers_of_capsules if unit == "capsules" else _quantities_in_millilitres
        called = [clause for clause in self.clauses if _QUANTITY.search(clause)]
        found = tuple(number for clause in called for number in read(clause))
        return found or tuple(number for clause in self.clauses for number in read(clause))

    @cached_property
    def has_concentration(self) -> bool:
        """Whether a strength stands on it in mg (mcg, g) per mL."""
        return _PER_MILLILITRE.search(self.folded) is not None

    @cached_property
    def has_directions_in_millilitres(self) -> bool:
        """Whether a sentence about taking gives a number of mL."""
        return any(
            any(_volumes(sentence)) and _TAKING.search(sentence) and not _QUANTITY.search(sentence)
            for sentence in self.sentences
        )

    @cached_property
    def has_one_dose(self) -> bool:
        """Whether nothing in its directions says that the dose differs: from week to week, or within a day."""
        return not any(map(_varies, self.sentences))

    @cached_property
    def drops_per_millilitre(self) -> tuple[str, ...]:
        """The figures that stand as drops per mL, as written."""
        return tuple(match[1] for p in (_DROPS_PER_ML, _ML_IN_DROPS) for match in p.finditer(self.folded))

    @cached_property
    def intakes(self) -> tuple[Intake, ...]:
        """Every intake in drops, with the mL and mg of its sentence, or of the one after it where that has them."""
        found = [_intake(sentence) for sentence in self.sentences]
        return tuple(
            _completed(intake, found[place + 1] if place + 1 < len(found) else None)
            for place, intake in enumerate(found)
            if intake is not None and intake.drops
        )


_SENTENCE_END = re.compile(r"[!?]|\. ")
_CLAUSE_END = re.compile(r"[,;](?![0-9])")


@remembered
def _sentences_of(line: str) -> tuple[str, ...]:
    return tuple(part for part in _SENTENCE_END.split(line) if part)


@remembered
def _clauses_of(sentence: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _CLAUSE_END.split(_BRACKETS.sub(" ", sentence)))


@remembered
def _counts_capsules(clause: str) -> bool:
    return _COUNTED.search(clause) is not None and _TAKING.search(clause) is None


@remembered
def _numbers_of_capsules(clause: str) -> tuple[Fraction, ...]:
    if not _counts_capsules(clause):
        return ()
    return tuple(Fraction(number) for match in _COUNTED.finditer(clause) for number in _DIGITS.findall(match[0]))


@remembered
def _quantities_in_millilitres(clause: str) -> tuple[Fraction, ...]:
    return tuple(_volumes(clause)) if _says_a_volume(clause) else ()


@remembered
def _varies(sentence: str) -> bool:
    directs = _TAKING.search(sentence) is not None and _QUANTITY.search(sentence) is None
    return directs and _VARIES.search(sentence) is not None


@remembered
def _says_a_volume(clause: str) -> bool:
    return any(_volumes(clause)) and (_QUANTITY.search(clause) is not None or _TAKING.search(clause) is None)


def _volumes(text: str) -> Iterator[Fraction]:
    """The volumes in a text, without the "5 mL" of "mg/5 mL" and the "1 mL" of "drops in 1 mL"."""
    if "ml" not in text and "millilit" not in text:
        return
    plain = _DROPS_PER_ML.sub(" ", _ML_IN_DROPS.sub(" ", _PER_MILLILITRE.sub(" ", text)))
    for match in _VOLUME.finditer(plain):
        if not plain[max(0, match.start() - 4) : match.start()].rstrip().endswith(("/", "per")):
            yield Fraction(match[1])


def _intake(sentence: str) -> Intake | None:
    """The figures of a sentence; 0 drops where it has none, None where it speaks of something else."""
    if _NO_INTAKE.search(sentence) or _QUANTITY.search(sentence):
        return None
    drops = _DROPS.search(_DROPS_PER_ML.sub(" ", _ML_IN_DROPS.sub(" ", sentence)))
    masses = tuple(Fraction(m[1]) / (1 if m[2].startswith(("mg", "milli")) else 1000) for m in _MASS.finditer(sentence))
    return Intake(0 if drops is None else int(drops[1]), tuple(_volumes(sentence)), masses)


def _completed(intake: Intake, following: Intake | None) -> Intake:
    if following is None or following.drops:
        return intake
    return Intake(intake.drops, intake.millilitres or following.millilitres, intake.milligrams or following.milligrams)
