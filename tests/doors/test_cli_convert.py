"""convert: one intake in every form, the keys of the contract, and what is refused."""

from fractions import Fraction
from pathlib import Path

import pytest

from doors.running import FINDING, FIRST, THREE, WEIGHED, convert, run

ALWAYS = ["dose_mg", "concentration_mg_per_mL", "volume_mL"]
OF_DROPS = [
    "drops_per_mL",
    "mg_per_drop",
    "drops_exact",
    "drops",
    "delivered_mg",
    "delivered_volume_mL",
    "rounding_error_pct",
]
OF_THE_DAY = ["per_day", "daily_mg", "worst_case_daily_mg"]
WITH_DROPS = [*FIRST, *ALWAYS, *OF_DROPS, *OF_THE_DAY, "findings"]
WITHOUT_DROPS = [*FIRST, *ALWAYS, *OF_THE_DAY, "findings"]
TWENTY = ("--drop-factor", "20 drops/mL")


def test_the_example_of_the_specification_in_words() -> None:
    """It is done when: 4.5 mg of 5 mg/mL by the weighed run is 23 drops, 4.448 mg, -1.2 %, at worst 5.87 mg."""
    ran = run("convert", "4.5mg", "--concentration", "5mg/mL", *WEIGHED)
    assert ran.code == 0
    for words in ("23 drops", "4.448 mg", "-1.2 %", "5.87 mg"):
        assert words in ran.out


def test_the_example_of_the_specification_in_numbers() -> None:
    """The same example as JSON has every key of the contract, in its order, and these numbers."""
    ran = convert("4.5mg", *WEIGHED)
    assert ran.code == 0 and list(ran.data) == WITH_DROPS
    factor = Fraction(20) / (Fraction("0.82") / Fraction("1.06"))
    held = 5 / factor
    wanted = {
        "dose_mg": Fraction("4.5"),
        "concentration_mg_per_mL": 5,
        "volume_mL": Fraction("0.9"),
        "drops_per_mL": factor,
        "mg_per_drop": held,
        "drops_exact": Fraction("4.5") / held,
        "drops": 23,
        "delivered_mg": 23 * held,
        "delivered_volume_mL": 23 / factor,
        "rounding_error_pct": (23 * held / Fraction("4.5") - 1) * 100,
        "per_day": 1,
        "daily_mg": 23 * held,
        "worst_case_daily_mg": 24 * held * Fraction("1.1") * Fraction("1.15"),
    }
    assert {key: ran.data[key] for key in wanted} == pytest.approx(
        {key: float(value) for key, value in wanted.items()}, rel=1e-15
    )
    assert type(ran.data["drops"]) is int
    assert (round(ran.data["delivered_mg"], 3), round(ran.data["rounding_error_pct"], 1)) == (4.448, -1.2)
    assert round(ran.data["worst_case_daily_mg"], 2) == 5.87


def test_a_ten_millionth_above_the_ceiling_is_refused() -> None:
    """It is done when: 10.0000001 mg exits 1 with FC101, and no key carries a dose."""
    ran = convert("10.0000001mg")
    assert ran.code == 1 and list(ran.data) == [*FIRST, "findings"] and ran.codes == ["FC101"]
    finding = ran.data["findings"][0]
    assert list(finding) == FINDING and (finding["verdict"], finding["severity"]) == ("fail", "error")
    assert "10.0000001 mg" in finding["found"], "the number is not rounded to the limit it passes"
    words = run("convert", "10.0000001mg", "--concentration", "5mg/mL")
    assert words.code == 1 and "REFUSED" in words.out and " mL" not in words.out
    assert "formcheck's own limit, not a legal maximum" in " ".join(words.out.split())


def test_25_mg_is_not_low_dose_any_more() -> None:
    """From 25 mg a day on the refusal says that this is not low-dose naltrexone; below it says only that it is too much."""
    for quantity, said in (("25mg", True), ("50mg", True), ("24.9mg", False)):
        ran = convert(quantity)
        assert ran.code == 1 and ran.codes == ["FC101"]
        assert ("not low-dose naltrexone" in ran.data["findings"][0]["message"]) is said


