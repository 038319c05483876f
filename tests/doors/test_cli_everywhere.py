"""What every command has: help, version, output, colour, errors in JSON, and exit code 101."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from published.records import SPECS

import formcheck
from doors.running import FIRST, THREE, as_json, convert, example, run

COMMANDS = (
    "check",
    "convert",
    "calibrate",
    "titrate",
    "plan",
    "report",
    "label",
    "lint",
    "rules",
    "explain",
    "selftest",
    "init",
)
ANSWERS = {
    "check": ("check", str(example("bad-assay-low")), "--specs", str(SPECS)),
    "lint": ("lint", str(SPECS)),
    "convert": ("convert", "5mg", "--concentration", "5mg/mL", *THREE),
    "refused": ("convert", "11mg", "--concentration", "5mg/mL"),
    "calibrate": ("calibrate", "--run", "20 drops, 1 mL"),
    "titrate": ("titrate", "--steps", "1.5mg x 14, 3mg x 14", "--strengths", "1.5mg"),
    "rules": ("rules",),
    "explain": ("explain", "FC407"),
}
ESCAPE = "\x1b["


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_command_and_the_exit_codes(option: str) -> None:
    """formcheck --help lists the commands, the exit codes and the ceiling, exit 0."""
    ran = run(option)
    assert ran.code == 0
    assert all(re.search(rf"^  {command}  ", ran.out, re.MULTILINE) for command in COMMANDS)
    words = " ".join(ran.out.split())
    assert "10 mg of naltrexone a day" in words and "Exit codes: 0" in words


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str) -> None:
    """Every command explains itself, exit 0, and those that answer with data have the common options."""
    ran = run(command, "--help")
    assert ran.code == 0 and "Usage:" in ran.out
    if command != "init":
        for option in ("--output-format", "-o, --output", "--color", "-q, --quiet"):
            assert option in ran.out


def test_version() -> None:
    """--version prints the name and the version of the package."""
    ran = run("--version")
    assert (ran.code, ran.out) == (0, f"formcheck {formcheck.__version__}\n")


def test_the_module_is_the_same_program() -> None:
    """python -m formcheck is formcheck: same version, same exit code, no traceback."""
    program = [sys.executable, "-m", "formcheck"]
    shown = subprocess.run([*program, "--version"], capture_output=True, text=True, check=False)
    assert (shown.returncode, shown.stdout) == (0, f"formcheck {formcheck.__version__}\n")
    refused = subprocess.run(
        [*program, "convert", "11mg", "--concentration", "5mg/mL"], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1 and "FC101" in refused.stdout and refused.stderr == ""


def test_no_command_is_a_usage_error_with_the_help() -> None:
    """formcheck alone: exit 2, and the commands are shown."""
    ran = run()
    assert ran.code == 2 and "convert" in ran.out + ran.err


@pytest.mark.parametrize(("word", "near"), [("conver", "convert"), ("chek", "check"), ("zzz", "calibrate")])
def test_an_unknown_command_gets_a_hint(word: str, near: str) -> None:
    """A command that does not exist: exit 2, with the nearest one or all of them."""
    ran = run(word)
    assert ran.code == 2 and near in ran.err


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_goes_to_a_file(tmp_path: Path, name: str) -> None:
    """-o FILE holds exactly what would have been printed; nothing is printed, the exit code stays, nothing else is left."""
    for form in ((), ("--output-format", "json")):
        printed = run(*ANSWERS[name], *form)
        file = tmp_path / "answer"
        written = run(*ANSWERS[name], *form, "-o", str(file))
        assert (written.code, written.out) == (printed.code, "")
        assert file.read_bytes().decode("utf-8") == printed.out
        assert run(*ANSWERS[name], *form, "--output", "-").out == printed.out, "- is standard output"
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """-o into a folder that does not exist, or onto a folder: exit 2 and a sentence; nothing is left behind."""
    for target in (tmp_path / "nowhere" / "a.json", tmp_path):
        ran = run(*ANSWERS["convert"], "-o", str(target))
        assert ran.code == 2 and "cannot be written" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_failed_command_leaves_an_older_answer_alone(tmp_path: Path) -> None:
    """A usage error writes nothing: the file of an earlier answer stays as it was."""
    file = tmp_path / "answer"
    file.write_text("older", encoding="utf-8")
    assert run("convert", "0mg", "--concentration", "5mg/mL", "-o", str(file)).code == 2
    assert file.read_text(encoding="utf-8") == "older"


@pytest.mark.parametrize("name", [name for name in ANSWERS if name not in ("calibrate", "explain")])
def test_colour_is_as_asked(name: str) -> None:
    """--color always colours words, never and auto (no terminal) do not; without the colour the text is the same."""
    plain, never = run(*ANSWERS[name]).out, run(*ANSWERS[name], "--color", "never").out
    always = run(*ANSWERS[name], "--color", "always").out
    assert ESCAPE not in plain and never == plain
    assert ESCAPE in always and re.sub(r"\x1b\[[0-9;]*m", "", always) == plain


@pytest.mark.parametrize("name", ANSWERS)
def test_json_is_never_coloured(name: str) -> None:
    """JSON is for machines: --color always changes nothing in it, and it is plain ASCII."""
    ran = as_json(*ANSWERS[name], "--color", "always")
    assert ran.out == as_json(*ANSWERS[name]).out and ran.out.isascii() and ESCAPE not in ran.out


def test_a_colour_that_does_not_exist_is_a_usage_error() -> None:
    """--color takes auto, always and never."""
    assert run("rules", "--color", "blue").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("convert", "-5mg", "--concentration", "5mg/mL"),
        ("convert", "--concentration", "5mg/mL", "-.5mg"),
        ("convert", "5mg", "--concentration", "-5mg/mL"),
        ("convert", "5mg", "--concentration", "5mg/mL", "--per-day", "-1"),
        ("calibrate", "--run", "-20 drops, 1 mL"),
        ("calibrate", "--run", "20 drops, 0.82 g", "--density", "-1.06 g/mL"),
    ],
)
def test_a_leading_minus_is_a_negative_number(arguments: tuple[str, ...]) -> None:
    """-5mg is refused as a negative number (exit 2), not as an unknown option."""
    ran = run(*arguments)
    assert ran.code == 2 and "negative number" in ran.err and "option" not in ran.err
    assert as_json(*arguments).data["error"].endswith("never negative")


def test_after_two_dashes_a_minus_is_an_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After -- click takes what begins with a minus as an argument: a file of that name is read, a dose still refused."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-5mg.yaml").write_bytes(example().read_bytes())
    assert run("check", "-q", "--specs", str(SPECS), "--", "-5mg.yaml").code == 0
    assert run("check", "-q", "--specs", str(SPECS), "-5mg.yaml").code == 2
    ran = run("convert", "--concentration", "5mg/mL", "--", "-5mg")
    assert ran.code == 2 and "negative number" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("convert", "0mg", "--concentration", "5mg/mL"),
        ("convert", "5mg"),
        ("convert", "-5mg"),
        ("convert",),
        ("convert", "5mg", "--nonsense", "1"),
        ("calibrate",),
        ("calibrate", "--run", "20 drops"),
        ("check",),
        ("check", str(example()), "--ignore", "FC101"),
        ("check", str(example()), "--profile", "bp"),
        ("lint",),
        ("explain", "FC999"),
        ("nonsense",),
        ("rules", "surplus"),
    ],
)
@pytest.mark.parametrize("form", [("--output-format", "json"), ("--output-format=json",)])
def test_a_usage_error_in_json_mode_is_json(arguments: tuple[str, ...], form: tuple[str, ...]) -> None:
    """On exit 2 JSON mode prints {schema, version, error} and nothing else."""
    ran = run(*arguments, *form)
    assert ran.code == 2 and ran.err == "" and list(ran.data) == [*FIRST, "error"]
    assert ran.data["error"] and ran.data["version"] == formcheck.__version__


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("check", "formcheck.check.judge_record"),
        ("lint", "formcheck.check.judge_record"),
        ("convert", "formcheck.converting.convert"),
        ("calibrate", "formcheck.liquid.DropFactor.from_runs"),
        ("rules", "formcheck.manual.rules_as_text"),
        ("explain", "formcheck.manual.rule_as_text"),
    ],
)
@pytest.mark.parametrize("fault", [RuntimeError, KeyError, RecursionError, AssertionError, ZeroDivisionError])
def test_an_internal_error_is_101(monkeypatch: pytest.MonkeyPatch, name: str, target: str, fault: type[Exception]) -> None:
    """A fault of formcheck exits 101 with a sentence that says what to report: no traceback, no answer."""

    def broken(*_: object, **__: object) -> None:
        raise fault("the patient's name")

    monkeypatch.setattr(target, broken)
    ran = run(*ANSWERS[name])
    assert ran.code == 101 and ran.out == ""
    assert "internal error" in ran.err and fault.__name__ in ran.err and formcheck.__version__ in ran.err
    assert "patient" not in ran.err, "what may be in a record is not in the report"


def test_an_internal_error_in_json_mode_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """On exit 101 JSON mode prints {schema, version, error}."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("formcheck.converting.convert", broken)
    ran = convert("4.5mg")
    assert ran.code == 101 and list(ran.data) == [*FIRST, "error"] and "internal error" in ran.data["error"]


def test_an_internal_error_is_not_forgiven(monkeypatch: pytest.MonkeyPatch) -> None:
    """--exit-zero does not hide a fault of formcheck, and neither does a file that fails beside it."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("formcheck.check.judge", broken)
    assert run(*ANSWERS["check"], "--exit-zero").code == 101


def test_a_file_of_an_internal_error_is_not_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """After an internal error no answer is written anywhere."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("formcheck.check.judge", broken)
    assert run(*ANSWERS["check"], "-o", str(tmp_path / "answer")).code == 101
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ANSWERS)
def test_the_order_of_keys_is_stable(name: str) -> None:
    """Two runs give the same JSON, byte for byte, and the schema and the version come first."""
    first = as_json(*ANSWERS[name])
    assert first.out == as_json(*ANSWERS[name]).out and list(json.loads(first.out))[:2] == FIRST
