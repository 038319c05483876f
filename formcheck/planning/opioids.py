"""What the answer to the question about opioids says: that one is taken, that nobody asked, or something else."""

import re
import unicodedata
from enum import StrEnum

from formcheck.papers.placeholders import is_blank

__all__ = ["Screen", "is_opioid_or_antagonist", "read_screen"]


class Screen(StrEnum):
    """What stands in `opioid_screen`."""

    ANSWERED = "answered"
    TAKES = "takes"
    OPEN = "open"
    MISSING = "missing"


_NONE = ("none", "nil", "no")
_OPIOID = (
    r"(?:oxycod\w*|oxycontin|percocet|roxicodone|hydrocod\w*|vicodin|norco|lortab|codeine?|dihydrocodeine|morphine?"
    r"|hydromorph\w*|dilaudid|oxymorph\w*|tramadol|ultram|tapentadol|nucynta|fentanyl|duragesic|methadone"
    r"|buprenorphine?|suboxone|subutex|sublocade|belbuca|butrans|zubsolv|meperidine|pethidine|demerol|levorphanol"
    r"|butorphanol|nalbuphine|pentazocine|sufentanil|tilidine?|heroin|kratom)"
)
_NAMED = re.compile(rf"\b{_OPIOID}\b")
_ANTAGONIST = re.compile(r"\b(?:naloxone|nalmefene|naloxegol|methylnaltrexone|nalorphine)\b")
_TAKING = re.compile(
    r"\b(?:takes?|taking|uses?|using|on|receives?|receiving|prescribed|dependent on|needs)\s(?:[\w-]+\s){0,3}?"
    r"(?:opioids?|opiates?|narcotics?)\b|\b(?:current|active|daily|chronic) (?:opioid|opiate|narcotic)(?: use)?\b"
    r"|\b(?:opioids?|opiates?|narcotics?)(?: use| screen\w*)?: ?(?:yes|positive)\b|\bpositive\b|^yes[,:;. ]+(?=\w)"
)
_DENIED = re.compile(
    r"\b(?:no|not|none|non|nil|never|denie[sd]|denying|without|negative|neither|nor|free|avoid\w*|allerg\w*|intoleran\w*"
    r"|asked about|asked whether|asked if|counsel\w*|warned|(?:does|is|has|did)n'?t|stop\w*|ended|finished|off|discontinued"
    r"|ago|last|weaned|tapered|former\w*|previous\w*|past|history|before)\b"
)
_NOW = re.compile(r"\b(?:today|yesterday|this morning|last night|tonight|still|currently)\b")
_SINCE = re.compile(r"\b(?:opioids?|opiates?|narcotics?) since (?:today|yesterday|this morning|last night)\b")
_TURN = re.compile(r"[.;\n]\s*|\b(?:but|except|however|apart from|other than)\b")
_NOT_TAKEN = re.compile(
    r"\b(?:no|denie[sd]|without|not (?:on|taking|using)|(?:does|is) ?n[o']t (?:take|taking|use|using|on))"
    r" (?:(?:any|current|known|other|prescribed|recent|use|of) )*(?:opioid|opiate|narcotic)"
)
_ASKED = r"(?:ask(?:ed)?|screen(?:ed)?|check(?:ed)?|confirm(?:ed)?|answer(?:ed)?|reach(?:ed)?|discuss(?:ed)?)"
_NEGATED = r"(?:\b(?:not|never|cannot|nobody|no one|yet to|unable to)|n't)(?: yet| been| be| has)*"
_OPEN = re.compile(
    rf"{_NEGATED} (?:{_ASKED}|done|completed?|obtained|known(?! to)|sure|clear)\b"
    rf"|\b(?:to be|will|must|please|to) {_ASKED}\b|\bask (?:patient|prescriber|at|on|when)\b"
    r"|\b(?:declined|refused)(?: to (?:answer|say)|$)|\bno (?:answer|reply|response)\b"
    r"|\bun(?:known|sure|clear|answered|confirmed)\b|\b(?:maybe|perhaps|possibly|pending|skipped)\b"
    r"|^(?:yes|y|asked?)\W*$"
)


def read_screen(text: str | None) -> Screen:
    """What an answer says. An opioid that was stopped, or is only mentioned, is for the pharmacist to judge."""
    plain = " ".join(unicodedata.normalize("NFKC", text or "").casefold().replace("\u2019", "'").split())
    if plain.strip(" .") in _NONE:
        return Screen.ANSWERED  # elsewhere a placeholder; to this question an answer
    if is_blank(text):
        return Screen.MISSING
    if _SINCE.search(plain) is not None or any(_is_taken(part) for part in _TURN.split(plain)):
        return Screen.TAKES
    is_open = _OPEN.search(plain) is not None and _NOT_TAKEN.search(plain) is None
    return Screen.OPEN if is_open else Screen.ANSWERED


def is_opioid_or_antagonist(name: str | None) -> bool:
    """Whether a component is a drug of the family of naltrexone, by its name: no excipient is."""
    plain = " ".join((name or "").casefold().split())
    return _NAMED.search(plain) is not None or _ANTAGONIST.search(plain) is not None


_IN_USE = re.compile(
    r"\b(?:daily|nightly|prn|bid|tid|qid|as needed|takes?|taking|uses|using|patch|(?:every|each) (?:day|night|week|morning)"
    r"|(?:once|twice) a (?:day|week)|since (?:yesterday|today))\b"
)
_OVER = re.compile(r"\b(?:until|till|after|ended|if)\b")


def _is_taken(part: str) -> bool:
    if _TAKING.search(part) is not None and _DENIED.search(part) is None:
        return True
    if any(map(_is_in_use, part.split(",")[1:])):
        return True  # "no opioids, suboxone daily"
    return _NAMED.search(part) is not None and (_DENIED.search(part) is None or _is_of_now(part))


def _is_in_use(clause: str) -> bool:
    """Whether a clause names an opioid and how often it is taken, and denies nothing."""
    if _NAMED.search(clause) is None or _IN_USE.search(clause) is None:
        return False
    return _DENIED.search(clause) is None and _OVER.search(clause) is None


def _is_of_now(part: str) -> bool:
    """Whether an opioid was taken today or yesterday, whatever else is said of it."""
    return _NOW.search(part) is not None and re.search(r"\b(?:no|not|none|never|denie[sd]|without|ask\w*)\b", part) is None
