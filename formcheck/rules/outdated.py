"""FC506: schemes of beyond-use dates that are past."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from formcheck.findings import Authority, Severity
from formcheck.planning.batch import Batch
from formcheck.planning.dating import TABLE_SOURCE
from formcheck.rules.rule import USP, Fault, Path, record_rule

HERE = "(formulation)"
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
