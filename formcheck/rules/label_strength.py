"""FC707: the strength on the label, and every other figure that says how much is in the preparation."""

import re
from collections.abc import Collection, Iterator
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

from formcheck.errors import NotAQuantity
from formcheck.findings import Authority, Severity, Verdict
from formcheck.planning.batch import Batch
from formcheck.planning.label_basis import other_basis
from formcheck.planning.labels import Label
from formcheck.planning.once import once, remembered
from formcheck.rules.rule import Fault, record_rule
from formcheck.substance import MASS_DIHYDRATE, MASS_HYDROCHLORIDE, SALT_OF_BASE
from formcheck.units import amount

# The first number that a unit of mass follows; bounded, so that no label can make the search slow.
_STRENGTH = re.compile(
    r"(?<![0-9.,])([.,]?[0-9][0-9.,]{0,14})[ -]?(milligrams?|mgs?|mcgs?|micrograms?|ug|\u00b5g|\u03bcg|grams?|g)\b"
    r"((?: ?(?:/|\bper\b) ?[0-9.]{0,6} ?ml\b)?)"
)
_UNITS = {"milligram": "mg", "mg": "mg", "microgram": "mcg", "mcg": "mcg", "gram": "g"}


@record_rule(
    "FC707",
    "Label strength equals the record's",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source="USP <795> (official 1 Nov 2023) 9, labelling: active ingredient and its amount",
    needs=("strength", "label"),
    alone=True,
)
def label_strength(batch: Batch) -> Iterator[Fault]:
    """The strength on the label must be exactly that of the record.

    Strengths are compared as exact decimals: 4.50 mg equals 4.5 mg, 45 mg does not. One that cannot be read (4,5 mg) is a
    fault, since the patient cannot read it either. A decimal without its zero (.5 mg) is read as 0.5 mg here, and is a
    fault of its own (FC702). After the first, every other figure counts too: milligrams of capsules must be the strength
    times the number of capsules said beside them, as in "2 capsules (9 mg)", and mg per mL those of the record.
    A label that says base, or dihydrate beside the strength, where the record counts the anhydrous hydrochloride, says
    another dose; "4.5 mg (as dihydrate)" and "from the dihydrate" name the powder, and are no fault.

    Do not release. Print the label again.
    """
    record = batch.record
    if record.strength is None or record.label is None:
        return
    label = batch.label.folded.replace("\n", " ")
    match = _STRENGTH.search(label)
    if match is None:
        yield Fault(
            message=f"no strength was found on the label, so it cannot be compared with {record.strength}",
            field=("label",),
            found="no strength",
            limit=str(record.strength),
            verdict=Verdict.NOT_DETERMINED,
        )
        return
    unit = _UNITS.get(match[2].rstrip("s"), match[2])
    written = f"{match[1]} {unit}{match[3].replace('per', '/').replace(' ', '').replace('ml', 'mL')}"
    stated = f"0{written}" if written.startswith(".") else written
    try:
        same = amount(stated, record.strength.kind).value == record.strength.value
        message = f"the label says {written}, the record {record.strength}"
    except NotAQuantity as error:
        same, message = False, f"the strength on the label cannot be read: {error}"
    if not same:
        yield Fault(message=message, field=("label",), found=written, limit=str(record.strength))
        return
    if (basis := _said_of_basis(batch)) is not None:
        yield basis
        return
    others = ", ".join(dict.fromkeys(islice(_other_figures(batch), _MOST)))
    if others:
        yield Fault(
            message=f"the label also says {others}, which {record.strength} does not give",
            field=("label",),
            found=others,
            limit=str(record.strength),
        )


# ---------------------------------------------------------------------------- every other figure

