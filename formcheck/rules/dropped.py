"""FC601, what was dropped: whether a calibration is of this preparation, and never of water or of another product."""

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction

from formcheck.findings import NOTHING, Verdict
from formcheck.papers.formulation import DropCalibration
from formcheck.papers.placeholders import is_blank
from formcheck.planning.batch import Batch
from formcheck.planning.components import plain
from formcheck.rules.rule import Fault, Path

__all__ = ["same_product"]

_NUMBER = r"[0-9]{1,5}(?:\.[0-9]{1,4})?"
_STRENGTH = re.compile(
    rf"(?<![0-9.,])(?:(?P<mass>{_NUMBER}) ?(?P<unit>mg|mcg|g) ?(?:/|per|in) ?(?P<of>{_NUMBER})? ?ml\b"
    rf"|(?P<percent>{_NUMBER}) ?%(?: ?w/v)?)"
)
_MILLIGRAMS = {"mg": Fraction(1), "mcg": Fraction(1, 1000), "g": Fraction(1000)}
_WATERS = ("water", "aqua", "aq")
_NOT_ITSELF = re.compile(
    r"\b(?:water(?![- ]based)|aqua|aq|placebo|vehicle|blank|dummy|saline|syrup|glycer(?:ol|ine?)|ethanol|alcohol|oil"
    r"|no(?![.:]| [a-z0-9-]{0,20}[0-9])|not|non|without|w/o|free|minus|instead|another|other|old|previous|earlier)\b"
)
_OF_ITSELF = frozenset(
    {
        *("naltrexone", "hydrochloride", "anhydrous", "low-dose", "low", "dose", "sublingual", "oral", "under", "tongue"),
        *(
            "drop",
            "drops",
            "solution",
            "liquid",
            "preparation",
            "batch",
            "lot",
            "no",
            "of",
            "the",
            "this",
            "final",
            "itself",
        ),
        *("finished", "aqueous", "preserved", "water-based", "water", "based"),
    }
)
"""The words in which a preparation may be named; any other leaves open whether it is this one."""
_AN_ID = re.compile(r"[a-z0-9]{1,40}(?:-[a-z0-9.]{1,40}){1,10}")


def same_product(batch: Batch, calibration: DropCalibration, place: Path, *, of_batch: bool) -> Iterator[Fault]:
    """Whether what was dropped is this preparation: naltrexone, of this strength, and never water."""
    said = calibration.preparation
    if said is None or is_blank(said):
        yield Fault(
            message="the calibration does not say which preparation was dropped",
            field=(*place, "preparation"),
            found=NOTHING,
            help="Write it down from the notes of whoever counted; where nobody knows, count 20 drops again.",
            verdict=Verdict.NOT_DETERMINED,
        )
        return
    text, strength = plain(unicodedata.normalize("NFKC", said)), batch.record.strength
    known = _names(batch)
    if text in known or (of_batch and _is_this_batch(text, batch)):
        return
    foreign = _NOT_ITSELF.search(text)
    others = [match[0] for match in _STRENGTH.finditer(text) if strength is not None and _per_ml(match) != strength.value]
    verdict = Verdict.FAIL
    if "naltrexone" not in text or foreign is not None:
        is_water = foreign is not None and foreign[0] in _WATERS
        why = "water says nothing of this liquid" if is_water else "this is another product"
    elif _AN_ID.fullmatch(text) and known:
        why = "this is another formulation"
    elif others:
        why = f"the batch is of {strength}"
    elif strange := _strange_words(text, batch):
        why = f"nobody can say that this is the preparation ({', '.join(strange[:3])})"
        verdict = Verdict.NOT_DETERMINED
    else:
        return
    yield Fault(
        message=f"the drops were counted with {said[:60]}: {why}",
        field=(*place, "preparation"),
        found=said[:60],
        limit="the preparation itself",
        help="Name the preparation as the formulation does, or by its id; count its own drops where it was another liquid.",
        verdict=verdict,
    )


_POINTS_AT_IT = frozenset({"this", "own", "itself", "final", "finished"})
_AROUND_IT = frozenset(
    {"the", "its", "of", "from", "batch", "preparation", "product", "solution", "drops", "lot", "no", "bottle", "in", "run"}
)


def _is_this_batch(text: str, batch: Batch) -> bool:
    """Whether a run of this batch calls what was dropped by the batch's own number, or "this batch"."""
    number = plain(batch.record.id or "")
    said = text.replace(number, " this ") if number else text
    words = {word.strip("()[].,;:#") for word in said.split()} - {""}
    return bool(words & _POINTS_AT_IT) and words <= _POINTS_AT_IT | _AROUND_IT


def _names(batch: Batch) -> list[str]:
    """What the formulation is called: its id and its name."""
    formulation = batch.formulation
    names = (formulation.id, formulation.name) if formulation is not None else ()
    return [plain(name) for name in names if name is not None]


def _per_ml(match: re.Match[str]) -> Fraction:
    """A strength in words as mg in one mL."""
    if match["percent"] is not None:
        return Fraction(match["percent"]) * 10
    volume = Fraction(match["of"] or 1)
    return Fraction(match["mass"]) * _MILLIGRAMS[match["unit"]] / volume if volume > 0 else Fraction(0)


def _strange_words(text: str, batch: Batch) -> list[str]:
    """The words that are no part of the name of this preparation."""
    own = {word for name in (*_names(batch), plain(batch.record.id or "")) for word in name.split()}
    words = (word.strip("()[].,;:") for word in _STRENGTH.sub(" ", text).split())
    return [word[:40] for word in words if word and word not in own and word not in _OF_ITSELF]
