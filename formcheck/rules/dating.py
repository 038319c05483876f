"""FC5: beyond-use dates."""

import datetime
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from formcheck.findings import Authority, Severity
from formcheck.papers.formulation import BeyondUse
from formcheck.planning.batch import Batch
from formcheck.planning.categories import left_unpreserved
from formcheck.planning.components import Used
from formcheck.planning.dating import (
    TABLE_DAYS,
    TABLE_SOURCE,
    Allowed,
    allowed_days,
    expiry_of,
    latest_date,
    shorter_literature,
    strict_date,
)
from formcheck.planning.supplying import dispensed, taken
from formcheck.rules.rule import USP, Fault, Limits, Path, Row, Telling, limit_rule, record_rule
from formcheck.units import Amount, format_exactly

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
        partial(_tell_days, batch, entry, made, date, most),
        ("beyond_use_date",),
    )


def _tell_days(batch: Batch, entry: BeyondUse | None, made: datetime.date, date: datetime.date, most: int) -> Telling:
    advised = None if entry is None else _shorter(batch, entry)
    latest = latest_date(made, most if advised is None else min(most, advised.days))
    unpreserved = "; without the preservative of the formulation it keeps 14 days, in the refrigerator"
    return Telling(
        f"the beyond-use date {date}",
        working=f"made {made}, so {latest} at the latest" + (unpreserved if left_unpreserved(batch) else ""),
        unknown=f"the formulation gives no dating for storage {batch.record.storage or '(not said)'}",
    )


@limit_rule(
    "FC501",
    "Beyond-use date within its limit",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=TABLE_SOURCE,
    needs=("made", "beyond_use_date", "storage", "formulation.beyond_use"),
    after=("FC504",),
    rows=_days_given,
    quantities={"days": "day"},
    shown_in="days",
    of=" after compounding",
)
def days_until_beyond_use(days: Any) -> Any:
    """The beyond-use date may not be later than the table of USP <795> and the formulation allow.

    14 days for water-containing preparations without preservative, 35 with; 90 for oral liquids without water; 180 for
    capsules and other dry forms. 180 days are not six months. A study extends to 180 days at most. Under the European
    profile the formulation's own dating and source count. The day N days after compounding is the last allowed. What
    counts is what was made: a batch that the preservative was left out of keeps 14 days.

    Give the date the message names, or an earlier one, and relabel.
    """
    return days


IN_DATE = Limits.at_least("0 days", SHORTEST, rounded=False)


def _until_expiry(batch: Batch) -> Iterator[Row]:
    beyond_use = batch.record.beyond_use_date
    for used in batch.components:
        expiry = expiry_of(used.used)
        place = "expires" if used.used.expires is not None else "received"
        dates: list[tuple[Path, datetime.date]] = [] if expiry is None else [((place,), expiry)]
        trituration = used.used.trituration
        if trituration is not None and trituration.beyond_use_date is not None:
            dates.append((("trituration", "beyond_use_date"), trituration.beyond_use_date))
        elif trituration is not None:
            words = Telling(used.name, unknown="the trituration does not say until when it may be used")
            yield Row({"days_left": None}, IN_DATE, partial(Telling, *words), (*used.path, "trituration"))
        for field, date in dates:
            if beyond_use is not None:
                days_left = (date - beyond_use).days
                yield Row(
                    {"days_left": Fraction(days_left)},
                    IN_DATE if days_left >= 0 else IN_DATE.worded(f"not after {date}"),
                    partial(_tell_expiry, used, date, batch),
                    (*used.path, *field),
                )


def _tell_expiry(used: Used, date: datetime.date, batch: Batch) -> Telling:
    beyond_use, made = batch.record.beyond_use_date, batch.record.made
    too_late = made is not None and date < made
    received = used.used.received if used.used.expires is None and used.used.trituration is None else None
    why = "" if received is None else f" (received {received} without an expiry, so 12 months from then)"
    return Telling(
        f"the time from the beyond-use date to the expiry of {used.name}",
        said=f"the batch may be used until {beyond_use}, but {used.name} only until {date}{why}",
        found=f"{beyond_use}",
        help="It was past its date when the batch was made: make the batch again with one in date." if too_late else "",
    )


