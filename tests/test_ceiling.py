"""The ceiling: every road by which naive designs gave more than 10 mg a day is closed.

The first half closes the roads one by one, the second states the ceiling as laws over any input.
"""

import array
import ast
import copy
import ctypes
import inspect
import pickle
import pickletools
import struct
import subprocess
import sys
import threading
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import attrs
import pint
import pytest
from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from formcheck import dose as room
from formcheck.dose import Conversion, DailyDose, Dose, convert
from formcheck.errors import (
    CannotConvert,
    DoseAboveCeiling,
    FormcheckError,
    NotADose,
    NotAQuantity,
    TooSmallForDrops,
    UnknownUnit,
    WrongDimension,
)
from formcheck.liquid import DropFactor, Preparation, read_run
from formcheck.slips import slips_of
from formcheck.substance import Basis
from formcheck.units import Quantity, amount, as_number, exact, format_quantity, magnitude

TEN = Fraction(10)
BASE_TO_SALT = Fraction(37786, 34140)
PACKAGE = Path(room.__file__).parent


def forged(milligrams=Fraction(1000)):
    """A dose whose number was overwritten behind its back."""
    dose = Dose("5 mg")
    object.__setattr__(dose, "_milligrams", milligrams)
    return dose


READINGS = [
    lambda d: d.milligrams, lambda d: d.mass, str, repr, hash, lambda d: f"{d}", lambda d: d == Dose("5 mg"), Dose,
    lambda d: Dose.of(d).milligrams, pickle.dumps, copy.copy, copy.deepcopy, lambda d: d.__reduce__(),
    lambda d: DailyDose([d]), lambda d: DailyDose.times(d, 1), lambda d: DailyDose([Dose("1 mg")]).plus(d),
]  # fmt: skip


# --- objects: validators, attributes, pickles, subclasses ---


def test_disabled_validators_change_nothing():
    """With attrs validators disabled, a dose above the ceiling is refused all the same."""
    with attrs.validators.disabled():
        with pytest.raises(DoseAboveCeiling):
            Dose("10.1 mg")
        with pytest.raises(DoseAboveCeiling):
            DailyDose([Dose("6 mg"), Dose("6 mg")])
        with pytest.raises(DoseAboveCeiling):
            convert(amount("6 mg"), Preparation(Fraction(5)), per_day=2)


def test_validators_disabled_from_another_thread_change_nothing():
    """With attrs validators switched off by another thread, a dose above the ceiling is refused all the same."""
    thread = threading.Thread(target=attrs.validators.set_disabled, args=(True,))
    try:
        thread.start()
        thread.join()
        assert attrs.validators.get_disabled()
        with pytest.raises(DoseAboveCeiling):
            Dose("10.1 mg")
        with pytest.raises(DoseAboveCeiling):
            DailyDose.times(Dose("6 mg"), 2)
    finally:
        attrs.validators.set_disabled(False)


@pytest.mark.parametrize("read", READINGS, ids=range(len(READINGS)))
@pytest.mark.parametrize(
    "number",
    [
        Fraction(1000),
        TEN + Fraction(1, 10**30),
        1000,
        5,
        5.0,
        float("nan"),
        Decimal(5),
        True,
        "5",
        None,
        Fraction(0),
        Fraction(-5),
    ],
    ids=repr,
)
def test_a_dose_overwritten_by_object_setattr_is_not_shown(number, read):
    """A dose overwritten behind its back raises at every reading: value, mass, text, hash, comparison, copy, day."""
    with pytest.raises(DoseAboveCeiling, match="altered") as caught:
        read(forged(number))
    assert "1000" not in str(caught.value)


@pytest.mark.parametrize(
    "doses",
    [
        (Dose("6 mg"), Dose("6 mg")), (forged(),), [Dose("1 mg")], (), (Fraction(5),), None, (Dose("0.1 mg"),) * 25, 5,
    ],
    ids=lambda doses: type(doses).__name__,
)  # fmt: skip
@pytest.mark.parametrize(
    "read",
    [
        lambda d: d.milligrams, lambda d: d.mass, lambda d: d.doses, str, repr, hash, pickle.dumps, copy.copy,
        lambda d: d == d, lambda d: d.plus(Dose("0.1 mg")),
    ],
    ids=lambda read: getattr(read, "__name__", "read"),
)  # fmt: skip
def test_a_day_overwritten_by_object_setattr_is_not_shown(doses, read):
    """A day overwritten behind its back raises at every reading."""
    day = DailyDose([Dose("1 mg")])
    object.__setattr__(day, "_doses", doses)
    with pytest.raises((DoseAboveCeiling, NotADose)):
        read(day)


def test_a_dose_altered_inside_a_day_is_noticed():
    """A day whose dose was overwritten afterwards raises when it is read."""
    dose = Dose("5 mg")
    day = DailyDose([dose, Dose("5 mg")])
    object.__setattr__(dose, "_milligrams", Fraction(6))
    with pytest.raises(DoseAboveCeiling):
        day.doses
    with pytest.raises(DoseAboveCeiling):
        day.milligrams


def test_initialising_again_gives_no_larger_dose():
    """Calling the constructor of an existing dose or day again refuses what is too much, and days notice."""
    dose = Dose("5 mg")
    day = DailyDose([dose, Dose("5 mg")])
    with pytest.raises(DoseAboveCeiling):
        dose.__init__("11 mg")
    with pytest.raises(DoseAboveCeiling):
        day.__init__([Dose("6 mg")] * 2)
    assert (Fraction(5), TEN) == (dose.milligrams, day.milligrams)
    dose.__init__("9 mg")
    with pytest.raises(DoseAboveCeiling):
        day.milligrams


