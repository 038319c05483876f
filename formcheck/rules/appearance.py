"""FC422: the appearance of the finished preparation, as the record describes it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from formcheck.findings import Authority, Severity, Verdict
from formcheck.planning.batch import Batch
from formcheck.planning.component_names import size_in, size_of
from formcheck.rules.rule import Fault, record_rule
from formcheck.rules.testing import plan_for
from formcheck.units import Amount, amount

SOURCE = "USP <795> (official 1 Nov 2023) 7.2, compounding record: physical description of the final preparation"

# A defect that a description may name. A list of what is absent goes on after a comma ("no clumps, cracks or leakage");
# an adjective ends it ("no clumps, cloudy"), unless the list began with one ("no cracked, chipped or leaking shells").
_NOUNS = (
    r"clump(?:s|ing)?|lumps?|agglomerates?|leak(?!-?proof)(?:s|age|ages|ing)?|crack(?:s|ing)?|chips?|dents?|holes?"
    r"|particles?(?! size)|particulates?|fib(?:re|er)s?|specks?|spots?|stains?|sediment|precipitates?|precipitation"
    r"|crystals|discolou?rations?|mou?lds?|foreign (?:matter|bodies|body|material)|hairs?|insects?|contaminants?"
    r"|breakages?|separation|layers"
    r"|powder (?:on|outside) (?:the )?(?:outside (?:of )?)?(?:the )?(?:shells?|capsules?)|powder outside"
)
_ADJECTIVES = (
    r"clumped|clumpy|lumpy|caked|leaked|leaky|cracked|broken|chipped|dented|crushed|torn|punctured|deformed|swollen"
    r"|shrivel(?:l)?ed|askew|split (?:caps?|shells?|capsules?|seams?)|turbid|cloudy|hazy|milky|murky|gritty|sticky|wet"
    r"|damp|discolou?red|darkened|mou?ldy|mou?lded|separated|precipitated|sedimented|contaminated|rancid|spotted|stained"
    r"|brown(?:ed|ish)?(?! (?:and \w{1,12} )?(?:caps?|bod(?:y|ies)|shells?|capsules?|glass|bottles?|vials?|pp)|/)"
    r"|not (?:quite |fully |entirely )?(?:clear|white|closed|uniform|homogeneous|dry|intact|smooth|dissolved|mixed)"
)
_DEFECT = re.compile(rf"\b(?:{_NOUNS}|{_ADJECTIVES})\b")
_ADJECTIVE = re.compile(rf"\b(?:{_ADJECTIVES})\b")
_PARTS = re.compile(
    r"[.;\n]|\b(?:but|however|except|although|though|yet)\b"
    r"|\band (?=(?:an?|one|two|three|four|five|six|some|several|few|many|slight|slightly|very|[0-9]{1,4}) )"
)
_ABSENT_BEFORE = re.compile(r"\b(?:no|not|non|free (?:of|from)|without|none|nor|never|neither|nothing|absence of)\b")
_ABSENT_AFTER = re.compile(r"-free\b| free\b|.{0,40}\b(?:none|absent|not (?:seen|found|present|observed|visible|noted))\b")
_ALTERNATIVE = re.compile(r"\b(?:or|nor)\b")
_ADDED = re.compile(r"\b(?:free (?:of|from)|without)\b")
_BLANKS = re.compile(r"[^\S\n]+")
_AND = re.compile(r"\band\b")
_COUNTED = re.compile(r"[0-9]|\b(?:one|two|three|four|five|six|some|several|few|many)\b")
_NOT_LEGAL = re.compile(r"\b(?:reject|discard|throw|if|unless)\b")
_ONLY_IN_ORDER = re.compile(
    r"(?:(?:ok|okay|good|fine|pass|passed|passes|complies|compliant|conforms|satisfactory|acceptable|normal|yes|done"
    r"|checked|correct|in order|as expected|as described|looks|is|all|and|see above|nad|no defects?)[ ,.;!]{0,3}){1,8}"
)
_NOBODY_LOOKED = re.compile(r"not (?:yet )?(?:checked|examined|inspected|looked at|described|done|assessed)\W*")


@lru_cache(maxsize=128)
def _named(text: str) -> tuple[str, ...]:
    """The defects that a text says are there, in its order: "cracked" of "no clumps, two cracked"."""
    found: list[str] = []
    for clause in _PARTS.split(_BLANKS.sub(" ", text.casefold())):
        pieces = clause.split(",")
        absent_until = -1
        for place, piece in enumerate(pieces):
            negated = place <= absent_until
            if _ABSENT_BEFORE.search(piece) is not None:
                absent_until = _end_of_list(pieces, place)
            found.extend(_present(piece, negated))
    return tuple(found)


def _end_of_list(pieces: list[str], start: int) -> int:
    """The last piece of a list of what is absent that begins here: "no clumps, cracks or leakage"."""
    with_and, end = _ADDED.search(pieces[start]) is not None, start
    adjectives = _ADJECTIVE.search(pieces[start]) is not None  # "no cracked, chipped or leaking shells"
    for place in range(start + 1, min(len(pieces), start + 12)):
        piece = pieces[place]
        if _ABSENT_BEFORE.search(piece) or _COUNTED.search(piece) or len(piece) > 120:
            break
        if not adjectives and _ADJECTIVE.search(piece):
            break
        if _ALTERNATIVE.search(piece) or (with_and and _AND.search(piece)):
            end = place
    return end


def _present(piece: str, negated: bool) -> Iterator[str]:
    first = _ABSENT_BEFORE.search(piece)
    for match in _DEFECT.finditer(piece):
        before = first is not None and first.start() < match.start()
        if match[0].startswith("not ") or not (negated or before or _ABSENT_AFTER.match(piece, match.end())):
            yield match[0]


def _is_expected(defect: str, batch: Batch) -> bool:
    """Whether the formulation itself describes the preparation so (a suspension is turbid)."""
    formulation = batch.formulation
    texts = () if formulation is None else (formulation.description, plan_for(batch, "appearance").expected)
    sentences = [part for text in texts if text is not None for part in re.split(r"[.;]", text)]
    return any(defect in _named(part) for part in sentences if _NOT_LEGAL.search(part.casefold()) is None)


def _says_nothing(plain: str) -> str | None:
    """What a description amounts to that describes nothing."""
    if len(plain) < 200 and _ONLY_IN_ORDER.fullmatch(plain) is not None:
        return "the description says that the preparation is in order, and not what it looks like"
    if sum(map(str.isalpha, plain)) < 3:
        return "the description has no words, and describes nothing"
    if _NOBODY_LOOKED.fullmatch(plain) is not None:
        return "the description says that nobody looked at the preparation"
    return None


@record_rule(
    "FC422",
    "Appearance of the finished preparation",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=SOURCE,
    needs=("description",),
    test="appearance",
)
def appearance_described(batch: Batch) -> Iterator[Fault]:
    """The record says what the finished preparation looks like, and a defect that it names is settled in `deviations`.

    "OK" is no description: write form, colour and what was looked for. A part of a sentence that names a defect (clumps,
    a leak, cracked, brown, cloudy, particles, a sediment) without saying that there is none cannot be passed by a
    program, unless the formulation describes the preparation so. A description of another size of capsule, or of another
    strength of the formulation, is of another batch.

    Look at the preparation again. Write in `deviations` what was found, in the same word, and what became of it.
    """
    text = batch.record.description
    if text is None:
        return
    plain = " ".join(text.casefold().split())
    nothing = _says_nothing(plain)
    if nothing is not None:
        yield Fault(
            message=nothing,
            field=("description",),
            found=plain,
            limit="form, colour and what was looked for",
            help="Write what the preparation looks like: form, colour, clear or not, clumps or none.",
            verdict=Verdict.NOT_DETERMINED,
        )
        return
    settled = (batch.record.deviations or "").casefold()
    named = [word for word in dict.fromkeys(_named(text)) if word not in settled and not _is_expected(word, batch)]
    if named:
        shown = ", ".join(named[:5])
        yield Fault(
            message=f"the description names a defect ({shown}): a person says in `deviations` what became of it",
            field=("description",),
            found=shown,
            limit="no defect, or what became of it in `deviations`",
            verdict=Verdict.NOT_DETERMINED,
        )
    other = _of_another_batch(batch, text)
    if other is not None:
        said, right = other
        yield Fault(
            message=f"the description is of {said}, and the batch of {right}: nobody can say that it is of this batch",
            field=("description",),
            found=said,
            limit=right,
            help="Look at the preparation again and describe what is there; do not copy it from another batch.",
            verdict=Verdict.NOT_DETERMINED,
        )


_A_STRENGTH = re.compile(r"(?<![0-9.,-])([0-9]{1,4}(?:\.[0-9]{1,4})?) ?(mg|mcg)(/ ?ml)?\b")


def _of_another_batch(batch: Batch, text: str) -> tuple[str, str] | None:
    """What a description names and what is right: a size of capsule, or a strength that the formulation has too."""
    shell, size = batch.shell, size_in(text)
    wanted = None if shell is None else (shell.used.size or (shell.planned.size if shell.planned is not None else None))
    if size is not None and wanted is not None and size_of(wanted) != size:
        return f"size {size}", f"size {size_of(wanted)}"
    strength, named = batch.record.strength, _strengths_in(text)
    others = [one for one in named if strength is not None and (one.kind, one.value) != (strength.kind, strength.value)]
    if not others or len(others) < len(named) or batch.formulation is None:
        return None
    is_one = any((one.kind, one.value) == (others[0].kind, others[0].value) for one in batch.formulation.strengths)
    return (str(others[0]), str(strength)) if is_one else None


@lru_cache(maxsize=128)
def _strengths_in(text: str) -> tuple[Amount, ...]:
    """The masses, and masses in one mL, that a text names."""
    return tuple(
        amount(f"{found[1]} {found[2]}{'/mL' if found[3] else ''}")
        for found in _A_STRENGTH.finditer(text.casefold())
        if not found[1].startswith("0") or found[1].startswith("0.")
    )