def test_exactly_the_ceiling_is_converted() -> None:
    """10 mg a day is allowed, as mass, as volume and in two doses."""
    for quantity, more in (("10mg", ()), ("2mL", ()), ("5mg", ("--per-day", "2")), ("40 drops", TWENTY)):
        ran = convert(quantity, *more)
        assert ran.code == 0 and ran.data["daily_mg"] == 10


@pytest.mark.parametrize(
    ("quantity", "more"),
    [
        ("10.1mg", ()),
        ("45mg", ()),
        ("10g", ()),
        ("10001 mcg", ()),
        ("2.001mL", ()),
        ("41 drops", TWENTY),
        ("4.5mg", ("--per-day", "3")),
        ("6mg", ("--per-day", "2", *TWENTY)),
        ("1mL", ("--per-day", "24")),
        ("9.1mg", ("--basis", "naltrexone")),
    ],
)
def test_more_than_the_ceiling_is_refused_without_a_number(quantity: str, more: tuple[str, ...]) -> None:
    """Above 10 mg a day in any form: exit 1, the one finding FC101, and no key that carries a dose."""
    ran = convert(quantity, *more, "--slips")
    assert ran.code == 1 and list(ran.data) == [*FIRST, "findings"] and ran.codes == ["FC101"]


@pytest.mark.parametrize("form", [("4.5mg", ()), ("0.9mL", ()), ("4500 mcg", ()), ("0.0045g", ())])
def test_keys_that_need_a_drop_factor_are_absent_without_one(form: tuple[str, tuple[str, ...]]) -> None:
    """Without a drop factor the keys of drops are absent (not null), and the rest keeps its order."""
    ran = convert(form[0])
    assert ran.code == 0 and list(ran.data) == WITHOUT_DROPS
    assert (ran.data["dose_mg"], ran.data["volume_mL"], ran.data["daily_mg"]) == (4.5, 0.9, 4.5)
    assert ran.data["worst_case_daily_mg"] == 4.95, "the dose and the upper tolerance of the content"


def test_a_volume_is_turned_into_the_other_two() -> None:
    """Of a volume, dose_mg says what it holds, and drops how many that would be."""
    data = convert("0.9mL", *TWENTY).data
    assert list(data) == WITH_DROPS
    assert (data["dose_mg"], data["volume_mL"], data["drops"], data["delivered_mg"]) == (4.5, 0.9, 18, 4.5)


def test_whole_drops_are_turned_into_the_other_two() -> None:
    """Of whole drops, dose_mg says what they hold; they deliver exactly that, without a rounding error."""
    data = convert("23 drops", *WEIGHED).data
    assert list(data) == WITH_DROPS
    assert data["drops"] == 23 and data["rounding_error_pct"] == 0 and data["dose_mg"] == data["delivered_mg"]
    assert round(data["dose_mg"], 3) == 4.448


def test_a_day_multiplies_what_is_delivered() -> None:
    """daily_mg is what the counted drops deliver, times per_day; the worst case is one drop more each time."""
    data = convert("1.5mg", *TWENTY, "--per-day", "3").data
    assert (data["per_day"], data["drops"], data["dose_mg"], data["daily_mg"]) == (3, 6, 1.5, 4.5)
    assert data["worst_case_daily_mg"] == pytest.approx(3 * 7 * 0.25 * 1.1 * 1.15, rel=1e-15)
    rounded = convert("1.4mg", *TWENTY, "--per-day", "3").data
    assert (rounded["drops"], rounded["delivered_mg"], rounded["daily_mg"]) == (6, 1.5, 4.5)


def test_the_tolerances_of_the_worst_case_can_be_given() -> None:
    """--content-tolerance and --drop-tolerance replace 10 % and 15 %."""
    data = convert("1.5mg", *TWENTY, "--content-tolerance", "5%", "--drop-tolerance", "0 %").data
    assert data["worst_case_daily_mg"] == pytest.approx(7 * 0.25 * 1.05, rel=1e-15)
    data = convert("1.5mg", "--content-tolerance", "5 %").data
    assert data["worst_case_daily_mg"] == pytest.approx(1.575, rel=1e-15)


