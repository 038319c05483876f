"""FC7: how doses and medicines are written: zeros, abbreviations, names, and what a check of masses is called."""

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from formcheck.findings import Authority, Severity
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.planning.batch import Batch
from formcheck.planning.labels import remembered, tidy
from formcheck.rules.rule import Fault, Path, record_rule
from formcheck.units import Amount

_UNIT = r"(?:mgs?|milligrams?|mcg|ug|\u03bcg|micrograms?|g|grams?|ml|millilit(?:er|re)s?|drops?)(?![a-z])"
_DROPS_A_ML = re.compile(r"[0-9.]{1,12} ?drops? ?(?:/|per) ?ml", re.IGNORECASE)
_TRAILING = re.compile(rf"(?<![0-9.,])[0-9]{{1,9}}\.0{{1,9}} ?{_UNIT}", re.IGNORECASE)
_LATE_ZERO = re.compile(rf"(?<![0-9.,])[0-9]{{1,9}}\.[0-9]{{0,9}}[1-9]0{{1,9}} ?{_UNIT}", re.IGNORECASE)
_NAKED = re.compile(rf"(?<![0-9.])\.[0-9]{{1,9}} ?{_UNIT}", re.IGNORECASE)
_MOST_NAMED = 5


class Slip(NamedTuple):
    """A way of writing that is misread: what it looks like, and what to write."""

    pattern: re.Pattern[str]
    write: str
    called: str = ""


def _texts(paper: MasterFormulationRecord) -> Iterator[tuple[Path, str]]:
    """The texts of a formulation's label, and its doses."""
    label, here = paper.label, ("(formulation)",)
    if label is not None:
        named = (("name", label.name), ("route", label.route), ("directions", label.directions))
        yield from (((*here, "label", name), text) for name, text in named if text)
        for name, texts in (("warnings", label.warnings), ("statements", label.statements)):
            yield from (((*here, "label", name, index), text) for index, text in enumerate(texts))
    yield from (((*here, "strengths", index), strength.text) for index, strength in enumerate(paper.strengths))
    if paper.daily_dose_at_most is not None:
        yield (*here, "daily_dose_at_most"), paper.daily_dose_at_most.text
    if paper.batch is not None and paper.batch.strength is not None:
        yield (*here, "batch", "strength"), paper.batch.strength.text


def _dosing_texts(batch: Batch) -> Iterator[tuple[Path, str]]:
    """The label of a record, and what it says of doses."""
    record, dose, prescription = batch.record, batch.record.dose, batch.record.prescription
    if record.label is not None:
        yield ("label",), batch.label.text
    amounts: list[tuple[Path, Amount | None]] = [(("strength",), record.strength)]
    if dose is not None:
        amounts += [(("dose", "ordered"), dose.ordered), (("dose", "volume"), dose.volume)]
    if prescription is not None:
        if prescription.plan is not None:
            yield ("prescription", "plan"), prescription.plan.text
        amounts += [(("prescription", "strengths", i), strength) for i, strength in enumerate(prescription.strengths)]
    yield from ((path, found.text) for path, found in amounts if found is not None)


@record_rule(
    "FC702",
    "Zeros after and before the decimal point",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (ISMP list of error-prone abbreviations, symbols and dose designations)",
    subjects=("record", "formulation"),
    alone=True,
)
def trailing_zero(batch: Batch) -> Iterator[Fault]:
    """A dose is written without a zero at its end, and with a zero before its decimal point: 1 mg, 0.5 mg.

    1.0 mg is read as 10 mg where the point is faint, and .5 mg as 5 mg. Both are errors, on the label and wherever a
    strength or a dose is written. 0.50 mg is a warning: it is untidy, but cannot become ten times as much. Results,
    limits and weighings keep their zeros (98.0 %, 467.0 mg), where they say how exact a figure is.

    Write the dose without the last zero, and with a zero before the point.
    """
    paper = batch.formulation
    texts = _dosing_texts(batch) if not batch.is_specification else _texts(paper) if paper is not None else ()
    for path, written in texts:
        if "." in written:
            yield from _zeros_in(path, written if path == ("label",) else tidy(written))


