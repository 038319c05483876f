"""A batch: a compounding record beside the formulation it names, with what should have been done.

Components are matched by name (or a named alternate). Amounts are exact numbers in coherent units
(mg, mL, 1), or None where the papers do not say enough.
"""

import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from formcheck import measures
from formcheck.dose import Conversion
from formcheck.liquid import DropFactor
from formcheck.papers.compounding import Balance, Certificate, CompoundingRecord
from formcheck.papers.dosage_forms import DOSAGE_FORMS, DosageForm
from formcheck.papers.formulation import BeyondUse, MasterFormulationRecord, Role, TestPlan, When
from formcheck.planning.actives import active_of, potency_of_lots
from formcheck.planning.categories import as_made
from formcheck.planning.components import Used, matched, only
from formcheck.planning.dating import Due, Schedule, beyond_use_for, schedule
from formcheck.planning.directions import Directions, read_directions
from formcheck.planning.dropping import conversion_of, factor_of
from formcheck.planning.filling import diluent_in_unit, diluent_required, one_diluent
from formcheck.planning.labels import Label
from formcheck.planning.needs import find, missing, words_of
from formcheck.planning.results import contents_of, net_masses_of
from formcheck.planning.titration import Plan, plan_of
from formcheck.planning.weighing import drug_in_aliquot, potency
from formcheck.substance import BASE_CAS, SALT_OF_BASE, as_hydrochloride

__all__ = ["NO_RECORD", "Batch", "as_fraction"]

Path = tuple[str | int, ...]
_RESULTS = {
    "net mass": "unit_masses",
    "assay": "assay",
    "content uniformity": "unit_contents",
    "appearance": "description",
    "count": "counts",
    "mass balance": "residual",
    "pH": "ph",
    "dose uniformity": "dose_masses",
}
"""Where a record keeps the results of each test."""
_DROPS_OF_PH_EUR = TestPlan(name="dose uniformity", when=When.EVERY_BATCH)
NO_RECORD = CompoundingRecord()
"""Stands where `lint` judges a formulation by itself."""


