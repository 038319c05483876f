"""Every field of the papers with a value that does not belong there: a sentence and exit 2, never a fault of formcheck.

The fields are found by walking the classes of the papers, so one that is added is tested without being asked for.
"""

from collections.abc import Iterator
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import pytest
from published.records import formulation, read_paper, record, text_of

from doors.running import check
from formcheck.papers.compounding import CompoundingRecord
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.papers.values import Count, Text

Path = tuple[str, ...]
Field = tuple[Path, Any]
PAPERS = {CompoundingRecord: record, MasterFormulationRecord: formulation}
# Values that no quantity, date, count or choice may be, each with what is wrong with it.
ILLEGAL = {
    "negative": "-3",
    "words": "nonsense",
    "arabic digits": "\u0663",
    "underscore": "1_0",
    "leading zero": "010",
    "plus": "+1",
    "spaces": " 2 ",
    "exponent": "1e1",
    "long": "9" * 5000,
}


def is_own(cls: type[Any]) -> bool:
    return attrs.has(cls) and hasattr(cls, "read")


def nested(path: Path, value: Any) -> Any:
    """A paper's fragment that holds one value at a path."""
    for step in reversed(path):
        value = [value] if step == "0" else {step: value}
    return value


def paper_with(cls: type[Any], path: Path, value: Any) -> dict[str, Any]:
    """A real paper that holds the value at a path; what the paper lacks on the way there is added."""
    paper = PAPERS[cls]()
    inside: Any = paper
    for index, step in enumerate(path):
        key: Any = int(step) if isinstance(inside, list) else step
        there = key < len(inside) if isinstance(inside, list) else key in inside
        rest = path[index + 1 :]
        if not there and isinstance(inside, list):
            inside.append(None)
        if not (there and rest and isinstance(inside[key], list if rest[0] == "0" else dict)):
            inside[key] = nested(rest, value)
            return paper
        inside = inside[key]
    raise AssertionError(path)


def of_class(cls: type[Any]) -> list[Any]:
    """The fields of one paper, for parametrising; values that read themselves (ranges, expiries) count as one value."""
    found = []
    for path, of in _leaves(cls):
        found.append(pytest.param(cls, path, of, id=".".join(path)))
    return found


def _leaves(cls: type[Any], path: Path = ()) -> Iterator[Field]:
    hints = get_type_hints(cls)
    for field in attrs.fields(cls):
        of: Any = hints[field.name]
        here: Path = (*path, field.name)
        if get_origin(of) is tuple:
            of, here = get_args(of)[0], (*here, "0")
        elif get_origin(of) is dict:
            of, here = get_args(of)[1], (*here, "assay")
        elif type(None) in get_args(of):
            of = next(inner for inner in get_args(of) if inner is not type(None))
        if attrs.has(of) and not is_own(of) and of.__module__.startswith("formcheck.papers"):
            yield from _leaves(of, here)
        else:
            yield here, of


FIELDS = [*of_class(CompoundingRecord), *of_class(MasterFormulationRecord)]
STRICT = [field for field in FIELDS if field.values[2] is not Text]
COUNTS = [field for field in FIELDS if field.values[2] is Count]
WRONG_SHAPES: tuple[Any, ...] = ({"a": "b"}, {"a": {"b": ["c"]}}, [["x"]], [{"a": "b"}], {})


@pytest.mark.parametrize(("cls", "path", "of"), STRICT)
def test_a_value_that_is_none_is_refused(cls: type[Any], path: Path, of: Any) -> None:
    """Every field but a text refuses what is no value of its kind, with an FC0 finding that has a place and a sentence."""
    for what, value in ILLEGAL.items():
        reading = read_paper(paper_with(cls, path, value))
        assert reading.paper is None, f"{what}: {value!r} was taken"
        for finding in reading.findings:
            assert finding.code.startswith("FC0") and finding.message and finding.location.line, what
            assert len(finding.message) < 1000, "a long value is not repeated in full"


@pytest.mark.parametrize(("cls", "path", "of"), FIELDS)
def test_a_value_of_another_shape_is_refused(cls: type[Any], path: Path, of: Any) -> None:
    """A mapping or a list where one value belongs is refused with an FC0 finding; nothing is raised."""
    for value in WRONG_SHAPES:
        reading = read_paper(paper_with(cls, path, value))
        assert reading.paper is None and reading.findings, value
        assert all(finding.code.startswith("FC0") for finding in reading.findings)


@pytest.mark.parametrize(("cls", "path", "of"), COUNTS)
def test_a_count_is_digits_and_nothing_else(cls: type[Any], path: Path, of: Any) -> None:
    """A count is plain ASCII digits: what Python's int() would take beyond them is refused, 0 and 7 are read."""
    for text in ("0", "7", "120"):
        reading = read_paper(paper_with(cls, path, text))
        assert not [finding for finding in reading.findings if finding.code in ("FC005", "FC006", "FC007")], text
    for text in ("-1", "+1", "1.0", "1_0", "\u0661", "\uff11", "01", "1 ", "1e0", "0x1", "one", "1 day"):
        assert read_paper(paper_with(cls, path, text)).paper is None, f"{text!r} was taken for a count"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("per_day", "-3"),
        ("per_day", "two"),
        ("dose", {"capsules": "-1"}),
        ("strength_basis", "naltrexon"),
        ("counts", {"filled": "ten"}),
        ("storage", "rom"),
        ("formulation", {"id": "naltrexone-capsules", "version": "one"}),
    ],
)
def test_a_bad_field_is_exit_2_and_hides_no_other(path: str, value: Any) -> None:
    """At the command a value that cannot be read is exit 2 with its place, not a pass and not an internal error."""
    ran = check("-", given=text_of(record({path: value})))
    assert ran.code == 2
    (entry,) = ran.data["records"]
    assert entry["verdict"] == "not_determined" and all(f["code"].startswith("FC0") for f in entry["findings"])
    assert any((finding["field"] or "").startswith(path) for finding in entry["findings"])


@pytest.mark.parametrize("name", ["strength_basis", "storage", "dosage_form"])
def test_a_misspelt_choice_gets_the_near_one(name: str) -> None:
    """A choice that is not known is FC009, with the nearest spelling and all that may be written."""
    near = {"strength_basis": "naltrexone", "storage": "refrigerator", "dosage_form": "capsule"}[name]
    (finding,) = read_paper(record({name: f"{near}s"})).findings
    assert finding.code == "FC009" and f"did you mean {near}" in finding.message
