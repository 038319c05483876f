"""The unit table and exact quantities: closed, exact, and printed in one way."""

import subprocess
import sys
import threading
import time
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, localcontext
from fractions import Fraction
from itertools import product

import attrs
import pint
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from published.records import SPECS

from formcheck import units
from formcheck.errors import FormcheckError, NotAQuantity, UnknownUnit, WrongDimension
from formcheck.reading.structure import structure
from formcheck.units import (
    SPELLINGS,
    Amount,
    Quantity,
    amount,
    as_number,
    exact,
    format_beyond,
    format_exactly,
    format_number,
    format_quantity,
    magnitude,
    quantity,
)

# spelling: kind, printed for one, printed for more, exact size in mg, mL, drops, capsules, days, 1
TABLE = {
    "mg": ("mass", "mg", "mg", Fraction(1)),
    "mcg": ("mass", "mcg", "mcg", Fraction(1, 1000)),
    "ug": ("mass", "mcg", "mcg", Fraction(1, 1000)),
    "µg": ("mass", "mcg", "mcg", Fraction(1, 1000)),
    "μg": ("mass", "mcg", "mcg", Fraction(1, 1000)),
    "g": ("mass", "g", "g", Fraction(1000)),
    "mL": ("volume", "mL", "mL", Fraction(1)),
    "ml": ("volume", "mL", "mL", Fraction(1)),
    "drop": ("drops", "drop", "drops", Fraction(1)),
    "drops": ("drops", "drop", "drops", Fraction(1)),
    "capsule": ("capsules", "capsule", "capsules", Fraction(1)),
    "capsules": ("capsules", "capsule", "capsules", Fraction(1)),
    "day": ("days", "day", "days", Fraction(1)),
    "days": ("days", "day", "days", Fraction(1)),
    "%": ("percent", "%", "%", Fraction(1, 100)),
    "% w/w": ("percent_ww", "% w/w", "% w/w", Fraction(1, 100)),
    "% w/v": ("concentration", "% w/v", "% w/v", Fraction(10)),
    "drop/mL": ("drop_factor", "drop/mL", "drops/mL", Fraction(1)),
    "drops/mL": ("drop_factor", "drop/mL", "drops/mL", Fraction(1)),
    "drop/ml": ("drop_factor", "drop/mL", "drops/mL", Fraction(1)),
    "drops/ml": ("drop_factor", "drop/mL", "drops/mL", Fraction(1)),
    "mg/drop": ("drop_content", "mg/drop", "mg/drop", Fraction(1)),
    "mg/day": ("daily", "mg/day", "mg/day", Fraction(1)),
    **{f"mg/m{letter}": ("concentration", "mg/mL", "mg/mL", Fraction(1)) for letter in "lL"},
    **{f"g/m{letter}": ("concentration", "g/mL", "g/mL", Fraction(1000)) for letter in "lL"},
    **{
        f"{micro}g/m{letter}": ("concentration", "mcg/mL", "mcg/mL", Fraction(1, 1000))
        for micro in ("mc", "u", "µ", "μ")
        for letter in "lL"
    },
}

_spellings = st.sampled_from(sorted(TABLE))
_digits = st.from_regex(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,10})?", fullmatch=True)


@pytest.mark.parametrize("spelling", TABLE)
def test_a_spelling_means_one_kind_one_size_and_one_printed_form(spelling):
    """Each spelling of the closed table has its kind, its exact size and its printed form, for one and for more."""
    kind, one, more, size = TABLE[spelling]
    read, single = amount(f"2.50 {spelling}"), amount(f"1 {spelling}")
    assert (kind, Fraction(5, 2), Fraction(5, 2) * size) == (read.kind, read.number, read.value)
    assert (f"2.5 {more}", f"1 {one}") == (str(read), str(single))
    assert (f"2.50 {more}", f"1 {one}") == (read.as_written, single.as_written)
    assert (f"2.5 {more}", f"1 {one}") == (format_quantity(read.quantity), format_quantity(single.quantity))


def test_the_table_is_closed():
    """No spelling is read beyond those of the contract."""
    assert set(TABLE) == set(units.SPELLINGS)


def test_no_refused_spelling_is_read():
    """The spellings that are refused by name are not among those that are read."""
    assert set(units.REFUSED) & set(units.SPELLINGS) == set()