def test_a_worst_case_above_the_ceiling_is_said_and_not_given() -> None:
    """When the worst case passes 10 mg the key is absent, and FC109 says the number, in print too (exit 0)."""
    ran = convert("8.5mg", *TWENTY)
    assert ran.code == 0 and list(ran.data) == [key for key in WITH_DROPS if key != "worst_case_daily_mg"]
    (finding,) = [finding for finding in ran.data["findings"] if finding["code"] == "FC109"]
    worst = 35 * 0.25 * 1.1 * 1.15
    assert finding["severity"] == "warning" and f"{worst:.2f}" in finding["message"]
    words = run("convert", "8.5mg", "--concentration", "5mg/mL", *TWENTY)
    assert words.code == 0 and "FC109" in words.out and "Worst case  " not in words.out


@pytest.mark.parametrize(
    ("quantity", "more", "codes"),
    [
        ("4.5mg", (), ["FC112", "FC113"]),
        ("4.5mg", ("--basis", "hydrochloride"), ["FC112"]),
        ("4.0mg", ("--basis", "naltrexone"), ["FC112", "FC113"]),
        ("4.51mg", (), ["FC111", "FC112", "FC113"]),
        ("4.5mg", TWENTY, ["FC603", "FC112", "FC113"]),
        ("4.5mg", ("--run", "20 drops, 1 mL"), ["FC602", "FC112", "FC113"]),
        ("4.5mg", THREE, ["FC112", "FC113"]),
        ("2.3mg", ("--per-day", "2"), ["FC111", "FC112", "FC113"]),
    ],
)
def test_what_is_said_of_a_conversion(quantity: str, more: tuple[str, ...], codes: list[str]) -> None:
    """A typed factor is FC603, a single run FC602, above 4.5 mg a day FC111; FC112 always, FC113 where assumed; exit 0."""
    ran = convert(quantity, *more)
    assert (ran.code, ran.codes) == (0, codes)
    severities = {finding["code"]: finding["severity"] for finding in ran.data["findings"]}
    wanted = {"FC111": "warning", "FC112": "info", "FC113": "info", "FC602": "warning", "FC603": "warning"}
    assert severities == {code: wanted[code] for code in codes}


def test_the_base_is_turned_into_the_hydrochloride() -> None:
    """4 mg of the base is 4.43 mg of the hydrochloride, and dose_mg counts the hydrochloride."""
    data = convert("4mg", "--basis", "naltrexone").data
    assert data["dose_mg"] == pytest.approx(4 * 377.86 / 341.40, rel=1e-15)
    (said,) = [finding["message"] for finding in data["findings"] if finding["code"] == "FC113"]
    assert "base" in said and "concentration" in said and "1.1068 mg" in said


def test_less_than_half_a_drop_is_refused() -> None:
    """A dose of less than half a drop is refused with FC604, exit 1, and no key that carries a dose."""
    ran = convert("0.12mg", *TWENTY)
    assert ran.code == 1 and list(ran.data) == [*FIRST, "findings"] and ran.codes == ["FC604"]


def test_half_a_drop_is_rounded_up_and_fails() -> None:
    """Exactly half a drop is one drop, twice the dose: the numbers are given, and FC604 fails."""
    ran = convert("0.125mg", *TWENTY)
    assert ran.code == 1 and ran.data["drops"] == 1 and ran.data["rounding_error_pct"] == 100
    assert "FC604" in ran.codes


def test_more_than_ten_percent_off_fails_with_the_doses_that_can_be_given() -> None:
    """0.5 mg of 5 mg/mL at 25.85 drops/mL is 3 drops, +16 %: the numbers, FC604 with the nearest doses, exit 1."""
    ran = convert("0.5mg", *WEIGHED)
    assert ran.code == 1 and list(ran.data) == WITH_DROPS and ran.data["drops"] == 3
    (finding,) = [finding for finding in ran.data["findings"] if finding["code"] == "FC604"]
    assert (finding["verdict"], finding["severity"]) == ("fail", "error")
    assert "0.387 mg (2 drops)" in finding["message"] and "0.58 mg (3 drops)" in finding["message"]


