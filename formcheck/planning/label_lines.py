"""What else stands on a label beside directions: the product, its quantity, ids, dates, addresses, storage, warnings.

Only what is known counts as such, and only while it says nothing of how much or how often. Every other line may be
directions in words that formcheck does not know.
"""

import re

from formcheck.planning.phrases import Kind, Phrase

__all__ = ["is_known_at_once", "says_nothing_of_taking"]

# Lot numbers and dates differ from label to label: they are known without being taken apart.
_AT_ONCE = re.compile(
    r"(?:lot|batch|rx|ndc|npi|dea|ref|order|id|no|internal id)(?: no| number)?[ .:#]{0,3}#?[a-z]{0,8}[0-9][0-9a-z/-]{0,24}"
    r"|(?:discard(?: after| by)?|use (?:by|before)|bud|beyond[- ]use(?: date)?|exp(?:iry|ires|iration)?(?: date)?"
    r"|mfg|made|compounded|prepared|filled|packed|dispensed|date)(?: on| date)?[ .:]{0,3}[0-9a-z][0-9a-z ,/-]{5,18}"
    r"|(?:days?'? supply|ds)[ :]{0,2}[0-9]{1,3}|[a-z]{0,6}-?[0-9]{4}-?[0-9]{2,6}|#[0-9]{1,5}|\W?[0-9]{6,20}\W?"
    r"|[01]?[0-9]/[0-9]{2,4}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}"
)
_NEGATION = re.compile(r"(?:do not|don't|never|avoid|not for|no |if you miss|stop taking|keep|contraindicated)\b")
_SECOND_THOUGHT = re.compile(
    r"(?:[,:]|\b(?:and|but|instead|then))(?: (?:and|but|instead|then))? (?:take|use|give|swallow|place|put|have)\b"
)


# A sentence that begins so, or holds one of these words, is about something else.
_BEGINNINGS = """
keep, store, protect, discard, throw, dispose, shake, refrigerate, let, return, call, ask, contact, consult, see, tell, stop
may cause, caution, warning, contains?, compounded, prepared, made, dispensed, filled, expires?, exp, if you, if pregnant
beyond, bud, each, refills?, may refill, no refills?, you may refill, rx, lot, batch, quantity, qty, this medicine
this product, naltrexone, patient, prescriber, prescribed, dr, dob, for external, for oral, not for, generic, brand, federal
inactive, active, ingredients?, distributed, manufactured, mfr, mfg, questions, hours, open, phone, tel, fax, www, thank
use care, use caution, side effects, alcohol, auxiliary, product of, date, name, address, rph, pharmacist, check with, read
limit alcohol, drink plenty, page, label, bottle [0-9], vial [0-9], price, copay, insurance, days supply, ds, daw, barcode
auth, tech, indication, description, white, report, substitution, lactose, gluten, wash, vivid dreams, room, package
original, info, delivered, have a nice, good (?:morning|day|evening), lasts, good (?:for|through), count each, this is, for
excursions?
"""
_WORDS = """
pharmacy, pharmacies, apothecary, compounding, laborator(?:y|ies), outsourcing, clinic, drowsiness, alcohol, opioids?
machinery, driving, pregnan(?:t|cy), breast-?feeding, allergic, allergy, side effects?, emergency, poison, children, pets
light, temperature, refrigerat(?:e|or|ed), freez(?:e|er|ing), heat, moisture, disposal, federal, prohibits, transfer
refills?, generic, substituted, manufacturer, distributed, warning, caution, surgery, liver, hepatic, storage
original container, frozen, thaw, closed container, dropper
"""
_STREETS = """
st, street, ave, avenue, rd, road, ln, lane, dr, drive, blvd, boulevard, way, court, ct, hwy, place, pl, square, park
"""
_PREPARATION = """
naltrexone, hydrochloride, hcl, low, dose, low-dose, ldn, capsule, capsules, oral, liquid, solution, suspension, drops, size
sublingual, compounded, preserved, usp, nf, immediate, release, hard, gelatin, in, of, and, x, for, human, mg, ml, strength
bottle, vial
"""


def _listed(words: str) -> list[str]:
    """The words of a list, which stand between commas and on several lines."""
    return [word.strip() for word in words.strip().replace("\n", ",").split(",")]


def _any(words: str) -> str:
    return "|".join(_listed(words))


