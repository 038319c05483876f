"""Many files at once: shared out over the processors, answered in order.

A few files are done here. From some hundreds on, where processes can be forked, each processor takes a share.
The answers are the same, in the same order, whoever gives them.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

__all__ = ["Seen", "in_order", "processors", "told"]

MANY = 400
SHARE = 50
_AHEAD = 2
"""The shares a child knows of: it begins the next one while its last answer travels."""
Seen = Callable[[int], None]
"""Whoever wants to know how many there are so far."""
_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


class ChildEnded(RuntimeError):
    """A process was ended, for want of memory perhaps: its share has no answer, and nothing stands in for it."""


def in_order(work: Callable[[list[_Item]], _Answer], items: list[_Item]) -> Iterator[_Answer]:
    """What `work` says of share after share of the items, in their order.

    An answer that is an iterator stays one where it is given here; from another process it comes as a list.
    """
    shares = [items[begin : begin + SHARE] for begin in range(0, len(items), SHARE)]
    helpers = processors()
    if len(items) < MANY or helpers < 2:
        yield from map(work, shares)
        return
    context = multiprocessing.get_context("fork")
    children: list[Any] = []
    lines: list[Connection] = []
    try:
        for _ in range(helpers):
            line, end = context.Pipe()
            # The children inherit `work`, what it holds, and the shares; only numbers and answers travel.
            child = context.Process(target=_do, args=(work, shares, end), daemon=True)
            child.start()
            end.close()
            children.append(child)
            lines.append(line)
        yield from _sorted(_answers(lines, len(shares)))
    finally:
        for child in children:
            child.terminate()
            child.join()


def told(items: Iterable[_Item], seen: Seen | None) -> Iterator[_Item]:
    """The items as they come, and how many there are so far to whoever wants to know."""
    for number, item in enumerate(items, 1):
        if seen is not None:
            seen(number)
        yield item


def _answers(lines: list[Connection], number: int) -> Iterator[tuple[int, Any]]:
    """The answers as they come, each with the number of its share. Raises what a child raised."""
    shares = iter(range(number))
    for line in lines * _AHEAD:
        _tell(line, next(shares, None))
    for _ in range(number):
        line, (place, answer, error) = _heard(lines)
        if error is not None:
            raise error
        _tell(line, next(shares, None))
        yield place, answer


def _tell(line: Connection, place: int | None) -> None:
    if place is not None:
        with suppress(OSError):  # a child that has ended is found out by its answer, which does not come
            line.send(place)


def _heard(lines: list[Connection]) -> tuple[Connection, Any]:
    """The next answer of any child, and its line. Raises ChildEnded where one has ended before its time."""
    line: Any = wait(lines)[0]
    try:
        return line, line.recv()
    except (EOFError, OSError) as error:
        raise ChildEnded("a process that judged a share of the files was ended by something else") from error


def _sorted(answers: Iterator[tuple[int, _Answer]]) -> Iterator[_Answer]:
    """The answers in the order of their numbers, as soon as that can be."""
    early: dict[int, _Answer] = {}
    due = 0
    for place, answer in answers:
        early[place] = answer
        while due in early:
            yield early.pop(due)
            due += 1


def processors() -> int:
    """How many processes may work: 1 where forking is not to be had, or would copy a running thread."""
    if "fork" not in multiprocessing.get_all_start_methods() or threading.active_count() > 1:
        return 1
    return min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _do(work: Callable[[Any], Any], shares: list[Any], line: Connection) -> None:
    """What a child does until it is ended: the shares it is told. Ctrl-C is left to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What was loaded stays, and a share leaves little behind: looking through it all every 700 objects costs a quarter.
    gc.freeze()
    gc.set_threshold(50_000)
    with suppress(EOFError, OSError):  # the parent has ended
        while True:
            place = line.recv()
            answer: tuple[int, Any, Exception | None]
            try:
                said = work(shares[place])
                answer = (place, list(said) if isinstance(said, Iterator) else said, None)
            except Exception as error:
                answer = (place, None, error)
            line.send(answer)
