"""Papers: what they say is what was reckoned; fonts inside, nothing fetched, the same bytes again; labels never cut."""

import datetime
import io
import json
import re
import sys
from fractions import Fraction
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import zxingcpp
from doors.running import run
from hypothesis import given
from hypothesis import strategies as st
from published.records import SPECS

from formcheck.check import Selection
from formcheck.documents import rendering
from formcheck.documents.barcode import data_matrix
from formcheck.documents.calendar import calendar_paper
from formcheck.documents.charts import Results, chart_of
from formcheck.documents.label import container_label, label_as_pdf
from formcheck.documents.paper import Chart, Document, Fields, Section, Steps, Table, Words
from formcheck.documents.plain import as_text
from formcheck.documents.report import report_paper
from formcheck.documents.showing import as_html, as_pdf
from formcheck.documents.typesetting import typeset
from formcheck.errors import CannotConvert, FormcheckError
from formcheck.findings import Verdict
from formcheck.formats.paper import as_yaml
from formcheck.liquid import DropFactor, Preparation, read_run
from formcheck.papers.compounding import CompoundingRecord
from formcheck.planning.schedule import rising
from formcheck.planning.titration import Step
from formcheck.reading.papers import read_bytes, read_file
from formcheck.reading.specifications import gathered, load_library
from formcheck.reading.yaml import read_document
from formcheck.titrating import Hand, titrate

LIBRARY = load_library(str(SPECS))
RECORDS = sorted(SPECS.glob("*/records/*.yaml"))
GOOD = [path for path in RECORDS if path.name.startswith("good")]
STAGE_2 = SPECS / "naltrexone-capsules/records/good-stage-2.yaml"
HALF = Fraction(1, 2)


