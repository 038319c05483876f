"""The self-test: it agrees on this computer, says loudly where it does not, and its report can be filed."""

import base64
import datetime
import hashlib
import json
import re
import shutil
import sys
import tomllib
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import attrs
import pytest
from doors.running import FIRST, as_json, run
from published.records import SPECS

import formcheck
from formcheck.documents import rendering
from formcheck.documents.selftest import selftest_page
from formcheck.errors import Unreadable
from formcheck.selftest import running
from formcheck.selftest.answers import asked
from formcheck.selftest.cases import case_file, load_cases, number
from formcheck.selftest.ceiling import ATTEMPTS, Attempt, tried
from formcheck.selftest.comparing import NOT_ASKED, compare, plain, words
from formcheck.selftest.machine import this_machine
from formcheck.selftest.records import examples_in
from formcheck.selftest.running import SelfTest, selftest
from formcheck.selftest.showing import as_text

CASES, FILES = len(load_cases()) - 3, len(list(SPECS.rglob("*.yaml")))
ALL = CASES + FILES + len(ATTEMPTS)
WORDS = "This supports your validation of formcheck; it does not replace it."


@pytest.fixture(scope="module")
def good() -> SelfTest:
    """The self-test as it is shipped."""
    return selftest()


@pytest.fixture
def corrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A case that expects what is not so, and one that has lost what it gives."""
    cases = list(load_cases())
    for place, case in enumerate(cases):
        if case.id == "AV-01":
            cases[place] = attrs.evolve(case, expected={**case.expected, "AV": "16.5"})
        elif case.id == "BUD-01":
            cases[place] = attrs.evolve(case, given={})
    monkeypatch.setattr(running, "load_cases", lambda: tuple(cases))


def own(folder: Path, product: str = "naltrexone-capsules") -> Path:
    """A pharmacy's own folder: one shipped product with two of its records."""
    target = folder / "own" / product
    (target / "records").mkdir(parents=True)
    shutil.copy(SPECS / product / "formulation.yaml", target)
    for name in ("good-stage-2", "bad-assay-low"):
        shutil.copy(SPECS / product / "records" / f"{name}.yaml", target / "records")
    return folder / "own"


# --- what is tried


def test_everything_agrees(good: SelfTest) -> None:
    """Every published case in scope, every example record and every attempt comes out as expected."""
    assert good.agrees and good.exit_status == 0
    assert good.conclusion == f"All {good.total.tried} agree. {WORDS}"
    assert {name: tally.tried for name, tally in good.tallies.items()} == {"cases": CASES, "records": FILES, "ceiling": 10}
    assert [case.id for case in good.not_asked] == ["FRM-02", "UCM-02", "UCM-06"]


def test_nothing_is_called_validated(good: SelfTest) -> None:
    """The report supports a validation; no form of it says that something is validated."""
    for text in (as_text(good), selftest_page(good), run("selftest", "--help").out):
        assert "validated" not in text.casefold() and "supports your validation" in " ".join(text.split())


def test_digests_are_those_of_the_files(good: SelfTest) -> None:
    """The SHA-256 of every specification, every record and the cases is that of the file's bytes."""
    for folder in good.examples:
        for each in folder.specifications:
            assert each.sha256 == hashlib.sha256((Path(folder.folder) / each.path).read_bytes()).hexdigest()
    assert all(row.sha256 is not None and len(row.sha256) == 64 for row in good.rows)
    assert good.case_file_sha256 == hashlib.sha256(case_file().read_bytes()).hexdigest()


