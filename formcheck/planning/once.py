"""What is asked more than once, and worked out once: of a batch by several rules, of a line of text that comes again."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

__all__ = ["once", "remembered"]

_Answer = TypeVar("_Answer")
_LONGEST_REMEMBERED = 200


def once(function: Callable[[Any], _Answer]) -> Callable[[Any], _Answer]:
    """A function of a batch that is called once for each batch, however many rules ask it."""

    @wraps(function)
    def of_batch(batch: Any) -> _Answer:
        known: dict[Any, _Answer] = batch.memory
        if function not in known:
            known[function] = function(batch)
        return known[function]

    return of_batch


def remembered(function: Callable[[str], _Answer]) -> Callable[[str], _Answer]:
    """A function of one line of text that remembers what it said of lines that come again.

    The labels of a pharmacy repeat their lines from batch to batch. Long lines are not kept.
    """
    known = lru_cache(maxsize=4096)(function)

    @wraps(function)
    def of_line(line: str) -> _Answer:
        return known(line) if len(line) <= _LONGEST_REMEMBERED else function(line)

    return of_line
