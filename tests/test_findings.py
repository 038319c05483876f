"""Findings, counts, verdicts and the exit status that follows from them."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.findings import (
    Authority,
    Counts,
    Finding,
    Location,
    Severity,
    Verdict,
    counted,
    exit_status,
    overall,
)

VERDICTS = (Verdict.FAIL, Verdict.NOT_DETERMINED, Verdict.WAIVED, Verdict.NOTE)


def finding(verdict, severity):
    """A finding of which only the weight matters."""
    return Finding(
        code="FC407", title="AV", verdict=verdict, severity=severity, authority=Authority.COMPENDIAL, message="above L1"
    )


_findings = st.builds(finding, st.sampled_from(VERDICTS), st.sampled_from(Severity))


def test_the_words_of_the_contract():
    """Severities, authorities and verdicts are the words of the contract, as text."""
    assert [str(severity) for severity in Severity] == ["error", "warning", "info"]
    assert [str(authority) for authority in Authority] == ["regulation", "compendial", "good_practice", "formcheck"]
    assert [str(verdict) for verdict in Verdict] == ["pass", "fail", "not_determined", "waived", "note"]


@pytest.mark.parametrize(
    ("location", "wanted"),
    [
        (Location("a.yaml", 14, 3), "a.yaml:14:3"),
        (Location("a.yaml", 14), "a.yaml:14"),
        (Location("a.yaml"), "a.yaml"),
        (Location(), ""),
    ],
)
def test_a_place_is_written_as_editors_read_it(location, wanted):
    """A place is path, line and column with colons, as far as they are known."""
    assert wanted == str(location)


def test_a_finding_cannot_be_altered():
    """A finding is frozen, and has no place, field or limit unless it is given one."""
    found = finding(Verdict.FAIL, Severity.ERROR)
    with pytest.raises(AttributeError):
        found.verdict = Verdict.NOTE
    assert (Location(), None, None, None, None, "") == (
        found.location,
        found.field,
        found.found,
        found.limit,
        found.source,
        found.help,
    )


@pytest.mark.parametrize(
    ("verdict", "severity", "wanted"),
    [
        (Verdict.FAIL, Severity.ERROR, Counts(fail=1)),
        (Verdict.FAIL, Severity.WARNING, Counts(warning=1)),
        (Verdict.FAIL, Severity.INFO, Counts(info=1)),
        (Verdict.NOTE, Severity.INFO, Counts(info=1)),
        (Verdict.NOTE, Severity.ERROR, Counts(info=1)),
        (Verdict.NOTE, Severity.WARNING, Counts(info=1)),
        (Verdict.WAIVED, Severity.ERROR, Counts(waived=1)),
        (Verdict.WAIVED, Severity.WARNING, Counts(waived=1)),
        (Verdict.NOT_DETERMINED, Severity.ERROR, Counts(not_determined=1)),
        (Verdict.NOT_DETERMINED, Severity.WARNING, Counts(not_determined=1)),
        (Verdict.NOT_DETERMINED, Severity.INFO, Counts(not_determined=1)),
    ],
)
def test_a_finding_is_counted_once_by_what_it_means(verdict, severity, wanted):
    """Each finding counts in one column: failing errors as fail, and waived ones stay visible as waived."""
    assert wanted == counted([finding(verdict, severity)])


@given(st.lists(_findings, max_size=20), st.lists(_findings, max_size=20))
def test_no_finding_is_lost_in_counting(some, more):
    """The counts add up to the number of findings, and those of two lists to those of both together."""
    assert len(some) == sum(counted(some))
    assert counted(some + more) == counted(some).plus(counted(more))


def test_nothing_counts_nothing():
    """No findings count nothing."""
    assert Counts(0, 0, 0, 0, 0) == counted([])


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("undecided", [False, True])
@pytest.mark.parametrize(("verdict", "severity"), list(product(VERDICTS, Severity)))
def test_only_what_weighs_changes_a_verdict(verdict, severity, undecided, strict):
    """An error fails or leaves undetermined; a warning only when strict; an info, a note and a waived finding never."""
    weighs = severity is Severity.ERROR or (strict and severity is Severity.WARNING)
    if weighs and verdict is Verdict.FAIL:
        wanted = Verdict.FAIL
    elif undecided or (weighs and verdict is Verdict.NOT_DETERMINED):
        wanted = Verdict.NOT_DETERMINED
    else:
        wanted = Verdict.PASS
    assert wanted is overall([finding(verdict, severity)], undecided=undecided, strict=strict)


def test_a_record_without_findings():
    """Without a finding a record passes, unless an error rule could not run."""
    assert overall([]) is Verdict.PASS
    assert overall([], undecided=True) is Verdict.NOT_DETERMINED


def test_a_fail_outweighs_what_is_not_determined():
    """A record with a failing error fails, whatever else is not determined."""
    both = [finding(Verdict.NOT_DETERMINED, Severity.ERROR), finding(Verdict.FAIL, Severity.ERROR)]
    assert overall(both, undecided=True) is Verdict.FAIL


_WORSE = {Verdict.PASS: 0, Verdict.NOT_DETERMINED: 1, Verdict.FAIL: 2}


@given(st.lists(_findings, max_size=10), _findings, st.booleans(), st.booleans())
def test_one_finding_more_never_betters_a_verdict(findings, one_more, undecided, strict):
    """A verdict only gets worse by further findings, and never better by being strict."""
    before = overall(findings, undecided=undecided, strict=strict)
    assert _WORSE[before] <= _WORSE[overall([*findings, one_more], undecided=undecided, strict=strict)]
    assert _WORSE[overall(findings, undecided=undecided)] <= _WORSE[overall(findings, undecided=undecided, strict=True)]


@given(st.lists(_findings, max_size=10))
def test_findings_may_be_read_only_once(findings):
    """A verdict and counts can be taken from a stream of findings as from a list."""
    assert overall(findings) is overall(iter(findings))
    assert counted(findings) == counted(iter(findings))


@pytest.mark.parametrize(
    ("verdicts", "unreadable", "wanted"),
    [
        ([], False, 0),
        ([Verdict.PASS], False, 0),
        ([Verdict.PASS, Verdict.NOT_DETERMINED], False, 3),
        ([Verdict.NOT_DETERMINED, Verdict.FAIL], False, 1),
        ([Verdict.FAIL, Verdict.PASS], False, 1),
        ([Verdict.FAIL], True, 2),
        ([Verdict.PASS], True, 2),
        ([], True, 2),
    ],
)
def test_the_exit_status(verdicts, unreadable, wanted):
    """2 if any file was unreadable, else 1 if any failed, else 3 if any is not determined, else 0."""
    assert wanted == exit_status(verdicts, unreadable=unreadable)
    assert wanted == exit_status(iter(verdicts), unreadable=unreadable)
