"""Many files at once: the same answers in the same order, whoever gives them."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from formcheck.reading import many

ROOT = Path(__file__).resolve().parents[1]
GOOD = ROOT / "specs/naltrexone-capsules/records/good-4.5mg-dihydrate-lot.yaml"
BAD = ROOT / "specs/naltrexone-capsules/records/bad-assay-low.yaml"


def test_a_few_items_are_done_here(monkeypatch):
    """Below the threshold no process is started."""
    monkeypatch.setattr(many.multiprocessing, "get_context", lambda _: pytest.fail("a process was started"))

    assert [sum(range(50)), sum(range(50, 60))] == list(many.in_order(sum, list(range(60))))


def test_nothing_to_do_is_nothing():
    """No items give no answers."""
    assert list(many.in_order(sum, [])) == []


def test_many_items_are_answered_in_order(monkeypatch):
    """Above the threshold the answers of the processes come in the order of the items."""
    monkeypatch.setattr(many, "processors", lambda: 2)
    items = list(range(many.MANY + 30))

    assert [items[i : i + many.SHARE] for i in range(0, len(items), many.SHARE)] == list(many.in_order(list, items))


def test_a_child_that_fails_is_not_an_answer(monkeypatch):
    """An error in a child reaches the caller; nothing is taken for done."""
    monkeypatch.setattr(many, "processors", lambda: 2)
    with pytest.raises(TypeError):
        list(many.in_order(sum, ["not a number"] * many.MANY))


def test_a_child_that_is_killed_is_not_an_answer(monkeypatch):
    """A process that something else ended (for want of memory) is an error at once; nobody waits for its share."""
    monkeypatch.setattr(many, "processors", lambda: 2)
    with pytest.raises(many.ChildEnded):
        list(many.in_order(lambda _: os.kill(os.getpid(), signal.SIGKILL), list(range(many.MANY))))


def test_answers_may_be_left_unread(monkeypatch):
    """Whoever wants the first answers only leaves no process behind."""
    monkeypatch.setattr(many, "processors", lambda: 2)
    answers = many.in_order(list, list(range(many.MANY * 3)))

    assert list(range(many.SHARE)) == next(answers)
    answers.close()
    assert multiprocessing.active_children() == []


def test_a_running_thread_is_not_forked(monkeypatch):
    """With another thread running, or where forking is not to be had, everything is done here."""
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert many.processors() == 1
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(many.multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert many.processors() == 1


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the processors allowed can only be set on Linux")
def test_one_processor_or_several_give_the_same_report(tmp_path):
    """A large folder is judged alike, byte for byte, by one process and by several."""
    good, bad = GOOD.read_bytes(), BAD.read_bytes()
    for number in range(many.MANY + 20):
        (tmp_path / f"{number:04}.yaml").write_bytes(bad if number % 7 == 3 else good)
    command = [sys.executable, "-m", "formcheck", "check", str(tmp_path), "--specs", str(ROOT / "specs")]
    code = "import os, sys; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); os.execv(sys.argv[1], sys.argv[1:])"
    several = subprocess.run([*command, "--output-format", "json"], capture_output=True, check=False)
    alone = subprocess.run(
        [sys.executable, "-c", code, *command, "--output-format", "json"], capture_output=True, check=False
    )

    assert several.returncode == alone.returncode == 1
    assert several.stdout == alone.stdout
    assert several.stdout.count(b'"verdict": "fail"') > 60


def test_an_iterator_is_told_as_it_comes_or_as_a_list(monkeypatch):
    """Here each answer of an iterator is there before the next is made; another process sends them all."""
    made = []

    def work(share):
        for item in share:
            made.append(item)
            yield item

    (first,) = many.in_order(work, [1, 2, 3])
    assert next(first) == 1 and made == [1]
    monkeypatch.setattr(many, "processors", lambda: 2)
    items = list(range(many.MANY))
    assert [item for answer in many.in_order(work, items) for item in answer] == items


def test_whoever_wants_to_know_is_told():
    """How many there are so far, before each is handed on."""
    seen = []
    assert list(many.told("abc", seen.append)) == ["a", "b", "c"] and seen == [1, 2, 3]
    assert list(many.told("abc", None)) == ["a", "b", "c"]
