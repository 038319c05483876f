"""The dates that stand on a label: in which ways they are written, what they are said of, and where a line goes on."""

import calendar
import datetime

import pytest

from formcheck.planning.printed_dates import dates_in, undated

DAY = "2027-03-05"


def found(*lines: str, day_first: bool = False) -> list[str]:
    """Every date with its kind."""
    return [f"{each.date} {each.kind}".strip() for each in dates_in(lines, day_first=day_first)]


@pytest.mark.parametrize("month", range(1, 13))
def test_months_in_words(month: int) -> None:
    """In full and shortened, before the day and after it; without a day until the end of the month."""
    full, last = calendar.month_name[month].lower(), calendar.monthrange(2027, month)[1]
    for name in (full, full[:3]):
        for text in (f"5 {name} 2027", f"{name} 5, 2027", f"{name} 5th 2027", f"5{name}27", f"{name}-05-'27"):
            assert found(f"discard after {text}") == [f"2027-{month:02}-05 use"], text
        assert found(f"discard after {name} 2027") == [f"2027-{month:02}-{last} use"]


@pytest.mark.parametrize(
    ("text", "month_first", "day_first"),
    [
        ("2027-03-05", DAY, DAY), ("03/05/2027", DAY, "2027-05-03"), ("05.03.2027", DAY, DAY),
        ("2027/3/5", DAY, DAY), ("3/5/27", DAY, "2027-05-03"), ("3-5-2027", DAY, "2027-05-03"), ("5.3.27", DAY, DAY),
        ("march 5, 2027", DAY, DAY), ("mar 05 27", DAY, DAY),
        ("03/2027", "2027-03-31", "2027-03-31"), ("2/28", "2028-02-29", "2028-02-29"),
        ("2027-03", "2027-03-31", "2027-03-31"),
        ("2027", "2027-12-31", "2027-12-31"),
        ("12/05/2027", "2027-12-05", "2027-05-12"), ("13/05/2027", "2027-05-13", "2027-05-13"),
        ("05/13/2027", "2027-05-13", "2027-05-13"),
    ],
)  # fmt: skip
def test_dates_in_figures(text: str, month_first: str, day_first: str) -> None:
    """Month first, or day first where the pharmacy writes so; what has one reading alone is read so either way."""
    assert found(f"discard after {text}") == [f"{month_first} use"]
    assert found(f"discard after {text}", day_first=True) == [f"{day_first} use"]


@pytest.mark.parametrize("text", ["2027-02-30", "31.02.2027", "2027-13-01", "13/13/2027"])
def test_what_no_calendar_has_is_no_date(text: str) -> None:
    """A slip of the pen is not made into another day."""
    assert found(f"discard after {text}") == []


@pytest.mark.parametrize(
    "words",
    [
        "discard after", "discard", "b.u.d", "bud", "b.ud:", "bu.d", "beyond-use date:", "use by", "use within",
        "use after", "expires", "exp.", "exp", "best before", "best by", "until", "good through", "good thru",
    ],
)  # fmt: skip
def test_words_of_use_make_a_short_date_one(words: str) -> None:
    """After them 3/27 is March 2027; without them it may be anything."""
    assert found(f"{words} 3/27") == ["2027-03-31 use"]
    assert found(f"{words} {DAY}") == [f"{DAY} use"]
    assert found("shelf 3/27") == []


@pytest.mark.parametrize(
    ("line", "dates"),
    [
        (f"compounded {DAY}", [f"{DAY} made"]),
        (f"lot {DAY}", [DAY]),
        (f"refills until {DAY}", [f"{DAY} other"]),
        ("refills until 3/27", []),
        ("discard what is left, shelf 3/27", []),
        ("shelf 3/27, discard after 4/27", ["2027-04-30 use"]),
        ("lot 7: discard after 3/27", ["2027-03-31 use"]),
        ("use by 3/27 or, cold, use by 4/27", ["2027-03-31 use", "2027-04-30 use"]),
        ("use by 3/27, shelf 4/27", ["2027-03-31 use"]),
        ("use by 3/27, use by 4/27, use by 5/27", ["2027-03-31 use", "2027-04-30 use", "2027-05-31 use"]),
        (f"discard unused; lot {DAY}", [DAY]),
        (f"discard unused. lot {DAY}", [DAY]),
        (f"exp. {DAY}", [f"{DAY} use"]),
        (f"made {DAY}, discard after 2027-08-31", [f"{DAY} made", "2027-08-31 use"]),
    ],
)
def test_what_a_date_is_said_of(line: str, dates: list[str]) -> None:
    """The words last before it in the same clause count."""
    assert found(line) == dates


def test_words_count_within_sixty_signs() -> None:
    """What stands farther before a date is not said of it."""
    for date in (DAY, "3/27"):
        words = "discard" + " before" * 7
        assert [len(found(words + " " * spaces + date)) for spaces in (4, 5)] == [1, int(date == DAY)]
    assert found("discard " + "x" * 51 + f" {DAY}") == [f"{DAY} use"]
    assert found("discard " + "x" * 52 + f" {DAY}") == [DAY]


def test_a_date_on_the_line_after_its_words() -> None:
    """A line of less than sixty signs that ends in such words goes on; its own dates count once."""
    assert found("discard after", DAY) == [f"{DAY} use"]
    assert found("discard after", "3/27", "4/27") == ["2027-03-31 use"]
    assert found("lot 7, discard after", DAY) == [f"{DAY} use"]
    assert found(f"compounded {DAY}, discard after", "2027-08-31") == [f"{DAY} made", "2027-08-31 use"]
    for length, date in ((59, "2027-03-31 use"), (60, None)):
        head = "x" * (length - len(" discard after")) + " discard after"
        assert (len(head), found(head, "3/27")) == (length, [date] if date else [])
        assert found("a line before", head, "3/27") == ([date] if date else [])


def test_a_line_without_its_dates() -> None:
    """Each whole date leaves a space; what is no whole date stays."""
    assert undated(f"made {DAY}, lot 7, exp 3/27") == "made  , lot 7, exp 3/27"
    assert undated(f"5 march 2027 and {DAY}") == "  and  "
    assert undated("take 2 capsules") == "take 2 capsules"
    assert datetime.date.fromisoformat(DAY) == dates_in((f"lot {DAY}",), day_first=False)[0].date
