"""FC3: filling capsules by packing statistics. Whether the powders fit, and what fills the capsule up."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck.findings import Authority, Severity
from formcheck.papers.formulation import Role
from formcheck.papers.placeholders import is_blank
from formcheck.planning.batch import Batch
from formcheck.planning.components import Used, is_weighed, only, plain
from formcheck.planning.filling import why_no_room
from formcheck.rules.rule import Fault, Limits, Row, Telling, limit_rule, record_rule
from formcheck.rules.weighing import POTENCY_NEEDS
from formcheck.units import Amount, format_beyond, format_exactly, format_number

PACKING = "good practice (packing statistics: what of a powder fills one capsule, in this machine and of this lot)"
NOT_KNOWN = "the potency, the packing statistics or the number of capsules are not known"
CORRECT_FIRST = "Correct what the other findings name; then this can be judged."


def _is_counted(batch: Batch) -> bool:
    return batch.form is not None and batch.form.units_are_counted


FITS = Limits.at_most("100 %", PACKING, rounded=False)
_NO_OTHERS = (Role.ACTIVE, Role.DILUENT, Role.SHELL)
OTHER_UNIT = 10
"""Above so many capsules for one dose the packing statistic was written in another unit (formcheck's own)."""


def _others(batch: Batch) -> Iterator[tuple[Used, Fraction]]:
    """The further powders of a capsule whose packing statistic is given, each with the part of a capsule it takes.

    What the formulation does not know is FC209's matter.
    """
    if batch.units is None or batch.batch_overage is None or not batch.units > 0:
        return
    for used in batch.components:
        packing = used.used.packing
        if packing is None or used.planned is None or used.role in _NO_OTHERS or not is_weighed(used):
            continue
        required = batch.required(used)
        if required is not None and packing.value > 0:
            yield used, required / (batch.units * (1 + batch.batch_overage)) / packing.value


def _filled(batch: Batch) -> Iterator[Row]:
    active = batch.active
    packing = active.used.packing if active is not None else None
    others = sum((part for _, part in _others(batch)), Fraction(0))
    yield Row(
        {
            "active": batch.active_in_unit,
            "packing": packing.value if packing is not None and packing.value > 0 else None,
            "others": others,
        },
        FITS,
        partial(_tell_filled, active, batch.active_in_unit, packing, others),
        ("components",) if active is None else (*active.path, "packing"),
    )


def _tell_filled(used: Used | None, active: Fraction | None, packing: Amount | None, others: Fraction) -> Telling:
    what = "the part of a capsule that the powders take before the diluent"
    if used is None or active is None or packing is None or not packing.value > 0:
        return Telling(what, unknown=NOT_KNOWN)
    share = active / packing.value + others
    shown = f"{format_beyond(share * 100, Fraction(100), 1)} %"
    more = f", and other powders take {format_exactly(others * 100, 1)} % of it" if others else ""
    slip = f"; {packing} looks as if it were in another unit (g for mg)" if share > OTHER_UNIT else ""
    return Telling(
        what,
        said=f"{used.name}: {format_exactly(active, 2)} mg of powder where {packing} fill a capsule{more}: that is {shown} "
        f"of a capsule, above 100 %{slip}",
        found=shown,
        help="Look up in which unit the packing statistic was measured, and correct it in the record." if slip else "",
    )


@limit_rule(
    "FC313",
    "Fill fits the capsule",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=PACKING,
    needs=("active.packing", *POTENCY_NEEDS),
    applies=_is_counted,
    rows=_filled,
    quantities={"active": "mg", "packing": "mg", "others": ""},
    shown_in="%",
    of=" of a capsule",
)
def fill_fits(active: Any, packing: Any, others: Any) -> Any:
    """The active, as it is weighed, and whatever else is in a capsule beside the diluent must fit into it.

    Each powder takes the part of a capsule that its mass is of its packing statistic: 4.95 mg of an active of which
    150 mg fill a capsule take 3.3 %. Above 100 % powder is left over, and so is drug.

    Look at the packing statistic for a slip; else use a larger capsule.
    """
    return active / packing + others


def _diluent(batch: Batch) -> Used | None:
    """The diluent whose amount required the record states."""
    diluent = only(batch.in_role(Role.DILUENT)) if _is_counted(batch) else None
    return diluent if diluent is not None and diluent.used.required is not None else None


RECOMPUTED = Limits.about("1.0 %", PACKING).worded("within 1.0 % of what it should be")


def _stated(batch: Batch) -> Iterator[Row]:
    diluent = _diluent(batch)
    if diluent is None or diluent.used.required is None:
        return
    recomputed = batch.diluent_required
    yield Row(
        {"stated": diluent.used.required.value, "recomputed": recomputed or None},
        RECOMPUTED,
        partial(_tell_stated, batch, diluent, recomputed),
        (*diluent.path, "required"),
    )


def _tell_stated(batch: Batch, diluent: Used, recomputed: Fraction | None) -> Telling:
    working = ""
    if recomputed is not None and batch.diluent_in_unit is not None and batch.units is not None:
        each = f"{format_number(batch.diluent_in_unit, 2)} mg x {format_exactly(batch.units)}"
        overage = f" x {format_exactly(1 + (batch.batch_overage or Fraction(0)))}" if batch.batch_overage else ""
        aliquot = batch.active is not None and batch.active.used.aliquot is not None
        less = ", less what is in the aliquot" if aliquot else ""
        working = f"{each}{overage}{less} = {format_number(recomputed, 1)} mg"
    no_room = why_no_room(batch)
    return Telling(
        f"the amount required of {diluent.name} ({diluent.used.required})",
        working=working,
        unknown=no_room or NOT_KNOWN,
        help=CORRECT_FIRST if no_room else "",
    )


@limit_rule(
    "FC314",
    "Amount of diluent, recomputed",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=PACKING,
    needs=("active.packing", "diluent.packing", *POTENCY_NEEDS),
    applies=lambda batch: _diluent(batch) is not None,
    rows=_stated,
    quantities={"stated": "mg", "recomputed": "mg"},
    shown_in="%",
    of=" of what it should be",
)
def diluent_required(stated: Any, recomputed: Any) -> Any:
    """The diluent the record says was required must be what the packing statistics give, within 1 %.

    A capsule that the active fills by a / F is filled up with (1 - a / F) x the packing statistic of the diluent, not with
    that statistic less a: powders take room by their own density. The batch takes that times the capsules and the batch
    overage, less the diluent that came in with an aliquot.

    Compute it again with the packing statistics of these lots, and correct what the record says was required. Whether the
    right amount was weighed is said by FC305.
    """
    return stated / recomputed


THEORY = Limits.about("0.5 %", PACKING).worded("within 0.5 % of what it should be")


def _has_theory(batch: Batch) -> bool:
    stated = batch.record.theoretical
    return stated is not None and (stated.net is not None or stated.gross is not None) and _is_counted(batch)


def _theory(batch: Batch) -> Iterator[Row]:
    """The net mass, and the gross mass; of a net mass that is wrong, or unknown, the gross mass is no fault more."""
    theoretical, net = batch.record.theoretical, batch.net_in_unit
    if theoretical is None:
        return
    if theoretical.net is not None:
        row = _theoretical(batch, "net", theoretical.net, net)
        yield row
        if _is_off(row):
            return
    if theoretical.gross is not None:
        shell = batch.shell.used.mean_mass if batch.shell is not None else None
        gross = None if net is None or shell is None else net + shell.value
        yield _theoretical(batch, "gross", theoretical.gross, gross)


def _theoretical(batch: Batch, name: str, stated: Amount, right: Fraction | None) -> Row:
    return Row(
        {"stated": stated.value, "recomputed": right or None},
        THEORY,
        partial(_tell_theory, batch, name, stated, right),
        ("theoretical", name),
    )


def _is_off(row: Row) -> bool:
    stated, recomputed = row.values["stated"], row.values["recomputed"]
    if stated is None or recomputed is None:
        return True
    return any(bound.broken_by(stated / recomputed) for bound in row.limits.bounds)


def _tell_theory(batch: Batch, name: str, stated: Amount, right: Fraction | None) -> Telling:
    no_room = why_no_room(batch)
    return Telling(
        f"the theoretical {name} mass ({stated})",
        working="" if right is None else f"recomputed {format_number(right, 2)} mg",
        unknown=no_room or (NOT_KNOWN if batch.net_in_unit is None else "the mean mass of the empty shells is not known"),
        help=CORRECT_FIRST if no_room else "",
    )


@limit_rule(
    "FC315",
    "Theoretical masses, recomputed",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source=PACKING,
    applies=_has_theory,
    rows=_theory,
    quantities={"stated": "mg", "recomputed": "mg"},
    shown_in="%",
    of=" of what it should be",
)
def theoretical_masses(stated: Any, recomputed: Any) -> Any:
    """The theoretical masses the record states must be those its own figures give, within 0.5 %.

    Net is the active as it is and the diluent of one capsule, 4.95 mg + 125.71 mg = 130.66 mg; gross is net and the mean
    empty shell. Capsules that are compared with a wrong theory pass or fail for nothing.

    Compute them again from this batch's certificate, packing statistics and shells; formcheck judges by its own.
    """
    return stated / recomputed


def _packed(batch: Batch) -> list[Used]:
    return [used for used in batch.components if not is_blank(used.used.packing_lot) and not is_blank(used.used.lot)]


@record_rule(
    "FC316",
    "Packing statistic of the same lot",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source=PACKING,
    applies=lambda batch: _is_counted(batch) and bool(_packed(batch)),
    alone=True,
)
def packing_of_lot(batch: Batch) -> Iterator[Fault]:
    """A packing statistic belongs to one lot: it must be measured again when the lot changes.

    Lots of microcrystalline cellulose differ by several percent in how they pack, and the whole of that is in the mass of
    each capsule.

    Fill and weigh a few capsules of this lot, and take the new packing statistic.
    """
    for used in _packed(batch):
        lot, packed = str(used.used.lot), str(used.used.packing_lot)
        if plain(lot) != plain(packed):
            yield Fault(
                message=f"{used.name} is lot {lot}, and its packing statistic was measured on lot {packed}",
                field=(*used.path, "packing_lot"),
                found=f"lot {packed}",
                limit=f"lot {lot}",
            )
