"""Mutation testing: small faults in the rooms that reckon, one at a time, each of which some test must notice.

    python tests/campaigns/mutants.py units dose measures planning

Each name is a module or a room of formcheck. The tests that guard it are collected once, and run once to learn which of
them reach which line. Each fault (mutations.py says which) is then put into a fork of the process that has collected the
tests, in place of the code of the function it is in, whatever decorates that; and the tests that reach its line are run,
until one fails. Faults that no test notices are printed, but for those that docs/mutants.md explains; the command exits 1
when there are others. What stays unnoticed after `--seconds` of tests counts as unnoticed.

Why not mutmut: its third version leaves out functions that are decorated (properties, and whatever is remembered), the
tables of modules, and what import has made of them; planning is made of those. It also forks after the tests have run,
when everything that is remembered has been remembered without the fault.
"""

import argparse
import ast
import functools
import gc
import json
import os
import re
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

import coverage
import pytest
from _pytest.runner import runtestprotocol

from campaigns.mutations import Mutation, mutations
from formcheck.planning import once

ROOT = Path(__file__).resolve().parents[2]
EXPLAINED = ROOT / "docs" / "mutants.md"
GUARDS = {
    "units": "test_units test_grammar test_liquid test_dose test_ucum test_check",
    "dose": "test_dose test_ceiling test_liquid published",
    "measures": "test_measures test_uniformity test_weighing test_bench",
    "planning": """test_batches test_bench test_blank_record test_catalogue test_categories test_check
        test_component_names test_components test_contradictions test_days test_directions test_directions_read
        test_droppers test_facts test_ideal test_label_basis test_label_lines test_label_text test_labels
        test_labels_read test_lists test_names test_needs test_opioids test_phrases test_planning test_printed_dates
        test_remembering test_second_path test_titrating test_titration test_trail test_uniformity test_weighing
        test_worksheet_amounts test_worksheets published""",
}
"""The tests that guard a room: the laws over the whole catalogue take too long for each fault."""
LEFT_OUT = ("no_value_of_a", "hostile", "at_a_glance", "has_a_source", "only_ask_for_fields", "rows_of_a_limit_rule")
"""Tests of these that look at texts, or only see to it that nothing stops the work."""

_FORGETTING = ("formcheck.units", "formcheck.grammar", "formcheck.planning", "formcheck.papers")
"""Where what is remembered is forgotten before a fault is tried; papers once read from their files may be kept."""

Fault = tuple[str, str, str]


def modules_of(rooms: list[str]) -> list[Path]:
    """The files of the rooms, in the order of their names."""
    found: list[Path] = []
    for room in rooms:
        path = ROOT / "formcheck" / room
        found += sorted(path.glob("[!_]*.py")) if path.is_dir() else [path.with_suffix(".py")]
    return found


