"""FC2: components. Who they are, where they come from, and whether they were still good."""

import datetime
import difflib
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck.findings import NOTHING, Authority, Severity, Verdict
from formcheck.papers.formulation import NEVER_OPTIONAL, Component, Role
from formcheck.papers.placeholders import is_blank
from formcheck.papers.values import Expiry, Interval
from formcheck.planning.batch import Batch
from formcheck.planning.component_names import size_in, size_of, substance
from formcheck.planning.components import Used, plain
from formcheck.rules.rule import Fault, Limits, Row, Telling, limit_rule, record_rule

NOT_BEFORE = "USP <795> (official 1 Nov 2023), components; USP <7>: month and year mean the last day of the month"


IN_DATE = Limits.at_least("0 days", NOT_BEFORE, rounded=False)


def _expiries(batch: Batch) -> Iterator[Row]:
    made = batch.record.made
    for used in batch.components:
        expires = used.used.expires
        if expires is not None and made is not None:
            days_left = (expires.last_day - made).days
            yield Row(
                {"days_left": Fraction(days_left)},
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


UNDATED = "USP <795> (official 1 Nov 2023), components without an expiry: one year from receipt"
YEARLY = Interval.read("12 months")


def _undated(batch: Batch) -> tuple[Used, ...]:
    return tuple(used for used in batch.components if used.used.received is not None and used.used.expires is None)


def _months_held(batch: Batch) -> Iterator[Row]:
    made = batch.record.made
    for used in _undated(batch):
        received = used.used.received
        assert received is not None  # _undated gives no other  # noqa: S101
        last = YEARLY.after(received)
        limits = Limits.between("0 days", f"{(last - received).days} days", UNDATED, rounded=False)
        if made is not None and not received <= made <= last:
            limits = limits.worded(f"used by {last}" if made > last else f"received by {made}")
        yield Row(
            {"held": None if made is None else Fraction((made - received).days)},
            limits,
            partial(_tell_undated, used, received, last, made),
            (*used.path, "received"),
        )


def _tell_undated(used: Used, received: datetime.date, last: datetime.date, made: datetime.date | None) -> Telling:
    late = made is not None and made > last
    why = f"it may be used until {last}, and was used on {made}" if late else f"that is after the batch was made on {made}"
    return Telling(
        f"the time {used.name} was kept",
        unknown="the day the batch was made is not said",
        said=f"{used.name} has no expiry and was received on {received}: {why}",
        found=f"used on {made}" if late else f"received on {received}",
    )


@limit_rule(
    "FC208",
    "Component without an expiry",
    severity=Severity.WARNING,
    authority=Authority.COMPENDIAL,
    source=UNDATED,
    applies=lambda batch: bool(_undated(batch)),
    alone=True,
    after_here=("FC210",),
    rows=_months_held,
    quantities={"held": "day"},
    shown_in="days",
)
def component_without_expiry(held: Any) -> Any:
    """A component whose package gives no expiry is used within one year of the day it was received.

    The day of receipt is written on the package when it comes. A flavour received on 2025-12-01 may be used until
    2026-12-01.

    Do not release before the maker gave an expiry of this lot that covers the day of use; else make the batch again with a
    fresh package.
    """
    return held


SAME_SET = "USP <795> (official 1 Nov 2023) 7.2: the record names each component of the master formulation record"


@record_rule(
    "FC209",
    "Components are those of the formulation",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=SAME_SET,
    needs=("components.name", "formulation.components"),
)
def same_components(batch: Batch) -> Iterator[Fault]:
    """The components of the record are those of the formulation: none missing, none added, each under its name.

    An alternate that the formulation names is a warning, so that somebody looks whether it was meant. A component may
    stand twice, with two lots; a flavour that the formulation calls optional may be missing. The capsule shell is a
    component. What is made up to volume has its final volume in the record. A preservative left out turns 35 days into 14.

    Correct the name where only the name is wrong. Where the batch is another than the formulation, do not release it.
    """
    planned = batch.formulation.components if batch.formulation is not None else ()
    there = {id(used.planned) for used in batch.components}
    missing = [component for component in planned if id(component) not in there and not _may_be_left_out(component)]
    strange = [used for used in batch.components if used.planned is None]
    if strange:
        faults, missing = _strangers(strange, missing, planned)
        yield from faults
    for used in batch.components:
        if used.planned is not None and _is_alternate(used.name, used.planned):
            yield Fault(
                message=f"{used.name} stands in place of {used.planned.name}, as an alternate of the formulation",
                field=(*used.path, "name"),
                found=used.name,
                limit=str(used.planned.name),
                help="Look whether the alternate was meant, and whether the patient tolerates it.",
                severity=Severity.WARNING,
            )
        if _is_another_size(used):
            size, wanted = _size(used), used.planned.size if used.planned is not None else None
            message = f"{used.name} is of size {size}, the formulation's of size {wanted}"
            yield Fault(message, (*used.path, "size"), f"size {size}", f"size {wanted}")
        if used.planned is not None and used.planned.final_volume is not None and used.used.final_volume is None:
            yield Fault(
                message=f"not said: the final volume that {used.name} made the batch up to",
                field=(*used.path, "final_volume"),
                found=NOTHING,
                help="Write down what is missing: it never counts as in order.",
                verdict=Verdict.NOT_DETERMINED,
            )
    for component in missing:
        yield Fault(
            message=f"{component.name} is in the formulation, and not in the record",
            field=("components",),
            found=f"no {component.name}",
            limit=str(component.name),
            help=f"If {component.name} was used, write it into the record with its lot and amount. If it was left out, the "
            "batch is another preparation: do not release it.",
        )


def _may_be_left_out(component: Component) -> bool:
    return component.optional == "yes" and component.role not in NEVER_OPTIONAL


def _is_another_size(used: Used) -> bool:
    """Whether a shell is of another size than the formulation's; a size that is not said is no fault."""
    wanted, given = used.planned.size if used.planned is not None else None, _size(used)
    return wanted is not None and given is not None and size_of(given) != size_of(wanted)


def _size(used: Used) -> str | None:
    """The size that a record gives of its shells: in its field, else in their name."""
    said = used.used.size
    return size_in(used.name) if said is None or is_blank(said) else said


def _is_alternate(name: str, planned: Component) -> bool:
    named = {substance(alternate) for alternate in planned.alternates}
    return substance(name) in named and substance(name) != substance(planned.name or "")


def _near(name: str, missing: list[Component]) -> Component | None:
    """The missing component whose name this one may be a slip of."""
    known = {plain(component.name): component for component in missing if component.name is not None}
    near = difflib.get_close_matches(plain(name[:100]), known, n=1, cutoff=0.8)
    return known[near[0]] if near else None


def _strangers(
    strange: list[Used], missing: list[Component], planned: tuple[Component, ...]
) -> tuple[list[Fault], list[Component]]:
    """What to say of components the formulation does not know, and what is missing beside them.

    One strange component and one that is absent are one that was exchanged, or one wrong name.
    """
    faults, others = list[Fault](), list[Used]()
    for used in strange:
        near = _near(used.name, missing)
        if near is None:
            others.append(used)
        else:
            missing = [component for component in missing if component is not near]
            faults.append(_unknown(used, planned, near))
    if len(others) == len(missing) == 1 and _could_stand_for(others[0], missing[0]):
        return [*faults, _exchanged(others[0], missing[0])], []
    return faults + [_unknown(used, planned, None) for used in others], missing


def _could_stand_for(used: Used, absent: Component) -> bool:
    """A powder does not stand for a shell, nor shells for a powder."""
    return used.used.weighed is None if absent.role is Role.SHELL else used.used.counted is None


def _exchanged(used: Used, absent: Component) -> Fault:
    return Fault(
        message=f"{used.name} stands where the formulation has {absent.name}",
        field=(*used.path, "name"),
        found=used.name,
        limit=str(absent.name),
    )


def _unknown(used: Used, planned: tuple[Component, ...], near: Component | None) -> Fault:
    known = [str(component.name) for component in planned if component.name is not None]
    hint = f": did you mean {near.name}?" if near is not None else ""
    return Fault(
        message=f"the formulation has no component {used.name}{hint}",
        field=(*used.path, "name"),
        found=used.name,
        limit=f"one of {', '.join(known)}"[:300],
    )


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
    identifier of its system instead of a lot (system: PW-01). "n/a" and "TBD" are not lots. What was received after the
    batch was made is not what went into it.

    Write down what is missing from the container's label.
    """
    made = batch.record.made
    for used in batch.components:
        received = used.used.received
        if received is not None and made is not None and received > made:
            yield Fault(
                message=f"{used.name} was received on {received}, after the batch was made on {made}",
                field=(*used.path, "received"),
                found=str(received),
                limit=f"not after {made}",
                help="Find out which lot went into the batch, and correct the lot, or the day it was received.",
            )
