"""Every code of the catalogue has a golden pair, and says of it what the pair says."""

import inspect
import re
from pathlib import Path
from typing import Any

import attrs
import pytest
from catalogue.pairs import (
    CAPSULES,
    FORMULATION_PATH,
    GOOD,
    Case,
    batch_of,
    cases,
    changed,
    formulation,
    good,
    judged,
    of_case,
    place,
    read,
    written,
)

from formcheck.check import Selection, findings_of_formulation, lint
from formcheck.converting import answer
from formcheck.dose import DropFactor, Preparation, convert
from formcheck.errors import DoseAboveCeiling
from formcheck.findings import Authority, Finding, Severity, Verdict
from formcheck.judging import State, judge
from formcheck.liquid import read_run
from formcheck.planning.batch import Batch
from formcheck.reading.papers import read_file
from formcheck.rules.catalogue import (
    ABOUT_CONVERSIONS,
    ABOUT_FORMULATIONS,
    ABOUT_RECORDS,
    CATALOGUE,
    CEILING_CODE,
    by_code,
)
from formcheck.rules.rule import PROFILES, Rule
from formcheck.substance import Basis
from formcheck.units import amount

PASSES, BREAKS = cases("passes"), cases("breaks")
FOLDERS = sorted(path.name for path in Path(__file__).with_name("catalogue").glob("*/") if path.name != "__pycache__")
KEYS = {"about", "change", "formulation", "of", "profile", "convert", "lint"}
KEYS_OF_BREAKS = KEYS | {"verdict", "severity", "message", "without", "found", "help", "line_of"}
ADVICE = (Authority.GOOD_PRACTICE, Authority.FORMCHECK)
CLAIMS = re.compile(
    r"required by (?:USP|law|the pharmacopoeia)|\bmust\b[^.]*\bUSP\b|USP (?:<\d+> )?(?:requires|demands)", re.I
)


def intake(says: dict[str, Any]) -> dict[str, Any]:
    """What `converting.answer` takes, from the words of a pair."""
    runs = [read_run(run) for run in says.get("runs", ())]
    density = amount(says["density"], "concentration") if "density" in says else None
    factor = DropFactor.from_runs(runs, density) if runs else None
    if "drop_factor" in says:
        factor = DropFactor.typed(amount(says["drop_factor"], "drop_factor"))
    given: dict[str, Any] = {"intake": amount(says["quantity"]), "factor": factor}
    given["preparation"] = Preparation.labelled(amount(says["concentration"], "concentration"))
    if "per_day" in says:
        given["per_day"] = int(says["per_day"])
    if "basis" in says:
        given["basis"] = Basis(says["basis"])
    return given


def findings_of(case: Case, tmp_path: Path) -> tuple[Finding, ...]:
    """Every finding that the paper or the conversion of a case has."""
    says = case.says
    if "convert" in says:
        answered = answer(**intake(says["convert"]))
        if says["convert"].get("changed_form") == "no":
            stays = attrs.evolve(answered.conversion, changed_form=False)
            return tuple(f for rule in ABOUT_CONVERSIONS for f in judge(rule, stays).findings)
        return answered.findings
    if says.get("lint") == "formulation":
        reading = read(changed_formulation(case), FORMULATION_PATH)
        return tuple(findings_of_formulation(reading, Selection(profile=says.get("profile", PROFILES[0]))))
    if "lint" in says:
        return linted(case, tmp_path)
    record, library = of_case(case)
    return judged(record, library, profile=says.get("profile", PROFILES[0])).findings


def changed_formulation(case: Case) -> dict[str, Any]:
    """The formulation of a case."""
    return changed(formulation(case.says.get("of", CAPSULES)), case.says.get("formulation", {}))


def linted(case: Case, tmp_path: Path) -> tuple[Finding, ...]:
    """What lint says of a folder with the formulation and the example of a case."""
    (tmp_path / "records").mkdir()
    (tmp_path / "formulation.yaml").write_text(written(formulation()), encoding="utf-8")
    (tmp_path / "records" / "example.yaml").write_text(written(changed(good(), case.says["change"])), encoding="utf-8")
    return tuple(finding for entry in lint([str(tmp_path)], Selection()).records for finding in entry.findings)


def names(case: Case) -> str:
    return case.id


