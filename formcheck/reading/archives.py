"""The ZIP archive of an XLSX file, unpacked within bounds: nothing is unpacked or given away before its size is known."""

import io
import re
import zipfile
import zlib

from formcheck.errors import Unreadable

__all__ = ["DAMAGED", "holds", "packed", "parts_of"]

MOST_UNPACKED = 64 * 1024 * 1024
MOST_PARTS = 1000
DAMAGED = "this is not an XLSX workbook, or it is damaged: open it in the spreadsheet program and save it as .xlsx again"
_WANTED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(workbook|sharedStrings|styles)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/worksheets/[\w.\- ]+\.xml"
)


def holds(data: bytes, word: str, *, otherwise: bool) -> bool:
    """Whether a workbook holds a word; `otherwise` is the answer for one that cannot be unpacked."""
    try:
        return any(word.encode() in part for part in parts_of(data).values())
    except Unreadable:
        return otherwise


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts that hold cells, unpacked, with a bound on all of them together."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(names) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise Unreadable(
                    f"the workbook unpacks to more than {MOST_UNPACKED // 1024 // 1024} MiB: no log is so large"
                )
            if len(set(names)) < len(names):
                raise Unreadable(DAMAGED)
            if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
                raise Unreadable(DAMAGED)
            if any(entry.flag_bits & 1 for entry in entries):
                raise Unreadable("the workbook is protected by a password: save it as .xlsx without one")
            return {entry.filename: _part(archive, entry) for entry in entries if _WANTED.fullmatch(entry.filename)}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise Unreadable(DAMAGED) from None


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A part, unpacked no further than the size it declares: reading it whole would first unpack what it hides."""
    with archive.open(entry) as part:
        return part.read(entry.file_size + 1)


def packed(parts: dict[str, bytes]) -> bytes:
    """The parts in a new archive: whoever reads it sees what was measured here, and nothing else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()
