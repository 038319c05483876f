"""calibrate: a drop factor from runs, the keys of the contract, and the file it saves."""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from doors.running import FINDING, FIRST, THREE, WEIGHED, as_json, convert, run

KEYS = [*FIRST, "drops_per_mL", "mL_per_drop", "spread_pct", "runs", "findings"]


def test_the_keys_of_a_calibration() -> None:
    """A calibration as JSON has the keys of the contract in their order; the factor is not rounded."""
    ran = as_json("calibrate", "--run", "35 drops, 2 mL")
    assert ran.code == 0 and list(ran.data) == KEYS
    assert (ran.data["drops_per_mL"], ran.data["spread_pct"]) == (17.5, 0)
    assert ran.data["mL_per_drop"] == pytest.approx(2 / 35, rel=1e-15)
    assert len(ran.data["runs"]) == 1 and ran.data["runs"][0]["drops"] == 35


def test_a_weighed_run_is_divided_by_the_density() -> None:
    """20 drops of 0.82 g at 1.06 g/mL are 25.85 drops/mL."""
    data = as_json("calibrate", *WEIGHED).data
    assert data["drops_per_mL"] == pytest.approx(20 * 1.06 / 0.82, rel=1e-15)


def test_runs_are_pooled_and_the_spread_is_from_the_pool() -> None:
    """All drops by all millilitres, not the mean of the factors; the spread is the largest deviation from that."""
    data = as_json("calibrate", "--run", "20 drops, 1 mL", "--run", "60 drops, 2.9 mL").data
    pooled = Fraction(80) / Fraction("3.9")
    factors = (Fraction(20), Fraction(60) / Fraction("2.9"))
    assert data["drops_per_mL"] == pytest.approx(float(pooled), rel=1e-15)
    assert data["spread_pct"] == pytest.approx(float(max(abs(f / pooled - 1) for f in factors) * 100), rel=1e-12)
    assert [each["drops_per_mL"] for each in data["runs"]] == pytest.approx([float(f) for f in factors])


def test_a_single_run_is_a_warning() -> None:
    """One run says nothing of repeatability: FC602 as a warning, exit 0."""
    ran = as_json("calibrate", "--run", "20 drops, 1 mL")
    (finding,) = ran.data["findings"]
    assert ran.code == 0 and list(finding) == FINDING
    assert (finding["code"], finding["severity"]) == ("FC602", "warning")


def test_three_runs_of_twenty_drops_are_in_order() -> None:
    """Three runs of twenty drops within 5 % of their pool: no finding, exit 0."""
    ran = as_json("calibrate", *THREE)
    assert ran.code == 0 and ran.data["findings"] == [] and len(ran.data["runs"]) == 3


@pytest.mark.parametrize(("volume", "severity", "code"), [("0.95 mL", None, 0), ("0.90 mL", "error", 1)])
def test_runs_that_differ_by_more_than_five_percent_fail(volume: str, severity: str | None, code: int) -> None:
    """A run more than 5 % from the pooled factor: FC602 fails, exit 1, and the numbers are still shown."""
    runs = [argument for each in ("1 mL", "1 mL", volume) for argument in ("--run", f"20 drops, {each}")]
    ran = as_json("calibrate", *runs)
    assert ran.code == code and list(ran.data) == KEYS
    assert (ran.data["spread_pct"] > 5) is (severity is not None)
    assert [finding["severity"] for finding in ran.data["findings"]] == ([severity] if severity else [])


def test_a_calibration_in_words_shows_its_working() -> None:
    """The text names factor, runs, density, spread, and how they were reckoned."""
    ran = run("calibrate", *THREE)
    assert ran.code == 0
    for words in ("25.854 drops/mL", "3 runs", "0.818 g", "1.06 g/mL", "volume = mass / density", "not rounded"):
        assert words in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--run", "20 drops"),
        ("--run", "20 drops, 1 mL, 2 mL"),
        ("--run", "20, 1 mL"),
        ("--run", "20 gtt, 1 mL"),
        ("--run", "20.5 drops, 1 mL"),
        ("--run", "0 drops, 1 mL"),
        ("--run", "20 drops, 0 mL"),
        ("--run", "20 drops, 0.82 g"),
        ("--run", "20 drops, 1 mL", "--density", "1.06 g/mL"),
        ("--run", "20 drops, 0.82 g", "--density", "0 g/mL"),
        ("--run", "20 drops, 0.82 g", "--density", "1.06"),
        ("--run", "-20 drops, 1 mL"),
        ("--run", "20 drops, 1 mL", "--drop-factor", "20 drops/mL"),
    ],
)
def test_what_is_no_calibration_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    """No run, half a run, no density for a weighed run, or one too many: exit 2 and one sentence."""
    ran = run("calibrate", *arguments)
    assert ran.code == 2 and ran.out == "" and ran.err.startswith("formcheck: ")


def test_the_saved_file_holds_what_was_measured(tmp_path: Path) -> None:
    """--save keeps the runs as typed, the density and what was said of the dropper; the answer is printed all the same."""
    file = tmp_path / "drops.yaml"
    said = ("--preparation", 'LDN "5 mg/mL" \u00e0 froid', "--tip", "DT-20", "--tip-lot", "077", "--angle", "vertical")
    ran = as_json("calibrate", *THREE, *said, "--date", "2026-03-02", "--save", str(file))
    assert ran.code == 0 and list(ran.data) == KEYS
    saved = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert saved == {
        "kind": "drop-calibration",
        "preparation": 'LDN "5 mg/mL" \u00e0 froid',
        "tip": "DT-20",
        "tip_lot": "077",
        "angle": "vertical",
        "date": "2026-03-02",
        "runs": ["20 drops, 0.818 g", "20 drops, 0.822 g", "20 drops, 0.82 g"],
        "density": "1.06 g/mL",
    }
    assert convert("4.5mg", "--calibration", str(file)).data["drops_per_mL"] == ran.data["drops_per_mL"]
    assert [path.name for path in tmp_path.iterdir()] == ["drops.yaml"], "no half-written file is left"


def test_the_round_trip_of_a_calibration_by_volume(tmp_path: Path) -> None:
    """Runs by volume come back from the file as they went in, without a density."""
    file = tmp_path / "drops.yaml"
    runs = ("--run", "35 drops, 2 mL", "--run", "36 drops, 2 mL", "--run", "35 drops, 2 mL")
    saved = as_json("calibrate", *runs, "--save", str(file))
    assert convert("4.5mg", "--calibration", str(file)).data == convert("4.5mg", *runs).data
    assert convert("4.5mg", "--calibration", str(file)).data["drops_per_mL"] == saved.data["drops_per_mL"]


def test_a_wrong_date_saves_nothing(tmp_path: Path) -> None:
    """A date that is none is refused (exit 2), and no file is written."""
    ran = run("calibrate", *THREE, "--date", "2.3.2026", "--save", str(tmp_path / "drops.yaml"))
    assert ran.code == 2 and "2026-03-02" in ran.err and not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    """A folder that does not exist: exit 2, with the name, and nothing on standard output."""
    ran = run("calibrate", *THREE, "--save", str(tmp_path / "nowhere" / "drops.yaml"))
    assert ran.code == 2 and "drops.yaml" in ran.err and ran.out == ""