@pytest.mark.parametrize("spelling", TABLE)
def test_every_other_letter_case_of_a_unit_is_refused(spelling):
    """Units are case-sensitive: another capitalisation of a spelling is refused, however near."""
    cases = {"".join(letters) for letters in product(*({c.lower(), c.upper()} for c in spelling))} - set(TABLE)
    read = []
    for other in cases:
        try:
            read.append(amount(f"1 {other}"))
        except NotAQuantity:
            continue
    assert read == []


@pytest.mark.parametrize("spelling", TABLE)
@pytest.mark.parametrize(
    "change",
    [
        "{}.",
        "{}s.",
        "{} .",
        "{}{}",
        "{} {}",
        "{}/",
        "1/{}",
        "{}**1",
        "{}^1",
        "{}²",
        "({})",
        "{}\u200b",
        "{},",
        "{}\u0301",
        "[{}]",
        "k{}",
        "n{}",
        "M{}",
        "{}/1",
        "{} 1",
        "{}_",
        "-{}",
        "*{}",
        "{}/{}",
    ],
)
def test_a_decorated_unit_is_refused(spelling, change):
    """A legal unit with anything before, behind or around it is refused."""
    decorated = change.replace("{}", spelling)
    assert decorated not in TABLE
    with pytest.raises(NotAQuantity):
        amount(f"1 {decorated}")


@pytest.mark.parametrize(
    "look_alike",
    [
        "㎎",
        "㎍",
        "㎖",
        "㎏",
        "ｍｇ",
        "mɡ",
        "тg",
        "m\u0261",
        "м\u0433",
        "mԍ",
        "ⅿg",
        "mℊ",
        "rng",
        "rnL",
        "m𝗀",
        "mg\u0335",
        "Ꮇg",
        "mＬ",
        "m℮",
        "mI",
        "m1",
        "ⅿL",
        "％",
        "‰",
        "℅",
        "% w\u2215v",
        "% w\u2044w",
        "dr0ps",
        "drορ",
        "dαy",
        "сapsule",
        "mg\u2215mL",
        "mg\u2044mL",
        "mg÷mL",
        "mg\\mL",
        "mg per mL",
        "mg·mL",
        "mg mL-1",
        "mgmL",
    ],
)
def test_a_unit_that_only_looks_legal_is_refused(look_alike):
    """Compatibility characters, foreign letters and near misses that look like a unit are refused."""
    with pytest.raises(NotAQuantity):
        amount(f"1 {look_alike}")
    with pytest.raises(NotAQuantity):
        amount(f"1{look_alike}")


@pytest.mark.parametrize(
    "wrong", ["Mg", "MG", "mgs", "gr", "ML", "L", "U", "IU", "unit", "gm", "gtt", "cc", "kg", "tsp", "M"]
)
def test_the_known_look_alikes_are_named(wrong):
    """The spellings that pint or a tired eye takes for others are refused with what to write instead."""
    with pytest.raises(UnknownUnit, match="write "):
        amount(f"5 {wrong}")


def test_no_default_unit_of_pint_is_read():
    """Of all units that pint's own registry knows, only those of the closed table are read."""
    known = set(dir(pint.UnitRegistry())) - set(TABLE)
    assert len(known) > 500
    read = []
    for name in known:
        try:
            read.append(amount(f"1 {name}"))
        except NotAQuantity:
            continue
    assert read == []


@pytest.mark.parametrize(
    "name", ["kilogram", "kg", "Mg", "U", "gr", "milligram", "liter", "L", "ML", "degC", "percent_vv", "ug"]
)
def test_the_registry_knows_no_other_unit(name):
    """The registry itself defines nothing beyond the vocabulary, not even prefixes."""
    with pytest.raises(pint.UndefinedUnitError):
        Quantity(1, name)


@pytest.mark.parametrize("definition", ["mg = 1000 * g", "mcg = 1 * g", "g = 1 * mg", "mL = [length]", "drop = 0.05 * mL"])
def test_a_unit_cannot_be_redefined(definition):
    """A unit, once defined, cannot be given another size."""
    with pytest.raises(pint.errors.RedefinitionError):
        Quantity._REGISTRY.define(definition)
    assert (Fraction(5), Fraction(1, 200)) == (magnitude(quantity("5 mg"), "mg"), magnitude(quantity("5 mcg"), "mg"))


