"""The grammar of a quantity: what is read, what is refused, with which words, and how fast."""

import re
import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from formcheck.errors import FormcheckError, NotAQuantity, UnknownUnit
from formcheck.grammar import MOST_CHARACTERS, Written, bare_number, escaped, exact_number, split
from formcheck.units import REFUSED, SPELLINGS, amount, exact

LEGAL_UNITS = (
    "mg", "mcg", "ug", "µg", "μg", "g", "mL", "ml", "drop", "drops", "capsule", "capsules", "day", "days",
    "%", "% w/w", "% w/v", "mg/mL", "mcg/mL", "g/mL", "drop/mL", "drops/mL", "mg/drop", "mg/day",
)  # fmt: skip

ACCEPTED = {
    "4.5 mg": (Fraction(9, 2), "4.5", "mg"),
    "4.5mg": (Fraction(9, 2), "4.5", "mg"),
    "4.5\u00a0mg": (Fraction(9, 2), "4.5", "mg"),
    "4.5\u202fmg": (Fraction(9, 2), "4.5", "mg"),
    "0 mg": (Fraction(0), "0", "mg"),
    "0.0 mg": (Fraction(0), "0.0", "mg"),
    "0.50 mg": (Fraction(1, 2), "0.50", "mg"),
    "10.0 mg": (Fraction(10), "10.0", "mg"),
    "10.000000000000002 mg": (Fraction(10000000000000002, 10**15), "10.000000000000002", "mg"),
    "1000 mg": (Fraction(1000), "1000", "mg"),
    "8.7%": (Fraction(87, 10), "8.7", "%"),
    "0.1 % w/v": (Fraction(1, 10), "0.1", "% w/v"),
    "35 drops": (Fraction(35), "35", "drops"),
    "17.5 drops/mL": (Fraction(35, 2), "17.5", "drops/mL"),
    "123456789012345678901234567890.12345 mg": (Fraction(12345678901234567890123456789012345, 10**5),
                                                "123456789012345678901234567890.12345", "mg"),
}  # fmt: skip

# text: the words that the refusal must hold
REFUSED_NUMBERS = {
    "4,5 mg": ["decimal comma", "write a decimal point: 4.5 mg"],
    "0,5mg": ["decimal comma", "0.5mg"],
    "1,5 mg": ["decimal comma", "1.5 mg"],
    "1,5": ["decimal comma", "1.5"],
    "0,500 mg": ["decimal comma", "0.500 mg"],
    "1,000 mg": ["comma", "write 1000 mg or 1 mg"],
    "1,500 mg": ["comma", "write 1500 mg or 1.5 mg"],
    "1,000,000 mg": ["comma", "write 1000000 mg"],
    ".5 mg": ["zero before the point", "write 0.5 mg"],
    ".45": ["zero before the point", "write 0.45"],
    "4. mg": ["digit after it", "write 4 mg"],
    "0.": ["digit after it", "write 0"],
    "00.5 mg": ["begins with a zero", "write 0.5 mg"],
    "010 mg": ["begins with a zero", "write 10 mg"],
    "000 mg": ["begins with a zero", "write 0 mg"],
    "05": ["begins with a zero", "write 5"],
    "1 000 mg": ["two parts", "write 1000 mg"],
    "1'000 mg": ["two parts", "1000 mg"],
    "1\u2019000 mg": ["two parts", "1000 mg"],
    "1_0 mg": ["two parts", "10 mg"],
    "0 5 mg": ["two parts", "write 5 mg"],
    "+5 mg": ["plus sign"],
    "-5 mg": ["negative"],
    "--5 mg": ["negative"],
    "-.5 mg": ["negative"],
    "\u22125 mg": ["negative"],
    "\u20135 mg": ["negative"],
    "1e3 mg": ["finite number", "exponent"],
    "1E400 mg": ["finite number", "exponent"],
    "1e309": ["finite", "number"],
    "4.5e-1 mg": ["exponent"],
    "nan mg": ["finite number"],
    "NaN": ["finite number"],
    "inf mg": ["finite number"],
    "Infinity mg": ["finite number"],
    "": ["missing", "4.5 mg"],
    "   ": ["missing"],
    "\u00a0": ["missing"],
    " 5 mg": ["space", "write 5 mg"],
    "5 mg ": ["space", "write 5 mg"],
    "5  mg": ["one space", "4.5 mg"],
    "5": ["no unit", "5 mg"],
    "4.5": ["no unit", "4.5 mg"],
    "O.5 mg": ["letter where a digit belongs"],
    "1O mg": ["letter where a digit belongs", "digit"],
    "l0 mg": ["letter where a digit belongs"],
    "I0.5 mg": ["letter where a digit belongs"],
    "\u0664.\u0665 mg": ["digit"],
    "\uff14.\uff15 mg": ["digit"],
    "5\u00b2 mg": ["digits 0 to 9"],
    "\u00bd mg": ["digits 0 to 9"],
    "\u2464 mg": ["digits 0 to 9"],
    "5\tmg": ["invisible character", "\\u0009"],
    "5 mg\n": ["invisible character", "\\u000a"],
    "5 mg\u202e": ["invisible character", "\\u202e"],
    "\ufeff5 mg": ["invisible character", "\\ufeff"],
    "5\u2009mg": ["invisible character", "\\u2009"],
    "5\u200b mg": ["invisible character", "\\u200b"],
    "5\x00 mg": ["invisible character", "\\u0000"],
    "\ud8005 mg": ["invisible character", "\\ud800"],
    "mg": ["begin with a number"],
    "mg 5": ["begin with a number"],
    "=5 mg": ["begin with a number"],
    "(5 mg)": ["begin with a number"],
    '"5" mg': ["begin with a number", "\\u0022"],
    "gr 1/150": ["grain", "mg"],
    "gtt 5": ["write drops"],
    "5-10 mg": ["not a quantity", "4.5 mg"],
    "5.0.0 mg": ["not a quantity"],
    "5 -mg": ["not a quantity"],
    "9" * 41: ["longer than 40 characters", "..."],
    "9" * 50 + " mg": ["longer than 40 characters"],
}