@limit_rule(
    "FC502",
    "Beyond-use date against component expiry",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=SHORTEST,
    needs=("beyond_use_date", "components.expires"),
    alone=True,
    after_here=("FC201", "FC311"),
    rows=_until_expiry,
    quantities={"days_left": "day"},
    shown_in="days",
)
def beyond_use_before_expiry(days_left: Any) -> Any:
    """The preparation may not be dated beyond the expiry of any of its components.

    All components count, not the active only: filler, flavour, preservative, shell, and a stored trituration
    by its own beyond-use date. Month and year mean the last day of that month. A component that came without an
    expiry counts until 12 months after it was received.

    Give the earliest of these dates as the beyond-use date, and relabel.
    """
    return days_left


HERE = "(formulation)"


def dated(batch: Batch) -> Iterator[tuple[int, BeyondUse, Path]]:
    """The days that the record gives, or in `lint` each entry of the formulation, with the entry and their place."""
    record, formulation = batch.record, batch.formulation
    if batch.is_specification:
        for index, entry in enumerate(formulation.beyond_use if formulation is not None else ()):
            if entry.days is not None:
                yield int(entry.days), entry, (HERE, "beyond_use", index, "days")
    elif record.made is not None and record.beyond_use_date is not None and batch.beyond_use is not None:
        yield (record.beyond_use_date - record.made).days, batch.beyond_use, ("beyond_use_date",)


def _strength(batch: Batch) -> Amount | None:
    """The strength of the record; in `lint` that of the formulation, if it has one only."""
    strengths = batch.formulation.strengths if batch.formulation is not None else ()
    if not batch.is_specification:
        return batch.record.strength
    return strengths[0] if len(strengths) == 1 else None


def _shorter(batch: Batch, entry: BeyondUse) -> Allowed | None:
    formulation = batch.formulation
    storage = batch.record.storage or entry.storage or (formulation.storage if formulation is not None else None)
    return shorter_literature(entry, storage, _strength(batch))


def _is_within_the_table(days: int, entry: BeyondUse) -> bool:
    """Whether the table, or a study, allows these days: beyond it FC501 and FC503 speak, and name the shorter date too."""
    return entry.basis in ("study", "monograph") or entry.category is None or days <= TABLE_DAYS[entry.category]


def _days_of_literature(batch: Batch) -> Iterator[Row]:
    for days, entry, place in dated(batch):
        advised = _shorter(batch, entry)
        if advised is not None and _is_within_the_table(days, entry):
            limits = Limits.at_most(f"{advised.days} days", f"{SHORTEST}; {advised.source}", rounded=False)
            yield Row({"days": Fraction(days)}, limits, partial(_tell_literature, batch, days, advised), place)


def _tell_literature(batch: Batch, days: int, advised: Allowed) -> Telling:
    record = batch.record
    until = "" if record.made is None else f", so {latest_date(record.made, advised.days)} at the latest"
    said = f"beyond-use date {record.beyond_use_date}" if record.beyond_use_date is not None else "dating"
    return Telling(
        f"the {said}",
        said=f"the {said} is {days} days after compounding, but {advised.source.rstrip('.')} advises {advised.days}{until}",
    )


@limit_rule(
    "FC504",
    "Literature shorter than the table",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=SHORTEST,
    profiles=USP,
    subjects=("record", "formulation"),
    applies=lambda batch: any(
        _shorter(batch, entry) is not None and _is_within_the_table(days, entry) for days, entry, _ in dated(batch)
    ),
    rows=_days_of_literature,
    quantities={"days": "day"},
    shown_in="days",
)
def days_of_literature(days: Any) -> Any:
    """Where a published study advises a shorter dating than the table of USP <795>, the shorter one counts.

    The formulation names such a study in `literature`. One is known here already: for naltrexone oral liquid 1 mg/mL
    the authors advise 30 days at 25 °C and 60 days at 4 °C, because it turns yellow (Fawcett 1997), where the table
    gives a preserved liquid 35 days. Advice that is longer than the table extends nothing.

    Give the shorter date, or keep the liquid in the refrigerator, and relabel.
    """
    return days