@pytest.mark.parametrize("thing", [Dose("5 mg"), DailyDose([Dose("5 mg")])], ids=["dose", "day"])
@pytest.mark.parametrize("name", ["_milligrams", "milligrams", "_doses", "doses", "mass", "extra"])
def test_a_dose_is_frozen(thing, name):
    """Nothing can be set on a dose or a day in the ordinary way, and nothing deleted."""
    with pytest.raises(AttributeError):
        setattr(thing, name, Fraction(1000))
    with pytest.raises(AttributeError):
        delattr(thing, name)
    assert Fraction(5) == thing.milligrams


@pytest.mark.parametrize("thing", [Dose("5 mg"), DailyDose([Dose("5 mg")])], ids=["dose", "day"])
def test_a_dose_has_no_instance_dictionary(thing):
    """A dose and a day have slots: there is no __dict__ in which a number could be put."""
    assert not hasattr(thing, "__dict__")
    with pytest.raises(AttributeError):
        thing.__dict__["_milligrams"] = Fraction(1000)


@pytest.mark.parametrize("thing", [Dose("5 mg"), DailyDose([Dose("5 mg")])], ids=["dose", "day"])
def test_a_dose_has_no_setstate(thing):
    """There is no __setstate__ by which a state could be put past the constructor."""
    assert not hasattr(thing, "__setstate__")
    assert not hasattr(type(thing), "__setstate__")


def test_evolving_goes_through_the_constructor():
    """attrs.evolve makes a new dose by the constructor, which refuses what is too much."""
    with pytest.raises(DoseAboveCeiling):
        attrs.evolve(Dose("5 mg"), milligrams="11 mg")
    with pytest.raises(DoseAboveCeiling):
        attrs.evolve(DailyDose([Dose("5 mg")]), doses=[Dose("6 mg")] * 2)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_dose_comes_back_the_same(protocol):
    """A dose, a day and a whole conversion survive pickling and copying, exactly."""
    dose, day = Dose("3.333 mg"), DailyDose([Dose("1 mg"), Dose("2.5 mg")])
    assert dose == pickle.loads(pickle.dumps(dose, protocol))
    assert day == pickle.loads(pickle.dumps(day, protocol))
    assert (dose, day) == (copy.copy(dose), copy.deepcopy(day))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_edited_pickle_is_refused(protocol):
    """A pickle whose numbers were patched raises when it is loaded."""
    whole = pickle.dumps(Dose("7 mg"), protocol)
    (old,) = [
        (code, position) for code, value, position in pickletools.genops(whole) if value == 7 and code.name != "PROTO"
    ]
    put = b"I11\n" if protocol == 0 else b"K\x0b"
    gone = 3 if protocol == 0 else 2
    patched = whole[: old[1]] + put + whole[old[1] + gone :]
    if protocol >= 4:
        patched = patched[:2] + b"\x95" + struct.pack("<Q", len(patched) - 11) + patched[11:]
    with pytest.raises(DoseAboveCeiling):
        pickle.loads(patched)


@pytest.mark.parametrize("protocol", [2, pickle.HIGHEST_PROTOCOL])
def test_an_edited_pickle_of_a_day_is_refused(protocol):
    """A pickled day in which each dose was patched to a legal one, but not the sum, raises when loaded."""
    patched = pickle.dumps(DailyDose([Dose("3 mg"), Dose("4 mg")]), protocol)
    assert (patched.count(b"K\x03"), patched.count(b"K\x04")) == (1, 1)
    with pytest.raises(DoseAboveCeiling):
        pickle.loads(patched.replace(b"K\x03", b"K\x08").replace(b"K\x04", b"K\x09"))


@pytest.mark.parametrize(
    "numbers",
    [
        (1000, 1), (11, 1), (10**30 + 1, 10**29), (0, 1), (-5, 1), (5, -1), (1, 0), (1e3, 1), (float("nan"), 1),
        ("1000", 1), (None, 1),
    ],
)  # fmt: skip
def test_the_reducer_with_other_numbers_is_refused(numbers):
    """The function by which a dose is restored is the constructor: other numbers are refused."""
    restore, _ = Dose("5 mg").__reduce__()
    with pytest.raises((FormcheckError, TypeError, ZeroDivisionError, ValueError)):
        restore(*numbers)


def test_the_reducer_of_a_day_with_other_doses_is_refused():
    """The function by which a day is restored is the constructor: other doses are refused."""
    restore, _ = DailyDose([Dose("5 mg")]).__reduce__()
    with pytest.raises(DoseAboveCeiling):
        restore((Dose("6 mg"),) * 2)


class _Made:
    """An object that pickles as whatever it is told to."""

    def __init__(self, *reduced):
        self.reduced = reduced

    def __reduce__(self):
        return self.reduced


_THOUSAND = Fraction(1000)


@pytest.mark.parametrize(
    "opcodes",
    [
        b"cformcheck.dose\nDose\n(I1000\ntR.",
        b"cformcheck.dose\nDose\n(S'1000 mg'\ntR.",
        b"cformcheck.dose\n_restored\n(I1000\nI1\ntR.",
        pickle.dumps(_Made(Dose, (_THOUSAND,))),
        pickle.dumps(_Made(Dose, ("1000 mg",))),
        pickle.dumps(_Made(object.__new__, (Dose,))),
        pickle.dumps(_Made(object.__new__, (Dose,), {"_milligrams": _THOUSAND})),
        pickle.dumps(_Made(object.__new__, (Dose,), (None, {"_milligrams": _THOUSAND}))),
        pickle.dumps(_Made(object.__new__, (Dose,), ({"_milligrams": _THOUSAND}, {"_milligrams": _THOUSAND}))),
        pickle.dumps(_Made(object.__new__, (Dose,), (_THOUSAND,))),
        pickle.dumps(_Made(object.__new__, (DailyDose,), (None, {"_doses": (Dose("9 mg"),) * 2}))),
        pickle.dumps(_Made(DailyDose, ((Dose("9 mg"),) * 2,))),
    ],
    ids=range(12),
)
def test_a_hand_made_pickle_gives_no_number(opcodes):
    """A pickle written by hand raises when it is loaded, or gives an object that raises when it is read."""
    with pytest.raises((FormcheckError, AttributeError, TypeError, pickle.UnpicklingError)):
        pickle.loads(opcodes).milligrams


