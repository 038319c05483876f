"""Names of components: what is one substance however it was written, and the size and kind of a shell."""

import pytest

from formcheck.planning.component_names import is_shell_of, plain, size_in, size_of, substance


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Naltrexone  HCl", "naltrexone hydrochloride"),
        ("Ascorbic Acid, USP", "ascorbic acid"),
        *((f"ascorbic acid {of}", "ascorbic acid") for of in ("USP", "NF", "BP", "EP", "USP-NF", "USP/NF", "BP EP")),
        ("USP", "usp"),
        ("USP NF", "usp"),
        ("glycerin", "glycerol"),
        ("Glycerine USP", "glycerol"),
        ("Cellulose, microcrystalline", "microcrystalline cellulose"),
        ("Water, purified", "purified water"),
        ("water", "water"),
        ("usp water", "usp water"),
    ],
)
def test_a_plain_name(name: str, same: str) -> None:
    """Without capitals, spaces, compendia at its end, and under one of two names."""
    assert plain(name) == same


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Avicel PH-105", "microcrystalline cellulose"),
        ("Microcrystalline cellulose (Avicel PH 102)", "microcrystalline cellulose"),
        ("MCC PH101 NF", "microcrystalline cellulose"),
        ("MCC", "microcrystalline cellulose"),
        ("mcc ph-999", "mcc ph-999"),
        ("Vitamin C", "ascorbic acid"),
        ("L-Ascorbic acid", "ascorbic acid"),
        ("Ascorbic acid (vitamin C)", "ascorbic acid"),
        ("L-Ascorbic acid [vitamin C]", "ascorbic acid"),
        ("Naltrexone HCl dihydrate USP powder", "naltrexone hydrochloride"),
        ("Naltrexone hydrochloride, anhydrous", "naltrexone hydrochloride"),
        ("naltrexone USP hydrochloride", "naltrexone hydrochloride"),
        ("lactose anhydrous", "lactose anhydrous"),
        ("glycerol powder", "glycerol powder"),
        ("()", "()"),
        ("silica (glycerin)", "silica glycerin"),
        ("(glycerin)", "glycerol"),
    ],
)
def test_the_substance(name: str, same: str) -> None:
    """A grade of cellulose and the form of naltrexone are left out; other forms are other substances."""
    assert substance(name) == same


def test_no_more_of_a_name_is_read_than_names_have() -> None:
    """Two hundred signs."""
    assert substance("x" * 200 + " naltrexone") == "x" * 200
    assert size_of("x" * 300) == "x" * 200
    assert not is_shell_of("x" * 200 + " capsule", "capsule")
    assert is_shell_of("capsule" + " " * 193 + "of nothing", "capsule")


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("3", "3"), ("#3", "3"), ("size 3", "3"), ("Size #3", "3"), ("No. 3", "3"), ("no 3", "3"), ("number 00", "00"),
        ("capsule size: 3", "3"), ("0el", "0el"), ("a size 3", "a size 3"), ("", ""),
    ],
)  # fmt: skip
def test_the_size_of_a_shell(said: str, size: str) -> None:
    """The number alone."""
    assert size_of(said) == size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Size 3 hard gelatin capsules", "3"), ("capsules no. 00", "00"), ("capsule #1", "1"), ("number 000", "000"),
        ("size 0el", "0"), ("size 0E", "0"), ("size 3, size 3", "3"), ("size 3 or size 4", None), ("3 capsules", None),
        ("size 6", None), ("size 35", None), ("", None),
    ],
)  # fmt: skip
def test_the_size_that_a_text_names(text: str, size: str | None) -> None:
    """None where it names none, or two."""
    assert size_in(text) == size


@pytest.mark.parametrize(
    ("name", "planned", "is_one"),
    [
        ("capsule shells", "hard gelatin capsule", True),
        ("Hard gelatine capsules size 3, white opaque", "hard gelatin capsule", True),
        ("empty two-piece gelatin capsule #3 (clear)", "hard gelatin capsule", True),
        ("brown shell No. 3", "hard gelatin capsule", True),
        ("purple capsule", "hard gelatin capsule", True),
        ("hard gelatin capsule", "gelatin capsule", True),
        ("hypromellose capsule", "hard gelatin capsule", False),
        ("gelatin", "hard gelatin capsule", False),
        ("gelatin capsule", "hard capsule", False),
        ("capsule", "gelatin", False),
        ("shell 1234", "capsule", False),
        ("shell 123", "capsule", True),
    ],
)
def test_a_shell_under_a_looser_name(name: str, planned: str, is_one: bool) -> None:
    """Colours and sizes do not matter; what it is made of does."""
    assert is_shell_of(name, planned) is is_one
