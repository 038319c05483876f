"""A batch: a compounding record beside the formulation it names, with what should have been done.

Components are matched by name (or a named alternate). Amounts are exact numbers in coherent units
(mg, mL, 1), or None where the papers do not say enough.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

import attrs

from formcheck import measures
from formcheck.papers.compounding import CompoundingRecord
from formcheck.papers.dosage_forms import DOSAGE_FORMS, DosageForm
from formcheck.papers.formulation import BeyondUse, Component, MasterFormulationRecord, Role
from formcheck.papers.values import is_blank
from formcheck.papers.words import words_for
from formcheck.planning.components import Used, is_weighed, matched, only, plain
from formcheck.planning.dating import Schedule, beyond_use_for, schedule
from formcheck.planning.weighing import needed_for, potency
from formcheck.substance import BASE_CAS, SALT_OF_BASE, Basis, as_hydrochloride

__all__ = ["Batch", "as_fraction", "of_label"]

Path = tuple[str | int, ...]


@attrs.frozen(slots=False)
class Batch:
    """One record with its formulation (None where none was found), judged under a profile.

    `elsewhere` says in words what was found in its stead ("; there is version 1").
    """

    record: CompoundingRecord
    formulation: MasterFormulationRecord | None
    profile: str = "usp-503a"
    elsewhere: str = ""

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
        """The one active component, or None (none found, or several)."""
        return only(self.in_role(Role.ACTIVE))

    @cached_property
    def diluent(self) -> Used | None:
        return only(self.in_role(Role.DILUENT))

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
        """The active in the powder weighed; None for a trituration or an aliquot, which no rule judges yet."""
        used = self.active.used if self.active is not None else None
        if used is None or used.trituration is not None or used.aliquot is not None:
            return None
        return potency(used.certificate)

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
        if self.active is None or self.diluent is None or self.active_in_unit is None:
            return None
        active, diluent = self.active.used.packing, self.diluent.used.packing
        if active is None or diluent is None or not active.value > 0:
            return None
        amount = measures.diluent_for_one(self.active_in_unit, active.value, diluent.value)
        return as_fraction(amount) if amount > 0 else None

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
        if used.used.trituration is not None or used.used.aliquot is not None:
            return None
        stated = used.used.required.value if used.used.required is not None else None
        if used.role is Role.ACTIVE:
            # Whether the amount the record states is right is FC301's matter.
            return stated if stated is not None else self.active_required
        if self.units is None or self.batch_overage is None or used.planned is None:
            return stated
        if used is self.diluent and self.diluent_in_unit is not None:
            return self.diluent_in_unit * self.units * (1 + self.batch_overage)
        scaled = self._scaled(used.planned)
        return stated if scaled is None else scaled

    def _scaled(self, planned: Component) -> Fraction | None:
        """The formulation's amount for this size; only at the strength it was written for."""
        plan = self.formulation.batch if self.formulation is not None else None
        if plan is None or plan.size is None or planned.amount is None or self.record.strength is None:
            return None
        if plan.strength is None or plan.strength.value != self.record.strength.value or not plan.size.value > 0:
            return None
        if planned.amount.kind != "mass" or self.units is None or self.batch_overage is None:
            return None
        return planned.amount.value * self.units / plan.size.value * (1 + self.batch_overage)

    @cached_property
    def beyond_use(self) -> BeyondUse | None:
        return None if self.formulation is None else beyond_use_for(self.formulation, self.record)

    def schedule(self, test: str) -> Schedule | None:
        """When the formulation wants a test, or None if it does not know it."""
        return self.schedules.get(test)

    @cached_property
    def schedules(self) -> dict[str, Schedule]:
        """When each test of the formulation is due, by its name."""
        tests = () if self.formulation is None else self.formulation.tests
        return {test.name: schedule(test, self.record) for test in tests if test.name is not None}

    def has_results(self, test: str) -> bool:
        """Whether this record carries results of a test, due or not."""
        record = self.record
        results = {
            "net mass": record.unit_masses,
            "assay": record.assay,
            "content uniformity": record.unit_contents,
            "appearance": record.description,
            "count": record.counts,
            "mass balance": record.residual,
            "pH": record.ph,
        }
        return results.get(test) is not None

    @cached_property
    def net_masses(self) -> tuple[tuple[int, Fraction], ...]:
        """The net mass of every unit weighed by itself [mg], with its place in the list."""
        masses = self.record.unit_masses
        if masses is None or masses.unit is None or masses.kind is None:
            return ()
        in_grams, scale = masses.unit == "g", 1000
        shell = Fraction(0)
        if masses.kind == "gross":
            if self.shell is None or self.shell.used.mean_mass is None:
                return ()
            shell = self.shell.used.mean_mass.value
        grosses = (value.number * scale if in_grams else value.number for value in masses.values)
        return tuple(enumerate(measures.net_content(gross, shell) for gross in grosses))

    @cached_property
    def contents(self) -> tuple[Fraction, ...]:
        """The content of every unit as a fraction of the label claim; empty where that cannot be said."""
        found, record = self.record.unit_contents, self.record
        if found is None or found.unit is None or found.expressed_as is None or record.strength_basis is None:
            return ()
        factor = of_label(found.expressed_as, record.strength_basis)
        if found.unit == "%":
            return tuple(value.number / 100 * factor for value in found.values)
        if record.strength is None or not record.strength.value > 0:
            return ()
        scale = Fraction(1, 1000) if found.unit == "mcg" else Fraction(1)
        return tuple(value.number * scale * factor / record.strength.value for value in found.values)

    def missing(self, need: str) -> tuple[Path, ...]:
        """The fields a need names that say nothing."""
        known = self._missing.get(need)
        if known is None:
            known = tuple(path for path, value in self.find(need) if value is None or is_blank(value))
            self._missing[need] = known
        return known

    @cached_property
    def _missing(self) -> dict[str, tuple[Path, ...]]:
        return {}

    def words(self, path: Path) -> str:
        """What a pharmacist calls a field of these papers."""
        if path[0] == "components" and len(path) > 2 and isinstance(path[1], int):
            return words_for(".".join(map(str, path[2:])), self.components[path[1]].name)
        return words_for(".".join(str(step) for step in path if step != "(formulation)"))

    def find(self, need: str) -> list[tuple[Path, Any]]:
        """Every field a need names in these papers, with its value; a field that does not apply is left out."""
        selector, steps = _taken_apart(need)
        if selector in _SELECTORS:
            return self._of_components(selector, steps)
        if selector == "formulation" and need not in ("formulation.id", "formulation.version"):
            return [(("(formulation)", *steps), _walk(self.formulation, steps))]
        return [((selector, *steps), _walk(self.record, (selector, *steps)))]

    def _of_components(self, selector: str, steps: tuple[str, ...]) -> list[tuple[Path, Any]]:
        chosen = _SELECTORS[selector](self)
        if not chosen:
            return [(("components",), None)]
        return [
            ((*used.path, *steps), _walk(used.used, steps))
            for used in chosen
            if _component_applies(selector, steps, used, self)
        ]