def faults_in(file: Path) -> set[Fault]:
    """The faults that a table names: function, before, after."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    rows = [line[line.index("| `") :].replace("\\|", "\0").split("|") for line in lines if "| `" in line]
    cells = [[cell.strip().strip("`").replace("\0", "|") for cell in row] for row in rows]
    return {(row[1], row[2], row[3]) for row in cells}


class Module:
    """A module with its text as a tree, and its functions as they live in this process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.live: ModuleType = sys.modules[self.name]
        self.codes = self._compiled()
        self.functions: dict[CodeType, list[FunctionType]] = defaultdict(list)
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__code__.co_filename == str(path):
                self.functions[thing.__code__].append(thing)

    def _compiled(self) -> dict[tuple[int, str], list[CodeType]]:
        found: dict[tuple[int, str], list[CodeType]] = defaultdict(list)
        for code in _all_within(compile(self.tree, str(self.path), "exec", dont_inherit=True)):
            found[code.co_firstlineno, code.co_qualname].append(code)
        return found

    def lines_that_use(self, names: set[str]) -> list[int]:
        """The lines where a constant of the module, or another that rests on it, is named."""
        for statement in self.tree.body:
            if isinstance(statement, (ast.Assign, ast.AnnAssign)) and _named(statement) & names:
                names = names | _assigned(statement)
        found = [n for n in ast.walk(self.tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
        return [name.lineno for name in found if name.id in names]

    def change(self, mutation: Mutation) -> None:
        """Put the fault into the functions of this process, and into what the module made of it when it was imported."""
        mutation.put(mutation.node)
        for key, new in self._compiled().items():
            for old, other in zip(self.codes.get(key, []), new, strict=False):
                for function in self.functions.get(old, []) if old != other else []:
                    function.__code__ = other
        if mutation.default_of is not None:
            self._change_defaults(mutation.default_of)
        self._change_constants(mutation)

    def _change_defaults(self, definition: Any) -> None:
        def value(node: ast.expr) -> Any:
            return eval(compile(ast.Expression(node), str(self.path), "eval"), self.live.__dict__)

        arguments = definition.args
        for function in (one for many in self.functions.values() for one in many):
            if function.__code__.co_firstlineno == definition.lineno and function.__name__ == definition.name:
                function.__defaults__ = tuple(value(node) for node in arguments.defaults) or None
                named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
                function.__kwdefaults__ = {one.arg: value(node) for one, node in named if node is not None} or None

    def _change_constants(self, mutation: Mutation) -> None:
        if mutation.function == "(module)" and mutation.default_of is None:
            changed = _assigned(mutation.statement)
        else:
            changed = _with_callers(self.tree, mutation.function.split(".")[0])
        _assign_again(self.tree, self.live, changed)


def _assign_again(tree: ast.Module, live: ModuleType, changed: set[str]) -> None:
    """Constants of a module that rest on what has changed; and those of other modules that rest on these."""
    before, known = dict(live.__dict__), live.__dict__
    for statement in tree.body:
        rests = (_named(statement) | _assigned(statement)) & changed
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and rests:
            changed = changed | _assigned(statement)
            if isinstance(statement, ast.AnnAssign) and statement.value is not None:
                # Types may name what is imported for them alone.
                statement = ast.copy_location(ast.Assign([statement.target], statement.value), statement)
            exec(compile(ast.Module([statement], []), str(live.__file__), "exec"), known)
    renewed = {name: before[name] for name in changed if name in before and known[name] is not before[name]}
    for module in [one for one in list(sys.modules.values()) if one is not live and isinstance(one, ModuleType)]:
        imported = {name for name, old in renewed.items() if module.__dict__.get(name) is old}
        module.__dict__.update({name: known[name] for name in imported})
        if imported and module.__name__.startswith("formcheck."):
            _assign_again(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")), module, imported)


def _all_within(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_within(constant)


def _assigned(statement: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _named(statement: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _with_callers(tree: ast.Module, name: str) -> set[str]:
    """A function at the top of a module, and those that lead to it."""
    definitions = {one.name: _named(one) for one in tree.body if isinstance(one, ast.FunctionDef)}
    found = {name}
    while more := {one for one, names in definitions.items() if names & found} - found:
        found |= more
    return found


class Campaign:
    """A plugin of pytest that, in place of running the collected tests, runs them against one fault after another."""

    def __init__(self, files: list[Path], asked: argparse.Namespace) -> None:
        self.files, self.asked = files, asked
        self.measured = list(dict.fromkeys([*files, *(other for file in files for other in _importing(file))]))
        self.items: dict[str, pytest.Item] = {}
        self.reaching: dict[str, dict[int, list[str]]] = {}
        self.durations: dict[str, float] = {}
        self.killers: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.explained = faults_in(EXPLAINED)
        self.again = faults_in(asked.again) if asked.again else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Every fault of every module, after the tests have been run once without any."""
        began = time.monotonic()
        asked = [item for item in session.items if not any(words in item.nodeid for words in LEFT_OUT)]
        self.items = {item.nodeid: item for item in asked}
        remembering = [thing for thing in gc.get_objects() if isinstance(thing, functools._lru_cache_wrapper)]
        cached = [one for one in remembering if str(getattr(one, "__module__", "")).startswith(_FORGETTING)]
        lines = [thing for thing in gc.get_objects() if isinstance(thing, once._Memory)]
        self.forget = [*(one.cache_clear for one in cached), *(memory.clear for memory in lines)]
        modules = [Module(path) for path in self.files]
        gc.collect()
        gc.freeze()
        self._learn()
        print(f"{len(self.items)} tests, learnt in {time.monotonic() - began:.0f} s", flush=True)
        for module in modules:
            for mutation in list(mutations(module.tree)):
                name = f"{module.name}:{mutation.function}"
                is_wanted = self.again is None or (name, mutation.before, mutation.after) in self.again
                if is_wanted and self.asked.only in name:
                    self._try(module, mutation)
        counts = ", ".join(f"{number} {answer}" for answer, number in sorted(self.counts.items()))
        print(f"{self.counts.total()} faults: {counts}; {(time.monotonic() - began) / 60:.0f} min")
        return True

    def _learn(self) -> None:
        """Which tests reach which line, and how long each takes."""
        file = self.asked.reached
        known = json.loads(file.read_text()) if file and file.exists() else {"durations": {}, "lines": {}}
        unknown = [name for name in self.items if name not in known["durations"]]
        learnt = _in_a_fork(lambda: json.dumps(self._learnt(unknown)), seconds=0) if unknown else None
        fresh = json.loads(learnt or '{"durations": {}, "lines": {}, "failed": []}')
        known["durations"] |= fresh["durations"]
        for path, lines in fresh["lines"].items():
            at = known["lines"].setdefault(path, {})
            for line, tests in lines.items():
                at[line] = at.get(line, []) + tests
        if file:
            file.write_text(json.dumps(known))
        self.durations = known["durations"]
        self.reaching = {path: {int(line): tests for line, tests in at.items()} for path, at in known["lines"].items()}
        if fresh["failed"]:
            print("failing without any fault, and left out:", *fresh["failed"], sep="\n  ")

    def _learnt(self, names: list[str]) -> dict[str, Any]:
        measured = coverage.Coverage(data_file=None, include=[str(path) for path in self.measured], config_file=False)
        durations, failed = {}, []
        measured.start()
        for name in names:
            self._forget()
            measured.switch_context(name)
            began = time.monotonic()
            if not _passes(self.items[name]):
                failed.append(name)
            durations[name] = time.monotonic() - began
        measured.stop()
        lines: dict[str, dict[int, list[str]]] = {}
        for path in map(str, self.measured):
            reached = measured.get_data().contexts_by_lineno(path)
            lines[path] = {line: [test for test in tests if test and test not in failed] for line, tests in reached.items()}
        return {"durations": durations, "lines": lines, "failed": failed}

    def _forget(self) -> None:
        """Forget what functions remember, as a new process would have."""
        for forget in self.forget:
            forget()

    def _try(self, module: Module, mutation: Mutation) -> None:
        """One fault: killed, explained, survived, or timeout (the tests went on and on: noticed, if not by a failure)."""
        tests = self._tests_for(module, mutation)
        killer = _in_a_fork(lambda: self._killer(module, mutation, tests), self.asked.seconds * 2)
        name = f"{module.name}:{mutation.function}"
        if killer:
            answer = "killed"
            self.killers.update((killer, name + killer))
        elif killer is None:
            answer = "timeout"
        else:
            answer = "explained" if (name, mutation.before, mutation.after) in self.explained else "survived"
        self.counts[answer] += 1
        if answer == "survived" or self.asked.verbose:
            cells = [text.replace("|", "\\|") for text in (name, mutation.before, mutation.after)]
            shown = " | ".join(f"`{cell}`" for cell in cells)
            print(f"{answer} | {shown} | line {mutation.line}, {len(tests)} tests {killer or ''}", flush=True)

    def _tests_for(self, module: Module, mutation: Mutation) -> list[str]:
        """The tests that reach the fault; all that reach the module where it acts at import. Likely killers come first."""
        reaching = self.reaching.get(str(module.path), {})
        is_table = mutation.function == "(module)"
        lines = [*mutation.lines]
        if is_table:
            lines += module.lines_that_use(_assigned(mutation.statement))
        tests = {test for line in lines for test in reaching.get(line, [])} & set(self.items)
        tests = tests or {test for at in reaching.values() for test in at} & set(self.items)
        kin = [module.path]
        if not tests:
            # None of the lines of a module of tables is reached, but those of the modules that import it are.
            kin = _importing(module.path)
            many = [tests for path in kin for tests in self.reaching.get(str(path), {}).values()]
            tests = {test for some in many for test in some} & set(self.items)
        names = _assigned(mutation.statement) if is_table else {mutation.function.rpartition(".")[2]}
        near = (*(f"/test_{path.stem}" for path in kin), f"/test_{module.path.parent.name}.py")
        codes = _codes_that_use(frozenset(names))
        at = f"{module.name}:{mutation.function}"

        def rank(test: str) -> tuple[float, ...]:
            nearness = 0 if any(file in test for file in near) else 1 if any(code in test for code in codes) else 2
            return (-self.killers[at + test], nearness, -self.killers[test], self.durations[test])

        return sorted(tests, key=rank)

    def _killer(self, module: Module, mutation: Mutation, tests: list[str]) -> str:
        try:
            module.change(mutation)
        except Exception as error:
            return f"(import: {type(error).__name__}: {error})"
        self._forget()
        until = time.process_time() + self.asked.seconds
        for test in tests:
            if not _passes(self.items[test]):
                return test
            if time.process_time() > until:
                break
        return ""


@functools.cache
def _texts(room: str) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "formcheck" / room).glob("*.py"))}


def _importing(path: Path) -> list[Path]:
    """The modules of the same room that import from this one."""
    name = f"from formcheck.{path.parent.name}.{path.stem} import"
    return [path.with_name(other) for other, text in _texts(path.parent.name).items() if name in text]


@functools.cache
def _codes_that_use(names: frozenset[str]) -> list[str]:
    """The codes of the rules whose modules name one of these, or a function of planning that does: likely to notice."""
    known = set(names)
    for text in _texts("planning").values():
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef) and any(n in names for n in re.findall(r"\w+", ast.unparse(function))):
                known.add(function.name)
    using = [text for text in _texts("rules").values() if known & set(re.findall(r"\w+", text))]
    return sorted({code for text in using for code in re.findall(r"\bFC[0-9]{3}\b", text)})


def _in_a_fork(asked: Callable[[], str], seconds: float) -> str | None:
    """What a function says in a process of its own, whose output is dropped; None where it takes longer than this."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            with os.fdopen(writer, "w") as pipe:
                pipe.write(asked())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else answer


def _passes(item: pytest.Item) -> bool:
    try:
        return not any(report.failed for report in runtestprotocol(item, nextitem=None, log=False))
    except BaseException:
        return False


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Small faults, each of which some test must notice.")
    parser.add_argument("rooms", nargs="+", help="modules or rooms of formcheck: units dose measures planning")
    parser.add_argument("--seconds", type=float, default=20, help="of tests for one fault, of processor time")
    parser.add_argument("--only", default="", help="only functions whose name holds this, as in formcheck.units:amount")
    parser.add_argument("--again", type=Path, help="only the faults that a former output of this command names")
    parser.add_argument("--reached", type=Path, help="a file that remembers which tests reach which line of unchanged code")
    parser.add_argument("--verbose", action="store_true", help="print every fault")
    asked = parser.parse_args()
    campaign = Campaign(modules_of(asked.rooms), asked)
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    os.chdir(ROOT)
    names = dict.fromkeys(name for room in asked.rooms for name in GUARDS[room.partition("/")[0]].split())
    paths = [f"tests/{name}" if name == "published" else f"tests/{name}.py" for name in names]
    pytest.main(["-p", "no:cacheprovider", "-p", "no:cov", "--capture=no", *paths], plugins=[campaign])
    return int(campaign.counts["survived"] > 0 or not campaign.counts)


if __name__ == "__main__":
    sys.exit(main())
