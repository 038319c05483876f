"""UCUM codes: those of our own units, those of the keys of an answer, and the drop that is only a convention."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from doors.running import THREE, as_json, run

from formcheck.errors import UnknownUnit
from formcheck.ucum import CODES, codes_of, conventional_drops
from formcheck.units import SPELLINGS, amount

PAGE = Path(__file__).resolve().parents[1] / "docs" / "ucum.md"
CALC = {
    "potency": ("--strength", "4.5mg", "--units", "100", "--assay", "99.5%", "--basis", "as-is"),
    "salt": ("4.5mg", "--from", "naltrexone-hydrochloride", "--to", "naltrexone"),
    "minimum-weight": ("--sensitivity", "6mg", "--max-error", "5%"),
    "aliquot": ("--needed", "20mg", "--minimum", "120mg"),
    "dilute": ("--stock", "10mg/mL", "--target", "1mg/mL", "--volume", "100mL"),
    "alligation": ("--low", "1%", "--high", "5%", "--target", "2%", "--total", "100g"),
    "tablets": ("--needed", "135mg", "--label", "50mg", "--tablet-mass", "125mg"),
    "uniformity": ("--mean", "105.9%", "--sd", "5%", "--n", "10"),
    "bud": ("--form", "capsule", "--compounded", "2026-03-01", "--assigned", "2026-03-02"),
    "filling": (
        *("--strength", "4.5mg", "--assay", "99.5%", "--basis", "as-is", "--packing", "150mg"),
        *("--diluent-packing", "130mg", "--units", "100", "--shell", "48mg"),
    ),
    "yield": ("--planned", "100", "--made", "94"),
    "mass-balance": ("--charged", "511.0, 12853 mg", "--units", "94", "--mean", "132.1mg", "--residual", "144mg"),
}


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("mg", "mg"), ("mcg", "ug"), ("g", "g"), ("mL", "mL"), ("days", "d"), ("%", "%"), ("mg/mL", "mg/mL"),
        ("mcg/mL", "ug/mL"), ("g/mL", "g/mL"), ("% w/v", "g/dL"), ("% w/w", "g/(100.g)"), ("drops", "{drop}"),
        ("drops/mL", "{drop}/mL"), ("capsules", "{capsule}"), ("mg/day", "mg/d"), ("mg/drop", "mg/{drop}"),
    ],
)  # fmt: skip
def test_each_unit_has_its_code(unit: str, code: str) -> None:
    """A unit of the closed table is named as UCUM names it; no unit is without a code."""
    assert SPELLINGS[unit].ucum == code
    assert "" not in CODES


def test_the_drop_of_ucum_is_never_written() -> None:
    """[drp] is a fixed twentieth of a millilitre: a drop that was counted is an annotation, which stands for 1."""
    assert not any("drp" in code for code in CODES)
    assert all(code.isascii() and " " not in code for code in CODES)


def test_the_drop_of_ucum_is_not_read() -> None:
    """A quantity in [drp] is refused, with the reason; so is a factor or a content by it."""
    for text in ("1 [drp]", "20 [drp]"):
        with pytest.raises(
            UnknownUnit, match=re.escape("[drp] is 1/20 mL by the convention of UCUM, which no dropper keeps")
        ):
            amount(text)
    for text in ("20 [drp]/mL", "5 mg/[drp]"):
        with pytest.raises(UnknownUnit):
            amount(text)


def test_the_convention_says_that_it_is_one() -> None:
    """What [drp] is by definition is answered with the words that nobody measured it."""
    volume, said = conventional_drops(Fraction(1))
    assert volume == Fraction(1, 20)
    assert "convention" in said and "not a measurement" in said


def test_codes_come_from_the_endings_of_keys() -> None:
    """The longest ending that names a unit counts; keys without one, findings and working are left out."""
    data = {
        "concentration_mg_per_mL": 5, "mg_per_drop": 1, "worst_case_daily_mg": 2, "AV": 3, "outcome": "fail", "n": 10,
        "individual_limits_pct": [75, 125], "runs": [{"drops": 20, "volume_mL": 1}], "working": [{"volume_mL": "no"}],
    }  # fmt: skip
    assert codes_of(data) == {
        "concentration_mg_per_mL": "mg/mL",
        "mg_per_drop": "mg/{drop}",
        "worst_case_daily_mg": "mg/d",
        "individual_limits_pct": "%",
        "drops": "{drop}",
        "volume_mL": "mL",
    }


@pytest.mark.parametrize("command", CALC)
def test_calculators_name_their_codes(command: str) -> None:
    """--ucum adds a code for every key that names a unit, and changes nothing else."""
    plain, coded = as_json("calc", command, *CALC[command]).data, as_json("calc", command, *CALC[command], "--ucum").data
    codes = coded.pop("ucum")
    assert coded == plain and "ucum" not in plain
    assert set(codes) == {key for key in plain if re.search(r"(^|_)(mg|g|mL|pct|days|fraction|tablets)$", key)}
    assert set(codes.values()) <= {*CODES, "1", "{tablet}"}


def test_convert_and_calibrate_name_their_codes() -> None:
    """convert and calibrate name the codes of what they answer; a refused dose has no key and no code."""
    found = as_json("convert", "4.5mg", "--concentration", "5mg/mL", *THREE, "--ucum").data["ucum"]
    assert (found["drops_per_mL"], found["dose_mg"], found["daily_mg"]) == ("{drop}/mL", "mg", "mg/d")
    assert as_json("calibrate", *THREE, "--ucum").data["ucum"]["mL_per_drop"] == "mL/{drop}"
    assert as_json("convert", "11mg", "--concentration", "5mg/mL", "--ucum").data["ucum"] == {}


def test_codes_belong_to_json() -> None:
    """--ucum with text is a usage error that says what to write."""
    for command in (("convert", "4.5mg", "--concentration", "5mg/mL"), ("calc", "tablets", *CALC["tablets"])):
        ran = run(*command, "--ucum")
        assert ran.code == 2 and "--output-format json" in ran.err


def test_the_page_on_codes_is_true() -> None:
    """docs/ucum.md names every unit of the table with its code, and no other."""
    rows = re.findall(r"^\| (\S[^|]*?) \| `([^`]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert dict(rows) == {unit.singular: unit.ucum for unit in SPELLINGS.values()}
