"""FC9: what a record or a formulation takes upon itself. Waivers, and corrections of a released record."""

import datetime
import re
from collections.abc import Iterator

from formcheck.findings import Authority, Severity, Verdict
from formcheck.papers.compounding import Amendment, CompoundingRecord, People
from formcheck.papers.formulation import Waiver
from formcheck.papers.placeholders import is_blank
from formcheck.planning.batch import Batch
from formcheck.rules.never_waived import NEVER
from formcheck.rules.rule import OUTSOURCING, Fault, Path, Ruling, record_rule

_CODE = re.compile(r"FC[1-9][0-9]{2}", re.ASCII)
_PARTS = {
    "code": "which finding it is of (code)",
    "reason": "why (reason)",
    "by": "who takes it on (by)",
    "until": "until which day it holds (until)",
}
LONGEST_TERM = datetime.timedelta(days=366)
"""A waiver is thought over at least once a year: formcheck's own limit."""


def wanting(waiver: Waiver, day: datetime.date | None) -> str | None:
    """Why a waiver waives nothing on a day, or None if it does.

    `day` is that of release, since a waiver that was in force then stays so; None where the record does not say it.
    """
    lacks = [words for name, words in _PARTS.items() if is_blank(getattr(waiver, name)) or _says_nothing(waiver, name)]
    if lacks:
        return f"it does not say {', '.join(lacks)}"
    if not _CODE.fullmatch(str(waiver.code)):
        return f"{str(waiver.code)[:20]} is no single code, such as FC404"
    if waiver.code in NEVER:
        return f"{NEVER[waiver.code]} can never be waived"
    if day is None:
        return "the record does not say when the batch was made"
    if waiver.until is not None and waiver.until < day:
        return f"it ended on {waiver.until}, before {day}"
    if waiver.until is not None and waiver.until > day + LONGEST_TERM:
        return f"it lasts until {waiver.until}, more than a year after {day}"
    return None


def listed(batch: Batch) -> tuple[tuple[Waiver, Path], ...]:
    """The waivers of the paper that is judged, with their places."""
    if batch.is_specification:
        waivers, above = (batch.formulation.waivers if batch.formulation is not None else ()), ("(formulation)",)
        return tuple((waiver, (*above, "waivers", index)) for index, waiver in enumerate(waivers))
    return tuple((waiver, ("waivers", index)) for index, waiver in enumerate(batch.record.waivers))


_NO_REASON = frozenset(
    {"ok", "okay", "fine", "good", "yes", "no", "accepted", "approved", "waived", "reason", "agreed", "sure"}
)


def _says_nothing(waiver: Waiver, name: str) -> bool:
    """A single letter names nobody, and "ok" is no reason."""
    text = str(getattr(waiver, name)).strip(" .,!?-").casefold()
    return (name in ("by", "reason") and len(text) < 2) or (name == "reason" and text in _NO_REASON)


def day_of(batch: Batch) -> datetime.date | None:
    """The day on which a paper's waivers must be in force: today for a formulation by itself; for a record the last day
    it speaks of, so that a verification dated back revives no waiver.
    """
    if batch.is_specification:
        return datetime.datetime.now(tz=datetime.UTC).date()
    return max(_days_of(batch.record), default=None)


def _days_of(record: CompoundingRecord) -> Iterator[datetime.date]:
    people, results = record.people or People(), (record.assay, record.unit_contents, record.drop_calibration)
    moments = [person.at for person in (people.compounded_by, people.weighings_checked_by, people.verified_by) if person]
    moments += [entry.at for entry in record.audit_trail]
    yield from (moment.date for moment in moments if moment is not None)
    yield from (result.date for result in results if result is not None and result.date is not None)
    closed = None if record.investigation is None else record.investigation.closed
    corrected = None if record.amends is None else record.amends.on
    yield from (day for day in (record.made, closed, corrected) if day is not None)


def _has_waivers(batch: Batch) -> bool:
    return bool(listed(batch))


