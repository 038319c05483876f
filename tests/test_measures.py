"""Arithmetic that somebody may print: worked numbers of the pharmacopoeias, and the laws of the arithmetic."""

import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.measures import (
    acceptance_value,
    diluent_for_one,
    greatest,
    least,
    mean,
    net_content,
    percent_error,
    potency_as_is,
    potency_from_anhydrous,
    potency_from_dried,
    reference_value,
    required_active,
    sample_deviation,
    square_root,
)
from formcheck.units import Quantity, amount, format_number, magnitude


def numbers(text):
    """The numbers of a list as exact fractions."""
    return [Fraction(word) for word in text.split()]


A = numbers("99.1 101.2 97.8 102.4 100.3 98.6 103.0 96.9 100.8 99.9")
B = numbers("94.0 101.0 88.0 97.0 91.5 104.0 86.0 95.5 99.0 93.0")
B_AND_20 = B + numbers("96 98 97 95 99 94 98 96 97 100 95 98 96 97 99 94 97 96 98 95")
C = numbers("112 105.5 108 103 110.5 106 109 104.5 107 111")
D = [Fraction(100)] * 29 + [Fraction(74)]
E = [Fraction(100)] * 29 + [Fraction("74.4")]

LOW, HIGH = Fraction("98.5"), Fraction("101.5")
OF_TEN, OF_THIRTY = Fraction("2.4"), Fraction(2)


# USP <905>, as worked in domain 2.1: values, k, upper bound of M; mean, s, M, AV (as many decimals as printed)
@pytest.mark.parametrize(
    ("values", "k", "high", "average", "deviation", "reference", "value"),
    [
        (A, OF_TEN, HIGH, "100.00", "1.948", "100.00", "4.68"),
        (B, OF_TEN, HIGH, "94.90", "5.621", "98.5", "17.09"),
        (B_AND_20, OF_THIRTY, HIGH, "96.13", "3.528", "98.5", "9.42"),
        (C, OF_TEN, HIGH, "107.65", "2.973", "101.5", "13.28"),
        (C, OF_TEN, Fraction(105), "107.65", "2.973", "105", "9.78"),
        (D, OF_THIRTY, HIGH, "99.133", "4.747", "99.133", "9.49"),
        (E, OF_THIRTY, HIGH, "99.147", "4.674", "99.147", "9.35"),
    ],
    ids=["A", "B", "B+20", "C with T 100", "C with T 105", "D", "E"],
)
def test_the_worked_acceptance_values(values, k, high, average, deviation, reference, value):
    """The mean, sample deviation, M and AV of the worked cases of <905> come out to every decimal printed."""
    centre, spread = mean(values), sample_deviation(values)
    found = (
        centre,
        spread,
        reference_value(centre, LOW, high),
        acceptance_value(centre, spread, k, LOW, high),
    )
    wanted = (average, deviation, reference, value)
    assert wanted == tuple(
        format_number(number, len(text.partition(".")[2])) for number, text in zip(found, wanted, strict=True)
    )


def test_the_worked_value_of_the_usp():
    """Mean 105.9 and s 5.0 of ten units give AV 16.4; of thirty units 14.4 (USP FAQ on <905>)."""
    centre, spread = Fraction("105.9"), Fraction(5)
    assert Fraction("16.4") == acceptance_value(centre, spread, OF_TEN, LOW, HIGH)
    assert Fraction("14.4") == acceptance_value(centre, spread, OF_THIRTY, LOW, HIGH)


def test_the_single_units_of_cases_d_and_e():
    """74.0 lies below 0.75 M of its thirty units, 74.4 does not: M is that of the sample, not 100."""
    assert Fraction(74) < Fraction(3, 4) * reference_value(mean(D), LOW, HIGH)
    assert Fraction("74.4") >= Fraction(3, 4) * reference_value(mean(E), LOW, HIGH)


def test_the_deviation_of_case_b_is_the_samples():
    """Case B gives 17.1 with n - 1; the population's deviation would give 16.4 and is not used."""
    wrong = acceptance_value(mean(B), Fraction(statistics.pstdev(B)), OF_TEN, LOW, HIGH)
    right = acceptance_value(mean(B), sample_deviation(B), OF_TEN, LOW, HIGH)
    assert (format_number(wrong, 1), format_number(right, 1)) == ("16.4", "17.1")


