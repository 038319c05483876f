"""A liquid and its drops: concentrations on either basis, calibrations by volume and by mass."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.errors import CannotConvert, FormcheckError, NotAQuantity, WrongDimension
from formcheck.liquid import DropFactor, Preparation, Run, nearest_whole, read_run
from formcheck.substance import MASS_DIHYDRATE, SALT_OF_BASE, Basis, as_hydrochloride
from formcheck.units import amount, format_number, format_quantity, magnitude

BASE_TO_SALT = Fraction(37786, 34140)


@pytest.mark.parametrize(
    ("number", "wanted"),
    [("0", 0), ("0.4999", 0), ("0.5", 1), ("1.5", 2), ("2.5", 3), ("22.5", 23), ("23.27", 23), ("9.9999999", 10)],
)
def test_a_half_is_rounded_up(number, wanted):
    """The nearest whole number is taken, and a half goes up, never to the even one."""
    assert wanted == nearest_whole(Fraction(number))
    assert int is type(nearest_whole(Fraction(number)))


@given(st.fractions(0, 10**6))
def test_the_nearest_whole_number_is_at_most_a_half_away(number):
    """The nearest whole number is at most half a unit away, and above rather than below when just half."""
    assert -Fraction(1, 2) < nearest_whole(number) - number <= Fraction(1, 2)


def test_the_relative_masses_give_the_factors_of_the_monograph():
    """The salt weighs 1.1068 times the base, the hydrochloride 0.9129 of its dihydrate."""
    assert BASE_TO_SALT == SALT_OF_BASE
    assert format_number(1 / SALT_OF_BASE, 4) == "0.9035"
    assert format_number(Fraction("377.86") / MASS_DIHYDRATE, 4) == "0.9129"


@pytest.mark.parametrize(
    ("basis", "wanted"),
    [
        (Basis.HYDROCHLORIDE, Fraction("4.5")),
        (Basis.BASE, Fraction("4.5") * BASE_TO_SALT),
        ("naltrexone", Fraction("4.5") * BASE_TO_SALT),
        ("naltrexone-hydrochloride-anhydrous", Fraction("4.5")),
    ],
)
def test_a_mass_of_base_becomes_the_hydrochloride(basis, wanted):
    """A mass of the base is multiplied by 377.86/341.40, one of the hydrochloride stays as it is."""
    assert wanted == as_hydrochloride(Fraction("4.5"), basis)
    assert wanted == magnitude(as_hydrochloride(amount("4.5 mg").quantity, basis), "mg")


def test_4_5_mg_of_base_are_4_98_mg_of_hydrochloride():
    """4.5 mg of the base are 4.98 mg of the hydrochloride (domain 4.1)."""
    assert format_number(as_hydrochloride(Fraction("4.5"), Basis.BASE), 2) == "4.98"


def test_a_basis_nobody_knows_is_refused():
    """A misspelt basis is never taken for the hydrochloride."""
    with pytest.raises(CannotConvert, match="'naltrexon' is no basis"):
        as_hydrochloride(Fraction(1), "naltrexon")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("5 mg/mL", 5), ("5 mg/ml", 5), ("0.5 % w/v", 5), ("5000 mcg/mL", 5), ("5000 µg/mL", 5), ("0.005 g/mL", 5),
        ("0.1 % w/v", 1),
    ],
)  # fmt: skip
def test_a_labelled_concentration_is_exact_in_every_unit(text, wanted):
    """The concentration on a label means the same number of mg/mL in whatever unit it is written."""
    assert Fraction(wanted) == Preparation.labelled(amount(text)).per_millilitre
    assert Fraction(wanted) == magnitude(Preparation.labelled(amount(text)).concentration, "mg/mL")


def test_a_concentration_of_base_is_turned_into_the_hydrochloride():
    """A label that counts the base is turned into the hydrochloride before anything is computed from it."""
    assert Preparation.labelled(amount("5 mg/mL"), Basis.BASE).per_millilitre == 5 * BASE_TO_SALT


@pytest.mark.parametrize("text", ["5 %", "5 mg", "5 % w/w", "5 mg/drop", "20 drops/mL"])
def test_a_concentration_is_a_mass_in_a_volume(text):
    """Anything but a mass in a volume is refused as a concentration."""
    with pytest.raises(WrongDimension):
        Preparation.labelled(amount(text))


@pytest.mark.parametrize("text", ["0 mg/mL", "0.0 % w/v"])
def test_a_concentration_is_above_zero(text):
    """A liquid that holds nothing is refused."""
    with pytest.raises(CannotConvert, match="above 0"):
        Preparation.labelled(amount(text))


@pytest.mark.parametrize("number", [Fraction(-1), Fraction(0), 0, -5], ids=repr)
def test_a_preparation_without_a_positive_concentration_is_refused(number):
    """Zero and negative concentrations are refused by the constructor itself."""
    with pytest.raises(CannotConvert, match="above 0"):
        Preparation(number)


@pytest.mark.parametrize("number", [0.1, 5.0, float("inf"), float("nan"), True, "5", None], ids=repr)
def test_a_preparation_is_exact(number):
    """A concentration that is not an exact number is refused, not computed with."""
    with pytest.raises(NotAQuantity):
        Preparation(number)


@pytest.mark.parametrize(
    ("mass", "volume", "decimals", "wanted"),
    [
        ("500 mg", "100 mL", 2, "5"),
        ("0.5 g", "100 mL", 2, "5"),
        ("500 mg", "99.9 mL", 2, "5.01"),
        ("500 mg", "99.9 mL", 0, "5"),
        ("1 mg", "3 mL", 2, "0.33"),
        ("2 mg", "3 mL", 2, "0.67"),
        ("1.005 mg", "1 mL", 2, "1.01"),
        ("450000 mcg", "100 mL", 3, "4.5"),
    ],
)
def test_a_made_concentration_is_rounded_as_it_will_be_printed(mass, volume, decimals, wanted):
    """What went in gives the concentration to the decimals of the label, half up, and nothing finer is kept."""
    made = Preparation.made_from(amount(mass), amount(volume), decimals)
    assert Fraction(wanted) == made.per_millilitre
    assert f"{wanted} mg/mL" == format_quantity(made.concentration)


def test_two_decimals_are_printed_unless_said_otherwise():
    """A made concentration has two decimals by default."""
    assert Fraction("5.01") == Preparation.made_from(amount("500 mg"), amount("99.9 mL")).per_millilitre


def test_a_preparation_has_a_volume():
    """A volume of 0 mL is refused, in words, before anything is divided by it."""
    with pytest.raises(CannotConvert, match="volume above 0 mL"):
        Preparation.made_from(amount("500 mg"), amount("0 mL"))


def test_a_weak_preparation_is_not_rounded_away():
    """A concentration gets more decimals where two would change it by more than 1 %: 0.004 mg/mL is not 0."""
    assert Fraction("0.004") == Preparation.made_from(amount("0.004 mg"), amount("1 mL")).per_millilitre
    assert Fraction("0.015") == Preparation.made_from(amount("1.49 mg"), amount("100 mL")).per_millilitre


@pytest.mark.parametrize(("mass", "volume"), [("5 mL", "100 mL"), ("5 mg", "100 mg"), ("5 drops", "1 mL")])
def test_a_preparation_is_made_from_a_mass_and_a_volume(mass, volume):
    """Anything but a mass and a volume makes no concentration."""
    with pytest.raises(WrongDimension):
        Preparation.made_from(amount(mass), amount(volume))


@pytest.mark.parametrize(
    ("text", "drops", "measured"),
    [
        ("35 drops, 2 mL", 35, "2 mL"),
        ("20 drops, 0.82 g", 20, "0.82 g"),
        ("20 drops,820 mg", 20, "820 mg"),
        ("  1 drop ,  50 mg ", 1, "50 mg"),
    ],
)
def test_a_run_is_read_as_it_is_written(text, drops, measured):
    """A run is so many drops and what they filled or weighed, and is printed as it can be read again."""
    run = read_run(text)
    assert (drops, measured) == (run.drops, str(run.measured))
    assert (run.drops, run.measured.value) == (read_run(str(run)).drops, read_run(str(run)).measured.value)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("35 drops", CannotConvert, "has 1"),
        ("35 drops, 2 mL, 3 mL", CannotConvert, "has 3"),
        ("20 drops, 0,82 g", CannotConvert, "two quantities"),
        ("", CannotConvert, "has 1"),
        ("0 drops, 2 mL", CannotConvert, "one whole drop or more"),
        ("20.5 drops, 2 mL", CannotConvert, "drops are counted"),
        ("20 drops, 0 mL", CannotConvert, "nothing was measured"),
        ("20 drops, 0.0 g", CannotConvert, "nothing was measured"),
        ("2 mL, 35 drops", WrongDimension, "a number of drops"),
        ("35 drops, 5 %", WrongDimension, "a mass"),
        ("35, 2 mL", NotAQuantity, "no unit"),
        ("35 drops, 2", NotAQuantity, "no unit"),
        ("-35 drops, 2 mL", NotAQuantity, "negative"),
        (",", NotAQuantity, "missing"),
        ("35 gtt, 2 mL", NotAQuantity, "write drops"),
    ],
)
def test_a_run_that_measures_nothing_is_refused(text, error, words):
    """A run that is not a whole number of drops with a positive mass or volume is refused with the reason."""
    with pytest.raises(error, match=words):
        read_run(text)


@given(st.text(max_size=80))
def test_any_text_is_a_run_or_refused(text):
    """Whatever the text, a run is read or refused with a FormcheckError whose words can be printed safely."""
    try:
        read_run(text)
    except FormcheckError as refusal:
        assert str(refusal).replace("\u00a0", " ").replace("\u202f", " ").isprintable()


def test_a_weighed_run_needs_a_density():
    """The volume of a weighed run is its mass over the density, and unknown without one."""
    run = read_run("20 drops, 0.82 g")
    assert Fraction("0.82") / Fraction("1.06") == magnitude(run.volume(amount("1.06 g/mL")), "mL")
    with pytest.raises(CannotConvert, match=r"20 drops was weighed.*density"):
        run.volume(None)


def test_a_measured_run_needs_no_density():
    """The volume of a measured run is what was measured."""
    assert Fraction(2) == magnitude(read_run("35 drops, 2 mL").volume(None), "mL")


def _factor(*runs, density=None):
    return DropFactor.from_runs([read_run(run) for run in runs], None if density is None else amount(density))


def test_a_factor_by_volume_is_not_rounded():
    """35 drops to 2 mL are 17.5 drops/mL, not 18 (domain 6.2), and a drop has 1/17.5 mL."""
    factor = _factor("35 drops, 2 mL")
    assert Fraction(35, 2) == factor.per_millilitre
    assert Fraction(35, 2) == magnitude(factor.quantity, "drop/mL")
    assert Fraction(2, 35) == magnitude(factor.volume_of_drop, "mL/drop")
    assert str(factor) == "17.5 drops/mL"


def test_a_factor_by_mass_and_density():
    """20 drops of 0.820 g at 1.06 g/mL are 25.85 drops/mL, 0.03868 mL each (domain 6.2)."""
    factor = _factor("20 drops, 0.82 g", density="1.06 g/mL")
    assert 20 * Fraction("1.06") / Fraction("0.82") == factor.per_millilitre
    assert format_number(factor.per_millilitre, 2) == "25.85"
    assert format_number(magnitude(factor.volume_of_drop, "mL/drop"), 5) == "0.03868"
    assert str(factor) == "25.854 drops/mL"


@pytest.mark.parametrize("density", ["1.06 g/mL", "1060 mg/mL", "106 % w/v"])
@pytest.mark.parametrize("run", ["20 drops, 0.82 g", "20 drops, 820 mg", "20 drops, 820000 mcg"])
def test_a_factor_does_not_depend_on_the_units(run, density):
    """The same run and density in other units give the same exact factor."""
    assert 20 * Fraction("1.06") / Fraction("0.82") == _factor(run, density=density).per_millilitre


def test_several_runs_are_pooled():
    """All the drops over all the millilitres is the factor; the largest deviation of a run is its spread."""
    factor = _factor("20 drops, 1 mL", "30 drops, 1 mL", "25 drops, 2 mL")
    assert Fraction(75, 4) == factor.per_millilitre
    assert (Fraction(20), Fraction(30), Fraction(25, 2)) == factor.run_factors
    assert Fraction(3, 5) == factor.spread


def test_weighed_and_measured_runs_pool_together():
    """Runs by volume and by mass pool into one factor."""
    factor = _factor("20 drops, 1 g", "20 drops, 1 mL", density="1.25 g/mL")
    assert Fraction(40) / (Fraction(1) / Fraction("1.25") + 1) == factor.per_millilitre
    assert (Fraction(25), Fraction(20)) == factor.run_factors


_runs = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 5000)), min_size=1, max_size=5)


@given(_runs, st.integers(700, 1500))
def test_a_pooled_factor_lies_between_its_runs(runs, density):
    """A pooled factor is between the least and the greatest of its runs, and the spread reaches the farther one."""
    texts = [f"{drops} drops, {mass} mg" for drops, mass in runs]
    factor = _factor(*texts, density=f"{density} mg/mL")
    each = [Fraction(drops * density, mass) for drops, mass in runs]
    assert tuple(each) == factor.run_factors
    assert min(each) <= factor.per_millilitre <= max(each)
    assert factor.spread in (factor.per_millilitre - min(each), max(each) - factor.per_millilitre) or factor.spread == max(
        1 - min(each) / factor.per_millilitre, max(each) / factor.per_millilitre - 1
    )


def test_a_typed_factor_has_no_runs():
    """A factor that was typed has no runs, and a spread of nothing."""
    factor = DropFactor.typed(amount("20 drops/mL"))
    assert (Fraction(20), (), (), Fraction(0)) == (factor.per_millilitre, factor.runs, factor.run_factors, factor.spread)


@pytest.mark.parametrize("text", ["20 mg", "20 drops", "20 mL", "20 %", "20 mg/mL", "20 days"])
def test_a_typed_factor_is_drops_in_a_millilitre(text):
    """A quantity of another kind is never taken for a drop factor."""
    with pytest.raises(WrongDimension):
        DropFactor.typed(amount(text))


@pytest.mark.parametrize(
    ("runs", "density", "words"),
    [
        ([], None, "at least one run"),
        (["20 drops, 0.82 g"], None, "give the density"),
        (["20 drops, 1 mL", "20 drops, 0.82 g"], None, "give the density"),
        (["20 drops, 0.82 g"], "0 g/mL", "above 0"),
        (["35 drops, 2 mL"], "1.06 g/mL", "leave out the density"),
    ],
)
def test_a_calibration_that_lacks_something_is_refused(runs, density, words):
    """No run, a missing, useless or impossible density: refused with what to give."""
    with pytest.raises(CannotConvert, match=words):
        _factor(*runs, density=density)


@pytest.mark.parametrize("density", ["1 mg", "1 mL", "1 %", "20 drops/mL"])
def test_a_density_is_a_mass_in_a_volume(density):
    """A quantity of another kind is refused as a density, in words."""
    with pytest.raises(WrongDimension):
        _factor("20 drops, 0.82 g", density=density)


@pytest.mark.parametrize("run", [Run(5, amount("0 mL")), Run(0, amount("1 mL")), Run(-5, amount("1 mL"))], ids=str)
def test_a_run_made_without_reading_is_refused_all_the_same(run):
    """A calibration by a run that measured nothing, or by no drops, is refused."""
    with pytest.raises(CannotConvert):
        DropFactor.from_runs([run])


@pytest.mark.parametrize("number", [Fraction(0), Fraction(-20), 0], ids=repr)
def test_a_factor_is_above_zero(number):
    """Zero and negative drop factors are refused."""
    with pytest.raises(CannotConvert, match="above 0"):
        DropFactor(number)


@pytest.mark.parametrize("number", [20.0, float("inf"), float("nan"), True, "20", None], ids=repr)
def test_a_factor_is_exact(number):
    """A drop factor that is not an exact number is refused, not computed with."""
    with pytest.raises(NotAQuantity):
        DropFactor(number)


def test_a_typed_factor_of_zero_is_refused():
    """0 drops/mL typed is refused in words."""
    with pytest.raises(CannotConvert, match="above 0"):
        DropFactor.typed(amount("0 drops/mL"))
