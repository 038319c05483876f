"""FC8: the trail of an electronic record, when things were written down, and what was signed."""

import datetime
import re
from collections.abc import Iterator

from formcheck.findings import Authority, Severity, Verdict
from formcheck.papers.compounding import AuditEntry, People, Person
from formcheck.papers.content import content_sha256
from formcheck.papers.placeholders import is_blank
from formcheck.papers.values import Moment
from formcheck.planning.batch import Batch
from formcheck.planning.trail import as_text, changed_after_signing, is_before, lacking_entries, signed_by_others
from formcheck.rules.rule import OUTSOURCING, Fault, Path, Ruling, record_rule

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
MOST_HOURS, MOST_DAYS = 24, 30
_MOST_NAMED = 5
_ROLES = ("compounded_by", "verified_by", "weighings_checked_by")


def _has_trail(batch: Batch) -> bool:
    return batch.profile == OUTSOURCING or bool(batch.record.audit_trail)


@record_rule(
    "FC804",
    "Audit trail in order",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (after 21 CFR 11.10(e), which binds outsourcing facilities)",
    under={
        OUTSOURCING: Ruling(
            Severity.ERROR,
            Authority.REGULATION,
            "21 CFR 11.10(e) for outsourcing facilities",
            needs=("audit_trail",),
        ),
    },
    applies=_has_trail,
    alone=True,
)
def audit_trail_in_order(batch: Batch) -> Iterator[Fault]:
    """The trail of an electronic record says of each entry when, by whom and what, and never goes back in time.

    A change has a reason, and nothing is deleted: the earlier entry stays readable. A trail that goes back was put
    together afterwards, or the clock was set. What is changed after the last signature was signed by nobody. The record
    of an outsourcing facility (503B) has a trail, with who began it and the signature of who verified it.

    Do not mend the trail. Find out what happened, and add an entry that says so.
    """
    faults: list[tuple[Path, str]] = []
    last: Moment | None = None
    for index, entry in enumerate(batch.record.audit_trail):
        faults.extend(_of_entry(index, entry))
        if entry.at is not None:
            if last is not None and is_before(entry.at, last):
                path = ("audit_trail", index, "at")
                faults.append((path, f"entry {index + 1} ({as_text(entry.at)}) goes back before {as_text(last)}"))
            last = entry.at
    faults.extend(changed_after_signing(batch.record))
    outsourcing = batch.profile == OUTSOURCING
    faults.extend(signed_by_others(batch.record) if outsourcing else ())
    yield from _as_one(faults, "the audit trail", "each entry with when, who, what and why, in order")
    lacks = lacking_entries(batch.record) if outsourcing and not faults else []
    if lacks:
        yield Fault(
            message=f"the audit trail does not say {', nor '.join(lacks)}",
            field=("audit_trail",),
            found=f"{len(batch.record.audit_trail)} entries",
            limit="an entry with action: create, and one with action: sign",
            verdict=Verdict.NOT_DETERMINED,
        )


def _of_entry(index: int, entry: AuditEntry) -> Iterator[tuple[Path, str]]:
    here, number = ("audit_trail", index), f"entry {index + 1}"
    said = (("at", entry.at, "when"), ("by", entry.by, "by whom"), ("action", entry.action, "what was done"))
    lacking = [words for _, value, words in said if is_blank(value)]
    if lacking:
        yield here, f"{number} does not say {', '.join(lacking)}"
    if entry.action == "change" and is_blank(entry.why):
        yield here, f"{number} is a change without a reason"
    if entry.action == "delete":
        yield (*here, "action"), f"{number} deletes"


def _as_one(faults: list[tuple[Path, str]], what: str, limit: str) -> Iterator[Fault]:
    """One finding for all that was found, at the place of the first."""
    if not faults:
        return
    named = [words for _, words in faults[:_MOST_NAMED]]
    more = f"; and {len(faults) - _MOST_NAMED} more" if len(faults) > _MOST_NAMED else ""
    words = "; ".join(named) + more
    yield Fault(message=f"{what}: {words}", field=faults[0][0], found=words, limit=limit)


def _has_times(batch: Batch) -> bool:
    people = batch.record.people
    signed = people is not None and any(
        p is not None and p.at is not None for p in (people.compounded_by, people.verified_by, people.weighings_checked_by)
    )
    return signed or any(entry.done is not None for entry in batch.record.audit_trail)


@record_rule(
    "FC805",
    "Written down when it was done",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (ALCOA: contemporaneous); 24 hours and 30 days are formcheck's own",
    applies=_has_times,
    alone=True,
)
def contemporaneous(batch: Batch) -> Iterator[Fault]:
    """What was done is written down when it is done, and verified soon after.

    The compounder signs on the day the batch was made, and so does who watched the weighings; the verifier signs not
    before either of them and within 30 days. An entry of the audit trail comes within 24 hours after what it tells of,
    never before. What is written from memory days later is where weighings turn into round numbers.

    Correct a mistyped date by an amendment; where it is right, say in the deviations how it came about.
    """
    record = batch.record
    faults = [*_of_people(record.people, record.made), *_of_trail(record.audit_trail)]
    yield from _as_one(faults, "not written down when it was done", "signed when it was done, in the order of the work")