@pytest.mark.parametrize(
    ("dose", "concentration", "code", "severities"),
    [
        ("1 mg", "9.5mg/mL", 0, []),
        ("1.0000001 mg", "9.5mg/mL", 0, ["warning"]),
        ("1 mg", "9mg/mL", 0, ["warning"]),
        ("1.0000001 mg", "9mg/mL", 1, ["error"]),
        ("0.95 mg", "10mg/mL", 0, ["warning"]),
        ("0.9 mg", "10mg/mL", 1, ["error"]),
    ],
)
def test_the_rounding_error_is_a_warning_beyond_five_and_an_error_beyond_ten_percent(
    dose: str, concentration: str, code: int, severities: list[str]
) -> None:
    """One drop for about 1 mg: beyond 5 % off is a warning, beyond 10 % an error (exit 1); compared without rounding."""
    ran = convert(dose, "--drop-factor", "10 drops/mL", concentration=concentration)
    assert ran.code == code and ran.data["drops"] == 1
    assert [f["severity"] for f in ran.data["findings"] if f["code"] == "FC604"] == severities


def test_drops_are_rounded_down_where_nearest_would_pass_the_ceiling() -> None:
    """9.9 mg in drops of 1.5 mg would be 7 drops, 10.5 mg: 6 are given, and never more than 10 mg a day."""
    ran = convert("9.9mg", "--drop-factor", "2 drops/mL", concentration="3mg/mL")
    assert ran.data["drops"] == 6 and ran.data["daily_mg"] == 9


@pytest.mark.parametrize(
    "arguments",
    [
        ("0mg", "--concentration", "5mg/mL"),
        ("0 mL", "--concentration", "5mg/mL"),
        ("0 drops", "--concentration", "5mg/mL", *TWENTY),
        ("23 drops", "--concentration", "5mg/mL"),
        ("23 drops", *TWENTY),
        ("4.5mg",),
        ("0.9mL",),
        ("4.5mg", *TWENTY),
        ("22.5 drops", "--concentration", "5mg/mL", *TWENTY),
        ("4.5mg", "--concentration", "5mg/mL", "--per-day", "0"),
        ("4.5mg", "--concentration", "5mg/mL", "--per-day", "25"),
        ("0.1mg", "--concentration", "5mg/mL", "--per-day", "1.5"),
        ("0.1mg", "--concentration", "5mg/mL", "--per-day", "two"),
        ("4.5mg", "--concentration", "5mg"),
        ("4.5mg", "--concentration", "5%"),
        ("4.5mg", "--concentration", "0mg/mL"),
        ("2 capsules", "--concentration", "5mg/mL"),
        ("4.5mg/mL", "--concentration", "5mg/mL"),
        ("4.5", "--concentration", "5mg/mL"),
        ("4,5mg", "--concentration", "5mg/mL"),
        ("4.5 Mg", "--concentration", "5mg/mL"),
        ("4.5 mg mg", "--concentration", "5mg/mL"),
        ("18 gtt", "--concentration", "5mg/mL", *TWENTY),
        ("nan mg", "--concentration", "5mg/mL"),
        ("", "--concentration", "5mg/mL"),
        ("4.5mg", "--concentration", "5mg/mL", "--drop-factor", "20"),
        ("4.5mg", "--concentration", "5mg/mL", "--drop-factor", "0 drops/mL"),
        ("4.5mg", "--concentration", "5mg/mL", "--density", "1.06 g/mL"),
        ("4.5mg", "--concentration", "5mg/mL", "--run", "20 drops, 0.82 g"),
        ("4.5mg", "--concentration", "5mg/mL", "--run", "20 drops"),
        ("4.5mg", "--concentration", "5mg/mL", "--run", "0 drops, 1 mL"),
        ("4.5mg", "--concentration", "5mg/mL", *TWENTY, "--run", "20 drops, 1 mL"),
        ("4.5mg", "--concentration", "5mg/mL", "--calibration", "no such file.yaml"),
        ("4.5mg", "--concentration", "5mg/mL", "--content-tolerance", "10"),
        ("4.5mg", "--concentration", "5mg/mL", "--basis", "salt"),
        ("4.5mg", "--concentration", "5mg/mL", "--nonsense"),
        ("4.5mg", "--concentration", "5mg/mL", "--output-format", "xml"),
    ],
)
def test_what_makes_no_conversion_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    """Zero, a missing concentration or factor, fractions of drops, a wrong unit or option: exit 2 and one sentence."""
    ran = run("convert", *arguments)
    assert ran.code == 2 and ran.out == "" and ran.err.startswith("formcheck: ") and len(ran.err) < 500


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("4.5 Mg", "--concentration", "5mg/mL"), "write mg"),
        (("4.5mg", "--concentration", "5mg/5mL"), "write 1 mg/mL"),
        (("5 ML", "--concentration", "5mg/mL"), "write mL"),
        (("5 cc", "--concentration", "5mg/mL"), "write mL"),
        (("4.5 gm", "--concentration", "5mg/mL"), "write g"),
        (("18 gtt", "--concentration", "5mg/mL"), "write drops"),
        (("0.1 L", "--concentration", "5mg/mL"), "write mL"),
        (("1 tsp", "--concentration", "5mg/mL"), "write mL"),
        (("4.5mg", "--concentration", "5 %"), "% w/v"),
        (("4,5mg", "--concentration", "5mg/mL"), "4.5mg"),
        (("23 drops", "--concentration", "5mg/mL"), "--run"),
        (("4.5mg",), "--concentration"),
    ],
)
def test_a_refusal_says_what_to_write(arguments: tuple[str, ...], hint: str) -> None:
    """The sentence of a refusal holds the spelling, or the option, to use instead."""
    ran = run("convert", *arguments)
    assert ran.code == 2 and hint in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("4.5", "mg", "--concentration", "5mg/mL"),
        ("4.5mg", "--concentration", "5", "mg/mL"),
        ("23", "drops", "--concentration", "5mg/mL"),
    ],
)
def test_a_quantity_without_its_quotes_gets_a_hint(arguments: tuple[str, ...]) -> None:
    """An unquoted `4.5 mg` arrives as two words: exit 2, and the message says to put quotes around it."""
    ran = run("convert", *arguments)
    assert ran.code == 2 and "quote" in ran.err


