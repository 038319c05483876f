"""A column that takes the place of a number, so that one rule serves one record and a million."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import Any

import narwhals as nw


class Column:
    """A narwhals expression with the arithmetic of a number; an exact number beside it becomes a float literal."""

    def __init__(self, expression: nw.Expr) -> None:
        self.expression = expression

    def __bool__(self) -> bool:
        raise TypeError("a column is neither true nor false: a rule may not ask it")

    def least(self, *others: Any) -> Column:
        """The smallest, row by row; missing where one is missing (engines would skip it)."""
        return self._choose(nw.min_horizontal, others)

    def greatest(self, *others: Any) -> Column:
        """The largest, row by row; missing where one is missing."""
        return self._choose(nw.max_horizontal, others)

    def _choose(self, choose: Any, others: tuple[Any, ...]) -> Column:
        expressions = [self.expression, *(_expression(other) for other in others)]
        whole = reduce(lambda one, other: one & other, (~expression.is_null() for expression in expressions))
        return Column(nw.when(whole).then(choose(*expressions)))


def _expression(value: Any) -> Any:
    if isinstance(value, Column):
        return value.expression
    return nw.lit(float(value)) if isinstance(value, int | Fraction) else NotImplemented


def _operator(name: str) -> Any:
    def apply(self: Column, *others: Any) -> Any:
        expressions = [_expression(other) for other in others]
        if NotImplemented in [other if other is NotImplemented else None for other in expressions]:
            return NotImplemented
        return Column(getattr(self.expression, name)(*expressions))

    return apply


for _name in ("add", "sub", "mul", "truediv", "radd", "rsub", "rmul", "rtruediv", "gt", "ge", "lt", "le"):
    setattr(Column, f"__{_name}__", _operator(f"__{_name}__"))