@record_rule(
    "FC912",
    "Waiver incomplete or expired",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck: a waiver names one code, a reason, a person and its last day",
    subjects=("record", "formulation"),
    applies=_has_waivers,
    alone=True,
)
def waiver_in_force(batch: Batch) -> Iterator[Fault]:
    """A waiver takes one finding upon a person: by its code, with a reason, a name, and the last day it holds.

    A waived finding stays in the report and is counted, but no longer fails the record. A waiver without its reason or
    its person, for several codes at once, or past its last day on the day of release waives nothing, and is an error
    itself; so is one that lasts more than a year after it.

    Never to be waived is what no decision makes fit to be dispensed. The ceiling of 10 mg a day, and what cannot be read.
    Another drug, and one without its certificate or outside its monograph (the law names both); an expired component. A
    slip of arithmetic, and another strength: on the label, by the assay or the weighing (outside 90.0 to 110.0 %), in units
    that differ too much. A preservative left out, and a beyond-use date past its limit. A batch that nobody trained made
    and verified, that was changed after it was signed, or whose results are another's. What was not determined can be
    waived, and stays so.

    Write down what it lacks, or renew it with a new reason; or remove it and deal with the finding.
    """
    for waiver, place in listed(batch):
        day = day_of(batch)
        why = wanting(waiver, day)
        if why is not None:
            which = "today" if batch.is_specification else "the last day that the record speaks of"
            said = f"{why}, {which}" if why.endswith(str(day)) else why
            yield Fault(
                f"the waiver of {waiver.code or 'nothing'} waives nothing, because {said}",
                place,
                found=str(waiver.until or "no last day"),
                limit="code, reason, by, and until, the last day it holds",
            )


@record_rule(
    "FC913",
    "Waiver that waives nothing any more",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source="formcheck: a waiver belongs to a finding",
    subjects=("record", "formulation"),
    applies=_has_waivers,
)
def waiver_is_stale(_: Batch) -> Iterator[Fault]:
    """The paper waives a finding that it does not have. The next one of that code would be waived unseen.

    The check looks for it after all other rules have spoken.

    Remove the waiver from the paper.
    """
    return iter(())


def _is_correction(batch: Batch) -> bool:
    return batch.record.amends is not None


_SAYS = {"id": "which record it corrects", "what": "what was changed", "why": "why", "by": "who", "on": "on which day"}


@record_rule(
    "FC914",
    "Correction of a released record",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (ALCOA: a change does not hide what stood there before)",
    under={
        OUTSOURCING: Ruling(
            Severity.ERROR, Authority.REGULATION, "21 CFR 11.10(e): record changes shall not obscure previous entries"
        )
    },
    applies=_is_correction,
    alone=True,
)
def correction_complete(batch: Batch) -> Iterator[Fault]:
    """A released record is never written over: a new record with its own id names the old one in `amends`.

    It says what was changed, why, who changed it and when. Where both are checked together the newest is judged and
    the older ones are shown with it, with the verdict each of them had. Two corrections of one record, or one of
    another batch, cannot stand. Two records of one batch that have one id are named, as a warning.

    Write down what is missing, and keep the old record beside the new one.
    """
    amends = batch.record.amends or Amendment()
    lacks = [words for name, words in _SAYS.items() if is_blank(getattr(amends, name))]
    if lacks:
        yield Fault(
            f"the correction does not say {', '.join(lacks)}",
            ("amends",),
            limit="id, what, why, by and on",
            verdict=Verdict.NOT_DETERMINED,
        )
    if amends.id is not None and amends.id == batch.record.id:
        yield Fault(
            f"the correction has the id of the record it corrects, {amends.id}",
            ("amends", "id"),
            found=amends.id,
            limit="an id of its own",
        )
    made = batch.record.made
    if amends.on is not None and made is not None and amends.on < made:
        yield Fault(
            f"the correction was written on {amends.on}, before the batch was made on {made}",
            ("amends", "on"),
            found=str(amends.on),
            limit=f"not before {made}",
            help="Correct the day of the correction (amends.on), or the day the batch was made (made).",
        )
