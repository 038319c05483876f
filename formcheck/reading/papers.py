"""A file becomes a paper, or findings that say why not. One unreadable file never hides the others."""

import hashlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import attrs

from formcheck.errors import Unreadable
from formcheck.findings import Finding, Location, field_name
from formcheck.grammar import escaped
from formcheck.papers.compounding import CompoundingRecord
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.reading.problems import Trouble, problem
from formcheck.reading.structure import structure
from formcheck.reading.trust import not_to_be_trusted
from formcheck.reading.yaml import read_document
from formcheck.verdicts import TableRow

__all__ = [
    "MOST_BYTES", "TABLES", "Reading", "Taken", "as_paper", "bytes_of", "decoded", "find_files", "read_bytes", "read_file",
    "text_of", "unread",
]  # fmt: skip

MOST_BYTES = 1024 * 1024
SUFFIXES = (".yaml", ".yml", ".json")
TABLES = (".csv", ".xlsx")
"""Tables hold one record a row: `reading.batches` reads them."""
RECORD, FORMULATION, CALIBRATION = "compounding-record", "master-formulation-record", "drop-calibration"
_KINDS: dict[str, type[Any]] = {RECORD: CompoundingRecord, FORMULATION: MasterFormulationRecord}


class Taken(Protocol):
    """Something taken apart: plain values with a place for each (a document, or a row of a table)."""

    @property
    def value(self) -> Any: ...

    @property
    def troubles(self) -> list[Trouble]: ...

    def location(self, file: str, path: tuple[str | int, ...], *, key: bool = False) -> Location:
        """The place of the value at a path, or of the nearest thing above it."""
        ...


@attrs.frozen(kw_only=True)
class Reading:
    """What came of reading one file, or one row of a table: its paper, or the findings that say why there is none."""

    path: str
    kind: str | None = None
    paper: CompoundingRecord | MasterFormulationRecord | None = None
    document: Taken | None = None
    sha256: str | None = None
    findings: tuple[Finding, ...] = ()
    row: TableRow | None = None

    def location(self, path: tuple[str | int, ...]) -> Location:
        """The place of a field, or of the nearest thing above it that the file has."""
        if self.document is None:
            return Location(self.path)
        return self.document.location(self.path, path)


def find_files(paths: Iterable[str], *, tables: bool = False) -> Iterator[tuple[str, bool]]:
    """Every file named, and every paper's file in the folders named, in order; and whether it was named itself.

    `tables` takes CSV and XLSX files of the folders too. A path that does not exist, and a folder that may not be
    opened, come as well: reading them says what is wrong.
    """
    for name in paths:
        if name != "-" and Path(name).is_dir():
            yield from _files_in(name, SUFFIXES + TABLES if tables else SUFFIXES)
        else:
            yield name, True


