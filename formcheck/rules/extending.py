"""FC5: what a beyond-use date rests on. Evidence for a longer one, storage, and schemes of the past."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from formcheck.findings import Authority, Severity, Verdict
from formcheck.papers.formulation import BeyondUse, FormCategory
from formcheck.papers.values import is_blank
from formcheck.planning.batch import Batch
from formcheck.planning.dating import AQUEOUS, CAP_DAYS, TABLE_DAYS, TABLE_SOURCE
from formcheck.planning.labels import remembered
from formcheck.rules.dating import HERE, dated
from formcheck.rules.rule import USP, Fault, Path, Ruling, record_rule

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

    Date by the table, or name the evidence in the formulation: basis, source, stability_indicating: yes, and for a
    preparation with water antimicrobial_effectiveness.
    """
    for days, entry, place in dated(batch):
        if entry.category is None or days <= TABLE_DAYS[entry.category]:
            continue
        table = f"beyond the {TABLE_DAYS[entry.category]} days of the table for {str(entry.category).replace('-', ' ')}"
        for why, limit, verdict in _lacking(days, entry, entry.category, in_formulation=batch.is_specification):
            yield Fault(f"{days} days are {table}, and {why}", place, f"{days} days", limit, verdict=verdict)


_VERB = re.compile(r"\b(?:stor(?:e|ed|age|ing)|keep|kept|refrigerat[a-z]{1,4}|freez(?:e|er|ing)|frozen)\b")
_NEGATED = re.compile(
    r"\b(?:not|never|may|can|warm|hours?|minutes?)\b|n't\b|\b(?:from|avoid|prevent) freez|\bif (?:\w{1,5} ){0,3}fr[eo]"
)
_COLD = re.compile(r"refrigerat|\bfridge\b|(?<![0-9])2 ?(?:°c? ?)?(?:-|–|to) ?8 ?°")
_FREEZER = re.compile(r"freez|frozen|(?<![0-9])[-–\u2212] ?(?:10|15|20|25) ?°? ?c\b")
_ROOM = re.compile(r"\broom temp|(?<![0-9])(?:15|20) ?(?:°c? ?)?(?:-|–|to) ?(?:25|30) ?°")


def storages_on_label(label: str | None) -> frozenset[str]:
    """The storages that a label tells the patient to use: room, refrigerator, freezer, several or none.

    Only what is said with store, keep or refrigerate counts, and not what it forbids or allows for a while.
    """
    return frozenset(storage for line in (label or "").split("\n") for storage in _storages_of(line))


_SENTENCES = re.compile(r"[;!?]|\.(?![0-9])")
_PLACES = (("freezer", _FREEZER), ("refrigerator", _COLD), ("room", _ROOM))


