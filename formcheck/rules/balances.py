"""FC3: balances. Whether a balance weighs so little well enough, and whether it was looked after."""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from formcheck.findings import Authority, Severity, Verdict
from formcheck.papers.compounding import Balance
from formcheck.papers.formulation import Role
from formcheck.papers.placeholders import is_blank
from formcheck.papers.values import Interval
from formcheck.planning.batch import Batch
from formcheck.planning.components import Path, Used, is_weighed
from formcheck.planning.once import once
from formcheck.planning.weighing import minimum_weighable
from formcheck.rules.rule import Fault, Limits, Row, Telling, limit_rule, record_rule
from formcheck.units import Amount, format_exactly

SENSITIVITY = "good practice (UNC pharmlabs; USP <1176>): sensitivity x 100 / % error"
USP_41 = "USP <41>, which the formulation takes as its weighing policy: 2000 x the larger of s and 0.41 d"
_WORDS = {
    "rx-5-percent": "5 % error",
    "rx-1-percent": "1 % error",
    "usp41": "0.10 % by USP <41>",
}


class Weighing(NamedTuple):
    """One thing that was put on a balance: what, how much, where it stands in the record."""

    used: Used
    what: str
    mass: Amount
    field: Path


@once
def weighings(batch: Batch) -> tuple[Weighing, ...]:
    """Every weighing of a component whose balance the record names; of an aliquot its three."""
    return tuple(_on_balances(batch))


def _on_balances(batch: Batch) -> Iterator[Weighing]:
    for used in batch.components:
        paper = used.used
        if paper.balance is None:
            continue
        if paper.aliquot is not None:
            for part, words in (
                ("drug", "the drug of the aliquot"),
                ("diluent", "its diluent"),
                ("aliquot", "the aliquot"),
            ):
                mass = getattr(paper.aliquot, part)
                if mass is not None:
                    yield Weighing(used, f"{used.name}, {words}", mass, (*used.path, "aliquot", part))
        elif paper.weighed is not None:
            yield Weighing(used, used.name, paper.weighed, (*used.path, "weighed"))


@record_rule(
    "FC308",
    "Below what the balance weighs well",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=SENSITIVITY,
    needs=("active.balance",),
)
def below_minimum(batch: Batch) -> Iterator[Fault]:
    """Each balance has a least mass that it weighs within 5 % of error, and one that it weighs within 1 %.

    The sensitivity of an electronic balance is the larger of its readability and twice its repeatability; the least mass is
    20 times that for 5 %, and 100 times for 1 %. With 6 mg of sensitivity, 50 mg are 12 % wrong, and 120 mg are the least
    for 5 %. Below the 5 % minimum is an error; below the 1 % minimum a warning, unless the formulation's policy is 5 %.
    Where its policy is USP <41>, the least is 2000 times the larger of the repeatability and 0.41 of the readability.

    Use a finer balance, or weigh more and take an aliquot of a dilution.
    """
    for used in batch.components:
        if used.used.aliquot is not None and is_blank(used.used.balance):
            yield _unknown(used, "the record does not say on which balance its aliquot was weighed")
        elif used.role is Role.ACTIVE and used.used.balance is not None and batch.balance_of(used) is None:
            yield _unknown(used, f"the record does not describe balance {used.used.balance}, once and by this id")
    unknown = set()
    for one in weighings(batch):
        balance = batch.balance_of(one.used)
        if balance is None:
            continue  # of the active it was said above; of another component FC309 says it
        if not _is_described(balance):
            if one.used.index not in unknown:
                unknown.add(one.used.index)
                yield _unknown(one.used, f"the record gives no readability and repeatability of balance {balance.id}")
            continue
        fault = _judged(one, balance, batch.policy)
        if fault is not None:
            yield fault


def _is_described(balance: Balance) -> bool:
    known = balance.readability is not None and balance.repeatability is not None
    return known and balance.readability is not None and balance.readability.value > 0


def _unknown(used: Used, why: str) -> Fault:
    return Fault(
        message=f"{used.name}: nobody can say whether the balance weighs so little well enough, because {why}",
        field=(*used.path, "balance"),
        found=used.used.balance,
        help="Write readability and repeatability of the balance into the record; they stand in its qualification.",
        verdict=Verdict.NOT_DETERMINED,
    )


