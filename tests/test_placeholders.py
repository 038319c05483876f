"""What is written where nothing is known counts as not said; what looks like it and says something does not."""

import pytest
from catalogue.pairs import changed, good, judged

from formcheck.findings import Verdict
from formcheck.papers.placeholders import is_blank

SAY_NOTHING = " | ".join(
    (
        "n/a | N / A | tbd | TBD - ask | tbd (call vendor) | t.b.d. | tbc, see note | n/k | xx | xxxxxx | - | ?",
        "\u200b | unknown | unknown (label torn) | unknown - label torn | Unknown; ask Maren | unknown lot",
        "supplier unknown | lot not recorded | lot number illegible | vendor: unknown | lot (unknown)",
        "manufacturer not stated | UNKNOWN! | see CoA | see C.o.A. | see COA attached | see the certificate",
        "See certificate of analysis | per label | as per CoA | see container | see logbook | see batch record",
        "refer to the bottle | not on label | not given on the container | 0000 | 00000000 | 000-000 | label torn",
        "self | me | nobody | Admin | N.N. | the pharmacist | Tech 2 | technician #3 | night shift | both",
        "label missing | illegible (wet) | pending - QC | to be confirmed, Monday | technician | Pharmacist | RPh",
        "CPhT | pharmacy technician | staff | signature on file | (signature on file) | unsigned | Not signed",
        "signed on paper | initials on file | same lot | no lot number | \uff34\uff22\uff24",
    )
).split(" | ")
SAY_SOMETHING = " | ".join(
    (
        "0000123 | 000 | 00 | 0 | 10000 | 0000A | TBC-114 | TBD/14 | NA-2231 | N/A-7 | NX-4423 | LOT 4423",
        "lot 0000123 | Tbilisi | Nata Tbilisi | T. B. Cole | Missing Link Chemicals | Unknown Labs Inc",
        "Pendingham, Rose | Noname Ltd | Technician Supply Co | technician, Maren Tolliver",
        "Pharmacist Idris Calloway | Rph. Idris Calloway | Staffan Illes | Torn, Ada | Label Chemicals | Supplier One",
        "Lot Nguyen | Sameer Lot | xx-14 | size 000 | X | Lost Valley Pharma | see USP <795> 10.3",
        "see study NX-2024-7 | per USP <795> | none visible, clear liquid | no opioids | none; asked | See Chemicals",
        "Initials GmbH | Ann Self | The Ng | Both, Anna | Techno 2 | User, Hans | Nobody & Sons",
        "Vendorama | not expired, opened 2026-01-02 | amber vial, lot PV-1182 | BAL-02 | %",
    )
).split(" | ")


@pytest.mark.parametrize("text", SAY_NOTHING)
def test_a_placeholder_says_nothing(text: str) -> None:
    """With a word more, in brackets, of a person or of a lot: it says that nothing is known."""
    assert is_blank(text)


@pytest.mark.parametrize("text", SAY_SOMETHING)
def test_what_says_something_is_no_placeholder(text: str) -> None:
    """Lots with zeros, names and vendors that begin like a placeholder, and answers say something."""
    assert not is_blank(text)


@pytest.mark.parametrize(
    "text", ["unknown (label torn)", "see CoA", "0000", "technician", "tbd - ask", "signature on file"]
)
@pytest.mark.parametrize(
    "key", ["components.0.lot", "components.0.vendor", "people.compounded_by.name", "people.verified_by.name"]
)
def test_a_record_with_a_placeholder_is_not_determined(key: str, text: str) -> None:
    """In place of a lot, a vendor or a name it is missing, whatever stands beside it."""
    assert judged(changed(good(), {key: text})).verdict is Verdict.NOT_DETERMINED