def text_of(pdf: bytes) -> str:
    """The words of a PDF, blanks between them."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_every_example_record_has_a_report_with_its_verdict(path: Path) -> None:
    """The paper of each record says the verdict of check, all its findings, and the hash of the record."""
    reading = read_file(str(path))
    if reading.paper is None:
        with pytest.raises(CannotConvert):
            report_paper(reading, LIBRARY, Selection())
        return
    document = report_paper(reading, LIBRARY, Selection())
    text = as_text(document)

    checked = run("check", str(path), "--specs", str(SPECS), "--output-format", "json").data["records"][0]
    assert document.outcome.lower().replace(" ", "_") == checked["verdict"]
    assert all(finding["code"] in text for finding in checked["findings"])
    assert reading.sha256 is not None and reading.sha256 in text


def test_the_pdf_of_a_report_holds_the_words_and_its_fonts_and_is_the_same_again() -> None:
    """Identity, verdict, results and working stand in the PDF as text; fonts are embedded; twice the same bytes; PDF/A."""
    document = report_paper(read_file(str(STAGE_2)), LIBRARY, Selection())
    pdf = as_pdf(document)
    text = text_of(pdf)

    for words in (
        "Naltrexone hydrochloride 4.5 mg capsules: batch LDN-2026-067", "PASS", "Acceptance value 11.8: passes at stage 2",
        "508.6844 mg", "Net mass of single units", "133.6 mg", "Released by",
    ):  # fmt: skip
        assert words in text, words
    assert pdf == as_pdf(report_paper(read_file(str(STAGE_2)), LIBRARY, Selection()))
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index,union-attr]
            descendant = font["/DescendantFonts"][0]
            assert any(key.startswith("/FontFile") for key in descendant["/FontDescriptor"])
    assert b"pdfaid" in (reader.xmp_metadata.stream.get_data() if reader.xmp_metadata else b"")


def test_a_page_is_whole_in_itself_and_runs_nothing() -> None:
    """No script, no address to fetch, a policy that forbids both; the chart is inside, with its words and its figures."""
    html = as_html(report_paper(read_file(str(STAGE_2)), LIBRARY, Selection()))

    assert "<script" not in html and "default-src &#39;none&#39;" in html
    assert not re.search(r"(?:src|href)=\"(?!data:)", html)
    assert 'alt="Chart of 30 results, content' in html and "101.1 %" in html


def test_what_stands_in_a_record_is_never_markup() -> None:
    """Names and texts with HTML, typst code or characters nobody sees are shown as they are, in page and PDF."""
    written = read_document(STAGE_2.read_text(encoding="utf-8")).value
    written["id"] = "<script>x</script> #panic(1) *b* \u202e"
    reading = read_bytes(as_yaml(written).encode(), "record.yaml")
    document = report_paper(reading, LIBRARY, Selection())

    assert "<script>" not in as_html(document) and "&lt;script&gt;" in as_html(document)
    text = text_of(as_pdf(document))
    assert "#panic(1) *b*" in text and "\u202e" not in text


def test_letters_of_other_tongues_are_printed_or_named() -> None:
    """Polish, Greek and Cyrillic names are set; a sign that no font here has is shown as its code point, never left out."""
    paper = Document("Łukasz Żółty, Ωμέγα, Жук", [Section("漢字", [Words(["name"])])])
    text = text_of(as_pdf(paper))
    assert "Łukasz Żółty" in text and "Жук" in text and "\\u6f22" in text


steps = st.lists(
    st.builds(Step, st.integers(1, 40).map(lambda n: Fraction(n, 4)), st.integers(1, 2), st.integers(1, 30)),
    min_size=1, max_size=5,
)  # fmt: skip
DROPS = Hand((), Preparation(Fraction(5)), DropFactor.from_runs([read_run("20 drops, 0.77 mL")] * 3))


@given(steps, st.sampled_from([DROPS, Hand((Fraction(1, 4),))]))
def test_no_calendar_carries_a_day_above_the_ceiling(plan: list[Step], hand: Hand) -> None:
    """Every amount on the paper of a patient is at most 10 mg; a plan above it has no paper to begin with."""
    result = titrate(plan, [plan], [hand])
    if result.plan is None:
        return
    text = as_text(calendar_paper(result, datetime.date(2026, 12, 1)))
    rows = [line for line in text.splitlines() if "once a day" in line or "twice a day" in line]
    assert rows and all(Fraction(row.split()[-2]) <= 10 for row in rows)


def test_the_calendar_in_plain_words() -> None:
    """Weekdays and months that no computer's language changes, drops with their milligrams, what to know."""
    plan = rising(HALF, 9 * HALF, HALF, 7, 28, 1)
    text = text_of(as_pdf(calendar_paper(titrate(plan, [plan], [DROPS]), datetime.date(2026, 12, 1))))
    for words in ("Tue 1 Dec to Mon 7 Dec 2026", "23 drops (about 4.5 mg), once a day", "never more than 10 mg in a day",
                  "dropper of this bottle only", "Mon 22 Feb 2027"):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize("path", GOOD, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_the_label_of_every_good_record_is_printed_with_lot_and_date(path: Path) -> None:
    """All its lines are on the label, and a reader of symbols finds the lot and the date of the record."""
    label = container_label(read_file(str(path)), LIBRARY)
    assert label.verdict is Verdict.PASS
    pdf = label_as_pdf(label, "102x51")
    text = text_of(pdf)
    assert all(" ".join(line.split()) in text for line in label.lines)
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=5).to_pil()
    (symbol,) = zxingcpp.read_barcodes(picture)
    assert symbol.text == f"(17){label.record.beyond_use_date:%y%m%d}(10){label.record.id}"


