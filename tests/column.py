"""A column that takes the place of a number, so that one rule serves one record and a million."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any

import narwhals as nw


class Column:
    """A narwhals expression with the arithmetic of a number; an exact number beside it becomes a float literal."""

    def __init__(self, expression: nw.Expr) -> None:
        self.expression = expression

    def __bool__(self) -> bool:
        raise TypeError("a column is neither true nor false: no rule may ask it")

    def least(self, *others: Any) -> Column:
        """The smallest, row by row; missing where one is missing (engines alone would skip it)."""
        return self._choose(nw.min_horizontal, others)

    def greatest(self, *others: Any) -> Column:
        """The largest, row by row; missing where one is missing."""
        return self._choose(nw.max_horizontal, others)

    def _choose(self, choose: Any, others: tuple[Any, ...]) -> Column:
        all_of_them = [_expression(value) for value in (self, *others)]
        return Column(nw.when(reduce(and_, (~one.is_null() for one in all_of_them))).then(choose(*all_of_them)))


def _expression(value: Any) -> nw.Expr:
    return value.expression if isinstance(value, Column) else nw.lit(float(value))


def _operator(name: str) -> Any:
    return lambda self, *others: Column(getattr(self.expression, name)(*map(_expression, others)))


for _name in ("add", "sub", "mul", "truediv", "radd", "rsub", "rmul", "rtruediv", "gt", "ge", "lt", "le"):
    setattr(Column, f"__{_name}__", _operator(f"__{_name}__"))
