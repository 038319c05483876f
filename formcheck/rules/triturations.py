"""FC3: small amounts. An aliquot of a dilution made on the day, and a stored trituration used as a component."""

import datetime
from collections.abc import Iterator
from fractions import Fraction

from formcheck.findings import NOTHING, Authority, Severity, Verdict
from formcheck.papers.compounding import Aliquot
from formcheck.papers.formulation import Role
from formcheck.papers.placeholders import is_blank
from formcheck.planning.batch import Batch
from formcheck.planning.components import Path, Used, plain
from formcheck.planning.weighing import drug_in_aliquot, minimum_weighable
from formcheck.rules.rule import Fault, record_rule
from formcheck.units import Amount, format_exactly

WITHIN = Fraction(5, 1000)
_FIGURES = {
    "needed": "what is needed",
    "minimum": "the least that the balance weighs well",
    "drug": "the drug weighed",
    "diluent": "the diluent weighed",
    "total": "the mixture in all",
    "aliquot": "the aliquot weighed",
}
WRITE_DOWN = "Write down what is missing: it never counts as in order."


def _not_said(used: Used, what: str, *place: str) -> Fault:
    return Fault(
        message=f"not said: {what}, of {used.name}",
        field=(*used.path, *place),
        found=NOTHING,
        help=WRITE_DOWN,
        verdict=Verdict.NOT_DETERMINED,
    )


def _mg(value: Fraction) -> str:
    """A mass to two decimals of a milligram, 605 mg and 31.24 mg; of less than 1 mg to five."""
    return f"{format_exactly(value, 2 if value >= 1 else 5)} mg"


def _differs(value: Fraction, right: Fraction) -> bool:
    return not abs(value - right) <= WITHIN * right


@record_rule(
    "FC310",
    "Arithmetic of the aliquot",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (UNC pharmlabs, aliquot method)",
    applies=lambda batch: any(used.used.aliquot is not None for used in batch.components),
)
def aliquot_arithmetic(batch: Batch) -> Iterator[Fault]:
    """An aliquot holds what is needed, and none of its three weighings is below what the balance weighs well.

    For 20 mg on a balance with a least of 120 mg: 120 mg of drug (6 x 20 mg) and 600 mg of diluent make 720 mg, of which
    120 mg hold 120 x 120 / 720 = 20 mg. All six figures are needed; each is compared within 0.5 %, and what is needed
    also with what the batch requires.

    Compute the plan again, and make the dilution again if a weighing was wrong.
    """
    for used in batch.components:
        aliquot = used.used.aliquot
        if aliquot is not None:
            missing = [name for name in _FIGURES if getattr(aliquot, name) is None]
            for name in missing:
                yield _not_said(used, _FIGURES[name], "aliquot", name)
            if not missing:
                path: Path = (*used.path, "aliquot")
                yield from _sums(batch, used, aliquot, path)
                yield from _least(batch, used, aliquot, path)


def _sums(batch: Batch, used: Used, aliquot: Aliquot, path: Path) -> Iterator[Fault]:
    """What does not add up: one finding for each wrong figure, with all that follows from it."""
    assert aliquot.drug and aliquot.diluent and aliquot.total and aliquot.aliquot and aliquot.needed  # noqa: S101
    mixture, held = aliquot.drug.value + aliquot.diluent.value, drug_in_aliquot(aliquot)
    total_is_wrong = _differs(aliquot.total.value, mixture)
    mixed = f"{aliquot.drug} of drug and {aliquot.diluent} of diluent are {_mg(mixture)}, not {aliquot.total}"
    so = f"{used.name}: {mixed}; so " if total_is_wrong else f"{used.name}: "
    place, wrong, right = (*path, "aliquot"), str(aliquot.aliquot), f"at most {_mg(mixture)}"
    required = batch.active_required if used.role is Role.ACTIVE else batch.required(used)
    if held is None or aliquot.aliquot.value > mixture:
        said = f"{so}an aliquot of {aliquot.aliquot} cannot come out of {_mg(mixture)}"
    elif _differs(held, aliquot.needed.value) and (not required or total_is_wrong or _differs(held, required)):
        said = (
            f"{so}{aliquot.aliquot} of the mixture hold {_mg(held)} ({aliquot.drug} x {aliquot.aliquot} / {_mg(mixture)}), "
            f"not the {aliquot.needed} needed"
        )
        wrong, right = _mg(held), str(aliquot.needed)
    else:
        said = f"{used.name}: {mixed}" if total_is_wrong else ""
    if total_is_wrong:
        place, wrong, right = (*path, "total"), str(aliquot.total), _mg(mixture)
    if said:
        yield Fault(message=said, field=place, found=wrong, limit=right)
    yield from _need(used, aliquot.needed, required, held, path)


