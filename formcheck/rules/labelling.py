"""FC7: what stands on the label."""

import re
from collections.abc import Iterator
from functools import lru_cache

from formcheck.findings import Authority, Severity
from formcheck.planning.batch import Batch
from formcheck.planning.labels import Label, holds_word, remembered, tidy
from formcheck.rules.label_contents import other_forms, too_many
from formcheck.rules.rule import Fault, record_rule

_LOT = re.compile(
    r"((?:tip|dropper|bottle|vial|container|closure|cap|adapter|shell|syringe|capsule) )?(?<![a-z])(?:lot|batch|b/n)\b"
    r"(?: ?(?:no|number|nr|id)\b)?[ .:#]{0,3}([a-z0-9][a-z0-9._/-]{2,40})"
)
_REFRIGERATED = re.compile(r"refrigerat|fridge|(?<![0-9])2 ?(?:-|to|\u00b0c? ?(?:-|to)) ?8(?![0-9])")
_NOT_COLD = re.compile(
    r"\b(?:not|never|don't) (?:be )?(?:refrigerat\w*|(?:stored?|keep|kept|put) (?:it )?(?:in|refrigerated)\b)"
    r"|\bwithout refrigerat"
)
_COMPOUNDED = re.compile(r"\bcompounded\b")
_FACILITY = re.compile(
    r"pharmac|farmac|apothe|apotek|compound(?:ing|ers)|laborator|clinic|hospital|dispensary|chemist|drug ?store|outsourcing"
    r"|\b(?:inc|llc|ltd|gmbh)\b|\b(?:compounded|prepared|made) by [a-z]"
)
_CONTACT = re.compile(
    r"\b(?:t[e\u00e9]l|telephone|telefon|tlf|phone|ph|call|fax|fon)\b[^0-9\n]{0,12}?\+?[0-9(][0-9()/. -]{4,20}[0-9]"
    r"|(?<![0-9-])(?:\+?[0-9]{1,3}[ .-])?(?:\(?[0-9]{3}\)?[ .-]{0,2})?[0-9]{3}[ .-][0-9]{4}(?![0-9-])"
    r"|[0-9a-z]@[0-9a-z]|\bwww\.|\bhttps?:"
)


@record_rule(
    "FC701",
    "What stands on the container",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source="USP <795> (official 1 Nov 2023) 9, labelling of the container",
    needs=("label", "id", "beyond_use_date"),
    alone=True,
)
def container_label(batch: Batch) -> Iterator[Fault]:
    """The label on the container says what is in it, from which batch, until when, and how it is kept.

    USP <795> lists: the number the pharmacy gave the batch, the active ingredient with its amount (the strength is
    compared by FC707), the beyond-use date, the dosage form, the quantity, and the storage where that is not room
    temperature. "Naltrexone HCl 4.5 mg capsules #30, Lot 26-0042, BUD 2026-05-31" lacks nothing at room temperature.
    The date may be written 2026-07-31, 31 July 2026, July 31, 2026, 07/31/2026, 07/31/26 or 31.07.2026; 07/2026 means the
    last day of the month. No other date may stand there as the date to discard after, and no number of another batch, no
    other dosage form ("tablets") or route, and no more than the batch gave: the capsules filled without those rejected and
    kept back, or the final volume; and not more than was dispensed. "SR", "delayed-release" or "enteric" beside the name is
    another medicine, unless the formulation is one.

    Print the label again with what is missing, and put it on every container of the batch.
    """
    yield from too_many(batch)
    lacking = list(_lacking(batch))
    wrong = [*_other_dates(batch), *_longer_periods(batch), *_other_batches(batch), *other_forms(batch)]
    if not lacking and not wrong:
        return
    said = [f"the label lacks {', '.join(lacking)}"] if lacking else []
    said += [words for _, words in wrong]
    yield Fault(
        message="; ".join(said) if lacking else f"the label: {'; '.join(said)}",
        field=("label",),
        found="; ".join([*(f"without {item}" for item in lacking), *(found for found, _ in wrong)]),
        limit="all that USP <795> 9 lists for the container",
    )


