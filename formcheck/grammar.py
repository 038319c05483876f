"""The grammar of a quantity: a number, at most one space, a unit. Text in, digits and a unit out.

Nothing is evaluated and nothing is guessed. What is refused is refused with the offending text,
why, and the nearest legal spelling (`safety.md`, "Numbers and text").
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from formcheck.errors import NotAQuantity, UnknownUnit

MOST_CHARACTERS = 40
_SPACES = " \u00a0\u202f"
_NUMBER = r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
_QUANTITY = re.compile(rf"({_NUMBER})[{_SPACES}]?([^\s0-9.,+\-].*)?", re.ASCII)
_BARE = re.compile(_NUMBER, re.ASCII)
_PER_VOLUME = rf"({_NUMBER}) ?(mg|mcg|g)/([1-9][0-9]*) ?m[lL]"


class Written(NamedTuple):
    """A quantity as it was written: the exact number, its text, and the spelling of the unit."""

    number: Fraction
    digits: str
    unit: str


def escaped(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text in quotes, control, bidirectional and other unprintable characters as code points."""
    shown = "".join(c if c.isprintable() and c != '"' else f"\\u{ord(c):04x}" for c in text[:most])
    return f'"{shown}{"..." if len(text) > most else ""}"'


def exact_number(digits: str) -> Fraction:
    """Plain decimal digits as an exact number; `digits` has matched the grammar already."""
    whole, _, decimals = digits.partition(".")
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def bare_number(text: str) -> Fraction:
    """A number without a unit (a pH, an acceptance value, a count), as an exact number.

    Raises NotAQuantity.
    """
    if len(text) <= MOST_CHARACTERS and _BARE.fullmatch(text):
        return exact_number(text)
    raise NotAQuantity(_why(text, "15.0", {}) or f"{escaped(text)} is not a plain number: write digits, such as 15.0")


def split(text: str, spellings: Mapping[str, object], refused: Mapping[str, str]) -> Written:
    """Take a quantity apart; `spellings` are the legal units, `refused` the known wrong ones.

    Raises NotAQuantity or UnknownUnit, with the text, the reason and what to write.
    """
    if len(text) <= MOST_CHARACTERS:
        match = _QUANTITY.fullmatch(text)
        if match is not None and match[2] in spellings:
            return Written(exact_number(match[1]), match[1], match[2])
    raise _refusal(text, spellings, refused)


def _refusal(text: str, spellings: Mapping[str, object], refused: Mapping[str, str]) -> NotAQuantity:
    reason = _why(text, "4.5 mg", refused)
    if reason is not None:
        return NotAQuantity(reason)
    match = _QUANTITY.fullmatch(text)
    if match is None:
        return NotAQuantity(f"{escaped(text)} is not a quantity: write a number, one space and a unit, such as 4.5 mg")
    number, unit = match[1], match[2]
    if unit is None:
        return NotAQuantity(f"{escaped(text)} has no unit: write the unit, such as {number} mg or {number} %")
    volume = re.fullmatch(_PER_VOLUME, text, re.ASCII)
    if volume is not None:
        per_one = _decimal(exact_number(volume[1]) / int(volume[3]))
        written = f": write {per_one} {volume[2]}/mL" if per_one is not None else f", in {volume[2]}/mL"
        return UnknownUnit(f"{escaped(text)}: say how much is in one mL{written}")
    if unit in refused:
        return UnknownUnit(f'{escaped(text)}: "{unit}" is not a unit formcheck reads: {refused[unit]}')
    near = _alike(unit, spellings)
    hint = f"did you mean {number} {near}?" if near else "write one of mg, mcg, g, mL, drops, capsules, days, %, mg/mL"
    return UnknownUnit(f"{escaped(text)}: {escaped(unit)} is not a unit formcheck reads: {hint}")


def _alike(unit: str, spellings: Mapping[str, object]) -> str | None:
    """The legal unit of the same letters, or the word most like it.

    Other letters are not guessed at in symbols: for "cg" the nearest is mcg, ten thousand times less.
    """
    letters = re.sub(r"[^a-z%/]", "", unit.lower())
    same = (spelling for spelling in spellings if re.sub(r"[^a-z%/]", "", spelling.lower()) == letters)
    words = [spelling for spelling in spellings if len(spelling) > 3 and spelling.isalpha()]
    import difflib

    return next(same, None) or next(iter(difflib.get_close_matches(unit, words, n=1)), None)


def _decimal(number: Fraction) -> str | None:
    """The number as plain decimal digits, or None where it does not end."""
    decimals, rest = 0, number.denominator
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2
        decimals += 1
    if rest != 1:
        return None
    digits = str(int(number * 10**decimals)).rjust(decimals + 1, "0")
    return (f"{digits[:-decimals]}.{digits[-decimals:]}".rstrip("0").rstrip(".")) if decimals else digits


def _legal(number: str) -> str | None:
    """The number with its leading zeros put right, if that makes it one the grammar takes."""
    number = re.sub(r"^0+(?=[0-9])", "", number)
    return number if _BARE.fullmatch(number) else None