_BEGINS = re.compile(rf"(?:{_any(_BEGINNINGS)})\b")
_HOLDS = re.compile(rf"\b(?:{_any(_WORDS)})\b")
_PRODUCT = frozenset(_listed(_PREPARATION))
_PLACE = re.compile(
    rf"\b[0-9]{{1,6}} (?:[a-z'.]{{1,20}} ){{1,4}}(?:{_any(_STREETS)})\b|\b[a-z]{{2}} [0-9]{{5}}(?:-[0-9]{{4}})?\b"
    r"|(?<![0-9])\(?[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}(?![0-9])|(?<![0-9])[0-9]{3}-[0-9]{4}(?![0-9])"
    r"|\b[a-z'-]{2,25}(?:weg|strasse|str\.?|gasse|platz|allee|straat|laan|gata|gade) [0-9]{1,4}[a-z]?\b"
    r"|\b[0-9]{1,4},? (?:rue|avenue|boulevard|place|quai) (?:de |du |d')"
    r"|\b(?:via|viale|piazza|calle|avenida|rua) (?:[a-z'.]{1,20} ){1,4}[0-9]{1,4}\b"
    r"|www\.|\.com\b|\.org\b|@[a-z]"
)
_WEEKDAYS = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)(?:day|nes|rs|urday|s)?\b")
_REFILLS = re.compile(r"(?:you )?(?:may )?refills?\b|no refills?\b|[0-9]{1,2} refills?\b")
_STORING = re.compile(r"(?:keep|store|protect|refrigerate|discard|throw|dispose)\b")
_STORED = frozenset({"place", "put", "hold", "use", "open", "empty", "fill", "given"})
_HOURS = re.compile(r"(?:pharmacy |store |business )?hours\b|open (?:24 hours|daily|7 days)\b")
_BY_WHOM = re.compile(r"(?:compounded|dispensed|prepared|filled|made|prescribed|manufactured|distributed) (?:by|for|at)\b")
_SAYS_NOTHING = frozenset({Kind.PLAIN, Kind.OPEN, Kind.CLOSE, Kind.COMMA, Kind.QUANTITY, Kind.OR, Kind.AND, Kind.LASTS})
_MOST_IN_A_LINE = {"capsules": 12, "mL": 10}


def is_known_at_once(sentence: str) -> bool:
    """Whether a line is no more than a lot number, an id or a date."""
    return _AT_ONCE.fullmatch(sentence) is not None


def says_nothing_of_taking(sentence: str, phrases: tuple[Phrase, ...]) -> bool:
    """Whether a sentence is about something known, and says nothing of how much or how often is taken."""
    kinds = {phrase.kind for phrase in phrases}
    # "Beyond use date" tells nobody to use anything.
    pairs = zip((None, *phrases), phrases, strict=False)
    verbs = {p.text for before, p in pairs if p.kind is Kind.VERB and (before is None or before.text != "beyond")}
    if _STORING.match(sentence):
        verbs -= _STORED
    verb, when = bool(verbs), Kind.OCCASION in kinds
    if kinds <= _SAYS_NOTHING and not verb:
        return True
    amounts = [phrase for phrase in phrases if phrase.kind is Kind.AMOUNT]
    if _NEGATION.match(sentence) and not amounts and not _SECOND_THOUGHT.search(sentence):
        return not _often(phrases) and not (Kind.LIMIT in kinds and Kind.UNBOUNDED in kinds)
    if _is_a_place(sentence) and not amounts and not verbs - {"open"} and not _often(phrases):
        return True
    if _REFILLS.match(sentence) and not (amounts or verb or when):
        return True
    if _is_the_product(phrases) or _is_a_quantity(phrases, amounts):
        return True
    doses = bool(amounts) and (verb or when or Kind.TIMES in kinds)
    loose = (verb or when or Kind.LIMIT in kinds or Kind.HEADING in kinds) and Kind.UNBOUNDED in kinds
    if doses or loose or _often(phrases) or (Kind.LIMIT in kinds and amounts):
        return False
    return _BEGINS.match(sentence) is not None or _HOLDS.search(sentence) is not None


def _often(phrases: tuple[Phrase, ...]) -> bool:
    """Whether it says of anything that it is done more than once a day."""
    return any(phrase.kind is Kind.TIMES and (phrase.number > 1 or not phrase.plain) for phrase in phrases)


def _is_a_place(sentence: str) -> bool:
    """An address, a telephone number, the hours of opening, or by whom it was made."""
    if _HOURS.match(sentence):
        return True
    if _BY_WHOM.match(sentence) or _PLACE.search(sentence):
        return True
    return len(_WEEKDAYS.findall(sentence)) > 1


def _is_the_product(phrases: tuple[Phrase, ...]) -> bool:
    """The name and strength of the preparation: words of it alone, with no number of units."""
    words = [p for p in phrases if p.kind not in (Kind.PLAIN, Kind.COMMA, Kind.OPEN, Kind.CLOSE)]
    named = any(word.text in ("naltrexone", "ldn") for word in phrases)
    return named and all(p.text in _PRODUCT or (p.kind is Kind.AMOUNT and p.of == "mg") for p in words)


def _is_a_quantity(phrases: tuple[Phrase, ...], amounts: list[Phrase]) -> bool:
    """How much is in the container: so it says, or the number is larger than anybody takes at once."""
    others = {phrase.kind for phrase in phrases} - _SAYS_NOTHING - {Kind.AMOUNT}
    if others - {Kind.UNKNOWN, Kind.UNBOUNDED} or not amounts:
        return False
    says_so = any(phrase.kind is Kind.QUANTITY for phrase in phrases)
    if says_so:
        return not others
    return not others and all(amount.number > _MOST_IN_A_LINE.get(amount.of, 10**9) for amount in amounts)
