"""Corrections of released records: the newest version is judged, and shows the chain of those it corrects."""

from collections.abc import Iterable
from itertools import islice

import attrs

from formcheck.findings import Location, Severity, Verdict
from formcheck.judging import finding_of
from formcheck.rules.catalogue import CEILING_CODE, by_code
from formcheck.rules.rule import Fault
from formcheck.verdicts import Judged

__all__ = ["chained"]

_CORRECTION = by_code()["FC914"]
_MOST_NAMED = 5


def chained(entries: Iterable[Judged], *, strict: bool = False) -> tuple[Judged, ...]:
    """The entries without those that another one corrects; the newest carries the chain, its nearest link first.

    A correction that is not complete, of another batch, or beside another of the same record replaces nothing: both
    records stay, and FC914 says why. A record with a dose above the ceiling stays too. What has the id of another entry
    names it; `strict` says that warnings count.
    """
    entries = tuple({(entry.where, entry.id): entry for entry in entries}.values())
    if any(entry.amends is not None for entry in entries):
        entries = _without_corrected(entries)
    return _with_namesakes(entries, strict)


def _without_corrected(entries: tuple[Judged, ...]) -> tuple[Judged, ...]:
    by_id: dict[str, list[Judged]] = {}
    for entry in entries:
        if entry.id is not None:
            by_id.setdefault(entry.id, []).append(entry)
    entries = tuple(_questioned(entry, entries, by_id) for entry in entries)
    sound = {entry.where: entry for entry in entries if _replaces(entry)}
    replaced: set[str] = set()
    for entry in sound.values():
        olds = by_id.get(str(entry.amends and entry.amends.id), [])
        # A dose above the ceiling went out on a label: no correction takes it out of the report.
        replaced.update(old.where for old in olds if old.where != entry.where and not _is_above_ceiling(old))
    return tuple(_with_chain(entry, entries) for entry in entries if entry.where not in replaced)


def _with_namesakes(entries: tuple[Judged, ...], strict: bool) -> tuple[Judged, ...]:
    """The entries, those that share their id with others naming them; of one and the same batch it is a warning."""
    by_id: dict[str, list[Judged]] = {}
    for entry in entries:
        if entry.id is not None:
            by_id.setdefault(" ".join(entry.id.casefold().split()), []).append(entry)
    if len(by_id) == len(entries):
        return entries
    shared = {}
    for together in by_id.values():
        if len(together) > 1:
            by_batch: dict[tuple[object, ...], list[Judged]] = {}
            for entry in together:
                by_batch.setdefault(_product(entry), []).append(entry)
            for entry in together:
                shared[entry.where] = _named_twice(entry, together, by_batch[_product(entry)], strict)
    return tuple(shared.get(entry.where, entry) for entry in entries)


def _named_twice(entry: Judged, together: list[Judged], of_batch: list[Judged], strict: bool) -> Judged:
    """An entry that shares its id, with a warning where another record is of the very batch."""
    shared = attrs.evolve(entry, same_id=_first_others(entry, together))
    same = _first_others(entry, of_batch)
    if not same or any(finding.code == _CORRECTION.code for finding in entry.findings):
        return shared
    fault = Fault(
        f"{entry.id} stands here and in {', '.join(same)}, for one batch: nobody can say which of them counts",
        ("id",),
        found=f"{len(of_batch)} records of one id",
        limit="one record, or a correction that names the other (amends)",
        help="Keep one of them; if one corrects the other, give it an id of its own and name the other in amends.",
        severity=Severity.WARNING,
    )
    finding = finding_of(_CORRECTION, fault, location=Location(entry.path))
    return attrs.evolve(shared, findings=(*entry.findings, finding), verdict=Verdict.FAIL if strict else entry.verdict)


def _first_others(entry: Judged, together: list[Judged]) -> tuple[str, ...]:
    """Where the others stand, the first few of them."""
    return tuple(islice((other.where for other in together if other is not entry), _MOST_NAMED))


def _is_above_ceiling(entry: Judged) -> bool:
    return any(finding.code == CEILING_CODE and finding.verdict is Verdict.FAIL for finding in entry.findings)


def _replaces(entry: Judged) -> bool:
    """Whether an entry is a correction with nothing against it."""
    return entry.amends is not None and not any(f.code == _CORRECTION.code for f in entry.findings)


def _questioned(entry: Judged, entries: tuple[Judged, ...], by_id: dict[str, list[Judged]]) -> Judged:
    """The entry with what the other entries have against its correction."""
    amends = entry.amends
    if amends is None or amends.id is None:
        return entry
    others = [other.where for other in entries if other.amends is not None and other.amends.id == amends.id]
    old = by_id.get(amends.id, [])
    if len(others) > 1:
        rivals = ", ".join(path for path in others if path != entry.where)
        return _faulted(entry, f"{amends.id} is corrected twice, here and in {rivals}: nobody can say which one counts")
    if len(old) > 1:
        return _faulted(entry, f"{amends.id} stands in {len(old)} places: nobody can say which one is corrected")
    if old and _product(old[0]) != _product(entry):
        return _faulted(
            entry, f"{amends.id} is another batch: its formulation, strength, quantity or day differs from this record's"
        )
    if old and not all(_shares_lots(earlier, entry) for earlier in (old[0], _first_of(old[0], by_id))):
        return _faulted(entry, f"{amends.id} is another batch: most lots of its components are not those of this record")
    if _is_circular(entry, by_id):
        return _faulted(entry, f"{amends.id} and this record correct each other in a circle")
    return entry


def _product(entry: Judged) -> tuple[object, ...]:
    return (entry.formulation_id, entry.summary)


def _first_of(entry: Judged, by_id: dict[str, list[Judged]]) -> Judged:
    """The record at the beginning of a chain of corrections, as far as it was read."""
    seen = {entry.id}
    while entry.amends is not None and len(found := by_id.get(str(entry.amends.id), [])) == 1 and found[0].id not in seen:
        entry = found[0]
        seen.add(entry.id)
    return entry


def _shares_lots(old: Judged, new: Judged) -> bool:
    """Whether most components have the lots of the record that is corrected: one may have been written down wrongly."""
    named = set(old.lots) | set(new.lots)
    return 2 * len(set(old.lots) & set(new.lots)) >= len({name for name, _ in named}) if named else True


def _is_circular(entry: Judged, by_id: dict[str, list[Judged]]) -> bool:
    seen, at = {entry.id}, entry
    while at.amends is not None and at.amends.id is not None:
        if at.amends.id in seen:
            return True
        seen.add(at.amends.id)
        found = by_id.get(at.amends.id, [])
        if len(found) != 1:
            return False
        at = found[0]
    return False


def _faulted(entry: Judged, message: str) -> Judged:
    finding = finding_of(_CORRECTION, Fault(message, ("amends", "id")), location=Location(entry.path))
    return attrs.evolve(entry, findings=(*entry.findings, finding), verdict=Verdict.FAIL)


def _with_chain(entry: Judged, entries: tuple[Judged, ...]) -> Judged:
    """The entry with its links, from the record it corrects back to the first."""
    if not _replaces(entry):
        return entry
    links, at = [], entry
    while at.amends is not None and _replaces(at):
        old = next((other for other in entries if other.id == at.amends.id), None)
        path, verdict, row = (None, None, None) if old is None else (old.where, old.verdict, old.row)
        links.append(attrs.evolve(at.amends, path=path, verdict=verdict, row=row))
        if old is None:
            break
        at = old
    return attrs.evolve(entry, chain=tuple(links))
