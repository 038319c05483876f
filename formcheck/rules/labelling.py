"""FC7: what stands on the label."""

import re
import unicodedata
from collections.abc import Iterator

from formcheck.errors import NotAQuantity
from formcheck.findings import Authority, Severity, Verdict
from formcheck.planning.batch import Batch
from formcheck.planning.labels import Label, holds_word, remembered, tidy
from formcheck.rules.rule import Fault, record_rule
from formcheck.units import amount

# The first number that a unit of mass follows; bounded, so that no label can make the search slow.
_STRENGTH = re.compile(
    r"(?<![0-9.,])([.,]?[0-9][0-9.,]{0,14})[ -]?(milligrams?|mgs?|mcgs?|micrograms?|ug|\u00b5g|\u03bcg|grams?|g)\b"
    r"((?: ?(?:/|\bper\b) ?[0-9.]{0,6} ?ml\b)?)"
)
_UNITS = {"milligram": "mg", "mg": "mg", "microgram": "mcg", "mcg": "mcg", "gram": "g"}
_REFRIGERATED = re.compile(r"refrigerat|fridge|(?<![0-9])2 ?(?:-|to|\u00b0c? ?(?:-|to)) ?8(?![0-9])")
_COMPOUNDED = re.compile(r"\bcompounded\b")
_FACILITY = re.compile(
    r"pharmac|apothe|compound(?:ing|ers)|laborator|clinic|hospital|dispensary|chemist|drug ?store|outsourcing"
    r"|\b(?:inc|llc|ltd|gmbh)\b|\b(?:compounded|prepared|made) by [a-z]"
)
_CONTACT = re.compile(
    r"\b(?:tel|telephone|phone|ph|call|fax|fon)\b[^0-9\n]{0,12}?\+?[0-9(][0-9()/. -]{4,20}[0-9]"
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
    The date may be written 2026-07-31, 31 July 2026, July 31, 2026, 07/31/2026 or 31.07.2026, and no other date may
    stand there as the date to discard after.

    Print the label again with what is missing, and put it on every container of the batch.
    """
    lacking, wrong = list(_lacking(batch)), list(_other_dates(batch))
    if not lacking and not wrong:
        return
    said = [f"the label lacks {', '.join(lacking)}"] if lacking else []
    said += [f"it says {date} is the day to discard after, the record {batch.record.beyond_use_date}" for date in wrong]
    yield Fault(
        message="; ".join(said) if lacking else f"the label: {'; '.join(said)}",
        field=("label",),
        found="; ".join([*(f"without {item}" for item in lacking), *wrong]),
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
    if all(found.date != record.beyond_use_date or found.kind == "made" for found in label.dates):
        yield f"the beyond-use date ({record.beyond_use_date})"
    storage = record.storage or (batch.formulation.storage if batch.formulation is not None else None)
    if storage == "refrigerator" and not _REFRIGERATED.search(label.folded):
        yield "the storage (in a refrigerator, 2-8 °C)"


def _other_dates(batch: Batch) -> list[str]:
    """The dates to discard after that are not the record's."""
    others = (d.date for d in batch.label.dates if d.kind == "use" and d.date != batch.record.beyond_use_date)
    return [str(date) for date in dict.fromkeys(others)][:3]


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

    The first strength that stands on the label is compared, as exact decimals: 4.50 mg equals 4.5 mg, 45 mg
    does not. A strength that cannot be read (4,5 mg) is a fault, since the patient cannot read it either. A decimal
    without its zero (.5 mg) is read as 0.5 mg here, and is a fault of its own (FC702).

    Do not release. Print the label again.
    """
    record = batch.record
    if record.strength is None or record.label is None:
        return
    # Full-width digits, odd spaces and capitals read as what a patient sees.
    label = " ".join(unicodedata.normalize("NFKC", record.label).casefold().split())
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

    Add "This medicine was compounded." and the name and telephone number of the pharmacy.
    """
    label: Label = batch.label
    number = tidy(batch.record.id).casefold()
    lines = label.without_dates.split("\n")
    said = [_statements(line.replace(number, " ") if number and number in line else line) for line in lines]
    lacking = [words for place, words in enumerate(_WANTED) if not any(line[place] for line in said)]
    if lacking:
        yield Fault(
            message=f"the label does not say: {', '.join(lacking)}",
            field=("label",),
            found=f"not said: {', '.join(lacking)}",
            limit="compounded, name and contact of the pharmacy",
            help=f"Add to the label: {', '.join(_TO_ADD[words] for words in lacking)}.",
        )
