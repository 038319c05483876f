"""What a label tells the patient to take, read with caution: more is assumed rather than less.

Plain directions are understood ("Take 1 capsule by mouth once daily at bedtime", "Take 4.5 mL by mouth once daily",
"Place 23 drops under the tongue once daily"). Where a word is not known, a person says in the record (`dose`, `per_day`)
what is taken. Where a figure or a word that could mean more belongs to nothing known, nobody can: the label is to be
written plainly. Nothing counts as one capsule a day because nobody could read it.
"""

import re
import unicodedata
from fractions import Fraction
from typing import NamedTuple

from formcheck.planning.days import day_of, exceeds, most_of, stated_day, steps_of
from formcheck.planning.label_lines import is_known_at_once, says_nothing_of_taking
from formcheck.planning.labels import remembered
from formcheck.planning.phrases import Kind, Phrase, phrases_of

__all__ = ["Directions", "read_directions"]


class Directions(NamedTuple):
    """Capsules (or drops, mL, mg) at once and times a day, as a label gives them.

    `given` says whether the label gives directions at all, `understood` whether all their words are plain, `accounted`
    whether every figure and all that could mean more is counted; `unclear` is the first phrase that is not; `units` says
    whether units are counted. Where the amounts of a day differ, the day's sum stands as taken at once.
    """

    given: bool
    understood: bool = True
    accounted: bool = True
    at_once: int = 1
    per_day: int = 1
    drops: int = 0
    units: bool = False
    millilitres: Fraction = Fraction(0)
    milligrams: Fraction = Fraction(0)
    unclear: str = ""


_NONE = Directions(False)
_NEW_LINE = re.compile(r"\n(?=[^\S\n]*(?:[A-Z]|[0-9#]))")
_SENTENCES = re.compile(r";|!|\?|\.(?=\s|$)|,(?= (?:and )?(?:do not|don't|never)\b)")
_BRACKETS = re.compile(r"\([^()]{0,120}\)")
# These begin with the full stop, which a search finds fastest (as it does the single signs of _SENTENCES).
_SHORTENED = ("dr", "mr", "mrs", "ms", "st", "no", "inc", "ave", "rd", "apt", "ste", "ph", "tel", "tlf", "[a-z]")
_AFTER_ONE = "|".join(rf"(?<=\b{word}\.)" for word in _SHORTENED)
_SHORT = re.compile(
    rf"\.(?= )(?:{_AFTER_ONE})(?<!lot [a-z]\.)(?<!lot: [a-z]\.)(?<!\u00b0[cf]\.)(?<!\u00b0 [cf]\.)(?<!batch: [a-z]\.)"
)
_INNER_STOP = re.compile(r"\.[a-z]")
_DOTTED = re.compile(r"\b[a-z](?:\.[a-z]){1,3}\b\.?")
# Whatever speaks of taking in English, and the words for it that other languages begin with.
# Words for taking and for its times in other languages: formcheck reads English.
_FOREIGN = re.compile(
    r"\b(?:capsul(?!es?\b)|kaps|gelul|comprim|tablett|tropf|gotas?\b|goutt|gocc|cucchia|tome|tomar|prend|einnehm|nehmen|prenez"
    r"|assum|taglich|tgl|jour|dias?\b|noche|soir|sera\b|abend|nacht|morgens|mittags|veces\b|fois\b|ingerir|acostarse|dormir"
    r"|neem\b|zazy|natt\b|stuck\b|pro tag|vier\b|drei\b|zwei\b|cuatro|tres\b|quatre|trois|quattro|due\b)"
)
_LETTERS_BESIDE_LATIN = "\u00b5\u03bc\u00aa\u00ba"


def read_directions(label: str | None) -> Directions:
    """The directions on a label: the most that a day can mean where it can be read in several ways."""
    text = label or ""
    if len(text) > MOST_CHARACTERS:
        return Directions(True, False, False, unclear=f"more than {MOST_CHARACTERS} characters")
    odd = set(_ODD.findall(text))
    if odd:
        strange = next((c for c in sorted(odd) if _is_strange(c)), None)
        if strange is not None:
            return Directions(True, False, False, unclear=f"the character U+{ord(strange):04X}")
        text = _made_plain(text)
    # A line that begins with a capital or a figure begins a sentence; a full stop ends one unless a digit follows.
    text = " ".join(_NEW_LINE.sub(". ", text).casefold().split())
    if _INNER_STOP.search(text):
        text = _DOTTED.sub(lambda match: match[0].replace(".", ""), text)
    text = _SHORT.sub("", text)
    if "(" in text:
        text = _BRACKETS.sub(_unbroken, text.replace("(s)", "s"))
    return _read("\n".join(sentence for sentence in map(str.strip, _SENTENCES.split(text)) if _about_taking(sentence)))


MOST_CHARACTERS = 4000
"""No label is longer."""
_ODD = re.compile(r"[^\x00-\x7f\u00b0]")


