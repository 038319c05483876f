"""Names of components: which differences between two names do not matter, and which ones do."""

import re
from functools import cache, lru_cache

__all__ = ["is_shell_of", "plain", "size_in", "size_of", "substance"]

_SHORT = {"hcl": "hydrochloride"}
_COMPENDIA = frozenset({"usp", "nf", "bp", "ep", "usp-nf", "usp/nf"})
_SYNONYMS = {
    "glycerin": "glycerol",
    "glycerine": "glycerol",
    "cellulose microcrystalline": "microcrystalline cellulose",
    "water purified": "purified water",
}
"""The same substance under the names of USP and Ph. Eur."""


@cache
def plain(name: str) -> str:
    """A name without the differences that do not matter: capitals, spaces, the compendium it is of, and synonyms."""
    words = [_SHORT.get(word, word) for word in name.casefold().replace(",", " ").split()]
    while len(words) > 1 and words[-1] in _COMPENDIA:
        words.pop()
    joined = " ".join(words)
    return _SYNONYMS.get(joined, joined)


_LONGEST = 200
_BRACKETS = re.compile(r"[()\[\]]")
_CELLULOSE = re.compile(r"\b(?:avicel[ -]?)?ph[- ]?(?:101|102|103|105|112|113|200|301|302)\b")
_FORMS = re.compile(r"\b(?:anhydrous|dihydrate|powder)\b")
_SUBSTANCES = {
    "": "microcrystalline cellulose",  # a grade of Avicel alone
    "mcc": "microcrystalline cellulose",
    "vitamin c": "ascorbic acid",
    "l-ascorbic acid": "ascorbic acid",
    "ascorbic acid vitamin c": "ascorbic acid",
    "l-ascorbic acid vitamin c": "ascorbic acid",
}


@cache
def substance(name: str) -> str:
    """The substance that a component is: its plain name without a grade of cellulose, and without the form of naltrexone.

    Anhydrous or dihydrate is a matter of the certificate, which says how much water is in the powder.
    """
    text = plain(name[:_LONGEST])
    words = " ".join(_BRACKETS.sub(" ", text).split())
    if _CELLULOSE.search(words) is not None:
        words = " ".join(_CELLULOSE.sub(" ", words).split())
    elif "naltrexone" in words:
        words = " ".join(word for word in _FORMS.sub(" ", words).split() if word not in _COMPENDIA)
    elif not words:
        return text
    return _SUBSTANCES.get(words, plain(words))


_SIZE = re.compile(r"(?:\b(?:size|no\.?|number) ?#? ?|#)(?P<size>000|00|[0-5])(?:el\b|e\b|\b)")
_BEFORE_SIZE = re.compile(r"^(?:(?:capsule )?size|no\.?|number|#)[ #:]*")


@lru_cache(maxsize=256)
def size_of(said: str) -> str:
    """The size of a shell as its number alone: "3" of "#3", "size 3" or "No. 3"."""
    text = plain(said[:_LONGEST])
    while (shorter := _BEFORE_SIZE.sub("", text)) != text:
        text = shorter
    return text


@lru_cache(maxsize=256)
def size_in(text: str) -> str | None:
    """The size of a capsule that a text names ("Size 3 hard gelatin capsules"); None where it names none, or several."""
    found = {match["size"] for match in _SIZE.finditer(text.casefold())}
    return found.pop() if len(found) == 1 else None


_SHELL = frozenset({"capsule", "capsules", "shell", "shells"})
_COLOURS = (
    "clear transparent opaque natural coloured colored white blue red green yellow pink orange grey gray black purple"
)
_OF_ANY_SHELL = _SHELL | {"hard", "empty", "two-piece", "size", "brown", *_COLOURS.split()}
_A_SIZE = re.compile(r"(?:no\.?|#)?[0-9]{0,3}")


def is_shell_of(name: str, planned: str) -> bool:
    """Whether a name is one of the empty shells that are planned: it says so, and nothing that they are not."""
    own, wanted = _own_words(name), _own_words(planned)
    return own is not None and wanted is not None and own <= wanted


def _own_words(name: str) -> frozenset[str] | None:
    """The words by which one shell differs from another (gelatin, hypromellose); None where no shell is named."""
    words = _BRACKETS.sub(" ", plain(name[:_LONGEST])).replace("gelatine", "gelatin").split()
    if not _SHELL & set(words):
        return None
    return frozenset(word for word in words if word not in _OF_ANY_SHELL and _A_SIZE.fullmatch(word) is None)
