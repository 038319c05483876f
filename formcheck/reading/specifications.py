"""The folder of specifications: every master formulation record in it, by id and version."""

from collections.abc import Iterable
from importlib import resources
from pathlib import Path

import attrs

from formcheck.errors import Unreadable
from formcheck.findings import Finding, Location
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.reading.papers import CALIBRATION, FORMULATION, RECORD, Reading, find_files, read_file
from formcheck.reading.problems import problem

__all__ = ["Library", "load_library", "shipped_specifications"]


@attrs.frozen
class Library:
    """The formulations that could be read, and the files that could not."""

    formulations: tuple[Reading, ...] = ()
    unreadable: tuple[Reading, ...] = ()
    folder: str = ""

    def find(self, id: str | None, version: int | None) -> Reading | None:
        """The formulation of that id and version, or None."""
        return next((r for r in self.formulations if _names(r) == (id, version)), None)

    def instead(self, id: str | None) -> str:
        """In words, what the folder has in place of a formulation that was not found."""
        versions = sorted(version for known, version in map(_names, self.formulations) if known == id and version)
        where = f" in {self.folder}" if self.folder else ""
        if versions:
            return f"{where} (there is version {', '.join(map(str, versions))})"
        broken = ", ".join(reading.path for reading in self.unreadable)
        return f"{where}{f' (could not be read: {broken})' if broken else ''}"


def _names(reading: Reading) -> tuple[str | None, int | None]:
    paper = reading.paper
    return (paper.id, paper.version) if isinstance(paper, MasterFormulationRecord) else (None, None)


def load_library(folder: str) -> Library:
    """Read every formulation in a folder; example records beside them are left alone.

    Raises Unreadable if the folder does not exist.
    """
    if not Path(folder).is_dir():
        raise Unreadable(f"{folder} is not a folder: name the folder of specifications with --specs")
    files = (path for path, _ in find_files([folder]) if "records" not in Path(path).relative_to(folder).parts[:-1])
    return gathered([read_file(path) for path in files], folder)


def gathered(readings: Iterable[Reading], folder: str = "") -> Library:
    """A library of these readings; two files with one id and version are both unreadable."""
    readings = list(readings)
    formulations = [r for r in readings if r.kind == FORMULATION and r.paper is not None]
    unreadable = [r for r in readings if r.paper is None and r.kind not in (RECORD, CALIBRATION)]
    names = [_names(r) for r in formulations]
    for reading in [r for r in formulations if names.count(_names(r)) > 1]:
        formulations.remove(reading)
        unreadable.append(attrs.evolve(reading, paper=None, findings=(_twice(reading),)))
    return Library(tuple(formulations), tuple(unreadable), folder)


def _twice(reading: Reading) -> Finding:
    id, version = _names(reading)
    message = f"{id} version {version} stands in another file of the folder too"
    return problem("FC010", message, Location(reading.path), "version", f"{id} version {version}")


def shipped_specifications() -> Path:
    """The folder of the example specifications that come with formcheck."""
    inside = Path(str(resources.files("formcheck"))) / "specs"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "specs"