@remembered
def _zeros_of_line(line: str) -> tuple[list[str], list[str]]:
    """The doses of a line that are written wrong, and those that are untidy."""
    text = _DROPS_A_ML.sub(" ", line) if "ml" in line.casefold() else line
    wrong = [match[0] for pattern in (_TRAILING, _NAKED) for match in pattern.finditer(text)]
    return wrong, [match[0] for match in _LATE_ZERO.finditer(text)]


def _zeros_in(path: Path, text: str) -> Iterator[Fault]:
    lines = [_zeros_of_line(line) for line in text.split("\n") if "." in line]
    wrong, untidy = ([found for line in lines for found in line[place]] for place in (0, 1))
    if wrong or untidy:
        words = list(dict.fromkeys([*wrong, *untidy]))[:_MOST_NAMED]
        yield Fault(
            message=f"{', '.join(words)}: write {', '.join(map(_tidied, words))}",
            field=path,
            found=", ".join(words),
            limit=", ".join(map(_tidied, words)),
            severity=Severity.ERROR if wrong else Severity.WARNING,
        )


def _tidied(written: str) -> str:
    match = re.match(r"[0-9.]+", written)
    number = match[0] if match is not None else ""
    whole, _, decimals = number.partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole or '0'}{'.' if decimals else ''}{decimals} {written[len(number) :].strip()}"


_NUMBER = r"(?<![0-9A-Za-z.,-])[0-9]{1,9}(?:\.[0-9]{1,9})?"
SLIPS = (
    Slip(re.compile(r"[\u00b5\u03bc] ?g\b"), "mcg", "a micro sign"),
    Slip(re.compile(rf"{_NUMBER} ?cc\b", re.IGNORECASE), "mL"),
    Slip(re.compile(rf"{_NUMBER} ?mls\b", re.IGNORECASE), "mL"),
    Slip(re.compile(r"[0-9] ?(?:mg|mcg|g|mL|ml)\.(?= [a-z])"), "the unit without a full stop"),
    Slip(re.compile(rf"{_NUMBER} ?(?:U|IU)\b", re.IGNORECASE), "units"),
    Slip(re.compile(r"\bper os\b", re.IGNORECASE), "by mouth"),
    Slip(
        re.compile(r"(?<![\w.])(?:i{1,3}|iv|ss) (?=caps?\b|capsules?\b|tabs?\b|drops?\b|ml\b)", re.IGNORECASE),
        "numerals: 1, 2, 3",
        "a Roman numeral",
    ),
    Slip(re.compile(rf"{_NUMBER}(?:[mM][gG]|mcg|[mM][lL]|g)\b"), "a space before the unit"),
    Slip(re.compile(r"(?:naltrexone|hydrochloride|hcl)[0-9]{1,9}", re.IGNORECASE), "a space before the dose"),
    Slip(
        re.compile(
            r"(?<![0-9/])[0-9]{1,2}[/\u2044][0-9]{1,2} (?:of )?(?:an? )?(?:tab|cap|drop|tsp|teaspoon|mg|ml)", re.IGNORECASE
        ),
        "a whole number, or words",
    ),
    Slip(
        re.compile(r"(?<![0-9,])[0-9]{1,3},[0-9]{3} ?(?:mg|mcg|g|ml)\b", re.IGNORECASE),
        "the dose again: no low dose is so much",
    ),
)
"""After ISMP's list, and domain facts 7.3 to 7.5."""
WORDS = {
    "qd": "daily",
    "od": "daily",
    "qod": "every other day",
    "qhs": "at bedtime",
    "qn": "at bedtime",
    "hs": "at bedtime",
    "bid": "twice daily",
    "tid": "three times daily",
    "qid": "four times daily",
    "gtt": "drops",
    "gtts": "drops",
    "ug": "mcg",
}
_MAY_BE_A_SLIP = re.compile(
    r"[0-9](?:[a-z]|[,/\u2044][0-9]| (?:cc|mls|iu|u)\b| ?(?:mg|mcg|g|ml)\. [a-z])"
    r"|[el][0-9]|[\u00b5\u03bc]|\b(?:i{1,3}|iv|ss) (?:cap|tab|drop|ml)|\bper os\b",
    re.IGNORECASE,
)