def test_a_pickle_that_overwrites_a_slot_gives_no_number():
    """A pickle that calls object.__setattr__ on a dose leaves an object that raises when it is read."""
    dose = Dose("5 mg")
    both = pickle.loads(pickle.dumps([dose, _Made(object.__setattr__, (dose, "_milligrams", _THOUSAND))]))
    with pytest.raises(DoseAboveCeiling, match="altered"):
        both[0].milligrams


@pytest.mark.parametrize("parent", [Dose, DailyDose])
def test_a_dose_has_no_subclass(parent):
    """A subclass with an __init__ of its own cannot be defined."""
    with pytest.raises(TypeError, match="final"):

        class Larger(parent):
            def __init__(self, number):
                object.__setattr__(self, "_milligrams", number)

    with pytest.raises(TypeError, match="final"):
        type("Larger", (parent,), {})


def test_a_subclass_smuggled_past_is_no_dose():
    """A subclass smuggled in behind a mixin is not taken for a dose anywhere."""

    class Mixin:
        def __init_subclass__(cls):
            """Say nothing to the next class."""

    class Larger(Mixin, Dose):
        milligrams = _THOUSAND

        def __init__(self):
            object.__setattr__(self, "_milligrams", _THOUSAND)

    for use in (Dose, Dose.of, lambda d: DailyDose([d]), lambda d: DailyDose.times(d, 1), DailyDose([Dose("1 mg")]).plus):
        with pytest.raises((NotAQuantity, NotADose)):
            use(Larger())


@pytest.mark.parametrize("cls", [Dose, DailyDose])
def test_a_dose_made_by_new_has_no_number(cls):
    """An object made by __new__ alone, without the constructor, raises at every reading."""
    for made in (cls.__new__(cls), object.__new__(cls)):
        for read in (lambda d: d.milligrams, lambda d: d.mass, str, repr, hash, pickle.dumps):
            with pytest.raises((DoseAboveCeiling, NotADose)):
                read(made)


def test_what_is_altered_after_the_check_changes_no_dose():
    """The quantity or the list that a dose or a day was made from can change afterwards without changing it."""
    mass, doses = Quantity(Fraction(5), "mg"), [Dose("5 mg")]
    dose, day = Dose(mass), DailyDose(doses)
    mass.ito("mcg")
    mass += Quantity(Fraction(1), "g")
    doses.append(Dose("6 mg"))
    assert (Fraction(5), Fraction(5)) == (dose.milligrams, day.milligrams)


def test_a_number_altered_after_it_was_read_is_noticed():
    """Even if the exact number inside a dose is altered in place, the next reading raises."""
    dose = Dose("5 mg")
    dose.milligrams._numerator = 1000
    with pytest.raises(DoseAboveCeiling):
        dose.milligrams


def test_altering_a_mass_that_was_read_changes_no_dose():
    """The mass that a dose or a day gives is a copy: altering it changes nothing."""
    dose, day = Dose("5 mg"), DailyDose([Dose("5 mg")])
    for thing in (dose, day):
        taken = thing.mass
        taken.ito("g")
        taken *= 1000
        assert Fraction(5) == thing.milligrams


@pytest.mark.parametrize(
    "many",
    [[Fraction(1), Fraction(1000)], (1, 1000), array.array("d", [1.0, 1000.0]), array.array("f", [1.0]), b"\x01"],
    ids=repr,
)
def test_an_array_is_no_dose(many):
    """A list, an array or a buffer of numbers is refused: it could be altered after the check."""
    quantity = Quantity(Fraction(1), "mg")
    quantity._magnitude = many
    for use in (lambda: Dose(many), lambda: Dose(quantity), lambda: exact(many)):
        with pytest.raises(NotAQuantity):
            use()


# --- numbers ---


@pytest.mark.parametrize(
    "number",
    [float("nan"), -float("nan"), Decimal("NaN"), Decimal("sNaN"), Decimal("-NaN"), float("inf"), Decimal("Infinity")],
    ids=repr,
)  # fmt: skip
def test_nan_and_infinity_are_no_dose(number):
    """NaN, which is above no limit and below none, and infinity are refused in every place."""
    for use in (Dose, lambda n: Dose(Quantity(n, "mg")), exact, Preparation, DropFactor):
        with pytest.raises(NotAQuantity):
            use(number)


@pytest.mark.parametrize(
    "number",
    [2**31, 2**32 + 5, 2**63, 2**64, 2**64 + 5, 10**30, 10**400, 10**5000],
    ids=lambda n: f"{n:.3e}" if n < 10**300 else "huge",
)
def test_an_integer_never_overflows_into_a_small_dose(number):
    """A huge integer stays huge and is refused as too much, whatever the width of a machine word."""
    with pytest.raises(DoseAboveCeiling):
        Dose(Quantity(number, "mg"))


@pytest.mark.parametrize("number", [True, False])
def test_a_boolean_is_no_number(number):
    """True is not 1: booleans are refused as numbers, doses, counts and concentrations."""
    for use in (Dose, exact, Preparation, DropFactor):
        with pytest.raises(NotAQuantity):
            use(number)
    with pytest.raises(CannotConvert):
        DailyDose.times(Dose("1 mg"), number)


