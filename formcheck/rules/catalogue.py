"""Every rule formcheck knows, by hand. The diff of this tuple is the review."""

from collections.abc import Iterable

from formcheck.rules import components, dating, dosing, drops, labelling, people, specification, uniformity, weighing
from formcheck.rules.rule import Rule

__all__ = ["ABOUT_CONVERSIONS", "ABOUT_RECORDS", "CATALOGUE", "CEILING_CODE", "by_code"]

CEILING_CODE = "FC101"

CATALOGUE: tuple[Rule, ...] = (
    dosing.daily_dose_ceiling,
    dosing.worst_case_above_ceiling,
    dosing.above_usual_dose,
    dosing.change_of_form,
    dosing.taken_as_hydrochloride,
    components.component_not_expired,
    components.identity_of_active,
    components.basis_of_certificate,
    components.component_traceable,
    weighing.required_amount,
    weighing.water_mistaken,
    weighing.salt_factor_misused,
    weighing.weighed_as_required,
    uniformity.net_mass_of_theory,
    uniformity.acceptance_value_of_units,
    uniformity.assay_of_label,
    uniformity.test_overdue,
    uniformity.masses_prove_nothing,
    dating.days_until_beyond_use,
    dating.beyond_use_before_expiry,
    drops.calibration_repeatability,
    drops.factor_without_provenance,
    drops.rounding_error,
    drops.plausible_factor,
    labelling.label_strength,
    people.people_identified,
    specification.formulation_named,
    specification.example_as_expected,
)

ABOUT_RECORDS = tuple(rule for rule in CATALOGUE if rule.subject == "record")
ABOUT_CONVERSIONS = tuple(rule for rule in CATALOGUE if rule.subject == "conversion")


def by_code(rules: Iterable[Rule] = CATALOGUE) -> dict[str, Rule]:
    """The rules by their codes."""
    return {rule.code: rule for rule in rules}
