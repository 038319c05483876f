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


HONEST_NAMES = [
    ("components.0.name", "Naltrexone HCl dihydrate USP"),
    ("components.0.name", "naltrexone hydrochloride (dihydrate)"),
    ("components.0.name", "naltrexone hydrochloride USP powder"),
    ("components.1.name", "Avicel PH-105"),
    ("components.1.name", "Avicel PH105 NF"),
    ("components.1.name", "microcrystalline cellulose (Avicel PH-105)"),
    ("components.1.name", "Microcrystalline Cellulose PH-102, NF"),
    ("components.1.name", "MCC"),
    ("components.2.name", "hard gelatin capsules"),
    ("components.2.name", "capsule shells"),
    ("components.2.name", "Empty gelatin capsules, size 3, white"),
    ("components.2.name", "capsules, hard gelatin"),
    ("components.2.size", "#3"),
    ("components.2.size", "size 3"),
    ("components.2.size", "Size #3"),
    ("components.2.size", "No. 3"),
]


@pytest.mark.parametrize(("field", "said"), HONEST_NAMES)
def test_other_names_of_the_same_component_are_no_fault(field: str, said: str) -> None:
    """A grade, a plural, brackets and a size in words are how pharmacies write: no finding at all."""
    assert judged(changed(good(), {field: said})).findings == ()


@pytest.mark.parametrize("said", ["vitamin C", "Ascorbic acid (vitamin C)", "L-Ascorbic Acid USP"])
def test_ascorbic_acid_may_be_called_vitamin_c(said: str) -> None:
    """The antioxidant of the liquids has a second name that everybody knows."""
    assert judged(changed(good("oral-liquid"), {"components.1.name": said})).findings == ()


@pytest.mark.parametrize(
    ("field", "said", "code"),
    [
        ("components.0.name", "naltrexone tablets 50 mg", "FC203"),
        ("components.0.name", "naltrexone dihydrate", "FC203"),
        ("components.0.name", "naloxone hydrochloride dihydrate", "FC203"),
        ("components.1.name", "Avicel RC-591", "FC209"),
        ("components.1.name", "silicified microcrystalline cellulose", "FC209"),
        ("components.1.name", "Avicel HFE-102", "FC209"),
        ("components.2.name", "vegetable capsules", "FC209"),
        ("components.2.name", "hypromellose capsule shells", "FC209"),
        ("components.2.name", "soft gelatin capsules", "FC209"),
        ("components.2.name", "enteric hard gelatin capsules", "FC209"),
        ("components.2.size", "#1", "FC209"),
        ("components.2.size", "size 4", "FC209"),
    ],
)
def test_another_component_is_none_by_its_likeness(field: str, said: str, code: str) -> None:
    """What a looser reading of names lets through is the same substance, and nothing else."""
    assert code in [f.code for f in judged(changed(good(), {field: said})).findings if f.verdict == "fail"]


def test_the_size_in_the_name_of_the_shells_counts_too() -> None:
    """Without a field of its own the size is read from the name: capsules of size 1 are not those of the formulation."""
    wrong = found("FC209", {"components.2.size": "null", "components.2.name": "hard gelatin capsules size 1"})

    assert [finding.message for finding in wrong] == [
        "hard gelatin capsules size 1 is of size 1, the formulation's of size 3"
    ]


@pytest.mark.parametrize(
    "said",
    [
        "Anhydrous-solvent-free",
        "anhydrous, solvent-free",
        "On the anhydrous and solvent-free basis",
        "anhydrous solvent free",
    ],
)
def test_a_basis_in_its_usual_spellings_is_that_basis(said: str) -> None:
    """Capitals, commas and blanks do not make another basis of it."""
    assert judged(changed(good(), {"components.0.certificate.basis": said})).findings == ()


@pytest.mark.parametrize("said", ["solvent-free", "hydrous", "not anhydrous", "as received", "anhydrous or dried", "n/a"])
def test_a_basis_that_is_not_clear_stays_unclear(said: str) -> None:
    """No basis is guessed: the record does not pass."""
    assert judged(changed(good(), {"components.0.certificate.basis": said})).verdict != "pass"


@pytest.mark.parametrize(
    "said",
    [
        "meets USP requirements",
        "Pass",
        "passes",
        "Complies with USP <467>",
        "conforms",
        "none detected",
        "12 ppm",
        "< 50 ppm",
    ],
)
def test_solvents_are_read_as_certificates_say_them(said: str) -> None:
    """Words of compliance count as none, and parts per million as what they are."""
    assert judged(changed(good(), {"components.0.certificate.solvents": said})).findings == ()


@pytest.mark.parametrize("said", ["ND", "fails", "does not comply", "< 1100 ppm", "see report", "passes? ask supplier"])
def test_solvents_that_say_too_little_are_not_taken_as_none(said: str) -> None:
    """ND means not detected and not determined; what cannot be read is never a pass."""
    assert judged(changed(good(), {"components.0.certificate.solvents": said})).verdict != "pass"


def test_a_bare_percentage_of_a_trituration_is_one_by_weight() -> None:
    """10 % of a powder can be nothing else."""
    paper = {"id": "T-1", "concentration": "10 %", "potency_corrected": "when made"}
    bare, plain = (
        judged(changed(good(), {"components.0.trituration": paper | {"concentration": said}})).findings
        for said in ("10 %", "10 % w/w")
    )

    assert [finding.message for finding in bare] == [finding.message for finding in plain]