@pytest.mark.parametrize(
    ("average", "high", "wanted"),
    [
        ("98.4", "101.5", "98.5"),
        ("98.5", "101.5", "98.5"),
        ("100", "101.5", "100"),
        ("101.5", "101.5", "101.5"),
        ("101.6", "101.5", "101.5"),
        ("104", "105", "104"),
        ("105.1", "105", "105"),
        ("90", "105", "98.5"),
    ],
)
def test_the_reference_value_is_the_mean_within_its_bounds(average, high, wanted):
    """M is the mean, but 98.5 below that and 101.5 (or T) above."""
    assert Fraction(wanted) == reference_value(Fraction(average), LOW, Fraction(high))


@given(st.fractions(50, 150), st.fractions(0, 30), st.sampled_from([OF_TEN, OF_THIRTY]))
def test_an_acceptance_value_is_never_less_than_its_spread(average, deviation, k):
    """AV is k s when the mean lies within the bounds, and more by the distance to them outside."""
    value = acceptance_value(average, deviation, k, LOW, HIGH)
    outside = max(LOW - average, average - HIGH, Fraction(0))
    assert outside == value - k * deviation


# domain 4.2, worked A and B; C corrects tablets
def test_the_potency_of_a_dihydrate_lot():
    """99.5 % anhydrous with 8.7 % water is 0.908435 as is; 100 capsules of 4.5 mg with 3 % overage need 510.2 mg."""
    potency = potency_from_anhydrous(Fraction("0.995"), Fraction("0.087"), Fraction(0))
    assert Fraction("0.908435") == potency
    needed = required_active(Fraction("4.5"), 100, Fraction("0.03"), Fraction(0), potency)
    assert format_number(needed, 1) == "510.2"


def test_the_potency_of_an_anhydrous_lot():
    """99.5 % with 0.3 % water is 0.9920 as is; 450 mg need 453.6 mg of powder."""
    potency = potency_from_anhydrous(Fraction("0.995"), Fraction("0.003"), Fraction(0))
    needed = required_active(Fraction("4.5"), 100, Fraction(0), Fraction(0), potency)
    assert (format_number(potency, 4), format_number(needed, 1)) == ("0.9920", "453.6")


def test_forgetting_the_water_would_cost_nine_percent():
    """With the water forgotten 465.8 mg would be weighed, which is 91 % of what is needed."""
    needed = required_active(Fraction("4.5"), 100, Fraction("0.03"), Fraction(0), Fraction("0.908435"))
    forgotten = required_active(Fraction("4.5"), 100, Fraction("0.03"), Fraction(0), potency_as_is(Fraction("0.995")))
    assert (format_number(forgotten, 1), format_number(100 * forgotten / needed, 0)) == ("465.8", "91")


def test_potency_is_corrected_by_division():
    """463.5 mg at 8.7 % water and 100 % assay are 507.7 mg, not 503.8 mg."""
    potency = potency_from_anhydrous(Fraction(1), Fraction("0.087"), Fraction(0))
    needed = required_active(Fraction("4.5"), 100, Fraction("0.03"), Fraction(0), potency)
    assert format_number(needed, 1) == "507.7"


def test_solvents_count_like_water():
    """Residual solvents are subtracted as the water is: both are fractions of the powder as it is."""
    assert Fraction("0.9") == potency_from_anhydrous(Fraction(1), Fraction("0.07"), Fraction("0.03"))


def test_the_potency_of_a_dried_lot():
    """On the dried basis the loss on drying is subtracted: 0.995 x (1 - 0.003)."""
    assert Fraction("0.992015") == potency_from_dried(Fraction("0.995"), Fraction("0.003"))


def test_an_assay_as_is_is_the_potency():
    """From an assay as is nothing is subtracted again."""
    assert Fraction("0.908") == potency_as_is(Fraction("0.908"))


def test_overages_multiply():
    """A batch overage of 3 % and an active overage of 10 % multiply: 450 x 1.03 x 1.1."""
    assert Fraction("509.85") == required_active(Fraction("4.5"), 100, Fraction("0.03"), Fraction("0.1"), Fraction(1))