@pytest.mark.parametrize("path", GOOD, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_a_label_composed_of_the_fields_passes_its_own_rules(path: Path) -> None:
    """Without a text in the record, what formcheck writes is found in order by FC7, for every dosage form."""
    written = read_document(path.read_text(encoding="utf-8")).value
    written["label"] = ""
    if "dose" not in written:
        written |= {"dose": {"capsules": "1"}, "per_day": "1"}
    reading = read_bytes(as_yaml(written).encode(), "record.yaml")
    label = container_label(reading, LIBRARY, pharmacy="Larkfield Compounding Pharmacy, 14 Mill Lane, tel. 555-0142")
    assert [(f.code, f.message) for f in label.findings] == [] and label.verdict is Verdict.PASS, label.lines


def test_the_label_of_a_titration_gives_every_step() -> None:
    """Composed of its plan: whoever is to begin with 1.5 mg is not told to take 4.5 mg from the first day on."""
    path = next(path for path in GOOD if path.stem == "good-titration-refrigerated")
    written = {**read_document(path.read_text(encoding="utf-8")).value, "label": ""}
    label = container_label(read_bytes(as_yaml(written).encode(), "r.yaml"), LIBRARY, pharmacy="A Pharmacy, tel. 555-0142")
    assert [line for line in label.lines if "by mouth" in line] == [
        "Take 1.5 mL by mouth once daily for 14 days.",
        "Then take 3 mL by mouth once daily for 14 days.",
        "Then take 4.5 mL by mouth once daily for 6 days.",
    ]


@pytest.mark.parametrize("name", ["r.json", "r.yaml"])
def test_a_record_in_json_is_judged_before_its_label_is_printed(name: str) -> None:
    """Whatever the file was written in: a label of 4.5 mg five times a day is refused."""
    path = next(path for path in GOOD if path.stem == "good-4.5mg-dihydrate-lot")
    written = read_document(path.read_text(encoding="utf-8")).value
    written["label"] = written["label"].replace("once daily", "five times daily")
    label = container_label(read_bytes(json.dumps(written).encode(), name), LIBRARY)
    assert label.verdict is Verdict.FAIL
    assert {f.code for f in label.findings} == {"FC101"}
    assert all(f.location.path == name for f in label.findings)


def test_text_that_does_not_fit_is_an_error_that_says_what_is_needed() -> None:
    """On 57 by 32 mm the label is refused, with the height it needs; nothing is cut, nothing is made smaller."""
    with pytest.raises(FormcheckError, match=r"needs 5[0-9] mm of height, and the label has 32 mm"):
        label_as_pdf(container_label(read_file(str(STAGE_2)), LIBRARY), "57x32")


@pytest.mark.parametrize("name", ["bad-label-450", "bad-beyond-use-date-too-long"])
def test_a_label_that_is_not_in_order_is_not_printed(name: str, tmp_path: Path) -> None:
    """Whatever the rules of doses, dates and labels find: exit 1 or 3, the finding, and no file."""
    bad = [path for path in RECORDS if path.parent.parent.name == "naltrexone-capsules" and path.name.startswith("bad")]
    failing = [p for p in bad if container_label(read_file(str(p)), LIBRARY).verdict is Verdict.FAIL] if bad else []
    assert len(failing) > 5
    ran = run(
        "label", str(failing[0 if name == "bad-label-450" else -1]), "--specs", str(SPECS), "-o", str(tmp_path / "l.pdf")
    )
    assert ran.code == 1 and "No label is printed" in ran.err and not (tmp_path / "l.pdf").exists()


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=24))
def test_a_lot_reads_back_or_is_refused(lot: str) -> None:
    """What GS1 allows as a lot is in the symbol; a blank, a longer lot or another sign is refused with a sentence."""
    try:
        svg = data_matrix(lot, datetime.date(2026, 7, 31))
    except CannotConvert as error:
        assert "GS1" in str(error)
        return
    assert len(lot) <= 20 and svg.startswith("<svg") and " " not in lot


def test_a_chart_marks_what_lies_outside_in_shape_and_in_words() -> None:
    """A result outside is a cross and is named; the others are circles; no colour is needed."""
    values = [Fraction(n) for n in (99, 101, 112)]
    chart = chart_of(
        Results("net mass", "theory", values, [("upper limit", Fraction(110))], Fraction(90), Fraction(110)), (), ()
    )
    assert chart.svg.count("<circle") == 2 and chart.svg.count("<path") == 1
    assert "outside: unit 3" in chart.alt and set(re.findall(r"#[0-9a-f]{6}", chart.svg)) == {"#000000", "#ffffff"}