def _has_label(batch: Batch) -> bool:
    return batch.record.label is not None


@record_rule(
    "FC703",
    "Units and abbreviations that are misread",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (ISMP list of error-prone abbreviations, symbols and dose designations)",
    applies=_has_label,
    alone=True,
)
def error_prone(batch: Batch) -> Iterator[Fault]:
    """Some ways of writing a dose are misread again and again; a label for a patient has none of them.

    The micro sign is read as m (a thousand times), cc as 00, U as 0, qd as qid, qhs as every hour; 4.5mg and
    naltrexone4.5 run together; 1/2 is read as 1 or 2; a full stop after a unit as a 1. All have a plain form: mcg, mL,
    units, daily, at bedtime, twice daily, drops, a space before the unit.

    Print the label again in plain words.
    """
    found = list(dict.fromkeys(slip for line in batch.label.text.split("\n") for slip in _slips_of_line(line)))
    if found:
        yield Fault(
            message=f"the label has {', '.join(found[:_MOST_NAMED])}",
            field=("label",),
            found=", ".join(found[:_MOST_NAMED]),
            limit="plain words and units",
        )


@remembered
def _slips_of_line(line: str) -> tuple[str, ...]:
    return tuple(_slips(line))


def _slips(text: str) -> Iterator[str]:
    for word in text.split():
        plain = WORDS.get(word.casefold().replace(".", "").strip(",;:()"))
        if plain is not None:
            written = word.strip(",;:()")
            end_of_sentence = written.endswith(".") and written.count(".") == 1
            yield f"{written[:-1] if end_of_sentence else written!r} (write {plain})"
    if not _MAY_BE_A_SLIP.search(text):
        return
    for slip in SLIPS:
        match = slip.pattern.search(text)
        if match is not None:
            yield f"{slip.called or repr(match[0].strip())} (write {slip.write})"


_SHORT_NAME = re.compile(r"(?<![\w-])(?:l\.?d\.?n|ntx)(?![\w-])")
_STRENGTH_LINE = re.compile(r"[0-9] ?(?:mg|mcg|g)\b")


@record_rule(
    "FC706",
    "Naltrexone written out",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (ISMP: abbreviated names of medicines are misread)",
    applies=_has_label,
    alone=True,
)
def name_written_out(batch: Batch) -> Iterator[Fault]:
    """The label says naltrexone, not LDN or NTX: an abbreviation is no name of a medicine.

    In an emergency somebody who never heard of low-dose naltrexone has to see that the patient takes an opioid
    antagonist. "Naltrexone (LDN)" is no fault, and neither are the letters in the number of a batch.

    Write naltrexone hydrochloride in the line with the strength.
    """
    label = batch.label
    if "ld" not in label.folded and "l.d" not in label.folded and "ntx" not in label.folded:
        return
    number = tidy(batch.record.id).casefold()
    written_out = "naltrexone" in label.folded
    for line in label.lines:
        plain = line.replace(number, " ") if number else line
        match = _SHORT_NAME.search(plain) if "ld" in plain or "l.d" in plain or "ntx" in plain else None
        as_name = match is not None and "naltrexone" not in line and _STRENGTH_LINE.search(line) is not None
        if match is not None and (as_name or not written_out):
            yield Fault(
                message=f"the label says {match[0].upper()} where the name of the medicine belongs",
                field=("label",),
                found=match[0].upper(),
                limit="naltrexone hydrochloride",
            )
            return


