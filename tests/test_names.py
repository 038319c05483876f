"""Names of people: one person is known again however the name was written, and two people stay two."""

import pytest

from formcheck.planning.names import Likeness, likeness


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Idris Calloway", "idris  CALLOWAY"),
        ("Calloway, Idris", "Idris Calloway, RPh"),
        ("Calloway, Idris, RPh", "Idris Calloway PharmD"),
        ("Idris Calloway, R.Ph.", "Idris Calloway, Pharm.D., BCPS"),
        ("Maren Tolliver, CPhT", "Ms. Maren Tolliver (pharmacy technician)"),
        ("Maren\u200b Tolliver", "Maren Tolliver"),
        ("Mar\u00aden Tolliver", "Maren Tolliver"),
        ("\uff29dris Calloway", "Idris Calloway"),
        ("Idris\u00a0Calloway", "Idris Calloway"),
        ("Jos\u00e9 Ib\u00e1\u00f1ez", "Jose Ibanez"),
        ("Mary-Ann O\u2019Brien", "Mary Ann O'Brien"),
        ("van der Berg, Anna", "Anna van der Berg"),
        ("Idris\tCalloway", "Idris Calloway"),
        ("Id\x07ris Calloway", "Idris Calloway"),
        ("Mary O'Brien", "Mary OBrien"),
        ("de la Cruz, Ana Maria Luisa Rosa", "Ana Maria Luisa Rosa de la Cruz"),
        ("Ana Maria de Souza, Clinica Norte", "Ana Maria de Souza Clinica Norte"),
        ("Calloway, Idris, Tolliver", "Idris Calloway Tolliver"),
        *((f"Idris Calloway, {younger}", f"Calloway {younger}, Idris") for younger in ("Jr.", "Sr.", "II", "III", "IV")),
        ("\u0406dris C\u0430lloway", "Idris Calloway"),
    ],
)
def test_one_person_written_in_two_ways(one: str, other: str) -> None:
    """Credentials, order about a comma, capitals, accents and invisible signs make no second person."""
    assert likeness(one, other) is likeness(other, one) is Likeness.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I. Calloway", "Idris Calloway, RPh"),
        ("Calloway, I.", "Idris Calloway"),
        ("Calloway", "Idris Calloway"),
        ("Idris M. Calloway", "Idris Calloway"),
        ("Idris M. Calloway", "I. Calloway"),
        ("J.R. Smith", "John Robert Smith"),
        ("IC", "Idris Calloway, RPh"),
        ("I.C.", "Idris Calloway"),
        ("JRS", "John Robert Smith"),
        ("JS", "John Robert Smith"),
        ("Do", "An Do"),
        ("Calloway Idris", "Idris Calloway"),
        ("Idris Calloway", "Idris Calloway Jr"),
    ],
)
def test_names_that_may_be_one_persons(one: str, other: str) -> None:
    """An initial, a surname alone or one word more or less may be the same person, or a brother."""
    assert likeness(one, other) is likeness(other, one) is Likeness.MAYBE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Idris Calloway, RPh", "Maren Calloway, RPh"),
        ("I. Calloway", "M. Calloway"),
        ("I. Calloway", "Maren Calloway"),
        ("Idris Calloway", "Ida Calloway"),
        ("Idris Calloway", "Idris Tolliver"),
        ("Idris Calloway Jr", "Idris Calloway Sr"),
        ("An Do", "An Le"),
        ("An Do, RPh", "Binh Do, CPhT"),
        ("Mei Ba", "Mei Ma"),
        ("Thomas James", "James Miller"),
        ("IC", "Maren Tolliver"),
        ("", "Idris Calloway"),
        ("RPh", "PharmD"),
        (None, None),
        (None, "XX"),
        ("I", "I. Calloway"),
        ("C. Calloway", "Idris Calloway"),
        ("J. J. Smith", "John Robert Smith"),
        ("An An", "An Do Le"),
        ("JR", "John Robert Smith"),
        ("RS", "John Robert Smith"),
        ("C", "Calloway"),
        ("CC", "Calloway"),
    ],
)
def test_two_people_stay_two(one: str | None, other: str | None) -> None:
    """A surname or a given name in common makes nobody the same person; nobody's name is nobody."""
    assert likeness(one, other) is likeness(other, one) is Likeness.DIFFERENT