def _as_text(number, places):
    digits = str(number).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


@given(st.integers(0, 10**12), st.integers(0, 12), _spellings)
def test_a_text_becomes_exactly_its_number(number, places, spelling):
    """A text's number is exact, and so is its value in coherent units."""
    read = amount(f"{_as_text(number, places)} {spelling}")
    assert Fraction(number, 10**places) == read.number
    assert Fraction(number, 10**places) * TABLE[spelling][3] == read.value
    assert Fraction is type(read.quantity.magnitude)
    assert places == read.decimals
    assert _as_text(number, places) == read.digits


@given(_digits, st.sampled_from(["", " ", "\u00a0", "\u202f"]), _spellings)
@example("0.50", " ", "μg/ml")
@example("1.0", "", "drops")
def test_text_to_quantity_to_text_is_stable(digits, space, spelling):
    """What is printed is read as the same quantity, and printed the same again."""
    first = amount(f"{digits}{space}{spelling}")
    printed = str(first)
    again = amount(printed)
    assert (first.number, first.value, first.kind) == (again.number, again.value, again.kind)
    assert printed == str(again)
    assert printed == format_quantity(first)
    assert printed == format_quantity(quantity(printed))
    assert amount(first.as_written).value == first.value


@given(_digits, _spellings)
def test_a_printed_quantity_has_no_mu_no_trailing_and_no_missing_zero(digits, spelling):
    """A quantity is printed in ASCII, with a leading zero, without a trailing one, and with one space."""
    number, _, unit = str(amount(f"{digits} {spelling}")).partition(" ")
    assert unit in {form for row in TABLE.values() for form in row[1:3]}
    assert number.isascii()
    assert unit.isascii()
    assert number[0].isdigit()
    assert number == "0" or not number.startswith("0") or number.startswith("0.")
    assert "." not in number or number[-1] in "123456789"


@pytest.mark.parametrize(
    ("text", "unit", "wanted"),
    [
        ("10 mg", "mg", 10),
        ("10 mg", "g", Fraction(1, 100)),
        ("10 mg", "mcg", 10000),
        ("0.01 g", "mg", 10),
        ("10000 mcg", "mg", 10),
        ("0.1 % w/v", "mg/mL", 1),
        ("1 g/mL", "mg/mL", 1000),
        ("1000 mcg/mL", "mg/mL", 1),
        ("8.7 %", "percent", Fraction(87, 10)),
        ("8.7 %", "dimensionless", Fraction(87, 1000)),
        ("2 mL", "mL", 2),
    ],
)
def test_a_magnitude_is_exact_in_any_unit_of_its_kind(text, unit, wanted):
    """A quantity and an Amount are expressed exactly in any unit of their dimension."""
    assert Fraction(wanted) == magnitude(quantity(text), unit)
    assert Fraction(wanted) == magnitude(amount(text), unit)
    assert Fraction is type(magnitude(amount(text), unit))


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_ten_milligrams_stay_ten_milligrams_through_any_unit(top, bottom):
    """A quantity sent through grams, micrograms, a concentration and back is the same number, to the last digit."""
    part = Fraction(top, bottom)
    there = (Quantity(Fraction(10), "mg") / Quantity(part, "mL")).to("g/mL").to("mcg/mL")
    assert Fraction(10) == magnitude(there * Quantity(part, "mL"), "mg")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("5 mg", "mL"),
        ("5 mL", "mg"),
        ("5 drops", "mL"),
        ("5 drops", "dimensionless"),
        ("5 capsules", "mg"),
        ("5 %", "mg/mL"),
        ("5 days", "drop"),
        ("5 mg/drop", "mg/mL"),
        ("20 drops/mL", "mg/mL"),
        ("5 mg/day", "mg"),
        ("1 % w/v", "percent"),
    ],
)
def test_a_quantity_is_never_taken_for_another_kind(text, unit):
    """Masses, volumes, drops, capsules and days are dimensions of their own: none turns into another."""
    with pytest.raises(WrongDimension, match="cannot be expressed"):
        magnitude(amount(text), unit)