_TERM = re.compile(
    r"content uniformity|uniformity of (?:the )?contents?|uniformity of dosage[- ]units?"
    r"|dosage[- ]units? uniformity|<905>|usp ?905"
)
_MASSES = re.compile(r"\b(?:weigh(?:t|ts|ed|ing|ings)?|mass(?:es)?)\b")
_NEGATED = re.compile(r"\b(?:not|never|no|nor|neither|cannot|without|instead|unlike|nothing)\b|n't\b")
_CLAIMS = re.compile(
    r"\b(?:by|from|via|with|through|as|is|are|was|were|for|prove[sdn]?|show[sn]?|confirm(?:s|ed)?|demonstrates?d?|pass(?:es|ed)?"
    r"|meets?|met|compl(?:y|ies|ied)|satisf(?:y|ies|ied)|establish(?:es|ed)?|ensures?d?|verif(?:y|ies|ied))\b|[=:(]"
)
_ASSAYED = re.compile(r"\b(?:assay(?:s|ed)?|hplc|laboratory|uv|acceptance value|validation)\b")
_WINDOW = 120
_OF_MASSES = frozenset({"net mass", "count", "mass balance"})


@record_rule(
    "FC709",
    "A check of masses called content uniformity",
    severity=Severity.WARNING,
    authority=Authority.COMPENDIAL,
    source="USP <905>: masses stand for contents from 25 mg and 25 % of active in a unit on",
    subjects=("record", "formulation"),
    alone=True,
)
def mass_is_not_content(batch: Batch) -> Iterator[Fault]:
    """A check of capsule masses is called by its name, never content uniformity, uniformity of dosage units or <905>.

    <905> lets masses stand for contents where a unit holds at least 25 mg of active and at least 25 % of its mass.
    A low-dose naltrexone capsule holds 4.5 mg, about 3 %: capsules of equal mass may differ widely in naltrexone.

    Call it a check of capsule masses; for content uniformity have ten capsules assayed one by one.
    """
    texts = _texts_of_formulation(batch.formulation) if batch.is_specification else _texts_of_record(batch)
    for path, text, about_masses in texts:
        claim = _claim(text, about_masses=about_masses)
        if claim:
            yield Fault(
                message=f"a check of masses is called {claim!r}",
                field=path,
                found=claim,
                limit="a check of masses",
            )


def _texts_of_record(batch: Batch) -> Iterator[tuple[Path, str, bool]]:
    record = batch.record
    named = (
        ("description", record.description),
        ("calculations", record.calculations),
        ("deviations", record.deviations),
        ("label", record.label),
    )
    yield from (((name,), text, False) for name, text in named if text)


def _texts_of_formulation(paper: MasterFormulationRecord | None) -> Iterator[tuple[Path, str, bool]]:
    if paper is None:
        return
    here = partial(_under, "(formulation)")
    for index, test in enumerate(paper.tests):
        for name, text in (("expected", test.expected), ("source", test.source)):
            if text and test.name in _OF_MASSES:
                yield here("tests", index, name), text, True
    named = (("description", paper.description), ("other", paper.other))
    yield from ((here(name), text, False) for name, text in named if text)
    for name, texts in (("instructions", paper.instructions), ("calculations", paper.calculations)):
        yield from ((here(name, index), text, False) for index, text in enumerate(texts))


def _under(*steps: str | int) -> Path:
    return steps


def _claim(text: str, *, about_masses: bool) -> str:
    """The term by which a text calls a check of masses, or an empty text."""
    if "uniformity" not in (folded := text.casefold()) and "905" not in folded:
        return ""
    plain = " ".join(folded.split())
    for sentence in re.split(r"[.;!?](?= |$)", plain):
        for match in _TERM.finditer(sentence):
            near = sentence[max(0, match.start() - _WINDOW) : match.end() + _WINDOW]
            if _NEGATED.search(near) or _ASSAYED.search(near):
                continue
            if about_masses or _is_called(near, match[0]):
                return match[0]
    return ""


def _is_called(near: str, term: str) -> bool:
    """Whether a word of masses stands near the term, with a word between them that makes the one the other."""
    place = near.find(term)
    for mass in _MASSES.finditer(near):
        between = near[mass.end() : place] if mass.end() <= place else near[place + len(term) : mass.start()]
        if len(between) <= _WINDOW and _CLAIMS.search(between):
            return True
    return False
