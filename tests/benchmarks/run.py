"""Measure what `docs/performance.md` promises, and print the table. Not a test: read ratios, not seconds.

    python tests/benchmarks/run.py [--records 2000] [--rounds 9]

Both sides of a ratio run alternately in one go, each as a process of its own; medians are shown. The records
are the good example of `specs/` with other lots, weights and masses, so that no value repeats.
"""

import argparse
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOOD = ROOT / "specs/naltrexone-capsules/records/good-4.5mg-dihydrate-lot.yaml"
RUN = ("--run", "20 drops, 0.82 g", "--density", "1.06 g/mL")
COMPOSE = """
import sys, pathlib, yaml
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.yaml")):
    yaml.compose(path.read_bytes().decode(), Loader=yaml.CSafeLoader)
"""


def seconds(*command: str) -> float:
    """How long a command takes."""
    begin = time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - begin


def medians(rounds: int, **commands: tuple[str, ...]) -> dict[str, float]:
    """The median time of each command, run alternately; the first round warms up and does not count."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            taken = seconds(*command)
            if number:
                times[name].append(taken)
    return {name: statistics.median(taken) for name, taken in times.items()}


def write_records(folder: Path, number: int) -> None:
    """Write records that all differ: other ids, lots, weights and masses, all within limits."""
    text, rng = GOOD.read_text(encoding="utf-8"), random.Random(20260302)

    def jitter(match: re.Match[str]) -> str:
        return f"{float(match[0]) * rng.uniform(0.9985, 1.0015):.1f}"

    for index in range(number):
        record = re.sub(r"LDN-2026-\d+", f"LDN-2026-{index:05}", text)
        record = re.sub(r"\b1[5-9]\d\.\d\b", jitter, record)
        record = re.sub(r"(lot: [A-Z0-9]+-)\d+", lambda m: f"{m[1]}{rng.randrange(10_000)}", record)
        (folder / f"record-{index:05}.yaml").write_text(record, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    python = sys.executable
    start = medians(
        options.rounds,
        click=(python, "-c", "import click"),
        help=(python, "-m", "formcheck", "--help"),
        convert=(
            python,
            "-m",
            "formcheck",
            "convert",
            "4.5mg",
            "--concentration",
            "5mg/mL",
            "--run",
            "20 drops, 0.82 g",
            "--density",
            "1.06 g/mL",
        ),
    )
    with tempfile.TemporaryDirectory() as name:
        write_records(Path(name), options.records)
        check = (python, "-m", "formcheck", "check", name, "--specs", "specs", "--output-format", "concise")
        many = medians(max(3, options.rounds // 3), compose=(python, "-c", COMPOSE, name), check=check)
    rows = [
        ("formcheck --help / import click", start["help"] / start["click"], 1.3),
        ("formcheck convert / import click", start["convert"] / start["click"], 4.5),
        (f"formcheck check / yaml compose, {options.records} records", many["check"] / many["compose"], 3.0),
    ]
    print(f"CPython {platform.python_version()}, {platform.machine()}, medians of {options.rounds} rounds\n")
    print(f"| {'what':<52} | ratio | goal   |\n|{'-' * 54}|-------|--------|")
    for what, ratio, goal in rows:
        print(f"| {what:<52} | {ratio:5.2f} | <= {goal:3.1f} |")
    each = many["check"] / options.records * 1e3
    print(f"\nimport click {start['click'] * 1e3:.0f} ms; compose {many['compose']:.2f} s; check {each:.2f} ms a record")


if __name__ == "__main__":
    main()
