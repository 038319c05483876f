"""The master formulation record: how a preparation is made, and the limits it must keep.

The fields are those that USP <795> (2023) asks for, with the tests as data. Papers check shape; whether
the values are right is for rules. Absent means "not said".
"""

import datetime
from enum import StrEnum
from typing import Literal

import attrs

from formcheck.papers.values import Count, Interval, Number, Range, Text, YesOrNo
from formcheck.substance import Basis
from formcheck.units import Amount, Density, Mass, Percent, Size, Strength, Volume

__all__ = [
    "Approval", "BatchPlan", "BeyondUse", "Component", "Device", "DropCalibration", "FormCategory", "LabelText",
    "Literature", "MasterFormulationRecord", "NEVER_OPTIONAL", "Role", "TestPlan", "Waiver", "WeighingPolicy", "When",
]  # fmt: skip

DosageFormName = Literal["capsule", "oral-liquid", "sublingual-drops"]
Storage = Literal["room", "refrigerator"]
TestName = Literal[
    "appearance", "count", "net mass", "mass balance", "assay", "content uniformity", "pH", "final volume",
    "dose uniformity",
]  # fmt: skip
WeighingPolicy = Literal["rx-5-percent", "rx-1-percent", "usp41"]


class Role(StrEnum):
    """What a component is there for."""

    ACTIVE = "active"
    DILUENT = "diluent"
    SHELL = "shell"
    PRESERVATIVE = "preservative"
    ANTIOXIDANT = "antioxidant"
    COSOLVENT = "cosolvent"
    FLAVOUR = "flavour"
    VEHICLE = "vehicle"


NEVER_OPTIONAL = frozenset({Role.ACTIVE, Role.DILUENT, Role.SHELL, Role.PRESERVATIVE, Role.VEHICLE})
"""What no batch can leave out, whatever its formulation says: another preparation would come of it."""


class When(StrEnum):
    """How often a test is due."""

    EVERY_BATCH = "every_batch"
    PERIODIC = "periodic"
    ON_CHANGE = "on_change"


class FormCategory(StrEnum):
    """The categories of the beyond-use date table, USP <795> (2023) 10.3."""

    AQUEOUS_NONPRESERVED = "aqueous-nonpreserved"
    AQUEOUS_PRESERVED = "aqueous-preserved"
    ORAL_LIQUID_NONAQUEOUS = "oral-liquid-nonaqueous"
    OTHER_NONAQUEOUS = "other-nonaqueous"


@attrs.frozen(kw_only=True)
class Approval:
    by: Text | None = None
    on: datetime.date | None = None


@attrs.frozen(kw_only=True)
class BatchPlan:
    """The batch that the amounts of the components are for."""

    size: Size | None = None
    strength: Strength | None = None
    batch_overage: Percent | None = None
    active_overage: Percent | None = None


@attrs.frozen(kw_only=True)
class Component:
    name: Text | None = None
    role: Role | None = None
    cas: Text | None = None
    grade: Text | None = None
    characteristics: Text | None = None
    size: Text | None = None
    amount: Amount | None = None
    density: Density | None = None
    final_volume: Volume | None = None
    tolerance: Percent | None = None
    alternates: tuple[Text, ...] = ()
    optional: YesOrNo | None = None


@attrs.frozen(kw_only=True)
class Literature:
    """What a published study advises, where that is shorter than the table."""

    days: Count | None = None
    source: Text | None = None


@attrs.frozen(kw_only=True)
class Device:
    """What measures the dose: an oral syringe, a dropper, and how much it holds."""

    name: Text | None = None
    capacity: Volume | None = None


@attrs.frozen(kw_only=True)
class DropCalibration:
    """How large a drop is: of which preparation, from which tip, at which angle, when, and the runs."""

    preparation: Text | None = None
    tip: Text | None = None
    tip_lot: Text | None = None
    angle: Text | None = None
    date: datetime.date | None = None
    operator: Text | None = None
    temperature: Text | None = None
    runs: tuple[Text, ...] = ()
    density: Density | None = None


@attrs.frozen(kw_only=True)
class Waiver:
    """A finding that somebody took on: which code, why, who, and until which day."""

    code: Text | None = None
    reason: Text | None = None
    by: Text | None = None
    until: datetime.date | None = None


@attrs.frozen(kw_only=True)
class BeyondUse:
    """How long the preparation may be used after it was made; one entry a storage."""

    category: FormCategory | None = None
    days: Count | None = None
    basis: Literal["default", "study", "monograph"] | None = None
    storage: Storage | None = None
    source: Text | None = None
    stability_indicating: YesOrNo | None = None
    antimicrobial_effectiveness: Text | None = None
    literature: Literature | None = None


@attrs.frozen(kw_only=True)
class TestPlan:
    """A test of the formulation: when it is due and which limits it has, each with its source."""

    __test__ = False  # pytest: not a test class

    name: TestName | None = None
    when: When | None = None
    every: Interval | None = None
    units: Count | None = None
    each: Range | None = None
    mean: Range | None = None
    rsd_at_most: Percent | None = None
    limits: Range | None = None
    loss_at_most: Percent | None = None
    expected: Text | None = None
    l1: Number | None = None
    l2: Number | None = None
    target: Percent | None = None
    route: Literal["content", "mass-variation"] | None = None
    source: Text | None = None


@attrs.frozen(kw_only=True)
class LabelText:
    name: Text | None = None
    route: Text | None = None
    directions: Text | None = None
    warnings: tuple[Text, ...] = ()
    statements: tuple[Text, ...] = ()


@attrs.frozen(kw_only=True)
class MasterFormulationRecord:
    """The master formulation record of one preparation (USP <795> 2023, 7.1)."""

    kind: Text | None = None
    id: Text | None = None
    version: Count | None = None
    approved: Approval | None = None
    name: Text | None = None
    description: Text | None = None
    dosage_form: DosageFormName | None = None
    strengths: tuple[Strength, ...] = ()
    strength_basis: Basis | None = None
    daily_dose_at_most: Mass | None = None
    batch: BatchPlan | None = None
    components: tuple[Component, ...] = ()
    equipment: tuple[Text, ...] = ()
    container: Text | None = None
    storage: Storage | None = None
    refrigeration_harms: Text | None = None
    weighing_policy: WeighingPolicy | None = None
    drop_calibration: DropCalibration | None = None
    device: Device | None = None
    beyond_use: tuple[BeyondUse, ...] = ()
    tests: tuple[TestPlan, ...] = ()
    instructions: tuple[Text, ...] = ()
    calculations: tuple[Text, ...] = ()
    label: LabelText | None = None
    references: tuple[Text, ...] = ()
    other: Text | None = None
    waivers: tuple[Waiver, ...] = ()

    def test(self, name: str) -> TestPlan | None:
        """The test of that name, or None."""
        return next((test for test in self.tests if test.name == name), None)
