"""FC4: what was known when the batch was released."""

import datetime
from collections.abc import Iterator

from formcheck.findings import Authority, Severity
from formcheck.planning.batch import Batch
from formcheck.planning.dating import Due
from formcheck.planning.once import once
from formcheck.rules.rule import OUTSOURCING, Fault, Ruling, record_rule

_DATED = {"assay": ("assay", "the assay"), "content uniformity": ("unit_contents", "the contents of the units")}


@once
def _dated(batch: Batch) -> list[tuple[str, datetime.date]]:
    """The tests whose results say of which day they are."""
    results = [(test, getattr(batch.record, field)) for test, (field, _) in _DATED.items()]
    return [(test, result.date) for test, result in results if result is not None and result.date is not None]


def _verified_on(batch: Batch) -> datetime.date | None:
    people = batch.record.people
    signed = people.verified_by.at if people is not None and people.verified_by is not None else None
    return None if signed is None else signed.date


def _was_due(batch: Batch, test: str) -> bool:
    planned = batch.schedule(test)
    if planned is None or planned.due is Due.NOT_DUE:
        return False
    # Where nobody says when the last one was, a pharmacy may have had time left; an outsourcing facility shows it.
    return planned.due is not Due.UNKNOWN or batch.profile == OUTSOURCING


@record_rule(
    "FC424",
    "Released before the result of a test that was due",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (a result that is due is known when the batch is released)",
    under={
        OUTSOURCING: Ruling(
            Severity.ERROR, Authority.REGULATION, "21 CFR 211.165(a) for outsourcing facilities: tested before release"
        )
    },
    applies=lambda batch: bool(_dated(batch)) and _verified_on(batch) is not None,
)
def result_before_release(batch: Batch) -> Iterator[Fault]:
    """A test that was due for this batch (every batch, on a change, or its interval over) has its result before release.

    The day of the result is compared with that of the verifier's signature. A periodic test that was not due yet may come
    in later. An outsourcing facility (503B) releases nothing before its results are in.

    Correct a mistyped day; if it is right, say in `deviations` how the batch came to be released, and keep it back until
    the result is known next time.
    """
    released = _verified_on(batch)
    for test, day in _dated(batch):
        if released is None or day <= released or not _was_due(batch, test):
            continue
        field, words = _DATED[test]
        yield Fault(
            message=f"{words}: the result is of {day}, and the batch was released (verified) on {released} already",
            field=(field, "date"),
            found=str(day),
            limit=f"not after {released}",
        )