def _judged(one: Weighing, balance: Balance, policy: str) -> Fault | None:
    most = minimum_weighable(balance, policy)
    if most is None or not one.mass.value < most:
        return None
    for step in ("rx-5-percent", policy) if policy == "rx-1-percent" else (policy,):
        least = minimum_weighable(balance, step)
        if least is None or not one.mass.value < least:
            continue
        by_usp = step == "usp41"
        bound = f"{format_exactly(least, 4)} mg"
        return Fault(
            message=f"{one.what}: {one.mass} is less than the {bound} that balance {balance.id} weighs within "
            f"{_WORDS[step]} (readability {balance.readability}, repeatability {balance.repeatability})",
            field=one.field,
            found=str(one.mass),
            limit=f"at least {bound}",
            severity=Severity.WARNING if step == "rx-1-percent" else Severity.ERROR,
            authority=Authority.COMPENDIAL if by_usp else None,
            source=USP_41 if by_usp else None,
        )
    return None


YEARLY = Interval.read("12 months")
LOOKED_AFTER = "USP <795> (official 1 Nov 2023): equipment is verified at least every 12 months"
CHECKED = "good practice (check weights on each day of use)"


@record_rule(
    "FC309",
    "Balance verified and checked on the day",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=LOOKED_AFTER,
    needs=("made", "balances.verified", "balances.daily_check"),
    applies=lambda batch: any(is_weighed(used) for used in batch.components),
    alone=True,
)
def balance_looked_after(batch: Batch) -> Iterator[Fault]:
    """Each balance of the record was verified within the twelve months before the batch, and checked on the day.

    A balance that drifts makes every batch wrong by the same amount, and nothing else in the record shows it. The yearly
    verification is by its maker or a service; the check with a weight on each day of use is good practice. A component
    names its balance by its id, so the balance must be in the record.

    Do not use the balance until it is verified, and weigh the retained powder again on another.
    """
    record = batch.record
    made = record.made
    if made is None:
        return
    for index, balance in enumerate(record.balances):
        verified, checked, path = balance.verified, balance.daily_check, ("balances", index)
        name = f"balance {balance.id or index + 1}"
        if verified is not None and not verified <= made <= YEARLY.after(verified):
            late = f"which counts until {YEARLY.after(verified)}" if made > verified else "after the batch"
            yield Fault(
                message=f"{name} was verified on {verified}, {late}; the batch was made on {made}",
                field=(*path, "verified"),
                found=str(verified),
                limit=f"within 12 months before {made}",
            )
        if checked is not None and checked != made:
            yield Fault(
                message=f"{name} was checked on {checked}, and the batch was made on {made}",
                field=(*path, "daily_check"),
                found=str(checked),
                limit=f"checked on {made}",
                help="Check the balance with a weight now, and weigh a retained capsule or the retained powder again.",
                authority=Authority.GOOD_PRACTICE,
                source=CHECKED,
            )
    for used in batch.components:
        if used.used.balance is not None and batch.balance_of(used) is None:
            yield Fault(
                message=f"{used.name} was weighed on balance {used.used.balance}, which the record does not describe, once "
                "and by this id",
                field=(*used.path, "balance"),
                found=used.used.balance,
                limit="a balance of the record",
                help="Write the balance into the record: its id, readability, repeatability, verification and check.",
                verdict=Verdict.NOT_DETERMINED,
            )


COARSE = Limits.at_most("1 %", "good practice (the display step is at most 1 % of what is weighed)", rounded=False)


@once
def _readable(batch: Batch) -> tuple[Row, ...]:
    return tuple(_readabilities(batch))


def _readabilities(batch: Batch) -> Iterator[Row]:
    for one in weighings(batch):
        balance = batch.balance_of(one.used)
        if balance is not None and balance.readability is not None and one.mass.value > 0:
            yield Row(
                {"readability": balance.readability.value, "amount": one.mass.value},
                COARSE,
                partial(_tell_readable, one, balance),
                one.field,
            )


def _tell_readable(one: Weighing, balance: Balance) -> Telling:
    return Telling(f"the readability of balance {balance.id}", f"{balance.readability} on {one.mass} of {one.what}")


@limit_rule(
    "FC312",
    "Readability against the amount weighed",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (the display step is at most 1 % of what is weighed)",
    applies=lambda batch: bool(_readable(batch)),
    after=("FC308",),
    alone=True,
    rows=_readable,
    quantities={"readability": "mg", "amount": "mg"},
    shown_in="%",
    of=" of the amount weighed",
)
def readability_of_amount(readability: Any, amount: Any) -> Any:
    """The last digit of the balance should be at most 1 % of what is weighed.

    A balance that shows steps of 10 mg is 1 % or more off on 450 mg, and a third off on 15 mg, before any other error.

    Use a balance with one decimal more.
    """
    return readability / amount
