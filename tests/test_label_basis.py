"""A label that counts base, or the dihydrate, where the record counts the anhydrous hydrochloride."""

from typing import Any

import pytest
from catalogue.pairs import batch_of, changed, good

from formcheck.planning.label_basis import other_basis


def found(label: str, **changes: Any) -> tuple[str, str] | None:
    """What a label says its milligrams are of, and the words of it."""
    return other_basis(batch_of(changed(good(), {"label": label, **changes})))


@pytest.mark.parametrize(
    ("label", "of", "words"),
    [
        ("Naltrexone base 4.5 mg capsules", "base", "naltrexone base"),
        ("4.5 mg of naltrexone base", "base", "4.5 mg of naltrexone base"),
        ("4.5mg of naltrexone (free base)", "base", "4.5mg of naltrexone (free base"),
        ("Naltrexone 4.5 mg (as base)", "base", "as base"),
        ("Naltrexone 4.5 mg as the\nnaltrexone base", "base", "as the naltrexone base"),
        ("4.5 mg as naltrexone", "base", "as naltrexone"),
        ("Naltrexone 4.5 mg (base)", "base", "(base)"),
        ("Naltrexone HCl dihydrate 4.5 mg", "dihydrate", "naltrexone hcl dihydrate 4.5 mg"),
        ("Naltrexone hydrochloride (dihydrate): 4.5 mg", "dihydrate", "naltrexone hydrochloride (dihydrate): 4.5 mg"),
        ("Hydrochloride dihydrate, 4.5 milligrams", "dihydrate", "hydrochloride dihydrate, 4.5 milli"),
        ("4.5 mg of naltrexone HCl dihydrate", "dihydrate", "4.5 mg of naltrexone hcl dihydrate"),
        ("HCl dihydrate 4.5. mg", "dihydrate", "hcl dihydrate 4.5. mg"),
        ("4.5 milligrams hydrochloride (dihydrate)", "dihydrate", "4.5 milligrams hydrochloride (dihydrate"),
        ("4.07 mg of naltrexone base; 4.5 mg of naltrexone base", "base", "4.5 mg of naltrexone base"),
        ("1 mg hcl dihydrate, 4.5 mg hcl dihydrate", "dihydrate", "4.5 mg hcl dihydrate"),
    ],
)
def test_a_label_of_another_basis(label: str, of: str, words: str) -> None:
    """In its words, as they stand."""
    assert found(label) == (of, words)


@pytest.mark.parametrize(
    "label",
    [
        "Naltrexone hydrochloride 4.5 mg capsules",
        "Naltrexone hydrochloride 4.5 mg (4.07 mg of naltrexone base)",
        "4.5 mg as naltrexone hydrochloride",
        "Naltrexone hydrochloride 4.5 mg (as dihydrate)",
        "Made from naltrexone hydrochloride dihydrate 4.93 mg",
        "Made from hydrochloride dihydrate 4.5 mg",
        "Measured as hydrochloride dihydrate 4.5 mg",
        "Naltrexone hydrochloride dihydrate 4.93 mg",
        "14.5 mg of naltrexone hcl dihydrate",
        "Keep at the base of the bed.",
    ],
)
def test_a_label_of_the_same_basis(label: str) -> None:
    """The same dose in the other figure, and the powder that it was made from, say nothing else."""
    assert found(label) is None


def test_only_where_the_record_counts_the_hydrochloride() -> None:
    """And where it says its strength; the figure is that of the record, per mL too."""
    label = "Naltrexone base 4.5 mg"
    assert found(label, strength_basis="naltrexone") is None
    assert found(label, strength_basis="null") is None
    assert found(label, strength="null") is None
    assert found("5 mg/mL naltrexone hydrochloride dihydrate", strength="5 mg/mL") is not None
    assert found("0.5 mg hcl dihydrate", strength="0.5 mg") is not None
    assert found("4500 mcg of base", strength="4500 mcg") is None
    batch = batch_of(changed(good(), {"label": label}))
    assert other_basis(batch) is other_basis(batch)
