"""FC7: the label."""

import re
import unicodedata
from collections.abc import Iterator

from formcheck.errors import NotAQuantity
from formcheck.findings import Authority, Severity, Verdict
from formcheck.planning.batch import Batch
from formcheck.rules.rule import Fault, record_rule
from formcheck.units import amount

# The first number that a unit of mass follows; bounded, so that no label can make the search slow.
_STRENGTH = re.compile(
    r"(?<![0-9.,])([.,]?[0-9][0-9.,]{0,14})[ -]?(milligrams?|mgs?|mcgs?|micrograms?|ug|\u00b5g|\u03bcg|grams?|g)\b"
    r"((?: ?/ ?[0-9.]{0,6} ?ml\b)?)"
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

    The first strength that stands on the label is compared, as exact decimals: 4.50 mg equals 4.5 mg, 45 mg
    does not. A strength that cannot be read (4,5 mg) is a fault, since the patient cannot read it either.

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
    stated = f"{match[1]} {unit}{match[3].replace(' ', '').replace('ml', 'mL')}"
    try:
        same = amount(stated, record.strength.kind).value == record.strength.value
        message = f"the label says {stated}, the record {record.strength}"
    except NotAQuantity as error:
        same, message = False, f"the strength on the label cannot be read: {error}"
    if not same:
        yield Fault(message=message, field=("label",), found=stated, limit=str(record.strength))
