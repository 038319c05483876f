"""The trail of an electronic record beside its signatures: what was changed after them, and who signed."""

from collections.abc import Iterator

from formcheck.papers.compounding import CompoundingRecord, Person
from formcheck.papers.values import Moment
from formcheck.planning.names import Likeness, likeness

__all__ = ["as_text", "changed_after_signing", "is_before", "lacking_entries", "signed_by_others"]

Path = tuple[str | int, ...]


def is_before(one: Moment, other: Moment) -> bool:
    """Whether a moment lies before another for certain; a day without a time is any time of that day."""
    if one.date != other.date or one.time is None or other.time is None:
        return one.date < other.date
    return one.time < other.time


def as_text(moment: Moment) -> str:
    """A moment as it is printed: the day, and the time where it is known."""
    return str(moment.date) if moment.time is None else f"{moment.date} {moment.time:%H:%M}"


def changed_after_signing(record: CompoundingRecord) -> Iterator[tuple[Path, str]]:
    """The changes after the last signature of the trail, or of the verifier where he signed later; with their places."""
    signs = [index for index, entry in enumerate(record.audit_trail) if entry.action == "sign"]
    last = signs[-1] if signs else -1
    verified = _verifier(record).at
    if not signs and verified is None:
        return
    for index, entry in enumerate(record.audit_trail[last + 1 :], last + 1):
        later = entry.at is not None and verified is not None and is_before(verified, entry.at)
        if entry.action == "change" and (verified is None or later):
            yield ("audit_trail", index), f"entry {index + 1} is a change after the last signature, and nobody signed it"


def signed_by_others(record: CompoundingRecord) -> Iterator[tuple[Path, str]]:
    """Where the trail has signatures, and none of them is that of who verified; with the place of the last."""
    signs = [(index, entry.by) for index, entry in enumerate(record.audit_trail) if entry.action == "sign"]
    verifier = _verifier(record).name
    if verifier is None or any(by is None or likeness(by, verifier) is not Likeness.DIFFERENT for _, by in signs):
        return
    if signs:
        index, by = signs[-1]
        yield ("audit_trail", index, "by"), f"{verifier} verified the batch, and the last signature is that of {by}"


def lacking_entries(record: CompoundingRecord) -> list[str]:
    """What no entry of the trail says: who began the record, who signed it."""
    actions = {entry.action for entry in record.audit_trail}
    wanted = (("create", "who began the record and when"), ("sign", "who signed it and when"))
    return [words for action, words in wanted if action not in actions]


def _verifier(record: CompoundingRecord) -> Person:
    people = record.people
    return Person() if people is None or people.verified_by is None else people.verified_by