@pytest.mark.parametrize("precision", [1, 2, 5])
def test_the_decimal_context_rounds_nothing_down_to_the_ceiling(precision):
    """A decimal a little above 10 stays above it, whatever precision the caller's decimal context has."""
    with localcontext(Context(prec=precision)):
        with pytest.raises(DoseAboveCeiling):
            Dose(Quantity(Decimal("10.4"), "mg"))
        with pytest.raises(DoseAboveCeiling):
            Dose("10.0000000000000000000000000000001 mg")
        with pytest.raises(DoseAboveCeiling):
            DailyDose([Dose(Quantity(Decimal("5.04"), "mg")), Dose(Quantity(Decimal("5.04"), "mg"))])


@given(st.fractions(min_value=0, max_value=1).filter(bool))
@example(Fraction(1, 10**200))
def test_there_is_no_tolerance(little):
    """10 mg and any positive amount more, however little, is refused as an intake, a day and a conversion."""
    with pytest.raises(DoseAboveCeiling):
        Dose(Quantity(TEN + little, "mg"))
    with pytest.raises(DoseAboveCeiling):
        DailyDose([Dose(Quantity(TEN - little / 2, "mg")) if little < 1 else Dose("9.5 mg"), Dose(Quantity(little, "mg"))])
    with pytest.raises(DoseAboveCeiling):
        convert(amount("10 mL"), Preparation(1 + little / 10))


@pytest.mark.parametrize("text", ["10.000000000000002 mg", "10.0000000000000000000000000000001 mg", "10000.0000000001 mcg"])
def test_a_little_more_than_ten_is_neither_taken_nor_printed_as_ten(text):
    """10.000000000000002 mg is refused, and the refusal shows its digits instead of printing 10 mg."""
    with pytest.raises(DoseAboveCeiling) as caught:
        Dose(text)
    assert caught.value.taken.startswith("10.000000")
    assert caught.value.taken.removesuffix(" mg in one intake")[-1] in "12"


def test_floats_are_never_summed():
    """9.4 + 0.3 + 0.3 mg is exactly 10 mg and taken; the floats, which sum to more, are refused one by one."""
    assert 9.4 + 0.3 + 0.3 > 10
    assert DailyDose([Dose("9.4 mg"), Dose("0.3 mg"), Dose("0.3 mg")]).milligrams == TEN
    for number in (9.4, 0.3, 10.0):
        with pytest.raises(NotAQuantity):
            Dose(Quantity(number, "mg"))
        with pytest.raises(NotAQuantity):
            Dose(number)


def test_a_tenth_ten_times_is_exactly_the_tenth_of_ten():
    """Ten doses of 1 mg, or twenty of 0.5 mg, or three of 10/3 mg, are exactly 10 mg and taken."""
    for dose, times in ((Dose("1 mg"), 10), (Dose("0.5 mg"), 20), (Dose(Quantity(Fraction(10, 3), "mg")), 3)):
        assert DailyDose.times(dose, times).milligrams == TEN


def test_single_precision_is_no_number():
    """10.0000001, which single precision reads as 10, is refused as text, and single floats are no numbers."""
    assert struct.unpack("f", struct.pack("f", 10.0000001)) == (10.0,)
    with pytest.raises(DoseAboveCeiling):
        Dose("10.0000001 mg")
    for number in (
        ctypes.c_float(10.0000001),
        array.array("f", [10.0000001]),
        struct.unpack("f", struct.pack("f", 9.9))[0],
    ):
        with pytest.raises(NotAQuantity):
            exact(number)


# --- drops and volumes ---


def _labelled(concentration="5 mg/mL", factor="20 drops/mL"):
    return Preparation.labelled(amount(concentration)), DropFactor.typed(amount(factor))


@pytest.mark.parametrize(
    ("mass", "concentration", "drops", "delivered"),
    [
        ("10 mg", "12 mg/mL", 16, "9.6"),
        ("10 mg", "3.2 mg/mL", 62, "9.92"),
        ("9.9 mg", "12 mg/mL", 16, "9.6"),
        ("10 mg", "110 mg/mL", 1, "5.5"),
    ],
)
def test_rounding_up_to_whole_drops_never_passes_the_ceiling(mass, concentration, drops, delivered):
    """Where the nearest or next whole drop would pass 10 mg, one drop fewer is given."""
    found = convert(amount(mass), *_labelled(concentration))
    assert (drops, Fraction(delivered)) == (found.drops, found.delivered.milligrams)


def test_a_dose_comes_from_the_printed_concentration():
    """A concentration is rounded as printed before any dose: the printed figure times the volume is the dose."""
    made = Preparation.made_from(amount("1000 mg"), amount("99.96 mL"))
    printed = amount(format_quantity(made.concentration))
    assert Fraction(10) == printed.value
    assert printed.value == convert(amount("1 mL"), made).asked.milligrams
    over = Preparation.made_from(amount("1000 mg"), amount("99.94 mL"))
    assert amount(format_quantity(over.concentration)).value == Fraction("10.01")
    with pytest.raises(DoseAboveCeiling):
        convert(amount("1 mL"), over)


def test_one_large_drop_is_refused():
    """A single drop that holds more than 10 mg is not given, neither as an answer nor when asked for."""
    with pytest.raises(TooSmallForDrops):
        convert(amount("10 mg"), *_labelled("240 mg/mL"))
    with pytest.raises(DoseAboveCeiling):
        convert(amount("1 drop"), *_labelled("240 mg/mL"))
    assert convert(amount("1 drop"), *_labelled("200 mg/mL")).daily.milligrams == TEN


def test_six_milligrams_twice_a_day_are_refused():
    """The ceiling is for a day: 6 mg twice are 12 mg, however they are said."""
    with pytest.raises(DoseAboveCeiling, match="12 mg"):
        DailyDose.times(Dose("6 mg"), 2)
    with pytest.raises(DoseAboveCeiling, match="12 mg"):
        DailyDose([Dose("6 mg")]).plus(Dose("6 mg"))
    for intake in ("6 mg", "1.2 mL", "24 drops"):
        with pytest.raises(DoseAboveCeiling, match="12 mg"):
            convert(amount(intake), *_labelled(), per_day=2)


