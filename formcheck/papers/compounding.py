"""The compounding record: what was really done for one batch.

The fields are those that USP <795> (2023) 7.2 asks for, and what a 503A pharmacy really writes down.
Papers check shape only: a wrong record must be representable. Absent means "not said".
"""

import datetime
from typing import Literal

import attrs

from formcheck.papers.formulation import Device, DosageFormName, DropCalibration, Storage, TestName, Waiver
from formcheck.papers.values import Age, BodyWeight, Count, DosePlan, Expiry, Moment, Number, Residue, Text, read_basis
from formcheck.substance import Basis
from formcheck.units import (
    Density,
    DropsPerVolume,
    Mass,
    Percent,
    PowderStrength,
    Size,
    Strength,
    Volume,
)  # fmt: skip

__all__ = [
    "Aliquot", "Amendment", "Assay", "AuditEntry", "Balance", "Certificate", "CompoundingRecord", "Counts",
    "Directions", "DoseMasses", "FormulationNamed", "Investigation", "Person", "People", "Prescription",
    "TheoreticalMasses", "Trituration", "TriturationSource", "UnitContents", "UnitMasses", "UsedComponent",
]  # fmt: skip

ExpressedAs = Literal["naltrexone-hydrochloride", "naltrexone"]


@attrs.frozen(kw_only=True)
class FormulationNamed:
    id: Text | None = None
    version: Count | None = None


@attrs.frozen(kw_only=True)
class Certificate:
    """The certificate of analysis; whether its basis is clear is a rule's matter."""

    assay: Percent | None = None
    basis: Text | None = attrs.field(default=None, converter=attrs.converters.optional(read_basis))
    water: Percent | None = None
    solvents: Residue | None = None
    loss_on_drying: Percent | None = None
    cas: Text | None = None
    lot: Text | None = None


@attrs.frozen(kw_only=True)
class Aliquot:
    needed: Mass | None = None
    minimum: Mass | None = None
    drug: Mass | None = None
    diluent: Mass | None = None
    total: Mass | None = None
    aliquot: Mass | None = None


@attrs.frozen(kw_only=True)
class TriturationSource:
    lot: Text | None = None
    vendor: Text | None = None
    expires: Expiry | None = None
    certificate: Certificate | None = None


@attrs.frozen(kw_only=True)
class Trituration:
    id: Text | None = None
    concentration: PowderStrength | None = None
    potency_corrected: Text | None = None
    made: datetime.date | None = None
    beyond_use_date: datetime.date | None = None
    source: TriturationSource | None = None


@attrs.frozen(kw_only=True)
class UsedComponent:
    name: Text | None = None
    lot: Text | None = None
    system: Text | None = None
    vendor: Text | None = None
    expires: Expiry | None = None
    received: datetime.date | None = None
    cas: Text | None = None
    size: Text | None = None
    form: Literal["anhydrous", "dihydrate"] | None = None
    certificate: Certificate | None = None
    required: Mass | None = None
    weighed: Mass | None = None
    measured: Volume | None = None
    final_volume: Volume | None = None
    packing: Mass | None = None
    packing_lot: Text | None = None
    balance: Text | None = None
    mean_mass: Mass | None = None
    counted: Count | None = None
    aliquot: Aliquot | None = None
    trituration: Trituration | None = None


@attrs.frozen(kw_only=True)
class Balance:
    id: Text | None = None
    readability: Mass | None = None
    repeatability: Mass | None = None
    verified: datetime.date | None = None
    daily_check: datetime.date | None = None


@attrs.frozen(kw_only=True)
class Counts:
    filled: Count | None = None
    rejected: Count | None = None
    retained: Count | None = None
    dispensed: Count | None = None


@attrs.frozen(kw_only=True)
class UnitMasses:
    """Masses of single units, or of several weighed together (which proves nothing of the single ones)."""

    kind: Literal["gross", "net"] | None = None
    unit: Literal["mg", "g"] | None = None
    values: tuple[Number, ...] = ()
    together: Mass | None = None
    count: Count | None = None
    mean: Number | None = None
    least: Number | None = None
    greatest: Number | None = None


@attrs.frozen(kw_only=True)
class UnitContents:
    expressed_as: ExpressedAs | None = None
    unit: Literal["mg", "mcg", "%"] | None = None
    values: tuple[Number, ...] = ()
    date: datetime.date | None = None
    method: Literal["assay", "mass-variation"] | None = None
    mean: Number | None = None
    least: Number | None = None
    greatest: Number | None = None


