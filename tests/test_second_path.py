"""The second path of a worksheet: whole numbers from digits, the worked figures, and which batches it is asked of."""

from fractions import Fraction
from typing import Any

import pytest
from catalogue.pairs import batch_of, changed, formulation, good, library_of

from formcheck.errors import FormcheckError
from formcheck.planning import second_path
from formcheck.planning.batch import Batch
from formcheck.planning.second_path import (
    Disagreement,
    active_picograms,
    diluent_picograms,
    must_agree,
    potency_parts,
    scaled,
)
from formcheck.substance import BASE_CAS

POTENCY = potency_parts("99.5", ["8.7"])
TRITURATION = {"id": "TR-1", "concentration": "10 % w/w", "potency_corrected": "when made", "made": "2026-01-15"}


WEIGHED = TRITURATION | {"potency_corrected": "when weighed"}
SOURCE = {"lot": "NX-1", "certificate": {"assay": "98.7 %", "basis": "as-is"}}
ALIQUOT = {"needed": "510.3 mg", "minimum": "120 mg", "drug": "620.7 mg", "diluent": "610.1 mg", "aliquot": "1012.3 mg"}


def of_good(changes: dict[str, Any], planned: dict[str, Any] | None = None) -> Batch:
    """The batch of the good record of capsules with these changes, and of its formulation with those."""
    return batch_of(changed(good(), changes), library_of(changed(formulation(), planned or {})))


@pytest.mark.parametrize(
    ("digits", "billionths"),
    [
        ("4.5", 4_500_000_000),
        ("0", 0),
        ("100", 100_000_000_000),
        (".5", 500_000_000),
        ("0.000000001", 1),
        ("1.50000000000", 1_500_000_000),
    ],
)
def test_digits_are_whole_numbers_of_billionths(digits: str, billionths: int) -> None:
    """Nine decimals are reckoned with; zeros after them say nothing."""
    assert scaled(digits) == billionths
    assert scaled("7.0", 0) == scaled("7", 0) == 7


@pytest.mark.parametrize("digits", ["", ".", "4,5", "-1", "1e3", "1_0", "٣", "4.5 mg"])
def test_what_is_no_decimal_number_is_refused(digits: str) -> None:
    """Nothing else is read as one, the digits of other scripts neither."""
    with pytest.raises(FormcheckError, match="is no decimal number"):
        scaled(digits)


def test_what_is_refused_is_quoted_in_part() -> None:
    """Twenty signs of it are enough."""
    with pytest.raises(FormcheckError, match=f"^'{'x' * 20}' is no decimal number"):
        scaled("x" * 30)
    with pytest.raises(FormcheckError, match=r"^'0\.000000000123456789' has more decimals than are reckoned with"):
        scaled("0.000000000123456789123")


def test_the_worked_amounts_of_the_formulation() -> None:
    """4.5 mg, 100 capsules, 3 % more, potency 0.908435: 510.22 mg and 12947.8 mg (formulation, calculations)."""
    assert POTENCY == 908_435 * 10**12
    assert potency_parts("100", ["8.6", "0.1"]) == 913 * 10**15
    assert active_picograms("4.5", "100", "3", "0", POTENCY) == 510_218_122_375
    assert active_picograms("4.5", "100", "3", "2", POTENCY) == 520_422_484_822
    assert diluent_picograms(("4.5", "0", POTENCY), ("150", "130"), "100", "3") == 12_947_810_960_608
    assert diluent_picograms(("4.5", "2", POTENCY), ("150", "130"), "100", "3") == 12_938_967_179_820


def exact(batch: Batch) -> tuple[int, int]:
    """What the first path gives of a batch, in whole picograms."""
    assert batch.active_required is not None and batch.diluent_required is not None
    return int(batch.active_required * 10**9), int(batch.diluent_required * 10**9)


@pytest.mark.parametrize(
    ("changes", "planned"),
    [
        ({}, {}),
        ({}, {"batch.active_overage": "2 %"}),
        ({"strength": "4500 mcg", "components.0.packing": "0.15 g", "components.1.packing": "0.13 g"}, {}),
        ({"strength": "4.50 mg", "components.0.certificate.solvents": "0.15 %"}, {}),
        ({"components.0.packing": "4.9536 mg"}, {}),
        ({"components.0.packing": "4.98 mg", "components.0.certificate.assay": "99.3 %"}, {}),
        ({"quantity": "1 capsules", "strength": "0.001 mg"}, {}),
        ({"components.0.trituration": TRITURATION, "components.0.certificate": "null"}, {}),
        ({"components.0.trituration": WEIGHED | {"source": SOURCE}, "components.0.certificate": "null"}, {}),
        ({"components.0.trituration": WEIGHED}, {}),
        ({"components.0.trituration": WEIGHED | {"source": SOURCE}}, {}),
        ({"components.0.aliquot": ALIQUOT, "components.0.weighed": "null"}, {}),
        ({"strength_basis": "naltrexone"}, {}),
        ({}, {"components.0.cas": BASE_CAS}),
        ({"strength_basis": "naltrexone"}, {"components.0.cas": BASE_CAS}),
    ],
)
def test_both_paths_give_the_same(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], planned: dict[str, Any]
) -> None:
    """Also where the active all but fills the capsule, in other units, and of next to nothing; in whole numbers only."""
    compare, compared = second_path._compare, []

    def noted(what: str, picograms: int, milligrams: Fraction) -> None:
        compared.append((what, type(picograms)))
        compare(what, picograms, milligrams)

    monkeypatch.setattr(second_path, "_compare", noted)
    must_agree(of_good(changes, planned))
    assert compared == [("active", int), ("diluent", int)]


