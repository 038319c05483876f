"""What a pharmacist calls the fields of the papers, for messages that name what is missing."""

__all__ = ["words_for"]

_WORDS = {
    "id": "the id of the record",
    "formulation.id": "which formulation the batch was made by",
    "formulation.version": "the version of the formulation",
    "strength": "the strength",
    "strength_basis": "what the strength counts (hydrochloride or base)",
    "made": "the day the batch was made",
    "quantity": "how many units the batch was for",
    "beyond_use_date": "the beyond-use date",
    "storage": "the storage",
    "label": "the text of the label",
    "components": "a component in this role",
    "name": "the name",
    "lot": "the lot",
    "vendor": "the vendor",
    "expires": "the expiry",
    "required": "the amount required",
    "weighed": "the amount weighed",
    "packing": "the packing statistic (what fills one capsule)",
    "mean_mass": "the mean mass of the empty shells",
    "certificate.assay": "the assay on the certificate",
    "certificate.basis": "the basis of the assay on the certificate",
    "certificate.water": "the water on the certificate",
    "certificate.solvents": "the solvents on the certificate",
    "certificate.loss_on_drying": "the loss on drying on the certificate",
    "unit_masses.kind": "whether the masses are gross or net",
    "unit_masses.unit": "the unit of the masses",
    "unit_masses.values": "the mass of each capsule by itself",
    "unit_contents.expressed_as": "what the contents are expressed as (hydrochloride or base)",
    "unit_contents.unit": "the unit of the contents",
    "unit_contents.values": "the content of each unit, or in last_tests when it was done last",
    "assay.value": "the result of the assay, or in last_tests when it was done last",
    "assay.expressed_as": "what the assay is expressed as (hydrochloride or base)",
    "people.compounded_by.name": "who compounded",
    "people.verified_by.name": "who verified",
    "batch.batch_overage": "the batch overage (in the formulation)",
    "batch.active_overage": "the overage of the active (in the formulation)",
    "beyond_use": "the dating (in the formulation)",
    "tests": "the tests (in the formulation)",
}


def words_for(field: str, of: str = "") -> str:
    """The words for a field, `of` a component where it is one's; the field itself where no words are known."""
    words = _WORDS.get(field, field)
    return f"{words} of {of}" if of else words
