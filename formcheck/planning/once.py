"""What is asked of one batch by several rules, and worked out once."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

__all__ = ["once"]

_Answer = TypeVar("_Answer")


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
