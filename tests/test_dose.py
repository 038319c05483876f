"""Conversions between milligrams, millilitres and whole drops, by worked numbers and by their laws."""

from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.dose import CEILING, MOST_INTAKES, DailyDose, Dose, Tolerances, convert, intakes
from formcheck.errors import CannotConvert, DoseAboveCeiling, NotADose, TooSmallForDrops, WrongDimension
from formcheck.liquid import DropFactor, Preparation, read_run
from formcheck.substance import Basis
from formcheck.units import Quantity, amount, format_number, magnitude

BASE_TO_SALT = Fraction(37786, 34140)


def liquid(text, basis=Basis.HYDROCHLORIDE):
    """A preparation by its labelled concentration."""
    return Preparation.labelled(amount(text), basis)


def dropper(text):
    """A drop factor as typed."""
    return DropFactor.typed(amount(text))


def weighed():
    """The calibration of domain 6.2: 25.85 drops/mL."""
    return DropFactor.from_runs([read_run("20 drops, 0.82 g")], amount("1.06 g/mL"))


def test_the_ceiling_is_ten_milligrams():
    """The ceiling is 10 mg, taken at most 24 times a day."""
    assert (Fraction(10), 24) == (magnitude(CEILING, "mg"), MOST_INTAKES)


@pytest.mark.parametrize(
    ("mass", "wanted"),
    [
        ("4.5 mg", "4.5"), ("500 mcg", "0.5"), ("0.01 g", "10"), ("10 mg", "10"), ("10.0 mg", "10"), ("1 mcg", "0.001"),
        (Quantity(Fraction(9, 2), "mg"), "4.5"), (amount("4.5 mg"), "4.5"), (Quantity(1, "mcg"), "0.001"),
    ],
    ids=repr,
)  # fmt: skip
def test_a_dose_is_made_from_a_mass(mass, wanted):
    """Text, an amount or a quantity of mass makes a dose of exactly that many milligrams."""
    dose = Dose(mass)
    assert Fraction(wanted) == dose.milligrams
    assert Fraction(wanted) == magnitude(dose.mass, "mg")
    assert f"{wanted} mg" == str(dose)
    assert f"Dose('{wanted} mg')" == repr(dose)


def test_a_dose_of_a_dose_is_the_same_dose():
    """A dose can be made from a dose, and is equal to it."""
    assert Dose(Dose("4.5 mg")) == Dose("4500 mcg")


@pytest.mark.parametrize("mass", ["0 mg", "0.000 g", Quantity(Fraction(-1), "mg")], ids=repr)
def test_nothing_is_no_dose(mass):
    """Zero and less than zero are no dose."""
    with pytest.raises(NotADose, match="above 0 mg"):
        Dose(mass)


@pytest.mark.parametrize("mass", ["5 mL", "5 drops", "5 %", "5 mg/mL", "5 mg/day", "5 capsules"])
def test_only_a_mass_is_a_dose(mass):
    """A volume, drops, capsules or a concentration make no dose by themselves."""
    with pytest.raises(WrongDimension):
        Dose(mass)


@pytest.mark.parametrize(
    ("basis", "wanted"), [(Basis.HYDROCHLORIDE, Fraction(9, 2)), (Basis.BASE, Fraction(9, 2) * BASE_TO_SALT)]
)
@pytest.mark.parametrize("mass", ["4.5 mg", amount("4500 mcg"), Quantity(Fraction(9, 2000), "g")], ids=repr)
def test_a_dose_counts_the_hydrochloride(mass, basis, wanted):
    """A mass on a declared basis becomes milligrams of hydrochloride."""
    assert wanted == Dose.of(mass, basis).milligrams


def test_a_dose_is_not_turned_into_the_hydrochloride_twice():
    """A dose counts the hydrochloride already: declaring it as base does not multiply it again."""
    dose = Dose("4.5 mg")
    assert dose == Dose.of(dose, Basis.BASE)


def test_equal_doses_are_equal():
    """Doses are equal by their milligrams, hash alike, and equal nothing else."""
    assert Dose("4.5 mg") == Dose("4500 mcg")
    assert hash(Dose("4.5 mg")) == hash(Dose("0.0045 g"))
    assert Dose("4.5 mg") != Dose("4.4 mg")
    assert Dose("4.5 mg") != Fraction(9, 2)
    assert Dose("4.5 mg") != "4.5 mg"


