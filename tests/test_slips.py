"""The slip test: what would be taken if one thing goes wrong at home, in words."""

from formcheck.dose import convert
from formcheck.liquid import DropFactor, Preparation
from formcheck.slips import Slip, slips_of, slips_that_warn
from formcheck.units import amount


def _slips(intake, concentration="5 mg/mL", factor=None, per_day=1):
    factor = None if factor is None else DropFactor.typed(amount(factor))
    return slips_of(convert(amount(intake), Preparation.labelled(amount(concentration)), factor, per_day=per_day))


def test_the_slips_of_drops():
    """With drops: one more, a full dropper, mL taken for drops, one decimal place, twice as often."""
    assert (
        Slip("one drop more each time", "4.75 mg", False),
        Slip("a full dropper (1 mL) each time", "5 mg", False),
        Slip("18 mL for 18 drops", "90 mg", True),
        Slip("one decimal place (ten times)", "45 mg", True),
        Slip("twice as often", "9 mg", False),
    ) == _slips("4.5 mg", factor="20 drops/mL")


def test_the_slips_of_a_volume():
    """Without drops only the decimal place and the frequency can slip."""
    assert (
        Slip("one decimal place (ten times)", "45 mg", True),
        Slip("twice as often", "9 mg", False),
    ) == _slips("4.5 mg")


def test_the_slips_count_every_intake():
    """Each slip is reckoned for the whole day, from what the drops deliver."""
    slips = _slips("2.25 mg", concentration="10 mg/mL", factor="40 drops/mL", per_day=2)
    assert [slip.taken for slip in slips] == ["5 mg", "20 mg", "180 mg", "45 mg", "9 mg"]
    assert slips[2].what == "9 mL for 9 drops"


def test_just_the_ceiling_is_not_above_it():
    """A slip to exactly 10 mg does not pass the ceiling, a slip to a little more does and says so in its number."""
    assert Slip("twice as often", "10 mg", False) == _slips("5 mg")[-1]
    assert Slip("twice as often", "10.0002 mg", True) == _slips("5.0001 mg")[-1]
    assert Slip("a full dropper (1 mL) each time", "10 mg", False) == _slips("1 mg", "10 mg/mL", "20 drops/mL")[1]


def test_a_slip_is_reckoned_from_the_delivered_dose():
    """Where drops are rounded, the slips start from what the whole drops deliver, not from what was asked."""
    slips = _slips("4.4 mg", factor="20 drops/mL")
    assert Slip("one drop more each time", "4.75 mg", False) == slips[0]
    assert Slip("twice as often", "9 mg", False) == slips[-1]


def test_a_slip_is_words_and_no_dose():
    """What would be taken is text: nothing of a slip can be given to a person."""
    slips = _slips("4.5 mg", factor="20 drops/mL")
    assert {str, bool} == {type(value) for slip in slips for value in (slip.what, slip.taken, slip.above_ceiling)}


def _warned(intake, concentration="5 mg/mL", factor=None, per_day=1, **options):
    factor = None if factor is None else DropFactor.typed(amount(factor))
    conversion = convert(amount(intake), Preparation.labelled(amount(concentration)), factor, per_day=per_day)
    return [slip.what for slip in slips_that_warn(conversion, **options)]


def test_only_three_slips_warn():
    """One drop more, a full dropper and twice as often warn; mL for drops and a decimal place always pass, and do not."""
    assert _warned("4.5 mg", factor="20 drops/mL") == []
    assert _warned("9.9 mg", "20 mg/mL", "20 drops/mL") == [
        "one drop more each time",
        "a full dropper (1 mL) each time",
        "twice as often",
    ]


def test_exactly_the_ceiling_warns_of_nothing():
    """5 mg twice as often is 10 mg, and a full dropper of 10 mg/mL too: at the ceiling, not above."""
    assert _warned("5 mg", "10 mg/mL", "20 drops/mL") == []
    assert _warned("5.01 mg") == ["twice as often"]


def test_of_a_record_only_the_full_dropper_warns():
    """Where only the full dropper is asked for, the other slips say nothing."""
    assert _warned("9.9 mg", "20 mg/mL", "20 drops/mL", only_full_dropper=True) == ["a full dropper (1 mL) each time"]