def test_two_threads_cannot_add_to_one_day():
    """Threads that add to the same day at once each get a day of their own, and none passes the ceiling."""
    day, start, made, refused = DailyDose([Dose("4 mg")]), threading.Barrier(8), [], []

    def add():
        start.wait()
        mine = day
        for _ in range(50):
            try:
                mine = mine.plus(Dose("2 mg"))
            except DoseAboveCeiling:
                refused.append(mine.milligrams)
                mine = day
        made.append(mine.milligrams)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (8, {TEN}) == (len(made), set(refused))
    assert max(made) <= TEN
    assert Fraction(4) == day.milligrams


# --- units ---


@pytest.mark.parametrize("mass", ["10 g", "0.0100001 g", "10001 mcg", amount("10 g"), Quantity(10, "g")], ids=str)
def test_a_mass_is_not_checked_by_its_number(mass):
    """10 g is 10 000 mg: the unit counts, not the number before it."""
    with pytest.raises(DoseAboveCeiling):
        Dose(mass)


@pytest.mark.parametrize(
    "mass", ["10", 10, 10.0, Fraction(10), Decimal(10), Quantity(10, ""), pint.Quantity(5, "mg"), b"10 mg"], ids=repr
)
def test_a_missing_unit_is_not_taken_for_milligrams(mass):
    """A number without a unit of this registry is refused, never read as milligrams."""
    with pytest.raises(NotAQuantity):
        Dose(mass)


@pytest.mark.parametrize("definition", ["mg = 0.001 * mcg", "g = 1 * mg", "mcg = 1000 * g", "mL = 1 * drop"])
def test_a_unit_cannot_be_redefined_under_a_dose(definition):
    """Units cannot be redefined after the start, so no dose changes its meaning."""
    dose = Dose("5 mg")
    with pytest.raises(pint.errors.RedefinitionError):
        Quantity._REGISTRY.define(definition)
    assert Fraction(5) == magnitude(dose.mass, "mg")
    with pytest.raises(DoseAboveCeiling):
        Dose("0.0101 g")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1 ML", UnknownUnit), ("5 Mg", UnknownUnit), ("5 MG", UnknownUnit), ("5 gr", UnknownUnit), ("5 %", WrongDimension),
        ("5 U", UnknownUnit), ("5 mg 2", UnknownUnit), ("5 mg*2", UnknownUnit), ("5*2 mg", UnknownUnit),
        ("5 mg + 5 mg", UnknownUnit),
        ("1,5 mg", NotAQuantity), ("4,5 mg", NotAQuantity), ("1 000 mg", NotAQuantity), ("1\u00a0000 mg", NotAQuantity),
        ("1_0 mg", NotAQuantity), ("+5 mg", NotAQuantity), ("-5 mg", NotAQuantity), ("5+5 mg", NotAQuantity),
        ("inf mg", NotAQuantity),
        ("nan mg", NotAQuantity), ("1e1 mg", NotAQuantity), ("", NotAQuantity), (" ", NotAQuantity), ("mg", NotAQuantity),
        ("\u0665 mg", NotAQuantity), ("\uff15 mg", NotAQuantity), ("5\u00b2 mg", NotAQuantity), ("\u2075 mg", NotAQuantity),
        ("1\u2070 mg", NotAQuantity), ("\u00bd mg", NotAQuantity), ("5 m\u0261", UnknownUnit), ("5", NotAQuantity),
    ],
)  # fmt: skip
def test_a_text_with_two_meanings_is_no_dose(text, error):
    """Texts that other readers take for a number of milligrams (or a hundred times it) are refused, not guessed."""
    for use in (Dose, Dose.of, lambda t: amount(t, "mass"), lambda t: convert(amount(t, "mass"), *_labelled())):
        with pytest.raises(error):
            use(text)


@pytest.mark.parametrize("text", ["5 %", "5 % w/w", "5"])
def test_a_bare_percentage_is_no_concentration(text):
    """A % without w/v is not taken for a concentration."""
    with pytest.raises(NotAQuantity):
        Preparation.labelled(amount(text))


@pytest.mark.parametrize(("mass", "legal"), [("9.035 mg", True), ("9.036 mg", False), ("9.5 mg", False), ("10 mg", False)])
def test_the_base_meets_the_ceiling_as_the_hydrochloride(mass, legal):
    """A strength declared as base is turned into the hydrochloride before it meets the ceiling, in every way."""
    preparation = Preparation.labelled(amount("1 mg/mL"), Basis.BASE)
    for use in (
        lambda: Dose.of(mass, Basis.BASE).milligrams,
        lambda: convert(amount(mass), Preparation(Fraction(1)), basis=Basis.BASE).daily.milligrams,
        lambda: convert(amount(mass.replace("mg", "mL")), preparation).daily.milligrams,
    ):
        if legal:
            assert amount(mass).value * BASE_TO_SALT == use() <= TEN
        else:
            with pytest.raises(DoseAboveCeiling):
                use()


# --- the interpreter ---

_UNDER_O = """
import sys
assert False, "asserts are on"
from fractions import Fraction
from formcheck.dose import DailyDose, Dose, convert
from formcheck.errors import DoseAboveCeiling
from formcheck.liquid import DropFactor, Preparation
from formcheck.units import amount
liquid, dropper = Preparation(Fraction(240)), DropFactor(Fraction(20))
altered = Dose("5 mg")
object.__setattr__(altered, "_milligrams", Fraction(1000))
roads = [
    lambda: Dose("10.1 mg"), lambda: DailyDose.times(Dose("6 mg"), 2), lambda: altered.milligrams,
    lambda: convert(amount("6 mg"), liquid, per_day=2), lambda: convert(amount("1 drop"), liquid, dropper),
    lambda: Dose("5 mg").__reduce__()[0](11, 1),
]
closed = 0
for road in roads:
    try:
        road()
    except DoseAboveCeiling:
        closed += 1
print(closed, len(roads), Dose("10 mg"))
"""