def _is_dated(batch: Batch) -> bool:
    return batch.record.made is not None and batch.record.beyond_use_date is not None


@record_rule(
    "FC507",
    "How the days were counted",
    severity=Severity.INFO,
    authority=Authority.FORMCHECK,
    source="formcheck; texts on <795> differ on whether the day of compounding is day one",
    profiles=USP,
    applies=_is_dated,
)
def day_counted_as_none(batch: Batch) -> Iterator[Fault]:
    """Some texts count the day of compounding as day one, others begin on the day after: one day of difference.

    Of 180 days from 2026-01-10 the last is 2026-07-08 by the strict reading, and 2026-07-09 by the other. This date
    is the last by the other reading. It is allowed here; only a later one fails.

    Consider the day before, which is right by either reading.
    """
    made, date, entry = batch.record.made, batch.record.beyond_use_date, batch.beyond_use
    allowed = None if entry is None else allowed_days(entry, table_applies=True)
    if made is None or date is None or allowed is None or allowed.days < 1 or latest_date(made, allowed.days) != date:
        return
    strict = strict_date(made, allowed.days)
    yield Fault(
        message=f"{date} is {allowed.days} days after {made}; "
        f"with the day of compounding as day one the last day is {strict}",
        field=("beyond_use_date",),
        found=str(date),
        limit=f"{strict}, by the strict reading",
    )


OUTLAST = "good practice: what is dispensed is used up before the beyond-use date"


def _supply(batch: Batch) -> Iterator[Row]:
    made, date = batch.record.made, batch.record.beyond_use_date
    given, intake = dispensed(batch), taken(batch)
    if made is None or date is None or given is None or intake is None:
        return
    at_once, times = intake
    # The day of compounding is a day of use too.
    most = max(0, (date - made).days + 1)
    limits = Limits.at_most(f"{most} days", OUTLAST, rounded=False)
    values: dict[str, Fraction | None] = {"dispensed": given, "at_once": at_once, "interval": Fraction(1, times)}
    yield Row(values, limits, partial(_tell_supply, batch, given, at_once * times, most), ("beyond_use_date",))


def _tell_supply(batch: Batch, given: Fraction, a_day: Fraction, most: int) -> Telling:
    unit = "capsules" if batch.form is not None and batch.form.units_are_counted else "mL"
    days = format_exactly(Fraction(int(given / a_day)))
    words = f"{format_exactly(given, 2)} {unit} at {format_exactly(a_day, 2)}{'' if unit == 'capsules' else ' mL'} a day"
    until = f"the batch may be used until {batch.record.beyond_use_date}, {most} days with that of compounding"
    return Telling("the supply", said=f"{words} last {days} days, but {until}", found=f"{days} days")


@limit_rule(
    "FC508",
    "Supply that outlasts the beyond-use date",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source=OUTLAST,
    applies=lambda batch: _is_dated(batch) and dispensed(batch) is not None and taken(batch) is not None,
    rows=_supply,
    quantities={"dispensed": "mL", "at_once": "mL", "interval": "day"},
    shown_in="days",
)
def days_of_supply(dispensed: Any, at_once: Any, interval: Any) -> Any:
    """A patient should not have more than can be used up until the beyond-use date.

    What was dispensed (by the prescription in the record, else by the quantity on the label), divided by what is
    taken in a day, gives the days it lasts. 30 mL at 0.89 mL a day last 33 days, and 30 days at room temperature are
    over before. The rest is thrown away, or worse, used.

    Dispense less, so that it is used up before its date.
    """
    return dispensed / at_once * interval