@pytest.mark.parametrize("value", [10, 10.0, Fraction(10), "10 mg", None, True, float("nan"), [1], object()], ids=repr)
def test_a_magnitude_needs_a_unit(value):
    """Anything that is not a quantity of this registry has no magnitude."""
    with pytest.raises(NotAQuantity, match="a quantity with a unit is needed"):
        magnitude(value, "mg")


def test_a_quantity_of_another_registry_is_refused():
    """A quantity of a registry in which mg may mean something else is not read."""
    other = pint.UnitRegistry(None, non_int_type=Fraction)
    other.define("mg = [mass]")
    with pytest.raises(NotAQuantity, match="a quantity with a unit is needed"):
        magnitude(other.Quantity(Fraction(1), "mg"), "mg")


@pytest.mark.parametrize(
    "number",
    [
        4.5,
        float("nan"),
        float("inf"),
        -0.0,
        True,
        False,
        1j,
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        [1],
        (),
        None,
    ],
    ids=repr,
)
def test_an_inexact_number_is_refused(number):
    """Floats, NaN, infinities, booleans and anything that is no number are refused, bare or in a quantity."""
    with pytest.raises(NotAQuantity, match="not an exact, finite number"):
        exact(number)


@pytest.mark.parametrize("number", [4.5, float("nan"), float("inf"), Decimal("NaN")], ids=repr)
def test_an_inexact_magnitude_is_refused(number):
    """A quantity with an inexact magnitude is refused when its magnitude is asked for."""
    with pytest.raises(NotAQuantity, match="not an exact, finite number"):
        magnitude(Quantity(number, "mg"), "mg")
    with pytest.raises(NotAQuantity, match="not an exact, finite number"):
        format_quantity(Quantity(number, "mg"))


class _Whole(int):
    """An int of another class, which could compare as it likes."""


class _Part(Fraction):
    """A fraction of another class, which could compare as it likes."""


class _Text(str):
    """A text of another class."""


@pytest.mark.parametrize("number", [_Whole(5), _Part(5), _Text("5")], ids=repr)
def test_a_number_of_a_derived_class_is_refused(number):
    """Subclasses of the exact types may compare as they like, and are refused."""
    with pytest.raises(NotAQuantity, match="not an exact, finite number"):
        exact(number)


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        (5, Fraction(5)),
        (-3, Fraction(-3)),
        (Fraction(1, 3), Fraction(1, 3)),
        (Decimal("4.50"), Fraction(9, 2)),
        (Decimal("1E+3"), Fraction(1000)),
        ("4.50", Fraction(9, 2)),
        ("0", Fraction(0)),
    ],
    ids=repr,
)
def test_an_exact_number_comes_through_unchanged(number, wanted):
    """An int, Fraction, Decimal or plain text becomes the same number as a Fraction."""
    assert (wanted, Fraction) == (exact(number), type(exact(number)))


@pytest.mark.parametrize("text", ["4,5", "nan", "1e5", "", " 1", "１", "4.5 mg"])
def test_a_text_that_is_no_plain_number_is_refused(text):
    """A text enters by the same grammar as everywhere."""
    with pytest.raises(NotAQuantity):
        exact(text)


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(-20, 20))
def test_a_float_of_a_table_is_the_number_that_was_typed(digits, exponent):
    """A float from a table file with up to 15 digits is read as exactly the decimal that was typed."""
    typed = f"{digits}e{exponent}"
    assert Fraction(Decimal(typed)) == exact(float(typed), from_table=True)


@pytest.mark.parametrize("number", [10.000000000000002, 0.1 + 0.2, 9.999999999999998, 2 / 3], ids=repr)
def test_a_float_nobody_typed_is_refused(number):
    """A float with more than 15 significant digits was computed, not typed, and is refused with its digits."""
    with pytest.raises(NotAQuantity, match="more than 15 significant digits") as caught:
        exact(number, from_table=True)
    assert repr(number) in str(caught.value)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), True], ids=repr)
def test_a_table_holds_no_infinite_number_and_no_boolean(number):
    """NaN, infinity and booleans are refused from tables too."""
    with pytest.raises(NotAQuantity, match="not an exact, finite number"):
        exact(number, from_table=True)