@pytest.mark.parametrize("flag", ["-O", "-OO"])
def test_the_ceiling_holds_without_asserts(flag):
    """Under -O and -OO, which strip asserts, every road is closed all the same and 10 mg is taken."""
    done = subprocess.run([sys.executable, flag, "-c", _UNDER_O], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr, done.returncode) == ("6 6 10 mg\n", "", 0)


# --- one room ---


def _calls(tree):
    """The names that are called in a module, and by which names the classes of dose.py are known there."""
    renamed = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "formcheck.dose":
            renamed |= {name.asname or name.name: name.name for name in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            yield renamed.get(name, name), ast.unparse(called), node.lineno


def _modules():
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "dose.py")


def test_doses_are_made_in_one_room():
    """No module but dose.py makes a dose, a day or a conversion, or restores one."""
    makers = {"Dose", "DailyDose", "Conversion", "_restored"}
    found = [
        f"{path.relative_to(PACKAGE)}:{line} {text}"
        for path in _modules()
        for name, text, line in _calls(ast.parse(path.read_text(encoding="utf-8")))
        if name in makers
    ]
    assert found == []


def test_nobody_reaches_past_a_constructor():
    """No module sets attributes of frozen objects, makes objects without their constructor, or touches a dose's slot."""
    forbidden = ("object.__setattr__", "object.__new__", "_milligrams", "_doses", "set_disabled", "attrs.evolve(dose")
    found = [
        f"{path.relative_to(PACKAGE)}: {word}"
        for path in _modules()
        for word in forbidden
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_the_scan_of_modules_would_find_a_dose():
    """The scan finds a dose made by name, by attribute and under another name."""
    source = "from formcheck.dose import Dose as D\nfrom formcheck import dose\nD('1 mg')\ndose.DailyDose([])\nprint(1)\n"
    assert [name for name, _, _ in _calls(ast.parse(source))] == ["Dose", "DailyDose", "print"]
    assert len(_modules()) > 20


# --- laws ---

# spelling: milligrams, or mg/mL, in one of it
MASSES = {"mg": Fraction(1), "g": Fraction(1000), **dict.fromkeys(("mcg", "ug", "µg", "μg"), Fraction(1, 1000))}
CONCENTRATIONS = {f"{unit}/m{letter}": size for unit, size in MASSES.items() for letter in "Ll"} | {"% w/v": Fraction(10)}
NEAR_TEN = [
    "10", "10.0", "9.999999999999999999999", "10.000000000000000000001", "10.000000000000002", "9.9999999", "10.0000001",
]  # fmt: skip


def _digits(number):
    """A number that ends in decimals, as plain digits."""
    text = format(Decimal(number.numerator) / Decimal(number.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@st.composite
def numbers(draw, most=30, places=4):
    """Plain digits and what they mean."""
    places = draw(st.integers(0, places))
    digits = str(draw(st.integers(1, most * 10**places))).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return text, Fraction(int(digits), 10**places)


@st.composite
def amounts_of(draw, units, most=30):
    """A quantity in one of the units, scaled so that its coherent value is up to about `most`."""
    unit = draw(st.sampled_from(sorted(units)))
    _, number = draw(numbers(most))
    text = _digits(number / units[unit])
    space = draw(st.sampled_from(["", " ", "\u00a0"]))
    return f"{text}{space}{unit}", number


@st.composite
def masses(draw):
    """A mass as text with its exact milligrams, often close to the ceiling."""
    if draw(st.booleans()):
        return draw(amounts_of(MASSES))
    digits = draw(st.sampled_from(NEAR_TEN))
    return f"{digits} mg", Fraction(Decimal(digits))


@st.composite
def factors(draw):
    """A drop factor, typed or from runs by volume or by mass and density, with its exact drops/mL."""
    way = draw(st.sampled_from(["typed", "volume", "mass"]))
    event(f"factor {way}")
    if way == "typed":
        text, number = draw(numbers(60, 3))
        return DropFactor.typed(amount(f"{text} {draw(st.sampled_from(['drops/mL', 'drop/mL', 'drops/ml']))}")), number
    runs = draw(st.lists(st.tuples(st.integers(1, 60), numbers(4, 3)), min_size=1, max_size=4))
    drops = sum(count for count, _ in runs)
    if way == "volume":
        made = [read_run(f"{count} drops, {text} mL") for count, (text, _) in runs]
        return DropFactor.from_runs(made), drops / sum(volume for _, (_, volume) in runs)
    thousandths = draw(st.integers(700, 1500))
    text, density = f"{thousandths // 1000}.{thousandths % 1000:03}", Fraction(thousandths, 1000)
    made = [read_run(f"{count} drops, {mass} g") for count, (mass, _) in runs]
    return DropFactor.from_runs(made, amount(f"{text} g/mL")), drops * density / sum(mass for _, (_, mass) in runs)


@st.composite
def liquids(draw):
    """A preparation with its exact mg/mL of the hydrochloride, by label on either basis or as made."""
    if draw(st.booleans()):
        text, number = draw(amounts_of(CONCENTRATIONS, 60))
        basis = draw(st.sampled_from(Basis))
        number = number * BASE_TO_SALT if basis is Basis.BASE else number
        return Preparation.labelled(amount(text), basis), number
    mass, volume = draw(numbers(1000, 2))[0], draw(numbers(200, 1))[0]
    try:
        made = Preparation.made_from(amount(f"{mass} mg"), amount(f"{volume} mL"))
    except CannotConvert:
        assume(False)
    return made, amount(format_quantity(made.concentration)).value


@st.composite
def questions(draw):
    """Everything that can be asked of a conversion, with what is meant by it in exact numbers."""
    preparation, strength = draw(liquids())
    factor, per_millilitre = draw(st.tuples(st.none(), st.none()) | factors())
    kind = draw(st.sampled_from(["mass", "volume"] if factor is None else ["mass", "volume", "drops"]))
    basis = draw(st.sampled_from([None, *Basis])) if kind == "mass" else None
    per_day = draw(st.sampled_from([1, 1, 1, 2, 3]) | st.integers(1, 24))
    if kind == "mass":
        text, taken = draw(masses() if per_day == 1 else amounts_of(MASSES, max(1, 15 // per_day)))
        taken = taken * BASE_TO_SALT if basis is Basis.BASE else taken
    elif kind == "volume":
        digits, number = draw(numbers(draw(st.sampled_from([1, 12])), 3))
        text, taken = f"{digits} mL", number * strength
    else:
        count = draw(st.integers(1, 60))
        text, taken = f"{count} drops", count * strength / per_millilitre
    at_most, lowered = draw(st.just((None, TEN)) | amounts_of(MASSES, 15))
    return {
        "intake": text,
        "taken": taken,
        "preparation": preparation,
        "strength": strength,
        "factor": factor,
        "per_millilitre": per_millilitre,
        "basis": basis,
        "at_most": at_most,
        "limit": min(TEN, lowered),
        "per_day": per_day,
    }


def _asked(question):
    more = {} if question["at_most"] is None else {"at_most": amount(question["at_most"])}
    return convert(
        amount(question["intake"]), question["preparation"], question["factor"],
        per_day=question["per_day"], basis=question["basis"], **more,
    )  # fmt: skip


@given(masses(), st.sampled_from(Basis))
def test_a_dose_is_what_was_said_and_never_above_the_ceiling(mass, basis):
    """A mass in any unit, on any basis, is exactly the dose if it is at most 10 mg, and refused if it is more."""
    text, milligrams = mass
    milligrams = milligrams * BASE_TO_SALT if basis is Basis.BASE else milligrams
    if milligrams > TEN:
        with pytest.raises(DoseAboveCeiling):
            Dose.of(text, basis)
        return
    dose = Dose.of(text, basis)
    assert milligrams == dose.milligrams <= TEN
    assert as_number(dose.milligrams) <= 10
    assert amount(str(dose), "mass").value <= TEN


@given(questions())
def test_no_conversion_passes_the_ceiling(question):
    """Whatever is asked, everything a conversion gives keeps to 10 mg a day and to the specification's limit, exactly."""
    limit, day, strength, taken = (question[key] for key in ("limit", "per_day", "strength", "taken"))
    if taken * day > limit:
        event("refused: above the limit")
        with pytest.raises(DoseAboveCeiling):
            _asked(question)
        return
    holds = None if question["factor"] is None else strength / question["per_millilitre"]
    try:
        found = _asked(question)
    except TooSmallForDrops:
        event("refused: drops")
        assert 2 * taken < holds or holds * day > limit
        return
    event("converted")
    assert taken == found.asked.milligrams
    assert found.asked.milligrams * day <= limit
    assert found.daily.milligrams <= limit
    assert day == len(found.daily.doses)
    given_each = found.asked if found.delivered is None else found.delivered
    assert {given_each} == set(found.daily.doses)
    assert found.daily.milligrams == given_each.milligrams * day
    if holds is not None:
        assert found.drops * holds == found.delivered.milligrams
        assert found.delivered.milligrams * day <= limit
        off = found.drops - taken / holds
        assert -Fraction(1, 2) < off <= Fraction(1, 2) or (off < 0 and (found.drops + 1) * holds * day > limit)
        assert found.drops * strength / question["per_millilitre"] == magnitude(found.delivered_volume, "mL") * strength


@given(questions())
def test_nothing_shown_of_a_conversion_passes_the_ceiling(question):
    """The volume to measure, the JSON numbers, the texts and the worst case of a conversion keep to 10 mg a day."""
    try:
        found = _asked(question)
    except (DoseAboveCeiling, TooSmallForDrops):
        return
    day, strength = question["per_day"], question["strength"]
    measured = found.volume_to_measure
    assert 0 < measured * strength * day <= question["limit"]
    for number in (found.asked.milligrams, found.daily.milligrams, given_by(found) * day):
        assert as_number(number) <= 10
    for text in (str(found.asked), str(found.daily).removesuffix(" a day"), str(found.delivered or found.asked)):
        assert amount(text, "mass").value <= TEN
    assert found.worst_case is None or found.daily.milligrams <= found.worst_case <= TEN
    for slip in slips_of(found):
        assert slip.above_ceiling == (amount(slip.taken).value > TEN)


def given_by(found):
    """What one intake gives: the whole drops where there are any, else what was asked."""
    return (found.delivered or found.asked).milligrams


@given(questions(), st.fractions(0, 1).filter(bool))
def test_a_lower_limit_only_lowers(question, part):
    """Lowering the limit of the specification never gives a larger dose, and never accepts what was refused."""
    question["at_most"] = None
    lowered = amount(f"{_digits(Fraction(int(part * 10**6) + 1, 10**5))} mg")
    try:
        before = _asked(question)
    except (DoseAboveCeiling, TooSmallForDrops) as refusal:
        with pytest.raises(type(refusal)):
            _asked(question | {"at_most": "10 mg"})
        with pytest.raises((DoseAboveCeiling, TooSmallForDrops)):
            _asked(question | {"at_most": lowered.text})
        return
    try:
        after = _asked(question | {"at_most": lowered.text})
    except (DoseAboveCeiling, TooSmallForDrops):
        return
    assert after.daily.milligrams <= before.daily.milligrams


@given(liquids(), factors(), st.integers(1, 24))
def test_exactly_the_ceiling_is_taken(liquid, factor, per_day):
    """Exactly 10 mg a day is accepted, in any liquid and in any number of intakes."""
    mass = Quantity(Fraction(10, per_day), "mg")
    assert DailyDose.times(Dose(mass), per_day).milligrams == TEN
    preparation, strength = liquid
    found = convert(amount("10 mg"), preparation)
    assert (found.daily.milligrams, magnitude(found.volume, "mL") * strength) == (TEN, TEN)
    made, per_millilitre = factor
    holds = strength / per_millilitre
    assume(holds <= TEN)
    assert TEN - holds < convert(amount("10 mg"), preparation, made).daily.milligrams <= TEN


@pytest.mark.parametrize("text", ["10 mg", "10.0 mg", "10mg", "0.01 g", "10000 mcg", "10000 µg", "10000.000 ug"])
def test_ten_milligrams_are_a_dose(text):
    """Exactly 10 mg is a dose in any unit, and printed as 10 mg."""
    assert (Dose(text).milligrams, str(Dose(text)), str(DailyDose([Dose(text)]))) == (TEN, "10 mg", "10 mg a day")
    assert (10, int) == (as_number(Dose(text).milligrams), type(as_number(Dose(text).milligrams)))


@given(st.fractions(0, 10))
@example(TEN)
@example(TEN - Fraction(1, 10**40))
def test_a_json_number_of_a_dose_is_at_most_ten(milligrams):
    """The JSON number of any dose is at most 10, though doubles round."""
    assert as_number(milligrams) <= 10


# The public functions of dose.py that can yield a dose or read one, each exercised by the laws of this module.
EXERCISED = {"Dose", "DailyDose", "Conversion", "Tolerances", "convert", "intakes"}


def test_every_public_function_of_the_room_is_exercised():
    """A function or class added to dose.py fails this test until a law of this module exercises it."""
    own = {
        name
        for name, thing in vars(room).items()
        if not name.startswith("_") and getattr(thing, "__module__", "") == room.__name__
    }
    assert own == EXERCISED


@pytest.mark.parametrize("cls", [Dose, DailyDose, Conversion])
def test_every_public_member_of_a_dose_is_known(cls):
    """A member added to a dose, a day or a conversion fails this test until the laws of this module cover it."""
    known = {
        Dose: {"milligrams", "mass", "of"},
        DailyDose: {"times", "plus", "doses", "milligrams", "mass"},
        Conversion: {
            "asked", "daily", "per_day", "limit", "tolerances", "basis_assumed", "changed_form", "preparation", "factor",
            "drops", "delivered", "volume", "volume_to_measure", "content_of_drop", "drops_exact", "delivered_volume",
            "rounding_error", "taken_at_worst", "worst_case",
        },
    }  # fmt: skip
    members = {field.name for field in attrs.fields(cls)} | {name for name, _ in inspect.getmembers(cls)}
    assert known[cls] == {name for name in members if not name.startswith("_")}


class DayMachine(RuleBasedStateMachine):
    """Many doses added to a day in any order and unit: the day takes what fits and refuses the rest."""

    def __init__(self):
        super().__init__()
        self.day = None
        self.taken = []

    @initialize(milligrams=st.integers(1, 10_000))
    def first(self, milligrams):
        self.day = DailyDose([Dose(f"{milligrams} mcg")])
        self.taken = [Fraction(milligrams, 1000)]

    @rule(mass=st.one_of(masses(), numbers(2, 3).map(lambda pair: (f"{pair[0]} mg", pair[1]))))
    def add(self, mass):
        text, milligrams = mass
        if milligrams > TEN or sum(self.taken) + milligrams > TEN:
            with pytest.raises(DoseAboveCeiling):
                self.day.plus(Dose(text))
        elif len(self.taken) == 24:
            with pytest.raises(NotADose):
                self.day.plus(Dose(text))
        else:
            self.day = self.day.plus(Dose(text))
            self.taken.append(milligrams)

    @rule()
    def add_what_is_left_and_a_little(self):
        left = TEN - sum(self.taken)
        with pytest.raises((DoseAboveCeiling, NotADose)):
            self.day.plus(Dose(Quantity(left + Fraction(1, 10**25), "mg")))

    @precondition(lambda self: sum(self.taken) < 10 and len(self.taken) < 24)
    @rule(part=st.integers(1, 5))
    def add_a_part_of_what_is_left(self, part):
        milligrams = (TEN - sum(self.taken)) / part
        self.day = self.day.plus(Dose(Quantity(milligrams, "mg")))
        self.taken.append(milligrams)

    @rule()
    def copy_it(self):
        self.day = pickle.loads(pickle.dumps(copy.deepcopy(self.day)))

    @rule(times=st.integers(2, 24))
    def take_it_several_times(self, times):
        dose = self.day.doses[0]
        if dose.milligrams * times > 10:
            with pytest.raises(DoseAboveCeiling):
                DailyDose.times(dose, times)
        else:
            assert DailyDose.times(dose, times).milligrams == dose.milligrams * times

    @invariant()
    def the_day_is_the_sum_and_at_most_ten(self):
        if self.day is not None:
            assert sum(self.taken) == self.day.milligrams <= TEN
            assert self.taken == [dose.milligrams for dose in self.day.doses]
            assert 1 <= len(self.day.doses) <= 24
            assert as_number(self.day.milligrams) <= 10


TestDay = DayMachine.TestCase
TestDay.settings = settings(stateful_step_count=15)