def _of_people(people: People | None, made: datetime.date | None) -> Iterator[tuple[Path, str]]:
    compounded = people.compounded_by.at if people is not None and people.compounded_by is not None else None
    verified = people.verified_by.at if people is not None and people.verified_by is not None else None
    if compounded is not None and made is not None and compounded.date != made:
        yield ("people", "compounded_by", "at"), f"compounded by: signed {compounded.date}, the batch was made {made}"
    checked = people.weighings_checked_by.at if people is not None and people.weighings_checked_by is not None else None
    if checked is not None and made is not None and checked.date != made:
        said = f"weighings checked by: signed {checked.date}, the batch was made {made}"
        yield ("people", "weighings_checked_by", "at"), said
    elif checked is not None and verified is not None and is_before(verified, checked):
        said = f"weighings checked {as_text(checked)}, after the verifier had signed ({as_text(verified)})"
        yield ("people", "weighings_checked_by", "at"), said
    if verified is None:
        return
    here: Path = ("people", "verified_by", "at")
    if compounded is not None and is_before(verified, compounded):
        yield here, f"verified {as_text(verified)}, before the compounder signed ({as_text(compounded)})"
    elif made is not None and verified.date < made:
        yield here, f"verified {verified.date}, before the batch was made ({made})"
    if made is not None and (verified.date - made).days > MOST_DAYS:
        yield here, f"verified {(verified.date - made).days} days after the batch was made"


def _of_trail(trail: tuple[AuditEntry, ...]) -> Iterator[tuple[Path, str]]:
    for index, entry in enumerate(trail):
        if entry.at is None or entry.done is None:
            continue
        here: Path = ("audit_trail", index, "at")
        if is_before(entry.at, entry.done):
            yield here, f"entry {index + 1} was entered {as_text(entry.at)}, before it was done ({as_text(entry.done)})"
        elif _is_late(entry.done, entry.at):
            yield (
                here,
                f"entry {index + 1} was entered {as_text(entry.at)}, more than 24 hours after {as_text(entry.done)}",
            )


def _is_late(done: Moment, entered: Moment) -> bool:
    """Whether more than 24 hours lie between; where a time is missing, more than one day of the calendar."""
    if done.time is None or entered.time is None:
        return (entered.date - done.date).days > 1
    between = datetime.datetime.combine(entered.date, entered.time) - datetime.datetime.combine(done.date, done.time)
    return between > datetime.timedelta(hours=MOST_HOURS)


def _signed(batch: Batch) -> Iterator[tuple[str, Person]]:
    """The people whose signature is bound to a content, by their roles."""
    for role in _ROLES:
        person: Person | None = getattr(batch.record.people, role, None)
        if person is not None and person.content_sha256 is not None:
            yield role, person


def _has_signed_content(batch: Batch) -> bool:
    return any(_signed(batch))


@record_rule(
    "FC806",
    "Content as it was signed",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck; a signature belongs to what was signed",
    under={
        OUTSOURCING: Ruling(Severity.ERROR, Authority.REGULATION, "21 CFR 11.70 for outsourcing facilities"),
    },
    applies=_has_signed_content,
    alone=True,
)
def content_as_signed(batch: Batch) -> Iterator[Fault]:
    """A signature that carries the digest of the record (content_sha256) still fits what the record says now.

    The digest is the SHA-256 of all fields as written and of the signer's own name, time and meaning; the other
    signatures, the audit trail, waivers and amendments are no part of it. One digit changed after signing changes it
    altogether. A record without digests is judged without this rule.

    Put back what was signed, or have the record signed again (the digest of the record as it is now stands under "found").
    """
    for role, person in _signed(batch):
        now, signed = content_sha256(batch.record, person), (person.content_sha256 or "").strip().casefold()
        who, place = f"{person.name or 'somebody'} ({role.replace('_', ' ')})", ("people", role, "content_sha256")
        if _DIGEST.fullmatch(signed) is None:
            yield Fault(
                message=f"whether the record is as {who} signed it: content_sha256 is no SHA-256, so nobody can say",
                field=place,
                found=signed[:70],
                limit="64 digits, 0 to 9 and a to f",
                help="Copy the digest from where it was signed, or leave content_sha256 out where nothing was.",
                verdict=Verdict.NOT_DETERMINED,
            )
        elif signed != now:
            yield Fault(
                message=f"the record is not as {who} signed it: something was changed afterwards",
                field=place,
                found=f"as it is now: {now}",
                limit=f"as it was signed: {signed}",
            )
