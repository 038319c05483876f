"""FC2: components. Who they are, where they come from, and whether they were still good."""

import datetime
import difflib
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck.findings import Authority, Severity
from formcheck.papers.formulation import Role
from formcheck.papers.values import Expiry, is_blank
from formcheck.planning.batch import Batch
from formcheck.planning.components import Used, plain
from formcheck.planning.weighing import BASES, LEAST_POTENCY, MOST_ASSAY, potency
from formcheck.rules.rule import Fault, Limits, Row, Telling, limit_rule, record_rule
from formcheck.substance import BASE_CAS, HYDROCHLORIDE_CAS
from formcheck.units import format_exactly, format_number

NOT_BEFORE = "USP <795> (official 1 Nov 2023), components; USP <7>: month and year mean the last day of the month"


IN_DATE = Limits.at_least("0 days", NOT_BEFORE, rounded=False)


def _expiries(batch: Batch) -> Iterator[Row]:
    made = batch.record.made
    for used in batch.components:
        expires = used.used.expires
        if expires is not None and made is not None:
            days_left = Fraction((expires.last_day - made).days)
            yield Row(
                {"days_left": days_left},
                IN_DATE if days_left >= 0 else IN_DATE.worded(f"not before {made}"),
                partial(_tell_expiry, used, expires, made),
                (*used.path, "expires"),
            )


def _tell_expiry(used: Used, expires: Expiry, made: datetime.date) -> Telling:
    return Telling(
        f"the time {used.name} had left",
        said=f"{used.name} expired on {expires.last_day}, before the batch was made on {made}",
        found=f"expired {expires}",
    )


