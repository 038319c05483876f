"""The bad inputs of bad.yaml, each translated into our papers or commands.

The fragments have keys of their own. What matters is whether the input is refused or accepted, and that the message
says the words of the case; a command must end in an exit code of the contract and never in a traceback.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml
from click.testing import CliRunner, Result
from sheets import as_csv, table

from formcheck.cli import main
from formcheck.findings import Finding, Severity, Verdict
from formcheck.papers.compounding import CompoundingRecord
from formcheck.reading.batches import read_all
from formcheck.reading.papers import read_bytes
from formcheck.reading.tables import read_tables
from formcheck.units import amount
from published.records import GOOD, RECORDS, SPECS, contents, judged, read_paper, record, text_of

CASES: dict[str, dict[str, Any]] = {
    case["id"]: case for case in yaml.safe_load((Path(__file__).with_name("bad.yaml")).read_text("utf-8"))["cases"]
}

NOT_YET = {
    "BAD-58": "two records are not compared with each other (FC419 is to come)",
}

# Words of the fragments' own keys, and the words of our papers that stand for them. An aliquot is of a powder, weighed.
OUR_WORDS = {
    "strength_mg": "strength",
    "strenght_mg": "strenght",
    "trailing zero": "last zero",
    "between": "below the least",
    "5 mL": "5 mg",
}


@attrs.frozen
class Said:
    """What became of one input: whether it was taken, and every word about it."""

    taken: bool
    words: str
    warned: bool = False


def words_of(findings: tuple[Finding, ...]) -> str:
    return "\n".join(f"{f.message} {f.help} {f.found} {f.limit}" for f in findings)


def of_paper(paper: dict[str, Any] | str, folder: Path) -> Said:
    """A record, or the text of a file: unreadable is refused; read by the function and by the command."""
    text = paper if isinstance(paper, str) else text_of(paper)
    reading = read_bytes(text.encode(), "record.yaml")
    file = folder / "record.yaml"
    file.write_text(text, encoding="utf-8")
    result = run("check", str(file), "--specs", str(SPECS), "--output-format", "json")
    assert (result.exit_code == 2) is (reading.paper is None), result.output
    if reading.paper is None:
        assert reading.findings and all(f.code.startswith("FC0") for f in reading.findings)
        return Said(False, words_of(reading.findings))
    findings = judged(text).findings
    warned = any(f.verdict is Verdict.FAIL for f in findings)
    failed = any(f.verdict is Verdict.FAIL and f.severity is Severity.ERROR for f in findings)
    return Said(not failed, words_of(findings), warned)


def of_command(*arguments: str) -> Said:
    """A command: exit 1 and 2 are refusals, 0 is acceptance."""
    result = run(*arguments)
    assert result.exit_code in (0, 1, 2)
    return Said(result.exit_code == 0, result.output)


def run(*arguments: str) -> Result:
    """Run a command; whatever is wrong with its input, no exception escapes and no traceback is shown."""
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output and result.exit_code != 101, result.output
    return result


def change(**changes: Any) -> dict[str, Any]:
    """A good record with fields changed; double underscores stand for points."""
    return record({name.replace("__", "."): value for name, value in changes.items()})


def good_text() -> str:
    return (RECORDS / f"{GOOD}.yaml").read_text(encoding="utf-8")


def replaced(old: str, new: str) -> str:
    """The text of a good record with one line altered."""
    assert good_text().count(old) == 1
    return good_text().replace(old, new)


def as_paper(fragment: str) -> str:
    """The fragment itself, as the text of a record."""
    return f"kind: compounding-record\n{fragment}"


def fragment(id: str) -> str:
    return str(CASES[id]["input_text"])


def convert(quantity: str, *more: str) -> Callable[[Path], Said]:
    return lambda _: of_command("convert", quantity, "--concentration", "5mg/mL", *more)


def paper(**changes: Any) -> Callable[[Path], Said]:
    return lambda folder: of_paper(change(**changes), folder)


def text(content: str) -> Callable[[Path], Said]:
    return lambda folder: of_paper(content, folder)


SUMMARY = {"expressed_as": "naltrexone-hydrochloride", "unit": "%", "least": "56.84", "mean": "46", "greatest": "68.6"}
TOO_MUCH_TAKEN = {
    "needed": "4 mg",
    "minimum": "1 mg",
    "drug": "2 mg",
    "diluent": "3 mg",
    "total": "5 mg",
    "aliquot": "6 mg",
}

# One case may be several inputs: each must be refused (or taken); together they must say the words.
INPUTS: dict[str, tuple[Callable[[Path], Said], ...]] = {
    "BAD-01": (
        paper(dose={"volume": "5mg"}),
        paper(components__1__measured="5mg"),
        paper(components__1__final_volume="5mg"),
    ),
    "BAD-04": (
        convert("1e309mg"),
        convert("1e309"),
        paper(strength="1e309 mg"),
        paper(strength="1.0e+309 mg"),
        text(replaced("strength: 4.5 mg\n", "strength: 1e309\n")),
    ),
    "BAD-07": (text(replaced("capsules\n  Quantity", "capsules (5.0 mg)\n  Quantity")),),
    "BAD-10": (paper(components__0__required="1,000 mg"), paper(strength="1,000 mg"), convert("1,000 mg")),
    "BAD-13": (convert("10mg"), convert("10 mg"), convert("2 mL"), convert("5mg", "--per-day", "2")),
    "BAD-16": (paper(per_day="3"), convert("4.5mg", "--per-day", "3"), paper(dose={"capsules": "3"})),
    "BAD-19": (
        text(replaced("strength: 4.5 mg\n", "strength: 4.5 mg\nstrength: 45 mg\n")),
        text(as_paper(fragment("BAD-19").replace("strength_mg", "strength"))),
        text(text_of(record()).replace('"strength":', '"strength": "4.5 mg", "strength":')),
    ),
    "BAD-22": (
        text(as_paper("a: " + "[" * 10_000)),
        text("[" * 10_000),
        text('{"kind": "compounding-record", "a": ' + "[" * 10_000 + "]" * 10_000 + "}"),
        text(as_paper("a: " + '{"b": ' * 10_000)),
    ),
    "BAD-25": (text(as_paper(fragment("BAD-25"))), text(f"kind: master-formulation-record\n{fragment('BAD-25')}")),
    "BAD-28": (text(replaced("lot: NX-4423", "lot: 0123")),),
    "BAD-31": (text(replaced("strength: 4.5 mg\n", "strenght: 4.5 mg\n")),),
    "BAD-34": (
        paper(made="2026-05-10", components__0__expires="2026-04-30"),
        paper(made="2026-05-10", components__0__expires="2026-04"),
        paper(made="2026-05-10", components__0__expires="04/2026"),
    ),
    "BAD-37": (paper(made="nov.18"), paper(components__0__expires="nov.18"), paper(beyond_use_date="Nov 2018")),
    "BAD-40": (
        *(paper(strength=text) for text in ("1O mg", "４.５ mg", "٤.٥ mg")),
        *(convert(text) for text in ("1O mg", "４.５ mg", "٤.٥ mg", "4.５mg", "4.5²mg")),
    ),
    "BAD-46": (paper(strength="gr 1/150"), paper(dose={"volume": "3 minims"}), convert("gr 1/150"), convert("3 minims")),
    "BAD-52": (
        paper(components__0__certificate__assay="0.992"),
        paper(assay={"value": "0.992", "expressed_as": "naltrexone-hydrochloride"}),
    ),
    "BAD-55": (
        paper(unit_masses={"kind": "gross", "unit": "mg", "least": "56.84", "mean": "46", "greatest": "68.6"}),
        paper(unit_contents=SUMMARY),
        paper(unit_contents={**contents(["56.84", "68.6"]), **SUMMARY}),
    ),
    "BAD-61": (paper(components__0__aliquot=TOO_MUCH_TAKEN),),
    "BAD-67": (
        text(fragment("BAD-67")),
        text(""),
        text("- a\n"),
        text("kind: compounding-record\n---\nb: 1\n"),
        text("---\n"),
    ),
}

# Accepted, and said in the units formcheck prints; or accepted with a warning. See the tests below.
BY_HAND = ("BAD-43", "BAD-49", "BAD-64")


@pytest.mark.parametrize("id", INPUTS)
def test_the_bad_input_is_refused_or_taken_as_the_case_wants(id: str, tmp_path: Path) -> None:
    """Each translation is refused (or taken) as the case wants it, and what is said mentions every word of the case."""
    case = CASES[id]
    said = [give(tmp_path) for give in INPUTS[id]]
    assert case["want"] in ("reject", "accept")
    assert [each.taken for each in said] == [case["want"] == "accept"] * len(said)
    everything = "\n".join(each.words for each in said).casefold()
    for word in case["message_must_mention"]:
        assert OUR_WORDS.get(word, word).casefold() in everything, f"{id}: nothing says {word}"


@pytest.mark.parametrize("id", sorted(set(INPUTS) - {"BAD-46", "BAD-67", "BAD-40", "BAD-04"}))
def test_every_translation_of_a_refused_input_says_the_words(id: str, tmp_path: Path) -> None:
    """Where the translations are one mistake in several places, each message has all the words by itself."""
    for number, give in enumerate(INPUTS[id]):
        words = give(tmp_path).words.casefold()
        for word in CASES[id]["message_must_mention"]:
            assert OUR_WORDS.get(word, word).casefold() in words, f"{id}, input {number + 1}: {words}"


@pytest.mark.parametrize("spelling", ["500 µg", "500 μg", "500 ug", "500 mcg"])
def test_micro_signs_are_read_as_mcg_and_printed_so(spelling: str) -> None:
    """BAD-43: both micro signs and ug are taken for mcg, mean the same, and are printed mcg."""
    assert CASES["BAD-43"]["want"] == "accept_with_note"
    assert str(amount(spelling)) == "500 mcg" and amount(spelling).value == amount("0.5 mg").value
    result = judged(change(components__0__weighed=spelling))
    (said,) = [finding for finding in result.findings if finding.code == "FC305"]
    assert "500 mcg" in said.message and not set("µμ") & set(said.message)


@pytest.mark.parametrize("spelling", ["500µg", "500 μg", "500ug"])
def test_a_dose_in_micrograms_is_converted(spelling: str) -> None:
    """BAD-43 at the counter: every spelling of micrograms is half a milligram."""
    result = run("convert", spelling, "--concentration", "1mg/mL")
    assert result.exit_code == 0 and "0.5 mg" in result.output and not set("µμ") & set(result.output)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("net", ["0.914", "0.901", "0.911"]),
        ("gross", ["0.1781", "0.1777", "0.1762"]),
        ("gross", ["0.914", "0.901", "0.911"]),
    ],
)
def test_an_implausible_unit_of_masses_is_asked_about(kind: str, values: list[str], tmp_path: Path) -> None:
    """BAD-49: masses in grams that the record calls milligrams get a finding which asks whether the unit is g."""
    assert CASES["BAD-49"]["want"] == "warn"
    said = of_paper(change(unit_masses={"kind": kind, "unit": "mg", "values": values}), tmp_path)
    assert said.warned and "unit g" in said.words and "mg" in said.words


@pytest.mark.parametrize("out", ["verdicts.csv", "verdicts.xlsx"])
def test_a_formula_in_a_name_is_text_in_what_is_exported(out: str, tmp_path: Path) -> None:
    """BAD-64: the name is kept as it is; in the file of verdicts it is text, and the command says so."""
    assert CASES["BAD-64"]["want"] == "accept_with_note"
    name = "=HYPERLINK(1)"
    file = tmp_path / "batches.csv"
    file.write_bytes(as_csv(table({"people.compounded_by.name": name})))
    result = run("check", str(file), "--specs", str(SPECS), "-o", str(tmp_path / out))
    assert result.exit_code == 0 and all(word in result.stderr for word in CASES["BAD-64"]["message_must_mention"])
    (reading,) = read_all(str(file))
    assert isinstance(reading.paper, CompoundingRecord) and reading.paper.people.compounded_by.name == name
    (row,) = read_tables((tmp_path / out).read_bytes(), out).sheets[0].rows
    cell = next(cell for cell in row.cells if "HYPERLINK" in cell.text or (not cell.text and row.troubles))
    assert not cell.text.startswith("=") or (out.endswith("x") and cell.kind == "text")


def test_a_lot_number_stays_the_text_that_was_typed() -> None:
    """BAD-28: lot 0123 is kept as 0123, not as the number 83 or 123."""
    reading = read_paper(replaced("lot: NX-4423", "lot: 0123"))
    assert isinstance(reading.paper, CompoundingRecord) and reading.paper.components[0].lot == "0123"


def test_each_wrong_shape_of_a_file_has_a_message_of_its_own() -> None:
    """BAD-67: an empty file, a list and two documents are told apart, in one short sentence each."""
    shapes = ("", "- a\n", "kind: compounding-record\n---\nkind: compounding-record\n", "just a text\n")
    messages = [read_paper(shape).findings[0].message for shape in shapes]
    assert len(set(messages)) == len(shapes)
    assert all("one mapping" in message and len(message) < 120 and "\n" not in message for message in messages)


def test_the_fragment_of_equal_keys_is_refused_as_it_stands(tmp_path: Path) -> None:
    """BAD-19 word for word: the second strength_mg is named as a duplicate, and neither value is taken."""
    said = of_paper(as_paper(fragment("BAD-19")), tmp_path)
    assert not said.taken and "duplicate key strength_mg" in said.words and "45" not in said.words.replace("line 45", "")


def test_the_fragment_of_a_merge_key_is_refused_as_it_stands(tmp_path: Path) -> None:
    """BAD-25 word for word: anchor, alias and merge key are each refused, so no limit can be overridden."""
    said = of_paper(as_paper(fragment("BAD-25")), tmp_path)
    assert not said.taken and all(word in said.words for word in ("&std", "*std", "<<"))


def test_a_specification_cannot_raise_the_ceiling() -> None:
    """BAD-25, the reason: a formulation that says 100 mg a day raises nothing; 13.5 mg a day still fails FC101."""
    from published.records import formulation, verdicts

    raised = formulation({"daily_dose_at_most": "100 mg"})
    assert verdicts(judged(change(per_day="3"), raised), "FC101") == ["fail"]


def test_every_case_is_answered_or_named_as_waiting() -> None:
    """No bad input is forgotten: it is tested, or stands in NOT_YET with a reason, and never in both."""
    tested = {*INPUTS, *BY_HAND}
    assert tested | set(NOT_YET) == set(CASES) and not tested & set(NOT_YET)
    assert all(reason.strip() for reason in NOT_YET.values())


def test_what_must_wait_is_not_taken_for_a_refusal() -> None:
    """The cases that wait are those formcheck does not yet object to: when it does, they must move out of the table."""
    silent = {
        "BAD-58": change(),
    }
    for id, waiting in silent.items():
        words = words_of(judged(waiting).findings).casefold()
        assert not all(word.casefold() in words for word in CASES[id]["message_must_mention"]), id
