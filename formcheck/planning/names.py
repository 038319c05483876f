"""Names of people: whether two of them are one person's, however each was written down."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

__all__ = ["Likeness", "likeness"]


class Likeness(StrEnum):
    """What two names say of the people they stand for."""

    SAME = "same"
    MAYBE = "maybe"
    DIFFERENT = "different"


_CREDENTIAL = re.compile(
    r"\b(?:r ?ph|pharm ?d|c ?ph ?t(?: ?adv)?|rpht|b ?pharm|m ?pharm|ph ?d|b ?sc|m ?sc|mba|bcps|bcscp|bcgp|fapc|fascp|"
    r"mr|mrs|ms|dr|(?:registered )?pharmacist|(?:pharmacy )?tech(?:nician)?)\b"
)
"""What stands beside a name and is no part of it. "Jr" and "Sr" tell two people apart, and stay."""
_YOUNGER = frozenset({"jr", "sr", "ii", "iii", "iv"})


def likeness(one: str | None, other: str | None) -> Likeness:
    """Whether two names are one person's: the same but for credentials, capitals, accents, signs that nobody sees, and
    the surname before a comma; maybe, where one says less ("I. Calloway" and "Idris Calloway", "IC"); or not.
    """
    first, second = _taken_apart(one or ""), _taken_apart(other or "")
    if not first or not second:
        return Likeness.DIFFERENT
    if first == second:
        return Likeness.SAME
    shorter, longer = sorted((first, second), key=lambda words: (len(words), len("".join(words))))
    maybe = _are_initials("".join(shorter), longer) or _says_less(shorter, longer)
    return Likeness.MAYBE if maybe else Likeness.DIFFERENT


_LOOK_ALIKE = str.maketrans("\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458", "aeopcyxisj")
"""Cyrillic letters that look like Latin ones: a name with one of them is the same name."""


@lru_cache(maxsize=512)
def _taken_apart(name: str) -> tuple[str, ...]:
    """The words of a name, given names first, without titles and credentials."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name))
    seen = "".join(c for c in decomposed if c.isspace() or unicodedata.category(c) not in ("Mn", "Cf", "Cc"))
    plain = re.sub(r"['\u2019\u02bc`]", "", seen.casefold()).translate(_LOOK_ALIKE)
    parts = [_words(part) for part in re.split(r"[,;()]", plain)]
    parts = [part for part in parts if part]
    if len(parts) > 1 and len(parts[0]) < 4 and parts[1][0] not in _YOUNGER:
        parts[:2] = [parts[1] + parts[0]]  # "Calloway, Idris"
    return tuple(word for part in parts for word in part)


def _words(text: str) -> tuple[str, ...]:
    spaced = " ".join(re.findall(r"[^\W_]+", text))
    return tuple(_CREDENTIAL.sub(" ", spaced).split())


def _are_initials(letters: str, of: tuple[str, ...]) -> bool:
    """Whether a name was signed by its initials only: "IC", "I.C."."""
    initials = "".join(word[0] for word in of)
    return len(of) > 1 and letters in (initials, initials[0] + initials[-1])


def _says_less(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether each word of one name is a word of the other, or its initial, and one of them whole."""
    left, others = list(longer), []
    for word in shorter:
        if len(word) > 1 and word in left:
            left.remove(word)
        else:
            others.append(word)
    for word in others:
        fits = next((other for other in left if other[0] == word[0] and 1 in (len(word), len(other))), None)
        if fits is None:
            return False
        left.remove(fits)
    return len(others) < len(shorter)