@pytest.mark.parametrize(
    "reckon",
    [
        lambda d: d + d, lambda d: d - d, lambda d: d * 2, lambda d: 2 * d, lambda d: d / 2, lambda d: sum([d, d]),
        float, int, lambda d: d < d, round, lambda d: -d, lambda d: d + Quantity(1, "mg"), lambda d: max(d, Dose("1 mg")),
    ],
)  # fmt: skip
def test_there_is_no_arithmetic_on_a_dose(reckon):
    """A dose cannot be added, scaled, compared by size or turned into a bare number."""
    with pytest.raises(TypeError):
        reckon(Dose("4.5 mg"))


def test_doses_add_up_in_a_day():
    """A day is the exact sum of its doses, in words and as a quantity."""
    day = DailyDose([Dose("1.5 mg"), Dose("3 mg")])
    assert Fraction(9, 2) == day.milligrams
    assert Fraction(9, 2) == magnitude(day.mass, "mg")
    assert str(day) == "4.5 mg a day"
    assert repr(day) == "DailyDose([Dose('1.5 mg'), Dose('3 mg')])"
    assert (Dose("1.5 mg"), Dose("3 mg")) == day.doses


def test_equal_days_are_equal():
    """Days are equal by their doses in order, hash alike, and equal nothing else."""
    assert DailyDose([Dose("1 mg")] * 2) == DailyDose.times(Dose("1000 mcg"), 2)
    assert hash(DailyDose([Dose("1 mg")] * 2)) == hash(DailyDose.times(Dose("1 mg"), 2))
    assert DailyDose([Dose("1 mg")] * 2) != DailyDose([Dose("2 mg")])
    assert DailyDose([Dose("1 mg")]) != Dose("1 mg")


def test_a_day_with_one_dose_more_is_another_day():
    """Adding a dose gives a new day and leaves the old one as it was."""
    day = DailyDose([Dose("4 mg")])
    assert Fraction(6) == day.plus(Dose("2 mg")).milligrams
    assert Fraction(4) == day.milligrams


@pytest.mark.parametrize(
    "doses", [[], [Dose("0.1 mg")] * 25, ["1 mg"], [Fraction(1)], [None], [Dose("1 mg"), 1], "", [amount("1 mg")]], ids=len
)
def test_a_day_has_one_to_twenty_four_doses(doses):
    """No dose, more than 24, or anything that is not a dose makes no day."""
    with pytest.raises(NotADose, match="1 to 24 doses"):
        DailyDose(doses)


@pytest.mark.parametrize("times", [1, 2, 24])
def test_a_dose_is_taken_one_to_twenty_four_times(times):
    """A day of so many equal doses holds so many times the dose."""
    day = DailyDose.times(Dose("0.4 mg"), times)
    assert (times, Fraction(2, 5) * times) == (len(day.doses), day.milligrams)
    assert times == intakes(times)


@pytest.mark.parametrize("times", [0, -1, 25, 1.0, 2.5, True, "2", None, Fraction(2), float("nan")], ids=repr)
def test_any_other_number_of_times_is_refused(times):
    """Intakes are a whole number, an int from 1 to 24; booleans and floats are refused."""
    with pytest.raises(CannotConvert, match="1 to 24 times"):
        intakes(times)
    with pytest.raises(CannotConvert, match="1 to 24 times"):
        DailyDose.times(Dose("0.1 mg"), times)
    with pytest.raises(CannotConvert, match="1 to 24 times"):
        convert(amount("0.1 mg"), liquid("1 mg/mL"), per_day=times)


