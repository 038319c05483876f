"""FC5: beyond-use dates."""

import datetime
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck.findings import Authority, Severity
from formcheck.planning.batch import Batch
from formcheck.planning.components import Used
from formcheck.planning.dating import TABLE_SOURCE, allowed_days, latest_date
from formcheck.rules.rule import Limits, Row, Telling, limit_rule

SHORTEST = "USP <795> (official 1 Nov 2023) 10.4: the shortest of the limits counts"


def _days_given(batch: Batch) -> Iterator[Row]:
    record, entry = batch.record, batch.beyond_use
    if record.made is None or record.beyond_use_date is None:
        return
    allowed = None if entry is None else allowed_days(entry, table_applies=batch.profile.startswith("usp"))
    made, date = record.made, record.beyond_use_date
    most, source = (allowed.days, allowed.source) if allowed is not None else (0, "")
    yield Row(
        {"days": Fraction((date - made).days) if allowed is not None else None},
        Limits.between("0 days", f"{most} days", source, rounded=False),
        lambda: Telling(
            f"the beyond-use date {date}",
            working=f"made {made}, so {latest_date(made, most)} at the latest",
            unknown=f"the formulation gives no dating for storage {record.storage or '(not said)'}",
        ),
        ("beyond_use_date",),
    )


@limit_rule(
    "FC501",
    "Beyond-use date within its limit",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=TABLE_SOURCE,
    needs=("made", "beyond_use_date", "storage", "formulation.beyond_use"),
    rows=_days_given,
    quantities={"days": "day"},
    shown_in="days",
    of=" after compounding",
)
def days_until_beyond_use(days: Any) -> Any:
    """The beyond-use date may not be later than the table of USP <795> and the formulation allow.

    14 days for water-containing preparations without preservative, 35 with; 90 for oral liquids without water; 180 for
    capsules and other dry forms. 180 days are not six months. A study extends to 180 days at most. Under the European
    profile the formulation's own dating and source count. The day N days after compounding is the last allowed.

    Give the date the message names, or an earlier one, and relabel.
    """
    return days


IN_DATE = Limits.at_least("0 days", SHORTEST, rounded=False)


def _until_expiry(batch: Batch) -> Iterator[Row]:
    beyond_use = batch.record.beyond_use_date
    for used in batch.components:
        dates = [(("expires",), used.used.expires.last_day)] if used.used.expires is not None else []
        trituration = used.used.trituration
        if trituration is not None and trituration.beyond_use_date is not None:
            dates.append((("trituration", "beyond_use_date"), trituration.beyond_use_date))  # type: ignore[arg-type]
        elif trituration is not None:
            words = Telling(used.name, unknown="the trituration does not say until when it may be used")
            yield Row({"days_left": None}, IN_DATE, partial(Telling, *words), (*used.path, "trituration"))
        for field, date in dates:
            if beyond_use is not None:
                days_left = Fraction((date - beyond_use).days)
                yield Row(
                    {"days_left": days_left},
                    IN_DATE if days_left >= 0 else IN_DATE.worded(f"not after {date}"),
                    partial(_tell_expiry, used, date, beyond_use),
                    (*used.path, *field),
                )


def _tell_expiry(used: Used, date: datetime.date, beyond_use: datetime.date) -> Telling:
    return Telling(
        f"the time from the beyond-use date to the expiry of {used.name}",
        said=f"the batch may be used until {beyond_use}, but {used.name} only until {date}",
        found=f"{beyond_use}",
    )


@limit_rule(
    "FC502",
    "Beyond-use date against component expiry",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=SHORTEST,
    needs=("beyond_use_date", "components.expires"),
    alone=True,
    rows=_until_expiry,
    quantities={"days_left": "day"},
    shown_in="days",
)
def beyond_use_before_expiry(days_left: Any) -> Any:
    """The preparation may not be dated beyond the expiry of any of its components.

    All components count, not the active only: filler, flavour, preservative, shell, and a stored trituration
    by its own beyond-use date. Month and year mean the last day of that month.

    Give the earliest of these dates as the beyond-use date, and relabel.
    """
    return days_left