REFUSED_UNITS = {
    "5 mg 2": ["mg 2", "not a unit"],
    "5*2 mg": ["*2 mg", "not a unit"],
    "5 mg*2": ["mg*2", "not a unit"],
    "2**3 mg": ["not a unit"],
    "9**9**9 mg": ["not a unit"],
    "1/2 mg": ["not a unit"],
    "1:10 mg": ["not a unit"],
    "0x10 mg": ["not a unit"],
    "5 mg; rm": ["not a unit"],
    "5 mg/5 mL": ["how much is in one mL", "write 1 mg/mL"],
    "4.5 mg/5mL": ["write 0.9 mg/mL"],
    "5 mcg/10 ml": ["write 0.5 mcg/mL"],
    "1 g/1000 mL": ["write 0.001 g/mL"],
    "5 mg/0 mL": ["not a unit"],
    "5 mmg": ["write one of mg, mcg, g"],
    "5 cg": ["write one of mg, mcg, g"],
    "5 dropz": ["did you mean 5 drop"],
    "5 parsecs": ["write one of mg, mcg"],
    '5 "mg': ["\\u0022mg"],
}


@pytest.mark.parametrize(("text", "wanted"), ACCEPTED.items(), ids=repr)
def test_a_legal_text_is_taken_apart_exactly(text, wanted):
    """A legal text gives its exact number, the digits as written and the unit as written."""
    assert Written(*wanted) == split(text, SPELLINGS, REFUSED)


@pytest.mark.parametrize("unit", LEGAL_UNITS)
@pytest.mark.parametrize("space", ["", " ", "\u00a0", "\u202f"], ids=repr)
def test_every_unit_of_the_table_is_read_with_at_most_one_space(unit, space):
    """Each unit of the closed table is read right behind the number or after one space of either kind."""
    assert Written(Fraction(5, 4), "1.25", unit) == split(f"1.25{space}{unit}", SPELLINGS, REFUSED)


@pytest.mark.parametrize(("text", "words"), REFUSED_NUMBERS.items(), ids=repr)
def test_an_illegal_number_is_refused_with_its_reason(text, words):
    """An illegal number is refused as no quantity, in words that say why and what to write."""
    with pytest.raises(NotAQuantity) as caught:
        split(text, SPELLINGS, REFUSED)
    assert NotAQuantity is type(caught.value)
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)


@pytest.mark.parametrize(("text", "words"), REFUSED_UNITS.items(), ids=repr)
def test_an_illegal_unit_is_refused_with_its_reason(text, words):
    """A legal number with anything but a legal unit behind it is refused as an unknown unit, with a hint."""
    with pytest.raises(UnknownUnit) as caught:
        split(text, SPELLINGS, REFUSED)
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)


@pytest.mark.parametrize(("spelling", "advice"), sorted(REFUSED.items()), ids=repr)
def test_a_known_wrong_spelling_is_refused_with_its_own_advice(spelling, advice):
    """Every known wrong spelling is refused with the advice that the table has for it."""
    with pytest.raises(UnknownUnit) as caught:
        split(f"5 {spelling}", SPELLINGS, REFUSED)
    assert advice in str(caught.value)
    assert escaped(spelling).strip('"') in str(caught.value)