def _lacking(batch: Batch) -> Iterator[str]:
    """What a container label should have and this one has not, in words."""
    record, label, form = batch.record, batch.label, batch.form
    # The containers of a record that was corrected carry the number under which they were released.
    numbers = (record.id, record.amends.id if record.amends is not None else None)
    if not any(holds_word(label.folded, tidy(number).casefold()) for number in numbers if number):
        yield f"the number of the batch ({record.id})"
    if "naltrexone" not in label.folded:
        yield "the name of the active ingredient (naltrexone)"
    if form is not None and not any(holds_word(label.folded, word) for word in form.label_words):
        yield f"the dosage form ({form.plural})"
    if form is not None and not (label.has_number_of_capsules if form.units_are_counted else label.has_volume):
        yield f"the quantity (the number of {'capsules' if form.units_are_counted else 'mL'} in the container)"
    if all(found.date != record.beyond_use_date or found.kind not in ("use", "") for found in label.dates):
        yield f"the beyond-use date ({record.beyond_use_date})"
    storage = record.storage or (batch.formulation.storage if batch.formulation is not None else None)
    if storage == "refrigerator" and not any(map(_is_to_be_cold, label.sentences)):
        yield "the storage (in a refrigerator, 2-8 °C)"


@remembered
def _is_to_be_cold(sentence: str) -> bool:
    """Whether a sentence says to refrigerate, and not that one must not."""
    return _REFRIGERATED.search(sentence) is not None and _NOT_COLD.search(sentence) is None


_Other = tuple[str, str]
"""Something on the label that is not the record's: what was found, and the sentence."""


def _other_dates(batch: Batch) -> list[_Other]:
    """The dates to discard after that are not the record's."""
    right = batch.record.beyond_use_date
    others = dict.fromkeys(str(d.date) for d in batch.label.dates if d.kind == "use" and d.date != right)
    return [(date, f"it says {date} is the day to discard after, the record {right}") for date in others][:3]


_PERIOD = re.compile(
    r"\b(?:discard|throw away|use within|use by|expires?|good for|keeps? for|valid for)\b[^.;\n0-9]{0,40}"
    r"([0-9]{1,3}) ?(day|week|month|year)s?"
)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


@remembered
def _periods_in(line: str) -> tuple[tuple[str, int], ...]:
    """How long a line says the preparation may be used, in words and in days."""
    found = [(match[1], match[2]) for match in _PERIOD.finditer(line)]
    return tuple((f"{number} {unit}s", int(number) * _DAYS[unit]) for number, unit in found)


def _longer_periods(batch: Batch) -> list[_Other]:
    """Times of use on the label that go beyond the record's date; 6 months are the matter of FC506."""
    made, until = batch.record.made, batch.record.beyond_use_date
    if made is None or until is None:
        return []
    periods = dict.fromkeys(period for line in batch.label.lines for period in _periods_in(line))
    longer = [words for words, days in periods if days > (until - made).days + 1 and words != "6 months"]
    return [(words, f"it says it may be used for {words}, the record until {until}") for words in longer][:3]


@remembered
def _lots_in(line: str) -> tuple[str, ...]:
    """The numbers after "lot" or "batch" in a line, but for those of a bottle or a tip."""
    return tuple(match[2].rstrip("._/-") for match in _LOT.finditer(line) if not match[1])


_FIGURES = re.compile(r"[0-9]+")


@lru_cache(maxsize=256)
def _numbers_like(number: str) -> re.Pattern[str]:
    """The numbers of batches that are made like one of which every figure is 0: ldn-0-0."""
    first, *others = map(re.escape, number.split("0"))
    # The letters it begins with, which a search finds fastest, stand before the look at what is in front of them.
    return re.compile("[0-9]{1,8}".join([f"{first}(?<![a-z0-9-]{first})", *others]) + "(?![a-z0-9-])")


def _other_batches(batch: Batch) -> list[_Other]:
    """The numbers of other batches: after "lot" or "batch", or of the very pattern of the record's own."""
    record, text = batch.record, batch.label.without_dates
    number = tidy(record.id).casefold()
    own = {number, tidy(record.amends.id if record.amends is not None else None).casefold()}
    found = [lot for line in text.split("\n") for lot in _lots_in(line)]
    if any(c.isalpha() for c in number) and any(c.isdigit() for c in number):
        found += _numbers_like(_FIGURES.sub("0", number[:60])).findall(text)
    others = dict.fromkeys(other for other in found if other not in own and any(map(str.isdigit, other)))
    if not others:
        return []  # the usual case, before the lots of the components are looked at
    named = [tidy(lot).casefold() for used in record.components for lot in (used.lot, used.packing_lot)]
    tip = record.drop_calibration.tip_lot if record.drop_calibration is not None else None
    known = {word for lot in (*own, *named, tidy(tip).casefold()) for word in (lot, *lot.split())}
    strange = [other for other in others if other not in known]
    return [(f"lot {other}", f"it names batch {other}, and the record is of {record.id}") for other in strange][:3]