def test_a_number_without_a_unit_gets_the_hint_of_quotes() -> None:
    """A quantity that lost its unit is asked for it, with the quotes that a space needs."""
    ran = run("convert", "4.5", "--concentration", "5mg/mL")
    assert ran.code == 2 and "no unit" in ran.err and "quotes" in ran.err


def test_percent_weight_in_volume_is_a_concentration() -> None:
    """0.5 % w/v is 5 mg/mL, and 500 mcg/mL is 0.5 mg/mL."""
    assert convert("4.5mg", concentration="0.5 % w/v").data["concentration_mg_per_mL"] == 5
    assert convert("0.5mg", concentration="500 mcg/mL").data["volume_mL"] == 1


@pytest.mark.parametrize("spelling", ["4.5mg", "4.5 mg", "4.50 mg", "4.5\u00a0mg", "4500mcg", "0.0045 g"])
def test_spellings_of_one_dose_give_one_answer(spelling: str) -> None:
    """A space, a no-break space, a trailing zero or another unit of mass change nothing in the answer."""
    assert convert(spelling).data == convert("4.5mg").data


def test_slips_are_said_in_words() -> None:
    """--slips adds a table of what would be taken, in words with a unit: no number that could be taken for a dose."""
    ran = convert("4.5mg", *TWENTY, "--slips")
    assert list(ran.data) == [*WITH_DROPS, "slips"]
    slips = ran.data["slips"]
    assert slips and all(
        not isinstance(value, (int, float)) or isinstance(value, bool) for slip in slips for value in slip.values()
    )
    said = {slip["slip"]: slip["taken"] for slip in slips}
    assert "4.75 mg" in said.values() and "90 mg" in said.values(), "one drop more; 18 mL for 18 drops"
    assert "slips" not in convert("4.5mg", *TWENTY).data
    words = run("convert", "4.5mg", "--concentration", "5mg/mL", *TWENTY, "--slips")
    assert words.code == 0 and "one drop more" in words.out and "90 mg" in words.out