@pytest.mark.parametrize("context", [Context(prec=3), Context(prec=3, traps=[Inexact])], ids=["rounding", "trapping"])
def test_the_decimal_context_changes_nothing(context):
    """Whatever the decimal context of the caller, the same floats and decimals are read, and the same refused."""
    with localcontext(context):
        assert Fraction(123456789, 10**4) == exact(12345.6789, from_table=True)
        assert Fraction(100000000000000001, 10**16) == exact(Decimal("10.0000000000000001"))
        with pytest.raises(NotAQuantity, match="more than 15 significant digits"):
            exact(10.000000000000002, from_table=True)


def test_a_decimal_of_monstrous_size_is_refused_at_once():
    """A decimal whose exponent would fill the memory is refused, not computed."""
    start = time.thread_time()
    with pytest.raises(FormcheckError):
        exact(Decimal("1E+2000000"))
    assert time.thread_time() - start < 0.1


@pytest.mark.parametrize("value", [None, 5, 4.5, True, b"5 mg", Decimal(5), ("5 mg",), _Text("5 mg")], ids=repr)
def test_an_amount_is_read_from_text_only(value):
    """Only text is read as an amount."""
    with pytest.raises(NotAQuantity, match="a quantity is text with a unit"):
        amount(value)


@pytest.mark.parametrize("value", [[], ["5 mg"], {}, {"5 mg": 1}, set(), bytearray(b"5 mg")], ids=repr)
def test_an_unhashable_thing_is_refused_like_any_other(value):
    """A list or a mapping where a text is needed (YAML holds both) is refused as no quantity."""
    with pytest.raises(NotAQuantity, match="a quantity is text with a unit"):
        amount(value)


@pytest.mark.parametrize(
    ("text", "kinds", "words"),
    [
        ("5 mg", ("volume",), ["5 mg", "a mass", "a volume (mL)"]),
        ("5 mL", ("mass",), ["5 mL", "a volume", "a mass"]),
        ("5 %", ("concentration",), ["a percentage", "as a concentration say % w/v"]),
        ("5 %", ("mass", "concentration"), ["a mass (mg, mcg or g) or a concentration", "say % w/v"]),
        ("5 %", ("mass",), ["a percentage", "a mass"]),
        ("5 % w/w", ("percent",), ["by weight"]),
        ("5 drops", ("volume",), ["a number of drops"]),
        ("20 drops/mL", ("drops",), ["a drop factor"]),
        ("5 mg/drop", ("concentration",), ["the content of a drop"]),
        ("5 mg/day", ("mass",), ["an amount a day"]),
        ("5 days", ("capsules",), ["a number of days", "a number of capsules"]),
    ],
)
def test_a_quantity_of_another_kind_is_refused(text, kinds, words):
    """A legal quantity of another kind than the one needed is refused; both kinds are named."""
    with pytest.raises(WrongDimension) as caught:
        amount(text, *kinds)
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("5 mg", "mass", "a mass (mg, mcg or g)"),
        ("5 mL", "volume", "a volume (mL)"),
        ("5 drops", "drops", "a number of drops"),
        ("5 capsules", "capsules", "a number of capsules"),
        ("5 days", "days", "a number of days"),
        ("5 %", "percent", "a percentage (%)"),
        ("5 % w/w", "percent_ww", "a percentage by weight (% w/w)"),
        ("5 mg/mL", "concentration", "a concentration (mg/mL or % w/v)"),
        ("5 drops/mL", "drop_factor", "a drop factor (drops/mL)"),
        ("5 mg/drop", "drop_content", "the content of a drop (mg/drop)"),
        ("5 mg/day", "daily", "an amount a day (mg/day)"),
    ],
)
def test_a_kind_is_named_by_its_words_and_its_units(text, kind, words):
    """Each kind is called by one name, as what was found and as what is needed, with the units that it is written in."""
    other, named = ("5 mL", "a volume (mL)") if kind != "volume" else ("5 mg", "a mass (mg, mcg or g)")
    with pytest.raises(WrongDimension) as found:
        amount(text, units.amount(other).kind)
    with pytest.raises(WrongDimension) as needed:
        amount(other, kind)
    assert str(found.value) == f'"{text}" is {words}, where {named} is needed'
    assert str(needed.value) == f'"{other}" is {named}, where {words} is needed'


