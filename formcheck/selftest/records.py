"""The example records beside a specification: what each is meant to have, and what it was found to have."""

from pathlib import Path

import attrs

from formcheck.check import Selection, lint
from formcheck.errors import Unreadable
from formcheck.findings import Verdict
from formcheck.selftest.cases import sha256_of
from formcheck.verdicts import Judged

__all__ = ["Examples", "Row", "Specification", "examples_in"]


@attrs.frozen(kw_only=True)
class Specification:
    """A master formulation record that was used: its name, and the SHA-256 of its file."""

    path: str
    id: str | None
    version: int | None
    approved: bool
    sha256: str


@attrs.frozen(kw_only=True)
class Row:
    """One file that was tried: a record, or a specification judged by itself. `why` says in words what differs."""

    folder: str
    file: str
    id: str | None
    sha256: str | None
    expected: tuple[str, ...]
    found: tuple[str, ...]
    agrees: bool
    read: bool = True
    why: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Examples:
    """A folder of specifications with what came of the records beside them."""

    title: str
    folder: str
    specifications: tuple[Specification, ...]
    rows: tuple[Row, ...]

    @property
    def has_records(self) -> bool:
        """Whether there was any example record, so that more than the specifications was tried."""
        return len(self.rows) > len(self.specifications)


def examples_in(folder: Path, title: str) -> Examples:
    """Lint a folder, and keep what was expected and found of each file.

    Raises Unreadable where the folder does not exist, or holds no specification.
    """
    if not folder.is_dir():
        raise Unreadable(f"{folder} is not a folder: name the folder of specifications with --specs")
    judged = lint([str(folder)], Selection()).records
    used = tuple(_specification(each, folder) for each in judged if _is_specification(each))
    if not used and all(not each.unreadable for each in judged):
        raise Unreadable(f"{folder} holds no specification: name the folder of specifications with --specs")
    return Examples(title=title, folder=str(folder), specifications=used, rows=tuple(_row(each, folder) for each in judged))


def _is_specification(judged: Judged) -> bool:
    return judged.is_test and not judged.is_example


def _specification(judged: Judged, folder: Path) -> Specification:
    return Specification(
        path=_inside(judged.path, folder),
        id=judged.formulation_id,
        version=judged.formulation_version,
        approved=judged.approved,
        sha256=judged.formulation_sha256 or sha256_of(Path(judged.path)),
    )


def _inside(path: str, folder: Path) -> str:
    return Path(path).relative_to(folder).as_posix()


def _row(judged: Judged, folder: Path) -> Row:
    product, _, file = _inside(judged.path, folder).rpartition("/records/")
    if not product:
        product, _, file = _inside(judged.path, folder).rpartition("/")
    agrees = judged.verdict is Verdict.PASS and not judged.unreadable
    return Row(
        folder=product or ".",
        file=file,
        id=judged.id,
        sha256=None if judged.unreadable else sha256_of(Path(judged.path)),
        expected=judged.expected if not judged.unreadable else ("a file that can be read",),
        found=_found(judged),
        agrees=agrees,
        read=not judged.unreadable,
        why=() if agrees else tuple(finding.message for finding in judged.findings),
    )


def _found(judged: Judged) -> tuple[str, ...]:
    """What came, in the order and words of what was expected where they fit: FC402, or FC402 waived where that is asked."""
    if judged.unreadable:
        return ("a file that cannot be read",)
    came = judged.came if judged.is_example else tuple(f"{f.code} {f.verdict}" for f in judged.findings)
    expected = dict.fromkeys(judged.expected)
    met = [item for item in expected if item in came or any(each.startswith(f"{item} ") for each in came)]
    rest = [each for each in came if each not in met and each.partition(" ")[0] not in met]
    return (*met, *dict.fromkeys(rest))