@pytest.mark.parametrize(("name", "of"), [("active_picograms", "active"), ("diluent_picograms", "diluent")])
def test_a_difference_of_either_amount_is_found(monkeypatch: pytest.MonkeyPatch, name: str, of: str) -> None:
    """One part in a hundred million is let pass, and a little more than that is not; the error names the amount."""
    true, batch = getattr(second_path, name), of_good({})
    for sign in (1, -1):
        monkeypatch.setattr(second_path, name, lambda *args, sign=sign: true(*args) * (2 * 10**8 + sign) // (2 * 10**8))
        must_agree(batch)
        monkeypatch.setattr(second_path, name, lambda *args, sign=sign: true(*args) * (10**8 + 2 * sign) // 10**8)
        with pytest.raises(Disagreement, match=rf"^{of}: [0-9]+\.[0-9]{{1,9}} mg by one path, [0-9]+ pg by the other$"):
            must_agree(batch)


def test_a_picogram_is_let_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 0.00113 mg it is more than one part in a hundred million: two are no rounding."""
    batch = of_good({"quantity": "1 capsules", "strength": "0.001 mg"})
    true, _ = exact(batch)
    for off, agree in ((0, True), (1, True), (2, False), (-2, False)):
        monkeypatch.setattr(second_path, "active_picograms", lambda *args, off=off: true + off)
        if agree:
            must_agree(batch)
        else:
            with pytest.raises(Disagreement):
                must_agree(batch)


@pytest.mark.parametrize(
    ("again", "first", "agree"),
    [(11, 10, True), (12, 10, False), (8, 10, False), (200_000_002, 200_000_000, True), (200_000_003, 200_000_000, False)],
)
def test_what_may_lie_between_the_two_paths(again: int, first: int, agree: bool) -> None:
    """One picogram, or one part in a hundred million, each to the last."""
    if agree:
        second_path._compare("active", again, Fraction(first, 10**9))
    else:
        with pytest.raises(Disagreement):
            second_path._compare("active", again, Fraction(first, 10**9))


@pytest.mark.parametrize(
    "changes",
    [
        {"components.0.name": "something else", "components.0.certificate": "null"},
        {"components.0.certificate": "null"},
        {"components.0.certificate.assay": "null"},
        {"components.0.certificate.water": "null"},
        {"components.0.trituration": TRITURATION | {"concentration": "null"}},
        {"components.0.trituration": WEIGHED, "components.0.certificate": "null"},
        {"strength": "null"},
        {"quantity": "null"},
        {"strength_basis": "null"},
        {"formulation": "null"},
    ],
)
def test_what_has_no_second_path_is_left_to_the_rules(monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]) -> None:
    """Papers that do not say enough."""
    for name in ("active_picograms", "diluent_picograms"):
        monkeypatch.setattr(second_path, name, lambda *args: 0)
    must_agree(of_good(changes))


def test_several_lots_are_left_to_the_first_path() -> None:
    """Each has a certificate of its own, and the lots together none: the mean of their potencies is not reckoned again."""
    lot = changed(good(), {"components.0.required": "255.11 mg"})["components"][0]
    batch = of_good({"components.0.required": "255.11 mg", "components.3": lot | {"lot": "NX-2"}})
    assert batch.active is not None and batch.active_required is not None
    must_agree(batch)


@pytest.mark.parametrize("planned", [{"batch": "null"}, {"batch.batch_overage": "null"}, {"batch.active_overage": "null"}])
def test_a_formulation_that_says_too_little_is_left_to_the_rules(planned: dict[str, Any]) -> None:
    """Without a batch or one of its overages no amount follows."""
    must_agree(of_good({}, planned))


@pytest.mark.parametrize("place", [0, 1])
def test_without_a_packing_statistic_the_active_alone_is_reckoned(monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    """The diluent then has no amount; one whose powders do not fit has none either."""
    monkeypatch.setattr(second_path, "diluent_picograms", lambda *args: 0)
    must_agree(of_good({f"components.{place}.packing": "null"}))
    must_agree(of_good({"components.0.packing": "4 mg"}))
    must_agree(of_good({"components.1.name": "something else"}))


def test_the_first_path_is_exact() -> None:
    """Both give the same whole picograms of the good batch."""
    assert exact(of_good({})) == (510_218_122_375, 12_947_810_960_608)