@pytest.mark.parametrize(
    ("text", "kinds", "advice"),
    [
        ("4.5", ("mass",), "4.5 mg"),
        ("20", ("drops",), "20 drops"),
        ("5", ("mass", "concentration"), "5 mg or 5 mg/mL"),
        ("5", (), "5 mg or 5 %"),
        ("1" * 40, ("volume",), "1" * 40 + " mL"),
    ],
)
def test_a_bare_number_is_told_the_units_that_are_needed(text, kinds, advice):
    """A number without a unit is refused, and the advice writes it with a unit of each kind that would do."""
    with pytest.raises(NotAQuantity) as caught:
        amount(text, *kinds)
    assert str(caught.value) == f'"{text}" has no unit: write the unit, such as {advice}'


def test_a_bare_number_that_is_too_long_is_called_too_long():
    """Beyond 40 characters the length is what is wrong, not the missing unit."""
    with pytest.raises(NotAQuantity, match="longer than 40 characters"):
        amount("1" * 41, "mass")


def test_the_hint_for_a_percentage_is_one_sentence():
    """A percentage in place of a concentration: what it is, what is needed, and what to write."""
    with pytest.raises(WrongDimension) as caught:
        amount("5 %", "concentration")
    needed = "a concentration (mg/mL or % w/v) is needed"
    assert str(caught.value) == f'"5 %" is a percentage (%), where {needed}; as a concentration say % w/v'


def test_no_spelling_is_empty():
    """No unit and no look-alike is spelt by nothing at all: a blank cell of the table adds no word."""
    assert "" not in units.SPELLINGS and "" not in units.REFUSED
    with pytest.raises(NotAQuantity):
        amount("5 ")


@pytest.mark.parametrize(("text", "wanted"), [("9e99", 9 * 10**99), ("1e-99", Fraction(1, 10**99))])
def test_a_decimal_of_a_hundred_places_is_still_a_number(text, wanted):
    """Numbers up to a hundred digits are exact; from 1e100 and 1e-100 on they are refused."""
    assert exact(Decimal(text)) == wanted
    for beyond in ("1e100", "1e-100"):
        with pytest.raises(NotAQuantity, match="exact, finite number"):
            exact(Decimal(beyond))


def test_the_hint_for_a_concentration_stands_only_where_one_is_needed():
    """The advice to say % w/v is given for a bare % in place of a concentration, and nowhere else."""
    for text, kinds in (("5 %", ("mass",)), ("5 mg", ("concentration",))):
        with pytest.raises(WrongDimension) as caught:
            amount(text, *kinds)
        assert "% w/v" not in str(caught.value).replace("(mg/mL or % w/v)", "")


@pytest.mark.parametrize("text", ["5 mg", "5 mg/mL"])
def test_one_of_several_kinds_is_enough(text):
    """Where several kinds are possible, each of them is read."""
    assert text == str(amount(text, "mass", "concentration"))


@pytest.mark.parametrize(
    ("text", "digits", "decimals", "written"),
    [
        ("467.0 mg", "467.0", 1, "467.0 mg"),
        ("5ug", "5", 0, "5 mcg"),
        ("1.00drops", "1.00", 2, "1.00 drop"),
        ("0 mg", "0", 0, "0 mg"),
    ],
)
def test_an_amount_remembers_how_it_was_written(text, digits, decimals, written):
    """An amount keeps the digits and decimals as typed, and prints them with the unit's own spelling."""
    read = amount(text)
    assert (digits, decimals, written) == (read.digits, read.decimals, read.as_written)


@attrs.frozen(kw_only=True)
class _Paper:
    mass: units.Mass | None = None
    volume: units.Volume | None = None
    percent: units.Percent | None = None
    concentration: units.Concentration | None = None
    strength: units.Strength | None = None
    size: units.Size | None = None
    tolerance: units.MassOrPercent | None = None
    drop_factor: units.DropsPerVolume | None = None


_ONE_OF_EACH = ("5 mg", "5 mL", "5 drops", "5 capsules", "5 days", "5 %", "5 % w/w", "5 mg/mL", "5 drops/mL", "5 mg/drop")