def test_a_slip_above_the_ceiling_is_a_warning_where_slips_are_asked_for() -> None:
    """5.5 mg twice as often are 11 mg: FC110 with --slips (exit 0), in print too, and not without."""
    ran = convert("5.5mg", "--slips")
    assert (ran.code, ran.codes) == (0, ["FC110", "FC111", "FC112", "FC113"])
    (finding,) = [finding for finding in ran.data["findings"] if finding["code"] == "FC110"]
    assert finding["severity"] == "warning" and "twice as often would be 11 mg a day" in finding["message"]
    words = run("convert", "5.5mg", "--concentration", "5mg/mL", "--slips")
    assert words.code == 0 and "FC110" in words.out
    assert "FC110" not in convert("5.5mg").codes
    assert "FC110" not in convert("5mg", "--slips").codes, "exactly 10 mg is not above the ceiling"


def test_drops_come_first_with_a_dropper_and_millilitres_without() -> None:
    """A dropper product shows drops first, with this dropper only; an oral liquid shows mL and never drops."""
    with_drops = run("convert", "4.5mg", "--concentration", "5mg/mL", *THREE).out
    assert with_drops.index("23 drops, with this dropper only") < with_drops.index("0.9 mL")
    without = run("convert", "4.5mg", "--concentration", "5mg/mL").out
    assert "0.9 mL" in without and "drop" not in without


def test_a_change_of_form_carries_its_sentence() -> None:
    """Every conversion says that the exposure may differ, and that the prescriber's order is needed."""
    words = " ".join(run("convert", "4.5mg", "--concentration", "5mg/mL").out.split())
    assert "the exposure may not be" in words and "prescriber's order" in words


def test_a_saved_calibration_gives_the_same_numbers(tmp_path: Path) -> None:
    """What calibrate --save wrote, convert --calibration reads: the same numbers as from the runs themselves."""
    file = tmp_path / "calibration.yaml"
    assert run("calibrate", *THREE, "--save", str(file)).code == 0
    by_file, by_runs = convert("4.5mg", "--calibration", str(file)), convert("4.5mg", *THREE)
    assert by_file.code == 0 and by_file.data == by_runs.data


@pytest.mark.parametrize(
    "content",
    [
        "kind: compounding-record\n",
        'runs: ["20 drops, 1 mL"]\n',
        "kind: drop-calibration\n",
        'kind: drop-calibration\nruns: ["20 drops, 1 g"]\n',
        'kind: drop-calibration\nruns: ["20 drops"]\n',
        'kind: drop-calibration\nruns: ["20 gtt, 1 mL"]\n',
        'kind: drop-calibration\nruns: ["20 drops, 1 mL"]\ndrops_per_mL: 40\n',
        "kind: drop-calibration\nruns: 20 drops, 1 mL\n",
        "- a\n",
        "",
        'kind: drop-calibration\nruns: ["20 drops, 1 mL"]\nruns: ["20 drops, 1 mL"]\n',
    ],
)
def test_a_bad_calibration_file_is_a_usage_error(tmp_path: Path, content: str) -> None:
    """A file that is no calibration, or lacks its runs, is refused by name (exit 2): nothing is converted."""
    file = tmp_path / "calibration.yaml"
    file.write_text(content, encoding="utf-8")
    ran = run("convert", "4.5mg", "--concentration", "5mg/mL", "--calibration", str(file))
    assert ran.code == 2 and ran.out == "" and "calibration.yaml" in ran.err


def test_a_calibration_with_byte_order_mark_and_windows_lines_is_read(tmp_path: Path) -> None:
    """A calibration saved by a Windows editor (BOM, CRLF) reads like any other."""
    plain, windows = tmp_path / "plain.yaml", tmp_path / "windows.yaml"
    run("calibrate", *THREE, "--save", str(plain))
    windows.write_bytes(b"\xef\xbb\xbf" + plain.read_bytes().replace(b"\n", b"\r\n"))
    assert convert("4.5mg", "--calibration", str(windows)).data == convert("4.5mg", "--calibration", str(plain)).data


def test_a_volume_too_small_for_any_syringe_is_said() -> None:
    """0.4 mg of 5 mg/mL is 0.08 mL: a warning (FC608); in drops, and from 0.1 mL on, nothing of the kind."""
    assert "FC608" in convert("0.4mg").codes and convert("0.4mg").code == 0
    assert "FC608" not in convert("0.6mg").codes and "FC608" not in convert("2mg", *TWENTY).codes