def _made_plain(text: str) -> str:
    """Accents, full-width figures, odd spaces and dashes made plain."""
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text.replace("\u2044", "/").translate(dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-"))


def _unbroken(bracket: re.Match[str]) -> str:
    """A bracket belongs to its sentence, whatever stands in it."""
    return _SENTENCES.sub(",", bracket[0])


def _is_strange(character: str) -> bool:
    """Whether a character may not be what it looks like: of another script, invisible, or a foreign figure."""
    for c in unicodedata.normalize("NFKC", character):
        kind = unicodedata.category(c)
        latin = c.isascii() or c in _LETTERS_BESIDE_LATIN or unicodedata.name(c, "").startswith("LATIN")
        if (kind[0] == "L" and not latin) or kind in ("Cf", "Co", "Cn", "Cs") or (kind[0] == "N" and not c.isascii()):
            return True
    return False


@remembered
def _about_taking(sentence: str) -> tuple[Phrase, ...]:
    """The phrases of a sentence that may say what is taken; nothing where it is known to be about something else."""
    if not sentence or is_known_at_once(sentence):
        return ()
    phrases = phrases_of(sentence)
    foreign = _FOREIGN.search(sentence)
    if foreign is not None:
        return (*phrases, Phrase(Kind.UNBOUNDED, foreign[0]))
    return () if says_nothing_of_taking(sentence, phrases) else phrases


def _goes_on(phrases: tuple[Phrase, ...]) -> bool:
    """Whether a sentence only goes on with the one before: it says when or how often, and no amount."""
    beginning = {Kind.AMOUNT, Kind.THEN, Kind.HEADING, Kind.LIMIT, Kind.NOT, Kind.UNKNOWN, Kind.UNBOUNDED}
    return not any(phrase.kind in beginning for phrase in phrases)


def _is_only_when(phrases: tuple[Phrase, ...]) -> bool:
    """Whether a sentence is no more than a time of day: with nothing before it, it says nothing ("Good night")."""
    return _goes_on(phrases) and not any(phrase.kind in (Kind.VERB, Kind.TIMES) for phrase in phrases)


@remembered
def _read(text: str) -> Directions:
    """What all sentences about taking say together: days that follow each other give the larger, others are added."""
    sentences = _joined([_about_taking(sentence) for sentence in text.split("\n")]) if text else []
    if not sentences:
        return _NONE
    steps = [step for sentence in sentences for step in steps_of(sentence)]
    unclear = [phrase for sentence in sentences for phrase in sentence if not _is_clear(phrase)]
    unbounded = [phrase for phrase in unclear if phrase.kind in (Kind.UNBOUNDED, Kind.QUANTITY)]
    bare = max((step.bare for step in steps if not step.intakes), default=1)
    stated = stated_day([step for step in steps if step.intakes and not step.allows], bare)
    allowed = [day_of(step.intakes, bare) for step in steps if step.intakes and step.allows]
    days = [*([] if stated is None else [stated]), *allowed]
    if not days:
        return Directions(True, False, not unbounded, per_day=bare, unclear=_first(unbounded or unclear))
    most, per_day = most_of(days)
    beyond = stated is None or any(exceeds(day, stated) for day in allowed)
    countable = all(amount.denominator == 1 for amount in (most.capsules, most.drops))
    countable = countable and not (most.capsules and (most.drops or most.millilitres))
    countable = countable and not any(map(_rises_without_end, sentences))
    return Directions(
        given=True,
        understood=countable and not unclear and not beyond,
        accounted=countable and not unbounded,
        at_once=max(_up(most.capsules), 1),
        per_day=per_day,
        drops=_up(most.drops),
        units=bool(most.capsules),
        millilitres=most.millilitres,
        milligrams=most.milligrams,
        unclear=_first(unbounded or unclear),
    )


def _joined(sentences: list[tuple[Phrase, ...]]) -> list[tuple[Phrase, ...]]:
    """ "Take 1 capsule" on one line and "three times daily" on the next are one sentence."""
    found: list[tuple[Phrase, ...]] = []
    for phrases in sentences:
        if found and _goes_on(phrases):
            found[-1] += (_PAUSE, *phrases)
        elif not _is_only_when(phrases):
            found.append(phrases)
    return found


_PAUSE = Phrase(Kind.COMMA, "")


def _first(phrases: list[Phrase]) -> str:
    return phrases[0].text if phrases else ""


def _is_clear(phrase: Phrase) -> bool:
    return phrase.plain and phrase.kind not in (Kind.UNKNOWN, Kind.UNBOUNDED, Kind.QUANTITY, Kind.NOT)


def _up(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)


def _rises_without_end(sentence: tuple[Phrase, ...]) -> bool:
    """Whether a dose may be increased, and nothing says how far."""
    rises = any(p.kind is Kind.LIMIT and p.text.startswith(("increas", "titrat", "may")) for p in sentence)
    texts = [phrase.text for phrase in sentence]
    if not rises:
        return False
    amounts = [place for place, phrase in enumerate(sentence) if phrase.kind is Kind.AMOUNT]
    return not any(place and texts[place - 1] in ("to", "up to") for place in amounts)