@pytest.mark.parametrize(
    ("field", "legal"),
    [
        ("mass", "5 mg"),
        ("volume", "5 mL"),
        ("percent", "5 %"),
        ("concentration", "5 % w/w, 5 mg/mL"),
        ("strength", "5 mg, 5 mg/mL"),
        ("size", "5 mg, 5 mL, 5 capsules"),
        ("tolerance", "5 mg, 5 %"),
        ("drop_factor", "5 drops/mL"),
    ],
)
def test_a_field_of_a_paper_holds_its_kinds_and_no_other(field, legal):
    """Each kind of field takes the quantities that it is for, and refuses one of every other kind."""
    read = {text: structure({field: text}, _Paper) for text in _ONE_OF_EACH}
    assert [text for text in _ONE_OF_EACH if not read[text][1]] == legal.split(", ")
    assert all(str(getattr(paper, field)) == text for text, (paper, wrong) in read.items() if not wrong)


def test_an_amount_gives_a_fresh_quantity_each_time():
    """Altering the pint quantity of an amount does not alter the amount."""
    read = amount("5 mg")
    taken = read.quantity
    taken.ito("g")
    taken += Quantity(Fraction(1), "g")
    assert (Fraction(5), Fraction(5)) == (magnitude(read, "mg"), read.value)


@given(
    st.fractions(min_value=-(10**6), max_value=10**6) | st.decimals(-(10**6), 10**6, places=4).map(Fraction),
    st.integers(0, 8),
)
@example(Fraction(1, 2), 0)
@example(Fraction(-1, 2), 0)
@example(Fraction("101.55"), 1)
@example(Fraction("110.05"), 1)
@example(Fraction("-0.04"), 1)
def test_a_number_is_rounded_half_up(number, decimals):
    """A number is printed with so many decimals, half up, as decimal arithmetic does it; minus zero has no sign."""
    digits = len(str(abs(number.numerator))) + len(str(number.denominator)) + 40
    with localcontext(Context(prec=2 * digits)):
        long = Decimal(number.numerator) / Decimal(number.denominator)
        rounded = long.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert f"{abs(rounded) if rounded == 0 else rounded:f}" == format_number(number, decimals)


@pytest.mark.parametrize(
    ("number", "most", "wanted"),
    [
        (Fraction("4.50"), 12, "4.5"),
        (Fraction(100), 12, "100"),
        (Fraction(0), 12, "0"),
        (Fraction(1, 3), 3, "0.333"),
        (Fraction(2, 3), 3, "0.667"),
        (Fraction("0.9999"), 3, "1"),
        (Fraction(1, 10**13), 12, "0"),
        (Fraction(-9, 2), 12, "-4.5"),
        (Fraction(120), 0, "120"),
    ],
)
def test_a_number_without_trailing_zeros(number, most, wanted):
    """A number is printed exactly where it ends in time, rounded there else, never with a trailing zero."""
    assert wanted == format_exactly(number, most)


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        (Fraction(10), "10"),
        (Fraction("10.000000000000002"), "10.000000000000002"),
        (Fraction("10.0004"), "10.0004"),
        (Fraction("10.0005"), "10.001"),
        (Fraction("12.34567"), "12.346"),
        (10 + Fraction(1, 3 * 10**9), "10.0000000003"),
    ],
)
def test_a_number_beside_a_limit_reads_differently_from_it(number, wanted):
    """A rounded number gets as many decimals as it takes to tell it from the limit it is not."""
    assert wanted == format_beyond(number, Fraction(10))


@given(st.integers(1, 10**6), st.integers(1, 36))
def test_a_number_above_a_limit_never_reads_as_the_limit(top, places):
    """Whatever is more than 10 by a little is not printed as 10."""
    assert format_beyond(10 + Fraction(top, 10**places), Fraction(10)) != "10"


def test_a_number_without_end_has_twelve_decimals():
    """Where nothing is asked, a number or a quantity that does not end is told to twelve decimals."""
    assert format_exactly(Fraction(1, 3)) == "0." + "3" * 12
    assert format_quantity(Quantity(Fraction(1, 3), "mg")) == "0." + "3" * 12 + " mg"


def test_a_number_that_is_the_limit_needs_no_more_decimals():
    """A number equal to its limit reads as the limit does; one less than 1e-40 away is told to forty decimals."""
    third = Fraction(1, 3)
    assert format_beyond(third, third) == "0.333"
    assert format_beyond(third + Fraction(1, 10**45), third) == "0." + "3" * 40