@limit_rule(
    "FC201",
    "Component not expired on day of use",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=NOT_BEFORE,
    needs=("made", "components.expires"),
    alone=True,
    rows=_expiries,
    quantities={"days_left": "day"},
    shown_in="days",
)
def component_not_expired(days_left: Any) -> Any:
    """No component may be past its expiry on the day of compounding: active, diluent, shell, flavour, all of them.

    An expiry given as month and year is good to the last day of that month. In-house water has no expiry.

    Do not release. Make the batch again with components in date, or correct the date if it was written wrong.
    """
    return days_left


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
    hydrochloride: 4.5 mg of the hydrochloride is 4.07 mg of the base.

    Quarantine the batch. Compare container, certificate and formulation; if it is another substance, destroy it.
    """
    for used in batch.in_role(Role.ACTIVE):
        yield from _identity(used)


_SALT = {"hydrochloride", "hcl", "chloride"}


def _identity(used: Used) -> Iterator[Fault]:
    planned = used.planned
    assert planned is not None  # in_role gives only components that were matched  # noqa: S101
    known = planned.cas
    wanted = f"{planned.name} (CAS {known})"
    certificate_cas = used.used.certificate.cas if used.used.certificate is not None else None
    for field, cas in ((("cas",), used.used.cas), (("certificate", "cas"), certificate_cas)):
        if cas is not None and not is_blank(cas) and (cas in STRANGERS or cas != known):
            stranger = STRANGERS.get(cas) or {BASE_CAS: "naltrexone base"}.get(cas, "another substance")
            yield Fault(
                message=f"CAS {cas} is {stranger}; the formulation asks for {wanted}",
                field=(*used.path, *field),
                found=f"CAS {cas}",
                limit=wanted,
            )
            return
    names = [plain(name) for name in (planned.name, *planned.alternates) if name is not None]
    name = plain(used.name)
    other = "naloxone" in name or (known == HYDROCHLORIDE_CAS) != bool(_SALT & set(name.split()))
    if name not in names or other:
        why = ": naloxone is another drug" if "naloxone" in name else ""
        yield Fault(
            message=f"{used.name} stands where the formulation asks for {wanted}{why}",
            field=(*used.path, "name"),
            found=used.name,
            limit=wanted,
        )


@record_rule(
    "FC205",
    "Basis of the certificate's assay",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="USP, naltrexone hydrochloride: 98.0-102.0 % on the anhydrous, solvent-free basis",
    needs=("active.certificate.assay", "active.certificate.basis"),
)
def basis_of_certificate(batch: Batch) -> Iterator[Fault]:
    """The certificate must say on which basis the assay stands, or nobody knows how much powder to weigh.

    99.5 % on the anhydrous basis in a powder with 8.7 % water is 90.8 % as it is. The bases are
    anhydrous-solvent-free, anhydrous, dried and as-is. An "as-is" assay that, with the reported water, would
    come to more than 102 % on the anhydrous basis cannot be as-is; a powder of less than 80 % or more than 102 % is none.

    Ask the supplier, and write one of the four into the record.
    """
    for used in batch.in_role(Role.ACTIVE):
        certificate = used.used.certificate
        if certificate is None or certificate.basis is None or certificate.assay is None:
            continue
        field = (*used.path, "certificate", "basis")
        choices = ", ".join(BASES)
        if certificate.basis not in BASES:
            near = difflib.get_close_matches(certificate.basis, BASES, n=1, cutoff=0.6)
            hint = f": did you mean {near[0]}?" if near else ""
            yield Fault(
                message=f'"{certificate.basis[:40]}" does not say the basis of the assay{hint}',
                field=field,
                found=certificate.basis[:40],
                limit=f"one of {choices}",
            )
        elif (found := potency(certificate)) is not None and not LEAST_POTENCY <= found <= MOST_ASSAY:
            yield Fault(
                message=f"by this certificate the powder is {format_number(found * 100, 1)} % active: no lot is",
                field=(*used.path, "certificate", "assay"),
                found=f"{format_number(found * 100, 1)} % of the powder",
                limit="80 to 102.0 %",
                help="Look for a slip of the decimal point in assay or water, and compare with the certificate.",
            )
        elif certificate.basis == "as-is":
            dry = 1 - sum(getattr(certificate, name).value for name in _RESIDUES if getattr(certificate, name) is not None)
            if dry <= 0 or certificate.assay.value / dry > MOST_ASSAY:
                yield Fault(
                    message=f"an assay of {certificate.assay} as it is and {_residues(certificate)} do not fit: together "
                    f"they would be {_anhydrous(certificate.assay.value, Fraction(dry))} on the anhydrous basis",
                    field=field,
                    found=_anhydrous(certificate.assay.value, Fraction(dry)),
                    limit="at most 102.0 % on the anhydrous basis",
                )


_RESIDUES = {"water": "water", "solvents": "solvents", "loss_on_drying": "loss on drying"}


def _residues(certificate: Any) -> str:
    parts = [
        f"{words} {getattr(certificate, name).text}" for name, words in _RESIDUES.items() if getattr(certificate, name)
    ]
    return " and ".join(parts)


def _anhydrous(assay: Fraction, dry: Fraction) -> str:
    return f"{format_number(assay / dry * 100, 1)} %" if dry > 0 else f"more than {format_exactly(assay * 100)} %"


@record_rule(
    "FC210",
    "Lot, vendor and expiry of each component",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source="USP <795> (official 1 Nov 2023) 7.2, compounding record",
    needs=("components.name", "components.lot", "components.vendor", "components.expires"),
    alone=True,
)
def component_traceable(batch: Batch) -> Iterator[Fault]:
    """Each component has its lot, its vendor or manufacturer, and its expiry in the record; shells too.

    Without them a recalled lot cannot be traced to the patients who got it. In-house water has the
    identifier of its system instead of a lot. "n/a" and "TBD" are not lots.

    Write down what is missing from the container's label.
    """
    for used in batch.components:
        lot = used.used.certificate.lot if used.used.certificate is not None else None
        if not is_blank(lot) and lot != used.used.lot:
            yield Fault(
                message=f"{used.name}: the certificate is of lot {lot}, the component of lot {used.used.lot}",
                field=(*used.path, "certificate", "lot"),
                found=f"lot {lot}",
                limit=f"lot {used.used.lot}",
            )
