"""calc: the keys of the contract, the outcomes and exit codes, and what is refused."""

import pytest

from doors.running import FIRST, as_json, run

SHOWN = ["working", "notes"]
POTENCY = ("potency", "--strength", "4.5mg", "--units", "100", "--assay", "99.5%", "--basis")
ALIQUOT = [
    "drug_weighed_mg",
    "diluent_mg",
    "total_mg",
    "aliquot_mg",
    "drug_in_aliquot_mg",
    "all_weighings_at_least_minimum",
]
SUMMARY = ["n", "mean_pct", "s", "rsd_pct", "M", "k", "AV", "AV_1dp", "L1", "outcome"]
DATES = ["beyond_use_date", "latest_beyond_use_date", "days", "limited_by"]

CALCULATIONS = [
    ((*POTENCY, "anhydrous-solvent-free", "--water", "8.7%"), 0, ["potency_fraction", "weigh_mg", "uncorrected_mg"]),
    (("salt", "4.5mg", "--from", "naltrexone-hydrochloride", "--to", "naltrexone"), 0, ["fraction", "mass_mg"]),
    (("salt", "10mg", "--mw-from", "345.67", "--mw-to", "309.22"), 0, ["fraction", "mass_mg"]),
    (("minimum-weight", "--sensitivity", "6mg", "--max-error", "5%"), 0, ["minimum_mg", "method"]),
    (("minimum-weight", "--repeatability", "0.08mg", "--readability", "0.1mg"), 0, ["minimum_mg", "method"]),
    (("aliquot", "--needed", "20mg", "--minimum", "120mg"), 0, ALIQUOT),
    (
        ("aliquot", "--needed", "4mg", "--minimum", "120mg", "--drug", "2mg", "--diluent", "2mg", "--aliquot", "4mg"),
        1,
        ALIQUOT,
    ),
    (("dilute", "--stock", "10mg/mL", "--target", "1mg/mL", "--volume", "100mL"), 0, ["stock_mL", "diluent_mL"]),
    (("alligation", "--low", "1%", "--high", "5%", "--target", "2%", "--total", "100g"), 0, ["low_g", "high_g"]),
    (("alligation", "--low", "1%", "--high", "5%", "--target", "2%", "--total", "100mL"), 0, ["low_mL", "high_mL"]),
    (("tablets", "--needed", "135mg", "--label", "50mg", "--tablet-mass", "125mg"), 0, ["powder_mg", "tablets"]),
    (("uniformity", "--mean", "105.9%", "--sd", "5%", "--n", "10"), 3, SUMMARY),
    (("uniformity", "--mean", "105.9%", "--sd", "5%", "--n", "30"), 3, [*SUMMARY, "individual_limits_pct"]),
    (("uniformity", "--mean", "105.9%", "--sd", "6%", "--n", "30"), 1, [*SUMMARY, "individual_limits_pct"]),
    (("bud", "--form", "capsule", "--compounded", "2026-03-01", "--earliest-expiry", "05/2026"), 0, DATES),
    (("bud", "--form", "capsule", "--compounded", "2026-03-01", "--earliest-expiry", "2026-02-28"), 1, []),
    (
        ("bud", "--form", "aqueous-preserved", "--compounded", "2026-03-01", "--stability-days", "60", "--justified"),
        0,
        DATES,
    ),
]


