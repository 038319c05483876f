"""What a rule needs: where in the papers it stands, what of it says nothing, and what a pharmacist calls it."""

from typing import Any

import attrs
import pytest
from catalogue.pairs import batch_of, changed, formulation, good, library_of

from formcheck.planning import needs
from formcheck.planning.batch import Batch
from formcheck.planning.needs import find, key_of, missing, words_of

DROPS = "sublingual-drops"
SOURCE = {"lot": "NX-1", "certificate": {"assay": "99.5 %", "basis": "as-is"}}
TRITURATION = {"id": "TR-1", "concentration": "10 % w/w", "potency_corrected": "when weighed"}


def of_good(changes: dict[str, Any], of: str = "capsules", planned: dict[str, Any] | None = None) -> Batch:
    """The batch of a good record with these changes, and of its formulation with those."""
    return batch_of(changed(good(of), changes), library_of(changed(formulation(of), planned or {})))


@pytest.mark.parametrize(
    "need",
    [
        "made", "strength", "label", "people.compounded_by.name", "unit_contents.values", "balances", "balances.verified",
        "components", "components.name", "active.name", "active.certificate.assay", "active.certificate.lot",
        "diluent.packing", "shell.size", "weighed.weighed", "formulation", "formulation.id", "formulation.version",
        "formulation.tests", "formulation.batch.size",
    ],
)  # fmt: skip
def test_what_is_said_everywhere_is_found_without_its_places(need: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual case, of which there are a hundred a record: the places are never asked for."""
    monkeypatch.setattr(needs, "find", lambda *args: pytest.fail(f"{need} was looked for"))
    assert missing(of_good({}), need) == ()


@pytest.mark.parametrize(
    ("need", "changes", "paths"),
    [
        ("made", {"made": "null"}, [("made",)]),
        ("people.compounded_by.name", {"people": "null"}, [("people", "compounded_by", "name")]),
        ("people.compounded_by.name", {"people.compounded_by.name": "n/a"}, [("people", "compounded_by", "name")]),
        ("unit_contents.values", {"unit_contents": "null"}, [("unit_contents", "values")]),
        ("unit_contents.values", {"unit_contents.values": []}, [("unit_contents", "values")]),
        ("balances", {"balances": []}, [("balances",)]),
        ("balances.verified", {"balances": []}, [("balances",)]),
        ("balances.verified", {"balances.1.verified": "null"}, [("balances", 1, "verified")]),
        ("components.lot", {"components.1.lot": "see CoA"}, [("components", 1, "lot")]),
        ("components.lot", {"components": []}, [("components",)]),
        ("active.lot", {"components": []}, [("components", "active")]),
        ("shell.size", {"components.2.name": "a box"}, [("components", "shell")]),
        ("weighed.weighed", {"components": []}, []),
        ("measured.measured", {}, []),
        ("formulation.id", {"formulation": "null"}, [("formulation", "id")]),
        ("formulation.version", {"formulation.version": "0"}, []),
        ("formulation.tests", {"formulation": "null"}, [("(formulation)", "tests")]),
        ("formulation", {"formulation": "null"}, [("(formulation)",)]),
        ("active.certificate.assay", {"components.0.certificate": "null"}, [("components", 0, "certificate", "assay")]),
        ("active.certificate.water", {"components.0.certificate.water": "null"},
         [("components", 0, "certificate", "water")]),
        ("active.certificate.loss_on_drying", {}, []),
        ("active.certificate.solvents", {"components.0.certificate.basis": "as-is"}, []),
        ("shell.mean_mass", {"components.2.mean_mass": "null"}, [("components", 2, "mean_mass")]),
        ("shell.mean_mass", {"components.2.mean_mass": "null", "unit_masses.kind": "net"}, []),
        ("shell.mean_mass", {"components.2.mean_mass": "null", "unit_masses": "null"}, []),
        ("shell.mean_mass", {"components.2.name": "a box"}, [("components", "shell")]),
        ("shell.mean_mass", {"components.2.name": "a box", "unit_masses": "null"}, []),
        ("shell.size", {"components.2.name": "a box", "unit_masses": "null"}, [("components", "shell")]),
        ("weighed.weighed", {"components.0.weighed": "null"}, [("components", 0, "weighed")]),
        ("weighed.weighed", {"components.0.weighed": "null", "components.0.aliquot": {"drug": "20 mg"}}, []),
        ("weighed.balance", {"components.0.balance": "null", "components.0.aliquot": {"drug": "20 mg"}}, []),
        ("weighed.balance", {"components.0.balance": "null", "components.0.trituration": TRITURATION}, []),
        ("weighed.balance", {"components.1.balance": "null"}, [("components", 1, "balance")]),
        ("components.expires", {"components.1.expires": "null"}, [("components", 1, "expires")]),
        ("components.expires", {"components.1.expires": "null", "components.1.received": "2026-01-05"}, []),
        ("components.lot", {"components.1.lot": "null", "components.1.received": "2026-01-05"}, [("components", 1, "lot")]),
        ("components.lot", {"components.0.lot": "null", "components.0.trituration": TRITURATION}, []),
        ("active.lot", {"components.0.lot": "null", "components.0.trituration": TRITURATION}, [("components", 0, "lot")]),
        ("active.lot", {"components.0.lot": "null", "components.0.aliquot": {"drug": "20 mg"}}, [("components", 0, "lot")]),
        ("active.lot", {"components.0.lot": "null", "components.0.certificate": "null",
                        "components.0.trituration": TRITURATION | {"source": SOURCE}}, [("components", 0, "lot")]),
        ("components.name", {"components.0.name": "null", "components.0.trituration": TRITURATION},
         [("components", 0, "name")]),
        ("components.lot",
         {"components.1.lot": "null", "components.1.expires": "null", "components.1.received": "2026-01-05"},
         [("components", 1, "lot")]),
    ],
)  # fmt: skip
def test_what_says_nothing_is_named_by_its_place(
    need: str, changes: dict[str, Any], paths: list[tuple[str | int, ...]]
) -> None:
    """Each field that is asked for and says nothing; what does not apply to a component is not asked for."""
    assert missing(of_good(changes), need) == tuple(paths)


@pytest.mark.parametrize(
    ("certificate", "trituration", "at"),
    [
        (None, TRITURATION | {"source": SOURCE}, ("trituration", "source", "certificate", "assay")),
        (SOURCE["certificate"], TRITURATION | {"source": SOURCE}, ("certificate", "assay")),
        (None, TRITURATION, ("certificate", "assay")),
        (SOURCE["certificate"], None, ("certificate", "assay")),
        (None, None, ("certificate", "assay")),
    ],
)
def test_where_the_certificate_of_a_powder_stands(certificate: Any, trituration: Any, at: tuple[str, ...]) -> None:
    """That of a stored trituration stands with the powder it was made from, unless the component has one itself."""
    changes = {"components.0.certificate": certificate or "null"} | (
        {"components.0.trituration": trituration} if trituration else {}
    )
    batch = of_good(changes)
    ((path, value),) = find(batch, "active.certificate.assay")
    assert path == ("components", 0, *at)
    assert (value is not None) is (certificate is not None or "source" in at)


def test_what_the_record_says_of_its_formulation_is_not_taken_from_there() -> None:
    """A formulation beside the record does not say by which one it was made."""
    batch = attrs.evolve(of_good({"formulation": "null"}), formulation=of_good({}).formulation)
    assert missing(batch, "formulation.id") == (("formulation", "id"),)
    assert missing(batch, "formulation.tests") == ()


def test_a_trituration_that_was_corrected_needs_no_certificate() -> None:
    """Once is enough."""
    batch = of_good({"components.0.trituration": TRITURATION | {"potency_corrected": "when made"}})
    assert find(batch, "active.certificate.assay") == []


def test_in_house_water_has_a_system_in_place_of_a_lot() -> None:
    """Any other component with a system needs its lot all the same, and so does water without one."""
    assert missing(of_good({}, DROPS), "components.lot") == ()
    other = of_good({"components.3.lot": "null", "components.3.system": "PW-01"}, DROPS)
    assert missing(other, "components.lot") == (("components", 3, "lot"),)
    without = of_good({"components.4.system": "n/a"}, DROPS)
    assert missing(without, "components.vendor") == (("components", 4, "vendor"),)


def test_what_is_found_has_its_value() -> None:
    """In the record, in its lists, in the formulation and in the components of a role."""
    batch = of_good({}, DROPS)
    record, paper = batch.record, batch.formulation
    assert paper is not None
    assert find(batch, "made") == [(("made",), record.made)]
    assert find(batch, "balances") == [(("balances", 0), record.balances[0])]
    assert find(batch, "balances.verified") == [(("balances", 0, "verified"), record.balances[0].verified)]
    assert find(batch, "formulation.tests") == [(("(formulation)", "tests"), paper.tests)]
    assert find(batch, "formulation.id") == [(("formulation", "id"), paper.id)]
    assert find(batch, "made_up.final_volume") == [(("components", 4, "final_volume"), record.components[4].final_volume)]
    assert find(batch, "measured.measured") == [(("components", 3, "measured"), record.components[3].measured)]
    assert [path[1] for path, _ in find(batch, "weighed.weighed")] == [0, 1, 2]
    assert [path for path, _ in find(batch, "active")] == [("components", 0)]


@pytest.mark.parametrize(
    ("need", "key"),
    [
        ("made", "made"),
        ("active.certificate.water", "components.certificate.water of the active"),
        ("diluent.packing", "components.packing of the diluent"),
        ("shell.size", "components.size of the capsule shell"),
        ("weighed.weighed", "components.weighed of each that is weighed"),
        ("measured.measured", "components.measured of each that is measured"),
        ("made_up.final_volume", "components.final_volume of what is made up to volume"),
        ("components.lot", "components.lot"),
        ("formulation.tests", "tests in the formulation"),
        ("formulation.batch.size", "batch.size in the formulation"),
        ("formulation.id", "formulation.id"),
        ("formulation.version", "formulation.version"),
    ],
)
def test_the_key_that_is_written_for_a_need(need: str, key: str) -> None:
    """As the manual prints it."""
    assert key_of(need) == key


def test_what_a_pharmacist_calls_a_field() -> None:
    """With the component it is one's of; of water, how in-house water is written; of a role, what should stand for it."""
    batch = of_good({"components.4.system": "null"}, DROPS)
    assert words_of(batch, ("components", 1, "lot")).endswith("of ascorbic acid")
    water = words_of(batch, ("components", 4, "lot"))
    assert water.endswith("of purified water (or, of in-house water, its system, written as system: PW-01)")
    assert words_of(batch, ("components", 4, "expires")).endswith("of purified water")
    assert words_of(batch, ("components", 1)) == words_of(batch, ("components",))
    assert words_of(batch, ("(formulation)", "tests")) == words_of(batch, ("tests",))
    ends = {"active": "naltrexone hydrochloride", "made_up": "purified water", "preservative": "sodium benzoate"}
    for role, name in ends.items():
        assert words_of(batch, ("components", role)).endswith(f" (no component of the record stands for {name})")
    assert "stands for" not in words_of(batch, ("components", "shell"))
    twice = of_good({}, DROPS, {"components.1.role": "preservative"})
    assert "stands for" not in words_of(twice, ("components", "preservative"))
    assert "stands for" not in words_of(of_good({"formulation": "null"}), ("components", "active"))