def _need(used: Used, needed: Amount, required: Fraction | None, held: Fraction | None, path: Path) -> Iterator[Fault]:
    if not required:
        yield Fault(
            message=f"{used.name}: whether {needed} is what the batch requires cannot be computed",
            field=(*path, "needed"),
            found=str(needed),
            help="Correct what the other findings name; then this can be judged.",
            verdict=Verdict.NOT_DETERMINED,
        )
    elif _differs(needed.value, required):
        as_required = held is not None and _differs(held, needed.value) and not _differs(held, required)
        also = f", which the aliquot holds ({_mg(held)})" if held is not None and as_required else ""
        yield Fault(
            message=f"{used.name}: {needed} is said to be needed, and the batch requires {_mg(required)}{also}",
            field=(*path, "needed"),
            found=str(needed),
            limit=_mg(required),
        )


def _least(batch: Batch, used: Used, aliquot: Aliquot, path: Path) -> Iterator[Fault]:
    assert aliquot.minimum is not None  # noqa: S101
    least = aliquot.minimum
    for name in ("drug", "diluent", "aliquot"):
        mass = getattr(aliquot, name)
        if mass.value < least.value:
            yield Fault(
                message=f"{used.name}: {_FIGURES[name]}, {mass}, is below the least that the balance weighs well, {least}",
                field=(*path, name),
                found=str(mass),
                limit=f"at least {least}",
            )
    balance = batch.balance_of(used)
    own = None if balance is None else minimum_weighable(balance, batch.policy)
    coarse = None if balance is None else minimum_weighable(balance, "rx-5-percent")
    if balance is not None and own is not None and coarse is not None and least.value < own:
        bound = f"{format_exactly(own, 4)} mg"
        is_warning = batch.policy == "rx-1-percent" and least.value >= coarse
        yield Fault(
            message=f"{used.name}: the aliquot is planned with a least of {least}, and balance {balance.id} has {bound}",
            field=(*path, "minimum"),
            # A warning must not take the place of an error: without a figure of its own it silences no FC305.
            found=None if is_warning else str(least),
            limit=f"at least {bound}",
            severity=Severity.WARNING if is_warning else None,
        )


MOST_DAYS = 180
MOST_DRUG = Fraction(50, 100)
"""A trituration is drug thinned with diluent, usually 1:10 or 1:100; with more drug than diluent it thins nothing."""
CORRECTED = ("when made", "when weighed")


@record_rule(
    "FC311",
    "Stored trituration",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source="USP <795> (official 1 Nov 2023): a stored trituration is a preparation with its own record and date",
    applies=lambda batch: any(used.used.trituration is not None for used in batch.components),
    alone=True,
)
def stored_trituration(batch: Batch) -> Iterator[Fault]:
    """A stored trituration is a compounded preparation of its own: it has an id, a strength, a day it was made, and a date.

    Its strength is in % w/w, at most 50 % (usual are 10 % and 1 %), and the record says whether its drug was corrected for
    potency when it was made or when it is weighed: once, never twice. 4.5 mg are 45 mg of a 10 % trituration. It may be
    used until its own beyond-use date, which is at most 180 days after it was made, as for any dry preparation, and not
    after the expiry of the drug in it.

    Find the record of the trituration and write down what is missing; if it is past its date, make the batch again.
    """
    for used in batch.components:
        if used.used.trituration is not None:
            yield from _what_is_missing(used)
            yield from _dates(used, batch.record.made)
            yield from _source_in_date(used, batch.record.made)


def _says_nothing(value: object) -> bool:
    return value is None or is_blank(value)