def test_the_machine_is_named() -> None:
    """Version, Python, platform, libraries and the time in UTC; the program's digest is the same twice."""
    summer = datetime.datetime(2026, 7, 1, 14, 5, 9, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    machine = this_machine(summer)
    assert (machine.formcheck, machine.at) == (formcheck.__version__, "2026-07-01T12:05:09Z")
    assert machine.python.endswith(sys.version.split()[0].rstrip("+")) and machine.platform
    assert machine.libraries["pint"] != "not known" and machine.libraries["XlsxWriter"][0].isdigit()
    assert machine.program_sha256 == this_machine().program_sha256


def test_the_cases_are_shipped() -> None:
    """A wheel holds the cases where the program looks for them, and Jinja2 comes with extras alone."""
    project = tomllib.loads((SPECS.parent / "pyproject.toml").read_text("utf-8"))
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    extras = project["project"]["optional-dependencies"]
    assert shipped["tests/published/public.yaml"] == "formcheck/published_cases/public.yaml"
    assert case_file() == SPECS.parent / "tests" / "published" / "public.yaml"
    assert not any("jinja2" in name for name in project["project"]["dependencies"])
    assert any("jinja2" in name for name in extras["print"]) and "formcheck[print]" in [*extras["all"], *extras["test"]]


def test_a_corrupted_case_is_reported(corrupted: None) -> None:
    """What does not agree is counted, named first with both figures, and the exit status is 1."""
    test = selftest()
    assert (test.agrees, test.exit_status) == (False, 1)
    assert test.tallies["cases"] == (CASES, CASES - 2)
    text = as_text(test)
    assert text.index("! Case AV-01") < text.index("AV: expected 16.5, found 16.4") < text.index("Table 1.")
    assert f"2 of {ALL} do not agree. Do not rely on formcheck" in text and WORDS not in text
    assert "expected an answer, found none: KeyError" in " ".join(text.split()), (
        "a broken case does not take the others with it"
    )


def test_a_record_that_is_not_as_expected_is_reported(tmp_path: Path) -> None:
    """The record of a pharmacy that has other findings than it expects is named with both, and why."""
    folder = own(tmp_path)
    record = folder / "naltrexone-capsules" / "records" / "good-stage-2.yaml"
    record.write_text(re.sub(r"(?m)^expects: .*$", "expects: [FC407]", record.read_text("utf-8")), "utf-8")
    test = selftest(folder)
    (row,) = [row for row in test.rows if not row.agrees]
    assert (row.file, row.expected, row.found) == ("good-stage-2.yaml", ("FC407",), ("FC412 note",))
    said = " ".join(as_text(test, quiet=True).split())
    assert test.exit_status == 1 and "expected FC407, found FC412 note. FC407 was expected and did not come" in said


def test_own_specifications_are_tried_too(tmp_path: Path) -> None:
    """--specs adds the pharmacy's folder to what is shipped; the shipped folder itself is not tried twice."""
    test = selftest(own(tmp_path))
    assert [(len(folder.specifications), len(folder.rows)) for folder in test.examples] == [(3, FILES), (1, 3)]
    assert test.agrees and len(selftest(SPECS).examples) == 1


def test_a_folder_without_specifications_is_refused(tmp_path: Path) -> None:
    """No folder, or one without a specification: a sentence, never an agreement about nothing."""
    with pytest.raises(Unreadable, match="is not a folder"):
        examples_in(tmp_path / "nowhere", "")
    with pytest.raises(Unreadable, match="holds no specification"):
        examples_in(tmp_path, "")


def test_specifications_without_records_are_said(tmp_path: Path) -> None:
    """Where no example records stand beside a specification, the report says that nothing was tried of it."""
    folder = own(tmp_path)
    shutil.rmtree(folder / "naltrexone-capsules" / "records")
    test = selftest(folder)
    assert not test.examples[1].has_records
    assert all("nothing was tried of them" in text for text in (as_text(test), selftest_page(test)))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A record that cannot be read does not agree, and the exit status is 2, as everywhere."""
    folder = own(tmp_path)
    (folder / "naltrexone-capsules" / "records" / "torn.yaml").write_text("kind: [", "utf-8")
    test = selftest(folder)
    (row,) = [row for row in test.rows if not row.agrees]
    assert (row.file, row.found, test.exit_status) == ("torn.yaml", ("a file that cannot be read",), 2)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.what)
def test_the_ceiling_holds(attempt: Attempt) -> None:
    """Each attempt is refused, or rounded down, and 10 mg exactly is given."""
    assert tried(attempt).agrees


def test_an_attempt_that_succeeds_is_seen() -> None:
    """An attempt that is converted, refused for another reason or cannot be read is no agreement."""
    assert tried(Attempt("allowed", "4.5 mg")).found == "0.9 mL, 4.5 mg"
    assert not tried(Attempt("allowed", "4.5 mg")).agrees
    assert tried(Attempt("too small", "0.1 mg", concentration="12 mg/mL", run="20 drops, 1 mL")).found.startswith(
        "not conv"
    )
    assert tried(Attempt("no unit", "11")).found.startswith("not answered")


# --- comparing


@pytest.mark.parametrize(
    ("wanted", "found", "agrees"),
    [
        ("16.4", Fraction("16.4000009"), True), ("16.4", Fraction("16.4000011"), False), ("16.4", 16, False),
        ("1.0e-06", Fraction(1, 10**6), True), ("-3", Fraction(-3), True), ("3", None, False),
        ("true", True, True), ("false", True, False), ("1", True, False), ("pass", "pass", True), ("pass", "fail", False),
        ("1", "1", True), ("many", Fraction(1), False), (["1", "2"], [1, 2], True), (["1", "2"], [1], False),
        (["1", "2"], [1, 3], False), ("1", [1], False), (["1"], 1, False), (["1", "x"], [1, NOT_ASKED], True),
        (["x"], [NOT_ASKED], False), ([], [], False),
    ],
)  # fmt: skip
def test_what_agrees(wanted: Any, found: Any, agrees: bool) -> None:
    """Numbers within the tolerance, lists item by item, everything else exactly; what was not answered never."""
    (compared,) = compare({"key": wanted}, {"key": found}, "0.000001")
    assert compared.agrees is agrees


def test_a_missing_answer_or_tolerance_never_agrees() -> None:
    """A key that was not answered, and a tolerance that is no number, are disagreements."""
    assert [each.agrees for each in compare({"a": "1"}, {}, "0.1")] == [False]
    assert [each.agrees for each in compare({"a": "1"}, {"a": 1}, "wide")] == [False]


def test_a_case_without_expectations_never_agrees() -> None:
    """Nothing expected is nothing shown."""
    assert not asked(attrs.evolve(load_cases()[0], expected={})).agrees


@pytest.mark.parametrize("text", ["", "1/3", "1_0", "nan", "inf", "0x1", "１", " 1", "1e999", "--1", None, ["1"]])
def test_numbers_of_the_file_are_plain(text: Any) -> None:
    """Only plain decimals are numbers; anything else is a text."""
    assert number(text) is None


def test_values_as_words_and_as_data() -> None:
    """Numbers end, lists have commas, what was not asked says so; in JSON numbers are numbers."""
    assert words([Fraction(1, 3), "2.50", NOT_ASKED, True]) == "0.333333333, 2.5, (not asked), true"
    assert plain(["2.5", "true", Fraction(1, 2), "pass", None]) == [2.5, True, 0.5, "pass", None]


def test_cases_that_cannot_be_read_stop_the_test(tmp_path: Path) -> None:
    """A file that is torn, has no cases, or a case that is not whole: Unreadable, and what to do."""
    for text in ("cases: [", "cases: 3", "- 1", "cases: [{id: X-1, kind: drops}]", "cases: [3]"):
        file = tmp_path / "public.yaml"
        file.write_text(text, "utf-8")
        with pytest.raises(Unreadable, match="install formcheck again"):
            load_cases(file)


# --- the command


def test_text_fits_the_page(good: SelfTest) -> None:
    """No line of the text is longer than a hundred columns; it ends with the lines to sign."""
    lines = as_text(good).splitlines()
    assert max(map(len, lines)) <= 100
    assert all(name in lines[-1] for name in ("Run by", "Reviewed by", "Date"))
    for id in (outcome.case.id for outcome in good.cases):
        assert any(line.startswith(f"{id} ") for line in lines)


def test_command_in_text() -> None:
    """Exit 0, the conclusion first; quiet is the conclusion alone."""
    ran = run("selftest")
    assert ran.code == 0 and ran.out.startswith(f"  AGREES  All {ALL} agree.")
    assert run("selftest", "-q").out.strip() == f"AGREES  All {ALL} agree. {WORDS}"
    assert "\x1b[" in run("selftest", "--color", "always").out


def test_command_in_json() -> None:
    """The keys are a contract, their order too."""
    data = as_json("selftest").data
    assert list(data) == [
        *FIRST, "agrees", "conclusion", "counts", "run", "case_file", "specifications", "cases", "not_asked", "records",
        "ceiling",
    ]  # fmt: skip
    assert list(data["run"]) == [
        "formcheck", "program_sha256", "folder", "python", "platform", "computer", "libraries", "at",
    ]  # fmt: skip
    assert list(data["specifications"][0]) == ["folder", "path", "id", "version", "approved", "sha256"]
    assert list(data["cases"][0]) == ["id", "what", "source", "where", "tolerance", "published", "agrees", "answers"]
    assert data["cases"][0]["answers"][0] == {"key": "drops_per_mL", "expected": 17.5, "found": 17.5, "agrees": True}
    assert list(data["records"][0]) == [
        "in", "folder", "file", "id", "sha256", "expected", "found", "agrees", "read", "why",
    ]  # fmt: skip
    assert list(data["ceiling"][0]) == ["what", "expected", "found", "agrees"]
    assert data["counts"] == {
        "cases": {"tried": CASES, "agree": CASES},
        "records": {"tried": FILES, "agree": FILES},
        "ceiling": {"tried": 10, "agree": 10},
    }


def test_command_says_what_does_not_agree(corrupted: None, tmp_path: Path) -> None:
    """Exit 1 in every format; the page says it in words, not in colour alone."""
    assert run("selftest", "-q").code == 1
    assert as_json("selftest").code == 1 and as_json("selftest").data["agrees"] is False
    page = tmp_path / "selftest.html"
    assert run("selftest", "--output-format", "html", "-o", str(page)).code == 1
    assert page.read_text("utf-8").count("DOES NOT AGREE") == 3, "the verdict, and a cell of each case"


def test_command_without_a_folder(tmp_path: Path) -> None:
    """--specs of a folder that is none: exit 2 and a sentence, in JSON too."""
    ran = run("selftest", "--specs", str(tmp_path / "none"))
    assert ran.code == 2 and "is not a folder" in ran.err
    assert "error" in json.loads(as_json("selftest", "--specs", str(tmp_path / "none")).out)


def test_a_specification_is_not_written_over(tmp_path: Path) -> None:
    """-o onto a file of the specifications: exit 2, and the file stays."""
    folder = own(tmp_path)
    file = folder / "naltrexone-capsules" / "formulation.yaml"
    before = file.read_bytes()
    assert run("selftest", "--specs", str(folder), "-o", str(file)).code == 2
    assert file.read_bytes() == before


def test_without_jinja(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTML without Jinja2: exit 2 before anything is tried, with what to install; text and JSON do without it."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    ran = run("selftest", "--output-format", "html")
    assert ran.code == 2 and "pip install 'formcheck[print]'" in ran.err
    assert run("selftest", "-q").code == 0


# --- the page

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """A page taken apart: every tag is closed in order, and what there is of some."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == [], "every tag is closed"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", data))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def words(self) -> str:
        return "\n".join(text for tag, text in self.texts if tag != "style")