@remembered
def _storages_of(line: str) -> tuple[str, ...]:
    found = []
    for sentence in _SENTENCES.split(unicodedata.normalize("NFKC", line).casefold()):
        storing = False
        for clause in sentence.split(","):
            if _VERB.search(clause):
                storing = _NEGATED.search(clause) is None
            if storing:
                found += [name for name, words in _PLACES if words.search(clause)]
    return tuple(found)


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
    or the other way round, or that sends it into a freezer, lets the patient keep it where the date does not hold.

    Correct the storage in the record or on the label, and look at the date again.
    """
    if batch.is_specification:
        yield from _unpreserved(batch)
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


def _given(batch: Batch) -> set[str]:
    """The storages that the formulation gives: of its datings, else its own."""
    formulation = batch.formulation
    if formulation is None:
        return set()
    named = {str(entry.storage) for entry in formulation.beyond_use if entry.storage is not None}
    return named or ({str(formulation.storage)} if formulation.storage is not None else set())


def _unpreserved(batch: Batch) -> Iterator[Fault]:
    formulation = batch.formulation
    if formulation is None or not is_blank(formulation.refrigeration_harms) or not batch.profile.startswith("usp"):
        return
    entries: list[tuple[BeyondUse, Path, str | None]] = []
    if batch.is_specification:
        for index, entry in enumerate(formulation.beyond_use):
            entries.append((entry, (HERE, "beyond_use", index), entry.storage or formulation.storage))
    elif batch.beyond_use is not None:
        entries.append((batch.beyond_use, ("storage",), batch.record.storage))
    for entry, place, storage in entries:
        if entry.category is FormCategory.AQUEOUS_NONPRESERVED and storage == "room":
            yield Fault(
                message="a preparation with water and no preservative is kept in the refrigerator, not at room temperature",
                field=place,
                found="room temperature",
                limit="the refrigerator, unless the formulation says that cold harms it",
            )


_MONTHS = re.compile(r"(?<!not )(?<!not the )\b(?:6|six) (?:calendar )?months\b")
_REMAINING = re.compile(r"\b25 ?(?:%|percent)[^.;\n]{0,40}\bremain")
_EDITION = re.compile(r"795>?[^.;\n]{0,40}\b20(?:11|14)\b|\b20(?:11|14)\b[^.;\n0-9]{0,20}<?795")
_TOPICAL = re.compile(
    r"\b30 days?\b[^.;\n]{0,60}\b(?:topical|dermal|mucosal|semisolid)"
    r"|\b(?:topical|dermal|mucosal|semisolid)[^.;\n]{0,60}\b30 days?\b"
)
_DISCARD_MONTHS = re.compile(
    r"\b(?:discard|throw away|use by|use within|beyond.use|expires?|good for)[^.;\n]{0,40}\b(?:6|six) months\b"
)
_OF_A_SOURCE = (
    (_MONTHS, "6 months"),
    (_REMAINING, "25 % of the time remaining"),
    (_EDITION, "an edition of <795> before 2023"),
    (_TOPICAL, "30 days for topical preparations"),
)
_OF_A_LABEL = ((_DISCARD_MONTHS, "6 months"), (_REMAINING, "25 % of the time remaining"))


def _texts(batch: Batch) -> Iterator[tuple[str | None, Path, str, bool]]:
    """The texts that say where a date comes from: the text, its place, its name, and whether it cites a study."""
    formulation, record = batch.formulation, batch.record
    if batch.is_specification:
        for index, entry in enumerate(formulation.beyond_use if formulation is not None else ()):
            cites = entry.basis in ("study", "monograph")
            yield entry.source, (HERE, "beyond_use", index, "source"), "the source of the dating", cites
        return
    used = batch.beyond_use
    if used is not None:
        yield (
            used.source,
            (HERE, "beyond_use"),
            "the source of the formulation's dating",
            used.basis in ("study", "monograph"),
        )
    yield record.beyond_use_source, ("beyond_use_source",), "the source of the date", False
    yield batch.label.folded, ("label",), "the label", False


@lru_cache(maxsize=256)
def _old_scheme(text: str, *, of_label: bool, cites: bool) -> str | None:
    """The scheme of before 2023 that a text names, or None."""
    schemes = _OF_A_LABEL if of_label else _OF_A_SOURCE
    plain = unicodedata.normalize("NFKC", text).casefold()
    return next((words for scheme, words in schemes if not (cites and scheme is _MONTHS) and scheme.search(plain)), None)


@record_rule(
    "FC506",
    "Outdated scheme of beyond-use dates",
    severity=Severity.WARNING,
    authority=Authority.COMPENDIAL,
    source=TABLE_SOURCE,
    profiles=USP,
    subjects=("record", "formulation"),
)
def outdated_scheme(batch: Batch) -> Iterator[Fault]:
    """The rules for beyond-use dates changed on 1 November 2023, and the old ones are still all over the web.

    Gone are "6 months or 25 % of the time remaining" for dry forms, and 30 days for topical preparations with water.
    Now it is 14 days with water and no preservative, 35 with one, 90 for oral liquids without water, 180 for
    capsules and other dry forms: days, not months. 6 months are up to 184 days.

    Date by the table of 2023, and change the text.
    """
    for text, place, name, cites in _texts(batch):
        if text is None:
            continue
        of_label = place == ("label",)
        if of_label and "months" not in text and "remain" not in text:
            continue
        old = _old_scheme(text, of_label=of_label, cites=cites)
        if old is not None:
            yield Fault(
                message=f"{name} speaks of {old}: since 1 November 2023 the table gives 14, 35, 90 or 180 days",
                field=place,
                found=old,
                limit="14, 35, 90 or 180 days, by the kind of preparation",
            )
