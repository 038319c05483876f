"""The trail of an electronic record: what came after its signatures, who signed, and what nobody entered."""

import datetime
from typing import Any

import pytest
from catalogue.pairs import batch_of, changed, good

from formcheck.papers.compounding import CompoundingRecord
from formcheck.papers.values import Moment
from formcheck.planning.trail import as_text, changed_after_signing, is_before, lacking_entries, signed_by_others

SIGNER = "Idris Calloway, RPh"


def entry(action: str, at: str | None = None, by: str | None = SIGNER) -> dict[str, Any]:
    """One entry of a trail."""
    return {key: text for key, text in {"action": action, "at": at, "by": by}.items() if text is not None}


def record(
    *trail: dict[str, Any], verified: str | None = "2026-03-02T14:05", name: str | None = SIGNER
) -> CompoundingRecord:
    """The good record with a trail, verified at a time by somebody."""
    verifier = {"people.verified_by.at": verified or "null", "people.verified_by.name": name or "null"}
    return batch_of(changed(good(), {"audit_trail": [dict(each) for each in trail], **verifier})).record


def moment(text: str) -> Moment:
    """A day, with a time where it has one."""
    day, _, time = text.partition(" ")
    return Moment(datetime.date.fromisoformat(day), datetime.time.fromisoformat(time) if time else None)


@pytest.mark.parametrize(
    ("one", "other", "before"),
    [
        ("2026-03-01", "2026-03-02", True),
        ("2026-03-02", "2026-03-01", False),
        ("2026-03-01 10:00", "2026-03-02 09:00", True),
        ("2026-03-02 09:00", "2026-03-01 10:00", False),
        ("2026-03-02 09:00", "2026-03-02 09:01", True),
        ("2026-03-02 09:00", "2026-03-02 09:00", False),
        ("2026-03-02", "2026-03-02 09:00", False),
        ("2026-03-02 09:00", "2026-03-02", False),
    ],
)
def test_a_moment_before_another(one: str, other: str, before: bool) -> None:
    """For certain: a day without a time is any time of it."""
    assert is_before(moment(one), moment(other)) is before
    assert as_text(moment(one)) == one


def places(*trail: dict[str, Any], **verifier: Any) -> list[int]:
    """The places of the changes that nobody signed."""
    return [int(path[1]) for path, _ in changed_after_signing(record(*trail, **verifier))]


def test_changes_that_nobody_signed() -> None:
    """After the last signature, unless who verified did so later; a change at an unknown time may be before that."""
    create, sign = entry("create", "2026-03-02T09:00"), entry("sign", "2026-03-02T14:00")
    late, early = entry("change", "2026-03-03T08:00"), entry("change", "2026-03-02T10:00")
    assert places(create, early, sign) == []
    assert places(create, sign, late) == [2]
    assert places(create, sign, late, entry("sign", "2026-03-03T09:00")) == []
    assert places(create, sign, late, entry("sign"), late) == [4]
    assert places(create, sign, entry("change", "2026-03-02T14:04")) == []
    assert places(create, sign, entry("change")) == []
    assert places(create, sign, early, verified=None) == [2]
    assert places(create, late, verified=None) == []
    assert places(create, early) == [] and places(late) == [0]
    assert places(create, sign, entry("delete", "2026-03-03T08:00")) == []
    ((path, words),) = changed_after_signing(record(create, sign, late))
    assert path == ("audit_trail", 2) and words == "entry 3 is a change after the last signature, and nobody signed it"


def test_signatures_of_others() -> None:
    """None of those that are there is the verifier's; one that does not say whose it is may be."""
    other = entry("sign", by="Maren Tolliver, CPhT")
    ((path, words),) = signed_by_others(record(entry("create"), other, entry("change")))
    assert path == ("audit_trail", 1, "by")
    assert words == f"{SIGNER} verified the batch, and the last signature is that of Maren Tolliver, CPhT"
    assert [path for path, _ in signed_by_others(record(other, entry("sign", by="Ada Else")))] == [("audit_trail", 1, "by")]
    for trail in ((other, entry("sign")), (other, entry("sign", by="I. Calloway")), (other, entry("sign", by=None)), ()):
        assert list(signed_by_others(record(*trail))) == []
    assert list(signed_by_others(record(other, name=None))) == []
    unverified = changed(good(), {"people.verified_by": "null", "audit_trail": [other]})
    assert list(signed_by_others(batch_of(unverified).record)) == []
    assert list(signed_by_others(batch_of(changed(good(), {"people": "null", "audit_trail": [other]})).record)) == []


def test_what_no_entry_says() -> None:
    """Who began, who signed."""
    began, signed = "who began the record and when", "who signed it and when"
    assert lacking_entries(record()) == [began, signed]
    assert lacking_entries(record(entry("create"))) == [signed]
    assert lacking_entries(record(entry("sign"))) == [began]
    assert lacking_entries(record(entry("sign"), entry("create"))) == []