@attrs.frozen(kw_only=True)
class Assay:
    """The result of an assay; `results` are the single results where `value` is their mean."""

    value: Percent | None = None
    expressed_as: ExpressedAs | None = None
    date: datetime.date | None = None
    results: tuple[Percent, ...] = ()


@attrs.frozen(kw_only=True)
class DoseMasses:
    """The masses of single doses dropped one after the other (Ph. Eur., dose and uniformity of dose of oral drops)."""

    unit: Literal["mg", "g"] | None = None
    values: tuple[Number, ...] = ()


@attrs.frozen(kw_only=True)
class Person:
    name: Text | None = None
    at: Moment | None = None
    trained: datetime.date | None = None
    meaning: Text | None = None
    content_sha256: Text | None = None


@attrs.frozen(kw_only=True)
class People:
    compounded_by: Person | None = None
    verified_by: Person | None = None
    weighings_checked_by: Person | None = None


@attrs.frozen(kw_only=True)
class Directions:
    """The directions on the label: what is taken at once, and what the prescriber ordered it to hold."""

    capsules: Count | None = None
    drops: Count | None = None
    volume: Volume | None = None
    ordered: Mass | None = None


@attrs.frozen(kw_only=True)
class Investigation:
    id: Text | None = None
    closed: datetime.date | None = None


@attrs.frozen(kw_only=True)
class Prescription:
    """What the prescriber ordered for one patient; no name and no address belongs here."""

    plan: DosePlan | None = None
    strengths: tuple[Strength, ...] = ()
    dispensed: Size | None = None
    opioid_screen: Text | None = None
    weight: BodyWeight | None = None
    age: Age | None = None


@attrs.frozen(kw_only=True)
class TheoreticalMasses:
    """What a capsule should weigh, as the pharmacy computed it."""

    net: Mass | None = None
    gross: Mass | None = None


@attrs.frozen(kw_only=True)
class AuditEntry:
    """One entry of an electronic record's trail: when and by whom it was entered, and what was changed, and why."""

    at: Moment | None = None
    by: Text | None = None
    action: Literal["create", "change", "sign", "delete"] | None = None
    field: Text | None = None
    why: Text | None = None
    done: Moment | None = None


@attrs.frozen(kw_only=True)
class Amendment:
    id: Text | None = None
    what: Text | None = None
    why: Text | None = None
    by: Text | None = None
    on: datetime.date | None = None


@attrs.frozen(kw_only=True)
class CompoundingRecord:
    """The record of one batch."""

    kind: Text | None = None
    id: Text | None = None
    formulation: FormulationNamed | None = None
    strength: Strength | None = None
    strength_basis: Basis | None = None
    dosage_form: DosageFormName | None = None
    facility: Literal["503A", "503B"] | None = None
    made: datetime.date | None = None
    quantity: Size | None = None
    beyond_use_date: datetime.date | None = None
    beyond_use_source: Text | None = None
    storage: Storage | None = None
    container: Text | None = None
    components: tuple[UsedComponent, ...] = ()
    balances: tuple[Balance, ...] = ()
    equipment: tuple[Text, ...] = ()
    counts: Counts | None = None
    residual: Mass | None = None
    unit_masses: UnitMasses | None = None
    unit_contents: UnitContents | None = None
    assay: Assay | None = None
    last_tests: dict[TestName, datetime.date] = attrs.field(factory=dict)
    changes: tuple[Text, ...] = ()
    drop_calibration: DropCalibration | None = None
    drop_factor: DropsPerVolume | None = None
    dose_masses: DoseMasses | None = None
    device: Device | None = None
    ph: Number | None = None
    density: Density | None = None
    dose: Directions | None = None
    per_day: Count | None = None
    prescription: Prescription | None = None
    theoretical: TheoreticalMasses | None = None
    description: Text | None = None
    label: Text | None = None
    people: People | None = None
    deviations: Text | None = None
    calculations: Text | None = None
    investigation: Investigation | None = None
    audit_trail: tuple[AuditEntry, ...] = ()
    amends: Amendment | None = None
    waivers: tuple[Waiver, ...] = ()
    expects: tuple[Text, ...] = ()