@pytest.mark.parametrize(
    ("concentration", "drop_holds", "low", "high", "volume"),
    [
        ("1 mg/mL", "0.05", 30, 90, "4.5"),
        ("2 mg/mL", "0.1", 15, 45, "2.25"),
        ("5 mg/mL", "0.25", 6, 18, "0.9"),
        ("10 mg/mL", "0.5", 3, 9, "0.45"),
    ],
)
def test_the_table_of_twenty_drops(concentration, drop_holds, low, high, volume):
    """At 20 drops/mL, 1.5 mg and 4.5 mg take the drops and millilitres of the table in domain 6.3."""
    for mass, drops in (("1.5 mg", low), ("4.5 mg", high)):
        found = convert(amount(mass), liquid(concentration), dropper("20 drops/mL"))
        assert drops == found.drops
        assert Fraction(drops) == found.drops_exact
        assert Fraction(drop_holds) == magnitude(found.content_of_drop, "mg/drop")
        assert found.asked == found.delivered
        assert Fraction(0) == found.rounding_error
    assert Fraction(volume) == magnitude(found.volume, "mL")
    assert Fraction(volume) == found.volume_to_measure
    assert Fraction(volume) == magnitude(found.delivered_volume, "mL")


def test_the_worked_calibration():
    """5 mg/mL at 25.85 drops/mL: 4.5 mg need 23.27 drops, 23 deliver 4.448 mg, 1.2 % less (domain 6.3)."""
    found = convert(amount("4.5 mg"), liquid("5 mg/mL"), weighed())
    assert found.drops == 23
    assert format_number(magnitude(found.content_of_drop, "mg/drop"), 4) == "0.1934"
    assert format_number(found.drops_exact, 2) == "23.27"
    assert format_number(found.delivered.milligrams, 3) == "4.448"
    assert format_number(found.rounding_error * 100, 1) == "-1.2"
    assert found.delivered.milligrams == found.daily.milligrams
    assert Fraction("4.5") == found.asked.milligrams
    assert 23 * Fraction("0.82") / 20 / Fraction("1.06") == magnitude(found.delivered_volume, "mL")


def test_the_reachable_doses_of_the_worked_calibration():
    """0.5 mg becomes 3 drops, 16 % too much; 1 mg becomes 5 drops, 3.3 % too little (domain 6.4b)."""
    half = convert(amount("0.5 mg"), liquid("5 mg/mL"), weighed())
    one = convert(amount("1 mg"), liquid("5 mg/mL"), weighed())
    assert (half.drops, format_number(half.rounding_error * 100, 0)) == (3, "16")
    assert (one.drops, format_number(one.rounding_error * 100, 1)) == (5, "-3.3")


def test_drops_given_as_tenths_of_a_millilitre():
    """6 drops at 25 drops/mL of 2.5 mg/mL hold 0.6 mg in 0.24 mL (Aust Prescr 2025;48:60)."""
    found = convert(amount("6 drops"), liquid("2.5 mg/mL"), dropper("25 drops/mL"))
    assert Fraction("0.6") == found.asked.milligrams
    assert Fraction("0.6") == found.delivered.milligrams
    assert Fraction("0.24") == magnitude(found.delivered_volume, "mL")
    assert found.drops == 6
    assert Fraction(6) == found.drops_exact


def test_a_volume_is_answered_with_what_it_holds():
    """0.9 mL of 5 mg/mL hold 4.5 mg; without a drop factor there are no drops."""
    found = convert(amount("0.9 mL"), liquid("5 mg/mL"))
    assert Fraction("4.5") == found.asked.milligrams
    assert Fraction("0.9") == magnitude(found.volume, "mL")
    assert (
        found.drops, found.delivered, found.drops_exact, found.content_of_drop, found.delivered_volume, found.rounding_error
    ) == (None,) * 6  # fmt: skip
    assert found.changed_form


def test_a_volume_is_rounded_to_whole_drops():
    """0.9 mL at 25.85 drops/mL are 23 drops, and the day is what the drops deliver."""
    found = convert(amount("0.9 mL"), liquid("5 mg/mL"), weighed(), per_day=2)
    assert found.drops == 23
    assert 2 * found.delivered.milligrams == found.daily.milligrams
    assert (found.per_day, len(found.daily.doses)) == (2, 2)