def _files_in(folder: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    closed: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        # A folder behind a link is not entered (it may lead anywhere), but it is not passed over in silence.
        yield from ((path, True) for name in folders if (path := os.path.join(here, name)) and os.path.islink(path))  # noqa: PTH114, PTH118
        for name in sorted(files):
            if name.lower().endswith(suffixes) and not name.startswith((".", "~$")):
                yield os.path.join(here, name), False  # noqa: PTH118 - thousands of names, and no Path is needed
    yield from ((str(error.filename), True) for error in closed)


def read_file(path: str) -> Reading:
    """Read one file, or standard input for "-". What is wrong is in the findings; nothing is raised for a bad file."""
    try:
        return read_bytes(bytes_of(path), path)
    except Unreadable as error:
        return unread(path, str(error))


def read_bytes(data: bytes, path: str) -> Reading:
    """Take the bytes of a file for a paper."""
    if path.lower().endswith(TABLES):
        return unread(path, "a table holds records, one a row: formcheck check reads it, and no other command does")
    try:
        text = text_of(data)
    except Unreadable as error:
        return unread(path, str(error))
    document = read_document(text, is_json=path.lower().endswith(".json") or text.lstrip()[:1] == "{")
    return as_paper(document, path, hashlib.sha256(data).hexdigest())


def decoded(path: str) -> str:
    """The text of a file, or of standard input for "-". Raises Unreadable, which names the file."""
    try:
        return text_of(bytes_of(path))
    except Unreadable as error:
        raise Unreadable(f"{escaped(path, 200)}: {error}") from None


def bytes_of(path: str, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file or of standard input, one more than `most` at the most. Raises Unreadable."""
    if path == "-":
        return sys.stdin.buffer.read(most + 1)
    try:
        known = os.stat(path)
        if not stat.S_ISREG(known.st_mode):
            raise Unreadable("this is not an ordinary file: name a file, or a folder that can be opened")
        with open(path, "rb") as file:
            # A bound asks for a buffer of its size: only where the file may pass it.
            return file.read(most + 1) if known.st_size > most else file.read()
    except (OSError, ValueError) as error:
        raise Unreadable(f"the file cannot be opened: {getattr(error, 'strerror', None) or error}") from None


def text_of(data: bytes, most: int = MOST_BYTES) -> str:
    """The text of a file, its byte-order mark taken away. Raises Unreadable."""
    if len(data) > most:
        raise Unreadable(f"the file is larger than {most // 1024} KiB: no paper is so large")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"the file is not UTF-8 text (byte {error.start + 1}): save it as UTF-8") from None


def unread(path: str, message: str) -> Reading:
    """The reading of a file that nothing can be made of, and why."""
    return Reading(path=path, findings=(problem("FC001", message, Location(path)),))


def as_paper(document: Taken, path: str, sha256: str, row: TableRow | None = None) -> Reading:
    """The paper that plain values make, or everything that does not fit; a row of a table goes the same way."""
    troubles = [problem(t.code, t.message, Location(path, t.line, t.column, t.cell)) for t in document.troubles]
    if type(document.value) is not dict:
        return Reading(path=path, document=document, sha256=sha256, findings=tuple(troubles), row=row)
    kind = document.value.get("kind")
    if type(kind) is not str or kind not in _KINDS:
        where = document.location(path, ("kind",))
        if kind is None:
            message = f"the paper does not say what it is: begin with kind: {RECORD} or kind: {FORMULATION}"
        else:
            message = f"{escaped(str(kind))} is no kind of paper: write {RECORD} or {FORMULATION}"
        troubles.append(problem("FC009" if type(kind) is str else "FC005", message, where, "kind"))
        known = kind if kind == CALIBRATION else None
        return Reading(path=path, kind=known, document=document, sha256=sha256, findings=tuple(troubles), row=row)
    paper, misfits = structure(document.value, _KINDS[kind])
    for misfit in misfits:
        where = document.location(path, misfit.path, key=misfit.at_key)
        troubles.append(problem(misfit.code, misfit.message, where, field_name(misfit.path)))
    troubles.extend(_never_waived(paper, document, path))
    if isinstance(paper, MasterFormulationRecord):
        for code, message, place in not_to_be_trusted(paper):
            troubles.append(problem(code, message, document.location(path, place), field_name(place)))
    findings = tuple(sorted(troubles, key=lambda f: (f.location.line or 0, f.location.column or 0, f.code)))
    return Reading(
        path=path,
        kind=kind,
        paper=None if findings else paper,
        document=document,
        sha256=sha256,
        findings=findings,
        row=row,
    )


def _never_waived(paper: object, document: Taken, path: str) -> Iterator[Finding]:
    """A waiver of the ceiling, or of what cannot be read: refused, so that nobody takes it for granted."""
    for index, waiver in enumerate(getattr(paper, "waivers", ())):
        code = (waiver.code or "").strip().upper()
        if code and ("FC101".startswith(code) or code.startswith("FC0")):
            reason = (
                "nothing raises the ceiling of 10 mg a day" if code[2:3] != "0" else "what cannot be read was not judged"
            )
            message = f"{escaped(code)} can never be waived, because {reason}: the paper is not judged with such a waiver"
            found = problem("FC009", message, document.location(path, ("waivers", index, "code")), "waivers")
            yield found._replace(help="Remove this waiver from the paper, then check it again.")