@pytest.mark.parametrize(
    ("arguments", "code", "keys"), CALCULATIONS, ids=lambda part: " ".join(part)[:60] if isinstance(part, tuple) else None
)
def test_keys_and_exit_codes(arguments: tuple[str, ...], code: int, keys: list[str]) -> None:
    """Each calculator answers with the keys of the contract, its working and its notes, and the exit code that belongs."""
    ran = as_json("calc", *arguments)

    assert (ran.code, list(ran.data)) == (code, [*FIRST, *keys, *SHOWN])
    assert run("calc", *arguments).code == code


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*POTENCY, "anhydrous"), "type --water 0%"),
        ((*POTENCY, "dried"), "type --loss-on-drying 0%"),
        ((*POTENCY, "as-is", "--water", "8.7%"), "subtracted twice"),
        ((*POTENCY, "as-is", "--loss-on-drying", "1%"), "subtracted twice"),
        ((*POTENCY, "wet"), "wet"),
        (
            ("potency", "--strength", "4,5mg", "--units", "100", "--assay", "99%", "--basis", "as-is"),
            "write a decimal point: 4.5mg",
        ),
        (
            ("potency", "--strength", "4.5mg", "--units", "100 mL", "--assay", "99%", "--basis", "as-is"),
            "mg/mL with a volume",
        ),
        (("potency", "--strength", "4.5mg", "--units", "100", "--assay", "0.99", "--basis", "as-is"), "%"),
        (("salt", "4.5mg", "--from", "naltrexone"), "name both forms"),
        (("salt", "4.5mg", "--mw-from", "1"), "--mw-to is missing"),
        (("salt", "4.5mg", "--mw-from", "1", "--mw-to", "2", "--from", "naltrexone"), "--from"),
        (("minimum-weight", "--sensitivity", "6mg"), "--max-error is missing"),
        (("minimum-weight",), "give --sensitivity"),
        (("minimum-weight", "--sensitivity", "6mg", "--max-error", "5%", "--readability", "1mg"), "does not belong here"),
        (("aliquot", "--needed", "20mg", "--minimum", "120mg", "--drug", "2mg"), "is missing"),
        (
            ("aliquot", "--needed", "4mg", "--minimum", "1mg", "--drug", "2mg", "--diluent", "3mg", "--aliquot", "6mg"),
            "5 mg",
        ),
        (("aliquot", "--needed", "0mg", "--minimum", "120mg"), "above 0"),
        (("dilute", "--stock", "1%", "--target", "5%", "--volume", "100mL"), "weaker"),
        (("alligation", "--low", "1%", "--high", "5%", "--target", "7%", "--total", "1g"), "between"),
        (("tablets", "--needed", "1mg", "--label", "50mg", "--tablet-mass", "5mg"), "cannot hold"),
        (("uniformity", "--mean", "100%", "--sd", "2%", "--n", "20"), "takes 10 units, or 30"),
        (("uniformity", "--mean", "100%", "--sd", "2%", "--n", "ten"), "takes 10 units, or 30"),
        (("uniformity",), "give --contents"),
        (("bud", "--form", "capsule", "--compounded", "1 March"), "year-month-day"),
        (("bud", "--form", "capsule", "--compounded", "2026-03-01", "--justified"), "--stability-days"),
        (("bud", "--form", "cream", "--compounded", "2026-03-01"), "cream"),
    ],
    ids=lambda part: " ".join(part)[:60] if isinstance(part, tuple) else None,
)
def test_what_cannot_be_reckoned_is_refused_with_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    """Exit 2, the sentence on standard error and as JSON, and no number."""
    plain, data = run("calc", *arguments), as_json("calc", *arguments)

    assert (plain.code, data.code) == (2, 2)
    assert words in " ".join(plain.err.split())
    assert list(data.data) == [*FIRST, "error"]


def test_a_unit_above_the_ceiling_is_refused() -> None:
    """A strength of 45 mg a capsule is a slip: exit 1, and no key with a mass."""
    ran = as_json("calc", "potency", "--strength", "45mg", "--units", "100", "--assay", "99%", "--basis", "as-is")

    assert ran.code == 1
    assert list(ran.data) == [*FIRST, "error"]


def test_quiet_and_output(tmp_path) -> None:
    """-q prints the answer alone; -o writes the working into a file, and -o never leaves half a file."""
    arguments = ("calc", "tablets", "--needed", "135mg", "--label", "50mg", "--tablet-mass", "125mg")
    file = tmp_path / "working.txt"

    assert run(*arguments, "-q").out == "Crush 3 tablets and weigh 337.5 mg of the powder\n"
    assert run(*arguments, "-o", str(file)).code == 0
    assert file.read_text(encoding="utf-8") == run(*arguments).out
    assert [path.name for path in tmp_path.iterdir()] == ["working.txt"]


def test_every_calculator_has_help() -> None:
    """calc and each of its commands explain themselves with an example."""
    listed = run("calc", "--help").out
    for name in (
        "potency",
        "salt",
        "minimum-weight",
        "aliquot",
        "dilute",
        "alligation",
        "tablets",
        "uniformity",
        "mass-variation",
        "bud",
    ):
        assert name in listed
        assert f"formcheck calc {name}" in run("calc", name, "--help").out