def test_the_page_stands_alone(good: SelfTest) -> None:
    """No script, no link, no image, no style attribute; its policy names the digest of its own style."""
    text = selftest_page(good)
    page = Page(text)
    tags = {tag for tag, _ in page.tags}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "a", "form", "object"})
    assert not any(key == "style" or key.startswith("on") for _, attributes in page.tags for key in attributes)
    assert "http://" not in text and "https://" not in text and "url(" not in text
    (policy,) = [each["content"] for each in page.named("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy is not None and policy.startswith("default-src 'none'") and f"'sha256-{digest}'" in policy


def test_the_page_can_be_heard(good: SelfTest) -> None:
    """Language, one title, one main heading; every table has a caption, every head cell says what it heads."""
    page = Page(selftest_page(good))
    assert page.named("html") == [{"lang": "en"}]
    assert [text for tag, text in page.texts if tag == "title"] == [
        f"formcheck {formcheck.__version__} self-test, {good.machine.at[:10]}: all agree"
    ]
    assert len(page.named("h1")) == 1 and len(page.named("main")) == 1
    assert len(page.named("table")) == len(page.named("caption")) == 6
    assert all(cell.get("scope") in ("row", "col", "rowgroup") for cell in page.named("th"))


def test_the_page_has_everything(good: SelfTest) -> None:
    """Every case, record, attempt, digest and line to sign stands in the page."""
    shown = Page(selftest_page(good)).words
    for outcome in good.cases:
        assert outcome.case.id in shown and outcome.case.title in shown
    for row in good.rows:
        assert row.file in shown
    for text in (*(each.what for each in good.ceiling), *(each.sha256 for f in good.examples for each in f.specifications)):
        assert text in shown
    for text in (good.case_file_sha256, good.conclusion, "Run by", "Reviewed by", "Date", *(c.id for c in good.not_asked)):
        assert text in shown


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    """Markup and bidirectional characters in the name of a specification are shown, and do nothing."""
    folder = own(tmp_path)
    file = folder / "naltrexone-capsules" / "formulation.yaml"
    hostile = '<script>alert(1)</script>" onload=x \u202e{{ 7*7 }}'
    text = file.read_text("utf-8")
    file.write_text(text.replace("id: naltrexone-capsules", f"id: '{hostile}'", 1), "utf-8")
    test = selftest(folder)
    text = selftest_page(test)
    page = Page(text)
    assert test.examples[1].specifications[0].id == hostile
    assert page.named("script") == [] and "<script" not in text and "\u202e" not in text
    assert '<script>alert(1)</script>" onload=x \\u202e{{ 7*7 }}' in page.words
    assert "\u202e" not in as_text(test)


def test_pages_are_escaped_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that forgets to escape escapes all the same, and one that forgets a value fails."""
    (tmp_path / "paper.css").write_text("b { }", "utf-8")
    (tmp_path / "t.html").write_text("{{ said }}{% if more %}{{ lost }}{% endif %}", "utf-8")
    monkeypatch.setattr(rendering, "_TEMPLATES", tmp_path)
    rendering._environment.cache_clear()
    try:
        assert rendering.page("t.html", said="<b>&'\x07", more=False) == "&lt;b&gt;&amp;&#39;\\u0007"
        with pytest.raises(rendering.needs_jinja().UndefinedError):
            rendering.page("t.html", said="", more=True)
    finally:
        rendering._environment.cache_clear()