def _has_label(batch: Batch) -> bool:
    return batch.record.label is not None


_WANTED = ("that the medicine was compounded", "the name of the pharmacy", "a telephone number of the pharmacy")


_TO_ADD = dict(
    zip(_WANTED, ('"This medicine was compounded."', "the name of the pharmacy", "its telephone number"), strict=True)
)


@remembered
def _statements(line: str) -> tuple[bool, bool, bool]:
    """Whether a line says that the medicine was compounded, names a facility, and gives a way to reach it."""
    facility = "pharmac" in line or _FACILITY.search(line) is not None
    return _COMPOUNDED.search(line) is not None, facility, _CONTACT.search(line) is not None


@record_rule(
    "FC708",
    "Compounded, by whom, and where to ask",
    severity=Severity.WARNING,
    authority=Authority.COMPENDIAL,
    source="USP <795> (official 1 Nov 2023) 9, labelling",
    applies=_has_label,
    alone=True,
)
def compounded_statement(batch: Batch) -> Iterator[Fault]:
    """The label or the leaflet says that the medicine was compounded, and names the pharmacy with a way to reach it.

    A compounded medicine has not been tested as a manufactured one has, and the patient should know. What leaves the
    pharmacy carries its name and its telephone number, for the day when something seems wrong.

    Where the formulation asks for a warning against opioids, it stands there too: naltrexone takes their effect away, and
    brings on withdrawal in those who take them regularly. A line that allows them ("may be taken with opioids") is no
    warning.

    Add "This medicine was compounded." and the name and telephone number of the pharmacy.
    """
    label: Label = batch.label
    number = tidy(batch.record.id).casefold()
    lines = label.without_dates.split("\n")
    said = [_statements(line.replace(number, " ") if number and number in line else line) for line in lines]
    lacking = [words for place, words in enumerate(_WANTED) if not any(line[place] for line in said)]
    to_add = [_TO_ADD[words] for words in lacking]
    warning = _warning_of_opioids(batch)
    if warning is not None and not any(map(_warns_of_opioids, label.sentences)):
        lacking.append("that it must not be taken with opioids, a warning that the formulation asks for")
        to_add.append(f'"{warning}"')
    if lacking:
        yield Fault(
            message=f"the label does not say: {', '.join(lacking)}",
            field=("label",),
            found=f"not said: {', '.join(lacking)}",
            limit="compounded, name and contact of the pharmacy, warnings of the formulation",
            help=f"Add to the label: {', '.join(to_add)}.",
        )


_OPIOIDS = re.compile(
    r"opioid|opiate|narcotic|codeine|codone|morph|methadone|tramadol|fentanyl|buprenorphine|pain (?:medic|reliev|kill)"
)


_ALLOWS = re.compile(
    r"^(?:you )?(?:may |can |should |must )?(?:be )?(?:take|taken|use|used)\b[\w ]{0,30}\bwith\b"
    r"|\b(?:safe|fine|ok|okay) (?:to (?:be )?(?:take|taken|use|used) )?with\b"
    r"|\b(?:may|can|should|must) be (?:taken|used|combined) (?:together )?with\b"
)
_BUT_NOT = re.compile(r"\b(?:not|never|no|cannot|without|avoid|unless|if|only|tell|ask|withdrawal)\b|n't\b")


@remembered
def _warns_of_opioids(sentence: str) -> bool:
    """Whether a sentence of a label speaks of opioids, and not to allow them."""
    if _OPIOIDS.search(sentence) is None:
        return False
    return _ALLOWS.search(sentence) is None or _BUT_NOT.search(sentence) is not None


def _warning_of_opioids(batch: Batch) -> str | None:
    """The warning against opioids that the formulation wants on the label."""
    wanted = batch.formulation.label if batch.formulation is not None else None
    return next((text for text in wanted.warnings if "opioid" in text.casefold()), None) if wanted is not None else None