def test_a_conversion_says_whether_the_basis_was_assumed():
    """Without a basis the hydrochloride is assumed and the conversion says so; with one it does not."""
    assumed = convert(amount("4.5 mg"), liquid("5 mg/mL"))
    declared = convert(amount("4.5 mg"), liquid("5 mg/mL"), basis=Basis.HYDROCHLORIDE)
    base = convert(amount("4.5 mg"), liquid("5 mg/mL"), basis=Basis.BASE)
    assert (assumed.basis_assumed, declared.basis_assumed, base.basis_assumed) == (True, False, False)
    assert assumed.asked == declared.asked
    assert Fraction("4.5") * BASE_TO_SALT == base.asked.milligrams


def test_what_a_liquid_holds_is_counted_as_its_label_is():
    """For a volume the label's basis counts: declared there, nothing is assumed; of a mass the label says nothing."""
    declared, silent = liquid("5 mg/mL"), liquid("5 mg/mL", None)
    assert not convert(amount("0.9 mL"), declared).basis_assumed
    assert convert(amount("0.9 mL"), silent, basis=Basis.HYDROCHLORIDE).basis_assumed
    assert convert(amount("4.5 mg"), declared).basis_assumed


@pytest.mark.parametrize(
    ("intake", "preparation", "factor", "words"),
    [
        ("4.5 mg", None, None, "give the concentration"),
        ("0.9 mL", None, None, "give the concentration"),
        ("9 drops", None, "20 drops/mL", "give the concentration"),
        ("9 drops", "5 mg/mL", None, "must be measured"),
        ("9.5 drops", "5 mg/mL", "20 drops/mL", "counted whole"),
        ("5 capsules", "5 mg/mL", None, "not an intake"),
        ("5 mg/mL", "5 mg/mL", None, "not an intake"),
        ("5 %", "5 mg/mL", None, "not an intake"),
        ("5 days", None, None, "not an intake"),
    ],
)
def test_a_conversion_that_lacks_something_is_refused(intake, preparation, factor, words):
    """A missing concentration or calibration, fractional drops, or what is no intake: refused with what to give."""
    with pytest.raises(CannotConvert, match=words):
        convert(amount(intake), preparation and liquid(preparation), factor and dropper(factor))


@pytest.mark.parametrize("intake", ["0 mg", "0 mL", "0 drops"])
def test_an_intake_of_nothing_is_no_dose(intake):
    """An intake of zero is no dose, in whatever form it is said."""
    with pytest.raises(NotADose):
        convert(amount(intake), liquid("5 mg/mL"), dropper("20 drops/mL"))


@pytest.mark.parametrize("intake", ["4.5 mg", 4.5, None, Quantity(Fraction(9, 2), "mg")], ids=repr)
def test_an_intake_is_an_amount(intake):
    """Anything but an amount as intake makes no conversion."""
    with pytest.raises(CannotConvert, match="an intake is a quantity"):
        convert(intake, liquid("5 mg/mL"))


def test_less_than_half_a_drop_cannot_be_given():
    """A dose of less than half a drop is refused, with the drops it would need."""
    with pytest.raises(TooSmallForDrops) as caught:
        convert(amount("0.1 mg"), liquid("5 mg/mL"), dropper("20 drops/mL"))
    assert (caught.value.found, caught.value.limit) == ("0.4 drops", "at least half a drop")
    assert "0.1 mg cannot be given in whole drops: one drop holds 0.25 mg" in str(caught.value)


def test_the_words_of_a_dose_too_small_for_drops():
    """What a drop holds and how many would be needed are told to three decimals, and that half a drop is the least."""
    with pytest.raises(TooSmallForDrops) as caught:
        convert(amount("0.1 mg"), liquid("10 mg/mL"), dropper("30 drops/mL"))
    assert str(caught.value).startswith(
        "0.1 mg cannot be given in whole drops: one drop holds 0.333 mg, so 0.3 drops would be needed;"
    )
    with pytest.raises(TooSmallForDrops, match=r"so 0\.429 drops would be needed") as caught:
        convert(amount("0.1 mg"), liquid("7 mg/mL"), dropper("30 drops/mL"))
    assert (caught.value.found, caught.value.limit) == ("0.429 drops", "at least half a drop")


def test_just_half_a_drop_is_one_drop():
    """Half a drop is rounded up to one."""
    assert convert(amount("0.125 mg"), liquid("5 mg/mL"), dropper("20 drops/mL")).drops == 1


