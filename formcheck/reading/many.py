"""Many files at once: shared out over the processors, answered in order.

A few files are done here. From some hundreds on, where processes can be forked, each processor takes a share.
The answers are the same, in the same order, whoever gives them.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

__all__ = ["in_order", "processors"]

MANY = 400
SHARE = 50
_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


def in_order(work: Callable[[list[_Item]], _Answer], items: list[_Item]) -> Iterator[_Answer]:
    """What `work` says of share after share of the items, in their order."""
    shares = [items[begin : begin + SHARE] for begin in range(0, len(items), SHARE)]
    helpers = processors()
    if len(items) < MANY or helpers < 2:
        yield from map(work, shares)
        return
    # The children inherit `work` and what it holds; only the shares and the answers travel.
    with multiprocessing.get_context("fork").Pool(helpers, _remember, (work,)) as pool:
        answers: Iterator[_Answer] = pool.imap(_do, shares)
        yield from answers


def processors() -> int:
    """How many processes may work: 1 where forking is not to be had, or would copy a running thread."""
    if "fork" not in multiprocessing.get_all_start_methods() or threading.active_count() > 1:
        return 1
    return min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


_work: Callable[[Any], Any]


def _remember(work: Callable[[Any], Any]) -> None:
    """What a child does first: keep the work, and leave Ctrl-C to the parent."""
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What was loaded stays, and a share leaves little behind: looking through it all every 700 objects costs a quarter.
    gc.freeze()
    gc.set_threshold(50_000)


def _do(share: Any) -> Any:
    return _work(share)
