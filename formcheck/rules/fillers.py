"""FC2: what fills a capsule up beside the active. Some fillers slow the release, and some do not suit every patient."""

import re
from collections.abc import Iterator
from functools import lru_cache

from formcheck.findings import Authority, Severity
from formcheck.papers.formulation import Role
from formcheck.planning.batch import Batch
from formcheck.planning.components import Used, plain
from formcheck.rules.rule import Fault, record_rule

FILLERS = "good practice (expert opinion on low-dose naltrexone; no study compares fillers)"
_SLOW = re.compile(
    r"hypromellose|\bhpmc\b|hydroxypropyl ?methyl ?cellulose|methocel|ethyl ?cellulose|ethocel|carbomer|carbopol"
    r"|\b(?:extended|sustained|slow|modified|controlled|prolonged)[ -]release\b|\b(?:sr|er|xr)\b"
)
_CHALK = re.compile(r"calcium carbonate|\bcaco3\b")
_LACTOSE = re.compile(r"\blactose\b")
_SHELL = re.compile(r"\b(?:capsules?|shells?)\b")


@lru_cache(maxsize=4096)
def _filler(name: str) -> tuple[Severity, str, str, str] | None:
    """What is wrong with a powder of this name in a capsule: how much, in words, what it should be, and what to do."""
    words = plain(name[:300])
    if _SLOW.search(words) and not _SHELL.search(words):
        return (
            Severity.ERROR,
            "slows the release, and low-dose naltrexone is meant to be released at once",
            "a filler that releases at once, such as microcrystalline cellulose",
            "Use a filler that releases at once, such as microcrystalline cellulose, and make the batch again.",
        )
    if _CHALK.search(words):
        limit = "a filler that leaves absorption as it is, such as microcrystalline cellulose"
        return Severity.WARNING, "is said to reduce absorption", limit, "Prefer microcrystalline cellulose."
    if _LACTOSE.search(words):
        said = "does not suit patients who do not tolerate lactose"
        help_ = "Tell patients who do not tolerate lactose that it is in, and say so on the label."
        return Severity.INFO, said, "only for patients who tolerate lactose", help_
    return None


def _powders(batch: Batch) -> Iterator[Used]:
    if batch.form is not None and batch.form.units_are_counted:
        yield from (used for used in batch.components if used.role not in (Role.SHELL, Role.ACTIVE))


@record_rule(
    "FC207",
    "Filler of a capsule",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=FILLERS,
    applies=lambda batch: next(_powders(batch), None) is not None,
    alone=True,
)
def filler_policy(batch: Batch) -> Iterator[Fault]:
    """Low-dose naltrexone is released at once: no filler that forms a slow matrix, and better no calcium carbonate.

    Hypromellose, ethylcellulose, carbomers and whatever calls itself extended, sustained or slow release hold the active
    back for hours. Calcium carbonate is said to reduce absorption. Lactose is only noted, for patients who do not tolerate
    it; microcrystalline cellulose is in the published formula. A shell of hypromellose is no filler. All this is expert
    opinion.

    Make the capsules with microcrystalline cellulose.
    """
    for used in _powders(batch):
        found = _filler(used.name)
        if found is not None:
            severity, said, limit, help_ = found
            yield Fault(
                message=f"{used.name} {said}",
                field=(*used.path, "name"),
                found=used.name,
                limit=limit,
                severity=severity,
                help=help_,
            )