@pytest.mark.parametrize(
    ("mass", "concentration", "factor", "per_day", "at_most", "drops"),
    [
        ("10 mg", "12 mg/mL", "20 drops/mL", 1, "10 mg", 16),  # 16.67: 17 drops would be 10.2 mg
        ("5 mg", "12 mg/mL", "20 drops/mL", 2, "10 mg", 8),  # 8.33: nearest is already below
        ("5 mg", "18 mg/mL", "20 drops/mL", 2, "10 mg", 5),  # 5.56: 6 drops twice would be 10.8 mg
        ("5 mg", "18 mg/mL", "20 drops/mL", 1, "10 mg", 6),  # once a day they may be given
        ("5 mg", "18 mg/mL", "20 drops/mL", 1, "5 mg", 5),  # the specification allows 5 mg
        ("5 mg", "18 mg/mL", "20 drops/mL", 1, "5.4 mg", 6),  # just 5.4 mg
        ("5 mg", "18 mg/mL", "20 drops/mL", 1, "100 mg", 6),  # a higher limit changes nothing
        ("10 mg", "12 mg/mL", "20 drops/mL", 1, "100 mg", 16),
    ],
)
def test_drops_go_down_where_nearest_would_pass_the_limit(mass, concentration, factor, per_day, at_most, drops):
    """Drops are rounded to the nearest, but down where that would pass the ceiling or the lowered limit of the day."""
    found = convert(
        amount(mass), liquid(concentration), dropper(factor), per_day=per_day, at_most=amount(at_most)
    )  # fmt: skip
    assert drops == found.drops


def test_one_large_drop_that_passes_the_limit_is_refused():
    """Where even one drop would pass the limit, no drops are given."""
    with pytest.raises(TooSmallForDrops):
        convert(amount("10 mg"), liquid("240 mg/mL"), dropper("20 drops/mL"))
    with pytest.raises(TooSmallForDrops):
        convert(amount("1 mg"), liquid("24 mg/mL"), dropper("20 drops/mL"), at_most=amount("1 mg"))


@pytest.mark.parametrize(
    ("intake", "per_day", "at_most", "taken", "limit", "words"),
    [
        ("10.1 mg", 1, "10 mg", "10.1 mg a day", "10 mg a day", "formcheck's own limit"),
        ("6 mg", 2, "10 mg", "12 mg a day", "10 mg a day", "not a legal maximum"),
        ("2.1 mL", 1, "10 mg", "10.5 mg a day", "10 mg a day", "formcheck does not work above 10 mg"),
        ("41 drops", 1, "10 mg", "10.25 mg a day", "10 mg a day", "formcheck's own limit"),
        ("4.6 mg", 1, "4.5 mg", "4.6 mg a day", "4.5 mg a day", "the specification allows at most 4.5 mg a day"),
        ("5 mg", 2, "9 mg", "10 mg a day", "9 mg a day", "the specification allows"),
        ("11 mg", 1, "20 mg", "11 mg a day", "10 mg a day", "formcheck's own limit"),
        ("10.000000000000002 mg", 1, "10 mg", "10.000000000000002 mg a day", "10 mg a day", "own limit"),
        ("1 mg", 1, "0 mg", "1 mg a day", "0 mg a day", "the specification"),
    ],
)
def test_a_day_above_its_limit_is_refused_in_words(intake, per_day, at_most, taken, limit, words):
    """What passes the ceiling or the specification's lower limit is refused, saying how much and whose limit it is."""
    with pytest.raises(DoseAboveCeiling, match=words) as caught:
        convert(
            amount(intake), liquid("5 mg/mL"), dropper("20 drops/mL"), per_day=per_day, at_most=amount(at_most)
        )  # fmt: skip
    assert (taken, limit) == (caught.value.taken, caught.value.limit)
    assert str(caught.value).startswith(taken)


OWN = "formcheck does not work above 10 mg a day; this is formcheck's own limit, not a legal maximum"
FAR = "too much, and not low-dose naltrexone at all"