def test_the_decimals_beside_a_limit_end():
    """A number that differs from the limit only beyond 40 decimals is printed as the limit."""
    assert format_beyond(10 + Fraction(1, 10**60), Fraction(10)) == "10"


@pytest.mark.parametrize(
    ("value", "decimals", "wanted"),
    [
        (amount("4.567 mg"), None, "4.567 mg"),
        (amount("4.567 mg"), 1, "4.6 mg"),
        (Quantity(Fraction(4567, 1000), "mg"), 1, "4.6 mg"),
        (Quantity(Fraction(1, 2), "mcg"), None, "0.5 mcg"),
        (Quantity(1, "drop"), None, "1 drop"),
        (Quantity(2, "drop"), None, "2 drops"),
        (Quantity(Decimal("2.50"), "mg/mL"), None, "2.5 mg/mL"),
        (Quantity(Fraction(35, 2), "drop/mL"), None, "17.5 drops/mL"),
    ],
    ids=repr,
)
def test_a_quantity_in_words(value, decimals, wanted):
    """A quantity or an amount is printed with its unit's own spelling, rounded where decimals are given."""
    assert wanted == format_quantity(value, decimals)


@pytest.mark.parametrize("other", ["mL", "g", "mg"])
def test_a_unit_outside_the_table_is_not_printed(other):
    """A quantity in a compound unit that the table does not have is refused, not printed somehow."""
    with pytest.raises(WrongDimension, match="no unit of formcheck's table"):
        format_quantity(Quantity(Fraction(1), "mg") * Quantity(Fraction(1), other))


@pytest.mark.parametrize(
    ("number", "wanted"),
    [(Fraction(10), 10), (Fraction(9, 2), 4.5), (Fraction(1, 3), 1 / 3), (Fraction(0), 0), (Fraction(-5, 2), -2.5)],
)
def test_a_json_number_is_an_integer_where_it_can_be(number, wanted):
    """A whole number becomes an int in JSON, any other the nearest double."""
    assert (wanted, type(wanted)) == (as_number(number), type(as_number(number)))


@given(_digits)
def test_a_json_number_is_the_nearest_double(digits):
    """A JSON number is the double that Python reads from the same digits."""
    assert float(digits) == as_number(Fraction(Decimal(digits)))


@given(st.fractions(0, 20), st.integers(1, 20))
@example(10 - Fraction(1, 10**30), 10)
@example(10 + Fraction(1, 10**30), 10)
def test_a_json_number_never_passes_a_limit_that_the_exact_number_keeps(number, limit):
    """What is at most a whole limit stays at most that limit as a JSON number."""
    assume(number <= limit)
    assert as_number(number) <= limit


def test_many_threads_read_the_same():
    """Reading and converting in many threads at once gives the same exact numbers as in one."""
    texts = [f"{n}.{n % 7} {unit}" for n in range(60) for unit in ("mg", "mcg", "g")]
    wanted = [magnitude(amount(text), "mg") for text in texts]
    found = []

    def work():
        found.append([magnitude(quantity(text).to("g").to("mcg"), "mg") for text in texts])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [wanted] * 8 == found


def test_an_amount_cannot_be_altered():
    """An amount is frozen: neither its number nor its text can be set."""
    read = amount("5 mg")
    with pytest.raises(AttributeError):
        read.number = Fraction(500)
    assert Amount is type(read)
    assert str(read) == "5 mg"


def test_the_sizes_of_the_table_are_those_of_pint() -> None:
    """What is written out so that pint need not be loaded is what pint makes of part one; anything else does not load."""
    for unit in set(SPELLINGS.values()):
        assert unit.factor == Fraction((1 * unit.pint_unit).to_root_units().magnitude)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(units, "SPELLINGS", {"g": SPELLINGS["g"]._replace(size="100")})
        with pytest.raises(RuntimeError, match="g is not 100"):
            units._new_registry()


def test_a_record_of_capsules_is_judged_before_pint_is_loaded() -> None:
    """Exact numbers are enough for it; quantities, and pint with them, come with the first liquid that is converted."""
    program = (
        "import sys; from formcheck.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "sys.exit(3 if 'pint' in sys.modules else 0)"
    )
    record = SPECS / "naltrexone-capsules/records/good-stage-2.yaml"
    command = [sys.executable, "-c", program, "check", str(record), "--specs", str(SPECS), "-q"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