# domain 5.5 and 5.7
@pytest.mark.parametrize(("active", "wanted"), [("4.5", "126.1"), ("4.953574", "125.7")])
def test_the_diluent_of_one_capsule(active, wanted):
    """4.5 mg of powder that packs 150 mg leave 126.1 mg of a diluent that packs 130 mg; 4.95 mg leave 125.7 mg."""
    assert wanted == format_number(diluent_for_one(Fraction(active), Fraction(150), Fraction(130)), 1)


def test_the_diluent_is_not_the_difference_of_masses():
    """The diluent is 126.1 mg exactly, not the 125.5 mg that subtracting masses would give."""
    assert Fraction("126.1") == diluent_for_one(Fraction("4.5"), Fraction(150), Fraction(130))


def test_the_net_content_of_a_capsule():
    """A capsule of 178.7 mg in a shell of 48 mg holds 130.7 mg."""
    assert Fraction("130.7") == net_content(Fraction("178.7"), Fraction(48))


def test_measures_take_exact_quantities_as_they_take_numbers():
    """With pint quantities the same functions give the same results, in their units, exactly."""
    needed = required_active(amount("4.5 mg").quantity, 100, Fraction("0.03"), Fraction(0), Fraction("0.908435"))
    diluent = diluent_for_one(amount("4500 mcg").quantity, amount("150 mg").quantity, amount("130 mg").quantity)
    net = net_content(amount("178.7 mg").quantity, amount("0.048 g").quantity)
    assert Fraction("463.5") / Fraction("0.908435") == magnitude(needed, "mg")
    assert Fraction("126.1") == magnitude(diluent, "mg")
    assert Fraction("130.7") == magnitude(net, "mg")


@given(st.lists(st.fractions(0, 1000, max_denominator=1000), min_size=1, max_size=30))
def test_the_mean_is_exact(values):
    """The mean times the count is the sum, exactly, and is what the statistics module says."""
    assert statistics.mean(values) == mean(values)
    assert Fraction is type(mean(values))


@given(st.lists(st.decimals(50, 150, places=2).map(Fraction), min_size=2, max_size=30))
def test_the_sample_deviation_agrees_with_the_statistics_module(values):
    """The sample deviation is that of the statistics module, to the precision of a double."""
    assert statistics.stdev([float(value) for value in values]) == pytest.approx(float(sample_deviation(values)), abs=1e-9)
    assert abs(sample_deviation(values) ** 2 - statistics.variance(values)) <= Fraction(1, 10**40)


def test_no_spread_is_exactly_none():
    """Equal values deviate by exactly 0."""
    assert Fraction(0) == sample_deviation([Fraction("100.1")] * 10)


@pytest.mark.parametrize("values", [[], [Fraction(1)]])
def test_one_value_has_no_deviation(values):
    """Of fewer than two values there is no sample deviation, not even 0."""
    with pytest.raises(ZeroDivisionError):
        sample_deviation(values)


@given(st.fractions(0, 10**6))
def test_the_root_of_a_square_is_exact(number):
    """The root of a perfect square, of a fraction too, is exact."""
    assert number == square_root(number * number)


@given(st.fractions(0, 10**6, max_denominator=10**6))
def test_any_root_is_right_to_many_digits(number):
    """A root lies below the true root by less than 1e-50, so that its square is right to 40 decimals."""
    root = square_root(number)
    assert root * root <= number < (root + Fraction(1, 10**50)) ** 2


def test_the_root_of_two():
    """The square root of two, to 48 decimals, is that of the decimal module."""
    assert Decimal(2).sqrt().quantize(Decimal("1e-20")) == Decimal(format_number(square_root(Fraction(2)), 20))
    assert format_number(square_root(Fraction(2)), 45) == "1.414213562373095048801688724209698078569671875"


def test_a_root_that_does_not_end_is_told_to_fifty_decimals():
    """The root of two is the whole number of 1e-50 below it: not a digit more is claimed."""
    assert (square_root(Fraction(2)) * 10**50).denominator == 1
    assert (square_root(Fraction(2)) * 10**49).denominator != 1