_NUMBER = r"(?<![0-9.,])([0-9]{1,6}(?:\.[0-9]{1,5})?|\.[0-9]{1,5}|[0-9]{1,3},[0-9]{1,4})"
_UNIT = r"(milligrams?|mgs?|mcgs?|micrograms?|ug|\u00b5g|\u03bcg)"
_FIGURE = re.compile(rf"{_NUMBER}[ -]?{_UNIT}(?![a-z])( ?(?:/|per|in) ?(?:each |1 ?|([0-9]{{1,3}}(?:\.[0-9])?) ?)?ml\b)?")
_PERCENT = re.compile(rf"{_NUMBER} ?% ?w/v")
_VOLUME = re.compile(rf"{_NUMBER} ?ml\b")
_SPLIT_UNIT = re.compile(r"\n(?<=[0-9]\n)(?=(?:mg|mcg|milligram|microgram|ug)s?\b)")
_WORDS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_COUNT = r"(?<![0-9.,])([0-9]{1,4}|one|two|three|four|five|six|seven|eight|nine|\ba)(?: ?\([a-z0-9]{1,5}\))? ?(?:x )?"
_WORD = r"(?!m?c?g\b|milli|micro|ml\b)[a-z-]{1,14}"
_CAPSULES = re.compile(rf"{_COUNT}(?:{_WORD} ){{0,2}}?caps(?:ules?)?\b|(?:#|\bqty:? |\bquantity:? )([0-9]{{1,4}})\b")
_JUST_BEFORE = re.compile(rf"{_COUNT}(?:{_WORD} )?caps(?:ules?)? ?[(=:,]? ?(?:about|of|is|contains?|holds?|=)? ?$")
_JUST_AFTER = re.compile(rf"^ ?[(=:,]? ?(?:as |is |= )?{_COUNT}caps(?:ules?)?\b")
_TIMES = (
    (2, re.compile(r"\b(?:twice|two times|2 ?(?:times|x)|b\.?i\.?d|every 12 hours|morning and (?:evening|night))\b")),
    (3, re.compile(r"\b(?:thrice|three times|3 ?(?:times|x)|t\.?i\.?d|every 8 hours)\b")),
    (4, re.compile(r"\b(?:four times|4 ?(?:times|x)|q\.?i\.?d|every 6 hours)\b")),
)
_OF_A_DAY = re.compile(r"\b(?:day|daily|dose|night|nightly)\b")
_IN_STOCK = re.compile(r"#|\b(?:quantity|qty|contents?|count|total|dispensed?)\b")
_A_BOUND = re.compile(r"\b(?:more than|exceed|maximum|max|at most|up to|limit)\b[^.]{0,20}$")
_BASE = re.compile(r"^ ?(?:of )?(?:naltrexone )?(?:free )?base\b|^ ?(?:of )?naltrexone \(?(?:free )?base\b")
_DIHYDRATE = re.compile(r"^ ?(?:of |as )?(?:the )?(?:naltrexone )?(?:hydrochloride |hcl )?\(?dihydrate\b")
_FILLERS = r"(?:avicel|lactose|microcrystalline|cellulose|starch|mannitol|silica|silicon|sucrose|gelatin|magnesium)"
_A_FILLER_BEFORE = re.compile(rf"\b{_FILLERS}(?: [a-z0-9-]{{1,14}}){{0,2}}$")
_A_FILLER_AFTER = re.compile(rf"^{_FILLERS}\b")
_MILLIGRAMS = {"mg": Fraction(1), "milligram": Fraction(1)}
_NEAR = Fraction(5, 100)
_AROUND = 80
_MOST = 5
_MOST_IN_SENTENCE = 200


def _said_of_basis(batch: Batch) -> Fault | None:
    """A label that says base, or dihydrate beside the strength, where the record counts the anhydrous hydrochloride."""
    strength, said = batch.record.strength, other_basis(batch)
    if strength is None or said is None:
        return None
    much = "10.7 % more" if said.of == "base" else "8.7 % less"
    return Fault(
        message=f'the label says "{said.words}", and the record counts the anhydrous hydrochloride: '
        f"{strength} of {said.of} would be {much}",
        field=("label",),
        found=said.words,
        limit=f"{strength}, as naltrexone hydrochloride",
        help="Do not release. Find out what the prescriber ordered: print the label with what the record counts, or make "
        "another batch.",
    )


def _other_figures(batch: Batch) -> Iterator[str]:
    """The figures of the label, as written, that the strength does not give; those of other substances are left alone."""
    strength = batch.record.strength
    if strength is None or not strength.value > 0:
        return
    joined = _SPLIT_UNIT.sub(" ", batch.label.folded)
    sentences = batch.label.sentences if joined == batch.label.folded else Label(joined).sentences
    for sentence in sentences:
        figures = _figures(sentence)
        if len(figures) == _MOST_IN_SENTENCE:
            yield f"{_MOST_IN_SENTENCE} figures or more in one sentence"
        elif figures or _percentages(sentence):
            if strength.kind == "mass":
                yield from _wrong_in_capsules(batch, sentence, strength.value, sentences)
            else:
                yield from _wrong_in_liquid(batch, sentence, strength.value)


class _Figure(NamedTuple):
    """A figure as written, its milligrams or per cent where it can be read, and what stands before and after it.

    `volume` is the mL that it is said of ("5 mg/mL"), `capsules` the numbers of capsules just beside it.
    """

    written: str
    number: Fraction | None
    before: str
    after: str
    volume: Fraction | None = None
    capsules: Collection[int] = ()


def _places(pattern: re.Pattern[str], sentence: str) -> Iterator[tuple[re.Match[str], str, str]]:
    """What a pattern finds, with what stands before and after it."""
    for match in islice(pattern.finditer(sentence), _MOST_IN_SENTENCE):
        yield match, sentence[max(0, match.start() - _AROUND) : match.start()], sentence[match.end() :][:_AROUND]


@remembered
def _figures(sentence: str) -> tuple[_Figure, ...]:
    return tuple(
        _Figure(
            match[0].strip(),
            _mass_of(match),
            before,
            after,
            Fraction(match[4] or 1) if match[3] else None,
            _beside(before, after),
        )
        for match, before, after in _places(_FIGURE, sentence)
    )


@remembered
def _percentages(sentence: str) -> tuple[_Figure, ...]:
    return tuple(
        _Figure(match[0].strip(), _number(match[1]), before, after) for match, before, after in _places(_PERCENT, sentence)
    )


