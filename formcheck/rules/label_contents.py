"""FC701, what a label says that the batch is not: another dosage form, another route, more than the batch gave."""

import re
from collections.abc import Iterator
from fractions import Fraction

from formcheck.findings import Severity
from formcheck.planning.batch import Batch
from formcheck.planning.labels import remembered
from formcheck.rules.rule import Fault, Path
from formcheck.units import format_exactly

__all__ = ["other_forms", "too_many"]

_FORMS = {
    "capsules": r"cap(?:sule)?s?",
    "tablets": r"tab(?:let)?s?|caplets?",
    "lozenges": r"lozenges?|troches?|pastilles?",
    "a liquid": r"(?:oral )?(?:liquid|solution|suspension|syrup|elixir)|(?:sublingual )?drops",
    "a cream or gel": r"(?:topical )?(?:cream|ointment|gel|lotion)",
    "suppositories": r"suppositor(?:y|ies)",
    "an injection": r"injections?|ampoules?",
    "a patch or spray": r"patch(?:es)?|(?:nasal )?spray",
    "drops for eye, ear or nose": r"(?:eye|ear|nose|nasal|ophthalmic|otic) (?:drops?|solution)",
}
_ANY = "|".join(f"(?P<f{place}>{words})" for place, words in enumerate(_FORMS.values()))
_NAMES = tuple(_FORMS)
_MASS = r"[0-9][0-9.,]{0,9} ?(?:mg|mcg|milligrams?)(?: ?/ ?(?:1 ?)?ml)?"
_PLAIN = (
    r"(?:hard|gelatin|oral|veg(?:etarian)?|size [0-9]|immediate|release|compounded|low|dose|hcl|hydrochloride|naltrexone|,)"
)
# "Naltrexone HCl 4.5 mg tablets", "naltrexone tablets 4.5 mg", "Quantity: 60 tablets", "Take 1 tablet".
_AS_PRODUCT = re.compile(rf"\bnaltrexone\b[^.;\n]{{0,40}}?{_MASS}\)?,? (?:{_PLAIN} ?){{0,3}}(?:{_ANY})\b")
_BEFORE_MASS = re.compile(rf"\bnaltrexone (?:{_PLAIN} ?){{0,3}}(?:{_ANY}),? {_MASS}")
_AS_COUNT = re.compile(
    r"\b(?:quantity|qty|dispensed?|take|swallow|give|chew|dissolve)\b[ .:#]{0,3}"
    rf"(?:[0-9]{{1,4}}|one|two|three|a)(?: ?\([a-z0-9]{{1,5}}\))? (?:{_PLAIN} ?){{0,2}}(?:{_ANY})\b(?! of (?!naltrexone))"
)
_NOT_ITSELF = re.compile(
    r"\b(?:from|not|no|never|generic|compare|contains?|made|equivalent|instead|unlike|brand|with|other|source)\b"
)
_ROUTES = {
    "by mouth": re.compile(r"\bby mouth\b|\borally\b|\bswallow(?:ed)?\b|\bper os\b|\bp\.?o\.?(?= )"),
    "under the tongue": re.compile(r"\b(?:under|beneath|below) (?:the |your )?tongue\b|\bsublingual(?:ly)?\b"),
    "on the skin": re.compile(r"\bto (?:the )?(?:affected (?:area|skin)|skin)\b|\btopically\b"),
    "another way": re.compile(
        r"\b(?:rectally|vaginally|intranasally|intravenously|subcutaneously|inject(?:ed)?"
        r"|in(?:to|side)? (?:the|each|your|both) (?:nostrils?|nose|eyes?|ears?|rectum|vagina))\b"
    ),
}
_IN_THE_MOUTH = ("by mouth", "under the tongue")
_DIRECTS = re.compile(
    r"\b(?:take|place|put|use|apply|insert|instill|give|spray|hold|dissolve|inject|swallow|sig|directions|route"
    r"|[0-9] (?:caps?(?:ules?)?|drops?|ml)|naltrexone)\b"
)
_NEGATED = re.compile(r"\b(?:not|never|no|don't|without|avoid|instead|than|if|when|gets?|got|contact)\b")


_RELEASE = re.compile(
    r"\b(?:(?:extended|sustained|slow|delayed|prolonged|modified|controlled)[ -]?release|enteric|gastro-?resistant)\b"
    r"|\b(?:sr|er|xr|cr|dr|ec)(?= cap(?:sule)?s?\b)"
)