@pytest.mark.parametrize("text", ["1\u00a0000 mg", "1\u202f000 mg", "12\u00a0000.5 mg"], ids=repr)
def test_thousands_grouped_by_a_no_break_space_are_a_number_in_two_parts(text):
    """A no-break space inside a number (French grouping) is named as such, like an ordinary space."""
    with pytest.raises(NotAQuantity, match="two parts"):
        split(text, SPELLINGS, REFUSED)


@pytest.mark.parametrize(
    ("text", "illegal"),
    [
        ("0.5 2 mg", "write .52 mg"),
        ("1,234.5 mg", "1.234.5 mg"),
        ("1,000.5 mg", "or 1.5 mg"),
        ("1,0005 mg", "or 15 mg"),
        ("1,0000 mg", "or 10 mg"),
        ("4,5,6 mg", "write a decimal point: 4.5,6 mg"),
        (".5.5 mg", "write 0.5.5 mg"),
        (".5,5 mg", "write 0.5,5 mg"),
        ("4.,5 mg", "write 4,5 mg"),
    ],
    ids=repr,
)
def test_a_hint_never_proposes_an_illegal_or_another_number(text, illegal):
    """What a refusal tells to write is itself a legal quantity, and one the text can have meant."""
    with pytest.raises(NotAQuantity) as caught:
        split(text, SPELLINGS, REFUSED)
    assert illegal not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0.0000001 mg/5 mL", "write 0.00000002 mg/mL"),
        ("99999999999999999999 mg/1 mL", "write 99999999999999999999 mg/mL"),
    ],
    ids=repr,
)
def test_the_hint_for_an_amount_in_several_millilitres_is_exact(text, wanted):
    """The amount in one mL that a refusal proposes is the exact quotient, never a rounded one."""
    with pytest.raises(UnknownUnit) as caught:
        split(text, SPELLINGS, REFUSED)
    assert wanted in str(caught.value)


_digits = st.from_regex(r"(0|[1-9][0-9]{0,15})(\.[0-9]{1,15})?", fullmatch=True)


@given(_digits)
def test_digits_mean_what_the_decimal_module_says(digits):
    """Plain digits are read as exactly the number that decimal arithmetic reads."""
    assert Fraction(Decimal(digits)) == exact_number(digits)
    assert Fraction(Decimal(digits)) == bare_number(digits)
    assert Fraction(Decimal(digits)) == split(f"{digits} mg", SPELLINGS, REFUSED).number


@given(st.from_regex(r"[1-9][0-9]{0,6}", fullmatch=True), st.from_regex(r"[0-9]{1,2}|[0-9]{4,6}", fullmatch=True))
def test_the_hint_for_a_decimal_comma_is_the_number_that_was_meant(whole, decimals):
    """The legal spelling proposed for a decimal comma is read as the same digits with a point."""
    with pytest.raises(NotAQuantity) as caught:
        amount(f"{whole},{decimals} mg")
    proposed = str(caught.value).rpartition("write ")[2].removeprefix("a decimal point: ").split(" or ")
    assert [Fraction(Decimal(f"{whole}.{decimals}"))] == [amount(text).number for text in proposed]


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from([" ", "_", "'", "\u2019"]))
def test_the_hint_for_grouped_digits_is_the_whole_number(thousands, rest, mark):
    """The legal spelling proposed for a number in two parts is the number without the gap."""
    with pytest.raises(NotAQuantity) as caught:
        amount(f"{thousands}{mark}{rest:03} mg")
    proposed = str(caught.value).rpartition("write ")[2].removesuffix(" if it is one number")
    assert thousands * 1000 + rest == amount(proposed).number


@pytest.mark.parametrize(("text", "number"), [("15.0", 15), ("0", 0), ("3.35", Fraction(67, 20))])
def test_a_bare_number_is_exact(text, number):
    """A number without a unit is read exactly."""
    assert number == bare_number(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("4,5", "write a decimal point: 4.5"),
        ("", "such as 15.0"),
        ("nan", "not a finite number"),
        ("1e5", "exponent"),
        ("-1", "negative"),
        ("15 mg", "not a plain number"),
        ("1.5.2", "not a plain number"),
        ("9" * 41, "longer than 40 characters"),
    ],
)
def test_a_bare_number_that_is_none_is_refused(text, words):
    """A text that is not a plain number is refused with a reason, an example, and its text."""
    with pytest.raises(NotAQuantity, match=words):
        bare_number(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("4.5 mg", '"4.5 mg"'),
        ('a"b', '"a\\u0022b"'),
        ("a\nb\u202e", '"a\\u000ab\\u202e"'),
        ("x" * 40, f'"{"x" * 40}"'),
        ("x" * 41, f'"{"x" * 40}..."'),
    ],
)
def test_a_shown_text_is_quoted_and_tamed(text, wanted):
    """A text is shown in quotes, cut after 40 characters, with unprintable ones as code points."""
    assert wanted == escaped(text)


