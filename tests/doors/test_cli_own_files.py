"""Nothing a person keeps is written over, and standard input serves wherever a file is read."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from formcheck.cli import main

ROOT = Path(__file__).resolve().parents[2]
GOOD = ROOT / "specs/naltrexone-capsules/records/good-4.5mg-dihydrate-lot.yaml"
CALIBRATION = 'kind: drop-calibration\nruns: ["20 drops, 0.82 g"]\ndensity: 1.06 g/mL\n'


@pytest.mark.parametrize(("text", "code"), [(CALIBRATION, 0), ("kind: other\n", 2), ("", 2), ("[", 2), ("\x00", 2)])
def test_a_calibration_comes_from_standard_input(text, code):
    """`--calibration -` reads standard input; what is no calibration there is exit 2 with a sentence."""
    ran = CliRunner().invoke(main, ["convert", "4.5mg", "--concentration", "5mg/mL", "--calibration", "-"], input=text)

    assert (code, "internal error" in ran.output) == (ran.exit_code, False)


def test_the_record_asked_about_is_not_written_over(tmp_path):
    """-o refuses the record itself, any YAML file, and a JSON file in the folder that is checked."""
    record = tmp_path / "a.yaml"
    record.write_bytes(GOOD.read_bytes())
    other = tmp_path / "b.json"
    other.write_text("{}", encoding="utf-8")
    for paths, output in (([str(record)], record), ([str(tmp_path)], record), ([str(tmp_path)], other)):
        before = output.read_bytes()
        ran = CliRunner().invoke(main, ["check", *paths, "--specs", str(ROOT / "specs"), "-o", str(output)])
        assert (2, before) == (ran.exit_code, output.read_bytes())


def test_a_saved_calibration_is_not_written_over(tmp_path):
    """--save refuses a file that exists."""
    kept = tmp_path / "cal.yaml"
    kept.write_text("mine", encoding="utf-8")
    ran = CliRunner().invoke(main, ["calibrate", "--run", "20 drops, 1 mL", "--save", str(kept)])

    assert (ran.exit_code, kept.read_text(encoding="utf-8")) == (2, "mine")


def test_a_device_and_a_link_are_written_into(tmp_path):
    """-o to a link writes what it leads to, and the link stays a link."""
    target = tmp_path / "report.txt"
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    ran = CliRunner().invoke(main, ["rules", "-o", str(link)])

    assert ran.exit_code == 0
    assert link.is_symlink()
    assert "FC101" in target.read_text(encoding="utf-8")