@pytest.mark.parametrize(
    ("intake", "at_most", "words"),
    [
        ("11 mg", "10 mg", f"11 mg a day is too much: {OWN}"),
        ("24.9 mg", "10 mg", f"24.9 mg a day is too much: {OWN}"),
        ("25 mg", "10 mg", f"25 mg a day is {FAR}: {OWN}"),
        ("50 mg", "4.5 mg", f"50 mg a day is {FAR}: the specification allows at most 4.5 mg a day"),
        ("1000000 g", "10 mg", f"1000000000 mg a day is {FAR}: {OWN}"),
        ("1000000.1 g", "10 mg", f"more than a million g a day is {FAR}: {OWN}"),
    ],
)
def test_the_words_of_a_day_that_is_too_much(intake, at_most, words):
    """From 25 mg on it is no low-dose naltrexone, which points to a slip of the unit; beyond a million g figures end."""
    with pytest.raises(DoseAboveCeiling) as caught:
        convert(amount(intake), liquid("5 mg/mL"), at_most=amount(at_most))
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("milligrams", "text"),
    [
        (Fraction(1, 3), "0.333333333333 mg"),
        (Fraction(1, 10**15), "0.000000000000001 mg"),
        (1 + Fraction(1, 10**15), "1 mg"),
    ],
)
def test_a_dose_in_words_is_never_nothing(milligrams, text):
    """A dose has twelve decimals at most, but as many as keep it from reading 0 mg; a day of it likewise."""
    dose = Dose(Quantity(milligrams, "mg"))
    assert (str(dose), str(DailyDose([dose]))) == (text, f"{text} a day")


def test_a_limit_is_a_mass():
    """A lowered limit that is no mass is refused, not ignored."""
    with pytest.raises(WrongDimension):
        convert(amount("1 mg"), liquid("5 mg/mL"), at_most=amount("5 mL"))


@pytest.mark.parametrize(
    ("mass", "concentration", "per_day", "wanted"),
    [
        ("4.5 mg", "5 mg/mL", 1, "0.9"),
        ("1 mg", "3 mg/mL", 1, "0.333"),
        ("2 mg", "3 mg/mL", 1, "0.667"),
        ("10 mg", "3 mg/mL", 1, "3.333"),
        ("10 mg", "6 mg/mL", 1, "1.666"),  # 1.667 mL would hold 10.002 mg
        ("5 mg", "6 mg/mL", 2, "0.833"),
        ("5 mg", "7.5 mg/mL", 2, "0.666"),  # 0.667 mL twice would hold 10.005 mg
        ("9.998 mg", "5 mg/mL", 1, "2"),  # 1.9996 mL: 2 mL hold just 10 mg
        ("1 mg", "10.05 mg/mL", 1, "0.1"),  # 0.0995 mL: 0.1 is off by just 0.5 %
        ("0.0905 mg", "1 mg/mL", 1, "0.0905"),  # 0.091 would be off by 0.55 %
    ],
)
def test_the_volume_to_measure(mass, concentration, per_day, wanted):
    """A volume is rounded to a thousandth of a mL, finer where that is more than 0.5 % off, and down near the ceiling."""
    assert Fraction(wanted) == convert(amount(mass), liquid(concentration), per_day=per_day).volume_to_measure


def test_the_volume_to_measure_obeys_a_lowered_limit():
    """The volume that is printed never holds more than a limit of the specification either."""
    found = convert(amount("4.5 mg"), liquid("7 mg/mL"), at_most=amount("4.5 mg"))
    assert found.volume_to_measure * 7 <= Fraction("4.5")


@pytest.mark.parametrize(("mass", "wanted"), [("0.004 mg", "0.0004"), ("0.001 mg", "0.0001"), ("0.000067 mg", "0.0000067")])
def test_a_volume_of_less_than_a_thousandth_is_not_nothing(mass, wanted):
    """A dose is never said to be 0 mL: below a thousandth of a mL the first digit is kept."""
    assert Fraction(wanted) == convert(amount(mass), liquid("10 mg/mL")).volume_to_measure


def test_the_worst_case_with_drops():
    """One drop more, content and drop at their upper tolerance: 19 x 0.25 x 1.1 x 1.15 mg."""
    found = convert(amount("4.5 mg"), liquid("5 mg/mL"), dropper("20 drops/mL"))
    assert 19 * Fraction("0.25") * Fraction("1.1") * Fraction("1.15") == found.taken_at_worst()
    assert found.taken_at_worst() == found.worst_case


