"""FC5: what a beyond-use date rests on: evidence for a longer one, the kind of preparation, and its storage."""

import re
from collections.abc import Iterator

from formcheck.findings import Authority, Severity, Verdict
from formcheck.papers.formulation import BeyondUse, FormCategory
from formcheck.papers.placeholders import is_blank
from formcheck.planning.batch import Batch
from formcheck.planning.categories import category_of, is_laxer, left_unpreserved, water_in
from formcheck.planning.dating import AQUEOUS, CAP_DAYS, TABLE_DAYS, TABLE_SOURCE
from formcheck.rules.dating import HERE, dated
from formcheck.rules.rule import USP, Fault, Path, Ruling, record_rule
from formcheck.rules.storages import RANGES, odd_temperature, storages_on_label

EXTENDING = "USP <795> (official 1 Nov 2023) 10.5: a monograph, or a stability-indicating study of this preparation"
_NONE_DONE = re.compile(r"(?:no|not|never|none|without)\b")
_Evidence = tuple[str, str, Verdict]


def _says_nothing(text: str | None) -> bool:
    return is_blank(text) or _NONE_DONE.match((text or "").strip().casefold()) is not None


def _lacking(days: int, entry: BeyondUse, category: FormCategory, *, in_formulation: bool) -> Iterator[_Evidence]:
    """What evidence for a dating beyond the table is wanting: the sentence, the limit, the verdict."""
    if entry.basis not in ("study", "monograph"):
        yield (
            "the formulation names neither a monograph nor a study",
            f"at most {TABLE_DAYS[category]} days, or a monograph or study",
            Verdict.FAIL,
        )
    if entry.basis != "study":
        return
    if in_formulation and days > CAP_DAYS:
        yield "a study extends to 180 days at most", f"at most {CAP_DAYS} days", Verdict.FAIL
    if entry.stability_indicating == "no":
        yield "its study was not stability-indicating", "a stability-indicating study", Verdict.FAIL
    elif entry.stability_indicating is None or is_blank(entry.source):
        lacks = "whether its study was stability-indicating" if entry.stability_indicating is None else "which study it is"
        yield f"the formulation does not say {lacks}", "a stability-indicating study, named", Verdict.NOT_DETERMINED
    if category in AQUEOUS and _says_nothing(entry.antimicrobial_effectiveness):
        yield (
            "a preparation with water also needs evidence of antimicrobial effectiveness (USP <51>), and none is named",
            "evidence of antimicrobial effectiveness",
            Verdict.FAIL,
        )


def _is_dated(batch: Batch) -> bool:
    return batch.is_specification or (batch.record.made is not None and batch.record.beyond_use_date is not None)


@record_rule(
    "FC503",
    "Evidence for a date beyond the table",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=EXTENDING,
    profiles=USP,
    subjects=("record", "formulation"),
    applies=_is_dated,
    after=("FC501",),
)
def extension_justified(batch: Batch) -> Iterator[Fault]:
    """A date beyond the table of USP <795> needs evidence about this very preparation.

    The table gives 14, 35, 90 or 180 days. Longer takes either an official monograph of the compounded preparation, or
    a stability-indicating study of the same active, formulation and container, up to 180 days; a potency followed over
    time is none. With water in it, evidence of antimicrobial effectiveness (USP <51>) comes on top. A study of 360 days,
    as there is of naltrexone capsules, gives 180.

    The category follows from the components: a liquid with water in it is never nonaqueous (where its water activity was
    measured below 0.60, waive this with the figure), it is preserved only with a preservative, and only what is dry is
    other-nonaqueous.

    Date by the table, or name the evidence in the formulation: basis, source, stability_indicating: yes, and for a
    preparation with water antimicrobial_effectiveness.
    """
    if batch.is_specification:
        yield from _laxer_than_its_components(batch)
    for days, entry, place in dated(batch):
        if entry.category is None or days <= TABLE_DAYS[entry.category]:
            continue
        table = f"beyond the {TABLE_DAYS[entry.category]} days of the table for {str(entry.category).replace('-', ' ')}"
        for why, limit, verdict in _lacking(days, entry, entry.category, in_formulation=batch.is_specification):
            yield Fault(f"{days} days are {table}, and {why}", place, f"{days} days", limit, verdict=verdict)


def _laxer_than_its_components(batch: Batch) -> Iterator[Fault]:
    """Datings of the formulation in a category that its own components do not have, and that keeps longer."""
    components = batch.formulation.components if batch.formulation is not None else ()
    true, water = category_of(components, batch.form), water_in(components)
    for index, entry in enumerate(batch.formulation.beyond_use if batch.formulation is not None else ()):
        if true is None or entry.category is None or not is_laxer(entry.category, true):
            continue
        if water is None:
            why = "a liquid is not dry"
        elif entry.category is FormCategory.AQUEOUS_PRESERVED:
            why = f"there is water in it ({water.name}), and no preservative"
        else:
            why = f"there is water in it ({water.name})"
        most = TABLE_DAYS[true]
        yield Fault(
            message=f"it is dated as {_CATEGORIES[entry.category]}, and {why}: "
            f"that makes it {_CATEGORIES[true]}, {most} days at most",
            field=(HERE, "beyond_use", index, "category"),
            found=str(entry.category),
            limit=str(true),
            help=f"Write category: {true} and {most} days or fewer; or correct the components and their roles.",
        )


