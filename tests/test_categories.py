"""The dating category by what is in a preparation: water in it, something that preserves, and which table is laxer."""

from typing import Any

import attrs
import pytest
from catalogue.pairs import batch_of, changed, formulation, good, library_of

from formcheck.papers.dosage_forms import DOSAGE_FORMS
from formcheck.papers.formulation import BeyondUse, Component, FormCategory, Role
from formcheck.planning.batch import Batch
from formcheck.planning.categories import as_made, category_of, is_laxer, left_unpreserved, preserves, water_in

LIQUID = "oral-liquid"
NONE, PRESERVED, OILY, DRY = (
    FormCategory.AQUEOUS_NONPRESERVED, FormCategory.AQUEOUS_PRESERVED, FormCategory.ORAL_LIQUID_NONAQUEOUS,
    FormCategory.OTHER_NONAQUEOUS,
)  # fmt: skip
WATER, OIL = Component(name="purified water"), Component(name="sesame oil")
BENZOATE = Component(name="sodium benzoate", role=Role.PRESERVATIVE)


def of_good(changes: dict[str, Any] | None = None, planned: dict[str, Any] | None = None) -> Batch:
    """The batch of the good record of a liquid with these changes, and of its formulation with those."""
    return batch_of(changed(good(LIQUID), changes or {}), library_of(changed(formulation(LIQUID), planned or {})))


@pytest.mark.parametrize(
    ("name", "is_water"),
    [
        ("Purified water", True), ("water for irrigation", True), ("Aqua purificata", True), ("Simple syrup", True),
        ("Ora-Plus", True), ("Orasweet SF", True), ("Ora-Blend", True), ("SyrSpend SF", True), ("a syrspend base", True),
        ("water-soluble base", False), ("water free glycerol", False), ("water-miscible oil", False),
        ("watermelon flavour", False),
        ("sesame oil", False), (None, False),
    ],
)  # fmt: skip
def test_what_is_mostly_water(name: str | None, is_water: bool) -> None:
    """By its name, wherever in it that stands."""
    component = Component(name=name)
    assert water_in([Component(), OIL, component]) is (component if is_water else None)


@pytest.mark.parametrize(
    ("text", "says_so"),
    [
        ("preserved syrup", True), ("with preservatives", True), ("a preservative", True),
        ("Ora-Plus", True),
        ("SyrSpend", True), ("unpreserved", False), ("non-preserved", False),
        ("not preserved", False), ("no preservative", False),
        ("without preservatives", False), ("free of preservatives", False), ("preservative-free", False),
        ("preservative free", False), ("sweet", False),
    ],
)  # fmt: skip
def test_what_preserves(text: str, says_so: bool) -> None:
    """Its name or its characteristics say so; its role says so before them, and an active never does."""
    assert preserves(Component(name=text)) is says_so
    assert preserves(Component(name="a vehicle", characteristics=f"Clear, {text}")) is says_so
    assert preserves(Component(characteristics=text)) is says_so
    assert not preserves(Component(name=text, role=Role.ACTIVE))
    assert preserves(Component(name=text, role=Role.PRESERVATIVE))
    assert not preserves(Component())


def test_the_category_by_the_components() -> None:
    """Capsules are dry; a liquid is oily without water, and preserved where anything preserves it."""
    capsule, liquid = DOSAGE_FORMS["capsule"], DOSAGE_FORMS["oral-liquid"]
    assert category_of([WATER], capsule) is DRY
    assert category_of([OIL, BENZOATE], liquid) is OILY
    assert category_of([WATER, OIL], liquid) is NONE
    assert category_of([OIL, WATER, BENZOATE], liquid) is PRESERVED
    assert category_of(iter([WATER]), liquid) is NONE
    assert category_of([], liquid) is category_of([], capsule) is category_of([WATER], None) is None


def test_which_category_allows_longer_dating() -> None:
    """14, 35, 90 and 180 days; next to nothing known none is laxer."""
    rising = (NONE, PRESERVED, OILY, DRY)
    for place, named in enumerate(rising):
        assert [is_laxer(named, true) for true in rising] == [other < place for other in range(4)]
        assert not is_laxer(named, None)


def test_a_batch_without_what_preserves_it() -> None:
    """Where the formulation has it and the record nothing of it; a strange component may be what preserves."""
    without = [each for each in good(LIQUID)["components"] if each["name"] != "sodium benzoate"]
    left = of_good({"components": without})
    assert left_unpreserved(left) and not left_unpreserved(of_good())
    assert not left_unpreserved(of_good({"components": [*without, {"name": "a strange powder"}]}))
    assert not left_unpreserved(of_good({"components": []}))
    assert not left_unpreserved(of_good({"components": without}, {"components.3.characteristics": "with preservatives"}))
    assert not left_unpreserved(of_good({"components": without}, {"components.2.role": "flavour"}))
    assert not left_unpreserved(of_good({"components": without, "formulation": "null"}))


def test_the_dating_for_what_was_made() -> None:
    """What is named laxer than what was made has the table of that, and no evidence; what is stricter stays."""
    without = [each for each in good(LIQUID)["components"] if each["name"] != "sodium benzoate"]
    preserved = BeyondUse(category=PRESERVED, basis="study")
    assert as_made(preserved, of_good()) is preserved
    assert as_made(preserved, of_good({"components": without})) == BeyondUse(category=NONE, basis="default")
    oily = BeyondUse(category=OILY, basis="study")
    assert as_made(oily, of_good()) == BeyondUse(category=PRESERVED, basis="default")
    in_oil = [each if each["name"] != "purified water" else each | {"name": "sesame oil"} for each in without]
    assert as_made(oily, of_good({"components": in_oil}, {"components.4.name": "sesame oil"})) is oily
    strict = BeyondUse(category=NONE, basis="study")
    assert as_made(strict, of_good()) is strict
    for entry, batch in ((BeyondUse(), of_good()), (oily, attrs.evolve(of_good(), formulation=None))):
        assert as_made(entry, batch) is entry