def test_the_worst_case_of_several_intakes():
    """The worst case counts every intake of the day."""
    found = convert(amount("2 mg"), liquid("5 mg/mL"), dropper("20 drops/mL"), per_day=2)
    assert 2 * 9 * Fraction("0.25") * Fraction("1.265") == found.worst_case


def test_the_worst_case_without_drops():
    """Without a drop factor only the content is uncertain: 2 x 4.5 x 1.1 mg."""
    assert Fraction("9.9") == convert(amount("4.5 mg"), liquid("5 mg/mL"), per_day=2).worst_case


def test_other_tolerances():
    """Tolerances that are given replace the usual ones."""
    found = convert(
        amount("4.5 mg"), liquid("5 mg/mL"), dropper("20 drops/mL"), tolerances=Tolerances(Fraction(0), Fraction(1, 2))
    )
    assert 19 * Fraction("0.25") * Fraction("1.5") == found.worst_case
    assert Tolerances(Fraction(1, 10), Fraction(15, 100)) == Tolerances()


def test_a_worst_case_above_the_ceiling_is_no_number_to_show():
    """A worst case above 10 mg is a number to warn with, not a value of the conversion; 10 mg just is."""
    above = convert(amount("9.1 mg"), liquid("5 mg/mL"))
    just = convert(amount("10 mg"), liquid("5 mg/mL"), tolerances=Tolerances(content=Fraction(0)))
    assert (Fraction("10.01"), None) == (above.taken_at_worst(), above.worst_case)
    assert Fraction(10) == just.worst_case


def test_a_conversion_cannot_be_altered():
    """A conversion is frozen."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        convert(amount("4.5 mg"), liquid("5 mg/mL")).drops = 1000


_hundredths = st.integers(1, 1000)


@given(_hundredths, st.integers(1, 5000), st.integers(800, 6000))
def test_there_and_back_within_half_a_drop(hundredths, concentration, factor):
    """Mass to drops to mass is off by half a drop at most, unless the drops were rounded down for the limit."""
    mass, holds = Fraction(hundredths, 100), Fraction(concentration, factor)
    of, with_ = liquid(f"{concentration} mcg/mL"), dropper(f"{factor // 1000}.{factor % 1000:03} drops/mL")
    try:
        there = convert(amount(f"{hundredths // 100}.{hundredths % 100:02} mg"), of, with_)
    except TooSmallForDrops:
        assert 2 * mass < holds or holds > 10
        return
    back = convert(amount(f"{there.drops} drops"), of, with_)
    assert there.drops * holds == back.asked.milligrams
    assert there.drops == back.drops
    off = back.asked.milligrams - mass
    assert abs(off) <= holds / 2 or (off < 0 and back.asked.milligrams + holds > 10)


@given(_hundredths, st.integers(1, 200))
def test_there_and_back_by_volume_is_exact(hundredths, concentration):
    """Mass to volume to mass gives the very same number, which no float would."""
    of = liquid(f"{concentration} mg/mL")
    there = convert(amount(f"{hundredths // 100}.{hundredths % 100:02} mg"), of)
    assert Fraction(hundredths, 100) == magnitude(there.volume, "mL") * concentration
    assert Fraction is type(there.volume.magnitude)


def test_a_volume_counts_what_its_label_counts():
    """A basis declared for a volume must be that of the label's concentration, or nobody knows what it holds."""
    base = Preparation.labelled(amount("1 mg/mL"), Basis.BASE)
    salt = Preparation.labelled(amount("1 mg/mL"))

    assert Fraction("9") * Fraction("377.86") / Fraction("341.40") == convert(amount("9 mL"), base).asked.milligrams
    assert convert(amount("9 mL"), base, basis=Basis.BASE).basis_assumed is False
    with pytest.raises(DoseAboveCeiling):
        convert(amount("10 mL"), base)
    with pytest.raises(CannotConvert, match="basis"):
        convert(amount("10 mL"), salt, basis=Basis.BASE)
