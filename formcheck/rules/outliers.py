"""FC414: results outside their limits. Each is investigated, and none is averaged away."""

from collections.abc import Iterator
from datetime import date

from formcheck import measures
from formcheck.findings import Authority, Severity, Verdict
from formcheck.papers.placeholders import is_blank
from formcheck.planning.batch import Batch
from formcheck.planning.uniformity import STAGE_2
from formcheck.rules.potency import assay_of_label
from formcheck.rules.rule import OUTSOURCING, Fault, Path, Row, Ruling, record_rule
from formcheck.rules.testing import broken_by, is_counted
from formcheck.rules.uniformity import acceptance_value_of_units
from formcheck.units import format_number

SOURCE = "good practice: FDA guidance on out-of-specification results (2006, revised 2022)"


def _failing(batch: Batch) -> list[tuple[str, Path, date | None]]:
    """The results outside their limits: what, where, and the day they are of."""
    record, found = batch.record, list[tuple[str, Path, date | None]]()
    if record.assay is not None and Verdict.FAIL in broken_by(batch, assay_of_label):
        found.append(("the assay is", ("assay", "value"), record.assay.date))
    contents = record.unit_contents
    thirty = contents is not None and len(contents.values) == STAGE_2 and is_counted(batch)
    if contents is not None and thirty and Verdict.FAIL in broken_by(batch, acceptance_value_of_units):
        found.append(("the contents of the units are", ("unit_contents", "values"), contents.date))
    return found


def _has_something(batch: Batch) -> bool:
    assay = batch.record.assay
    if assay is None and batch.record.unit_contents is None:
        return False
    return (assay is not None and bool(assay.results)) or bool(_failing(batch))


@record_rule(
    "FC414",
    "Result outside its limits: investigated and closed",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=SOURCE,
    under={OUTSOURCING: Ruling(Severity.ERROR, Authority.REGULATION, "21 CFR 211.192, production record review")},
    applies=_has_something,
)
def result_investigated(batch: Batch) -> Iterator[Fault]:
    """A failing assay, or failing contents at stage 2, is investigated before anything else happens to the batch.

    The investigation has a number and the day it was closed. First an error of the laboratory is looked for, then
    the whole batch. A failing result is not averaged with passing ones: 86 % and 96 % are not 91 %. A closed
    investigation does not make the result pass.

    Open an investigation, and enter its id, and the day it was closed. Enter each single result, and report none
    that only a mean brought within the limits.
    """
    failing, opened = _failing(batch), batch.record.investigation
    if failing:
        what, place, day = failing[0]
        closed = opened.closed if opened is not None else None
        if opened is None or opened.id is None or is_blank(opened.id):
            yield Fault(
                message=f"{what} outside the limits, and no investigation was opened",
                field=place,
                found="no investigation",
                limit="an investigation, with its id and the day it was closed",
            )
        elif closed is None:
            yield Fault(
                message=f"{what} outside the limits, and investigation {opened.id} is not closed",
                field=("investigation",),
                found="not closed",
                limit="closed before the batch is released",
                verdict=Verdict.NOT_DETERMINED,
            )
        else:
            since = max((found for found in (day, batch.record.made) if found is not None), default=closed)
            if closed < since:
                yield Fault(
                    message=f"investigation {opened.id} was closed on {closed}, before the result of {since}",
                    field=("investigation", "closed"),
                    found=str(closed),
                    limit=f"not before {since}",
                )
    yield from _averaged(batch)


def _averaged(batch: Batch) -> Iterator[Fault]:
    assay = batch.record.assay
    if assay is None or not assay.results or assay.value is None:
        return
    stated = assay.value.as_written
    mean = measures.mean([result.value for result in assay.results])
    decimals = assay.value.decimals
    if format_number(mean * 100, decimals) != format_number(assay.value.number, decimals):
        shown = f"{format_number(mean * 100, max(decimals, 1))} %"
        yield Fault(
            message=f"the assay is written as {stated}, and the mean of its {len(assay.results)} results is {shown}",
            field=("assay", "value"),
            found=stated,
            limit=shown,
        )
    for row in assay_of_label.parts[0].rows(batch):
        if None in row.values.values() or _is_out(row, row.values["assay"]):
            return
        outside = [index for index, result in enumerate(assay.results) if _is_out(row, result.value)]
        if outside:
            named = ", ".join(assay.results[index].as_written for index in outside[:5])
            yield Fault(
                message=f"the assay {stated} is a mean that hides results outside {row.limits.words}: {named}",
                field=("assay", "results", outside[0]),
                found=named,
                limit=row.limits.words,
            )


def _is_out(row: Row, assay: object) -> bool:
    value = assay_of_label.parts[0].value(assay, row.values["factor"])
    return any(bound.broken_by(value) for bound in row.limits.bounds)
