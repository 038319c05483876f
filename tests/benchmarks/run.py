"""Measure what `docs/performance.md` promises, and print the table. Not a test: read ratios, not seconds.

    python tests/benchmarks/run.py [--records 2000] [--rows 10000] [--rounds 9]

Both sides of a ratio run alternately in one go, each as a process of its own; medians are shown. The records
are the good example of `specs/` with other lots, weights and masses, so that no value repeats. Modules are compiled
once, as those of an installed package are, into a folder of their own.
"""

import argparse
import os
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
GOOD = ROOT / "specs/naltrexone-capsules/records/good-4.5mg-dihydrate-lot.yaml"
CONVERT = (
    *("convert", "4.5mg", "--concentration", "5mg/mL"),
    *("--run", "20 drops, 0.82 g", "--density", "1.06 g/mL"),
)
COMPOSE = """
import sys, pathlib, yaml
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.yaml")):
    yaml.compose(path.read_bytes().decode(), Loader=yaml.CSafeLoader)
"""


READ = """
import gc, sys
from formcheck.reading.batches import read_all
gc.set_threshold(50_000, 20, 20)
read_all(sys.argv[1])
"""


class Taken(NamedTuple):
    """How long a command took, by the clock and by the work of all its processes."""

    clock: float
    work: float


def seconds(*command: str) -> Taken:
    """How long a command takes."""
    begin, worked = time.perf_counter(), work()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return Taken(time.perf_counter() - begin, work() - worked)


def work() -> float:
    """The processor time of the commands run so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def medians(rounds: int, **commands: tuple[str, ...]) -> dict[str, Taken]:
    """The median times of each command, run alternately; the first round warms up and does not count."""
    times: dict[str, list[Taken]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            taken = seconds(*command)
            if number:
                times[name].append(taken)
    return {name: Taken(*map(statistics.median, zip(*taken, strict=True))) for name, taken in times.items()}


def write_records(folder: Path, number: int) -> None:
    """Write records that all differ: other ids, lots, weights and masses, all within limits."""
    for index, record in enumerate(all_different(number)):
        (folder / f"record-{index:05}.yaml").write_text(record, encoding="utf-8")


def write_workbook(file: Path, number: int) -> None:
    """Write such records as the rows of a workbook, as many as are wanted."""
    from formcheck.formats.spreadsheet import table_as_bytes
    from formcheck.reading.columns import as_columns
    from formcheck.reading.yaml import read_document

    rows = [as_columns(read_document(record).value) for record in all_different(number)]
    file.write_bytes(table_as_bytes([list(rows[0]), *(list(row.values()) for row in rows)], file.name))


def all_different(number: int) -> Iterator[str]:
    """The text of each record."""
    text, rng = GOOD.read_text(encoding="utf-8"), random.Random(20260302)

    def jitter(match: re.Match[str]) -> str:
        return f"{float(match[0]) * rng.uniform(0.9985, 1.0015):.1f}"

    for index in range(number):
        record = re.sub(r"LDN-2026-\d+", f"LDN-2026-{index:05}", text)
        record = re.sub(r"\b1[5-9]\d\.\d\b", jitter, record)
        yield re.sub(r"(lot: [A-Z0-9]+-)\d+", lambda m: f"{m[1]}{rng.randrange(10_000)}", record)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--rows", type=int, default=10_000, help="of the workbook; 0 leaves it out (it needs an extra)")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = f"{name}/compiled"
        records = Path(name, "records")
        records.mkdir()
        write_records(records, options.records)
        if options.rows:
            write_workbook(Path(name, "batches.xlsx"), options.rows)
        measure(records, options.records, Path(name, "batches.xlsx"), options.rows, options.rounds)


def measure(records: Path, number: int, workbook: Path, rows_of_it: int, rounds: int) -> None:
    python, formcheck = sys.executable, (sys.executable, "-m", "formcheck")
    check = (*formcheck, "check", str(records), "--specs", "specs", "--output-format", "concise")
    start = medians(
        rounds, click=(python, "-c", "import click"), help=(*formcheck, "--help"), convert=(*formcheck, *CONVERT)
    )
    many = medians(max(3, rounds // 3), compose=(python, "-c", COMPOSE, str(records)), check=check)
    rows = [
        ("formcheck --help / import click", start["help"], start["click"], 1.3),
        ("formcheck convert / import click", start["convert"], start["click"], 4.5),
        (f"formcheck check / yaml compose, {number} records", many["check"], many["compose"], 3.0),
    ]
    if rows_of_it:
        table = medians(
            max(3, rounds // 3),
            read=(python, "-c", READ, str(workbook)),
            check=(*formcheck, "check", str(workbook), "--specs", "specs", "--output-format", "concise"),
        )
        what = f"formcheck check / reading it alone, XLSX of {rows_of_it} rows"
        rows.append((what, table["check"], table["read"], 3.0))
    print(f"CPython {platform.python_version()}, {platform.machine()}, medians of {rounds} rounds\n")
    print(f"| {'what':<60} | ratio | goal   | of CPU time |\n|{'-' * 62}|-------|--------|-------------|")
    for what, taken, of, goal in rows:
        print(f"| {what:<60} | {taken.clock / of.clock:5.2f} | <= {goal:3.1f} | {taken.work / of.work:11.2f} |")
    click, compose, each = start["click"].clock * 1e3, many["compose"].clock, many["check"].clock / number * 1e3
    print(f"\nimport click {click:.0f} ms; compose {compose:.2f} s; check {each:.2f} ms a record")


if __name__ == "__main__":
    main()
