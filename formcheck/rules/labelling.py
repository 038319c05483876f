"""FC7: the label."""

import re
from collections.abc import Iterator

from formcheck.errors import NotAQuantity
from formcheck.findings import Authority, Severity, Verdict
from formcheck.planning.batch import Batch
from formcheck.rules.rule import Fault, record_rule
from formcheck.units import amount

_STRENGTH = re.compile(
    r"(?<![0-9A-Za-z.,])([0-9.,]*[0-9][0-9.,]*?)[\s-]?((?:mg|mcg|µg|μg|ug|g)(?:\s?/\s?[0-9.]*\s?m[lL])?)(?![A-Za-z0-9/])",
    re.IGNORECASE,
)


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
    match = _STRENGTH.search(record.label)
    if match is None:
        yield Fault(
            message=f"no strength was found on the label, so it cannot be compared with {record.strength}",
            field=("label",),
            found="no strength",
            limit=str(record.strength),
            verdict=Verdict.NOT_DETERMINED,
        )
        return
    stated = re.sub(r"\s?/\s?", "/", f"{match[1]} {match[2]}")
    try:
        same = amount(stated, record.strength.kind).value == record.strength.value
        message = f"the label says {stated}, the record {record.strength}"
    except NotAQuantity as error:
        same, message = False, f"the strength on the label cannot be read: {error}"
    if not same:
        yield Fault(message=message, field=("label",), found=stated, limit=str(record.strength))
