"""The words of directions: patterns of phrases in the order in which they are looked for, and words by what they mean."""

import re
from fractions import Fraction

__all__ = [
    "IN_LATIN", "LATIN", "MASS", "N", "NO_FIGURE", "NUMBERS", "NUMBER_LIKE",
    "OCCASION", "PATTERNS", "PLAIN", "QUANTITIES", "UNBOUNDED", "VERBS",
]  # fmt: skip

_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: Fraction(number) for number, word in enumerate(_COUNTED, start=1)}
N = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?|(?:{'|'.join(_COUNTED)})\b)"
# "3 (three)", "1 to 2", "1-2": the largest counts. "1-0-2" is a scheme, and no range.
_R = rf"(?<![\w./-])(?<![0-9],){N}(?: ?\({N}\))?(?: ?(?:-|to|or) ?{N}(?: ?\({N}\))?)?"
_DRUG = r"(?:(?:x|of|the|your|naltrexone|hydrochloride|hcl|ldn|low[ -]dose|hard|gelatin|whole) ){0,6}"
_UNIT = r"(?:capsules?|caps?|drops?|gtts?|mls?|millilit(?:er|re)s?)\b"
MASS = r"(?:mg|mcg|ug|milligrams?|micrograms?|g|grams?)\b"
_SPAN = r"(?:days?|weeks?|months?)\b"
_A = r"(?:a|an|the|your|this|one)"
_STRENGTH = rf"(?:[0-9.]{{1,8}} ?{MASS} )?"
_WATER = r"(?:of )?(?:cool |warm |cold )?(?:water|milk|juice)"
_DEVICE = r"(?:syringe|dropper|pipette)"
_FOOD = r"(?:bed|bedtime|sleep|breakfast|lunch|dinner|supper|food|meal\b|milk|water|going|swallowing)"
_OTHER_DOSE = r"(?:the |your |a )?(?:last|first|previous|each|every|dose)"
_PURPOSE = (
    "pain|chronic|fibromyalgia|crohn'?s?|disease|inflammation|inflammatory|autoimmune|immune|fatigue|multiple|sclerosis"
    "|joints?|nerves?|neuropathy|neuropathic|arthritis|rheumatoid|lupus|thyroid|thyroiditis|hashimoto'?s?|itching|psoriasis"
    "|colitis|ulcerative|bowel|syndrome|condition|support|modulation|therapy|treatment|of|long covid"
    "|low[ -]dose(?: naltrexone)?|depression|anxiety|cfs|cfs/me|me/cfs|skin|weight loss|cravings|allergies|eczema"
)
_A_DAY = r"(?:a|per|each|every|in a) (?:single )?day"
_DOCTOR = r"(?:doctor|physician|prescriber|provider|pharmacist)"
_BESIDE = (
    # ids and dates
    r"\b(?:rx|lot|batch|ndc|tel|phone|prescription)\b(?: no| number)?[ .:#]{0,3}[a-z]{0,6}-?[0-9][0-9a-z-]{3,20}",
    r"\b(?:tel|telefon|tlf|phone|ph|fon|fax)\b[ .:]{0,3}\+?[0-9(][0-9()/ -]{4,20}[0-9](?![0-9])",
    r"^(?:lot|batch)(?: no\.?| number)?:? ?[a-z]{1,12}$",
    r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])|(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}(?![0-9/])"
    r"|(?<![0-9.])[0-3]?[0-9]\.[01]?[0-9]\.(?:20)?[0-9]{2}(?![0-9.])",
    # drops per mL, strengths
    rf"{_R} ?(?:drops?|gtts?) ?(?:/|per|in|=|make|a) ?(?:1 ?|one |each )?(?:ml|millilit(?:er|re))\b(?! of)",
    rf"(?:drops? ?(?:/|per) ?ml ?[:=]|(?<![\w.])1 ?ml ?(?:=|is|holds|contains)) ?(?:about )?{N}(?: drops?)?(?![\w.])",
    rf"{_R} ?{MASS} ?(?:/|per|in|in each|in every|a) ?(?:1 ?|one )?(?:ml|capsule|drop)\b",
    rf"(?<!x )(?<!a )(?<!an )(?<!the ){_R} ?{MASS} ?(?:hard )?(?:gelatin )?"
    r"(?:capsules?|caps?|sublingual drops|oral liquid|oral solution)\b",
    # devices, water, an hour before, where from
    rf"\b(?:with|using|in|by) (?:the |an? |your )?{_R} ?mls? (?:(?:oral|enteral|dosing|medicine) )?{_DEVICE}\b",
    rf"\b(?:in|with) (?:{_R} ?(?:mls?|oz|ounces?|glass(?:es)?)|(?:an? |full |half |large )*glass|plenty|some) {_WATER}\b",
    r"\b(?:on an empty stomach|(?:in|from) (?:the|this) (?:closed )?bottle|shake (?:the |this )?bottle|shake well)\b",
    rf"\b(?:before|after|with|without|with or without|before or after) (?=(?:an? |the |your |any |some )?{_FOOD})",
    rf"\bhold(?: it| there| under the tongue)? for (?:about |at least )?{_R} ?(?:seconds?|secs?|minutes?|mins?)\b",
    # as usual
    rf"\bas (?:directed|prescribed)(?: by (?:your |the )?{_DOCTOR})?\b|\bas tolerated\b",
    r"\bunless (?:otherwise directed|directed otherwise)\b",
    r"\bat (?:about |around )?the same time(?: of day)?(?: each day| every day| daily)?\b",
    r"\buntil (?:gone|finished|all taken|used up|completed?)\b",
    # what for
    r"\btwo doses at (?:once|the same time)\b|\bdouble (?:the |your |up on )?(?:next )?doses?\b",
    rf"\bfor:? (?:the )?(?:(?:{_PURPOSE})(?:$|[ ,.)]+(?:and |or )?)){{1,6}}",
    rf"\bonce (?:opened|mixed)\b|\b(?:use )?within {N} {_SPAN}",
    r"\b(?:before|after|for)(?: [a-z]{1,12})? use\b|\buse (?:by|before)\b|\bwith this dropper only\b",
)
_RARELY = (
    r"\b(?:every|each) (?:other|second|third) (?:day|night|morning|evening)\b",
    rf"\b(?:every|each) (?:[1-9][0-9]?|{'|'.join(_COUNTED)}) (?:days|weeks|months)\b",
)
_HOURS = (
    rf"\b(?:every|each|q) ?(?:{_R} ?)?(?:hours?|hrs?|h|minutes?|mins?)\b",
    r"\bq[0-9]{1,2}-?[0-9]{0,2}h\b|\bhourly\b",
)
_TIMES = (
    rf"(?:\b(?:once|twice|thrice)\b|{_R} ?(?:times\b|x(?= ?(?:daily|/ ?day|{_A_DAY}|weekly|a week))))"
    r"(?: ?(?:a|per|each|every|/) ?(?:day|week|month|hour)\b| ?(?:daily|weekly|monthly|hourly)\b)?"
)
_LIMIT = (
    rf"\b(?:do not|don't|never) (?:take|use|give|exceed|swallow)(?: more than)?(?= (?:the )?{N})"
    r"|\b(?:may be increased|may increase|increase[ds]?|increasing|titrate[ds]?|titrating"
    r"|max(?:imum)?|exceed|(?:no |not )?more than|at most)\b"
)
_HOUR = r"(?:[0-9]{1,2}(?::[0-9]{2})? ?(?:am|pm|o'clock)|midnight)"
_TAKEN = r"(?:at|every|each|once|twice|daily|nightly|in the|by mouth|orally|with|before|after|a day)"
# In this order: the first pattern that fits at a place is the phrase there.
PATTERNS: tuple[tuple[str, str], ...] = (
    *(("beside", pattern) for pattern in _BESIDE),
    ("clock", rf"\bbetween {_HOUR} ?(?:and|-|to) ?{_HOUR}(?![\w:])"),
    ("clock", r"(?:\bat |\bby |\baround |\bbefore |\bafter |\()[0-9]{1,2}(?::[0-9]{2})? ?(?:am|pm|o'clock)\b"),
    ("clock", rf"\b(?:{N}|an?|half an) (?:hours?|minutes?|mins?) (?:before|after|prior to) (?!{_OTHER_DOSE})"),
    ("clock", r"(?<![\w.:])[0-2]?[0-9]:[0-5][0-9](?: ?[ap]m)?\b"),
    (
        "open_heading",
        rf"\b(?:from|starting(?: on)?|beginning(?: on)?) {_SPAN} {N}(?![\w.])|\b{_SPAN} {N}(?: on| onwards?)\b",
    ),
    ("heading", rf"\b(?:on |during )?{_SPAN} {N}(?: ?(?:-|to|through|until|and) ?{N})?(?![\w.])"),
    ("heading", rf"\bafter (?:the first )?(?:{N}|a) {_SPAN}"),
    ("lasts", rf"\bfor (?:the )?(?:(?:first|next|up to) )?(?:{N}|a) (?:more )?{_SPAN}|\bx ?[0-9]{{1,3}} ?{_SPAN}"),
    ("lasts", rf"\b{N}[ -](?:day|week|month)s? supply\b"),
    *(("rarely", pattern) for pattern in _RARELY),
    *(("hours", pattern) for pattern in _HOURS),
    ("day", r"\b(?:in|per|every|within) 24 hours\b"),
    ("times", _TIMES),
    ("latin", r"\b(?:bid|bd|tid|tds|qid|qds|qd|od)\b"),
    ("amount", rf"{_R} ?(?:x ?)?{_DRUG}{_STRENGTH}{_DRUG}{_UNIT}"),
    ("article", rf"\b{_A} {_DRUG}{_STRENGTH}{_DRUG}(?:capsule|cap|drop)\b"),
    ("units", rf"{_R} to be taken\b|(?<=\btake ){_R}(?= {_TAKEN}|$)"),
    ("mass", rf"{_R} ?{MASS}(?: total)?"),
    ("day", rf"\b(?:daily|{_A_DAY})\b|/ ?day\b"),
    ("rarely", r"\b(?:weekly|monthly|(?:a|per|each|every) (?:week|month))\b"),
    ("lasts", rf"(?<!every )(?<!each )(?<![\w./-])(?:[1-9][0-9]{{0,2}}|{'|'.join(_COUNTED)}) {_SPAN}"),
    ("meals", r"\b(?:(?:each|every|per|at) (?:meal|mealtime)|meals|meal ?times?)\b"),
    (
        "unbounded",
        r"\b(?:every|each) (?:time|side)\b|\bas well\b|\bin addition\b|\bad lib\b|\baround the clock\b|\bat least\b",
    ),
    ("then", r"\b(?:then|thereafter|after that|afterwards|followed by)\b"),
    ("limit", _LIMIT),
    ("up_to", r"\bup to\b"),
    ("and", r"[&+]"),
    ("comma", r"[,/]"),
    ("word", r"bed time\b|[a-z][a-z'-]{0,40}"),
    ("open", r"\("),
    ("close", r"\)"),
    ("equals", r"="),
    ("figure", r"[^\s,:/.()=&+-][^\s,()=&+]{0,40}"),
)
LATIN = {"bid": 2, "bd": 2, "tid": 3, "tds": 3, "qid": 4, "qds": 4}
_OCCASIONS = {
    "morning": "morning mornings breakfast am",
    "noon": "noon midday lunch lunchtime",
    "afternoon": "afternoon afternoons",
    "evening": "evening evenings bedtime bed night nights nightly tonight dinner supper pm sleep",
    "day": "day days",
}
IN_LATIN = {"qam": "morning", "mane": "morning", "qpm": "evening", "qhs": "evening", "hs": "evening", "qn": "evening",
             "nocte": "evening"}  # fmt: skip