def test_a_shown_text_can_be_cut_shorter():
    """A text is cut where the caller says."""
    assert escaped("abcd", 3) == '"abc..."'


def test_the_length_limit_is_forty_characters():
    """A quantity of 40 characters is read, one of 41 is refused."""
    longest = f"0.{'1' * (MOST_CHARACTERS - 5)} mg"
    assert (40, Fraction(int("1" * 35), 10**35)) == (len(longest), split(longest, SPELLINGS, REFUSED).number)
    with pytest.raises(NotAQuantity, match="longer"):
        split(longest.replace("1 mg", "11 mg"), SPELLINGS, REFUSED)


def _refused_or_read_quickly(text):
    """Read the text as every reader does; only a FormcheckError may come of it, and soon."""
    for reader in (amount, bare_number, exact):
        start = time.thread_time()
        try:
            reader(text)
        except FormcheckError as refusal:
            assert str(refusal).replace("\u00a0", " ").replace("\u202f", " ").isprintable()
        assert time.thread_time() - start < 0.1


@given(st.text(max_size=60))
@example("nan mg")
@example("9**9**9 mg")
@example("\ud800")
def test_any_text_at_all_is_read_or_refused_at_once(text):
    """Whatever the text, it is read or refused with a FormcheckError within a tenth of a second."""
    _refused_or_read_quickly(text)


@given(st.text(alphabet="0123456789.,eE+-_ '\u00a0OolImgcLdrops/%wv*()\u202e²٣µ", max_size=48))
def test_near_quantities_are_read_or_refused_at_once(text):
    """Texts of the characters that quantities are made of are read or refused at once."""
    _refused_or_read_quickly(text)


@st.composite
def _mutated(draw):
    text = f"{draw(_digits)}{draw(st.sampled_from(['', ' ', '  ', chr(160)]))}{draw(st.sampled_from(LEGAL_UNITS))}"
    for _ in range(draw(st.integers(1, 3))):
        at, put = draw(st.integers(0, len(text))), draw(st.text(max_size=2))
        text = text[:at] + put + text[at + draw(st.integers(0, 2)) :]
    return text


@given(_mutated())
def test_a_mutated_quantity_is_read_as_written_or_refused(text):
    """A legal quantity with a few characters changed is refused, or read as exactly the digits it shows."""
    _refused_or_read_quickly(text)
    try:
        read = amount(text)
    except FormcheckError:
        return
    unit = text.lstrip("0123456789.")
    digits = text.removesuffix(unit)
    assert digits.isascii()
    assert Fraction(Decimal(digits)) == read.number
    assert re.sub("(?<=/)ml", "mL", re.sub("^[uµμ]", "mc", unit.lstrip(" \u00a0\u202f"))) in LEGAL_UNITS


@pytest.mark.parametrize(
    "text",
    [
        "0" * 40, "0" * 1_000_000, "1" * 40, "9" * 1_000_000 + " mg", "," * 40, "." * 1_000_000, "1," * 20, "1 " * 20,
        "O0" * 20, "O" * 39 + "0", "0O" * 19 + "x", "1e" * 20, "1" * 38 + "e1", "-" * 1_000_000, " " * 1_000_000,
        "mg" * 500_000, "5 " + "mg/" * 12, "1.1" * 13, "\u202e" * 1_000_000, "9" + "**9" * 12, "(" * 40, "\ud800" * 50,
        "5 mg/" + "9" * 30 + " mL", "1_" * 20, "1" * 39 + "_", "1" * 20 + " " + "1" * 19, "5 " + "µ" * 38, "\x00" * 40,
    ],
    ids=lambda text: f"{text[:6]!r}x{len(text)}",
)  # fmt: skip
def test_a_pathological_text_is_refused_at_once(text):
    """Long, repetitive and hostile texts are refused within a tenth of a second."""
    start = time.thread_time()
    with pytest.raises(NotAQuantity):
        amount(text)
    assert time.thread_time() - start < 0.1
