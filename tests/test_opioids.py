"""The answer to the question about opioids: who takes one is found, who was not asked is not determined."""

import pytest

from formcheck.planning.opioids import Screen, is_opioid_or_antagonist, read_screen


@pytest.mark.parametrize(
    "text",
    [
        "takes oxycodone",
        "Oxycodone 5 mg PRN",
        "Yes, oxycodone twice a day",
        "yes - takes tramadol",
        "on methadone",
        "Suboxone daily",
        "no opioids except tramadol",
        "denies opioids; takes codeine for cough",
        "takes opioids for pain",
        "on chronic opioid therapy",
        "current opioid use",
        "opioid use: yes",
        "positive",
        "asked 2026-03-01. Hydrocodone/APAP at night.",
        "last oxycodone yesterday",
        "still on buprenorphine",
        "kratom",
        "no opioids, suboxone daily",
        "no opioids, tramadol 50 mg prn",
        "no opioids since yesterday",
        "patient takes opioids for pain",
        "she is on chronic opioid therapy",
        "the interview is in the patient's file. " * 30 + "takes oxycodone",
    ],
)
def test_an_opioid_that_is_taken(text: str) -> None:
    """An opioid by name or by kind that nobody says is not taken, or was stopped."""
    assert read_screen(text) is Screen.TAKES


@pytest.mark.parametrize(
    "text",
    [
        "not asked",
        "Not yet asked.",
        "not screened",
        "not done",
        "was not asked",
        "patient hasn't been asked",
        "patient hasn\u2019t been asked",
        "didn't ask",
        "to be asked at pick-up",
        "will ask",
        "ask patient",
        "could not be reached",
        "no answer",
        "asked twice, no reply",
        "declined to answer",
        "unsure",
        "patient not sure",
        "maybe",
        "nobody asked about opioids",
        "cannot reach the prescriber",
        "no one has asked about opioids",
        "yes",
        "Y",
        "asked",
    ],
)
def test_nobody_knows_whether_one_is_taken(text: str) -> None:
    """Nobody asked, nobody answered, or a "yes" that may mean either."""
    assert read_screen(text) is Screen.OPEN


@pytest.mark.parametrize("text", [None, "", "n/a", "unknown", "pending - Monday", "tbd"])
def test_a_placeholder_is_no_answer(text: str | None) -> None:
    """Nothing, or a placeholder."""
    assert read_screen(text) is Screen.MISSING


@pytest.mark.parametrize(
    "text",
    [
        "none",
        "None.",
        "nil",
        "no",
        "No.",
        "no opioids; asked on 2026-03-01",
        "no opioids in the last 14 days, confirmed by prescriber 2026-02-11",
        "denies opioid use",
        "Patient denies oxycodone, hydrocodone, tramadol and codeine",
        "not taking any opioids",
        "patient does not take opioids",
        "doesn't take opioids or tramadol",
        "No current opioid use",
        "negative",
        "no opioids, PDMP checked daily",
        "no opioids, takes ibuprofen 400 mg daily",
        "no opioids, oxycodone after surgery in 2019, stopped",
        "no opioids since 2024",
        "opioid-free for 3 weeks (asked by I. Calloway, RPh)",
        "stopped methadone 2026-01-02, 8 weeks ago",
        "off buprenorphine since 2026-01-01",
        "last codeine 3 weeks ago",
        "opioid screen complete 2026-03-01 IC",
        "asked on 2026-03-01 by Idris Calloway, RPh",
        "asked about tramadol, codeine and oxycodone",
        "allergic to codeine, takes none",
        "confirmed with the prescriber 2026-03-01",
        "counselled; no narcotics",
        "uses no opioids",
        "checked PDMP 2026-03-01: nothing",
        "acetaminophen only",
        "none; takes ibuprofen and levothyroxine",
        "No opioids. Takes ondansetron.",
        "No opioids; urine test not done",
        "not known to take opioids",
        "no current opioid use, to be asked again at the refill",
        "patient denies opioids, to be asked again at the refill",
        "no opioids, oxycodone daily until the surgery in 2019",
        "no opioids, says she never took tramadol daily",
        "oxycodone daily, stopped 2026-01-02",
        "no oxycodone today",
        "patient denies oxycodone today",
    ],
)
def test_honest_answers(text: str) -> None:
    """What pharmacies write where it is in order."""
    assert read_screen(text) is Screen.ANSWERED


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Morphine Sulfate USP", True),
        ("Micronized  buprenorphine", True),
        ("Naloxone hydrochloride dihydrate", True),
        ("Micronized nalmefene", True),
        ("Naltrexone hydrochloride", False),
        ("Microcrystalline cellulose", False),
        (None, False),
    ],
)
def test_the_family_of_naltrexone(name: str | None, is_one: bool) -> None:
    """Opioids and their other antagonists by name; naltrexone itself is what is made."""
    assert is_opioid_or_antagonist(name) is is_one