def test_every_sort_of_block_is_shown_on_every_kind_of_paper() -> None:
    """Fields, tables, steps, words and charts: nothing of a paper is lost between text, page and PDF."""
    chart = Chart("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>", "alt words", ("Unit",), [("cell-a",)])
    blocks = [
        Fields([("name-a", "value-a"), ("blank-a", "")]), Table(("head-a", "head-b"), [("cell-b", "")], "caption-a"),
        Steps(["step-a"]), Words(["words-a"], strong=True), chart,
    ]  # fmt: skip
    paper = Document(
        "title-a", [Section("section-a", blocks)], [("fact-a", "fact-b")], "verdict-a", "FAIL", "foot-a", ("sign-a",)
    )
    wanted = ["title-a", "section-a", "name-a", "value-a", "blank-a", "head-a", "cell-b", "caption-a", "step-a", "words-a",
              "cell-a", "fact-b", "verdict-a", "FAIL", "foot-a", "sign-a"]  # fmt: skip
    for shown in (as_text(paper).lower(), as_html(paper).lower(), text_of(as_pdf(paper)).lower()):
        assert [word for word in wanted if word.lower() not in shown] == []


def test_a_paper_that_typst_refuses_is_an_error_of_ours() -> None:
    """Data that a template cannot use raise a FormcheckError, not something of typst's."""
    with pytest.raises(FormcheckError, match="cannot be set"):
        typeset("paper.typ", {})


LONG = "W" * 200


def test_a_word_without_a_blank_is_broken_and_never_runs_over_the_sheet() -> None:
    """A lot of 200 letters, in title, fields, tables, steps and words: the margins stay white; all of it is there."""
    blocks = [Fields([("a", LONG)]), Table(("h", "i"), [(LONG, "x")]), Table(("h", "i"), [(LONG, "")]), Steps([LONG]),
              Words([LONG])]  # fmt: skip
    pdf = as_pdf(Document(f"T {LONG}", [Section("S", blocks)], [("Batch", LONG)]))
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=1).to_pil().convert("L")
        right = picture.crop((picture.width - 30, 0, picture.width, picture.height))
        assert right.getextrema()[0] > 250
    letters = re.sub(r"[^W]", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))
    assert len(letters) == 200 * 7


def test_a_digest_in_a_pdf_can_be_copied_whole() -> None:
    """The SHA-256 of a record is one word of 64 letters, without breaks inside."""
    reading = read_file(str(STAGE_2))
    assert reading.sha256 is not None and reading.sha256 in text_of(as_pdf(report_paper(reading, LIBRARY, Selection())))


@pytest.mark.parametrize("word", ["W" * 24, "W" * 300])
def test_a_label_with_a_word_that_is_too_wide_is_refused(word: str) -> None:
    """On 57 mm a word of 24 wide letters has no place; 300 letters have none on any: an error, nothing over the edge."""
    label = container_label(read_file(str(STAGE_2)), LIBRARY)
    with pytest.raises(FormcheckError, match=r"wider than the label|of height"):
        label_as_pdf(label._replace(lines=("Naltrexone", word)), "57x32", symbol=False)


def test_the_page_of_a_titration_says_what_the_pdf_says() -> None:
    """Days, doses, what to know and what is dispensed stand in the page too; it runs nothing and fetches nothing."""
    plan = rising(HALF, 9 * HALF, HALF, 7, 28, 1)
    html = as_html(calendar_paper(titrate(plan, [plan], [DROPS]), datetime.date(2026, 12, 1)))
    for words in ("Tue 1 Dec to Mon 7 Dec 2026", "23 drops (about 4.5 mg), once a day", "never more than 10 mg in a day",
                  "Dispensed", "naltrexone hydrochloride"):  # fmt: skip
        assert words in html, words
    assert "<script" not in html and not re.search(r"(?:src|href)=\"(?!data:)", html)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_the_working_of_a_good_record_comes_to_what_the_record_says(path: Path) -> None:
    """The date to assign is that of the record, the powder as required; drops are worked out where they count."""
    reading = read_file(str(path))
    text = " ".join(as_text(report_paper(reading, LIBRARY, Selection())).split())
    paper = reading.paper
    assert isinstance(paper, CompoundingRecord) and f"Assign {paper.beyond_use_date} (latest" in text
    weighed, active = re.search(r"Weigh (\S+) mg of the powder", text), paper.components[0]
    assert (weighed is None) is (active.trituration is not None)
    if weighed is not None and active.required is not None:
        assert abs(Fraction(weighed[1]) - active.required.value) <= Fraction(1, 100)
    assert ("drops hold" in text) is ("sublingual" in str(path))


