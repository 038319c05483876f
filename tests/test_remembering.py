"""What is remembered of lines that come again: the same answers, and never more than there is room for."""

from types import SimpleNamespace

from formcheck.planning import once
from formcheck.planning.once import remembered


def test_a_line_that_comes_again_is_read_once() -> None:
    """A line is read once, and every time it comes the answer is the same; a line of nothing is remembered too."""
    read: list[str] = []
    upper = remembered(lambda line: read.append(line) or line.upper())
    assert [upper(line) for line in ("lot 1", "lot 2", "lot 1", "", "")] == ["LOT 1", "LOT 2", "LOT 1", "", ""]
    assert read == ["lot 1", "lot 2", ""]


def test_long_lines_are_not_kept() -> None:
    """A hostile label of long lines takes no room: they are read every time, and rightly."""
    read: list[int] = []
    length = remembered(lambda line: read.append(len(line)) or len(line))
    assert [length("a" * n) for n in (200, 200, 201, 201)] == [200, 200, 201, 201]
    assert read == [200, 201, 201]


def test_a_full_memory_begins_anew(monkeypatch) -> None:
    """However many lines come, no more than the most are kept, and the answers stay right."""
    monkeypatch.setattr(once, "_MOST_REMEMBERED", 3)
    read: list[str] = []
    upper = remembered(lambda line: read.append(line) or line.upper())
    assert [upper(line) for line in "abcabdda"] == list("ABCABDDA")
    assert read == ["a", "b", "c", "d", "a"]


def test_a_question_about_a_batch_is_answered_once() -> None:
    """However many rules ask; also where the answer is nothing, and anew for every batch."""
    asked: list[object] = []
    nothing = once.once(lambda batch: asked.append(batch))
    first, second = SimpleNamespace(memory={}), SimpleNamespace(memory={})
    assert [nothing(batch) for batch in (first, first, second, first)] == [None] * 4
    assert asked == [first, second]
