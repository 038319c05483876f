"""What is asked more than once, and worked out once: of a batch by several rules, of a line of text that comes again."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

__all__ = ["once", "remembered"]

_Answer = TypeVar("_Answer")
_LONGEST_REMEMBERED = 200
_MOST_REMEMBERED = 4096


def once(function: Callable[[Any], _Answer]) -> Callable[[Any], _Answer]:
    """A function of a batch that is called once for each batch, however many rules ask it."""

    @wraps(function)
    def of_batch(batch: Any) -> _Answer:
        known: dict[Any, _Answer] = batch.memory
        if function in known:
            return known[function]
        answer = known[function] = function(batch)
        return answer

    return of_batch


def remembered(function: Callable[[str], _Answer]) -> Callable[[str], _Answer]:
    """A function of one line of text that remembers what it said of lines that come again.

    The labels of a pharmacy repeat their lines from batch to batch.
    """
    return _Memory(function).__getitem__


class _Memory(dict[str, _Answer]):
    """What a function said of each line: a hundred and fifty times a record the look-up of a dict, and no call in Python.

    Long lines are not kept, and a memory that is full begins anew.
    """

    def __init__(self, function: Callable[[str], _Answer]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, line: str) -> _Answer:
        answer = self._function(line)
        if len(line) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[line] = answer
        return answer
