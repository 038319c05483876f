"""A drop calibration as a file: written by `calibrate --save`, read by `convert --calibration`."""

import attrs

from formcheck.errors import CannotConvert, NotAQuantity, Unreadable
from formcheck.liquid import DropFactor, read_run
from formcheck.papers.formulation import DropCalibration
from formcheck.papers.values import read_date
from formcheck.reading.papers import CALIBRATION, decoded
from formcheck.reading.structure import structure
from formcheck.reading.yaml import read_document

__all__ = ["calibration_as_yaml", "factor_of", "read_calibration"]


def read_calibration(path: str) -> DropFactor:
    """The drop factor of a calibration file. Raises Unreadable with the place of the first fault."""
    text = decoded(path)
    document = read_document(text)
    if document.troubles:
        trouble = document.troubles[0]
        raise Unreadable(f"{path}:{trouble.line}:{trouble.column}: {trouble.message}")
    value = dict(document.value)
    if value.pop("kind", None) != CALIBRATION:
        raise Unreadable(f"{path} is not a calibration: it must say kind: {CALIBRATION}")
    paper, misfits = structure(value, DropCalibration)
    if misfits:
        line, column = document.place(misfits[0].path, key=misfits[0].at_key)
        raise Unreadable(f"{path}:{line}:{column}: {misfits[0].message}")
    try:
        said = {"": paper.preparation, "tip ": paper.tip, "tip lot ": paper.tip_lot, "on ": paper.date}
        described = ", ".join(f"{word}{value}" for word, value in said.items() if value)
        return attrs.evolve(factor_of(paper), described=described)
    except (CannotConvert, NotAQuantity) as error:
        raise Unreadable(f"{path}: {error}") from None


def factor_of(calibration: DropCalibration) -> DropFactor:
    """The pooled factor of a calibration. Raises CannotConvert or NotAQuantity."""
    return DropFactor.from_runs([read_run(run) for run in calibration.runs], calibration.density)


def calibration_as_yaml(factor: DropFactor, said: dict[str, str | None]) -> str:
    """The file: what was measured, never the factor itself, so that nobody can edit one without the other.

    Raises NotADate for a date that is none.
    """
    import json

    if said.get("date") is not None:
        read_date(str(said["date"]))
    lines = [f"kind: {CALIBRATION}"]
    lines += [f"{name}: {json.dumps(text)}" for name, text in said.items() if text is not None]
    lines += ["runs:", *(f"  - {json.dumps(str(run))}" for run in factor.runs)]
    if factor.density is not None:
        lines.append(f"density: {factor.density}")
    lines.append(f"# {factor}, pooled; formcheck computes it again from the runs")
    return "\n".join(lines)