def test_the_error_of_a_weighing():
    """120 mg on a balance sensitive to 6 mg may be 5 % off, 12 mg as much as 50 %."""
    assert percent_error(Fraction(6), Fraction(120)) == Fraction(5, 100)
    assert percent_error(Fraction(6), Fraction(12)) == Fraction(50, 100)


def test_a_negative_number_has_no_root():
    """A negative number has no square root."""
    with pytest.raises(ValueError, match="nonnegative"):
        square_root(Fraction(-1))


@given(st.lists(st.fractions(-100, 100), min_size=1, max_size=6))
def test_least_and_greatest_of_numbers(values):
    """Of exact numbers the smallest and the greatest are taken."""
    assert (sorted(values)[0], sorted(values)[-1]) == (least(*values), greatest(*values))


@pytest.mark.parametrize("missing", [(None,), (Fraction(1), None), (None, Fraction(1)), (amount("1 mg").quantity, None)])
def test_what_is_missing_stays_missing(missing):
    """Where a value is missing, the least and the greatest are missing too: never the other value."""
    assert (least(*missing), greatest(*missing)) == (None, None)


def test_least_and_greatest_of_exact_quantities():
    """Quantities are compared across their units, exactly."""
    small, large = amount("999.9 mcg").quantity, amount("0.001 g").quantity
    assert (small, large) == (least(small, large), greatest(small, large))
    assert Fraction("0.9999") == magnitude(least(large, small), "mg")


class Column:
    """A small stand-in for a column: numbers row by row, None where one is missing."""

    def __init__(self, *rows):
        self.rows = rows

    def _with(self, other, reckon):
        others = other.rows if isinstance(other, Column) else [other] * len(self.rows)
        return Column(*(None if None in (a, b) else reckon(a, b) for a, b in zip(self.rows, others, strict=True)))

    def __mul__(self, other):
        return self._with(other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return self._with(other, lambda a, b: a / b)

    def __add__(self, other):
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._with(other, lambda a, b: a - b)

    def least(self, *others):
        found = self
        for other in others:
            found = found._with(other, min)
        return found

    def greatest(self, *others):
        found = self
        for other in others:
            found = found._with(other, max)
        return found


def test_least_and_greatest_of_columns():
    """Quantities over columns are brought to one unit and compared row by row; a missing cell stays missing."""
    milligrams = Quantity(Column(Fraction(1), Fraction(5), None), "mg")
    micrograms = Quantity(Column(Fraction(2000), Fraction(2000), Fraction(2000)), "mcg")
    smallest, largest = least(milligrams, micrograms), greatest(micrograms, milligrams)
    assert (Fraction(1), Fraction(2), None) == smallest.magnitude.rows
    assert (Fraction(2000), Fraction(5000), None) == largest.magnitude.rows
    assert (str(smallest.units), str(largest.units)) == ("mg", "mcg")


def test_a_column_is_compared_with_one_limit():
    """A column meets a single exact quantity in every row, whichever comes first."""
    column, limit = Quantity(Column(Fraction(1), Fraction(5)), "mg"), amount("2000 mcg").quantity
    assert (Fraction(1), Fraction(2)) == least(column, limit).magnitude.rows
    assert (Fraction(1), Fraction(2)) == least(limit, column).magnitude.rows
    assert (Fraction(2), Fraction(5)) == greatest(limit, column).magnitude.rows


def test_the_acceptance_value_of_columns_is_that_of_each_row():
    """Over columns the acceptance value of each row is the one of the exact path, and missing where a value is."""
    cells = [("100.0", "1.948"), ("94.9", "5.621"), ("105.9", "5")]
    rows = [(Fraction(centre), Fraction(spread)) for centre, spread in cells]

    def percent(*values):
        return Quantity(Column(*values), "percent")

    found = acceptance_value(
        percent(*(centre for centre, _ in rows), None),
        percent(*(spread for _, spread in rows), Fraction(1)),
        OF_TEN,
        amount("98.5 %").quantity,
        amount("101.5 %").quantity,
    )
    exact = [acceptance_value(centre, spread, OF_TEN, LOW, HIGH) for centre, spread in rows]
    assert (*exact, None) == found.magnitude.rows
