"""calc: the keys of the contract, the outcomes and exit codes, and what is refused."""

import pytest

from doors.running import FIRST, as_json, run

SHOWN = ["working", "notes"]
POTENCY = ("potency", "--strength", "4.5mg", "--units", "100", "--assay", "99.5%", "--basis")
FILLING = ("filling", "--strength", "4.5mg", "--assay", "99.5%", "--basis", "as-is", "--packing", "150mg")
FILLING += ("--diluent-packing", "130mg")
ALIQUOT = [
    "drug_weighed_mg",
    "diluent_mg",
    "total_mg",
    "aliquot_mg",
    "drug_in_aliquot_mg",
    "all_weighings_at_least_minimum",
]
SUMMARY = ["n", "mean_pct", "s", "rsd_pct", "M", "k", "AV", "AV_1dp", "L1", "individual_limits_pct"]
SUMMARY += ["n_outside_individual_limits", "outcome"]
DATES = ["beyond_use_date", "latest_beyond_use_date", "days", "limited_by"]

CALCULATIONS = [
    ((*POTENCY, "anhydrous-solvent-free", "--water", "8.7%"), 0, ["potency_fraction", "weigh_mg", "uncorrected_mg"]),
    (("salt", "4.5mg", "--from", "naltrexone-hydrochloride", "--to", "naltrexone"), 0, ["fraction", "mass_mg"]),
    (("salt", "10mg", "--mw-from", "345.67", "--mw-to", "309.22"), 0, ["fraction", "mass_mg"]),
    (("minimum-weight", "--sensitivity", "6mg", "--max-error", "5%"), 0, ["minimum_mg", "method"]),
    (("minimum-weight", "--repeatability", "0.08mg", "--readability", "0.1mg"), 0, ["minimum_mg", "method"]),
    (
        ("minimum-weight", "--repeatability", "0.6mg", "--readability", "1mg", "--max-error", "5%"),
        0,
        ["minimum_mg", "method"],
    ),
    (
        (*POTENCY, "as-is", "--weighed", "455mg"),
        0,
        ["potency_fraction", "weigh_mg", "uncorrected_mg", "weighed_pct"],
    ),
    (FILLING, 0, ["active_powder_mg", "filled_by_active_pct", "diluent_each_mg", "net_mg"]),
    (
        (*FILLING, "--shell", "48mg", "--units", "100"),
        0,
        ["active_powder_mg", "filled_by_active_pct", "diluent_each_mg", "net_mg", "gross_mg", "diluent_mg"],
    ),
    (("yield", "--planned", "100", "--made", "94"), 0, ["yield_pct"]),
    (("yield", "--planned", "250mL", "--made", "240mL"), 0, ["yield_pct"]),
    (
        ("mass-balance", "--charged", "511.0, 12853 mg", "--units", "94", "--mean", "132.1mg", "--residual", "144mg"),
        0,
        ["charged_mg", "in_units_mg", "lost_mg", "unaccounted_pct"],
    ),
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
    (("uniformity", "--mean", "105.9%", "--sd", "5%", "--n", "30"), 3, SUMMARY),
    (("uniformity", "--mean", "105.9%", "--sd", "6%", "--n", "30"), 1, SUMMARY),
    (("bud", "--form", "capsule", "--compounded", "2026-03-01", "--earliest-expiry", "05/2026"), 0, DATES),
    (("bud", "--form", "capsule", "--compounded", "2026-03-01", "--earliest-expiry", "2026-02-28"), 1, []),
    (
        ("bud", "--form", "capsule", "--compounded", "2026-03-01", "--assigned", "2026-08-28"),
        0,
        [*DATES, "assigned_days"],
    ),
    (
        ("bud", "--form", "capsule", "--compounded", "2026-03-01", "--assigned", "2026-08-29"),
        1,
        [*DATES, "assigned_days"],
    ),
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
        (
            ("aliquot", "--needed", "4mg", "--minimum", "1mg", "--drug", "2mg", "--diluent", "3mg", "--aliquot", "6mg"),
            "5 mg",
        ),
        (("aliquot", "--needed", "0mg", "--minimum", "120mg"), "above 0"),
        (("dilute", "--stock", "1%", "--target", "5%", "--volume", "100mL"), "weaker"),
        (("alligation", "--low", "1%", "--high", "5%", "--target", "7%", "--total", "1g"), "between"),
        (("tablets", "--needed", "1mg", "--label", "50mg", "--tablet-mass", "5mg"), "cannot hold"),
        (("uniformity", "--mean", "100%", "--sd", "2%", "--n", "20"), "takes 10 units, or 30"),
        (("uniformity", "--mean", "100%", "--sd", "2%", "--n", "ten"), '"ten"'),
        (("salt", "4.5mg", "--mw-from", "1", "--mw-to", "2", "--from", "naltrexone"), "--from does not belong here"),
        (("aliquot", "--needed", "20mg", "--minimum", "120mg", "--drug", "2mg"), "--diluent, --aliquot are missing"),
        ((*POTENCY[:-3], "--assay", "0.995", "--basis", "as-is"), "write 99.5 % if it is a fraction"),
        ((*POTENCY[:-3], "--assay", "110.1%", "--basis", "as-is"), "cannot be"),
        (("potency", "--strength", "4.5mg", "--units", "100.5 capsules", *POTENCY[5:], "as-is"), "not a whole number"),
        (("minimum-weight", "--sensitivity", "6mg", "--max-error", "100%"), "as much as what is weighed"),
        (("alligation", "--low", "5%", "--high", "1%", "--target", "2%", "--total", "1g"), "are they swapped?"),
        (("alligation", "--low", "1mg/mL", "--high", "5mg/mL", "--target", "2mg/mL", "--total", "1g"), "total in mL"),
        (("alligation", "--low", "1%", "--high", "500%", "--target", "2%", "--total", "1g"), "more than 100 %"),
        (("mass-variation", "--masses", "100, 101 mg", "--limit", "100%"), "lets everything pass"),
        (("yield", "--planned", "100", "--made", "94mL"), "cannot be compared"),
        (("yield", "--planned", "0", "--made", "94"), "above 0"),
        (("yield", "--planned", "100", "--made", "94.5 capsules"), "not a whole number"),
        (("mass-balance", "--charged", "0 mg", "--units", "94", "--mean", "1mg", "--residual", "1mg"), "above 0"),
        ((*FILLING[:-1], "0mg"), "above 0"),
        (("bud",), "Choose from: capsule, aqueous-preserved"),
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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("potency", "--strength", "4.5mg", "--units", "100", "--assay", "9.95%", "--basis", "as-is"), "decimal point"),
        ((*POTENCY, "as-is", "--batch-overage", "30%"), "overage of the batch is 30 %"),
        (("aliquot", "--needed", "0.5mg", "--minimum", "120mg"), "hard to mix evenly in one step"),
        (("mass-variation", "--masses", "100, 125 mg"), "2 of 2 is more than that"),
        (("uniformity", "--contents", ",".join(["100"] * 10) + " %"), "equal to the last digit"),
    ],
    ids=lambda part: " ".join(part)[:60] if isinstance(part, tuple) else None,
)
def test_a_warning_stands_below_the_answer_even_in_quiet(arguments: tuple[str, ...], words: str) -> None:
    """What makes the answer doubtful is seen before the working, and where -q leaves the working out; JSON has it too."""
    whole, quiet, data = run("calc", *arguments), run("calc", *arguments, "-q"), as_json("calc", *arguments).data

    assert words in " ".join(whole.out.partition("\n  1. ")[0].split())
    assert words in quiet.out and quiet.out.splitlines()[1].startswith("Warning: ")
    assert any(words in note for note in data["notes"])


def test_an_active_that_does_not_fit_fails() -> None:
    """More powder than fills a capsule: exit 1, and no diluent is named."""
    ran = as_json("calc", *FILLING[:-3], "4.5mg", "--diluent-packing", "130mg")

    assert ran.code == 1
    assert list(ran.data) == [*FIRST, "active_powder_mg", "filled_by_active_pct", *SHOWN]


@pytest.mark.parametrize("name", ["potency", "filling"])
def test_no_unit_above_the_ceiling_is_reckoned(name: str) -> None:
    """A strength above 10 mg a unit: exit 1, an error, and no number."""
    more = ("--units", "100") if name == "potency" else FILLING[-4:]
    ran = as_json("calc", name, "--strength", "10.01mg", "--assay", "99%", "--basis", "as-is", *more)

    assert (ran.code, list(ran.data)) == (1, [*FIRST, "error"])


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
        "filling",
        "yield",
        "mass-balance",
    ):
        assert name in listed
        assert f"formcheck calc {name}" in run("calc", name, "--help").out
