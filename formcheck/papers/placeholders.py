"""What is written where nothing is known: "n/a", "TBD", "unknown (label torn)", "see CoA". It counts as not said."""

import re
import unicodedata
from functools import lru_cache

__all__ = ["is_blank"]

_BLANKS = {
    *("n/a", "na", "n.a", "n/k", "none", "nil", "null", "tbd", "tba", "tbc", "t.b.d", "t.b.a", "pending", "unknown"),
    *("none given", "none stated", "not applicable", "no data", "to be determined", "to be confirmed", "to follow"),
    *("illegible", "unreadable", "cannot be read", "missing", "lost", "blank", "empty", "smudged", "torn", "unlabelled"),
    *("attached", "as attached", "on file", "on request", "supplier", "vendor", "lot", "lot number", "lot no", "name"),
    *("no lot", "no lot number", "no vendor", "no supplier", "no name", "no label", "various", "various lots"),
    *("same", "same lot", "same as above", "same as before", "same as last", "as above", "as before", "ditto", "idem"),
    *("ibid", "ibidem"),
    # In place of a person: a trade, or that somebody signed.
    *("technician", "pharmacy technician", "technician on duty", "tech", "pharmacist", "staff pharmacist"),
    *("self", "myself", "me", "nobody", "no one", "no-one", "noone", "anyone", "anybody", "someone", "somebody", "whoever"),
    *("admin", "administrator", "user", "operator", "n.n", "nn", "both", "team", "shift", "day shift", "night shift"),
    *("pharmacist on duty", "staff", "intern", "rph", "cpht", "pharmd", "unsigned", "not signed", "signature"),
    *("signature on file", "signed on paper", "initials on file", "initials"),
}
_UNKNOWN = (
    r"(?:unknown|not (?:known|recorded|available|given|stated|noted|documented|legible|readable|visible|provided|supplied"
    r"|specified|indicated|listed|printed|marked|written|entered)|illegible|unreadable|missing|torn(?: off)?|smudged)"
)
_THING = (
    r"(?:lot|batch|vendor|supplier|manufacturer|maker|name|label|number|lot (?:number|no\.?)|lot and (?:vendor|supplier))"
)
_PAPER = (
    r"(?:attach(?:ed|ment)|above|below|(?:c\.?o\.?a|certificate|certificate of analysis|container|bottle|label|package"
    r"|packaging|packing|vial|box|bag|drum|jar|invoice|log|logbook|log book|file|worksheet|(?:batch |paper )?record"
    r"|note|photo|back|over|overleaf)s?)"
)
_PHRASE = re.compile(
    rf"{_UNKNOWN}(?: {_THING})?|{_THING}:? (?:is )?\(?{_UNKNOWN}"
    rf"|(?:as )?(?:see|per|refer to) (?:the )?{_PAPER}(?: attached)?"
    r"|(?:the )?(?:pharmacy )?(?:pharmacist|technician|tech|intern|operator|staff|team)(?: on duty)?(?: ?#?[0-9]{1,3})?"
    rf"|(?:not|none) (?:given |stated |printed |marked )?on (?:the )?{_PAPER}|x{{2,}}"
)
_REMARKED = re.compile(
    r"(?:n/a|n/k|t\.?b\.?[dac]|unknown|pending|illegible|unreadable|to be (?:determined|confirmed)"
    r"|not (?:known|recorded|available|given|stated|documented|legible|readable)|missing|unsigned|signature on file)"
    r"(?: ?[(\[?!]| [-\u2013\u2014/] ?|[;,:] )"
)
"""A placeholder with a remark: "tbd - ask", "unknown (label torn)". A lot such as "TBC-114" has no space about its dash."""
_AROUND = " .,;:!?*#'\"()[]<>_-\u2013\u2014"
"""What may stand around a placeholder: "(N/A)", "n.a.", "--none--"."""
_FILLERS = "\u3164\u115f\u1160"
"""Letters that nobody sees."""
_LONGEST = 80
"""No placeholder is so long, not even with its remark."""
_BEGINNINGS = {text[:2] for text in _BLANKS} | {
    *("un", "no", "il", "to", "mi", "sm", "lo", "ba", "ve", "su", "ma", "na", "la", "nu", "as", "se", "pe", "re", "xx"),
    *("00", "0-", "0 ", "n ", "t ", "th"),
}
"""How every placeholder begins: a record is asked a hundred times, and most of its texts begin otherwise."""


def is_blank(value: object) -> bool:
    """Whether a value says nothing: absent, an empty text, or a placeholder such as "n/a", "TBD" or "see CoA".

    Four zeros or more, and nothing else, are no lot; fewer may be the size of a capsule.
    """
    if value is None or not isinstance(value, str):
        return value is None
    begins = value[:2]
    if begins.isascii() and begins[:1].isalnum() and (begins.lower() not in _BEGINNINGS or len(value) > _LONGEST):
        return False
    return _is_placeholder(value)


@lru_cache(maxsize=4096)
def _is_placeholder(value: str) -> bool:
    text = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    # A text without a letter or a digit (dashes, dots, invisible characters) says nothing either.
    said = [c for c in text if c.isalnum() and c not in _FILLERS]
    if text != "%" and (not said or (len(said) > 3 and set(said) == {"0"})):
        return True
    if len(text) > _LONGEST:
        return False
    plain = text.replace(" / ", "/")
    bare = plain.strip(_AROUND)
    return bare in _BLANKS or _PHRASE.fullmatch(bare) is not None or _REMARKED.match(plain) is not None
