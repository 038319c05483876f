"""Components: what is exchanged, missing or too old, and the limits that are said of it."""

from typing import Any

import pytest
from catalogue.pairs import changed, good, judged

from formcheck.findings import Finding

TALC = {"name": "talc", "lot": "T-1", "vendor": "Cellwright Excipients", "expires": "11/2027", "weighed": "5 mg"}


def found(code: str, changes: dict[str, Any]) -> list[Finding]:
    """The findings of one rule on the good record with these changes."""
    return [finding for finding in judged(changed(good(), changes)).findings if finding.code == code]


def test_a_powder_too_many_and_a_shell_that_is_missing_are_two_faults() -> None:
    """Talc does not stand for the shell: each is said by itself."""
    messages = [finding.message for finding in found("FC209", {"components.2": TALC})]

    assert sorted(messages) == [
        "hard gelatin capsule is in the formulation, and not in the record",
        "the formulation has no component talc",
    ]


def test_two_strange_components_and_one_that_is_missing_are_not_an_exchange() -> None:
    """Nobody can say which of two powders stands for the cellulose: each is said by itself."""
    changes = {"components.1.name": "calcium carbonate", "components.3": TALC}

    assert len(found("FC209", changes)) == 3


def test_a_shell_of_another_kind_stands_for_the_shell() -> None:
    """A shell that the formulation does not know is one component exchanged."""
    (finding,) = found("FC209", {"components.2.name": "pullulan capsule"})

    assert finding.message == "pullulan capsule stands where the formulation has hard gelatin capsule"
    assert (finding.found, finding.limit) == ("pullulan capsule", "hard gelatin capsule")


@pytest.mark.parametrize(
    ("received", "what", "limit"),
    [
        ("2025-03-01", "used on 2026-03-02", "used by 2026-03-01"),
        ("2026-03-03", "received on 2026-03-03", "received by 2026-03-02"),
    ],
)
def test_what_has_no_expiry_is_judged_in_dates(received: str, what: str, limit: str) -> None:
    """Found and limit of a component without an expiry are dates, not counts of days."""
    (finding,) = found("FC208", {"components.1.expires": "null", "components.1.received": received})

    assert (finding.found, finding.limit) == (what, limit)


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("lactose monohydrate", "only for patients who tolerate lactose"),
        ("Hypromellose K4M", "a filler that releases at once, such as microcrystalline cellulose"),
        ("calcium carbonate", "a filler that leaves absorption as it is, such as microcrystalline cellulose"),
    ],
)
def test_each_filler_has_the_limit_that_fits_it(name: str, limit: str) -> None:
    """Lactose is no filler that slows the release: its limit speaks of the patient."""
    (finding,) = found("FC207", {"components.1.name": name})

    assert finding.limit == limit