@cache
def _taken_apart(need: str) -> tuple[str, tuple[str, ...]]:
    selector, *steps = need.split(".")
    return selector, tuple(steps)


def as_fraction(value: Any) -> Fraction:
    """What shape-blind arithmetic gave of exact numbers is an exact number."""
    number: Fraction = value
    return number


def of_label(expressed_as: str, basis: Basis) -> Fraction:
    """What a result must be multiplied by to be in terms of what the label counts."""
    result_is_base = expressed_as == "naltrexone"
    if result_is_base and basis is Basis.HYDROCHLORIDE:
        return SALT_OF_BASE
    if not result_is_base and basis is Basis.BASE:
        return 1 / SALT_OF_BASE
    return Fraction(1)


_SELECTORS: dict[str, Callable[[Batch], tuple[Used, ...]]] = {
    "components": lambda batch: batch.components,
    "active": lambda batch: batch.in_role(Role.ACTIVE),
    "diluent": lambda batch: batch.in_role(Role.DILUENT),
    "shell": lambda batch: batch.in_role(Role.SHELL),
    "weighed": lambda batch: tuple(u for u in batch.components if is_weighed(u)),
}


def _component_applies(selector: str, steps: tuple[str, ...], used: Used, batch: Batch) -> bool:
    name = steps[-1]
    if name in _RESIDUES and steps[0] == "certificate":
        return name in needed_for(used.used.certificate)
    if selector == "components" and name in ("lot", "expires", "vendor"):
        return is_blank(used.used.system) or "water" not in plain(used.name)
    if name == "mean_mass":
        masses = batch.record.unit_masses
        return masses is not None and masses.kind != "net"
    return True


_RESIDUES = frozenset({"water", "solvents", "loss_on_drying"})


def _walk(value: Any, steps: tuple[str, ...]) -> Any:
    for name in steps:
        if value is None:
            return None
        value = getattr(value, name)
    return None if value == () else value