_CATEGORIES = {
    FormCategory.AQUEOUS_NONPRESERVED: "aqueous without preservative",
    FormCategory.AQUEOUS_PRESERVED: "aqueous and preserved",
    FormCategory.ORAL_LIQUID_NONAQUEOUS: "a nonaqueous oral liquid",
    FormCategory.OTHER_NONAQUEOUS: "dry (other nonaqueous)",
}


_WORDS = {"room": "room temperature", "refrigerator": "the refrigerator", "freezer": "the freezer"}
_AT = {"room": "at room temperature", "refrigerator": "in the refrigerator", "freezer": "in the freezer"}


@record_rule(
    "FC505",
    "Storage matches the beyond-use date",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=TABLE_SOURCE,
    under={
        "ph-eur": Ruling(Severity.ERROR, Authority.FORMCHECK, "formcheck; a dating of the formulation is for one storage")
    },
    subjects=("record", "formulation"),
    applies=lambda batch: batch.is_specification or batch.record.storage is not None,
)
def storage_matches(batch: Batch) -> Iterator[Fault]:
    """A beyond-use date holds for one storage, and the record, the formulation and the label must mean the same one.

    A preparation with water and no preservative goes into the refrigerator (14 days), unless the formulation says in
    refrigeration_harms why cold would spoil it. A label that says "refrigerate" on a batch dated for room temperature,
    or the other way round, or that sends it into a freezer or names other degrees (12 °C is neither 20-25 nor 2-8 °C),
    lets the patient keep it where the date does not hold.

    Correct the storage in the record or on the label, and look at the date again.
    """
    if batch.is_specification:
        yield from _unpreserved(batch)
        yield from _stored_as_dated(batch)
        return
    storage = batch.record.storage
    given = _given(batch)
    if storage is not None and given and storage not in given:
        allowed = " or ".join(_WORDS[name] for name in sorted(given))
        yield Fault(f"the record says {_WORDS[storage]}, the formulation {allowed}", ("storage",), storage, allowed)
        return
    yield from _unpreserved(batch)
    other = storages_on_label(batch.record.label) - {storage}
    if storage is not None and other:
        said = _WORDS[min(other)]
        message = f"the label says to keep it {_AT[min(other)]}, but the batch is dated for {_WORDS[storage]}"
        yield Fault(message, ("label",), said, _WORDS[storage])
    elif storage is not None and (odd := odd_temperature(batch.record.label, storage)) is not None:
        least, most = RANGES[storage]
        message = f"the label says to keep it at {odd}, but the batch is dated for {_WORDS[storage]}, {least}-{most} °C"
        yield Fault(message, ("label",), odd, f"{least}-{most} °C")


def _given(batch: Batch) -> set[str]:
    """The storages that the formulation gives: of its datings, else its own."""
    formulation = batch.formulation
    if formulation is None:
        return set()
    named = {str(entry.storage) for entry in formulation.beyond_use if entry.storage is not None}
    return named or ({str(formulation.storage)} if formulation.storage is not None else set())


def _stored_as_dated(batch: Batch) -> Iterator[Fault]:
    """Whether the formulation stores the preparation as one of its datings is for, and has one dating a storage."""
    formulation = batch.formulation
    datings = formulation.beyond_use if formulation is not None else ()
    named = [entry.storage for entry in datings]
    storage = formulation.storage if formulation is not None else None
    if storage is not None and named and None not in named and storage not in named:
        allowed = " or ".join(sorted(_WORDS[str(name)] for name in set(named)))
        message = f"the formulation is stored {_AT[storage]}, and its beyond-use date is for {allowed}"
        yield Fault(message, (HERE, "storage"), storage, allowed)
    for index, name in enumerate(named):
        if name in named[:index]:
            where = "any storage" if name is None else _WORDS[name]
            message = f"there are two datings for {where}: nobody can say which one counts"
            yield Fault(message, (HERE, "beyond_use", index), where, "one dating a storage")


def _unpreserved(batch: Batch) -> Iterator[Fault]:
    formulation = batch.formulation
    if formulation is None or not is_blank(formulation.refrigeration_harms) or not batch.profile.startswith("usp"):
        return
    entries: list[tuple[BeyondUse, Path, str | None]] = []
    if batch.is_specification:
        for index, entry in enumerate(formulation.beyond_use):
            entries.append((entry, (HERE, "beyond_use", index), entry.storage or formulation.storage))
    elif batch.beyond_use is not None and not _is_dated_too_long(batch):
        entries.append((batch.beyond_use, ("storage",), batch.record.storage))
    for entry, place, storage in entries:
        if entry.category is FormCategory.AQUEOUS_NONPRESERVED and storage == "room":
            yield Fault(
                message="a preparation with water and no preservative is kept in the refrigerator, not at room temperature",
                field=place,
                found="room temperature",
                limit="the refrigerator, unless the formulation says that cold harms it",
            )


def _is_dated_too_long(batch: Batch) -> bool:
    """Whether a batch without its preservative is dated beyond 14 days: FC501 says then how and where it keeps."""
    made, date = batch.record.made, batch.record.beyond_use_date
    most = TABLE_DAYS[FormCategory.AQUEOUS_NONPRESERVED]
    return made is not None and date is not None and (date - made).days > most and left_unpreserved(batch)
