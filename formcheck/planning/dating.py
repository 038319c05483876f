"""Beyond-use dates and test dates: until when a batch may be used, and when a test is due again."""

import datetime
import re
from enum import StrEnum

import attrs

from formcheck.papers.compounding import CompoundingRecord, UsedComponent
from formcheck.papers.formulation import BeyondUse, FormCategory, MasterFormulationRecord, TestPlan, When
from formcheck.papers.placeholders import is_blank
from formcheck.papers.values import Interval
from formcheck.units import Amount

__all__ = [
    "AQUEOUS", "CAP_DAYS", "TABLE_DAYS", "TABLE_SOURCE", "Due", "Schedule", "allowed_days", "expiry_of", "latest_date",
    "schedule", "shorter_literature", "strict_date",
]  # fmt: skip

TABLE_SOURCE = "USP <795> (official 1 Nov 2023) 10.3, table of beyond-use dates"
TABLE_DAYS = {
    FormCategory.AQUEOUS_NONPRESERVED: 14,
    FormCategory.AQUEOUS_PRESERVED: 35,
    FormCategory.ORAL_LIQUID_NONAQUEOUS: 90,
    FormCategory.OTHER_NONAQUEOUS: 180,
}
AQUEOUS = frozenset({FormCategory.AQUEOUS_NONPRESERVED, FormCategory.AQUEOUS_PRESERVED})
CAP_DAYS = 180
CAP_SOURCE = "USP <795> (official 1 Nov 2023) 10.5: a study extends to 180 days at most"


@attrs.frozen
class Allowed:
    """The longest dating: so many days, and who says so."""

    days: int
    source: str


def allowed_days(entry: BeyondUse, *, table_applies: bool) -> Allowed | None:
    """The days an entry of the formulation gives, but not more than the table (or, with a study, the cap).

    None where the entry says too little. Without the table (a European profile) the formulation's own
    days and source count.
    """
    if entry.days is None:
        return None
    own = Allowed(int(entry.days), entry.source or "the formulation")
    if not table_applies:
        return own if entry.source else None
    if entry.category is None:
        return None
    if entry.basis in ("study", "monograph"):
        bound = Allowed(CAP_DAYS, CAP_SOURCE)
    else:
        bound = Allowed(TABLE_DAYS[entry.category], TABLE_SOURCE)
    return own if own.days < bound.days else bound


FAWCETT = "Fawcett 1997, Ann Pharmacother 31:1291: naltrexone oral liquid 1 mg/mL, 60 days at 4 °C and 30 days at 25 °C"
_ADVISED_DAYS = {"room": Allowed(30, FAWCETT), "refrigerator": Allowed(60, FAWCETT)}


def shorter_literature(entry: BeyondUse, storage: str | None, strength: Amount | None) -> Allowed | None:
    """The shortest dating that published studies advise, where shorter than the table (or the cap); None where none is.

    What the formulation names counts, and for a water-containing liquid of exactly 1 mg/mL what formcheck knows itself:
    30 days at room temperature, 60 in the refrigerator (which is never a reason to go beyond the table).
    """
    found = []
    named = entry.literature
    if named is not None and named.days is not None:
        found.append(Allowed(int(named.days), named.source or "the literature that the formulation names"))
    is_liquid = strength is not None and strength.kind == "concentration" and strength.value == 1
    if is_liquid and entry.category in AQUEOUS and storage in _ADVISED_DAYS:
        found.append(_ADVISED_DAYS[storage])
    studied = entry.basis in ("study", "monograph")
    bound = CAP_DAYS if studied or entry.category is None else TABLE_DAYS[entry.category]
    return min((advice for advice in found if advice.days < bound), key=lambda advice: advice.days, default=None)


_YEAR = Interval.read("12 months")


def expiry_of(used: UsedComponent) -> datetime.date | None:
    """Until when a component may be used; one without an expiry for 12 months from the day it was received."""
    if used.expires is not None:
        return used.expires.last_day
    return None if used.received is None else _YEAR.after(used.received)


def latest_date(made: datetime.date, days: int) -> datetime.date:
    """The last day of N days after compounding (the strict reading, day of compounding = day one, is one less)."""
    return made + datetime.timedelta(days=days)


def strict_date(made: datetime.date, days: int) -> datetime.date:
    """The last day of N days where the day of compounding is day one: safe under either reading, and what is assigned."""
    return made + datetime.timedelta(days=days - 1)


class Due(StrEnum):
    """Whether a test of the formulation must stand in this record."""

    DUE = "due"
    NOT_DUE = "not_due"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


@attrs.frozen
class Schedule:
    """When a test was last done and is due next; `due` is for the day the batch was made."""

    test: TestPlan
    due: Due
    last: datetime.date | None = None
    following: datetime.date | None = None


_NO_CHANGE = re.compile(
    r"(?:no|none|nothing|nil|unchanged|without)(?: (?:\w+ )?changes?| changed)?"
    r"(?:[,;]? (?:since|to|from|in|made|at)\b.*)?\W*"
)


def _is_a_change(text: str) -> bool:
    """Whether an entry of `changes` names one: "none" and "no changes since the last batch" do not."""
    return not is_blank(text) and _NO_CHANGE.fullmatch(" ".join(text.casefold().split())) is None


def schedule(test: TestPlan, record: CompoundingRecord) -> Schedule:
    """Whether a test is due for this batch: every batch, or when its interval is over, or on a change."""
    last = record.last_tests.get(test.name) if test.name is not None else None
    following = test.every.after(last) if last is not None and test.every is not None else None
    if test.when is When.EVERY_BATCH:
        return Schedule(test, Due.DUE, last, following)
    if test.when is None or (test.when is When.PERIODIC and test.every is None):
        return Schedule(test, Due.UNKNOWN, last, following)
    if test.when is When.ON_CHANGE and any(_is_a_change(text) for text in record.changes):
        return Schedule(test, Due.DUE, last, following)
    if last is None or record.made is None or last > record.made:
        return Schedule(test, Due.UNKNOWN, last, following)
    if following is not None and record.made > following:
        return Schedule(test, Due.OVERDUE, last, following)
    return Schedule(test, Due.NOT_DUE, last, following)


def beyond_use_for(formulation: MasterFormulationRecord, record: CompoundingRecord) -> BeyondUse | None:
    """The entry for the storage of this record; a single entry without a storage serves any."""
    entries = formulation.beyond_use
    named = [e for e in entries if e.storage is not None and e.storage == record.storage]
    general = [e for e in entries if e.storage is None]
    candidates = named or (general if len(entries) == 1 else [])
    return candidates[0] if len(candidates) == 1 else None
