"""FC2: certificates of analysis. Whether they are there, on which basis the assay stands, and whether the figures fit."""

import difflib
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck.findings import Authority, Severity
from formcheck.papers.compounding import Certificate
from formcheck.papers.formulation import Role
from formcheck.papers.placeholders import is_blank
from formcheck.planning.batch import Batch
from formcheck.planning.components import Path, Used, plain
from formcheck.planning.once import once
from formcheck.planning.weighing import BASES, LEAST_POTENCY, MOST_ASSAY, is_corrected_already
from formcheck.rules.rule import OUTSOURCING, Fault, Limits, Row, Ruling, Telling, limit_rule, record_rule
from formcheck.substance import BASE_CAS
from formcheck.units import Amount, format_exactly, format_number

FIGURES = (
    "active.certificate.assay",
    "active.certificate.basis",
    "active.certificate.water",
    "active.certificate.solvents",
    "active.certificate.loss_on_drying",
)
MONOGRAPH = "USP, naltrexone hydrochloride: 98.0-102.0 % on the anhydrous, solvent-free basis (USP 28; see the current one)"


def certificate_of(used: Used) -> tuple[Certificate | None, Path, str | None]:
    """The certificate of a component, its place, and the lot it should be of.

    That of the powder a stored trituration was made from counts where the component has none.
    """
    paper = used.used
    source = paper.trituration.source if paper.trituration is not None else None
    if paper.certificate is None and source is not None:
        return source.certificate, (*used.path, "trituration", "source", "certificate"), source.lot
    lot = paper.lot if source is None or source.lot is None else source.lot
    return paper.certificate, (*used.path, "certificate"), lot


@record_rule(
    "FC202",
    "Certificate of analysis of the active",
    severity=Severity.ERROR,
    authority=Authority.REGULATION,
    source="FD&C Act 503A(b)(1)(A): bulk drug substances come with a valid certificate of analysis",
    needs=FIGURES,
    under={
        OUTSOURCING: Ruling(
            Severity.ERROR,
            Authority.REGULATION,
            "21 CFR 211.84(d)(2): the supplier's report of analysis of each lot",
            needs=("active.certificate.lot",),
        )
    },
)
def certificate_present(batch: Batch) -> Iterator[Fault]:
    """The active comes with a certificate of analysis of its own lot, with the figures that say how strong it is.

    These are the assay, the basis it stands on, and the water and solvents, or the loss on drying, that this basis takes.
    Two lots of one substance can differ by 9 %: 510.22 mg of a dihydrate lot hold what 467.23 mg of an anhydrous lot do.
    A powder that was corrected when its trituration was made is not asked for again.

    Ask the supplier for the certificate of this lot, and write its figures into the record.
    """
    for used in batch.components:
        certificate, path, lot = certificate_of(used)
        of = certificate.lot if certificate is not None else None
        if of is None or lot is None or is_blank(of) or is_blank(lot) or plain(of) == plain(lot):
            continue
        yield Fault(
            message=f"{used.name}: the certificate is of lot {of}, the component of lot {lot}",
            field=(*path, "lot"),
            found=f"lot {of}",
            limit=f"lot {lot}",
        )


WITHIN_MONOGRAPH = Limits.between("98.0 %", "102.0 %", MONOGRAPH)
AT_MOST_MONOGRAPH = Limits.at_most("102.0 %", MONOGRAPH)


@once
def _judged_actives(batch: Batch) -> list[Used]:
    """The actives whose certificate counts here: of the hydrochloride.

    That of a drug that was corrected in a trituration already counts where the record gives it, with all its figures.
    """
    return [
        used
        for used in batch.in_role(Role.ACTIVE)
        if (not is_corrected_already(used.used.trituration) or batch.potency_by(certificate_of(used)[0]) is not None)
        and (used.planned is None or used.planned.cas != BASE_CAS)
    ]


def _assays(batch: Batch) -> Iterator[Row]:
    for used in _judged_actives(batch):
        certificate, path, _ = certificate_of(used)
        dry = None if certificate is None else _dry_part(certificate)
        yield Row(
            {"powder": batch.potency_by(certificate), "dry": dry if dry is not None and dry > 0 else None},
            AT_MOST_MONOGRAPH if certificate is not None and _is_wet(certificate) else WITHIN_MONOGRAPH,
            partial(_tell_assay, used, certificate),
            (*path, "assay"),
        )


def _is_wet(certificate: Certificate) -> bool:
    """Whether an assay is of the powder as it is, with water that nobody measured."""
    return certificate.basis == "as-is" and certificate.water is None and certificate.loss_on_drying is None


def _dry_part(certificate: Certificate) -> Fraction | None:
    """What of the powder is neither water nor solvent, by the figures of the certificate that its basis takes."""
    if certificate.basis == "dried":
        return None if certificate.loss_on_drying is None else 1 - certificate.loss_on_drying.value
    if certificate.basis == "as-is" and certificate.water is None and certificate.loss_on_drying is not None:
        return 1 - certificate.loss_on_drying.value
    water = certificate.water.value if certificate.water is not None else Fraction(0)
    solvents = certificate.solvents.value if certificate.solvents is not None else Fraction(0)
    return 1 - water - solvents


def _tell_assay(used: Used, certificate: Certificate | None) -> Telling:
    return Telling(
        f"the assay of {used.name} on the anhydrous, solvent-free basis",
        working="" if certificate is None else f"the certificate says {certificate.assay} {_read_on(certificate)}",
        unknown="its basis, or the water and solvents this basis takes, are not known",
    )