def words(value: Any) -> list[str]:
    """One text or several, as a list."""
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("case", BREAKS, ids=names)
def test_what_breaks_a_rule_is_found_once_with_its_verdict_its_words_and_its_place(case: Case, tmp_path: Path) -> None:
    """What breaks a rule has one finding of its code, which says and points to what the pair says."""
    says = case.says
    found = [finding for finding in findings_of(case, tmp_path) if finding.code == case.code]

    assert len(found) == 1, [finding.message for finding in found]
    finding = found[0]
    assert (finding.verdict, finding.severity) == (says["verdict"], says["severity"])
    for part in words(says["message"]):
        assert part in finding.message
    if "without" in says:
        assert says["without"] not in finding.message
    assert says.get("found", "") in (finding.found or "")
    assert says.get("help", "") in finding.help
    if finding.authority in ADVICE:
        assert CLAIMS.search(f"{finding.message} | {finding.help} | {finding.limit} | {finding.source}") is None
    assert finding.help and finding.source and finding.title == by_code()[case.code].title
    if "line_of" in says:
        of_formulation = says.get("lint") == "formulation"
        text = written(changed_formulation(case) if of_formulation else of_case(case)[0])
        assert (finding.location.line, finding.location.column) == place(text, says["line_of"])


@pytest.mark.parametrize("case", PASSES, ids=names)
def test_a_near_miss_has_no_finding_of_the_rule(case: Case, tmp_path: Path) -> None:
    """A record (or conversion) that keeps a rule by a hair has no finding of its code."""
    found = [finding.message for finding in findings_of(case, tmp_path) if finding.code == case.code]

    assert found == []


@pytest.mark.parametrize("case", [c for c in PASSES if "convert" not in c.says and "lint" not in c.says], ids=names)
def test_a_near_miss_was_really_judged(case: Case) -> None:
    """No near miss passes because its rule did not run, does not apply or is not due."""
    record, library = of_case(case)
    profile = case.says.get("profile", PROFILES[0])
    outcome = judge(by_code()[case.code], batch_of(record, library, profile), profile=profile)

    assert outcome.state is State.JUDGED
    assert outcome.findings == ()


@pytest.mark.parametrize("of", GOOD)
def test_the_good_records_have_no_finding_at_all(of: str) -> None:
    """The good record of each dosage form passes without an alarm, under the rules of a pharmacy."""
    found = judged(good(of))

    assert (found.verdict, found.findings) == (Verdict.PASS, ())


def test_every_rule_about_records_was_judged_on_a_near_miss() -> None:
    """Each rule about records really judges some record that keeps it: none sleeps in the catalogue."""
    awake = {case.code for case in PASSES if "convert" not in case.says and "lint" not in case.says}

    assert {rule.code for rule in ABOUT_RECORDS} - awake == set()


def test_every_code_has_a_golden_pair() -> None:
    """A rule without passes.yaml and breaks.yaml is not in the catalogue."""
    assert {case.code for case in PASSES if case.name == "passes"} == set(by_code())
    assert {case.code for case in BREAKS if case.name == "breaks"} == set(by_code())


def test_every_pair_has_a_code() -> None:
    """A folder of pairs belongs to a rule of the catalogue."""
    assert sorted(by_code()) == FOLDERS


def test_every_rule_with_needs_breaks_as_not_determined_too() -> None:
    """Each rule with needs has a pair that shows it not determined."""
    shown = {case.code for case in BREAKS if case.says["verdict"] == "not_determined"}

    assert {rule.code for rule in ABOUT_RECORDS if rule.needs} - shown == set()


@pytest.mark.parametrize("case", [*PASSES, *BREAKS], ids=names)
def test_a_pair_can_be_read_at_a_glance(case: Case) -> None:
    """A pair says in one sentence what it is about, and has no key that no test reads."""
    assert set(case.says) <= (KEYS_OF_BREAKS if case.name.startswith("breaks") else KEYS)
    assert case.says["about"].endswith(".") and len(case.says["about"]) < 140
    assert case.says["about"].count(". ") == 0


def test_a_record_as_it_is_written_for_a_pair_reads_as_the_good_file() -> None:
    """Writing the good record out again changes nothing of what it says."""
    again = read(good()).paper
    path = Path(__file__).with_name("catalogue") / "good.yaml"

    assert again is not None
    assert read_file(str(path)).paper == again


def test_no_code_is_used_twice() -> None:
    """Codes are names: each belongs to one rule."""
    codes = [rule.code for rule in CATALOGUE]

    assert sorted(set(codes)) == sorted(codes)
    assert all(re.fullmatch(r"FC[1-9][0-9]{2}", code) for code in codes)


def test_every_rule_judges_something() -> None:
    """A rule is about records, conversions or formulations, and one about examples."""
    others = [rule.code for rule in CATALOGUE if rule not in ABOUT_RECORDS + ABOUT_CONVERSIONS + ABOUT_FORMULATIONS]

    assert others == ["FC911"]