def _write(number: str, rest: str, example: str) -> str:
    """What to write: the corrected number with the rest of the text, or an example where there is none."""
    legal = _legal(number)
    tail = rest if re.fullmatch(r"(?![0-9.,]).*", rest, re.DOTALL) else None
    return f"write {legal}{tail}" if legal is not None and tail is not None else f"write one number, such as {example}"


_DASHES, _NOTHING = "-\u2010\u2011\u2012\u2013\u2014\u2212 /", {"n/a", "na", "n.a.", "none", "nil", "tbd"}
"""What people write where there is nothing to write."""

# Patterns of what is refused. They stay text until something is: a legal quantity never waits for them.
_GROUPED = r"([1-9][0-9]{0,2})((?:,[0-9]{3})+)((?:\.[0-9]+)?)((?![0-9.,]).*)"
_COMMA = r"([0-9]+),([0-9]*)(.*)"
_NAKED = r"\.([0-9]+)(.*)"
_HANGING = r"([0-9]+)\.(?![0-9])(.*)"
_LEADING_ZERO = r"(0+[0-9][0-9.]*)(.*)"
_EXPONENT = r"[0-9.]+[eE][+-]?[0-9]+.*"
_SPACED = r"([0-9]+(?:\.[0-9]+)?)[\s\u00a0\u202f_'\u2019]+([0-9][0-9.]*)(.*)"
_LETTER = r"(?=[0-9OolI.]*[0-9])[0-9OolI.]*[OolI][0-9OolI.]*(?=[^A-Za-z]|$).*"


def _why(text: str, example: str, refused: Mapping[str, str]) -> str | None:
    """The reason an illegal number or spelling is refused, or None when the number itself is legal."""
    shown = escaped(text)
    if not text.strip():
        return f"a quantity is missing: write a number and a unit, such as {example}"
    if not text.strip(_DASHES) or text.strip(_DASHES).casefold() in _NOTHING:
        return f"{shown} is no quantity: where there is none, leave it empty; else write digits, such as {example}"
    if len(text) > MOST_CHARACTERS:
        return f"{shown} is longer than {MOST_CHARACTERS} characters: write one number and one unit, such as {example}"
    odd = next((c for c in text if not c.isascii() and (c.isdigit() or c.isnumeric())), None)
    if odd is not None:
        return f"{shown}: {escaped(odd)} is not one of the digits 0 to 9: type the number again, such as {example}"
    if not text.isprintable() and any(not c.isprintable() and c not in _SPACES for c in text):
        return f"{shown} holds an invisible character: type it again, such as {example}"
    if text != text.strip():
        legal = _QUANTITY.fullmatch(text.strip())
        return f"{shown} begins or ends with a space: write {text.strip() if legal else example}"
    return _why_ascii(text, shown, example, refused)


def _why_ascii(text: str, shown: str, example: str, refused: Mapping[str, str]) -> str | None:
    if text[0] in "-\u2212\u2013":
        return f"{shown} is a negative number: amounts are never negative"
    if text[0] == "+":
        return f"{shown}: leave out the plus sign"
    if match := re.fullmatch(_GROUPED, text, re.ASCII):
        whole = _write(match[1] + match[2].replace(",", "") + match[3], match[4], example)
        either = match[3] == "" and match[2].count(",") == 1
        decimal = re.sub(r"\.?0+$", "", f"{match[1]}.{match[2][1:]}")
        other = f" or {_legal(decimal)}{match[4]}" if either else ""
        return f"{shown} has a comma, which may mean thousands or a decimal: {whole}{other}"
    if match := re.fullmatch(_COMMA, text, re.ASCII):
        return f"{shown} has a decimal comma: write a decimal point: " + _write(
            f"{match[1]}.{match[2]}" if match[2] else match[1], match[3], example
        ).removeprefix("write ")
    if match := re.fullmatch(_NAKED, text, re.ASCII):
        return f"{shown} has no zero before the point: {_write('0.' + match[1], match[2], example)}"
    if re.fullmatch(_EXPONENT, text, re.ASCII):
        return f"{shown}: a quantity is a finite number in plain digits, without an exponent: write {example}"
    if match := re.fullmatch(_HANGING, text, re.ASCII):
        return f"{shown} has a point without a digit after it: {_write(match[1], match[2], example)}"
    if match := re.fullmatch(_SPACED, text, re.ASCII):
        return f"{shown} is a number in two parts: {_write(match[1] + match[2], match[3], example)} if it is one number"
    if match := re.fullmatch(_LEADING_ZERO, text, re.ASCII):
        return f"{shown} begins with a zero: {_write(match[1], match[2], example)}"
    if re.fullmatch(_LETTER, text):
        return f"{shown} has a letter where a digit belongs (O for 0, l for 1): type the digits again"
    if not text[0].isdigit():
        return _why_no_number(text, shown, example, refused)
    return None


def _why_no_number(text: str, shown: str, example: str, refused: Mapping[str, str]) -> str:
    first = re.split(r"[\s0-9]", text, maxsplit=1)[0]
    if first.lower().lstrip("(") in {"nan", "inf", "infinity"}:
        return f"{shown} is not a finite number: write digits and a unit, such as {example}"
    if first in refused:
        return f"{shown}: {refused[first]}"
    return f"{shown} does not begin with a number: write digits and a unit, such as {example}"