OCCASION = {word: name for name, words in _OCCASIONS.items() for word in words.split()}
OCCASION |= {"bed time": "evening"} | IN_LATIN


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VERBS = _words("""
take taken taking swallow use give given place put hold dose dosage sig directions consume drink chew ingest administer
open mouth orally tongue empty apply insert dissolve instill drip squeeze sip eat have measure fill draw
""")
QUANTITIES = _words(
    "quantity qty content contents count total dispensed net volume bottle contains contain holds package pack size"
)
PLAIN = _words("""
a an the your this by with without or to food water milk and at in on of it its each every below under using oral
dropper syringe measured about approximately is are be into whole capsule when going naltrexone hydrochloride hcl ldn
only from slowly for do calibrated supplied provided medicine medication exactly best please directly completely meal
may can should must will swallowing
""")
UNBOUNDED = _words("""
teaspoon teaspoons tsp tablespoon tablespoons tbsp spoon spoons droppers tablet tablets pill pills squirt squirts pump
pumps spray sprays vial bottles half halves double doubled doubling triple quadruple extra additional additionally
another again also too plus repeat repeated repeating needed need required prn sos necessary wanted desired wish few
several couple pair dozen both either all rest remaining everything doses hour hours hrs minutes last previous
forgotten missed more capsules caps drops ml mls gtts mg milligrams millilitres milliliters times thirteen fourteen
fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty hundred often frequently symptoms ii iii
iv vi vii viii ix xi xii increase handful whenever until minimum min least side sides nostril nostrils cheek ter
quater bis semel die before after same again per many much fit ac pc achs stat
""")
NUMBER_LIKE = re.compile(
    rf"(?:^|-)(?:{'|'.join(_COUNTED)}|half|double|twice|three|dose|hourly|times)(?:-|$)"
    r"|(?:fold|fuls?|hourly|hrly|ly)$|^[ivx]{2,6}$"
)
NO_FIGURE = _words("""
slowly exactly directly completely approximately only family daily weekly monthly nightly hourly july supply apply early
carefully immediately safely properly thoroughly tightly promptly gently usually supplied
""")