def test_a_certificate_of_an_unknown_basis_leaves_its_working_out() -> None:
    """A word that no rule knows: the report says so by FC204 or its kin, and is made all the same."""
    written = read_document(STAGE_2.read_text(encoding="utf-8")).value
    written["components"][0]["certificate"]["basis"] = "as good as any"
    reading = read_bytes(as_yaml(written).encode(), "record.yaml")
    text = as_text(report_paper(reading, LIBRARY, Selection()))
    assert "Working: amount" not in text and "NOT DETERMINED" in text.upper()


def test_a_finding_on_paper_says_of_which_class_it_is() -> None:
    """Compendial, good practice or formcheck's own, in PDF and page as in check."""
    written = read_document(STAGE_2.read_text(encoding="utf-8")).value
    written["label"] = written["label"].partition("Compounded by")[0]
    document = report_paper(read_bytes(as_yaml(written).encode(), "record.yaml"), LIBRARY, Selection())
    assert "labelling (compendial)" in text_of(as_pdf(document)) and "labelling (compendial)" in as_html(document)


@pytest.mark.parametrize(
    ("name", "code"),
    [("bad-half-a-milligram", "FC604"), ("bad-confirmation-run-14-percent-off", "FC601"), ("bad-other-tip-lot", "FC601")],
)
def test_no_label_counts_drops_that_are_not_what_it_says(name: str, code: str) -> None:
    """Drops more than 10 % off the dose, or of another dropper: the label says so many milligrams, and is not printed."""
    label = container_label(read_file(str(SPECS / f"naltrexone-sublingual-drops-5/records/{name}.yaml")), LIBRARY)
    assert label.verdict is Verdict.FAIL and code in [finding.code for finding in label.findings]


@pytest.mark.parametrize(
    ("missing", "arguments"),
    [
        (("jinja2", "markupsafe"), ("report", str(STAGE_2), "--specs", str(SPECS), "-o", "paper.html")),
        (("typst",), ("report", str(STAGE_2), "--specs", str(SPECS), "-o", "paper.pdf")),
        (("zint",), ("label", str(STAGE_2), "--specs", str(SPECS), "-o", "paper.pdf")),
    ],
)
def test_without_the_extra_it_is_said_what_to_install(
    missing: tuple[str, ...], arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A base install has none of the three: exit 2 with the command to install them, no internal error, no file."""
    monkeypatch.chdir(tmp_path)
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    rendering._environment.cache_clear()
    ran = run(*arguments)
    assert ran.code == 2 and "pip install 'formcheck[print]'" in ran.err and list(tmp_path.iterdir()) == []


def test_no_label_under_a_formulation_that_lint_finds_an_error_in() -> None:
    """Limits of 50 to 150 % prove nothing of a batch: its label is not determined, and not printed (FC915)."""
    text = (SPECS / "naltrexone-capsules/formulation.yaml").read_text(encoding="utf-8")
    assert "limits: 90.0-110.0 %" in text
    wide = gathered([read_bytes(text.replace("limits: 90.0-110.0 %", "limits: 50.0-150.0 %").encode(), "wide.yaml")])
    label = container_label(read_file(str(STAGE_2)), wide)
    assert label.verdict is Verdict.NOT_DETERMINED and [f.code for f in label.findings] == ["FC915"]


def test_a_label_that_a_waiver_lets_through_says_so(tmp_path: Path) -> None:
    """A warning about the label that somebody took on: the label is printed, with who waived what, and until when."""
    written = read_document(STAGE_2.read_text(encoding="utf-8")).value
    written["label"] = written["label"].replace(", tel. 555-0142", "")
    written["waivers"] = [{"code": "FC708", "reason": "the number stands on the lid", "by": "Idris Calloway, RPh",
                           "until": "2026-12-31"}]  # fmt: skip
    file = tmp_path / "record.yaml"
    file.write_text(as_yaml(written), encoding="utf-8")
    ran = run("label", str(file), "--specs", str(SPECS))
    assert ran.code == 0 and "(waived by Idris Calloway, RPh until 2026-12-31:" in " ".join(ran.err.split())
