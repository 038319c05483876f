"""FC203: whether the active is the one of the formulation, and no drug with a similar name."""

from collections.abc import Iterator

from formcheck.findings import Authority, Severity
from formcheck.papers.formulation import Role
from formcheck.papers.placeholders import is_blank
from formcheck.planning.batch import Batch
from formcheck.planning.component_names import substance
from formcheck.planning.components import Used, plain
from formcheck.rules.certificates import fits_form, form_in_name
from formcheck.rules.rule import Fault, record_rule
from formcheck.substance import BASE_CAS, HYDROCHLORIDE_CAS

STRANGERS = {
    "51481-60-8": "naloxone hydrochloride dihydrate",
    "357-08-4": "naloxone hydrochloride",
    "465-65-6": "naloxone",
}


@record_rule(
    "FC203",
    "Identity of the active",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source="USP, naltrexone hydrochloride; CAS 16676-29-2 (hydrochloride), 16590-41-3 (base)",
    needs=("active.name", "formulation.components"),
)
def identity_of_active(batch: Batch) -> Iterator[Fault]:
    """The active must be the one of the formulation, by name and by CAS number.

    Naloxone (CAS 51481-60-8, 357-08-4) is another drug with a similar name. Naltrexone base is not the
    hydrochloride: 4.5 mg of the hydrochloride is 4.07 mg of the base. Anhydrous and dihydrate are one active: the
    certificate says how much water the powder holds, and FC206 whether that fits the form.

    Keep the batch back. Compare container, certificate and formulation: correct the name where only the name differs, and
    destroy the batch if it is another substance.
    """
    for used in batch.in_role(Role.ACTIVE):
        yield from _identity(used)


_SALT = {"hydrochloride", "hcl", "chloride"}


def _numbers(used: Used) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Every CAS number that the record gives of a component, with its place."""
    paper = used.used
    yield ("cas",), paper.cas
    if paper.certificate is not None:
        yield ("certificate", "cas"), paper.certificate.cas
    source = paper.trituration.source if paper.trituration is not None else None
    if source is not None and source.certificate is not None:
        yield ("trituration", "source", "certificate", "cas"), source.certificate.cas


def _identity(used: Used) -> Iterator[Fault]:
    planned = used.planned
    assert planned is not None  # in_role gives only components that were matched  # noqa: S101
    known = planned.cas
    wanted = f"{planned.name} (CAS {known})"
    for field, cas in _numbers(used):
        if cas is not None and not is_blank(cas) and (cas in STRANGERS or cas != known):
            stranger = STRANGERS.get(cas) or {BASE_CAS: "naltrexone base"}.get(cas, "another substance")
            yield Fault(
                message=f"CAS {cas} is {stranger}; the formulation asks for {wanted}",
                field=(*used.path, *field),
                found=f"CAS {cas}",
                limit=wanted,
            )
            return
    source = used.used.trituration
    lots = (source.id, source.source.lot if source.source is not None else None) if source is not None else ()
    if any("naloxone" in plain(lot[:200]) for lot in lots if lot is not None):
        yield Fault(
            message=f"the trituration of {used.name} names naloxone, which is another drug than {wanted}",
            field=(*used.path, "trituration"),
            found="naloxone",
            limit=wanted,
        )
        return
    names = [substance(name) for name in (planned.name, *planned.alternates) if name is not None]
    name = substance(used.name)
    other = "naloxone" in name or (known == HYDROCHLORIDE_CAS) != bool(_SALT & set(name.split()))
    if name not in names or other:
        why = ": naloxone is another drug" if "naloxone" in name else ""
        yield Fault(
            message=f"{used.name} stands where the formulation asks for {wanted}{why}",
            field=(*used.path, "name"),
            found=used.name,
            limit=wanted,
        )
        return
    form = form_in_name(used)
    if form is not None and not fits_form(used, form):
        yield Fault(
            message=f"{used.name} is called {form}, and its certificate is of another form: one of them is of another lot",
            field=(*used.path, "name"),
            found=used.name,
            limit="a name and a certificate of one form",
            help="Compare container and certificate; between the two forms lie 9 % of the active.",
        )