_BASIS_WORDS = {
    "anhydrous-solvent-free": ("on this basis", ()),
    "anhydrous": ("on the anhydrous basis", ("solvents",)),
    "dried": ("on the dried basis", ()),
    "as-is": ("as it is", ("water", "solvents", "loss_on_drying")),
}


def _read_on(certificate: Certificate) -> str:
    """The basis an assay stands on, in words, with what was taken into account beside it."""
    basis, names = _BASIS_WORDS.get(certificate.basis or "", ("", ()))
    residues = [(_RESIDUES[name], getattr(certificate, name)) for name in names]
    parts = [f"{residue.text} of {words}" for words, residue in residues if residue is not None and residue.value > 0]
    return f"{basis}, with {' and '.join(parts)}" if parts else basis


@limit_rule(
    "FC204",
    "Assay of the active within its monograph",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=MONOGRAPH,
    needs=FIGURES,
    applies=lambda batch: bool(_judged_actives(batch)),
    after=("FC205",),
    rows=_assays,
    quantities={"powder": "", "dry": ""},
    shown_in="%",
)
def assay_of_certificate(powder: Any, dry: Any) -> Any:
    """Naltrexone hydrochloride holds 98.0 to 102.0 % of itself, on the anhydrous, solvent-free basis.

    An assay on this basis, or on the dried basis, is compared as it is. An as-is assay is first divided by what is left
    without water and solvents: 90.8 % with 8.7 % of water is 99.5 %. An as-is assay without these figures can only be too
    high. A powder outside does not meet its monograph, whatever the calculation makes of it.

    Quarantine the lot and ask the supplier; use another lot.
    """
    return powder / dry


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
        certificate, path, _ = certificate_of(used)
        if certificate is None or certificate.basis is None or certificate.assay is None:
            continue
        field = (*path, "basis")
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
        elif (found := batch.potency_by(certificate)) is not None and not LEAST_POTENCY <= found <= MOST_ASSAY:
            yield Fault(
                message=f"by this certificate the powder is {format_number(found * 100, 1)} % active: no lot is",
                field=(*path, "assay"),
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


def _residues(certificate: Certificate | None) -> str:
    parts = [
        f"{words} {getattr(certificate, name).text}"
        for name, words in _RESIDUES.items()
        if getattr(certificate, name, None) is not None
    ]
    return " and ".join(parts)


def _anhydrous(assay: Fraction, dry: Fraction) -> str:
    return f"{format_number(assay / dry * 100, 1)} %" if dry > 0 else f"more than {format_exactly(assay * 100)} %"


FORM_SOURCE = "formcheck; by its formula the dihydrate (413.90) is 8.7 % water, and the anhydrous form (377.86) holds none"
OF_DIHYDRATE = Limits.between("8 %", "9 %", FORM_SOURCE)
OF_ANHYDROUS = Limits.at_most("3.9 %", FORM_SOURCE)
_FORM = re.compile(r"\b(anhydrous|dihydrate)\b")


def _form_of(used: Used) -> str | None:
    """The form that a component states, in its own field or in its name."""
    return used.used.form or form_in_name(used)


def form_in_name(used: Used) -> str | None:
    """The form that the name of a component states: anhydrous, or dihydrate."""
    found = _FORM.search(plain(used.name[:200]))
    return None if found is None else found[1]


def fits_form(used: Used, form: str) -> bool:
    """Whether the water on the certificate, or what drying takes away, is that of a form; what is not said fits any."""
    certificate = certificate_of(used)[0]
    figures = () if certificate is None else (certificate.water, certificate.loss_on_drying)
    found = next((figure.value for figure in figures if figure is not None), None)
    bounds = (OF_DIHYDRATE if form == "dihydrate" else OF_ANHYDROUS).bounds
    return found is None or not any(bound.broken_by(found) for bound in bounds)


def _forms(batch: Batch) -> Iterator[Row]:
    for used in batch.in_role(Role.ACTIVE):
        certificate, path, _ = certificate_of(used)
        form = _form_of(used)
        if form is not None and certificate is not None and certificate.water is not None:
            yield Row(
                {"water": certificate.water.value},
                OF_DIHYDRATE if form == "dihydrate" else OF_ANHYDROUS,
                partial(_tell_form, used, form, certificate.water),
                (*path, "water"),
            )


def _tell_form(used: Used, form: str, water: Amount) -> Telling:
    if not any(bound.broken_by(water.value) for bound in OF_DIHYDRATE.bounds):
        of = "the dihydrate's (8 to 9 %)"
    elif not any(bound.broken_by(water.value) for bound in OF_ANHYDROUS.bounds):
        of = "that of the anhydrous form (at most 3.9 %)"
    else:
        of = "that of neither form (anhydrous at most 3.9 %, dihydrate 8 to 9 %)"
    return Telling(
        f"the water of {used.name}",
        said=f"{used.name} is recorded as {form}, and the water on its certificate, {water.text}, is {of}",
        found=water.text,
    )


@limit_rule(
    "FC206",
    "Water of the powder fits its form",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source=FORM_SOURCE,
    applies=lambda batch: next(_forms(batch), None) is not None,
    after=("FC203",),
    rows=_forms,
    quantities={"water": ""},
    shown_in="%",
)
def water_of_form(water: Any) -> Any:
    """A powder recorded as the dihydrate holds about 8 to 9 % of water, one recorded as anhydrous less than 4 %.

    Both forms of naltrexone hydrochloride are sold. Taking one for the other is a mistake of 9 % in the active, unless the
    certificate is right and only the name is wrong.

    Compare container and certificate, and correct the form or the water in the record.
    """
    return water