def _is_free(batch: Batch, figure: _Figure) -> bool:
    """Whether a figure is of another substance, or a bound ("not more than")."""
    return _is_of_another(batch, figure.before, figure.after) or _A_BOUND.search(figure.before) is not None


def _wrong_in_capsules(batch: Batch, sentence: str, strength: Fraction, sentences: tuple[str, ...]) -> Iterator[str]:
    """The milligrams that are not those of the capsules said beside them, and those per mL."""
    prescription = batch.record.prescription
    at_hand = {strength, *(other.value for other in (prescription.strengths if prescription is not None else ()))}
    for figure in _figures(sentence):
        value = figure.number if figure.volume is None else None
        counts = figure.capsules
        if not counts and value is not None and value in at_hand:
            continue
        if not counts:
            counts = _multiples(sentence)
            if _OF_A_DAY.search(sentence):
                counts = counts.union(*(_multiples(other) for other in sentences if not _IN_STOCK.search(other)))
        if (value is None or not _gives(value, strength, counts, figure.after)) and not _is_free(batch, figure):
            yield figure.written


def _wrong_in_liquid(batch: Batch, sentence: str, strength: Fraction) -> Iterator[str]:
    """The milligrams per mL, and the percentages, that are not the strength; and, but for drops, those of a volume.

    Milligrams beside drops are the matter of FC705.
    """
    for figure in _figures(sentence):
        value = figure.number
        if figure.volume is not None:
            right = value == strength * figure.volume
        else:
            doses = () if batch.is_in_drops else _masses_taken(sentence, strength)
            right = not doses or (value is not None and any(_is_near(value, dose) for dose in doses))
        if not right and not _is_free(batch, figure):
            yield figure.written
    for figure in _percentages(sentence):
        if figure.number != strength / 10 and not _is_free(batch, figure):
            yield figure.written


def _number(text: str) -> Fraction | None:
    return None if "," in text else Fraction(f"0{text}" if text.startswith(".") else text)


def _mass_of(match: re.Match[str]) -> Fraction | None:
    number = _number(match[1])
    return None if number is None else number * _MILLIGRAMS.get(match[2].rstrip("s"), Fraction(1, 1000))


def _gives(value: Fraction, strength: Fraction, allowed: Collection[int], after: str) -> bool:
    """Whether milligrams are those of one of the numbers of capsules, or as many of base or of dihydrate, said to be so."""
    if any(value == strength * count for count in allowed):
        return True
    if _BASE.search(after) is not None:
        value *= SALT_OF_BASE
    elif _DIHYDRATE.search(after) is not None:
        value *= MASS_HYDROCHLORIDE / MASS_DIHYDRATE
    else:
        return False
    return any(_is_near(value, strength * count) for count in allowed)


def _masses_taken(sentence: str, strength: Fraction) -> list[Fraction]:
    """The milligrams that the volumes of a sentence hold, taken as often as it says."""
    volumes = [number for match in _VOLUME.finditer(_FIGURE.sub(_without, sentence)) if (number := _number(match[1]))]
    times = [1, *(count for count, pattern in _TIMES if pattern.search(sentence))]
    return [strength * volume * count for volume in volumes[:_MOST] for count in times]


def _without(match: re.Match[str]) -> str:
    return " " if match[3] else match[0]


def _is_near(value: Fraction, right: Fraction) -> bool:
    return abs(value - right) <= _NEAR * right


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _WORDS[text]


def _beside(before: str, after: str) -> set[int]:
    """How many capsules are said just beside a figure: "1 capsule (4.5 mg)", "9 mg (2 capsules)"."""
    beside = _JUST_BEFORE.search(before) or _JUST_AFTER.search(after)
    return set() if beside is None else {_count(beside[1])}


@remembered
def _multiples(sentence: str) -> set[int]:
    """By how much the strength may be multiplied in a sentence: the capsules in it, times how often they are taken."""
    counts = {1, *(_count(match[1] or match[2]) for match in _CAPSULES.finditer(sentence))}
    times = {1, *(count for count, pattern in _TIMES if pattern.search(sentence))}
    return {number * often for number in counts for often in times}


_A_BRAND = re.compile(r"\b(?:generic (?:for|of)|compare to|same as)\b[^.;\n]{0,20}$")


@once
def _other_names(batch: Batch) -> tuple[str, ...]:
    """The names of what else is in the preparation, in lower case."""
    planned = batch.formulation.components if batch.formulation is not None else ()
    names = [name for component in planned for name in (component.name, *component.alternates)]
    names += [used.used.name for used in batch.components]
    return tuple({name.casefold() for name in names if name and "naltrexone" not in name.casefold()})


def _is_of_another(batch: Batch, before: str, after: str) -> bool:
    """Whether a figure is of another substance than naltrexone, which stands just before it or just after."""
    left, right = before.rstrip(" :(,"), after.lstrip(" :(").removeprefix("of ")
    if _A_BRAND.search(left):
        return True
    if _A_FILLER_BEFORE.search(left) or _A_FILLER_AFTER.search(right):
        return True
    return any(left.endswith(name) or right.startswith(name) for name in _other_names(batch))