@attrs.frozen(slots=False)
class Batch:
    """One record with its formulation (None where none was found), judged under a profile.

    `elsewhere` says what was found in its stead ("; there is version 1"), `errors_of_formulation` what `lint` finds.
    """

    record: CompoundingRecord
    formulation: MasterFormulationRecord | None
    profile: str = "usp-503a"
    elsewhere: str = ""
    errors_of_formulation: tuple[str, ...] = ()

    @property
    def is_specification(self) -> bool:
        """Whether only a formulation is judged, by `lint`, and there is no record."""
        return self.record is NO_RECORD

    @cached_property
    def form(self) -> DosageForm | None:
        name = self.record.dosage_form or (self.formulation.dosage_form if self.formulation else None)
        return None if name is None else DOSAGE_FORMS[name]

    @cached_property
    def components(self) -> tuple[Used, ...]:
        return matched(self.record, self.formulation)

    def in_role(self, role: Role) -> tuple[Used, ...]:
        return self._by_role.get(role, ())

    @cached_property
    def _by_role(self) -> dict[Role | None, tuple[Used, ...]]:
        roles = {used.role for used in self.components}
        return {role: tuple(used for used in self.components if used.role is role) for role in roles}

    @cached_property
    def active(self) -> Used | None:
        """The active component, its lots together; None where there is none, or they cannot be taken together."""
        return active_of(self.in_role(Role.ACTIVE))

    @cached_property
    def diluent(self) -> Used | None:
        return one_diluent(self.in_role(Role.DILUENT))

    @cached_property
    def shell(self) -> Used | None:
        return only(self.in_role(Role.SHELL))

    @cached_property
    def units(self) -> Fraction | None:
        """How many units (or mL) the batch was for; None if it is counted in something else."""
        size, form = self.record.quantity, self.form
        if size is None or form is None or (size.kind == "capsules") != form.units_are_counted:
            return None
        return size.value

    @cached_property
    def batch_overage(self) -> Fraction | None:
        plan = self.formulation.batch if self.formulation is not None else None
        return plan.batch_overage.value if plan is not None and plan.batch_overage is not None else None

    @cached_property
    def active_overage(self) -> Fraction | None:
        plan = self.formulation.batch if self.formulation is not None else None
        return plan.active_overage.value if plan is not None and plan.active_overage is not None else None

    @cached_property
    def strength(self) -> Fraction | None:
        """The strength [mg, or mg/mL] in terms of the active component of the formulation."""
        record = self.record
        if record.strength is None or record.strength_basis is None or self.active is None:
            return None
        if self.form is None or record.strength.kind != self.form.strength_kind:
            return None
        strength = as_hydrochloride(record.strength.value, record.strength_basis)
        planned = self.active.planned
        weighed_as_base = planned is not None and planned.cas == BASE_CAS
        return as_fraction(strength / SALT_OF_BASE if weighed_as_base else strength)

    @cached_property
    def potency(self) -> Fraction | None:
        """The active in what is weighed of the active component: powder, aliquot's drug, or stored trituration."""
        return potency_of_lots(self.in_role(Role.ACTIVE), self.potency_by)

    def potency_by(self, certificate: Certificate | None) -> Fraction | None:
        """The active in the powder as it is by a certificate, worked out once for each."""
        known = self._potencies.get(id(certificate))
        if known is None:
            # The certificate is kept beside what it says, so that no other can ever have its id.
            known = self._potencies[id(certificate)] = (certificate, potency(certificate))
        return known[1]

    @cached_property
    def _potencies(self) -> dict[int, tuple[Certificate | None, Fraction | None]]:
        return {}

    def active_required_at(self, powder_potency: Fraction) -> Fraction | None:
        """The powder a batch would require if the lot had this potency [mg]."""
        known = (self.strength, self.units, self.batch_overage, self.active_overage)
        if any(value is None for value in known) or not powder_potency > 0:
            return None
        return as_fraction(measures.required_active(*known, powder_potency))

    @cached_property
    def active_required(self) -> Fraction | None:
        return None if self.potency is None else self.active_required_at(self.potency)

    @cached_property
    def active_in_unit(self) -> Fraction | None:
        """The powder of the active, as it is, in one unit [mg]."""
        if self.potency is None or self.strength is None or self.active_overage is None:
            return None
        return self.strength * (1 + self.active_overage) / self.potency

    @cached_property
    def diluent_in_unit(self) -> Fraction | None:
        """The diluent in one capsule by packing statistics [mg]; None if the powders do not fit."""
        return diluent_in_unit(self)

    @cached_property
    def net_in_unit(self) -> Fraction | None:
        """The theoretical net content of one capsule [mg]."""
        if self.active_in_unit is None or self.diluent_in_unit is None:
            return None
        return self.active_in_unit + self.diluent_in_unit

    def required(self, used: Used) -> Fraction | None:
        """What of a component had to be weighed [mg]: of the active what the record says, of others what follows
        from the formulation, and what the record says where nothing follows.
        """
        known = self._required
        if used.index not in known:
            known[used.index] = self._reckoned(used)
        return known[used.index]

    @cached_property
    def _required(self) -> dict[int, Fraction | None]:
        return {}

    def _reckoned(self, used: Used) -> Fraction | None:
        stated = used.used.required.value if used.used.required is not None else None
        if used.role is Role.ACTIVE:
            # Whether the amount the record states is right is FC301's matter.
            alone = len(self.in_role(Role.ACTIVE)) == 1
            return stated if stated is not None or not alone else self.active_required
        if used is self.diluent and self.diluent_required is not None and len(self.in_role(Role.DILUENT)) == 1:
            return self.diluent_required
        scaled = self.scaled(used)
        return stated if scaled is None else scaled

    @cached_property
    def diluent_required(self) -> Fraction | None:
        """The diluent to be weighed, in all its lots [mg]."""
        return diluent_required(self)

    def weighed(self, used: Used) -> Fraction | None:
        """What was weighed of a component [mg]; of an aliquot the drug in it."""
        if used.used.aliquot is not None:
            return drug_in_aliquot(used.used.aliquot)
        return used.used.weighed.value if used.used.weighed is not None else None

    def scaled(self, used: Used) -> Fraction | None:
        """The formulation's amount for this size [mg, or mL of what is measured]; only at the strength it was
        written for. A volume that was weighed becomes a mass by its density.
        """
        plan = self.formulation.batch if self.formulation is not None else None
        planned, record = used.planned, self.record
        if plan is None or plan.size is None or planned is None or planned.amount is None or record.strength is None:
            return None
        if plan.strength is None or plan.strength.value != record.strength.value or not plan.size.value > 0:
            return None
        if planned.amount.kind not in ("mass", "volume") or self.units is None or self.batch_overage is None:
            return None
        scaled = planned.amount.value * self.units / plan.size.value * (1 + self.batch_overage)
        if planned.amount.kind == "volume" and used.used.weighed is not None:
            return None if planned.density is None else scaled * planned.density.value
        return scaled

    @cached_property
    def made_up(self) -> tuple[Used, ...]:
        """The components made up to volume (quantity sufficient)."""
        return tuple(used for used in self.components if used.planned is not None and used.planned.final_volume is not None)

    def balance_of(self, used: Used) -> Balance | None:
        """The balance a component was weighed on, as the record describes it."""
        found = [balance for balance in self.record.balances if balance.id is not None and balance.id == used.used.balance]
        return found[0] if len(found) == 1 else None

    @property
    def policy(self) -> str:
        """How the least that a balance weighs well is reckoned: as the formulation says, else 1 % error."""
        named = self.formulation.weighing_policy if self.formulation is not None else None
        return named or "rx-1-percent"

    @cached_property
    def drop_factor(self) -> DropFactor | None:
        """The drop factor on file, in the formulation or in the record itself; None where nothing was measured."""
        filed = self.formulation.drop_calibration if self.formulation is not None else None
        return factor_of(filed) or self.own_drop_factor

    @cached_property
    def own_drop_factor(self) -> DropFactor | None:
        """The factor of the runs that were counted on this batch, be it a whole calibration or one to confirm it."""
        return factor_of(self.record.drop_calibration)

    @cached_property
    def is_in_drops(self) -> bool:
        """Whether the dose is counted in drops: by the dosage form, the record, or the directions on the label."""
        dose = self.record.dose
        by_form = self.form is not None and self.form.dosed_in_drops
        return by_form or (dose is not None and bool(dose.drops)) or bool(self.directions.drops)

    @cached_property
    def conversion(self) -> Conversion | None:
        """The dose of a liquid in every form, as a conversion; None where there is none or it passes the ceiling."""
        return None if self.form is None or self.form.units_are_counted else conversion_of(self)

    @cached_property
    def plan(self) -> Plan | None:
        """The plan of doses of the prescription; None without one, or where nobody says what its milligrams count."""
        return plan_of(self)

    @cached_property
    def label(self) -> Label:
        """The text of the label, read once."""
        return Label(self.record.label, day_first=self.profile == "ph-eur")

    @cached_property
    def directions(self) -> Directions:
        """What the label tells the patient to take."""
        return read_directions(self.record.label)

    @property
    def released_on(self) -> datetime.date | None:
        """The day the batch was verified, else the day it was made."""
        people = self.record.people
        verified = people.verified_by.at if people is not None and people.verified_by is not None else None
        return self.record.made if verified is None else verified.date

    @cached_property
    def beyond_use(self) -> BeyondUse | None:
        """The dating that the formulation gives for this storage, in the category of what was really made."""
        entry = None if self.formulation is None else beyond_use_for(self.formulation, self.record)
        return None if entry is None else as_made(entry, self)

    def schedule(self, test: str) -> Schedule | None:
        """When the formulation wants a test, or None if it does not know it."""
        return self.schedules.get(test)

    @cached_property
    def schedules(self) -> dict[str, Schedule]:
        """When each test of the formulation is due, by its name."""
        tests = () if self.formulation is None else self.formulation.tests
        found: dict[str, Schedule] = {t.name: schedule(t, self.record) for t in tests if t.name is not None}
        if self.profile == "ph-eur" and self.is_in_drops and self.formulation is not None:
            found.setdefault("dose uniformity", Schedule(_DROPS_OF_PH_EUR, Due.DUE))  # oral drops, 2.9.27
        return found

    def has_results(self, test: str) -> bool:
        """Whether this record carries results of a test, due or not."""
        if test == "final volume":
            return any(used.used.final_volume is not None for used in self.made_up)
        field = _RESULTS.get(test)
        return field is not None and getattr(self.record, field) is not None

    @cached_property
    def net_masses(self) -> tuple[tuple[int, Fraction], ...]:
        """The net mass of every unit weighed by itself [mg], with its place in the list."""
        return net_masses_of(self)

    @cached_property
    def mean_net_mass(self) -> Fraction | None:
        """The mean of the net masses [mg]; None where none is known."""
        return measures.mean([net for _, net in self.net_masses]) if self.net_masses else None

    @cached_property
    def contents(self) -> tuple[Fraction, ...]:
        """The content of every unit as a fraction of the label claim; empty where that cannot be said."""
        return contents_of(self)

    def missing(self, needs: tuple[str, ...]) -> list[Path]:
        """The fields these needs name that say nothing. Most are there, and many rules ask for the same."""
        if self._there.issuperset(needs):
            return []
        found: list[Path] = []
        for need in needs:
            lacking = () if need in self._there else missing(self, need)
            if lacking:
                found += lacking
            else:
                self._there.add(need)
        return found

    @cached_property
    def _there(self) -> set[str]:
        """The needs that were found to be met."""
        return set()

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What was worked out of this batch already (see `once`)."""
        return {}

    def words(self, path: Path) -> str:
        """What a pharmacist calls a field of these papers."""
        return words_of(self, path)

    def find(self, need: str) -> list[tuple[Path, Any]]:
        """Every field a need names in these papers, with its value; a field that does not apply is left out."""
        return find(self, need)


def as_fraction(value: Any) -> Fraction:
    """What shape-blind arithmetic gave of exact numbers is an exact number."""
    number: Fraction = value
    return number