def other_forms(batch: Batch) -> list[tuple[str, str]]:
    """A dosage form, and a route, on the label that the batch does not have: what was found, and the sentence."""
    form = batch.form
    if form is None:
        return []
    own = "capsules" if form.units_are_counted else "a liquid"
    forms = dict.fromkeys(name for line in batch.label.lines for name in _forms_in(line) if name != own)
    said = [(name, f"it calls the medicine {name}, and the batch is of {form.plural}") for name in forms]
    right = "under the tongue" if form.dosed_in_drops else "by mouth"
    routes = dict.fromkeys(route for sentence in batch.label.sentences for route in _routes_in(sentence))
    # What is held under the tongue is swallowed afterwards; and nothing of it belongs on the skin or in an eye.
    both = right in routes and not form.units_are_counted
    wrong = [route for route in routes if route not in ((right, *_IN_THE_MOUTH) if both else (right,))]
    said += [(words, f"it calls the medicine {words}, and the formulation is not") for words in _releases(batch)]
    return [*said, *((route, f"it is to be taken {route}, and {form.plural} are taken {right}") for route in wrong)]


@remembered
def _forms_in(line: str) -> tuple[str, ...]:
    """The dosage forms in which a line says the medicine is."""
    found = []
    for pattern in (_AS_PRODUCT, _BEFORE_MASS, _AS_COUNT):
        for match in pattern.finditer(line):
            if _NOT_ITSELF.search(line[: match.end()]) is None:
                found += [_NAMES[int(name[1:])] for name, words in match.groupdict().items() if words is not None]
    return tuple(found)


def _releases(batch: Batch) -> list[str]:
    """A slow or delayed release of which the label speaks beside the drug, and the formulation nowhere."""
    paper = batch.formulation
    own = "" if paper is None else f"{paper.name} {paper.description}".casefold()
    return [] if _RELEASE.search(own) else list(dict.fromkeys(w for line in batch.label.lines for w in _release_in(line)))


@remembered
def _release_in(line: str) -> tuple[str, ...]:
    """The words of a line about the medicine that say it is released slowly, or late."""
    found = _RELEASE.search(line) if "naltrexone" in line else None
    return () if found is None or _NOT_ITSELF.search(line[: found.end()]) else (found[0],)


@remembered
def _routes_in(sentence: str) -> tuple[str, ...]:
    """The routes by which a sentence tells to take the medicine."""
    found = []
    for route, words in _ROUTES.items():
        match = words.search(sentence)
        before = "" if match is None else sentence[: match.end()]
        if _DIRECTS.search(before) is not None and _NEGATED.search(before) is None:
            found.append(route)
    return tuple(found)


# ---------------------------------------------------------------------------- how much there can be


def too_many(batch: Batch) -> Iterator[Fault]:
    """A quantity on the label, or one that was dispensed, of which the batch did not give so much."""
    form, said = batch.form, batch.record.prescription
    if form is None:
        return
    unit = "capsules" if form.units_are_counted else "mL"
    given: list[tuple[Fraction, str, Path]] = []
    figures = batch.label.quantities(unit)
    if figures:
        # A number of a prescription may look like a quantity: only where the least is too much, the label is wrong.
        given.append((min(figures), "stand on the label", ("label",)))
    dispensed = said.dispensed if said is not None else None
    if dispensed is not None and (dispensed.kind == "capsules") == form.units_are_counted:
        given.append((dispensed.value, "were dispensed", ("prescription", "dispensed")))
    beyond = [fault for number, words, field in given for fault in _beyond(batch, number, words, field, unit)]
    yield from beyond
    if not beyond and figures and len(given) > 1 and min(figures) > given[1][0]:
        yield _more_than_dispensed(min(figures), given[1][0], unit)


def _more_than_dispensed(said: Fraction, dispensed: Fraction, unit: str) -> Fault:
    return Fault(
        message=f"{format_exactly(said)} {unit} stand on the label, and {format_exactly(dispensed)} {unit} were dispensed",
        field=("label",),
        found=f"{format_exactly(said)} {unit}",
        limit=f"at most {format_exactly(dispensed)} {unit}, as dispensed",
        help="Count again what is in the container, and correct the label or the record (prescription.dispensed).",
        severity=Severity.WARNING,
    )


def _beyond(batch: Batch, number: Fraction, words: str, field: Path, unit: str) -> Iterator[Fault]:
    counts = batch.record.counts
    if unit == "mL":
        made = [used.used.final_volume.value for used in batch.made_up if used.used.final_volume is not None]
        most, severity, of = max([*made, *([batch.units] if batch.units is not None else [])], default=None), None, "made"
    elif counts is not None and counts.filled is not None:
        kept, rejected = int(counts.retained or 0), int(counts.rejected or 0)
        of = f"left of {counts.filled} filled" + (f", {kept} kept back" if kept else "")
        most, severity = Fraction(int(counts.filled) - kept), None
        if number <= most:
            # Some count the rejected among those filled, and some do not.
            most, severity, of = most - rejected, Severity.WARNING, f"{of}, {rejected} rejected"
    else:
        most, severity, of = batch.units, None, "made"
    if most is not None and number > most:
        yield Fault(
            message=f"{format_exactly(number)} {unit} {words}, and the batch has {format_exactly(most)} ({of})",
            field=field,
            found=f"{format_exactly(number)} {unit}",
            limit=f"at most {format_exactly(most)} {unit}",
            help="Count again what is in the container, and correct the label or the record.",
            severity=severity,
        )