def test_the_ceiling_is_in_the_catalogue() -> None:
    """FC101 is a rule about records, an error, formcheck's own, under every profile, without a formulation too."""
    ceiling = by_code()[CEILING_CODE]

    assert CEILING_CODE == "FC101"
    assert ceiling in ABOUT_RECORDS
    assert (ceiling.severity, ceiling.authority) == (Severity.ERROR, Authority.FORMCHECK)
    assert ceiling.profiles == PROFILES and ceiling.under == {} and ceiling.alone


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_the_docstring_of_a_rule_is_its_manual(rule: Rule) -> None:
    """A rule says what it looks for and why, and in the last paragraph what to do; it has a title and a source."""
    paragraphs = [paragraph for paragraph in rule.manual.split("\n\n") if paragraph.strip()]

    assert len(paragraphs) >= 2
    assert all(len(paragraph.split()) >= 4 for paragraph in paragraphs)
    assert rule.help == " ".join(paragraphs[-1].split())
    assert rule.title.strip() and rule.source.strip()


@pytest.mark.parametrize("rule", [rule for rule in CATALOGUE if rule.authority in ADVICE], ids=lambda rule: rule.code)
def test_advice_is_never_called_required(rule: Rule) -> None:
    """The manual of a rule of good practice or of formcheck's own does not say that USP or law requires it."""
    assert CLAIMS.search(rule.manual.replace("\n", " ")) is None
    assert CLAIMS.search(f"{rule.title}. {rule.source}") is None


@pytest.mark.parametrize("claim", ["It is required by USP.", "It must be there, says USP <795>.", "USP <905> requires it."])
def test_a_claim_that_usp_requires_something_is_noticed(claim: str) -> None:
    """The three ways of saying that USP requires something are recognised, or the tests above could not fail."""
    assert CLAIMS.search(claim) is not None


def batches_of(rule: Rule) -> list[Batch]:
    """The good records and the rule's own near misses, as far as the rule judges them."""
    own = [case for case in PASSES if case.code == rule.code and "convert" not in case.says and "lint" not in case.says]
    found = [batch_of(good(of)) for of in GOOD]
    found += [batch_of(*of_case(case), case.says.get("profile", PROFILES[0])) for case in own]
    return [batch for batch in found if judge(rule, batch, profile=batch.profile).state is State.JUDGED]


LIMIT_RULES = [rule for rule in ABOUT_RECORDS if rule.is_limit_rule]


@pytest.mark.parametrize("rule", LIMIT_RULES, ids=lambda rule: rule.code)
def test_every_limit_has_a_source(rule: Rule) -> None:
    """A limit without a citation is an opinion: every bound that a rule uses names its source."""
    rows = [row for batch in batches_of(rule) for part in rule.parts for row in part.rows(batch)]

    assert rows
    for row in rows:
        assert row.limits.words and all(bound.source.strip() for bound in row.limits.bounds)


@pytest.mark.parametrize("rule", LIMIT_RULES, ids=lambda rule: rule.code)
def test_the_rows_of_a_limit_rule_name_the_parameters_of_its_function(rule: Rule) -> None:
    """A row gives each parameter of the function a value, and `quantities` gives each a unit."""
    for number, part in enumerate(rule.parts):
        parameters = list(inspect.signature(part.value).parameters)
        rows = [row for batch in batches_of(rule) for row in part.rows(batch)]
        assert rows and all(sorted(row.values) == sorted(parameters) for row in rows)
        if number == 0:
            assert sorted(rule.quantities) == sorted(parameters)


def test_codes_that_others_give_way_to_exist() -> None:
    """A rule gives way only to rules of the catalogue, and never to itself."""
    for rule in CATALOGUE:
        assert set(rule.after) <= set(by_code()) - {rule.code}


# What only other kinds of certificate or of masses have; tests/test_laws.py blanks them too.
ONLY_SOME_HAVE = ("loss_on_drying", "mean_mass")


def test_a_rule_may_only_ask_for_fields_that_papers_have() -> None:
    """Every need resolves to at least one field, on a good record or on a near miss of the rule."""
    for rule in ABOUT_RECORDS:
        for need in rule.needs:
            assert any(batch.find(need) for batch in batches_of(rule)) or need.endswith(ONLY_SOME_HAVE), (rule.code, need)


def test_a_refused_dose_is_said_to_be_above_the_ceiling_by_the_conversion_itself() -> None:
    """The finding FC101 of a conversion carries the words of the refusal, and no conversion comes with it."""
    answered = answer(amount("11 mg"), Preparation.labelled(amount("5 mg/mL")))

    assert answered.conversion is None
    assert [finding.code for finding in answered.findings] == ["FC101"]
    with pytest.raises(DoseAboveCeiling, match=re.escape(answered.findings[0].message)):
        convert(amount("11 mg"), Preparation.labelled(amount("5 mg/mL")))