def _what_is_missing(used: Used) -> Iterator[Fault]:
    trituration = used.used.trituration
    assert trituration is not None  # noqa: S101
    for name, what in (
        ("id", "the id of the trituration"),
        ("concentration", "the strength of the trituration in % w/w"),
        ("potency_corrected", 'whether its potency was corrected "when made" or "when weighed"'),
        ("made", "the day the trituration was made"),
        ("beyond_use_date", "the beyond-use date of the trituration"),
    ):
        if _says_nothing(getattr(trituration, name)):
            yield _not_said(used, what, "trituration", name)
    if trituration.source is None or _says_nothing(trituration.source.lot):
        yield _not_said(used, "the lot of the drug that the trituration was made from", "trituration", "source")
    yield from _which_powder(used)
    concentration, said = trituration.concentration, trituration.potency_corrected
    if concentration is not None and (concentration.kind != "percent_ww" or not 0 < concentration.value <= 1):
        yield Fault(
            message=f"{used.name}: {concentration} is no strength of a powder",
            field=(*used.path, "trituration", "concentration"),
            found=str(concentration),
            limit="more than 0 and at most 50 % w/w",
            verdict=Verdict.NOT_DETERMINED,
        )
    elif concentration is not None and concentration.value > MOST_DRUG:
        yield Fault(
            message=f"{used.name}: {concentration} is no trituration, which is drug thinned with at least as much diluent",
            field=(*used.path, "trituration", "concentration"),
            found=str(concentration),
            limit="at most 50 % w/w",
            help="If the powder was weighed undiluted, record it with its certificate and without `trituration`.",
            authority=Authority.FORMCHECK,
            source="formcheck; usual triturations are 1:10 and 1:100",
        )
    if said is not None and not _says_nothing(said) and plain(said[:100]) not in CORRECTED:
        yield Fault(
            message=f'{used.name}: "{said[:40]}" does not say when the potency of the trituration is corrected',
            field=(*used.path, "trituration", "potency_corrected"),
            found=said[:40],
            limit="when made, or when weighed",
            verdict=Verdict.NOT_DETERMINED,
        )


def _which_powder(used: Used) -> Iterator[Fault]:
    """Whether the lot of the component is the trituration, or the drug in it; of another lot nobody knows what it is."""
    trituration, lot = used.used.trituration, used.used.lot
    if trituration is None or _says_nothing(lot) or _says_nothing(trituration.id):
        return
    source = trituration.source.lot if trituration.source is not None else None
    weighed, id_ = plain(str(lot)), plain(str(trituration.id))
    if weighed in id_ or id_ in weighed or (source is not None and plain(source) == weighed):
        return
    yield Fault(
        message=f"{used.name}: the lot weighed is {lot}, and the trituration described is {trituration.id}",
        field=(*used.path, "trituration", "id"),
        found=str(trituration.id),
        limit=f"{lot}, the lot of the component",
        help="Look which trituration was weighed, and write its id as the lot of the component too.",
        verdict=Verdict.NOT_DETERMINED,
        severity=Severity.WARNING,
        authority=Authority.FORMCHECK,
        source="formcheck: one powder has one identifier",
    )


def _dates(used: Used, made: datetime.date | None) -> Iterator[Fault]:
    trituration = used.used.trituration
    assert trituration is not None  # noqa: S101
    begun, until = trituration.made, trituration.beyond_use_date
    if made is None:
        yield Fault(
            message=f"{used.name}: whether the trituration was in date is not known without the day the batch was made",
            field=("made",),
            found=NOTHING,
            help=WRITE_DOWN,
            verdict=Verdict.NOT_DETERMINED,
        )
    if begun is not None and made is not None and begun > made:
        yield Fault(
            message=f"{used.name}: the trituration was made on {begun}, after the batch was made on {made}",
            field=(*used.path, "trituration", "made"),
            found=str(begun),
            limit=f"not after {made}",
        )
    if until is not None and made is not None and until < made and not (begun is not None and until < begun):
        yield Fault(
            message=f"{used.name}: the trituration was good until {until}, and the batch was made on {made}",
            field=(*used.path, "trituration", "beyond_use_date"),
            found=str(until),
            limit=f"not before {made}",
        )
    elif begun is not None and until is not None and not begun <= until <= begun + datetime.timedelta(days=MOST_DAYS):
        latest = begun + datetime.timedelta(days=MOST_DAYS)
        yield Fault(
            message=f"{used.name}: a trituration made on {begun} may be used until {latest}, and its date is {until}",
            field=(*used.path, "trituration", "beyond_use_date"),
            found=str(until),
            limit=f"{begun} to {latest}",
        )


def _source_in_date(used: Used, batch_made: datetime.date | None) -> Iterator[Fault]:
    """Whether the drug was in date when the trituration was made, and is as long as the trituration may be used."""
    trituration = used.used.trituration
    expires = trituration.source.expires if trituration is not None and trituration.source is not None else None
    if trituration is None or expires is None:
        return
    begun, until, last = trituration.made or batch_made, trituration.beyond_use_date, expires.last_day
    if begun is not None and last < begun:
        said, limit = f"expired on {last}, before the trituration was made on {begun}", f"not before {begun}"
    elif until is not None and last < until:
        said, limit = f"expires on {last}, and the trituration is dated {until}", f"not before {until}"
    else:
        return
    yield Fault(
        message=f"{used.name}: the drug of the trituration {said}",
        field=(*used.path, "trituration", "source", "expires"),
        found=f"expires {expires}",
        limit=limit,
        help="Make the trituration again with a lot in date, or give it the expiry of its drug as beyond-use date.",
    )
